"""Each refusal of a content file: the words, the file, the line and the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.findings import ContentRefused
from content.packs import load_packs
from tests.content.builders import DECK, PACK, TEA, a_pack, changed, refused


def test_a_short_statement_is_named_with_its_file_line_and_place(tmp_path: Path) -> None:
    deck = changed(DECK, "The kettle sings, and so do I.", "Tea!")

    assert refused(a_pack(tmp_path, tea=deck)) == [
        "packs/ours/decks/tea.yaml, line 27: card 2, statement: please write at least 10 characters"
    ]


EFFECT = "    effect: remove\n"  # line 10; what a story adds after it is in line 11


@pytest.mark.parametrize(
    "before, after, said",
    [
        ("about: Cards about tea.\n", "", "line 1: about: please add this key"),
        ("about: Cards about tea.", "about:", "line 3: about: please write a few words"),
        ("about: Cards about tea.", 'about: "   "', "line 3: about: please write a few words"),
        (
            "about: Cards about tea.",
            "about: [x]",
            "line 3: about: please write text here, not a list or keys",
        ),
        (
            "What would help?",
            "W" * 141,
            "line 8: card 1, question: please keep to 140 characters; this has 141",
        ),
        (
            "id: tea-round",
            "id: Tea Round",
            "line 5: card 1, id: please use small letters, digits and single hyphens, like 'first-weeks', "
            "not 'Tea Round'",
        ),
        (
            "outcome: listened-to",
            "outcome: heard",
            "line 9: card 1, outcome: please choose one of listened-to, real-choice, information, belong, "
            "safe, time-and-support or joined-up, not 'heard'",
        ),
        (
            "stance: not_sure",
            "stance: maybe",
            "line 19: card 1, voice 3, stance: please choose one of yes, not_sure or no, not 'maybe'",
        ),
        (
            "        stance: not_sure\n",
            "",
            "line 18: card 1, voice 3, stance: please add a stance: yes, not_sure or no",
        ),
        (
            EFFECT,
            EFFECT + "    zzz: 1\n",
            "line 11: card 1, zzz: I do not know the key 'zzz'. Known here: id, perspective, kind, "
            "statement, question, plain, outcome, effect, topics, frameworks, content_note, "
            "facilitator_note, media, voices",
        ),
        (
            EFFECT,
            EFFECT + "    topics: [a, b, c, d, e]\n",
            "line 11: card 1, topics: please keep to 4; there are 5",
        ),
        (
            EFFECT,
            EFFECT + "    topics: tea\n",
            "line 11: card 1, topics: please write a list here: lines that start with '- '",
        ),
        (
            EFFECT,
            EFFECT + "    topics:\n    - tea\n    - Not A Slug\n",
            "line 13: card 1, topic 2: please use small letters, digits and single hyphens, like "
            "'first-weeks', not 'Not A Slug'",
        ),
        (
            EFFECT,
            EFFECT + "    media: tea.png\n",
            "line 11: card 1, media: please write keys here, each with a ':' and its value",
        ),
        (
            EFFECT,
            EFFECT + "    media:\n      url: https://example.org/tea.png\n",
            "line 11: card 1, media, alt: please add this key",
        ),
        (
            "      - perspective: leader\n        stance: yes\n        text: I had not thought of it.\n",
            "",
            "line 11: card 1, voices: please give at least 4; there are 3",
        ),
        (
            "perspective: person\n    kind",
            "perspective: persn\n    kind",
            "line 25: card 2, perspective: I do not know the perspective 'persn'. Did you mean 'person'?",
        ),
        (
            "perspective: frontline",
            "perspective: king",
            "line 18: card 1, voice 3, perspective: I do not know the perspective 'king'. Known here: "
            "person, carer, frontline, provider, manager, commissioner, leader",
        ),
        (
            "id: tea-poem",
            "id: tea-round",
            f"line 24: card 2, id: the card id 'tea-round' is already in {TEA}, line 5; "
            "please choose another",
        ),
    ],
)
def test_every_refusal_says_where_and_what_to_do(tmp_path: Path, before: str, after: str, said: str) -> None:
    deck = changed(DECK, before, after)

    assert refused(a_pack(tmp_path, tea=deck)) == [f"{TEA}, {said}"]


def test_a_misspelt_key_is_recognised(tmp_path: Path) -> None:
    deck = changed(changed(DECK, "statement: I", "statment: I"), "stance: yes", "stanse: yes")

    assert refused(a_pack(tmp_path, tea=deck)) == [
        f"{TEA}, line 5: card 1, statement: please add this key",
        f"{TEA}, line 7: card 1, statment: I do not know the key 'statment'. Did you mean 'statement'?",
        f"{TEA}, line 12: card 1, voice 1, stance: please add a stance: yes, not_sure or no",
        f"{TEA}, line 13: card 1, voice 1, stanse: I do not know the key 'stanse'. Did you mean 'stance'?",
    ]


@pytest.mark.parametrize(
    "link",
    [
        "http://example.org/a.png",
        "javascript:alert(1)",
        "//example.org",
        "https://",
        "https://example.org@evil.example/a",
        "https://[::1",
        "https://example.org/a b",
        "https://example.org/<b>",
        "https://example.org/a|b",
    ],
)
def test_a_link_is_https_and_goes_where_it_says(tmp_path: Path, link: str) -> None:
    media = f"    media: {{url: '{link}', alt: A cup of tea}}\n"

    assert refused(a_pack(tmp_path, tea=changed(DECK, EFFECT, EFFECT + media))) == [
        f"{TEA}, line 11: card 1, media, url: please give a whole link that starts with https://"
    ]


def test_an_empty_deck_is_refused(tmp_path: Path) -> None:
    deck = "id: tea\ntitle: Tea cards\nabout: None yet.\ncards: []\n"

    assert refused(a_pack(tmp_path, tea=deck)) == [f"{TEA}, line 4: cards: this list is empty"]


def test_a_deck_that_is_a_list_or_a_word_is_refused(tmp_path: Path) -> None:
    sentence = "please write keys here, each with a ':' and its value"

    assert refused(a_pack(tmp_path, tea="- tea\n", word="tea\n")) == [
        f"{TEA}, line 1: {sentence}",
        f"packs/ours/decks/word.yaml, line 1: {sentence}",
    ]


def test_a_creative_card_asks_for_no_stance(tmp_path: Path) -> None:
    deck = changed(DECK, "perspective: carer\n", "perspective: carer\n    kind: creative\n")

    assert refused(a_pack(tmp_path, tea=deck)) == [
        f"{TEA}, line {line}: card 1, voice {voice}, stance: "
        "a creative card asks for no stance; please leave this line out"
        for voice, line in ((1, 14), (2, 17), (3, 20), (4, 23))
    ]


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    pack = changed(PACK, "title:", "titel:")
    deck = changed(DECK, "id: our-deck", "id: our-deck\nid: our-deck")
    deck = changed(deck, "I always ask her.", "*her")
    deck = changed(deck, "perspective: leader", "perspective: leadr")
    deck = changed(deck, "effect: decide", "effect: maybe")
    folder = a_pack(tmp_path, pack=pack, tea=deck, toast="id: [tea\n")

    with pytest.raises(ContentRefused) as problem:
        load_packs([folder])

    lines = [
        "packs/ours/pack.yaml, line 1: title: please add this key",
        "packs/ours/pack.yaml, line 2: titel: I do not know the key 'titel'. Did you mean 'title'?",
        f"{TEA}, line 2: id: this key is here twice, first in line 1",
        f"{TEA}, line 18: card 1, voice 2, text: please write this out in full, without '*her'",
        f"{TEA}, line 22: card 1, voice 4, perspective: I do not know the perspective 'leadr'. "
        "Did you mean 'leader'?",
        f"{TEA}, line 31: card 2, effect: please choose one of place, remove or decide, not 'maybe'",
        "packs/ours/decks/toast.yaml, line 1: the bracket that opens here is not closed",
    ]
    assert [str(finding) for finding in problem.value.findings] == lines
    assert str(problem.value) == "\n".join(lines)


def test_a_file_with_thousands_of_problems_tells_the_first_fifty(tmp_path: Path) -> None:
    keys = "".join(f"key{number}: x\n" for number in range(4_000))

    said = refused(a_pack(tmp_path, tea=DECK + keys))

    assert len(said) == 51
    assert said[0].startswith(f"{TEA}, line 31: key0: I do not know the key 'key0'")
    assert said[-1] == f"{TEA}, line 81: there is more; please mend the lines above first"
