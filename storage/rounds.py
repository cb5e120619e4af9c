"""Rounds: rows -> game values. A round is stored as it is dealt, and loaded for each press."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.game.model import (
    PERSPECTIVES,
    ChannelId,
    Choice,
    CommunityId,
    DeckId,
    Ending,
    Group,
    Hold,
    Mine,
    Pause,
    PersonId,
    PerspectiveId,
    Phase,
    Pledge,
    PledgeId,
    PledgeState,
    Policy,
    Reply,
    ReplyId,
    ReplyKind,
    Response,
    ResponseId,
    Round,
    RoundId,
    Stance,
)
from bot.game.rounds import lightbulbs
from storage import thread
from storage.cards import card_of, json_of
from storage.database import Transaction
from storage.keys import Keyring, RoundKey
from storage.prepared import Prepared
from storage.tables import METADATA
from storage.upsert import put

_rounds = METADATA.tables["rounds"]
_round_channels = METADATA.tables["round_channels"]
_round_keys = METADATA.tables["round_keys"]
_channels = METADATA.tables["channels"]
_tokens = METADATA.tables["tokens"]
_responses = METADATA.tables["responses"]
_votes = METADATA.tables["votes"]
_askers = METADATA.tables["askers"]
_replies = METADATA.tables["replies"]
_pledges = METADATA.tables["pledges"]
_joins = METADATA.tables["pledge_joins"]


class KeyLost(Exception):
    """An open round without its key, as after a restore: nobody's part in it can be stored."""


class NoSuchRound(Exception):
    """No round with this id in this community. Another community's id is answered the same."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A round as one press finds it, with what `save` needs. The key is None once it closed."""

    round: Round
    key: RoundKey | None
    token: bytes | None
    threshold: int
    known: bool  # whether the token has a row already
    seen: int = 0  # how many responses this player has seen in their ballot
    pressed: frozenset[ResponseId] = frozenset()  # lightbulbs given in the ballot
    lit: frozenset[ResponseId] = frozenset()  # responses with this player's 💡 in the thread


# --- rows to values --------------------------------------------------------------------


def _round(row: sa.Row[Any], channels: Iterable[str], mine: Mine, **named: Any) -> Round:
    """The round as a row has it. `named`: the responses, replies or pledges that a move names."""
    return Round(
        id=RoundId(row.id),
        card=card_of(row.card),
        policy=Policy(row.policy),
        facilitator=PersonId(row.facilitator),
        channels=tuple(ChannelId(each) for each in channels),
        opened_at=row.opened_at,
        reveal_at=row.reveal_at,
        closes_at=row.closes_at,
        reads_thread=row.reads_thread,
        live=row.live,
        fair=row.fair,
        phase=Phase(row.phase),
        closed_at=row.closed_at,
        ending=Ending(row.ending) if row.ending else None,
        pause=Pause(since=row.paused_at, asked=row.pause_asked) if row.paused_at else None,
        responses=row.responses,
        pages=row.pages,
        last_call_at=row.last_call_at,
        unheard=tuple(Group(each) for each in row.unheard.split()),
        extended=row.extended,
        mine=mine,
        **named,
    )


def response_of(row: sa.Row[Any]) -> Response:
    return Response(
        id=ResponseId(row.id),
        words=row.words,
        second_thoughts=row.second_thoughts,
        author=PersonId(row.author) if row.author else None,
        author_name=row.author_name,
        reply=ReplyId(row.reply_id) if row.reply_id else None,
        place=row.place,
        removed=row.removed,
        example=row.example,
        hold=Hold(row.hold) if row.hold else None,
        second_only=row.second_only,
    )


def reply_of(row: sa.Row[Any]) -> Reply:
    return Reply(
        id=ReplyId(row.id),
        author=PersonId(row.author),
        author_name=row.author_name,
        words=row.words,
        kind=ReplyKind(row.kind),
        written_at=row.written_at,
        removed=row.removed,
        chosen=row.chosen,
    )


def pledges_of(tx: Transaction, where: sa.ColumnElement[bool]) -> list[Pledge]:
    rows = tx.connection.execute(sa.select(_pledges).where(where).order_by(_pledges.c.made_at)).all()
    joined: dict[str, list[PersonId]] = {}
    if rows:
        joins = sa.select(_joins).where(_joins.c.pledge_id.in_([row.id for row in rows]))
        for join in tx.connection.execute(joins.order_by(_joins.c.number)):
            joined.setdefault(join.pledge_id, []).append(PersonId(join.person_id))
    return [
        Pledge(
            id=PledgeId(row.id),
            owner=PersonId(row.owner),
            owner_name=row.owner_name,
            words=row.words,
            by=row.due_on,
            state=PledgeState(row.state),
            joined=tuple(joined.get(row.id, ())),
        )
        for row in rows
    ]


# --- deal, load ------------------------------------------------------------------------


def create(
    tx: Transaction,
    keyring: Keyring,
    round: Round,
    *,
    deck: DeckId,
    threshold: int,
    communities: Mapping[ChannelId, CommunityId],
) -> None:
    """Store a round that was just dealt, and its key. `communities` says where each channel is."""
    row = {
        "id": round.id,
        "deck_id": deck,
        "card_id": round.card.id,
        "card": json_of(round.card),
        "facilitator": round.facilitator,
        "policy": round.policy.value,
        "threshold": threshold,
        "reads_thread": round.reads_thread,
        "live": round.live,
        "fair": round.fair,
        "opened_at": round.opened_at,
        **moving_parts(round),
    }
    new = put(tx, _rounds, row, ("id",))
    assert new, "a round is dealt once"
    for channel in round.channels:
        where = {"channel_id": channel, "community_id": communities[channel], "opened_at": round.opened_at}
        put(tx, _round_channels, {"round_id": round.id, **where}, ("round_id", "channel_id"))
    put(tx, _round_keys, {"round_id": round.id, "wrapped": keyring.wrap(RoundKey.new())}, ("round_id",))


def moving_parts(round: Round) -> dict[str, Any]:
    """The columns of a round that moves change."""
    return {
        "phase": round.phase.value,
        "reveal_at": round.reveal_at,
        "closes_at": round.closes_at,
        "closed_at": round.closed_at,
        "ending": round.ending.value if round.ending else None,
        "paused_at": round.pause.since if round.pause else None,
        "pause_asked": round.pause.asked if round.pause else False,
        "responses": round.responses,
        "pages": round.pages,
        "last_call_at": round.last_call_at,
        "unheard": " ".join(round.unheard),
        "extended": round.extended,
    }


def load(
    tx: Transaction,
    keyring: Keyring,
    id: RoundId,
    *,
    community: CommunityId | None,
    person: PersonId | None = None,
    responses: Sequence[ResponseId] = (),
    replies: Sequence[ReplyId] = (),
    pledges: Sequence[PledgeId] = (),
    talk: bool = False,
    lock: bool = True,
) -> Loaded:
    """The round as this person's press finds it; presses on one round queue up here.

    `talk`: the move is about the thread, so all that this person wrote there is loaded.

    `community` is None only where the program itself asks (an alarm, the courier). The ids
    say what the move names; what does not exist is simply not in the result.
    Raises NoSuchRound.
    """
    row, channels = _round_row(tx, id, community, lock)
    # On PostgreSQL a press that waited for the close still finds the key that the close deleted.
    open_still = row.wrapped is not None and row.phase != Phase.CLOSED.value
    key = keyring.unwrap(row.wrapped) if open_still else None
    token = key.token(person) if key is not None and person is not None else None
    mine, known, seen = _mine(tx, id, token, person, responses)
    if row.policy == Policy.OPEN.value and known and mine.response is None:
        mine = replace(mine, response=_named(tx, id, person))
    pressed, lit = mine.lightbulbs, frozenset[ResponseId]()
    if row.policy == Policy.OPEN.value and token is not None:
        reacted = thread.lit(tx, id, token, person)
        mine, lit = replace(mine, lightbulbs=lightbulbs(pressed, reacted)), frozenset(reacted)
    if person is not None:
        mine = replace(mine, organises=person == row.facilitator or person in channels.values())
    named: dict[str, Any] = {}
    if responses:
        named["others"] = _others(tx, id, token, person, responses)
    if replies or talk:
        named["replies"] = _some_replies(tx, id, replies, person if talk else None)
    if pledges:
        found = pledges_of(tx, (_pledges.c.round_id == id) & _pledges.c.id.in_(pledges))
        named["pledges"] = {each.id: each for each in found}
    return Loaded(_round(row, channels, mine, **named), key, token, row.threshold, known, seen, pressed, lit)


def _round_row(
    tx: Transaction, id: RoundId, community: CommunityId | None, lock: bool
) -> tuple[sa.Row[Any], dict[str, str | None]]:
    """The row, and its channels with their organisers in the order in which they were linked."""
    query = _round_query(community is not None, lock and tx.postgres)
    rows = query.all(tx, {"round": id, "community": community})
    if not rows:
        raise NoSuchRound
    return rows[0], {row.channel_id: row.organiser for row in rows}


@cache
def _round_query(in_community: bool, lock: bool) -> Prepared:
    query = (
        sa.select(_rounds, _round_keys.c.wrapped, _round_channels.c.channel_id, _channels.c.organiser)
        .join(_round_channels, _round_channels.c.round_id == _rounds.c.id)
        .join(_channels, _channels.c.id == _round_channels.c.channel_id)
        .outerjoin(_round_keys, _round_keys.c.round_id == _rounds.c.id)
        .where(_rounds.c.id == sa.bindparam("round"))
        .order_by(_round_channels.c.channel_id)
    )
    if in_community:
        here = _round_channels.alias("here")
        there = (here.c.round_id == _rounds.c.id) & (here.c.community_id == sa.bindparam("community"))
        query = query.where(sa.exists().where(there))
    return Prepared(query.with_for_update(of=_rounds) if lock else query)


_OWN = Prepared(
    sa.select(
        _tokens.c.own_role,
        _tokens.c.stance,
        _tokens.c.second_stance,
        _tokens.c.passed,
        _tokens.c.took_back,
        _tokens.c.paused,
        *(each for each in _responses.c if each.name not in {"round_id", "token", "votes"}),
        sa.exists()
        .where((_askers.c.round_id == _tokens.c.round_id) & (_askers.c.person_id == sa.bindparam("person")))
        .label("asked"),
    )
    .outerjoin(
        _responses, (_responses.c.round_id == _tokens.c.round_id) & (_responses.c.token == _tokens.c.token)
    )
    .where((_tokens.c.round_id == sa.bindparam("round")) & (_tokens.c.token == sa.bindparam("token")))
)
"""What a token has done, with its response, and whether its person asked to be told."""

_OWN_VOTES = Prepared(
    sa.select(_votes.c.response_id, _votes.c.choice, _votes.c.lightbulb).where(
        (_votes.c.round_id == sa.bindparam("round")) & (_votes.c.token == sa.bindparam("token"))
    )
)
_ANOTHER = Prepared(
    sa.select(_responses).where(
        (_responses.c.id == sa.bindparam("response")) & (_responses.c.round_id == sa.bindparam("round"))
    )
)
_REPLIES_BY = Prepared(
    sa.select(_replies).where(
        (_replies.c.round_id == sa.bindparam("round")) & (_replies.c.author == sa.bindparam("person"))
    )
)
_ONE_REPLY = Prepared(
    sa.select(_replies).where(
        (_replies.c.round_id == sa.bindparam("round")) & (_replies.c.id == sa.bindparam("reply"))
    )
)


def _mine(
    tx: Transaction,
    id: RoundId,
    token: bytes | None,
    person: PersonId | None,
    responses: Sequence[ResponseId],
) -> tuple[Mine, bool, int]:
    if token is None:
        return Mine(person=person), False, 0
    named = {"round": id, "token": token}
    row = _OWN.first(tx, {**named, "person": person})
    if row is None:
        return Mine(person=person), False, 0  # whoever did anything here has a row
    voted = _OWN_VOTES.all(tx, named)
    mine = Mine(
        person=person,
        own_role=PerspectiveId(row.own_role) if row.own_role else None,
        stance=Stance(row.stance) if row.stance else None,
        second_stance=Stance(row.second_stance) if row.second_stance else None,
        passed=row.passed,
        took_back=row.took_back,
        paused=row.paused,
        response=response_of(row) if row.id is not None else None,
        choices={
            ResponseId(each.response_id): Choice(each.choice)
            for each in voted
            if each.choice and each.response_id in responses
        },
        lightbulbs=frozenset(ResponseId(each.response_id) for each in voted if each.lightbulb),
        tell_me=row.asked,
    )
    return mine, True, len(voted)


def _named(tx: Transaction, id: RoundId, person: PersonId | None) -> Response | None:
    """This person's response with their name on it. Its row holds no token: it would undo all others."""
    own = (_responses.c.round_id == id) & (_responses.c.author == person)
    row = tx.connection.execute(sa.select(_responses).where(own)).first()
    return response_of(row) if row is not None else None


def _others(
    tx: Transaction,
    id: RoundId,
    token: bytes | None,
    person: PersonId | None,
    ids: Sequence[ResponseId],
) -> dict[ResponseId, Response]:
    others = {}
    for each in ids:
        row = _ANOTHER.first(tx, {"round": id, "response": each})
        own = row is not None and (
            (token is not None and row.token == token) or (person is not None and row.author == person)
        )
        if row is not None and not own:
            others[ResponseId(row.id)] = response_of(row).for_others
    return others


def _some_replies(
    tx: Transaction, id: RoundId, ids: Iterable[ReplyId], person: PersonId | None
) -> dict[ReplyId, Reply]:
    """These replies, and all by this person."""
    named = {"round": id, "person": person}
    found = list(_REPLIES_BY.all(tx, named)) if person is not None else []
    for each in ids:
        found += _ONE_REPLY.all(tx, {"round": id, "reply": each})
    return {ReplyId(row.id): reply_of(row) for row in found}


def not_hidden(responses: sa.FromClause) -> sa.ColumnElement[bool]:
    """What others see something of: `Response.hidden`, as a condition."""
    return responses.c.hold.is_(None) | responses.c.second_only


def is_live(tx: Transaction, id: RoundId) -> bool:
    """Whether a round is so short that people play it together, at one time."""
    return bool(tx.connection.execute(sa.select(_rounds.c.live).where(_rounds.c.id == id)).scalar_one())


def facilitator(tx: Transaction, id: RoundId) -> PersonId:
    """Who dealt the card."""
    return PersonId(
        tx.connection.execute(sa.select(_rounds.c.facilitator).where(_rounds.c.id == id)).scalar_one()
    )


def pause_reason(tx: Transaction, id: RoundId) -> str:
    """That line; empty if there is none."""
    found = tx.connection.execute(sa.select(_rounds.c.pause_reason).where(_rounds.c.id == id)).scalar()
    return found or ""


def group_of(own_role: str | None) -> Group | None:
    """The group of an own role; None if it was not said, or a pack no longer knows it."""
    perspective = PERSPECTIVES.get(PerspectiveId(own_role)) if own_role else None
    return perspective.group if perspective else None
