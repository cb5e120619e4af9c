"""Keeping a message as a story: consent, asking once, a no that stays a no, and taking it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from bot.actions import Action, Verb, read
from bot.answers import Answer
from bot.chat import Chosen, MessageRef
from bot.game.model import ChannelId, CommunityId, PlayerId
from bot.messages import Buttons, Form, Message
from tests.bot.house import HOME, ROOM, House, said
from tests.builders import NOON
from tests.gallery.plain import plain
from tests.storage.builders import found_room

pytestmark = pytest.mark.asyncio

WORDS = "They asked about her garden, and not about her tablets."
AGREED = {"words": WORDS, "shoes": "carer", "named": "no", "quoted": "yes"}
WEEK = timedelta(days=7)
GONE = "This story is not here, or not here any more."


async def choose(
    house: House,
    who: str,
    writer: str | None,
    words: str = WORDS,
    message: str = "m1",
    channel: ChannelId = ROOM,
) -> Answer:
    chosen = Chosen(
        player=PlayerId("web", HOME, who),
        channel=channel,
        message=MessageRef(message),
        writer=PlayerId("web", HOME, writer) if writer else None,
        words=words,
        name=who.title(),
    )
    answer = await house.service.keep(chosen, house.now)
    await house.jobs.settle()
    return answer


def sends(form: Answer) -> Action:
    assert isinstance(form.content, Form), said(form)
    return read(form.content.action)


def actions(message: Message, verb: Verb) -> list[Action]:
    rows = [block for block in message.blocks if isinstance(block, Buttons)]
    every = [read(each.action) for row in rows for each in row.buttons]
    return [each for each in every if each.verb is verb]


def button(message: Message, verb: Verb) -> Action:
    return actions(message, verb)[0]


async def send(
    house: House,
    action: Action,
    fields: dict[str, str],
    *,
    who: str = "ada",
    event: str = "",
    community: CommunityId = HOME,
) -> Answer:
    return await house.press(who, action, event=event, community=community, **fields)


async def keeps(house: House, who: str = "ada", message: str = "m1") -> Answer:
    """Keeps their own message as a story."""
    return await send(house, sends(await choose(house, who, who, message=message)), AGREED, who=who)


async def asked(house: House, writer: str = "ada") -> Message:
    """Ben asks whether a message may be kept: the question as its writer reads it."""
    await choose(house, "ben", writer)
    to, message = house.chat.whispers[-1]
    assert to == writer
    return message


async def mine(house: House, who: str = "ada") -> Message:
    content = (await house.press(who, Action(Verb.ME))).content
    assert isinstance(content, Message)
    return content


# --- one's own words -------------------------------------------------------------------------


async def test_sending_the_form_keeps_the_words_as_offered_and_shows_them_to_nobody(house: House) -> None:
    opened = await choose(house, "ada", "ada")
    assert isinstance(opened.content, Form)
    assert {each.name: each.value for each in opened.content.fields} == {
        "words": WORDS,
        "shoes": "",
        "named": "",
        "quoted": "",
    }
    assert await house.rows("stories") == []

    receipt = await send(house, sends(opened), AGREED)

    assert "Kept. Nobody sees it until a moderator says yes." in said(receipt)
    (row,) = await house.rows("stories")
    assert (row["state"], row["words"], row["shoes"]) == ("offered", WORDS, "carer")
    assert (bool(row["named"]), bool(row["quoted"]), row["asker"]) == (False, True, None)
    assert (house.chat.posts, house.chat.whispers) == ({}, [])


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"words": " \u200b "}, "words"),
        ({"words": "x" * 501}, "words"),
        ({"named": ""}, "named"),
        ({"quoted": "maybe"}, "quoted"),
        ({"shoes": "a king"}, "shoes"),
        ({"words": "Ring 020 7946 0018"}, "leave_in"),
    ],
)
async def test_what_is_missing_stands_at_its_field_and_nothing_is_kept(
    house: House, wrong: dict[str, str], field: str
) -> None:
    form = sends(await choose(house, "ada", "ada"))

    answer = await send(house, form, AGREED | wrong)

    assert isinstance(answer.content, Form)
    assert [each.name for each in answer.content.fields if each.problem] == [field]
    typed = {each.name: each.value for each in answer.content.fields}
    assert all(typed[name] == value for name, value in (AGREED | wrong).items())
    assert await house.rows("stories") == []


async def test_details_stay_in_if_their_writer_says_so(house: House) -> None:
    form = sends(await choose(house, "ada", "ada"))
    ring = AGREED | {"words": "Ring 020 7946 0018", "leave_in": "yes"}

    again = await send(house, form, ring | {"named": ""})
    assert isinstance(again.content, Form)
    assert "leave_in" in {each.name for each in again.content.fields}

    assert "Kept." in said(await send(house, form, ring))


async def test_the_same_delivery_twice_keeps_one_story_and_brings_no_story_back(house: House) -> None:
    form = sends(await choose(house, "ada", "ada"))
    assert "Kept." in said(await send(house, form, AGREED, event="e"))
    assert "Kept." in said(await send(house, form, AGREED, event="e"))
    assert len(await house.rows("stories")) == 1

    back = replace(button(await mine(house), Verb.TAKE_STORY_BACK), value="sure")
    assert "We have deleted your words." in said(await house.press("ada", back, event="b"))
    assert "We have deleted your words." in said(await house.press("ada", back, event="b"))
    assert "Kept." not in said(await send(house, form, AGREED, event="e"))
    assert await house.rows("stories") == []


async def test_words_that_are_kept_already_are_not_asked_for_again(house: House) -> None:
    form = sends(await choose(house, "ada", "ada"))
    await send(house, form, AGREED)

    assert "a story already" in said(await choose(house, "ada", "ada"))
    assert "a story already" in said(await send(house, form, AGREED))
    assert said(await choose(house, "ben", "ada")).endswith("Thank you. We have asked them.\n")
    assert house.chat.whispers == []


# --- somebody else's words -------------------------------------------------------------------


async def test_the_writer_is_asked_first_and_who_asks_hears_nothing_more(house: House) -> None:
    answer = await choose(house, "ben", "ada")

    assert said(answer).endswith("\n\nThank you. We have asked them.\n")
    ((to, question),) = house.chat.whispers
    assert to == "ada"
    assert "«Ben» would like to keep a message of yours" in plain(question)
    assert f"«{WORDS}»" in plain(question)
    assert house.chat.posts == {}

    opened = await house.press("ada", button(question, Verb.STORY))
    changed = AGREED | {"words": "They asked about a garden."}
    assert "Kept." in said(await send(house, sends(opened), changed))
    await house.jobs.settle()

    (row,) = await house.rows("stories")
    assert (row["state"], row["words"], row["asker"]) == ("offered", "They asked about a garden.", None)
    assert len(house.chat.whispers) == 1


async def test_a_no_deletes_the_request_at_once_and_stays_a_no(file: House) -> None:
    no = button(await asked(file), Verb.NO_STORY)
    assert WORDS.encode() in await file.files()

    assert "We have deleted the request." in said(await file.press("ada", no, event="n"))
    assert "We have deleted the request." in said(await file.press("ada", no, event="n"))
    await file.jobs.settle()

    assert await file.rows("stories") == []
    assert WORDS.encode() not in await file.files()
    assert GONE in said(await file.press("ada", no))
    told = said(await choose(file, "cleo", "ada"))
    assert told.endswith("Thank you. We have asked them.\n")
    assert len(file.chat.whispers) == 1


async def test_asking_twice_for_a_message_asks_once(house: House) -> None:
    first = await choose(house, "ben", "ada")
    second = await choose(house, "cleo", "ada")
    again = await choose(house, "ben", "ada", words="Words that were edited.")

    assert said(first) == said(second) == said(again)
    assert len(house.chat.whispers) == len(await house.rows("stories")) == 1
    await choose(house, "ben", "ada", message="m2")
    assert len(house.chat.whispers) == 2


async def test_a_request_is_deleted_after_seven_days_and_a_story_is_not(file: House) -> None:
    await keeps(file, "dan", "m9")
    question = await asked(file)
    day = timedelta(days=1)

    await file.service.expire(NOON + WEEK - timedelta(seconds=1), 90 * day)
    assert len(await file.rows("stories")) == 2

    await file.service.expire(NOON + WEEK, 90 * day)
    await file.jobs.settle()
    assert [row["state"] for row in await file.rows("stories")] == ["offered"]
    assert GONE in said(await file.press("ada", button(question, Verb.STORY)))
    assert GONE in said(await file.press("ada", button(question, Verb.NO_STORY)))

    await file.service.expire(NOON + 4000 * day, 90 * day)
    assert len(await file.rows("stories")) == 1


async def test_a_question_that_is_answered_before_it_is_sent_is_not_sent(house: House) -> None:
    chosen = Chosen(
        player=PlayerId("web", HOME, "ben"),
        channel=ROOM,
        message=MessageRef("m1"),
        writer=PlayerId("web", HOME, "ada"),
        words=WORDS,
    )
    await house.service.keep(chosen, house.now)
    await house.service.expire(house.now + WEEK, timedelta(days=90))
    await house.jobs.settle()

    assert house.chat.whispers == []
    assert await house.rows("outbox") == []


async def test_the_writer_of_a_request_may_also_keep_it_from_the_message_itself(house: House) -> None:
    await asked(house)

    assert "Kept." in said(await keeps(house))

    assert [row["state"] for row in await house.rows("stories")] == ["offered"]


# --- what is not anybody's to keep ---------------------------------------------------------------


async def test_a_post_of_a_program_a_private_talk_and_a_picture_are_refused_kindly(house: House) -> None:
    for who, told in (("ada", "ada"), ("ben", "ada")):
        assert "An app posted this message." in said(await choose(house, who, None))
        assert "This is a private talk" in said(await choose(house, who, told, channel=ChannelId("")))
        assert "There are no words" in said(await choose(house, who, told, words=" \u200b\n"))

    assert await house.rows("stories") == await house.rows("story_asks") == []


# --- one's own list, and other people's --------------------------------------------------------


async def test_a_story_taken_back_is_gone_from_the_file_and_its_writer_is_not_asked(file: House) -> None:
    await keeps(file)
    assert WORDS.encode() in await file.files()
    listed = await mine(file)
    assert "Without your name." in plain(listed)

    asked = await file.press("ada", button(listed, Verb.TAKE_STORY_BACK))
    assert isinstance(asked.content, Message)
    assert len(await file.rows("stories")) == 1, "it asks once"
    assert "We cannot bring them back." in said(asked)
    kept = await file.press("ada", button(asked.content, Verb.MY_STORIES))
    assert WORDS in said(kept)
    answer = await file.press("ada", button(asked.content, Verb.TAKE_STORY_BACK))
    await file.jobs.settle()

    assert "We have deleted your words." in said(answer)
    assert await file.rows("stories") == []
    assert WORDS.encode() not in await file.files()
    await choose(file, "ben", "ada")
    assert file.chat.whispers == []
    assert "Kept." in said(await keeps(file))


async def test_every_story_can_be_reached_from_ones_own_page(house: House) -> None:
    for number in range(12):
        house.now += timedelta(minutes=1)
        await keeps(house, "ada", f"m{number}")
    page, taken = await mine(house), set()
    while True:
        taken |= {each.about for each in actions(page, Verb.TAKE_STORY_BACK)}
        more = actions(page, Verb.MY_STORIES)
        if not more:
            break
        content = (await house.press("ada", more[0])).content
        assert isinstance(content, Message)
        page = content

    assert len(taken) == 12
    assert "Your stories" not in plain(await mine(house, "ben"))


async def test_ids_of_others_and_of_elsewhere_are_answered_like_ids_that_do_not_exist(house: House) -> None:
    request = button(await asked(house), Verb.NO_STORY).about
    await keeps(house, "ada", "m2")
    offered = button(await mine(house), Verb.TAKE_STORY_BACK).about
    away = CommunityId("away")

    await house.database.write(lambda tx: found_room(tx, away, ChannelId("far")))
    # Known there, with an account of the same name.
    there = [("ada", away), ("ben", HOME), ("nobody", HOME)]
    await house.press("ada", Action(Verb.SET_ROLE), community=away, own_role="carer")
    for verb, about in (
        (Verb.STORY, request),
        (Verb.NO_STORY, request),
        (Verb.STORY, offered),
        (Verb.TAKE_STORY_BACK, offered),
    ):
        for (who, home), value in product(there, ("", "sure")):
            forged = said(await house.press(who, Action(verb, "", about, value), community=home))
            made_up = said(await house.press(who, Action(verb, "", "nothing", value), community=home))
            assert forged == made_up
            assert GONE in forged
    forged = said(await send(house, Action(Verb.KEEP_STORY, about="m1"), AGREED, community=away))
    assert "This button is not for a card here." in forged
    assert {row["state"] for row in await house.rows("stories")} == {"asked", "offered"}


@pytest.mark.parametrize("value", ["", "-1", "x", "9999999"])
async def test_a_page_that_no_button_has_is_refused(house: House, value: str) -> None:
    answer = await house.press("ada", Action(Verb.MY_STORIES, value=value))

    assert "This button is not for a card here." in said(answer)
