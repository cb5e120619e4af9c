"""Discord's calls: each checks what it was given, changes the record through changes.py, and answers.

The calls have the names of Discord's published description, and refusals Discord's own codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.discord import changes, components, payloads
from tests.discord.components import Problem
from tests.discord.record import (
    COMMAND_ANSWER,
    DM,
    MENU_ANSWER,
    REPLY,
    TEXT,
    THREAD,
    THREAD_STARTER,
    Answers,
    Asks,
    Can,
    Channel,
    Flag,
    Guild,
    Interaction,
    Json,
    Post,
    World,
    may,
)

NONCE_SECONDS = 5 * 60.0  # Create Message, "enforce_nonce": "in the past few minutes"
_OURS = (
    Flag.SUPPRESS_EMBEDS | Flag.EPHEMERAL | Flag.SUPPRESS_NOTIFICATIONS | Flag.COMPONENTS_V2
)  # what an app may set


class Refusal(Exception):
    """A call that Discord refuses. `ours`: it should never have been made."""

    def __init__(
        self, status: int, code: int, message: str, problems: list[Problem] | None = None, *, ours: str = ""
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.problems = problems or []
        self.why = tuple(map(str, self.problems)) or ((ours,) if ours else ())

    @property
    def body(self) -> Json:
        """The answer as Discord words it."""
        told: Json = {"message": self.message, "code": self.code}
        if self.problems:
            told["errors"] = components.tree(self.problems)
        return told


def invalid(*problems: Problem) -> Refusal:
    """A body that Discord does not take."""
    return Refusal(400, 50035, "Invalid Form Body", [*problems])


def wrong(path: str, message: str) -> Refusal:
    """A body with one thing wrong."""
    return invalid(Problem(tuple(path.split(".")), "BASE_TYPE_BAD", message))


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: its path's parts, query and body."""

    world: World
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: Mapping[str, int]  # name -> bytes

    def yes(self, name: str) -> bool:
        """Whether a switch in the query is on."""
        return self.query.get(name, "").lower() in {"1", "true"}


Do = Callable[[Asked], Any]  # the answer, or None for 204


@dataclass(frozen=True, slots=True)
class Route:
    """One call. `open`: needs no bot token, for the token in its path is enough."""

    name: str
    method: str
    path: re.Pattern[str]
    do: Do
    open: bool = False


ROUTES: list[Route] = []


def _route(name: str, method: str, path: str, *, open: bool = False) -> Callable[[Do], Do]:
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$")

    def keep(do: Do) -> Do:
        ROUTES.append(Route(name, method, pattern, do, open))
        return do

    return keep


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The call for an address, and the parts of its path. Fixed paths come before those with ids."""
    found = [
        (route, match) for route in ROUTES if route.method == method if (match := route.path.match(path))
    ]
    if not found:
        return None
    route, match = min(found, key=lambda each: len(each[1].groupdict()))
    return route, {name: unquote(value) for name, value in match.groupdict().items()}


# --- The bot, its application, its commands --------------------------------------------------------


@_route("get_my_user", "GET", "/users/@me")
def _me(asked: Asked) -> Json:
    return payloads.me(asked.world.app)


@_route("get_bot_gateway", "GET", "/gateway/bot")
def _gateway(asked: Asked) -> Json:
    return asked.world.gateway()


@_route("get_my_application", "GET", "/applications/@me")
@_route("get_my_oauth2_application", "GET", "/oauth2/applications/@me")
def _my_application(asked: Asked) -> Json:
    return payloads.application(asked.world.app, len(_guilds(asked.world)))


def _guilds(world: World) -> list[Guild]:
    return [each for each in world.guilds.values() if not each.gone]


@_route("list_my_guilds", "GET", "/users/@me/guilds")
def _my_guilds(asked: Asked) -> list[Json]:
    return [
        {
            "id": each.id,
            "name": each.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": "0",
            "features": [],
        }
        for each in _guilds(asked.world)
    ]


@_route("get_user", "GET", "/users/{user_id}")
def _user(asked: Asked) -> Json:
    found = asked.world.users.get(asked.path["user_id"])
    if found is None:
        raise Refusal(404, 10013, "Unknown User")
    return payloads.user(found)


@_route("bulk_set_application_commands", "PUT", "/applications/{application_id}/commands")
def _set_commands(asked: Asked) -> list[Json]:
    _own_application(asked)
    app = asked.world.app
    app.commands = _commands(asked, app.commands, "")
    return app.commands


@_route("list_application_commands", "GET", "/applications/{application_id}/commands")
def _list_commands(asked: Asked) -> list[Json]:
    _own_application(asked)
    return asked.world.app.commands


_OF_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


@_route("bulk_set_guild_application_commands", "PUT", _OF_GUILD)
def _set_guild_commands(asked: Asked) -> list[Json]:
    _own_application(asked)
    guild = _guild(asked)
    kept = asked.world.app.guild_commands
    kept[guild.id] = _commands(asked, kept.get(guild.id, []), guild.id)
    return kept[guild.id]


@_route("list_guild_application_commands", "GET", _OF_GUILD)
def _list_guild_commands(asked: Asked) -> list[Json]:
    _own_application(asked)
    return asked.world.app.guild_commands.get(_guild(asked).id, [])


def _own_application(asked: Asked) -> None:
    if asked.path["application_id"] != asked.world.app.id:
        raise Refusal(
            403, 20012, "You are not authorized to perform this action on this application", ours="id"
        )


def _commands(asked: Asked, before: list[Json], guild: str) -> list[Json]:
    bodies = asked.body or []
    problems = components.commands(bodies)
    if problems:
        raise invalid(*problems)
    ids = {(each["type"], each["name"]): each["id"] for each in before}
    return [
        payloads.command(
            asked.world.app,
            each,
            ids.get((each.get("type") or 1, each["name"])) or asked.world.next_id(),
            guild,
        )
        for each in bodies
    ]


# --- Guilds and channels ---------------------------------------------------------------------------


def _guild(asked: Asked) -> Guild:
    found = asked.world.guilds.get(asked.path["guild_id"])
    if found is None:
        raise Refusal(404, 10004, "Unknown Guild")
    if found.gone:
        raise Refusal(403, 50001, "Missing Access")
    return found


def _channel(asked: Asked, *needs: Can) -> Channel:
    """The channel of a call, if the bot may do what the call needs there."""
    found = asked.world.channels.get(asked.path["channel_id"])
    if found is None or found.gone:
        raise Refusal(404, 10003, "Unknown Channel")
    bot = asked.world.app.bot.id
    if found.guild is not None and (found.guild.gone or not may(found, bot, Can.VIEW_CHANNEL)):
        raise Refusal(403, 50001, "Missing Access")
    for each in needs:
        if not may(found, bot, each):
            raise Refusal(403, 50013, "Missing Permissions")
    return found


def _post(asked: Asked, *needs: Can) -> Post:
    """The message of a call: one that all see, and not one for a single person."""
    found = _channel(asked, *needs).find(asked.path["message_id"])
    if found is None:
        raise Refusal(404, 10008, "Unknown Message")
    return found


@_route("get_guild", "GET", "/guilds/{guild_id}")
def _get_guild(asked: Asked) -> Json:
    return payloads.guild(_guild(asked))


@_route("list_guild_channels", "GET", "/guilds/{guild_id}/channels")
def _list_channels(asked: Asked) -> list[Json]:
    return [payloads.channel(each) for each in _guild(asked).channels.values()]


@_route("get_guild_member", "GET", "/guilds/{guild_id}/members/{user_id}")
def _member(asked: Asked) -> Json:
    found = _guild(asked).members.get(asked.path["user_id"])
    if found is None:
        raise Refusal(404, 10007, "Unknown Member")
    return payloads.full_member(found)


@_route("get_active_guild_threads", "GET", "/guilds/{guild_id}/threads/active")
def _active(asked: Asked) -> Json:
    bot = asked.world.app.bot.id
    seen = [each for each in _guild(asked).channels.values() if may(each, bot, Can.VIEW_CHANNEL)]
    found = [thread for each in seen for thread in each.threads if not thread.archived and not thread.gone]
    return {
        "threads": [payloads.channel(each) for each in found],
        "members": [payloads.thread_member(each, bot) for each in found if bot in each.members],
        "has_more": False,
    }


@_route("get_channel", "GET", "/channels/{channel_id}")
def _get_channel(asked: Asked) -> Json:
    return payloads.channel(_channel(asked))


@_route("update_channel", "PATCH", "/channels/{channel_id}")
def _update_channel(asked: Asked) -> Json:
    there = _channel(asked)
    body = asked.body
    if there.type != THREAD:
        raise Refusal(403, 50013, "Missing Permissions", ours="only threads are changed")
    bot = asked.world.app.bot.id
    own = there.owner == bot and not body.keys() & {"locked"} and not there.locked
    if not own and not may(there, bot, Can.MANAGE_THREADS):
        raise Refusal(403, 50013, "Missing Permissions")
    if there.archived and body.get("archived") is not False:
        raise _archived()
    changes.archive(
        asked.world,
        there,
        archived=body.get("archived"),
        locked=body.get("locked"),
        name=body.get("name") or "",
    )
    return payloads.channel(there)


@_route("delete_channel", "DELETE", "/channels/{channel_id}")
def _delete_channel(asked: Asked) -> Json:
    there = _channel(asked, Can.MANAGE_THREADS)
    if there.type != THREAD:
        raise Refusal(403, 50013, "Missing Permissions", ours="only threads are deleted")
    shown = payloads.channel(there)
    changes.delete_channel(asked.world, there)
    return shown


@_route("trigger_typing_indicator", "POST", "/channels/{channel_id}/typing")
def _typing(asked: Asked) -> None:
    _channel(asked, Can.SEND_MESSAGES)


@_route("create_dm", "POST", "/users/@me/channels")
def _create_dm(asked: Asked) -> Json:
    found = asked.world.users.get(str(asked.body.get("recipient_id", "")))
    if found is None:
        raise Refusal(404, 10013, "Unknown User")
    if found.bot:
        raise Refusal(403, 50007, "Cannot send messages to this user")
    return payloads.channel(asked.world.dm(found))


# --- Messages --------------------------------------------------------------------------------------


@_route("create_message", "POST", "/channels/{channel_id}/messages")
def _create(asked: Asked) -> Json:
    world, body = asked.world, asked.body
    there = _channel(asked)
    bot = world.app.bot
    if there.type == DM:
        _open(world, there)
    else:
        need = Can.SEND_MESSAGES_IN_THREADS if there.type == THREAD else Can.SEND_MESSAGES
        if not may(there, bot.id, need):
            raise Refusal(403, 50013, "Missing Permissions")
        if there.locked and not may(there, bot.id, Can.MANAGE_THREADS):
            raise _archived()
    if asked.files and not may(there, bot.id, Can.ATTACH_FILES):
        raise Refusal(403, 50013, "Missing Permissions")
    if int(body.get("flags") or 0) & Flag.EPHEMERAL:
        raise wrong("flags", "Only the answer to an interaction can be ephemeral.")
    _check(body, asked.files)
    reference = _reference(there, body)
    nonce = body.get("nonce")
    before = world.nonces.get(str(nonce))
    if body.get("enforce_nonce") and before and world.clock() - before.at <= NONCE_SECONDS:
        # Create Message, "enforce_nonce": by the author, wherever it was; nothing new is made.
        return payloads.message(world, before)
    kind = {"type": REPLY} if reference else {}
    post = changes.a_post(world, there, bot, body, reference=reference, nonce=nonce, **kind)
    post.attachments = _attachments(asked, post)
    if nonce is not None:
        world.nonces[str(nonce)] = post
    changes.add(world, post)
    return payloads.message(world, post)


def _open(world: World, there: Channel) -> None:
    """Raise if a person takes no direct messages from the bot: closed, or no guild in common."""
    person = there.recipient
    assert person is not None
    shared = any(person.id in each.members for each in _guilds(world))
    if person.closed or not shared:
        raise Refusal(403, 50007, "Cannot send messages to this user")


def _reference(there: Channel, body: Json) -> Post | None:
    asked = body.get("message_reference")
    if not asked:
        return None
    found = there.find(str(asked.get("message_id", "")))
    if found is None and asked.get("fail_if_not_exists", True):
        raise wrong("message_reference.message_id", "Unknown message")
    return found


def _check(body: Json, files: Mapping[str, int], before: Post | None = None) -> None:
    """Raise if a message cannot stand as it would with this body. `before`: what is edited."""
    after: Json = {
        "content": before.content if before else "",
        "embeds": before.embeds if before else [],
        "components": before.components if before else [],
        "flags": before.flags if before else 0,
    }
    for name in ("poll", "sticker_ids", "stickers"):
        if body.get(name):
            raise wrong(name, f"{name} is not built here")
    after |= {name: body[name] for name in ("content", "embeds", "components") if name in body}
    flags = int(body.get("flags") or 0)
    if flags & ~int(_OURS) & ~(before.flags if before else 0):
        raise wrong("flags", "Only SUPPRESS_EMBEDS, EPHEMERAL, SUPPRESS_NOTIFICATIONS and IS_COMPONENTS_V2.")
    # Message Resource, IS_COMPONENTS_V2: once it is set, it cannot be removed.
    was = bool(before and before.flags & Flag.COMPONENTS_V2)
    if was and "flags" in body and body["flags"] is not None and not flags & Flag.COMPONENTS_V2:
        raise wrong("flags", "IS_COMPONENTS_V2 cannot be removed from a message")
    after["flags"] = flags | int(Flag.COMPONENTS_V2 if was else 0)
    problems = [*components.message(after), *_mentions(body.get("allowed_mentions"))]
    if problems:
        raise invalid(*problems)
    holds = any(after.get(name) for name in ("content", "embeds", "components"))
    if not (holds or files or (before and before.attachments)):
        raise Refusal(400, 50006, "Cannot send an empty message", ours="an empty message")


def _mentions(allowed: Any) -> list[Problem]:
    """Whether `parse` and the lists of ids contradict each other (Message, "Allowed Mentions Object")."""
    if not allowed:
        return []
    words = "parse: and {}: are mutually exclusive"
    return [
        Problem(("allowed_mentions",), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", words.format(name))
        for name in ("users", "roles")
        if name in (allowed.get("parse") or []) and allowed.get(name)
    ]


def _attachments(asked: Asked, post: Post) -> list[Json]:
    described = {str(each.get("id")): each for each in (_data(asked.body).get("attachments") or [])}
    found = []
    for place, (name, size) in enumerate(asked.files.items()):
        about = described.get(str(place), {})
        filename = about.get("filename") or name
        url = f"https://cdn.discordapp.com/attachments/{post.channel.id}/{post.id}/{filename}"
        found.append(
            {
                "id": asked.world.next_id(), "filename": filename, "size": size, "url": url, "proxy_url": url,
                "content_type": "application/octet-stream", "flags": 0,
                **({"description": about["description"]} if about.get("description") else {}),
            }
        )  # fmt: skip
    return found


def _data(body: Any) -> Json:
    """The message in a body: that of an answer to an interaction lies in its `data`."""
    inner = body.get("data") if isinstance(body, dict) and "data" in body else body
    return inner if isinstance(inner, dict) else {}


@_route("update_message", "PATCH", "/channels/{channel_id}/messages/{message_id}")
def _update(asked: Asked) -> Json:
    post = _post(asked)
    if post.author is not asked.world.app.bot:
        if set(asked.body) - {"flags"}:
            raise Refusal(403, 50005, "Cannot edit a message authored by another user", ours=post.id)
        raise Refusal(403, 50013, "Missing Permissions")
    if post.channel.archived:
        raise _archived()
    if post.type == THREAD_STARTER:
        raise Refusal(403, 50021, "Cannot execute action on a system message", ours=post.id)
    _edit(asked, post, asked.body)
    return payloads.message(asked.world, post)


def _archived() -> Refusal:
    return Refusal(400, 50083, "Thread is archived")


def _edit(asked: Asked, post: Post, body: Json, *, first: bool = False) -> None:
    """Change a message of the bot's as an edit does. `first`: it was loading until now."""
    _check(body, asked.files, post)
    new: Json = {}
    if "content" in body:
        new["content"] = body["content"] or ""
    if "embeds" in body:
        new["embeds"] = [{"type": "rich", **each} for each in body["embeds"] or []]
    if "components" in body:
        new["components"] = payloads.kept(body["components"] or [], asked.world.next_id)
    if body.get("flags") is not None:
        keep = Flag.HAS_THREAD | Flag.EPHEMERAL | Flag.COMPONENTS_V2 | Flag.LOADING
        changed = int(body["flags"]) & int(Flag.SUPPRESS_EMBEDS | Flag.COMPONENTS_V2)
        new["flags"] = post.flags & int(keep | Flag.SUPPRESS_NOTIFICATIONS) | changed
    if "allowed_mentions" in body:
        new["allowed"] = body["allowed_mentions"]
    if asked.files:
        new["attachments"] = _attachments(asked, post)
    if first:
        changes.arrive(asked.world, post, **new)
    else:
        changes.edit(asked.world, post, **new)


@_route("delete_message", "DELETE", "/channels/{channel_id}/messages/{message_id}")
def _delete(asked: Asked) -> None:
    post = _post(asked)
    bot = asked.world.app.bot
    if post.author is not bot and not (post.channel.guild and may(post.channel, bot.id, Can.MANAGE_MESSAGES)):
        if post.channel.type == DM:
            raise Refusal(403, 50003, "Cannot execute action on a DM channel", ours=post.id)
        raise Refusal(403, 50013, "Missing Permissions")
    if post.channel.archived:
        raise _archived()
    changes.delete(asked.world, post)


@_route("get_message", "GET", "/channels/{channel_id}/messages/{message_id}")
def _get(asked: Asked) -> Json:
    return _shown(asked.world, _post(asked, Can.READ_MESSAGE_HISTORY))


def _shown(world: World, post: Post) -> Json:
    """A message as a call shows it: without words if the app may not read them at all."""
    own = post.author is world.app.bot or world.app.bot.id in post.pings or post.channel.guild is None
    return payloads.message(world, post, hidden=not own and not world.app.message_content)


@_route("list_messages", "GET", "/channels/{channel_id}/messages")
def _list(asked: Asked) -> list[Json]:
    there = _channel(asked)
    if not may(there, asked.world.app.bot.id, Can.READ_MESSAGE_HISTORY):
        return []  # Get Channel Messages: no error, but nothing either
    query = asked.query
    if sum(name in query for name in ("before", "after", "around")) > 1:
        raise wrong("before", "before, after and around are mutually exclusive")
    limit = int(query.get("limit", 50))
    if not 1 <= limit <= 100:
        raise wrong("limit", "int value should be between 1 and 100.")
    posts = sorted(there.posts, key=lambda each: int(each.id))
    if "after" in query:
        found = [each for each in posts if int(each.id) > int(query["after"])][:limit]
    elif "before" in query:
        found = [each for each in posts if int(each.id) < int(query["before"])][-limit:]
    elif "around" in query:
        middle = int(query["around"])
        near = sorted(posts, key=lambda each: abs(int(each.id) - middle))[:limit]
        found = sorted(near, key=lambda each: int(each.id))
    else:
        found = posts[-limit:]
    return [_shown(asked.world, each) for each in reversed(found)]  # the newest first


# --- Reactions -------------------------------------------------------------------------------------

_REACTION = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}"


def _emoji(asked: Asked) -> str:
    name = asked.path["emoji_name"]
    if re.fullmatch(r"[\x00-\x7f]{2,}", name):
        raise Refusal(400, 10014, "Unknown Emoji", ours=name)
    return name


@_route("add_my_message_reaction", "PUT", _REACTION + "/@me")
def _react(asked: Asked) -> None:
    post = _post(asked, Can.READ_MESSAGE_HISTORY)
    emoji = _emoji(asked)
    if emoji not in post.reactions and not may(post.channel, asked.world.app.bot.id, Can.ADD_REACTIONS):
        raise Refusal(403, 50013, "Missing Permissions")
    if post.channel.archived:
        raise _archived()
    changes.react(asked.world, post, asked.world.app.bot, emoji, add=True)


@_route("delete_my_message_reaction", "DELETE", _REACTION + "/@me")
def _unreact(asked: Asked) -> None:
    changes.react(asked.world, _post(asked), asked.world.app.bot, _emoji(asked), add=False)


@_route("delete_user_message_reaction", "DELETE", _REACTION + "/{user_id}")
def _unreact_other(asked: Asked) -> None:
    post = _post(asked, Can.MANAGE_MESSAGES)
    user = asked.world.users.get(asked.path["user_id"])
    if user is None:
        raise Refusal(404, 10013, "Unknown User")
    changes.react(asked.world, post, user, _emoji(asked), add=False)


@_route("list_message_reactions_by_emoji", "GET", _REACTION)
def _reactions(asked: Asked) -> list[Json]:
    users = _post(asked, Can.READ_MESSAGE_HISTORY).reactions.get(_emoji(asked), [])
    after = int(asked.query.get("after", 0))
    found = [id for id in sorted(users, key=int) if int(id) > after][: int(asked.query.get("limit", 25))]
    return [payloads.user(asked.world.users[id]) for id in found]


# --- Threads ---------------------------------------------------------------------------------------


@_route("create_thread_from_message", "POST", "/channels/{channel_id}/messages/{message_id}/threads")
def _thread(asked: Asked) -> Json:
    post = _post(asked)
    if post.channel.type != TEXT:
        raise Refusal(400, 50024, "Cannot execute action on this channel type", ours=post.channel.id)
    if not may(post.channel, asked.world.app.bot.id, Can.CREATE_PUBLIC_THREADS):
        raise Refusal(403, 50013, "Missing Permissions")
    if post.thread is not None:
        raise Refusal(400, 160004, "A thread has already been created for this message")
    name = asked.body.get("name") or ""
    if not 1 <= len(name.strip()) <= 100:
        raise wrong("name", "Must be between 1 and 100 in length.")
    return payloads.channel(changes.thread(asked.world, post, asked.world.app.bot, name))


@_route("list_thread_members", "GET", "/channels/{channel_id}/thread-members")
def _thread_members(asked: Asked) -> list[Json]:
    there = _threaded(asked)
    return [payloads.thread_member(there, id) for id in there.members]


@_route("join_thread", "PUT", "/channels/{channel_id}/thread-members/@me")
def _join(asked: Asked) -> None:
    _membership(asked, asked.world.app.bot.id, inside=True)


@_route("leave_thread", "DELETE", "/channels/{channel_id}/thread-members/@me")
def _leave(asked: Asked) -> None:
    _membership(asked, asked.world.app.bot.id, inside=False)


@_route("add_thread_member", "PUT", "/channels/{channel_id}/thread-members/{user_id}")
def _add_member(asked: Asked) -> None:
    _membership(asked, asked.path["user_id"], inside=True)


@_route("delete_thread_member", "DELETE", "/channels/{channel_id}/thread-members/{user_id}")
def _drop_member(asked: Asked) -> None:
    _membership(asked, asked.path["user_id"], inside=False)


def _threaded(asked: Asked) -> Channel:
    there = _channel(asked)
    if there.type != THREAD:
        raise Refusal(400, 50024, "Cannot execute action on this channel type", ours=there.id)
    return there


def _membership(asked: Asked, user: str, *, inside: bool) -> None:
    there = _threaded(asked)
    assert there.guild is not None
    if user not in there.guild.members:
        raise Refusal(404, 10013, "Unknown User")
    if there.archived:
        raise _archived()
    if inside and user not in there.members:
        there.members.append(user)
    elif not inside and user in there.members:
        there.members.remove(user)
    asked.world.changed()


# --- Interactions: the first answer ----------------------------------------------------------------


@_route(
    "create_interaction_response",
    "POST",
    "/interactions/{interaction_id}/{interaction_token}/callback",
    open=True,
)
def _callback(asked: Asked) -> Json | None:
    world, body = asked.world, asked.body
    found = world.interactions.get(asked.path["interaction_id"])
    if found is None or found.token != asked.path["interaction_token"]:
        raise Refusal(404, 10062, "Unknown interaction", ours="there was no such interaction")
    if found.first is not None:
        why = "" if found.excused else f"answered twice: {found.data}"
        raise Refusal(400, 40060, "Interaction has already been acknowledged.", ours=why)
    if found.expired or world.clock() - found.at > world.answer_within:
        found.expired = True
        found.acknowledged.set()  # whoever waits need wait no longer: it failed
        raise Refusal(404, 10062, "Unknown interaction")
    kind = body.get("type")
    if kind not in _answers_to(found):
        words = f"Value must be one of {sorted(map(int, _answers_to(found)))}."
        raise invalid(Problem(("type",), "BASE_TYPE_CHOICES", words))
    answer, data = Answers(kind), body.get("data") or {}
    _first(asked, found, answer, data)
    found.first, found.answer = answer, data
    found.acknowledged.set()
    world.changed()
    if not asked.yes("with_response"):
        return None
    return _told(world, found, answer)


def _answers_to(found: Interaction) -> set[Answers]:
    """Which first answers an interaction takes (Receiving and Responding, "Interaction Callback Type")."""
    if found.kind is Asks.AUTOCOMPLETE:
        return {Answers.AUTOCOMPLETE}
    kinds = {Answers.MESSAGE, Answers.DEFERRED_MESSAGE}
    if found.kind is not Asks.MODAL:
        kinds.add(Answers.MODAL)
    if found.post is not None:
        kinds |= {Answers.UPDATE, Answers.DEFERRED_UPDATE}
    return kinds


def _first(asked: Asked, found: Interaction, answer: Answers, data: Json) -> None:
    world = asked.world
    match answer:
        case Answers.MESSAGE:
            _check(data, asked.files)
            found.original = _answer_post(asked, found, data)
        case Answers.DEFERRED_MESSAGE:
            flags = int(data.get("flags") or 0) & int(Flag.EPHEMERAL) | int(Flag.LOADING)
            found.original = _answer_post(asked, found, {"flags": flags})
        case Answers.UPDATE:
            assert found.post is not None
            if found.post.gone:
                raise Refusal(404, 10008, "Unknown Message")
            _edit(asked, found.post, data)
            found.original = found.post
        case Answers.DEFERRED_UPDATE:
            found.original = found.post
        case Answers.MODAL:
            problems = components.modal(data)
            if problems:
                raise invalid(*problems)
            changes.show_modal(world, found, data)
        case Answers.AUTOCOMPLETE:
            choices = data.get("choices") or []
            problems = [*components.picks(("data", "choices"), choices)]
            if len(choices) > components.CHOICES:
                problems.append(
                    Problem(("data", "choices"), "BASE_TYPE_BAD_LENGTH", "Must be 25 or fewer in length.")
                )
            if problems:
                raise invalid(*problems)


def _answer_post(asked: Asked, found: Interaction, body: Json, **more: Any) -> Post:
    """The message that answers an interaction, for one person alone if its flags say so."""
    world = asked.world
    if found.kind is Asks.COMMAND:
        more.setdefault("type", COMMAND_ANSWER if found.menu == 1 else MENU_ANSWER)
    elif found.kind is Asks.COMPONENT and found.post is not None and not found.post.only_for:
        more.setdefault("reference", found.post)
        more.setdefault("type", REPLY)
    post = changes.a_post(world, found.channel, world.app.bot, body, asked=found, **more)
    if post.flags & Flag.EPHEMERAL:
        post.only_for = found.user.id
        post.reference = None
        post.type = 0 if post.type == REPLY else post.type
    post.attachments = _attachments(asked, post)
    return changes.add(world, post)


def _told(world: World, found: Interaction, answer: Answers) -> Json:
    """The answer to a callback with `with_response` (Create Interaction Response)."""
    told: Json = {"id": found.id, "type": int(found.kind)}
    post = found.original
    if post is not None:
        told["response_message_id"] = post.id
        if answer in {Answers.MESSAGE, Answers.DEFERRED_MESSAGE}:
            told["response_message_loading"] = bool(post.flags & Flag.LOADING)
            told["response_message_ephemeral"] = bool(post.only_for)
        if answer in {Answers.MESSAGE, Answers.UPDATE}:
            resource = {"type": int(answer), "message": payloads.message(world, post)}
            return {"interaction": told, "resource": resource}
    return {"interaction": told}


# --- Interactions: what comes after ----------------------------------------------------------------


def _by_token(asked: Asked) -> Interaction:
    """The interaction of a token, if it was answered and its 15 minutes are not over."""
    world = asked.world
    found = world.tokens.get(asked.path["webhook_token"])
    if asked.path["webhook_id"] != world.app.id or found is None:
        raise Refusal(404, 10015, "Unknown Webhook", ours="no such webhook or token")
    if world.clock() - found.at > changes.TOKEN_SECONDS:
        raise Refusal(401, 50027, "Invalid Webhook Token", ours="used after 15 minutes")
    if found.first is None:
        raise Refusal(404, 10015, "Unknown Webhook", ours="used before the first answer")
    return found


def _answered(asked: Asked) -> Post:
    """The message of a call by token: the first answer's, or one of those that followed."""
    found = _by_token(asked)
    id = asked.path.get("message_id", "@original")
    if id in {"@original", found.original.id if found.original else ""}:
        post = found.original
    else:
        post = found.channel.by_id.get(id)
        if post is not None and (post.asked is None or post.asked is not found):
            post = None
    if post is None or post.gone:
        raise Refusal(404, 10008, "Unknown Message")
    return post


@_route("execute_webhook", "POST", "/webhooks/{webhook_id}/{webhook_token}", open=True)
def _follow(asked: Asked) -> Json:
    found = _by_token(asked)
    body = asked.body
    first = found.original
    if found.first is Answers.DEFERRED_MESSAGE and first and first.flags & Flag.LOADING and not first.gone:
        # The first message after a deferral takes the place of "is thinking", seen by whom that was.
        _edit(asked, first, body, first=True)
        return payloads.message(asked.world, first)
    _check(body, asked.files)
    post = _answer_post(asked, found, body, type=REPLY if first else 0, reference=first)
    return payloads.message(asked.world, post)


_MESSAGE = "/webhooks/{webhook_id}/{webhook_token}/messages/"


@_route("get_original_webhook_message", "GET", _MESSAGE + "@original", open=True)
@_route("get_webhook_message", "GET", _MESSAGE + "{message_id}", open=True)
def _get_answer(asked: Asked) -> Json:
    return payloads.message(asked.world, _answered(asked))


@_route("update_original_webhook_message", "PATCH", _MESSAGE + "@original", open=True)
@_route("update_webhook_message", "PATCH", _MESSAGE + "{message_id}", open=True)
def _edit_answer(asked: Asked) -> Json:
    post = _answered(asked)
    if post.channel.archived:
        raise _archived()
    _edit(asked, post, asked.body, first=bool(post.flags & Flag.LOADING))
    return payloads.message(asked.world, post)


@_route("delete_original_webhook_message", "DELETE", _MESSAGE + "@original", open=True)
@_route("delete_webhook_message", "DELETE", _MESSAGE + "{message_id}", open=True)
def _delete_answer(asked: Asked) -> None:
    changes.delete(asked.world, _answered(asked))
