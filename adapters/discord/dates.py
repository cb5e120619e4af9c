"""A date as people type it, where Discord has no field to pick one from -> the date."""

from __future__ import annotations

import re
from datetime import date

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
SHORTEST = 3  # letters of a month

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_FIGURES = re.compile(r"(?P<day>\d{1,2})(?P<gap>[/.-])(?P<month>\d{1,2})(?P=gap)(?P<year>\d{4})", re.ASCII)
_WORDS = re.compile(
    r"(?:[a-z]+,? )?(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?P<month>[a-z]+)\.?,? (?P<year>\d{4})", re.ASCII
)


def date_of(typed: str) -> date | None:
    """2027-06-21, 21/6/2027 (the day first) or 21 June 2027; None for whatever else was typed."""
    words = " ".join(typed.casefold().split())
    for way in (_ISO, _FIGURES, _WORDS):
        if found := way.fullmatch(words):
            try:
                return date(int(found["year"]), _month(found["month"]), int(found["day"]))
            except ValueError:
                return None
    return None


def _month(named: str) -> int:
    if named.isdecimal():
        return int(named)
    for number, month in enumerate(MONTHS, 1):
        if len(named) >= SHORTEST and month.startswith(named):
            return number
    raise ValueError
