"""Try the bot by hand: a Slack of one's own in the browser, with five people.

`python -m tests.slack.play --bot` starts both; without `--bot` it prints what a bot needs to find it.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from tests.slack.blocks import elements_of
from tests.slack.people import Person, SlackShows
from tests.slack.reading import reading, unescaped
from tests.slack.record import Json, Post, View, Workspace
from tests.slack.server import SlackServer

ROOT = Path(__file__).resolve().parents[2]
PAGE = Path(__file__).with_name("play.html")
START_SECONDS = 30.0
PEOPLE = {"U1": "Ada Lovell", "U2": "Ben Okoro", "U3": "Cerys Morgan", "U4": "Dev Patel", "U5": "Ewa Nowak"}


async def play(start_bot: bool, opened: asyncio.Future[str] | None = None) -> None:
    """Run the server, and the bot if asked for, until this is cancelled. `opened` is told the address."""
    async with AsyncExitStack() as stack:
        server = SlackServer()
        room = Room(server)
        room.routes()
        await stack.enter_async_context(server)
        room.furnish()
        address = f"{server.base_url}/play"
        ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if start_bot:
            _say("Starting the bot ...")
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            # What it says of its own page would only be a second address to choose from.
            bot = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run",
                cwd=folder, env=environment(server, room.workspace, folder),
                stdout=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
            stack.push_async_callback(_stop, bot)
            ended = asyncio.ensure_future(bot.wait())
            await connected(server, ended)
            room.shortcuts = await _shortcuts(folder)
        else:
            _say("Start a bot with:")
            for name, value in settings(server, room.workspace).items():
                _say(f"  {name}={value}")
        _say(f"Slack is open at {address}")
        _say("Press Ctrl+C to stop.")
        if opened:
            opened.set_result(address)
        if start_bot and (os.environ.get("DISPLAY") or sys.platform in {"darwin", "win32"}):
            webbrowser.open(address)
        await ended
        raise BotEnded("The bot has stopped: what it said last stands above.")


class BotEnded(Exception):
    """The bot is not there (any more). Says so in one sentence."""


async def connected(server: SlackServer, ended: asyncio.Future[Any]) -> None:
    """Back once the bot has connected. Raises BotEnded if it did not start."""
    connecting = asyncio.ensure_future(server.until(lambda: server.delivery().sockets, START_SECONDS))
    try:
        await asyncio.wait({connecting, ended}, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            raise BotEnded("The bot could not start: what it said stands above.")
        await connecting
    except TimeoutError:
        raise BotEnded(f"The bot did not connect within {START_SECONDS:.0f} seconds.") from None
    finally:
        connecting.cancel()


def settings(server: SlackServer, workspace: Workspace) -> dict[str, str]:
    """What the bot needs to find this Slack."""
    return {
        "SHOES_SLACK_BOT_TOKEN": workspace.token,
        "SHOES_SLACK_APP_TOKEN": workspace.app.app_token,
        "SHOES_SLACK_API_URL": server.api_url,
    }


def environment(server: SlackServer, workspace: Workspace, folder: str) -> dict[str, str]:
    """The environment of a bot for this Slack alone, with its own database in `folder`."""
    around = {name: value for name, value in os.environ.items() if not name.startswith("SHOES_")}
    return {
        **around,
        **settings(server, workspace),
        "SHOES_DATABASE_URL": f"sqlite:///{folder}/shoes.db",
        "SHOES_WEB_PORT": "0",
        "PYTHONPATH": str(ROOT),
    }


async def _stop(bot: asyncio.subprocess.Process) -> None:
    if bot.returncode is None:
        with suppress(ProcessLookupError):
            bot.terminate()
    try:
        await asyncio.wait_for(bot.wait(), 10)
    except TimeoutError:
        bot.kill()
        await bot.wait()


async def _shortcuts(folder: str) -> list[Json]:
    """The message shortcuts that the bot's own manifest names; none if it has no manifest."""
    asked = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "slack", "manifest",
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    printed, _ = await asked.communicate()
    try:
        found = json.loads(printed)["features"]["shortcuts"]
    except (ValueError, KeyError, TypeError):
        return []
    return [{"id": each["callback_id"], "name": each["name"]} for each in found if each["type"] == "message"]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Room:
    """The workspace that the page shows, and what the page may ask for."""

    workspace: Workspace

    def __init__(self, server: SlackServer) -> None:
        self.server = server
        self.shortcuts: list[Json] = []

    def routes(self) -> None:
        """Serve the page beside the API."""
        self.server.web.router.add_get("/", self._home)
        self.server.web.router.add_get("/play", self._page)
        self.server.web.router.add_get("/play/state", self._state)
        self.server.web.router.add_post("/play/do", self._do)

    def furnish(self) -> None:
        """Five people, three channels: one public, one private, one where the bot is not yet."""
        self.workspace = self.server.workspace("T1", "Example Team")
        for id, name in PEOPLE.items():
            self.workspace.user(id, name, is_admin=id == "U1", is_owner=id == "U1")
        everybody = tuple(PEOPLE)
        self.workspace.channel("C1", "dementia-team", members=everybody)
        self.workspace.channel("C2", "leadership", members=("U1", "U2"), private=True)
        self.workspace.channel("C3", "new-channel", members=everybody, bot=False)

    async def _home(self, request: web.Request) -> web.Response:
        raise web.HTTPFound("/play")

    async def _page(self, request: web.Request) -> web.Response:
        return web.Response(text=PAGE.read_text(encoding="utf-8"), content_type="text/html")

    def _person(self, id: str) -> Person:
        return self.server.person(self.workspace, id if id in PEOPLE else "U1")

    async def _state(self, request: web.Request) -> web.Response:
        me = self._person(request.query.get("as", ""))
        return web.json_response(self.state(me, request.query.get("channel", "")))

    def state(self, me: Person, where: str) -> Json:
        """Everything that the page shows to one person in one channel."""
        dm = self.workspace.dm(me.id)
        mine = [each for each in self.workspace.channels.values() if not each.is_im and me.id in each.members]
        channel = self.workspace.channels.get(where)
        if channel is None or me.id not in channel.members:
            channel = mine[0]
        return {
            "me": me.id,
            "people": [{"id": id, "name": name} for id, name in PEOPLE.items()],
            "channels": [
                *({"id": each.id, "name": each.name, "private": each.is_private} for each in mine),
                {"id": dm.id, "name": "In My Shoes", "private": True},
            ],
            "channel": channel.id,
            "posts": [self._post(me, post) for post in me.sees(channel)],
            "modal": _view(me.view) if me.view else None,
            "home": _view(me.home) if me.home else None,
            "shortcuts": self.shortcuts,
            "connected": len(self.server.delivery().sockets),
            "faults": [
                f"{each.method}: {each.error}: {'; '.join(each.why)}" for each in self.server.faults_of_ours
            ],
        }

    def _post(self, me: Person, post: Post) -> Json:
        user = self.workspace.users.get(post.user)
        return {
            "ts": post.ts,
            "who": user.real_name if user else "Slackbot",
            "app": bool(post.bot_id),
            "mine": post.user == me.id,
            "only_you": bool(post.only_for),
            "thread": post.thread_ts if post.is_reply else "",
            "edited": post.edited is not None and not post.bot_id,
            "at": post.ts.partition(".")[0],
            "blocks": drawn(post.blocks) if post.blocks else [_words("text", reading((), post.text).words)],
            "reactions": [{"name": name, "count": len(users)} for name, users in post.reactions.items()],
        }

    async def _do(self, request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return web.json_response({"error": "JSON only"}, status=415)  # other pages cannot send it
        asked = await request.json()
        me = self._person(asked.get("as", ""))
        try:
            told = await self.do(me, asked)
        except (SlackShows, ValueError, LookupError) as error:
            told = str(error)
        return web.json_response({"told": told})

    async def do(self, me: Person, asked: Mapping[str, Any]) -> str:
        """Do what one person asked for on the page. Returns what to tell them; nothing if all is well."""
        channel = self.workspace.channels.get(asked.get("channel", ""))
        post = channel.find(asked["ts"]) if channel and asked.get("ts") else None
        if channel and asked.get("ts") and post is None:
            post = next((each for each in me.sees(channel) if each.ts == asked["ts"]), None)
        match asked["what"]:
            case "say" if channel and asked["text"].startswith("/invite"):
                me.invite_bot(channel)
            case "say" if channel and asked["text"].startswith("/"):
                command, _, text = asked["text"].partition(" ")
                await me.command(command, text.strip(), channel)
            case "say" if channel:
                me.say(channel, asked["text"], post)
            case "press":
                shown: Post | View | None = {"modal": me.view, "home": me.home}.get(asked["in"], post)
                if shown is not None:
                    await me.press(shown, asked["action"], asked.get("choice", ""), block=asked["block"])
            case "submit":
                await me.submit(asked["values"])
            case "close":
                await me.close_view()
            case "home":
                me.open_home()
            case "react" if post:
                toggle = me.unreact if me.id in post.reactions.get(asked["name"], []) else me.react
                toggle(post, asked["name"])
            case "edit" if post:
                me.edit(post, asked["text"])
            case "delete" if post:
                me.delete(post)
            case "shortcut" if post:
                await me.shortcut(asked["id"], post)
            case "reload":
                me.reload()
            case _:
                return "That is not there any more."
        return ""


# --- Blocks, simply drawn -----------------------------------------------------------------------------


def drawn(blocks: list[Json]) -> list[Json]:
    """Blocks as the page draws them: a kind, runs of words, and what can be pressed."""
    return [each for block in blocks for each in _drawn(block)]


def _words(kind: str, words: str, **more: Any) -> Json:
    return {"kind": kind, "runs": [{"text": words, "style": ""}], **more}


def _drawn(block: Json) -> Iterator[Json]:
    match block["type"]:
        case "rich_text":
            for each in block["elements"]:
                kind = each["type"].removeprefix("rich_text_")
                rows = each["elements"] if kind == "list" else [each]
                for row in rows:
                    yield {"kind": kind, "runs": [_run(inline) for inline in row["elements"]]}
        case "divider":
            yield {"kind": "divider", "runs": []}
        case "actions":
            yield {
                "kind": "actions",
                "runs": [],
                "elements": [_element(each, block) for each in elements_of(block)],
            }
        case "input":
            yield _words(
                "input", unescaped(block["label"]["text"]), name=block["block_id"],
                hint=unescaped(block.get("hint", {}).get("text", "")), optional=block.get("optional", False),
                elements=[_element(block["element"], block)],
            )  # fmt: skip
        case "section":
            alone = {name: inner for name, inner in block.items() if name != "accessory"}
            yield _words(
                "section", reading([alone]).words, elements=[_element(e, block) for e in elements_of(block)]
            )
        case kind:
            yield _words(kind, reading([block]).words)


def _run(inline: Json) -> Json:
    shown = reading(
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [inline]}]}]
    )
    styles = [name for name, on in inline.get("style", {}).items() if on]
    return {"text": shown.words, "style": " ".join(styles), "url": inline.get("url", "")}


def _element(element: Json, block: Json) -> Json:
    groups = element.get("option_groups", [])
    options = [*element.get("options", []), *(each for group in groups for each in group["options"])]
    return {
        "type": element["type"],
        "action": element["action_id"],
        "block": block["block_id"],
        "label": unescaped(element.get("text", {}).get("text", "")),
        "style": element.get("style", ""),
        "url": element.get("url", ""),
        "multiline": element.get("multiline", False),
        "placeholder": unescaped(element.get("placeholder", {}).get("text", "")),
        "options": [{"text": unescaped(each["text"]["text"]), "value": each["value"]} for each in options],
    }


def _view(view: View) -> Json:
    shape = view.shape
    values = {block: _typed(value) for (block, _), value in view.values.items()}
    return {
        "id": view.id,
        "hash": view.hash,
        "title": unescaped(shape.get("title", {}).get("text", "")),
        "submit": unescaped(shape.get("submit", {}).get("text", "")),
        "close": unescaped(shape.get("close", {}).get("text", "Close")),
        "blocks": drawn(shape["blocks"]),
        "values": values,
        "errors": view.errors,
    }


def _typed(value: Json) -> str:
    chosen = value.get("selected_option") or {}
    several = ",".join(each["value"] for each in value.get("selected_options", []))
    typed = value.get("value") or value.get("selected_date") or value.get("selected_time")
    return typed or chosen.get("value", "") or several


async def _until_stopped() -> int:
    """Play until Ctrl+C or a polite kill; the bot is stopped with it. Returns the exit code."""
    playing = asyncio.ensure_future(play(start_bot="--bot" in sys.argv[1:]))
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, playing.cancel)
    try:
        await playing
    except asyncio.CancelledError:
        _say("Stopped.")
    except BotEnded as why:
        sys.stderr.write(f"{why}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(_until_stopped()))
