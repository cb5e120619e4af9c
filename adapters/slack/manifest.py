"""The app manifest, made from the registry of what the code listens to and calls."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from bot import commands
from bot.views.words import plain

EVENTS_PATH = "/slack/events"
INSTALL_PATH, REDIRECT_PATH = "/slack/install", "/slack/oauth_redirect"
COMMAND = "/shoes"
COUNT_SHORTCUT = "count_as_response"
KEEP_SHORTCUT = "keep_as_story"

SCOPES = (
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "im:write",
    "reactions:read",
    "users:read",
)
"""Everything the bot may do. Without the two history scopes it offers the private form alone."""

EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
    "user_change",
)
"""What Slack tells the bot."""


def manifest(public_url: str = "") -> dict[str, Any]:
    """What Slack makes the app from (Slack: app manifest reference).

    With a public address Slack calls us there, other workspaces can add us, and tokens are rotated;
    without one it is Socket Mode for one workspace.
    """
    made = _by_socket()
    if public_url:
        address = f"{public_url}{EVENTS_PATH}"
        made["features"]["slash_commands"][0]["url"] = address
        made["oauth_config"]["redirect_urls"] = [f"{public_url}{REDIRECT_PATH}"]
        settings = made["settings"]
        settings["event_subscriptions"]["request_url"] = address
        settings["interactivity"]["request_url"] = address
        settings |= {"socket_mode_enabled": False, "token_rotation_enabled": True}
    return made


def _by_socket() -> dict[str, Any]:
    return {
        "display_information": {
            "name": plain("product-name"),
            "description": plain("slack-description"),
            "background_color": "#1d3c34",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": plain("product-name"), "always_online": True},
            "shortcuts": [
                {
                    "name": plain("slack-count-shortcut"),
                    "type": "message",
                    "callback_id": COUNT_SHORTCUT,
                    "description": plain("slack-count-shortcut-about"),
                },
                {
                    "name": plain("slack-keep-shortcut"),
                    "type": "message",
                    "callback_id": KEEP_SHORTCUT,
                    "description": plain("slack-keep-shortcut-about"),
                },
            ],
            "slash_commands": [
                {
                    "command": COMMAND,
                    "description": plain("slack-command-about"),
                    "usage_hint": " | ".join(each.name for each in commands.COMMANDS),
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def link(public_url: str = "") -> str:
    """An address that opens Slack's page for a new app, with the manifest filled in."""
    filled = quote(json.dumps(manifest(public_url)), safe="")
    return f"https://api.slack.com/apps?new_app=1&manifest_json={filled}"
