"""What Discord sends -> who pressed what, where. Pure: an interaction or an event in, a value out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

import discord

from adapters.discord.dates import date_of

Payload: TypeAlias = Mapping[str, Any]  # JSON, as Discord sends it
DATES = frozenset({"by", "start", "end", "first", "last"})  # fields that hold one
LIGHTBULB = "💡"

_MENTION = re.compile(r"<(?P<kind>@!?|@&|#)(?P<id>\d{1,20})>|<a?:(?P<emoji>\w{1,32}):\d{1,20}>")


class Surface(StrEnum):
    """What was pressed on, and so where an answer goes."""

    COMMAND = "command"
    POST = "post"  # everybody in the channel sees it
    WHISPER = "whisper"  # an ephemeral message: an answer takes its place
    DIRECT = "direct"  # a direct message


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where something came from, in Discord's own ids. `channel` is the one a thread belongs to.

    `guild` and `channel` are empty in a direct message. `manages`: they may change the channel.
    """

    guild: str
    channel: str
    user: str
    name: str
    surface: Surface
    guild_name: str = ""
    channel_name: str = ""
    manages: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Words in a thread, as they are now. `version` grows with each change of them."""

    guild: str
    channel: str
    thread: str
    ref: str
    user: str
    name: str
    words: str
    at: datetime
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """A message that somebody chose in its menu. `writer` is empty where it is no one person's."""

    writer: str
    words: str


def origin(interaction: discord.Interaction) -> Origin:
    """Who pressed, and where."""
    channel = interaction.channel
    private = interaction.guild_id is None
    here = channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id
    above = channel.parent if isinstance(channel, discord.Thread) else channel
    return Origin(
        guild="" if private else str(interaction.guild_id),
        channel="" if private else str(here),
        user=str(interaction.user.id),
        name=interaction.user.display_name,
        surface=_surface(interaction, private=private),
        guild_name=interaction.guild.name if interaction.guild is not None else "",
        channel_name=str(getattr(above, "name", "") or ""),
        manages=not private and interaction.permissions.manage_channels,
    )


def _surface(interaction: discord.Interaction, *, private: bool) -> Surface:
    if interaction.message is None:
        return Surface.COMMAND
    if interaction.message.flags.ephemeral:
        return Surface.WHISPER
    return Surface.DIRECT if private else Surface.POST


def event(interaction: discord.Interaction) -> str:
    """What names this one delivery. Discord gives each press a number of its own."""
    return f"discord:{interaction.id}"


def values(data: Payload) -> dict[str, str]:
    """What stands in each field of a form that was sent, by the field's name.

    Where Discord has no field to pick a date from, it is typed as people write dates.
    """
    filled = {each["custom_id"]: _value(each) for each in _inputs(data.get("components", ()))}
    for name in DATES & filled.keys():
        day = date_of(filled[name])
        filled[name] = day.isoformat() if day is not None else filled[name]
    return filled


def _inputs(components: Any) -> Iterator[Payload]:
    """Fields stand in rows or under labels (Reference: modal submit data)."""
    for each in components:
        inner = each.get("components") or ([each["component"]] if "component" in each else [])
        if inner:
            yield from _inputs(inner)
        elif "custom_id" in each:
            yield each


def _value(component: Payload) -> str:
    chosen = component.get("values")
    if chosen:
        return str(chosen[0])
    return str(component.get("value") or "")


# --- what people write and how they react ------------------------------------------------


def written(message: discord.Message) -> Written | None:
    """A message in a thread -> its words; None for what is no player's words.

    A thread has the id of the card it hangs on.
    """
    thread = message.channel
    if message.guild is None or not isinstance(thread, discord.Thread):
        return None
    if not _by_one_person(message):
        return None
    words = as_read(message.content, message.mentions)
    if not words.strip():
        return None
    return Written(
        guild=str(message.guild.id),
        channel=str(thread.parent_id),
        thread=str(thread.id),
        ref=str(message.id),
        user=str(message.author.id),
        name=message.author.display_name,
        words=words,
        at=message.created_at,
        version=version(message.edited_at or message.created_at),
    )


def picked(message: discord.Message) -> Picked:
    """What a message that was chosen in its menu says, and who wrote it. Programs and Discord are nobody."""
    return Picked(
        writer=str(message.author.id) if _by_one_person(message) else "",
        words=as_read(message.content, message.mentions),
    )


def _by_one_person(message: discord.Message) -> bool:
    return not (message.author.bot or message.webhook_id) and message.type in _SAID


def reply(thread: object, message: object) -> str:
    """How we name a message in a thread."""
    return f"{thread}/{message}"


def version(at: datetime) -> str:
    """Grows with each edit: microseconds since 1970."""
    return str(int(at.timestamp() * 1_000_000))


def is_lightbulb(emoji: discord.PartialEmoji) -> bool:
    """Whether a reaction is the lightbulb, which has no colours of skin and no names of its own."""
    return emoji.id is None and emoji.name == LIGHTBULB


def has_lightbulb(message: Payload) -> bool:
    """Whether anybody put the lightbulb on a message that was read back."""
    found = [each["emoji"] for each in message.get("reactions") or ()]
    return any(each.get("id") is None and each.get("name") == LIGHTBULB for each in found)


def as_read(text: str, mentions: Sequence[discord.abc.User] = ()) -> str:
    """What somebody typed -> the words that people saw: names in the place of numbers."""
    names = {str(each.id): each.display_name for each in mentions}

    def shown(found: re.Match[str]) -> str:
        if found["emoji"]:
            return f":{found['emoji']}:"
        match found["kind"]:
            case "#":
                return "#channel"
            case "@&":
                return "@role"
            case _:
                return f"@{names.get(found['id']) or 'someone'}"

    return _MENTION.sub(shown, text)


# Everything else is said by Discord itself: somebody joined, a message was pinned.
_SAID = frozenset({discord.MessageType.default, discord.MessageType.reply})
