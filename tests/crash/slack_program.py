"""The program on Slack in a process of its own, which a call to Slack can end, before or after it is done."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from adapters.slack import manifest
from adapters.slack.manifest import EVENTS_PATH
from bot import logs
from bot.actions import Verb
from bot.app import system_clock
from bot.settings import Settings
from tests.adapters.platform import PACK
from tests.adapters.slack.team import HTTP, action_of, buttons
from tests.contents import app_of
from tests.crash import program
from tests.patience import PATIENCE
from tests.ports import a_port
from tests.slack.people import Person
from tests.slack.record import Channel, Json, Post, Workspace
from tests.slack.server import SlackServer

QUICK = (0.01, 0.1, 0.5)  # seconds between the deliveries of one event


class Killing(SlackServer):
    """Ends the program at a call: `before` it is done, or `after`, when it is done and not answered."""

    def __init__(
        self,
        folder: Path,
        *,
        before: Callable[[str, Json], bool] = lambda _method, _args: False,
        after: Callable[[str, Json], bool] = lambda _method, _args: False,
    ) -> None:
        super().__init__(ack_within=PATIENCE, retries=QUICK, clock=self._time)
        self.folder = folder
        self.port = a_port()
        self.process: Any = None
        self._before, self._after = before, after
        self._ahead = 0.0
        self.move_clock(0)

    def _time(self) -> float:
        return system_clock().timestamp() + self._ahead

    def move_clock(self, ahead: float) -> None:
        """Put Slack's clock and the program's ahead of the system's, in seconds."""
        self._ahead = ahead
        (self.folder / program.CLOCK).write_text(str(ahead), encoding="ascii")

    def log(self) -> str:
        """All that the program has said so far."""
        return (self.folder / program.LOG).read_text(encoding="utf-8")

    def _wait(self, workspace: Workspace | None, name: str, args: Json) -> float:
        if self._before(name, args):
            self._kill()
            return 1  # not done; nobody hears it
        return super()._wait(workspace, name, args)

    def _note(self, workspace: str, method: str, args: Json, answer: Json, status: int) -> None:
        super()._note(workspace, method, args, answer, status)
        if self._after(method, args):
            self._kill()

    def _kill(self) -> None:
        if self.process is not None:
            self.process.kill()

    def settings(self, workspace: Workspace | None) -> dict[str, str | int]:
        """The program's settings: for one workspace, or for any that adds it."""
        slack: dict[str, str | int] = {"slack_api_url": self.api_url}
        if workspace is None:
            slack |= {
                "public_url": "https://shoes.example.org",
                "slack_signing_secret": self.app.signing_secret,
                "slack_client_id": self.app.client_id,
                "slack_client_secret": self.app.client_secret,
            }
        elif self.app.deliver == HTTP:
            slack |= {"slack_bot_token": workspace.token, "slack_signing_secret": self.app.signing_secret}
        else:
            slack |= {"slack_bot_token": workspace.token, "slack_app_token": self.app.app_token}
        return slack | {
            "database_url": f"sqlite:///{self.folder / 'shoes.db'}",
            "secret_key": SECRET,
            "web_port": self.port,
            "content_paths": str(PACK),
        }


SECRET = "a secret that only these tests have"


@contextlib.asynccontextmanager
async def killing(folder: Path, by: str, **strikes: Callable[[str, Json], bool]) -> AsyncIterator[Killing]:
    """A Slack that ends the program. Nothing was sent that it does not take."""
    async with Killing(folder, **strikes) as server:
        server.app.deliver = by
        server.app.events = frozenset(manifest.EVENTS)
        server.app.url = f"http://127.0.0.1:{server.port}{EVENTS_PATH}"
        yield server
        assert server.faults_of_ours == []


async def started(server: Killing, workspace: Workspace | None) -> bool:
    """Start it on the same files and the same port. False if it was ended before Slack could reach it."""
    children = program.children()
    told, tell = children.Pipe(duplex=False)
    process = children.Process(
        target=run, args=(server.folder, server.settings(workspace), tell), daemon=True
    )
    await asyncio.to_thread(process.start)
    server.process = process
    tell.close()
    with told:
        if not await asyncio.to_thread(_hears, told):
            await ended(server)
            return False
    if server.app.deliver != HTTP:
        # A strike may come between its start and its connection: then there is nothing to wait for.
        await server.until(lambda: server.delivery().sockets or not process.is_alive())
    return True


def _hears(told: Connection) -> bool:
    try:
        return bool(told.recv()) if told.poll(PATIENCE) else False
    except EOFError:
        return False


async def ended(server: Killing) -> None:
    """Back when the process has ended."""
    await asyncio.to_thread(server.process.join, PATIENCE)
    assert server.process.exitcode is not None, server.log()
    server.process = None


@contextlib.asynccontextmanager
async def running(server: Killing, workspace: Workspace | None) -> AsyncIterator[None]:
    """It runs until the block is left, or until it is ended in there."""
    assert await started(server, workspace), server.log()
    try:
        yield
    finally:
        if server.process is not None:
            server.process.kill()
            await ended(server)


async def press(server: SlackServer, person: Person, channel: Channel, verb: Verb) -> None:
    """The newest button that does this, once they see it."""

    def found() -> tuple[Post, str] | None:
        for post in reversed(person.sees(channel)):
            for each in buttons(post):
                action = action_of(each)
                if action is not None and action.verb is verb:
                    return post, each["action_id"]
        return None

    await server.until(found)
    there = found()
    assert there is not None
    await person.press(*there)


def run(folder: Path, settings: Mapping[str, str | int], address: Connection) -> None:
    """The process: output goes to a file, the address through a pipe once Slack can reach it."""
    program.write_to(folder / program.LOG)
    os.chdir(folder)
    logs.configure("INFO", "json")
    clock = partial(program.moved_clock, folder / program.CLOCK)

    async def app() -> None:
        made = app_of(Settings(**settings), practice=False, clock=clock, folder=folder, paced=False)  # type: ignore[arg-type] # any of the settings

        async with made.running() as web:
            assert made.slack is not None
            if not settings.get("slack_app_token"):
                await made.slack.reached()
            address.send(web.address)
            await asyncio.Event().wait()

    asyncio.run(app())
