"""The app manifest: what Slack makes the app from is what the code listens to, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.slack import manifest
from bot import commands, settings

# Slack: app manifest reference. Characters.
NAME, DESCRIPTION, COMMAND_ABOUT, SHORTCUT_ABOUT, HINT = 35, 140, 2_000, 150, 1_000


def test_it_names_every_command_of_the_registry() -> None:
    (command,) = manifest.manifest()["features"]["slash_commands"]

    assert command["command"] == "/shoes"
    assert command["usage_hint"].split(" | ") == [each.name for each in commands.COMMANDS]


def test_it_asks_for_socket_mode_and_for_no_address() -> None:
    made = manifest.manifest()

    assert made["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in json.dumps(made)


def test_with_a_public_address_slack_calls_it_and_others_can_add_the_bot() -> None:
    made = manifest.manifest("https://shoes.example.org")

    events = "https://shoes.example.org/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["token_rotation_enabled"] is True
    assert made["settings"]["event_subscriptions"]["request_url"] == events
    assert made["settings"]["interactivity"]["request_url"] == events
    assert made["features"]["slash_commands"][0]["url"] == events
    assert made["oauth_config"]["redirect_urls"] == ["https://shoes.example.org/slack/oauth_redirect"]
    assert made["oauth_config"]["scopes"] == manifest.manifest()["oauth_config"]["scopes"]
    assert "shoes.example.org" in manifest.link("https://shoes.example.org")


def test_every_text_is_as_short_as_slack_wants_it() -> None:
    made = manifest.manifest()
    about, features = made["display_information"], made["features"]

    assert len(about["name"]) <= NAME
    assert len(about["description"]) <= DESCRIPTION
    for command in features["slash_commands"]:
        assert len(command["description"]) <= COMMAND_ABOUT
        assert len(command["usage_hint"]) <= HINT
    for each in features["shortcuts"]:
        assert len(each["description"]) <= SHORTCUT_ABOUT


def test_nothing_is_asked_for_twice_and_events_have_their_scopes() -> None:
    needed = {
        "message.channels": "channels:history",
        "message.groups": "groups:history",
        "reaction_added": "reactions:read",
        "reaction_removed": "reactions:read",
        "user_change": "users:read",
    }

    assert len(set(manifest.SCOPES)) == len(manifest.SCOPES)
    assert len(set(manifest.EVENTS)) == len(manifest.EVENTS)
    assert {needed[each] for each in manifest.EVENTS if each in needed} <= set(manifest.SCOPES)


def test_the_address_carries_the_whole_manifest() -> None:
    asked = parse_qs(urlsplit(manifest.link()).query)

    assert json.loads(asked["manifest_json"][0]) == manifest.manifest()
    assert asked["new_app"] == ["1"]


def test_the_command_prints_what_can_be_pasted(tmp_path: Path) -> None:
    """The words around it go to the other stream, so that a file holds the manifest alone."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "slack", "manifest"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
        cwd=tmp_path,
    )

    assert json.loads(done.stdout) == manifest.manifest()
    assert manifest.link() in done.stderr


@pytest.mark.parametrize("given, missing", [("BOT", "APP"), ("APP", "BOT")])
def test_one_token_without_the_other_stops_the_start_with_a_sentence(given: str, missing: str) -> None:
    environment = {f"SHOES_SLACK_{given}_TOKEN": "xoxb-a-secret"}

    with pytest.MonkeyPatch.context() as patched:
        for name, value in environment.items():
            patched.setenv(name, value)
        with pytest.raises(settings.WrongSetting) as wrong:
            settings.load()

    assert f"SHOES_SLACK_{missing}_TOKEN is missing" in str(wrong.value)
    assert "a-secret" not in str(wrong.value)
