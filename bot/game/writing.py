"""The rules of writing: responses, passes, and replies in the card's thread."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.game import moves
from bot.game.allowed import REPLY_LENGTH, RESPONSE_LENGTH, RESPONSE_WORDS, must_be_responding, must_fit
from bot.game.effects import (
    Effect,
    ShowBoard,
    ShowRecap,
    ShowResponses,
)
from bot.game.model import (
    Ending,
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
    NoStanceHere,
    NoSuchReply,
    NothingToTakeBack,
    NothingWritten,
    ReplyInstead,
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
    if not move.words and move.stance is None:
        raise NothingWritten

    # `after_you`: what was first is kept, because the others can be read from then on.
    frozen = before.policy is Policy.AFTER_YOU and before.sees_others
    stance = mine.stance if frozen and mine.stance is not None else move.stance or mine.stance
    mine = replace(mine, stance=stance, own_role=move.own_role or mine.own_role, passed=False)
    after = replace(before, mine=mine)
    if not move.words:
        return after, []

    if mine.response is None and not frozen:
        written = Response(id=move.id, words=move.words, example=move.example)
        after = replace(after, responses=before.responses + 1)
    elif mine.response is None:
        written = Response(id=move.id, words="", second_thoughts=move.words, example=move.example)
        after = replace(after, responses=before.responses + 1)
    elif frozen:
        # Sending the same words again is a double press, no second thought.
        same = move.words == mine.response.words
        written = mine.response if same else replace(mine.response, second_thoughts=move.words)
    else:
        written = replace(mine.response, words=move.words)
    after = replace(after, mine=replace(mine, response=written))
    return after, _shown_at_once(before, after)


def withdraw(before: Round) -> Result:
    must_be_responding(before)
    mine = before.mine
    if mine.response is None:
        raise NothingToTakeBack
    if mine.response.named:
        raise ReplyInstead
    took_back = mine.took_back or before.policy is Policy.AFTER_YOU
    mine = replace(mine, response=None, took_back=took_back)
    after = replace(before, mine=mine, responses=before.responses - 1)
    return after, _shown_at_once(before, after)


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
    more = (response is not None) - (old is not None)
    mine = replace(mine, response=response, passed=mine.passed and response is None)
    after = replace(round, replies=replies, mine=mine, responses=round.responses + more)
    return after, [ShowBoard()] if more else []
