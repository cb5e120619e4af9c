"""The truth of the test server: workspaces, channels, posts, views, triggers and what was called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], float]  # seconds since 1970
# Acknowledging requests; and so long lives a trigger_id (Handling user interaction, "trigger_id").
ACK_SECONDS = 3.0

# What In My Shoes asks for, and no more; a test gives fewer to see what is refused.
SCOPES = (
    "chat:write",
    "commands",
    "im:write",
    "users:read",
    "channels:read",
    "channels:join",
    "channels:history",
    "groups:history",
    "reactions:read",
)


@dataclass(slots=True)
class User:
    """Somebody in a workspace. `name` is the handle, `real_name` what others see.

    `closed`: the app cannot write to them directly.
    """

    id: str
    name: str
    real_name: str
    tz: str = "Europe/London"
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    deleted: bool = False  # left the workspace
    closed: bool = False


@dataclass(slots=True, eq=False)
class Post:
    """One message. `only_for` names the one person who sees an ephemeral one; `gone` if it was deleted."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json]
    bot_id: str = ""
    thread_ts: str = ""
    subtype: str = ""
    only_for: str = ""
    gone: bool = False
    edited: Json | None = None
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    versions: list[tuple[str, list[Json]]] = field(default_factory=list)  # what it said before, oldest first

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread and not at its top."""
        return bool(self.thread_ts) and self.thread_ts != self.ts


@dataclass(slots=True, eq=False)
class Channel:
    """A channel or a direct message, with every post ever made in it, in order."""

    id: str
    name: str
    is_private: bool = False
    is_im: bool = False
    user: str = ""  # a direct message: the person the bot talks with
    creator: str = ""
    members: set[str] = field(default_factory=set)
    archived: bool = False
    every: list[Post] = field(default_factory=list)
    _by_ts: dict[str, Post] = field(default_factory=dict)
    _threads: dict[str, list[Post]] = field(default_factory=dict)

    def put(self, post: Post) -> None:
        """Add a post to the record."""
        self.every.append(post)
        if not post.only_for:
            self._by_ts[post.ts] = post
            if post.is_reply:
                self._threads.setdefault(post.thread_ts, []).append(post)

    @property
    def posts(self) -> list[Post]:
        """What is there now for everyone, in order, thread replies included."""
        return [post for post in self.every if not post.gone and not post.only_for]

    @property
    def kind(self) -> str:
        """What Slack calls it in events: channel, group or im."""
        return "im" if self.is_im else "group" if self.is_private else "channel"

    @property
    def payload_name(self) -> str:
        """The name that commands and presses carry; private ones do not tell theirs."""
        return {"im": "directmessage", "group": "privategroup"}.get(self.kind, self.name)

    def find(self, ts: str) -> Post | None:
        """The post with this time, if everyone can see it still."""
        post = self._by_ts.get(ts)
        return None if post is None or post.gone else post

    def replies(self, ts: str) -> list[Post]:
        """The replies in the thread under `ts`, in order."""
        return [post for post in self._threads.get(ts, ()) if not post.gone]


@dataclass(slots=True, eq=False)
class View:
    """A modal or a Home tab as one person has it open. `values` is what stands in its fields."""

    id: str
    user: str
    shape: Json  # as the app sent it, with every id filled in
    hash: str
    root: str = ""
    previous: str = ""
    values: dict[tuple[str, str], Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)  # by block_id, as the form shows them now


@dataclass(slots=True, eq=False)
class Trigger:
    """Leave to open one form: good for three seconds, once. `view`: pressed or sent in this one."""

    id: str
    user: str
    at: float
    view: str = ""
    used: bool = False


@dataclass(slots=True, eq=False)
class ResponseUrl:
    """Leave to answer one person in one channel: five times within half an hour."""

    path: str
    user: str
    channel: str
    at: float
    original: Post | None
    used: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the app's, by the server's clock. `method` is `response_url` for an answer to one."""

    workspace: str
    method: str
    args: Json
    at: float
    answer: Json
    status: int

    @property
    def ok(self) -> bool:
        """Whether it was taken."""
        return self.status == 200 and bool(self.answer.get("ok"))


@dataclass(frozen=True, slots=True)
class Refused:
    """Something the app should never have sent: what, the error Slack gives, and why."""

    method: str
    error: str
    why: tuple[str, ...]


@dataclass(slots=True, eq=False)
class App:
    """One Slack app, installed in any number of workspaces. `events` it is subscribed to; None for all.

    `ack_within`: seconds in which it acknowledges, and in which a trigger_id lives.
    """

    id: str
    app_token: str
    signing_secret: str
    deliver: str = "socket"  # or "http"
    url: str = ""  # where to deliver by HTTP
    events: frozenset[str] | None = None
    socket_mode: bool = True
    client_id: str = ""
    client_secret: str = ""
    rotates: bool = False  # its tokens expire
    ack_within: float = ACK_SECONDS


@dataclass(slots=True, eq=False)
class Workspace:
    """One workspace and all that is in it. Ids may be the same as in another workspace."""

    id: str
    name: str
    app: App
    clock: Clock
    emit: Callable[[Workspace, Json], None]
    changed: Callable[[], None]
    token: str
    bot: User
    bot_id: str
    scopes: set[str]
    base: str = ""
    refuses: str = ""  # the error that every call gets: account_inactive, token_revoked
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    last: int = 0  # the time of the newest post, in microseconds
    count: int = 0

    def next_ts(self) -> str:
        """A time for a post: later than every other in this workspace."""
        self.last = max(int(self.clock() * 1_000_000), self.last + 1)
        return f"{self.last // 1_000_000}.{self.last % 1_000_000:06d}"

    def next_id(self, prefix: str) -> str:
        """A new id with this prefix."""
        self.count += 1
        return f"{prefix}{self.id}{self.count:06d}"

    def user(self, id: str, name: str = "", **facts: Any) -> User:
        """A new person. `name` is what others see; facts are the fields of User."""
        shown = name or id
        self.users[id] = User(id, shown.lower().replace(" ", "."), shown, **facts)
        return self.users[id]

    def channel(
        self,
        id: str,
        name: str = "",
        *,
        members: tuple[str, ...] = (),
        bot: bool = True,
        private: bool = False,
    ) -> Channel:
        """A new channel. `bot`: whether the bot is in it from the start; no event tells of it."""
        inside = {*members, *([self.bot.id] if bot else [])}
        self.channels[id] = Channel(id, name or id.lower(), private, members=inside)
        return self.channels[id]

    def dm(self, user: str) -> Channel:
        """The direct message of the bot with a person, made if need be."""
        for channel in self.channels.values():
            if channel.is_im and channel.user == user:
                return channel
        made = Channel(f"D{user}", "", is_private=True, is_im=True, user=user, members={user, self.bot.id})
        self.channels[made.id] = made
        return made
