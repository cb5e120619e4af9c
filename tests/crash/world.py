"""One program and its database, from outside: start it, end it, move its clock, read what it stored."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.crash import program
from tests.crash.stored import Facts, Stored
from tests.patience import PATIENCE
from tests.ports import a_port

LOOK_AGAIN = 0.02


def wait_for(happened: Callable[[], bool], what: str, within: float = PATIENCE) -> None:
    """Look again and again until it has happened."""
    until = time.monotonic() + within
    while not happened():
        assert time.monotonic() < until, f"not within {within:.0f} s: {what}"
        time.sleep(LOOK_AGAIN)


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
        self.stored = Stored(self.url)
        self.move_clock(0)

    def __enter__(self) -> World:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
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
            return str(told.recv()) if told.poll(PATIENCE) else ""
        except EOFError:
            return ""

    def kill(self) -> None:
        """End the process at once: no handler, no `finally`, no goodbye."""
        self._process.kill()
        self.kills += 1
        assert self._ended() == -signal.SIGKILL, self.log()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask the process to end; returns its exit code."""
        self.signal(number)
        return self.ended()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        os.kill(self._process.pid, number)

    def ended(self) -> int:
        """The exit code. A program that waits for something that never comes has none."""
        code = self._ended()
        assert code is not None, f"still running after {PATIENCE:.0f} s\n{self.log()}"
        return code

    def _ended(self) -> int | None:
        self._process.join(PATIENCE)
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

    def settled(self) -> Facts:
        """What is stored once everything is delivered and no pretend player has anything left to do."""

        def at_rest() -> bool:
            alarms = [key for (key,) in self.stored.rows("SELECT key FROM alarms")]
            pretending = any(key.startswith("pretend:") for key in alarms)
            return not pretending and not self.stored.rows("SELECT id FROM outbox")

        wait_for(at_rest, "everything delivered")
        self.stored.adds_up()
        return self.stored.facts()
