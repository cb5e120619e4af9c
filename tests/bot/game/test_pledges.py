"""Pledges: from when a player can see responses until seven days after the close."""

from datetime import date, datetime, timedelta

import pytest

from bot.game import moves
from bot.game.effects import ShowPledges, ShowRecap
from bot.game.model import Ending, Pause, Phase, Pledge, PledgeId, PledgeState, Policy, Round
from bot.game.refusals import (
    DateInPast,
    MoveRefused,
    NoSuchPledge,
    NothingWritten,
    NotYourPledge,
    OwnPledge,
    PledgesOver,
    RespondFirst,
    RoundClosed,
    TooLong,
    VotingNotOpen,
)
from bot.game.rounds import play
from tests.builders import ADA, BEN, NOON, a_pledge, a_response, a_round

TODAY = date(2027, 6, 7)
G1 = PledgeId("g1")
CLOSED_AT = NOON - timedelta(days=7)
BEFORE_SEVEN_DAYS = NOON - timedelta(microseconds=1)

ADAS = a_pledge("sit down first", owner=ADA, owner_name="Ada")


def make(words: str = "sit down first", by: date = TODAY, id: PledgeId = G1) -> moves.MakePledge:
    return moves.MakePledge(id=id, words=words, by=by, name="Ben", today=TODAY)


def voting(*pledges: Pledge, **given: object) -> Round:
    return a_round(**({"phase": Phase.VOTING, "pledges": list(pledges)} | given))


def closed(*pledges: Pledge, ending: Ending = Ending.FINISHED) -> Round:
    """A round that closed seven days before noon."""
    return a_round(phase=Phase.CLOSED, closed_at=CLOSED_AT, ending=ending, pledges=list(pledges))


def test_a_player_makes_a_pledge() -> None:
    after, effects = play(voting(), make(by=date(2027, 7, 1)), NOON)

    assert after.pledges == {
        G1: Pledge(id=G1, owner=BEN, owner_name="Ben", words="sit down first", by=date(2027, 7, 1))
    }
    assert effects == [ShowPledges()]


def test_a_pledge_delivered_twice_is_made_once() -> None:
    made = voting(a_pledge(joined=(ADA,), state=PledgeState.DONE))

    assert play(made, make(), NOON) == (made, [])


def test_after_the_close_a_pledge_joins_the_recap() -> None:
    _, effects = play(closed(), make(), BEFORE_SEVEN_DAYS)

    assert effects == [ShowPledges(), ShowRecap()]


def test_a_pledge_has_words_that_fit() -> None:
    play(voting(), make("x" * 200), NOON)

    with pytest.raises(NothingWritten):
        play(voting(), make(""), NOON)
    with pytest.raises(TooLong):
        play(voting(), make("x" * 201), NOON)


@pytest.mark.parametrize("by", [TODAY, date(2027, 6, 8), date(2028, 6, 7)])
def test_a_pledge_is_for_today_or_later_within_a_year(by: date) -> None:
    play(voting(), make(by=by), NOON)


@pytest.mark.parametrize("by", [date(2027, 6, 6), date(2028, 6, 8)])
def test_a_pledge_is_neither_for_yesterday_nor_for_a_far_day(by: date) -> None:
    with pytest.raises(DateInPast):
        play(voting(), make(by=by), NOON)


# --- when ------------------------------------------------------------------------------

WROTE = {"response": a_response()}


@pytest.mark.parametrize("move", [make(id=PledgeId("new")), moves.JoinPledge(pledge=G1)])
@pytest.mark.parametrize(
    "round, refusal",
    [
        (a_round(pledges=[ADAS]), VotingNotOpen),
        (a_round(pledges=[ADAS], mine=WROTE), VotingNotOpen),
        (a_round(pledges=[ADAS], policy=Policy.AFTER_YOU), RespondFirst),
    ],
)
def test_nobody_pledges_before_they_see_responses(
    move: moves.Move, round: Round, refusal: type[MoveRefused]
) -> None:
    with pytest.raises(refusal):
        play(round, move, NOON)


@pytest.mark.parametrize("move", [make(id=PledgeId("new")), moves.JoinPledge(pledge=G1)])
@pytest.mark.parametrize(
    "round",
    [
        voting(ADAS),
        a_round(policy=Policy.AFTER_YOU, pledges=[ADAS], mine=WROTE),
        a_round(policy=Policy.OPEN, pledges=[ADAS]),
        voting(ADAS, pause=Pause(since=NOON)),
    ],
)
def test_whoever_sees_responses_may_pledge(move: moves.Move, round: Round) -> None:
    _, effects = play(round, move, NOON)

    assert effects == [ShowPledges()]


@pytest.mark.parametrize("move", [make(id=PledgeId("new")), moves.JoinPledge(pledge=G1)])
def test_pledges_are_made_until_seven_days_after_the_close(move: moves.Move) -> None:
    play(closed(ADAS), move, BEFORE_SEVEN_DAYS)

    with pytest.raises(PledgesOver):
        play(closed(ADAS), move, NOON)


@pytest.mark.parametrize("move", [make(id=PledgeId("new")), moves.JoinPledge(pledge=G1)])
@pytest.mark.parametrize("ending", [Ending.TAKEN_BACK, Ending.WITHOUT_RESULTS])
def test_a_round_that_shows_nothing_takes_no_pledges(move: moves.Move, ending: Ending) -> None:
    with pytest.raises(RoundClosed):
        play(closed(ADAS, ending=ending), move, BEFORE_SEVEN_DAYS)


# --- joining ---------------------------------------------------------------------------


def test_others_join_in_the_order_in_which_they_came() -> None:
    after, effects = play(voting(a_pledge(owner=ADA, joined=("cara",))), moves.JoinPledge(pledge=G1), NOON)

    assert after.pledges[G1].joined == ("cara", BEN)
    assert effects == [ShowPledges()]


def test_a_double_press_joins_once() -> None:
    joined, _ = play(voting(ADAS), moves.JoinPledge(pledge=G1), NOON)

    assert play(joined, moves.JoinPledge(pledge=G1), NOON) == (joined, [])


def test_nobody_joins_their_own_pledge() -> None:
    with pytest.raises(OwnPledge):
        play(voting(a_pledge(owner=BEN)), moves.JoinPledge(pledge=G1), NOON)


@pytest.mark.parametrize(
    "move", [moves.JoinPledge(pledge=G1), moves.SettlePledge(pledge=G1, state=PledgeState.DONE)]
)
def test_a_pledge_that_does_not_exist_is_refused(move: moves.Move) -> None:
    with pytest.raises(NoSuchPledge):
        play(voting(), move, NOON)


# --- done or dropped -------------------------------------------------------------------


@pytest.mark.parametrize("state", [PledgeState.DONE, PledgeState.DROPPED])
def test_the_owner_says_what_became_of_it_and_may_take_that_back(state: PledgeState) -> None:
    settled, effects = play(voting(a_pledge()), moves.SettlePledge(pledge=G1, state=state), NOON)
    assert settled.pledges[G1].state is state
    assert effects == [ShowPledges()]

    again, _ = play(settled, moves.SettlePledge(pledge=G1, state=PledgeState.OPEN), NOON)
    assert again.pledges[G1] == a_pledge()


def test_a_double_press_settles_once() -> None:
    settled = voting(a_pledge(state=PledgeState.DONE))

    assert play(settled, moves.SettlePledge(pledge=G1, state=PledgeState.DONE), NOON) == (settled, [])


def test_nobody_else_says_what_became_of_it_not_even_who_joined() -> None:
    for joined in ((), (BEN,)):
        with pytest.raises(NotYourPledge):
            play(
                voting(a_pledge(owner=ADA, joined=joined)),
                moves.SettlePledge(pledge=G1, state=PledgeState.DONE),
                NOON,
            )


@pytest.mark.parametrize("when", [NOON, NOON + timedelta(days=300)])
def test_a_pledge_is_done_whenever_it_is_done(when: datetime) -> None:
    after, effects = play(closed(a_pledge()), moves.SettlePledge(pledge=G1, state=PledgeState.DONE), when)

    assert after.pledges[G1].state is PledgeState.DONE
    assert effects == [ShowPledges(), ShowRecap()]


# --- taken away ------------------------------------------------------------------------


@pytest.mark.parametrize("round", [voting(a_pledge(joined=(ADA,))), closed(a_pledge(joined=(ADA,)))])
def test_the_owner_takes_a_pledge_away_whenever_they_like(round: Round) -> None:
    after, effects = play(round, moves.RemovePledge(pledge=G1), NOON)

    assert after.pledges == {}
    assert effects[0] == ShowPledges()
    assert (ShowRecap() in effects) == (round.phase is Phase.CLOSED)


def test_nobody_else_takes_a_pledge_away_and_what_is_gone_is_gone() -> None:
    with pytest.raises(NotYourPledge):
        play(voting(ADAS), moves.RemovePledge(pledge=G1), NOON)
    with pytest.raises(NoSuchPledge):
        play(voting(), moves.RemovePledge(pledge=G1), NOON)


@pytest.mark.parametrize("ending", [Ending.TAKEN_BACK, Ending.WITHOUT_RESULTS])
@pytest.mark.parametrize(
    "move", [moves.RemovePledge(pledge=G1), moves.SettlePledge(pledge=G1, state=PledgeState.DONE)]
)
def test_a_pledge_brings_no_recap_to_a_round_that_shows_none(ending: Ending, move: moves.Move) -> None:
    _, effects = play(closed(a_pledge(), ending=ending), move, NOON)

    assert effects == [ShowPledges()]
