"""What changes at Discord, whoever does it: the record is written, and the events go out."""

from __future__ import annotations

import copy
import secrets
from typing import Any

from tests.discord import payloads, reading
from tests.discord.record import (
    DEFAULT,
    THREAD,
    THREAD_STARTER,
    Asks,
    Can,
    Channel,
    Flag,
    Guild,
    Interaction,
    Json,
    Modal,
    Post,
    User,
    World,
    may,
    texts_of,
)

TOKEN_SECONDS = 15 * 60.0  # Receiving and Responding, "Followup Messages"


def add(world: World, post: Post) -> Post:
    """Put a post into its channel; an ephemeral one makes no event."""
    there = post.channel
    _tell(world, post)
    there.put(post)
    if there.type == THREAD:
        if there.archived and not there.locked:  # Threads, "Active & Archived Threads"
            archive(world, there, archived=False)
        if post.author.id not in there.members and not post.only_for:
            there.members.append(post.author.id)
    if not post.only_for:
        _message_event(world, "MESSAGE_CREATE", post)
    world.changed()
    return post


def _tell(world: World, post: Post) -> None:
    """Write down whom a post tells."""
    guild = post.channel.guild
    found = reading.told([post.content, *texts_of(post.components)], post.allowed)
    post.pings = [id for id in found.users if id in (guild.members if guild else world.users)]
    replied = post.reference if post.type == 19 else None
    if replied and (post.allowed is None or post.allowed.get("replied_user")):
        post.pings = list(dict.fromkeys([*post.pings, replied.author.id]))
    allowed = guild is None or may(post.channel, post.author.id, Can.MENTION_EVERYONE)
    post.everyone = found.everyone and allowed and guild is not None
    roles = guild.roles if guild else {}
    post.role_pings = [id for id in found.roles if id in roles and (roles[id].mentionable or allowed)]


def edit(world: World, post: Post, **new: Any) -> None:
    """Put other things in the place of a post's: content, embeds, components, flags, attachments."""
    post.versions.append(_version(post))
    for name, value in new.items():
        setattr(post, name, value)
    if not post.flags & Flag.LOADING and (new.keys() - {"flags"}):
        post.edited = world.clock()
    if not post.only_for:
        _message_event(world, "MESSAGE_UPDATE", post)
    world.changed()


def _version(post: Post) -> Json:
    return {
        "content": post.content,
        "embeds": copy.deepcopy(post.embeds),
        "components": copy.deepcopy(post.components),
        "flags": post.flags,
    }


def arrive(world: World, post: Post, **new: Any) -> None:
    """Put the answer in the place of "is thinking": no edit, as its reader sees it."""
    for name, value in new.items():
        setattr(post, name, value)
    post.flags &= ~int(Flag.LOADING)
    _tell(world, post)
    if not post.only_for:
        _message_event(world, "MESSAGE_UPDATE", post)
    world.changed()


def delete(world: World, post: Post) -> None:
    """Take a post away. A thread that began on it stays."""
    post.gone = True
    there = post.channel
    if not post.only_for:
        gone: Json = {"id": post.id, "channel_id": there.id}
        if there.guild:
            gone["guild_id"] = there.guild.id
        world.emit("MESSAGE_DELETE", gone, there.guild, post)
    world.changed()


def react(world: World, post: Post, user: User, emoji: str, *, add: bool) -> None:
    """Put an emoji on a post or take it off."""
    users = post.reactions.setdefault(emoji, [])
    if add == (user.id in users):
        return
    if add:
        users.append(user.id)
    else:
        users.remove(user.id)
    if not users:
        del post.reactions[emoji]
    guild = post.channel.guild
    told: Json = {
        "user_id": user.id,
        "channel_id": post.channel.id,
        "message_id": post.id,
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    if guild:
        told["guild_id"] = guild.id
    if add:
        told["message_author_id"] = post.author.id
        told["burst_colors"] = []
        if guild and user.id in guild.members:
            told["member"] = payloads.full_member(guild.members[user.id])
    name = "MESSAGE_REACTION_ADD" if add else "MESSAGE_REACTION_REMOVE"
    world.emit(name, told, guild, post)
    world.changed()


def _message_event(world: World, name: str, post: Post) -> None:
    world.emit(name, payloads.message_event(world, post), post.channel.guild, post)


# --- Threads and channels --------------------------------------------------------------------------


def thread(world: World, post: Post, by: User, name: str) -> Channel:
    """A public thread on a post: it has the post's id, and begins with a pointer to it."""
    parent = post.channel
    made = Channel(post.id, name, THREAD, guild=parent.guild, parent=parent, owner=by.id, members=[by.id])
    parent.threads.append(made)
    world.channels[made.id] = made
    post.thread = made
    post.flags |= int(Flag.HAS_THREAD)
    _thread_event(world, "THREAD_CREATE", made, newly_created=True)
    _message_event(world, "MESSAGE_UPDATE", post)
    starter = Post(world.next_id(), made, by, "", world.clock(), type=THREAD_STARTER, reference=post)
    made.put(starter)
    _message_event(world, "MESSAGE_CREATE", starter)
    world.changed()
    return made


def _thread_event(world: World, name: str, there: Channel, **more: Any) -> None:
    shown = {**payloads.channel(there), **more}
    bot = world.app.bot.id
    if name == "THREAD_CREATE" and bot in there.members:
        shown["member"] = payloads.thread_member(there, bot)
    world.emit(name, shown, there.guild, None)


def archive(
    world: World, there: Channel, *, archived: bool | None = None, locked: bool | None = None, name: str = ""
) -> None:
    """Close a thread, lock it, or name it anew; and the other way round."""
    if archived is not None and archived != there.archived:
        there.archived, there.archived_at = archived, world.clock()
    there.locked = there.locked if locked is None else locked
    there.name = name or there.name
    _thread_event(world, "THREAD_UPDATE", there)
    world.changed()


def delete_channel(world: World, there: Channel) -> None:
    """Take a channel or a thread away, with all that is in it."""
    there.gone = True
    assert there.guild is not None
    if there.type == THREAD:
        assert there.parent is not None
        told = {
            "id": there.id, "guild_id": there.guild.id, "parent_id": there.parent.id, "type": there.type
        }  # fmt: skip
        world.emit("THREAD_DELETE", told, there.guild, None)
    else:
        for each in there.threads:
            each.gone = True
        told = payloads.channel(there)
        del there.guild.channels[there.id]
        world.emit("CHANNEL_DELETE", told, there.guild, None)
    world.changed()


def deny(world: World, there: Channel, user: str, what: int) -> None:
    """Forbid somebody, or the bot, something in a channel, from now on."""
    there.overwrites = [each for each in there.overwrites if each["id"] != user]
    there.overwrites.append({"id": user, "type": 1, "allow": "0", "deny": str(int(what))})
    world.emit("CHANNEL_UPDATE", payloads.channel(there), there.guild, None)
    world.changed()


def throw_out(world: World, guild: Guild) -> None:
    """Take the bot out of a guild."""
    world.emit("GUILD_DELETE", {"id": guild.id}, guild, None)
    guild.gone = True
    world.changed()


def invite(world: World, guild: Guild) -> None:
    """Bring the bot into a guild that is new to it, or that threw it out."""
    guild.gone = False
    world.emit("GUILD_CREATE", payloads.full_guild(world, guild), guild, None)
    world.changed()


def outage(world: World, guild: Guild, *, over: bool) -> None:
    """Make a guild unavailable, and bring it back."""
    guild.unavailable = not over
    if over:
        world.emit("GUILD_CREATE", payloads.full_guild(world, guild), guild, None)
    else:
        world.emit("GUILD_DELETE", {"id": guild.id, "unavailable": True}, guild, None)
    world.changed()


# --- Interactions ------------------------------------------------------------------------------------


def ask(
    world: World, kind: Asks, user: User, channel: Channel, data: Json, post: Post | None = None, **more: Any
) -> Interaction:
    """A press, a command or a form, on its way to the app."""
    id = world.next_id()
    token = f"aW50ZXJhY3Rpb24.{id}.{secrets.token_urlsafe(24)}"
    asked = Interaction(id, token, kind, user, channel, world.clock(), data, post, **more)
    world.interactions[id] = world.tokens[token] = asked
    world.emit("INTERACTION_CREATE", payloads.interaction(world, asked), channel.guild, post)
    return asked


def show_modal(world: World, asked: Interaction, shape: Json) -> Modal:
    """Open a form for the person who asked, with what it brings along already in its fields."""
    shape = copy.deepcopy(shape)
    shape["components"] = payloads.kept(shape["components"], world.next_id)
    made = world.modals[asked.user.id] = Modal(asked, shape)
    return made


def a_post(world: World, channel: Channel, author: User, body: Json, **more: Any) -> Post:
    """A post made of the body of a call. Nothing hears of it yet."""
    return Post(
        world.next_id(),
        channel,
        author,
        body.get("content") or "",
        world.clock(),
        embeds=[_kept_embed(each) for each in body.get("embeds") or []],
        components=payloads.kept(body.get("components") or [], world.next_id),
        flags=int(body.get("flags") or 0),
        allowed=body.get("allowed_mentions"),
        type=more.pop("type", DEFAULT),
        **more,
    )


def _kept_embed(embed: Json) -> Json:
    return {"type": "rich", **copy.deepcopy(embed)}
