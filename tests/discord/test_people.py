"""People do what Discord's client lets them do; the clocks of interactions are Discord's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.discord import changes
from tests.discord.conftest import Bot, Clock, Connect, intents
from tests.discord.people import DiscordShows, Person
from tests.discord.record import ANSWER_SECONDS, Answers, Asks, Can, Channel, Guild, Interaction, Slow
from tests.discord.server import DiscordServer

pytestmark = pytest.mark.asyncio

Answer = Callable[[discord.Interaction], Awaitable[Any]]


class Answering(Bot):
    """A bot that answers every interaction with what a test wants, and keeps what went wrong."""

    def __init__(self, answer: Answer, **more: bool) -> None:
        super().__init__(intents(**more))
        self.answer = answer
        self.heard: list[discord.Interaction] = []
        self.wrong: list[Exception] = []
        self.done = 0

        @self.tree.command(name="go", description="Go")
        @app_commands.guild_only()
        async def go(
            interaction: discord.Interaction,
            who: discord.Member | None = None,
            where: discord.TextChannel | None = None,
            mode: str = "",
            number: app_commands.Range[int, 1, 5] = 1,
        ) -> None:
            assert mode is not None

        go._params["mode"].choices = [app_commands.Choice(name="Open", value="o")]

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.heard.append(interaction)
        try:
            await self.answer(interaction)
        except Exception as error:
            self.wrong.append(error)
        self.done += 1


async def send(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("answered", ephemeral=True)


async def think(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)


def codes(bot: Answering) -> list[int]:
    return [each.code for each in bot.wrong if isinstance(each, discord.HTTPException)]


async def a_card(bot: Bot, team: Channel) -> None:
    """Post a card with two buttons and a select."""
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Yes", custom_id="yes"))
    view.add_item(discord.ui.Button(label="Off", custom_id="off", disabled=True))
    view.add_item(discord.ui.Button(label="Read", url="https://example.org"))
    options = [discord.SelectOption(label="One", value="1"), discord.SelectOption(label="Two", value="2")]
    view.add_item(discord.ui.Select(custom_id="pick", options=options, max_values=2))
    channel = bot.get_channel(int(team.id))
    assert isinstance(channel, discord.TextChannel)
    await channel.send("card", view=view)
    view.stop()


@pytest.mark.parametrize("answer_within", [ANSWER_SECONDS])
async def test_an_answer_after_three_seconds_is_too_late(
    server: DiscordServer, clock: Clock, team: Channel, ada: Person, connect: Connect
) -> None:
    async def late(interaction: discord.Interaction) -> None:
        clock.now += 3.1
        await send(interaction)

    bot = Answering(late)
    await connect(bot)
    await a_card(bot, team)

    with pytest.raises(DiscordShows, match="This interaction failed"):
        await ada.press(team.posts[0], "Yes")

    await server.until(lambda: bot.wrong)
    assert codes(bot) == [10062]
    assert ada.sees(team) == team.posts


async def test_an_answer_that_discord_would_not_have_waited_for_is_written_down(
    server: DiscordServer, clock: Clock, team: Channel, ada: Person, connect: Connect
) -> None:
    async def late(interaction: discord.Interaction) -> None:
        clock.now += 3.5
        await send(interaction)

    bot = Answering(late)
    await connect(bot)
    await a_card(bot, team)
    await ada.press(team.posts[0], "Yes")

    assert server.slow == [Slow(Asks.COMPONENT, 3.5)]


async def test_no_answer_at_all_is_told_to_the_person(clock: Clock, connect: Connect) -> None:
    async with DiscordServer(clock=clock, answer_within=0.01) as server:
        north = server.guild("200000000000000001")
        ada = server.person(north, "400000000000000001", "Ada")
        team = north.channel()
        server.app.commands = [{"id": "1", "name": "go", "type": 1, "description": "x"}]
        with pytest.raises(DiscordShows, match="did not respond"):
            await ada.command("go", channel=team)


async def test_a_second_answer_is_refused_and_written_down(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    async def twice(interaction: discord.Interaction) -> None:
        await send(interaction)
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        await bot.http.request(discord.http.Route("POST", path), json={"type": 5})

    bot = Answering(twice)
    await connect(bot)
    await a_card(bot, team)
    await ada.press(team.posts[0], "yes")
    await server.until(lambda: bot.done)

    assert codes(bot) == [40060]
    assert [each.code for each in server.faults_of_ours] == [40060]
    assert [post.content for post in ada.sees(team)] == ["card", "answered"]


async def test_a_token_lives_for_fifteen_minutes(
    server: DiscordServer, clock: Clock, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = Answering(think)
    await connect(bot)
    await a_card(bot, team)
    await ada.press(team.posts[0], "Yes")
    await server.until(lambda: bot.done)
    assert ada.reads(ada.sees(team)[1]).words == "In My Shoes is thinking…"
    clock.now += 15 * 60
    await bot.heard[0].edit_original_response(content="in time")
    assert ada.reads(ada.sees(team)[1]).words == "in time"
    clock.now += 1

    with pytest.raises(discord.HTTPException) as refused:
        await bot.heard[0].edit_original_response(content="late")

    assert (refused.value.status, refused.value.code) == (401, 50027)
    assert server.invalid_requests == 1


async def test_the_first_message_after_a_deferral_takes_its_place_and_others_follow(
    server: DiscordServer, team: Channel, ada: Person, ben: Person, connect: Connect
) -> None:
    bot = Answering(think)
    await connect(bot)
    await a_card(bot, team)
    await ada.press(team.posts[0], "Yes")
    await server.until(lambda: bot.done)
    followup = bot.heard[0].followup

    await followup.send("first")
    second = await followup.send("second", ephemeral=True, wait=True)
    await second.edit(content="second, changed")
    third = await followup.send("for all", wait=True)

    assert [post.content for post in ada.sees(team)] == ["card", "first", "second, changed", "for all"]
    assert [post.content for post in ben.sees(team)] == ["card", "for all"]
    await third.delete()
    await bot.heard[0].delete_original_response()
    assert [post.content for post in ada.sees(team)] == ["card", "second, changed"]
    assert server.faults_of_ours == []


async def test_a_press_changes_its_message_in_place(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    async def update(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content=f"by {interaction.user.display_name}")

    bot = Answering(update)
    await connect(bot)
    await a_card(bot, team)

    ack = await ada.press(team.posts[0], "pick", ["One", "2"])

    assert (ack.kind, ack.post, team.posts[0].content) == (Answers.UPDATE, team.posts[0], "by Ada")
    assert bot.heard[0].data is not None
    assert bot.heard[0].data.get("values") == ["1", "2"]


async def test_an_ephemeral_message_is_changed_by_a_press_in_it_and_goes_with_the_client(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    async def whisper(interaction: discord.Interaction) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="More", custom_id="more"))
        if interaction.message and interaction.message.flags.ephemeral:
            await interaction.response.edit_message(content="changed", view=view)
        else:
            await interaction.response.send_message("ballot", view=view, ephemeral=True)
        view.stop()

    bot = Answering(whisper)
    await connect(bot)
    await a_card(bot, team)
    whispered = (await ada.press(team.posts[0], "Yes")).post
    assert whispered is not None
    await ada.press(whispered, "More")
    assert whispered.content == "changed"

    ada.reload()

    with pytest.raises(ValueError, match="do not see"):
        await ada.press(whispered, "More")
    await bot.heard[0].edit_original_response(content="unseen")  # taken, but nobody sees it
    assert ada.sees(team) == team.posts


async def test_what_an_interaction_does_not_take_is_refused(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    async def update_a_command(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content="nothing to change")
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        await bot.http.request(discord.http.Route("POST", path), json={"type": 7, "data": {"content": "x"}})

    bot = Answering(update_a_command)
    await connect(bot)
    server.world.answer_within = 1.0
    with pytest.raises(DiscordShows):
        await ada.command("go", channel=team)

    await server.until(lambda: bot.wrong)
    assert codes(bot) == [50035]
    assert [each.code for each in server.faults_of_ours] == [50035]


async def test_a_token_is_nothing_before_the_first_answer(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    async def follow(interaction: discord.Interaction) -> None:
        await interaction.followup.send("too early")

    bot = Answering(follow)
    await connect(bot)
    server.world.answer_within = 0.2
    with pytest.raises(DiscordShows):
        await ada.command("go", channel=team)

    await server.until(lambda: bot.wrong)
    assert codes(bot) == [10015]


async def test_options_are_sent_as_discord_sends_them(
    server: DiscordServer, team: Channel, ada: Person, ben: Person, connect: Connect
) -> None:
    bot = Answering(send)
    await connect(bot)

    await ada.command("go", channel=team, who=ben, where=team, mode="Open", number=3)

    data: Any = bot.heard[0].data
    assert [(each["name"], each["value"]) for each in data["options"]] == [
        ("who", ben.id), ("where", team.id), ("mode", "o"), ("number", 3),
    ]  # fmt: skip
    assert data["resolved"]["users"][ben.id]["global_name"] == "Ben"
    assert data["resolved"]["channels"][team.id]["name"] == "team"
    assert bot.heard[0].permissions.send_messages


async def test_nobody_can_do_what_their_client_does_not_offer(
    server: DiscordServer, north: Guild, team: Channel, ada: Person, ben: Person, connect: Connect
) -> None:
    bot = Answering(send)
    await connect(bot)
    await a_card(bot, team)
    [card] = team.posts
    whispered = (await ada.press(card, "Yes")).post
    assert whispered is not None
    hidden = north.channel(name="hidden")
    changes.deny(server.world, hidden, ada.id, Can.VIEW_CHANNEL)
    changes.deny(server.world, team, ben.id, Can.SEND_MESSAGES)

    with pytest.raises(ValueError, match="disabled"):
        await ada.press(card, "Off")
    with pytest.raises(ValueError, match="browser"):
        await ada.press(card, "Read")
    with pytest.raises(LookupError, match="nothing called 'No'"):
        await ada.press(card, "No")
    with pytest.raises(LookupError, match="no option"):
        await ada.press(card, "pick", "Three")
    with pytest.raises(ValueError, match="0 chosen"):
        await ada.press(card, "pick")
    with pytest.raises(ValueError, match="do not see"):
        await ben.press(whispered, "Yes")
    with pytest.raises(ValueError, match="do not see hidden"):
        ada.say(hidden, "x")
    with pytest.raises(ValueError, match="cannot write"):
        ben.say(team, "x")
    with pytest.raises(ValueError, match="only their own"):
        ada.edit(card, "x")
    with pytest.raises(ValueError, match="no form open"):
        await ada.submit()
    with pytest.raises(ValueError, match="ephemeral"):
        ada.react(whispered, "💡")
    with pytest.raises(ValueError, match="out of range"):
        await ada.command("go", channel=team, number=9)
    with pytest.raises(ValueError, match="offers"):
        await ada.command("go", channel=team, mode="Shut")
    with pytest.raises(ValueError, match="no option"):
        await ada.command("go", channel=team, when="now")
    with pytest.raises(LookupError, match="no one command"):
        await ada.command("stop", channel=team)
    with pytest.raises(LookupError, match="no one command"):
        await ada.command("go", channel=ada.dm)
    ada.dismiss(whispered)
    assert ada.sees(team) == [card]


async def test_a_changed_client_can_press_what_is_not_there(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = Answering(send)
    await connect(bot)
    await a_card(bot, team)

    await ada.forge(team.posts[0], "vote.someone-elses")

    assert bot.heard[0].data is not None
    assert bot.heard[0].data.get("custom_id") == "vote.someone-elses"


async def test_a_form_that_is_closed_is_never_heard_of(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    async def form(interaction: discord.Interaction) -> None:
        modal = discord.ui.Modal(title="Words", custom_id="words")
        modal.add_item(discord.ui.TextInput(label="Say", custom_id="say", min_length=3, max_length=5))
        await interaction.response.send_modal(modal)

    bot = Answering(form)
    await connect(bot)
    await ada.command("go", channel=team)
    assert ada.modal is not None
    assert "Say" in ada.reads(ada.modal).words

    with pytest.raises(ValueError, match="no more than 5"):
        ada.fill({"Say": "too long"})
    with pytest.raises(ValueError, match="at least 3"):
        await ada.submit({"say": "ab"})
    ada.close_modal()

    assert ada.modal is None
    assert len(bot.heard) == 1


async def test_direct_messages_have_presses_without_a_guild(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = Answering(send)
    await connect(bot)
    user = await bot.fetch_user(int(ada.id))
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Mine", custom_id="mine"))
    await user.send("psst", view=view)
    view.stop()

    await ada.press(ada.dms[0], "Mine")

    [heard] = bot.heard
    assert (heard.guild_id, heard.user.id) == (None, int(ada.id))
    assert isinstance(heard.channel, discord.DMChannel)
    said = ada.say(ada.dm, "hello")
    await server.until(lambda: [each.content for each in bot.said] == ["psst", "hello"] or bot.said)
    ada.delete(said)


async def test_people_bring_their_names_language_and_permissions(
    server: DiscordServer, north: Guild, team: Channel, connect: Connect
) -> None:
    bot = Answering(send)
    await connect(bot)
    cerys = server.person(
        north, "400000000000000003", "Cerys", nick="Ceri", locale="fr", permissions=Can.MANAGE_GUILD
    )

    await cerys.command("go", channel=team)

    [heard] = bot.heard
    assert (heard.user.display_name, heard.locale, heard.guild_locale) == (
        "Ceri", discord.Locale.french, discord.Locale.british_english,
    )  # fmt: skip
    assert heard.permissions.manage_guild
    assert heard.app_permissions.send_messages


async def test_two_people_press_at_once_and_each_gets_an_answer(
    server: DiscordServer, team: Channel, ada: Person, ben: Person, connect: Connect
) -> None:
    bot = Answering(send)
    await connect(bot)
    await a_card(bot, team)

    acks = await asyncio.gather(*(each.press(team.posts[0], "Yes") for each in (ada, ben)))

    assert [type(each.asked) for each in acks] == [Interaction, Interaction]
    assert [len(each.sees(team)) for each in (ada, ben)] == [2, 2]
