"""Whose work the processor does where a program and the servers it talks to share one process."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from types import FrameType

from tests.trying import ROOT

EVERY = 0.005  # seconds of processor time
SERVERS = tuple(f"{ROOT / 'tests' / each}/" for each in ("slack", "discord"))
TAKES_REQUESTS = str(Path("aiohttp") / "web_")
"""aiohttp's server side. Of the program, its client alone runs; its web pages are not aiohttp's."""


class Shares:
    """Processor time in seconds: of everything, and of that without the servers.

    The latter by samples. Work of another thread counts as what the main one does meanwhile: it
    mostly waits, and then it counts as the program's. So the program's share is rather too large.
    """

    def __init__(self) -> None:
        self.all = 0.0
        self._samples = self._of_servers = 0

    @property
    def program(self) -> float:
        """Seconds without the servers."""
        return self.all * (1 - self._of_servers / max(1, self._samples))

    def __enter__(self) -> Shares:
        """Begin. In the main thread only."""
        self.all = -time.process_time()
        self._before = signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, EVERY, EVERY)
        return self

    def __exit__(self, *_error: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, self._before)
        self.all += time.process_time()

    def _look(self, _signal: int, frame: FrameType | None) -> None:
        self._samples += 1
        while frame is not None:
            file = frame.f_code.co_filename
            if file.startswith(SERVERS) or TAKES_REQUESTS in file:
                self._of_servers += 1
                return
            frame = frame.f_back
