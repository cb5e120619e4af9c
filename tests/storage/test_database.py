"""Transactions: the same meaning on both databases, one commit for many, and every fault named."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage import database as module
from storage.database import (
    SHARED_COMMIT,
    Database,
    DatabaseUnavailable,
    SqliteDatabase,
    Transaction,
    open_database,
)
from storage.tables import METADATA, AlarmRow
from tests.builders import NOON
from tests.databases import an_address

pytestmark = pytest.mark.asyncio

_alarms = METADATA.tables["alarms"]
_people = METADATA.tables["people"]
_inbound = METADATA.tables["inbound"]


def add(key: str) -> Callable[[Transaction], None]:
    """A transaction that writes one row."""

    def run(tx: Transaction) -> None:
        tx.connection.execute(_alarms.insert().values(key=key, due_at=NOON))

    return run


def add_and_fail(key: str) -> Callable[[Transaction], None]:
    """A transaction that writes one row and then finds that it may not."""

    def run(tx: Transaction) -> None:
        add(key)(tx)
        raise Refused

    return run


def all_keys(tx: Transaction) -> set[str]:
    return {row.key for row in tx.connection.execute(sa.select(_alarms.c.key))}


class Refused(Exception):
    """What a rule of the game says."""


@asynccontextmanager
async def a_writer_in_hand(database: Database) -> AsyncIterator[asyncio.Future[None]]:
    """One transaction has begun and does not end before the story leaves this block."""
    begun, go_on = threading.Event(), threading.Event()

    def run(tx: Transaction) -> None:
        add("the first")(tx)
        begun.set()
        assert go_on.wait(20)

    writing = asyncio.ensure_future(database.write(run))
    await asyncio.to_thread(begun.wait)
    try:
        yield writing
    finally:
        go_on.set()


# --- on both databases -----------------------------------------------------------------


async def test_what_was_written_can_be_read(database: Database) -> None:
    await database.write(add("a"))

    assert await database.read(all_keys) == {"a"}


async def test_a_transaction_answers_with_what_its_function_returns(database: Database) -> None:
    assert await database.write(lambda tx: "done") == "done"


async def test_leaving_by_an_exception_writes_nothing(database: Database) -> None:
    with pytest.raises(Refused):
        await database.write(add_and_fail("a"))

    assert await database.read(all_keys) == set()


async def test_refusals_do_not_touch_those_who_share_the_commit(database: Database) -> None:
    async with a_writer_in_hand(database) as first:
        waiting = [
            asyncio.ensure_future(database.write((add_and_fail if n % 3 == 0 else add)(f"{n:02}")))
            for n in range(SHARED_COMMIT)
        ]
        await asyncio.sleep(0)
    await first
    results = await asyncio.gather(*waiting, return_exceptions=True)

    refused = {f"{n:02}" for n in range(SHARED_COMMIT) if n % 3 == 0}
    kept = {f"{n:02}" for n in range(SHARED_COMMIT)} - refused
    assert {f"{n:02}" for n, result in enumerate(results) if isinstance(result, Refused)} == refused
    assert await database.read(all_keys) == kept | {"the first"}


async def test_a_broken_constraint_hurts_only_the_one_who_broke_it(database: Database) -> None:
    async def attempt(key: str) -> bool:
        try:
            await database.write(add(key))
        except sa.exc.IntegrityError:
            return False
        return True

    results = await asyncio.gather(*(attempt(key) for key in ("a", "b", "a", "c", "b")))

    assert sorted(results) == [False, False, True, True, True]
    assert await database.read(all_keys) == {"a", "b", "c"}


async def test_what_follows_a_commit_finds_it_done_and_runs_in_the_event_loop(database: Database) -> None:
    seen: list[tuple[set[str], bool]] = []
    engine = database.engine if not isinstance(database, SqliteDatabase) else None
    loop_thread = threading.get_ident()

    def follow() -> None:
        if engine is not None:
            with engine.connect() as another:
                keys = {row.key for row in another.execute(sa.select(_alarms.c.key))}
        else:
            assert isinstance(database, SqliteDatabase)
            with closing(sqlite3.connect(database.path)) as another_file:
                keys = {key for (key,) in another_file.execute("SELECT key FROM alarms")}
        seen.append((keys, threading.get_ident() == loop_thread))

    def run(tx: Transaction) -> None:
        tx.after_commit(follow)
        add("a")(tx)

    await database.write(run)

    assert seen == [({"a"}, True)]


async def test_nothing_follows_a_transaction_that_failed(database: Database) -> None:
    followed: list[str] = []

    def run(tx: Transaction) -> None:
        tx.after_commit(lambda: followed.append("failed"))
        raise Refused

    with pytest.raises(Refused):
        await database.write(run)
    await database.write(lambda tx: tx.after_commit(lambda: followed.append("written")))

    assert followed == ["written"]


async def test_what_a_session_holds_is_written_with_the_rest(database: Database) -> None:
    await database.write(lambda tx: tx.session.add(AlarmRow(key="a", due_at=NOON)))

    assert await database.read(all_keys) == {"a"}
    assert await database.read(lambda tx: tx.session.get_one(AlarmRow, "a").due_at) == NOON


async def test_sixty_four_at_once_lose_nothing(database: Database) -> None:
    await database.write(
        lambda tx: tx.connection.exec_driver_sql("INSERT INTO people (id, own_role) VALUES ('counter', '0')")
    )

    def count(tx: Transaction) -> int:
        # Reads, and then writes what it read: what a lost update would show.
        found = tx.connection.execute(sa.select(_people.c.own_role).with_for_update())
        number = int(found.scalar_one()) + 1
        tx.connection.execute(_people.update().values(own_role=str(number)))
        return number

    numbers = await asyncio.gather(*(database.write(count) for _ in range(64)))

    assert sorted(numbers) == list(range(1, 65))


async def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    await database.write(add("before"))

    async with a_writer_in_hand(database) as writing:
        assert await database.read(all_keys) == {"before"}
        assert not writing.done()
    await writing

    assert await database.read(all_keys) == {"before", "the first"}


async def test_a_press_is_kept_although_whoever_pressed_has_gone(database: Database) -> None:
    followed = asyncio.Event()

    def run(tx: Transaction) -> None:
        add("a")(tx)
        tx.after_commit(followed.set)

    async with a_writer_in_hand(database):
        pressed = asyncio.ensure_future(database.write(run))
        await asyncio.sleep(0.05)  # on PostgreSQL another thread has taken it up by now
        pressed.cancel()
    await asyncio.wait_for(followed.wait(), 10)

    assert "a" in await database.read(all_keys)


async def test_a_moment_comes_back_in_utc_and_one_without_a_zone_is_refused(database: Database) -> None:
    await database.write(add("a"))

    assert await database.read(lambda tx: tx.connection.scalar(sa.select(_alarms.c.due_at))) == NOON
    with pytest.raises(sa.exc.StatementError):
        await database.write(
            lambda tx: tx.connection.execute(
                _alarms.insert().values(key="b", due_at=NOON.replace(tzinfo=None))
            )
        )


# --- SQLite ----------------------------------------------------------------------------


async def test_those_who_wait_share_one_commit(sqlite: Database) -> None:
    commits: list[int] = []
    sa.event.listen(sqlite.engine, "commit", lambda connection: commits.append(1))

    async with a_writer_in_hand(sqlite) as first:
        waiting = [asyncio.ensure_future(sqlite.write(add(str(n)))) for n in range(SHARED_COMMIT)]
        await asyncio.sleep(0.05)
    await asyncio.gather(first, *waiting)

    assert len(commits) == 2


async def test_those_who_share_a_commit_are_woken_together(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    wake, woken = loop.call_soon_threadsafe, 0

    def waking(*given: Any, **named: Any) -> asyncio.Handle:
        nonlocal woken
        woken += threading.current_thread().name == "writer"
        return wake(*given, **named)

    async with a_writer_in_hand(sqlite) as first:
        waiting = [asyncio.ensure_future(sqlite.write(add(str(n)))) for n in range(SHARED_COMMIT)]
        await asyncio.sleep(0.05)
        monkeypatch.setattr(loop, "call_soon_threadsafe", waking)
    await asyncio.gather(first, *waiting)

    assert woken == 2


async def test_what_fails_after_a_commit_keeps_nobody_else_from_their_answer(sqlite: Database) -> None:
    reported: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: reported.append(context))

    def fail() -> None:
        raise Refused

    def fails_later(tx: Transaction) -> None:
        add("fails later")(tx)
        tx.after_commit(fail)

    async with a_writer_in_hand(sqlite) as first:
        failing = asyncio.ensure_future(sqlite.write(fails_later))
        waiting = [asyncio.ensure_future(sqlite.write(add(str(n)))) for n in range(3)]
        await asyncio.sleep(0.05)
    await asyncio.wait_for(asyncio.gather(first, *waiting), 20)
    failing.cancel()

    assert [type(each["exception"]) for each in reported] == [Refused]


async def test_those_of_two_event_loops_may_share_a_commit(sqlite: Database) -> None:
    def elsewhere() -> None:
        asyncio.run(sqlite.write(add("elsewhere")))

    async with a_writer_in_hand(sqlite) as first:
        here = asyncio.ensure_future(sqlite.write(add("here")))
        there = asyncio.ensure_future(asyncio.to_thread(elsewhere))
        await asyncio.sleep(0.05)
    await asyncio.wait_for(asyncio.gather(first, here, there), 20)

    assert await sqlite.read(all_keys) == {"the first", "here", "elsewhere"}


async def test_when_the_shared_commit_fails_nobody_is_told_that_it_is_done(sqlite: Database) -> None:
    followed: list[str] = []

    def innocent(tx: Transaction) -> None:
        add("innocent")(tx)
        tx.after_commit(lambda: followed.append("innocent"))

    def breaks_the_commit(tx: Transaction) -> None:
        tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        tx.connection.exec_driver_sql("INSERT INTO cells VALUES ('no such round', '')")

    async with a_writer_in_hand(sqlite) as first:
        waiting = [asyncio.ensure_future(sqlite.write(run)) for run in (innocent, breaks_the_commit)]
        await asyncio.sleep(0.05)
    await first
    results = await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(result) for result in results] == [DatabaseUnavailable, DatabaseUnavailable]
    assert followed == []
    assert await sqlite.read(all_keys) == {"the first"}


async def test_every_connection_syncs_overwrites_and_checks(sqlite: SqliteDatabase) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "secure_delete": 1,
        "foreign_keys": 1,
        "temp_store": 2,  # in memory
        "busy_timeout": 5000,
    }

    def pragmas(tx: Transaction) -> dict[str, object]:
        return {name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected}

    assert await sqlite.write(pragmas) == expected
    assert await sqlite.read(pragmas) == expected


async def test_what_was_deleted_is_in_no_file_after_a_scrub(sqlite: SqliteDatabase) -> None:
    rows = [{"seen": b"secret %d" % n, "day": NOON.date()} for n in range(50)]
    await sqlite.write(lambda tx: tx.connection.execute(_inbound.insert(), rows))
    assert b"secret 7" in _bytes_of(sqlite)
    await sqlite.write(lambda tx: tx.connection.execute(_inbound.delete()))

    assert await sqlite.scrub()

    assert b"secret" not in _bytes_of(sqlite)


def _bytes_of(database: SqliteDatabase) -> bytes:
    """Everything that SQLite has put on the disk."""
    files = sorted(database.path.parent.glob(database.path.name + "*"))
    assert len(files) >= 3, files
    return b"".join(file.read_bytes() for file in files)


@asynccontextmanager
async def a_reader_in_hand(database: Database) -> AsyncIterator[None]:
    """One reader sees the database as it is now, until the story leaves this block."""
    reading, go_on = threading.Event(), threading.Event()

    def read_slowly(tx: Transaction) -> None:
        all_keys(tx)
        reading.set()
        assert go_on.wait(20)

    slow = asyncio.ensure_future(database.read(read_slowly))
    await asyncio.to_thread(reading.wait)
    try:
        yield
    finally:
        go_on.set()
        await slow


async def test_a_scrub_says_so_at_once_when_a_reader_still_needs_the_log(sqlite: SqliteDatabase) -> None:
    await sqlite.write(lambda tx: tx.connection.execute(_inbound.insert(), _many_rows()))
    log = sqlite.path.with_name("shoes.db-wal")
    async with a_reader_in_hand(sqlite):
        await sqlite.write(add("b"))
        before, began = log.stat().st_size, time.monotonic()
        for n in range(5):
            scrubbing = asyncio.ensure_future(sqlite.scrub())
            await sqlite.write(add(f"a press meanwhile {n}"))
            assert not await scrubbing
        took, grown = time.monotonic() - began, log.stat().st_size - before

    assert took < module.BUSY_TIMEOUT_MS / 1000 / 2  # five times it gave up, and no press waited
    assert grown < sqlite.path.stat().st_size / 4  # and the file was not written into the log
    assert await sqlite.scrub()
    assert log.stat().st_size == 0


def _many_rows() -> list[dict[str, object]]:
    return [{"seen": b"%0500d" % n, "day": NOON.date()} for n in range(2_000)]


async def test_a_scrub_that_another_program_holds_up_is_not_done_yet(sqlite: SqliteDatabase) -> None:
    with closing(sqlite3.connect(sqlite.path, isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        assert not await sqlite.scrub()
        another.execute("ROLLBACK")

    assert await sqlite.scrub()


HOLD_IT = """
import sys
from storage.database import open_database

database = open_database(sys.argv[1])
print("mine", flush=True)
sys.stdin.read()
"""


async def test_a_second_process_is_refused_with_a_sentence_until_the_first_has_ended(tmp_path: Path) -> None:
    address = an_address("sqlite", tmp_path)
    first = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD_IT, address, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert first.stdout is not None
    assert await first.stdout.readline() == b"mine\n"

    with pytest.raises(DatabaseUnavailable) as refused:
        open_database(address)
    first.kill()  # without a chance to tidy up
    await first.communicate()

    assert str(refused.value) == (
        f"Another In My Shoes is already using {tmp_path / 'shoes.db'}. Stop that one first, "
        "or set SHOES_DATABASE_URL to another file."
    )
    database = open_database(address)
    await database.write(add("a"))
    await database.close()


async def test_a_database_that_was_closed_takes_nothing_more(sqlite: Database) -> None:
    await sqlite.close()
    await sqlite.close()

    with pytest.raises(DatabaseUnavailable):
        await sqlite.write(add("a"))


# --- faults ----------------------------------------------------------------------------


def _pragma(database: Database, pragma: str) -> None:
    """Said to the writer's own connection, outside of any transaction."""
    driver = database.engine.raw_connection().driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute(f"PRAGMA {pragma}")


async def test_a_file_that_is_read_only_is_unavailable_and_then_works_again(sqlite: Database) -> None:
    _pragma(sqlite, "query_only = ON")
    with pytest.raises(DatabaseUnavailable, match="readonly"):
        await sqlite.write(add("a"))

    _pragma(sqlite, "query_only = OFF")
    await sqlite.write(add("b"))

    assert await sqlite.read(all_keys) == {"b"}


async def test_a_full_disk_is_unavailable_and_loses_nothing(sqlite: Database) -> None:
    await sqlite.write(add("before"))
    _pragma(sqlite, "max_page_count = 1")  # no fewer than there are

    with pytest.raises(DatabaseUnavailable, match="full"):
        await sqlite.write(add("x" * 100_000))
    _pragma(sqlite, "max_page_count = 1000000")
    await sqlite.write(add("after"))

    assert await sqlite.read(all_keys) == {"before", "after"}


async def test_a_file_that_another_program_locks_is_unavailable_until_it_lets_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_TIMEOUT_MS", 20)
    database = open_database(an_address("sqlite", tmp_path))
    await database.write(add("before"))
    with closing(sqlite3.connect(tmp_path / "shoes.db", isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable, match="locked"):
            await database.write(add("a"))
        another.execute("ROLLBACK")

    await database.write(add("b"))

    assert await database.read(all_keys) == {"before", "b"}
    await database.close()


async def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(DatabaseUnavailable, match="file cannot be written"):
        open_database(f"sqlite:///{tmp_path}/file/shoes.db")


@pytest.mark.parametrize("address", ["sqlite://", "mysql://localhost/shoes"])
async def test_an_address_that_we_cannot_use_is_told_in_words(address: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="SHOES_DATABASE_URL"):
        open_database(address)


async def test_a_postgres_that_is_read_only_is_unavailable(tmp_path: Path) -> None:
    postgres = open_database(an_address("postgresql", tmp_path))
    await postgres.write(
        lambda tx: tx.connection.exec_driver_sql(
            f'ALTER DATABASE "{tx.connection.engine.url.database}" SET default_transaction_read_only = on'
        )
    )
    postgres.engine.dispose()

    with pytest.raises(DatabaseUnavailable, match="read-only"):
        await postgres.write(add("a"))
    await postgres.close()


async def test_a_connection_that_is_cut_is_unavailable_and_the_next_works(postgres: Database) -> None:
    def cut(tx: Transaction) -> None:
        add("a")(tx)
        tx.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(DatabaseUnavailable):
        await postgres.write(cut)
    await postgres.write(add("b"))

    assert await postgres.read(all_keys) == {"b"}


async def test_two_who_wait_for_each_other_both_get_through(postgres: Database) -> None:
    await postgres.write(lambda tx: (add("a")(tx), add("b")(tx)))
    both_hold_one = threading.Barrier(2)

    def swap(first: str, second: str) -> Callable[[Transaction], None]:
        attempts: list[int] = []

        def run(tx: Transaction) -> None:
            attempts.append(1)
            for n, key in enumerate((first, second)):
                tx.connection.execute(_alarms.update().where(_alarms.c.key == key).values(due_at=NOON))
                if n == 0 and len(attempts) == 1:
                    both_hold_one.wait(20)

        return run

    await asyncio.gather(postgres.write(swap("a", "b")), postgres.write(swap("b", "a")))


@pytest.mark.parametrize(
    "kind",
    [
        sa.exc.OperationalError,
        sa.exc.InterfaceError,
        sa.exc.InternalError,
        sa.exc.DatabaseError,
        sa.exc.NotSupportedError,
    ],
)
async def test_whatever_else_a_driver_says_is_unavailable(
    database: Database, kind: type[sa.exc.DBAPIError]
) -> None:
    def trouble(tx: Transaction) -> None:
        raise kind("SELECT", None, Exception("disk image is malformed"))

    for attempt in (database.read, database.write):
        with pytest.raises(DatabaseUnavailable, match=r"^disk image is malformed$"):
            await attempt(trouble)
    await database.write(add("a"))


async def test_a_damaged_file_is_unavailable(tmp_path: Path) -> None:
    address = an_address("sqlite", tmp_path)
    database = open_database(address)
    (tmp_path / "shoes.db").write_bytes(b"This is no database. " * 10_000)

    with pytest.raises(DatabaseUnavailable):
        await database.read(all_keys)
    with pytest.raises(DatabaseUnavailable):
        await database.write(add("a"))
    assert not await database.scrub()
    await database.close()


async def test_what_is_wrong_in_a_statement_of_ours_is_not_hidden(postgres: Database) -> None:
    for attempt in (postgres.read, postgres.write):
        with pytest.raises(sa.exc.ProgrammingError):
            await attempt(lambda tx: tx.connection.exec_driver_sql("SELECT no_such_column FROM alarms"))


HOLD_THE_SERVER = HOLD_IT.replace("(sys.argv[1])", "(sys.argv[1], exclusive=True)")


async def test_a_second_program_on_one_postgres_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    address = an_address("postgresql", tmp_path)
    first = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD_THE_SERVER, address, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert first.stdout is not None
    assert await first.stdout.readline() == b"mine\n"

    with pytest.raises(DatabaseUnavailable, match=r"^Another In My Shoes is already using this PostgreSQL"):
        open_database(address, exclusive=True)
    first.kill()  # without a chance to tidy up
    await first.communicate()

    database = await _once_it_is_free(address)
    await database.write(add("a"))
    await database.close()
    await (await _once_it_is_free(address)).close()


async def _once_it_is_free(address: str) -> Database:
    for _ in range(200):  # a server notices a moment later that a process has gone
        try:
            return open_database(address, exclusive=True)
        except DatabaseUnavailable:
            await asyncio.sleep(0.05)
    raise AssertionError("the lock of a process that ended is still held")


async def test_a_server_that_is_not_there_is_told_in_words() -> None:
    with pytest.raises(DatabaseUnavailable, match=r"^The database cannot be used: "):
        open_database("postgresql://localhost:1/shoes", exclusive=True)
