"""Responses, stances and passes: what may be sent, changed and taken back under each policy."""

import pytest

from bot.game import moves
from bot.game.effects import ShowBoard
from bot.game.model import (
    CardKind,
    Mine,
    Pause,
    PerspectiveId,
    Phase,
    Policy,
    Response,
    ResponseId,
    Round,
    Stance,
)
from bot.game.refusals import (
    AlreadyResponded,
    MoveRefused,
    NoStanceHere,
    NothingSent,
    NothingToTakeBack,
    NothingWritten,
    ReplyInstead,
    RespondingOver,
    RoundClosed,
    RoundPaused,
    TooLong,
    WordsNeeded,
)
from bot.game.rounds import play
from tests.builders import BEN, NOON, OWN_PERSPECTIVE, a_card, a_response, a_round

FIRST = ResponseId("first")
SECOND = ResponseId("second")
CARER = PerspectiveId("carer")
MANAGER = PerspectiveId("manager")

PRIVATE = [Policy.TOGETHER, Policy.AFTER_YOU]


def respond(words: str = "", **given: object) -> moves.Respond:
    return moves.Respond(**({"id": FIRST, "words": words} | given))  # type: ignore[arg-type]  # a story names few


def after(round: Round, *played: moves.Move) -> Round:
    """The round once these moves were played at noon, one after the other."""
    for move in played:
        round, _ = play(round, move, NOON)
    return round


# --- sending ---------------------------------------------------------------------------


@pytest.mark.parametrize("policy", Policy)
def test_a_player_sends_words_a_stance_and_their_own_role(policy: Policy) -> None:
    before = a_round(policy=policy)

    sent = after(before, respond("Ask her first.", stance=Stance.NO, own_role=CARER))

    assert sent.mine == Mine(
        person=BEN,
        own_role=CARER,
        stance=Stance.NO,
        response=Response(id=FIRST, words="Ask her first."),
    )
    assert sent.responses == 1


@pytest.mark.parametrize("policy", Policy)
def test_a_stance_alone_may_be_sent_and_is_heard_but_is_no_response(policy: Policy) -> None:
    sent, effects = play(a_round(policy=policy), respond(stance=Stance.YES), NOON)

    assert sent.mine.stance is Stance.YES
    assert sent.mine.heard
    assert sent.mine.response is None
    assert sent.responses == 0
    assert effects == []


def test_words_alone_may_be_sent() -> None:
    sent = after(a_round(), respond("Ask her first."))

    assert sent.mine.stance is None
    assert sent.responses == 1


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(NothingSent):
        play(a_round(), respond(), NOON)
    poem = a_round(card=a_card(kind=CardKind.CREATIVE))
    with pytest.raises(NothingWritten):
        play(poem, respond(), NOON)


def test_five_hundred_characters_fit() -> None:
    assert after(a_round(), respond("x" * 500)).responses == 1


def test_one_character_more_is_refused_and_says_how_many_there_are() -> None:
    with pytest.raises(TooLong) as refused:
        play(a_round(), respond("x" * 501), NOON)

    assert (refused.value.length, refused.value.limit) == (501, 500)


def test_a_poem_asks_for_no_stance() -> None:
    poem = a_round(card=a_card(kind=CardKind.CREATIVE))

    with pytest.raises(NoStanceHere):
        play(poem, respond("It made me cry.", stance=Stance.YES), NOON)

    assert after(poem, respond("It made me cry.")).responses == 1


def test_a_question_asks_for_a_stance() -> None:
    question = a_round(card=a_card(kind=CardKind.QUESTION))

    assert after(question, respond(stance=Stance.NOT_SURE)).mine.stance is Stance.NOT_SURE


def test_own_role_is_kept_when_the_form_no_longer_asks() -> None:
    sent = after(a_round(), respond("Ask her.", own_role=CARER), respond("Ask her first."))

    assert sent.mine.own_role == CARER


def test_an_example_in_the_practice_room_stays_an_example() -> None:
    sent = after(a_round(), respond("Ask her first.", example=True))

    assert sent.mine.response == Response(id=FIRST, words="Ask her first.", example=True)


def test_the_own_role_may_be_a_perspective_that_the_pack_brings() -> None:
    assert after(a_round(), respond("Hello.", own_role=OWN_PERSPECTIVE.id)).mine.own_role == "neighbour"


# --- who learns of it ------------------------------------------------------------------


@pytest.mark.parametrize("policy", PRIVATE)
def test_no_effect_shows_that_somebody_just_wrote_privately(policy: Policy) -> None:
    before = a_round(policy=policy)

    sent, on_sending = play(before, respond("Ask her first."), NOON)
    changed, on_changing = play(sent, respond("Ask her."), NOON)
    _, on_withdrawing = play(changed, moves.Withdraw(), NOON)
    _, on_passing = play(before, moves.Pass(), NOON)

    assert [on_sending, on_changing, on_withdrawing, on_passing] == [[], [], [], []]


def test_an_open_board_counts_a_response_at_once() -> None:
    sent, on_sending = play(a_round(policy=Policy.OPEN), respond("Ask her first."), NOON)
    _, on_withdrawing = play(sent, moves.Withdraw(), NOON)

    assert on_sending == [ShowBoard()]
    assert on_withdrawing == [ShowBoard()]


# --- one response per player -----------------------------------------------------------


@pytest.mark.parametrize("policy", Policy)
def test_a_double_press_sends_once(policy: Policy) -> None:
    sent = after(a_round(policy=policy), respond("Ask her first.", stance=Stance.NO))

    again, effects = play(sent, respond("Ask her first.", stance=Stance.NO, id=SECOND), NOON)

    assert again == sent
    assert effects == []


@pytest.mark.parametrize("policy", [Policy.TOGETHER, Policy.OPEN])
def test_sending_again_changes_the_response_and_keeps_its_id(policy: Policy) -> None:
    sent = after(a_round(policy=policy), respond("Ask her first.", stance=Stance.NO))

    changed = after(sent, respond("Ask him first.", stance=Stance.YES, id=SECOND))

    assert changed.mine.response == Response(id=FIRST, words="Ask him first.")
    assert changed.mine.stance is Stance.YES
    assert changed.responses == 1


def test_changing_the_words_alone_keeps_the_stance() -> None:
    sent = after(a_round(), respond("Ask her first.", stance=Stance.NO), respond("Ask him first."))

    assert sent.mine.stance is Stance.NO


def test_words_are_taken_back_with_their_own_button_and_not_by_emptying_the_form() -> None:
    sent = after(a_round(), respond("Ask her first.", stance=Stance.NO))

    with pytest.raises(WordsNeeded):
        play(sent, respond(stance=Stance.YES), NOON)


def test_words_may_be_added_to_a_stance() -> None:
    sent = after(a_round(), respond(stance=Stance.NO), respond("Ask her first."))

    assert sent.mine.stance is Stance.NO
    assert sent.responses == 1


# --- taking back -----------------------------------------------------------------------


@pytest.mark.parametrize("policy", [Policy.TOGETHER, Policy.OPEN])
def test_withdrawing_takes_the_words_and_leaves_the_stance(policy: Policy) -> None:
    sent = after(a_round(policy=policy, responses=4), respond("Ask her first.", stance=Stance.NO))
    assert sent.responses == 5

    withdrawn = after(sent, moves.Withdraw())

    assert withdrawn.mine == Mine(person=BEN, stance=Stance.NO)
    assert withdrawn.responses == 4


def test_a_double_press_withdraws_once() -> None:
    withdrawn = after(a_round(), respond("Ask her first."), moves.Withdraw())

    with pytest.raises(NothingToTakeBack):
        play(withdrawn, moves.Withdraw(), NOON)


def test_after_withdrawing_a_new_response_may_be_sent_together() -> None:
    again = after(a_round(), respond("Ask her."), moves.Withdraw(), respond("Ask him.", id=SECOND))

    assert again.mine.response == Response(id=SECOND, words="Ask him.")
    assert again.responses == 1


def test_a_response_from_the_thread_is_changed_and_deleted_there() -> None:
    named = a_response("Ask her first.", author=BEN, author_name="Ben", reply="t1")
    sent = a_round(policy=Policy.OPEN, mine={"response": named}, responses=1)

    with pytest.raises(ReplyInstead):
        play(sent, respond("Ask him first."), NOON)
    with pytest.raises(ReplyInstead):
        play(sent, moves.Withdraw(), NOON)


def test_a_stance_may_be_added_to_a_response_from_the_thread() -> None:
    named = a_response("Ask her first.", author=BEN, author_name="Ben", reply="t1")
    sent = a_round(policy=Policy.OPEN, mine={"response": named}, responses=1)

    with_stance = after(sent, respond(stance=Stance.NO))

    assert with_stance.mine.stance is Stance.NO
    assert with_stance.mine.response == named
    assert with_stance.responses == 1


# --- passing ---------------------------------------------------------------------------


@pytest.mark.parametrize("policy", Policy)
def test_a_pass_is_heard_and_is_no_response(policy: Policy) -> None:
    passed, effects = play(a_round(policy=policy), moves.Pass(own_role=MANAGER), NOON)

    assert passed.mine == Mine(person=BEN, passed=True, own_role=MANAGER)
    assert passed.mine.heard
    assert passed.responses == 0
    assert effects == []


def test_a_double_press_passes_once() -> None:
    passed = after(a_round(), moves.Pass(own_role=MANAGER))

    assert play(passed, moves.Pass(), NOON) == (passed, [])


@pytest.mark.parametrize("sent", [respond("Ask her first."), respond(stance=Stance.NO)])
def test_nobody_passes_who_has_said_something(sent: moves.Respond) -> None:
    with pytest.raises(AlreadyResponded):
        play(after(a_round(), sent), moves.Pass(), NOON)


@pytest.mark.parametrize("sent", [respond("Ask her first."), respond(stance=Stance.NO)])
def test_whoever_passed_may_still_say_something(sent: moves.Respond) -> None:
    answered = after(a_round(), moves.Pass(), sent)

    assert not answered.mine.passed
    assert answered.mine.heard


def test_a_pass_opens_nobodys_responses() -> None:
    assert not after(a_round(policy=Policy.AFTER_YOU), moves.Pass()).sees_others


# --- after you: what was said first is kept --------------------------------------------


def test_sending_a_response_opens_the_others() -> None:
    before = a_round(policy=Policy.AFTER_YOU)
    assert not before.sees_others

    assert after(before, respond("Ask her first.")).sees_others


def test_a_stance_alone_opens_nothing() -> None:
    assert not after(a_round(policy=Policy.AFTER_YOU), respond(stance=Stance.YES)).sees_others


def test_together_a_response_opens_nothing_before_the_reveal() -> None:
    assert not after(a_round(policy=Policy.TOGETHER), respond("Ask her first.")).sees_others


def test_later_words_stand_beside_the_first_as_second_thoughts() -> None:
    sent = after(a_round(policy=Policy.AFTER_YOU), respond("Ask her first."))

    changed = after(sent, respond("Ask her family too.", id=SECOND))

    assert changed.mine.response == Response(
        id=FIRST, words="Ask her first.", second_thoughts="Ask her family too."
    )
    assert changed.responses == 1


def test_second_thoughts_may_change() -> None:
    sent = after(a_round(policy=Policy.AFTER_YOU), respond("Ask her."), respond("Ask him."), respond("Wait."))

    assert sent.mine.response == Response(id=FIRST, words="Ask her.", second_thoughts="Wait.")


def test_the_first_stance_is_frozen_with_the_first_words() -> None:
    sent = after(a_round(policy=Policy.AFTER_YOU), respond("Ask her first.", stance=Stance.NO))

    changed = after(sent, respond("Ask him.", stance=Stance.YES))

    assert changed.mine.stance is Stance.NO


def test_a_stance_may_change_until_the_first_words_are_sent() -> None:
    sent = after(
        a_round(policy=Policy.AFTER_YOU), respond(stance=Stance.NO), respond("Ask her.", stance=Stance.YES)
    )

    assert sent.mine.stance is Stance.YES


def test_a_stance_that_was_left_out_may_be_given_later() -> None:
    sent = after(a_round(policy=Policy.AFTER_YOU), respond("Ask her."), respond("Ask her.", stance=Stance.NO))

    assert sent.mine.stance is Stance.NO
    assert sent.mine.response == Response(id=FIRST, words="Ask her.")


def test_withdrawing_takes_the_first_words_and_the_second_thoughts() -> None:
    sent = after(a_round(policy=Policy.AFTER_YOU), respond("Ask her.", stance=Stance.NO), respond("Ask him."))

    withdrawn = after(sent, moves.Withdraw())

    assert withdrawn.mine == Mine(person=BEN, stance=Stance.NO, took_back=True)
    assert withdrawn.responses == 0
    assert withdrawn.sees_others


def test_what_is_written_after_that_counts_as_second_thoughts() -> None:
    withdrawn = after(
        a_round(policy=Policy.AFTER_YOU), respond("Ask her.", stance=Stance.NO), moves.Withdraw()
    )

    again = after(withdrawn, respond("Ask him.", stance=Stance.YES, id=SECOND))

    assert again.mine.response == Response(id=SECOND, words="", second_thoughts="Ask him.")
    assert again.mine.stance is Stance.NO
    assert again.responses == 1


def test_second_thoughts_without_first_words_may_change_and_be_taken_back() -> None:
    again = after(
        a_round(policy=Policy.AFTER_YOU),
        respond("Ask her."),
        moves.Withdraw(),
        respond("Ask him.", id=SECOND),
    )

    changed = after(again, respond("Ask them both.", id=SECOND))

    assert changed.mine.response == Response(id=SECOND, words="", second_thoughts="Ask them both.")
    assert changed.responses == 1
    assert after(changed, moves.Withdraw()).responses == 0


# --- until responding closes -----------------------------------------------------------


SAID = {"response": a_response(), "stance": Stance.NO}
ANYTHING_SAID = [respond("Ask him first."), moves.Withdraw(), moves.Pass()]


@pytest.mark.parametrize("move", ANYTHING_SAID)
def test_after_the_reveal_responses_stay_as_they_are(move: moves.Move) -> None:
    revealed = a_round(phase=Phase.VOTING, mine=SAID)

    with pytest.raises(RespondingOver):
        play(revealed, move, NOON)


@pytest.mark.parametrize("policy", Policy)
@pytest.mark.parametrize("move", ANYTHING_SAID)
def test_after_the_close_responses_stay_as_they_are(policy: Policy, move: moves.Move) -> None:
    closed = a_round(policy=policy, phase=Phase.CLOSED, mine=SAID)

    with pytest.raises(RoundClosed):
        play(closed, move, NOON)


@pytest.mark.parametrize("move", ANYTHING_SAID)
def test_while_a_round_is_paused_nothing_is_sent(move: moves.Move) -> None:
    paused = a_round(pause=Pause(since=NOON), mine=SAID)

    with pytest.raises(RoundPaused):
        play(paused, move, NOON)


# --- tell me when it opens -------------------------------------------------------------


def test_a_player_asks_to_be_told_and_may_take_that_back() -> None:
    asked = after(a_round(), moves.TellMe())
    assert asked.mine.tell_me

    assert play(asked, moves.TellMe(), NOON) == (asked, [])
    assert not after(asked, moves.TellMe(wanted=False)).mine.tell_me


@pytest.mark.parametrize(
    "round, refusal",
    [
        (a_round(phase=Phase.VOTING), RespondingOver),
        (a_round(phase=Phase.CLOSED), RoundClosed),
        (a_round(pause=Pause(since=NOON)), RoundPaused),
    ],
)
def test_nobody_asks_to_be_told_what_is_open_already(round: Round, refusal: type[MoveRefused]) -> None:
    with pytest.raises(refusal):
        play(round, moves.TellMe(), NOON)
