"""Links to pages: each works once, and then belongs to the browser that used it for a while."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sqlalchemy as sa

from storage.database import Transaction
from storage.tables import METADATA

_links = METADATA.tables["page_links"]


def make(tx: Transaction, token: str, about: str, works_until: datetime) -> None:
    """Keep a new link. Only a hash of its token is stored."""
    row = {"token": _hash(token), "about": about, "works_until": works_until, "session": None}
    tx.connection.execute(_links.insert().values(**row))


def find(tx: Transaction, token: str, now: datetime) -> str | None:
    """What an unused link leads to; None if there is none, or it works no longer. Uses nothing up."""
    return tx.connection.execute(sa.select(_links.c.about).where(_unused(token, now))).scalar()


def use(tx: Transaction, token: str, session: bytes, now: datetime, works_until: datetime) -> str | None:
    """Use a link up. What it leads to is open to this browser until a moment (UTC); None as in `find`."""
    found = find(tx, token, now)
    taken = _links.update().where(_unused(token, now)).values(session=session, works_until=works_until)
    return found if tx.connection.execute(taken).rowcount else None


def opened(tx: Transaction, session: bytes, about: str, now: datetime) -> str | None:
    """What this browser may look at just now that begins with `about`; None if there is nothing."""
    query = (
        sa.select(_links.c.about)
        .where((_links.c.session == session) & (_links.c.works_until > now))
        .where(_links.c.about.startswith(about, autoescape=True))
        .order_by(_links.c.works_until.desc())
    )
    return tx.connection.execute(query.limit(1)).scalar()


def forget(tx: Transaction, now: datetime) -> None:
    """Delete what works no longer."""
    tx.connection.execute(_links.delete().where(_links.c.works_until <= now))


def _unused(token: str, now: datetime) -> sa.ColumnElement[bool]:
    return (_links.c.token == _hash(token)) & _links.c.session.is_(None) & (_links.c.works_until > now)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
