"""Connects to Slack, by Socket Mode or HTTP, and listens: what comes goes to `answering` and `threads`."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.slack import manifest
from adapters.slack.answering import Answering
from adapters.slack.chat import PLATFORM, SlackChat
from adapters.slack.installs import Installs
from adapters.slack.limits import LOOK_AFTER_SECONDS, STOP_SECONDS
from adapters.slack.parse import Ack, Payload
from adapters.slack.threads import Threads
from adapters.slack.workspace import SILENT, NoWorkspace, Workspace, Workspaces, error_of
from bot.background import Background
from bot.service import Service
from bot.views.words import plain
from storage.database import DatabaseUnavailable

log = structlog.get_logger()


class SlackRefused(Exception):
    """A token that Slack does not take. Says in a sentence which, and what to do."""


class SlackClient:
    """The game in Slack. With an app token by Socket Mode, and no public address is needed.

    Without one Slack calls us by HTTP: `take` is handed what it says. `not_here` is what people read
    in a workspace that we are in no longer.
    """

    def __init__(
        self,
        service: Service,
        chat: SlackChat,
        workspaces: Workspaces,
        clock: Callable[[], datetime],
        *,
        installs: Installs,
        bot_token: str = "",
        app_token: str = "",
        add_at: str = "",
        ping_seconds: float = 5.0,
    ) -> None:
        self._service = service
        self.chat = chat
        self._workspaces = workspaces
        self.installs = installs
        self._clock = clock
        self._bot_token = bot_token
        self._not_here = plain("slack-add-again", address=add_at) if add_at else plain("slack-not-here")
        self._app_token = app_token
        self._ping_seconds = ping_seconds
        self._handler: AsyncSocketModeHandler | None = None
        self._background = Background("could not tell somebody on Slack")
        self.answering = Answering(service, chat, workspaces, clock, self._background)
        self.threads = Threads(service, workspaces, clock)
        self._heard_by_http = asyncio.Event()

    # --- connecting ------------------------------------------------------------------------

    async def check(self) -> None:
        """Ask Slack whether the tokens are good. Raises SlackRefused with a sentence."""
        await self.installs.look_after()
        if not self._bot_token:
            for each in self._workspaces.all():
                await self.added(each)
            return
        try:
            workspace = await self._workspaces.join(self._bot_token)
        except SlackApiError as error:
            if error_of(error) in _BAD_TOKEN:
                raise SlackRefused(
                    "Slack does not take SHOES_SLACK_BOT_TOKEN. Please copy the Bot User OAuth Token"
                    ' again, from the page "OAuth & Permissions" of your app. It begins with xoxb-.'
                ) from None
            raise
        if self._app_token:
            await self._check_app_token(workspace)
        await self.added(workspace)

    async def added(self, workspace: Workspace) -> None:
        """We are in a workspace: note what we may do there."""
        await self._service.reads_threads(PLATFORM, workspace.team, workspace.reads_threads)

    async def _check_app_token(self, workspace: Workspace) -> None:
        try:
            await workspace.client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            if error_of(error) in _BAD_TOKEN:
                raise SlackRefused(
                    "Slack does not take SHOES_SLACK_APP_TOKEN. Please make an app-level token with the"
                    ' scope connections:write, on the page "Basic Information" of your app.'
                    " It begins with xapp-."
                ) from None
            raise

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connected until the block is left; what is in hand is finished then.

        A token that Slack does not take stops the start; a Slack out of reach does not.
        """
        reached = await self._reached()
        connecting = asyncio.create_task(self._connect(reached), name="slack")
        try:
            yield
        finally:
            connecting.cancel()
            await asyncio.wait({connecting})
            if self._handler is not None:
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    await self._handler.close_async()  # type: ignore[no-untyped-call] # slack-bolt has no types here
            with contextlib.suppress(TimeoutError):
                await self._background.idle(STOP_SECONDS)
            await self._workspaces.close()

    async def trouble(self) -> str:
        """What is wrong, in one sentence; empty if nothing is."""
        connected = self._heard_by_http.is_set() or (
            self._handler is not None and await self._handler.client.is_connected()
        )
        return "" if connected else "Slack is not connected."

    async def reached(self) -> None:
        """Back once Slack was reached, where it calls us."""
        await self._heard_by_http.wait()

    async def take(self, request: AsyncBoltRequest) -> BoltResponse:
        """What Slack says by HTTP. A status of 500 and more: it was not done, and may be said again."""
        await self.installs.find(str(request.context.team_id or ""))
        if not self._workspaces.known:
            return BoltResponse(status=503)  # Slack was not reached yet, so we cannot tell whose it is
        return await self._app.async_dispatch(request)

    async def idle(self) -> None:
        """Back once everything that was to be told has been told."""
        await self._background.idle()

    async def _reached(self) -> bool:
        try:
            await self.check()
        except (SlackClientError, aiohttp.ClientError, DatabaseUnavailable, TimeoutError, OSError) as error:
            log.warning("Slack cannot be reached just now", error=type(error).__name__)
            return False
        return True

    async def _connect(self, reached: bool) -> None:
        wait = 1.0
        while not reached:
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_START_WAIT)
            try:
                reached = await self._reached()
            except SlackRefused as refused:
                log.error(f"not connected to Slack: {refused}")
                return
        if not self._app_token:
            self._heard_by_http.set()
            self._read_back()
            await self._look_after()
            return
        self._handler = AsyncSocketModeHandler(
            self._app,
            self._app_token,
            logger=SILENT,
            web_client=self._workspaces.client(self._bot_token),
            ping_interval=self._ping_seconds,
        )
        self._handler.client.message_listeners.append(self._heard_from_slack)
        await self._handler.connect_async()  # type: ignore[no-untyped-call] # slack-bolt has no types here

    async def _look_after(self) -> None:
        """For as long as it runs: what other processes were told, and tokens that expire."""
        while True:
            await asyncio.sleep(LOOK_AFTER_SECONDS)
            try:
                await self.installs.look_after()
            except Exception as error:
                # The next minute tries again: a full disk or a lost database may be back by then.
                log.error("could not look after the Slack workspaces", exc_info=error)

    @cached_property
    def _app(self) -> AsyncApp:
        """Made when it is needed: it holds a session that only a running program closes."""

        async def authorize(team_id: str | None) -> AuthorizeResult | None:
            try:
                workspace = self._workspaces.of(team_id or "")
            except NoWorkspace:
                return None
            return AuthorizeResult(
                enterprise_id=None,
                team_id=workspace.team,
                bot_token=workspace.client.token,
                bot_id=workspace.bot_id,
                bot_user_id=workspace.bot_user,
            )

        # Never before the commit: by default Bolt acknowledges events before the listener has run.
        app = AsyncApp(
            name="in-my-shoes",
            logger=SILENT,
            process_before_response=True,
            client=self._workspaces.client(self._bot_token),
            user_facing_authorize_error_message=self._not_here,
            authorize=authorize,  # type: ignore[arg-type] # None for a workspace we are not in
            # What never comes by Socket Mode, or is for other kinds of apps: each takes time of every press.
            ssl_check_enabled=False,
            request_verification_enabled=False,
            url_verification_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        app.error(_failed)
        app.action(_ANYTHING)(
            self.answering.button
        )  # the first, as Bolt asks each in turn, and most are presses
        app.command(manifest.COMMAND)(self.answering.command)
        app.view(_ANYTHING)(self.answering.form)
        app.shortcut(manifest.COUNT_SHORTCUT)(self.answering.count)
        app.shortcut(manifest.KEEP_SHORTCUT)(self.answering.keep)
        listeners: Mapping[str, Callable[..., Awaitable[None]]] = {
            "message": self.threads.message,
            "reaction_added": self.threads.reaction,
            "reaction_removed": self.threads.reaction,
            "app_home_opened": self.answering.home_opened,
            "user_change": self._user_changed,
            "app_uninstalled": self._removed,
            "tokens_revoked": self._removed,
        }
        for kind in {event.partition(".")[0] for event in manifest.EVENTS}:
            app.event(kind)(listeners[kind])
        return app

    async def _user_changed(self, ack: Ack, body: Payload) -> None:
        await ack()
        self._workspaces.of(str(body.get("team_id"))).forget(str(body["event"]["user"]["id"]))

    async def _removed(self, ack: Ack, body: Payload) -> None:
        """A workspace removed us, or took our token back. Told late, it may have added us again since."""
        event = body["event"]
        ours = event["type"] == "app_uninstalled" or (event.get("tokens") or {}).get("bot")
        if ours:
            when = datetime.fromtimestamp(int(body.get("event_time") or 0), UTC)
            await self.installs.forget(str(body["team_id"]), when)
        await ack()

    async def _heard_from_slack(self, _client: object, message: Mapping[str, Any], _raw: str | None) -> None:
        """A new connection: events of the gap before it are lost, so threads are read again."""
        if message.get("type") == "hello":
            self._read_back()

    def _read_back(self) -> None:
        for workspace in self._workspaces.all():
            self._background.later(self.threads.read_back(workspace))


async def _failed(error: Exception) -> None:
    """A listener failed: it is not acknowledged, so Slack sends it again."""
    log.error("could not take what Slack sent", exc_info=error)


_ANYTHING = re.compile("")
_LONGEST_START_WAIT = 60.0  # seconds
_BAD_TOKEN = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
    }
)
