"""Who may read a channel: each platform is asked at every request for a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from adapters.discord.seeing import sees
from bot.actions import Verb
from bot.app import App
from bot.game.model import ChannelId, CommunityId, PlayerId
from tests.adapters.discord import team as discord
from tests.adapters.slack import team as slack
from tests.adapters.web.test_doors import hidden
from tests.discord.changes import deny
from tests.discord.record import Can
from tests.slack.changes import change_user

HOME = "http://127.0.0.1:8787"


async def of_ben(app: App, platform: str, user: str) -> tuple[ChannelId, PlayerId]:
    """The channel of a team, and Ben in it."""
    row = await app.database.read(
        lambda tx: tx.connection.exec_driver_sql("SELECT id, community_id FROM channels").one()
    )
    return ChannelId(row[0]), PlayerId(platform, CommunityId(row[1]), user)


@pytest.mark.asyncio
async def test_in_slack_a_page_closes_for_whoever_has_left_the_workspace(tmp_path: Path) -> None:
    async with slack.a_team(tmp_path) as team:
        await team.deal()
        await team.settled()
        await team.begin_campaign(contact="Jo")
        await team.ben.command("campaign")
        await team.settled()
        await team.ben.tap(Verb.SHOW_CAMPAIGN)
        await team.settled()
        await team.ben.tap(Verb.CALENDAR)
        await team.settled()
        told = team.ben.person.reads(team.ben.person.view or team.ben.whispers()[-1])
        (link,) = [each.target for each in told.links if "/pages/" in each.target]
        path = re.sub(r"^https?://[^/]+", "", link)
        transport = httpx.ASGITransport(team.app.web.app())
        async with httpx.AsyncClient(base_url=HOME, transport=transport, trust_env=False) as browser:
            door = await browser.get(path)
            went = await browser.post(path, data={"csrf": hidden(door, "csrf")})
            file = f"{went.headers['location']}/calendar.ics"
            assert (await browser.get(file)).text.startswith("BEGIN:VCALENDAR")
            change_user(team.workspace, team.ben.person.id, deleted=True)

            assert (await browser.get(file)).status_code == 404
            assert (await browser.get(went.headers["location"])).status_code == 404


@pytest.mark.asyncio
async def test_slack_knows_who_is_in_the_workspace(tmp_path: Path) -> None:
    async with slack.a_team(tmp_path) as team:
        await team.deal()
        await team.settled()
        channel, ben = await of_ben(team.app, "slack", team.ben.person.id)
        nobody = PlayerId("slack", ben.community, "U0NOBODY")

        assert await team.slack.chat.takes_part(channel, ben)
        assert not await team.slack.chat.takes_part(channel, nobody)


@pytest.mark.asyncio
async def test_discord_knows_who_is_in_the_guild_and_sees_the_channel(tmp_path: Path) -> None:
    async with discord.a_team(tmp_path) as team:
        await team.deal()
        await team.settled()
        channel, ben = await of_ben(team.app, "discord", team.ben.person.id)
        chat = team.discord.chat

        assert await chat.takes_part(channel, ben)
        deny(team.server.world, team.channel, ben.user, Can.VIEW_CHANNEL)
        assert not await chat.takes_part(channel, ben)
        team.channel.overwrites.clear()
        assert await chat.takes_part(channel, ben)
        del team.guild.members[ben.user]
        assert not await chat.takes_part(channel, ben)


VIEW = int(Can.VIEW_CHANNEL)
GUILD = {"id": "1", "owner_id": "9", "roles": [{"id": "1", "permissions": str(VIEW)}]}


def overwrite(id: str, type: int, *, allow: int = 0, deny: int = 0) -> Mapping[str, Any]:
    return {"id": id, "type": type, "allow": str(allow), "deny": str(deny)}


@pytest.mark.parametrize(
    "overwrites, roles, user, seen",
    [
        ([], [], "5", True),
        ([overwrite("1", 0, deny=VIEW)], [], "5", False),
        ([overwrite("1", 0, deny=VIEW)], [], "9", True),  # who owns the guild
        ([overwrite("1", 0, deny=VIEW)], ["7"], "5", True),  # an administrator
        ([overwrite("1", 0, deny=VIEW), overwrite("8", 0, allow=VIEW)], ["8"], "5", True),
        ([overwrite("1", 0, deny=VIEW), overwrite("8", 0, allow=VIEW)], [], "5", False),
        ([overwrite("1", 0, deny=VIEW), overwrite("5", 1, allow=VIEW)], [], "5", True),
        ([overwrite("8", 0, allow=VIEW), overwrite("5", 1, deny=VIEW)], ["8"], "5", False),
        ([overwrite("8", 0, deny=VIEW), overwrite("6", 0, allow=VIEW)], ["8", "6"], "5", True),
        ([overwrite("5", 0, deny=VIEW)], [], "5", True),  # a role that has the number of a member
    ],
)
def test_roles_and_overwrites_come_to_what_discord_says(
    overwrites: list[Mapping[str, Any]], roles: list[str], user: str, seen: bool
) -> None:
    more = [{"id": "7", "permissions": str(int(Can.ADMINISTRATOR))}, {"id": "8", "permissions": "0"}]
    guild = {**GUILD, "roles": [*GUILD["roles"], *more, {"id": "6", "permissions": "0"}]}

    assert sees(guild, {"permission_overwrites": overwrites}, {"user": {"id": user}, "roles": roles}) is seen
