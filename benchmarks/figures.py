"""A figure: what was measured beside its reference, five times each, in turns."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

RUNS = 5
LATEST = Path(__file__).resolve().parent / "results" / "latest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table. `values` and `references` hold one number for each run, in `unit`.

    `goal` is what the ratio, or the value where there is no reference, has to reach: at least
    it (`at_least`), or at most.
    """

    what: str
    reference: str
    unit: str
    goal: float
    at_least: bool
    values: Sequence[float]
    references: Sequence[float] = ()

    @property
    def value(self) -> float:
        """The median."""
        return statistics.median(self.values)

    @property
    def ratios(self) -> list[float]:
        """Value to reference, run by run, in the same minute; empty where there is no reference."""
        if not self.references:
            return []
        return [value / other for value, other in zip(self.values, self.references, strict=True)]

    @property
    def judged(self) -> list[float]:
        """What the goal speaks of."""
        return self.ratios if self.references else list(self.values)

    @property
    def reached(self) -> bool:
        """Whether the median is where it should be."""
        middle = statistics.median(self.judged)
        return middle >= self.goal if self.at_least else middle <= self.goal


def show(figures: Sequence[Figure], console: Console) -> None:
    """Print the table."""
    table = Table(title=f"In My Shoes, measured: {machine()}", title_justify="left")
    table.add_column("what", min_width=30)
    for column in ("value", "reference", "ratio: min / median / max", "goal", ""):
        table.add_column(column, justify="right")
    for each in figures:
        table.add_row(*row(each))
    console.print(table)


def row(figure: Figure) -> tuple[str, ...]:
    """One figure as words."""
    low, middle, high = _spread(figure.judged)
    sign = "\N{MULTIPLICATION SIGN}" if figure.references else f" {figure.unit}"
    against = f"{statistics.median(figure.references):.4g} {figure.unit}" if figure.references else ""
    return (
        f"{figure.what}, against {figure.reference}" if figure.reference else figure.what,
        f"{figure.value:.4g} {figure.unit}",
        against,
        f"{low:.3g} / {middle:.3g} / {high:.3g}{sign}",
        f"{'at least' if figure.at_least else 'at most'} {figure.goal:g}{sign}",
        "reached" if figure.reached else "MISSED",
    )


def _spread(numbers: Sequence[float]) -> tuple[float, float, float]:
    return min(numbers), statistics.median(numbers), max(numbers)


def keep(figures: Sequence[Figure]) -> None:
    """Write the figures and the machine as JSON."""
    LATEST.parent.mkdir(exist_ok=True)
    rows = [
        {**asdict(each), "ratios": each.ratios, "reached": each.reached, "median": each.value}
        for each in figures
    ]
    LATEST.write_text(json.dumps({"machine": machine(), "figures": rows}, indent=2) + "\n", encoding="utf-8")


def machine() -> str:
    """What it ran on, in general words: no name of a person, a computer or a processor."""
    return (
        f"{os.cpu_count()} cores, {_system()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, SQLAlchemy {version('sqlalchemy')}"
    )


def _system() -> str:
    try:
        about = platform.freedesktop_os_release()
    except OSError:
        return platform.system()
    return about.get("PRETTY_NAME", platform.system())
