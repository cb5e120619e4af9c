"""Plain language: how sentences, words and syllables are counted, and what is said about them."""

from __future__ import annotations

import pytest

from content.plain import plain_language, reading_grade, sentences, syllables, words

RULES = plain_language()

# Counted by hand, as the words are said in everyday British English.
SPOKEN = {
    1: "a I the she me through asked walked helped changed tried called homes likes eyes years shoes whose "
    "friend queue league mum's don't can't they're I've whole clothes smiled dressed",
    2: "people carer nurses changes houses table little bottles handled wanted safely lonely movement "
    "something sometimes nothing someone quiet poem going saying flying patient social couldn't it'll "
    "evening business Wednesday colleague centre muscles fashion prayer mobile tablet",
    3: "every family different hospital beautiful idea area radio video serious anyone everything theatre "
    "animal decided visited usually vegetable earlier behaviour neighbourhood holiday dementia appointment",
    4: "everybody community January experience society information appropriate ordinary understanding",
    5: "university communication organisation accommodation co-operation",
}


@pytest.mark.parametrize("count", SPOKEN)
def test_syllables_are_counted_as_they_are_said(count: int) -> None:
    counted = {word: syllables(word, RULES.exceptions) for word in SPOKEN[count].split()}

    assert counted == dict.fromkeys(SPOKEN[count].split(), count)


ODD = {
    "NHS": 3,
    "GPs": 2,
    "A&E": 3,
    "N.H.S.": 3,
    "BBC's": 3,
    "WC": 4,
    "999": 3,
    "3rd": 2,
    "X-ray": 2,
    "face-to-face": 3,
    "mother-in-law": 4,
    "café": 2,
    "naïve": 2,
    "nurse’s": 2,
    "日本": 1,
}


@pytest.mark.parametrize("written", ODD)
def test_acronyms_are_spelled_out_and_odd_words_are_counted_somehow(written: str) -> None:
    (word,) = words(written)

    assert syllables(word, RULES.exceptions) == ODD[written]


def test_an_exception_goes_for_the_plural_and_the_possessive_too() -> None:
    assert [syllables(word, {"zyx": 4}) for word in ("zyx", "Zyx's", "zyxes")] == [4, 5, 2]
    assert [syllables(word, {"recipe": 3}) for word in ("recipes", "recipe's")] == [3, 3]


@pytest.mark.parametrize(
    "text, parts",
    [
        ("I am here. You are not.", ["I am here.", "You are not."]),
        ("Really?! Yes… No.", ["Really?!", "Yes…", "No."]),
        ("“Where is he?” she asks. He is out.", ["“Where is he?” she asks.", "He is out."]),
        ("He said “No.” Then he left.", ["He said “No.", "Then he left."]),
        ("Dr. Khan and Mrs. Bell come at 9.30 today.", ["Dr. Khan and Mrs. Bell come at 9.30 today."]),
        ("I am not… not sure yet.", ["I am not… not sure yet."]),
        ("One line\nwrapped by hand.", ["One line\nwrapped by hand."]),
        ("My mind is a sea\nMy hand is a boat", ["My mind is a sea", "My hand is a boat"]),
        ("First:\n- tea\n- a chat", ["First:", "- tea", "- a chat"]),
        ("One\n\ntwo", ["One", "two"]),
        ("… ! – 🙂", []),
        ("", []),
    ],
)
def test_a_text_falls_into_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@pytest.mark.parametrize(
    "text, parts",
    [
        ("Tea and/or coffee – “now”?", ["Tea", "and", "or", "coffee", "now"]),
        ("A well-known face…and a smile", ["A", "well-known", "face", "and", "a", "smile"]),
        ("It’s 'fine' (really)!", ["It's", "fine", "really"]),
        ("R&B at 24/7 & more", ["R&B", "at", "24", "7", "more"]),
    ],
)
def test_a_sentence_falls_into_words(text: str, parts: list[str]) -> None:
    assert words(text) == parts


def test_the_grade_is_flesch_and_kincaids() -> None:
    # "The cat sat on the mat.": 6 words, 1 sentence, 6 syllables.
    assert reading_grade(6, 1, 6) == -1.4
    assert reading_grade(100, 5, 150) == 9.9


def test_a_sentence_of_20_words_passes_and_one_of_21_does_not() -> None:
    assert [*RULES.about_text(" ".join(["tea"] * 20) + ".")] == []
    assert [*RULES.about_text(" ".join(["tea"] * 21) + ".")] == [
        "this sentence has 21 words; please keep to 20: 'tea tea tea tea tea tea tea tea tea tea…'"
    ]


@pytest.mark.parametrize(
    "text, said",
    [
        (
            "Please be appropriate.",
            "'appropriate' has more than three syllables; try a shorter word, or add it to the gloss list",
        ),
        (
            "Our inter-organisational team.",
            "'organisational' has more than three syllables; try a shorter word, or add it to the gloss list",
        ),
        ("Ask the MDT's lead.", "'MDT' looks like an acronym; write it out, or add it to the gloss list"),
        ("Ask the M.D.T. lead.", "'MDT' looks like an acronym; write it out, or add it to the gloss list"),
        ("He suffers from dementia.", "please say 'lives with dementia' rather than 'suffers from dementia'"),
        ("Three 'Bed-blockers' on my ward.", "please say 'older people, or a person waiting to go home' "
         "rather than 'bed blocker'"),
        ("She Committed\n  suicide.", "please say 'die by suicide' rather than 'committed suicide'"),
    ],
)  # fmt: skip
def test_hard_and_unkind_words_are_named_kindly(text: str, said: str) -> None:
    assert [*RULES.about_text(text)] == [said]


@pytest.mark.parametrize(
    "text",
    [
        "My GP and the NHS.",
        "Two communities, and the community's own hall.",
        "A face-to-face talk with my mother-in-law.",
        "I put away the plates and suffer my sister's jokes.",
        "I am OK.",
        "",
    ],
)
def test_plain_and_glossed_words_are_left_alone(text: str) -> None:
    assert [*RULES.about_text(text)] == []


def test_a_word_is_named_once_in_a_text() -> None:
    assert len([*RULES.about_text("Appropriately appropriate. Most appropriate. Appropriate!")]) == 3


def test_the_texts_of_a_card_are_judged_together() -> None:
    long = "I sit at the big old desk in the hall and wait for the bus."  # 15 words
    short = "I wait."

    assert [*RULES.about_card([long])] == []
    assert [*RULES.about_card([long + " " + long.replace("bus", "big bus")])] == [
        "its sentences have 15.5 words on average; please keep to 15"
    ]
    assert [*RULES.about_card([long.replace("bus", "big bus"), short, ""])] == []
    assert [*RULES.about_card([])] == []


def test_a_card_that_reads_like_a_report_is_told_its_grade() -> None:
    (said,) = RULES.about_card(["Several managers considered various solutions regarding hospital services."])

    assert said == "it reads at school grade 22.9; please use shorter words or sentences, up to grade 6"


def test_the_gloss_explains_itself_in_plain_words() -> None:
    meanings = [*RULES.gloss.words.values(), *RULES.gloss.acronyms.values()]

    assert [said for meaning in meanings for said in RULES.about_text(meaning)] == []


def test_what_to_say_instead_is_plain_and_kind() -> None:
    assert [said for instead in RULES.unkind.values() for said in RULES.about_text(instead)] == []


def test_the_gloss_holds_only_words_that_need_it() -> None:
    limit = RULES.limits.syllables_in_a_word

    assert [word for word in RULES.gloss.words if syllables(word, RULES.exceptions) <= limit] == []


def test_the_exceptions_hold_only_words_that_the_rules_get_wrong() -> None:
    assert [word for word, count in RULES.exceptions.items() if syllables(word, {}) == count] == []
