"""Cards sent privately in the gallery: the form, the message, and the answers to its buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from typing import TypeAlias

from bot.game.campaigns import CampaignId, Occasion
from bot.game.model import Phase, Policy
from bot.messages import Form, Message
from bot.views import guide, more, names, privately, refusals
from bot.views.privately import About, Wanted
from bot.views.words import say
from tests.builders import NOON, a_card, a_round
from tests.gallery.campaign_views import CAMPAIGN, PEARL

View: TypeAlias = Callable[[], Message | Form]

LONDON = "Europe/London"
ROUND = a_round(policy=Policy.AFTER_YOU)
ABOUT = About(round=ROUND.id)
DAY = Occasion(campaign=CAMPAIGN.id, title=CAMPAIGN.title, day=12, late=False, credit=PEARL.credit)
HARD = replace(ROUND, card=replace(a_card(), content_note="It speaks of being hurt."))
WANTED = Wanted(campaign=CAMPAIGN.id, title=CAMPAIGN.title, time=time(17), zone=LONDON)


def of_privately() -> Iterator[tuple[str, View]]:
    """Name and view, one after the other."""
    yield "privately form", partial(privately.form, ABOUT, time(9), LONDON)
    about = About(campaign=CAMPAIGN.id)
    yield "privately form by another hour", partial(privately.form, about, time(9, 15), "Asia/Kolkata")
    problems = {"time": refusals.choose_one(), "zone": refusals.unknown_zone()}
    again = partial(privately.form(ABOUT, time(9), LONDON).again, {"zone": "the moon"}, problems)
    yield "privately form with problems", again
    yield "privately begun", partial(privately.begun, ABOUT, time(17), LONDON, NOON + timedelta(hours=4))
    yield "privately begun before the first card", partial(privately.begun, ABOUT, time(17), LONDON, None)
    yield "privately", partial(privately.prompt, ROUND, DAY)
    yield (
        "privately a hard card that is late",
        partial(privately.prompt, HARD, replace(DAY, late=True, help=True, credit="")),
    )
    yield "privately put off", partial(privately.put_off, NOON + timedelta(hours=1))
    yield "privately too late", partial(privately.too_late, ROUND)
    yield "privately answered", privately.answered
    yield "privately skipped", privately.skipped
    yield "privately stopped", partial(privately.stopped, ABOUT)
    yield "privately none", partial(privately.none, ABOUT)
    yield "privately ended", privately.ended
    receipt = names.note(say("receipt-summary"), say("me-role-set"))
    yield "privately refused", partial(privately.with_refused, receipt, ABOUT)
    yield (
        "privately refused without a card",
        partial(privately.with_refused, receipt, About(campaign=CAMPAIGN.id)),
    )
    yield "more of a campaign", partial(more.more, ROUND, facilitator=False, daily=True)
    closed = replace(ROUND, phase=Phase.CLOSED)
    yield "more of a campaign after the close", partial(more.more, closed, facilitator=False, daily=True)
    yield "me with cards", partial(guide.me, None, retention_days=90, cards=[WANTED])
    two = [WANTED, replace(WANTED, campaign=CampaignId("k2"), title="A week for carers", time=time(8, 30))]
    yield "me with cards of two campaigns", partial(guide.me, None, retention_days=90, cards=two)
