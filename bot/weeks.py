"""Awareness weeks in their transactions: which come next, and dates that an organiser confirms."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice

from bot import playing, safeguarding
from bot.actions import Action, NotAnAction, Verb
from bot.answers import Answer
from bot.chat import Press
from bot.entries import Entries
from bot.game import awareness
from bot.game.awareness import AlwaysTheSame, CannotConfirm, Event, EventDates, EventId, EventKind, NoSource
from bot.game.model import CommunityId
from bot.presses import name_of
from bot.tools import Tools
from bot.views import refusals
from bot.views import weeks as views
from storage import campaigns, care, communities
from storage.database import Transaction

WEEKS = frozenset({Verb.WEEKS, Verb.CONFIRM_WEEK, Verb.SEND_WEEK})
OPENS = frozenset({Verb.WEEKS, Verb.CONFIRM_WEEK})
"""What is about awareness weeks; what of it only opens or shows something."""

SHOWN = 8  # events that come next


def answer(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """What a press about awareness weeks shows or does. Raises NoSuchChannel."""
    place = communities.channel(tx, press.channel, press.player.community)
    home, today = place.community.id, playing.today(place, now)
    person = communities.find_person(tx, press.player)
    may = place.organiser is None or safeguarding.looks_after(press, place, person)
    plan = campaigns.known(tx, action.about, home)  # from where it was opened, if from one
    if action.verb is Verb.WEEKS:
        coming = list(islice(awareness.coming_up(events(tx, tools, home), today), SHOWN))
        return Answer(content=views.weeks(coming, may_confirm=may, plan=plan), show=press.action)
    if not may:
        return safeguarding.not_theirs(tx, place)
    changing = [each for each in tools.care.events if each.kind is not EventKind.FIXED]
    if action.verb is Verb.CONFIRM_WEEK:
        return Answer(content=views.confirm_form(changing, plan), show=press.action)
    if action.verb is not Verb.SEND_WEEK:
        raise NotAnAction
    entries = Entries(press.fields)
    said = _confirmed(tools, entries)
    if said is None:
        again = entries.again(views.confirm_form(changing, plan))
        return Answer(content=again, accepted=False)
    somebody = communities.person(tx, press.player, tools.chance.id(), name_of({}, press.name))
    event, year = said
    kept = next(each for each in event.confirmed if each.year == year)
    care.confirm(tx, home, event.id, kept, somebody.id)
    dates = awareness.in_year(event, year)
    assert dates is not None
    return Answer(content=views.confirmed(dates, plan))


def _confirmed(tools: Tools, entries: Entries) -> tuple[Event, int] | None:
    """The event as the form confirms it, and the year; None with what is wrong."""
    events = {each.id: each for each in tools.care.events}
    event = events.get(EventId(entries.choice("event", events)))
    first, last = entries.day("first"), entries.day("last")
    source = entries.line("source", views.SOURCE_LENGTH, needed=False)
    if entries.problems or event is None or first is None or last is None:
        return None
    try:
        return awareness.confirm(event, first, last, source), first.year
    except NoSource:
        entries.problems["source"] = refusals.empty_source()
    except AlwaysTheSame:
        entries.problems["event"] = views.always_the_same()
    except CannotConfirm:
        entries.problems["last"] = views.not_a_stretch()
    return None


def events(tx: Transaction, tools: Tools, home: CommunityId) -> tuple[Event, ...]:
    """The awareness calendar with the dates that a community's organisers have confirmed."""
    return tools.care.events_with(care.confirmations(tx, home))


def of_campaign(
    tx: Transaction, tools: Tools, home: CommunityId, event: EventId | None, today: date
) -> EventDates | None:
    """When the event next is that a campaign is for; None if it is for none."""
    wanted = [each for each in events(tx, tools, home) if each.id == event] if event else []
    return next(iter(awareness.coming_up(wanted, today)), None)
