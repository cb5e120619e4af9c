"""The invite: it asks for what the program needs and for nothing else, and what is wrong is a sentence."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
import pytest_asyncio

from adapters.discord import invite
from tests.discord.record import Can
from tests.discord.server import DiscordServer

ROOT = Path(__file__).resolve().parents[3]
NEEDED = {
    "View Channels": Can.VIEW_CHANNEL,
    "Send Messages": Can.SEND_MESSAGES,
    "Create Public Threads": Can.CREATE_PUBLIC_THREADS,
    "Send Messages in Threads": Can.SEND_MESSAGES_IN_THREADS,
    "Read Message History": Can.READ_MESSAGE_HISTORY,
}
APPLICATION = 100000000000000042


def _asked(address: str) -> dict[str, str]:
    split = urlsplit(address)
    assert (split.scheme, split.netloc, split.path) == ("https", "discord.com", "/oauth2/authorize")
    return {name: value for name, (value,) in parse_qs(split.query).items()}


def test_the_address_asks_for_the_fewest_permissions() -> None:
    asked = _asked(invite.link(APPLICATION))

    assert asked == {
        "client_id": str(APPLICATION),
        "scope": "bot applications.commands",
        "permissions": str(sum(NEEDED.values())),
    }


def test_what_the_address_asks_for_is_what_a_press_looks_for() -> None:
    """With all of it nothing is missing; without any one of it, that one is named as Discord names it."""
    everything = discord.Permissions(int(_asked(invite.link(APPLICATION))["permissions"]))
    assert invite.missing(everything) == ""

    for name, bit in NEEDED.items():
        assert invite.missing(discord.Permissions(everything.value & ~bit)) == name


@pytest_asyncio.fixture
async def server() -> AsyncIterator[DiscordServer]:
    """A Discord with nobody in it."""
    async with DiscordServer() as running:
        yield running


@pytest.mark.asyncio
async def test_the_command_asks_discord_which_application_the_token_belongs_to(
    server: DiscordServer, tmp_path: Path
) -> None:
    code, out, _ = await _invite(
        tmp_path, SHOES_DISCORD_TOKEN=server.token, SHOES_DISCORD_API_URL=server.api_url
    )

    assert code == 0
    assert out == invite.link(int(server.app.id))


@pytest.mark.asyncio
async def test_with_the_number_given_no_token_is_needed(tmp_path: Path) -> None:
    code, out, _ = await _invite(tmp_path, "--application-id", str(APPLICATION))

    assert code == 0
    assert out == invite.link(APPLICATION)


@pytest.mark.asyncio
async def test_a_missing_token_is_named_in_a_sentence(tmp_path: Path) -> None:
    code, out, told = await _invite(tmp_path)

    assert (code, out) == (1, "")
    assert told.startswith("SHOES_DISCORD_TOKEN is missing: ")
    assert "--application-id" in told


@pytest.mark.asyncio
@pytest.mark.parametrize("token", ["not-the-right-one", " "])
async def test_a_token_that_discord_does_not_take_is_named_and_not_shown(
    server: DiscordServer, tmp_path: Path, token: str
) -> None:
    code, out, told = await _invite(tmp_path, SHOES_DISCORD_TOKEN=token, SHOES_DISCORD_API_URL=server.api_url)

    assert (code, out) == (1, "")
    assert told.startswith("Discord does not take SHOES_DISCORD_TOKEN.")
    assert '"Reset Token"' in told
    assert "not-the-right-one" not in told


@pytest.mark.asyncio
async def test_out_of_reach_of_discord_the_number_can_be_given(tmp_path: Path) -> None:
    code, out, told = await _invite(
        tmp_path, SHOES_DISCORD_TOKEN="a", SHOES_DISCORD_API_URL="http://127.0.0.1:9"
    )

    assert (code, out) == (1, "")
    assert told.startswith("Discord cannot be reached just now.")
    assert "--application-id" in told


async def _invite(folder: Path, *arguments: str, **settings: str) -> tuple[int | None, str, str]:
    """What `shoes discord invite` ends with, prints, and says beside it."""
    command = (sys.executable, "-m", "bot", "discord", "invite", *arguments)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SHOES_")}
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**clean, **settings, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, told = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode().strip(), told.decode().strip()
