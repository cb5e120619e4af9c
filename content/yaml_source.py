"""YAML from outside, read with the line of every value; what a content file never needs is refused.

Values are built from the parser's events, so nothing is ever constructed, resolved or
multiplied: an alias is refused where it stands. Every value is text; `schema.py` says
what the text should be. So `stance: no` is the word "no", not the opposite of true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from content.findings import Finding, Place, in_words, quoted

MOST_BYTES = 256 * 1024
MOST_DEPTH = 20
MOST_VALUES = 10_000  # a deck of twelve cards has 500; a flat bomb has a hundred thousand
MOST_FINDINGS = 50  # of one rule in one file; a file with more is mended from the top

Value: TypeAlias = str | list["Value"] | dict[str, "Value"]

# Characters that nobody sees: control characters, marks that turn the reading direction,
# spaces of no width, lone surrogates. Joiners stay: emoji and some scripts need them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)

# What the parser says (its own words; the first that fits) and what a person can do about it.
_SYNTAX = {
    "character '\\t'": "please indent with spaces, not with a tab",
    "that cannot start any token": "please put this text in quotes: it starts with a special character",
    "mapping values are not allowed": "please put text that has a ':' in quotes, or see whether this line "
    "starts below its neighbours",
    "unexpected end of stream": "the quotation mark that opens here is not closed",
    "expected ',' or": "the bracket that opens here is not closed",
    "but found '<stream end>'": "the file ends before a bracket is closed",
    "could not find expected ':'": "please write a ':' and a space after the key",
    "expected <block end>": "please see whether this line starts below its neighbours, and whether text goes "
    "on after a closing quote",
    "expected '<document start>'": "please see whether this line starts below its neighbours",
}
_MORE = "there is more; please mend the lines above first"
_SYNTAX_ELSE = "I cannot read this line. Please look at its quotes, its colons and the spaces it starts with"


class _TooMuch(Exception):
    """There is no sense in reading this file any further; the reason is among the findings."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file as read. `data` is None if it could not be read to its end.

    `lines` gives the line of each value, from 1; `unread` the places whose value was refused.
    """

    file: str
    data: Value | None
    lines: dict[Place, int]
    unread: frozenset[Place]
    findings: tuple[Finding, ...]

    def get(self, *place: str | int) -> Value | None:
        """The value at a place, or None if there is none."""
        value: Value | None = self.data
        for step in place:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def text(self, *place: str | int) -> str:
        """The text at a place without the space around it; empty if there is none."""
        value = self.get(*place)
        return value.strip() if isinstance(value, str) else ""

    def each(self, *place: str | int) -> Iterator[Place]:
        """The places of the members of a list, in order; none if there is no list."""
        value = self.get(*place)
        for number in range(len(value) if isinstance(value, list) else 0):
            yield (*place, number)

    def line(self, place: Place) -> int:
        """The line of a value or, where it is missing, of what it is missing from."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def finding(self, place: Place, sentence: str) -> Finding:
        """A problem of the value at this place."""
        return Finding(self.file, self.line(place), in_words(place), sentence)

    def first(self, findings: Iterator[Finding]) -> Iterator[Finding]:
        """As many findings of one rule as a person will read; the rest is not even looked for."""
        yield from islice(findings, MOST_FINDINGS)
        if more := next(findings, None):
            yield Finding(self.file, more.line, "", _MORE)


def read_file(path: Path, name: str) -> Source:
    """Read one file; `name` is what findings call it. Never raises for what the file holds."""
    try:
        with path.open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)  # no more, whatever the folder says its size is
    except OSError as error:
        return _nothing(name, None, f"I cannot open this file ({error.strerror})")
    return read(raw, name)


def read(raw: bytes, name: str) -> Source:
    """Read the bytes of one YAML file. Every problem is in the findings of the result; none is raised."""
    if len(raw) > MOST_BYTES:
        return _nothing(name, None, f"this file is larger than {MOST_BYTES // 1024} KB; please split it")
    try:
        text = raw.decode("utf-8-sig")  # Windows editors put a mark first
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _nothing(name, line, "there is a character I cannot read. Please save the file as UTF-8")
    if not text.strip():
        return _nothing(name, None, "this file is empty")
    return _Reading(name, text).source()


def _nothing(name: str, line: int | None, sentence: str) -> Source:
    return Source(name, None, {}, frozenset(), (Finding(name, line, "", sentence),))


class _Reading:
    """One file on its way from events to values."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.lines: dict[Place, int] = {}
        self.unread: set[Place] = set()
        self.findings: list[Finding] = []
        self.events: Iterator[Any] = iter(())
        self.values = 0

    def source(self) -> Source:
        data: Value | None = None
        try:
            visible = _HIDDEN.sub(self._hidden_in_file, self.text)
            self.events = iter(YAML(typ="safe", pure=True).parse(visible))
            data = self._document()
        except _TooMuch:
            data = None
        except (YAMLError, ValueError, OverflowError) as error:  # the last two: "\UFFFFFFFF", %YAML 9999…
            self._unreadable(error)
            data = None
        findings = tuple(sorted(self.findings, key=lambda finding: finding.line or 0))
        return Source(self.name, data, self.lines, frozenset(self.unread), findings)

    def _document(self) -> Value:
        data: Value = ""
        documents = 0
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if event.version or event.tags:
                    self._find(event, (), "please take out the line that starts with '%'")
                if documents > 1:
                    self._stop(
                        event, (), "a second document starts here ('---'); please keep to one in a file"
                    )
                first = next(self.events)
                self.lines[()] = _line(first)
                data = self._value(first, (), 1)
        return data

    def _value(self, event: Any, place: Place, depth: int) -> Value:
        """The value that starts with this event. `depth` counts from 1 at the top of the file."""
        self.values += 1
        if self.values > MOST_VALUES:
            self._stop(event, (), f"this file holds more than {MOST_VALUES:,} values; please split it")
        if isinstance(event, AliasEvent):
            self.unread.add(place)
            self._find(event, place, f"please write this out in full, without '*{quoted(event.anchor)}'")
            return ""
        if event.anchor is not None:
            self._find(
                event, place, f"please take out '&{quoted(event.anchor)}': references are not used here"
            )
        if event.tag is not None:
            self._find(event, place, f"please take out the tag '{quoted(str(event.tag))}'")
        if isinstance(event, ScalarEvent):
            return self._plain_text(event, place)
        if depth > MOST_DEPTH:
            self._stop(event, place[:2], f"lists inside lists go deeper than {MOST_DEPTH} levels here")
        if isinstance(event, SequenceStartEvent):
            return self._list(place, depth)
        assert isinstance(event, MappingStartEvent)
        return self._mapping(place, depth)

    def _plain_text(self, event: Any, place: Place) -> str:
        text: str = event.value
        if hidden := _HIDDEN.search(text):  # written as an escape: the file itself has been searched
            self._find(event, place, _hidden(hidden.group()))
            self.unread.add(place)
            return ""
        return text

    def _list(self, place: Place, depth: int) -> list[Value]:
        members: list[Value] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            here = (*place, len(members))
            self.lines.setdefault(here, _line(event))
            members.append(self._value(event, here, depth + 1))
        return members

    def _mapping(self, place: Place, depth: int) -> dict[str, Value]:
        entries: dict[str, Value] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._value(event, place, depth + 1)
            if not isinstance(key, str):
                self._find(event, place, "a key is a single word here, with a ':' after it")
                self.unread.add((*place, key := ""))
            here = (*place, key)
            twice = key in entries
            if twice:
                self._find(event, here, f"this key is here twice, first in line {self.lines[here]}")
            self.lines.setdefault(here, _line(event))
            value = self._value(next(self.events), here, depth + 1)
            if not twice:
                entries[key] = value
        return entries

    def _hidden_in_file(self, match: re.Match[str]) -> str:
        line = self.text.count("\n", 0, match.start()) + 1
        self._add(Finding(self.name, line, "", _hidden(match.group())))
        return "\N{REPLACEMENT CHARACTER}"

    def _unreadable(self, error: Exception) -> None:
        said = str(getattr(error, "problem", None) or "")
        sentence = next((ours for theirs, ours in _SYNTAX.items() if theirs in said), _SYNTAX_ELSE)
        mark = getattr(error, "problem_mark", None)
        opened = getattr(error, "context_mark", None)
        if opened is not None and ("here is not closed" in sentence or "after the key" in sentence):
            mark = opened  # the parser notices at the end; the mistake is where it began
        line = None if mark is None else mark.line + 1
        self.findings.append(Finding(self.name, line, "", sentence))

    def _find(self, event: Any, place: Place, sentence: str) -> None:
        self._add(Finding(self.name, _line(event), in_words(place), sentence))

    def _add(self, finding: Finding) -> None:
        if len(self.findings) == MOST_FINDINGS:
            self.findings.append(Finding(self.name, finding.line, "", _MORE))
            raise _TooMuch
        self.findings.append(finding)

    def _stop(self, event: Any, place: Place, sentence: str) -> NoReturn:
        self._find(event, place, sentence)
        raise _TooMuch


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1


def _hidden(character: str) -> str:
    return f"there is a hidden character here (U+{ord(character):04X}); please delete it"
