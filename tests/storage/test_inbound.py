"""What was already seen: once for each delivery, and nothing of who sent it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage import inbound
from storage.database import Database
from storage.tables import METADATA
from tests.builders import NOON
from tests.storage.builders import KEYRING

pytestmark = pytest.mark.asyncio

_inbound = METADATA.tables["inbound"]
TODAY = NOON.date()


async def test_a_delivery_is_new_once(database: Database) -> None:
    for expected in (True, False, False):
        first = await database.write(lambda tx: inbound.first_time(tx, KEYRING, "event 1", TODAY))
        assert first is expected

    assert await database.write(lambda tx: inbound.first_time(tx, KEYRING, "event 2", TODAY))


async def test_of_two_deliveries_at_once_one_is_new(database: Database) -> None:
    results = await asyncio.gather(
        *(database.write(lambda tx: inbound.first_time(tx, KEYRING, "event", TODAY)) for _ in range(8))
    )

    assert sorted(results) == [False] * 7 + [True]


async def test_only_a_keyed_hash_and_the_day_are_kept(database: Database) -> None:
    await database.write(lambda tx: inbound.first_time(tx, KEYRING, "ada pressed", TODAY))

    rows = await database.read(lambda tx: [tuple(row) for row in tx.connection.execute(sa.select(_inbound))])

    assert rows == [(KEYRING.seen("ada pressed"), TODAY)]
    assert len(KEYRING.seen("ada pressed")) == 16


async def test_a_delivery_is_forgotten_after_a_week_and_not_before(database: Database) -> None:
    await database.write(lambda tx: inbound.first_time(tx, KEYRING, "old", TODAY - timedelta(days=8)))
    await database.write(lambda tx: inbound.first_time(tx, KEYRING, "recent", TODAY - timedelta(days=7)))

    await database.write(lambda tx: inbound.clear(tx, TODAY))

    assert await database.write(lambda tx: inbound.first_time(tx, KEYRING, "old", TODAY))
    assert not await database.write(lambda tx: inbound.first_time(tx, KEYRING, "recent", TODAY))
