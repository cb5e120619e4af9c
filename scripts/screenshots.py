"""Takes the README's pictures from the running product: plays a round in Chromium with pretend players."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright, expect
from pydantic import SecretStr

from adapters.slack import manifest
from bot.app import App
from bot.settings import Settings
from tests.discord import play as discord
from tests.discord import record as discord_record
from tests.discord.people import Person as DiscordPerson
from tests.discord.server import DiscordServer
from tests.slack.people import Person
from tests.slack.play import PEOPLE, Room
from tests.slack.record import Post, View
from tests.slack.server import SlackServer

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WIDE, NARROW = 1100, 760  # pixels of the page: with two columns, and with one
SHARPNESS = 2  # pixels of a picture for one of the page
PHONE = 480  # and the one for Slack and Discord
MARGIN = 16  # pixels around what is shown
LARGEST = 500_000  # bytes
RESPONSE = "I would want to be asked first. Not told afterwards, in a letter."
CARD = "dementia-cooker-gone"  # the one in Slack and Discord, and what five people say to it
SAID = {
    "U1": ("no", "I would have said yes to a timer. Nobody asked me."),
    "U2": ("not_sure", "Cooking is how I know what day it is."),
    "U3": ("no", "Please come and watch me cook. Then decide with me."),
    "U4": ("yes", "A microwave is not my kitchen."),
    "U5": ("no", "Tell me what you are afraid of. I am afraid too."),
}
DIFFER = "microwave"
BY_ITSELF = """
nav, header, #say { display: none } body, main { display: block; height: auto } #posts { overflow: visible }
.post { margin: 2rem 0 }
"""
UNPOINTED = ".tools { display: none }"  # what Discord shows only where one points at a message
SEED = 12  # chooses the card, the same each time
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


class SameChance:
    """The same card and the same order in every run."""

    def __init__(self) -> None:
        self._random = random.Random(SEED)  # noqa: S311 - nothing here is secret

    def id(self) -> str:
        """An id that a button can carry."""
        return base64.urlsafe_b64encode(self._random.randbytes(12)).decode()

    def shuffle(self) -> random.Random:
        """What shuffles a reveal or a close."""
        return self._random


async def main() -> None:
    """Start the product in a temporary folder, play, and write the pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(database_url=f"sqlite:///{folder}/shoes.db", web_port=0)
        app = App(settings, practice=True, chance=SameChance(), folder=folder)
        async with app.running() as server, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = await browser.new_page(
                viewport={"width": WIDE, "height": 1000},
                device_scale_factor=SHARPNESS,
                color_scheme="light",
                reduced_motion="reduce",
                locale="en-GB",
                timezone_id="Europe/London",
            )
            await _play(page, server.address, app)
            await page.set_viewport_size({"width": PHONE, "height": 1000})
            await _slack(page, folder)
            await _discord(page, folder)
            await browser.close()


async def _play(page: Page, address: str, app: App) -> None:
    await page.goto(f"{address}/practice")
    await page.click('form[data-form="practice"] button')
    await page.check('#deal [name=deck][value="dementia"]')
    await page.click("#deal form button.primary")
    await page.click('#mine button[value^="deal."]')
    await expect(page.locator('#board button[value^="respond."]')).to_be_visible()
    await picture(page, "board", page.locator("#board"))

    await app.jobs.settle()  # the pretend players have responded
    form = page.locator('#mine form[data-form^="send."]')
    if not await form.locator("[name=stance]").count():
        sys.exit("This card asks for no stance, and its recap would be short: please choose another SEED.")
    await form.locator("[name=stance][value=no]").check()
    await form.locator("textarea").fill(RESPONSE)
    await form.locator("button.primary").click()
    await page.click('button[value^="reveal."]')
    await page.click('#mine button[value$=".agree"]')
    await expect(page.locator('#mine button[value$=".agree"][aria-pressed=true]')).to_be_visible()
    await page.click('#mine button[value^="bulb."]')
    await expect(page.locator('#mine button[value^="unbulb."]')).to_be_visible()
    await picture(page, "ballot", page.locator(".only-you"))

    await app.jobs.settle()  # and voted
    await page.click('button[value^="close."]')
    await expect(page.locator("#recap article")).to_be_visible()
    await page.set_viewport_size({"width": NARROW, "height": 1000})
    recap = page.locator("#recap")
    # The whole recap is too long for a picture: down to what people say at the end.
    await picture(page, "recap", recap, to=recap.locator("figure.tally").nth(1))


# --- Slack, in the stand-in of the tests: pictures of our own messages, and of nothing else ------------


async def _slack(page: Page, folder: Path) -> None:
    """A round that five people play, as one of them sees it."""
    server = SlackServer()
    room = Room(server)
    room.routes()
    async with server:
        room.furnish()
        server.app.events = frozenset(manifest.EVENTS)
        settings = Settings(
            database_url=f"sqlite:///{folder}/slack.db",
            web_port=0,
            slack_bot_token=SecretStr(room.workspace.token),
            slack_app_token=SecretStr(server.app.app_token),
            slack_api_url=server.api_url,
        )
        app = App(settings, practice=False, chance=SameChance(), folder=folder, paced=False)
        async with app.running():
            await server.until(lambda: server.delivery().sockets)
            await page.goto(f"{server.base_url}/play#U2")
            await page.add_style_tag(content=BY_ITSELF)  # the messages, and no page around them
            await _play_in_slack(page, server, room)


async def _play_in_slack(page: Page, server: SlackServer, room: Room) -> None:
    channel = room.workspace.channels["C1"]
    people = {id: server.person(room.workspace, id) for id in PEOPLE}
    ada, ben = people["U1"], people["U2"]

    def with_button(person: Person, label: str) -> Post | None:
        posts = (
            each
            for each in reversed(person.sees(channel))
            if f'"{label}"' in json.dumps(each.blocks, ensure_ascii=False)
        )
        return next(posts, None)

    async def button(person: Person, label: str) -> Post:
        await server.until(lambda: with_button(person, label))
        post = with_button(person, label)
        assert post is not None
        return post

    async def press(person: Person, label: str) -> None:
        await person.press(await button(person, label), label)

    async def form(person: Person) -> View:
        await server.until(lambda: person.view)
        assert person.view is not None
        return person.view

    await ada.command(manifest.COMMAND, "deal dementia", channel)
    await form(ada)
    await ada.submit({"card": CARD})
    await ada.submit()
    await server.until(lambda: with_button(ben, "Respond"))
    await picture(page, "slack-board", post_with(page, "Respond"))
    for id, (stance, words) in SAID.items():
        await press(people[id], "Respond")
        asked = {each["block_id"] for each in (await form(people[id])).shape["blocks"]}
        await people[id].submit({k: v for k, v in (("stance", stance), ("words", words)) if k in asked})
    await press(ada, "More")
    await press(ada, "Open all responses now")
    for number, person in enumerate(people.values()):
        await press(person, "Vote")
        for seen in range(len(people) - 1):
            ballot = await button(person, "Agree")
            against = DIFFER in person.reads(ballot).words and number % 2 == 0
            await press(person, "Disagree" if against else "Agree")
            if person is ben and seen == 0:
                await press(ben, "💡 Lightbulb: this changed how I see it")
                lit = page.locator("article", has_text="You gave this a lightbulb")
                await picture(page, "slack-ballot", lit)
            await press(person, "Next response")
    await press(ada, "More")
    await press(ada, "Close now")
    recap = page.locator("article", has_text="people wrote")
    await picture(page, "slack-recap", recap)


# --- Discord, the same way ----------------------------------------------------------------------------


async def _discord(page: Page, folder: Path) -> None:
    """The same round there."""
    server = DiscordServer()
    room = discord.Room(server)
    room.routes()
    async with server:
        room.furnish()
        settings = Settings(
            database_url=f"sqlite:///{folder}/discord.db",
            web_port=0,
            discord_token=SecretStr(server.token),
            discord_api_url=server.api_url,
            discord_gateway_url=server.gateway_url,
        )
        app = App(settings, practice=False, chance=SameChance(), folder=folder, paced=False)
        async with app.running():
            await server.ready()
            await page.goto(f"{server.base_url}/play#{[*discord.PEOPLE][1]}")
            await page.add_style_tag(content=BY_ITSELF + UNPOINTED)
            await _play_in_discord(page, server, room)


async def _play_in_discord(page: Page, server: DiscordServer, room: discord.Room) -> None:
    channel = next(iter(room.guild.channels.values()))
    people = [room.person(id) for id in discord.PEOPLE]
    ada, ben = people[:2]

    def with_button(person: DiscordPerson, label: str) -> discord_record.Post | None:
        posts = (
            each
            for each in reversed(person.sees(channel))
            if any(part.get("label") == label for part in discord_record.walk(each.components))
        )
        return next(posts, None)

    async def press(person: DiscordPerson, label: str) -> None:
        await server.until(lambda: with_button(person, label))
        post = with_button(person, label)
        assert post is not None
        await person.press(post, label)

    await ada.command("shoes deal", channel=channel, deck="dementia")
    await ada.submit({"card": CARD})
    await press(ada, "Deal this card")
    await server.until(lambda: with_button(ben, "Respond"))
    await picture(page, "discord-board", post_with(page, "Respond"))
    for person, (stance, words) in zip(people, SAID.values(), strict=True):
        await press(person, "Respond")
        assert person.modal is not None
        asked = {part.get("custom_id") for part in discord_record.walk(person.modal.shape["components"])}
        await person.submit({k: v for k, v in (("stance", stance), ("words", words)) if k in asked})
    await press(ada, "More")
    await press(ada, "Open all responses now")
    for number, person in enumerate(people):
        await press(person, "Vote")
        for seen in range(len(people) - 1):
            await server.until(lambda person=person: with_button(person, "Agree"))
            ballot = with_button(person, "Agree")
            assert ballot is not None
            against = DIFFER in person.reads(ballot).words and number % 2 == 0
            await press(person, "Disagree" if against else "Agree")
            if person is ben and seen == 0:
                await press(ben, "💡 Lightbulb: this changed how I see it")
                lit = page.locator("article", has_text="You gave this a lightbulb")
                await picture(page, "discord-ballot", lit)
            await press(person, "Next response")
    await press(ada, "More")
    await press(ada, "Close now")
    recap = page.locator("article", has_text="people wrote")
    await picture(page, "discord-recap", recap)


def post_with(page: Page, label: str) -> Locator:
    return page.locator("article").filter(has=page.get_by_role("button", name=label, exact=True))


async def picture(page: Page, name: str, of: Locator, *, to: Locator | None = None) -> None:
    """One part of the page, as it looks while nothing is pointed at; `to` is the last that is shown of it."""
    await expect(to or of).to_be_visible()
    await page.mouse.move(0, 0)
    await page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    first, last = await of.bounding_box(), await (to or of).bounding_box()
    assert first is not None
    assert last is not None
    file = PICTURES / f"{name}.png"
    await page.screenshot(
        path=file,
        full_page=True,
        animations="disabled",
        clip={
            "x": first["x"] - MARGIN,
            "y": first["y"] - MARGIN,
            "width": first["width"] + 2 * MARGIN,
            "height": last["y"] + last["height"] - first["y"] + 2 * MARGIN,
        },
    )
    size = file.stat().st_size
    if size > LARGEST:
        sys.exit(f"{file} has {size} bytes, which is too much for a page that people read on a phone.")
    sys.stdout.write(f"{file}: {size} bytes\n")


if __name__ == "__main__":
    asyncio.run(main())
