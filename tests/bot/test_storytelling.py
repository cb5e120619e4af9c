"""A story from its form to the library: told, waiting, approved or sent back, taken back, over."""

from __future__ import annotations

from datetime import timedelta

import pytest
import pytest_asyncio

from bot import storytelling
from bot.actions import Action, Verb, read
from bot.answers import Answer
from bot.game.model import ChannelId, CommunityId, Policy
from bot.messages import Buttons, Form, Message
from tests.bot.house import ROOM, House, said
from tests.bot.test_campaigning import DAY, TUESDAY, at, boards, started
from tests.builders import NOON
from tests.gallery.plain import plain, text
from tests.storage.builders import found_room

pytestmark = pytest.mark.asyncio

WORDS = "The new nurse asked Mum about her garden, and not about her tablets."
OWN = {"words": WORDS, "shoes": "carer", "name": "Jo, a daughter", "consent": "quote", "until": ""}
OTHERS = {"words": WORDS, "shoes": "person", "name": "Pearl", "asked": "Sam, in May", "consent": "show"}
INTO_LIBRARY = {"into": "library", "on": "", "mark": "practice", "outcome": "listened-to", "topic": "gardens"}
GONE = "This story is not here, or not here any more."
TOLD = "Whoever wrote this card took the words back."
ANYTHING = {"mark": "any", "shoes": "any", "outcome": "any", "topic": "any"}


async def looked_after(house: House) -> House:
    """The same house, where Ada looks after the channel."""
    await house.deal(Policy.OPEN)
    await house.jobs.settle()
    house.chat.posts.clear()
    return house


@pytest_asyncio.fixture
async def house(house: House) -> House:
    return await looked_after(house)


@pytest_asyncio.fixture
async def file(file: House) -> House:
    return await looked_after(file)


def actions(shown: Answer | Message, verb: Verb) -> list[Action]:
    message = shown.content if isinstance(shown, Answer) else shown
    assert isinstance(message, Message), plain(message)
    rows = [block for block in message.blocks if isinstance(block, Buttons)]
    every = [read(each.action) for row in rows for each in row.buttons]
    return [each for each in every if each.verb is verb]


async def tells(house: House, who: str = "ben", value: str = "own", **fields: str) -> str:
    """Somebody shares a story. Returns its id."""
    usual = OWN if value == "own" else OTHERS
    house.now += timedelta(seconds=1)
    answer = await house.send(who, Action(Verb.TELL_STORY, value=value), usual | fields)
    assert answer.accepted, said(answer)
    await house.jobs.settle()
    return actions(answer, Verb.CONSENT)[0].about


async def approves(house: House, story: str, **fields: str) -> Answer:
    answer = await house.send("ada", Action(Verb.ADD_STORY, about=story), INTO_LIBRARY | fields)
    await house.jobs.settle()
    return answer


async def finds(house: House, who: str = "cat", **fields: str) -> str:
    return said(await house.send(who, Action(Verb.FIND), ANYTHING | fields))


async def rows(house: House) -> list[tuple[object, object]]:
    return [(row["state"], row["words"]) for row in await house.rows("stories")]


# --- telling one -----------------------------------------------------------------------


async def test_the_command_asks_whose_words_they_are_and_each_has_a_form_of_its_own(house: House) -> None:
    asked = await house.press("ben", Action(Verb.STORY))

    own, other = actions(asked, Verb.STORY)
    forms = [(await house.press("ben", each)).content for each in (own, other)]
    names = [[field.name for field in form.fields] for form in forms if isinstance(form, Form)]
    assert names == [
        ["words", "shoes", "name", "consent", "until"],
        ["words", "shoes", "name", "asked", "consent"],
    ]
    values = [field.value for form in forms if isinstance(form, Form) for field in form.fields]
    assert set(values) == {""}, "nothing is agreed to beforehand"
    assert actions(asked, Verb.QUEUE) == []


async def test_a_story_waits_and_those_who_look_after_the_channel_hear_once_and_no_words(
    house: House,
) -> None:
    await tells(house)
    await tells(house, "cat", "other")

    assert await rows(house) == [("offered", WORDS)] * 2
    ((who, note),) = house.chat.whispers
    assert who == "ada"
    assert "Somebody has shared a story." in plain(note)
    assert WORDS not in plain(note)
    assert house.chat.posts == {}
    assert "We found nothing that fits." in await finds(house)


@pytest.mark.parametrize(
    "value, wrong, field",
    [
        ("own", {"words": " \u200b "}, "words"),
        ("own", {"words": "x" * 501}, "words"),
        ("own", {"shoes": ""}, "shoes"),
        ("own", {"consent": ""}, "consent"),
        ("own", {"name": "x" * 81}, "name"),
        ("own", {"until": "soon"}, "until"),
        ("own", {"until": "2027-06-06"}, "until"),
        ("own", {"until": "9999-12-31"}, "until"),
        ("own", {"words": "Ring 020 7946 0018"}, "leave_in"),
        ("other", {"asked": "  "}, "asked"),
        ("other", {"words": "Ring 020 7946 0018"}, "leave_in"),
    ],
)
async def test_what_is_missing_stands_at_its_field_and_nothing_is_lost(
    house: House, value: str, wrong: dict[str, str], field: str
) -> None:
    sent = (OWN if value == "own" else OTHERS) | wrong

    answer = await house.send("ben", Action(Verb.TELL_STORY, value=value), sent)

    assert not answer.accepted
    assert isinstance(answer.content, Form)
    assert [each.name for each in answer.content.fields if each.problem] == [field]
    shown = {each.name: each.value for each in answer.content.fields if each.name in sent}
    assert shown == {name: sent[name] for name in shown}
    assert await rows(house) == []


@pytest.mark.parametrize("value", ["own", "other"])
async def test_details_stay_in_if_their_writer_says_so_and_no_field_is_lost(house: House, value: str) -> None:
    sent = (OWN | {"until": "2027-12-31"} if value == "own" else OTHERS) | {"words": "Ring 020 7946 0018"}
    asked = await house.send("ben", Action(Verb.TELL_STORY, value=value), sent)
    assert isinstance(asked.content, Form)
    again = {each.name: each.value for each in asked.content.fields} | {"leave_in": "yes"}

    answer = await house.send("ben", read(asked.content.action), again)

    assert answer.accepted, said(answer)
    (row,) = await house.rows("stories")
    assert row["words"] == "Ring 020 7946 0018"
    assert row["shoes"] == sent["shoes"]
    assert str(row["shown_until"]) == ("2027-12-31" if value == "own" else "None")


async def test_a_form_delivered_twice_is_one_story(house: House) -> None:
    for _ in range(2):
        await house.send("ben", Action(Verb.TELL_STORY, value="own"), OWN, event="the same")

    assert len(await rows(house)) == 1


# --- the queue -------------------------------------------------------------------------


async def test_a_moderator_reads_one_story_at_a_time_and_how_it_may_be_named(house: House) -> None:
    await tells(house)
    second = await tells(house, "cat", "other")

    begun = await house.press("ada", Action(Verb.STORY))
    first = await house.press("ada", actions(begun, Verb.QUEUE)[0])
    next = await house.press("ada", actions(first, Verb.QUEUE)[0])

    assert "2 stories wait." in said(first)
    assert "Named as: «Jo, a daughter»" in said(first)
    assert "Ben" not in said(first)
    assert "These are somebody else’s words. Who asked them: «Sam, in May»" in said(next)
    assert actions(next, Verb.APPROVE_STORY)[0].about == second


async def test_approved_it_is_in_the_library_and_its_writer_hears_privately(house: House) -> None:
    story = await tells(house)
    form = (await house.press("ada", Action(Verb.APPROVE_STORY, about=story))).content
    assert isinstance(form, Form)
    assert [each.name for each in form.fields] == ["into", "on", "mark", "outcome", "topic"]

    done = await approves(house, story)

    assert "The story is kept, and its writer is told privately." in said(done)
    who, note = house.chat.whispers[-1]
    assert who == "ben"
    assert "A moderator said yes. Your story is in the library now." in plain(note)
    assert WORDS not in text(note.summary)
    found = await finds(house)
    assert f"«{WORDS}»" in found
    assert "Told by «Jo, a daughter»" in found
    assert "Good practice" in found
    again = await approves(house, story)
    assert "This story does not wait any more." in said(again)


async def test_it_is_found_by_what_it_is_an_example_of_by_shoes_outcome_and_topic(house: House) -> None:
    await approves(house, await tells(house))
    form = (await house.press("cat", Action(Verb.LIBRARY))).content
    assert isinstance(form, Form)
    topic = next(
        option.value for field in form.fields for option in field.options if option.label == "gardens"
    )

    for name, right, wrong in (
        ("mark", "practice", "barrier"),
        ("shoes", "carer", "leader"),
        ("outcome", "listened-to", "safe"),
        ("topic", topic, "any-other"),
    ):
        assert WORDS in await finds(house, **{name: right}), name
        assert WORDS not in await finds(house, **{name: wrong}), name


async def test_a_change_is_asked_for_with_a_reason_and_the_story_comes_again(house: House) -> None:
    story = await tells(house)
    empty = await house.press("ada", Action(Verb.SEND_REASON, about=story, value="change"), reason=" ")
    assert isinstance(empty.content, Form)

    asked = await house.press(
        "ada", Action(Verb.SEND_REASON, about=story, value="change"), reason="Please leave out the ward."
    )
    await house.jobs.settle()

    assert "The writer reads your reason" in said(asked)
    who, note = house.chat.whispers[-1]
    assert who == "ben"
    assert "«Please leave out the ward.»" in plain(note)
    assert "ward" not in text(note.summary)
    form = await house.press("ben", actions(note, Verb.STORY)[0])
    assert isinstance(form.content, Form)
    values = {each.name: each.value for each in form.content.fields}
    assert values == OWN
    sent = await house.send("ben", read(form.content.action), values | {"words": "Better."})
    await house.jobs.settle()
    assert "A moderator reads it once more." in said(sent)
    assert await rows(house) == [("offered", "Better.")]
    assert house.chat.whispers[-1][0] == "ada"


async def test_declined_its_writer_reads_why_and_may_send_it_again(house: House) -> None:
    story = await tells(house, value="other")

    await house.press(
        "ada", Action(Verb.SEND_REASON, about=story, value="declined"), reason="It names a ward."
    )
    await house.jobs.settle()

    who, note = house.chat.whispers[-1]
    assert who == "ben"
    assert "A moderator has said no for now." in plain(note)
    assert "«It names a ward.»" in plain(note)
    form = await house.press("ben", actions(note, Verb.STORY)[0])
    assert isinstance(form.content, Form)
    assert {each.name: each.value for each in form.content.fields} == OTHERS
    mine = await house.press("ben", Action(Verb.ME))
    assert "A moderator has said no for now: «It names a ward.»" in said(mine)
    assert WORDS not in await finds(house)


async def test_only_who_looks_after_the_channel_reads_what_waits(house: House) -> None:
    story = await tells(house)

    for verb in (Verb.QUEUE, Verb.APPROVE_STORY, Verb.ASK_REASON, Verb.ADD_STORY, Verb.SEND_REASON):
        answer = await house.send("cat", Action(verb, about=story, value="change"), INTO_LIBRARY)
        assert "looks after the cards in this channel" in said(answer), verb
        assert WORDS not in said(answer)


# --- as a card -------------------------------------------------------------------------


async def test_as_a_card_it_comes_on_its_day_with_its_credit(house: House) -> None:
    campaign = await started(house)
    story = await tells(house)

    await approves(house, story, into=campaign, on="2027-06-09")
    _who, note = house.chat.whispers[-1]
    assert "It also goes out as a card of" in plain(note)
    for day in range(2):
        await at(house, TUESDAY + day * DAY)

    assert WORDS not in boards(house)[0]
    assert WORDS in boards(house)[1]
    assert "Today we step into the shoes of «Jo, a daughter»." in boards(house)[1]


async def test_a_card_needs_a_days_notice(house: House) -> None:
    campaign = await started(house)
    story = await tells(house)

    late = await approves(house, story, into=campaign, on="2027-06-08")

    assert "A story needs a day’s notice. Please choose a later day." in said(late)
    assert await rows(house) == [("offered", WORDS)]


async def test_a_moderator_corrects_a_word_and_gives_nobody_another_name(house: House) -> None:
    campaign = await started(house)
    story = await tells(house, name="")
    await approves(house, story, into=campaign, on="2027-06-09")
    cards = await house.rows("campaign_prompts")
    card = next(str(row["id"]) for row in cards if row["author"] is not None)

    right = {"words": "She asked about the garden.", "shoes": "carer", "credit": "Ben of ward 5", "note": ""}
    await house.send("ada", Action(Verb.SAVE_PROMPT, about=campaign, value=card), right)

    found = await finds(house)
    assert "She asked about the garden." in found
    assert "Ben" not in found
    assert "Ben of ward 5" not in {row["credit"] for row in await house.rows("campaign_prompts")}


async def test_taken_back_before_its_day_the_card_never_comes(file: House) -> None:
    campaign = await started(file)
    story = await tells(file)
    await approves(file, story, into=campaign, on="2027-06-09")

    await file.press("ben", Action(Verb.TAKE_STORY_BACK, about=story, value="sure"))
    for day in range(3):
        await at(file, TUESDAY + day * DAY)

    assert len(boards(file)) == 3
    assert not any(WORDS in each or TOLD in each for each in boards(file))
    assert WORDS.encode() not in await file.files()


async def test_taken_back_after_its_day_the_board_says_so_and_the_words_leave_the_files(file: House) -> None:
    campaign = await started(file)
    story = await tells(file)
    await approves(file, story, into=campaign, on="2027-06-09")
    for day in range(2):
        await at(file, TUESDAY + day * DAY)
    assert WORDS.encode() in await file.files()

    answer = await file.press("ben", Action(Verb.TAKE_STORY_BACK, about=story, value="sure"))
    await file.jobs.settle()

    assert "It is gone. We have deleted your words." in said(answer)
    board = boards(file)[1]
    assert TOLD in board
    assert "Jo, a daughter" not in board
    assert WORDS not in file.chat.text
    assert WORDS not in await finds(file)
    files = await file.files()
    assert WORDS.encode() not in files
    assert b"Jo, a daughter" not in files
    for day in range(2, 9):
        await at(file, TUESDAY + day * DAY)
    assert len(boards(file)) == 6, "the campaign comes to its end"


async def test_who_no_longer_wants_to_be_named_or_quoted_says_so_and_the_board_follows(house: House) -> None:
    campaign = await started(house)
    story = await tells(house)
    await approves(house, story, into=campaign, on="2027-06-09")
    for day in range(2):
        await at(house, TUESDAY + day * DAY)
    assert "Others may quote it." in await finds(house)

    form = (await house.press("ben", Action(Verb.CONSENT, about=story))).content
    assert isinstance(form, Form)
    assert {each.name: each.value for each in form.fields} == {
        "name": "Jo, a daughter",
        "consent": "quote",
        "until": "",
    }
    saved = await house.send("ben", read(form.action), {"name": "", "consent": "show", "until": "2027-06-30"})
    await house.jobs.settle()

    assert "This is how your story may be used from now on." in said(saved)
    assert "Jo, a daughter" not in boards(house)[1]
    assert "We found nothing that fits." in await finds(house)
    mine = said(await house.press("ben", Action(Verb.ME)))
    assert "Nobody may quote it." in mine
    assert "Jo, a daughter" not in mine
    assert "Shown until 30 June 2027." in said(await house.press("ben", Action(Verb.ME)))


async def test_a_plan_leads_those_who_look_after_it_to_the_stories_that_wait(house: House) -> None:
    campaign = await started(house)
    show = Action(Verb.SHOW_CAMPAIGN, about=campaign)
    before = await house.press("ada", show)
    first = await tells(house)
    await tells(house, words="Another one.")

    assert actions(before, Verb.QUEUE) == []
    assert actions(await house.press("ben", show), Verb.QUEUE) == []
    (queue,) = actions(await house.press("ada", show), Verb.QUEUE)
    assert queue.about == first
    assert WORDS in said(await house.press("ada", queue))
    assert len(await house.rows("stories")) == 2


async def test_after_its_last_day_it_is_gone_by_itself(file: House) -> None:
    story = await tells(file, until="2027-06-08")
    await approves(file, story)
    kept = timedelta(days=90)

    await file.service.expire(NOON + timedelta(days=1, hours=10), kept)
    assert WORDS in await finds(file)
    await file.service.expire(NOON + timedelta(days=1, hours=12), kept)  # midnight in London
    await file.jobs.settle()

    assert await rows(file) == []
    assert WORDS.encode() not in await file.files()


# --- the library -----------------------------------------------------------------------


async def test_the_library_is_paged_and_a_done_pledge_stands_in_it(house: House) -> None:
    for number in range(6):
        await approves(house, await tells(house, words=f"Story number {number}."), mark="barrier")
    (round,) = await house.rounds()
    await house.press("ben", Action(Verb.MAKE_PLEDGE, round), words="ask him first", by="2027-06-30")
    (pledge,) = await house.rows("pledges")
    assert "ask him first" not in await finds(house)
    await house.press("ben", Action(Verb.SETTLE, round, str(pledge["id"]), "done"))

    first = await house.send("cat", Action(Verb.FIND), ANYTHING)
    second = await house.press("cat", actions(first, Verb.FIND)[0])

    assert "We found 7." in said(first)
    shown = [number for number in range(6) if f"Story number {number}." in said(first) + said(second)]
    assert shown == list(range(6))
    assert "I will «ask him first»" in said(second)
    assert actions(second, Verb.FIND) == []
    assert "ask him first" in await finds(house, mark="practice")
    assert "ask him first" not in await finds(house, mark="barrier")


@pytest.mark.parametrize("value", ["x", "any_any_any_any", "any_any_any_any_-1", "king_any_any_any_0"])
async def test_a_page_that_no_button_of_ours_has_is_not_shown(house: House, value: str) -> None:
    assert "This button is not for a card here." in said(
        await house.press("cat", Action(Verb.FIND, value=value))
    )


async def test_a_story_of_another_community_is_not_here(house: House) -> None:
    story = await tells(house)
    await approves(house, await tells(house, "cat"))
    away = CommunityId("away")
    await house.database.write(lambda tx: found_room(tx, away, ChannelId("away-room")))

    for verb in (Verb.CONSENT, Verb.SAVE_CONSENT, Verb.APPROVE_STORY, Verb.ADD_STORY, Verb.SEND_REASON):
        answer = await house.away("ben", Action(verb, about=story, value="change"), away, **INTO_LIBRARY)
        nothing = await house.away("ben", Action(verb, about="none", value="change"), away, **INTO_LIBRARY)
        assert said(answer) == said(nothing), verb
        assert GONE in said(answer), verb
    again = await house.away("ben", Action(Verb.TELL_STORY, about=story, value="own"), away, **OWN)
    assert GONE in said(again)
    # In a private message no channel is named: the story tells it, to those of its community.
    assert await storytelling.place_of(house.database, story, "web", "ada") == ROOM
    assert await storytelling.place_of(house.database, story, "web", "eve") == ""
    assert "No story waits." in said(await house.away("ben", Action(Verb.QUEUE, about=story), away))
    assert WORDS not in said(await house.away("ben", Action(Verb.FIND), away, **ANYTHING))


async def test_hostile_words_are_text_everywhere(house: House) -> None:
    hostile = "<!channel> @everyone {{ 7*7 }} { $x }"
    story = await tells(house, words=hostile, name=hostile)
    queue = await house.press("ada", Action(Verb.QUEUE, about=story))
    await approves(house, story, topic="<!here>")

    for shown in (said(queue), await finds(house), plain(house.chat.whispers[-1][1])):
        assert f"«{hostile}»" in shown
        assert hostile not in "".join(shown.split("\n\n")[:2])
    assert "«<!here>»" in await finds(house)
