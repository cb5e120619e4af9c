"""The Slack test server: real HTTP and WebSocket on this machine, for the real slack_sdk and slack_bolt."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.slack import changes, methods
from tests.slack.delivery import Delivered, Delivery, Slow
from tests.slack.faults import Faults, Limiter
from tests.slack.methods import METHODS, Refusal
from tests.slack.oauth import OAuth, client_of
from tests.slack.people import Person
from tests.slack.record import ACK_SECONDS, SCOPES, App, Call, Clock, Json, Refused, User, Workspace
from tests.stand_in import StandIn, lose, wall_clock

_TICKET_SECONDS = 30.0


class SlackServer(StandIn):
    """Slack, as the app under test sees it. Use it as an async context manager.

    `clock` gives seconds since 1970. `ack_within` is how long an app may take: by the clock, and in real
    seconds for one that never acknowledges. `retries` are the waits before an event is sent again
    (Slack: at once, after a minute, after five).
    """

    def __init__(
        self,
        *,
        clock: Clock = wall_clock,
        ack_within: float = ACK_SECONDS,
        retries: tuple[float, ...] = (0.0, 60.0, 300.0),
        faults: Faults | None = None,
    ) -> None:
        super().__init__(2_000_000)
        self.clock = clock
        self.faults = faults or Faults()
        self.calls: list[Call] = []
        self.faults_of_ours: list[Refused] = []
        self.workspaces: dict[str, Workspace] = {}
        self._ack_within, self._retries = ack_within, retries
        self.oauth = OAuth(clock)
        self._limiter = Limiter(clock)
        self._deliveries: dict[str, Delivery] = {}
        self._tickets: dict[str, tuple[App, float]] = {}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        self.web.router.add_route("*", "/api/{method}", self._api)
        self.web.router.add_get("/link/", self._link)
        for kind in ("commands", "actions"):
            self.web.router.add_post(f"/{kind}/{{rest:.+}}", self._response_url)
        await self._listen()
        self.app = self.new_app("A1")
        return self

    async def __aexit__(self, *_: object) -> None:
        for delivery in self._deliveries.values():
            await delivery.close()
        await self._session.close()
        await self._runner.cleanup()

    # --- What a test sets up -----------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        """The base of the Web API, as the SDK's `base_url` wants it."""
        return f"{self.base_url}/api/"

    def new_app(self, id: str, *, deliver: str = "socket", url: str = "") -> App:
        """Another app. `self.app` is the one that workspaces have unless told otherwise."""
        app = App(id, f"xapp-1-{id}-{secrets.token_hex(8)}", secrets.token_hex(16), deliver, url)
        app.ack_within = self._ack_within
        app.client_id, app.client_secret = f"1.{id}", secrets.token_hex(16)
        self._deliveries[id] = Delivery(
            app, self.clock, self.faults, self.faults_of_ours, self._session, self._retries
        )
        return app

    def workspace(
        self, id: str = "T1", name: str = "North", *, scopes: tuple[str, ...] = SCOPES, app: App | None = None
    ) -> Workspace:
        """A new workspace with the app and its bot in it. Its other ids are free, even those of another's."""
        bot = User("UBOT", "inmyshoes", "In My Shoes", is_bot=True)
        token = f"xoxb-{id}-{secrets.token_hex(8)}"
        made = Workspace(
            id, name, app or self.app, self.clock, self._emit, self._wake, token,
            bot, "BBOT", set(scopes), self.base_url,
        )  # fmt: skip
        made.users[bot.id] = bot
        self.workspaces[id] = made
        return made

    def person(self, workspace: Workspace, id: str) -> Person:
        """Somebody of a workspace, to act as them."""
        return Person(workspace, workspace.users[id], self._deliveries[workspace.app.id])

    def delivery(self, app: App | None = None) -> Delivery:
        """What goes to an app: its sockets, and the events on their way."""
        return self._deliveries[(app or self.app).id]

    @property
    def events(self) -> list[Delivered]:
        """The events sent to the first app, in order."""
        return self.delivery().events

    @property
    def requests(self) -> list[tuple[str, bytes]]:
        """What was sent to the first app by HTTP: each kind and body, in order."""
        return self.delivery().requests

    @property
    def slow(self) -> list[Slow]:
        """The acknowledgements that took longer than Slack waits, whatever this server waits for."""
        return [slow for delivery in self._deliveries.values() for slow in delivery.slow]

    # --- Waiting, without fixed times ----------------------------------------------------------------

    async def settled(self) -> None:
        """Wait until every event is acknowledged or given up."""
        for delivery in self._deliveries.values():
            await delivery.settled()

    def _emit(self, workspace: Workspace, payload: Json) -> None:
        self._deliveries[workspace.app.id].event(payload)

    # --- Web API -------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        args = await _read(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(args.get("token", ""))
        args.pop("token", None)
        workspace = self._whose(token)
        app = next((each.app for each in self._deliveries.values() if each.app.app_token == token), None)
        where = workspace.id if workspace else ""
        spared = name in self.faults.spared
        if not spared and self.faults.strikes(self.faults.broken):
            self._note(where, name, args, {"ok": False, "error": "internal_error"}, 500)
            return web.Response(
                status=500, text="<html>Something went wrong</html>", content_type="text/html"
            )
        wait = self._wait(workspace, name, args)
        if wait:
            limited = {"ok": False, "error": "ratelimited"}
            self._note(where, name, args, limited, 429)
            return web.json_response(limited, status=429, headers={"Retry-After": str(wait)})
        try:
            self.oauth.whose(token)  # it may have expired
            if name == "oauth.v2.access":
                answer = self.oauth.access(self._asking(request, args), args)
            else:
                answer = self._do(name, args, workspace, app, token)
        except Refusal as refusal:
            answer = {"ok": False, "error": refusal.error, **refusal.more}
            if refusal.why:
                self.faults_of_ours.append(Refused(name, refusal.error, refusal.why))
        self._note(where, name, args, answer, 200)
        if not spared and self.faults.strikes(self.faults.lost_replies):
            return lose(request)
        headers = {"X-OAuth-Scopes": ",".join(sorted(workspace.scopes))} if workspace else {}
        return web.json_response(answer, headers=headers)

    def _whose(self, token: str) -> Workspace | None:
        """The workspace of a token, also of one that has expired."""
        issued = self.oauth.tokens.get(token)
        if issued is not None:
            return issued[0]
        return next((each for each in self.workspaces.values() if each.token == token), None)

    def _asking(self, request: web.Request, args: Json) -> App | None:
        id, secret = client_of(request.headers.get("Authorization", ""), args)
        apps = (each.app for each in self._deliveries.values())
        return next((each for each in apps if (each.client_id, each.client_secret) == (id, secret)), None)

    def _do(self, name: str, args: Json, workspace: Workspace | None, app: App | None, token: str) -> Json:
        if name == "apps.connections.open":
            if app is None:
                raise Refusal("not_allowed_token_type" if workspace else "invalid_auth", "an app-level token")
            if not app.socket_mode or app.deliver != "socket":
                raise Refusal("socket_mode_not_enabled")
            ticket = secrets.token_urlsafe(24)
            self._tickets[ticket] = (app, self.clock())
            return {"ok": True, "url": f"ws://{self._address}/link/?ticket={ticket}&app_id={app.id}"}
        if name not in METHODS:
            raise Refusal("unknown_method", f"{name} is not built here", req_method=name)
        if workspace is None:
            if app is not None:
                raise Refusal("not_allowed_token_type", "a bot token")
            raise Refusal("invalid_auth" if token else "not_authed", "a token of a workspace")
        return methods.call(workspace, name, args)

    def _wait(self, workspace: Workspace | None, name: str, args: Json) -> float:
        if name not in self.faults.spared and self.faults.strikes(self.faults.too_many):
            return self.faults.retry_after
        if self.faults.rate_limits and workspace and name in METHODS:
            tier, distributed = METHODS[name].tier, self.faults.distributed
            return self._limiter.wait(workspace.id, name, tier, args, distributed=distributed)
        return 0

    def _note(self, workspace: str, method: str, args: Json, answer: Json, status: int) -> None:
        self.calls.append(Call(workspace, method, args, self.clock(), answer, status))
        self._wake()

    # --- Socket Mode -----------------------------------------------------------------------------------

    async def _link(self, request: web.Request) -> web.StreamResponse:
        found = self._tickets.pop(request.query.get("ticket", ""), None)
        if found is None or self.clock() - found[1] > _TICKET_SECONDS:
            return web.Response(status=403, text="a ticket opens one socket, at once")
        return await self._deliveries[found[0].id].connected(request)

    # --- response_url ------------------------------------------------------------------------------------

    async def _response_url(self, request: web.Request) -> web.StreamResponse:
        args = await _read(request)
        workspace = next(
            (each for each in self.workspaces.values() if request.path in each.response_urls), None
        )
        where = workspace.id if workspace else ""
        if self.faults.strikes(self.faults.too_many):
            self._note(where, "response_url", args, {"ok": False, "error": "ratelimited"}, 429)
            return web.Response(
                status=429, text="rate_limited", headers={"Retry-After": str(self.faults.retry_after)}
            )
        try:
            if workspace is None:
                raise Refusal("no_such_url", request.path)
            self._respond(workspace, request.path, args)
        except Refusal as refusal:
            if refusal.why:
                self.faults_of_ours.append(Refused("response_url", refusal.error, refusal.why))
            answer = {"ok": False, "error": refusal.error}
            status = 404 if refusal.error in {"used_url", "expired_url", "no_such_url"} else 400
            self._note(where, "response_url", args, answer, status)
            return web.json_response(answer, status=status)
        self._note(where, "response_url", args, {"ok": True}, 200)
        if self.faults.strikes(self.faults.lost_replies):
            return lose(request)
        return web.Response(text="ok")

    def _respond(self, workspace: Workspace, path: str, args: Json) -> None:
        """Do what was posted to a response_url (Handling user interaction, "response_url")."""
        link = workspace.response_urls[path]
        if workspace.clock() - link.at > changes.RESPONSE_SECONDS:
            raise Refusal("expired_url")
        if link.used >= changes.RESPONSE_USES:
            raise Refusal("used_url")
        unknown = set(args) - _RESPONSE
        if unknown:
            raise Refusal("invalid_arguments", *(f"unknown: {name}" for name in sorted(unknown)))
        original = link.original
        if args.get("delete_original"):
            link.used += 1
            if original and not original.gone:
                changes.delete(workspace, original)
            return
        text, blocks = methods.content(workspace, args, longest=methods.TEXT_POSTED)
        link.used += 1
        if args.get("replace_original") and original:
            if not original.gone:  # what nobody sees any more is changed for nobody
                changes.edit(workspace, original, workspace.bot.id, text, blocks)
            return
        kind = args.get("response_type", "ephemeral")
        if kind not in {"ephemeral", "in_channel"}:
            raise Refusal("invalid_arguments", f"response_type is {kind}")
        changes.answer_in(workspace, link.channel, link.user, kind, text, blocks, args.get("thread_ts", ""))


_RESPONSE = {
    "text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "unfurl_links",
    "unfurl_media", "thread_ts", "metadata",
}  # fmt: skip


async def _read(request: web.Request) -> Json:
    """The arguments of a call, from the address and the body."""
    args: dict[str, Any] = dict(request.query)
    if request.method == "POST":
        body = await request.text()
        if request.content_type == "application/json" and body:
            found = json.loads(body)
            args |= found if isinstance(found, Mapping) else {}
        else:
            args |= dict(await request.post())
    return args
