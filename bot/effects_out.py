"""Effects -> outbox rows and alarms, in the transaction of the move that caused them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import assert_never

from bot.game import effects as out
from bot.game.effects import Effect
from bot.game.model import ChannelId, PersonId, Phase, Round, RoundId, Story
from bot.jobs import Jobs
from bot.slots import Shown, Slot
from storage import alarms, closing, communities, outbox, reports, round_ups
from storage.database import Transaction

DELIVER = "deliver"  # job: a channel's outbox, by channel
RING = "ring"  # job: an alarm that is due, by its key
SCRUB = "scrub"  # job: deleted rows go from the files


class AlarmKind(StrEnum):
    """What an alarm is for: what stands before the first colon of its key."""

    ROUND = "round"
    CAMPAIGN = "campaign"  # and then its id and the channel
    ROUND_UP = "roundup"  # the same
    REPORT = "report"  # the same
    ENDED = "ended"  # the same
    PRIVATE = "private"  # and then the campaign and the person
    PRETEND = "pretend"  # wakes the pretend players of a practice room

    def key(self, about: str) -> str:
        """The key of an alarm of this kind."""
        return f"{self.value}:{about}"


def kind_of(key: str) -> AlarmKind:
    """What an alarm's key says that it is for."""
    return AlarmKind(key.partition(":")[0])


def round_of(key: str) -> RoundId:
    """The round of an alarm's key."""
    return RoundId(key.rpartition(":")[2])


def put(tx: Transaction, jobs: Jobs, round: Round, effects: list[Effect]) -> None:
    """Store what the world should do, and wake the courier after the commit."""
    for effect in effects:
        _put(tx, jobs, round, effect)
    if effects:
        for channel in round.channels:
            jobs.defer(DELIVER, channel, tx)


def put_welcome(tx: Transaction, channel: ChannelId, round: RoundId) -> None:
    """The first board in a channel is preceded by a welcome."""
    outbox.put(tx, channel, round, Slot(Shown.WELCOME).write())


def put_pretend(tx: Transaction, jobs: Jobs, round: Round, now: datetime) -> None:
    """Wake the pretend players: they act once in each phase."""
    key = AlarmKind.PRETEND.key(f"{round.phase.value}:{round.id}")
    alarms.put(tx, key, now)
    jobs.defer(RING, key, tx, now)


def put_story(tx: Transaction, jobs: Jobs, story: Story, writer: PersonId) -> None:
    """Ask the writer of a message whether it may be kept."""
    outbox.put(tx, story.channel, None, Slot(Shown.STORY, story.id, writer).write())
    jobs.defer(DELIVER, story.channel, tx)


def put_shown(
    tx: Transaction,
    jobs: Jobs,
    channel: ChannelId,
    shown: Shown,
    about: str,
    person: PersonId | None = None,
) -> None:
    """Show something that is about no round, in a channel or to one person of it."""
    outbox.put(tx, channel, None, Slot(shown, about, person).write())
    jobs.defer(DELIVER, channel, tx)


def put_private(tx: Transaction, jobs: Jobs, channel: ChannelId, round: RoundId, person: PersonId) -> None:
    """Send one person a card that stands in a channel."""
    outbox.put(tx, channel, round, Slot(Shown.PRIVATE, "", person).write())
    jobs.defer(DELIVER, channel, tx)


def put_scrub(tx: Transaction, jobs: Jobs, now: datetime) -> None:
    """Owe a scrub with what is deleted here, so that a program that ends now does it next time."""
    alarms.owe_scrub(tx, now)
    jobs.defer(SCRUB, "", tx)


def _put(tx: Transaction, jobs: Jobs, round: Round, effect: Effect) -> None:
    match effect:
        case out.ShowBoard():
            _everywhere(tx, round, Slot(Shown.BOARD))
        case out.ShowResponses():
            for number in range(1, closing.pages(tx, round.id) + 1):
                _everywhere(tx, round, Slot(Shown.PAGE, str(number)))
        case out.ShowPledges():
            listed = Slot(Shown.PLEDGES).write()
            for channel in round.channels:
                # After the close the recap lists them; only a list that stands already goes along.
                if round.phase is not Phase.CLOSED or outbox.posted(tx, channel, round.id, listed):
                    outbox.put(tx, channel, round.id, listed)
        case out.ShowRecap():
            _everywhere(tx, round, Slot(Shown.RECAP))
            for campaign, channel, on in round_ups.quoting(tx, round.id):
                outbox.put(tx, channel, None, Slot(Shown.ROUND_UP, f"{campaign}.{on.isoformat()}").write())
            for campaign, channel in reports.about(tx, round.id):
                outbox.put(tx, channel, None, Slot(Shown.REPORT, campaign).write())
        case out.SayLine():
            _everywhere(tx, round, Slot(Shown.LINE, effect.line.value))
        case out.PostNotice():
            _everywhere(tx, round, Slot(Shown.NOTICE, effect.notice.value))
        case out.TellThoseWhoAsked():
            for person in closing.take_askers(tx, round.id):
                slot = Slot(Shown.NEWS, effect.news.value, person)
                outbox.put(tx, round.channels[0], round.id, slot.write())
        case out.TellFacilitator():
            slot = Slot(Shown.NEWS, effect.news.value, round.facilitator)
            outbox.put(tx, round.channels[0], round.id, slot.write())
        case out.TellModerators():
            for channel in round.channels:
                organiser = communities.channel(tx, channel, None).organiser
                slot = Slot(Shown.NEWS, effect.news.value, organiser or round.facilitator)
                outbox.put(tx, channel, round.id, slot.write())
        case out.SetAlarm():
            key = AlarmKind.ROUND.key(round.id)
            alarms.put(tx, key, effect.at)
            jobs.defer(RING, key, tx, effect.at)
        case out.ClearAlarm():
            alarms.clear(tx, AlarmKind.ROUND.key(round.id))
        case _:
            assert_never(effect)


def _everywhere(tx: Transaction, round: Round, slot: Slot) -> None:
    for channel in round.channels:
        outbox.put(tx, channel, round.id, slot.write())
