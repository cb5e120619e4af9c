"""The awareness calendar: which week is whose, and whether anybody may say so yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NewType

EventId = NewType("EventId", str)

WEEK = timedelta(days=7)
LONGEST = timedelta(days=31)  # of an event: World Alzheimer's Month is a month


class EventKind(StrEnum):
    """How the dates of an event come about."""

    FIXED = "fixed"
    BY_RULE = "estimated-by-rule"
    ANNOUNCED = "announced-yearly"


class Certainty(StrEnum):
    """How sure the dates of one year are. Nothing posts "this is X Week" on a provisional date."""

    FIXED = "fixed"
    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The dates of one year, `last` included, and in words who says so. Never over New Year."""

    first: date
    last: date
    source: str

    @property
    def year(self) -> int:
        """The year that it is about."""
        return self.first.year


@dataclass(frozen=True, slots=True, kw_only=True)
class EachYear:
    """The same dates every year, given as (month, day), and in words who says so."""

    first: tuple[int, int]
    last: tuple[int, int]
    source: str


@dataclass(frozen=True, slots=True)
class NthWeek:
    """Seven days from a Monday on: the third (`number` 3) whose Monday falls in a month."""

    month: int
    number: int


@dataclass(frozen=True, slots=True)
class FormerName:
    """What an event was called up to a year, that year included."""

    until: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A week, a day or a month that many people mark. `where` it is marked is told in words.

    `each_year` is set for those that are fixed, `rule` for those that are estimated by one.
    Confirmations come in any order, one for a year.
    """

    id: EventId
    title: str
    where: str
    kind: EventKind
    each_year: EachYear | None = None
    rule: NthWeek | None = None
    confirmed: tuple[Confirmation, ...] = ()
    former_names: tuple[FormerName, ...] = ()

    def __post_init__(self) -> None:
        assert (self.each_year is not None) == (self.kind is EventKind.FIXED)
        assert (self.rule is not None) == (self.kind is EventKind.BY_RULE)

    def title_in(self, year: int) -> str:
        """What it is, or was, called in that year."""
        former = sorted(self.former_names, key=lambda name: name.until)
        return next((name.title for name in former if year <= name.until), self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDates:
    """When an event is in one year, `last` included. A provisional one has no source."""

    event: Event
    first: date
    last: date
    certainty: Certainty
    source: str = ""

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


class CannotConfirm(Exception):
    """These dates cannot be taken over; the subclass says why."""


class AlwaysTheSame(CannotConfirm):
    """The event has the same dates every year."""


class NoSource(CannotConfirm):
    """Nobody says who announced the dates."""


class NotAStretch(CannotConfirm):
    """The dates are the wrong way round, longer than a month, or in two years."""


def in_year(event: Event, year: int) -> EventDates | None:
    """When the event is in that year; None if nobody can tell, not even as an estimate.

    Without a confirmation: by its rule; or as in the last year that was confirmed before, so that
    "Monday to Sunday, in the second week that starts in May" stays so.
    """
    if event.each_year is not None:
        fixed = event.each_year
        return EventDates(
            event=event,
            first=date(year, *fixed.first),
            last=date(year, *fixed.last),
            certainty=Certainty.FIXED,
            source=fixed.source,
        )
    confirmed = {each.year: each for each in event.confirmed}
    if said := confirmed.get(year):
        return EventDates(
            event=event,
            first=said.first,
            last=said.last,
            certainty=Certainty.CONFIRMED,
            source=said.source,
        )
    if event.rule is not None:
        first = _nth(event.rule.number, year, event.rule.month, weekday=0)
        last = first + WEEK - timedelta(days=1)
    elif before := [earlier for earlier in confirmed if earlier < year]:
        pattern = confirmed[max(before)]
        number = (pattern.first.day - 1) // 7 + 1
        first = _nth(number, year, pattern.first.month, weekday=pattern.first.weekday())
        last = first + (pattern.last - pattern.first)
    else:
        return None
    return EventDates(event=event, first=first, last=last, certainty=Certainty.PROVISIONAL)


def may_say_it_is(event: Event, day: date) -> bool:
    """Whether "this is X Week" may be posted on that day: never on dates that are provisional."""
    dates = in_year(event, day.year)
    return dates is not None and dates.certainty is not Certainty.PROVISIONAL and day in dates


def confirm(event: Event, first: date, last: date, source: str) -> Event:
    """The event with the dates of one year as an organiser found them; `source`: who announced them.

    Dates that were confirmed before for that year are replaced. Raises CannotConfirm.
    """
    if event.kind is EventKind.FIXED:
        raise AlwaysTheSame
    if not source.strip():
        raise NoSource
    if not first <= last < first + LONGEST or first.year != last.year:
        raise NotAStretch
    others = tuple(each for each in event.confirmed if each.year != first.year)
    said = Confirmation(first=first, last=last, source=source.strip())
    return replace(event, confirmed=(*others, said))


def coming_up(events: Iterable[Event], today: date) -> list[EventDates]:
    """The next time of each event, the one that is on now included, by first date."""
    coming = []
    for event in events:
        years = (in_year(event, year) for year in (today.year, today.year + 1))
        coming += [dates for dates in years if dates is not None and dates.last >= today][:1]
    return sorted(coming, key=lambda dates: (dates.first, dates.last, dates.event.id))


def _nth(number: int, year: int, month: int, *, weekday: int) -> date:
    """The nth of a weekday (Monday is 0) in a month; the last one where there is no fifth."""
    start = date(year, month, 1)
    first = start + timedelta(days=(weekday - start.weekday()) % 7)
    day = first + (number - 1) * WEEK
    return day if day.month == month else day - WEEK
