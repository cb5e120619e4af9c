"""What can go wrong at Slack goes wrong here, as often as a test says, and the same way for the same seed."""

from __future__ import annotations

import pytest
from aiohttp import ClientError
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.conftest import OFTEN, Clock, Connect
from tests.slack.people import Person
from tests.slack.record import Channel, Workspace
from tests.slack.server import SlackServer
from tests.slack.test_delivery import Told

pytestmark = pytest.mark.asyncio


async def statuses(client: AsyncWebClient, how_many: int, method: str = "conversations.info") -> list[int]:
    """What so many calls get."""
    args = {"channel": "C1", "text": "x"} if method == "chat.postMessage" else {"channel": "C1"}
    found = []
    for _ in range(how_many):
        try:
            found.append((await client.api_call(method, json=args)).status_code)
        except SlackApiError as error:
            found.append(error.response.status_code)
    return found


async def test_a_share_of_calls_is_too_many(
    slack: SlackServer, north: Workspace, client: AsyncWebClient
) -> None:
    slack.faults.too_many = 0.2
    slack.faults.retry_after = 7
    found = []
    for _ in range(100):
        try:
            await client.conversations_info(channel="C1")
        except SlackApiError as error:
            found.append(error.response.headers["Retry-After"])

    assert 10 <= len(found) <= 30
    assert set(found) == {"7"}
    assert sum(call.status == 429 for call in slack.calls) == len(found)


async def test_some_methods_are_spared(slack: SlackServer, client: AsyncWebClient) -> None:
    slack.faults.too_many = slack.faults.broken = slack.faults.lost_replies = 1.0

    assert (await client.auth_test())["ok"] is True


async def test_a_lost_reply_is_for_work_that_was_done(
    slack: SlackServer, ada: Person, team: Channel, client: AsyncWebClient
) -> None:
    slack.faults.lost_replies = 1.0

    with pytest.raises(ClientError):
        await client.chat_postMessage(channel="C1", text="once")

    assert [post.text for post in ada.sees(team)] == ["once"]


async def test_a_broken_server_has_done_nothing(
    slack: SlackServer, ada: Person, team: Channel, client: AsyncWebClient
) -> None:
    slack.faults.broken = 1.0

    with pytest.raises((SlackApiError, ClientError)):
        await client.chat_postMessage(channel="C1", text="never")

    assert ada.sees(team) == []


async def test_posts_come_one_a_second_in_each_channel_after_a_burst(
    slack: SlackServer, clock: Clock, north: Workspace, client: AsyncWebClient
) -> None:
    slack.faults.rate_limits = True
    north.channel("C2")

    burst = await statuses(client, 6, "chat.postMessage")
    clock.now += 1
    later = await statuses(client, 2, "chat.postMessage")
    elsewhere = await client.chat_postMessage(channel="C2", text="x")

    assert burst == [200] * 4 + [429] * 2
    assert later == [200, 429]
    assert elsewhere.status_code == 200


async def test_a_tier_is_so_many_calls_a_minute_in_each_workspace(
    slack: SlackServer, clock: Clock, north: Workspace, client: AsyncWebClient
) -> None:
    slack.faults.rate_limits = True

    found = await statuses(client, 51)
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_info(channel="C1")
    clock.now += 61

    assert found == [200] * 50 + [429]
    assert caught.value.response.headers["Retry-After"] == "60"
    assert (await client.conversations_info(channel="C1")).status_code == 200


async def test_history_comes_once_a_minute_to_apps_sold_outside_the_marketplace(
    slack: SlackServer, north: Workspace, client: AsyncWebClient
) -> None:
    slack.faults.rate_limits = slack.faults.distributed = True

    await client.conversations_history(channel="C1")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.conversations_history(channel="C1")


@pytest.mark.parametrize("ping_interval", [OFTEN])
async def test_sockets_break_and_events_arrive_all_the_same(
    slack: SlackServer, ada: Person, team: Channel, bolt: AsyncApp, connect: Connect
) -> None:
    told = Told(bolt)
    slack.faults.dropped_sockets = 0.3
    slack.delivery().retries = (0.3,) * 20
    await connect(bolt)

    for number in range(5):
        ada.say(team, str(number))
    await slack.settled()

    assert {event["text"] for event in told.events} == {"0", "1", "2", "3", "4"}
