"""The same request at another process: what memory cannot know there, the database does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from unittest.mock import patch

import aiohttp
import pytest
import sqlalchemy as sa

from adapters.slack.manifest import EVENTS_PATH
from bot.actions import Verb
from storage.database import Database, open_database
from tests.adapters.five import Time
from tests.adapters.slack.team import HTTP, QUICK, Team, a_workspace, reached, settings_of, words_of
from tests.contents import app_of
from tests.databases import an_emptied_address, every_row
from tests.patience import PATIENCE
from tests.slack import changes
from tests.slack.delivery import signed
from tests.slack.server import SlackServer

pytestmark = pytest.mark.asyncio

SEEN = "inbound"
"""The names of what was seen: those may be one more."""


def _beside_another(url: str, *, exclusive: bool) -> Database:
    """As several processes behind a balancer would have it. Today the program asks to be the only one."""
    assert exclusive
    return open_database(url)


@contextlib.asynccontextmanager
async def two_processes(folder: Path) -> AsyncIterator[tuple[Team, list[str]]]:
    """Two programs on one PostgreSQL, the team at the first; and where each takes requests."""
    time = Time()
    async with SlackServer(clock=time.seconds, ack_within=PATIENCE, retries=QUICK) as server:
        server.app.deliver = HTTP
        workspace = a_workspace(server)
        settings = settings_of(server, workspace, folder)
        settings = settings.model_copy(update={"database_url": an_emptied_address()})
        async with contextlib.AsyncExitStack() as stack:
            apps, addresses = [], []
            for _ in range(2):
                with patch("bot.app.open_database", _beside_another):
                    app = app_of(settings, practice=False, clock=time, folder=folder, paced=False)
                web = await stack.enter_async_context(app.running())
                await reached(server, workspace.app, app, web.address)
                apps.append(app)
                addresses.append(f"{web.address}{EVENTS_PATH}")
            server.app.url = addresses[0]
            yield Team(server, workspace, apps[0], time), addresses
        # A form cannot be opened a second time: Slack itself takes no trigger twice.
        assert {each.error for each in server.faults_of_ours} <= {"exchanged_trigger_id"}


async def _sent(
    session: aiohttp.ClientSession, team: Team, request: tuple[str, bytes], where: str, later: int = 0
) -> int:
    """A request of Slack's, signed as it was or `later` by seconds. The status."""
    kind, body = request
    headers = {"content-type": kind}
    headers |= signed(team.workspace.app.signing_secret, body.decode(), int(team.time.seconds()) + later)
    async with session.post(where, data=body, headers=headers) as answer:
        return answer.status


async def _plays(team: Team) -> None:
    """Everything of which the last one counts is done twice, with something else in between."""
    ada, ben, cat = team.ada, team.ben, team.cat
    board = await team.deal("open")
    reply = ben.person.say(team.channel, "Please ask him first, every time.", board)
    await team.settled()
    changes.edit(team.workspace, reply, "UBEN", "Please ask her first, every time.", [])
    for act in (cat.person.react, cat.person.unreact, cat.person.react):
        act(reply, "bulb")
        await team.settled()
    await team.players["dan"].respond(words="We waited a whole day for that.")
    await team.players["eve"].tap(Verb.PASS)
    for zone in ("Europe/Paris", "Europe/London"):
        ada.person.reload()
        await ada.command("settings")
        await ada.form()
        await ada.send(zone=zone)
        await team.settled()
    for role in ("carer", "manager"):
        ada.person.reload()
        await ada.command("me")
        await ada.open(Verb.ROLE)
        await ada.send(own_role=role)
        await team.settled()
    ada.person.reload()
    await team.begin_campaign(template="own", contact="Jo")
    await ada.command("campaign")
    for verb in (Verb.SHOW_CAMPAIGN, Verb.PAUSE_CAMPAIGN, Verb.RESUME_CAMPAIGN):
        await ada.tap(verb)
        await team.settled()


async def test_what_one_process_took_changes_nothing_at_another(tmp_path: Path) -> None:
    async with two_processes(tmp_path) as (team, (here, there)), aiohttp.ClientSession() as session:
        await _plays(team)
        requests = list(team.server.requests)
        before, posts = (
            await every_row(team.app.database, but=SEEN),
            [words_of(each) for each in team.ours()],
        )
        assert len(requests) > 25

        last = requests[-1]
        assert await _sent(session, team, last, here) == 401, "the first one remembers it"
        assert await _sent(session, team, last, there) == 200, "the second one cannot know it"
        for number, request in enumerate(reversed(requests)):  # so that what was overruled comes last
            # Each a second apart, as what comes again in the same second is known by its signature.
            assert await _sent(session, team, request, there, 1 + number) == 200
        await team.settled()

        assert await every_row(team.app.database, but=SEEN) == before
        assert [words_of(each) for each in team.ours()] == posts


async def test_what_reaches_two_processes_at_once_is_done_once(tmp_path: Path) -> None:
    async with two_processes(tmp_path) as (team, addresses), aiohttp.ClientSession() as session:
        await team.deal("after_you")
        await team.players["dan"].respond(words="We waited a whole day for that.")
        await team.settled()
        kind, body = team.server.requests[-1]
        assert b"We+waited" in body
        of_eve = kind, body.replace(b"UDAN", b"UEVE").replace(b"We+waited", b"He+waited")

        statuses = await asyncio.gather(*(_sent(session, team, of_eve, each, 1) for each in addresses * 4))
        await team.settled()

        assert sorted(statuses) == [200] * 2 + [401] * 6
        (responses,) = await team.app.database.read(
            lambda tx: tx.connection.execute(sa.text("SELECT count(*) FROM responses")).one()
        )
        assert responses == 2
