"""The truth of the test server: guilds, channels, posts, interactions and what was called."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], float]  # seconds since 1970
ANSWER_SECONDS = 3.0  # Receiving and Responding, "Interaction Callback"
EPOCH = 1_420_070_400_000  # Discord's, in milliseconds ("Snowflakes")


class Can(IntFlag):
    """Permissions (Permissions, "Bitwise Permission Flags"): those that this server knows."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


EVERYTHING = Can(0)
for _each in Can:
    EVERYTHING |= _each
# What @everyone may do in a new guild, of what is known here.
EVERYONE = (
    Can.ADD_REACTIONS
    | Can.VIEW_CHANNEL
    | Can.SEND_MESSAGES
    | Can.EMBED_LINKS
    | Can.ATTACH_FILES
    | Can.READ_MESSAGE_HISTORY
    | Can.MENTION_EVERYONE
    | Can.USE_APPLICATION_COMMANDS
    | Can.CREATE_PUBLIC_THREADS
    | Can.SEND_MESSAGES_IN_THREADS
)


class Intent(IntFlag):
    """Gateway intents (Gateway, "List of Intents"): those that change something here."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    MESSAGE_CONTENT = 1 << 15


class Flag(IntFlag):
    """Flags of a message (Message, "Message Flags")."""

    SUPPRESS_EMBEDS = 1 << 2
    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    COMPONENTS_V2 = 1 << 15


class Asks(IntEnum):
    """Kinds of interaction (Interactions, "Interaction Type")."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Answers(IntEnum):
    """Kinds of first answer (Interactions, "Interaction Callback Type")."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    AUTOCOMPLETE = 8
    MODAL = 9


TEXT, DM, THREAD = 0, 1, 11  # types of channel (Channel, "Channel Types")
DEFAULT, REPLY, COMMAND_ANSWER, THREAD_STARTER, MENU_ANSWER = 0, 19, 20, 21, 23  # types of message


@dataclass(slots=True, eq=False)
class User:
    """Somebody at Discord. `name` is the handle, `shown` what others see."""

    id: str
    name: str
    shown: str
    locale: str = "en-GB"
    bot: bool = False
    closed: bool = False  # takes no direct messages


@dataclass(slots=True, eq=False)
class Role:
    """A role of a guild; the one with the guild's own id is @everyone."""

    id: str
    name: str
    permissions: int
    mentionable: bool = False
    position: int = 0


@dataclass(slots=True, eq=False)
class Member:
    """A user in a guild."""

    user: User
    roles: list[str] = field(default_factory=list)
    nick: str | None = None

    @property
    def shown(self) -> str:
        """The name that others see."""
        return self.nick or self.user.shown


@dataclass(slots=True, eq=False)
class Post:
    """One message. `only_for` names the one person who sees an ephemeral one; `gone` if it was deleted."""

    id: str
    channel: Channel
    author: User
    content: str
    at: float
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    flags: int = 0
    type: int = DEFAULT
    nonce: str | int | None = None
    allowed: Json | None = None  # the allowed_mentions it was sent with
    pings: list[str] = field(default_factory=list)  # users told of it
    role_pings: list[str] = field(default_factory=list)
    everyone: bool = False  # everyone was told of it
    only_for: str = ""
    forgotten: bool = False  # ephemeral, and the client that showed it was started anew
    gone: bool = False
    edited: float | None = None
    asked: Interaction | None = None  # the interaction that it answers
    reference: Post | None = None
    thread: Channel | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)  # emoji -> users, in order
    versions: list[Json] = field(default_factory=list)  # what it was before, oldest first

    @property
    def text(self) -> str:
        """Its words, whichever way it carries them: content, then every text of its components."""
        return "\n".join(filter(None, [self.content, *texts_of(self.components)]))


@dataclass(slots=True, eq=False)
class Channel:
    """A text channel, a thread or a direct message, with every post ever made in it, in order."""

    id: str
    name: str
    type: int = TEXT
    guild: Guild | None = None
    parent: Channel | None = None  # of a thread
    owner: str = ""  # of a thread: who started it
    recipient: User | None = None  # of a direct message
    overwrites: list[Json] = field(default_factory=list)
    members: list[str] = field(default_factory=list)  # of a thread
    archived: bool = False
    locked: bool = False
    gone: bool = False
    archived_at: float = 0.0
    every: list[Post] = field(default_factory=list)
    threads: list[Channel] = field(default_factory=list)
    by_id: dict[str, Post] = field(default_factory=dict)

    def put(self, post: Post) -> None:
        """Add a post to the record."""
        self.every.append(post)
        self.by_id[post.id] = post

    @property
    def posts(self) -> list[Post]:
        """What is there now for everyone, in order."""
        return [post for post in self.every if not post.gone and not post.only_for]

    def find(self, id: str) -> Post | None:
        """The post with this id, if everyone can see it still."""
        post = self.by_id.get(id)
        return None if post is None or post.gone or post.only_for else post


@dataclass(slots=True, eq=False)
class Guild:
    """One guild with its people, roles and channels."""

    id: str
    name: str
    world: World
    locale: str = "en-GB"
    owner: str = ""
    members: dict[str, Member] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)  # threads not among them
    gone: bool = False  # the bot was thrown out
    unavailable: bool = False  # an outage

    def member(
        self,
        id: str,
        name: str = "",
        *,
        permissions: int = 0,
        nick: str | None = None,
        locale: str = "en-GB",
    ) -> Member:
        """A new person here (or one known from another guild). `permissions`: beyond those of @everyone."""
        user = self.world.users.get(id)
        if user is None:
            shown = name or f"user {id}"
            user = self.world.users[id] = User(id, shown.lower().replace(" ", "."), shown, locale)
        made = Member(user, nick=nick)
        if permissions:
            made.roles.append(self.role(f"of {user.name}", permissions).id)
        self.members[id] = made
        return made

    def role(self, name: str, permissions: int = 0, *, mentionable: bool = False) -> Role:
        """A new role."""
        made = Role(self.world.next_id(), name, int(permissions), mentionable, len(self.roles))
        self.roles[made.id] = made
        return made

    def channel(self, id: str = "", name: str = "general") -> Channel:
        """A new text channel. A bot that is connected hears of it."""
        made = Channel(id or self.world.next_id(), name, guild=self)
        self.channels[made.id] = self.world.channels[made.id] = made
        self.world.born(made)
        return made


@dataclass(slots=True, eq=False)
class Interaction:
    """One press, command or form on its way, and what the app answered."""

    id: str
    token: str
    kind: Asks
    user: User
    channel: Channel
    at: float
    data: Json
    post: Post | None = None  # the message whose component was pressed
    menu: int = 0  # type of the command
    name: str = ""  # of the command
    opened_from: Interaction | None = None  # a form: the press or command that opened it
    expired: bool = False  # the client gave up waiting for the first answer
    sent: int = 0  # times that it went out to a session
    excused: bool = False  # a second answer is no fault: it came twice, or the first reply was lost
    answer: Json | None = None
    first: Answers | None = None
    original: Post | None = None  # what `@original` is
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True, eq=False)
class Modal:
    """A form as one person has it open. `values` is what stands in its fields, by custom_id."""

    interaction: Interaction
    shape: Json
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the app's, by the server's clock. `name`: the operation's in the published description."""

    name: str
    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    at: float
    answer: Any
    status: int

    @property
    def ok(self) -> bool:
        """Whether it was taken."""
        return self.status // 100 == 2


@dataclass(frozen=True, slots=True)
class Refused:
    """Something the app should never have sent: what, the code Discord gives, and why."""

    name: str
    code: int
    why: tuple[str, ...]


@dataclass(slots=True, eq=False)
class App:
    """The application and its bot. `message_content`: whether that privileged intent is switched on."""

    id: str
    name: str
    token: str
    bot: User
    message_content: bool = True
    guild_members: bool = False
    commands: list[Json] = field(default_factory=list)
    guild_commands: dict[str, list[Json]] = field(default_factory=dict)

    def all_commands(self, guild: Guild | None) -> list[Json]:
        """What a person is offered: the guild's own first, then those for every guild."""
        own = self.guild_commands.get(guild.id, []) if guild else []
        return [*own, *self.commands]


@dataclass(frozen=True, slots=True)
class Slow:
    """A first answer that Discord would not have waited for: to what, and after how many seconds."""

    kind: Asks
    took: float


@dataclass(slots=True, eq=False)
class World:
    """Everything there is. `emit` sends an event to the app; `changed` wakes whoever waits."""

    clock: Clock
    app: App
    emit: Callable[[str, Json, Guild | None, Post | None], None]
    changed: Callable[[], None]
    gateway: Callable[[], Json]  # the answer of GET /gateway/bot
    born: Callable[[Channel], None]  # tells the app of a new channel
    answer_within: float = ANSWER_SECONDS  # for the first answer to an interaction
    slow: list[Slow] = field(default_factory=list)
    users: dict[str, User] = field(default_factory=dict)
    guilds: dict[str, Guild] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    tokens: dict[str, Interaction] = field(default_factory=dict)
    modals: dict[str, Modal] = field(default_factory=dict)  # by user
    nonces: dict[str, Post] = field(default_factory=dict)  # the bot's last post with each
    last: int = 0

    def next_id(self) -> str:
        """A new snowflake: later than every other."""
        now = (int(self.clock() * 1000) - EPOCH) << 22
        self.last = max(now, self.last + 1)
        return str(self.last)

    def dm(self, user: User) -> Channel:
        """The direct message of the bot with a person, made if need be."""
        for channel in self.channels.values():
            if channel.type == DM and channel.recipient is user:
                return channel
        made = Channel(self.next_id(), "", DM, recipient=user)
        self.channels[made.id] = made
        return made


def permissions(channel: Channel, user: str) -> int:
    """What a user may do in a channel (Permissions, "Permission Overwrites"). A thread has its parent's."""
    guild = channel.guild
    if guild is None:
        return int(EVERYTHING) & ~int(Can.ADMINISTRATOR)
    member = guild.members.get(user)
    if member is None:
        return 0
    if guild.owner == user:
        return int(EVERYTHING)
    found = guild.roles[guild.id].permissions
    for role in member.roles:
        found |= guild.roles[role].permissions
    if found & Can.ADMINISTRATOR:
        return int(EVERYTHING)
    overwrites = {each["id"]: each for each in (channel.parent or channel).overwrites}
    everyone = overwrites.get(guild.id)
    if everyone:
        found = found & ~int(everyone["deny"]) | int(everyone["allow"])
    of_roles = [overwrites[role] for role in member.roles if role in overwrites]
    for each in of_roles:
        found &= ~int(each["deny"])
    for each in of_roles:
        found |= int(each["allow"])
    if user in overwrites:
        found = found & ~int(overwrites[user]["deny"]) | int(overwrites[user]["allow"])
    return found


def may(channel: Channel, user: str, what: int) -> bool:
    """Whether a user may do something in a channel."""
    return permissions(channel, user) & what == what


def walk(components: list[Json]) -> list[Json]:
    """Every component, the outer before the inner, in the order of reading."""
    found: list[Json] = []
    for each in components:
        found.append(each)
        found.extend(walk(each.get("components") or []))
        found.extend(walk([inner for inner in (each.get("accessory"), each.get("component")) if inner]))
    return found


def texts_of(components: list[Json]) -> list[str]:
    """The words of every text display, in the order of reading."""
    return [each["content"] for each in walk(components) if each["type"] == 10]
