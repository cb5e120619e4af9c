"""When what follows from a campaign's days is due in a channel: its alarms, set after whatever changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot import effects_out
from bot.effects_out import AlarmKind
from bot.game import campaigns as rules
from bot.game.calendar import next_prompt_at, quiet
from bot.game.campaigns import Campaign, CampaignChannel, CampaignId, Posted, RoundUpState
from bot.game.model import ChannelId
from bot.tools import Tools
from storage import alarms, campaigns, reports, round_ups
from storage.campaigns import NoSuchCampaign
from storage.database import Transaction
from storage.round_ups import Draft

LOOKED_AT_FOR = timedelta(hours=4)
"""How long a round-up waits for its organiser: half a working day, more than one long meeting."""


SOON, ASK_AGAIN = timedelta(minutes=1), timedelta(hours=1)
"""How long after the last card has closed its report comes; how often to ask while one is paused."""


def arm(tx: Transaction, tools: Tools, campaign: Campaign, here: CampaignChannel, now: datetime) -> None:
    """Set them for one channel. Repeating it changes nothing.

    One that rings just now is left as it is: it finds out itself what is to be done.
    """
    due = {AlarmKind.ROUND_UP: _round_up_at, AlarmKind.REPORT: _report_at}
    for kind, at in due.items():
        if not alarms.is_due(tx, kind.key(f"{campaign.id}:{here.id}"), now):
            put(tx, tools, kind, campaign.id, here.id, at(tx, campaign, here, now))


def disarm(tx: Transaction, campaign: CampaignId, channel: ChannelId) -> None:
    """The channel takes part no longer."""
    for kind in (AlarmKind.ROUND_UP, AlarmKind.REPORT, AlarmKind.ENDED):
        alarms.clear(tx, kind.key(f"{campaign}:{channel}"))


def rings_for(tx: Transaction, key: str, now: datetime) -> tuple[Campaign, CampaignChannel] | None:
    """What an alarm of a channel rings for, if it is due: it has rung then, and the campaign is locked.

    None too if the channel takes part no longer; all its alarms are gone then.
    """
    _, id, channel = key.split(":")
    try:
        campaign = campaigns.load(tx, CampaignId(id), None)
        here = campaigns.channel(tx, campaign.id, ChannelId(channel))
    except NoSuchCampaign:
        alarms.clear(tx, key)
        disarm(tx, CampaignId(id), ChannelId(channel))
        return None
    return (campaign, here) if alarms.take(tx, key, now) else None


def goes_out_at(draft: Draft, here: CampaignChannel) -> datetime:
    """When a round-up goes out by itself (UTC): out of quiet hours, and at once where a moderator said so."""
    at = draft.at if draft.state is RoundUpState.APPROVED else draft.at + LOOKED_AT_FOR
    return quiet(at, here.zone) or at


def put(
    tx: Transaction,
    tools: Tools,
    kind: AlarmKind,
    campaign: CampaignId,
    channel: ChannelId,
    at: datetime | None,
) -> None:
    """Set one alarm of a channel to a moment (UTC), or to none."""
    key = kind.key(f"{campaign}:{channel}")
    if at is None:
        alarms.clear(tx, key)
        return
    alarms.put(tx, key, at)
    tools.jobs.defer(effects_out.RING, key, tx, at)


def _round_up_at(
    tx: Transaction, campaign: Campaign, here: CampaignChannel, now: datetime
) -> datetime | None:
    """When the next one is drafted, or the one that waits goes out (UTC); None if there is none to come."""
    if campaign.paused or here.paused:
        return None
    waiting = round_ups.waiting(tx, campaign.id, here.id)
    if waiting is not None:
        return goes_out_at(waiting[1], here)
    if campaign.round_up_on is None or campaigns.origin(tx, campaign.id).ended_at is not None:
        return None
    past = campaigns.past(tx, campaign.id, here.id)
    last = round_ups.last(tx, campaign.id, here.id, date.max)
    unlisted = any(isinstance(each, Posted) and (last is None or each.at > last) for each in past)
    if not unlisted and rules.is_over(campaign, here, past, now):
        return None
    return next_prompt_at(now, zone=here.zone, time=here.time, weekdays={campaign.round_up_on})


def _report_at(tx: Transaction, campaign: Campaign, here: CampaignChannel, now: datetime) -> datetime | None:
    """When the report is due, or the answers to its question are counted (UTC); None while it is not over."""
    report = reports.find(tx, campaign.id, here.id)
    if report is not None:
        return report.answers_until if report.counted is None else None
    past = campaigns.past(tx, campaign.id, here.id)
    if not any(isinstance(each, Posted) for each in past) or not rules.is_over(campaign, here, past, now):
        return None
    closes = reports.open_until(tx, campaign.id, here.id)
    at = now
    if closes is not None:  # a card that is paused, or was given more time, is asked about again
        at = closes + SOON if closes > now else now + ASK_AGAIN
    return quiet(at, here.zone) or at
