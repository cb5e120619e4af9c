"""Try the bot by hand: a Slack of one's own in the browser, with five people.

`python -m tests.slack.play --bot` starts both; without `--bot` it prints what a bot needs to find it.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.slack.blocks import elements_of
from tests.slack.people import Person, SlackShows
from tests.slack.reading import reading, unescaped
from tests.slack.record import Json, Post, View, Workspace
from tests.slack.server import SlackServer
from tests.trying import NAMES, ROOT, Page, environment_of, play_on, until_stopped

PEOPLE = {f"U{number}": name for number, name in enumerate(NAMES, start=1)}


async def play(start_bot: bool, opened: asyncio.Future[str] | None = None) -> None:
    """Run the server, and the bot if asked for, until this is cancelled. `opened` is told the address."""
    server = SlackServer()
    room = Room(server)
    room.routes()
    async with server:
        await play_on(room, server.base_url, start_bot, opened)


def settings(server: SlackServer, workspace: Workspace) -> dict[str, str]:
    """What the bot needs to find this Slack."""
    return {
        "SHOES_SLACK_BOT_TOKEN": workspace.token,
        "SHOES_SLACK_APP_TOKEN": workspace.app.app_token,
        "SHOES_SLACK_API_URL": server.api_url,
    }


def environment(server: SlackServer, workspace: Workspace, folder: str) -> dict[str, str]:
    """The environment of a bot for this Slack alone, with its own database in `folder`."""
    return environment_of(settings(server, workspace), folder)


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


class Room(Page[Person]):
    """A workspace to try the bot in."""

    platform, html, fails = "Slack", Path(__file__).with_name("play.html"), SlackShows
    workspace: Workspace

    def __init__(self, server: SlackServer) -> None:
        self.server = server
        self.shortcuts: list[Json] = []

    def routes(self) -> None:
        """Serve the page beside the API."""
        self.serve(self.server.web)

    def furnish(self) -> None:
        """Five people, three channels: one public, one private, one where the bot is not yet."""
        self.workspace = self.server.workspace("T1", "Example Team")
        for id, name in PEOPLE.items():
            self.workspace.user(id, name, is_admin=id == "U1", is_owner=id == "U1")
        everybody = tuple(PEOPLE)
        self.workspace.channel("C1", "dementia-team", members=everybody)
        self.workspace.channel("C2", "leadership", members=("U1", "U2"), private=True)
        self.workspace.channel("C3", "new-channel", members=everybody, bot=False)

    def settings(self) -> dict[str, str]:
        """See Page."""
        return settings(self.server, self.workspace)

    def connections(self) -> int:
        """See Page."""
        return len(self.server.delivery().sockets)

    def person(self, id: str) -> Person:
        """See Page."""
        return self.server.person(self.workspace, id if id in PEOPLE else "U1")

    async def started(self, folder: str) -> None:
        """See Page. The bot's own manifest names its shortcuts."""
        self.shortcuts = await _shortcuts(folder)

    def state(self, me: Person, where: str) -> Json:
        """See Page."""
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
            "connected": self.connections(),
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

    async def do(self, me: Person, asked: Mapping[str, Any]) -> str:
        """See Page."""
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


if __name__ == "__main__":
    sys.exit(asyncio.run(until_stopped(play)))
