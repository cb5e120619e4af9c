"""Round-ups as they are stored: one per campaign, channel and local date, edited until it is sent."""

from __future__ import annotations

import asyncio

import pytest

from bot.game.campaigns import RoundUpState
from storage import round_ups
from storage.database import Database, Transaction
from storage.round_ups import Draft
from tests.builders import NOON
from tests.storage.builders import ROOM
from tests.storage.campaigning import DAY, MONDAY, WEEK, set_up

pytestmark = pytest.mark.asyncio

FRIDAY = MONDAY + 4 * DAY
AT = NOON + 4 * DAY


async def test_a_date_has_one_round_up_however_many_draft_it_at_once(database: Database) -> None:
    await database.write(set_up)
    drafts = (database.write(lambda tx: round_ups.draft(tx, WEEK, ROOM, FRIDAY, AT)) for _ in range(4))

    assert sorted(await asyncio.gather(*drafts)) == [False, False, False, True]


async def test_a_round_up_is_edited_approved_and_sent_once(database: Database) -> None:
    def run(tx: Transaction) -> None:
        set_up(tx)
        assert round_ups.find(tx, WEEK, ROOM, FRIDAY) is None
        assert round_ups.draft(tx, WEEK, ROOM, FRIDAY, AT)
        drafted = Draft(at=AT, state=RoundUpState.DRAFTED, words=None)
        assert round_ups.find(tx, WEEK, ROOM, FRIDAY) == drafted

        assert round_ups.edit(tx, WEEK, ROOM, FRIDAY, "A quiet week.")
        assert round_ups.approve(tx, WEEK, ROOM, FRIDAY)
        assert not round_ups.approve(tx, WEEK, ROOM, FRIDAY)
        assert round_ups.edit(tx, WEEK, ROOM, FRIDAY, "A good week.")
        approved = Draft(at=AT, state=RoundUpState.APPROVED, words="A good week.")
        assert round_ups.find(tx, WEEK, ROOM, FRIDAY) == approved

        assert round_ups.sent(tx, WEEK, ROOM, FRIDAY)
        assert not round_ups.sent(tx, WEEK, ROOM, FRIDAY)
        assert not round_ups.edit(tx, WEEK, ROOM, FRIDAY, "Too late.")
        assert not round_ups.approve(tx, WEEK, ROOM, FRIDAY)
        sent = Draft(at=AT, state=RoundUpState.SENT, words="A good week.")
        assert round_ups.find(tx, WEEK, ROOM, FRIDAY) == sent

    await database.write(run)


async def test_the_next_one_begins_where_the_last_one_ended(database: Database) -> None:
    def run(tx: Transaction) -> None:
        set_up(tx)
        for week in range(3):
            round_ups.draft(tx, WEEK, ROOM, FRIDAY + 7 * week * DAY, AT + 7 * week * DAY)

        assert round_ups.last(tx, WEEK, ROOM, FRIDAY) is None
        assert round_ups.last(tx, WEEK, ROOM, FRIDAY + 14 * DAY) == AT + 7 * DAY

    await database.write(run)
