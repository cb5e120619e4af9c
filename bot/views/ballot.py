"""The ballot: one response at a time, privately, and the second stance at its end."""

from __future__ import annotations

from bot.actions import Action, Verb, write
from bot.game.model import Choice, Response, Round, Stance
from bot.messages import Block, Button, Buttons, Heading, Message, Paragraph, When
from bot.views import names
from bot.views.responses import label, quote
from bot.views.words import plain, say


def ballot(round: Round, response: Response, *, number: int, of: int, lightbulbs_left: int) -> Message:
    """One response to vote on. `number` of `of` is where this player is in their own order."""
    assert 1 <= number <= of
    chosen = round.mine.choices.get(response.id)
    votes = tuple(
        Button(
            names.choice(choice),
            write(Action(Verb.CAST, round.id, response.id, choice.value)),
            pressed=choice is chosen,
        )
        for choice in Choice
    )
    given = response.id in round.mine.lightbulbs
    # The shoes are left off: with few writers they would help to guess, and all wear the same.
    blocks: list[Block] = [
        Heading(say("ballot-heading", number=number, of=of)),
        quote(response, label(round, response, shoes=False)),
        Buttons(votes, plain("ballot-votes")),
    ]
    if given or lightbulbs_left > 0:
        verb = Verb.TAKE_LIGHTBULB if given else Verb.LIGHTBULB
        lightbulb = Button(
            plain("button-lightbulb"), write(Action(verb, round.id, response.id)), pressed=given
        )
        blocks.append(Buttons((lightbulb,), plain("ballot-lightbulb")))
    if given:
        blocks.append(Paragraph(say("ballot-given", left=lightbulbs_left)))
    else:
        blocks.append(Paragraph(say("ballot-left", left=lightbulbs_left)))
    next = Button(plain("button-next"), write(Action(Verb.NEXT, round.id, response.id)), primary=True)
    done = Button(plain("button-done"), write(Action(Verb.DONE, round.id)))
    return Message(say("ballot-summary"), (*blocks, Buttons((next, done))))


def more_or_done(round: Round, left: int) -> Message:
    """After seven responses: go on, or come to the end. `left` are still to be voted on."""
    assert left > 0
    go_on = Button(plain("button-show-more"), write(Action(Verb.NEXT, round.id)), primary=True)
    done = Button(plain("button-done"), write(Action(Verb.DONE, round.id)))
    return names.note(say("ballot-summary"), say("ballot-more", left=left), buttons=(go_on, done))


def second_stance(round: Round) -> Message:
    """The last question: and now? Only for cards that ask for a stance."""
    assert round.card.asks_stance
    blocks: list[Block] = [
        Heading(say("second-heading")),
        names.card_quote(round),
        Paragraph(say("second-question", shoes=names.shoes(round.card.perspective))),
    ]
    if round.mine.stance is not None:
        blocks.append(Paragraph(say("second-first", stance=names.stance(round.mine.stance))))
    stances = tuple(
        Button(
            names.stance(stance),
            write(Action(Verb.SECOND_STANCE, round.id, value=stance.value)),
            pressed=stance is round.mine.second_stance,
        )
        for stance in Stance
    )
    return Message(say("ballot-summary"), (*blocks, Buttons(stances, plain("second-stances"))))


def ballot_done(round: Round) -> Message:
    """The end of the ballot, which can be opened again until the close."""
    return names.note(
        say("ballot-done-summary"),
        say("ballot-done", closes=When(round.closes_at)),
        say("ballot-done-pledge"),
        buttons=(names.pledge(round, primary=True), names.vote(round)),
    )


def no_others(round: Round) -> Message:
    """Vote was pressed, and there is no response by anybody else to see."""
    return names.note(
        say("ballot-summary"),
        say("ballot-no-others"),
        say("ballot-no-others-later", closes=When(round.closes_at)),
    )
