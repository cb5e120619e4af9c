"""Prepared statements: rows, values and errors as SQLAlchemy's own, on both databases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from storage.database import Database, DatabaseUnavailable, Transaction
from storage.prepared import Prepared
from storage.tables import METADATA
from tests.builders import NOON
from tests.storage.builders import R1, deal, found_room, meet

pytestmark = pytest.mark.asyncio

_inbound = METADATA.tables["inbound"]
_rounds = METADATA.tables["rounds"]
_responses = METADATA.tables["responses"]
_alarms = METADATA.tables["alarms"]

_BY_ID = sa.select(_rounds).where(_rounds.c.id == sa.bindparam("round"))
_SEEN = Prepared(sa.select(_inbound).where(_inbound.c.seen == sa.bindparam("seen")))
_NOTE = Prepared(_inbound.insert(), ("seen", "day"))
_LATER = Prepared(
    _rounds.update()
    .where(_rounds.c.id == sa.bindparam("round"))
    .values(closes_at=sa.bindparam("closes"), pages=_rounds.c.pages + 1, pause_asked=sa.bindparam("asked"))
)


async def _start(database: Database) -> None:
    def run(tx: Transaction) -> None:
        found_room(tx)
        meet(tx, "ada")
        deal(tx, R1)

    await database.write(run)


async def test_a_row_is_the_one_that_sqlalchemy_finds(database: Database) -> None:
    await _start(database)

    def both(tx: Transaction) -> tuple[Any, Any]:
        return Prepared(_BY_ID).first(tx, {"round": R1}), tx.connection.execute(_BY_ID, {"round": R1}).one()

    ours, theirs = await database.read(both)

    assert tuple(ours) == tuple(theirs)
    assert [type(value) for value in ours] == [type(value) for value in theirs]
    assert ours.opened_at == NOON
    assert ours.pause_asked is False
    assert ours.closed_at is None


async def test_nothing_found_is_none_or_empty(database: Database) -> None:
    for found in (
        await database.read(lambda tx: Prepared(_BY_ID).first(tx, {"round": "no such round"})),
        await database.read(lambda tx: list(Prepared(_BY_ID).all(tx, {"round": "no such round"}))) or None,
    ):
        assert found is None


async def test_values_become_what_the_columns_hold(database: Database) -> None:
    day = date(2027, 6, 7)
    row = {"seen": b"\x00\xff'", "day": day}

    assert await database.write(lambda tx: _NOTE.write(tx, row)) == 1

    found = await database.read(lambda tx: _SEEN.first(tx, {"seen": b"\x00\xff'"}))
    assert found is not None
    assert tuple(found) == (b"\x00\xff'", day)


async def test_a_change_says_how_many_rows_it_changed(database: Database) -> None:
    await _start(database)
    values = {"closes": NOON, "asked": True}

    assert await database.write(lambda tx: _LATER.write(tx, {"round": "no such round", **values})) == 0
    assert await database.write(lambda tx: _LATER.write(tx, {"round": R1, **values})) == 1

    row = await database.read(lambda tx: tx.connection.execute(_BY_ID, {"round": R1}).one())
    assert (row.closes_at, row.pages, row.pause_asked) == (NOON, 1, True)


async def test_a_value_that_is_missing_is_never_guessed(database: Database) -> None:
    with pytest.raises((KeyError, sa.exc.StatementError)):
        await database.read(lambda tx: Prepared(_BY_ID).first(tx, {}))


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    await _start(database)
    naive = NOON.replace(tzinfo=None)

    with pytest.raises((ValueError, TypeError, sa.exc.StatementError)):
        await database.write(lambda tx: _LATER.write(tx, {"round": R1, "closes": naive, "asked": True}))


async def test_a_broken_constraint_is_sqlalchemys_own_error_and_hides_the_values(database: Database) -> None:
    row = {"seen": b"a delivery", "day": date(2027, 6, 7)}
    await database.write(lambda tx: _NOTE.write(tx, row))

    with pytest.raises(sa.exc.IntegrityError) as broken:
        await database.write(lambda tx: _NOTE.write(tx, row))

    assert broken.value.params is None or broken.value.hide_parameters
    assert "2027" not in str(broken.value).partition("DETAIL")[0]


async def test_a_table_that_is_gone_is_no_mistake_of_the_caller(sqlite: Database) -> None:
    await sqlite.write(lambda tx: tx.connection.exec_driver_sql("DROP TABLE inbound"))

    for attempt in (sqlite.read, sqlite.write):
        with pytest.raises(DatabaseUnavailable, match="no such table"):
            await attempt(lambda tx: _SEEN.first(tx, {"seen": b"a"}))


async def test_a_list_of_unknown_length_cannot_be_prepared(sqlite: Database) -> None:
    some = Prepared(sa.select(_alarms).where(_alarms.c.key.in_(sa.bindparam("keys", expanding=True))))

    with pytest.raises(AssertionError, match="IN"):
        await sqlite.read(lambda tx: some.all(tx, {"keys": ["a", "b"]}))


async def test_a_value_that_sqlalchemy_would_fill_in_has_to_be_said(sqlite: Database) -> None:
    nothing_else = Prepared(_responses.insert(), ("id", "round_id", "words", "second_thoughts"))
    row = {"id": "p1", "round_id": "r1", "words": "Words.", "second_thoughts": ""}

    with pytest.raises(AssertionError, match="default"):
        await sqlite.write(lambda tx: nothing_else.write(tx, row))


async def test_readers_and_the_writer_share_a_statement(database: Database) -> None:
    await _start(database)
    prepared = Prepared(_BY_ID)

    def opened(tx: Transaction) -> datetime:
        row = prepared.first(tx, {"round": R1})
        assert row is not None
        moment: datetime = row.opened_at
        return moment

    assert await database.write(opened) == await database.read(opened) == NOON
