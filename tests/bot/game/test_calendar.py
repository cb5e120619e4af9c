"""Local time: fair deadlines, prompts over every change of the clocks, quiet hours, a year on."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.game.calendar import Break, Share, fair_close, moment_at, next_prompt_at, quiet, years_on
from tests.builders import NOON, hours

FOUR = ("Europe/London", "Asia/Kolkata", "Pacific/Auckland", "America/Los_Angeles")
EVERY_DAY = range(7)
MON_TO_FRI = range(5)
HALF_HOURS = [time(minutes // 60, minutes % 60) for minutes in range(0, 24 * 60, 30)]
DAY = timedelta(days=1)


def utc(day: int, hour: int, minute: int = 0, *, month: int = 6, year: int = 2027) -> datetime:
    """A moment in June 2027, unless another month is named."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


# --- fair close ------------------------------------------------------------------------


def test_twelve_hours_are_too_short_for_london_kolkata_auckland_and_los_angeles() -> None:
    fair = fair_close(utc(7, 8), hours(12), FOUR)

    assert not fair.enough
    assert [(share.zone, share.hours) for share in fair.short] == [
        ("Pacific/Auckland", 1),
        ("America/Los_Angeles", 4),
        ("Asia/Kolkata", 7.5),
    ]
    assert fair.shares[-1] == Share("Europe/London", hours(12))
    assert fair.fair_at == utc(8, 4)


def test_a_round_opened_on_a_friday_is_fair_on_monday() -> None:
    assert fair_close(utc(11, 8), hours(12), FOUR).fair_at == utc(14, 4)


def test_the_offer_itself_is_enough_and_a_minute_less_is_not() -> None:
    assert fair_close(utc(7, 8), hours(20), FOUR).enough
    assert fair_close(utc(7, 8), hours(20), FOUR).short == ()
    assert not fair_close(utc(7, 8), hours(20) - timedelta(minutes=1), FOUR).enough


def test_a_longer_wish_is_kept() -> None:
    fair = fair_close(utc(7, 8), hours(72), FOUR)

    assert fair.enough
    assert fair.closes_at == utc(10, 8)
    assert fair.fair_at == utc(8, 4)


def test_without_a_wish_a_phase_lasts_a_day_and_longer_where_fairness_needs_it() -> None:
    assert fair_close(utc(7, 8), None, FOUR).closes_at == utc(8, 8)
    assert fair_close(utc(11, 8), None, FOUR).closes_at == utc(14, 4)
    assert fair_close(utc(11, 8), None, FOUR).enough


def test_saturdays_and_sundays_count_for_nobody() -> None:
    fair = fair_close(utc(12, 8), hours(36), ["Europe/London"])

    assert fair.shares == (Share("Europe/London", hours(0)),)
    assert fair.fair_at == utc(14, 16)  # Monday 17:00 in London


def test_an_evening_already_over_counts_for_nothing() -> None:
    fair = fair_close(utc(7, 21), hours(12), ["Europe/London"])  # Monday 22:00

    assert fair.shares[0].hours == 1
    assert fair.fair_at == utc(8, 16)


def test_a_zone_named_twice_counts_once() -> None:
    assert fair_close(utc(7, 8), hours(12), ["Asia/Kolkata"] * 3).shares == (
        Share("Asia/Kolkata", hours(7.5)),
    )


def test_the_weekday_is_the_zones_own() -> None:
    # Sunday 22:00 in London is Monday 09:00 in Auckland.
    assert fair_close(utc(13, 21), hours(8), ["Pacific/Auckland"]).enough


def test_a_day_that_a_zone_left_out_counts_for_nobody() -> None:
    # Samoa went from Thursday 29 December 2011 to Saturday the 31st.
    thursday_evening = utc(30, 6, month=12, year=2011)  # 20:00 in Apia

    fair = fair_close(thursday_evening, hours(48), ["Pacific/Apia"])

    assert fair.shares[0].hours == 1
    assert fair.fair_at == utc(2, 2, month=1, year=2012)  # Monday 16:00


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        fair_close(NOON, None, ["Europe/Atlantis"])


ZONES = sorted(available_timezones())
FROM, UNTIL = datetime(2027, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)

moments = st.timedeltas(timedelta(0), UNTIL - FROM).map(lambda passed: FROM + passed)


@given(
    opened=moments,
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=4),
)
def test_the_fair_moment_gives_each_zone_its_eight_hours_and_none_is_earlier(
    opened: datetime, zones: list[str]
) -> None:
    fair_at = fair_close(opened, None, zones).fair_at
    length = fair_at - opened

    assert fair_close(opened, length, zones).short == ()
    assert min(share.hours for share in fair_close(opened, length, zones).shares) == 8
    assert fair_close(opened, length - timedelta(seconds=1), zones).short != ()


# --- when a prompt is due --------------------------------------------------------------


def due(after: datetime, zone: str, at: time, count: int) -> list[datetime]:
    """The next moments, each asked for once the one before it has come."""
    found = [after]
    while len(found) <= count:
        found.append(next_prompt_at(found[-1], zone=zone, time=at, weekdays=EVERY_DAY))
    return found[1:]


def test_a_prompt_keeps_its_place_on_the_clock_when_summer_time_ends() -> None:
    assert due(utc(29, 12, month=10), "Europe/London", time(9), 3) == [
        utc(30, 8, month=10),
        utc(31, 9, month=10),
        utc(1, 9, month=11),
    ]


def test_the_time_that_does_not_exist_comes_once_and_an_hour_later_by_the_clock() -> None:
    assert due(utc(27, 0, month=3), "Europe/London", time(1, 30), 3) == [
        utc(27, 1, 30, month=3),
        utc(28, 1, 30, month=3),  # 02:30: clocks went from 01:00 to 02:00
        utc(29, 0, 30, month=3),
    ]


def test_the_time_that_comes_twice_comes_once() -> None:
    assert due(utc(30, 0, month=10), "Europe/London", time(1, 30), 3) == [
        utc(30, 0, 30, month=10),
        utc(31, 0, 30, month=10),
        utc(1, 1, 30, month=11),
    ]


def test_a_restart_between_the_two_does_not_bring_the_second() -> None:
    between = utc(31, 1, month=10)

    assert next_prompt_at(between, zone="Europe/London", time=time(1, 30), weekdays=EVERY_DAY) == utc(
        1, 1, 30, month=11
    )


def test_a_time_that_does_not_exist_stays_on_its_day_where_clocks_change_at_midnight() -> None:
    # Saturday 27 March 2027 in Nuuk ends at 23:00.
    assert due(utc(28, 0, month=3), "America/Nuuk", time(23, 30), 2) == [
        utc(28, 0, 30, month=3),  # Saturday 22:30
        utc(29, 0, 30, month=3),  # Sunday 23:30
    ]


def test_a_day_that_a_zone_left_out_has_no_prompt() -> None:
    found = due(utc(29, 12, month=12, year=2011), "Pacific/Apia", time(9), 2)

    assert [moment.astimezone(ZoneInfo("Pacific/Apia")).date() for moment in found] == [
        date(2011, 12, 29),
        date(2011, 12, 31),
    ]
    assert moment_at(date(2011, 12, 30), time(9), "Pacific/Apia") is None


def test_weekdays_are_those_of_the_zone() -> None:
    # Friday 18:00 in London: in Auckland it is Saturday.
    assert next_prompt_at(utc(11, 17), zone="Pacific/Auckland", time=time(9), weekdays=MON_TO_FRI) == utc(
        13, 21
    )


def test_it_is_later_than_the_moment_asked_about() -> None:
    nine = utc(7, 8)

    assert (
        next_prompt_at(
            nine - timedelta(microseconds=1), zone="Europe/London", time=time(9), weekdays=EVERY_DAY
        )
        == nine
    )
    assert next_prompt_at(nine, zone="Europe/London", time=time(9), weekdays=EVERY_DAY) == nine + DAY


def test_a_break_has_no_prompts_on_its_first_day_nor_on_its_last() -> None:
    anniversary = Break(name="an anniversary", first=date(2027, 6, 8), last=date(2027, 6, 9))

    assert next_prompt_at(
        utc(7, 8), zone="Europe/London", time=time(9), weekdays=EVERY_DAY, breaks=[anniversary]
    ) == utc(10, 8)


STEP = timedelta(days=5)  # no zone changes its clocks twice in five days

Change = tuple[datetime, timedelta, timedelta]  # the first minute of it, and the clock before and after


def changes(zone: ZoneInfo) -> Iterator[Change]:
    """Every change of a zone's clocks in the two years."""

    def offset(moment: datetime) -> timedelta:
        found = moment.astimezone(zone).utcoffset()
        assert found is not None
        return found

    start = FROM
    while start < UNTIL:
        before, end = start, start + STEP
        if offset(start) != offset(end):
            after = end
            while after - before > timedelta(minutes=1):
                middle = before + (after - before) // timedelta(minutes=2) * timedelta(minutes=1)
                before, after = (before, middle) if offset(middle) == offset(end) else (middle, after)
            yield after, offset(start), offset(end)
        start = end


def every_clock() -> dict[tuple[Change, ...], str]:
    """One zone for each way to change the clocks: the others' clocks show the same, always."""
    return {tuple(changes(ZoneInfo(zone))): zone for zone in ZONES}


def test_over_every_change_of_every_clock_each_local_date_comes_once_and_at_its_time() -> None:
    clocks = every_clock()
    seen = 0
    for clock, name in clocks.items():
        zone = ZoneInfo(name)
        for change, before, after in clock:
            around = change.astimezone(zone).date() - 3 * DAY
            dates = [around + count * DAY for count in range(7)]
            start = datetime.combine(around, time(0), tzinfo=zone) - timedelta(seconds=1)
            for at in HALF_HOURS:
                shown = [moment.astimezone(zone) for moment in due(start, name, at, 7)]

                assert [local.date() for local in shown] == dates, (name, at)
                off = [
                    abs(local.replace(tzinfo=None) - datetime.combine(day, at))
                    for local, day in zip(shown, dates, strict=True)
                ]
                # By the clock it is off at most once, and by no more than the clock was changed by.
                assert sorted(off)[:-1] == [timedelta(0)] * 6, (name, at)
                assert max(off) <= max(after - before, timedelta(0)) <= hours(2), (name, at)
                seen += 1

    assert len(clocks) > 25  # ways to change the clocks, or none at all
    assert seen > 25 * 4 * 48


# --- quiet hours -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "now, goes_on",
    [
        (utc(7, 19, 59), None),  # 20:59 in London
        (utc(7, 20), utc(8, 7)),
        (utc(7, 23, 30), utc(8, 7)),  # half past midnight
        (utc(8, 6, 59), utc(8, 7)),
        (utc(8, 7), None),
        (utc(30, 22, month=10), utc(31, 8, month=10)),  # the night has an hour more
        (utc(27, 22, month=3), utc(28, 7, month=3)),  # and an hour less
    ],
)
def test_nothing_is_posted_from_nine_in_the_evening_until_eight(
    now: datetime, goes_on: datetime | None
) -> None:
    assert quiet(now, "Europe/London") == goes_on


@given(
    now=moments,
    zone=st.sampled_from(ZONES),
)
def test_quiet_hours_end_at_eight_and_soon(now: datetime, zone: str) -> None:
    goes_on = quiet(now, zone)

    if goes_on is None:
        assert 8 <= now.astimezone(ZoneInfo(zone)).hour < 21
    else:
        assert timedelta(0) < goes_on - now <= hours(13)
        assert goes_on.astimezone(ZoneInfo(zone)).time() == time(8)
        assert quiet(goes_on, zone) is None


# --- a year on -------------------------------------------------------------------------


def test_a_year_on_is_the_same_day_and_29_february_falls_on_the_28th() -> None:
    assert years_on(date(2027, 6, 7)) == date(2028, 6, 7)
    assert years_on(date(2028, 2, 29)) == date(2029, 2, 28)
    assert years_on(date(2028, 2, 29), 4) == date(2032, 2, 29)
    assert years_on(date(2027, 2, 28)) == date(2028, 2, 28)
