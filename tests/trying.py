"""Try the bot by hand: what every platform's page in the browser shares, and the bot beside it."""

from __future__ import annotations

import abc
import asyncio
import os
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from aiohttp import web

from tests.ports import a_port

Json = dict[str, Any]
P = TypeVar("P")

ROOT = Path(__file__).resolve().parents[1]
STYLE = Path(__file__).with_name("trying.css")
NAMES = ("Ada Lovell", "Ben Okoro", "Cerys Morgan", "Dev Patel", "Ewa Nowak")
START_SECONDS = 30.0
STOP_SECONDS = 10.0


class BotEnded(Exception):
    """The bot is not there (any more). Says so in one sentence."""


class Page(abc.ABC, Generic[P]):
    """The place that the page shows, and what the page may ask for. `P` is one of its people."""

    platform: ClassVar[str]
    html: ClassVar[Path]
    fails: ClassVar[type[Exception]]  # what the client of a person shows when the bot does not answer

    # --- what each platform does in its own way ----------------------------------------------------

    @abc.abstractmethod
    def furnish(self) -> None:
        """Five people and three channels."""

    @abc.abstractmethod
    def settings(self) -> dict[str, str]:
        """What the bot needs to find this platform."""

    @abc.abstractmethod
    def connections(self) -> int:
        """How many the bot has."""

    @abc.abstractmethod
    def person(self, id: str) -> P:
        """Somebody of the five."""

    @abc.abstractmethod
    def state(self, me: P, where: str) -> Json:
        """Everything that the page shows to one person in one channel."""

    @abc.abstractmethod
    async def do(self, me: P, asked: Mapping[str, Any]) -> str:
        """Do what one person asked for on the page. Returns what to tell them; nothing if all is well."""

    async def started(self, folder: str) -> None:
        """The bot runs in `folder`, and has connected."""

    # --- the page ----------------------------------------------------------------------------------

    def serve(self, app: web.Application) -> None:
        """Serve the page beside the API."""
        app.router.add_get("/", self._home)
        app.router.add_get("/play", self._page)
        app.router.add_get("/play/trying.css", self._style)
        app.router.add_get("/play/state", self._state)
        app.router.add_post("/play/do", self._do)

    async def _home(self, request: web.Request) -> web.Response:
        raise web.HTTPFound("/play")

    async def _page(self, request: web.Request) -> web.Response:
        return web.Response(text=self.html.read_text(encoding="utf-8"), content_type="text/html")

    async def _style(self, request: web.Request) -> web.Response:
        return web.Response(text=STYLE.read_text(encoding="utf-8"), content_type="text/css")

    async def _state(self, request: web.Request) -> web.Response:
        me = self.person(request.query.get("as", ""))
        return web.json_response(self.state(me, request.query.get("channel", "")))

    async def _do(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return web.json_response({"error": "JSON only"}, status=415)  # other pages cannot send it
        asked = await request.json()
        me = self.person(asked.get("as", ""))
        try:
            told = await self.do(me, asked)
        except (self.fails, ValueError, LookupError) as error:
            told = str(error)
        return web.json_response({"told": told})


# --- the bot beside it ---------------------------------------------------------------------------


def environment_of(settings: Mapping[str, str], folder: str) -> dict[str, str]:
    """The environment of a bot with these settings alone, and its own database in `folder`."""
    around = {name: value for name, value in os.environ.items() if not name.startswith("SHOES_")}
    return {
        **around,
        **settings,
        "SHOES_DATABASE_URL": f"sqlite:///{folder}/shoes.db",
        "SHOES_WEB_PORT": str(a_port()),  # named, so that links to its pages are known
        "PYTHONPATH": str(ROOT),
    }


async def play_on(
    page: Page[Any], base_url: str, start_bot: bool, opened: asyncio.Future[str] | None = None
) -> None:
    """Furnish the page, and start the bot if asked for, until this is cancelled.

    `opened` is told the address.
    """
    page.furnish()
    address = f"{base_url}/play"
    async with AsyncExitStack() as stack:
        ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if start_bot:
            say("Starting the bot ...")
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            # What it says of its own page would only be a second address to choose from.
            bot = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run",
                cwd=folder, env=environment_of(page.settings(), folder), stdout=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            stack.push_async_callback(_stop, bot)
            ended = asyncio.ensure_future(bot.wait())
            await connected(page.connections, ended)
            await page.started(folder)
        else:
            say("Start a bot with:")
            for name, value in page.settings().items():
                say(f"  {name}={value}")
        say(f"{page.platform} is open at {address}")
        say("Press Ctrl+C to stop.")
        if opened:
            opened.set_result(address)
        if start_bot and (os.environ.get("DISPLAY") or sys.platform in {"darwin", "win32"}):
            webbrowser.open(address)
        await ended
        raise BotEnded("The bot has stopped: what it said last stands above.")


async def connected(connections: Callable[[], int], ended: asyncio.Future[Any]) -> None:
    """Back once the bot has connected. Raises BotEnded if it did not start."""
    try:
        async with asyncio.timeout(START_SECONDS):
            while not connections():
                if ended.done():
                    raise BotEnded("The bot could not start: what it said stands above.")
                await asyncio.wait({ended}, timeout=0.05)
    except TimeoutError:
        raise BotEnded(f"The bot did not connect within {START_SECONDS:.0f} seconds.") from None


async def _stop(bot: asyncio.subprocess.Process) -> None:
    if bot.returncode is None:
        with suppress(ProcessLookupError):
            bot.terminate()
    try:
        await asyncio.wait_for(bot.wait(), STOP_SECONDS)
    except TimeoutError:
        bot.kill()
        await bot.wait()


def say(line: str) -> None:
    """Print it now."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def until_stopped(play: Callable[[bool], Any]) -> int:
    """Play until Ctrl+C or a polite kill; the bot is stopped with it. Returns the exit code."""
    playing = asyncio.ensure_future(play("--bot" in sys.argv[1:]))
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, playing.cancel)
    try:
        await playing
    except asyncio.CancelledError:
        say("Stopped.")
    except BotEnded as why:
        sys.stderr.write(f"{why}\n")
        return 1
    return 0
