"""What views show of a round: its standing, its thread, a player's ballot, a channel's rounds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot.game.insight import Cells
from bot.game.model import (
    CardId,
    ChannelId,
    CommunityId,
    DeckId,
    Ending,
    PersonId,
    Pledge,
    PledgeId,
    PledgeState,
    Policy,
    Reply,
    ResponseId,
    Round,
    RoundId,
)
from bot.game.standing import Standing
from storage import care
from storage.database import Transaction
from storage.prepared import Prepared
from storage.rounds import Loaded, not_hidden, pledges_of, reply_of, response_of
from storage.tables import METADATA

_CELLS = TypeAdapter(Cells)

_rounds = METADATA.tables["rounds"]
_round_channels = METADATA.tables["round_channels"]
_responses = METADATA.tables["responses"]
_votes = METADATA.tables["votes"]
_replies = METADATA.tables["replies"]
_pledges = METADATA.tables["pledges"]
_cells = METADATA.tables["cells"]


def standing(tx: Transaction, round: Round) -> Standing:
    """All that everybody in the channel may see of the round now."""
    shown = sa.select(_responses).where(
        (_responses.c.round_id == round.id)
        & (_responses.c.place.is_not(None) | _responses.c.author.is_not(None))
        & not_hidden(_responses)
    )
    rows = tx.connection.execute(shown).all()
    cells = tx.connection.execute(sa.select(_cells.c.cells).where(_cells.c.round_id == round.id)).scalar()
    responses = sorted(
        (response_of(row).for_others for row in rows), key=lambda each: (each.place or 10**9, each.id)
    )
    return Standing(
        responses=tuple(responses),
        writers=round.responses,
        pledges=tuple(pledges_of(tx, _pledges.c.round_id == round.id)),
        cells=_CELLS.validate_json(cells) if cells is not None else None,
        taken_out=care.taken_out(tx, round.id) if round.ending is Ending.FINISHED else 0,
    )


def thread(tx: Transaction, id: RoundId) -> tuple[Reply, ...]:
    """The replies of a card's thread, in the order in which they were written."""
    query = (
        sa.select(_replies).where(_replies.c.round_id == id).order_by(_replies.c.written_at, _replies.c.id)
    )
    return tuple(reply_of(row) for row in tx.connection.execute(query))


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one player's ballot is made of: every response they may vote on, in their own order.

    `waiting` are those they have not seen yet, least voted first; `seen` counts the rest.
    """

    order: tuple[ResponseId, ...]
    waiting: tuple[ResponseId, ...]
    seen: int


_EVERY = (
    sa.select(_responses.c.id, _responses.c.votes, _votes.c.response_id.label("seen"))
    .outerjoin(
        _votes,
        (_votes.c.round_id == _responses.c.round_id)
        & (_votes.c.token == sa.bindparam("token"))
        & (_votes.c.response_id == _responses.c.id),
    )
    .where((_responses.c.round_id == sa.bindparam("round")) & _responses.c.removed.is_(False))
    .where(not_hidden(_responses))
)
_BALLOT = Prepared(_EVERY.where(_responses.c.token != sa.bindparam("token")))
# In an open round: what stands in the thread, with names; and what came by the form, once it is posted.
_POSTED_BALLOT = Prepared(
    _EVERY.where(
        (_responses.c.author != sa.bindparam("person"))
        | (_responses.c.place.is_not(None) & (_responses.c.token != sa.bindparam("token")))
    )
)


def ballot(tx: Transaction, loaded: Loaded) -> Ballot:
    """This player's ballot; empty once the round has closed."""
    if loaded.token is None:
        return Ballot((), (), 0)
    token = loaded.token
    query = _POSTED_BALLOT if loaded.round.policy is Policy.OPEN else _BALLOT
    named = {"round": loaded.round.id, "token": token, "person": loaded.round.mine.person}
    rows = query.all(tx, named)
    shuffled = sorted(
        (hashlib.sha256(token + row.id.encode()).digest(), row.id, row.votes, row.seen is None)
        for row in rows
    )
    waiting = sorted((votes, place, id) for place, (_, id, votes, new) in enumerate(shuffled) if new)
    return Ballot(
        order=tuple(ResponseId(id) for _, id, _, _ in shuffled),
        waiting=tuple(ResponseId(id) for _, _, id in waiting),
        seen=len(shuffled) - len(waiting),
    )


def due_pledges(
    tx: Transaction, owner: PersonId, community: CommunityId, until: date, limit: int
) -> list[tuple[RoundId, ChannelId, Pledge]]:
    """Open pledges of a player that are due by a day, the most urgent first; with round and channel."""
    query = (
        sa.select(
            _pledges.c.id, _pledges.c.round_id, sa.func.min(_round_channels.c.channel_id).label("channel")
        )
        .join(_round_channels, _round_channels.c.round_id == _pledges.c.round_id)
        .where(
            (_pledges.c.owner == owner)
            & (_pledges.c.state == PledgeState.OPEN.value)
            & (_pledges.c.due_on <= until)
            & (_round_channels.c.community_id == community)
        )
        .group_by(_pledges.c.id, _pledges.c.round_id, _pledges.c.due_on)
        .order_by(_pledges.c.due_on, _pledges.c.id)
        .limit(limit)
    )
    rows = tx.connection.execute(query).all()
    found = {each.id: each for each in pledges_of(tx, _pledges.c.id.in_([row.id for row in rows]))}
    return [(RoundId(row.round_id), ChannelId(row.channel), found[PledgeId(row.id)]) for row in rows]


def in_channel(tx: Transaction, channel: ChannelId, limit: int) -> list[RoundId]:
    """The rounds of a channel, the newest first."""
    query = (
        sa.select(_round_channels.c.round_id)
        .where(_round_channels.c.channel_id == channel)
        .order_by(_round_channels.c.opened_at.desc(), _round_channels.c.round_id)
        .limit(limit)
    )
    return [RoundId(row.round_id) for row in tx.connection.execute(query)]


def dealt_cards(tx: Transaction, channel: ChannelId, deck: DeckId) -> list[CardId]:
    """The cards of a deck that this channel has had, the newest last."""
    query = (
        sa.select(_rounds.c.card_id)
        .join(_round_channels, _round_channels.c.round_id == _rounds.c.id)
        .where((_round_channels.c.channel_id == channel) & (_rounds.c.deck_id == deck))
        .order_by(_rounds.c.opened_at)
    )
    return [CardId(row.card_id) for row in tx.connection.execute(query)]
