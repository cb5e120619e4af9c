"""Our Message and Form -> Block Kit. Pure: a value and where it is shown in, JSON values out.

Everything people wrote stands in `rich_text` elements, whose text Slack never parses (decision 10).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, count, islice
from typing import Any, TypeAlias, assert_never

from adapters.slack import limits
from bot.game.model import ChannelId
from bot.messages import (
    Block,
    Bullets,
    Button,
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
    join,
)
from bot.rendering import TURNING, Place, characters, counted, has_theirs, may_notify
from bot.views import moments
from bot.views.words import plain

Json: TypeAlias = dict[str, Any]

ROW = 5  # buttons side by side: what a narrow screen shows in two lines
RADIOS = 8  # more options than this are a list to choose from (Slack draws ten)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The `blocks` of a message, and its `text`, which a notification shows: the summary."""

    blocks: list[Json]
    text: str


def message(message: Message, place: Place) -> Rendered:
    """A whole post. Its first block holds nobody's words: a desktop shows it in a notification."""
    shown = message.blocks
    if message.summary and not (shown and may_notify(shown[0])):
        shown = (Heading(message.summary), *shown)
    return Rendered(blocks=_Sheet(place).blocks(shown), text=_escaped(characters(message.summary, place)))


def fits(message_: Message) -> bool:
    """Whether a message is short enough for one post, wherever it is shown."""
    shown = message(message_, _ANYWHERE).blocks
    return len(shown) <= limits.MESSAGE_BLOCKS and _length(shown) <= limits.MESSAGE_LENGTH


def modal(form: Form, metadata: str, place: Place) -> Json:
    """A form, as the `view` of views.open. A form that comes back says above each field what is wrong."""
    sheet = _Sheet(place)
    title = cut(form.title, limits.VIEW_TITLE)
    opening: tuple[Block, ...] = () if title == form.title else (Heading((Ours(form.title),)),)
    fields = list(chain.from_iterable(_field(each, place) for each in form.fields))
    intro = sheet.blocks((*opening, *form.intro))[: limits.VIEW_BLOCKS - len(fields)]
    return {
        **_view(title, metadata, [*intro, *fields]),
        "callback_id": "form",
        "submit": _plain(cut(form.submit, limits.VIEW_TITLE)),
    }


def modal_of(message: Message, metadata: str, title: str, place: Place, submit: Button | None = None) -> Json:
    """A message that only one person sees, as the `view` of views.open.

    `submit` is one of its buttons: it becomes the modal's own, which closes the modal.
    """
    shown = cut(title, limits.VIEW_TITLE)
    opening: tuple[Block, ...] = () if shown == title else (Heading((Ours(title),)),)
    blocks = message.blocks if submit is None else tuple(_without(submit, message.blocks))
    view = {
        **_view(shown, metadata, _Sheet(place).blocks((*opening, *blocks))),
        "callback_id": "message",
    }
    return view if submit is None else {**view, "submit": _plain(cut(submit.label, limits.VIEW_TITLE))}


def _without(button: Button, blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if not isinstance(block, Buttons):
            yield block
        elif left := tuple(each for each in block.buttons if each != button):
            yield replace(block, buttons=left)


def in_a_field(text: Text, place: Place) -> str:
    """A text for the place at a field where Slack shows what is wrong: nothing but characters."""
    return characters(text, place)


def home(parts: Iterable[tuple[Place, tuple[Block, ...]]]) -> Json:
    """The `view` of views.publish: a few blocks for each place, in that order.

    What is more than a view can hold is left out at the end.
    """
    shown: list[Json] = []
    names = _Names()
    for place, blocks in parts:
        shown += _Sheet(place, names).blocks(blocks)
    return {"type": "home", "blocks": shown[: limits.VIEW_BLOCKS]}


def cut(words: str, limit: int) -> str:
    """The words, or as many of them as the limit lets in."""
    if len(words) <= limit:
        return words
    kept = words[: limit - 1]
    whole, space, _ = words[:limit].rpartition(" ")
    return (whole if space else kept).rstrip(" ,;:.–-") + "…"


# --- blocks ------------------------------------------------------------------------------


@dataclass(slots=True)
class _Names:
    """What is given out once in a message or view: ids of blocks, ids of buttons."""

    rows: Iterator[int] = field(default_factory=count)
    actions: dict[str, int] = field(default_factory=dict)

    def action(self, action: str) -> str:
        times = self.actions[action] = self.actions.get(action, 0) + 1
        return action if times == 1 else f"{action}#{times}"


@dataclass(slots=True)
class _Sheet:
    """One message or view in the making."""

    place: Place
    names: _Names = field(default_factory=_Names)

    def blocks(self, blocks: Iterable[Block]) -> list[Json]:
        return [shown for block in blocks for shown in self._block(block)]

    def _block(self, block: Block) -> Iterator[Json]:
        match block:
            case Heading(text):
                yield from _heading(text, self.place)
            case Paragraph(text, quiet=True) if (small := _string_of_ours(text)) and len(
                small
            ) <= limits.CONTEXT:
                yield {"type": "context", "elements": [_plain(small)]}
            case Paragraph(text):
                yield from _rich([_Run(SECTION, text)], self.place)
            case Bullets(items):
                yield from _rich([_Run(LIST, item) for item in items], self.place)
            case Quote(label, words, remarks):
                # In a list, what somebody wrote in a remark cannot pass for a remark of ours below it.
                kind = LIST if len(remarks) > 1 or any(map(has_theirs, remarks)) else SECTION
                runs = [_Run(SECTION, label, strong=True), _Run(QUOTE, words)]
                yield from _rich([*runs, *(_Run(kind, remark) for remark in remarks)], self.place)
            case CardFace():
                # The note stands apart and first: who does not want to read on can stop there.
                yield from _rich([_Run(SECTION, block.note, strong=True)], self.place)
                runs = [
                    _Run(SECTION, block.shoes, strong=True),
                    _Run(QUOTE, block.statement),
                    _Run(SECTION, block.question),
                ]
                yield from _rich(runs, self.place)
            case Tally(title, bars):
                # No bars of characters: a screen reader would say each of them.
                runs = [_Run(SECTION, title, strong=True), *(_Run(LIST, counted(bar)) for bar in bars)]
                yield from _rich(runs, self.place)
            case Buttons(buttons, title, channel):
                yield from self._rows(buttons, title, channel or self.place.channel)
            case _:
                assert_never(block)

    def _rows(self, buttons: tuple[Button, ...], title: str, channel: ChannelId) -> Iterator[Json]:
        left = iter(buttons)
        while row := list(islice(left, ROW)):
            yield {
                "type": "actions",
                "block_id": f"{channel}.{next(self.names.rows)}",
                "elements": [self._button(button, title) for button in row],
            }

    def _button(self, button: Button, title: str) -> Json:
        # Nothing but the words can say which one was chosen: Slack has no pressed buttons.
        label = plain("chosen-button", label=button.label) if button.pressed else button.label
        shown: Json = {
            "type": "button",
            "text": _plain(cut(label, limits.BUTTON)),
            "action_id": self.names.action(button.action),
            "value": button.action,
        }
        if button.primary:
            shown["style"] = "primary"
        if title and title not in label:
            spoken = plain("spoken-button", row=title, label=label)
            if len(spoken) <= limits.BUTTON_SPOKEN:
                shown["accessibility_label"] = spoken
        return shown


def _heading(text: Text, place: Place) -> Iterator[Json]:
    words = _string_of_ours(text)
    if words and len(words) <= limits.HEADER:
        yield {"type": "header", "text": _plain(words)}
    else:
        yield from _rich([_Run(SECTION, text, strong=True)], place)


# --- fields ------------------------------------------------------------------------------


def _field(asked: Field, place: Place) -> Iterator[Json]:
    """A field with what belongs to it above it: first what is wrong, then a hint with a moment in it."""
    if asked.problem:
        problem = join(((Ours(plain("field-problem"), strong=True),), asked.problem))
        yield from _rich([_Run(SECTION, problem)], place)
    hint = _string_of_ours(asked.hint)
    if asked.hint and (hint is None or len(hint) > limits.HINT):
        yield from _rich([_Run(SECTION, asked.hint)], place)
        hint = None
    shown: Json = {
        "type": "input",
        "block_id": asked.name,
        "label": _plain(cut(asked.label, limits.LABEL)),
        "element": {**_element(asked), "action_id": asked.name},
        "optional": asked.optional,
    }
    if hint:
        shown["hint"] = _plain(hint)
    yield shown


def _element(asked: Field) -> Json:
    match asked.kind:
        case InputKind.LINE | InputKind.WORDS:
            # Slack's own limit and not ours: whoever wrote too much gets it back, with a word about it.
            typed: Json = {
                "type": "plain_text_input",
                "multiline": asked.kind is InputKind.WORDS,
                "max_length": limits.TYPED,
            }
            return {**typed, "initial_value": asked.value[: limits.TYPED]} if asked.value else typed
        case InputKind.ONE_OF:
            assert len(asked.options) <= limits.OPTIONS
            options = {
                option.value: {"text": _plain(cut(option.label, limits.OPTION)), "value": option.value}
                for option in asked.options
            }
            kind = "radio_buttons" if len(options) <= RADIOS else "static_select"
            chosen: Json = {"type": kind, "options": list(options.values())}
            return {**chosen, "initial_option": options[asked.value]} if asked.value in options else chosen
        case InputKind.DATE:
            return {"type": "datepicker", **({"initial_date": asked.value} if _is_date(asked.value) else {})}
        case _:
            assert_never(asked.kind)


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _view(title: str, metadata: str, blocks: list[Json]) -> Json:
    assert len(metadata) <= limits.VIEW_METADATA
    return {
        "type": "modal",
        "title": _plain(title),
        "close": _plain(plain("view-close")),
        "private_metadata": metadata,
        "blocks": blocks[: limits.VIEW_BLOCKS],
    }


# --- text --------------------------------------------------------------------------------

SECTION, QUOTE, LIST = "rich_text_section", "rich_text_quote", "rich_text_list"


@dataclass(frozen=True, slots=True)
class _Run:
    """One element of a rich_text block. Runs of a LIST that follow each other are one list."""

    kind: str
    text: Text
    strong: bool = False


def _rich(runs: Iterable[_Run], place: Place) -> Iterator[Json]:
    """As few rich_text blocks as hold everything. A run too long for one is parted between words."""
    held: list[tuple[str, list[Json]]] = []
    length = 0
    for run in runs:
        for inline in _inline_blocks(run, place):
            size = _length(inline)
            if held and length + size > limits.RICH_TEXT:
                yield _rich_text(held)
                held, length = [], 0
            held.append((run.kind, inline))
            length += size
    if held:
        yield _rich_text(held)


def _rich_text(held: list[tuple[str, list[Json]]]) -> Json:
    elements: list[Json] = []
    for kind, inline in held:
        if kind != LIST:
            elements.append({"type": kind, "elements": inline})
            continue
        if not elements or elements[-1]["type"] != LIST:
            elements.append({"type": LIST, "style": "bullet", "elements": []})
        elements[-1]["elements"].append({"type": SECTION, "elements": inline})
    return {"type": "rich_text", "elements": elements}


def _inline_blocks(run: _Run, place: Place) -> Iterator[list[Json]]:
    """A run as inline elements, parted where it would be too long for one block."""
    inline: list[Json] = []
    length = 0
    for element in chain.from_iterable(_inline(part, place) for part in run.text):
        if run.strong:
            element["style"] = {"bold": True}
        size = _length(element)
        if inline and length + size > limits.RICH_TEXT:
            yield inline
            inline, length = [], 0
        last = inline[-1] if inline else {}
        if element["type"] == last.get("type") == "text" and element.get("style") == last.get("style"):
            last["text"] += element["text"]  # one sentence to a screen reader, not three
        else:
            inline.append(element)
        length += size
    if inline:
        yield inline


def _inline(part: Part, place: Place) -> Iterator[Json]:
    match part:
        case Ours(words, strong):
            for piece in _pieces(words):
                yield {"type": "text", "text": piece, **({"style": {"bold": True}} if strong else {})}
        case Theirs(words):
            # Marks that turn a line round would turn ours as well. Cleaned words have none.
            for piece in _pieces(TURNING.sub("", words)):
                yield {"type": "text", "text": piece}
        case When(moment):
            yield {
                "type": "date",
                "timestamp": int(moment.timestamp()),
                "format": plain("moment", day="{date_long_pretty}", time="{time}"),
                "fallback": moments.moment_in(place.zone, moment, place.language),
            }
        case Day(day):
            yield {"type": "text", "text": moments.day_in_words(day, place.language)}
        case ToPage(words, address):
            yield {"type": "link", "url": address, "text": words}
        case ToRound(words, round_id):
            link = place.links(round_id)
            yield {"type": "link", "url": link, "text": words} if link else {"type": "text", "text": words}
        case Typed():
            yield {"type": "text", "text": part.words}
        case _:
            assert_never(part)


def _pieces(words: str) -> Iterator[str]:
    """The words in pieces that fit into a block, with every character in one of them."""
    while len(words) > _PIECE:
        at = max(words.rfind(" ", 0, _PIECE), words.rfind("\n", 0, _PIECE)) + 1 or _PIECE
        yield words[:at]
        words = words[at:]
    if words:
        yield words


def _string_of_ours(text: Text) -> str | None:
    """The words of a text that holds nothing but ours, or None."""
    ours = [part.words for part in text if isinstance(part, Ours)]
    return "".join(ours) if len(ours) == len(text) else None


def _plain(words: str) -> Json:
    # Without emoji: `:no_entry:` stays what was written. An emoji itself is shown as it is.
    return {"type": "plain_text", "text": words, "emoji": False}


def _escaped(words: str) -> str:
    """For `text`, the one place of ours that Slack parses (Formatting text, "Escaping text")."""
    return TURNING.sub("", words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _length(value: object) -> int:
    """All characters of all strings in a JSON value, as Slack keeps them: `&` as `&amp;`, and so on."""
    match value:
        case str():
            return len(value) + 4 * value.count("&") + 3 * (value.count("<") + value.count(">"))
        case dict():
            return sum(map(_length, value.values()))
        case list():
            return sum(map(_length, value))
        case _:
            return 0


_PIECE = limits.RICH_TEXT - 100  # room for the markup around it
_ANYWHERE = Place(channel=ChannelId("c" * 64), links=lambda round: "https://" + "x" * 150)
