"""Pages behind a link that works once: what each address answers (spec: safety, section 6)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from adapters.web import pages
from adapters.web.browsers import Browser, Browsers
from adapters.web.parse import id_of
from adapters.web.render import Reader
from bot import calendars, page_links, reporting
from bot.game.model import ChannelId, PlayerId
from bot.service import Service
from bot.spreadsheets import sheet
from bot.views import report
from storage import room
from storage.database import Transaction


class Linked:
    """The pages. `reader` is what a page shows itself to; `takes_part` asks a player's platform."""

    def __init__(
        self,
        service: Service,
        browsers: Browsers,
        clock: Callable[[], datetime],
        reader: Callable[[Browser, str], Reader],
        takes_part: Callable[[ChannelId, PlayerId], Awaitable[bool]],
    ) -> None:
        self._service = service
        self._database = service.database
        self._browsers = browsers
        self._clock = clock
        self._reader = reader
        self._takes_part = takes_part

    def routes(self) -> list[Route]:
        """Where they are."""
        return [
            Route("/pages/{token}", self._door, methods=["GET"]),
            Route("/pages/{token}", self._open, methods=["POST"]),
            Route("/reports/{campaign}/{channel}", self._report),
            Route("/reports/{campaign}/{channel}/report.csv", self._table),
            Route("/calendars/{about}/{channel}", self._calendar),
            Route("/calendars/{about}/{channel}/calendar.ics", self._calendar_file),
        ]

    async def _door(self, request: Request) -> Response:
        """Opening the link changes nothing: previews open links too."""
        browser = await self._browsers.of(request)
        token = id_of(request.path_params["token"])
        if not await self._database.read(lambda tx: page_links.is_there(tx, token, self._clock())):
            raise HTTPException(404)
        page = pages.DoorPage(reader=self._reader(browser, ""), to=request.url.path)
        return self._browsers.remember(browser, HTMLResponse(pages.door(page)))

    async def _open(self, request: Request) -> Response:
        browser, _ = await self._browsers.sent(request)
        token, now = id_of(request.path_params["token"]), self._clock()
        session = room.hash_of(browser.cookie)
        page = await self._database.write(lambda tx: page_links.use(tx, token, session, now))
        match (page or "").split(":"):
            case ["report", campaign, channel]:
                to = f"/reports/{campaign}/{channel}"
            case ["calendar", about, channel]:
                to = f"/calendars/{about}/{channel}"
            case _:
                raise HTTPException(404)
        return self._browsers.remember(browser, RedirectResponse(to, status_code=303))

    async def _report(self, request: Request) -> Response:
        browser, of = await self._opened(request)
        page = pages.ReportPage(
            reader=self._reader(browser, ""), message=report.page(of), table=f"{request.url.path}/report.csv"
        )
        return self._browsers.remember(browser, HTMLResponse(pages.report(page)))

    async def _table(self, request: Request) -> Response:
        browser, of = await self._opened(request)
        text = sheet(report.table(of)).encode("utf-8", "replace")
        named = {"content-disposition": 'attachment; filename="in-my-shoes-report.csv"'}
        return self._browsers.remember(
            browser, Response(text, media_type="text/csv; charset=utf-8", headers=named)
        )

    async def _opened(self, request: Request) -> tuple[Browser, report.Report]:
        browser = await self._browsers.of(request)
        campaign, channel = (id_of(request.path_params[each]) for each in ("campaign", "channel"))
        session, now = room.hash_of(browser.cookie), self._clock()
        await self._must_take_part(session, reporting.page(campaign, channel), channel, now)

        def transaction(tx: Transaction) -> report.Report | None:
            return reporting.opened(tx, self._service.keyring, session, campaign, channel, now)

        of = await self._database.read(transaction)
        if of is None:
            raise HTTPException(404)
        return browser, of

    async def _calendar(self, request: Request) -> Response:
        browser, of = await self._opened_calendar(request, self._clock())
        page = pages.CalendarPage(
            reader=self._reader(browser, ""), message=of.words(), file=f"{request.url.path}/calendar.ics"
        )
        return self._browsers.remember(browser, HTMLResponse(pages.calendar(page)))

    async def _calendar_file(self, request: Request) -> Response:
        now = self._clock()
        browser, of = await self._opened_calendar(request, now)
        named = {"content-disposition": 'attachment; filename="in-my-shoes.ics"'}
        return self._browsers.remember(
            browser, Response(of.file(now), media_type="text/calendar; charset=utf-8", headers=named)
        )

    async def _opened_calendar(self, request: Request, now: datetime) -> tuple[Browser, calendars.Calendar]:
        browser = await self._browsers.of(request)
        about, channel = (id_of(request.path_params[each]) for each in ("about", "channel"))
        session, tools = room.hash_of(browser.cookie), self._service.tools
        await self._must_take_part(session, calendars.page(about, channel), channel, now)

        def transaction(tx: Transaction) -> calendars.Calendar | None:
            return calendars.opened(tx, tools, session, about, channel, now)

        of = await self._database.read(transaction)
        if of is None:
            raise HTTPException(404)
        return browser, of

    async def _must_take_part(self, session: bytes, page: str, channel: str, now: datetime) -> None:
        """Whoever a page is open to must still be in its channel, at each request: else it is not there."""
        player = await self._database.read(lambda tx: page_links.reader(tx, session, page, now))
        if player is None or not await self._takes_part(ChannelId(channel), player):
            raise HTTPException(404)
