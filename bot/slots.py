"""Slots: what an effect shows, as the outbox keeps it. `page:2` is the second page of a reveal."""

from __future__ import annotations

from dataclasses import dataclass
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


IN_PLACE = frozenset({Shown.BOARD, Shown.PAGE, Shown.PLEDGES, Shown.RECAP})  # posted once, then edited
IN_THREAD = frozenset({Shown.PAGE, Shown.PLEDGES, Shown.NOTICE})  # under the card


@dataclass(frozen=True, slots=True)
class Slot:
    """What is shown; which page, line, notice or news; and to whom, where it is private."""

    shown: Shown
    about: str = ""
    person: PersonId | None = None

    def write(self) -> str:
        """The slot as the outbox keeps it."""
        return ":".join((self.shown.value, self.about, self.person or "")).rstrip(":")


def read(text: str) -> Slot:
    """The slot of an outbox row."""
    shown, about, person, *_ = [*text.split(":"), "", ""]
    return Slot(Shown(shown), about, PersonId(person) if person else None)
