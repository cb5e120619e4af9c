"""What the stand-ins of both platforms share: a server here, waiting for it, and chance by a seed."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.patience import PATIENCE


def wall_clock() -> float:
    """The time that real clients live in. A test that moves time gives the server its own clock."""
    return time.time_ns() / 1_000_000_000


class StandIn:
    """A server that a test can wait on. `most`: the bytes that a body may have."""

    def __init__(self, most: int) -> None:
        self.web = web.Application(client_max_size=most)
        self._changed = asyncio.Event()
        self._address = ""

    async def _listen(self) -> None:
        """From now on it answers, at an address of its own."""
        self._runner = web.AppRunner(self.web, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self._address = f"{host}:{port}"

    @property
    def base_url(self) -> str:
        """Where the server is."""
        return f"http://{self._address}"

    # --- waiting, without fixed times ------------------------------------------------------

    def _wake(self) -> None:
        self._changed.set()

    async def until(self, condition: Callable[[], Any], within: float = PATIENCE) -> None:
        """Wait until a condition holds, looking whenever anything changes. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while not condition():
                self._changed.clear()
                try:
                    await asyncio.wait_for(self._changed.wait(), 0.05)
                except TimeoutError:
                    continue  # sockets come and go without a change of the record


def lose(request: web.Request) -> web.StreamResponse:
    """What was asked is done, and nobody hears of it."""
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)


@dataclass
class Chance:
    """What happens now and then: the same for the same seed."""

    seed: int = 0
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def strikes(self, share: float) -> bool:
        """Whether a fault of this share, between 0 and 1, happens now."""
        return share > 0 and self.chance.random() < share
