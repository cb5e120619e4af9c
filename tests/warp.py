"""An event loop on which waiting costs nothing: where nobody has anything to do, the time jumps ahead.

Everything that waits by the loop waits so: the program's own timers, the SDKs of the platforms, the test
servers. A program that has to keep ten thousand calls apart is tried in seconds, by the limits as they are.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import time
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any, TypeVar
from unittest.mock import patch

from storage.database import Database, Transaction, open_database

T = TypeVar("T")

STILL = 0.002  # real seconds in which nothing comes by any socket: then nothing is on its way
AT_WORK = 0.05  # real seconds between two looks at a thread that works


class WarpLoop(asyncio.SelectorEventLoop):
    """`frozen`: work takes no time, whatever machine it is done on.

    Else it takes what the processor needs for it, in all threads: what else the machine does takes none.
    """

    def __init__(self, begins: datetime, *, frozen: bool) -> None:
        self._frozen = frozen
        self._ahead = 0.0
        self._at_work = 0
        super().__init__(_Warping(self))
        self._begins = begins.timestamp() - self.time()

    def time(self) -> float:
        """See the event loop."""
        return self._ahead + (0.0 if self._frozen else time.process_time())

    def seconds(self) -> float:
        """The wall clock, in seconds since 1970: for the servers."""
        return self._begins + self.time()

    def now(self) -> datetime:
        """The same for the program, in UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """A thread works: time does not jump."""
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1

    @property
    def at_work(self) -> bool:
        """Whether any thread does."""
        return self._at_work > 0

    def jump(self, seconds: float) -> None:
        """Let time pass at once."""
        self._ahead += seconds

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override] # typeshed has a ParamSpec of its own
        """See the event loop."""
        self._at_work += 1
        done = super().run_in_executor(executor, func, *args)
        done.add_done_callback(self._back)
        return done

    def _back(self, _done: object) -> None:
        self._at_work -= 1


class _Warping(selectors.DefaultSelector):
    """Asks the system as ever; where it would wait for a timer alone, it has the time jump."""

    def __init__(self, loop: WarpLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[Any]:
        """See selectors."""
        found = super().select(0)
        if found or (timeout is not None and timeout <= 0):
            return found
        if self._loop.at_work:
            return super().select(AT_WORK)
        found = super().select(STILL)
        if found:
            return found
        if timeout is None:
            return super().select(AT_WORK)
        self._loop.jump(timeout)
        return []


class Watched:
    """A database whose threads hold the time while they work for somebody."""

    def __init__(self, loop: WarpLoop, database: Database) -> None:
        self._loop, self._database = loop, database
        self.engine = database.engine

    async def write(self, run: Callable[[Transaction], T]) -> T:
        """See Database."""
        with self._loop.working():
            return await self._database.write(run)

    async def read(self, run: Callable[[Transaction], T]) -> T:
        """See Database."""
        with self._loop.working():
            return await self._database.read(run)

    async def scrub(self) -> bool:
        """See Database."""
        with self._loop.working():
            return await self._database.scrub()

    async def close(self) -> None:
        """See Database."""
        await self._database.close()


def run(begins: datetime, main: Callable[[WarpLoop], Coroutine[Any, Any, T]], *, frozen: bool = True) -> T:
    """Run something from this moment on (UTC), in a program whose every clock is the loop's."""
    loops: list[WarpLoop] = []

    def made() -> WarpLoop:
        loops.append(WarpLoop(begins, frozen=frozen))
        return loops[-1]

    class Clock(datetime):
        """What APScheduler takes for the time."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            """See datetime."""
            return loops[-1].now().astimezone(tz)

    def opened(url: str, *, exclusive: bool = False) -> Database:
        return Watched(loops[-1], open_database(url, exclusive=exclusive))

    with (
        patch("apscheduler.schedulers.base.datetime", Clock),
        patch("bot.app.open_database", opened),
        asyncio.Runner(loop_factory=made) as runner,
    ):
        runner.get_loop()
        return runner.run(main(loops[-1]))
