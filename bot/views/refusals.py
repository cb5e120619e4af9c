"""What a player reads when something cannot be done: why, and what can be done instead."""

from __future__ import annotations

from bot.game import refusals as why
from bot.game.refusals import MoveRefused
from bot.messages import Message, Text, When
from bot.views import names
from bot.views.words import say


def refusal(error: MoveRefused) -> Message:
    """The private answer to a move that the rules forbid."""
    return names.note(say("refused-summary"), problem(error))


def problem(error: MoveRefused) -> Text:
    """The same in one text, to stand beside the field of a form."""
    match error:
        case why.RoundClosed():
            return say("refused-round-closed")
        case why.RoundPaused():
            return say("refused-round-paused")
        case why.NotPaused():
            return say("refused-not-paused")
        case why.PausedBefore():
            return say("refused-paused-before")
        case why.RespondingOver():
            return say("refused-responding-over")
        case why.VotingNotOpen(opens_at=opens_at):
            return say("refused-voting-not-open", opens=When(opens_at))
        case why.RespondFirst():
            return say("refused-respond-first")
        case why.NothingWritten():
            return say("problem-empty")
        case why.WordsNeeded():
            return say("refused-words-needed")
        case why.TooLong(length=length, limit=limit):
            return say("problem-too-long", length=length, limit=limit)
        case why.NothingToTakeBack():
            return say("refused-nothing-to-take-back")
        case why.AlreadyResponded():
            return say("refused-already-responded")
        case why.ReplyInstead():
            return say("refused-reply-instead")
        case why.NoSuchResponse():
            return say("refused-no-such-response")
        case why.NoSuchReply():
            return say("refused-no-such-reply")
        case why.NothingHeld():
            return say("refused-nothing-held")
        case why.HeldByModerator():
            return say("refused-held-by-moderator")
        case why.OwnResponse():
            return say("refused-own-response")
        case why.NoLightbulbsLeft():
            return say("refused-no-lightbulbs-left")
        case why.NoStanceHere():
            return say("refused-no-stance-here")
        case why.OnlyFacilitator():
            return say("refused-only-facilitator")
        case why.OnlyOrganisers():
            return say("refused-only-organisers")
        case why.NotLater():
            return say("refused-not-later")
        case why.TimesChanged(deadline=deadline):
            return say("refused-times-changed", until=When(deadline))
        case why.DecisionTooEarly():
            return say("refused-decision-too-early")
        case why.PledgesOver():
            return say("refused-pledges-over")
        case why.DateInPast():
            return say("problem-date-in-past")
        case why.NoSuchPledge():
            return say("refused-no-such-pledge")
        case why.NotYourPledge():
            return say("refused-not-your-pledge")
        case why.OwnPledge():
            return say("refused-own-pledge")
        case _:
            raise AssertionError(f"no words for {type(error).__name__}")


def unknown() -> Message:
    """The one answer to everything that does not exist here, so that it tells nothing."""
    return names.note(say("refused-summary"), say("unknown"))


def restored() -> Message:
    """An open round came back from a copy without its key: it can take no more words or votes."""
    return names.note(say("refused-summary"), say("restored"))


def twice() -> Message:
    """The answer to a press that came before."""
    return names.note(say("twice-summary"), say("twice"))


def empty() -> Text:
    """A field that needs words has none."""
    return say("problem-empty")


def too_long(*, length: int, limit: int) -> Text:
    """A field holds more characters than fit."""
    return say("problem-too-long", length=length, limit=limit)


def leave_in() -> Text:
    """The words hold what may be a phone number or the like; asked once."""
    return say("problem-leave-in")


def date_in_past() -> Text:
    """A day before today, or more than a year ahead."""
    return say("problem-date-in-past")


def unreadable_date() -> Text:
    """Not a date that we can read."""
    return say("problem-unreadable-date")


def choose_one() -> Text:
    """A field holds something that it did not offer."""
    return say("problem-choose-one")
