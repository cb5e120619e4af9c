"""How a browser gets in: what is stored of it and when, its cookie, and the bounds on what it may ask."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
import pytest_asyncio
import sqlalchemy as sa
from pydantic import SecretStr

from adapters.web.limits import ROOMS_A_DAY, STREAMS
from bot.game.model import ChannelId
from bot.settings import Settings
from storage.tables import METADATA
from tests.builders import NOON
from tests.contents import app_of

pytestmark = pytest.mark.asyncio

HOME = "http://127.0.0.1:8787"


class Doors:
    """The pages without a server, and a clock that can be put forward."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.now = NOON
        given = Settings(
            database_url=f"sqlite:///{folder / 'shoes.db'}",
            secret_key=SecretStr("a secret that only these tests have"),
            **settings,  # type: ignore[arg-type]
        )
        self.app = app_of(given, practice=True, clock=self.clock, folder=folder)
        self._asgi = self.app.web.app()

    def clock(self) -> datetime:
        return self.now

    def browser(self, cookies: httpx.Cookies | None = None) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=HOME, transport=httpx.ASGITransport(self._asgi), cookies=cookies, trust_env=False
        )

    async def rows(self, table: str) -> int:
        counting = sa.select(sa.func.count()).select_from(METADATA.tables[table])
        return await self.app.database.read(lambda tx: int(tx.connection.execute(counting).scalar_one()))


@pytest_asyncio.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    doors = Doors(tmp_path)
    yield doors
    await doors.app.database.close()


def hidden(page: httpx.Response, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, page.text
    return unescape(found[1])


async def start(browser: httpx.AsyncClient, title: str = "Our team") -> httpx.Response:
    home = await browser.get("/")
    fields = {"csrf": hidden(home, "csrf"), "event": hidden(home, "event"), "title": title, "name": "Ada"}
    return await browser.post("/rooms", data=fields)


async def invitation_of(browser: httpx.AsyncClient, room: str) -> str:
    found = re.search(r'id="invite-link" value="[^"]*?(/join/[^"]+)"', (await browser.get(room)).text)
    assert found is not None
    return found[1]


async def test_looking_around_stores_nothing(doors: Doors) -> None:
    before = {table: await doors.rows(table) for table in METADATA.tables}
    async with doors.browser() as browser:
        for path in ("/", "/practice", "/privacy", "/rooms/AAAA", "/rounds/AAAA", "/nothing"):
            await browser.get(path)
            browser.cookies.clear()

    assert {table: await doors.rows(table) for table in METADATA.tables} == before


async def test_a_cookie_that_we_did_not_make_is_replaced(doors: Doors) -> None:
    async with doors.browser(httpx.Cookies({"shoes-8787": "guessed.AAAAAAAAAAAAAAAAAAAAAAAA"})) as browser:
        assert "set-cookie" in (await browser.get("/")).headers


async def test_a_cookie_is_known_again_without_being_stored(doors: Doors) -> None:
    async with doors.browser() as browser:
        first, second = await browser.get("/"), await browser.get("/")

    assert "set-cookie" not in second.headers
    assert hidden(first, "csrf") == hidden(second, "csrf")


async def test_sitting_down_changes_the_cookie_and_keeps_the_other_rooms(doors: Doors) -> None:
    async with doors.browser() as browser:
        first = (await start(browser)).headers["location"]
        before = browser.cookies["shoes-8787"]

        second = (await start(browser, "Another team")).headers["location"]

        assert browser.cookies["shoes-8787"] != before
        assert (await browser.get(first)).status_code == 200
        assert (await browser.get(second)).status_code == 200
    async with doors.browser(httpx.Cookies({"shoes-8787": before})) as somebody:
        assert (await somebody.get(second)).status_code == 403


async def test_a_cookie_whose_successor_got_lost_still_works(doors: Doors) -> None:
    async with doors.browser() as browser:
        room = (await start(browser)).headers["location"]
        before = browser.cookies["shoes-8787"]
        await start(browser, "Another team")  # and the answer does not arrive
    doors.now += timedelta(hours=20)

    async with doors.browser(httpx.Cookies({"shoes-8787": before})) as again:
        assert (await again.get(room)).status_code == 200


async def test_joining_twice_with_one_form_is_one_player(doors: Doors) -> None:
    async with doors.browser() as ada, doors.browser() as bob:
        invitation = await invitation_of(ada, (await start(ada)).headers["location"])
        page = await bob.get(invitation)
        fields = {"csrf": hidden(page, "csrf"), "event": hidden(page, "event"), "name": "Bob"}
        cookie = bob.cookies["shoes-8787"]
        await bob.post(invitation, data=fields)
        async with doors.browser(httpx.Cookies({"shoes-8787": cookie})) as impatient:
            await impatient.post(invitation, data=fields)

    assert await doors.rows("players") == 2


async def test_somebody_who_was_away_for_long_is_new(doors: Doors) -> None:
    async with doors.browser() as browser:
        room = (await start(browser)).headers["location"]
        doors.now += timedelta(days=80)
        assert (await browser.get(room)).status_code == 200
        doors.now += timedelta(days=80)
        assert (await browser.get(room)).status_code == 200
        doors.now += timedelta(days=91)

        assert "set-cookie" in (await browser.get(room)).headers
    async with doors.browser() as somebody:
        await start(somebody)
    assert await doors.rows("seats") == 1


# --- what comes from outside -----------------------------------------------------------

BAD_IDS = ("\x00", "a\x00b", "\u202e", "a b", "x" * 65, "a.b", "'")


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//["])
async def test_an_origin_that_is_no_address_is_refused(origin: str, doors: Doors) -> None:
    async with doors.browser() as browser:
        answer = await browser.post("/rooms", headers={"origin": origin})

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/rooms/{}", "/rooms/{}/now", "/rooms/{}/events", "/rounds/{}"])
async def test_an_id_that_cannot_be_one_of_ours_is_not_looked_for(path: str, doors: Doors) -> None:
    async with doors.browser() as browser:
        for id in BAD_IDS:
            assert (await browser.get(path.format(quote(id)))).status_code == 404, id


@pytest.mark.parametrize("field", ["channel", "round"])
async def test_nor_is_one_that_a_form_sends(field: str, doors: Doors) -> None:
    async with doors.browser() as browser:
        room = (await start(browser)).headers["location"]
        csrf = hidden(await browser.get(room), "csrf")
        right = {"csrf": csrf, "channel": room.rpartition("/")[2], "event": "e", "action": "pass.AAAA"}

        for id in BAD_IDS:
            assert (await browser.post("/press", data=right | {field: id})).status_code == 404, id


async def test_the_numbers_are_for_this_machine_alone(tmp_path: Path) -> None:
    doors = Doors(tmp_path, public_url="https://shoes.example.org")
    async with doors.browser() as browser:
        assert (await browser.get("/metrics")).status_code == 200
        # A proxy on this machine asks from this machine too.
        through = await browser.get("/metrics", headers={"host": "shoes.example.org"})
    await doors.app.database.close()

    assert through.status_code == 404


# --- the practice room -----------------------------------------------------------------


async def test_only_the_button_leads_into_the_practice_room(doors: Doors) -> None:
    async with doors.browser() as browser:
        door = await browser.get("/practice")
        assert door.status_code == 200
        fields = {"csrf": hidden(door, "csrf"), "event": hidden(door, "event")}
        assert (await browser.post("/practice", data=fields | {"csrf": "guessed"})).status_code == 403
        assert await doors.rows("seats") == 0

        room = (await browser.post("/practice", data=fields)).headers["location"]

        page = await browser.get(room)
        assert "Everybody who opens the practice room on this computer is in it too." in page.text


@pytest.mark.parametrize(
    "settings",
    [{"web_host": "0.0.0.0"}, {"public_url": "https://shoes.example.org"}],  # noqa: S104
)
async def test_there_is_no_practice_room_for_other_machines(settings: dict[str, str], tmp_path: Path) -> None:
    doors = Doors(tmp_path, **settings)
    async with doors.browser() as browser:
        assert "/practice" not in (await browser.get("/")).text
        assert (await browser.get("/practice")).status_code == 404
    await doors.app.database.close()


# --- bounds ----------------------------------------------------------------------------


async def test_a_browser_starts_so_many_rooms_a_day(doors: Doors) -> None:
    async with doors.browser() as browser:
        answers = [(await start(browser)).status_code for _ in range(ROOMS_A_DAY + 1)]
        doors.now += timedelta(days=1)
        tomorrow = (await start(browser)).status_code

    assert answers == [303] * ROOMS_A_DAY + [429]
    assert tomorrow == 303


async def test_a_browser_opens_so_many_pages_of_one_room(doors: Doors) -> None:
    async with doors.browser() as browser:
        room = (await start(browser)).headers["location"]
        channel = ChannelId(room.rpartition("/")[2])
        hub = doors.app.hub
        streams = [hub.stream(channel, browser.cookies["shoes-8787"]) for _ in range(STREAMS)]
        streams += [hub.stream(channel, "another browser") for _ in range(STREAMS)]
        for each in streams[1:]:
            await anext(each)
        assert not hub.full(channel, browser.cookies["shoes-8787"])
        await anext(streams[0])

        answer = await browser.get(f"{room}/events")

    hub.stop()
    assert answer.status_code == 429
    assert "Please close some of them" in answer.text
    assert [[event async for event in each] for each in streams] == [[]] * len(streams)
    assert not hub.full(channel, "another browser")
