"""Jobs for one process on SQLite: APScheduler armed at the earliest due row, and a sweep each second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.jobs import Handler, NotYet
from storage.database import Database, Transaction

SWEEP_SECONDS = 1
TROUBLE_SECONDS = 1  # after a sweep that failed
ONE_AT_A_TIME = 32  # handlers running at once, of all jobs
FIRST_WAIT = timedelta(seconds=1)  # after a job without rows has failed; doubled each time
LONGEST_WAIT = timedelta(minutes=5)

log = structlog.get_logger()

Due = Callable[[Transaction, datetime], list[str]]
NextDue = Callable[[Transaction], datetime | None]


class EmbeddedJobs:
    """One process has nobody to compete with: no lease, no heartbeat, no priorities.

    `due` says for each job which keys wait in the database; that is the truth. What is
    deferred without such rows is kept in memory, and done again by `start` in the app; when
    that fails it waits, longer each time, and no new wake-up makes it wait less.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        due: Mapping[str, Due],
        next_due: tuple[NextDue, ...],
    ) -> None:
        self._database = database
        self._clock = clock
        self._due = due
        self._next_due = next_due
        self._handlers: dict[str, Handler] = {}
        self._wanted: set[tuple[str, str]] = set()
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._backing_off: dict[tuple[str, str], tuple[datetime, timedelta]] = {}
        self._woken = asyncio.Event()
        self._slots = asyncio.Semaphore(ONE_AT_A_TIME)
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def on(self, job: str, handler: Handler) -> None:
        """See Jobs."""
        self._handlers[job] = handler

    def defer(self, job: str, key: str, tx: Transaction, run_at: datetime | None = None) -> None:
        """See Jobs. With `run_at` the row says when; this only looks for it at once."""
        tx.after_commit(lambda: self.wake(job, key if run_at is None else None))

    def wake(self, job: str, key: str | None = None) -> None:
        """Look for work now."""
        if key is not None:
            self._wanted.add((job, key))
        self._woken.set()

    async def run(self) -> None:
        """See Jobs."""
        self._scheduler.start()
        self._scheduler.add_job(
            self._look,
            IntervalTrigger(seconds=SWEEP_SECONDS, timezone="UTC"),
            id="sweep",
            coalesce=True,
            misfire_grace_time=None,
        )
        self._woken.set()
        try:
            while True:
                await self._woken.wait()
                self._woken.clear()
                try:
                    await self.sweep()
                    await self._arm()
                except Exception as error:
                    # Nobody else would start them again: whatever it is, they go on.
                    log.error("jobs wait a moment", error=type(error).__name__)
                    await asyncio.sleep(TROUBLE_SECONDS)
                    self._woken.set()
        finally:
            self._scheduler.pause()
            if self._running:
                await asyncio.wait(self._running.values())
            await asyncio.sleep(0)  # for a look that has just begun: cut off, it would be told as an error
            self._scheduler.shutdown(wait=False)

    async def _look(self) -> None:
        """A coroutine: APScheduler runs anything else in a thread, and this belongs to the event loop."""
        self._woken.set()

    async def sweep(self) -> None:
        """Start a handler for every key that is due and not being handled."""
        now = self._clock()

        def due(tx: Transaction) -> set[tuple[str, str]]:
            return {(job, key) for job, find in self._due.items() for key in find(tx, now)}

        found = await self._database.read(due)
        # Only now: what is wanted stays wanted if the database cannot be read.
        later = {
            each for each in self._wanted if each in self._backing_off and now < self._backing_off[each][0]
        }
        wanted, self._wanted = self._wanted - later, later
        for job, key in sorted(wanted | found):
            if (job, key) in self._running:
                # Never two at a time: what is running may have looked before this was written.
                if (job, key) in wanted:
                    self._wanted.add((job, key))
                continue
            task = asyncio.create_task(self._handle(job, key), name=f"{job}:{key}")
            self._running[job, key] = task

    async def settle(self) -> None:
        """Wait until nothing is due and nothing is running: for tests, and for a page just pressed."""
        while True:
            await self.sweep()
            if not self._running:
                return
            await asyncio.wait(self._running.values())

    async def idle(self, job: str, key: str) -> None:
        """Wait until one key is neither wanted nor being handled."""
        while (job, key) in self._wanted or (job, key) in self._running or self._woken.is_set():
            task = self._running.get((job, key))
            if task is not None:
                await asyncio.wait([task])
            else:
                await asyncio.sleep(0.005)

    async def _handle(self, job: str, key: str) -> None:
        try:
            async with self._slots:
                await self._handlers[job](key)
        except Exception as error:
            if not isinstance(error, NotYet):
                log.error("job failed", job=job, error=type(error).__name__, exc_info=True)
            if job not in self._due:
                self._back_off(job, key)
        else:
            self._backing_off.pop((job, key), None)
            if (job, key) in self._wanted:
                self._woken.set()
        finally:
            del self._running[job, key]

    def _back_off(self, job: str, key: str) -> None:
        _until, before = self._backing_off.get((job, key), (None, FIRST_WAIT / 2))
        wait = min(before * 2, LONGEST_WAIT)
        self._backing_off[job, key] = (self._clock() + wait, wait)
        self._wanted.add((job, key))

    async def _arm(self) -> None:
        """One alarm clock at the earliest row: thousands of scheduler jobs would cost memory."""
        moments = await self._database.read(lambda tx: [find(tx) for find in self._next_due])
        ahead = [moment for moment in moments if moment is not None and moment > self._clock()]
        if ahead:
            self._scheduler.add_job(
                self._look,
                DateTrigger(run_date=min(ahead), timezone="UTC"),
                id="next",
                replace_existing=True,
                coalesce=True,
                misfire_grace_time=None,
            )
