"""Rounds: rows <-> game values, loaded for a press and saved after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot.game.model import (
    PERSPECTIVES,
    Card,
    ChannelId,
    Choice,
    CommunityId,
    DeckId,
    Ending,
    Group,
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
from storage.database import Transaction
from storage.keys import Keyring, RoundKey
from storage.prepared import Prepared
from storage.tables import METADATA
from storage.upsert import put

_CARDS = TypeAdapter(Card)

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
        card=_card(row.card),
        policy=Policy(row.policy),
        facilitator=PersonId(row.facilitator),
        channels=tuple(ChannelId(each) for each in channels),
        opened_at=row.opened_at,
        reveal_at=row.reveal_at,
        closes_at=row.closes_at,
        reads_thread=row.reads_thread,
        phase=Phase(row.phase),
        closed_at=row.closed_at,
        ending=Ending(row.ending) if row.ending else None,
        pause=Pause(since=row.paused_at, asked=row.pause_asked) if row.paused_at else None,
        responses=row.responses,
        pages=row.pages,
        mine=mine,
        **named,
    )


@lru_cache(maxsize=1_000)
def _card(json: str) -> Card:
    """The card of a round: parsed once, and not at each press."""
    return _CARDS.validate_json(json)


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


# --- deal, load, save ------------------------------------------------------------------


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
    tx.connection.execute(
        _rounds.insert().values(
            id=round.id,
            deck_id=deck,
            card_id=round.card.id,
            card=_CARDS.dump_json(round.card).decode(),
            facilitator=round.facilitator,
            policy=round.policy.value,
            threshold=threshold,
            reads_thread=round.reads_thread,
            opened_at=round.opened_at,
            **_moving_parts(round),
        )
    )
    tx.connection.execute(
        _round_channels.insert(),
        [
            {
                "round_id": round.id,
                "channel_id": channel,
                "community_id": communities[channel],
                "opened_at": round.opened_at,
            }
            for channel in round.channels
        ],
    )
    tx.connection.execute(
        _round_keys.insert().values(round_id=round.id, wrapped=keyring.wrap(RoundKey.new()))
    )


def _moving_parts(round: Round) -> dict[str, Any]:
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
_ONE_VOTE_MORE = Prepared(
    _responses.update()
    .where(_responses.c.id == sa.bindparam("response"))
    .values(votes=_responses.c.votes + 1)
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
            others[ResponseId(row.id)] = response_of(row)
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


def save(tx: Transaction, before: Loaded, after: Round, now: datetime) -> None:
    """Write what a move changed, and only that: a vote costs the same in every round."""
    was = before.round
    if _moving_parts(was) != _moving_parts(after):
        ended = {"pause_reason": None} if was.pause is not None and after.pause is None else {}
        moved = _moving_parts(after) | ended
        _changing(tuple(moved)).write(tx, {"round": after.id, **moved})
    if was.replies != after.replies:
        _save_replies(tx, was, after)
    if was.pledges != after.pledges:
        _save_pledges(tx, was, after, now)
    if was.mine != after.mine:
        _save_mine(tx, before, after)


@cache
def _changing(columns: tuple[str, ...]) -> Prepared:
    return Prepared(_rounds.update().where(_rounds.c.id == sa.bindparam("round")), columns)


def keep_pause_reason(tx: Transaction, id: RoundId, reason: str) -> None:
    """The line that came with a pause, for the moderators alone; it goes when the pause ends."""
    tx.connection.execute(_rounds.update().where(_rounds.c.id == id).values(pause_reason=reason))


def facilitator(tx: Transaction, id: RoundId) -> PersonId:
    """Who dealt the card."""
    return PersonId(
        tx.connection.execute(sa.select(_rounds.c.facilitator).where(_rounds.c.id == id)).scalar_one()
    )


def pause_reason(tx: Transaction, id: RoundId) -> str:
    """That line; empty if there is none."""
    found = tx.connection.execute(sa.select(_rounds.c.pause_reason).where(_rounds.c.id == id)).scalar()
    return found or ""


def _save_mine(tx: Transaction, before: Loaded, after: Round) -> None:
    was, mine = before.round.mine, after.mine
    if was.tell_me != mine.tell_me:
        assert mine.person is not None
        if mine.tell_me:
            row = {"round_id": after.id, "person_id": mine.person}
            put(tx, _askers, row, ("round_id", "person_id"))
        else:
            here = (_askers.c.round_id == after.id) & (_askers.c.person_id == mine.person)
            tx.connection.execute(_askers.delete().where(here))
    if before.token is None:
        raise KeyLost
    if _token_columns(was) != _token_columns(mine) or not before.known:
        assert before.key is not None
        assert mine.person is not None
        columns = _token_columns(mine)
        made = {"round_id": after.id, "token": before.token, "address": before.key.seal(mine.person)}
        put(tx, _tokens, made | columns, ("round_id", "token"), tuple(columns))
    if was.response != mine.response:
        _save_response(tx, before, mine.response)
    if was.choices != mine.choices or was.lightbulbs != mine.lightbulbs:
        _save_votes(tx, before, after)


def _token_columns(mine: Mine) -> dict[str, Any]:
    return {
        "own_role": mine.own_role,
        "stance": mine.stance.value if mine.stance else None,
        "second_stance": mine.second_stance.value if mine.second_stance else None,
        "passed": mine.passed,
        "took_back": mine.took_back,
        "paused": mine.paused,
    }


def _save_response(tx: Transaction, before: Loaded, response: Response | None) -> None:
    old = before.round.mine.response
    if old is not None and (response is None or response.id != old.id):
        # Taken back, or another reply counts now: its votes go with it.
        of_it = (_votes.c.round_id == before.round.id) & (_votes.c.response_id == old.id)
        tx.connection.execute(_votes.delete().where(of_it))
        tx.connection.execute(_responses.delete().where(_responses.c.id == old.id))
    if response is None:
        return
    columns = {
        "words": response.words,
        "second_thoughts": response.second_thoughts,
        "author": response.author,
        "author_name": response.author_name,
        "reply_id": response.reply,
        "place": response.place,
        "removed": response.removed,
        "example": response.example,
    }
    # A name and a token in one row would say whose votes and stance the token's are.
    token = None if response.named else before.token
    row = {"id": response.id, "round_id": before.round.id, "token": token, "votes": 0}
    put(tx, _responses, row | columns, ("id",), tuple(columns))


def _save_votes(tx: Transaction, before: Loaded, after: Round) -> None:
    was, mine = before.round.mine, after.mine
    changed = {id for id, choice in mine.choices.items() if was.choices.get(id) is not choice}
    for id in changed | (was.lightbulbs ^ mine.lightbulbs):
        choice = mine.choices.get(id)
        # A 💡 in the thread stays there until it is taken off, and needs no row here.
        lightbulb = id in mine.lightbulbs and (id in before.pressed or id not in before.lit)
        if id not in mine.lightbulbs and id in before.lit and before.token is not None:
            thread.put_out(tx, after.id, before.token, id)
        row = _vote_row(before, id) | {"choice": choice.value if choice else None, "lightbulb": lightbulb}
        put(tx, _votes, row, _VOTE, ("choice", "lightbulb") if choice is not None else ("lightbulb",))
        if choice is not None and id not in was.choices:
            _ONE_VOTE_MORE.write(tx, {"response": id})


def look_at(tx: Transaction, loaded: Loaded, response: ResponseId) -> None:
    """Note that this player has seen a response in their ballot without choosing."""
    if loaded.token is None:
        return
    put(tx, _votes, _vote_row(loaded, response) | {"choice": None, "lightbulb": False}, _VOTE)


_VOTE = ("round_id", "token", "response_id")


def _vote_row(loaded: Loaded, response: ResponseId) -> dict[str, Any]:
    return {"round_id": loaded.round.id, "token": loaded.token, "response_id": response}


def _save_replies(tx: Transaction, was: Round, after: Round) -> None:
    for id, reply in after.replies.items():
        old = was.replies.get(id)
        if reply == old:
            continue
        columns = {
            "words": reply.words,
            "kind": reply.kind.value,
            "removed": reply.removed,
            "chosen": reply.chosen,
        }
        row = {
            "id": id,
            "round_id": after.id,
            "author": reply.author,
            "author_name": reply.author_name,
            "written_at": reply.written_at,
        }
        put(tx, _replies, row | columns, ("id",), tuple(columns))
        if reply.removed and after.phase is Phase.CLOSED and reply.kind is ReplyKind.RESPONSE:
            remove_words(tx, _responses.c.reply_id == id)


def remove_words(tx: Transaction, where: sa.ColumnElement[bool]) -> None:
    """Empty the words of responses and keep their place: what was counted stays counted."""
    tx.connection.execute(_responses.update().where(where).values(words="", second_thoughts="", removed=True))


def _save_pledges(tx: Transaction, was: Round, after: Round, now: datetime) -> None:
    for id in was.pledges.keys() - after.pledges.keys():
        tx.connection.execute(_joins.delete().where(_joins.c.pledge_id == id))
        tx.connection.execute(_pledges.delete().where(_pledges.c.id == id))
    for id, pledge in after.pledges.items():
        old = was.pledges.get(id)
        if pledge == old:
            continue
        row = {
            "id": id,
            "round_id": after.id,
            "owner": pledge.owner,
            "owner_name": pledge.owner_name,
            "words": pledge.words,
            "due_on": pledge.by,
            "state": pledge.state.value,
            "made_at": now,
            "settled_on": None if pledge.state is PledgeState.OPEN else now.date(),
        }
        put(tx, _pledges, row, ("id",), ("state", "settled_on"))
        for number, person in enumerate(pledge.joined, start=1):
            if old is None or person not in old.joined:
                join = {"pledge_id": id, "person_id": person, "number": number}
                put(tx, _joins, join, ("pledge_id", "person_id"))


def group_of(own_role: str | None) -> Group | None:
    """The group of an own role; None if it was not said, or a pack no longer knows it."""
    perspective = PERSPECTIVES.get(PerspectiveId(own_role)) if own_role else None
    return perspective.group if perspective else None
