"""The forms of a campaign: setting one up, changing it, and taking part in another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from zlib import crc32

from bot.actions import Action, Verb, write
from bot.game.calendar import Break
from bot.game.campaigns import (
    Campaign,
    CampaignChannel,
    breaks_left,
)
from bot.game.model import Policy, Template
from bot.messages import (
    Field,
    Form,
    InputKind,
    Option,
    Text,
)
from bot.presses import place_in
from bot.views import moments, names
from bot.views.words import ENGLISH, plain, say, theirs

TITLE_LENGTH = 80  # characters
CONTACT_LENGTH = 120
BREAK_LENGTH = 60
ZONE_LENGTH = 40

OWN = "own"  # the value of `template` for a campaign that begins without prompts
KEEP = "keep"  # the value of `take_out` where every break stays
BREAKS = 24  # that are offered to be taken out: with KEEP as many as Discord's list holds
NO_DAY = "none"  # the value of `round_up` for a campaign without round-ups
WEEKDAYS = ("01234", "0123456", "024", "13", "0")
"""On which days prompts go out, as digits; Monday is 0."""

FIRST_HOUR, LAST_HOUR = 8, 20  # every half hour between them is offered: as many as Discord's list holds


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
        options=tuple(Option(each, weekdays(each)) for each in offered),
        value=digits,
    )


def weekdays(digits: str) -> str:
    """Digits as words: "Monday and Wednesday"."""
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
    today: date,
) -> Form:
    """Fields `name`, `first`, `last` (ISO dates) of a new break; `take_out` (of `break_value`, or KEEP).

    The last one only where there are breaks that are not over on `today`. Then nothing need be new.
    """
    there = breaks_left(campaign, today)[:BREAKS]
    fields = (
        Field(
            name="name",
            label=plain("break-name"),
            kind=InputKind.LINE,
            hint=say("break-name-hint"),
            limit=BREAK_LENGTH,
            optional=bool(there),
        ),
        Field(name="first", label=plain("break-first"), kind=InputKind.DATE, optional=bool(there)),
        Field(
            name="last",
            label=plain("break-last"),
            kind=InputKind.DATE,
            hint=say("break-last-hint"),
            optional=True,
        ),
        *((_take_out_field(there),) if there else ()),
    )
    return _change_form(campaign, Part.BREAK, fields)


def _take_out_field(breaks: Sequence[Break]) -> Field:
    return Field(
        name="take_out",
        label=plain("break-take-out"),
        kind=InputKind.ONE_OF,
        hint=say("break-take-out-hint"),
        options=(
            Option(KEEP, plain("break-keep")),
            *(Option(break_value(each), _named(each)) for each in breaks),
        ),
        value=KEEP,
    )


def break_value(about: Break) -> str:
    """By what a form knows a break again, whatever others were added or taken out meanwhile."""
    return f"{about.first.isoformat()}_{about.last.isoformat()}_{crc32(about.name.encode()):08x}"


def _named(about: Break) -> str:
    name = theirs(names.short(about.name))
    first, last = (moments.day_in_words(each, ENGLISH) for each in (about.first, about.last))
    if first == last:
        return plain("break-of-a-day", name=name, first=first)
    return plain("break-of-days", name=name, first=first, last=last)


def _change_form(campaign: Campaign, part: str, fields: tuple[Field, ...]) -> Form:
    return Form(
        title=plain("campaign-change-title"),
        action=write(Action(Verb.SAVE_CAMPAIGN, about=campaign.id, value=part)),
        fields=tuple(fields),
        submit=plain("campaign-change-send"),
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
