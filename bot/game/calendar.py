"""Local time: when a prompt is due, which hours are quiet, and what deadline is fair to every time zone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

FAIR_SHARE = timedelta(hours=8)  # what every time zone gets of a phase, at least
DAY_STARTS = time(9)  # local; hours before it count for nobody
DAY_ENDS = time(21)
WEEK_ENDS = frozenset({5, 6})  # as `date.weekday` counts: Monday is 0
USUAL_LENGTH = timedelta(hours=24)  # of a phase for which nobody asked for a length

QUIET_FROM = time(21)  # channel time
QUIET_UNTIL = time(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A stretch of local dates without prompts, `first` and `last` among them. Players read its name."""

    name: str
    first: date
    last: date

    def __post_init__(self) -> None:
        assert self.first <= self.last

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Share:
    """How much time a zone gets before a deadline, counted as `fair_close` counts it."""

    zone: str
    time: timedelta

    @property
    def hours(self) -> float:
        """The same in hours."""
        return self.time / HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Fair:
    """A deadline that was asked for, and what is fair. Both moments are in UTC.

    `closes_at` is the wish, or the usual deadline where there was none; `fair_at` is the earliest
    moment that is fair to all. `shares`: what each zone gets until `closes_at`, the least first.
    """

    closes_at: datetime
    fair_at: datetime
    shares: tuple[Share, ...]

    @property
    def enough(self) -> bool:
        """Whether the wish leaves every zone its time. If not, `fair_at` is offered."""
        return self.fair_at <= self.closes_at

    @property
    def short(self) -> tuple[Share, ...]:
        """The zones that would get too little, the least first; empty if the wish is enough."""
        return tuple(share for share in self.shares if share.time < FAIR_SHARE)


def fair_close(opened: datetime, wanted: timedelta | None, zones: Collection[str]) -> Fair:
    """Whether a phase that opens at `opened` (UTC) and lasts as long as `wanted` is fair to all `zones`.

    Fair: each zone has had 8 hours between 09:00 and 21:00 local time, Monday to Friday. Without a
    wish it is the first fair moment at least 24 hours away, and so always enough. `zones` are IANA
    names, one at least (the channel's own); the same one twice counts once.
    Raises ZoneInfoNotFoundError for a name that is none.
    Source: spec/game.md §3, "Fair close" and "Default times".
    """
    assert zones
    distinct = sorted(set(zones))
    fair_at = max(_has_had(FAIR_SHARE, opened, zone) for zone in distinct)
    closes_at = max(fair_at, opened + USUAL_LENGTH) if wanted is None else opened + wanted
    shares = (Share(zone, _between(opened, closes_at, zone)) for zone in distinct)
    return Fair(
        closes_at=closes_at.astimezone(UTC),
        fair_at=fair_at,
        shares=tuple(sorted(shares, key=lambda share: share.time)),
    )


def _has_had(share: timedelta, opened: datetime, zone: str) -> datetime:
    """The moment (UTC) at which a zone has had its share."""
    for start, end in _working_hours(opened, zone):
        if end - start >= share:
            return start + share
        share -= end - start
    raise AssertionError("the hours never end")


def _between(opened: datetime, until: datetime, zone: str) -> timedelta:
    """How much of the time between two moments counts in a zone."""
    total = timedelta(0)
    for start, end in _working_hours(opened, zone):
        if start >= until:
            break
        total += min(end, until) - start
    return total


def _working_hours(opened: datetime, zone: str) -> Iterator[tuple[datetime, datetime]]:
    """The hours that count in a zone, from `opened` on and without end; all in UTC."""
    for day in _days(opened, zone):
        start, end = moment_at(day, DAY_STARTS, zone), moment_at(day, DAY_ENDS, zone)
        if start is not None and end is not None and end > opened and day.weekday() not in WEEK_ENDS:
            yield max(start, opened.astimezone(UTC)), end


def moment_at(day: date, at: time, zone: str) -> datetime | None:
    """The moment (UTC) at which clocks in `zone` show `at` on that day; there it is `day` indeed.

    A time that comes twice is taken the first time. A time that does not exist is moved by the
    width of the gap: to later, or to earlier where later would be another day (in Nuuk, 23:30
    on the day before summer time). None if the zone has left out the whole day.
    """
    place = ZoneInfo(zone)
    # PEP 495: inside a gap `fold=0` goes by the old clock, which gives the later moment, `fold=1` by the new.
    for fold in (0, 1):
        moment = datetime.combine(day, at.replace(fold=fold), tzinfo=place).astimezone(UTC)
        if moment.astimezone(place).date() == day:
            return moment
    return None


def local_date(moment: datetime, zone: str) -> date:
    """The date that a calendar in `zone` shows at a moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def next_prompt_at(
    after: datetime, *, zone: str, time: time, weekdays: Collection[int], breaks: Iterable[Break] = ()
) -> datetime:
    """The first moment later than `after` at which a prompt is due; both in UTC.

    `time` is what clocks in `zone` (an IANA name) show, whatever they were changed by: each local
    date on one of the `weekdays` (Monday is 0; one at least) and in no break has one moment, and
    that moment falls on it (see `moment_at`).
    Raises ZoneInfoNotFoundError for a name that is none.
    Source: spec/game.md §5; spec/engine.md §1 on why no cron library computes this.
    """
    assert set(weekdays) & set(range(7))
    away = tuple(breaks)
    for day in _days(after, zone):
        if day.weekday() in weekdays and not any(day in each for each in away):
            due = moment_at(day, time, zone)
            if due is not None and due > after:
                return due
    raise AssertionError("the days never end")


def quiet(now: datetime, zone: str) -> datetime | None:
    """When posting may go on (UTC) if it is between 21:00 and 08:00 in `zone`; None if it may at once.

    Source: spec/game.md §3, "Nothing is posted between 21:00 and 08:00 channel time".
    """
    local = now.astimezone(ZoneInfo(zone))
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return None
    return next_prompt_at(now, zone=zone, time=QUIET_UNTIL, weekdays=range(7))


def is_zone(name: str) -> bool:
    """Whether this is the IANA name of a time zone. Anybody may have typed it."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found, no name at all, or a folder
        return False
    return True


def years_on(day: date, years: int = 1) -> date:
    """The same day `years` later; 29 February falls on 28 February where there is none.

    Source: spec/game.md §4, "A year on".
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _days(since: datetime, zone: str) -> Iterator[date]:
    """The dates from a moment's local date on, without end."""
    day = local_date(since, zone)
    while True:
        yield day
        day += DAY
