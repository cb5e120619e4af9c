"""The adapter contract, kept on Discord: the real discord.py against the test server, over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.adapters.contract import ChatContract
from tests.adapters.discord.guild import discord_rooms
from tests.adapters.platform import Platform


@pytest_asyncio.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    """A guild of its own for each story."""
    async with discord_rooms(tmp_path) as rooms:
        yield rooms
        assert rooms.server.faults_of_ours == []


class TestDiscord(ChatContract):
    """Every story of the contract."""
