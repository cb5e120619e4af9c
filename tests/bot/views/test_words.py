"""Gaps are filled with parts, and nobody's words can become anything else than words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.game.model import RoundId
from bot.messages import Day, Ours, Theirs, ToRound, When
from bot.views import words
from bot.views.words import capital, plain, say, string, theirs
from tests.builders import NOON


@given(st.text(st.characters()))  # lone surrogates and private use characters, too
def test_any_words_of_a_player_come_back_as_one_part_of_theirs(typed: str) -> None:
    said = say("pledge-label", name=Theirs(typed), by=Day(NOON.date()))

    assert said == (Theirs(typed), Ours(" will, by "), Day(NOON.date()))


@pytest.mark.parametrize(
    "typed",
    ["{ $by }", "{{7*7}}", "%s %(by)s", "{-brand}", '{ "a" }', "\ue000\ue001", "\u2068", "shoes-carer =", ""],
)
def test_what_looks_like_syntax_is_words(typed: str) -> None:
    assert say("someone") == (Ours("Someone"),)
    assert say("response-second", words=Theirs(typed)) == (Ours("Second thoughts: "), Theirs(typed))


def test_a_character_of_ours_inside_their_words_fills_no_gap() -> None:
    said = say("pledge-label", name=Theirs("\ue001"), by=Theirs("\ue000"))

    assert said == (Theirs("\ue001"), Ours(" will, by "), Theirs("\ue000"))


def test_their_words_may_not_come_in_as_ours() -> None:
    with pytest.raises(AssertionError, match="use Theirs"):
        say("own-stance", stance="\ue000")


def test_every_kind_of_part_fills_a_gap() -> None:
    link = ToRound("Go to the card", RoundId("r1"))

    assert say("line-revealed", closes=When(NOON), link=link) == (
        Ours("All responses are in the thread now. You can vote until "),
        When(NOON),
        Ours(". "),
        link,
    )


def test_a_text_in_a_gap_keeps_its_parts() -> None:
    label = (Ours("3. "), Theirs("a neighbour"))

    assert say("response-example", label=label) == (Ours("3. "), Theirs("a neighbour"), Ours(" (example)"))


def test_one_message_said_again_with_other_parts_is_not_the_one_before() -> None:
    for name in ("Ada", "Ben"):
        said = say("pledge-label", name=Theirs(name), by=Day(NOON.date()))
        assert said == (Theirs(name), Ours(" will, by "), Day(NOON.date()))


def test_a_number_chooses_the_variant() -> None:
    assert plain("length-days", count=1) == "One day"
    assert plain("length-days", count=2) == "2 days"


def test_a_line_break_in_the_word_list_is_a_space_on_the_screen() -> None:
    assert "\n" not in plain("form-frozen")


def test_a_label_can_hold_a_pack_s_words_but_no_moment() -> None:
    assert plain("form-stance", shoes=Theirs("{ x }")) == "Would { x } say this is true here?"
    with pytest.raises(AssertionError, match="a moment"):
        plain("times-voting", closes=When(NOON))


def test_an_unknown_id_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="no such message: nonsense"):
        say("nonsense")


def test_a_forgotten_gap_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError, match="pledge-label"):
        say("pledge-label", name=Theirs("Ada"))


def test_a_line_begins_with_a_capital_and_a_person_s_words_are_left_alone() -> None:
    assert capital((Ours("people"), Theirs("x"))) == (Ours("People"), Theirs("x"))
    assert capital(theirs("a neighbour")) == theirs("a neighbour")
    assert string(capital(())) == ""


# --- other languages ---------------------------------------------------------------------


@pytest.fixture
def welsh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Welsh word list of one message, beside the English one."""
    (tmp_path / "en").symlink_to(words.LOCALE / "en")
    (tmp_path / "cy").mkdir()
    (tmp_path / "cy" / "names.ftl").write_text("stance-yes = Ydy\n", encoding="utf-8")
    monkeypatch.setattr(words, "LOCALE", tmp_path)
    remembered = (words._load, words._languages, words._speaking)
    for each in remembered:
        each.cache_clear()
    token = words.language.set("cy")
    yield
    words.language.reset(token)
    for each in remembered:
        each.cache_clear()


@pytest.mark.usefixtures("welsh")
def test_a_language_is_a_folder_and_what_it_lacks_is_said_in_english() -> None:
    assert plain("stance-yes") == "Ydy"
    assert plain("stance-no") == "No"


@pytest.mark.usefixtures("welsh")
def test_a_language_we_do_not_have_is_english() -> None:
    words.language.set("../en")

    assert plain("stance-yes") == "Yes"
