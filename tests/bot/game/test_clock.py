"""The clock of a round: deal, deadlines, pauses, extensions, early ends, taking back, late alarms."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.game import moves, rounds
from bot.game.effects import (
    ClearAlarm,
    Line,
    News,
    Notice,
    PostNotice,
    SayLine,
    SetAlarm,
    ShowBoard,
    ShowRecap,
    ShowResponses,
    TellFacilitator,
    TellThoseWhoAsked,
)
from bot.game.model import ChannelId, Ending, Mine, Pause, Phase, Policy, Round, RoundId, Stance
from bot.game.refusals import (
    DecisionTooEarly,
    MoveRefused,
    NothingWritten,
    NotLater,
    NotPaused,
    OnlyFacilitator,
    OnlyOrganisers,
    PausedBefore,
    RespondingOver,
    RoundClosed,
    RoundPaused,
    TimesChanged,
    TooLong,
    VotingNotOpen,
)
from bot.game.rounds import play
from tests.builders import ADA, BEN, NOON, a_card, a_response, a_round, a_standing, hours

INSTANT = timedelta(microseconds=1)
AT_ONCE = [Policy.AFTER_YOU, Policy.OPEN]  # one deadline

BY_FACILITATOR = {"mine": Mine(person=ADA)}
BY_ORGANISER = {"mine": Mine(person=BEN, organises=True)}
PAUSED = Pause(since=NOON)
ASKED = Pause(since=NOON, asked=True)


def advance(round: Round, now: datetime) -> rounds.Result:
    return rounds.advance(round, now, a_standing())


def deal(policy: Policy, times: moves.Times) -> rounds.Result:
    return rounds.deal(
        a_card(),
        id=RoundId("r1"),
        policy=policy,
        times=times,
        facilitator=ADA,
        channels=[ChannelId("c1"), ChannelId("c2")],
        now=NOON,
    )


# --- deal ------------------------------------------------------------------------------


def test_together_a_round_is_dealt_with_two_deadlines() -> None:
    dealt, effects = deal(
        Policy.TOGETHER, moves.Times(reveal_at=NOON + hours(24), closes_at=NOON + hours(48))
    )

    assert dealt == Round(
        id=RoundId("r1"),
        card=a_card(),
        policy=Policy.TOGETHER,
        facilitator=ADA,
        channels=(ChannelId("c1"), ChannelId("c2")),
        opened_at=NOON,
        reveal_at=NOON + hours(24),
        closes_at=NOON + hours(48),
        last_call_at=NOON + hours(18),
    )
    assert dealt.phase is Phase.RESPONDING
    assert effects == [ShowBoard(), SetAlarm(NOON + hours(18))]


@pytest.mark.parametrize("policy", AT_ONCE)
def test_any_other_round_is_dealt_with_one_deadline(policy: Policy) -> None:
    dealt, effects = deal(policy, moves.Times(reveal_at=None, closes_at=NOON + hours(48)))

    assert dealt.reveal_at is None
    assert effects == [ShowBoard(), SetAlarm(NOON + hours(36))]


@pytest.mark.parametrize(
    "policy, times",
    [
        (Policy.TOGETHER, moves.Times(reveal_at=None, closes_at=NOON + hours(48))),
        (Policy.OPEN, moves.Times(reveal_at=NOON + hours(24), closes_at=NOON + hours(48))),
        (Policy.OPEN, moves.Times(reveal_at=None, closes_at=NOON)),
        (Policy.TOGETHER, moves.Times(reveal_at=NOON, closes_at=NOON + hours(48))),
        (Policy.TOGETHER, moves.Times(reveal_at=NOON + hours(48), closes_at=NOON + hours(24))),
    ],
)
def test_times_that_do_not_fit_are_our_own_mistake(policy: Policy, times: moves.Times) -> None:
    with pytest.raises(AssertionError):
        deal(policy, times)


def test_the_deadline_is_the_end_of_the_phase() -> None:
    assert a_round().deadline == NOON + hours(24)
    assert a_round(phase=Phase.VOTING).deadline == NOON + hours(48)
    assert a_round(policy=Policy.OPEN).deadline == NOON + hours(48)


# --- the alarm rings -------------------------------------------------------------------


def test_at_the_first_deadline_everything_is_revealed_at_once() -> None:
    after, effects = advance(a_round(responses=3), NOON + hours(24))

    assert after == a_round(responses=3, phase=Phase.VOTING)
    assert effects == [
        ShowResponses(),
        ShowBoard(),
        SayLine(Line.REVEALED),
        TellThoseWhoAsked(News.OPENED),
        SetAlarm(NOON + hours(48)),
    ]


def test_a_round_without_responses_is_revealed_and_closed_all_the_same() -> None:
    revealed, _ = advance(a_round(), NOON + hours(24))
    closed, _ = advance(revealed, NOON + hours(48))

    assert closed.phase is Phase.CLOSED


def test_at_the_second_deadline_the_round_closes_with_a_recap() -> None:
    after, effects = advance(a_round(phase=Phase.VOTING, responses=3), NOON + hours(48))

    assert after == a_round(
        phase=Phase.CLOSED, responses=3, closed_at=NOON + hours(48), ending=Ending.FINISHED
    )
    assert effects == [ShowBoard(), ShowRecap(), ClearAlarm()]


@pytest.mark.parametrize("policy", AT_ONCE)
def test_with_one_deadline_responses_are_shown_at_the_close(policy: Policy) -> None:
    after, effects = advance(a_round(policy=policy), NOON + hours(48))

    assert (after.phase, after.ending) == (Phase.CLOSED, Ending.FINISHED)
    assert effects == [
        ShowResponses(),
        TellThoseWhoAsked(News.OPENED),
        ShowBoard(),
        ShowRecap(),
        ClearAlarm(),
    ]


@pytest.mark.parametrize(
    "round, due",
    [
        (a_round(), hours(24)),
        (a_round(phase=Phase.VOTING), hours(48)),
        (a_round(policy=Policy.AFTER_YOU), hours(48)),
    ],
)
def test_an_alarm_that_rings_too_early_is_set_again(round: Round, due: timedelta) -> None:
    assert advance(round, NOON + due - INSTANT) == (round, [SetAlarm(NOON + due)])


def test_an_alarm_that_rings_twice_changes_nothing_more() -> None:
    late = NOON + hours(30)
    revealed, _ = advance(a_round(), late)
    assert advance(revealed, late) == (revealed, [SetAlarm(revealed.closes_at)])

    closed, _ = advance(revealed, NOON + hours(60))
    assert advance(closed, NOON + hours(90)) == (closed, [])


def test_a_late_alarm_leaves_the_whole_time_for_voting() -> None:
    after, effects = advance(a_round(), NOON + hours(100))

    assert after.phase is Phase.VOTING
    assert after.closes_at == NOON + hours(124)
    assert effects[-1] == SetAlarm(NOON + hours(124))


def test_an_alarm_that_is_a_little_late_moves_the_close_a_little() -> None:
    after, _ = advance(a_round(), NOON + hours(25))

    assert after.closes_at == NOON + hours(49)


# --- pause -----------------------------------------------------------------------------

PAUSE = moves.PauseRound(reason="A name is in it.")


def test_anybody_pauses_a_round_and_the_facilitator_hears_it() -> None:
    after, effects = play(a_round(), PAUSE, NOON + hours(2))

    assert after.pause == Pause(since=NOON + hours(2))
    assert effects == [
        ShowBoard(),
        PostNotice(Notice.PAUSED),
        TellFacilitator(News.PAUSED),
        SetAlarm(NOON + hours(50)),
    ]


def test_a_pause_has_a_reason_of_one_line() -> None:
    play(a_round(), moves.PauseRound(reason="x" * 200), NOON)

    with pytest.raises(NothingWritten):
        play(a_round(), moves.PauseRound(reason=""), NOON)
    with pytest.raises(TooLong):
        play(a_round(), moves.PauseRound(reason="x" * 201), NOON)


def test_a_player_pauses_a_round_once() -> None:
    paused, _ = play(a_round(), PAUSE, NOON)
    resumed, _ = play(replace(paused, mine=replace(paused.mine, organises=True)), moves.ResumeRound(), NOON)

    with pytest.raises(PausedBefore):
        play(resumed, PAUSE, NOON)


def test_a_double_press_pauses_once() -> None:
    paused, _ = play(a_round(), PAUSE, NOON)

    with pytest.raises(RoundPaused):
        play(paused, PAUSE, NOON + hours(1))


def test_a_closed_round_is_not_paused() -> None:
    with pytest.raises(RoundClosed):
        play(a_round(phase=Phase.CLOSED), PAUSE, NOON)


def test_after_a_pause_the_deadlines_move_by_its_length() -> None:
    paused = a_round(**BY_ORGANISER, pause=PAUSED)

    after, effects = play(paused, moves.ResumeRound(), NOON + hours(7))

    assert after.pause is None
    assert after.reveal_at == NOON + hours(31)
    assert after.closes_at == NOON + hours(55)
    assert effects == [ShowBoard(), PostNotice(Notice.RESUMED), SetAlarm(NOON + hours(31))]


def test_after_a_pause_the_one_deadline_moves_by_its_length() -> None:
    paused = a_round(**BY_ORGANISER, pause=PAUSED, policy=Policy.OPEN)

    after, effects = play(paused, moves.ResumeRound(), NOON + hours(7))

    assert after.reveal_at is None
    assert after.closes_at == NOON + hours(55)
    assert effects[-1] == SetAlarm(NOON + hours(55))


def test_a_pause_while_voting_moves_the_close() -> None:
    paused = a_round(**BY_ORGANISER, phase=Phase.VOTING, pause=PAUSED)

    after, effects = play(paused, moves.ResumeRound(), NOON + hours(7))

    assert after.closes_at == NOON + hours(55)
    assert effects[-1] == SetAlarm(NOON + hours(55))


def test_the_deadline_does_not_come_during_a_pause() -> None:
    paused = a_round(pause=Pause(since=NOON + hours(23)))

    assert advance(paused, NOON + hours(47)) == (paused, [SetAlarm(NOON + hours(71))])


def test_after_48_hours_the_board_offers_a_decision_once() -> None:
    paused = a_round(pause=PAUSED)
    assert advance(paused, NOON + hours(48) - INSTANT) == (paused, [SetAlarm(NOON + hours(48))])

    after, effects = advance(paused, NOON + hours(48))

    assert after == a_round(pause=ASKED)
    assert effects == [ShowBoard()]
    assert advance(after, NOON + hours(500)) == (after, [])


def test_an_organiser_goes_on_before_and_after_the_board_asks() -> None:
    for pause in (PAUSED, ASKED):
        after, _ = play(a_round(**BY_ORGANISER, pause=pause), moves.ResumeRound(), NOON + hours(60))
        assert after.deadline == NOON + hours(84)


def test_once_the_board_asks_an_organiser_may_close_without_results() -> None:
    asked = a_round(**BY_ORGANISER, pause=ASKED)

    after, effects = play(asked, moves.CloseWithoutResults(), NOON + hours(50))

    assert (after.phase, after.ending) == (Phase.CLOSED, Ending.WITHOUT_RESULTS)
    assert (after.closed_at, after.pause) == (NOON + hours(50), None)
    assert effects == [
        PostNotice(Notice.CLOSED_WITHOUT_RESULTS),
        SayLine(Line.CLOSED_WITHOUT_RESULTS),
        TellThoseWhoAsked(News.CLOSED_WITHOUT_RESULTS),
        ShowBoard(),
        ClearAlarm(),
    ]


def test_closing_without_results_empties_the_pages_that_were_posted() -> None:
    asked = a_round(**BY_ORGANISER, phase=Phase.VOTING, pause=ASKED, responses=6, pages=2)

    _, effects = play(asked, moves.CloseWithoutResults(), NOON + hours(50))

    assert effects == [
        PostNotice(Notice.CLOSED_WITHOUT_RESULTS),
        SayLine(Line.CLOSED_WITHOUT_RESULTS),
        TellThoseWhoAsked(News.CLOSED_WITHOUT_RESULTS),
        ShowBoard(),
        ShowResponses(),
        ClearAlarm(),
    ]


def test_before_the_board_asks_nobody_closes_without_results() -> None:
    with pytest.raises(DecisionTooEarly):
        play(a_round(**BY_ORGANISER, pause=PAUSED), moves.CloseWithoutResults(), NOON + hours(49))


DECISIONS = [moves.ResumeRound(), moves.CloseWithoutResults()]


@pytest.mark.parametrize("decision", DECISIONS)
def test_only_organisers_decide_about_a_pause(decision: moves.Move) -> None:
    with pytest.raises(OnlyOrganisers):
        play(a_round(pause=ASKED), decision, NOON)


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("phase", Phase)
def test_without_a_pause_there_is_nothing_to_decide(decision: moves.Move, phase: Phase) -> None:
    with pytest.raises(NotPaused):
        play(a_round(**BY_ORGANISER, phase=phase), decision, NOON)


# --- before the deadline ---------------------------------------------------------------


def test_a_facilitator_reveals_early_with_a_notice_first() -> None:
    after, effects = play(a_round(**BY_FACILITATOR), moves.OpenVoting(), NOON + hours(3))

    assert after.phase is Phase.VOTING
    assert after.closes_at == NOON + hours(48)
    assert effects == [
        PostNotice(Notice.REVEALED_EARLY),
        ShowResponses(),
        ShowBoard(),
        SayLine(Line.REVEALED),
        TellThoseWhoAsked(News.OPENED),
        SetAlarm(NOON + hours(48)),
    ]


def test_a_facilitator_closes_the_voting_early_with_a_notice_first() -> None:
    after, effects = play(a_round(**BY_FACILITATOR, phase=Phase.VOTING), moves.CloseRound(), NOON + hours(30))

    assert (after.closed_at, after.ending) == (NOON + hours(30), Ending.FINISHED)
    assert effects == [PostNotice(Notice.CLOSED_EARLY), ShowBoard(), ShowRecap(), ClearAlarm()]


@pytest.mark.parametrize("policy", AT_ONCE)
def test_a_facilitator_closes_a_round_with_one_deadline_early(policy: Policy) -> None:
    after, effects = play(a_round(**BY_FACILITATOR, policy=policy), moves.CloseRound(), NOON + hours(30))

    assert after.phase is Phase.CLOSED
    assert effects == [
        PostNotice(Notice.CLOSED_EARLY),
        ShowResponses(),
        TellThoseWhoAsked(News.OPENED),
        ShowBoard(),
        ShowRecap(),
        ClearAlarm(),
    ]


def test_together_a_round_is_revealed_before_it_is_closed() -> None:
    with pytest.raises(VotingNotOpen) as refused:
        play(a_round(**BY_FACILITATOR), moves.CloseRound(), NOON)

    assert refused.value.opens_at == NOON + hours(24)


@pytest.mark.parametrize(
    "round",
    [a_round(**BY_FACILITATOR, phase=Phase.VOTING)]
    + [a_round(**BY_FACILITATOR, policy=policy) for policy in AT_ONCE],
)
def test_what_is_open_is_not_revealed_again(round: Round) -> None:
    with pytest.raises(RespondingOver):
        play(round, moves.OpenVoting(), NOON)


# --- extend ----------------------------------------------------------------------------


def test_extending_moves_this_deadline_and_those_after_it() -> None:
    after, effects = play(a_round(**BY_FACILITATOR), moves.Extend(by=hours(5)), NOON)

    assert after.reveal_at == NOON + hours(29)
    assert after.closes_at == NOON + hours(53)
    assert effects == [ShowBoard(), PostNotice(Notice.EXTENDED), SetAlarm(NOON + hours(29))]


def test_extending_while_voting_leaves_the_reveal_where_it_was() -> None:
    after, effects = play(
        a_round(**BY_FACILITATOR, phase=Phase.VOTING), moves.Extend(by=hours(5)), NOON + hours(30)
    )

    assert after.reveal_at == NOON + hours(24)
    assert after.closes_at == NOON + hours(53)
    assert effects[-1] == SetAlarm(NOON + hours(53))


@pytest.mark.parametrize("policy", AT_ONCE)
def test_extending_moves_the_one_deadline(policy: Policy) -> None:
    after, _ = play(a_round(**BY_FACILITATOR, policy=policy), moves.Extend(by=timedelta(days=14)), NOON)

    assert after.reveal_at is None
    assert after.closes_at == NOON + hours(48) + timedelta(days=14)


@pytest.mark.parametrize("by", [timedelta(0), -hours(1), timedelta(days=14) + INSTANT])
def test_an_extension_is_to_later_and_by_two_weeks_at_most(by: timedelta) -> None:
    with pytest.raises(NotLater):
        play(a_round(**BY_FACILITATOR), moves.Extend(by=by), NOON)


def test_a_form_that_is_sent_twice_gives_more_time_once() -> None:
    before = a_round(**BY_FACILITATOR)
    form = moves.Extend(by=hours(4), deadline=before.deadline)
    after, _ = play(before, form, NOON)

    with pytest.raises(TimesChanged):
        play(after, form, NOON)
    again, _ = play(after, moves.Extend(by=hours(4), deadline=after.deadline), NOON)

    assert again.deadline == before.deadline + hours(8)


# --- take back -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "round",
    [
        a_round(**BY_FACILITATOR),
        a_round(**BY_FACILITATOR, responses=4),
        a_round(**BY_FACILITATOR, pause=PAUSED),
        a_round(**BY_FACILITATOR, policy=Policy.AFTER_YOU),
        a_round(**BY_FACILITATOR, policy=Policy.OPEN),
    ],
)
def test_a_card_is_taken_back_and_writers_who_asked_are_told(round: Round) -> None:
    after, effects = play(round, moves.TakeBack(), NOON + hours(3))

    assert (after.phase, after.ending) == (Phase.CLOSED, Ending.TAKEN_BACK)
    assert (after.closed_at, after.pause) == (NOON + hours(3), None)
    assert effects == [
        PostNotice(Notice.TAKEN_BACK),
        SayLine(Line.TAKEN_BACK),
        TellThoseWhoAsked(News.TAKEN_BACK),
        ShowBoard(),
        ClearAlarm(),
    ]


def test_taking_back_after_the_reveal_empties_the_pages_that_were_posted() -> None:
    revealed = a_round(**BY_FACILITATOR, phase=Phase.VOTING, responses=6, pages=2)

    _, effects = play(revealed, moves.TakeBack(), NOON + hours(30))

    assert effects == [
        PostNotice(Notice.TAKEN_BACK),
        SayLine(Line.TAKEN_BACK),
        TellThoseWhoAsked(News.TAKEN_BACK),
        ShowBoard(),
        ShowResponses(),
        ClearAlarm(),
    ]


# --- who and when ----------------------------------------------------------------------

FACILITATING = [moves.OpenVoting(), moves.CloseRound(), moves.Extend(by=hours(5)), moves.TakeBack()]
FACILITATED_WHILE_RUNNING = FACILITATING[:3]


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("move", FACILITATING)
def test_only_whoever_dealt_the_card_ends_extends_or_takes_it_back(move: moves.Move, phase: Phase) -> None:
    for mine in (Mine(person=BEN), Mine(person=BEN, organises=True), Mine()):
        with pytest.raises(OnlyFacilitator):
            play(a_round(mine=mine, phase=phase), move, NOON)


@pytest.mark.parametrize("policy", Policy)
@pytest.mark.parametrize("move", FACILITATING)
def test_a_closed_round_stays_closed(move: moves.Move, policy: Policy) -> None:
    with pytest.raises(RoundClosed):
        play(a_round(**BY_FACILITATOR, policy=policy, phase=Phase.CLOSED), move, NOON)


@pytest.mark.parametrize("policy", Policy)
@pytest.mark.parametrize("move", FACILITATED_WHILE_RUNNING)
def test_a_paused_round_waits_for_a_decision(move: moves.Move, policy: Policy) -> None:
    with pytest.raises(RoundPaused):
        play(a_round(**BY_FACILITATOR, policy=policy, pause=PAUSED), move, NOON)


def test_what_was_said_stays_when_the_clock_moves_on() -> None:
    said = Mine(person=BEN, stance=Stance.NO, response=a_response(), tell_me=True)

    revealed, _ = advance(a_round(mine=said, responses=1), NOON + hours(24))
    closed, _ = advance(revealed, NOON + hours(48))

    assert (revealed.mine, closed.mine) == (said, said)
    assert (revealed.responses, closed.responses) == (1, 1)


@pytest.mark.parametrize(
    "round",
    [a_round(), a_round(phase=Phase.VOTING), a_round(policy=Policy.OPEN), a_round(pause=PAUSED)],
)
def test_a_refusal_leaves_the_round_as_it_was(round: Round) -> None:
    before = replace(round)

    with pytest.raises(MoveRefused):
        play(round, moves.TakeBack(), NOON)

    assert round == before
