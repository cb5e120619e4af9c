"""Pages behind a link: looking uses nothing up, and it opens once, for one browser, for half an hour."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from bot import page_links, reporting
from bot.game.model import ChannelId, CommunityId, PersonId, PlayerId
from storage import reports
from storage.database import Transaction
from tests.adapters.web.test_doors import Doors, doors, hidden, start
from tests.storage.campaigning import WEEK, a_campaign, a_channel, add_campaign

__all__ = ["doors"]

pytestmark = pytest.mark.asyncio


async def a_link(doors: Doors, browser: httpx.AsyncClient) -> tuple[str, str]:
    """The path of a link to a report, and of the report."""
    room = (await start(browser)).headers["location"].removeprefix("/rooms/").partition("#")[0]

    def run(tx: Transaction) -> str:
        home = tx.connection.exec_driver_sql("SELECT community_id FROM channels").scalar_one()
        ada = tx.connection.exec_driver_sql("SELECT id FROM people").scalar_one()
        campaign = a_campaign(title="<script>alert(1)</script>")
        here = a_channel(id=ChannelId(room))
        add_campaign(tx, campaign, here, community=CommunityId(home), organiser=PersonId(ada))
        reports.post(tx, WEEK, ChannelId(room), doors.now, doors.now + timedelta(days=7))
        page, user = reporting.page(WEEK, room), tx.connection.exec_driver_sql("SELECT account FROM players")
        player = PlayerId("web", CommunityId(home), user.scalar_one())
        return page_links.make(tx, doors.app.service.tools, page, player, doors.now)

    address = await doors.app.database.write(run)
    return address.removeprefix("http://127.0.0.1:8787"), f"/reports/{WEEK}/{room}"


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
