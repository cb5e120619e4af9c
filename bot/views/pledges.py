"""Pledges: the list in the thread, and one's own with what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from bot.actions import Action, Verb, write
from bot.game.model import Pledge, PledgeState, Round
from bot.messages import Block, Button, Buttons, Day, Heading, Message, Paragraph, Quote, Text
from bot.views import names
from bot.views.words import plain, say, theirs

SHOWN = 10  # pledges to a message: the newest


def pledges(round: Round, pledges: Sequence[Pledge]) -> Message:
    """The list in the thread, with a button to join each open one. `pledges` oldest first."""
    blocks: list[Block] = [Heading(say("pledges-heading"))]
    blocks += listed(round, pledges) if pledges else [Paragraph(say("pledges-none"))]
    blocks.append(Buttons((names.pledge(round),)))
    return Message(say("pledges-summary"), tuple(blocks))


def listed(round: Round, pledges: Sequence[Pledge]) -> Iterator[Block]:
    """The newest pledges, oldest first, each with its button to join."""
    earlier = max(0, len(pledges) - SHOWN)
    if earlier:
        yield Paragraph(say("pledges-earlier", count=earlier))
    # Numbers tell the buttons apart for those who hear them one after the other.
    for number, pledge in enumerate(pledges[earlier:], start=earlier + 1):
        who = say("pledge-label", name=names.someone(pledge.owner_name), by=Day(pledge.by))
        yield _quote(pledge, say("pledge-label-number", number=number, label=who))
        if pledge.state is PledgeState.OPEN:
            join = Action(Verb.JOIN, round.id, pledge.id)
            yield Buttons((Button(plain("button-join", number=number), write(join)),))


def my_pledge(round: Round, pledge: Pledge) -> Message:
    """One's own pledge, and the buttons that say what became of it."""
    states = tuple(names.settle(round, pledge.id, each) for each in PledgeState if each is not pledge.state)
    return Message(
        say("my-pledge-heading"),
        (
            Heading(say("my-pledge-heading")),
            _quote(pledge, say("my-pledge-label", by=Day(pledge.by))),
            Paragraph(say("my-pledge-how")),
            Buttons((*states, names.remove_pledge(round, pledge.id))),
        ),
    )


def _quote(pledge: Pledge, label: Text) -> Quote:
    joined = (say("pledge-joined", count=len(pledge.joined)),) if pledge.joined else ()
    return Quote(label, theirs(pledge.words), (_state(pledge.state), *joined))


def _state(state: PledgeState) -> Text:
    match state:
        case PledgeState.OPEN:
            return say("pledge-open")
        case PledgeState.DONE:
            return say("pledge-done")
        case PledgeState.DROPPED:
            return say("pledge-dropped")
        case _:
            assert_never(state)
