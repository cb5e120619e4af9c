"""Round-ups: drafted on their day, changed or posted by who looks after the channel, and out once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.actions import Action, Verb, write
from bot.chat import Press
from bot.effects_out import AlarmKind
from bot.game.model import ChannelId, CommunityId, PlayerId, RoundId
from bot.messages import Buttons, Form, Heading, Message, Theirs, ToRound
from bot.views import round_up
from tests.bot.house import HOME, ROOM, House, said
from tests.bot.test_campaigning import DAY, TUESDAY, at, started
from tests.gallery.plain import plain
from tests.storage.builders import found_room

pytestmark = pytest.mark.asyncio

MONDAY = TUESDAY + 6 * DAY  # the fifth card: Tuesday to Friday, and Monday
FRIDAY = TUESDAY + 3 * DAY
LATER = timedelta(hours=4)
HEADING = "# This week in our shoes"


async def a_week(house: House, *, until: datetime = FRIDAY, **fields: str) -> str:
    """A campaign that goes on until a moment; its round-ups come on Fridays."""
    campaign = await started(house, **fields)
    await ask_for(house, campaign)
    while house.now < until:
        next = house.now.replace(hour=8, minute=0) + (DAY if house.now.hour >= 8 else timedelta(0))
        await at(house, min(next, until))
    return campaign


async def ask_for(house: House, campaign: str, day: str = "4") -> None:
    """Choose the day of the round-up."""
    saved = await house.send(
        "ada",
        Action(Verb.SAVE_CAMPAIGN, about=campaign, value="plan"),
        {
            "title": "In the shoes of newcomers",
            "contact": "Jo at the front desk",
            "policy": "after_you",
            "round_up": day,
            "end": "",
        },
    )
    assert saved.accepted, said(saved)


def drafts(house: House) -> list[str]:
    return [plain(each) for who, each in house.chat.whispers if "Your round-up is ready" in plain(each)]


def posted(house: House) -> list[str]:
    return [text for text in map(plain, house.chat.posts.values()) if HEADING in text]


def about(campaign: str, verb: Verb, on: datetime = FRIDAY) -> Action:
    return Action(verb, about=campaign, value=round_up.value(ROOM, on.date()))


async def write_and_thank(house: House, round: RoundId, words: str, thankful: Sequence[str]) -> None:
    """Eve responds, and others give her words a lightbulb."""
    await house.respond("eve", round, words, stance="yes")
    response = next(str(row["id"]) for row in await house.rows("responses") if row["words"] == words)
    for who in thankful:
        sent = await house.respond(who, round, f"{who} says so.", stance="no")
        assert sent.accepted, said(sent)
        given = await house.press(who, Action(Verb.LIGHTBULB, round, response))
        assert given.accepted, said(given)


async def test_it_is_drafted_at_the_posting_time_for_its_organiser_alone(house: House) -> None:
    await a_week(house, until=FRIDAY - timedelta(seconds=1))
    assert drafts(house) == []
    await at(house, FRIDAY)

    (draft,) = drafts(house)
    assert [who for who, each in house.chat.whispers] == ["ada"]
    assert "It goes out by itself: Fri 11 June 12:00." in draft
    assert "- Day 1: In the shoes of «Nia, who came for help with her rent». <" in draft
    assert "- Day 4: In the shoes of" in draft  # the card of the same minute is on it
    assert posted(house) == []


async def test_it_goes_out_by_itself_four_hours_later_and_only_once(house: House) -> None:
    await a_week(house)
    await at(house, FRIDAY + LATER - timedelta(seconds=1))
    assert posted(house) == []
    for _ in range(3):
        await at(house, FRIDAY + LATER)
    await at(house, FRIDAY + 2 * LATER)

    (text,) = posted(house)
    assert text.count("- Day ") == 4


async def test_each_line_leads_to_its_card(house: House) -> None:
    await a_week(house, until=FRIDAY + LATER)

    message = next(each for each in house.chat.posts.values() if HEADING in plain(each))
    links = [part.round for block in message.blocks for part in _parts(block) if isinstance(part, ToRound)]
    assert links == list(reversed(await house.rounds()))


def _parts(block: object) -> list[object]:
    return [part for item in getattr(block, "items", ()) for part in item]


async def test_what_was_posted_after_a_draft_is_on_the_next_one(house: House) -> None:
    await a_week(house, until=MONDAY)
    await at(house, FRIDAY + 7 * DAY)
    await at(house, FRIDAY + 7 * DAY + LATER)

    first, second = posted(house)
    assert "Day 5" not in first
    assert second.count("- Day ") == 1
    assert "- Day 5: In the shoes of" in second


async def test_the_last_card_of_a_campaign_is_on_a_round_up_too_and_then_none_comes(house: House) -> None:
    await a_week(house, until=MONDAY)
    for week in (1, 2, 3):
        await at(house, FRIDAY + 7 * week * DAY)
        await at(house, FRIDAY + 7 * week * DAY + LATER)

    assert len(posted(house)) == 2
    assert not any(str(row["key"]).startswith(AlarmKind.ROUND_UP.value) for row in await house.rows("alarms"))


async def test_a_moderator_says_something_first_and_posts_it_at_once(house: House) -> None:
    campaign = await a_week(house)
    form = await house.press("ada", about(campaign, Verb.CHANGE_ROUND_UP))
    assert isinstance(form.content, Form)
    saved = await house.press("ada", about(campaign, Verb.SAVE_ROUND_UP), words="Well done.", quotes="yes")
    assert "«Well done.»" in said(saved)
    for _ in range(2):
        done = await house.press("ada", about(campaign, Verb.POST_ROUND_UP))
        assert "The round-up goes out now" in said(done)
    await at(house, FRIDAY + LATER)

    (text,) = posted(house)
    assert text.index(HEADING) < text.index("«Well done.»") < text.index("- Day 1")
    late = await house.press("ada", about(campaign, Verb.SAVE_ROUND_UP), words="Too late.", quotes="yes")
    assert "has gone out already" in said(late)


async def test_the_plan_leads_to_the_one_that_waits(house: House) -> None:
    campaign = await a_week(house)
    plan = await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about=campaign))
    assert "[See the round-up]" in said(plan)
    shown = await house.press("ada", about(campaign, Verb.ROUND_UP))

    assert "Your round-up is ready to look at" in said(shown)


async def test_only_who_looks_after_the_channel_sees_changes_or_posts_it(house: House) -> None:
    campaign = await a_week(house)

    for verb in (Verb.ROUND_UP, Verb.CHANGE_ROUND_UP, Verb.SAVE_ROUND_UP, Verb.POST_ROUND_UP):
        refused = await house.press("ben", about(campaign, verb), words="Ha.", quotes="yes")
        assert not refused.accepted
        assert "«Ada» looks after the cards in this channel." in said(refused)
    assert posted(house) == []


async def test_words_that_earned_lightbulbs_are_quoted_once_their_card_has_closed(house: House) -> None:
    await a_week(house, until=TUESDAY)
    (first,) = await house.rounds()
    await write_and_thank(house, first, "=Ask me twice. <!channel>", ["ben", "cy", "dee"])
    await at(house, TUESDAY + DAY)
    second = (await house.rounds())[0]
    await write_and_thank(house, second, "Nobody asked.", ["ben"])
    await at(house, TUESDAY + 2 * DAY)
    third = (await house.rounds())[0]
    await write_and_thank(house, third, "Still open.", ["ben", "cy"])
    for moment in (FRIDAY, FRIDAY + LATER):
        await at(house, moment)

    (text,) = posted(house)
    moved = text[text.index("# Words that changed how we see it") :]
    assert moved.index("«=Ask me twice. <!channel>»") < moved.index("«Nobody asked.»")
    assert "3 lightbulbs" in moved
    assert "Still open." not in moved  # until the close nobody counts its lightbulbs


async def test_without_quotes_there_is_only_the_list(house: House) -> None:
    campaign = await a_week(house, until=TUESDAY)
    (first,) = await house.rounds()
    await write_and_thank(house, first, "Ask me twice.", ["ben", "cy", "dee"])
    for day in (1, 2, 3):
        await at(house, TUESDAY + day * DAY)
    await house.press("ada", about(campaign, Verb.SAVE_ROUND_UP), words="", quotes="no")
    await at(house, FRIDAY + LATER)

    (text,) = posted(house)
    assert "Ask me twice." not in text


async def test_words_that_are_forgotten_go_from_the_round_up_too(house: House) -> None:
    await a_week(house, until=TUESDAY)
    (first,) = await house.rounds()
    await write_and_thank(house, first, "Ask me twice.", ["ben", "cy", "dee"])
    for moment in (TUESDAY + DAY, TUESDAY + 2 * DAY, FRIDAY, FRIDAY + LATER):
        await at(house, moment)
    assert "Ask me twice." in posted(house)[0]

    await house.service.expire(house.now + 91 * DAY, 90 * DAY)
    await house.jobs.settle()

    (text,) = posted(house)
    assert "Ask me twice." not in text
    assert text.count("- Day ") == 4


async def test_breaks_are_listed_where_they_were(house: House) -> None:
    campaign = await a_week(house, until=TUESDAY)
    await house.press(
        "ada",
        Action(Verb.SAVE_CAMPAIGN, about=campaign, value="break"),
        name="an anniversary",
        first="2027-06-09",
        last="2027-06-10",
    )
    for moment in (TUESDAY + DAY, TUESDAY + 2 * DAY, FRIDAY, FRIDAY + LATER):
        await at(house, moment)

    (text,) = posted(house)
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    assert [line.partition(":")[0] for line in lines] == ["- Day 1", "- A break", "- Day 2"]
    assert "- A break: «an anniversary»" in lines


async def test_a_pause_holds_it_back_and_so_does_a_week_without_cards(house: House) -> None:
    campaign = await a_week(house, until=FRIDAY)
    await house.press("ada", Action(Verb.PAUSE_CAMPAIGN, about=campaign))
    await at(house, FRIDAY + LATER)
    assert posted(house) == []
    await house.press("ada", Action(Verb.RESUME_CAMPAIGN, about=campaign))
    await at(house, FRIDAY + LATER + timedelta(minutes=1))

    assert len(posted(house)) == 1


async def test_it_never_goes_out_at_night_and_says_so(house: House) -> None:
    campaign = await a_week(house, until=FRIDAY)
    await at(house, FRIDAY + timedelta(hours=3, minutes=59))
    night = FRIDAY.replace(hour=22)
    house.now = night  # nothing rang in between: the program was away
    told = await house.press("ada", about(campaign, Verb.POST_ROUND_UP))
    await house.jobs.settle()

    assert "Nothing is posted at night here, so it goes out: Sat 12 June 07:00." in said(told)
    assert posted(house) == []
    await at(house, night + timedelta(hours=9))
    assert len(posted(house)) == 1


async def test_after_an_outage_it_comes_once_and_later(house: House) -> None:
    await a_week(house, until=FRIDAY - timedelta(hours=1))
    await at(house, FRIDAY + timedelta(hours=6))
    assert len(drafts(house)) == 1
    await at(house, FRIDAY + timedelta(hours=11))

    assert len(posted(house)) == 1


async def test_the_first_block_and_the_notification_hold_nobodys_words(house: House) -> None:
    campaign = await a_week(house)
    hostile = "<!channel> @everyone [here](https://example.org)\u202e"
    await house.press("ada", about(campaign, Verb.SAVE_ROUND_UP), words=hostile, quotes="yes")
    await at(house, FRIDAY + LATER)

    message = next(each for each in house.chat.posts.values() if HEADING in plain(each))
    first = message.blocks[0]
    assert isinstance(first, Heading)
    assert not any(isinstance(part, Theirs) for part in (*message.summary, *first.text))
    assert "«<!channel> @everyone [here](https://example.org)»" in plain(message)


async def test_ids_of_another_community_get_the_sentence_of_ids_that_do_not_exist(house: House) -> None:
    campaign = await a_week(house)
    await house.database.write(lambda tx: found_room(tx, CommunityId("south"), ChannelId("hall")))
    forged = [
        about(campaign, Verb.POST_ROUND_UP),
        Action(Verb.POST_ROUND_UP, about=campaign, value=round_up.value(ChannelId("hall"), FRIDAY.date())),
        Action(Verb.POST_ROUND_UP, about=campaign, value="20270611nowhere"),
        Action(Verb.POST_ROUND_UP, about=campaign, value="soon"),
        Action(Verb.SAVE_ROUND_UP, about="nothing", value=round_up.value(ROOM, FRIDAY.date())),
    ]
    answers = set()
    for each in forged:
        press = Press(
            player=PlayerId("web", CommunityId("south"), "eve"),
            channel=ChannelId("hall"),
            action=write(each),
            event=f"forged-{each.value}",
        )
        answers.add(said(await house.service.press(press, house.now)))

    assert len(answers) <= 2  # the one for a campaign, and the one for everything else
    assert all("not here" in each or "not for a card here" in each for each in answers)
    assert posted(house) == []


async def test_a_draft_in_a_private_message_works_where_it_stands(house: House) -> None:
    await a_week(house)
    message = next(each for _, each in house.chat.whispers)

    (row,) = [block for block in message.blocks if isinstance(block, Buttons)]
    assert row.channel == ROOM
    assert isinstance(message, Message)
    assert HOME == "home"
