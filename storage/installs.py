"""Slack workspaces that added us by themselves: their tokens, encrypted, and how they are had anew."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.slots import GONE
from storage.database import Transaction
from storage.keys import Keyring, Unreadable
from storage.tables import METADATA
from storage.upsert import put as put_row

ASKING_LASTS = timedelta(minutes=1)  # then whoever asked for a new token is taken for dead

_installs = METADATA.tables["slack_installs"]
_channels = METADATA.tables["channels"]
_communities = METADATA.tables["communities"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Install:
    """One workspace, and how to call it. `refresh` is empty where Slack does not rotate the token.

    `lost`: it cannot be had anew any more. Times are UTC.
    """

    team: str
    name: str
    url: str
    bot_id: str
    bot_user: str
    scopes: frozenset[str]
    token: str
    refresh: str = ""
    expires_at: datetime | None = None
    lost: bool = False
    installed_at: datetime


def put(tx: Transaction, keyring: Keyring, install: Install) -> None:
    """Keep an install, in the place of an earlier one of the same workspace."""
    row = {
        "team": install.team,
        "name": install.name,
        "url": install.url,
        "bot_id": install.bot_id,
        "bot_user": install.bot_user,
        "scopes": " ".join(sorted(install.scopes)),
        "sealed": _sealed(keyring, install),
        "expires_at": install.expires_at,
        "busy_until": None,
        "lost": False,
        "installed_at": install.installed_at,
    }
    put_row(tx, _installs, row, ("team",), tuple(name for name in row if name != "team"))


def find(tx: Transaction, keyring: Keyring, team: str) -> Install | None:
    """The install of one workspace; None if there is none, or none that our secret opens."""
    row = tx.connection.execute(sa.select(_installs).where(_installs.c.team == team)).first()
    return _read(keyring, row) if row is not None else None


def every(tx: Transaction, keyring: Keyring) -> list[Install]:
    """All that our secret opens, by their names."""
    rows = tx.connection.execute(sa.select(_installs).order_by(_installs.c.team)).all()
    return [install for row in rows if (install := _read(keyring, row)) is not None]


def forget(tx: Transaction, team: str, before: datetime) -> bool:
    """Delete the tokens of a workspace, and post nothing more there. False if it was added again since."""
    here = (_installs.c.team == team) & (_installs.c.installed_at <= before)
    gone = tx.connection.execute(_installs.delete().where(here)).rowcount
    left = tx.connection.execute(sa.select(_installs.c.team).where(_installs.c.team == team)).first()
    if left is not None:
        return bool(gone)
    theirs = sa.select(_communities.c.id).where(
        (_communities.c.platform == "slack") & (_communities.c.ref == team)
    )
    running = _channels.c.community_id.in_(theirs) & _channels.c.paused.is_(None)
    tx.connection.execute(_channels.update().where(running).values(paused=GONE))
    return True


# --- a token that is rotated -------------------------------------------------------------


def claim(
    tx: Transaction, keyring: Keyring, team: str, now: datetime, expiring_before: datetime
) -> Install | None:
    """An install whose token is to be had anew, by the caller and nobody else for a minute; else None."""
    free = _installs.c.busy_until.is_(None) | (_installs.c.busy_until <= now)
    due = (_installs.c.expires_at <= expiring_before) & _installs.c.lost.is_(False)
    here = (_installs.c.team == team) & free & due
    claimed = _installs.update().where(here).values(busy_until=now + ASKING_LASTS)
    if not tx.connection.execute(claimed).rowcount:
        return None
    return find(tx, keyring, team)


def renew(
    tx: Transaction, keyring: Keyring, before: Install, token: str, refresh: str, until: datetime
) -> bool:
    """Keep the next token. False if the workspace was removed, or added again, meanwhile."""
    after = replace(before, token=token, refresh=refresh, expires_at=until)
    here = (_installs.c.team == before.team) & (_installs.c.installed_at == before.installed_at)
    values = {"sealed": _sealed(keyring, after), "expires_at": until, "busy_until": None}
    return bool(tx.connection.execute(_installs.update().where(here).values(values)).rowcount)


def give_up(tx: Transaction, before: Install, *, lost: bool) -> None:
    """No new token. `lost`: there never will be one; else somebody tries again."""
    here = (_installs.c.team == before.team) & (_installs.c.installed_at == before.installed_at)
    tx.connection.execute(_installs.update().where(here).values(busy_until=None, lost=lost))


# ---------------------------------------------------------------------------------------


def _sealed(keyring: Keyring, install: Install) -> str:
    return keyring.seal(json.dumps({"token": install.token, "refresh": install.refresh}))


def _read(keyring: Keyring, row: sa.Row[tuple[object, ...]]) -> Install | None:
    try:
        tokens = json.loads(keyring.unseal(row.sealed))
    except Unreadable:
        return None
    return Install(
        team=row.team,
        name=row.name,
        url=row.url,
        bot_id=row.bot_id,
        bot_user=row.bot_user,
        scopes=frozenset(row.scopes.split()),
        token=tokens["token"],
        refresh=tokens["refresh"],
        expires_at=row.expires_at,
        lost=row.lost,
        installed_at=row.installed_at,
    )
