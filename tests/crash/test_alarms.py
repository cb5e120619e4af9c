"""Alarms that fell due while the program was dead: each rings once, and the time for voting stays whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.crash import program
from tests.crash.players import Player
from tests.crash.stored import Facts
from tests.crash.world import World, wait_for

HOUR = 60 * 60  # seconds
LINE = "The responses are open. You can vote now."
AFTER_THE_DEAL = ("Welcome to In My Shoes", "board")
AFTER_THE_REVEAL = (*AFTER_THE_DEAL, "page:1", LINE)
AFTER_THE_CLOSE = (*AFTER_THE_REVEAL, "recap")


@pytest.fixture
def ada(world: World, player: Callable[[], Player]) -> Player:
    """Ada has dealt a card, with two hours to respond and then one to vote, and has responded."""
    ada = player()
    ada.start_room("Ward 4", "Ada")
    ada.deal(policy="together", respond="120", vote="60")
    ada.press(ada.page_with("send.", {"words": "Please ask her first.", "stance": "yes"}))
    world.settled()
    return ada


def phase(world: World) -> str:
    ((now,),) = world.stored.rows("SELECT phase FROM rounds")
    return str(now)


def reached(world: World, wanted: str) -> Facts:
    """What is stored once the round is in this phase, and all of it is posted."""
    wait_for(lambda: phase(world) == wanted, f"the round is {wanted}")
    return world.settled()


def after_another_look(world: World, ada: Player) -> Facts:
    """What is stored after the program has looked for due alarms again: every press makes it look."""
    for _ in range(2):
        ada.press(ada.page_with("reply.", {"words": "Still here."}))
    return world.settled()


def test_while_the_program_runs_each_rings_at_its_time(world: World, ada: Player) -> None:
    world.move_clock(2 * HOUR - 60)
    assert after_another_look(world, ada).feed == AFTER_THE_DEAL

    world.move_clock(2 * HOUR + 1)
    assert reached(world, "voting").feed == AFTER_THE_REVEAL

    world.move_clock(3 * HOUR - 60)
    assert after_another_look(world, ada).feed == AFTER_THE_REVEAL

    world.move_clock(3 * HOUR + 60)
    assert reached(world, "closed").feed == AFTER_THE_CLOSE
    assert after_another_look(world, ada).feed == AFTER_THE_CLOSE
    assert world.stored.rows("SELECT key FROM alarms WHERE key != 'scrub'") == []


def test_both_deadlines_pass_while_the_program_is_dead(world: World, ada: Player) -> None:
    world.kill()
    world.move_clock(24 * HOUR)
    before = program.moved_clock(world.folder / program.CLOCK)
    world.start()

    assert reached(world, "voting").feed == AFTER_THE_REVEAL
    ((closes_at, due_at),) = world.stored.rows("SELECT closes_at, due_at FROM rounds, alarms")
    rung = datetime.fromisoformat(closes_at).replace(tzinfo=UTC) - timedelta(hours=1)
    assert before <= rung <= program.moved_clock(world.folder / program.CLOCK)
    assert due_at == closes_at

    world.restart()
    assert after_another_look(world, ada).feed == AFTER_THE_REVEAL

    world.kill()
    world.move_clock(25 * HOUR + 5 * 60)
    world.start()

    assert reached(world, "closed").feed == AFTER_THE_CLOSE
    world.restart()
    assert after_another_look(world, ada).feed == AFTER_THE_CLOSE
    assert world.stored.rows("SELECT key FROM alarms WHERE key != 'scrub'") == []


def test_killed_again_and_again_while_an_alarm_is_due(world: World, ada: Player) -> None:
    world.kill()
    world.move_clock(24 * HOUR)
    for _ in range(5):
        world.start()  # answers before it has looked for alarms, so each kill finds it somewhere else
        world.kill()
    world.start()

    assert reached(world, "voting").feed == AFTER_THE_REVEAL
