"""Somebody who has the whole database, knows who wrote in each round and when, and guesses who wrote what.

A guess lays an order of the responses, as the database shows it, beside an order of the
writers: the k-th of these wrote the k-th of those. Every pair of orders is tried, and every
place k is counted by itself, so that a leak of only the first or the last is seen as well.

**The bound.** If the database says nothing, each guess is right with probability 1/n, rounds
are independent, and the number of right guesses at one place is binomial. It is called a leak
where a number as high comes by chance less than once in `ONCE_IN` = 10^9 times. With some
1,000 numbers looked at, a run fails by chance less than once in a million times.
In 200 rounds of six, 33 right guesses are expected, and 69 are a leak.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from bot.game.insight import Cells, Side
from bot.game.model import Group
from storage.database import Transaction
from storage.tables import METADATA
from tests.storage.playing import CARERS, STAFF, Room, Written

ONCE_IN = 10**9

_CELLS = TypeAdapter(Cells)
_responses = METADATA.tables["responses"]
_cells = METADATA.tables["cells"]
_people = METADATA.tables["people"]
_known = METADATA.tables["known"]
_players = METADATA.tables["players"]


@dataclass(frozen=True)
class Evidence:
    """One round: orders of its responses (their words), orders of its writers, and the truth."""

    responses: Mapping[str, Sequence[str]]
    writers: Mapping[str, Sequence[str]]
    truth: Mapping[str, str]  # who wrote which words


def likelihood(right: int, tries: int, chance: float) -> float:
    """How likely it is to be right so often or more by chance alone."""
    return math.fsum(
        math.comb(tries, n) * chance**n * (1 - chance) ** (tries - n) for n in range(right, tries + 1)
    )


def is_leak(right: int, tries: int, chance: float) -> bool:
    """Whether somebody who is right so often must know something."""
    return likelihood(right, tries, chance) < 1 / ONCE_IN


def guess(evidence: Sequence[Evidence]) -> Iterator[tuple[str, int]]:
    """Each way to guess, and how often it was right."""
    first = evidence[0]
    places = range(len(first.truth))
    for of_responses in first.responses:
        for of_writers in first.writers:
            for place in places:
                right = sum(
                    each.truth[each.responses[of_responses][place]] == each.writers[of_writers][place]
                    for each in evidence
                )
                yield f"{of_responses} beside {of_writers}, place {place + 1}", right


def leaks(evidence: Sequence[Evidence]) -> list[str]:
    """The ways to guess that are right more often than chance; empty if there is none."""
    chance = 1 / len(evidence[0].truth)
    return [
        f"{way}: {right} of {len(evidence)}"
        for way, right in guess(evidence)
        if is_leak(right, len(evidence), chance)
    ]


# --- what a database shows -------------------------------------------------------------


def _kept_order(rows: Iterable[Any], wanted: Iterable[str]) -> list[str]:
    """Those of `wanted`, in the order in which `rows` shows them."""
    wanted = set(wanted)
    kept = [row for row in rows if row in wanted]
    assert set(kept) == wanted
    return list(dict.fromkeys(kept))


def _pairs(tx: Transaction, key: sa.Column[Any], value: sa.Column[Any]) -> dict[str, str]:
    return {row[0]: row[1] for row in tx.connection.execute(sa.select(key, value))}


def gather(tx: Transaction, room: Room, files: bytes = b"", *, held: bool = False) -> list[Evidence]:
    """Every order that this database has; `files` are the bytes of a SQLite database.

    `held`: of what nobody was shown, instead of what everybody was.
    """
    people = {id: who for who, id in room.people.items()}

    def column(column: sa.Column[Any], order: str = "") -> list[Any]:
        """A whole column. Without an order it comes as the rows lie."""
        query = sa.select(column)
        return list(tx.connection.scalars(query.order_by(sa.text(order)) if order else query))

    # Of the writers.
    orders_of_people: dict[str, list[str]] = {
        "people by id": sorted(people.values(), key=lambda who: room.people[who]),
        "people by account": sorted(people.values()),
    }
    # Of the responses.
    orders_of_words: dict[str, list[str]] = {}
    # age() is how long ago a row was written, cmin by which command of its transaction.
    system = ("ctid", "age(xmin) DESC, ctid", "age(xmin), cmin::text::int, ctid") if tx.postgres else ()
    for order in ("", *system):
        for each in (_people.c.id, _known.c.person_id, _players.c.person_id):
            found = [people[id] for id in column(each, order)]
            orders_of_people[f"{each.table.name} by {order or 'nothing'}"] = found
    for order in ("", "id", "place", *system):
        orders_of_words[f"responses by {order or 'nothing'}"] = column(_responses.c.words, order)
    counted = _pairs(tx, _cells.c.round_id, _cells.c.cells)
    words_of = _pairs(tx, _responses.c.id, _responses.c.words)

    evidence = []
    for round in room.rounds:
        wrote = round.held if held else round.words
        words = list(wrote.values())
        responses = {name: _kept_order(order, words) for name, order in orders_of_words.items()}
        in_cells = [words_of[each.response] for each in _CELLS.validate_json(counted[round.id]).responses]
        if held:
            assert not set(words) & set(in_cells)
        else:
            responses["responses in cells"] = in_cells
        if files:
            responses["responses in the file"] = sorted(words, key=lambda each: files.index(each.encode()))
        writers = {name: _kept_order(order, wrote) for name, order in orders_of_people.items()}
        # What a colleague may have seen: who was at their telephone when.
        writers["writers as they came"] = list(wrote)
        writers["writers as they came, the last first"] = list(wrote)[::-1]
        if not held:
            writers["writers as they ended their ballot"] = round.votes_done
        truth = {written: who for who, written in wrote.items()}
        evidence.append(Evidence(responses, writers, truth))
    return evidence


def guess_by_gaps(tx: Transaction, room: Room, seed: int) -> tuple[int, int]:
    """Right guesses, and tries, of somebody who looks for the vote that nobody gives to themselves.

    In a group where everybody voted on everything, one vote is missing on each response of
    one of theirs. Where the side of a group is left out, the guess falls on its writers.
    """
    counted = _pairs(tx, _cells.c.round_id, _cells.c.cells)
    words_of = _pairs(tx, _responses.c.id, _responses.c.words)
    chance = random.Random(seed)
    right = 0
    for round in room.rounds:
        cells = _CELLS.validate_json(counted[round.id])
        about = chance.choice(cells.responses)
        suspects = _short_of_a_vote(cells, about.sides, round) or list(round.words)
        right += round.words[chance.choice(suspects)] == words_of[about.response]
    return right, len(room.rounds)


def _short_of_a_vote(cells: Cells, sides: Sequence[Side | None], round: Written) -> list[str]:
    """The writers of the groups whose side on a response is left out."""
    groups = {Group.CARERS: CARERS, Group.STAFF: STAFF}
    return [
        who
        for cell, side in zip(cells.cells, sides, strict=True)
        for group in cell.groups
        for who in groups.get(group, ())
        if who in round.words and side is None
    ]
