"""Reports of campaigns: once it is over, what it came to, a question counted once, a page behind a link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot import page_links, reporting
from bot.actions import Action, Verb
from bot.game.campaigns import CampaignId
from bot.game.model import CommunityId, PlayerId
from bot.spreadsheets import sheet
from bot.views import report
from storage import communities
from storage.database import Transaction
from tests.bot.house import HOME, ROOM, House, said
from tests.bot.test_campaigning import DAY, TUESDAY, at, started
from tests.bot.test_rounding_up import write_and_thank
from tests.gallery.plain import plain

pytestmark = pytest.mark.asyncio

HEADING = "# Our campaign has come to its end"
WEEK = timedelta(days=7)
OVER = TUESDAY + 8 * DAY + timedelta(minutes=1)  # the fifth card came on a Monday, and closed on Wednesday


async def to_its_end(house: House) -> str:
    """Five cards. On the first, Eve writes and three thank her; Ben makes a pledge."""
    campaign = await started(house)
    await at(house, TUESDAY)
    (first,) = await house.rounds()
    await write_and_thank(house, first, "=SUM(A1) Ask me twice.", ["ben", "cy", "dee"])
    pledged = await house.press(
        "ben", Action(Verb.MAKE_PLEDGE, first), words="sit down first", by="2027-06-20"
    )
    assert pledged.accepted, said(pledged)
    for day in range(1, 9):
        await at(house, TUESDAY + day * DAY)
    return campaign


def reports(house: House) -> list[str]:
    return [text for text in map(plain, house.chat.posts.values()) if HEADING in text]


async def test_it_comes_once_when_the_last_card_has_closed(house: House) -> None:
    campaign = await to_its_end(house)
    assert reports(house) == []
    for _ in range(3):
        await at(house, OVER)

    (text,) = reports(house)
    assert "What came of “«" in text
    assert "- 5 cards went out." in text
    assert "- On the fullest day, 4 people took part." in text
    assert "- 4 responses were written." in text
    assert "- One pledge was made." in text
    assert "«=SUM(A1) Ask me twice.»" in text
    assert "3 lightbulbs" in text
    (row,) = await house.rows("campaigns")
    assert row["id"] == campaign
    assert row["ended_at"] is not None


async def test_a_campaign_that_is_ended_waits_for_its_open_cards(house: House) -> None:
    campaign = await started(house)
    await at(house, TUESDAY)
    await house.press("ada", Action(Verb.END_CAMPAIGN, about=campaign, value="sure"))
    await at(house, TUESDAY + timedelta(hours=3))
    assert reports(house) == []
    await at(house, TUESDAY + 2 * DAY)
    await at(house, TUESDAY + 2 * DAY + timedelta(minutes=1))

    assert len(reports(house)) == 1


async def test_where_nothing_was_posted_there_is_no_report(house: House) -> None:
    campaign = await started(house)
    await house.press("ada", Action(Verb.END_CAMPAIGN, about=campaign, value="sure"))
    for day in range(1, 12):
        await at(house, TUESDAY + day * DAY)

    assert reports(house) == []


async def test_few_players_are_not_counted_and_small_groups_not_shown(house: House) -> None:
    await started(house)
    await at(house, TUESDAY)
    (first,) = await house.rounds()
    await house.respond("eve", first, "Alone here.", stance="yes", own_role="manager")
    for day in range(1, 9):
        await at(house, TUESDAY + day * DAY)
    await at(house, OVER)

    (text,) = reports(house)
    assert "fewer than 3 people took part" in text
    assert "We show no numbers for groups." in text


async def test_groups_are_the_cells_of_the_recaps_added_up(house: House) -> None:
    await started(house)
    for day in (0, 1):
        await at(house, TUESDAY + day * DAY)
        round = (await house.rounds())[0]
        for number, role in enumerate(["carer"] * 3 + ["frontline"] * 4):
            await house.respond(f"p{number}", round, f"Words {number}", stance="yes", own_role=role)
    for day in range(2, 9):
        await at(house, TUESDAY + day * DAY)
    await at(house, OVER)

    (text,) = reports(house)
    assert re.search("Carers: 6 replies on 2 cards", text), text
    assert re.search("Staff and providers: 8 replies on 2 cards", text), text


async def test_the_question_takes_one_answer_each_which_may_change_and_is_counted_once(house: House) -> None:
    campaign = await to_its_end(house)
    await at(house, OVER)
    ask = {each: Action(Verb.CLOSING, about=campaign, value=each) for each in ("yes", "not_sure", "no")}
    for who in ("ada", "ben", "cy", "dee"):
        thanks = await house.press(who, ask["no"])
        assert "You said: No." in said(thanks)
        await house.press(who, ask["yes"])
    await at(house, OVER + WEEK - timedelta(seconds=1))
    assert "4 people answered" not in reports(house)[0]  # an edit would tell what one person said
    await at(house, OVER + WEEK)

    (text,) = reports(house)
    assert "4 people answered" in text
    assert "Yes: over 90%" in text
    assert await house.rows("closing_answers") == []
    late = await house.press("eve", ask["no"])
    assert not late.accepted
    assert "We have counted already" in said(late)


async def test_answers_of_too_few_are_not_shown(house: House) -> None:
    campaign = await to_its_end(house)
    await at(house, OVER)
    for who in ("ada", "ben"):
        await house.press(who, Action(Verb.CLOSING, about=campaign, value="yes"))
    (row, *_) = await house.rows("closing_answers")
    assert "ada" not in str(row)
    await at(house, OVER + WEEK)

    assert "Too few people answered, so we show no numbers." in reports(house)[0]


async def test_a_forged_answer_gets_the_one_sentence(house: House) -> None:
    campaign = await to_its_end(house)
    await at(house, OVER)
    bad = await house.press("ben", Action(Verb.CLOSING, about=campaign, value="maybe"))
    elsewhere = await house.press(
        "ben", Action(Verb.REPORT, about=campaign), community=CommunityId("another")
    )
    nothing = await house.press("ben", Action(Verb.REPORT, about="nothing"))

    assert not any(each.accepted for each in (bad, elsewhere, nothing))
    assert "not for a card here" in said(bad)
    assert "not for a card here" in said(elsewhere)
    assert "This campaign is not here" in said(nothing)


async def test_a_link_works_once_and_opens_the_page_for_one_browser(house: House) -> None:
    campaign = await to_its_end(house)
    await at(house, OVER)
    answer = await house.press("ben", Action(Verb.REPORT, about=campaign))
    assert "It works once, in the next ten minutes." in said(answer)
    page = reporting.page(campaign, ROOM)
    ben = PlayerId("web", HOME, "ben")

    def run(tx: Transaction) -> None:
        token = page_links.make(tx, house.service.tools, page, ben, house.now).rpartition("/")[2]
        assert page_links.use(tx, token, b"mine", house.now) == page
        assert page_links.use(tx, token, b"theirs", house.now) is None
        assert page_links.reader(tx, b"mine", page, house.now) == ben
        assert page_links.reader(tx, b"mine", page[:-1], house.now) is None
        for session, there in ((b"mine", True), (b"theirs", False)):
            found = reporting.opened(tx, house.keyring, session, campaign, ROOM, house.now)
            assert (found is not None) == there
        later = house.now + page_links.READING
        assert reporting.opened(tx, house.keyring, b"mine", campaign, ROOM, later) is None
        late = page_links.make(tx, house.service.tools, page, ben, house.now).rpartition("/")[2]
        assert page_links.is_there(tx, late, house.now)
        assert not page_links.is_there(tx, late, house.now + page_links.WAITS)

    await house.database.write(run)


async def test_the_table_holds_no_formula(house: House) -> None:
    campaign = await to_its_end(house)
    await at(house, OVER)
    of = await house.database.read(
        lambda tx: reporting.load(
            tx, house.keyring, CampaignId(campaign), communities.channel(tx, ROOM, None)
        )
    )
    assert of is not None
    text = sheet(report.table(of))

    assert "'=SUM(A1) Ask me twice." in text
    assert "sit down first (open" in text.lower()
    assert not re.search(r"(^|,)\"?[=+@-]", text, re.MULTILINE)


async def test_the_table_never_says_that_all_or_nobody_of_a_group_said_something(house: House) -> None:
    campaign = await started(house)
    await at(house, TUESDAY)
    (first,) = await house.rounds()
    for number, role in enumerate(["carer"] * 3 + ["frontline"] * 4):
        await house.respond(f"p{number}", first, f"Words {number}", stance="yes", own_role=role)
    for day in range(1, 9):
        await at(house, TUESDAY + day * DAY)
    await at(house, OVER)
    of = await house.database.read(
        lambda tx: reporting.load(
            tx, house.keyring, CampaignId(campaign), communities.channel(tx, ROOM, None)
        )
    )
    assert of is not None
    groups = [row[3:9] for row in report.table(of) if row[3] and row[0] == "Is it true here?"]

    assert groups == [
        ["carers", "", "3", "over 90%", "under 10%", "under 10%"],
        ["staff and providers", "", "4", "over 90%", "under 10%", "under 10%"],
    ]
