"""Campaigns as they are stored: what comes back, who may see it, one entry per local date, cheap to load."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot.game import campaigns as rules
from bot.game.calendar import Break
from bot.game.campaigns import (
    BreakTold,
    Campaign,
    CampaignId,
    Entry,
    NothingReady,
    Occasion,
    Posted,
    Prompt,
)
from bot.game.model import ChannelId, Policy, RoundId
from storage import campaigns
from storage.campaigns import Listed, NoSuchCampaign, Origin
from storage.database import Database, Transaction
from storage.tables import METADATA
from tests.builders import ADA, NOON
from tests.storage.builders import ELSEWHERE, HOME, R1, ROOM, found_room
from tests.storage.campaigning import (
    DAY,
    FULL,
    MONDAY,
    WEEK,
    a_campaign,
    a_channel,
    a_day,
    a_prompt,
    add_campaign,
    hall,
    load,
    set_up,
)

pytestmark = pytest.mark.asyncio

TOLD = BreakTold(
    on=MONDAY + DAY,
    at=NOON + DAY,
    about=Break(name="An anniversary", first=MONDAY + DAY, last=MONDAY + 2 * DAY),
    back_on=MONDAY + 3 * DAY,
)
TOLD_TO_THE_END = replace(TOLD, on=MONDAY + 3 * DAY, at=NOON + 3 * DAY, back_on=None)
NOTHING = NothingReady(on=MONDAY + 4 * DAY, at=NOON + 4 * DAY)


@pytest.mark.parametrize("campaign", [a_campaign(), FULL], ids=["as usual", "nothing as usual"])
async def test_a_campaign_comes_back_as_it_was_set_up(database: Database, campaign: Campaign) -> None:
    await database.write(lambda tx: set_up(tx, campaign))

    assert await database.read(load) == campaign


async def test_who_set_it_up_and_from_which_template_is_known(database: Database) -> None:
    def run(tx: Transaction) -> list[Origin]:
        set_up(tx)
        other = a_campaign(id=CampaignId("other"))
        add_campaign(tx, other, template="carers-week", now=NOON)
        assert campaigns.ended(tx, WEEK, NOON + DAY)
        return [campaigns.origin(tx, id) for id in (WEEK, other.id)]

    by_hand, from_template = await database.write(run)

    earlier = Origin(
        community=HOME, organiser=ADA, template=None, made_at=NOON - 3 * DAY, ended_at=NOON + DAY
    )
    assert by_hand == earlier
    assert from_template == replace(earlier, template="carers-week", made_at=NOON, ended_at=None)


async def test_another_community_finds_nothing_until_one_of_its_channels_takes_part(
    database: Database,
) -> None:
    def run(tx: Transaction) -> None:
        set_up(tx)
        channel = hall(tx, ELSEWHERE)
        for missing in ((WEEK, ELSEWHERE), (CampaignId("no such"), HOME), (CampaignId("no such"), None)):
            with pytest.raises(NoSuchCampaign):
                campaigns.load(tx, *missing)
        with pytest.raises(NoSuchCampaign):
            campaigns.origin(tx, CampaignId("no such"))
        with pytest.raises(NoSuchCampaign):
            campaigns.channel(tx, WEEK, channel.id)

        assert campaigns.join(tx, WEEK, channel)
        assert load(tx, WEEK, ELSEWHERE) == load(tx, WEEK, HOME) == a_campaign()

        assert campaigns.leave(tx, WEEK, channel.id)
        with pytest.raises(NoSuchCampaign):
            campaigns.load(tx, WEEK, ELSEWHERE)

    await database.write(run)


CHANGES: list[dict[str, Any]] = [
    {"title": "In the shoes of nurses"},
    {"time": time(7, 30), "zone": "Asia/Kolkata"},
    {"weekdays": frozenset({5})},
    {"start": MONDAY + DAY, "end": MONDAY + 9 * DAY},
    {"since": NOON, "paused": True},
    {"policy": Policy.TOGETHER},
    {"round_up_on": 0},
    {"contact": "Grace", "closing_question": "And now?"},
    {"breaks": (TOLD.about,)},
]


@pytest.mark.parametrize("change", CHANGES, ids=", ".join)
async def test_what_organisers_change_is_kept_and_nothing_else_changes(
    database: Database, change: dict[str, Any]
) -> None:
    await database.write(set_up)
    await database.write(lambda tx: add_campaign(tx, replace(FULL, id=CampaignId("other"))))
    after = replace(a_campaign(), **change)

    await database.write(lambda tx: campaigns.save(tx, load(tx), after))

    assert await database.read(load) == after
    other = await database.read(lambda tx: load(tx, CampaignId("other")))
    assert other == replace(FULL, id=CampaignId("other"))


async def test_breaks_that_were_taken_off_are_gone(database: Database) -> None:
    await database.write(lambda tx: set_up(tx, FULL))
    after = replace(FULL, breaks=FULL.breaks[1:], end=None, round_up_on=None)

    await database.write(lambda tx: campaigns.save(tx, load(tx), after))

    assert await database.read(load) == after


# --- channels --------------------------------------------------------------------------


async def test_channels_of_several_communities_come_in_the_order_in_which_they_joined(
    database: Database,
) -> None:
    def run(tx: Transaction) -> list[Any]:
        set_up(tx, a_campaign(), a_channel(since=NOON))
        first = replace(hall(tx, ELSEWHERE, "a hall"), since=NOON - 9 * DAY)
        there: dict[str, Any] = {"own_zone": True, "zone": "America/St_Johns", "time": time(17, 15)}
        last = replace(a_channel(id=ChannelId("a loft"), since=NOON + DAY), **there)
        add_channel(tx, last.id)
        paused = replace(last, paused=True, why_paused="gone")
        assert campaigns.join(tx, WEEK, paused)
        assert campaigns.join(tx, WEEK, first)
        found = campaigns.channels(tx, WEEK)
        assert found == [first, a_channel(since=NOON), paused]
        assert found == [campaigns.channel(tx, WEEK, each.id) for each in found]
        return found

    assert len(await database.write(run)) == 3


def add_channel(tx: Transaction, id: ChannelId) -> None:
    row = {"id": id, "community_id": HOME, "ref": id, "name": id, "welcomed": False}
    tx.connection.execute(METADATA.tables["channels"].insert().values(**row))


async def test_a_channel_goes_by_its_communitys_clock_unless_it_chose_its_own(database: Database) -> None:
    def move(tx: Transaction) -> None:
        homes = METADATA.tables["communities"]
        tx.connection.execute(homes.update().values(time_zone="Asia/Tokyo"))

    await database.write(set_up)
    await database.write(move)
    assert await database.read(lambda tx: campaigns.channel(tx, WEEK, ROOM)) == a_channel(zone="Asia/Tokyo")

    own = a_channel(zone="Europe/Paris", own_zone=True)
    assert await database.write(lambda tx: campaigns.save_channel(tx, WEEK, own))

    assert await database.read(lambda tx: campaigns.channels(tx, WEEK)) == [own]


async def test_a_channel_has_a_time_and_a_pause_of_its_own(database: Database) -> None:
    await database.write(set_up)
    gone = replace(rules.pause(a_channel(time=time(18))), why_paused="forbidden")

    assert await database.write(lambda tx: campaigns.save_channel(tx, WEEK, gone))
    assert await database.read(lambda tx: campaigns.channel(tx, WEEK, ROOM)) == gone

    assert await database.write(lambda tx: campaigns.save_channel(tx, WEEK, rules.resume(gone, NOON)))
    back = await database.read(lambda tx: campaigns.channel(tx, WEEK, ROOM))
    assert back == a_channel(time=time(18), since=NOON)

    by_hand = rules.pause(a_channel())
    assert await database.write(lambda tx: campaigns.save_channel(tx, WEEK, by_hand))
    assert await database.read(lambda tx: campaigns.channel(tx, WEEK, ROOM)) == by_hand


async def test_a_channel_joins_once_and_keeps_what_it_had_when_it_leaves(database: Database) -> None:
    def run(tx: Transaction) -> None:
        set_up(tx)
        assert not campaigns.join(tx, WEEK, a_channel(time=time(10)))
        assert campaigns.channels(tx, WEEK) == [a_channel()]
        campaigns.note(tx, WEEK, ROOM, a_day(1), R1)

        assert campaigns.leave(tx, WEEK, ROOM)
        assert not campaigns.leave(tx, WEEK, ROOM)
        assert not campaigns.save_channel(tx, WEEK, a_channel())
        assert campaigns.channels(tx, WEEK) == []

        assert campaigns.join(tx, WEEK, a_channel(since=NOON + DAY))
        assert campaigns.past(tx, WEEK, ROOM) == [a_day(1)]

    await database.write(run)


async def test_a_channel_lists_its_campaigns_until_they_have_ended_the_newest_first(
    database: Database,
) -> None:
    def run(tx: Transaction) -> None:
        set_up(tx)
        for number, title in enumerate(("second", "third", "over"), start=1):
            given = {"id": CampaignId(title), "title": title, "paused": title == "second"}
            add_campaign(tx, a_campaign(**given), a_channel(), now=NOON + number * DAY)
        add_campaign(tx, a_campaign(id=CampaignId("apart")))
        assert campaigns.ended(tx, CampaignId("over"), NOON)

        listed = Listed(id=WEEK, title=a_campaign().title, start=MONDAY, end=None, paused=False)
        second = replace(listed, id=CampaignId("second"), title="second", paused=True)
        third = replace(listed, id=CampaignId("third"), title="third")
        assert campaigns.of_channel(tx, ROOM) == [third, second, listed]
        assert campaigns.of_channel(tx, ChannelId("elsewhere")) == []
        assert campaigns.every(tx) == ["apart", "second", "third", WEEK]

    await database.write(run)


async def test_a_campaign_ends_once_and_a_later_end_takes_it_up_again(database: Database) -> None:
    last = a_campaign(end=MONDAY)
    await database.write(lambda tx: set_up(tx, last))

    assert await database.write(lambda tx: campaigns.ended(tx, WEEK, NOON + DAY))
    assert not await database.write(lambda tx: campaigns.ended(tx, WEEK, NOON + DAY))
    await database.write(lambda tx: campaigns.save(tx, load(tx), replace(last, title="It was good")))
    assert await database.read(campaigns.every) == []

    longer = rules.extend(last, MONDAY + 7 * DAY, NOON + 2 * DAY)
    await database.write(lambda tx: campaigns.save(tx, load(tx), longer))

    assert await database.read(campaigns.every) == [WEEK]
    assert await database.read(load) == longer


# --- local dates -----------------------------------------------------------------------


async def test_what_became_of_each_local_date_comes_back_in_its_order(database: Database) -> None:
    entries: list[Entry] = [a_day(1), TOLD, a_day(3, day=2, late=True), TOLD_TO_THE_END, NOTHING]

    def run(tx: Transaction) -> None:
        set_up(tx)
        for entry in entries:
            round = RoundId(f"r{entry.on.day}") if isinstance(entry, Posted) else None
            assert campaigns.note(tx, WEEK, ROOM, entry, round)

    await database.write(run)

    assert await database.read(lambda tx: campaigns.past(tx, WEEK, ROOM)) == entries
    assert await database.read(lambda tx: campaigns.past(tx, WEEK, ChannelId("hall"))) == []
    rounds = await database.read(lambda tx: campaigns.posted(tx, WEEK, ROOM))
    assert rounds == [(a_day(1), "r7"), (a_day(3, day=2, late=True), "r9")]


async def test_a_local_date_has_one_entry_however_many_ask_at_once(database: Database) -> None:
    await database.write(set_up)
    together = threading.Barrier(4)

    def ring(tx: Transaction, number: int) -> bool:
        if tx.postgres:
            together.wait(timeout=30)  # all four transactions are open: none sees what another writes
        return campaigns.note(tx, WEEK, ROOM, a_day(1, late=number > 1), RoundId(f"r{number}"))

    rung = await asyncio.gather(*(database.write(partial(ring, number=number)) for number in range(4)))

    assert sorted(rung) == [False, False, False, True]
    ((_entry, round),) = await database.read(lambda tx: campaigns.posted(tx, WEEK, ROOM))
    assert round == f"r{rung.index(True)}"


async def test_a_date_is_free_in_another_channel_and_another_campaign(database: Database) -> None:
    def run(tx: Transaction) -> list[bool]:
        other = CampaignId("other")
        set_up(tx, a_campaign(), a_channel(), hall(tx, ELSEWHERE))
        add_campaign(tx, a_campaign(id=other), a_channel())
        return [
            campaigns.note(tx, id, channel, a_day(1), RoundId(f"{id} in the {channel}"))
            for id, channel in ((WEEK, ROOM), (WEEK, ChannelId("hall")), (other, ROOM), (WEEK, ROOM))
        ]

    assert await database.write(run) == [True, True, True, False]


async def test_only_a_prompt_of_the_campaign_can_go_out(database: Database) -> None:
    await database.write(set_up)

    with pytest.raises(sa.exc.IntegrityError):
        await database.write(lambda tx: campaigns.note(tx, WEEK, ROOM, a_day(9), R1))


async def test_a_round_knows_its_day_and_one_that_somebody_dealt_has_none(database: Database) -> None:
    credited: tuple[Prompt, ...] = (a_prompt("p1", credit="Ben, a carer"), a_prompt("p2"))

    def run(tx: Transaction) -> None:
        set_up(tx, a_campaign(prompts=credited))
        campaigns.note(tx, WEEK, ROOM, a_day(1), R1)
        campaigns.note(tx, WEEK, ROOM, a_day(2, late=True), RoundId("r2"))

    await database.write(run)

    title = a_campaign().title
    first = Occasion(campaign=WEEK, title=title, day=1, late=False, credit="Ben, a carer")
    assert await database.read(lambda tx: campaigns.occasion(tx, R1)) == first
    second = Occasion(campaign=WEEK, title=title, day=2, late=True)
    assert await database.read(lambda tx: campaigns.occasion(tx, RoundId("r2"))) == second
    assert await database.read(lambda tx: campaigns.occasion(tx, RoundId("r3"))) is None


async def test_the_next_prompt_follows_from_what_is_stored(database: Database) -> None:
    """Load, ring, note: a restart between any two of them changes nothing."""
    await database.write(set_up)

    def ring(tx: Transaction, day: int) -> Entry | None:
        campaign, channel = load(tx), campaigns.channel(tx, WEEK, ROOM)
        past = campaigns.past(tx, WEEK, ROOM)
        entry = rules.ring(campaign, channel, past, NOON + day * DAY - timedelta(hours=4)).entry
        if entry is not None:
            round = RoundId(f"r{day}") if isinstance(entry, Posted) else None
            assert campaigns.note(tx, WEEK, ROOM, entry, round)
        return entry

    rung = [await database.write(partial(ring, day=day)) for day in (0, 0, 1, 2, 3)]

    kinds = [entry.day if isinstance(entry, Posted) else entry and type(entry) for entry in rung]
    assert kinds == [1, None, 2, 3, None], "and then it is over"


# --- one among a hundred thousand ------------------------------------------------------


def _plan(tx: Transaction, run: Callable[[Transaction], object]) -> list[str]:
    """How SQLite finds the rows of every statement that `run` brings about."""
    assert tx.sqlite is not None
    statements: list[str] = []
    tx.sqlite.set_trace_callback(statements.append)
    run(tx)
    tx.sqlite.set_trace_callback(None)
    assert statements
    return [
        f"{row[3]} in {statement}"
        for statement in statements
        for row in tx.sqlite.execute(f"EXPLAIN QUERY PLAN {statement}")
    ]


def _one_alarm(tx: Transaction) -> None:
    campaigns.load(tx, WEEK, None)
    campaigns.load(tx, WEEK, HOME)
    campaigns.channel(tx, WEEK, ROOM)
    campaigns.channels(tx, WEEK)
    campaigns.past(tx, WEEK, ROOM)
    campaigns.note(tx, WEEK, ROOM, a_day(2), RoundId("r2"))
    campaigns.occasion(tx, R1)
    campaigns.of_channel(tx, ROOM)
    campaigns.every(tx)
    campaigns.ended(tx, WEEK, NOON)


async def test_no_alarm_reads_more_than_its_own_campaign(sqlite: Database) -> None:
    def run(tx: Transaction) -> list[str]:
        set_up(tx)
        campaigns.note(tx, WEEK, ROOM, a_day(1), R1)
        return _plan(tx, _one_alarm)

    steps = await sqlite.write(run)

    assert [step for step in steps if step.startswith("SCAN")] == []
    # One statement lists all that have not ended; it need not read those that have.
    assert sum("INDEX ix_campaigns_not_ended" in step for step in steps) == 1


async def test_a_campaign_needs_a_community_and_an_organiser_that_exist(database: Database) -> None:
    await database.write(found_room)

    with pytest.raises(sa.exc.IntegrityError):
        await database.write(lambda tx: add_campaign(tx, a_campaign()))
