"""The Slack workspaces we are in: how to call each, what we may do there, and what people are called."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.limits import CALL_SECONDS, CREATORS_KEPT, NAMES_KEPT, RETRY_SECONDS
from bot.recent import Recent

SILENT = logging.getLogger("shoes.slack.sdk")
"""For the SDK, which writes whole payloads into its log: what people wrote is never logged."""
SILENT.addHandler(logging.NullHandler())
SILENT.propagate = False
SILENT.setLevel(logging.CRITICAL)

_UNTOLD = frozenset({"missing_scope", "channel_not_found", "method_not_supported_for_channel_type"})
HISTORY = frozenset({"channels:history", "groups:history"})  # either lets us read some threads


class NoWorkspace(Exception):
    """We are not in this workspace, or no longer."""


@dataclass(frozen=True, slots=True)
class Who:
    """What a workspace tells about one of its people. `zone` is an IANA name, empty if unknown.

    `manages`: they own the workspace, or are an admin of it.
    """

    name: str
    zone: str = ""
    manages: bool = False


@dataclass(slots=True)
class Workspace:
    """One workspace. `url` ends with a slash; `scopes` is what its people let us do."""

    team: str
    name: str
    url: str
    bot_id: str
    bot_user: str
    scopes: frozenset[str]
    client: AsyncWebClient
    people: OrderedDict[str, Who] = field(default_factory=OrderedDict)
    asking: dict[str, asyncio.Task[Who]] = field(default_factory=dict)
    creators: Recent[str, str] = field(default_factory=lambda: Recent(CREATORS_KEPT))
    asking_creators: dict[str, asyncio.Task[str]] = field(default_factory=dict)
    asks_again_at: float = 0.0  # by the event loop's clock; before, Slack wants to be asked for nobody

    @property
    def reads_threads(self) -> bool:
        """Whether Slack tells us what is written in threads."""
        return bool(self.scopes & HISTORY)

    def known(self, user: str) -> str:
        """What somebody is called, as far as it was asked already; else nothing."""
        who = self.people.get(user)
        return who.name if who else ""

    async def who(self, user: str, wait: float = CALL_SECONDS) -> Who:
        """What somebody is called, and their zone. Waits `wait` seconds at most; then both are empty.

        However many ask at once, Slack is asked once; and not again before it wants to be.
        """
        who = self.people.get(user)
        if who is not None:
            self.people.move_to_end(user)
            return who
        asking = self.asking.get(user)
        if asking is None:
            asking = self.asking[user] = asyncio.create_task(self._ask(user))
            asking.add_done_callback(lambda _done: self.asking.pop(user, None))
        try:
            return await asyncio.wait_for(asyncio.shield(asking), wait)
        except TimeoutError:
            return Who("")  # when the answer comes it is kept for the next time

    async def _ask(self, user: str) -> Who:
        clock = asyncio.get_running_loop().time
        if clock() < self.asks_again_at:
            return Who("")  # many people at once, more than Slack tells the names of in a minute
        try:
            answer = await self.client.users_info(user=user)
        except SlackApiError as error:
            if error_of(error) == "ratelimited":
                self.asks_again_at = clock() + retry_after(error)
            return Who("")
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError):
            return Who("")
        who = self.people[user] = _who(answer["user"])
        if len(self.people) > NAMES_KEPT:
            self.people.popitem(last=False)
        return who

    async def manages(self, user: str, channel: str, wait: float) -> bool:
        """Whether Slack names somebody as one who looks after a channel: who made it, owners, admins.

        Waits `wait` seconds at most; what is not known by then, they are not.
        """
        who, creator = await asyncio.gather(self.who(user, wait), self._creator(channel, wait))
        return who.manages or creator == user

    async def _creator(self, channel: str, wait: float) -> str:
        """Who made a channel; empty where Slack does not say. It never changes, so it is asked once."""
        known = self.creators.get(channel)
        if known is not None or not channel:
            return known or ""
        asking = self.asking_creators.get(channel)
        if asking is None:
            asking = self.asking_creators[channel] = asyncio.create_task(self._ask_creator(channel))
            asking.add_done_callback(lambda _done: self.asking_creators.pop(channel, None))
        try:
            return await asyncio.wait_for(asyncio.shield(asking), wait)
        except TimeoutError:
            return ""  # when the answer comes it is kept for the next time

    async def _ask_creator(self, channel: str) -> str:
        try:
            answer = await self.client.conversations_info(channel=channel)
        except SlackApiError as error:
            # Of a private channel Slack tells nothing without groups:read, which nothing else needs.
            return self.creators.keep(channel, "") if error_of(error) in _UNTOLD else ""
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError):
            return ""
        return self.creators.keep(channel, str(answer["channel"].get("creator") or ""))

    def forget(self, user: str) -> None:
        """Somebody changed their name or zone: it is asked again."""
        self.people.pop(user, None)

    def permalink(self, channel: str, ts: str) -> str:
        """Where a message is. Slack makes these addresses of the ids alone."""
        return f"{self.url}archives/{channel}/p{ts.replace('.', '')}"


def _who(user: Mapping[str, Any]) -> Who:
    profile = user.get("profile") or {}
    name = (
        profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name")
    )
    manages = any(user.get(each) for each in ("is_primary_owner", "is_owner", "is_admin"))
    return Who(str(name or ""), str(user.get("tz") or ""), manages)


class Workspaces:
    """Every workspace that we are in, by Slack's id of it."""

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._session: aiohttp.ClientSession | None = None
        self._by_team: dict[str, Workspace] = {}
        self.known = False  # until Slack was reached, a workspace that is missing may still be ours

    def client(self, token: str) -> AsyncWebClient:
        """A client for one token. It repeats nothing by itself: a post whose answer got lost may be there."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS))
        return AsyncWebClient(
            token=token,
            base_url=self._api_url,
            session=self._session,
            retry_handlers=[],
            logger=SILENT,
        )

    async def join(self, token: str) -> Workspace:
        """Ask Slack whose token this is. Raises SlackApiError if it is none, or is no longer good."""
        client = self.client(token)
        answer = await client.auth_test()
        scopes = answer.headers.get("x-oauth-scopes", "")
        workspace = Workspace(
            team=answer["team_id"],
            name=answer.get("team") or "",
            url=answer.get("url") or "https://slack.com/",
            bot_id=answer.get("bot_id") or "",
            bot_user=answer["user_id"],
            scopes=frozenset(each.strip() for each in scopes.split(",") if each.strip()),
            client=client,
        )
        self.add(workspace)
        return workspace

    def add(self, workspace: Workspace) -> None:
        """We are in this workspace."""
        self._by_team[workspace.team] = workspace
        self.known = True

    def has(self, team: str) -> bool:
        """Whether we are in this workspace."""
        return team in self._by_team

    def of(self, team: str) -> Workspace:
        """The workspace with this id. Raises NoWorkspace."""
        found = self._by_team.get(team)
        if found is None:
            raise NoWorkspace
        return found

    def leave(self, team: str) -> None:
        """We were removed from a workspace: nothing is sent there any more."""
        self._by_team.pop(team, None)

    def all(self) -> tuple[Workspace, ...]:
        """Every workspace."""
        return tuple(self._by_team.values())

    async def close(self) -> None:
        """Close what is open."""
        if self._session is not None:
            await self._session.close()


def error_of(error: SlackApiError) -> str:
    """Slack's word for what is wrong; empty if it gave none."""
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def retry_after(error: SlackApiError) -> float:
    """How long Slack asks us to wait, in seconds."""
    try:
        return float(error.response.headers["Retry-After"])
    except (KeyError, ValueError, AttributeError):
        return RETRY_SECONDS
