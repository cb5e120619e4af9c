"""The awareness calendar: what is fixed, what was announced, and what is only an estimate."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.game.awareness import (
    AlwaysTheSame,
    Certainty,
    Confirmation,
    EachYear,
    Event,
    EventDates,
    EventId,
    EventKind,
    FormerName,
    NoSource,
    NotAStretch,
    NthWeek,
    coming_up,
    confirm,
    in_year,
    may_say_it_is,
)

MONTH = Event(
    id=EventId("month"),
    title="A Month",
    where="everywhere",
    kind=EventKind.FIXED,
    each_year=EachYear(first=(9, 1), last=(9, 30), source="The Month People"),
)
THIRD_OF_JUNE = Event(
    id=EventId("june"),
    title="June Week",
    where="here",
    kind=EventKind.BY_RULE,
    rule=NthWeek(month=6, number=3),
)


def announced(*years: tuple[date, date]) -> Event:
    return Event(
        id=EventId("week"),
        title="A Week",
        where="here",
        kind=EventKind.ANNOUNCED,
        confirmed=tuple(Confirmation(first=first, last=last, source="Said so") for first, last in years),
        former_names=(FormerName(until=2017, title="Old Week"),),
    )


WEEK = announced((date(2024, 5, 13), date(2024, 5, 19)), (date(2025, 5, 19), date(2025, 5, 25)))


def stretch(event: Event, year: int) -> tuple[date, date, Certainty]:
    dates = in_year(event, year)
    assert dates is not None
    return dates.first, dates.last, dates.certainty


def test_a_fixed_event_is_the_same_every_year_and_says_by_whom() -> None:
    assert in_year(MONTH, 2031) == EventDates(
        event=MONTH,
        first=date(2031, 9, 1),
        last=date(2031, 9, 30),
        certainty=Certainty.FIXED,
        source="The Month People",
    )


def test_a_confirmed_year_has_its_dates_and_its_source() -> None:
    assert in_year(WEEK, 2025) == EventDates(
        event=WEEK,
        first=date(2025, 5, 19),
        last=date(2025, 5, 25),
        certainty=Certainty.CONFIRMED,
        source="Said so",
    )


def test_the_third_week_of_june_is_the_third_that_starts_in_june() -> None:
    assert stretch(THIRD_OF_JUNE, 2023) == (date(2023, 6, 19), date(2023, 6, 25), Certainty.PROVISIONAL)
    assert stretch(THIRD_OF_JUNE, 2024) == (date(2024, 6, 17), date(2024, 6, 23), Certainty.PROVISIONAL)
    assert stretch(THIRD_OF_JUNE, 2027) == (date(2027, 6, 21), date(2027, 6, 27), Certainty.PROVISIONAL)


def test_without_an_announcement_it_is_expected_as_in_the_last_year_that_was_announced() -> None:
    assert stretch(WEEK, 2027) == (date(2027, 5, 17), date(2027, 5, 23), Certainty.PROVISIONAL)


def test_an_estimate_keeps_the_weekday_and_the_length() -> None:
    sunday_to_saturday = announced((date(2017, 5, 14), date(2017, 5, 20)))

    assert stretch(sunday_to_saturday, 2018)[:2] == (date(2018, 5, 13), date(2018, 5, 19))


def test_an_estimate_stays_in_its_month_where_there_is_no_fifth_week() -> None:
    fifth = announced((date(2026, 3, 30), date(2026, 4, 5)))

    assert stretch(fifth, 2027)[:2] == (date(2027, 3, 29), date(2027, 4, 4))
    assert stretch(fifth, 2028)[:2] == (date(2028, 3, 27), date(2028, 4, 2))


def test_nobody_can_tell_a_year_before_the_first_announcement() -> None:
    assert in_year(WEEK, 2023) is None
    assert in_year(announced(), 2027) is None
    assert not may_say_it_is(WEEK, date(2023, 5, 15))


def test_nothing_says_this_is_the_week_on_a_provisional_date() -> None:
    assert [may_say_it_is(WEEK, date(2025, 5, day)) for day in (18, 19, 25, 26)] == [False, True, True, False]
    assert may_say_it_is(MONTH, date(2031, 9, 30))
    assert not may_say_it_is(WEEK, date(2027, 5, 17))
    assert not may_say_it_is(THIRD_OF_JUNE, date(2027, 6, 21))


def test_an_organiser_confirms_a_year_with_a_source() -> None:
    sure = confirm(WEEK, date(2027, 5, 24), date(2027, 5, 30), " Their newsletter of March ")

    assert in_year(sure, 2027) == EventDates(
        event=sure,
        first=date(2027, 5, 24),
        last=date(2027, 5, 30),
        certainty=Certainty.CONFIRMED,
        source="Their newsletter of March",
    )
    assert may_say_it_is(sure, date(2027, 5, 24))
    assert stretch(sure, 2025) == stretch(WEEK, 2025)


def test_a_second_confirmation_of_a_year_replaces_the_first() -> None:
    sure = confirm(WEEK, date(2025, 6, 2), date(2025, 6, 8), "They moved it")

    assert stretch(sure, 2025) == (date(2025, 6, 2), date(2025, 6, 8), Certainty.CONFIRMED)
    assert len(sure.confirmed) == 2


def test_an_estimate_can_be_confirmed_away_from_its_rule() -> None:
    sure = confirm(THIRD_OF_JUNE, date(2027, 6, 14), date(2027, 6, 20), "Announced on their page")

    assert stretch(sure, 2027) == (date(2027, 6, 14), date(2027, 6, 20), Certainty.CONFIRMED)
    assert stretch(sure, 2028)[2] is Certainty.PROVISIONAL


def test_what_cannot_be_confirmed() -> None:
    with pytest.raises(NoSource):
        confirm(WEEK, date(2027, 5, 17), date(2027, 5, 23), "  ")
    with pytest.raises(AlwaysTheSame):
        confirm(MONTH, date(2027, 9, 1), date(2027, 9, 30), "Me")
    for first, last in (
        (date(2027, 5, 23), date(2027, 5, 17)),
        (date(2027, 5, 1), date(2027, 6, 1)),
        (date(2027, 12, 28), date(2028, 1, 3)),
    ):
        with pytest.raises(NotAStretch):
            confirm(WEEK, first, last, "A page")


def test_it_is_called_what_it_was_called_then() -> None:
    assert [WEEK.title_in(year) for year in (2016, 2017, 2018)] == ["Old Week", "Old Week", "A Week"]


def test_what_comes_next_is_told_by_date_and_what_is_on_now_is_told_too() -> None:
    def coming(today: date) -> list[tuple[str, date]]:
        return [(dates.event.id, dates.first) for dates in coming_up([MONTH, announced(), WEEK], today)]

    assert coming(date(2025, 5, 25)) == [("week", date(2025, 5, 19)), ("month", date(2025, 9, 1))]
    assert coming(date(2025, 5, 26)) == [("month", date(2025, 9, 1)), ("week", date(2026, 5, 18))]


@given(
    st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 12, 1)),
    st.integers(0, 30),
    st.integers(1951, 2099),
)
def test_an_estimate_has_the_weekday_the_month_and_the_length_of_the_last_time(
    first: date, more: int, year: int
) -> None:
    last = first + timedelta(days=more)
    dates = in_year(announced((first, last)), year)
    if year < first.year:
        assert dates is None
        return

    assert dates is not None
    assert (dates.first.year, dates.first.month, dates.first.weekday()) == (
        year,
        first.month,
        first.weekday(),
    )
    assert dates.last - dates.first == last - first
