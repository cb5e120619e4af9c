"""The address that adds the bot to a guild, made from the registry of what it needs to be allowed there."""

from __future__ import annotations

import discord

from bot.views.words import plain

SCOPES = ("bot", "applications.commands")
"""A member of the guild that can post, and its commands (OAuth2: scopes)."""

NEEDED = (
    "view_channel",
    "send_messages",
    "create_public_threads",
    "send_messages_in_threads",
    "read_message_history",
)
"""All that the bot has to be allowed, by discord.py's names."""


def permissions() -> discord.Permissions:
    """What the address asks for: what is needed, and nothing else."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True))


def missing(allowed: discord.Permissions) -> str:
    """The first thing that is needed and not allowed, as Discord's pages call it; empty if nothing is."""
    return next((label(name) for name in NEEDED if not getattr(allowed, name)), "")


def label(name: str) -> str:
    """What Discord's own pages call it."""
    match name:
        case "view_channel":
            return plain("discord-view-channel")
        case "send_messages":
            return plain("discord-send-messages")
        case "create_public_threads":
            return plain("discord-create-public-threads")
        case "send_messages_in_threads":
            return plain("discord-send-messages-in-threads")
        case "read_message_history":
            return plain("discord-read-message-history")
        case _:
            raise AssertionError(f"a permission without a label: {name}")


def link(application: int) -> str:
    """An address where somebody who manages a guild adds the bot to it."""
    return discord.utils.oauth_url(application, permissions=permissions(), scopes=SCOPES)
