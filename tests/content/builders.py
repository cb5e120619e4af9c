"""Packs on a disk for tests: a whole one, whose single lines a story can change."""

from __future__ import annotations

from pathlib import Path

from content.findings import ContentRefused
from content.packs import load_packs

TEA = "packs/ours/decks/tea.yaml"

PACK = """\
id: our-pack
title: Our pack
about: Two cards that we wrote.
"""

DECK = """\
id: our-deck
title: Our deck
about: Cards about tea.
cards:
  - id: tea-round
    perspective: carer
    statement: I bring the tea, and nobody asks how I am.
    question: What would help?
    outcome: listened-to
    effect: remove
    voices:
      - perspective: carer
        stance: yes
        text: That is how it is.
      - perspective: person
        stance: no
        text: I always ask her.
      - perspective: frontline
        stance: not_sure
        text: I ask when I can.
      - perspective: leader
        stance: yes
        text: I had not thought of it.
  - id: tea-poem
    perspective: person
    kind: creative
    statement: The kettle sings, and so do I.
    question: What does your kettle sing?
    outcome: belong
    effect: decide
"""

WEEK = "packs/ours/campaigns/week.yaml"

CAMPAIGN = """\
id: our-week
title: Our week
about: Two days about soup.
weekdays: [monday, thursday]
time: 08:30
round_up: thursday
closing_question: What will you do?
prompts:
  - id: soup-one
    who: Ada, who cooks
    perspective: frontline
    statement: I cook soup, and nobody says if it is good.
    question: What would help?
    outcome: listened-to
    effect: remove
    content_note: This is about soup.
    help: yes
  - id: soup-two
    who: Ben, who eats
    perspective: person
    statement: I eat soup, and nobody asks if I like it.
    question: What would help?
    outcome: belong
    effect: decide
reserve:
  - id: soup-spare
    who: Cy, who pays
    perspective: commissioner
    statement: I pay for soup that I have never tasted.
    question: What would help?
    outcome: joined-up
    effect: place
"""


def a_pack(
    folder: Path, *, pack: str | None = PACK, campaigns: dict[str, str] | None = None, **decks: str
) -> Path:
    """A folder of packs that holds one pack, "ours"; each keyword is a deck's file and text.

    Without a deck it holds `decks/tea.yaml`, and without `campaigns` none. `pack=None` leaves pack.yaml out.
    """
    ours = folder / "packs" / "ours"
    (ours / "decks").mkdir(parents=True)
    if pack is not None:
        (ours / "pack.yaml").write_text(pack, encoding="utf-8")
    for name, text in (decks or {"tea": DECK}).items():
        (ours / "decks" / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name, text in (campaigns or {}).items():
        (ours / "campaigns").mkdir(exist_ok=True)
        (ours / "campaigns" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "packs"


def changed(text: str, before: str, after: str) -> str:
    """The text with one line, or a part of it, written differently. It must be there."""
    assert before in text
    return text.replace(before, after, 1)


def refused(folder: Path) -> list[str]:
    """What `load_packs` says about the folder; nothing if it is fine."""
    try:
        load_packs([folder])
    except ContentRefused as problem:
        return [str(finding) for finding in problem.findings]
    return []
