"""The ballot: one response at a time, with one's own choices pressed and nobody else's shown."""

from __future__ import annotations

from bot.actions import Action, Verb, read
from bot.game.model import CardKind, Choice, Phase, ResponseId, Stance
from bot.messages import Button, Buttons, Message
from bot.views import ballot
from tests.builders import a_card, a_response, a_round
from tests.gallery.plain import buttons, words

ASK_HIM = a_response("Ask him.", place=4)


def row(message: Message) -> list[Button]:
    """All buttons, in order."""
    return [each for block in message.blocks if isinstance(block, Buttons) for each in block.buttons]


def test_three_choices_a_lightbulb_and_the_way_on() -> None:
    voting = a_round(phase=Phase.VOTING)
    one = ballot.ballot(voting, ASK_HIM, number=3, of=12, lightbulbs_left=3)

    assert [read(each.action) for each in row(one)] == [
        Action(Verb.CAST, "r1", "p4", "agree"),
        Action(Verb.CAST, "r1", "p4", "not_sure"),
        Action(Verb.CAST, "r1", "p4", "disagree"),
        Action(Verb.LIGHTBULB, "r1", "p4"),
        Action(Verb.NEXT, "r1", "p4"),
        Action(Verb.DONE, "r1"),
    ]
    assert [each.pressed for each in row(one)] == [False, False, False, False, None, None]


def test_choices_made_are_pressed_and_a_lightbulb_can_be_taken_back() -> None:
    mine = {"choices": {ResponseId("p4"): Choice.NOT_SURE}, "lightbulbs": frozenset({ResponseId("p4")})}
    voted = a_round(phase=Phase.VOTING, mine=mine)
    one = ballot.ballot(voted, ASK_HIM, number=3, of=12, lightbulbs_left=0)

    assert [each.pressed for each in row(one)] == [False, True, False, True, None, None]
    assert read(row(one)[3].action).verb is Verb.TAKE_LIGHTBULB


def test_without_lightbulbs_left_there_is_none_to_press() -> None:
    voting = a_round(phase=Phase.VOTING)
    one = ballot.ballot(voting, ASK_HIM, number=3, of=12, lightbulbs_left=0)

    assert buttons(one) == ["Agree", "Not sure", "Disagree", "Next response", "Done"]
    assert "All your lightbulbs are given." in words(one)


def test_a_ballot_does_not_say_whose_shoes_or_who() -> None:
    one = ballot.ballot(a_round(phase=Phase.VOTING), ASK_HIM, number=1, of=1, lightbulbs_left=3)

    assert "shoes" not in words(one)


def test_the_ballot_ends_with_the_same_question_again() -> None:
    moved = a_round(phase=Phase.VOTING, mine={"stance": Stance.YES, "second_stance": Stance.NO})
    last = ballot.second_stance(moved)

    assert "And now: would a family carer say this is true here?" in words(last)
    assert "At the start you said: Yes." in words(last)
    assert [each.pressed for each in row(last)] == [False, False, True]


def test_the_end_offers_a_pledge_and_the_way_back() -> None:
    poem = a_round(phase=Phase.VOTING, card=a_card(kind=CardKind.CREATIVE))

    assert buttons(ballot.ballot_done(poem)) == ["Make a pledge", "Vote"]
