"""Keep as a story, from the menu of a message to the row, on the Discord test server over real sockets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.discord.limits import FORM_SECONDS
from bot.actions import Verb
from tests.adapters.discord.team import Player, Team, a_team, actions, answer_of, typed_in, words_of
from tests.discord.people import Ack
from tests.discord.record import Answers, Post

pytestmark = pytest.mark.asyncio

KEEP = "Keep as a story"
WORDS = "They asked about her garden, and not about her tablets."
AGREED = {"shoes": "carer", "named": "yes", "quoted": "no"}
THANKS = "Thank you. We have asked them."


@pytest_asyncio.fixture
async def team(tmp_path: Path) -> AsyncIterator[Team]:
    async with a_team(tmp_path) as built:
        yield built


async def _choose(team: Team, who: Player, message: Post) -> Ack:
    ack = await who.person.context_menu(KEEP, message)
    await team.settled()
    return ack


async def _rows(team: Team) -> Sequence[dict[str, object]]:
    return await team.app.database.read(
        lambda tx: [
            dict(row._mapping)
            for row in tx.connection.exec_driver_sql("SELECT * FROM stories ORDER BY source")
        ]
    )


def _button(shown: Post, verb: Verb) -> str:
    return next(custom_id for custom_id, action in actions(shown) if action.verb is verb)


async def _press(team: Team, who: Player, shown: Post, verb: Verb) -> Ack:
    ack = await who.person.press(shown, _button(shown, verb))
    await team.settled()
    return ack


async def test_ones_own_message_opens_a_form_with_its_words_and_sending_it_keeps_them(team: Team) -> None:
    message = team.ada.person.say(team.channel, WORDS)

    ack = await _choose(team, team.ada, message)

    assert ack.kind is Answers.MODAL
    assert typed_in(team.ada.person.modal)["words"]["value"] == WORDS
    await team.ada.send(**AGREED)
    await team.settled()
    assert "Kept. Nobody sees it until a moderator says yes." in team.ada.told()
    (row,) = await _rows(team)
    assert (row["state"], row["words"], row["shoes"], row["named"]) == ("offered", WORDS, "carer", 1)
    assert team.ben.whispers() == []


async def test_the_writer_of_a_message_is_asked_privately_and_may_keep_it(team: Team) -> None:
    message = team.ada.person.say(team.channel, WORDS)

    asked = await _choose(team, team.ben, message)

    assert THANKS in answer_of(asked)
    assert asked.post is not None
    assert asked.post.only_for == team.ben.person.id
    (question,) = team.ada.person.dms
    assert "Ben would like to keep a message of yours" in words_of(question)
    assert WORDS in words_of(question)
    await _press(team, team.ada, question, Verb.STORY)
    assert typed_in(team.ada.person.modal)["words"]["value"] == WORDS
    await team.ada.send(words="They asked about a garden.", **AGREED)
    await team.settled()
    (row,) = await _rows(team)
    assert (row["state"], row["words"], row["asker"]) == ("offered", "They asked about a garden.", None)
    assert team.ben.person.dms == []


async def test_no_thank_you_deletes_the_request_and_nobody_is_asked_twice(team: Team) -> None:
    message = team.ada.person.say(team.channel, WORDS)
    await _choose(team, team.ben, message)
    (question,) = team.ada.person.dms

    said = answer_of(await _press(team, team.ada, question, Verb.NO_STORY))

    assert "We have deleted the request. Nobody is told." in said
    assert await _rows(team) == []
    assert THANKS in answer_of(await _choose(team, team.ben, message))
    assert len([each for each in team.ada.person.dms if not each.only_for]) == 1
    again = answer_of(await _press(team, team.ada, question, Verb.STORY))
    assert "This story is not here, or not here any more." in again


async def test_what_lacks_something_comes_back_with_all_that_was_typed(team: Team) -> None:
    await _choose(team, team.ada, team.ada.person.say(team.channel, WORDS))

    await team.ada.send(**AGREED | {"words": "Ring 020 7946 0018"})
    await team.settled()
    told = team.ada.whispers()[-1]
    assert "Leave this in?" in words_of(told)
    await _press(team, team.ada, told, Verb.KEEP_STORY)
    fields = typed_in(team.ada.person.modal)
    assert fields["words"]["value"] == "Ring 020 7946 0018"
    assert "leave_in" in fields
    await team.ada.send(leave_in="yes")
    await team.settled()

    (row,) = await _rows(team)
    assert (row["words"], row["shoes"], row["named"], row["quoted"]) == ("Ring 020 7946 0018", "carer", 1, 0)


async def test_a_form_that_comes_too_late_is_opened_by_a_button_with_the_words_in_it(team: Team) -> None:
    message = team.ada.person.say(team.channel, WORDS)
    go_on = threading.Event()
    held = asyncio.ensure_future(team.app.database.write(lambda _tx: go_on.wait(10)))

    ack = await team.ada.person.context_menu(KEEP, message)  # the channel is new: it waits for the writer

    assert ack.kind is Answers.DEFERRED_MESSAGE
    assert FORM_SECONDS < 3
    go_on.set()
    await held
    await team.settled()
    await _press(team, team.ada, team.ada.whispers()[-1], Verb.KEEP_STORY)
    assert typed_in(team.ada.person.modal)["words"]["value"] == WORDS
    await team.ada.send(**AGREED)
    await team.settled()
    assert [row["words"] for row in await _rows(team)] == [WORDS]


async def test_me_lists_a_story_and_taking_it_back_removes_it(team: Team) -> None:
    await _choose(team, team.ada, team.ada.person.say(team.channel, WORDS))
    await team.ada.send(**AGREED)
    await team.settled()
    await team.ada.command("me")
    me = team.ada.whispers()[-1]
    assert WORDS in words_of(me)

    asked = await _press(team, team.ada, me, Verb.TAKE_STORY_BACK)
    assert "We cannot bring them back." in answer_of(asked)
    assert len(await _rows(team)) == 1
    said = answer_of(await _press(team, team.ada, team.ada.whispers()[-1], Verb.TAKE_STORY_BACK))

    assert "It is gone. We have deleted your words." in said
    assert await _rows(team) == []


async def test_what_no_one_person_wrote_is_refused_kindly(team: Team) -> None:
    feed = team.ada.person.say(team.channel, "Somebody else's words, by a bot.", bot=True)
    assert "An app posted this message." in answer_of(await _choose(team, team.ada, feed))

    board = await team.deal("after_you")
    assert "An app posted this message." in answer_of(await _choose(team, team.ben, board))

    assert team.ada.person.dms == []
    assert await _rows(team) == []


async def test_hostile_words_are_shown_as_text_and_ping_nobody(team: Team) -> None:
    hostile = (
        "@everyone <@&1> <#1> <t:1:R> </x:1> <id:customize> [safe](https://evil.example) ```open {{ 7*7 }}"
    )
    message = team.ada.person.say(team.channel, hostile)

    await _choose(team, team.ben, message)

    (question,) = team.ada.person.dms
    found = team.ada.person.reads(question)
    assert (found.mentions, found.links) == ((), ())
    assert "```open {{ 7*7 }}" in found.words


async def test_a_menu_that_is_delivered_twice_asks_once(team: Team) -> None:
    message = team.ada.person.say(team.channel, WORDS)
    team.server.faults.twice = 1.0

    await _choose(team, team.ben, message)
    await _choose(team, team.ben, message)

    assert len(team.ada.person.dms) == len(await _rows(team)) == 1


async def test_the_request_of_somebody_else_is_not_here(team: Team) -> None:
    await _choose(team, team.ben, team.ada.person.say(team.channel, WORDS))
    (question,) = team.ada.person.dms

    for verb in (Verb.STORY, Verb.NO_STORY):
        said = answer_of(await team.cat.person.forge(team.channel.posts[-1], _button(question, verb)))
        assert "This story is not here, or not here any more." in said

    assert [row["state"] for row in await _rows(team)] == ["asked"]
