"""A workspace of the Slack test server with the whole program connected to it: for the adapter contract."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from adapters.slack import manifest, render
from adapters.slack.chat import PLATFORM
from bot.actions import NotAnAction, Verb, read
from bot.app import App
from bot.chat import Chat, MessageRef
from bot.effects_out import DELIVER
from bot.game.model import ChannelId, CommunityId, PlayerId, Policy
from bot.messages import Form
from bot.rendering import Place
from tests.adapters.hostile import DIRECTION
from tests.adapters.platform import DECK, Shown
from tests.adapters.slack.team import SOCKET, reached, settings_of
from tests.builders import NOON
from tests.contents import app_of
from tests.patience import PATIENCE
from tests.slack import changes, payloads
from tests.slack.blocks import elements_of
from tests.slack.people import Person
from tests.slack.reading import reading
from tests.slack.record import Channel, Json, Post, View, Workspace
from tests.slack.server import SlackServer


class SlackRooms:
    """Implements `Platform`: one workspace, a channel for each story, people who press and type."""

    def __init__(self, server: SlackServer, workspace: Workspace, app: App) -> None:
        assert app.slack is not None
        self.chat: Chat = app.slack.chat
        self.server = server
        self.workspace = workspace
        self.app = app
        self._client = app.slack
        self._channels: dict[ChannelId, Channel] = {}
        self._communities: dict[ChannelId, CommunityId] = {}

    async def a_channel(self, *names: str) -> ChannelId:
        """See Platform."""
        for name in names:
            if _user(name) not in self.workspace.users:
                self.workspace.user(_user(name), name.title())
        number = len(self.workspace.channels) + 1
        there = self.workspace.channel(
            f"C{number}", f"channel-{number}", members=tuple(map(_user, names)), bot=False
        )
        place = await self.app.service.found_place(
            PLATFORM, self.workspace.id, self.workspace.name, there.id, there.name, "Europe/London", NOON
        )
        self._channels[place.id] = there
        self._communities[place.id] = place.community.id
        return place.id

    def player(self, channel: ChannelId, name: str) -> PlayerId:
        """See Platform."""
        return PlayerId(PLATFORM, self._communities[channel], _user(name))

    def person(self, name: str) -> Person:
        """Somebody, to act as them."""
        return self.server.person(self.workspace, _user(name))

    def there(self, channel: ChannelId) -> Channel:
        """The channel as Slack has it."""
        return self._channels[channel]

    async def deal(self, channel: ChannelId, name: str, policy: Policy) -> MessageRef:
        """See Platform."""
        person, there = self.person(name), self._channels[channel]
        before = {each.ts for each in there.posts}
        await person.command("/shoes", f"deal {DECK}", there)
        await person.submit({"policy": policy.value})
        await person.submit()
        await self.settled(channel)
        boards = [each for each in there.posts if each.ts not in before and _has(each.blocks, Verb.RESPOND)]
        return MessageRef(boards[0].ts)

    async def seen(self, channel: ChannelId, name: str) -> Sequence[Shown]:
        """See Platform."""
        person = self.person(name)
        here = [_shown(each) for each in person.sees(self._channels[channel])]
        modal = [_shown_view(person.view)] if person.view is not None else []
        return [*here, *(_shown(each, private=True) for each in person.dms), *modal]

    async def press(self, channel: ChannelId, name: str, verb: Verb, value: str = "") -> None:
        """See Platform."""
        person = self.person(name)
        shown, action = self._button(person, channel, verb, value)
        await person.press(shown, action)
        await self.settled(channel)

    async def send(
        self, channel: ChannelId, name: str, verb: Verb, *, twice: bool = False, **fields: str
    ) -> None:
        """See Platform."""
        person = self.person(name)
        view = person.view
        assert view is not None, f"{name} has no form open"
        person.fill(fields)
        payload = payloads.interaction(
            self.workspace, "view_submission", person.user,
            trigger_id=changes.new_trigger(self.workspace, person.id, view.id).id,
            view=payloads.view(self.workspace, view),
            response_urls=[],
        )  # fmt: skip
        await person.submit()
        if twice:
            await self.server.delivery().ask("interactive", payload)
        await self.settled(channel)

    async def reply(self, channel: ChannelId, name: str, words: str) -> None:
        """See Platform."""
        there = self._channels[channel]
        card = [each for each in there.posts if _has(each.blocks, Verb.RESPOND) and not each.is_reply][-1]
        self.person(name).say(there, words, card)
        await self.settled(channel)

    def form(self, form: Form) -> Shown:
        """See Platform."""
        return _shown_shape(render.modal(form, "", Place(channel=ChannelId("c"))), (form.action,))

    async def settled(self, channel: ChannelId) -> None:
        """Back when nothing is on its way any more, in either direction."""
        await self.server.settled()
        await self.app.jobs.idle(DELIVER, channel)
        await self._client.idle()

    def _button(self, person: Person, channel: ChannelId, verb: Verb, value: str) -> tuple[Post | View, str]:
        """The newest button that does this, wherever the player sees it."""
        view: list[Post | View] = [person.view] if person.view is not None else []
        posts = [*person.sees(self._channels[channel]), *person.dms]
        for shown in (*view, *reversed(posts)):
            for button in _buttons(shown.shape["blocks"] if isinstance(shown, View) else shown.blocks):
                action = read(button["value"])
                if action.verb is verb and value in {"", action.value}:
                    return shown, button["action_id"]
        raise AssertionError(f"{person.id} sees no button to {verb.value} {value}")


def _user(name: str) -> str:
    return f"U{name.upper()}"


def _buttons(blocks: Sequence[Json]) -> list[Json]:
    return [each for block in blocks for each in elements_of(block) if each["type"] == "button"]


def _has(blocks: Sequence[Json], verb: Verb) -> bool:
    try:
        return any(read(each["value"]).verb is verb for each in _buttons(blocks))
    except NotAnAction:
        return False


def _shown(post: Post, *, private: bool = False) -> Shown:
    found = reading(post.blocks, post.text)
    return Shown(
        text=found.words,
        ref=MessageRef(post.ts),
        under=MessageRef(post.thread_ts) if post.is_reply else None,
        private=private or bool(post.only_for),
        actions=tuple(each["value"] for each in _buttons(post.blocks)),
        links=tuple(each.target for each in found.links),
        called=frozenset(found.calls),
    )


def _shown_view(view: View) -> Shown:
    return _shown_shape(view.shape, tuple(each["value"] for each in _buttons(view.shape["blocks"])))


def _shown_shape(shape: Json, actions: tuple[str, ...]) -> Shown:
    # What stands in a field turns nothing around it: the field is a box of its own.
    boxed = [_boxed(each) for each in shape["blocks"]]
    found = reading(boxed)
    frame = [shape[each]["text"] for each in ("title", "submit", "close") if each in shape]
    return Shown(
        text="\n".join((frame[0], found.words, *frame[1:])),
        private=True,
        actions=actions,
        links=tuple(each.target for each in found.links),
        called=frozenset(found.calls),
    )


def _boxed(block: Json) -> Json:
    element = block.get("element", {})
    if "initial_value" not in element:
        return block
    return {**block, "element": {**element, "initial_value": DIRECTION.sub("", element["initial_value"])}}


@contextlib.asynccontextmanager
async def slack_rooms(
    folder: Path, server: SlackServer | None = None, by: str = SOCKET
) -> AsyncIterator[SlackRooms]:
    """The program on a file in `folder`, connected to a workspace; Slack reaches it `by` socket or HTTP."""
    async with contextlib.AsyncExitStack() as stack:
        if server is None:
            quiet = SlackServer(clock=NOON.timestamp, ack_within=PATIENCE, retries=(0.01, 0.02, 0.03))
            server = await stack.enter_async_context(quiet)
        # What the manifest asks for, and no more: a call or an event beyond it would be missed here.
        workspace = server.workspace("T1", "North", scopes=manifest.SCOPES)
        server.app.events = frozenset(manifest.EVENTS)
        server.app.deliver = by
        settings = settings_of(server, workspace, folder)
        app = app_of(settings, practice=False, clock=lambda: NOON, folder=folder, paced=False)
        web = await stack.enter_async_context(app.running())
        await reached(server, workspace.app, app, web.address)
        yield SlackRooms(server, workspace, app)
