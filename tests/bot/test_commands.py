"""Commands and App Home: what is typed becomes an action, and finds the card it is about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.actions import Action, Verb, read, write
from bot.campaigning import CAMPAIGNS
from bot.chat import Press
from bot.commands import COMMANDS, action_of
from bot.game.model import ChannelId, CommunityId, PlayerId, Policy
from bot.messages import Buttons, Form, Message
from bot.slots import Shown, Slot
from storage import communities
from tests.bot.house import HOME, ROOM, House, a_house, said
from tests.builders import a_deck
from tests.gallery.plain import buttons, plain

DAY = timedelta(days=1)
DECKS = (a_deck("Living with dementia"), a_deck("Caring for somebody"), a_deck("Caring at night"))


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as built:
        yield built


def player(who: str) -> PlayerId:
    return PlayerId("web", HOME, who)


# --- what is typed -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed, action",
    [
        ("", Action(Verb.HELP)),
        ("   ", Action(Verb.HELP)),
        ("help", Action(Verb.HELP)),
        ("deal", Action(Verb.DEAL)),
        ("  Deal   DEMENTIA ", Action(Verb.DEAL, about="living-with-dementia")),
        ("deal caring", Action(Verb.DEAL)),
        ("deal caring at night", Action(Verb.DEAL, about="caring-at-night")),
        ("deal something else", Action(Verb.DEAL)),
        ("pledge", Action(Verb.PLEDGE)),
        ("recap please", Action(Verb.RECAP)),
        ("me", Action(Verb.ME)),
        ("dael", Action(Verb.HELP, value="unknown")),
        ("{ $x } <!channel> \u202e", Action(Verb.HELP, value="unknown")),
    ],
)
def test_what_is_typed_becomes_an_action(typed: str, action: Action) -> None:
    assert action_of(typed, DECKS) == action
    assert read(write(action)) == action


@pytest.mark.asyncio
async def test_every_command_is_answered_also_where_nobody_has_dealt(house: House) -> None:
    for command in COMMANDS:
        if command.verb in {Verb.DEAL, *CAMPAIGNS}:
            continue  # the place is stored first
        press = Press(
            player=PlayerId("slack", CommunityId(""), "U1"),
            channel=ChannelId(""),
            action=write(Action(command.verb)),
            event=command.name,
        )
        answer = await house.service.press(press, house.now)
        assert answer.accepted, command.name
        assert "This button is not for a card here" not in said(answer)


@pytest.mark.asyncio
async def test_help_lists_every_command_in_few_words(house: House) -> None:
    told = said(await house.press("ben", Action(Verb.HELP)))
    unknown = said(await house.press("ben", action_of("dael", house.service.decks)))

    assert all(f"/shoes {command.name}:" in told for command in COMMANDS)
    assert len([word for line in told.split("\n- ")[0].splitlines()[2:] for word in line.split()]) <= 80
    assert "We do not know that word." in unknown


# --- pledge and recap -----------------------------------------------------------------------


@pytest.mark.asyncio
async def test_a_pledge_without_a_card_says_what_to_do(house: House) -> None:
    assert "type /shoes deal" in said(await house.press("ben", Action(Verb.PLEDGE)))


@pytest.mark.asyncio
async def test_a_pledge_is_for_the_only_card_that_takes_one(house: House) -> None:
    await house.deal(Policy.TOGETHER)
    round = await house.deal(Policy.OPEN)
    answer = await house.press("ben", Action(Verb.PLEDGE))

    assert isinstance(answer.content, Form)
    assert answer.content.action == write(Action(Verb.MAKE_PLEDGE, round))
    assert answer.round == round


@pytest.mark.asyncio
async def test_a_pledge_offers_a_choice_where_several_cards_take_one(house: House) -> None:
    rounds = {await house.deal(Policy.OPEN), await house.deal(Policy.OPEN)}
    answer = await house.press("ben", Action(Verb.PLEDGE))

    assert isinstance(answer.content, Message)
    (row,) = [each for each in answer.content.blocks if isinstance(each, Buttons)]
    assert {read(each.action).round for each in row.buttons} == rounds


@pytest.mark.asyncio
async def test_a_pledge_too_early_is_refused_with_the_reason(house: House) -> None:
    await house.deal(Policy.TOGETHER)

    assert "That comes later." in said(await house.press("ben", Action(Verb.PLEDGE)))


@pytest.mark.asyncio
async def test_recap_shows_the_newest_and_says_how_long_a_card_is_still_open(house: House) -> None:
    assert "No card has been dealt" in said(await house.press("ben", Action(Verb.RECAP)))
    first = await house.deal(Policy.OPEN)
    await house.respond("ben", first, "Ask her first.")
    waiting = await house.press("ben", Action(Verb.RECAP))
    assert "still open" in said(waiting)
    assert "Tue 8 June 12:00" in said(waiting)

    await house.ring(after=DAY)
    assert "One person wrote." in said(await house.press("cat", Action(Verb.RECAP)))

    await house.deal(Policy.OPEN)
    again = await house.press("cat", Action(Verb.RECAP))
    assert isinstance(again.content, Message)
    assert buttons(again.content) == ["Show me the recap before that"]
    assert "One person wrote." in said(await house.press("cat", Action(Verb.RECAP, first)))


@pytest.mark.asyncio
async def test_another_communitys_recap_is_none_that_exists(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    await house.ring(after=DAY)
    forged = await house.press("eve", Action(Verb.RECAP, round), community=CommunityId("elsewhere"))

    assert not forged.accepted
    assert "This button is not for a card here" in said(forged)


# --- oneself -------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_the_own_role_is_said_changed_and_taken_back(house: House) -> None:
    assert "You do not have to." in said(await house.press("ben", Action(Verb.ME)))
    form = await house.press("ben", Action(Verb.ROLE))
    assert isinstance(form.content, Form)

    await house.press("ben", Action(Verb.SET_ROLE), own_role="carer")
    told = said(await house.press("ben", Action(Verb.ME)))
    assert "a family carer" in told
    assert "90 days" in told

    await house.press("ben", Action(Verb.SET_ROLE), own_role="none")
    assert "You do not have to." in said(await house.press("ben", Action(Verb.ME)))
    wrong = await house.press("ben", Action(Verb.SET_ROLE), own_role="emperor")
    assert not wrong.accepted
    assert "Please choose one of these." in said(wrong)


@pytest.mark.asyncio
async def test_the_own_time_zone_is_said_by_a_city_changed_and_forgotten(house: House) -> None:
    assert "We do not know your time zone" in said(await house.press("ben", Action(Verb.ME)))
    form = await house.press("ben", Action(Verb.ZONE))
    assert isinstance(form.content, Form)

    await house.press("ben", Action(Verb.SET_ZONE), zone=" new  york ")
    assert "You are on New York time." in said(await house.press("ben", Action(Verb.ME)))

    wrong = await house.press("ben", Action(Verb.SET_ZONE), zone="Lodnon")
    assert not wrong.accepted
    assert "We do not know this place." in said(wrong)
    assert "Lodnon" in said(wrong)
    assert "You are on New York time." in said(await house.press("ben", Action(Verb.ME)))

    await house.press("ben", Action(Verb.SET_ZONE), zone="")
    assert "We do not know your time zone" in said(await house.press("ben", Action(Verb.ME)))


@pytest.mark.asyncio
async def test_who_sees_what_is_told_privately(house: House) -> None:
    told = said(await house.press("ben", Action(Verb.PRIVACY)))

    assert "no group has fewer than 3 people" in told
    assert "cookie" not in told


# --- App Home ------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_the_home_of_somebody_new_has_nothing_waiting_and_a_card_to_try(house: House) -> None:
    home = await house.service.home(player("zoe"), house.now)

    assert "Nothing waits for you." in plain(home)
    assert "Try a card" in buttons(home)


@pytest.mark.asyncio
async def test_home_shows_what_waits_and_buttons_say_which_channel_they_act_in(house: House) -> None:
    await house.press("ben", Action(Verb.PASS, await house.deal()))
    waiting = await house.deal(Policy.OPEN)
    home = await house.service.home(player("ben"), house.now)
    rows = [each for each in home.blocks if isinstance(each, Buttons) and each.channel is not None]

    assert buttons(home)[:3] == ["Respond to card 1", "Vote on card 1", "Respond to card 2"]
    assert read(rows[0].buttons[0].action) == Action(Verb.RESPOND, waiting)
    assert {each.channel for each in rows} == {ROOM}
    assert "Waiting for you" in plain(home)
    assert "Also open" in plain(home)


@pytest.mark.asyncio
async def test_home_shows_nothing_of_another_community(house: House) -> None:
    await house.press("ben", Action(Verb.PASS, await house.deal()))
    elsewhere = PlayerId("web", CommunityId("elsewhere"), "ben")

    assert "Nothing waits for you." in plain(await house.service.home(elsewhere, house.now))


@pytest.mark.asyncio
async def test_home_asks_after_pledges_when_their_day_comes(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    for words, days in (("Ring her.", 3), ("Bring cake.", 30)):
        by = (house.now + days * DAY).date().isoformat()
        await house.press("ben", Action(Verb.MAKE_PLEDGE, round), words=words, by=by, name="Ben")
    await house.ring(after=2 * DAY)
    home = await house.service.home(player("ben"), house.now)

    assert "Ring her." in plain(home)
    assert "Bring cake." not in plain(home)
    settle = next(
        each
        for block in home.blocks
        if isinstance(block, Buttons)
        for each in block.buttons
        if each.label == "Pledge 1 is done"
    )
    await house.press("ben", read(settle.action))
    assert "Ring her." not in plain(await house.service.home(player("ben"), house.now))


@pytest.mark.asyncio
async def test_a_card_to_try_leaves_nothing_behind(house: House) -> None:
    first = await house.press("zoe", Action(Verb.TRY))
    assert isinstance(first.content, Message)
    (show,) = [b for block in first.content.blocks if isinstance(block, Buttons) for b in block.buttons]
    second = await house.press("zoe", read(show.action))

    assert said(second).count("(example)") >= 4
    for table in ("players", "people", "rounds", "known", "inbound"):
        assert await house.rows(table) == []


# --- trouble -------------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_try_again_goes_on_where_posting_had_stopped(house: House) -> None:
    await house.database.write(lambda tx: communities.pause(tx, ROOM, "gone"))
    round = await house.deal()
    await house.database.write(lambda tx: communities.pause(tx, ROOM, "gone"))
    await house.jobs.settle()
    assert house.chat.posts == {}

    answer = await house.press("ada", Action(Verb.TRY_AGAIN))
    await house.jobs.settle()

    assert answer.accepted
    assert len(house.chat.posts) == 2  # the welcome and the board
    assert Slot(Shown.BOARD).write() in {row["slot"] for row in await house.rows("posts")}
    assert round in await house.rounds()


@pytest.mark.asyncio
async def test_try_again_elsewhere_is_no_button_of_ours(house: House) -> None:
    await house.database.write(lambda tx: communities.pause(tx, ROOM, "gone"))
    forged = await house.press("eve", Action(Verb.TRY_AGAIN), community=CommunityId("elsewhere"))

    assert not forged.accepted
    assert {row["paused"] for row in await house.rows("channels")} == {"gone"}
