"""From content files to the game's values: `load_packs` is how everybody else gets decks and templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.game.model import (
    PERSPECTIVES,
    Card,
    CardId,
    Deck,
    DeckId,
    Media,
    Pack,
    Perspective,
    PerspectiveId,
    Template,
    TemplateId,
    TemplatePrompt,
    Voice,
)
from content.check import in_reading_order, refusals
from content.findings import ContentRefused
from content.folders import PackFolder, open_folders
from content.schema import WEEKDAYS, CampaignFile, CardEntry, DeckFile, PackFile, PromptEntry

SHIPPED_PACKS = Path(__file__).parent / "packs"
"""The folder of the packs that come with the product, wherever it is installed."""


def load_packs(paths: Iterable[Path]) -> tuple[Pack, ...]:
    """The packs in these folders, in the order of the paths, then of folder and file names.

    A path names a folder of packs, or one pack. Raises ContentRefused with every problem
    of every file. Plain language is advice and stops nobody: see `content.check.check`.
    """
    folders, findings = open_folders(paths)
    findings += refusals(folders)
    if findings:
        raise ContentRefused(in_reading_order(folders, findings))
    return tuple(map(_pack, folders))


def _pack(folder: PackFolder) -> Pack:
    entry = PackFile.model_validate(folder.pack.data)
    own = {
        PerspectiveId(each.id): Perspective(PerspectiveId(each.id), each.group, each.name)
        for each in entry.perspectives
    }
    known = {**PERSPECTIVES, **own}
    decks = tuple(_deck(DeckFile.model_validate(source.data), known) for source in folder.decks)
    templates = tuple(_template(CampaignFile.model_validate(each.data), known) for each in folder.campaigns)
    return Pack(id=entry.id, title=entry.title, decks=decks, templates=templates)


def _deck(entry: DeckFile, known: Mapping[PerspectiveId, Perspective]) -> Deck:
    cards = tuple(_card(card, known) for card in entry.cards)
    return Deck(id=DeckId(entry.id), title=entry.title, about=entry.about, cards=cards)


def _template(entry: CampaignFile, known: Mapping[PerspectiveId, Perspective]) -> Template:
    return Template(
        id=TemplateId(entry.id),
        title=entry.title,
        about=entry.about,
        prompts=tuple(_prompt(each, known) for each in entry.prompts),
        closing_question=entry.closing_question,
        reserve=tuple(_prompt(each, known) for each in entry.reserve),
        weekdays=frozenset(map(WEEKDAYS.index, entry.weekdays)),
        time=entry.time,
        policy=entry.policy,
        round_up_on=None if entry.round_up is None else WEEKDAYS.index(entry.round_up),
        event=entry.event,
    )


def _prompt(entry: PromptEntry, known: Mapping[PerspectiveId, Perspective]) -> TemplatePrompt:
    return TemplatePrompt(card=_card(entry, known), who=entry.who, help=entry.help)


def _card(entry: CardEntry, known: Mapping[PerspectiveId, Perspective]) -> Card:
    return Card(
        id=CardId(entry.id),
        perspective=known[PerspectiveId(entry.perspective)],
        statement=entry.statement,
        question=entry.question,
        outcome=entry.outcome,
        effect=entry.effect,
        kind=entry.kind,
        plain=entry.plain,
        topics=entry.topics,
        frameworks=entry.frameworks,
        content_note=entry.content_note,
        facilitator_note=entry.facilitator_note,
        media=Media(url=entry.media.url, alt=entry.media.alt) if entry.media else None,
        voices=tuple(
            Voice(perspective=known[PerspectiveId(each.perspective)], stance=each.stance, text=each.text)
            for each in entry.voices
        ),
    )
