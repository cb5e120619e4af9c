"""The ballot: who may vote on what and when, lightbulbs, and the second stance."""

import pytest

from bot.game import moves
from bot.game.model import CardKind, Choice, Mine, Pause, Phase, Policy, ResponseId, Round, Stance
from bot.game.refusals import (
    MoveRefused,
    NoLightbulbsLeft,
    NoStanceHere,
    NoSuchResponse,
    OwnResponse,
    RespondFirst,
    RoundClosed,
    RoundPaused,
    VotingNotOpen,
)
from bot.game.rounds import play
from tests.builders import ADA, BEN, NOON, a_card, a_response, a_round, hours

ASK_HER = ResponseId("ask-her")
WAIT_A_DAY = ResponseId("wait-a-day")
A, B, C, D = (ResponseId(each) for each in "abcd")

MINE = {"response": a_response("Ask her.", id=ASK_HER)}
OTHERS = [a_response("Wait a day.", id=WAIT_A_DAY, place=1)]

AGREE = moves.CastVote(response=WAIT_A_DAY, choice=Choice.AGREE)
LIGHTBULB = moves.GiveLightbulb(response=WAIT_A_DAY)
NO_LIGHTBULB = moves.TakeLightbulb(response=WAIT_A_DAY)
STILL_TRUE = moves.TakeSecondStance(stance=Stance.YES)
BALLOT = [AGREE, LIGHTBULB, NO_LIGHTBULB, STILL_TRUE]


def voting(**given: object) -> Round:
    """A revealed round; the player wrote one response and reads another."""
    return a_round(**({"phase": Phase.VOTING, "mine": MINE, "others": OTHERS} | given))


# --- one vote per response -------------------------------------------------------------


@pytest.mark.parametrize("choice", Choice)
def test_a_player_votes_on_anothers_response_and_nobody_is_told(choice: Choice) -> None:
    after, effects = play(voting(), moves.CastVote(response=WAIT_A_DAY, choice=choice), NOON)

    assert after.mine.choices == {WAIT_A_DAY: choice}
    assert effects == []


def test_a_double_press_votes_once() -> None:
    voted, _ = play(voting(), AGREE, NOON)

    assert play(voted, AGREE, NOON) == (voted, [])


def test_a_vote_may_change() -> None:
    voted, _ = play(voting(), AGREE, NOON)

    after, _ = play(voted, moves.CastVote(response=WAIT_A_DAY, choice=Choice.DISAGREE), NOON)

    assert after.mine.choices == {WAIT_A_DAY: Choice.DISAGREE}


def test_a_vote_changes_nothing_else() -> None:
    before = voting(mine=MINE | {"stance": Stance.NO, "lightbulbs": frozenset({A})}, responses=2)

    after, _ = play(before, AGREE, NOON)

    assert after.mine == Mine(
        person=BEN,
        stance=Stance.NO,
        response=a_response("Ask her.", id=ASK_HER),
        choices={WAIT_A_DAY: Choice.AGREE},
        lightbulbs=frozenset({A}),
    )
    assert after.responses == 2


@pytest.mark.parametrize(
    "move",
    [moves.CastVote(response=ASK_HER, choice=Choice.AGREE), moves.GiveLightbulb(response=ASK_HER)],
)
def test_nobody_can_vote_for_their_own_response(move: moves.Move) -> None:
    with pytest.raises(OwnResponse):
        play(voting(), move, NOON)


@pytest.mark.parametrize("move", [AGREE, LIGHTBULB])
def test_a_response_that_does_not_exist_or_is_gone_gets_no_vote(move: moves.Move) -> None:
    for others in ([], [a_response("", id=WAIT_A_DAY, place=1, removed=True)]):
        with pytest.raises(NoSuchResponse):
            play(voting(others=others), move, NOON)


# --- when the ballot is open -----------------------------------------------------------


@pytest.mark.parametrize("move", BALLOT)
def test_together_nobody_votes_before_the_reveal(move: moves.Move) -> None:
    with pytest.raises(VotingNotOpen) as refused:
        play(voting(phase=Phase.RESPONDING), move, NOON)

    assert refused.value.opens_at == NOON + hours(24)


@pytest.mark.parametrize("move", BALLOT)
def test_together_everybody_votes_after_the_reveal_who_wrote_or_did_not(move: moves.Move) -> None:
    play(voting(), move, NOON)
    play(voting(mine={}), move, NOON)


@pytest.mark.parametrize("move", BALLOT)
@pytest.mark.parametrize("mine", [{}, {"stance": Stance.NO}, {"passed": True}])
def test_after_you_nobody_votes_before_they_wrote(move: moves.Move, mine: dict[str, object]) -> None:
    with pytest.raises(RespondFirst):
        play(voting(policy=Policy.AFTER_YOU, phase=Phase.RESPONDING, mine=mine), move, NOON)


@pytest.mark.parametrize("move", BALLOT)
@pytest.mark.parametrize("mine", [MINE, {"took_back": True}])
def test_after_you_whoever_wrote_votes_at_once(move: moves.Move, mine: dict[str, object]) -> None:
    play(voting(policy=Policy.AFTER_YOU, phase=Phase.RESPONDING, mine=mine), move, NOON)


NAMED = a_response("Wait a day.", id=WAIT_A_DAY, author=ADA, author_name="Ada", reply="t9")


@pytest.mark.parametrize("move", BALLOT)
def test_open_everybody_votes_at_once(move: moves.Move) -> None:
    play(voting(policy=Policy.OPEN, phase=Phase.RESPONDING, mine={}, others=[NAMED]), move, NOON)


@pytest.mark.parametrize("move", [AGREE, LIGHTBULB])
def test_open_a_private_response_gets_votes_once_it_is_posted(move: moves.Move) -> None:
    waiting = a_response("Wait a day.", id=WAIT_A_DAY, place=None)
    posted = a_response("Wait a day.", id=WAIT_A_DAY, place=1)

    with pytest.raises(NoSuchResponse):
        play(voting(policy=Policy.OPEN, phase=Phase.RESPONDING, others=[waiting]), move, NOON)
    play(voting(policy=Policy.OPEN, phase=Phase.RESPONDING, others=[posted]), move, NOON)


@pytest.mark.parametrize("policy", Policy)
@pytest.mark.parametrize("move", BALLOT)
def test_after_the_close_votes_stay_as_they_are(policy: Policy, move: moves.Move) -> None:
    with pytest.raises(RoundClosed):
        play(voting(policy=policy, phase=Phase.CLOSED), move, NOON)


@pytest.mark.parametrize("move", BALLOT)
def test_while_a_round_is_paused_nobody_votes(move: moves.Move) -> None:
    with pytest.raises(RoundPaused):
        play(voting(pause=Pause(since=NOON)), move, NOON)


# --- lightbulbs ------------------------------------------------------------------------

FOUR_OTHERS = [a_response(id=each, place=number) for number, each in enumerate((A, B, C, D), start=1)]


def test_a_lightbulb_needs_no_vote_and_nobody_is_told() -> None:
    after, effects = play(voting(), LIGHTBULB, NOON)

    assert after.mine.lightbulbs == {WAIT_A_DAY}
    assert after.mine.choices == {}
    assert effects == []


def test_a_double_press_gives_one_lightbulb() -> None:
    given, _ = play(voting(), LIGHTBULB, NOON)

    assert play(given, LIGHTBULB, NOON) == (given, [])


def test_a_player_has_three_lightbulbs() -> None:
    round = voting(others=FOUR_OTHERS)
    for each in (A, B, C):
        round, _ = play(round, moves.GiveLightbulb(response=each), NOON)

    with pytest.raises(NoLightbulbsLeft):
        play(round, moves.GiveLightbulb(response=D), NOON)


def test_pressing_one_of_three_again_is_no_fourth() -> None:
    round = voting(others=FOUR_OTHERS, mine={"lightbulbs": frozenset({A, B, C})})

    assert play(round, moves.GiveLightbulb(response=B), NOON) == (round, [])


def test_a_lightbulb_taken_back_may_be_given_to_another() -> None:
    round = voting(others=FOUR_OTHERS, mine={"lightbulbs": frozenset({A, B, C})})

    round, _ = play(round, moves.TakeLightbulb(response=A), NOON)
    round, _ = play(round, moves.GiveLightbulb(response=D), NOON)

    assert round.mine.lightbulbs == {B, C, D}


def test_taking_back_a_lightbulb_that_was_not_given_changes_nothing() -> None:
    round = voting(mine={"lightbulbs": frozenset({A})})

    assert play(round, NO_LIGHTBULB, NOON) == (round, [])


# --- and now: true here? ---------------------------------------------------------------


def test_the_second_stance_stands_beside_the_first() -> None:
    after, effects = play(voting(mine={"stance": Stance.NO}), STILL_TRUE, NOON)

    assert (after.mine.stance, after.mine.second_stance) == (Stance.NO, Stance.YES)
    assert effects == []


def test_the_second_stance_may_change_until_the_close() -> None:
    took, _ = play(voting(), STILL_TRUE, NOON)

    after, _ = play(took, moves.TakeSecondStance(stance=Stance.NOT_SURE), NOON)

    assert after.mine.second_stance is Stance.NOT_SURE


def test_a_poem_asks_for_no_second_stance() -> None:
    with pytest.raises(NoStanceHere):
        play(voting(card=a_card(kind=CardKind.CREATIVE)), STILL_TRUE, NOON)


# --- a refusal changes nothing ---------------------------------------------------------


def test_a_refused_vote_leaves_the_earlier_one() -> None:
    before = voting(mine=MINE | {"choices": {WAIT_A_DAY: Choice.AGREE}})

    with pytest.raises(MoveRefused):
        play(before, moves.CastVote(response=ASK_HER, choice=Choice.AGREE), NOON)

    assert before.mine.choices == {WAIT_A_DAY: Choice.AGREE}
