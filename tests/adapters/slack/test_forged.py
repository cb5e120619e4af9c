"""Forged buttons and forms, and ids of another workspace: the sentence for an id that does not exist."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot.actions import Action, Verb, write
from bot.asking import ASKS
from bot.keeping import STORIES
from bot.privately import PRIVATELY
from bot.subjects import BY_VERB
from tests.adapters.slack.many import many, people_of
from tests.adapters.slack.team import Team, answer_to, words_of
from tests.databases import every_row
from tests.slack.people import Person
from tests.slack.reading import reading

pytestmark = pytest.mark.asyncio

UNKNOWN = "This button is not for a card here."
ALONE = (frozenset(BY_VERB) - PRIVATELY) | (ASKS - {Verb.RECAP}) | STORIES
ALONE |= {
    Verb.DEAL,
    Verb.PREVIEW,
    Verb.TRY_AGAIN,
    Verb.SET_ROLE,
    Verb.SET_ZONE,
    Verb.HELP_LINES,
    Verb.CALENDAR,
}
"""What may be about no card. test_walk.py presses it too, with every id of another workspace."""

VALUES = ("", "agree", "yes", "sure", "done")
NOT_OURS = (
    "",
    "x",
    "deal",
    "respond",
    "respond.",
    "cast.a.b.c.d",
    "\u202erespond",
    "a" * 2000,
    "send.' OR 1=1",
)
NOT_A_FORM = ("", "{}", "[]", "null", "not json", '{"action": 5}', '{"action": "send.x", "surface": "?"}')


@dataclass(frozen=True)
class Ids:
    """What a card in one place is called in our database."""

    channel: str
    round: str
    response: str


@dataclass(frozen=True)
class Two:
    """The program, added to two workspaces where people and channels have equal ids; a card in each."""

    team: Team
    north: Ids
    south: Ids

    @property
    def ben(self) -> Person:
        """Of the north."""
        return self.team.ben.person

    async def stored(self) -> Mapping[str, list[str]]:
        """Every row of every table."""
        return await every_row(self.team.app.database)

    async def answer(self, value: str, channel: str) -> str:
        """What Ben of the north is told when a button with this value and of this channel is pressed."""
        return await answer_to(self.team.ben, value, channel)

    async def sent(self, metadata: str) -> str:
        """What Ben of the north is told when a form with this metadata is sent."""
        self.ben.reload()
        view = await self.team.ben.open(Verb.RESPOND)
        view.shape["private_metadata"] = metadata
        await self.ben.submit({"words": "I am from elsewhere."})
        await self.team.server.until(lambda: self.ben.view or self.team.ben.whispers())
        await self.team.slack.idle()
        if self.ben.view is not None:
            assert not self.ben.view.errors
            return reading(self.ben.view.shape["blocks"]).words
        return words_of(self.team.ben.whispers()[-1])


@pytest_asyncio.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with many(tmp_path) as program:
        north, south = people_of(program.server, "T1", "North"), people_of(program.server, "T2", "South")
        for each in (north, south):
            await program.add(each)
            await _a_card(program.team(each))
        team = program.team(north)
        yield Two(team, *[await _ids(team, each) for each in ("T1", "T2")])


async def _a_card(team: Team) -> None:
    await team.deal("after_you")
    await team.ada.respond(words="Please ask him first, every time.")
    await team.settled()


async def _ids(team: Team, workspace: str) -> Ids:
    query = sa.text(
        "SELECT channels.id AS channel, rounds.id AS round, responses.id AS response FROM communities"
        " JOIN channels ON channels.community_id = communities.id"
        " JOIN round_channels ON round_channels.channel_id = channels.id"
        " JOIN rounds ON rounds.id = round_channels.round_id"
        " JOIN responses ON responses.round_id = rounds.id WHERE communities.ref = :ref"
    )
    (row,) = await team.app.database.read(lambda tx: tx.connection.execute(query, {"ref": workspace}).all())
    return Ids(row.channel, row.round, row.response)


async def test_a_card_of_another_workspace_is_no_card(two: Two) -> None:
    before = await two.stored()

    for verb in sorted(set(Verb) - ALONE):
        for value in VALUES:
            about = two.south.response
            for channel in (two.north.channel, two.south.channel, "nowhere"):
                for forged in (
                    Action(verb, two.south.round, about, value),
                    Action(verb, two.south.round, "", value),
                    Action(verb, "no-such-round", about, value),
                ):
                    if value in {"", "agree"} or channel == two.north.channel:
                        told = await two.answer(write(forged), channel)
                        assert UNKNOWN in told, forged

    assert await two.stored() == before


async def test_ones_own_card_cannot_be_pressed_from_a_channel_of_another_workspace(two: Two) -> None:
    before = await two.stored()

    for verb in (Verb.PASS, Verb.VOTE, Verb.RESPOND, Verb.TELL_ME, Verb.MORE):
        told = await two.answer(write(Action(verb, two.north.round)), two.south.channel)
        assert UNKNOWN in told, verb
    assert UNKNOWN in await two.answer(write(Action(Verb.TRY_AGAIN)), two.south.channel)

    assert await two.stored() == before


async def test_a_response_of_another_workspace_is_no_response(two: Two) -> None:
    before = await two.stored()

    for about in (two.south.response, "no-such-response"):
        told = {
            await two.answer(write(Action(verb, two.north.round, about, "agree")), two.north.channel)
            for verb in (Verb.CAST, Verb.LIGHTBULB, Verb.TAKE_LIGHTBULB)
        }
        assert len(told) == 1, told

    assert await two.stored() == before


async def test_what_no_button_of_ours_says_is_no_card(two: Two) -> None:
    before = await two.stored()

    for value in NOT_OURS[3:]:
        assert UNKNOWN in await two.answer(value, two.north.channel), value

    assert await two.stored() == before


async def test_a_form_that_was_sent_for_another_workspace_is_for_no_card(two: Two) -> None:
    before = await two.stored()
    sends = (Verb.SEND, Verb.MAKE_PLEDGE, Verb.SEND_PAUSE, Verb.SEND_EXTEND, Verb.REPLY, Verb.CHANGE_REPLY)

    for verb in sends:
        for channel in (two.north.channel, two.south.channel):
            action = write(Action(verb, two.south.round, two.south.response))
            told = await two.sent(json.dumps({"action": action, "place": channel}))
            assert UNKNOWN in told, action
    told = await two.sent(
        json.dumps({"action": "deal..contract-waiting-room.open-60-60", "place": two.south.channel})
    )
    assert UNKNOWN in told

    assert await two.stored() == before


@pytest.mark.parametrize("metadata", NOT_A_FORM)
async def test_a_form_that_is_none_of_ours_is_for_no_card(two: Two, metadata: str) -> None:
    before = await two.stored()

    assert UNKNOWN in await two.sent(metadata)

    assert await two.stored() == before
