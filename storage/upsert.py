"""INSERT ... ON CONFLICT for the database at hand: the hot writes never get first and then insert."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Transaction


def upsert(tx: Transaction, table: sa.Table) -> Any:
    """An INSERT that has `on_conflict_do_nothing` and `on_conflict_do_update`.

    Both dialects spell them alike, and share no class that says so.
    """
    return postgresql.insert(table) if tx.postgres else sqlite.insert(table)


def put(
    tx: Transaction, table: sa.Table, row: dict[str, Any], key: tuple[str, ...], changes: tuple[str, ...] = ()
) -> bool:
    """Insert a row. Where its `key` is there already, take over those of its `changes` that are new.

    False if nothing was written.
    """
    return bool(tx.connection.execute(_putting(tx.postgres, table, key, changes), row).rowcount)


# Made once: to put such a statement together takes many times longer than to run it.
@cache
def _putting(postgres: bool, table: sa.Table, key: tuple[str, ...], changes: tuple[str, ...]) -> Any:
    statement: Any = postgresql.insert(table) if postgres else sqlite.insert(table)
    # Without it SQLAlchemy says -1 for an INSERT on PostgreSQL, and every delivery would be new.
    statement = statement.execution_options(preserve_rowcount=True)
    if not changes:
        return statement.on_conflict_do_nothing()
    new = {name: statement.excluded[name] for name in changes}
    news = sa.or_(*(table.c[name].is_distinct_from(value) for name, value in new.items()))
    return statement.on_conflict_do_update(index_elements=key, set_=new, where=news)
