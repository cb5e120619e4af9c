"""A house to play in: the real service on a real SQLite file, with players known by their names."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path

from bot.actions import Action, Verb, write
from bot.answers import Answer
from bot.chance import SystemChance
from bot.chat import Capabilities, Chat, MessageRef, Press, WhisperClosed
from bot.courier import Courier
from bot.effects_out import DELIVER, RING, SCRUB
from bot.game.model import ChannelId, CommunityId, Pack, PlayerId, Policy, RoundId
from bot.jobs.embedded import EmbeddedJobs
from bot.messages import Message
from bot.presses import Wish, deal_action
from bot.service import Service
from storage import alarms, outbox, showing
from storage.database import Database, open_database
from storage.keys import Keyring
from tests.builders import NOON
from tests.contents import contents
from tests.databases import a_file
from tests.gallery.plain import plain
from tests.storage.builders import found_room

SECRET = b"a secret that only these tests have"
HOME = CommunityId("home")
ROOM = ChannelId("room")


class House:
    """One room, its people, and a clock that moves when a story says so."""

    def __init__(self, database: Database, packs: tuple[Pack, ...], chat: Wall | None = None) -> None:
        self.now = NOON
        self.database = database
        self.keyring = Keyring(SECRET)
        self.jobs = EmbeddedJobs(
            database,
            lambda: self.now,
            due={DELIVER: outbox.due, RING: alarms.due},
            next_due=(outbox.next_due_at, alarms.next_due_at),
        )
        self.service = Service(database, self.jobs, self.keyring, packs, SystemChance(), care=contents().care)
        self.chat = chat or Wall()
        self.chats: dict[str, Chat] = {"web": self.chat}
        courier = Courier(
            database,
            self.keyring,
            self.chats,
            lambda: self.now,
            care=contents().care,
            unreached=self.service.tools.untold.add,
        )
        self.jobs.on(DELIVER, courier.deliver)
        self.jobs.on(RING, lambda key: self.service.ring(key, self.now))
        self.jobs.on(SCRUB, self.service.scrub)
        self._events = count(1)

    async def press(
        self, who: str, action: Action, /, event: str = "", community: CommunityId = HOME, **fields: str
    ) -> Answer:
        """A press by somebody; each is a delivery of its own unless `event` says otherwise."""
        return await self.send(who, action, fields, event=event, community=community)

    async def away(self, who: str, action: Action, community: CommunityId, **fields: str) -> Answer:
        """A press in the only room of another community, `<id>-room`."""
        return await self.send(
            who, action, fields, community=community, channel=ChannelId(f"{community}-room")
        )

    async def send(
        self,
        who: str,
        action: Action,
        fields: Mapping[str, str],
        *,
        event: str = "",
        community: CommunityId = HOME,
        channel: ChannelId = ROOM,
    ) -> Answer:
        """The same with a form's fields as one value."""
        press = Press(
            player=PlayerId("web", community, who),
            channel=channel,
            action=write(action),
            event=event or f"event-{next(self._events)}",
            name=who.title(),
            fields=fields,
        )
        return await self.service.press(press, self.now)

    async def deal(
        self, policy: Policy = Policy.TOGETHER, card: str | None = None, by: str = "ada"
    ) -> RoundId:
        """Deal a card; a day for each phase."""
        chosen = card or self.service.decks[0].cards[0].id
        wish = Wish(card=chosen, policy=policy, respond=24 * 60, vote=24 * 60)
        answer = await self.press(by, deal_action(wish))
        assert answer.round is not None, said(answer)
        return answer.round

    async def respond(self, who: str, round: RoundId, words: str, **fields: str) -> Answer:
        """Send a response."""
        return await self.press(
            who, Action(Verb.SEND, round), event="", community=HOME, words=words, **fields
        )

    async def thread(self, round: RoundId) -> MessageRef:
        """The thread of a card whose board is posted."""
        await self.jobs.settle()
        posts = await self.rows("posts")
        return MessageRef(
            str(next(p["ref"] for p in posts if p["round_id"] == round and p["slot"] == "board"))
        )

    async def ring(self, *, after: timedelta) -> None:
        """Time goes by, and what is due rings and is delivered."""
        self.now += after
        await self.jobs.settle()

    async def rows(self, table: str) -> list[Mapping[str, object]]:
        """Every row of a table, as it is stored."""
        return await self.database.read(
            lambda tx: [
                dict(row._mapping)
                for row in tx.connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608
            ]
        )

    async def files(self) -> bytes:
        """Everything that stands in the database's files, once nobody's reading puts a scrub off."""
        while any(job == SCRUB for job, _key in self.jobs._backing_off):
            await self.ring(after=timedelta(seconds=1))
        folder = Path(str(self.database.engine.url.database)).parent
        return b"".join(each.read_bytes() for each in folder.iterdir() if each.name.startswith("shoes.db"))

    async def rounds(self) -> list[RoundId]:
        """The rounds of the room, the newest first."""
        return await self.database.read(lambda tx: showing.in_channel(tx, ROOM, 100))


def said(answer: Answer) -> str:
    """What an answer says, as plain text."""
    return plain(answer.content)


@contextlib.asynccontextmanager
async def a_house(folder: Path, address: str = "", chat: Wall | None = None) -> AsyncIterator[House]:
    """A house with an empty room, on a file in `folder` or at a database's address."""
    database = open_database(address or a_file(folder))
    house = House(database, contents().packs, chat)
    try:
        await database.write(lambda tx: found_room(tx, HOME, ROOM, threshold=3))
        yield house
        await house.jobs.settle()
    finally:
        await database.close()


class Wall:
    """A chat that keeps what is posted: enough for stories about the service."""

    capabilities = Capabilities(
        whispers_any_time=True, action_length=100, reads_threads=True, finds_own_posts=True
    )

    def __init__(self) -> None:
        self.posts: dict[str, Message] = {}
        self.whispers: list[tuple[str, Message]] = []
        self.closed: set[str] = set()  # who takes no private messages

    @property
    def text(self) -> str:
        """Everything that is on the wall now."""
        return "\n".join(plain(message) for message in self.posts.values())

    def fits(self, message: Message) -> bool:
        """See Chat."""
        return True

    async def post(
        self, channel: ChannelId, message: Message, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """See Chat."""
        self.posts[key] = message
        return MessageRef(key)

    async def edit(self, channel: ChannelId, ref: MessageRef, message: Message) -> None:
        """See Chat."""
        self.posts[ref] = message

    async def find(
        self, channel: ChannelId, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef | None:
        """See Chat."""
        return MessageRef(key) if key in self.posts else None

    async def takes_part(self, channel: ChannelId, player: PlayerId) -> bool:
        """See Chat."""
        return True

    async def whisper(self, channel: ChannelId, player: PlayerId, message: Message, *, key: str) -> None:
        """See Chat."""
        if player.user in self.closed:
            raise WhisperClosed
        self.whispers.append((player.user, message))
