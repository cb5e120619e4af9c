"""What the game's transactions work with, beside the database; and the terms that the settings set."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.chance import Chance
from bot.game.awareness import CannotConfirm, Confirmation, Event, EventId, confirm
from bot.game.harm import HarmWords
from bot.game.help_lines import HelpLine, Nation, help_lines
from bot.game.model import Card, CardId, ChannelId, CommunityId, Deck, PersonId, PlayerId, Template
from bot.jobs import Jobs
from bot.recent import Recent
from storage.keys import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the settings say: how a new community plays, how long words are kept, where our pages are."""

    threshold: int = 5
    time_zone: str = "Europe/London"
    language: str = "en"
    retention: timedelta = timedelta(days=90)
    address: str = "http://127.0.0.1:8787"


USUAL = Terms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """The lists beside the packs: help lines, words that suggest harm, awareness weeks."""

    help_lines: tuple[HelpLine, ...] = ()
    harm: HarmWords = field(default_factory=lambda: HarmWords.of(()))
    events: tuple[Event, ...] = ()

    def lines(self, nation: Nation, topics: Collection[str] = ()) -> list[HelpLine]:
        """Whom to ring there: the lines for everybody, then those for these topics."""
        return help_lines(self.help_lines, nation, topics)

    def lines_of(self, nation: Nation) -> list[HelpLine]:
        """Every line of a nation, those for some topics among them."""
        return [line for line in self.help_lines if line.nation is nation]

    def events_with(self, confirmed: Mapping[EventId, Sequence[Confirmation]]) -> tuple[Event, ...]:
        """The awareness calendar, with what a community's organisers have confirmed beside it."""
        return tuple(_with(event, confirmed.get(event.id, ())) for event in self.events)


def _with(event: Event, confirmed: Sequence[Confirmation]) -> Event:
    for said in confirmed:
        try:
            event = confirm(event, said.first, said.last, said.source)
        except CannotConfirm:
            continue  # the calendar knows it better by now
    return event


NO_CARE = Care()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """One for the whole program. `cards` holds every card that can be dealt, with its deck.

    `nations`: whose help lines communities are shown, for when the database cannot be asked.
    `known`: on which local date a person was last noted as known in a channel. `zone_changed`: who
    is told, after the commit, of a channel that goes by another clock now. `untold`: who is to be told,
    at their next press, that we could not write to them.
    """

    keyring: Keyring
    jobs: Jobs
    chance: Chance
    terms: Terms
    decks: tuple[Deck, ...]
    cards: Mapping[CardId, tuple[Deck, Card]]
    templates: tuple[Template, ...] = ()
    care: Care = NO_CARE
    nations: Recent[CommunityId, Nation] = field(default_factory=Recent)
    known: Recent[tuple[ChannelId, PersonId], date] = field(default_factory=Recent)
    zone_changed: list[Callable[[ChannelId], None]] = field(default_factory=list)
    untold: set[PlayerId] = field(default_factory=set)

    def template(self, id: str) -> Template | None:
        """The template of a campaign; None if there is none with this id."""
        return next((each for each in self.templates if each.id == id), None)
