"""What is wrong in a content file, in words for the person who wrote it: one `Finding` for each problem."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

Place: TypeAlias = tuple[str | int, ...]
"""The way to one value in a file, from the top: `("cards", 2, "statement")`. Lists count from 0."""

_LONGEST_QUOTE = 40  # characters: a finding is one line, whatever the file says

# A list's name, as one of its members is called.
_ONE_OF = {
    "cards": "card",
    "voices": "voice",
    "topics": "topic",
    "frameworks": "framework",
    "perspectives": "perspective",
    "weekdays": "weekday",
    "prompts": "prompt",
    "events": "event",
    "confirmed": "confirmed year",
    "former_names": "former name",
    "england": "line in England",
    "wales": "line in Wales",
    "scotland": "line in Scotland",
    "northern-ireland": "line in Northern Ireland",
    "groups": "group",
    "phrases": "phrase",
    "reserve": "reserve prompt",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem. `str()` of it is the line that `shoes check-content` prints.

    `line` counts from 1 and is None where there is no file to look into. `place` names
    the value ("card 3, statement") and is empty where the whole file is meant.
    """

    file: str
    line: int | None
    place: str
    sentence: str

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}, line {self.line}"
        return ": ".join(part for part in (where, self.place, self.sentence) if part)


class ContentRefused(Exception):
    """Content cannot be used. `findings` holds every problem, in reading order; never empty."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def in_words(place: Place) -> str:
    """`("cards", 2, "statement")` -> "card 3, statement": people count from 1."""
    words: list[str] = []
    for step in place:
        if isinstance(step, str):
            words.append(quoted(step) or "''")
        elif words:
            words[-1] = f"{_ONE_OF.get(words[-1], words[-1])} {step + 1}"
        else:
            words.append(f"entry {step + 1}")
    return ", ".join(words)


def quoted(text: str) -> str:
    """Text out of a file, short and printable."""
    line = printable(text)
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"


def printable(text: str) -> str:
    """Text from outside, a file's name too, fit for one line of a terminal."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
