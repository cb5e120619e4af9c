"""What follows from a campaign's days in the gallery: round-ups, their drafts and forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeAlias

from bot.game.campaigns import BreakTold, Posted
from bot.game.insight import Cell, Counts, Shown
from bot.game.model import ChannelId, Ending, Group, Phase, PledgeState, Policy, RoundId, Stance
from bot.messages import Bullets, Form, Heading, Message
from bot.views import campaigns, refusals, report, round_up
from bot.views.report import Played, Report
from bot.views.round_up import Moved, Week
from bot.views.words import say, theirs
from tests.builders import NOON, a_pledge, a_response, a_round, a_standing, counts, some_cells
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

GROUPS = (Cell(groups=(Group.CARERS,)), Cell(groups=(Group.STAFF, Group.DECIDERS)))
SAID = Shown(total=counts(6, 2, 4), cells=(counts(2, 1, 2), counts(4, 1, 2)))
FIRST_CARD = Played(
    entry=FIRST,
    round=CLOSED,
    standing=a_standing(
        MOVED.response,
        cells=some_cells(*GROUPS, players=12, written=7, stance=SAID),
        pledges=(
            a_pledge(),
            a_pledge("ask first", state=PledgeState.DONE),
            a_pledge(state=PledgeState.DROPPED),
        ),
    ),
)
ONE_WROTE = a_standing(cells=some_cells(players=2, written=1))
REPORT = Report(
    campaign=CAMPAIGN,
    played=(FIRST_CARD, Played(entry=SECOND, round=CLOSED, standing=ONE_WROTE)),
    moved=(MOVED, ONCE),
    threshold=5,
    answers_until=NOON,
)


def of_weeks() -> Iterator[tuple[str, View]]:
    """Name and view, one after the other."""
    yield "round-up", partial(round_up.round_up, FULL)
    yield "round-up of a quiet week", partial(round_up.round_up, WEEK)
    yield "round-up draft", partial(round_up.draft, FULL, NOON)
    yield "round-up form", partial(round_up.form, FULL)
    problems = {"words": refusals.too_long(length=612, limit=500), "quotes": refusals.choose_one()}
    yield "round-up form with problems", lambda: round_up.form(FULL).again(problems=problems)
    yield "round-up posted", round_up.posted
    yield "round-up posted later", partial(round_up.posted_later, NOON)
    yield "round-up too late", round_up.too_late
    yield "campaign with a round-up that waits", _plan_with_a_round_up
    yield from _reports()


def _reports() -> Iterator[tuple[str, View]]:
    yield "report", partial(report.report, REPORT)
    counted = replace(REPORT, counted=Counts(yes=6, not_sure=3, no=1))
    yield "report with answers", partial(report.report, counted)
    alike = replace(REPORT, counted=Counts(yes=20, not_sure=1, no=0))
    yield "report with answers that are nearly all alike", partial(report.report, alike)
    own = replace(CAMPAIGN, closing_question="What will you do on Monday?")
    few = replace(
        REPORT,
        campaign=own,
        played=(replace(FIRST_CARD, standing=a_standing()),),
        moved=(),
        counted=Counts(yes=1),
    )
    yield "report of few", partial(report.report, few)
    yield "report page", partial(report.page, counted)
    unquoted = replace(counted, played=(replace(FIRST_CARD, quoted=False),))
    yield "report page with a card that nobody may quote", partial(report.page, unquoted)
    yield "report answered", partial(report.answered, Stance.NOT_SURE, NOON)
    yield "report answered too late", report.answered_too_late
    yield "report link", partial(report.link, "https://shoes.example.org/pages/abc")
    yield "report table", lambda: _table(counted)


def _table(of: Report) -> Message:
    rows = tuple(theirs(" | ".join(row)) for row in report.table(of))
    return Message(say("report-heading"), (Heading(say("report-heading")), Bullets(rows)))


def _plan_with_a_round_up() -> Message:
    waits = (round_up.button(CAMPAIGN.id, WEEK.channel, FRIDAY),)
    return campaigns.plan(replace(PLANNED, planned=False, posted=2, more=waits))
