"""Slack calls us: one address for everything that is pressed, typed and said (ASGI)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, TypeAlias

import structlog
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.guard import Guard, Headers, Refused, is_slacks, read
from adapters.slack.limits import BODY_BYTES, BODY_SECONDS, TELL_AGAIN_SECONDS

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = structlog.get_logger()


class Endpoint:
    """Takes what Slack sends, and answers when it is durable. `take` hands it to the listeners."""

    def __init__(self, guard: Guard, take: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> None:
        self._guard = guard
        self._take = take
        self._tells_again_at = 0.0  # by the event loop's clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        try:
            if scope["method"] != "POST":
                raise Refused(405, "method")
            headers: Headers = scope["headers"]
            stamp, signature = self._guard.announced(headers)
            body = await _body(receive)
            self._guard.take(stamp, signature, body)
        except Refused as refused:
            self._tell(refused)
            await answer(send, refused.status, b"")
            return
        status = 500
        try:
            status, said, kind = await self._answered(headers, body)
        finally:
            if status >= 500:  # also where the program stops in the middle of it
                self._guard.give_back(signature)
        await answer(send, status, said, kind)

    async def _answered(self, headers: Headers, body: bytes) -> tuple[int, bytes, str]:
        try:
            payload = read(headers, body)
            if payload.get("type") == "url_verification":
                return 200, str(payload.get("challenge", "")).encode(errors="replace"), TEXT
            if "ssl_check" in payload:
                return 200, b"", TEXT
            request = _request(payload)
        except Refused as refused:
            self._tell(refused)
            return refused.status, b"", TEXT
        response = await self._take(request)
        if response.status >= 500:
            return 503, b"", TEXT  # a listener failed, and has said so in the log: Slack may send it again
        return 200, (response.body or "").encode(), response.headers.get("content-type", [TEXT])[0]

    def _tell(self, refused: Refused) -> None:
        """A word in the log, for whoever has set the wrong secret; not for each of a thousand requests."""
        now = asyncio.get_running_loop().time()
        if now >= self._tells_again_at:
            self._tells_again_at = now + TELL_AGAIN_SECONDS
            log.warning("refused what did not come from Slack as it should", error=refused.why)


TEXT = "text/plain;charset=utf-8"


def _request(payload: Mapping[str, Any]) -> AsyncBoltRequest:
    """For Bolt: as if it had come by Socket Mode, where it is parsed already. Raises Refused."""
    try:
        if not is_slacks(payload):
            raise ValueError("not of Slack's shape")
        return AsyncBoltRequest(body=dict(payload), mode="socket_mode")
    except Exception:  # Bolt looks into it for ids, and trusts that it has Slack's shape
        raise Refused(400, "shape") from None


async def _body(receive: Receive) -> bytes:
    """All of a body, unless it is more than anybody may send. Raises Refused."""
    pieces: list[bytes] = []
    length = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise Refused(400, "cut off")
                pieces.append(message.get("body", b""))
                length += len(pieces[-1])
                if length > BODY_BYTES:
                    raise Refused(413, "size")
                if not message.get("more_body", False):
                    return b"".join(pieces)
    except TimeoutError:
        raise Refused(400, "slow") from None


async def answer(send: Send, status: int, body: bytes, kind: str = TEXT) -> None:
    """Answer in one piece."""
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
