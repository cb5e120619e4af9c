"""What platforms tell us of a card's thread: whose thread it is, what came last, and lightbulbs on replies.

Events come at least once, doubled and in any order. Of everything the newest version is
kept, so that each order ends the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from bot.chat import MessageRef
from bot.game.model import ChannelId, CommunityId, PersonId, Phase, Policy, ReplyId, ResponseId, RoundId
from storage.database import Transaction
from storage.keys import Keyring
from storage.prepared import Prepared
from storage.tables import METADATA
from storage.upsert import put_newest

KEPT = timedelta(days=7)  # far beyond any platform's last retry

_posts = METADATA.tables["posts"]
_latest = METADATA.tables["latest"]
_replies = METADATA.tables["replies"]
_responses = METADATA.tables["responses"]
_lightbulbs = METADATA.tables["reply_lightbulbs"]
_rounds = METADATA.tables["rounds"]
_channels = METADATA.tables["channels"]
_round_channels = METADATA.tables["round_channels"]

_GONE = b"\xff"  # newer than every version: what was deleted never comes back


def round_of(tx: Transaction, channel: ChannelId, thread: MessageRef) -> RoundId | None:
    """The round whose card this thread hangs on; None for every other thread."""
    found = tx.connection.execute(_ROUND, {"channel": channel, "thread": thread}).scalar()
    return RoundId(found) if found is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenThread:
    """The thread of an open card; the replies that stand in it, and those with a 💡, as far as we know."""

    channel: ChannelId
    channel_ref: str
    ref: MessageRef
    replies: frozenset[ReplyId]
    lit: frozenset[ReplyId]


def open_threads(tx: Transaction, community: CommunityId) -> list[OpenThread]:
    """Where a reply may have been missed: the threads of every card that is open and can be read."""
    query = (
        sa.select(_posts.c.round_id, _posts.c.channel_id, _posts.c.ref, _channels.c.ref.label("channel_ref"))
        .join(_rounds, _rounds.c.id == _posts.c.round_id)
        .join(_channels, _channels.c.id == _posts.c.channel_id)
        .where(
            (_channels.c.community_id == community)
            & (_posts.c.slot == "board")
            & (_rounds.c.phase != Phase.CLOSED.value)
            & _rounds.c.reads_thread.is_(True)
        )
        .order_by(_rounds.c.opened_at)
    )
    return [
        OpenThread(
            channel=ChannelId(row.channel_id),
            channel_ref=row.channel_ref,
            ref=MessageRef(row.ref),
            replies=frozenset(_standing(tx, RoundId(row.round_id))),
            lit=frozenset(_lit_replies(tx, RoundId(row.round_id))),
        )
        for row in tx.connection.execute(query).all()
    ]


def _standing(tx: Transaction, round: RoundId) -> list[ReplyId]:
    here = (_replies.c.round_id == round) & _replies.c.removed.is_(False)
    return [ReplyId(row.id) for row in tx.connection.execute(sa.select(_replies.c.id).where(here))]


def _lit_replies(tx: Transaction, round: RoundId) -> list[ReplyId]:
    here = (_lightbulbs.c.round_id == round) & _lightbulbs.c.lit.is_(True)
    return [
        ReplyId(row.reply_id) for row in tx.connection.execute(sa.select(_lightbulbs.c.reply_id).where(here))
    ]


def find_reply(tx: Transaction, reply: ReplyId) -> tuple[RoundId, PersonId] | None:
    """The round and the writer of a reply that stands. For what a platform tells: it names no community."""
    row = tx.connection.execute(_REPLY, {"reply": reply}).first()
    return (RoundId(row.round_id), PersonId(row.author)) if row is not None else None


def round_of_reply(tx: Transaction, reply: ReplyId, community: CommunityId) -> RoundId | None:
    """The round of a reply that stands, where this community plays it."""
    found = tx.connection.scalar(_ROUND_OF_REPLY, {"reply": reply, "community": community})
    return RoundId(found) if found is not None else None


# Made once: other people's threads are asked about, too, and there are many of them.
_ROUND = sa.select(_posts.c.round_id).where(
    (_posts.c.channel_id == sa.bindparam("channel"))
    & (_posts.c.ref == sa.bindparam("thread"))
    & (_posts.c.slot == "board")
)
_REPLY = sa.select(_replies.c.round_id, _replies.c.author).where(
    (_replies.c.id == sa.bindparam("reply")) & _replies.c.removed.is_(False)
)
_ROUND_OF_REPLY = (
    sa.select(_replies.c.round_id)
    .join(_round_channels, _round_channels.c.round_id == _replies.c.round_id)
    .where(
        (_replies.c.id == sa.bindparam("reply"))
        & _replies.c.removed.is_(False)
        & (_round_channels.c.community_id == sa.bindparam("community"))
    )
    .limit(1)
)


# --- the newest version of a reply ---------------------------------------------------------


def newer(tx: Transaction, keyring: Keyring, reply: ReplyId, version: str, today: date) -> bool:
    """Note a version of a reply; False if this one or a newer one came before."""
    return _note(tx, keyring, reply, _order(version), today)


def gone(tx: Transaction, keyring: Keyring, reply: ReplyId, today: date) -> None:
    """Note that a reply was deleted: whatever else comes of it is late."""
    _note(tx, keyring, reply, _GONE, today)


def clear(tx: Transaction, today: date) -> None:
    """Forget what no platform will deliver again."""
    tx.connection.execute(_latest.delete().where(_latest.c.day < today - KEPT))


def _note(tx: Transaction, keyring: Keyring, reply: ReplyId, version: bytes, today: date) -> bool:
    row = {"about": keyring.seen(f"reply {reply}"), "version": version, "day": today}
    return put_newest(tx, _latest, row, ("about",), ("version", "day"))


def _order(version: str) -> bytes:
    """Bytes that sort as versions do: a longer one is newer, as with numbers."""
    text = version.encode()
    assert len(text) < _GONE[0]
    return bytes([len(text)]) + text


# --- lightbulbs on replies -----------------------------------------------------------------


def lightable(tx: Transaction, channel: ChannelId) -> list[RoundId]:
    """The rounds of a channel in which a 💡 on a thread reply may be a lightbulb."""
    query = (
        sa.select(_rounds.c.id)
        .join(_round_channels, _round_channels.c.round_id == _rounds.c.id)
        .where(
            (_round_channels.c.channel_id == channel)
            & (_rounds.c.policy == Policy.OPEN.value)
            & (_rounds.c.phase != Phase.CLOSED.value)
            & _rounds.c.reads_thread.is_(True)
        )
        .order_by(_rounds.c.id)
    )
    return [RoundId(row.id) for row in tx.connection.execute(query)]


def light(tx: Transaction, id: RoundId, token: bytes, reply: ReplyId, version: str, *, lit: bool) -> bool:
    """Keep that a player's 💡 is on a reply or off it; False if something newer is known."""
    row = {"round_id": id, "token": token, "reply_id": reply, "version": _order(version), "lit": lit}
    return put_newest(tx, _lightbulbs, row, ("round_id", "token", "reply_id"), ("version", "lit"))


def relight(tx: Transaction, id: RoundId, tokens: Collection[bytes], reply: ReplyId, version: str) -> bool:
    """Keep whose 💡 are on a reply now, as it was read back at `version`. False if that is known.

    One that is known to be off stays so: its player took it back with a button, and the platform
    cannot know that.
    """
    here = (_lightbulbs.c.round_id == id) & (_lightbulbs.c.reply_id == reply)
    rows = tx.connection.execute(sa.select(_lightbulbs.c.token, _lightbulbs.c.lit).where(here)).all()
    known = {row.token: row.lit for row in rows}
    on = [each for each in tokens if each not in known]
    off = [token for token, is_lit in known.items() if is_lit and token not in tokens]
    changes = [(token, True) for token in on] + [(token, False) for token in off]
    kept = [light(tx, id, token, reply, version, lit=is_lit) for token, is_lit in changes]
    return any(kept)


def lit(tx: Transaction, id: RoundId, token: bytes, person: PersonId | None) -> list[ResponseId]:
    """The responses by others whose reply has this player's 💡, in the order in which it was put on."""
    named = {"round": id, "token": token, "person": person}
    return [ResponseId(row.id) for row in _LIT_BY.all(tx, named)]


def every_lit(tx: Transaction, id: RoundId) -> list[tuple[bytes, ResponseId, PersonId]]:
    """Every 💡 on a response: whose token, which response, by whom; in the order in which it was put on."""
    rows = tx.connection.execute(_LIT, {"round": id})
    return [(row.token, ResponseId(row.id), PersonId(row.author)) for row in rows]


def put_out(tx: Transaction, id: RoundId, token: bytes, response: ResponseId) -> None:
    """The player took this lightbulb back with a button, whatever still stands on the platform."""
    reply = sa.select(_responses.c.reply_id).where(_responses.c.id == response).scalar_subquery()
    own = (_lightbulbs.c.round_id == id) & (_lightbulbs.c.token == token) & (_lightbulbs.c.reply_id == reply)
    tx.connection.execute(_lightbulbs.update().where(own).values(lit=False))


_LIT = (
    sa.select(_lightbulbs.c.token, _responses.c.id, _responses.c.author)
    .join(
        _responses,
        (_responses.c.reply_id == _lightbulbs.c.reply_id)
        & (_responses.c.round_id == _lightbulbs.c.round_id)
        & _responses.c.removed.is_(False),
    )
    .where((_lightbulbs.c.round_id == sa.bindparam("round")) & _lightbulbs.c.lit.is_(True))
    .order_by(_lightbulbs.c.version, _lightbulbs.c.reply_id)
)
_LIT_BY = Prepared(
    _LIT.where(
        (_lightbulbs.c.token == sa.bindparam("token")) & (_responses.c.author != sa.bindparam("person"))
    )
)
