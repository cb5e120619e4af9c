"""Round-ups: one draft per campaign, channel and local date, which may be edited until it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.game.campaigns import CampaignId, RoundUpState
from bot.game.model import ChannelId, RoundId
from storage.database import Transaction
from storage.prepared import Prepared
from storage.tables import METADATA
from storage.upsert import put

_round_ups = METADATA.tables["round_ups"]
_days = METADATA.tables["campaign_days"]
_rounds = METADATA.tables["rounds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A stored round-up. It lists what came up to `at` (UTC); `words` is None until it is edited.

    `words` stand above the list. `quotes`: what players wrote is quoted below it.
    """

    at: datetime
    state: RoundUpState
    words: str | None
    quotes: bool = True


def draft(tx: Transaction, campaign: CampaignId, channel: ChannelId, on: date, now: datetime) -> bool:
    """Store a round-up of a local date. False if there is one."""
    row = {
        "campaign_id": campaign,
        "channel_id": channel,
        "local_date": on,
        "drafted_at": now,
        "state": RoundUpState.DRAFTED.value,
        "words": None,
        "quotes": None,
    }
    return put(tx, _round_ups, row, ("campaign_id", "channel_id", "local_date"))


def find(tx: Transaction, campaign: CampaignId, channel: ChannelId, on: date) -> Draft | None:
    """The round-up of a local date; None if there is none."""
    row = tx.connection.execute(sa.select(_round_ups).where(_is(campaign, channel, on))).first()
    if row is None:
        return None
    return _draft(row)


def waiting(tx: Transaction, campaign: CampaignId, channel: ChannelId) -> tuple[date, Draft] | None:
    """The round-up of a channel that has not gone out yet, with its local date; None if there is none."""
    row = _WAITING.first(tx, {"campaign": campaign, "channel": channel})
    return (row.local_date, _draft(row)) if row is not None else None


def quoting(tx: Transaction, round: RoundId) -> list[tuple[CampaignId, ChannelId, date]]:
    """The round-ups that went out and may quote words of a round: those drafted after it closed."""
    query = (
        sa.select(_round_ups.c.campaign_id, _round_ups.c.channel_id, _round_ups.c.local_date)
        .join(
            _days,
            (_days.c.campaign_id == _round_ups.c.campaign_id)
            & (_days.c.channel_id == _round_ups.c.channel_id),
        )
        .join(_rounds, _rounds.c.id == _days.c.round_id)
        .where(
            (_days.c.round_id == round)
            & (_rounds.c.closed_at <= _round_ups.c.drafted_at)
            & (_round_ups.c.state == RoundUpState.SENT.value)
        )
        .order_by(_round_ups.c.local_date)
    )
    # Each closed round is quoted once: in the first round-up after it.
    firsts: dict[tuple[str, str], tuple[CampaignId, ChannelId, date]] = {}
    for row in tx.connection.execute(query):
        found = (CampaignId(row.campaign_id), ChannelId(row.channel_id), row.local_date)
        firsts.setdefault((row.campaign_id, row.channel_id), found)
    return list(firsts.values())


def _draft(row: sa.Row[Any]) -> Draft:
    quotes = row.quotes is not False
    return Draft(at=row.drafted_at, state=RoundUpState(row.state), words=row.words, quotes=quotes)


def last(tx: Transaction, campaign: CampaignId, channel: ChannelId, before: date) -> datetime | None:
    """Up to when (UTC) the last round-up of an earlier local date lists; None if it is the first."""
    row = _LAST.first(tx, {"campaign": campaign, "channel": channel, "before": before})
    return row.drafted_at if row is not None else None


_HERE = (_round_ups.c.campaign_id == sa.bindparam("campaign")) & (
    _round_ups.c.channel_id == sa.bindparam("channel")
)
_NEWEST_FIRST = _round_ups.c.local_date.desc()
_WAITING = Prepared(
    sa.select(_round_ups)
    .where(_HERE & (_round_ups.c.state != RoundUpState.SENT.value))
    .order_by(_NEWEST_FIRST)
    .limit(1)
)
_LAST = Prepared(
    sa.select(_round_ups.c.drafted_at)
    .where(_HERE & (_round_ups.c.local_date < sa.bindparam("before")))
    .order_by(_NEWEST_FIRST)
    .limit(1)
)


def edit(
    tx: Transaction,
    campaign: CampaignId,
    channel: ChannelId,
    on: date,
    words: str,
    *,
    quotes: bool = True,
) -> bool:
    """Say something above it; leave the quotes out, or not. False if it was sent, or there is none."""
    unsent = _is(campaign, channel, on) & _not_yet(RoundUpState.SENT)
    return _change(tx, unsent, words=words, quotes=quotes)


def approve(tx: Transaction, campaign: CampaignId, channel: ChannelId, on: date) -> bool:
    """A moderator says yes. False if one has, if it was sent, or there is none."""
    drafted = _round_ups.c.state == RoundUpState.DRAFTED.value
    return _change(tx, _is(campaign, channel, on) & drafted, state=RoundUpState.APPROVED.value)


def sent(tx: Transaction, campaign: CampaignId, channel: ChannelId, on: date) -> bool:
    """Note that it goes out, approved or not. False if that was noted already, or there is none."""
    unsent = _is(campaign, channel, on) & _not_yet(RoundUpState.SENT)
    return _change(tx, unsent, state=RoundUpState.SENT.value)


def _is(campaign: CampaignId, channel: ChannelId, on: date) -> sa.ColumnElement[bool]:
    here = (_round_ups.c.campaign_id == campaign) & (_round_ups.c.channel_id == channel)
    return here & (_round_ups.c.local_date == on)


def _not_yet(state: RoundUpState) -> sa.ColumnElement[bool]:
    return _round_ups.c.state != state.value


def _change(tx: Transaction, where: sa.ColumnElement[bool], **values: str | bool) -> bool:
    return bool(tx.connection.execute(_round_ups.update().where(where).values(**values)).rowcount)
