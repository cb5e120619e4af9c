"""One history for both databases: up, the same as the tables, down and up; never into the unknown."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from storage.database import Transaction, open_database
from storage.migrate import SCRIPTS, SchemaTooNew, migrate
from storage.tables import METADATA
from tests.databases import BOTH, an_address, an_empty_address

both = pytest.mark.parametrize("kind", BOTH)

FIRST = "0001"
LAST = max(file.name[:4] for file in (SCRIPTS / "versions").glob("[0-9]*.py"))
NEXT = f'''"""A newer In My Shoes."""

import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{LAST}"


def upgrade() -> None:
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("shoe_size", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("people") as people:
        people.drop_column("shoe_size")
'''
NEXT_THAT_FAILS = NEXT.replace(
    "def upgrade() -> None:\n", "def upgrade() -> None:\n    op.drop_table('posts')\n"
) + (
    "\n\nupgrade_tables = upgrade\n\n\ndef upgrade() -> None:\n    upgrade_tables()\n    raise RuntimeError\n"
)


def a_newer_program(folder: Path, migration: str = NEXT) -> Path:
    """Its migrations: ours, and one more."""
    scripts = folder / "newer"
    shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "next.py").write_text(migration, encoding="utf-8")
    return scripts


def an_engine(address: str) -> sa.Engine:
    return sa.create_engine(address.replace("postgresql://", "postgresql+psycopg://"))


def _a_player(tx: Transaction) -> None:
    """One community, one player in it, and a round with its key."""
    for statement in (
        "INSERT INTO communities VALUES "
        "('co', 'web', 'ref', 'A team', false, 5, 'Europe/London', 'en', true, '2027-06-07 12:00:00')",
        "INSERT INTO people (id) VALUES ('p')",
        "INSERT INTO players VALUES ('web', 'co', 'a', 'p', 'Ada', NULL)",
        "INSERT INTO rounds VALUES ('r', 'd', 'c', '{}', 'together', 'p', 5, true, 'responding', "
        "'2027-06-07 12:00:00', NULL, '2027-06-08 12:00:00', NULL, NULL, NULL, false, NULL, 0, 0, "
        "false, true, NULL, '', false)",
    ):
        tx.connection.exec_driver_sql(statement)
    keys = METADATA.tables["round_keys"]
    tx.connection.execute(keys.insert().values(round_id="r", wrapped=b"a wrapped key"))


def differences(engine: sa.Engine) -> list[object]:
    """Between the database and the tables of the code."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))


def definitions(engine: sa.Engine) -> set[str]:
    """Every table and index, in SQLite's own words: these say what Alembic cannot compare."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> 'alembic_version'"
        )
        return {" ".join(row.sql.replace(" ,", ",").replace('"', "").split()) for row in found}


def clauses(definition: str) -> frozenset[str]:
    """The same whatever order constraints stand in."""
    head, _, rest = definition.partition("(")
    body, _, tail = rest.rpartition(")")
    return frozenset([head.strip(), tail.strip(), *(part.strip() for part in body.split(", "))])


@both
def test_the_migrations_lead_to_just_the_tables_of_the_code(kind: str, tmp_path: Path) -> None:
    engine = an_engine(an_empty_address(kind, tmp_path))

    migrate(engine)

    assert differences(engine) == []
    engine.dispose()


def test_row_order_numbers_and_partial_indexes_are_those_of_the_code_too(tmp_path: Path) -> None:
    migrated = an_engine(an_empty_address("sqlite", tmp_path))
    made = sa.create_engine("sqlite://")

    migrate(migrated)
    METADATA.create_all(made)

    assert {clauses(each) for each in definitions(migrated)} == {clauses(each) for each in definitions(made)}
    migrated.dispose()
    made.dispose()


def test_no_private_table_keeps_an_order_of_arrival(tmp_path: Path) -> None:
    engine = an_engine(an_address("sqlite", tmp_path))

    found = {each.split()[2]: each for each in definitions(engine) if each.startswith("CREATE TABLE")}

    private = ("tokens", "votes", "responses", "askers", "round_keys", "inbound", "known", "people")
    for table in (*private, "campaign_prompts"):
        assert found[table].endswith("WITHOUT ROWID"), table
    engine.dispose()


@both
def test_down_takes_every_table_away_and_up_brings_them_back(kind: str, tmp_path: Path) -> None:
    engine = an_engine(an_address(kind, tmp_path))
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))

    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert set(sa.inspect(connection).get_table_names()) == {"alembic_version"}
    migrate(engine)

    assert differences(engine) == []
    engine.dispose()


@both
def test_a_database_that_is_as_it_should_be_is_left_alone(kind: str, tmp_path: Path) -> None:
    engine = an_engine(an_address(kind, tmp_path))

    migrate(engine)

    assert differences(engine) == []
    assert list(tmp_path.glob("*before*")) == []
    engine.dispose()


@both
def test_a_database_of_a_newer_program_is_refused_with_a_sentence(kind: str, tmp_path: Path) -> None:
    engine = an_engine(an_address(kind, tmp_path))
    migrate(engine, a_newer_program(tmp_path))

    with pytest.raises(SchemaTooNew, match=r"^This database was made by a newer In My Shoes\. Please update"):
        migrate(engine)

    assert "shoe_size" in {column["name"] for column in sa.inspect(engine).get_columns("people")}
    engine.dispose()


@both
@pytest.mark.asyncio
async def test_an_older_database_keeps_its_rows(kind: str, tmp_path: Path) -> None:
    database = open_database(an_address(kind, tmp_path))
    await database.write(_a_player)

    # With the engine that the program itself has: foreign keys are on, and players refer to people.
    migrate(database.engine, a_newer_program(tmp_path))

    found = "SELECT players.name, people.shoe_size FROM players JOIN people ON people.id = person_id"
    rows = await database.read(lambda tx: [tuple(row) for row in tx.connection.exec_driver_sql(found)])
    assert rows == [("Ada", None)]
    await database.close()


@pytest.mark.asyncio
async def test_an_older_file_is_copied_first_and_the_copy_holds_no_round_key(tmp_path: Path) -> None:
    database = open_database(an_address("sqlite", tmp_path))
    await database.write(_a_player)

    migrate(database.engine, a_newer_program(tmp_path))
    await database.close()

    copy = tmp_path / f"shoes.db.before-{LAST}"
    assert copy.stat().st_mode & 0o077 == 0
    assert b"a wrapped key" in (tmp_path / "shoes.db").read_bytes()
    assert b"a wrapped key" not in copy.read_bytes()
    with closing(sqlite3.connect(copy)) as backup:
        assert backup.execute("SELECT name FROM players").fetchall() == [("Ada",)]
        assert backup.execute("SELECT version_num FROM alembic_version").fetchall() == [(LAST,)]
        assert "shoe_size" not in str(backup.execute("PRAGMA table_info(people)").fetchall())


@both
@pytest.mark.asyncio
async def test_a_migration_that_fails_changes_nothing(kind: str, tmp_path: Path) -> None:
    database = open_database(an_address(kind, tmp_path))

    with pytest.raises(RuntimeError):
        migrate(database.engine, a_newer_program(tmp_path, NEXT_THAT_FAILS))

    assert differences(database.engine) == []
    await database.close()


@pytest.mark.asyncio
async def test_foreign_keys_hold_again_after_a_migration(tmp_path: Path) -> None:
    database = open_database(an_address("sqlite", tmp_path))
    migrate(database.engine, a_newer_program(tmp_path))

    with pytest.raises(sa.exc.IntegrityError):
        await database.write(
            lambda tx: tx.connection.exec_driver_sql("INSERT INTO cells VALUES ('no such round', '')")
        )

    await database.close()
