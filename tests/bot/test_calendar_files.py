"""Calendar files, read back: local hours over clock changes, whole days, and words that end no line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.calendar_files import Happening, calendar_file
from bot.game.calendar import moment_at
from tests.builders import NOON

DAY = timedelta(days=1)
ZONES = (
    *("Europe/London", "Europe/Dublin", "America/New_York", "America/Nuuk", "America/Sao_Paulo"),
    *("Asia/Kathmandu", "Asia/Tehran", "Africa/Casablanca", "Africa/Cairo", "Australia/Lord_Howe"),
    *("Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati", "Antarctica/Troll", "UTC"),
)
AN_HOUR = Happening(id="one", title="One", first=datetime(2027, 6, 8, 9, tzinfo=ZoneInfo("Europe/London")))


def read(*happenings: Happening, now: datetime = NOON) -> Calendar:
    """What a calendar makes of the file; every line of it ends with CR LF, and is short enough."""
    file = calendar_file("A name", happenings, now)
    lines = file.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert not any(each in line for line in lines for each in (b"\r", b"\n"))
    calendar = Calendar.from_ical(file)
    assert isinstance(calendar, Calendar)
    return calendar


def events(calendar: Calendar) -> Sequence[Any]:
    """The entries: what stands in one of their lines is of many types."""
    return calendar.events


def local(calendar: Calendar, event: Any) -> datetime:
    """The moment of an event by nothing but what the file itself says of its zone."""
    said: datetime = event["dtstart"].dt
    if "tzid" not in {key.lower() for key in event["dtstart"].params}:
        return said.astimezone(UTC)
    (zone,) = (each for each in calendar.timezones if each.tz_name == event["dtstart"].params["TZID"])
    changes: list[tuple[datetime, timedelta, timedelta]] = []
    parts: Sequence[Any] = zone.subcomponents
    for part in parts:
        starts = [part["dtstart"].dt]
        rdates = part.get("rdate", [])
        for each in rdates if isinstance(rdates, list) else [rdates]:
            starts += [more.dt for more in each.dts]
        changes += [(start, part["tzoffsetfrom"].td, part["tzoffsetto"].td) for start in starts]
    naive = said.replace(tzinfo=None)
    _first, offset, _to = min(changes)
    for start, _before, after in sorted(changes):
        offset = after if naive >= start else offset
    return (naive - offset).replace(tzinfo=UTC)


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0)),
)
@example(zone="Europe/London", day=date(2027, 3, 28), at=time(1, 30))
@example(zone="Europe/London", day=date(2027, 10, 31), at=time(1, 30))
@example(zone="America/Nuuk", day=date(2027, 3, 27), at=time(23, 30))
@example(zone="Africa/Casablanca", day=date(2027, 3, 1), at=time(9))
@example(zone="Pacific/Apia", day=date(2027, 3, 27), at=time(0))
@example(zone="Australia/Lord_Howe", day=date(2027, 4, 4), at=time(1, 45))
def test_a_day_keeps_its_local_hour_whatever_the_clocks_do(zone: str, day: date, at: time) -> None:
    moments = [moment_at(day + each * DAY, at, zone) for each in range(4)]
    there = [each for each in moments if each is not None]
    of_days = [
        Happening(id=str(number), title="A day", first=each.astimezone(ZoneInfo(zone)))
        for number, each in enumerate(there)
    ]

    calendar = read(*of_days)

    assert [local(calendar, each) for each in events(calendar)] == there
    assert [each["dtstart"].dt.astimezone(UTC) for each in events(calendar)] == there


def test_the_file_says_itself_what_its_zone_does() -> None:
    calendar = read(AN_HOUR)

    (zone,) = calendar.timezones
    assert zone.tz_name == "Europe/London"
    (event,) = events(calendar)
    assert event["dtstart"].params["TZID"] == "Europe/London"
    assert event["dtstart"].dt == datetime(2027, 6, 8, 8, tzinfo=UTC)


def test_whole_days_end_on_the_morning_after() -> None:
    calendar = read(Happening(id="b", title="A break", first=date(2027, 12, 24), last=date(2027, 12, 26)))

    (event,) = events(calendar)
    assert event["dtstart"].dt == date(2027, 12, 24)
    assert event["dtend"].dt == date(2027, 12, 27)
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert calendar.timezones == []


def test_made_again_it_is_the_same_entry_in_a_later_version() -> None:
    ((before,), (after,)) = (events(read(AN_HOUR, now=NOON + each * timedelta(minutes=1))) for each in (0, 1))

    assert before["uid"] == after["uid"]
    assert before["sequence"] < after["sequence"] < 2**31
    assert before["dtstamp"].dt < after["dtstamp"].dt


def test_what_is_not_sure_is_tentative_and_nobody_is_busy() -> None:
    sure, unsure = events(read(AN_HOUR, Happening(id="two", title="Two", first=date(2027, 6, 9), sure=False)))

    assert (sure["status"], unsure["status"]) == ("CONFIRMED", "TENTATIVE")
    assert sure["transp"] == unsure["transp"] == "TRANSPARENT"


HOSTILE = {
    "Tea\r\nATTENDEE:mailto:eve@example.org": "Tea ATTENDEE:mailto:eve@example.org",
    "Tea\nEND:VEVENT\nBEGIN:VALARM": "Tea END:VEVENT BEGIN:VALARM",
    "Tea\rBEGIN:VEVENT": "Tea BEGIN:VEVENT",
    "Tea\x0b\x0c\x1c\x85\u2028\u2029DTSTART:19700101": "Tea DTSTART:19700101",
    "a,b;c:d\\ne\\;\\,\"^n^'": "a,b;c:d\\ne\\;\\,\"^n^'",
    "\x00\x07\x1b[31m\ud800 tea \udfff": "[31m tea ",
    "é" * 10_240: "é" * 1_000,
    "👩\u200d👩\u200d👧" * 2_000: "👩\u200d👩\u200d👧" * 200,
    "{{7*7}} { $x } %s ${x}": "{{7*7}} { $x } %s ${x}",
    "": "",
}
"""What somebody writes, and what the calendar shows of it: on one line, and not for ever."""


@pytest.mark.parametrize("words, shown", HOSTILE.items())
def test_nobodys_words_become_a_line_of_the_file(words: str, shown: str) -> None:
    hostile = Happening(id="one", title=words, first=date(2027, 6, 8), about=(words, words))

    calendar = read(hostile)

    event: Any
    (event,) = calendar.subcomponents
    assert isinstance(event, icalendar.Event)
    assert not event.subcomponents
    names = "UID DTSTAMP SEQUENCE SUMMARY DESCRIPTION DTSTART DTEND STATUS TRANSP"
    assert set(event) == set(names.split())
    assert str(event["summary"]) == shown
    assert str(event["description"]) == f"{shown}\n{shown}"


@given(st.lists(st.text(st.characters(exclude_categories=())), max_size=3))
def test_whatever_is_written_the_file_can_be_read_again(lines: list[str]) -> None:
    title = lines[0] if lines else ""

    (event,) = events(read(Happening(id="one", title=title, first=date(2027, 6, 8), about=lines)))

    assert event["uid"] == "one@in-my-shoes"
    assert event["dtstart"].dt == date(2027, 6, 8)
    assert str(event.get("description", "")).count("\n") == max(0, len(lines) - 1)
