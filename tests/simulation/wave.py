"""Many channels that have the same hour, on Slack and Discord, whose limits the test servers enforce.

One campaign for each workspace and guild, already begun, so that a day is one card in each channel.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from pydantic import SecretStr

from adapters.slack import manifest
from bot.app import App
from bot.effects_out import AlarmKind
from bot.game.campaigns import Campaign, CampaignChannel, CampaignId, Prompt, PromptId
from bot.game.model import ChannelId, CommunityId, PersonId
from bot.settings import Settings
from storage import alarms, campaigns
from storage.database import Transaction
from storage.tables import METADATA
from tests.builders import a_card
from tests.contents import app_of
from tests.databases import a_file
from tests.discord.server import DiscordServer
from tests.patience import PATIENCE
from tests.slack.server import SlackServer
from tests.warp import WarpLoop

NINE = datetime(2028, 2, 15, 9, tzinfo=UTC)  # in London, too
DAY = timedelta(days=1)
LONGEST = timedelta(hours=2)
NEVER = 1e9  # seconds between two heartbeats: they would be all that happens


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many workspaces and guilds, each with so many channels."""

    workspaces: int
    guilds: int
    channels: int

    @property
    def posts(self) -> int:
        """Cards of one day."""
        return (self.workspaces + self.guilds) * self.channels

    @property
    def bound(self) -> float:
        """Seconds that Discord's limit takes at least: a post and its thread in each channel, 50 a second.

        Slack's limits take none: a post for each channel, and for a workspace fewer than its minute has.
        """
        return self.guilds * self.channels * 2 / 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What one day brought. `took`: seconds until the last card was there; `slack`: on Slack alone."""

    took: float
    slack: float
    posts: int
    refused: int  # calls answered 429
    late: int


class Wave:
    """The servers, and a database with every channel in it."""

    def __init__(self, loop: WarpLoop, slack: SlackServer, discord: DiscordServer, folder: Path, size: Size):
        self.loop, self.slack, self.discord, self.folder, self.size = loop, slack, discord, folder, size
        slack.faults.rate_limits = discord.faults.rate_limits = True
        slack.app.events = frozenset()  # nobody says anything
        self.workspaces = [
            slack.workspace(f"T{number}", "North", scopes=manifest.SCOPES)
            for number in range(size.workspaces)
        ]
        for workspace in self.workspaces:
            for number in range(size.channels):
                workspace.channel(f"C{number}")
        for number in range(size.guilds):
            guild = discord.guild(str(2 * 10**17 + number))
            for channel in range(size.channels):
                guild.channel(str(3 * 10**17 + number * 10**6 + channel), "ward")
        self._settings = Settings(
            database_url=a_file(folder),
            secret_key=SecretStr("a secret that only these tests have"),
            web_port=0,
            slack_bot_token=SecretStr(self.workspaces[0].token),
            slack_app_token=SecretStr(slack.app.app_token),
            slack_api_url=slack.api_url,
            discord_token=SecretStr(discord.token),
            discord_api_url=discord.api_url,
            discord_gateway_url=discord.gateway_url,
        )

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[App]:
        """The program, in every workspace and guild."""
        app = app_of(
            self._settings, practice=False, clock=self.loop.now, folder=self.folder, ping_seconds=NEVER
        )
        assert app.slack is not None
        for workspace in self.workspaces:
            await app.slack._workspaces.join(workspace.token)
        async with app.running():
            yield app

    async def found(self) -> None:
        """Every channel, with the campaign that its first day was yesterday in."""
        app = app_of(self._settings, practice=False, clock=self.loop.now, folder=self.folder)
        for where in self._homes():
            await app.database.write(partial(with_a_campaign, where))
        await app.database.close()

    def _homes(self) -> Iterator[tuple[str, str, list[str]]]:
        for workspace in self.workspaces:
            yield "slack", workspace.id, list(workspace.channels)
        for guild in self.discord.world.guilds.values():
            yield "discord", guild.id, list(guild.channels)

    async def until(self, moment: datetime) -> None:
        """Nothing happens until then."""
        self.loop.jump(max(0.0, moment.timestamp() - self.loop.seconds()))

    async def a_day(self, due: datetime) -> Came:
        """The cards of one day, from when they are due, or from now if that is later."""
        begun = max(due.timestamp(), self.loop.seconds())
        slack, discord = len(self.slack.calls), len(self.discord.calls)
        while self._missing(slack, discord):
            assert self.loop.seconds() < begun + LONGEST.total_seconds(), self._missing(slack, discord)
            await asyncio.sleep(0.5)
        on_slack = [
            each for each in self.slack.calls[slack:] if each.ok and each.method == "chat.postMessage"
        ]
        on_discord = [each for each in self.discord.calls[discord:] if each.ok]
        said = [str(each.args["blocks"]) for each in on_slack] + [str(each.body) for each in on_discord]
        return Came(
            took=max(*(each.at for each in on_slack), *(each.at for each in on_discord)) - begun,
            slack=max(each.at for each in on_slack) - begun,
            posts=len(on_slack) + sum(each.name == "create_message" for each in on_discord),
            refused=sum(each.status == 429 for each in self.slack.calls)
            + sum(each.status == 429 for each in self.discord.calls),
            late=sum("It comes late today" in each for each in said),
        )

    def _missing(self, slack: int, discord: int) -> int:
        """How many calls of a day are still to come."""
        posted = sum(each.ok and each.method == "chat.postMessage" for each in self.slack.calls[slack:])
        threads = sum(
            each.ok and each.name == "create_thread_from_message" for each in self.discord.calls[discord:]
        )
        return self.size.posts - posted - threads

    def each_once(self, days: int) -> bool:
        """Whether every channel has one card for each day, and nothing else."""
        found = Counter[int]()
        for workspace in self.workspaces:
            found.update(len(each.every) for each in workspace.channels.values())
        for guild in self.discord.world.guilds.values():
            found.update(len(each.every) for each in guild.channels.values())
        return found == {days: self.size.posts}


def with_a_campaign(where: tuple[str, str, list[str]], tx: Transaction) -> None:
    """One community with its channels, its organiser and its campaign, of which Day 1 was yesterday."""
    platform, home, channels = where
    began, yesterday = NINE - 2 * DAY, (NINE - DAY).date()
    tables = METADATA.tables
    insert = tx.connection.execute
    who = PersonId(f"p{home}")
    insert(
        tables["communities"].insert().values(
            id=home, platform=platform, ref=home, name="North", practice=False, threshold=5,
            time_zone="Europe/London", language="en", reads_threads=True, made_at=began,
        )
    )  # fmt: skip
    insert(tables["people"].insert().values(id=who, own_role=None))
    insert(
        tables["channels"].insert(),
        [
            {
                "id": f"{home}-{ref}",
                "community_id": home,
                "ref": ref,
                "name": ref,
                "welcomed": True,
                "organiser": who,
            }
            for ref in channels
        ],
    )
    campaign = Campaign(
        id=CampaignId(f"of {home}".replace(" ", "-")),
        title="In the shoes of carers",
        zone="Europe/London",
        time=time(9),
        weekdays=frozenset(range(7)),
        start=yesterday,
        since=began,
        prompts=tuple(Prompt(id=PromptId(f"p{number}"), card=a_card()) for number in range(5)),
    )
    campaigns.create(tx, campaign, community=CommunityId(home), organiser=who, template=None, now=began)
    for number, ref in enumerate(channels):
        here = CampaignChannel(
            id=ChannelId(f"{home}-{ref}"), zone="Europe/London", time=time(9), since=began, own_zone=False
        )
        campaigns.join(tx, campaign.id, here)
        alarms.put(tx, AlarmKind.CAMPAIGN.key(f"{campaign.id}:{here.id}"), NINE)
        insert(tables["campaign_days"].insert().values(_day_one(campaign, here, yesterday, number)))


def _day_one(campaign: Campaign, here: CampaignChannel, on: date, number: int) -> dict[str, Any]:
    return {
        "campaign_id": campaign.id, "channel_id": here.id, "local_date": on, "kind": "posted",
        "happened_at": NINE - DAY, "prompt_id": campaign.prompts[0].id, "day": 1, "late": False,
        "round_id": f"round-{here.id}-{number}",
    }  # fmt: skip


@contextlib.asynccontextmanager
async def a_wave(loop: WarpLoop, folder: Path, size: Size) -> AsyncIterator[Wave]:
    """Servers that enforce their limits by the loop's clock, and a database full of channels."""
    async with (
        SlackServer(clock=loop.seconds, ack_within=PATIENCE) as slack,
        DiscordServer(
            clock=loop.seconds, answer_within=PATIENCE, heartbeat=NEVER, message_content=False
        ) as discord,
    ):
        with pytest.MonkeyPatch.context() as kept:
            kept.setattr(Route, "BASE", Route.BASE)  # the program sets both: they are put back
            kept.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
            wave = Wave(loop, slack, discord, folder, size)
            await wave.found()
            yield wave
        assert slack.faults_of_ours == []
        assert discord.faults_of_ours == []
