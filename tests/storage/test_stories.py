"""Stories as they are stored: one of each message, in one community, as long as their writer agrees."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.game.model import CommunityId, PersonId, PerspectiveId, ReplyId, Story, StoryId, StoryState
from storage import stories
from storage.database import Database, Transaction
from tests.builders import NOON
from tests.storage.builders import ELSEWHERE, HOME, KEYRING, ROOM, found_room, meet

pytestmark = pytest.mark.asyncio

ADA, BEN = PersonId("ada"), PersonId("ben")
ASKED = Story(
    id=StoryId("s1"),
    channel=ROOM,
    source=ReplyId("m1"),
    state=StoryState.ASKED,
    words="They asked about her garden.",
    asker=BEN,
)
OFFERED = replace(
    ASKED,
    id=StoryId("s2"),
    state=StoryState.OFFERED,
    words="They asked about a garden.",
    asker=None,
    shoes=PerspectiveId("carer"),
    named=True,
    quoted=True,
)
DAY = timedelta(days=1)


def _people(tx: Transaction) -> None:
    found_room(tx)
    meet(tx, "ada", "ben")


def _offer(tx: Transaction, *, story: Story, at: datetime) -> bool:
    return stories.offer(tx, HOME, ADA, story, at)


async def _ada(database: Database, community: CommunityId = HOME) -> list[Story]:
    found, _total = await database.read(lambda tx: stories.every(tx, community, ADA, skip=0, limit=9))
    return found


async def test_a_yes_takes_the_place_of_the_request_and_forgets_who_asked(database: Database) -> None:
    await database.write(_people)
    assert await database.write(lambda tx: stories.request(tx, HOME, ADA, ASKED, NOON))
    assert await _ada(database) == [replace(ASKED, writer=ADA)]

    assert await database.write(lambda tx: stories.offer(tx, HOME, ADA, OFFERED, NOON + DAY))

    assert await _ada(database) == [replace(OFFERED, id=ASKED.id, writer=ADA)]


async def test_a_message_is_kept_once_by_its_writer(database: Database) -> None:
    await database.write(_people)
    two = (OFFERED, replace(OFFERED, id=StoryId("s3")))
    both = await asyncio.gather(*(database.write(partial(_offer, story=each, at=NOON)) for each in two))

    assert sorted(both) == [False, True]
    assert not await database.write(lambda tx: stories.request(tx, HOME, ADA, ASKED, NOON))
    assert [each.words for each in await _ada(database)] == [OFFERED.words]


async def test_a_writer_is_asked_once_whoever_asks_and_however_many_at_once(database: Database) -> None:
    asks = (database.write(lambda tx: stories.first_ask(tx, KEYRING, ReplyId("m1"))) for _ in range(4))

    assert sorted(await asyncio.gather(*asks)) == [False, False, False, True]
    assert await database.write(lambda tx: stories.first_ask(tx, KEYRING, ReplyId("m2")))


@pytest.mark.parametrize("who, home, id", [(BEN, HOME, "s1"), (ADA, ELSEWHERE, "s1"), (ADA, HOME, "s9")])
async def test_what_is_somebody_elses_or_elsewhere_is_not_there(
    database: Database, who: PersonId, home: CommunityId, id: str
) -> None:
    await database.write(_people)
    await database.write(lambda tx: stories.request(tx, HOME, ADA, ASKED, NOON))
    kept = replace(OFFERED, source=ReplyId("m2"))
    await database.write(lambda tx: stories.offer(tx, HOME, ADA, kept, NOON))
    offered = StoryId(id.replace("1", "2"))

    assert await database.read(lambda tx: stories.mine(tx, home, who, StoryId(id))) is None
    assert not await database.write(lambda tx: stories.decline(tx, home, who, StoryId(id)))
    assert await database.write(lambda tx: stories.take_back(tx, home, who, offered)) is None
    assert await database.read(lambda tx: stories.asked(tx, ELSEWHERE, ASKED.id)) is None
    assert len(await _ada(database)) == 2


async def test_a_no_is_for_requests_and_taking_back_for_stories(database: Database) -> None:
    await database.write(_people)
    await database.write(lambda tx: stories.request(tx, HOME, ADA, ASKED, NOON))
    assert await database.write(lambda tx: stories.take_back(tx, HOME, ADA, ASKED.id)) is None
    assert await database.write(lambda tx: stories.decline(tx, HOME, ADA, ASKED.id))

    await database.write(lambda tx: stories.offer(tx, HOME, ADA, OFFERED, NOON))
    assert not await database.write(lambda tx: stories.decline(tx, HOME, ADA, OFFERED.id))
    assert await database.write(lambda tx: stories.take_back(tx, HOME, ADA, OFFERED.id)) == "m1"
    assert await _ada(database) == []


async def test_requests_go_with_time_and_stories_stay(database: Database) -> None:
    await database.write(_people)
    late = replace(ASKED, id=StoryId("s3"), source=ReplyId("m3"))
    await database.write(lambda tx: stories.request(tx, HOME, ADA, ASKED, NOON))
    await database.write(lambda tx: stories.request(tx, HOME, ADA, late, NOON + DAY))
    kept = replace(OFFERED, source=ReplyId("m2"))
    await database.write(lambda tx: stories.offer(tx, HOME, ADA, kept, NOON - 400 * DAY))

    assert await database.write(lambda tx: stories.forget_requests(tx, NOON))
    assert not await database.write(lambda tx: stories.forget_requests(tx, NOON))

    assert {each.id for each in await _ada(database)} == {late.id, kept.id}


async def test_ones_own_stories_come_in_pages_the_newest_first(database: Database) -> None:
    await database.write(_people)
    for number in range(5):
        story = replace(OFFERED, id=StoryId(f"s{number}"), source=ReplyId(f"m{number}"))
        await database.write(partial(_offer, story=story, at=NOON + number * DAY))

    page, total = await database.read(lambda tx: stories.every(tx, HOME, ADA, skip=1, limit=2))

    assert ([each.id for each in page], total) == (["s3", "s2"], 5)
