"""A campaign as its forms ask for it to be from now on: its plan, its days, its breaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from bot.entries import Entries
from bot.game import campaigns as rules
from bot.game.calendar import Break
from bot.game.campaigns import Campaign, CampaignChannel
from bot.game.model import Policy
from bot.presses import typed
from bot.views import campaign_forms, refusals
from bot.views import campaigns as views


def with_plan(before: Campaign, entries: Entries, now: datetime) -> Campaign:
    """Another title, contact, end, policy or day of the round-up; as it was, where anything is wrong."""
    title = entries.line("title", campaign_forms.TITLE_LENGTH, empty=refusals.empty_title())
    contact = entries.line("contact", campaign_forms.CONTACT_LENGTH, empty=refusals.empty_contact())
    end = entries.day("end", needed=False)
    if end is not None and end < before.start:
        entries.problems["end"] = views.wrong_order()
    policy = entries.choice("policy", set(Policy))
    round_up = entries.choice("round_up", {campaign_forms.NO_DAY, *"0123456"})
    if entries.problems:
        return before
    # A later end may be set after the earlier one has come: then it goes on like after a pause.
    longer = rules.extend(before, end, now) if end is not None else before
    return replace(
        longer,
        title=title,
        contact=contact,
        end=end,
        policy=Policy(policy),
        round_up_on=None if round_up == campaign_forms.NO_DAY else int(round_up),
    )


def with_days(
    before: Campaign, here: CampaignChannel, entries: Entries, today: date
) -> tuple[Campaign, CampaignChannel]:
    """Another start or other weekdays; in this channel another clock time or time zone."""
    start, at, weekdays = entries.day("start"), entries.clock_time("time"), entries.weekdays("weekdays")
    zone = entries.zone("zone")
    if start is not None and start != before.start and start < today:
        entries.problems["start"] = views.in_past()
    if entries.problems or start is None or at is None:
        return before, here
    own = here.own_zone or zone != here.zone
    return replace(before, start=start, weekdays=weekdays), replace(here, time=at, zone=zone, own_zone=own)


def with_break(before: Campaign, entries: Entries, today: date) -> Campaign:
    """One break more, of a day or of several; one taken out; or both, where one was wrong.

    `today` in the channel. What was chosen to be taken out and is not there any more is out already.
    """
    wanted = entries.fields.get("take_out") or campaign_forms.KEEP
    left, there = before, rules.breaks_left(before, today)
    for each in there:
        if campaign_forms.break_value(each) == wanted:
            left = rules.take_out(left, each)
    if (there or wanted != campaign_forms.KEEP) and not any(
        typed(entries.fields, name) for name in ("name", "first", "last")
    ):
        return left  # only taken out, or nothing at all: with breaks to choose from, no field is needed
    name = entries.line("name", campaign_forms.BREAK_LENGTH, empty=refusals.empty_break())
    first = entries.day("first")
    last = entries.day("last", needed=False)
    ends, at = (first, "first") if last is None else (last, "last")
    if first is not None and last is not None and last < first:
        entries.problems["last"] = views.wrong_order()
    elif ends is not None and ends < today and at not in entries.problems:
        entries.problems[at] = views.in_past()
    if entries.problems or first is None or ends is None:
        return before
    added = Break(name=name, first=first, last=ends)
    # Delivered twice, it is there already.
    return left if added in left.breaks else replace(left, breaks=(*left.breaks, added))
