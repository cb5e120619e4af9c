"""A press -> a move: what was typed becomes one value of the game, or says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TypeAlias, TypeVar
from zoneinfo import available_timezones

from bot.actions import Action, NotAnAction, Verb
from bot.game import moves
from bot.game.allowed import REPLY_FORM_LENGTH, must_fit
from bot.game.model import (
    Choice,
    PerspectiveId,
    PledgeId,
    PledgeState,
    Policy,
    ReplyId,
    ResponseId,
    Stance,
)
from bot.game.words import clean

T = TypeVar("T", bound=StrEnum)

DAY = 24 * 60  # minutes
LONGEST_PHASE = 31 * DAY  # minutes
CLEANED = 8_000  # characters
NAME_LENGTH = 80  # characters


class BadField(Exception):
    """A field holds nothing that can be used: not a date, not one of the choices, left empty."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(field, problem)
        self.field = field
        self.problem = problem  # which sentence: "date", "zone", "choice" or "empty"


class Until(StrEnum):
    """The end of a phase that is no number of minutes: a moment that is fair to every time zone."""

    USUAL = "usual"  # the first that is at least a day away
    SOONEST = "soonest"  # the first


Length: TypeAlias = int | Until  # minutes

UNFAIR = "off"  # the value of `fair` that switches the rule off


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to deal, as a button carries it: how long each phase is.

    `fair` is False where they switch off that every time zone gets its hours.
    """

    card: str
    policy: Policy
    respond: Length = Until.USUAL
    vote: Length = Until.USUAL
    fair: bool = True


def typed(fields: Mapping[str, str], name: str) -> str:
    """What stands in a field, cleaned; empty if it is not there."""
    value = fields.get(name, "")
    # Longer than anything that fits: it is refused for its length, and need not be cleaned for that.
    return clean(value) if len(value) <= CLEANED else value


def name_of(fields: Mapping[str, str], known: str) -> str:
    """What to call the player: what they typed, else how the platform shows them."""
    wanted = " ".join(clean(fields.get("name", "")[:CLEANED]).split()) or " ".join(clean(known).split())
    return wanted[:NAME_LENGTH]


def move_of(
    action: Action, fields: Mapping[str, str], *, name: str, today: date, new_id: Callable[[], str]
) -> moves.Move | None:
    """The move a press makes, or None if it only opens or shows something.

    `today` is the player's own date. Raises BadField for a field, NotAnAction for an
    action that no button of ours has.
    """
    match action.verb:
        case Verb.SEND:
            return moves.Respond(
                id=ResponseId(new_id()),
                words=typed(fields, "words"),
                stance=_one_of(Stance, fields, "stance"),
                own_role=PerspectiveId(typed(fields, "own_role")) if fields.get("own_role") else None,
            )
        case Verb.WITHDRAW:
            return moves.Withdraw()
        case Verb.IT_IS_FINE:
            return moves.ItIsFine()
        case Verb.PASS:
            return moves.Pass()
        case Verb.TELL_ME | Verb.DO_NOT_TELL:
            return moves.TellMe(wanted=action.verb is Verb.TELL_ME)
        case Verb.CAST:
            return moves.CastVote(response=ResponseId(action.about), choice=_choice(Choice, action.value))
        case Verb.LIGHTBULB:
            return moves.GiveLightbulb(response=ResponseId(action.about))
        case Verb.TAKE_LIGHTBULB:
            return moves.TakeLightbulb(response=ResponseId(action.about))
        case Verb.SECOND_STANCE:
            return moves.TakeSecondStance(stance=_choice(Stance, action.value)) if action.value else None
        case Verb.REPLY:
            if "words" not in fields:
                return None
            words = _reply_words(fields)
            return moves.WriteReply(
                id=ReplyId(new_id()), response=ResponseId(new_id()), words=words, name=name
            )
        case Verb.CHANGE_REPLY:
            if "words" not in fields:
                return None
            words = _reply_words(fields)
            return moves.ChangeReply(id=ReplyId(action.about), response=ResponseId(new_id()), words=words)
        case Verb.DELETE_REPLY:
            return moves.DeleteReply(id=ReplyId(action.about), response=ResponseId(new_id()))
        case Verb.COUNT_REPLY:
            return moves.CountAsResponse(id=ReplyId(action.about), response=ResponseId(new_id()))
        case _:
            return _later_move(action, fields, name, today, new_id)


def _later_move(
    action: Action, fields: Mapping[str, str], name: str, today: date, new_id: Callable[[], str]
) -> moves.Move | None:
    """Pledges, and what facilitators do."""
    match action.verb:
        case Verb.MAKE_PLEDGE:
            return moves.MakePledge(
                id=PledgeId(new_id()),
                words=typed(fields, "words"),
                by=_date(fields, "by"),
                name=name,
                today=today,
            )
        case Verb.JOIN:
            return moves.JoinPledge(pledge=PledgeId(action.about))
        case Verb.REMOVE_PLEDGE:
            return moves.RemovePledge(pledge=PledgeId(action.about))
        case Verb.SETTLE:
            state = _choice(PledgeState, action.value)
            return moves.SettlePledge(pledge=PledgeId(action.about), state=state)
        case Verb.SEND_PAUSE:
            return moves.PauseRound(reason=typed(fields, "reason"))
        case Verb.RESUME:
            return moves.ResumeRound()
        case Verb.CLOSE_WITHOUT_RESULTS:
            return moves.CloseWithoutResults()
        case Verb.REVEAL:
            return moves.OpenVoting()
        case Verb.CLOSE:
            return moves.CloseRound()
        case Verb.SEND_EXTEND:
            seen = datetime.fromtimestamp(_seconds(action.about), UTC) if action.about else None
            fair = fields.get("hours") == Until.SOONEST
            by = None if fair else timedelta(hours=_number(fields, "hours", 24 * 31))
            return moves.Extend(by=by, deadline=seen)
        case Verb.TAKE_BACK:
            return moves.TakeBack()
        case _:
            return None


def zone_of(words: str) -> str:
    """The time zone (an IANA name) that somebody means who names it, or the city it is named after.

    Raises BadField.
    """
    wanted = "_".join(words.split()).casefold()
    if wanted not in _zones():
        raise BadField("zone", "zone")
    return _zones()[wanted]


def place_in(zone: str) -> str:
    """What somebody writes who means this zone: its city, where that says enough."""
    city = zone.rpartition("/")[2]
    return city.replace("_", " ") if _zones().get(city.casefold()) == zone else zone


@cache
def _zones() -> Mapping[str, str]:
    """Every zone by its name and by its city, in small letters. What has no city is no place to be."""
    places = sorted(each for each in available_timezones() if "/" in each and not each.startswith("Etc/"))
    by_city = {each.rpartition("/")[2].casefold(): each for each in reversed(places)}
    return by_city | {each.casefold(): each for each in places}


def wish_of(action: Action, fields: Mapping[str, str]) -> Wish:
    """What a deal form or a deal button asks for. `card` is empty where the deck is to choose."""
    if action.value:
        policy, respond, vote, fair, *_ = [*action.value.split("-"), "", "", ""]
        fields = {"policy": policy, "respond": respond, "vote": vote, "fair": fair, "card": action.about}
    return Wish(
        card=typed(fields, "card"),
        policy=_one_of(Policy, fields, "policy") or Policy.TOGETHER,
        respond=_length(fields, "respond"),
        vote=_length(fields, "vote"),
        fair=fields.get("fair") != UNFAIR,
    )


def _length(fields: Mapping[str, str], name: str) -> Length:
    value = fields.get(name) or Until.USUAL
    return Until(value) if value in {*Until} else _number(fields, name, LONGEST_PHASE)


def deal_action(wish: Wish) -> Action:
    """The button that deals just what the preview showed."""
    value = f"{wish.policy.value}-{wish.respond}-{wish.vote}"
    return Action(Verb.DEAL, about=wish.card, value=value if wish.fair else f"{value}-{UNFAIR}")


def _reply_words(fields: Mapping[str, str]) -> str:
    """What was written in our form for replies. Raises TooLong."""
    words = typed(fields, "words")
    must_fit(words, REPLY_FORM_LENGTH)
    return words


def _one_of(kind: type[T], fields: Mapping[str, str], name: str) -> T | None:
    value = fields.get(name, "")
    if not value:
        return None
    try:
        return kind(value)
    except ValueError:
        raise BadField(name, "choice") from None


def _choice(kind: type[T], value: str) -> T:
    try:
        return kind(value)
    except ValueError:
        raise NotAnAction from None


def _date(fields: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(typed(fields, name))
    except ValueError:
        raise BadField(name, "date") from None


def _seconds(text: str) -> int:
    """Seconds since 1970, as a button of ours carries them."""
    if not text.isascii() or not text.isdecimal() or len(text) > 11:
        raise NotAnAction
    return int(text)


def _number(fields: Mapping[str, str], name: str, most: int) -> int:
    value = typed(fields, name)
    if not value.isascii() or not value.isdecimal() or len(value) > 6 or not 1 <= int(value) <= most:
        raise BadField(name, "choice")
    return int(value)
