"""Slack: the real program is killed in the middle of a reveal, and started again."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest

from adapters.slack import manifest
from bot.actions import Verb
from tests.adapters.platform import DECK
from tests.adapters.slack.team import BOTH, words_of
from tests.crash.slack_program import ended, killing, press, running
from tests.slack.record import Channel, Json, Post

PEOPLE = [f"P{number}" for number in range(1, 13)]  # twelve responses: three pages


def _pages(channel: Channel) -> list[Post]:
    return [post for post in channel.posts if post.text == "Responses to a card"]


@pytest.mark.asyncio
@BOTH
async def test_killed_in_the_middle_of_a_reveal_the_thread_is_complete_in_order_without_doubles(
    tmp_path: Path, by: str
) -> None:
    posted = 0

    def strikes(method: str, args: Json) -> bool:
        nonlocal posted
        is_page = method == "chat.postMessage" and args["text"] == "Responses to a card"
        posted += is_page
        return is_page and posted == 2

    async with killing(tmp_path, by, after=strikes) as server:
        workspace = server.workspace("T1", "North", scopes=manifest.SCOPES)
        people = [workspace.user(name) for name in PEOPLE]
        channel = workspace.channel("C1", "ward-4", members=tuple(PEOPLE), bot=False)
        persons = [server.person(workspace, each.id) for each in people]
        dealer, *_, last = persons

        async with running(server, workspace):
            await dealer.command("/shoes", f"deal {DECK}", channel)
            await dealer.submit({"policy": "together"})
            await dealer.submit()
            await server.until(lambda: len(channel.posts) == 2)
            for number, person in enumerate(persons, start=1):
                await press(server, person, channel, Verb.RESPOND)
                await person.submit({"words": f"This is response {number} of twelve."})
            await press(server, dealer, channel, Verb.MORE)
            with contextlib.suppress(Exception):  # the program may end before it acknowledges
                await press(server, dealer, channel, Verb.REVEAL)
            await ended(server)
            assert len(_pages(channel)) == 2

        async with running(server, workspace):
            line = "The responses are open. You can vote now."
            await server.until(lambda: [post for post in channel.posts if post.text == line])
            await press(server, last, channel, Verb.VOTE)
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
