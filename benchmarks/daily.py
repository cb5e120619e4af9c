"""The hour that 10,000 channels share: every card posted, by limits that the test servers enforce."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from structlog.testing import capture_logs

from benchmarks.figures import Figure
from tests import warp
from tests.simulation.wave import DAY, NINE, Came, Size, a_wave

SIZE = Size(workspaces=50, guilds=50, channels=100)
MINUTE = timedelta(minutes=1)


def posted(folder: Path) -> Sequence[Figure]:
    """One day on time, and the next after an outage. Once: it is ten thousand times the same.

    By a clock that jumps ahead where everybody waits for a limit, and on which work takes no time. What the
    processor needed for it, that of both servers as well, is told beside: it has to be less.
    """

    async def main(loop: warp.WarpLoop) -> tuple[Came, Came, list[float], bool]:
        worked = []
        async with a_wave(loop, folder, SIZE) as wave:
            await wave.until(NINE - MINUTE)
            async with wave.running():
                before = time.process_time()
                on_time = await wave.a_day(NINE)
                worked.append(time.process_time() - before)
            await wave.until(NINE + DAY + 90 * MINUTE)
            async with wave.running():
                before = time.process_time()
                caught_up = await wave.a_day(NINE + DAY)
                worked.append(time.process_time() - before)
            return on_time, caught_up, worked, wave.each_once(2)

    with capture_logs():
        on_time, caught_up, worked, once = warp.run(NINE - DAY, main)
    if not once:
        # A figure of cards that came twice or not at all would be worth nothing.
        raise RuntimeError("not every channel has one card for each day")
    return [
        *_figures("daily prompt to 10,000 channels at 09:00 in one zone", on_time, worked[0]),
        *_figures("the same after an outage of an hour and a half", caught_up, worked[1]),
    ]


def _figures(what: str, came: Came, worked: float) -> Sequence[Figure]:
    limit = "Discord's 50 calls a second, which bind there"
    return [
        Figure(
            what=f"{what}: until the last card",
            reference=limit,
            unit="s",
            goal=1.1,
            at_least=False,
            values=[came.took],
            references=[SIZE.bound],
        ),
        Figure(
            what=f"{what}: processor time, that of both test servers as well",
            reference=limit,
            unit="s",
            goal=1,
            at_least=False,
            values=[worked],
            references=[SIZE.bound],
        ),
        Figure(
            what=f"{what}: calls answered 429",
            reference="",
            unit="",
            goal=0,
            at_least=False,
            values=[came.refused],
        ),
    ]
