"""Events arrive, again if need be, over sockets that come and go, or signed over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import ClientSession, WSMsgType, web
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack import changes
from tests.slack.conftest import OFTEN, Connect
from tests.slack.people import Person
from tests.slack.record import Channel, Workspace
from tests.slack.server import SlackServer

pytestmark = pytest.mark.asyncio


class Told:
    """A Bolt app that keeps what it is told, in order."""

    def __init__(self, app: AsyncApp) -> None:
        self.events: list[dict[str, Any]] = []
        self.bodies: list[dict[str, Any]] = []
        self.fail = 0  # so many more events are not acknowledged
        for kind in (
            "message", "reaction_added", "reaction_removed", "member_joined_channel", "member_left_channel",
            "channel_archive", "user_change", "app_uninstalled", "tokens_revoked",
        ):  # fmt: skip
            app.event(kind)(self.note)

    async def note(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        if self.fail:
            self.fail -= 1
            raise RuntimeError("not stored")
        self.events.append(event)
        self.bodies.append(body)


async def test_an_event_nobody_acknowledged_comes_again_with_the_same_id(
    slack: SlackServer, ada: Person, team: Channel, bolt: AsyncApp, connect: Connect
) -> None:
    told = Told(bolt)
    told.fail = 2
    slack.app.ack_within = 0.1
    await connect(bolt)

    ada.say(team, "hello")
    await slack.settled()

    assert [event["text"] for event in told.events] == ["hello"]
    assert [(each.event_id, each.sent) for each in slack.events] == [(told.bodies[0]["event_id"], 3)]


async def test_an_event_is_given_up_after_three_retries(
    slack: SlackServer, ada: Person, team: Channel, bolt: AsyncApp, connect: Connect
) -> None:
    told = Told(bolt)
    told.fail = 10
    slack.app.ack_within = 0.05
    await connect(bolt)

    ada.say(team, "hello")
    await slack.settled()

    assert [(each.sent, each.took) for each in slack.events] == [(4, None)]


async def test_every_event_twice_lost_late_and_in_any_order_arrives(
    slack: SlackServer, ada: Person, team: Channel, bolt: AsyncApp, connect: Connect
) -> None:
    told = Told(bolt)
    slack.faults.twice, slack.faults.reorder, slack.faults.delay = True, 10, 0.01
    slack.faults.lost_events = 0.5
    await connect(bolt)

    for number in range(10):
        ada.say(team, str(number))
    await slack.settled()

    texts = [event["text"] for event in told.events]
    assert sorted(texts) == sorted([str(number) for number in range(10)] * 2)
    assert texts != sorted(texts)
    assert any(each.sent == 3 for each in slack.events)


async def test_events_held_together_go_out_in_another_order(
    slack: SlackServer, ada: Person, team: Channel, bolt: AsyncApp, connect: Connect
) -> None:
    told = Told(bolt)
    slack.faults.reorder = 20
    await connect(bolt)

    for number in range(25):
        ada.say(team, f"{number:02}")
    await slack.settled()

    texts = [event["text"] for event in told.events]
    assert texts != sorted(texts)
    assert set(texts[:20]) == {f"{number:02}" for number in range(20)}
    assert len(texts) == 25


async def test_a_socket_told_to_go_is_replaced_and_nothing_is_lost(
    slack: SlackServer, ada: Person, team: Channel, bolt: AsyncApp, connect: Connect
) -> None:
    told = Told(bolt)
    await connect(bolt)

    await slack.delivery().disconnect("refresh_requested")
    await slack.until(lambda: slack.delivery().sockets)
    ada.say(team, "hello")
    await slack.settled()

    assert [event["text"] for event in told.events] == ["hello"]


@pytest.mark.parametrize("ping_interval", [OFTEN])
async def test_a_socket_that_broke_is_replaced_and_the_event_comes_again(
    slack: SlackServer, ada: Person, team: Channel, bolt: AsyncApp, connect: Connect
) -> None:
    told = Told(bolt)
    slack.delivery().retries = (0.1, 1.0, 1.0, 1.0)
    await connect(bolt)

    slack.delivery().drop()
    ada.say(team, "hello")
    await slack.settled()

    assert [event["text"] for event in told.events] == ["hello"]


async def test_socket_mode_switched_off_opens_no_socket(
    slack: SlackServer, north: Workspace, bolt: AsyncApp, connect: Connect
) -> None:
    await connect(bolt)
    await slack.delivery().disconnect("link_disabled")

    app = AsyncWebClient(base_url=slack.api_url)
    with pytest.raises(SlackApiError, match="socket_mode_not_enabled"):
        await app.apps_connections_open(app_token=slack.app.app_token)
    assert slack.delivery().sockets == []


async def test_several_sockets_take_turns(
    slack: SlackServer, north: Workspace, ada: Person, team: Channel, client: AsyncWebClient, connect: Connect
) -> None:
    apps = [AsyncApp(client=client, process_before_response=True) for _ in range(2)]
    told = [Told(app) for app in apps]
    for app in apps:
        await connect(app)

    for number in range(4):
        ada.say(team, str(number))
    await slack.settled()

    assert [len(each.events) for each in told] == [2, 2]


async def test_an_eleventh_socket_is_one_too_many_and_a_ticket_works_once(
    slack: SlackServer, north: Workspace
) -> None:
    app = AsyncWebClient(slack.app.app_token, base_url=slack.api_url)
    async with ClientSession() as session:
        urls = [(await app.apps_connections_open(app_token=slack.app.app_token))["url"] for _ in range(11)]
        sockets = [await session.ws_connect(url) for url in urls]
        hellos = [json.loads((await socket.receive()).data) for socket in sockets]
        assert [hello["type"] for hello in hellos] == ["hello"] * 10 + ["disconnect"]
        assert hellos[-1]["reason"] == "too_many_websockets"
        assert (await sockets[-1].receive()).type in {WSMsgType.CLOSE, WSMsgType.CLOSING}
        async with session.get(urls[0].replace("ws://", "http://")) as again:
            assert again.status == 403
        for socket in sockets:
            await socket.close()


async def test_an_acknowledgement_of_nothing_is_a_fault(slack: SlackServer, north: Workspace) -> None:
    app = AsyncWebClient(slack.app.app_token, base_url=slack.api_url)
    async with ClientSession() as session:
        url = (await app.apps_connections_open(app_token=slack.app.app_token))["url"]
        socket = await session.ws_connect(url)
        await socket.send_json({"envelope_id": "made up"})
        await slack.until(lambda: slack.faults_of_ours)
        await socket.close()

    assert slack.faults_of_ours[0].error == "unknown_envelope"


async def test_what_happens_in_a_channel_is_told(
    slack: SlackServer,
    north: Workspace,
    ada: Person,
    ben: Person,
    team: Channel,
    bolt: AsyncApp,
    connect: Connect,
) -> None:
    told = Told(bolt)
    await connect(bolt)
    north.channel("C2", "other", members=("U1",), bot=False)
    north.user("U3", "Cas")

    card = ada.say(team, "with https://example.org and @ben", files=("map.png",))
    changes.unfurl(north, card, [{"title": "Example"}])
    ada.say(team, "by a bot", card, bot=True)
    ada.say(team, "for all", card, broadcast=True)
    ada.delete(card)
    ada.react(card, "bulb")
    ada.unreact(card, "bulb")
    slack.person(north, "U3").join(team)
    changes.leave(north, team, "U3")
    ada.say("C2", "the bot is not here")
    ada.invite_bot("C2")
    changes.archive(north, team, "U2")
    changes.change_user(north, "U1", tz="Europe/Paris")
    await slack.settled()
    changes.uninstall(north)
    await slack.settled()

    assert [event.get("subtype", event["type"]) for event in told.events] == [
        "file_share", "message_changed", "bot_message", "thread_broadcast", "message_changed",
        "reaction_added", "reaction_removed", "member_joined_channel", "member_left_channel",
        "member_joined_channel", "channel_archive", "user_change", "app_uninstalled", "tokens_revoked",
    ]  # fmt: skip
    first, unfurled, bot, broadcast, stone, *_, invited, _, moved, _, revoked = told.events
    assert first["text"] == "with <https://example.org> and <@U2>"
    assert first["files"][0]["name"] == "map.png"
    assert "edited" not in unfurled["message"]
    assert "user" not in bot
    assert broadcast["root"]["ts"] == card.ts
    assert stone["message"]["subtype"] == "tombstone"
    assert (invited["user"], invited["inviter"]) == ("UBOT", "U1")
    assert moved["user"]["tz"] == "Europe/Paris"
    assert revoked["tokens"]["bot"] == ["UBOT"]


async def test_without_the_scope_or_the_subscription_nothing_is_told(
    slack: SlackServer, north: Workspace, ada: Person, team: Channel
) -> None:
    north.scopes.discard("channels:history")
    slack.app.events = frozenset({"message.channels", "reaction_added"})

    post = ada.say(team, "hello")
    ada.react(post, "bulb")
    ada.open_home()

    assert [each.kind for each in slack.events] == ["reaction_added"]
    await slack.delivery().close()


async def test_over_http_everything_is_signed_and_sent_again(slack: SlackServer) -> None:
    got: list[tuple[str, dict[str, str], bytes]] = []

    async def take(request: web.Request) -> web.Response:
        got.append((request.content_type, dict(request.headers), await request.read()))
        if request.content_type == "application/json":
            return web.Response(status=500 if len(got) == 1 else 200)
        return web.json_response({"text": "Dealt"})

    site = web.Application()
    site.router.add_post("/slack/events", take)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    app = slack.new_app("A2", deliver="http", url=f"http://{host}:{port}/slack/events")
    west = slack.workspace("T3", "West", app=app)
    west.user("U1", "Ada")
    west.channel("C1", members=("U1",))
    ada = slack.person(west, "U1")

    ada.say("C1", "hello")
    await slack.settled()
    ack = await ada.command("/shoes", "deal", "C1")
    await runner.cleanup()

    assert ack.payload == {"text": "Dealt"}
    assert [kind for kind, _, _ in got] == ["application/json"] * 2 + ["application/x-www-form-urlencoded"]
    _, headers, body = got[1]
    assert headers["X-Slack-Retry-Num"] == "1"
    assert headers["X-Slack-Retry-Reason"] == "http_error"
    for _, each, content in got:
        verifier = SignatureVerifier(app.signing_secret)
        at = each["X-Slack-Request-Timestamp"]
        assert verifier.generate_signature(timestamp=at, body=content) == each["X-Slack-Signature"]
    assert json.loads(body)["event"]["text"] == "hello"
    assert b"command=%2Fshoes" in got[2][2]
