"""Campaigns: setting one up, its plan, what organisers change, and what a channel is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
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
    Occasion,
    Posted,
    Prompt,
)
from bot.game.help_lines import HelpLine
from bot.game.model import Card, Policy, Template
from bot.messages import (
    Block,
    Bullets,
    Button,
    Buttons,
    Day,
    Field,
    Form,
    Heading,
    InputKind,
    Message,
    Option,
    Paragraph,
    Quote,
    Text,
    Theirs,
    Typed,
    join,
)
from bot.presses import place_in
from bot.views import help_lines, moments, names, weeks
from bot.views.words import ENGLISH, plain, say, theirs

TITLE_LENGTH = 80  # characters
CONTACT_LENGTH = 120
BREAK_LENGTH = 60
ZONE_LENGTH = 40
CODE_DAYS = 7  # how long a code for another channel works

OWN = "own"  # the value of `template` for a campaign that begins without prompts
NO_DAY = "none"  # the value of `round_up` for a campaign without round-ups
WEEKDAYS = ("01234", "0123456", "024", "13", "0")
"""On which days prompts go out, as digits; Monday is 0."""

FIRST_HOUR, LAST_HOUR = 8, 20  # every half hour between them is offered: as many as Discord's list holds

SURE = "sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A campaign as those who look after it see it, in one channel.

    `ahead` is what comes next there. `planned`: nothing was posted yet, and nothing will be
    before somebody says so. `others`: further channels that take part. `guest`: another community
    set it up, so that this channel decides for itself alone. `more`: what else to look at; `own`: what
    each reader may ask for themself.
    `to_check`: help lines that nobody has checked for long. `event`: when that is, which its
    template was made for.
    """

    campaign: Campaign
    channel: CampaignChannel
    ahead: Sequence[Entry]
    planned: bool
    posted: int = 0
    others: int = 0
    more: tuple[Button, ...] = ()
    own: tuple[Button, ...] = ()
    guest: bool = False
    to_check: Sequence[HelpLine] = ()
    event: EventDates | None = None


# --- setting one up --------------------------------------------------------------------


def new_form(
    templates: Sequence[Template],
    *,
    start: date,
) -> Form:
    """Fields `template`, `start` (an ISO date), `time` (HH:MM), `weekdays`, `contact`.

    Everything but the contact has an answer in it already. The rest is changed from the plan.
    """
    offered = (
        *(Option(each.id, each.title) for each in templates),
        Option(OWN, plain("campaign-own")),
    )
    first = templates[0] if templates else None
    fields = (
        Field(
            name="template",
            label=plain("campaign-template"),
            kind=InputKind.ONE_OF,
            hint=say("campaign-template-hint"),
            options=offered,
            value=offered[0].value,
        ),
        Field(name="start", label=plain("campaign-start"), kind=InputKind.DATE, value=start.isoformat()),
        _time_field(first.time if first else time(9)),
        _weekdays_field(first.weekdays if first else frozenset(range(5))),
        _contact_field(""),
    )
    return Form(
        title=plain("campaign-new-title"),
        action=write(Action(Verb.MAKE_CAMPAIGN)),
        fields=tuple(fields),
        submit=plain("campaign-new-send"),
    )


def _time_field(value: time) -> Field:
    return time_field(value, label=plain("campaign-time"), hint=say("campaign-time-hint"))


def time_field(value: time, *, label: str, hint: Text) -> Field:
    """A field `time` (HH:MM), with every half hour of the day to choose from, and `value` chosen."""
    offered = {time(hour, minute) for hour in range(FIRST_HOUR, LAST_HOUR) for minute in (0, 30)}
    offered.add(value if len(offered) < 25 and value not in offered else time(LAST_HOUR))
    return Field(
        name="time",
        label=label,
        kind=InputKind.ONE_OF,
        hint=hint,
        options=tuple(Option(f"{each:%H:%M}", f"{each:%H:%M}") for each in sorted(offered)),
        value=f"{value:%H:%M}",
    )


def _weekdays_field(value: frozenset[int]) -> Field:
    digits = "".join(map(str, sorted(value)))
    offered = WEEKDAYS if digits in WEEKDAYS else (digits, *WEEKDAYS)
    return Field(
        name="weekdays",
        label=plain("campaign-weekdays"),
        kind=InputKind.ONE_OF,
        options=tuple(Option(each, _weekdays(each)) for each in offered),
        value=digits,
    )


def _weekdays(digits: str) -> str:
    match digits:
        case "01234":
            return plain("weekdays-working")
        case "0123456":
            return plain("weekdays-all")
        case _:
            return moments.weekdays([int(each) for each in digits], ENGLISH)


def _contact_field(value: str) -> Field:
    return Field(
        name="contact",
        label=plain("campaign-contact"),
        kind=InputKind.LINE,
        hint=say("campaign-contact-hint"),
        value=value,
        limit=CONTACT_LENGTH,
    )


# --- the plan --------------------------------------------------------------------------


def plan(plan: Plan) -> Message:
    """The plan of a campaign: what it is, the first week in local dates, and what can be done about it."""
    campaign = plan.campaign
    heading = say("plan-heading") if plan.planned else say("plan-running")
    blocks: list[Block] = [Heading(heading), Paragraph(say("plan-title", title=Theirs(campaign.title)))]
    blocks += [Paragraph(text) for text in _facts(plan)]
    blocks += weeks.of_plan(plan.event)
    if plan.ahead:
        blocks.append(Heading(say("plan-week") if plan.planned else say("plan-ahead")))
        blocks.append(Bullets(tuple(_day(campaign, each) for each in plan.ahead)))
    elif plan.planned or not campaign.paused:
        blocks.append(Paragraph(say("plan-nothing", how=Typed("prompt"))))
    blocks.append(Paragraph(say("plan-care", contact=Theirs(campaign.contact))))
    blocks += help_lines.warning(plan.to_check)
    if plan.planned:
        blocks.append(Paragraph(say("plan-not-yet")))
    blocks += _plan_buttons(plan)
    blocks.append(Buttons((help_lines.nations(), weeks.button(), *plan.more)))
    if plan.own:
        blocks.append(Buttons(plan.own))
    return Message(heading, tuple(blocks))


def _facts(plan: Plan) -> Iterator[Text]:
    campaign, channel = plan.campaign, plan.channel
    yield say(
        "plan-when",
        days=_weekdays("".join(map(str, sorted(campaign.weekdays)))),
        time=f"{channel.time:%H:%M}",
        zone=Theirs(moments.city(channel.zone, ENGLISH)),
        start=Day(campaign.start),
    )
    yield _policy(campaign.policy)
    ready = len(campaign.prompts) - plan.posted
    yield say("plan-prompts", ready=max(0, ready), reserve=len(campaign.reserve))
    if plan.posted:
        yield say("plan-posted", posted=plan.posted)
    if campaign.end is not None:
        yield say("plan-end", end=Day(campaign.end))
    for each in campaign.breaks:
        yield _break(each)
    if plan.others:
        yield say("plan-others", others=plan.others)
        yield say("plan-guest") if plan.guest else say("plan-shared")
    if campaign.paused or channel.paused:
        yield say("plan-paused")


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
            prompt = prompt_of(campaign, entry)
            return say("plan-day", on=_on(entry.on), day=entry.day, shoes=shoes(prompt.card, prompt.credit))
        case BreakTold():
            return say("plan-day-break", on=_on(entry.on), name=Theirs(entry.about.name))
        case NothingReady():
            return say("plan-day-nothing", on=_on(entry.on))
        case _:
            assert_never(entry)


def _on(day: date) -> str:
    """A date that is near: Monday 7 June."""
    return moments.day_in_words(day, ENGLISH)


def prompt_of(campaign: Campaign, entry: Posted) -> Prompt:
    """The prompt of a day. It is there for as long as the campaign is: a posted one is never removed."""
    return next(each for each in (*campaign.prompts, *campaign.reserve) if each.id == entry.prompt)


def shoes(card: Card, credit: str) -> Text:
    """Whose shoes a day is in: "Pearl, retired bus driver", or the perspective where nobody is named."""
    return theirs(credit) if credit else names.shoes(card.perspective)


def _plan_buttons(plan: Plan) -> Iterator[Block]:
    campaign = plan.campaign
    about = campaign.id
    change = (
        Button(plain("button-change-here"), _of(Verb.CHANGE_CAMPAIGN, about, Part.HERE)),
        Button(plain("button-add-break"), _of(Verb.CHANGE_CAMPAIGN, about, Part.BREAK)),
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
    if plan.channel.paused or (campaign.paused and not plan.guest):
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


class Part:
    """What of a campaign a form changes, as its action names it."""

    PLAN = "plan"
    HERE = "here"
    BREAK = "break"


def plan_form(
    campaign: Campaign,
) -> Form:
    """Fields `title`, `policy`, `round_up` (a weekday or NO_DAY), `end` (an ISO date or empty), `contact`."""
    fields = (
        Field(
            name="title",
            label=plain("campaign-title"),
            kind=InputKind.LINE,
            value=campaign.title,
            limit=TITLE_LENGTH,
        ),
        Field(
            name="policy",
            label=plain("form-deal-policy"),
            kind=InputKind.ONE_OF,
            options=tuple(Option(each.value, names.policy(each)) for each in Policy),
            value=campaign.policy.value,
        ),
        Field(
            name="round_up",
            label=plain("campaign-round-up"),
            kind=InputKind.ONE_OF,
            hint=say("campaign-round-up-hint"),
            options=(
                *(Option(str(each), moments.weekdays([each], ENGLISH)) for each in range(7)),
                Option(NO_DAY, plain("campaign-no-round-up")),
            ),
            value=NO_DAY if campaign.round_up_on is None else str(campaign.round_up_on),
        ),
        Field(
            name="end",
            label=plain("campaign-end"),
            kind=InputKind.DATE,
            hint=say("campaign-end-hint"),
            value=campaign.end.isoformat() if campaign.end else "",
            optional=True,
        ),
        _contact_field(campaign.contact),
    )
    return _change_form(campaign, Part.PLAN, fields)


def here_form(
    campaign: Campaign,
    channel: CampaignChannel,
) -> Form:
    """Fields `start`, `weekdays` of the campaign; `time`, `zone` (a city or an IANA name) of this channel."""
    fields = (
        Field(
            name="start",
            label=plain("campaign-start"),
            kind=InputKind.DATE,
            value=campaign.start.isoformat(),
        ),
        _weekdays_field(campaign.weekdays),
        _time_field(channel.time),
        Field(
            name="zone",
            label=plain("form-zone"),
            kind=InputKind.LINE,
            hint=say("settings-zone-hint"),
            value=place_in(channel.zone),
            limit=ZONE_LENGTH,
        ),
    )
    return _change_form(campaign, Part.HERE, fields)


def break_form(
    campaign: Campaign,
) -> Form:
    """Fields `name`, `first`, `last` (ISO dates)."""
    fields = (
        Field(
            name="name",
            label=plain("break-name"),
            kind=InputKind.LINE,
            hint=say("break-name-hint"),
            limit=BREAK_LENGTH,
        ),
        Field(name="first", label=plain("break-first"), kind=InputKind.DATE),
        Field(
            name="last",
            label=plain("break-last"),
            kind=InputKind.DATE,
            hint=say("break-last-hint"),
            optional=True,
        ),
    )
    return _change_form(campaign, Part.BREAK, fields)


def _change_form(campaign: Campaign, part: str, fields: tuple[Field, ...]) -> Form:
    return Form(
        title=plain("campaign-change-title"),
        action=_of(Verb.SAVE_CAMPAIGN, campaign.id, part),
        fields=tuple(fields),
        submit=plain("campaign-change-send"),
    )


def code(campaign: Campaign, code: str) -> Message:
    """What somebody in another channel types to take part."""
    return Message(
        say("campaign-code-summary"),
        (
            Heading(say("campaign-code-summary")),
            Paragraph(say("campaign-code", title=Theirs(campaign.title))),
            Quote(say("campaign-code-label"), theirs(code)),
            Paragraph(say("campaign-code-how", days=CODE_DAYS)),
            Buttons((_show(campaign.id, plain("button-back-to-plan")),)),
        ),
    )


def join_form() -> Form:
    """One field, `code`."""
    field = Field(
        name="code",
        label=plain("campaign-join-code"),
        kind=InputKind.LINE,
        hint=say("campaign-join-hint"),
        limit=80,
    )
    return Form(
        title=plain("campaign-join-title"),
        action=write(Action(Verb.SEND_CODE)),
        fields=(field,),
        submit=plain("campaign-join-send"),
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
            on=_on(coming.on),
            time=f"{plan.channel.time:%H:%M}",
            zone=Theirs(moments.city(plan.channel.zone, ENGLISH)),
        )
    more = (say("campaign-started-first"),) if first else ()
    show = _show(plan.campaign.id, plain("button-look-at-plan"))
    how = say("campaign-started-how", how=Typed("campaign"))
    return _told(say("campaign-started-summary"), told, how, *more, buttons=(show,))


def left(campaign: Campaign) -> Message:
    """A channel takes part no longer; the others do."""
    return _told(say("campaign-left-summary"), say("campaign-left", title=Theirs(campaign.title)))


def sure_end(campaign: Campaign) -> Message:
    """Asked before a campaign ends."""
    sure = Button(plain("button-end-sure"), _of(Verb.END_CAMPAIGN, campaign.id, SURE), primary=True)
    back = _show(campaign.id, plain("button-back-to-plan"))
    return names.note(say("campaign-end-sure"), say("campaign-end-sure"), buttons=(sure, back))


def ended() -> Message:
    """It is over."""
    return names.note(say("campaign-ended"), say("campaign-ended"))


def own_title() -> str:
    """What a campaign is called that begins from nothing, until somebody names it."""
    return plain("campaign-own-title")


def not_yours(name: str) -> Message:
    """Only those who organise here may. `name` may be empty."""
    return _told(say("refused-summary"), say("campaign-not-yours", name=names.someone(name)))


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


def begins(
    campaign: Campaign, lines: Sequence[HelpLine] = (), today: date = date.max, event: str = ""
) -> Message:
    """Before the first prompt: what comes, that nobody watches it all day, and whom to turn to.

    `event`: the awareness week that it is today, for sure.
    """
    week = (Paragraph(say("begins-week", name=Theirs(event))),) if event else ()
    help: tuple[Block, ...] = (Paragraph(say("begins-help")),)
    if lines:
        help = (*help, help_lines.listed(lines, today), Buttons((help_lines.find_help(),)))
    return Message(
        say("begins-heading"),
        (
            Heading(say("begins-heading")),
            Paragraph(say("begins-title", title=Theirs(campaign.title))),
            *week,
            Paragraph(say("begins-what")),
            Paragraph(say("begins-care")),
            Paragraph(say("begins-contact", contact=Theirs(campaign.contact))),
            *help,
        ),
    )


def break_told(told: BreakTold) -> Message:
    """A break begins; with the date of return."""
    name = Theirs(told.about.name)
    if told.back_on is None:
        text = say("break-told-last", name=name)
    else:
        text = say("break-told", name=name, back=_on(told.back_on))
    return _told(say("break-told-summary"), text)


def nothing_ready(campaign: Campaign, on: date) -> Message:
    """To those who organise it: there was nothing to post."""
    return _told(
        say("nothing-ready-summary"),
        say("nothing-ready", title=Theirs(campaign.title), on=_on(on)),
        buttons=(Button(plain("button-add-prompt"), _of(Verb.PROMPT, campaign.id), primary=True),),
    )


def _told(summary: Text, *paragraphs: Text, buttons: tuple[Button, ...] = ()) -> Message:
    """Words of people stand below a heading of ours: a notification may show what comes first."""
    blocks: list[Block] = [Heading(summary), *(Paragraph(text) for text in paragraphs)]
    return Message(summary, (*blocks, Buttons(buttons)) if buttons else tuple(blocks))


def day_heading(occasion: Occasion, state: Text | None) -> Text:
    """The heading of a prompt's board: Day 12. `state`: how it stands, where it is not simply open."""
    if state is None:
        return say("day-heading", day=occasion.day)
    return say("day-heading-other", day=occasion.day, state=state)


def of_day(occasion: Occasion) -> tuple[Text, ...]:
    """What the board of a prompt says above its card: whose shoes today, and of what it is a part.

    Never in a notification, and never first: a title or a role may name a condition.
    """
    who = say("day-shoes", shoes=theirs(occasion.credit)) if occasion.credit else ()
    about = (
        say("day-of", title=Theirs(occasion.title)),
        say("day-late") if occasion.late else (),
        say("day-corrected") if occasion.corrected else (),
    )
    return tuple(each for each in (who, join(about)) if each)
