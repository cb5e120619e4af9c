"""Who wants cards privately, as it is stored: one for each person and campaign, gone with the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
import sqlalchemy as sa

from bot.game.campaigns import CampaignId
from bot.game.model import ChannelId, PersonId, RoundId
from bot.game.privately import Subscription
from storage import campaigns, communities, subscriptions
from storage.database import Database, Transaction
from storage.tables import METADATA
from tests.builders import NOON
from tests.storage.builders import ELSEWHERE, HOME, ROOM, player
from tests.storage.campaigning import DAY, WEEK, a_campaign, add_campaign, hall, set_up

pytestmark = pytest.mark.asyncio

BEN = PersonId("ben")
SUBSCRIPTION = Subscription(
    campaign=WEEK, person=BEN, channel=ROOM, zone="Europe/London", time=time(17, 30), since=NOON
)


async def test_a_subscription_is_found_as_it_was_stored_and_by_its_community_alone(
    database: Database,
) -> None:
    full = replace(
        SUBSCRIPTION, had=NOON, newest=RoundId("r1"), again=RoundId("r2"), again_at=NOON + DAY, time=time(8)
    )

    def run(tx: Transaction) -> None:
        set_up(tx)
        subscriptions.put(tx, SUBSCRIPTION, HOME)
        assert subscriptions.find(tx, WEEK, BEN, HOME) == SUBSCRIPTION
        subscriptions.put(tx, replace(SUBSCRIPTION, time=time(8)), HOME)
        subscriptions.save(tx, full)
        assert subscriptions.find(tx, WEEK, BEN, None, lock=True) == full
        assert subscriptions.find(tx, WEEK, BEN, ELSEWHERE) is None
        assert subscriptions.find(tx, WEEK, PersonId("ada"), HOME) is None
        assert subscriptions.find(tx, CampaignId("other"), BEN, HOME) is None
        assert subscriptions.of_channel(tx, WEEK, ROOM) == [full]
        assert subscriptions.of_channel(tx, WEEK, ChannelId("hall")) == []
        assert subscriptions.of_person(tx, BEN, HOME) == [full]
        assert subscriptions.of_person(tx, BEN, ELSEWHERE) == []

    await database.write(run)


async def test_the_clock_is_what_somebody_said_then_what_their_account_tells_then_the_channels(
    database: Database,
) -> None:
    def run(tx: Transaction) -> None:
        set_up(tx)
        subscriptions.put(tx, SUBSCRIPTION, HOME)
        communities.person(tx, player("ben"), "", "Ben", "Asia/Kolkata")
        assert subscriptions.zone_of(tx, BEN, HOME) == "Asia/Kolkata"
        communities.set_zone(tx, BEN, "America/New_York")
        assert subscriptions.zone_of(tx, BEN, HOME) == "America/New_York"
        assert subscriptions.zone_of(tx, BEN, ELSEWHERE) is None

    await database.write(run)


async def test_stopped_it_is_gone_and_nobody_elses_with_it(database: Database) -> None:
    def run(tx: Transaction) -> None:
        set_up(tx)
        other = replace(SUBSCRIPTION, person=PersonId("ada"))
        subscriptions.put(tx, SUBSCRIPTION, HOME)
        subscriptions.put(tx, other, HOME)
        assert not subscriptions.remove(tx, WEEK, BEN, ELSEWHERE)
        assert subscriptions.remove(tx, WEEK, BEN, HOME)
        assert not subscriptions.remove(tx, WEEK, BEN, HOME)
        assert subscriptions.of_channel(tx, WEEK, ROOM) == [other]
        subscriptions.save(tx, SUBSCRIPTION)
        assert subscriptions.find(tx, WEEK, BEN, HOME) is None
        subscriptions.leave(tx, WEEK, ROOM)
        assert subscriptions.of_channel(tx, WEEK, ROOM) == []

    await database.write(run)


async def test_who_takes_no_messages_is_told_once(database: Database) -> None:
    sent = replace(SUBSCRIPTION, newest=RoundId("r1"))

    def run(tx: Transaction) -> None:
        set_up(tx)
        subscriptions.put(tx, sent, HOME)
        subscriptions.refuse(tx, RoundId("another"), BEN)
        assert subscriptions.untold(tx) == set()
        subscriptions.refuse(tx, RoundId("r1"), BEN)
        assert subscriptions.untold(tx) == {player("ben")}
        told = subscriptions.tell(tx, BEN, HOME)
        assert told is not None
        assert told.refused
        assert subscriptions.tell(tx, BEN, HOME) is None
        assert subscriptions.untold(tx) == set()
        assert subscriptions.find(tx, WEEK, BEN, HOME) == replace(sent, refused=True)

        subscriptions.put(tx, sent, HOME)
        assert subscriptions.find(tx, WEEK, BEN, HOME) == sent

    await database.write(run)


async def test_a_person_who_is_forgotten_takes_it_along(database: Database) -> None:
    def run(tx: Transaction) -> None:
        set_up(tx)
        subscriptions.put(tx, SUBSCRIPTION, HOME)
        tx.connection.execute(sa.delete(METADATA.tables["players"]).where(sa.column("person_id") == BEN))
        tx.connection.execute(sa.delete(METADATA.tables["people"]).where(sa.column("id") == BEN))
        assert tx.connection.execute(sa.select(METADATA.tables["subscriptions"])).all() == []

    await database.write(run)


async def test_a_week_after_a_campaign_has_ended_nobody_is_known_to_have_wanted_it(
    database: Database,
) -> None:
    def run(tx: Transaction) -> None:
        set_up(tx)
        add_campaign(tx, a_campaign(id=CampaignId("other")), hall(tx, ELSEWHERE))
        kept = replace(SUBSCRIPTION, campaign=CampaignId("other"))
        subscriptions.put(tx, SUBSCRIPTION, HOME)
        subscriptions.put(tx, kept, HOME)
        campaigns.ended(tx, WEEK, NOON)
        subscriptions.forget_ended(tx, NOON)
        assert len(subscriptions.of_person(tx, BEN, HOME)) == 2
        subscriptions.forget_ended(tx, NOON + DAY)
        assert subscriptions.of_person(tx, BEN, HOME) == [kept]

    await database.write(run)
