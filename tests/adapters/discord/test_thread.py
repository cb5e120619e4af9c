"""The thread of an open card: replies, comments, edits, deletions, 💡, and what was missed in a gap."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.actions import Verb
from tests.adapters.discord.team import Team, a_team, has, words_of
from tests.adapters.five import NAMES, WORDS
from tests.discord.record import Post

pytestmark = pytest.mark.asyncio

BULB = "💡"
COUNT = "Count this as my response"
CHAIR = WORDS["ben"]
WAITED = WORDS["cat"]
SAY_HIS_NAME = WORDS["dan"]


async def _standing(team: Team) -> list[tuple[str, str, str]]:
    """The replies that stand, by when they were written: who, what, and what it counts as."""
    query = sa.text(
        "SELECT author_name, words, kind FROM replies WHERE NOT removed ORDER BY written_at, author_name"
    )
    rows = await team.app.database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.author_name, row.words, row.kind) for row in rows]


def _count(board: Post) -> str:
    """What the board says of how many responded."""
    return next(line for line in words_of(board).splitlines() if "esponse" in line and "so far" in line)


async def _lightbulbs(team: Team) -> dict[str, str]:
    """The recap's lightbulbs, once the card is closed: by who wrote the words."""
    await team.settled()
    await team.close()
    lines = words_of(team.recap()).splitlines()
    return {lines[number - 2]: line for number, line in enumerate(lines) if line.startswith(BULB)}


async def _mute(team: Team) -> None:
    """Discord forgets the session: what is said now is missed."""
    await team.settled()
    team.time.move(timedelta(minutes=1))
    team.server.gateway.forget()


async def _again(team: Team) -> None:
    """The program begins anew, and has read the thread to its end."""
    calls = team.server.calls
    before = len(calls)
    team.server.gateway.drop()
    await team.server.until(
        lambda: any(call.name == "list_messages" and not call.answer for call in calls[before:])
    )
    await team.settled()


async def test_the_first_reply_of_three_words_is_the_response_and_all_others_are_comments(
    tmp_path: Path,
) -> None:
    async with a_team(tmp_path) as team:
        board = await team.deal("open")
        for words in ("Quite so.", CHAIR, "And a window to look out."):
            team.ben.reply(words)
            team.time.move(timedelta(seconds=1))
        team.ben.person.say(team.channel, "I say this beside the thread.")
        team.ben.person.say(team.thread, "I am a bot and say many words.", bot=True)
        await team.settled()

        assert await _standing(team) == [
            ("Ben", "Quite so.", "comment"),
            ("Ben", CHAIR, "response"),
            ("Ben", "And a window to look out.", "comment"),
        ]
        assert _count(board) == "One response so far."


async def test_a_reply_that_was_edited_or_deleted_counts_as_it_is_now(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        board = await team.deal("open")
        first, second = team.ben.reply("Quite so."), team.ben.reply(CHAIR)
        third = team.cat.reply(WAITED)
        await team.settled()
        team.time.move(timedelta(seconds=1))

        team.ben.person.edit(first, "Quite so, I think.")
        team.ben.person.delete(second)
        team.cat.person.edit(third, "We waited for two days.")
        await team.settled()

        assert await _standing(team) == [
            ("Ben", "Quite so, I think.", "response"),
            ("Cat", "We waited for two days.", "response"),
        ]
        team.cat.person.delete(third)
        await team.settled()
        assert _count(board) == "One response so far."


async def test_a_fourth_lightbulb_and_one_on_your_own_words_are_not_counted(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        await team.deal("open")
        said = {name: team.players[name].reply(WORDS[name]) for name in NAMES}
        await team.settled()
        eve, ben = team.players["eve"].person, team.ben.person

        for name in ("eve", "ada", "ben", "cat", "dan"):
            eve.react(said[name], BULB)
            await team.settled()
        team.time.move(timedelta(seconds=1))
        eve.unreact(said["ada"], BULB)
        ben.react(said["dan"], "🎉")
        ben.react(said["ada"], BULB)
        await team.settled()
        team.time.move(timedelta(seconds=1))
        ben.unreact(said["ada"], BULB)
        ben.react(said["cat"], BULB)

        assert await _lightbulbs(team) == {
            "Cat": "💡 2 lightbulbs",
            "Ben": "💡 One lightbulb",
            "Dan": "💡 One lightbulb",
        }


async def test_the_menu_of_a_message_moves_the_response_to_another_reply_of_ones_own(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        board = await team.deal("open")
        first = team.ben.reply(CHAIR)
        team.time.move(timedelta(seconds=1))
        second = team.ben.reply(WAITED)
        beside = team.ben.person.say(team.channel, "I say this beside the thread.")
        await team.settled()

        await team.ben.person.context_menu(COUNT, second)
        await team.settled()
        assert [kind for *_, kind in await _standing(team)] == ["comment", "response"]

        told = []
        for message in (first, beside, board):
            ack = await team.cat.person.context_menu(COUNT, message)
            assert ack.post is not None
            told.append(words_of(ack.post))
        assert "We cannot find these words of yours." in told[0]
        assert all("I can only count your own reply in the thread of a card." in each for each in told[1:])
        assert [kind for *_, kind in await _standing(team)] == ["comment", "response"]


async def test_what_was_written_edited_and_deleted_in_a_gap_is_read_back(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        board = await team.deal("open")
        kept, dropped = team.ben.reply(CHAIR), team.cat.reply(WAITED)

        await _mute(team)
        team.ben.person.edit(kept, "A fourth chair would do more.")
        team.cat.person.delete(dropped)
        team.players["dan"].reply(SAY_HIS_NAME)
        await _again(team)

        assert await _standing(team) == [
            ("Ben", "A fourth chair would do more.", "response"),
            ("Dan", SAY_HIS_NAME, "response"),
        ]
        assert _count(board) == "2 responses so far."


async def test_lightbulbs_that_came_and_went_in_a_gap_are_read_back(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        await team.deal("open")
        dan = team.players["dan"].person
        chair, waited = team.ben.reply(CHAIR), team.cat.reply(WAITED)
        await team.settled()
        dan.react(chair, BULB)

        await _mute(team)
        dan.unreact(chair, BULB)
        dan.react(waited, BULB)
        await _again(team)

        assert await _lightbulbs(team) == {"Cat": "💡 One lightbulb"}


async def test_without_the_intent_the_card_offers_the_form_and_says_so(tmp_path: Path) -> None:
    async with a_team(tmp_path, reads=False) as team:
        board = await team.deal("open")

        assert "We cannot read the thread here, so replies in it are not counted." in words_of(board)
        assert "You can reply in the thread." not in words_of(board)
        assert has(board, Verb.RESPOND)
        team.ben.reply(CHAIR)
        await team.cat.respond(words=WAITED)
        await team.settled()

        assert await _standing(team) == []
        assert _count(board) == "One response so far."
        await team.close()
        assert "One person wrote." in words_of(team.recap())
