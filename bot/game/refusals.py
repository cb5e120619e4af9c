"""Why a move is not allowed: one small exception for each reason. Their words live in `bot/views`."""

from __future__ import annotations

from datetime import datetime

from bot.game.calendar import Fair


class MoveRefused(Exception):
    """The rules forbid the move. Nothing has changed."""


class RoundClosed(MoveRefused):
    """The round has closed; what was said stays as it is."""


class RoundPaused(MoveRefused):
    """Somebody paused the round; it goes on when an organiser says so."""


class NotPaused(MoveRefused):
    """There is no pause to end."""


class PausedBefore(MoveRefused):
    """This player has paused this round once already."""


class RespondingOver(MoveRefused):
    """Responses are open to read, so they can no longer change."""


class VotingNotOpen(MoveRefused):
    """The ballot opens at the reveal, in UTC."""

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(opens_at)
        self.opens_at = opens_at


class RespondFirst(MoveRefused):
    """The others' responses open once this player has sent their own."""


class NothingWritten(MoveRefused):
    """No words, where there have to be some."""


class NothingSent(MoveRefused):
    """Neither words nor a stance, where one of them is enough."""


class WordsNeeded(MoveRefused):
    """The words were emptied; taking them back is a button of its own."""


class TooLong(MoveRefused):
    """More characters than fit."""

    def __init__(self, *, length: int, limit: int) -> None:
        super().__init__(length, limit)
        self.length = length
        self.limit = limit


class NothingToTakeBack(MoveRefused):
    """There are no words of this player's in this round."""


class AlreadyResponded(MoveRefused):
    """A pass after a response; the response would have to be taken back first."""


class ReplyInstead(MoveRefused):
    """The response was written in the thread, so it is changed there."""


class NoSuchResponse(MoveRefused):
    """No such response here, or it is gone, or it is not to be seen yet."""


class NoSuchReply(MoveRefused):
    """No such reply here, or it is another player's, or it is gone."""


class NothingHeld(MoveRefused):
    """There are no words of this player's that are held."""


class HeldByModerator(MoveRefused):
    """A moderator looked at these words and keeps them back: their writer cannot post them alone."""


class OwnResponse(MoveRefused):
    """A player voted for the response they wrote themselves (it is in `round.mine`)."""


class NoLightbulbsLeft(MoveRefused):
    """All lightbulbs are given; one may be taken back first."""


class NoStanceHere(MoveRefused):
    """The card asks for no stance."""


class OnlyFacilitator(MoveRefused):
    """Only whoever dealt the card may do this."""


class OnlyOrganisers(MoveRefused):
    """Only an organiser, or whoever dealt the card, decides about a pause."""


class NotLater(MoveRefused):
    """An extension has to move the deadline to later, by 14 days at the most."""


class NotFair(MoveRefused):
    """Some time zone would get too little of a phase. What each gets, and what is offered, is in `fair`."""

    def __init__(self, fair: Fair) -> None:
        super().__init__(fair)
        self.fair = fair


class TimesChanged(MoveRefused):
    """The deadline is another one than the facilitator saw; in UTC."""

    def __init__(self, deadline: datetime) -> None:
        super().__init__(deadline)
        self.deadline = deadline


class DecisionTooEarly(MoveRefused):
    """The board does not offer this decision yet."""


class PledgesOver(MoveRefused):
    """Pledges are made until seven days after the close."""


class DateInPast(MoveRefused):
    """A pledge is for today or later, and within a year."""


class NoSuchPledge(MoveRefused):
    """No such pledge here."""


class NotYourPledge(MoveRefused):
    """Only its owner says what became of a pledge."""


class OwnPledge(MoveRefused):
    """Nobody joins their own pledge."""
