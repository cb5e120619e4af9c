"""What people do in a card's thread on a platform: events come doubled, late and in any order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions import Action, Verb
from bot.chat import Heard, Lit, MessageRef, Unheard, reply_id
from bot.game.model import ChannelId, PersonId, PlayerId, Policy, ReplyKind, RoundId
from storage import communities, rounds, showing
from storage.database import Transaction
from tests.bot.house import HOME, ROOM, House, a_house, said
from tests.builders import NOON
from tests.databases import an_address

DAY = timedelta(days=1)
Event: TypeAlias = Heard | Unheard | Lit


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as built:
        yield built


class Thread:
    """A card's thread on the platform, as its events tell of it."""

    def __init__(self, house: House, thread: MessageRef) -> None:
        self.house = house
        self.ref = thread

    def wrote(self, who: str, reply: str, words: str, *, at: int = 0, version: int | None = None) -> Heard:
        """A reply; `at` is in seconds after noon."""
        return Heard(
            player=PlayerId("web", HOME, who),
            channel=ROOM,
            thread=self.ref,
            reply=MessageRef(reply),
            words=words,
            at=NOON + timedelta(seconds=at),
            version=str(at if version is None else version),
            name=who.title(),
        )

    def deleted(self, reply: str) -> Unheard:
        return Unheard(channel=ROOM, thread=self.ref, reply=MessageRef(reply))

    def lit(self, who: str, reply: str, version: int, *, on: bool = True) -> Lit:
        player = PlayerId("web", HOME, who)
        return Lit(player=player, channel=ROOM, reply=MessageRef(reply), on=on, version=str(version))

    async def tell(self, *events: Event) -> list[bool]:
        """Deliver these events; returns which of them changed anything."""
        return [await _deliver(self.house, event) for event in events]


async def _deliver(house: House, event: Event) -> bool:
    match event:
        case Heard():
            return await house.service.hear(event, house.now)
        case Unheard():
            return await house.service.unhear(event, house.now)
        case Lit():
            return await house.service.light(event, house.now)


async def a_thread(house: House, policy: Policy = Policy.OPEN) -> tuple[RoundId, Thread]:
    round = await house.deal(policy)
    return round, Thread(house, await house.thread(round))


async def replies(house: House) -> list[tuple[object, object, object]]:
    return [(row["author_name"], row["words"], row["kind"]) for row in await house.rows("replies")]


async def counted(house: House, round: RoundId) -> object:
    return next(row["responses"] for row in await house.rows("rounds") if row["id"] == round)


# --- one event at a time -----------------------------------------------------------------


@pytest.mark.asyncio
async def test_the_first_reply_in_the_thread_is_the_response(house: House) -> None:
    _round, thread = await a_thread(house)
    changed = await thread.tell(
        thread.wrote("ben", "1", "Ask her what helps.", at=1),
        thread.wrote("ben", "2", "And listen, too.", at=2),
    )
    await house.jobs.settle()

    assert changed == [True, True]
    assert await replies(house) == [
        ("Ben", "Ask her what helps.", "response"),
        ("Ben", "And listen, too.", "comment"),
    ]
    assert "One response so far." in house.chat.text


@pytest.mark.asyncio
async def test_other_peoples_threads_are_none_of_our_business(house: House) -> None:
    _round, thread = await a_thread(house)
    elsewhere = Thread(house, MessageRef("another message"))
    in_another_channel = replace(thread.wrote("ben", "1", "Ask her what helps."), channel=ChannelId("lobby"))

    assert await elsewhere.tell(elsewhere.wrote("ben", "1", "Lunch at one?"), elsewhere.deleted("1")) == [
        False,
        False,
    ]
    assert await thread.tell(in_another_channel) == [False]
    assert await replies(house) == []
    assert await house.rows("latest") == []


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "policy, kind", [(Policy.TOGETHER, ReplyKind.EARLY), (Policy.AFTER_YOU, ReplyKind.EARLY)]
)
async def test_where_responses_are_private_a_reply_is_an_early_comment(
    house: House, policy: Policy, kind: ReplyKind
) -> None:
    round, thread = await a_thread(house, policy)
    await thread.tell(thread.wrote("ben", "1", "I was in that room."), thread.lit("cat", "1", 2))

    assert await replies(house) == [("Ben", "I was in that room.", kind.value)]
    assert await counted(house, round) == 0
    assert await house.rows("reply_lightbulbs") == []


@pytest.mark.asyncio
async def test_an_edit_after_the_close_changes_no_response_and_a_new_reply_is_an_afterthought(
    house: House,
) -> None:
    _round, thread = await a_thread(house)
    await thread.tell(thread.wrote("ben", "1", "Ask her what helps.", at=1))
    await house.ring(after=DAY)
    changed = await thread.tell(
        thread.wrote("ben", "1", "Something else now.", at=1, version=9),
        thread.wrote("cat", "2", "I think so too.", at=9),
        thread.lit("cat", "1", 10),
    )

    assert changed == [False, True, False]
    assert await replies(house) == [
        ("Ben", "Ask her what helps.", "response"),
        ("Cat", "I think so too.", "afterthought"),
    ]


@pytest.mark.asyncio
async def test_a_reply_deleted_after_the_close_leaves_its_words_nowhere(house: House) -> None:
    _round, thread = await a_thread(house)
    await thread.tell(thread.wrote("ben", "1", "Ask her what helps.", at=1))
    await house.ring(after=DAY)
    assert await thread.tell(thread.deleted("1"), thread.deleted("1")) == [True, False]
    await house.jobs.settle()

    assert "Ask her what helps." not in house.chat.text
    assert [row["words"] for row in await house.rows("responses")] == [""]


@pytest.mark.asyncio
async def test_a_very_long_reply_is_kept_whole_and_shown_in_part(house: House) -> None:
    _round, thread = await a_thread(house)
    words = "We waited all day. " * 2000
    await thread.tell(thread.wrote("ben", "1", words, at=1))
    vote = await house.press("cat", Action(Verb.VOTE, _round))

    assert [len(str(row["words"])) for row in await house.rows("replies")] == [len(words.strip())]
    assert "The rest is in the thread." in said(vote)
    assert len(said(vote)) < 1500


@pytest.mark.asyncio
async def test_longer_than_any_platform_allows_is_cut_and_nothing_is_nothing(house: House) -> None:
    _round, thread = await a_thread(house)
    changed = await thread.tell(thread.wrote("ben", "1", "x" * 50_000), thread.wrote("cat", "2", " \u200b "))

    assert changed == [True, False]
    assert [len(str(row["words"])) for row in await house.rows("replies")] == [40_000]


@pytest.mark.asyncio
async def test_a_member_lets_another_reply_count_and_it_stays_so(house: House) -> None:
    round, thread = await a_thread(house)
    await thread.tell(
        thread.wrote("ben", "2", "And listen, too.", at=2), thread.wrote("ben", "3", "Ring her.", at=3)
    )
    chosen = Action(Verb.COUNT_REPLY, about=reply_id(ROOM, MessageRef("3")))
    answer = await house.press("ben", chosen)
    await thread.tell(thread.wrote("ben", "1", "Ask her what helps.", at=1))

    assert answer.accepted
    assert "This reply is your response." in said(answer)
    assert {words: kind for _name, words, kind in await replies(house)} == {
        "And listen, too.": "comment",
        "Ring her.": "response",
        "Ask her what helps.": "comment",
    }
    assert await counted(house, round) == 1


@pytest.mark.asyncio
async def test_a_reply_that_nobody_knows_or_that_another_wrote_cannot_count(house: House) -> None:
    _round, thread = await a_thread(house)
    await thread.tell(thread.wrote("ben", "1", "Ask her what helps.", at=1))
    for who, reply in (("ben", "made up"), ("cat", "1")):
        answer = await house.press(who, Action(Verb.COUNT_REPLY, about=reply_id(ROOM, MessageRef(reply))))
        assert not answer.accepted
        assert "We cannot find these words of yours." in said(answer)


@pytest.mark.asyncio
async def test_where_the_card_says_that_replies_are_not_counted_they_are_not(house: House) -> None:
    await house.service.reads_threads("web", HOME, False)
    _round, thread = await a_thread(house)
    await house.service.reads_threads("web", HOME, True)

    assert await thread.tell(thread.wrote("ben", "1", "Ask her what helps."), thread.lit("cat", "1", 2)) == [
        False,
        False,
    ]
    await house.jobs.settle()
    assert "replies in it are not counted" in house.chat.text
    assert await replies(house) == []


# --- lightbulbs --------------------------------------------------------------------------


async def lightbulbs(house: House, round: RoundId, who: str) -> set[str]:
    """The words of the responses that have this player's lightbulb, as far as it counts."""

    def transaction(tx: Transaction) -> set[str]:
        person = communities.find_person(tx, PlayerId("web", HOME, who))
        assert person is not None
        mine = _mine(house, tx, round, person.id)
        written = {each.id: each.words for each in showing.standing(tx, mine.round).responses}
        return {written[id] for id in mine.round.mine.lightbulbs}

    return await house.database.read(transaction)


def _mine(house: House, tx: Transaction, round: RoundId, person: PersonId) -> rounds.Loaded:
    return rounds.load(tx, house.keyring, round, community=HOME, person=person, lock=False)


@pytest.mark.asyncio
async def test_a_lightbulb_on_a_reply_is_a_lightbulb_and_can_be_taken_off(house: House) -> None:
    round, thread = await a_thread(house)
    await thread.tell(thread.wrote("ben", "1", "Ask her what helps.", at=1), thread.lit("cat", "1", 5))
    assert await lightbulbs(house, round, "cat") == {"Ask her what helps."}

    await thread.tell(thread.lit("cat", "1", 6, on=False))
    assert await lightbulbs(house, round, "cat") == set()


@pytest.mark.asyncio
async def test_a_fourth_lightbulb_ones_own_and_one_on_a_comment_are_simply_not_counted(house: House) -> None:
    round, thread = await a_thread(house)
    for number, who in enumerate(("ben", "cat", "dan", "eve"), start=1):
        await thread.tell(thread.wrote(who, who, f"I am number {number}.", at=number))
    await thread.tell(thread.wrote("ben", "again", "I am only a comment.", at=9))
    for version, reply in enumerate(("eve", "again", "dan", "ben", "cat"), start=10):
        await thread.tell(thread.lit("eve", reply, version), thread.lit("fay", reply, version))

    assert await lightbulbs(house, round, "eve") == {f"I am number {n}." for n in (3, 1, 2)}
    assert await lightbulbs(house, round, "fay") == {f"I am number {n}." for n in (4, 3, 1)}


@pytest.mark.asyncio
async def test_lightbulbs_of_the_thread_and_of_the_ballot_are_three_together(house: House) -> None:
    round, thread = await a_thread(house)
    for number, who in enumerate(("ben", "cat", "dan", "eve"), start=1):
        await thread.tell(thread.wrote(who, who, f"I am number {number}.", at=number))
    ids = {row["words"]: str(row["id"]) for row in await house.rows("responses")}
    await thread.tell(thread.lit("fay", "ben", 10), thread.lit("fay", "cat", 11))
    third = await house.press("fay", Action(Verb.LIGHTBULB, round, ids["I am number 3."]))
    fourth = await house.press("fay", Action(Verb.LIGHTBULB, round, ids["I am number 4."]))
    assert third.accepted
    assert not fourth.accepted

    await house.press("fay", Action(Verb.CAST, round, ids["I am number 1."], "agree"))
    await thread.tell(thread.lit("fay", "ben", 12, on=False))
    await house.press("fay", Action(Verb.TAKE_LIGHTBULB, round, ids["I am number 2."]))
    await thread.tell(thread.lit("fay", "cat", 11))  # delivered once more

    assert await lightbulbs(house, round, "fay") == {"I am number 3."}


@pytest.mark.asyncio
async def test_lightbulbs_of_the_thread_stand_in_the_recap_and_their_tokens_go(house: House) -> None:
    _round, thread = await a_thread(house)
    await thread.tell(thread.wrote("ben", "1", "Ask her what helps.", at=1))
    await thread.tell(thread.lit("cat", "1", 5), thread.lit("dan", "1", 6), thread.lit("ben", "1", 7))
    await house.ring(after=DAY)

    assert "2 lightbulbs" in house.chat.text
    assert await house.rows("reply_lightbulbs") == []


# --- any order -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Story:
    """What happened in a thread, in that order, and in which order the events came."""

    events: tuple[tuple[str, str, str, str], ...]  # what, who, which reply, words
    came: tuple[int, ...]


WRITERS = ("ben", "cat", "dan", "eve")
REPLIES = tuple(f"{who}{number}" for who in WRITERS for number in (1, 2))
WORDS = ("Hm.", "Ask her first.", "Give it a day or two.", "Well, no")


@st.composite
def stories(draw: st.DrawFn) -> Story:
    events: list[tuple[str, str, str, str]] = []
    there: list[str] = []
    gone: set[str] = set()
    for _ in range(draw(st.integers(2, 14))):
        new = [reply for reply in REPLIES if reply not in there]
        standing = [reply for reply in there if reply not in gone]
        what = draw(st.sampled_from(("write", "write", "write", "edit", "delete", "light", "light", "dark")))
        if what == "write" and new:
            reply = draw(st.sampled_from(new))
            there.append(reply)
            events.append(("write", reply[:3], reply, draw(st.sampled_from(WORDS))))
        elif what == "edit" and standing:
            reply = draw(st.sampled_from(standing))
            events.append(("edit", reply[:3], reply, draw(st.sampled_from(WORDS))))
        elif what == "delete" and standing:
            reply = draw(st.sampled_from(standing))
            gone.add(reply)
            events.append(("delete", "", reply, ""))
        elif what in {"light", "dark"} and standing:
            reply = draw(st.sampled_from(standing))
            events.append((what, draw(st.sampled_from((*WRITERS, "fay"))), reply, ""))
    once = list(range(len(events)))
    again = draw(st.lists(st.sampled_from(once), max_size=6)) if once else []
    return Story(tuple(events), tuple(draw(st.permutations([*once, *again]))))


def _events(thread: Thread, story: Story) -> Iterator[Event]:
    """The events of a story in the order in which it happened. Replies of two threads are never the same."""
    written: dict[str, int] = {}
    for time, (what, who, about, words) in enumerate(story.events, start=100):
        reply = f"{thread.ref} {about}"
        match what:
            case "write" | "edit":
                at = written.setdefault(about, time)
                yield thread.wrote(who, reply, words, at=at, version=time)
            case "delete":
                yield thread.deleted(reply)
            case _:
                yield thread.lit(who, reply, time, on=what == "light")


async def _ends(house: House, events: list[Event], thread: Thread, round: RoundId) -> object:
    """All that is to be the same: replies, responses, their number, everybody's lightbulbs."""
    await thread.tell(*events)

    def transaction(tx: Transaction) -> object:
        shown = showing.standing(tx, _mine(house, tx, round, PersonId("")).round)
        people = {who: communities.find_person(tx, PlayerId("web", HOME, who)) for who in (*WRITERS, "fay")}
        loaded = {
            who: _mine(house, tx, round, person.id).round
            for who, person in people.items()
            if person is not None
        }
        words = {each.id: each.words for each in shown.responses}
        return (
            shown.writers,
            sorted((each.author_name, each.words) for each in shown.responses),
            sorted(
                (each.author_name, each.words, each.kind, each.written_at)
                for each in showing.thread(tx, round)
                if not each.removed
            ),
            {who: sorted(words[id] for id in each.mine.lightbulbs) for who, each in loaded.items()},
            {who: each.mine.response and each.mine.response.words for who, each in loaded.items()},
        )

    return await house.database.read(transaction)


async def _is_the_same(house: House, story: Story) -> None:
    ends = []
    for order in (range(len(story.events)), story.came):
        round, thread = await a_thread(house)
        events = list(_events(thread, story))
        ends.append(await _ends(house, [events[each] for each in order], thread, round))
        await house.press("ada", Action(Verb.CLOSE, round))  # or its lightbulbs would be for the next, too
    assert ends[0] == ends[1]


@pytest.mark.parametrize("kind, examples", [("sqlite", 40), ("postgresql", 5)])
def test_whatever_the_order_and_however_often_events_come_all_ends_the_same(
    kind: str, examples: int, tmp_path: Path
) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        house = runner.run(stack.enter_async_context(a_house(tmp_path, an_address(kind, tmp_path))))

        @settings(max_examples=examples, deadline=None)
        @given(stories())
        def told(story: Story) -> None:
            runner.run(_is_the_same(house, story))

        try:
            told()
        finally:
            runner.run(stack.aclose())


@pytest.mark.asyncio
async def test_many_at_once_are_all_counted(house: House) -> None:
    round, thread = await a_thread(house)
    events: list[Event] = [
        thread.wrote(f"player {n}", f"reply {n}", "Ask her what helps.", at=n) for n in range(50)
    ]
    events *= 2
    random.Random(7).shuffle(events)
    await asyncio.gather(*(_deliver(house, event) for event in events))

    assert await counted(house, round) == 50
    assert len(await house.rows("responses")) == 50
