"""From files to the game's values, and what belongs into which folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.game.model import (
    PERSPECTIVES,
    Card,
    CardKind,
    Deck,
    Group,
    Media,
    Outcome,
    Pack,
    Perspective,
    PerspectiveId,
    Stance,
    StoneEffect,
    Voice,
)
from content.check import check
from content.findings import ContentRefused
from content.packs import SHIPPED_PACKS, load_packs
from tests.content.builders import DECK, PACK, TEA, a_pack, changed, refused


def test_a_pack_becomes_values_of_the_game(tmp_path: Path) -> None:
    pack = PACK + "perspectives:\n  - {id: neighbour, group: people, name: A neighbour}\n"
    deck = changed(DECK, "perspective: leader", "perspective: neighbour")
    deck = changed(
        deck,
        "    effect: remove\n",
        "    effect: remove\n    plain: I bring tea. No one asks.\n    topics: [tea, home]\n"
        "    frameworks: [rights]\n    content_note: This is about being alone.\n"
        "    facilitator_note: Take your time.\n    media: {url: 'https://example.org/tea', alt: A cup}\n",
    )

    (ours,) = load_packs([a_pack(tmp_path, pack=pack, tea=deck)])

    neighbour = Perspective(PerspectiveId("neighbour"), Group.PEOPLE, "A neighbour")
    carer, person, frontline = (
        PERSPECTIVES[PerspectiveId(name)] for name in ("carer", "person", "frontline")
    )
    assert ours == Pack(
        id="our-pack",
        title="Our pack",
        decks=(
            Deck(
                id=ours.decks[0].id,
                title="Our deck",
                about="Cards about tea.",
                cards=(
                    Card(
                        id=ours.decks[0].cards[0].id,
                        perspective=carer,
                        statement="I bring the tea, and nobody asks how I am.",
                        question="What would help?",
                        outcome=Outcome.LISTENED_TO,
                        effect=StoneEffect.REMOVE,
                        kind=CardKind.SCENARIO,
                        plain="I bring tea. No one asks.",
                        topics=("tea", "home"),
                        frameworks=("rights",),
                        content_note="This is about being alone.",
                        facilitator_note="Take your time.",
                        media=Media(url="https://example.org/tea", alt="A cup"),
                        voices=(
                            Voice(perspective=carer, stance=Stance.YES, text="That is how it is."),
                            Voice(perspective=person, stance=Stance.NO, text="I always ask her."),
                            Voice(perspective=frontline, stance=Stance.NOT_SURE, text="I ask when I can."),
                            Voice(perspective=neighbour, stance=Stance.YES, text="I had not thought of it."),
                        ),
                    ),
                    Card(
                        id=ours.decks[0].cards[1].id,
                        perspective=person,
                        statement="The kettle sings, and so do I.",
                        question="What does your kettle sing?",
                        outcome=Outcome.BELONG,
                        effect=StoneEffect.DECIDE,
                        kind=CardKind.CREATIVE,
                    ),
                ),
            ),
        ),
    )
    assert [ours.decks[0].id, *(card.id for card in ours.decks[0].cards)] == [
        "our-deck",
        "tea-round",
        "tea-poem",
    ]


def test_one_pack_can_be_named_by_itself(tmp_path: Path) -> None:
    folder = a_pack(tmp_path)

    assert load_packs([folder / "ours"]) == load_packs([folder]) == load_packs([folder, folder / "ours"])


def test_decks_come_in_the_order_of_their_file_names(tmp_path: Path) -> None:
    other = DECK.replace("our-deck", "a-deck").replace("tea-", "a-")

    (ours,) = load_packs([a_pack(tmp_path, tea=DECK, b=other)])

    assert [deck.id for deck in ours.decks] == ["a-deck", "our-deck"]


def test_ids_are_unique_over_all_packs(tmp_path: Path) -> None:
    first, second = a_pack(tmp_path / "one"), a_pack(tmp_path / "two")

    with pytest.raises(ContentRefused) as problem:
        load_packs([first, second])

    assert [(finding.line, finding.sentence) for finding in problem.value.findings] == [
        (1, "the pack id 'our-pack' is already in packs/ours/pack.yaml, line 1; please choose another"),
        (1, f"the deck id 'our-deck' is already in {TEA}, line 1; please choose another"),
        (5, f"the card id 'tea-round' is already in {TEA}, line 5; please choose another"),
        (
            24,
            f"the card id 'tea-poem' is already in {TEA}, line 24; please choose another",
        ),
    ]
    # Two folders of one name: the second is called by its full path.
    assert {finding.file for finding in problem.value.findings} == {
        (second / "ours" / name).relative_to("/").as_posix() for name in ("pack.yaml", "decks/tea.yaml")
    }


def test_a_pack_cannot_take_the_name_of_one_of_the_seven(tmp_path: Path) -> None:
    pack = PACK + "perspectives:\n  - {id: carer, group: people, name: A carer}\n"

    assert refused(a_pack(tmp_path, pack=pack)) == [
        "packs/ours/pack.yaml, line 5: perspective 1, id: "
        "the perspective id 'carer' is already in every pack; please choose another"
    ]


def test_a_folder_without_a_pack_file_is_named_and_its_decks_are_read_all_the_same(tmp_path: Path) -> None:
    deck = changed(DECK, "effect: decide", "effect: maybe")

    assert refused(a_pack(tmp_path, pack=None, tea=deck)) == [
        "packs/ours: please add a pack.yaml, with an id, a title and a line about the pack",
        f"{TEA}, line 30: card 2, effect: please choose one of place, remove or decide, not 'maybe'",
    ]


def test_without_a_readable_pack_file_nobody_doubts_its_perspectives(tmp_path: Path) -> None:
    deck = changed(DECK, "perspective: leader", "perspective: neighbour")

    assert refused(a_pack(tmp_path, pack="id: [our-pack", tea=deck)) == [
        "packs/ours/pack.yaml, line 1: the bracket that opens here is not closed"
    ]


def test_a_pack_without_a_deck_is_named(tmp_path: Path) -> None:
    folder = a_pack(tmp_path)
    (folder / "ours" / "decks" / "tea.yaml").unlink()

    assert refused(folder) == ["packs/ours/decks: please put at least one deck into this folder"]

    (folder / "ours" / "decks").rmdir()

    assert refused(folder) == ["packs/ours/decks: please put at least one deck into this folder"]


def test_what_is_no_deck_does_not_belong_among_the_decks(tmp_path: Path) -> None:
    folder = a_pack(tmp_path)
    decks = folder / "ours" / "decks"
    (decks / "notes.txt").write_text("tea")
    (decks / "old.yml").write_text(DECK)
    (decks / "more.yaml").mkdir()
    os.mkfifo(decks / "pipe.yaml")
    (decks / ".hidden").write_text("left alone")

    only = "only decks belong in this folder, in files that end in .yaml"
    assert refused(folder) == [
        "packs/ours/decks/more.yaml: this is not a file that I can read",
        f"packs/ours/decks/notes.txt: {only}",
        f"packs/ours/decks/old.yml: {only}",
        "packs/ours/decks/pipe.yaml: this is not a file that I can read",
    ]


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    folder = a_pack(tmp_path)
    (tmp_path / "secret.yaml").write_text(DECK)
    (tmp_path / "elsewhere").mkdir()
    (folder / "ours" / "decks" / "secret.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "ours" / "decks" / "round.yaml").symlink_to("round.yaml")
    (folder / "theirs").symlink_to(tmp_path / "elsewhere")

    out = "this link leads out of the folder; please put the file itself here"
    said = refused(folder)

    assert f"packs/theirs: {out}" in said
    assert f"packs/ours/decks/secret.yaml: {out}" in said
    assert [line for line in said if "round.yaml" in line] != []
    assert len(said) == 3


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    folder = a_pack(tmp_path)
    decks = folder / "ours" / "decks"
    (folder / "ours" / ".tea").write_text(DECK)
    (decks / "tea.yaml").unlink()
    (decks / "tea.yaml").symlink_to("../.tea")

    assert refused(folder) == []


def test_a_path_that_is_nothing_or_no_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.yaml").write_text(DECK)
    nowhere = tmp_path / "nowhere"

    assert refused(nowhere) == [f"{nowhere}: I cannot find this folder"]
    assert refused(tmp_path / "empty") == ["empty: there is no pack in this folder"]
    assert refused(tmp_path / "file.yaml") == [
        "file.yaml: please name a folder here: one pack, or a folder of packs"
    ]


def test_a_file_name_cannot_write_on_the_terminal(tmp_path: Path) -> None:
    folder = a_pack(tmp_path)
    (folder / "ours" / "decks" / "\x1b[31m\nred.txt").write_text("x")

    (said,) = refused(folder)

    assert said.startswith("packs/ours/decks/\ufffd[31m\ufffdred.txt: only decks")


def test_every_shipped_card_has_voices_for_the_practice_room() -> None:
    (starter,) = load_packs([SHIPPED_PACKS])

    assert {deck.id for deck in starter.decks} >= {
        "choice-and-control",
        "dementia",
        "hospital-to-home",
        "maternity-and-early-days",
    }
    assert [card.id for deck in starter.decks for card in deck.cards if not 4 <= len(card.voices) <= 6] == []


def test_the_shipped_packs_have_no_findings() -> None:
    assert [str(finding) for finding in check([SHIPPED_PACKS])] == []


DECK_VALUES = st.recursive(
    st.text(max_size=12) | st.sampled_from(["creative", "yes", "carer", "tea-round", "https://a.example"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["id", "title", "about", "cards", "voices", "perspective", "kind", "stance", "text"]
            )
            | st.sampled_from(
                ["statement", "question", "plain", "topics", "media", "url", "alt", "perspectives"]
            )
            | st.sampled_from(
                ["prompts", "reserve", "who", "help", "weekdays", "time", "round_up", "closing_question"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(value=DECK_VALUES, pack=DECK_VALUES)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_file_holds_it_is_refused_or_loaded(
    tmp_path_factory: pytest.TempPathFactory, value: object, pack: object
) -> None:
    folder = a_pack(
        tmp_path_factory.mktemp("any"), pack=flow(pack), campaigns={"any": flow(value)}, any=flow(value)
    )

    findings = check([folder])

    assert all(str(finding).isprintable() for finding in findings)
    assert set(refused(folder)) <= set(map(str, findings))


def flow(value: object) -> str:
    """The value as YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return "'" + str(value).replace("'", "''").replace("\ud800", "") + "'"
