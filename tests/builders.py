"""Values for stories: each builder fills in what the story does not mention."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.game.insight import Cell, Cells, Counts, ResponseCount, Shown, Verdict
from bot.game.model import (
    PERSPECTIVES,
    Card,
    CardId,
    ChannelId,
    Deck,
    DeckId,
    Group,
    Mine,
    Outcome,
    PersonId,
    Perspective,
    PerspectiveId,
    Phase,
    Pledge,
    PledgeId,
    Policy,
    Reply,
    ReplyId,
    ReplyKind,
    Response,
    ResponseId,
    Round,
    RoundId,
    StoneEffect,
)
from bot.game.standing import Standing

NOON = datetime(2027, 6, 7, 12, tzinfo=UTC)
ADA = PersonId("ada")
BEN = PersonId("ben")

CARER = PERSPECTIVES[PerspectiveId("carer")]
OWN_PERSPECTIVE = Perspective(PerspectiveId("neighbour"), Group.PEOPLE, "a neighbour with dementia")


def hours(count: float) -> timedelta:
    """A stretch of time."""
    return timedelta(hours=count)


def a_card(**given: Any) -> Card:
    """A family carer's card."""
    usual: dict[str, Any] = {
        "id": CardId("carer-waiting-room"),
        "perspective": CARER,
        "statement": "They talk to me over his head, as if my dad were not in the room.",
        "question": "What would help him to be part of the talk?",
        "outcome": Outcome.LISTENED_TO,
        "effect": StoneEffect.DECIDE,
    }
    return Card(**(usual | given))


def a_deck(title: str = "Caring for somebody", cards: Iterable[Card] = ()) -> Deck:
    """A deck of one card, unless the story names others."""
    id = DeckId(title.lower().replace(" ", "-"))
    return Deck(id=id, title=title, about="Small moments at home.", cards=tuple(cards) or (a_card(),))


def a_round(**given: Any) -> Round:
    """A round that Ada dealt at noon, as a player finds it who has done nothing yet.

    `mine` may be given as a mapping of what the player has done; `others`, `replies` and
    `pledges` as lists.
    """
    policy = given.get("policy", Policy.TOGETHER)
    usual: dict[str, Any] = {
        "id": RoundId("r1"),
        "card": a_card(),
        "policy": policy,
        "facilitator": ADA,
        "channels": (ChannelId("c1"),),
        "opened_at": NOON,
        "reveal_at": NOON + hours(24) if policy is Policy.TOGETHER else None,
        "closes_at": NOON + hours(48),
        "mine": Mine(person=BEN),
    }
    if given.get("phase") is Phase.CLOSED:
        usual["closed_at"] = NOON + hours(48)
    mine = given.get("mine")
    if isinstance(mine, dict):
        given = {**given, "mine": replace(usual["mine"], **mine)}
    for several in ("others", "replies", "pledges"):
        if isinstance(given.get(several), list):
            given = {**given, several: {each.id: each for each in given[several]}}
    return Round(**(usual | given))


def a_response(words: str = "Please ask him first.", **given: Any) -> Response:
    """A private response. `place` names it, too."""
    place = given.get("place")
    usual: dict[str, Any] = {"id": ResponseId(f"p{place}" if place else "p"), "words": words}
    return Response(**(usual | given))


def a_reply(words: str = "I have been in that room.", **given: Any) -> Reply:
    """A comment in the thread, by Ben."""
    usual: dict[str, Any] = {
        "id": ReplyId("t1"),
        "author": BEN,
        "author_name": "Ben",
        "words": words,
        "kind": ReplyKind.COMMENT,
        "written_at": NOON,
    }
    return Reply(**(usual | given))


def a_pledge(words: str = "sit down before I start to talk", **given: Any) -> Pledge:
    """Ben's pledge."""
    usual: dict[str, Any] = {
        "id": PledgeId("g1"),
        "owner": BEN,
        "owner_name": "Ben",
        "words": words,
        "by": (NOON + timedelta(days=14)).date(),
    }
    return Pledge(**(usual | given))


def a_standing(*responses: Response, **given: Any) -> Standing:
    """What may be shown: these responses, each by another writer."""
    usual: dict[str, Any] = {"responses": responses, "writers": len(responses)}
    return Standing(**(usual | given))


def counts(yes: int, not_sure: int, no: int) -> Counts:
    """How many said what."""
    return Counts(yes=yes, not_sure=not_sure, no=no)


def a_count(
    response: ResponseId, total: Counts | None, *cells: Counts | None, lightbulbs: int = 0
) -> Verdict:
    """What is kept of the votes on one response."""
    votes = Shown(total=total, cells=cells)
    counted = ResponseCount(response=response, votes=votes, lightbulbs=lightbulbs)
    return counted.verdict([True] * len(cells))


def some_cells(*cells: Cell, **given: Any) -> Cells:
    """The numbers of a round in which nobody did anything, but for what the story mentions."""
    nothing = Shown(total=counts(0, 0, 0), cells=(None,) * len(cells))
    usual: dict[str, Any] = {
        "threshold": 5,
        "players": 0,
        "written": 0,
        "cells": cells,
        "stance": nothing,
        "second_stance": nothing,
        "responses": (),
        "not_yet_heard": (),
    }
    return Cells(**(usual | given))
