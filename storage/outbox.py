"""The outbox: effects not yet delivered, in order per channel. Holds ids, and no words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from bot.chat import MessageRef
from bot.game.model import ChannelId, RoundId
from storage.database import Transaction
from storage.tables import METADATA
from storage.upsert import upsert

_outbox = METADATA.tables["outbox"]
_posts = METADATA.tables["posts"]
_channels = METADATA.tables["channels"]


class State(StrEnum):
    """Waiting; claimed, and perhaps on the platform already; put aside for good."""

    PENDING = "pending"
    SENDING = "sending"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An effect that is being delivered. `again` says that it may be on the platform already.

    `post` is where an earlier delivery to the same slot is, `thread` where the board is.
    """

    id: int
    channel: ChannelId
    round: RoundId | None
    slot: str
    again: bool
    attempts: int
    first_tried_at: datetime
    post: MessageRef | None
    thread: MessageRef | None

    @property
    def key(self) -> str:
        """What the platform is told to find it by."""
        return f"shoes-{self.id}"


def put(tx: Transaction, channel: ChannelId, round: RoundId | None, slot: str) -> None:
    """Have a slot shown as it is at delivery. One that already waits will show this change too."""
    _lock(tx, channel)
    statement = upsert(tx, _outbox).values(
        channel_id=channel, round_id=round, slot=slot, state=State.PENDING.value, attempts=0
    )
    tx.connection.execute(statement.on_conflict_do_nothing())


def _lock(tx: Transaction, channel: ChannelId) -> None:
    """One at a time changes what waits for a channel; on SQLite it is one at a time anyway.

    A sequence is not commit order: without this a later number may commit first. The key may
    still be referred to: two deals, each of which refers to the channel, would wait for each other.
    """
    if tx.postgres:
        row = sa.select(_channels.c.id).where(_channels.c.id == channel)
        tx.connection.execute(row.with_for_update(key_share=True))


def due(tx: Transaction, now: datetime) -> list[str]:
    """The channels whose next effect can be delivered now. Those behind one that waits wait too."""
    first = sa.select(sa.func.min(_outbox.c.id)).where(_outbox.c.state != State.ASIDE.value)
    query = (
        sa.select(_outbox.c.channel_id)
        .join(_channels, _channels.c.id == _outbox.c.channel_id)
        .where(
            _outbox.c.id.in_(first.group_by(_outbox.c.channel_id))
            & (_outbox.c.not_before.is_(None) | (_outbox.c.not_before <= now))
            & _channels.c.paused.is_(None)
        )
    )
    return [row.channel_id for row in tx.connection.execute(query)]


def next_due_at(tx: Transaction) -> datetime | None:
    """When the earliest effect that backs off is tried again, in UTC; None if none waits."""
    query = sa.select(sa.func.min(_outbox.c.not_before)).where(_outbox.c.state != State.ASIDE.value)
    return tx.connection.execute(query).scalar()


def claim(tx: Transaction, channel: ChannelId, now: datetime) -> Claimed | None:
    """The channel's next effect, marked as being sent; None if it has to wait or there is none.

    Claimed before the round is read: a vote that lands meanwhile must find no pending
    effect, so that it makes a new one. The other order loses that vote.
    """
    query = (
        sa.select(_outbox)
        .join(_channels, _channels.c.id == _outbox.c.channel_id)
        .where(
            (_outbox.c.channel_id == channel)
            & (_outbox.c.state != State.ASIDE.value)
            & _channels.c.paused.is_(None)
        )
        .order_by(_outbox.c.id)
        .limit(1)
    )
    row = tx.connection.execute(query.with_for_update(of=_outbox) if tx.postgres else query).first()
    if row is None or (row.not_before is not None and row.not_before > now):
        return None
    first_tried_at = row.first_tried_at or now
    tx.connection.execute(
        _outbox.update()
        .where(_outbox.c.id == row.id)
        .values(
            state=State.SENDING.value,
            attempts=row.attempts + 1,
            first_tried_at=first_tried_at,
            not_before=None,
        )
    )
    return Claimed(
        id=row.id,
        channel=channel,
        round=RoundId(row.round_id) if row.round_id else None,
        slot=row.slot,
        again=row.state == State.SENDING.value,
        attempts=row.attempts + 1,
        first_tried_at=first_tried_at,
        post=posted(tx, channel, row.round_id, row.slot),
        thread=posted(tx, channel, row.round_id, "board"),
    )


def posted(tx: Transaction, channel: ChannelId, round: str | None, slot: str) -> MessageRef | None:
    """Where a post of ours is that is edited in place; None if there is none yet."""
    found = tx.connection.execute(
        sa.select(_posts.c.ref).where(
            (_posts.c.channel_id == channel) & (_posts.c.round_id == (round or "")) & (_posts.c.slot == slot)
        )
    ).scalar()
    return MessageRef(found) if found is not None else None


def sent(tx: Transaction, claimed: Claimed, ref: MessageRef | None) -> None:
    """It is there. `ref` is kept for a post that is edited in place later."""
    tx.connection.execute(_outbox.delete().where(_outbox.c.id == claimed.id))
    if ref is not None:
        row = {
            "channel_id": claimed.channel,
            "round_id": claimed.round or "",
            "slot": claimed.slot,
            "ref": ref,
        }
        statement = upsert(tx, _posts).values(**row)
        tx.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["channel_id", "round_id", "slot"], set_={"ref": ref}
            )
        )


def try_again(tx: Transaction, claimed: Claimed, at: datetime, *, unknown: bool) -> None:
    """Keep it for `at` (UTC). `unknown`: it may be there already, so it is looked up first.

    A newer change to the same slot may wait behind it; that one is then delivered by this one.
    """
    state = State.SENDING if unknown else State.PENDING
    if state is State.PENDING:
        _lock(tx, claimed.channel)  # a newer one that is just being put has to be seen here
        newer = (
            (_outbox.c.channel_id == claimed.channel)
            & (_outbox.c.round_id == claimed.round)
            & (_outbox.c.slot == claimed.slot)
            & (_outbox.c.state == State.PENDING.value)
        )
        tx.connection.execute(_outbox.delete().where(newer))
    tx.connection.execute(
        _outbox.update().where(_outbox.c.id == claimed.id).values(state=state.value, not_before=at)
    )


def put_aside(tx: Transaction, claimed: Claimed) -> None:
    """The platform will never take it. The next one goes on."""
    tx.connection.execute(_outbox.update().where(_outbox.c.id == claimed.id).values(state=State.ASIDE.value))
