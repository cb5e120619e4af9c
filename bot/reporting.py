"""Reports of campaigns: posted once a campaign is over in a channel, its question counted a week later."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import campaign_clock, effects_out, page_links, rounding_up
from bot.actions import Action, NotAnAction, Verb
from bot.answers import Answer
from bot.chat import Press
from bot.game import campaigns as rules
from bot.game.calendar import quiet
from bot.game.campaigns import Campaign, CampaignId
from bot.game.model import Stance
from bot.messages import Message
from bot.presses import name_of
from bot.slots import Shown
from bot.tools import Tools
from bot.views import campaigns as campaign_views
from bot.views import report as views
from bot.views.report import Played, Report
from storage import campaigns as stored
from storage import communities, library, reports, rounds, showing
from storage.campaigns import NoSuchCampaign
from storage.communities import Channel
from storage.database import Transaction
from storage.keys import Keyring

REPORTS = frozenset({Verb.CLOSING, Verb.REPORT})
"""What is about reports."""

ANSWERS = timedelta(days=7)  # how long the closing question is open


# --- the clock -------------------------------------------------------------------------


def ring(tx: Transaction, tools: Tools, key: str, now: datetime) -> None:
    """A campaign may be over in a channel, or the answers to its question are counted."""
    found = campaign_clock.rings_for(tx, key, now)
    if found is None:
        return
    campaign, here = found
    report = reports.find(tx, campaign.id, here.id)
    if report is None:
        past = stored.past(tx, campaign.id, here.id)
        over = rules.is_over(campaign, here, past, now) and quiet(now, here.zone) is None
        if over and reports.open_until(tx, campaign.id, here.id) is None:
            if reports.post(tx, campaign.id, here.id, now, now + ANSWERS):
                effects_out.put_shown(tx, tools.jobs, here.id, Shown.REPORT, campaign.id)
            _note_end(tx, campaign, now)
    elif report.counted is None and report.answers_until <= now:
        reports.count(tx, campaign.id, here.id)
        effects_out.put_shown(tx, tools.jobs, here.id, Shown.REPORT, campaign.id)
        effects_out.put_scrub(tx, tools.jobs, now)
    campaign_clock.arm(tx, tools, campaign, here, now)


def _note_end(tx: Transaction, campaign: Campaign, now: datetime) -> None:
    """A campaign has ended once it is over in every channel, and each has had its report."""
    for here in stored.channels(tx, campaign.id):
        past = stored.past(tx, campaign.id, here.id)
        told = not stored.posted(tx, campaign.id, here.id) or reports.find(tx, campaign.id, here.id)
        if not told or not rules.is_over(campaign, here, past, now):
            return
    stored.ended(tx, campaign.id, now)


# --- what it says ----------------------------------------------------------------------


def worded(tx: Transaction, keyring: Keyring, id: str, place: Channel) -> Message | None:
    """The report in a channel as things are now; None if there is none."""
    of = load(tx, keyring, CampaignId(id), place)
    return views.report(of) if of is not None else None


def load(tx: Transaction, keyring: Keyring, id: CampaignId, place: Channel) -> Report | None:
    """A channel's report: of its own cards, and of nobody else's. None if it has not come yet."""
    report = reports.find(tx, id, place.id)
    if report is None:
        return None
    played = []
    barred = library.prompts_not_to_quote(tx, id)
    for entry, round_id in stored.posted(tx, id, place.id):
        round = rounds.load(tx, keyring, round_id, community=None, lock=False).round
        standing = showing.standing(tx, round)
        quoted = entry.prompt not in barred
        played.append(Played(entry=entry, round=round, standing=standing, quoted=quoted))
    moved = [
        found
        for each in played
        for found in rounding_up.moved_in(tx, keyring, each.entry, each.round, each.standing)
    ]
    return Report(
        campaign=stored.load(tx, id, None, lock=False),
        played=played,
        moved=sorted(moved, key=lambda each: (-each.lightbulbs, each.day)),
        threshold=place.community.threshold,
        answers_until=report.answers_until,
        counted=report.counted,
    )


# --- presses ---------------------------------------------------------------------------


def answer(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """An answer to the closing question, or a link to the page. Raises NoSuchChannel, NotAnAction."""
    place = communities.channel(tx, press.channel, press.player.community)
    try:
        campaign = stored.load(tx, CampaignId(action.about), press.player.community, lock=False)
    except NoSuchCampaign:
        return Answer(content=campaign_views.gone(), accepted=False)
    report = reports.find(tx, campaign.id, place.id)
    if report is None:
        raise NotAnAction
    if action.verb is Verb.REPORT:
        to = page_links.make(tx, tools, page(campaign.id, place.id), press.player, now)
        return Answer(content=views.link(to))
    if action.value not in set(Stance):
        raise NotAnAction
    if report.counted is not None or report.answers_until <= now:
        return Answer(content=views.answered_too_late(), accepted=False)
    person = communities.person(tx, press.player, tools.chance.id(), name_of({}, press.name))
    mark = tools.keyring.mark(f"closing {campaign.id} {place.id} {person.id}")
    reports.answer(tx, campaign.id, place.id, mark, Stance(action.value))
    return Answer(content=views.answered(Stance(action.value), report.answers_until))


# --- its page ----------------------------------------------------------------------------


def page(campaign: str, channel: str) -> str:
    """What a link to the page of a report leads to."""
    return f"report:{campaign}:{channel}"


def opened(
    tx: Transaction, keyring: Keyring, session: bytes, campaign: str, channel: str, now: datetime
) -> Report | None:
    """The report for its page, if this browser has used a link to it; None for everybody else."""
    place = page_links.place(tx, session, page(campaign, channel), channel, now)
    if place is None:
        return None
    try:
        return load(tx, keyring, CampaignId(campaign), place)
    except NoSuchCampaign:
        return None
