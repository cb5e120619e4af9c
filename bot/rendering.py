"""What each render.py begins with: where something is shown, and texts as nothing but characters."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.game.model import ChannelId, RoundId
from bot.messages import Bar, Block, Day, Heading, Ours, Paragraph, Part, Text, Theirs, When
from bot.views import moments

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn a line round would turn ours as well. Cleaned words have none."""


def no_links(round: RoundId) -> str | None:
    """For places where no card's address is known."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is shown. `channel` is ours: presses come back with it, where a platform needs that.

    `links` gives the address of a round's card, if the platform has told it. `zone` is the community's,
    an IANA name, for the moments that the platform cannot put into the reader's own.
    """

    channel: ChannelId
    links: Callable[[RoundId], str | None] = no_links
    zone: str = "Europe/London"
    language: str = "en-GB"


def may_notify(block: Block) -> bool:
    """Whether a block says nothing but our own words, so that a notification may show it."""
    match block:
        case Heading(text) | Paragraph(text):
            return bool(text) and not has_theirs(text)
        case _:
            return False


def has_theirs(text: Text) -> bool:
    """Whether anything in it was written by people."""
    return any(isinstance(part, Theirs) for part in text)


def counted(bar: Bar) -> Text:
    """A bar of a tally as words: a screen reader would say each character of a drawn one."""
    return (*bar.label, Ours(": "), *bar.value)


def characters(text: Text, place: Place) -> str:
    """A text where nothing but characters can stand."""
    return "".join(word(part, place) for part in text)


def word(part: Part, place: Place) -> str:
    """A part of a text where nothing but characters can stand."""
    match part:
        case When(moment):
            return moments.moment_in(place.zone, moment, place.language)
        case Day(day):
            return moments.day_in_words(day, place.language)
        case _:
            return part.words
