"""Where to find help: shown to whoever asks, beside hard cards, and to those whose words suggest harm."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import assert_never

from bot.actions import Action, Verb, write
from bot.game.help_lines import HelpLine, Nation, to_check
from bot.messages import Block, Bullets, Button, Buttons, Heading, Message, Paragraph, Text, Theirs
from bot.views import moments, names
from bot.views.words import ENGLISH, plain, say


def help_lines(nation: Nation, lines: Sequence[HelpLine]) -> Message:
    """The lines of a nation, and a way to those of the others."""
    others = tuple(
        Button(name(each), write(Action(Verb.HELP_LINES, value=each.value)))
        for each in Nation
        if each is not nation
    )
    return Message(
        say("help-lines-heading"),
        (
            Heading(say("help-lines-heading")),
            Paragraph(say("help-lines-nation", nation=name(nation))),
            listed(lines),
            Paragraph(say("help-lines-elsewhere")),
            Buttons(others),
        ),
    )


def listed(lines: Sequence[HelpLine]) -> Bullets:
    """Each line, as a channel and whoever needs it read it.

    Nothing says here that a number was not checked: that would frighten whoever needs one now, and
    only those who look after the place can do something about it (`choose_nation`, `warning`).
    """
    return Bullets(tuple(map(_line, lines)))


def _line(line: HelpLine) -> Text:
    return say("help-line", name=Theirs(line.name), number=Theirs(line.number), about=Theirs(line.when))


def _marked(told: Text, line: HelpLine) -> Text:
    """A line that somebody should check first, as moderators read it."""
    if line.checked is None:
        return say("help-line-unchecked", line=told)
    return say("help-line-old", line=told, checked=moments.month_in_words(line.checked, ENGLISH))


def name(nation: Nation) -> str:
    """What a nation is called."""
    match nation:
        case Nation.ENGLAND:
            return plain("nation-england")
        case Nation.WALES:
            return plain("nation-wales")
        case Nation.SCOTLAND:
            return plain("nation-scotland")
        case Nation.NORTHERN_IRELAND:
            return plain("nation-northern-ireland")
        case _:
            assert_never(nation)


def find_help(round: str = "") -> Button:
    """Shows the lines to one player alone; those for the topics of a card, too, if it names one."""
    return Button(plain("button-find-help"), write(Action(Verb.HELP_LINES, round)))


def nations(plan: str) -> Button:
    """Shows whose lines a place is shown, to those who look after it, from the plan of a campaign."""
    return Button(plain("button-nations"), write(Action(Verb.NATIONS, about=plan)))


def warning(lines: Sequence[HelpLine], *, planned: bool) -> tuple[Block, ...]:
    """To those who look after a campaign: what they should check, and first of all if it is only planned.

    Nothing, if nothing is to check.
    """
    if not lines:
        return ()
    named = (
        _marked(say("line-to-check", name=Theirs(each.name), number=Theirs(each.number)), each)
        for each in lines
    )
    told = say("lines-to-check-first") if planned else say("lines-to-check")
    return (Paragraph(told), Bullets(tuple(named)))


# --- whose lines are shown -----------------------------------------------------------------


def choose_nation(nation: Nation, lines: Sequence[HelpLine], today: date, plan: str = "") -> Message:
    """To those who look after a channel: whose lines it is shown, what to check, and a choice.

    `plan`: the campaign whose plan this was opened from; empty for none.
    """
    check = to_check(lines, today)
    blocks: tuple[Block, ...] = (
        Heading(say("nations-heading")),
        Paragraph(say("nations-now", nation=name(nation))),
        Bullets(tuple(_marked(_line(each), each) if each in check else _line(each) for each in lines)),
        Paragraph(say("nations-check")),
        *_choice(nation, plan),
    )
    return Message(say("nations-heading"), blocks)


def nation_set(nation: Nation, plan: str = "") -> Message:
    """It is chosen."""
    told = say("nations-set", nation=name(nation))
    return Message(say("nations-set-summary"), (Paragraph(told), *_choice(nation, plan)))


def _choice(nation: Nation, plan: str) -> Iterator[Block]:
    yield Buttons(
        tuple(
            Button(name(each), write(Action(Verb.SET_NATION, "", plan, each.value)), pressed=each is nation)
            for each in Nation
        )
    )
    if plan:
        yield Buttons((names.to_plan(plan),))


# --- to those whose words suggest harm --------------------------------------------------------


def with_care(answer: Message, lines: Sequence[HelpLine]) -> Message:
    """The answer to words that suggest harm and are not held: what it is, and whom to ring."""
    care = (Paragraph(say("care-note")), Paragraph(say("care-lines")), listed(lines))
    return replace(answer, blocks=(*answer.blocks, *care))


def after_reply(lines: Sequence[HelpLine]) -> Message:
    """To the writer of a thread reply, where they wrote it on their platform."""
    note = names.note(say("care-summary"), say("care-thread"))
    told = with_care(replace(note, blocks=()), lines)
    return replace(told, blocks=(Heading(say("care-heading")), *told.blocks, *note.blocks))
