"""Keep as a story, from the menu of a message to the file, on the Slack test server over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.slack.manifest import KEEP_SHORTCUT
from bot.actions import Action, Verb, read, write
from bot.chat import Press
from bot.effects_out import SCRUB
from bot.game.model import ChannelId, PlayerId
from bot.service import Service
from tests.adapters.slack.team import HTTP, SOCKET
from tests.adapters.slack.workspace import SlackRooms, slack_rooms
from tests.bot.house import said
from tests.builders import NOON
from tests.slack.blocks import elements_of
from tests.slack.people import Person
from tests.slack.record import Channel, Post

pytestmark = pytest.mark.asyncio

WORDS = "They asked about her garden, and not about her tablets."
AGREED = {"shoes": "carer", "named": "yes", "quoted": "no"}
THANKS = "Thank you. We have asked them."


@pytest_asyncio.fixture(params=[SOCKET, HTTP])
async def rooms(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[SlackRooms]:
    async with slack_rooms(tmp_path, by=request.param) as built:
        yield built
        assert built.server.faults_of_ours == []


class Hall:
    """A channel with Ada and Ben, in which nobody has dealt a card."""

    def __init__(self, rooms: SlackRooms) -> None:
        self.rooms = rooms
        for user, name in (("UADA", "Ada"), ("UBEN", "Ben")):
            rooms.workspace.user(user, name)
        self.channel: Channel = rooms.workspace.channel("C9", "ward-7", members=("UADA", "UBEN"), bot=False)
        self.ada, self.ben = rooms.person("ada"), rooms.person("ben")

    async def choose(self, who: Person, message: Post) -> None:
        await who.shortcut(KEEP_SHORTCUT, message)
        await self.settled()

    async def press(self, who: Person, shown: Post, verb: Verb) -> None:
        await who.press(shown, _button(shown, verb))
        await self.settled()

    async def settled(self) -> None:
        await self.rooms.server.settled()
        place = await self.rooms.app.service.place("slack", self.rooms.workspace.id, self.channel.id)
        await self.rooms.settled(place.id if place is not None else ChannelId(""))

    async def told(self, who: Person, where: Channel | None = None) -> list[str]:
        """What we told them alone, in the channel or in `where`."""
        seen = who.sees(where or self.channel)
        return [who.reads(each).words for each in seen if each.only_for == who.id]

    async def rows(self, table: str) -> Sequence[dict[str, object]]:
        return await self.rooms.app.database.read(
            lambda tx: [
                dict(row._mapping)
                for row in tx.connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608
            ]
        )

    def files(self) -> bytes:
        folder = Path(str(self.rooms.app.database.engine.url.database)).parent
        return b"".join(each.read_bytes() for each in folder.iterdir() if each.name.startswith("shoes.db"))


@pytest_asyncio.fixture
async def hall(rooms: SlackRooms) -> Hall:
    return Hall(rooms)


def _button(shown: Post, verb: Verb) -> str:
    every = [each for block in shown.blocks for each in elements_of(block) if each["type"] == "button"]
    return str(next(each["action_id"] for each in every if read(each["value"]).verb is verb))


def _value(shown: Post, verb: Verb) -> Action:
    every = [each for block in shown.blocks for each in elements_of(block) if each["type"] == "button"]
    return next(action for each in every if (action := read(each["value"])).verb is verb)


async def test_ones_own_message_opens_a_form_with_its_words_and_sending_it_keeps_them(hall: Hall) -> None:
    message = hall.ada.say(hall.channel, WORDS)

    await hall.choose(hall.ada, message)

    assert hall.ada.view is not None
    assert WORDS in hall.ada.reads(hall.ada.view).words
    await hall.ada.submit(AGREED)
    await hall.settled()
    (receipt,) = await hall.told(hall.ada)
    assert "Kept. Nobody sees it until a moderator says yes." in receipt
    (row,) = await hall.rows("stories")
    assert (row["state"], row["words"], row["shoes"], row["named"]) == ("offered", WORDS, "carer", 1)
    assert await hall.told(hall.ben) == []
    assert [each.text for each in hall.channel.posts] == [message.text]


async def test_a_form_that_lacks_something_says_so_at_the_field(hall: Hall) -> None:
    await hall.choose(hall.ada, hall.ada.say(hall.channel, WORDS))

    assert (await hall.ada.submit({"words": "x" * 501, **AGREED})).errors["words"].startswith("This is 501")
    await hall.ada.submit({"words": "Ring 020 7946 0018"})
    assert hall.ada.view is not None
    assert "Leave this in?" in hall.ada.reads(hall.ada.view).words
    await hall.ada.submit({"leave_in": "yes"})
    await hall.settled()

    assert [row["words"] for row in await hall.rows("stories")] == ["Ring 020 7946 0018"]


async def test_the_writer_of_a_message_is_asked_privately_and_may_keep_it(
    hall: Hall, capfd: pytest.CaptureFixture[str]
) -> None:
    message = hall.ada.say(hall.channel, WORDS)

    await hall.choose(hall.ben, message)

    assert THANKS in _last(hall.ben, hall.channel)
    (question,) = hall.ada.dms
    asked = hall.ada.reads(question)
    assert "Ben would like to keep a message of yours" in asked.words
    assert WORDS in asked.words
    assert WORDS not in question.text
    assert "Ben" not in question.text

    await hall.press(hall.ada, question, Verb.STORY)
    assert hall.ada.view is not None
    await hall.ada.submit({"words": "They asked about a garden.", **AGREED})
    await hall.settled()

    assert any("Kept." in each for each in await hall.told(hall.ada, hall.rooms.workspace.dm("UADA")))
    (row,) = await hall.rows("stories")
    assert (row["state"], row["words"], row["asker"]) == ("offered", "They asked about a garden.", None)
    assert [each for each in hall.ben.dms if not each.gone] == []
    assert len([each for each in hall.ben.sees(hall.channel) if each.only_for]) == 1
    printed = capfd.readouterr()
    assert "garden" not in printed.out + printed.err


async def test_no_thank_you_deletes_the_request_and_its_words_from_the_file(hall: Hall) -> None:
    message = hall.ada.say(hall.channel, WORDS)
    await hall.choose(hall.ben, message)
    (question,) = hall.ada.dms
    assert WORDS.encode() in hall.files()

    await hall.press(hall.ada, question, Verb.NO_STORY)
    await hall.rooms.app.jobs.idle(SCRUB, "")

    (answer,) = await hall.told(hall.ada, hall.rooms.workspace.dm("UADA"))
    assert "We have deleted the request. Nobody is told." in answer
    assert await hall.rows("stories") == []
    assert WORDS.encode() not in hall.files()
    assert hall.ben.dms == []

    await hall.choose(hall.ben, message)
    assert THANKS in _last(hall.ben, hall.channel)
    assert [each for each in hall.ada.dms if not each.only_for] == [question]
    await hall.press(hall.ada, question, Verb.STORY)
    assert "This story is not here, or not here any more." in _last(hall.ada, hall.rooms.workspace.dm("UADA"))


async def test_asking_twice_asks_once_and_a_shortcut_delivered_twice_too(hall: Hall) -> None:
    message = hall.ada.say(hall.channel, WORDS)

    await hall.choose(hall.ben, message)
    await hall.choose(hall.ben, message)

    assert len(hall.ada.dms) == len(await hall.rows("stories")) == 1


async def test_a_request_that_nobody_answers_is_gone_after_seven_days(hall: Hall) -> None:
    await hall.choose(hall.ben, hall.ada.say(hall.channel, WORDS))
    service, week = hall.rooms.app.service, timedelta(days=7)

    await service.expire(NOON + week - timedelta(seconds=1), timedelta(days=90))
    assert len(await hall.rows("stories")) == 1
    await service.expire(NOON + week, timedelta(days=90))
    await hall.rooms.app.jobs.idle(SCRUB, "")

    assert await hall.rows("stories") == []
    assert WORDS.encode() not in hall.files()
    await hall.press(hall.ada, hall.ada.dms[0], Verb.STORY)
    assert "This story is not here, or not here any more." in _last(hall.ada, hall.rooms.workspace.dm("UADA"))


async def test_me_lists_a_story_and_taking_it_back_removes_it_from_the_file(hall: Hall) -> None:
    await hall.choose(hall.ada, hall.ada.say(hall.channel, WORDS))
    await hall.ada.submit(AGREED)
    await hall.settled()
    assert WORDS.encode() in hall.files()
    await hall.ada.command("/shoes", "me", hall.channel)
    await hall.settled()
    me = [each for each in hall.ada.sees(hall.channel) if each.only_for][-1]
    assert WORDS in hall.ada.reads(me).words

    await hall.press(hall.ada, me, Verb.TAKE_STORY_BACK)
    await hall.settled()
    asked = [each for each in hall.ada.sees(hall.channel) if each.only_for][-1]
    assert "We cannot bring them back." in hall.ada.reads(asked).words
    assert len(await hall.rows("stories")) == 1
    await hall.press(hall.ada, asked, Verb.TAKE_STORY_BACK)
    await hall.rooms.app.jobs.idle(SCRUB, "")

    assert "It is gone. We have deleted your words." in _last(hall.ada, hall.channel)
    assert await hall.rows("stories") == []
    assert WORDS.encode() not in hall.files()


async def test_what_no_one_person_wrote_is_refused_kindly(hall: Hall) -> None:
    feed = hall.ada.say(hall.channel, "Somebody else's words, by a bot.", bot=True)
    await hall.choose(hall.ada, feed)
    assert "An app posted this message." in _last(hall.ada, hall.channel)

    await hall.choose(hall.ben, hall.ada.say(hall.channel, "", files=("garden.png",)))
    assert "There are no words in this message" in _last(hall.ben, hall.channel)

    assert hall.ada.dms == []
    assert await hall.rows("stories") == await hall.rows("story_asks") == []


async def test_a_post_of_ours_is_refused_also_in_a_private_message(hall: Hall) -> None:
    await hall.choose(hall.ben, hall.ada.say(hall.channel, WORDS))
    (question,) = hall.ada.dms

    await hall.choose(hall.ada, question)

    assert "An app posted this message." in _last(hall.ada, hall.rooms.workspace.dm("UADA"))
    assert len(await hall.rows("stories")) == 1


async def test_hostile_words_are_shown_as_text_and_ping_nobody(hall: Hall) -> None:
    hostile = "<!channel> *b* `c` ```open <https://evil.example|safe> {{ 7*7 }} { $name } &amp; \u202eesrever"
    message = hall.ada.say(hall.channel, hostile)

    await hall.choose(hall.ben, message)

    (question,) = hall.ada.dms
    found = hall.ada.reads(question)
    assert (found.calls, found.links) == ((), ())
    assert "```open" in found.words
    await hall.press(hall.ada, question, Verb.STORY)
    await hall.ada.submit(AGREED)
    await hall.ada.command("/shoes", "me", hall.channel)
    await hall.settled()
    me = hall.ada.reads([each for each in hall.ada.sees(hall.channel) if each.only_for][-1])
    assert (me.calls, me.links) == ((), ())
    assert "{ $name }" in me.words


async def test_the_longest_message_fits_every_view(hall: Hall) -> None:
    await hall.choose(hall.ben, hall.ada.say(hall.channel, "&*_~<" * 4_000))

    assert hall.ada.dms
    await hall.press(hall.ada, hall.ada.dms[-1], Verb.STORY)
    assert hall.ada.view is not None
    assert (await hall.ada.submit(AGREED)).errors["words"].startswith("This is ")
    await hall.ada.submit({"words": "Short."})
    await hall.settled()
    assert [row["words"] for row in await hall.rows("stories")] == ["Short."]


async def test_ids_of_another_workspace_get_the_sentence_for_ids_that_do_not_exist(hall: Hall) -> None:
    await hall.choose(hall.ben, hall.ada.say(hall.channel, WORDS))
    request = _value(hall.ada.dms[0], Verb.NO_STORY).about
    service = hall.rooms.app.service
    away = await service.found_place("slack", "T2", "South", "C2", "hall", "Europe/London", NOON)
    # The same account id in another workspace, which is somebody else.
    stranger = PlayerId("slack", away.community.id, "UADA")
    await _as(service, stranger, away.id, Action(Verb.SET_ROLE), own_role="carer")

    for verb in (Verb.STORY, Verb.NO_STORY, Verb.TAKE_STORY_BACK):
        forged = await _as(service, stranger, away.id, Action(verb, about=request))
        nothing = await _as(service, stranger, away.id, Action(verb, about="nothing"))
        assert forged == nothing
        assert "This story is not here" in forged
    here = hall.rooms.app.service
    place = await here.place("slack", hall.rooms.workspace.id, hall.channel.id)
    assert place is not None
    forged = await _as(
        service,
        stranger,
        place.id,
        Action(Verb.KEEP_STORY, about="m"),
        words="x y z",
        named="no",
        quoted="no",
    )
    assert "This button is not for a card here." in forged
    assert [row["state"] for row in await hall.rows("stories")] == ["asked"]


async def _as(
    service: Service, player: PlayerId, channel: ChannelId, action: Action, /, **fields: str
) -> str:
    press = Press(
        player=player, channel=channel, action=write(action), event=f"{action}{fields}", fields=fields
    )
    return said(await service.press(press, NOON))


def _last(who: Person, channel: Channel) -> str:
    """What they were told last: in a modal, or where they are."""
    if who.view is not None:
        return who.reads(who.view).words
    return who.reads([each for each in who.sees(channel) if each.only_for == who.id][-1]).words
