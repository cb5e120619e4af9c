"""Takes the README's pictures from the running product: plays a round in Chromium with pretend players."""

from __future__ import annotations

import asyncio
import base64
import random
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright, expect

from bot.app import App
from bot.settings import Settings

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WIDE, NARROW = 1100, 760  # pixels of the page: with two columns, and with one
SHARPNESS = 2  # pixels of a picture for one of the page
MARGIN = 16  # pixels around what is shown
LARGEST = 400_000  # bytes
RESPONSE = "I would want to be asked first. Not told afterwards, in a letter."
SEED = 7  # chooses the card, the same each time
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
            await browser.close()


async def _play(page: Page, address: str, app: App) -> None:
    await page.goto(f"{address}/practice")
    await page.click('form[data-form="practice"] button')
    await page.check('#deal [name=deck][value="dementia"]')
    await page.click("#deal form button.primary")
    await page.click('#mine button[value^="deal."]')
    await expect(page.locator('#board button[value^="respond."]')).to_be_visible()
    await _picture(page, "board", page.locator("#board"))

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
    await _picture(page, "ballot", page.locator(".only-you"))

    await app.jobs.settle()  # and voted
    await page.click('button[value^="close."]')
    await expect(page.locator("#recap article")).to_be_visible()
    await page.set_viewport_size({"width": NARROW, "height": 1000})
    recap = page.locator("#recap")
    # The whole recap is too long for a picture: down to what people say at the end.
    await _picture(page, "recap", recap, to=recap.locator("figure.tally").nth(1))


async def _picture(page: Page, name: str, of: Locator, *, to: Locator | None = None) -> None:
    """One part of the page, as it looks while nothing is pointed at; `to` is the last that is shown of it."""
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
        sys.exit(f"{file} has {size} bytes, which is too much for the README.")
    sys.stdout.write(f"{file}: {size} bytes\n")


if __name__ == "__main__":
    asyncio.run(main())
