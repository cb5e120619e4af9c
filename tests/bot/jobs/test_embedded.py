"""Embedded jobs as they run by themselves: woken by a commit, patient with faults, never in a hurry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.jobs import NotYet, embedded
from bot.jobs.embedded import EmbeddedJobs
from storage import alarms
from storage.database import Database, DatabaseUnavailable, Transaction
from tests.bot.jobs.conftest import RING, SCRUB, EmbeddedHouse, House
from tests.builders import NOON

pytestmark = pytest.mark.asyncio


@pytest.fixture
def jobs(house: House, monkeypatch: pytest.MonkeyPatch) -> EmbeddedJobs:
    """Jobs whose sweep never comes, so that only what the story does can wake them."""
    monkeypatch.setattr(embedded, "SWEEP_SECONDS", 10_000)
    made = house.jobs()
    assert isinstance(made, EmbeddedJobs)
    return made


@asynccontextmanager
async def running(jobs: EmbeddedJobs) -> AsyncIterator[None]:
    """As in the app: until cancelled."""
    task = asyncio.ensure_future(jobs.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def spin() -> None:
    """Let everything run that can run now, database included."""
    for _ in range(20):
        await asyncio.sleep(0.005)


async def test_a_commit_wakes_them(house: House, jobs: EmbeddedJobs) -> None:
    rung = asyncio.Event()

    async def ring(key: str) -> None:
        await house.database.write(lambda tx: alarms.take(tx, key, NOON))
        rung.set()

    def press(tx: Transaction) -> None:
        alarms.put(tx, "round:r1", NOON)
        jobs.defer(RING, "round:r1", tx, NOON)

    jobs.on(RING, ring)
    async with running(jobs):
        await spin()
        await house.database.write(press)
        await asyncio.wait_for(rung.wait(), 20)


async def test_what_is_in_hand_is_finished_when_they_stop(house: House, jobs: EmbeddedJobs) -> None:
    begun, finished = asyncio.Event(), asyncio.Event()

    async def handle(key: str) -> None:
        begun.set()
        await asyncio.sleep(0.05)
        finished.set()

    jobs.on(SCRUB, handle)
    async with running(jobs):
        await house.database.write(lambda tx: jobs.defer(SCRUB, "", tx))
        await asyncio.wait_for(begun.wait(), 20)

    assert finished.is_set()


async def test_what_fails_waits_longer_each_time_and_at_most_five_minutes(
    house: House, jobs: EmbeddedJobs
) -> None:
    tries: list[datetime] = []

    async def fails(key: str) -> None:
        tries.append(house.now)
        raise DatabaseUnavailable

    jobs.on(SCRUB, fails)
    await house.database.write(lambda tx: jobs.defer(SCRUB, "", tx))
    for _ in range(20 * 60):
        await jobs.settle()
        house.now += timedelta(seconds=1)

    waits = [int((later - earlier).total_seconds()) for earlier, later in pairwise(tries)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


@pytest.mark.parametrize("raised, logged", [(NotYet, []), (DatabaseUnavailable, ["job failed"])])
async def test_what_can_wait_is_tried_again_and_is_no_fault(
    house: House, jobs: EmbeddedJobs, raised: type[Exception], logged: list[str]
) -> None:
    tries: list[datetime] = []

    async def once_too_early(key: str) -> None:
        tries.append(house.now)
        if len(tries) == 1:
            raise raised

    jobs.on(SCRUB, once_too_early)
    await house.database.write(lambda tx: jobs.defer(SCRUB, "", tx))
    with capture_logs() as logs:
        await jobs.settle()
        house.now += timedelta(seconds=1)
        await jobs.settle()

    assert len(tries) == 2
    assert [each["event"] for each in logs] == logged


async def test_a_wake_up_does_not_shorten_the_wait_and_success_ends_it(
    house: House, jobs: EmbeddedJobs
) -> None:
    tries: list[datetime] = []
    troubles = 3

    async def handle(key: str) -> None:
        tries.append(house.now)
        if len(tries) <= troubles:
            raise DatabaseUnavailable

    jobs.on(SCRUB, handle)
    for second in range(12):
        house.now = NOON + timedelta(seconds=second)
        if second < 8:
            jobs.wake(SCRUB, "")  # a close each second
        await jobs.settle()
    assert [int((at - NOON).total_seconds()) for at in tries] == [0, 1, 3, 7]

    troubles = 5
    jobs.wake(SCRUB, "")
    await jobs.settle()
    house.now += timedelta(seconds=1)
    await jobs.settle()

    assert len(tries) == 6


class SometimesAway:
    """A database that cannot be read while `away`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.away: Exception | None = None

    async def read(self, run: Callable[[Transaction], object]) -> object:
        """See Database."""
        if self.away is not None:
            raise self.away
        return await self.database.read(run)


@pytest.mark.parametrize("trouble", [DatabaseUnavailable(), sa.exc.TimeoutError(), KeyError("a bug")])
async def test_they_go_on_by_themselves_after_any_trouble(
    house: House, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    monkeypatch.setattr(embedded, "TROUBLE_SECONDS", 0.02)
    monkeypatch.setattr(embedded, "SWEEP_SECONDS", 0.02)
    assert isinstance(house, EmbeddedHouse)
    database = SometimesAway(house.database)
    jobs = EmbeddedJobs(database, lambda: NOON, {RING: alarms.due}, (alarms.next_due_at,))  # type: ignore[arg-type]
    done = asyncio.Event()

    async def handle(key: str) -> None:
        done.set()

    jobs.on(SCRUB, handle)
    database.away = trouble
    async with running(jobs):
        await house.database.write(lambda tx: jobs.defer(SCRUB, "", tx))
        await spin()
        assert not done.is_set()
        database.away = None
        await asyncio.wait_for(done.wait(), 20)
