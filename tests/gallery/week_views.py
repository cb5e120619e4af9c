"""What follows from a campaign's days in the gallery: round-ups, their drafts and forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeAlias

from bot.game.campaigns import BreakTold, Posted
from bot.game.model import ChannelId, Ending, Phase, Policy, RoundId
from bot.messages import Form, Message
from bot.views import campaigns, refusals, round_up
from bot.views.round_up import Moved, Week
from tests.builders import NOON, a_response, a_round
from tests.gallery.campaign_views import AHEAD, ANNIVERSARY, AT, CAMPAIGN, PLANNED

View: TypeAlias = Callable[[], Message | Form]

FRIDAY = date(2027, 6, 18)
FIRST, SECOND = [each for each in AHEAD if isinstance(each, Posted)]
CLOSED = a_round(policy=Policy.AFTER_YOU, phase=Phase.CLOSED, ending=Ending.FINISHED)
MOVED = Moved(
    day=1, round=CLOSED, response=a_response("Look at me when you talk about me.", place=2), lightbulbs=4
)
ONCE = replace(MOVED, day=2, response=a_response("Sit down first.", place=1), lightbulbs=1)
WEEK = Week(
    campaign=CAMPAIGN,
    channel=ChannelId("c1"),
    on=FRIDAY,
    posted=((FIRST, RoundId("r1")), (SECOND, RoundId("r2"))),
)
FULL = replace(
    WEEK,
    breaks=(BreakTold(on=date(2027, 6, 16), at=AT, about=ANNIVERSARY, back_on=FRIDAY),),
    moved=(MOVED, ONCE),
    words="Thank you for a warm week. On Monday we begin with Pearl.",
)


def of_weeks() -> Iterator[tuple[str, View]]:
    """Name and view, one after the other."""
    yield "round-up", partial(round_up.round_up, FULL)
    yield "round-up of a quiet week", partial(round_up.round_up, WEEK)
    yield "round-up draft", partial(round_up.draft, FULL, NOON)
    yield "round-up form", partial(round_up.form, FULL)
    problems = {"words": refusals.too_long(length=612, limit=500), "quotes": refusals.choose_one()}
    yield "round-up form with problems", lambda: round_up.form(FULL, problems=problems)
    yield "round-up posted", round_up.posted
    yield "round-up posted later", partial(round_up.posted_later, NOON)
    yield "round-up too late", round_up.too_late
    yield "campaign with a round-up that waits", _plan_with_a_round_up


def _plan_with_a_round_up() -> Message:
    waits = (round_up.button(CAMPAIGN.id, WEEK.channel, FRIDAY),)
    return campaigns.plan(replace(PLANNED, planned=False, posted=2, more=waits))
