"""What was already seen: the same delivery twice is the same press twice."""

from __future__ import annotations

from datetime import date, timedelta

from storage.database import Transaction
from storage.keys import Keyring
from storage.tables import METADATA
from storage.upsert import put

KEPT = timedelta(days=7)  # far beyond any platform's last retry

_inbound = METADATA.tables["inbound"]


def first_time(tx: Transaction, keyring: Keyring, event: str, today: date) -> bool:
    """Note a delivery; False if it was seen before. Keeps no person, and no time but the day."""
    return put(tx, _inbound, {"seen": keyring.seen(event), "day": today}, ("seen",))


def clear(tx: Transaction, today: date) -> None:
    """Forget what no platform will deliver again."""
    tx.connection.execute(_inbound.delete().where(_inbound.c.day < today - KEPT))
