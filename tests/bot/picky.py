"""A chat that takes short posts only, and fails when a story says so; with a record of what it took."""

from __future__ import annotations

from collections import defaultdict

from bot.chat import Capabilities, ChannelGone, DeliveryFailed, MessageRef, ReplyLost
from bot.game.model import ChannelId, PlayerId
from bot.messages import Message
from tests.bot.house import Wall
from tests.gallery.plain import plain


class Picky(Wall):
    """`room` is how many characters fit into a post. `failing` is what each kind of call raises next."""

    def __init__(
        self,
        room: int = 10_000,
        *,
        finds: bool = True,
        edit_gap: float = 0.0,
        edits_a_minute: int = 0,
        posts_a_minute: int = 0,
    ) -> None:
        super().__init__()
        self.room = room
        self.capabilities = Capabilities(
            whispers_any_time=True,
            action_length=100,
            reads_threads=True,
            finds_own_posts=finds,
            edit_gap=edit_gap,
            edits_a_minute=edits_a_minute,
            posts_a_minute=posts_a_minute,
        )
        self.failing: defaultdict[str, list[DeliveryFailed | None]] = defaultdict(list)
        self.calls: list[str] = []
        self.gone: dict[ChannelId, ChannelGone] = {}  # channels, and what they say to a post
        self.places: dict[str, ChannelId] = {}  # where each post is, by its key
        self.doubled: list[str] = []  # keys that were posted again

    def count(self, what: str) -> int:
        """How many calls of one kind there were."""
        return self.calls.count(what)

    def fits(self, message: Message) -> bool:
        """See Chat."""
        return len(plain(message)) <= self.room

    async def post(
        self, channel: ChannelId, message: Message, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """See Chat. A lost reply is lost after the post was taken."""
        assert self.fits(message)
        failed = self._fails("post", channel)
        self.doubled += [key] if key in self.posts else []
        self.places[key] = channel
        ref = await super().post(channel, message, key=key, thread=thread)
        if failed is not None:
            raise failed
        return ref

    async def edit(self, channel: ChannelId, ref: MessageRef, message: Message) -> None:
        """See Chat."""
        assert self.fits(message)
        failed = self._fails("edit", channel)
        await super().edit(channel, ref, message)
        if failed is not None:
            raise failed

    async def find(
        self, channel: ChannelId, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef | None:
        """See Chat."""
        assert self.capabilities.finds_own_posts, "this platform cannot look"
        failed = self._fails("find")
        if failed is not None:
            raise failed
        return await super().find(channel, key=key, thread=thread)

    async def whisper(self, channel: ChannelId, player: PlayerId, message: Message, *, key: str) -> None:
        """See Chat."""
        failed = self._fails("whisper")
        await super().whisper(channel, player, message, key=key)
        if failed is not None:
            raise failed

    def _fails(self, what: str, channel: ChannelId | None = None) -> ReplyLost | None:
        """Raises what this call fails with; a lost reply is given back, for after it was taken."""
        self.calls.append(what)
        if channel in self.gone:
            raise self.gone[channel]
        failing = self.failing[what]
        failed = failing.pop(0) if failing else None
        if failed is None or isinstance(failed, ReplyLost):
            return failed
        raise failed
