"""Moments and days in words, for readers whose own zone is not known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_location
from babel.lists import format_list

from bot.views.words import plain


def moment_in(zone_name: str, moment: datetime, language: str) -> str:
    """A moment in a zone, which it names: Monday 7 June, 09:00 (London time). `zone_name` is an IANA name."""
    zone = ZoneInfo(zone_name)
    locale = Locale.parse(language, sep="-")
    local = moment.astimezone(zone)
    return plain(
        "moment-in-zone",
        moment=f"{day_in_words(local, language)}, {format_time(local, 'short', zone, locale)}",
        city=city(zone_name, language),
    )


def day_in_words(day: date, language: str) -> str:
    """Monday 7 June, in the words of the language. No year: nothing here is that far away."""
    return format_date(day, "EEEE d MMMM", Locale.parse(language, sep="-"))


def month_in_words(day: date, language: str) -> str:
    """The month of a day that is long ago: November 2026."""
    return format_date(day, "LLLL y", Locale.parse(language, sep="-"))


def weekdays(days: Sequence[int], language: str) -> str:
    """Days of the week in words: Monday, Wednesday and Friday. Monday is 0."""
    # British English: no comma before the last one.
    locale = Locale("en", "GB") if language == "en" else Locale.parse(language, sep="-")
    return format_list([locale.days["format"]["wide"][each] for each in days], locale=locale)


def city(zone_name: str, language: str) -> str:
    """A zone as people call it: London. `zone_name` is an IANA name."""
    return get_timezone_location(
        ZoneInfo(zone_name), locale=Locale.parse(language, sep="-"), return_city=True
    )
