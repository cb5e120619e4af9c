"""The clock's side: an alarm that is due, and what is forgotten when its time has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import assert_never

from bot import (
    daily,
    effects_out,
    keeping,
    playing,
    privately,
    reporting,
    rounding_up,
    safeguarding,
    storytelling,
)
from bot.effects_out import AlarmKind
from bot.game.effects import Effect, ShowPledges, ShowRecap, ShowResponses
from bot.game.model import Ending, RoundId
from bot.jobs import NotYet
from bot.tools import Tools
from storage import alarms, closing, inbound, rounds, stories, subscriptions, thread
from storage.database import Database, Transaction

ARMED_AT_ONCE = 20  # campaigns in one transaction, so that no press waits long for it
CAN_GO_ON = timedelta(days=7)  # how long a campaign that ended may be given a later end, and all is as it was
EXPIRED_AT_ONCE = 50  # rounds in one transaction; the next minute takes the next


class ScrubLater(NotYet):
    """A reader still needs the log; the sweep tries again."""


def ring(tx: Transaction, tools: Tools, key: str, now: datetime) -> None:
    """An alarm is due. One that rang already, or was moved, changes nothing."""
    match effects_out.kind_of(key):
        case AlarmKind.ROUND:
            _ring_round(tx, tools, key, now)
        case AlarmKind.CAMPAIGN:
            daily.ring(tx, tools, key, now)
        case AlarmKind.ROUND_UP:
            rounding_up.ring(tx, tools, key, now)
        case AlarmKind.REPORT:
            reporting.ring(tx, tools, key, now)
        case AlarmKind.ENDED:
            daily.ring_end(tx, tools, key, now)
        case AlarmKind.PRIVATE:
            privately.ring(tx, tools, key, now)
        case AlarmKind.PRETEND:
            raise AssertionError("the practice room rings these itself")
        case _ as never:
            assert_never(never)


def _ring_round(tx: Transaction, tools: Tools, key: str, now: datetime) -> None:
    # The round first: on PostgreSQL a press that has locked it is waited for here, and may move the alarm.
    loaded = rounds.load(tx, tools.keyring, effects_out.round_of(key), community=None)
    if alarms.take(tx, key, now):
        playing.advance(tx, tools, loaded, now)


async def follow_zones(database: Database, tools: Tools, rules: str, now: Callable[[], datetime]) -> None:
    """Compute every local moment again if the rules of the time zones may have changed since.

    Not all at once: people go on playing. An alarm that still rings by the old rules asks the game,
    which knows the new ones. Cut off, it begins again at the next start.
    """
    if await database.read(alarms.rules) == rules:
        return
    last = ""
    while True:
        arm = partial(daily.arm_again, tools=tools, after=last, most=ARMED_AT_ONCE, now=now())
        found = await database.write(arm)
        if found is None:
            break
        last = found
    if last:  # else there is no campaign, and nothing to note
        await database.write(lambda tx: alarms.computed_by(tx, rules, now()))


async def scrub(database: Database) -> None:
    """What was deleted goes from the files too, if any of it is still there. Raises ScrubLater."""
    owed = await database.read(alarms.scrub_owed)
    if owed is None:
        return
    if not await database.scrub():
        raise ScrubLater
    await database.write(lambda tx: alarms.scrubbed(tx, owed))


def expire(tx: Transaction, tools: Tools, now: datetime, kept: timedelta) -> None:
    """Retention: words go `kept` after their round closed, from the posts that showed them too.

    Requests for a story go after 7 days; a story stays as long as its writer agrees, or until the day
    that they have named.
    """
    if stories.forget_requests(tx, now - keeping.ASKED_FOR):
        effects_out.put_scrub(tx, tools.jobs, now)
    storytelling.expire(tx, tools, now)
    safeguarding.forget_held(tx, tools, now)
    subscriptions.forget_ended(tx, now - CAN_GO_ON)
    for id in closing.forget_words(tx, now - kept, EXPIRED_AT_ONCE):
        _show_again(tx, tools, id, [ShowResponses(), ShowRecap()], now)
    for id in closing.forget_pledges(tx, (now - kept).date()):
        _show_again(tx, tools, id, [ShowPledges(), ShowRecap()], now)


def _show_again(tx: Transaction, tools: Tools, id: RoundId, effects: list[Effect], now: datetime) -> None:
    """Bring the posts of a round up to date that had a recap, and delete from the files."""
    round = rounds.load(tx, tools.keyring, id, community=None).round
    if round.ending is Ending.FINISHED:
        effects_out.put(tx, tools.jobs, round, effects)
    effects_out.put_scrub(tx, tools.jobs, now)


def clear_inbound(tx: Transaction, now: datetime) -> None:
    """Forget deliveries that no platform repeats any more."""
    today = now.astimezone(UTC).date()
    inbound.clear(tx, today)
    thread.clear(tx, today)
