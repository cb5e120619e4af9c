"""Faults, limits and losses: switched on, they are Discord's; off, there are none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest
import pytest_asyncio

from tests.discord import faults as limits
from tests.discord.conftest import Bot, Clock, Connect, intents
from tests.discord.people import Person
from tests.discord.record import Channel, Guild
from tests.discord.server import DiscordServer
from tests.discord.test_people import Answering, codes, send
from tests.discord.test_refusals import Rest, rest

__all__ = ["rest"]
pytestmark = pytest.mark.asyncio


async def test_a_bucket_tells_what_is_left_and_is_empty_after_that(
    rest: Rest, server: DiscordServer, clock: Clock, team: Channel
) -> None:
    server.faults.rate_limits = True
    path = f"{server.api_url}/channels/{team.id}/messages"
    found = []
    for _ in range(6):
        async with rest.session.post(path, json={"content": "x"}, headers=rest.headers) as answer:
            found.append((answer.status, answer.headers, await answer.json()))

    left = [(status, headers["X-RateLimit-Remaining"]) for status, headers, _ in found]
    assert left == [(200, "4"), (200, "3"), (200, "2"), (200, "1"), (200, "0"), (429, "0")]
    _, last, told = found[-1]
    assert (told["retry_after"], told["global"], last["X-RateLimit-Scope"]) == (5.0, False, "user")
    assert (last["Retry-After"], last["X-RateLimit-Limit"]) == ("5", "5")
    assert server.invalid_requests == 1
    clock.now += 5
    assert (await rest.post(team, content="again"))[0] == 200


async def test_each_channel_has_its_own_bucket(
    rest: Rest, server: DiscordServer, north: Guild, team: Channel
) -> None:
    server.faults.rate_limits = True
    other = north.channel(name="other")
    for _ in range(5):
        await rest.post(team, content="x")

    assert (await rest.post(other, content="x"))[0] == 200


async def test_fifty_calls_a_second_are_all_and_first_answers_do_not_count(
    rest: Rest, server: DiscordServer, clock: Clock
) -> None:
    server.faults.rate_limits = True
    server.faults.buckets["get_my_user"] = (1000, 1.0)
    found = [(await rest("GET", "/users/@me"))[0] for _ in range(51)]

    assert found == [200] * 50 + [429]
    assert server.calls[-1].answer["global"] is True
    status, told = await rest("POST", "/interactions/1/none/callback", {"type": 5})
    assert (status, told["code"]) == (404, 10062)
    clock.now += 1
    assert (await rest("GET", "/users/@me"))[0] == 200


async def test_too_many_wrong_calls_ban_the_address(rest: Rest, server: DiscordServer, clock: Clock) -> None:
    server.faults.rate_limits = True
    server.faults.invalid_limit = 3
    for _ in range(3):
        await rest("GET", "/users/@me", headers={})

    async with rest.session.get(f"{server.api_url}/users/@me", headers=rest.headers) as answer:
        assert (answer.status, answer.content_type, "Via" in answer.headers) == (429, "text/plain", False)
    clock.now += limits.INVALID_SECONDS
    assert (await rest("GET", "/users/@me"))[0] == 200


async def test_a_real_client_lives_with_429s_and_500s(
    server: DiscordServer, team: Channel, connect: Connect
) -> None:
    bot = await connect(Bot(intents()))
    channel = bot.get_channel(int(team.id))
    assert isinstance(channel, discord.TextChannel)
    server.faults.too_many, server.faults.retry_after = 0.3, 0.01

    for number in range(10):
        await channel.send(f"{number}")

    assert [post.content for post in team.posts] == [f"{number}" for number in range(10)]
    assert {call.status for call in server.calls if call.name == "create_message"} == {200, 429}


@pytest_asyncio.fixture
async def hurried(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[DiscordServer, Bot]]:
    """A server whose clock runs and whose limits are on, with twelve channels and a bot logged in."""
    async with DiscordServer() as server:
        server.faults.rate_limits = True
        north = server.guild("200000000000000001")
        for number in range(12):
            north.channel(str(300000000000000000 + number))
        monkeypatch.setattr(discord.http.Route, "BASE", server.api_url)
        bot = Bot(intents())
        await bot.login(server.token)
        yield server, bot
        await bot.close()


async def a_post(bot: Bot, channel: str) -> None:
    with discord.http.handle_message_parameters(content="x") as params:
        await bot.http.send_message(channel, params=params)


async def test_discord_py_keeps_to_the_buckets_it_is_told_of(hurried: tuple[DiscordServer, Bot]) -> None:
    server, bot = hurried
    server.faults.buckets["create_message"] = (2, 0.2)
    channel = next(iter(server.world.channels))

    for _ in range(5):
        await a_post(bot, channel)

    assert [call.status for call in server.calls if call.name == "create_message"] == [200] * 5


async def test_discord_py_does_not_keep_to_the_limit_of_a_second_by_itself(
    hurried: tuple[DiscordServer, Bot],
) -> None:
    server, bot = hurried
    server.faults.a_second = 10

    await asyncio.gather(*(a_post(bot, each) for each in server.world.channels))

    assert len(server.posts) == 12
    assert any(call.status == 429 and call.answer["global"] for call in server.calls)
    assert server.invalid_requests > 0


async def test_a_lost_answer_is_of_a_thing_done(rest: Rest, server: DiscordServer, team: Channel) -> None:
    server.faults.lost_replies = 1.0
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await rest.post(team, content="done", nonce="n", enforce_nonce=True)
    server.faults.lost_replies = 0.0
    await rest.post(team, content="done", nonce="n", enforce_nonce=True)

    assert [post.content for post in team.posts] == ["done"]


async def test_a_broken_call_is_not_done(rest: Rest, server: DiscordServer, team: Channel) -> None:
    server.faults.broken = 1.0

    assert (await rest.post(team, content="x"))[0] == 500
    assert (await rest("GET", "/gateway/bot"))[0] == 200  # spared
    assert team.posts == []


async def test_events_are_lost_doubled_late_and_in_any_order(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = await connect(Bot(intents()))

    async def heard_after(count: int) -> list[str]:
        bot.said.clear()
        for number in range(count):
            ada.say(team, f"{number}")
        said = ada.say(team, "the last")
        ada.react(said, "🔚")
        await server.until(lambda: bot.lit)
        await asyncio.sleep(0)
        bot.lit.clear()
        return [each.content for each in bot.said]

    server.faults.lost_events = 1.0
    assert await heard_after(3) == []
    server.faults.lost_events, server.faults.twice = 0.0, 1.0
    assert await heard_after(1) == ["0", "0", "the last", "the last"]
    server.faults.twice, server.faults.reorder, server.faults.hold = 0.0, 100, 0.01
    before = len(server.events)
    for number in range(20):
        ada.say(team, f"{number}")
    await server.until(lambda: len(server.events) == before + 20)
    order = [each.data["content"] for each in server.events[before:]]
    assert sorted(order, key=int) != order


async def test_an_answer_to_a_press_that_came_twice_is_no_fault_of_ours(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = Answering(send)
    await connect(bot)
    server.faults.twice = 1.0

    await ada.command("go", channel=team)
    await server.until(lambda: bot.done == 2)

    assert codes(bot) == [40060]
    assert server.faults_of_ours == []


async def test_late_events_arrive(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = await connect(Bot(intents()))
    server.faults.delay = 0.05

    ada.say(team, "late")
    assert bot.said == []

    await server.until(lambda: bot.said)


async def test_sockets_that_break_before_events_lose_nothing(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = await connect(Bot(intents()))
    server.faults.dropped_sockets = 0.5
    for number in range(10):
        ada.say(team, f"{number}")
    server.faults.dropped_sockets = 0.0

    await server.until(lambda: len(bot.said) == 10)

    assert [each.content for each in bot.said] == [f"{number}" for number in range(10)]


async def test_a_resume_can_be_refused(raw_session: str, server: DiscordServer) -> None:
    server.faults.no_resume = True
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(f"{server.gateway_url}?v=10&encoding=json") as socket,
    ):
        await socket.receive_json()
        data = {"token": server.token, "session_id": raw_session, "seq": 1}
        await socket.send_json({"op": 6, "d": data})
        assert (await socket.receive_json())["op"] == 9


@pytest.fixture
def raw_session() -> str:
    return "never begun"
