"""Whole rounds in a real browser: alone with pretend players, by two people, with and without script."""

import asyncio

import pytest

from tests.e2e.conftest import Running, Sit

pytestmark = pytest.mark.asyncio(loop_scope="session")

POLICIES = ("together", "after_you", "open")
ASK_HER = "She would want to be asked first."
WAIT_A_DAY = "He would want a day to think about it."
AT_MOST = 90  # seconds, for one round alone


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("policy", POLICIES)
async def test_one_person_plays_a_whole_round_with_pretend_players(
    policy: str, script: bool, sit: Sit, running: Running
) -> None:
    ada = await sit(script=script)
    async with asyncio.timeout(AT_MOST):
        await ada.enter_practice()
        await ada.deal(policy)
        await running.at_rest()
        await ada.respond(ASK_HER)
        await ada.see("#mine", ASK_HER)
        if policy == "together":
            await running.at_rest()
            assert await ada.page.locator("#thread figure.quote").count() == 0
            await ada.open_up()
        if policy != "open":  # pretend players write no replies with names
            await ada.see('#mine button[value^="cast."]')
            assert await ada.vote_on_everything() == 6
        await ada.close()
        await ada.see("#recap article")

    assert ASK_HER in await ada.reads("main")
    assert not await ada.button("cast.").count()
    assert await ada.form("preview").is_visible()  # the next card can be dealt


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_two_people_open_their_responses_together(script: bool, sit: Sit) -> None:
    ada, bob = await sit(script=script), await sit(script=script)
    await bob.join(await ada.start_room())
    await ada.deal("together")
    await bob.see('#board button[value^="respond."]')

    await ada.respond(ASK_HER)
    await bob.respond(WAIT_A_DAY)
    assert ASK_HER not in await bob.source()
    assert WAIT_A_DAY not in await ada.source()

    await ada.open_up()
    await bob.see("#thread", ASK_HER)
    await ada.see("#thread", WAIT_A_DAY)
    assert "Ada" not in await bob.reads(f"#thread figure:has-text('{ASK_HER}')")  # no names
    assert await ada.vote_on_everything() == 1  # not one's own
    assert await bob.vote_on_everything() == 1

    await ada.close()
    await bob.see("#recap article")
    await ada.see("#recap article")
    assert await bob.reads("#recap") == await ada.reads("#recap")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_two_people_see_each_other_s_words_once_they_have_sent_their_own(
    script: bool, sit: Sit
) -> None:
    ada, bob = await sit(script=script), await sit(script=script)
    await bob.join(await ada.start_room())
    await ada.deal("after_you")
    await bob.see('#board button[value^="respond."]')

    await ada.respond(ASK_HER)
    await bob.press("respond.")
    assert ASK_HER not in await bob.source()
    await bob.respond(WAIT_A_DAY)
    await bob.see("#mine", ASK_HER)
    assert await bob.vote_on_everything() == 1

    await ada.press("vote.")
    await ada.see("#mine", WAIT_A_DAY)
    assert await ada.vote_on_everything() == 1

    await ada.close()
    await bob.see("#recap article")
    await bob.see("#thread", ASK_HER)
    assert "Ada" not in await bob.reads(f"#thread figure:has-text('{ASK_HER}')")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_two_people_reply_in_the_open_and_with_the_form(script: bool, sit: Sit) -> None:
    ada, bob = await sit(script=script), await sit(script=script)
    await bob.join(await ada.start_room())
    await ada.deal("open")
    await bob.see('#board button[value^="respond."]')

    await bob.send("reply.", words=WAIT_A_DAY)
    await ada.see("#thread", WAIT_A_DAY)
    assert "Bob" in await ada.reads("#thread")  # as the card says
    await ada.respond(ASK_HER)
    assert ASK_HER not in await bob.source()

    await ada.press("vote.")
    await ada.see("#mine", WAIT_A_DAY)
    assert await ada.vote_on_everything() == 1

    await ada.close()
    await bob.see("#recap article")
    await bob.see("#thread", ASK_HER)
    assert "Ada" not in await bob.reads(f"#thread figure:has-text('{ASK_HER}')")
