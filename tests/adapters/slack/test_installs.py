"""Add to Slack, from the button to the day it is removed: states, tokens, several workspaces."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.slack import manifest
from adapters.slack.installs import Installs
from adapters.slack.workspace import Workspaces
from bot.actions import Verb
from tests.adapters.slack.many import PUBLIC, Many, many, people_of, running, slack_for_many
from tests.adapters.slack.team import Team, words_of
from tests.patience import PATIENCE
from tests.slack import changes

pytestmark = pytest.mark.asyncio

AGAIN = f"In My Shoes has to be added to this workspace again: {PUBLIC}/slack/install"
ALMOST = timedelta(hours=11)  # of the twelve that a token lasts


def refreshed(program: Many) -> int:
    """How often the next token was asked for."""
    return sum(
        call.method == "oauth.v2.access" and call.args.get("grant_type") == "refresh_token" and call.ok
        for call in program.server.calls
    )


def exchanged(program: Many) -> int:
    return sum(call.method == "oauth.v2.access" for call in program.server.calls)


def stored(folder: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted(folder.glob("shoes.db*")))


@contextlib.contextmanager
def in_the_way(folder: Path) -> Iterator[None]:
    """Somebody reads the file: nothing can be taken out of its log until they have done."""
    with contextlib.closing(sqlite3.connect(folder / "shoes.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM slack_installs").fetchone()
        yield


async def looked_after(program: Many) -> None:
    """As each minute does."""
    assert program.app.slack is not None
    await program.app.slack.installs.look_after()


async def plays(team: Team, words: str = "Please ask him first, every time.") -> None:
    """A card is dealt and answered."""
    await team.deal("after_you")
    await team.ben.respond(words=words)
    await team.settled()
    assert "Thank you" in words_of(team.ben.whispers()[-1])


async def test_two_workspaces_add_it_and_each_plays_by_its_own_token(tmp_path: Path) -> None:
    async with many(tmp_path) as program:
        north = people_of(program.server, "T1", "North")
        south = people_of(program.server, "T2", "South")
        for each in (north, south):
            await program.add(each)

        await plays(program.team(north))
        await plays(program.team(south))

        assert [len(program.team(each).ours()) for each in (north, south)] == [2, 2]
        assert set(north.scopes) == set(south.scopes) == set(manifest.SCOPES)
        assert {call.answer.get("error") for call in program.server.calls} == {None}
        files = stored(tmp_path)
        for token in (*program.server.oauth.tokens, *program.server.oauth.refreshes):
            assert token.encode() not in files


async def test_it_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with slack_for_many() as (server, time):
        north = people_of(server, "T1", "North")
        async with running(server, time, tmp_path) as program:
            await program.add(north)
            await program.team(north).deal("after_you")
        async with running(server, time, tmp_path) as program:
            await program.team(north).ben.respond(words="Please ask him first, every time.")
            await program.team(north).settled()
            assert "Thank you" in words_of(program.team(north).ben.whispers()[-1])


async def test_a_state_is_good_once_for_ten_minutes_in_the_browser_it_was_made_for(tmp_path: Path) -> None:
    async with many(tmp_path) as program:
        north = people_of(program.server, "T1", "North")
        page, cookie = await program.begin()
        other_page, other_cookie = await program.begin()
        assert cookie != other_cookie
        assert parse_qs(urlsplit(page).query)["redirect_uri"] == [f"{PUBLIC}/slack/oauth_redirect"]
        back = program.server.oauth.agree(north.app, north, page)
        state = parse_qs(urlsplit(back).query)["state"][0]

        for address, browser in (
            (back, ""),
            (back, other_cookie),
            (back, "x" * 30),
            (back.replace(state, state[:-1]), cookie),
            (back.replace(state, f"9{state}"), cookie),
            (f"{PUBLIC}/slack/oauth_redirect?code=1", cookie),
            (f"{PUBLIC}/slack/oauth_redirect?code=1&state=%ff%00..", cookie),
            (f"{PUBLIC}/slack/oauth_redirect?code=1&state={'9' * 6_000}", cookie),
        ):
            status, told = await program.come_back(address, browser)
            assert status == 400
            assert "Please begin again" in told
        assert exchanged(program) == 0
        assert (await program.come_back(back, cookie))[0] == 200
        assert (await program.come_back(back, cookie))[0] == 400
        assert exchanged(program) == 1

        late = program.server.oauth.agree(north.app, north, other_page)
        program.time.move(timedelta(minutes=10))
        assert (await program.come_back(late, other_cookie))[0] == 400
        assert exchanged(program) == 1


async def test_who_thinks_better_of_it_is_told_that_nothing_has_changed(tmp_path: Path) -> None:
    async with many(tmp_path) as program:
        page, cookie = await program.begin()
        state = parse_qs(urlsplit(page).query)["state"][0]

        back = f"{PUBLIC}/slack/oauth_redirect?error=access_denied&state={state}"
        assert "was not added" in (await program.come_back(back, cookie))[1]

        page, cookie = await program.begin(cookie)
        state = parse_qs(urlsplit(page).query)["state"][0]
        bad = f"{PUBLIC}/slack/oauth_redirect?code=%3Cscript%3E&state={state}"
        status, told = await program.come_back(bad, cookie)
        assert status == 400
        assert "<script>" not in told


async def test_with_fewer_scopes_the_card_offers_the_form_alone(tmp_path: Path) -> None:
    async with many(tmp_path) as program:
        north = people_of(program.server, "T1", "North")
        fewer = tuple(each for each in manifest.SCOPES if not each.endswith(":history"))
        await program.add(north, fewer)

        team = program.team(north)
        board = await team.deal("open")

        assert "reply in the thread" not in words_of(board)
        await team.ben.respond(words="Please ask him first, every time.")
        await team.settled()
        assert "missing_scope" not in {call.answer.get("error") for call in program.server.calls}


# --- removed -----------------------------------------------------------------------------


async def test_once_removed_nothing_is_sent_and_no_token_is_left(tmp_path: Path) -> None:
    async with many(tmp_path) as program:
        north = people_of(program.server, "T1", "North")
        south = people_of(program.server, "T2", "South")
        for each in (north, south):
            await program.add(each)
            await plays(program.team(each))
        team = program.team(north)
        sealed = await _sealed(program, "T1")
        assert len(sealed) > 300
        program.time.move(timedelta(seconds=1))

        with in_the_way(tmp_path):
            changes.uninstall(north)
            await program.server.settled()
            assert await _sealed(program, "T1") == ""
            assert sealed.encode() in stored(tmp_path)

        async with asyncio.timeout(PATIENCE):
            while sealed.encode() in stored(tmp_path):
                program.time.move(timedelta(seconds=1))
                await program.app.jobs.settle()
        calls = [
            call for call in program.server.calls if call.workspace == "T1" and call.method != "response_url"
        ]
        program.time.move(timedelta(days=8))  # its card ends
        await team.settled()
        north.refuses = ""  # Slack itself would still show what people press
        await team.ben.tap(Verb.RESPOND)
        await program.app.jobs.settle()
        after = [
            call for call in program.server.calls if call.workspace == "T1" and call.method != "response_url"
        ]
        assert after == calls
        assert words_of(team.ben.whispers()[-1]) == AGAIN
        await looked_after(program)
        await plays(program.team(south))


async def _sealed(program: Many, team: str) -> str:
    query = f"SELECT sealed FROM slack_installs WHERE team = '{team}'"  # noqa: S608 - of this test
    return await program.app.database.read(
        lambda tx: str(tx.connection.exec_driver_sql(query).scalar() or "")
    )


async def test_added_again_it_stays_whatever_is_told_late_of_the_time_before(tmp_path: Path) -> None:
    async with many(tmp_path) as program:
        north = people_of(program.server, "T1", "North")
        await program.add(north)
        await plays(program.team(north))
        program.time.move(timedelta(seconds=1))
        program.server.faults.lost_events = 1.0  # the first delivery of each
        slow = program.server.delivery()
        slow.retries = (0.5,)

        changes.uninstall(north)
        program.time.move(timedelta(seconds=1))
        await program.add(north)
        await program.server.settled()

        assert await _sealed(program, "T1") != ""
        program.server.faults.lost_events = 0.0
        await plays(program.team(north), "We waited a whole day for that.")


async def test_removed_in_the_second_it_was_added_in_it_is_removed(tmp_path: Path) -> None:
    async with many(tmp_path) as program:
        north = people_of(program.server, "T1", "North")
        program.time.move(timedelta(milliseconds=500))  # Slack tells whole seconds
        await program.add(north)

        changes.uninstall(north)
        await program.server.settled()

        assert await _sealed(program, "T1") == ""


async def test_a_persons_token_taken_back_is_none_of_ours(tmp_path: Path) -> None:
    async with many(tmp_path) as program:
        north = people_of(program.server, "T1", "North")
        await program.add(north)
        program.time.move(timedelta(seconds=1))

        inner = {"type": "tokens_revoked", "tokens": {"oauth": ["UADA"], "bot": []}, "event_ts": "1.0"}
        changes._emit(north, None, "tokens_revoked", inner)
        await program.server.settled()

        await plays(program.team(north))


# --- tokens that expire ------------------------------------------------------------------


async def test_a_token_is_had_anew_before_it_expires_once_by_however_many(tmp_path: Path) -> None:
    async with many(tmp_path) as program:
        north = people_of(program.server, "T1", "North")
        await program.add(north)
        first = north.token
        await looked_after(program)
        assert refreshed(program) == 0

        program.time.move(ALMOST)
        workspaces = Workspaces(program.server.api_url)
        app = program.server.app
        other = Installs(
            program.app.database, program.app.service.keyring, workspaces, program.time, lambda _tx: None,
            client_id=app.client_id, client_secret=app.client_secret,
        )  # fmt: skip
        await asyncio.gather(looked_after(program), other.look_after(), looked_after(program))
        await other.look_after()  # whoever was not the one knows it a minute later
        await looked_after(program)
        await workspaces.close()

        assert refreshed(program) == 1
        assert north.token != first
        assert workspaces.of("T1").client.token == north.token
        program.time.move(timedelta(hours=2))  # the first one is no good any more
        await plays(program.team(north))
        for _ in range(5):
            program.time.move(ALMOST)
            await looked_after(program)
        assert refreshed(program) == 6
        await plays(program.team(north), "We waited a whole day for that.")
