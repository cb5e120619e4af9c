"""Everybody can play: axe finds nothing in any state, light or dark; narrow screens; keys alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Running, Sit
from tests.e2e.person import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
# Beyond what axe asks by itself: contrast 7:1, and targets.
RULES = (
    "{resultTypes: ['violations'], "
    "rules: {'color-contrast-enhanced': {enabled: true}, 'target-size': {enabled: true}}}"
)
# What another scheme changes: colours. The rest of the page is the same.
COLOURS = (
    "{resultTypes: ['violations'], "
    "runOnly: ['color-contrast', 'color-contrast-enhanced', 'link-in-text-block']}"
)
NARROW, WIDE = 320, 1280
ASK_HER = "She would want to be asked first."
LONG = "Longwordwithoutabreak" * 12
MOST_TABS = 60


class Inspector:
    """Looks at every state of a page with the eyes of many."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.states: list[str] = []
        self.found: list[str] = []

    async def look(self, state: str) -> None:
        """Inspect what is shown now, and note what is wrong with it under this name."""
        self.states.append(state)
        page = self.person.page
        await page.set_viewport_size({"width": NARROW, "height": 900})
        width = await page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW:
            self.found.append(f"{state}: {width} pixels wide")
        for scheme, rules in (("light", RULES), ("dark", COLOURS)):
            # Without motion the new colours are there at once.
            await page.emulate_media(
                color_scheme="light" if scheme == "light" else "dark", reduced_motion="reduce"
            )
            result = await page.evaluate(f"axe.run(document, {rules})")
            assert result["passes"], "axe did not look"
            self.found += [
                f"{state}, {scheme}: {each['id']} at {node['html']}"
                for each in result["violations"]
                for node in each["nodes"]
            ]
        await page.set_viewport_size({"width": WIDE, "height": 900})


async def _inspector(sit: Sit) -> Inspector:
    person = await sit()
    person.refusals_expected.update({403, 404, 422})
    await person.page.add_init_script(path=AXE)
    return Inspector(person)


async def test_axe_and_a_narrow_screen_find_nothing_before_a_room(sit: Sit) -> None:
    inspector = await _inspector(sit)
    ada, look = inspector.person, inspector.look
    await ada.go("/")
    await look("first page")
    await ada.follow('form[data-form="start"] button')
    await look("a room without a name")
    await ada.go("/privacy")
    await look("privacy")
    await ada.go("/nothing")
    await look("not found")
    await ada.go("/rooms/AAAAAAAAAAAAAAAA")
    await look("no seat")

    bob = await sit()
    invitation = await bob.start_room(title=LONG[:80], name=LONG[:80])
    await ada.page.goto(invitation)
    await look("invitation")
    await ada.follow('form[data-form="join"] button')
    await look("invitation without a name")
    await ada.join(invitation)
    await look("a room without a card")
    await ada.page.click("summary")
    await look("inviting somebody")

    assert inspector.found == []


async def test_axe_and_a_narrow_screen_find_nothing_in_a_round(sit: Sit, running: Running) -> None:
    inspector = await _inspector(sit)
    ada, look = inspector.person, inspector.look
    await ada.enter_practice()
    await look("practice room without a card")
    await ada.send("preview", deck="dementia", policy="together", respond="")
    await ada.answered()
    await look("preview")
    await ada.deal("together")
    await running.at_rest()
    await look("responding")
    await ada.press("more.")
    await look("more")
    await ada.press("plain.")
    await look("plain version")
    await ada.press("more.")
    await ada.press("what.")
    await look("what is this")
    await ada.press("more.")
    await ada.press("extend.")
    await look("more time")
    await ada.press("more.")
    await ada.press("takeback.")
    await look("take back?")
    await ada.press("more.")
    await ada.press("pause.")
    await ada.send("hold.", reason="")
    await look("pausing without a reason")
    await ada.send("hold.", reason=LONG[:100])
    await look("paused")
    await ada.press("resume.")
    await ada.press("respond.")
    await ada.send("send.", words="x" * 501)
    await look("a response that is too long")
    await ada.send("send.", words=f"Ring 020 7946 0018 {LONG[:200]}")
    await look("leave this in?")
    await ada.send("send.", leave_in="yes")
    await look("responded")
    await ada.send("reply.", words="")
    await look("a reply without words")
    await ada.send("reply.", words=LONG)
    await ada.see("#thread .reply")
    await look("replied")
    await ada.press("edit.")
    await look("changing a reply")
    await ada.open_up()
    await ada.see('#mine button[value^="cast."]')
    await look("voting")
    await ada.press("cast.", ".agree")
    await ada.press("bulb.")
    await look("voted")
    await ada.vote_on_everything()
    await look("ballot done")
    await ada.press("pledge.")
    await ada.send("promise.", words="", by="")
    await look("a pledge without words")
    await ada.send("promise.", words=LONG[:200], by=str(running.clock().date()))
    await look("pledged")
    await ada.close()
    await ada.see("#recap article")
    await look("closed")
    assert len(inspector.states) > 20
    assert inspector.found == []


@pytest.mark.parametrize("policy", ["after_you", "open"])
async def test_axe_and_a_narrow_screen_find_nothing_with_the_other_policies(
    policy: str, sit: Sit, running: Running
) -> None:
    inspector = await _inspector(sit)
    ada, look = inspector.person, inspector.look
    await ada.enter_practice()
    await ada.deal(policy)
    await running.at_rest()
    await look("responding")
    await ada.respond(ASK_HER)
    await look("responded")
    await ada.press("respond.")
    await look("responding again")
    await ada.close()
    await ada.see("#recap article")
    await look("closed")

    assert inspector.found == []


async def test_a_whole_response_is_sent_with_keys_alone(sit: Sit) -> None:
    ada, bob = await sit(), await sit()
    await bob.join(await ada.start_room())
    await ada.deal("together")
    await bob.page.reload()
    keys = bob.page.keyboard

    await tab_to(bob, '#board button[value^="respond."]')
    await keys.press("Enter")
    await expect(bob.page.locator("#mine [data-focus-form]")).to_be_focused()
    if await bob.page.locator("#mine [name=stance]").count():
        await tab_to(bob, "#mine [name=stance]")
        await keys.press("Space")
    await tab_to(bob, "#mine textarea")
    await keys.type(ASK_HER)
    if await bob.page.locator("#mine [name=own_role]").count():
        await tab_to(bob, "#mine [name=own_role]")
        await keys.press("ArrowDown")
    await tab_to(bob, '#mine form[data-form^="send."] button.primary')
    await keys.press("Enter")

    await bob.see("#mine blockquote", ASK_HER)
    await bob.see("#answer p")
    # The way on is near: not back at the top of the page.
    assert await bob.page.evaluate("document.activeElement !== document.body")
    await tab_to(bob, '#mine button[value^="tell."], #answer button[value^="tell."]')
    await keys.press("Enter")
    await bob.answered()


async def test_a_ballot_is_filled_in_with_keys_alone(sit: Sit) -> None:
    ada, bob = await sit(), await sit()
    await bob.join(await ada.start_room())
    await ada.deal("together")
    await bob.see('#mine form[data-form^="send."]')
    await bob.respond(ASK_HER)
    await ada.open_up()
    await ada.see('#mine button[value^="cast."]')
    keys = ada.page.keyboard

    await tab_to(ada, '#mine button[value$=".agree"]')
    await keys.press("Space")
    await ada.see('#mine button[value$=".agree"][aria-pressed=true]')
    await expect(ada.button("cast.", ".agree")).to_be_focused()  # it stays where it was
    await tab_to(ada, '#mine button[value^="bulb."]')
    await keys.press("Space")
    await ada.see('#mine button[value^="unbulb."]')
    await tab_to(ada, '#mine button[value^="next."]')
    await keys.press("Enter")
    await expect(ada.button("cast.")).to_have_count(0)


async def tab_to(person: Person, selector: str) -> None:
    """Press Tab until the focus is on it."""
    for _ in range(MOST_TABS):
        if await person.page.evaluate("each => document.activeElement.matches(each)", selector):
            return
        await person.page.keyboard.press("Tab")
    raise AssertionError(f"no way by keys to {selector}")
