"""Live updates: pages that are open in a room hear that something changed there, and look again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from adapters.web.limits import STREAMS
from bot.game.model import ChannelId

KEEP_ALIVE_SECONDS = 15  # proxies end a stream that is silent for longer


class Hub:
    """Who listens in which room. Says that something changed, never what."""

    def __init__(self) -> None:
        self._listening: dict[ChannelId, dict[asyncio.Event, str]] = {}
        self._stopped = asyncio.Event()

    def changed(self, channel: ChannelId) -> None:
        """Have every open page of a room look again."""
        for listener in self._listening.get(channel, ()):
            listener.set()

    def full(self, channel: ChannelId, browser: str) -> bool:
        """Whether a browser has as many pages of a room open as it may."""
        return sum(each == browser for each in self._listening.get(channel, {}).values()) >= STREAMS

    def stop(self) -> None:
        """End every stream: uvicorn waits for them when it is told to stop."""
        self._stopped.set()
        for listeners in self._listening.values():
            for listener in listeners:
                listener.set()

    async def stream(self, channel: ChannelId, browser: str) -> AsyncIterator[bytes]:
        """Server-sent events for one page, until the page goes or the program stops.

        The first one comes at once: a page that lost its stream has missed something.
        """
        listener = asyncio.Event()
        listener.set()
        self._listening.setdefault(channel, {})[listener] = browser
        try:
            while not self._stopped.is_set():
                try:
                    await asyncio.wait_for(listener.wait(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                listener.clear()
                if not self._stopped.is_set():
                    yield b"event: changed\ndata: look again\n\n"
        finally:
            del self._listening[channel][listener]
            if not self._listening[channel]:
                del self._listening[channel]
