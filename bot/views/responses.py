"""Responses: the pages of the reveal, one's own, and how one response looks wherever it is shown."""

from __future__ import annotations

from bot.game.allowed import PAGE_SIZE
from bot.game.model import Ending, Phase, Policy, Response, Round
from bot.game.standing import Standing
from bot.messages import Block, Button, Buttons, Heading, Message, Paragraph, Quote, Text, Theirs
from bot.views import names
from bot.views.words import say, theirs

SHOWN_LENGTH = 500  # characters: a thread reply may be longer, and is whole there


def page(round: Round, standing: Standing, number: int) -> Message:
    """One page of the reveal, five responses at the most. `number` counts from 1.

    Pages go by place, so a response stays on its page whatever happens to others.
    """
    assert number >= 1
    if round.ending in {Ending.TAKEN_BACK, Ending.WITHOUT_RESULTS}:
        return Message(say("page-summary"), (Paragraph(say("page-deleted")),))
    placed = {each.place: each for each in standing.responses if each.place is not None}
    of = max(placed, default=0)
    first, last = (number - 1) * PAGE_SIZE + 1, min(number * PAGE_SIZE, of)
    if first > last:
        heading = say("page-empty")
    elif first == last:
        heading = say("page-heading-one", first=first, of=of)
    else:
        heading = say("page-heading", first=first, last=last, of=of)
    shoes = shows_shoes(round, standing)
    here = [placed[each] for each in range(first, last + 1) if each in placed]
    quotes = [quote(each, label(round, each, shoes=shoes)) for each in here]
    return Message(say("page-summary"), (Heading(heading), *quotes))


def own(round: Round) -> Message:
    """What this player has sent, and all that can still be done about it."""
    mine = round.mine
    blocks: list[Block] = [Heading(say("own-heading")), names.card_quote(round)]
    if mine.response is not None:
        blocks.append(quote(mine.response, say("own-label")))
    if mine.stance is not None:
        blocks.append(Paragraph(say("own-stance", stance=names.stance(mine.stance))))
    if mine.passed:
        blocks.append(Paragraph(say("own-passed")))
    if not mine.heard:
        blocks.append(Paragraph(say("own-nothing")))
    buttons = own_buttons(round)
    if buttons:
        blocks.append(Buttons(buttons))
    return Message(say("own-heading"), tuple(blocks))


def own_buttons(round: Round) -> tuple[Button, ...]:
    """Change it, take it back, tell me when it opens: as far as each is possible now."""
    if round.phase is not Phase.RESPONDING or round.pause is not None:
        return ()
    mine = round.mine
    buttons: list[Button] = []
    if mine.response is not None and mine.response.named:
        pass  # changed and deleted where it was written
    elif round.policy is Policy.AFTER_YOU and (mine.response is not None or mine.took_back):
        buttons.append(names.second_thoughts(round))
    elif mine.response is not None or mine.stance is not None:
        buttons.append(names.change_it(round))
    else:
        buttons.append(names.respond(round, primary=True))
    if mine.response is not None and not mine.response.named:
        buttons.append(names.withdraw(round))
    if round.policy is Policy.TOGETHER:
        buttons.append(names.tell_me(round))
    return tuple(buttons)


def shows_shoes(round: Round, standing: Standing) -> bool:
    """Whether labels name the shoes: not where so few wrote that it helps to guess who."""
    return round.policy is Policy.OPEN or not standing.few


def label(round: Round, response: Response, *, shoes: bool) -> Text:
    """What stands above a response: its number and whose shoes, or a name where names are shown."""
    if response.named:
        above = names.someone(response.author_name)
    elif response.place is None:
        above = say("response-label")
    elif shoes:
        of = names.shoes(round.card.perspective)
        above = say("response-label-shoes", number=response.place, shoes=of)
    else:
        above = say("response-label-number", number=response.place)
    return say("response-example", label=above) if response.example else above


def quote(response: Response, label: Text, *remarks: Text, length: int = SHOWN_LENGTH) -> Quote:
    """A response with its second thoughts beside it, and remarks of ours below."""
    if response.removed:
        return Quote(label, say("response-removed"), remarks)
    if not response.words:
        # The first words were taken back; these came after reading the others.
        shown = _shown(response.second_thoughts, length)
        return Quote(label, shown, (say("response-only-second"), *remarks))
    below = remarks
    if response.second_thoughts:
        below = (say("response-second", words=_shown(response.second_thoughts, length)), *below)
    if len(response.words) > length or len(response.second_thoughts) > length:
        below = (say("response-cut"), *below)
    return Quote(label, _shown(response.words, length), below)


def _shown(words: str, length: int) -> Text:
    if len(words) <= length:
        return theirs(words)
    return say("cut-short", words=Theirs(words[:length].rstrip()))
