"""The clock's side of a campaign: what an alarm posts in a channel, and when it rings next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot import campaign_clock, dealing, effects_out, privately
from bot.effects_out import AlarmKind
from bot.game import campaigns as rules
from bot.game import moves
from bot.game.calendar import quiet
from bot.game.campaigns import BreakTold, Campaign, CampaignChannel, NothingReady, Posted
from bot.game.model import ChannelId, PersonId, Policy, RoundId
from bot.slots import Shown
from bot.tools import Tools
from bot.views import campaign_days
from storage import campaigns as stored
from storage import communities, reports
from storage.communities import Channel
from storage.database import Transaction


def arm(tx: Transaction, tools: Tools, campaign: Campaign, now: datetime) -> None:
    """Set the alarm of each channel to when its next entry is due, after whatever changed."""
    for channel in stored.channels(tx, campaign.id):
        past = stored.past(tx, campaign.id, channel.id)
        rung = rules.ring(campaign, channel, past, now)
        campaign_clock.put(
            tx,
            tools,
            AlarmKind.CAMPAIGN,
            campaign.id,
            channel.id,
            now if rung.entry is not None else rung.next_at,
        )
        campaign_clock.arm(tx, tools, campaign, channel, now)
        privately.arm(tx, tools, campaign.id, channel, now)


def arm_again(tx: Transaction, tools: Tools, after: str, most: int, now: datetime) -> str | None:
    """Compute the alarms of some campaigns anew: `most` of them, from after the one with this id.

    Wall time and zone are what is stored, and what a zone's clocks do may have changed since.
    Returns the last of them; None if there are no more.
    """
    found = stored.every(tx, after=after, most=most)
    for id in found:
        arm(tx, tools, stored.load(tx, id, None), now)
    return found[-1] if found else None


def ring(tx: Transaction, tools: Tools, key: str, now: datetime) -> None:
    """An alarm of a campaign in one channel: what is due goes out, and the next alarm is set."""
    found = campaign_clock.rings_for(tx, key, now)
    if found is None:
        return
    campaign, here = found
    place = communities.channel(tx, here.id, None)
    if place.paused is not None:
        # Nothing can be posted there. Those who look after it were told why; it goes on with them.
        stored.save_channel(tx, campaign.id, replace(here, paused=True, why_paused=place.paused))
        return
    past = stored.past(tx, campaign.id, here.id)
    rung = rules.ring(campaign, here, past, now)
    campaign_clock.put(tx, tools, AlarmKind.CAMPAIGN, campaign.id, here.id, rung.next_at)
    match rung.entry:
        case None:
            pass
        case Posted():
            _post(tx, tools, campaign, here, place, rung.entry, now)
        case BreakTold():
            if stored.note(tx, campaign.id, here.id, rung.entry, None):
                effects_out.put_shown(tx, tools.jobs, here.id, Shown.BREAK, _of_day(campaign, rung.entry))
        case NothingReady():
            if stored.note(tx, campaign.id, here.id, rung.entry, None):
                about, organiser = _of_day(campaign, rung.entry), stored.origin(tx, campaign.id).organiser
                effects_out.put_shown(tx, tools.jobs, here.id, Shown.NOTHING_READY, about, organiser)
        case _:
            assert_never(rung.entry)
    campaign_clock.arm(tx, tools, campaign, here, now)


def _of_day(campaign: Campaign, entry: BreakTold | NothingReady) -> str:
    """What a slot is about that tells of one local date."""
    return f"{campaign.id}.{entry.on.isoformat()}"


def _post(
    tx: Transaction,
    tools: Tools,
    campaign: Campaign,
    here: CampaignChannel,
    place: Channel,
    entry: Posted,
    now: datetime,
) -> None:
    """Deal the card of a day. Its date is noted first: one that has an entry gets no second card."""
    round = RoundId(tools.chance.id())
    if not stored.note(tx, campaign.id, here.id, entry, round):
        return
    if entry.day == 1:
        effects_out.put_shown(tx, tools.jobs, here.id, Shown.CAMPAIGN, campaign.id)
    closes = rules.stays_open_until(campaign, here, now)
    two = campaign.policy is Policy.TOGETHER
    times = moves.Times(reveal_at=now + (closes - now) / 2 if two else None, closes_at=closes)
    deal = dealing.Deal(
        card=campaign_days.prompt_of(campaign, entry).card,
        policy=campaign.policy,
        times=times,
        facilitator=PersonId(stored.origin(tx, campaign.id).organiser),
        round=round,
    )
    dealing.deal(tx, tools, deal, place, now)
    privately.arm(tx, tools, campaign.id, here, now)


def tell_end(tx: Transaction, tools: Tools, campaign: Campaign, now: datetime) -> None:
    """Somebody has ended a campaign: each channel that had cards is told.

    Where its report stands already, that has said so.
    """
    for here in stored.channels(tx, campaign.id):
        if stored.posted(tx, campaign.id, here.id) and reports.find(tx, campaign.id, here.id) is None:
            campaign_clock.put(tx, tools, AlarmKind.ENDED, campaign.id, here.id, now)


def ring_end(tx: Transaction, tools: Tools, key: str, now: datetime) -> None:
    """A channel is told that a campaign has ended: by day, unless it was given a later end since."""
    found = campaign_clock.rings_for(tx, key, now)
    if found is None:
        return
    campaign, here = found
    if (morning := quiet(now, here.zone)) is not None:
        campaign_clock.put(tx, tools, AlarmKind.ENDED, campaign.id, here.id, morning)
    elif rules.is_over(campaign, here, stored.past(tx, campaign.id, here.id), now):
        effects_out.put_shown(tx, tools.jobs, here.id, Shown.ENDED, campaign.id)


def rearm(tx: Transaction, tools: Tools, channel: ChannelId, now: datetime) -> None:
    """The channel goes by another clock: its next cards come by that one."""
    for listed in stored.of_channel(tx, channel):
        arm(tx, tools, stored.load(tx, listed.id, None), now)


def go_on(tx: Transaction, tools: Tools, channel: ChannelId, now: datetime) -> None:
    """Posting works again in a channel: campaigns that waited for that go on there."""
    for listed in stored.of_channel(tx, channel):
        here = stored.channel(tx, listed.id, channel)
        if here.paused and here.why_paused:
            stored.save_channel(tx, listed.id, replace(rules.resume(here, now), why_paused=""))
            arm(tx, tools, stored.load(tx, listed.id, None), now)
