"""Refusals: one clear and kind sentence or two for each, and never a dead end."""

from __future__ import annotations

import pytest

from bot.game.refusals import MoveRefused, TooLong, VotingNotOpen
from bot.messages import When
from bot.views import refusals
from tests.builders import NOON
from tests.gallery.plain import text, words
from tests.gallery.views import refused


@pytest.mark.parametrize("error", list(refused()), ids=lambda error: type(error).__name__)
def test_every_refusal_has_words_of_its_own(error: MoveRefused) -> None:
    said = words(refusals.refusal(error))

    assert len(said.split()) >= 4
    others = [words(refusals.refusal(each)) for each in refused() if type(each) is not type(error)]
    assert said not in others


def test_no_refusal_has_kinds_of_its_own_that_nobody_words() -> None:
    assert [kind for each in MoveRefused.__subclasses__() for kind in each.__subclasses__()] == []


def test_a_refusal_without_words_is_a_mistake_of_ours() -> None:
    class NewRefusal(Exception):
        pass

    with pytest.raises(AssertionError, match="no words for NewRefusal"):
        refusals.problem(NewRefusal())  # type: ignore[arg-type]  # a refusal nobody has worded yet


def test_too_early_says_when() -> None:
    assert When(NOON) in refusals.problem(VotingNotOpen(NOON))


def test_too_long_says_how_long_and_how_much_fits() -> None:
    assert text(refusals.problem(TooLong(length=1612, limit=500))) == (
        "This is 1,612 characters long. There is room for 500. Please make it a little shorter."
    )


def test_a_button_for_nothing_here_says_the_same_whatever_it_was() -> None:
    assert words(refusals.unknown()) == (
        "This button is not for a card here. It may be from an old card. Please look for the newest one."
    )
