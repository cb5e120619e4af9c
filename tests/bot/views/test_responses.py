"""How responses look: pages by place, labels that do not give anybody away, removed words gone."""

from __future__ import annotations

from bot.game.model import Ending, Phase, Policy, Stance
from bot.messages import Message, Quote, Theirs
from bot.views import responses
from tests.builders import ADA, a_response, a_round, a_standing
from tests.gallery.plain import buttons, plain, text

VOTING = a_round(phase=Phase.VOTING)
TWELVE = a_standing(*(a_response(f"Number {place}.", place=place) for place in range(1, 13)))


def labels(page: Message) -> list[str]:
    """What stands above each response."""
    return [text(block.label) for block in page.blocks if isinstance(block, Quote)]


def test_five_to_a_page_in_the_order_of_their_places() -> None:
    page = responses.page(VOTING, TWELVE, 2)

    assert "Responses 6 to 10 of 12" in plain(page)
    assert labels(page) == [f"{place}. In the shoes of a family carer" for place in range(6, 11)]


def test_a_page_does_not_move_when_a_response_goes() -> None:
    without = a_standing(*(each for each in TWELVE.responses if each.place != 2), writers=11)

    assert labels(responses.page(VOTING, without, 3)) == labels(responses.page(VOTING, TWELVE, 3))


def test_removed_words_say_so_and_are_not_shown() -> None:
    removed = a_response("My neighbour Tom", second_thoughts="Tom again", place=1, removed=True)
    page = plain(responses.page(VOTING, a_standing(removed), 1))

    assert "These words were removed." in page
    assert "Tom" not in page


def test_with_fewer_than_three_writers_labels_do_not_help_to_guess() -> None:
    one, two = a_response(place=1), a_response(place=2)

    assert labels(responses.page(VOTING, a_standing(one, two), 1)) == ["Response 1", "Response 2"]
    assert labels(responses.page(VOTING, a_standing(one, two, writers=3), 1)) == [
        "1. In the shoes of a family carer",
        "2. In the shoes of a family carer",
    ]


def test_an_open_round_keeps_its_labels() -> None:
    closed = a_round(policy=Policy.OPEN, phase=Phase.CLOSED, ending=Ending.FINISHED)

    assert labels(responses.page(closed, a_standing(a_response(place=1)), 1)) == [
        "1. In the shoes of a family carer"
    ]


def test_thread_replies_are_in_the_thread_and_not_on_the_pages() -> None:
    closed = a_round(policy=Policy.OPEN, phase=Phase.CLOSED, ending=Ending.FINISHED)
    named = a_response("I was there.", author=ADA, author_name="Ada")

    assert labels(responses.page(closed, a_standing(named, a_response(place=1)), 1)) == [
        "1. In the shoes of a family carer"
    ]


def test_second_thoughts_stand_beside_the_first() -> None:
    both = a_response("First.", second_thoughts="Second.", place=1)
    (quote,) = [b for b in responses.page(VOTING, a_standing(both), 1).blocks if isinstance(b, Quote)]

    assert quote.words == (Theirs("First."),)
    assert [text(remark) for remark in quote.remarks] == ["Second thoughts: «Second.»"]


def test_an_example_says_that_it_is_one() -> None:
    example = a_response(place=1, example=True)

    assert labels(responses.page(VOTING, a_standing(example), 1)) == ["Response 1 (example)"]


def test_five_hundred_characters_are_shown_whole_and_one_more_is_cut() -> None:
    whole, cut = "a" * 500, "b" * 501
    page = plain(responses.page(VOTING, a_standing(a_response(whole, place=1), a_response(cut, place=2)), 1))

    assert f"«{whole}»\n" in page
    assert f"«{'b' * 500}»…\n  (Shown in part. The rest is in the thread.)" in page


def test_the_pages_of_a_card_that_was_taken_back_are_emptied() -> None:
    taken_back = a_round(phase=Phase.CLOSED, ending=Ending.TAKEN_BACK)

    assert "Number" not in plain(responses.page(taken_back, TWELVE, 1))


def test_one_s_own_response_can_be_changed_and_taken_back_while_responding() -> None:
    mine = {"response": a_response(), "stance": Stance.YES}

    assert buttons(responses.own(a_round(mine=mine))) == [
        "Change it",
        "Take it back",
        "Tell me when it opens",
    ]
    assert buttons(responses.own(a_round(mine=mine, phase=Phase.VOTING))) == []
    assert buttons(responses.own(a_round(mine=mine, policy=Policy.AFTER_YOU))) == [
        "Add second thoughts",
        "Take it back",
    ]
