"""The browser room's pages: what each address answers (spec: safety, section 6)."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, urlsplit

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from adapters.web import doors, pages, rooms
from adapters.web.browsers import NOBODY, Browser, Browsers, Stale
from adapters.web.chat import PLATFORM
from adapters.web.guard import LOOPBACK, Guard, TooBig
from adapters.web.hub import Hub
from adapters.web.linked import Linked
from adapters.web.parse import NotAnId, id_of, press_of
from adapters.web.practice import THRESHOLD
from adapters.web.render import STATIC, Reader
from bot.answers import Answer
from bot.game.model import ChannelId, CommunityId, PlayerId, RoundId
from bot.game.words import clean
from bot.messages import Form
from bot.messages import Message as Post
from bot.service import Service
from bot.settings import Settings
from bot.views import forms, names, privacy, words
from storage import communities, room
from storage.communities import NoSuchChannel
from storage.database import DatabaseUnavailable, Transaction

PRACTICE = "practice"  # what the program calls the practice room

log = structlog.get_logger()


class WebClient:
    """The pages. `settle` waits a moment until what a press caused is on the page.

    `takes_part` asks the platform of a player whether they may read a channel.
    """

    def __init__(
        self,
        service: Service,
        hub: Hub,
        settings: Settings,
        clock: Callable[[], datetime],
        settle: Callable[[ChannelId], Awaitable[None]],
        *,
        practice: bool,
        ready: Callable[[], Awaitable[str]],
        metrics: Callable[[], bytes],
        takes_part: Callable[[ChannelId, PlayerId], Awaitable[bool]],
    ) -> None:
        self._service = service
        self._database = service.database
        self._browsers = Browsers(service, settings, clock)
        self._hub = hub
        self._settings = settings
        self._clock = clock
        self._settle = settle
        # Whoever can reach the practice room sits in it with everybody else: on this machine alone.
        self._practice = practice and settings.web_host in LOOPBACK and not settings.public_url
        self._ready = ready
        self._metrics = metrics
        self._takes_part = takes_part
        # What each browser was told or shown last. It may vanish: everything in it can be opened again.
        self._answers: dict[tuple[str, ChannelId], Post] = {}
        self._opened: dict[tuple[str, ChannelId], str] = {}

    def app(self) -> ASGIApp:
        """The ASGI application."""
        inner = Starlette(
            routes=self.routes(),
            exception_handlers={
                404: self._not_found,
                405: self._not_found,
                NoSuchChannel: self._not_found,
                NotAnId: self._not_found,
                TooBig: self._too_big,
                Stale: self._stale,
                DatabaseUnavailable: self._trouble,
                Exception: self._trouble,
            },
        )
        return Guard(inner, self._hosts())

    def routes(self) -> list[BaseRoute]:
        """Every address there is."""
        return [
            Route("/", self._home),
            Route("/practice", self._practice_door, methods=["GET"]),
            Route("/practice", self._enter_practice, methods=["POST"]),
            Route("/rooms", self._start_room, methods=["POST"]),
            Route("/rooms/{channel}", self._room),
            Route("/rooms/{channel}/now", self._now),
            Route("/rooms/{channel}/events", self._events),
            Route("/rounds/{round}", self._round),
            Route("/join/{token}", self._invitation, methods=["GET"]),
            Route("/join/{token}", self._join, methods=["POST"]),
            Route("/press", self._press, methods=["POST"]),
            *Linked(self._service, self._browsers, self._clock, self._reader, self._takes_part).routes(),
            Route("/privacy", self._privacy),
            Route("/healthz", self._healthz),
            Route("/readyz", self._readyz),
            Route("/metrics", self._measured),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    # --- pages -----------------------------------------------------------------------------

    async def _home(self, request: Request) -> Response:
        browser = await self._browsers.of(request)
        mine = await self._database.read(lambda tx: room.rooms_of(tx, browser.cookie))
        page = pages.HomePage(
            reader=self._reader(browser, ""),
            rooms=tuple(
                pages.Link(words=name, to=f"/rooms/{channel}")
                for channel, name, practice in mine
                if not practice
            ),
            practice="/practice" if self._practice else "",
            start=doors.start_form(),
        )
        return self._html(request, browser, pages.home(page))

    async def _practice_door(self, request: Request) -> Response:
        """Opening it changes nothing."""
        if not self._practice:
            raise HTTPException(404)
        browser = await self._browsers.of(request)
        page = pages.PracticePage(
            reader=self._reader(browser, ""),
            practice="/practice",
            back=pages.Link(words=words.plain("room-back-home"), to="/"),
        )
        return self._html(request, browser, pages.practice(page))

    async def _enter_practice(self, request: Request) -> Response:
        if not self._practice:
            raise HTTPException(404)
        browser, fields = await self._browsers.sent(request)
        event = fields.get("event", "")
        channel, moved = await self._database.write(lambda tx: self._practice_room(tx, browser, event))
        return self._go(request, moved, f"/rooms/{channel}")

    async def _start_room(self, request: Request) -> Response:
        browser, fields = await self._browsers.sent(request)
        title = " ".join(clean(fields.get("title", "")).split())[: forms.NAME_LENGTH]
        name = " ".join(clean(fields.get("name", "")).split())[: forms.NAME_LENGTH]
        if not title or not name:
            page = pages.HomePage(reader=self._reader(browser, ""), start=doors.start_form(fields))
            return self._html(request, browser, pages.home(page), status=422)
        if not self._browsers.may_start(browser):
            return self._note("room-too-many-rooms", 429, browser)
        id = ChannelId(self._service.chance.id())
        event = fields.get("event", "")

        def transaction(tx: Transaction) -> Browser:
            community = CommunityId(self._service.chance.id())
            self._found(tx, community, id, ref=id, name=title, practice=False)
            sitting = self._browsers.sit(tx, browser, community, name, event)
            self._browsers.organise(tx, sitting, community, id)
            return sitting

        moved = await self._database.write(transaction)
        self._browsers.has_started(browser, moved)
        return self._go(request, moved, f"/rooms/{id}")

    async def _room(self, request: Request) -> Response:
        browser = await self._browsers.of(request)
        channel = ChannelId(id_of(request.path_params["channel"]))
        player = await self._browsers.player(browser, channel)
        if player is None:
            return self._no_seat(request, browser)
        told = self._answers.pop((browser.cookie, channel), None)
        page = await self._page(request, browser, channel, player, told=told)
        return self._html(request, browser, pages.room(page))

    async def _now(self, request: Request) -> Response:
        """The parts of a room that change, for the script."""
        browser = await self._browsers.of(request)
        channel = ChannelId(id_of(request.path_params["channel"]))
        player = await self._browsers.player(browser, channel)
        if player is None:
            raise HTTPException(404)
        page = await self._page(request, browser, channel, player)
        return self._html(request, browser, pages.room_fragment(page))

    async def _events(self, request: Request) -> Response:
        browser = await self._browsers.of(request)
        channel = ChannelId(id_of(request.path_params["channel"]))
        if await self._browsers.player(browser, channel) is None:
            raise HTTPException(404)
        if self._hub.full(channel, browser.cookie):
            return self._note("room-too-many-streams", 429, browser)
        return StreamingResponse(
            self._hub.stream(channel, browser.cookie),
            media_type="text/event-stream",
            headers={"cache-control": "no-store"},
        )

    async def _round(self, request: Request) -> Response:
        """A link to a card leads to its room, with that card on the table."""
        browser = await self._browsers.of(request)
        round = RoundId(id_of(request.path_params["round"]))

        channel = await self._database.read(lambda tx: room.room_of(tx, browser.cookie, round))
        if channel is None:
            raise HTTPException(404)
        return self._go(request, browser, f"/rooms/{channel}?round={quote(round)}")

    async def _press(self, request: Request) -> Response:
        browser, fields = await self._browsers.sent(request)
        channel = ChannelId(id_of(fields.get("channel", "")))
        wanted = id_of(fields["round"]) if fields.get("round") else ""
        player = await self._browsers.player(browser, channel)
        if player is None:
            return self._no_seat(request, browser)
        name = await self._database.read(lambda tx: communities.find_person(tx, player))
        press = press_of(fields, player, name.name if name is not None else "")
        answer = await self._service.press(press, self._clock())
        here = (browser.cookie, channel)
        told = self._told(here, answer)
        if answer.talked:
            self._hub.changed(channel)
        await self._settle(channel)
        # An earlier card stays on the table while it is looked at; a card just dealt takes its place.
        if answer.round is not None and answer.round != wanted:
            wanted = ""
        if request.headers.get("hx-request") == "true":
            page = await self._page(request, browser, channel, player, wanted, told)
            return self._html(request, browser, pages.room_fragment(page))
        if isinstance(told, Form):
            # The form with what is wrong in it: nothing that was typed may get lost.
            page = await self._page(request, browser, channel, player, wanted, told)
            return self._html(request, browser, pages.room(page), status=422)
        if told is not None:
            self._answers[here] = told
        here_again = f"?round={quote(wanted)}" if wanted else ""
        return self._go(request, browser, f"/rooms/{channel}{here_again}#mine-h", status=303)

    def _told(self, here: tuple[str, ChannelId], answer: Answer) -> Post | Form | None:
        """What to say to a press, once; None if it opened something, which then stays open."""
        self._answers.pop(here, None)
        self._opened.pop(here, None)
        if answer.show:
            self._opened[here] = answer.show
            return None
        return answer.content

    async def _page(
        self,
        request: Request,
        browser: Browser,
        channel: ChannelId,
        player: PlayerId,
        wanted: str = "",
        told: Post | Form | None = None,
    ) -> pages.RoomPage:
        wanted = wanted or request.query_params.get("round", "")
        table = await self._database.read(lambda tx: rooms.load(tx, self._service, channel, player, wanted))
        here = (browser.cookie, channel)
        press = press_of({"channel": channel}, player, table.name)
        now = self._clock()
        if isinstance(told, Form):
            mine: tuple[Post | Form, ...] = (told,)
        else:
            mine = await rooms.mine(self._service, table, press, self._opened.get(here, ""), now)
        return rooms.page(
            table,
            self._service,
            replace(
                self._reader(browser, channel, table.place.time_zone),
                round=wanted if table.round is not None and table.round.id == wanted else "",
            ),
            invite="" if table.place.community.practice else self._invite(request, channel),
            mine=mine,
            answer=told if not isinstance(told, Form) else None,
        )

    # --- joining ---------------------------------------------------------------------------

    async def _invitation(self, request: Request) -> Response:
        """Opening the link changes nothing: previews open links too."""
        browser = await self._browsers.of(request)
        channel, place = await self._invited(request)
        page = pages.JoinPage(
            reader=self._reader(browser, channel),
            title=place,
            form=doors.join_form({}),
            to=request.url.path,
        )
        return self._html(request, browser, pages.join(page))

    async def _join(self, request: Request) -> Response:
        browser, fields = await self._browsers.sent(request)
        channel, place = await self._invited(request)
        name = " ".join(clean(fields.get("name", "")).split())[: forms.NAME_LENGTH]
        if not name:
            page = pages.JoinPage(
                reader=self._reader(browser, channel),
                title=place,
                form=doors.join_form(fields),
                to=request.url.path,
            )
            return self._html(request, browser, pages.join(page), status=422)

        def transaction(tx: Transaction) -> Browser:
            community = room.community_of(tx, channel)
            assert community is not None
            return self._browsers.sit(tx, browser, community, name, fields.get("event", ""))

        moved = await self._database.write(transaction)
        return self._go(request, moved, f"/rooms/{channel}", status=303)

    async def _invited(self, request: Request) -> tuple[ChannelId, str]:
        channel, _, signature = request.path_params["token"].rpartition(".")
        if not self._service.keyring.signed(f"join:{channel}", signature):
            raise HTTPException(404)
        place = await self._database.read(lambda tx: communities.channel(tx, ChannelId(channel), None))
        return ChannelId(channel), place.name

    def _invite(self, request: Request, channel: ChannelId) -> str:
        base = self._settings.public_url or str(request.base_url).rstrip("/")
        return f"{base}/join/{channel}.{self._service.keyring.sign(f'join:{channel}')}"

    # --- rooms -----------------------------------------------------------------------------

    def _practice_room(self, tx: Transaction, browser: Browser, event: str) -> tuple[ChannelId, Browser]:
        found = room.by_ref(tx, PRACTICE)
        if found is None:
            channel = ChannelId(self._service.chance.id())
            community = CommunityId(self._service.chance.id())
            name = words.plain("room-practice-name")
            self._found(tx, community, channel, ref=PRACTICE, name=name, practice=True)
        else:
            channel, community = found
        return channel, self._browsers.sit(tx, browser, community, words.plain("room-guest"), event)

    def _found(
        self,
        tx: Transaction,
        community: CommunityId,
        channel: ChannelId,
        *,
        ref: str,
        name: str,
        practice: bool,
    ) -> None:
        communities.found(
            tx,
            community=community,
            channel=channel,
            platform=PLATFORM,
            ref=ref,
            name=name,
            practice=practice,
            threshold=THRESHOLD if practice else self._settings.threshold,
            time_zone=self._settings.time_zone,
            language=self._settings.language,
            now=self._clock(),
        )

    # --- what the program says of itself ---------------------------------------------------

    async def _privacy(self, request: Request) -> Response:
        browser = await self._browsers.of(request)
        page = pages.PrivacyPage(
            reader=self._reader(browser, ""),
            message=privacy.privacy(
                retention_days=self._settings.retention_days, threshold=self._settings.threshold
            ),
            back=pages.Link(words=words.plain("room-back-home"), to="/"),
        )
        return self._html(request, browser, pages.privacy(page))

    async def _healthz(self, _request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _readyz(self, _request: Request) -> Response:
        trouble = await self._ready()
        return PlainTextResponse(f"{trouble or 'ok'}\n", status_code=503 if trouble else 200)

    async def _measured(self, request: Request) -> Response:
        from_here = request.client is not None and request.client.host in LOOPBACK
        # A proxy on this machine asks from here too, but for the public name.
        if not from_here or (self._settings.public_url and request.url.hostname not in LOOPBACK):
            raise HTTPException(404)
        return Response(self._metrics(), media_type="text/plain; version=0.0.4")

    # --- answers ---------------------------------------------------------------------------

    def _reader(self, browser: Browser, channel: str, zone: str | None = None) -> Reader:
        return Reader(
            csrf=browser.csrf,
            channel=channel,
            event=lambda: secrets.token_urlsafe(12),
            zone=zone or self._settings.time_zone,
        )

    def _html(self, request: Request, browser: Browser, page: str, status: int = 200) -> Response:
        return self._browsers.remember(browser, HTMLResponse(page, status_code=status))

    def _go(self, request: Request, browser: Browser, to: str, status: int = 303) -> Response:
        return self._browsers.remember(browser, RedirectResponse(to, status_code=status))

    def _no_seat(self, request: Request, browser: Browser) -> Response:
        return self._note("room-no-seat", 403, browser)

    async def _not_found(self, request: Request, _error: Exception) -> Response:
        return self._note("room-not-found", 404)

    async def _too_big(self, request: Request, _error: Exception) -> Response:
        return self._note("room-too-big", 413)

    async def _stale(self, request: Request, _error: Exception) -> Response:
        return self._note("room-stale", 403)

    async def _trouble(self, request: Request, error: Exception) -> Response:
        log.error("request failed", exc_info=error)
        return self._note("room-trouble", 503)

    def _note(self, what: str, status: int, browser: Browser | None = None) -> Response:
        nobody = browser or NOBODY
        page = pages.NotePage(
            reader=self._reader(nobody, ""),
            title=words.plain(f"{what}-title"),
            message=names.note(words.say(f"{what}-title"), words.say(what)),
            back=pages.Link(words=words.plain("room-back-home"), to="/"),
        )
        return self._browsers.remember(nobody, HTMLResponse(pages.note(page), status_code=status))

    def _hosts(self) -> frozenset[str]:
        public = urlsplit(self._settings.public_url).hostname
        return LOOPBACK | {self._settings.web_host, public or ""}
