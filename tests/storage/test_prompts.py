"""The prompts of a stored campaign: added, approved, moved, corrected, removed; none is lost or doubled."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from bot.game.campaigns import Prompt, PromptId
from bot.game.model import RoundId
from storage import campaigns, prompts
from storage.database import Database, Transaction
from storage.prompts import NoSuchPrompt
from tests.builders import NOON, a_card
from tests.storage import builders
from tests.storage.builders import R1, ROOM
from tests.storage.campaigning import DAY, FULL, MONDAY, WEEK, a_campaign, a_day, a_prompt, load, set_up

pytestmark = pytest.mark.asyncio

P1, P2, P3 = PromptId("p1"), PromptId("p2"), PromptId("p3")
R2 = RoundId("r2")


async def _queue(database: Database) -> list[PromptId]:
    return [prompt.id for prompt in (await database.read(load)).prompts]


async def test_a_prompt_is_added_at_a_place_or_as_the_next_free(database: Database) -> None:
    await database.write(set_up)
    for prompt, at in ((a_prompt("second"), 1), (a_prompt("last"), None), (a_prompt("first"), 0)):
        await database.write(partial(_add, prompt=prompt, at=at))

    assert await _queue(database) == ["first", "p1", "second", "p2", "p3", "last"]
    assert (await database.read(load)).reserve == ()


def _add(tx: Transaction, *, prompt: Prompt, at: int | None = None, reserve: bool = False) -> None:
    load(tx)
    prompts.add(tx, WEEK, prompt, at=at, reserve=reserve)


async def test_a_reserve_has_an_order_of_its_own(database: Database) -> None:
    await database.write(set_up)
    for id in ("r1", "r2"):
        await database.write(partial(_add, prompt=a_prompt(id), at=0, reserve=True))

    found = await database.read(load)

    assert found == replace(a_campaign(), reserve=(a_prompt("r2"), a_prompt("r1")))


async def test_everything_said_of_a_prompt_is_kept(database: Database) -> None:
    await database.write(set_up)
    for story in FULL.prompts[1:]:
        await database.write(partial(_add, prompt=story))

    assert (await database.read(load)).prompts[3:] == FULL.prompts[1:]


async def test_prompts_that_are_added_at_once_get_a_place_each(database: Database) -> None:
    await database.write(set_up)
    new = [a_prompt(f"n{number}") for number in range(6)]

    await asyncio.gather(*(database.write(partial(_add, prompt=prompt, at=1)) for prompt in new))

    queue = await _queue(database)
    assert (queue[0], queue[-2:]) == ("p1", ["p2", "p3"])
    assert set(queue[1:-2]) == {prompt.id for prompt in new}


async def test_a_story_is_approved_once(database: Database) -> None:
    await database.write(lambda tx: set_up(tx, FULL))
    waiting = FULL.prompts[2]

    assert await database.write(lambda tx: prompts.approve(tx, WEEK, waiting.id, NOON))
    assert not await database.write(lambda tx: prompts.approve(tx, WEEK, waiting.id, NOON + DAY))
    assert not await database.write(lambda tx: prompts.approve(tx, WEEK, P1, NOON))

    found = (await database.read(load)).prompts
    assert found == (*FULL.prompts[:2], replace(waiting, approved_at=NOON))


@pytest.mark.parametrize(
    "moved, at, queue",
    [
        (P3, 0, ["p3", "p1", "p2"]),
        (P1, None, ["p2", "p3", "p1"]),
        (P1, 1, ["p2", "p1", "p3"]),
        (P2, 1, ["p1", "p2", "p3"]),
        (P2, 99, ["p1", "p3", "p2"]),
    ],
)
async def test_a_prompt_moves_in_its_queue(
    database: Database, moved: PromptId, at: int | None, queue: list[str]
) -> None:
    await database.write(set_up)

    await database.write(lambda tx: prompts.move(tx, WEEK, moved, at=at))

    assert await _queue(database) == queue


async def test_a_prompt_is_meant_for_a_date_until_it_is_moved_again(database: Database) -> None:
    await database.write(set_up)

    await database.write(lambda tx: prompts.move(tx, WEEK, P3, at=2, on=MONDAY))
    assert (await database.read(load)).prompts[2] == a_prompt("p3", on=MONDAY)

    await database.write(lambda tx: prompts.move(tx, WEEK, P3, at=2))
    assert await database.read(load) == a_campaign()


async def test_a_prompt_is_removed_until_a_channel_has_had_it(database: Database) -> None:
    await database.write(set_up)
    await database.write(lambda tx: campaigns.note(tx, WEEK, ROOM, a_day(1), R1))

    assert not await database.write(lambda tx: prompts.remove(tx, WEEK, P1))
    assert await database.write(lambda tx: prompts.remove(tx, WEEK, P2))
    assert await _queue(database) == ["p1", "p3"]

    await database.write(partial(_add, prompt=a_prompt("p4"), at=1))
    assert await _queue(database) == ["p1", "p4", "p3"]


async def test_a_corrected_prompt_is_corrected_where_it_was_posted_and_says_so(database: Database) -> None:
    right = a_card(id=a_prompt("p1").card.id, statement="They talk to me over her head.")
    after = replace(a_prompt("p1"), card=right, credit="Grace, a nurse")

    def post(tx: Transaction) -> None:
        set_up(tx)
        for number, round in enumerate((R1, R2), start=1):
            prompt = a_prompt(f"p{number}")
            campaigns.note(tx, WEEK, ROOM, a_day(number, at=NOON), round)
            builders.deal(tx, round, card=prompt.card)

    await database.write(post)
    shown = await database.write(lambda tx: prompts.correct(tx, WEEK, after, NOON + DAY))
    again = await database.write(lambda tx: prompts.correct(tx, WEEK, after, NOON + 2 * DAY))

    assert (shown, again) == ([R1], [])
    assert (await database.read(load)).prompts[0] == after
    cards = await database.write(lambda tx: [builders.load(tx, id=id).round.card for id in (R1, R2)])
    assert cards == [right, a_prompt("p2").card]
    said = await database.read(lambda tx: [campaigns.occasion(tx, id) for id in (R1, R2)])
    assert [(each.corrected, each.credit) for each in said if each is not None] == [
        (True, "Grace, a nurse"),
        (False, ""),
    ]


async def test_a_prompt_that_is_corrected_before_it_goes_out_says_nothing(database: Database) -> None:
    await database.write(set_up)
    after = replace(a_prompt("p1"), card=a_card(statement="They talk to me over her head."))

    assert await database.write(lambda tx: prompts.correct(tx, WEEK, after, NOON - DAY)) == []
    await database.write(lambda tx: campaigns.note(tx, WEEK, ROOM, a_day(1), R1))

    said = await database.read(lambda tx: campaigns.occasion(tx, R1))
    assert said is not None
    assert not said.corrected


async def test_what_is_no_prompt_of_the_campaign_is_refused(database: Database) -> None:
    def run(tx: Transaction) -> None:
        set_up(tx)
        nothing = a_prompt("no such prompt")
        for attempt in (
            lambda: prompts.approve(tx, WEEK, nothing.id, NOON),
            lambda: prompts.correct(tx, WEEK, nothing, NOON),
            lambda: prompts.move(tx, WEEK, nothing.id),
            lambda: prompts.remove(tx, WEEK, nothing.id),
        ):
            with pytest.raises(NoSuchPrompt):
                attempt()

    await database.write(run)

    assert await database.read(load) == a_campaign()
