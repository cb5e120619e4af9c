"""Words that want to be more than words, where they stand in a view, and a view with them in it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import TypeVar

from bot.messages import Theirs

T = TypeVar("T")

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "@everyone @here <!channel> <@U0000001>",
    "{{7*7}} { $x } %s ${7*7} {% raw %}",
    "[your bank](https://evil.example) <https://evil.example|your bank>",
    "*bold* _slanted_ `code` ~gone~ > quoted ||hidden||",
    "one \u202eesrever\u2066 two",
    "&lt;b&gt; &amp;amp; &#60;",
)
DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn a line round, or say in which direction it runs."""


def theirs(value: object) -> Iterator[Theirs]:
    """All that people wrote in a view."""
    if isinstance(value, Theirs):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from theirs(each)
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from theirs(getattr(value, each.name))


def said_instead(value: T, words: str) -> T:
    """The same view, with other words wherever a person's stand."""
    return _instead(value, words)  # type: ignore[return-value] # each value keeps its class


def _instead(value: object, words: str) -> object:
    if isinstance(value, Theirs):
        return Theirs(words)
    if isinstance(value, tuple):
        return tuple(_instead(each, words) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {each.name: _instead(getattr(value, each.name), words) for each in dataclasses.fields(value)}
        return type(value)(**parts)
    return value
