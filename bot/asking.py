"""Commands and App Home: which card they are about, and what waits for a player. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bot.game import allowed
from bot.game.model import ChannelId, Ending, PersonId, Phase, PlayerId, Round, RoundId
from bot.game.refusals import MoveRefused
from bot.messages import Message
from bot.views import guide, home, recap
from storage import communities, rounds, showing
from storage.communities import Channel, NoSuchChannel
from storage.database import Transaction
from storage.keys import Keyring

LOOKED_AT = 10  # rounds of a channel, the newest first
CHANNELS = 10  # of a player, those they were in last
PLEDGES = 5
DUE_SOON = timedelta(days=2)


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
    if person is not None:
        seen: set[RoundId] = set()
        for place in communities.known_in(tx, person.id, player.community, CHANNELS):
            for round in rounds_of(tx, keyring, place.id, person.id):
                if round.phase is not Phase.CLOSED and round.id not in seen:
                    seen.add(round.id)
                    cards.append(home.OpenCard(round, place.id, place.name))
        until = (now + DUE_SOON).astimezone(UTC).date()
        due = [
            home.DuePledge(id, channel, pledge)
            for id, channel, pledge in showing.due_pledges(tx, person.id, player.community, until, PLEDGES)
        ]
    return home.home(cards, due)
