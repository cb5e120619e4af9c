"""Five people at play on Discord: a clock that tests move, and people who try again when Discord falters."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr

from adapters.discord.render import action_of
from bot.actions import Action, NotAnAction, Verb, read
from bot.app import App
from bot.settings import Settings
from storage import outbox
from tests.adapters.five import ANSWERED_WITHIN, BALLOT, NAMES, TRIES, Played, Room, Time
from tests.adapters.platform import DECK, PACK
from tests.contents import app_of
from tests.databases import a_file
from tests.discord.people import Ack, DiscordShows, Person
from tests.discord.reading import reading
from tests.discord.record import Channel, Guild, Json, Modal, Post, walk
from tests.discord.server import DiscordServer
from tests.patience import PATIENCE

BUTTON = 2  # Component reference
IDS = {name: f"40000000000000000{number}" for number, name in enumerate(NAMES, 1)}


class Player(Played[tuple[Post, str]]):
    """One person of a guild."""

    fails = DiscordShows

    def __init__(self, team: Team, person: Person) -> None:
        self.team, self.person = team, person

    @property
    def server(self) -> DiscordServer:
        """See Played."""
        return self.team.server

    @property
    def name(self) -> str:
        """See Played."""
        return self.person.user.shown

    async def connected(self) -> None:
        """See Played."""
        await self.team.connected()

    # --- what they see ---------------------------------------------------------------------

    def shows(self) -> list[Post]:
        """Everything on their screen that could be pressed: the newest first."""
        here = self.person.sees(self.team.channel)
        under = [post for each in here if each.thread is not None for post in self.person.sees(each.thread)]
        return sorted([*here, *under, *self.person.dms], key=lambda post: -int(post.id))

    def find(self, verb: Verb, value: str = "", about: str = "") -> tuple[Post, str] | None:
        """See Played. The button by its custom_id."""
        for shown in self.shows():
            for custom_id, action in actions(shown):
                if action.verb is verb and value in {"", action.value} and about in {"", action.about}:
                    return shown, custom_id
        return None

    def whispers(self) -> list[Post]:
        """What they alone see in the channel, in order."""
        return [each for each in self.person.sees(self.team.channel) if each.only_for]

    def told(self) -> str:
        """The last thing that they alone were told in the channel."""
        return self.person.reads(self.whispers()[-1]).words

    def ballot(self) -> tuple[list[Action], str]:
        """See Played."""
        for post in reversed(self.whispers()):
            found = [action for _, action in actions(post)]
            if any(each.verb in BALLOT for each in found):
                return found, words_of(post)
        return [], ""

    # --- what they do ----------------------------------------------------------------------

    async def press(self, found: tuple[Post, str]) -> None:
        """See Played."""
        shown, custom_id = found
        with _or_gone():
            await self.person.press(shown, custom_id)

    async def command(self, words: str, **options: str) -> Ack:
        """Type `/shoes` and these words."""
        ack: Ack = await self.until_taken(
            lambda: self.person.command(f"shoes {words}", channel=self.team.channel, **options)
        )
        return ack

    async def open(self, verb: Verb, value: str = "") -> Modal:
        """Press until a form is there."""
        for _ in range(TRIES):
            await self.tap(verb, value)
            with contextlib.suppress(TimeoutError):
                await self.server.until(lambda: self.person.modal, ANSWERED_WITHIN)
            if self.person.modal is not None:
                return self.person.modal
        raise AssertionError(f"{self.name} gets no form for {verb.value}")

    async def send(self, **fields: str) -> Ack:
        """Fill in the form and send it."""
        ack: Ack = await self.until_taken(lambda: self.person.submit(fields))
        return ack

    def reply(self, words: str) -> Post:
        """Say something in the thread of the newest card."""
        return self.person.say(self.team.thread, words)


@contextlib.contextmanager
def _or_gone() -> Any:
    """What a press changed meanwhile is no longer there to press: as good as failed."""
    try:
        yield
    except (LookupError, ValueError) as gone:
        raise DiscordShows(str(gone)) from None


class Team(Room[Player]):
    """Five people in one channel of a guild, with the whole program connected to it."""

    monday = "21 June 2027"

    def __init__(self, server: DiscordServer, guild: Guild, app: App, time: Time) -> None:
        assert app.discord is not None
        self.server, self.guild, self.app, self.time = server, guild, app, time
        self.discord = app.discord
        self.channel: Channel = guild.channels["300000000000000001"]
        super().__init__(
            {name: Player(self, server.person(guild, id, name.title())) for name, id in IDS.items()}
        )

    async def connected(self) -> None:
        """Back when the program has a connection, and took all that came by it."""
        await self.server.until(self._heard)

    def _heard(self) -> bool:
        for session in self.server.gateway.open:
            sent = session.sent[-1][0] if session.sent else 0
            with contextlib.suppress(AttributeError, KeyError):
                return not self.server.gateway._held and self.discord.heard() >= sent
        return False

    async def settled(self) -> None:
        """See Room."""
        while True:
            await self.connected()
            await self.discord.idle()
            await self.app.jobs.settle()
            await self.discord.idle()
            waits = await self.app.database.read(outbox.next_due_at)
            if waits is not None and waits > self.time.now:
                self.time.now = waits
            elif self._heard() and not await self.app.database.read(lambda tx: outbox.due(tx, self.time.now)):
                return

    async def deal(self, policy: str = "together", deck: str = DECK) -> Post:
        """Ada deals. The board, once it is there."""
        before = {post.id for post in self.server.posts}
        for _ in range(TRIES):
            await self.ada.command("deal", deck=deck)
            with contextlib.suppress(TimeoutError):
                await self.server.until(lambda: self.ada.person.modal, ANSWERED_WITHIN)
                break
        await self.ada.send(policy=policy)
        await self.settled()
        await self.ada.tap(Verb.DEAL)
        await self.settled()
        (board,) = [post for post in self.ours() if post.id not in before and has(post, Verb.RESPOND)]
        return board

    @property
    def thread(self) -> Channel:
        """The thread of the newest card."""
        found = [post.thread for post in self.ours() if post.thread is not None]
        return found[-1]

    def ours(self) -> list[Post]:
        """Every post of ours that everybody sees, in the order in which the server got them."""
        return [post for post in self.server.posts if post.content or post.components]

    def recap(self) -> Post:
        """The only recap."""
        (found,) = [post for post in self.ours() if words_of(post).startswith("What we heard")]
        return found


# --- reading -----------------------------------------------------------------------------


def actions(shown: Post) -> list[tuple[str, Action]]:
    """The custom_id of each button of ours, with what it does."""
    found = []
    for each in walk(shown.components):
        if each["type"] == BUTTON and "custom_id" in each:
            with contextlib.suppress(NotAnAction):
                found.append((str(each["custom_id"]), read(action_of(each["custom_id"]))))
    return found


def has(shown: Post, *verbs: Verb) -> bool:
    """Whether it has a button for each of these."""
    return set(verbs) <= {action.verb for _, action in actions(shown)}


def answer_of(ack: Ack) -> str:
    """What the message says that answers a press."""
    assert ack.post is not None
    return words_of(ack.post)


def words_of(post: Post) -> str:
    """What a post says, with the labels of its buttons where they stand."""
    pieces = [reading("", (), [each]) for each in post.components]
    return "\n".join(line for piece in pieces for line in (piece.words, *piece.buttons) if line)


def typed_in(modal: Modal | None) -> Mapping[str, Json]:
    """The fields of a form that is open, by name."""
    assert modal is not None
    return {each["custom_id"]: each for each in walk(modal.shape["components"]) if "custom_id" in each}


# --- the program -------------------------------------------------------------------------


def a_guild(server: DiscordServer) -> Guild:
    """A guild with five people and a channel."""
    guild = server.guild("200000000000000001", "North")
    for name, id in IDS.items():
        guild.member(id, name.title())
    guild.channel("300000000000000001", "ward-4")
    return guild


@contextlib.asynccontextmanager
async def connected(
    server: DiscordServer, guild: Guild, time: Time, folder: Path, *, reads: bool = True
) -> AsyncIterator[Team]:
    """The program on the database in `folder`, connected to a guild. `reads`: the words in threads."""
    settings = Settings(
        database_url=a_file(folder),
        secret_key=SecretStr("a secret that only these tests have"),
        web_port=0,
        content_paths=str(PACK),
        discord_token=SecretStr(server.token),
        discord_api_url=server.api_url,
        discord_gateway_url=server.gateway_url,
        discord_read_threads=reads,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Route, "BASE", Route.BASE)  # the program sets both: they are put back
        patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
        app = app_of(settings, practice=False, clock=time, folder=folder, paced=False)
        async with app.running():
            await server.ready()
            team = Team(server, guild, app, time)
            await team.connected()
            yield team


@contextlib.asynccontextmanager
async def a_team(folder: Path, *, reads: bool = True, may_send: tuple[str, ...] = ()) -> AsyncIterator[Team]:
    """Five people, a server and the program. At the end nothing was sent that Discord does not take.

    `may_send`: refusals that a test wants.
    """
    time = Time()
    async with DiscordServer(clock=time.seconds, answer_within=PATIENCE, message_content=reads) as server:
        guild = a_guild(server)
        async with connected(server, guild, time, folder, reads=reads) as team:
            yield team
        assert [each for each in server.faults_of_ours if each.name not in may_send] == []
