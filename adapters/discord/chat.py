"""Discord as a Chat: posts, threads, edits, direct messages, and what Discord's errors mean to us."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route

from adapters.discord import render
from adapters.discord.limits import (
    ACTION_LENGTH,
    CALL_SECONDS,
    CALLS_A_SECOND,
    CONNECTING_SECONDS,
    EDIT_GAP_SECONDS,
    LOOKED_AT,
    NONCE_LENGTH,
    THREAD_MINUTES,
    THREAD_NAME,
)
from adapters.discord.seeing import sees
from bot.chat import (
    Capabilities,
    ChannelGone,
    ContentRefused,
    DeliveryFailed,
    MessageRef,
    PostGone,
    ReplyLost,
    TryLater,
    WhisperClosed,
)
from bot.game.model import ChannelId, PlayerId
from bot.messages import Form, Message
from bot.pace import Turns
from bot.recent import Recent
from bot.rendering import Place
from bot.spots import RETRY_SECONDS, Spots
from bot.views.words import string
from storage.database import Database

PLATFORM = "discord"
THREADS = frozenset({10, 11, 12})  # Reference: channel types
COMPONENTS_V2 = 1 << 15  # Reference: message flags

UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MESSAGE = 10003, 10004, 10008
MISSING_ACCESS, CANNOT_TELL, NOT_ALLOWED = 50001, 50007, 50013
ARCHIVED, HAS_THREAD = 50083, 160004
"""Discord's own numbers (Reference: JSON error codes)."""


class DiscordChat:
    """Implements `bot.chat.Chat`. `paced`: no more calls than Discord wants."""

    def __init__(self, database: Database, *, paced: bool = True) -> None:
        self._spots = Spots(database)
        self._http: HTTPClient | None = None
        self._pace = Turns(CALLS_A_SECOND) if paced else None
        self._direct: Recent[str, str] = Recent()
        self.capabilities = Capabilities(
            whispers_any_time=False,
            action_length=ACTION_LENGTH,
            reads_threads=True,
            finds_own_posts=True,
            tells_who_left=True,
            edit_gap=EDIT_GAP_SECONDS if paced else 0.0,
        )

    def connected(self, http: HTTPClient) -> None:
        """From now on there is a way to call."""
        self._http = http
        if self._pace is not None:
            self._pace.rest(CONNECTING_SECONDS)

    def disconnected(self) -> None:
        """From now on there is none, until there is a new one."""
        self._http = None

    def forget(self, channel: ChannelId) -> None:
        """It goes by another clock now."""
        self._spots.forget(channel)

    def fits(self, message: Message) -> bool:
        """See Chat."""
        return render.fits(message)

    async def post(
        self, channel: ChannelId, message: Message, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """See Chat. Where people are to talk under a post, its thread is opened at once."""
        spot = await self._spots.of(channel)
        sent = await self.shown(channel, message, key=key)
        sent |= {"nonce": key[-NONCE_LENGTH:], "enforce_nonce": True}
        if thread is not None:
            await self._thread(spot.channel, thread, message)
        answer = await self._call(
            "POST", "/channels/{channel_id}/messages", json=sent, channel_id=thread or spot.channel
        )
        ref = _ref(answer["id"], thread)
        if message.talk and thread is None:
            await self._thread(spot.channel, ref, message)
        return ref

    async def edit(self, channel: ChannelId, ref: MessageRef, message: Message) -> None:
        """See Chat. A reference says in which thread the post stands."""
        spot = await self._spots.of(channel)
        shown = await self.shown(channel, message)
        where, _, id = ref.rpartition("/")
        await self._call(
            "PATCH",
            "/channels/{channel_id}/messages/{message_id}",
            json=shown,
            channel_id=where or spot.channel,
            message_id=id,
        )

    async def find(
        self, channel: ChannelId, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef | None:
        """See Chat. Our posts carry a number made of their key, which nobody sees."""
        spot = await self._spots.of(channel)
        mark = _mark(key)
        try:
            found = await self._call(
                "GET",
                "/channels/{channel_id}/messages",
                params={"limit": LOOKED_AT},
                channel_id=thread or spot.channel,
            )
        except (ChannelGone, PostGone):
            return None
        for each in found:
            if any(component.get("id") == mark for component in each.get("components", ())):
                return _ref(each["id"], thread)
        return None

    async def whisper(self, channel: ChannelId, player: PlayerId, message: Message, *, key: str) -> None:
        """See Chat. A direct message, which people may have closed."""
        sent = await self.shown(channel, message, key=key)
        sent |= {"nonce": key[-NONCE_LENGTH:], "enforce_nonce": True}
        try:
            direct = self._direct.get(player.user)
            if direct is None:
                opened = await self._call("POST", "/users/@me/channels", json={"recipient_id": player.user})
                direct = self._direct.keep(player.user, str(opened["id"]))
            await self._call("POST", "/channels/{channel_id}/messages", json=sent, channel_id=direct)
        except (ChannelGone, WhisperClosed):
            # That one person cannot be reached says nothing of the channel that it is about.
            raise WhisperClosed from None

    async def takes_part(self, channel: ChannelId, player: PlayerId) -> bool:
        """See Chat. Asked anew each time: what we remember may be older than what was taken from somebody."""
        spot = await self._spots.of(channel)
        try:
            member = await self._call(
                "GET", "/guilds/{guild_id}/members/{user_id}", guild_id=spot.community, user_id=player.user
            )
            guild = await self._call("GET", "/guilds/{guild_id}", guild_id=spot.community)
            there = await self._call("GET", "/channels/{channel_id}", channel_id=spot.channel)
            if there["type"] in THREADS:  # it has what its channel has
                there = await self._call("GET", "/channels/{channel_id}", channel_id=there["parent_id"])
        except ChannelGone:
            return False
        return sees(guild, there, member)

    # --- also for the client ---------------------------------------------------------------

    async def shown(self, channel: ChannelId, message: Message, *, key: str = "") -> dict[str, Any]:
        """The body of a message, with links to the cards that it names. `key` is hidden in it."""
        return body(render.message(message, await self.place(channel, message)), key)

    async def place(self, channel: ChannelId, content: Message | Form) -> Place:
        """Where something is shown, with the addresses of the cards that it names.

        `channel` may be empty: a command in a place where nobody has played.
        """
        if not channel:
            return Place(channel=channel)
        spot = await self._spots.of(channel)
        cards = await self._spots.cards(channel, content)
        links = {round: render.address(spot.community, spot.channel, ref) for round, ref in cards.items()}
        return Place(channel=channel, links=links.get, zone=spot.zone)

    async def replies(self, thread: str, after: str) -> list[dict[str, Any]]:
        """A page of what stands in a thread, the oldest first, from after a message on."""
        found = await self._call(
            "GET",
            "/channels/{channel_id}/messages",
            params={"limit": LOOKED_AT, "after": after},
            channel_id=thread,
        )
        return sorted(found, key=lambda each: int(each["id"]))

    async def reacted(self, thread: str, message: str, emoji: str) -> list[str]:
        """The ids of all who put an emoji on a message."""
        found: list[str] = []
        while True:
            page = await self._call(
                "GET",
                "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}",
                params={"limit": LOOKED_AT, **({"after": found[-1]} if found else {})},
                channel_id=thread,
                message_id=message,
                emoji=emoji,
            )
            found += [str(each["id"]) for each in page]
            if len(page) < LOOKED_AT:
                return found

    async def _thread(self, channel: str, card: MessageRef, message: Message) -> None:
        """Open the thread of a card, if it is not open yet. It has the card's own id."""
        name = render.cut(string(message.talk or message.summary), THREAD_NAME)
        try:
            await self._call(
                "POST",
                "/channels/{channel_id}/messages/{message_id}/threads",
                json={"name": name, "auto_archive_duration": THREAD_MINUTES},
                channel_id=channel,
                message_id=card,
            )
        except _HasThread:
            return

    async def _call(self, verb: str, path: str, **arguments: Any) -> Any:
        """One call. discord.py keeps the buckets; the pace of all calls is ours."""
        if self._http is None:
            raise TryLater(RETRY_SECONDS)
        json, params = arguments.pop("json", None), arguments.pop("params", None)
        if self._pace is not None:
            await self._pace.turn()
        extra = {name: value for name, value in (("json", json), ("params", params)) if value is not None}
        return await delivered(self._http.request(Route(verb, path, **arguments), **extra))


def body(rendered: render.Rendered, key: str = "") -> dict[str, Any]:
    """A message as Discord takes it. A `key` becomes the number of its first component, which nobody sees."""
    components = rendered.components
    if key:
        components[0] = {**components[0], "id": _mark(key)}
    return {"components": components, "flags": COMPONENTS_V2, "allowed_mentions": {"parse": []}}


def _mark(key: str) -> int:
    """A number for a component (Reference: component `id`, 32 bits, not 0)."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) >> 1 | 1 << 20


class _HasThread(DeliveryFailed):
    """The card has its thread already."""


async def delivered(call: Awaitable[Any], within: float = CALL_SECONDS) -> Any:
    """The answer to a call, or what its failure means. A failure holds no words of the message."""
    try:
        async with asyncio.timeout(within):  # makes no task of its own
            return await call
    except discord.HTTPException as error:
        raise meaning(error) from None
    except (aiohttp.ClientConnectorError, RuntimeError):
        # It was never sent: there is nobody there, or our side of the connection is closed already.
        raise TryLater(RETRY_SECONDS) from None
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise ReplyLost from None


def meaning(error: discord.HTTPException) -> DeliveryFailed:
    """What an error of Discord's means to us."""
    match error.code:
        case code if code == HAS_THREAD:
            return _HasThread()
        case code if code == UNKNOWN_MESSAGE:
            return PostGone()
        case code if code == CANNOT_TELL:
            return WhisperClosed()
        case code if code in {UNKNOWN_CHANNEL, UNKNOWN_GUILD, MISSING_ACCESS, NOT_ALLOWED, ARCHIVED}:
            return ChannelGone()
    match error.status:
        case 401 | 403 | 404:
            return ChannelGone()
        case 429:
            return TryLater(RETRY_SECONDS, everywhere=True)
        case status if status >= 500:
            return ReplyLost()
        case _:
            return ContentRefused()


def _ref(id: object, thread: str | None) -> MessageRef:
    return MessageRef(f"{thread}/{id}" if thread else str(id))
