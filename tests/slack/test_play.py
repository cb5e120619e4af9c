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
from aiohttp import ClientSession
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.patience import PATIENCE
from tests.slack.play import Room, environment, play, settings
from tests.slack.server import SlackServer
from tests.slack.test_server import a_button, a_form, a_row
from tests.trying import ROOT, BotEnded, connected

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def room() -> AsyncIterator[Room]:
    """A furnished room, with a bot in it that opens a form and thanks for what is sent."""
    server = SlackServer(ack_within=PATIENCE, retries=())
    room = Room(server)
    room.routes()
    async with server:
        room.furnish()
        client = AsyncWebClient(room.workspace.token, base_url=server.api_url)
        app = AsyncApp(client=client, process_before_response=True)

        @app.command("/shoes")
        async def shoes(ack: Any, command: dict[str, Any]) -> None:
            await client.chat_postMessage(channel=command["channel_id"], text="A card", blocks=CARD)
            await ack("Dealt")

        @app.action("respond")
        async def respond(ack: Any, body: dict[str, Any]) -> None:
            await client.views_open(trigger_id=body["trigger_id"], view=a_form())
            await ack()

        @app.view("form")
        async def form(ack: Any) -> None:
            await ack()

        handler = AsyncSocketModeHandler(app, room.workspace.app.app_token, web_client=client)
        await handler.connect_async()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped
        await server.until(lambda: server.delivery().sockets)
        yield room
        await handler.close_async()  # type: ignore[no-untyped-call]


WORDS = [{"type": "text", "text": "A card & a path"}]
CARD = [
    {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": WORDS}]},
    *a_row(a_button("Respond", "respond")),
]


async def test_a_card_is_dealt_answered_and_talked_about_by_hand(room: Room) -> None:
    async with ClientSession(room.server.base_url) as session:

        async def do(what: str, **more: Any) -> str:
            asked = {"as": "U1", "channel": "C1", "what": what, **more}
            async with session.post("/play/do", json=asked) as answer:
                return str((await answer.json())["told"])

        async def state() -> Any:
            async with session.get("/play/state", params={"as": "U1", "channel": "C1"}) as answer:
                return await answer.json()

        assert await do("say", text="/shoes deal dementia") == ""
        card, dealt = (await state())["posts"]
        assert [each["kind"] for each in card["blocks"]] == ["quote", "actions"]
        assert card["blocks"][0]["runs"][0]["text"] == "A card & a path"
        assert dealt["only_you"] is True

        assert await do("press", **{"in": "post"}, ts=card["ts"], block="row", action="respond") == ""
        modal = (await state())["modal"]
        assert (modal["title"], modal["submit"]) == ("Respond", "Send")
        assert await do("submit", values={}) == ""
        assert (await state())["modal"]["errors"] == {"words": "Please complete this required field."}
        assert await do("submit", values={"words": "Ask her"}) == ""
        assert (await state())["modal"] is None

        await do("say", text="In the thread", ts=card["ts"])
        await do("react", ts=card["ts"], name="bulb")
        reply = (await state())["posts"][-1]
        assert (reply["thread"], reply["mine"]) == (card["ts"], True)
        assert (await state())["posts"][0]["reactions"] == [{"name": "bulb", "count": 1}]
        await do("edit", ts=reply["ts"], text="In other words")
        assert (await state())["posts"][-1]["edited"] is True
        await do("delete", ts=reply["ts"])
        await do("reload")
        assert [each["app"] for each in (await state())["posts"]] == [True]
        assert await do("react", ts="1.2", name="bulb") == "That is not there any more."


async def test_only_who_is_in_a_channel_sees_it_on_the_page(room: Room) -> None:
    ada, ewa = (room.server.person(room.workspace, id) for id in ("U1", "U5"))

    assert [each["name"] for each in room.state(ada, "C2")["channels"]][:2] == ["dementia-team", "leadership"]
    assert room.state(ewa, "C2")["channel"] == "C1"


async def test_the_page_takes_orders_from_nobody_else(room: Room) -> None:
    async with ClientSession(room.server.base_url) as session:
        async with session.post("/play/do", data='{"what": "reload"}') as answer:
            assert answer.status == 415
        async with session.get("/play/trying.css") as style:
            assert style.content_type == "text/css"
        async with session.get("/") as page:
            assert "A Slack to try In My Shoes in" in await page.text()


async def test_it_runs_until_it_is_stopped() -> None:
    opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(play(start_bot=False, opened=opened))
    async with ClientSession() as session, session.get(await opened) as page:
        assert page.status == 200
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_bot_is_told_where_this_slack_is(room: Room) -> None:
    told = settings(room.server, room.workspace)
    around = environment(room.server, room.workspace, "/a/folder")

    assert told["SHOES_SLACK_API_URL"] == room.server.api_url
    assert around["SHOES_DATABASE_URL"] == "sqlite:////a/folder/shoes.db"
    assert around["SHOES_SLACK_BOT_TOKEN"] == room.workspace.token


async def test_the_bot_of_a_try_knows_nothing_of_a_real_one(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOES_SLACK_BOT_TOKEN_FILE", "/a/real/token")

    assert "SHOES_SLACK_BOT_TOKEN_FILE" not in environment(room.server, room.workspace, "/a/folder")


async def test_a_bot_that_does_not_start_is_told_in_a_sentence() -> None:
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    ended.set_result(1)

    with pytest.raises(BotEnded, match="could not start"):
        await connected(lambda: 0, ended)


async def test_stopping_it_stops_the_bot_too() -> None:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.slack.play", "--bot",
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert running.stdout is not None
    async for line in running.stdout:
        if line.startswith(b"Slack is open at http://127.0.0.1:"):
            break
    running.terminate()
    rest = await asyncio.wait_for(running.stdout.read(), PATIENCE)  # ends when the bot has let go of it, too

    assert b"Stopped." in rest
    assert await running.wait() == 0
