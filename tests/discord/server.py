"""The Discord test server: real REST and gateway on this machine, for the real discord.py."""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Mapping
from typing import Any, Self

from aiohttp import web

from tests.discord import components, payloads, published, routes
from tests.discord.components import Problem
from tests.discord.faults import Faults, Limiter
from tests.discord.gateway import Delivered, Gateway
from tests.discord.people import Person
from tests.discord.record import (
    ANSWER_SECONDS,
    EVERYONE,
    App,
    Call,
    Can,
    Channel,
    Clock,
    Guild,
    Json,
    Member,
    Post,
    Refused,
    Role,
    Slow,
    User,
    World,
)
from tests.discord.routes import Asked, Refusal, Route
from tests.stand_in import StandIn, lose, wall_clock

_BOT = (
    EVERYONE & ~Can.MENTION_EVERYONE
)  # what an invitation of the bot asks for, unless a test says otherwise


class DiscordServer(StandIn):
    """Discord, as the app under test sees it. Use it as an async context manager.

    `clock` gives seconds since 1970; limits and the life of tokens go by it. `answer_within` is how long
    the first answer to an interaction may take: by the clock, and in real seconds for one that never
    comes. `heartbeat` is in real seconds.
    """

    def __init__(
        self,
        *,
        clock: Clock = wall_clock,
        answer_within: float = ANSWER_SECONDS,
        heartbeat: float = 41.25,
        faults: Faults | None = None,
        message_content: bool = True,
    ) -> None:
        super().__init__(26_000_000)
        self.clock = clock
        self.faults = faults or Faults()
        self.calls: list[Call] = []
        self.faults_of_ours: list[Refused] = []
        self.limiter = Limiter(clock, self.faults)
        bot = User("100000000000000001", "in my shoes", "In My Shoes", bot=True)
        token = f"MTAw.{secrets.token_urlsafe(6)}.{secrets.token_urlsafe(27)}"
        self.app = App("100000000000000001", "In My Shoes", token, bot, message_content)
        self.world = World(clock, self.app, self._emit, self._wake, self._gateway_bot, self._born)
        self.world.answer_within = answer_within
        self.world.users[bot.id] = bot
        self.gateway = Gateway(
            self.world, self.faults, self.faults_of_ours, lambda: self.gateway_url, heartbeat
        )
        self._broken: list[Exception] = []  # bugs of this server, raised when it closes

    async def __aenter__(self) -> Self:
        self.web.router.add_route("*", "/api/v10/{path:.*}", self._api)
        self.web.router.add_get("/gateway/", self.gateway.connected)
        await self._listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.gateway.end()
        await self._runner.cleanup()
        if self._broken:
            raise self._broken[0]

    # --- What a test sets up -----------------------------------------------------------------------

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.app.token

    @property
    def api_url(self) -> str:
        """The base of the calls, for `discord.http.Route.BASE`."""
        return f"{self.base_url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """The gateway, for `discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY`."""
        return f"ws://{self._address}/gateway/"

    def guild(
        self,
        id: str,
        name: str = "North",
        *,
        permissions: int = _BOT,
        everyone: int = EVERYONE,
        locale: str = "en-GB",
    ) -> Guild:
        """A new guild with the bot in it. `permissions`: the bot's own role; `everyone`: what all may do.

        Make it before the bot connects; a bot that is connected already hears of it by `changes.invite`.
        """
        made = Guild(id, name, self.world, locale)
        made.roles[id] = Role(id, "@everyone", int(everyone))
        self.world.guilds[id] = made
        bot = Member(self.app.bot)
        made.members[self.app.bot.id] = bot
        bot.roles.append(made.role("In My Shoes", int(permissions)).id)
        if everyone == EVERYONE and not permissions & Can.MENTION_EVERYONE:
            made.roles[id].permissions = int(everyone & ~Can.MENTION_EVERYONE)
        return made

    def person(self, guild: Guild, id: str, name: str = "", **facts: Any) -> Person:
        """Somebody of a guild, to act as them; new there if need be (facts as for `Guild.member`)."""
        if id not in guild.members:
            guild.member(id, name, **facts)
        return Person(self.world, guild, guild.members[id], self.gateway)

    @property
    def posts(self) -> list[Post]:
        """Every message of the bot's that all could see, in every channel, in the order they were made."""
        found = [
            post
            for channel in self.world.channels.values()
            for post in channel.every
            if post.author is self.app.bot and not post.only_for
        ]
        return sorted(found, key=lambda each: int(each.id))

    @property
    def events(self) -> list[Delivered]:
        """The events sent to the app, in order."""
        return self.gateway.events

    @property
    def slow(self) -> list[Slow]:
        """The first answers that took longer than Discord waits, whatever this server waits for."""
        return self.world.slow

    @property
    def invalid_requests(self) -> int:
        """How many answers of 401, 403 and 429 the app got in the last ten minutes."""
        return self.limiter.invalid_requests

    # --- Waiting, without fixed times ----------------------------------------------------------------

    async def ready(self, sessions: int = 1) -> None:
        """Wait until the app is connected."""
        await self.until(lambda: len(self.gateway.open) >= sessions)

    def _born(self, channel: Channel) -> None:
        self._emit("CHANNEL_CREATE", payloads.channel(channel), channel.guild, None)

    def _gateway_bot(self) -> Json:
        left = max(0, self.gateway.budget - len(self.gateway.recent_identifies))
        limit = {
            "total": self.gateway.budget, "remaining": left, "reset_after": 86_400_000, "max_concurrency": 1
        }  # fmt: skip
        return {"url": self.gateway_url, "shards": 1, "session_start_limit": limit}

    def _emit(self, name: str, data: Json, guild: Guild | None, post: Post | None) -> None:
        self.gateway.emit(name, data, guild, post)

    # --- Calls ---------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.rel_url.raw_path.split("/api/v10/", 1)[1]
        query = dict(request.query)
        found = routes.find(request.method, path)
        body, files, unreadable = await _read(request)
        name = found[0].name if found else "unknown"
        answer: Any
        if self.faults.rate_limits and self.limiter.invalid_requests >= self.faults.invalid_limit:
            self._note(name, request, path, query, body, "banned", 429)
            return web.Response(status=429, text="error code: 1015", content_type="text/plain")
        spared = name in self.faults.spared
        if not spared and self.faults.strikes(self.faults.broken):
            answer = {"message": "500: Internal Server Error", "code": 0}
            self._note(name, request, path, query, body, answer, 500)
            return _json(answer, 500)
        limited, headers = self._limited(found, spared)
        if limited is not None:
            self._note(name, request, path, query, body, limited, 429)
            return _json(limited, 429, headers)
        try:
            if found is None:
                raise Refusal(404, 0, "404: Not Found", ours=f"{request.method} {path} is not built here")
            status = 200
            answer = self._do(request, found, query, body, files, unreadable)
        except Refusal as refusal:
            answer, status = refusal.body, refusal.status
            if refusal.why:
                self.faults_of_ours.append(Refused(name, refusal.code, refusal.why))
        except Exception as error:
            self._broken.append(error)
            raise
        if answer is None:
            status = 204
        elif status == 200 and name == "create_thread_from_message":
            status = 201
        self._note(name, request, path, query, body, answer, status)
        if not spared and status < 300 and self.faults.strikes(self.faults.lost_replies):
            if name == "create_interaction_response" and found:
                self.world.interactions[found[1]["interaction_id"]].excused = True
            return lose(request)
        return _json(answer, status, headers)

    def _do(
        self,
        request: web.Request,
        found: tuple[Route, dict[str, str]],
        query: Mapping[str, str],
        body: Any,
        files: Mapping[str, int],
        unreadable: str,
    ) -> Any:
        route, path = found
        if not route.open and request.headers.get("Authorization") != f"Bot {self.app.token}":
            raise Refusal(401, 0, "401: Unauthorized", ours="no token, or not the right one")
        if unreadable:
            raise Refusal(400, 50109, "The request body contains invalid JSON.", ours=unreadable)
        needs_body = request.method in {"POST", "PATCH"} or route.name.startswith("bulk_set")
        if needs_body and body is None and route.name != "trigger_typing_indicator":
            raise Refusal(400, 50109, "The request body contains invalid JSON.", ours="no body")
        problems = published.problems(route.name, body, query)
        if route.name == "create_interaction_response" and isinstance(body, dict) and not body.get("data"):
            problems = [each for each in problems if each.path]  # deferrals need no data
        shape = list if route.name.startswith("bulk_set") else dict
        if needs_body and body is not None and not isinstance(body, shape):
            problems.append(Problem((), "BASE_TYPE_BAD", f"Expected {shape.__name__}"))
        if "nonce" in (body or {}) and len(str(body["nonce"])) > 25:
            problems.append(Problem(("nonce",), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length."))
        if problems:
            raise routes.invalid(*self._plainer(problems, body))
        answer = route.do(Asked(self.world, path, query, body, files))
        if isinstance(body, dict):
            careless = components.careless(body.get("data") or body)
            if careless:
                self.faults_of_ours.append(Refused(route.name, 0, tuple(careless)))
        return answer

    def _plainer(self, problems: list[Problem], body: Any) -> list[Problem]:
        """Our own words for what is wrong with a message, where we have them: the schema's say little."""
        if not isinstance(body, dict):
            return problems
        inner = body.get("data") if isinstance(body.get("data"), dict) else body
        assert isinstance(inner, dict)
        try:
            own = components.modal(inner) if "title" in inner else components.message(inner)
        except (TypeError, AttributeError, KeyError):
            own = []
        return [*own, *problems]

    def _limited(
        self, found: tuple[Route, dict[str, str]] | None, spared: bool
    ) -> tuple[Json | None, dict[str, str]]:
        """The answer to a call that comes too soon (None if it may be done), and the headers of all."""
        told: Json = {"message": "You are being rate limited.", "global": False}
        if not spared and self.faults.strikes(self.faults.too_many):
            scope, wait = self.faults.scope, self.faults.retry_after
            return {**told, "retry_after": wait, "global": scope == "global"}, _too_many(wait, scope)
        if found is None or found[0].name == "create_interaction_response":
            return None, {}  # Receiving and Responding: not bound to the limits
        route, path = found
        if self.faults.rate_limits:
            wait = _up(self.limiter.too_fast("address" if route.open else "bot"))
            if wait:
                return {**told, "retry_after": wait, "global": True}, _too_many(wait, "global")
        room = self.limiter.room(route.name, _major(path))
        if room.wait:
            wait = _up(room.wait)
            return {**told, "retry_after": wait}, {**room.headers, **_too_many(wait, "user")}
        return None, room.headers

    def _note(
        self,
        name: str,
        request: web.Request,
        path: str,
        query: Mapping[str, str],
        body: Any,
        answer: Any,
        status: int,
    ) -> None:
        if status in {401, 403, 429}:
            self.limiter.invalid()
        self.calls.append(Call(name, request.method, path, query, body, self.clock(), answer, status))
        self._wake()


def _major(path: Mapping[str, str]) -> str:
    """What a bucket is kept apart by (Rate Limits, "top-level resources")."""
    return "+".join(
        path[name] for name in ("channel_id", "guild_id", "webhook_id", "webhook_token") if name in path
    )


def _up(seconds: float) -> float:
    """Seconds with three digits, never too few."""
    return math.ceil(seconds * 1000) / 1000


def _too_many(wait: float, scope: str) -> dict[str, str]:
    found = {"Retry-After": str(math.ceil(wait)), "X-RateLimit-Scope": scope, "Via": "1.1 google"}
    return found | ({"X-RateLimit-Global": "true"} if scope == "global" else {})


def _json(answer: Any, status: int, headers: Mapping[str, str] | None = None) -> web.Response:
    if answer is None:
        return web.Response(status=status, headers=headers)
    # Exactly so: clients compare the header as a whole, and a charset would make it text to them.
    return web.Response(
        status=status,
        body=json.dumps(answer).encode(),
        headers={**(headers or {}), "Content-Type": "application/json"},
    )


async def _read(request: web.Request) -> tuple[Any, dict[str, int], str]:
    """The body of a call, the sizes of its files, and why it cannot be read if it cannot."""
    files: dict[str, int] = {}
    kind = request.content_type
    if kind == "multipart/form-data":
        form = await request.post()
        for value in form.values():
            if isinstance(value, web.FileField):
                files[value.filename] = len(value.file.read())
        raw = str(form.get("payload_json", ""))
    else:
        raw = await request.text()
    if not raw:
        return None, files, ""
    if kind not in {"multipart/form-data", "application/json"}:
        return None, files, f"Content-Type: {kind}"
    try:
        return json.loads(raw), files, ""
    except ValueError:
        return None, files, "no JSON"
