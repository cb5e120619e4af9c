"""A whole round by five people at once, calm and with everything that can go wrong at Slack."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from bot.game.model import Policy
from tests.adapters.five import play_on, recap_of
from tests.adapters.slack.team import HTTP, OFTEN, SOCKET, Team, a_team, words_of

pytestmark = pytest.mark.asyncio


async def play(team: Team, policy: Policy) -> None:
    """A whole round."""
    board = await team.deal(policy.value)
    await play_on(
        team,
        policy,
        lambda name, words: team.players[name].person.say(team.channel, words, board),
    )


POSTS = {
    Policy.TOGETHER: (
        "Welcome to In My Shoes",
        "Closed",
        "> News about this card",
        "> Responses to a card",
        "The responses are open. You can vote now.",
        "> Pledges for a card",
        "> News about this card",
        "What we heard on a card",
    ),
    Policy.AFTER_YOU: (
        "Welcome to In My Shoes",
        "Closed",
        "> Pledges for a card",
        "> News about this card",
        "> Responses to a card",
        "What we heard on a card",
    ),
    Policy.OPEN: (
        "Welcome to In My Shoes",
        "Closed",
        "> Pledges for a card",
        "> News about this card",
        "What we heard on a card",
    ),
}
"""Every message of ours that everybody sees, in the order in which they came; `>` stands in the thread."""


EVERY = list(product(Policy, (SOCKET, HTTP)))
"""By HTTP a broken connection is an answer that nobody hears."""


def _stands_once_and_in_order(team: Team, policy: Policy) -> None:
    posts = team.ours()
    shown = tuple(f"> {post.text}" if post.is_reply else post.text for post in posts)
    assert shown == POSTS[policy]
    keys = [post.metadata["event_payload"]["key"] for post in posts if post.metadata]
    assert len(set(keys)) == len(posts)
    assert [post for post in team.channel.every if post.gone and post.bot_id and not post.only_for] == []
    recap = re.sub(r"Response \d", "Response", words_of(team.recap()))
    assert recap == recap_of(policy)


@pytest.mark.parametrize("policy, by", EVERY)
async def test_five_people_at_once(tmp_path: Path, policy: Policy, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        await play(team, policy)

        _stands_once_and_in_order(team, policy)


@pytest.mark.parametrize("policy, by", EVERY)
async def test_a_fifth_of_the_calls_is_one_too_many_and_events_come_twice_in_any_order(
    tmp_path: Path, policy: Policy, by: str
) -> None:
    async with a_team(tmp_path, by=by) as team:
        faults = team.server.faults
        faults.too_many, faults.retry_after = 0.2, 0.02
        faults.twice, faults.reorder, faults.hold = True, 7, 0.02

        await play(team, policy)

        assert [call for call in team.server.calls if call.status == 429]
        _stands_once_and_in_order(team, policy)


@pytest.mark.parametrize("policy, by", EVERY)
async def test_a_fifth_of_the_calls_is_done_and_never_answered(
    tmp_path: Path, policy: Policy, by: str
) -> None:
    async with a_team(tmp_path, by=by) as team:
        team.server.faults.lost_replies = 0.2

        await play(team, policy)

        _stands_once_and_in_order(team, policy)


@pytest.mark.parametrize("policy, by", EVERY)
async def test_first_deliveries_are_lost_and_sockets_break(tmp_path: Path, policy: Policy, by: str) -> None:
    async with a_team(tmp_path, ping_seconds=OFTEN, by=by) as team:
        faults = team.server.faults
        faults.lost_events, faults.dropped_sockets = 0.5, 0.1

        await play(team, policy)

        _stands_once_and_in_order(team, policy)
