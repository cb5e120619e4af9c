"""Try the bot by hand: a Discord of one's own in the browser, with five people.

`python -m tests.discord.play --bot` starts both; without `--bot` it prints what a bot needs to find it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.discord import changes
from tests.discord.people import DiscordShows, Person
from tests.discord.reading import reading
from tests.discord.record import Can, Channel, Flag, Guild, Json, Modal, Post, may
from tests.discord.server import DiscordServer
from tests.trying import NAMES, Page, environment_of, play_on, until_stopped

PEOPLE = {f"40000000000000000{number}": name for number, name in enumerate(NAMES, start=1)}
FIRST = next(iter(PEOPLE))


async def play(start_bot: bool, opened: asyncio.Future[str] | None = None) -> None:
    """Run the server, and the bot if asked for, until this is cancelled. `opened` is told the address."""
    server = DiscordServer()
    room = Room(server)
    room.routes()
    async with server:
        await play_on(room, server.base_url, start_bot, opened)


def settings(server: DiscordServer) -> dict[str, str]:
    """What the bot needs to find this Discord."""
    return {
        "SHOES_DISCORD_TOKEN": server.token,
        "SHOES_DISCORD_API_URL": server.api_url,
        "SHOES_DISCORD_GATEWAY_URL": server.gateway_url,
    }


def environment(server: DiscordServer, folder: str) -> dict[str, str]:
    """The environment of a bot for this Discord alone, with its own database in `folder`."""
    return environment_of(settings(server), folder)


class Room(Page[Person]):
    """A guild to try the bot in."""

    platform, html, fails = "Discord", Path(__file__).with_name("play.html"), DiscordShows
    guild: Guild

    def __init__(self, server: DiscordServer) -> None:
        self.server = server

    def routes(self) -> None:
        """Serve the page beside the API."""
        self.serve(self.server.web)

    def furnish(self) -> None:
        """Five people, three channels: one for all, one for two, and one where the bot may not write."""
        self.guild = self.server.guild("200000000000000001", "Example Team")
        for id, name in PEOPLE.items():
            self.guild.member(id, name, permissions=int(Can.MANAGE_GUILD) if id == FIRST else 0)
        self.guild.channel("300000000000000001", "dementia-team")
        two = self.guild.channel("300000000000000002", "leadership")
        for id in [*PEOPLE][2:]:
            changes.deny(self.server.world, two, id, Can.VIEW_CHANNEL)
        shut = self.guild.channel("300000000000000003", "bot-may-not-write")
        changes.deny(self.server.world, shut, self.server.app.bot.id, Can.SEND_MESSAGES)

    def settings(self) -> dict[str, str]:
        """See Page."""
        return settings(self.server)

    def connections(self) -> int:
        """See Page."""
        return len(self.server.gateway.open)

    def person(self, id: str) -> Person:
        """See Page."""
        return self.server.person(self.guild, id if id in PEOPLE else FIRST)

    def state(self, me: Person, where: str) -> Json:
        """See Page."""
        mine = [each for each in self.guild.channels.values() if may(each, me.id, Can.VIEW_CHANNEL)]
        listed = [each for top in mine for each in (top, *top.threads) if not each.gone]
        channel = next((each for each in [*listed, me.dm] if each.id == where), mine[0])
        menus = [each["name"] for each in me.offered() if each["type"] == 3]
        return {
            "me": me.id,
            "people": [{"id": id, "name": name} for id, name in PEOPLE.items()],
            "channels": [
                *({"id": each.id, "name": each.name, "thread": bool(each.parent)} for each in listed),
                {"id": me.dm.id, "name": "In My Shoes (direct)", "thread": False},
            ],
            "channel": channel.id,
            "posts": [self._post(me, post) for post in me.sees(channel)],
            "modal": _modal(me.modal) if me.modal else None,
            "menus": menus,
            "commands": [usage for each in me.offered() if each["type"] == 1 for usage in _usage(each)],
            "connected": self.connections(),
            "faults": [
                f"{each.name}: {each.code}: {'; '.join(each.why)}" for each in self.server.faults_of_ours
            ],
        }

    def _post(self, me: Person, post: Post) -> Json:
        known = self.guild.members.get(post.author.id)
        loading = bool(post.flags & Flag.LOADING)
        return {
            "id": post.id,
            "who": known.shown if known else post.author.shown,
            "app": post.author.bot,
            "mine": post.author is me.user,
            "only_you": bool(post.only_for),
            "edited": post.edited is not None,
            "pings": me.pinged(post),
            "at": post.at,
            "thread": post.thread.id if post.thread and not post.thread.gone else "",
            "reply_to": self._started(post),
            "blocks": [_words("text", "In My Shoes is thinking…")] if loading else [*drawn(post)],
            "reactions": [{"name": name, "count": len(users)} for name, users in post.reactions.items()],
            "source": post.content,
        }

    def _started(self, post: Post) -> str:
        return post.reference.text[:80] if post.reference and not post.reference.gone else ""

    async def do(self, me: Person, asked: Mapping[str, Any]) -> str:
        """See Page."""
        channel = self.server.world.channels.get(asked.get("channel", ""))
        post = channel.by_id.get(asked.get("id", "")) if channel else None
        match asked["what"]:
            case "say" if channel and asked["text"].startswith("/"):
                await self._command(me, channel, asked["text"][1:])
            case "say" if channel:
                me.say(channel, asked["text"], reply_to=post)
            case "complete" if channel:
                return await self._complete(me, channel, asked["text"][1:])
            case "press" if post:
                await me.press(post, asked["action"], asked.get("choice", ()))
            case "submit":
                await me.submit(asked["values"])
            case "close":
                me.close_modal()
            case "react" if post:
                toggle = me.unreact if me.id in post.reactions.get(asked["name"], []) else me.react
                toggle(post, asked["name"])
            case "edit" if post:
                me.edit(post, asked["text"])
            case "delete" if post:
                me.delete(post)
            case "menu" if post:
                await me.context_menu(asked["name"], post)
            case "dms":
                me.closes_dms(not me.user.closed)
                return "They take no direct messages." if me.user.closed else "They take direct messages."
            case "reload":
                me.reload()
            case _:
                return "That is not there any more."
        return ""

    async def _command(self, me: Person, channel: Channel, typed: str) -> None:
        path, options = _typed(typed)
        await me.command(path, channel=channel, **options)

    async def _complete(self, me: Person, channel: Channel, typed: str) -> str:
        """The choices for the option that is being typed, one on each line."""
        path, options = _typed(typed)
        if not options:
            return ""
        last = [*options][-1]
        begun = options.pop(last)
        offered = await me.autocomplete(path, last, begun, channel=channel, **options)
        return "\n".join(f"{each['value']}\t{each['name']}" for each in offered)


def _typed(text: str) -> tuple[str, dict[str, str]]:
    """A command and its options, typed as `shoes deal deck:dementia`."""
    path: list[str] = []
    options: dict[str, str] = {}
    for word in text.split(" "):
        name, colon, value = word.partition(":")
        if colon:
            options[name] = value
        elif options:
            options[[*options][-1]] += f" {word}"
        else:
            path.append(word)
    return " ".join(path).strip(), {name: value.strip() for name, value in options.items()}


def _usage(command: Json, before: str = "/") -> Iterator[str]:
    here = f"{before}{command['name']}"
    inner = [each for each in command.get("options") or [] if each["type"] in {1, 2}]
    for each in inner:
        yield from _usage(each, here + " ")
    if not inner:
        needed = [each["name"] for each in command.get("options") or [] if each.get("required")]
        yield here + "".join(f" {each}:" for each in needed)


# --- Messages, simply drawn ------------------------------------------------------------------------


def drawn(post: Post) -> Iterator[Json]:
    """A message as the page draws it: a kind, runs of words, and what can be pressed."""
    if post.content:
        yield _runs("text", reading(post.content).runs)
    for each in post.embeds:
        yield _runs("embed", reading("", [each]).runs)
    for each in post.components:
        yield from _drawn(each, "text")


def _words(kind: str, words: str) -> Json:
    return _runs(kind, (("", words),))


def _runs(kind: str, runs: tuple[tuple[str, str], ...], elements: list[Json] | None = None) -> Json:
    shown = [{"text": text, "style": style} for style, text in runs]
    return {"kind": kind, "runs": shown, "elements": elements or []}


def _drawn(each: Json, kind: str) -> Iterator[Json]:
    match each["type"]:
        case 1:
            yield _runs(kind, (), [_element(one) for one in each["components"]])
        case 9:
            alone = reading("", (), each["components"])
            accessory = each["accessory"]
            if accessory["type"] == 2:
                yield _runs(kind, alone.runs, [_element(accessory)])
            else:
                yield _runs(kind, alone.runs)
                yield _words("image", accessory.get("description") or "")
        case 10:
            yield _runs(kind, reading(each["content"]).runs)
        case 12:
            for item in each["items"]:
                yield _words("image", item.get("description") or "")
        case 14:
            yield _words("divider", "")
        case 17:
            for inner in each["components"]:
                yield from _drawn(inner, "embed")


def _element(element: Json) -> Json:
    emoji = (element.get("emoji") or {}).get("name") or ""
    return {
        "type": element["type"],
        "action": element.get("custom_id", ""),
        "label": " ".join(filter(None, [emoji, element.get("label") or ""])),
        "style": {3: "primary", 1: "primary", 4: "danger"}.get(element.get("style", 0), ""),
        "url": element.get("url") or "",
        "disabled": element.get("disabled", False),
        "placeholder": element.get("placeholder") or "",
        "several": (element.get("max_values") or 1) > 1,
        "options": [
            {"text": each["label"], "value": each["value"], "default": bool(each.get("default"))}
            for each in element.get("options") or []
        ],
    }


def _modal(modal: Modal) -> Json:
    fields: list[Json] = []
    for each in modal.shape["components"]:
        if each["type"] == 10:
            fields.append({"words": _runs("text", reading(each["content"]).runs)})
            continue
        inner = each["component"] if each["type"] == 18 else each["components"][0]
        value = modal.values.get(inner["custom_id"], inner.get("value") or "")
        fields.append(
            {
                **_element(inner),
                "label": each.get("label") or inner.get("label"),
                "hint": each.get("description") or "",
                "name": inner["custom_id"],
                "optional": inner.get("required") is False,
                "multiline": inner.get("style") == 2,
                "value": value if isinstance(value, str) else "",
                "several": inner["type"] == 22 or (inner.get("max_values") or 1) > 1,
            }
        )
    return {"id": modal.interaction.id, "title": modal.shape["title"], "fields": fields}


if __name__ == "__main__":
    sys.exit(asyncio.run(until_stopped(play)))
