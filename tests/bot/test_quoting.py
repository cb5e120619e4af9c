"""Round-ups, reports and the library quote what its writer lets us quote, and nothing that was taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import reporting
from bot.actions import Action, Verb
from bot.game.campaigns import CampaignId
from bot.game.model import RoundId
from bot.views import report
from storage import communities
from storage.database import Transaction
from tests.bot.house import ROOM, House, said
from tests.bot.test_campaigning import DAY, TUESDAY, at, started
from tests.bot.test_reporting import OVER
from tests.bot.test_rounding_up import FRIDAY, LATER, a_week, posted
from tests.bot.test_stories import choose, send, sends
from tests.bot.test_storytelling import approves, finds, tells
from tests.bot.test_talk import Thread
from tests.builders import NOON
from tests.gallery.plain import plain

pytestmark = pytest.mark.asyncio

WORDS = "The new nurse asked Mum about her garden."
SAID = "Sit down before you ask."
NOT_QUOTED = "Whoever told this let us show it as a card, and nobody quotes it."


async def a_story(house: House, campaign: str, **fields: str) -> str:
    """A story of Ben's that is the card of Wednesday."""
    story = await tells(house, words=WORDS, **fields)
    kept = await approves(house, story, into=campaign, on="2027-06-09")
    assert kept.accepted, said(kept)
    return story


async def agrees(house: House, story: str, consent: str) -> None:
    fields = {"name": "Jo, a daughter", "consent": consent, "until": ""}
    saved = await house.send("ben", Action(Verb.SAVE_CONSENT, about=story), fields)
    assert saved.accepted, said(saved)


async def reported(house: House, campaign: str) -> str:
    """Everything that the page of the report and its table say."""

    def run(tx: Transaction) -> str:
        place = communities.channel(tx, ROOM, None)
        of = reporting.load(tx, house.keyring, CampaignId(campaign), place)
        assert of is not None
        return "\n".join((plain(report.page(of)), *(" ".join(row) for row in report.table(of))))

    return await house.database.read(run)


async def to_its_end(house: House) -> None:
    for day in range(1, 10):
        await at(house, TUESDAY + day * DAY)
    await at(house, OVER + DAY)


# --- stories ---------------------------------------------------------------------------


async def test_a_story_that_may_be_shown_and_not_quoted_is_a_card_and_nothing_else(house: House) -> None:
    campaign = await started(house)
    await a_story(house, campaign, consent="show")
    await at(house, TUESDAY)
    await at(house, TUESDAY + DAY)
    assert WORDS in house.chat.text
    assert "It is not in the library" in plain(house.chat.whispers[-1][1])
    await to_its_end(house)

    assert WORDS not in await finds(house)
    text = await reported(house, campaign)
    assert WORDS not in text
    assert text.count(NOT_QUOTED) == 2


async def test_a_story_that_may_be_quoted_stands_in_the_library_and_in_the_report(house: House) -> None:
    campaign = await started(house)
    await a_story(house, campaign, consent="quote")
    await at(house, TUESDAY)
    await at(house, TUESDAY + DAY)
    await to_its_end(house)

    assert WORDS in await finds(house)
    text = await reported(house, campaign)
    assert text.count(WORDS) == 2
    assert NOT_QUOTED not in text


async def test_who_changes_their_mind_about_quotes_changes_the_library_and_the_report(house: House) -> None:
    campaign = await started(house)
    story = await a_story(house, campaign, consent="quote")
    await at(house, TUESDAY)
    await at(house, TUESDAY + DAY)
    await to_its_end(house)
    for consent, there in (("show", False), ("quote", True)):
        await agrees(house, story, consent)

        assert (WORDS in await finds(house)) is there
        assert (WORDS in await reported(house, campaign)) is there


async def test_a_story_that_was_taken_back_is_gone_from_the_library_and_the_report(house: House) -> None:
    campaign = await started(house)
    story = await a_story(house, campaign, consent="quote")
    await at(house, TUESDAY)
    await at(house, TUESDAY + DAY)
    await to_its_end(house)
    gone = await house.press("ben", Action(Verb.TAKE_STORY_BACK, about=story, value="sure"))
    assert gone.accepted, said(gone)

    assert WORDS not in await finds(house)
    text = await reported(house, campaign)
    assert WORDS not in text
    assert "Whoever wrote this card took the words back." in text


async def test_a_topic_of_what_may_not_be_quoted_is_not_offered(house: House) -> None:
    campaign = await started(house)
    story = await a_story(house, campaign, consent="show")
    before = said(await house.press("cat", Action(Verb.LIBRARY)))
    await agrees(house, story, "quote")
    after = said(await house.press("cat", Action(Verb.LIBRARY)))

    assert ["gardens" in each for each in (before, after)] == [False, True]


# --- replies in a thread that somebody keeps as stories ------------------------------------


async def a_thread_of_today(house: House) -> RoundId:
    """A named card of a campaign: Eve replies in its thread, and three people thank her."""
    await a_week(house, until=TUESDAY - timedelta(seconds=1))
    (row,) = await house.rows("campaigns")
    saved = await house.send(
        "ada",
        Action(Verb.SAVE_CAMPAIGN, about=str(row["id"]), value="plan"),
        {"title": "T", "contact": "Jo", "policy": "open", "round_up": "4", "end": ""},
    )
    assert saved.accepted, said(saved)
    await at(house, TUESDAY)
    (round,) = await house.rounds()
    thread = Thread(house, await house.thread(round))
    seconds = int((TUESDAY - NOON).total_seconds())
    await thread.tell(
        thread.wrote("eve", "m1", SAID, at=seconds + 60),
        *(thread.lit(who, "m1", seconds + 90 + number) for number, who in enumerate(("ben", "cy", "dee"))),
    )
    return round


async def the_round_up(house: House) -> str:
    for day in (1, 2):
        await at(house, TUESDAY + day * DAY)
    for moment in (FRIDAY, FRIDAY + LATER):
        await at(house, moment)
    (text,) = posted(house)
    return text


async def keeps(house: House, quoted: str) -> None:
    """Eve keeps her own reply as a story."""
    form = await choose(house, "eve", "eve", words=SAID)
    fields = {"words": SAID, "shoes": "carer", "named": "no", "quoted": quoted}
    kept = await send(house, sends(form), fields, who="eve")
    assert kept.accepted, said(kept)


async def test_a_reply_that_nobody_asked_to_keep_is_quoted_in_the_round_up(house: House) -> None:
    await a_thread_of_today(house)

    assert SAID in await the_round_up(house)


@pytest.mark.parametrize("quoted", ["yes", "no"])
async def test_a_reply_kept_as_a_story_is_quoted_as_its_writer_says(house: House, quoted: str) -> None:
    await a_thread_of_today(house)
    await keeps(house, quoted)

    assert (SAID in await the_round_up(house)) is (quoted == "yes")


async def test_a_reply_whose_story_was_taken_back_is_in_no_later_round_up_and_report(house: House) -> None:
    await a_thread_of_today(house)
    await keeps(house, "yes")
    (row,) = await house.rows("stories")
    gone = await house.press("eve", Action(Verb.TAKE_STORY_BACK, about=str(row["id"]), value="sure"))
    assert gone.accepted, said(gone)

    assert SAID not in await the_round_up(house)
    (campaign,) = await house.rows("campaigns")
    await to_its_end(house)
    assert SAID not in await reported(house, str(campaign["id"]))


async def test_a_reply_that_its_writer_was_asked_about_waits_for_their_yes(house: House) -> None:
    await a_thread_of_today(house)
    await choose(house, "ben", "eve", words=SAID)

    assert SAID not in await the_round_up(house)
