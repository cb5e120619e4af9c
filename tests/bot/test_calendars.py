"""The calendar file of a campaign and of awareness weeks: what it says, when, and to whom it is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from bot import calendars, page_links
from bot.actions import Action, Verb
from bot.game.calendar import Break
from bot.game.campaigns import CampaignId
from bot.game.model import ChannelId, CommunityId, PlayerId
from bot.views.campaign_forms import break_value
from storage import campaigns
from storage.database import Transaction
from tests.bot.house import HOME, ROOM, House, said
from tests.bot.test_calendar_files import events
from tests.bot.test_campaigning import DAY, TUESDAY, a_plan, at, started
from tests.bot.test_weeks import confirm
from tests.storage.builders import found_room

pytestmark = pytest.mark.asyncio

BREAK = {"name": "Inset, day\r\nX-EVIL:1", "first": "2027-06-10", "last": "2027-06-11"}
BEN = PlayerId("web", HOME, "ben")


async def a_file(house: House, about: str, who: PlayerId = BEN) -> Calendar:
    """The file behind a link, as a calendar reads it."""

    def run(tx: Transaction) -> calendars.Calendar | None:
        page = calendars.page(about, ROOM)
        token = page_links.make(tx, house.service.tools, page, who, house.now).rpartition("/")[2]
        assert page_links.use(tx, token, b"browser", house.now) == page
        return calendars.opened(tx, house.service.tools, b"browser", about, ROOM, house.now)

    found = await house.database.write(run)
    assert found is not None
    calendar = Calendar.from_ical(found.file(house.now))
    assert isinstance(calendar, Calendar)
    return calendar


def lines(calendar: Calendar) -> list[str]:
    """Each entry as "day hour: title", in their order."""
    return [f"{_when(each)}: {each['summary']}" for each in events(calendar)]


def _when(event: Any) -> str:
    first = event["dtstart"].dt
    if isinstance(first, datetime):
        return f"{first:%a %d %b %H:%M}"
    last = event["dtend"].dt - timedelta(days=1)
    return f"{first:%a %d %b}" if first == last else f"{first:%a %d %b} to {last:%a %d %b}"


def about(calendar: Calendar, title: str) -> str:
    return next(str(each["description"]) for each in events(calendar) if each["summary"] == title)


async def test_every_day_of_a_campaign_is_in_it_at_the_hour_of_the_channel(house: House) -> None:
    campaign = await started(house)
    changed = await house.send("ada", Action(Verb.SAVE_CAMPAIGN, about=campaign, value="break"), BREAK)
    assert changed.accepted, said(changed)

    calendar = await a_file(house, campaign)

    assert lines(calendar) == [
        "Tue 08 Jun 09:00: Day 1: a new card",
        "Wed 09 Jun 09:00: Day 2: a new card",
        "Mon 14 Jun 09:00: Day 3: a new card",
        "Tue 15 Jun 09:00: Day 4: a new card",
        "Wed 16 Jun 09:00: Day 5: a new card",
        "Thu 10 Jun to Fri 11 Jun: A break: no cards",
        "Fri 18 Jun: This week in our shoes",
    ]
    assert about(calendar, "A break: no cards") == (
        "Inset, day X-EVIL:1\nThe next card comes on Monday 14 June."
    )
    assert {str(each["status"]) for each in events(calendar)} == {"CONFIRMED"}


async def test_a_title_names_no_shoes_and_no_card_stands_in_the_file(house: House) -> None:
    campaign = await started(house)
    plan = said(await house.press("ben", Action(Verb.SHOW_CAMPAIGN, about=campaign)))

    calendar = await a_file(house, campaign)

    file = calendar.to_ical().decode().replace("\r\n ", "")
    for template in house.service.tools.templates:
        for prompt in template.prompts:
            assert prompt.card.statement.replace(",", "\\,") not in file
    assert "In the shoes of" not in " ".join(lines(calendar))
    shoes = about(calendar, "Day 1: a new card").splitlines()[1].removeprefix("In the shoes of ")
    assert shoes
    assert shoes in plan


async def test_the_shoes_of_a_day_are_told_no_sooner_than_the_plan_tells_them(house: House) -> None:
    campaign = await started(house, template="four-weeks-dementia", weekdays="0123456")

    calendar = await a_file(house, campaign)

    told = [str(each["summary"]) for each in events(calendar) if "\nIn the shoes of" in each["description"]]
    assert told == [f"Day {day}: a new card" for day in range(1, 8)]
    assert sum("Day" in line for line in lines(calendar)) == 28


async def test_made_again_a_day_that_moved_is_the_same_entry(house: House) -> None:
    campaign = await started(house)
    before = await a_file(house, campaign)
    await at(house, TUESDAY)
    await house.send("ada", Action(Verb.SAVE_CAMPAIGN, about=campaign, value="break"), BREAK)
    after = await a_file(house, campaign)

    ids = [[str(each["uid"]) for each in events(calendar)] for calendar in (before, after)]
    assert len(set(ids[1])) == len(ids[1])
    moved = {str(each["uid"]): each for each in events(after)}
    third = events(before)[2]
    assert third["dtstart"].dt.date() == date(2027, 6, 10)
    assert moved[str(third["uid"])]["dtstart"].dt.date() == date(2027, 6, 14)
    assert moved[str(third["uid"])]["sequence"] > third["sequence"]
    # The day that has come stays where it was.
    assert moved[str(events(before)[0]["uid"])]["dtstart"].dt == TUESDAY


async def test_made_again_a_break_is_the_same_entry_whatever_others_were_taken_out(house: House) -> None:
    campaign = await started(house)
    save = Action(Verb.SAVE_CAMPAIGN, about=campaign, value="break")
    first = {"name": "Training", "first": "2027-06-09", "last": "2027-06-09"}
    for each in (first, first | {"name": "Fair"}, BREAK):
        await house.send("ada", save, each)
    before = await a_file(house, campaign)
    out = break_value(Break(name="Training", first=date(2027, 6, 9), last=date(2027, 6, 9)))
    await house.press("ada", save, take_out=out)
    after = await a_file(house, campaign)

    known = [{str(each["uid"]): each["dtstart"].dt for each in events(of)} for of in (before, after)]
    assert len(known[0]) == len(events(before))
    breaks = [{id for id in of if id.startswith("break-")} for of in known]
    assert (len(breaks[0]), len(breaks[1])) == (3, 2)
    assert all(known[1][id] == known[0][id] for id in breaks[1])


@pytest.mark.parametrize("how", ["planned", "paused"])
async def test_days_that_nobody_has_started_are_tentative(house: House, how: str) -> None:
    if how == "planned":
        campaign, who = await a_plan(house), PlayerId("web", HOME, "ada")
    else:
        campaign, who = await started(house), BEN
        await house.press("ada", Action(Verb.PAUSE_CAMPAIGN, about=campaign))

    calendar = await a_file(house, campaign, who)

    assert len(lines(calendar)) == 7
    assert {str(each["status"]) for each in events(calendar)} == {"TENTATIVE"}
    assert "These days may change." in about(calendar, "Day 1: a new card")


async def test_awareness_weeks_are_whole_days_and_provisional_ones_say_so(house: House) -> None:
    before = await a_file(house, calendars.WEEKS)
    await confirm(house)
    after = await a_file(house, calendars.WEEKS)

    provisional = [line for line in lines(before) if "Carers Week" in line]
    assert all(line.endswith("Carers Week (provisional)") for line in provisional)
    assert "Mon 07 Jun to Sun 13 Jun: Carers Week" in lines(after)
    assert about(after, "Carers Week").endswith("Who says so: Carers UK, on their page of March 2027")
    by_title = {str(each["summary"]): each for each in events(after)}
    assert by_title["Carers Week"]["status"] == "CONFIRMED"
    assert by_title["Carers Week (provisional)"]["status"] == "TENTATIVE"  # next year's
    alzheimers = by_title["World Alzheimer’s Day"]
    assert alzheimers["status"] == "CONFIRMED"
    assert "Who says so:" in str(alzheimers["description"])
    ids = [{str(each["uid"]) for each in events(calendar)} for calendar in (before, after)]
    assert ids[0] == ids[1]
    assert all(not isinstance(each["dtstart"].dt, datetime) for each in events(after))


async def test_a_press_gives_a_private_link_that_works_once(house: House) -> None:
    campaign = await started(house)
    assert "[Calendar file]" in said(await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about=campaign)))
    assert "[Calendar file]" in said(await house.press("ben", Action(Verb.WEEKS)))

    for action in (Action(Verb.CALENDAR, about=campaign), Action(Verb.CALENDAR)):
        answer = await house.press("ben", action)
        assert answer.accepted
        assert "It works once, in the next ten minutes." in said(answer)
    assert len(await house.rows("page_links")) == 2


async def test_a_campaign_of_elsewhere_is_not_there(house: House) -> None:
    campaign = await started(house)

    nothing = await house.press("ben", Action(Verb.CALENDAR, about="nothing"))
    elsewhere = await house.press(
        "ben", Action(Verb.CALENDAR, about=campaign), community=CommunityId("another")
    )

    assert "This campaign is not here" in said(nothing)
    assert "not for a card here" in said(elsewhere)
    assert not await house.rows("page_links")


async def test_a_page_that_was_opened_closes_when_the_channel_is_taken_out(house: House) -> None:
    campaign = await started(house)
    await a_file(house, campaign)

    def moved(tx: Transaction) -> None:
        """Another channel takes part in its place."""
        found_room(tx, CommunityId("another"), ChannelId("another-room"), zone="America/New_York")
        here = campaigns.channel(tx, CampaignId(campaign), ROOM)
        campaigns.join(tx, CampaignId(campaign), replace(here, id=ChannelId("another-room")))
        campaigns.leave(tx, CampaignId(campaign), ROOM)

    def again(tx: Transaction) -> calendars.Calendar | None:
        return calendars.opened(tx, house.service.tools, b"browser", campaign, ROOM, house.now)

    assert await house.database.read(again) is not None
    await house.database.write(moved)
    assert await house.database.read(again) is None


async def test_a_card_that_came_late_stands_where_it_came(house: House) -> None:
    campaign = await started(house)
    await at(house, TUESDAY + timedelta(hours=3))
    await at(house, TUESDAY + DAY)

    calendar = await a_file(house, campaign)

    assert lines(calendar)[0] == "Tue 08 Jun 12:00: Day 1: a new card"
    assert events(calendar)[0]["dtstart"].dt == datetime(2027, 6, 8, 11, tzinfo=UTC)
