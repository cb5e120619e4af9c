"""Calendar files in words: the days of a campaign, awareness weeks, the link and the page to get one.

A title stands in notifications, and on screens that others see: no shoes, no name and no title of a
campaign in it, for any of these may name a condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from bot.actions import Action, Verb, write
from bot.calendar_files import Happening
from bot.game.agenda import Agenda, Away
from bot.game.awareness import Certainty, EventDates
from bot.game.campaigns import Campaign, CampaignChannel, CampaignId, Posted
from bot.messages import Button, Message, Paragraph, Text, Theirs, ToPage
from bot.views import campaign_days, moments, names
from bot.views.words import ENGLISH, plain, say


def button(campaign: CampaignId) -> Button:
    """On a plan."""
    return Button(plain("button-calendar-file"), write(Action(Verb.CALENDAR, about=campaign)))


def link(address: str) -> Message:
    """The way to the page, for one person."""
    to = ToPage(plain("calendar-link"), address)
    return names.note(
        say("calendar-link-summary"), say("calendar-link-here", link=to), say("calendar-link-how")
    )


def page(campaign: Campaign | None) -> Message:
    """What the page says above its file: of a campaign, or of awareness weeks (None)."""
    title = say("calendar-link-summary")
    if campaign is None:
        return _page(title, say("calendar-page-how"), say("calendar-page-weeks"))
    about = say("calendar-page-campaign", title=Theirs(campaign.title))
    again, care = say("calendar-page-again"), say("calendar-page-care")
    return _page(title, say("calendar-page-how"), about, again, care)


def _page(title: Text, *paragraphs: Text) -> Message:
    return Message(title, tuple(map(Paragraph, paragraphs)))


# --- a campaign ------------------------------------------------------------------------


def name_of(campaign: Campaign | None) -> str:
    """What the calendar is called."""
    return plain("calendar-weeks-name") if campaign is None else plain("calendar-campaign-name")


def of_campaign(
    campaign: Campaign, channel: CampaignChannel, agenda: Agenda, *, shown: int, sure: bool
) -> list[Happening]:
    """All of a campaign in one channel, in the channel's own zone.

    `shown`: up to which day the plan says whose shoes come. Later days do not say it here, either.
    """
    about = f"{campaign.id}.{channel.id}"
    unsure = () if sure else (plain("calendar-may-change"),)
    found = [
        Happening(
            id=f"day-{each.day}.{about}",
            title=plain("calendar-day", day=each.day),
            first=each.at.astimezone(ZoneInfo(channel.zone)),
            about=(*_of_day(campaign, each, shown), *unsure),
            sure=sure,
        )
        for each in agenda.days
    ]
    found += [
        Happening(
            id=f"break-{each.about.first.isoformat()}-{each.number}.{about}",
            title=plain("calendar-break"),
            first=each.about.first,
            last=each.about.last,
            about=(each.about.name, _back(each), *unsure),
            sure=sure,
        )
        for each in agenda.away
    ]
    found += [
        Happening(
            id=f"round-up-{_week(each)}.{about}",
            title=plain("calendar-round-up"),
            first=each,
            about=(plain("calendar-round-up-about"), *unsure),
            sure=sure,
        )
        for each in agenda.round_ups
    ]
    return found


def _of_day(campaign: Campaign, day: Posted, shown: int) -> Iterator[str]:
    yield plain("calendar-day-of", title=Theirs(campaign.title))
    if day.day <= shown:
        prompt = campaign_days.prompt_of(campaign, day)
        yield plain("calendar-day-shoes", shoes=campaign_days.shoes(prompt.card, prompt.credit))


def _back(away: Away) -> str:
    if away.back_on is None:
        return plain("calendar-break-last")
    return plain("calendar-break-back", back=moments.day_in_words(away.back_on, ENGLISH))


def _week(day: date) -> str:
    """The week of a round-up, by which it is known again where its weekday changes."""
    year, week, _ = day.isocalendar()
    return f"{year}-{week:02}"


# --- awareness weeks -------------------------------------------------------------------


def of_weeks(dates: Sequence[EventDates]) -> list[Happening]:
    """Awareness weeks as whole days, each with who says so."""
    return [
        Happening(
            id=f"{each.event.id}-{each.first.year}",
            title=_week_title(each),
            first=each.first,
            last=each.last,
            about=(each.event.where, _source(each)),
            sure=each.certainty is not Certainty.PROVISIONAL,
        )
        for each in dates
    ]


def _week_title(dates: EventDates) -> str:
    name = Theirs(dates.event.title_in(dates.first.year))
    if dates.certainty is Certainty.PROVISIONAL:
        return plain("calendar-week-provisional", name=name)
    return plain("calendar-week", name=name)


def _source(dates: EventDates) -> str:
    if dates.certainty is Certainty.PROVISIONAL:
        return plain("calendar-week-not-sure")
    return plain("calendar-week-source", source=Theirs(dates.source))
