"""What the numbers of a round say: cells, common ground, divided, not yet heard, shares."""

from collections.abc import Mapping

import pytest

from bot.game.insight import (
    Beyond,
    Cell,
    Count,
    Counts,
    Hand,
    ResponseCount,
    Shown,
    Side,
    Verdict,
    common_ground,
    count,
    not_yet_heard,
    share,
)
from bot.game.model import Choice, Group, ResponseId, Stance

ASK_HER = ResponseId("ask-her")
WAIT_A_DAY = ResponseId("wait-a-day")

PEOPLE, CARERS, STAFF, DECIDERS = Group
NOT_SAID = None

YES, NOT_SURE, NO = Stance
AGREE, UNSURE, DISAGREE = Choice


def stances(group: Group | None, *, yes: int = 0, not_sure: int = 0, no: int = 0) -> list[Hand]:
    """Players of one group who took a stance and did nothing else."""
    said = [YES] * yes + [NOT_SURE] * not_sure + [NO] * no
    return [Hand(group=group, stance=stance) for stance in said]


def votes(
    group: Group | None, response: ResponseId, *, agree: int = 0, unsure: int = 0, disagree: int = 0
) -> list[Hand]:
    """Players of one group who voted on one response and did nothing else."""
    chose = [AGREE] * agree + [UNSURE] * unsure + [DISAGREE] * disagree
    return [Hand(group=group, choices={response: choice}) for choice in chose]


def a_count(
    hands: list[Hand],
    *,
    responses: tuple[ResponseId, ...] = (),
    declared: Mapping[Group, int] | None = None,
    threshold: int = 5,
) -> Count:
    return count(hands, responses, declared or {}, threshold)


def a_response(*cells: Counts | None, total: Counts | None = None) -> ResponseCount:
    return ResponseCount(response=ASK_HER, votes=Shown(total=total, cells=cells))


def counts(yes: int, not_sure: int, no: int) -> Counts:
    return Counts(yes=yes, not_sure=not_sure, no=no)


# --- Count ----------------------------------------------------------------------------------------


def test_a_round_nobody_played_shows_zeros_and_no_cells() -> None:
    nothing = Shown(total=counts(0, 0, 0), cells=())

    assert a_count([], responses=(ASK_HER,)) == Count(
        threshold=5,
        players=0,
        written=0,
        cells=(),
        stance=nothing,
        second_stance=nothing,
        responses=(ResponseCount(response=ASK_HER, votes=nothing, lightbulbs=0),),
        not_yet_heard=(),
    )


def test_one_player_makes_a_total_of_one() -> None:
    shown = a_count(stances(CARERS, no=1))

    assert shown.players == 1
    assert shown.cells == ()
    assert shown.stance == Shown(total=counts(0, 0, 1))


def test_three_players_see_the_total_and_no_groups() -> None:
    shown = a_count(stances(CARERS, yes=2) + stances(STAFF, no=1))

    assert shown.cells == ()
    assert shown.stance == Shown(total=counts(2, 0, 1), cells=())


def test_groups_with_enough_voters_are_shown_apart_and_in_a_fixed_order() -> None:
    shown = a_count(stances(STAFF, yes=4, no=2) + stances(PEOPLE, yes=1, not_sure=1, no=3))

    assert shown.cells == (Cell(groups=(PEOPLE,)), Cell(groups=(STAFF,)))
    assert shown.stance == Shown(total=counts(5, 1, 5), cells=(counts(1, 1, 3), counts(4, 0, 2)))


def test_small_groups_are_merged_with_the_next_smallest() -> None:
    shown = a_count(
        stances(PEOPLE, yes=9) + stances(CARERS, no=2) + stances(STAFF, yes=7) + stances(DECIDERS, not_sure=3)
    )

    # 2 carers join 3 decision makers; the 5 together need nobody else.
    assert shown.cells == (
        Cell(groups=(PEOPLE,)),
        Cell(groups=(CARERS, DECIDERS)),
        Cell(groups=(STAFF,)),
    )
    assert shown.stance.cells == (counts(9, 0, 0), counts(0, 3, 2), counts(7, 0, 0))


def test_who_did_not_say_is_merged_like_a_group() -> None:
    shown = a_count(stances(PEOPLE, yes=8) + stances(STAFF, no=4) + stances(NOT_SAID, no=3))

    assert shown.cells == (Cell(groups=(PEOPLE,)), Cell(groups=(STAFF,), undeclared=True))
    assert shown.stance.cells == (counts(8, 0, 0), counts(0, 0, 7))


def test_enough_who_did_not_say_are_a_cell_of_their_own() -> None:
    shown = a_count(stances(PEOPLE, yes=8) + stances(NOT_SAID, no=5))

    assert shown.cells == (Cell(groups=(PEOPLE,)), Cell(undeclared=True))


def test_one_giant_and_three_tiny_groups_hide_the_tiny_ones_in_the_giant() -> None:
    hands = stances(STAFF, yes=40) + stances(PEOPLE, no=1) + stances(CARERS, no=2) + stances(DECIDERS, no=1)

    # 1 + 1 + 2 are fewer than 5, so they need the 40; one cell is no split.
    shown = a_count(hands)

    assert shown.cells == ()
    assert shown.stance == Shown(total=counts(40, 0, 4))


def test_three_tiny_groups_that_reach_the_threshold_together_are_a_cell() -> None:
    hands = stances(STAFF, yes=40) + stances(PEOPLE, no=1) + stances(CARERS, no=2) + stances(DECIDERS, no=2)

    shown = a_count(hands)

    assert shown.cells == (Cell(groups=(PEOPLE, CARERS, DECIDERS)), Cell(groups=(STAFF,)))
    assert shown.stance.cells == (counts(0, 0, 5), counts(40, 0, 0))


def test_a_round_of_one_group_puts_no_name_on_its_total() -> None:
    hands = stances(CARERS, yes=9, no=3) + votes(CARERS, ASK_HER, agree=2)

    shown = a_count(hands, responses=(ASK_HER,))

    assert shown.cells == ()
    assert shown.stance.total == counts(9, 0, 3)
    assert shown.responses[0].votes.total == counts(2, 0, 0)


def test_a_round_in_which_nobody_said_their_role_has_no_cells() -> None:
    shown = a_count(stances(NOT_SAID, yes=20))

    assert shown.cells == ()
    assert shown.stance == Shown(total=counts(20, 0, 0))


@pytest.mark.parametrize(
    "threshold, carers, cells",
    [
        (3, 2, ()),
        (3, 3, (Cell(groups=(CARERS,)), Cell(groups=(STAFF,)))),
        (10, 9, ()),
        (10, 10, (Cell(groups=(CARERS,)), Cell(groups=(STAFF,)))),
    ],
)
def test_a_cell_needs_exactly_the_threshold(threshold: int, carers: int, cells: tuple[Cell, ...]) -> None:
    shown = a_count(stances(CARERS, yes=carers) + stances(STAFF, yes=12), threshold=threshold)

    assert shown.cells == cells


@pytest.mark.parametrize("threshold", [0, 2, 11])
def test_no_other_threshold_is_counted_with(threshold: int) -> None:
    with pytest.raises(AssertionError):
        a_count([], threshold=threshold)


def test_the_only_manager_is_not_seen_to_be_missing() -> None:
    hands = stances(PEOPLE, yes=8) + stances(STAFF, yes=6)

    without_her = a_count(hands, declared={PEOPLE: 8, STAFF: 6, DECIDERS: 1})
    with_her = a_count(hands + stances(DECIDERS, yes=1), declared={PEOPLE: 8, STAFF: 6, DECIDERS: 1})

    assert without_her.cells == (Cell(groups=(PEOPLE,)), Cell(groups=(STAFF, DECIDERS)))
    assert with_her.cells == without_her.cells


def test_a_group_that_nobody_declared_is_not_named() -> None:
    shown = a_count(stances(PEOPLE, yes=8) + stances(STAFF, yes=6), declared={PEOPLE: 8, STAFF: 6})

    assert shown.cells == (Cell(groups=(PEOPLE,)), Cell(groups=(STAFF,)))


def test_a_large_silent_group_is_not_named_in_a_cell_but_not_yet_heard() -> None:
    shown = a_count(stances(PEOPLE, yes=8) + stances(STAFF, yes=6), declared={DECIDERS: 5})

    assert shown.cells == (Cell(groups=(PEOPLE,)), Cell(groups=(STAFF,)))
    assert shown.not_yet_heard == (DECIDERS,)


def test_who_only_passed_wrote_or_gave_lightbulbs_makes_no_cell_larger() -> None:
    quiet = [
        Hand(group=CARERS, passed=True),
        Hand(group=CARERS, wrote=True),
        Hand(group=CARERS, lightbulbs=frozenset({ASK_HER})),
    ]
    hands = stances(STAFF, yes=9) + stances(CARERS, no=2) + quiet

    shown = a_count(hands, responses=(ASK_HER,))

    assert shown.cells == ()  # 2 carers, not 5


def test_a_vote_on_removed_words_makes_nobody_a_voter() -> None:
    hands = stances(STAFF, yes=9) + stances(CARERS, no=4) + votes(CARERS, WAIT_A_DAY, agree=1)

    assert a_count(hands, responses=(ASK_HER,)).cells == ()
    assert a_count(hands, responses=(ASK_HER, WAIT_A_DAY)).cells != ()


def test_who_came_only_for_the_second_stance_or_the_ballot_is_a_voter() -> None:
    hands = [
        *stances(STAFF, yes=9),
        *stances(CARERS, no=3),
        Hand(group=CARERS, second_stance=NO),
        *votes(CARERS, ASK_HER, agree=1),
    ]

    shown = a_count(hands, responses=(ASK_HER,))

    assert shown.cells == (Cell(groups=(CARERS,)), Cell(groups=(STAFF,)))


# --- What is left out -----------------------------------------------------------------------------


def test_a_small_cell_of_one_response_is_left_out_with_the_total_that_would_tell_it() -> None:
    hands = (
        stances(CARERS, yes=6)
        + stances(STAFF, yes=7)
        + votes(CARERS, ASK_HER, disagree=2)
        + votes(STAFF, ASK_HER, agree=6)
    )

    (asked,) = a_count(hands, responses=(ASK_HER,)).responses

    # With a total of 6 agree, 2 disagree, the 2 would be known to be carers.
    assert asked.votes == Shown(total=None, cells=(None, counts(6, 0, 0)))


def test_the_total_stays_if_what_is_left_out_is_enough_together() -> None:
    hands = (
        [hand for group in (PEOPLE, CARERS, STAFF) for hand in stances(group, yes=6)]
        + votes(PEOPLE, ASK_HER, agree=3)
        + votes(CARERS, ASK_HER, disagree=2)
        + votes(STAFF, ASK_HER, agree=6)
    )

    (asked,) = a_count(hands, responses=(ASK_HER,)).responses

    assert asked.votes == Shown(total=counts(9, 0, 2), cells=(None, None, counts(6, 0, 0)))


def test_an_empty_cell_is_left_out_too_and_the_total_stays() -> None:
    hands = stances(CARERS, yes=6) + stances(STAFF, yes=6) + votes(STAFF, ASK_HER, agree=5, disagree=1)

    (asked,) = a_count(hands, responses=(ASK_HER,)).responses

    assert asked.votes == Shown(total=counts(5, 0, 1), cells=(None, counts(5, 0, 1)))


def test_a_total_below_the_threshold_is_shown_where_no_cell_is() -> None:
    hands = (
        stances(CARERS, yes=6)
        + stances(STAFF, yes=6)
        + votes(CARERS, ASK_HER, agree=1)
        + votes(STAFF, ASK_HER, agree=1)
    )

    (asked,) = a_count(hands, responses=(ASK_HER,)).responses

    assert asked.votes == Shown(total=counts(2, 0, 0), cells=(None, None))
    assert asked.common_ground is None
    assert not asked.is_common_ground
    assert not asked.divided


def test_then_and_now_are_counted_in_the_same_cells() -> None:
    hands = [Hand(group=CARERS, stance=NO, second_stance=YES) for _ in range(5)]
    hands += [Hand(group=STAFF, stance=YES, second_stance=YES) for _ in range(5)]
    hands += stances(STAFF, no=1)

    shown = a_count(hands)

    assert shown.cells == (Cell(groups=(CARERS,)), Cell(groups=(STAFF,)))
    assert shown.stance == Shown(total=counts(5, 0, 6), cells=(counts(0, 0, 5), counts(5, 0, 1)))
    assert shown.second_stance == Shown(total=counts(10, 0, 0), cells=(counts(5, 0, 0), counts(5, 0, 0)))


def test_few_who_came_back_leave_the_first_stance_as_it_is() -> None:
    hands = stances(CARERS, yes=6) + stances(STAFF, no=6)
    hands += [Hand(group=CARERS, stance=YES, second_stance=NO)]
    hands += [Hand(group=STAFF, stance=NO, second_stance=NO)] * 2

    shown = a_count(hands)

    assert shown.stance == Shown(total=counts(7, 0, 8), cells=(counts(7, 0, 0), counts(0, 0, 8)))
    assert shown.second_stance == Shown(total=counts(0, 0, 3), cells=(None, None))


def test_the_few_of_one_group_who_came_back_are_not_what_remains_of_the_total() -> None:
    hands = [Hand(group=CARERS, stance=YES, second_stance=YES)] * 6
    hands += [Hand(group=STAFF, stance=NO, second_stance=NO)] * 2 + stances(STAFF, no=4)

    shown = a_count(hands)

    assert shown.stance == Shown(total=counts(6, 0, 6), cells=(counts(6, 0, 0), counts(0, 0, 6)))
    assert shown.second_stance == Shown(total=None, cells=(counts(6, 0, 0), None))


def test_a_cell_shown_then_does_not_uncover_a_small_one_now() -> None:
    hands = stances(PEOPLE, yes=1) + votes(CARERS, ASK_HER, agree=2)  # 2 more carers, voting only
    hands += [Hand(group=PEOPLE, stance=YES, second_stance=YES)] * 4
    hands += [Hand(group=CARERS, stance=NO, second_stance=NO)] * 3
    hands += [Hand(group=STAFF, stance=YES, second_stance=YES)] * 6

    shown = a_count(hands, responses=(ASK_HER,))

    assert shown.stance == Shown(total=None, cells=(counts(5, 0, 0), None, counts(6, 0, 0)))
    # 13 now, less 6 staff, less the 5 people of then: about 3 carers, and all of them say no.
    assert shown.second_stance == Shown(total=None, cells=(None, None, counts(6, 0, 0)))


# --- Players, responses, lightbulbs ---------------------------------------------------------------


def test_everybody_who_did_anything_is_a_player() -> None:
    hands = [
        Hand(),
        Hand(stance=YES),
        Hand(second_stance=YES),
        Hand(passed=True),
        Hand(wrote=True),
        Hand(choices={WAIT_A_DAY: AGREE}),
        Hand(lightbulbs=frozenset({ASK_HER})),
    ]

    shown = a_count(hands, responses=(ASK_HER,))

    assert shown.players == 6
    assert shown.written == 1


def test_lightbulbs_are_counted_for_each_response_and_never_by_group() -> None:
    hands = [
        Hand(group=CARERS, lightbulbs=frozenset({ASK_HER, WAIT_A_DAY})),
        Hand(group=STAFF, lightbulbs=frozenset({ASK_HER})),
    ]

    asked, waited = a_count(hands, responses=(ASK_HER, WAIT_A_DAY)).responses

    assert (asked.response, asked.lightbulbs) == (ASK_HER, 2)
    assert (waited.response, waited.lightbulbs) == (WAIT_A_DAY, 1)


def test_responses_keep_the_order_in_which_they_were_given() -> None:
    hands = votes(STAFF, ASK_HER, agree=3)

    shown = a_count(hands, responses=(WAIT_A_DAY, ASK_HER))

    assert [each.response for each in shown.responses] == [WAIT_A_DAY, ASK_HER]
    assert [each.votes.total for each in shown.responses] == [counts(0, 0, 0), counts(3, 0, 0)]


# --- Not yet heard --------------------------------------------------------------------------------


@pytest.mark.parametrize("hand", [Hand(stance=NO), Hand(passed=True), Hand(wrote=True)])
def test_one_stance_pass_or_response_makes_a_group_heard(hand: Hand) -> None:
    from_a_carer = Hand(group=CARERS, stance=hand.stance, passed=hand.passed, wrote=hand.wrote)

    assert not_yet_heard([hand], {CARERS: 6}, 5) == (CARERS,)  # did not say: nobody's voice
    assert not_yet_heard([from_a_carer], {CARERS: 6}, 5) == ()


def test_a_ballot_alone_does_not_make_a_group_heard() -> None:
    ballot = Hand(group=CARERS, choices={ASK_HER: AGREE}, second_stance=YES)

    assert not_yet_heard([ballot], {CARERS: 6}, 5) == (CARERS,)


def test_a_group_of_few_is_never_named_for_silence() -> None:
    assert not_yet_heard([], {PEOPLE: 0, CARERS: 4, STAFF: 5}, 5) == (STAFF,)


# --- Common ground --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cells, score, is_common_ground",
    [
        ([counts(9, 0, 1), counts(5, 0, 0), counts(1, 0, 7)], 0.5228, False),
        ([counts(7, 0, 3), counts(3, 0, 2), counts(5, 0, 3)], 0.6114, True),
    ],
)
def test_the_same_fifteen_of_23_are_common_ground_only_where_every_cell_agrees(
    cells: list[Counts], score: float, is_common_ground: bool
) -> None:
    asked = a_response(*cells, total=counts(15, 0, 8))

    assert round(common_ground(cells), 4) == score
    assert asked.common_ground == common_ground(cells)
    assert asked.is_common_ground is is_common_ground


def test_a_whole_round_gives_the_score_of_the_test_vector() -> None:
    hands = (
        votes(PEOPLE, ASK_HER, agree=7, disagree=3)
        + votes(CARERS, ASK_HER, agree=3, disagree=2)
        + votes(STAFF, ASK_HER, agree=5, unsure=2, disagree=1)
    )

    (asked,) = a_count(hands, responses=(ASK_HER,)).responses

    assert asked.votes.total == counts(15, 2, 6)
    assert asked.common_ground == pytest.approx(0.6114, abs=0.00005)
    assert asked.is_common_ground


def test_sixty_percent_exactly_is_common_ground_and_not_sure_counts_against_it() -> None:
    assert a_response(counts(3, 2, 0), counts(6, 0, 4)).is_common_ground
    assert not a_response(counts(59, 41, 0)).is_common_ground


def test_a_left_out_cell_has_no_say_in_common_ground() -> None:
    asked = a_response(counts(4, 1, 0), None)

    assert asked.common_ground == pytest.approx(5 / 7)
    assert asked.is_common_ground


def test_without_cells_the_total_stands_for_the_only_cell() -> None:
    asked = a_response(total=counts(2, 0, 1))

    assert asked.common_ground == pytest.approx(3 / 5)
    assert asked.is_common_ground


def test_a_response_nobody_voted_on_is_no_common_ground() -> None:
    asked = a_response(total=counts(0, 0, 0))

    assert asked.common_ground is None
    assert not asked.is_common_ground
    assert not asked.divided


def test_there_is_no_score_of_no_cells() -> None:
    with pytest.raises(AssertionError):
        common_ground([])


# --- Divided --------------------------------------------------------------------------------------


def test_a_cell_that_agrees_and_disagrees_in_equal_parts_is_divided() -> None:
    assert a_response(counts(2, 1, 2), counts(5, 0, 0)).divided  # 40 % and 40 %
    assert not a_response(counts(3, 1, 2), counts(5, 0, 0)).divided  # 33 % disagree


def test_cells_on_different_sides_are_divided() -> None:
    assert a_response(counts(6, 2, 2), counts(1, 3, 6)).divided
    assert not a_response(counts(6, 2, 2), counts(2, 5, 3)).divided  # the second has no side


def test_half_is_no_side() -> None:
    assert not a_response(counts(5, 5, 0), counts(0, 4, 6)).divided
    assert not a_response(counts(6, 4, 0), counts(0, 5, 5)).divided


def test_sixty_to_forty_is_both_common_ground_and_divided() -> None:
    asked = a_response(counts(6, 0, 4))

    assert asked.is_common_ground
    assert asked.divided


def test_a_small_round_is_divided_by_its_total() -> None:
    assert a_response(total=counts(2, 0, 2)).divided
    assert not a_response(None, counts(5, 0, 0), total=counts(5, 0, 5)).divided


# --- Shares ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part, whole, shown",
    [
        (0, 7, Beyond.UNDER_10),
        (1, 11, Beyond.UNDER_10),
        (1, 10, 10),
        (1, 8, 13),  # 12.5, rounded half up
        (1, 3, 33),
        (2, 3, 67),
        (9, 10, 90),
        (10, 11, Beyond.OVER_90),
        (902, 1000, Beyond.OVER_90),
        (7, 7, Beyond.OVER_90),
    ],
)
def test_a_share_near_all_or_nothing_is_not_told_exactly(part: int, whole: int, shown: int | Beyond) -> None:
    assert share(part, whole) == shown


@pytest.mark.parametrize("part, whole", [(0, 0), (3, 2), (-1, 2)])
def test_there_is_no_share_of_nothing_and_none_beyond_the_whole(part: int, whole: int) -> None:
    with pytest.raises(AssertionError):
        share(part, whole)


# --- What is kept ---------------------------------------------------------------------------------


def test_what_is_kept_says_which_way_and_never_how_many() -> None:
    hands = votes(CARERS, ASK_HER, agree=5, disagree=1) + votes(STAFF, ASK_HER, agree=1, disagree=5)
    kept = a_count(hands, responses=(ASK_HER,)).kept()

    assert kept.responses == (Verdict(response=ASK_HER, divided=True, sides=(Side.AGREE, Side.DISAGREE)),)


def test_a_cell_of_just_k_voters_takes_no_side() -> None:
    # Each of five carers voted on everything but their own: only what a carer wrote has four.
    hands = votes(CARERS, ASK_HER, agree=5) + votes(STAFF, ASK_HER, agree=6)
    kept = a_count(hands, responses=(ASK_HER,)).kept()

    assert kept.responses[0].sides == (None, Side.AGREE)


def test_what_is_kept_stands_in_the_order_of_common_ground() -> None:
    hands = (
        votes(CARERS, ASK_HER, agree=2, disagree=4)
        + votes(STAFF, ASK_HER, agree=6)
        + votes(CARERS, WAIT_A_DAY, agree=6)
        + votes(STAFF, WAIT_A_DAY, agree=6)
    )
    kept = a_count(hands, responses=(ASK_HER, WAIT_A_DAY)).kept()

    assert [each.response for each in kept.responses] == [WAIT_A_DAY, ASK_HER]
