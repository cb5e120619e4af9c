"""What the game's transactions work with, beside the database; and the terms that the settings set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.chance import Chance
from bot.game.model import Card, CardId, ChannelId, Deck, PersonId, Template
from bot.jobs import Jobs
from bot.recent import Recent
from storage.keys import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the settings say: how a new community plays, and how long words are kept."""

    threshold: int = 5
    time_zone: str = "Europe/London"
    language: str = "en"
    retention: timedelta = timedelta(days=90)


USUAL = Terms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """One for the whole program. `cards` holds every card that can be dealt, with its deck.

    `known`: on which local date a person was last noted as known in a channel. `zone_changed`: who
    is told, after the commit, of a channel that goes by another clock now.
    """

    keyring: Keyring
    jobs: Jobs
    chance: Chance
    terms: Terms
    decks: tuple[Deck, ...]
    cards: Mapping[CardId, tuple[Deck, Card]]
    templates: tuple[Template, ...] = ()
    known: Recent[tuple[ChannelId, PersonId], date] = field(default_factory=Recent)
    zone_changed: list[Callable[[ChannelId], None]] = field(default_factory=list)

    def template(self, id: str) -> Template | None:
        """The template of a campaign; None if there is none with this id."""
        return next((each for each in self.templates if each.id == id), None)
