"""The pace of edits and posts: limits are kept, all share them, and the last one is soon there."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.pace import AT_ONCE, SPREAD, Pace, Turns
from tests import warp
from tests.builders import NOON
from tests.warp import WarpLoop

GAP = timedelta(seconds=2)
A_MINUTE = 45
STEP = timedelta(seconds=0.1)
MINUTE = timedelta(minutes=1)

Edit = tuple[datetime, str]  # when, which board


def wait(pace: Pace, board: str, now: datetime, community: str = "home") -> timedelta:
    return pace.wait(board, community, now, gap=GAP, a_minute=A_MINUTE)


def edits(boards: int, seconds: float, until: float, seed: int = 0) -> list[Edit]:
    """Boards that change all the time for `seconds`, and then once more: the edits that go, in order.

    Each comes back when it was told to, or a little later; what changes meanwhile goes with it.
    """
    pace, chance = Pace(), random.Random(seed)
    back = {f"board {n}": NOON for n in range(boards)}
    made: list[Edit] = []
    now = NOON
    while now < NOON + timedelta(seconds=until):
        for board in sorted(back, key=lambda _: chance.random()):
            if back[board] > now:
                continue
            waits = wait(pace, board, now)
            back[board] = now + waits
            if waits == AT_ONCE:
                made.append((now, board))
                if now > NOON + timedelta(seconds=seconds):
                    del back[board]  # it shows the last change
        now += STEP
    return made


def test_the_first_edit_of_a_board_goes_at_once_and_the_next_after_the_gap() -> None:
    pace = Pace()

    assert wait(pace, "board", NOON) == AT_ONCE
    assert wait(pace, "board", NOON + STEP) == GAP - STEP
    assert wait(pace, "board", NOON + GAP) == AT_ONCE
    assert wait(pace, "board", NOON + GAP) == GAP


def test_the_gap_counts_from_when_an_edit_came_through() -> None:
    pace = Pace()
    wait(pace, "board", NOON)

    pace.edited("board", NOON + STEP + GAP)

    assert wait(pace, "board", NOON + GAP) == STEP


@pytest.mark.parametrize("boards", [1, 2, 5, 50])
def test_the_limits_are_kept_whatever_changes(boards: int) -> None:
    made = edits(boards, seconds=200, until=200, seed=boards)

    for board in {board for _, board in made}:
        times = [at for at, each in made if each == board]
        assert all(later - earlier >= GAP for earlier, later in pairwise(times))
    times = [at for at, _ in made]
    # A place may be taken up a step later than it was given.
    assert all(later - first > MINUTE - STEP for first, later in zip(times, times[A_MINUTE:], strict=False))
    wanted = 30 * boards
    assert len(made) >= 0.9 * min(wanted, A_MINUTE) * 200 / 60, "and they are used"


@pytest.mark.parametrize("boards", [1, 2, 3, 5])
def test_after_ten_wild_seconds_every_board_is_exact_within_five_of_quiet(boards: int) -> None:
    made = edits(boards, seconds=10, until=60)

    for n in range(boards):
        last = max(at for at, board in made if board == f"board {n}")
        assert timedelta(seconds=10) < last - NOON <= timedelta(seconds=15)


def test_twenty_boards_that_change_once_do_not_wait() -> None:
    pace = Pace()

    assert {wait(pace, f"board {n}", NOON) for n in range(20)} == {AT_ONCE}


def test_boards_of_one_community_share_the_limit_fairly() -> None:
    made = edits(30, seconds=400, until=400)

    times = [sum(board == f"board {n}" for _, board in made) for n in range(30)]
    assert max(times) - min(times) <= 1


def test_a_board_has_one_place_in_the_queue_however_often_it_asks() -> None:
    pace = Pace()
    for n in range(A_MINUTE * 2):
        wait(pace, f"board {n}", NOON)
    place = wait(pace, "busy", NOON)

    assert place > AT_ONCE
    assert {wait(pace, "busy", NOON) for _ in range(10)} == {place}
    assert wait(pace, "later", NOON) > place
    assert wait(pace, "busy", NOON + place) == AT_ONCE


def test_another_community_has_a_limit_of_its_own() -> None:
    pace = Pace()
    for n in range(A_MINUTE * 2):
        wait(pace, f"board {n}", NOON)

    assert wait(pace, "board elsewhere", NOON, "elsewhere") == AT_ONCE


def test_without_a_limit_for_the_community_only_the_gap_counts() -> None:
    pace = Pace()
    for n in range(200):
        assert pace.wait(f"board {n}", "home", NOON, gap=GAP, a_minute=0) == AT_ONCE

    assert pace.wait("board 1", "home", NOON, gap=GAP, a_minute=0) == GAP


def test_what_is_over_is_forgotten() -> None:
    pace = Pace()
    for n in range(5_000):
        wait(pace, f"board {n}", NOON, f"community {n % 7}")

    later = NOON + timedelta(hours=3)
    wait(pace, "board", later)

    assert list(pace._ready) == ["board"]
    assert list(pace._queues) == ["home"]
    assert len(pace._queues["home"].taken) == 1
    assert pace._queues["home"].waiting == {}


def test_a_board_that_did_not_come_back_has_to_queue_again() -> None:
    pace = Pace()
    for n in range(A_MINUTE * 2):
        wait(pace, f"board {n}", NOON)
    place = wait(pace, "lost", NOON)

    back = NOON + place + 2 * MINUTE
    for n in range(A_MINUTE):
        wait(pace, f"other {n}", back)

    assert wait(pace, "lost", back) > AT_ONCE


def test_a_closed_community_opens_for_one_after_the_other() -> None:
    pace = Pace()
    pace.close("home", NOON + MINUTE)

    waits = [pace.opens("home", NOON) for _ in range(100)]

    assert waits[0] == MINUTE
    assert {later - earlier for earlier, later in pairwise(waits)} == {SPREAD}
    assert pace.opens("elsewhere", NOON) == AT_ONCE
    assert pace.opens("home", NOON + MINUTE) == AT_ONCE


def test_a_community_is_closed_until_the_latest_moment_it_was_told() -> None:
    pace = Pace()
    pace.close("home", NOON + MINUTE)
    pace.close("home", NOON + STEP)

    assert pace.opens("home", NOON) == MINUTE
    pace.opens("home", NOON + 2 * MINUTE)
    assert pace._closed == {}


# --- new posts -------------------------------------------------------------------------


def posts(how_many: int, a_minute: int = 200, seed: int = 0) -> list[datetime]:
    """Posts of one community that all want to go at noon: when each goes, coming back when it was told."""
    pace, chance = Pace(), random.Random(seed)
    back = {f"post {n}": NOON for n in range(how_many)}
    went: list[datetime] = []
    now = NOON
    while back:
        for post in [each for each in back if back[each] <= now]:
            waits = pace.post(post, "home", now, a_minute=a_minute)
            back[post] = now + waits + timedelta(seconds=chance.random() / 2 if waits else 0)
            if waits == AT_ONCE:
                went.append(now)
                del back[post]
        now += STEP
    return went


@pytest.mark.parametrize("seed", range(3))
def test_no_minute_has_more_posts_than_a_community_may_send(seed: int) -> None:
    went = posts(500, seed=seed)

    for first in went:
        assert sum(first <= each < first + MINUTE for each in went) <= 200 * 1.1, (
            first
        )  # those that waited come a little late
    assert went[-1] <= NOON + 500 / 200 * MINUTE


def test_as_many_posts_as_a_minute_has_room_for_go_at_once() -> None:
    assert set(posts(160)) == {NOON}


def test_where_there_is_no_limit_no_post_waits() -> None:
    assert set(posts(1_000, a_minute=0)) == {NOON}


def test_communities_do_not_wait_for_each_other() -> None:
    pace = Pace()
    for number in range(300):
        pace.post(f"post {number}", "home", NOON, a_minute=200)

    assert pace.post("another", "away", NOON, a_minute=200) == AT_ONCE


# --- calls, one by one -----------------------------------------------------------------


def test_no_second_has_more_than_two_calls_beyond_its_share() -> None:
    async def main(loop: WarpLoop) -> list[float]:
        turns = Turns(46.5)
        went: list[float] = []

        async def call(number: int) -> None:
            await asyncio.sleep(number % 7 * 0.01)
            await turns.turn()
            went.append(loop.time())
            if number % 50 == 0:
                loop.jump(0.3)  # a busy machine

        await asyncio.gather(*(call(number) for number in range(500)))
        return went

    went = warp.run(NOON, main)

    assert max(sum(first <= each < first + 1 for each in went) for first in went) <= 48
    assert went[-1] - went[0] <= 500 / 46.5 + 10 * 0.3


def test_a_call_after_a_quiet_time_does_not_wait() -> None:
    async def main(loop: WarpLoop) -> float:
        turns = Turns(46.5)
        await turns.turn()
        await asyncio.sleep(10)
        begun = loop.time()
        await turns.turn()
        return loop.time() - begun

    assert warp.run(NOON, main) == 0


def test_nobody_goes_while_others_call() -> None:
    async def main(loop: WarpLoop) -> float:
        turns = Turns(46.5)
        turns.rest(1)
        await turns.turn()
        return loop.time()

    assert warp.run(NOON, main) >= 1
