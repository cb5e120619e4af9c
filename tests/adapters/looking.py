"""A view and what a player sees of it, side by side: which words are missing, and which buttons are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

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
    Ours,
    Paragraph,
    Quote,
    Tally,
    Text,
    Typed,
    When,
)
from tests.adapters.hostile import DIRECTION
from tests.adapters.platform import Shown


def one_line(text: str) -> str:
    """A text without its line ends: where they stand is the platform's choice."""
    return " ".join(text.split())


def missing(blocks: Sequence[Block], shown: Shown) -> list[str]:
    """The words of blocks that a reader does not see, in their order."""
    return not_in_order([words for text in _texts_of(blocks) for words in _pieces(text)], shown.text)


def missing_of_form(form: Form, shown: Shown) -> list[str]:
    """The same of a form, in any order, with what stands in its fields."""
    there = one_line(shown.text)
    words = [form.title, *(words for text in _texts_of(form.intro) for words in _pieces(text))]
    for field in form.fields:
        words += [field.label, *_pieces(field.hint), *_pieces(field.problem)]
        words += [option.label for option in field.options] or [_kept(field, there)]
    return [each for each in [*words, form.submit] if one_line(DIRECTION.sub("", each)) not in there]


def _kept(field: Field, there: str) -> str:
    """What stands in a field. Where a date is picked and not typed, nothing else can stand there."""
    if field.kind is not InputKind.DATE:
        return field.value
    try:
        day = date.fromisoformat(field.value)
    except ValueError:
        return ""
    as_people_write = f"{day.day} {day:%B} {day.year}"
    return as_people_write if as_people_write in there else day.isoformat()


def not_in_order(wanted: Sequence[str], text: str) -> list[str]:
    """Those that do not stand in the text after the one before."""
    there, at, lost = one_line(text), 0, []
    for each in wanted:
        words = one_line(DIRECTION.sub("", each))
        found = there.find(words, at)
        if found < 0:
            lost.append(each)
        else:
            at = found + len(words)
    return lost


def _pieces(text: Text) -> Iterator[str]:
    """The words of a text, parted where each platform shows something its own way: a moment, a command."""
    held = ""
    for part in text:
        if isinstance(part, When | Day | Typed):
            yield held
            held = ""
        else:
            held += part.words
    yield held


def _texts_of(blocks: Sequence[Block]) -> Iterator[Text]:
    for block in blocks:
        match block:
            case Heading() | Paragraph():
                yield block.text
            case Bullets():
                yield from block.items
            case Quote():
                yield from (block.label, block.words, *block.remarks)
            case CardFace():
                # Where the note stands is the platform's choice.
                yield from (block.shoes, block.statement, block.question)
            case Tally():
                yield block.title
                for bar in block.bars:
                    yield from (bar.label, bar.value)
            case Buttons():
                yield from ((Ours(each.label),) for each in block.buttons)


def actions_of(blocks: Sequence[Block]) -> tuple[str, ...]:
    """The actions of all buttons, in their order."""
    return tuple(each.action for block in blocks if isinstance(block, Buttons) for each in block.buttons)
