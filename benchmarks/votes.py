"""Votes made durable, against raw sqlite3 with the same statements; and with a million votes stored."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks import stage
from benchmarks.figures import RUNS, Figure
from benchmarks.stage import Plan
from bot.game.model import ResponseId

EACH = 20  # votes of each of the 64 players, in one run
MANY = 1_000_000
FEW = 1_000
ROUND_SIZE = 1_000  # votes in each of the rounds that are stored besides

Statement = tuple[str, Any]


def durable(folder: Path) -> Sequence[Figure]:
    """64 players press at once: the whole load-play-save, with the answer they are shown."""
    base, plan = _ready(folder / "base")
    recorded = asyncio.run(_recorded(stage.copied(base, folder / "recorded"), plan))
    values, references = [], []
    for run in range(RUNS):
        values.append(asyncio.run(_pressed(stage.copied(base, folder / f"ours-{run}"), plan)))
        references.append(_replayed(stage.copied(base, folder / f"raw-{run}"), recorded))
    figure = Figure(
        what=f"votes made durable, {stage.PLAYERS} players at once",
        reference=f"raw sqlite3, the same {len(recorded[-1])} statements, one vote per commit",
        unit="/s",
        goal=0.5,
        at_least=True,
        values=values,
        references=references,
    )
    return [figure]


def with_many_stored(folder: Path) -> Sequence[Figure]:
    """What one vote costs beside a million others."""
    few, plan = _ready(folder / "few")
    many = stage.copied(few, folder / "many")
    _store_more(few, FEW)
    _store_more(many, MANY)
    values: list[float] = []
    references: list[float] = []
    for run in range(RUNS):
        for file, times in ((many, values), (few, references)):
            again = stage.copied(file, folder / f"{run}-{file.parent.name}")
            times.append(1_000 / asyncio.run(_pressed(again, plan)))
            again.unlink()
    figure = Figure(
        what=f"one vote with {MANY:,} votes stored",
        reference=f"with {FEW:,}",
        unit="ms",
        goal=1.15,
        at_least=False,
        values=values,
        references=references,
    )
    return [figure]


def _ready(folder: Path) -> tuple[Path, Plan]:
    folder.mkdir(parents=True)
    file = folder / "shoes.db"
    responses: list[ResponseId] = asyncio.run(stage.a_round_to_vote_in(file))
    with _raw(file) as connection:
        (round,) = connection.execute("SELECT id FROM rounds").fetchone()
    return file, stage.votes(round, responses, EACH)


async def _pressed(file: Path, plan: Plan) -> float:
    """Votes in a second, by the program."""
    async with stage.a_stage(file) as playing:
        begun = time.perf_counter()
        await stage.press_all(playing, plan)
        return sum(map(len, plan)) / (time.perf_counter() - begun)


async def _recorded(file: Path, plan: Plan) -> list[list[Statement]]:
    """The statements of each vote, as they reach the driver; savepoints and commits left out."""
    recorded: list[list[Statement]] = []

    class Recording(sqlite3.Cursor):
        """Every statement of a connection goes through one of these, whoever runs it."""

        def execute(self, statement: str, parameters: Any = (), /) -> Recording:
            if threading.current_thread().name == "writer":
                if statement.startswith(("BEGIN", "SAVEPOINT")):
                    if not recorded or recorded[-1]:
                        recorded.append([])
                elif not statement.startswith(("RELEASE", "ROLLBACK")):
                    recorded[-1].append((statement, parameters))
            super().execute(statement, parameters)
            return self

    class Recorded(sqlite3.Connection):
        """A connection whose statements are recorded."""

        def cursor(self, _factory: object = None) -> Any:
            return super().cursor(Recording)

        def execute(self, statement: str, parameters: Any = (), /) -> sqlite3.Cursor:
            recording: Recording = self.cursor()
            return recording.execute(statement, parameters)

    def connecting(_dialect: object, _record: object, _given: object, parameters: dict[str, Any]) -> None:
        parameters["factory"] = Recorded

    sa.event.listen(sa.Engine, "do_connect", connecting)
    try:
        async with stage.a_stage(file) as playing:
            await stage.press_all(playing, plan)
    finally:
        sa.event.remove(sa.Engine, "do_connect", connecting)
    return recorded


def _replayed(file: Path, recorded: Sequence[Sequence[Statement]]) -> float:
    """Votes in a second, by nothing but the statements."""
    with _raw(file) as connection:
        begun = time.perf_counter()
        for vote in recorded:
            connection.execute("BEGIN IMMEDIATE")
            for statement, parameters in vote:
                connection.execute(statement, parameters).fetchall()
            connection.execute("COMMIT")
        return len(recorded) / (time.perf_counter() - begun)


@contextmanager
def _raw(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection of the standard library, set up as ours are."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        yield connection


def _store_more(file: Path, count: int) -> None:
    """Other rounds' votes, and the deliveries they came with."""
    with _raw(file) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")  # their rounds are not what is measured
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        made = ((f"other-{n // ROUND_SIZE}", os.urandom(16), os.urandom(12).hex()) for n in range(count))
        while several := list(islice(made, 50_000)):
            connection.executemany(
                "INSERT INTO votes (round_id, token, response_id, choice, lightbulb) "
                "VALUES (?, ?, ?, 'agree', 0)",
                several,
            )
        seen = ((os.urandom(16),) for _ in range(count))
        while several_seen := list(islice(seen, 50_000)):
            connection.executemany("INSERT INTO inbound (seen, day) VALUES (?, '2027-06-07')", several_seen)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
