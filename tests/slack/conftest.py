"""A running Slack test server, and the real slack_bolt connected to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.patience import PATIENCE
from tests.slack.people import Person
from tests.slack.record import Channel, Workspace
from tests.slack.server import SlackServer


class Clock:
    """A clock that stands still until a test moves it, in seconds since 1970."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ack_within() -> float:
    """What a test about the three seconds of Slack sets to them: no other is about time."""
    return PATIENCE


@pytest_asyncio.fixture
async def slack(clock: Clock, ack_within: float) -> AsyncIterator[SlackServer]:
    async with SlackServer(clock=clock, ack_within=ack_within, retries=(0.01, 0.02, 0.03)) as server:
        yield server


@pytest.fixture
def north(slack: SlackServer) -> Workspace:
    made = slack.workspace("T1", "North")
    made.user("U1", "Ada")
    made.user("U2", "Ben", is_admin=True)
    made.channel("C1", "team", members=("U1", "U2"))
    return made


@pytest.fixture
def ada(slack: SlackServer, north: Workspace) -> Person:
    return slack.person(north, "U1")


@pytest.fixture
def ben(slack: SlackServer, north: Workspace) -> Person:
    return slack.person(north, "U2")


@pytest.fixture
def team(north: Workspace) -> Channel:
    return north.channels["C1"]


@pytest.fixture
def client(slack: SlackServer, north: Workspace) -> AsyncWebClient:
    return AsyncWebClient(north.token, base_url=slack.api_url, retry_handlers=[])


Connect = Callable[[AsyncApp], Awaitable[AsyncSocketModeHandler]]


@pytest.fixture
def bolt(slack: SlackServer, client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client, process_before_response=True, ignoring_self_events_enabled=True)


@pytest.fixture
def ping_interval() -> float:
    """Seconds between two pings. A test that breaks a socket sets OFTEN, and then a pause of a busy
    machine breaks one, too: the SDK gives up what has no pong for a second.
    """
    return 5.0


OFTEN = 0.2


@pytest_asyncio.fixture
async def connect(slack: SlackServer, client: AsyncWebClient, ping_interval: float) -> AsyncIterator[Connect]:
    """Connect a Bolt app over a socket; it is disconnected at the end."""
    async with AsyncExitStack() as stack:

        async def connected(app: AsyncApp) -> AsyncSocketModeHandler:
            before = len(slack.delivery().sockets)
            handler = AsyncSocketModeHandler(
                app, slack.app.app_token, web_client=client, ping_interval=ping_interval
            )
            stack.push_async_callback(handler.close_async)
            await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped
            await slack.until(lambda: len(slack.delivery().sockets) > before)
            return handler

        yield connected
