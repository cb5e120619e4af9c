"""Plays private rounds on a real database, and remembers what nobody may find there afterwards."""

from __future__ import annotations

import asyncio
import base64
import itertools
import logging
import random
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from bot.actions import Action, Verb, write
from bot.answers import Answer
from bot.chat import Press
from bot.game.harm import HarmWords
from bot.game.model import Pack, PerspectiveId, RoundId
from bot.jobs import Handler
from bot.service import Service
from bot.tools import Care
from storage import communities
from storage.database import Database, Transaction
from storage.keys import Keyring
from storage.tables import METADATA
from tests.builders import NOON, a_card, a_deck
from tests.storage.builders import HOME, ROOM, found_room, player

KEYRING = Keyring(b"the secret of a room where people trust each other")
CARERS = tuple(f"carer{n}" for n in range(6))
STAFF = tuple(f"staff{n}" for n in range(6))
WRITERS_OF_EACH = 3  # of each group in a round; also the threshold of the room
WRITERS = 2 * WRITERS_OF_EACH
HELD = 2  # more of those who write: what they write is held
HARM = "I want to die."
LAG = timedelta(seconds=90)  # between two presses, at most

_round_keys = METADATA.tables["round_keys"]
_tokens = METADATA.tables["tokens"]
_responses = METADATA.tables["responses"]


class SeededChance:
    """Ids and shuffles that a seed repeats."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def id(self) -> str:
        """See bot.chance.Chance."""
        return base64.urlsafe_b64encode(self._random.randbytes(12)).decode()

    def shuffle(self) -> random.Random:
        """See bot.chance.Chance."""
        return random.Random(self._random.random())


class NoJobs:
    """Nobody is woken: the story itself says when what is done."""

    def on(self, job: str, handler: Handler) -> None:
        """See bot.jobs.Jobs."""

    def defer(self, job: str, key: str, tx: Transaction, run_at: datetime | None = None) -> None:
        """See bot.jobs.Jobs."""

    async def run(self) -> None:
        """See bot.jobs.Jobs."""


@dataclass(kw_only=True)
class Written:
    """One round as it really was: who wrote what, in the order in which they pressed."""

    id: RoundId
    words: dict[str, str]  # by player
    votes_done: list[str] = field(default_factory=list)  # players in the order of their last vote
    held: dict[str, str] = field(default_factory=dict)  # words that suggest harm, by player, as they came


@dataclass
class Secrets:
    """What no file may hold once the round has closed."""

    keys: set[bytes] = field(default_factory=set)
    tokens: set[bytes] = field(default_factory=set)
    addresses: set[bytes] = field(default_factory=set)

    @property
    def all(self) -> set[bytes]:
        """Keys, tokens and addresses."""
        return self.keys | self.tokens | self.addresses

    def forms(self) -> Iterator[bytes]:
        """Every way in which one of them might be written down."""
        for secret in self.all:
            yield secret
            yield secret.hex().encode()
            # Without what depends on the bytes around it.
            yield base64.b64encode(secret)[:-4]
            yield base64.urlsafe_b64encode(secret)[:-4]


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """All that any library says, from DEBUG on."""
    lines: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {record.exc_info}")

    root = logging.getLogger()
    listener, level = Listener(logging.DEBUG), root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    try:
        with structlog.testing.capture_logs() as events:
            yield lines
            lines += [repr(event) for event in events]
    finally:
        root.removeHandler(listener)
        root.setLevel(level)


class Room:
    """A room of twelve people, six carers and six of staff, on one database."""

    def __init__(self, database: Database, seed: int) -> None:
        self.database = database
        self.chance = random.Random(seed)
        self.now = NOON
        self.people: dict[str, str] = {}  # the id of each player's person
        self.rounds: list[Written] = []  # closed ones
        self.secrets = Secrets()
        self._events = itertools.count()
        deck = a_deck(cards=[a_card(plain="They do not ask him.")])
        pack = Pack(id="test", title="Test", decks=(deck,))
        care = Care(harm=HarmWords.of(["want to die"]))
        self.service = Service(
            database,
            NoJobs(),
            KEYRING,
            [pack],
            SeededChance(seed),
            care=care,
        )

    async def open(self) -> None:
        """Found the room, and let everybody in, in an order of the room's own."""

        def transaction(tx: Transaction) -> None:
            found_room(tx, HOME, ROOM, threshold=WRITERS_OF_EACH)
            everybody = [*CARERS, *STAFF]
            self.chance.shuffle(everybody)
            for each in everybody:
                id = self.service.chance.id()
                person = communities.person(tx, player(each), id, each.title())
                role = PerspectiveId("carer" if each in CARERS else "frontline")
                communities.set_own_role(tx, person.id, role)
                self.people[each] = person.id

        await self.database.write(transaction)

    async def press(
        self, who: str, verb: Verb, round: str = "", about: str = "", value: str = "", **fields: str
    ) -> Answer:
        """Press a button or send a form."""
        self.now += self.chance.random() * LAG
        press = Press(
            player=player(who),
            channel=ROOM,
            action=write(Action(verb, round, about, value)),
            event=f"event {next(self._events)}",
            fields=fields,
        )
        answer = await self.service.press(press, self.now)
        assert answer.accepted, (verb, answer.content)
        return answer

    async def deal(self, facilitator: str = CARERS[0], policy: str = "together") -> RoundId:
        """Deal a card."""
        value = f"{policy}-1440-1440-off"
        answer = await self.press(facilitator, Verb.DEAL, about=a_card().id, value=value)
        assert answer.round is not None
        return answer.round

    def some_words(self) -> str:
        """Words that say nothing about who wrote them, and that nobody else has written."""
        return "Words " + "".join(self.chance.choices(string.ascii_lowercase, k=24))

    async def respond(self, rounds: list[Written]) -> None:
        """Six players write in each round, all rounds at once; some others pass or ask to be told."""
        presses = []
        for each in rounds:
            writers = [
                *self.chance.sample(CARERS, WRITERS_OF_EACH),
                *self.chance.sample(STAFF, WRITERS_OF_EACH),
            ]
            self.chance.shuffle(writers)
            each.words = {writer: self.some_words() for writer in writers}
            others = [who for who in (*CARERS, *STAFF) if who not in writers]
            quiet, *holding = self.chance.sample(others, 1 + HELD)
            each.held = {who: f"{HARM} {self.some_words()}" for who in holding}
            asking = self.chance.choice(writers)
            presses += [(each, who) for who in (*writers, *holding, quiet)] + [(each, f"{asking} asks")]
        self.chance.shuffle(presses)
        for each in rounds:
            order = [who for round, who in presses if round is each and who in each.words]
            each.words = {who: each.words[who] for who in order}
            order = [who for round, who in presses if round is each and who in each.held]
            each.held = {who: each.held[who] for who in order}
        # SQLite and the pool take them up in this order, and share commits.
        await asyncio.gather(*(self._respond(each, who) for each, who in presses))

    async def _respond(self, round: Written, who: str) -> None:
        if who.endswith(" asks"):
            await self.press(who.removesuffix(" asks"), Verb.TELL_ME, round.id)
        elif who in round.held:
            await self.press(who, Verb.SEND, round.id, words=round.held[who])
        elif who in round.words:
            stance = self.chance.choice(["yes", "not_sure", "no"])
            await self.press(who, Verb.SEND, round.id, words=round.words[who], stance=stance)
        else:
            await self.press(who, Verb.PASS, round.id)

    async def vote(self, rounds: list[Written]) -> None:
        """Everybody who wrote votes on all responses but their own: the gap would name them."""
        presses = []
        for each in rounds:
            ids = await self.responses(each)
            presses += [
                (each, who, id) for who in each.words for id, words in ids.items() if words != each.words[who]
            ]
        self.chance.shuffle(presses)
        for each in rounds:
            last = {who: n for n, (round, who, _) in enumerate(presses) if round is each}
            each.votes_done = sorted(last, key=lambda who: last[who])
        choice = self.chance.choice
        await asyncio.gather(
            *(
                self.press(who, Verb.CAST, round.id, id, choice(["agree", "not_sure", "disagree"]))
                for round, who, id in presses
            )
        )

    async def responses(self, round: Written) -> dict[str, str]:
        """The ids of a round's responses, and their words."""
        shown = (_responses.c.round_id == round.id) & _responses.c.hold.is_(None)
        query = sa.select(_responses.c.id, _responses.c.words).where(shown)
        return await self.database.read(
            lambda tx: {row.id: row.words for row in tx.connection.execute(query)}
        )

    async def remember_secrets(self, rounds: list[Written]) -> None:
        """What is in the tables now and may not be anywhere after the close."""

        def transaction(tx: Transaction) -> None:
            ids = [each.id for each in rounds]
            for row in tx.connection.execute(sa.select(_round_keys).where(_round_keys.c.round_id.in_(ids))):
                self.secrets.keys |= {bytes(row.wrapped), KEYRING.unwrap(row.wrapped).secret}
            for row in tx.connection.execute(sa.select(_tokens).where(_tokens.c.round_id.in_(ids))):
                self.secrets.tokens.add(bytes(row.token))
                self.secrets.addresses.add(bytes(row.address))

        await self.database.read(transaction)

    async def play(
        self, count: int, at_once: int = 20, *, left_open: int = 5, look: Callable[[], None] = lambda: None
    ) -> None:
        """Play rounds, many at once, and close them in another order; a few stay open among them.

        `look` is called whenever all others are closed and scrubbed.
        """
        unfinished: list[Written] = []
        for _ in range(0, count, at_once):
            begun = [Written(id=await self.deal(), words={}) for _ in range(at_once)]
            if not unfinished:
                begun += [Written(id=await self.deal(), words={}) for _ in range(left_open)]
            await self.respond(begun)
            for each in begun:
                await self.press(CARERS[0], Verb.REVEAL, each.id)
            await self.vote(begun)
            self.chance.shuffle(begun)
            if not unfinished:
                unfinished, begun = begun[:left_open], begun[left_open:]
            await self.remember_secrets(begun)
            for each in begun:
                await self.press(CARERS[0], Verb.CLOSE, each.id)
            self.rounds += begun
            await self.service.scrub("")
            look()
