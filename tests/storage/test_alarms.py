"""Alarms: a moment for each occurrence, which rings once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from storage import alarms
from storage.database import Database
from tests.builders import NOON, hours

pytestmark = pytest.mark.asyncio


async def test_an_alarm_is_due_at_its_moment_and_not_before(database: Database) -> None:
    await database.write(lambda tx: alarms.put(tx, "round:r1", NOON))

    assert await database.read(lambda tx: alarms.due(tx, NOON - timedelta(microseconds=1))) == []
    assert await database.read(lambda tx: alarms.due(tx, NOON)) == ["round:r1"]


async def test_an_alarm_that_is_set_again_has_moved(database: Database) -> None:
    await database.write(lambda tx: alarms.put(tx, "round:r1", NOON))
    await database.write(lambda tx: alarms.put(tx, "round:r1", NOON + hours(1)))

    assert await database.read(alarms.next_due_at) == NOON + hours(1)
    assert not await database.write(lambda tx: alarms.take(tx, "round:r1", NOON))
    assert await database.write(lambda tx: alarms.take(tx, "round:r1", NOON + hours(1)))


async def test_an_alarm_rings_once(database: Database) -> None:
    await database.write(lambda tx: alarms.put(tx, "round:r1", NOON))

    taken = await asyncio.gather(
        *(database.write(lambda tx: alarms.take(tx, "round:r1", NOON)) for _ in range(8))
    )

    assert sorted(taken) == [False] * 7 + [True]
    assert await database.read(alarms.next_due_at) is None


async def test_a_cleared_alarm_does_not_ring(database: Database) -> None:
    await database.write(lambda tx: alarms.put(tx, "round:r1", NOON))

    await database.write(lambda tx: alarms.clear(tx, "round:r1"))
    await database.write(lambda tx: alarms.clear(tx, "round:r1"))

    assert await database.read(lambda tx: alarms.due(tx, NOON)) == []


async def test_the_longest_due_rings_first(database: Database) -> None:
    for key, at in (("b", NOON), ("c", NOON - hours(2)), ("a", NOON), ("later", NOON + hours(1))):
        await database.write(partial(alarms.put, key=key, due_at=at))

    assert await database.read(lambda tx: alarms.due(tx, NOON)) == ["c", "a", "b"]
    assert await database.read(alarms.next_due_at) == NOON - hours(2)


async def test_by_which_rules_alarms_were_computed_is_known_and_rings_for_nobody(database: Database) -> None:
    assert await database.read(alarms.rules) is None
    await database.write(lambda tx: alarms.computed_by(tx, "2026a", NOON))
    await database.write(lambda tx: alarms.computed_by(tx, "2026b", NOON))

    assert await database.read(alarms.rules) == "2026b"
    assert await database.read(lambda tx: alarms.due(tx, NOON + hours(1))) == []
    assert await database.read(alarms.next_due_at) is None


async def test_a_scrub_is_owed_until_it_is_done_and_rings_for_nobody(database: Database) -> None:
    assert await database.read(alarms.scrub_owed) is None
    await database.write(lambda tx: alarms.owe_scrub(tx, NOON))
    await database.write(lambda tx: alarms.owe_scrub(tx, NOON + hours(1)))  # a close during the scrub

    await database.write(lambda tx: alarms.scrubbed(tx, NOON))
    assert await database.read(alarms.scrub_owed) == NOON + hours(1)
    assert await database.read(lambda tx: alarms.due(tx, NOON + hours(2))) == []
    assert await database.read(alarms.next_due_at) is None

    await database.write(lambda tx: alarms.scrubbed(tx, NOON + hours(1)))
    assert await database.read(alarms.scrub_owed) is None
