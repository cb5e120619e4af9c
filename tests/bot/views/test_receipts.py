"""Receipts: who will see it and when, in few words, with what can be done next."""

from __future__ import annotations

from typing import get_args

from bot.game import moves
from bot.game.model import Policy, ResponseId
from bot.views import receipts
from tests.builders import a_response, a_round
from tests.gallery.plain import buttons, words
from tests.gallery.views import RECEIPTS

SENT = moves.Respond(id=ResponseId("p"), words="Ask him.")
MINE = {"response": a_response("Ask him.")}
BEFORE = "Moderators cannot see who wrote this. The program can pass you a note until it closes."


def test_every_move_has_a_receipt_in_the_gallery() -> None:
    assert {type(move) for _, move in RECEIPTS.values()} == set(get_args(moves.Move))


def test_a_response_is_seen_by_all_at_the_reveal() -> None:
    receipt = receipts.receipt(a_round(mine=MINE), SENT)

    assert "All responses open together, mixed up and without names: Tue 8 June 12:00." in words(receipt)
    assert BEFORE in words(receipt)
    assert buttons(receipt) == ["Change it", "Take it back", "Tell me when it opens"]


def test_after_you_can_vote_at_once_and_be_told_nothing_later() -> None:
    receipt = receipts.receipt(a_round(policy=Policy.AFTER_YOU, mine=MINE), SENT)

    assert buttons(receipt) == ["Vote", "Add second thoughts", "Take it back"]
    assert BEFORE in words(receipt)


def test_a_form_in_an_open_round_is_posted_with_others_without_a_name() -> None:
    receipt = receipts.receipt(a_round(policy=Policy.OPEN, mine=MINE), SENT)

    assert "posted together with others, without your name: Wed 9 June 12:00." in words(receipt)


def test_who_asked_to_be_told_may_change_their_mind() -> None:
    receipt = receipts.receipt(a_round(mine={**MINE, "tell_me": True}), moves.TellMe())

    assert buttons(receipt) == ["Do not tell me"]


def test_sending_the_same_words_again_after_you_is_no_second_thought() -> None:
    receipt = receipts.receipt(a_round(policy=Policy.AFTER_YOU, mine=MINE), SENT)

    assert "second thoughts" not in words(receipt)
