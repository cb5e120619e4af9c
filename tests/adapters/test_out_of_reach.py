"""A platform out of reach, at the start or later: `/readyz` says so, and the browser rooms play on."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app import App
from bot.game.model import Policy
from tests.adapters.both import EVERYWHERE
from tests.adapters.browser import browser_rooms
from tests.adapters.discord.guild import discord_rooms
from tests.adapters.slack.team import HTTP
from tests.adapters.slack.workspace import slack_rooms
from tests.builders import NOON
from tests.discord.server import DiscordServer
from tests.patience import PATIENCE
from tests.slack.server import SlackServer

pytestmark = pytest.mark.asyncio


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An address where nobody answers, and nobody else will listen meanwhile."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)  # the program changes both
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@EVERYWHERE
async def test_the_browser_rooms_open_while_a_platform_is_out_of_reach(
    platform: str, by: str, nowhere: str, tmp_path: Path
) -> None:
    ours = {"slack_signing_secret": "s" * 32} if by == HTTP else {"slack_app_token": "xapp-1"}
    given: dict[str, Any] = {"slack_bot_token": "xoxb-1", "slack_api_url": f"http://{nowhere}/api", **ours}
    if platform == "discord":
        given = {
            "discord_token": "a.b.c",
            "discord_api_url": f"http://{nowhere}/api/v10",
            "discord_gateway_url": f"ws://{nowhere}/gateway/",
        }
    async with (
        browser_rooms(tmp_path, **given) as rooms,
        httpx.AsyncClient(base_url=rooms.address, trust_env=False) as browser,
    ):
        ready = await browser.get("/readyz")
        assert (ready.status_code, ready.text) == (503, f"{platform.title()} is not connected.\n")
        assert (await browser.get("/healthz")).status_code == 200

        channel = await rooms.a_channel("ada", "ben")
        card = await rooms.deal(channel, "ada", Policy.TOGETHER)
        assert card in {each.ref for each in await rooms.seen(channel, "ben")}


async def test_a_discord_that_is_lost_is_told_in_a_sentence(tmp_path: Path) -> None:
    async with contextlib.AsyncExitStack() as reachable:
        server = await reachable.enter_async_context(
            DiscordServer(clock=NOON.timestamp, answer_within=PATIENCE)
        )
        async with discord_rooms(tmp_path, server) as rooms:
            await _says(rooms.app, "")
            await reachable.aclose()
            await _says(rooms.app, "Discord is not connected.")


# By its socket alone: where Slack calls us, there is no connection that could be lost.
async def test_a_slack_that_is_lost_is_told_in_a_sentence(tmp_path: Path) -> None:
    async with contextlib.AsyncExitStack() as reachable:
        server = await reachable.enter_async_context(SlackServer(clock=NOON.timestamp, ack_within=PATIENCE))
        async with slack_rooms(tmp_path, server) as rooms:
            await _says(rooms.app, "")
            await reachable.aclose()
            await _says(rooms.app, "Slack is not connected.")


async def _says(app: App, expected: str) -> None:
    """Back once this is what is wrong; TimeoutError if it never is."""
    async with asyncio.timeout(PATIENCE):
        while await app.trouble() != expected:  # noqa: ASYNC110 - nobody tells when it is lost
            await asyncio.sleep(0.02)
