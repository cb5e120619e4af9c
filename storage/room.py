"""The browser room's own rows: its posts, and which browser sits where."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from bot.game.model import ChannelId, CommunityId, RoundId
from storage.database import Transaction
from storage.tables import METADATA
from storage.upsert import put

SEAT_DAYS = timedelta(days=90)

_posts = METADATA.tables["room_posts"]
_round_channels = METADATA.tables["round_channels"]
_refs = METADATA.tables["posts"]
_seats = METADATA.tables["seats"]
_channels = METADATA.tables["channels"]
_communities = METADATA.tables["communities"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPost:
    """A message of ours in a room. `message` is JSON; `user` is set on a whisper."""

    id: int
    key: str
    thread: str | None
    user: str | None
    message: str
    posted_at: datetime


def post(
    tx: Transaction,
    channel: ChannelId,
    *,
    key: str,
    message: str,
    now: datetime,
    thread: str | None = None,
    user: str | None = None,
) -> int:
    """Store a message; the same `key` again is the same post."""
    row = {
        "channel_id": channel,
        "key": key,
        "thread": thread,
        "account": user,
        "message": message,
        "posted_at": now,
    }
    put(tx, _posts, row, ("channel_id", "key"))
    found = find(tx, channel, key)
    assert found is not None
    return found


def find(tx: Transaction, channel: ChannelId, key: str) -> int | None:
    """The post with this key."""
    query = sa.select(_posts.c.id).where((_posts.c.channel_id == channel) & (_posts.c.key == key))
    return tx.connection.execute(query).scalar()


def edit(tx: Transaction, channel: ChannelId, id: int, message: str) -> bool:
    """Put a message in the place of an earlier one. False if that is gone."""
    here = (_posts.c.id == id) & (_posts.c.channel_id == channel)
    return bool(tx.connection.execute(_posts.update().where(here).values(message=message)).rowcount)


def refs(tx: Transaction, channel: ChannelId, rounds: list[RoundId]) -> dict[tuple[str, str], int]:
    """Where the posts that are edited in place are, by round and slot."""
    query = sa.select(_refs).where((_refs.c.channel_id == channel) & _refs.c.round_id.in_(rounds))
    return {(row.round_id, row.slot): int(row.ref) for row in tx.connection.execute(query)}


def by_id(tx: Transaction, channel: ChannelId, ids: list[int]) -> dict[int, RoomPost]:
    """Some posts of a room."""
    query = sa.select(_posts).where((_posts.c.channel_id == channel) & _posts.c.id.in_(ids))
    return {row.id: _post(row) for row in tx.connection.execute(query)}


def since(tx: Transaction, channel: ChannelId, after: int, user: str | None) -> list[RoomPost]:
    """What was posted after a post, and whispered to this user, in that order."""
    query = (
        sa.select(_posts)
        .where(
            (_posts.c.channel_id == channel)
            & (_posts.c.id > after)
            & (_posts.c.account.is_(None) | (_posts.c.account == user))
        )
        .order_by(_posts.c.id)
    )
    return [_post(row) for row in tx.connection.execute(query)]


def _post(row: sa.Row[tuple[object, ...]]) -> RoomPost:
    return RoomPost(
        id=row.id,
        key=row.key,
        thread=row.thread,
        user=row.account,
        message=row.message,
        posted_at=row.posted_at,
    )


def forget_whispers(tx: Transaction, before: datetime) -> None:
    """Delete what was whispered before a moment (UTC): it says who asked about which round."""
    old = _posts.c.account.is_not(None) & (_posts.c.posted_at < before)
    tx.connection.execute(_posts.delete().where(old))


def forget_whispers_of(tx: Transaction, round: RoundId, button: str) -> None:
    """Delete what was whispered about a round with this button under it, in all its rooms."""
    rooms = sa.select(_round_channels.c.channel_id).where(_round_channels.c.round_id == round)
    whispered = _posts.c.account.is_not(None) & _posts.c.channel_id.in_(rooms)
    tx.connection.execute(
        _posts.delete().where(whispered & _posts.c.message.contains(button, autoescape=True))
    )


# --- browsers --------------------------------------------------------------------------


def hash_of(cookie: str) -> bytes:
    """What is kept of a cookie."""
    return hashlib.sha256(cookie.encode(errors="replace")).digest()


def last_seen(tx: Transaction, cookie: str) -> date | None:
    """The day on which a browser that has a seat was here last."""
    here = _seats.c.session == hash_of(cookie)
    found: date | None = tx.connection.execute(sa.select(sa.func.max(_seats.c.seen_on)).where(here)).scalar()
    return found


def see(tx: Transaction, cookie: str, today: date) -> None:
    """Note that a browser was here, to the day."""
    here = _seats.c.session == hash_of(cookie)
    tx.connection.execute(_seats.update().where(here).values(seen_on=today))


def forget_absent(tx: Transaction, today: date) -> None:
    """Clear the seats of browsers that were long away."""
    tx.connection.execute(_seats.delete().where(_seats.c.seen_on < today - SEAT_DAYS))


def copy_seats(tx: Transaction, cookie: str, other: str, today: date) -> None:
    """Give a new cookie the seats of an old one, which keeps them for a day unless it comes back."""
    here = _seats.c.session == hash_of(cookie)
    held = tx.connection.execute(sa.select(_seats.c.community_id, _seats.c.account).where(here)).all()
    for row in held:
        take_seat(tx, other, CommunityId(row.community_id), row.account, today)
    tx.connection.execute(_seats.update().where(here).values(seen_on=today - SEAT_DAYS + timedelta(days=1)))


def seat(tx: Transaction, cookie: str, community: CommunityId) -> str | None:
    """As whom this browser plays in a room."""
    here = (_seats.c.session == hash_of(cookie)) & (_seats.c.community_id == community)
    return tx.connection.execute(sa.select(_seats.c.account).where(here)).scalar()


def sits(tx: Transaction, channel: ChannelId, user: str) -> bool:
    """Whether somebody plays in a room, in whatever browser."""
    here = (_seats.c.community_id == community_of(tx, channel)) & (_seats.c.account == user)
    return tx.connection.execute(sa.select(_seats.c.account).where(here).limit(1)).first() is not None


def take_seat(tx: Transaction, cookie: str, community: CommunityId, user: str, today: date) -> None:
    """Play in this room from now on; a browser that sits there already stays who it is."""
    row = {"session": hash_of(cookie), "community_id": community, "account": user, "seen_on": today}
    put(tx, _seats, row, ("session", "community_id"))


def rooms_of(tx: Transaction, cookie: str) -> list[tuple[ChannelId, str, bool]]:
    """The rooms this browser plays in: channel, name, whether it is for practice."""
    query = (
        sa.select(_channels.c.id, _channels.c.name, _communities.c.practice)
        .join(_communities, _communities.c.id == _channels.c.community_id)
        .join(_seats, _seats.c.community_id == _communities.c.id)
        .where(_seats.c.session == hash_of(cookie))
        .order_by(_channels.c.name)
    )
    return [(ChannelId(row.id), row.name, row.practice) for row in tx.connection.execute(query)]


def room_of(tx: Transaction, cookie: str, round: RoundId) -> ChannelId | None:
    """The room in which this browser may see a round; None if there is none."""
    query = (
        sa.select(_round_channels.c.channel_id)
        .join(_seats, _seats.c.community_id == _round_channels.c.community_id)
        .where((_seats.c.session == hash_of(cookie)) & (_round_channels.c.round_id == round))
    )
    found = tx.connection.execute(query).scalar()
    return ChannelId(found) if found is not None else None


def by_ref(tx: Transaction, ref: str) -> tuple[ChannelId, CommunityId] | None:
    """A room of the browser by its name for the program, such as the practice room."""
    query = (
        sa.select(_channels.c.id, _channels.c.community_id)
        .join(_communities, _communities.c.id == _channels.c.community_id)
        .where((_channels.c.ref == ref) & (_communities.c.platform == "web"))
    )
    row = tx.connection.execute(query).first()
    return (ChannelId(row.id), CommunityId(row.community_id)) if row is not None else None


def community_of(tx: Transaction, channel: ChannelId) -> CommunityId | None:
    """The community of a browser room; None if there is no such room."""
    query = (
        sa.select(_channels.c.community_id)
        .join(_communities, _communities.c.id == _channels.c.community_id)
        .where((_channels.c.id == channel) & (_communities.c.platform == "web"))
    )
    found = tx.connection.execute(query).scalar()
    return CommunityId(found) if found is not None else None
