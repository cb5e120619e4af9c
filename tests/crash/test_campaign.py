"""A campaign's hour in which the program is killed again and again, and started again each time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import time
from functools import partial
from pathlib import Path

import pytest

from adapters.slack import manifest
from bot.app import system_clock
from bot.game.campaigns import CampaignId
from bot.game.model import ChannelId, CommunityId, PlayerId
from bot.game.privately import Subscription
from storage import communities, subscriptions
from storage.database import Transaction, open_database
from storage.migrate import migrate
from tests.adapters.slack.team import SOCKET, words_of
from tests.crash.slack_program import ended, killing, running, started
from tests.simulation.wave import DAY, NINE, with_a_campaign
from tests.slack.reading import reading
from tests.slack.record import Channel, Json

CHANNELS = ("C1", "C2", "C3", "C4", "C5")
POST, LOOK = "chat.postMessage", "conversations.history"  # a card, and whether it is there
TELL = "a direct message"
BEFORE, AFTER = "before", "after"


class Strikes:
    """Ends the program at its next call of `method`, `when` it is not done yet or when it is done."""

    def __init__(self) -> None:
        self.next: tuple[str, str] | None = None

    def before(self, method: str, args: Json) -> bool:
        """Nothing is done."""
        return self._strikes(_called(method, args), BEFORE)

    def after(self, method: str, args: Json) -> bool:
        """It is done, and the program does not know."""
        return self._strikes(_called(method, args), AFTER)

    def _strikes(self, method: str, when: str) -> bool:
        strikes = self.next == (method, when)
        self.next = None if strikes else self.next
        return strikes


def _called(method: str, args: Json) -> str:
    return TELL if method == POST and str(args.get("channel", "")).startswith("D") else method


@pytest.mark.asyncio
async def test_every_channel_has_one_card_a_day_wherever_the_program_was_killed(tmp_path: Path) -> None:
    strikes = Strikes()
    async with killing(tmp_path, SOCKET, before=strikes.before, after=strikes.after) as server:
        workspace = server.workspace("T1", "North", scopes=manifest.SCOPES)
        channels = [workspace.channel(each) for each in CHANNELS]
        await _with_a_campaign(tmp_path, workspace.id)

        days = ["Day 1"]
        for day, when in enumerate([BEFORE, AFTER, BEFORE], start=2):
            days.append(f"Day {day}")
            # A second after the hour, for Slack and for the program.
            nine = (NINE + (day - 2) * DAY).timestamp()
            server.move_clock(nine + 1 - system_clock().timestamp())
            for method in [POST, LOOK]:
                strikes.next = (method, when)
                if await started(server, workspace):
                    await ended(server)
                assert strikes.next is None, "it was not killed there"
            async with running(server, workspace):
                await server.until(lambda: all(len(_days(each)) == len(days) - 1 for each in channels))
            assert [_days(each) for each in channels] == [days[1:]] * len(CHANNELS)


@pytest.mark.asyncio
async def test_who_asked_for_the_card_gets_it_wherever_the_program_was_killed(tmp_path: Path) -> None:
    strikes = Strikes()
    async with killing(tmp_path, SOCKET, before=strikes.before, after=strikes.after) as server:
        workspace = server.workspace("T1", "North", scopes=manifest.SCOPES)
        workspace.user("UBEN", "Ben")
        workspace.channel("C1", members=("UBEN",))
        await _with_a_campaign(tmp_path, workspace.id, asks="UBEN")
        direct = workspace.dm("UBEN")

        for day, (method, when, most) in enumerate([(POST, AFTER, 1), (TELL, BEFORE, 1), (TELL, AFTER, 2)]):
            had = len(direct.posts)
            nine = (NINE + day * DAY).timestamp()
            server.move_clock(nine + 1 - system_clock().timestamp())
            strikes.next = (method, when)
            if await started(server, workspace):
                await ended(server)
            assert strikes.next is None, "it was not killed there"
            async with running(server, workspace):
                await server.until(partial(_delivered, tmp_path, direct, had + most))
            # Nobody can look up a private message: one that may be there goes once more, and never again.
            assert len(direct.posts) == had + most
            heads = [words_of(each).splitlines()[0] for each in direct.posts[had:]]
            assert heads == [f"Day {day + 2}, just for you"] * most


def _delivered(folder: Path, channel: Channel, count: int) -> bool:
    """Whether so many are there, and the program has noted it."""
    if len(channel.posts) < count:
        return False
    with closing(sqlite3.connect(folder / "shoes.db")) as database:
        return bool(database.execute("SELECT count(*) FROM outbox").fetchone() == (0,))


def _days(channel: Channel) -> list[str]:
    """The day of each card as it was posted, in their order: by now the first may be closed."""
    posted = [[*post.versions, (post.text, post.blocks)][0] for post in channel.posts]
    words = [reading(blocks, text).words for text, blocks in posted]
    return [day for card in words for number in range(1, 6) if (day := f"Day {number}") + ":" in card]


async def _with_a_campaign(folder: Path, workspace: str, asks: str = "") -> None:
    """`asks`: who wants its cards privately, at the same hour."""
    database = open_database(f"sqlite:///{folder / 'shoes.db'}")
    migrate(database.engine)
    channels = ["C1"] if asks else list(CHANNELS)
    await database.write(partial(with_a_campaign, ("slack", workspace, channels)))
    if asks:
        await database.write(partial(_asks, workspace, asks))
    await database.close()


def _asks(workspace: str, user: str, tx: Transaction) -> None:
    home = CommunityId(workspace)
    person = communities.person(tx, PlayerId("slack", home, user), user, "Ben", "Europe/London")
    subscription = Subscription(
        campaign=CampaignId(f"of {workspace}".replace(" ", "-")),
        person=person.id,
        channel=ChannelId(f"{workspace}-C1"),
        zone="Europe/London",
        time=time(9),
        since=NINE - DAY / 2,
    )
    subscriptions.put(tx, subscription, home)
