"""The whole app around the shaky platform: it can be restarted at any moment, and its clock is ours."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import random
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from bot.actions import Action, write
from bot.answers import Answer
from bot.chat import MessageRef, Press
from bot.courier import Courier, Letter
from bot.effects_out import DELIVER, RING, SCRUB
from bot.game.calendar import quiet
from bot.game.model import ChannelId, CommunityId, Phase, PlayerId, RoundId
from bot.jobs.embedded import EmbeddedJobs
from bot.pace import AT_ONCE
from bot.ringing import ScrubLater
from bot.service import Service
from bot.slots import Slot, read
from storage import alarms, communities, outbox
from storage.database import Database, Transaction, open_database
from storage.keys import Keyring
from storage.migrate import migrate
from storage.outbox import Claimed
from storage.tables import METADATA
from tests.builders import NOON
from tests.contents import contents
from tests.databases import unsynced
from tests.simulation.platform import ShakyChat

T = TypeVar("T")

PLATFORM = "test"
SECRET = b"a secret that only these tests have"
THRESHOLD = 3

HOMES = {
    ChannelId("ward"): CommunityId("hospital"),
    ChannelId("canteen"): CommunityId("hospital"),
    ChannelId("kitchen"): CommunityId("home"),
}
"""Which channel is in which community."""

_rounds = METADATA.tables["rounds"]


class SeededChance:
    """Ids and shuffles that a seed repeats. Outlives restarts."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def id(self) -> str:
        """See Chance."""
        with self._lock:
            return base64.urlsafe_b64encode(self._random.randbytes(12)).decode()

    def shuffle(self) -> random.Random:
        """See Chance."""
        with self._lock:
            return random.Random(self._random.random())


class Watched(Courier):
    """Says which slot each key is for, and what became of it. All else is the courier's own."""

    slots: dict[str, tuple[RoundId, Slot]]
    let_be: set[tuple[RoundId, Slot]]
    told: Counter[str]
    put_off: set[str]
    given_up: set[tuple[RoundId, Slot]]
    put_aside: set[str]
    at_night: list[tuple[RoundId, Slot]]
    in_doubt: set[str]
    taken: Callable[[str], int]

    async def _let_be(self, claimed: Claimed, letter: Letter) -> bool:
        assert claimed.round is not None
        self.let_be.add((claimed.round, letter.slot))
        return await super()._let_be(claimed, letter)

    def _wait(self, letter: Letter, claimed: Claimed, now: datetime) -> timedelta:
        wait = super()._wait(letter, claimed, now)
        self.told["held"] += wait > AT_ONCE
        return wait

    def _pause(self, tx: Transaction, claimed: Claimed, why: str) -> None:
        super()._pause(tx, claimed, why)
        self.told[claimed.channel] += 1

    def _put_aside(self, tx: Transaction, claimed: Claimed, more: bool, *, unknown: bool = False) -> None:
        super()._put_aside(tx, claimed, more, unknown=unknown)
        self.put_aside.add(claimed.number)
        if unknown and claimed.round is not None:
            self.given_up.add((claimed.round, read(claimed.slot)))

    def _load(self, tx: Transaction, claimed: Claimed) -> Letter | None:
        letter = super()._load(tx, claimed)
        if letter is not None and letter.not_before is not None:
            self.put_off.add(claimed.key)
        return letter

    async def _send(self, letter: Letter, claimed: Claimed) -> MessageRef | None:
        assert claimed.round is not None
        self.slots[claimed.key] = (claimed.round, letter.slot)
        before = self.taken(claimed.key)
        try:
            return await super()._send(letter, claimed)
        finally:
            night = quiet(self._clock(), "Europe/London") is not None
            if night and claimed.post is None and self.taken(claimed.key) > before:
                if claimed.again and not letter.findable:
                    self.in_doubt.add(claimed.key)
                else:
                    self.at_night.append((claimed.round, letter.slot))


class World:
    """One database file, one platform, and a program that comes and goes."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.now = NOON
        self.chat = ShakyChat(seed, frozenset(HOMES))
        self.chat.phase_of = self._phase_of
        self.slots: dict[str, tuple[RoundId, Slot]] = {}
        self.let_be: set[tuple[RoundId, Slot]] = set()  # sent twice, and nobody knows
        self.put_off: set[str] = set()  # keys of what had to wait for the morning
        self.given_up: set[tuple[RoundId, Slot]] = set()  # after a day, and perhaps there
        self.put_aside: set[str] = set()  # the numbers of what was refused, or given up
        self.at_night: list[tuple[RoundId, Slot]] = []  # what was new and did not
        self.in_doubt: set[str] = set()  # keys of what went at night: nobody could look whether it was there
        self.told: Counter[str] = Counter()  # pauses of each channel; "held" boards
        self.faults: list[BaseException] = []
        self.restarts = 0
        self.keyring = Keyring(SECRET)
        self._file = folder / "shoes.db"
        self._chance = SeededChance(seed)
        self._random = random.Random(f"{seed} deliveries")
        self._events = 0
        self._taken: list[Press] = []
        self._handling: set[asyncio.Task[Any]] = set()
        self._settling: asyncio.Task[None] | None = None
        self._start()

    async def found(self) -> None:
        """The communities and their channels."""
        migrate(self.database.engine)
        for channel, community in HOMES.items():
            await self.database.write(partial(_found, channel, community))

    # --- the program -----------------------------------------------------------------------

    def _start(self) -> None:
        self.database: Database = unsynced(open_database(f"sqlite:///{self._file}"))
        self.jobs = EmbeddedJobs(
            self.database,
            lambda: self.now,
            due={DELIVER: outbox.due, RING: alarms.due},
            next_due=(outbox.next_due_at, alarms.next_due_at),
        )
        self.service = Service(self.database, self.jobs, self.keyring, contents().packs, self._chance)
        courier = Watched(self.database, self.keyring, {PLATFORM: self.chat}, lambda: self.now)
        courier.slots, courier.let_be, courier.told = self.slots, self.let_be, self.told
        courier.put_off, courier.at_night, courier.given_up = self.put_off, self.at_night, self.given_up
        courier.taken = lambda key: sum(each.key == key and each.what != "edit" for each in self.chat.record)
        courier.put_aside, courier.in_doubt = self.put_aside, self.in_doubt
        self.jobs.on(DELIVER, self._watched(courier.deliver))
        self.jobs.on(RING, self._watched(lambda key: self.service.ring(key, self.now)))
        self.jobs.on(SCRUB, self._watched(self.service.scrub))
        self.jobs.wake(SCRUB, "")

    async def restart(self) -> None:
        """The program ends where it stands, and starts again on the same file."""
        await self._end_all()
        self.chat.crashed.clear()
        self.restarts += 1
        self._start()

    async def stop(self) -> None:
        """For good."""
        await self._end_all()

    async def _end_all(self) -> None:
        if self._settling is not None:
            await _end({self._settling})
        await _end(self._handling)
        await self.database.close()

    def _watched(self, handler: Callable[[str], Awaitable[None]]) -> Callable[[str], Awaitable[None]]:
        life = self.restarts

        async def watching(key: str) -> None:
            if life != self.restarts:
                return  # a task that had not begun when its program ended
            task = asyncio.current_task()
            assert task is not None
            self._handling.add(task)
            try:
                await handler(key)
            except ScrubLater:
                self.jobs.wake(SCRUB, key)  # as the job does, without its line in the log
            except Exception as fault:
                self.faults.append(fault)
                raise
            finally:
                self._handling.discard(task)

        return watching

    async def step(self, presses: Awaitable[None], after: timedelta) -> None:
        """Time goes by; what is due is done while people press; then what is slow comes through."""
        self.now += after
        self.chat.quick.clear()
        self._settling = asyncio.create_task(self.jobs.settle())
        await presses
        self.chat.quick.set()
        crash = asyncio.create_task(self.chat.crashed.wait())
        await asyncio.wait({self._settling, crash}, return_when=asyncio.FIRST_COMPLETED)
        await _end({crash})
        if self.chat.crashed.is_set() or self._random.random() < 0.02:
            await self.restart()

    async def calm_down(self) -> None:
        """The platform works at last; everything that waits is delivered."""
        self.chat.calm = True
        for channel in HOMES:
            await self.come_back(channel)
        self.chat.quick.set()
        await self.jobs.settle()
        for _ in range(200):
            if not await self.read(_waiting):
                return
            self.now += timedelta(minutes=15)
            await self.jobs.settle()
        raise AssertionError(f"still waiting: {await self.read(_waiting)}")

    async def come_back(self, channel: ChannelId) -> None:
        """A channel takes posts again, and somebody presses Try again."""
        self.chat.gone.pop(channel, None)
        await self.database.write(lambda tx: communities.go_on(tx, channel))

    # --- presses ---------------------------------------------------------------------------

    async def press(self, channel: ChannelId, who: str, action: Action, **fields: str) -> Answer:
        """A press as a shaky platform delivers it: now and then twice at once, and old ones again.

        Its answer may get lost with the program; then the platform delivers it once more.
        """
        self._events += 1
        press = Press(
            player=PlayerId(PLATFORM, HOMES[channel], who),
            channel=channel,
            action=write(action),
            event=f"event-{self._events}",
            name=who.title(),
            fields=fields,
        )
        answer = await self._delivered(press)
        if answer.accepted:
            self._taken.append(press)
        if self._taken and self._random.random() < 0.1:
            await self.service.press(self._random.choice(self._taken), self.now)
        return answer

    async def _delivered(self, press: Press) -> Answer:
        drawn = self._random.random()
        if drawn < 0.1:
            first, second = await asyncio.gather(
                self.service.press(press, self.now), self.service.press(press, self.now)
            )
            return first if first.accepted else second  # a round may open between the two
        if drawn < 0.12:
            task = asyncio.create_task(self.service.press(press, self.now))
            for _ in range(self._random.randrange(4)):
                await asyncio.sleep(0)
            await _end({task})
            await self.restart()
        return await self.service.press(press, self.now)

    # --- looking ---------------------------------------------------------------------------

    async def read(self, look: Callable[[Transaction], T]) -> T:
        """What is stored now."""
        return await self.database.read(look)

    async def rows(self, statement: str, *values: str) -> Sequence[sa.Row[Any]]:
        """Rows of a statement; `values` stand for its question marks."""
        return await self.read(lambda tx: tx.connection.exec_driver_sql(statement, values).all())

    async def _phase_of(self, key: str) -> Phase | None:
        round, _slot = self.slots[key]
        query = sa.select(_rounds.c.phase).where(_rounds.c.id == round)
        return Phase(await self.read(lambda tx: tx.connection.execute(query).scalar_one()))


async def _end(tasks: Iterable[asyncio.Task[Any]]) -> None:
    ending = list(tasks)
    for task in ending:
        task.cancel()
    for task in ending:
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _found(channel: ChannelId, community: CommunityId, tx: Transaction) -> None:
    if tx.connection.exec_driver_sql("SELECT 1 FROM communities WHERE id = ?", (community,)).first() is None:
        communities.found(
            tx,
            community=community,
            channel=channel,
            platform=PLATFORM,
            ref=channel,
            name=channel.title(),
            practice=False,
            threshold=THRESHOLD,
            time_zone="Europe/London",
            language="en",
            now=NOON,
        )
        return
    tx.connection.execute(
        METADATA.tables["channels"]
        .insert()
        .values(id=channel, community_id=community, ref=channel, name=channel.title(), welcomed=False)
    )


def _waiting(tx: Transaction) -> int:
    query = "SELECT count(*) FROM outbox WHERE state NOT IN ('aside', 'lost')"
    return int(tx.connection.exec_driver_sql(query).scalar_one())
