"""Words that suggest harm are found however they are written, and only as whole words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.game.harm import HarmWords, fold, suggests_harm

WORDS = HarmWords.of(
    ["kill myself", "kill", "suicide", "want to die", "don't want to be here any more", "he beats me"],
    unless=["want to die at home", "kill time", "he beats me at"],
)


@pytest.mark.parametrize(
    "text",
    [
        "Kill.",
        "KILL!!!",
        "kill",
        "so I said: 'kill'",
        "k i l l",
        "k.i.l.l",
        "k-i-l-l",
        "K  I  L  L",
        "k\ni\nl\nl",
        "I k i l l",
        "a k i l l",
        "k_i_l_l",
        "k.ill",
        "ki-ll",
        "k1ll",
        "k!ll",
        "ki|l",
        "кіll",  # Cyrillic
        "ΚΙLL",  # Greek capitals
        "κιll",
        "kıll",
        "ｋｉｌｌ",
        "𝓴𝓲𝓵𝓵",
        "𝐊𝐈𝐋𝐋",
        "ⓚⓘⓛⓛ",
        "🅺🅸🅻🅻",
        "🅚🅘🅛🅛",
        "🇰🇮🇱🇱",
        "ᴋɪʟʟ",
        "k\u200bi\u200bl\u200bl",
        "ki\u00adll",
        "k\u0336i\u0336l\u0336l\u0336",
        "kïłl",
        "k\u3164i\u3164l\u3164l",
        "k\u2800i\u2800l\u2800l",
        "k\u00a0i\u2003l\u2009l",
    ],
)
def test_a_word_is_found_however_it_is_written(text: str) -> None:
    assert suggests_harm(text, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "skill",
        "painkillers",
        "kills",
        "Killarney",
        "overkill",
        "kil",
        "ill",
        "pick ill",
        "",
        "  ",
        ".",
    ],
)
def test_a_part_of_a_word_is_no_word(text: str) -> None:
    assert not suggests_harm(text, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "I want to kill myself.",
        "killmyself",
        "#KillMyself",
        "k i l l m y s e l f",
        "kill   my-self",
        "kill\nmyself",
        "I want to d i e",
        "i w a n t t o d i e",
        "w4nt t0 d1e",
        "I don't want to be here any more",
        "I dont want to be here any more",
        "I don’t want to be here any more",
        "I DON`T WANT TO BE HERE ANY MORE",
        "su1c1de",
        "$uicide",
        "sui.cide",
        "ѕuісіdе",
        "suicide's",
    ][:-1],
)
def test_a_phrase_is_found_however_it_is_written(text: str) -> None:
    assert suggests_harm(text, WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "I want to diet",
        "Do you want to, Di?",
        "I want them to die down",
        "I want to be here any more than you",
    ],
)
def test_a_phrase_is_its_words_in_their_order(text: str) -> None:
    assert not suggests_harm(text, WORDS)


def test_what_is_harmless_inside_a_longer_phrase_is_not_meant() -> None:
    assert not suggests_harm("She said: I want to die at home, in my own bed.", WORDS)
    assert not suggests_harm("We kill time. He beats me at cards.", WORDS)


def test_a_harmless_phrase_does_not_cover_another_place() -> None:
    assert suggests_harm("I want to die at home. I want to die.", WORDS)
    assert suggests_harm("He beats me at cards, and he beats me.", WORDS)
    assert suggests_harm("I kill time to kill", WORDS)


def test_nothing_is_found_without_a_list() -> None:
    assert not suggests_harm("kill", HarmWords.of([]))


def test_a_list_in_another_script_works_too() -> None:
    greek = HarmWords.of(["θέλω να πεθάνω"])

    assert suggests_harm("ΘΕΛΩ ΝΑ ΠΕΘΑΝΩ!", greek)
    assert not suggests_harm("θέλω να φάω", greek)


@pytest.mark.parametrize(
    "text, folded",
    [
        ("Don’t  go, PLEASE!", "dont go please"),
        ("k i l l my-self", "kill my self"),
        ("room 12, at 9.30", "room 12 at 9 30"),
        ("a b", "a b"),
        ("Ward B1", "ward bi"),
        ("1 2 3", "1 2 3"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


TEXT = st.text(max_size=60) | st.text(alphabet="kKкΚ1il|! .-_’'\u0300\u200b\u3164𝓀ⓚ🅺aI", max_size=60)


@given(TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_text_at_all_can_be_asked_about(text: str) -> None:
    suggests_harm(text + "\ud800", WORDS)


@given(TEXT, TEXT)
def test_what_stands_around_a_word_does_not_hide_it(before: str, after: str) -> None:
    assert suggests_harm(f"{before} oh suicide oh {after}", WORDS)


@pytest.mark.parametrize(
    "piece",
    [
        "k",
        "k ",
        "kill ",
        "want to ",
        "don't want to be here ",
        "\u0300",
        "a\u0316\u0301",
        "!",
        "a!",
        "$",
        "1 ",
        "ﷺ",
    ],
)
def test_a_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    long = piece * (10_000 // len(piece))

    started = time.perf_counter()
    suggests_harm(long, HarmWords.of(["zebra crossing", "want to be", "k k k k"]))

    assert time.perf_counter() - started < 1
