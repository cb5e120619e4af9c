"""The hour that many channels share: every card soon there, and no call that a platform has to refuse."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests import warp
from tests.simulation.wave import DAY, NINE, Came, Size, a_wave

pytestmark = pytest.mark.usefixtures("unheard")

SMALL = Size(workspaces=1, guilds=1, channels=60)  # with more threads than Slack lets read back in a minute
STARTING = 2.0  # seconds, for the connection and the first card: so few channels are soon done
MINUTE = timedelta(minutes=1)


def test_many_channels_at_nine_and_after_an_outage(tmp_path: Path) -> None:
    async def main(loop: warp.WarpLoop) -> tuple[Came, Came, bool]:
        async with a_wave(loop, tmp_path, SMALL) as wave:
            async with wave.running():
                on_time = await wave.a_day(NINE)
            await wave.until(NINE + DAY + 90 * MINUTE)
            async with wave.running():
                caught_up = await wave.a_day(NINE + DAY)
            return on_time, caught_up, wave.each_once(2)

    on_time, caught_up, once = warp.run(NINE - MINUTE, main)

    assert on_time.posts == caught_up.posts == SMALL.posts
    assert (on_time.late, caught_up.late) == (0, SMALL.posts)
    assert once
    for came in (on_time, caught_up):
        assert came.refused == 0
        assert came.took <= 1.1 * SMALL.bound + STARTING
