"""Bring a database to the tables this program knows; an older SQLite file is copied first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.database import DatabaseUnavailable, driver_of

SCRIPTS = Path(__file__).with_name("migrations")
ONE_AT_A_TIME = 0x5340E5  # PostgreSQL advisory lock: several processes may start at once


class SchemaTooNew(Exception):
    """The database was made by a later version of this program."""

    def __init__(self) -> None:
        super().__init__("This database was made by a newer In My Shoes. Please update the program first.")


def migrate(engine: sa.Engine, scripts: Path = SCRIPTS) -> None:
    """Make or change the tables, in one transaction.

    Raises SchemaTooNew or DatabaseUnavailable, and then changes nothing.
    """
    try:
        _migrate(engine, scripts)
    except sa.exc.DBAPIError as error:
        # Its first line alone: a server that is not there explains itself in several.
        reason = str(error.orig).partition("\n")[0]
        raise DatabaseUnavailable(f"The database cannot be used: {reason}") from error


def _migrate(engine: sa.Engine, scripts: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    known = ScriptDirectory.from_config(config)
    with engine.connect() as connection, _foreign_keys_off(connection):
        with connection.begin():
            stored = MigrationContext.configure(connection).get_current_revision()
        if stored is not None and stored not in {each.revision for each in known.walk_revisions()}:
            raise SchemaTooNew
        if stored == known.get_current_head():
            return
        if stored is not None and connection.dialect.name == "sqlite":
            _back_up(connection, stored)
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


@contextmanager
def _foreign_keys_off(connection: sa.Connection) -> Iterator[None]:
    """Changing a table on SQLite replaces it, and nothing that refers to it may notice.

    The pragma does nothing inside a transaction, so it stands around them.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = driver_of(connection)
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _back_up(connection: sa.Connection, revision: str) -> None:
    """Copy the database to a file beside it, without the keys of its rounds."""
    database = Path(connection.engine.url.database or "")
    copy = database.with_name(f"{database.name}.before-{revision}")
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)  # private responses are in it
    driver_of(connection).execute("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy, isolation_level=None)) as backup:
        backup.execute("DELETE FROM round_keys")
        backup.execute("VACUUM")
