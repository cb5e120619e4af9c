"""What Discord sends, in its own shapes: users, guilds, channels, messages, interactions."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.discord.record import (
    DM,
    EPOCH,
    THREAD,
    App,
    Asks,
    Channel,
    Guild,
    Interaction,
    Json,
    Member,
    Post,
    Role,
    User,
    World,
    permissions,
    walk,
)

PUBLIC_KEY = "0" * 64
LONG_AGO = 1_600_000_000.0


def when(at: float) -> str:
    """A moment in ISO 8601, in UTC, with microseconds as Discord writes them."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")


def made_at(id: str) -> float:
    """The moment in a snowflake, in seconds since 1970."""
    return ((int(id) >> 22) + EPOCH) / 1000


def user(found: User) -> Json:
    """A user as everybody sees them."""
    return {
        "id": found.id,
        "username": found.name,
        "discriminator": "0000" if found.bot else "0",
        "global_name": None if found.bot else found.shown,
        "avatar": None,
        "avatar_decoration_data": None,
        "banner": None,
        "accent_color": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
        **({"bot": True} if found.bot else {}),
    }


def me(app: App) -> Json:
    """The bot as it sees itself."""
    return {
        **user(app.bot), "verified": True, "locale": "en-US", "mfa_enabled": True, "flags": 0, "email": None
    }  # fmt: skip


def member(found: Member) -> Json:
    """A member without the user, as messages carry it."""
    return {
        "roles": list(found.roles),
        "joined_at": when(LONG_AGO),
        "premium_since": None,
        "nick": found.nick,
        "avatar": None,
        "banner": None,
        "communication_disabled_until": None,
        "pending": False,
        "deaf": False,
        "mute": False,
        "flags": 0,
    }


def full_member(found: Member) -> Json:
    """A member with the user."""
    return {"user": user(found.user), **member(found)}


def role(found: Role) -> Json:
    """A role."""
    return {
        "id": found.id,
        "name": found.name,
        "description": None,
        "permissions": str(found.permissions),
        "position": found.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "managed": False,
        "mentionable": found.mentionable,
        "flags": 0,
    }


def channel(found: Channel) -> Json:
    """A channel, a thread or a direct message, as a call or an event shows it."""
    last = found.posts[-1].id if found.posts else None
    shown: Json = {"id": found.id, "type": found.type, "last_message_id": last, "flags": 0}
    if found.type == DM:
        assert found.recipient is not None
        return {**shown, "recipients": [user(found.recipient)]}
    assert found.guild is not None
    shown |= {
        "guild_id": found.guild.id,
        "name": found.name,
        "rate_limit_per_user": 0,
        "parent_id": found.parent.id if found.parent else None,
    }
    if found.type == THREAD:
        said = [post for post in found.posts if post.type != 21]
        return {
            **shown,
            "owner_id": found.owner,
            "message_count": len(said),
            "total_message_sent": len([post for post in found.every if post.type != 21]),
            "member_count": min(50, len(found.members)),
            "thread_metadata": {
                "archived": found.archived,
                "archive_timestamp": when(found.archived_at or made_at(found.id)),
                "auto_archive_duration": 1440,
                "locked": found.locked,
                "create_timestamp": when(made_at(found.id)),
            },
        }
    return {
        **shown,
        "position": list(found.guild.channels.values()).index(found),
        "topic": None,
        "nsfw": False,
        "permission_overwrites": copy.deepcopy(found.overwrites),
        "last_pin_timestamp": None,
        "default_auto_archive_duration": 1440,
    }


def thread_member(found: Channel, id: str) -> Json:
    """Somebody in a thread."""
    return {"id": found.id, "user_id": id, "join_timestamp": when(made_at(found.id)), "flags": 1}


def guild(found: Guild) -> Json:
    """A guild as GET /guilds/{id} shows it."""
    return {
        "id": found.id,
        "name": found.name,
        "icon": None,
        "description": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "owner_id": found.owner,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": found.locale,
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "hub_type": None,
        "nsfw": False,
        "nsfw_level": 0,
        "application_id": None,
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": [role(each) for each in found.roles.values()],
    }


def full_guild(world: World, found: Guild) -> Json:
    """A guild as GUILD_CREATE shows it: the bot alone among its members without the members intent."""
    bot = found.members[world.app.bot.id]
    seen = [each for each in found.channels.values() if permissions(each, bot.user.id) & 1 << 10]
    active = [thread for each in seen for thread in each.threads if not thread.archived and not thread.gone]
    return {
        **guild(found),
        "joined_at": when(LONG_AGO),
        "large": len(found.members) > 250,
        "unavailable": False,
        "member_count": len(found.members),
        "members": [full_member(bot)],
        "voice_states": [],
        "presences": [],
        "channels": [channel(each) for each in found.channels.values()],
        "threads": [
            channel(each) | {"member": thread_member(each, bot.user.id)}
            if bot.user.id in each.members
            else channel(each)
            for each in active
        ],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def kept(components: list[Json], new_id: Callable[[], str]) -> list[Json]:
    """Components as Discord keeps them: each with a number of its own, and defaults written out."""
    found: list[Json] = copy.deepcopy(components)
    every = walk(found)
    taken = {each["id"] for each in every if each.get("id")}
    free = iter(number for number in range(1, 10_000) if number not in taken)
    for each in every:
        if not each.get("id"):
            each["id"] = next(free)
        for name in [name for name, value in each.items() if value is None]:
            del each[name]  # what was sent as null was not sent
        match each["type"]:
            case 2 if each.get("style") == 5:
                each.setdefault("url", None)
            case 3 | 5 | 6 | 7 | 8:
                each.setdefault("min_values", 1)
                each.setdefault("max_values", 1)
            case 11:
                each.update(_media(each, new_id))
            case 12:
                each["items"] = [_media(item, new_id) for item in each["items"]]
            case 14:
                each.setdefault("spacing", 1)
                each.setdefault("divider", True)
            case 17:
                each.setdefault("accent_color", None)
                each.setdefault("spoiler", False)
    return found


def _media(item: Json, new_id: Callable[[], str]) -> Json:
    url = item["media"]["url"]
    media = {"id": new_id(), "url": url, "proxy_url": url}
    return {"description": None, "spoiler": False, **item, "media": media}


def message(world: World, post: Post, *, hidden: bool = False) -> Json:
    """A message. `hidden`: without what the message content intent is needed for."""
    there = post.channel
    shown: Json = {
        "id": post.id,
        "type": post.type,
        "channel_id": there.id,
        "author": user(post.author),
        "content": "" if hidden else post.content,
        "timestamp": when(post.at),
        "edited_timestamp": when(post.edited) if post.edited else None,
        "tts": False,
        "mention_everyone": post.everyone,
        "mentions": [_mentioned(world, there.guild, id) for id in post.pings],
        "mention_roles": list(post.role_pings),
        "attachments": [] if hidden else copy.deepcopy(post.attachments),
        "embeds": [] if hidden else copy.deepcopy(post.embeds),
        "components": [] if hidden else copy.deepcopy(post.components),
        "pinned": False,
        "flags": post.flags,
    }
    if post.nonce is not None:
        shown["nonce"] = post.nonce
    if post.reactions:
        shown["reactions"] = [
            {
                "emoji": {"id": None, "name": name},
                "count": len(users),
                "count_details": {"normal": len(users), "burst": 0},
                "me": world.app.bot.id in users,
                "me_burst": False,
                "burst_me": False,
                "burst_count": 0,
                "burst_colors": [],
            }
            for name, users in post.reactions.items()
        ]
    if post.reference is not None:
        source = post.reference
        shown["message_reference"] = {
            "type": 0, "message_id": source.id, "channel_id": source.channel.id,
            **({"guild_id": there.guild.id} if there.guild else {}),
        }  # fmt: skip
        shown["referenced_message"] = None if source.gone else message(world, source, hidden=hidden)
    if post.asked is not None:
        by = post.asked
        shown["application_id"] = shown["webhook_id"] = world.app.id
        shown["interaction_metadata"] = metadata(world, by)
        if by.kind is Asks.COMMAND:
            shown["interaction"] = {"id": by.id, "type": 2, "name": by.name, "user": user(by.user)}
    if post.thread is not None and not post.thread.gone:
        shown["thread"] = channel(post.thread)
    return shown


def _mentioned(world: World, there: Guild | None, id: str) -> Json:
    found = there.members.get(id) if there else None
    return {**user(world.users[id]), **({"member": member(found)} if found else {})}


def metadata(world: World, asked: Interaction) -> Json:
    """Which interaction a message answers."""
    owners = {"0": asked.channel.guild.id if asked.channel.guild else "0"}
    shown = {
        "id": asked.id,
        "type": int(asked.kind),
        "user": user(asked.user),
        "authorizing_integration_owners": owners,
    }
    if asked.kind is Asks.COMMAND:
        shown |= {"name": asked.name, "command_type": asked.menu}
    if asked.kind is Asks.COMPONENT and asked.post is not None:
        shown["interacted_message_id"] = asked.post.id
    if asked.kind is Asks.MODAL and asked.opened_from is not None:
        shown["triggering_interaction_metadata"] = metadata(world, asked.opened_from)
    return shown


def message_event(world: World, post: Post, *, hidden: bool = False) -> Json:
    """A message as events carry it."""
    shown = message(world, post, hidden=hidden)
    shown["channel_type"] = post.channel.type
    guild = post.channel.guild
    if guild is not None:
        shown["guild_id"] = guild.id
        if post.author.id in guild.members and post.asked is None:
            shown["member"] = member(guild.members[post.author.id])
    return shown


def interaction(world: World, asked: Interaction) -> Json:
    """An interaction as INTERACTION_CREATE carries it."""
    there, app = asked.channel, world.app
    bot_may = permissions(there, app.bot.id)
    shown: Json = {
        "id": asked.id,
        "application_id": app.id,
        "type": int(asked.kind),
        "token": asked.token,
        "version": 1,
        "data": copy.deepcopy(asked.data),
        "locale": asked.user.locale,
        "channel_id": there.id,
        "channel": {**channel(there), "permissions": str(permissions(there, asked.user.id))},
        "app_permissions": str(bot_may),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": 10_485_760,
        "authorizing_integration_owners": {"0": there.guild.id if there.guild else "0"},
        "context": 0 if there.guild else 1,
    }
    if asked.post is not None:
        shown["message"] = message(world, asked.post)
    if there.guild is None:
        return {**shown, "user": user(asked.user)}
    who = there.guild.members[asked.user.id]
    shown |= {
        "guild_id": there.guild.id,
        "guild": {"id": there.guild.id, "locale": there.guild.locale, "features": []},
        "guild_locale": there.guild.locale,
        "member": {**full_member(who), "permissions": str(permissions(there, asked.user.id))},
    }
    return shown


def application(app: App, guilds: int) -> Json:
    """The application as it sees itself. Its flags say which privileged intents are switched on."""
    flags = (1 << 19 if app.message_content else 0) | (1 << 15 if app.guild_members else 0)
    owner = User("90000000000000001", "owner", "Owner")
    return {
        "id": app.id,
        "name": app.name,
        "icon": None,
        "description": "",
        "summary": "",
        "type": None,
        "bot": user(app.bot),
        "bot_public": True,
        "bot_require_code_grant": False,
        "owner": user(owner),
        "team": None,
        "verify_key": PUBLIC_KEY,
        "flags": flags,
        "flags_new": str(flags),
        "explicit_content_filter": 0,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
        "tags": [],
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "event_webhooks_status": 1,
        "integration_types_config": {"0": {}},
        "approximate_guild_count": guilds,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "rpc_origins": [],
        "hook": True,
    }


def command(app: App, body: Json, id: str, guild: str = "") -> Json:
    """An application command as Discord keeps it."""
    kind = body.get("type") or 1
    found: Json = {
        "id": id,
        "application_id": app.id,
        "version": id,
        "type": kind,
        "name": body["name"],
        "name_localizations": body.get("name_localizations"),
        "description": body.get("description") or "",
        "description_localizations": body.get("description_localizations"),
        "default_member_permissions": _text(body.get("default_member_permissions")),
        "dm_permission": body.get("dm_permission") is not False,
        "contexts": body.get("contexts"),
        "integration_types": body.get("integration_types") or [0],
        "nsfw": body.get("nsfw") or False,
    }
    if kind == 1:
        found["options"] = copy.deepcopy(body.get("options") or [])
    if guild:
        found["guild_id"] = guild
    return found


def _text(number: Any) -> str | None:
    return None if number is None else str(number)
