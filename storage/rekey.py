"""From one secret to the next: everything that is encrypted at rest, in one transaction."""

from __future__ import annotations

from contextlib import suppress

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from storage.database import Transaction
from storage.keys import Keyring, Unreadable
from storage.tables import METADATA
from storage.upsert import put

_round_keys = METADATA.tables["round_keys"]
_installs = METADATA.tables["slack_installs"]
_kept = METADATA.tables["kept_keys"]

INBOUND = "inbound"


def recall(tx: Transaction, keyring: Keyring) -> None:
    """Go on with the keys that outlived their secret."""
    row = tx.connection.execute(sa.select(_kept.c.sealed).where(_kept.c.name == INBOUND)).first()
    if row is not None:
        with suppress(Unreadable):
            keyring.keep_inbound(bytes.fromhex(keyring.unseal(row.sealed)))


def rekey(tx: Transaction, keyring: Keyring) -> int:
    """Encrypt everything with the newest secret; how many things. What no secret opens stays as it is.

    What was hashed cannot be hashed again, so the key of those hashes is kept: nobody is asked
    twice for a story because a secret is new.
    """
    recall(tx, keyring)
    done = 0
    for row in tx.connection.execute(sa.select(_round_keys)).all():
        with suppress(InvalidTag):
            wrapped = keyring.wrap(keyring.unwrap(row.wrapped))
            here = _round_keys.c.round_id == row.round_id
            tx.connection.execute(_round_keys.update().where(here).values(wrapped=wrapped))
            done += 1
    for row in tx.connection.execute(sa.select(_installs.c.team, _installs.c.sealed)).all():
        with suppress(Unreadable):
            sealed = keyring.seal(keyring.unseal(row.sealed))
            here = _installs.c.team == row.team
            tx.connection.execute(_installs.update().where(here).values(sealed=sealed))
            done += 1
    kept = {"name": INBOUND, "sealed": keyring.seal(keyring.inbound.hex())}
    put(tx, _kept, kept, ("name",), ("sealed",))
    return done
