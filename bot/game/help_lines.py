"""Help lines: whom to ring, in which nation, and when somebody should ring them to check."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FRESH = timedelta(days=180)  # spec/safety.md §2: a warning when older


class Nation(StrEnum):
    """Where a help line is for."""

    ENGLAND = "england"
    WALES = "wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLine:
    """Whom to ring, `when`, and in words where the number comes from.

    `checked`: the date on which somebody made sure of it; None until then. One with `topics` is for
    cards that have one of them; the others are for everybody.
    """

    nation: Nation
    name: str
    number: str
    when: str
    source: str
    checked: date | None = None
    topics: tuple[str, ...] = ()


def help_lines(lines: Iterable[HelpLine], nation: Nation, topics: Collection[str] = ()) -> list[HelpLine]:
    """Those of a nation, in their order: the ones for everybody, then those for these topics."""
    here = [line for line in lines if line.nation is nation]
    everybody = [line for line in here if not line.topics]
    return everybody + [line for line in here if set(line.topics) & set(topics)]


def to_check(lines: Iterable[HelpLine], today: date) -> list[HelpLine]:
    """Those that somebody should check, in their order: never checked, or more than 180 days ago."""
    return [line for line in lines if line.checked is None or today - line.checked > FRESH]
