"""What can be done in a room besides the card on the table: commands as buttons, as nobody types there."""

from __future__ import annotations

from bot.actions import Action, Verb, write
from bot.commands import MENU
from bot.messages import Button, Buttons, Typed
from bot.views import words


def menu() -> Buttons:
    """The commands as buttons."""
    offered = (Button(_label(each.verb), write(Action(each.verb))) for each in MENU)
    return Buttons(tuple(offered), title=words.plain("room-here"))


def where(typed: Typed) -> str:
    """Where the button is that does what this command does; the command itself, if none does."""
    for each in MENU:
        if each.name == typed.name:
            return words.plain("room-here-where", button=_label(each.verb), menu=words.plain("room-here"))
    return typed.words


def _label(verb: Verb) -> str:
    match verb:
        case Verb.CAMPAIGN:
            return words.plain("room-here-campaign")
        case Verb.JOIN_CAMPAIGN:
            return words.plain("button-join-campaign")
        case Verb.PROMPT:
            return words.plain("button-add-prompt")
        case Verb.STORY:
            return words.plain("room-here-story")
        case Verb.LIBRARY:
            return words.plain("room-here-library")
        case Verb.ME:
            return words.plain("button-me")
        case Verb.SETTINGS:
            return words.plain("settings-title")
        case _:
            raise AssertionError(f"no words in the menu for {verb}")
