"""What was used last: kept in memory, so that it is not looked up again."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

KEPT = 20_000  # channels, people: what is forgotten is looked up when it is wanted

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """What was used last, up to a number of things. Any thread may ask: transactions run in their own."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        """What was kept, if it still is."""
        try:
            self._kept.move_to_end(key)
            return self._kept[key]
        except KeyError:  # never kept, or another thread has just let it go
            return None

    def drop(self, key: K) -> None:
        """Forget it."""
        self._kept.pop(key, None)

    def keep(self, key: K, value: V) -> V:
        """Keep a value, and give it back. Only the event loop's thread keeps and drops."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return value
