"""Campaigns in their transactions: setting one up, what organisers change, and what an alarm posts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot import campaign_changes as changes
from bot import campaign_clock, daily, effects_out, playing, privately, safeguarding, weeks
from bot.actions import Action, NotAnAction, Verb, write
from bot.answers import Answer
from bot.campaign_rights import NotYours, is_guest, is_over, may_change, must_organise, organises
from bot.chat import Press
from bot.effects_out import AlarmKind
from bot.entries import Entries
from bot.game import campaigns as rules
from bot.game.awareness import EventId
from bot.game.calendar import DAY, local_date
from bot.game.campaigns import (
    Campaign,
    CampaignChannel,
    CampaignId,
    NothingReady,
    Posted,
    Prompt,
    PromptId,
)
from bot.game.model import CommunityId, Template, TemplateId, TemplatePrompt
from bot.messages import Button, Form
from bot.presses import name_of, typed
from bot.tools import Tools
from bot.views import calendar_files, campaign_forms, refusals, round_up, tellings
from bot.views import campaigns as views
from bot.views import privately as privately_views
from bot.views.campaign_forms import Part
from bot.views.campaigns import Plan
from bot.views.privately import About
from storage import campaigns as stored
from storage import communities, inbound, library, round_ups
from storage.campaigns import NoSuchCampaign
from storage.communities import Channel, Person
from storage.database import Transaction

CAMPAIGNS = frozenset(
    {
        Verb.CAMPAIGN,
        Verb.NEW_CAMPAIGN,
        Verb.MAKE_CAMPAIGN,
        Verb.SHOW_CAMPAIGN,
        Verb.CHANGE_CAMPAIGN,
        Verb.SAVE_CAMPAIGN,
        Verb.START_CAMPAIGN,
        Verb.PAUSE_CAMPAIGN,
        Verb.RESUME_CAMPAIGN,
        Verb.END_CAMPAIGN,
        Verb.CAMPAIGN_CODE,
        Verb.JOIN_CAMPAIGN,
        Verb.SEND_CODE,
        Verb.LEAVE_CAMPAIGN,
    }
)
OPENS = frozenset(
    {
        Verb.CAMPAIGN,
        Verb.NEW_CAMPAIGN,
        Verb.SHOW_CAMPAIGN,
        Verb.CHANGE_CAMPAIGN,
        Verb.CAMPAIGN_CODE,
        Verb.JOIN_CAMPAIGN,
    }
)
"""What is about campaigns; what of it only opens or shows something."""

AHEAD = 7  # entries that a plan shows: the first week of a daily series
FURTHEST = timedelta(days=366)  # how far ahead one may begin: dates are told without a year
PLANS = 3  # of one person, not started yet: the newest are listed


class BadFields(Exception):
    """What was typed cannot be used: the form as it was sent, with what is wrong beside each field."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form


def answer(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """What a press about campaigns opens or does. Raises NoSuchChannel, NotAnAction."""
    try:
        place = communities.channel(tx, press.channel, press.player.community)
        if only_opens(action):
            return _shown(tx, tools, press, action, place, now)
        return _done(tx, tools, press, action, place, now)
    except NoSuchCampaign:
        return Answer(content=views.gone(), accepted=False)
    except NotYours as refused:
        return Answer(content=views.not_yours(refused.name), accepted=False)
    except BadFields as bad:
        return Answer(content=bad.form, accepted=False)


def only_opens(action: Action) -> bool:
    """Whether a press about campaigns does nothing but open something."""
    return action.verb in OPENS or (action.verb is Verb.END_CAMPAIGN and action.value != views.SURE)


# --- what a press opens ----------------------------------------------------------------


def _shown(
    tx: Transaction, tools: Tools, press: Press, action: Action, place: Channel, now: datetime
) -> Answer:
    person = communities.find_person(tx, press.player)
    match action.verb:
        case Verb.CAMPAIGN:
            here = stored.of_channel(tx, place.id)
            plans = [] if person is None else stored.planned(tx, place.community.id, person.id, PLANS)
            if here or plans:
                listed = views.listed(list(map(_named, here)), list(map(_named, plans)))
                return Answer(content=listed, show=press.action)
            must_organise(tx, press, place, person)
            return Answer(content=_new_form(tools, place, now), show=press.action)
        case Verb.NEW_CAMPAIGN:
            must_organise(tx, press, place, person)
            return Answer(content=_new_form(tools, place, now), show=press.action)
        case Verb.JOIN_CAMPAIGN:
            must_organise(tx, press, place, person)
            return Answer(content=campaign_forms.join_form(), show=press.action)
    campaign = load(tx, press.player.community, CampaignId(action.about), place, lock=False)
    if action.verb is Verb.SHOW_CAMPAIGN:
        plan = _plan(tx, tools, campaign, place, now, organises=organises(press, place, person))
        return Answer(content=views.plan(plan), show=press.action)
    may_change(tx, press, action, campaign, place, person)
    if is_over(tx, action, campaign):
        return Answer(content=views.over(campaign, guest=is_guest(tx, campaign, place)), accepted=False)
    if action.verb is Verb.END_CAMPAIGN:
        return Answer(content=views.sure_end(campaign), show=press.action)
    if action.verb is Verb.CAMPAIGN_CODE:
        code = _code(tools, campaign.id, playing.today(place, now))
        return Answer(content=views.code(campaign, code), show=press.action)
    form = _change_form(tx, campaign, place, action.value, playing.today(place, now))
    return Answer(content=form, show=press.action)


def _named(campaign: stored.Listed) -> tuple[CampaignId, str]:
    return campaign.id, campaign.title


def _new_form(tools: Tools, place: Channel, now: datetime) -> Form:
    start = playing.today(place, now) + DAY
    while start.weekday() > 4:
        start += DAY
    return campaign_forms.new_form(tools.templates, start=start)


def _change_form(tx: Transaction, campaign: Campaign, place: Channel, part: str, today: date) -> Form:
    match part:
        case Part.PLAN:
            return campaign_forms.plan_form(campaign)
        case Part.HERE:
            here = part_of(tx, campaign, place)
            return campaign_forms.here_form(campaign, here)
        case Part.BREAK:
            return campaign_forms.break_form(campaign, today)
        case _:
            raise NotAnAction


def _plan(
    tx: Transaction,
    tools: Tools,
    campaign: Campaign,
    place: Channel,
    now: datetime,
    *,
    organises: bool = True,
) -> Plan:
    taking_part = stored.channels(tx, campaign.id)
    here = part_of(tx, campaign, place)
    past = stored.past(tx, campaign.id, place.id)
    if not taking_part:
        # As if it were started now: an hour that is over today is not made up for.
        campaign, here = replace(campaign, since=now), replace(here, since=now)
    return Plan(
        campaign=campaign,
        channel=here,
        ahead=coming(campaign, here, past, now),
        planned=not taking_part,
        today=playing.today(place, now),
        posted=sum(isinstance(each, Posted) for each in past),
        others=sum(each.id != place.id for each in taking_part),
        changeable=organises,
        more=_more(tx, campaign, here, organises=organises),
        own=(privately_views.button(About(campaign=campaign.id)),) if taking_part else (),
        guest=is_guest(tx, campaign, place),
        to_check=safeguarding.to_check(tx, tools, place, now),
        event=weeks.of_campaign(
            tx, tools, place.community.id, campaign.event, max(playing.today(place, now), campaign.start)
        ),
    )


def _more(
    tx: Transaction, campaign: Campaign, here: CampaignChannel, *, organises: bool
) -> tuple[Button, ...]:
    """What else can be looked at from the plan; stories that wait by those alone who may read them."""
    waiting = round_ups.waiting(tx, campaign.id, here.id)
    week = (round_up.button(campaign.id, here.id, waiting[0]),) if waiting is not None else ()
    told = library.waiting(tx, here.id)[:1] if organises else []
    return (*week, calendar_files.button(campaign.id), *map(tellings.queue_button, told))


def coming(
    campaign: Campaign, here: CampaignChannel, past: rules.Past, now: datetime, count: int = AHEAD
) -> tuple[rules.Entry, ...]:
    """What comes next; in a pause, what would if it went on now.

    One empty day is enough to see that cards are missing.
    """
    ahead = rules.ahead(rules.resume(campaign, now), rules.resume(here, now), past, now, count)
    last = max(
        (number for number, each in enumerate(ahead) if not isinstance(each, NothingReady)), default=-1
    )
    return ahead[: last + 2]


def part_of(tx: Transaction, campaign: Campaign, place: Channel) -> CampaignChannel:
    """The channel's part in a campaign; what it will be, where it does not take part yet."""
    try:
        return stored.channel(tx, campaign.id, place.id)
    except NoSuchCampaign:
        own = campaign.zone != place.time_zone
        return CampaignChannel(
            id=place.id, zone=campaign.zone, time=campaign.time, since=campaign.since, own_zone=own
        )


def load(tx: Transaction, home: CommunityId, id: CampaignId, place: Channel, *, lock: bool) -> Campaign:
    """A campaign of this channel, or one that was planned here and has not started anywhere.

    Raises NoSuchCampaign.
    """
    campaign = stored.load(tx, id, home, lock=lock)
    taking_part = stored.channels(tx, campaign.id)
    if taking_part and place.id not in {each.id for each in taking_part}:
        raise NoSuchCampaign
    return campaign


# --- what a press does -----------------------------------------------------------------


def _done(
    tx: Transaction, tools: Tools, press: Press, action: Action, place: Channel, now: datetime
) -> Answer:
    person = communities.person(tx, press.player, tools.chance.id(), name_of({}, press.name))
    must_organise(tx, press, place, person)
    if action.verb is Verb.MAKE_CAMPAIGN:
        return _make(tx, tools, press, place, person, now)
    if action.verb is Verb.SEND_CODE:
        return _join(tx, tools, press, place, person, now)
    before = load(tx, press.player.community, CampaignId(action.about), place, lock=True)
    may_change(tx, press, action, before, place, person)
    if action.verb is Verb.LEAVE_CAMPAIGN:
        stored.leave(tx, before.id, place.id)
        campaign_clock.put(tx, tools, AlarmKind.CAMPAIGN, before.id, place.id, None)
        campaign_clock.disarm(tx, before.id, place.id)
        privately.leave(tx, tools, before.id, place.id)
        return Answer(content=views.left(before))
    if is_over(tx, action, before):
        return Answer(content=views.over(before, guest=is_guest(tx, before, place)), accepted=False)
    if action.verb is Verb.START_CAMPAIGN:
        return _start(tx, tools, before, place, person, now)
    if action.verb is Verb.RESUME_CAMPAIGN:
        # Where posting had failed it is tried again, and what waited goes out.
        communities.go_on(tx, place.id)
        daily.go_on(tx, tools, place.id, now)
        tools.jobs.defer(effects_out.DELIVER, place.id, tx)
    if is_guest(tx, before, place):
        return _as_guest(tx, tools, press, action, before, place, now)
    if action.verb is Verb.SAVE_CAMPAIGN:
        after = _changed(tx, press, action, before, place, now)
    elif action.verb is Verb.PAUSE_CAMPAIGN:
        after = rules.pause(before)
    elif action.verb is Verb.RESUME_CAMPAIGN:
        after = rules.resume(before, now)
    elif action.verb is Verb.END_CAMPAIGN:
        # The earliest date of all: where it is still yesterday, no card comes any more either.
        zones = {place.time_zone, *(each.zone for each in stored.channels(tx, before.id))}
        after = rules.end(before, min(local_date(now, each) for each in zones) - DAY)
    else:
        raise NotAnAction
    stored.save(tx, before, after)
    daily.arm(tx, tools, after, now)
    if action.verb is Verb.END_CAMPAIGN:
        if stored.ended(tx, after.id, now):  # and not for a second press
            daily.tell_end(tx, tools, after, now)
        return Answer(content=views.ended())
    show = _show(after)
    return Answer(content=views.plan(_plan(tx, tools, after, place, now)), show=show)


def _as_guest(
    tx: Transaction,
    tools: Tools,
    press: Press,
    action: Action,
    campaign: Campaign,
    place: Channel,
    now: datetime,
) -> Answer:
    """Pause, go on, or choose a clock time, in one's own channel."""
    here = stored.channel(tx, campaign.id, place.id)
    if action.verb is Verb.PAUSE_CAMPAIGN:
        here = rules.pause(here)
    elif action.verb is Verb.RESUME_CAMPAIGN:
        here = rules.resume(here, now)
    else:
        entries, today = Entries(press.fields), playing.today(place, now)
        _same, here = changes.with_days(campaign, here, entries, today)
        if entries.problems:
            raise BadFields(entries.again(_change_form(tx, campaign, place, Part.HERE, today)))
    stored.save_channel(tx, campaign.id, here)
    daily.arm(tx, tools, campaign, now)
    return Answer(content=views.plan(_plan(tx, tools, campaign, place, now)), show=_show(campaign))


def _show(campaign: Campaign) -> str:
    return write(Action(Verb.SHOW_CAMPAIGN, about=campaign.id))


def _make(
    tx: Transaction, tools: Tools, press: Press, place: Channel, person: Person, now: datetime
) -> Answer:
    """Store a plan. Nothing is posted, and no channel takes part, before somebody starts it."""
    entries = Entries(press.fields)
    start, at, weekdays = entries.day("start"), entries.clock_time("time"), entries.weekdays("weekdays")
    contact = entries.line("contact", campaign_forms.CONTACT_LENGTH, empty=refusals.empty_contact())
    if start is not None and not DAY * 0 <= start - playing.today(place, now) <= FURTHEST:
        entries.problems["start"] = refusals.date_in_past()
    template = tools.template(
        entries.choice("template", {campaign_forms.OWN, *(each.id for each in tools.templates)})
    )
    if entries.problems or start is None or at is None:
        raise BadFields(entries.again(_new_form(tools, place, now)))
    if not inbound.first_time(tx, tools.keyring, press.event, now.date()):
        return Answer(content=refusals.twice())
    plan = template or _nothing()
    campaign = Campaign(
        id=CampaignId(tools.chance.id()),
        title=plan.title,
        zone=place.time_zone,
        time=at,
        weekdays=weekdays,
        start=start,
        since=now,
        prompts=_prompts(tools, plan.prompts),
        reserve=_prompts(tools, plan.reserve),
        round_up_on=plan.round_up_on,
        policy=plan.policy,
        contact=contact,
        closing_question=plan.closing_question,
        event=EventId(plan.event) if plan.event else None,
    )
    stored.create(
        tx,
        campaign,
        community=place.community.id,
        organiser=person.id,
        template=template.id if template is not None else None,
        now=now,
    )
    show = _show(campaign)
    return Answer(content=views.plan(_plan(tx, tools, campaign, place, now)), show=show)


def _nothing() -> Template:
    """What a campaign begins with whose organisers bring all its cards."""
    return Template(
        id=TemplateId(campaign_forms.OWN), title=views.own_title(), about="", prompts=(), closing_question=""
    )


def _prompts(tools: Tools, of: Iterable[TemplatePrompt]) -> tuple[Prompt, ...]:
    return tuple(
        Prompt(id=PromptId(tools.chance.id()), card=each.card, credit=each.who, help=each.help) for each in of
    )


def _start(
    tx: Transaction, tools: Tools, before: Campaign, place: Channel, person: Person, now: datetime
) -> Answer:
    """The channel takes part from now on. Pressed again, it does already."""
    if not stored.channels(tx, before.id):
        after = replace(before, since=now)
        stored.save(tx, before, after)
        stored.join(tx, after.id, replace(part_of(tx, after, place), since=now))
        daily.arm(tx, tools, after, now)
        before = after
    return _receipt(tx, tools, before, place, person, now)


def _receipt(
    tx: Transaction, tools: Tools, campaign: Campaign, place: Channel, person: Person, now: datetime
) -> Answer:
    """It is scheduled here. Where nobody looks after the channel, this person does, and is told so."""
    communities.make_known(tx, place.id, person.id, playing.today(place, now))
    first = communities.organise(tx, place.id, person.id)
    return Answer(content=views.started(_plan(tx, tools, campaign, place, now), first=first))


def _join(
    tx: Transaction, tools: Tools, press: Press, place: Channel, person: Person, now: datetime
) -> Answer:
    """Take part in a campaign of another channel, by its code."""
    id, _, signature = typed(press.fields, "code").partition(".")
    today = playing.today(place, now)
    days = (today + DAY - timedelta(days=each) for each in range(views.CODE_DAYS + 2))
    if not any(tools.keyring.signed(f"campaign {id} {each}", signature) for each in days):
        raise BadFields(campaign_forms.join_form().again(press.fields, {"code": views.no_code()}))
    campaign = stored.load(tx, CampaignId(id), None)
    here = CampaignChannel(id=place.id, zone=place.time_zone, time=campaign.time, since=now)
    if stored.join(tx, campaign.id, here):
        daily.arm(tx, tools, campaign, now)
    return _receipt(tx, tools, campaign, place, person, now)


def _code(tools: Tools, id: CampaignId, today: date) -> str:
    signature = tools.keyring.sign(f"campaign {id} {today}")
    return f"{id}.{signature}"


def _changed(
    tx: Transaction, press: Press, action: Action, before: Campaign, place: Channel, now: datetime
) -> Campaign:
    """The campaign as a form asks for it; the channel's own part is saved here. Raises BadFields."""
    entries, today = Entries(press.fields), playing.today(place, now)
    after, here = before, part_of(tx, before, place)
    match action.value:
        case Part.PLAN:
            after = changes.with_plan(before, entries, now)
        case Part.HERE:
            after, here = changes.with_days(before, here, entries, today)
        case Part.BREAK:
            after = changes.with_break(before, entries, today)
        case _:
            raise NotAnAction
    if entries.problems:
        raise BadFields(entries.again(_change_form(tx, before, place, action.value, today)))
    if stored.channels(tx, before.id):
        stored.save_channel(tx, before.id, here)
    else:
        after = replace(after, zone=here.zone, time=here.time)
    return after
