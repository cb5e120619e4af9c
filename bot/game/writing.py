"""The rules of writing: responses, passes, and replies in the card's thread."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.game import moves
from bot.game.allowed import REPLY_LENGTH, RESPONSE_LENGTH, RESPONSE_WORDS, must_be_responding, must_fit
from bot.game.effects import (
    Effect,
    News,
    ShowBoard,
    ShowRecap,
    ShowResponses,
    TellModerators,
)
from bot.game.model import (
    Ending,
    Hold,
    Phase,
    Policy,
    Reply,
    ReplyKind,
    Response,
    ResponseId,
    Round,
)
from bot.game.refusals import (
    AlreadyResponded,
    HeldByModerator,
    NoStanceHere,
    NoSuchReply,
    NoSuchResponse,
    NothingHeld,
    NothingSent,
    NothingToTakeBack,
    NothingWritten,
    ReplyInstead,
    RoundClosed,
    WordsNeeded,
)

Result = tuple[Round, list[Effect]]


# --- responses -------------------------------------------------------------------------


def respond(before: Round, move: moves.Respond) -> Result:
    must_be_responding(before)
    must_fit(move.words, RESPONSE_LENGTH)
    if move.stance is not None and not before.card.asks_stance:
        raise NoStanceHere
    mine = before.mine
    if mine.response is not None and mine.response.named and move.words:
        raise ReplyInstead
    if not move.words and mine.response is not None and not mine.response.named:
        raise WordsNeeded
    # `after_you`: what was first is kept, because the others can be read from then on.
    frozen = before.policy is Policy.AFTER_YOU and before.sees_others
    if not move.words and move.stance is None:
        raise NothingSent if before.card.asks_stance and not frozen else NothingWritten

    stance = mine.stance if frozen and mine.stance is not None else move.stance or mine.stance
    mine = replace(mine, stance=stance, own_role=move.own_role or mine.own_role, passed=False)
    after = replace(before, mine=mine)
    if not move.words:
        return after, []

    old, hold = mine.response, Hold.WAITING if move.harm else None
    if old is None and not frozen:
        written = Response(id=move.id, words=move.words, example=move.example, hold=hold)
    elif old is None:
        written = Response(id=move.id, words="", second_thoughts=move.words, example=move.example, hold=hold)
    elif move.words in {old.words, old.second_thoughts}:
        # Sending the same words again is a double press, no second thought.
        written = old
    elif frozen and old.hidden:
        # Nobody has read the first words, so the second ones wait with them.
        written = replace(old, second_thoughts=move.words, hold=hold or old.hold)
    elif frozen:
        only = hold is not None and bool(old.words)
        written = replace(old, second_thoughts=move.words, hold=hold, second_only=only)
    else:
        written = replace(old, words=move.words, hold=hold)
    after = _with_response(replace(after, mine=mine), written)
    held: list[Effect] = [TellModerators(News.HELD)] if hold is not None and written != old else []
    return after, [*held, *_shown_at_once(before, after)]


def _with_response(round: Round, response: Response | None) -> Round:
    """The player's response is another one now. What is hidden from others is not counted."""
    more = _is_shown(response) - _is_shown(round.mine.response)
    return replace(round, responses=round.responses + more, mine=replace(round.mine, response=response))


def _is_shown(response: Response | None) -> bool:
    return response is not None and not response.hidden


def withdraw(before: Round) -> Result:
    must_be_responding(before)
    mine = before.mine
    if mine.response is None:
        raise NothingToTakeBack
    if mine.response.named:
        raise ReplyInstead
    took_back = mine.took_back or before.policy is Policy.AFTER_YOU
    after = _with_response(replace(before, mine=replace(mine, took_back=took_back)), None)
    return after, _shown_at_once(before, after)


def it_is_fine(before: Round) -> Result:
    """The writer posts their own words after all. Pressed again, they are posted already."""
    must_be_responding(before)
    response = before.mine.response
    if response is None:
        raise NothingHeld
    if response.hold in {Hold.KEPT, Hold.REMOVED}:
        raise HeldByModerator
    after = _with_response(before, replace(response, hold=None, second_only=False))
    return after, _shown_at_once(before, after)


def decide_held(before: Round, move: moves.DecideHeld) -> Result:
    """A moderator's decision. After the close nothing is added any more: it can only stay back."""
    mine = before.mine.response
    own = mine is not None and mine.id == move.response
    held = mine if own else before.others.get(move.response)
    if held is None or held.hold is None:
        raise NoSuchResponse
    if move.hold is None and before.phase is Phase.CLOSED:
        raise RoundClosed
    counts_removed = Hold.REMOVED in {held.hold, move.hold} and held.hold is not move.hold
    recap: list[Effect] = [ShowRecap()] if counts_removed and before.ending is Ending.FINISHED else []
    if move.hold is not None:
        decided = replace(held, hold=move.hold)
    else:
        decided = replace(held, hold=None, second_only=False)
    if own:
        after = _with_response(before, decided)
    else:
        more = _is_shown(decided) - _is_shown(held)
        others = {**before.others, held.id: decided}
        after = replace(before, others=others, responses=before.responses + more)
    if move.hold is None and (before.pages or before.phase is Phase.VOTING):
        return after, [ShowResponses(), ShowBoard()]
    return after, [*recap, *_shown_at_once(before, after)]


def pass_on(before: Round, move: moves.Pass) -> Result:
    must_be_responding(before)
    mine = before.mine
    if mine.response is not None or mine.stance is not None:
        raise AlreadyResponded
    return replace(before, mine=replace(mine, passed=True, own_role=move.own_role or mine.own_role)), []


def _shown_at_once(before: Round, after: Round) -> list[Effect]:
    """Only an open board counts responses; any other would show that somebody just wrote.

    There a response may also be posted before the close, at the last call, and is then brought up to date.
    """
    old = before.mine.response
    counted = after.policy is Policy.OPEN and before.responses != after.responses
    posted = old is not None and old.place is not None and old != after.mine.response
    effects: list[Effect] = [ShowBoard()] if counted else []
    return [*effects, ShowResponses()] if posted else effects


# --- the thread ------------------------------------------------------------------------


def write_reply(before: Round, move: moves.WriteReply, now: datetime) -> Result:
    must_fit(move.words, REPLY_LENGTH)
    if not move.words:
        raise NothingWritten
    if move.id in before.replies:
        return before, []  # delivered twice
    assert before.mine.person is not None
    reply = Reply(
        id=move.id,
        author=before.mine.person,
        author_name=move.name,
        words=move.words,
        kind=_comment_kind(before),
        written_at=now,
    )
    after = replace(before, replies={**before.replies, reply.id: reply})
    return _count_anew(after, move.response) if _counts_replies(before) else (after, [])


def _comment_kind(round: Round) -> ReplyKind:
    if round.phase is Phase.CLOSED:
        return ReplyKind.AFTERTHOUGHT
    if round.phase is Phase.RESPONDING and round.policy is not Policy.OPEN:
        return ReplyKind.EARLY
    return ReplyKind.COMMENT


def _own_reply(round: Round, move: moves.ChangeReply | moves.DeleteReply | moves.CountAsResponse) -> Reply:
    reply = round.replies.get(move.id)
    if reply is None or reply.removed or reply.author != round.mine.person:
        raise NoSuchReply
    return reply


def change_reply(before: Round, move: moves.ChangeReply) -> Result:
    reply = _own_reply(before, move)
    must_fit(move.words, REPLY_LENGTH)
    if not move.words:
        raise WordsNeeded
    if reply.kind is ReplyKind.RESPONSE:
        # After the close a response stays as it was read and voted on.
        must_be_responding(before)
    after = replace(before, replies={**before.replies, reply.id: replace(reply, words=move.words)})
    return _count_anew(after, move.response) if _counts_replies(before) else (after, [])


def delete_reply(before: Round, move: moves.DeleteReply) -> Result:
    reply = _own_reply(before, move)
    gone = replace(reply, words="", removed=True, chosen=False)
    after = replace(before, replies={**before.replies, reply.id: gone})
    if reply.kind is not ReplyKind.RESPONSE:
        return after, []
    if before.phase is Phase.CLOSED:
        # Words may be removed after the close; what was counted stays counted.
        return after, [ShowResponses(), ShowRecap()] if before.ending is Ending.FINISHED else []
    return _count_anew(after, move.response)


def count_as_response(before: Round, move: moves.CountAsResponse) -> Result:
    reply = _own_reply(before, move)
    must_be_responding(before)
    if before.policy is not Policy.OPEN:
        raise NoSuchReply
    response = before.mine.response
    if response is not None and response.reply == reply.id and reply.chosen:
        return before, []
    chosen = {id: replace(each, chosen=id == reply.id) for id, each in before.replies.items()}
    after, _ = _count_anew(replace(before, replies=chosen), move.response)
    if after.mine.response == response:
        return after, []
    posted = response is not None and response.place is not None
    return after, [ShowBoard(), ShowResponses()] if posted else [ShowBoard()]


def _counts_replies(round: Round) -> bool:
    return round.policy is Policy.OPEN and round.phase is Phase.RESPONDING and round.pause is None


def _count_anew(round: Round, new: ResponseId) -> Result:
    """Find this player's response among their replies: the one they chose, else the first of three words.

    The first by when it was written: platforms deliver late, doubled and in any order, and each
    order has to end the same. `new` is the id of a response that was none before.
    """
    mine, old = round.mine, round.mine.response
    standing = [each for each in round.replies.values() if each.author == mine.person and not each.removed]
    counted = next((each for each in standing if each.chosen), None)
    if counted is None and old is not None and not old.named:
        return round, []  # sent with the form, so the replies are comments
    if counted is None:
        long_enough = (each for each in standing if len(each.words.split()) >= RESPONSE_WORDS)
        counted = min(long_enough, key=lambda each: (each.written_at, each.id), default=None)
    replies = dict(round.replies)
    for each in standing:
        if each.kind is ReplyKind.RESPONSE or each is counted:
            kind = ReplyKind.RESPONSE if each is counted else ReplyKind.COMMENT
            replies[each.id] = replace(each, kind=kind)
    response = None
    if counted is not None:
        same = old is not None and old.reply == counted.id
        response = Response(
            id=old.id if old is not None and same else new,
            words=counted.words,
            author=counted.author,
            author_name=counted.author_name,
            reply=counted.id,
        )
    mine = replace(mine, passed=mine.passed and response is None)
    after = _with_response(replace(round, replies=replies, mine=mine), response)
    return after, [ShowBoard()] if after.responses != round.responses else []
