"""A running Discord test server, and the real discord.py connected to it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import discord
import pytest
import pytest_asyncio
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord import published
from tests.discord.people import Person
from tests.discord.record import Can, Channel, Guild
from tests.discord.server import DiscordServer
from tests.patience import PATIENCE


class Clock:
    """A clock that stands still until a test moves it, in seconds since 1970."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def answer_within() -> float:
    """What a test about the three seconds of Discord sets to them: no other is about time."""
    return PATIENCE


@pytest_asyncio.fixture
async def server(clock: Clock, answer_within: float) -> AsyncIterator[DiscordServer]:
    async with DiscordServer(clock=clock, answer_within=answer_within) as started:
        yield started
    # The judge is judged: every answer of its own is as Discord describes it.
    calls = [published.answer_problems(each.name, each.answer, each.status) for each in started.calls]
    assert [problem for found in calls for problem in found] == []


@pytest.fixture
def addresses(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py looks for Discord here, for one test."""
    monkeypatch.setattr(Route, "BASE", server.api_url)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))


@pytest.fixture
def north(server: DiscordServer) -> Guild:
    return server.guild("200000000000000001", "North")


@pytest.fixture
def team(north: Guild) -> Channel:
    return north.channel("300000000000000001", "team")


@pytest.fixture
def ada(server: DiscordServer, north: Guild) -> Person:
    return server.person(north, "400000000000000001", "Ada")


@pytest.fixture
def ben(server: DiscordServer, north: Guild) -> Person:
    return server.person(north, "400000000000000002", "Ben", permissions=Can.MANAGE_GUILD)


class Bot(discord.Client):
    """A bare discord.py client with a command tree. `heard` are the names of events, in order."""

    def __init__(self, intents: discord.Intents, **options: Any) -> None:
        super().__init__(
            intents=intents,
            guild_ready_timeout=0.05,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            **options,
        )
        self.tree = app_commands.CommandTree(self)
        self.said: list[discord.Message] = []
        self.edited: list[discord.RawMessageUpdateEvent] = []
        self.deleted: list[discord.RawMessageDeleteEvent] = []
        self.lit: list[discord.RawReactionActionEvent] = []
        self.threads: list[discord.Thread] = []
        self.resumed = 0

    async def on_message(self, message: discord.Message) -> None:
        self.said.append(message)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        self.edited.append(event)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self.deleted.append(event)

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        self.lit.append(event)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        self.lit.append(event)

    async def on_thread_create(self, thread: discord.Thread) -> None:
        self.threads.append(thread)

    async def on_resumed(self) -> None:
        self.resumed += 1


def intents(**more: bool) -> discord.Intents:
    """What the game asks for; a test takes some away."""
    asked = {"guilds", "guild_messages", "guild_reactions", "message_content", "dm_messages"}
    chosen = {**dict.fromkeys(asked, True), **more}
    return discord.Intents(**chosen)


Connect = Callable[[Bot], Awaitable[Bot]]


@pytest_asyncio.fixture
async def connect(server: DiscordServer, addresses: None) -> AsyncIterator[Connect]:
    """Connect a bot, commands synchronised; it is disconnected at the end."""
    async with AsyncExitStack() as stack:

        async def connected(bot: Bot) -> Bot:
            await bot.login(server.token)
            stack.push_async_callback(bot.close)
            if bot.tree.get_commands() or bot.tree.get_commands(type=discord.AppCommandType.message):
                await bot.tree.sync()
            running = asyncio.create_task(bot.connect())

            async def stop() -> None:
                await bot.close()
                running.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await running

            stack.push_async_callback(stop)
            await asyncio.wait_for(bot.wait_until_ready(), PATIENCE)
            return bot

        yield connected
