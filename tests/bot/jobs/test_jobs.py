"""What every implementation of Jobs promises: after the commit, at least once, never two at a time."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.jobs import Jobs
from storage import alarms
from storage.database import Transaction
from tests.bot.jobs.conftest import RING, SCRUB, House
from tests.builders import NOON, hours

pytestmark = pytest.mark.asyncio


class Refused(Exception):
    """What a rule of the game says."""


class Bell:
    """A handler that takes the alarm it is woken for, as the service does."""

    def __init__(self, house: House) -> None:
        self.rung: list[str] = []
        self._house = house

    async def ring(self, key: str) -> None:
        """Idempotent: an alarm that rang already rings no more."""
        if await self._house.database.write(lambda tx: alarms.take(tx, key, self._house.now)):
            self.rung.append(key)


class Door:
    """A handler that stands still until the story opens it."""

    def __init__(self) -> None:
        self.entered: list[str] = []
        self.inside: Counter[str] = Counter()
        self.most = 0
        self._open = asyncio.Event()
        self._knock = asyncio.Event()

    async def enter(self, key: str) -> None:
        self.entered.append(key)
        self.inside[key] += 1
        self.most = max(self.most, *self.inside.values())
        self._knock.set()
        await self._open.wait()
        self.inside[key] -= 1

    async def somebody(self) -> None:
        """Wait until a handler has begun."""
        await asyncio.wait_for(self._knock.wait(), 20)
        self._knock.clear()

    def open(self) -> None:
        self._open.set()


def set_alarm(jobs: Jobs, key: str, at: datetime) -> Callable[[Transaction], None]:
    """The transaction that sets an alarm and has it ring."""

    def run(tx: Transaction) -> None:
        alarms.put(tx, key, at)
        jobs.defer(RING, key, tx, at)

    return run


def want(jobs: Jobs, key: str = "") -> Callable[[Transaction], None]:
    """A transaction that wants a job done, and writes no row that says so."""
    return lambda tx: jobs.defer(SCRUB, key, tx)


async def test_what_is_deferred_is_done_with_its_key(house: House) -> None:
    jobs, done = house.jobs(), []

    async def handle(key: str) -> None:
        done.append(key)

    jobs.on(SCRUB, handle)
    await house.database.write(want(jobs, "r1"))
    await house.settle(jobs)

    assert done == ["r1"]


async def test_nothing_is_taken_up_before_the_commit(house: House) -> None:
    jobs, bell = house.jobs(), Bell(house)
    jobs.on(RING, bell.ring)
    written, go_on = threading.Event(), threading.Event()

    def slowly(tx: Transaction) -> None:
        set_alarm(jobs, "round:r1", NOON)(tx)
        written.set()
        assert go_on.wait(20)

    press = asyncio.ensure_future(house.database.write(slowly))
    await asyncio.to_thread(written.wait)
    await house.turn(jobs)
    await asyncio.sleep(0)
    assert bell.rung == []
    go_on.set()
    await press
    await house.settle(jobs)

    assert bell.rung == ["round:r1"]


async def test_nothing_is_done_for_a_transaction_that_was_rolled_back(house: House) -> None:
    jobs, bell, wanted = house.jobs(), Bell(house), Door()
    jobs.on(RING, bell.ring)
    jobs.on(SCRUB, wanted.enter)

    def refused(tx: Transaction) -> None:
        set_alarm(jobs, "round:r1", NOON)(tx)
        want(jobs)(tx)
        raise Refused

    with pytest.raises(Refused):
        await house.database.write(refused)
    await house.settle(jobs)

    assert bell.rung == []
    assert wanted.entered == []


async def test_a_key_is_never_handled_twice_at_once_and_no_wake_up_is_lost(house: House) -> None:
    jobs, door = house.jobs(), Door()
    jobs.on(SCRUB, door.enter)
    await house.database.write(want(jobs, "r1"))
    await house.turn(jobs)
    await door.somebody()

    for _ in range(3):
        await house.database.write(want(jobs, "r1"))
        await house.turn(jobs)
    assert door.entered == ["r1"]
    door.open()
    await house.settle(jobs)

    # What was wanted meanwhile may have been written after the first had looked.
    assert len(door.entered) >= 2
    assert door.most == 1


async def test_different_keys_are_handled_beside_each_other(house: House) -> None:
    jobs, door = house.jobs(), Door()
    jobs.on(SCRUB, door.enter)

    for key in ("r1", "r2"):
        await house.database.write(want(jobs, key))
        await house.turn(jobs)
        await door.somebody()

    assert sorted(door.inside.elements()) == ["r1", "r2"]
    door.open()
    await house.settle(jobs)


@pytest.mark.parametrize("with_row", [True, False])
async def test_what_fails_is_tried_again(house: House, with_row: bool) -> None:
    jobs, bell, failures = house.jobs(), Bell(house), ["first", "second"]

    async def fails_twice(key: str) -> None:
        if failures:
            raise Refused(failures.pop())
        await bell.ring(key)
        bell.rung = bell.rung or [key]

    jobs.on(RING if with_row else SCRUB, fails_twice)
    await house.database.write(set_alarm(jobs, "k", NOON) if with_row else want(jobs, "k"))
    for _ in range(3):
        await house.settle(jobs)
        house.now += timedelta(minutes=5)  # what has no row waits before it is tried again

    assert bell.rung == ["k"]
    assert failures == []


async def test_one_that_fails_does_not_hold_up_the_others(house: House) -> None:
    jobs, done = house.jobs(), []

    async def handle(key: str) -> None:
        done.append(key)
        if key == "bad" and done.count("bad") == 1:
            raise Refused

    jobs.on(SCRUB, handle)
    for key in ("bad", "good"):
        await house.database.write(want(jobs, key))
    for _ in range(2):
        await house.settle(jobs)
        house.now += timedelta(minutes=5)

    assert Counter(done) == Counter(bad=2, good=1)


async def test_an_alarm_rings_at_its_moment_and_not_before(house: House) -> None:
    jobs, bell = house.jobs(), Bell(house)
    jobs.on(RING, bell.ring)
    await house.database.write(set_alarm(jobs, "round:r1", NOON + hours(2)))

    house.now = NOON + hours(1.99)
    await house.settle(jobs)
    assert bell.rung == []
    house.now = NOON + hours(2)
    await house.settle(jobs)

    assert bell.rung == ["round:r1"]


async def test_an_alarm_that_was_moved_rings_at_its_new_moment_only(house: House) -> None:
    jobs, bell = house.jobs(), Bell(house)
    jobs.on(RING, bell.ring)
    await house.database.write(set_alarm(jobs, "round:r1", NOON))
    await house.database.write(set_alarm(jobs, "round:r1", NOON + hours(1)))

    await house.settle(jobs)
    assert bell.rung == []
    house.now = NOON + hours(1)
    await house.settle(jobs)

    assert bell.rung == ["round:r1"]


async def test_a_cleared_alarm_does_not_ring(house: House) -> None:
    jobs, bell = house.jobs(), Bell(house)
    jobs.on(RING, bell.ring)
    await house.database.write(set_alarm(jobs, "round:r1", NOON + hours(1)))
    await house.database.write(lambda tx: alarms.clear(tx, "round:r1"))

    house.now = NOON + hours(2)
    await house.settle(jobs)

    assert bell.rung == []


async def test_what_is_due_survives_the_process(house: House) -> None:
    before = house.jobs()
    await house.database.write(set_alarm(before, "round:r1", NOON))
    await house.database.write(set_alarm(before, "round:r2", NOON + hours(1)))
    # The process ends here; it has not even said what to do.

    house.now = NOON + hours(1)
    after, bell = house.jobs(), Bell(house)
    after.on(RING, bell.ring)
    await house.settle(after)

    assert sorted(bell.rung) == ["round:r1", "round:r2"]


async def test_of_many_none_is_left_out(house: House) -> None:
    jobs, bell = house.jobs(), Bell(house)
    jobs.on(RING, bell.ring)
    keys = [f"round:r{n}" for n in range(150)]  # more than are taken up in one sweep

    await asyncio.gather(*(house.database.write(set_alarm(jobs, key, NOON)) for key in keys))
    await house.settle(jobs)

    assert sorted(bell.rung) == sorted(keys)
