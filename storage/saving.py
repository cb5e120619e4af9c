"""Saving a round after a move: only what the move changed."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.game.model import (
    Mine,
    Phase,
    PledgeState,
    ReplyKind,
    Response,
    ResponseId,
    Round,
    RoundId,
)
from storage import thread
from storage.database import Transaction
from storage.prepared import Prepared
from storage.rounds import KeyLost, Loaded, moving_parts
from storage.tables import METADATA
from storage.upsert import put

_rounds = METADATA.tables["rounds"]
_tokens = METADATA.tables["tokens"]
_responses = METADATA.tables["responses"]
_votes = METADATA.tables["votes"]
_askers = METADATA.tables["askers"]
_replies = METADATA.tables["replies"]
_pledges = METADATA.tables["pledges"]
_joins = METADATA.tables["pledge_joins"]

_ONE_VOTE_MORE = Prepared(
    _responses.update()
    .where(_responses.c.id == sa.bindparam("response"))
    .values(votes=_responses.c.votes + 1)
)


def save(tx: Transaction, before: Loaded, after: Round, now: datetime) -> None:
    """Write what a move changed, and only that: a vote costs the same in every round."""
    was = before.round
    if moving_parts(was) != moving_parts(after):
        ended = {"pause_reason": None} if was.pause is not None and after.pause is None else {}
        moved = moving_parts(after) | ended
        _changing(tuple(moved)).write(tx, {"round": after.id, **moved})
    if was.replies != after.replies:
        _save_replies(tx, was, after)
    if was.others != after.others:
        _save_decided(tx, was, after)
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
        **_held(response),
    }
    # A name and a token in one row would say whose votes and stance the token's are.
    token = None if response.named else before.token
    row = {"id": response.id, "round_id": before.round.id, "token": token, "votes": 0}
    put(tx, _responses, row | columns, ("id",), tuple(columns))


def _held(response: Response) -> dict[str, Any]:
    return {"hold": response.hold.value if response.hold else None, "second_only": response.second_only}


def _save_decided(tx: Transaction, was: Round, after: Round) -> None:
    """A moderator decided about another's response. Nothing else of another's ever changes."""
    for id, response in after.others.items():
        if response != was.others[id]:
            tx.connection.execute(_responses.update().where(_responses.c.id == id).values(_held(response)))


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
