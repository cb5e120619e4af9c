"""What a community has said about help and awareness weeks, responses that are held, and moderators' acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.game.awareness import Confirmation, EventId
from bot.game.help_lines import Nation
from bot.game.model import ChannelId, CommunityId, Hold, PersonId, ResponseId, RoundId
from storage.database import Transaction
from storage.tables import METADATA
from storage.upsert import put

_nations = METADATA.tables["nations"]
_confirmations = METADATA.tables["confirmations"]
_acts = METADATA.tables["acts"]
_responses = METADATA.tables["responses"]
_rounds = METADATA.tables["rounds"]

POST = "post"
"""The act of a moderator that lets a response out. The others are named as what they leave it in."""

READ = "read"
"""The act of a moderator who has read what is held, and left it as it was."""


# --- what a community has said -----------------------------------------------------------


def nation(tx: Transaction, community: CommunityId) -> Nation:
    """Whose help lines are shown there: England's, until somebody says otherwise."""
    here = _nations.c.community_id == community
    found = tx.connection.execute(sa.select(_nations.c.nation).where(here)).scalar()
    return Nation(found) if found is not None else Nation.ENGLAND


def set_nation(tx: Transaction, community: CommunityId, nation: Nation) -> None:
    """From now on, these."""
    put(tx, _nations, {"community_id": community, "nation": nation.value}, ("community_id",), ("nation",))


def confirmations(tx: Transaction, community: CommunityId) -> Mapping[EventId, Sequence[Confirmation]]:
    """The awareness weeks that this community's organisers have confirmed, by event and in order of years."""
    here = _confirmations.c.community_id == community
    found: dict[EventId, list[Confirmation]] = {}
    for row in tx.connection.execute(sa.select(_confirmations).where(here).order_by(_confirmations.c.year)):
        said = Confirmation(first=row.first_on, last=row.last_on, source=row.source)
        found.setdefault(EventId(row.event_id), []).append(said)
    return found


def confirm(
    tx: Transaction, community: CommunityId, event: EventId, said: Confirmation, by: PersonId
) -> None:
    """Keep the dates of one year. What was said of that year before is replaced."""
    row = {
        "community_id": community,
        "event_id": event,
        "year": said.year,
        "first_on": said.first,
        "last_on": said.last,
        "source": said.source,
        "organiser": by,
    }
    key = ("community_id", "event_id", "year")
    put(tx, _confirmations, row, key, ("first_on", "last_on", "source", "organiser"))


# --- what is held --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A response that others do not see, as a moderator reads it: without its writer.

    `words` are what is held; `first` are the words that others have read already, if it is second thoughts.
    """

    id: ResponseId
    hold: Hold
    words: str
    first: str = ""


def held(tx: Transaction, round: RoundId) -> list[Held]:
    """What is held in a round, what waits first. By its id, which is random: not as it came."""
    here = (_responses.c.round_id == round) & _responses.c.hold.is_not(None) & _responses.c.removed.is_(False)
    rows = tx.connection.execute(sa.select(_responses).where(here).order_by(_responses.c.id)).all()
    found = [
        Held(
            id=ResponseId(row.id),
            hold=Hold(row.hold),
            words=row.second_thoughts if row.second_only else _all_words(row.words, row.second_thoughts),
            first=row.words if row.second_only else "",
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: each.hold is not Hold.WAITING)


def _all_words(words: str, second_thoughts: str) -> str:
    return "\n".join(each for each in (words, second_thoughts) if each)


def forget_held(tx: Transaction, before: datetime) -> bool:
    """Delete what is held of rounds that closed before a moment (UTC). False if there was nothing.

    It goes by the close: a day beside each response would help to guess whose it is.
    """
    closed = sa.select(_rounds.c.id).where(_rounds.c.closed_at < before)
    of_them = _responses.c.hold.is_not(None) & _responses.c.round_id.in_(closed)
    second = tx.connection.execute(
        _responses.update()
        .where(of_them & _responses.c.second_only)
        .values(second_thoughts="", hold=None, second_only=False)
    )
    whole = tx.connection.execute(_responses.delete().where(of_them & ~_responses.c.second_only))
    return bool(second.rowcount or whole.rowcount)


def note_act(
    tx: Transaction,
    id: str,
    *,
    channel: ChannelId,
    community: CommunityId,
    round: RoundId,
    moderator: PersonId,
    act: str,
    was: Hold,
    now: datetime,
) -> None:
    """Keep what a moderator did: not with which response, for its id would outlive it."""
    tx.connection.execute(
        _acts.insert().values(
            id=id,
            community_id=community,
            channel_id=channel,
            round_id=round,
            moderator=moderator,
            act=act,
            was=was.value,
            done_at=now,
        )
    )


def taken_out(tx: Transaction, round: RoundId) -> int:
    """How many responses of a round moderators have taken out and not put back."""
    decided = (_acts.c.round_id == round) & (_acts.c.act != READ)
    query = sa.select(_acts.c.act, _acts.c.was).where(decided)
    removed = Hold.REMOVED.value
    return sum((row.act == removed) - (row.was == removed) for row in tx.connection.execute(query))
