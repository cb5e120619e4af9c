"""The outbox: effects not yet delivered, in order per channel. Holds ids, and no words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot.chat import MessageRef
from bot.game.model import ChannelId, RoundId
from bot.slots import TROUBLE, following
from storage.database import Transaction
from storage.prepared import Prepared
from storage.tables import METADATA
from storage.upsert import put as put_row

_outbox = METADATA.tables["outbox"]
_posts = METADATA.tables["posts"]
_channels = METADATA.tables["channels"]


class State(StrEnum):
    """Waiting; claimed, and perhaps on the platform already; sent again unseen; put aside for good;
    given up, and perhaps there all the same."""

    PENDING = "pending"
    SENDING = "sending"
    REPEATING = "repeating"
    ASIDE = "aside"
    LOST = "lost"


_TO_DO = (_outbox.c.state != State.ASIDE.value) & (_outbox.c.state != State.LOST.value)

_UNTRIED = {"attempts": 0, "first_tried_at": None, "not_before": None}
"""As if it had not been tried before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An effect that is being delivered. `again` says that it may be on the platform already,
    `repeated` that it was even sent a second time without looking.

    `post` is where an earlier delivery to the same slot is, `thread` where the board is. `more`
    says that a post for the part after this one is there.
    """

    id: int
    channel: ChannelId
    round: RoundId | None
    slot: str
    again: bool
    repeated: bool
    attempts: int
    first_tried_at: datetime
    post: MessageRef | None
    thread: MessageRef | None
    more: bool

    @property
    def key(self) -> str:
        """What the platform is told to find it by: each part has a post of its own."""
        return f"shoes-{self.number}"

    @property
    def number(self) -> str:
        """What people may call it."""
        _, marked, part = self.slot.partition("~")
        return f"{self.id}.{part}" if marked else str(self.id)


def put(tx: Transaction, channel: ChannelId, round: RoundId | None, slot: str) -> None:
    """Have a slot shown as it is at delivery. One that already waits will show this change too."""
    _lock(tx, channel)
    if _take_up(tx, channel, round, slot):
        return
    row = {
        "channel_id": channel,
        "round_id": round,
        "slot": slot,
        "state": State.PENDING.value,
        "attempts": 0,
    }
    put_row(tx, _outbox, row, ())


def _take_up(tx: Transaction, channel: ChannelId, round: RoundId | None, slot: str) -> bool:
    """What was given up may be there all the same: a second one would stand beside it for ever."""
    return bool(_TAKE_UP.write(tx, {"channel": channel, "round": round, "named": slot}))


_TAKE_UP = Prepared(
    _outbox.update()
    .where(
        (_outbox.c.channel_id == sa.bindparam("channel"))
        & _outbox.c.round_id.is_not_distinct_from(sa.bindparam("round"))
        & (_outbox.c.slot == sa.bindparam("named"))
        & (_outbox.c.state == State.LOST.value)
    )
    .values(state=State.SENDING.value, attempts=0, first_tried_at=None, not_before=None)
)


def _lock(tx: Transaction, channel: ChannelId) -> None:
    """One at a time changes what waits for a channel; on SQLite it is one at a time anyway.

    A sequence is not commit order: without this a later number may commit first. The key may
    still be referred to: two deals, each of which refers to the channel, would wait for each other.
    """
    if tx.postgres:
        row = sa.select(_channels.c.id).where(_channels.c.id == channel)
        tx.connection.execute(row.with_for_update(key_share=True))


def _next_ones() -> sa.ColumnElement[bool]:
    """Rows of which the first in each channel is next `now` (UTC). One that is held lets the others by.

    What tells of trouble goes to one person and not to the channel: a pause does not stop it.
    """
    trouble = _outbox.c.slot.startswith(TROUBLE)
    held = trouble | ((_outbox.c.state == State.PENDING.value) & (_outbox.c.attempts == 0))
    return (
        _TO_DO
        & (_channels.c.paused.is_(None) | trouble)
        & (_outbox.c.not_before.is_(None) | (_outbox.c.not_before <= sa.bindparam("now")) | ~held)
    )


def due(tx: Transaction, now: datetime) -> list[str]:
    """The channels whose next effect can be delivered now. Those behind one that failed wait too."""
    first = (
        sa.select(sa.func.min(_outbox.c.id))
        .join(_channels, _channels.c.id == _outbox.c.channel_id)
        .where(_next_ones())
    )
    query = sa.select(_outbox.c.channel_id).where(
        _outbox.c.id.in_(first.group_by(_outbox.c.channel_id))
        & (_outbox.c.not_before.is_(None) | (_outbox.c.not_before <= now))
    )
    return [row.channel_id for row in tx.connection.execute(query, {"now": now})]


def next_due_at(tx: Transaction) -> datetime | None:
    """When the earliest effect that backs off or is held is tried again, in UTC; None if none waits."""
    query = (
        sa.select(sa.func.min(_outbox.c.not_before))
        .join(_channels, _channels.c.id == _outbox.c.channel_id)
        .where(_TO_DO & (_channels.c.paused.is_(None) | _outbox.c.slot.startswith(TROUBLE)))
    )
    return tx.connection.execute(query).scalar()


def claim(tx: Transaction, channel: ChannelId, now: datetime) -> Claimed | None:
    """The channel's next effect, marked as being sent; None if it has to wait or there is none.

    Claimed before the round is read: a vote that lands meanwhile must find no pending
    effect, so that it makes a new one. The other order loses that vote.
    """
    row = _NEXT.first(tx, {"channel": channel, "now": now})
    if row is None or (row.not_before is not None and row.not_before > now):
        return None
    first_tried_at = row.first_tried_at or now
    repeated = row.state == State.REPEATING.value
    sending = (State.REPEATING if repeated else State.SENDING).value
    _CLAIM.write(tx, {"row": row.id, "sending": sending, "tried": first_tried_at})
    posts = _posted(tx, channel, row.round_id, (row.slot, following(row.slot), "board"))
    return Claimed(
        id=row.id,
        channel=channel,
        round=RoundId(row.round_id) if row.round_id else None,
        slot=row.slot,
        again=row.state != State.PENDING.value,
        repeated=repeated,
        attempts=row.attempts + 1,
        first_tried_at=first_tried_at,
        post=posts.get(row.slot),
        thread=posts.get("board"),
        more=following(row.slot) in posts,
    )


_NEXT = Prepared(
    sa.select(_outbox)
    .join(_channels, _channels.c.id == _outbox.c.channel_id)
    .where((_outbox.c.channel_id == sa.bindparam("channel")) & _next_ones())
    .order_by(_outbox.c.id)
    .limit(1)
    .with_for_update(of=_outbox)  # SQLite has one writer, and leaves it out
)
_CLAIM = Prepared(
    _outbox.update()
    .where(_outbox.c.id == sa.bindparam("row"))
    .values(
        state=sa.bindparam("sending"),
        attempts=_outbox.c.attempts + 1,
        first_tried_at=sa.bindparam("tried"),
        not_before=None,
    )
)


def posted(tx: Transaction, channel: ChannelId, round: str | None, slot: str) -> MessageRef | None:
    """Where a post of ours is that is edited in place; None if there is none yet."""
    return _posted(tx, channel, round, (slot, slot, slot)).get(slot)


def _posted(
    tx: Transaction, channel: ChannelId, round: str | None, slots: tuple[str, str, str]
) -> dict[str, MessageRef]:
    one, two, three = slots
    wanted = {"channel": channel, "round": round or "", "one": one, "two": two, "three": three}
    return {row.slot: MessageRef(row.ref) for row in _POSTS.all(tx, wanted)}


_POSTS = Prepared(
    sa.select(_posts.c.slot, _posts.c.ref).where(
        (_posts.c.channel_id == sa.bindparam("channel"))
        & (_posts.c.round_id == sa.bindparam("round"))
        & sa.or_(*(_posts.c.slot == sa.bindparam(name) for name in ("one", "two", "three")))
    )
)


def sent(tx: Transaction, claimed: Claimed, ref: MessageRef | None, *, more: bool = False) -> None:
    """It is there. `ref` is kept for a post that is edited in place later.

    `more`: the part after it comes next. It takes this one's place in the queue, so that nothing
    gets between the parts of a message.
    """
    if more and not _take_up(tx, claimed.channel, claimed.round, following(claimed.slot)):
        _becomes(tx, claimed, State.PENDING, slot=following(claimed.slot), **_UNTRIED)
    else:
        _DONE.write(tx, {"row": claimed.id})
    if ref is not None:
        place = {"channel_id": claimed.channel, "round_id": claimed.round or "", "slot": claimed.slot}
        put_row(tx, _posts, {**place, "ref": ref}, tuple(place), ("ref",))


_DONE = Prepared(_outbox.delete().where(_outbox.c.id == sa.bindparam("row")))


def hold(tx: Transaction, claimed: Claimed, until: datetime) -> None:
    """Not its turn yet: `until` (UTC) others go before it. That is no failure, and no attempt."""
    _take_the_newer_along(tx, claimed)
    since = claimed.first_tried_at if claimed.attempts > 1 else None
    _becomes(
        tx, claimed, State.PENDING, attempts=claimed.attempts - 1, first_tried_at=since, not_before=until
    )


def put_off(tx: Transaction, claimed: Claimed, until: datetime) -> None:
    """Nothing is posted in the channel before `until` (UTC). It is as if it had not been tried before."""
    _take_the_newer_along(tx, claimed)
    _becomes(tx, claimed, State.PENDING, **_UNTRIED | {"not_before": until})


def try_again(tx: Transaction, claimed: Claimed, at: datetime, *, unknown: bool) -> None:
    """Keep it for `at` (UTC). `unknown`: it may be there already, so it is looked up first.

    A newer change to the same slot may wait behind it; that one is then delivered by this one.
    """
    state = State.SENDING if unknown else State.PENDING
    if state is State.PENDING:
        _take_the_newer_along(tx, claimed)
    _becomes(tx, claimed, state, not_before=at)


def _take_the_newer_along(tx: Transaction, claimed: Claimed) -> bool:
    """Before it goes back: only one of its slot may be pending, and this one shows the newer change too.

    True if there was one.
    """
    _lock(tx, claimed.channel)  # a newer one that is just being put has to be seen here
    newer = _of_slot(claimed) & (_outbox.c.state == State.PENDING.value)
    return bool(tx.connection.execute(_outbox.delete().where(newer)).rowcount)


def _of_slot(claimed: Claimed) -> sa.ColumnElement[bool]:
    return (
        (_outbox.c.channel_id == claimed.channel)
        & (_outbox.c.round_id == claimed.round)
        & (_outbox.c.slot == claimed.slot)
    )


def _becomes(tx: Transaction, claimed: Claimed, state: State, **changes: Any) -> None:
    """What was claimed is in another state now."""
    changed = _outbox.update().where(_outbox.c.id == claimed.id).values(state=state.value, **changes)
    tx.connection.execute(changed)


def repeat(tx: Transaction, claimed: Claimed) -> None:
    """It may be there, nobody can look, and it is about to be sent a second time. There is no third."""
    _becomes(tx, claimed, State.REPEATING)


def keep(tx: Transaction, claimed: Claimed) -> None:
    """Its channel pauses. When that goes on, it is as if it had not been tried before."""
    state = State.SENDING if claimed.again else State.PENDING
    if state is State.PENDING:
        _take_the_newer_along(tx, claimed)
    _becomes(tx, claimed, state, **_UNTRIED)


def put_aside(tx: Transaction, claimed: Claimed, *, more: bool = False, unknown: bool = False) -> bool:
    """The platform will never take it. The next one goes on; with `more` that is the part after it.

    `unknown`: it may be there, so the next change to its slot looks it up; one that waits already
    is shown by this one, for which another day begins. True if nothing was put aside for its slot
    before: only the last of them is kept.
    """
    before = _of_slot(claimed) & ~_TO_DO
    first = not tx.connection.execute(_outbox.delete().where(before)).rowcount
    if not unknown and more:
        place = {"channel_id": claimed.channel, "round_id": claimed.round, "slot": claimed.slot}
        aside = {"state": State.ASIDE.value, "attempts": claimed.attempts}
        tx.connection.execute(_outbox.insert().values(**place, **aside))
        sent(tx, claimed, None, more=True)
    elif unknown and _take_the_newer_along(tx, claimed):
        _becomes(tx, claimed, State.SENDING, **_UNTRIED)
    else:
        # What may be there has this number, and is found by no other.
        _becomes(tx, claimed, State.LOST if unknown else State.ASIDE)
        if more:
            put(tx, claimed.channel, claimed.round, following(claimed.slot))
    return first
