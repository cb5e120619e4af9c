"""Awareness weeks: which come next, how sure their dates are, and the form to confirm them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.actions import Action, Verb, write
from bot.game.awareness import Certainty, Event, EventDates
from bot.messages import (
    Block,
    Bullets,
    Button,
    Buttons,
    Day,
    Field,
    Form,
    Heading,
    InputKind,
    Message,
    Option,
    Paragraph,
    Text,
    Theirs,
)
from bot.views import names
from bot.views.words import plain, say

SOURCE_LENGTH = 200  # characters


def weeks(coming: Sequence[EventDates], *, may_confirm: bool, plan: str = "") -> Message:
    """What comes next, by first day. Those who look after the channel may confirm dates.

    `plan`: the campaign whose plan this was opened from; empty for none.
    """
    back = (names.to_plan(plan),) if plan else ()
    if not coming:
        return names.note(say("weeks-heading"), say("weeks-none"), buttons=back)
    blocks: list[Block] = [
        Heading(say("weeks-heading")),
        Paragraph(say("weeks-about")),
        Bullets(tuple(map(_sourced, coming))),
    ]
    confirm = Button(plain("button-confirm-week"), write(Action(Verb.CONFIRM_WEEK, about=plan)))
    file = Button(plain("button-calendar-file"), write(Action(Verb.CALENDAR)))
    blocks.append(Buttons((*((confirm,) if may_confirm else ()), file, *back)))
    return Message(say("weeks-heading"), tuple(blocks))


def _sourced(dates: EventDates) -> Text:
    if dates.certainty is Certainty.CONFIRMED:
        return say("week-source", when=when(dates), source=Theirs(dates.source))
    return when(dates)


def when(dates: EventDates) -> Text:
    """An event in one year. A provisional one always says so."""
    name, where = Theirs(dates.event.title_in(dates.first.year)), Theirs(dates.event.where)
    if dates.first == dates.last:
        told = say("week-day", name=name, where=where, first=Day(dates.first))
    else:
        told = say("week-when", name=name, where=where, first=Day(dates.first), last=Day(dates.last))
    if dates.certainty is Certainty.PROVISIONAL:
        return say("week-provisional", when=told)
    return told


def of_plan(dates: EventDates | None) -> Iterator[Block]:
    """What a plan says of the event that its template is for."""
    if dates is not None:
        yield Paragraph(say("plan-for-week", when=when(dates)))
        if dates.certainty is Certainty.PROVISIONAL:
            yield Paragraph(say("plan-week-provisional"))


def button(plan: str) -> Button:
    """Shows what comes next, from the plan of a campaign."""
    return Button(plain("button-weeks"), write(Action(Verb.WEEKS, about=plan)))


def confirm_form(
    events: Sequence[Event],
    plan: str = "",
) -> Form:
    """Fields `event`, `first`, `last` (ISO dates), `source`. `events` have new dates each year."""
    fields = (
        Field(
            name="event",
            label=plain("confirm-week-event"),
            kind=InputKind.ONE_OF,
            options=tuple(Option(each.id, names.short(each.title)) for each in events),
            value=events[0].id if events else "",
        ),
        Field(name="first", label=plain("confirm-week-first"), kind=InputKind.DATE),
        Field(name="last", label=plain("confirm-week-last"), kind=InputKind.DATE),
        Field(
            name="source",
            label=plain("confirm-week-source"),
            kind=InputKind.LINE,
            hint=say("confirm-week-source-hint"),
            limit=SOURCE_LENGTH,
        ),
    )
    return Form(
        title=plain("confirm-week-title"),
        action=write(Action(Verb.SEND_WEEK, about=plan)),
        fields=tuple(fields),
        submit=plain("confirm-week-send"),
    )


def confirmed(dates: EventDates, plan: str = "") -> Message:
    """It is kept."""
    back = (names.to_plan(plan),) if plan else ()
    return names.note(say("week-confirmed"), say("week-confirmed"), _sourced(dates), buttons=back)


def not_a_stretch() -> Text:
    """A field's problem: the wrong way round, too long, or in two years."""
    return say("confirm-not-a-stretch")


def always_the_same() -> Text:
    """A field's problem: nobody need confirm these."""
    return say("confirm-always-the-same")
