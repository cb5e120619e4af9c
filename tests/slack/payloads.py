"""What Slack sends, in its own shapes: messages, events, presses, forms and commands."""

from __future__ import annotations

import copy
import re
from typing import Any
from zoneinfo import ZoneInfo

from tests.slack.blocks import escaped_once
from tests.slack.record import Channel, Json, Post, User, View, Workspace

VERIFICATION = "made-up-verification-token"


def stored(workspace: Workspace, blocks: list[Json]) -> list[Json]:
    """Blocks as Slack keeps them: with ids everywhere, plain text escaped, defaults written out."""
    kept: list[Json] = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", workspace.next_id("b"))
        for each in [*block.get("elements", ()), block.get("accessory"), block.get("element")]:
            if isinstance(each, dict) and each.get("type") in _WITH_ID:
                each.setdefault("action_id", workspace.next_id("a"))
        _defaults(block)
    return kept


_WITH_ID = {
    "button", "checkboxes", "datepicker", "overflow", "plain_text_input", "radio_buttons", "static_select",
    "timepicker",
}  # fmt: skip


def _defaults(value: Any) -> None:
    if isinstance(value, dict):
        if value.get("type") == "plain_text":
            value["text"] = escaped_once(value["text"])
            value.setdefault("emoji", True)
        elif value.get("type") == "mrkdwn":
            value.setdefault("verbatim", False)
        for inner in value.values():
            _defaults(inner)
    elif isinstance(value, list):
        for inner in value:
            _defaults(inner)


def said(workspace: Workspace, typed: str) -> tuple[str, list[Json]]:
    """What a person typed, as Slack sends it on: escaped text with tokens, and the same as rich text."""
    text, elements, place = "", [], 0
    names = {f"@{user.name}": user.id for user in workspace.users.values()}
    for found in re.finditer(r"https?://\S+|@[\w.]+", typed):
        piece = found[0]
        if piece.startswith("@") and piece not in names and piece[1:] not in {"channel", "here", "everyone"}:
            continue
        before = typed[place : found.start()]
        if before:
            elements.append({"type": "text", "text": before})
        text += escaped_once(before.replace("&", "&amp;"))
        place = found.end()
        if piece in names:
            text += f"<@{names[piece]}>"
            elements.append({"type": "user", "user_id": names[piece]})
        elif piece.startswith("@"):
            text += f"<!{piece[1:]}>"
            elements.append({"type": "broadcast", "range": piece[1:]})
        else:
            text += f"<{escaped_once(piece.replace('&', '&amp;'))}>"
            elements.append({"type": "link", "url": piece})
    rest = typed[place:]
    text += escaped_once(rest.replace("&", "&amp;"))
    if rest:
        elements.append({"type": "text", "text": rest})
    section = {"type": "rich_text_section", "elements": elements}
    return text, [{"type": "rich_text", "block_id": workspace.next_id("b"), "elements": [section]}]


def message(workspace: Workspace, post: Post, *, metadata: bool = False) -> Json:
    """A message as history and events show it."""
    shown: Json = {"type": "message", "text": post.text, "ts": post.ts, "team": workspace.id}
    if post.subtype:
        shown["subtype"] = post.subtype
    if post.user:
        shown["user"] = post.user
    if post.bot_id:
        shown["bot_id"] = post.bot_id
    if post.bot_id == workspace.bot_id:
        shown["app_id"] = workspace.app.id
        shown["bot_profile"] = {
            "id": post.bot_id, "app_id": workspace.app.id, "name": workspace.bot.real_name, "deleted": False,
            "updated": 0, "team_id": workspace.id, "icons": {},
        }  # fmt: skip
    elif not post.bot_id and post.subtype != "tombstone":
        shown["client_msg_id"] = f"00000000-0000-4000-8000-{post.ts.replace('.', '')[-12:]}"
    if post.blocks:
        shown["blocks"] = copy.deepcopy(post.blocks)
    if post.files:
        shown["files"] = copy.deepcopy(post.files)
    if post.attachments:
        shown["attachments"] = copy.deepcopy(post.attachments)
    if post.edited:
        shown["edited"] = dict(post.edited)
    if post.reactions:
        shown["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)}
            for name, users in post.reactions.items()
        ]
    if metadata and post.metadata:
        shown["metadata"] = copy.deepcopy(post.metadata)
    channel = workspace.channels[post.channel]
    replies = channel.replies(post.ts)
    if post.thread_ts or replies:
        shown["thread_ts"] = post.thread_ts or post.ts
    if post.is_reply:
        parent = channel.find(post.thread_ts)
        shown["parent_user_id"] = parent.user if parent else ""
        if post.subtype == "thread_broadcast" and parent:
            shown["root"] = message(workspace, parent)
    elif replies:
        shown["reply_count"] = len(replies)
        shown["reply_users"] = sorted({reply.user for reply in replies})
        shown["reply_users_count"] = len(shown["reply_users"])
        shown["latest_reply"] = replies[-1].ts
    return shown


def channel(workspace: Workspace, found: Channel) -> Json:
    """A conversation as conversations.info shows it to the bot."""
    shown: Json = {
        "id": found.id,
        "created": 0,
        "is_archived": found.archived,
        "is_im": found.is_im,
        "is_org_shared": False,
        "context_team_id": workspace.id,
    }
    if found.is_im:
        return {**shown, "user": found.user, "is_user_deleted": False, "priority": 0}
    return {
        **shown,
        "name": found.name,
        "name_normalized": found.name,
        "is_channel": not found.is_private,
        "is_group": found.is_private,
        "is_mpim": False,
        "is_private": found.is_private,
        "creator": found.creator,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_member": workspace.bot.id in found.members,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def user(workspace: Workspace, found: User, now: Any) -> Json:
    """A user as users.info shows them. `now` is a datetime in UTC, for the offset of the zone."""
    offset = ZoneInfo(found.tz).utcoffset(now.astimezone(ZoneInfo(found.tz)).replace(tzinfo=None))
    return {
        "id": found.id,
        "team_id": workspace.id,
        "name": found.name,
        "deleted": found.deleted,
        "real_name": found.real_name,
        "tz": found.tz,
        "tz_label": found.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": {"real_name": found.real_name, "display_name": found.real_name, "team": workspace.id},
        "is_admin": found.is_admin or found.is_owner,
        "is_owner": found.is_owner,
        "is_primary_owner": found.is_owner,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": found.is_bot,
        "is_app_user": False,
        "updated": 0,
    }


def view(workspace: Workspace, found: View) -> Json:
    """A view as presses, submissions and the answers of views.* show it."""
    shape = found.shape
    values: dict[str, Json] = {}
    for (block_id, action_id), value in found.values.items():
        values.setdefault(block_id, {})[action_id] = copy.deepcopy(value)
    return {
        "id": found.id,
        "team_id": workspace.id,
        "type": shape["type"],
        "blocks": copy.deepcopy(shape["blocks"]),
        "private_metadata": shape.get("private_metadata", ""),
        "callback_id": shape.get("callback_id", ""),
        "state": {"values": values},
        "hash": found.hash,
        "title": shape.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
        "clear_on_close": shape.get("clear_on_close", False),
        "notify_on_close": shape.get("notify_on_close", False),
        "close": shape.get("close"),
        "submit": shape.get("submit"),
        "previous_view_id": found.previous or None,
        "root_view_id": found.root or found.id,
        "app_id": workspace.app.id,
        "external_id": shape.get("external_id", ""),
        "app_installed_team_id": workspace.id,
        "bot_id": workspace.bot_id,
    }


def event(workspace: Workspace, inner: Json) -> Json:
    """The wrapper of an event (Events API, "Callback field")."""
    return {
        "token": VERIFICATION,
        "team_id": workspace.id,
        "api_app_id": workspace.app.id,
        "event": inner,
        "type": "event_callback",
        "event_id": workspace.next_id("Ev"),
        "event_time": int(workspace.clock()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.id,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{workspace.next_id('ctx')}",
    }


def interaction(workspace: Workspace, kind: str, by: User, **more: Any) -> Json:
    """What every interaction has in common."""
    return {
        "type": kind,
        "user": {"id": by.id, "username": by.name, "name": by.name, "team_id": workspace.id},
        "api_app_id": workspace.app.id,
        "token": VERIFICATION,
        "team": {"id": workspace.id, "domain": domain(workspace)},
        "enterprise": None,
        "is_enterprise_install": False,
        **more,
    }


def domain(workspace: Workspace) -> str:
    """The name of a workspace in addresses."""
    return re.sub(r"[^a-z0-9]+", "-", workspace.name.lower()).strip("-")
