"""From Slack to the app: envelopes over WebSockets or signed HTTP, acknowledged in time or sent again."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.slack.faults import Faults
from tests.slack.record import ACK_SECONDS, App, Clock, Json, Refused

SOCKETS = 10  # Using Socket Mode, "Using multiple connections"
# Slack's own words for each kind of envelope, and whether an answer may come with the acknowledgement.
_ANSWERED = {"slash_commands", "view_submission", "block_suggestion"}


class NotAcknowledged(Exception):
    """The app did not answer as it should. `reason` is Slack's word for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Delivered:
    """One event on its way: how often it was sent; seconds to its acknowledgement (None: never)."""

    event_id: str
    kind: str
    sent: int = 0
    took: float | None = None


@dataclass(frozen=True, slots=True)
class Slow:
    """An acknowledgement that Slack would not have waited for: of what, and after how many seconds."""

    kind: str
    took: float


@dataclass(eq=False)
class Delivery:
    """All that goes to one app."""

    app: App
    clock: Clock
    faults: Faults
    refused: list[Refused]
    session: aiohttp.ClientSession
    retries: tuple[float, ...]
    events: list[Delivered] = field(default_factory=list)
    slow: list[Slow] = field(default_factory=list)
    requests: list[tuple[str, bytes]] = field(default_factory=list)  # by HTTP: each kind and body, in order
    sockets: list[tuple[web.WebSocketResponse, web.Request]] = field(default_factory=list)
    _turn: int = 0
    _waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Json]]] = field(default_factory=dict)
    _sent: set[str] = field(default_factory=set)
    _held: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    # --- Sockets -----------------------------------------------------------------------------------

    async def connected(self, request: web.Request) -> web.WebSocketResponse:
        """Hold one WebSocket of the app, until either side ends it."""
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        if len(self.sockets) >= SOCKETS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            await socket.close()
            return socket
        self.sockets.append((socket, request))
        try:
            await socket.send_json(
                {
                    "type": "hello",
                    "num_connections": len(self.sockets),
                    "debug_info": {
                        "host": "applink-1",
                        "build_number": 1,
                        "approximate_connection_time": 18060,
                    },
                    "connection_info": {"app_id": self.app.id},
                }
            )
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            self._forget(socket)
        return socket

    def _forget(self, socket: web.WebSocketResponse) -> None:
        self.sockets = [each for each in self.sockets if each[0] is not socket]
        # Nobody acknowledges what was on its way there: why wait for the rest of the time?
        for where, waiting in self._waiting.values():
            if where is socket and not waiting.done():
                waiting.set_exception(TimeoutError())

    def _acknowledged(self, answer: Json) -> None:
        envelope = answer.get("envelope_id", "")
        if envelope not in self._sent:
            self.refused.append(Refused("acknowledgement", "unknown_envelope", (str(envelope),)))
        _, waiting = self._waiting.pop(envelope, (None, None))
        if waiting and not waiting.done():
            waiting.set_result(answer.get("payload") or {})

    async def disconnect(self, reason: str) -> None:
        """Tell every open socket to go: `warning`, `refresh_requested` or `link_disabled`."""
        leaving, self.sockets = self.sockets, []  # nothing more is sent to them
        for socket, _ in leaving:
            await socket.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}
            )
        if reason == "link_disabled":
            self.app.socket_mode = False
            for socket, _ in leaving:
                await socket.close()

    def drop(self, how_many: int = SOCKETS) -> None:
        """Break sockets without a word, the oldest first."""
        dropped, self.sockets = self.sockets[:how_many], self.sockets[how_many:]
        for _, request in dropped:
            if request.transport:
                request.transport.abort()

    # --- One delivery ------------------------------------------------------------------------------

    async def ask(self, kind: str, payload: Json) -> Json:
        """Deliver a press, a form or a command once, and wait for the answer. Raises NotAcknowledged."""
        started = self.clock()
        answer = await self._attempt(kind, payload, 0, "")
        took = self.clock() - started
        if took > ACK_SECONDS:
            self.slow.append(Slow(kind, took))
        if took > self.app.ack_within:
            raise NotAcknowledged("operation_timeout")
        accepts = kind in _ANSWERED or payload.get("type") in _ANSWERED
        if answer and not accepts:
            self.refused.append(Refused(kind, "no_answer_accepted", (json.dumps(answer)[:200],)))
        return answer

    async def _attempt(self, kind: str, payload: Json, attempt: int, reason: str) -> Json:
        if self.app.deliver == "http":
            return await self._post(kind, payload, attempt, reason)
        envelope = str(uuid.uuid4())
        accepts = kind in _ANSWERED or payload.get("type") in _ANSWERED
        body: Json = {
            "envelope_id": envelope, "payload": payload, "type": kind, "accepts_response_payload": accepts
        }  # fmt: skip
        if kind == "events_api":
            body |= {"retry_attempt": attempt, "retry_reason": reason}
        open_now = [each for each, _ in self.sockets if not each.closed]
        if not open_now:
            raise NotAcknowledged("dispatch_failed")
        self._turn += 1
        socket = open_now[self._turn % len(open_now)]
        self._sent.add(envelope)
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope] = socket, waiting
        try:
            await socket.send_json(body)
            return await asyncio.wait_for(waiting, self.app.ack_within)
        except (ConnectionError, RuntimeError):
            raise NotAcknowledged("dispatch_failed") from None
        except TimeoutError:
            raise NotAcknowledged("timeout" if kind == "events_api" else "operation_timeout") from None
        finally:
            self._waiting.pop(envelope, None)

    async def _post(self, kind: str, payload: Json, attempt: int, reason: str) -> Json:
        headers = {}
        if kind == "events_api":
            headers["Content-Type"] = "application/json"
            body = json.dumps(payload)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(payload if kind == "slash_commands" else {"payload": json.dumps(payload)})
        self.requests.append((headers["Content-Type"], body.encode()))
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        # Each delivery of an event comes in a second of its own, also by a clock that stands still.
        headers |= signed(self.app.signing_secret, body, int(self.clock()) + attempt)
        try:
            limit = aiohttp.ClientTimeout(total=self.app.ack_within)
            async with self.session.post(self.app.url, data=body, headers=headers, timeout=limit) as answer:
                text = await answer.text()
                if answer.status // 100 != 2:
                    if answer.headers.get("X-Slack-No-Retry") == "1":
                        raise NotAcknowledged("no_retry")
                    raise NotAcknowledged("http_error")
        except TimeoutError:
            raise NotAcknowledged("http_timeout" if kind == "events_api" else "operation_timeout") from None
        except aiohttp.ClientError:
            raise NotAcknowledged("connection_failed") from None
        found = json.loads(text) if text.startswith("{") else {"text": text} if text else {}
        return found if isinstance(found, dict) else {}

    # --- Events ------------------------------------------------------------------------------------

    def event(self, payload: Json) -> None:
        """Send an event on its way, and again until it is acknowledged or given up."""
        record = Delivered(payload["event_id"], payload["event"]["type"])
        self.events.append(record)
        self._start(lambda: self._deliver(record, payload, 0))
        if self.faults.twice:
            self._start(lambda: self._deliver(record, payload, 1))

    def _start(self, work: Callable[[], Awaitable[None]]) -> None:
        if not self.faults.reorder:
            self._task(work)
            return
        self._held.append(work)
        if len(self._held) >= self.faults.reorder:
            self._release()
        elif len(self._held) == 1:
            asyncio.get_running_loop().call_later(self.faults.hold, self._release)

    def _release(self) -> None:
        held, self._held = self._held, []
        self.faults.chance.shuffle(held)
        for work in held:
            self._task(work)

    def _task(self, work: Callable[[], Awaitable[None]]) -> None:
        async def run() -> None:
            await work()

        task = asyncio.get_running_loop().create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, record: Delivered, payload: Json, attempt: int) -> None:
        if self.faults.delay:
            await asyncio.sleep(self.faults.chance.uniform(0, self.faults.delay))
        started, reason = self.clock(), "timeout" if attempt else ""
        lost = self.faults.strikes(self.faults.lost_events) and not attempt
        for again in (None, *self.retries):
            if again is not None:
                await asyncio.sleep(again)
                attempt += 1
            broken = self.faults.strikes(self.faults.dropped_sockets)
            if broken:
                self.drop(1)
            record.sent += 1
            try:
                if lost:
                    lost = False
                    raise NotAcknowledged("timeout")
                await self._attempt("events_api", payload, attempt, reason)
                if broken and self.app.deliver == "http":  # it was taken, and nobody heard the answer
                    raise NotAcknowledged("connection_failed")
            except NotAcknowledged as error:
                reason = error.reason
                if reason == "no_retry":
                    return
            else:
                record.took = self.clock() - started if record.took is None else record.took
                return

    @property
    def busy(self) -> bool:
        """Whether an event is on its way."""
        return bool(self._tasks or self._held)

    async def settled(self) -> None:
        """Wait until every event is acknowledged or given up."""
        while self._tasks or self._held:
            if self._tasks:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(self.faults.hold)

    async def close(self) -> None:
        """Stop at once; what is on its way is lost."""
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for socket, _ in self.sockets:
            await socket.close()


def signed(secret: str, body: str, at: int) -> Mapping[str, str]:
    """The headers that prove a request comes from Slack (Verifying requests from Slack)."""
    base = f"v0:{at}:{body}".encode()
    signature = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": f"v0={signature}"}
