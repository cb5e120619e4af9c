"""A platform that is slow, refuses, loses answers and crashes its client, by a seed; with its own record."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.chat import Capabilities, ChannelGone, ContentRefused, MessageRef, ReplyLost, TryLater
from bot.game.model import ChannelId, Phase, PlayerId
from bot.messages import Message
from tests.gallery.plain import plain


class Fate(StrEnum):
    """What becomes of one call."""

    TAKEN = "taken"
    SLOW = "slow"  # taken, when this step's presses are over
    LATER = "later"
    LOST_BEFORE = "lost before it was taken"
    LOST_AFTER = "lost after it was taken"
    CRASH_BEFORE = "the program ends before it was taken"
    CRASH_AFTER = "the program ends after it was taken"
    REFUSED = "refused for its content"


GIVES_IN = 2  # calls of one kind for one key: after a day of trying, a message is rightly given up

LIKELY = {
    Fate.TAKEN: 50,
    Fate.SLOW: 12,
    Fate.LATER: 16,
    Fate.LOST_BEFORE: 8,
    Fate.LOST_AFTER: 10,
    Fate.CRASH_BEFORE: 1,
    Fate.CRASH_AFTER: 2,
    Fate.REFUSED: 1,
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """One call that was taken: a post, an edit or a whisper, which has a `player`.

    `phase` is that of its round after the message was written, and just before it was taken.
    """

    what: str
    channel: ChannelId
    key: str
    message: Message
    phase: Phase | None
    thread: MessageRef | None = None
    player: str | None = None


@dataclass(slots=True, kw_only=True)
class Posted:
    """A post as it stands there now."""

    channel: ChannelId
    key: str
    thread: MessageRef | None
    message: Message


class ShakyChat:
    """Implements Chat. What it took stays taken, whatever it answered: it is outside the program."""

    capabilities = Capabilities(
        whispers_any_time=True,
        action_length=100,
        reads_threads=True,
        finds_own_posts=True,
        edit_gap=2 * 60 * 60.0,  # a week here has few presses
        edits_a_minute=5,
    )

    def __init__(self, seed: int, channels: frozenset[ChannelId]) -> None:
        self.record: list[Accepted] = []
        self.posts: dict[MessageRef, Posted] = {}
        self.refused: set[str] = set()
        self.doubtful: set[str] = set()  # keys whose answer got lost, or whose sender crashed
        self.gone: dict[ChannelId, ChannelGone] = {}  # for now
        self.calm = False
        self.fates: Counter[Fate] = Counter()
        self.crashed = asyncio.Event()
        self.quick = asyncio.Event()  # set while nothing is slow
        self.phase_of: Callable[[str], Awaitable[Phase | None]] = _unknown
        self._seed = seed
        self._room = random.Random(f"{seed} room").choice([700, 1_000, 10_000])  # characters of a post
        self._channels = channels
        self._calls: Counter[str] = Counter()

    def fits(self, message: Message) -> bool:
        """See Chat."""
        return len(plain(message)) <= self._room

    async def post(
        self, channel: ChannelId, message: Message, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """See Chat."""
        self._must_be_there(channel)
        assert self.fits(message)
        fate = await self._before("post", key, refusable=thread is not None)
        assert thread is None or self.posts[thread].channel == channel
        phase = await self.phase_of(key)
        ref = MessageRef(f"ref-{len(self.posts) + 1}")
        self.posts[ref] = Posted(channel=channel, key=key, thread=thread, message=message)
        self.record.append(Accepted("post", channel, key, message, phase, thread=thread))
        await self._after(fate, key)
        return ref

    async def edit(self, channel: ChannelId, ref: MessageRef, message: Message) -> None:
        """See Chat."""
        self._must_be_there(channel)
        assert self.fits(message)
        post = self.posts[ref]
        assert post.channel == channel
        fate = await self._before("edit", post.key)
        phase = await self.phase_of(post.key)
        post.message = message
        self.record.append(Accepted("edit", channel, post.key, message, phase, thread=post.thread))
        await self._after(fate, post.key)

    async def find(
        self, channel: ChannelId, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef | None:
        """See Chat."""
        self._must_be_there(channel)
        fate = await self._before("find", key)
        await self._after(fate, key)
        found = (ref for ref, post in self.posts.items() if post.key == key and post.channel == channel)
        return next(found, None)

    async def takes_part(self, channel: ChannelId, player: PlayerId) -> bool:
        """See Chat."""
        return True

    async def whisper(self, channel: ChannelId, player: PlayerId, message: Message, *, key: str) -> None:
        """See Chat."""
        fate = await self._before("whisper", key)
        phase = await self.phase_of(key)
        self.record.append(Accepted("whisper", channel, key, message, phase, player=player.user))
        await self._after(fate, key)

    # --- what goes wrong -------------------------------------------------------------------

    def _must_be_there(self, channel: ChannelId) -> None:
        assert channel in self._channels
        if channel in self.gone:
            raise self.gone[channel]

    async def _before(self, what: str, key: str, *, refusable: bool = False) -> Fate:
        fate = self._draw(f"{what} {key}", refusable)
        self.fates[fate] += 1
        match fate:
            case Fate.SLOW:
                await self.quick.wait()
            case Fate.LATER:
                chance = self._random(f"{what} {key}")
                raise TryLater(chance.choice([0.5, 30.0, 900.0]), everywhere=chance.random() < 0.3)
            case Fate.LOST_BEFORE:
                self.doubtful.add(key)
                raise ReplyLost
            case Fate.CRASH_BEFORE:
                await self._crash(key)
            case Fate.REFUSED:
                self.refused.add(key)
                raise ContentRefused
            case _:
                pass
        return fate

    async def _after(self, fate: Fate, key: str) -> None:
        if fate is Fate.LOST_AFTER:
            self.doubtful.add(key)
            raise ReplyLost
        if fate is Fate.CRASH_AFTER:
            await self._crash(key)

    async def _crash(self, key: str) -> None:
        self.doubtful.add(key)
        self.crashed.set()
        await asyncio.Event().wait()  # whoever called is gone

    def _draw(self, call: str, refusable: bool) -> Fate:
        self._calls[call] += 1
        if self.calm or self._calls[call] > GIVES_IN:
            return Fate.TAKEN
        fate = self._random(call).choices([*LIKELY], [*LIKELY.values()])[0]
        return Fate.TAKEN if fate is Fate.REFUSED and not refusable else fate

    def _random(self, call: str) -> random.Random:
        # By call, not by turn: which of two channels is served first must not change what happens.
        return random.Random(f"{self._seed} {call} {self._calls[call]}")


async def _unknown(_key: str) -> Phase | None:
    return None
