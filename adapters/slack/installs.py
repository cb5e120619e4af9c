"""Workspaces that added us by themselves: known to every process, renewed in time, forgotten at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.slack.limits import RENEW_BEFORE_SECONDS
from adapters.slack.workspace import NoWorkspace, Workspace, Workspaces, error_of
from storage import installs
from storage.database import Database, Transaction
from storage.installs import Install
from storage.keys import Keyring

LOST = frozenset(
    {
        "invalid_refresh_token",
        "invalid_grant",
        "token_expired",
        "token_revoked",
        "account_inactive",
        "invalid_auth",
    }
)
"""What Slack says where a token will never be had anew: used before and not kept, or taken back."""

log = structlog.get_logger()


class NotAdded(Exception):
    """Slack did not let somebody add us. Says why in a word of Slack's."""


class Installs:
    """Keeps what is stored and what `workspaces` knows the same. `again`: where we can be added anew."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        workspaces: Workspaces,
        clock: Callable[[], datetime],
        scrub_later: Callable[[Transaction], None],
        *,
        client_id: str = "",
        client_secret: str = "",
        again: str = "",
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._workspaces = workspaces
        self._clock = clock
        self._scrub_later = scrub_later
        self._client_id = client_id
        self._client_secret = client_secret
        self._again = again
        self._ours: set[str] = set()  # those that are stored, and no others

    async def look_after(self) -> None:
        """Know those that were added, leave those that were removed, and have tokens anew in time.

        Raises what the database raises; what Slack raises waits for the next time.
        """
        if not self._client_id:
            return
        stored = await self._database.read(lambda tx: installs.every(tx, self._keyring))
        for team in self._ours - {each.team for each in stored}:
            self.leave(team)
        for install in stored:
            self._know(await self._renewed(install))
        self._workspaces.known = True

    async def find(self, team: str) -> None:
        """Know a workspace that another process may just have added."""
        if not self._client_id or self._workspaces.has(team):
            return
        install = await self._database.read(lambda tx: installs.find(tx, self._keyring, team))
        if install is not None:
            self._know(await self._renewed(install))

    async def add(self, code: str, redirect: str) -> Workspace:
        """Somebody agreed in their workspace. Raises NotAdded, or what calls of Slack raise."""
        try:
            answer = await self._access(code=code, redirect_uri=redirect)
            if answer.get("is_enterprise_install") or not answer.get("access_token"):
                raise NotAdded("is_enterprise_install")
            workspace = await self._workspaces.join(str(answer["access_token"]))
        except SlackApiError as error:
            raise NotAdded(error_of(error)) from None
        now = self._clock()
        install = Install(
            team=workspace.team,
            name=workspace.name,
            url=workspace.url,
            bot_id=workspace.bot_id,
            bot_user=workspace.bot_user,
            scopes=workspace.scopes,
            token=str(answer["access_token"]),
            refresh=str(answer.get("refresh_token") or ""),
            expires_at=_until(answer.data, now) if answer.get("refresh_token") else None,
            installed_at=now,
        )
        await self._database.write(lambda tx: installs.put(tx, self._keyring, install))
        self._ours.add(install.team)
        return workspace

    async def forget(self, team: str, when: datetime) -> None:
        """It removed us at this moment: nothing is sent there any more, and its tokens leave the file."""
        gone = await self._database.write(lambda tx: self._forget(tx, team, when))
        if not gone and await self._is_dead(team):
            # Added after that moment, it seems: but clocks differ, and Slack takes its token no more.
            now = self._clock()
            gone = await self._database.write(lambda tx: self._forget(tx, team, now))
        if gone:
            self.leave(team)
            await self._database.scrub()  # and again later, if a reader was in the way

    def _forget(self, tx: Transaction, team: str, when: datetime) -> bool:
        self._scrub_later(tx)
        return installs.forget(tx, team, when)

    async def _is_dead(self, team: str) -> bool:
        """Whether Slack takes a workspace's token no more. Raises where Slack cannot be asked."""
        await self.find(team)
        if not self._workspaces.has(team):
            return True
        try:
            await self._workspaces.of(team).client.auth_test()
        except SlackApiError as error:
            return error_of(error) in LOST
        return False

    def leave(self, team: str) -> None:
        """Call it no more."""
        self._ours.discard(team)
        self._workspaces.leave(team)

    async def _access(self, **asked: str) -> Any:
        """oauth.v2.access. The SDK's own method of that name warns of what will go from aiohttp."""
        ours = {"client_id": self._client_id, "client_secret": self._client_secret}
        return await self._workspaces.client("").api_call("oauth.v2.access", data={**ours, **asked})

    # --- tokens that are rotated -----------------------------------------------------------

    async def _renewed(self, install: Install) -> Install:
        """The same with a token that lasts; as it was, where that cannot be had, or another is at it."""
        now = self._clock()
        soon = now + timedelta(seconds=RENEW_BEFORE_SECONDS)
        if install.expires_at is None or install.expires_at > soon or install.lost:
            return install
        claimed = await self._database.write(
            lambda tx: installs.claim(tx, self._keyring, install.team, now, soon)
        )
        if claimed is None:
            return install
        try:
            answer = await self._access(grant_type="refresh_token", refresh_token=claimed.refresh)
        except SlackApiError as error:
            lost = error_of(error) in LOST
            if lost:
                log.error(
                    "In My Shoes has to be added to a Slack workspace again: its token cannot be had anew.",
                    address=self._again,
                )
            else:
                log.warning("a Slack token could not be had anew just now", error=error_of(error))
            await self._database.write(lambda tx: installs.give_up(tx, claimed, lost=lost))
            return claimed
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("a Slack token could not be had anew just now", error=type(error).__name__)
            await self._database.write(lambda tx: installs.give_up(tx, claimed, lost=False))
            return claimed
        token, refresh, until = (
            str(answer["access_token"]),
            str(answer["refresh_token"]),
            _until(answer.data, now),
        )
        kept = await self._database.write(
            lambda tx: installs.renew(tx, self._keyring, claimed, token, refresh, until)
        )
        found = await self._database.read(lambda tx: installs.find(tx, self._keyring, install.team))
        return found if kept and found is not None else claimed

    def _know(self, install: Install) -> None:
        if install.expires_at is not None and install.expires_at <= self._clock():
            self.leave(install.team)  # nobody takes it any more
            return
        self._ours.add(install.team)
        client = self._workspaces.client(install.token)
        try:
            known = self._workspaces.of(install.team)
        except NoWorkspace:
            self._workspaces.add(
                Workspace(
                    team=install.team,
                    name=install.name,
                    url=install.url,
                    bot_id=install.bot_id,
                    bot_user=install.bot_user,
                    scopes=install.scopes,
                    client=client,
                )
            )
        else:
            if known.client.token != install.token:
                known.client, known.scopes = client, install.scopes


def _until(answer: Any, now: datetime) -> datetime:
    assert isinstance(answer, Mapping)
    return now + timedelta(seconds=int(answer.get("expires_in") or 0))
