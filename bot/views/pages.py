"""A message too long for one post -> several that follow each other. What is too long, a platform says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import TypeAlias, assert_never

from bot.messages import (
    Block,
    Bullets,
    Buttons,
    CardFace,
    Heading,
    Message,
    Ours,
    Paragraph,
    Part,
    Quote,
    Tally,
    Text,
    Theirs,
)
from bot.views import names
from bot.views.words import say

Fits: TypeAlias = Callable[[Message], bool]
Blocks: TypeAlias = tuple[Block, ...]

LABEL = 100  # characters: a longer label is not worth repeating


def pages(message: Message, fits: Fits) -> tuple[Message, ...]:
    """The message in as many posts as it needs, in order. Nothing is lost, and one that fits stays whole.

    A heading stays with what follows it, and buttons with what stands above them, so the last row is on the
    last page. What is too long for a page of its own is parted: lists between items, texts between words.
    """
    if fits(message):
        return (message,)
    again = Heading(say("post-continued", what=message.summary))

    def page(number: int, blocks: Blocks) -> Message:
        return Message(message.summary, (again, *blocks) if number else blocks)

    full: list[Blocks] = []
    blocks: Blocks = ()
    for piece in _pieces(_together(message.blocks), lambda piece: fits(page(1, piece))):
        if blocks and not fits(page(len(full), (*blocks, *piece))):
            full.append(blocks)
            blocks = ()
        blocks = (*blocks, *piece)
    return tuple(page(number, blocks) for number, blocks in enumerate([*full, blocks]))


def nothing_left() -> Message:
    """What stands in a later post of a message that has become shorter."""
    return names.note(say("post-nothing-left-summary"), say("post-nothing-left"))


def _together(blocks: Blocks) -> Iterator[Blocks]:
    """The blocks in groups that should stay on one page: headings, what follows, the buttons below."""
    group: list[Block] = []
    for block in blocks:
        if not isinstance(block, Buttons) and any(not isinstance(each, Heading) for each in group):
            yield tuple(group)
            group = []
        group.append(block)
    if group:
        yield tuple(group)


def _pieces(groups: Iterable[Blocks], fits: Callable[[Blocks], bool]) -> Iterator[Blocks]:
    """The groups, each parted until it fits. One that cannot be parted any more goes as it is."""
    waiting = [*groups][::-1]
    while waiting:
        group = waiting.pop()
        parted = () if fits(group) else _parted(group)
        if parted:
            waiting += reversed(parted)
        else:
            yield group


def _parted(group: Blocks) -> tuple[Blocks, ...]:
    """A group as two or more smaller ones. Empty if that is not possible."""
    if len(group) == 1:
        return tuple((each,) for each in _halves(group[0]))
    # The longest goes first: headings before it and buttons behind it stay with its ends.
    at = max(range(len(group)), key=lambda place: _length(group[place]))
    first, *rest = _halves(group[at]) or (group[at],)
    if rest:
        return ((*group[:at], first), *((each,) for each in rest[:-1]), (rest[-1], *group[at + 1 :]))
    middle = len(group) // 2
    return (group[:middle], group[middle:])


def _halves(block: Block) -> Blocks:
    """A block as smaller ones that say the same. Empty if it cannot be parted."""
    match block:
        case Heading(text):
            return tuple(Heading(each) for each in _text_halves(text))
        case Paragraph(text):
            return tuple(replace(block, text=each) for each in _text_halves(text))
        case Bullets(items) if len(items) > 1:
            middle = len(items) // 2
            return (Bullets(items[:middle]), Bullets(items[middle:]))
        case Bullets(items):
            return tuple(Bullets((half,)) for item in items for half in _text_halves(item))
        case Quote(label, words, remarks) if label and _text_length(label) >= max(_text_length(words), LABEL):
            return (Paragraph(label), Quote((), words, remarks))
        case Quote(label, _, remarks) if remarks and _text_length(*remarks) >= _text_length(block.words):
            return (replace(block, remarks=()), *map(Paragraph, remarks))
        case Quote(label, words, remarks):
            halves = _text_halves(words)
            if not halves:
                return (Paragraph(label), Quote((), words)) if label and words else ()
            return (Quote(label, halves[0]), Quote(_continued(label), halves[1], remarks))
        case CardFace():
            note = (Paragraph(block.note),) if block.note else ()
            return (*note, Quote(block.shoes, block.statement), Paragraph(block.question))
        case Tally(title, bars) if len(bars) > 1:
            middle = len(bars) // 2
            return (Tally(title, bars[:middle]), Tally(_continued(title), bars[middle:]))
        case Tally(title, bars):
            said = [Paragraph((*bar.label, Ours(": "), *bar.value)) for bar in bars]
            return (Paragraph(title), *said)
        case Buttons(buttons) if len(buttons) > 1:
            middle = len(buttons) // 2
            return (replace(block, buttons=buttons[:middle]), replace(block, buttons=buttons[middle:]))
        case Buttons():
            return ()
        case _:
            assert_never(block)


def _continued(label: Text) -> Text:
    """The label, saying that this is not the first time it stands there. It says so once."""
    if not label or label[-1:] == _mark()[-1:]:
        return label
    return say("quote-continued", label=label)


def _mark() -> Text:
    return say("quote-continued", label=())


def _text_halves(text: Text) -> tuple[Text, ...]:
    """A text in two, at the word end nearest to its middle. Empty for a text of one character."""
    middle = _text_length(text) // 2
    before: list[Part] = []
    length = 0
    for place, part in enumerate(text):
        size = _part_length(part)
        if length + size <= middle:
            before.append(part)
            length += size
            continue
        after = text[place + 1 :]
        if isinstance(part, Ours | Theirs) and size > 1:
            at = _word_end(part.words, middle - length)
            halves = (replace(part, words=part.words[:at]), replace(part, words=part.words[at:]))
            return ((*before, halves[0]), (halves[1], *after))
        if before:
            return (tuple(before), (part, *after))
        return ((part,), after) if after else ()
    return ()


def _word_end(words: str, near: int) -> int:
    """Where to cut, at least one character from either end: behind the space nearest to `near`."""
    near = min(max(near, 1), len(words) - 1)
    ends = [at for at in (words.rfind(" ", 0, near) + 1, words.find(" ", near) + 1) if 0 < at < len(words)]
    return min(ends, key=lambda at: abs(at - near), default=near)


def _length(block: Block) -> int:
    match block:
        case Heading(text) | Paragraph(text):
            return _text_length(text)
        case Bullets(items):
            return _text_length(*items)
        case Quote(label, words, remarks):
            return _text_length(label, words, *remarks)
        case CardFace():
            return _text_length(block.shoes, block.statement, block.question, block.note)
        case Tally(title, bars):
            return _text_length(title, *chain.from_iterable((bar.label, bar.value) for bar in bars))
        case Buttons(buttons):
            return sum(len(each.label) + len(each.action) for each in buttons)
        case _:
            assert_never(block)


def _text_length(*texts: Text) -> int:
    return sum(_part_length(part) for text in texts for part in text)


def _part_length(part: Part) -> int:
    """Characters; something that is shown in its own way counts as one, for it cannot be cut."""
    return len(part.words) if isinstance(part, Ours | Theirs) else 1
