"""In front of every page: the right host, the right origin, no endless body, and our headers."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.web.limits import BODY_BYTES

SECURITY = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    # With no-referrer a browser sends `Origin: null` with every plain form, and we would refuse it.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class TooBig(Exception):
    """A body, or a form, of more than anybody types."""


class Guard:
    """In front of everything: the right host, the right origin, no endless body, our headers."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    *((key.encode(), value.encode()) for key, value in SECURITY.items()),
                ]
            await send(message)

        request = Request(scope)
        # Another site's name that leads to this machine must not be served (DNS rebinding).
        if request.url.hostname not in self._hosts:
            await PlainTextResponse("unknown host\n", status_code=421)(scope, receive, with_headers)
            return
        origin = request.headers.get("origin")
        if scope["method"] == "POST" and origin and _place(origin) != request.headers.get("host"):
            await PlainTextResponse("wrong origin\n", status_code=403)(scope, receive, with_headers)
            return
        length = request.headers.get("content-length", "0")
        if not length.isascii() or not length.isdecimal() or len(length) > 9 or int(length) > BODY_BYTES:
            await PlainTextResponse("too much\n", status_code=413)(scope, receive, with_headers)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > BODY_BYTES:
                raise TooBig
            return message

        await self._app(scope, counted, with_headers)


def _place(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
