"""Rounds: every move survives being stored, presses by many at once add up, ids do not travel."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.game import moves
from bot.game.model import (
    Choice,
    CommunityId,
    Ending,
    PersonId,
    PerspectiveId,
    Phase,
    PledgeId,
    PledgeState,
    Policy,
    ReplyId,
    ResponseId,
    Round,
    RoundId,
    Stance,
)
from bot.game.moves import Move
from storage import closing, rounds, saving, showing
from storage.database import Database, SqliteDatabase, Transaction, driver_of
from storage.rounds import NoSuchRound
from storage.tables import METADATA
from tests.builders import NOON, a_card
from tests.storage.builders import (
    ELSEWHERE,
    HOME,
    KEYRING,
    R1,
    ROOM,
    deal,
    found_room,
    load,
    meet,
    play,
    reveal,
)

pytestmark = pytest.mark.asyncio

_tokens = METADATA.tables["tokens"]
_responses = METADATA.tables["responses"]
_votes = METADATA.tables["votes"]
_askers = METADATA.tables["askers"]
_round_keys = METADATA.tables["round_keys"]

P1, P2, P3, P4 = (ResponseId(each) for each in ("p1", "p2", "p3", "p4"))
T1, T2 = ReplyId("t1"), ReplyId("t2")
G1 = PledgeId("g1")
FRIDAY = (NOON + timedelta(days=11)).date()


def respond(id: ResponseId = P1, words: str = "Please ask him first.", stance: Stance | None = None) -> Move:
    return moves.Respond(id=id, words=words, stance=stance)


def reply(id: ReplyId = T1, response: ResponseId = P1, words: str = "I have been in that room.") -> Move:
    return moves.WriteReply(id=id, response=response, words=words, name="Ben")


def agree(response: ResponseId = P1, choice: Choice = Choice.AGREE) -> Move:
    return moves.CastVote(response=response, choice=choice)


PLEDGE = moves.MakePledge(id=G1, words="sit down first", by=FRIDAY, name="Ben", today=NOON.date())


@dataclass(frozen=True, kw_only=True)
class Story:
    """What is pressed before and after the reveal; the last press is the one looked at."""

    before: tuple[tuple[str, Move], ...]
    after: tuple[tuple[str, Move], ...] = ()
    policy: Policy = Policy.TOGETHER


BEN = "ben"
STORIES = {
    "respond with everything": Story(
        before=(
            (
                BEN,
                moves.Respond(
                    id=P1, words="Ask “him”.", stance=Stance.NO, own_role=PerspectiveId("carer"), example=True
                ),
            ),
        )
    ),
    "change words and stance": Story(
        before=((BEN, respond(stance=Stance.NO)), (BEN, respond(P2, "No.", Stance.YES)))
    ),
    "a stance alone": Story(before=((BEN, respond(words="", stance=Stance.NOT_SURE)),)),
    "withdraw": Story(before=((BEN, respond(stance=Stance.NO)), (BEN, moves.Withdraw()))),
    "second thoughts": Story(
        policy=Policy.AFTER_YOU, before=((BEN, respond()), (BEN, respond(P2, "Now I see.")))
    ),
    "withdraw and write again": Story(
        policy=Policy.AFTER_YOU,
        before=((BEN, respond()), (BEN, moves.Withdraw()), (BEN, respond(P2, "Again."))),
    ),
    "pass": Story(before=((BEN, moves.Pass(own_role=PerspectiveId("manager"))),)),
    "a reply that is a response": Story(policy=Policy.OPEN, before=((BEN, reply()),)),
    "a reply that is early": Story(before=((BEN, reply()),)),
    "change a reply": Story(
        policy=Policy.OPEN,
        before=((BEN, reply()), (BEN, moves.ChangeReply(id=T1, response=P4, words="I know that room well."))),
    ),
    "delete a reply": Story(
        policy=Policy.OPEN, before=((BEN, reply()), (BEN, moves.DeleteReply(id=T1, response=P4)))
    ),
    "count another reply": Story(
        policy=Policy.OPEN,
        before=((BEN, reply()), (BEN, reply(T2, P2)), (BEN, moves.CountAsResponse(id=T2, response=P3))),
    ),
    "vote": Story(before=(("cem", respond()),), after=((BEN, agree()),)),
    "change a vote": Story(
        before=(("cem", respond()),), after=((BEN, agree()), (BEN, agree(P1, Choice.DISAGREE)))
    ),
    "lightbulb": Story(before=(("cem", respond()),), after=((BEN, moves.GiveLightbulb(response=P1)),)),
    "lightbulb after a vote": Story(
        before=(("cem", respond()),), after=((BEN, agree()), (BEN, moves.GiveLightbulb(response=P1)))
    ),
    "vote after a lightbulb": Story(
        before=(("cem", respond()),), after=((BEN, moves.GiveLightbulb(response=P1)), (BEN, agree()))
    ),
    "take a lightbulb back": Story(
        before=(("cem", respond()),),
        after=((BEN, moves.GiveLightbulb(response=P1)), (BEN, moves.TakeLightbulb(response=P1))),
    ),
    "second stance": Story(before=(), after=((BEN, moves.TakeSecondStance(stance=Stance.YES)),)),
    "tell me": Story(before=((BEN, moves.TellMe()),)),
    "tell me no longer": Story(before=((BEN, moves.TellMe()), (BEN, moves.TellMe(wanted=False)))),
    "pledge": Story(before=(), after=((BEN, PLEDGE),)),
    "join a pledge": Story(
        before=(),
        after=((BEN, PLEDGE), ("cem", moves.JoinPledge(pledge=G1)), ("ada", moves.JoinPledge(pledge=G1))),
    ),
    "remove a pledge": Story(
        before=(),
        after=(
            (BEN, PLEDGE),
            ("cem", moves.JoinPledge(pledge=G1)),
            (BEN, moves.RemovePledge(pledge=G1)),
        ),
    ),
    "settle a pledge": Story(
        before=(),
        after=(
            (BEN, PLEDGE),
            ("cem", moves.JoinPledge(pledge=G1)),
            (BEN, moves.SettlePledge(pledge=G1, state=PledgeState.DONE)),
        ),
    ),
    "pause": Story(before=((BEN, moves.PauseRound(reason="This is about me.")),)),
    "resume": Story(
        before=((BEN, moves.PauseRound(reason="This is about me.")), ("ada", moves.ResumeRound()))
    ),
    "reveal": Story(before=((BEN, respond()), ("ada", moves.OpenVoting()))),
    "close": Story(before=((BEN, respond()),), after=(("ada", moves.CloseRound()),)),
    "extend": Story(before=(("ada", moves.Extend(by=timedelta(hours=3))),)),
    "take back": Story(before=(("ada", moves.TakeBack()),)),
}


def press(person: str, move: Move, *about: str, id: RoundId = R1) -> Callable[[Transaction], Round]:
    """The transaction of one press."""
    return lambda tx: play(tx, person, move, *about, id=id)


async def start(database: Database, **given: Any) -> None:
    """A room, four people and a round in it."""

    def transaction(tx: Transaction) -> None:
        found_room(tx)
        meet(tx, "ada", "ben", "cem", "dee")
        deal(tx, **given)

    await database.write(transaction)


@pytest.mark.parametrize("name", STORIES)
async def test_every_move_is_found_again_as_it_was_played(database: Database, name: str) -> None:
    story = STORIES[name]
    about = (P1, P2, P3, T1, T2, G1)
    await start(database, policy=story.policy)
    person, after = "", None

    for person, move in story.before:
        after = await database.write(press(person, move, *about))
    if story.after:
        await database.write(reveal)
    for person, move in story.after:
        after = await database.write(press(person, move, *about))

    found = await database.read(lambda tx: load(tx, person, R1, *about, lock=False).round)
    assert found == after


@pytest.mark.parametrize("policy", Policy)
async def test_a_new_round_is_found_as_it_was_dealt(database: Database, policy: Policy) -> None:
    card = a_card(plain="They do not ask him.", topics=("a", "b"), content_note="Illness.")
    await start(database, policy=policy, card=card)

    round = await database.read(lambda tx: load(tx).round)

    assert round.card == card
    assert (round.policy, round.phase, round.facilitator) == (policy, Phase.RESPONDING, PersonId("ada"))
    assert (round.opened_at, round.channels) == (NOON, (ROOM,))
    assert round.deadline == NOON + timedelta(hours=24 if policy is Policy.TOGETHER else 48)
    assert round.mine.person is None


# --- whose round is it -----------------------------------------------------------------


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The statements that reach the database in this block, without their values."""
    seen: list[str] = []

    def note(statement: str) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")):
            seen.append(_VALUE.sub("?", statement))

    def executing(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        note(statement)

    if isinstance(database, SqliteDatabase):
        with database.engine.connect() as connection:
            driver = driver_of(connection)
        driver.set_trace_callback(note)  # SQLite's own word: past SQLAlchemy nothing is missed
        yield seen
        driver.set_trace_callback(None)
    else:
        sa.event.listen(database.engine, "before_cursor_execute", executing)
        yield seen
        sa.event.remove(database.engine, "before_cursor_execute", executing)


_VALUE = re.compile(r"'[^']*'")


async def test_another_communitys_round_is_answered_like_one_that_does_not_exist(database: Database) -> None:
    await start(database)
    await database.write(lambda tx: found_room(tx, ELSEWHERE, "their room"))  # type: ignore[arg-type]

    async def asked(id: str, community: CommunityId) -> list[str]:
        with statements(database) as seen, pytest.raises(NoSuchRound):
            await database.write(
                lambda tx: rounds.load(tx, KEYRING, RoundId(id), community=community, person=PersonId("ben"))
            )
        return seen

    forged = await asked("r1", ELSEWHERE)
    invented = await asked("no such round", HOME)

    assert len(forged) == 1
    assert forged == invented
    at_home = await database.read(lambda tx: rounds.load(tx, KEYRING, R1, community=HOME))
    assert at_home.round.id == R1


async def test_a_response_of_another_round_is_not_among_the_others(database: Database) -> None:
    await start(database)
    await database.write(lambda tx: deal(tx, RoundId("r2")))
    await database.write(press("cem", respond(), id=RoundId("r2")))

    found = await database.read(lambda tx: load(tx, "ben", R1, P1).round)

    assert found.others == {}


async def test_a_vote_costs_as_many_statements_in_a_large_round_as_in_a_small_one(database: Database) -> None:
    await start(database)
    await database.write(press("cem", respond()))
    await database.write(reveal)

    async def a_vote(person: str) -> int:
        with statements(database) as seen:
            await database.write(lambda tx: play(tx, person, agree(), P1))
        return len(seen)

    small = await a_vote("ben")
    await database.write(lambda tx: _crowd(tx, 200))
    large = await a_vote("dee")

    assert small == large


def _crowd(tx: Transaction, size: int) -> None:
    """More responses, each with a token of its own, and votes on the first."""
    tokens = [n.to_bytes(16, "big") for n in range(size)]
    words = {"round_id": R1, "words": "Words.", "second_thoughts": ""}
    tx.connection.execute(
        _responses.insert(), [{"id": f"x{n}", "token": token, **words} for n, token in enumerate(tokens)]
    )
    vote = {"round_id": R1, "response_id": P1, "choice": "agree"}
    tx.connection.execute(_votes.insert(), [{"token": token, **vote} for token in tokens])


# --- twice, and many at once -----------------------------------------------------------


async def voted(database: Database) -> dict[ResponseId, int]:
    """How many votes each response's counter says it has."""
    query = sa.select(_responses.c.id, _responses.c.votes)
    return await database.read(lambda tx: {row.id: row.votes for row in tx.connection.execute(query)})


async def rows_of(database: Database, table: sa.Table) -> int:
    query = sa.select(sa.func.count()).select_from(table)
    return await database.read(lambda tx: int(tx.connection.execute(query).scalar_one()))


async def test_pressing_twice_is_pressing_once(database: Database) -> None:
    await start(database)
    await database.write(press("cem", respond()))
    await database.write(reveal)

    for move in (
        agree(),
        agree(),
        moves.GiveLightbulb(response=P1),
        moves.GiveLightbulb(response=P1),
        agree(P1, Choice.DISAGREE),
        moves.TakeLightbulb(response=P1),
        moves.TakeLightbulb(response=P1),
    ):
        await database.write(press("ben", move, P1))

    mine = (await database.read(lambda tx: load(tx, "ben", R1, P1).round)).mine
    assert mine.choices == {P1: Choice.DISAGREE}
    assert mine.lightbulbs == frozenset()
    assert await voted(database) == {P1: 1}
    assert await rows_of(database, _votes) == 1


async def test_words_that_are_taken_back_take_their_votes_along(database: Database) -> None:
    await start(database, policy=Policy.AFTER_YOU)
    await database.write(press("cem", respond(P1)))
    await database.write(press("ben", respond(P2)))
    await database.write(press("ben", agree(P1), P1))

    await database.write(press("cem", moves.Withdraw()))

    assert await rows_of(database, _votes) == 0
    assert await voted(database) == {P2: 0}


PLAYERS = [f"player{n:02}" for n in range(16)]


async def a_crowd(database: Database) -> dict[str, ResponseId]:
    """A round in which many have written, each at the same time as the others."""
    await start(database)
    await database.write(lambda tx: meet(tx, *PLAYERS))
    mine = {player: ResponseId(f"by-{player}") for player in PLAYERS}
    await asyncio.gather(
        *(database.write(press(player, respond(id, f"Words of {player}."))) for player, id in mine.items())
    )
    return mine


async def test_many_who_write_at_once_are_all_counted(database: Database) -> None:
    await a_crowd(database)

    assert (await database.read(load)).round.responses == len(PLAYERS)
    assert await rows_of(database, _responses) == len(PLAYERS)
    assert await rows_of(database, _tokens) == len(PLAYERS)


async def test_many_who_vote_at_once_are_all_counted_and_nobody_twice(database: Database) -> None:
    mine = await a_crowd(database)
    await database.write(reveal)
    chance = random.Random(7)
    last: dict[tuple[str, ResponseId], Choice] = {}
    presses = []
    for player in PLAYERS:
        for id in mine.values():
            if id != mine[player]:
                last[player, id] = chance.choice(list(Choice))
                presses += [(player, id, last[player, id])] * 2  # delivered twice
    chance.shuffle(presses)

    await asyncio.gather(
        *(database.write(press(player, agree(id, choice), id)) for player, id, choice in presses)
    )

    hands, responses = await database.read(lambda tx: closing.hands(tx, R1, None))
    tallies = {id: Counter(hand.choices[id] for hand in hands if id in hand.choices) for id in responses}
    expected = {
        id: Counter(choice for (_, about), choice in last.items() if about == id) for id in mine.values()
    }
    assert await rows_of(database, _votes) == len(last)
    assert await voted(database) == dict.fromkeys(mine.values(), len(PLAYERS) - 1)
    assert tallies == expected


async def test_a_press_that_waited_for_the_close_finds_the_round_closed_and_no_key(
    postgres: Database,
) -> None:
    await start(postgres)
    await postgres.write(lambda tx: play(tx, "ben", respond()))
    await postgres.write(reveal)
    waiting: list[asyncio.Future[object]] = []
    loop = asyncio.get_running_loop()

    def close(tx: Transaction) -> None:
        loaded = load(tx)
        loop.call_soon_threadsafe(
            lambda: waiting.append(loop.create_task(postgres.write(lambda tx: load(tx, "ben"))))
        )
        # Until it waits at the round's row for this transaction to end.
        while not tx.connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ).scalar():
            tx.connection.exec_driver_sql("SELECT pg_stat_clear_snapshot(), pg_sleep(0.01)")
        saving.save(tx, loaded, replace(loaded.round, phase=Phase.CLOSED, closed_at=NOON), NOON)
        closing.forget(tx, R1)

    await postgres.write(close)
    (late,) = await asyncio.gather(*waiting)

    assert isinstance(late, rounds.Loaded)
    assert late.round.phase is Phase.CLOSED
    assert (late.key, late.token) == (None, None)


# --- the ballot ------------------------------------------------------------------------


async def test_a_ballot_shows_the_least_voted_first_and_never_ones_own(database: Database) -> None:
    mine = await a_crowd(database)
    await database.write(reveal)
    chosen = list(mine.values())[:3]
    for voter, about in ((PLAYERS[8], chosen[:1]), (PLAYERS[9], chosen[:2]), (PLAYERS[10], chosen[:3])):
        for id in about:
            await database.write(press(voter, agree(id), id))

    found = await database.read(lambda tx: showing.ballot(tx, load(tx, PLAYERS[15], lock=False)))

    assert set(found.order) == set(found.waiting) == set(mine.values()) - {mine[PLAYERS[15]]}
    assert found.seen == 0
    assert list(found.waiting[-3:]) == [chosen[2], chosen[1], chosen[0]]


async def test_each_player_has_an_order_of_their_own_that_stays(database: Database) -> None:
    await a_crowd(database)
    await database.write(reveal)

    async def order(player: str) -> list[ResponseId]:
        found = await database.read(lambda tx: showing.ballot(tx, load(tx, player, lock=False)))
        return list(found.order)

    orders = {tuple(each for each in await order(player) if "player1" not in each) for player in PLAYERS[10:]}

    assert len(orders) == len(PLAYERS[10:])
    assert await order(PLAYERS[0]) == await order(PLAYERS[0])


async def test_a_response_that_was_looked_at_counts_as_seen_and_not_as_voted(database: Database) -> None:
    mine = await a_crowd(database)
    await database.write(reveal)
    first = mine[PLAYERS[0]]

    for _ in range(2):
        await database.write(lambda tx: saving.look_at(tx, load(tx, "ben"), first))

    found = await database.read(lambda tx: showing.ballot(tx, load(tx, "ben", lock=False)))
    assert first in found.order
    assert first not in found.waiting
    assert found.seen == 1
    assert set((await voted(database)).values()) == {0}
    assert (await database.read(lambda tx: load(tx, "ben", R1, first).round)).mine.choices == {}

    await database.write(press("ben", agree(first), first))
    await database.write(lambda tx: saving.look_at(tx, load(tx, "ben"), first))
    assert (await voted(database))[first] == 1
    assert (await database.read(lambda tx: load(tx, "ben", R1, first).round)).mine.choices == {
        first: Choice.AGREE
    }


# --- the reveal and the close ----------------------------------------------------------


async def test_pages_are_drawn_once_and_hide_the_order_of_arrival(database: Database) -> None:
    mine = await a_crowd(database)
    await database.write(reveal)

    def draw(tx: Transaction) -> dict[str, int]:
        pages = closing.draw_pages(tx, load(tx).round, random.Random(11))
        assert pages == closing.pages(tx, R1) == 4  # 16 responses, five to a page
        return {row.id: row.place for row in tx.connection.execute(sa.select(_responses))}

    first = await database.write(draw)
    again = await database.write(draw)

    assert again == first
    assert sorted(first.values()) == list(range(1, 17))
    assert [first[id] for id in mine.values()] != sorted(first.values())


async def test_before_the_reveal_nothing_private_stands_in_a_standing(database: Database) -> None:
    await a_crowd(database)

    before = await database.read(lambda tx: showing.standing(tx, load(tx, lock=False).round))
    await database.write(reveal)
    await database.write(lambda tx: closing.draw_pages(tx, load(tx).round, random.Random(11)))
    after = await database.read(lambda tx: showing.standing(tx, load(tx, lock=False).round))

    assert before.responses == ()
    assert [each.place for each in after.responses] == list(range(1, 17))
    assert {each.author for each in after.responses} == {None}


async def test_those_who_asked_are_named_once_and_then_forgotten(database: Database) -> None:
    await start(database)
    for person in ("dee", "ben"):
        await database.write(press(person, moves.TellMe()))

    assert await database.write(lambda tx: closing.take_askers(tx, R1)) == ["ben", "dee"]
    assert await database.write(lambda tx: closing.take_askers(tx, R1)) == []
    assert await rows_of(database, _askers) == 0


async def test_what_is_forgotten_leaves_no_row(database: Database) -> None:
    await start(database)
    await database.write(lambda tx: deal(tx, RoundId("r2")))
    for id in (R1, RoundId("r2")):
        await database.write(press("cem", respond(ResponseId(f"p-{id}")), id=id))

    await database.write(lambda tx: closing.forget(tx, R1))

    def left(tx: Transaction) -> list[list[str]]:
        tables = (_tokens, _responses, _round_keys)
        return [list(tx.connection.scalars(sa.select(table.c.round_id))) for table in tables]

    assert await database.read(left) == [["r2"], ["r2"], ["r2"]]


async def test_words_removed_after_the_close_leave_their_place(database: Database) -> None:
    await start(database, policy=Policy.OPEN)
    await database.write(press("ben", reply()))

    def close(tx: Transaction) -> Round:
        loaded = load(tx)
        after = replace(loaded.round, phase=Phase.CLOSED, closed_at=NOON, ending=Ending.FINISHED)
        saving.save(tx, loaded, after, NOON)
        return after

    await database.write(close)
    await database.write(press("ben", moves.DeleteReply(id=T1, response=P4), T1))

    (response,) = (await database.read(lambda tx: showing.standing(tx, load(tx).round))).responses
    assert (response.words, response.removed) == ("", True)
    (kept,) = await database.read(lambda tx: showing.thread(tx, R1))
    assert (kept.words, kept.removed) == ("", True)


async def test_the_line_that_came_with_a_pause_is_kept_for_moderators(database: Database) -> None:
    await start(database)
    assert await database.read(lambda tx: rounds.pause_reason(tx, R1)) == ""

    await database.write(lambda tx: saving.keep_pause_reason(tx, R1, "This is about me."))

    assert await database.read(lambda tx: rounds.pause_reason(tx, R1)) == "This is about me."


# --- where rounds are ------------------------------------------------------------------


async def test_a_channel_knows_its_newest_rounds_and_the_cards_it_has_had(database: Database) -> None:
    await start(database)
    later = a_card(id="later")
    await database.write(lambda tx: deal(tx, RoundId("r2"), opened_at=NOON + timedelta(hours=1), card=later))

    assert await database.read(lambda tx: showing.in_channel(tx, ROOM, 9)) == ["r2", "r1"]
    assert await database.read(lambda tx: showing.in_channel(tx, ROOM, 1)) == ["r2"]
    dealt = await database.read(lambda tx: showing.dealt_cards(tx, ROOM, "caring"))  # type: ignore[arg-type]
    assert dealt == ["carer-waiting-room", "later"]
