"""Places: a channel is known by the platform's own names, and stored when somebody deals there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.actions import Action, Verb
from bot.game.model import Policy
from storage.communities import Channel
from tests.bot.house import HOME, House, a_house, said

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as built:
        yield built


async def found(house: House, channel: str = "C1", zone: str = "Asia/Kolkata") -> Channel:
    return await house.service.found_place("slack", "T1", "A team", channel, "general", zone, house.now)


async def test_a_place_is_unknown_until_somebody_deals_there(house: House) -> None:
    assert await house.service.place("slack", "T1", "C1") is None
    made = await found(house)

    assert await house.service.place("slack", "T1", "C1") == made
    assert (made.community.time_zone, made.community.threshold, made.community.practice) == (
        "Asia/Kolkata",
        5,
        False,
    )
    assert await house.service.place("slack", "T2", "C1") is None


async def test_two_deals_at_once_found_one_place(house: House) -> None:
    places = await asyncio.gather(*(found(house) for _ in range(8)))

    assert len({place.id for place in places}) == 1


@pytest.mark.parametrize("zone", ["", "Middle/Earth", "../etc/passwd", "Europe"])
async def test_a_zone_that_is_none_is_the_one_of_the_settings(house: House, zone: str) -> None:
    assert (await found(house, zone=zone)).community.time_zone == "Europe/London"


async def test_a_new_place_begins_with_what_is_known_of_its_threads(house: House) -> None:
    await house.service.reads_threads("slack", "T1", False)
    first = await found(house)
    await house.service.reads_threads("slack", "T1", True)
    second = await found(house, "C2")

    assert not first.community.reads_threads
    assert second.community.reads_threads


async def test_where_replies_do_not_reach_us_every_step_of_dealing_says_so(house: House) -> None:
    await house.service.reads_threads("web", HOME, False)
    form = await house.press("ada", Action(Verb.DEAL))
    card = house.service.decks[0].cards[0].id
    preview = await house.press("ada", Action(Verb.PREVIEW), card=card, policy="open")
    await house.deal(Policy.OPEN)
    await house.jobs.settle()

    assert "When the card closes, without names" in said(form)
    assert "replies in it are not counted" in said(preview)
    assert "replies in it are not counted" in house.chat.text
    assert "] -> vote" not in house.chat.text
