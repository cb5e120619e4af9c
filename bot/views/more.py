"""What stands behind More: the plain version, a pause, what this is, and the facilitator's buttons."""

from __future__ import annotations

from bot.actions import Action, Verb, write
from bot.game.model import Phase, Round
from bot.messages import Block, Button, Buttons, Heading, Message, Paragraph, Quote
from bot.views import help_lines, names, privately
from bot.views.privately import About
from bot.views.words import plain, say, theirs

SURE = "sure"  # the value of a press that has been asked about once


def more(round: Round, *, facilitator: bool, daily: bool = False) -> Message:
    """Everything that is possible now and seldom needed. `daily`: a campaign has brought the card."""
    running = round.phase is not Phase.CLOSED and round.pause is None
    buttons = []
    if round.card.plain:
        buttons.append(Button(plain("button-plain"), write(Action(Verb.PLAIN, round.id))))
    if running and not round.mine.paused:
        buttons.append(Button(plain("button-pause"), write(Action(Verb.PAUSE, round.id))))
    if daily and round.phase is not Phase.CLOSED:
        buttons.append(privately.button(About(round=round.id)))
    if round.phase is not Phase.CLOSED:
        buttons.append(help_lines.find_help(round.id))
    buttons.append(Button(plain("button-what"), write(Action(Verb.WHAT_IS_THIS, round.id))))
    blocks: list[Block] = [Heading(say("more-heading")), Buttons(tuple(buttons))]
    if facilitator and round.phase is not Phase.CLOSED:
        blocks += [
            Heading(say("more-facilitator")),
            Paragraph(say("more-facilitator-about")),
            Buttons(_for_facilitator(round)),
        ]
        if round.card.facilitator_note:
            note = theirs(round.card.facilitator_note)
            blocks.append(Quote(label=say("preview-note"), words=note))
    return Message(say("more-heading"), tuple(blocks))


def sure_take_back(round: Round) -> Message:
    """Taking a card back deletes what was written, so the first press only asks."""
    yes = Button(plain("button-take-back-sure"), write(Action(Verb.TAKE_BACK, round.id, value=SURE)))
    return names.note(say("more-heading"), say("take-back-sure"), buttons=(yes,))


def plain_version(round: Round) -> Message:
    """The card in plain words. Only for cards that have them."""
    assert round.card.plain
    label = say("card-in-the-shoes", shoes=names.shoes(round.card.perspective))
    quote = Quote(label, theirs(round.card.plain))
    return Message(say("plain-label"), (Heading(say("plain-label")), quote))


def what_is_this() -> Message:
    """What the game is, what it does with words, and where it comes from."""
    return Message(
        say("what-heading"),
        (
            Heading(say("what-heading")),
            Paragraph(say("what-game")),
            Paragraph(say("what-fine")),
            Paragraph(say("what-privacy")),
            Paragraph(say("what-watched")),
            Paragraph(say("what-from")),
        ),
    )


def _for_facilitator(round: Round) -> tuple[Button, ...]:
    take_back = Button(plain("button-take-back"), write(Action(Verb.TAKE_BACK, round.id)))
    if round.pause is not None:
        return (names.resume(round), take_back)
    extend = Button(plain("button-extend"), write(Action(Verb.EXTEND, round.id)))
    if round.phase is Phase.RESPONDING and round.reveal_at is not None:
        now = Button(plain("button-reveal"), write(Action(Verb.REVEAL, round.id)))
    else:
        now = Button(plain("button-close"), write(Action(Verb.CLOSE, round.id)))
    return (extend, now, take_back)
