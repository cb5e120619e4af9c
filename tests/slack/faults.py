"""What can go wrong at Slack, each switchable and seeded; and the rate limits, when they are on."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from dataclasses import dataclass

from tests.slack.record import Clock, Json
from tests.stand_in import Chance

# chat.postMessage, "Rate limiting": one a second in a channel, short bursts; hundreds a minute in all.
POSTS_A_SECOND, POSTS_AT_ONCE = 1.0, 4
POSTS_A_MINUTE = 300


@dataclass
class Faults(Chance):
    """Every share is between 0 and 1. All are off at first; a test sets what it wants, at any time."""

    rate_limits: bool = False  # enforce the real ones
    distributed: bool = False  # the app is sold outside the Marketplace: history comes once a minute
    too_many: float = 0.0  # share of calls answered 429, whatever their number
    retry_after: float = 1  # seconds, for `too_many`; less than one is kinder to a test than Slack is
    broken: float = 0.0  # share of calls answered 500; nothing is done
    lost_replies: float = 0.0  # share of calls done, whose answer never arrives
    spared: frozenset[str] = frozenset({"apps.connections.open", "auth.test"})  # methods that work always
    twice: bool = False  # deliver every event twice
    reorder: int = 0  # hold so many events, then deliver them in any order
    hold: float = 0.05  # seconds after which those held go out, however few
    delay: float = 0.0  # events wait up to so many seconds
    lost_events: float = 0.0  # share of events whose first delivery nobody gets
    dropped_sockets: float = 0.0  # share of events before which a socket breaks without a word


class Limiter:
    """Slack's rate limits: each method by its tier in each workspace, posts by channel too."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: dict[tuple[str, ...], deque[float]] = defaultdict(deque)
        self._posts: dict[tuple[str, str], tuple[float, float]] = {}

    def wait(self, workspace: str, method: str, tier: int, args: Json, *, distributed: bool = False) -> int:
        """Seconds to wait before this call, whole ones as in `Retry-After`; 0 if it may be made now."""
        now = self._clock()
        if distributed and method in {"conversations.history", "conversations.replies"}:
            tier = 1  # Rate limits, "Rate limit changes for non-Marketplace apps"
        bucket = (workspace, str(args.get("channel", "")))
        tokens = float(POSTS_AT_ONCE)
        if method == "chat.postMessage":
            tier = POSTS_A_MINUTE
            before, at = self._posts.get(bucket, (float(POSTS_AT_ONCE), now))
            tokens = min(POSTS_AT_ONCE, before + (now - at) * POSTS_A_SECOND)
            if tokens < 1:
                return math.ceil((1 - tokens) / POSTS_A_SECOND)
        made = self._calls[workspace, method]
        while made and now - made[0] >= 60:
            made.popleft()
        if len(made) >= tier:
            return max(1, math.ceil(60 - (now - made[0])))
        made.append(now)
        if method == "chat.postMessage":
            self._posts[bucket] = (tokens - 1, now)
        return 0
