"""Takes the pictures of docs/campaigns.md from the running product: one campaign, on each platform."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect
from pydantic import SecretStr

from adapters.slack import manifest
from bot.app import App
from bot.settings import Settings
from scripts.screenshots import BY_ITSELF, FLAGS, PHONE, SHARPNESS, UNPOINTED, picture, post_with
from tests.adapters.five import Time
from tests.discord import play as discord
from tests.discord.server import DiscordServer
from tests.slack.play import Room
from tests.slack.server import SlackServer

FIRST_CARD = datetime(2027, 6, 8, 9, 30, tzinfo=UTC)  # 10:30 in London; it is the day before at first
CONTACT = "Jo at the front desk, 4th floor"
ASKED = {"template": "carers-week", "time": "10:30", "weekdays": "0123456", "contact": CONTACT}
NAME, NAME_OF_TEAM = "Ada", "The team of ward 4"


async def main() -> None:
    """Start the product in a temporary folder for each platform, plan, and write the pictures."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for take in (_in_the_browser, _in_slack, _in_discord):
            page = await browser.new_page(
                viewport={"width": PHONE, "height": 1000},
                device_scale_factor=SHARPNESS,
                color_scheme="light",
                reduced_motion="reduce",
                locale="en-GB",
                timezone_id="Europe/London",
            )
            with tempfile.TemporaryDirectory() as folder:
                await take(page, Path(folder))
            await page.close()
        await browser.close()


async def _in_the_browser(page: Page, folder: Path) -> None:
    time = Time()
    settings = Settings(database_url=f"sqlite:///{folder}/shoes.db", web_port=0)
    app = App(settings, practice=False, clock=time, folder=folder)
    async with app.running() as server:
        await page.goto(server.address)
        await page.fill("[name=title]", NAME_OF_TEAM)
        await page.fill("[name=name]", NAME)
        await page.click("form button.primary")
        await page.click(".menu-here summary")
        await picture(page, "campaign-menu", page.locator(".menu-here"))
        await page.click('.menu-here button[value="campaign"]')
        form = page.locator('#mine form[data-form^="makecampaign"]')
        await form.locator("[name=template][value=carers-week]").check()
        await form.locator("[name=time]").select_option("10:30")
        await form.locator("[name=weekdays][value='0123456']").check()
        await form.locator("[name=contact]").fill(CONTACT)
        await form.locator("button.primary").click()
        await page.click('#mine button[value^="start."]')
        await expect(page.locator("#answer, #mine").filter(has_text="The campaign is set")).to_be_visible()
        time.now = FIRST_CARD
        await app.jobs.settle()
        await page.reload()
        await picture(page, "campaign-day", page.locator("#board"))


async def _in_slack(page: Page, folder: Path) -> None:
    time = Time()
    server = SlackServer(clock=time.seconds)
    room = Room(server)
    room.routes()
    async with server:
        room.furnish()
        server.app.events = frozenset(manifest.EVENTS)
        settings = Settings(
            database_url=f"sqlite:///{folder}/shoes.db",
            web_port=0,
            slack_bot_token=SecretStr(room.workspace.token),
            slack_app_token=SecretStr(server.app.app_token),
            slack_api_url=server.api_url,
        )
        app = App(settings, practice=False, clock=time, folder=folder, paced=False)
        async with app.running():
            await server.until(lambda: server.delivery().sockets)
            await page.goto(f"{server.base_url}/play#U1")
            await page.add_style_tag(content=BY_ITSELF)
            ada = server.person(room.workspace, "U1")
            await ada.command(manifest.COMMAND, "campaign", room.workspace.channels["C1"])
            await server.until(lambda: ada.view)
            ada.fill(ASKED)
            await picture(page, "slack-campaign-form", page.locator("#modal"))
            await ada.submit()
            await picture(page, "slack-campaign-plan", post_with(page, "Start it"))
            plan = next(each for each in reversed(ada.sees(room.workspace.channels["C1"])) if each.only_for)
            await ada.press(plan, "Start it")
            time.now = FIRST_CARD
            await app.jobs.settle()
            begins = page.locator("article", has_text="Something new begins here")
            await picture(page, "slack-campaign-begins", begins)


async def _in_discord(page: Page, folder: Path) -> None:
    time = Time()
    server = DiscordServer(clock=time.seconds)
    room = discord.Room(server)
    room.routes()
    async with server:
        room.furnish()
        settings = Settings(
            database_url=f"sqlite:///{folder}/shoes.db",
            web_port=0,
            discord_token=SecretStr(server.token),
            discord_api_url=server.api_url,
            discord_gateway_url=server.gateway_url,
        )
        app = App(settings, practice=False, clock=time, folder=folder, paced=False)
        async with app.running():
            await server.ready()
            first = next(iter(discord.PEOPLE))
            await page.goto(f"{server.base_url}/play#{first}")
            await page.add_style_tag(content=BY_ITSELF + UNPOINTED)
            ada = room.person(first)
            await ada.command("shoes campaign", channel=next(iter(room.guild.channels.values())))
            await ada.submit(ASKED)
            await picture(page, "discord-campaign-plan", post_with(page, "Start it"))


if __name__ == "__main__":
    asyncio.run(main())
