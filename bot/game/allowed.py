"""Who may do what, and when: the checks that rules begin with, and the numbers they hold to."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.game.model import (
    Ending,
    Phase,
    Policy,
    Round,
)
from bot.game.refusals import (
    OnlyFacilitator,
    OnlyOrganisers,
    PledgesOver,
    RespondFirst,
    RespondingOver,
    RoundClosed,
    RoundPaused,
    TooLong,
    VotingNotOpen,
)

RESPONSE_LENGTH = 500  # characters
REPLY_LENGTH = 40_000  # the longest message a chat platform lets a person write
REPLY_FORM_LENGTH = 4_000  # in a form of ours
PLEDGE_LENGTH = 200
REASON_LENGTH = 200
RESPONSE_WORDS = 3  # a thread reply of fewer words is no response yet
LIGHTBULBS = 3
PAGE_SIZE = 5  # responses to a message at the reveal
PLEDGE_DAYS = timedelta(days=7)
PLEDGE_HORIZON = timedelta(days=366)
PAUSE_LIMIT = timedelta(hours=48)
LONGEST_EXTENSION = timedelta(days=14)
LIVE_UNDER = timedelta(hours=4)  # shorter, and people play it together: no last call, no waiting
LONGEST_WAIT = timedelta(hours=24)  # for groups that are not yet heard


def must_be_running(round: Round) -> None:
    """Raises RoundClosed or RoundPaused."""
    if round.phase is Phase.CLOSED:
        raise RoundClosed
    if round.pause is not None:
        raise RoundPaused


def must_be_responding(round: Round) -> None:
    """Raises the refusal that a response would get now, before anybody has typed one."""
    must_be_running(round)
    if round.phase is not Phase.RESPONDING:
        raise RespondingOver


def must_have_ballot(round: Round) -> None:
    """Raises the refusal that a vote would get now."""
    must_be_running(round)
    if round.sees_others:
        return
    if round.policy is Policy.TOGETHER:
        raise VotingNotOpen(round.deadline)
    raise RespondFirst


def must_be_facilitator(round: Round) -> None:
    """Raises OnlyFacilitator."""
    # Before the phase: to whoever did not deal the card, the answer is always the same.
    if round.mine.person is None or round.mine.person != round.facilitator:
        raise OnlyFacilitator


def must_organise(round: Round) -> None:
    """Raises OnlyOrganisers."""
    if not round.mine.organises:
        raise OnlyOrganisers


def must_fit(words: str, limit: int) -> None:
    """Raises TooLong. `limit` is in characters."""
    if len(words) > limit:
        raise TooLong(length=len(words), limit=limit)


def must_take_pledges(round: Round, now: datetime) -> None:
    """Raises the refusal that a pledge would get now."""
    if round.ending in {Ending.TAKEN_BACK, Ending.WITHOUT_RESULTS}:
        raise RoundClosed
    if round.closed_at is not None and now >= round.closed_at + PLEDGE_DAYS:
        raise PledgesOver
    if not round.sees_others:
        must_have_ballot(round)
