"""Communities, channels, people and the players they are on each platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from bot.game.calendar import is_zone
from bot.game.model import ChannelId, CommunityId, Group, PersonId, PerspectiveId, PlayerId, RoundId
from storage.database import Transaction
from storage.prepared import Prepared
from storage.rounds import group_of
from storage.tables import METADATA, ChannelRow, CommunityRow
from storage.upsert import put

KNOWN_FOR = timedelta(days=90)  # a player who pressed anything in a channel is known there so long

_players = METADATA.tables["players"]
_people = METADATA.tables["people"]
_known = METADATA.tables["known"]
_communities = METADATA.tables["communities"]
_channels = METADATA.tables["channels"]

_EVERYWHERE = (
    sa.select(_channels, *(column.label(f"home_{column.name}") for column in _communities.c))
    .join(_communities, _communities.c.id == _channels.c.community_id)
    .where(_channels.c.id == sa.bindparam("channel"))
)
_BY_REFS = Prepared(
    sa.select(_channels.c.id)
    .join(_communities, _communities.c.id == _channels.c.community_id)
    .where(
        (_communities.c.platform == sa.bindparam("platform"))
        & (_communities.c.ref == sa.bindparam("community_ref"))
        & (_channels.c.ref == sa.bindparam("channel_ref"))
    )
)
_CHANNEL = Prepared(_EVERYWHERE)
_CHANNEL_HERE = Prepared(_EVERYWHERE.where(_channels.c.community_id == sa.bindparam("community")))
_PERSON = Prepared(
    sa.select(
        _players.c.person_id,
        _players.c.name,
        _players.c.time_zone.label("told_zone"),
        _people.c.own_role,
        _people.c.time_zone,
    )
    .join(_people, _people.c.id == _players.c.person_id)
    .where(
        (_players.c.platform == sa.bindparam("platform"))
        & (_players.c.community_id == sa.bindparam("community"))
        & (_players.c.account == sa.bindparam("account"))
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """Where a channel is, and how it has chosen to play. `ref` is the platform's own name for it."""

    id: CommunityId
    platform: str
    ref: str
    name: str
    practice: bool
    threshold: int
    time_zone: str
    language: str
    reads_threads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A place where rounds are played."""

    id: ChannelId
    ref: str
    name: str
    welcomed: bool
    organiser: PersonId | None
    paused: str | None
    community: Community
    own_zone: str | None = None

    @property
    def time_zone(self) -> str:
        """By whose clock the channel goes, its own or the community's: an IANA name."""
        return self.own_zone or self.community.time_zone


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
    query = _CHANNEL if community is None else _CHANNEL_HERE
    row = query.first(tx, {"channel": id, "community": community})
    if row is None:
        raise NoSuchChannel
    return Channel(
        id=ChannelId(row.id),
        ref=row.ref,
        name=row.name,
        welcomed=row.welcomed,
        organiser=PersonId(row.organiser) if row.organiser else None,
        paused=row.paused,
        own_zone=row.time_zone,
        community=Community(
            id=CommunityId(row.home_id),
            platform=row.home_platform,
            ref=row.home_ref,
            name=row.home_name,
            practice=row.home_practice,
            threshold=row.home_threshold,
            time_zone=row.home_time_zone,
            language=row.home_language,
            reads_threads=row.home_reads_threads,
        ),
    )


def find_channel(tx: Transaction, platform: str, community_ref: str, channel_ref: str) -> Channel | None:
    """A channel by the platform's own names for it and for its community; None if we do not know it."""
    row = _BY_REFS.first(
        tx, {"platform": platform, "community_ref": community_ref, "channel_ref": channel_ref}
    )
    return channel(tx, ChannelId(row.id), None) if row is not None else None


def found_channel(
    tx: Transaction,
    *,
    community: CommunityId,
    channel: ChannelId,
    platform: str,
    community_ref: str,
    community_name: str,
    channel_ref: str,
    channel_name: str,
    threshold: int,
    time_zone: str,
    language: str,
    reads_threads: bool,
    now: datetime,
) -> Channel:
    """A channel by the platform's own names, stored under the ids given where it is new.

    Two at once make one: whoever comes second finds what the first has stored. A new
    name is taken over; how the community plays is not.
    """
    home = found_community(
        tx,
        id=community,
        platform=platform,
        ref=community_ref,
        name=community_name,
        threshold=threshold,
        time_zone=time_zone,
        language=language,
        reads_threads=reads_threads,
        now=now,
    )
    row = {"id": channel, "community_id": home, "ref": channel_ref, "name": channel_name, "welcomed": False}
    put(tx, _channels, row, ("community_id", "ref"), ("name",) if channel_name else ())
    found = find_channel(tx, platform, community_ref, channel_ref)
    assert found is not None
    return found


def found_community(
    tx: Transaction,
    *,
    id: CommunityId,
    platform: str,
    ref: str,
    name: str,
    threshold: int,
    time_zone: str,
    language: str,
    reads_threads: bool,
    now: datetime,
) -> CommunityId:
    """A community by the platform's own name, stored under the id given if it is new."""
    row = {
        "id": id,
        "platform": platform,
        "ref": ref,
        "name": name,
        "practice": False,
        "threshold": threshold,
        "time_zone": time_zone,
        "language": language,
        "reads_threads": reads_threads,
        "made_at": now,
    }
    put(tx, _communities, row, ("platform", "ref"), ("name",) if name else ())
    found = find_community(tx, platform, ref)
    assert found is not None
    return found


def find_community(tx: Transaction, platform: str, ref: str) -> CommunityId | None:
    """A community by the platform's own name for it; None if nobody has dealt there yet."""
    here = (_communities.c.platform == platform) & (_communities.c.ref == ref)
    found = tx.connection.execute(sa.select(_communities.c.id).where(here)).scalar()
    return CommunityId(found) if found is not None else None


def set_reads_threads(tx: Transaction, platform: str, community_ref: str, reads: bool) -> None:
    """Whether replies in a community's threads reach us from now on. Cards that are dealt keep theirs."""
    here = (_communities.c.platform == platform) & (_communities.c.ref == community_ref)
    tx.connection.execute(_communities.update().where(here).values(reads_threads=reads))


def welcome(tx: Transaction, id: ChannelId, organiser: PersonId) -> bool:
    """Note that the first card is dealt here; True once. Whoever deals it organises here, if nobody does."""
    return bool(_WELCOME.write(tx, {"channel": id, "dealt_by": organiser}))


_WELCOME = Prepared(
    _channels.update()
    .where((_channels.c.id == sa.bindparam("channel")) & _channels.c.welcomed.is_(False))
    .values(welcomed=True, organiser=sa.func.coalesce(_channels.c.organiser, sa.bindparam("dealt_by")))
)


def organise(tx: Transaction, id: ChannelId, person: PersonId) -> bool:
    """Somebody begins something here: they organise here, if nobody does yet. Whether they do from now on."""
    nobody = (_channels.c.id == id) & _channels.c.organiser.is_(None)
    return bool(tx.connection.execute(_channels.update().where(nobody).values(organiser=person)).rowcount)


def set_channel_zone(tx: Transaction, id: ChannelId, zone: str) -> None:
    """Have a channel go by the clock of a zone, an IANA name."""
    tx.connection.execute(_channels.update().where(_channels.c.id == id).values(time_zone=zone))


def go_on(tx: Transaction, id: ChannelId) -> None:
    """Somebody deals here again, so posting is tried again."""
    stopped = (_channels.c.id == id) & _channels.c.paused.is_not(None)
    tx.connection.execute(_channels.update().where(stopped).values(paused=None))


def pause(tx: Transaction, id: ChannelId, why: str) -> bool:
    """Post nothing there until it works again; True the first time."""
    running = (_channels.c.id == id) & _channels.c.paused.is_(None)
    return bool(tx.connection.execute(_channels.update().where(running).values(paused=why)).rowcount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One human being, as one of their accounts shows them.

    `zone` is where they said that they are, `told_zone` where the account says so; IANA names, or empty.
    """

    id: PersonId
    name: str
    own_role: PerspectiveId | None
    zone: str = ""
    told_zone: str = ""


def find_person(tx: Transaction, player: PlayerId) -> Person | None:
    """Who this player is; None for somebody new."""
    named = {"platform": player.platform, "community": player.community, "account": player.user}
    row = _PERSON.first(tx, named)
    if row is None:
        return None
    role = PerspectiveId(row.own_role) if row.own_role else None
    return Person(
        id=PersonId(row.person_id),
        name=row.name,
        own_role=role,
        zone=row.time_zone or "",
        told_zone=row.told_zone or "",
    )


_SOMEBODY = Prepared(_people.insert(), ("id", "own_role"))


def person(tx: Transaction, player: PlayerId, new_id: str, name: str, zone: str = "") -> Person:
    """Who this player is; somebody new is stored under `new_id`.

    `zone` is what the platform tells. An empty name or zone changes nothing, nor does a zone that is none.
    """
    zone = zone if is_zone(zone) else ""
    known = find_person(tx, player)
    if known is not None:
        name, zone = name or known.name, zone or known.told_zone
        if (known.name, known.told_zone) != (name, zone):
            changed = {"name": name, "time_zone": zone or None}
            tx.connection.execute(_players.update().where(_is(player)).values(**changed))
            known = replace(known, name=name, told_zone=zone)
        return known
    _SOMEBODY.write(tx, {"id": new_id, "own_role": None})
    row = {
        "platform": player.platform,
        "community_id": player.community,
        "account": player.user,
        "person_id": new_id,
        "name": name,
        "time_zone": zone or None,
    }
    if not put(tx, _players, row, ("platform", "community_id", "account")):
        # Two first presses at once, on PostgreSQL: the other one has made them known.
        tx.connection.execute(_people.delete().where(_people.c.id == new_id))
    known = find_person(tx, player)
    assert known is not None
    return known


def _is(player: PlayerId) -> sa.ColumnElement[bool]:
    return (
        (_players.c.platform == player.platform)
        & (_players.c.community_id == player.community)
        & (_players.c.account == player.user)
    )


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


def set_own_role(tx: Transaction, id: PersonId, role: PerspectiveId | None) -> None:
    """Keep what was said once, so that nobody is asked twice; None forgets it."""
    tx.connection.execute(_people.update().where(_people.c.id == id).values(own_role=role))


def set_zone(tx: Transaction, id: PersonId, zone: str | None) -> None:
    """Keep where somebody says that they are, an IANA name; None forgets it."""
    tx.connection.execute(_people.update().where(_people.c.id == id).values(time_zone=zone))


def make_known(tx: Transaction, channel: ChannelId, id: PersonId, today: date) -> None:
    """Note that this person pressed something here, to the day."""
    row = {"channel_id": channel, "person_id": id, "day": today}
    put(tx, _known, row, ("channel_id", "person_id"), ("day",))


def known_in(tx: Transaction, id: PersonId, community: CommunityId, limit: int) -> list[Channel]:
    """The channels of a community in which this person pressed anything, the latest first."""
    query = (
        sa.select(_known.c.channel_id)
        .join(_channels, _channels.c.id == _known.c.channel_id)
        .where((_known.c.person_id == id) & (_channels.c.community_id == community))
        .order_by(_known.c.day.desc(), _known.c.channel_id)
        .limit(limit)
    )
    return [channel(tx, ChannelId(row.channel_id), community) for row in tx.connection.execute(query).all()]


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


def zones(tx: Transaction, channels: tuple[ChannelId, ...], today: date) -> tuple[str, ...]:
    """The time zones of those who pressed anything in these channels in 90 days: IANA names, sorted.

    What somebody said themselves goes before what their account tells. Where neither is known, it is
    the channel's zone; so it is where nobody has pressed anything yet.
    """
    place = sa.func.coalesce(_channels.c.time_zone, _communities.c.time_zone)
    home = sa.func.coalesce(_people.c.time_zone, _players.c.time_zone, place)
    here = (
        sa.select(home)
        .select_from(_known)
        .join(_channels, _channels.c.id == _known.c.channel_id)
        .join(_communities, _communities.c.id == _channels.c.community_id)
        .join(_people, _people.c.id == _known.c.person_id)
        .outerjoin(
            _players,
            (_players.c.person_id == _people.c.id) & (_players.c.community_id == _communities.c.id),
        )
        .where(_known.c.channel_id.in_(channels) & (_known.c.day >= today - KNOWN_FOR))
        .distinct()
    )
    found = {row[0] for row in tx.connection.execute(here)}
    found = found or {channel(tx, each, None).time_zone for each in channels}
    return tuple(sorted(found))


def channel_of_round(tx: Transaction, round: RoundId, platform: str, user: str) -> ChannelId | None:
    """A channel in which this account plays a round; None if they are nobody where it is played."""
    here = METADATA.tables["round_channels"]
    query = (
        sa.select(here.c.channel_id)
        .join(_players, _players.c.community_id == here.c.community_id)
        .where((here.c.round_id == round) & (_players.c.platform == platform) & (_players.c.account == user))
        .limit(1)
    )
    found = tx.connection.execute(query).scalar()
    return ChannelId(found) if found is not None else None


def channel_for(tx: Transaction, id: ChannelId, platform: str, user: str) -> ChannelId | None:
    """The same channel, if this account plays in its community; None if not, or if there is none."""
    query = (
        sa.select(_channels.c.id)
        .join(_players, _players.c.community_id == _channels.c.community_id)
        .where((_channels.c.id == id) & (_players.c.platform == platform) & (_players.c.account == user))
    )
    found = tx.connection.execute(query).scalar()
    return ChannelId(found) if found is not None else None
