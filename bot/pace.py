"""Pace: how long a post or an edit waits, so that the platform's limits are kept and all share them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
AT_ONCE = timedelta(0)
SPREAD = timedelta(seconds=0.2)  # between two channels that go on after everything had to wait
FREELY = 0.8  # of a minute's edits go as they come; the rest is spread over what is left of the minute


class Pace:
    """In memory: after a restart a board may be edited a little early, and the platform says so.

    Times are arguments, in UTC. What lies further back than a minute is forgotten.
    """

    def __init__(self) -> None:
        self._ready: dict[str, datetime] = {}  # when a board may be edited again
        self._queues: dict[str, _Queue] = {}  # of edits, by community
        self._posts: dict[str, _Queue] = {}  # by community
        self._closed: dict[str, _Closed] = {}  # by community
        self._tidied_at: datetime | None = None

    def wait(self, board: str, community: str, now: datetime, *, gap: timedelta, a_minute: int) -> timedelta:
        """How long an edit of a board has to wait. Zero: it goes now, and is counted.

        `gap` lies between two edits of one board; `a_minute` is how many there may be in one
        community, 0 for any number. A board that has to wait has one place in the queue of its
        community, and keeps it until it comes back: it has to ask again then.
        """
        self._tidy(now)
        ready = self._ready.get(board, now)
        if ready > now:
            return ready - now  # it takes no place in the queue before
        if a_minute:
            place = self._queues.setdefault(community, _Queue()).place(board, now, a_minute)
            if place > now:
                return place - now
        self.edited(board, now + gap)
        return AT_ONCE

    def post(self, effect: str, community: str, now: datetime, *, a_minute: int) -> timedelta:
        """How long a new post has to wait, in the order in which they ask. Zero: it goes now, and is counted.

        One that has to wait has a place, and keeps it until it comes back.
        """
        self._tidy(now)
        if not a_minute:
            return AT_ONCE
        return max(AT_ONCE, self._posts.setdefault(community, _Queue()).place(effect, now, a_minute) - now)

    def edited(self, board: str, ready: datetime) -> None:
        """An edit has come through, and the platform counts from then: the next may begin at `ready`."""
        self._ready[board] = ready

    def close(self, community: str, until: datetime) -> None:
        """The platform takes nothing from this community before `until`."""
        closed = self._closed.get(community)
        if closed is None or until > closed.until:
            self._closed[community] = _Closed(until)

    def opens(self, community: str, now: datetime) -> timedelta:
        """How long somebody in this community has to wait; zero if it is open.

        Each who asks is told a moment a little later than the one before, so that not all come at once.
        """
        self._tidy(now)
        closed = self._closed.get(community)
        if closed is None or closed.until <= now:
            return AT_ONCE
        closed.told += 1
        return closed.until - now + SPREAD * (closed.told - 1)

    def _tidy(self, now: datetime) -> None:
        """Once a minute, so that memory is bounded by what a few minutes can bring."""
        if self._tidied_at is not None and now - self._tidied_at < MINUTE:
            return
        self._tidied_at = now
        self._ready = {board: ready for board, ready in self._ready.items() if ready > now}
        self._queues = _in_use(self._queues, now)
        self._posts = _in_use(self._posts, now)
        self._closed = {community: closed for community, closed in self._closed.items() if closed.until > now}


class Turns:
    """Lets callers through one by one, `a_second` of them: never more than two more in any second.

    By the event loop's clock, and by when each really goes: callers that were held up by a busy
    machine do not then go all at once.
    """

    def __init__(self, a_second: float) -> None:
        self._gap = 1 / a_second
        self._next = 0.0
        self._one = asyncio.Lock()

    def rest(self, seconds: float) -> None:
        """Nobody goes for so long. Others call meanwhile, and the platform counts them too."""
        self._next = max(self._next, asyncio.get_running_loop().time() + seconds + self._gap)

    async def turn(self) -> None:
        """Back when it is the caller's turn, in the order in which they asked."""
        clock = asyncio.get_running_loop().time
        async with self._one:
            # A late timer is made good by the next, which may come one gap early: else each would cost time.
            await asyncio.sleep(max(0.0, self._next - self._gap - clock()))
            self._next = max(self._next, clock()) + self._gap


def _in_use(queues: dict[str, _Queue], now: datetime) -> dict[str, _Queue]:
    """The queues with anything in them, without what is over."""
    for queue in queues.values():
        queue.tidy(now)
    return {community: queue for community, queue in queues.items() if queue.taken}


@dataclass(slots=True)
class _Closed:
    """Until when a community has to wait, and how many have been told so."""

    until: datetime
    told: int = 0


@dataclass(slots=True)
class _Queue:
    """What goes to one community, edits or posts: that of the last minute and that to come, in order."""

    taken: list[datetime] = field(default_factory=list)
    waiting: dict[str, datetime] = field(default_factory=dict)  # board or post -> its place

    def place(self, board: str, now: datetime, a_minute: int) -> datetime:
        """When a board's turn is; once it has come the place is given back."""
        place = self.waiting.get(board)
        if place is None or now - place > MINUTE:
            self.tidy(now)
            place = self._next(now, a_minute)
            self.taken.append(place)
            self.waiting[board] = place
        if place <= now:
            del self.waiting[board]
        return place

    def _next(self, now: datetime, a_minute: int) -> datetime:
        """The earliest moment behind everything that is taken. Never more than `a_minute` in a minute."""
        if not self.taken:
            return now
        last = self.taken[-1]
        lately = [each for each in self.taken[-a_minute:] if each > max(now, last) - MINUTE]
        if len(lately) < a_minute * FREELY and last <= now:
            return now
        # With all of them used this is the moment when the oldest is a minute old.
        return max(now, last + (lately[0] + MINUTE - last) / (a_minute - len(lately) + 1))

    def tidy(self, now: datetime) -> None:
        """Forget what is over. A board that did not come back has lost its place a minute later."""
        self.taken = [each for each in self.taken if each > now - MINUTE]
        self.waiting = {board: place for board, place in self.waiting.items() if place > now - MINUTE}
