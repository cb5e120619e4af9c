"""The hour that 10,000 channels share: every card posted, by limits that the test servers enforce."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from structlog.testing import capture_logs

from benchmarks.figures import Figure
from benchmarks.shares import Shares
from tests import warp
from tests.simulation.wave import DAY, NINE, Came, Size, a_wave

SIZE = Size(workspaces=50, guilds=50, channels=100)
MINUTE = timedelta(minutes=1)


def posted(folder: Path) -> Sequence[Figure]:
    """One day on time, and the next after an outage. Once: it is ten thousand times the same.

    By a clock that jumps ahead where everybody waits for a limit, and on which work takes no time. What the
    processor needed for it is told beside: it has to be less.
    """

    async def main(loop: warp.WarpLoop) -> tuple[Came, Came, list[Shares], bool]:
        worked = [Shares(), Shares()]
        async with a_wave(loop, folder, SIZE) as wave:
            await wave.until(NINE - MINUTE)
            async with wave.running():
                with worked[0]:
                    on_time = await wave.a_day(NINE)
            await wave.until(NINE + DAY + 90 * MINUTE)
            async with wave.running():
                with worked[1]:
                    caught_up = await wave.a_day(NINE + DAY)
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


def _figures(what: str, came: Came, worked: Shares) -> Sequence[Figure]:
    return [
        _against_the_bound(f"{what}: until the last card", 1.1, came.took),
        _against_the_bound(f"{what}: processor time of the program, by samples", 1, worked.program),
        _against_the_bound(f"{what}: processor time, that of both test servers as well", 1, worked.all),
        Figure(
            what=f"{what}: calls answered 429",
            reference="",
            unit="",
            goal=0,
            at_least=False,
            values=[came.refused],
        ),
    ]


def _against_the_bound(what: str, goal: float, value: float) -> Figure:
    return Figure(
        what=what,
        reference="Discord's 50 calls a second, which bind there",
        unit="s",
        goal=goal,
        at_least=False,
        values=[value],
        references=[SIZE.bound],
    )
