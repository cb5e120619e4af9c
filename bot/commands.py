"""The commands, the same on every platform: `shoes deal`, `shoes pledge` and so on, from one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import Action, Verb
from bot.game.model import Deck

UNKNOWN = "unknown"  # the value of HELP where we did not understand what was typed


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `takes_deck`: the name of a deck may stand behind it."""

    name: str
    verb: Verb
    takes_deck: bool = False


COMMANDS = (
    Command("deal", Verb.DEAL, takes_deck=True),
    Command("campaign", Verb.CAMPAIGN),
    Command("link", Verb.JOIN_CAMPAIGN),
    Command("pledge", Verb.PLEDGE),
    Command("recap", Verb.RECAP),
    Command("me", Verb.ME),
    Command("settings", Verb.SETTINGS),
    Command("help", Verb.HELP),
)
"""In the order in which help lists them."""

MENU = tuple(each for each in COMMANDS if each.verb not in {Verb.DEAL, Verb.PLEDGE, Verb.RECAP, Verb.HELP})
"""Those that a page offers as buttons, where nobody types. The others have a place of their own there."""

_BY_NAME = {command.name: command for command in COMMANDS}


def action_of(text: str, decks: Sequence[Deck]) -> Action:
    """What was typed behind `shoes`, as an action. Nothing is help, and so is what nobody knows."""
    name, _, rest = " ".join(text.split()).partition(" ")
    if not name:
        return Action(Verb.HELP)
    command = _BY_NAME.get(name.casefold())
    if command is None:
        return Action(Verb.HELP, value=UNKNOWN)
    return Action(command.verb, about=_deck(rest, decks) if command.takes_deck else "")


def _deck(words: str, decks: Sequence[Deck]) -> str:
    """The id of the only deck with these words in its name; empty where the form has to ask."""
    wanted = words.casefold()
    named = [deck.id for deck in decks if wanted in {deck.id.casefold(), deck.title.casefold()}]
    found = named or [deck.id for deck in decks if wanted in f"{deck.id} {deck.title}".casefold()]
    return found[0] if wanted and len(found) == 1 else ""
