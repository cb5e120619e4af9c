"""Players without a script: pages are fetched, their forms read, and buttons pressed as a browser does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection

import httpx

from tests.crash.world import wait_for
from tests.patience import PATIENCE

TIMEOUT = httpx.Timeout(PATIENCE)
CARD = {"deck": "dementia", "card": "dementia-cooker-gone"}  # one that asks for a stance
LIVE = {"respond": "120", "vote": "60", "fair": "off"}  # so that no night and no weekend changes the story
ONE_REQUEST_EACH = httpx.Limits(max_keepalive_connections=0)  # a kill must not leave a dead one behind


@dataclass
class HtmlForm:
    """One form of a page: where it goes, what it holds, and the actions of its buttons."""

    to: str
    values: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """The forms of a page, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.forms: list[HtmlForm] = []
        self._open: HtmlForm | None = None
        self._list = self._area = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = HtmlForm(given.get("action", ""))
            self.forms.append(self._open)
        if self._open is None:
            return
        name = given.get("name", "")
        if tag == "input" and (given.get("type") != "radio" or "checked" in given):
            self._open.values[name] = given.get("value", "")
        elif tag == "textarea":
            self._area = name
            self._open.values[name] = ""
        elif tag == "select":
            self._list = name
        elif tag == "option" and ("selected" in given or self._list not in self._open.values):
            self._open.values[self._list] = given.get("value", "")
        elif tag == "button" and name == "action":
            self._open.buttons.append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        if self._area and self._open is not None:
            self._open.values[self._area] += data.removeprefix("\n")

    def find(self, action: str, fields: Mapping[str, str] | None = None) -> dict[str, str] | None:
        """What a browser sends for the first button or form whose action begins so; None without one.

        With `fields` it is a form, and these are typed into it.
        """
        for form in self.forms:
            if fields is not None and form.values.get("action", "").startswith(action):
                return {**form.values, **fields}
            for button in form.buttons if fields is None else ():
                if button.startswith(action):
                    return {**form.values, "action": button}
        return None

    def press(self, action: str, fields: Mapping[str, str] | None = None) -> dict[str, str]:
        """The same, where it must be."""
        found = self.find(action, fields)
        assert found is not None, f"nothing to press that begins with {action!r}\n{self.html}"
        return found


class Player:
    """One browser, with its cookie, in one room."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=TIMEOUT, limits=ONE_REQUEST_EACH)
        self.room = ""

    @property
    def headers(self) -> dict[str, str]:
        """What this browser sends with each request."""
        return {"cookie": "; ".join(f"{name}={value}" for name, value in self._client.cookies.items())}

    def close(self) -> None:
        """Close the browser."""
        self._client.close()

    def get(self, path: str) -> Page:
        """A page that must be there."""
        answer = self._client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return Page(answer.text)

    def page(self) -> Page:
        """The room."""
        return self.get(self.room)

    def page_with(self, action: str, fields: Mapping[str, str] | None = None) -> dict[str, str]:
        """What to press in the room, once its page has it: what a press causes may take a moment."""
        found: dict[str, str] | None = None

        def there() -> bool:
            nonlocal found
            found = self.page().find(action, fields)
            return found is not None

        wait_for(there, f"something to press that begins with {action!r}")
        assert found is not None
        return found

    def post(self, path: str, fields: Mapping[str, str]) -> str:
        """Send a form; where it leads. Once this returns, it is acknowledged."""
        answer = self._client.post(path, data=dict(fields))
        assert answer.status_code == 303, (fields, answer.status_code, answer.text)
        return answer.headers["location"]

    def press(self, fields: Mapping[str, str]) -> None:
        """Press a button, or send a form of the room."""
        assert self.post("/press", fields).startswith(self.room)

    def begin(self, fields: Mapping[str, str]) -> Callable[[], int]:
        """Send a press and come back at once. What is returned waits for the answer's status."""
        connection = HTTPConnection(self._client.base_url.host, self._client.base_url.port or 80)
        request = self._client.build_request("POST", "/press", data=dict(fields))
        connection.request("POST", "/press", request.content, dict(request.headers))

        def answered() -> int:
            with closing(connection), connection.getresponse() as answer:
                return answer.status

        return answered

    def practise(self) -> None:
        """Sit down in the practice room."""
        form = next(each.values for each in self.get("/practice").forms)
        self.room = self.post("/practice", form)

    def start_room(self, title: str, name: str) -> None:
        """Open a room of one's own."""
        form = self.get("/").press("start", {"title": title, "name": name})
        self.room = self.post("/rooms", form)

    def deal(self, **wish: str) -> None:
        """Deal the card that asks for a stance; `wish` says how: policy, respond, vote."""
        self.press(self.page_with("preview", {**CARD, **LIVE, **wish}))
        self.press(self.page_with("deal."))

    def invitation(self) -> str:
        """The path of the link that invites others."""
        start = self.page().html.partition('id="invite-link"')[2].partition('value="')[2]
        return "/join/" + start.partition('"')[0].partition("/join/")[2]

    def join(self, invitation: str, name: str) -> None:
        """Come into somebody's room."""
        form = self.get(invitation).press("join", {"name": name})
        self.room = self.post(invitation, form)

    @contextmanager
    def listening(self) -> Iterator[Iterator[str]]:
        """The lines of the room's event stream; the first event has come."""
        with self._client.stream("GET", f"{self.room}/events") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "event: changed"
            yield lines
