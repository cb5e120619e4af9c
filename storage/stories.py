"""Stories: words that their writer lets us keep, and requests that wait for a yes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.game.model import (
    ChannelId,
    CommunityId,
    Mark,
    Outcome,
    PersonId,
    PerspectiveId,
    ReplyId,
    Story,
    StoryId,
    StoryState,
)
from storage.database import Transaction
from storage.keys import Keyring
from storage.tables import METADATA
from storage.upsert import put

_stories = METADATA.tables["stories"]
_asks = METADATA.tables["story_asks"]
_players = METADATA.tables["players"]

_ASKED = _stories.c.state == StoryState.ASKED.value
_ONE_OF_ITS_KIND = ("community_id", "writer", "source")


def first_ask(tx: Transaction, keyring: Keyring, source: ReplyId) -> bool:
    """Note that the writer of a message was asked, or need not be; False if that was noted before.

    Kept for good, as a keyed hash that names nobody: a no stays a no.
    """
    return put(tx, _asks, {"about": keyring.seen(f"story {source}")}, ("about",))


def request(tx: Transaction, community: CommunityId, writer: PersonId, story: Story, now: datetime) -> bool:
    """Keep words until their writer has answered. False if they keep them already."""
    return put(tx, _stories, _row(community, writer, story, now), _ONE_OF_ITS_KIND)


def offer(tx: Transaction, community: CommunityId, writer: PersonId, story: Story, now: datetime) -> bool:
    """The writer agreed: keep the story, in the place of a request for it if there is one.

    False if they keep one of this message already; that one stays as it is.
    """
    row = _row(community, writer, story, now)
    asked = _of(community, writer) & (_stories.c.source == story.source) & _ASKED
    agreed = {
        name: value for name, value in row.items() if name not in {"id", "channel_id", *_ONE_OF_ITS_KIND}
    }
    if tx.connection.execute(_stories.update().where(asked).values(**agreed)).rowcount:
        return True
    return put(tx, _stories, row, _ONE_OF_ITS_KIND)


def _row(community: CommunityId, writer: PersonId, story: Story, now: datetime) -> dict[str, Any]:
    return {
        "id": story.id,
        "community_id": community,
        "channel_id": story.channel,
        "source": story.source,
        "writer": writer,
        "state": story.state.value,
        "words": story.words,
        "shoes": story.shoes,
        "named": story.named,
        "quoted": story.quoted,
        "asker": story.asker,
        "made_at": now,
        "credit": story.credit or None,
        "asked_by": story.asked_by or None,
        "shown_until": story.until,
        "reason": story.reason or None,
        "mark": story.mark.value if story.mark else None,
        "outcome": story.outcome.value if story.outcome else None,
        "topic": story.topic or None,
        "campaign_id": story.campaign or None,
        "prompt_id": story.prompt or None,
    }


def revise(tx: Transaction, community: CommunityId, after: Story, now: datetime) -> None:
    """Write what its writer or a moderator changed of a story. `now` is kept where it is offered again."""
    assert after.writer is not None
    kept = {"id", "channel_id", *_ONE_OF_ITS_KIND}
    if after.state is not StoryState.OFFERED:
        kept.add("made_at")
    row = _row(community, after.writer, after, now)
    changed = {name: value for name, value in row.items() if name not in kept}
    here = (_stories.c.community_id == community) & (_stories.c.id == after.id)
    tx.connection.execute(_stories.update().where(here).values(**changed))


def of_message(tx: Transaction, community: CommunityId, writer: PersonId, source: ReplyId) -> Story | None:
    """What a writer keeps of a message, or is asked about."""
    return _first(tx, _of(community, writer) & (_stories.c.source == source))


def mine(tx: Transaction, community: CommunityId, writer: PersonId, id: StoryId) -> Story | None:
    """A writer's own story; None for one of somebody else's, of elsewhere, or of nobody."""
    return _first(tx, _of(community, writer) & (_stories.c.id == id))


def asked(tx: Transaction, community: CommunityId, id: StoryId) -> Story | None:
    """A request that waits for an answer."""
    return _first(tx, (_stories.c.community_id == community) & (_stories.c.id == id) & _ASKED)


def every(
    tx: Transaction, community: CommunityId, writer: PersonId, *, skip: int, limit: int
) -> tuple[list[Story], int]:
    """A writer's stories and requests, the newest first, and how many there are of them in all."""
    here = _of(community, writer)
    total = tx.connection.execute(sa.select(sa.func.count()).select_from(_stories).where(here)).scalar_one()
    query = sa.select(_stories).where(here).order_by(_stories.c.made_at.desc(), _stories.c.id)
    rows = tx.connection.execute(query.offset(skip).limit(limit)).all()
    return [story_of(row) for row in rows], total


def channel_of(tx: Transaction, about: str, platform: str, user: str) -> ChannelId | None:
    """The channel of a story that somebody of this platform wrote; by its id, or the message it came from."""
    mine = _players.c.person_id == _stories.c.writer
    there = (_players.c.platform == platform) & (_players.c.account == user)
    here = (_stories.c.id == about) | (_stories.c.source == about)
    found = tx.connection.execute(sa.select(_stories.c.channel_id).where(mine & there & here)).scalar()
    return ChannelId(found) if found is not None else None


def decline(tx: Transaction, community: CommunityId, writer: PersonId, id: StoryId) -> bool:
    """Delete a request. False if there is none."""
    here = _of(community, writer) & (_stories.c.id == id) & _ASKED
    return bool(tx.connection.execute(_stories.delete().where(here)).rowcount)


def take_back(tx: Transaction, community: CommunityId, writer: PersonId, id: StoryId) -> ReplyId | None:
    """Delete a story, words and all. Returns the message it came from; None if there is none."""
    here = _of(community, writer) & (_stories.c.id == id) & ~_ASKED
    gone = tx.connection.execute(_stories.delete().where(here).returning(_stories.c.source)).scalar()
    return ReplyId(gone) if gone is not None else None


def forget_requests(tx: Transaction, until: datetime) -> bool:
    """Delete requests made at a moment (UTC) or before, in every community. True if there were any."""
    old = _ASKED & (_stories.c.made_at <= until)
    return bool(tx.connection.execute(_stories.delete().where(old)).rowcount)


def _of(community: CommunityId, writer: PersonId) -> sa.ColumnElement[bool]:
    return (_stories.c.community_id == community) & (_stories.c.writer == writer)


def _first(tx: Transaction, where: sa.ColumnElement[bool]) -> Story | None:
    row = tx.connection.execute(sa.select(_stories).where(where)).first()
    return story_of(row) if row is not None else None


def story_of(row: Any) -> Story:
    """The story of a row."""
    return Story(
        id=StoryId(row.id),
        channel=ChannelId(row.channel_id),
        source=ReplyId(row.source),
        state=StoryState(row.state),
        words=row.words,
        shoes=PerspectiveId(row.shoes) if row.shoes else None,
        named=row.named,
        quoted=row.quoted,
        asker=PersonId(row.asker) if row.asker else None,
        writer=PersonId(row.writer),
        credit=row.credit or "",
        asked_by=row.asked_by or "",
        until=row.shown_until,
        reason=row.reason or "",
        mark=Mark(row.mark) if row.mark else None,
        outcome=Outcome(row.outcome) if row.outcome else None,
        topic=row.topic or "",
        campaign=row.campaign_id or "",
        prompt=row.prompt_id or "",
    )
