"""Buttons of before, forged ones, forms that come back, doors that are closed, and answers that are late."""

from __future__ import annotations

import asyncio
import gc
import itertools
import threading
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.discord.limits import FIRST_ANSWER_SECONDS
from bot.actions import Action, Verb, write
from bot.commands import COMMANDS
from tests.adapters.discord.team import (
    a_guild,
    a_team,
    actions,
    answer_of,
    connected,
    typed_in,
    words_of,
)
from tests.adapters.five import WORDS, Time
from tests.databases import every_row
from tests.discord import changes
from tests.discord.people import DiscordShows
from tests.discord.record import ANSWER_SECONDS, Answers, Can, Post
from tests.discord.server import DiscordServer
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio

UNKNOWN = "This button is not for a card here."
TAKEN = "inbound"  # that a press was taken is noted, whatever it comes to
ANSWER = "create_interaction_response"


# --- buttons -----------------------------------------------------------------------------


async def test_buttons_of_before_a_restart_work_after_it(tmp_path: Path) -> None:
    moving = Time()
    async with DiscordServer(clock=moving.seconds, answer_within=PATIENCE) as server:
        guild = a_guild(server)
        async with connected(server, guild, moving, tmp_path) as team:
            await team.deal()
            await team.ben.respond(words=WORDS["ben"])
            await team.settled()
            await team.cat.open(Verb.RESPOND)
            await team.ada.tap(Verb.MORE)
            await team.settled()

        async with connected(server, guild, moving, tmp_path) as team:
            await team.cat.send(words=WORDS["cat"])  # the form of before
            await team.ben.tap(Verb.WITHDRAW)  # on the receipt of before
            await team.settled()
            assert "taken back" in team.ben.told()
            await team.ada.tap(Verb.REVEAL)  # behind More, opened before
            await team.settled()
            said = "".join(words_of(post) for post in team.ours())
            assert WORDS["cat"] in said
            assert WORDS["ben"] not in said
        assert server.faults_of_ours == []


async def test_when_a_card_ends_the_buttons_of_it_and_of_the_others_still_work(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        ended = await team.deal("after_you")
        old = _pass(ended)
        await team.ben.respond(words=WORDS["ben"])
        await team.settled()
        await team.close()
        running = await team.deal("after_you")

        for _ in range(2):
            told = answer_of(await team.cat.person.forge(ended, old))
            assert "has closed" in told
            await team.cat.person.press(running, _pass(running))
            await team.settled()
            assert "has closed" not in team.cat.told()


def _round(post: Post) -> str:
    return next(action.round for _, action in actions(post) if action.round)


def _pass(post: Post) -> str:
    return next(id for id, action in actions(post) if action.verb is Verb.PASS)


NOT_OURS = (
    "x",
    "deal",
    "respond",
    "respond.",
    "cast.a.b.c.d",
    "respond.no-such-round",
    "a" * 100,
    "\u202erespond",
    "send.' OR 1=1",
    "päss.x",
)


async def test_what_no_button_of_ours_says_is_for_no_card(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        board = await team.deal("after_you")
        before = await every_row(team.app.database, but=TAKEN)

        for custom_id in NOT_OURS:
            if custom_id != "deal":
                assert UNKNOWN in answer_of(await team.ben.person.forge(board, custom_id)), custom_id
        assert await every_row(team.app.database, but=TAKEN) == before


async def test_a_card_of_another_guild_is_no_card(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        board = await team.deal("after_you")
        await team.ada.respond(words=WORDS["ada"])
        await team.settled()
        south = team.server.guild("200000000000000002", "South")
        there = south.channel("300000000000000002", "ward-5")
        changes.invite(team.server.world, south)
        eve = team.server.person(south, "400000000000000009", "Eve of the south")
        await team.settled()
        await eve.command("shoes help", channel=there)
        there.put(own := changes.a_post(team.server.world, there, team.server.app.bot, {"content": "A post"}))
        await team.settled()
        before = await every_row(team.app.database, but=TAKEN)

        for verb in (Verb.PASS, Verb.VOTE, Verb.RESPOND, Verb.TELL_ME, Verb.MORE, Verb.CLOSE, Verb.PLEDGE):
            assert UNKNOWN in answer_of(await eve.forge(own, write(Action(verb, _round(board))))), verb

        assert await every_row(team.app.database, but=TAKEN) == before


# --- answers that are late, lost or come twice ---------------------------------------------


async def test_while_the_database_is_slow_discord_is_told_to_wait(tmp_path: Path) -> None:
    # The clock stands still, so that a busy machine has time: what is answered while the database is held
    # has not waited for it, and this says how long it waits at most.
    assert FIRST_ANSWER_SECONDS < ANSWER_SECONDS
    moving = Time()
    async with DiscordServer(clock=moving.seconds, answer_within=PATIENCE) as server:
        async with connected(server, a_guild(server), moving, tmp_path) as team:
            board = await team.deal("after_you")
            go_on = threading.Event()
            held = asyncio.ensure_future(team.app.database.write(lambda _tx: go_on.wait(PATIENCE)))

            passed, asked = await asyncio.gather(
                team.cat.person.press(board, _pass(board)), team.ben.person.press(board, "Respond")
            )

            assert passed.kind is Answers.DEFERRED_MESSAGE
            assert asked.kind in {Answers.DEFERRED_MESSAGE, Answers.MODAL}
            go_on.set()
            await held
            await team.settled()
            assert "thinking" not in team.cat.told()
            if asked.kind is Answers.DEFERRED_MESSAGE:
                await team.ben.tap(Verb.RESPOND)  # "Try again", below the sentence that says so
            await team.ben.send(words=WORDS["ben"])
            await team.settled()
            assert "Thank you" in team.ben.told()
        assert server.faults_of_ours == []


async def test_an_answer_that_comes_too_late_is_given_up_and_one_that_came_twice_too(tmp_path: Path) -> None:
    async with a_team(tmp_path, may_send=(ANSWER,)) as team:
        board = await team.deal("after_you")
        team.server.world.answer_within = 0.2
        go_on = threading.Event()
        held = asyncio.ensure_future(team.app.database.write(lambda _tx: go_on.wait(PATIENCE)))
        cat = team.server.person(team.guild, team.cat.person.id)
        before = len(team.server.calls)

        with pytest.raises(DiscordShows):
            await cat.press(board, _pass(board))
        team.time.move(timedelta(hours=1))
        go_on.set()
        await held
        await team.settled()

        tries = [call.status for call in team.server.calls[before:] if call.name == ANSWER]
        assert tries == [404]
        await team.ben.respond(words=WORDS["ben"])  # everything else goes on
        await team.settled()
        assert "Thank you" in team.ben.told()


# --- forms -------------------------------------------------------------------------------


async def test_a_form_that_could_not_be_taken_comes_back_with_what_was_typed(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        await team.deal()
        words = "My number is 07700 900123."
        await team.ben.respond(words=words, stance="yes")
        await team.settled()
        assert "Leave this in?" in words_of(team.ben.whispers()[-1])

        form = await team.ben.open(Verb.RESPOND)

        assert typed_in(form)["words"]["value"] == words
        await team.ben.send(words="Please sit down.")
        await team.settled()
        assert "Thank you" in team.ben.told()


# --- commands ----------------------------------------------------------------------------


ANSWERS = {
    "prompt": "There is no campaign in this channel yet.",
    "story": "Share a story",
    "pledge": "No card has been dealt here yet.",
    "recap": "No card has been dealt here yet.",
    "me": "What we keep about you",
    "help": "/shoes deal",
}


async def test_every_command_is_answered_in_a_place_where_nobody_has_played(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        for command in COMMANDS:
            ack = await team.ben.command(command.name)
            if command.name in ANSWERS:
                assert ANSWERS[command.name] in answer_of(ack)
            else:
                assert ack.kind is Answers.MODAL
                assert team.ben.person.modal is not None
        for typed, titles in (("", 2), ("CONT", 1), ("no such deck", 0)):
            found = await team.ben.person.autocomplete("shoes deal", "deck", typed, channel=team.channel)
            assert len(found) >= titles if not typed else True
            assert all(typed.casefold() in f"{each['name']} {each['value']}".casefold() for each in found)


@pytest.mark.parametrize(
    "denied, named",
    [
        (Can.SEND_MESSAGES, "Send Messages"),
        (Can.VIEW_CHANNEL, "View Channels"),
        (Can.CREATE_PUBLIC_THREADS, "Create Public Threads"),
    ],
)
async def test_a_permission_that_we_lack_is_named_in_a_sentence(
    tmp_path: Path, denied: int, named: str
) -> None:
    async with a_team(tmp_path) as team:
        changes.deny(team.server.world, team.channel, team.server.app.bot.id, denied)
        await team.settled()
        await team.ada.command("deal")
        await team.ada.send(policy="together")
        await team.settled()
        await team.ada.tap(Verb.DEAL)
        await team.settled()

        assert named in team.ada.told()
        assert team.ours() == []


async def test_closed_direct_messages_hold_nothing_up(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        await team.deal()
        await team.ben.respond(words=WORDS["ben"])
        await team.cat.respond(words=WORDS["cat"])
        await team.ben.tap(Verb.TELL_ME)
        await team.cat.tap(Verb.TELL_ME)
        await team.settled()
        team.ben.person.closes_dms()

        await team.press_more(Verb.REVEAL)

        assert team.ben.person.dms == []
        (told,) = team.cat.person.dms
        assert "the responses are open now" in words_of(told)
        assert [post for post in team.ours() if words_of(post).startswith("Responses 1 to 2")]


# --- many --------------------------------------------------------------------------------

GUILDS, CARDS = 200, 500


async def test_five_hundred_open_cards_in_two_hundred_guilds_take_no_memory(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        board = await team.deal("after_you")
        posts = []
        for number in range(GUILDS):
            guild = team.server.guild(str(210000000000000000 + number), f"Guild {number}")
            there = guild.channel(str(310000000000000000 + number))
            changes.invite(team.server.world, guild)
            person = team.server.person(guild, "400000000000000009", "Gus")
            for _ in range(CARDS // GUILDS + (number % 2)):
                body = {"components": board.components, "flags": board.flags}
                post = changes.a_post(team.server.world, there, team.server.app.bot, body)
                there.put(post)
                posts.append((person, post))
        await team.settled()
        assert len(posts) == CARDS
        custom_ids = itertools.cycle((_pass(board), write(Action(Verb.VOTE, _round(board)))))

        async def press_all() -> None:
            for person, post in posts:
                await person.forge(post, next(custom_ids))
            await team.settled()
            # What the test server itself wrote down is none of the program's.
            team.server.calls.clear()
            team.server.events.clear()

        await press_all()  # what is made once is made; tracing it would take three times as long
        tracemalloc.start()
        try:
            await press_all()
            before = _ours_in_memory()
            await press_all()
            after = _ours_in_memory()
        finally:
            tracemalloc.stop()

        assert after - before < 200_000
        assert team.discord._gateway is not None
        store = team.discord._gateway._connection._view_store
        assert (len(store._views), len(store._synced_message_views), len(store._modals)) == (0, 0, 0)
        assert len(team.discord._gateway.cached_messages) == 0


def _ours_in_memory() -> int:
    """Bytes that were taken by the program and discord.py, not by the test server."""
    gc.collect()
    parts = ("adapters", "bot", "discord", "storage")
    keep = [tracemalloc.Filter(True, f"*/{part}/*") for part in parts]
    found = tracemalloc.take_snapshot().filter_traces(keep)
    found = found.filter_traces((tracemalloc.Filter(False, "*/tests/*"),))
    return sum(each.size for each in found.traces)
