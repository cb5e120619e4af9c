"""What people are called, and whom Slack names: asked once, and no more often than Slack wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.slack import manifest
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


def _infos(server: SlackServer) -> int:
    return sum(each.method == "conversations.info" for each in server.calls)


async def test_owners_admins_and_who_made_the_channel_look_after_it(
    server: SlackServer, workspaces: Workspaces
) -> None:
    north = await _with_two(server, workspaces, "T1")
    there = server.workspaces["T1"]
    there.user("U3", "Cat", is_admin=True)
    there.user("U4", "Dan", is_owner=True)
    there.channel("C1", "ward-4", members=("U1", "U2", "U3", "U4")).creator = "U2"

    named = {user: await north.manages(user, "C1", 5.0) for user in ("U1", "U2", "U3", "U4")}

    assert named == {"U1": False, "U2": True, "U3": True, "U4": True}
    assert _infos(server) == 1, "who made a channel never changes"
    assert not await north.manages("U2", "", 5.0), "nowhere, nobody made anything"


async def test_of_a_private_channel_slack_tells_nothing_and_is_not_asked_again(
    server: SlackServer, workspaces: Workspaces
) -> None:
    there = server.workspace("T1", scopes=manifest.SCOPES)
    there.user("U1", "Ada")
    there.channel("C1", "leaders", members=("U1",), private=True).creator = "U1"
    north = await workspaces.join(there.token)

    assert [await north.manages("U1", "C1", 5.0) for _ in range(2)] == [False, False]
    assert _infos(server) == 1


async def test_an_answer_that_takes_long_is_waited_for_no_longer_than_a_press_can(
    server: SlackServer, workspaces: Workspaces
) -> None:
    north = await _with_two(server, workspaces, "T1")
    server.workspaces["T1"].channel("C1", "ward-4", members=("U1", "U2")).creator = "U2"

    assert not await north.manages("U2", "C1", 0.0)
    while north.asking_creators:
        await asyncio.wait(north.asking_creators.values())

    assert await north.manages("U2", "C1", 5.0), "what came meanwhile was kept"
