"""Reports of campaigns: one per channel, and the answers to its closing question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.game.campaigns import CampaignId
from bot.game.insight import Counts
from bot.game.model import ChannelId, Phase, RoundId, Stance
from storage.database import Transaction
from storage.prepared import Prepared
from storage.tables import METADATA
from storage.upsert import put

_reports = METADATA.tables["campaign_reports"]
_answers = METADATA.tables["closing_answers"]
_days = METADATA.tables["campaign_days"]
_rounds = METADATA.tables["rounds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report that a channel has had. Answers are taken until `answers_until` (UTC), then `counted` once."""

    answers_until: datetime
    counted: Counts | None


def post(
    tx: Transaction, campaign: CampaignId, channel: ChannelId, now: datetime, answers_until: datetime
) -> bool:
    """Note that a channel gets its report. False if it has it already."""
    row = {
        "campaign_id": campaign,
        "channel_id": channel,
        "posted_at": now,
        "answers_until": answers_until,
        "yes": None,
        "not_sure": None,
        "no": None,
    }
    return put(tx, _reports, row, ("campaign_id", "channel_id"))


def find(tx: Transaction, campaign: CampaignId, channel: ChannelId) -> Report | None:
    """The report of a channel; None if it has not come yet."""
    row = _FIND.first(tx, {"campaign": campaign, "channel": channel})
    if row is None:
        return None
    counted = None
    if row.yes is not None:
        counted = Counts(yes=row.yes, not_sure=row.not_sure, no=row.no)
    return Report(answers_until=row.answers_until, counted=counted)


_FIND = Prepared(
    sa.select(_reports).where(
        (_reports.c.campaign_id == sa.bindparam("campaign"))
        & (_reports.c.channel_id == sa.bindparam("channel"))
    )
)


def answer(tx: Transaction, campaign: CampaignId, channel: ChannelId, mark: bytes, given: Stance) -> None:
    """Keep an answer, in the place of an earlier one."""
    row = {"campaign_id": campaign, "channel_id": channel, "mark": mark, "answer": given.value}
    put(tx, _answers, row, ("campaign_id", "channel_id", "mark"), ("answer",))


def count(tx: Transaction, campaign: CampaignId, channel: ChannelId) -> Counts:
    """Count the answers, once and for ever, and delete them."""
    here = (_answers.c.campaign_id == campaign) & (_answers.c.channel_id == channel)
    query = sa.select(_answers.c.answer, sa.func.count()).where(here).group_by(_answers.c.answer)
    found: dict[str, int] = {row[0]: row[1] for row in tx.connection.execute(query)}
    counts = Counts(
        yes=found.get(Stance.YES.value, 0),
        not_sure=found.get(Stance.NOT_SURE.value, 0),
        no=found.get(Stance.NO.value, 0),
    )
    kept = {"yes": counts.yes, "not_sure": counts.not_sure, "no": counts.no}
    tx.connection.execute(_reports.update().where(_is(campaign, channel)).values(**kept))
    tx.connection.execute(_answers.delete().where(here))
    return counts


def open_until(tx: Transaction, campaign: CampaignId, channel: ChannelId) -> datetime | None:
    """When the last of a channel's cards closes (UTC); None if all are closed."""
    query = (
        sa.select(sa.func.max(_rounds.c.closes_at))
        .join(_days, _days.c.round_id == _rounds.c.id)
        .where(
            (_days.c.campaign_id == campaign)
            & (_days.c.channel_id == channel)
            & (_rounds.c.phase != Phase.CLOSED.value)
        )
    )
    return tx.connection.execute(query).scalar()


def about(tx: Transaction, round: RoundId) -> list[tuple[CampaignId, ChannelId]]:
    """The reports that went out and tell of a round."""
    query = (
        sa.select(_reports.c.campaign_id, _reports.c.channel_id)
        .join(
            _days,
            (_days.c.campaign_id == _reports.c.campaign_id) & (_days.c.channel_id == _reports.c.channel_id),
        )
        .where(_days.c.round_id == round)
    )
    return [(CampaignId(row.campaign_id), ChannelId(row.channel_id)) for row in tx.connection.execute(query)]


def _is(campaign: CampaignId, channel: ChannelId) -> sa.ColumnElement[bool]:
    return (_reports.c.campaign_id == campaign) & (_reports.c.channel_id == channel)
