"""A Message <-> JSON, for the rows of a room. Each part keeps its class: Theirs never turns into Ours."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, get_type_hints

from bot import messages
from bot.game.model import Group
from bot.messages import Message

KIND = "is"

_CLASSES: dict[str, type[Any]] = {
    name: each for name, each in vars(messages).items() if isinstance(each, type) and is_dataclass(each)
}
_READ = {datetime: datetime.fromisoformat, date: date.fromisoformat, Group: Group}
_HINTS = {name: get_type_hints(each) for name, each in _CLASSES.items()}


def written(message: Message) -> str:
    """The message as JSON."""
    return json.dumps(_plain(message), ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Message:
    """The message back, equal to what was written."""
    message = _value(json.loads(text))
    assert isinstance(message, Message)
    return message


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        parts = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        return {KIND: type(value).__name__, **parts}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    return value


def _value(plain: object) -> object:
    if isinstance(plain, list):
        return tuple(_value(each) for each in plain)
    if not isinstance(plain, dict):
        return plain
    name = plain.pop(KIND)
    hints = _HINTS[name]
    parts = {key: _READ.get(hints[key], _value)(value) for key, value in plain.items()}
    return _CLASSES[name](**parts)
