"""What a player is told, privately and in few words, after each move."""

from __future__ import annotations

from typing import assert_never

from bot.actions import Action, Verb, write
from bot.game import moves
from bot.game.allowed import LIGHTBULBS
from bot.game.model import Phase, PledgeState, Policy, ReplyKind, Round
from bot.game.moves import Move
from bot.messages import Button, Day, Message, Text, When
from bot.views import held, names
from bot.views.responses import own_buttons
from bot.views.words import plain, say


def receipt(round: Round, move: Move) -> Message:
    """The receipt for `move`, with `round` as it is after it. At most 40 words."""
    match move:
        case moves.Respond():
            return names.note(say("receipt-summary"), *_responded(round, move), buttons=_after_sending(round))
        case moves.Withdraw():
            return names.note(say("receipt-withdraw"), _withdrew(round), buttons=own_buttons(round))
        case moves.ItIsFine():
            return names.note(say("receipt-summary"), *_fine(round), buttons=own_buttons(round))
        case moves.DecideHeld():
            return names.note(say("held-decided-summary"), held.decided(move.hold))
        case moves.Pass():
            return names.note(say("receipt-summary"), say("receipt-pass"), buttons=own_buttons(round))
        case moves.WriteReply() | moves.ChangeReply() | moves.CountAsResponse():
            return names.note(say("receipt-summary"), *_replied(round, move))
        case moves.DeleteReply():
            return names.note(say("receipt-delete-reply"), say("receipt-delete-reply"))
        case moves.CastVote():
            choice = round.mine.choices.get(move.response, move.choice)
            text = say("receipt-vote", choice=names.choice(choice))
            return names.note(say("receipt-summary"), text, buttons=(_next(round),))
        case moves.GiveLightbulb() | moves.TakeLightbulb():
            left = say("receipt-lightbulbs", left=LIGHTBULBS - len(round.mine.lightbulbs))
            first = isinstance(move, moves.GiveLightbulb)
            text = say("receipt-lightbulb") if first else say("receipt-lightbulb-back")
            return names.note(say("receipt-summary"), text, left, buttons=(_next(round),))
        case moves.TakeSecondStance():
            text = say("receipt-second-stance", stance=names.stance(move.stance))
            change = Button(plain("button-change"), write(Action(Verb.SECOND_STANCE, round.id)))
            return names.note(say("receipt-summary"), text, buttons=(names.pledge(round), change))
        case moves.TellMe():
            text = say("receipt-tell-me") if round.mine.tell_me else say("receipt-do-not-tell")
            return names.note(say("receipt-summary"), text, buttons=(names.tell_me(round),))
        case moves.MakePledge() | moves.JoinPledge():
            return _pledged(round, move)
        case moves.SettlePledge():
            return names.note(say("receipt-summary"), _settled(move))
        case moves.RemovePledge():
            return names.note(say("receipt-pledge-removed"), say("receipt-pledge-removed"))
        case moves.PauseRound():
            return names.note(say("receipt-summary"), say("receipt-pause"))
        case moves.ResumeRound():
            return names.note(say("receipt-summary"), say("receipt-resume", until=When(round.deadline)))
        case moves.CloseWithoutResults():
            return names.note(say("receipt-summary"), say("receipt-without-results"))
        case moves.OpenVoting():
            return names.note(say("receipt-summary"), say("receipt-reveal"))
        case moves.CloseRound():
            return names.note(say("receipt-summary"), say("receipt-close"))
        case moves.Extend():
            return names.note(say("receipt-summary"), say("receipt-extend", until=When(round.deadline)))
        case moves.TakeBack():
            return names.note(say("receipt-summary"), say("receipt-take-back"))
        case _:
            assert_never(move)


def _responded(round: Round, move: moves.Respond) -> tuple[Text, ...]:
    response = round.mine.response
    if not move.words or response is None or response.named:
        return (say("receipt-stance"), say("sees-before"))
    if response.second_thoughts == move.words:
        first = say("receipt-second-thoughts") if response.words else say("receipt-new-words")
        return (first, say("sees-before"))
    return _when_shown(round)


def _fine(round: Round) -> tuple[Text, ...]:
    response = round.mine.response
    later = _when_shown(round) if response is not None and not response.second_thoughts else ()
    return (say("receipt-fine"), *later[:1])


def _when_shown(round: Round) -> tuple[Text, ...]:
    match round.policy:
        case Policy.TOGETHER:
            return (say("receipt-together", opens=When(round.deadline)), say("sees-before"))
        case Policy.AFTER_YOU:
            return (say("receipt-after-you", closes=When(round.closes_at)), say("sees-before"))
        case Policy.OPEN:
            if round.mine.response is not None and round.mine.response.place is not None:
                return (say("receipt-open-posted"), say("sees-before"))
            opens = When(round.last_call_at or round.closes_at)
            return (say("receipt-open", opens=opens), say("sees-before"))
        case _:
            assert_never(round.policy)


def _after_sending(round: Round) -> tuple[Button, ...]:
    changes = own_buttons(round)
    if round.policy is Policy.TOGETHER or not round.sees_others or round.pause is not None:
        return changes
    if round.policy is Policy.OPEN and not round.reads_thread and not round.pages:
        return changes
    return (names.vote(round, primary=True), *changes)


def _withdrew(round: Round) -> Text:
    if round.policy is Policy.AFTER_YOU:
        return say("receipt-withdraw-after-you")
    return say("receipt-withdraw") if round.mine.stance is None else say("receipt-withdraw-stance")


def _replied(
    round: Round, move: moves.WriteReply | moves.ChangeReply | moves.CountAsResponse
) -> tuple[Text, ...]:
    response = round.mine.response
    if response is not None and response.reply == move.id:
        return (say("receipt-reply-counts"), say("receipt-reply-named"))
    if isinstance(move, moves.ChangeReply):
        return (say("receipt-change-reply"), say("receipt-reply-named"))
    match round.replies[move.id].kind:
        case ReplyKind.EARLY:
            return (say("receipt-reply-early"), say("receipt-reply-named"))
        case ReplyKind.AFTERTHOUGHT:
            return (say("receipt-reply-afterthought"), say("receipt-reply-named"))
        case ReplyKind.COMMENT | ReplyKind.RESPONSE:
            return (say("receipt-reply-comment"), say("receipt-reply-named"))


def _pledged(round: Round, move: moves.MakePledge | moves.JoinPledge) -> Message:
    where = say("receipt-in-recap") if round.phase is Phase.CLOSED else say("receipt-in-thread")
    if isinstance(move, moves.JoinPledge):
        return names.note(say("receipt-summary"), say("receipt-join"), where)
    settle = (
        *(names.settle(round, move.id, state) for state in (PledgeState.DONE, PledgeState.DROPPED)),
        names.remove_pledge(round, move.id),
    )
    text = say("receipt-pledge", by=Day(move.by))
    return names.note(say("receipt-summary"), text, where, buttons=settle)


def _settled(move: moves.SettlePledge) -> Text:
    match move.state:
        case PledgeState.DONE:
            return say("receipt-pledge-done")
        case PledgeState.DROPPED:
            return say("receipt-pledge-dropped")
        case PledgeState.OPEN:
            return say("receipt-pledge-open")
        case _:
            assert_never(move.state)


def _next(round: Round) -> Button:
    return Button(plain("button-next"), write(Action(Verb.NEXT, round.id)), primary=True)


def dealt(round: Round, *, first: bool = False) -> Message:
    """To whoever dealt a card; `first` in this channel, they look after it until others are named."""
    told = [say("receipt-dealt"), say("receipt-dealt-more")]
    if first:
        told.append(say("receipt-dealt-first"))
    return names.note(say("receipt-dealt"), *told)
