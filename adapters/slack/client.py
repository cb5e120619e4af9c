"""Connects to Slack, stays connected, and listens: what comes goes to `answering` and `threads`."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.slack import manifest
from adapters.slack.answering import Answering
from adapters.slack.chat import PLATFORM, SlackChat
from adapters.slack.limits import STOP_SECONDS
from adapters.slack.parse import Ack, Payload
from adapters.slack.threads import Threads
from adapters.slack.workspace import SILENT, NoWorkspace, Workspaces, error_of
from bot.background import Background
from bot.service import Service

log = structlog.get_logger()


class SlackRefused(Exception):
    """A token that Slack does not take. Says in a sentence which, and what to do."""


class SlackClient:
    """The game in Slack, by Socket Mode: no public address is needed."""

    def __init__(
        self,
        service: Service,
        chat: SlackChat,
        workspaces: Workspaces,
        clock: Callable[[], datetime],
        *,
        bot_token: str,
        app_token: str,
        ping_seconds: float,
    ) -> None:
        self._service = service
        self.chat = chat
        self._workspaces = workspaces
        self._bot_token = bot_token
        self._app_token = app_token
        self._ping_seconds = ping_seconds
        self._handler: AsyncSocketModeHandler | None = None
        self._background = Background("could not tell somebody on Slack")
        self.answering = Answering(service, chat, workspaces, clock, self._background)
        self.threads = Threads(service, workspaces, clock)

    # --- connecting ------------------------------------------------------------------------

    async def check(self) -> None:
        """Ask Slack whether the tokens are good. Raises SlackRefused with a sentence."""
        try:
            workspace = await self._workspaces.join(self._bot_token)
        except SlackApiError as error:
            if error_of(error) in _BAD_TOKEN:
                raise SlackRefused(
                    "Slack does not take SHOES_SLACK_BOT_TOKEN. Please copy the Bot User OAuth Token"
                    ' again, from the page "OAuth & Permissions" of your app. It begins with xoxb-.'
                ) from None
            raise
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
        await self._service.reads_threads(PLATFORM, workspace.team, workspace.reads_threads)

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
        connected = self._handler is not None and await self._handler.client.is_connected()
        return "" if connected else "Slack is not connected."

    async def idle(self) -> None:
        """Back once everything that was to be told has been told."""
        await self._background.idle()

    async def _reached(self) -> bool:
        try:
            await self.check()
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
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
        self._handler = AsyncSocketModeHandler(
            self._bolt(),
            self._app_token,
            logger=SILENT,
            web_client=self._workspaces.client(self._bot_token),
            ping_interval=self._ping_seconds,
        )
        self._handler.client.message_listeners.append(self._heard_from_slack)
        await self._handler.connect_async()  # type: ignore[no-untyped-call] # slack-bolt has no types here

    def _bolt(self) -> AsyncApp:
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
        }
        for kind in {event.partition(".")[0] for event in manifest.EVENTS}:
            app.event(kind)(listeners[kind])
        return app

    async def _user_changed(self, ack: Ack, body: Payload) -> None:
        await ack()
        self._workspaces.of(str(body.get("team_id"))).forget(str(body["event"]["user"]["id"]))

    async def _heard_from_slack(self, _client: object, message: Mapping[str, Any], _raw: str | None) -> None:
        """A new connection: events of the gap before it are lost, so threads are read again."""
        if message.get("type") == "hello":
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
