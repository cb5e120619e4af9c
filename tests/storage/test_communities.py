"""Communities, channels, and the people in them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from bot.game.model import ChannelId, CommunityId, Group, PersonId, PerspectiveId
from storage import communities
from storage.communities import Channel, NoSuchChannel
from storage.database import Database, Transaction
from storage.tables import METADATA
from tests.builders import NOON
from tests.storage.builders import ELSEWHERE, HOME, ROOM, found_room, meet, player

pytestmark = pytest.mark.asyncio

_people = METADATA.tables["people"]
_known = METADATA.tables["known"]
TODAY = NOON.date()


async def test_a_channel_is_found_with_its_community(database: Database) -> None:
    await database.write(found_room)

    found = await database.read(lambda tx: communities.channel(tx, ROOM, HOME))

    assert (found.id, found.ref, found.welcomed, found.organiser) == (ROOM, HOME, False, None)
    assert (found.community.id, found.community.platform, found.community.threshold) == (HOME, "web", 5)
    assert (found.community.time_zone, found.community.practice) == ("Europe/London", False)
    assert await database.read(lambda tx: communities.channel(tx, ROOM, None)) == found


@pytest.mark.parametrize("channel", [ROOM, "no such room"])
async def test_another_communitys_channel_is_answered_like_one_that_does_not_exist(
    database: Database, channel: str
) -> None:
    await database.write(found_room)

    with pytest.raises(NoSuchChannel):
        await database.read(lambda tx: communities.channel(tx, channel, ELSEWHERE))  # type: ignore[arg-type]


async def test_whoever_deals_the_first_card_organises_the_channel(database: Database) -> None:
    await database.write(found_room)

    assert await database.write(lambda tx: communities.welcome(tx, ROOM, PersonId("ada")))
    assert not await database.write(lambda tx: communities.welcome(tx, ROOM, PersonId("ben")))

    assert (await database.read(lambda tx: communities.channel(tx, ROOM, None))).organiser == "ada"


async def test_a_player_is_the_same_person_each_time(database: Database) -> None:
    await database.write(found_room)
    assert await database.read(lambda tx: communities.find_person(tx, player("ada"))) is None

    first = await database.write(lambda tx: communities.person(tx, player("ada"), "id 1", "Ada"))
    again = await database.write(lambda tx: communities.person(tx, player("ada"), "id 2", ""))

    assert first == again == await database.read(lambda tx: communities.find_person(tx, player("ada")))
    assert (first.id, first.name, first.own_role) == ("id 1", "Ada", None)


async def test_a_new_name_is_kept_and_an_empty_one_is_not(database: Database) -> None:
    await database.write(found_room)
    await database.write(lambda tx: meet(tx, "ada", "ben"))

    await database.write(lambda tx: communities.person(tx, player("ada"), "", "Ada L."))
    renamed = await database.write(lambda tx: communities.person(tx, player("ada"), "", ""))

    assert renamed.name == "Ada L."
    names = await database.read(lambda tx: communities.names(tx, [PersonId("ada"), PersonId("nobody")]))
    assert names == {"ada": "Ada L."}


async def test_two_first_presses_at_once_make_one_person(database: Database) -> None:
    await database.write(found_room)

    people = await asyncio.gather(
        *(
            database.write(partial(communities.person, player=player("ada"), new_id=f"id {n}", name="Ada"))
            for n in range(8)
        )
    )

    assert len({person.id for person in people}) == 1
    count = sa.select(sa.func.count()).select_from(_people)
    assert await database.read(lambda tx: tx.connection.scalar(count)) == 1


async def test_the_same_account_elsewhere_is_another_person(database: Database) -> None:
    await database.write(found_room)
    await database.write(lambda tx: found_room(tx, ELSEWHERE, "their room"))  # type: ignore[arg-type]
    await database.write(lambda tx: meet(tx, "ada"))

    there = await database.write(lambda tx: communities.person(tx, player("ada", ELSEWHERE), "id 2", "Ada"))

    assert there.id == "id 2"
    assert await database.read(lambda tx: communities.player_of(tx, PersonId("ada"), HOME)) == player("ada")
    assert await database.read(lambda tx: communities.player_of(tx, PersonId("ada"), ELSEWHERE)) is None


async def test_an_own_role_is_said_once_and_counted_where_one_is_known(database: Database) -> None:
    await database.write(found_room)
    roles = {"ada": "carer", "ben": "carer", "cem": "manager", "dee": None, "eve": "carer"}
    await database.write(lambda tx: meet(tx, *roles))
    for person, role in roles.items():
        id = PersonId(person)
        if role is not None:
            await database.write(partial(communities.set_own_role, id=id, role=PerspectiveId(role)))
        day = TODAY - timedelta(days=91 if person == "eve" else 90)
        await database.write(partial(communities.make_known, channel=ROOM, id=id, today=day))

    declared = await database.read(lambda tx: communities.declared(tx, (ROOM,), TODAY))

    assert declared == {Group.CARERS: 2, Group.DECIDERS: 1}
    found = await database.read(lambda tx: communities.find_person(tx, player("cem")))
    assert found is not None
    assert found.own_role == "manager"


async def test_that_somebody_was_here_is_kept_to_the_day(database: Database) -> None:
    await database.write(found_room)
    await database.write(lambda tx: meet(tx, "ada"))

    for day in (TODAY, TODAY, TODAY + timedelta(days=1)):
        await database.write(partial(communities.make_known, channel=ROOM, id=PersonId("ada"), today=day))

    rows = await database.read(lambda tx: [tuple(row) for row in tx.connection.execute(sa.select(_known))])
    assert rows == [(ROOM, "ada", TODAY + timedelta(days=1))]


# --- time zones ----------------------------------------------------------------------------


async def zones_of(database: Database) -> tuple[str, ...]:
    return await database.read(lambda tx: communities.zones(tx, (ROOM,), TODAY))


async def plays(database: Database, who: str, zone: str = "", days_ago: int = 0) -> None:
    day = TODAY - timedelta(days=days_ago)

    def transaction(tx: Transaction) -> None:
        person = communities.person(tx, player(who), who, who.title(), zone)
        communities.make_known(tx, ROOM, person.id, day)

    await database.write(transaction)


async def test_where_nobody_has_pressed_anything_the_channels_zone_counts(database: Database) -> None:
    await database.write(found_room)

    assert await zones_of(database) == ("Europe/London",)


async def test_each_known_players_zone_counts_once_and_the_channels_for_whoever_has_none(
    database: Database,
) -> None:
    await database.write(found_room)
    await plays(database, "ada", "Asia/Kolkata")
    await plays(database, "ben", "Asia/Kolkata")
    assert await zones_of(database) == ("Asia/Kolkata",)

    await plays(database, "cem")
    assert await zones_of(database) == ("Asia/Kolkata", "Europe/London")


async def test_whoever_was_not_here_for_90_days_does_not_count(database: Database) -> None:
    await database.write(found_room)
    await plays(database, "ada", "Asia/Kolkata", days_ago=90)
    await plays(database, "ben", "Pacific/Auckland", days_ago=91)

    assert await zones_of(database) == ("Asia/Kolkata",)


async def test_what_somebody_said_themselves_goes_before_what_their_account_tells(
    database: Database,
) -> None:
    await database.write(found_room)
    await plays(database, "ada", "Asia/Kolkata")

    await database.write(lambda tx: communities.set_zone(tx, PersonId("ada"), "America/New_York"))
    await plays(database, "ada", "Pacific/Auckland")
    assert await zones_of(database) == ("America/New_York",)

    await database.write(lambda tx: communities.set_zone(tx, PersonId("ada"), None))
    assert await zones_of(database) == ("Pacific/Auckland",)


@pytest.mark.parametrize("told", ["", "Mars/Olympus", "../../etc/passwd"])
async def test_a_platform_that_tells_no_zone_changes_nothing(database: Database, told: str) -> None:
    await database.write(found_room)
    await plays(database, "ada", "Asia/Kolkata")
    await plays(database, "ada", told)
    await plays(database, "ben", told)

    assert await zones_of(database) == ("Asia/Kolkata", "Europe/London")


# --- places by the platform's own names ----------------------------------------------------


def _found(tx: Transaction, number: int = 1, channel_ref: str = "C1", **given: str) -> Channel:
    """Somebody deals in a channel of a workspace: new ids are at hand, and may not be needed."""
    names = {"community_name": "A team", "channel_name": "general", "time_zone": "Europe/London"} | given
    return communities.found_channel(
        tx,
        community=CommunityId(f"co{number}"),
        channel=ChannelId(f"ch{number}"),
        platform="slack",
        community_ref="T1",
        channel_ref=channel_ref,
        threshold=5,
        language="en",
        reads_threads=False,
        now=NOON,
        **names,
    )


async def test_a_place_is_found_by_the_platforms_own_names(database: Database) -> None:
    assert await database.read(lambda tx: communities.find_channel(tx, "slack", "T1", "C1")) is None

    made = await database.write(_found)
    again = await database.write(lambda tx: _found(tx, 2))
    other = await database.write(lambda tx: _found(tx, 3, "C2"))

    assert (made.id, made.ref, made.name, made.community.id) == ("ch1", "C1", "general", "co1")
    assert not made.community.reads_threads
    assert again == made == await database.read(lambda tx: communities.find_channel(tx, "slack", "T1", "C1"))
    assert (other.id, other.community) == ("ch3", made.community)
    assert await database.read(lambda tx: communities.find_channel(tx, "discord", "T1", "C1")) is None


async def test_a_new_name_of_a_place_is_taken_over_and_its_own_choices_are_not(database: Database) -> None:
    await database.write(_found)
    renamed = {"community_name": "The team", "channel_name": "talk", "time_zone": "Asia/Kolkata"}

    again = await database.write(lambda tx: _found(tx, 2, **renamed))
    unnamed = await database.write(lambda tx: _found(tx, 3, community_name="", channel_name=""))

    assert (again.name, again.community.name, again.community.time_zone) == (
        "talk",
        "The team",
        "Europe/London",
    )
    assert unnamed == again


async def test_two_deals_in_a_new_place_at_once_make_one_place(database: Database) -> None:
    places = await asyncio.gather(*(database.write(partial(_found, number=n)) for n in range(8)))

    assert len({place.id for place in places}) == len({place.community.id for place in places}) == 1


async def test_what_reaches_us_of_threads_is_said_for_a_whole_community(database: Database) -> None:
    await database.write(_found)

    await database.write(lambda tx: communities.set_reads_threads(tx, "slack", "T1", True))
    await database.write(lambda tx: communities.set_reads_threads(tx, "slack", "T2", False))

    found = await database.write(lambda tx: _found(tx, 2, "C2"))
    assert found.community.reads_threads
