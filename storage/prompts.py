"""The prompts of a campaign: its queue and its reserve, each in an order that organisers change.

Whoever changes them has loaded the campaign with its lock (`campaigns.load`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.game.campaigns import CampaignId, Prompt, PromptId
from bot.game.model import ChannelId, PersonId, RoundId
from storage.cards import card_of, json_of
from storage.database import Transaction
from storage.prepared import Prepared
from storage.tables import METADATA

_prompts = METADATA.tables["campaign_prompts"]
_days = METADATA.tables["campaign_days"]
_rounds = METADATA.tables["rounds"]
_taking_part = METADATA.tables["campaign_channels"]
_channels = METADATA.tables["channels"]
_players = METADATA.tables["players"]

_OF_CAMPAIGN = Prepared(
    sa.select(_prompts)
    .where(_prompts.c.campaign_id == sa.bindparam("campaign"))
    .order_by(_prompts.c.place, _prompts.c.id)
)


class NoSuchPrompt(Exception):
    """No prompt with this id in this campaign."""


def load(tx: Transaction, campaign: CampaignId) -> tuple[tuple[Prompt, ...], tuple[Prompt, ...]]:
    """The queue and the reserve, each in its order; those that were posted are among them."""
    rows = _OF_CAMPAIGN.all(tx, {"campaign": campaign})
    queue = tuple(_prompt(row) for row in rows if not row.reserve)
    return queue, tuple(_prompt(row) for row in rows if row.reserve)


def create(tx: Transaction, campaign: CampaignId, queue: Iterable[Prompt], reserve: Iterable[Prompt]) -> None:
    """Store the prompts of a new campaign."""
    rows = [
        _row(campaign, prompt, reserve=kept, place=place)
        for kept, prompts in ((False, queue), (True, reserve))
        for place, prompt in enumerate(prompts)
    ]
    if rows:
        tx.connection.execute(_prompts.insert(), rows)


def add(
    tx: Transaction, campaign: CampaignId, prompt: Prompt, *, at: int | None = None, reserve: bool = False
) -> None:
    """Put a prompt at a place in the queue or in the reserve, from 0; None is the end, the next free."""
    line = _line(tx, campaign, reserve=reserve)
    tx.connection.execute(_prompts.insert().values(_row(campaign, prompt, reserve=reserve, place=len(line))))
    _arrange(tx, campaign, _with(line, prompt.id, at))


def approve(tx: Transaction, campaign: CampaignId, prompt: PromptId, now: datetime) -> bool:
    """A moderator says yes to a story. False if it needs none or has one. Raises NoSuchPrompt."""
    _find(tx, campaign, prompt)
    waits = _is(campaign, prompt) & _prompts.c.needs_approval & _prompts.c.approved_at.is_(None)
    return bool(tx.connection.execute(_prompts.update().where(waits).values(approved_at=now)).rowcount)


def correct(tx: Transaction, campaign: CampaignId, after: Prompt, now: datetime) -> list[RoundId]:
    """Take over the card (with the id that it had) and the credit of a corrected prompt.

    The rounds that it was posted as get the card, too. Returns them, the first one first, so that
    their boards are shown anew; empty if nothing is new. Raises NoSuchPrompt.
    """
    was = _find(tx, campaign, after.id)
    new = {"card": json_of(after.card), "credit": after.credit}
    if (card_of(was.card), was.credit) == (after.card, after.credit):
        return []
    tx.connection.execute(_prompts.update().where(_is(campaign, after.id)).values(corrected_at=now, **new))
    found = _posted_as(tx, campaign, after.id)
    if found:
        tx.connection.execute(_rounds.update().where(_rounds.c.id.in_(found)).values(card=new["card"]))
    return found


def move(
    tx: Transaction, campaign: CampaignId, prompt: PromptId, *, at: int | None = None, on: date | None = None
) -> None:
    """Put a prompt at another place of its queue, as `add` does, and have it meant for the local date `on`.

    Without an `on` it is meant for none. Raises NoSuchPrompt.
    """
    line = _line(tx, campaign, reserve=_find(tx, campaign, prompt).reserve)
    tx.connection.execute(_prompts.update().where(_is(campaign, prompt)).values(meant_on=on))
    _arrange(tx, campaign, _with([each for each in line if each != prompt], prompt, at))


def remove(tx: Transaction, campaign: CampaignId, prompt: PromptId) -> bool:
    """Delete a prompt, words and all. False if a channel has had it already. Raises NoSuchPrompt."""
    reserve: bool = _find(tx, campaign, prompt).reserve
    had = sa.exists().where((_days.c.campaign_id == campaign) & (_days.c.prompt_id == prompt))
    gone = tx.connection.execute(_prompts.delete().where(_is(campaign, prompt) & ~had)).rowcount
    if gone:
        _arrange(tx, campaign, _line(tx, campaign, reserve=reserve))
    return bool(gone)


def take_back(tx: Transaction, campaign: CampaignId, prompt: PromptId, said: str) -> list[RoundId]:
    """Put `said` in the place of the words of a prompt that was posted, and forget whose they were.

    Where it was not posted yet it never is. Returns the rounds that it was posted as, whose boards
    are to be shown anew; empty if there is no such prompt any more.
    """
    row = tx.connection.execute(sa.select(_prompts).where(_is(campaign, prompt))).first()
    if row is None:
        return []
    was = card_of(row.card)
    card = json_of(replace(was, statement=said, plain="", content_note="", facilitator_note="", media=None))
    # In reserve and without a yes: a campaign does not wait for it, and no further channel gets it.
    gone = {"card": card, "credit": "", "author": None, "reserve": True}
    tx.connection.execute(
        _prompts.update()
        .where(_is(campaign, prompt))
        .values(needs_approval=True, approved_at=None, meant_on=None, **gone)
    )
    for reserve in (False, True):
        _arrange(tx, campaign, _line(tx, campaign, reserve=reserve))
    found = _posted_as(tx, campaign, prompt)
    if found:
        tx.connection.execute(_rounds.update().where(_rounds.c.id.in_(found)).values(card=card))
    return found


def channel_of(tx: Transaction, campaign: CampaignId, platform: str, user: str) -> ChannelId | None:
    """A channel of a campaign for an account of its community, first one that its person looks after."""
    query = (
        sa.select(_taking_part.c.channel_id)
        .join(_channels, _channels.c.id == _taking_part.c.channel_id)
        .join(_players, _players.c.community_id == _taking_part.c.community_id)
        .where(
            (_taking_part.c.campaign_id == campaign)
            & (_players.c.platform == platform)
            & (_players.c.account == user)
        )
        .order_by(
            sa.case((_channels.c.organiser == _players.c.person_id, 0), else_=1), _taking_part.c.joined_at
        )
        .limit(1)
    )
    found = tx.connection.execute(query).scalar()
    return ChannelId(found) if found is not None else None


def was_posted(tx: Transaction, campaign: CampaignId, prompt: PromptId) -> bool:
    """Whether any channel has had it."""
    return bool(_posted_as(tx, campaign, prompt))


def _posted_as(tx: Transaction, campaign: CampaignId, prompt: PromptId) -> list[RoundId]:
    posted = (_days.c.campaign_id == campaign) & (_days.c.prompt_id == prompt)
    query = sa.select(_days.c.round_id).where(posted).order_by(_days.c.happened_at, _days.c.round_id)
    return [RoundId(row.round_id) for row in tx.connection.execute(query)]


def _is(campaign: CampaignId, prompt: PromptId) -> sa.ColumnElement[bool]:
    return (_prompts.c.campaign_id == campaign) & (_prompts.c.id == prompt)


def _find(tx: Transaction, campaign: CampaignId, prompt: PromptId) -> sa.Row[Any]:
    row = tx.connection.execute(sa.select(_prompts).where(_is(campaign, prompt))).first()
    if row is None:
        raise NoSuchPrompt
    return row


def _line(tx: Transaction, campaign: CampaignId, *, reserve: bool) -> list[PromptId]:
    rows = _OF_CAMPAIGN.all(tx, {"campaign": campaign})
    return [PromptId(row.id) for row in rows if row.reserve == reserve]


def _with(line: Sequence[PromptId], prompt: PromptId, at: int | None) -> list[PromptId]:
    return [*line, prompt] if at is None else [*line[:at], prompt, *line[at:]]


def _arrange(tx: Transaction, campaign: CampaignId, line: Iterable[PromptId]) -> None:
    for place, prompt in enumerate(line):
        elsewhere = _is(campaign, prompt) & (_prompts.c.place != place)
        tx.connection.execute(_prompts.update().where(elsewhere).values(place=place))


def _row(campaign: CampaignId, prompt: Prompt, *, reserve: bool, place: int) -> dict[str, Any]:
    return {
        "campaign_id": campaign,
        "id": prompt.id,
        "reserve": reserve,
        "place": place,
        "meant_on": prompt.on,
        "card": json_of(prompt.card),
        "needs_approval": prompt.needs_approval,
        "approved_at": prompt.approved_at,
        "author": prompt.author,
        "credit": prompt.credit,
        "help": prompt.help,
    }


def _prompt(row: sa.Row[Any]) -> Prompt:
    return Prompt(
        id=PromptId(row.id),
        card=card_of(row.card),
        on=row.meant_on,
        needs_approval=row.needs_approval,
        approved_at=row.approved_at,
        author=PersonId(row.author) if row.author else None,
        credit=row.credit,
        help=row.help,
    )
