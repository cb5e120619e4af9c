"""Jobs: wake-ups carried after a commit. Rows are the truth; the engine only wakes who drains them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from storage.database import Transaction

Handler = Callable[[str], Awaitable[None]]


class NotYet(Exception):
    """A handler cannot do it just now. That is no fault: it is tried again."""


class Jobs(Protocol):
    """At least once, never two at a time per key, taken up only after the caller's commit.

    Handlers are idempotent.
    """

    def on(self, job: str, handler: Handler) -> None:
        """Have `handler` called with the key of each `job`."""
        ...

    def defer(self, job: str, key: str, tx: Transaction, run_at: datetime | None = None) -> None:
        """Wake `job` for `key` once `tx` is committed, or at `run_at` (UTC)."""
        ...

    async def run(self) -> None:
        """Carry wake-ups until cancelled; what is in hand is finished first."""
        ...
