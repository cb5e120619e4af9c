"""The recap: common ground and differences by group, and no more than the threshold lets out."""

from __future__ import annotations

from bot.game.insight import Cell, Shown
from bot.game.model import Ending, Group, Phase, Policy, ResponseId, Round
from bot.game.standing import Standing
from bot.messages import Bar, Quote, Tally
from bot.views import names, recap
from tests.builders import a_count, a_pledge, a_response, a_round, a_standing, counts, some_cells
from tests.gallery.plain import buttons, text, words

CLOSED = a_round(phase=Phase.CLOSED, ending=Ending.FINISHED)
CARERS = Cell(groups=(Group.CARERS,))
STAFF = Cell(groups=(Group.STAFF,))
ASK_HIM, WAIT, SMILE, RING = (
    a_response(said, place=place) for place, said in enumerate(("Ask him.", "Wait.", "Smile.", "Ring."), 1)
)
P1, P2, P3, P4 = (ResponseId(f"p{place}") for place in range(1, 5))


def read(standing: Standing, round: Round = CLOSED) -> str:
    """What the recap says."""
    return words(recap.recap(round, standing))


def bars(standing: Standing) -> list[Bar]:
    """The bars of the recap's tallies, in order."""
    blocks = recap.recap(CLOSED, standing).blocks
    return [bar for block in blocks if isinstance(block, Tally) for bar in block.bars]


def part(said: str, heading: str) -> str:
    """What stands under one heading."""
    return said.split(f"# {heading}\n", 1)[1].split("\n#", 1)[0]


def test_an_empty_round_is_fine() -> None:
    said = read(a_standing(cells=some_cells()))

    assert "Nobody wrote this time. That is fine." in said
    assert "Common ground" not in said
    assert "not even us" not in said


def test_groups_are_named_by_plain_words() -> None:
    assert text(names.groups((Group.PEOPLE,))) == "people who use services"
    assert text(names.groups((Group.CARERS, Group.STAFF))) == "carers, and staff and providers"
    assert text(names.groups((Group.PEOPLE, Group.CARERS, Group.DECIDERS))) == (
        "people who use services, carers, and decision makers"
    )
    assert text(names.groups((), undeclared=True)) == "people who did not say"


def test_then_and_now_are_side_by_side_for_each_cell() -> None:
    cells = some_cells(
        CARERS,
        STAFF,
        stance=Shown(total=counts(6, 2, 4), cells=(counts(5, 0, 1), counts(1, 2, 3))),
        second_stance=Shown(total=counts(8, 2, 2), cells=(counts(5, 0, 1), counts(3, 2, 1))),
    )
    said = [(text(bar.label), text(bar.value), bar.share) for bar in bars(a_standing(cells=cells))]

    assert said == [
        ("Everybody", "50% yes, 17% not sure, 33% no (12 people)", 0.5),
        ("Carers", "83% yes, 17% no (6 people)", 0.83),
        ("Staff and providers", "17% yes, 33% not sure, 50% no (6 people)", 0.17),
        ("Everybody", "67% yes, 17% not sure, 17% no (12 people)", 0.67),
        ("Carers", "83% yes, 17% no (6 people)", 0.83),
        ("Staff and providers", "50% yes, 33% not sure, 17% no (6 people)", 0.5),
    ]


def test_a_bar_does_not_tell_what_the_words_keep_back() -> None:
    def share(yes: int) -> float:
        shown = Shown(total=counts(30, 0, 0), cells=(counts(yes, 0, 20 - yes), counts(10, 0, 0)))
        return bars(a_standing(cells=some_cells(CARERS, STAFF, stance=shown)))[1].share

    assert share(20) == share(19)
    assert share(0) == share(1)


def test_what_the_threshold_keeps_back_has_no_number_and_no_bar() -> None:
    shown = Shown(total=None, cells=(counts(5, 0, 1), None))
    said = bars(a_standing(cells=some_cells(CARERS, STAFF, stance=shown)))

    assert (text(said[0].value), said[0].share) == ("left out, to protect a small group", 0.0)
    assert (text(said[2].value), said[2].share) == ("too few to show", 0.0)


def test_a_small_round_is_counted_in_people() -> None:
    said = bars(a_standing(cells=some_cells(stance=Shown(total=counts(3, 1, 0)))))

    assert [(text(bar.label), text(bar.value)) for bar in said] == [("Everybody", "3 yes, 1 not sure, 0 no")]


def test_common_ground_is_agreed_in_every_shown_group_in_the_order_that_is_kept() -> None:
    cells = some_cells(
        CARERS,
        STAFF,
        responses=(
            a_count(P3, counts(12, 0, 0), counts(6, 0, 0), counts(6, 0, 0)),
            a_count(P2, counts(8, 0, 4), counts(4, 0, 2), counts(4, 0, 2)),
            a_count(P1, counts(7, 0, 5), counts(3, 0, 3), counts(4, 0, 2)),
        ),
    )
    common = part(read(a_standing(ASK_HIM, WAIT, SMILE, cells=cells)), "Common ground")

    assert "Ask him." not in common
    assert common.index("Smile.") < common.index("Wait.")
    assert "In every group we can show, at least 6 in 10 agree with this." in common


def test_where_groups_differ_they_are_named() -> None:
    cells = some_cells(
        CARERS, STAFF, responses=(a_count(P1, counts(6, 0, 6), counts(5, 0, 1), counts(1, 0, 5)),)
    )
    differ = part(read(a_standing(ASK_HIM, cells=cells)), "Where groups differ")

    assert "(Carers: mostly agree)" in differ
    assert "(Staff and providers: mostly disagree)" in differ


def test_a_cell_that_is_kept_back_is_on_no_side() -> None:
    cells = some_cells(CARERS, STAFF, responses=(a_count(P1, None, counts(3, 0, 3), None),))
    differ = part(read(a_standing(ASK_HIM, cells=cells)), "Where groups differ")

    assert "(Carers: split both ways)" in differ
    assert "Staff" not in differ


def test_lightbulbs_stand_with_the_words_that_earned_them() -> None:
    cells = some_cells(
        responses=(
            a_count(P1, counts(0, 3, 0), lightbulbs=1),
            a_count(P2, counts(0, 3, 0), lightbulbs=2),
            a_count(P3, counts(0, 3, 0)),
        )
    )
    moved = part(read(a_standing(ASK_HIM, WAIT, SMILE, cells=cells)), "Words that changed how we see it")

    assert "Response 2\n  | «Wait.»\n  (💡 2 lightbulbs)" in moved
    assert "Response 1\n  | «Ask him.»\n  (💡 One lightbulb)" in moved
    assert "Smile." not in moved


def test_no_response_is_quoted_twice() -> None:
    cells = some_cells(responses=(a_count(P1, counts(5, 0, 0), lightbulbs=3),))

    assert read(a_standing(ASK_HIM, cells=cells)).count("Ask him.") == 1


def test_removed_words_are_in_no_recap() -> None:
    removed = a_response("Tom next door", place=1, removed=True)
    cells = some_cells(responses=(a_count(P1, counts(5, 0, 0), lightbulbs=3),))
    said = read(a_standing(removed, cells=cells))

    assert "Tom" not in said
    assert "Common ground" not in said


def test_three_to_a_part_are_enough() -> None:
    four = (ASK_HIM, WAIT, SMILE, RING)
    cells = some_cells(responses=tuple(a_count(each.id, counts(5, 0, 0)) for each in four))
    blocks = recap.recap(CLOSED, a_standing(*four, cells=cells)).blocks

    assert len([block for block in blocks if isinstance(block, Quote)]) == 1 + 3  # the card, and three


def test_who_was_not_heard_is_said_by_group() -> None:
    cells = some_cells(not_yet_heard=(Group.PEOPLE, Group.DECIDERS))

    assert "Not yet heard from: people who use services, and decision makers." in read(
        a_standing(ASK_HIM, cells=cells)
    )


def test_what_comes_next_is_there_with_its_buttons() -> None:
    message = recap.recap(CLOSED, a_standing(ASK_HIM, cells=some_cells(), pledges=(a_pledge(),)))

    assert "What is already strong here?" in words(message)
    assert "«sit down before I start to talk»" in words(message)
    assert buttons(message) == ["Join in with pledge 1", "Make a pledge"]


def test_the_promise_of_the_close_is_made_where_it_holds() -> None:
    open = a_round(policy=Policy.OPEN, phase=Phase.CLOSED, ending=Ending.FINISHED)
    standing = a_standing(ASK_HIM, cells=some_cells())

    assert "Nobody can tell who wrote this, not even us." in read(standing)
    assert "Nobody can tell who wrote this" not in read(standing, open)
