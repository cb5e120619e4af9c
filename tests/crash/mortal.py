"""A process that ends at a chosen point, told without a process: memory is gone, rows and posts stay.

The points are: before and after each commit, and before and after each call to the platform.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import sqlalchemy as sa
from pydantic import SecretStr

from adapters.web.chat import PLATFORM
from adapters.web.stored import written
from bot.app import App
from bot.chat import Capabilities, DeliveryFailed, MessageRef, Press
from bot.game.model import ChannelId, CommunityId, PlayerId
from bot.messages import Message
from bot.settings import Settings
from storage.database import Database, Transaction, open_database
from tests.builders import NOON
from tests.contents import app_of
from tests.crash.stored import Facts, Stored
from tests.databases import unsynced
from tests.storage.builders import found_room

T = TypeVar("T")

HOME = CommunityId("home")
WARD = ChannelId("ward")


class ProcessEnds(BaseException):
    """The process has ended here. Nothing of ours may catch it."""


class Death:
    """Decides at each point whether the process ends there. Once it has, nothing can be done any more."""

    def __init__(self) -> None:
        self.ends: Callable[[str], bool] = lambda _point: False
        self.at: list[str] = []  # where it ended, each time
        self._dead = False

    def point(self, name: str) -> None:
        """The process may end here."""
        self.check()
        if self.ends(name):
            self._dead = True
            self.at.append(name)
            raise ProcessEnds(name)

    def check(self) -> None:
        """What has ended does nothing more."""
        if self._dead:
            raise ProcessEnds

    @property
    def dead(self) -> bool:
        """Whether the process has ended."""
        return self._dead

    def born_again(self) -> None:
        """A new process begins."""
        self._dead = False


class MortalDatabase:
    """A database, as a process uses it that may end before or after each commit."""

    def __init__(self, death: Death, database: Database) -> None:
        self._database = database
        self._death = death
        self.engine: sa.Engine = database.engine

    async def write(self, run: Callable[[Transaction], T]) -> T:
        """See Database."""
        self._death.point("before a commit")
        result = await self._database.write(run)
        self._death.point("after a commit")
        return result

    async def read(self, run: Callable[[Transaction], T]) -> T:
        """See Database."""
        self._death.check()
        return await self._database.read(run)

    async def scrub(self) -> bool:
        """See Database."""
        self._death.point("before a scrub")
        return await self._database.scrub()

    async def close(self) -> None:
        """See Database."""
        await self._database.close()


@dataclass
class Post:
    """A post on the platform, as it looks now."""

    key: str
    thread: MessageRef | None
    message: Message


@dataclass
class Platform:
    """Somebody else's machine: it outlives our process, and posts whatever it is asked to."""

    posts: list[Post] = field(default_factory=list)
    whispers: dict[str, tuple[PlayerId, Message]] = field(default_factory=dict)
    refuses: dict[str, list[DeliveryFailed]] = field(default_factory=dict)  # by call

    def seen(self) -> tuple[list[tuple[bool, list[str]]], list[tuple[str, list[str]]]]:
        """What people see: each post in order, in the thread or not; and each whisper, to whom."""
        return (
            [(post.thread is not None, _words(post.message)) for post in self.posts],
            [(player.user, _words(message)) for player, message in self.whispers.values()],
        )


class MortalChat:
    """The platform, as a process reaches it that may end before or after each call."""

    capabilities = Capabilities(
        whispers_any_time=True,
        action_length=100,
        reads_threads=True,
        finds_own_posts=True,
        whispers_by_key=True,
    )

    def __init__(self, death: Death, platform: Platform) -> None:
        self._death = death
        self._platform = platform

    def fits(self, message: Message) -> bool:
        """See Chat."""
        return True

    async def post(
        self, channel: ChannelId, message: Message, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """See Chat."""
        self._before("a post")
        self._platform.posts.append(Post(key, thread, message))
        self._death.point("after a post")
        return MessageRef(str(len(self._platform.posts) - 1))

    async def edit(self, channel: ChannelId, ref: MessageRef, message: Message) -> None:
        """See Chat."""
        self._before("an edit")
        self._platform.posts[int(ref)].message = message
        self._death.point("after an edit")

    async def find(
        self, channel: ChannelId, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef | None:
        """See Chat."""
        self._before("a look")
        found = (number for number, post in enumerate(self._platform.posts) if post.key == key)
        return next((MessageRef(str(number)) for number in found), None)

    async def takes_part(self, channel: ChannelId, player: PlayerId) -> bool:
        """See Chat."""
        return True

    async def whisper(self, channel: ChannelId, player: PlayerId, message: Message, *, key: str) -> None:
        """See Chat. The platform knows by the key that it has told this already."""
        self._before("a whisper")
        self._platform.whispers[key] = (player, message)
        self._death.point("after a whisper")

    def _before(self, call: str) -> None:
        self._death.point(f"before {call}")
        if self._platform.refuses.get(call):
            raise self._platform.refuses[call].pop()


def _words(message: Message) -> list[str]:
    """All that a message says, without ids; sorted, because a reveal is shuffled."""
    said: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, list):
            for each in value:
                walk(each)
        elif isinstance(value, dict):
            for name, part in value.items():
                if name not in {"action", "round", "is"}:
                    walk(part)
        elif isinstance(value, str):
            said.append(value)

    walk(json.loads(written(message)))
    return sorted(said)


def hear(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Nobody waits for the tasks of a process that has ended; any other fault is told as usual."""
    if not isinstance(context.get("exception"), ProcessEnds):
        loop.default_exception_handler(context)


class Town:
    """A channel on a platform, people who play there, and one process after the other that serves them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.now: datetime = NOON
        self.death = Death()
        self.platform = Platform()
        self.stored = Stored(url)
        self._settings = Settings(database_url=url, secret_key=SecretStr("s" * 40))
        self.pressed: list[Press] = []
        self._app: App | None = None
        self._database: Database | None = None

    @property
    def app(self) -> App:
        """The process that runs now."""
        assert self._app is not None
        return self._app

    async def open(self) -> None:
        """Start a process, and the first time found the channel."""
        self.death.born_again()
        asyncio.get_running_loop().set_exception_handler(hear)
        with ExitStack() as instead:
            instead.enter_context(patch("bot.app.open_database", self._opened))
            chat = MortalChat(self.death, self.platform)
            instead.enter_context(patch("bot.app.WebChat", lambda *_parts: chat))
            instead.enter_context(patch("bot.app.migrate"))  # it is as it should be, and this takes long
            self._app = app_of(self._settings, practice=False, clock=lambda: self.now, folder=Path())

    def _opened(self, url: str, exclusive: bool = False) -> MortalDatabase:
        if self._database is None:
            self._database = unsynced(open_database(url))
        return MortalDatabase(self.death, self._database)

    async def close(self) -> None:
        """The process is gone, and whatever it had begun with it."""
        assert self._database is not None
        await self._database.close()
        self._database = None
        await self._let_go()

    async def _let_go(self) -> None:
        begun = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*begun, return_exceptions=True)

    async def found(self) -> None:
        """Make the channel."""
        await self.app.database.write(
            lambda tx: found_room(tx, HOME, WARD, platform=PLATFORM, name="Ward 4", now=self.now)
        )

    async def press(self, who: str, action: str, fields: Mapping[str, str] | None = None) -> None:
        """Somebody presses; the platform delivers it again until it is acknowledged."""
        press = Press(
            player=PlayerId(PLATFORM, HOME, who),
            channel=WARD,
            action=action,
            event=f"event {len(self.pressed)}",
            name=who.title(),
            fields=fields or {},
        )
        self.pressed.append(press)
        while not await self._survives(lambda: self._deliver(press)):
            await self._again()
        await self.settle()

    async def pass_time(self, by: timedelta) -> None:
        """Time passes, and the alarms that are due then ring."""
        self.now += by
        await self.settle()

    async def settle(self) -> None:
        """Until there is nothing left to do, however many processes it takes."""
        while not await self._survives(self.app.jobs.settle):
            await self._again()

    async def press_everything_again(self) -> None:
        """The platform delivers all of it once more."""
        for press in self.pressed:
            await self.app.service.press(press, self.now)
        await self.settle()

    def outcome(self) -> tuple[Facts, Any]:
        """What is stored, and what people see."""
        self.stored.adds_up()
        assert self.stored.rows("SELECT id FROM outbox") == []
        return self.stored.facts(), self.platform.seen()

    async def _deliver(self, press: Press) -> None:
        answer = await self.app.service.press(press, self.now)
        assert answer.accepted, (press, answer)

    async def _survives(self, doing: Callable[[], Awaitable[None]]) -> bool:
        try:
            await doing()
        except ProcessEnds:
            return False
        return True

    async def _again(self) -> None:
        """Another process. On SQLite it opens the file anew; a server does not see the difference."""
        if self.app.database.engine.dialect.name == "sqlite":
            await self.close()
        await self._let_go()
        await self.open()
