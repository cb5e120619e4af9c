"""From the first command on: how few presses it takes, doors that are closed, forms, App Home, restarts."""

from __future__ import annotations

import asyncio
import itertools
import random
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.slack.limits import JOIN_SECONDS, READ_SECONDS
from bot.actions import Verb
from bot.commands import COMMANDS
from tests.adapters.five import Time
from tests.adapters.platform import DECK
from tests.adapters.slack.team import (
    BOTH,
    QUICK,
    Player,
    Team,
    a_team,
    a_workspace,
    buttons,
    connected,
    has,
    words_of,
)
from tests.patience import PATIENCE
from tests.slack.people import Person
from tests.slack.record import ACK_SECONDS, Post, View
from tests.slack.server import SlackServer

pytestmark = pytest.mark.asyncio

ASK_HIM = "Please ask him first, every time."


class EveryOther(random.Random):
    """A share of one half strikes every second time."""

    def __init__(self) -> None:
        super().__init__(0)
        self._turns = itertools.cycle((0.1, 0.9))

    def random(self) -> float:
        return next(self._turns)


def _reads(player: Player, shown: Post | View | None) -> str:
    assert shown is not None
    return player.person.reads(shown).words


def _pressed(person: Person) -> int:
    """How often somebody pressed a button or sent a form: each has a trigger of its own."""
    return sum(trigger.user == person.id for trigger in person.workspace.triggers.values())


@BOTH
async def test_three_presses_from_the_command_to_a_card_and_two_more_to_a_response(
    tmp_path: Path, by: str
) -> None:
    async with a_team(tmp_path, by=by) as team:
        new = team.workspace.channel("C2", "ward-5", members=("UADA", "UBEN"), bot=False)
        team.channel = new

        board = await team.deal(words="deal")
        assert _pressed(team.ada.person) == 3  # the command, "Show me the card", "Deal this card"
        assert team.workspace.bot.id in new.members

        await team.ben.respond(words=ASK_HIM)
        assert _pressed(team.ben.person) == 2  # "Respond", "Send"
        await team.settled()
        (receipt,) = team.ben.whispers()
        assert "Thank you" in words_of(receipt)
        assert [post.is_reply for post in team.ours()] == [False, False]
        assert board.versions == []


@BOTH
async def test_in_a_private_channel_somebody_has_to_invite_us_first(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        team.channel = team.workspace.channel("G1", "board-room", members=("UADA",), private=True, bot=False)
        await team.ada.command(f"deal {DECK}")
        await team.ada.send(policy="together")
        await team.ada.send()

        assert "Please type “/invite @In My Shoes” in the channel." in _reads(team.ada, team.ada.person.view)
        await team.ada.send()
        assert "Please type “/invite @In My Shoes” in the channel." in _reads(team.ada, team.ada.person.view)
        assert team.ours() == []

        team.ada.person.invite_bot(team.channel)
        await team.ada.send()
        await team.settled()
        assert [has(post, Verb.RESPOND) for post in team.ours()] == [False, True]
        assert team.ada.person.view is None


@BOTH
async def test_a_channel_that_is_archived_meanwhile_says_so(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        await team.ada.command(f"deal {DECK}")
        await team.ada.send(policy="together")
        team.channel.archived = True

        await team.ada.send()

        assert "I cannot post in this channel." in _reads(team.ada, team.ada.person.view)


@BOTH
async def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        await team.deal()
        long = "word " * 120
        view = await team.ben.open(Verb.RESPOND)

        ack = await team.ben.send(words=long, stance="yes")

        assert ack.errors == {
            "words": "This is 599 characters long. There is room for 500. Please make it a little shorter."
        }
        assert team.ben.person.view is view
        assert view.values["words", "words"]["value"] == long
        await team.ben.send(words="My number is 07700 900123.")
        asked = team.ben.person.view
        assert asked is not None
        assert "Leave this in?" in _reads(team.ben, asked)
        assert asked.values["words", "words"]["value"] == "My number is 07700 900123."
        await team.ben.send(leave_in="yes")
        await team.settled()
        assert team.ben.person.view is None
        assert "Thank you" in words_of(team.ben.whispers()[-1])


@BOTH
async def test_what_is_sent_after_the_close_is_refused_in_the_form_and_stays_to_be_copied(
    tmp_path: Path, by: str
) -> None:
    async with a_team(tmp_path, by=by) as team:
        await team.deal("after_you")
        view = await team.ben.open(Verb.RESPOND)
        await team.close()

        ack = await team.ben.send(words=ASK_HIM, stance="yes")

        assert list(ack.errors) == ["words"]
        assert "This card has closed" in ack.errors["words"]
        assert view.values["words", "words"]["value"] == ASK_HIM
        assert ASK_HIM not in words_of(team.recap())


@BOTH
async def test_while_the_database_is_slow_a_form_still_opens_in_time(tmp_path: Path, by: str) -> None:
    # The clock stands still, so that a busy machine has time: what opens while the database is held has
    # not waited for it, and this says how long it waits at most.
    assert JOIN_SECONDS + READ_SECONDS < ACK_SECONDS
    moving = Time()
    async with SlackServer(clock=moving.seconds, ack_within=PATIENCE, retries=QUICK) as server:
        server.app.deliver = by
        workspace = a_workspace(server)
        async with connected(server, workspace, moving, tmp_path) as team:
            team.channel = workspace.channel("C2", "ward-5", members=("UADA", "UBEN"), bot=False)
            go_on = threading.Event()
            held = asyncio.ensure_future(team.app.database.write(lambda _tx: go_on.wait(PATIENCE)))

            pressed = asyncio.ensure_future(team.ada.person.command("/shoes", f"deal {DECK}", team.channel))
            await server.until(lambda: team.ada.person.view is not None)
            await pressed
            assert "One moment, please." in _reads(team.ada, team.ada.person.view)
            go_on.set()
            await held
            await server.until(lambda: team.ada.person.view and "submit" in team.ada.person.view.shape)

            await team.ada.send(policy="together")
            await team.ada.send()
            await team.settled()
            assert [has(post, Verb.RESPOND) for post in team.ours()] == [False, True]

            go_on.clear()
            held = asyncio.ensure_future(team.app.database.write(lambda _tx: go_on.wait(PATIENCE)))
            view = await team.ben.open(Verb.RESPOND)
            assert view.shape["callback_id"] == "form"
            sent = asyncio.ensure_future(team.ben.send(words=ASK_HIM))
            go_on.set()
            await held
            await sent
            assert team.ben.person.view is None
        assert server.faults_of_ours == []


@BOTH
async def test_home_shows_what_is_open_and_what_waits_and_its_buttons_work(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        ben = team.ben
        ben.person.open_home()
        await team.settled()
        assert "Nothing waits for you." in _reads(ben, ben.person.home)

        await team.deal("after_you")
        await ben.respond(stance="yes")
        team.time.move(timedelta(minutes=1))
        await team.deal("after_you")
        ben.person.open_home()
        await team.settled()
        home = _reads(ben, ben.person.home)
        assert home.index("Waiting for you") < home.index("Also open")
        assert "In the shoes of a family carer, in ward-4" in home

        await _press_home(team, ben, "Respond to card 1")
        await ben.send(words=ASK_HIM)
        await team.settled()
        assert "Waiting for you" not in _reads(ben, ben.person.home)
        assert "Change your words for card" in _reads(ben, ben.person.home)
        assert "Thank you" in _reads(ben, ben.person.view)

        await ben.person.close_view()
        for label, words in (
            ("Vote on card 1", "There are no words by others to vote on yet."),
            ("Try a card", "Nothing is kept, and nobody is told that you looked."),
            ("What might people say?", "xample"),
            ("Who sees what", "Who can see what"),
            ("About me", "What we keep about you"),
            ("Change my role", "Which is closest to your own life?"),
            ("Help", "/shoes deal"),
        ):
            if ben.person.view is not None and _label_in(ben.person.view, label):
                await ben.person.press(ben.person.view, label)
            else:
                await _press_home(team, ben, label)
            await team.settled()
            assert words in _reads(ben, ben.person.view), label


async def _press_home(team: Team, player: Player, label: str) -> None:
    assert player.person.home is not None
    await player.person.press(player.person.home, label)
    await team.slack.idle()


def _label_in(view: View, label: str) -> bool:
    return any(each["text"]["text"] == label for each in buttons(view))


@BOTH
async def test_the_role_is_changed_from_home(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        await team.deal()
        ben = team.ben
        ben.person.open_home()
        await team.settled()

        await _press_home(team, ben, "About me")
        assert ben.person.view is not None
        await ben.person.press(ben.person.view, "Change my role")
        await ben.send(own_role="carer")
        assert "Thank you. This counts from your next card on." in _reads(ben, ben.person.view)
        await _press_home(team, ben, "About me")
        assert "a family carer" in _reads(ben, ben.person.view)


@BOTH
async def test_the_role_can_be_said_before_anybody_has_dealt(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        ben = team.ben
        ben.person.open_home()
        await team.settled()

        await _press_home(team, ben, "About me")
        assert ben.person.view is not None
        await ben.person.press(ben.person.view, "Change my role")
        await ben.send(own_role="carer")

        assert "Thank you. This counts from your next card on." in _reads(ben, ben.person.view)
        await _press_home(team, ben, "About me")
        assert "a family carer" in _reads(ben, ben.person.view)


ANSWERS = {
    "deal": "Which deck?",
    "campaign": "A new campaign",
    "prompt": "There is no campaign in this channel yet.",
    "story": "A story is a small moment",
    "library": "Look in the library",
    "link": "Take part in a campaign",
    "pledge": "No card has been dealt here yet.",
    "recap": "No card has been dealt here yet.",
    "settings": "Settings of this channel",
    "me": "What we keep about you",
    "help": "/shoes deal",
}


@BOTH
async def test_every_command_is_answered_in_a_place_where_nobody_has_played(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        for words in (*(each.name for each in COMMANDS), "", "dance"):
            team.ben.person.reload()
            await team.ben.command(words)
            await team.settled()

            shown = team.ben.person.view or team.ben.whispers()[-1]
            assert ANSWERS.get(words, "/shoes deal") in _reads(team.ben, shown), words


@BOTH
async def test_buttons_of_before_a_restart_work_after_it(tmp_path: Path, by: str) -> None:
    moving = Time()
    async with SlackServer(clock=moving.seconds, ack_within=PATIENCE, retries=QUICK) as server:
        server.app.deliver = by
        workspace = a_workspace(server)
        async with connected(server, workspace, moving, tmp_path) as team:
            await team.deal()
            await team.ben.respond(words=ASK_HIM)
            await team.settled()
            cat = team.cat
            await cat.open(Verb.RESPOND)
            await team.ada.tap(Verb.MORE)
            await team.settled()

        async with connected(server, workspace, moving, tmp_path) as team:
            cat = Player(team, cat.person)
            await cat.send(words="We waited a whole day for that.")  # the form of before
            await team.ben.tap(Verb.WITHDRAW)  # on the receipt of before
            await team.settled()
            assert "taken back" in words_of(team.ben.whispers()[-1])
            await team.ada.tap(Verb.REVEAL)  # behind More, opened before
            await team.settled()
            (page,) = [post for post in team.ours() if post.text == "Responses to a card"]
            assert "We waited a whole day for that." in words_of(page)
            assert ASK_HIM not in words_of(page)
        assert server.faults_of_ours == []


@BOTH
async def test_a_private_answer_that_came_without_saying_so_does_not_stand_there_twice(
    tmp_path: Path, by: str
) -> None:
    async with a_team(tmp_path, by=by) as team:
        await team.deal("after_you")
        await team.ben.respond(words=ASK_HIM)
        await team.cat.respond(words="We waited a whole day for that.")
        await team.ben.tap(Verb.VOTE)
        await team.settled()
        before = len(team.ben.whispers())

        team.server.faults.lost_replies, team.server.faults.chance = 0.5, EveryOther()
        for choice in ("agree", "disagree", "not_sure"):
            await team.ben.tap(Verb.CAST, choice)
            await team.settled()

        ballots = [post for post in team.ben.whispers() if has(post, Verb.CAST)]
        assert len(ballots) == 1
        assert len(team.ben.whispers()) == before


@BOTH
async def test_who_asked_is_told_once_when_the_responses_open(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        await team.deal()
        await team.ben.respond(words=ASK_HIM)
        await team.ben.tap(Verb.TELL_ME)
        await team.settled()

        team.server.faults.too_many, team.server.faults.retry_after = 0.2, 0.02
        await team.press_more(Verb.REVEAL)

        (told,) = team.ben.person.dms
        assert "the responses are open now" in words_of(told)
        assert [link.masked for link in team.ben.person.reads(told).links] == [True]
        assert ASK_HIM not in words_of(told)
