"""Who it is: a browser's cookie, the token in its forms, and the seats it has taken."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.web.chat import PLATFORM
from adapters.web.guard import TooBig
from adapters.web.limits import BODY_BYTES, FIELDS, ROOMS_A_DAY
from bot.game.model import ChannelId, CommunityId, PlayerId
from bot.service import Service
from bot.settings import Settings
from storage import communities, room
from storage.database import Transaction

COOKIE = "shoes"
COOKIE_SECONDS = 90 * 24 * 60 * 60


class Stale(Exception):
    """A form without the token of its own page."""


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser. Its cookie is signed, and stored only once it has a seat. `fresh` ones get it now."""

    cookie: str
    csrf: str
    fresh: bool


NOBODY = Browser("", "", fresh=False)


class Browsers:
    """Knows browsers again."""

    def __init__(self, service: Service, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._service = service
        self._database = service.database
        self._keyring = service.keyring
        self._settings = settings
        self._clock = clock
        self._day = date.min
        self._started: dict[str, int] = {}  # rooms on that day, by cookie

    async def of(self, request: Request) -> Browser:
        """The browser that asks. One that was away for long is a new one."""
        cookie = request.cookies.get(self._cookie_name, "")
        name, _, signature = cookie.rpartition(".")
        if not self._keyring.signed(f"browser:{name}", signature):
            return self._new()
        today = self._clock().date()
        seen = await self._database.read(lambda tx: room.last_seen(tx, cookie))
        if seen is not None and seen < today - room.SEAT_DAYS:
            return self._new()
        if seen is not None and seen != today:
            await self._database.write(lambda tx: room.see(tx, cookie, today))
        return Browser(cookie, self._csrf(cookie), fresh=False)

    async def sent(self, request: Request) -> tuple[Browser, Mapping[str, str]]:
        """What a form sent, from a browser of ours, on a page of ours. Raises Stale and TooBig."""
        browser = await self.of(request)
        try:
            async with request.form(max_files=0, max_fields=FIELDS, max_part_size=BODY_BYTES) as form:
                fields = {key: value for key, value in form.items() if isinstance(value, str)}
        except HTTPException as refused:
            raise TooBig from refused
        if browser.fresh or not secrets.compare_digest(
            fields.get("csrf", "").encode(errors="replace"), browser.csrf.encode()
        ):
            raise Stale
        return browser, fields

    async def player(self, browser: Browser, channel: ChannelId) -> PlayerId | None:
        """Who this browser is in a room. None for a room that is not there, so that nobody can find out."""

        def transaction(tx: Transaction) -> PlayerId | None:
            community = room.community_of(tx, channel)
            if community is None:
                return None
            user = room.seat(tx, browser.cookie, community)
            return PlayerId(PLATFORM, community, user) if user is not None else None

        return await self._database.read(transaction)

    def sit(
        self, tx: Transaction, browser: Browser, community: CommunityId, name: str, event: str
    ) -> Browser:
        """Have a browser sit down, under a new cookie: the old one may be known to somebody else.

        The old cookie keeps what it had for a day or two: the answer with the new one may get
        lost. The same form sent twice (`event`) is the same player.
        """
        user = room.seat(tx, browser.cookie, community)
        if user is None:
            today = self._clock().date()
            user = self._keyring.sign(f"seat:{browser.cookie}:{community}:{event}")
            moved = self._new()
            room.forget_absent(tx, today)
            room.copy_seats(tx, browser.cookie, moved.cookie, today)
            room.take_seat(tx, moved.cookie, community, user, today)
        else:
            moved = browser
        communities.person(tx, PlayerId(PLATFORM, community, user), self._service.chance.id(), name)
        return moved

    def organise(self, tx: Transaction, browser: Browser, community: CommunityId, channel: ChannelId) -> None:
        """Whoever makes a room looks after it."""
        user = room.seat(tx, browser.cookie, community)
        assert user is not None
        person = communities.find_person(tx, PlayerId(PLATFORM, community, user))
        assert person is not None
        communities.organise(tx, channel, person.id)

    def may_start(self, browser: Browser) -> bool:
        """Whether this browser may start one more room today."""
        today = self._clock().date()
        if today != self._day:
            self._day = today
            self._started.clear()
        return self._started.get(browser.cookie, 0) < ROOMS_A_DAY

    def has_started(self, browser: Browser, moved: Browser) -> None:
        """Count a room that was started."""
        number = self._started.get(browser.cookie, 0) + 1
        self._started[browser.cookie] = self._started[moved.cookie] = number

    def remember(self, browser: Browser, response: Response) -> Response:
        """The answer, with the cookie if that is new. Nothing on the way may keep it."""
        response.headers["cache-control"] = "no-store"
        if browser.fresh:
            response.set_cookie(
                self._cookie_name,
                browser.cookie,
                max_age=COOKIE_SECONDS,
                path="/",
                secure=self._secure,
                httponly=True,
                samesite="lax",
            )
        return response

    def _new(self) -> Browser:
        name = secrets.token_urlsafe(32)
        cookie = f"{name}.{self._keyring.sign(f'browser:{name}')}"
        return Browser(cookie, self._csrf(cookie), fresh=True)

    def _csrf(self, cookie: str) -> str:
        return self._keyring.sign(f"csrf:{cookie}")

    @property
    def _secure(self) -> bool:
        return self._settings.public_url.startswith("https:")

    @property
    def _cookie_name(self) -> str:
        # Without TLS it is a computer of one's own, where each program has a port of its own, and browsers
        # keep cookies by the computer alone.
        return f"__Host-{COOKIE}" if self._secure else f"{COOKIE}-{self._settings.web_port}"
