"""Dates as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.dates import date_of


@pytest.mark.parametrize(
    "typed",
    [
        "2027-06-21",
        "2027-6-21",
        "21/6/2027",
        "21/06/2027",
        "21.6.2027",
        "21-06-2027",
        "21 June 2027",
        " 21  june 2027\n",
        "21 Jun 2027",
        "21st of June 2027",
        "21 JUNE, 2027",
        "Monday 21 June 2027",
        "Monday, 21 June 2027",
    ],
)
def test_a_date_can_be_written_in_many_ways(typed: str) -> None:
    assert date_of(typed) == date(2027, 6, 21)


@pytest.mark.parametrize(
    "typed",
    [
        *("", "soon", "21", "June 2027", "21 June", "31/6/2027", "6/21/2027", "21 Ju 2027", "21 Junes 2027"),
        *("0000-01-01", "21/6/27", "２１/6/2027", "2027-06-21 or so", "21 june 99999", "21/6.2027"),
    ],
)
def test_what_is_no_date_is_none(typed: str) -> None:
    assert date_of(typed) is None


@given(st.text())
def test_nothing_that_is_typed_breaks_it(typed: str) -> None:
    assert date_of(typed) is None or isinstance(date_of(typed), date)


@given(st.dates())
def test_every_date_reads_back(day: date) -> None:
    assert date_of(day.isoformat()) == day
    assert date_of(f"{day.day}/{day.month}/{day.year:04}") == day
    assert date_of(f"{day.day} {day:%B} {day.year:04}") == day
    assert date_of(f"{day.day} {day:%b} {day.year:04}") == day
