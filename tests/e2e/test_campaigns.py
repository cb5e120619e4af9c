"""A moderator in a browser room: a campaign from “More here” to its first card, with no command to type."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Running, Sit
from tests.e2e.person import Person
from tests.e2e.test_access import AXE, Inspector, tab_to

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEMPLATE = "carers-week"
CONTACT = "Jo at the front desk, 4th floor"
MENU = ".menu-here summary"


async def _plan(ada: Person) -> None:
    await ada.page.click(MENU)
    await ada.press("campaign")
    await ada.send("makecampaign", template=TEMPLATE, time="10:30", contact=CONTACT)
    await ada.see("#mine", "Your plan. Nothing is posted yet")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_a_campaign_begins_from_the_page_and_its_first_card_comes(
    sit: Sit, running: Running, script: bool
) -> None:
    ada = await sit(script=script)
    await ada.start_room()
    await _plan(ada)
    await ada.press("start.")
    await ada.see("#answer, #mine", "The campaign is set")
    assert "“A campaign” under “More here”" in await ada.reads("main")

    running.clock.ahead += timedelta(days=4)  # over any weekend
    await running.at_rest()

    await ada.page.reload()
    await ada.see("#board", "Day 1")
    await ada.see("#thread", "Something new begins here")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
async def test_a_plan_changes_in_its_place(sit: Sit, script: bool) -> None:
    ada = await sit(script=script)
    ada.refusals_expected.add(422)
    await ada.start_room()
    await _plan(ada)
    await ada.press("change.", "here")
    await ada.send("save.", zone="the moon")
    await ada.see("#mine .problem", "We do not know this place.")
    await ada.send("save.", zone="Asia/Kolkata", time="14:00")
    await ada.see("#mine", "at 14:00 (Kolkata time)")
    await ada.press("change.", "break")
    await ada.send("save.", name="<b>a holiday</b> @everyone", first="2031-12-25")
    await ada.see("#mine", "Break: <b>a holiday</b> @everyone")
    await expect(ada.page.locator("#mine b")).to_have_count(0)


async def test_only_who_made_the_room_begins_something_there(sit: Sit) -> None:
    ada, bob = await sit(), await sit()
    await bob.join(await ada.start_room())
    await bob.page.click(MENU)
    await bob.press("campaign")

    await bob.see("#answer", "Ada looks after the cards in this channel. Please ask them.")


async def test_a_code_is_taken_from_the_page(sit: Sit) -> None:
    ada, bob = await sit(), await sit()
    await ada.start_room()
    await _plan(ada)
    await ada.press("start.")
    await ada.press("plan.")
    await ada.press("code.")
    await ada.see("#mine", "A code for another channel")
    code = await ada.page.locator("#mine .quote blockquote").inner_text()

    await bob.start_room(title="Another team", name="Bob")
    await bob.page.click(MENU)
    await bob.press("joincampaign")
    await bob.send("sendcode", code=code.strip())

    await bob.see("#answer", "The first card comes on")


async def test_a_campaign_is_planned_and_started_with_keys_alone(sit: Sit) -> None:
    ada = await sit()
    await ada.start_room()
    keys = ada.page.keyboard
    await tab_to(ada, MENU)
    await keys.press("Enter")
    await tab_to(ada, '.menu-here button[value="campaign"]')
    await keys.press("Enter")
    await ada.see('#mine form[data-form="makecampaign"]')
    await ada.answered()
    await tab_to(ada, '#mine [name="contact"]')
    await keys.type(CONTACT)
    await keys.press("Enter")
    await ada.see("#mine", "Your plan. Nothing is posted yet")
    await ada.answered()
    await tab_to(ada, '#mine button[value^="start."]')
    await keys.press("Enter")
    await ada.see("#answer", "The campaign is set")


async def test_axe_and_a_narrow_screen_find_nothing_in_a_campaign(sit: Sit) -> None:
    ada = await sit()
    ada.refusals_expected.add(422)
    await ada.page.add_init_script(path=AXE)
    inspector = Inspector(ada)
    await ada.start_room()
    await ada.page.click(MENU)
    await inspector.look("more here")
    await ada.press("campaign")
    await inspector.look("a new campaign")
    await ada.send("makecampaign", contact="")
    await inspector.look("a campaign without a contact")
    await ada.send("makecampaign", contact=CONTACT)
    await inspector.look("the plan")
    for part in ("plan", "here", "break"):
        await ada.press("change.", part)
        await inspector.look(f"changing {part}")
        await ada.press("campaign")
        await ada.press("plan.")
    await ada.press("start.")
    await inspector.look("started")
    await ada.press("plan.")
    await ada.press("code.")
    await inspector.look("a code")
    await ada.press("joincampaign")
    await inspector.look("taking part")

    assert inspector.found == []
