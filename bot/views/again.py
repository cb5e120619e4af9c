"""A form that could not be taken, on a platform where a form cannot be shown again at once."""

from __future__ import annotations

from collections.abc import Mapping

from bot.actions import Action, Verb, read, write
from bot.messages import (
    Block,
    Button,
    Buttons,
    Form,
    Heading,
    InputKind,
    Message,
    Ours,
    Paragraph,
    Quote,
    join,
)
from bot.views.words import plain, say, theirs

OPENS = {
    Verb.SEND: Verb.RESPOND,
    Verb.MAKE_PLEDGE: Verb.PLEDGE,
    Verb.SEND_PAUSE: Verb.PAUSE,
    Verb.SEND_EXTEND: Verb.EXTEND,
    Verb.PREVIEW: Verb.DEAL,
    Verb.SET_ROLE: Verb.ROLE,
}
"""Which button opens the form that sends this."""


def form(form: Form, typed: Mapping[str, str]) -> Message:
    """What is wrong, what was typed, and a button that opens the form with it once more."""
    action = read(form.action)
    opened = Action(OPENS.get(action.verb, action.verb), action.round, action.about)
    blocks: list[Block] = [Heading(say("again-heading"))]
    for field in form.fields:
        if field.problem:
            blocks.append(Paragraph(join(((Ours(f"{field.label}:", strong=True),), field.problem))))
    for field in form.fields:
        words = typed.get(field.name, "")
        if words.strip() and field.kind in {InputKind.WORDS, InputKind.LINE}:
            blocks.append(Quote(label=say("again-typed"), words=theirs(words)))
    blocks.append(Buttons((Button(plain("again-open"), write(opened), primary=True),)))
    return Message(say("again-heading"), tuple(blocks))
