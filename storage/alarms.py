"""Alarms: stored moments to wake up, unique by occurrence, gone once they have rung."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from storage.database import Transaction
from storage.tables import METADATA
from storage.upsert import put as put_row

RUNG_AT_ONCE = 100  # alarms taken up in one sweep
SCRUB_OWED = "scrub"  # rings for nobody: that deleted rows are still in the files
RULES = "rules:"  # rings for nobody: by which rules of the time zones the moments were computed

_alarms = METADATA.tables["alarms"]
_rings = (_alarms.c.key != SCRUB_OWED) & ~_alarms.c.key.startswith(RULES)


def put(tx: Transaction, key: str, due_at: datetime) -> None:
    """Wake up at `due_at` (UTC) for `key`, and no longer at the moment it had before."""
    put_row(tx, _alarms, {"key": key, "due_at": due_at}, ("key",), ("due_at",))


def clear(tx: Transaction, key: str) -> None:
    """Nothing more to wake up for."""
    tx.connection.execute(_alarms.delete().where(_alarms.c.key == key))


def take(tx: Transaction, key: str, now: datetime) -> bool:
    """Remove the alarm if it is due. False: it rang already, or was moved, or is not due."""
    due = (_alarms.c.key == key) & (_alarms.c.due_at <= now)
    return bool(tx.connection.execute(_alarms.delete().where(due)).rowcount)


def is_due(tx: Transaction, key: str, now: datetime) -> bool:
    """Whether the alarm is about to ring."""
    at: datetime | None = tx.connection.execute(
        sa.select(_alarms.c.due_at).where(_alarms.c.key == key)
    ).scalar()
    return at is not None and at <= now


def postpone(tx: Transaction, key: str, now: datetime, until: datetime) -> None:
    """Have one that is due, and cannot be rung, let the others by."""
    due = (_alarms.c.key == key) & (_alarms.c.due_at <= now)
    tx.connection.execute(_alarms.update().where(due).values(due_at=until))


def due(tx: Transaction, now: datetime) -> list[str]:
    """The keys to ring now, the longest due first."""
    query = sa.select(_alarms.c.key).where((_alarms.c.due_at <= now) & _rings)
    query = query.order_by(_alarms.c.due_at, _alarms.c.key).limit(RUNG_AT_ONCE)
    return [row.key for row in tx.connection.execute(query)]


def next_due_at(tx: Transaction) -> datetime | None:
    """The earliest moment to wake up, in UTC; None if there is none."""
    query = sa.select(_alarms.c.due_at).where(_rings).order_by(_alarms.c.due_at).limit(1)
    return tx.connection.execute(query).scalar()


def rules(tx: Transaction) -> str | None:
    """By which rules of the time zones local moments were computed; None if nobody has said."""
    key = tx.connection.execute(sa.select(_alarms.c.key).where(_alarms.c.key.startswith(RULES))).scalar()
    return None if key is None else key.removeprefix(RULES)


def computed_by(tx: Transaction, rules: str, now: datetime) -> None:
    """Note that every local moment is as these rules have it."""
    tx.connection.execute(_alarms.delete().where(_alarms.c.key.startswith(RULES)))
    put(tx, f"{RULES}{rules}", now)


def owe_scrub(tx: Transaction, now: datetime) -> None:
    """Note, with what is deleted here, that it has to go from the files too."""
    put(tx, SCRUB_OWED, now)


def scrub_owed(tx: Transaction) -> datetime | None:
    """Since when a scrub is owed; None if none is. Asked before the scrub."""
    return tx.connection.execute(sa.select(_alarms.c.due_at).where(_alarms.c.key == SCRUB_OWED)).scalar()


def scrubbed(tx: Transaction, owed: datetime) -> None:
    """That one is done; what was deleted since `owed` is still owed."""
    same = (_alarms.c.key == SCRUB_OWED) & (_alarms.c.due_at == owed)
    tx.connection.execute(_alarms.delete().where(same))
