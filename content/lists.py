"""The lists beside the packs: the awareness calendar, help lines, words that suggest harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from bot.game.awareness import (
    LONGEST,
    Confirmation,
    EachYear,
    Event,
    EventId,
    EventKind,
    FormerName,
    NthWeek,
)
from bot.game.harm import HarmWords, fold
from bot.game.help_lines import HelpLine, Nation
from content.findings import ContentRefused, Finding, Place
from content.plain import straight_marks
from content.schema import (
    CalendarFile,
    ConfirmedEntry,
    EachYearEntry,
    Entry,
    EventEntry,
    HarmFile,
    HelpLinesFile,
    faults,
)
from content.yaml_source import Source, read_file

_HERE = Path(__file__).parent

CALENDAR = _HERE / "calendar.yaml"
HELP_LINES = _HERE / "help_lines.yaml"
HARM_WORDS = _HERE / "harm" / "en.yaml"


def load_calendar(path: Path = CALENDAR) -> tuple[Event, ...]:
    """The awareness calendar, in the order of the file. Raises ContentRefused with every problem."""
    file = _load(path, CalendarFile, _about_events)
    return tuple(map(_event, file.events))


def load_help_lines(path: Path = HELP_LINES) -> tuple[HelpLine, ...]:
    """Help lines of all nations, each in the order of the file. Raises ContentRefused with every problem."""
    nations = _load(path, HelpLinesFile, _nothing).nations
    return tuple(
        HelpLine(
            nation=nation,
            name=line.name,
            number=line.number,
            when=line.when,
            source=line.source,
            checked=line.checked,
            topics=line.topics,
        )
        for nation, lines in (
            (Nation.ENGLAND, nations.england),
            (Nation.WALES, nations.wales),
            (Nation.SCOTLAND, nations.scotland),
            (Nation.NORTHERN_IRELAND, nations.northern_ireland),
        )
        for line in lines
    )


def check_lists(paths: Sequence[Path] = (CALENDAR, HELP_LINES)) -> list[Finding]:
    """Straight marks in lists whose words people read, file by file from the top.

    Whoever mends a number in haste writes as their keyboard does: loading a list does not refuse these.
    """
    found: list[Finding] = []
    for path in paths:
        source = read_file(path, path.name)
        found += source.first(_straight(source))
    return found


def _straight(source: Source) -> Iterator[Finding]:
    for place in source.lines:
        for sentence in straight_marks(source.text(*place)):
            yield source.finding(place, sentence)


def load_harm_words(path: Path = HARM_WORDS) -> HarmWords:
    """Words that suggest harm. Raises ContentRefused with every problem."""
    file = _load(path, HarmFile, _about_phrases)
    return HarmWords.of((each for group in file.groups for each in group.phrases), file.unless)


def _event(entry: EventEntry) -> Event:
    return Event(
        id=EventId(entry.id),
        title=entry.title,
        where=entry.where,
        kind=entry.kind,
        each_year=_each_year(entry.each_year) if entry.each_year else None,
        rule=NthWeek(entry.rule.month, entry.rule.week) if entry.rule else None,
        confirmed=tuple(map(_confirmation, entry.confirmed)),
        former_names=tuple(FormerName(name.until, name.title) for name in entry.former_names),
    )


def _each_year(entry: EachYearEntry) -> EachYear:
    return EachYear(first=entry.first, last=entry.last, source=entry.source)


def _confirmation(entry: ConfirmedEntry) -> Confirmation:
    return Confirmation(first=entry.first, last=entry.last, source=entry.source)


# --- rules that need more than one value -----------------------------------------------


def _nothing(source: Source, file: HelpLinesFile) -> Iterator[Finding]:
    """Every value of a help line stands for itself."""
    yield from ()


def _about_events(source: Source, file: CalendarFile) -> Iterator[Finding]:
    ids: set[str] = set()
    for number, event in enumerate(file.events):
        here: Place = ("events", number)
        if event.id in ids:
            yield source.finding((*here, "id"), "this id is in the calendar twice; please choose another")
        ids.add(event.id)
        for key, kind in (("each_year", EventKind.FIXED), ("rule", EventKind.BY_RULE)):
            has = getattr(event, key) is not None
            if has != (event.kind is kind):
                word = "leave out" if has else "add"
                yield source.finding((*here, key), f"please {word} this key: the kind is '{event.kind}'")
        years: set[int] = set()
        for at, year in enumerate(event.confirmed):
            place = (*here, "confirmed", at)
            if not year.first <= year.last < year.first + LONGEST or year.first.year != year.last.year:
                yield source.finding(
                    place, "please put the first day before the last, in one year and a month"
                )
            if year.first.year in years:
                yield source.finding(place, f"{year.first.year} is confirmed twice; please keep one")
            years.add(year.first.year)


def _about_phrases(source: Source, file: HarmFile) -> Iterator[Finding]:
    known: dict[str, str] = {}
    for number, group in enumerate(file.groups):
        for at, phrase in enumerate(group.phrases):
            place = ("groups", number, "phrases", at)
            if not (folded := fold(phrase)):
                yield source.finding(place, "there is no word in this phrase")
            elif folded in known:
                yield source.finding(place, "this phrase is in the list twice; please keep one")
            known[folded] = phrase
    for at, phrase in enumerate(file.unless):
        whole = f" {fold(phrase)} "
        if not any(f" {each} " in whole for each in known):
            yield source.finding(("unless", at), "no phrase above is part of this one, so it changes nothing")


# --- reading one file ------------------------------------------------------------------

FileModel = TypeVar("FileModel", bound=Entry)


def _load(
    path: Path, model: type[FileModel], rules: Callable[[Source, FileModel], Iterator[Finding]]
) -> FileModel:
    source = read_file(path, path.name)
    if findings := [*source.findings, *faults(model, source)]:
        raise ContentRefused(findings)
    file = model.model_validate(source.data)
    if findings := [*source.first(rules(source, file))]:
        raise ContentRefused(findings)
    return file
