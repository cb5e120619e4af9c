"""Delivery: long messages in parts, boards in the platform's pace, and failures disturb nobody else."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.actions import Action, Verb, write
from bot.chat import (
    ChannelGone,
    ContentRefused,
    DeliveryFailed,
    NotInvited,
    PostGone,
    Press,
    ReplyLost,
    TryLater,
    WhisperClosed,
)
from bot.game.model import ChannelId, CommunityId, PlayerId, Policy, RoundId
from bot.presses import Wish, deal_action
from storage import communities, outbox
from storage.database import Transaction
from storage.tables import METADATA
from tests.bot.house import HOME, ROOM, House, a_house
from tests.bot.picky import Picky
from tests.builders import NOON
from tests.gallery.plain import plain
from tests.storage.builders import found_room

pytestmark = pytest.mark.asyncio

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
PEOPLE = ("ben", "cat", "dan", "eve", "fay", "gus")
SHORT = 900  # characters: the board fits, a page of long responses does not


@contextlib.asynccontextmanager
async def a_picky_house(folder: Path, chat: Picky) -> AsyncIterator[tuple[House, Picky]]:
    async with a_house(folder, chat=chat) as house:
        yield house, chat


def long_words(who: str) -> str:
    """A response that takes about half of a short post."""
    return f"{who.title()} says: " + "please ask them first. " * 18


def shown(chat: Picky, words: str) -> list[str]:
    """The keys of the posts that show some words, in the order in which they came."""
    return [key for key, message in chat.posts.items() if words in plain(message)]


async def reveal(house: House) -> RoundId:
    """Six people have written a lot, and it is opened: two pages, the first of five responses."""
    round = await written(house)
    await house.ring(after=DAY)
    return round


async def written(house: House) -> RoundId:
    """A round that six people have responded to."""
    round = await house.deal(Policy.TOGETHER)
    for who in PEOPLE:
        await house.respond(who, round, long_words(who))
    await house.jobs.settle()
    return round


async def show_again(house: House, round: RoundId) -> None:
    """Something has changed on both pages."""
    for slot in ("page:1", "page:2"):
        await house.database.write(partial(outbox.put, channel=ROOM, round=round, slot=slot))
    await house.jobs.settle()


async def test_what_is_for_a_platform_we_are_not_on_waits_and_is_never_given_up(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        there = house.chats.pop("web")
        await house.deal()
        await house.ring(after=MINUTE)
        await house.ring(after=3 * DAY)
        waiting = await house.rows("outbox")
        assert len(waiting) > 1
        assert {row["state"] for row in waiting} == {"pending"}

        house.chats["web"] = there
        await house.ring(after=DAY)

        assert await house.rows("outbox") == []
        assert len(shown(chat, "Welcome to In My Shoes")) == 1


async def test_a_post_over_the_limit_waits_and_what_is_behind_it_waits_with_it(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky(posts_a_minute=5)) as (house, chat):
        for _ in range(4):
            await house.deal()
        await house.jobs.settle()
        before = list(chat.posts)
        assert len(before) == 4  # the welcome, and three of four boards

        await house.ring(after=MINUTE)

        assert [*chat.posts][:4] == before
        assert len(chat.posts) == 5
        assert await house.rows("outbox") == []
        assert chat.doubled == []


# --- parts -------------------------------------------------------------------------------------


async def test_a_message_too_long_for_a_post_comes_in_parts_before_whatever_is_behind_it(
    tmp_path: Path,
) -> None:
    async with a_picky_house(tmp_path, Picky(room=SHORT)) as (house, chat):
        await reveal(house)

        parts = shown(chat, "says:")
        assert len(parts) >= 3
        assert len(set(parts)) == len(parts)
        said = "".join(plain(chat.posts[key]) for key in parts)
        assert all(said.count(f"{who.title()} says:") == 1 for who in PEOPLE)
        behind = shown(chat, "You can vote now")
        order = list(chat.posts)
        assert behind
        assert all(order.index(key) < order.index(behind[0]) for key in parts)
        assert await house.rows("outbox") == []


async def test_a_message_that_fits_is_one_post_with_an_unmarked_slot(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        await reveal(house)

        assert not any("." in key for key in chat.posts)
        assert not any("~" in str(row["slot"]) for row in await house.rows("posts"))


@pytest.mark.parametrize("part", [1, 2, 3])
async def test_after_a_lost_answer_between_parts_each_comes_once_and_in_order(
    tmp_path: Path, part: int
) -> None:
    async with a_picky_house(tmp_path, Picky(room=SHORT)) as (house, chat):
        await written(house)
        chat.failing["post"] += [*[None] * (part - 1), ReplyLost()]
        await house.ring(after=DAY)
        there = shown(chat, "says:")
        await house.ring(after=MINUTE)

        parts = shown(chat, "says:")
        assert len(there) == part
        assert len(parts) > part
        assert parts[:part] == there
        assert chat.doubled == []
        said = "".join(plain(chat.posts[key]) for key in parts)
        assert all(said.count(f"{who.title()} says:") == 1 for who in PEOPLE)
        assert parts == sorted(parts, key=lambda key: [int(n) for n in key.removeprefix("shoes-").split(".")])


async def test_a_change_is_edited_into_every_part(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky(room=SHORT)) as (house, chat):
        round = await reveal(house)
        before = dict(chat.posts)
        parts = shown(chat, "says:")

        chat.room = 10_000  # what no longer needs several posts
        await show_again(house, round)

        assert list(chat.posts) == list(before)
        pages = sorted({key.partition(".")[0] for key in parts})
        assert shown(chat, "says:") == pages
        assert shown(chat, "not needed any more") == [key for key in parts if "." in key]

        chat.room = SHORT  # and needs them again
        await show_again(house, round)

        assert {key: plain(message) for key, message in chat.posts.items()} == {
            key: plain(message) for key, message in before.items()
        }


async def test_a_message_that_grows_gets_another_part(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky(room=3_500)) as (house, chat):
        round = await reveal(house)
        before = shown(chat, "says:")

        chat.room = SHORT
        await show_again(house, round)

        after = shown(chat, "says:")
        assert len(after) > len(before)
        assert set(before) <= set(after)
        said = "".join(plain(chat.posts[key]) for key in after)
        assert all(said.count(f"{who.title()} says:") == 1 for who in PEOPLE)
        assert await house.rows("outbox") == []


# --- the pace of boards -----------------------------------------------------------------------


async def open_board(house: House) -> RoundId:
    """A board that shows how many have written."""
    round = await house.deal(Policy.OPEN)
    await house.jobs.settle()
    return round


async def test_two_thousand_responses_in_ten_seconds_are_a_few_edits_and_the_last_is_exact(
    tmp_path: Path,
) -> None:
    async with a_picky_house(tmp_path, Picky(edit_gap=2, edits_a_minute=45)) as (house, chat):
        round = await open_board(house)
        board = partial(outbox.put, channel=ROOM, round=round, slot="board")
        for n in range(2_000):
            if n % 250 == 0:  # each press costs more than what it is about here: what is shown
                await house.respond(f"person {n}", round, "Ask her first.")
            await house.database.write(board)
            if n % 20 == 0:
                await house.ring(after=SECOND / 10)
        for _ in range(5):
            await house.ring(after=SECOND)

        assert 5 <= chat.count("edit") <= 7
        assert "8 responses so far" in plain(chat.posts[shown(chat, "A new card")[0]])
        assert await house.rows("outbox") == []


async def test_others_go_before_a_board_that_is_held(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky(edit_gap=60)) as (house, chat):
        round = await house.deal(Policy.TOGETHER)
        await house.jobs.settle()
        await house.respond("ben", round, "Ask her first.")
        await house.ring(after=DAY)  # an edit of the board, and the reveal
        await house.press("ada", Action(Verb.CLOSE, round))
        await house.jobs.settle()

        (held,) = await house.rows("outbox")
        assert (held["slot"], held["attempts"], held["first_tried_at"]) == ("board", 0, None)
        assert shown(chat, "What we heard")

        await house.ring(after=MINUTE)
        assert await house.rows("outbox") == []
        assert shown(chat, "# Closed")


# --- too many calls ---------------------------------------------------------------------------


async def test_one_effect_that_has_to_wait_holds_its_own_channel_only(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        await add_rooms(house, "den")
        chat.failing["post"] += [TryLater(30)]
        await house.deal()
        await house.jobs.settle()
        await deal_in(house, "den")
        await house.jobs.settle()

        assert set(chat.places.values()) == {"den"}
        await house.ring(after=30 * SECOND)
        assert set(chat.places.values()) == {ROOM, "den"}


async def test_when_a_whole_community_has_to_wait_nobody_calls_and_they_come_back_one_by_one(
    tmp_path: Path,
) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        dens = [f"den {n}" for n in range(12)]
        await add_rooms(house, *dens)
        chat.failing["post"] += [TryLater(30, everywhere=True)]
        await house.deal()
        await house.jobs.settle()
        for den in dens:
            await deal_in(house, den)
        await house.jobs.settle()

        assert chat.calls == ["post"]
        came: list[int] = []
        for _ in range(70):
            before = len(set(chat.places.values()))
            await house.ring(after=SECOND if not came else SECOND / 10)
            now = len(set(chat.places.values())) - before
            came += [now] if came or now else []
        assert sum(came) == 13
        assert max(came) <= 2, "no storm"
        assert house.now > NOON + 30 * SECOND
        assert await house.rows("outbox") == []


async def test_another_community_does_not_wait(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        await add_rooms(house, "their den", community="elsewhere")
        chat.failing["post"] += [TryLater(30, everywhere=True)]
        await house.deal()
        await house.jobs.settle()
        await deal_in(house, "their den", "elsewhere")
        await house.jobs.settle()

        assert set(chat.places.values()) == {"their den"}


# --- looking before repeating -----------------------------------------------------------------


async def test_a_post_whose_answer_was_lost_is_looked_up_even_if_looking_has_to_wait(
    tmp_path: Path,
) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        chat.failing["post"] += [ReplyLost()]
        chat.failing["find"] += [TryLater(5), ReplyLost(), TryLater(5)]
        await house.deal()
        for _ in range(8):
            await house.ring(after=MINUTE)

        assert chat.count("find") == 4
        assert chat.doubled == []
        assert await house.rows("outbox") == []


@pytest.mark.parametrize("answers_lost", [1, 2, 3])
async def test_where_nobody_can_look_a_post_is_repeated_once_and_never_more(
    tmp_path: Path, answers_lost: int
) -> None:
    async with a_picky_house(tmp_path, Picky(finds=False)) as (house, chat):
        round = await house.deal()
        await house.jobs.settle()
        posts = chat.count("post")
        chat.failing["post"] += [ReplyLost()] * answers_lost
        await house.database.write(partial(outbox.put, channel=ROOM, round=round, slot="line:taken_back"))
        for _ in range(8):
            await house.ring(after=MINUTE)

        assert chat.count("post") == posts + 2
        assert len(chat.doubled) == 1
        assert await house.rows("outbox") == []


async def test_a_repeat_that_was_refused_for_now_is_no_repeat(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky(finds=False)) as (house, chat):
        chat.failing["post"] += [ReplyLost(), TryLater(5), TryLater(5)]
        await house.deal()
        for _ in range(8):
            await house.ring(after=MINUTE)

        assert len(chat.doubled) == 1
        assert await house.rows("outbox") == []


async def test_after_a_crash_in_a_repeat_nothing_is_sent_a_third_time(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky(finds=False)) as (house, chat):
        round = await house.deal()
        await house.jobs.settle()
        await house.database.write(partial(outbox.put, channel=ROOM, round=round, slot="line:taken_back"))
        posts = chat.count("post")

        def crashed_in_a_repeat(tx: Transaction) -> None:
            claimed = outbox.claim(tx, ROOM, house.now)
            assert claimed is not None
            outbox.repeat(tx, claimed)

        await house.database.write(crashed_in_a_repeat)
        await house.jobs.settle()

        assert chat.count("post") == posts
        assert await house.rows("outbox") == []


async def test_a_whisper_whose_answer_is_lost_every_time_is_said_twice(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        round = await house.deal()
        chat.failing["whisper"] += [ReplyLost()] * 5
        await house.press("ben", Action(Verb.SEND_PAUSE, round), reason="too much for me")
        for _ in range(8):
            await house.ring(after=MINUTE)

        assert [who for who, _ in chat.whispers] == ["ada", "ada"]
        assert await house.rows("outbox") == []


async def test_a_whisper_that_the_platform_knows_by_its_key_is_repeated_until_it_is_there(
    tmp_path: Path,
) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        chat.capabilities = replace(chat.capabilities, whispers_by_key=True)
        round = await house.deal()
        chat.failing["whisper"] += [ReplyLost()] * 5
        await house.press("ben", Action(Verb.SEND_PAUSE, round), reason="too much for me")
        for _ in range(8):
            await house.ring(after=MINUTE)

        assert chat.count("whisper") == 6
        assert await house.rows("outbox") == []


# --- trouble ----------------------------------------------------------------------------------


@pytest.mark.parametrize("failed, words", [(ChannelGone, "archived or deleted"), (NotInvited, "/invite")])
async def test_who_looks_after_a_channel_is_told_once_that_it_is_gone_and_what_to_do(
    tmp_path: Path, failed: type[ChannelGone], words: str
) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        await house.deal(by="ada")
        await house.jobs.settle()
        there = len(chat.posts)
        chat.gone[ROOM] = failed()
        round = await house.deal(by="ben")
        for who in PEOPLE:
            await house.respond(who, round, "Ask her first.")
        await house.ring(after=DAY)
        await house.ring(after=DAY)

        assert sorted(who for who, _ in chat.whispers) == ["ada", "ben"]
        for _, message in chat.whispers:
            assert words in plain(message)
            assert "A team" in plain(message)
            assert "-> again" in plain(message)
        assert chat.count("post") == there + 1

        del chat.gone[ROOM]
        await house.database.write(lambda tx: communities.go_on(tx, ROOM))
        await house.jobs.settle()

        assert await house.rows("outbox") == []
        assert len(chat.whispers) == 2
        said = "".join(plain(message) for message in list(chat.posts.values())[there:])
        places = [said.index(each) for each in ("# Closed", "What we heard")]
        assert places == sorted(places)
        assert sum("# Closed" in plain(message) for message in chat.posts.values()) >= 1


async def test_what_is_told_of_a_channel_is_not_stopped_by_its_pause_and_backs_off(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        chat.gone[ROOM] = ChannelGone()
        chat.failing["whisper"] += [TryLater(20), DeliveryFailed()]
        await house.deal(by="ada")
        await house.jobs.settle()
        assert chat.whispers == []

        for _ in range(4):
            await house.ring(after=MINUTE)

        assert [who for who, _ in chat.whispers] == ["ada"]
        assert chat.count("post") == 1


async def test_a_channel_that_works_again_is_not_told_of_and_does_not_wait_for_it(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        chat.gone[ROOM] = ChannelGone()
        chat.failing["whisper"] += [TryLater(600)]
        await house.deal(by="ada")
        await house.jobs.settle()

        del chat.gone[ROOM]
        await house.database.write(lambda tx: communities.go_on(tx, ROOM))
        await house.jobs.settle()
        assert chat.posts

        await house.ring(after=15 * MINUTE)
        assert chat.whispers == []
        assert await house.rows("outbox") == []


async def test_a_channel_that_was_gone_for_days_loses_nothing(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        chat.gone[ROOM] = ChannelGone()
        await house.deal(by="ada")
        await house.ring(after=3 * DAY)

        del chat.gone[ROOM]
        chat.failing["post"] += [DeliveryFailed()]  # not a day of trying: it begins anew
        await house.database.write(lambda tx: communities.go_on(tx, ROOM))
        await house.ring(after=SECOND)
        await house.ring(after=MINUTE)

        assert len(chat.posts) >= 2
        assert await house.rows("outbox") == []


async def test_a_message_that_is_refused_is_told_once_by_its_number_and_the_next_goes_on(
    tmp_path: Path,
) -> None:
    async with a_picky_house(tmp_path, Picky(room=SHORT)) as (house, chat):
        round = await written(house)
        chat.failing["post"] += [None, ContentRefused()]
        await house.ring(after=DAY)

        (aside,) = await house.rows("outbox")
        assert (aside["slot"], aside["state"]) == ("page:1~2", "aside")
        ((who, message),) = chat.whispers
        assert who == "ada"
        assert "could not be shown" in plain(message)
        number = shown(chat, "says:")[0].removeprefix("shoes-") + ".2"
        assert f"number of the message: {number}." in plain(message)
        assert "says:" not in plain(message)
        assert len(shown(chat, "says:")) >= 2, "the parts behind it came"
        assert shown(chat, "You can vote now")

        chat.failing["post"] += [ContentRefused()]
        await show_again(house, round)
        assert len(chat.whispers) == 1, "told already"
        assert len(await house.rows("outbox")) == 1


async def test_a_post_that_somebody_deleted_is_no_trouble(tmp_path: Path) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        round = await open_board(house)
        chat.failing["edit"] += [PostGone()]
        await house.respond("ben", round, "Ask her first.")
        await house.jobs.settle()

        assert chat.count("edit") == 1
        assert chat.whispers == []
        assert await house.rows("outbox") == []


@pytest.mark.parametrize("failed", [WhisperClosed, ContentRefused])
async def test_a_whisper_that_does_not_arrive_leaves_no_trace_of_who_asked(
    tmp_path: Path, failed: type[DeliveryFailed]
) -> None:
    async with a_picky_house(tmp_path, Picky()) as (house, chat):
        round = await house.deal()
        await house.press("ben", Action(Verb.TELL_ME, round))
        await house.respond("cat", round, "Ask her first.")
        chat.failing["whisper"] += [failed()]
        await house.ring(after=DAY)

        assert chat.count("whisper") == 1
        assert await house.rows("outbox") == []
        assert shown(chat, "You can vote now")


async def add_rooms(house: House, *names: str, community: str = "home") -> None:
    """More channels, in this community or in another one."""

    def transaction(tx: Transaction) -> None:
        for name in names:
            row = {"id": name, "community_id": community, "ref": name, "name": name, "welcomed": False}
            tx.connection.execute(METADATA.tables["channels"].insert().values(**row))

    if community != HOME:
        home = ChannelId(f"{community} home")
        await house.database.write(partial(found_room, community=CommunityId(community), channel=home))
    await house.database.write(transaction)


async def deal_in(house: House, channel: str, community: str = "home") -> None:
    """Ada deals a card in another channel."""
    card = house.service.decks[0].cards[0].id
    press = Press(
        player=PlayerId("web", CommunityId(community), "ada"),
        channel=ChannelId(channel),
        action=write(deal_action(Wish(card=card, policy=Policy.TOGETHER, respond=60, vote=60, fair=False))),
        event=f"deal in {channel}",
    )
    assert (await house.service.press(press, house.now)).round is not None
