"""One program on three platforms through four weeks: real adapters, real test servers, a clock of ours.

The process ends wherever a test wants, and begins again on the same file. What is judged is what the
servers and the rooms have on record.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias
from unittest.mock import patch
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr

from adapters.discord import chat as discord
from adapters.slack import chat as slack
from adapters.slack import manifest
from adapters.web import chat as web
from adapters.web.stored import read as message_of
from bot.actions import Action, Verb, read, write
from bot.answers import Answer
from bot.chat import Chat, MessageRef, Press
from bot.game.model import ChannelId, CommunityId, PlayerId
from bot.messages import Buttons, Message
from bot.settings import Settings
from storage import alarms, outbox
from storage.database import Database, Transaction, open_database
from storage.tables import METADATA
from tests.adapters.discord.team import words_of as words_on_discord
from tests.adapters.five import Time
from tests.adapters.slack.team import words_of as words_on_slack
from tests.contents import app_of
from tests.crash.mortal import Death, MortalDatabase, ProcessEnds, hear
from tests.databases import a_file, unsynced
from tests.discord.server import DiscordServer
from tests.gallery.plain import plain
from tests.patience import PATIENCE
from tests.slack.server import SlackServer
from tests.storage.builders import found_room

GUILD = "200000000000000001"
ROOM = "room"

Recorded: TypeAlias = tuple[str, datetime, Callable[[], str]]
"""The id of a message, when it was posted, and what it says now."""

_room_posts = METADATA.tables["room_posts"]


@dataclass(frozen=True, slots=True)
class Place:
    """A channel: on which platform, by which name there, and its clock and hour of posting."""

    platform: str
    ref: str
    zone: str
    time: str


@dataclass(frozen=True, slots=True)
class Card:
    """The card of a day as it was posted: its local date and hour by the channel's clock then."""

    day: int
    at: datetime
    late: bool
    words: str


class Dying:
    """Ends the process once at each step of a posting on each platform, at most once a day on each.

    A step is told by the job that takes it and by what it has done so far.
    """

    def __init__(self, platform_of: Callable[[str], str], today: Callable[[], date]) -> None:
        self.left = {
            (platform, when, step)
            for platform in (slack.PLATFORM, discord.PLATFORM, web.PLATFORM)
            for when in ("before", "after")
            for step in ("ring", "claim", "call 1", "note", *["call 2"] * (platform == discord.PLATFORM))
        }
        self._platform_of, self._today = platform_of, today
        self._done: WeakKeyDictionary[asyncio.Task[Any], str] = WeakKeyDictionary()
        self._last: dict[str, date] = {}

    def ends(self, point: str) -> bool:
        """Whether the process ends at a point: `before` or `after`, and what."""
        task = asyncio.current_task()
        assert task is not None
        job, _, about = task.get_name().partition(":")
        if job == "ring" and about.startswith("campaign:"):
            return self._now(about.rpartition(":")[2], point.partition(" ")[0], "ring")
        if job != "deliver":
            return False
        when, _, what = point.partition(" ")
        step = self._step(task, when, what)
        return bool(step) and self._now(about, when, step)

    def posting(self, *, ended: bool) -> None:
        """A card goes out in this task, or has gone out."""
        task = asyncio.current_task()
        assert task is not None
        self._done[task] = "note" if ended else "posting"

    def _step(self, task: asyncio.Task[Any], when: str, what: str) -> str:
        """Which step of a posting this is; empty if it is none of the first card in the task."""
        before = self._done.get(task, "claim")
        if before == "posting" and (what == "a call" or what == "a commit"):
            self._done[task] = "call 1" if when == "before" else "posting 2"
            return "call 1"
        if before == "call 1" and when == "after":
            self._done[task] = "posting 2"
            return "call 1"
        if before == "posting 2" or before == "call 2":
            self._done[task] = "call 2" if when == "before" else "posting 3"
            return "call 2"
        if what == "a commit" and before in {"claim", "note"}:
            if when == "after":
                self._done[task] = "over"
            return before
        return ""

    def _now(self, channel: str, when: str, step: str) -> bool:
        platform = self._platform_of(channel)
        here = (platform, when, step)
        if here not in self.left or self._last.get(platform) == self._today():
            return False
        self.left.discard(here)
        self._last[platform] = self._today()
        return True


class MortalChat:
    """A real adapter, in a process that may end around each of its calls."""

    def __init__(self, death: Death, dying: Dying, chat: Chat) -> None:
        self._death, self._dying, self._chat = death, dying, chat
        self.capabilities = chat.capabilities
        self.fits, self.find = chat.fits, chat.find
        self.edit, self.whisper = chat.edit, chat.whisper
        self._counts_calls = isinstance(chat, slack.SlackChat)
        if isinstance(chat, discord.DiscordChat):
            patch.object(chat, "_call", self._around(chat._call)).start()

    async def post(
        self, channel: ChannelId, message: Message, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """See Chat."""
        card = "# Day " in plain(message) and thread is None
        if card:
            self._dying.posting(ended=False)
        post = self._around(self._chat.post) if self._counts_calls else self._chat.post
        ref = await post(channel, message, key=key, thread=thread)
        if card:
            self._dying.posting(ended=True)
        return ref

    def _around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        async def around(*given: Any, **named: Any) -> Any:
            self._death.point("before a call")
            answer = await call(*given, **named)
            self._death.point("after a call")
            return answer

        return around


class Month:
    """Three platforms, and one program after the other that plays there."""

    def __init__(
        self,
        slack: SlackServer,
        discord: DiscordServer,
        time: Time,
        folder: Path,
        places: Mapping[str, Place],
    ) -> None:
        self.slack, self.discord, self.time, self.places = slack, discord, time, dict(places)
        self.restarts = 0
        self.death = Death()
        self.dying = Dying(self._platform_of, self._today)
        self.death.ends = self.dying.ends
        self.seen: dict[str, list[Card]] = {name: [] for name in places}
        self.said: dict[str, list[str]] = {name: [] for name in places}  # all posts that are no card's
        self._known: set[tuple[str, str]] = set()
        self._channels: dict[str, tuple[ChannelId, CommunityId]] = {}
        self._events = count()
        self._folder = folder
        self._life = AsyncExitStack()
        self.workspace = slack.workspace("T1", "North", scopes=manifest.SCOPES)
        slack.app.events = frozenset()  # nobody says anything
        guild = discord.guild(GUILD, "North")
        for place in places.values():
            if place.platform == "slack":
                self.workspace.channel(place.ref, place.ref.lower())
            elif place.platform == "discord":
                guild.channel(place.ref, "ward")
        self._settings = Settings(
            database_url=a_file(folder),
            secret_key=SecretStr("a secret that only these tests have"),
            web_port=0,
            slack_bot_token=SecretStr(self.workspace.token),
            slack_app_token=SecretStr(slack.app.app_token),
            slack_api_url=slack.api_url,
            discord_token=SecretStr(discord.token),
            discord_api_url=discord.api_url,
            discord_gateway_url=discord.gateway_url,
        )

    # --- the program -----------------------------------------------------------------------

    async def start(self) -> None:
        """A new process, on the same file."""
        self.death.born_again()
        with ExitStack() as instead:
            instead.enter_context(patch("bot.app.open_database", self._opened))
            if self.restarts:
                instead.enter_context(patch("bot.app.migrate"))  # it is as it should be, and this takes long
            self.app = app_of(
                self._settings, practice=False, clock=self.time, folder=self._folder, paced=False
            )
        chats = self.app.courier._chats
        assert isinstance(chats, dict)
        for platform, chat in chats.items():
            chats[platform] = MortalChat(self.death, self.dying, chat)
        await self._life.enter_async_context(self.app.running())
        self.restarts += 1

    async def stop(self) -> None:
        """It ends; what it has in hand is finished, unless it has died."""
        with contextlib.suppress(ProcessEnds):
            await self._life.aclose()

    def _opened(self, url: str, exclusive: bool = False) -> Database:
        return MortalDatabase(self.death, unsynced(open_database(url)))

    def _platform_of(self, channel: str) -> str:
        for name, (id, _community) in self._channels.items():
            if id == channel:
                return self.places[name].platform
        raise AssertionError(channel)

    def _today(self) -> date:
        return self.time.now.date()

    # --- people ----------------------------------------------------------------------------

    async def found(self) -> None:
        """Every channel is known."""
        for name, place in self.places.items():
            if place.platform == "web":
                await self.app.database.write(
                    lambda tx: found_room(tx, CommunityId(ROOM), ChannelId(ROOM), now=self.time.now)
                )
                self._channels[name] = (ChannelId(ROOM), CommunityId(ROOM))
                continue
            home = "T1" if place.platform == "slack" else GUILD
            known = await self.app.service.found_place(
                place.platform, home, "North", place.ref, name, "Europe/London", self.time.now
            )
            self._channels[name] = (known.id, known.community.id)

    async def press(self, where: str, verb: Verb, about: str = "", value: str = "", **fields: str) -> Answer:
        """Somebody who looks after a channel presses something there, or sends a form."""
        channel, community = self._channels[where]
        press = Press(
            player=PlayerId(self.places[where].platform, community, "U1"),
            channel=channel,
            action=write(Action(verb, about=about, value=value)),
            event=f"event-{next(self._events)}",
            name="Ada",
            fields=fields,
            manages=True,
        )
        answer = await self.app.service.press(press, self.time.now)
        assert answer.accepted, answer
        return answer

    async def campaign(self, home: str, template: str, **fields: str) -> str:
        """One is planned and started in `home`, and every other channel takes part, each by its own clock."""
        place = self.places[home]
        made = await self.press(home, Verb.MAKE_CAMPAIGN, template=template, time=place.time, **fields)
        id = next(each for each in _abouts(made) if each)
        await self.press(home, Verb.START_CAMPAIGN, id)
        told = await self.press(home, Verb.CAMPAIGN_CODE, id)
        assert told.content is not None
        code = re.search(rf"{re.escape(id)}\.[\w-]+", plain(told.content))
        assert code is not None
        for name in self.places:
            if name != home:
                await self.press(name, Verb.SEND_CODE, code=code[0])
            await self.here(name, id, start=fields["start"], weekdays=fields["weekdays"])
        return id

    async def here(self, where: str, id: str, *, start: str, weekdays: str) -> None:
        """A channel goes by the zone and the hour of its place."""
        place = self.places[where]
        await self.press(
            where, Verb.SAVE_CAMPAIGN, id, "here",
            start=start, weekdays=weekdays, time=place.time, zone=place.zone,
        )  # fmt: skip

    # --- time ------------------------------------------------------------------------------

    async def until(self, end: datetime) -> None:
        """Time passes; whatever is due is done at its moment, however many processes it takes."""
        while True:
            await self._settle()
            due = await self.app.database.read(_next_due)
            if due is None or due > end:
                self.time.now = end
                await self._settle()
                return
            self.time.now = max(self.time.now, due)

    async def outage(self, end: datetime) -> None:
        """Nothing runs until then."""
        await self.stop()
        self.time.now = end
        await self.start()

    async def _settle(self) -> None:
        while True:
            with contextlib.suppress(ProcessEnds):
                await self.app.jobs.settle()
            if not self.death.dead:
                break
            await self.stop()
            await self.start()
        await self._look()

    # --- what is on record -----------------------------------------------------------------

    async def _look(self) -> None:
        """Note what is new in each channel, as it was when it was posted."""
        for name, posts in (await self._record()).items():
            for id, at, words_of in posts:
                if (name, id) in self._known:
                    continue
                self._known.add((name, id))
                words = words_of()
                found = re.search(r"\bDay (\d+): a new card", words)
                if found is None:
                    self.said[name].append(words)
                    continue
                local = at.astimezone(ZoneInfo(self.places[name].zone))
                to_the_minute = local.replace(second=0, microsecond=0, tzinfo=None)
                late = "It comes late today" in words
                self.seen[name].append(Card(int(found[1]), to_the_minute, late, words))

    async def _record(self) -> dict[str, list[Recorded]]:
        """Every message of ours that ever stood in a channel itself, in order."""
        found: dict[str, list[Recorded]] = {}
        for name, place in self.places.items():
            if place.platform == "slack":
                found[name] = [
                    (each.ts, datetime.fromtimestamp(float(each.ts), UTC), partial(words_on_slack, each))
                    for each in self.workspace.channels[place.ref].every
                    if not each.is_reply
                ]
            elif place.platform == "discord":
                found[name] = [
                    (each.id, datetime.fromtimestamp(each.at, UTC), partial(words_on_discord, each))
                    for each in self.discord.world.channels[place.ref].every
                ]
            else:
                found[name] = await self.app.database.read(_in_room)
        return found

    def doubles(self) -> list[str]:
        """What was posted twice, by the keys that our posts carry, in threads as well."""
        keys = Counter(
            f"slack {each.metadata['event_payload']['key']}"
            for channel in self.workspace.channels.values()
            for each in channel.every
            if each.metadata
        )
        for each in self.discord.posts:
            as_posted = each.versions[0]["components"] if each.versions else each.components
            keys.update(f"discord {part['id']}" for part in as_posted[:1])  # one that opens a thread has none
        return sorted(key for key, times in keys.items() if times > 1)


def _abouts(answer: Answer) -> Iterator[str]:
    assert isinstance(answer.content, Message)
    for block in answer.content.blocks:
        if isinstance(block, Buttons):
            yield from (read(button.action).about for button in block.buttons)


def _next_due(tx: Transaction) -> datetime | None:
    moments = [each for each in (alarms.next_due_at(tx), outbox.next_due_at(tx)) if each is not None]
    return min(moments, default=None)


def _in_room(tx: Transaction) -> list[Recorded]:
    query = sa.select(_room_posts).where(_room_posts.c.thread.is_(None) & _room_posts.c.account.is_(None))
    rows = tx.connection.execute(query.order_by(_room_posts.c.id)).all()
    return [(str(row.id), row.posted_at, partial(_words_in_room, row.message)) for row in rows]


def _words_in_room(message: str) -> str:
    return plain(message_of(message))


@asynccontextmanager
async def a_month(folder: Path, begins: datetime, places: Mapping[str, Place]) -> AsyncIterator[Month]:
    """The servers, and the program on them. At the end nothing was sent that a platform does not take."""
    time = Time(begins)
    asyncio.get_running_loop().set_exception_handler(hear)
    async with (
        SlackServer(clock=time.seconds, ack_within=PATIENCE) as slack,
        DiscordServer(clock=time.seconds, answer_within=PATIENCE, message_content=False) as discord,
    ):
        with pytest.MonkeyPatch.context() as kept:
            kept.setattr(Route, "BASE", Route.BASE)  # the program sets both: they are put back
            kept.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
            month = Month(slack, discord, time, folder, places)
            await month.start()
            try:
                await month.found()
                yield month
            finally:
                await month.stop()
        assert slack.faults_of_ours == []
        assert discord.faults_of_ours == []
