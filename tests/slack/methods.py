"""The Web API: every call is checked as Slack checks it, done, and answered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.slack import changes, payloads
from tests.slack.blocks import (
    MESSAGE_TEXT,
    escaped_once,
    message_problems,
    text_length,
    view_is_too_large,
    view_problems,
)
from tests.slack.record import Channel, Json, Post, Trigger, User, View, Workspace

STACK = 3  # views.push: "You can only have three views in a modal's stack"
TEXT_POSTED, TEXT_UPDATED = 40_000, 4_000  # chat.postMessage, "Truncating content"; chat.update, msg_too_long
METADATA_BYTES = 8_000  # message metadata: what is certainly taken; no page tells the limit


class Refusal(Exception):
    """A call that is not done. `why` says what is wrong with it, if nobody should ever send such a call."""

    def __init__(self, error: str, *why: str, **more: Any) -> None:
        super().__init__(error)
        self.error, self.why, self.more = error, why, more


@dataclass(frozen=True, slots=True)
class Method:
    """One method: what does it, what it takes (`name: kind`, `!` for needed), its scope and its tier.

    `scope` may hold `{area}`: channels, groups or im, as the conversation is. `tier` is calls a minute.
    """

    do: Callable[[Workspace, Json], Json]
    takes: str
    scope: str
    tier: int


def call(workspace: Workspace, name: str, raw: Mapping[str, Any]) -> Json:
    """Do one call of the bot's. Returns the answer; raises Refusal."""
    method = METHODS[name]
    if workspace.refuses:
        raise Refusal(workspace.refuses)
    if method.scope and "{area}" not in method.scope:
        need_scope(workspace, method.scope)
    args = _arguments(method, raw)
    if "{area}" in method.scope:
        # Which scope is needed shows only when the conversation is known, and an unknown one needs none.
        area = {"channel": "channels", "group": "groups", "im": "im"}[_channel(workspace, args).kind]
        need_scope(workspace, method.scope.format(area=area))
    answer = method.do(workspace, args)
    workspace.changed()
    return {"ok": True, **answer}


def need_scope(workspace: Workspace, scope: str) -> None:
    """Refuse a call that the token may not make."""
    if scope not in workspace.scopes:
        provided = ",".join(sorted(workspace.scopes))
        raise Refusal("missing_scope", f"needs {scope}", needed=scope, provided=provided)


# --- Arguments -------------------------------------------------------------------------------------

_COMMON = {"token": "str", "team_id": "str"}


def kinds(takes: str) -> tuple[dict[str, str], set[str]]:
    """`"channel:str! limit:int"` as the kind of each argument, and the names of those that are needed."""
    found = [each.partition(":") for each in takes.split()]
    return {name: kind.rstrip("!") for name, _, kind in found}, {
        name for name, _, kind in found if kind.endswith("!")
    }


def _arguments(method: Method, raw: Mapping[str, Any]) -> Json:
    allowed, needed = kinds(method.takes)
    problems = [f"[ERROR] missing required field: {name}" for name in sorted(needed - raw.keys())]
    args: Json = {}
    for name, value in raw.items():
        kind = allowed.get(name) or _COMMON.get(name)
        if kind is None:
            problems.append(f"[ERROR] unknown argument [json-pointer:/{name}]")
            continue
        try:
            args[name] = _READ[kind](value)
        except (ValueError, TypeError):
            if name == "blocks":
                raise Refusal("invalid_blocks_format", "blocks are no JSON array of objects") from None
            problems.append(f"[ERROR] must be {kind} [json-pointer:/{name}]")
    if problems:
        raise Refusal("invalid_arguments", *problems, response_metadata={"messages": problems})
    return args


def _string(value: Any) -> str:
    # A time given as a number is taken by Slack and leads nowhere (slackapi/python-slack-sdk, issue 840).
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value)
    if text not in {"0", "1", "true", "false"}:
        raise ValueError(value)
    return text in {"1", "true"}


def _number(value: Any) -> int:
    if isinstance(value, bool):
        raise TypeError(value)
    return int(value)


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _list(value: Any) -> list[Any]:
    found = _json(value)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise TypeError(value)
    return found


def _object(value: Any) -> Json:
    found = _json(value)
    if not isinstance(found, dict):
        raise TypeError(value)
    return found


_READ: dict[str, Callable[[Any], Any]] = {
    "str": _string,
    "bool": _flag,
    "int": _number,
    "list": _list,
    "object": _object,
}


# --- What several methods ask ------------------------------------------------------------------------


def _channel(workspace: Workspace, args: Json, *, posting: bool = False) -> Channel:
    """The conversation of a call. One the bot may not know of does not exist for it."""
    id = args["channel"]
    if posting and id in workspace.users:
        return workspace.dm(id)
    channel = workspace.channels.get(id)
    if channel is None or (channel.is_private and workspace.bot.id not in channel.members):
        raise Refusal("channel_not_found")
    return channel


def _post(channel: Channel, ts: str, error: str = "message_not_found") -> Post:
    post = channel.find(ts)
    if post is None:
        raise Refusal(error)
    return post


def content(workspace: Workspace, args: Json, *, longest: int) -> tuple[str, list[Json]]:
    """The checked text and blocks of a message."""
    blocks = args.get("blocks") or []
    problems = message_problems(blocks)
    if problems:
        raise Refusal("invalid_blocks", *problems, errors=problems, response_metadata={"messages": problems})
    if text_length(blocks) > MESSAGE_TEXT:
        raise Refusal("msg_blocks_too_long", f"{text_length(blocks)} characters of text")
    text = escaped_in_text(args.get("text", ""))
    if not text.strip() and not blocks and not args.get("attachments"):
        raise Refusal("no_text", "neither text nor blocks")
    if len(text) > longest:
        raise Refusal("msg_too_long", f"{len(text)} characters of text")
    return text, payloads.stored(workspace, blocks)


def escaped_in_text(text: str) -> str:
    """Text as Slack keeps it: tokens in angle brackets stay, bare characters become entities."""
    tokens = re.split(r"(<[^<>\n]+>)", text)
    return "".join(each if number % 2 else escaped_once(each) for number, each in enumerate(tokens))


def _metadata(args: Json) -> Json | None:
    metadata: Json | None = args.get("metadata")
    if metadata is None:
        return None
    if set(metadata) != {"event_type", "event_payload"} or not re.fullmatch(
        r"[\w.:-]{1,255}", str(metadata["event_type"])
    ):
        raise Refusal("invalid_metadata_format", "metadata has event_type and event_payload")
    if not isinstance(metadata["event_payload"], dict):
        raise Refusal("invalid_metadata_schema", "event_payload is an object")
    if len(json.dumps(metadata)) > METADATA_BYTES:
        raise Refusal("metadata_too_large", f"over {METADATA_BYTES} bytes")
    return metadata


def _may_post(workspace: Workspace, channel: Channel) -> None:
    if channel.archived:
        raise Refusal("is_archived")
    if workspace.bot.id not in channel.members:
        raise Refusal("not_in_channel")
    if channel.is_im and workspace.users[channel.user].closed:
        raise Refusal("messages_tab_disabled")


# --- chat --------------------------------------------------------------------------------------------


def _post_message(workspace: Workspace, args: Json) -> Json:
    channel = _channel(workspace, args, posting=True)
    _may_post(workspace, channel)
    text, blocks = content(workspace, args, longest=TEXT_POSTED)
    thread = args.get("thread_ts", "")
    if thread:
        parent = channel.find(thread)
        if parent and parent.is_reply:
            raise Refusal("cannot_reply_to_message", "a thread is named by its first message")
        if parent is None:
            # Slack takes it and posts it outside of any thread, without a word: only the answer has
            # no thread_ts (slack-go/slack, issue 1571).
            thread = ""
    metadata = _metadata(args)
    broadcast = "thread_broadcast" if thread and args.get("reply_broadcast") else ""
    post = Post(
        workspace.next_ts(), channel.id, workspace.bot.id, text, blocks, workspace.bot_id, thread, broadcast,
        metadata=metadata,
    )  # fmt: skip
    changes.add(workspace, channel, post)
    return {"channel": channel.id, "ts": post.ts, "message": payloads.message(workspace, post, metadata=True)}


def _update(workspace: Workspace, args: Json) -> Json:
    channel = _channel(workspace, args)
    _may_post(workspace, channel)
    post = _post(channel, args["ts"])
    if post.bot_id != workspace.bot_id:
        raise Refusal("cant_update_message")
    # chat.update, "blocks" and "metadata": what is not given stays as it is.
    if "blocks" not in args:
        args = {**args, "blocks": post.blocks}
    text, blocks = content(workspace, args, longest=TEXT_UPDATED)
    if "metadata" in args:
        post.metadata = _metadata(args)
    changes.edit(workspace, post, workspace.bot.id, text, blocks)
    return {"channel": channel.id, "ts": post.ts, "text": text, "message": payloads.message(workspace, post)}


def _delete(workspace: Workspace, args: Json) -> Json:
    channel = _channel(workspace, args)
    post = _post(channel, args["ts"])
    if post.bot_id != workspace.bot_id:
        raise Refusal("cant_delete_message")
    changes.delete(workspace, post)
    return {"channel": channel.id, "ts": post.ts}


def _post_ephemeral(workspace: Workspace, args: Json) -> Json:
    channel = _channel(workspace, args, posting=True)
    _may_post(workspace, channel)
    if args["user"] not in channel.members:
        raise Refusal("user_not_in_channel")
    text, blocks = content(workspace, args, longest=TEXT_UPDATED)
    thread = args.get("thread_ts", "")
    if thread:
        _post(channel, thread, "cannot_reply_to_message")
    post = Post(
        workspace.next_ts(), channel.id, workspace.bot.id, text, blocks, workspace.bot_id, thread,
        only_for=args["user"],
    )  # fmt: skip
    changes.add(workspace, channel, post)
    return {"message_ts": post.ts}


def _permalink(workspace: Workspace, args: Json) -> Json:
    channel = _channel(workspace, args)
    post = _post(channel, args["message_ts"])
    link = f"https://{payloads.domain(workspace)}.slack.com/archives/{channel.id}/p{post.ts.replace('.', '')}"
    if post.is_reply:
        link += f"?thread_ts={post.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


# --- views -------------------------------------------------------------------------------------------


def _shape(args: Json, kind: str) -> Json:
    shape: Json = args["view"]
    problems = checked_view(shape, kind)
    if problems:
        raise Refusal("invalid_arguments", *problems, response_metadata={"messages": problems})
    if view_is_too_large(shape):
        raise Refusal("view_too_large", "over 250 kB")
    return shape


def checked_view(shape: object, kind: str) -> list[str]:
    """What Slack refuses in a view that must be of this kind: modal or home."""
    problems = view_problems(shape)
    if isinstance(shape, dict) and shape.get("type") != kind:
        problems.append(f"[ERROR] must be a {kind} [json-pointer:/view/type]")
    return problems


def _trigger(workspace: Workspace, args: Json) -> Trigger:
    trigger = workspace.triggers.get(args.get("trigger_id", ""))
    if trigger is None:
        raise Refusal("invalid_trigger_id", "no such trigger_id")
    if trigger.used:
        raise Refusal("exchanged_trigger_id", "a trigger_id works once")
    if workspace.clock() - trigger.at > workspace.app.ack_within:
        raise Refusal("expired_trigger_id")
    return trigger


def _open(workspace: Workspace, args: Json) -> Json:
    trigger = _trigger(workspace, args)
    made = changes.new_view(workspace, trigger.user, _shape(args, "modal"))
    trigger.used = True
    workspace.stacks[trigger.user] = [made]
    return {"view": payloads.view(workspace, made)}


def _push(workspace: Workspace, args: Json) -> Json:
    trigger = _trigger(workspace, args)
    stack = workspace.stacks.get(trigger.user, [])
    if not trigger.view or not any(view.id == trigger.view for view in stack):
        raise Refusal("not_found", "a view is pushed onto the modal that the trigger came from")
    shape = _shape(args, "modal")
    trigger.used = True
    return {"view": payloads.view(workspace, push(workspace, trigger.user, shape))}


def push(workspace: Workspace, user: str, shape: Json) -> View:
    """Put a view on top of a person's modal."""
    stack = workspace.stacks[user]
    if len(stack) >= STACK:
        raise Refusal("push_limit_reached", "three views in a stack at most")
    made = changes.new_view(workspace, user, shape)
    made.root, made.previous = stack[0].root or stack[0].id, stack[-1].id
    stack.append(made)
    return made


def _same_hash(args: Json, view: View) -> None:
    if args.get("hash") and args["hash"] != view.hash:
        raise Refusal("hash_conflict")


def _update_view(workspace: Workspace, args: Json) -> Json:
    for stack in workspace.stacks.values():
        for place, view in enumerate(stack):
            if view.id == args.get("view_id") or (
                "external_id" in args and view.shape.get("external_id") == args["external_id"]
            ):
                shape = _shape(args, "modal")
                _same_hash(args, view)
                stack[place] = changes.new_view(workspace, view.user, shape, before=view)
                return {"view": payloads.view(workspace, stack[place])}
    raise Refusal("not_found")


def _publish(workspace: Workspace, args: Json) -> Json:
    if args["user_id"] not in workspace.users:
        raise Refusal("user_not_found")
    shape = _shape(args, "home")
    before = workspace.homes.get(args["user_id"])
    if before:
        _same_hash(args, before)
    made = changes.new_view(workspace, args["user_id"], shape, before=before)
    workspace.homes[args["user_id"]] = made
    return {"view": payloads.view(workspace, made)}


# --- conversations, users, reactions -------------------------------------------------------------------


def _info(workspace: Workspace, args: Json) -> Json:
    channel = _channel(workspace, args)
    shown = payloads.channel(workspace, channel)
    if args.get("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def _join(workspace: Workspace, args: Json) -> Json:
    channel = _channel(workspace, args)
    if channel.is_private:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    if workspace.bot.id in channel.members:
        answer: Json = {
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    else:
        answer = {}
        changes.join(workspace, channel, workspace.bot.id)
    return {"channel": payloads.channel(workspace, channel), **answer}


def _open_dm(workspace: Workspace, args: Json) -> Json:
    if "channel" in args:
        channel = _channel(workspace, args)
        return {"channel": {"id": channel.id}, "no_op": True, "already_open": True}
    users = [each for each in args.get("users", "").split(",") if each]
    if len(users) != 1:
        # Groups of several people are not built here, and the scopes do not ask for them.
        raise Refusal("users_list_not_supplied" if not users else "invalid_user_combination", "one user")
    if users[0] not in workspace.users:
        raise Refusal("user_not_found")
    known = any(channel.is_im and channel.user == users[0] for channel in workspace.channels.values())
    channel = workspace.dm(users[0])
    shown = payloads.channel(workspace, channel) if args.get("return_im") else {"id": channel.id}
    return {"channel": shown, **({"no_op": True, "already_open": True} if known else {})}


def _window(posts: list[Post], args: Json) -> list[Post]:
    oldest, latest, inclusive = args.get("oldest", "0"), args.get("latest", ""), args.get("inclusive", False)
    for error, value in (("invalid_ts_oldest", oldest), ("invalid_ts_latest", latest)):
        if value and not re.fullmatch(r"\d+(\.\d{1,6})?", value):
            raise Refusal(error, f"{value} is no time")
    low, high = float(oldest or 0), float(latest) if latest else float("inf")
    return [
        post for post in posts if low < float(post.ts) < high or (inclusive and float(post.ts) in {low, high})
    ]


def _page(found: list[Any], args: Json, *, most: int = 999, usual: int = 100) -> tuple[list[Any], Json]:
    limit = args.get("limit", usual) or usual
    if not 1 <= limit <= most + 1:
        raise Refusal("invalid_limit", f"limit is {limit}")
    cursor = args.get("cursor", "")
    if cursor and not re.fullmatch(r"next:\d+", cursor):
        raise Refusal("invalid_cursor", "a cursor comes from an answer")
    start = int(cursor.removeprefix("next:")) if cursor else 0
    more = start + limit < len(found)
    following = f"next:{start + limit}" if more else ""
    return found[start : start + limit], {"has_more": more, "response_metadata": {"next_cursor": following}}


def _history(workspace: Workspace, args: Json) -> Json:
    channel = _channel(workspace, args)
    if workspace.bot.id not in channel.members:
        raise Refusal("not_in_channel")
    top = [post for post in channel.posts if not post.is_reply or post.subtype == "thread_broadcast"]
    shown, page = _page(_window(top, args)[::-1], args)
    with_metadata = args.get("include_all_metadata", False)
    return {"messages": [payloads.message(workspace, post, metadata=with_metadata) for post in shown], **page}


def _replies(workspace: Workspace, args: Json) -> Json:
    channel = _channel(workspace, args)
    parent = channel.find(args["ts"])
    if parent is None:
        raise Refusal("thread_not_found")
    top = parent.thread_ts or parent.ts
    thread = [post for post in channel.posts if post.ts == top or post.thread_ts == top]
    inside = [post for post in thread if post.ts == top or post in _window(thread, args)]
    shown, page = _page(inside, args, most=1000, usual=1000)
    with_metadata = args.get("include_all_metadata", False)
    return {"messages": [payloads.message(workspace, post, metadata=with_metadata) for post in shown], **page}


def _members(workspace: Workspace, args: Json) -> Json:
    shown, page = _page(sorted(_channel(workspace, args).members), args)
    return {"members": shown, "response_metadata": page["response_metadata"]}


def _user_info(workspace: Workspace, args: Json) -> Json:
    found: User | None = workspace.users.get(args["user"])
    if found is None:
        raise Refusal("user_not_found")
    now = datetime.fromtimestamp(workspace.clock(), UTC)
    locale = {"locale": "en-GB"} if args.get("include_locale") else {}
    return {"user": {**payloads.user(workspace, found, now), **locale}}


def _reactions(workspace: Workspace, args: Json) -> Json:
    if "channel" not in args or "timestamp" not in args:
        raise Refusal("no_item_specified", "channel and timestamp")
    channel = _channel(workspace, args)
    post = _post(channel, args["timestamp"])
    return {"type": "message", "channel": channel.id, "message": payloads.message(workspace, post)}


def _auth_test(workspace: Workspace, args: Json) -> Json:
    return {
        "url": f"https://{payloads.domain(workspace)}.slack.com/",
        "team": workspace.name,
        "user": workspace.bot.name,
        "team_id": workspace.id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


# Tiers: Rate limits, "Web API rate limits". Arguments and scopes: the page of each method.
TIER_3, TIER_4, SPECIAL = 50, 100, 600
_WORDS = "text:str attachments:list blocks:list as_user:bool link_names:bool parse:str markdown_text:str"
_PAGED = "cursor:str inclusive:bool include_all_metadata:bool latest:str limit:int oldest:str"
_LOOKS = "icon_emoji:str icon_url:str username:str"
METHODS: dict[str, Method] = {
    "auth.test": Method(_auth_test, "", "", SPECIAL),
    "chat.postMessage": Method(
        _post_message,
        f"channel:str! {_WORDS} {_LOOKS} metadata:object mrkdwn:bool reply_broadcast:bool thread_ts:str"
        " unfurl_links:bool unfurl_media:bool",
        "chat:write",
        0,  # "Special": one a second in each channel, and several hundred a minute in all
    ),
    "chat.update": Method(
        _update,
        f"channel:str! ts:str! {_WORDS} metadata:object reply_broadcast:bool file_ids:str",
        "chat:write",
        TIER_3,
    ),
    "chat.delete": Method(_delete, "channel:str! ts:str! as_user:bool", "chat:write", TIER_3),
    "chat.postEphemeral": Method(
        _post_ephemeral, f"channel:str! user:str! {_WORDS} {_LOOKS} thread_ts:str", "chat:write", TIER_4
    ),
    "chat.getPermalink": Method(_permalink, "channel:str! message_ts:str!", "", SPECIAL),
    "views.open": Method(_open, "view:object! trigger_id:str interactivity_pointer:str", "", TIER_4),
    "views.push": Method(_push, "view:object! trigger_id:str interactivity_pointer:str", "", TIER_4),
    "views.update": Method(_update_view, "view:object! view_id:str external_id:str hash:str", "", TIER_4),
    "views.publish": Method(_publish, "user_id:str! view:object! hash:str", "", TIER_4),
    "conversations.info": Method(
        _info, "channel:str! include_locale:bool include_num_members:bool", "{area}:read", TIER_3
    ),
    "conversations.join": Method(_join, "channel:str!", "channels:join", TIER_3),
    "conversations.open": Method(
        _open_dm, "channel:str users:str return_im:bool prevent_creation:bool", "im:write", TIER_3
    ),
    "conversations.replies": Method(
        _replies,
        f"channel:str! ts:str! {_PAGED}",
        "{area}:history",
        TIER_3,
    ),
    "conversations.history": Method(
        _history,
        f"channel:str! {_PAGED}",
        "{area}:history",
        TIER_3,
    ),
    "conversations.members": Method(_members, "channel:str! cursor:str limit:int", "{area}:read", TIER_4),
    "users.info": Method(_user_info, "user:str! include_locale:bool", "users:read", TIER_4),
    "reactions.get": Method(
        _reactions, "channel:str timestamp:str full:bool file:str file_comment:str", "reactions:read", TIER_3
    ),
}
