"""discord.py at this server: it logs in, hears, answers, posts, edits, threads, as at Discord's own."""

from __future__ import annotations

import re

import discord
import pytest
from discord import app_commands

from tests.discord.conftest import Bot, Connect, intents
from tests.discord.people import Person
from tests.discord.record import Answers, Channel, Guild
from tests.discord.server import DiscordServer

pytestmark = pytest.mark.asyncio


class Vote(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=r"vote\.(?P<round>\w+)"):
    """A button that outlives restarts."""

    def __init__(self, round_id: str) -> None:
        super().__init__(discord.ui.Button(label="Vote", custom_id=f"vote.{round_id}"))
        self.round_id = round_id

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction,
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
        /,
    ) -> Vote:
        return cls(match["round"])

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send(f"Voted in {self.round_id}", ephemeral=True)


class Words(discord.ui.Modal, title="Respond"):
    """A form with both kinds of layout that Discord has."""

    words: discord.ui.Label[Words] = discord.ui.Label(
        text="Your words", component=discord.ui.TextInput(style=discord.TextStyle.long, max_length=200)
    )
    stance: discord.ui.Label[Words] = discord.ui.Label(
        text="True here?",
        component=discord.ui.Select(
            options=[
                discord.SelectOption(label="Yes", value="y"),
                discord.SelectOption(label="No", value="n"),
            ]
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.words.component, discord.ui.TextInput)
        assert isinstance(self.stance.component, discord.ui.Select)
        said = f"{self.words.component.value} / {self.stance.component.values}"
        await interaction.response.send_message(said, ephemeral=True)


def a_bot() -> Bot:
    bot = Bot(intents())
    shoes = app_commands.Group(name="shoes", description="The game")

    @shoes.command(name="deal", description="Deal a card")
    @app_commands.describe(deck="Which deck", words="More")
    async def deal(interaction: discord.Interaction, deck: str, words: int = 0) -> None:
        await interaction.response.send_message(f"dealt {deck} {words}", ephemeral=True)
        assert isinstance(interaction.channel, discord.TextChannel)
        view = discord.ui.View(timeout=None)
        view.add_item(Vote("r1"))
        await interaction.channel.send("A card", view=view)

    @deal.autocomplete("deck")
    async def decks(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        found = [each for each in ("dementia", "hearing") if each.startswith(current)]
        return [app_commands.Choice(name=each.title(), value=each) for each in found]

    @shoes.command(name="respond", description="Write")
    async def respond(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Words())

    @bot.tree.context_menu(name="Save")
    async def save(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"saved {message.content}", ephemeral=True)

    bot.tree.add_command(shoes)
    bot.add_dynamic_items(Vote)
    return bot


async def test_a_command_a_press_and_an_answer_for_one_alone(
    server: DiscordServer, team: Channel, ada: Person, ben: Person, connect: Connect
) -> None:
    await connect(a_bot())

    ack = await ada.command("shoes deal", deck="dementia", channel=team)
    await server.until(lambda: team.posts)
    assert (ack.kind, ada.sees(team)[0].content) == (Answers.MESSAGE, "dealt dementia 0")
    assert [post.content for post in ben.sees(team)] == ["A card"]

    ack = await ben.press(team.posts[0], "Vote")
    await server.until(lambda: len(ben.sees(team)) == 2 and not ben.sees(team)[1].flags & 128)
    assert ack.kind is Answers.DEFERRED_MESSAGE
    assert ben.sees(team)[1].content == "Voted in r1"
    ben.reload()
    assert len(ben.sees(team)) == 1
    assert server.faults_of_ours == []


async def test_what_is_typed_into_an_option_is_completed(
    team: Channel, ada: Person, connect: Connect
) -> None:
    await connect(a_bot())

    offered = await ada.autocomplete("deal", "deck", "dem", channel=team)

    assert offered == [{"name": "Dementia", "value": "dementia"}]


async def test_a_form_is_the_first_answer_and_comes_back_filled_in(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    await connect(a_bot())

    ack = await ada.command("respond", channel=team)
    assert ack.kind is Answers.MODAL
    assert ada.modal is not None
    with pytest.raises(ValueError, match="needed"):
        await ada.submit({"Your words": "Ask her"})
    await ada.submit({"True here?": "Yes"})

    assert ada.modal is None
    assert ada.sees(team)[0].content == "Ask her / ['y']"
    assert server.faults_of_ours == []


async def test_a_message_has_a_menu(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    await connect(a_bot())
    said = ada.say(team, "mine")

    await ada.context_menu("Save", said)

    assert ada.sees(team)[-1].content == "saved mine"


async def test_thread_words_edits_deletions_and_lights_are_heard(
    server: DiscordServer, north: Guild, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = await connect(a_bot())
    channel = bot.get_channel(int(team.id))
    assert isinstance(channel, discord.TextChannel)
    card = await channel.send("A card", nonce=7)
    again = await channel.send("A card", nonce=7)
    assert (again.id, len(team.posts)) == (card.id, 1)
    thread = await card.create_thread(name="Responses")
    there = server.world.channels[str(thread.id)]
    said = ada.say(there, "Ask her")
    ada.edit(said, "Ask him")
    ada.react(said, "💡")
    ada.unreact(said, "💡")
    ada.delete(said)

    await server.until(lambda: bot.deleted and len(bot.lit) == 2)

    assert [each.content for each in bot.said if each.author.id == int(ada.id)] == ["Ask her"]
    assert bot.edited[-1].message.content == "Ask him"
    assert [each.event_type for each in bot.lit] == ["REACTION_ADD", "REACTION_REMOVE"]
    assert bot.deleted[0].message_id == int(said.id)
    assert [each.id for each in bot.threads] == [thread.id]
    await thread.send("in the thread")
    found = [each async for each in thread.history(after=discord.Object(thread.id), oldest_first=True)]
    assert [each.content for each in found] == ["", "in the thread"]
    assert server.faults_of_ours == []


async def test_a_direct_message_arrives_unless_it_is_not_wanted(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = await connect(a_bot())
    user = await bot.fetch_user(int(ada.id))
    await user.send("psst")
    ada.closes_dms()

    with pytest.raises(discord.Forbidden) as refused:
        await user.send("psst again")

    assert refused.value.code == 50007
    assert [post.content for post in ada.dms] == ["psst"]


class Card(discord.ui.LayoutView):
    """A card of components, as discord.py lays it out."""

    def __init__(self, words: str) -> None:
        super().__init__(timeout=None)
        box: discord.ui.Container[Card] = discord.ui.Container(discord.ui.TextDisplay(f"## Card\n{words}"))
        box.add_item(discord.ui.Separator())
        button: discord.ui.Button[Card] = discord.ui.Button(label="Respond", custom_id="respond")
        box.add_item(discord.ui.Section("Say it", accessory=button))
        row: discord.ui.ActionRow[Card] = discord.ui.ActionRow()
        options = [discord.SelectOption(label="Yes"), discord.SelectOption(label="No")]
        row.add_item(discord.ui.Select(custom_id="stance", options=options, placeholder="True here?"))
        self.add_item(box)
        self.add_item(row)


async def test_a_layout_is_posted_read_edited_and_pressed(
    server: DiscordServer, team: Channel, ada: Person, connect: Connect
) -> None:
    bot = Bot(intents())
    pressed: list[discord.Interaction] = []

    @bot.event
    async def on_interaction(interaction: discord.Interaction) -> None:
        pressed.append(interaction)
        await interaction.response.edit_message(view=Card("third"))

    await connect(bot)
    channel = bot.get_channel(int(team.id))
    assert isinstance(channel, discord.TextChannel)
    sent = await channel.send(view=Card("first"), silent=True)
    await sent.edit(view=Card("second"))
    [post] = team.posts

    read = ada.reads(post)
    assert read.words == "Card\nsecond\nSay it"
    assert (read.buttons, read.choices) == (("Respond",), ("Yes", "No"))
    await ada.press(post, "Respond")
    await ada.press(post, "True here?", "No")

    assert ada.reads(post).words == "Card\nthird\nSay it"
    assert pressed[1].data is not None
    assert pressed[1].data.get("values") == ["No"]
    assert post.flags == 1 << 15 | 1 << 12
    assert server.faults_of_ours == []


async def test_the_same_nonce_in_another_channel_makes_nothing_new(
    server: DiscordServer, north: Guild, team: Channel, connect: Connect
) -> None:
    other = north.channel(name="other")
    bot = await connect(Bot(intents()))
    for each in (team, other):
        channel = bot.get_channel(int(each.id))
        assert isinstance(channel, discord.TextChannel)
        await channel.send("A card", nonce=7)

    assert [len(team.posts), len(other.posts)] == [1, 0]
