"""One program and its database, from outside: start it, end it, move its clock, read what it stored."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from tests.crash import program

STARTS_WITHIN = 30.0  # seconds: a busy machine is slow, not wrong
STOPS_WITHIN = 10.0  # seconds: what is promised
SETTLES_WITHIN = 20.0
LOOK_AGAIN = 0.02

Rows: TypeAlias = "Counter[tuple[Any, ...]]"


def wait_for(happened: Callable[[], bool], what: str, within: float = SETTLES_WITHIN) -> None:
    """Look again and again until it has happened."""
    until = time.monotonic() + within
    while not happened():
        assert time.monotonic() < until, f"not within {within:.0f} s: {what}"
        time.sleep(LOOK_AGAIN)


def a_port() -> int:
    """A free port of this machine, below those that the system gives to outgoing connections."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@dataclass(frozen=True, slots=True)
class Facts:
    """What a database holds that people did or see, each row as often as it is there.

    `posts` are what was posted, in order: a post that is edited in place by its slot, any
    other by its summary.
    """

    rounds: Rows
    responses: Rows
    tokens: Rows
    votes: Rows
    replies: Rows
    pledges: Rows
    askers: Rows
    events: Rows
    posts: Rows
    feed: tuple[str, ...]

    def since(self, before: Facts) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
        """The rows that came, and those that went, table by table."""
        came, went = {}, {}
        for table in [each.name for each in fields(self) if each.name != "feed"]:
            now, then = getattr(self, table), getattr(before, table)
            came[table] = sorted((now - then).elements())
            went[table] = sorted((then - now).elements())
        return _without_empty(came), _without_empty(went)


class World:
    """A program on one database, and what it stored. Ended with the block, whatever happens."""

    def __init__(self, folder: Path, *, practice: bool = False, url: str = "") -> None:
        self.folder = folder
        self.url = url or f"sqlite:///{folder / 'shoes.db'}"
        self.port = a_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.kills = 0
        self._practice = practice
        self._children = program.children()
        self._process: Any = None
        driver = sa.make_url(self.url)
        if driver.get_backend_name() == "postgresql":
            driver = driver.set(drivername="postgresql+psycopg")
        self._engine = sa.create_engine(driver, poolclass=NullPool)
        self.move_clock(0)

    def __enter__(self) -> World:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self.kill()

    # --- the process -----------------------------------------------------------------------

    def start(self) -> None:
        """Start the program on the same database and the same port; it answers once this returns."""
        assert self._process is None
        told, tell = self._children.Pipe(duplex=False)
        process = self._children.Process(
            target=program.run_and_tell,
            args=(self.folder, self.port, self.url, self._practice, tell),
            daemon=True,
        )
        process.start()
        self._process = process
        tell.close()
        with told:
            assert self._hears(told) == self.address, self.log()

    def _hears(self, told: Connection) -> str:
        try:
            return str(told.recv()) if told.poll(STARTS_WITHIN) else ""
        except EOFError:
            return ""

    def kill(self) -> None:
        """End the process at once: no handler, no `finally`, no goodbye."""
        self._process.kill()
        self.kills += 1
        assert self._ended(STARTS_WITHIN) == -signal.SIGKILL, self.log()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask the process to end; returns its exit code."""
        self.signal(number)
        return self.ended()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self._process.pid, number)

    def ended(self) -> int:
        """The exit code, which must come in the time that is promised."""
        code = self._ended(STOPS_WITHIN)
        assert code is not None, f"still running after {STOPS_WITHIN:.0f} s\n{self.log()}"
        return code

    def _ended(self, within: float) -> int | None:
        self._process.join(within)
        code: int | None = self._process.exitcode
        if code is not None:
            self._process.close()
            self._process = None
        return code

    def restart(self) -> None:
        """End it at once, and start it again."""
        self.kill()
        self.start()

    def log(self) -> str:
        """All that the program has said so far."""
        file = self.folder / program.LOG
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def move_clock(self, ahead: float) -> None:
        """Put the program's clock ahead of the system's, in seconds, whether it runs or not."""
        made = self.folder / "clock.new"
        made.write_text(str(ahead), encoding="ascii")
        made.replace(self.folder / program.CLOCK)

    # --- what it stored --------------------------------------------------------------------

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query, as they are stored now."""
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    def facts(self) -> Facts:
        """What is stored now."""
        refs = {int(ref): slot for slot, ref in self.rows("SELECT slot, ref FROM posts")}
        posts = [
            (refs.get(id) or _summary(message), account is not None)
            for id, message, account in self.rows("SELECT id, message, account FROM room_posts ORDER BY id")
        ]
        return Facts(
            rounds=self._count("SELECT policy, phase, COALESCE(ending, '') FROM rounds"),
            responses=self._count("SELECT words, second_thoughts FROM responses"),
            tokens=self._count(
                "SELECT COALESCE(own_role, ''), COALESCE(stance, ''), COALESCE(second_stance, '') FROM tokens"
            ),
            votes=self._count("SELECT COALESCE(choice, ''), lightbulb FROM votes"),
            replies=self._count("SELECT author_name, words, kind FROM replies"),
            pledges=self._count("SELECT owner_name, words, state FROM pledges"),
            askers=self._count("SELECT 'asked' FROM askers"),
            events=self._count("SELECT seen FROM inbound"),
            posts=Counter(posts),
            feed=tuple(name for name, _private in posts),
        )

    def _count(self, query: str) -> Rows:
        return Counter(self.rows(query))

    def settled(self) -> Facts:
        """What is stored once everything is delivered and no pretend player has anything left to do."""

        def at_rest() -> bool:
            waiting = self.rows("SELECT id FROM outbox")
            return not waiting and not self.rows("SELECT key FROM alarms WHERE key LIKE 'pretend:%%'")

        wait_for(at_rest, "everything delivered")
        self.adds_up()
        return self.facts()

    def adds_up(self) -> None:
        """What is counted as it happens equals what is there, and nothing was posted twice."""
        assert self.rows("SELECT id, responses FROM rounds ORDER BY id") == self.rows(
            "SELECT rounds.id, COUNT(responses.id) FROM rounds LEFT JOIN responses"
            " ON responses.round_id = rounds.id GROUP BY rounds.id ORDER BY rounds.id"
        )
        assert self.rows("SELECT id, votes FROM responses ORDER BY id") == self.rows(
            "SELECT responses.id, COUNT(votes.choice) FROM responses LEFT JOIN votes"
            " ON votes.response_id = responses.id GROUP BY responses.id ORDER BY responses.id"
        )
        refs = [ref for (ref,) in self.rows("SELECT ref FROM posts")]
        assert len(refs) == len(set(refs))


def _without_empty(tables: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {table: rows for table, rows in tables.items() if rows}


def _summary(message: str) -> str:
    return "".join(part.get("words", "") for part in json.loads(message)["summary"])
