"""Live pages: what one person does is seen by the other, and disturbs nothing that is being written."""

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Running, Sit

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASK_HER = "She would want to be asked first."
LOST = ("console: [object Event]", "console: Failed to load resource: net::ERR_FAILED")
HALF_A_THOUGHT = "He would want a day to"


async def test_the_other_browser_sees_the_reveal_and_the_recap_without_loading_again(sit: Sit) -> None:
    ada, bob = await sit(), await sit()
    await bob.join(await ada.start_room())
    await bob.page.evaluate("window.stillHere = true")
    await ada.deal("together")
    await bob.see('#board button[value^="respond."]')
    await ada.respond(ASK_HER)

    await ada.open_up()
    await bob.see("#thread blockquote", ASK_HER)
    await bob.see('#mine button[value^="cast."]')
    await expect(bob.page.locator("#board li[aria-current=step]")).to_have_count(1)

    await ada.close()
    await bob.see("#recap article")
    assert await bob.page.evaluate("window.stillHere")


async def test_what_is_being_written_is_not_lost_when_somebody_else_changes_something(sit: Sit) -> None:
    ada, bob = await sit(), await sit()
    await bob.join(await ada.start_room())
    await ada.deal("together")
    await bob.see('#mine form[data-form^="send."]')
    words = bob.form("send.").locator("textarea")
    await words.press_sequentially(HALF_A_THOUGHT)
    await bob.page.keyboard.press("Home")

    await ada.send("reply.", words="What does everybody think?")
    await bob.see("#thread .reply", "What does everybody think?")
    await ada.open_up()
    await bob.see('#board li[aria-current="step"]:nth-child(2)')

    await expect(words).to_have_value(HALF_A_THOUGHT)
    await expect(words).to_be_focused()
    await bob.page.keyboard.type("Perhaps ")  # where the caret was
    await expect(words).to_have_value(f"Perhaps {HALF_A_THOUGHT}")


async def test_the_answer_to_a_press_is_shown_whatever_changes_at_that_moment(sit: Sit) -> None:
    ada = await sit()
    await ada.enter_practice()

    await ada.deal("together")
    await ada.see("#answer p")
    on_the_deal = await ada.reads("#answer")
    await ada.open_up()
    await ada.see("#answer p")
    on_the_reveal = await ada.reads("#answer")
    await ada.close()
    await ada.see("#answer p")

    assert len({on_the_deal, on_the_reveal, await ada.reads("#answer")}) == 3


async def test_a_page_that_lost_its_connection_says_so_and_catches_up(sit: Sit, running: Running) -> None:
    ada, bob = await sit(), await sit()
    await bob.join(await ada.start_room())
    events = "**/events"
    await bob.page.route(events, lambda route: route.abort())
    await bob.page.reload()
    await expect(bob.page.locator("#live-lost")).to_be_visible()
    await ada.deal("together")
    assert await bob.page.locator('#board button[value^="respond."]').count() == 0

    await bob.page.unroute(events)

    await bob.see('#board button[value^="respond."]')
    await expect(bob.page.locator("#live-lost")).to_be_hidden()
    # What a browser says of a lost connection is no fault of the page.
    bob.complaints[:] = [each for each in bob.complaints if each not in LOST]


async def test_times_are_shown_in_the_reader_s_own_zone_and_without_script_in_the_room_s(sit: Sit) -> None:
    ada, bob = await sit(), await sit(script=False)
    await bob.join(await ada.start_room())
    await ada.deal("together")
    await bob.see("#board time")

    assert "your time" in await ada.reads("#board time")
    assert "London time" in await bob.reads("#board time")


async def test_what_was_sent_no_longer_stands_in_its_form(sit: Sit) -> None:
    ada = await sit()
    await ada.start_room()
    await ada.deal("open")
    await ada.send("reply.", words="I would ask her what helps.")

    await ada.see("#thread .reply", "I would ask her what helps.")
    await expect(ada.form("reply.").locator("textarea")).to_have_value("")
    await expect(ada.page.locator("#deal")).to_be_hidden()
