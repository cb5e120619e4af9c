"""Responses that are held: the note to their writer, and what moderators read and decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from bot.actions import Action, Verb, write
from bot.game.help_lines import HelpLine
from bot.game.model import Hold, ResponseId, Round
from bot.messages import Block, Button, Buttons, Day, Heading, Message, Paragraph, Quote, Text
from bot.views import help_lines, names
from bot.views.responses import own_buttons
from bot.views.words import plain, say, theirs

POST = "post"  # the value of a decision that lets it out; the others are those of Hold


def held_note(round: Round, lines: Sequence[HelpLine]) -> Message:
    """To the writer, at once and instead of a receipt: nobody sees it, whom to ring, and a way out."""
    response = round.mine.response
    assert response is not None
    blocks: list[Block] = [
        Heading(say("held-heading")),
        Paragraph(say("held-nobody")),
        Paragraph(say("held-care")),
        help_lines.listed(lines),
        Paragraph(say("held-moderator")),
    ]
    buttons = own_buttons(round)
    if response.hold is Hold.WAITING:
        blocks.append(Paragraph(say("held-fine")))
        fine = Button(plain("button-it-is-fine"), write(Action(Verb.IT_IS_FINE, round.id)))
        buttons = (fine, *buttons)
    if buttons:
        blocks.append(Buttons(buttons))
    return Message(say("held-summary"), tuple(blocks))


def told(round: Round) -> Message:
    """To moderators: a response is held. No words, no number of it, and about nobody."""
    return names.note(
        say("news-held-summary"),
        say("news-held", link=names.to_round(round)),
        say("news-held-about"),
        buttons=(Button(plain("button-read-held"), _list(round), primary=True),),
    )


def harm_in_thread(round: Round) -> Message:
    """To moderators: something that stands there, with a name, may be a call for help."""
    told = say("news-harm", link=names.to_round(round))
    return names.note(say("news-harm-summary"), told, say("news-harm-about"))


def nothing_held() -> Message:
    """The list is empty, or not this player's to read."""
    return names.note(say("held-list-heading"), say("held-list-none"))


def one_held(
    round: Round,
    words: str,
    hold: Hold,
    *,
    id: ResponseId,
    number: int,
    of: int,
    first: str = "",
    deleted_on: date | None = None,
    decided: Text = (),
) -> Message:
    """One of them, and what can be decided. `first`: what others have read of it already.

    `deleted_on` is set once the card has closed. `decided`: what became of the one before.
    """
    heading = say("held-list-heading")
    blocks: list[Block] = [Heading(heading)]
    if decided:
        blocks.append(Paragraph(decided))
    blocks += [Paragraph(say("held-list-about")), names.card_quote(round)]
    if first:
        blocks.append(Quote(say("held-first-words"), theirs(first)))
    blocks += [
        Quote(say("held-number", number=number, of=of), theirs(words), (_state(hold),)),
        Paragraph(say("held-worried")),
        Paragraph(say("held-closed", on=Day(deleted_on)) if deleted_on else say("held-until")),
        Buttons(_decisions(round, id, hold, closed=deleted_on is not None)),
    ]
    if of > 1:
        following = Button(plain("button-held-next"), _list(round, str(number % of)))
        blocks.append(Buttons((following,)))
    return Message(heading, tuple(blocks))


def _list(round: Round, value: str = "") -> str:
    return write(Action(Verb.HELD, round.id, value=value))


def _state(hold: Hold) -> Text:
    match hold:
        case Hold.WAITING:
            return say("held-state-waiting")
        case Hold.KEPT:
            return say("held-state-kept")
        case Hold.REMOVED:
            return say("held-state-removed")
        case _:
            assert_never(hold)


def _decisions(round: Round, id: ResponseId, hold: Hold, *, closed: bool) -> tuple[Button, ...]:
    def button(label: str, value: str) -> Button:
        return Button(label, write(Action(Verb.DECIDE_HELD, round.id, id, value)))

    post = () if closed else (button(plain("button-held-post"), POST),)
    keep = () if hold is Hold.KEPT else (button(plain("button-held-keep"), Hold.KEPT.value),)
    remove = () if hold is Hold.REMOVED else (button(plain("button-held-remove"), Hold.REMOVED.value),)
    return (*post, *keep, *remove)


def decided(hold: Hold | None) -> Text:
    """What a decision did."""
    match hold:
        case None:
            return say("held-decided-post")
        case Hold.KEPT | Hold.WAITING:
            return say("held-decided-kept")
        case Hold.REMOVED:
            return say("held-decided-removed")
        case _:
            assert_never(hold)


def all_decided(decided: Text) -> Message:
    """A decision was made, and nothing is left to decide."""
    return names.note(say("held-decided-summary"), decided, say("held-list-none"))
