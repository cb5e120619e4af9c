"""What a campaign tells a channel: that it begins, its breaks, and whose shoes each day is in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.actions import Action, Verb, write
from bot.game.campaigns import (
    BreakTold,
    Campaign,
    Occasion,
    Posted,
    Prompt,
)
from bot.game.help_lines import HelpLine
from bot.game.model import Card
from bot.messages import (
    Block,
    Button,
    Buttons,
    Heading,
    Message,
    Paragraph,
    Text,
    Theirs,
    join,
)
from bot.views import help_lines, moments, names
from bot.views.words import ENGLISH, plain, say, theirs


def prompt_of(campaign: Campaign, entry: Posted) -> Prompt:
    """The prompt of a day. It is there for as long as the campaign is: a posted one is never removed."""
    return next(each for each in (*campaign.prompts, *campaign.reserve) if each.id == entry.prompt)


def shoes(card: Card, credit: str) -> Text:
    """Whose shoes a day is in: "Pearl, retired bus driver", or the perspective where nobody is named."""
    return theirs(credit) if credit else names.shoes(card.perspective)


def day_of(day: date) -> str:
    """A date that is near: Monday 7 June."""
    return moments.day_in_words(day, ENGLISH)


def begins(campaign: Campaign, lines: Sequence[HelpLine] = (), event: str = "") -> Message:
    """Before the first prompt: what comes, that nobody watches it all day, and whom to turn to.

    `event`: the awareness week that it is today, for sure.
    """
    week = (Paragraph(say("begins-week", name=Theirs(event))),) if event else ()
    help: tuple[Block, ...] = (Paragraph(say("begins-help")),)
    if lines:
        help = (*help, help_lines.listed(lines), Buttons((help_lines.find_help(),)))
    return Message(
        say("begins-heading"),
        (
            Heading(say("begins-heading")),
            Paragraph(say("begins-title", title=Theirs(campaign.title))),
            *week,
            Paragraph(say("begins-what")),
            Paragraph(say("begins-care")),
            Paragraph(say("begins-contact", contact=Theirs(campaign.contact))),
            *help,
        ),
    )


def break_told(told: BreakTold) -> Message:
    """A break begins; with the date of return."""
    name = Theirs(told.about.name)
    if told.back_on is None:
        text = say("break-told-last", name=name)
    else:
        text = say("break-told", name=name, back=day_of(told.back_on))
    return below(say("break-told-summary"), text)


def ended(campaign: Campaign) -> Message:
    """Somebody ended it before its time; who did is not said."""
    title = Theirs(campaign.title)
    return below(say("ended-told-summary"), say("ended-told", title=title), say("ended-told-open"))


def nothing_ready(campaign: Campaign, on: date) -> Message:
    """To those who organise it: there was nothing to post."""
    add = write(Action(Verb.PROMPT, about=campaign.id))
    return below(
        say("nothing-ready-summary"),
        say("nothing-ready", title=Theirs(campaign.title), on=day_of(on)),
        buttons=(Button(plain("button-add-prompt"), add, primary=True),),
    )


def below(summary: Text, *paragraphs: Text, buttons: tuple[Button, ...] = ()) -> Message:
    """Words of people stand below a heading of ours: a notification may show what comes first."""
    blocks: list[Block] = [Heading(summary), *(Paragraph(text) for text in paragraphs)]
    return Message(summary, (*blocks, Buttons(buttons)) if buttons else tuple(blocks))


def day_heading(occasion: Occasion, state: Text | None) -> Text:
    """The heading of a prompt's board: Day 12. `state`: how it stands, where it is not simply open."""
    if state is None:
        return say("day-heading", day=occasion.day)
    return say("day-heading-other", day=occasion.day, state=state)


def of_day(occasion: Occasion) -> tuple[Text, ...]:
    """What the board of a prompt says above its card: whose shoes today, and of what it is a part.

    Never in a notification, and never first: a title or a role may name a condition.
    """
    who = say("day-shoes", shoes=theirs(occasion.credit)) if occasion.credit else ()
    about = (
        say("day-of", title=Theirs(occasion.title)),
        say("day-late") if occasion.late else (),
        say("day-corrected") if occasion.corrected else (),
    )
    return tuple(each for each in (who, join(about)) if each)
