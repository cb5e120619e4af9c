"""Round-ups: drafted on their day, shown to whoever looks after the channel, and out once for each date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from bot import campaign_clock, campaign_rights, daily, effects_out
from bot.actions import Action, NotAnAction, Verb
from bot.answers import Answer
from bot.campaign_rights import NotYours
from bot.chat import Press
from bot.effects_out import AlarmKind
from bot.entries import Entries
from bot.game import campaigns as rules
from bot.game.calendar import DAY, local_date, moment_at, quiet
from bot.game.campaigns import Campaign, CampaignChannel, CampaignId, Posted, RoundUpState
from bot.game.model import ChannelId, PersonId, Round, RoundId
from bot.game.standing import Standing
from bot.messages import Message
from bot.slots import Shown
from bot.tools import Tools
from bot.views import campaigns as campaign_views
from bot.views import round_up as views
from bot.views.round_up import MOVED, Moved, Week
from storage import campaigns as stored
from storage import communities, library, round_ups, rounds, showing
from storage.campaigns import NoSuchCampaign
from storage.communities import Channel
from storage.database import Database, Transaction
from storage.keys import Keyring
from storage.round_ups import Draft

ROUND_UPS = frozenset({Verb.ROUND_UP, Verb.CHANGE_ROUND_UP, Verb.SAVE_ROUND_UP, Verb.POST_ROUND_UP})
OPENS = frozenset({Verb.ROUND_UP, Verb.CHANGE_ROUND_UP})
"""What is about round-ups; what of it only opens or shows something."""


# --- the clock -------------------------------------------------------------------------


def ring(tx: Transaction, tools: Tools, key: str, now: datetime) -> None:
    """It is a channel's day for a round-up, or the one that waits goes out.

    The card of the same minute goes out first, so that this list has it and the next one has not.
    """
    _, id, channel = key.split(":")
    daily.ring(tx, tools, AlarmKind.CAMPAIGN.key(f"{id}:{channel}"), now)
    found = campaign_clock.rings_for(tx, key, now)
    if found is None:
        return
    campaign, here = found
    waiting = round_ups.waiting(tx, campaign.id, here.id)
    again: datetime | None = None
    if waiting is None:
        again = _draft(tx, tools, campaign, here, now)
    elif campaign_clock.goes_out_at(waiting[1], here) <= now and not campaign.paused:
        again = quiet(now, here.zone)
        if again is None:
            _send(tx, tools, campaign.id, here.id, waiting[0])
    if again is None:
        campaign_clock.arm(tx, tools, campaign, here, now)
    else:
        campaign_clock.put(tx, tools, AlarmKind.ROUND_UP, campaign.id, here.id, again)


def _draft(
    tx: Transaction, tools: Tools, campaign: Campaign, here: CampaignChannel, now: datetime
) -> datetime | None:
    """Draft the round-up that is due, and show it to whoever looks after it.

    Returns when to ask again (UTC), if that is soon. One that is more than a day late is left out:
    the next has all that it would have had.
    """
    on = local_date(now, here.zone)
    while on.weekday() != campaign.round_up_on:
        if campaign.round_up_on is None:
            return None
        on -= DAY
    due = moment_at(on, here.time, here.zone)
    if due is None or not due <= now <= due + DAY:
        return None
    if now - due > rules.LATE and quiet(now, here.zone) is not None:
        return quiet(now, here.zone)
    if stored.origin(tx, campaign.id).ended_at is not None:
        return None
    past = stored.past(tx, campaign.id, here.id)
    last = round_ups.last(tx, campaign.id, here.id, on)
    if rules.round_up(campaign, past, on, last=last, now=now) is None:
        return None
    if round_ups.draft(tx, campaign.id, here.id, on, now):
        place = communities.channel(tx, here.id, None)
        person = looks_after(tx, campaign, place)
        if person is not None:
            effects_out.put_shown(
                tx, tools.jobs, here.id, Shown.ROUND_UP_DRAFT, about(campaign.id, on), person
            )
    return None


def _send(tx: Transaction, tools: Tools, campaign: CampaignId, channel: ChannelId, on: date) -> None:
    if round_ups.sent(tx, campaign, channel, on):
        effects_out.put_shown(tx, tools.jobs, channel, Shown.ROUND_UP, about(campaign, on))


def about(campaign: CampaignId, on: date) -> str:
    """What a slot is about that shows one round-up."""
    return f"{campaign}.{on.isoformat()}"


def looks_after(tx: Transaction, campaign: Campaign, place: Channel) -> PersonId | None:
    """Who is told of a campaign in a channel: who set it up; in another community, who organises there."""
    organiser = stored.origin(tx, campaign.id).organiser
    if communities.player_of(tx, organiser, place.community.id) is not None:
        return organiser
    return place.organiser


async def place_of(database: Database, action: Action, platform: str, user: str) -> ChannelId:
    """The channel of a round-up, for a press in a private message; empty if there is none."""
    found = await database.read(
        lambda tx: communities.channel_for(tx, ChannelId(action.value[8:]), platform, user)
    )
    return found or ChannelId("")


# --- what it says ----------------------------------------------------------------------


def worded(tx: Transaction, keyring: Keyring, shown: Shown, of: str, place: Channel) -> Message | None:
    """The round-up of a slot, or its draft, as things are now; None if there is nothing to say any more."""
    id, _, on = of.partition(".")
    try:
        campaign = stored.load(tx, CampaignId(id), None, lock=False)
        here = stored.channel(tx, campaign.id, place.id)
    except NoSuchCampaign:
        return None
    draft = round_ups.find(tx, campaign.id, place.id, date.fromisoformat(on))
    if draft is None:
        return None
    week = _week(tx, keyring, campaign, here, date.fromisoformat(on), draft)
    if shown is Shown.ROUND_UP:
        return views.round_up(week)
    if draft.state is RoundUpState.SENT:
        return None
    return views.draft(week, campaign_clock.goes_out_at(draft, here))


def _week(
    tx: Transaction, keyring: Keyring, campaign: Campaign, here: CampaignChannel, on: date, draft: Draft
) -> Week:
    last = round_ups.last(tx, campaign.id, here.id, on)
    posted = stored.posted(tx, campaign.id, here.id)
    listed = rules.listed(stored.past(tx, campaign.id, here.id), last=last, now=draft.at)
    return Week(
        campaign=campaign,
        channel=here.id,
        on=on,
        posted=tuple((entry, round) for entry, round in posted if entry in listed.posted),
        breaks=listed.breaks,
        moved=moved(tx, keyring, posted, after=last, until=draft.at)[:MOVED],
        words=draft.words or "",
        quotes=draft.quotes,
    )


def moved(
    tx: Transaction,
    keyring: Keyring,
    posted: Sequence[tuple[Posted, RoundId]],
    *,
    after: datetime | None,
    until: datetime,
) -> tuple[Moved, ...]:
    """Words that earned lightbulbs in rounds that closed in a stretch of time (UTC), the most first.

    As everybody in the channel may read them: after the close, and without what was removed.
    """
    found: list[Moved] = []
    for entry, id in posted:
        round = rounds.load(tx, keyring, id, community=None, lock=False).round
        closed_at = round.closed_at
        if closed_at is None or closed_at > until or (after is not None and closed_at <= after):
            continue
        found += moved_in(tx, keyring, entry, round, showing.standing(tx, round))
    return tuple(sorted(found, key=lambda each: (-each.lightbulbs, each.day)))


def moved_in(
    tx: Transaction, keyring: Keyring, entry: Posted, round: Round, standing: Standing
) -> Iterator[Moved]:
    """The same for one round; nothing before it is closed, and nothing that its writer lets nobody quote."""
    replies = [each.reply for each in standing.responses if each.reply is not None]
    barred = library.not_to_quote(tx, keyring, replies)
    readable = {each.id: each for each in standing.responses if not each.removed and each.reply not in barred}
    for count in standing.cells.responses if standing.cells is not None else ():
        if count.lightbulbs and count.response in readable:
            response = readable[count.response]
            yield Moved(day=entry.day, round=round, response=response, lightbulbs=count.lightbulbs)


# --- presses ---------------------------------------------------------------------------


def answer(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """What a press about a round-up opens or does. Raises NoSuchChannel, NotAnAction."""
    channel, on = _of(action.value)
    place = communities.channel(tx, channel, press.player.community)
    try:
        lock = action.verb not in OPENS
        campaign = stored.load(tx, CampaignId(action.about), press.player.community, lock=lock)
        here = stored.channel(tx, campaign.id, place.id)
        _may(tx, press, campaign, place)
    except NoSuchCampaign:
        return Answer(content=campaign_views.gone(), accepted=False)
    except NotYours as refused:
        return Answer(content=campaign_views.not_yours(refused.name), accepted=False)
    draft = round_ups.find(tx, campaign.id, place.id, on)
    if draft is None:
        raise NotAnAction
    if draft.state is RoundUpState.SENT:
        again = action.verb is Verb.POST_ROUND_UP
        return Answer(content=views.posted() if again else views.too_late(), accepted=again)
    week = _week(tx, tools.keyring, campaign, here, on, draft)
    match action.verb:
        case Verb.ROUND_UP:
            return Answer(content=_drafted(week, draft, here), show=press.action)
        case Verb.CHANGE_ROUND_UP:
            return Answer(content=views.form(week), show=press.action)
        case Verb.SAVE_ROUND_UP:
            return _save(tx, press.fields, week, draft, here)
        case Verb.POST_ROUND_UP:
            return _post(tx, tools, week, here, now)
        case _:
            raise NotAnAction


def _drafted(week: Week, draft: Draft, here: CampaignChannel) -> Message:
    return views.draft(week, campaign_clock.goes_out_at(draft, here))


def _save(
    tx: Transaction, fields: Mapping[str, str], week: Week, draft: Draft, here: CampaignChannel
) -> Answer:
    entries = Entries(fields)
    words = entries.words("words", views.WORDS_LENGTH, needed=False)
    quotes = entries.choice("quotes", {views.YES, views.NO})
    if entries.problems:
        return Answer(content=entries.again(views.form(week)), accepted=False)
    after = replace(week, words=words, quotes=quotes == views.YES)
    round_ups.edit(tx, week.campaign.id, week.channel, week.on, after.words, quotes=after.quotes)
    return Answer(content=_drafted(after, draft, here), show=views.action(Verb.ROUND_UP, after))


def _post(tx: Transaction, tools: Tools, week: Week, here: CampaignChannel, now: datetime) -> Answer:
    """A moderator says yes: it goes out now, or in the morning. Pressed twice, it goes out once."""
    round_ups.approve(tx, week.campaign.id, here.id, week.on)
    wait = quiet(now, here.zone)
    if wait is None:
        _send(tx, tools, week.campaign.id, here.id, week.on)
        campaign_clock.arm(tx, tools, week.campaign, here, now)
        return Answer(content=views.posted())
    campaign_clock.put(tx, tools, AlarmKind.ROUND_UP, week.campaign.id, here.id, wait)
    return Answer(content=views.posted_later(wait))


def _may(tx: Transaction, press: Press, campaign: Campaign, place: Channel) -> None:
    """Who looks after the channel, and who set the campaign up. Raises NotYours."""
    person = communities.find_person(tx, press.player)
    if person is None or person.id != stored.origin(tx, campaign.id).organiser:
        campaign_rights.must_organise(tx, press, place, person)


def _of(value: str) -> tuple[ChannelId, date]:
    """The channel and the date that an action carries. Raises NotAnAction."""
    try:
        return ChannelId(value[8:]), datetime.strptime(value[:8], "%Y%m%d").date()  # noqa: DTZ007 - in no zone
    except ValueError:
        raise NotAnAction from None
