"""What a round came to, in numbers: cells that the threshold lets out, common ground, divided.

Everything here is counted once, at the close, and kept for ever; so what it lets out
must be safe whatever else is shown later. The rules are those of spec/game.md, section 6.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias, assert_never

from bot.game.model import Choice, Group, ResponseId, Stance

THRESHOLDS = range(3, 11)

AGREED = Fraction(60, 100)  # common ground: in every shown cell at least this share agrees
TORN = Fraction(40, 100)  # divided: in one cell at least this share on either side

OwnGroup: TypeAlias = Group | None  # None: did not say
Answer: TypeAlias = Stance | Choice

_OWN_GROUPS: tuple[OwnGroup, ...] = (*Group, None)  # the order in which cells are shown


# --- What goes in ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Everything one player did in one round, without who they are.

    `group` is that of their declared own role, None if they did not say. `wrote` means
    a response with words.
    """

    group: OwnGroup = None
    stance: Stance | None = None
    second_stance: Stance | None = None
    passed: bool = False
    wrote: bool = False
    choices: Mapping[ResponseId, Choice] = field(default_factory=dict)
    lightbulbs: frozenset[ResponseId] = frozenset()

    @property
    def heard(self) -> bool:
        """Responded, took a stance or passed. A ballot alone does not count as heard."""
        return self.wrote or self.stance is not None or self.passed

    @property
    def took_part(self) -> bool:
        """Did anything at all."""
        return self.heard or self.second_stance is not None or bool(self.choices or self.lightbulbs)

    def is_voter(self, responses: Collection[ResponseId]) -> bool:
        """Whether any number that is split by group counts them.

        That is: they took a stance, took a second stance, or voted on one of `responses`.
        Who only passed, only wrote or only gave lightbulbs is in no such number, and
        would make a cell look larger than what it holds.
        """
        return (
            self.stance is not None
            or self.second_stance is not None
            or any(response in responses for response in self.choices)
        )


# --- What comes out -------------------------------------------------------------------------------


class Side(StrEnum):
    """Where most of a cell stand on a response."""

    AGREE = "agree"
    DISAGREE = "disagree"
    TORN = "torn"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many said what to one question.

    Of a stance: yes, not sure, no. Of votes: agree is `yes`, disagree is `no`.
    """

    yes: int = 0
    not_sure: int = 0
    no: int = 0

    @property
    def total(self) -> int:
        return self.yes + self.not_sure + self.no

    @property
    def mostly_yes(self) -> bool:
        """More than half."""
        return 2 * self.yes > self.total

    @property
    def mostly_no(self) -> bool:
        """More than half."""
        return 2 * self.no > self.total

    @property
    def agreed(self) -> bool:
        """At least 60 % yes. Not sure and no both count against it."""
        return self.total > 0 and self.yes >= AGREED * self.total

    @property
    def torn(self) -> bool:
        """Yes and no both at 40 % or more."""
        return self.total > 0 and min(self.yes, self.no) >= TORN * self.total

    @property
    def side(self) -> Side | None:
        """Which way most of them went; None if nobody answered."""
        if self.total == 0:
            return None
        if self.torn:
            return Side.TORN
        if self.mostly_yes:
            return Side.AGREE
        return Side.DISAGREE if self.mostly_no else Side.MIXED


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Groups that are counted as one. `undeclared`: players who did not say are in it too.

    A merged cell may name a group of which nobody voted, so that its name tells
    nothing about the few who are in that group.
    """

    groups: tuple[Group, ...] = ()
    undeclared: bool = False

    def holds(self, group: OwnGroup) -> bool:
        return self.undeclared if group is None else group in self.groups


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What may be shown of one question. None means: left out, too few to show.

    `cells` has one entry for each of `Cells.cells`, in that order; it is empty in a
    round without cells, and then `total` is never None.
    """

    total: Counts | None
    cells: tuple[Counts | None, ...] = ()

    @property
    def compared(self) -> tuple[Counts, ...]:
        """What common ground is looked for in: the shown cells.

        A round without cells is small, or all of one group: there its total stands for
        its only cell, and "common ground" says no more than "60 % of those who voted".
        Empty if nothing is shown, or nobody answered.
        """
        counts = self.cells or (self.total,)
        return tuple(each for each in counts if each is not None and each.total > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseCount:
    """The votes on one response.

    What is said of it is worked out from what is shown and nothing else, so that it
    cannot tell more than the numbers beside it.
    """

    response: ResponseId
    votes: Shown
    lightbulbs: int = 0

    @property
    def common_ground(self) -> float | None:
        """The score to sort by, between 0 and 1; None if there is nothing to compare."""
        compared = self.votes.compared
        return common_ground(compared) if compared else None

    @property
    def is_common_ground(self) -> bool:
        """At least 60 % agree in every shown cell, and at least one is shown."""
        compared = self.votes.compared
        return bool(compared) and all(each.agreed for each in compared)

    @property
    def divided(self) -> bool:
        """One cell is torn, or most of one agree where most of another disagree.

        At exactly 60 % against 40 % a response is both common ground and divided.
        """
        compared = self.votes.compared
        sides = any(each.mostly_yes for each in compared) and any(each.mostly_no for each in compared)
        return sides or any(each.torn for each in compared)

    def verdict(self, told: Sequence[bool]) -> Verdict:
        """What is kept of it; `told` says for each cell whether its side is."""
        return Verdict(
            response=self.response,
            lightbulbs=self.lightbulbs,
            is_common_ground=self.is_common_ground,
            divided=self.divided,
            sides=tuple(
                votes.side if votes is not None and tell else None
                for votes, tell in zip(self.votes.cells, told, strict=True)
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is kept of the votes on one response: which way, and never how many.

    Nobody votes for their own response, so a number that is one short would say which
    cell its writer is in. `sides` has one entry for each of `Cells.cells`, None where
    too few voted.
    """

    response: ResponseId
    lightbulbs: int = 0
    is_common_ground: bool = False
    divided: bool = False
    sides: tuple[Side | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbers:
    """What a count and what is kept of it have in common.

    `cells` is empty if the round has fewer than two: a single one would only put its
    name on every total, also on a total of two people. `players` did anything at all;
    `written` is how many of them wrote a response.
    """

    threshold: int
    players: int
    written: int
    cells: tuple[Cell, ...]
    stance: Shown
    second_stance: Shown
    not_yet_heard: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells(_Numbers):
    """All that is kept of one round, for ever. `responses`: the most common ground first."""

    responses: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(_Numbers):
    """All that the threshold lets out of one round. `responses` keeps the order given."""

    responses: tuple[ResponseCount, ...]

    def kept(self) -> Cells:
        """What may stay once the round is closed."""
        ranked = sorted(self.responses, key=lambda each: -(each.common_ground or 0.0))
        # In a cell of just k voters a response from inside it has too few votes to show, and
        # one from outside has enough: there the gap itself would tell, so all of it goes.
        told = tuple(
            any(self._more_than_k(each.votes.cells[place]) for each in ranked)
            for place in range(len(self.cells))
        )
        return Cells(
            threshold=self.threshold,
            players=self.players,
            written=self.written,
            cells=self.cells,
            stance=self.stance,
            second_stance=self.second_stance,
            not_yet_heard=self.not_yet_heard,
            responses=tuple(each.verdict(told) for each in ranked),
        )

    def _more_than_k(self, votes: Counts | None) -> bool:
        return votes is not None and votes.total > self.threshold


class Beyond(StrEnum):
    """A share so near to all or nothing that the exact number would speak for each one."""

    OVER_90 = "over_90"
    UNDER_10 = "under_10"


# --- The rules ------------------------------------------------------------------------------------


def count(
    hands: Sequence[Hand],
    responses: Sequence[ResponseId],
    declared: Mapping[Group, int],
    threshold: int,
) -> Count:
    """Count a round. `declared`: how many players of the channel declared a role of each group.

    Votes and lightbulbs for anything but `responses` are passed over: leave out those
    whose words were removed. `threshold` is k, 3 to 10.

    A count is not to be kept: nobody votes for their own response, so where a whole
    cell votes on everything, the one response on which it is one vote short was written
    by one of its players. `Count.kept` is what may stay.
    """
    assert threshold in THRESHOLDS, threshold
    votes: dict[ResponseId, list[tuple[OwnGroup, Answer]]] = {each: [] for each in responses}
    for hand in hands:
        for response, choice in hand.choices.items():
            if response in votes:
                votes[response].append((hand.group, choice))
    lightbulbs = Counter(response for hand in hands for response in hand.lightbulbs)
    voters = Counter(hand.group for hand in hands if hand.is_voter(votes))
    # One partition for the whole round. If each question had its own, the cells of one
    # could be subtracted from the merged cells of another.
    cells = _partition(voters, declared, threshold)
    then = _tally([(hand.group, hand.stance) for hand in hands if hand.stance is not None], cells)
    now = _tally(
        [(hand.group, hand.second_stance) for hand in hands if hand.second_stance is not None], cells
    )
    return Count(
        threshold=threshold,
        players=sum(hand.took_part for hand in hands),
        written=sum(hand.wrote for hand in hands),
        cells=cells,
        stance=_let_out(then, threshold, twin=now),
        second_stance=_let_out(now, threshold, twin=then),
        responses=tuple(
            ResponseCount(
                response=response,
                votes=_let_out(_tally(votes[response], cells), threshold),
                lightbulbs=lightbulbs[response],
            )
            for response in responses
        ),
        not_yet_heard=not_yet_heard(hands, declared, threshold),
    )


def not_yet_heard(hands: Sequence[Hand], declared: Mapping[Group, int], threshold: int) -> tuple[Group, ...]:
    """Groups with k or more declared players here, none of whom responded, took a stance or passed.

    For the last call and for the recap. It does tell something, and is meant to: that
    each one of k or more people was silent. And whoever reads it twice, and finds that
    a group has left the list in between, knows that one of k or more people spoke, or
    that fewer than k are still declared. It never tells of fewer people than that.
    """
    heard = {hand.group for hand in hands if hand.heard}
    return tuple(group for group in Group if declared.get(group, 0) >= threshold and group not in heard)


def common_ground(counts: Sequence[Counts]) -> float:
    """The geometric mean of (yes + 1) / (total + 2): one cell that disagrees pulls it down.

    The added one and two keep a cell of few votes from deciding it. Needs one cell at least.
    """
    assert counts, "nothing to compare"
    product = math.prod((each.yes + 1) / (each.total + 2) for each in counts)
    return float(product ** (1 / len(counts)))


def share(part: int, whole: int) -> int | Beyond:
    """What a view says of `part` in `whole`: a percentage, rounded half up, from 10 to 90, or beyond.

    "Everybody said no" would say of each one what they said; "over 90 %" does not.
    `whole` is at least 1.
    """
    assert 0 <= part <= whole, (part, whole)
    assert whole > 0, "a share of nothing"
    if 10 * part > 9 * whole:
        return Beyond.OVER_90
    if 10 * part < whole:
        return Beyond.UNDER_10
    return (200 * part + whole) // (2 * whole)


def _partition(
    voters: Mapping[OwnGroup, int], declared: Mapping[Group, int], threshold: int
) -> tuple[Cell, ...]:
    """Merge the smallest with the next smallest until every cell has k voters.

    Equal sizes are merged in the order of the groups. Empty if fewer than two cells remain.
    """
    # A part: how many voters, and the places of its groups in the order of groups.
    parts: list[tuple[int, tuple[int, ...]]] = sorted(
        (voters.get(group, 0), (place,))
        for place, group in enumerate(_OWN_GROUPS)
        if voters.get(group, 0) > 0 or _must_be_covered(group, declared, threshold)
    )
    while len(parts) > 1 and parts[0][0] < threshold:
        (few, smallest), (more, next_smallest), *others = parts
        merged = (few + more, tuple(sorted(smallest + next_smallest)))
        parts = sorted([merged, *others])
    if len(parts) < 2:
        return ()
    return tuple(
        Cell(
            groups=tuple(group for place in places if (group := _OWN_GROUPS[place]) is not None),
            undeclared=any(_OWN_GROUPS[place] is None for place in places),
        )
        for places in sorted(places for _, places in parts)
    )


def _must_be_covered(group: OwnGroup, declared: Mapping[Group, int], threshold: int) -> bool:
    """Whether a group is merged although nobody of it voted.

    If the only manager of a channel did not vote, a list of cells without hers would
    say so. A silent group of k or more may be missing, as it may be *not yet heard*.
    """
    return group is not None and 0 < declared.get(group, 0) < threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tally:
    """The true numbers of one question, before anything is left out."""

    total: Counts
    cells: tuple[Counts, ...]


def _tally(answers: Sequence[tuple[OwnGroup, Answer]], cells: Sequence[Cell]) -> _Tally:
    return _Tally(
        total=_counts([answer for _, answer in answers]),
        cells=tuple(_counts([answer for group, answer in answers if cell.holds(group)]) for cell in cells),
    )


def _counts(answers: Sequence[Answer]) -> Counts:
    yes = not_sure = no = 0
    for answer in answers:
        match answer:
            case Stance.YES | Choice.AGREE:
                yes += 1
            case Stance.NOT_SURE | Choice.NOT_SURE:
                not_sure += 1
            case Stance.NO | Choice.DISAGREE:
                no += 1
            case _:
                assert_never(answer)
    return Counts(yes=yes, not_sure=not_sure, no=no)


def _let_out(question: _Tally, threshold: int, *, twin: _Tally | None = None) -> Shown:
    """Leave out the cells below k, and the total if it would give them away.

    `twin` is the same question at the other time: stance and second stance.
    """
    # An empty cell is left out like a small one. Shown as 0, it would turn a total of
    # two people into two people of the only other cell.
    shown = [cell.total >= threshold for cell in question.cells]
    # Few change their mind between then and now, so a cell shown at the other time can
    # be subtracted as well, nearly as if it were shown here. Votes on two responses
    # answer two questions: subtracting one from the other tells nothing of anybody.
    known = shown
    if twin is not None:
        known = [here or cell.total >= threshold for here, cell in zip(shown, twin.cells, strict=True)]
    given_away = any(
        any(subtracted) and 0 < _rest(question, subtracted) < threshold for subtracted in (shown, known)
    )
    # With nothing to subtract, a total is not split by group, and any number may be shown.
    return Shown(
        total=None if given_away else question.total,
        cells=tuple(cell if here else None for cell, here in zip(question.cells, shown, strict=True)),
    )


def _rest(question: _Tally, subtracted: Sequence[bool]) -> int:
    """How many answers remain of the total. A rest of 0 tells of nobody; k or more are enough."""
    return sum(cell.total for cell, gone in zip(question.cells, subtracted, strict=True) if not gone)
