"""What waits for a moderator, what may be quoted, and what is found: approved stories, pledges kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.game.model import (
    Card,
    ChannelId,
    CommunityId,
    Mark,
    Outcome,
    Pledge,
    PledgeState,
    ReplyId,
    StoryId,
    StoryState,
)
from bot.game.model import PerspectiveId as Shoes
from bot.game.model import Story as GameStory
from storage.cards import card_of
from storage.database import Transaction
from storage.keys import Keyring
from storage.rounds import pledges_of
from storage.stories import story_of
from storage.tables import METADATA

_stories = METADATA.tables["stories"]
_asks = METADATA.tables["story_asks"]
_players = METADATA.tables["players"]
_communities = METADATA.tables["communities"]
_pledges = METADATA.tables["pledges"]
_rounds = METADATA.tables["rounds"]
_round_channels = METADATA.tables["round_channels"]

_OFFERED = _stories.c.state == StoryState.OFFERED.value
_APPROVED = _stories.c.state == StoryState.APPROVED.value
_LISTED = _APPROVED & _stories.c.quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for; None and empty stand for everything."""

    mark: Mark | None = None
    shoes: Shoes | None = None
    outcome: Outcome | None = None
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A pledge that was done, and the card that it was made for."""

    pledge: Pledge
    card: Card


# --- what waits ------------------------------------------------------------------------


def waiting(tx: Transaction, channel: ChannelId) -> list[StoryId]:
    """The stories of a channel that wait for a moderator, those that wait longest first."""
    here = (_stories.c.channel_id == channel) & _OFFERED
    query = sa.select(_stories.c.id).where(here).order_by(_stories.c.made_at, _stories.c.id)
    return [StoryId(row.id) for row in tx.connection.execute(query)]


def of_channel(
    tx: Transaction, community: CommunityId, channel: ChannelId, id: StoryId, *, lock: bool
) -> GameStory | None:
    """A story that was offered in a channel; None for one of elsewhere, or of nobody."""
    here = (
        (_stories.c.id == id)
        & (_stories.c.community_id == community)
        & (_stories.c.channel_id == channel)
        & (_stories.c.state != StoryState.ASKED.value)
    )
    query = sa.select(_stories).where(here)
    row = tx.connection.execute(query.with_for_update() if lock and tx.postgres else query).first()
    return story_of(row) if row is not None else None


def channel_of(tx: Transaction, id: StoryId, platform: str, user: str) -> ChannelId | None:
    """The channel of a story, for somebody who has an account in its community."""
    query = (
        sa.select(_stories.c.channel_id)
        .join(_players, _players.c.community_id == _stories.c.community_id)
        .where((_stories.c.id == id) & (_players.c.platform == platform) & (_players.c.account == user))
    )
    found = tx.connection.execute(query).scalar()
    return ChannelId(found) if found is not None else None


def over(tx: Transaction, now: datetime) -> list[tuple[CommunityId, GameStory]]:
    """The stories whose last date is over where they were told, each with its community. `now` in UTC."""
    query = (
        sa.select(_stories, _communities.c.time_zone)
        .join(_communities, _communities.c.id == _stories.c.community_id)
        .where(_stories.c.shown_until <= now.date())  # no zone is a whole day behind UTC
        .order_by(_stories.c.id)
    )
    return [
        (CommunityId(row.community_id), story_of(row))
        for row in tx.connection.execute(query).all()
        if row.shown_until < now.astimezone(ZoneInfo(row.time_zone)).date()
    ]


def of_prompt(tx: Transaction, campaign: str, prompt: str) -> tuple[CommunityId, GameStory] | None:
    """The story that a prompt was made of, and its community."""
    here = (_stories.c.campaign_id == campaign) & (_stories.c.prompt_id == prompt)
    row = tx.connection.execute(sa.select(_stories).where(here)).first()
    return (CommunityId(row.community_id), story_of(row)) if row is not None else None


# --- what may be quoted ----------------------------------------------------------------


def not_to_quote(tx: Transaction, keyring: Keyring, replies: Collection[ReplyId]) -> frozenset[ReplyId]:
    """Which of these replies may not be quoted: their writer said so, took a story back, or has not said yes.

    A reply that nobody asked to keep is like every other response.
    """
    if not replies:
        return frozenset()
    rows = tx.connection.execute(sa.select(_stories).where(_stories.c.source.in_(replies))).all()
    kept = [story_of(row) for row in rows]
    noted = {keyring.seen(f"story {each}"): each for each in replies}
    query = sa.select(_asks.c.about).where(_asks.c.about.in_(list(noted)))
    asked = {noted[bytes(row.about)] for row in tx.connection.execute(query)}
    agreed = {each.source for each in kept if each.quoted and each.state is not StoryState.ASKED}
    return frozenset(asked.union(each.source for each in kept) - agreed)


def prompts_not_to_quote(tx: Transaction, campaign: str) -> frozenset[str]:
    """The prompts of a campaign that are stories which may be shown as cards, and quoted nowhere."""
    query = sa.select(_stories.c.prompt_id).where(
        (_stories.c.campaign_id == campaign) & _stories.c.quoted.is_(False)
    )
    return frozenset(row.prompt_id for row in tx.connection.execute(query))


# --- what is found ---------------------------------------------------------------------


def stories(
    tx: Transaction, community: CommunityId, wanted: Wanted, today: date, *, skip: int, limit: int
) -> tuple[list[GameStory], int]:
    """Approved stories of a community that are still shown and may be quoted, and how many there are.

    The newest first.
    """
    here = (_stories.c.community_id == community) & _LISTED
    here &= _stories.c.shown_until.is_(None) | (_stories.c.shown_until >= today)
    if wanted.mark is not None:
        here &= _stories.c.mark == wanted.mark.value
    if wanted.shoes is not None:
        here &= _stories.c.shoes == wanted.shoes
    if wanted.outcome is not None:
        here &= _stories.c.outcome == wanted.outcome.value
    if wanted.topic:
        here &= _stories.c.topic == wanted.topic
    total = tx.connection.execute(sa.select(sa.func.count()).select_from(_stories).where(here)).scalar_one()
    query = sa.select(_stories).where(here).order_by(_stories.c.made_at.desc(), _stories.c.id)
    rows = tx.connection.execute(query.offset(skip).limit(limit)).all()
    return [story_of(row) for row in rows], total


def pledges(tx: Transaction, channel: ChannelId, wanted: Wanted) -> list[Kept]:
    """Pledges of a channel that were done, the last one first: each is an example of good practice."""
    if wanted.mark not in {None, Mark.PRACTICE}:
        return []
    query = (
        sa.select(_pledges.c.id, _rounds.c.card)
        .join(_rounds, _rounds.c.id == _pledges.c.round_id)
        .join(_round_channels, _round_channels.c.round_id == _rounds.c.id)
        .where((_round_channels.c.channel_id == channel) & (_pledges.c.state == PledgeState.DONE.value))
        .order_by(_pledges.c.settled_on.desc(), _pledges.c.id)
    )
    cards = {row.id: card_of(row.card) for row in tx.connection.execute(query)}
    found = {each.id: each for each in pledges_of(tx, _pledges.c.id.in_(list(cards)))}
    kept = [Kept(pledge=found[id], card=card) for id, card in cards.items()]
    return [each for each in kept if _is_wanted(each.card, wanted)]


def _is_wanted(card: Card, wanted: Wanted) -> bool:
    return (
        wanted.shoes in {None, card.perspective.id}
        and wanted.outcome in {None, card.outcome}
        and (not wanted.topic or wanted.topic in card.topics)
    )


def topics(tx: Transaction, community: CommunityId, channel: ChannelId) -> list[str]:
    """Every topic by which something can be found, in the order of the alphabet."""
    here = (_stories.c.community_id == community) & _LISTED & _stories.c.topic.is_not(None)
    told = {row.topic for row in tx.connection.execute(sa.select(_stories.c.topic).where(here).distinct())}
    kept = {topic for each in pledges(tx, channel, Wanted()) for topic in each.card.topics}
    return sorted(told | kept, key=lambda topic: (topic.casefold(), topic))
