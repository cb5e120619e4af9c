"""The address that adds the bot to a guild, made from the registry of what it needs to be allowed there."""

from __future__ import annotations

import discord

from bot.views.words import plain

SCOPES = ("bot", "applications.commands")
"""A member of the guild that can post, and its commands (OAuth2: scopes)."""

NEEDED = {
    "view_channel": "discord-view-channel",
    "send_messages": "discord-send-messages",
    "create_public_threads": "discord-create-public-threads",
    "send_messages_in_threads": "discord-send-messages-in-threads",
    "read_message_history": "discord-read-message-history",
}
"""All that the bot has to be allowed, by discord.py's name, with what Discord's own pages call it."""


def permissions() -> discord.Permissions:
    """What the address asks for: what is needed, and nothing else."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True))


def missing(allowed: discord.Permissions) -> str:
    """The first thing that is needed and not allowed, as Discord's pages call it; empty if nothing is."""
    return next((plain(label) for name, label in NEEDED.items() if not getattr(allowed, name)), "")


def link(application: int) -> str:
    """An address where somebody who manages a guild adds the bot to it."""
    return discord.utils.oauth_url(application, permissions=permissions(), scopes=SCOPES)
