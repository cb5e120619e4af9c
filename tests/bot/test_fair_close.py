"""Fair close, through the whole house: a wish that is too short for a zone, what is offered, the rule off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.actions import Action, Verb, read, write
from bot.answers import Answer
from bot.chat import Press
from bot.game.model import PlayerId, Policy
from bot.messages import Form
from bot.presses import Until, Wish, deal_action
from tests.bot.house import HOME, ROOM, House, a_house, said
from tests.builders import hours

pytestmark = pytest.mark.asyncio

MONDAY = datetime(2027, 6, 7, 8, tzinfo=UTC)
FRIDAY = datetime(2027, 6, 11, 8, tzinfo=UTC)
OFFERED = "Tuesday 8 June, 5:00\u202fAM (London time)"

ZONES = {"lon": "", "kol": "Asia/Kolkata", "auc": "Pacific/Auckland", "los": "America/Los_Angeles"}


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """A house in which somebody of each zone has pressed something before."""
    async with a_house(tmp_path) as made:
        made.now = MONDAY - timedelta(days=7)
        round = await made.deal(Policy.AFTER_YOU, by="lon")
        for who, zone in ZONES.items():
            await press_from(made, who, zone, Action(Verb.PASS, round))
        await made.press("lon", Action(Verb.CLOSE, round))
        made.now = MONDAY
        yield made


async def press_from(house: House, who: str, zone: str, action: Action) -> Answer:
    """A press from a platform that tells the player's zone."""
    press = Press(
        player=PlayerId("web", HOME, who),
        channel=ROOM,
        action=write(action),
        event=f"{who} {house.now} {write(action)}",
        name=who,
        zone=zone,
    )
    return await house.service.press(press, house.now)


async def preview(house: House, **fields: str) -> Answer:
    fields = {"policy": "open"} | fields
    return await house.press("lon", Action(Verb.PREVIEW), "", HOME, **fields)


async def closes_at(house: House, answer: Answer) -> datetime:
    assert answer.round is not None, said(answer)
    (row,) = [each for each in await house.rows("rounds") if each["id"] == answer.round]
    return datetime.fromisoformat(str(row["closes_at"])).replace(tzinfo=UTC)


async def deal(house: House, **wish: object) -> Answer:
    card = house.service.decks[0].cards[0].id
    usual = {"card": card, "policy": Policy.OPEN}
    return await house.press("lon", deal_action(Wish(**(usual | wish))))  # type: ignore[arg-type]  # any wish


async def test_a_time_that_is_too_short_for_a_zone_is_refused_at_its_field(house: House) -> None:
    refused = await preview(house, respond="720")

    assert not refused.accepted
    assert isinstance(refused.content, Form)
    (field,) = [each for each in refused.content.fields if each.problem]
    assert field.name == "respond"
    shown = said(refused)
    assert "Auckland gets 1 hour, Los Angeles gets 4 hours, Kolkata gets 7.5 hours." in shown
    assert "A fair time for all is Tue 8 June 04:00." in shown


async def test_the_fair_time_is_offered_in_the_same_form_and_chosen_there(house: House) -> None:
    refused = await preview(house, respond="720")
    assert isinstance(refused.content, Form)
    (field,) = [each for each in refused.content.fields if each.name == "respond"]

    assert field.value == Until.SOONEST
    assert [each.label for each in field.options if each.value == field.value] == [f"Until {OFFERED}"]

    dealt = await deal(house, respond=Until.SOONEST)
    assert await closes_at(house, dealt) == datetime(2027, 6, 8, 4, tzinfo=UTC)


async def test_a_card_that_was_chosen_stays_chosen_while_its_time_is_changed(house: House) -> None:
    deck = house.service.decks[1]
    card = deck.cards[3]
    refused = await preview(house, deck=deck.id, card=card.id, respond="720")
    assert isinstance(refused.content, Form)
    assert [each.name for each in refused.content.fields] == ["policy", "respond", "vote", "fair"]

    again = read(refused.content.action)
    shown = await house.press("lon", again, "", HOME, policy="open", respond="soonest", vote="usual")
    assert card.statement in said(shown)


async def test_over_a_weekend_the_fair_time_is_on_monday(house: House) -> None:
    house.now = FRIDAY

    dealt = await deal(house, respond=Until.SOONEST)

    assert await closes_at(house, dealt) == datetime(2027, 6, 14, 4, tzinfo=UTC)


async def test_without_a_wish_each_phase_lasts_until_the_first_fair_time_after_a_day(house: House) -> None:
    house.now = FRIDAY

    dealt = await deal(house, policy=Policy.TOGETHER)

    (row,) = [each for each in await house.rows("rounds") if each["id"] == dealt.round]
    assert str(row["reveal_at"]).startswith("2027-06-14 04:00")
    assert str(row["closes_at"]).startswith("2027-06-15 04:00")


async def test_the_time_to_vote_has_to_be_fair_too(house: House) -> None:
    refused = await preview(house, policy="together", respond="1440", vote="60")

    assert isinstance(refused.content, Form)
    assert [each.name for each in refused.content.fields if each.problem] == ["vote"]


async def test_where_there_is_one_deadline_the_time_to_vote_is_not_looked_at(house: House) -> None:
    assert (await preview(house, policy="open", respond="1440", vote="5")).accepted


async def test_the_rule_can_be_switched_off_and_then_the_card_says_so(house: House) -> None:
    shown = await preview(house, respond="60", fair="off")
    assert shown.accepted
    assert "This card does not wait for every time zone" in said(shown)

    await deal(house, respond=60, fair=False)
    await house.jobs.settle()
    assert "This card does not wait for every time zone" in house.chat.text


async def test_a_card_that_keeps_the_rule_says_nothing_of_it(house: House) -> None:
    await deal(house)
    await house.jobs.settle()

    assert "time zone" not in house.chat.text


async def test_a_preview_that_lay_there_too_long_deals_nothing_that_is_unfair(house: House) -> None:
    house.now = MONDAY
    assert (await preview(house, respond="1440")).accepted

    house.now = FRIDAY + hours(6)
    late = await deal(house, respond=24 * 60)

    assert late.round is None
    assert "This is too short in some places" in said(late)


async def test_who_pressed_nothing_for_90_days_does_not_count(house: House) -> None:
    house.now = MONDAY + timedelta(days=77)
    assert not (await preview(house, respond="720")).accepted

    house.now = MONDAY + timedelta(days=84)  # 91 days after they were here
    assert (await preview(house, respond="720")).accepted


async def test_what_somebody_says_themselves_goes_before_what_their_account_tells(house: House) -> None:
    for who in ("auc", "los", "kol"):
        answer = await house.press(who, Action(Verb.SET_ZONE), zone="London")
        assert "London" in said(answer)

    assert (await preview(house, respond="720")).accepted


async def test_more_time_is_fair_too_and_may_be_as_long_as_that_takes(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.now = MONDAY
        dealt = await deal(house, respond=Until.SOONEST)
        assert dealt.round is not None
        extend = Action(Verb.SEND_EXTEND, dealt.round)
        assert "later time" in said(await house.press("lon", extend, hours="soonest"))

        await press_from(house, "auc", "Pacific/Auckland", Action(Verb.PASS, dealt.round))
        refused = await house.press("lon", extend, hours="1")
        assert isinstance(refused.content, Form)
        assert "Auckland gets 1 hour." in said(refused)
        assert await closes_at(house, dealt) == MONDAY + hours(8)

        assert (await house.press("lon", extend, hours="soonest")).accepted
        assert await closes_at(house, dealt) == datetime(2027, 6, 8, 4, tzinfo=UTC)


async def test_in_the_practice_room_nobody_has_to_be_waited_for(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await house.database.write(
            lambda tx: tx.connection.exec_driver_sql("UPDATE communities SET practice = true")
        )

        assert (await preview(house, respond="60")).accepted
