"""The whole program on a free port with a file of its own, one Chromium for all, and people who sit at it."""

from __future__ import annotations

import base64
import os
import random
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from bot.app import App, system_clock
from bot.settings import Settings
from tests.contents import app_of
from tests.databases import a_file
from tests.e2e.person import Person
from tests.patience import PATIENCE

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-component-update",
    "--no-first-run",
)
NO_BROWSER = "There is no Chromium here, so nobody can sit at a browser: apt-get install chromium"
PATIENCE_MS = PATIENCE * 1000

Sit: TypeAlias = Callable[..., Awaitable[Person]]


class Clock:
    """The system's clock, which a story may put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return system_clock() + self.ahead


class SameChance:
    """The same ids, and so the same cards, in every run."""

    def __init__(self) -> None:
        self._random = random.Random(7)

    def id(self) -> str:
        return base64.urlsafe_b64encode(self._random.randbytes(12)).decode()

    def shuffle(self) -> random.Random:
        return self._random


class Running:
    """The program while it runs: where it is, what time it thinks it is."""

    def __init__(self, app: App, address: str, clock: Clock) -> None:
        self.address = address
        self.clock = clock
        self._app = app

    async def at_rest(self) -> None:
        """Wait until everything that was to be delivered, and every pretend player, is done."""
        await self._app.jobs.settle()


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser program for all tests; each person in it has cookies of their own."""
    program = shutil.which("chromium") or shutil.which("/usr/bin/chromium")
    if program is None:
        if os.environ.get("SHOES_REQUIRE_BROWSER"):
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def start(folder: Path) -> AsyncIterator[Running]:
    """The program as `shoes play` starts it, on a real SQLite file."""
    settings = Settings(database_url=a_file(folder), web_port=0)
    clock = Clock()
    app = app_of(settings, practice=True, clock=clock, chance=SameChance(), folder=folder)
    async with app.running() as server:
        yield Running(app, server.address, clock)


@pytest_asyncio.fixture(loop_scope="session")
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    """A program for one test alone."""
    async with start(tmp_path) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def sit(chromium: Browser, running: Running) -> AsyncIterator[Sit]:
    """Has somebody sit down at a browser. Whatever their browsers complain about fails the test."""
    people: list[Person] = []
    async with AsyncExitStack() as stack:

        async def sit_down(*, script: bool = True, width: int = 1280) -> Person:
            context = await chromium.new_context(
                java_script_enabled=script,
                locale="en-GB",
                timezone_id="Europe/London",
                viewport={"width": width, "height": 900},
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            person = Person(await context.new_page(), running.address, script=script)
            people.append(person)
            return person

        yield sit_down
        complaints = [each for person in people for each in person.complaints]
    assert complaints == []
