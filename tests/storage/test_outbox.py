"""The outbox: one waiting effect for each slot, in order per channel, and no change is ever lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from bot.chat import MessageRef
from bot.game.model import ChannelId, RoundId
from storage import communities, outbox
from storage.database import Database, Transaction
from storage.outbox import Claimed
from storage.tables import METADATA
from tests.builders import NOON
from tests.storage.builders import ELSEWHERE, R1, ROOM, found_room

pytestmark = pytest.mark.asyncio

_outbox = METADATA.tables["outbox"]

THEIR_ROOM = ChannelId("their room")
A_MINUTE = timedelta(minutes=1)


def put(slot: str, channel: ChannelId = ROOM, round: RoundId | None = R1) -> Callable[[Transaction], None]:
    return lambda tx: outbox.put(tx, channel, round, slot)


async def start(database: Database) -> None:
    await database.write(found_room)
    await database.write(lambda tx: found_room(tx, ELSEWHERE, THEIR_ROOM))


async def claim(database: Database, now: datetime = NOON, channel: ChannelId = ROOM) -> Claimed:
    claimed = await database.write(lambda tx: outbox.claim(tx, channel, now))
    assert claimed is not None
    return claimed


async def nothing_to_claim(database: Database, now: datetime = NOON, channel: ChannelId = ROOM) -> bool:
    return await database.write(lambda tx: outbox.claim(tx, channel, now)) is None


async def waiting(database: Database) -> list[tuple[str, str]]:
    """Slot and state of every row, in order."""
    query = sa.select(_outbox.c.slot, _outbox.c.state).order_by(_outbox.c.id)
    return await database.read(lambda tx: [(row.slot, row.state) for row in tx.connection.execute(query)])


async def test_two_changes_of_one_slot_are_shown_once(database: Database) -> None:
    await start(database)

    for slot in ("board", "board", "recap", "board"):
        await database.write(put(slot))

    assert await waiting(database) == [("board", "pending"), ("recap", "pending")]


async def test_many_changes_at_once_are_shown_once(database: Database) -> None:
    await start(database)

    await asyncio.gather(*(database.write(put("board")) for _ in range(32)))

    assert await waiting(database) == [("board", "pending")]


async def test_the_same_slot_of_another_round_or_channel_is_another_slot(database: Database) -> None:
    await start(database)

    await database.write(put("board"))
    await database.write(put("board", ROOM, RoundId("r2")))
    await database.write(put("board", THEIR_ROOM))

    assert await waiting(database) == [("board", "pending")] * 3


async def test_a_change_while_an_effect_is_being_sent_makes_a_new_one(database: Database) -> None:
    await start(database)
    await database.write(put("board"))
    first = await claim(database)

    await database.write(put("board"))

    assert await waiting(database) == [("board", "sending"), ("board", "pending")]
    await database.write(lambda tx: outbox.sent(tx, first, MessageRef("m1")))
    second = await claim(database)
    assert second.id > first.id
    assert (second.slot, second.again, second.attempts) == ("board", False, 1)


async def test_a_channels_effects_go_out_in_the_order_in_which_they_came(database: Database) -> None:
    await start(database)
    slots = ["page:2", "page:1", "board", "line:revealed"]
    for slot in slots:
        await database.write(put(slot))

    delivered: list[str] = []
    while not await nothing_to_claim_yet(database, delivered):
        pass

    assert delivered == slots
    assert await waiting(database) == []


async def nothing_to_claim_yet(database: Database, delivered: list[str]) -> bool:
    """Deliver one effect; True if there was none."""
    claimed = await database.write(lambda tx: outbox.claim(tx, ROOM, NOON))
    if claimed is None:
        return True
    delivered.append(claimed.slot)
    await database.write(lambda tx: outbox.sent(tx, claimed, None))
    return False


async def test_the_first_that_waits_holds_back_those_behind_it_and_no_other_channel(
    database: Database,
) -> None:
    await start(database)
    await database.write(put("board"))
    await database.write(put("recap"))
    await database.write(put("board", THEIR_ROOM))
    first = await claim(database)

    later = NOON + A_MINUTE
    await database.write(lambda tx: outbox.try_again(tx, first, later, unknown=False))

    assert await nothing_to_claim(database)
    assert (await claim(database, channel=THEIR_ROOM)).slot == "board"
    again = await claim(database, later)
    assert (again.id, again.attempts, again.again) == (first.id, 2, False)
    assert again.first_tried_at == NOON


async def test_what_may_be_there_already_is_looked_up_and_nothing_overtakes_it(database: Database) -> None:
    await start(database)
    await database.write(put("board"))
    first = await claim(database)
    await database.write(put("board"))

    await database.write(lambda tx: outbox.try_again(tx, first, NOON, unknown=True))

    again = await claim(database)
    assert (again.id, again.again) == (first.id, True)
    assert again.key == first.key == f"shoes-{first.id}"
    assert await waiting(database) == [("board", "sending"), ("board", "pending")]


async def test_after_a_crash_what_was_being_sent_comes_first_and_is_looked_up(database: Database) -> None:
    await start(database)
    await database.write(put("board"))
    crashed = await claim(database)
    await database.write(put("recap"))

    again = await claim(database)

    assert (again.id, again.again, again.attempts) == (crashed.id, True, 2)


async def test_an_effect_that_goes_back_takes_the_newer_one_of_its_slot_along(database: Database) -> None:
    await start(database)
    await database.write(put("board"))
    first = await claim(database)
    await database.write(put("recap"))
    await database.write(put("board"))

    await database.write(lambda tx: outbox.try_again(tx, first, NOON, unknown=False))

    assert await waiting(database) == [("board", "pending"), ("recap", "pending")]


async def test_what_the_platform_will_never_take_is_put_aside_and_the_next_goes_on(
    database: Database,
) -> None:
    await start(database)
    await database.write(put("board"))
    await database.write(put("recap"))
    refused = await claim(database)

    await database.write(lambda tx: outbox.put_aside(tx, refused))

    assert (await claim(database)).slot == "recap"
    await database.write(put("board"))
    assert await waiting(database) == [("board", "aside"), ("recap", "sending"), ("board", "pending")]


async def test_a_paused_channel_keeps_its_effects_and_gets_none(database: Database) -> None:
    await start(database)
    await database.write(put("board"))

    assert await database.write(lambda tx: communities.pause(tx, ROOM, "gone"))
    assert not await database.write(lambda tx: communities.pause(tx, ROOM, "gone"))

    assert await nothing_to_claim(database)
    assert await database.read(lambda tx: outbox.due(tx, NOON)) == []
    assert await waiting(database) == [("board", "pending")]


async def test_channels_are_due_once_each_and_only_when_something_may_go(database: Database) -> None:
    await start(database)
    assert await database.read(lambda tx: outbox.due(tx, NOON)) == []
    await database.write(put("board"))
    await database.write(put("recap"))
    await database.write(put("board", THEIR_ROOM))
    backing_off = await claim(database, channel=THEIR_ROOM)
    later = NOON + A_MINUTE
    await database.write(lambda tx: outbox.try_again(tx, backing_off, later, unknown=False))

    assert await database.read(lambda tx: outbox.due(tx, NOON)) == [ROOM]
    assert sorted(await database.read(lambda tx: outbox.due(tx, later))) == [ROOM, THEIR_ROOM]
    assert await database.read(outbox.next_due_at) == later


async def test_the_part_after_it_comes_before_whatever_is_behind_it_and_has_a_post_of_its_own(
    database: Database,
) -> None:
    await start(database)
    for slot in ("recap", "line:revealed"):
        await database.write(put(slot))
    first = await claim(database)

    await database.write(lambda tx: outbox.sent(tx, first, MessageRef("m1"), more=True))
    await database.write(put("recap"))

    assert await waiting(database) == [
        ("recap~2", "pending"),
        ("line:revealed", "pending"),
        ("recap", "pending"),
    ]
    second = await claim(database)
    assert (second.id, second.slot, second.again, second.attempts) == (first.id, "recap~2", False, 1)
    assert (second.key, second.post, second.more) == (f"shoes-{first.id}.2", None, False)
    await database.write(lambda tx: outbox.sent(tx, second, MessageRef("m2")))
    assert (await claim(database)).slot == "line:revealed"


async def test_an_effect_knows_where_its_post_is_and_that_another_part_is_there(database: Database) -> None:
    await start(database)
    await database.write(put("recap"))
    for n in (1, 2):
        part = await claim(database)
        await database.write(partial(outbox.sent, claimed=part, ref=MessageRef(f"m{n}"), more=n == 1))

    await database.write(put("recap"))
    first = await claim(database)
    await database.write(lambda tx: outbox.sent(tx, first, first.post, more=True))
    second = await claim(database)

    assert (first.post, first.more) == (MessageRef("m1"), True)
    assert (second.post, second.more) == (MessageRef("m2"), False)


async def test_others_go_before_an_effect_that_is_held_until_its_time_has_come(database: Database) -> None:
    await start(database)
    await database.write(put("board"))
    await database.write(put("recap"))
    held = await claim(database)
    later = NOON + A_MINUTE

    await database.write(lambda tx: outbox.hold(tx, held, later))
    await database.write(put("board"))

    assert await waiting(database) == [("board", "pending"), ("recap", "pending")]
    assert await database.read(lambda tx: outbox.due(tx, NOON)) == [ROOM]
    recap = await claim(database)
    assert recap.slot == "recap"
    await database.write(lambda tx: outbox.sent(tx, recap, None))
    assert await nothing_to_claim(database)
    assert await database.read(lambda tx: outbox.due(tx, NOON)) == []
    assert await database.read(outbox.next_due_at) == later
    assert await database.read(lambda tx: outbox.due(tx, later)) == [ROOM]
    again = await claim(database, later)
    assert (again.id, again.attempts, again.again, again.first_tried_at) == (held.id, 1, False, later)


async def test_an_effect_that_has_failed_is_not_overtaken_when_it_is_held(database: Database) -> None:
    await start(database)
    await database.write(put("board"))
    await database.write(put("recap"))
    first = await claim(database)
    await database.write(lambda tx: outbox.try_again(tx, first, NOON, unknown=False))
    failed = await claim(database)

    await database.write(lambda tx: outbox.hold(tx, failed, NOON + A_MINUTE))

    assert await nothing_to_claim(database)
    assert await database.read(lambda tx: outbox.due(tx, NOON)) == []
    again = await claim(database, NOON + A_MINUTE)
    assert (again.id, again.attempts, again.first_tried_at) == (failed.id, 2, NOON)


async def test_an_effect_that_is_held_takes_the_newer_one_of_its_slot_along(database: Database) -> None:
    await start(database)
    await database.write(put("board"))
    first = await claim(database)
    await database.write(put("board"))

    await database.write(lambda tx: outbox.hold(tx, first, NOON + A_MINUTE))

    assert await waiting(database) == [("board", "pending")]


async def test_a_paused_channel_does_not_say_when_it_is_due(database: Database) -> None:
    await start(database)
    await database.write(put("board"))
    held = await claim(database)
    await database.write(lambda tx: outbox.hold(tx, held, NOON + A_MINUTE))
    await database.write(lambda tx: communities.pause(tx, ROOM, "gone"))

    assert await database.read(outbox.next_due_at) is None


async def test_what_tells_of_trouble_is_not_stopped_by_a_pause_and_holds_nobody_back(
    database: Database,
) -> None:
    await start(database)
    for slot in ("board", "trouble:gone:ada"):
        await database.write(put(slot))
    await database.write(lambda tx: communities.pause(tx, ROOM, "gone"))

    assert await database.read(lambda tx: outbox.due(tx, NOON)) == [ROOM]
    trouble = await claim(database)
    assert trouble.slot == "trouble:gone:ada"
    later = NOON + A_MINUTE
    await database.write(lambda tx: outbox.try_again(tx, trouble, later, unknown=True))
    assert await nothing_to_claim(database)
    assert await database.read(lambda tx: outbox.due(tx, NOON)) == []
    assert await database.read(outbox.next_due_at) == later

    await database.write(lambda tx: communities.go_on(tx, ROOM))
    board = await claim(database)
    await database.write(lambda tx: outbox.sent(tx, board, None))
    await database.write(put("recap"))
    assert await database.read(lambda tx: outbox.due(tx, NOON)) == [ROOM]
    assert [board.slot, (await claim(database)).slot] == ["board", "recap"]


@pytest.mark.parametrize("unknown", [True, False])
async def test_what_a_pause_keeps_begins_anew_when_it_ends(database: Database, unknown: bool) -> None:
    await start(database)
    await database.write(put("board"))
    first = await claim(database)
    await database.write(lambda tx: outbox.try_again(tx, first, NOON, unknown=unknown))
    tried = await claim(database)
    await database.write(put("board"))

    await database.write(lambda tx: outbox.keep(tx, tried))

    later = NOON + A_MINUTE
    kept = await claim(database, later)
    assert (kept.id, kept.attempts, kept.first_tried_at, kept.again) == (first.id, 1, later, unknown)
    assert len(await waiting(database)) == 1 + unknown


async def test_an_effect_remembers_that_it_was_sent_a_second_time(database: Database) -> None:
    await start(database)
    await database.write(put("line:revealed"))
    await claim(database)
    second = await claim(database)
    assert (second.again, second.repeated) == (True, False)

    await database.write(lambda tx: outbox.repeat(tx, second))

    for _ in range(2):
        third = await claim(database)
        assert (third.again, third.repeated) == (True, True)


async def test_a_part_is_put_aside_alone_and_the_one_after_it_goes_on(database: Database) -> None:
    await start(database)
    for slot in ("recap", "line:revealed"):
        await database.write(put(slot))
    refused = await claim(database)

    assert await database.write(lambda tx: outbox.put_aside(tx, refused, more=True))

    assert sorted(await waiting(database)) == [
        ("line:revealed", "pending"),
        ("recap", "aside"),
        ("recap~2", "pending"),
    ]
    assert (await claim(database)).slot == "recap~2"


async def test_only_the_last_of_a_slot_that_is_refused_again_and_again_is_kept_aside(
    database: Database,
) -> None:
    await start(database)
    first = []
    for _ in range(3):
        await database.write(put("board"))
        refused = await claim(database)
        first.append(await database.write(partial(outbox.put_aside, claimed=refused)))

    assert first == [True, False, False]
    assert await waiting(database) == [("board", "aside")]


@pytest.mark.parametrize("round", [R1, None])
async def test_what_was_given_up_and_may_be_there_is_looked_up_with_the_next_change(
    database: Database, round: RoundId | None
) -> None:
    await start(database)
    await database.write(put("board", round=round))
    given_up = await claim(database)
    await database.write(lambda tx: outbox.put_aside(tx, given_up, unknown=True))
    assert await waiting(database) == [("board", "lost")]

    await database.write(put("board", round=round))

    taken_up = await claim(database)
    assert (taken_up.key, taken_up.again, taken_up.attempts) == (given_up.key, True, 1)
    assert await waiting(database) == [("board", "sending")]


async def test_what_was_given_up_and_may_be_there_keeps_its_number_and_its_next_part_gets_another(
    database: Database,
) -> None:
    await start(database)
    await database.write(put("recap"))
    given_up = await claim(database)
    await database.write(lambda tx: outbox.put_aside(tx, given_up, more=True, unknown=True))

    part = await claim(database)
    assert (part.slot, part.again) == ("recap~2", False)
    await database.write(lambda tx: outbox.put_aside(tx, part, unknown=True))
    await database.write(put("recap"))

    taken_up = await claim(database)
    assert (taken_up.key, taken_up.again) == (given_up.key, True)
    await database.write(lambda tx: outbox.sent(tx, taken_up, MessageRef("post-1"), more=True))
    again = await claim(database)
    assert (again.key, again.again) == (part.key, True)
    assert await waiting(database) == [("recap~2", "sending")]


async def test_what_is_given_up_while_a_newer_change_waits_is_looked_up_for_that(database: Database) -> None:
    await start(database)
    await database.write(put("board"))
    given_up = await claim(database)
    await database.write(put("board"))
    await database.write(lambda tx: outbox.put_aside(tx, given_up, unknown=True))

    assert await waiting(database) == [("board", "sending")]
    taken_up = await claim(database, NOON + timedelta(days=1))
    assert (taken_up.key, taken_up.again, taken_up.attempts) == (given_up.key, True, 1)
    assert taken_up.first_tried_at == NOON + timedelta(days=1)


async def test_a_post_that_is_edited_in_place_is_remembered(database: Database) -> None:
    await start(database)
    await database.write(put("board"))
    board = await claim(database)
    assert (board.post, board.thread) == (None, None)

    await database.write(lambda tx: outbox.sent(tx, board, MessageRef("m1")))
    await database.write(put("board"))
    again = await claim(database)
    await database.write(lambda tx: outbox.sent(tx, again, MessageRef("m2")))
    await database.write(put("page:1"))
    page = await claim(database)

    assert again.post == MessageRef("m1")
    assert (page.post, page.thread) == (None, MessageRef("m2"))


async def test_a_number_is_never_given_twice(database: Database) -> None:
    await start(database)
    seen = set()
    for _ in range(3):
        await database.write(put("board"))
        claimed = await claim(database)
        seen.add(claimed.id)
        # The highest number is gone again: an ordinary key of SQLite would come back now.
        await database.write(partial(outbox.sent, claimed=claimed, ref=None))

    assert len(seen) == 3


async def test_two_couriers_never_claim_the_same_effect_at_once(postgres: Database) -> None:
    await start(postgres)
    for n in range(8):
        await postgres.write(put(f"page:{n}"))

    claims = await asyncio.gather(
        *(postgres.write(lambda tx: outbox.claim(tx, ROOM, NOON)) for _ in range(4))
    )

    # Never two at a time per channel is what Jobs sees to; here each at least sees the other's claim.
    attempts = sorted(claimed.attempts for claimed in claims if claimed is not None)
    assert attempts == [1, 2, 3, 4]


async def test_numbers_are_in_the_order_of_commits(postgres: Database) -> None:
    """A sequence is not: without the lock on the channel a later number may be seen first."""
    await start(postgres)
    seen: list[int] = []
    query = sa.select(_outbox.c.id).order_by(_outbox.c.id)

    async def write(n: int) -> None:
        def transaction(tx: Transaction) -> None:
            outbox.put(tx, ROOM, R1, f"page:{n}")
            tx.connection.exec_driver_sql(f"SELECT pg_sleep({0.02 if n % 2 else 0})")

        await postgres.write(transaction)

    async def watch() -> None:
        while len(seen) < 16:
            for id in await postgres.read(lambda tx: list(tx.connection.scalars(query))):
                if id not in seen:
                    seen.append(id)

    await asyncio.gather(watch(), *(write(n) for n in range(16)))

    assert seen == sorted(seen)


async def test_an_effect_goes_back_while_a_newer_one_is_being_put(postgres: Database) -> None:
    await start(postgres)
    await postgres.write(put("board"))
    first = await claim(postgres)
    has_put, go_on = threading.Event(), threading.Event()

    def press(tx: Transaction) -> None:
        put("board")(tx)
        has_put.set()
        assert go_on.wait(20)

    pressing = asyncio.ensure_future(postgres.write(press))
    await asyncio.to_thread(has_put.wait)
    going_back = asyncio.ensure_future(
        postgres.write(lambda tx: outbox.try_again(tx, first, NOON, unknown=False))
    )
    await asyncio.sleep(0.1)
    go_on.set()
    await asyncio.gather(pressing, going_back)

    assert await waiting(postgres) == [("board", "pending")]


async def test_two_who_refer_to_a_channel_and_then_put_do_not_wait_for_each_other(
    postgres: Database,
) -> None:
    await start(postgres)
    both_refer = threading.Barrier(2)
    begun: list[str] = []

    def deal(key: str) -> Callable[[Transaction], None]:
        def run(tx: Transaction) -> None:
            begun.append(key)
            row = {"channel_id": ROOM, "key": key, "message": "", "posted_at": NOON}
            tx.connection.execute(METADATA.tables["room_posts"].insert().values(row))
            if begun.count(key) == 1:
                both_refer.wait(20)
            put(f"board {key}")(tx)

        return run

    await asyncio.gather(postgres.write(deal("a")), postgres.write(deal("b")))

    assert sorted(begun) == ["a", "b"]  # each once: nobody was asked to try again
