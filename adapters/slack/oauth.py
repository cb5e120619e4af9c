"""Add to Slack: two addresses that take somebody to Slack and back (ASGI)."""

from __future__ import annotations

import html
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from adapters.slack import manifest
from adapters.slack.http import Receive, Scope, Send, answer
from adapters.slack.installs import Installs, NotAdded
from adapters.slack.limits import QUERY_LENGTH, STATE_SECONDS
from adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH
from adapters.slack.workspace import Workspace
from bot.views.words import plain
from storage import inbound
from storage.database import Database
from storage.keys import Keyring

HTML = "text/html;charset=utf-8"

log = structlog.get_logger()


class AddToSlack:
    """`added` is told of each workspace that added us."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        installs: Installs,
        clock: Callable[[], datetime],
        added: Callable[[Workspace], Awaitable[None]],
        *,
        client_id: str,
        public_url: str,
        api_url: str,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._installs = installs
        self._clock = clock
        self._added = added
        self._client_id = client_id
        self._redirect = f"{public_url}{REDIRECT_PATH}"
        self._authorize = f"{api_url.rstrip('/').removesuffix('/api')}/oauth/v2/authorize"
        secure = urlsplit(public_url).scheme == "https"
        self._cookie = "__Host-shoes-slack" if secure else "shoes-slack"
        self._flags = "; Secure" if secure else ""

    async def install(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Send somebody to Slack, with a state that is theirs (ASGI)."""
        if scope["method"] != "GET":
            await answer(send, 405, b"")
            return
        browser = self._browser(scope) or secrets.token_urlsafe(18)
        asked = {
            "client_id": self._client_id,
            "scope": ",".join(manifest.SCOPES),
            "redirect_uri": self._redirect,
            "state": self._state(browser),
        }
        cookie = (
            f"{self._cookie}={browser}; Path=/; HttpOnly; SameSite=Lax; Max-Age={STATE_SECONDS}{self._flags}"
        )
        await send(
            {
                "type": "http.response.start",
                "status": 302,
                "headers": [
                    (b"location", f"{self._authorize}?{urlencode(asked)}".encode()),
                    (b"set-cookie", cookie.encode()),
                    (b"content-length", b"0"),
                    *PRIVATE,
                ],
            }
        )
        await send({"type": "http.response.body", "body": b""})

    async def redirected(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Somebody comes back from Slack (ASGI)."""
        if scope["method"] != "GET":
            await answer(send, 405, b"")
            return
        asked = _query(scope)
        if not await self._is_ours(asked.get("state", ""), self._browser(scope)):
            await _page(send, 400, plain("slack-stale-title"), plain("slack-stale"))
            return
        if "code" not in asked:  # they thought better of it
            await _page(send, 200, plain("slack-declined-title"), plain("slack-declined"))
            return
        try:
            workspace = await self._installs.add(asked["code"], self._redirect)
            await self._added(workspace)
        except NotAdded as refused:
            log.warning("Slack did not let somebody add us", error=str(refused))
            await _page(send, 400, plain("slack-refused-title"), plain("slack-refused"))
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("Slack could not be reached to be added", error=type(error).__name__)
            await _page(send, 503, plain("slack-refused-title"), plain("slack-refused"))
        else:
            await _page(send, 200, plain("slack-added-title"), plain("slack-added"), again=False)

    # --- a state: good once, for ten minutes, for one browser ------------------------------

    def _state(self, browser: str) -> str:
        until = int(self._clock().timestamp()) + STATE_SECONDS
        said = f"{until}.{secrets.token_urlsafe(18)}"
        return f"{said}.{self._keyring.sign(_signed(said, browser))}"

    async def _is_ours(self, state: str, browser: str) -> bool:
        said, _, signature = state.rpartition(".")
        if not browser or not self._keyring.signed(_signed(said, browser), signature):
            return False
        now = self._clock()
        if int(said.partition(".")[0]) <= now.timestamp():
            return False
        # Nothing is stored until somebody is back, so nobody can fill the file by asking.
        event = f"slack:state:{said}"
        return await self._database.write(lambda tx: inbound.first_time(tx, self._keyring, event, now.date()))

    def _browser(self, scope: Scope) -> str:
        sent = b"; ".join(value for key, value in scope["headers"] if key == b"cookie").decode("latin-1")
        try:
            found = SimpleCookie(sent).get(self._cookie)
        except CookieError:
            return ""
        known = found.value if found is not None else ""
        return known if known.isascii() and known.replace("-", "").replace("_", "").isalnum() else ""


PRIVATE = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
)


def _signed(said: str, browser: str) -> str:
    return f"slack state:{said}:{browser}"


def _query(scope: Scope) -> Mapping[str, str]:
    raw: bytes = scope["query_string"]
    if len(raw) > QUERY_LENGTH:
        return {}
    return dict(parse_qsl(raw.decode("latin-1"), errors="replace"))


async def _page(send: Send, status: int, title: str, words: str, *, again: bool = True) -> None:
    """A few words, and a way on."""
    link = f'<p><a href="{INSTALL_PATH}">{html.escape(plain("slack-again"))}</a></p>' if again else ""
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><h1>{html.escape(title)}</h1>'
        f"<p>{html.escape(words)}</p>{link}</html>"
    ).encode()
    headers = [(b"content-type", HTML.encode()), (b"content-length", str(len(page)).encode()), *PRIVATE]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": page})
