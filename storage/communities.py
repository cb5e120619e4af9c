"""Communities, channels, people and the players they are on each platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import select

from bot.game.model import ChannelId, CommunityId, Group, PersonId, PerspectiveId, PlayerId
from storage.database import Transaction
from storage.rounds import group_of
from storage.tables import METADATA, ChannelRow, CommunityRow, PersonRow, PlayerRow
from storage.upsert import upsert

KNOWN_FOR = timedelta(days=90)  # a player who pressed anything in a channel is known there so long

_players = METADATA.tables["players"]
_people = METADATA.tables["people"]
_known = METADATA.tables["known"]
_channels = METADATA.tables["channels"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """Where a channel is, and how it has chosen to play."""

    id: CommunityId
    platform: str
    name: str
    practice: bool
    threshold: int
    time_zone: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A place where rounds are played."""

    id: ChannelId
    ref: str
    name: str
    welcomed: bool
    organiser: PersonId | None
    community: Community


class NoSuchChannel(Exception):
    """No channel with this id in this community."""


def found(
    tx: Transaction,
    *,
    community: CommunityId,
    channel: ChannelId,
    platform: str,
    ref: str,
    name: str,
    practice: bool,
    threshold: int,
    time_zone: str,
    language: str,
    now: datetime,
) -> None:
    """Store a new community with its first channel; both have the platform's name `ref`."""
    tx.session.add(
        CommunityRow(
            id=community,
            platform=platform,
            ref=ref,
            name=name,
            practice=practice,
            threshold=threshold,
            time_zone=time_zone,
            language=language,
            made_at=now,
        )
    )
    tx.session.flush()
    tx.session.add(ChannelRow(id=channel, community_id=community, ref=ref, name=name))
    tx.session.flush()


def channel(tx: Transaction, id: ChannelId, community: CommunityId | None) -> Channel:
    """A channel with its community, or NoSuchChannel. `community` is None for the program itself."""
    query = select(ChannelRow, CommunityRow).join(
        CommunityRow, sa.literal_column("communities.id") == sa.literal_column("channels.community_id")
    )
    query = query.where(ChannelRow.id == id)
    if community is not None:
        query = query.where(ChannelRow.community_id == community)
    row = tx.session.exec(query).first()
    if row is None:
        raise NoSuchChannel
    place, home = row
    return Channel(
        id=ChannelId(place.id),
        ref=place.ref,
        name=place.name,
        welcomed=place.welcomed,
        organiser=PersonId(place.organiser) if place.organiser else None,
        community=Community(
            id=CommunityId(home.id),
            platform=home.platform,
            name=home.name,
            practice=home.practice,
            threshold=home.threshold,
            time_zone=home.time_zone,
            language=home.language,
        ),
    )


def welcome(tx: Transaction, id: ChannelId, organiser: PersonId) -> bool:
    """Note that the first card is dealt here; True once. Whoever deals it organises here."""
    first = (_channels.c.id == id) & _channels.c.welcomed.is_(False)
    changed = tx.connection.execute(
        _channels.update().where(first).values(welcomed=True, organiser=organiser)
    )
    return bool(changed.rowcount)


def pause(tx: Transaction, id: ChannelId, why: str) -> bool:
    """Post nothing there until it works again; True the first time."""
    running = (_channels.c.id == id) & _channels.c.paused.is_(None)
    return bool(tx.connection.execute(_channels.update().where(running).values(paused=why)).rowcount)


def person(tx: Transaction, player: PlayerId, new_id: str, name: str) -> PersonId:
    """Who this player is; somebody new is stored under `new_id`. An empty name changes nothing."""
    here = (
        (_players.c.platform == player.platform)
        & (_players.c.community_id == player.community)
        & (_players.c.account == player.user)
    )
    row = tx.connection.execute(sa.select(_players.c.person_id, _players.c.name).where(here)).first()
    if row is not None:
        if name and row.name != name:
            tx.connection.execute(_players.update().where(here).values(name=name))
        return PersonId(row.person_id)
    tx.connection.execute(_people.insert().values(id=new_id, own_role=None))
    statement = upsert(tx, _players).values(
        platform=player.platform,
        community_id=player.community,
        account=player.user,
        person_id=new_id,
        name=name,
    )
    if tx.connection.execute(statement.on_conflict_do_nothing()).rowcount:
        return PersonId(new_id)
    # Two first presses at once, on PostgreSQL: the other one has made them known.
    tx.connection.execute(_people.delete().where(_people.c.id == new_id))
    return PersonId(tx.connection.execute(sa.select(_players.c.person_id).where(here)).scalar_one())


def known_person(tx: Transaction, player: PlayerId) -> PersonId | None:
    """Who this player is, for a form that must not wait for the writer."""
    row = tx.session.get(PlayerRow, (player.platform, player.community, player.user))
    return PersonId(row.person_id) if row is not None else None


def names(tx: Transaction, people: list[PersonId]) -> Mapping[PersonId, str]:
    """What each person is called, where a name was given."""
    rows = tx.connection.execute(
        sa.select(_players.c.person_id, _players.c.name).where(_players.c.person_id.in_(people))
    )
    return {PersonId(row.person_id): row.name for row in rows if row.name}


def player_of(tx: Transaction, id: PersonId, community: CommunityId) -> PlayerId | None:
    """The account of a person in a community; None if they have none there."""
    here = (_players.c.person_id == id) & (_players.c.community_id == community)
    row = tx.connection.execute(sa.select(_players).where(here).limit(1)).first()
    return PlayerId(row.platform, CommunityId(row.community_id), row.account) if row else None


def own_role(tx: Transaction, id: PersonId) -> PerspectiveId | None:
    """The perspective this person lives, if they said so."""
    row = tx.session.get(PersonRow, id)
    return PerspectiveId(row.own_role) if row is not None and row.own_role else None


def set_own_role(tx: Transaction, id: PersonId, role: PerspectiveId) -> None:
    """Keep what was said once, so that nobody is asked twice."""
    tx.connection.execute(_people.update().where(_people.c.id == id).values(own_role=role))


def make_known(tx: Transaction, channel: ChannelId, id: PersonId, today: date) -> None:
    """Note that this person pressed something here, to the day."""
    statement = upsert(tx, _known).values(channel_id=channel, person_id=id, day=today)
    tx.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["channel_id", "person_id"], set_={"day": today}, where=_known.c.day != today
        )
    )


def declared(tx: Transaction, channels: tuple[ChannelId, ...], today: date) -> Mapping[Group, int]:
    """How many known players of these channels have declared an own role, by group."""
    query = (
        sa.select(_people.c.id, _people.c.own_role)
        .join(_known, _known.c.person_id == _people.c.id)
        .where(_known.c.channel_id.in_(channels) & (_known.c.day >= today - KNOWN_FOR))
        .distinct()
    )
    counts: dict[Group, int] = {}
    for row in tx.connection.execute(query):
        group = group_of(row.own_role)
        if group is not None:
            counts[group] = counts.get(group, 0) + 1
    return counts
