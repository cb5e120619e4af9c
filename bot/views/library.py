"""The library: the form to look for something, and a page of what was found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.actions import Action, Verb, write
from bot.game.model import PERSPECTIVES, Card, Mark, Outcome, Pledge, Story
from bot.messages import (
    Block,
    Button,
    Buttons,
    Field,
    Form,
    Heading,
    InputKind,
    Message,
    Option,
    Paragraph,
    Quote,
    Text,
)
from bot.views import names
from bot.views.words import plain, say, theirs

ANY = "any"
PAGE = 5  # entries in one message
TOPICS = 24  # that are offered: Discord's list holds 25, with "Everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A story with how it is named, or a pledge that was done with its card."""

    story: Story | None = None
    name: str = ""
    pledge: Pledge | None = None
    card: Card | None = None


def mark(of: Mark) -> str:
    """What something is an example of."""
    match of:
        case Mark.BARRIER:
            return plain("mark-barrier")
        case Mark.PRACTICE:
            return plain("mark-practice")
        case Mark.STORY:
            return plain("mark-story")
        case _:
            assert_never(of)


def outcome(of: Outcome) -> str:
    """An outcome of the path, as people say it."""
    match of:
        case Outcome.LISTENED_TO:
            return plain("outcome-listened-to")
        case Outcome.REAL_CHOICE:
            return plain("outcome-real-choice")
        case Outcome.INFORMATION:
            return plain("outcome-information")
        case Outcome.BELONG:
            return plain("outcome-belong")
        case Outcome.SAFE:
            return plain("outcome-safe")
        case Outcome.TIME_AND_SUPPORT:
            return plain("outcome-time-and-support")
        case Outcome.JOINED_UP:
            return plain("outcome-joined-up")
        case _:
            assert_never(of)


def named(topic: str) -> str:
    """A topic as a button can carry it: they are people's words, and may hold anything."""
    return hashlib.sha256(topic.encode()).hexdigest()[:12]


def form(
    topics: Sequence[str],
) -> Form:
    """Fields `mark`, `shoes`, `outcome`, and `topic` (as `named`) if there is any; each may be ANY."""
    shoes = names.all_shoes()
    fields: tuple[Field, ...] = (
        _choice("mark", plain("library-mark"), tuple(Option(each.value, mark(each)) for each in Mark)),
        _choice("shoes", plain("library-shoes"), shoes),
        _choice(
            "outcome",
            plain("library-outcome"),
            tuple(Option(each.value, outcome(each)) for each in Outcome),
        ),
    )
    if topics:
        offered = tuple(Option(named(each), names.short(each)) for each in topics[:TOPICS])
        fields = (*fields, _choice("topic", plain("library-topic"), offered))
    return Form(
        title=plain("library-find-title"),
        action=write(Action(Verb.FIND)),
        fields=tuple(fields),
        submit=plain("library-send"),
        intro=(Paragraph(say("library-intro")),),
    )


def _choice(name: str, label: str, options: tuple[Option, ...]) -> Field:
    return Field(
        name=name,
        label=label,
        kind=InputKind.ONE_OF,
        options=(Option(ANY, plain("library-any")), *options),
        value=ANY,
    )


def found(entries: Sequence[Entry], *, skip: int, total: int, more: str) -> Message:
    """A page of what was found. `more` is the value of the action that shows the next one."""
    blocks: list[Block] = [Heading(say("library-title"))]
    if not entries:
        blocks.append(Paragraph(say("library-nothing")))
    else:
        blocks.append(Paragraph(say("library-count", count=total)))
        blocks += [_entry(number, each) for number, each in enumerate(entries, start=skip + 1)]
    again = Button(plain("library-again"), write(Action(Verb.LIBRARY)))
    if skip + len(entries) < total:
        next = Button(plain("library-more"), write(Action(Verb.FIND, value=more)), primary=True)
        return Message(say("library-title"), (*blocks, Buttons((next, again))))
    return Message(say("library-title"), (*blocks, Buttons((again,))))


def _entry(number: int, entry: Entry) -> Quote:
    if entry.pledge is not None:
        assert entry.card is not None
        remarks = (
            say("library-shoes-of", shoes=names.shoes(entry.card.perspective)),
            say("library-about", outcome=outcome(entry.card.outcome)),
            *(say("library-topic-of", topic=theirs(each)) for each in entry.card.topics[:1]),
        )
        words = say("library-pledge-words", words=theirs(entry.pledge.words))
        return Quote(say("library-pledge", number=number), words, remarks)
    assert entry.story is not None
    label = say("library-label", number=number, mark=mark(entry.story.mark or Mark.STORY))
    return Quote(label, theirs(entry.story.words), tuple(_remarks(entry.story, entry.name)))


def _remarks(story: Story, name: str) -> Iterator[Text]:
    shoes = PERSPECTIVES.get(story.shoes) if story.shoes is not None else None
    if shoes is not None:
        yield say("library-shoes-of", shoes=names.shoes(shoes))
    if name:
        yield say("library-by", name=theirs(name))
    if story.outcome is not None:
        yield say("library-about", outcome=outcome(story.outcome))
    if story.topic:
        yield say("library-topic-of", topic=theirs(story.topic))
    yield say("stories-quoted")  # else it is not listed
