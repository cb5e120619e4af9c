"""A campaign's cards sent privately: asked for, put off, stopped; and what the alarm of one person sends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot import effects_out
from bot.actions import Action, NotAnAction, Verb
from bot.answers import Answer
from bot.chat import Press
from bot.effects_out import AlarmKind
from bot.entries import Entries
from bot.game import allowed
from bot.game import privately as rules
from bot.game.calendar import QUIET_FROM, QUIET_UNTIL, is_zone
from bot.game.campaigns import Campaign, CampaignChannel, CampaignId
from bot.game.model import ChannelId, CommunityId, PersonId, PlayerId, Round, RoundId
from bot.game.privately import Came, Subscription
from bot.messages import Message
from bot.presses import name_of
from bot.slots import Slot
from bot.tools import Tools
from bot.views import campaigns as campaign_views
from bot.views import privately as views
from bot.views import refusals
from bot.views.privately import About, Wanted
from storage import alarms, communities, rounds, subscriptions
from storage import campaigns as stored
from storage.campaigns import NoSuchCampaign
from storage.communities import Channel, Person
from storage.database import Database, DatabaseUnavailable, Transaction
from storage.keys import Keyring
from storage.rounds import KeyLost, NoSuchRound

PRIVATELY = frozenset({Verb.PRIVATELY, Verb.SAVE_PRIVATELY, Verb.LATER, Verb.SKIP, Verb.STOP})
OPENS = frozenset({Verb.PRIVATELY})
"""What is about cards that come privately; what of it only opens something."""


# --- what a press does -----------------------------------------------------------------


def answer(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """What a press about them opens or does. Raises NotAnAction, NoSuchChannel, NoSuchRound, MoveRefused."""
    try:
        if action.verb in OPENS:
            return _form(tx, tools, press, action)
        if action.verb is Verb.SAVE_PRIVATELY:
            return _save(tx, tools, press, action, now)
        if action.verb is Verb.STOP:
            return _stop(tx, tools, press, action)
        return _put_off(tx, tools, press, action, now)
    except NoSuchCampaign:
        return Answer(content=campaign_views.gone(), accepted=False)


def _form(tx: Transaction, tools: Tools, press: Press, action: Action) -> Answer:
    person = communities.find_person(tx, press.player)
    campaign, place = _meant(tx, tools, press, action)
    here = stored.channel(tx, campaign.id, place.id)
    if stored.origin(tx, campaign.id).ended_at is not None:
        return Answer(content=views.ended(), accepted=False)
    before = None
    if person is not None:
        before = subscriptions.find(tx, campaign.id, person.id, press.player.community)
    zone = _zone(person, press, place)
    at = before.time if before is not None else max(here.time, QUIET_UNTIL)
    at = at if at < QUIET_FROM else QUIET_UNTIL
    content = views.form(_about(action), at, zone)
    return Answer(content=content, show=press.action)


def _save(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    campaign, place = _meant(tx, tools, press, action)
    here = stored.channel(tx, campaign.id, place.id)
    name = name_of({}, press.name)
    person = communities.person(tx, press.player, tools.chance.id(), name, press.zone)
    zone, entries = _zone(person, press, place), Entries(press.fields)
    at, said = entries.clock_time("time"), entries.zone("zone")
    if at is not None and not QUIET_UNTIL <= at < QUIET_FROM:
        entries.problems["time"] = refusals.choose_one()
    if at is None or entries.problems:
        form = entries.again(views.form(_about(action), QUIET_UNTIL, zone))
        return Answer(content=form, accepted=False)
    if said != zone:  # else it goes on following their account, or the channel
        communities.set_zone(tx, person.id, said)
        rearm(tx, tools, person.id, press.player.community, now)
    before = subscriptions.find(tx, campaign.id, person.id, press.player.community, lock=True)
    after = Subscription(
        campaign=campaign.id,
        person=person.id,
        channel=place.id,
        zone=said,
        time=at,
        since=now,
        had=before.had if before is not None else None,
        newest=before.newest if before is not None else None,
    )
    subscriptions.put(tx, after, press.player.community)
    next_at = _arm(tx, tools, after, _cards(tx, campaign.id, here), now)
    return Answer(content=views.begun(_about(action), at, said, next_at))


def _put_off(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """Later, or not this one. A message that is older than what came since works like the newest."""
    person = communities.find_person(tx, press.player)
    round = _round(tx, tools, press, action, person)
    campaign = _campaign_of(tx, press, round)
    before = None
    if person is not None:
        before = subscriptions.find(tx, campaign.id, person.id, press.player.community, lock=True)
    if before is None:
        return Answer(content=views.none(_about(action)))
    if action.verb is Verb.SKIP:
        if before.again == round.id:
            after = rules.later(before, None, None)
            subscriptions.save(tx, after)
            _arm(tx, tools, after, _cards_of(tx, after), now)
        return Answer(content=views.skipped())
    if action.verb is not Verb.LATER:
        raise NotAnAction
    allowed.must_be_responding(round)
    if round.mine.heard:
        return Answer(content=views.answered())
    at = rules.again_at(now, before.zone)
    if at >= round.deadline:
        return Answer(content=views.too_late(round))
    after = rules.later(before, round.id, at)
    subscriptions.save(tx, after)
    _arm(tx, tools, after, _cards_of(tx, after), now)
    return Answer(content=views.put_off(at))


def _stop(tx: Transaction, tools: Tools, press: Press, action: Action) -> Answer:
    """At once, and as often as it is pressed."""
    campaign = _campaign(tx, tools, press, action)
    person = communities.find_person(tx, press.player)
    if person is not None:
        subscriptions.remove(tx, campaign.id, person.id, press.player.community)
        alarms.clear(tx, _key(campaign.id, person.id))
    return Answer(content=views.stopped(_about(action)))


# --- what a press means ----------------------------------------------------------------


def _about(action: Action) -> About:
    if action.round:
        return About(round=RoundId(action.round))
    return About(campaign=CampaignId(action.about))


def _meant(tx: Transaction, tools: Tools, press: Press, action: Action) -> tuple[Campaign, Channel]:
    """The campaign, and the channel whose cards are meant: the card's own, else where it was pressed."""
    community = press.player.community
    if not action.round:
        return _campaign(tx, tools, press, action), communities.channel(tx, press.channel, community)
    round = _round(tx, tools, press, action, None)
    return _campaign_of(tx, press, round), communities.channel(tx, round.channels[0], community)


def _campaign(tx: Transaction, tools: Tools, press: Press, action: Action) -> Campaign:
    """By its card, or by its id. Raises NoSuchRound, NoSuchCampaign."""
    if action.round:
        return _campaign_of(tx, press, _round(tx, tools, press, action, None))
    return stored.load(tx, CampaignId(action.about), press.player.community, lock=False)


def _campaign_of(tx: Transaction, press: Press, round: Round) -> Campaign:
    occasion = stored.occasion(tx, round.id)
    if occasion is None:
        raise NoSuchRound  # somebody dealt it: no campaign brought it
    return stored.load(tx, occasion.campaign, press.player.community, lock=False)


def _round(tx: Transaction, tools: Tools, press: Press, action: Action, person: Person | None) -> Round:
    loaded = rounds.load(
        tx,
        tools.keyring,
        RoundId(action.round),
        community=press.player.community,
        person=person.id if person is not None else None,
        lock=False,
    )
    return loaded.round


def _zone(person: Person | None, press: Press, place: Channel) -> str:
    """By whose clock it goes: their own, or else the channel's; an IANA name."""
    own = (person.zone or person.told_zone if person is not None else "") or press.zone
    return own if is_zone(own) else place.time_zone


# --- the clock -------------------------------------------------------------------------


def arm(tx: Transaction, tools: Tools, campaign: CampaignId, here: CampaignChannel, now: datetime) -> None:
    """Set the alarm of everybody who wants what is posted in a channel, after whatever changed."""
    wishes = subscriptions.of_channel(tx, campaign, here.id)
    cards = _cards(tx, campaign, here) if wishes else []
    for each in wishes:
        _arm(tx, tools, each, cards, now)


def rearm(tx: Transaction, tools: Tools, person: PersonId, community: CommunityId, now: datetime) -> None:
    """Somebody goes by another clock from now on."""
    for each in subscriptions.of_person(tx, person, community):
        _arm(tx, tools, each, _cards_of(tx, each), now)


def leave(tx: Transaction, tools: Tools, campaign: CampaignId, channel: ChannelId) -> None:
    """The channel takes part no longer, so nobody gets its cards."""
    for each in subscriptions.of_channel(tx, campaign, channel):
        alarms.clear(tx, _key(campaign, each.person))
    subscriptions.leave(tx, campaign, channel)


def ring(tx: Transaction, tools: Tools, key: str, now: datetime) -> None:
    """The alarm of one person: what is due is sent, and the next alarm is set.

    Whether they have answered the card is looked up when it is sent: nothing of it is kept here.
    """
    _, campaign, person = key.split(":")
    before = subscriptions.find(tx, CampaignId(campaign), PersonId(person), None, lock=True)
    if before is None:
        alarms.clear(tx, key)  # they stopped, or are forgotten
        return
    if not alarms.take(tx, key, now):
        return
    rung = rules.ring(before, _cards_of(tx, before), now)
    if rung.send is not None:
        subscriptions.save(tx, rung.after)
        effects_out.put_private(tx, tools.jobs, before.channel, rung.send, before.person)
    _set(tx, tools, before, rung.next_at)


def _arm(
    tx: Transaction, tools: Tools, wish: Subscription, cards: Iterable[Came], now: datetime
) -> datetime | None:
    """Set the alarm of a wish. When it rings next (UTC), if it does."""
    rung = rules.ring(wish, list(cards), now)
    at = now if rung.send is not None else rung.next_at
    _set(tx, tools, wish, at)
    return at


def _set(tx: Transaction, tools: Tools, wish: Subscription, at: datetime | None) -> None:
    key = _key(wish.campaign, wish.person)
    if at is None:
        alarms.clear(tx, key)
        return
    alarms.put(tx, key, at)
    tools.jobs.defer(effects_out.RING, key, tx, at)


def _key(campaign: CampaignId, person: PersonId) -> str:
    return AlarmKind.PRIVATE.key(f"{campaign}:{person}")


def _cards_of(tx: Transaction, wish: Subscription) -> list[Came]:
    """The cards of the channel in which somebody asked; none if it takes part no longer."""
    try:
        here = stored.channel(tx, wish.campaign, wish.channel)
    except NoSuchCampaign:
        return []
    return _cards(tx, wish.campaign, here)


def _cards(tx: Transaction, campaign: CampaignId, here: CampaignChannel) -> list[Came]:
    return [rules.came(entry, round, here) for entry, round in stored.posted(tx, campaign, here.id)]


# --- what is sent ----------------------------------------------------------------------


def worded(tx: Transaction, keyring: Keyring, slot: Slot, round: RoundId, place: Channel) -> Message | None:
    """The card for one person, as it stands now; None if it asks nothing of them any more.

    So it is after a pause, after they have answered or stopped, and if a newer one went to them since.
    """
    occasion = stored.occasion(tx, round)
    if occasion is None or slot.person is None:
        return None
    wish = subscriptions.find(tx, occasion.campaign, slot.person, place.community.id)
    if wish is None or wish.refused or wish.newest != round:
        return None
    try:
        campaign = stored.load(tx, occasion.campaign, None, lock=False)
        here = stored.channel(tx, occasion.campaign, place.id)
        loaded = rounds.load(tx, keyring, round, community=None, person=slot.person, lock=False)
    except (NoSuchCampaign, KeyLost):
        return None
    if campaign.paused or here.paused or not rules.may_go_out(loaded.round):
        return None
    return views.prompt(loaded.round, occasion)


def wanted(tx: Transaction, person: PersonId, community: CommunityId) -> list[Wanted]:
    """What somebody gets privately, as they read it."""
    return [
        Wanted(
            campaign=each.campaign,
            title=stored.load(tx, each.campaign, None, lock=False).title,
            time=each.time,
            zone=each.zone,
        )
        for each in subscriptions.of_person(tx, person, community)
    ]


# --- who cannot be written to ----------------------------------------------------------


async def with_news(database: Database, tools: Tools, press: Press, answer: Answer) -> Answer:
    """An answer, and under it, once, that we could not write to this player."""
    if press.player not in tools.untold or answer.is_form or not answer.accepted:
        return answer
    try:
        told = await database.write(lambda tx: _told(tx, press.player))
    except DatabaseUnavailable:
        return answer  # what was pressed is done; the next press tells it
    tools.untold.discard(press.player)
    content = answer.content
    if told is None or not isinstance(content, Message):
        return answer
    about = About(round=told.newest) if told.newest is not None else About(campaign=told.campaign)
    return answer.showing(views.with_refused(content, about))


def _told(tx: Transaction, player: PlayerId) -> Subscription | None:
    person = communities.find_person(tx, player)
    return subscriptions.tell(tx, person.id, player.community) if person is not None else None
