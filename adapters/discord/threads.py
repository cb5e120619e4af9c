"""The threads of cards in Discord: words, lightbulbs, and what was missed while nobody listened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import discord
import structlog

from adapters.discord import parse
from adapters.discord.chat import PLATFORM, DiscordChat
from bot.chat import DeliveryFailed, Heard, Lit, MessageRef, Unheard, reply_id
from bot.game.model import ChannelId, CommunityId, PlayerId
from bot.service import Service
from storage.thread import OpenThread

log = structlog.get_logger()


class Threads:
    """Hands on what is said and done in threads. `client` is the one that heard it."""

    def __init__(self, service: Service, chat: DiscordChat, clock: Callable[[], datetime]) -> None:
        self._service = service
        self._chat = chat
        self._clock = clock

    async def hear(self, message: discord.Message) -> None:
        """Words in a thread, new or edited."""
        written = parse.written(message)
        if written is None:
            return
        place = await self._service.place(PLATFORM, written.guild, written.channel)
        if place is None:
            return
        heard = Heard(
            player=PlayerId(PLATFORM, place.community.id, written.user),
            channel=place.id,
            thread=MessageRef(written.thread),
            reply=MessageRef(parse.reply(written.thread, written.ref)),
            words=written.words,
            at=written.at,
            version=written.version,
            name=written.name,
        )
        await self._service.hear(heard, self._clock())

    async def unhear(
        self, client: discord.Client, guild: int | None, thread: int, messages: Iterable[int]
    ) -> None:
        """Words in a thread that are gone."""
        place = await self._thread_place(client, guild, thread)
        for each in messages if place else ():
            gone = Unheard(
                channel=place, thread=MessageRef(str(thread)), reply=MessageRef(parse.reply(thread, each))
            )
            await self._service.unhear(gone, self._clock())

    async def light(self, client: discord.Client, event: discord.RawReactionActionEvent, *, on: bool) -> None:
        """A lightbulb put on a reply, or taken off. Discord sends no time: what comes later counts."""
        if not parse.is_lightbulb(event.emoji):
            return
        place = await self._thread_place(client, event.guild_id, event.channel_id)
        community = await self._service.community(PLATFORM, str(event.guild_id))
        if place and community is not None:
            lit = Lit(
                player=PlayerId(PLATFORM, community, str(event.user_id)),
                channel=place,
                reply=MessageRef(parse.reply(event.channel_id, event.message_id)),
                on=on,
                version=parse.version(self._clock()),
            )
            await self._service.light(lit, self._clock())

    async def _thread_place(self, client: discord.Client, guild: int | None, thread: int) -> ChannelId:
        """Our channel for a thread; empty if it is none of ours."""
        found = client.get_channel(thread)
        if guild is None or not isinstance(found, discord.Thread):
            return ChannelId("")
        place = await self._service.place(PLATFORM, str(guild), str(found.parent_id))
        return place.id if place is not None else ChannelId("")

    async def read_back(self, client: discord.Client, guild: discord.Guild) -> None:
        """Read what may have been missed in the threads of open cards."""
        community = await self._service.community(PLATFORM, str(guild.id))
        if community is None:
            return
        for thread in await self._service.open_threads(community):
            try:
                await self._read_thread(client, community, thread)
            except DeliveryFailed as failed:
                log.warning("a thread could not be read back", error=type(failed).__name__)

    async def _read_thread(self, client: discord.Client, community: CommunityId, thread: OpenThread) -> None:
        """Everything that stands in a thread now; what stands there no longer was deleted."""
        where = client.get_channel(int(thread.ref))
        left = set(thread.replies)
        after = "0"
        while page := await self._chat.replies(thread.ref, after):
            for each in page:
                reply = reply_id(thread.channel, MessageRef(parse.reply(thread.ref, each["id"])))
                left.discard(reply)
                if isinstance(where, discord.Thread):
                    state = client._connection
                    message = discord.Message(state=state, channel=where, data=each)  # type: ignore[arg-type]
                    await self.hear(message)
                if parse.has_lightbulb(each) or reply in thread.lit:
                    version = parse.version(self._clock())  # an event may tell of a newer one meanwhile
                    users = await self._chat.reacted(thread.ref, each["id"], parse.LIGHTBULB)
                    lit = [PlayerId(PLATFORM, community, user) for user in users]
                    await self._service.relight(thread.channel, reply, lit, version, self._clock())
            after = str(page[-1]["id"])
        for reply in left:
            await self._service.unhear_reply(reply, self._clock())
