"""A busy board: thousands of replies in seconds, and no more edits than Slack takes.

All of it is what we send, so it does not matter by which way Slack reaches us: Socket Mode here.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.adapters.slack.team import Team, a_team, words_of
from tests.slack.record import Call, Post

pytestmark = pytest.mark.asyncio

PEOPLE = 80
REPLIES = 2_000
SECONDS = 10
STEPS = 50  # moments in those seconds at which some of them come in
EDIT_GAP = 2.0
EXACT_WITHIN = 5.0


def _edits(team: Team, board: Post) -> list[Call]:
    return [
        call for call in team.server.calls if call.method == "chat.update" and call.args["ts"] == board.ts
    ]


async def _step(team: Team, by: timedelta) -> None:
    """Let time pass, and what is due by then happen."""
    team.time.move(by)
    await team.server.settled()
    await team.slack.idle()
    await team.app.jobs.settle()


async def test_two_thousand_replies_in_ten_seconds_are_a_few_edits_and_the_last_is_exact(
    tmp_path: Path,
) -> None:
    async with a_team(tmp_path, paced=True) as team:
        players = [team.join(f"p{number}") for number in range(PEOPLE)]
        board = await team.deal("open")
        team.time.move(timedelta(minutes=2))
        team.server.faults.rate_limits = True

        for step in range(STEPS):
            for number in range(REPLIES // STEPS):
                reply = step * (REPLIES // STEPS) + number
                player = players[reply % (PEOPLE * (step + 1) // STEPS)]  # more and more people
                player.person.say(team.channel, f"This is reply number {reply}.", board)
            await _step(team, timedelta(seconds=SECONDS / STEPS))
        quiet = team.time.seconds()
        while team.time.seconds() < quiet + 10:
            await _step(team, timedelta(seconds=0.5))

        edits = _edits(team, board)
        gaps = [later.at - earlier.at for earlier, later in pairwise(edits)]
        assert len(edits) >= 3
        assert min(gaps) >= EDIT_GAP
        assert edits[-1].at <= quiet + EXACT_WITHIN
        assert f"{PEOPLE} responses so far." in words_of(board)
        assert [call for call in team.server.calls if call.status == 429] == []
