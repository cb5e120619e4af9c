"""The message of each slot, worded from what is stored now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from bot import privately, reporting, rounding_up
from bot.game.awareness import may_say_it_is
from bot.game.campaigns import BreakTold, Campaign, CampaignId, Entry
from bot.game.effects import Line, News, Notice
from bot.game.harm import suggests_harm
from bot.game.help_lines import HelpLine
from bot.game.model import Phase, Round, RoundId, StoryId, StoryState
from bot.game.standing import Standing
from bot.messages import Message
from bot.slots import GONE, NOT_INVITED, Shown, Slot
from bot.tools import Care
from bot.views import board, campaign_days, help_lines, pledges, recap, responses, stories, tellings, trouble
from storage import campaigns, closing, communities, library, rounds, showing
from storage import care as stored_care
from storage import stories as stored_stories
from storage.campaigns import NoSuchCampaign
from storage.communities import Channel
from storage.database import Transaction
from storage.keys import Keyring
from storage.rounds import Loaded


@dataclass(frozen=True, slots=True)
class Caring:
    """The lists beside the packs, and when they are read, in UTC."""

    care: Care
    now: datetime

    def lines(self, tx: Transaction, place: Channel, campaign: Campaign | None = None) -> list[HelpLine]:
        """The help lines of a channel's community, those for the cards of a campaign among them."""
        cards = campaign.prompts if campaign is not None else ()
        topics = {topic for each in cards for topic in each.card.topics}
        return self.care.lines(stored_care.nation(tx, place.community.id), topics)

    def event(self, tx: Transaction, place: Channel, campaign: Campaign) -> str:
        """The awareness week that a campaign is for, if it is that for sure on this day in its channel."""
        zone = campaigns.channel(tx, campaign.id, place.id).zone
        today = self.now.astimezone(ZoneInfo(zone)).date()
        known = self.care.events_with(stored_care.confirmations(tx, place.community.id))
        on = (each for each in known if each.id == campaign.event and may_say_it_is(each, today))
        return next((each.title_in(today.year) for each in on), "")


def worded(
    tx: Transaction,
    keyring: Keyring,
    slot: Slot,
    round: RoundId | None,
    place: Channel,
    now: datetime,
    care: Care,
) -> Message | None:
    """What a slot shows in a channel as things are now; None if there is nothing to say any more."""
    caring = Caring(care, now)
    match slot.shown:
        case Shown.TROUBLE:
            return _trouble(slot, place)
        case Shown.STORY:
            return _story(tx, slot, place)
        case Shown.STORY_WAITS | Shown.STORY_NEWS:
            return _telling(tx, slot, place, care)
        case Shown.CAMPAIGN | Shown.BREAK | Shown.NOTHING_READY | Shown.ENDED:
            return _campaign(tx, slot, place, caring)
        case Shown.ROUND_UP | Shown.ROUND_UP_DRAFT:
            return rounding_up.worded(tx, keyring, slot.shown, slot.about, place)
        case Shown.REPORT:
            return reporting.worded(tx, keyring, slot.about, place)
        case Shown.CARE:
            return help_lines.after_reply(caring.lines(tx, place))
        case Shown.PRIVATE:
            assert round is not None
            return privately.worded(tx, keyring, slot, round, place)
        case _:
            assert round is not None
            loaded = rounds.load(tx, keyring, round, community=None, lock=False)
            if _is_over(slot, loaded.round):
                return None
            return of_round(tx, slot, loaded.round, _standing(tx, slot, loaded, now))


def _is_over(slot: Slot, round: Round) -> bool:
    """Whether a line invites to something that is over: it waited for too long."""
    match slot.shown, slot.about:
        case Shown.LINE, Line.LAST_CALL:
            return round.phase is not Phase.RESPONDING
        case Shown.LINE, Line.REVEALED:
            return round.phase is not Phase.VOTING
        case _:
            return False


def _standing(tx: Transaction, slot: Slot, loaded: Loaded, now: datetime) -> Standing:
    """All that may be shown; with the groups that are silent to this moment, where they are named."""
    standing = showing.standing(tx, loaded.round)
    named = (Shown.LINE, Line.LAST_CALL), (Shown.NOTICE, Notice.WAITING)
    if (slot.shown, slot.about) not in named or loaded.round.phase is not Phase.RESPONDING:
        return standing
    return replace(standing, not_yet_heard=closing.not_yet_heard(tx, loaded, now.date()))


def of_round(tx: Transaction, slot: Slot, round: Round, standing: Standing) -> Message:
    """The message of a slot that is about a round, from the round and its standing."""
    match slot.shown:
        case Shown.WELCOME:
            name = communities.names(tx, [round.facilitator]).get(round.facilitator, "")
            return board.welcome(name)
        case Shown.BOARD:
            return board.board(round, standing, campaigns.occasion(tx, round.id))
        case Shown.PAGE:
            return responses.page(round, standing, int(slot.about))
        case Shown.PLEDGES:
            return pledges.pledges(round, standing.pledges)
        case Shown.RECAP:
            return recap.recap(round, standing)
        case Shown.LINE:
            return board.line(round, Line(slot.about), standing)
        case Shown.NOTICE:
            return board.notice(round, Notice(slot.about), standing)
        case Shown.NEWS:
            return board.news(round, News(slot.about), rounds.pause_reason(tx, round.id))
        case Shown.TROUBLE | Shown.STORY | Shown.CAMPAIGN | Shown.BREAK | Shown.NOTHING_READY | Shown.CARE:
            raise AssertionError("about no round")
        case Shown.STORY_WAITS | Shown.STORY_NEWS | Shown.ENDED:
            raise AssertionError("about no round")
        case Shown.PRIVATE:
            raise AssertionError("about one person too")
        case Shown.ROUND_UP | Shown.ROUND_UP_DRAFT | Shown.REPORT:
            raise AssertionError("about many rounds")
        case _:
            assert_never(slot.shown)


def _trouble(slot: Slot, place: Channel) -> Message | None:
    if slot.about not in {GONE, NOT_INVITED}:
        return trouble.not_shown(place.name, slot.about)
    if place.paused is None:
        return None  # it works again
    told = trouble.gone if slot.about == GONE else trouble.not_invited
    return told(place.name, place.id)


def _story(tx: Transaction, slot: Slot, place: Channel) -> Message | None:
    story = stored_stories.asked(tx, place.community.id, StoryId(slot.about))
    if story is None or story.asker is None:
        return None  # answered, or too late
    return stories.request(story, communities.names(tx, [story.asker]).get(story.asker, ""))


def _waits(tx: Transaction, id: StoryId, place: Channel, care: Care) -> Message | None:
    waiting = library.waiting(tx, place.id)
    if not waiting:
        return None  # somebody has read it meanwhile
    story = library.of_channel(tx, place.community.id, place.id, id, lock=False) if id in waiting else None
    if story is not None and suggests_harm(story.words, care.harm):
        return tellings.waits(id, worried=True)
    return tellings.waits(waiting[0])


def _telling(tx: Transaction, slot: Slot, place: Channel, care: Care) -> Message | None:
    if slot.shown is Shown.STORY_WAITS:
        return _waits(tx, StoryId(slot.about), place, care)
    id = StoryId(slot.about)
    story = library.of_channel(tx, place.community.id, place.id, id, lock=False)
    if story is None or story.state is StoryState.OFFERED:
        return None  # taken back, or changed and sent again
    title = ""
    if story.campaign:
        try:
            title = campaigns.load(tx, CampaignId(story.campaign), None, lock=False).title
        except NoSuchCampaign:
            title = ""
    return tellings.news(story, title)


def _campaign(tx: Transaction, slot: Slot, place: Channel, caring: Caring) -> Message | None:
    id, _, on = slot.about.partition(".")
    try:
        campaign = campaigns.load(tx, CampaignId(id), None, lock=False)
    except NoSuchCampaign:
        return None
    if slot.shown is Shown.CAMPAIGN:
        lines = caring.lines(tx, place, campaign)
        return campaign_days.begins(campaign, lines, caring.event(tx, place, campaign))
    if slot.shown is Shown.ENDED:
        return campaign_days.ended(campaign)
    if slot.shown is Shown.NOTHING_READY:
        return campaign_days.nothing_ready(campaign, date.fromisoformat(on))
    entry = _entry(tx, campaign.id, place, date.fromisoformat(on))
    return campaign_days.break_told(entry) if isinstance(entry, BreakTold) else None


def _entry(tx: Transaction, campaign: CampaignId, place: Channel, on: date) -> Entry | None:
    return next((each for each in campaigns.past(tx, campaign, place.id) if each.on == on), None)
