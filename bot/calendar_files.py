"""What happens when -> a calendar file (RFC 5545), in which no word of anybody's is a line of its own."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar

TAKES = timedelta(minutes=15)  # how long what begins at a moment is shown as
LONGEST = 1_000  # characters of one line of what is said about something
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One entry of a calendar.

    `id` stays the same for the same thing, whenever the file is made. `first` is a moment in a zone of
    its own (a ZoneInfo), or a date for whole days, up to `last` and with it (None: one day).
    `about`: lines of words. `sure`: whether it will be so for all that anybody knows.
    """

    id: str
    title: str
    first: datetime | date
    last: date | None = None
    about: Sequence[str] = ()
    sure: bool = True


def calendar_file(name: str, happenings: Sequence[Happening], now: datetime) -> bytes:
    """The file. Read again later, it changes what a calendar has of it, and doubles nothing. `now` in UTC."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//In My Shoes//In My Shoes//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _line(name))
    for each in happenings:
        calendar.add_component(_event(each, now))
    days = [_day(each.first) for each in happenings]
    if days:
        zones = sorted(calendar.get_missing_tzids())
        # Before what goes by them: not every calendar reads to the end first.
        calendar.subcomponents[:0] = [_zone(each, min(days) - DAY, max(days) + DAY) for each in zones]
    return bytes(calendar.to_ical())


def _event(of: Happening, now: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{of.id}@in-my-shoes")
    event.add("dtstamp", now.astimezone(UTC))
    # What was made later counts more (RFC 5546, 2.1.5): whole minutes fit its 32 bits for 4,000 years.
    event.add("sequence", int(now.timestamp() // 60))
    event.add("summary", _line(of.title))
    if of.about:
        event.add("description", "\n".join(map(_line, of.about)))
    if isinstance(of.first, datetime):
        assert of.last is None
        event.add("dtstart", of.first)
        event.add("duration", TAKES)
    else:
        event.add("dtstart", of.first)
        event.add("dtend", (of.last or of.first) + timedelta(days=1))  # the first day that is not in it
    event.add("status", "CONFIRMED" if of.sure else "TENTATIVE")
    event.add("transp", "TRANSPARENT")  # nobody is busy because of a card
    return event


# --- zones -----------------------------------------------------------------------------


def _zone(name: str, first: date, last: date) -> icalendar.Timezone:
    """What the clocks of a zone do between two dates: one part for each change.

    The library's own looks for changes in long steps, and misses Morocco's month of another time.
    """
    zone = ZoneInfo(name)
    found = icalendar.Timezone()
    found.add("tzid", name)
    before = datetime.combine(first, time(), tzinfo=UTC)
    found.add_component(_clock(zone, before, before))
    until = datetime.combine(last, time(), tzinfo=UTC)
    while before < until:
        after = before + DAY
        if _offset(zone, before) != _offset(zone, after):
            found.add_component(_clock(zone, *_change(zone, before, after)))
        before = after
    return found


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> tuple[datetime, datetime]:
    """The two seconds between which the clocks of a zone change."""
    while after - before > SECOND:
        between = before + (after - before) // (2 * SECOND) * SECOND
        if _offset(zone, between) == _offset(zone, before):
            before = between
        else:
            after = between
    return before, after


def _clock(
    zone: ZoneInfo, before: datetime, at: datetime
) -> icalendar.TimezoneStandard | icalendar.TimezoneDaylight:
    """How clocks go from a moment on. Its start is told by the clock of before (RFC 5545, 3.6.5)."""
    local = at.astimezone(zone)
    part = icalendar.TimezoneDaylight() if local.dst() else icalendar.TimezoneStandard()
    part.add("dtstart", (at + _offset(zone, before)).replace(tzinfo=None))
    part.add("tzoffsetfrom", _offset(zone, before))
    part.add("tzoffsetto", _offset(zone, at))
    part.add("tzname", local.tzname() or "")
    return part


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _day(first: datetime | date) -> date:
    return first.date() if isinstance(first, datetime) else first


def _line(words: str) -> str:
    """Words on one line: without what could end it, in a calendar that is easy with line ends, too."""
    # Every kind of line end is space to `split`; other control characters and halves of pairs are nothing.
    whole = " ".join(words.split())[:LONGEST]
    return "".join(each for each in whole if unicodedata.category(each) not in {"Cc", "Cs"})
