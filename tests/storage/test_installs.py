"""Installs on both databases: whose token, had anew by one alone, gone in time; and new secrets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.game.model import ChannelId, CommunityId
from storage import communities, installs, rekey
from storage.database import Database, Transaction
from storage.installs import Install
from storage.keys import Keyring, Unreadable
from storage.tables import METADATA
from tests.builders import ADA, NOON
from tests.storage import builders
from tests.storage.builders import KEYRING

pytestmark = pytest.mark.asyncio

OLD, NEW = b"a secret that only these tests have", b"the secret that takes its place"
SOON = NOON + timedelta(hours=2)
NORTH = Install(
    team="T1",
    name="North",
    url="https://north.example.org/",
    bot_id="B1",
    bot_user="U1",
    scopes=frozenset({"commands", "chat:write"}),
    token="xoxe.xoxb-1-" + "a" * 300,
    refresh="xoxe-1-" + "b" * 300,
    expires_at=NOON + timedelta(hours=1),
    installed_at=NOON,
)
SOUTH = replace(NORTH, team="T2", name="South", token="xoxb-2", refresh="", expires_at=None)


async def kept(database: Database, *every: Install) -> None:
    def transaction(tx: Transaction) -> None:
        for each in every:
            installs.put(tx, KEYRING, each)

    await database.write(transaction)


async def test_each_workspace_has_its_own_and_the_newest_counts(database: Database) -> None:
    await kept(database, NORTH, SOUTH, replace(NORTH, token="xoxb-another"))

    assert await database.read(lambda tx: installs.every(tx, KEYRING)) == [
        replace(NORTH, token="xoxb-another"),
        SOUTH,
    ]
    assert await database.read(lambda tx: installs.find(tx, KEYRING, "T2")) == SOUTH
    assert await database.read(lambda tx: installs.find(tx, KEYRING, "T3")) is None


async def test_without_the_secret_there_is_no_token(database: Database) -> None:
    await kept(database, NORTH)

    assert await database.read(lambda tx: installs.every(tx, Keyring(NEW))) == []
    assert await database.read(lambda tx: installs.every(tx, Keyring(NEW, OLD))) == [NORTH]


async def test_a_token_is_had_anew_by_one_alone_and_by_another_if_they_died(database: Database) -> None:
    await kept(database, NORTH, SOUTH)

    async def claimed(team: str, minutes: float = 0) -> Install | None:
        now = NOON + timedelta(minutes=minutes)
        return await database.write(lambda tx: installs.claim(tx, KEYRING, team, now, SOON))

    assert await claimed("T1") == NORTH
    assert await claimed("T1") is None
    assert await claimed("T1", minutes=1) == NORTH
    assert await claimed("T2") is None  # it never expires
    later = NOON + timedelta(hours=12)
    await database.write(lambda tx: installs.renew(tx, KEYRING, NORTH, "xoxb-next", "xoxe-next", later))
    assert await claimed("T1", minutes=5) is None
    found = await database.read(lambda tx: installs.find(tx, KEYRING, "T1"))
    assert found is not None
    assert (found.token, found.refresh) == ("xoxb-next", "xoxe-next")


async def test_what_was_had_for_an_install_of_before_is_not_kept(database: Database) -> None:
    again = replace(NORTH, token="xoxb-again", installed_at=NOON + timedelta(minutes=1))
    await kept(database, again)

    assert not await database.write(lambda tx: installs.renew(tx, KEYRING, NORTH, "x", "y", SOON))
    await database.write(lambda tx: installs.give_up(tx, NORTH, lost=True))

    assert await database.read(lambda tx: installs.find(tx, KEYRING, "T1")) == again


async def test_what_is_lost_is_not_asked_for_again(database: Database) -> None:
    await kept(database, NORTH)
    await database.write(lambda tx: installs.give_up(tx, NORTH, lost=True))

    assert await database.write(lambda tx: installs.claim(tx, KEYRING, "T1", NOON, SOON)) is None


async def test_removing_one_pauses_its_channels_and_no_others(database: Database) -> None:
    await kept(database, NORTH, SOUTH)

    def place(tx: Transaction, team: str) -> None:
        communities.found_channel(
            tx, community=CommunityId(f"co{team}"), channel=ChannelId(f"ch{team}"), platform="slack",
            community_ref=team, community_name=team, channel_ref="C1", channel_name="ward-4", threshold=5,
            time_zone="Europe/London", language="en", reads_threads=True, now=NOON,
        )  # fmt: skip

    def both(tx: Transaction) -> None:
        place(tx, "T1")
        place(tx, "T2")

    await database.write(both)

    assert not await database.write(lambda tx: installs.forget(tx, "T1", NOON - timedelta(seconds=1)))
    assert await database.write(lambda tx: installs.forget(tx, "T1", NOON + timedelta(seconds=1)))
    assert await database.write(lambda tx: installs.forget(tx, "T1", NOON + timedelta(seconds=1)))

    assert await database.read(lambda tx: installs.every(tx, KEYRING)) == [SOUTH]
    paused = await database.read(
        lambda tx: [communities.channel(tx, ChannelId(each), None).paused for each in ("chT1", "chT2")]
    )
    assert paused == ["gone", None]


async def test_under_a_new_secret_everything_opens_and_what_was_seen_stays_seen(database: Database) -> None:
    await kept(database, NORTH)
    table = METADATA.tables["round_keys"]

    def a_round(tx: Transaction) -> bytes:
        builders.found_room(tx)
        builders.meet(tx, "ada")
        builders.deal(tx)
        return bytes(tx.connection.execute(sa.select(table.c.wrapped)).scalar_one())

    round_key = KEYRING.unwrap(await database.write(a_round))
    both = Keyring(NEW, OLD)

    assert await database.write(lambda tx: rekey.rekey(tx, both)) == 2
    assert await database.write(lambda tx: rekey.rekey(tx, Keyring(NEW))) == 2  # again, it changes nothing

    new = Keyring(NEW)
    await database.read(lambda tx: rekey.recall(tx, new))
    assert await database.read(lambda tx: installs.every(tx, new)) == [NORTH]
    wrapped = await database.read(lambda tx: tx.connection.execute(sa.select(table.c.wrapped)).scalar_one())
    assert new.unwrap(wrapped).token(ADA) == round_key.token(ADA)
    assert new.seen("event") == KEYRING.seen("event")
    assert not new.signed("a link", KEYRING.sign("a link"))
    assert await database.read(lambda tx: installs.every(tx, KEYRING)) == []


async def test_what_was_sealed_says_nothing_and_opens_with_its_secret_alone() -> None:
    sealed = KEYRING.seal("xoxb-1")

    assert "xoxb" not in sealed
    assert Keyring(NEW, OLD).unseal(sealed) == "xoxb-1"
    with pytest.raises(Unreadable):
        Keyring(NEW).unseal(sealed)
