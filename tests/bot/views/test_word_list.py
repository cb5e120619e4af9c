"""The word list: every message is used, every used one exists, and all of it is plain language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl

from adapters import discord, slack
from bot.views import words

VIEWS = Path(words.__file__).resolve().parent
PLATFORMS = (Path(discord.__file__).resolve().parent, Path(slack.__file__).resolve().parent)
# The browser room's pages have a word list and tests of their own.
FILES = sorted(file for file in (words.LOCALE / "en").glob("*.ftl") if file.name != "room.ftl")

LONGEST_SENTENCE = 20  # words
A_GAP = "one two"  # what a gap counts as: a name, a moment, a number

# Words that a tired carer on a phone should not have to read. Ours are plainer.
UNKIND = (
    *("submit", "submission", "user", "admin", "participant", "stakeholder", "utilise", "regarding"),
    *("invalid", "error", "failed", "illegal", "anonymous", "confidential", "ballot", "timestamp", "utc"),
    *("service user", "vulnerable", "suffer", "please note", "kindly", "simply", "answer"),
)


def _messages() -> Iterator[tuple[str, ftl.Pattern]]:
    for file in FILES:
        for entry in FluentParser().parse(file.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{file.name}: {entry.content}"
            if isinstance(entry, ftl.Message):
                assert entry.value is not None
                yield entry.id.name, entry.value


def _variants(pattern: ftl.Pattern) -> list[str]:
    """The words of a message, once for each variant."""
    said = [""]
    for element in pattern.elements:
        if isinstance(element, ftl.TextElement):
            more = [element.value]
        elif isinstance(element.expression, ftl.SelectExpression):
            more = [each for variant in element.expression.variants for each in _variants(variant.value)]
        else:
            more = [A_GAP]
        said = [before + after for before in said for after in more]
    return [" ".join(each.split()) for each in said]


MESSAGES = list(_messages())


def _said() -> Iterator[tuple[str, ast.expr]]:
    """The first argument of every say(...) and plain(...) in the views and on the platforms."""
    for file in sorted(file for folder in (VIEWS, *PLATFORMS) for file in folder.glob("*.py")):
        code = file.read_text(encoding="utf-8")
        if file.name == "words.py" or "from bot.views.words import" not in code:
            continue
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SPEAKERS:
                yield f"{file.name}:{node.lineno}", node.args[0]


_SPEAKERS = ("say", "plain")


def test_every_used_id_stands_in_the_word_list_as_it_is_written_in_the_code() -> None:
    known = {id for id, _ in MESSAGES}

    wrong = [where for where, id in _said() if not isinstance(id, ast.Constant) or id.value not in known]

    assert wrong == []


def test_every_message_is_used() -> None:
    used = {id.value for _, id in _said() if isinstance(id, ast.Constant)}

    assert sorted({id for id, _ in MESSAGES} - used) == []


def test_no_id_stands_twice() -> None:
    ids = [id for id, _ in MESSAGES]

    assert sorted({id for id in ids if ids.count(id) > 1}) == []


def test_each_file_says_first_what_lives_in_it() -> None:
    for file in FILES:
        assert re.match(r"# [A-Z].*\.\n", file.read_text(encoding="utf-8")), file.name


@pytest.mark.parametrize("said", [(id, text) for id, pattern in MESSAGES for text in _variants(pattern)])
def test_a_sentence_has_at_most_twenty_words(said: tuple[str, str]) -> None:
    for sentence in re.split(r"(?<=[.?!:])\s+", said[1]):
        assert len(sentence.split()) <= LONGEST_SENTENCE, sentence


def test_words_are_plain_and_kind() -> None:
    found = [
        f"{id}: {word}"
        for id, pattern in MESSAGES
        for text in _variants(pattern)
        for word in UNKIND
        if re.search(rf"\b{word}s?\b", text, re.IGNORECASE)
    ]

    assert found == []


def test_english_is_british_with_curly_apostrophes_and_no_capitals_inside() -> None:
    for id, pattern in MESSAGES:
        for text in _variants(pattern):
            assert "'" not in text, id
            assert '"' not in text, id
            assert not re.search(r"\b\w+iz(e|ed|ing|ation)\b|\bcolor|\bcenter", text), id
            assert not re.search(r"[\ue000-\uf8ff]", text), id


def test_a_label_has_one_capital_letter() -> None:
    labels = [(id, text) for id, p in MESSAGES if id.startswith("button-") for text in _variants(p)]

    for id, text in labels:
        spoken = text.removeprefix("💡 ")
        assert spoken[0].isupper(), id
        assert not any(word[0].isupper() for word in spoken.split()[1:] if word != "I"), id
