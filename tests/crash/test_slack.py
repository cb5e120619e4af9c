"""Slack: the real program is killed in the middle of a reveal, and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from adapters.slack import manifest
from bot.actions import Verb
from tests.adapters.platform import DECK, PACK
from tests.adapters.slack.team import action_of, buttons, words_of
from tests.patience import PATIENCE
from tests.slack.people import Person
from tests.slack.record import Channel, Json, Post, Workspace
from tests.slack.server import SlackServer

ROOT = Path(__file__).parents[2]
PEOPLE = [f"P{number}" for number in range(1, 13)]  # twelve responses: three pages


class Killing(SlackServer):
    """Does a call, and has `struck` end the program before the answer can reach it."""

    def __init__(self, strikes: Callable[[str, Json], bool]) -> None:
        super().__init__(ack_within=PATIENCE, retries=(0.01, 0.1, 0.5))
        self._strikes = strikes
        self.program: Process | None = None

    def _note(self, workspace: str, method: str, args: Json, answer: Json, status: int) -> None:
        super()._note(workspace, method, args, answer, status)
        if self.program is not None and self.program.returncode is None and self._strikes(method, args):
            self.program.send_signal(signal.SIGKILL)


@contextlib.asynccontextmanager
async def _running(server: Killing, workspace: Workspace, folder: Path) -> AsyncIterator[Process]:
    """`shoes run` with the settings of this server, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SHOES_")} | {
        "PYTHONPATH": str(ROOT),
        "SHOES_DATABASE_URL": f"sqlite:///{folder / 'shoes.db'}",
        "SHOES_SECRET_KEY": "a secret that only these tests have",
        "SHOES_WEB_PORT": "0",
        "SHOES_CONTENT_PATHS": str(PACK),
        "SHOES_SLACK_BOT_TOKEN": workspace.token,
        "SHOES_SLACK_APP_TOKEN": server.app.app_token,
        "SHOES_SLACK_API_URL": server.api_url,
    }
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=environment, cwd=folder, stdout=log, stderr=log
        )
    server.program = process
    try:
        await server.until(lambda: server.delivery().sockets or process.returncode is not None)
        assert process.returncode is None, (folder / "log").read_text(encoding="utf-8")
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _press(server: SlackServer, person: Person, channel: Channel, verb: Verb) -> None:
    """The newest button that does this, once they see it."""

    def found() -> tuple[Post, str] | None:
        for post in reversed(person.sees(channel)):
            for each in buttons(post):
                action = action_of(each)
                if action is not None and action.verb is verb:
                    return post, each["action_id"]
        return None

    await server.until(found)
    there = found()
    assert there is not None
    await person.press(*there)


def _pages(channel: Channel) -> list[Post]:
    return [post for post in channel.posts if post.text == "Responses to a card"]


@pytest.mark.asyncio
async def test_killed_in_the_middle_of_a_reveal_the_thread_is_complete_in_order_without_doubles(
    tmp_path: Path,
) -> None:
    posted = 0

    def strikes(method: str, args: Json) -> bool:
        nonlocal posted
        is_page = method == "chat.postMessage" and args["text"] == "Responses to a card"
        posted += is_page
        return is_page and posted == 2

    async with Killing(strikes) as server:
        workspace = server.workspace("T1", "North", scopes=manifest.SCOPES)
        server.app.events = frozenset(manifest.EVENTS)
        people = [workspace.user(name) for name in PEOPLE]
        channel = workspace.channel("C1", "ward-4", members=tuple(PEOPLE), bot=False)
        persons = [server.person(workspace, each.id) for each in people]
        dealer, *_, last = persons

        async with _running(server, workspace, tmp_path) as process:
            await dealer.command("/shoes", f"deal {DECK}", channel)
            await dealer.submit({"policy": "together"})
            await dealer.submit()
            await server.until(lambda: len(channel.posts) == 2)
            for number, person in enumerate(persons, start=1):
                await _press(server, person, channel, Verb.RESPOND)
                await person.submit({"words": f"This is response {number} of twelve."})
            await _press(server, dealer, channel, Verb.MORE)
            with contextlib.suppress(Exception):  # the program may end before it acknowledges
                await _press(server, dealer, channel, Verb.REVEAL)
            await asyncio.wait_for(process.wait(), PATIENCE)
            assert len(_pages(channel)) == 2

        async with _running(server, workspace, tmp_path):
            line = "The responses are open. You can vote now."
            await server.until(lambda: [post for post in channel.posts if post.text == line])
            await _press(server, last, channel, Verb.VOTE)
            await server.until(lambda: any("1 of 11" in words_of(post) for post in last.sees(channel)))

        assert [post.text for post in channel.posts if post.bot_id][2:] == [
            "News about this card",
            *["Responses to a card"] * 3,
            line,
        ]
        said = [
            words
            for post in _pages(channel)
            for words in re.findall(r"response \d+ of twelve", words_of(post))
        ]
        assert sorted(said) == sorted(f"response {number} of twelve" for number in range(1, 13))
        headings = [words_of(post).splitlines()[0] for post in _pages(channel)]
        assert headings == ["Responses 1 to 5 of 12", "Responses 6 to 10 of 12", "Responses 11 to 12 of 12"]
        keys = [post.metadata["event_payload"]["key"] for post in channel.posts if post.metadata]
        assert len(keys) == len(set(keys)) == 7
        assert server.faults_of_ours == []
