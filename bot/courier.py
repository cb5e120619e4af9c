"""The courier: takes effects from the outbox to the chat; claims, words, delivers, notes."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import slots
from bot.chat import (
    ChannelGone,
    Chat,
    ContentRefused,
    DeliveryFailed,
    MessageRef,
    NotInvited,
    PostGone,
    ReplyLost,
    TryLater,
    WhisperClosed,
)
from bot.game.calendar import quiet
from bot.game.effects import News
from bot.game.model import ChannelId, PlayerId
from bot.messages import Message
from bot.pace import AT_ONCE, Pace
from bot.slots import GONE, IN_PLACE, IN_THREAD, NOT_INVITED, Shown, Slot
from bot.tools import NO_CARE, Care
from bot.views.pages import nothing_left, pages
from bot.wording import worded
from storage import communities, outbox, rounds, subscriptions
from storage.communities import Channel
from storage.database import Database, DatabaseUnavailable, Transaction
from storage.keys import Keyring
from storage.outbox import Claimed

SOONEST = timedelta(seconds=0.1)
FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(hours=24)

AT_ANY_HOUR = frozenset({Shown.WELCOME, Shown.CAMPAIGN, Shown.BOARD, Shown.TROUBLE, Shown.CARE})
"""What is posted in quiet hours too: a card, at the hour somebody chose, what has to be put right, help."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An effect as it is worded now: what goes where, to whom if it is private.

    `more` says that another part comes after it; `needless`, that the message no longer needs this part.
    `not_before`, in UTC: these are quiet hours, and it is new if it is not there yet.
    """

    chat: Chat
    place: Channel
    slot: Slot
    message: Message
    player: PlayerId | None
    more: bool
    needless: bool
    not_before: datetime | None

    @property
    def home(self) -> str:
        """The community, which shares the platform's limits."""
        return self.place.community.id

    @property
    def paced(self) -> bool:
        """Whether the platform limits how often this is edited. Later parts go with the first."""
        facts = self.chat.capabilities
        limited = facts.edit_gap > 0 or facts.edits_a_minute > 0
        return limited and self.slot.shown is Shown.BOARD and self.slot.part == 1

    @property
    def doubles(self) -> bool:
        """Whether it may show twice when repeated: nobody can look, and the platform does not know it."""
        by_key = self.player is not None and self.chat.capabilities.whispers_by_key
        return not self.findable and not by_key

    @property
    def findable(self) -> bool:
        """Whether it can be looked up. A whisper never can: it is in nobody else's sight."""
        return self.player is None and self.chat.capabilities.finds_own_posts

    def looked_up(self, claimed: Claimed) -> bool:
        """Whether it is looked up before it is sent."""
        return claimed.again and self.findable


class NotConnected(Exception):
    """We play on this platform no longer, or not just now."""


class NotNow(Exception):
    """It is not there yet, and new in quiet hours. `until` in UTC."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Courier:
    """Delivers each channel's effects in order. `chats` by platform.

    `delivered` hears of a channel once something is there and noted, `unreached` of who asked for
    something and takes no private messages from us.
    """

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        chats: Mapping[str, Chat],
        clock: Callable[[], datetime],
        delivered: Callable[[ChannelId], None] = lambda _channel: None,
        care: Care = NO_CARE,
        unreached: Callable[[PlayerId], None] = lambda _player: None,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._chats = chats
        self._clock = clock
        self._delivered = delivered
        self._care = care
        self._unreached = unreached
        self._pace = Pace()

    async def deliver(self, channel: str) -> None:
        """Everything that waits for a channel, until it is empty or has to wait."""
        while True:
            claimed = await self._database.write(
                lambda tx: outbox.claim(tx, ChannelId(channel), self._clock())
            )
            if claimed is None or not await self._deliver(claimed):
                return

    async def _deliver(self, claimed: Claimed) -> bool:
        """Deliver one effect. False: the channel has to wait."""
        try:
            letter = await self._database.read(lambda tx: self._load(tx, claimed))
        except DatabaseUnavailable:
            raise  # the row stays as it is, and is taken up again
        except NotConnected:
            # Its tokens were taken out of the settings, perhaps for a day: nothing is given up.
            later = self._clock() + LONGEST_WAIT
            await self._database.write(lambda tx: outbox.try_again(tx, claimed, later, unknown=claimed.again))
            return False
        except Exception as error:
            # A fault of ours must not stand before everything else in the channel for ever.
            log.error("message cannot be worded", effect=claimed.id, exc_info=error)
            return await self._failed(claimed, DeliveryFailed())
        if letter is None:
            # Nobody to tell, or nothing left to show.
            await self._database.write(lambda tx: outbox.sent(tx, claimed, None))
            return True
        unseen = claimed.again and claimed.post is None and letter.doubles
        if unseen and claimed.repeated:
            return await self._let_be(claimed, letter)
        now = self._clock()
        closed = self._pace.opens(letter.home, now)
        if closed > AT_ONCE:
            return await self._failed(claimed, TryLater(closed.total_seconds()), letter)
        if letter.not_before is not None and not unseen and not letter.looked_up(claimed):
            return await self._put_off(claimed, letter.not_before)
        wait = self._wait(letter, claimed, now)
        if wait > AT_ONCE:
            await self._database.write(lambda tx: outbox.hold(tx, claimed, now + wait))
            return True
        wait = self._post_wait(letter, claimed, now)
        if wait > AT_ONCE:
            # Those behind it in its channel wait with it: they belong under it, or come after it.
            later = now + wait
            await self._database.write(lambda tx: outbox.try_again(tx, claimed, later, unknown=claimed.again))
            return False
        if unseen:
            await self._database.write(lambda tx: outbox.repeat(tx, claimed))
        try:
            ref = await self._send(letter, claimed)
        except NotNow as night:
            return await self._put_off(claimed, night.until)
        except ReplyLost as failed:
            return await (self._let_be(claimed, letter) if unseen else self._failed(claimed, failed, letter))
        except DeliveryFailed as failed:
            return await self._failed(claimed, failed, letter)
        if letter.paced:
            gap = timedelta(seconds=letter.chat.capabilities.edit_gap)
            self._pace.edited(_board(claimed), self._clock() + gap)
        kept = ref if letter.slot.shown in IN_PLACE else None
        await self._database.write(lambda tx: outbox.sent(tx, claimed, kept, more=letter.more))
        self._delivered(claimed.channel)
        return True

    def _load(self, tx: Transaction, claimed: Claimed) -> Letter | None:
        """What is to be sent, as it is now; None if there is nothing to say."""
        slot = slots.read(claimed.slot)
        place = communities.channel(tx, claimed.channel, None)
        player = None
        if slot.person is not None:
            player = communities.player_of(tx, slot.person, place.community.id)
            if player is None:
                return None
        now = self._clock()
        whole = worded(tx, self._keyring, slot, claimed.round, place, now, self._care)
        if whole is None:
            return None
        chat = self._chats.get(place.community.platform)
        if chat is None:
            raise NotConnected
        parts = pages(whole, chat.fits)
        needless = slot.part > len(parts)
        return Letter(
            chat=chat,
            place=place,
            slot=slot,
            message=nothing_left() if needless else parts[slot.part - 1],
            player=player,
            more=slot.part < len(parts) or claimed.more,
            needless=needless,
            not_before=_quiet_until(tx, claimed, slot, place, now),
        )

    def _wait(self, letter: Letter, claimed: Claimed, now: datetime) -> timedelta:
        """How long an edit of a board is held, so that there are no more of them than the platform takes."""
        facts = letter.chat.capabilities
        if not letter.paced or claimed.post is None:
            return AT_ONCE
        gap = timedelta(seconds=facts.edit_gap)
        return self._pace.wait(_board(claimed), letter.home, now, gap=gap, a_minute=facts.edits_a_minute)

    def _post_wait(self, letter: Letter, claimed: Claimed, now: datetime) -> timedelta:
        """How long a new post waits. It holds no place of those that work meanwhile, and no connection."""
        if claimed.post is not None and letter.slot.shown in IN_PLACE:
            return AT_ONCE
        a_minute = letter.chat.capabilities.posts_a_minute
        return self._pace.post(claimed.key, letter.home, now, a_minute=a_minute)

    async def _put_off(self, claimed: Claimed, until: datetime) -> bool:
        """What waits for the morning lets the rest by."""
        await self._database.write(lambda tx: outbox.put_off(tx, claimed, until))
        return True

    async def _let_be(self, claimed: Claimed, letter: Letter) -> bool:
        """Sent twice, and nobody knows what arrived. A third time would be worse than none."""
        log.warning("message sent twice without an answer", effect=claimed.id, attempts=claimed.attempts)
        await self._database.write(lambda tx: outbox.sent(tx, claimed, None, more=letter.more))
        return True

    async def _send(self, letter: Letter, claimed: Claimed) -> MessageRef | None:
        chat, message = letter.chat, letter.message
        if letter.player is not None:
            # What stands in a channel is for those who may read it.
            asks = letter.slot.shown is Shown.PRIVATE and chat.capabilities.tells_who_left
            if asks and not await chat.takes_part(claimed.channel, letter.player):
                raise WhisperClosed
            await chat.whisper(claimed.channel, letter.player, message, key=claimed.key)
            return None
        in_place = letter.slot.shown in IN_PLACE
        if claimed.post is not None and in_place:
            await chat.edit(claimed.channel, claimed.post, message)
            return claimed.post
        thread = claimed.thread if letter.slot.shown in IN_THREAD else None
        if letter.looked_up(claimed):
            # It may be there already: a process ended, or an answer was lost, after it was sent.
            found = await chat.find(claimed.channel, key=claimed.key, thread=thread)
            if found is not None:
                if in_place:
                    await chat.edit(claimed.channel, found, message)
                return found
            if letter.not_before is not None:
                raise NotNow(letter.not_before)  # the process ended before it could even be put off
        if letter.needless:
            return None  # it never got so far
        return await chat.post(claimed.channel, message, key=claimed.key, thread=thread)

    async def _failed(self, claimed: Claimed, failed: DeliveryFailed, letter: Letter | None = None) -> bool:
        """True if the next may go on. `letter` is None if it could not even be worded."""
        now = self._clock()
        facts = {"effect": claimed.id, "attempts": claimed.attempts}
        more = letter is not None and letter.more
        match failed:
            case WhisperClosed():
                # Not kept: it would tell for ever who had asked to be told.
                log.info("message dropped: this player takes no private ones", **facts)
                await self._database.write(lambda tx: self._cannot_reach(tx, claimed))
                if letter is not None and letter.player is not None and letter.slot.shown is Shown.PRIVATE:
                    self._unreached(letter.player)
                return True
            case PostGone():
                log.info("message dropped: somebody deleted the post", **facts)
                await self._database.write(lambda tx: outbox.sent(tx, claimed, None, more=more))
                return True
            case ContentRefused():
                log.error("message put aside: the platform refuses its content", **facts)
                lost = claimed.again
                await self._database.write(lambda tx: self._put_aside(tx, claimed, more, unknown=lost))
                return True
            case ChannelGone() if not slots.is_trouble(claimed.slot):
                log.warning("channel paused: it is gone, or forbids us to post", **facts)
                why = NOT_INVITED if isinstance(failed, NotInvited) else GONE
                await self._database.write(lambda tx: self._pause(tx, claimed, why))
                return True  # those who look after it can be told
            case _ if now - claimed.first_tried_at > GIVE_UP_AFTER:
                log.error("message put aside after a day of trying", **facts)
                lost = claimed.again or isinstance(failed, ReplyLost)
                await self._database.write(lambda tx: self._put_aside(tx, claimed, more, unknown=lost))
                return True
            case TryLater(everywhere=True) if letter is not None:
                self._pace.close(letter.home, now + timedelta(seconds=failed.after))
                after = self._pace.opens(letter.home, now)
            case TryLater():
                after = timedelta(seconds=failed.after)
            case _:
                after = _backing_off(claimed.attempts)
        after = max(after, SOONEST)
        # What may be there already may still be there after a refusal: it is looked up until it is found.
        unknown = claimed.again or isinstance(failed, ReplyLost)
        await self._database.write(lambda tx: outbox.try_again(tx, claimed, now + after, unknown=unknown))
        return slots.is_trouble(claimed.slot)

    def _cannot_reach(self, tx: Transaction, claimed: Claimed) -> None:
        slot = slots.read(claimed.slot)
        if slot.shown is Shown.PRIVATE and slot.person is not None and claimed.round is not None:
            subscriptions.refuse(tx, claimed.round, slot.person)
        outbox.sent(tx, claimed, None)

    def _pause(self, tx: Transaction, claimed: Claimed, why: str) -> None:
        # The channel first: whoever puts something locks it before they touch the outbox.
        first = communities.pause(tx, claimed.channel, why)
        outbox.keep(tx, claimed)
        if first:
            self._tell(tx, claimed, why)

    def _put_aside(self, tx: Transaction, claimed: Claimed, more: bool, *, unknown: bool = False) -> None:
        if slots.read(claimed.slot).person is not None:
            outbox.sent(tx, claimed, None)  # not kept: it would tell for ever who was told what
        elif outbox.put_aside(tx, claimed, more=more, unknown=unknown):
            self._tell(tx, claimed, claimed.number)

    def _tell(self, tx: Transaction, claimed: Claimed, about: str) -> None:
        """Have those who look after the channel told privately: its organiser, and who dealt the card."""
        people = {communities.channel(tx, claimed.channel, None).organiser}
        if claimed.round is not None:
            people.add(rounds.facilitator(tx, claimed.round))
        for person in sorted(each for each in people if each is not None):
            outbox.put(tx, claimed.channel, claimed.round, Slot(Shown.TROUBLE, about, person).write())


def _quiet_until(
    tx: Transaction, claimed: Claimed, slot: Slot, place: Channel, now: datetime
) -> datetime | None:
    """When something new may be posted, if these are quiet hours; in UTC (spec: game, section 3).

    What is there is brought up to date at any hour, what may be there is looked up first, and later parts
    go with the first. What may be there and cannot be looked up goes at once: it was begun by day, unless
    a process ended in the moment between. In a live round and in the practice room those who play are
    there. Whoever decides about a pause hears of it at once, and so does whoever can help somebody who
    may need it. What one person has asked for goes by their own clock.
    """
    urgent = slot.shown is Shown.NEWS and slot.about in {News.PAUSED, News.HELD, News.HARM_IN_THREAD}
    if urgent or slot.shown in AT_ANY_HOUR or slot.part > 1 or claimed.post is not None:
        return None
    zone = place.time_zone
    if slot.shown is Shown.PRIVATE and slot.person is not None:
        zone = subscriptions.zone_of(tx, slot.person, place.community.id) or zone
    until = quiet(now, zone)
    if until is None or place.community.practice:
        return None
    return None if claimed.round is not None and rounds.is_live(tx, claimed.round) else until


def _board(claimed: Claimed) -> str:
    return f"{claimed.channel} {claimed.round}"


def _backing_off(attempts: int) -> timedelta:
    """Twice as long each time, with some chance, so that many do not come back at once."""
    doubled = min(FIRST_WAIT * 2 ** min(attempts - 1, 10), LONGEST_WAIT)
    return timedelta(seconds=doubled.total_seconds() * random.uniform(0.8, 1.2))  # noqa: S311 - no secret
