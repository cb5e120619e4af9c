"""Our word lists, one folder for each language, and the two ways to say something from them."""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeAlias

from fluent.runtime import FluentBundle, FluentResource

from bot.messages import Day, Ours, Part, Text, Theirs, When

LOCALE = Path(__file__).resolve().parent.parent / "locale"
ENGLISH = "en"

language: ContextVar[str] = ContextVar("language", default=ENGLISH)
"""What the channel speaks: the name of a folder in `LOCALE`. What it lacks is said in English."""

Said: TypeAlias = str | int | Part | Text
"""What may stand in a gap: str and int are ours (and may choose a variant), the rest is put in as it is."""

# Fluent sees one character of the private use area for each part, and never the part itself.
# So nobody's words can become Fluent syntax, or end up in a part of ours.
_FIRST_GAP = 0xE000
_GAPS = re.compile("([\ue000-\uf8ff])")


def say(message_id: str, **parts: Said) -> Text:
    """The message with its gaps filled. An unknown id or gap is a mistake of ours, and asserts."""
    held: list[Text] = []
    values: dict[str, str | int] = {}
    for name, part in parts.items():
        if isinstance(part, str | int):
            assert not isinstance(part, str) or not _GAPS.search(part), "not words of ours: use Theirs"
            values[name] = part
        else:
            values[name] = chr(_FIRST_GAP + len(held))
            held.append(part if isinstance(part, tuple) else (part,))
    words = _format(message_id, values)
    if not held:
        return (Ours(words),) if words else ()  # wholly ours, as nearly every button is
    said: list[Part] = []
    for piece in _GAPS.split(words):
        if _GAPS.fullmatch(piece):
            said.extend(held[ord(piece) - _FIRST_GAP])
        elif piece:
            said.append(Ours(piece))
    return tuple(said)


def plain(message_id: str, **parts: Said) -> str:
    """The message as one string, for labels and buttons, which hold no moments."""
    return string(say(message_id, **parts))


def string(text: Text) -> str:
    """A text that holds nothing but words, as one string. It is data: escape it like any other."""
    words: list[str] = []
    for part in text:
        assert not isinstance(part, When | Day), "a moment looks different to each reader"
        words.append(part.words)
    return "".join(words)


def capital(text: Text) -> Text:
    """The text with a capital first letter, for the start of a line. A person's words stay as they are."""
    match text:
        case (Ours(words, strong), *rest):
            return (Ours(words[:1].upper() + words[1:], strong), *rest)
        case _:
            return text


def theirs(words: str) -> Text:
    """A person's words, as a text of their own."""
    return (Theirs(words),)


def _format(message_id: str, values: dict[str, str | int]) -> str:
    return _formatted(_speaking(language.get()), message_id, tuple(values.items()))


# The values are ours, so nobody's words are kept here: they stand in gaps, which look all the same.
@lru_cache(maxsize=4096)
def _formatted(
    bundles: tuple[FluentBundle, ...], message_id: str, values: tuple[tuple[str, str | int], ...]
) -> str:
    bundle = next((each for each in bundles if each.has_message(message_id)), None)
    assert bundle is not None, f"no such message: {message_id}"
    pattern = bundle.get_message(message_id).value
    assert pattern is not None, f"no words: {message_id}"
    words, errors = bundle.format_pattern(pattern, dict(values))
    assert not errors, f"{message_id}: {errors}"
    assert isinstance(words, str), f"no words: {message_id}"
    return words.replace("\n", " ")  # a word list breaks its lines for those who edit it


@cache
def _speaking(name: str) -> tuple[FluentBundle, ...]:
    """The word lists to look in, in that order. English is always the last."""
    names = (ENGLISH,) if name == ENGLISH or name not in _languages() else (name, ENGLISH)
    return tuple(map(_load, names))


@cache
def _languages() -> frozenset[str]:
    return frozenset(folder.name for folder in LOCALE.iterdir() if folder.is_dir())


@cache
def _load(name: str) -> FluentBundle:
    bundle = FluentBundle([name], use_isolating=False)  # its marks would break a platform's own syntax
    for file in sorted((LOCALE / name).glob("*.ftl")):
        bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle
