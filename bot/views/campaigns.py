"""Campaigns as those who look after them see them: the plan, and what came of a press."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from bot.actions import Action, Verb, write
from bot.game.awareness import EventDates
from bot.game.calendar import Break
from bot.game.campaigns import (
    BreakTold,
    Campaign,
    CampaignChannel,
    CampaignId,
    Entry,
    NothingReady,
    Posted,
    breaks_left,
)
from bot.game.help_lines import HelpLine
from bot.game.model import Policy
from bot.messages import (
    Block,
    Bullets,
    Button,
    Buttons,
    Day,
    Heading,
    Message,
    Paragraph,
    Quote,
    Text,
    Theirs,
    Typed,
)
from bot.views import campaign_days as days
from bot.views import help_lines, moments, names, weeks
from bot.views.campaign_forms import Part, weekdays
from bot.views.words import ENGLISH, plain, say, theirs

CODE_DAYS = 7  # how long a code for another channel works
SURE = "sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A campaign as those who look after it see it, in one channel.

    `ahead` is what comes next there. `planned`: nothing was posted yet, and nothing will be
    before somebody says so. `changeable`: its reader looks after it. `others`: further channels
    that take part. `guest`: another community set it up, so that this channel decides for itself
    alone. `more`: what else to look at; `own`: what each reader may ask for themself.
    `to_check`: help lines that nobody has checked for long. `event`: when that is, which its
    template was made for. `today` in the channel: breaks that are over are not shown.
    """

    campaign: Campaign
    channel: CampaignChannel
    ahead: Sequence[Entry]
    planned: bool
    changeable: bool = True
    posted: int = 0
    others: int = 0
    more: tuple[Button, ...] = ()
    own: tuple[Button, ...] = ()
    guest: bool = False
    to_check: Sequence[HelpLine] = ()
    event: EventDates | None = None
    today: date = date.min


# --- setting one up --------------------------------------------------------------------


# --- the plan --------------------------------------------------------------------------


def plan(plan: Plan) -> Message:
    """The plan of a campaign: what it is, the first week in local dates, and what can be done about it."""
    campaign = plan.campaign
    heading = say("plan-heading") if plan.planned else say("plan-running")
    blocks: list[Block] = [Heading(heading), Paragraph(say("plan-title", title=Theirs(campaign.title)))]
    blocks += [Paragraph(text) for text in _facts(plan)]
    blocks += weeks.of_plan(plan.event)
    if plan.ahead:
        blocks.append(Heading(_of_what_comes(plan)))
        blocks.append(Bullets(tuple(_day(campaign, each) for each in plan.ahead)))
    elif plan.planned or not campaign.paused:
        blocks.append(Paragraph(say("plan-nothing", how=Typed("prompt"))))
    blocks.append(Paragraph(say("plan-care", contact=Theirs(campaign.contact))))
    if plan.changeable:
        blocks += help_lines.warning(plan.to_check, planned=plan.planned)
    if plan.planned:
        blocks.append(Paragraph(say("plan-not-yet")))
    if plan.changeable:
        blocks += _plan_buttons(plan)
        blocks.append(Buttons((help_lines.nations(campaign.id), weeks.button(campaign.id), *plan.more)))
    else:
        blocks.append(Buttons((weeks.button(campaign.id), *plan.more)))
    if plan.own:
        blocks.append(Buttons(plan.own))
    return Message(heading, tuple(blocks))


def _facts(plan: Plan) -> Iterator[Text]:
    campaign, channel = plan.campaign, plan.channel
    yield say(
        "plan-when",
        days=weekdays("".join(map(str, sorted(campaign.weekdays)))),
        time=f"{channel.time:%H:%M}",
        zone=Theirs(moments.city(channel.zone, ENGLISH)),
        start=Day(_first(plan)),
    )
    yield _policy(campaign.policy)
    ready = len(campaign.prompts) - plan.posted
    yield say("plan-prompts", ready=max(0, ready), reserve=len(campaign.reserve))
    if plan.posted:
        yield say("plan-posted", posted=plan.posted)
    if campaign.end is not None:
        yield say("plan-end", end=Day(campaign.end))
    for each in breaks_left(campaign, plan.today):
        yield _break(each)
    if plan.others:
        yield say("plan-others", others=plan.others)
        yield say("plan-guest") if plan.guest else say("plan-shared")
    if _is_paused(plan):
        yield say("plan-paused")


def _of_what_comes(plan: Plan) -> Text:
    """Above the next cards: while it is paused, these are days that would be."""
    if _may_go_on(plan):
        return say("plan-if-you-go-on")
    if _is_paused(plan):
        return say("plan-if-it-goes-on")
    return say("plan-week") if plan.planned else say("plan-ahead")


def _is_paused(plan: Plan) -> bool:
    return plan.campaign.paused or plan.channel.paused


def _may_go_on(plan: Plan) -> bool:
    """Whether its reader has a button for that. A guest has it for the channel's own pause alone."""
    paused = plan.channel.paused or (plan.campaign.paused and not plan.guest)
    return paused and plan.changeable and not plan.planned


def _first(plan: Plan) -> date:
    """The date of its first card; that it may begin from, where none is in sight, or it is paused."""
    coming = [each.on for each in plan.ahead if isinstance(each, Posted)]
    known = coming and not plan.posted and not _is_paused(plan)
    return coming[0] if known else plan.campaign.start


def _policy(policy: Policy) -> Text:
    """Who sees a response, and when, in one sentence."""
    match policy:
        case Policy.TOGETHER:
            return say("plan-together")
        case Policy.AFTER_YOU:
            return say("plan-after-you")
        case Policy.OPEN:
            return say("plan-open")
        case _:
            assert_never(policy)


def _break(about: Break) -> Text:
    if about.first == about.last:
        return say("plan-break-day", name=Theirs(about.name), first=Day(about.first))
    return say("plan-break", name=Theirs(about.name), first=Day(about.first), last=Day(about.last))


def _day(campaign: Campaign, entry: Entry) -> Text:
    match entry:
        case Posted():
            prompt = days.prompt_of(campaign, entry)
            return say(
                "plan-day",
                on=days.day_of(entry.on),
                day=entry.day,
                shoes=days.shoes(prompt.card, prompt.credit),
            )
        case BreakTold():
            return say("plan-day-break", on=days.day_of(entry.on), name=Theirs(entry.about.name))
        case NothingReady():
            return say("plan-day-nothing", on=days.day_of(entry.on))
        case _:
            assert_never(entry)


def _plan_buttons(plan: Plan) -> Iterator[Block]:
    campaign = plan.campaign
    about = campaign.id
    has = bool(breaks_left(campaign, plan.today))
    breaks = plain("button-change-breaks") if has else plain("button-add-break")
    change = (
        Button(plain("button-change-here"), _of(Verb.CHANGE_CAMPAIGN, about, Part.HERE)),
        Button(breaks, _of(Verb.CHANGE_CAMPAIGN, about, Part.BREAK)),
        Button(plain("button-change-plan"), _of(Verb.CHANGE_CAMPAIGN, about, Part.PLAN)),
    )
    cards = (
        Button(plain("button-add-prompt"), _of(Verb.PROMPT, about)),
        Button(plain("button-prompts"), _of(Verb.PROMPTS, about)),
    )
    if plan.planned:
        start = Button(plain("button-start-campaign"), _of(Verb.START_CAMPAIGN, about), primary=True)
        yield Buttons((start, *change))
        yield Buttons(cards)
        return
    if _may_go_on(plan):
        go = Button(plain("button-resume-campaign"), _of(Verb.RESUME_CAMPAIGN, about), primary=True)
    else:
        go = Button(plain("button-pause-campaign"), _of(Verb.PAUSE_CAMPAIGN, about))
    leave = (Button(plain("button-leave-campaign"), _of(Verb.LEAVE_CAMPAIGN, about)),) if plan.others else ()
    if plan.guest:
        yield Buttons((go, change[0], *leave))
        return
    yield Buttons((go, *change))
    yield Buttons(
        (
            *cards,
            Button(plain("button-add-channel"), _of(Verb.CAMPAIGN_CODE, about)),
            *leave,
            Button(plain("button-end-campaign"), _of(Verb.END_CAMPAIGN, about)),
        )
    )


def _of(verb: Verb, campaign: CampaignId, value: str = "") -> str:
    return write(Action(verb, about=campaign, value=value))


# --- changing it -----------------------------------------------------------------------


def code(campaign: Campaign, code: str) -> Message:
    """What somebody in another channel types to take part."""
    return Message(
        say("campaign-code-summary"),
        (
            Heading(say("campaign-code-summary")),
            Paragraph(say("campaign-code", title=Theirs(campaign.title))),
            Quote(say("campaign-code-label"), theirs(code)),
            Paragraph(say("campaign-code-how", days=CODE_DAYS)),
            Buttons((names.to_plan(campaign.id),)),
        ),
    )


def listed(
    campaigns: Sequence[tuple[CampaignId, str]], plans: Sequence[tuple[CampaignId, str]] = ()
) -> Message:
    """The campaigns of a channel and the reader's own plans, a button for each, and what else to do."""
    blocks: list[Block] = [Heading(say("campaigns-heading"))]
    blocks.append(Paragraph(say("campaigns-here") if campaigns else say("campaigns-none")))
    running = (
        _show(id, plain("button-campaign", number=number, title=_short(title)))
        for number, (id, title) in enumerate(campaigns, start=1)
    )
    blocks += [Buttons(tuple(running))] if campaigns else []
    if plans:
        waiting = (
            _show(id, plain("button-plan", number=number, title=_short(title)))
            for number, (id, title) in enumerate(plans, start=1)
        )
        blocks += [Paragraph(say("campaigns-planned")), Buttons(tuple(waiting))]
    more = (
        Button(plain("button-new-campaign"), write(Action(Verb.NEW_CAMPAIGN))),
        Button(plain("button-join-campaign"), write(Action(Verb.JOIN_CAMPAIGN))),
    )
    return Message(say("campaigns-heading"), (*blocks, Buttons(more)))


def _short(title: str) -> Text:
    return theirs(names.short(title))


def _show(id: CampaignId, label: str) -> Button:
    return Button(label, _of(Verb.SHOW_CAMPAIGN, id))


# --- receipts and refusals -------------------------------------------------------------


def started(plan: Plan, *, first: bool = False) -> Message:
    """It is scheduled. Says when the first prompt comes, in the channel's own date and time.

    `first`: nobody looked after this channel, so whoever reads this does from now on.
    """
    coming = next(iter(plan.ahead), None)
    if coming is None:
        told = say("campaign-started-nothing", how=Typed("prompt"))
    else:
        told = say(
            "campaign-started",
            on=days.day_of(coming.on),
            time=f"{plan.channel.time:%H:%M}",
            zone=Theirs(moments.city(plan.channel.zone, ENGLISH)),
        )
    more = (say("campaign-started-first"),) if first else ()
    show = _show(plan.campaign.id, plain("button-look-at-plan"))
    how = say("campaign-started-how", how=Typed("campaign"))
    return days.below(say("campaign-started-summary"), told, how, *more, buttons=(show,))


def left(campaign: Campaign) -> Message:
    """A channel takes part no longer; the others do."""
    return days.below(say("campaign-left-summary"), say("campaign-left", title=Theirs(campaign.title)))


def sure_end(campaign: Campaign) -> Message:
    """Asked before a campaign ends."""
    sure = Button(plain("button-end-sure"), _of(Verb.END_CAMPAIGN, campaign.id, SURE), primary=True)
    buttons = (sure, names.to_plan(campaign.id))
    return names.note(say("campaign-end-sure"), say("campaign-end-sure"), buttons=buttons)


def ended() -> Message:
    """It is over."""
    return names.note(say("campaign-ended"), say("campaign-ended"))


def over(campaign: Campaign, *, guest: bool) -> Message:
    """What was pressed is for one that goes on. `guest`: others have to say that it goes on."""
    told = say("campaign-over")
    if guest:
        return names.note(say("refused-summary"), told)
    later = Button(plain("button-change-plan"), _of(Verb.CHANGE_CAMPAIGN, campaign.id, Part.PLAN))
    return names.note(say("refused-summary"), told, say("campaign-over-how"), buttons=(later,))


def own_title() -> str:
    """What a campaign is called that begins from nothing, until somebody names it."""
    return plain("campaign-own-title")


def not_yours(name: str) -> Message:
    """Only those who organise here may. `name` may be empty."""
    return days.below(say("refused-summary"), say("campaign-not-yours", name=names.someone(name)))


def gone() -> Message:
    """One answer to a campaign of nobody and of elsewhere."""
    return names.note(say("refused-summary"), say("campaign-gone"))


def no_code() -> Text:
    """A field's problem: the code is not one of ours."""
    return say("campaign-no-code")


def in_past() -> Text:
    """A field's problem: a date that is over."""
    return say("campaign-in-past")


def wrong_order() -> Text:
    """A field's problem: the last day comes before the first."""
    return say("campaign-wrong-order")


# --- what a channel is told ------------------------------------------------------------
