"""The hour that 10,000 channels share: every card posted, by limits that the test servers enforce."""

from __future__ import annotations

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

    Work takes as long as it takes, and the time jumps ahead where everybody waits for a limit: so what is
    counted is at least what it would take on this machine, with both servers on it.
    """

    async def main(loop: warp.WarpLoop) -> tuple[Came, Came, bool]:
        async with a_wave(loop, folder, SIZE) as wave:
            await wave.until(NINE - MINUTE)
            async with wave.running():
                await wave.until(NINE)
                on_time = await wave.a_day(NINE)
            await wave.until(NINE + DAY + 90 * MINUTE)
            async with wave.running():
                caught_up = await wave.a_day(NINE + DAY)
            return on_time, caught_up, wave.each_once(2)

    with capture_logs():
        on_time, caught_up, once = warp.run(NINE - DAY, main, frozen=False)
    if not once:
        # A figure of cards that came twice or not at all would be worth nothing.
        raise RuntimeError("not every channel has one card for each day")
    return [
        *_figures("daily prompt to 10,000 channels at 09:00 in one zone", on_time),
        *_figures("the same after an outage of two and a half hours", caught_up),
    ]


def _figures(what: str, came: Came) -> Sequence[Figure]:
    to_the_last = Figure(
        what=f"{what}: until the last card",
        reference="Discord's 50 calls a second, which bind there",
        unit="s",
        goal=1.1,
        at_least=False,
        values=[came.took],
        references=[SIZE.bound],
    )
    refused = Figure(
        what=f"{what}: calls answered 429",
        reference="",
        unit="",
        goal=0,
        at_least=False,
        values=[came.refused],
    )
    return [to_the_last, refused]
