"""Every move: what people do to a round. What the clock does is `rounds.advance`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from bot.game.model import Choice, Hold, PerspectiveId, PledgeId, PledgeState, ReplyId, ResponseId, Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class Respond:
    """Send a response, a stance, or both; sent again, it changes what was sent.

    `id` is used only if a new response comes of it. `own_role` is asked once. `harm`: the words
    suggest it, so nobody else sees them yet.
    """

    id: ResponseId
    words: str = ""
    stance: Stance | None = None
    own_role: PerspectiveId | None = None
    example: bool = False
    harm: bool = False


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take one's own words back; the stance stays."""


@dataclass(frozen=True, slots=True)
class ItIsFine:
    """One's own words are held, and may be shown all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideHeld:
    """What becomes of a response that is held; None posts it. Whoever plays it makes sure of a moderator."""

    response: ResponseId
    hold: Hold | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Say nothing, and be heard."""

    own_role: PerspectiveId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteReply:
    """Words in the card's thread, with a name. `response` is the id it gets if it counts as one."""

    id: ReplyId
    response: ResponseId
    words: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeReply:
    """The writer edited a thread reply. `response` is the id of what counts then, if that is another."""

    id: ReplyId
    response: ResponseId
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteReply:
    """The writer deleted a thread reply; a response goes with its votes.

    `response` is the id of what counts then, if there is another reply that does.
    """

    id: ReplyId
    response: ResponseId


@dataclass(frozen=True, slots=True, kw_only=True)
class CountAsResponse:
    """In an open round: let this reply be my response instead of the one that counts now."""

    id: ReplyId
    response: ResponseId


@dataclass(frozen=True, slots=True, kw_only=True)
class CastVote:
    """Agree, not sure or disagree, on another player's response."""

    response: ResponseId
    choice: Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveLightbulb:
    """This changed how I see it."""

    response: ResponseId


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeLightbulb:
    """Take a lightbulb back, to give it to another response."""

    response: ResponseId


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSecondStance:
    """And now: true here?"""

    stance: Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class TellMe:
    """One private message when the responses open, or no longer."""

    wanted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePledge:
    """I will ... by ... `today` is the player's own date."""

    id: PledgeId
    words: str
    by: date
    name: str
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinPledge:
    """I will do this too."""

    pledge: PledgeId


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlePledge:
    """The owner says what became of it; `OPEN` takes that back."""

    pledge: PledgeId
    state: PledgeState


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePledge:
    """The owner takes a pledge away, with its words and everybody who joined."""

    pledge: PledgeId


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRound:
    """Let the round wait. The reason is for the moderators alone; storage keeps it."""

    reason: str


@dataclass(frozen=True, slots=True)
class ResumeRound:
    """Go on after a pause; deadlines move by its length. For organisers."""


@dataclass(frozen=True, slots=True)
class CloseWithoutResults:
    """End a paused round and show nothing. For organisers, once the board offers it."""


@dataclass(frozen=True, slots=True)
class OpenVoting:
    """Reveal now, before the deadline, with a notice. For the facilitator."""


@dataclass(frozen=True, slots=True)
class CloseRound:
    """Close now, before the deadline, with a notice. For the facilitator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend:
    """Move the deadline of this phase, and those after it. For the facilitator.

    `by` is None for as long as is fair to everybody. `deadline`, to the second, is the one that they saw;
    None where that is not known. `zones`: where the players are, IANA names; without any nothing is unfair.
    """

    by: timedelta | None
    deadline: datetime | None = None
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take the card back; what was written is deleted. For the facilitator."""


Move: TypeAlias = (
    Respond
    | Withdraw
    | ItIsFine
    | DecideHeld
    | Pass
    | WriteReply
    | ChangeReply
    | DeleteReply
    | CountAsResponse
    | CastVote
    | GiveLightbulb
    | TakeLightbulb
    | TakeSecondStance
    | TellMe
    | MakePledge
    | JoinPledge
    | SettlePledge
    | RemovePledge
    | PauseRound
    | ResumeRound
    | CloseWithoutResults
    | OpenVoting
    | CloseRound
    | Extend
    | TakeBack
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When the phases of a new round end, in UTC. `reveal_at` only where there are two."""

    reveal_at: datetime | None
    closes_at: datetime
