"""100,000 campaigns that wait for their hour: their memory, the start with them, and how late they ring."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.figures import RUNS, Figure
from benchmarks.idle import MEGABYTE, can_tell_memory, resident
from bot import zones
from bot.app import App, system_clock
from bot.effects_out import RING, AlarmKind
from bot.settings import Settings
from storage import alarms
from storage.database import Transaction, open_database
from storage.migrate import migrate
from tests import warp

CAMPAIGNS = 100_000
LONGEST_START = 60  # seconds
HOUR = 3600  # seconds
HOURS = 2  # of the day in each run: all are alike
NINE = datetime(2028, 2, 15, 9, tzinfo=UTC)


def started(folder: Path) -> Sequence[Figure]:
    """Memory and start of `shoes run`, with nothing stored and with 100,000 campaigns that wait."""
    if not can_tell_memory():
        return []
    empty, full = folder / "empty.db", folder / "full.db"
    for file, campaigns in ((empty, 0), (full, CAMPAIGNS)):
        _filled(file, campaigns, system_clock().timestamp() + HOUR)
    held: dict[Path, list[float]] = {empty: [], full: []}
    took: dict[Path, list[float]] = {empty: [], full: []}
    for _run in range(RUNS):
        for file in (empty, full):
            memory, seconds = _start(file)
            held[file].append(memory)
            took[file].append(seconds)
    more = [full - empty for full, empty in zip(held[full], held[empty], strict=True)]
    longer = [full - empty for full, empty in zip(took[full], took[empty], strict=True)]
    what = "100,000 campaigns waiting"
    return [
        Figure(
            what=f"{what}: memory over that of none",
            reference="",
            unit="MiB",
            goal=30,
            at_least=False,
            values=more,
        ),
        Figure(
            what=f"{what}: time to start over that with none",
            reference="",
            unit="s",
            goal=2,
            at_least=False,
            values=longer,
        ),
    ]


def _start(file: Path) -> tuple[float, float]:
    """MiB that it holds, and seconds until it answered."""
    settings = {
        "SHOES_DATABASE_URL": f"sqlite:///{file}",
        "SHOES_SECRET_KEY": "only for measuring, only for measuring",
        "SHOES_WEB_PORT": "0",
    }
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], stdout=subprocess.PIPE, text=True, env=os.environ | settings
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if " at http" in line:
                break
        seconds = time.perf_counter() - begun
        return resident(process.pid) / MEGABYTE, seconds
    finally:
        process.terminate()
        process.wait(LONGEST_START)


def late(folder: Path) -> Sequence[Figure]:
    """How long after its moment each alarm of 100,000 rings that are spread over a day.

    Work takes what the processor needs for it, and the time jumps ahead where nobody works.
    """
    file = folder / "shoes.db"
    _filled(file, CAMPAIGNS, NINE.timestamp() + 1)
    settings = Settings(database_url=f"sqlite:///{file}", web_port=0)
    values = []

    async def main(loop: warp.WarpLoop) -> list[float]:
        app = App(settings, practice=False, clock=loop.now, folder=folder)
        lateness: list[float] = []

        async def ring(key: str) -> None:
            """In the game's place: the alarm is taken, and set to the next day."""

            def transaction(tx: Transaction) -> None:
                now = loop.now()
                if alarms.take(tx, key, now):
                    alarms.put(tx, key, now + timedelta(days=1))

            due = due_at[key]
            await app.database.write(transaction)
            lateness.append(loop.seconds() - due)

        query = "SELECT key, due_at FROM alarms WHERE key LIKE 'campaign:%'"
        rows = await app.database.read(lambda tx: tx.connection.exec_driver_sql(query).all())
        due_at = {key: datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() for key, at in rows}
        app.jobs.on(RING, ring)
        jobs = asyncio.create_task(app.jobs.run())
        await asyncio.sleep(HOURS * HOUR)
        jobs.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await jobs
        await app.database.close()
        return lateness

    for run in range(RUNS):
        gc.collect()
        found = warp.run(NINE + timedelta(hours=HOURS * run), main, frozen=False)
        values.append(statistics.quantiles(found, n=100)[98])
    figure = Figure(
        what="alarm lateness, p99, 100,000 alarms spread over a simulated day",
        reference="",
        unit="s",
        goal=1,
        at_least=False,
        values=values,
    )
    return [figure]


def _filled(file: Path, campaigns: int, begins: float) -> None:
    """A database with so many campaigns in as many channels, whose hours are spread over a day."""
    database = open_database(f"sqlite:///{file}")
    migrate(database.engine)
    asyncio.run(database.close())
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        if not campaigns:
            return
        moment = datetime.fromtimestamp(begins, UTC).replace(tzinfo=None).isoformat(" ")
        _copies(connection, campaigns, moment)
        step = 86_400 / campaigns
        rows = (
            (
                AlarmKind.CAMPAIGN.key(f"c{number}:h{number}"),
                datetime.fromtimestamp(begins + number * step, UTC).strftime("%Y-%m-%d %H:%M:%S.%f"),
            )
            for number in range(campaigns)
        )
        connection.executemany("INSERT INTO alarms (key, due_at) VALUES (?, ?)", rows)
        connection.execute(
            "INSERT INTO alarms (key, due_at) VALUES (?, ?)", (f"{alarms.RULES}{zones.rules()}", moment)
        )


def _copies(connection: sqlite3.Connection, campaigns: int, now: str) -> None:
    """A community, a person, and a campaign of seven prompts in each of many channels."""
    card = json.dumps({"id": "card", "statement": "They talk to me over his head. " * 4})
    connection.execute(
        "INSERT INTO communities (id, platform, ref, name, practice, threshold, time_zone, language,"
        " reads_threads, made_at) VALUES ('home', 'web', 'home', 'North', 0, 5, 'Europe/London', 'en', 1, ?)",
        (now,),
    )
    connection.execute("INSERT INTO people (id) VALUES ('ada')")
    many = range(campaigns)
    connection.executemany(
        "INSERT INTO channels (id, community_id, ref, name, welcomed) VALUES (?, 'home', ?, 'Ward', 1)",
        ((f"h{number}", f"h{number}") for number in many),
    )
    connection.executemany(
        "INSERT INTO campaigns (id, community_id, organiser, title, time_zone, local_time, weekdays,"
        " start_on, since, policy, paused, contact, closing_question, made_at)"
        " VALUES (?, 'home', 'ada', 'In the shoes of carers', 'Europe/London', '09:00:00.000000', '0123456',"
        " '2028-02-14', ?, 'after_you', 0, '', '', ?)",
        ((f"c{number}", now, now) for number in many),
    )
    connection.executemany(
        "INSERT INTO campaign_channels (campaign_id, channel_id, community_id, local_time, since, joined_at)"
        " VALUES (?, ?, 'home', '09:00:00.000000', ?, ?)",
        ((f"c{number}", f"h{number}", now, now) for number in many),
    )
    connection.executemany(
        "INSERT INTO campaign_prompts (campaign_id, id, reserve, place, card, needs_approval, credit)"
        " VALUES (?, ?, 0, ?, ?, 0, '')",
        ((f"c{number}", f"p{prompt}", prompt, card) for number in many for prompt in range(7)),
    )
