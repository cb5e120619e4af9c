"""Commands and App Home: which card they are about, and what waits for a player. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bot import commands, keeping, pressing, privately
from bot.actions import Action, Verb
from bot.answers import Answer
from bot.chat import Press
from bot.game import allowed
from bot.game.calendar import is_zone
from bot.game.model import CardId, ChannelId, Ending, PersonId, Phase, PlayerId, Round, RoundId
from bot.game.refusals import MoveRefused
from bot.messages import Form, Message
from bot.pressing import Pressed
from bot.tools import Tools
from bot.views import guide, home, privacy, recap
from storage import campaigns, communities, rounds, showing
from storage.communities import Channel, NoSuchChannel, Person
from storage.database import Transaction
from storage.keys import Keyring

LOOKED_AT = 10  # rounds of a channel, the newest first
CHANNELS = 10  # of a player, those they were in last
PLEDGES = 5
SERIES = 5  # campaigns, and channels without one
DUE_SOON = timedelta(days=2)


ASKS = frozenset({Verb.HELP, Verb.ME, Verb.ROLE, Verb.ZONE, Verb.PRIVACY, Verb.TRY, Verb.RECAP})
"""What asks about no card, or finds its own: a command, or a button in App Home."""


def asks(action: Action) -> bool:
    """Whether an action is answered here."""
    return action.verb in ASKS or (action.verb is Verb.PLEDGE and not action.round)


def asked(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """The answer to a command, or to a button that is about no card yet."""
    person = communities.find_person(tx, press.player)
    days = tools.terms.retention.days
    content: Message | Form
    match action.verb:
        case Verb.HELP:
            content = guide.help(unknown=action.value == commands.UNKNOWN)
        case Verb.ME:
            home, id, role, zone = press.player.community, None, None, press.zone
            if person is not None:
                id, role, zone = person.id, person.own_role, person.zone or zone or person.told_zone
            zone = zone if is_zone(zone) else ""
            cards = privately.wanted(tx, id, home) if id is not None else ()
            stories = keeping.mine(tx, home, id)
            content = guide.me(role, zone=zone, retention_days=days, mine=stories, cards=cards)
        case Verb.ROLE:
            content = guide.role_form(person.own_role if person else None)
        case Verb.ZONE:
            content = guide.zone_form(person.zone if person else "")
        case Verb.TRY:
            content = _tried(tools, action)
        case Verb.PRIVACY:
            place = place_of(tx, press.channel, press.player)
            threshold = place.community.threshold if place else tools.terms.threshold
            content = privacy.privacy(retention_days=days, threshold=threshold, cookie=False)
        case _:
            return _about_a_card(tx, tools, press, action, person, now)
    return Answer(content=content, show=press.action)


def _about_a_card(
    tx: Transaction, tools: Tools, press: Press, action: Action, person: Person | None, now: datetime
) -> Answer:
    """A command about a card that it does not name: the channel's newest, or a choice."""
    if action.round:
        loaded = pressing.load(tx, tools, action, person, press.player.community, lock=False)
        return Answer(content=recap_of(tx, loaded.round), show=press.action)
    place = place_of(tx, press.channel, press.player)
    if place is None:
        return Answer(content=guide.no_card())
    if action.verb is Verb.RECAP:
        return Answer(content=recap_here(tx, tools.keyring, place), show=press.action)
    found = to_pledge_for(tx, tools.keyring, place, person.id if person else None, now)
    if isinstance(found, Message):
        return Answer(content=found, show=press.action)
    pledge = Action(Verb.PLEDGE, found)
    loaded = pressing.load(tx, tools, pledge, person, press.player.community, lock=False)
    pressed = Pressed(press=press, action=pledge, place=place, person=person, loaded=loaded, now=now)
    return pressing.opened(tx, tools, pressed)


def _tried(tools: Tools, action: Action) -> Message:
    """A card to try: the one that was shown, with its voices; else any that has some."""
    shown = tools.cards.get(CardId(action.about))
    if shown is not None:
        return guide.try_card(shown[1], voices=action.value == guide.VOICES)
    cards = [card for _deck, card in tools.cards.values() if card.voices]
    return guide.try_card(tools.chance.shuffle().choice(cards), voices=False)


def place_of(tx: Transaction, channel: ChannelId, player: PlayerId) -> Channel | None:
    """The channel a command was typed in; None where nobody has dealt yet."""
    try:
        return communities.channel(tx, channel, player.community)
    except NoSuchChannel:
        return None


def rounds_of(
    tx: Transaction, keyring: Keyring, channel: ChannelId, person: PersonId | None
) -> Iterator[Round]:
    """The newest rounds of a channel, as this person finds them."""
    for id in showing.in_channel(tx, channel, LOOKED_AT):
        yield rounds.load(tx, keyring, id, community=None, person=person, lock=False).round


def to_pledge_for(
    tx: Transaction, keyring: Keyring, place: Channel, person: PersonId | None, now: datetime
) -> RoundId | Message:
    """The one round that takes pledges here, else a choice, else what to do instead.

    Raises the refusal of the newest round if there is one and none takes any.
    """
    possible: list[Round] = []
    refused: MoveRefused | None = None
    for round in rounds_of(tx, keyring, place.id, person):
        try:
            allowed.must_take_pledges(round, now)
        except MoveRefused as error:
            refused = refused or error
        else:
            possible.append(round)
    if len(possible) == 1:
        return possible[0].id
    if possible:
        return guide.which_card(possible[: guide.CHOICES])
    if refused is not None:
        raise refused
    return guide.no_card()


def recap_here(tx: Transaction, keyring: Keyring, place: Channel) -> Message:
    """The newest recap, or until when the newest card is open and which recap there is before it."""
    here = list(rounds_of(tx, keyring, place.id, None))
    closed = next((each for each in here if each.ending is Ending.FINISHED), None)
    if not here:
        return guide.no_card()
    if here[0].phase is not Phase.CLOSED:
        return guide.recap_later(here[0], earlier=closed)
    return recap_of(tx, closed) if closed is not None else guide.no_recap()


def recap_of(tx: Transaction, round: Round) -> Message:
    """The recap of a round, if it has one."""
    if round.ending is not Ending.FINISHED:
        later = round.phase is not Phase.CLOSED
        return guide.recap_later(round, earlier=None) if later else guide.no_recap()
    return recap.recap(round, showing.standing(tx, round))


def home_of(tx: Transaction, keyring: Keyring, player: PlayerId, now: datetime) -> Message:
    """What is open where this player is known, what waits for them first; and their pledges that are due."""
    person = communities.find_person(tx, player)
    cards: list[home.OpenCard] = []
    due: Sequence[home.DuePledge] = ()
    series: list[home.Series] = []
    if person is not None:
        seen: set[RoundId] = set()
        for place in communities.known_in(tx, person.id, player.community, CHANNELS):
            if place.organiser == person.id:
                series += _series(tx, place)
            for round in rounds_of(tx, keyring, place.id, person.id):
                if round.phase is not Phase.CLOSED and round.id not in seen:
                    seen.add(round.id)
                    cards.append(home.OpenCard(round, place.id, place.name))
        until = (now + DUE_SOON).astimezone(UTC).date()
        due = [
            home.DuePledge(id, channel, pledge)
            for id, channel, pledge in showing.due_pledges(tx, person.id, player.community, until, PLEDGES)
        ]
    return home.home(cards, due, series[:SERIES])


def _series(tx: Transaction, place: Channel) -> list[home.Series]:
    running = campaigns.of_channel(tx, place.id)
    if not running:
        return [home.Series(place.id, place.name)]
    return [home.Series(place.id, place.name, each.id, each.title) for each in running]
