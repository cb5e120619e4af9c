"""Slots: what an effect shows, as the outbox keeps it. `page:2` is the second page of a reveal.

`page:2~3` is the third post that this page needs, where one post does not hold it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.game.model import PersonId


class Shown(StrEnum):
    """What is shown, and so which view words it."""

    WELCOME = "welcome"
    BOARD = "board"
    PAGE = "page"
    PLEDGES = "pledges"
    RECAP = "recap"
    LINE = "line"
    NOTICE = "notice"
    NEWS = "news"
    TROUBLE = "trouble"
    STORY = "story"
    CAMPAIGN = "campaign"
    BREAK = "break"
    NOTHING_READY = "nothing"
    ENDED = "ended"
    STORY_WAITS = "storywaits"
    STORY_NEWS = "storynews"
    ROUND_UP = "roundup"
    ROUND_UP_DRAFT = "draft"
    REPORT = "report"
    CARE = "care"
    PRIVATE = "private"


IN_PLACE = frozenset({Shown.BOARD, Shown.PAGE, Shown.PLEDGES, Shown.RECAP, Shown.ROUND_UP, Shown.REPORT})
"""Posted once, then edited."""

GONE, NOT_INVITED = "gone", "not-invited"
"""Why a channel pauses, as it is stored there and in the slot that tells of it."""

TROUBLE = f"{Shown.TROUBLE.value}:"  # what such slots begin with
IN_THREAD = frozenset({Shown.PAGE, Shown.PLEDGES, Shown.NOTICE})  # under the card


@dataclass(frozen=True, slots=True)
class Slot:
    """What is shown; which page, line, notice or news; and to whom, where it is private.

    `part` counts the posts of one message from 1.
    """

    shown: Shown
    about: str = ""
    person: PersonId | None = None
    part: int = 1

    def write(self) -> str:
        """The slot as the outbox keeps it. The first part is not marked."""
        text = ":".join((self.shown.value, self.about, self.person or "")).rstrip(":")
        return text if self.part == 1 else f"{text}~{self.part}"


def read(text: str) -> Slot:
    """The slot of an outbox row."""
    whole, _, part = text.partition("~")
    shown, about, person, *_ = [*whole.split(":"), "", ""]
    return Slot(Shown(shown), about, PersonId(person) if person else None, int(part or 1))


def is_trouble(text: str) -> bool:
    """Whether a slot tells that something cannot be shown: it waits for nothing else, and nothing for it."""
    return text.startswith(TROUBLE)


def following(text: str) -> str:
    """The slot of the part after this one."""
    slot = read(text)
    return replace(slot, part=slot.part + 1).write()
