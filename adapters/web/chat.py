"""The browser room as a Chat: posts are rows, and open pages hear that there is something new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from adapters.web import stored
from adapters.web.limits import ACTION_LENGTH
from bot.chat import Capabilities, ChannelGone, MessageRef, PostGone, TryLater
from bot.game.model import ChannelId, PlayerId
from bot.messages import Message
from storage import room
from storage.database import Database, DatabaseUnavailable, Transaction

PLATFORM = "web"

T = TypeVar("T")


class WebChat:
    """Implements `bot.chat.Chat`."""

    capabilities = Capabilities(
        whispers_any_time=True,
        action_length=ACTION_LENGTH,
        reads_threads=True,
        finds_own_posts=True,
        tells_who_left=True,
        whispers_by_key=True,
    )

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def fits(self, message: Message) -> bool:
        """See Chat. A page takes everything."""
        return True

    async def post(
        self, channel: ChannelId, message: Message, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """See Chat."""
        return await self._store(channel, message, key=key, thread=thread, user=None)

    async def edit(self, channel: ChannelId, ref: MessageRef, message: Message) -> None:
        """See Chat."""

        def transaction(tx: Transaction) -> bool | None:
            if room.community_of(tx, channel) is None:
                return None
            return room.edit(tx, channel, int(ref), stored.written(message))

        there = await self._written(transaction)
        if there is None:
            raise ChannelGone
        if not there:
            raise PostGone

    async def find(
        self, channel: ChannelId, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef | None:
        """See Chat."""
        found = await self._database.read(lambda tx: room.find(tx, channel, key))
        return MessageRef(str(found)) if found is not None else None

    async def whisper(self, channel: ChannelId, player: PlayerId, message: Message, *, key: str) -> None:
        """See Chat."""
        await self._store(channel, message, key=key, thread=None, user=player.user)

    async def takes_part(self, channel: ChannelId, player: PlayerId) -> bool:
        """See Chat."""
        return await self._database.read(lambda tx: room.sits(tx, channel, player.user))

    async def _store(
        self, channel: ChannelId, message: Message, *, key: str, thread: str | None, user: str | None
    ) -> MessageRef:
        def transaction(tx: Transaction) -> int | None:
            if room.community_of(tx, channel) is None:
                return None
            return room.post(
                tx,
                channel,
                key=key,
                message=stored.written(message),
                now=self._clock(),
                thread=thread,
                user=user,
            )

        number = await self._written(transaction)
        if number is None:
            raise ChannelGone
        return MessageRef(str(number))

    async def _written(self, run: Callable[[Transaction], T]) -> T:
        try:
            return await self._database.write(run)
        except DatabaseUnavailable:
            raise TryLater(1.0) from None
