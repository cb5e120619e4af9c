"""The program as these tests start it: the whole app in a process of its own, on a clock that a file moves.

`python -m tests.crash.program FOLDER PORT` runs it by hand: the room with its database is kept
in FOLDER, and FOLDER/clock holds by how many seconds the clock is ahead.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from adapters.web.render import TEMPLATES
from bot import __main__ as command_line
from bot import logs
from bot.app import system_clock
from bot.settings import Settings
from tests.contents import app_of, contents

LOG = "log"
CLOCK = "clock"

# Loaded before the process is forked, and so once for all of them: it makes a start take
# a tenth of a second, and each of these tests needs dozens of them.
contents()
for _each in TEMPLATES.list_templates():
    TEMPLATES.get_template(_each)


def moved_clock(file: Path) -> datetime:
    """The time, ahead of the system's by the seconds in `file`."""
    return system_clock() + timedelta(seconds=float(file.read_text(encoding="ascii")))


def run(folder: Path, port: int, url: str, practice: bool, started: Callable[[str], None]) -> None:
    """Run the app until a signal comes. `started` is told the address."""
    logs.configure("INFO", "json")
    settings = Settings(database_url=url, web_port=port)
    clock = partial(moved_clock, folder / CLOCK)

    async def app() -> None:
        await app_of(settings, practice=practice, clock=clock, folder=folder).run(started)

    asyncio.run(app())


def run_and_tell(folder: Path, port: int, url: str, practice: bool, address: Connection) -> None:
    """The same in a child process: output goes to a file, the address through a pipe."""
    write_to(folder / LOG)
    os.chdir(folder)
    run(folder, port, url, practice, address.send)


def shoes(folder: Path, arguments: tuple[str, ...], environment: Mapping[str, str]) -> None:
    """The `shoes` command in a child process, in `folder`: output goes to a file there."""
    write_to(folder / LOG)
    os.chdir(folder)
    for name in [each for each in os.environ if each.startswith("SHOES_")]:
        del os.environ[name]
    os.environ.update(environment)
    sys.argv = ["shoes", *arguments]
    command_line.main()


def write_to(file: Path) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(handle, sys.stdout.fileno())
    os.dup2(handle, sys.stderr.fileno())
    os.close(handle)


def children() -> multiprocessing.context.ForkServerContext:
    """What starts child processes: forked from one that has loaded this module, and nothing of the test."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


if __name__ == "__main__":
    home = Path(sys.argv[1]).resolve()
    home.mkdir(parents=True, exist_ok=True)
    if not (home / CLOCK).exists():
        (home / CLOCK).write_text("0", encoding="ascii")
    database = os.environ.get("SHOES_DATABASE_URL", f"sqlite:///{home / 'shoes.db'}")
    run(home, int(sys.argv[2]), database, True, lambda address: print(address, flush=True))  # noqa: T201 - it is a command
