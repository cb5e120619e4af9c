"""An attacker reads everything a round shows, subtracts what can be subtracted, and learns of no few."""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from bot.game.insight import THRESHOLDS, Cell, Count, Counts, Hand, Shown, count, not_yet_heard
from bot.game.model import Choice, Group, ResponseId, Stance

RESPONSES = (ResponseId("ask-her"), ResponseId("wait-a-day"))
OWN_GROUPS: tuple[Group | None, ...] = (*Group, None)

Played: TypeAlias = tuple[list[Hand], dict[Group, int], int]  # hands, declared, threshold


@st.composite
def hands_of(draw: st.DrawFn, group: Group | None) -> list[Hand]:
    """Up to 12 players of one group, each question answered by its own part of them."""
    players = draw(st.integers(0, 12))
    answered = st.integers(0, players)
    then, now, *voted = (draw(answered) for _ in range(2 + len(RESPONSES)))
    stance, choice = draw(st.permutations(tuple(Stance))), draw(st.permutations(tuple(Choice)))
    mixed = draw(st.integers(1, 3))  # 1: all of them say the same
    return [
        Hand(
            group=group,
            stance=stance[place % mixed] if place < then else None,
            second_stance=stance[place % mixed] if players - place <= now else None,
            choices={
                response: choice[place % mixed]
                for response, many in zip(RESPONSES, voted, strict=True)
                if place < many
            },
        )
        for place in range(players)
    ]


@st.composite
def rounds(draw: st.DrawFn) -> Played:
    hands = [hand for group in OWN_GROUPS for hand in draw(hands_of(group))]
    declared = {group: draw(st.integers(0, 12)) for group in Group}
    return hands, declared, draw(st.sampled_from(THRESHOLDS))


def questions(cells: Count) -> Iterator[Shown]:
    yield cells.stance
    yield cells.second_stance
    for response in cells.responses:
        yield response.votes


def sums(counts: Sequence[Counts]) -> tuple[int, int, int]:
    return (
        sum(each.yes for each in counts),
        sum(each.not_sure for each in counts),
        sum(each.no for each in counts),
    )


def subsets(counts: Sequence[Counts]) -> Iterator[tuple[Counts, ...]]:
    """Every choice of one or more."""
    return chain.from_iterable(combinations(counts, many) for many in range(1, len(counts) + 1))


@given(rounds())
def test_no_subtraction_of_shown_from_shown_leaves_a_few_people(played: Played) -> None:
    hands, declared, threshold = played
    shown = count(hands, RESPONSES, declared, threshold)

    for question in questions(shown):
        cells = [each for each in question.cells if each is not None]
        for some in subsets(cells):
            assert sum(sums(some)) >= threshold
            if question.total is not None:
                rest = question.total.total - sum(sums(some))
                assert rest == 0 or rest >= threshold, (question, some)


@given(rounds())
def test_then_and_now_together_uncover_no_cell_that_both_leave_out(played: Played) -> None:
    """An attacker who takes it that nobody changed their mind, and uses either for the other."""
    hands, declared, threshold = played
    shown = count(hands, RESPONSES, declared, threshold)

    for one, other in [(shown.stance, shown.second_stance), (shown.second_stance, shown.stance)]:
        if one.total is None:
            continue
        known = [
            here is not None or there is not None for here, there in zip(one.cells, other.cells, strict=True)
        ]
        said = [hand.stance if one is shown.stance else hand.second_stance for hand in hands]
        unknown = [
            hand
            for hand, stance in zip(hands, said, strict=True)
            for cell, told in zip(shown.cells, known, strict=True)
            if stance is not None and cell.holds(hand.group) and not told
        ]
        assert not any(known) or not unknown or len(unknown) >= threshold


@given(rounds())
def test_every_shown_number_is_true(played: Played) -> None:
    hands, declared, threshold = played
    shown = count(hands, RESPONSES, declared, threshold)
    answered: list[Sequence[Stance | Choice | None]] = [
        [hand.stance for hand in hands],
        [hand.second_stance for hand in hands],
        *([hand.choices.get(response) for hand in hands] for response in RESPONSES),
    ]

    def told(answers: Sequence[Stance | Choice | None], cell: Cell | None) -> tuple[int, int, int]:
        words = [
            answer.value
            for hand, answer in zip(hands, answers, strict=True)
            if answer is not None and (cell is None or cell.holds(hand.group))
        ]
        return (
            words.count("yes") + words.count("agree"),
            words.count("not_sure"),
            words.count("no") + words.count("disagree"),
        )

    for question, answers in zip(questions(shown), answered, strict=True):
        assert len(question.cells) == len(shown.cells)
        if question.total is not None:
            assert sums([question.total]) == told(answers, None)
        for cell, number in zip(shown.cells, question.cells, strict=True):
            if number is not None:
                assert sums([number]) == told(answers, cell)


@given(rounds())
def test_every_voter_is_in_exactly_one_cell_and_every_cell_has_enough(played: Played) -> None:
    hands, declared, threshold = played
    shown = count(hands, RESPONSES, declared, threshold)
    voters = [hand for hand in hands if hand.is_voter(RESPONSES)]

    assert len(shown.cells) != 1
    if shown.cells:
        assert all(sum(cell.holds(hand.group) for cell in shown.cells) == 1 for hand in voters)
        assert all(sum(cell.holds(hand.group) for hand in voters) >= threshold for cell in shown.cells)
    else:
        assert all(question.total is not None for question in questions(shown))


@given(rounds(), st.data())
def test_the_order_of_hands_does_not_show(played: Played, data: st.DataObject) -> None:
    hands, declared, threshold = played
    shuffled = data.draw(st.permutations(hands))

    assert count(shuffled, RESPONSES, declared, threshold) == count(hands, RESPONSES, declared, threshold)


@given(rounds())
def test_only_groups_of_enough_declared_players_are_named_for_silence(played: Played) -> None:
    hands, declared, threshold = played

    for group in not_yet_heard(hands, declared, threshold):
        assert declared[group] >= threshold
        assert not any(hand.heard for hand in hands if hand.group is group)
