"""Our Message and Form -> Components V2. Pure: a value and where it is shown in, JSON values out.

Discord parses every text, so whatever could be markup in one is escaped, last (decision 11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby, islice
from typing import Any, TypeAlias, assert_never

from adapters.discord import limits
from adapters.discord.dates import MONTHS
from bot.game.model import ChannelId
from bot.messages import (
    Block,
    Bullets,
    Button,
    Buttons,
    CardFace,
    Field,
    Form,
    Heading,
    InputKind,
    Message,
    Option,
    Ours,
    Paragraph,
    Quote,
    Tally,
    Text,
    Theirs,
    ToPage,
    ToRound,
    When,
)
from bot.rendering import TURNING, Place, characters, counted, has_theirs, may_notify, word
from bot.views.pages import pages
from bot.views.words import plain, say

Json: TypeAlias = dict[str, Any]

# Component reference, "Component types", and the styles of its buttons and text inputs.
ACTION_ROW, BUTTON, SELECT, TEXT_INPUT, TEXT, CONTAINER, LABEL, RADIO_GROUP = 1, 2, 3, 4, 10, 17, 18, 21
PRIMARY, SECONDARY = 1, 2
ONE_LINE, SEVERAL_LINES = 1, 2

DATE = 40  # characters: the longest way to write one has 25


@dataclass(frozen=True, slots=True)
class Rendered:
    """The `components` of a message, and its `summary` as plain characters.

    A message of components has no `content`, so a notification tells who wrote and no words at all.
    """

    components: list[Json]
    summary: str


def message(message: Message, place: Place) -> Rendered:
    """A whole post. Its first component holds nobody's words, should a notification ever show it."""
    shown = message.blocks
    if message.summary and not (shown and may_notify(shown[0])):
        shown = (Heading(message.summary), *shown)
    return Rendered(_Sheet(place).components(shown), _string(message.summary, place))


def fits(message_: Message) -> bool:
    """Whether a message is short enough for one post, wherever it is shown."""
    return _is_one_post(message(message_, _ANYWHERE))


def posts(message_: Message, place: Place) -> list[Rendered]:
    """A message as the posts that it needs. Nearly all need one, and a press waits: it is made once."""
    whole = message(message_, place)
    if _is_one_post(whole):
        return [whole]
    return [message(page, place) for page in pages(message_, fits)]


def _is_one_post(rendered: Rendered) -> bool:
    shown = list(_every(rendered.components))
    text = sum(_units(each["content"]) for each in shown if each["type"] == TEXT)
    return len(shown) <= limits.COMPONENTS and text <= limits.TEXT


def modal(form: Form, custom_id: str, place: Place) -> Json:
    """A form, as the `data` of a modal. `custom_id` comes back with what is typed.

    What does not fit at its field, a long label or hint, stands whole above all of them, while there
    is room for it. Discord names the button that sends it, in the reader's own language.
    """
    assert len(custom_id) <= limits.CUSTOM_ID
    title = cut(form.title, limits.MODAL_TITLE)
    whole = () if title == form.title else (Heading((Ours(form.title),)),)
    above = ["\n".join(_block_lines(block, place)) for block in (*whole, *form.intro)]
    fields = []
    for asked in _with_room(form):
        shown, more = _field(asked, place)
        fields.append(shown)
        above += more
    opening = _text(within("\n\n".join(filter(None, above)), limits.TEXT))
    return {
        "custom_id": custom_id,
        "title": title,
        "components": [*opening, *fields][-limits.MODAL_COMPONENTS :],
    }


def left_out(form: Form) -> dict[str, str]:
    """What stands in those fields of a form that its modal has no room for, to be sent with the others."""
    shown = _with_room(form)
    return {asked.name: asked.value for asked in form.fields if asked not in shown}


def _with_room(form: Form) -> list[Field]:
    """The fields that a modal shows. What stands above them, a consent maybe, is never left out.

    Where there is no room, optional fields wait, the last ones first: they keep what stands in them.
    """
    above = bool(form.intro) or len(form.title) > limits.MODAL_TITLE
    shown = list(form.fields)
    waiting = [asked for asked in form.fields if asked.optional and not asked.problem]
    while len(shown) + above > limits.MODAL_COMPONENTS and waiting:
        shown.remove(waiting.pop())
    assert len(shown) <= limits.MODAL_COMPONENTS
    return shown


def sent_back(form: Form, again: str) -> Message:
    """What was wrong with a form, all that was typed in it, and a button that opens it again.

    For one person's eyes. A form cannot answer a form here (Receiving and responding, "Interaction
    callback type": MODAL is not for a modal that was sent). `again` is the button's action.
    """
    blocks: list[Block] = [Heading(say("sent-back-summary")), Paragraph(say("sent-back"))]
    for asked in form.fields:
        problem = _problem(asked)
        if asked.value and not asked.options:
            remarks = (problem,) if problem else ()
            blocks.append(Quote((Ours(asked.label),), (Theirs(asked.value),), remarks))
        elif problem:
            blocks.append(Paragraph((Ours(asked.label, strong=True), Ours("\n"), *problem)))
    blocks.append(Buttons((Button(plain("sent-back-button"), again, primary=True),)))
    return Message(say("sent-back-summary"), tuple(blocks))


def cut(words: str, limit: int) -> str:
    """The words, or as many of them as the limit lets in."""
    if _units(words) <= limit:
        return words
    whole, space, _ = _kept_within(words, limit).rpartition(" ")
    return (whole if space else _kept_within(words, limit - 1)).rstrip(" ,;:.–-") + "…"


def within(markup: str, limit: int) -> str:
    """As many whole lines of a text as the limit lets in: a cut never goes through markup."""
    lines = markup.split("\n")
    while _units("\n".join(lines)) > limit:
        lines.pop()
    return "\n".join(lines).rstrip("\n")


def action_of(custom_id: str) -> str:
    """The action of a button that was pressed. Discord wants each id once in a message."""
    return custom_id.partition(AGAIN)[0]


def address(guild: str, channel: str, message: str) -> str:
    """Where a message can be opened, in the app and in a browser."""
    return f"https://discord.com/channels/{guild}/{channel}/{message}"


# --- components --------------------------------------------------------------------------

AGAIN = "~"  # no action holds one


@dataclass(slots=True)
class _Sheet:
    """One message in the making. `actions` counts how often each was given out."""

    place: Place
    headed: bool = False
    actions: dict[str, int] = field(default_factory=dict)

    def components(self, blocks: Iterable[Block]) -> list[Json]:
        return [shown for block in blocks for shown in self._block(block)]

    def _block(self, block: Block) -> Iterator[Json]:
        match block:
            case Buttons(buttons, title):
                # A button cannot be given more words for those who hear it, so its row has a title.
                if title and not any(title in button.label for button in buttons):
                    yield from _text("\n".join(_small((Ours(title),), self.place)))
                yield from self._rows(buttons)
            case Heading(text):
                # The message's own heading, and then those of its parts, a level below.
                yield from _text("\n".join(_heading(text, self.place, "###" if self.headed else "##")))
                self.headed = True
            case CardFace():
                # The note stands apart and first: who does not want to read on can stop there.
                note = _text("\n".join(_lines(block.note, self.place, strong=True)))
                card = _text("\n".join(_block_lines(block, self.place)))
                if inside := [*note, *card]:
                    yield {"type": CONTAINER, "components": inside}
            case _:
                yield from _text("\n".join(_block_lines(block, self.place)))

    def _rows(self, buttons: tuple[Button, ...]) -> Iterator[Json]:
        left = iter(buttons)
        while row := list(islice(left, limits.ROW)):
            yield {"type": ACTION_ROW, "components": [self._button(button) for button in row]}

    def _button(self, button: Button) -> Json:
        # Nothing but the words can say which one was chosen: Discord has no pressed buttons.
        label = plain("chosen-button", label=button.label) if button.pressed else button.label
        times = self.actions[button.action] = self.actions.get(button.action, 0) + 1
        custom_id = button.action if times == 1 else f"{button.action}{AGAIN}{times}"
        assert len(custom_id) <= limits.CUSTOM_ID
        return {
            "type": BUTTON,
            "style": PRIMARY if button.primary else SECONDARY,
            "label": cut(label, limits.BUTTON),
            "custom_id": custom_id,
        }


def _text(markup: str) -> list[Json]:
    return [{"type": TEXT, "content": markup}] if markup.strip() else []


def _block_lines(block: Block, place: Place) -> list[str]:
    """What a block says, as lines of markup. Buttons have none, and a card's note stands apart."""
    match block:
        case Heading(text):
            return _heading(text, place, "##")
        case Paragraph(text, quiet):
            return _small(text, place) if quiet else _lines(text, place)
        case Bullets(items):
            return [line for item in items for line in _item(item, place)]
        case Quote(label, words, remarks):
            # In a list, what somebody wrote in a remark cannot pass for a remark of ours below it.
            listed = len(remarks) > 1 or any(map(has_theirs, remarks))
            said = [*_lines(label, place, strong=True), *_quoted(words, place)]
            for remark in remarks:
                said += _item(remark, place) if listed else _lines(remark, place)
            return said
        case CardFace():
            shoes = _lines(block.shoes, place, strong=True)
            return [*shoes, *_quoted(block.statement, place), *_lines(block.question, place)]
        case Tally(title, bars):
            # No bars of characters: a screen reader would say each of them.
            said = _lines(title, place, strong=True)
            return [*said, *(line for bar in bars for line in _item(counted(bar), place))]
        case Buttons():
            return []
        case _:
            assert_never(block)


def _heading(text: Text, place: Place, level: str) -> list[str]:
    """One line, whatever stands in it."""
    words = " ".join(_lines(text, place)).strip()
    return [f"{level} {words}"] if words else []


def _quoted(text: Text, place: Place) -> list[str]:
    return [f"> {line}" for line in _lines(text, place)]


def _item(text: Text, place: Place) -> list[str]:
    """A point of a list. Lines that start with spaces still belong to it."""
    return [f"{'  ' if number else '- '}{line}" for number, line in enumerate(_lines(text, place))]


def _small(text: Text, place: Place) -> list[str]:
    return [f"-# {line}" if line.strip() else line for line in _lines(text, place)]


# --- fields ------------------------------------------------------------------------------


def _field(asked: Field, place: Place) -> tuple[Json, list[str]]:
    """A field, and texts for above all fields: what belongs to it and finds no place at it."""
    label = cut(asked.label, limits.LABEL)
    notes: list[Text] = []
    if problem := _problem(asked):
        notes.append(problem)
    if label != asked.label:
        notes.append((Ours(asked.label),))
    if asked.hint:
        notes.append(asked.hint)
    if asked.kind is InputKind.DATE:
        notes.append((Ours(plain("field-date-hint")),))
    at_it: list[str] = []
    above: list[str] = []
    for note in notes:
        words = _string(note, place)
        # Whether Discord parses a description no page says: only words of ours stand in one.
        if _is_ours(note) and _units(" ".join([*at_it, words])) <= limits.DESCRIPTION:
            at_it.append(words)
        else:
            named = (Ours(asked.label, strong=True), Ours(" "), *note)
            above.append("\n".join(_lines(named, place)))
    shown: Json = {"type": LABEL, "label": label, "component": {**_input(asked), "custom_id": asked.name}}
    if at_it:
        shown["description"] = " ".join(at_it)
    return shown, above


def _problem(asked: Field) -> Text:
    return (Ours(plain("field-problem") + " "), *asked.problem) if asked.problem else ()


def _input(asked: Field) -> Json:
    required = not asked.optional
    match asked.kind:
        case InputKind.LINE | InputKind.WORDS | InputKind.DATE:
            # Where Discord counts along, nobody has to hear afterwards that it was too much.
            as_typed = _day(asked.value) if asked.kind is InputKind.DATE else asked.value
            value = _kept_within(as_typed, limits.TYPED)
            limit = DATE if asked.kind is InputKind.DATE else asked.limit or limits.TYPED
            room = limits.TYPED if _units(value) > limit else limit
            typed: Json = {
                "type": TEXT_INPUT,
                "style": SEVERAL_LINES if asked.kind is InputKind.WORDS else ONE_LINE,
                "max_length": min(room, limits.TYPED),
                "required": required,
            }
            return {**typed, "value": value} if value else typed
        case InputKind.ONE_OF:
            options = [
                {"label": cut(option.label, limits.OPTION), "value": option.value}
                | ({"default": True} if option.value == asked.value else {})
                for option in _offered(asked)
            ]
            if 2 <= len(options) <= limits.RADIOS:
                return {"type": RADIO_GROUP, "options": options, "required": required}
            fewest = {} if required else {"min_values": 0}
            return {"type": SELECT, "options": options, "required": required, **fewest}
        case _:
            assert_never(asked.kind)


def _day(value: str) -> str:
    """A date as people write it, so that whoever changes it sees how; anything else as it was typed."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day} {MONTHS[day.month - 1].title()} {day.year}"


def _offered(asked: Field) -> list[Option]:
    """As many options as a list holds, and the chosen one always: of a large deck not every card."""
    chosen = [option for option in asked.options if option.value == asked.value]
    others = [option for option in asked.options if option not in chosen][: limits.OPTIONS - len(chosen)]
    return [option for option in asked.options if option in chosen or option in others]


# --- text --------------------------------------------------------------------------------


def _lines(text: Text, place: Place, *, strong: bool = False) -> list[str]:
    """A text as lines of markup. No text is no line."""
    said = ""
    for (bold, words_only), run in groupby(_spans(text, place, strong), key=lambda each: each[:2]):
        words = "".join(each for _, _, each in run)
        if words_only:
            words = escaped(words, starts_line=not said.rpartition("\n")[2].strip())
        said += _LINE.sub(r"\1**\2**\3", words) if bold else words
    return said.rstrip("\n").split("\n") if said.strip() else []


def _spans(text: Text, place: Place, bold: bool) -> Iterator[tuple[bool, bool, str]]:
    """Each part: whether it is strong, whether it is nothing but words, and what stands there."""
    for part in text:
        match part:
            case When(moment):
                yield bold, False, f"<t:{int(moment.timestamp())}:F>"
            case ToRound(words, round_id) if link := place.links(round_id):
                yield bold, False, f"[{escaped(words)}]({link})"
            case ToPage(words, address):
                yield bold, False, f"[{escaped(words)}]({address})"
            case Ours(words, strong):
                yield bold or strong, True, words
            case _:
                yield bold, True, word(part, place)


def escaped(words: str, *, starts_line: bool = True) -> str:
    r"""Words that Discord shows as they are: a `\` before whatever could be the start of markup.

    Where it finds a `\` and a sign, it shows that sign (Markdown Text 101, "escape"). Letters, digits
    and spaces stay untouched, and so does most of what people write.
    """

    def shown(found: re.Match[str]) -> str:
        if found["sign"]:
            return f"\\{found['sign']}"
        if found.start() == 0 and not starts_line:
            return found[0]
        return f"{found['before']}\\{found['start']}"

    # Marks that turn a line round would turn ours as well. Cleaned words have none.
    return _MARKUP.sub(shown, TURNING.sub("", words))


def _string(text: Text, place: Place) -> str:
    """A text where nothing but characters can stand."""
    return TURNING.sub("", characters(text, place))


def _is_ours(text: Text) -> bool:
    return all(isinstance(part, Ours) for part in text)


def _kept_within(words: str, limit: int) -> str:
    return words.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")


def _every(components: Iterable[Json]) -> Iterator[Json]:
    """All components, with those inside others."""
    for each in components:
        yield each
        yield from _every(each.get("components", []))


def _units(words: str) -> int:
    return len(words.encode("utf-16-le", "surrogatepass")) // 2


_LINE = re.compile(r"^([^\S\n]*)(\S(?:.*\S)?)([^\S\n]*)$", re.MULTILINE)

# `sign` starts markup wherever it stands: emphasis, code, spoilers, mentions, moments, emoji,
# addresses. `start` does so only where a line begins: headings, small print, quotes, lists.
_MARKUP = re.compile(
    r"""
      (?P<sign> [\\*_~|`<@\[\]/] | : (?![ \n]) )
    | (?P<before> ^[^\S\n]*\d* ) (?P<start> [.)] | (?<!\d)[#>+-] )
    """,
    re.VERBOSE | re.MULTILINE,
)
_ANYWHERE = Place(channel=ChannelId("c"), links=lambda round: address("9" * 20, "9" * 20, "9" * 20))
