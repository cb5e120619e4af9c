"""The thread of an open card: replies, comments, edits, deletions, 💡, and what was missed in a gap."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from adapters.slack import manifest
from adapters.slack.workspace import HISTORY
from bot.actions import Verb
from tests.adapters.five import NAMES, Time
from tests.adapters.slack.team import BOTH, OFTEN, Team, a_team, a_workspace, connected, words_of
from tests.patience import PATIENCE
from tests.slack import changes
from tests.slack.methods import METHODS
from tests.slack.record import Post
from tests.slack.server import SlackServer

pytestmark = pytest.mark.asyncio

BULB = "bulb"
COUNT = manifest.COUNT_SHORTCUT
ASK_HIM = "Please ask him first, every time."
CHAIR = "A third chair would do more."
WAITED = "We waited a whole day for that."
SAY_HIS_NAME = "Say his name when you begin."


async def _standing(team: Team) -> list[tuple[str, str, str]]:
    """The replies that stand, by when they were written: who, what, and what it counts as."""
    query = sa.text("SELECT author_name, words, kind FROM replies WHERE NOT removed ORDER BY written_at")
    rows = await team.app.database.read(lambda tx: tx.connection.execute(query).all())
    return [(row.author_name, row.words, row.kind) for row in rows]


def _count(board: Post) -> str:
    """What the board says of how many responded."""
    return next(line for line in words_of(board).splitlines() if "esponse" in line and "so far" in line)


async def _lightbulbs(team: Team) -> dict[str, str]:
    """The recap's lightbulbs, once the card is closed: by the first words of a response."""
    await team.settled()
    await team.close()
    found = {}
    lines = words_of(team.recap()).splitlines()
    for number, line in enumerate(lines):
        if line.startswith("💡"):
            found[lines[number - 2]] = line
    return found


def _mute(team: Team) -> None:
    """Slack does not repeat what nobody took, and the connection breaks: what is said now is missed.

    Of Socket Mode alone: by HTTP there is no connection that could break. What is missed there is missed
    because the program did not run, and is read back when it starts.
    """
    team.time.move(timedelta(minutes=1))
    delivery = team.server.delivery()
    delivery.retries = ()
    delivery.drop()


@BOTH
async def test_the_first_reply_of_three_words_is_the_response_and_all_others_are_comments(
    tmp_path: Path, by: str
) -> None:
    async with a_team(tmp_path, by=by) as team:
        board = await team.deal("open")
        ben = team.ben.person

        for words in ("Quite so.", CHAIR, "And a window to look out."):
            ben.say(team.channel, words, board)
        ben.say(team.channel, "I say this beside the thread.")
        await team.settled()

        assert await _standing(team) == [
            ("Ben", "Quite so.", "comment"),
            ("Ben", CHAIR, "response"),
            ("Ben", "And a window to look out.", "comment"),
        ]
        assert _count(board) == "One response so far."


@BOTH
async def test_a_reply_that_was_edited_or_deleted_counts_as_it_is_now(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        board = await team.deal("open")
        ben, cat = team.ben.person, team.cat.person
        first = ben.say(team.channel, "Quite so.", board)
        second = ben.say(team.channel, CHAIR, board)
        third = cat.say(team.channel, WAITED, board)
        await team.settled()

        ben.edit(first, "Quite so, I think.")
        ben.delete(second)
        cat.edit(third, "We waited for two days.")
        await team.settled()

        assert await _standing(team) == [
            ("Ben", "Quite so, I think.", "response"),
            ("Cat", "We waited for two days.", "response"),
        ]
        cat.delete(third)
        await team.settled()
        assert _count(board) == "One response so far."


@BOTH
async def test_bots_files_alone_and_links_that_unfold_are_passed_over(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        board = await team.deal("open")
        ben, cat = team.ben.person, team.cat.person

        ben.say(team.channel, "I am a bot and say many words.", board, bot=True)
        cat.say(team.channel, "", board, files=("chair.png",))
        linked = ben.say(team.channel, "Look here: https://example.org/chairs please", board)
        await team.settled()
        changes.unfurl(team.workspace, linked, [{"text": "Chairs of all kinds"}])
        cat.say(team.channel, "This chair would help me.", board, files=("chair.png",))
        await team.settled()

        assert await _standing(team) == [
            ("Ben", "Look here: https://example.org/chairs please", "response"),
            ("Cat", "This chair would help me.", "response"),
        ]


@BOTH
async def test_a_fourth_lightbulb_and_one_on_your_own_words_are_not_counted(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        board = await team.deal("open")
        said = {
            name: team.players[name].person.say(team.channel, words, board)
            for name, words in zip(
                NAMES, (ASK_HIM, CHAIR, WAITED, SAY_HIS_NAME, "Write it down."), strict=True
            )
        }
        await team.settled()
        eve = team.players["eve"].person

        for name in ("eve", "ada", "ben", "cat", "dan"):
            eve.react(said[name], BULB)
        eve.unreact(said["ada"], BULB)
        team.ben.person.react(said["dan"], "tada")
        team.ben.person.react(said["ada"], "bulb")
        team.ben.person.unreact(said["ada"], "bulb")
        team.ben.person.react(said["cat"], "bulb")

        assert await _lightbulbs(team) == {
            "Cat": "💡 2 lightbulbs",
            "Ben": "💡 One lightbulb",
            "Dan": "💡 One lightbulb",
        }


@BOTH
async def test_the_shortcut_moves_the_response_to_another_reply_of_ones_own(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        board = await team.deal("open")
        ben = team.ben.person
        first = ben.say(team.channel, CHAIR, board)
        second = ben.say(team.channel, WAITED, board)
        beside = ben.say(team.channel, "I say this beside the thread.")
        await team.settled()

        await ben.shortcut(COUNT, second)
        await team.settled()

        assert [kind for *_, kind in await _standing(team)] == ["comment", "response"]
        assert _count(board) == "One response so far."

        cat = team.cat
        for message in (first, beside, board):
            await cat.person.shortcut(COUNT, message)
            await team.settled()
        told = [words_of(post) for post in cat.whispers()]
        assert len(told) == 3
        assert all("I can only count your own reply in the thread of a card." in each for each in told)
        assert [kind for *_, kind in await _standing(team)] == ["comment", "response"]


@BOTH
async def test_who_has_a_new_name_is_called_by_it_from_their_next_words_on(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        board = await team.deal("open")
        team.ben.person.say(team.channel, CHAIR, board)
        await team.settled()

        changes.change_user(team.workspace, "UBEN", real_name="Benedict")
        await team.settled()
        team.ben.person.say(team.channel, WAITED, board)
        await team.settled()

        assert await _standing(team) == [("Ben", CHAIR, "response"), ("Benedict", WAITED, "comment")]


@BOTH
async def test_words_before_the_reveal_are_early_and_after_the_close_afterthoughts(
    tmp_path: Path, by: str
) -> None:
    async with a_team(tmp_path, by=by) as team:
        board = await team.deal("together")
        team.ben.person.say(team.channel, CHAIR, board)
        await team.settled()
        await team.press_more(Verb.REVEAL)
        await team.close()

        team.ben.person.say(team.channel, "I thought of it all night.", board)
        await team.settled()

        assert await _standing(team) == [
            ("Ben", CHAIR, "early"),
            ("Ben", "I thought of it all night.", "afterthought"),
        ]
        assert "5 people" not in words_of(team.recap())


async def test_what_was_written_edited_and_deleted_in_a_gap_is_read_back(tmp_path: Path) -> None:
    async with a_team(tmp_path, ping_seconds=OFTEN) as team:
        board = await team.deal("open")
        ben, cat, dan = (team.players[name].person for name in ("ben", "cat", "dan"))
        kept = ben.say(team.channel, CHAIR, board)
        dropped = cat.say(team.channel, WAITED, board)
        await team.settled()

        _mute(team)
        ben.edit(kept, "A fourth chair would do more.")
        cat.delete(dropped)
        dan.say(team.channel, SAY_HIS_NAME, board)
        assert not team.server.delivery().sockets
        await team.connected()
        await team.settled()

        assert await _standing(team) == [
            ("Ben", "A fourth chair would do more.", "response"),
            ("Dan", SAY_HIS_NAME, "response"),
        ]
        assert _count(board) == "2 responses so far."


@BOTH
async def test_what_was_said_while_the_program_did_not_run_is_read_back(tmp_path: Path, by: str) -> None:
    moving = Time()
    async with SlackServer(clock=moving.seconds, ack_within=PATIENCE, retries=()) as server:
        server.app.deliver = by
        workspace = a_workspace(server)
        async with connected(server, workspace, moving, tmp_path) as team:
            board = await team.deal("open")
            kept = team.ben.person.say(team.channel, CHAIR, board)
            await team.settled()
        moving.move(timedelta(minutes=1))
        team.ben.person.edit(kept, "A fourth chair would do more.")
        team.players["dan"].person.say(team.channel, SAY_HIS_NAME, board)
        await server.settled()

        async with connected(server, workspace, moving, tmp_path) as team:
            await team.settled()
            assert await _standing(team) == [
                ("Ben", "A fourth chair would do more.", "response"),
                ("Dan", SAY_HIS_NAME, "response"),
            ]
        assert server.faults_of_ours == []


async def test_lightbulbs_that_came_and_went_in_a_gap_are_read_back(tmp_path: Path) -> None:
    async with a_team(tmp_path, ping_seconds=OFTEN) as team:
        board = await team.deal("open")
        ben, cat, dan = (team.players[name].person for name in ("ben", "cat", "dan"))
        chair = ben.say(team.channel, CHAIR, board)
        waited = cat.say(team.channel, WAITED, board)
        dan.react(chair, BULB)
        await team.settled()

        _mute(team)
        dan.unreact(chair, BULB)
        dan.react(waited, BULB)
        await team.connected()

        assert await _lightbulbs(team) == {"Cat": "💡 One lightbulb"}


async def test_reading_back_changes_nothing_of_what_was_heard_before(tmp_path: Path) -> None:
    async with a_team(tmp_path, ping_seconds=OFTEN) as team:
        board = await team.deal("open")
        eve = team.players["eve"]
        said = [
            team.players[name].person.say(team.channel, words, board)
            for name, words in zip(NAMES[:4], (ASK_HIM, CHAIR, WAITED, SAY_HIS_NAME), strict=True)
        ]
        for post in said:
            eve.person.react(post, BULB)
        await team.settled()
        # In the ballot the first is taken back; the 💡 still stands below the words.
        await eve.tap(Verb.VOTE)
        await team.settled()
        while ASK_HIM not in words_of(eve.whispers()[-1]):
            await eve.tap(Verb.NEXT)
            await team.settled()
        await eve.tap(Verb.TAKE_LIGHTBULB)
        await team.settled()

        for _ in range(3):
            _mute(team)
            await team.connected()
            await team.settled()

        found = await _lightbulbs(team)
        assert found == {"Ben": "💡 One lightbulb", "Cat": "💡 One lightbulb", "Dan": "💡 One lightbulb"}


async def test_where_a_thread_may_not_be_read_back_everything_else_goes_on(tmp_path: Path) -> None:
    async with a_team(tmp_path, ping_seconds=OFTEN) as team:
        board = await team.deal("open")
        faults = team.server.faults
        faults.spared |= frozenset(METHODS) - {"conversations.replies"}
        faults.too_many, faults.retry_after = 1.0, 0.01

        _mute(team)
        team.ben.person.say(team.channel, CHAIR, board)
        await team.connected()
        await team.settled()
        team.cat.person.say(team.channel, WAITED, board)
        await team.settled()

        assert {call.status for call in team.server.calls if call.method == "conversations.replies"} >= {429}
        assert await _standing(team) == [("Cat", WAITED, "response")]
        assert _count(board) == "One response so far."
        await team.players["dan"].respond(stance="yes", words=SAY_HIS_NAME)


@BOTH
async def test_without_the_history_scopes_the_card_offers_the_form_and_says_so(
    tmp_path: Path, by: str
) -> None:
    scopes = tuple(each for each in manifest.SCOPES if each not in HISTORY)
    async with a_team(tmp_path, by=by, scopes=scopes) as team:
        board = await team.deal("open")

        assert "We cannot read the thread here, so replies in it are not counted." in words_of(board)
        assert "You can reply in the thread." not in words_of(board)
        reply = team.ben.person.say(team.channel, CHAIR, board)
        await team.ben.person.shortcut(COUNT, reply)
        await team.cat.respond(words=WAITED)
        await team.settled()

        assert await _standing(team) == []
        assert _count(board) == "One response so far."
        await team.close()
        assert "One person wrote." in words_of(team.recap())
