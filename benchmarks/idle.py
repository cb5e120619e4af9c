"""The idle process: how much memory it holds, and how soon its page is ready."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.figures import RUNS, Figure

LONGEST_START = 60  # seconds
MEGABYTE = 1024 * 1024

EMPTY_PAGE = """
import sys
import uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

async def empty(request):
    return HTMLResponse("<!doctype html><title>empty</title>")

server = uvicorn.Server(uvicorn.Config(Starlette(routes=[Route("/", empty)]), port=0, log_config=None))
begin = server.startup

async def startup(sockets=None):
    await begin(sockets)
    print("open at http://127.0.0.1:%d" % server.servers[0].sockets[0].getsockname()[1], flush=True)

server.startup = startup
server.run()
"""


def memory(folder: Path) -> Sequence[Figure]:
    """What `shoes run` holds once it has started and answered; nothing where the system does not say."""
    if not can_tell_memory():
        return []
    values = []
    for run in range(RUNS):
        with _shoes(folder / str(run), "run") as (process, _address):
            values.append(resident(process.pid) / MEGABYTE)
    figure = Figure(
        what="memory of the idle process, browser room",
        reference="",
        unit="MiB",
        goal=150,
        at_least=False,
        values=values,
    )
    return [figure]


def page(folder: Path) -> Sequence[Figure]:
    """The practice room in headless Chromium, loaded and drawn; nothing without Chromium."""
    program = shutil.which("chromium")
    if program is None:
        return []

    def ready(browser: Browser, address: str) -> float:
        """Milliseconds until everything the page needs is there. A new context: nothing is kept."""
        context = browser.new_context()
        opened = context.new_page()
        opened.goto(address, wait_until="load")
        door = opened.locator('form[data-form="practice"] button')
        if door.count():
            with opened.expect_navigation(wait_until="load"):
                door.click()
        timing = "performance.getEntriesByType('navigation')[0].loadEventEnd"
        taken = float(opened.evaluate(timing))
        context.close()
        return taken

    with (
        sync_playwright() as playwright,
        _shoes(folder, "play", "--no-browser") as (_process, ours),
        _started([sys.executable, "-c", EMPTY_PAGE], dict(os.environ)) as (_other, empty),
    ):
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        ready(browser, f"{ours}/practice"), ready(browser, empty)  # the first of all is slower
        values, references = [], []
        for _run in range(RUNS):
            values.append(ready(browser, f"{ours}/practice"))
            references.append(ready(browser, empty))
        browser.close()
    figure = Figure(
        what="browser room ready in headless Chromium",
        reference="an empty Starlette page",
        unit="ms",
        goal=3,
        at_least=False,
        values=values,
        references=references,
    )
    return [figure]


@contextlib.contextmanager
def _shoes(folder: Path, *command: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "SHOES_DATABASE_URL": f"sqlite:///{folder / 'shoes.db'}",
        "SHOES_SECRET_KEY": secrets.token_urlsafe(48),
        "SHOES_WEB_PORT": "0",
    }
    with _started([sys.executable, "-m", "bot", *command], os.environ | settings) as started:
        yield started


@contextlib.contextmanager
def _started(command: list[str], environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that says where it is open, and is stopped afterwards."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if " at http" in line:
                yield process, line.split()[-1]
                break
        else:
            raise RuntimeError(f"{command} ended before it was open")
    finally:
        process.terminate()
        process.wait(LONGEST_START)


def can_tell_memory() -> bool:
    """Whether this system says how much a process holds."""
    return Path("/proc/self/status").exists()


def resident(process: int) -> int:
    """Bytes of a process, once they no longer change."""
    was = 0
    while (now := _status(process)) != was:
        was = now
        time.sleep(0.5)
    return now


def _status(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the process has ended")
