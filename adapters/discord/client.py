"""Connects to Discord, stays connected, and listens: what comes goes to `answering` and `threads`."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.http import Route

from adapters.discord import parse, render
from adapters.discord.answering import Answering
from adapters.discord.chat import DiscordChat
from adapters.discord.limits import (
    ASK_SECONDS,
    GUILDS_SECONDS,
    IDENTIFIES_AN_HOUR,
    IDENTIFY_GAP_SECONDS,
    LONGEST_RECONNECT_WAIT,
    STOP_SECONDS,
)
from adapters.discord.threads import Threads
from bot.background import Background
from bot.service import Service

HOUR = 3600.0  # seconds

# It would warn at each start that it cannot speak: nobody here wants it to.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

log = structlog.get_logger()


class TooOften(Exception):
    """We have said so often who we are that we had better wait."""


class DiscordRefused(Exception):
    """A token that Discord does not take, or no answer. Says in a sentence what to do."""


REFUSED = (
    "Discord does not take SHOES_DISCORD_TOKEN. Please open your app on Discord's pages for"
    ' developers, go to "Bot", press "Reset Token", and copy the new one.'
)


async def application_id(token: str, api_url: str = "") -> int:
    """The application that a token belongs to. Raises DiscordRefused."""
    if api_url:
        Route.BASE = api_url
    asking = discord.Client(intents=discord.Intents.none())
    try:
        async with asking, asyncio.timeout(ASK_SECONDS):
            await asking.login(token)
    except discord.LoginFailure:
        raise DiscordRefused(REFUSED) from None
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError):
        raise DiscordRefused(
            "Discord cannot be reached just now. Please try again, or use --application-id with the"
            ' "Application ID" that stands on the page "General Information" of your app.'
        ) from None
    assert asking.application_id is not None
    return asking.application_id


class Gateway(discord.AutoShardedClient):
    """discord.py's own client, with listeners that hand everything on."""

    def __init__(self, owner: DiscordClient, intents: discord.Intents) -> None:
        super().__init__(
            intents=intents,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=GUILDS_SECONDS,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self._owner = owner
        self.tree = _Tree(self)

    async def setup_hook(self) -> None:
        """Before the connection: Discord is told the commands."""
        self._owner.answering.add_commands(self.tree)
        await self.tree.sync()

    async def before_identify_hook(self, _shard_id: int | None, *, initial: bool = False) -> None:
        """See Client."""
        await self._owner.before_identify(initial=initial)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A button, or a form that was sent. Commands come by their own ways.

        What a button does stands in its custom_id alone, so it works after a restart and after its
        message was changed. discord.py's own DynamicItem looks for it in the message as that is now,
        and where it is no longer there, nobody answers.
        """
        data: Mapping[str, Any] = interaction.data or {}
        custom_id = str(data.get("custom_id", ""))
        match interaction.type:
            case discord.InteractionType.component:
                pressing = self._owner.answering.pressed(interaction, render.action_of(custom_id), {})
            case discord.InteractionType.modal_submit:
                pressing = self._owner.answering.pressed(interaction, custom_id, parse.values(data))
            case _:
                return
        await self._owner.in_hand(pressing)

    async def on_message(self, message: discord.Message) -> None:
        """Words in a thread."""
        await self._owner.in_hand(self._owner.threads.hear(message))

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Other words in a thread."""
        await self._owner.in_hand(self._owner.threads.hear(event.message))

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Words that are gone."""
        await self._owner.in_hand(
            self._owner.threads.unhear(self, event.guild_id, event.channel_id, (event.message_id,))
        )

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Many at once."""
        await self._owner.in_hand(
            self._owner.threads.unhear(self, event.guild_id, event.channel_id, tuple(event.message_ids))
        )

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """A lightbulb, perhaps."""
        await self._owner.in_hand(self._owner.threads.light(self, event, on=True))

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """A lightbulb taken away, perhaps."""
        await self._owner.in_hand(self._owner.threads.light(self, event, on=False))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """After a new session everything since the last one is lost: threads are read again."""
        self._owner.read_back(self, guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The same for a guild that is new."""
        self._owner.read_back(self, guild)

    async def on_error(self, event: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Without its arguments: they hold what somebody wrote."""
        log.error("could not take what Discord sent", verb=event, exc_info=True)


class _Tree(app_commands.CommandTree[Gateway]):
    async def on_error(
        self, _interaction: discord.Interaction[Gateway], error: app_commands.AppCommandError, /
    ) -> None:
        """Logged without its words."""
        log.error("a command failed", exc_info=error)


class DiscordClient:
    """The game in Discord."""

    def __init__(
        self,
        service: Service,
        chat: DiscordChat,
        clock: Callable[[], datetime],
        *,
        token: str,
        reads_threads: bool,
        api_url: str = "",
        gateway_url: str = "",
        identify_gap: float = IDENTIFY_GAP_SECONDS,
    ) -> None:
        self.chat = chat
        self._clock = clock
        self._token = token
        self._reads_threads = reads_threads
        if api_url:
            Route.BASE = api_url
        if gateway_url:
            gateway = discord.gateway.DiscordWebSocket
            gateway.DEFAULT_GATEWAY = type(gateway.DEFAULT_GATEWAY)(gateway_url)
        self._gateway: Gateway | None = None
        self._stopping = False
        self._identify_gap = identify_gap
        self._identified: deque[float] = deque()  # when, by the loop's clock, in the last hour
        self._again_at: datetime | None = None  # when Discord lets us connect again, if it does not now
        self._background = Background("could not tell somebody on Discord")
        self._in_hand = 0
        self._done = asyncio.Event()
        self.answering = Answering(service, chat, clock, self._background, reads_threads=reads_threads)
        self.threads = Threads(service, chat, clock)

    # --- connecting ------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connected until the block is left. A token that is not taken stops the start."""
        connecting = asyncio.create_task(self._connect(await self._login()), name="discord")
        try:
            yield
        finally:
            self._stopping = True
            connecting.cancel()
            if self._gateway is not None:
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    await self._gateway.close()
            await asyncio.wait({connecting})
            with contextlib.suppress(TimeoutError):
                await self._background.idle(STOP_SECONDS)

    def _intents(self) -> discord.Intents:
        """Nothing but what is needed (Gateway: list of intents)."""
        reads = self._reads_threads
        return discord.Intents(
            guilds=True, guild_messages=reads, message_content=reads, guild_reactions=reads
        )

    async def _login(self) -> Gateway | None:
        """A new client with the token checked; None where Discord cannot be reached just now."""
        gateway = self._gateway = Gateway(self, self._intents())
        try:
            await gateway.login(self._token)
        except discord.LoginFailure:
            await gateway.close()
            raise DiscordRefused(REFUSED) from None
        except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as error:
            await gateway.close()
            log.warning("Discord cannot be reached just now", error=type(error).__name__)
            return None
        self.chat.connected(gateway.http)
        return gateway

    async def _connect(self, gateway: Gateway | None) -> None:
        """Stay connected. discord.py resumes by itself; a mistake in what Discord sends ends it for good,
        and so a new client begins again.
        """
        wait = 1.0
        while True:
            began = asyncio.get_running_loop().time()
            try:
                gateway = gateway or await self._login()
                if gateway is not None:
                    await self._until_it_may_identify(gateway)
                    await gateway.connect()
            except discord.PrivilegedIntentsRequired:
                log.error(
                    "Discord does not let us read messages: switch on the Message Content Intent on the"
                    ' page "Bot" of your app, or set SHOES_DISCORD_READ_THREADS to false'
                )
                return
            except DiscordRefused as refused:
                log.error(f"not connected to Discord: {refused}")
                return
            except TooOften:
                pass  # the new client waits before it connects
            except Exception as error:
                log.warning("the connection to Discord ended, beginning again", exc_info=error)
            finally:
                self.chat.disconnected()
                if gateway is not None:
                    await _end(gateway)
            gateway = None
            if self._stopping:
                return  # while it connects again, discord.py takes no cancellation
            if asyncio.get_running_loop().time() - began > LONGEST_RECONNECT_WAIT:
                wait = 1.0
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_RECONNECT_WAIT)

    async def before_identify(self, *, initial: bool) -> None:
        """Wait where Discord wants it. Raises TooOften: a thousand times a day we may say who we are."""
        if not initial:  # the first comes right after we asked
            assert self._gateway is not None
            try:
                wait = await self._wait_to_identify(self._gateway, 1)
            except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError):
                wait = self._own_wait()
            if wait:
                raise TooOften
            await asyncio.sleep(self._identify_gap)
        self._identified.append(asyncio.get_running_loop().time())

    async def _until_it_may_identify(self, gateway: Gateway) -> None:
        """Back once we may say who we are. discord.py would try every 5 s, and Discord reset the token."""
        try:
            while wait := await self._wait_to_identify(gateway):
                self._again_at = self._clock() + timedelta(seconds=wait)
                log.warning(_too_often(self._again_at))
                await asyncio.sleep(wait)
        finally:
            self._again_at = None

    async def _wait_to_identify(self, gateway: Gateway, shards: int = 0) -> float:
        """Seconds until so many shards may say who they are, by our own count and Discord's; 0: now."""
        wanted, _url, limit = await gateway.http.get_bot_gateway()
        left = limit["remaining"] >= (shards or wanted)
        return max(self._own_wait(), 0.0 if left else limit["reset_after"] / 1000)

    def _own_wait(self) -> float:
        now = asyncio.get_running_loop().time()
        while self._identified and now - self._identified[0] > HOUR:
            self._identified.popleft()
        return HOUR - (now - self._identified[0]) if len(self._identified) >= IDENTIFIES_AN_HOUR else 0.0

    async def trouble(self) -> str:
        """What is wrong, in one sentence; empty if nothing is."""
        if self._again_at is not None:
            return _too_often(self._again_at)
        gateway = self._gateway
        # discord.py stays "ready" while it looks for a connection that it lost.
        connected = gateway is not None and gateway.is_ready() and not gateway.is_closed()
        lost = gateway is not None and any(each.is_closed() for each in gateway.shards.values())
        return "" if connected and not lost else "Discord is not connected."

    def read_back(self, gateway: Gateway, guild: discord.Guild) -> None:
        """See Threads, where we may read them."""
        if self._reads_threads:
            self._background.later(self.threads.read_back(gateway, guild))

    async def in_hand(self, work: Awaitable[None]) -> None:
        """Do it, and be known to do it."""
        self._in_hand += 1
        try:
            await work
        finally:
            self._in_hand -= 1
            self._done.set()

    async def idle(self) -> None:
        """Back once everything that came was taken, and everything that was to be told has been told."""
        while self._in_hand or self._background.busy:
            if self._background.busy:
                await self._background.idle()
            else:
                self._done.clear()
                await self._done.wait()

    def heard(self) -> int:
        """The number of the last thing that Discord sent."""
        assert self._gateway is not None
        return self._gateway._get_websocket(shard_id=0).sequence or 0


async def _end(gateway: Gateway) -> None:
    """Close it, and what discord.py forgets: a socket whose beginning failed goes on with its heartbeat."""
    beating = [each for each in threading.enumerate() if isinstance(each, discord.gateway.KeepAliveHandler)]
    with contextlib.suppress(aiohttp.ClientError, OSError):
        await gateway.close()
    for each in beating:
        if each.ws._connection is gateway._connection:
            with contextlib.suppress(aiohttp.ClientError, OSError):
                await each.ws.close()


def _too_often(again_at: datetime) -> str:
    return f"Discord lets us connect again at {again_at:%H:%M} UTC: we connected too often."
