"""A campaign's cards sent privately to who asked for it: when, by their own clock, and which one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.game.calendar import moment_at, next_prompt_at, quiet
from bot.game.campaigns import LATE, CampaignChannel, CampaignId, Posted
from bot.game.model import ChannelId, PersonId, Phase, Round, RoundId

LATER = timedelta(hours=1)  # how long a card waits that somebody puts off
EVERY_DAY = range(7)
NO_TIME = timedelta(0)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """That somebody wants a campaign's cards privately, from the channel in which they said so.

    `time` is what clocks show in `zone` (IANA), their own. Moments are in UTC. What was due at `since` or
    earlier does not come. `had`: which cards they have had or missed, by when these were posted; it says
    nothing of who has responded. `newest`: the card that went to them last. `again` goes to them once more,
    at `again_at`. `refused`: they take no private messages from us, so nothing goes out until they ask anew.
    """

    campaign: CampaignId
    person: PersonId
    channel: ChannelId
    zone: str
    time: time
    since: datetime
    had: datetime | None = None
    newest: RoundId | None = None
    again: RoundId | None = None
    again_at: datetime | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Came:
    """A card of the campaign: when it was posted in the channel, and from when on that counts; in UTC."""

    round: RoundId
    at: datetime
    counts_from: datetime


@dataclass(frozen=True, slots=True)
class Rung:
    """Which card goes out now, if any; the subscription after it; when to wake up again (UTC), if at all."""

    send: RoundId | None
    after: Subscription
    next_at: datetime | None


def came(entry: Posted, round: RoundId, here: CampaignChannel) -> Came:
    """A posted card. One that came within an hour counts from the minute that it was planned for.

    Else who wants it at just that minute would get each card a day late, for a moment's delay.
    """
    planned = moment_at(entry.on, here.time, here.zone)
    in_time = planned is not None and NO_TIME <= entry.at - planned <= LATE
    return Came(round, entry.at, planned if planned is not None and in_time else entry.at)


def due_at(posted_at: datetime, subscription: Subscription) -> datetime:
    """When a card is due: the first time that clocks there show the hour, at or after it was posted; UTC."""
    return next_prompt_at(
        posted_at - INSTANT, zone=subscription.zone, time=subscription.time, weekdays=EVERY_DAY
    )


def ring(before: Subscription, cards: Sequence[Came], now: datetime) -> Rung:
    """What goes out at `now` (UTC), and when to ask again. It may be asked at any moment, and often.

    Of several cards that are due only the newest goes out, and never between 21:00 and 08:00 where this
    person is. `cards` are those of the channel, in the order in which they came.
    Source: spec/game.md §5, "Opt-in by direct message".
    """
    if before.refused:
        return Rung(None, before, None)
    new = [each for each in cards if before.had is None or each.at > before.had]
    waiting = [(due_at(each.counts_from, before), each) for each in new]
    waiting = [(due, each) for due, each in waiting if due > before.since]
    due_now = [each for due, each in waiting if due <= now]
    again_now = before.again_at is not None and before.again_at <= now
    if not due_now and not again_now:
        return Rung(None, before, _next_at(before, waiting, now))
    until = quiet(now, before.zone)
    if until is not None:
        return Rung(None, before, until)
    if due_now:
        card = max(due_now, key=lambda each: each.at)
        after = replace(before, had=card.at, newest=card.round)
        # What was put off until now has a newer one in its place: two at once would be one too many.
        after = later(after, None, None) if again_now else after
        return Rung(card.round, after, _next_at(after, waiting, now))
    after = later(replace(before, newest=before.again), None, None)
    return Rung(before.again, after, _next_at(after, waiting, now))


def _next_at(
    subscription: Subscription, waiting: Sequence[tuple[datetime, Came]], now: datetime
) -> datetime | None:
    moments = [due for due, _card in waiting if due > now]
    if subscription.again_at is not None:
        moments.append(subscription.again_at)
    return min(moments, default=None)


def again_at(now: datetime, zone: str) -> datetime:
    """When a card comes again that is put off at `now`: in an hour, and not at night; all in UTC."""
    at = now + LATER
    return quiet(at, zone) or at


def later(before: Subscription, round: RoundId | None, at: datetime | None) -> Subscription:
    """Send a card once more at a moment (UTC), instead of one that was put off before; None: none."""
    return replace(before, again=round, again_at=at)


def may_go_out(round: Round) -> bool:
    """Whether a card still asks this player for something: it is open, and they have not answered it."""
    open = round.phase is Phase.RESPONDING and round.pause is None
    return open and not round.mine.heard
