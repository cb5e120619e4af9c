"""What guards the rooms, asked over the wire: hosts, origins, tokens, sizes, headers, links, other rooms."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest
import pytest_asyncio

from tests.e2e.conftest import Running, start

pytestmark = pytest.mark.asyncio(loop_scope="session")

ELSEWHERE = "https://elsewhere.example"
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Caller:
    """A browser without a page: a cookie, and what it sends by hand."""

    def __init__(self, http: httpx.AsyncClient, running: Running) -> None:
        self.http = http
        self._running = running
        self.csrf = ""
        self.room = ""
        self.sent = 0

    async def start_room(self, title: str, name: str = "Ada") -> str:
        """Start a room and stay in it. The link that invites others to it."""
        self.csrf = _in(await self.http.get("/"), r'name="csrf" value="([^"]+)"')
        page = await self.http.post("/rooms", data={"csrf": self.csrf, "title": title, "name": name})
        self.csrf = _in(page, r'name="csrf" value="([^"]+)"')
        self.room = page.url.path.rpartition("/")[2]
        return _in(page, r'id="invite-link" value="[^"]*?(/join/[^"]+)"')

    async def press(self, action: str, **fields: str) -> httpx.Response:
        """Send what a form sends; a field given by hand replaces the right one."""
        self.sent += 1
        right = {"csrf": self.csrf, "channel": self.room, "event": str(self.sent), "action": action}
        return await self.http.post("/press", data={**right, **fields})

    async def told(self, action: str, **fields: str) -> str:
        """What the room answers to a press, as one line."""
        page = await self.press(action, **fields)
        answer = re.search(r'id="answer" role="status">(.*?)</div>', page.text, flags=re.DOTALL)
        assert answer is not None
        return " ".join(unescape(re.sub("<[^>]+>", " ", answer[1])).split())

    async def deal(self) -> str:
        """Deal a card. The id of its round."""
        await self.press("preview", deck="dementia", policy="together", respond="60", vote="60", fair="off")
        preview = await self.http.get(f"/rooms/{self.room}")
        await self.press(_in(preview, r'value="(deal\.[^"]+)"'))
        await self._running.at_rest()
        page = await self.http.get(f"/rooms/{self.room}")
        return _in(page, r'value="respond\.([^"]+)"')


def _in(page: httpx.Response, pattern: str) -> str:
    found = re.search(pattern, page.text)
    assert found is not None, pattern
    return unescape(found[1])


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """One program for all of these: each story is in a room of its own."""
    async with start(tmp_path_factory.mktemp("guards")) as running:
        yield running


async def _call(running: Running) -> AsyncIterator[Caller]:
    async with httpx.AsyncClient(base_url=running.address, follow_redirects=True) as http:
        yield Caller(http, running)


@pytest_asyncio.fixture(loop_scope="session")
async def ada(running: Running) -> AsyncIterator[Caller]:
    async for caller in _call(running):
        yield caller


@pytest_asyncio.fixture(loop_scope="session")
async def bob(running: Running) -> AsyncIterator[Caller]:
    async for caller in _call(running):
        yield caller


@pytest_asyncio.fixture(loop_scope="session")
async def mallory(running: Running) -> AsyncIterator[Caller]:
    async for caller in _call(running):
        yield caller


async def test_every_answer_carries_the_headers_that_guard_it(ada: Caller) -> None:
    await ada.start_room("Our team")
    answers = [
        await ada.http.get("/"),
        await ada.http.get(f"/rooms/{ada.room}"),
        await ada.http.get(f"/rooms/{ada.room}/now"),
        await ada.http.get("/privacy"),
        await ada.http.get("/nothing-here"),
        await ada.http.get("/static/app.js"),
        await ada.press("nonsense"),
        await ada.press("nonsense", csrf="wrong"),
        await ada.press("nonsense", words="x" * 70_000),
        await ada.http.get("/", headers={"host": "elsewhere.example"}),
        await ada.http.post("/rooms", headers={"origin": ELSEWHERE}),
    ]

    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, answer.url
        page = answer.headers["content-type"].startswith("text/html")
        assert not page or answer.headers["cache-control"] == "no-store", answer.url


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(ada: Caller) -> None:
    cookie = (await ada.http.get("/")).headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie


async def test_another_host_s_name_is_not_served(ada: Caller) -> None:
    answer = await ada.http.get("/", headers={"host": "elsewhere.example"})

    assert answer.status_code == 421


@pytest.mark.parametrize("origin", [ELSEWHERE, "null", "http://127.0.0.1:1"])
async def test_a_form_from_another_site_changes_nothing(origin: str, ada: Caller) -> None:
    await ada.start_room("Our team")
    right = {"csrf": ada.csrf, "title": "Forged", "name": "Mallory"}

    answer = await ada.http.post("/rooms", data=right, headers={"origin": origin})

    assert answer.status_code == 403
    assert "Forged" not in (await ada.http.get("/")).text


@pytest.mark.parametrize("csrf", ["", "guessed", "ü\u202e", "x" * 10_000])
async def test_a_form_without_the_token_of_its_page_changes_nothing(csrf: str, ada: Caller) -> None:
    await ada.start_room("Our team")
    round = await ada.deal()

    answer = await ada.press(f"pass.{round}", csrf=csrf)

    assert answer.status_code == 403
    assert "Please try once more" in answer.text
    assert 'data-form="send.' in (await ada.http.get(f"/rooms/{ada.room}")).text  # not passed


async def test_another_browser_s_token_is_no_use(ada: Caller, bob: Caller) -> None:
    await ada.start_room("Our team")
    await bob.start_room("Their team")

    assert (await bob.press("nonsense", csrf=ada.csrf)).status_code == 403


@pytest.mark.parametrize("length", [70_000, 5_000_000])
async def test_too_much_at_once_is_refused(length: int, ada: Caller) -> None:
    await ada.start_room("Our team")

    assert (await ada.press("nonsense", words="x" * length)).status_code == 413


async def test_too_much_without_saying_how_much_is_refused(ada: Caller) -> None:
    await ada.start_room("Our team")

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"words=" + b"x" * 1_000

    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = await ada.http.post("/press", content=endless(), headers=form)

    assert answer.status_code == 413


async def test_too_many_fields_are_refused(ada: Caller) -> None:
    await ada.start_room("Our team")

    answer = await ada.press("nonsense", **{f"field{number}": "x" for number in range(50)})

    assert answer.status_code == 413


async def test_every_forged_action_gets_the_same_kind_sentence(ada: Caller, mallory: Caller) -> None:
    await ada.start_room("Our team")
    round = await ada.deal()
    await mallory.start_room("Another team")
    forged = [
        f"respond.{round}",  # another room's round
        f"send.{round}",
        f"more.{round}",
        f"reveal.{round}",
        f"takeback.{round}..sure",
        f"cast.{round}.someresponse.agree",
        f"reply.{round}",
        "respond.AAAAAAAAAAAAAAAA",  # nobody's round
        "respond",
        "",
        "nonsense",
        "deal..no-such-card.together-5-5",
        "deal....",
        "respond.<script>alert(1)</script>",
        "respond.' or 1=1 --",
        "respond.\x00",
        "respönd.\u202e",
        "x" * 10_000,
        "respond." + "x" * 10_000,
    ]

    answers = {each: await mallory.told(each, words="Forged words") for each in forged}

    assert answers == dict.fromkeys(
        forged,
        "This button is not for a card here. It may be from an old card. Please look for the newest one.",
    )
    assert "Forged words" not in (await ada.http.get(f"/rooms/{ada.room}")).text


async def test_a_room_one_was_not_invited_to_looks_like_one_that_does_not_exist(
    ada: Caller, mallory: Caller
) -> None:
    await ada.start_room("Our team")
    await mallory.start_room("Another team")

    for path in ("/rooms/{}", "/rooms/{}/now", "/rooms/{}/events"):
        there = await mallory.http.get(path.format(ada.room))
        not_there = await mallory.http.get(path.format("AAAAAAAAAAAAAAAA"))
        assert (there.status_code, there.text) == (not_there.status_code, not_there.text)
        assert there.status_code in {403, 404}
        assert "Our team" not in there.text
    pressed = await mallory.press("nonsense", channel=ada.room)
    pressed_nowhere = await mallory.press("nonsense", channel="AAAAAAAAAAAAAAAA")
    assert (pressed.status_code, pressed.text) == (pressed_nowhere.status_code, pressed_nowhere.text)


async def test_opening_an_invitation_changes_nothing_and_sending_its_form_joins(
    ada: Caller, bob: Caller
) -> None:
    invitation = await ada.start_room("Our team")

    opened = await bob.http.get(invitation)
    assert opened.status_code == 200
    assert "Our team" in opened.text
    assert (await bob.http.get(f"/rooms/{ada.room}")).status_code in {403, 404}

    bob.csrf = _in(opened, r'name="csrf" value="([^"]+)"')
    nameless = await bob.http.post(invitation, data={"csrf": bob.csrf, "name": " \u200b "})
    assert nameless.status_code == 422
    assert (await bob.http.get(f"/rooms/{ada.room}")).status_code in {403, 404}

    joined = await bob.http.post(invitation, data={"csrf": bob.csrf, "name": "Bob"})
    assert joined.url.path == f"/rooms/{ada.room}"
    assert (await bob.http.get(f"/rooms/{ada.room}")).status_code == 200


async def test_a_changed_invitation_leads_nowhere(ada: Caller, mallory: Caller) -> None:
    invitation = await ada.start_room("Our team")
    await mallory.start_room("Another team")
    other = "B" if invitation.endswith("A") else "A"
    changed = [
        invitation[:-1] + other,
        invitation[:-1],
        invitation + "A",
        invitation.rpartition(".")[0],
        invitation.replace(ada.room, mallory.room),
        "/join/.",
        "/join/\u202e",
    ]

    for link in changed:
        assert (await mallory.http.get(link)).status_code == 404, link
        form = {"csrf": mallory.csrf, "name": "Mallory"}
        assert (await mallory.http.post(link, data=form)).status_code == 404, link
    assert (await mallory.http.get(f"/rooms/{ada.room}")).status_code in {403, 404}


async def test_an_answer_waits_for_the_page_that_asked(ada: Caller) -> None:
    await ada.start_room("Our team")
    round = await ada.deal()
    await ada.http.post(
        "/press",
        data={"csrf": ada.csrf, "channel": ada.room, "event": "a pass", "action": f"pass.{round}"},
        follow_redirects=False,
    )

    await ada.http.get(f"/rooms/{ada.room}/now")  # another tab hears that something changed

    assert "Passing is fine" in (await ada.http.get(f"/rooms/{ada.room}")).text


async def test_the_same_form_delivered_twice_at_once_is_one_press(ada: Caller) -> None:
    await ada.start_room("Our team")
    round = await ada.deal()

    twice = [ada.press(f"reply.{round}", words="Said once.", event="the same") for _ in range(2)]
    answers = await asyncio.gather(*twice)

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (await ada.http.get(f"/rooms/{ada.room}")).text.count("Said once.") == 1
