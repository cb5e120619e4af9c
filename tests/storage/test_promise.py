"""The test that judges: after the close nobody can tell who wrote what, not even us.

Six people out of twelve write in each of 200 private rounds, in any order and at any time,
and vote on all responses but their own. Then the rounds close, and the database is searched
and guessed at (spec: safety, section 1).
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.actions import Verb
from storage.database import Database, SqliteDatabase, Transaction, open_database
from storage.tables import METADATA
from tests.databases import an_address
from tests.storage.guessing import Evidence, gather, guess_by_gaps, is_leak, leaks
from tests.storage.playing import (
    CARERS,
    HELD,
    STAFF,
    WRITERS,
    Room,
    Written,
    everything_logged,
)

ROUNDS = 200
ROUNDS_ON_POSTGRES = 40
SEED = 20270607

PRIVATE = ("tokens", "votes", "round_keys")


def bytes_of(database: Database) -> bytes:
    """The file, its write-ahead log, its index: everything that SQLite has put on the disk."""
    assert isinstance(database, SqliteDatabase)
    files = sorted(database.path.parent.glob(database.path.name + "*"))
    assert {file.name for file in files} >= {"shoes.db", "shoes.db-wal", "shoes.db-shm"}
    return b"".join(file.read_bytes() for file in files)


@dataclass
class Played:
    """A database after its rounds, and what was there to be found."""

    room: Room
    files: bytes = b""  # at the end
    found: set[bytes] = field(default_factory=set)
    """Secrets that were in the files at any of the looks taken on the way."""
    log: list[str] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    held: list[Evidence] = field(default_factory=list)
    gaps: tuple[int, int] = (0, 0)
    left: dict[str, set[str]] = field(default_factory=dict)
    """The rounds of which a private table still has rows."""


async def _play(address: str, count: int) -> Played:
    database = open_database(address)
    try:
        room = Room(database, SEED)
        played = Played(room)
        searched: set[bytes] = set()

        def search() -> None:
            if isinstance(database, SqliteDatabase):
                played.files = bytes_of(database)
                new = room.secrets.all - searched
                played.found.update(secret for secret in new if secret in played.files)
                searched.update(new)

        with everything_logged() as played.log:
            await room.open()
            await room.play(count, look=search)

        def look(tx: Transaction) -> None:
            played.evidence = gather(tx, room, played.files)
            played.held = gather(tx, room, played.files, held=True)
            played.gaps = guess_by_gaps(tx, room, SEED)
            for name in PRIVATE:
                query = sa.select(METADATA.tables[name].c.round_id)
                played.left[name] = set(tx.connection.scalars(query))

        await database.read(look)
        return played
    finally:
        await database.close()


@pytest.fixture(scope="module")
def sqlite_played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A SQLite file after 200 rounds."""
    return asyncio.run(_play(an_address("sqlite", tmp_path_factory.mktemp("promise")), ROUNDS))


@pytest.fixture(scope="module")
def postgres_played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A PostgreSQL database after some rounds."""
    return asyncio.run(
        _play(an_address("postgresql", tmp_path_factory.mktemp("promise")), ROUNDS_ON_POSTGRES)
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def played(request: pytest.FixtureRequest) -> Played:
    """Either of them."""
    found = request.getfixturevalue("sqlite_played" if request.param == "sqlite" else "postgres_played")
    assert isinstance(found, Played)
    return found


# --- nothing is left -------------------------------------------------------------------


@pytest.mark.timeout(600)
def test_no_key_token_or_address_is_in_the_files_or_in_the_log(sqlite_played: Played) -> None:
    secrets = sqlite_played.room.secrets
    log = "\n".join(sqlite_played.log).encode()
    assert len(secrets.keys) == 2 * ROUNDS  # raw and wrapped
    assert len(secrets.tokens) >= WRITERS * ROUNDS
    assert len(secrets.addresses) >= WRITERS * ROUNDS

    assert sqlite_played.found == set()
    assert [form for form in secrets.forms() if form in sqlite_played.files] == []
    assert [form for form in secrets.forms() if form in log] == []
    assert [str(secret) for secret in secrets.tokens | secrets.keys if str(secret).encode() in log] == []


@pytest.mark.timeout(600)
def test_no_words_are_in_the_log(sqlite_played: Played) -> None:
    log = "\n".join(sqlite_played.log)

    assert [
        words
        for round in sqlite_played.room.rounds
        for words in (*round.words.values(), *round.held.values())
        if words in log
    ] == []


@pytest.mark.timeout(600)
def test_private_rows_are_left_of_open_rounds_only(played: Played) -> None:
    closed = {round.id for round in played.room.rounds}

    for name in PRIVATE:
        assert len(played.left[name]) == 5, name  # which shows that the search finds something
        assert not played.left[name] & closed, name


# --- nobody can guess ------------------------------------------------------------------


@pytest.mark.timeout(600)
def test_no_order_in_the_database_tells_who_wrote_what(played: Played) -> None:
    assert leaks(played.evidence) == []


@pytest.mark.timeout(600)
def test_no_order_in_the_database_tells_who_wrote_what_is_held(played: Played) -> None:
    assert {len(each.truth) for each in played.held} == {HELD}
    assert leaks(played.held) == []


@pytest.mark.timeout(600)
def test_a_missing_vote_tells_no_more_than_chance(played: Played) -> None:
    right, tries = played.gaps

    assert not is_leak(right, tries, 1 / WRITERS)


# --- and the guesser is no fool --------------------------------------------------------


def made_up(chance: random.Random, rounds: int, share: float) -> list[Evidence]:
    """Rounds in which, now and then, responses lie in the order in which they came."""
    evidence = []
    for _ in range(rounds):
        writers = [f"writer {n}" for n in range(WRITERS)]
        chance.shuffle(writers)
        words = {f"words {chance.random()}": who for who in writers}
        lie = list(words)
        if chance.random() >= share:
            chance.shuffle(lie)
        evidence.append(Evidence({"rows": lie}, {"as they came": writers}, words))
    return evidence


@pytest.mark.parametrize("rounds", [ROUNDS, ROUNDS_ON_POSTGRES])
def test_the_guesser_sees_rows_that_lie_as_they_came(rounds: int) -> None:
    assert len(leaks(made_up(random.Random(1), rounds, share=1.0))) == WRITERS


def test_the_guesser_sees_it_even_if_it_is_so_in_every_third_round_only() -> None:
    assert leaks(made_up(random.Random(1), ROUNDS, share=0.35)) != []


def test_the_guesser_sees_a_leak_at_a_single_place() -> None:
    evidence = made_up(random.Random(1), ROUNDS, share=0.0)
    for each in evidence:
        lie, (writers,) = each.responses["rows"], each.writers.values()
        own = next(words for words in lie if each.truth[words] == writers[-1])
        here = lie.index(own)
        lie[here], lie[-1] = lie[-1], lie[here]  # type: ignore[index]

    assert [leak.partition(":")[0] for leak in leaks(evidence)] == ["rows beside as they came, place 6"]


def test_the_guesser_accuses_nobody_where_chance_alone_is_at_work() -> None:
    assert leaks(made_up(random.Random(1), ROUNDS, share=0.0)) == []


@pytest.mark.timeout(600)
def test_before_the_close_there_would_be_something_to_find(tmp_path: Path) -> None:
    async def story() -> tuple[bytes, Room]:
        database = open_database(an_address("sqlite", tmp_path))
        room = Room(database, SEED)
        await room.open()
        round = Written(id=await room.deal(), words={})
        await room.respond([round])
        await room.remember_secrets([round])
        await database.scrub()
        files = bytes_of(database)
        await database.close()
        return files, room

    files, room = asyncio.run(story())

    assert [token for token in room.secrets.tokens if token not in files] == []
    assert [address for address in room.secrets.addresses if address not in files] == []
    assert sum(key in files for key in room.secrets.keys) == 1  # wrapped, and never raw


# --- words that are taken back ---------------------------------------------------------


async def _a_room(tmp_path: Path) -> Room:
    room = Room(open_database(an_address("sqlite", tmp_path)), SEED)
    await room.open()
    return room


@pytest.mark.asyncio
async def test_a_card_that_was_taken_back_leaves_no_words_anywhere(tmp_path: Path) -> None:
    room = await _a_room(tmp_path)
    rounds = [Written(id=await room.deal(policy="after_you"), words={}) for _ in range(2)]
    await room.respond(rounds)
    taken_back, other = rounds
    second = room.some_words()
    await room.press(next(iter(taken_back.words)), Verb.SEND, taken_back.id, words=second)
    await room.remember_secrets([taken_back])

    await room.press(CARERS[0], Verb.TAKE_BACK, taken_back.id, value="sure")
    await room.service.scrub("")

    files = bytes_of(room.database)
    gone = [*taken_back.words.values(), second]
    assert [words for words in gone if words.encode() in files] == []
    assert [form for form in room.secrets.forms() if form in files] == []
    assert all(words.encode() in files for words in other.words.values())
    await room.database.close()


@pytest.mark.asyncio
async def test_words_that_were_withdrawn_or_changed_are_gone_after_the_close(tmp_path: Path) -> None:
    room = await _a_room(tmp_path)
    round = Written(id=await room.deal(), words={})
    await room.respond([round])
    withdrew, *changed = round.words
    new = {who: room.some_words() for who in changed}
    for who in changed:
        await room.press(who, Verb.SEND, round.id, words=round.words[who] + " and many more " * 20)
        await room.press(who, Verb.SEND, round.id, words=new[who])
    await room.press(withdrew, Verb.WITHDRAW, round.id)
    await room.press(CARERS[0], Verb.REVEAL, round.id)

    await room.press(CARERS[0], Verb.CLOSE, round.id)
    await room.service.scrub("")

    files = bytes_of(room.database)
    assert [words for words in round.words.values() if words.encode() in files] == []
    assert [words for words in new.values() if words.encode() not in files] == []
    await room.database.close()


@pytest.mark.asyncio
async def test_those_who_asked_are_forgotten_when_the_responses_open(tmp_path: Path) -> None:
    room = await _a_room(tmp_path)
    rounds = [Written(id=await room.deal(), words={}) for _ in range(2)]
    await room.respond(rounds)
    revealed, other = rounds

    await room.press(CARERS[0], Verb.REVEAL, revealed.id)

    query = sa.select(METADATA.tables["askers"].c.round_id)
    asked = await room.database.read(lambda tx: set(tx.connection.scalars(query)))
    assert asked == {other.id}
    await room.database.close()


@pytest.mark.asyncio
async def test_a_round_that_closes_without_results_forgets_words_tokens_and_askers(tmp_path: Path) -> None:
    room = await _a_room(tmp_path)
    round = Written(id=await room.deal(), words={})
    await room.respond([round])
    await room.remember_secrets([round])
    await room.press(STAFF[0], Verb.SEND_PAUSE, round.id, reason="This is about me.")
    room.now += timedelta(hours=48)
    await room.service.ring(f"round:{round.id}", room.now)

    await room.press(CARERS[0], Verb.CLOSE_WITHOUT_RESULTS, round.id)
    await room.service.scrub("")

    files = bytes_of(room.database)
    assert [words for words in round.words.values() if words.encode() in files] == []
    assert [form for form in room.secrets.forms() if form in files] == []
    query = sa.select(METADATA.tables["askers"])
    assert await room.database.read(lambda tx: tx.connection.execute(query).all()) == []
    await room.database.close()


@pytest.mark.asyncio
async def test_a_closed_round_shows_its_responses_under_new_ids_and_without_a_trace(tmp_path: Path) -> None:
    room = await _a_room(tmp_path)
    round = Written(id=await room.deal(), words={})
    await room.respond([round])
    await room.press(CARERS[0], Verb.REVEAL, round.id)
    await room.vote([round])
    before = await room.responses(round)

    await room.press(CARERS[0], Verb.CLOSE, round.id)

    after = await room.responses(round)
    assert sorted(after.values()) == sorted(before.values()) == sorted(round.words.values())
    assert not set(after) & set(before)
    responses = METADATA.tables["responses"]
    query = sa.select(responses.c.token, responses.c.votes, responses.c.author)
    rows = await room.database.read(lambda tx: {tuple(row) for row in tx.connection.execute(query)})
    assert rows == {(None, 0, None)}
    await room.database.close()
