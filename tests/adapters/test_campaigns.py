"""A moderator sets up a campaign where they are, changes it, and lets another channel take part."""

from __future__ import annotations

import abc
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

import pytest

from bot.actions import Action, Verb, write
from bot.campaigning import CAMPAIGNS
from bot.game.calendar import Break
from bot.views.campaign_forms import break_value
from tests.adapters.both import EVERYWHERE, Both
from tests.adapters.discord import team as discord
from tests.adapters.slack import team as slack
from tests.adapters.slack.team import BOTH
from tests.discord.reading import reading as discord_reading
from tests.discord.record import Can
from tests.slack.reading import notices as slack_notices
from tests.slack.reading import reading as slack_reading

pytestmark = pytest.mark.asyncio

T = TypeVar("T", discord.Player, slack.Player)

MOST_PRESSES, MOST_TYPED = 8, 3
TEMPLATE = "carers-week"
CONTACT = "Jo at the front desk, 4th floor"
DAY = timedelta(days=1)
GONE = "This campaign is not here, or not here any more."
TUESDAY = datetime(2027, 6, 8, 9, 30, tzinfo=UTC)  # 10:30 in London; it is noon of Monday at first


class Moderator(abc.ABC, Generic[T]):
    """Sets up a campaign, and counts: each press, each choice in a list, each field that is typed in."""

    def __init__(self, both: Both, player: T) -> None:
        self.both = both
        self.player: T = player
        self.presses = self.typed = 0

    async def types(self, command: str) -> None:
        """A command; sending it is a press."""
        self.presses += 1
        await self.player.command(command)
        await self.both.settled()

    async def taps(self, verb: Verb, value: str = "") -> None:
        """A button."""
        self.presses += 1
        await self.player.tap(verb, value)
        await self.both.settled()

    async def sends(self, **fields: str) -> None:
        """What changes in the form that is open, and then the form."""
        for name in fields:
            self._count(name)
        self.presses += 1
        await self.player.send(**fields)
        await self.both.settled()

    @abc.abstractmethod
    def date(self, day: date) -> str:
        """How a date is filled in."""

    @abc.abstractmethod
    def _count(self, field: str) -> None:
        """A field is filled in."""

    @abc.abstractmethod
    def told(self) -> str:
        """The newest of what they alone see in the channel."""

    @abc.abstractmethod
    def public(self) -> list[str]:
        """What everybody sees in the channel, in order."""

    @abc.abstractmethod
    def whispered(self) -> int:
        """How many messages they alone see in the channel."""

    def days(self) -> list[str]:
        """The boards that came, by their headings."""
        return [found[0] for text in self.public() if (found := re.match("Day [0-9]+", text))]


class OnSlack(Moderator[slack.Player]):
    """By what Slack's client asks of a person: a list is opened, and then chosen from."""

    def date(self, day: date) -> str:
        return day.isoformat()

    def _count(self, field: str) -> None:
        view = self.player.person.view
        assert view is not None
        (block,) = [each for each in view.shape["blocks"] if each.get("block_id") == field]
        match block["element"]["type"]:
            case "plain_text_input":
                self.typed += 1
            case "radio_buttons":
                self.presses += 1
            case "static_select" | "datepicker":
                self.presses += 2
            case other:
                raise AssertionError(other)

    def told(self) -> str:
        return slack.words_of(self.player.whispers()[-1])

    def public(self) -> list[str]:
        return [slack.words_of(post) for post in self.player.team.ours()]

    def whispered(self) -> int:
        return len(self.player.whispers())


class OnDiscord(Moderator[discord.Player]):
    """By what Discord's client asks: dates are typed there."""

    def date(self, day: date) -> str:
        return f"{day.day} {day:%B %Y}"

    def _count(self, field: str) -> None:
        asked = discord.typed_in(self.player.person.modal)[field]
        match asked["type"]:
            case 4:
                self.typed += 1
            case 21:
                self.presses += 1
            case 3:
                self.presses += 2
            case other:
                raise AssertionError(other)

    def told(self) -> str:
        return discord.words_of(self.player.whispers()[-1])

    def public(self) -> list[str]:
        return [discord.words_of(post) for post in self.player.team.ours() if not post.only_for]

    def whispered(self) -> int:
        return len(self.player.whispers())


@pytest.fixture
def ada(platform: str, two: Both) -> Moderator[slack.Player] | Moderator[discord.Player]:
    return OnSlack(two, two.slack.ada) if platform == "slack" else OnDiscord(two, two.discord.ada)


async def _plans(ada: Moderator[T]) -> None:
    await ada.types("campaign")
    await ada.sends(template=TEMPLATE, time="10:30", weekdays="01234", contact=CONTACT)


async def _starts(ada: Moderator[T]) -> None:
    await _plans(ada)
    await ada.taps(Verb.START_CAMPAIGN)


async def _starts_with_a_code(ada: Moderator[T]) -> str:
    """Returns what another channel takes part by."""
    await _starts(ada)
    await ada.taps(Verb.SHOW_CAMPAIGN)
    await ada.taps(Verb.CAMPAIGN_CODE)
    (code,) = re.findall(r"^\s*([\w-]+\.[\w-]+)$", ada.told(), flags=re.M)
    return str(code)


@EVERYWHERE
async def test_a_week_is_scheduled_in_few_presses_and_its_first_card_comes_in_time(ada: Moderator[T]) -> None:
    await _plans(ada)
    assert "Nothing is posted yet" in ada.told()
    assert "Tuesday 8 June: Day 1." in ada.told()
    await ada.taps(Verb.START_CAMPAIGN)

    assert "The first card comes on Tuesday 8 June at 10:30 (London time)." in ada.told()
    assert "You look after the cards in this channel from now on." in ada.told()
    assert ada.presses <= MOST_PRESSES
    assert ada.typed <= MOST_TYPED

    await ada.both.at(TUESDAY - timedelta(seconds=1))
    assert ada.public() == []
    await ada.both.at(TUESDAY)
    assert ada.days() == ["Day 1"]


@EVERYWHERE
async def test_days_time_and_zone_change_in_the_plan_itself(ada: Moderator[T]) -> None:
    await _plans(ada)
    shown = ada.whispered()
    await ada.taps(Verb.CHANGE_CAMPAIGN, "here")
    await ada.sends(start=ada.date(date(2027, 6, 9)), weekdays="024", time="14:00", zone="Asia/Kolkata")

    assert ada.whispered() == shown, "the plan stands where it stood"
    assert "Monday, Wednesday and Friday, at 14:00 (Kolkata time), from Wednesday 9 June on." in ada.told()
    assert "Wednesday 9 June: Day 1." in ada.told()

    await ada.taps(Verb.START_CAMPAIGN)
    assert ada.whispered() == shown
    await ada.both.at(datetime(2027, 6, 9, 8, 30, tzinfo=UTC))  # 14:00 in Kolkata
    assert ada.days() == ["Day 1"]


@EVERYWHERE
async def test_a_title_and_who_helps_change_in_the_plan(ada: Moderator[T]) -> None:
    await _plans(ada)
    await ada.taps(Verb.CHANGE_CAMPAIGN, "plan")
    await ada.sends(title="A week for carers", end=ada.date(date(2027, 6, 11)), contact="Sam, by the stairs")

    assert "“A week for carers”" in ada.told()
    assert "The last day is Friday 11 June." in ada.told()
    assert "People can turn to: Sam, by the stairs" in ada.told()


@EVERYWHERE
async def test_what_cannot_be_is_said_and_nothing_typed_is_lost(ada: Moderator[T]) -> None:
    await _plans(ada)
    await ada.taps(Verb.CHANGE_CAMPAIGN, "here")
    await ada.sends(zone="the moon")
    if isinstance(ada, OnSlack):
        view = ada.player.person.view
        assert view is not None
        assert "We do not know this place." in view.errors["zone"]
    else:
        assert "We do not know this place." in ada.told()
        await ada.taps(Verb.CHANGE_CAMPAIGN, "here")
    await ada.sends(zone="Europe/Paris")

    assert "(Paris time)" in ada.told()


@EVERYWHERE
async def test_a_break_is_planned_told_and_over(ada: Moderator[T]) -> None:
    await _starts(ada)
    await ada.taps(Verb.SHOW_CAMPAIGN)
    await ada.taps(Verb.CHANGE_CAMPAIGN, "break")
    first, last = ada.date(date(2027, 6, 9)), ada.date(date(2027, 6, 10))
    await ada.sends(name="an anniversary", first=first, last=last)
    assert "Break: an anniversary, from Wednesday 9 June to Thursday 10 June." in ada.told()

    for day in range(4):
        await ada.both.at(TUESDAY + day * DAY)

    assert ada.days() == ["Day 1", "Day 2"]
    told = [text for text in ada.public() if "We take a break: an anniversary" in text]
    assert len(told) == 1
    assert "The next card comes on Friday 11 June." in told[0]


@EVERYWHERE
async def test_a_break_is_taken_out_and_a_wrong_entry_beside_it_loses_nothing(ada: Moderator[T]) -> None:
    await _starts(ada)
    await ada.taps(Verb.SHOW_CAMPAIGN)
    await ada.taps(Verb.CHANGE_CAMPAIGN, "break")
    await ada.sends(name="an anniversary", first=ada.date(date(2027, 6, 9)))
    await ada.taps(Verb.CHANGE_CAMPAIGN, "break")
    out = break_value(Break(name="an anniversary", first=date(2027, 6, 9), last=date(2027, 6, 9)))
    await ada.sends(name="a fair", take_out=out)  # and when?
    if isinstance(ada, OnDiscord):
        await ada.taps(Verb.CHANGE_CAMPAIGN, "break")
    await ada.sends(first=ada.date(date(2027, 6, 10)))
    assert "Break: a fair, on Thursday 10 June." in ada.told()
    assert "an anniversary" not in ada.told()

    for day in range(3):
        await ada.both.at(TUESDAY + day * DAY)
    assert ada.days() == ["Day 1", "Day 2"]
    assert "We take a break: a fair." in ada.public()[-1]


@EVERYWHERE
async def test_a_pause_holds_every_card_until_it_goes_on_and_an_end_ends_it(ada: Moderator[T]) -> None:
    await _starts(ada)
    await ada.both.at(TUESDAY)
    await ada.types("campaign")
    await ada.taps(Verb.SHOW_CAMPAIGN)
    await ada.taps(Verb.PAUSE_CAMPAIGN)
    assert "It is paused." in ada.told()
    await ada.both.at(TUESDAY + DAY)
    assert ada.days() == ["Day 1"]

    await ada.taps(Verb.RESUME_CAMPAIGN)
    assert "It is paused." not in ada.told()
    await ada.both.at(TUESDAY + 2 * DAY)
    assert ada.days() == ["Day 1", "Day 2"]

    await ada.taps(Verb.END_CAMPAIGN)
    assert "Shall this campaign end now?" in ada.told()
    await ada.taps(Verb.END_CAMPAIGN, "sure")
    assert "The campaign has ended." in ada.told()
    await ada.both.at(TUESDAY + 3 * DAY)
    assert ada.days() == ["Day 1", "Day 2"]


@BOTH
async def test_by_its_code_a_channel_of_another_platform_takes_part_in_its_own_time(two: Both) -> None:
    ada, ben = OnSlack(two, two.slack.ada), OnDiscord(two, two.discord.ben)
    code = await _starts_with_a_code(ada)

    await ben.types("link")
    await ben.sends(code="a wrong one")
    assert "We do not know this code." in ben.told()
    await ben.taps(Verb.JOIN_CAMPAIGN)
    await ben.sends(code=code)
    assert "The first card comes on Tuesday 8 June at 10:30 (London time)." in ben.told()
    await ben.taps(Verb.SHOW_CAMPAIGN)
    assert "One other channel takes part." in ben.told()
    await ben.taps(Verb.CHANGE_CAMPAIGN, "here")
    await ben.sends(time="12:00", zone="America/New_York")

    await two.at(TUESDAY)
    assert (ada.days(), ben.days()) == (["Day 1"], [])
    await two.at(datetime(2027, 6, 8, 16, tzinfo=UTC))  # noon in New York
    assert (ada.days(), ben.days()) == (["Day 1"], ["Day 1"])

    await ben.types("campaign")
    await ben.taps(Verb.SHOW_CAMPAIGN)
    await ben.taps(Verb.PAUSE_CAMPAIGN)
    await two.at(datetime(2027, 6, 9, 16, tzinfo=UTC))
    assert (ada.days(), ben.days()) == (["Day 1", "Day 2"], ["Day 1"]), "he pauses his own channel"
    await ben.taps(Verb.LEAVE_CAMPAIGN)
    assert "The other channels go on." in ben.told()
    await two.at(datetime(2027, 6, 10, 16, tzinfo=UTC))
    assert (ada.days(), ben.days()) == (["Day 1", "Day 2", "Day 3"], ["Day 1"])


@BOTH
async def test_its_end_is_told_on_every_channel_that_had_cards(two: Both) -> None:
    ada, ben = OnSlack(two, two.slack.ada), OnDiscord(two, two.discord.ben)
    code = await _starts_with_a_code(ada)
    await ben.types("link")
    await ben.sends(code=code)
    await two.at(TUESDAY)
    assert (ada.days(), ben.days()) == (["Day 1"], ["Day 1"])

    await ada.types("campaign")
    await ada.taps(Verb.SHOW_CAMPAIGN)
    await ada.taps(Verb.END_CAMPAIGN)
    await ada.taps(Verb.END_CAMPAIGN, "sure")
    await two.at(TUESDAY + DAY)
    for everybody in (ada, ben):
        (told,) = [text for text in everybody.public() if "A campaign here has ended" in text]
        assert "Ada" not in told
        assert "A look back at all of them comes after that." in told


@BOTH
async def test_only_who_is_named_changes_a_campaign_of_somebody_else(two: Both) -> None:
    ada = OnSlack(two, two.slack.ada)
    two.slack.workspace.users["UCAT"].is_admin = True
    two.slack.channel.creator = "UDAN"
    await _starts(ada)
    for name, may in (("ben", False), ("cat", True), ("dan", True)):
        other = OnSlack(two, two.slack.players[name])
        await other.types("campaign")
        await other.taps(Verb.SHOW_CAMPAIGN)
        assert "In the shoes of" in other.told(), name
        assert (other.player.find(Verb.CAMPAIGN_CODE) is not None) == may, name
        if may:
            await other.taps(Verb.CAMPAIGN_CODE)
            assert "A code for another channel" in other.told(), name


async def test_on_discord_those_are_named_who_may_manage_the_channel(two: Both) -> None:
    ada, cat = OnDiscord(two, two.discord.ada), two.discord.cat
    await _starts(ada)
    guild = two.discord.guild
    cat.person.member.roles.append(guild.role("of Cat", int(Can.MANAGE_CHANNELS)).id)
    for name, may in (("ben", False), ("cat", True)):
        other = OnDiscord(two, two.discord.players[name])
        await other.types("campaign")
        await other.taps(Verb.SHOW_CAMPAIGN)
        assert "In the shoes of" in other.told(), name
        assert (other.player.find(Verb.CAMPAIGN_CODE) is not None) == may, name
        if may:
            await other.taps(Verb.CAMPAIGN_CODE)
            assert "A code for another channel" in other.told(), name


@BOTH
async def test_in_a_channel_that_the_bot_cannot_come_into_it_asks_for_an_invitation_first(two: Both) -> None:
    ada = OnSlack(two, two.slack.ada)
    two.slack.channel.is_private = True
    await _starts(ada)

    assert "Please type “/invite @In My Shoes” in the channel." in ada.told()
    two.slack.ada.person.invite_bot(two.slack.channel)
    await ada.taps(Verb.START_CAMPAIGN)
    assert "The first card comes on Tuesday 8 June at 10:30 (London time)." in ada.told()
    await two.at(TUESDAY)
    assert ada.days() == ["Day 1"]


async def test_on_discord_a_campaign_starts_only_where_the_bot_may_post(two: Both) -> None:
    ada = OnDiscord(two, two.discord.ada)
    await _plans(ada)
    bot = two.discord.server.app.bot.id
    nothing = {"id": bot, "type": 1, "allow": "0", "deny": str(int(Can.SEND_MESSAGES))}
    two.discord.channel.overwrites.append(nothing)
    await ada.taps(Verb.START_CAMPAIGN)

    assert "switch on “Send Messages” for me" in ada.told()


# --- words that mean harm, and ids of elsewhere ---------------------------------------------

HOSTILE = {
    "slack": "<!channel> <@UADA> *b* ```<https://evil.example|your bank> &amp;",
    "discord": "@everyone <@&1> <@400000000000000001> [your bank](https://evil.example) **b** <t:1:R> ```",
}


@EVERYWHERE
async def test_what_organisers_type_is_text_and_never_comes_first(
    ada: OnSlack | OnDiscord, two: Both, platform: str
) -> None:
    words = HOSTILE[platform][:58].strip()
    await ada.types("campaign")
    await ada.sends(template=TEMPLATE, time="10:30", contact=words)
    await ada.taps(Verb.CHANGE_CAMPAIGN, "plan")
    await ada.sends(title=words)
    await ada.taps(Verb.CHANGE_CAMPAIGN, "break")
    await ada.sends(name=words, first=ada.date(date(2027, 6, 9)))
    told = [ada.told()]
    await ada.taps(Verb.START_CAMPAIGN)
    await ada.both.at(TUESDAY)
    await ada.both.at(TUESDAY + DAY)
    told += [ada.told(), *ada.public()]

    assert len([text for text in told if words in " ".join(text.split())]) >= 4
    for post in two.slack.channel.every:
        for notice in (post.text, *slack_notices(post.blocks, post.text)):
            assert words not in slack_reading((), notice).words
        shown = slack_reading(post.blocks, post.text)
        assert (shown.calls, [each for each in shown.links if "evil" in each.target]) == ((), [])
    for message in two.discord.server.posts:
        found = discord_reading(message.content, message.embeds, message.components)
        assert (found.mentions, found.channels) == ((), ())
        assert 1 not in found.times
        assert [each for each in found.links if "evil" in each.target] == []
        assert (message.pings, message.role_pings, message.everyone) == ([], [], False)
        if message.components and not message.only_for:
            first = discord_reading("", (), message.components[:1])
            assert words not in first.words


@BOTH
async def test_a_campaign_of_another_guild_or_workspace_is_not_here(two: Both) -> None:
    ada, ben = OnSlack(two, two.slack.ada), OnDiscord(two, two.discord.ben)
    await _starts(ada)
    await _starts(ben)
    query = (
        "SELECT communities.platform, campaigns.id FROM campaigns"
        " JOIN communities ON communities.id = campaigns.community_id"
    )
    found = await two.slack.app.database.read(lambda tx: tx.connection.exec_driver_sql(query).all())
    campaigns = {row.platform: row.id for row in found}
    before = await _stored(two)
    verbs = sorted(
        CAMPAIGNS
        - {Verb.CAMPAIGN, Verb.NEW_CAMPAIGN, Verb.MAKE_CAMPAIGN}
        - {Verb.JOIN_CAMPAIGN, Verb.SEND_CODE}
    )

    for verb in verbs:
        for value in ("", "plan", "sure"):
            for about in (campaigns["slack"], "no-such-campaign"):
                board = two.discord.ben.whispers()[-1]
                forged = write(Action(verb, about=about, value=value))
                await two.discord.ben.person.forge(board, forged)
                await two.discord.settled()
                assert GONE in ben.told(), forged
            for about in (campaigns["discord"], "no-such-campaign"):
                assert GONE in await _forged_on_slack(two, write(Action(verb, about=about, value=value)))

    assert await _stored(two) == before


async def _forged_on_slack(two: Both, value: str) -> str:
    """What Ada is told who presses a button with this value in a changed client."""
    team, ada = two.slack, two.slack.ada
    place = await team.app.service.place("slack", "T1", "C1")
    assert place is not None
    return await slack.answer_to(ada, value, place.id)


async def _stored(two: Both) -> list[tuple[Any, ...]]:
    """Every campaign as it is stored, and where it goes out."""

    def rows(tx: Any) -> list[tuple[Any, ...]]:
        tables = ("campaigns", "campaign_channels", "campaign_breaks", "alarms")
        return [
            tuple(row)
            for name in tables
            for row in tx.connection.exec_driver_sql(f"SELECT * FROM {name}")  # noqa: S608 - names of ours
        ]

    return await two.slack.app.database.read(rows)


# --- App Home ---------------------------------------------------------------------------


async def _at_home(two: Both, label: str) -> str:
    """Ada presses this at home, or in what she opened there. What she then reads."""
    person = two.slack.ada.person
    shown = person.view if person.view is not None else person.home
    assert shown is not None
    await person.press(shown, label)
    await two.settled()
    return person.reads(person.view).words if person.view is not None else ""


@BOTH
async def test_from_app_home_a_channel_that_one_looks_after_gets_its_next_campaign(two: Both) -> None:
    ada = OnSlack(two, two.slack.ada)
    await two.slack.deal()
    two.slack.ada.person.open_home()
    await two.settled()
    await _at_home(two, "Plan 1")
    await ada.sends(template=TEMPLATE, time="10:30", contact=CONTACT)
    view = two.slack.ada.person.view
    assert view is not None
    assert "Nothing is posted yet" in two.slack.ada.person.reads(view).words
    await _at_home(two, "Change days and time")
    await ada.sends(time="11:00")
    assert "at 11:00 (London time)" in two.slack.ada.person.reads(two.slack.ada.person.view or view).words
    assert "The first card comes on Tuesday 8 June at 11:00" in await _at_home(two, "Start it")

    await two.slack.ada.person.close_view()
    assert two.slack.ada.person.home is not None
    assert "in ward-4" in two.slack.ada.person.reads(two.slack.ada.person.home).words
    await _at_home(two, "Look at 1")
    assert "It is paused." in await _at_home(two, "Pause")
