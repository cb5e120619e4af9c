"""A whole round by five people at once, calm and with everything that can go wrong at Discord."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.game.model import Policy
from tests.adapters.discord.team import Team, a_team, words_of
from tests.adapters.five import play_on, recap_of

pytestmark = pytest.mark.asyncio


async def play(team: Team, policy: Policy, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
    """A whole round."""
    await team.deal(policy.value)
    await play_on(team, policy, lambda name, words: team.players[name].reply(words), meanwhile)


POSTS = {
    Policy.TOGETHER: (
        "Welcome to In My Shoes",
        "Closed",
        "> The facilitator opened the responses early.",
        "> Responses 1 to 5 of 5",
        "All responses are in the thread now.",
        "> Pledges: small things we will do",
        "> The facilitator closed this card early.",
        "What we heard",
    ),
    Policy.AFTER_YOU: (
        "Welcome to In My Shoes",
        "Closed",
        "> Pledges: small things we will do",
        "> The facilitator closed this card early.",
        "> Responses 1 to 5 of 5",
        "What we heard",
    ),
    Policy.OPEN: (
        "Welcome to In My Shoes",
        "Closed",
        "> Pledges: small things we will do",
        "> The facilitator closed this card early.",
        "What we heard",
    ),
}
"""Every message of ours that everybody sees, in the order in which they came; `>` stands in the thread."""


def _stands_once_and_in_order(team: Team, policy: Policy) -> None:
    posts = team.ours()
    assert len(posts) == len(POSTS[policy])
    for post, begins in zip(posts, POSTS[policy], strict=True):
        shown = f"> {words_of(post)}" if post.channel.parent is not None else words_of(post)
        assert shown.startswith(begins)
    assert len({post.nonce for post in posts}) == len(posts)
    assert [post for post in posts if post.gone or post.pings or post.everyone or post.role_pings] == []
    recap = re.sub(r"Response \d", "Response", words_of(team.recap()))
    assert recap == recap_of(policy)


@pytest.mark.parametrize("policy", Policy)
async def test_five_people_at_once(tmp_path: Path, policy: Policy) -> None:
    async with a_team(tmp_path) as team:
        await play(team, policy)

        _stands_once_and_in_order(team, policy)


@pytest.mark.parametrize("policy", Policy)
async def test_a_fifth_of_the_calls_is_one_too_many_and_events_come_twice_in_any_order(
    tmp_path: Path, policy: Policy
) -> None:
    async with a_team(tmp_path) as team:
        faults = team.server.faults
        faults.too_many, faults.retry_after = 0.2, 0.02
        faults.twice, faults.reorder, faults.hold = 1.0, 7, 0.02

        await play(team, policy)

        assert [call for call in team.server.calls if call.status == 429]
        _stands_once_and_in_order(team, policy)


@pytest.mark.parametrize("policy", Policy)
async def test_a_fifth_of_the_calls_is_done_and_never_answered(tmp_path: Path, policy: Policy) -> None:
    async with a_team(tmp_path) as team:
        team.server.faults.lost_replies = 0.2

        await play(team, policy)

        _stands_once_and_in_order(team, policy)


@pytest.mark.parametrize("policy", Policy)
async def test_sockets_break_and_are_resumed(tmp_path: Path, policy: Policy) -> None:
    async with a_team(tmp_path) as team:
        team.server.faults.dropped_sockets = 0.05

        async def told_to_reconnect() -> None:
            await team.server.gateway.reconnect()

        await play(team, policy, told_to_reconnect)

        resumes, sessions = team.server.gateway.resumes, len(team.server.gateway.sessions)
        assert resumes >= 3
        assert sessions == 1
        _stands_once_and_in_order(team, policy)


@pytest.mark.parametrize("policy", Policy)
async def test_most_messages_are_never_told_and_are_read_after_a_new_beginning(
    tmp_path: Path, policy: Policy
) -> None:
    async with a_team(tmp_path) as team:
        gateway = team.server.gateway
        team.server.faults.lost_events = 0.7

        async def begin_anew() -> None:
            await team.settled()
            gateway.forget()
            gateway.drop()
            await team.server.until(lambda: gateway.open)

        await play(team, policy, begin_anew)

        lost, sessions = sum(event.lost for event in team.server.events), len(gateway.sessions)
        assert lost > 3
        assert sessions == 2
        _stands_once_and_in_order(team, policy)
