"""Takes the pictures of docs/campaigns.md: sets up a campaign as a moderator would, on each platform."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright, expect
from pydantic import SecretStr

from adapters.slack import manifest
from bot.app import App
from bot.settings import Settings
from scripts.screenshots import BY_ITSELF, FLAGS, PHONE, SHARPNESS, UNPOINTED, SameChance, picture
from tests.adapters.five import Time
from tests.discord import play as discord
from tests.discord.server import DiscordServer
from tests.slack.play import Room
from tests.slack.server import SlackServer

CONTACT = "Jo at the front desk, 4th floor"
TEMPLATE = "Seven days in the shoes of carers"
TIME = "10:30"
TUESDAY = datetime(2027, 6, 8, 9, 30, tzinfo=UTC)  # 10:30 in London
PUBLIC = """
nav, header { display: none } body, main { display: block; height: auto } #posts { overflow: visible }
.post { margin: 2rem 0 } dialog { position: static; width: auto; max-height: none }
"""


async def main() -> None:
    """Start the product in a temporary folder, on each platform in turn."""
    with tempfile.TemporaryDirectory() as name:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = await browser.new_page(
                viewport={"width": PHONE, "height": 1000},
                device_scale_factor=SHARPNESS,
                color_scheme="light",
                reduced_motion="reduce",
                locale="en-GB",
                timezone_id="Europe/London",
            )
            await _slack(page, Path(name))
            await _discord(page, Path(name))
            await _room(page, Path(name))
            await browser.close()


async def _slack(page: Page, folder: Path) -> None:
    time = Time()
    server = SlackServer(clock=time.seconds)
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
        app = App(settings, practice=False, clock=time, chance=SameChance(), folder=folder, paced=False)
        async with app.running():
            await server.until(lambda: server.delivery().sockets)
            await page.goto(f"{server.base_url}/play#U1")
            await page.add_style_tag(content=PUBLIC)
            await _sets_up(page, "slack", "Show me the plan")
            await page.add_style_tag(content=BY_ITSELF)
            time.now = TUESDAY
            await app.jobs.settle()
            await picture(page, "slack-campaign-begins", _post(page, "Something new begins here"))


async def _discord(page: Page, folder: Path) -> None:
    time = Time()
    server = DiscordServer(clock=time.seconds)
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
        app = App(settings, practice=False, clock=time, chance=SameChance(), folder=folder, paced=False)
        async with app.running():
            await server.ready()
            await page.goto(f"{server.base_url}/play#{next(iter(discord.PEOPLE))}")
            await page.add_style_tag(content=PUBLIC + UNPOINTED)
            await _sets_up(page, "discord", "Submit")


async def _sets_up(page: Page, platform: str, send: str) -> None:
    """From the command to the plan that is started."""
    await page.fill("#words", "/shoes campaign")
    await page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    await dialog.get_by_label(TEMPLATE).check()
    await dialog.get_by_label("What time each day?").select_option(label=TIME)
    await dialog.get_by_label("Who can people turn to?").fill(CONTACT)
    if platform == "slack":
        await picture(page, "slack-campaign-form", dialog)
    await dialog.get_by_role("button", name=send).click()
    plan = _post(page, "Your plan. Nothing is posted yet")
    await picture(page, f"{platform}-campaign-plan", plan)
    await plan.get_by_role("button", name="Start it").click()
    await expect(_post(page, "The campaign is set")).to_be_visible()


async def _room(page: Page, folder: Path) -> None:
    """In the browser, where the commands are buttons."""
    time = Time()
    settings = Settings(database_url=f"sqlite:///{folder}/room.db", web_port=0)
    app = App(settings, practice=False, clock=time, chance=SameChance(), folder=folder)
    async with app.running() as server:
        await page.goto(server.address)
        await page.fill('form[data-form="start"] [name=title]', "Our team")
        await page.fill('form[data-form="start"] [name=name]', "Ada")
        await page.click('form[data-form="start"] button')
        await page.click(".menu-here summary")
        await picture(page, "campaign-menu", page.locator(".menu-here"))
        await page.get_by_role("button", name="A campaign").click()
        form = page.locator('#mine form[data-form="makecampaign"]')
        await form.get_by_label(TEMPLATE).check()
        await form.get_by_label("What time each day?").select_option(TIME)
        await form.get_by_label("Who can people turn to?").fill(CONTACT)
        await form.get_by_role("button", name="Show me the plan").click()
        await page.get_by_role("button", name="Start it").click()
        await expect(page.get_by_text("The first card comes on")).to_be_visible()
        time.now = TUESDAY
        await app.jobs.settle()
        await page.reload()
        await picture(page, "campaign-day", page.locator("#board"))


def _post(page: Page, words: str) -> Locator:
    return page.locator("article", has_text=words).last


if __name__ == "__main__":
    asyncio.run(main())
