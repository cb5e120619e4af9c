"""What Slack sends -> who pressed what, where, and how to answer. Pure: a payload in, a value out."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeAlias

from bot.game.model import ChannelId

Payload: TypeAlias = Mapping[str, Any]  # JSON, as Slack sends it
Ack: TypeAlias = Callable[..., Awaitable[Any]]  # how a listener says to Slack that it has it
NOWHERE = ChannelId("")
UNNAMED = frozenset({"privategroup", "directmessage"})
"""What a command has in the place of a channel's name, where Slack does not tell it."""
LIGHTBULB = "bulb"  # the reaction's name, as Slack keeps it

_BY_PEOPLE = frozenset({None, "thread_broadcast", "file_share", "me_message"})  # kinds of messages

_BLOCK = re.compile(r"(?P<channel>[A-Za-z0-9_-]{1,64})\.\d{1,3}")
_MARKUP = re.compile(r"<([^<>]*)>")


class Surface(StrEnum):
    """What was pressed on, and so where an answer goes."""

    COMMAND = "command"
    POST = "post"  # everybody in the channel sees it
    WHISPER = "whisper"  # an ephemeral message: an answer takes its place
    MODAL = "modal"
    HOME = "home"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where something came from, and how to answer it.

    `channel` is Slack's own id, empty in App Home and in modals; `trigger` opens one modal
    within 3 s; `url` takes answers for 30 min; `view` is the modal it was pressed in.
    """

    team: str
    user: str
    surface: Surface
    name: str = ""
    channel: str = ""
    channel_name: str = ""
    trigger: str = ""
    url: str = ""
    view: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What a modal remembers in its `private_metadata`: its action, and where its answer goes."""

    action: str = ""
    place: ChannelId = NOWHERE
    url: str = ""
    surface: Surface = Surface.MODAL  # what the first form was opened from

    def write(self) -> str:
        """As Slack keeps it with the modal."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button, a form that was sent, or a shortcut. `place` is our channel, empty if it names none.

    `event` names this one delivery: the same one twice is the same press twice.
    """

    origin: Origin
    action: str
    event: str
    place: ChannelId = NOWHERE
    fields: Mapping[str, str] = field(default_factory=dict)
    behind: Behind = field(default_factory=Behind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Words in a thread, as they are now. `version` grows with each change of them."""

    team: str
    channel: str
    thread: str
    ref: str
    user: str
    words: str
    at: datetime
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """A message that somebody chose in its menu. `writer` is empty where it is no one person's.

    `private`: it stands in a talk between people, and in no channel.
    """

    writer: str
    words: str
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """Words in a thread that their writer deleted."""

    team: str
    channel: str
    thread: str
    ref: str
    user: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """A lightbulb put on a message, or taken away."""

    team: str
    channel: str
    ref: str
    user: str
    on: bool
    version: str


class NotOurs(ValueError):
    """A payload that says nothing to us. Its words are not repeated."""


# --- presses -----------------------------------------------------------------------------


def command(body: Payload) -> tuple[Origin, str]:
    """A slash command: where it was typed, and the words after it."""
    name = body.get("channel_name", "")
    origin = Origin(
        team=body["team_id"],
        user=body["user_id"],
        name=body.get("user_name", ""),
        surface=Surface.COMMAND,
        channel=body["channel_id"],
        channel_name="" if name in UNNAMED else name,
        trigger=body.get("trigger_id", ""),
        url=body.get("response_url", ""),
    )
    return origin, body.get("text") or ""


def command_event(body: Payload) -> str:
    """What names the delivery of a command."""
    return f"slack:{body['team_id']}:command:{body.get('trigger_id', '')}"


def pressed(body: Payload) -> Pressed:
    """A button in a message, in a modal or in App Home. Raises NotOurs for what is no button of ours."""
    try:
        (action,) = body["actions"]
        value = str(action["value"])
        stamp = str(action["action_ts"])
    except (KeyError, ValueError, TypeError):
        raise NotOurs from None
    container = body.get("container", {})
    view = body.get("view") or {}
    behind = _behind(view) if view.get("type") == "modal" else Behind()
    if view.get("type") == "home":
        surface = Surface.HOME
    elif view:
        surface = Surface.MODAL
    elif container.get("is_ephemeral"):
        surface = Surface.WHISPER
    else:
        surface = Surface.POST
    origin = _origin(body, surface, view.get("id", ""), body.get("response_url") or behind.url)
    named = _BLOCK.fullmatch(str(action.get("block_id", "")))
    place = ChannelId(named["channel"]) if named else behind.place
    return Pressed(
        origin=origin,
        action=value,
        event=f"slack:{origin.team}:{origin.user}:{stamp}:{sha256(value.encode()).hexdigest()[:16]}",
        place=place,
        behind=behind,
    )


def sent(body: Payload) -> Pressed:
    """A form that was sent. Raises NotOurs for a modal that is none of ours."""
    view = body["view"]
    behind = _behind(view)
    if not behind.action:
        raise NotOurs
    fields = values(view.get("state", {}).get("values", {}))
    origin = _origin(body, Surface.MODAL, view["id"], behind.url)
    # Sent again after something was mended in it, it is another press.
    typed = sha256(repr(sorted(fields.items())).encode()).hexdigest()
    return Pressed(
        origin=origin,
        action=behind.action,
        event=f"slack:{origin.team}:{view['id']}:{typed}:{behind.action}",
        place=behind.place,
        fields=fields,
        behind=behind,
    )


def shortcut(body: Payload) -> tuple[Origin, str, str]:
    """A message shortcut: where, which message, and the thread it stands in (empty if in none)."""
    message = body["message"]
    origin = _origin(body, Surface.POST, "", body.get("response_url", ""))
    ref, thread = str(message["ts"]), str(message.get("thread_ts", ""))
    return origin, ref, thread if thread != ref else ""  # the card itself is no reply to it


def picked(body: Payload, name_of: Callable[[str], str | None] = lambda _user: "") -> Picked:
    """What the message of a shortcut says, and who wrote it. Programs and Slack itself are nobody."""
    message, channel = body["message"], body.get("channel") or {}
    one_person = message.get("subtype") in _BY_PEOPLE and not message.get("bot_id")
    return Picked(
        writer=str(message.get("user") or "") if one_person else "",
        words=as_read(message.get("text") or "", name_of),
        private=channel.get("id", "").startswith("D") or channel.get("name", "").startswith("mpdm-"),
    )


def values(state: Payload) -> dict[str, str]:
    """What stands in each field of a modal, by the field's name. An empty field is an empty string."""
    filled: dict[str, str] = {}
    for elements in state.values():
        for name, element in elements.items():
            option = element.get("selected_option")
            value = option.get("value") if option else element.get("value") or element.get("selected_date")
            filled[name] = str(value or "")
    return filled


def _origin(body: Payload, surface: Surface, view: str, url: str) -> Origin:
    user = body["user"]
    team = body.get("team") or {}
    channel = body.get("channel") or {}
    return Origin(
        team=team.get("id") or user.get("team_id", ""),
        user=user["id"],
        name=user.get("name") or user.get("username") or "",
        surface=surface,
        channel=channel.get("id", ""),
        channel_name=channel.get("name", ""),
        trigger=body.get("trigger_id", ""),
        url=url,
        view=view,
    )


def _behind(view: Payload) -> Behind:
    try:
        kept = json.loads(view.get("private_metadata") or "{}")
        return Behind(
            action=str(kept.get("action", "")),
            place=ChannelId(str(kept.get("place", ""))),
            url=str(kept.get("url", "")),
            surface=Surface(kept.get("surface", Surface.MODAL)),
        )
    except (ValueError, AttributeError):
        raise NotOurs from None


# --- what people write and how they react ------------------------------------------------


def thread_event(
    body: Payload, name_of: Callable[[str], str | None] = lambda _user: ""
) -> Written | Gone | None:
    """A message event -> words in a thread, or their end; None for what is no player's words there.

    `name_of` gives the name of somebody who is mentioned, or nothing.
    """
    event = body["event"]
    match event.get("subtype"):
        case None | "thread_broadcast" | "file_share":
            message, version = event, event.get("ts", "")
        case "message_changed":
            message = event.get("message", {})
            if message.get("subtype") == "tombstone":  # a deleted message that has replies
                return _gone(body, event, event.get("previous_message", {}))
            version = (message.get("edited") or {}).get("ts", "")
        case "message_deleted":
            return _gone(body, event, event.get("previous_message", {}))
        case _:
            return None
    ref, thread = message.get("ts", ""), message.get("thread_ts", "")
    if not version or not _in_thread(message):
        return None  # without a version it is a link that was unfolded, or a reply more: no new words
    words = as_read(message.get("text", ""), name_of)
    if not words.strip():
        return None
    return Written(
        team=_team(body),
        channel=event.get("channel", ""),
        thread=thread,
        ref=ref,
        user=message["user"],
        words=words,
        at=moment(ref),
        version=version,
    )


def from_history(
    team: str, channel: str, message: Payload, name_of: Callable[[str], str | None]
) -> Written | None:
    """The same, for a message that was read back from the thread."""
    if message.get("subtype") not in {None, "thread_broadcast", "file_share"} or not _in_thread(message):
        return None
    words = as_read(message.get("text", ""), name_of)
    if not words.strip():
        return None
    return Written(
        team=team,
        channel=channel,
        thread=message["thread_ts"],
        ref=message["ts"],
        user=message["user"],
        words=words,
        at=moment(message["ts"]),
        version=(message.get("edited") or {}).get("ts") or message["ts"],
    )


def reaction(body: Payload) -> Reacted | None:
    """A reaction event -> a lightbulb on a message, or off it; None for every other reaction."""
    event = body["event"]
    item = event.get("item", {})
    if item.get("type") != "message" or not _is_lightbulb(event.get("reaction", "")):
        return None
    return Reacted(
        team=_team(body),
        channel=item["channel"],
        ref=item["ts"],
        user=event["user"],
        on=event["type"] == "reaction_added",
        version=event["event_ts"],
    )


def lit_by(message: Payload) -> list[str]:
    """The users whose lightbulb stands on a message that was read back."""
    bulbs = [each for each in message.get("reactions", ()) if _is_lightbulb(each.get("name", ""))]
    return list(dict.fromkeys(user for each in bulbs for user in each.get("users", ())))


def _is_lightbulb(name: str) -> bool:
    return name.partition("::")[0] == LIGHTBULB  # behind it may stand a tone of skin


def moment(ts: str) -> datetime:
    """When a message was written, in UTC. Slack names messages by their time: 1712345678.000100."""
    seconds, _, rest = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int((rest or "0")[:6].ljust(6, "0")))


def as_read(text: str, name_of: Callable[[str], str | None] = lambda _user: "") -> str:
    """Slack's own markup of what somebody wrote -> the words they saw (Slack: formatting text)."""

    def shown(found: re.Match[str]) -> str:
        inside, _, label = found[1].partition("|")
        if inside.startswith("@"):
            return f"@{label or name_of(inside[1:]) or 'someone'}"
        if inside.startswith("#"):
            return f"#{label or 'channel'}"
        if inside.startswith("!"):
            return label or f"@{inside[1:].partition('^')[0]}"
        if label and label != inside and not inside.endswith(label):
            return f"{label} ({inside})"
        return label or inside

    return _MARKUP.sub(shown, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _gone(body: Payload, event: Payload, before: Payload) -> Gone | None:
    ref = event.get("deleted_ts") or before.get("ts", "")
    if not _in_thread(before) or not ref:
        return None
    return Gone(
        team=_team(body),
        channel=event.get("channel", ""),
        thread=before["thread_ts"],
        ref=ref,
        user=before["user"],
        # Newer than every edit of it, whatever comes late.
        version=event.get("event_ts") or event.get("ts", ""),
    )


def _in_thread(message: Payload) -> bool:
    """Whether it is a reply that a person wrote: no bot, and not the card itself."""
    thread = message.get("thread_ts")
    return bool(thread and thread != message.get("ts") and message.get("user") and not message.get("bot_id"))


def _team(body: Payload) -> str:
    return str(body.get("team_id") or body["event"].get("team", ""))
