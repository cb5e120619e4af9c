"""What a player reads when something cannot be done: why, and what can be done instead."""

from __future__ import annotations

from datetime import timedelta

from bot.game import refusals as why
from bot.game.calendar import Fair, Share
from bot.game.refusals import MoveRefused
from bot.messages import Message, Text, When
from bot.views import moments, names
from bot.views.words import language, plain, say

ZONES = 5  # named in a sentence; whoever reads it needs the shortest, and not a list
HALF_AN_HOUR = timedelta(minutes=30)


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
        case why.NothingSent():
            return say("refused-nothing-sent")
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
        case why.NotFair(fair=fair):
            return not_fair(fair)
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


def not_fair(fair: Fair) -> Text:
    """A time that leaves too little for some zones: what each gets, the least first; what is fair."""
    named = ", ".join(_share(share) for share in fair.short[:ZONES])
    more = len(fair.short) - ZONES
    zones = plain("fair-shares-more", shares=named, count=more) if more > 0 else named
    return say("problem-not-fair", zones=zones, fair=When(fair.fair_at))


def _share(share: Share) -> str:
    hours = share.time // HALF_AN_HOUR / 2
    # Only a whole one is "one hour": 1.5 is more than one.
    count = int(hours) if hours in {0, 1} else 2
    return plain("fair-share", city=moments.city(share.zone, language.get()), count=count, hours=f"{hours:g}")


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


def empty_title() -> Text:
    """What is to have a name has none."""
    return say("problem-empty-title")


def empty_contact() -> Text:
    """Nobody is named whom people can turn to."""
    return say("problem-empty-contact")


def empty_break() -> Text:
    """What a break is for is missing."""
    return say("problem-empty-break")


def empty_asked() -> Text:
    """Who asked for somebody's words is missing."""
    return say("problem-empty-asked")


def empty_reason() -> Text:
    """What the writer of a story should know is missing."""
    return say("problem-empty-reason")


def empty_source() -> Text:
    """Who announced dates is missing."""
    return say("problem-empty-source")


def empty_date() -> Text:
    """A field that needs a date has none."""
    return say("problem-empty-date")


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


def unknown_zone() -> Text:
    """No time zone, and no city that one is named after."""
    return say("problem-unknown-zone")


def choose_one() -> Text:
    """A field holds something that it did not offer."""
    return say("problem-choose-one")
