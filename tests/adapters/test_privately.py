"""A campaign's cards in a direct message: asked for under a card, and answered, put off and stopped there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions import Verb
from storage.database import Transaction
from tests.adapters.both import EVERYWHERE, Both
from tests.adapters.browser import browser_rooms
from tests.adapters.discord import team as discord
from tests.adapters.five import Time
from tests.adapters.slack import team as slack
from tests.adapters.slack.team import BOTH
from tests.adapters.test_campaigns import CONTACT, DAY, TEMPLATE, TUESDAY
from tests.discord.changes import deny
from tests.discord.reading import reading as discord_reading
from tests.discord.record import Can
from tests.patience import PATIENCE
from tests.slack.reading import notices as slack_notices
from tests.slack.reading import reading as slack_reading
from tests.slack.server import SlackServer

pytestmark = pytest.mark.asyncio

HOUR = timedelta(hours=1)
FIVE = TUESDAY + 6.5 * HOUR  # 17:00 in London
OURS = "Please ask me first, every time."
THEIRS = "We waited a whole day for that."


class OnSlack:
    """Ada begins the campaign, Ben asks for its cards."""

    def __init__(self, two: Both) -> None:
        self.two = two
        self.ada, self.ben, self.cat = (two.slack.players[name] for name in ("ada", "ben", "cat"))

    def dms(self) -> list[str]:
        """What stands in Ben's direct messages, for everybody in them and for him alone."""
        return [slack.words_of(each) for each in self.ben.person.dms]

    def told(self) -> str:
        """The newest of it, or of what only he sees in the channel."""
        here = [*self.ben.whispers(), *self.ben.person.dms]
        return slack.words_of(max(here, key=lambda each: float(each.ts)))

    def notices(self) -> list[str]:
        """What a notification shows of them."""
        return [
            slack_reading((), words).words
            for each in self.ben.person.dms
            for words in (each.text, *slack_notices(each.blocks[:1], each.text))
        ]

    def refuses(self) -> None:
        """From now on Slack takes no message to Ben."""
        self.two.slack.workspace.users["UBEN"].closed = True

    def public(self) -> str:
        """What everybody sees in the channel."""
        return "\n".join(slack.words_of(post) for post in self.two.slack.ours())


class OnDiscord:
    """The same."""

    def __init__(self, two: Both) -> None:
        self.two = two
        self.ada, self.ben, self.cat = (two.discord.players[name] for name in ("ada", "ben", "cat"))

    def dms(self) -> list[str]:
        """See OnSlack."""
        return [discord.words_of(each) for each in self.ben.person.dms]

    def told(self) -> str:
        """See OnSlack."""
        here = [*self.ben.whispers(), *self.ben.person.dms]
        return discord.words_of(max(here, key=lambda each: int(each.id)))

    def notices(self) -> list[str]:
        """See OnSlack."""
        return [discord_reading("", (), each.components[:1]).words for each in self.ben.person.dms]

    def refuses(self) -> None:
        """See OnSlack."""
        self.ben.person.closes_dms()

    def public(self) -> str:
        """See OnSlack."""
        return "\n".join(discord.words_of(post) for post in self.two.discord.ours() if not post.only_for)


@pytest.fixture
def team(platform: str, two: Both) -> OnSlack | OnDiscord:
    return OnSlack(two) if platform == "slack" else OnDiscord(two)


async def _starts(team: OnSlack | OnDiscord) -> None:
    await team.ada.command("campaign")
    await team.two.settled()
    await team.ada.send(template=TEMPLATE, time="10:30", weekdays="01234", contact=CONTACT)
    await team.two.settled()
    await team.ada.tap(Verb.START_CAMPAIGN)
    await team.two.at(TUESDAY)


async def _asks(team: OnSlack | OnDiscord, time: str = "17:00") -> None:
    """Ben finds it behind More, under the card of the first day."""
    await team.ben.tap(Verb.MORE)
    await team.two.settled()
    await team.ben.open(Verb.PRIVATELY)
    await team.ben.send(time=time)
    await team.two.settled()


async def _taps(team: OnSlack | OnDiscord, verb: Verb) -> str:
    await team.ben.tap(verb)
    await team.two.settled()
    return team.told()


@EVERYWHERE
async def test_a_card_comes_in_a_direct_message_and_is_answered_from_there(team: OnSlack | OnDiscord) -> None:
    await _starts(team)
    await _asks(team)
    assert "each day’s card also comes to you privately, at 17:00 (London time)" in team.told()
    await team.cat.respond(words=THEIRS, stance="yes")
    await team.two.at(FIVE - timedelta(seconds=1))
    assert team.dms() == []
    await team.two.at(FIVE)

    (card,) = team.dms()
    assert "Day 1, just for you" in card
    assert THEIRS not in card
    await team.ben.respond(words=OURS, stance="yes")
    await team.two.settled()
    assert "Thank you" in team.told()
    await team.two.at(TUESDAY + DAY)
    await team.two.at(FIVE + DAY)
    assert sum("just for you" in each for each in team.dms()) == 2
    assert OURS not in "".join(each for each in team.dms() if "just for you" in each)


@EVERYWHERE
async def test_later_skip_and_stop_work_in_the_message_an_old_one_too(team: OnSlack | OnDiscord) -> None:
    await _starts(team)
    await _asks(team)
    await team.two.at(FIVE)

    assert "This card comes to you again" in await _taps(team, Verb.LATER)
    await team.two.at(FIVE + HOUR)
    assert sum("just for you" in each for each in team.dms()) == 2
    assert "The next one comes as always." in await _taps(team, Verb.SKIP)
    assert "You get no more of these cards privately." in await _taps(team, Verb.STOP)
    assert "You do not get these cards privately just now." in await _taps(team, Verb.LATER)
    await team.two.at(TUESDAY + DAY)
    await team.two.at(FIVE + DAY)
    assert sum("just for you" in each for each in team.dms()) == 2

    await team.ben.open(Verb.PRIVATELY)  # "Start again", in the direct message
    await team.ben.send(time="18:00")
    await team.two.settled()
    assert "at 18:00 (London time)" in team.told()
    await team.two.at(FIVE + DAY + HOUR)
    assert sum("just for you" in each for each in team.dms()) == 3


@EVERYWHERE
async def test_who_takes_no_direct_messages_is_told_once_in_the_channel(team: OnSlack | OnDiscord) -> None:
    await _starts(team)
    await _asks(team)
    team.refuses()
    await team.two.at(FIVE)
    await team.two.at(TUESDAY + DAY)
    await team.two.at(FIVE + DAY)
    assert team.dms() == []

    await team.ben.respond(words=OURS, stance="yes")
    await team.two.settled()
    assert "We could not reach you" in team.told()
    assert "We could not reach you" not in await _taps(team, Verb.MORE)
    assert "could not reach" not in team.public()


async def test_on_discord_who_may_read_the_channel_no_more_gets_no_card_of_it(two: Both) -> None:
    team = OnDiscord(two)
    await _starts(team)
    await _asks(team)
    deny(two.discord.server.world, two.discord.channel, team.ben.person.id, Can.VIEW_CHANNEL)
    await two.at(FIVE)
    assert team.dms() == []
    two.discord.channel.overwrites.clear()
    await two.at(TUESDAY + DAY)
    await two.at(FIVE + DAY)
    assert team.dms() == [], "it is not tried again before Ben asks for it"
    await team.ben.respond(words=OURS, stance="yes")
    await two.settled()
    assert "We could not reach you" in team.told()


@BOTH
async def test_slack_tells_where_somebody_is_and_their_cards_come_by_that_clock(two: Both) -> None:
    two.slack.workspace.users["UBEN"].tz = "America/New_York"
    team = OnSlack(two)
    await _starts(team)
    await team.ben.tap(Verb.MORE)
    await two.settled()
    view = await team.ben.open(Verb.PRIVATELY)
    assert view.values["zone", "zone"]["value"] == "New York"
    await team.ben.send(time="17:00")
    await two.settled()
    assert "at 17:00 (New York time)" in team.told()
    await two.at(FIVE + 5 * HOUR - timedelta(seconds=1))
    assert team.dms() == []
    await two.at(FIVE + 5 * HOUR)
    assert len(team.dms()) == 1


@EVERYWHERE
async def test_a_notification_names_no_condition_and_nobody(team: OnSlack | OnDiscord) -> None:
    await _starts(team)
    await _asks(team)
    await team.two.at(FIVE)

    assert team.notices()
    for words in team.notices():
        assert "carer" not in words
        assert len(words) < 40


@EVERYWHERE
async def test_from_the_plan_too_and_about_me_says_it(team: OnSlack | OnDiscord) -> None:
    await _starts(team)
    await team.ben.command("campaign")
    await team.two.settled()
    await team.ben.tap(Verb.SHOW_CAMPAIGN)
    await team.two.settled()
    await team.ben.open(Verb.PRIVATELY)
    await team.ben.send(time="17:00")
    await team.two.settled()
    await team.ben.command("me")
    await team.two.settled()
    assert "privately, at 17:00 (London time)." in team.told()
    assert "You get no more of these cards privately." in await _taps(team, Verb.STOP)


async def test_after_an_outage_one_card_comes_in_the_morning_and_old_buttons_work(tmp_path: Path) -> None:
    moving = Time()
    async with SlackServer(clock=moving.seconds, ack_within=PATIENCE, retries=slack.QUICK) as server:
        workspace = slack.a_workspace(server)
        async with slack.connected(server, workspace, moving, tmp_path) as team:
            ada, ben = team.ada, team.ben
            await ada.command("campaign")
            await team.settled()
            await ada.send(template=TEMPLATE, time="10:30", weekdays="01234", contact=CONTACT)
            await team.settled()
            await ada.tap(Verb.START_CAMPAIGN)
            moving.now = TUESDAY
            await team.settled()
            await ben.tap(Verb.MORE)
            await team.settled()
            await ben.open(Verb.PRIVATELY)
            await ben.send(time="17:00")
            moving.now = FIVE
            await team.settled()
            moving.now = TUESDAY + DAY
            await team.settled()
            assert [slack.words_of(each)[:5] for each in ben.person.dms] == ["Day 1"]

        moving.now = FIVE + DAY + 5 * HOUR  # 22:00: the program was away when the second was due
        async with slack.connected(server, workspace, moving, tmp_path) as team:
            ben = slack.Player(team, ben.person)
            await team.settled()
            assert len(ben.person.dms) == 1
            moving.now = FIVE + DAY + 15 * HOUR  # 08:00
            await team.settled()
            assert [slack.words_of(each)[:5] for each in ben.person.dms] == ["Day 1", "Day 2"]
            old = ben.person.dms[0]
            (stop,) = [each for each in slack.buttons(old) if each["text"]["text"] == "Stop"]
            await ben.press((old, stop))
            await team.settled()
            assert "You get no more of these cards" in slack.words_of(ben.person.dms[-1])
        assert server.faults_of_ours == []


# --- the browser ------------------------------------------------------------------------


async def test_in_the_browser_it_stands_in_the_room_for_who_asked_alone(tmp_path: Path) -> None:
    time = Time()
    async with browser_rooms(tmp_path, clock=time) as rooms:
        channel = await rooms.a_channel("ada", "ben", "cat")

        async def reads(name: str) -> str:
            return "\n".join(each.text for each in await rooms.seen(channel, name))

        await rooms.press(channel, "ada", Verb.CAMPAIGN)
        await rooms.send(
            channel,
            "ada",
            Verb.MAKE_CAMPAIGN,
            template=TEMPLATE,
            time="10:30",
            weekdays="01234",
            contact=CONTACT,
        )
        await rooms.press(channel, "ada", Verb.START_CAMPAIGN)
        time.now = TUESDAY
        await rooms.settled()
        await rooms.press(channel, "ben", Verb.MORE)
        await rooms.press(channel, "ben", Verb.PRIVATELY)
        await rooms.send(channel, "ben", Verb.SAVE_PRIVATELY, time="17:00")
        assert "comes to you privately, at 17:00 (London time)" in await reads("ben")
        time.now = FIVE
        await rooms.settled()

        assert "Day 1, just for you" in await reads("ben")
        assert "just for you" not in await reads("cat")
        await rooms.press(channel, "ben", Verb.LATER)
        assert "This card comes to you again" in await reads("ben")
        await rooms.press(channel, "ben", Verb.STOP)
        assert "You get no more of these cards privately." in await reads("ben")
        time.now = FIVE + HOUR
        await rooms.settled()
        assert (await reads("ben")).count("just for you") == 1

        def whispered(tx: Transaction) -> list[tuple[str, str]]:
            query = "SELECT account, message FROM room_posts WHERE account IS NOT NULL"
            return [(row.account, row.message) for row in tx.connection.exec_driver_sql(query)]

        kept = await rooms.database.read(whispered)
        assert [user for user, _message in kept] == [rooms.player(channel, "ben").user]
        assert "just for you" in kept[0][1]
        time.now = TUESDAY + 3 * DAY
        await rooms.settled()
        assert await rooms.database.read(whispered) == [], "after the close: whom it was not sent to"
