"""Slack's tokens: the program is killed while it asks for the next one, and started again."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bot.actions import Verb
from tests.adapters.platform import DECK
from tests.adapters.slack.many import Door, people_of
from tests.adapters.slack.team import HTTP, words_of
from tests.crash.slack_program import Killing, killing, press, running, started
from tests.slack.people import Person
from tests.slack.record import Channel, Json, Workspace

pytestmark = pytest.mark.asyncio

AGAIN = "In My Shoes has to be added to this workspace again: https://shoes.example.org/slack/install"
HOUR = 3_600.0
TOLD = "has to be added to a Slack workspace again"


class Once:
    """Strikes the first time that the next token is asked for."""

    def __init__(self) -> None:
        self.struck = False

    def __call__(self, method: str, args: Json) -> bool:
        strikes = not self.struck and args.get("grant_type") == "refresh_token"
        self.struck |= strikes
        return strikes


async def _adds(server: Killing, workspace: Workspace) -> None:
    async with aiohttp.ClientSession() as session:
        await Door(server, session, f"http://127.0.0.1:{server.port}").add(workspace)


async def _deals(server: Killing, person: Person, channel: Channel) -> None:
    """A card is dealt, in a channel where one may have been dealt before."""
    before = len(channel.posts)
    person.reload()
    await person.command("/shoes", f"deal {DECK}", channel)
    await person.submit({"policy": "after_you"})
    await person.submit()
    await server.until(lambda: len(channel.posts) > before)


async def _responds(server: Killing, person: Person, channel: Channel, words: str) -> None:
    person.reload()
    await press(server, person, channel, Verb.RESPOND)
    await person.submit({"words": words})
    await server.until(lambda: any("Thank you" in words_of(each) for each in person.sees(channel)))


async def _renewed(server: Killing) -> int:
    return sum(call.ok and call.args.get("grant_type") == "refresh_token" for call in server.calls)


async def test_killed_before_slack_gave_the_next_token_it_goes_on_with_a_next_one(tmp_path: Path) -> None:
    async with killing(tmp_path, HTTP, before=Once()) as server:
        server.app.rotates = True
        north = people_of(server, "T1", "North")
        channel, ada, ben = north.channels["C1"], server.person(north, "UADA"), server.person(north, "UBEN")
        async with running(server, None):
            await _adds(server, north)
            await _deals(server, ada, channel)
        first = north.token

        server.move_clock(11 * HOUR)
        assert not await started(server, None)
        assert north.token == first
        server.move_clock(11 * HOUR + 61)  # whoever asked is taken for dead by now
        async with running(server, None):
            assert await _renewed(server) == 1
            assert north.token != first
            server.move_clock(13 * HOUR)  # the first one is no good any more
            await _responds(server, ben, channel, "Please ask him first, every time.")
        assert TOLD not in server.log()


async def test_killed_before_the_next_token_was_kept_it_goes_on_and_asks_to_be_added_again(
    tmp_path: Path,
) -> None:
    async with killing(tmp_path, HTTP, after=Once()) as server:
        server.app.rotates = True
        north = people_of(server, "T1", "North")
        channel, ada, ben = north.channels["C1"], server.person(north, "UADA"), server.person(north, "UBEN")
        async with running(server, None):
            await _adds(server, north)
            await _deals(server, ada, channel)

        server.move_clock(11 * HOUR)
        assert not await started(server, None)
        assert await _renewed(server) == 1
        server.move_clock(11 * HOUR + 61)
        async with running(server, None):
            # The token of before is good for its twelve hours.
            await _responds(server, ben, channel, "Please ask him first, every time.")
        assert server.log().count(TOLD) == 1

        server.move_clock(12 * HOUR + 1)
        async with running(server, None):
            await ada.command("/shoes", "help", channel)
            assert words_of(ada.sees(channel)[-1]) == AGAIN
            await _adds(server, north)
            await _deals(server, ada, channel)
        assert server.log().count(TOLD) == 1
