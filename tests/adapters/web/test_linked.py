"""Pages behind a link: looking uses nothing up, and it opens once, for one browser, for half an hour."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from icalendar import Calendar

from bot import calendars, page_links, reporting
from bot.game.model import ChannelId, CommunityId, PersonId, PlayerId
from storage import reports
from storage.database import Transaction
from tests.adapters.web.test_doors import Doors, doors, hidden, start
from tests.storage.campaigning import WEEK, a_campaign, a_channel, add_campaign

__all__ = ["doors"]

pytestmark = pytest.mark.asyncio


async def a_link(doors: Doors, browser: httpx.AsyncClient, of: str = "report") -> tuple[str, str]:
    """The path of a link to a page of a campaign, and of the page."""
    room = (await start(browser)).headers["location"].removeprefix("/rooms/").partition("#")[0]

    def run(tx: Transaction) -> str:
        home = tx.connection.exec_driver_sql("SELECT community_id FROM channels").scalar_one()
        ada = tx.connection.exec_driver_sql("SELECT id FROM people").scalar_one()
        campaign = a_campaign(title="<script>alert(1)</script>")
        here = a_channel(id=ChannelId(room))
        add_campaign(tx, campaign, here, community=CommunityId(home), organiser=PersonId(ada))
        reports.post(tx, WEEK, ChannelId(room), doors.now, doors.now + timedelta(days=7))
        user = tx.connection.exec_driver_sql("SELECT account FROM players").scalar_one()
        player = PlayerId("web", CommunityId(home), user)
        page = {"report": reporting.page(WEEK, room), "calendar": calendars.page(WEEK, room)}
        page["weeks"] = calendars.page(calendars.WEEKS, room)
        return page_links.make(tx, doors.app.service.tools, page[of], player, doors.now)

    address = await doors.app.database.write(run)
    there = {"report": f"/reports/{WEEK}/{room}", "calendar": f"/calendars/{WEEK}/{room}"}
    there["weeks"] = f"/calendars/{calendars.WEEKS}/{room}"
    return address.removeprefix("http://127.0.0.1:8787"), there[of]


async def opened(browser: httpx.AsyncClient, link: str) -> httpx.Response:
    door = await browser.get(link)
    assert door.status_code == 200, door.text
    return await browser.post(link, data={"csrf": hidden(door, "csrf")})


async def test_a_link_leads_to_the_report_once_and_only_this_browser(doors: Doors) -> None:
    async with doors.browser() as ada, doors.browser() as eve:
        link, report = await a_link(doors, ada)
        assert (await eve.get(report)).status_code == 404
        for _ in range(3):  # previews open links as well
            assert (await eve.get(link)).status_code == 200
        went = await opened(ada, link)
        assert went.status_code == 303
        assert went.headers["location"] == report
        page = await ada.get(report)

        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        assert "&lt;script&gt;" in page.text
        assert "<script>alert" not in page.text
        assert (await eve.get(report)).status_code == 404
        assert (await eve.get(link)).status_code == 404
        assert (await eve.get(f"{report}/report.csv")).status_code == 404


async def test_the_table_is_a_file_to_save(doors: Doors) -> None:
    async with doors.browser() as ada:
        link, report = await a_link(doors, ada)
        await opened(ada, link)
        table = await ada.get(f"{report}/report.csv")

    assert table.headers["content-type"].startswith("text/csv")
    assert table.headers["content-disposition"].startswith("attachment")
    assert table.text.startswith("\ufeffWhat,Day,")


@pytest.mark.parametrize("of, title", [("calendar", "Day 1: a new card"), ("weeks", "World Alzheimer’s Day")])
async def test_a_calendar_file_is_behind_a_link_that_works_once(doors: Doors, of: str, title: str) -> None:
    async with doors.browser() as ada, doors.browser() as eve:
        link, calendar = await a_link(doors, ada, of)
        assert (await ada.get(f"{calendar}/calendar.ics")).status_code == 404
        went = await opened(ada, link)
        assert went.headers["location"] == calendar
        page = await ada.get(calendar)
        assert f'href="{calendar}/calendar.ics"' in page.text
        assert "<script>alert" not in page.text
        file = await ada.get(f"{calendar}/calendar.ics")

        assert file.status_code == 200
        assert file.headers["content-type"] == "text/calendar; charset=utf-8"
        assert file.headers["content-disposition"] == 'attachment; filename="in-my-shoes.ics"'
        assert file.headers["x-content-type-options"] == "nosniff"
        assert file.headers["cache-control"] == "no-store"
        read = Calendar.from_ical(file.content)
        assert title in {str(each["summary"]) for each in read.walk("VEVENT")}
        assert (await eve.get(calendar)).status_code == 404
        assert (await eve.get(f"{calendar}/calendar.ics")).status_code == 404
        assert (await eve.get(link)).status_code == 404


async def test_a_link_opens_no_other_page(doors: Doors) -> None:
    async with doors.browser() as ada:
        link, calendar = await a_link(doors, ada, "calendar")
        await opened(ada, link)

        assert (await ada.get(calendar)).status_code == 200
        assert (await ada.get(calendar.replace("calendars", "reports"))).status_code == 404
        assert (await ada.get(calendar.replace(WEEK, calendars.WEEKS))).status_code == 404


@pytest.mark.parametrize("of, file", [("report", "report.csv"), ("calendar", "calendar.ics")])
async def test_who_is_no_longer_in_the_room_is_out_at_the_next_request(
    doors: Doors, of: str, file: str
) -> None:
    async with doors.browser() as ada:
        link, page = await a_link(doors, ada, of)
        await opened(ada, link)
        assert (await ada.get(page)).status_code == 200
        await doors.app.database.write(lambda tx: tx.connection.exec_driver_sql("DELETE FROM seats"))

        assert (await ada.get(page)).status_code == 404
        assert (await ada.get(f"{page}/{file}")).status_code == 404


async def test_a_link_that_is_old_or_made_up_is_not_there(doors: Doors) -> None:
    async with doors.browser() as ada:
        link, _ = await a_link(doors, ada)
        assert (await ada.get("/pages/made-up")).status_code == 404
        assert (await ada.get("/pages/..%2f..")).status_code == 404
        doors.now += page_links.WAITS
        assert (await ada.get(link)).status_code == 404


async def test_a_page_closes_after_half_an_hour(doors: Doors) -> None:
    async with doors.browser() as ada:
        link, report = await a_link(doors, ada)
        await opened(ada, link)
        doors.now += page_links.READING
        assert (await ada.get(report)).status_code == 404


async def test_a_form_of_another_page_opens_nothing(doors: Doors) -> None:
    async with doors.browser() as ada:
        link, _ = await a_link(doors, ada)
        assert (await ada.post(link, data={"csrf": "forged"})).status_code == 403
        assert (await ada.get(link)).status_code == 200
