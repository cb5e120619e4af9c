"""Campaigns in the gallery: the forms, the plan in its states, and what a channel is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from typing import TypeAlias

from bot.game.calendar import Break
from bot.game.campaigns import (
    BreakTold,
    Campaign,
    CampaignChannel,
    CampaignId,
    NothingReady,
    Occasion,
    Posted,
    Prompt,
    PromptId,
)
from bot.game.model import ChannelId, Phase, Policy, Template, TemplateId
from bot.messages import Form, Message
from bot.views import board, campaign_days, campaign_forms, campaigns, refusals
from tests.builders import NOON, a_card, a_round, a_standing

View: TypeAlias = Callable[[], Message | Form]

PEARL = Prompt(id=PromptId("p1"), card=a_card(), credit="Pearl, a retired bus driver")
NOBODY = Prompt(id=PromptId("p2"), card=a_card())
ANNIVERSARY = Break(name="an anniversary", first=date(2027, 6, 16), last=date(2027, 6, 17))
ONE_DAY = Break(name="a bank holiday", first=date(2027, 6, 21), last=date(2027, 6, 21))
CAMPAIGN = Campaign(
    id=CampaignId("k1"),
    title="In the shoes of people living with dementia",
    zone="Europe/London",
    time=time(9),
    weekdays=frozenset(range(5)),
    start=date(2027, 6, 14),
    since=NOON,
    prompts=(PEARL, NOBODY),
    round_up_on=4,
    contact="Jo at the front desk, 4th floor",
)
HERE = CampaignChannel(id=ChannelId("c1"), zone="Europe/London", time=time(9), since=NOON)
AT = datetime(2027, 6, 14, 8, tzinfo=NOON.tzinfo)
AHEAD = (
    Posted(on=date(2027, 6, 14), at=AT, prompt=PEARL.id, day=1),
    Posted(on=date(2027, 6, 15), at=AT, prompt=NOBODY.id, day=2),
    BreakTold(on=date(2027, 6, 16), at=AT, about=ANNIVERSARY, back_on=date(2027, 6, 18)),
    NothingReady(on=date(2027, 6, 18), at=AT),
)
PLANNED = campaigns.Plan(campaign=CAMPAIGN, channel=HERE, ahead=AHEAD, planned=True)
FULL = replace(
    CAMPAIGN,
    reserve=(replace(PEARL, id=PromptId("r1")),),
    breaks=(ANNIVERSARY, ONE_DAY),
    end=date(2027, 7, 9),
    weekdays=frozenset({0, 2, 4}),
)
TEMPLATE = Template(
    id=TemplateId("weeks"),
    title="Four weeks",
    about="A card a day.",
    prompts=(),
    closing_question="What now?",
)


def _form_with_problems() -> Form:
    problems = {"start": campaigns.in_past(), "contact": refusals.empty_contact()}
    return campaign_forms.new_form((TEMPLATE,), start=CAMPAIGN.start).again({"start": "2020-01-01"}, problems)


def _break_with_problems(*, full: bool) -> Form:
    values = {"name": "an inset day", "first": "soon", "take_out": campaign_forms.break_value(ONE_DAY)}
    problems = {"first": refusals.unreadable_date()}
    if not full:
        values, problems = {}, {"name": refusals.empty_break(), "first": refusals.empty_date()}
    return campaign_forms.break_form(FULL, CAMPAIGN.start).again(values, problems)


def of_campaigns() -> Iterator[tuple[str, View]]:
    """Name and view, one after the other."""
    new = partial(campaign_forms.new_form, (TEMPLATE,), start=CAMPAIGN.start)
    yield "campaign form", new
    yield "campaign form without templates", partial(campaign_forms.new_form, (), start=CAMPAIGN.start)
    yield "campaign form with problems", _form_with_problems
    yield "campaign planned", partial(campaigns.plan, PLANNED)
    running = replace(PLANNED, campaign=FULL, planned=False, posted=1, others=1)
    yield "campaign running", partial(campaigns.plan, running)
    yield "campaign running in many channels", partial(campaigns.plan, replace(running, posted=4, others=3))
    yield "campaign of another place", partial(campaigns.plan, replace(running, guest=True))
    paused = replace(running, campaign=replace(FULL, paused=True, prompts=()), ahead=())
    yield "campaign paused", partial(campaigns.plan, paused)
    resting = replace(running, campaign=replace(FULL, paused=True))
    yield "campaign paused with cards", partial(campaigns.plan, resting)
    yield "campaign paused for somebody else", partial(campaigns.plan, replace(resting, changeable=False))
    for policy in (Policy.TOGETHER, Policy.OPEN):
        other = replace(PLANNED, campaign=replace(CAMPAIGN, policy=policy))
        yield f"campaign planned {policy.value}", partial(campaigns.plan, other)
    nothing = replace(PLANNED, campaign=replace(CAMPAIGN, prompts=(), weekdays=frozenset(range(7))), ahead=())
    yield "campaign planned from nothing", partial(campaigns.plan, nothing)
    yield "campaign form plan", partial(campaign_forms.plan_form, FULL)
    yield (
        "campaign form plan with a problem",
        lambda: campaign_forms.plan_form(FULL).again(
            {"title": ""}, {"title": refusals.empty_title(), "end": campaigns.wrong_order()}
        ),
    )
    yield "campaign form here", partial(campaign_forms.here_form, FULL, replace(HERE, time=time(9, 15)))
    yield (
        "campaign form here with a problem",
        lambda: campaign_forms.here_form(FULL, HERE).again(problems={"zone": refusals.unknown_zone()}),
    )
    yield "campaign form break", partial(campaign_forms.break_form, CAMPAIGN, CAMPAIGN.start)
    yield "campaign form break to take out", partial(campaign_forms.break_form, FULL, CAMPAIGN.start)
    yield "campaign form break with problems", partial(_break_with_problems, full=True)
    yield "campaign form break sent empty", partial(_break_with_problems, full=False)
    yield "campaign code", partial(campaigns.code, CAMPAIGN, "k1.a-code")
    yield "campaign form join", campaign_forms.join_form
    yield (
        "campaign form join with a problem",
        lambda: campaign_forms.join_form().again(problems={"code": campaigns.no_code()}),
    )
    yield "campaigns none", partial(campaigns.listed, ())
    yield "campaigns here", partial(campaigns.listed, [(CAMPAIGN.id, CAMPAIGN.title), (CAMPAIGN.id, "One")])
    yield "campaigns planned", partial(campaigns.listed, (), [(CAMPAIGN.id, CAMPAIGN.title)])
    yield (
        "campaign started by the first to look after a channel",
        partial(campaigns.started, PLANNED, first=True),
    )
    yield "campaign left", partial(campaigns.left, CAMPAIGN)
    yield "campaign started", partial(campaigns.started, PLANNED)
    yield "campaign started with no card", partial(campaigns.started, replace(PLANNED, ahead=()))
    yield "campaign sure end", partial(campaigns.sure_end, CAMPAIGN)
    yield "campaign over", partial(campaigns.over, CAMPAIGN, guest=False)
    yield "campaign over for a guest", partial(campaigns.over, CAMPAIGN, guest=True)
    yield "campaign ended", campaigns.ended
    yield "campaign not yours", partial(campaigns.not_yours, "Ada")
    yield "campaign gone", campaigns.gone
    yield "campaign of our own", lambda: campaign_days.begins(replace(CAMPAIGN, title=campaigns.own_title()))
    yield "campaign begins", partial(campaign_days.begins, CAMPAIGN)
    told = BreakTold(on=date(2027, 6, 16), at=AT, about=ANNIVERSARY, back_on=date(2027, 6, 18))
    yield "campaign break", partial(campaign_days.break_told, told)
    yield "campaign last break", partial(campaign_days.break_told, replace(told, back_on=None))
    yield "campaign ended for a channel", partial(campaign_days.ended, CAMPAIGN)
    yield "campaign nothing ready", partial(campaign_days.nothing_ready, CAMPAIGN, date(2027, 6, 18))
    day = Occasion(campaign=CAMPAIGN.id, title=CAMPAIGN.title, day=12, late=False, credit=PEARL.credit)
    prompt = a_round(policy=Policy.AFTER_YOU)
    yield "board of a prompt", partial(board.board, prompt, a_standing(), day)
    late = replace(day, late=True, corrected=True, credit="")
    yield "board of a late prompt", partial(board.board, prompt, a_standing(), late)
    closed = a_round(policy=Policy.AFTER_YOU, phase=Phase.CLOSED)
    yield "board of a closed prompt", partial(board.board, closed, a_standing(), day)
