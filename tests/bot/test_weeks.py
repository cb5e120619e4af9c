"""Awareness weeks: which come next, how sure they are, dates that organisers confirm, and who is told."""

from __future__ import annotations

import pytest

from bot.actions import Action, Verb
from bot.answers import Answer
from bot.messages import Form
from tests.bot.house import House, said
from tests.bot.test_campaigning import TUESDAY, a_plan, at, started
from tests.gallery.plain import plain

pytestmark = pytest.mark.asyncio

FOR_CARERS_WEEK = {"template": "carers-week", "weekdays": "0123456"}
CONFIRMED = {
    "event": "carers-week",
    "first": "2027-06-07",
    "last": "2027-06-13",
    "source": "Carers UK, on their page of March 2027",
}
"""Made up: no date of 2027 is confirmed."""


async def confirm(house: House, who: str = "ada", **fields: str) -> Answer:
    return await house.send(who, Action(Verb.SEND_WEEK), CONFIRMED | fields)


def notice(house: House) -> str:
    """The first thing that the channel reads of a campaign."""
    return plain(next(iter(house.chat.posts.values())))


async def test_the_weeks_that_come_next_are_listed_and_provisional_ones_say_so(house: House) -> None:
    listed = said(await house.press("ada", Action(Verb.WEEKS)))

    lines = listed.splitlines()
    carers = next(line for line in lines if "Carers Week" in line)
    assert "Provisional: nobody has confirmed these dates yet." in carers
    dementia = next(line for line in lines if "World Alzheimer’s Day" in line)
    assert "Provisional" not in dementia


async def test_dates_that_an_organiser_confirms_are_shown_with_who_says_so(house: House) -> None:
    answer = await confirm(house)

    listed = said(await house.press("ben", Action(Verb.WEEKS)))
    carers = next(line for line in listed.splitlines() if "Carers Week" in line)
    assert answer.accepted
    assert "Who says so: «Carers UK, on their page of March 2027»" in carers
    assert "Provisional" not in carers


async def test_dates_that_are_confirmed_again_take_the_place_of_the_first(house: House) -> None:
    await confirm(house)
    await confirm(house, first="2027-06-14", last="2027-06-20")

    (row,) = await house.rows("confirmations")
    assert str(row["first_on"]) == "2027-06-14"


@pytest.mark.parametrize(
    "fields, problem",
    [
        ({"source": "  "}, "source"),
        ({"source": "x" * 201}, "source"),
        ({"first": "soon"}, "first"),
        ({"last": "2027-06-01"}, "last"),
        ({"last": "2027-08-01"}, "last"),
        ({"event": "world-alzheimers-day"}, "event"),
        ({"event": "no-such-week"}, "event"),
    ],
)
async def test_what_cannot_be_confirmed_is_said_at_its_field_and_the_rest_stays(
    house: House, fields: dict[str, str], problem: str
) -> None:
    answer = await confirm(house, **fields)

    assert not answer.accepted
    assert isinstance(answer.content, Form)
    assert [each.name for each in answer.content.fields if each.problem] == [problem]
    kept = {each.name: each.value for each in answer.content.fields if each.name not in fields}
    assert kept == {name: value for name, value in CONFIRMED.items() if name not in fields}
    assert not await house.rows("confirmations")


async def test_only_who_looks_after_the_channel_confirms_dates(house: House) -> None:
    await house.deal()

    for verb in (Verb.CONFIRM_WEEK, Verb.SEND_WEEK):
        refused = await house.send("ben", Action(verb), CONFIRMED)
        assert not refused.accepted
    assert "I know the dates" not in said(await house.press("ben", Action(Verb.WEEKS)))
    assert isinstance((await house.press("ada", Action(Verb.CONFIRM_WEEK))).content, Form)


async def test_nobody_is_told_that_it_is_a_week_whose_dates_are_provisional(house: House) -> None:
    campaign = await started(house, **FOR_CARERS_WEEK)
    plan = said(await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about=campaign)))
    await at(house, TUESDAY)

    assert "«Carers Week»" in plan
    assert "Its dates are not sure yet" in plan
    assert "Carers Week" not in notice(house)


async def test_in_a_week_that_is_confirmed_the_notice_says_that_it_is_on(house: House) -> None:
    await confirm(house)
    await started(house, **FOR_CARERS_WEEK)
    await at(house, TUESDAY)

    assert "Today it is «Carers Week»." in notice(house)


async def test_outside_its_dates_the_notice_does_not_name_it(house: House) -> None:
    await confirm(house, first="2027-06-14", last="2027-06-20")
    await started(house, **FOR_CARERS_WEEK)
    await at(house, TUESDAY)

    assert "Today it is" not in notice(house)


async def test_a_plan_for_no_week_says_nothing_of_one(house: House) -> None:
    campaign = await a_plan(house)

    plan = said(await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about=campaign)))

    assert "It was made for this" not in plan
    assert "[Awareness weeks]" in plan
