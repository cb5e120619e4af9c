"""What every platform can do for us: the Chat protocol, its facts, a Press, and delivery errors."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NewType, Protocol

from bot.game.model import ChannelId, PlayerId, ReplyId
from bot.messages import Message

MessageRef = NewType("MessageRef", str)  # how the platform names a message


@dataclass(frozen=True, slots=True)
class Press:
    """One button pressed or one form sent, by whom, where. `event` names this one delivery of it.

    The same `event` twice is the same press twice. `name` is how the platform shows the player;
    `manages` says that the platform names them as one who looks after the channel. `zone` is where it
    says that they are, an IANA name, empty where it does not tell.
    """

    player: PlayerId
    channel: ChannelId
    action: str
    event: str
    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    manages: bool = False
    zone: str = ""


# What people do in a card's thread reaches us as events: at least once, doubled, in any order.
# `version` tells which is newer: of two numbers or timestamps as text, the longer, else the
# later in the alphabet. The same version twice is the same event twice.


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A reply in a thread, new or edited, with all its words as they are now.

    `thread` is the message it hangs on. `at` is when it was first written, in UTC, in every
    event about it.
    """

    player: PlayerId
    channel: ChannelId
    thread: MessageRef
    reply: MessageRef
    words: str
    at: datetime
    version: str
    name: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard:
    """A reply in a thread was deleted, by whomever. It never comes back, so it needs no version."""

    channel: ChannelId
    thread: MessageRef
    reply: MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Lit:
    """A player put a 💡 on some message in a channel, or took it off."""

    player: PlayerId
    channel: ChannelId
    reply: MessageRef
    on: bool
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A message that somebody chose in its menu, to keep it as a story.

    `writer` is None where no person alone wrote it: it is ours, or another program's. `channel`
    is empty where nobody deals and nobody moderates: a private talk.
    """

    player: PlayerId
    channel: ChannelId
    message: MessageRef
    writer: PlayerId | None
    words: str
    name: str = ""


def reply_id(channel: ChannelId, reply: MessageRef) -> ReplyId:
    """Our name for a message in a thread: the same each time, and short enough for a button."""
    digest = hashlib.sha256(f"{channel}\n{reply}".encode()).digest()
    return ReplyId(base64.urlsafe_b64encode(digest[:15]).decode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """Where platforms differ, as facts (spec: platforms, last table)."""

    whispers_any_time: bool
    action_length: int
    reads_threads: bool
    finds_own_posts: bool
    tells_who_left: bool = False  # `takes_part` knows who may read a channel no more, and asking costs little
    whispers_by_key: bool = False  # the same whisper with the same key is shown once: repeating is harmless
    edit_gap: float = 0.0  # seconds between two edits of one board, at least
    edits_a_minute: int = 0  # edits of boards in one community; 0 for as many as there are
    posts_a_minute: int = 0  # new posts in one community, whispers among them; 0 the same


class DeliveryFailed(Exception):
    """The platform did not take a message. Holds no words of it."""


class TryLater(DeliveryFailed):
    """Not now: too many calls, or a passing fault. `after` is in seconds.

    `everywhere`: the whole community has to wait, and not this channel alone.
    """

    def __init__(self, after: float, *, everywhere: bool = False) -> None:
        super().__init__(after)
        self.after = after
        self.everywhere = everywhere


class ReplyLost(DeliveryFailed):
    """Nobody knows whether it was taken: look it up before sending it again."""


class ContentRefused(DeliveryFailed):
    """The platform will never take this content. Put it aside; the next goes on."""


class ChannelGone(DeliveryFailed):
    """The channel is gone, or forbids us to post. Pause there, and tell the organisers."""


class PostGone(ContentRefused):
    """The post to edit is there no longer: somebody deleted it. It is not put back."""


class WhisperClosed(DeliveryFailed):
    """This player takes no private messages from us. Others go on."""


class NotInvited(ChannelGone):
    """We are not in the channel. Somebody who is there can invite us."""


class Chat(Protocol):
    """One platform. Methods raise DeliveryFailed and nothing else."""

    @property
    def capabilities(self) -> Capabilities:
        """The facts of this platform."""
        ...

    def fits(self, message: Message) -> bool:
        """Whether a message is short enough for one post."""
        ...

    async def post(
        self, channel: ChannelId, message: Message, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """Post a message, in the thread of `thread` if given. `key` is found again by `find`."""
        ...

    async def edit(self, channel: ChannelId, ref: MessageRef, message: Message) -> None:
        """Put `message` in the place of an earlier post. Repeating it is harmless.

        Raises PostGone if there is no such post.
        """
        ...

    async def find(
        self, channel: ChannelId, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef | None:
        """Our own post with this key, if it is there; `thread` as it was posted with."""
        ...

    async def whisper(self, channel: ChannelId, player: PlayerId, message: Message, *, key: str) -> None:
        """Tell one player something that nobody else sees."""
        ...

    async def takes_part(self, channel: ChannelId, player: PlayerId) -> bool:
        """Whether a player may read a channel just now, as far as the platform tells us."""
        ...
