"""The pages in a real browser: no barrier, no sideways scrolling, big targets, and what the script keeps."""

import mimetypes
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from adapters.web import pages
from adapters.web.pages import RoomPage
from adapters.web.render import STATIC
from tests.adapters.web.samples import (
    PAGES,
    a_response_form,
    a_room,
    answered,
    closed,
    refused,
    responding,
    to_be_checked,
    voting,
)

AXE = (Path(__file__).parents[2] / "e2e" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
HOME = "http://127.0.0.1"  # answered here: nothing is sent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Beyond what axe asks by itself: contrast 7:1, and targets.
RULES = "{rules: {'color-contrast-enhanced': {enabled: true}, 'target-size': {enabled: true}}}"
# How many answers the page has shown, or that there was none; and: once it is one more, and drawn.
COUNTED = "window.shown = 0; document.addEventListener('htmx:afterRequest', () => window.shown++)"
SHOWN = """(before) => new Promise((done) => {
    const drawn = () => requestAnimationFrame(() => requestAnimationFrame(done));
    const look = () => (window.shown > before ? drawn() : setTimeout(look, 5));
    look();
})"""
Scheme: TypeAlias = Literal["light", "dark"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("SHOES_REQUIRE_BROWSER"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
        )
        yield browser
        browser.close()


class Room:
    """A server of one room, in the place of ours: `now` is what it shows, `next` what a press answers."""

    def __init__(self, page: Page, now: RoomPage) -> None:
        self.page, self.now, self.next = page, now, now
        self.presses: list[str] = []
        self.broken = False
        page.route("**/*", self._answer)
        page.add_init_script(COUNTED)
        page.goto(f"{HOME}/rooms/practice")

    def changed(self) -> None:
        """Somebody else did something."""
        before = self.page.evaluate("shown")
        self.page.evaluate("htmx.trigger('#now', 'sse:changed')")
        self.page.evaluate(SHOWN, before)

    def press(self, button: str, *, within: str = "body") -> None:
        before = self.page.evaluate("shown")
        self.page.locator(within).get_by_role("button", name=button, exact=True).click()
        self.page.evaluate(SHOWN, before)

    def focus(self) -> str:
        """What has the focus: its id, or its words."""
        at = "(e => e.id || e.textContent.trim())(document.activeElement)"
        return str(self.page.evaluate(at))

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            _static(route)
        elif path.endswith("/events"):
            route.fulfill(content_type="text/event-stream", body="retry: 3600000\n\n")
        elif path == "/press" and self.broken:
            route.fulfill(status=500, body="")
        elif path == "/press":
            self.presses.append(route.request.post_data or "")
            route.fulfill(content_type="text/html", body=pages.room_fragment(self.next))
        elif path.endswith("/now"):
            route.fulfill(content_type="text/html", body=pages.room_fragment(self.now))
        else:
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(content_type="text/html", body=pages.room(self.now), headers=headers)


def _static(route: Route) -> None:
    file = STATIC / urlsplit(route.request.url).path.removeprefix("/static/")
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    route.fulfill(content_type=kind, body=file.read_bytes())


@pytest.fixture
def open_room(browser: Browser) -> Iterator[Callable[[RoomPage], Room]]:
    page = browser.new_page(
        locale="en-GB", timezone_id="Asia/Kolkata", viewport={"width": 1280, "height": 1600}
    )
    yield lambda now: Room(page, now)
    page.close()


@pytest.fixture(scope="module", params=["light", "dark"])
def shown(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Callable[[str, int], Page]]:
    """Opens a page by its name at a width, in the light and in the dark."""
    scheme: Scheme = request.param
    # axe is put into the page from outside, which the page's own policy rightly forbids.
    context = browser.new_context(color_scheme=scheme, locale="en-GB", bypass_csp=True)
    page = context.new_page()
    page.route("**/static/**", _static)
    page.route(
        "**/events", lambda route: route.fulfill(content_type="text/event-stream", body="retry: 3600000\n\n")
    )
    page.route(
        "**/pages/*",
        lambda route: route.fulfill(
            content_type="text/html", body=PAGES[route.request.url.rpartition("/")[2]]()
        ),
    )

    def show(name: str, width: int) -> Page:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{HOME}/pages/{name}")
        for each in page.locator("summary").all():
            each.click()
        return page

    yield show
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_barrier(name: str, shown: Callable[[str, int], Page]) -> None:
    page = shown(name, 390)
    page.evaluate(AXE)

    found = page.evaluate(f"axe.run(document, {RULES})")

    assert len(found["passes"]) > 10  # it did look
    assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_cut_off_and_every_target_is_big_enough(
    name: str, width: int, shown: Callable[[str, int], Page]
) -> None:
    page = shown(name, width)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (
        page.evaluate(
            """[...document.querySelectorAll("a, button, input, select, textarea, summary")]
            .filter((each) => each.checkVisibility() && !each.matches(".skip, [type=hidden]"))
            .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
            .filter(([, box]) => box.width < 44 || box.height < 44)"""
        )
        == []
    )


def test_the_page_keeps_to_its_own_policy(browser: Browser) -> None:
    said: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    room = Room(page, voting())
    room.next = refused()
    room.press("Pass")
    page.close()

    assert [each for each in said if each != "[object Event]"] == []  # our stream of events ends at once


def test_moments_are_shown_in_the_readers_own_zone(open_room: Callable[[RoomPage], Room]) -> None:
    room = open_room(a_room())

    assert "8 June at 13:30 (your time)" in room.page.inner_text("#board time")


def test_without_a_script_everything_is_there_and_the_room_says_whose_time(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    room = Room(context.new_page(), voting())

    assert room.page.inner_text("#board time") == "Tuesday 8 June, 09:00 (London time)"
    assert room.page.locator("#mine button").count() == 5
    context.close()


def test_a_form_that_opens_gets_the_focus(open_room: Callable[[RoomPage], Room]) -> None:
    room = open_room(a_room())
    room.next = responding()

    room.press("Respond")

    assert room.focus() == "Your response"
    assert "action=respond.r1" in room.presses[0]


def test_a_press_on_the_board_leads_to_what_is_there_to_do(open_room: Callable[[RoomPage], Room]) -> None:
    room = open_room(responding())
    room.next = responding()  # its form was there already

    room.press("Respond")

    assert room.focus() == "Your response"


def test_a_form_to_check_gets_the_focus_and_the_window_says_so(open_room: Callable[[RoomPage], Room]) -> None:
    room = open_room(responding())
    room.next = to_be_checked()

    room.press("Send")

    assert room.focus() == "problems"
    assert room.page.title().startswith("Please check:")
    assert room.page.inner_text("#mine .left") == "Characters too many: 20"


def test_what_is_being_written_survives_what_others_do(open_room: Callable[[RoomPage], Room]) -> None:
    room = open_room(responding())
    room.page.fill("#mine textarea", "Half a thought")
    room.now = voting()

    room.changed()

    assert room.page.input_value("#mine textarea") == "Half a thought"
    assert room.focus() == "send-r1-words"
    assert room.page.inner_text("#state") == "Votes are open"
    assert room.page.locator("#thread article").count() == 3
    assert room.page.title().startswith("Votes are open")


def test_words_that_came_back_to_be_checked_survive_what_others_do(
    open_room: Callable[[RoomPage], Room],
) -> None:
    room = open_room(to_be_checked())
    room.now = voting()

    room.changed()

    assert room.page.input_value("#mine textarea") == "x" * 520


def test_a_form_that_nobody_touched_makes_way(open_room: Callable[[RoomPage], Room]) -> None:
    room = open_room(responding())
    room.now = voting()

    room.changed()

    assert room.page.get_by_role("button", name="Agree", exact=True).is_visible()


def test_what_is_being_written_survives_a_press_elsewhere(open_room: Callable[[RoomPage], Room]) -> None:
    room = open_room(replace(voting(), mine=(a_response_form(),)))
    room.page.fill("#mine textarea", "Half a thought")
    room.page.fill("#reply textarea", "Half a reply")
    room.next = refused()

    room.press("Pass")

    assert room.page.input_value("#mine textarea") == "Half a thought"
    assert room.page.input_value("#reply textarea") == "Half a reply"
    assert "You wrote this one yourself" in room.page.inner_text("#answer")
    assert room.page.get_by_role("button", name="Agree", exact=True).is_visible()


def test_our_answer_stays_when_somebody_else_does_something(open_room: Callable[[RoomPage], Room]) -> None:
    room = open_room(a_room())
    room.next = answered()
    room.press("Pass")
    room.now = voting()

    room.changed()

    assert "Thank you." in room.page.inner_text("#answer")


def test_the_focus_stays_on_a_button_that_stays(open_room: Callable[[RoomPage], Room]) -> None:
    room = open_room(voting())

    room.press("Disagree")
    assert room.focus() == "Disagree"

    room.now = closed()
    room.page.locator("#board").get_by_role("button", name="More").focus()
    room.changed()
    assert room.focus() == "More"


def test_the_focus_moves_to_what_only_you_see_when_its_button_is_gone(
    open_room: Callable[[RoomPage], Room],
) -> None:
    room = open_room(voting())
    room.next = replace(a_room(), answer=refused().answer)

    room.press("Agree")

    assert room.focus() == "mine-h"


def test_each_press_has_a_name_of_its_own_even_if_nothing_else_changed(
    open_room: Callable[[RoomPage], Room],
) -> None:
    room = open_room(a_room())
    room.next = replace(a_room(), name="Ada")  # its forms carry the same numbers again, from 1

    room.page.evaluate("document.querySelector('#board [name=event]').value = 'used'")
    room.press("Pass")
    room.press("Pass")

    assert "event=used" in room.presses[0]
    assert "event=used" not in room.presses[1]


def test_a_press_that_did_not_arrive_says_so_and_may_be_repeated(
    open_room: Callable[[RoomPage], Room],
) -> None:
    room = open_room(a_room())
    room.broken = True
    room.press("Pass")
    assert room.page.is_visible("#press-lost")

    room.broken = False
    room.next = answered()
    room.press("Pass")
    assert not room.page.is_visible("#press-lost")
    assert "Thank you." in room.page.inner_text("#answer")
