"""Renders a view as plain text: every word and every button, for files that people review."""

from __future__ import annotations

from typing import assert_never

from bot.actions import read
from bot.messages import (
    Bar,
    Block,
    Bullets,
    Button,
    Buttons,
    CardFace,
    Day,
    Field,
    Form,
    Heading,
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


def plain(view: Message | Form) -> str:
    """The whole view. Moments are in UTC; what people wrote is in « »."""
    lines = _form(view) if isinstance(view, Form) else _message(view)
    return "\n".join(lines) + "\n"


def text(parts: Text) -> str:
    """One text on one line."""
    return "".join(map(_part, parts))


def words(view: Message) -> str:
    """What a reader reads, without the buttons."""
    return "\n".join(
        line for block in view.blocks if not isinstance(block, Buttons) for line in _block(block)
    )


def buttons(view: Message) -> list[str]:
    """The labels of all buttons, in order."""
    return [each.label for block in view.blocks if isinstance(block, Buttons) for each in block.buttons]


def _part(part: Part) -> str:
    match part:
        case Ours(words):
            return words
        case Theirs(words):
            return f"«{words}»"
        case When(moment):
            return f"{moment:%a} {moment.day} {moment:%B %H:%M}"
        case Day(date):
            return f"{date.day} {date:%B %Y}"
        case ToRound(words) | ToPage(words):
            return f"<{words}>"
        case Typed():
            return part.words
        case _:
            assert_never(part)


def _message(message: Message) -> list[str]:
    lines = [f"(notification: {text(message.summary)})"]
    for block in message.blocks:
        lines += ["", *_block(block)]
    return lines


def _block(block: Block) -> list[str]:
    match block:
        case Heading():
            return [f"# {text(block.text)}"]
        case Paragraph():
            return [f"({text(block.text)})" if block.quiet else text(block.text)]
        case Bullets():
            return [f"- {text(item)}" for item in block.items]
        case Quote():
            remarks = [f"  ({text(remark)})" for remark in block.remarks]
            return [text(block.label), f"  | {text(block.words)}", *remarks]
        case CardFace():
            note = [text(block.note)] if block.note else []
            return [*note, text(block.shoes), f"  | {text(block.statement)}", text(block.question)]
        case Tally():
            return [text(block.title), *map(_bar, block.bars)]
        case Buttons():
            title = [f"{block.title}:"] if block.title else []
            return [*title, *map(_button, block.buttons)]
        case _:
            assert_never(block)


def _bar(bar: Bar) -> str:
    drawn = "=" * round(10 * bar.share)
    return f"  {drawn:<10} {text(bar.label)}: {text(bar.value)}"


def _button(button: Button) -> str:
    chosen = {None: "", True: " (chosen)", False: " (not chosen)"}[button.pressed]
    action = read(button.action)
    return f"  [{'* ' if button.primary else ''}{button.label}]{chosen} -> {action.verb.value}"


def _form(form: Form) -> list[str]:
    lines = [f"=== {form.title} ==="]
    for block in form.intro:
        lines += ["", *_block(block)]
    for field in form.fields:
        lines += ["", *_field(field)]
    return [*lines, "", f"  [{form.submit}] -> {read(form.action).verb.value}"]


def _field(field: Field) -> list[str]:
    optional = " (optional)" if field.optional else ""
    lines = [f"{field.label}{optional}"]
    if field.problem:
        lines.append(f"  ! {text(field.problem)}")
    for option in field.options:
        lines.append(f"  ({'x' if option.value == field.value else ' '}) {option.label}")
    if not field.options:
        limit = f", up to {field.limit} characters" if field.limit else ""
        lines.append(f"  [{field.value}] {field.kind.value}{limit}")
    if field.hint:
        lines.append(f"  ({text(field.hint)})")
    return lines
