"""The gateway: intents, heartbeats, compression, resumes with replays, and what goes wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import aiohttp
import discord
import pytest
import pytest_asyncio
import yarl

from tests.discord import changes
from tests.discord.conftest import Bot, Clock, Connect, intents
from tests.discord.people import Person
from tests.discord.record import Can, Channel, Guild
from tests.discord.server import DiscordServer
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio

TEXTS = 1 << 0 | 1 << 9 | 1 << 15


class Raw:
    """A client that speaks the gateway by hand, without compression."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.socket.receive_json(timeout=PATIENCE)
        return found

    async def until(self, name: str) -> dict[str, Any]:
        while (found := await self.next())["t"] != name:
            pass
        return found

    async def send(self, op: int, data: Any) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def identify(self, token: str, intents: int = TEXTS, **more: Any) -> None:
        await self.send(2, {"token": token, "intents": intents, "properties": {}, **more})

    async def closed_with(self) -> int | None:
        while (await self.socket.receive(timeout=PATIENCE)).type is aiohttp.WSMsgType.TEXT:
            pass
        return self.socket.close_code


@pytest_asyncio.fixture
async def raw(server: DiscordServer, team: Channel) -> AsyncIterator[Raw]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.gateway_url}?v=10&encoding=json") as socket,
    ):
        made = Raw(socket)
        assert (await made.next())["op"] == 10
        yield made


async def test_a_bot_that_identifies_gets_its_guilds(raw: Raw, server: DiscordServer, north: Guild) -> None:
    await raw.identify(server.token)

    ready = await raw.until("READY")
    guild = await raw.until("GUILD_CREATE")

    assert ready["d"]["guilds"] == [{"id": north.id, "unavailable": True}]
    assert ready["d"]["resume_gateway_url"] == server.gateway_url
    assert [each["name"] for each in guild["d"]["channels"]] == ["team"]
    assert (ready["s"], guild["s"]) == (1, 2)


async def test_heartbeats_are_acknowledged_and_can_be_asked_for(raw: Raw, server: DiscordServer) -> None:
    await raw.send(1, None)
    assert (await raw.next())["op"] == 11
    await server.gateway.ask_heartbeat()
    assert (await raw.next())["op"] == 1


@pytest.mark.parametrize(
    "op, data, code",
    [
        (2, {"token": "no", "intents": 1, "properties": {}}, 4004),
        (2, {"token": "{token}", "intents": 1 << 30, "properties": {}}, 4013),
        (2, {"token": "{token}", "intents": 1 << 1, "properties": {}}, 4014),
        (2, {"token": "{token}", "intents": 1, "shard": [2, 2], "properties": {}}, 4010),
        (3, {}, 4003),
        (6, {"token": "no", "session_id": "x", "seq": 1}, 4004),
    ],
)
async def test_what_discord_closes_the_socket_for(
    raw: Raw, server: DiscordServer, op: int, data: dict[str, Any], code: int
) -> None:
    if data.get("token") == "{token}":
        data = {**data, "token": server.token}

    await raw.send(op, data)

    assert await raw.closed_with() == code
    assert [each.code for each in server.faults_of_ours] == [code]


async def test_more_than_120_payloads_a_minute_close_the_socket(raw: Raw, server: DiscordServer) -> None:
    await raw.identify(server.token)
    for _ in range(120):
        await raw.send(3, {"status": "online"})

    assert await raw.closed_with() == 4008


async def test_no_json_and_a_second_identify_close_the_socket(raw: Raw, server: DiscordServer) -> None:
    await raw.identify(server.token)
    await raw.identify(server.token)

    assert await raw.closed_with() == 4005


async def test_the_identifies_of_a_day_run_out(raw: Raw, server: DiscordServer) -> None:
    server.gateway.budget = 0

    await raw.identify(server.token)

    assert await raw.closed_with() == 4004


async def test_a_shard_gets_its_own_guilds_alone(raw: Raw, server: DiscordServer, north: Guild) -> None:
    other = server.guild(str(int(north.id) + (1 << 22)), "Other")
    number = (int(other.id) >> 22) % 2

    await raw.identify(server.token, shard=[number, 2])

    assert [each["id"] for each in (await raw.until("READY"))["d"]["guilds"]] == [other.id]


@pytest.mark.parametrize("intent, name", [(1 << 9, "MESSAGE_CREATE"), (1 << 10, "MESSAGE_REACTION_ADD")])
async def test_without_the_intent_there_is_no_event(
    raw: Raw, server: DiscordServer, team: Channel, ada: Person, intent: int, name: str
) -> None:
    await raw.identify(server.token, (1 | 1 << 9 | 1 << 10) & ~intent)
    await raw.until("READY")

    said = ada.say(team, "a word")
    ada.react(said, "💡")
    changes.archive(server.world, ada.thread(said, "More"), archived=True)
    await raw.until("THREAD_UPDATE")

    assert name not in [each.name for each in server.events]
    assert {"MESSAGE_CREATE", "MESSAGE_REACTION_ADD"} - {each.name for each in server.events} == {name}


async def test_without_message_content_there_are_no_words_but_of_those_for_the_bot(
    raw: Raw, server: DiscordServer, team: Channel, ada: Person
) -> None:
    await raw.identify(server.token, 1 << 0 | 1 << 9 | 1 << 12)
    await raw.until("READY")

    ada.say(team, "a secret")
    assert (await raw.until("MESSAGE_CREATE"))["d"]["content"] == ""
    ada.say(team, f"<@{server.app.bot.id}> hello")
    assert "hello" in (await raw.until("MESSAGE_CREATE"))["d"]["content"]
    ada.say(ada.dm, "psst")
    assert (await raw.until("MESSAGE_CREATE"))["d"]["content"] == "psst"


async def test_content_that_is_not_switched_on_cannot_be_asked_for(clock: Clock) -> None:
    async with (
        DiscordServer(clock=clock, message_content=False) as server,
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.gateway_url}?v=10&encoding=json") as socket,
    ):
        await Raw(socket).identify(server.token)
        assert await Raw(socket).closed_with() == 4014


async def test_what_happens_in_a_hidden_channel_is_not_told(
    raw: Raw, server: DiscordServer, north: Guild, team: Channel, ada: Person
) -> None:
    hidden = north.channel(name="hidden")
    changes.deny(server.world, hidden, server.app.bot.id, Can.VIEW_CHANNEL)
    await raw.identify(server.token)
    await raw.until("READY")

    ada.say(hidden, "unheard")
    ada.say(team, "heard")

    assert (await raw.until("MESSAGE_CREATE"))["d"]["content"] == "heard"


async def test_a_broken_socket_resumes_and_hears_what_it_missed(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = await connect(Bot(intents()))
    server.gateway.drop()
    for number in range(3):
        ada.say(team, f"word {number}")

    await server.until(lambda: bot.resumed and len(bot.said) == 3)

    assert [each.content for each in bot.said] == ["word 0", "word 1", "word 2"]
    assert (len(server.gateway.identifies), server.gateway.resumes) == (1, 1)


async def test_a_bot_told_to_reconnect_resumes(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = await connect(Bot(intents()))
    await server.gateway.reconnect()
    await server.until(lambda: bot.resumed)
    ada.say(team, "after")
    await server.until(lambda: bot.said)

    assert len(server.gateway.identifies) == 1


async def test_what_happens_over_a_lost_session_is_lost(
    raw: Raw, server: DiscordServer, team: Channel, ada: Person
) -> None:
    await raw.identify(server.token)
    session = (await raw.until("READY"))["d"]["session_id"]
    server.gateway.forget()
    ada.say(team, "unheard")

    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(f"{server.gateway_url}?v=10&encoding=json") as socket,
    ):
        again = Raw(socket)
        await again.next()
        await again.send(6, {"token": server.token, "session_id": session, "seq": 2})
        assert await again.next() == {"op": 9, "d": False, "s": None, "t": None}
        await again.identify(server.token)
        await again.until("READY")

    assert [each.name for each in server.events].count("MESSAGE_CREATE") == 0


async def test_an_invalid_session_can_be_resumable(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = await connect(Bot(intents()))
    await server.gateway.invalidate(resumable=True)
    await server.until(lambda: bot.resumed)

    assert len(server.gateway.identifies) == 1
    await server.gateway.invalidate()
    assert not server.gateway.open


async def test_a_close_from_discord_is_survived_by_a_resume(
    server: DiscordServer, team: Channel, connect: Connect
) -> None:
    bot = await connect(Bot(intents()))
    await server.gateway.close(4000)
    await server.until(lambda: bot.resumed)


async def test_a_malformed_payload_ends_a_bare_client(
    server: DiscordServer, team: Channel, addresses: None
) -> None:
    bot = Bot(intents())
    await bot.login(server.token)
    running = asyncio.create_task(bot.connect())
    await asyncio.wait_for(bot.wait_until_ready(), PATIENCE)

    await server.gateway.garble()

    with pytest.raises(KeyError):
        await asyncio.wait_for(running, PATIENCE)
    await bot.close()


async def test_words_that_are_no_json_end_a_bare_client_too(
    server: DiscordServer, team: Channel, addresses: None
) -> None:
    bot = Bot(intents())
    await bot.login(server.token)
    running = asyncio.create_task(bot.connect())
    await asyncio.wait_for(bot.wait_until_ready(), PATIENCE)

    await server.gateway.garble("<html>")

    with pytest.raises(json.JSONDecodeError):
        await asyncio.wait_for(running, PATIENCE)
    await bot.close()


async def test_guilds_and_channels_come_and_go(
    server: DiscordServer, north: Guild, team: Channel, connect: Connect
) -> None:
    bot = await connect(Bot(intents()))
    north.channel("300000000000000002", "new")
    east = server.guild("200000000000000002", "East")
    east.channel("300000000000000003", "theirs")
    changes.invite(server.world, east)
    await server.until(lambda: len(bot.guilds) == 2 and bot.get_channel(300000000000000002))

    changes.delete_channel(server.world, team)
    changes.outage(server.world, east, over=False)
    await server.until(lambda: bot.guilds[1].unavailable and not bot.get_channel(int(team.id)))
    changes.outage(server.world, east, over=True)
    changes.throw_out(server.world, north)
    await server.until(lambda: [each.name for each in bot.guilds] == ["East"])

    assert not bot.guilds[0].unavailable


async def test_members_can_be_asked_for_by_id(
    server: DiscordServer, north: Guild, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = await connect(Bot(intents()))

    found = await bot.guilds[0].query_members(user_ids=[int(ada.id)])

    assert [each.display_name for each in found] == ["Ada"]


async def test_two_bots_with_one_token_hear_everything_twice(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    first = await connect(Bot(intents()))
    second = await connect(Bot(intents()))

    ada.say(team, "a word")

    with suppress(TimeoutError):
        await server.until(lambda: first.said and second.said)
    assert [len(first.said), len(second.said)] == [1, 1]


async def test_a_deaf_gateway_is_left_and_resumed(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiscordServer(clock=clock, heartbeat=0.05) as server:
        server.guild("200000000000000001")
        monkeypatch.setattr(discord.http.Route, "BASE", server.api_url)
        bot = Bot(intents(), heartbeat_timeout=0.2)
        await bot.login(server.token)
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
        running = asyncio.create_task(bot.connect())
        await asyncio.wait_for(bot.wait_until_ready(), PATIENCE)
        await server.until(lambda: server.gateway.sockets[0].beats > 2)
        server.faults.deaf = True
        await server.until(lambda: server.gateway.resumes)
        await bot.close()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
