"""What a campaign has brought a channel and will bring, day by day, as a calendar shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.game import campaigns
from bot.game.calendar import DAY, Break, moment_at
from bot.game.campaigns import Campaign, CampaignChannel, Entry, NothingReady, Past, Posted

MOST = 400  # entries: a card a day, for a year and its breaks


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """A break as a campaign has it now, and its date of return (None: the campaign ends before).

    `number`: which it is of those that begin on the same date. With that date it stays the same,
    whatever other breaks are added or taken out.
    """

    number: int
    about: Break
    back_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """All of a campaign in one channel if nothing changes. Each is in the order in which it comes.

    `days`: prompts; `at` is when each went out, or is due. `away`: breaks, in the order of the campaign.
    `round_ups`: local dates.
    """

    days: tuple[Posted, ...]
    away: tuple[Away, ...]
    round_ups: tuple[date, ...]


def agenda(campaign: Campaign, channel: CampaignChannel, past: Past, now: datetime) -> Agenda:
    """As if nobody paused it, like the plan. `now` in UTC."""
    going, here = replace(campaign, paused=False), replace(channel, paused=False)
    entries = [*past, *campaigns.ahead(going, here, past, now, MOST)]
    while entries and isinstance(entries[-1], NothingReady):
        entries.pop()  # without an end there would be one for each day to come
    last = max((each.on for each in entries), default=campaign.start)
    return Agenda(
        days=tuple(each for each in entries if isinstance(each, Posted)),
        away=tuple(
            Away(
                number=sum(earlier.first == each.first for earlier in campaign.breaks[: at + 1]),
                about=each,
                back_on=campaigns.back_on(campaign, each.last),
            )
            for at, each in enumerate(campaign.breaks)
            if each.last >= campaign.start and each.first <= last
        ),
        round_ups=tuple(_round_ups(going, here, entries)),
    )


def _round_ups(campaign: Campaign, channel: CampaignChannel, entries: Sequence[Entry]) -> list[date]:
    found: list[date] = []
    if not entries or campaign.round_up_on is None:
        return found
    on, over = entries[0].on, entries[-1].on + 7 * DAY
    listed: datetime | None = None
    while on <= over:
        at = moment_at(on, channel.time, channel.zone)
        if at is not None and campaigns.round_up(campaign, entries, on, last=listed, now=at) is not None:
            found.append(on)
            listed = at
        on += DAY
    return found
