"""What people are called: asked once, and no more often than Slack wants."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.slack.workspace import Who, Workspace, Workspaces
from tests.slack.faults import Faults
from tests.slack.server import SlackServer

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer(faults=Faults(retry_after=1_000)) as server:
        yield server


@pytest_asyncio.fixture
async def workspaces(server: SlackServer) -> AsyncIterator[Workspaces]:
    found = Workspaces(server.api_url)
    yield found
    await found.close()


async def _with_two(server: SlackServer, workspaces: Workspaces, team: str) -> Workspace:
    there = server.workspace(team)
    there.user("U1", "Ada")
    there.user("U2", "Ben")
    return await workspaces.join(there.token)


def _asked(server: SlackServer) -> list[str]:
    return [f"{each.workspace} {each.args['user']}" for each in server.calls if each.method == "users.info"]


async def test_a_name_is_asked_once(server: SlackServer, workspaces: Workspaces) -> None:
    north = await _with_two(server, workspaces, "T1")

    assert [await north.who("U1"), await north.who("U1")] == [Who("Ada", "Europe/London")] * 2
    assert _asked(server) == ["T1 U1"]


async def test_who_asks_too_often_leaves_that_workspace_alone_for_a_while(
    server: SlackServer, workspaces: Workspaces
) -> None:
    north = await _with_two(server, workspaces, "T1")
    south = await _with_two(server, workspaces, "T2")
    server.faults.too_many = 1.0
    assert await north.who("U1") == Who("")

    server.faults.too_many = 0.0

    assert await north.who("U2") == Who("")
    assert await south.who("U2") == Who("Ben", "Europe/London")
    assert _asked(server) == ["T1 U1", "T2 U2"]


async def test_a_name_is_asked_again_when_slack_allows_it(
    server: SlackServer, workspaces: Workspaces
) -> None:
    north = await _with_two(server, workspaces, "T1")
    server.faults.too_many = 1.0
    assert await north.who("U1") == Who("")

    server.faults.too_many = 0.0
    north.asks_again_at -= 1_000  # the wait is over

    assert await north.who("U1") == Who("Ada", "Europe/London")
