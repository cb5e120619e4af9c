"""INSERT ... ON CONFLICT for the database at hand: the hot writes never get first and then insert."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Transaction


def upsert(tx: Transaction, table: sa.Table) -> Any:
    """An INSERT that has `on_conflict_do_nothing` and `on_conflict_do_update`.

    Both dialects spell them alike, and share no class that says so.
    """
    return postgresql.insert(table) if tx.postgres else sqlite.insert(table)
