"""A browser without script, and the room it plays in: what the contract is tried on over real HTTP."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from adapters.web import render
from adapters.web.chat import PLATFORM, WebChat
from adapters.web.render import Reader
from bot.actions import Action, NotAnAction, Verb, read
from bot.app import App
from bot.chat import Chat, MessageRef
from bot.effects_out import DELIVER
from bot.game.model import ChannelId, PlayerId, Policy, RoundId
from bot.messages import Form
from bot.settings import Settings
from storage import room, showing
from storage.database import Transaction
from tests.adapters.hostile import DIRECTION
from tests.adapters.platform import DECK, PACK, Shown
from tests.builders import NOON
from tests.contents import app_of
from tests.databases import a_file
from tests.patience import PATIENCE

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "rect", "path"})
UNSEEN = frozenset({"script", "style", "template", "title"})
INLINE = frozenset({"a", "b", "bdi", "code", "em", "i", "span", "strong", "time"})


class Element:
    """One element of a page."""

    def __init__(self, tag: str, given: dict[str, str], parent: Element | None) -> None:
        self.tag = tag
        self.given = given
        self.parent = parent
        self.children: list[Element | str] = []

    def all(self, *tags: str) -> Iterator[Element]:
        """Every element below with one of these tags, in order; any tag if none is given."""
        for child in self.children:
            if isinstance(child, Element):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    def by_id(self, id: str) -> Element | None:
        """The element with this id."""
        return next((each for each in self.all() if each.given.get("id") == id), None)

    @property
    def text(self) -> str:
        """What a reader reads. Marks of direction end with the <bdi> that they stand in."""
        if self.tag in UNSEEN or "hidden" in self.given:
            return ""
        inner = "".join(child if isinstance(child, str) else child.text for child in self.children)
        if self.tag == "bdi":
            return DIRECTION.sub("", inner)
        if self.tag == "input" and self.given.get("type") in {"text", "date"}:
            inner = DIRECTION.sub("", self.given.get("value", ""))  # a box of its own
        if self.tag == "textarea":
            inner = DIRECTION.sub("", inner)
        return inner if self.tag in INLINE else f"\n{inner}\n"

    @property
    def actions(self) -> tuple[str, ...]:
        """What its buttons and forms send, in order."""
        sent = (each.given for each in self.all("button", "input") if each.given.get("name") == "action")
        return tuple(given.get("value", "") for given in sent)

    @property
    def links(self) -> tuple[str, ...]:
        """Where it leads."""
        return tuple(each.given.get("href", "") for each in self.all("a", "area"))


class Page(HTMLParser):
    """A page as a tree."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self._at = Element("", {}, None)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        element = Element(tag, {name: value or "" for name, value in attrs}, self._at)
        self._at.children.append(element)
        if tag not in VOID:
            self._at = element

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        at: Element | None = self._at
        while at is not None and at.tag != tag:
            at = at.parent
        if at is not None and at.parent is not None:
            self._at = at.parent

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        self._at.children.append(data)

    def part(self, id: str) -> Element:
        """A part that every page of a room has."""
        found = self.root.by_id(id)
        assert found is not None, id
        return found

    def button(self, verb: Verb, value: str) -> dict[str, str]:
        """What a browser sends for the first button that does this."""
        for form in self.root.all("form"):
            for button in form.all("button"):
                action = _action(button.given.get("value", ""))
                if action is not None and action.verb is verb and value in {"", action.value}:
                    return _filled(form) | {"action": button.given["value"]}
        raise AssertionError(f"no button to {verb.value} {value}\n{self.root.text}")

    def questions(self, action: str) -> dict[str, str]:
        """What a browser sends for the first form whose action begins so, with nothing typed."""
        for form in self.root.all("form"):
            if form.given.get("data-form", "").startswith(action):
                return _filled(form)
        raise AssertionError(f"no form to {action}\n{self.root.text}")


def _action(text: str) -> Action | None:
    try:
        return read(text)
    except NotAnAction:
        return None


def _filled(form: Element) -> dict[str, str]:
    fields: dict[str, str] = {}
    for each in form.all("input", "textarea", "select"):
        name = each.given.get("name", "")
        if each.tag == "textarea":
            fields[name] = "".join(map(str, each.children)).removeprefix("\n")
        elif each.tag == "select":
            options = list(each.all("option"))
            chosen = [option for option in options if "selected" in option.given] or options[:1]
            fields[name] = chosen[0].given.get("value", "") if chosen else ""
        elif each.given.get("type") != "radio" or "checked" in each.given:
            fields[name] = each.given.get("value", "")
    return fields


class BrowserRooms:
    """Implements `Platform`: the program serves real pages, and each player has a browser."""

    def __init__(self, app: App, address: str) -> None:
        self.chat: Chat = WebChat(app.database, app.clock)
        self._app = app
        self.database = app.database
        self.address = address
        self._browsers: dict[tuple[ChannelId, str], httpx.AsyncClient] = {}
        self._players: dict[tuple[ChannelId, str], PlayerId] = {}

    async def settled(self) -> None:
        """Back when what was due has gone out."""
        await self._app.jobs.settle()

    async def close(self) -> None:
        """Close the browsers."""
        for browser in self._browsers.values():
            await browser.aclose()

    async def a_channel(self, *names: str) -> ChannelId:
        """See Platform."""
        first = self._browser()
        home = Page((await first.get("/")).text).questions("start")
        answer = await first.post("/rooms", data=home | {"title": "Our room", "name": names[0].title()})
        channel = ChannelId(answer.headers["location"].rpartition("/")[2])
        self._browsers[channel, names[0]] = first
        invitation = (await self._page(channel, names[0])).part("invite-link").given["value"]
        for name in names[1:]:
            browser = self._browsers[channel, name] = self._browser()
            path = urlsplit(invitation).path
            form = Page((await browser.get(path)).text).questions("join")
            answer = await browser.post(path, data=form | {"name": name.title()})
            assert answer.status_code == 303
        for name in names:
            self._players[channel, name] = await self._app.database.read(partial(self._seat, channel, name))
        return channel

    def player(self, channel: ChannelId, name: str) -> PlayerId:
        """See Platform."""
        return self._players[channel, name]

    async def deal(self, channel: ChannelId, name: str, policy: Policy) -> MessageRef:
        """See Platform."""
        form = (await self._page(channel, name)).questions(Verb.PREVIEW.value)
        await self._post(channel, name, form | {"deck": DECK, "policy": policy.value})
        await self.press(channel, name, Verb.DEAL)
        round, *_ = await self._app.database.read(lambda tx: showing.in_channel(tx, channel, 1))
        return (await self._boards(channel))[round]

    async def seen(self, channel: ChannelId, name: str) -> Sequence[Shown]:
        """See Platform. The page shows one card at a time, with all that belongs to it."""
        seen: dict[object, Shown] = {}
        for round, card in reversed((await self._boards(channel)).items()):
            page = await self._page(channel, name, f"?round={round}")
            for key, shown in _on_the_table(page, card):
                seen[key] = shown
        return list(seen.values())

    async def press(self, channel: ChannelId, name: str, verb: Verb, value: str = "") -> None:
        """See Platform."""
        await self._post(channel, name, (await self._page(channel, name)).button(verb, value))

    async def send(
        self, channel: ChannelId, name: str, verb: Verb, *, twice: bool = False, **fields: str
    ) -> None:
        """See Platform."""
        alone = "" if verb is Verb.MAKE_CAMPAIGN else "."  # it is about nothing yet
        form = (await self._page(channel, name)).questions(f"{verb.value}{alone}")
        for _ in range(1 + twice):
            await self._post(channel, name, form | fields)

    async def reply(self, channel: ChannelId, name: str, words: str) -> None:
        """See Platform."""
        await self.send(channel, name, Verb.REPLY, words=words)

    def form(self, form: Form) -> Shown:
        """See Platform."""
        reader = Reader(csrf="", channel="", event=lambda: secrets.token_urlsafe(12))
        return _shown(Page(str(render.form(form, reader))).root)

    def _browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.address, timeout=PATIENCE, trust_env=False)

    async def _page(self, channel: ChannelId, name: str, query: str = "") -> Page:
        await self._app.jobs.settle()
        answer = await self._browsers[channel, name].get(f"/rooms/{channel}{query}")
        assert answer.status_code == 200, answer.text
        return Page(answer.text)

    async def _post(self, channel: ChannelId, name: str, fields: dict[str, str]) -> None:
        answer = await self._browsers[channel, name].post("/press", data=fields)
        assert answer.status_code == 303, answer.text
        await self._app.jobs.idle(DELIVER, channel)

    async def _boards(self, channel: ChannelId) -> dict[RoundId, MessageRef]:
        """Where the cards are, the newest first."""

        def look(tx: Transaction) -> dict[RoundId, MessageRef]:
            rounds = showing.in_channel(tx, channel, 100)
            refs = room.refs(tx, channel, rounds)
            return {each: MessageRef(str(refs[each, "board"])) for each in rounds if (each, "board") in refs}

        await self._app.jobs.settle()
        return await self._app.database.read(look)

    def _seat(self, channel: ChannelId, name: str, tx: Transaction) -> PlayerId:
        community = room.community_of(tx, channel)
        assert community is not None
        user = room.seat(tx, self._browsers[channel, name].cookies["shoes-0"], community)
        assert user is not None
        return PlayerId(PLATFORM, community, user)


def _on_the_table(page: Page, card: MessageRef) -> Iterator[tuple[object, Shown]]:
    """What a page shows, each with what it is known by."""
    board = page.part("board")
    yield card, _shown(next(each for each in board.all("div") if each.given.get("class") == "message"), card)
    for article in page.part("thread").all("article"):
        id = article.given["id"]
        ref = MessageRef(id.removeprefix("post-")) if id.startswith("post-") else None
        yield id, _shown(article, ref, under=card)
    for part in ("recap", "recaps"):
        for article in page.part(part).all("article"):
            yield article.given["id"], _shown(article)
    for part in ("answer", "mine", "next"):
        for number, child in enumerate(
            each for each in page.part(part).children if isinstance(each, Element)
        ):
            yield f"{part}-{number}-{card}", _shown(child, private=True)


def _shown(
    element: Element, ref: MessageRef | None = None, *, under: MessageRef | None = None, private: bool = False
) -> Shown:
    return Shown(
        text=element.text,
        ref=ref,
        under=under,
        private=private,
        actions=element.actions,
        links=element.links,
    )


@contextlib.asynccontextmanager
async def browser_rooms(
    folder: Path, clock: Callable[[], datetime] = lambda: NOON, **more: Any
) -> AsyncIterator[BrowserRooms]:
    """The program on a file in `folder`, with its pages open. `more`: other settings."""
    settings = Settings(
        database_url=a_file(folder),
        secret_key=SecretStr("a secret that only these tests have"),
        web_port=0,
        content_paths=str(PACK),
        **more,
    )
    app = app_of(settings, practice=False, clock=clock, folder=folder)
    async with app.running() as server:
        rooms = BrowserRooms(app, server.address)
        try:
            yield rooms
        finally:
            await rooms.close()
