"""The cards of a campaign in the gallery: their forms, how one will look, and all that wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from bot.game.campaigns import Posted, PromptId
from bot.game.model import Policy
from bot.messages import Form, Message
from bot.views import board, prompts, refusals
from tests.builders import a_card, a_round, a_standing
from tests.gallery.campaign_views import AT, CAMPAIGN, NOBODY, PEARL, View

COMES = Posted(on=date(2027, 6, 14), at=AT, prompt=PEARL.id, day=1)
SHOWN = prompts.Shown(
    campaign=CAMPAIGN.id,
    prompt=PEARL,
    round=a_round(policy=Policy.AFTER_YOU, card=a_card(content_note="This card is about loss.")),
    comes=COMES,
    posted=False,
    planned=False,
)
MEANT = replace(PEARL, on=date(2027, 6, 18))


def _form_with_problems() -> Form:
    problems = {"words": refusals.empty(), "shoes": refusals.choose_one(), "on": prompts.not_a_day()}
    return prompts.form(CAMPAIGN.id).again(problems=problems)


def _taken_back() -> Message:
    gone = a_round(policy=Policy.AFTER_YOU, card=a_card(statement=prompts.taken_back()))
    return board.board(gone, a_standing())


def _usual() -> Message:
    return prompts.shown(replace(SHOWN, round=a_round(card=a_card(question=prompts.question()))))


def of_prompts() -> Iterator[tuple[str, View]]:
    """Name and view, one after the other."""
    id = CAMPAIGN.id
    yield "prompt form", partial(prompts.form, id)
    yield "prompt form with problems", _form_with_problems
    yield (
        "prompt form on a day that is taken",
        lambda: prompts.form(id).again({"on": "2027-06-18"}, {"on": prompts.taken_day()}),
    )
    yield "prompt form change", partial(prompts.change_form, id, PEARL)
    yield "prompt form day", partial(prompts.day_form, id, MEANT)
    yield (
        "prompt form day that is over",
        lambda: prompts.day_form(id, MEANT).again(problems={"on": prompts.day_over()}),
    )
    yield "prompt that comes", partial(prompts.shown, SHOWN)
    yield "prompt of a plan", partial(prompts.shown, replace(SHOWN, planned=True, prompt=NOBODY))
    yield "prompt without a day", partial(prompts.shown, replace(SHOWN, comes=None))
    yield "prompt on a far day", partial(prompts.shown, replace(SHOWN, comes=None, prompt=MEANT))
    yield "prompt that was posted", partial(prompts.shown, replace(SHOWN, comes=None, posted=True))
    yield "prompt that was taken back", _taken_back
    yield "prompt with the usual question", _usual
    many = [(replace(MEANT, id=PromptId(f"p{number}")), number > 5) for number in range(7)]
    yield "prompts", partial(prompts.listed, id, many)
    yield "prompts, the next ones", partial(prompts.listed, id, many, skip=5)
    yield "prompts, none", partial(prompts.listed, id, ())
    yield "prompts of several campaigns", partial(prompts.which, [(id, CAMPAIGN.title), (id, "One")])
    yield "prompts without a campaign", prompts.no_campaign
    yield "prompt sure", partial(prompts.sure, id, PEARL)
    yield "prompt removed", partial(prompts.removed, id)
    yield "prompt gone", prompts.gone
    yield "prompt was posted", prompts.was_posted
