"""The thread of a card: which reply is the response, and what the others count as."""

from datetime import datetime, timedelta

import pytest

from bot.game import moves
from bot.game.effects import ShowBoard, ShowRecap, ShowResponses
from bot.game.model import (
    Ending,
    Pause,
    Phase,
    Policy,
    Reply,
    ReplyId,
    ReplyKind,
    Response,
    ResponseId,
    Round,
)
from bot.game.refusals import (
    NoSuchReply,
    NothingWritten,
    RespondingOver,
    RoundClosed,
    RoundPaused,
    TooLong,
    WordsNeeded,
)
from bot.game.rounds import play
from tests.builders import ADA, BEN, NOON, a_reply, a_response, a_round

T1, T2 = ReplyId("t1"), ReplyId("t2")
FIRST, SECOND, NEXT = (ResponseId(each) for each in ("first", "second", "next"))


def write(words: str, id: ReplyId = T1, response: ResponseId = FIRST) -> moves.WriteReply:
    return moves.WriteReply(id=id, response=response, words=words, name="Ben")


def kinds(round: Round) -> dict[ReplyId, ReplyKind]:
    return {reply.id: reply.kind for reply in round.replies.values()}


def an_open_round(*written: moves.Move) -> Round:
    """An open round in which Ben wrote this in the thread."""
    round = a_round(policy=Policy.OPEN)
    for move in written:
        round, _ = play(round, move, NOON)
    return round


# --- open: the first reply of three words is the response ------------------------------


def test_the_first_reply_of_three_words_is_the_response_with_a_name() -> None:
    after, effects = play(a_round(policy=Policy.OPEN, responses=6), write("Ask her first"), NOON)

    assert after.mine.response == Response(
        id=FIRST, words="Ask her first", author=BEN, author_name="Ben", reply=T1
    )
    assert after.mine.response.named
    assert after.replies == {
        T1: Reply(
            id=T1,
            author=BEN,
            author_name="Ben",
            words="Ask her first",
            kind=ReplyKind.RESPONSE,
            written_at=NOON,
        )
    }
    assert after.responses == 7
    assert effects == [ShowBoard()]


def test_two_words_are_a_comment_and_the_next_three_the_response() -> None:
    after = an_open_round(write("Good question!"), write("Ask her first", T2))

    assert kinds(after) == {T1: ReplyKind.COMMENT, T2: ReplyKind.RESPONSE}
    assert after.responses == 1


def test_later_replies_are_comments() -> None:
    after = an_open_round(write("Ask her first"), write("And then ask him", T2, SECOND))

    assert kinds(after) == {T1: ReplyKind.RESPONSE, T2: ReplyKind.COMMENT}
    assert after.mine.response is not None
    assert after.mine.response.id == FIRST
    assert after.responses == 1


def test_a_comment_calls_for_no_new_board() -> None:
    _, effects = play(an_open_round(), write("Good question!"), NOON)

    assert effects == []


def test_whoever_used_the_form_already_writes_comments() -> None:
    sent = a_round(policy=Policy.OPEN, mine={"response": a_response()}, responses=1)

    after, effects = play(sent, write("And then ask him"), NOON)

    assert kinds(after) == {T1: ReplyKind.COMMENT}
    assert after.mine == sent.mine
    assert after.responses == 1
    assert effects == []


def test_a_response_in_the_thread_ends_a_pass() -> None:
    passed, _ = play(a_round(policy=Policy.OPEN), moves.Pass(), NOON)

    after, _ = play(passed, write("Ask her first"), NOON)

    assert not after.mine.passed


def test_a_comment_leaves_a_pass_alone() -> None:
    passed, _ = play(a_round(policy=Policy.OPEN), moves.Pass(), NOON)

    after, _ = play(passed, write("I see."), NOON)

    assert after.mine.passed


def test_a_reply_delivered_twice_stays_the_response() -> None:
    sent = an_open_round(write("Ask her first"))

    assert play(sent, write("Ask her first", T1, SECOND), NOON + timedelta(minutes=1)) == (sent, [])


def test_a_deleted_reply_that_is_delivered_again_stays_deleted() -> None:
    deleted = an_open_round(write("Ask her first"), moves.DeleteReply(id=T1, response=NEXT))

    assert play(deleted, write("Ask her first"), NOON) == (deleted, [])


def test_a_long_reply_is_kept_whole() -> None:
    after = an_open_round(write("and so on " * 4000))

    assert after.mine.response is not None
    assert len(after.mine.response.words) == 40_000


def test_a_reply_longer_than_any_platform_allows_is_refused() -> None:
    with pytest.raises(TooLong):
        play(an_open_round(), write("x" * 40_001), NOON)


def test_an_empty_reply_is_passed_over() -> None:
    with pytest.raises(NothingWritten):
        play(an_open_round(), write(""), NOON)


def test_what_is_written_during_a_pause_is_a_comment() -> None:
    paused = a_round(policy=Policy.OPEN, pause=Pause(since=NOON))

    after, effects = play(paused, write("Ask her first"), NOON)

    assert kinds(after) == {T1: ReplyKind.COMMENT}
    assert after.responses == 0
    assert effects == []


# --- count this as my response ---------------------------------------------------------


def test_a_player_lets_another_reply_be_the_response() -> None:
    before = an_open_round(write("Ask her first"), write("No, wait", T2))

    after, effects = play(before, moves.CountAsResponse(id=T2, response=SECOND), NOON)

    assert kinds(after) == {T1: ReplyKind.COMMENT, T2: ReplyKind.RESPONSE}
    assert after.mine.response == Response(
        id=SECOND, words="No, wait", author=BEN, author_name="Ben", reply=T2
    )
    assert after.responses == 1
    assert effects == [ShowBoard()]


def test_a_short_reply_becomes_the_first_response_when_its_writer_says_so() -> None:
    passed, _ = play(a_round(policy=Policy.OPEN), moves.Pass(), NOON)
    before, _ = play(passed, write("Ask her"), NOON)

    after, _ = play(before, moves.CountAsResponse(id=T1, response=FIRST), NOON)

    assert kinds(after) == {T1: ReplyKind.RESPONSE}
    assert after.responses == 1
    assert not after.mine.passed


def test_it_takes_the_place_of_words_sent_with_the_form() -> None:
    before = a_round(
        policy=Policy.OPEN,
        mine={"response": a_response("Sent privately.", id=FIRST)},
        replies=[a_reply("Ask her first")],
        responses=1,
    )

    after, _ = play(before, moves.CountAsResponse(id=T1, response=SECOND), NOON)

    assert after.mine.response is not None
    assert (after.mine.response.id, after.mine.response.words) == (SECOND, "Ask her first")
    assert after.responses == 1


def test_a_double_press_counts_it_once() -> None:
    counted = an_open_round(write("Ask her first"), moves.CountAsResponse(id=T1, response=SECOND))

    assert play(counted, moves.CountAsResponse(id=T1, response=NEXT), NOON) == (counted, [])


def test_to_choose_what_counts_already_shows_nothing_new() -> None:
    counted = an_open_round(write("Ask her first"))

    after, effects = play(counted, moves.CountAsResponse(id=T1, response=SECOND), NOON)

    assert after.mine == counted.mine
    assert after.replies[T1].chosen
    assert effects == []


@pytest.mark.parametrize("reply", [a_reply(author=ADA), a_reply(removed=True, words="")])
def test_only_ones_own_reply_that_is_still_there_may_count(reply: Reply) -> None:
    before = a_round(policy=Policy.OPEN, replies=[reply])

    for move in (
        moves.CountAsResponse(id=T1, response=FIRST),
        moves.ChangeReply(id=T1, response=NEXT, words="Ask her first"),
        moves.DeleteReply(id=T1, response=NEXT),
    ):
        with pytest.raises(NoSuchReply):
            play(before, move, NOON)


def test_a_reply_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NoSuchReply):
        play(an_open_round(), moves.CountAsResponse(id=ReplyId("made-up"), response=FIRST), NOON)


@pytest.mark.parametrize("policy", [Policy.TOGETHER, Policy.AFTER_YOU])
def test_thread_replies_never_count_where_responses_are_private(policy: Policy) -> None:
    before = a_round(policy=policy, replies=[a_reply()])

    with pytest.raises(NoSuchReply):
        play(before, moves.CountAsResponse(id=T1, response=FIRST), NOON)


def test_after_the_close_another_reply_cannot_count() -> None:
    before = a_round(policy=Policy.OPEN, phase=Phase.CLOSED, replies=[a_reply()])

    with pytest.raises(RoundClosed):
        play(before, moves.CountAsResponse(id=T1, response=FIRST), NOON)


# --- edits and deletions are followed --------------------------------------------------


def test_an_edited_reply_changes_the_response() -> None:
    before = an_open_round(write("Ask her first"))

    after, effects = play(before, moves.ChangeReply(id=T1, response=NEXT, words="Ask him first"), NOON)

    assert after.replies[T1].words == "Ask him first"
    assert after.mine.response == Response(
        id=FIRST, words="Ask him first", author=BEN, author_name="Ben", reply=T1
    )
    assert after.responses == 1
    assert effects == []


def test_an_edited_comment_leaves_the_response_alone() -> None:
    before = an_open_round(write("Ask her first"), write("Good question!", T2))

    after, _ = play(
        before, moves.ChangeReply(id=T2, response=NEXT, words="A very good question indeed"), NOON
    )

    assert kinds(after) == {T1: ReplyKind.RESPONSE, T2: ReplyKind.COMMENT}
    assert after.mine == before.mine


def test_an_edit_may_be_neither_empty_nor_endless() -> None:
    before = an_open_round(write("Ask her first"))

    with pytest.raises(WordsNeeded):
        play(before, moves.ChangeReply(id=T1, response=NEXT, words=""), NOON)
    with pytest.raises(TooLong):
        play(before, moves.ChangeReply(id=T1, response=NEXT, words="x" * 40_001), NOON)


def test_a_deleted_reply_takes_the_response_with_it() -> None:
    before = an_open_round(write("Ask her first"))

    after, effects = play(before, moves.DeleteReply(id=T1, response=NEXT), NOON)

    assert after.mine.response is None
    assert after.responses == 0
    assert (after.replies[T1].words, after.replies[T1].removed) == ("", True)
    assert effects == [ShowBoard()]


def test_after_deleting_the_next_reply_is_the_response() -> None:
    after = an_open_round(
        write("Ask her first"),
        moves.DeleteReply(id=T1, response=NEXT),
        write("No, ask him first", T2, SECOND),
    )

    assert after.replies[T2].kind is ReplyKind.RESPONSE
    assert after.responses == 1


def test_a_deleted_comment_changes_no_count() -> None:
    before = an_open_round(write("Ask her first"), write("Good question!", T2))

    after, effects = play(before, moves.DeleteReply(id=T2, response=NEXT), NOON)

    assert after.mine == before.mine
    assert after.responses == 1
    assert effects == []


def test_a_second_deletion_is_refused() -> None:
    deleted = an_open_round(write("Ask her first"), moves.DeleteReply(id=T1, response=NEXT))

    with pytest.raises(NoSuchReply):
        play(deleted, moves.DeleteReply(id=T1, response=NEXT), NOON)


def test_a_reply_may_be_deleted_during_a_pause() -> None:
    before = an_open_round(write("Ask her first"))
    paused, _ = play(before, moves.PauseRound(reason="A name is in it."), NOON)

    after, _ = play(paused, moves.DeleteReply(id=T1, response=NEXT), NOON)

    assert after.responses == 0


def test_a_response_is_not_edited_during_a_pause() -> None:
    before = an_open_round(write("Ask her first"))
    paused, _ = play(before, moves.PauseRound(reason="A name is in it."), NOON)

    with pytest.raises(RoundPaused):
        play(paused, moves.ChangeReply(id=T1, response=NEXT, words="Ask him first"), NOON)


# --- after the close -------------------------------------------------------------------

CLOSED = {"policy": Policy.OPEN, "phase": Phase.CLOSED, "ending": Ending.FINISHED, "responses": 3}
COUNTED = a_reply("Ask her first", kind=ReplyKind.RESPONSE)


def test_after_the_close_a_response_is_not_edited() -> None:
    with pytest.raises(RoundClosed):
        play(
            a_round(**CLOSED, replies=[COUNTED]),
            moves.ChangeReply(id=T1, response=NEXT, words="Ask him"),
            NOON,
        )


def test_after_the_close_a_comment_may_be_edited() -> None:
    closed = a_round(**CLOSED, replies=[a_reply(kind=ReplyKind.AFTERTHOUGHT)])

    after, _ = play(closed, moves.ChangeReply(id=T1, response=NEXT, words="I was in that room."), NOON)

    assert after.replies[T1].words == "I was in that room."


def test_after_the_close_deleting_removes_words_and_leaves_the_count() -> None:
    after, effects = play(a_round(**CLOSED, replies=[COUNTED]), moves.DeleteReply(id=T1, response=NEXT), NOON)

    assert (after.replies[T1].words, after.replies[T1].removed) == ("", True)
    assert after.responses == 3
    assert effects == [ShowResponses(), ShowRecap()]


@pytest.mark.parametrize("ending", [Ending.TAKEN_BACK, Ending.WITHOUT_RESULTS])
def test_deleting_brings_no_recap_to_a_round_that_shows_none(ending: Ending) -> None:
    closed = a_round(**(CLOSED | {"ending": ending}), replies=[COUNTED])

    after, effects = play(closed, moves.DeleteReply(id=T1, response=NEXT), NOON)

    assert after.replies[T1].removed
    assert effects == []


# --- what other replies count as -------------------------------------------------------


@pytest.mark.parametrize(
    "round, kind",
    [
        (a_round(policy=Policy.TOGETHER), ReplyKind.EARLY),
        (a_round(policy=Policy.AFTER_YOU), ReplyKind.EARLY),
        (a_round(policy=Policy.TOGETHER, phase=Phase.VOTING), ReplyKind.COMMENT),
        (a_round(policy=Policy.TOGETHER, phase=Phase.CLOSED), ReplyKind.AFTERTHOUGHT),
        (a_round(policy=Policy.AFTER_YOU, phase=Phase.CLOSED), ReplyKind.AFTERTHOUGHT),
        (a_round(policy=Policy.OPEN, phase=Phase.CLOSED), ReplyKind.AFTERTHOUGHT),
        (a_round(policy=Policy.TOGETHER, pause=Pause(since=NOON)), ReplyKind.EARLY),
    ],
)
def test_a_reply_that_is_no_response_says_when_it_was_written(round: Round, kind: ReplyKind) -> None:
    after, effects = play(round, write("Ask her first"), NOON)

    assert kinds(after) == {T1: kind}
    assert after.mine.response is None
    assert after.responses == 0
    assert effects == []


def test_after_the_reveal_no_reply_becomes_the_response() -> None:
    revealed = a_round(phase=Phase.VOTING, replies=[a_reply()])

    with pytest.raises(RespondingOver):
        play(revealed, moves.CountAsResponse(id=T1, response=FIRST), NOON)


# --- what came first, whatever arrived first -------------------------------------------


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_an_earlier_reply_that_comes_late_is_the_response() -> None:
    before, _ = play(a_round(policy=Policy.OPEN), write("And then ask him", T2, SECOND), later(5))

    after, effects = play(before, write("Ask her first"), later(1))

    assert kinds(after) == {T1: ReplyKind.RESPONSE, T2: ReplyKind.COMMENT}
    assert after.mine.response is not None
    assert (after.mine.response.id, after.mine.response.words) == (FIRST, "Ask her first")
    assert after.responses == 1
    assert effects == []


def test_what_a_player_chose_stays_the_response_when_an_earlier_one_comes_late() -> None:
    before, _ = play(a_round(policy=Policy.OPEN), write("And then ask him", T2, SECOND), later(5))
    chosen, _ = play(before, moves.CountAsResponse(id=T2, response=NEXT), later(6))

    after, _ = play(chosen, write("Ask her first"), later(1))

    assert kinds(after) == {T1: ReplyKind.COMMENT, T2: ReplyKind.RESPONSE}
    assert after.mine == chosen.mine


def test_when_the_response_is_deleted_the_next_reply_is_the_response() -> None:
    before = an_open_round(write("Ask her first"), write("And then ask him", T2, SECOND))

    after, effects = play(before, moves.DeleteReply(id=T1, response=NEXT), NOON)

    assert after.mine.response is not None
    assert (after.mine.response.id, after.mine.response.words) == (NEXT, "And then ask him")
    assert after.replies[T2].kind is ReplyKind.RESPONSE
    assert after.responses == 1
    assert effects == []


def test_a_reply_edited_to_three_words_is_the_response() -> None:
    after, effects = play(
        an_open_round(write("Ask her")),
        moves.ChangeReply(id=T1, response=NEXT, words="Ask her first"),
        NOON,
    )

    assert after.mine.response is not None
    assert (after.mine.response.id, after.responses) == (NEXT, 1)
    assert effects == [ShowBoard()]


def test_a_response_edited_to_two_words_is_a_comment_unless_it_was_chosen() -> None:
    shorter = moves.ChangeReply(id=T1, response=NEXT, words="Ask her")
    written = an_open_round(write("Ask her first"))
    chosen, _ = play(written, moves.CountAsResponse(id=T1, response=SECOND), NOON)

    after, effects = play(written, shorter, NOON)
    kept, _ = play(chosen, shorter, NOON)

    assert (after.mine.response, after.responses) == (None, 0)
    assert kinds(after) == {T1: ReplyKind.COMMENT}
    assert effects == [ShowBoard()]
    assert kept.mine.response is not None
    assert kept.mine.response.words == "Ask her"
