"""`shoes settings`: a channel goes by a clock of its own, and its campaign with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.actions import Action, Verb
from bot.messages import Form
from tests.bot.house import ROOM, House, said
from tests.bot.test_campaigning import at, boards, started

pytestmark = pytest.mark.asyncio


async def settings(house: House, zone: str, who: str = "ada") -> str:
    return said(await house.send(who, Action(Verb.SAVE_SETTINGS), {"zone": zone}))


async def test_the_form_shows_the_clock_that_holds_now(house: House) -> None:
    form = (await house.press("ada", Action(Verb.SETTINGS))).content

    assert isinstance(form, Form)
    assert [(each.name, each.value) for each in form.fields] == [("zone", "London")]


async def test_the_receipt_tells_the_time_there(house: House) -> None:
    assert "Monday 7 June, 5:30 PM (Kolkata time)" in (await settings(house, "Asia/Kolkata")).replace(
        "\u202f", " "
    ).replace("17:30", "5:30 PM")


@pytest.mark.parametrize("zone", ["", "Moon", "../etc/passwd", "Etc/GMT", "x" * 9000])
async def test_what_is_no_time_zone_is_said_at_its_field_and_changes_nothing(house: House, zone: str) -> None:
    answer = await house.send("ada", Action(Verb.SAVE_SETTINGS), {"zone": zone})

    assert not answer.accepted
    assert isinstance(answer.content, Form)
    assert answer.content.fields[0].problem
    assert (await house.rows("channels"))[0]["time_zone"] is None


async def test_a_campaign_comes_by_the_new_clock_from_the_next_day_on(house: House) -> None:
    told: list[str] = []
    house.service.tools.zone_changed.append(told.append)
    await started(house)
    tuesday = datetime(2027, 6, 8, 8, tzinfo=UTC)  # 09:00 in London
    await at(house, tuesday)
    await settings(house, " new york ")
    assert told == [ROOM]
    await at(house, tuesday + timedelta(hours=24))
    assert len(boards(house)) == 1, "09:00 in London is 04:00 there"

    await at(house, tuesday + timedelta(hours=29))
    assert len(boards(house)) == 2


async def test_only_who_looks_after_the_channel_changes_its_clock(house: House) -> None:
    await settings(house, "Asia/Kolkata")

    assert "«Ada» looks after the cards in this channel" in await settings(house, "Asia/Tokyo", who="ben")
    assert (await house.rows("channels"))[0]["time_zone"] == "Asia/Kolkata"
