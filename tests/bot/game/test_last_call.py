"""The last call, and the one time everybody waits for a group that is not yet heard."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.game import moves, rounds
from bot.game.effects import Line, Notice, PostNotice, SayLine, SetAlarm, ShowBoard, ShowResponses
from bot.game.model import ChannelId, Ending, Group, Mine, Pause, Phase, Policy, Round, RoundId
from bot.game.refusals import NotFair, NotLater
from bot.game.rounds import advance, play
from tests.builders import ADA, BEN, NOON, a_card, a_response, a_round, a_standing, hours

INSTANT = timedelta(microseconds=1)
ONE_DEADLINE = [Policy.AFTER_YOU, Policy.OPEN]

ALL_HEARD = a_standing()
NO_CARERS = a_standing(not_yet_heard=(Group.CARERS,))
NO_CARERS_NO_STAFF = a_standing(not_yet_heard=(Group.CARERS, Group.STAFF))
IN_LONDON = a_standing(not_yet_heard=(Group.CARERS,), zones=("Europe/London",))

BY_FACILITATOR = {"mine": Mine(person=ADA)}


def deal(policy: Policy, respond: float, vote: float = 0) -> Round:
    ends = NOON + hours(respond)
    two = policy is Policy.TOGETHER
    times = moves.Times(reveal_at=ends if two else None, closes_at=ends + hours(vote))
    dealt, _ = rounds.deal(
        a_card(),
        id=RoundId("r1"),
        policy=policy,
        times=times,
        facilitator=ADA,
        channels=[ChannelId("c1")],
        now=NOON,
    )
    return dealt


# --- when it comes ---------------------------------------------------------------------


def test_the_last_call_leaves_a_quarter_of_the_time_to_respond() -> None:
    assert deal(Policy.TOGETHER, 24, 24).last_call_at == NOON + hours(18)
    assert deal(Policy.AFTER_YOU, 48).last_call_at == NOON + hours(36)
    assert deal(Policy.OPEN, 4).last_call_at == NOON + hours(3)


@pytest.mark.parametrize("dealt", [deal(Policy.OPEN, 3.9), deal(Policy.TOGETHER, 2, 1.9)])
def test_a_round_under_four_hours_is_live_and_has_no_last_call(dealt: Round) -> None:
    assert dealt.live
    assert dealt.last_call_at is None
    assert dealt.wakes_at == dealt.deadline


def test_short_responding_in_a_longer_round_has_a_last_call_but_nobody_is_waited_for_then() -> None:
    dealt = deal(Policy.TOGETHER, 2, 24)

    assert not dealt.live
    assert dealt.last_call_at == NOON + hours(1.5)


def test_the_last_call_says_a_line_and_the_clock_waits_for_the_deadline() -> None:
    after, effects = advance(deal(Policy.TOGETHER, 24, 24), NOON + hours(18), ALL_HEARD)

    assert after.last_call_at is None
    assert effects == [SayLine(Line.LAST_CALL), SetAlarm(NOON + hours(24))]


def test_the_groups_it_names_are_remembered() -> None:
    after, _ = advance(deal(Policy.AFTER_YOU, 24), NOON + hours(18), NO_CARERS_NO_STAFF)

    assert after.unheard == (Group.CARERS, Group.STAFF)


def test_in_an_open_round_it_posts_what_came_by_the_form() -> None:
    _, effects = advance(deal(Policy.OPEN, 24), NOON + hours(18), ALL_HEARD)

    assert effects == [
        ShowResponses(),
        ShowBoard(),
        SayLine(Line.LAST_CALL),
        SetAlarm(NOON + hours(24)),
    ]


def test_it_is_made_once_however_often_the_alarm_rings() -> None:
    called, _ = advance(deal(Policy.OPEN, 24), NOON + hours(18), ALL_HEARD)

    assert advance(called, NOON + hours(19), NO_CARERS) == (called, [SetAlarm(NOON + hours(24))])


def test_an_alarm_that_rings_before_it_is_set_again() -> None:
    dealt = deal(Policy.OPEN, 24)

    assert advance(dealt, NOON + hours(18) - INSTANT, NO_CARERS) == (dealt, [SetAlarm(NOON + hours(18))])


def test_an_alarm_that_is_late_but_in_time_still_calls() -> None:
    _, effects = advance(deal(Policy.OPEN, 24), NOON + hours(24) - INSTANT, ALL_HEARD)

    assert SayLine(Line.LAST_CALL) in effects


@pytest.mark.parametrize("policy", Policy)
def test_an_alarm_that_comes_after_the_deadline_calls_for_nothing_and_waits_for_nobody(
    policy: Policy,
) -> None:
    after, effects = advance(deal(policy, 24, 24), NOON + hours(60), NO_CARERS)

    assert after.phase is not Phase.RESPONDING
    assert after.last_call_at is None
    assert SayLine(Line.LAST_CALL) not in effects


def test_a_pause_moves_it() -> None:
    paused = a_round(
        mine=Mine(person=BEN, organises=True),
        pause=Pause(since=NOON + hours(2)),
        last_call_at=NOON + hours(18),
    )
    assert advance(paused, NOON + hours(20), NO_CARERS) == (paused, [SetAlarm(NOON + hours(50))])

    after, effects = play(paused, moves.ResumeRound(), NOON + hours(9))

    assert after.last_call_at == NOON + hours(25)
    assert effects[-1] == SetAlarm(NOON + hours(25))


def test_more_time_moves_it_so_that_a_quarter_is_left_again() -> None:
    after, effects = play(
        a_round(**BY_FACILITATOR, last_call_at=NOON + hours(18)), moves.Extend(by=hours(24)), NOON
    )

    assert after.last_call_at == NOON + hours(36)
    assert effects[-1] == SetAlarm(NOON + hours(36))


def test_more_time_after_it_calls_no_second_time() -> None:
    after, effects = play(a_round(**BY_FACILITATOR), moves.Extend(by=hours(24)), NOON + hours(20))

    assert after.last_call_at is None
    assert effects[-1] == SetAlarm(NOON + hours(48))


def test_an_early_reveal_leaves_nothing_to_call_for() -> None:
    after, _ = play(
        a_round(**BY_FACILITATOR, last_call_at=NOON + hours(18)), moves.OpenVoting(), NOON + hours(3)
    )

    assert after.last_call_at is None


def test_what_was_posted_at_the_last_call_is_kept_up_to_date() -> None:
    posted = a_round(policy=Policy.OPEN, mine={"response": a_response("Ask him.", place=1)}, responses=1)

    _, changed = play(posted, moves.Respond(id=a_response().id, words="Ask him first."), NOON)
    _, withdrawn = play(posted, moves.Withdraw(), NOON)

    assert changed == [ShowResponses()]
    assert withdrawn == [ShowBoard(), ShowResponses()]


# --- waiting for a group ---------------------------------------------------------------


@pytest.mark.parametrize("policy", ONE_DEADLINE)
def test_a_group_that_stays_silent_after_it_is_waited_for_once(policy: Policy) -> None:
    called = a_round(policy=policy, unheard=(Group.CARERS, Group.STAFF))

    waiting, effects = advance(called, NOON + hours(48), NO_CARERS)

    assert waiting.phase is Phase.RESPONDING
    assert waiting.closes_at == NOON + hours(72)
    assert waiting.unheard == (Group.CARERS,)
    assert effects == [ShowBoard(), PostNotice(Notice.WAITING), SetAlarm(NOON + hours(72))]

    closed, _ = advance(waiting, NOON + hours(72), NO_CARERS)

    assert closed.ending is Ending.FINISHED


def test_waiting_moves_the_close_as_well_as_the_reveal() -> None:
    waiting, _ = advance(a_round(unheard=(Group.CARERS,)), NOON + hours(24), NO_CARERS)
    assert (waiting.reveal_at, waiting.closes_at) == (NOON + hours(48), NOON + hours(72))

    revealed, _ = advance(waiting, NOON + hours(48), NO_CARERS)
    assert revealed.phase is Phase.VOTING


def test_everybody_waits_until_the_next_fair_moment_if_that_comes_within_a_day() -> None:
    # Tuesday, 13:00 in London: 8 hours are there by 21:00.
    waiting, _ = advance(a_round(unheard=(Group.CARERS,)), NOON + hours(24), IN_LONDON)

    assert waiting.reveal_at == NOON + hours(32)


def test_nobody_waits_longer_than_a_day_even_over_a_weekend() -> None:
    friday = datetime(2027, 6, 11, 18, tzinfo=UTC)
    round = a_round(unheard=(Group.CARERS,), reveal_at=friday, closes_at=friday + hours(24))

    waiting, _ = advance(round, friday, IN_LONDON)

    assert waiting.reveal_at == friday + hours(24)


def test_nobody_waits_if_the_groups_it_named_were_heard_in_the_meantime() -> None:
    after, _ = advance(a_round(unheard=(Group.STAFF,)), NOON + hours(24), NO_CARERS)

    assert after.phase is Phase.VOTING
    assert not after.extended


def test_nobody_waits_where_responding_took_less_than_four_hours() -> None:
    live = a_round(reveal_at=NOON + hours(3), unheard=(Group.CARERS,))

    after, _ = advance(live, NOON + hours(3), NO_CARERS)

    assert after.phase is Phase.VOTING


def test_nobody_is_waited_for_while_voting() -> None:
    after, _ = advance(a_round(phase=Phase.VOTING, unheard=(Group.CARERS,)), NOON + hours(48), NO_CARERS)

    assert after.phase is Phase.CLOSED


# --- more time, and fair to everybody --------------------------------------------------

AUCKLAND = ("Europe/London", "Pacific/Auckland")


def test_more_time_that_is_too_short_for_a_zone_is_refused_with_what_is_fair() -> None:
    # Open from Monday 12:00Z: in Auckland that is midnight, so its 8 hours are over on Tuesday 05:00Z.
    round = a_round(**BY_FACILITATOR, policy=Policy.OPEN, closes_at=NOON + hours(6))

    with pytest.raises(NotFair) as refused:
        play(round, moves.Extend(by=hours(4), zones=AUCKLAND), NOON)

    assert refused.value.fair.fair_at == NOON + hours(17)
    assert [share.zone for share in refused.value.fair.short] == ["Pacific/Auckland"]


def test_more_time_until_it_is_fair_ends_when_every_zone_had_its_hours() -> None:
    round = a_round(**BY_FACILITATOR, policy=Policy.OPEN, closes_at=NOON + hours(6))

    after, _ = play(round, moves.Extend(by=None, zones=AUCKLAND), NOON)

    assert after.closes_at == NOON + hours(17)


def test_where_everybody_has_had_their_hours_there_is_no_more_to_give() -> None:
    with pytest.raises(NotLater):
        play(a_round(**BY_FACILITATOR), moves.Extend(by=None, zones=AUCKLAND), NOON)


def test_the_time_for_voting_is_counted_from_the_reveal() -> None:
    # The reveal is on Tuesday 12:00Z: only on Wednesday 05:00Z has Auckland had 8 hours to vote.
    voting = a_round(**BY_FACILITATOR, phase=Phase.VOTING, closes_at=NOON + hours(25))

    with pytest.raises(NotFair) as refused:
        play(voting, moves.Extend(by=hours(1), zones=AUCKLAND), NOON + hours(24))

    assert refused.value.fair.fair_at == NOON + hours(41)


def test_where_the_rule_is_off_any_length_will_do() -> None:
    round = a_round(**BY_FACILITATOR, policy=Policy.OPEN, closes_at=NOON + hours(6), fair=False)

    after, _ = play(round, moves.Extend(by=hours(4), zones=AUCKLAND), NOON)

    assert after.closes_at == NOON + hours(10)
