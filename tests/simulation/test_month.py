"""Four weeks of one campaign on three platforms in five zones, with everything that may come between."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.actions import Verb
from tests.contents import contents
from tests.simulation.month import Month, Place, a_month

pytestmark = pytest.mark.usefixtures("unheard")

EVERY_DAY = "0123456"
TEMPLATE = "four-weeks-dementia"
MONDAY = "2028-02-14"

PLACES = {
    "London": Place("slack", "C1", "Europe/London", "09:00"),
    "New York": Place("slack", "C2", "America/New_York", "02:30"),  # does not exist on 12 March
    "Kolkata": Place("discord", "300000000000000001", "Asia/Kolkata", "09:00"),
    "Auckland": Place("discord", "300000000000000002", "Pacific/Auckland", "09:00"),
    "St John's": Place("web", "room", "America/St_Johns", "20:30"),  # the next day already in UTC
}
"""Two channels each on Slack and Discord, and a browser room."""


def utc(month: int, day: int, hour: int) -> datetime:
    """A moment in 2028, when February has 29 days."""
    return datetime(2028, month, day, hour, tzinfo=UTC)


def dates(*spans: tuple[str, str]) -> list[date]:
    """Local dates of 2028, from the first of each span to its last."""
    found = []
    for first, last in spans:
        day = date.fromisoformat(f"2028-{first}")
        while day <= date.fromisoformat(f"2028-{last}"):
            found.append(day)
            day += timedelta(days=1)
    return found


POSTED = {
    # break, pause, end
    "London": dates(("02-14", "02-18"), ("02-21", "02-23"), ("02-26", "03-05"), ("03-08", "03-12")),
    "New York": dates(("02-14", "02-18"), ("02-21", "02-23"), ("02-26", "03-05"), ("03-08", "03-12")),
    "Kolkata": dates(("02-14", "02-18"), ("02-21", "02-23"), ("02-26", "03-05"), ("03-08", "03-12")),
    # In Auckland until 27 February, in Los Angeles from then on; there 1 March is over after the outage.
    "Auckland": dates(
        ("02-14", "02-18"), ("02-21", "02-23"), ("02-26", "02-29"), ("03-02", "03-05"), ("03-07", "03-12")
    ),
    # The hour is a late one: the pause has two other days, and of the outage 1 March is over.
    "St John's": dates(
        ("02-14", "02-18"), ("02-21", "02-22"), ("02-25", "02-29"), ("03-02", "03-05"), ("03-07", "03-12")
    ),
}
LATE = {"London": [date(2028, 3, 2)], "New York": [date(2028, 3, 2)], "Kolkata": [date(2028, 3, 2)]}
"""What could still be posted on its own date after the outage, which ended at 15:00 in London."""


async def four_weeks(month: Month) -> None:
    """What people do, and what befalls the program."""
    id = await month.campaign("London", TEMPLATE, start=MONDAY, weekdays=EVERY_DAY, contact="Jo at the desk")
    await month.press(
        "London",
        Verb.SAVE_CAMPAIGN,
        id,
        "break",
        name="an anniversary",
        first="2028-02-19",
        last="2028-02-20",
    )
    plan = {"title": "In their shoes", "contact": "Jo at the desk", "policy": "after_you", "round_up": "none"}
    await month.press("London", Verb.SAVE_CAMPAIGN, id, "plan", **plan, end="2028-03-05")
    await month.until(utc(2, 23, 12))
    await month.press("London", Verb.PAUSE_CAMPAIGN, id)
    await month.until(utc(2, 25, 12))
    await month.press("London", Verb.RESUME_CAMPAIGN, id)
    await month.until(utc(2, 27, 12))
    month.places["Auckland"] = Place("discord", "300000000000000002", "America/Los_Angeles", "09:00")
    await month.here("Auckland", id, start=MONDAY, weekdays=EVERY_DAY)
    await month.until(utc(3, 1, 10))
    await month.outage(utc(3, 2, 15))
    await month.until(utc(3, 7, 12))  # it has ended two days ago
    await month.press("London", Verb.SAVE_CAMPAIGN, id, "plan", **plan, end="2028-03-12")
    await month.until(utc(3, 15, 12))


HOURS = {name: time.fromisoformat(place.time) for name, place in PLACES.items()}
ONCE = ("Something new begins here", "Welcome to In My Shoes", "A short break")
LATE_AT = {"London": time(15), "New York": time(10), "Kolkata": time(20, 30)}


def due(name: str, on: date) -> time:
    """What the clock in a channel shows when the card of a date comes."""
    if on in LATE.get(name, ()):
        return LATE_AT[name]
    if name == "New York" and on == date(2028, 3, 12):
        return time(3, 30)  # that night there is no 02:30
    return HOURS[name]


@pytest.mark.asyncio
async def test_four_weeks_on_three_platforms_in_five_zones(tmp_path: Path) -> None:
    """The process ends once at each step of a posting on each platform, and each time another goes on.

    Round-ups are not judged here yet.
    """
    prompts = next(
        template.prompts
        for pack in contents().packs
        for template in pack.templates
        if template.id == TEMPLATE
    )
    async with a_month(tmp_path, utc(2, 12, 12), PLACES) as month:
        await four_weeks(month)

        for name in PLACES:
            cards = month.seen[name]
            assert [each.at.date() for each in cards] == POSTED[name], name
            assert [each.at.time() for each in cards] == [due(name, on) for on in POSTED[name]], name
            assert [each.at.date() for each in cards if each.late] == LATE.get(name, []), name
            assert [each.day for each in cards] == [*range(1, len(cards) + 1)], name
            for card, prompt in zip(cards, prompts, strict=False):
                assert prompt.card.statement in card.words, (name, card.day)
            headings = [each.splitlines()[0] for each in month.said[name]]
            for once in ONCE:
                assert sum(once in heading for heading in headings) == 1, (name, once)
        assert month.dying.left == set()
        assert month.doubles() == []
        assert month.restarts > len(month.death.at) > 25
