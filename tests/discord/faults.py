"""What can go wrong at Discord, each switchable and seeded; and the rate limits, when they are on."""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, field

from tests.discord.record import Clock
from tests.stand_in import Chance

A_SECOND = 50  # Rate Limits, "Global Rate Limit"
INVALID, INVALID_SECONDS = 10_000, 600.0  # Rate Limits, "Invalid Request Limit"
# Requests a bucket takes, and in how many seconds. Discord publishes none of these; they are what its headers
# were seen to say, and clients must read the headers.
BUCKETS = {
    "create_message": (5, 5.0),
    "update_message": (5, 5.0),
    "delete_message": (5, 1.0),
    "add_my_message_reaction": (1, 0.25),
    "delete_my_message_reaction": (1, 0.25),
    "create_thread_from_message": (50, 300.0),
    "create_dm": (10, 10.0),
    "update_channel": (2, 600.0),
    "execute_webhook": (5, 2.0),
    "update_original_webhook_message": (5, 2.0),
    "update_webhook_message": (5, 2.0),
    "delete_original_webhook_message": (5, 2.0),
}
OTHERS = (30, 10.0)

LOGIN = frozenset({"get_my_user", "get_bot_gateway", "get_my_application", "get_my_oauth2_application"})


@dataclass
class Faults(Chance):
    """Every share is between 0 and 1. All are off at first; a test sets what it wants, at any time."""

    rate_limits: bool = False  # enforce buckets, 50 a second and the ban; needs a clock that moves by itself
    buckets: dict[str, tuple[int, float]] = field(default_factory=lambda: dict(BUCKETS))
    a_second: int = A_SECOND
    invalid_limit: int = INVALID
    too_many: float = 0.0  # share of calls answered 429, whatever their number
    retry_after: float = 1.0  # seconds, for `too_many`
    scope: str = "user"  # user, shared or global, for `too_many`
    broken: float = 0.0  # share of calls answered 500; nothing is done
    lost_replies: float = 0.0  # share of calls done, whose answer never arrives
    spared: frozenset[str] = LOGIN  # calls that none of the three above befalls
    twice: float = 0.0  # share of events delivered twice
    reorder: int = 0  # hold so many events, then deliver them in any order
    hold: float = 0.05  # seconds after which those held go out, however few
    delay: float = 0.0  # events wait up to so many seconds
    lost_events: float = 0.0  # share of `losable` events that nobody ever gets
    losable: frozenset[str] = frozenset({"MESSAGE_CREATE"})
    dropped_sockets: float = 0.0  # share of events before which the socket breaks without a word
    deaf: bool = False  # heartbeats are not acknowledged
    no_resume: bool = False  # every resume is answered with an invalid session


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of a bucket. `wait`: seconds until it can be used again; 0 if this call is taken."""

    bucket: str
    limit: int
    remaining: int
    reset: float
    reset_after: float
    wait: float = 0.0

    @property
    def headers(self) -> dict[str, str]:
        """As Discord tells it (Rate Limits, "Header Format")."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": f"{self.reset:.3f}",
            "X-RateLimit-Reset-After": f"{self.reset_after:.3f}",
            "X-RateLimit-Bucket": self.bucket,
        }


class Limiter:
    """Discord's rate limits: a bucket for each call in each channel, guild or webhook; 50 a second in all."""

    def __init__(self, clock: Clock, faults: Faults) -> None:
        self._clock, self._faults = clock, faults
        self._windows: dict[tuple[str, str], tuple[float, int]] = {}
        self._second: dict[str, deque[float]] = {}
        self._invalid: deque[float] = deque()

    def room(self, name: str, major: str) -> Room:
        """The bucket of a call, with this call counted. Without limits it is never empty."""
        bucket = hashlib.sha256(name.encode()).hexdigest()[:32]
        now = self._clock()
        if not self._faults.rate_limits:
            return Room(bucket, 1000, 999, now + 1, 1.0)
        limit, seconds = self._faults.buckets.get(name, OTHERS)
        start, used = self._windows.get((name, major), (now, 0))
        if now - start >= seconds:
            start, used = now, 0
        left = start + seconds - now
        if used >= limit:
            return Room(bucket, limit, 0, start + seconds, left, left)
        self._windows[name, major] = (start, used + 1)
        return Room(bucket, limit, limit - used - 1, start + seconds, left)

    def too_fast(self, who: str) -> float:
        """Seconds to wait if `who` made too many calls in this second; else 0, and the call is counted."""
        now = self._clock()
        made = self._second.setdefault(who, deque())
        while made and now - made[0] >= 1:
            made.popleft()
        if len(made) >= self._faults.a_second:
            return 1 - (now - made[0])
        made.append(now)
        return 0.0

    def invalid(self) -> None:
        """Count an answer of 401, 403 or 429."""
        self._invalid.append(self._clock())

    @property
    def invalid_requests(self) -> int:
        """How many there were in the last ten minutes."""
        while self._invalid and self._clock() - self._invalid[0] >= INVALID_SECONDS:
            self._invalid.popleft()
        return len(self._invalid)
