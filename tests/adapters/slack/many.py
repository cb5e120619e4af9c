"""The program for many workspaces: each adds it by itself, with a token of its own that expires."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from pydantic import SecretStr

from adapters.slack import manifest
from adapters.slack.manifest import EVENTS_PATH, INSTALL_PATH
from bot.app import App
from bot.settings import Settings
from tests.adapters.five import NAMES, Time
from tests.adapters.platform import PACK
from tests.adapters.slack.team import HTTP, QUICK, Team
from tests.contents import app_of
from tests.databases import a_file
from tests.patience import PATIENCE
from tests.slack.record import Workspace
from tests.slack.server import SlackServer

PUBLIC = "https://shoes.example.org"
COOKIE = "__Host-shoes-slack"


@dataclass
class Door:
    """Where people add a program to their workspace."""

    server: SlackServer
    session: aiohttp.ClientSession
    address: str

    async def begin(self, cookie: str = "") -> tuple[str, str]:
        """Press "Add to Slack": the page at Slack, and the cookie that was set."""
        headers = {"cookie": f"{COOKIE}={cookie}"} if cookie else {}
        url = f"{self.address}{INSTALL_PATH}"
        async with self.session.get(url, headers=headers, allow_redirects=False) as answer:
            assert answer.status == 302
            said = answer.headers["set-cookie"]
            assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(said.split("; "))
            return answer.headers["location"], said.partition(";")[0].partition("=")[2]

    async def come_back(self, address: str, cookie: str) -> tuple[int, str]:
        """Slack sends the browser back: the status, and what the page says."""
        assert address.startswith(PUBLIC)
        here = f"{self.address}{address.removeprefix(PUBLIC)}"
        headers = {"cookie": f"{COOKIE}={cookie}"} if cookie else {}
        async with self.session.get(here, headers=headers, allow_redirects=False) as answer:
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            return answer.status, await answer.text()

    async def add(self, workspace: Workspace, scopes: tuple[str, ...] | None = None) -> None:
        """Somebody of a workspace adds the program to it."""
        page, cookie = await self.begin()
        back = self.server.oauth.agree(workspace.app, workspace, page, scopes)
        status, told = await self.come_back(back, cookie)
        assert status == 200, told
        assert "In My Shoes is in your workspace" in told


@dataclass
class Many(Door):
    """A program that is running."""

    app: App
    time: Time

    def team(self, workspace: Workspace) -> Team:
        """Its people."""
        return Team(self.server, workspace, self.app, self.time)


def people_of(server: SlackServer, id: str, name: str, prefix: str = "") -> Workspace:
    """A workspace whose people and channel have the ids that they have in every other."""
    made = server.workspace(id, name, scopes=())
    for each in NAMES:
        made.user(f"U{each.upper()}", f"{prefix}{each.title()}")
    made.channel("C1", "ward-4", members=tuple(f"U{each.upper()}" for each in NAMES), bot=False)
    return made


def settings_of(server: SlackServer, folder: Path) -> Settings:
    """The settings of a program that anybody can add."""
    return Settings(
        database_url=a_file(folder),
        secret_key=SecretStr("a secret that only these tests have"),
        web_port=0,
        public_url=PUBLIC,
        content_paths=str(PACK),
        slack_signing_secret=SecretStr(server.app.signing_secret),
        slack_client_id=server.app.client_id,
        slack_client_secret=SecretStr(server.app.client_secret),
        slack_api_url=server.api_url,
    )


@contextlib.asynccontextmanager
async def slack_for_many() -> AsyncIterator[tuple[SlackServer, Time]]:
    """A server with an app whose tokens expire."""
    time = Time()
    async with SlackServer(clock=time.seconds, ack_within=PATIENCE, retries=QUICK) as server:
        server.app.deliver, server.app.rotates = HTTP, True
        server.app.events = frozenset(manifest.EVENTS)
        yield server, time
        assert server.faults_of_ours == []


@contextlib.asynccontextmanager
async def running(server: SlackServer, time: Time, folder: Path) -> AsyncIterator[Many]:
    """The program, and a browser."""
    app = app_of(settings_of(server, folder), practice=False, clock=time, folder=folder, paced=False)
    async with aiohttp.ClientSession() as session, app.running() as web:
        server.app.url = f"{web.address}{EVENTS_PATH}"
        assert app.slack is not None
        await app.slack.reached()
        assert urlsplit(web.address).hostname == "127.0.0.1"
        yield Many(server, session, web.address, app, time)


@contextlib.asynccontextmanager
async def many(folder: Path) -> AsyncIterator[Many]:
    """Both."""
    async with slack_for_many() as (server, time), running(server, time, folder) as program:
        yield program
