"""Presses that come twice, late, or from two tabs, and words that are none, too many, or hostile."""

import asyncio
from datetime import timedelta

import pytest

from tests.e2e.conftest import Running, Sit

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASK_HER = "She would want to be asked first."
WAIT_A_DAY = "He would want a day to think about it."
HOSTILE = (
    "<script>alert(1)</script> @everyone <!channel> \u202eevil\u202c {{7*7}} { $x } %s \"quoted\" 'single' "
    "<img src=x onerror=alert(1)> </textarea></form> [a](https://elsewhere.example)"
)
HOSTILE_SHOWN = HOSTILE.replace("\u202e", "").replace("\u202c", "")


async def test_a_double_press_sends_one_response(sit: Sit) -> None:
    ada, bob = await sit(), await sit()
    await bob.join(await ada.start_room())
    await ada.deal("together")
    await bob.see('#mine form[data-form^="send."]')

    form = await bob.write("send.", words=ASK_HER, stance="yes")
    await form.locator("button.primary").dblclick()
    await bob.see("#answer p")
    await bob.answered()
    assert ASK_HER in await bob.reads("#mine")

    await ada.open_up()
    await ada.see("#thread", ASK_HER)
    assert await ada.page.locator("#thread figure.quote").count() == 1


async def test_a_double_press_gives_one_vote_and_one_lightbulb(sit: Sit) -> None:
    ada, bob = await sit(), await sit()
    await bob.join(await ada.start_room())
    await ada.deal("together")
    await bob.see('#mine form[data-form^="send."]')
    await bob.respond(ASK_HER)
    await ada.open_up()
    await ada.see('#mine button[value^="cast."]')

    await ada.button("cast.", ".agree").dblclick()
    await ada.see('#mine button[value$=".agree"][aria-pressed=true]')
    await ada.answered()
    await ada.button("bulb.").dblclick()
    await ada.see('#mine button[value^="unbulb."][aria-pressed=true]')
    await ada.answered()

    # Given once, and not taken back by the second press.
    assert await ada.button("unbulb.").get_attribute("aria-pressed") == "true"
    assert await ada.page.locator('#mine button[value^="cast."][aria-pressed=true]').count() == 1


async def test_without_script_a_double_press_makes_one_pledge(sit: Sit, running: Running) -> None:
    ada = await sit(script=False)
    await ada.start_room()
    await ada.deal("together")
    await ada.open_up()
    await ada.vote_on_everything()
    await ada.close()
    await ada.see("#recap article")

    await ada.press("pledge.")
    form = await ada.write("promise.", words=ASK_HER)
    async with ada.page.expect_event("domcontentloaded"):
        await form.locator("button.primary").dblclick()

    await running.at_rest()
    await ada.page.reload()
    assert (await ada.reads("#recap")).count(ASK_HER) == 1


async def test_a_response_that_comes_late_is_refused_kindly_and_changes_nothing(
    sit: Sit, running: Running
) -> None:
    ada, bob = await sit(), await sit()
    await bob.join(await ada.start_room())
    await ada.deal("together")
    await bob.see('#mine form[data-form^="send."]')
    await bob.write("send.", words=ASK_HER)

    running.clock.ahead = timedelta(hours=25)
    await ada.see('#board li[aria-current="step"]:nth-child(2)')
    assert await bob.form("send.").locator("textarea").input_value() == ASK_HER
    await bob.click(bob.form("send.").locator("button.primary"))

    await bob.see('#mine form[data-form^="send."]', "The time to respond is over.")
    assert await bob.form("send.").locator("textarea").input_value() == ASK_HER  # there to copy
    await bob.see('#board li[aria-current="step"]:nth-child(2)')
    assert ASK_HER not in await ada.source()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_a_vote_that_comes_after_the_close_is_refused_kindly(script: bool, sit: Sit) -> None:
    ada, bob = await sit(), await sit(script=script)
    await bob.join(await ada.start_room())
    await ada.deal("together")
    await bob.see('#mine form[data-form^="send."]')
    await ada.respond(ASK_HER)
    await ada.open_up()
    await bob.see('#mine button[value^="cast."]')
    await bob.page.route("**/now", lambda route: route.fulfill(status=204))  # hears of nothing new
    await ada.close()
    await ada.see("#recap article")
    await bob.page.unroute("**/now")

    await bob.press("cast.", ".agree")

    await bob.see("#answer", "This card has closed")
    await bob.see("#recap article")


async def test_two_tabs_of_one_browser_are_one_player(sit: Sit) -> None:
    ada, bob = await sit(), await sit()
    await bob.join(await ada.start_room())
    await ada.deal("together")
    await bob.see('#mine form[data-form^="send."]')
    second = await bob.second_tab()

    await second.write("send.", words=WAIT_A_DAY, stance="no")
    await bob.respond(ASK_HER)
    await bob.see("#mine", ASK_HER)
    assert await second.form("send.").locator("[name=words]").input_value() == WAIT_A_DAY
    await second.click(second.form("send.").locator("button.primary"))
    await second.see("#mine", WAIT_A_DAY)
    await bob.page.reload()
    await bob.see("#mine", WAIT_A_DAY)

    await ada.open_up()
    await ada.see("#thread", WAIT_A_DAY)
    assert ASK_HER not in await ada.source()
    assert await ada.page.locator("#thread figure.quote").count() == 1

    # A vote in one tab is the vote in the other.
    await ada.press("cast.", ".agree")
    other = await ada.second_tab()
    await other.see('#mine button[value$=".agree"][aria-pressed=true]')
    await other.press("cast.", ".disagree")
    assert await other.page.locator("#mine button[aria-pressed=true]").count() == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_an_empty_response_is_asked_for_a_few_words(script: bool, sit: Sit) -> None:
    ada = await sit(script=script)
    ada.refusals_expected.add(422)
    await ada.start_room()
    await ada.deal("together")

    for words in ("", " \n \t ", "\u200b\u2060"):
        await ada.send("send.", words=words)
        await ada.see("#mine .problem", "You can leave one of the two empty, but not both.")
        field = ada.form("send.").locator("textarea")
        assert await field.get_attribute("aria-invalid") == "true"

    await ada.respond(ASK_HER)
    await ada.see("#answer p")
    assert ASK_HER in await ada.reads("#mine")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_a_response_that_is_too_long_stays_whole_in_its_field(script: bool, sit: Sit) -> None:
    ada = await sit(script=script)
    ada.refusals_expected.add(422)
    await ada.start_room()
    await ada.deal("together")

    await ada.send("send.", words="x" * 501, stance="no")
    await ada.see("#mine .problem", "This is 501 characters long. There is room for 500.")
    assert await ada.form("send.").locator("textarea").input_value() == "x" * 501
    assert await ada.form("send.").locator("[name=stance][value=no]").is_checked()

    await ada.send("send.", words="x" * 500)
    await ada.see("#answer p")
    assert "x" * 500 in await ada.reads("#mine")


async def test_hostile_words_are_shown_as_the_words_they_are(sit: Sit) -> None:
    ada, bob = await sit(), await sit()
    await bob.join(await ada.start_room(title=HOSTILE[:70], name=HOSTILE[:70]), name=HOSTILE[:70])
    await ada.deal("together")
    await bob.see('#mine form[data-form^="send."]')
    await bob.respond(HOSTILE)
    await bob.see("#mine blockquote", HOSTILE_SHOWN)
    await bob.send("reply.", words=HOSTILE)
    await ada.see("#thread article.reply", HOSTILE_SHOWN)
    await ada.respond(ASK_HER)
    await ada.open_up()

    await ada.see("#mine blockquote", HOSTILE_SHOWN)
    await ada.press("cast.", ".agree")
    await ada.press("bulb.")
    await ada.close()
    await ada.see("#recap blockquote", HOSTILE_SHOWN)
    await ada.press("pledge.")
    await ada.send("promise.", words=HOSTILE[:200])
    await bob.see("#recap blockquote", HOSTILE_SHOWN)

    for person in (ada, bob):
        assert HOSTILE_SHOWN in await person.reads("#thread")
        assert "\u202e" not in await person.source()
        assert await person.page.locator("main script, main img, main a[href*=elsewhere]").count() == 0
        assert "49" not in await person.page.title()


async def test_a_phone_number_is_asked_about_once(sit: Sit) -> None:
    ada = await sit()
    await ada.start_room()
    await ada.deal("together")
    words = "Ring her sister on 020 7946 0018."

    await ada.send("send.", words=words)
    await ada.see('#mine [name="leave_in"]')
    assert await ada.form("send.").locator("textarea").input_value() == words

    await ada.send("send.", leave_in="yes")
    await ada.see("#mine blockquote", words)


async def test_presses_of_many_at_once_are_all_taken(sit: Sit) -> None:
    ada, bob, cem = await sit(), await sit(), await sit(script=False)
    invitation = await ada.start_room()
    await asyncio.gather(bob.join(invitation, "Bob"), cem.join(invitation, "Cem"))
    await ada.deal("together")
    await asyncio.gather(*(each.see('#mine form[data-form^="send."]') for each in (bob, cem)))

    await asyncio.gather(ada.respond(ASK_HER), bob.respond(WAIT_A_DAY), cem.respond("Ask me too, please."))
    await ada.open_up()

    await ada.see("#thread", "Ask me too, please.")
    assert await ada.page.locator("#thread figure.quote").count() == 3
