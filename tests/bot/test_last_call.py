"""The last call and quiet hours, through the whole house: what is on the wall, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.actions import Action, Verb
from bot.game.model import Policy, RoundId
from bot.presses import Wish, deal_action
from storage import alarms, outbox
from tests.bot.house import ROOM, House, a_house, said
from tests.builders import NOON, hours
from tests.gallery.plain import plain

pytestmark = pytest.mark.asyncio

CARERS = ("cat", "cem", "cyd")
STAFF = ("sal", "sam", "sid")
LAST_CALL = "Last call"
WORDS = "Please ask him first."


async def declare(house: House) -> None:
    """Three carers and three of the staff have played here before and said what they live."""
    round = await house.deal(Policy.AFTER_YOU)
    for who, role in [*((each, "carer") for each in CARERS), *((each, "frontline") for each in STAFF)]:
        await house.respond(who, round, WORDS, own_role=role)
    await house.press("ada", Action(Verb.CLOSE, round))
    await house.jobs.settle()
    house.chat.posts.clear()


def posted(house: House, words: str) -> list[str]:
    """The posts with these words in them."""
    return [text for each in house.chat.posts.values() if words in (text := plain(each))]


async def test_the_last_call_names_a_group_that_is_not_yet_heard(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await declare(house)
        round = await house.deal()
        await house.respond("sal", round, WORDS)
        await house.ring(after=hours(17))
        assert posted(house, LAST_CALL) == []

        house.now = NOON + hours(18)  # 07:00 in London: quiet hours
        await house.jobs.settle()
        house.now = NOON + hours(19)
        await house.jobs.settle()

        (line,) = posted(house, LAST_CALL)
        assert "One response so far. We have not heard yet from carers." in line


async def test_a_group_below_the_threshold_is_never_named(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        first = await house.deal(Policy.AFTER_YOU)
        for who in CARERS[:2]:
            await house.respond(who, first, WORDS, own_role="carer")
        await house.press("ada", Action(Verb.CLOSE, first))
        await house.deal()
        await house.ring(after=hours(20))

        (line,) = posted(house, LAST_CALL)
        assert "not heard" not in line


async def test_whoever_is_heard_before_it_is_posted_is_not_named(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await declare(house)
        round = await house.deal()
        await house.ring(after=hours(18))  # the last call is made at 07:00, and waits for 08:00
        await house.respond("cat", round, WORDS)
        await house.ring(after=hours(1))

        (line,) = posted(house, LAST_CALL)
        assert "We have not heard yet from staff and providers." in line


async def test_a_silent_group_is_waited_for_once_and_then_the_recap_says_so(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await declare(house)
        round = await house.deal()
        await house.respond("sal", round, WORDS)
        await house.ring(after=hours(20))
        await house.ring(after=hours(4))

        (notice,) = posted(house, "We wait a little longer")
        assert "We have not heard yet from carers." in notice
        assert (await row(house, round))["reveal_at"] == stored(NOON + hours(32))  # 21:00 in London

        await house.ring(after=hours(24))
        await house.ring(after=hours(24))
        assert posted(house, "Not yet heard from: carers.") != []
        assert len(posted(house, LAST_CALL)) == 1
        assert len(posted(house, "We wait a little longer")) == 1


async def test_in_an_open_round_words_from_the_form_are_posted_and_voted_on_from_the_last_call_on(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        round = await house.deal(Policy.OPEN)
        await house.respond("ben", round, "Please look at him.")
        await house.ring(after=hours(17))
        assert posted(house, "Please look at him.") == []
        assert "no words by others" in said(await house.press("eve", Action(Verb.VOTE, round)))

        await house.ring(after=hours(2))
        assert len(posted(house, "Please look at him.")) == 1
        assert "Please look at him." in said(await house.press("eve", Action(Verb.VOTE, round)))
        assert "no words by others" in said(await house.press("ben", Action(Verb.VOTE, round)))


async def test_words_that_were_posted_at_the_last_call_can_still_be_changed_and_taken_back(
    tmp_path: Path,
) -> None:
    async with a_house(tmp_path) as house:
        round = await house.deal(Policy.OPEN)
        for who in ("ben", "cat", "dev", "eve", "fay", "gil"):
            await house.respond(who, round, f"{who} says so.")
        await house.ring(after=hours(20))
        for who in ("ben", "cat"):
            await house.press(who, Action(Verb.WITHDRAW, round))
        await house.respond("dev", round, "Dev says more.")
        await house.respond("hal", round, "Hal comes late.")
        await house.jobs.settle()
        assert "Dev says more." in house.chat.text
        assert "ben says so." not in house.chat.text
        assert "Hal comes late." not in house.chat.text

        await house.ring(after=hours(4))
        assert "Hal comes late." in house.chat.text
        places = [each["place"] for each in await house.rows("responses")]
        assert len(set(places)) == len(places) == 5


async def test_a_live_round_has_no_last_call(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await deal(house, respond=60, vote=60)
        await house.ring(after=timedelta(minutes=59))

        assert posted(house, LAST_CALL) == []


# --- quiet hours -------------------------------------------------------------------------

EVENING = datetime(2027, 6, 7, 20, 30, tzinfo=UTC)  # 21:30 in London
MORNING = datetime(2027, 6, 8, 7, tzinfo=UTC)  # 08:00 in London


async def deal(house: House, *, respond: int, vote: int) -> RoundId:
    wish = Wish(
        card=house.service.decks[0].cards[0].id,
        policy=Policy.TOGETHER,
        respond=respond,
        vote=vote,
        fair=False,
    )
    answer = await house.press("ada", deal_action(wish))
    assert answer.round is not None, said(answer)
    return answer.round


async def test_a_card_that_is_dealt_at_night_is_there_at_once_with_its_welcome(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.now = EVENING
        await deal(house, respond=240, vote=240)
        await house.jobs.settle()

        assert posted(house, "Welcome to In My Shoes") != []
        assert posted(house, "A new card") != []


async def test_what_a_night_brings_is_posted_at_eight_in_its_order(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.now = EVENING - hours(3)
        round = await deal(house, respond=240, vote=24 * 60)
        await house.respond("ben", round, WORDS, tell="yes")
        await house.press("ben", Action(Verb.TELL_ME, round))
        await house.jobs.settle()
        before = list(house.chat.posts)

        house.now = EVENING + hours(1)
        await house.jobs.settle()
        assert (await row(house, round))["phase"] == "voting", "the phase changes in its time"
        assert posted(house, "Time to vote") != [], "a board that is there is brought up to date"
        assert list(house.chat.posts) == before
        assert house.chat.whispers == []

        house.now = MORNING - timedelta(seconds=1)
        await house.jobs.settle()
        assert list(house.chat.posts) == before

        house.now = MORNING
        await house.jobs.settle()
        new = [plain(each) for key, each in house.chat.posts.items() if key not in before]
        assert [WORDS in each for each in new] == [True, False]
        assert "You can vote until" in new[1]
        assert [who for who, _ in house.chat.whispers] == ["ben"]


async def test_a_line_that_is_over_by_the_morning_is_not_posted_any_more(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.now = EVENING
        await deal(house, respond=240, vote=240)
        for _ in range(20):
            await house.ring(after=hours(1))

        assert posted(house, LAST_CALL) == []
        assert posted(house, "You can vote until") == []
        assert len(posted(house, "# What we heard")) == 1


async def test_a_live_round_goes_on_at_night(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.now = EVENING
        round = await deal(house, respond=60, vote=60)
        await house.respond("ben", round, WORDS)
        await house.ring(after=hours(1))
        assert posted(house, WORDS) != []

        await house.ring(after=hours(1))
        assert posted(house, "What we heard") != []


async def test_what_waits_for_the_morning_stands_in_nobodys_way(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.now = EVENING
        first = await deal(house, respond=240, vote=240)
        await house.press("ben", Action(Verb.SEND_PAUSE, first), reason="A name is in it.")
        await house.jobs.settle()
        assert posted(house, "Somebody asked for a pause") == []
        assert [who for who, _ in house.chat.whispers] == ["ada"], "whoever decides hears of it at once"

        await deal(house, respond=240, vote=240)
        await house.jobs.settle()
        assert len(posted(house, "A new card")) == 1


async def test_what_a_crash_at_night_leaves_in_doubt_waits_too_unless_it_is_there(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        house.now = EVENING - hours(3)
        round = await deal(house, respond=240, vote=24 * 60)
        await house.respond("ben", round, WORDS)
        await house.jobs.settle()
        before = list(house.chat.posts)

        house.now = EVENING + hours(1)
        for key in await house.database.read(lambda tx: alarms.due(tx, house.now)):
            await house.service.ring(key, house.now)
        claimed = await house.database.write(lambda tx: outbox.claim(tx, ROOM, house.now))
        while claimed is not None and claimed.post is not None:  # what is edited in place is no post
            await house.database.write(partial(outbox.sent, claimed=claimed, ref=claimed.post))
            claimed = await house.database.write(lambda tx: outbox.claim(tx, ROOM, house.now))
        assert claimed is not None, "here the program ended, before the courier had looked at the clock"
        await house.jobs.settle()
        assert list(house.chat.posts) == before

        house.now = MORNING
        await house.jobs.settle()
        new = [plain(each) for key, each in house.chat.posts.items() if key not in before]
        assert [WORDS in each for each in new] == [True, False]


async def row(house: House, round: RoundId) -> dict[str, object]:
    (found,) = [dict(each) for each in await house.rows("rounds") if each["id"] == round]
    return found


def stored(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
