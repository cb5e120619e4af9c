"""What stories about storage begin with: a room with its people, and rounds dealt in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.game import rounds as rules
from bot.game.model import (
    ChannelId,
    CommunityId,
    DeckId,
    PersonId,
    PlayerId,
    PledgeId,
    ReplyId,
    ResponseId,
    Round,
    RoundId,
)
from bot.game.moves import Move
from bot.game.standing import Standing
from storage import communities, rounds, saving
from storage.database import Transaction
from storage.keys import Keyring
from storage.rounds import Loaded
from tests.builders import NOON, a_round

KEYRING = Keyring(b"a secret that only these tests have")
HOME = CommunityId("home")
ELSEWHERE = CommunityId("elsewhere")
ROOM = ChannelId("room")
DECK = DeckId("caring")
R1 = RoundId("r1")


def found_room(
    tx: Transaction,
    community: CommunityId = HOME,
    channel: ChannelId = ROOM,
    *,
    platform: str = "web",
    name: str = "A team",
    zone: str = "Europe/London",
    threshold: int = 5,
    now: datetime = NOON,
) -> None:
    """Store a community with one channel."""
    communities.found(
        tx,
        community=community,
        channel=channel,
        platform=platform,
        ref=community,
        name=name,
        practice=False,
        threshold=threshold,
        time_zone=zone,
        language="en",
        now=now,
    )


def player(user: str, community: CommunityId = HOME) -> PlayerId:
    """An account in the browser."""
    return PlayerId("web", community, user)


def meet(tx: Transaction, *names: str, community: CommunityId = HOME) -> None:
    """Store people under their names."""
    for name in names:
        communities.person(tx, player(name, community), name, name.title())


def deal(tx: Transaction, id: RoundId = R1, channel: ChannelId = ROOM, **given: Any) -> Round:
    """Deal a card. Ada, who deals it, is stored if she was not."""
    place = communities.channel(tx, channel, None)
    meet(tx, "ada", community=place.community.id)
    round = replace(a_round(id=id, channels=(channel,), **given), mine=a_round().mine)
    rounds.create(tx, KEYRING, round, deck=DECK, threshold=5, communities={channel: place.community.id})
    return round


def load(
    tx: Transaction, person: str | None = None, id: RoundId = R1, *about: str, lock: bool = True
) -> Loaded:
    """The round as this person finds it, with everything that `about` may name."""
    return rounds.load(
        tx,
        KEYRING,
        id,
        community=None,
        person=PersonId(person) if person else None,
        responses=[ResponseId(each) for each in about],
        replies=[ReplyId(each) for each in about],
        pledges=[PledgeId(each) for each in about],
        lock=lock,
    )


def play(tx: Transaction, person: str, move: Move, *about: str, id: RoundId = R1) -> Round:
    """One press, without what would be shown: load, play, save."""
    loaded = load(tx, person, id, *about)
    after, _effects = rules.play(loaded.round, move, NOON)
    saving.save(tx, loaded, after, NOON)
    return after


def reveal(tx: Transaction, id: RoundId = R1) -> None:
    """Responding is over."""
    loaded = load(tx, id=id)
    after, _effects = rules.advance(loaded.round, loaded.round.deadline, Standing())
    saving.save(tx, loaded, after, NOON)
