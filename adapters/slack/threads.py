"""The threads of cards in Slack: words, lightbulbs, and what was missed while nobody listened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack import parse
from adapters.slack.chat import PLATFORM
from adapters.slack.limits import NAME_SECONDS, PAGE, PAGES_A_MINUTE
from adapters.slack.parse import Ack, Payload
from adapters.slack.workspace import Workspace, Workspaces, error_of
from bot.chat import Heard, Lit, MessageRef, Unheard, reply_id
from bot.game.model import CommunityId, PlayerId
from bot.pace import Pace
from bot.service import Service
from storage.thread import OpenThread

log = structlog.get_logger()


class Threads:
    """Hands on what is said and done in threads; acknowledged once it is durable."""

    def __init__(self, service: Service, workspaces: Workspaces, clock: Callable[[], datetime]) -> None:
        self._service = service
        self._workspaces = workspaces
        self._clock = clock
        self._pace = Pace()  # of pages that are read back

    async def message(self, ack: Ack, body: Payload) -> None:
        """Words in a channel, new, edited or gone: most are in no thread of ours."""
        workspace = self._workspaces.of(str(body.get("team_id")))
        heard = parse.thread_event(body, workspace.known)
        if isinstance(heard, parse.Written):
            await self._hear(workspace, heard)
        elif heard is not None:
            place = await self._service.place(PLATFORM, heard.team, heard.channel)
            if place is not None:
                gone = Unheard(channel=place.id, thread=MessageRef(heard.thread), reply=MessageRef(heard.ref))
                await self._service.unhear(gone, self._clock())
        await ack()

    async def _hear(self, workspace: Workspace, written: parse.Written) -> None:
        place = await self._service.place(PLATFORM, written.team, written.channel)
        if place is None or not await self._service.is_card(place.id, MessageRef(written.thread)):
            return  # most threads are none of ours: nobody's name is asked for them
        who = await workspace.who(written.user, NAME_SECONDS)
        heard = Heard(
            player=PlayerId(PLATFORM, place.community.id, written.user),
            channel=place.id,
            thread=MessageRef(written.thread),
            reply=MessageRef(written.ref),
            words=written.words,
            at=written.at,
            version=written.version,
            name=who.name,
            zone=who.zone,
        )
        await self._service.hear(heard, self._clock())

    async def reaction(self, ack: Ack, body: Payload) -> None:
        """A lightbulb put on a message, or taken off, perhaps."""
        reacted = parse.reaction(body)
        if reacted is not None:
            place = await self._service.place(PLATFORM, reacted.team, reacted.channel)
            if place is not None:
                lit = Lit(
                    player=PlayerId(PLATFORM, place.community.id, reacted.user),
                    channel=place.id,
                    reply=MessageRef(reacted.ref),
                    on=reacted.on,
                    version=reacted.version,
                )
                await self._service.light(lit, self._clock())
        await ack()

    async def read_back(self, workspace: Workspace) -> None:
        """Read what may have been missed in the threads of open cards."""
        if not workspace.reads_threads:
            return
        community = await self._service.community(PLATFORM, workspace.team)
        if community is None:
            return
        for thread in await self._service.open_threads(community):
            try:
                await self._read_thread(workspace, community, thread)
            except SlackApiError as error:
                if error_of(error) == "ratelimited":
                    return  # some apps may read one page a minute: then what was missed stays missed
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                # One thread that cannot be read now is no reason to miss the others.
                log.warning("a thread could not be read back", error=type(error).__name__)

    async def _read_thread(self, workspace: Workspace, community: CommunityId, thread: OpenThread) -> None:
        """Everything that stands in a thread now; what stands there no longer was deleted."""
        left = set(thread.replies)
        cursor = ""
        while True:
            await self._turn(workspace, f"{thread.ref} {cursor}")
            version = f"{self._clock().timestamp():.6f}"  # of what is read: an event may tell of a newer one
            answer = await workspace.client.conversations_replies(
                channel=thread.channel_ref, ts=thread.ref, cursor=cursor, limit=PAGE
            )
            for message in answer["messages"]:
                reply = reply_id(thread.channel, MessageRef(message["ts"]))
                left.discard(reply)
                written = parse.from_history(workspace.team, thread.channel_ref, message, workspace.known)
                if written is not None:
                    await self._hear(workspace, written)
                lit = [PlayerId(PLATFORM, community, each) for each in parse.lit_by(message)]
                if lit or reply in thread.lit:
                    await self._service.relight(thread.channel, reply, lit, version, self._clock())
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        for reply in left:
            await self._service.unhear_reply(reply, self._clock())

    async def _turn(self, workspace: Workspace, page: str) -> None:
        """Back when a page may be asked for: many open cards have more pages than a minute takes."""
        while True:
            wait = self._pace.post(page, workspace.team, self._clock(), a_minute=PAGES_A_MINUTE)
            if not wait:
                return
            await asyncio.sleep(wait.total_seconds())
