"""Sessions that Discord ends, identifies that are used up, and a press that somebody else has answered."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.actions import Verb
from tests.adapters.discord.team import Team, a_guild, a_team, connected, words_of
from tests.adapters.five import WORDS, Time
from tests.discord.record import Answers, Call, Interaction, Json
from tests.discord.server import DiscordServer

pytestmark = pytest.mark.asyncio

ANSWER = "create_interaction_response"
LIMITS = "get_bot_gateway"
SOON = 0.4  # seconds until Discord takes identifies again
WITHIN = 20.0  # seconds: a busy machine is slow, not wrong
SAID = "Discord lets us connect again at 12:00 UTC: we connected too often."


def _asked(server: DiscordServer, name: str) -> int:
    return len([call for call in server.calls if call.name == name])


def _beating() -> list[str]:
    """The threads of discord.py that keep a socket awake."""
    return [each.name for each in threading.enumerate() if each.name.startswith("keep-alive-handler")]


def _used_up(server: DiscordServer, times: int) -> None:
    """So often Discord says that no identify is left, and then that they are there again."""
    tell, left = server.world.gateway, [None] * times

    def told() -> Json:
        answer = tell()
        if left:
            left.pop()
            answer["session_start_limit"] |= {"remaining": 0, "reset_after": int(SOON * 1000)}
        return answer

    server.world.gateway = told


async def _plays(team: Team) -> None:
    await team.ben.respond(words=WORDS["ben"])
    await team.settled()
    assert "Thank you" in team.ben.told()


# --- opcode 9 ------------------------------------------------------------------------------


async def test_an_invalid_session_that_may_be_resumed_is_resumed(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        await team.deal("after_you")
        gateway = team.server.gateway

        await gateway.invalidate(resumable=True)
        await team.server.until(lambda: gateway.resumes == 1 and gateway.open)

        assert len(gateway.identifies) == 1
        await _plays(team)


async def test_an_invalid_session_that_may_not_be_resumed_begins_anew_and_reads_what_it_missed(
    tmp_path: Path,
) -> None:
    async with a_team(tmp_path) as team:
        board = await team.deal("open")
        gateway = team.server.gateway

        await gateway.invalidate()
        team.ben.reply(WORDS["ben"])  # while nobody listens
        await team.server.until(lambda: [call for call in _pages(team) if not call.answer])
        await team.settled()

        assert (len(gateway.identifies), gateway.resumes) == (2, 0)
        assert "One response so far." in words_of(board)


def _pages(team: Team) -> list[Call]:
    """What was read back of the thread; the last page is empty."""
    return [call for call in team.server.calls if call.name == "list_messages"]


# --- identifies ----------------------------------------------------------------------------


async def test_while_no_identify_is_left_it_waits_for_the_new_ones_and_says_so(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        await team.deal("after_you")
        gateway, asked = team.server.gateway, _asked(team.server, LIMITS)
        _used_up(team.server, 3)  # what ends the session asks, and then the new beginning: twice

        with capture_logs() as logs:
            await gateway.invalidate()
            await team.server.until(lambda: team.discord._again_at)
            assert await team.discord.trouble() == SAID
            assert len(gateway.identifies) == 1
            await team.server.until(lambda: gateway.open)
            await team.settled()

        assert len(gateway.sockets) == len(_beating()) == 1
        assert len(gateway.identifies) == 2
        assert _asked(team.server, LIMITS) - asked <= 5
        assert [each["event"] for each in logs].count(SAID) == 2
        await _plays(team)
        async with asyncio.timeout(WITHIN):
            while await team.discord.trouble():  # noqa: ASYNC110 - nobody tells when every guild was told
                await asyncio.sleep(0.02)


async def test_a_start_without_an_identify_left_waits_as_well(tmp_path: Path) -> None:
    moving = Time()
    async with DiscordServer(clock=moving.seconds, answer_within=20) as server:
        _used_up(server, 2)

        with capture_logs() as logs:
            async with connected(server, a_guild(server), moving, tmp_path) as team:
                await team.deal("after_you")
                await _plays(team)

        assert [each["event"] for each in logs].count(SAID) == 2
        assert len(server.gateway.identifies) == 1
        assert _asked(server, LIMITS) <= 4


# --- 40060 ---------------------------------------------------------------------------------


async def test_a_press_that_is_answered_already_is_given_up_after_one_try(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        await team.deal("after_you")
        go_on = threading.Event()
        held = asyncio.ensure_future(team.app.database.write(lambda _tx: go_on.wait(10)))
        before = len(team.server.calls)

        with capture_logs() as logs:
            pressing = asyncio.ensure_future(team.cat.tap(Verb.PASS))
            await team.server.until(lambda: [each for each in _unanswered(team) if each.sent])
            (press,) = _unanswered(team)
            press.first, press.answer, press.excused = Answers.DEFERRED_UPDATE, {}, True
            press.acknowledged.set()
            go_on.set()
            await asyncio.gather(held, pressing)
            await team.settled()

        answers = [call for call in team.server.calls[before:] if call.name == ANSWER]
        assert [(call.status, call.answer["code"]) for call in answers] == [(400, 40060)]
        assert [each["event"] for each in logs] == ["an answer could not be shown"]
        await _plays(team)


def _unanswered(team: Team) -> list[Interaction]:
    return [each for each in team.server.world.interactions.values() if each.first is None]
