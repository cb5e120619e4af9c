"""Removed in the middle of a campaign: all is quiet. Added again: what still means something goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.actions import Verb
from storage import alarms, outbox
from tests.adapters.slack.many import Many, many, people_of
from tests.adapters.slack.team import Team, words_of
from tests.slack import changes

pytestmark = pytest.mark.asyncio


async def _started(team: Team) -> None:
    """A card every day of the week, and a round-up on Sundays."""
    await team.begin_campaign(template="carers-week", time="10:30", weekdays="0123456", contact="Jo")


async def _days(program: Many, team: Team, number: int) -> None:
    """Days go by, and tokens are had anew in time."""
    assert program.app.slack is not None
    for _ in range(4 * number):
        program.time.move(timedelta(hours=6))
        await program.app.slack.installs.look_after()
        await team.settled()


async def _rows(program: Many, table: str) -> Sequence[Any]:
    return await program.app.database.read(
        lambda tx: tx.connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1").all()  # noqa: S608
    )


def _headings(team: Team, after: int) -> list[str]:
    return [words_of(each).splitlines()[0] for each in team.ours()[after:]]


def _told(team: Team) -> str:
    return "".join(words_of(each) for each in team.ada.whispers())


async def test_once_removed_no_alarm_rings_for_ever_and_nothing_is_tried_again(tmp_path: Path) -> None:
    async with many(tmp_path) as program:
        north = people_of(program.server, "T1", "North")
        await program.add(north)
        team = program.team(north)
        await _started(team)
        await _days(program, team, 2)
        await team.ben.respond(words="Please ask him first, every time.")
        await team.settled()

        changes.uninstall(north)
        await program.server.settled()
        calls = len(program.server.calls)
        await _days(program, team, 10)

        # Its cards have closed, its campaign waits; nothing is due any more, now or later.
        assert await _rows(program, "alarms") == []
        now = program.time.now
        due = await program.app.database.read(lambda tx: (outbox.due(tx, now), alarms.due(tx, now)))
        assert [list(each) for each in due] == [[], []]
        assert await program.app.database.read(outbox.next_due_at) is None
        waiting = await _rows(program, "outbox")
        await _days(program, team, 30)
        assert await _rows(program, "outbox") == waiting, "no more than at first waits to be posted"
        assert await _rows(program, "alarms") == []
        assert program.server.calls[calls:] == []


@pytest.mark.parametrize("by", ["a card that is dealt", "the campaign's plan"])
async def test_added_again_its_campaign_goes_on_with_its_next_card(tmp_path: Path, by: str) -> None:
    async with many(tmp_path) as program:
        north = people_of(program.server, "T1", "North")
        await program.add(north)
        team = program.team(north)
        await _started(team)
        await _days(program, team, 2)
        posted = len(team.ours())
        changes.uninstall(north)
        await program.server.settled()
        await _days(program, team, 3)

        await program.add(north)
        await _days(program, team, 1)
        assert len(team.ours()) == posted, "nobody has asked for anything there yet"
        if by == "a card that is dealt":
            await team.deal("open")
        else:
            await team.ada.command("campaign")
            await team.ada.tap(Verb.SHOW_CAMPAIGN)
            await team.settled()
            assert "It is paused." in _told(team)
            await team.ada.tap(Verb.RESUME_CAMPAIGN)
            await team.settled()
            assert "It is paused." not in _told(team)
        went_out = _headings(team, posted)
        await _days(program, team, 1)
        later = _headings(team, posted + len(went_out))

        # What its cards came to is told; of the days between none is made up for.
        assert [each for each in went_out if each.startswith("Day")] == []
        assert went_out.count("What we heard") == 2
        assert [each for each in later if each.startswith("Day")] == ["Day 3: a new card"]
