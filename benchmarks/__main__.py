"""`make bench`: measure everything, print one table, and keep it as JSON. Figures are no tests."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from benchmarks import daily, discord, idle, slack, votes, waiting
from benchmarks.figures import Figure, keep, show

MEASURED: dict[str, Callable[[Path], Sequence[Figure]]] = {
    "votes": votes.durable,
    "stored": votes.with_many_stored,
    "slack": slack.pressed,
    "slack-http": slack.pressed_by_http,
    "thread": slack.busy,
    "discord": discord.pressed,
    "memory": idle.memory,
    "slack-memory": slack.memory,
    "all-memory": discord.memory,
    "waiting": waiting.started,
    "late": waiting.late,
    "daily": daily.posted,
    "page": idle.page,
}


def main() -> None:
    """Measure what is named, or everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "only", nargs="*", choices=[*MEASURED, []], help="what to measure; everything if left out"
    )
    parser.add_argument("--folder", type=Path, default=Path.cwd(), help="on which disk (here)")
    chosen = parser.parse_args()
    console = Console(width=max(Console().width, 120))
    figures: list[Figure] = []
    for name, measure in MEASURED.items():
        if chosen.only and name not in chosen.only:
            continue
        with (
            console.status(f"measuring: {name}"),
            # On a disk like the one a database would be on: /tmp is often memory.
            tempfile.TemporaryDirectory(prefix=".bench-", dir=chosen.folder) as folder,
        ):
            found = measure(Path(folder))
        if not found:
            console.print(f"{name}: cannot be measured on this machine")
        figures += found
    show(figures, console)
    if not chosen.only:
        keep(figures)


if __name__ == "__main__":
    main()
