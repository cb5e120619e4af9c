"""A guild of the Discord test server with the whole program connected to it: for the adapter contract."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr

from adapters.discord import render
from adapters.discord.chat import PLATFORM
from bot.actions import NotAnAction, Verb, read
from bot.app import App
from bot.chat import Chat, MessageRef
from bot.effects_out import DELIVER
from bot.game.model import ChannelId, CommunityId, PlayerId, Policy
from bot.messages import Form
from bot.rendering import Place
from bot.settings import Settings
from tests.adapters.hostile import DIRECTION
from tests.adapters.platform import DECK, PACK, Shown
from tests.builders import NOON
from tests.contents import app_of
from tests.databases import a_file
from tests.discord import payloads
from tests.discord.people import Person
from tests.discord.reading import reading
from tests.discord.record import Channel, Guild, Json, Post, walk
from tests.discord.server import DiscordServer
from tests.patience import PATIENCE

BUTTON = 2  # Component reference


class DiscordRooms:
    """Implements `Platform`: one guild, a channel for each story, people who press and type."""

    def __init__(self, server: DiscordServer, guild: Guild, app: App) -> None:
        assert app.discord is not None
        self.chat: Chat = app.discord.chat
        self.server = server
        self.guild = guild
        self.app = app
        self._client = app.discord
        self._people: dict[str, str] = {}
        self._channels: dict[ChannelId, Channel] = {}
        self._communities: dict[ChannelId, CommunityId] = {}

    async def a_channel(self, *names: str) -> ChannelId:
        """See Platform."""
        for name in names:
            self._people.setdefault(name, self.server.world.next_id())
            self.person(name)
        there = self.guild.channel(name=f"channel-{len(self._channels) + 1}")
        place = await self.app.service.found_place(
            PLATFORM, self.guild.id, self.guild.name, there.id, there.name, "Europe/London", NOON
        )
        self._channels[place.id] = there
        self._communities[place.id] = place.community.id
        return place.id

    def player(self, channel: ChannelId, name: str) -> PlayerId:
        """See Platform."""
        return PlayerId(PLATFORM, self._communities[channel], self._people[name])

    def person(self, name: str) -> Person:
        """Somebody, to act as them."""
        return self.server.person(self.guild, self._people[name], name.title())

    def there(self, channel: ChannelId) -> Channel:
        """The channel as Discord has it."""
        return self._channels[channel]

    async def deal(self, channel: ChannelId, name: str, policy: Policy) -> MessageRef:
        """See Platform."""
        person, there = self.person(name), self._channels[channel]
        before = {each.id for each in there.every}
        await person.command("shoes deal", channel=there, deck=DECK)
        await person.submit({"policy": policy.value})
        await self.settled(channel)
        await self.press(channel, name, Verb.DEAL)
        boards = [
            each
            for each in there.every
            if each.id not in before and not each.only_for and _has(each.components, Verb.RESPOND)
        ]
        return MessageRef(boards[0].id)

    async def seen(self, channel: ChannelId, name: str) -> Sequence[Shown]:
        """See Platform."""
        person = self.person(name)
        form = [self._form(person)] if person.modal is not None else []
        here = [_shown(person, each) for each in self._posts(person, channel)]
        return [*here, *(_shown(person, each, private=True) for each in person.dms), *form]

    def _form(self, person: Person) -> Shown:
        assert person.modal is not None
        return _of_form(person.modal.shape)

    async def press(self, channel: ChannelId, name: str, verb: Verb, value: str = "") -> None:
        """See Platform."""
        person = self.person(name)
        post, custom_id = self._button(person, channel, verb, value)
        await person.press(post, custom_id)
        await self.settled(channel)

    async def send(
        self, channel: ChannelId, name: str, verb: Verb, *, twice: bool = False, **fields: str
    ) -> None:
        """See Platform."""
        person = self.person(name)
        assert person.modal is not None, f"{name} has no form open"
        ack = await person.submit(fields)
        if twice:
            data = payloads.interaction(self.server.world, ack.asked)
            self.server.gateway.emit("INTERACTION_CREATE", data, self.guild, None)
        await self.settled(channel)

    async def reply(self, channel: ChannelId, name: str, words: str) -> None:
        """See Platform."""
        posts = [each for each in self._channels[channel].every if not each.only_for]
        thread = [each for each in posts if _has(each.components, Verb.RESPOND)][-1].thread
        assert thread is not None
        self.person(name).say(thread, words)
        await self.settled(channel)

    def form(self, form: Form) -> Shown:
        """See Platform."""
        shape = render.modal(form, form.action, Place(channel=ChannelId("c")))
        shown = _of_form(shape)
        # What sends it is Discord's own button, with a word of Discord's in the reader's language.
        # An optional field that has no room waits, with what stands in it: nobody has to see it now.
        waits = render.left_out(form)
        fields = [each for each in form.fields if each.name in waits]
        kept = [line for each in fields for line in (each.label, *(option.label for option in each.options))]
        return replace(shown, text="\n".join((shown.text, form.submit, *kept, *waits.values())))

    async def settled(self, channel: ChannelId) -> None:
        """Back when nothing is on its way any more, in either direction."""
        (session,) = self.server.gateway.open
        await self.server.until(lambda: self._client.heard() >= session.seq)
        await asyncio.sleep(0)  # what was heard is taken up at once
        await self._client.idle()
        await self.app.jobs.idle(DELIVER, channel)
        await self._client.idle()

    def _posts(self, person: Person, channel: ChannelId) -> Iterator[Post]:
        """What somebody sees in a channel, with the threads of its cards."""
        for post in person.sees(self._channels[channel]):
            yield post
            if post.thread is not None:
                yield from person.sees(post.thread)

    def _button(self, person: Person, channel: ChannelId, verb: Verb, value: str) -> tuple[Post, str]:
        """The newest button that does this, wherever the player sees it."""
        for post in reversed([*self._posts(person, channel), *person.dms]):
            for button in _buttons(post.components):
                action = read(render.action_of(button["custom_id"]))
                if action.verb is verb and value in {"", action.value}:
                    return post, button["custom_id"]
        raise AssertionError(f"{person.id} sees no button to {verb.value} {value}")


def _buttons(components: list[Json]) -> list[Json]:
    return [each for each in walk(components) if each["type"] == BUTTON and "custom_id" in each]


def _has(components: list[Json], verb: Verb) -> bool:
    try:
        return any(read(render.action_of(each["custom_id"])).verb is verb for each in _buttons(components))
    except NotAnAction:
        return False


def _shown(person: Person, post: Post, *, private: bool = False) -> Shown:
    found = person.reads(post)
    # Piece by piece: a reader meets each button where it stands.
    pieces = [reading(post.content), *(reading("", (), [each]) for each in post.components)]
    under = post.channel.id if post.channel.parent is not None else None
    return Shown(
        text="\n".join(line for piece in pieces for line in (piece.words, *piece.buttons)),
        ref=MessageRef(f"{under}/{post.id}" if under else post.id),
        under=MessageRef(under) if under else None,
        private=private or bool(post.only_for),
        actions=tuple(render.action_of(each["custom_id"]) for each in _buttons(post.components)),
        links=tuple(each.target for each in found.links),
        called=frozenset(found.mentions),
    )


def _of_form(shape: Json) -> Shown:
    found = reading(f"# {shape['title']}", (), shape["components"])
    parts = list(walk(shape["components"]))
    options = [each["label"] for part in parts for each in part.get("options", ())]
    # What stands in a field turns nothing around it: the field is a box of its own.
    typed = [DIRECTION.sub("", part.get("value", "")) for part in parts]
    return Shown(
        text="\n".join((found.words, *options, *typed)),
        private=True,
        actions=(shape["custom_id"],),
        links=tuple(each.target for each in found.links),
        called=frozenset(found.mentions),
    )


@contextlib.asynccontextmanager
async def discord_rooms(folder: Path, server: DiscordServer | None = None) -> AsyncIterator[DiscordRooms]:
    """The program on a file in `folder`, connected to a guild by the gateway."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    async with contextlib.AsyncExitStack() as stack:
        if server is None:
            quiet = DiscordServer(clock=NOON.timestamp, answer_within=PATIENCE)
            server = await stack.enter_async_context(quiet)
        guild = server.guild("200000000000000001", "North")
        settings = Settings(
            database_url=a_file(folder),
            secret_key=SecretStr("a secret that only these tests have"),
            web_port=0,
            content_paths=str(PACK),
            discord_token=SecretStr(server.token),
            discord_api_url=server.api_url,
            discord_gateway_url=server.gateway_url,
            discord_read_threads=True,
        )
        app = app_of(settings, practice=False, clock=lambda: NOON, folder=folder, paced=False)
        await stack.enter_async_context(app.running())
        await server.ready()
        try:
            yield DiscordRooms(server, guild, app)
        finally:
            Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
