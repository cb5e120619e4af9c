"""The database: `await database.write(fn)` and `read(fn)` mean the same on SQLite and PostgreSQL.

A transaction is a plain function without await, so nothing can wait for a platform inside
it. On SQLite one writer thread runs them, and waiting ones share a commit (a savepoint
each, spec: engine, section 2); on PostgreSQL a small pool of threads does.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool, StaticPool
from sqlmodel import Session

from storage.lock import FileLock, ServerLock

T = TypeVar("T")

SHARED_COMMIT = 64  # transactions that may share one commit
READERS = 4
POSTGRES_THREADS = 8
BUSY_TIMEOUT_MS = 5_000
TRUNCATE_PATIENCE_MS = 100  # for readers that began during a scrub; writers wait as long
DEADLOCK_TRIES = 5


# What every other error of a driver is not: a row that may not be, or a statement that is wrong.
OUR_FAULT = (sa.exc.IntegrityError, sa.exc.ProgrammingError)


class DatabaseUnavailable(Exception):
    """The database cannot be opened, read or written: locked, full, gone, damaged, or read-only."""


class Transaction:
    """What a transaction function works with. Valid only while that function runs."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.postgres = connection.dialect.name == "postgresql"
        self.sqlite = None if self.postgres else driver_of(connection)
        self._session: Session | None = None
        self._after: list[Callable[[], None]] = []

    @property
    def session(self) -> Session:
        """A session on the same connection, for the everyday queries."""
        if self._session is None:
            self._session = Session(
                bind=self.connection, join_transaction_mode="rollback_only", expire_on_commit=False
            )
        return self._session

    def after_commit(self, call: Callable[[], None]) -> None:
        """Have `call` run in the event loop once this transaction is durable."""
        self._after.append(call)

    def finish(self) -> list[Callable[[], None]]:
        """Write what the session holds; returns what is to run after the commit."""
        if self._session is not None:
            self._session.flush()
            self._session.expunge_all()
        return self._after


class Database(Protocol):
    """One meaning on both databases."""

    engine: sa.Engine

    async def write(self, run: Callable[[Transaction], T]) -> T:
        """Run a transaction; returns when it is durable. Leaving it by an exception writes nothing."""
        ...

    async def read(self, run: Callable[[Transaction], T]) -> T:
        """Run a transaction that only reads, beside the writers."""
        ...

    async def scrub(self) -> bool:
        """Rid the files of what was deleted, as far as the database can. False: not yet, try again."""
        ...

    async def close(self) -> None:
        """Finish what is in hand, and let go of the files."""
        ...


def open_database(url: str, *, exclusive: bool = False) -> Database:
    """Open the database of a settings address: `sqlite:///path` or `postgresql://...`.

    `exclusive`: as the one program on it. A SQLite file is never opened otherwise.
    Raises DatabaseUnavailable with a sentence for whoever runs the program.
    """
    parsed = address_of(url)
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database:
            raise DatabaseUnavailable("SHOES_DATABASE_URL needs a file, such as sqlite:///data/shoes.db.")
        return SqliteDatabase(Path(parsed.database))
    if parsed.get_backend_name() == "postgresql":
        return PostgresDatabase(parsed.set(drivername="postgresql+psycopg"), exclusive=exclusive)
    raise DatabaseUnavailable(_NOT_OURS)


_NOT_OURS = "SHOES_DATABASE_URL must start with sqlite:/// or postgresql://."


def address_of(url: str) -> sa.URL:
    """The parts of a settings address, or DatabaseUnavailable."""
    try:
        return sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        # Without the address itself: it may hold a password.
        raise DatabaseUnavailable(_NOT_OURS) from None


# --- SQLite ----------------------------------------------------------------------------


def driver_of(connection: sa.Connection) -> sqlite3.Connection:
    """The standard library's own connection, for what goes past SQLAlchemy."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def directly(driver: sqlite3.Connection, sql: str, values: Sequence[Any] = ()) -> tuple[list[Any], int]:
    """The rows a statement finds, and how many it changed. Errors are SQLAlchemy's, without the values."""
    try:
        cursor = driver.execute(sql, values)
        return cursor.fetchall(), cursor.rowcount
    except sqlite3.Error as error:
        raise sa.exc.DBAPIError.instance(sql, None, error, sqlite3.Error, hide_parameters=True) from error


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",  # first, so that the next may wait
        "journal_mode = WAL",
        "synchronous = FULL",  # an acknowledged press survives a power cut
        "secure_delete = ON",  # what is deleted is overwritten
        "foreign_keys = ON",
        "temp_store = MEMORY",  # no response in a file that we do not know of
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_engine(path: Path, begin: str, **pool: Any) -> sa.Engine:
    engine = sa.create_engine(
        f"sqlite:///{path}", connect_args={"check_same_thread": False}, hide_parameters=True, **pool
    )
    sa.event.listen(engine, "connect", _prepare)
    # A deferred transaction that reads and then writes fails at once with "database is locked".
    # Straight to the driver: somebody waits for each writing transaction to begin.
    sa.event.listen(engine, "begin", lambda connection: directly(driver_of(connection), begin))
    return engine


class _Waiting:
    """One transaction in the writer's queue; `run` is None for a scrub."""

    def __init__(self, run: Callable[[Transaction], Any] | None, loop: asyncio.AbstractEventLoop) -> None:
        self.run = run
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.after: list[Callable[[], None]] = []
        self.error: BaseException | None = None

    def settle(self) -> None:
        """Hand the result to whoever waits for it. Runs in the event loop."""
        if self.error is None:
            for call in self.after:
                call()
        if self.future.cancelled():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


def _settle(batch: Sequence[_Waiting]) -> None:
    """Hand all results over to the event loop at once: each time wakes it, and takes the writer's turn."""
    for loop in {waiting.loop for waiting in batch}:
        with suppress(RuntimeError):  # the loop has ended, and nobody waits for it any more
            loop.call_soon_threadsafe(_settle_those_of, loop, batch)


def _settle_those_of(loop: asyncio.AbstractEventLoop, batch: Sequence[_Waiting]) -> None:
    for waiting in batch:
        if waiting.loop is loop:
            loop.call_soon(waiting.settle)  # each by itself: one that fails keeps nobody from theirs


class SqliteDatabase:
    """One file, one process, one writer thread."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(path.with_name(path.name + ".lock"))
        except OSError as error:
            raise DatabaseUnavailable(f"The folder {path.parent} cannot be written.") from error
        if not self._lock.taken:
            raise DatabaseUnavailable(
                f"Another In My Shoes is already using {path}. Stop that one first, "
                "or set SHOES_DATABASE_URL to another file."
            )
        self.path = path
        self.engine = _sqlite_engine(path, "BEGIN IMMEDIATE", poolclass=StaticPool)
        self._readers = _sqlite_engine(path, "BEGIN", poolclass=QueuePool, pool_size=READERS)
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._connection: sa.Connection | None = None  # the writer's own
        self._writer = threading.Thread(target=self._write_all, name="writer", daemon=True)
        self._writer.start()
        self._closed = False

    async def write(self, run: Callable[[Transaction], T]) -> T:
        """See Database."""
        if self._closed:
            raise DatabaseUnavailable("The database is closed.")
        waiting = _Waiting(run, asyncio.get_running_loop())
        self._queue.put(waiting)
        result: T = await waiting.future
        return result

    async def read(self, run: Callable[[Transaction], T]) -> T:
        """See Database."""

        def reading() -> T:
            try:
                with self._readers.connect() as connection, connection.begin():
                    transaction = Transaction(connection)
                    result = run(transaction)
                    transaction.finish()
                    return result
            except sa.exc.DBAPIError as error:
                if isinstance(error, OUR_FAULT):
                    raise
                raise DatabaseUnavailable(str(error.orig)) from error

        return await asyncio.get_running_loop().run_in_executor(self._pool, reading)

    async def scrub(self) -> bool:
        """Write the file anew, and empty the write-ahead log.

        `secure_delete` overwrites a row where it was deleted. But SQLite moves rows from page
        to page, and what stays behind in the unused middle of a page is never overwritten:
        tokens of closed rounds were found there. 12 ms per MB on two cores.

        While a reader still needs the log it could only grow, by the whole file each time: then
        nothing is written, and nobody waits.
        """
        if self._closed:
            return False
        # By the writer itself, so that writers wait and are not refused.
        scrubbing = _Waiting(None, asyncio.get_running_loop())
        self._queue.put(scrubbing)
        done: bool = await scrubbing.future
        return done

    async def close(self) -> None:
        """See Database."""
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        await asyncio.to_thread(self._writer.join)
        if self._connection is not None:
            self._connection.close()
        self._pool.shutdown()
        self._readers.dispose()
        self.engine.dispose()
        self._lock.release()

    def _write_all(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            stop = False
            while len(batch) < SHARED_COMMIT:
                try:
                    following = self._queue.get_nowait()
                except queue.Empty:
                    break
                if following is None:
                    stop = True
                    break
                batch.append(following)
            for alone, together in groupby(batch, key=lambda waiting: waiting.run is None):
                if alone:
                    self._scrub(list(together))
                else:
                    self._commit(list(together))
            if stop:
                return

    def _scrub(self, batch: list[_Waiting]) -> None:
        """Once for all who wait for it."""
        done = False
        with suppress(Exception):  # locked, full or gone: not yet, and the writer goes on
            done = self._truncate(patience_ms=0)
            if done:
                done = False
                with self.engine.connect() as connection:
                    # Straight to the driver: no transaction may be open, not even one of our own.
                    directly(driver_of(connection), "VACUUM")
                done = self._truncate(patience_ms=TRUNCATE_PATIENCE_MS)
        for waiting in batch:
            waiting.result = done
        _settle(batch)

    def _truncate(self, patience_ms: int) -> bool:
        """Empty the write-ahead log, on a connection of its own. False: a reader still needs it.

        Whoever waits for readers here holds the write lock meanwhile.
        """
        with closing(sqlite3.connect(self.path, timeout=patience_ms / 1000, isolation_level=None)) as own:
            busy: int = own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return busy == 0

    def _commit(self, batch: list[_Waiting]) -> None:
        """Run each, in a savepoint of its own if they are several, then commit once for all of them."""
        try:
            # Kept from one commit to the next: to take it from the pool and give it back costs as
            # much as a statement, while somebody waits for the commit.
            self._connection = connection = self._connection or self.engine.connect()
            with connection.begin() as commit:
                if len(batch) == 1:
                    # The usual case needs no savepoint: what fails alone is rolled back alone.
                    if not self._run(connection, batch[0]):
                        commit.rollback()
                else:
                    for waiting in batch:
                        self._run_beside_others(connection, waiting)
        except sa.exc.DBAPIError as error:
            # The commit itself failed: nothing of this batch is durable, and nobody is told it is.
            for waiting in batch:
                waiting.error = waiting.error or DatabaseUnavailable(str(error.orig))
        except Exception as error:
            for waiting in batch:
                waiting.error = waiting.error or error
        _settle(batch)

    def _run(self, connection: sa.Connection, waiting: _Waiting) -> bool:
        """Run one. False: it failed, and nothing that it wrote may stay."""
        assert waiting.run is not None
        transaction = Transaction(connection)
        try:
            waiting.result = waiting.run(transaction)
            waiting.after = transaction.finish()
        except Exception as error:
            theirs = isinstance(error, sa.exc.DBAPIError) and not isinstance(error, OUR_FAULT)
            waiting.error = DatabaseUnavailable(str(getattr(error, "orig", ""))) if theirs else error
            return False
        return True

    def _run_beside_others(self, connection: sa.Connection, waiting: _Waiting) -> None:
        driver = driver_of(connection)
        directly(driver, "SAVEPOINT one")
        if not self._run(connection, waiting):
            directly(driver, "ROLLBACK TO one")
        directly(driver, "RELEASE one")


# --- PostgreSQL ------------------------------------------------------------------------


class PostgresDatabase:
    """A server, for several processes. Presses on one round queue up at its row."""

    def __init__(self, url: sa.URL, *, exclusive: bool = False) -> None:
        try:
            self._alone = ServerLock(url) if exclusive else None
        except sa.exc.DBAPIError as error:
            reason = str(error.orig).partition("\n")[0]
            raise DatabaseUnavailable(f"The database cannot be used: {reason}") from error
        if self._alone is not None and not self._alone.taken:
            raise DatabaseUnavailable(
                "Another In My Shoes is already using this PostgreSQL database. Stop that one first, "
                "or set SHOES_DATABASE_URL to another database."
            )
        self.engine = sa.create_engine(
            url, pool_size=POSTGRES_THREADS, max_overflow=0, pool_pre_ping=True, hide_parameters=True
        )
        self._pool = ThreadPoolExecutor(POSTGRES_THREADS, thread_name_prefix="database")

    async def write(self, run: Callable[[Transaction], T]) -> T:
        """See Database."""
        loop = asyncio.get_running_loop()

        def writing() -> T:
            result, after = self._attempt(run)
            for call in after:
                # From here: the caller may have gone away while the transaction was committed.
                loop.call_soon_threadsafe(call)
            return result

        return await loop.run_in_executor(self._pool, writing)

    async def read(self, run: Callable[[Transaction], T]) -> T:
        """See Database."""
        result, _after = await asyncio.get_running_loop().run_in_executor(self._pool, self._attempt, run)
        return result

    async def scrub(self) -> bool:
        """Free the space of deleted private rows for reuse.

        Nothing finds those rows any more, but their bytes stay in the files until new rows are
        written over them, and in the write-ahead log and backups for as long as those are kept.
        True means that this was done, and no more than this.
        """

        def scrubbing() -> bool:
            try:
                with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql(
                        "VACUUM tokens, votes, responses, reply_lightbulbs, round_keys, askers"
                    )
            except sa.exc.DBAPIError:
                return False
            return True

        return await asyncio.get_running_loop().run_in_executor(self._pool, scrubbing)

    async def close(self) -> None:
        """See Database."""
        await asyncio.to_thread(self._pool.shutdown)
        self.engine.dispose()
        if self._alone is not None:
            self._alone.release()

    def _attempt(self, run: Callable[[Transaction], T]) -> tuple[T, list[Callable[[], None]]]:
        for attempt in range(1, DEADLOCK_TRIES + 1):
            try:
                with self.engine.connect() as connection, connection.begin():
                    transaction = Transaction(connection)
                    result = run(transaction)
                    return result, transaction.finish()
            except sa.exc.DBAPIError as error:
                if isinstance(error, OUR_FAULT):
                    raise
                # 40P01: two transactions waited for each other and one was asked to try again.
                if getattr(error.orig, "sqlstate", None) != "40P01" or attempt == DEADLOCK_TRIES:
                    raise DatabaseUnavailable(str(error.orig)) from error
                time.sleep(0.01 * attempt)
        raise AssertionError("the last attempt returns or raises")
