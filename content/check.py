"""The rules across content files, and `check`: everything a writer of content should hear, at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.game.model import PERSPECTIVES, CardKind
from content.findings import Finding, Place, quoted
from content.folders import PackFolder, open_folders
from content.plain import plain_language, straight_marks
from content.schema import CampaignFile, DeckFile, Entry, PackFile, faults
from content.yaml_source import Source

_YES = ("yes", "true", "on", "y", "t", "1")  # as pydantic reads a yes
_LONGEST_TEXT = 1000  # characters; no field allows more than half of it

__all__ = ["Finding", "check", "in_reading_order", "refusals"]


def check(paths: Iterable[Path]) -> list[Finding]:
    """Everything there is to mend in these folders of packs; empty if all is well.

    Refusals (`load_packs` would raise them) and findings of plain language together, in
    reading order. Never raises for what the files hold.
    """
    folders, findings = open_folders(paths)
    findings += refusals(folders)
    for source in _files(folders):
        findings += source.first(_in_plain_language(source))
    return in_reading_order(folders, findings)


def in_reading_order(folders: Iterable[PackFolder], findings: Iterable[Finding]) -> list[Finding]:
    """Findings as a person mends them: first the folders, then file by file from the top."""
    order = {source.file: number for number, source in enumerate(_files(folders))}
    return sorted(findings, key=lambda each: (order.get(each.file, -1), each.line or 0))


def refusals(folders: Iterable[PackFolder]) -> list[Finding]:
    """Why these packs cannot be used: their YAML, their shape, and the rules across files."""
    findings: list[Finding] = []
    ids = _Ids()
    for folder in folders:
        findings += folder.pack.findings
        findings += faults(PackFile, folder.pack)
        findings += folder.pack.first(ids.of_pack(folder.pack))
        for kind, model, files in _kinds(folder):
            for source in files:
                findings += source.findings
                findings += faults(model, source)
                findings += source.first(ids.of(kind, source))
                findings += source.first(_stances(source))
                findings += source.first(_help(source))
                if folder.pack.data is not None:  # else nobody knows which perspectives it brings
                    findings += source.first(_perspectives(source, folder.pack))
    return findings


def _kinds(folder: PackFolder) -> Iterator[tuple[str, type[Entry], tuple[Source, ...]]]:
    yield "deck", DeckFile, folder.decks
    yield "campaign", CampaignFile, folder.campaigns


def _cards(source: Source) -> Iterator[Place]:
    """The places of all cards in a file: those of a deck, or the prompts of a campaign."""
    for key in ("cards", "prompts", "reserve"):
        yield from source.each(key)


class _Ids:
    """Ids are unique over all packs: a stored round names its card by the id alone."""

    def __init__(self) -> None:
        self.taken: dict[tuple[str, str], str] = {
            ("perspective", known): "every pack" for known in PERSPECTIVES
        }

    def of_pack(self, source: Source) -> Iterator[Finding]:
        yield from self._take("pack", source, ())
        for place in source.each("perspectives"):
            yield from self._take("perspective", source, place)

    def of(self, kind: str, source: Source) -> Iterator[Finding]:
        """Of a deck or a campaign. A prompt is a card, too, and shares its ids with all others."""
        yield from self._take(kind, source, ())
        for place in _cards(source):
            yield from self._take("card", source, place)

    def _take(self, kind: str, source: Source, place: Place) -> Iterator[Finding]:
        here = (*place, "id")
        if not (name := source.text(*here)):
            return
        if first := self.taken.get((kind, name)):
            yield source.finding(
                here, f"the {kind} id '{quoted(name)}' is already in {first}; please choose another"
            )
        else:
            self.taken[kind, name] = f"{source.file}, line {source.line(here)}"


def _perspectives(source: Source, pack: Source) -> Iterator[Finding]:
    known = [*PERSPECTIVES, *(pack.text(*place, "id") for place in pack.each("perspectives"))]
    for card in _cards(source):
        for place in (card, *source.each(*card, "voices")):
            name = source.text(*place, "perspective")
            if name and name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                hint = f"Did you mean '{close[0]}'?" if close else f"Known here: {', '.join(known)}"
                yield source.finding(
                    (*place, "perspective"), f"I do not know the perspective '{quoted(name)}'. {hint}"
                )


def _stances(source: Source) -> Iterator[Finding]:
    for card in _cards(source):
        creative = source.text(*card, "kind") == CardKind.CREATIVE
        for voice in source.each(*card, "voices"):
            here = (*voice, "stance")
            has = source.get(*here) is not None
            if creative and has:
                yield source.finding(here, "a creative card asks for no stance; please leave this line out")
            elif not creative and not has and isinstance(source.get(*voice), dict):
                yield source.finding(here, "please add a stance: yes, not_sure or no")


def _help(source: Source) -> Iterator[Finding]:
    for card in _cards(source):
        if source.text(*card, "help").lower() in _YES and not source.text(*card, "content_note"):
            yield source.finding(
                (*card, "content_note"), "please add this key: help lines come with a word of warning"
            )


def _in_plain_language(source: Source) -> Iterator[Finding]:
    rules = plain_language()
    for key in ("title", "about", "closing_question"):
        yield from _words(source, (key,))
    for place in source.each("perspectives"):
        yield from _words(source, (*place, "name"))
    for card in _cards(source):
        for sentence in rules.about_card(
            [_readable(source, (*card, key)) for key in ("statement", "question", "plain")]
        ):
            yield source.finding(card, sentence)
        for key in ("who", "statement", "question", "plain", "content_note", "facilitator_note"):
            yield from _words(source, (*card, key))
        yield from _words(source, (*card, "media", "alt"))
        for voice in source.each(*card, "voices"):
            yield from _words(source, (*voice, "text"))


def _words(source: Source, place: Place) -> Iterator[Finding]:
    text = _readable(source, place)
    for sentence in (*plain_language().about_text(text), *straight_marks(text)):
        yield source.finding(place, sentence)


def _readable(source: Source, place: Place) -> str:
    """The text at a place; empty if it is far too long, which the schema says better."""
    text = source.text(*place)
    return text if len(text) <= _LONGEST_TEXT else ""


def _files(folders: Iterable[PackFolder]) -> Iterator[Source]:
    for folder in folders:
        yield folder.pack
        yield from folder.decks
        yield from folder.campaigns
