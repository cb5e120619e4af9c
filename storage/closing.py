"""The reveal and the close: pages drawn once, and the promise kept (spec: safety, section 1)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot.game import insight
from bot.game.allowed import PAGE_SIZE
from bot.game.insight import Cells, Hand
from bot.game.model import Choice, Group, PersonId, ReplyKind, ResponseId, Round, RoundId, Stance
from bot.game.rounds import lightbulbs as counted
from storage import communities, thread
from storage.database import Transaction
from storage.keys import RoundKey
from storage.rounds import Loaded, group_of, not_hidden
from storage.tables import METADATA
from storage.upsert import put

_CELLS = TypeAdapter(Cells)

_rounds = METADATA.tables["rounds"]
_round_keys = METADATA.tables["round_keys"]
_tokens = METADATA.tables["tokens"]
_responses = METADATA.tables["responses"]
_votes = METADATA.tables["votes"]
_lightbulbs = METADATA.tables["reply_lightbulbs"]
_askers = METADATA.tables["askers"]
_replies = METADATA.tables["replies"]
_pledges = METADATA.tables["pledges"]
_joins = METADATA.tables["pledge_joins"]
_cells = METADATA.tables["cells"]


def draw_pages(tx: Transaction, round: Round, chance: random.Random) -> int:
    """Shuffle what is to be revealed, once, and keep it so. Returns the number of pages.

    Named responses stand in the thread already. Called again it draws nothing anew.
    """
    private = (_responses.c.round_id == round.id) & _responses.c.author.is_(None)
    shown = not_hidden(_responses).label("shown")
    rows = tx.connection.execute(sa.select(_responses.c.id, _responses.c.place, shown).where(private)).all()
    last = max((row.place or 0 for row in rows), default=0)
    waiting = sorted(row.id for row in rows if row.place is None and row.shown)
    chance.shuffle(waiting)
    for place, id in enumerate(waiting, start=last + 1):
        tx.connection.execute(_responses.update().where(_responses.c.id == id).values(place=place))
    # Never fewer than there were: one that is empty now still has to say so.
    pages = max(round.pages, -(-(last + len(waiting)) // PAGE_SIZE))
    tx.connection.execute(_rounds.update().where(_rounds.c.id == round.id).values(pages=pages))
    return pages


def hands(tx: Transaction, id: RoundId, key: RoundKey | None) -> tuple[list[Hand], list[ResponseId]]:
    """Everything that was done in a round, without who did it, and the responses that others see.

    `key` ties a response with a name to what else its writer did, for this one count.
    """
    rows = tx.connection.execute(sa.select(_tokens).where(_tokens.c.round_id == id)).all()
    written = tx.connection.execute(
        sa.select(_responses.c.id, _responses.c.token, _responses.c.author, _responses.c.removed)
        .where((_responses.c.round_id == id) & not_hidden(_responses))
        .order_by(_responses.c.place, _responses.c.id)
    ).all()
    writers = {
        key.token(PersonId(row.author)) if key is not None and row.author else row.token
        for row in written
        if not row.removed
    }
    choices: dict[bytes, dict[ResponseId, Choice]] = {}
    lightbulbs: dict[bytes, set[ResponseId]] = {}
    votes = sa.select(_votes.c.token, _votes.c.response_id, _votes.c.choice, _votes.c.lightbulb)
    for vote in tx.connection.execute(votes.where(_votes.c.round_id == id)):
        if vote.choice is not None:
            choices.setdefault(vote.token, {})[ResponseId(vote.response_id)] = Choice(vote.choice)
        if vote.lightbulb:
            lightbulbs.setdefault(vote.token, set()).add(ResponseId(vote.response_id))
    reacted: dict[bytes, list[ResponseId]] = {}
    for token, response, author in thread.every_lit(tx, id):
        if key is None or key.token(author) != token:
            reacted.setdefault(token, []).append(response)
    for token, lit in reacted.items():
        lightbulbs[token] = set(counted(lightbulbs.get(token, ()), lit))
    played = [
        Hand(
            group=group_of(row.own_role),
            stance=Stance(row.stance) if row.stance else None,
            second_stance=Stance(row.second_stance) if row.second_stance else None,
            passed=row.passed,
            wrote=row.token in writers,
            choices=choices.get(row.token, {}),
            lightbulbs=frozenset(lightbulbs.get(row.token, ())),
        )
        for row in rows
    ]
    # Whoever only put a 💡 on a reply did nothing that has a row.
    played += [
        Hand(lightbulbs=frozenset(lightbulbs[each])) for each in reacted.keys() - {r.token for r in rows}
    ]
    return played, [ResponseId(row.id) for row in written if not row.removed]


def not_yet_heard(tx: Transaction, loaded: Loaded, today: date) -> tuple[Group, ...]:
    """The groups that may be named as silent so far, in a round that is open."""
    played, _responses = hands(tx, loaded.round.id, loaded.key)
    declared = communities.declared(tx, loaded.round.channels, today)
    return insight.not_yet_heard(played, declared, loaded.threshold)


def pages(tx: Transaction, id: RoundId) -> int:
    """How many pages the reveal has, once drawn."""
    found: int = tx.connection.execute(sa.select(_rounds.c.pages).where(_rounds.c.id == id)).scalar_one()
    return found


def every_response(tx: Transaction, id: RoundId) -> list[ResponseId]:
    """The ids of all responses, removed ones too."""
    rows = tx.connection.execute(sa.select(_responses.c.id).where(_responses.c.round_id == id))
    return sorted(ResponseId(row.id) for row in rows)


def renamed(cells: Cells, names: Mapping[ResponseId, ResponseId]) -> Cells:
    """The same cells, speaking of the responses under their new ids."""
    counted = tuple(replace(each, response=names[each.response]) for each in cells.responses)
    return replace(cells, responses=counted)


def seal(
    tx: Transaction,
    id: RoundId,
    cells: Cells,
    renamed: Mapping[ResponseId, ResponseId],
    chance: random.Random,
) -> None:
    """Keep the promise of a closed round, in the transaction that closes it.

    Cells are kept; responses are written again, shuffled, under new ids and without token;
    token rows, votes and the round's key are deleted. `renamed` gives each response its new
    id; `cells` speaks of the new ones.
    """
    rows = tx.connection.execute(sa.select(_responses).where(_responses.c.round_id == id)).all()
    again = [{**row._mapping, "id": renamed[ResponseId(row.id)], "token": None, "votes": 0} for row in rows]
    forget(tx, id)
    again.sort(key=lambda row: str(row["id"]))
    chance.shuffle(again)
    if again:
        tx.connection.execute(_responses.insert(), again)
    put(tx, _cells, {"round_id": id, "cells": _CELLS.dump_json(cells).decode()}, ("round_id",))


def forget(tx: Transaction, id: RoundId) -> None:
    """Delete responses, votes, lightbulbs, tokens and the key of a round."""
    for table in (_votes, _lightbulbs, _responses, _tokens, _round_keys):
        tx.connection.execute(table.delete().where(table.c.round_id == id))


def take_askers(tx: Transaction, id: RoundId) -> list[PersonId]:
    """Who asked to be told, in no order; forgotten with this."""
    rows = tx.connection.execute(sa.select(_askers.c.person_id).where(_askers.c.round_id == id)).all()
    tx.connection.execute(_askers.delete().where(_askers.c.round_id == id))
    return sorted(PersonId(row.person_id) for row in rows)


# --- retention -------------------------------------------------------------------------


def forget_words(tx: Transaction, before: datetime, limit: int) -> list[RoundId]:
    """Delete the words of rounds that closed before a moment (UTC); what was counted stays counted.

    Replies go by when they were written, for a thread goes on after its round. Returns
    the rounds whose posts now have to be brought up to date, `limit` at the most.
    """
    still = sa.exists().where((_responses.c.round_id == _rounds.c.id) & _responses.c.removed.is_(False))
    old = sa.select(_rounds.c.id).where((_rounds.c.closed_at < before) & still).limit(limit)
    ids = [RoundId(row.id) for row in tx.connection.execute(old)]
    gone = {"words": "", "removed": True}
    tx.connection.execute(
        _responses.update().where(_responses.c.round_id.in_(ids)).values(second_thoughts="", **gone)
    )
    late = (_replies.c.written_at < before) & _replies.c.removed.is_(False)
    tx.connection.execute(_replies.update().where(late).values(**gone))
    return ids


def forget_pledges(tx: Transaction, before: date) -> list[RoundId]:
    """Delete pledges that were done or dropped before a day; returns whose posts have shown them."""
    settled = _pledges.c.settled_on < before
    rows = tx.connection.execute(sa.select(_pledges.c.id, _pledges.c.round_id).where(settled)).all()
    ids = [row.id for row in rows]
    tx.connection.execute(_joins.delete().where(_joins.c.pledge_id.in_(ids)))
    tx.connection.execute(_pledges.delete().where(_pledges.c.id.in_(ids)))
    return sorted({RoundId(row.round_id) for row in rows})


def take_words_back(tx: Transaction, id: RoundId) -> None:
    """Delete what was written for a card that was taken back, in its thread too."""
    forget(tx, id)
    counted = (_replies.c.round_id == id) & (_replies.c.kind == ReplyKind.RESPONSE.value)
    tx.connection.execute(_replies.update().where(counted).values(words="", removed=True))
