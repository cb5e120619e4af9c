"""The page to try the bot by hand: what it shows, and what can be done on it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio
import yarl
from aiohttp import ClientSession
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.discord.play import FIRST, PEOPLE, Room, environment, play, settings
from tests.discord.server import DiscordServer
from tests.discord.test_server import a_bot
from tests.patience import PATIENCE
from tests.trying import ROOT

pytestmark = pytest.mark.asyncio
CHANNEL = "300000000000000001"


@pytest_asyncio.fixture
async def room(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    """A furnished room, with a bot in it that deals a card, opens a form and saves messages."""
    server = DiscordServer(answer_within=PATIENCE)
    room = Room(server)
    room.routes()
    async with server:
        room.furnish()
        monkeypatch.setattr(Route, "BASE", server.api_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
        bot = a_bot()
        await bot.login(server.token)
        await bot.tree.sync()
        running = asyncio.create_task(bot.connect())
        await asyncio.wait_for(bot.wait_until_ready(), PATIENCE)
        yield room
        await bot.close()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_a_card_is_dealt_answered_and_talked_about_by_hand(room: Room) -> None:
    async with ClientSession(room.server.base_url) as session:

        async def do(what: str, **more: Any) -> str:
            asked = {"as": FIRST, "channel": CHANNEL, "what": what, **more}
            async with session.post("/play/do", json=asked) as answer:
                return str((await answer.json())["told"])

        async def state() -> Any:
            async with session.get("/play/state", params={"as": FIRST, "channel": CHANNEL}) as answer:
                return await answer.json()

        assert "/shoes deal deck:" in (await state())["commands"]
        assert await do("complete", text="/shoes deal deck:he") == "hearing\tHearing"
        assert await do("say", text="/shoes deal deck:dementia words:many") == "words is a number"
        assert await do("say", text="/shoes deal deck:dementia") == ""
        await room.server.until(lambda: room.guild.channels[CHANNEL].posts)
        dealt, card = (await state())["posts"]
        assert (dealt["only_you"], card["only_you"]) == (True, False)
        assert [each["label"] for each in card["blocks"][1]["elements"]] == ["Vote"]
        assert await do("press", id=card["id"], action="Vote") == ""

        assert await do("say", text="/shoes respond") == ""
        modal = (await state())["modal"]
        assert [each["label"] for each in modal["fields"]] == ["Your words", "True here?"]
        assert "needed" in await do("submit", values={"Your words": ""})
        assert await do("submit", values={"Your words": "Ask her", "True here?": ["y"]}) == ""
        assert (await state())["modal"] is None

        assert await do("say", text="**mine**") == ""
        said = (await state())["posts"][-1]
        assert (said["mine"], said["blocks"][0]["runs"]) == (True, [{"text": "mine", "style": "bold"}])
        assert await do("react", id=said["id"], name="💡") == ""
        assert (await state())["posts"][-1]["reactions"] == [{"name": "💡", "count": 1}]
        assert await do("menu", id=said["id"], name="Save") == ""
        assert await do("edit", id=said["id"], text="other") == ""
        assert await do("delete", id=said["id"]) == ""
        assert await do("dms") == "They take no direct messages."
        assert await do("reload") == ""
        assert [each["app"] for each in (await state())["posts"]] == [True]
        assert await do("dance") == "That is not there any more."
        assert (await state())["faults"] == []


async def test_a_message_of_components_is_drawn(room: Room) -> None:
    parts: list[dict[str, Any]] = [
        {"type": 10, "content": "## Card"},
        {"type": 14},
        {"type": 9, "components": [{"type": 10, "content": "words"}],
         "accessory": {"type": 2, "style": 1, "label": "Vote", "custom_id": "v"}},
        {"type": 12, "items": [{"media": {"url": "https://a.org/a.png"}, "description": "A shoe"}]},
    ]  # fmt: skip
    body = {"flags": 1 << 15, "components": [{"type": 17, "components": parts}]}
    path = f"{room.server.api_url}/channels/{CHANNEL}/messages"
    token = {"Authorization": f"Bot {room.server.token}"}
    async with ClientSession(headers=token) as session, session.post(path, json=body) as answer:
        assert answer.status == 200

    [post] = room.state(room.person(FIRST), CHANNEL)["posts"]

    assert [each["kind"] for each in post["blocks"]] == ["embed", "divider", "embed", "image"]
    assert post["blocks"][3]["runs"][0]["text"] == "A shoe"


async def test_each_sees_their_own_channels(room: Room) -> None:
    ada, ewa = (room.person(id) for id in (FIRST, [*PEOPLE][-1]))

    names = [[each["name"] for each in room.state(who, "")["channels"]] for who in (ada, ewa)]

    assert ["leadership" in each for each in names] == [True, False]
    assert room.state(ewa, "300000000000000002")["channel"] == CHANNEL


async def test_the_page_takes_orders_from_nobody_else(room: Room) -> None:
    async with ClientSession(room.server.base_url) as session:
        async with session.post("/play/do", data='{"what": "reload"}') as answer:
            assert answer.status == 415
        async with session.get("/play/trying.css") as style:
            assert style.content_type == "text/css"
        async with session.get("/") as page:
            assert "A Discord to try In My Shoes in" in await page.text()


async def test_it_runs_until_it_is_stopped() -> None:
    opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(play(start_bot=False, opened=opened))
    async with ClientSession() as session, session.get(await opened) as page:
        assert page.status == 200
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_bot_is_told_where_this_discord_is(room: Room) -> None:
    told = settings(room.server)
    around = environment(room.server, "/a/folder")

    assert told["SHOES_DISCORD_API_URL"] == room.server.api_url
    assert around["SHOES_DATABASE_URL"] == "sqlite:////a/folder/shoes.db"
    assert around["SHOES_DISCORD_TOKEN"] == room.server.token


async def test_stopping_it_stops_the_bot_too() -> None:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.discord.play", "--bot",
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert running.stdout is not None
    async for line in running.stdout:
        if line.startswith(b"Discord is open at http://127.0.0.1:"):
            break
    running.terminate()
    rest = await asyncio.wait_for(running.stdout.read(), PATIENCE)  # ends when the bot has let go of it, too

    assert b"Stopped." in rest
    assert await running.wait() == 0
