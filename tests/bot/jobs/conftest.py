"""What these tests share: real databases, and every implementation of Jobs under one harness."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest
import pytest_asyncio

from bot.jobs import Jobs
from bot.jobs.embedded import EmbeddedJobs
from storage import alarms
from storage.database import Database, open_database
from tests.builders import NOON
from tests.databases import an_address

RING = "ring"  # a job whose keys are in the database: alarms that are due
SCRUB = "scrub"  # a job without rows


class House(Protocol):
    """One implementation of Jobs on its own database, with a clock that the story moves."""

    database: Database
    now: datetime

    def jobs(self) -> Jobs:
        """A process that has just been started on this database."""
        ...

    async def turn(self, jobs: Jobs) -> None:
        """Take up what there is to take up now, and do not wait for handlers."""
        ...

    async def settle(self, jobs: Jobs) -> None:
        """Go on until there is nothing to do and nothing being done."""
        ...


class EmbeddedHouse:
    """bot/jobs/embedded.py on SQLite."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOON

    def jobs(self) -> Jobs:
        """See House."""
        return EmbeddedJobs(self.database, lambda: self.now, {RING: alarms.due}, (alarms.next_due_at,))

    async def turn(self, jobs: Jobs) -> None:
        """See House."""
        assert isinstance(jobs, EmbeddedJobs)
        await jobs.sweep()

    async def settle(self, jobs: Jobs) -> None:
        """See House."""
        assert isinstance(jobs, EmbeddedJobs)
        await jobs.settle()


# The next implementation joins here: its kind of database, and its house.
HOUSES: dict[str, tuple[str, Callable[[Database], House]]] = {"embedded": ("sqlite", EmbeddedHouse)}


@pytest_asyncio.fixture(params=HOUSES)
async def house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """Each implementation in turn."""
    kind, build = HOUSES[request.param]
    database = open_database(an_address(kind, tmp_path))
    yield build(database)
    await database.close()
