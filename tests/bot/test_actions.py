"""Buttons: what is written on them can be read again, and nothing else can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import LENGTH, Action, NotAnAction, Verb, read, write

IDS = st.text("abcXYZ019-_", max_size=22)


@given(st.sampled_from(Verb), IDS, IDS, IDS)
def test_what_was_written_is_read_again(verb: Verb, round: str, about: str, value: str) -> None:
    action = Action(verb, round, about, value)

    assert read(write(action)) == action


@pytest.mark.parametrize(
    "action",
    [
        Action(Verb.VOTE, "r.1"),
        Action(Verb.VOTE, "r1."),
        Action(Verb.VOTE, "r1", "."),
        Action(Verb.CAST, "r1", "p1", "agree."),
        Action(Verb.VOTE, "r" * LENGTH),
    ],
)
def test_an_id_that_would_break_a_button_is_a_mistake_of_ours(action: Action) -> None:
    with pytest.raises(AssertionError):
        write(action)


@pytest.mark.parametrize(
    "text", ["", "dance", "vote.r 1", "vote.a.b.c.d", "vote.\u00e9", "VOTE.r1", "vote." + "r" * LENGTH]
)
def test_what_no_button_says_is_no_action(text: str) -> None:
    with pytest.raises(NotAnAction):
        read(text)
