"""Calendar files in their transactions: the link to one, and what stands in it as things are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import campaigning, page_links, playing, weeks
from bot.actions import Action
from bot.answers import Answer
from bot.calendar_files import Happening, calendar_file
from bot.chat import Press
from bot.game import awareness
from bot.game.agenda import agenda
from bot.game.campaigns import Campaign, CampaignId, Posted
from bot.messages import Message
from bot.tools import Tools
from bot.views import calendar_files as views
from bot.views import campaigns as campaign_views
from storage import campaigns as stored
from storage import communities
from storage.campaigns import NoSuchCampaign
from storage.communities import Channel
from storage.database import Transaction

WEEKS = "weeks"
"""What stands in a page's address in the place of a campaign, for the awareness weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What a page offers: of a campaign in one channel, or of awareness weeks (None)."""

    campaign: Campaign | None
    happenings: Sequence[Happening]

    def words(self) -> Message:
        """What the page says."""
        return views.page(self.campaign)

    def file(self, now: datetime) -> bytes:
        """The file. `now` in UTC."""
        return calendar_file(views.name_of(self.campaign), self.happenings, now)


def answer(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """A link to the page of a calendar file, for whoever sees what is in it. Raises NoSuchChannel."""
    place = communities.channel(tx, press.channel, press.player.community)
    try:
        if action.about:
            campaigning.load(tx, press.player.community, CampaignId(action.about), place, lock=False)
    except NoSuchCampaign:
        return Answer(content=campaign_views.gone(), accepted=False)
    to = page_links.make(tx, tools, page(action.about or WEEKS, place.id), press.player, now)
    return Answer(content=views.link(to))


def page(about: str, channel: str) -> str:
    """What a link to the page of a calendar file leads to. `about`: a campaign, or WEEKS."""
    return f"calendar:{about}:{channel}"


def opened(
    tx: Transaction, tools: Tools, session: bytes, about: str, channel: str, now: datetime
) -> Calendar | None:
    """What the page offers, if this browser has used a link to it; None for everybody else."""
    place = page_links.place(tx, session, page(about, channel), channel, now)
    if place is None:
        return None
    if about == WEEKS:
        return _of_weeks(tx, tools, place, now)
    try:
        campaign = campaigning.load(tx, place.community.id, CampaignId(about), place, lock=False)
    except NoSuchCampaign:
        return None
    return _of_campaign(tx, campaign, place, now)


def _of_weeks(tx: Transaction, tools: Tools, place: Channel, now: datetime) -> Calendar:
    """What comes in this year and the next, as this community has it confirmed."""
    today = playing.today(place, now)
    events = weeks.events(tx, tools, place.community.id)
    every = (awareness.in_year(event, year) for event in events for year in (today.year, today.year + 1))
    coming = [each for each in every if each is not None and each.last >= today]
    return Calendar(campaign=None, happenings=views.of_weeks(coming))


def _of_campaign(tx: Transaction, campaign: Campaign, place: Channel, now: datetime) -> Calendar:
    """Its days in this channel: those of other channels are at other hours, and not for here."""
    here = campaigning.part_of(tx, campaign, place)
    past = stored.past(tx, campaign.id, place.id)
    plan = campaigning.coming(campaign, here, past, now)
    return Calendar(
        campaign=campaign,
        happenings=views.of_campaign(
            campaign,
            here,
            agenda(campaign, here, past, now),
            shown=max((each.day for each in (*past, *plan) if isinstance(each, Posted)), default=0),
            sure=bool(stored.channels(tx, campaign.id)) and not campaign.paused and not here.paused,
        ),
    )
