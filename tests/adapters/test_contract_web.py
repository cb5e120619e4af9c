"""The adapter contract, kept by the browser room over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.adapters.browser import browser_rooms
from tests.adapters.contract import ChatContract
from tests.adapters.platform import Platform


@pytest_asyncio.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    """Rooms of their own for each story."""
    async with browser_rooms(tmp_path) as rooms:
        yield rooms


class TestBrowserRoom(ChatContract):
    """Every story of the contract."""
