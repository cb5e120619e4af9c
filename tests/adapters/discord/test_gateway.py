"""The connection to Discord: what breaks it, and that it comes back without asking too often."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.discord.team import Team, a_team
from tests.adapters.five import WORDS

pytestmark = pytest.mark.asyncio

GARBLED = (
    '{"op": 0, "t": "MESSAGE_CREATE", "s": 1, "d": {}}',
    '{"op": 0, "t": "INTERACTION_CREATE", "s": 2, "d": {"id": "x"}}',
    '{"op": 10, "d": null}',
    "this is no JSON",
)


async def _again(team: Team, sessions: int) -> None:
    """Back when there was so many sessions, and the program has one."""
    await team.server.until(
        lambda: len(team.server.gateway.sessions) >= sessions and team.server.gateway.open
    )
    await team.settled()


@pytest.mark.parametrize("garbled", GARBLED)
async def test_a_payload_that_makes_no_sense_ends_nothing(tmp_path: Path, garbled: str) -> None:
    async with a_team(tmp_path) as team:
        await team.deal("after_you")
        before = len(team.server.gateway.sockets), len(team.server.gateway.identifies)
        (socket,) = team.server.gateway.sockets

        await team.server.gateway.garble(garbled)
        await team.server.until(lambda: socket not in team.server.gateway.sockets)
        await _again(team, 1)
        await team.ben.respond(words=WORDS["ben"])
        await team.settled()

        assert "Thank you" in team.ben.told()
        assert len(team.server.gateway.identifies) <= before[1] + 1
