"""Dealing: a card goes into a channel the same way, whoever or whatever deals it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot import dealing
from bot.dealing import Deal
from bot.game.model import PlayerId, Policy, Round
from bot.game.moves import Times
from storage import communities
from storage.database import Transaction
from tests.bot.house import HOME, ROOM, House, a_house
from tests.builders import a_card, hours

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as built:
        yield built


async def a_story_is_dealt(house: House) -> tuple[Round, bool]:
    def transaction(tx: Transaction) -> tuple[Round, bool]:
        place = communities.channel(tx, ROOM, HOME)
        ada = communities.person(tx, PlayerId("web", HOME, "ada"), "P-ada", "Ada")
        story = Deal(
            card=a_card(statement="The lift was broken, and nobody had told me."),
            policy=Policy.OPEN,
            times=Times(reveal_at=None, closes_at=house.now + hours(8)),
            facilitator=ada.id,
        )
        return dealing.deal(tx, house.service.tools, story, place, house.now)

    return await house.database.write(transaction)


async def test_a_card_that_no_deck_holds_is_posted_played_and_rung_like_any_other(house: House) -> None:
    round, _first = await a_story_is_dealt(house)
    await house.jobs.settle()
    await house.respond("ben", round.id, "Next time I would phone ahead.")

    assert "The lift was broken, and nobody had told me." in house.chat.text
    assert await house.rounds() == [round.id]
    assert [row["key"] for row in await house.rows("alarms")] == [f"round:{round.id}"]
    assert [row["deck_id"] for row in await house.rows("rounds")] == [""]


async def test_only_the_first_card_of_a_channel_is_preceded_by_a_welcome(house: House) -> None:
    _round, first = await a_story_is_dealt(house)
    _round, second = await a_story_is_dealt(house)

    assert (first, second) == (True, False)
