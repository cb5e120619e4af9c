"""Our Text, Message and Form -> HTML. Pure: a value and its reader in, escaped Markup out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import assert_never
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from adapters.web import menu
from bot.game.model import Group
from bot.messages import (
    Block,
    Bullets,
    Buttons,
    CardFace,
    Day,
    Field,
    Form,
    Heading,
    InputKind,
    Message,
    Ours,
    Paragraph,
    Part,
    Quote,
    Tally,
    Text,
    Theirs,
    ToPage,
    ToRound,
    Typed,
    When,
)
from bot.views import moments, words

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"
RADIOS = 8  # more options than this are a list to choose from


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads a page, and what each form of theirs carries.

    `event` gives a fresh random name for each form, so that sending one twice is one press.
    `zone` is the room's, an IANA name; a script puts moments into the reader's own. `round`
    is the card they chose to look at; empty for the newest, whichever that is by then.
    """

    csrf: str
    channel: str
    event: Callable[[], str]
    round: str = ""
    zone: str = "Europe/London"
    language: str = "en-GB"


def text(text: Text, reader: Reader) -> Markup:
    """A text within a line."""
    return Markup("").join(_part(part, reader) for part in text)


def message(message: Message, reader: Reader, *, heading_level: int = 3) -> Markup:
    """A whole post. Its first heading has `heading_level`, the headings of its parts one more."""
    return Markup('<div class="message">{}</div>').format(blocks(message.blocks, reader, heading_level))


def blocks(blocks: tuple[Block, ...], reader: Reader, heading_level: int = 3) -> Markup:
    """Blocks one below the other. A heading that opens them stands above the later ones."""
    opened = bool(blocks) and isinstance(blocks[0], Heading)
    levels = [heading_level + (1 if opened and place else 0) for place in range(len(blocks))]
    return Markup("\n").join(
        _block(block, reader, level) for block, level in zip(blocks, levels, strict=True)
    )


def form(form: Form, reader: Reader, *, heading_level: int = 3, to: str = "/press") -> Markup:
    """A few questions. Fields keep what was written, however long: the server answers what is wrong."""
    html: Markup = _macro("questions")(form, reader, heading_level, to)
    return html


def said(message_id: str, **parts: words.Said) -> str:
    """Our words for the page around the game."""
    return words.plain(message_id, **parts)


def one_line(words: str) -> str:
    """For places where no element can stand, such as a page's title: without marks of direction."""
    return _DIRECTION.sub("", words)


def address(file: str) -> str:
    """Where a file of `static/` is served. The address changes with its content, so it may be kept long."""
    content = (STATIC / file).read_bytes()
    return f"/static/{file}?v={blake2b(content, digest_size=6).hexdigest()}"


@cache
def shape(name: str) -> Markup:
    """A drawing of `static/shapes/`, to stand in the page itself, where it takes its colours."""
    drawing = (STATIC / "shapes" / f"{name}.svg").read_text(encoding="utf-8")
    return Markup(drawing.partition("\n")[2].strip())  # noqa: S704 - a file of ours, without its first line


def _part(part: Part, reader: Reader) -> Markup:
    match part:
        case Ours(words, strong=True):
            return Markup("<strong>{}</strong>").format(words)
        case Ours(words):
            return Markup.escape(words)
        case Theirs(words):
            # <bdi>: whatever direction these words bring, it ends with them.
            return Markup('<bdi class="theirs">{}</bdi>').format(words)
        case When(moment):
            return Markup('<time datetime="{}" class="when">{}</time>').format(
                f"{moment:%Y-%m-%dT%H:%M:%SZ}", moments.moment_in(reader.zone, moment, reader.language)
            )
        case Day(day):
            return Markup('<time datetime="{}">{}</time>').format(
                day.isoformat(), moments.day_in_words(day, reader.language)
            )
        case ToPage(words, address):
            # By whatever name the reader has come here.
            return Markup('<a href="{}">{}</a>').format(urlsplit(address).path, words)
        case ToRound(words, round=round_id):
            return Markup('<a href="/rounds/{}">{}</a>').format(quote(round_id, safe=""), words)
        case Typed():
            return Markup.escape(menu.where(part))
        case _:
            assert_never(part)


def _block(block: Block, reader: Reader, level: int) -> Markup:
    match block:
        case Heading():
            return _call("heading", block, reader, level)
        case Paragraph():
            return _call("paragraph", block, reader)
        case Bullets():
            return _call("bullets", block, reader)
        case Quote():
            return _call("quote", block, reader)
        case CardFace():
            return _call("card", block, reader, level)
        case Tally():
            return _call("tally", block, reader)
        case Buttons():
            return _call("buttons", block, reader)
        case _:
            assert_never(block)


def _field_id(form: Form, field: Field) -> str:
    return _NOT_IN_IDS.sub("-", f"{form.action}-{field.name}")


def _macro(name: str) -> Callable[..., Markup]:
    macro: Callable[..., Markup] = getattr(_MACROS, name)
    return macro


def _call(name: str, *values: object) -> Markup:
    return _macro(name)(*values)


_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NOT_IN_IDS = re.compile("[^A-Za-z0-9_-]")

TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals.update(
    _=said,
    address=address,
    blocks=blocks,
    field_id=_field_id,
    form=form,
    message=message,
    one_line=one_line,
    text=text,
    say=words.say,
    shape=shape,
    theirs=words.theirs,
    Buttons=Buttons,
    RADIOS=RADIOS,
    When=When,
    Group=Group,
    InputKind=InputKind,
)
_MACROS = TEMPLATES.get_template("macros.html").module
