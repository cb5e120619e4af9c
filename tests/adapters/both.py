"""One program in a Slack workspace and in a Discord guild at once, with five people in each."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr

from tests.adapters.discord import team as discord
from tests.adapters.five import Time
from tests.adapters.slack import team as slack
from tests.adapters.slack.team import HTTP, SOCKET
from tests.contents import app_of
from tests.discord.server import DiscordServer
from tests.patience import PATIENCE
from tests.slack.server import SlackServer

EVERYWHERE = pytest.mark.parametrize(
    "platform, by", [("slack", SOCKET), ("slack", HTTP), ("discord", SOCKET)]
)
"""A story that is told on one of the two; `by`: how Slack reaches the program."""


@dataclass(frozen=True)
class Both:
    """A team on each platform; the clock is one."""

    slack: slack.Team
    discord: discord.Team
    time: Time

    async def settled(self) -> None:
        """Back when nothing is on its way any more on either platform."""
        await self.slack.settled()
        await self.discord.settled()
        await self.slack.settled()

    async def at(self, moment: datetime) -> None:
        """The time comes, and what is due goes out."""
        self.time.now = moment
        await self.settled()


@contextlib.asynccontextmanager
async def both(folder: Path, by: str = SOCKET) -> AsyncIterator[Both]:
    """At the end nothing was sent that either platform does not take. `by`: how Slack reaches the program."""
    time = Time()
    async with contextlib.AsyncExitStack() as stack:
        of_slack = SlackServer(clock=time.seconds, ack_within=PATIENCE, retries=slack.QUICK)
        of_discord = DiscordServer(clock=time.seconds, answer_within=PATIENCE)
        await stack.enter_async_context(of_slack)
        await stack.enter_async_context(of_discord)
        of_slack.app.deliver = by
        workspace, guild = slack.a_workspace(of_slack), discord.a_guild(of_discord)
        settings = slack.settings_of(of_slack, workspace, folder).model_copy(
            update={
                "discord_token": SecretStr(of_discord.token),
                "discord_api_url": of_discord.api_url,
                "discord_gateway_url": of_discord.gateway_url,
                "discord_read_threads": True,
            }
        )
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(Route, "BASE", Route.BASE)  # the program sets both: they are put back
        patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
        app = app_of(settings, practice=False, clock=time, folder=folder, paced=False)
        web = await stack.enter_async_context(app.running())
        await slack.reached(of_slack, workspace.app, app, web.address)
        await of_discord.ready()
        found = Both(
            slack.Team(of_slack, workspace, app, time), discord.Team(of_discord, guild, app, time), time
        )
        await found.discord.connected()
        yield found
        assert of_slack.faults_of_ours == []
        assert of_discord.faults_of_ours == []
