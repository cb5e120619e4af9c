"""Discord by its gateway: press to durable and acknowledged, beside a bare discord.py bot in the same run."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sqlite3
import statistics
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientSession

from adapters.discord.render import action_of
from benchmarks.figures import RUNS, Figure
from benchmarks.idle import LONGEST_START, MEGABYTE, can_tell_memory, resident
from bot.actions import NotAnAction, Verb, read
from tests.discord.people import Ack, Person
from tests.discord.play import environment
from tests.discord.record import Answers, Channel, Flag, Guild, Json, Post, walk
from tests.discord.server import DiscordServer
from tests.slack import play as slack_play
from tests.slack.server import SlackServer
from tests.trying import ROOT

PLAYERS = 50
ONE_BY_ONE = 200  # presses in one run, where each waits for the one before
PATIENCE = 60.0  # seconds, for anything; a measurement that takes longer fails
OURS = (sys.executable, "-m", "bot", "run")
BARE = (sys.executable, "-m", "benchmarks.bare_discord")
BUTTON = 2  # Component reference


@dataclass(frozen=True, slots=True)
class Stand:
    """A guild with a bot that is connected, and a channel of it."""

    server: DiscordServer
    guild: Guild
    channel: Channel
    folder: Path
    process: int

    def person(self, number: int) -> Person:
        """One of its people."""
        id = str(400000000000000000 + number % PLAYERS)
        return self.server.person(self.guild, id, f"Player {number}")


def pressed(folder: Path) -> Sequence[Figure]:
    """A vote on a ballot, from the press to the first answer; ours is stored by then."""
    return asyncio.run(_pressed(folder))


async def _pressed(folder: Path) -> Sequence[Figure]:
    async with _connected(folder / "ours", OURS) as ours, _connected(folder / "bare", BARE) as bare:
        ballots = await _a_ballot_for_each(ours)
        copies = [await _same(bare, ballots[0])] * PLAYERS
        values, references = [], []
        for run in range(-1, RUNS):  # the first of all is slower
            before = _stored(ours)
            took: list[float] = []
            waited: list[float] = []
            for number in range(ONE_BY_ONE):  # in turns: what else the machine does, it does to both
                took.append(await _vote(ours, ballots, number, Answers.UPDATE))
                waited.append(await _vote(bare, copies, number, Answers.DEFERRED_UPDATE))
            stored = _stored(ours) - before
            if stored != ONE_BY_ONE:
                # A figure of presses that were acknowledged and lost would be worth nothing.
                raise RuntimeError(f"{ONE_BY_ONE} presses were acknowledged, and {stored} are stored")
            if run >= 0:
                values.append(statistics.median(took) * 1000)
                references.append(statistics.median(waited) * 1000)
    figure = Figure(
        what="Discord press to durable and acknowledged, p50, one at a time",
        reference="a bare discord.py bot that only defers",
        unit="ms",
        goal=2.5,
        at_least=False,
        values=values,
        references=references,
    )
    return [figure]


def memory(folder: Path) -> Sequence[Figure]:
    """What `shoes run` holds once it is connected to both platforms and its browser rooms are open."""
    return asyncio.run(_memory(folder)) if can_tell_memory() else []


async def _memory(folder: Path) -> Sequence[Figure]:
    values = []
    for run in range(RUNS):
        async with SlackServer() as slack:
            room = slack_play.Room(slack)
            room.furnish()
            there = folder / str(run)
            more = slack_play.environment(slack, room.workspace, str(there))
            async with _connected(there, OURS, more) as stand:
                await slack.until(functools.partial(_sockets, slack), LONGEST_START)
                values.append(await asyncio.to_thread(resident, stand.process) / MEGABYTE)
    figure = Figure(
        what="memory of the idle process, Slack, Discord and browser rooms",
        reference="",
        unit="MiB",
        goal=150,
        at_least=False,
        values=values,
    )
    return [figure]


def _sockets(slack: SlackServer) -> int:
    return len(slack.delivery().sockets)


# --- A bot that is connected, and what people do there ------------------------------------------------


@contextlib.asynccontextmanager
async def _connected(
    folder: Path, command: Sequence[str], more: dict[str, str] | None = None
) -> AsyncIterator[Stand]:
    """A process for a Discord of its own, from when it is connected until it is stopped."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    async with DiscordServer(answer_within=PATIENCE) as server:
        guild = server.guild("200000000000000001", "Measured")
        channel = guild.channel("300000000000000001", "measured")
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env={**(more or {}), **environment(server, str(folder))},
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            await server.until(lambda: server.gateway.open, LONGEST_START)
            yield Stand(server, guild, channel, folder, process.pid)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await asyncio.wait_for(process.wait(), LONGEST_START)


async def _a_ballot_for_each(stand: Stand) -> list[Post]:
    """A card is dealt, answered by everybody and revealed, and everybody has their ballot before them."""
    dealer = stand.person(0)
    await dealer.command("shoes deal", channel=stand.channel, deck="dementia")
    await dealer.submit({"policy": "together"})
    await _press(dealer, dealer.sees(stand.channel)[-1], Verb.DEAL)
    board = await _shown(stand, Verb.RESPOND)
    for number in range(PLAYERS):
        person = stand.person(number)
        await _press(person, board, Verb.RESPOND)
        await person.submit({"words": f"Please ask me first, says number {number}."})
    more = await _press(dealer, board, Verb.MORE)
    assert more.post is not None
    await _press(dealer, more.post, Verb.REVEAL)
    board = await _shown(stand, Verb.VOTE)
    ballots = []
    for number in range(PLAYERS):
        opened = await _press(stand.person(number), board, Verb.VOTE)
        assert opened.post is not None
        ballots.append(opened.post)
    return ballots


async def _shown(stand: Stand, verb: Verb) -> Post:
    """The board, once it has this button."""

    def found() -> list[Post]:
        return [each for each in stand.channel.posts if _buttons(each, verb)]

    await stand.server.until(found, PATIENCE)
    return found()[-1]


async def _same(stand: Stand, ballot: Post) -> Post:
    """The ballot once more, for a bot that has none of its own."""
    body = {"flags": int(Flag.COMPONENTS_V2), "components": ballot.components}
    async with (
        ClientSession(headers={"Authorization": f"Bot {stand.server.token}"}) as session,
        session.post(f"{stand.server.api_url}/channels/{stand.channel.id}/messages", json=body) as answer,
    ):
        answer.raise_for_status()
        made: Json = await answer.json()
    return stand.channel.by_id[made["id"]]


def _buttons(post: Post, verb: Verb) -> list[str]:
    """The buttons of a post that do this, by their custom_id."""
    pressable = [each for each in walk(post.components) if each["type"] == BUTTON and "custom_id" in each]
    return [each["custom_id"] for each in pressable if _does(each["custom_id"], verb)]


def _does(custom_id: str, verb: Verb) -> bool:
    try:
        return read(action_of(custom_id)).verb is verb
    except NotAnAction:
        return False


async def _press(person: Person, post: Post, verb: Verb, which: int = 0) -> Ack:
    buttons = _buttons(post, verb)
    return await person.press(post, buttons[which % len(buttons)])


async def _vote(stand: Stand, ballots: Sequence[Post], number: int, expected: Answers) -> float:
    """Seconds from a vote to the first answer. Each in turn, and each time another choice."""
    which = number // PLAYERS + number
    ack = await _press(stand.person(number), ballots[number % PLAYERS], Verb.CAST, which)
    if ack.kind is not expected:
        raise RuntimeError(f"a vote was answered by {ack.kind.name}")
    return ack.took


def _stored(stand: Stand) -> int:
    """How many presses the database knows."""
    with contextlib.closing(sqlite3.connect(stand.folder / "shoes.db")) as connection:
        return int(connection.execute("SELECT count(*) FROM inbound").fetchone()[0])
