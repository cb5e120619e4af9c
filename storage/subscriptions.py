"""Who wants a campaign's cards privately: asked for, changed, stopped, and what went to them last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.game.campaigns import CampaignId
from bot.game.model import ChannelId, CommunityId, PersonId, PlayerId, RoundId
from bot.game.privately import Subscription
from storage.database import Transaction
from storage.prepared import Prepared
from storage.tables import METADATA
from storage.upsert import put as put_row

UNTOLD, TOLD = "untold", "told"
"""Of somebody whom we cannot write to: whether they were told so in the channel."""

_subscriptions = METADATA.tables["subscriptions"]
_people = METADATA.tables["people"]
_players = METADATA.tables["players"]
_channels = METADATA.tables["channels"]
_communities = METADATA.tables["communities"]
_campaigns = METADATA.tables["campaigns"]

# What somebody said themselves goes before what their account tells, and that before the channel's clock.
_ALL = (
    sa.select(
        _subscriptions,
        _players.c.platform,
        _players.c.account,
        sa.func.coalesce(
            _people.c.time_zone, _players.c.time_zone, _channels.c.time_zone, _communities.c.time_zone
        ).label("zone"),
    )
    .join(_people, _people.c.id == _subscriptions.c.person_id)
    .join(_channels, _channels.c.id == _subscriptions.c.channel_id)
    .join(_communities, _communities.c.id == _subscriptions.c.community_id)
    .join(
        _players,
        (_players.c.person_id == _subscriptions.c.person_id)
        & (_players.c.community_id == _subscriptions.c.community_id),
    )
    .order_by(_subscriptions.c.person_id, _subscriptions.c.campaign_id)
)


def put(tx: Transaction, subscription: Subscription, community: CommunityId) -> None:
    """Store a subscription. Asked for anew, it may have another channel and another hour."""
    row = {
        "person_id": subscription.person,
        "campaign_id": subscription.campaign,
        "channel_id": subscription.channel,
        "community_id": community,
        "local_time": subscription.time,
        "since": subscription.since,
        "had": subscription.had,
        "newest": subscription.newest,
        "again": subscription.again,
        "again_at": subscription.again_at,
        "refused": None,
    }
    key = ("person_id", "campaign_id")
    put_row(tx, _subscriptions, row, key, tuple(name for name in row if name not in key))


def save(tx: Transaction, after: Subscription) -> None:
    """Write what went out, and what was put off. One that was stopped meanwhile stays stopped."""
    changes = {"had": after.had, "newest": after.newest, "again": after.again, "again_at": after.again_at}
    here = _is(after.campaign, after.person)
    tx.connection.execute(_subscriptions.update().where(here).values(**changes))


def find(
    tx: Transaction,
    campaign: CampaignId,
    person: PersonId,
    community: CommunityId | None,
    *,
    lock: bool = False,
) -> Subscription | None:
    """Somebody's subscription; None if they have none. `community` is None for the program itself."""
    here = _is(campaign, person)
    if community is not None:
        here &= _subscriptions.c.community_id == community
    return next(iter(_found(tx, here, lock=lock)), None)


def of_channel(tx: Transaction, campaign: CampaignId, channel: ChannelId) -> list[Subscription]:
    """All who asked for a campaign in a channel."""
    return list(map(_subscription, _once(_OF_CHANNEL.all(tx, {"campaign": campaign, "channel": channel}))))


_OF_CHANNEL = Prepared(  # asked for every card that goes out
    _ALL.where(
        (_subscriptions.c.campaign_id == sa.bindparam("campaign"))
        & (_subscriptions.c.channel_id == sa.bindparam("channel"))
    )
)


def of_person(tx: Transaction, person: PersonId, community: CommunityId) -> list[Subscription]:
    """All that somebody asked for in a community."""
    theirs = (_subscriptions.c.person_id == person) & (_subscriptions.c.community_id == community)
    return _found(tx, theirs)


def remove(tx: Transaction, campaign: CampaignId, person: PersonId, community: CommunityId) -> bool:
    """No more of them, at once. False if there was nothing to stop."""
    theirs = _is(campaign, person) & (_subscriptions.c.community_id == community)
    return bool(tx.connection.execute(_subscriptions.delete().where(theirs)).rowcount)


def zone_of(tx: Transaction, person: PersonId, community: CommunityId) -> str | None:
    """Where somebody is who asked for cards: an IANA name; None if they ask for none."""
    return next((each.zone for each in of_person(tx, person, community)), None)


def leave(tx: Transaction, campaign: CampaignId, channel: ChannelId) -> None:
    """A channel takes part no longer, so nobody gets its cards."""
    here = (_subscriptions.c.campaign_id == campaign) & (_subscriptions.c.channel_id == channel)
    tx.connection.execute(_subscriptions.delete().where(here))


def forget_ended(tx: Transaction, before: datetime) -> None:
    """Nothing more comes of campaigns that ended before a moment (UTC): who asked for them is forgotten."""
    over = sa.select(_campaigns.c.id).where(_campaigns.c.ended_at < before)
    tx.connection.execute(_subscriptions.delete().where(_subscriptions.c.campaign_id.in_(over)))


def refuse(tx: Transaction, card: RoundId, person: PersonId) -> None:
    """They take no private messages from us, not this card either. Kept, and told to them in the channel."""
    theirs = (_subscriptions.c.person_id == person) & (_subscriptions.c.newest == card)
    statement = _subscriptions.update().where(theirs)
    tx.connection.execute(statement.values(refused=UNTOLD, again=None, again_at=None))


def untold(tx: Transaction) -> set[PlayerId]:
    """All who are still to be told that we cannot write to them."""
    query = _ALL.where(_subscriptions.c.refused == UNTOLD)
    return {
        PlayerId(row.platform, CommunityId(row.community_id), row.account)
        for row in tx.connection.execute(query)
    }


def tell(tx: Transaction, person: PersonId, community: CommunityId) -> Subscription | None:
    """What somebody is to be told of, once; None if that was done."""
    theirs = (_subscriptions.c.person_id == person) & (_subscriptions.c.community_id == community)
    theirs &= _subscriptions.c.refused == UNTOLD
    found = _found(tx, theirs)
    if not found:
        return None
    # Two at once tell it once: only one of them changes the row.
    telling = tx.connection.execute(_subscriptions.update().where(theirs).values(refused=TOLD))
    return found[0] if telling.rowcount else None


def _is(campaign: CampaignId, person: PersonId) -> sa.ColumnElement[bool]:
    return (_subscriptions.c.campaign_id == campaign) & (_subscriptions.c.person_id == person)


def _found(tx: Transaction, where: sa.ColumnElement[bool], *, lock: bool = False) -> list[Subscription]:
    query = _ALL.where(where)
    query = query.with_for_update(of=_subscriptions) if lock and tx.postgres else query
    return list(map(_subscription, _once(tx.connection.execute(query))))


def _once(rows: Iterable[sa.Row[Any]]) -> Iterable[sa.Row[Any]]:
    """One row for each: somebody may have two accounts in a community."""
    return {(row.person_id, row.campaign_id): row for row in rows}.values()


def _subscription(row: sa.Row[Any]) -> Subscription:
    return Subscription(
        campaign=CampaignId(row.campaign_id),
        person=PersonId(row.person_id),
        channel=ChannelId(row.channel_id),
        zone=row.zone,
        time=row.local_time,
        since=row.since,
        had=row.had,
        newest=RoundId(row.newest) if row.newest else None,
        again=RoundId(row.again) if row.again else None,
        again_at=row.again_at,
        refused=row.refused is not None,
    )
