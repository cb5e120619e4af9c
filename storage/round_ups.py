"""Round-ups: one draft per campaign, channel and local date, which may be edited until it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from bot.game.campaigns import CampaignId, RoundUpState
from bot.game.model import ChannelId
from storage.database import Transaction
from storage.tables import METADATA
from storage.upsert import put

_round_ups = METADATA.tables["round_ups"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A stored round-up. It lists what came up to `at` (UTC); `words` is None until it is edited."""

    at: datetime
    state: RoundUpState
    words: str | None


def draft(tx: Transaction, campaign: CampaignId, channel: ChannelId, on: date, now: datetime) -> bool:
    """Store a round-up of a local date. False if there is one."""
    row = {
        "campaign_id": campaign,
        "channel_id": channel,
        "local_date": on,
        "drafted_at": now,
        "state": RoundUpState.DRAFTED.value,
        "words": None,
    }
    return put(tx, _round_ups, row, ("campaign_id", "channel_id", "local_date"))


def find(tx: Transaction, campaign: CampaignId, channel: ChannelId, on: date) -> Draft | None:
    """The round-up of a local date; None if there is none."""
    row = tx.connection.execute(sa.select(_round_ups).where(_is(campaign, channel, on))).first()
    if row is None:
        return None
    return Draft(at=row.drafted_at, state=RoundUpState(row.state), words=row.words)


def last(tx: Transaction, campaign: CampaignId, channel: ChannelId, before: date) -> datetime | None:
    """Up to when (UTC) the last round-up of an earlier local date lists; None if it is the first."""
    here = (_round_ups.c.campaign_id == campaign) & (_round_ups.c.channel_id == channel)
    query = sa.select(_round_ups.c.drafted_at).where(here & (_round_ups.c.local_date < before))
    return tx.connection.execute(query.order_by(_round_ups.c.local_date.desc()).limit(1)).scalar()


def edit(tx: Transaction, campaign: CampaignId, channel: ChannelId, on: date, words: str) -> bool:
    """Say it in other words. False if it was sent already, or there is none."""
    return _change(tx, _is(campaign, channel, on) & _not_yet(RoundUpState.SENT), words=words)


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


def _change(tx: Transaction, where: sa.ColumnElement[bool], **values: str) -> bool:
    return bool(tx.connection.execute(_round_ups.update().where(where).values(**values)).rowcount)
