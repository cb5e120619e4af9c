"""The adapter contract, kept on Slack: the real slack-bolt against the test server, over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.adapters.contract import ChatContract
from tests.adapters.platform import Platform
from tests.adapters.slack.team import HTTP, SOCKET
from tests.adapters.slack.workspace import slack_rooms


@pytest_asyncio.fixture
async def platform(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Platform]:
    """A workspace of its own for each story."""
    async with slack_rooms(tmp_path, by=request.cls.by) as rooms:
        yield rooms
        assert rooms.server.faults_of_ours == []


class TestSlack(ChatContract):
    """Every story of the contract, by Socket Mode."""

    by = SOCKET


class TestSlackByHttp(ChatContract):
    """Every story again: Slack calls the program's web port."""

    by = HTTP
