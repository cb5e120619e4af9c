"""A person at a browser: presses, writes and reads, and notes everything the browser complains about."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import ConsoleMessage, Dialog, Locator, Page, Response, expect

from tests.patience import PATIENCE

STANCE_AT_ONCE = "yes"
LONGEST_BALLOT = 30  # presses: a ballot that never ends is a fault

_STATUS = re.compile(r"the server responded with a status of (\d+)")


class Person:
    """Works the same with and without script; without, looking again means loading again."""

    def __init__(self, page: Page, address: str, *, script: bool) -> None:
        self.page = page
        self.address = address
        self.script = script
        self.complaints: list[str] = []
        self.refusals_expected: set[int] = set()  # answers such as 422, which the console repeats
        self._watch(page)

    def _watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", self._dialog)
        page.on("response", self._response)

    async def second_tab(self) -> Person:
        """The same browser, the same cookie, another tab."""
        other = Person(await self.page.context.new_page(), self.address, script=self.script)
        other.complaints = self.complaints
        await other.page.goto(self.page.url)
        return other

    # --- doing -----------------------------------------------------------------------------

    async def go(self, path: str) -> None:
        """Open a page of ours."""
        await self.page.goto(f"{self.address}{path}")

    async def press(self, action: str, value: str = "") -> None:
        """Press the button whose action begins and ends like this, and wait for the answer."""
        await self.click(self.button(action, value))

    async def click(self, button: Locator) -> None:
        """Press a button that sends something, and wait for the answer."""
        if not self.script:
            await self.follow(button)
            return
        await button.click()
        await self.answered()

    async def follow(self, way: Locator | str) -> None:
        """Press what leads to another page, and wait until that is there."""
        link = self.page.locator(way) if isinstance(way, str) else way
        async with self.page.expect_event("domcontentloaded"):
            await link.click()

    async def answered(self) -> None:
        """Wait until nothing is under way any more."""
        await expect(self.page.locator(".htmx-request")).to_have_count(0)

    async def write(self, form: str, **values: str) -> Locator:
        """Fill in the form whose action begins like this; fields it does not have are passed over."""
        questions = self.form(form)
        await expect(questions).to_be_visible()
        for name, value in values.items():
            field = questions.locator(f'[name="{name}"]')
            if not await field.count():
                continue
            if await field.first.get_attribute("type") == "radio":
                await questions.locator(f'[name="{name}"][value="{value}"]').check()
            elif await field.evaluate("each => each.tagName") == "SELECT":
                await field.select_option(value)
            else:
                await field.fill(value)
        return questions

    async def send(self, form: str, **values: str) -> None:
        """Fill in a form, send it, and wait for the answer."""
        questions = await self.write(form, **values)
        await self.click(questions.locator("button.primary"))

    # --- a round ---------------------------------------------------------------------------

    async def enter_practice(self) -> None:
        """From the first page into the practice room."""
        await self.go("/")
        await self.follow('form[data-form="practice"] button')
        await self.see("#deal form")

    async def start_room(self, title: str = "Our team", name: str = "Ada") -> str:
        """Start a room from the first page. The link that invites others to it."""
        await self.go("/")
        await self.page.fill('form[data-form="start"] [name=title]', title)
        await self.page.fill('form[data-form="start"] [name=name]', name)
        await self.follow('form[data-form="start"] button')
        await self.see("#deal form")
        return await self.page.locator("#invite-link").input_value()

    async def join(self, invitation: str, name: str = "Bob") -> None:
        """Open an invitation, and come in."""
        await self.page.goto(invitation)
        await self.page.fill('form[data-form="join"] [name=name]', name)
        await self.follow('form[data-form="join"] button')
        await self.see("#board")

    async def deal(self, policy: str) -> None:
        """Look at a card, and deal it."""
        await self.send("preview", deck="dementia", policy=policy, respond="60", vote="60", fair="off")
        await self.press("deal.")
        await self.see('#board button[value^="respond."]')

    async def respond(self, words: str, stance: str = STANCE_AT_ONCE) -> None:
        """Send a response with the form that stands there."""
        await self.send("send.", stance=stance, words=words)

    async def vote_on_everything(self) -> int:
        """Agree with every response, with one lightbulb, and take the second stance. How many there were."""
        votes = 0
        for _ in range(LONGEST_BALLOT):
            if await self.button("cast.", ".agree").count():
                await self.press("cast.", ".agree")
                await expect(self.button("cast.", ".agree")).to_have_attribute("aria-pressed", "true")
                votes += 1
                if votes == 1 and not await self.button("unbulb.").count():
                    await self.press("bulb.")
                    await expect(self.button("unbulb.")).to_have_attribute("aria-pressed", "true")
            elif not await self.button("next.").count():
                break
            await self.press("next.")
        if await self.button("now.").count():
            await self.press("now.", "not_sure")
        return votes

    async def open_up(self) -> None:
        """As facilitator: open all responses now."""
        await self._hurry("reveal.")

    async def close(self) -> None:
        """As facilitator: close the round now."""
        await self._hurry("close.")

    async def _hurry(self, action: str) -> None:
        if not await self.button(action).count():
            await self.press("more.")
        await self.press(action)

    # --- looking ---------------------------------------------------------------------------

    def button(self, action: str, value: str = "") -> Locator:
        """The first button whose action begins and ends like this."""
        ending = f'[value$="{value}"]' if value else ""
        return self.page.locator(f'main button[name=action][value^="{action}"]{ending}').first

    def form(self, action: str) -> Locator:
        """The first form whose action begins like this."""
        return self.page.locator(f'main form[data-form^="{action}"]').first

    async def see(self, selector: str, words: str = "") -> None:
        """Wait until it can be seen, with these words in it if there are any."""
        wanted = self.page.locator(selector, has_text=words).first
        if self.script:
            await expect(wanted).to_be_visible()
            return
        async with asyncio.timeout(PATIENCE):
            while not await wanted.is_visible():
                await self.page.reload()

    async def reads(self, selector: str) -> str:
        """The words in a part of the page."""
        return await self.page.inner_text(selector)

    async def source(self) -> str:
        """The whole page, also what is not to be seen on it."""
        return await self.page.content()

    # --- complaining -----------------------------------------------------------------------

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        status = _STATUS.search(message.text)
        if status is None or int(status[1]) not in self.refusals_expected:
            self.complaints.append(f"console: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} from {response.url}")

    async def _dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        await dialog.dismiss()
