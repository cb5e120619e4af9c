"""Every effect: what the world should do after a move. Ids only: no effect holds words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


class Line(StrEnum):
    """One short line in the channel, with a link to the card, at the last call and each change of phase."""

    LAST_CALL = "last_call"
    REVEALED = "revealed"
    TAKEN_BACK = "taken_back"
    CLOSED_WITHOUT_RESULTS = "closed_without_results"


class Notice(StrEnum):
    """What the card's thread is told when something out of the ordinary happens."""

    REVEALED_EARLY = "revealed_early"
    CLOSED_EARLY = "closed_early"
    EXTENDED = "extended"
    WAITING = "waiting"  # for groups that are not yet heard
    PAUSED = "paused"
    RESUMED = "resumed"
    TAKEN_BACK = "taken_back"
    CLOSED_WITHOUT_RESULTS = "closed_without_results"


class News(StrEnum):
    """What one person is told privately."""

    OPENED = "opened"
    TAKEN_BACK = "taken_back"
    CLOSED_WITHOUT_RESULTS = "closed_without_results"
    PAUSED = "paused"
    HELD = "held"
    HARM_IN_THREAD = "harm"


@dataclass(frozen=True, slots=True)
class ShowBoard:
    """Post the board, or bring it up to date."""


@dataclass(frozen=True, slots=True)
class ShowResponses:
    """Post the pages of the reveal in the thread, or bring them up to date."""


@dataclass(frozen=True, slots=True)
class ShowPledges:
    """Post the list of pledges in the thread, or bring it up to date."""


@dataclass(frozen=True, slots=True)
class ShowRecap:
    """Post the recap as a new message in the channel, or bring it up to date."""


@dataclass(frozen=True, slots=True)
class SayLine:
    """Post one short line in the channel."""

    line: Line


@dataclass(frozen=True, slots=True)
class PostNotice:
    """Post one notice in the card's thread."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class TellThoseWhoAsked:
    """One private message to each player who asked for it, then forget that they asked."""

    news: News


@dataclass(frozen=True, slots=True)
class TellFacilitator:
    """One private message to whoever dealt the card."""

    news: News


@dataclass(frozen=True, slots=True)
class TellModerators:
    """One private message to those who look after the channel: without words, and about nobody."""

    news: News


@dataclass(frozen=True, slots=True)
class SetAlarm:
    """Wake the round at `at` (UTC). A round has one alarm: a new one replaces it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class ClearAlarm:
    """Nothing more to wake up for."""


Effect: TypeAlias = (
    ShowBoard
    | ShowResponses
    | ShowPledges
    | ShowRecap
    | SayLine
    | PostNotice
    | TellThoseWhoAsked
    | TellFacilitator
    | TellModerators
    | SetAlarm
    | ClearAlarm
)
