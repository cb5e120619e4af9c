"""Slack by Socket Mode and HTTP: presses, forms, receipts and a busy board, beside bare Bolt apps."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import json
import re
import socket
import sqlite3
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from adapters.slack import manifest
from adapters.slack.limits import EDIT_GAP_SECONDS, EDITS_A_MINUTE
from benchmarks.bare_bolt import ACKNOWLEDGES, ACKNOWLEDGES_AFTER, ANSWERS
from benchmarks.figures import RUNS, Figure
from benchmarks.idle import LONGEST_START, MEGABYTE, can_tell_memory, resident
from bot.actions import NotAnAction, Verb, read
from tests.slack import methods
from tests.slack.blocks import elements_of
from tests.slack.faults import Faults
from tests.slack.people import Ack, Person
from tests.slack.play import environment
from tests.slack.record import Channel, Json, Post, Workspace
from tests.slack.server import SlackServer
from tests.trying import ROOT

PLAYERS = 50
A_SECOND = 50  # presses
PRESSES = 500  # in one run
ONE_BY_ONE = 50  # presses in one run, where each waits for the one before
REPLIES, WITHIN = 2_000, 10.0  # in one thread, seconds
SOON = 5.0  # seconds from the last reply to a board that counts them all
PATIENCE = 60.0  # seconds, for anything; a measurement that takes longer fails
OURS = (sys.executable, "-m", "bot", "run")


@dataclass(frozen=True, slots=True)
class Stand:
    """A workspace with an app that is connected, and a channel of it."""

    server: SlackServer
    workspace: Workspace
    channel: Channel
    folder: Path
    process: int

    def person(self, number: int) -> Person:
        """One of its people."""
        return self.server.person(self.workspace, f"U{number}")

    @property
    def everyone(self) -> list[Person]:
        """All its people."""
        return [self.person(number) for number in range(len(self.workspace.users) - 1)]


def pressed(folder: Path) -> Sequence[Figure]:
    """Press to acknowledged and durable, to the first form, to the receipt; each against a bare Bolt app."""
    return asyncio.run(_pressed(folder))


async def _pressed(folder: Path) -> Sequence[Figure]:
    async with contextlib.AsyncExitStack() as stack:
        server = await stack.enter_async_context(SlackServer())
        ours = await stack.enter_async_context(_connected(server, folder, "OURS", OURS))
        await _a_ballot_for_each(ours)
        said = _what_it_says(ours)
        file = folder / "said.json"
        file.write_text(json.dumps(said), encoding="utf-8")
        bare = {}
        for what in (ACKNOWLEDGES, ACKNOWLEDGES_AFTER, ANSWERS):
            command = (sys.executable, "-m", "benchmarks.bare_bolt", what, str(file))
            bare[what] = await stack.enter_async_context(_connected(server, folder, what.upper(), command))
            _show_the_same(bare[what], said)

        acknowledged: dict[str, list[list[float]]] = {"ours": [], ACKNOWLEDGES: [], ACKNOWLEDGES_AFTER: []}
        forms: dict[str, list[float]] = {"ours": [], ANSWERS: []}
        receipts: dict[str, list[float]] = {"ours": [], ANSWERS: []}
        for run in range(-1, RUNS):  # the first of all is slower
            before = _stored(ours)
            for name, stand in {"ours": ours, **bare}.items():
                if name != ANSWERS:
                    acknowledged[name].append(await _at_once(stand, PRESSES if run >= 0 else ONE_BY_ONE))
                if name in forms:
                    forms[name].append(await _to_first_form(stand))
                    receipts[name].append(await _to_receipt(stand))
            _check_durable(ours, before, (PRESSES if run >= 0 else ONE_BY_ONE) + ONE_BY_ONE)
    answers = "a bare Bolt app that {} and stores nothing"
    return [
        *_of_acknowledged("Socket Mode", acknowledged),
        _figure(
            "Slack press to first form, p50, one at a time",
            answers.format("opens the same form"),
            3,
            forms["ours"][1:],
            forms[ANSWERS][1:],
        ),
        _figure(
            "Slack press to receipt shown, durable before, p50, one at a time",
            answers.format("sends the same receipt"),
            3,
            receipts["ours"][1:],
            receipts[ANSWERS][1:],
        ),
    ]


def pressed_by_http(folder: Path) -> Sequence[Figure]:
    """Press to acknowledged and durable where Slack calls the web port; each against a bare Bolt app."""
    return asyncio.run(_pressed_by_http(folder))


async def _pressed_by_http(folder: Path) -> Sequence[Figure]:
    async with contextlib.AsyncExitStack() as stack:
        # A press that takes longer than Slack waits is a figure like any other.
        server = await stack.enter_async_context(SlackServer(ack_within=PATIENCE))
        ours = await stack.enter_async_context(_connected(server, folder, "OURS", OURS, by="http"))
        await _a_ballot_for_each(ours)
        said = _what_it_says(ours)
        stands = {"ours": ours}
        file = folder / "said.json"
        file.write_text(json.dumps(said), encoding="utf-8")
        for what in (ACKNOWLEDGES, ACKNOWLEDGES_AFTER):
            command = (sys.executable, "-m", "benchmarks.bare_bolt", what, str(file))
            bare = _connected(server, folder, what.upper(), command, by="http")
            stands[what] = await stack.enter_async_context(bare)
            _show_the_same(stands[what], said)
        acknowledged: dict[str, list[list[float]]] = {name: [] for name in stands}
        for run in range(-1, RUNS):  # the first of all is slower
            before = _stored(ours)
            for name, stand in stands.items():
                acknowledged[name].append(await _at_once(stand, PRESSES if run >= 0 else ONE_BY_ONE))
            _check_durable(ours, before, PRESSES if run >= 0 else ONE_BY_ONE)
    return _of_acknowledged("HTTP", acknowledged)


def _of_acknowledged(how: str, acknowledged: dict[str, list[list[float]]]) -> list[Figure]:
    """p50 and p99 of each run but the first, ours against the bare apps."""
    half = {name: [statistics.median(run) for run in runs[1:]] for name, runs in acknowledged.items()}
    slow = {name: list(map(_nearly_slowest, runs[1:])) for name, runs in acknowledged.items()}
    durable = f"Slack press acknowledged and durable, {{}}, at {A_SECOND} presses a second by {how}"
    defaults = "a bare Bolt app that only acknowledges, Bolt's defaults"
    after = "the same with process_before_response"
    return [
        _figure(durable.format("p50"), defaults, 1, half["ours"], half[ACKNOWLEDGES]),
        _figure(durable.format("p50"), after, 3, half["ours"], half[ACKNOWLEDGES_AFTER]),
        _figure(durable.format("p99"), defaults, 1.5, slow["ours"], slow[ACKNOWLEDGES]),
    ]


def _nearly_slowest(taken: Sequence[float]) -> float:
    """p99."""
    return statistics.quantiles(taken, n=100)[98]


def _figure(
    what: str, reference: str, goal: float, values: Sequence[float], references: Sequence[float]
) -> Figure:
    return Figure(
        what=what,
        reference=reference,
        unit="ms",
        goal=goal,
        at_least=False,
        values=[each * 1000 for each in values],
        references=[each * 1000 for each in references],
    )


def busy(folder: Path) -> Sequence[Figure]:
    """2,000 people answer in one thread within ten seconds, with Slack's rate limits enforced."""
    return asyncio.run(_busy(folder))


async def _busy(folder: Path) -> Sequence[Figure]:
    edits: list[float] = []
    gaps: list[float] = []
    minutes: list[float] = []
    exact: list[float] = []
    async with (
        SlackServer(faults=Faults(rate_limits=True)) as server,
        _connected(server, folder, "OURS", OURS, people=REPLIES) as first,
    ):
        for run in range(RUNS):
            channel = first.workspace.channel(
                f"C{run + 2}", f"busy-{run}", members=tuple(first.workspace.users)
            )
            stand = Stand(server, first.workspace, channel, folder, first.process)
            board = await _deal(stand, "open")
            begun = server.clock()

            async def reply(number: int, stand: Stand = stand, board: Post = board) -> None:
                stand.person(number).say(stand.channel, f"Please ask me first, says {number}.", board)

            await _at_a_rate(reply, REPLIES, REPLIES / WITHIN)
            quiet = server.clock()
            await server.until(functools.partial(_counts, board, REPLIES), PATIENCE)
            every = [each.at for each in server.calls if each.method == "chat.update"]
            here = [
                each.at
                for each in server.calls
                if each.method == "chat.update" and each.args["ts"] == board.ts and each.at >= begun
            ]
            edits.append(len(here))
            gaps.append(min(later - earlier for earlier, later in itertools.pairwise(here)))
            minutes.append(max(sum(at <= each < at + 60 for each in every) for at in every))
            exact.append(max(0.0, here[-1] - quiet))
    busiest = f"board under {REPLIES:,} thread replies in {WITHIN:.0f} s"
    return [
        _alone(f"{busiest}: its edits until it is exact", "", (WITHIN + SOON) // EDIT_GAP_SECONDS + 1, edits),
        _alone(f"{busiest}: shortest time between two edits", "s", EDIT_GAP_SECONDS, gaps, at_least=True),
        _alone(f"{busiest}: edits in the fullest minute", "", EDITS_A_MINUTE, minutes),
        _alone(f"{busiest}: last reply to exact", "s", SOON, exact),
    ]


def memory(folder: Path) -> Sequence[Figure]:
    """What `shoes run` holds once it is connected to Slack and its browser rooms are open."""
    return asyncio.run(_memory(folder)) if can_tell_memory() else []


async def _memory(folder: Path) -> Sequence[Figure]:
    values = []
    for run in range(RUNS):
        async with SlackServer() as server, _connected(server, folder / str(run), "OURS", OURS) as stand:
            values.append(await asyncio.to_thread(resident, stand.process) / MEGABYTE)
    return [_alone("memory of the idle process, Slack and browser rooms", "MiB", 150, values)]


def _alone(what: str, unit: str, goal: float, values: Sequence[float], *, at_least: bool = False) -> Figure:
    return Figure(what=what, reference="", unit=unit, goal=goal, at_least=at_least, values=values)


# --- An app that is connected, and what people do there -----------------------------------------------


@contextlib.asynccontextmanager
async def _connected(
    server: SlackServer,
    folder: Path,
    team: str,
    command: Sequence[str],
    *,
    people: int = PLAYERS,
    by: str = "socket",
) -> AsyncIterator[Stand]:
    """A process for a workspace of its own, from when it is connected until it is stopped."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    port = _free_port()
    app = server.new_app(f"A{team}", deliver=by, url=f"http://127.0.0.1:{port}/slack/events")
    app.events = frozenset(manifest.EVENTS)
    workspace = server.workspace(f"T{team}", team, scopes=manifest.SCOPES, app=app)
    for number in range(people):
        workspace.user(f"U{number}", f"Player {number}")
    channel = workspace.channel("C1", "measured", members=tuple(workspace.users))
    settings = environment(server, workspace, str(folder))
    if by == "http":
        settings |= {
            "SHOES_SLACK_MODE": "http",
            "SHOES_SLACK_SIGNING_SECRET": app.signing_secret,
            "SHOES_WEB_PORT": str(port),
        }
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=settings, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        if by == "http":
            ready = f"http://127.0.0.1:{port}/readyz"
            await asyncio.wait_for(_answers(ready), LONGEST_START)
        else:
            await server.until(lambda: server.delivery(app).sockets, LONGEST_START)
        yield Stand(server, workspace, channel, folder, process.pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await asyncio.wait_for(process.wait(), LONGEST_START)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


async def _answers(address: str) -> None:
    """Back when somebody there says that they are ready; a bare app, that it knows no such page."""
    async with aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(address) as answer:
                    if answer.status != 503:
                        return
            await asyncio.sleep(0.1)


async def _deal(stand: Stand, policy: str) -> Post:
    """Deal a card as the first of the people; returns its board."""
    dealer = stand.person(0)
    await dealer.command(manifest.COMMAND, "deal dementia", stand.channel)
    await _opened(stand, dealer)
    await dealer.submit({"policy": policy})
    before = len(_with(stand.channel.posts, Verb.RESPOND))
    await dealer.submit()
    await stand.server.until(lambda: len(_with(stand.channel.posts, Verb.RESPOND)) > before, PATIENCE)
    board, _ = _with(stand.channel.posts, Verb.RESPOND)[-1]
    # Nobody replies within milliseconds: by then the program knows which post is its board.
    known = functools.partial(_count, stand, "SELECT count(*) FROM posts WHERE ref = ?", board.ts)
    await stand.server.until(known, PATIENCE)
    return board


async def _opened(stand: Stand, person: Person) -> None:
    await stand.server.until(lambda: person.view, PATIENCE)


async def _a_ballot_for_each(stand: Stand) -> None:
    """A card is dealt, answered by everybody and revealed, and everybody has their ballot before them.

    Then another is dealt, for the measurements of its form.
    """
    board = await _deal(stand, "together")
    for number, person in enumerate(stand.everyone):
        await _press(person, board, Verb.RESPOND)
        await _opened(stand, person)
        await person.submit({"words": f"Please ask me first, says number {number}."})
    dealer = stand.person(0)
    await _press(dealer, board, Verb.MORE)
    await stand.server.until(lambda: _with(dealer.sees(stand.channel), Verb.REVEAL), PATIENCE)
    await _press(dealer, _with(dealer.sees(stand.channel), Verb.REVEAL)[-1][0], Verb.REVEAL)
    await stand.server.until(lambda: _with(stand.channel.posts, Verb.VOTE), PATIENCE)
    for person in stand.everyone:
        await _press(person, _with(stand.channel.posts, Verb.VOTE)[0][0], Verb.VOTE)
    for person in stand.everyone:
        await stand.server.until(functools.partial(_ballot, stand, person), PATIENCE)
    await _deal(stand, "together")


def _what_it_says(stand: Stand) -> Json:
    """The board, the ballot and the form that ours showed, for a bare app to show as well."""
    board = _with(stand.channel.posts, Verb.RESPOND)[-1][0]
    ballot = _ballot(stand, stand.person(1))
    assert ballot is not None
    opened = [_parsed(each.args["view"]) for each in stand.server.calls if each.method == "views.open"]
    view = next(each for each in opened if f'"{Verb.SEND.value}.' in each.get("private_metadata", ""))
    return {"board": board.blocks, "blocks": ballot.blocks, "view": view}


def _parsed(sent: Json | str) -> Json:
    found: Json = json.loads(sent) if isinstance(sent, str) else sent
    return found


def _show_the_same(stand: Stand, said: Json) -> None:
    where = {"channel": stand.channel.id, "text": "A card"}
    methods.call(stand.workspace, "chat.postMessage", {**where, "blocks": said["board"]})
    for person in stand.everyone:
        ballot = {**where, "user": person.id, "blocks": said["blocks"]}
        methods.call(stand.workspace, "chat.postEphemeral", ballot)


def _with(posts: Sequence[Post], verb: Verb) -> list[tuple[Post, list[str]]]:
    """The posts with a button that does this, and those buttons."""
    found = []
    for post in posts:
        buttons = [
            each["action_id"]
            for block in post.blocks
            for each in elements_of(block)
            if each["type"] == "button" and _does(each.get("value", ""), verb)
        ]
        if buttons:
            found.append((post, buttons))
    return found


def _does(action: str, verb: Verb) -> bool:
    try:
        return read(action).verb is verb
    except NotAnAction:
        return False


def _ballot(stand: Stand, person: Person) -> Post | None:
    found = _with([each for each in person.sees(stand.channel) if each.only_for], Verb.CAST)
    return found[-1][0] if found else None


async def _press(person: Person, post: Post, verb: Verb, which: int = 0) -> Ack:
    ((_, buttons),) = _with([post], verb)
    return await person.press(post, buttons[which % len(buttons)])


async def _vote(stand: Stand, number: int) -> Ack:
    """Each in turn, and each time another choice."""
    person = stand.person(number % PLAYERS)
    ballot = _ballot(stand, person)
    assert ballot is not None
    return await _press(person, ballot, Verb.CAST, number // PLAYERS)


# --- Measuring ----------------------------------------------------------------------------------------


async def _at_a_rate(do: Callable[[int], Awaitable[None]], how_many: int, a_second: float) -> None:
    """Begin each at its moment, whether or not those before are done; back when all are."""
    begun = time.perf_counter()
    running = []
    for number in range(how_many):
        await asyncio.sleep(max(0.0, begun + number / a_second - time.perf_counter()))
        running.append(asyncio.ensure_future(do(number)))
    await asyncio.gather(*running)


async def _at_once(stand: Stand, how_many: int) -> list[float]:
    """Seconds from press to acknowledgement, with many people pressing at a steady rate."""
    taken: list[float] = []

    async def vote(number: int) -> None:
        taken.append((await _vote(stand, number)).took)

    await _at_a_rate(vote, how_many, A_SECOND)
    return taken


async def _to_first_form(stand: Stand) -> float:
    """Seconds from press to form, the median."""
    taken = []
    board = _with(stand.channel.posts, Verb.RESPOND)[-1][0]
    for number in range(ONE_BY_ONE):
        person = stand.person(number % PLAYERS)
        begun, before = stand.server.clock(), len(stand.server.calls)
        await _press(person, board, Verb.RESPOND)
        taken.append(await _called(stand, "views.open", before) - begun)
        await person.close_view()
    return statistics.median(taken)


async def _to_receipt(stand: Stand) -> float:
    """Seconds from press to a receipt in the place of the ballot, the median."""
    taken = []
    for number in range(ONE_BY_ONE):
        begun, before = stand.server.clock(), len(stand.server.calls)
        await _vote(stand, number)
        taken.append(await _called(stand, "response_url", before) - begun)
    return statistics.median(taken)


async def _called(stand: Stand, method: str, after: int) -> float:
    """When the first of these calls came, of those after `after`."""

    def found() -> list[float]:
        return [each.at for each in stand.server.calls[after:] if each.ok and each.method == method]

    await stand.server.until(found, PATIENCE)
    return found()[0]


def _stored(stand: Stand) -> int:
    """How many presses the database knows."""
    return _count(stand, "SELECT count(*) FROM inbound")


def _count(stand: Stand, query: str, *values: str) -> int:
    with contextlib.closing(sqlite3.connect(stand.folder / "shoes.db")) as connection:
        return int(connection.execute(query, values).fetchone()[0])


def _check_durable(stand: Stand, before: int, pressed: int) -> None:
    """A figure of presses that were acknowledged and lost would be worth nothing."""
    stored = _stored(stand) - before
    if stored != pressed:
        raise RuntimeError(f"{pressed} presses were acknowledged, and {stored} are stored")


def _counts(board: Post, how_many: int) -> bool:
    """Whether a board tells this number of responses."""
    found = re.search(r"([0-9,]+) responses so far", json.dumps(board.blocks))
    return found is not None and int(found[1].replace(",", "")) == how_many
