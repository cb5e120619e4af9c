"""Help lines, responses that are held, and awareness weeks in the gallery."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TypeAlias

from bot.calendar_files import Happening
from bot.game.agenda import Agenda, Away
from bot.game.awareness import Certainty, Event, EventDates, EventId, EventKind
from bot.game.calendar import Break
from bot.game.campaigns import Campaign, CampaignId, Occasion, Posted
from bot.game.effects import News
from bot.game.help_lines import HelpLine, Nation
from bot.game.model import Hold, Phase, Policy, ResponseId, StoryId
from bot.game.moves import ItIsFine
from bot.messages import Bullets, Form, Heading, Message, Paragraph, Text
from bot.views import (
    board,
    calendar_files,
    campaign_days,
    campaigns,
    forms,
    held,
    help_lines,
    recap,
    receipts,
    refusals,
    tellings,
    weeks,
)
from bot.views.words import say, theirs
from tests.builders import NOON, a_response, a_round, a_standing, some_cells
from tests.gallery.campaign_views import AHEAD, CAMPAIGN, FULL, HERE, PLANNED

View: TypeAlias = Callable[[], Message | Form]

TODAY = NOON.date()
LISTENING = HelpLine(
    nation=Nation.ENGLAND,
    name="Samaritans",
    number="116 123",
    when="You want to talk to someone who listens.",
    source="their own page",
    checked=date(2027, 5, 1),
)
OLD = replace(LISTENING, name="NHS 111", number="111, then option 2", checked=date(2026, 1, 1))
UNCHECKED = replace(LISTENING, name="Shout", number="text SHOUT to 85258", checked=None)
LINES = (LISTENING, OLD, UNCHECKED)
HELD = a_response("I want to die.", hold=Hold.WAITING)


def of_care() -> Iterator[tuple[str, View]]:
    """Name and view, one after the other."""
    for nation in Nation:
        yield f"help lines {nation.value}", partial(help_lines.help_lines, nation, LINES)
    yield "help lines chosen", partial(help_lines.choose_nation, Nation.WALES, LINES, TODAY)
    of_plan = partial(help_lines.choose_nation, Nation.WALES, LINES, TODAY, CAMPAIGN.id)
    yield "help lines chosen from a plan", of_plan
    yield "help lines set from a plan", partial(help_lines.nation_set, Nation.SCOTLAND, CAMPAIGN.id)
    yield "help lines set", partial(help_lines.nation_set, Nation.SCOTLAND)
    yield "campaign begins with help lines", partial(campaign_days.begins, CAMPAIGN, LINES)
    checking = replace(PLANNED, to_check=(OLD, UNCHECKED))
    yield "campaign planned with lines to check", partial(campaigns.plan, checking)
    going = replace(checking, planned=False)
    yield "campaign running with lines to check", partial(campaigns.plan, going)
    hard = Occasion(campaign=CampaignId("k1"), title=CAMPAIGN.title, day=3, late=False, help=True)
    open_card = a_round(policy=Policy.OPEN)
    yield "board of a hard prompt", partial(board.board, open_card, a_standing(), hard)
    yield from _weeks()
    yield from _held()
    yield from _moderating()


SURE = EventDates(
    event=Event(
        id=EventId("listening-week"), title="Listening Week", where="the UK", kind=EventKind.ANNOUNCED
    ),
    first=date(2027, 6, 14),
    last=date(2027, 6, 20),
    certainty=Certainty.CONFIRMED,
    source="those who lead it, on their own page",
)
UNSURE = replace(SURE, first=date(2028, 6, 12), last=date(2028, 6, 18), certainty=Certainty.PROVISIONAL)
ONE_DAY = replace(SURE, last=SURE.first, certainty=Certainty.FIXED)


def _weeks() -> Iterator[tuple[str, View]]:
    yield "weeks", partial(weeks.weeks, (SURE, UNSURE, ONE_DAY), may_confirm=True)
    yield "weeks from a plan", partial(weeks.weeks, (SURE,), may_confirm=True, plan=CAMPAIGN.id)
    yield "weeks none from a plan", partial(weeks.weeks, (), may_confirm=True, plan=CAMPAIGN.id)
    yield "weeks for everybody", partial(weeks.weeks, (UNSURE,), may_confirm=False)
    yield "weeks none", partial(weeks.weeks, (), may_confirm=True)
    yield "form week", partial(weeks.confirm_form, (SURE.event,))
    yield "form week with problems", lambda: weeks.confirm_form((SURE.event,)).again(problems=_problems())
    yield "week confirmed", partial(weeks.confirmed, SURE)
    yield "calendar link", partial(calendar_files.link, "https://shoes.example.org/pages/abc")
    yield "calendar page", partial(calendar_files.page, CAMPAIGN)
    yield "calendar page of weeks", partial(calendar_files.page, None)
    file = calendar_files.button(CAMPAIGN.id)
    yield "campaign planned with a calendar file", partial(campaigns.plan, replace(PLANNED, more=(file,)))
    waits = tellings.queue_button(StoryId("t1"))
    more = replace(PLANNED, planned=False, more=(file, waits))
    yield "campaign with stories that wait", partial(campaigns.plan, more)
    yield "calendar of a campaign", lambda: _entries(CAMPAIGN, _of_campaign())
    yield "calendar of weeks", lambda: _entries(None, calendar_files.of_weeks((SURE, UNSURE, ONE_DAY)))
    for name, dates in (("sure", SURE), ("provisional", UNSURE)):
        yield f"campaign planned for a week {name}", partial(campaigns.plan, replace(PLANNED, event=dates))
    yield "campaign begins in a week", partial(campaign_days.begins, CAMPAIGN, LINES, "Listening Week")


def _problems() -> Mapping[str, Text]:
    return {
        "event": weeks.always_the_same(),
        "last": weeks.not_a_stretch(),
        "source": refusals.empty_source(),
    }


def _held() -> Iterator[tuple[str, View]]:
    for policy in Policy:
        mine = a_round(policy=policy, mine={"response": HELD})
        yield f"held {policy.value}", partial(held.held_note, mine, LINES)
        fine = a_round(policy=policy, mine={"response": replace(HELD, hold=None)})
        yield f"receipt fine {policy.value}", partial(receipts.receipt, fine, ItIsFine())
    second = replace(HELD, words="Ask him.", second_thoughts=HELD.words, second_only=True)
    later = a_round(policy=Policy.AFTER_YOU, mine={"response": second})
    yield "held second thoughts", partial(held.held_note, later, LINES)
    fine = a_round(policy=Policy.AFTER_YOU, mine={"response": replace(second, hold=None, second_only=False)})
    yield "receipt fine second thoughts", partial(receipts.receipt, fine, ItIsFine())
    kept = a_round(mine={"response": replace(HELD, hold=Hold.KEPT)})
    yield "held by a moderator", partial(held.held_note, kept, LINES)
    yield "form respond held", partial(forms.respond_form, kept, ask_role=False)
    told = receipts.receipt(a_round(phase=Phase.VOTING), ItIsFine())
    yield "receipt with care", partial(help_lines.with_care, told, LINES)
    yield "private note after a reply", partial(help_lines.after_reply, LINES)


def _decided(hold: Hold | None) -> Message:
    return held.all_decided(held.decided(hold))


def _moderating() -> Iterator[tuple[str, View]]:
    for news in (News.HELD, News.HARM_IN_THREAD):
        yield f"news {news.value}", partial(board.news, a_round(), news)
    for hold in Hold:
        one = partial(held.one_held, a_round(), HELD.words, hold, id=ResponseId("p"), number=1, of=1)
        yield f"held read {hold.value}", one
    second = partial(
        held.one_held,
        a_round(policy=Policy.AFTER_YOU),
        "I want to die.",
        Hold.WAITING,
        id=ResponseId("p"),
        number=2,
        of=3,
        first="Ask him.",
        decided=held.decided(None),
    )
    yield "held read second thoughts", second
    closed = a_round(phase=Phase.CLOSED)
    after = date(2027, 7, 9)
    yield (
        "held read after the close",
        lambda: held.one_held(
            closed, HELD.words, Hold.KEPT, id=ResponseId("p"), number=1, of=1, deleted_on=after
        ),
    )
    yield "held nothing", held.nothing_held
    for decision in (None, Hold.KEPT, Hold.REMOVED):
        name = decision.value if decision else "post"
        yield f"held decided {name}", partial(_decided, decision)
    for count in (1, 2):
        standing = a_standing(a_response(place=1), taken_out=count, cells=some_cells())
        yield f"recap without {count}", partial(recap.recap, closed, standing)


def _of_campaign() -> list[Happening]:
    holiday, last = Break(name="Bank holiday", first=TODAY, last=TODAY), replace(FULL, end=TODAY)
    entry = next(each for each in AHEAD if isinstance(each, Posted))
    away = (
        Away(number=1, about=holiday, back_on=TODAY + timedelta(days=1)),
        Away(number=2, about=replace(holiday, name="Closed"), back_on=None),
    )
    agenda = Agenda(days=(entry, replace(entry, day=9)), away=away, round_ups=(TODAY,))
    return calendar_files.of_campaign(last, HERE, agenda, shown=8, sure=False)


def _entries(of: Campaign | None, found: Sequence[Happening]) -> Message:
    """A calendar's name, and its entries, each on a line."""
    rows = (f"{each.first} to {each.last} | {each.title} | {' | '.join(each.about)}" for each in found)
    heading = say("calendar-link-summary")
    name = Paragraph(theirs(calendar_files.name_of(of)))
    return Message(heading, (Heading(heading), name, Bullets(tuple(map(theirs, rows)))))
