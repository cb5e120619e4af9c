"""Slack as a Chat: posts, edits, direct messages, and what Slack's errors mean to us."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiolimiter import AsyncLimiter
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.slack import render
from adapters.slack.limits import (
    ACTION_LENGTH,
    EDIT_GAP_SECONDS,
    EDITS_A_MINUTE,
    LOOKED_AT,
    PAGE,
    POST_EVERY_SECONDS,
    POSTS_A_MINUTE,
    RETRY_SECONDS,
)
from adapters.slack.workspace import NoWorkspace, Workspace, Workspaces, error_of, retry_after
from bot.chat import (
    Capabilities,
    ChannelGone,
    ContentRefused,
    DeliveryFailed,
    MessageRef,
    NotInvited,
    PostGone,
    ReplyLost,
    TryLater,
    WhisperClosed,
)
from bot.game.model import ChannelId, PlayerId
from bot.messages import Form, Message
from bot.recent import Recent
from bot.rendering import Place
from bot.spots import Spots
from storage.database import Database

PLATFORM = "slack"
EVENT_TYPE = "in_my_shoes"  # of the metadata that our posts carry, to be found again

NOT_INVITED = frozenset({"not_in_channel", "channel_not_found"})
GONE = frozenset(
    {
        "is_archived",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_authed",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "access_denied",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "ekm_access_denied",
        "team_access_not_granted",
        "org_login_required",
        "user_not_found",
        "user_disabled",
        "cannot_dm_bot",
        "messages_tab_disabled",
    }
)
UNKNOWN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
POST_IS_GONE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"}
)


@dataclass(frozen=True, slots=True)
class Spot:
    """One of our channels on Slack."""

    workspace: Workspace
    channel: str
    zone: str  # IANA, of the community


class SlackChat:
    """Implements `bot.chat.Chat`. `paced`: no more calls than Slack wants (Slack: rate limits)."""

    def __init__(self, database: Database, workspaces: Workspaces, *, paced: bool = True) -> None:
        self._workspaces = workspaces
        self._paced = paced
        self.capabilities = Capabilities(
            whispers_any_time=True,
            action_length=ACTION_LENGTH,
            reads_threads=True,
            finds_own_posts=True,
            edit_gap=EDIT_GAP_SECONDS if paced else 0.0,
            edits_a_minute=EDITS_A_MINUTE if paced else 0,
            posts_a_minute=POSTS_A_MINUTE if paced else 0,
        )
        self._spots = Spots(database)
        self._paces: Recent[str, AsyncLimiter] = Recent()
        self._direct: Recent[tuple[str, str], str] = Recent()

    def forget(self, channel: ChannelId) -> None:
        """It goes by another clock now."""
        self._spots.forget(channel)

    def fits(self, message: Message) -> bool:
        """See Chat."""
        return render.fits(message)

    async def post(
        self, channel: ChannelId, message: Message, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef:
        """See Chat."""
        spot = await self.spot(channel)
        shown = await self.shown(channel, message)
        await self._pace(spot)
        answer = await _delivered(
            spot.workspace.client.chat_postMessage(
                channel=spot.channel,
                thread_ts=thread,
                metadata=_metadata(key),
                unfurl_links=False,
                unfurl_media=False,
                **shown,
            )
        )
        return MessageRef(answer["ts"])

    async def edit(self, channel: ChannelId, ref: MessageRef, message: Message) -> None:
        """See Chat."""
        spot = await self.spot(channel)
        shown = await self.shown(channel, message)
        try:
            await _delivered(spot.workspace.client.chat_update(channel=spot.channel, ts=ref, **shown))
        except TryLater as later:
            # Edits are counted for the whole workspace, posts for each channel.
            raise TryLater(later.after, everywhere=True) from None

    async def find(
        self, channel: ChannelId, *, key: str, thread: MessageRef | None = None
    ) -> MessageRef | None:
        """See Chat. None also where we may not read: then it is posted again, once."""
        spot = await self.spot(channel)
        client = spot.workspace.client
        cursor = ""
        while True:
            if thread is None:  # the newest first, so that one page is enough
                reading = client.conversations_history(
                    channel=spot.channel, include_all_metadata=True, limit=LOOKED_AT
                )
            else:  # the oldest first, so that ours is on the last page
                reading = client.conversations_replies(
                    channel=spot.channel, ts=thread, include_all_metadata=True, limit=PAGE, cursor=cursor
                )
            try:
                answer = await _delivered(reading)
            except ChannelGone:
                return None
            for message in answer["messages"]:
                metadata = message.get("metadata") or {}
                payload = metadata.get("event_payload") or {}
                if metadata.get("event_type") == EVENT_TYPE and payload.get("key") == key:
                    return MessageRef(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if thread is None or not cursor:
                return None

    async def whisper(self, channel: ChannelId, player: PlayerId, message: Message, *, key: str) -> None:
        """See Chat. A direct message: an ephemeral one is not kept, and may never be seen."""
        spot = await self.spot(channel)
        shown = await self.shown(channel, message)
        client = spot.workspace.client
        try:
            direct = self._direct.get((spot.workspace.team, player.user))
            if direct is None:
                opened = await _delivered(client.conversations_open(users=player.user))
                direct = self._direct.keep((spot.workspace.team, player.user), str(opened["channel"]["id"]))
            await _delivered(
                client.chat_postMessage(
                    channel=direct, metadata=_metadata(key), unfurl_links=False, unfurl_media=False, **shown
                )
            )
        except ChannelGone:
            # That one person cannot be reached says nothing of the channel that it is about.
            raise WhisperClosed from None

    async def takes_part(self, channel: ChannelId, player: PlayerId) -> bool:
        """See Chat. Whoever is in the workspace may read its public channels.

        Of a private one Slack tells us no more than that: who is in it needs a permission we do not ask for.
        """
        spot = await self.spot(channel)
        try:
            asked = await _delivered(spot.workspace.client.users_info(user=player.user))
        except ChannelGone:
            return False  # nobody, or not of here
        return not asked["user"].get("deleted", False)

    # --- also for the client ---------------------------------------------------------------

    async def whisper_here(self, channel: ChannelId, user: str, message: Message) -> None:
        """Tell one player something where they are looking just now: an ephemeral message."""
        spot = await self.spot(channel)
        shown = await self.shown(channel, message)
        await _delivered(spot.workspace.client.chat_postEphemeral(channel=spot.channel, user=user, **shown))

    async def shown(self, channel: ChannelId, message: Message) -> dict[str, Any]:
        """The blocks and the text of a message, with links to the cards it names."""
        rendered = render.message(message, await self.place(channel, message))
        return {"blocks": rendered.blocks, "text": rendered.text}

    async def place(self, channel: ChannelId, content: Message | Form) -> Place:
        """Where something is shown, with the addresses of the cards that it names.

        `channel` may be empty: a command in a place where nobody has played.
        """
        if not channel:
            return Place(channel=channel)
        spot = await self.spot(channel)
        cards = await self._spots.cards(channel, content)
        links = {round: spot.workspace.permalink(spot.channel, ref) for round, ref in cards.items()}
        return Place(channel=channel, links=links.get, zone=spot.zone)

    async def spot(self, channel: ChannelId) -> Spot:
        """Where one of our channels is on Slack. Raises ChannelGone if it is not there, or we are not."""
        known = await self._spots.of(channel)
        try:
            return Spot(self._workspaces.of(known.community), known.channel, known.zone)
        except NoWorkspace:
            if not self._workspaces.known:
                raise TryLater(RETRY_SECONDS) from None
            raise ChannelGone from None

    async def _pace(self, spot: Spot) -> None:
        """One post a second in a channel (Slack: rate limits). The courier counts those of a workspace."""
        if self._paced:
            here = f"{spot.workspace.team}/{spot.channel}"
            in_channel = self._paces.get(here) or self._paces.keep(here, AsyncLimiter(1, POST_EVERY_SECONDS))
            await in_channel.acquire()


async def _delivered(call: Awaitable[Any]) -> Any:
    """The answer to a call, or what its failure means. A failure holds no words of the message."""
    try:
        return await call
    except SlackApiError as error:
        raise meaning(error) from None
    except (SlackClientError, aiohttp.ClientConnectorError):
        raise TryLater(RETRY_SECONDS) from None  # it was never sent
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise ReplyLost from None


def meaning(error: SlackApiError) -> DeliveryFailed:
    """What an error of Slack's means to us."""
    word = error_of(error)
    status = getattr(error.response, "status_code", 200)
    if word in {"ratelimited", "rate_limited"} or status == 429:
        return TryLater(retry_after(error))
    if word in NOT_INVITED:
        return NotInvited()
    if word in GONE:
        return ChannelGone()
    if word in POST_IS_GONE:
        return PostGone()
    if word in UNKNOWN or status >= 500 or not word:
        return ReplyLost()
    return ContentRefused()


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
