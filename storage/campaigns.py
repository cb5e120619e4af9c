"""Campaigns: rows <-> game values, the channels that take part, and what became of each local date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, assert_never

import sqlalchemy as sa

from bot.game.awareness import EventId
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
    PromptId,
)
from bot.game.model import ChannelId, CommunityId, PersonId, Policy, RoundId
from storage import prompts
from storage.database import Transaction
from storage.prepared import Prepared
from storage.tables import METADATA
from storage.upsert import put

_campaigns = METADATA.tables["campaigns"]
_campaign_channels = METADATA.tables["campaign_channels"]
_prompts = METADATA.tables["campaign_prompts"]
_breaks = METADATA.tables["campaign_breaks"]
_days = METADATA.tables["campaign_days"]
_channels = METADATA.tables["channels"]
_communities = METADATA.tables["communities"]

POSTED, BREAK_TOLD, NOTHING_READY = "posted", "break", "nothing"


class NoSuchCampaign(Exception):
    """No campaign with this id in which this community takes part, or none that this channel is in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a campaign comes from: who set it up, where, from which template. Moments are in UTC.

    `ended_at`: when its end was noted; None while it is planned, running or paused.
    """

    community: CommunityId
    organiser: PersonId
    template: str | None
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A campaign as a list of them shows it."""

    id: CampaignId
    title: str
    start: date
    end: date | None
    paused: bool


# --- set up, load, save ----------------------------------------------------------------


def create(
    tx: Transaction,
    campaign: Campaign,
    *,
    community: CommunityId,
    organiser: PersonId,
    template: str | None,
    now: datetime,
) -> None:
    """Store a new campaign with its prompts and breaks. Its channels `join` it."""
    origin = {"community_id": community, "organiser": organiser, "template": template, "made_at": now}
    tx.connection.execute(_campaigns.insert().values(id=campaign.id, **origin, **_columns(campaign)))
    prompts.create(tx, campaign.id, campaign.prompts, campaign.reserve)
    _store_breaks(tx, campaign)


def load(tx: Transaction, id: CampaignId, community: CommunityId | None, *, lock: bool = True) -> Campaign:
    """The campaign, if this community set it up or takes part; changes of one campaign queue up here.

    `community` is None only where the program itself asks. Raises NoSuchCampaign.
    """
    query = _campaign_query(community is not None, lock and tx.postgres)
    row = query.first(tx, {"campaign": id, "community": community})
    if row is None:
        raise NoSuchCampaign
    queue, reserve = prompts.load(tx, id)
    return Campaign(
        id=CampaignId(row.id),
        title=row.title,
        zone=row.time_zone,
        time=row.local_time,
        weekdays=frozenset(int(each) for each in row.weekdays),
        start=row.start_on,
        since=row.since,
        prompts=queue,
        reserve=reserve,
        breaks=tuple(
            Break(name=each.name, first=each.first_on, last=each.last_on)
            for each in _BREAKS.all(tx, {"campaign": id})
        ),
        end=row.end_on,
        round_up_on=row.round_up_on,
        paused=row.paused,
        policy=Policy(row.policy),
        contact=row.contact,
        closing_question=row.closing_question,
        event=EventId(row.event_id) if row.event_id else None,
    )


def known(tx: Transaction, id: str, community: CommunityId) -> str:
    """The same id if `load` finds a campaign there; else an empty one."""
    found = _campaign_query(True, False).first(tx, {"campaign": id, "community": community})
    return id if found is not None else ""


@cache
def _campaign_query(in_community: bool, lock: bool) -> Prepared:
    query = sa.select(_campaigns).where(_campaigns.c.id == sa.bindparam("campaign"))
    if in_community:
        home: sa.BindParameter[str] = sa.bindparam("community")
        takes_part = sa.exists().where(
            (_campaign_channels.c.campaign_id == _campaigns.c.id)
            & (_campaign_channels.c.community_id == home)
        )
        query = query.where((_campaigns.c.community_id == home) | takes_part)
    return Prepared(query.with_for_update(of=_campaigns) if lock else query)


_BREAKS = Prepared(
    sa.select(_breaks).where(_breaks.c.campaign_id == sa.bindparam("campaign")).order_by(_breaks.c.number)
)


def origin(tx: Transaction, id: CampaignId) -> Origin:
    """Who set a campaign up, where and when. Raises NoSuchCampaign."""
    row = _ORIGIN.first(tx, {"campaign": id})
    if row is None:
        raise NoSuchCampaign
    return Origin(
        community=CommunityId(row.community_id),
        organiser=PersonId(row.organiser),
        template=row.template,
        made_at=row.made_at,
        ended_at=row.ended_at,
    )


_ORIGIN = Prepared(sa.select(_campaigns).where(_campaigns.c.id == sa.bindparam("campaign")))


def save(tx: Transaction, before: Campaign, after: Campaign) -> None:
    """Write what organisers changed of a campaign loaded with its lock; prompts change by `prompts`.

    One that is given a later end, or none, is on again.
    """
    assert before.id == after.id
    assert (before.prompts, before.reserve) == (after.prompts, after.reserve)
    was, columns = _columns(before), _columns(after)
    changed = {name: value for name, value in columns.items() if value != was[name]}
    if before.end is not None and (after.end is None or after.end > before.end):
        changed["ended_at"] = None
    if changed:
        tx.connection.execute(_campaigns.update().where(_campaigns.c.id == after.id).values(**changed))
    if before.breaks != after.breaks:
        tx.connection.execute(_breaks.delete().where(_breaks.c.campaign_id == after.id))
        _store_breaks(tx, after)


def ended(tx: Transaction, id: CampaignId, now: datetime) -> bool:
    """Note that a campaign is over. False if that was noted."""
    on = (_campaigns.c.id == id) & _campaigns.c.ended_at.is_(None)
    return bool(tx.connection.execute(_campaigns.update().where(on).values(ended_at=now)).rowcount)


def every(tx: Transaction, *, after: str = "", most: int | None = None) -> list[CampaignId]:
    """Those whose end was not noted, planned and paused ones among them: any may have something due.

    In the order of their ids, `most` at once: from after the one that came last.
    """
    query = sa.select(_campaigns.c.id).where(_campaigns.c.ended_at.is_(None) & (_campaigns.c.id > after))
    return [CampaignId(row.id) for row in tx.connection.execute(query.order_by(_campaigns.c.id).limit(most))]


def of_channel(tx: Transaction, channel: ChannelId) -> list[Listed]:
    """Running and paused campaigns of a channel, the newest first."""
    query = (
        sa.select(_campaigns)
        .join(_campaign_channels, _campaign_channels.c.campaign_id == _campaigns.c.id)
        .where((_campaign_channels.c.channel_id == channel) & _campaigns.c.ended_at.is_(None))
        .order_by(_campaigns.c.made_at.desc(), _campaigns.c.id)
    )
    return [_listed(row) for row in tx.connection.execute(query)]


def planned(tx: Transaction, community: CommunityId, by: PersonId, limit: int) -> list[Listed]:
    """What somebody has planned here and nobody has started yet, the newest first."""
    started = sa.exists().where(_campaign_channels.c.campaign_id == _campaigns.c.id)
    query = (
        sa.select(_campaigns)
        .where((_campaigns.c.community_id == community) & (_campaigns.c.organiser == by))
        .where(_campaigns.c.ended_at.is_(None) & ~started)
        .order_by(_campaigns.c.made_at.desc(), _campaigns.c.id)
        .limit(limit)
    )
    return [_listed(row) for row in tx.connection.execute(query)]


def _listed(row: sa.Row[Any]) -> Listed:
    return Listed(
        id=CampaignId(row.id), title=row.title, start=row.start_on, end=row.end_on, paused=row.paused
    )


def _columns(campaign: Campaign) -> dict[str, Any]:
    """The columns that organisers change."""
    return {
        "title": campaign.title,
        "time_zone": campaign.zone,
        "local_time": campaign.time,
        "weekdays": "".join(str(each) for each in sorted(campaign.weekdays)),
        "start_on": campaign.start,
        "end_on": campaign.end,
        "since": campaign.since,
        "policy": campaign.policy.value,
        "round_up_on": campaign.round_up_on,
        "paused": campaign.paused,
        "contact": campaign.contact,
        "closing_question": campaign.closing_question,
        "event_id": campaign.event,
    }


def _store_breaks(tx: Transaction, campaign: Campaign) -> None:
    rows = [
        {
            "campaign_id": campaign.id,
            "number": number,
            "name": each.name,
            "first_on": each.first,
            "last_on": each.last,
        }
        for number, each in enumerate(campaign.breaks)
    ]
    if rows:
        tx.connection.execute(_breaks.insert(), rows)


# --- channels --------------------------------------------------------------------------

_TAKES_PART = _campaign_channels.c.campaign_id == sa.bindparam("campaign")
_TAKING_PART = (
    sa.select(
        _campaign_channels,
        sa.func.coalesce(
            _campaign_channels.c.time_zone, _channels.c.time_zone, _communities.c.time_zone
        ).label("zone"),
    )
    .join(_channels, _channels.c.id == _campaign_channels.c.channel_id)
    .join(_communities, _communities.c.id == _campaign_channels.c.community_id)
    .where(_TAKES_PART)
)
_ALL_CHANNELS = Prepared(
    _TAKING_PART.order_by(_campaign_channels.c.joined_at, _campaign_channels.c.channel_id)
)
_ONE_CHANNEL = Prepared(_TAKING_PART.where(_campaign_channels.c.channel_id == sa.bindparam("channel")))


def channels(tx: Transaction, id: CampaignId) -> list[CampaignChannel]:
    """The channels that take part, in the order in which they joined."""
    return [_channel(row) for row in _ALL_CHANNELS.all(tx, {"campaign": id})]


def channel(tx: Transaction, id: CampaignId, channel: ChannelId) -> CampaignChannel:
    """A channel that takes part, with the zone that holds there now. Raises NoSuchCampaign."""
    row = _ONE_CHANNEL.first(tx, {"campaign": id, "channel": channel})
    if row is None:
        raise NoSuchCampaign
    return _channel(row)


def join(tx: Transaction, id: CampaignId, channel: CampaignChannel) -> bool:
    """Have a channel take part, from its `since` on. False if it does already."""
    home = sa.select(_channels.c.community_id).where(_channels.c.id == channel.id)
    row = {
        "campaign_id": id,
        "channel_id": channel.id,
        "community_id": tx.connection.execute(home).scalar_one(),
        "joined_at": channel.since,
    }
    return put(tx, _campaign_channels, row | _channel_columns(channel), ("campaign_id", "channel_id"))


def leave(tx: Transaction, id: CampaignId, channel: ChannelId) -> bool:
    """Have a channel take part no longer; what it has had is kept. False if it did not."""
    return bool(tx.connection.execute(_campaign_channels.delete().where(_is(id, channel))).rowcount)


def save_channel(tx: Transaction, id: CampaignId, after: CampaignChannel) -> bool:
    """Write what organisers changed for a channel. False if it does not take part."""
    changing = _campaign_channels.update().where(_is(id, after.id)).values(**_channel_columns(after))
    return bool(tx.connection.execute(changing).rowcount)


def _is(id: CampaignId, channel: ChannelId) -> sa.ColumnElement[bool]:
    return (_campaign_channels.c.campaign_id == id) & (_campaign_channels.c.channel_id == channel)


def _channel_columns(channel: CampaignChannel) -> dict[str, Any]:
    return {
        "time_zone": channel.zone if channel.own_zone else None,
        "local_time": channel.time,
        "since": channel.since,
        "paused": channel.why_paused if channel.paused else None,
    }


def _channel(row: sa.Row[Any]) -> CampaignChannel:
    return CampaignChannel(
        id=ChannelId(row.channel_id),
        zone=row.zone,
        time=row.local_time,
        since=row.since,
        paused=row.paused is not None,
        own_zone=row.time_zone is not None,
        why_paused=row.paused or "",
    )


# --- local dates -----------------------------------------------------------------------

_HAD = Prepared(
    sa.select(_days)
    .where(
        (_days.c.campaign_id == sa.bindparam("campaign")) & (_days.c.channel_id == sa.bindparam("channel"))
    )
    .order_by(_days.c.local_date)
)
_OCCASION = Prepared(
    sa.select(
        _days.c.campaign_id,
        _days.c.day,
        _days.c.late,
        _days.c.happened_at,
        _campaigns.c.title,
        _prompts.c.corrected_at,
        _prompts.c.credit,
        _prompts.c.help,
    )
    .join(_campaigns, _campaigns.c.id == _days.c.campaign_id)
    .join(_prompts, (_prompts.c.campaign_id == _days.c.campaign_id) & (_prompts.c.id == _days.c.prompt_id))
    .where(_days.c.round_id == sa.bindparam("round"))
    .order_by(_days.c.happened_at, _days.c.channel_id)
)


def past(tx: Transaction, id: CampaignId, channel: ChannelId) -> list[Entry]:
    """What a channel has had of a campaign, in the order in which it came."""
    return [_entry(row) for row in _HAD.all(tx, {"campaign": id, "channel": channel})]


def note(tx: Transaction, id: CampaignId, channel: ChannelId, entry: Entry, round: RoundId | None) -> bool:
    """Note what becomes of a local date. False if it has an entry already: then nothing may follow.

    To be asked first, before the round of a prompt is made. Only prompts have one.
    """
    assert (round is not None) == isinstance(entry, Posted)
    row = {"campaign_id": id, "channel_id": channel, "round_id": round, **_NOTHING_MORE, **_day(entry)}
    return put(tx, _days, row, ("campaign_id", "channel_id", "local_date"))


def posted(tx: Transaction, id: CampaignId, channel: ChannelId) -> list[tuple[Posted, RoundId]]:
    """The prompts that went out in a channel, each with its round, in their order."""
    found = []
    for row in _HAD.all(tx, {"campaign": id, "channel": channel}):
        entry = _entry(row)
        if isinstance(entry, Posted):
            found.append((entry, RoundId(row.round_id)))
    return found


def occasion(tx: Transaction, round: RoundId) -> Occasion | None:
    """Which day of which campaign a round is; None if somebody dealt it."""
    row = _OCCASION.first(tx, {"round": round})
    if row is None:
        return None
    return Occasion(
        campaign=CampaignId(row.campaign_id),
        title=row.title,
        day=row.day,
        late=row.late,
        corrected=row.corrected_at is not None and row.corrected_at > row.happened_at,
        credit=row.credit,
        help=row.help,
    )


_NOTHING_MORE: dict[str, Any] = {
    "prompt_id": None,
    "day": None,
    "late": False,
    "break_name": None,
    "break_first_on": None,
    "break_last_on": None,
    "back_on": None,
}


def _day(entry: Entry) -> dict[str, Any]:
    on = {"local_date": entry.on, "happened_at": entry.at}
    match entry:
        case Posted():
            return on | {"kind": POSTED, "prompt_id": entry.prompt, "day": entry.day, "late": entry.late}
        case BreakTold():
            return on | {
                "kind": BREAK_TOLD,
                "break_name": entry.about.name,
                "break_first_on": entry.about.first,
                "break_last_on": entry.about.last,
                "back_on": entry.back_on,
            }
        case NothingReady():
            return on | {"kind": NOTHING_READY}
        case _:
            assert_never(entry)


def _entry(row: sa.Row[Any]) -> Entry:
    on, at = row.local_date, row.happened_at
    if row.kind == POSTED:
        return Posted(on=on, at=at, prompt=PromptId(row.prompt_id), day=row.day, late=row.late)
    if row.kind == BREAK_TOLD:
        about = Break(name=row.break_name, first=row.break_first_on, last=row.break_last_on)
        return BreakTold(on=on, at=at, about=about, back_on=row.back_on)
    assert row.kind == NOTHING_READY
    return NothingReady(on=on, at=at)
