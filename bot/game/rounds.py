"""Every rule of a round: a round and a move go in, a round and a list of effects come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.game import moves
from bot.game.effects import (
    ClearAlarm,
    Effect,
    Line,
    News,
    Notice,
    PostNotice,
    SayLine,
    SetAlarm,
    ShowBoard,
    ShowPledges,
    ShowRecap,
    ShowResponses,
    TellFacilitator,
    TellThoseWhoAsked,
)
from bot.game.model import (
    Card,
    ChannelId,
    Ending,
    Pause,
    PersonId,
    Phase,
    Pledge,
    Policy,
    Reply,
    ReplyKind,
    Response,
    ResponseId,
    Round,
    RoundId,
)
from bot.game.moves import Move, Times
from bot.game.refusals import (
    AlreadyResponded,
    DateInPast,
    DecisionTooEarly,
    NoLightbulbsLeft,
    NoStanceHere,
    NoSuchPledge,
    NoSuchReply,
    NoSuchResponse,
    NothingToTakeBack,
    NothingWritten,
    NotLater,
    NotPaused,
    NotYourPledge,
    OnlyFacilitator,
    OnlyOrganisers,
    OwnPledge,
    OwnResponse,
    PausedBefore,
    PledgesOver,
    ReplyInstead,
    RespondFirst,
    RespondingOver,
    RoundClosed,
    RoundPaused,
    TooLong,
    VotingNotOpen,
    WordsNeeded,
)

RESPONSE_LENGTH = 500  # characters
REPLY_LENGTH = 4000  # the longest message a chat platform lets a person write
PLEDGE_LENGTH = 200
REASON_LENGTH = 200
RESPONSE_WORDS = 3  # a thread reply of fewer words is no response yet
LIGHTBULBS = 3
PAGE_SIZE = 5  # responses to a message at the reveal
PLEDGE_DAYS = timedelta(days=7)
PLEDGE_HORIZON = timedelta(days=366)
PAUSE_LIMIT = timedelta(hours=48)
LONGEST_EXTENSION = timedelta(days=14)

Result = tuple[Round, list[Effect]]


def deal(
    card: Card,
    *,
    id: RoundId,
    policy: Policy,
    times: Times,
    facilitator: PersonId,
    channels: Sequence[ChannelId],
    now: datetime,
) -> Result:
    """Open a round with one card. `channels` are in the order in which they were linked."""
    assert (times.reveal_at is not None) == (policy is Policy.TOGETHER)
    assert now < (times.reveal_at or times.closes_at) <= times.closes_at
    opened = Round(
        id=id,
        card=card,
        policy=policy,
        facilitator=facilitator,
        channels=tuple(channels),
        opened_at=now,
        reveal_at=times.reveal_at,
        closes_at=times.closes_at,
    )
    return opened, [ShowBoard(), SetAlarm(opened.deadline)]


def play(before: Round, move: Move, now: datetime) -> Result:
    """Apply one move. Returns the new round, and the effects in order.

    `now` is when the move happened, in UTC: the game never asks the time.
    Raises MoveRefused if the rules forbid the move; nothing has changed then.
    """
    match move:
        case moves.Respond():
            return _respond(before, move)
        case moves.Withdraw():
            return _withdraw(before)
        case moves.Pass():
            return _pass(before, move)
        case moves.WriteReply():
            return _write_reply(before, move, now)
        case moves.ChangeReply():
            return _change_reply(before, move)
        case moves.DeleteReply():
            return _delete_reply(before, move)
        case moves.CountAsResponse():
            return _count_as_response(before, move)
        case moves.CastVote():
            return _vote(before, move)
        case moves.GiveLightbulb():
            return _give_lightbulb(before, move)
        case moves.TakeLightbulb():
            return _take_lightbulb(before, move)
        case moves.TakeSecondStance():
            return _second_stance(before, move)
        case moves.TellMe():
            return _tell_me(before, move)
        case moves.MakePledge():
            return _make_pledge(before, move, now)
        case moves.JoinPledge():
            return _join_pledge(before, move, now)
        case moves.SettlePledge():
            return _settle_pledge(before, move)
        case moves.PauseRound():
            return _pause(before, move, now)
        case moves.ResumeRound():
            return _resume(before, now)
        case moves.CloseWithoutResults():
            return _close_without_results(before, now)
        case moves.OpenVoting():
            return _open_voting(before, now)
        case moves.CloseRound():
            return _close_early(before, now)
        case moves.Extend():
            return _extend(before, move)
        case moves.TakeBack():
            return _take_back(before, now)
        case _:
            assert_never(move)


def advance(before: Round, now: datetime) -> Result:
    """What the clock does to a round that is due. Ringing twice changes nothing more.

    After an outage a reveal that comes late still leaves its whole time for voting.
    """
    if before.phase is Phase.CLOSED:
        return before, []
    if before.pause is not None:
        limit = before.pause.since + PAUSE_LIMIT
        if now < limit:
            return before, [SetAlarm(limit)]
        if before.pause.asked:
            return before, []
        return replace(before, pause=replace(before.pause, asked=True)), [ShowBoard()]
    if now < before.deadline:
        return before, [SetAlarm(before.deadline)]
    if before.phase is Phase.RESPONDING and before.reveal_at is not None:
        return _reveal(before, now, [])
    return _close(before, now, Ending.FINISHED, [])


# --- who may do what, and when ---------------------------------------------------------


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


def _must_organise(round: Round) -> None:
    if not round.mine.organises:
        raise OnlyOrganisers


def _must_fit(words: str, limit: int) -> None:
    if len(words) > limit:
        raise TooLong(length=len(words), limit=limit)


def _another_players(round: Round, response: ResponseId) -> Response:
    """The response a vote names. Raises OwnResponse or NoSuchResponse."""
    if round.mine.response is not None and round.mine.response.id == response:
        raise OwnResponse
    found = round.others.get(response)
    if found is None or found.removed:
        raise NoSuchResponse
    if round.policy is Policy.OPEN and not found.named and found.place is None:
        # Sent with the form: posted together with the others, and not before.
        raise NoSuchResponse
    return found


# --- responses -------------------------------------------------------------------------


def _respond(before: Round, move: moves.Respond) -> Result:
    must_be_responding(before)
    _must_fit(move.words, RESPONSE_LENGTH)
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
    return after, _counted_at_once(before, after)


def _withdraw(before: Round) -> Result:
    must_be_responding(before)
    mine = before.mine
    if mine.response is None:
        raise NothingToTakeBack
    if mine.response.named:
        raise ReplyInstead
    took_back = mine.took_back or before.policy is Policy.AFTER_YOU
    mine = replace(mine, response=None, took_back=took_back)
    after = replace(before, mine=mine, responses=before.responses - 1)
    return after, _counted_at_once(before, after)


def _pass(before: Round, move: moves.Pass) -> Result:
    must_be_responding(before)
    mine = before.mine
    if mine.response is not None or mine.stance is not None:
        raise AlreadyResponded
    return replace(before, mine=replace(mine, passed=True, own_role=move.own_role or mine.own_role)), []


def _counted_at_once(before: Round, after: Round) -> list[Effect]:
    """Only an open board counts responses; any other would show that somebody just wrote."""
    counted = after.policy is Policy.OPEN and before.responses != after.responses
    return [ShowBoard()] if counted else []


# --- the thread ------------------------------------------------------------------------


def _write_reply(before: Round, move: moves.WriteReply, now: datetime) -> Result:
    _must_fit(move.words, REPLY_LENGTH)
    if not move.words:
        raise NothingWritten
    if move.id in before.replies:
        return before, []  # delivered twice
    mine = before.mine
    counts = (
        before.policy is Policy.OPEN
        and before.phase is Phase.RESPONDING
        and before.pause is None
        and mine.response is None
        and len(move.words.split()) >= RESPONSE_WORDS
    )
    assert mine.person is not None
    reply = Reply(
        id=move.id,
        author=mine.person,
        author_name=move.name,
        words=move.words,
        kind=ReplyKind.RESPONSE if counts else _comment_kind(before),
        written_at=now,
    )
    after = replace(before, replies={**before.replies, reply.id: reply})
    if not counts:
        return after, []
    mine = replace(mine, passed=False, response=_named_response(move.response, reply))
    after = replace(after, mine=mine, responses=before.responses + 1)
    return after, [ShowBoard()]


def _comment_kind(round: Round) -> ReplyKind:
    if round.phase is Phase.CLOSED:
        return ReplyKind.AFTERTHOUGHT
    if round.phase is Phase.RESPONDING and round.policy is not Policy.OPEN:
        return ReplyKind.EARLY
    return ReplyKind.COMMENT


def _named_response(id: ResponseId, reply: Reply) -> Response:
    return Response(
        id=id, words=reply.words, author=reply.author, author_name=reply.author_name, reply=reply.id
    )


def _own_reply(round: Round, move: moves.ChangeReply | moves.DeleteReply | moves.CountAsResponse) -> Reply:
    reply = round.replies.get(move.id)
    if reply is None or reply.removed or reply.author != round.mine.person:
        raise NoSuchReply
    return reply


def _change_reply(before: Round, move: moves.ChangeReply) -> Result:
    reply = _own_reply(before, move)
    _must_fit(move.words, REPLY_LENGTH)
    if not move.words:
        raise WordsNeeded
    counted = before.mine.response is not None and before.mine.response.reply == reply.id
    if reply.kind is ReplyKind.RESPONSE:
        # After the close a response stays as it was read and voted on.
        must_be_responding(before)
    after = replace(before, replies={**before.replies, reply.id: replace(reply, words=move.words)})
    if counted:
        assert before.mine.response is not None
        response = replace(before.mine.response, words=move.words)
        after = replace(after, mine=replace(before.mine, response=response))
    return after, []


def _delete_reply(before: Round, move: moves.DeleteReply) -> Result:
    reply = _own_reply(before, move)
    gone = replace(reply, words="", removed=True)
    after = replace(before, replies={**before.replies, reply.id: gone})
    if reply.kind is not ReplyKind.RESPONSE:
        return after, []
    if before.phase is Phase.CLOSED:
        # Words may be removed after the close; what was counted stays counted.
        return after, [ShowResponses(), ShowRecap()] if before.ending is Ending.FINISHED else []
    after = replace(after, mine=replace(before.mine, response=None), responses=before.responses - 1)
    return after, [ShowBoard()]


def _count_as_response(before: Round, move: moves.CountAsResponse) -> Result:
    reply = _own_reply(before, move)
    must_be_responding(before)
    if before.policy is not Policy.OPEN:
        raise NoSuchReply
    mine = before.mine
    if mine.response is not None and mine.response.reply == reply.id:
        return before, []
    replies = {**before.replies, reply.id: replace(reply, kind=ReplyKind.RESPONSE)}
    if mine.response is not None and mine.response.reply is not None:
        old = before.replies.get(mine.response.reply)
        assert old is not None, "the reply that counts now is loaded with the move"
        replies[old.id] = replace(old, kind=ReplyKind.COMMENT)
    responses = before.responses + (1 if mine.response is None else 0)
    mine = replace(mine, passed=False, response=_named_response(move.response, reply))
    return replace(before, replies=replies, mine=mine, responses=responses), [ShowBoard()]


# --- the ballot ------------------------------------------------------------------------


def _vote(before: Round, move: moves.CastVote) -> Result:
    must_have_ballot(before)
    _another_players(before, move.response)
    choices = {**before.mine.choices, move.response: move.choice}
    return replace(before, mine=replace(before.mine, choices=choices)), []


def _give_lightbulb(before: Round, move: moves.GiveLightbulb) -> Result:
    must_have_ballot(before)
    _another_players(before, move.response)
    given = before.mine.lightbulbs | {move.response}
    if len(given) > LIGHTBULBS:
        raise NoLightbulbsLeft
    return replace(before, mine=replace(before.mine, lightbulbs=given)), []


def _take_lightbulb(before: Round, move: moves.TakeLightbulb) -> Result:
    must_have_ballot(before)
    left = before.mine.lightbulbs - {move.response}
    return replace(before, mine=replace(before.mine, lightbulbs=left)), []


def _second_stance(before: Round, move: moves.TakeSecondStance) -> Result:
    must_have_ballot(before)
    if not before.card.asks_stance:
        raise NoStanceHere
    return replace(before, mine=replace(before.mine, second_stance=move.stance)), []


def _tell_me(before: Round, move: moves.TellMe) -> Result:
    must_be_running(before)
    if before.phase is not Phase.RESPONDING:
        raise RespondingOver
    return replace(before, mine=replace(before.mine, tell_me=move.wanted)), []


# --- pledges ---------------------------------------------------------------------------


def must_take_pledges(round: Round, now: datetime) -> None:
    """Raises the refusal that a pledge would get now."""
    if round.ending in {Ending.TAKEN_BACK, Ending.WITHOUT_RESULTS}:
        raise RoundClosed
    if round.closed_at is not None and now >= round.closed_at + PLEDGE_DAYS:
        raise PledgesOver
    if not round.sees_others:
        must_have_ballot(round)


def _make_pledge(before: Round, move: moves.MakePledge, now: datetime) -> Result:
    must_take_pledges(before, now)
    if not move.words:
        raise NothingWritten
    _must_fit(move.words, PLEDGE_LENGTH)
    if not move.today <= move.by <= move.today + PLEDGE_HORIZON:
        raise DateInPast
    if move.id in before.pledges:
        return before, []  # delivered twice
    assert before.mine.person is not None
    made = Pledge(id=move.id, owner=before.mine.person, owner_name=move.name, words=move.words, by=move.by)
    return replace(before, pledges={**before.pledges, made.id: made}), _pledges_shown(before)


def _join_pledge(before: Round, move: moves.JoinPledge, now: datetime) -> Result:
    must_take_pledges(before, now)
    pledge = before.pledges.get(move.pledge)
    if pledge is None:
        raise NoSuchPledge
    assert before.mine.person is not None
    if pledge.owner == before.mine.person:
        raise OwnPledge
    if before.mine.person in pledge.joined:
        return before, []
    joined = replace(pledge, joined=(*pledge.joined, before.mine.person))
    return replace(before, pledges={**before.pledges, pledge.id: joined}), _pledges_shown(before)


def _settle_pledge(before: Round, move: moves.SettlePledge) -> Result:
    pledge = before.pledges.get(move.pledge)
    if pledge is None:
        raise NoSuchPledge
    if pledge.owner != before.mine.person:
        raise NotYourPledge
    if pledge.state is move.state:
        return before, []
    settled = replace(pledge, state=move.state)
    return replace(before, pledges={**before.pledges, pledge.id: settled}), _pledges_shown(before)


def _pledges_shown(round: Round) -> list[Effect]:
    return [ShowRecap()] if round.phase is Phase.CLOSED else [ShowPledges()]


# --- pausing, and the clock ------------------------------------------------------------


def _pause(before: Round, move: moves.PauseRound, now: datetime) -> Result:
    must_be_running(before)
    if before.mine.paused:
        raise PausedBefore
    if not move.reason:
        raise NothingWritten
    _must_fit(move.reason, REASON_LENGTH)
    after = replace(before, pause=Pause(since=now), mine=replace(before.mine, paused=True))
    return after, [
        ShowBoard(),
        PostNotice(Notice.PAUSED),
        TellFacilitator(News.PAUSED),
        SetAlarm(now + PAUSE_LIMIT),
    ]


def _resume(before: Round, now: datetime) -> Result:
    _must_organise(before)
    if before.pause is None:
        raise NotPaused
    waited = now - before.pause.since
    after = replace(
        before,
        pause=None,
        reveal_at=before.reveal_at and before.reveal_at + waited,
        closes_at=before.closes_at + waited,
    )
    return after, [ShowBoard(), PostNotice(Notice.RESUMED), SetAlarm(after.deadline)]


def _close_without_results(before: Round, now: datetime) -> Result:
    _must_organise(before)
    if before.pause is None:
        raise NotPaused
    if not before.pause.asked:
        raise DecisionTooEarly
    return _close(before, now, Ending.WITHOUT_RESULTS, [PostNotice(Notice.CLOSED_WITHOUT_RESULTS)])


def _open_voting(before: Round, now: datetime) -> Result:
    must_be_facilitator(before)
    must_be_responding(before)
    if before.reveal_at is None:
        raise RespondingOver
    return _reveal(before, now, [PostNotice(Notice.REVEALED_EARLY)])


def _close_early(before: Round, now: datetime) -> Result:
    must_be_facilitator(before)
    must_be_running(before)
    if before.phase is Phase.RESPONDING and before.reveal_at is not None:
        raise VotingNotOpen(before.deadline)
    return _close(before, now, Ending.FINISHED, [PostNotice(Notice.CLOSED_EARLY)])


def _extend(before: Round, move: moves.Extend) -> Result:
    must_be_facilitator(before)
    must_be_running(before)
    if not timedelta(0) < move.by <= LONGEST_EXTENSION:
        raise NotLater
    responding = before.phase is Phase.RESPONDING
    after = replace(
        before,
        reveal_at=before.reveal_at + move.by if responding and before.reveal_at else before.reveal_at,
        closes_at=before.closes_at + move.by,
    )
    return after, [ShowBoard(), PostNotice(Notice.EXTENDED), SetAlarm(after.deadline)]


def _take_back(before: Round, now: datetime) -> Result:
    must_be_facilitator(before)
    if before.phase is Phase.CLOSED:
        raise RoundClosed
    return _close(
        before,
        now,
        Ending.TAKEN_BACK,
        [PostNotice(Notice.TAKEN_BACK), TellThoseWhoAsked(News.TAKEN_BACK)],
    )


def _reveal(before: Round, now: datetime, first: list[Effect]) -> Result:
    """Everyone's responses at once; the notice of an early reveal comes before them."""
    assert before.reveal_at is not None
    time_to_vote = before.closes_at - before.reveal_at
    after = replace(
        before,
        phase=Phase.VOTING,
        closes_at=max(before.closes_at, now + time_to_vote),
    )
    return after, [
        *first,
        ShowResponses(),
        ShowBoard(),
        SayLine(Line.REVEALED),
        TellThoseWhoAsked(News.OPENED),
        SetAlarm(after.deadline),
    ]


def _close(before: Round, now: datetime, ending: Ending, first: list[Effect]) -> Result:
    shown = ending is Ending.FINISHED
    after = replace(before, phase=Phase.CLOSED, closed_at=now, ending=ending, pause=None)
    effects: list[Effect] = [*first]
    if shown and before.phase is Phase.RESPONDING:
        # With one deadline the close is when everybody here may read them.
        effects += [ShowResponses(), TellThoseWhoAsked(News.OPENED)]
    effects += [ShowBoard()]
    if shown:
        effects += [ShowRecap()]
    elif ending is Ending.TAKEN_BACK and before.pages:
        effects += [ShowResponses()]  # to empty the pages that were posted
    return after, [*effects, ClearAlarm()]
