"""`check`: refusals and plain language together, in reading order."""

from __future__ import annotations

from pathlib import Path

from content.check import Finding, check
from content.packs import load_packs
from tests.content.builders import DECK, PACK, TEA, a_pack, changed, refused


def checked(folder: Path) -> list[str]:
    return [str(finding) for finding in check([folder])]


def test_a_plain_pack_has_no_findings(tmp_path: Path) -> None:
    assert check([a_pack(tmp_path)]) == []


def test_plain_language_is_asked_of_every_text_that_people_read(tmp_path: Path) -> None:
    word = "Appropriate"
    pack = PACK + f"perspectives:\n  - {{id: neighbour, group: people, name: {word} one}}\n"
    pack = changed(changed(pack, "Our pack", word), "Two cards", word)
    deck = changed(changed(DECK, "Our deck", word), "Cards about", word)
    deck = changed(
        deck,
        "    effect: remove\n",
        f"    effect: remove\n    content_note: {word}\n    facilitator_note: {word}\n"
        f"    media:\n      url: https://example.org\n      alt: {word}\n",
    )
    deck = changed(changed(deck, "I bring the tea", word), "What would", word)
    deck = changed(changed(deck, "    question", f"    plain: {word}\n    question"), "I always", word)

    said = f"'{word}' has more than three syllables; try a shorter word, or add it to the gloss list"
    assert [line for line in checked(a_pack(tmp_path, pack=pack, tea=deck)) if "grade" not in line] == [
        f"packs/ours/pack.yaml, line 2: title: {said}",
        f"packs/ours/pack.yaml, line 3: about: {said}",
        f"packs/ours/pack.yaml, line 5: perspective 1, name: {said}",
        f"{TEA}, line 2: title: {said}",
        f"{TEA}, line 3: about: {said}",
        f"{TEA}, line 7: card 1, statement: {said}",
        f"{TEA}, line 8: card 1, plain: {said}",
        f"{TEA}, line 9: card 1, question: {said}",
        f"{TEA}, line 12: card 1, content_note: {said}",
        f"{TEA}, line 13: card 1, facilitator_note: {said}",
        f"{TEA}, line 16: card 1, media, alt: {said}",
        f"{TEA}, line 23: card 1, voice 2, text: {said}",
    ]


def test_straight_marks_are_asked_to_be_curved_ones_and_keep_nobody_from_playing(tmp_path: Path) -> None:
    deck = changed(DECK, "Our deck", "Our staff's deck")
    deck = changed(deck, "The kettle sings, and so do I.", "He said \"It's late\" and it isn't.")
    folder = a_pack(tmp_path, tea=deck)

    assert checked(folder) == [
        f"{TEA}, line 2: title: please write ’ rather than ' in staff's",
        f"{TEA}, line 27: card 2, statement: please write ’ rather than ' in \"It's",
        f'{TEA}, line 27: card 2, statement: please write “ and ” rather than " in "It\'s',
    ]
    assert refused(folder) == []


def test_curved_marks_are_fine(tmp_path: Path) -> None:
    assert checked(a_pack(tmp_path, tea=changed(DECK, "Our deck", "Our staff’s “deck”"))) == []


def test_a_hard_card_is_named_as_a_whole(tmp_path: Path) -> None:
    deck = changed(DECK, "The kettle sings, and so do I.", "Several managers considered various solutions.")

    assert checked(a_pack(tmp_path, tea=deck)) == [
        f"{TEA}, line 24: card 2: it reads at school grade 11.1; please use shorter words or sentences, "
        "up to grade 6"
    ]


def test_refusals_and_plain_language_come_in_reading_order(tmp_path: Path) -> None:
    deck = changed(DECK, "outcome: belong", "outcome: belonging")
    deck = changed(deck, "I ask when I can.", "She suffers from dementia.")

    assert [(finding.line, finding.place) for finding in check([a_pack(tmp_path, tea=deck)])] == [
        (20, "card 1, voice 3, text"),
        (29, "card 2, outcome"),
    ]


def test_plain_language_is_advice_and_stops_nobody(tmp_path: Path) -> None:
    folder = a_pack(tmp_path, tea=changed(DECK, "I ask when I can.", "Ask the MDT."))

    assert len(check([folder])) == 1
    assert len(load_packs([folder])) == 1


def test_a_text_that_is_far_too_long_is_only_called_too_long(tmp_path: Path) -> None:
    folder = a_pack(tmp_path, tea=changed(DECK, "I ask when I can.", "appropriate " * 2000))

    assert [(finding.place, finding.sentence) for finding in check([folder])] == [
        ("card 1, voice 3, text", "please keep to 300 characters; this has 23999")
    ]


def test_a_finding_is_a_line_that_leaves_out_what_nobody_knows() -> None:
    assert str(Finding("a.yaml", 3, "card 1", "please smile")) == "a.yaml, line 3: card 1: please smile"
    assert str(Finding("a.yaml", 3, "", "please smile")) == "a.yaml, line 3: please smile"
    assert str(Finding("packs/a", None, "", "please smile")) == "packs/a: please smile"
