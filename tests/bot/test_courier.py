"""Delivery: long messages in parts, boards in the platform's pace, and failures disturb nobody else."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.actions import Action, Verb
from bot.chat import ReplyLost
from bot.game.model import Policy, RoundId
from storage import outbox
from tests.bot.house import ROOM, House, a_house
from tests.bot.picky import Picky
from tests.gallery.plain import plain

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
