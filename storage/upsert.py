"""INSERT ... ON CONFLICT for the database at hand: the hot writes never get first and then insert."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Transaction
from storage.prepared import Prepared


def put(
    tx: Transaction, table: sa.Table, row: dict[str, Any], key: tuple[str, ...], changes: tuple[str, ...] = ()
) -> bool:
    """Insert a row. Where its `key` is there already, take over those of its `changes` that are new.

    False if nothing was written.
    """
    return bool(_putting(tx.postgres, table, tuple(row), key, changes).write(tx, row))


@cache
def _putting(
    postgres: bool, table: sa.Table, columns: tuple[str, ...], key: tuple[str, ...], changes: tuple[str, ...]
) -> Prepared:
    statement = _insert(postgres, table)
    if not changes:
        return Prepared(statement.on_conflict_do_nothing(), columns)
    new = {name: statement.excluded[name] for name in changes}
    news = sa.or_(*(table.c[name].is_distinct_from(value) for name, value in new.items()))
    return Prepared(statement.on_conflict_do_update(index_elements=key, set_=new, where=news), columns)


def put_newest(
    tx: Transaction, table: sa.Table, row: dict[str, Any], key: tuple[str, ...], changes: tuple[str, ...]
) -> bool:
    """Insert a row, or take over its `changes` where its `version` is newer. False if it is not."""
    return bool(_putting_newest(tx.postgres, table, tuple(row), key, changes).write(tx, row))


@cache
def _putting_newest(
    postgres: bool, table: sa.Table, columns: tuple[str, ...], key: tuple[str, ...], changes: tuple[str, ...]
) -> Prepared:
    statement = _insert(postgres, table)
    new = {name: statement.excluded[name] for name in changes}
    newer = table.c.version < statement.excluded.version
    return Prepared(statement.on_conflict_do_update(index_elements=key, set_=new, where=newer), columns)


def _insert(postgres: bool, table: sa.Table) -> Any:
    """An INSERT that has `on_conflict_do_nothing` and `on_conflict_do_update`.

    Both dialects spell them alike, and share no class that says so.
    """
    return postgresql.insert(table) if postgres else sqlite.insert(table)
