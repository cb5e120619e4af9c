"""A round that 64 players are about to vote in, on a real file: what the measurements share."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bot.actions import Action, Verb, write
from bot.chance import SystemChance
from bot.chat import Press
from bot.effects_out import DELIVER, RING, SCRUB
from bot.game.model import ChannelId, Choice, CommunityId, PlayerId, ResponseId
from bot.jobs.embedded import EmbeddedJobs
from bot.service import Service
from content.packs import SHIPPED_PACKS, load_packs
from storage import alarms, communities, outbox
from storage.database import Database, Transaction, open_database
from storage.keys import Keyring
from storage.migrate import migrate
from storage.tables import METADATA

PLAYERS = 64
PLATFORM = "bench"
NOON = datetime(2027, 6, 7, 12, tzinfo=UTC)
CHANNEL = ChannelId("channel")
COMMUNITY = CommunityId("community")
SECRET = b"only for measuring, only for measuring"

Plan = list[list[Press]]
"""What each player presses, one after the other."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The program without a platform, on one file."""

    database: Database
    service: Service


@asynccontextmanager
async def a_stage(file: Path) -> AsyncIterator[Stage]:
    """Start the program on a file; its jobs run as they always do."""
    database = open_database(f"sqlite:///{file}")
    migrate(database.engine)
    jobs = EmbeddedJobs(
        database,
        lambda: NOON,
        due={DELIVER: outbox.due, RING: alarms.due},
        next_due=(outbox.next_due_at, alarms.next_due_at),
    )
    service = Service(database, jobs, Keyring(SECRET), load_packs((SHIPPED_PACKS,)), SystemChance())

    async def delivered(channel: str) -> None:
        """In the courier's place: the claim is paid for, and no platform is asked."""

        def transaction(tx: Transaction) -> bool:
            claimed = outbox.claim(tx, ChannelId(channel), NOON)
            if claimed is not None:
                outbox.sent(tx, claimed, None)
            return claimed is not None

        while await database.write(transaction):
            pass

    async def nothing(_key: str) -> None:
        """No alarm rings within a measurement."""

    jobs.on(DELIVER, delivered)
    jobs.on(RING, nothing)
    jobs.on(SCRUB, nothing)
    running = asyncio.create_task(jobs.run())
    try:
        yield Stage(database, service)
    finally:
        running.cancel()
        await asyncio.wait([running])
        await database.close()


async def a_round_to_vote_in(file: Path) -> list[ResponseId]:
    """Have 64 players answer a card and the facilitator reveal; returns the responses by player."""
    async with a_stage(file) as stage:
        await stage.database.write(_found)
        card = stage.service.decks[0].cards[0]
        dealt = await stage.service.press(
            _press(0, Action(Verb.DEAL, about=card.id, value="together-1440-1440")), NOON
        )
        assert dealt.round is not None
        for player in range(PLAYERS):
            fields = {"words": f"Please ask me first, says number {player}.", "stance": "yes"}
            await _done(stage, _press(player, Action(Verb.SEND, dealt.round), fields))
        await _done(stage, _press(0, Action(Verb.REVEAL, dealt.round)))
        return await stage.database.read(_responses)


async def _done(stage: Stage, press: Press) -> None:
    answer = await stage.service.press(press, NOON)
    assert answer.accepted, answer
    assert (
        answer.content is not None
    )  # worded now: the whole press is measured, with what its player is shown


def _found(tx: Transaction) -> None:
    communities.found(
        tx,
        community=COMMUNITY,
        channel=CHANNEL,
        platform=PLATFORM,
        ref="channel",
        name="Measuring",
        practice=False,
        threshold=5,
        time_zone="Europe/London",
        language="en",
        now=NOON - timedelta(days=1),
    )


def _responses(tx: Transaction) -> list[ResponseId]:
    table = METADATA.tables["responses"]
    rows = tx.connection.execute(sa.select(table.c.id, table.c.words)).all()
    by_player = {int(row.words.rstrip(".").rpartition(" ")[2]): ResponseId(row.id) for row in rows}
    return [by_player[player] for player in range(PLAYERS)]


_events = itertools.count()


def _press(player: int, action: Action, fields: dict[str, str] | None = None) -> Press:
    return Press(
        player=PlayerId(PLATFORM, COMMUNITY, f"player-{player}"),
        channel=CHANNEL,
        action=write(action),
        event=f"event-{next(_events)}",
        name=f"Player {player}",
        fields=fields or {},
    )


def votes(round: str, responses: Sequence[ResponseId], each: int) -> Plan:
    """Each player votes on `each` responses of the others."""
    choices = itertools.cycle(Choice)
    return [
        [
            _press(
                player,
                Action(Verb.CAST, round, responses[(player + ahead) % PLAYERS], next(choices).value),
            )
            for ahead in range(1, each + 1)
        ]
        for player in range(PLAYERS)
    ]


async def press_all(stage: Stage, plan: Iterable[Sequence[Press]]) -> None:
    """All players at once, each one press after the other, waiting for each answer."""

    async def play(presses: Sequence[Press]) -> None:
        for press in presses:
            await _done(stage, press)

    await asyncio.gather(*map(play, plan))


def copied(file: Path, to: Path) -> Path:
    """The same database once more, in a folder of its own."""
    to.mkdir(parents=True)
    return Path(shutil.copy(file, to / file.name))
