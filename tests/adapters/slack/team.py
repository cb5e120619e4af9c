"""A team at play on Slack: a clock that tests move, and people who try again when Slack falters."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.slack import manifest
from adapters.slack.manifest import EVENTS_PATH
from bot.actions import Action, NotAnAction, Verb, read
from bot.app import PING_SECONDS, App
from bot.settings import Settings
from storage import outbox
from tests.adapters.five import BALLOT, NAMES, TRIES, Played, Room, Time
from tests.adapters.platform import DECK, PACK
from tests.contents import app_of
from tests.databases import a_file
from tests.patience import PATIENCE
from tests.slack import changes
from tests.slack.blocks import elements_of
from tests.slack.people import Ack, Person, SlackShows
from tests.slack.reading import reading
from tests.slack.record import App as SlackApp
from tests.slack.record import Channel, Json, Post, View, Workspace
from tests.slack.server import SlackServer

QUICK = (0.01, 0.02, 0.03)  # seconds between the deliveries of one event
# Seconds between two pings. A connection that is broken is soon replaced; one on a busy machine, too: the
# SDK gives up what has no pong for a second, and Slack forgets a press that was on its way there.
OFTEN = 0.1
SOCKET, HTTP = "socket", "http"  # how Slack reaches the program
BOTH = pytest.mark.parametrize("by", [SOCKET, HTTP])
"""For a story of which either way could do its own: each kind of listener, each kind of fault."""


class Player(Played[tuple[Post | View, Json]]):
    """One person of a workspace."""

    fails = SlackShows

    def __init__(self, team: Team, person: Person) -> None:
        self.team, self.person = team, person

    @property
    def server(self) -> SlackServer:
        """See Played."""
        return self.team.server

    @property
    def name(self) -> str:
        """See Played."""
        return self.person.id

    async def connected(self) -> None:
        """See Played."""
        await self.team.connected()

    # --- what they see ---------------------------------------------------------------------

    def shows(self, channel: Channel | None = None) -> list[Post | View]:
        """Everything on their screen that could be pressed: the newest first."""
        posts = [*self.person.sees(channel or self.team.channel), *self.person.dms]
        view: list[Post | View] = [self.person.view] if self.person.view is not None else []
        return [*view, *reversed(posts)]

    def find(
        self, verb: Verb, value: str = "", about: str = "", channel: Channel | None = None
    ) -> tuple[Post | View, Json] | None:
        """See Played. In another channel than the team's, if one is given."""
        for shown in self.shows(channel):
            for button in buttons(shown):
                action = action_of(button)
                if (
                    action is not None
                    and action.verb is verb
                    and value in {"", action.value}
                    and about in {"", action.about}
                ):
                    return shown, button
        return None

    def whispers(self, channel: Channel | None = None) -> list[Post]:
        """What they alone see in a channel, in order."""
        return [each for each in self.person.sees(channel or self.team.channel) if each.only_for]

    def ballot(self) -> tuple[list[Action], str]:
        """See Played."""
        for post in reversed(self.whispers()):
            found = [action for each in buttons(post) if (action := action_of(each))]
            if any(each.verb in BALLOT for each in found):
                return found, self.person.reads(post).words
        return [], ""

    # --- what they do ----------------------------------------------------------------------

    async def command(self, words: str, channel: Channel | None = None) -> Ack:
        """Type `/shoes` and these words."""
        ack: Ack = await self.until_taken(
            lambda: self.person.command("/shoes", words, channel or self.team.channel)
        )
        return ack

    async def press(self, found: tuple[Post | View, Json]) -> None:
        """See Played."""
        shown, button = found
        await self.person.press(shown, button["action_id"], block=block_of(shown, button))

    async def open(self, verb: Verb, value: str = "") -> View:
        """Press until a form is there."""
        for _ in range(TRIES):
            await self.tap(verb, value)
            if self.person.view is not None:
                return await self.form()
        raise AssertionError(f"{self.person.id} gets no form for {verb.value}")

    async def form(self) -> View:
        """The form that is open, once it is there and asks no more to wait for it."""

        def there() -> View | None:
            view = self.person.view
            return view if view is not None and "submit" in view.shape else None

        await self.team.server.until(there)
        found = there()
        assert found is not None
        return found

    async def send(self, **fields: str) -> Ack:
        """Fill in the form on top and send it, once it is there: a busy machine asks to wait first."""
        person = self.person
        await self.team.server.until(lambda: person.view is None or "submit" in person.view.shape)
        ack: Ack = await self.until_taken(lambda: self.person.submit(fields))
        return ack


class Team(Room[Player]):
    """Five people in one channel of a workspace, with the whole program connected to it."""

    monday = "2027-06-21"

    def __init__(self, server: SlackServer, workspace: Workspace, app: App, time: Time) -> None:
        assert app.slack is not None
        self.server, self.workspace, self.app, self.time = server, workspace, app, time
        self.slack = app.slack
        self.channel = workspace.channels["C1"]
        super().__init__({name: Player(self, server.person(workspace, f"U{name.upper()}")) for name in NAMES})

    def join(self, name: str) -> Player:
        """One more person in the channel."""
        user = self.workspace.user(f"U{name.upper()}", name.title())
        self.channel.members.add(user.id)
        self.players[name] = Player(self, self.server.person(self.workspace, user.id))
        return self.players[name]

    async def connected(self) -> None:
        """Back when the program has a connection to Slack."""
        await reached(self.server, self.workspace.app, self.app)

    async def settled(self) -> None:
        """See Room."""
        while True:
            await self.server.settled()
            await self.slack.idle()
            await self.app.jobs.settle()
            waits = await self.app.database.read(outbox.next_due_at)
            if waits is not None and waits > self.time.now:
                self.time.now = waits
            elif not self.server.delivery().busy and await self._all_told():
                return

    async def _all_told(self) -> bool:
        return not await self.app.database.read(lambda tx: outbox.due(tx, self.time.now))

    async def deal(self, policy: str = "together", words: str = f"deal {DECK}") -> Post:
        """Ada deals. The board, once it is there."""
        before = {post.ts for post in self.channel.posts}
        for _ in range(TRIES):
            await self.ada.command(words)
            if self.ada.person.view is not None:
                break
        await self.ada.form()
        await self.ada.send(policy=policy)
        await self.ada.send()
        await self.settled()
        (board,) = [
            post for post in self.ours() if post.ts not in before and has(post, Verb.RESPOND, Verb.PASS)
        ]
        return board

    def ours(self) -> list[Post]:
        """Every post of ours that everybody sees, in the order in which the server got them."""
        return [post for post in self.channel.posts if post.bot_id == self.workspace.bot_id]

    def recap(self) -> Post:
        """The only recap."""
        (found,) = [post for post in self.ours() if words_of(post).startswith("What we heard")]
        return found


# --- reading -----------------------------------------------------------------------------


def buttons(shown: Post | View) -> list[Json]:
    """The buttons of a post or a view."""
    blocks = shown.shape["blocks"] if isinstance(shown, View) else shown.blocks
    return [each for block in blocks for each in elements_of(block) if each["type"] == "button"]


def block_of(shown: Post | View, button: Json) -> str:
    """The block that a button stands in."""
    blocks = shown.shape["blocks"] if isinstance(shown, View) else shown.blocks
    return next(str(block["block_id"]) for block in blocks if button in elements_of(block))


def action_of(button: Json) -> Action | None:
    """What a button of ours does."""
    try:
        return read(button.get("value", ""))
    except NotAnAction:
        return None


def has(shown: Post | View, *verbs: Verb) -> bool:
    """Whether it has a button for each of these."""
    found = {action.verb for each in buttons(shown) if (action := action_of(each))}
    return set(verbs) <= found


def words_of(post: Post) -> str:
    """What a post says."""
    return reading(post.blocks, post.text).words


# --- what nobody was offered ---------------------------------------------------------------

FORGED = "Forged just now"
"""What stands on a forged button, and its id."""


def forge(player: Player, value: str, channel: str) -> Post:
    """A message to them alone with one button, as a changed client could show it. `channel`: one of ours."""
    player.person.reload()
    button: Json = {
        "type": "button",
        "action_id": FORGED,
        "value": value,
        "text": {"type": "plain_text", "text": FORGED},
    }
    block: Json = {"type": "actions", "block_id": f"{channel}.0", "elements": [button]}
    return changes.answer_in(player.team.workspace, "C1", player.person.id, "ephemeral", FORGED, [block])


async def answered(player: Player) -> str:
    """What they alone are shown, once what was forged is answered: in a view, in its place, or below."""

    def told() -> str:
        view = player.person.view
        return reading(view.shape["blocks"]).words if view is not None else words_of(player.whispers()[-1])

    await player.team.server.until(lambda: FORGED not in told())
    await player.team.slack.idle()
    return told()


async def answer_to(player: Player, value: str, channel: str) -> str:
    """What they are told who press a forged button."""
    await player.person.press(forge(player, value, channel), FORGED)
    return await answered(player)


# --- the program -------------------------------------------------------------------------


def settings_of(server: SlackServer, workspace: Workspace, folder: Path) -> Settings:
    """The settings of a program that plays in this workspace, with its files in `folder`."""
    slack = {"slack_app_token": SecretStr(workspace.app.app_token)}
    if workspace.app.deliver == HTTP:
        slack = {"slack_signing_secret": SecretStr(workspace.app.signing_secret)}
    return Settings(
        **slack,  # type: ignore[arg-type] # mypy takes it for any of the settings
        database_url=a_file(folder),
        secret_key=SecretStr("a secret that only these tests have"),
        web_port=0,
        content_paths=str(PACK),
        slack_bot_token=SecretStr(workspace.token),
        slack_api_url=server.api_url,
    )


def a_workspace(server: SlackServer, scopes: tuple[str, ...] = manifest.SCOPES) -> Workspace:
    """A workspace with five people in a channel where the bot is not yet."""
    workspace = server.workspace("T1", "North", scopes=scopes)
    server.app.events = frozenset(manifest.EVENTS)
    for name in NAMES:
        workspace.user(f"U{name.upper()}", name.title())
    workspace.channel("C1", "ward-4", members=tuple(f"U{name.upper()}" for name in NAMES), bot=False)
    return workspace


async def reached(server: SlackServer, of: SlackApp, app: App, address: str = "") -> None:
    """Back when Slack can reach the program: by a socket, or at its web `address`."""
    assert app.slack is not None
    if of.deliver != HTTP:
        await server.until(lambda: server.delivery(of).sockets)
        return
    of.url = f"{address}{EVENTS_PATH}" if address else of.url
    await asyncio.wait_for(app.slack.reached(), PATIENCE)


@contextlib.asynccontextmanager
async def connected(
    server: SlackServer,
    workspace: Workspace,
    time: Time,
    folder: Path,
    *,
    paced: bool = False,
    ping_seconds: float = PING_SECONDS,
) -> AsyncIterator[Team]:
    """The program on the database in `folder`, connected to a workspace. `ping_seconds`: see a_team."""
    app = app_of(
        settings_of(server, workspace, folder),
        practice=False,
        clock=time,
        folder=folder,
        paced=paced,
        ping_seconds=ping_seconds,
    )
    async with app.running() as web:
        await reached(server, workspace.app, app, web.address)
        yield Team(server, workspace, app, time)


@contextlib.asynccontextmanager
async def a_team(
    folder: Path,
    *,
    scopes: tuple[str, ...] = manifest.SCOPES,
    paced: bool = False,
    ping_seconds: float = PING_SECONDS,
    by: str = SOCKET,
) -> AsyncIterator[Team]:
    """Five people, a server and the program. At the end nothing was sent that Slack does not take.

    `ping_seconds`: how often the program looks after its connection; OFTEN for a test that breaks it.
    """
    time = Time()
    async with SlackServer(clock=time.seconds, ack_within=PATIENCE, retries=QUICK) as server:
        server.app.deliver = by
        workspace = a_workspace(server, scopes)
        async with connected(server, workspace, time, folder, paced=paced, ping_seconds=ping_seconds) as team:
            yield team
        assert server.faults_of_ours == []
