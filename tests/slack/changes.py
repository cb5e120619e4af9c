"""What changes a workspace, whoever does it: the record is written, and the events go out."""

from __future__ import annotations

import copy
import secrets
from datetime import UTC, datetime

from tests.slack import payloads
from tests.slack.blocks import elements_of
from tests.slack.record import Channel, Json, Post, ResponseUrl, Trigger, View, Workspace

RESPONSE_USES, RESPONSE_SECONDS = 5, 30 * 60.0  # Handling user interaction, "response_url"


# The page of each event, "Required scopes", by the first word of its name; the others need none.
_SCOPES = {
    "channel": "channels:read",
    "group": "groups:read",
    "member": "{area}:read",
    "reaction": "reactions:read",
    "user": "users:read",
}


def _emit(workspace: Workspace, channel: Channel | None, name: str, inner: Json) -> None:
    """Send an event, if the app asked for it, may know of it, and is there to see it.

    The scopes are those of the pages of the events: message.channels needs channels:history, and so on.
    """
    kind = channel.kind if channel else ""
    area = {"channel": "channels", "group": "groups", "im": "im"}.get(kind, "")
    if name == "message":
        name, scope = f"message.{area}", f"{area}:history"
    else:
        scope = _SCOPES.get(name.split("_")[0], "").format(area=area)
    if workspace.app.events is not None and name not in workspace.app.events:
        return
    if scope and scope not in workspace.scopes:
        return
    if channel and workspace.bot.id not in channel.members and not name.startswith("member"):
        return
    workspace.emit(workspace, payloads.event(workspace, inner))


def _message_event(workspace: Workspace, channel: Channel, inner: Json) -> None:
    _emit(workspace, channel, "message", {**inner, "channel": channel.id, "channel_type": channel.kind})


def add(workspace: Workspace, channel: Channel, post: Post) -> Post:
    """Put a post into a channel; an ephemeral one makes no event."""
    channel.put(post)
    if not post.only_for:
        shown = payloads.message(workspace, post, metadata=True)
        _message_event(workspace, channel, {**shown, "event_ts": post.ts})
    workspace.changed()
    return post


def edit(workspace: Workspace, post: Post, by: str, text: str, blocks: list[Json]) -> None:
    """Put other words in the place of a post's."""
    channel = workspace.channels[post.channel]
    before = payloads.message(workspace, post)
    post.versions.append((post.text, post.blocks))
    post.text, post.blocks = text, blocks
    if not post.only_for:
        at = workspace.next_ts()
        post.edited = {"user": by, "ts": at}
        _changed(workspace, channel, post, before, at)
    workspace.changed()


def unfurl(workspace: Workspace, post: Post, attachments: list[Json]) -> None:
    """What Slack does by itself a moment after a link was posted: the message changes, nobody edited it."""
    before = payloads.message(workspace, post)
    post.attachments = attachments
    _changed(workspace, workspace.channels[post.channel], post, before, workspace.next_ts())


def _changed(workspace: Workspace, channel: Channel, post: Post, before: Json, at: str) -> None:
    inner = {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": payloads.message(workspace, post, metadata=True),
        "previous_message": before,
        "ts": at,
        "event_ts": at,
    }
    _message_event(workspace, channel, inner)


def delete(workspace: Workspace, post: Post) -> None:
    """Take a post away. One with replies leaves a stone that says so, as at Slack."""
    channel = workspace.channels[post.channel]
    before = payloads.message(workspace, post)
    if post.only_for:
        post.gone = True
    elif channel.replies(post.ts):
        post.versions.append((post.text, post.blocks))
        post.text, post.blocks, post.subtype = "This message was deleted.", [], "tombstone"
        post.user, post.bot_id, post.metadata, post.reactions = "USLACKBOT", "", None, {}
        _changed(workspace, channel, post, before, workspace.next_ts())
    else:
        post.gone = True
        at = workspace.next_ts()
        inner = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "deleted_ts": post.ts,
            "previous_message": before,
            "ts": at,
            "event_ts": at,
        }
        _message_event(workspace, channel, inner)
    workspace.changed()


def react(workspace: Workspace, post: Post, by: str, name: str, *, add: bool) -> None:
    """Put a reaction on a post, or take it off."""
    users = post.reactions.setdefault(name, [])
    if (by in users) == add:
        raise ValueError(f"{by} {'already' if add else 'never'} reacted with {name}")
    if add:
        users.append(by)
    else:
        users.remove(by)
        if not users:
            del post.reactions[name]
    kind = "reaction_added" if add else "reaction_removed"
    inner = {
        "type": kind,
        "user": by,
        "reaction": name,
        "item_user": post.user,
        "item": {"type": "message", "channel": post.channel, "ts": post.ts},
        "event_ts": workspace.next_ts(),
    }
    _emit(workspace, workspace.channels[post.channel], kind, inner)
    workspace.changed()


def join(workspace: Workspace, channel: Channel, who: str, inviter: str = "") -> None:
    """Somebody, or the bot, comes into a channel."""
    channel.members.add(who)
    inner = {
        "type": "member_joined_channel",
        "user": who,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": workspace.id,
        "event_ts": workspace.next_ts(),
    }
    _emit(workspace, channel, "member_joined_channel", {**inner, **({"inviter": inviter} if inviter else {})})
    workspace.changed()


def leave(workspace: Workspace, channel: Channel, who: str) -> None:
    """Somebody, or the bot, leaves a channel or is taken out of it."""
    channel.members.discard(who)
    at = workspace.next_ts()
    kind = "G" if channel.is_private else "C"
    inner = {"type": "member_left_channel", "user": who, "channel": channel.id, "channel_type": kind}
    _emit(workspace, channel, "member_left_channel", {**inner, "team": workspace.id, "event_ts": at})
    workspace.changed()


def archive(workspace: Workspace, channel: Channel, by: str) -> None:
    """Close a channel for good."""
    channel.archived = True
    kind = "group_archive" if channel.is_private else "channel_archive"
    inner = {"type": kind, "channel": channel.id, "user": by, "event_ts": workspace.next_ts()}
    _emit(workspace, channel, kind, inner)
    workspace.changed()


def uninstall(workspace: Workspace) -> None:
    """Somebody takes the app out of the workspace: its tokens die at once."""
    at = workspace.next_ts()
    _emit(workspace, None, "app_uninstalled", {"type": "app_uninstalled", "event_ts": at})
    revoke(workspace)
    workspace.refuses = "account_inactive"


def revoke(workspace: Workspace) -> None:
    """The bot's token is taken back."""
    tokens = {"oauth": [], "bot": [workspace.bot.id]}
    at = workspace.next_ts()
    _emit(workspace, None, "tokens_revoked", {"type": "tokens_revoked", "tokens": tokens, "event_ts": at})
    workspace.refuses = "token_revoked"
    workspace.changed()


def change_user(workspace: Workspace, user: str, **facts: str | bool) -> None:
    """Somebody changes their profile: facts are fields of User."""
    found = workspace.users[user]
    for name, value in facts.items():
        setattr(found, name, value)
    now = datetime.fromtimestamp(workspace.clock(), UTC)
    shown = payloads.user(workspace, found, now)
    inner = {"type": "user_change", "user": shown, "cache_ts": int(workspace.clock())}
    _emit(workspace, None, "user_change", {**inner, "event_ts": workspace.next_ts()})


def open_home(workspace: Workspace, user: str) -> None:
    """A person looks at the app's Home tab."""
    inner: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": workspace.dm(user).id,
        "tab": "home",
        "event_ts": workspace.next_ts(),
    }
    if user in workspace.homes:
        inner["view"] = payloads.view(workspace, workspace.homes[user])
    _emit(workspace, None, "app_home_opened", inner)


def answer_in(
    workspace: Workspace, channel: str, user: str, kind: str, text: str, blocks: list[Json], thread: str = ""
) -> Post:
    """Post an answer to a command or a press: seen by everybody, or by one person."""
    only_for = "" if kind == "in_channel" else user
    post = Post(
        workspace.next_ts(),
        channel,
        workspace.bot.id,
        text,
        blocks,
        workspace.bot_id,
        thread,
        only_for=only_for,
    )
    return add(workspace, workspace.channels[channel], post)


# --- Triggers, answers and views -------------------------------------------------------------------


def new_trigger(workspace: Workspace, user: str, view: str = "") -> Trigger:
    """A trigger_id for what a person just did; `view` is where they did it, if in a modal."""
    id = f"{workspace.next_id('')}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
    workspace.triggers[id] = Trigger(id, user, workspace.clock(), view)
    return workspace.triggers[id]


def new_response_url(workspace: Workspace, user: str, channel: str, kind: str, original: Post | None) -> str:
    """A response_url for what a person just did. `kind` is `commands` or `actions`."""
    path = f"/{kind}/{workspace.id}/{workspace.next_id('')}/{secrets.token_hex(12)}"
    workspace.response_urls[path] = ResponseUrl(path, user, channel, workspace.clock(), original)
    return workspace.base + path


def new_view(workspace: Workspace, user: str, shape: Json, *, before: View | None = None) -> View:
    """A view as one person sees it now. `before` is the view it takes the place of.

    What was typed stays where block_id, action_id and the kind of the field are the same
    (Modals, "Updating views").
    """
    kept = copy.deepcopy(shape)
    kept["blocks"] = payloads.stored(workspace, kept["blocks"])
    hash = f"{workspace.next_ts()}.{secrets.token_hex(4)}"
    made = View(before.id if before else workspace.next_id("V"), user, kept, hash)
    if before:
        made.root, made.previous = before.root, before.previous
    for block in kept["blocks"]:
        for element in elements_of(block):
            if element["type"] in {"button", "overflow"}:
                continue
            key = (block["block_id"], element["action_id"])
            value = initial(element)
            old = before.values.get(key) if before else None
            made.values[key] = old if old and old["type"] == element["type"] else value
    return made


def initial(element: Json) -> Json:
    """What stands in a field at first, in the shape of view.state.values."""
    kind = element["type"]
    match kind:
        case "plain_text_input":
            return {"type": kind, "value": element.get("initial_value")}
        case "checkboxes":
            return {"type": kind, "selected_options": list(element.get("initial_options", []))}
        case "datepicker":
            return {"type": kind, "selected_date": element.get("initial_date")}
        case "timepicker":
            return {"type": kind, "selected_time": element.get("initial_time")}
        case _:
            return {"type": kind, "selected_option": element.get("initial_option")}
