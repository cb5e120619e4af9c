"""The cards of a campaign: added, seen as they will look, moved, corrected and taken out."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from bot import prompting
from bot.actions import Action, Verb, read
from bot.answers import Answer
from bot.game.campaigns import CampaignChannel, CampaignId
from bot.game.model import ChannelId, CommunityId
from bot.messages import Buttons, Form, Message
from storage import campaigns
from tests.bot.house import ROOM, House, a_house, said
from tests.bot.test_campaigning import DAY, TUESDAY, at, boards, pressing, started
from tests.builders import NOON
from tests.storage.builders import found_room

pytestmark = pytest.mark.asyncio

WORDS = "They talk to my son about me, and I am in the room."
PEARL = {"words": WORDS, "shoes": "person", "credit": "Pearl, a retired bus driver", "on": "", "note": ""}
FRIDAY = "2027-06-11"
NOT_HERE = "This campaign is not here, or not here any more."


async def added(house: House, campaign: str, **fields: str) -> str:
    """Ada adds a card. Returns its id."""
    answer = await house.send("ada", Action(Verb.ADD_PROMPT, about=campaign), PEARL | fields)
    assert answer.accepted, said(answer)
    return button(answer, Verb.CHANGE_PROMPT).value


def button(answer: Answer, verb: Verb) -> Action:
    assert isinstance(answer.content, Message), said(answer)
    rows = [block for block in answer.content.blocks if isinstance(block, Buttons)]
    every = [read(each.action) for row in rows for each in row.buttons]
    return next(each for each in every if each.verb is verb)


def problems(answer: Answer) -> list[str]:
    assert isinstance(answer.content, Form), said(answer)
    return [each.name for each in answer.content.fields if each.problem]


async def test_a_card_for_a_day_is_shown_as_its_board_will_look_and_comes_on_that_day(house: House) -> None:
    campaign = await started(house)

    opened = await house.press("ada", Action(Verb.PROMPT))
    assert isinstance(opened.content, Form)
    shown = await house.send(
        "ada", read(opened.content.action), PEARL | {"on": FRIDAY, "note": "About loss."}
    )

    assert "It goes out on Friday 11 June as Day 4. This is how people will see it." in said(shown)
    assert "Today we step into the shoes of «Pearl, a retired bus driver»." in said(shown)
    assert f"«{WORDS}»" in said(shown)
    assert "What would they want us to know?" in said(shown)
    assert "About loss." in said(shown)
    assert house.chat.posts == {}
    plan = await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about=campaign))
    assert "Friday 11 June: Day 4. In the shoes of «Pearl, a retired bus driver»" in said(plan)
    for day in range(4):
        await at(house, TUESDAY + day * DAY)
    assert WORDS in boards(house)[3]
    assert not any(WORDS in each for each in boards(house)[:3])


async def test_without_a_day_it_takes_the_next_free_one(house: House) -> None:
    campaign = await started(house)

    shown = await house.send("ada", Action(Verb.ADD_PROMPT, about=campaign), PEARL)

    assert "It goes out on Tuesday 15 June as Day 6." in said(shown)


async def test_a_campaign_that_had_all_its_cards_goes_on_with_a_new_one_the_next_day(house: House) -> None:
    campaign = await started(house)
    for day in range(7):
        await at(house, TUESDAY + day * DAY)
    assert len(boards(house)) == 5
    await at(house, TUESDAY + 8 * DAY + timedelta(hours=3))

    await added(house, campaign)
    await house.jobs.settle()
    assert len(boards(house)) == 5

    await at(house, TUESDAY + 9 * DAY)
    assert WORDS in boards(house)[5]
    assert "late" not in boards(house)[5]


async def test_where_several_campaigns_run_one_is_chosen(house: House) -> None:
    await started(house)
    second = await started(house, start="2027-06-21")

    chosen = await house.press("ada", Action(Verb.PROMPT))

    assert "Which campaign is the card for?" in said(chosen)
    assert isinstance(chosen.content, Message)
    rows = [block for block in chosen.content.blocks if isinstance(block, Buttons)]
    assert second in [read(each.action).about for row in rows for each in row.buttons]


async def test_where_no_campaign_runs_it_says_how_to_plan_one(house: House) -> None:
    assert "There is no campaign in this channel yet." in said(await house.press("ada", Action(Verb.PROMPT)))


async def test_a_card_is_moved_and_found_in_the_list_of_all_cards(house: House) -> None:
    campaign = await started(house)
    card = await added(house, campaign)

    form = await house.press("ada", Action(Verb.MOVE_PROMPT, about=campaign, value=card))
    assert isinstance(form.content, Form)
    moved = await house.send("ada", read(form.content.action), {"on": "2027-06-09"})

    assert "It goes out on Wednesday 9 June as Day 2." in said(moved)
    first = await house.press("ada", Action(Verb.PROMPTS, about=campaign))
    second = await house.press("ada", button(first, Verb.PROMPTS))
    assert "It is meant for 9 June 2027." in said(second)
    assert "«They talk to my son about me, and I am in the room.»" in said(second)


async def test_a_reserve_card_with_a_day_comes_on_that_day(house: House) -> None:
    campaign = await started(house, template="four-weeks-dementia")
    reserve = next(row for row in await house.rows("campaign_prompts") if row["reserve"])
    card = str(reserve["id"])

    moved = await house.press("ada", Action(Verb.SAVE_DAY, about=campaign, value=card), on=FRIDAY)

    assert "It goes out on Friday 11 June as Day 4." in said(moved)


async def test_a_card_that_waits_is_taken_out_words_and_all(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        campaign = await started(house)
        card = await added(house, campaign, on="2027-06-08")

        asked = await house.press("ada", Action(Verb.REMOVE_PROMPT, about=campaign, value=card))
        assert "Shall we take this card out?" in said(asked)
        assert WORDS[:40] in said(asked)  # which one
        assert "[No, keep it]" in said(asked)
        done = await house.press("ada", button(asked, Verb.SURE_REMOVE))
        again = await house.press("ada", button(asked, Verb.SURE_REMOVE))
        await house.jobs.settle()

        assert "The card is out of the campaign" in said(done)
        assert "This card is not here, or not here any more." in said(again)
        assert WORDS.encode() not in await house.files()
        await at(house, TUESDAY)
        assert len(boards(house)) == 1


async def test_a_posted_card_is_corrected_and_says_so_and_cannot_be_taken_out_or_moved(house: House) -> None:
    campaign = await started(house)
    card = await added(house, campaign, on="2027-06-08")
    await at(house, TUESDAY)
    await at(house, TUESDAY + timedelta(minutes=5))

    right = {"words": "They talk to my daughter about me.", "shoes": "person", "credit": "Pearl, a driver"}
    form = await house.press("ada", Action(Verb.CHANGE_PROMPT, about=campaign, value=card))
    assert isinstance(form.content, Form)
    assert {each.name: each.value for each in form.content.fields}["words"] == WORDS
    saved = await house.send("ada", read(form.content.action), right)
    await house.jobs.settle()

    assert "It has gone out. If you correct a word, the card says so." in said(saved)
    (board,) = boards(house)
    assert "They talk to my daughter about me." in board
    assert "A word in it was corrected." in board
    assert "Pearl, a driver" in board
    for verb in (Verb.MOVE_PROMPT, Verb.REMOVE_PROMPT, Verb.SURE_REMOVE, Verb.SAVE_DAY):
        refused = await house.press("ada", Action(verb, about=campaign, value=card))
        assert "This card has gone out already, so it stays." in said(refused), verb


@pytest.mark.parametrize(
    "fields, problem",
    [
        ({"words": " \u200b "}, "words"),
        ({"words": "x" * 501}, "words"),
        ({"shoes": "a king"}, "shoes"),
        ({"credit": "x" * 81}, "credit"),
        ({"note": "x" * 81}, "note"),
        ({"on": "soon"}, "on"),
        ({"on": "0001-01-01"}, "on"),
        ({"on": "9999-12-31"}, "on"),
        ({"on": "2027-06-07"}, "on"),
        ({"on": "2027-06-12"}, "on"),
    ],
)
async def test_what_cannot_be_used_is_said_at_its_field_and_the_rest_stays(
    house: House, fields: dict[str, str], problem: str
) -> None:
    campaign = await started(house)

    answer = await house.send("ada", Action(Verb.ADD_PROMPT, about=campaign), PEARL | fields)

    assert problems(answer) == [problem]
    assert isinstance(answer.content, Form)
    assert {each.name: each.value for each in answer.content.fields} == PEARL | fields


async def test_two_cards_are_not_meant_for_one_day(house: House) -> None:
    campaign = await started(house)
    await added(house, campaign, on=FRIDAY)

    answer = await house.send("ada", Action(Verb.ADD_PROMPT, about=campaign), PEARL | {"on": FRIDAY})

    assert "Another card goes out on this day." in said(answer)


async def test_a_form_delivered_twice_adds_one_card(house: House) -> None:
    campaign = await started(house)
    before = len(await house.rows("campaign_prompts"))

    for _ in range(2):
        await house.send("ada", Action(Verb.ADD_PROMPT, about=campaign), PEARL, event="the same")

    assert len(await house.rows("campaign_prompts")) == before + 1


async def test_only_who_looks_after_the_channel_may_and_whom_the_platform_names(house: House) -> None:
    campaign = await started(house)
    card = await added(house, campaign)

    for verb in (Verb.PROMPT, Verb.PROMPTS, Verb.CHANGE_PROMPT, Verb.SURE_REMOVE, Verb.ADD_PROMPT):
        refused = await house.press("ben", Action(verb, about=campaign, value=card))
        assert "«Ada» looks after the cards in this channel. Please ask them." in said(refused), verb


async def test_a_card_of_another_community_is_not_here(house: House) -> None:
    campaign = await started(house)
    card = await added(house, campaign)
    away = CommunityId("away")
    await house.database.write(lambda tx: found_room(tx, away, ChannelId("away-room")))

    for verb in (Verb.PROMPTS, Verb.CHANGE_PROMPT, Verb.SURE_REMOVE, Verb.SAVE_PROMPT, Verb.ADD_PROMPT):
        answer = await house.away("eve", Action(verb, about=campaign, value=card), away)
        nowhere = await house.away("eve", Action(verb, about="nothing", value="nothing"), away)
        assert said(answer) == said(nowhere)
        assert NOT_HERE in said(answer)
    # A channel of theirs may take part: its cards are still for those who set it up.
    guest = CampaignChannel(id=ChannelId("away-room"), zone="Europe/London", time=time(9), since=NOON)
    await house.database.write(lambda tx: campaigns.join(tx, CampaignId(campaign), guest))
    for verb in (Verb.PROMPTS, Verb.CHANGE_PROMPT, Verb.SURE_REMOVE, Verb.ADD_PROMPT):
        answer = await house.away("eve", Action(verb, about=campaign, value=card), away, **PEARL)
        assert "Please ask them." in said(answer), verb
        assert WORDS not in said(answer)


async def test_hostile_words_stand_as_text_below_a_heading_of_ours(house: House) -> None:
    campaign = await started(house)
    hostile = "<!channel> @everyone {{ 7*7 }} { $x } %s"

    shown = await house.send("ada", Action(Verb.ADD_PROMPT, about=campaign), PEARL | {"words": hostile})

    assert f"«{hostile}»" in said(shown)
    assert hostile not in said(shown).split("\n\n")[0]


async def test_who_was_told_that_no_card_was_ready_adds_one_from_there(house: House) -> None:
    campaign = await started(house, template="own")
    await at(house, TUESDAY)
    (who, note) = house.chat.whispers[-1]
    assert who == "ada"

    opened = await house.press("ada", button(Answer(content=note), Verb.PROMPT))

    assert isinstance(opened.content, Form)
    assert read(opened.content.action) == Action(Verb.ADD_PROMPT, about=campaign)
    # In a private message no channel is named: the campaign tells it, to those of its community.
    assert await prompting.place_of(house.database, campaign, "web", "ada") == ROOM
    assert await prompting.place_of(house.database, campaign, "web", "eve") == ""


async def test_every_page_of_the_cards_has_a_way_to_the_page_before(house: House) -> None:
    campaign = await started(house, template="four-weeks-dementia")
    page = await house.press("ada", Action(Verb.PROMPTS, about=campaign))
    assert "[Show the cards before]" not in said(page)
    first = said(page)
    pages = [first]
    while "[Show the next cards]" in said(page):
        page = await house.press("ada", pressing(page, "Show the next cards"))
        pages.append(said(page))

    assert len(pages) > 2
    for before in reversed(pages[:-1]):
        page = await house.press("ada", pressing(page, "Show the cards before"))
        assert said(page) == before
