"""A browser room's posts: what is forgotten of them when a round closes."""

from __future__ import annotations

import pytest

from bot.game.model import ChannelId, RoundId
from storage import room
from storage.database import Database, Transaction
from tests.builders import NOON
from tests.storage.builders import ELSEWHERE, ROOM, deal, found_room

pytestmark = pytest.mark.asyncio

HALL = ChannelId("hall")


async def test_cards_that_were_whispered_go_with_their_round_and_nothing_else_does(
    database: Database,
) -> None:
    def run(tx: Transaction) -> None:
        found_room(tx)
        found_room(tx, ELSEWHERE, HALL)
        deal(tx, RoundId("r_1"))

        def post(key: str, message: str, user: str | None = "ben", channel: ChannelId = ROOM) -> None:
            room.post(tx, channel, key=key, message=message, now=NOON, user=user)

        post("card", '{"action": "later.r_1"}')
        post("for all", '{"action": "later.r_1"}', user=None)
        post("another card", '{"action": "later.rx1"}')
        post("a receipt", '{"action": "respond.r_1"}')
        post("elsewhere", '{"action": "later.r_1"}', channel=HALL)
        room.forget_whispers_of(tx, RoundId("r_1"), "later.r_1")

        left = [each.key for channel in (ROOM, HALL) for each in room.since(tx, channel, 0, "ben")]
        assert left == ["for all", "another card", "a receipt", "elsewhere"]

    await database.write(run)
