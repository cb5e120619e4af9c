"""Chance: where ids and shuffles come from, so that a simulation can repeat itself."""

from __future__ import annotations

import random
import secrets
from typing import Protocol

ID_BYTES = 12  # 16 characters in a button


class Chance(Protocol):
    """Where ids and shuffles come from, so that a simulation can repeat itself."""

    def id(self) -> str:
        """A new id that a button can carry: random, so that no order of arrival shows."""
        ...

    def shuffle(self) -> random.Random:
        """What shuffles a reveal or a close."""
        ...


class SystemChance:
    """Chance that nobody can repeat."""

    def id(self) -> str:
        """See Chance."""
        return secrets.token_urlsafe(ID_BYTES)

    def shuffle(self) -> random.Random:
        """See Chance."""
        return secrets.SystemRandom()
