"""Five people who play a whole round at once, on any platform, and what they come to."""

from __future__ import annotations

import abc
import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from bot.actions import Action, Verb
from bot.game.model import Policy
from tests.builders import NOON
from tests.patience import PATIENCE

ANSWERED_WITHIN = 1.0  # real seconds in which a press shows something, before somebody presses again
TRIES = round(PATIENCE / ANSWERED_WITHIN / 3)

NAMES = ("ada", "ben", "cat", "dan", "eve")
BALLOT = frozenset({Verb.CAST, Verb.SECOND_STANCE, Verb.NEXT})

P = TypeVar("P")
S = TypeVar("S", bound="Played[Any]")


class Time:
    """The time for the program and for the server: it stands still until it is moved on."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        """The same in seconds since 1970."""
        return self.now.timestamp()

    def move(self, by: timedelta) -> None:
        """Let time pass at once."""
        self.now += by


class Server(Protocol):
    """The part of a test server that people wait on."""

    async def until(self, condition: Callable[[], Any], within: float = PATIENCE) -> None:
        """Wait until a condition holds. Raises TimeoutError."""
        ...


class Played(abc.ABC, Generic[P]):
    """One person, who looks for a button, presses it, and presses again if nothing happens.

    `fails` is what their client shows when the press got nowhere, `P` what can be pressed.
    """

    fails: ClassVar[type[Exception]]

    # --- what a platform says --------------------------------------------------------------

    @property
    @abc.abstractmethod
    def server(self) -> Server:
        """Where they are."""

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """Whose name a test that fails tells."""

    @abc.abstractmethod
    async def connected(self) -> None:
        """Back when the program has a connection."""

    @abc.abstractmethod
    def find(self, verb: Verb, value: str = "", about: str = "") -> P | None:
        """The newest button that does this, if they see one."""

    @abc.abstractmethod
    async def press(self, found: P) -> None:
        """Press it. Raises `fails`."""

    @abc.abstractmethod
    async def command(self, words: str) -> Any:
        """Type `/shoes` and these words."""

    @abc.abstractmethod
    async def open(self, verb: Verb, value: str = "") -> Any:
        """Press until a form is there. Returns it."""

    @abc.abstractmethod
    async def send(self, **fields: str) -> Any:
        """Fill in the form on top and send it."""

    @abc.abstractmethod
    def ballot(self) -> tuple[Sequence[Action], str]:
        """What can be pressed on the newest private part of the ballot, and what it says."""

    # --- what they do ----------------------------------------------------------------------

    async def tap(self, verb: Verb, value: str = "", about: str = "") -> None:
        """Press the button that does this, once it is there; again as long as the platform says it failed."""
        await self.server.until(lambda: self.find(verb, value, about))
        for _ in range(TRIES):
            found = self.find(verb, value, about)
            if found is None:
                return  # it was taken after all: something else stands there now
            with contextlib.suppress(self.fails):
                await self.press(found)
                return
            await self.connected()
        raise AssertionError(f"{self.name} cannot press {verb.value}")

    async def respond(self, words: str = "", stance: str = "", own_role: str = "") -> None:
        """Through the form."""
        await self.open(Verb.RESPOND)
        fields = {"words": words, "stance": stance, "own_role": own_role}
        await self.send(**{name: value for name, value in fields.items() if value})

    async def until_taken(self, act: Callable[[], Awaitable[Any]]) -> Any:
        """Do it again as long as the platform says that it failed."""
        for _ in range(TRIES):
            with contextlib.suppress(self.fails):
                return await act()
            await self.connected()
        raise AssertionError(f"{self.name} gets nowhere")

    async def vote(self, choices: Mapping[str, str], lightbulbs: Sequence[str], stance: str) -> None:
        """Through the ballot to its end. `choices` by the words of the response."""
        for _ in range(TRIES):
            await self.tap(Verb.VOTE)
            with contextlib.suppress(TimeoutError):
                await self.server.until(lambda: self.ballot()[0], ANSWERED_WITHIN)
                break
        voted: set[str] = set()
        while (about := self._voting_on()) and about not in voted:
            said = next(words for words in choices if words in self.ballot()[1])
            await self._change(Verb.CAST, choices[said], about)
            if said in lightbulbs:
                await self._change(Verb.LIGHTBULB, "", about)
            voted.add(about)
            await self._turn(about)
        assert len(voted) == len(choices), f"{self.name} voted on {len(voted)}"
        await self.tap(Verb.SECOND_STANCE, stance)

    def _voting_on(self) -> str:
        """The response on the ballot; empty at its end."""
        return next((each.about for each in self.ballot()[0] if each.verb is Verb.CAST), "")

    async def _change(self, verb: Verb, value: str, about: str) -> None:
        before = self.ballot()[1]
        for _ in range(TRIES):
            await self.tap(verb, value, about)
            with contextlib.suppress(TimeoutError):
                await self.server.until(lambda: self.ballot()[1] != before, ANSWERED_WITHIN)
                return
        raise AssertionError(f"{self.name} sees no change after {verb.value}")

    async def _turn(self, about: str) -> None:
        for _ in range(TRIES):
            await self.tap(Verb.NEXT, "", about)
            with contextlib.suppress(TimeoutError):
                await self.server.until(lambda: self._voting_on() != about, ANSWERED_WITHIN)
                return
        raise AssertionError(f"{self.name} cannot go on")


class Room(abc.ABC, Generic[S]):
    """Five people in one channel, with the whole program connected to it."""

    monday: ClassVar[str]  # 21 June, as it is written into a form here

    def __init__(self, players: dict[str, S]) -> None:
        self.players = players
        self.ada, self.ben, self.cat = players["ada"], players["ben"], players["cat"]

    @abc.abstractmethod
    async def settled(self) -> None:
        """Back when nothing is on its way any more, in either direction. What has to wait does not:
        the clock is moved on to its time.
        """

    async def press_more(self, verb: Verb) -> None:
        """Ada presses something that stands behind More."""
        for _ in range(TRIES):
            await self.ada.tap(Verb.MORE)
            with contextlib.suppress(TimeoutError):
                await self.ada.server.until(lambda: self.ada.find(verb), ANSWERED_WITHIN)
                break
        await self.ada.tap(verb)
        await self.settled()

    async def close(self) -> None:
        """Ada closes the card, or opens the responses where that comes first."""
        await self.press_more(Verb.CLOSE)

    async def begin_campaign(self, **fields: str) -> None:
        """Ada plans one, and starts it."""
        await self.ada.command("campaign")
        await self.ada.send(**fields)
        await self.settled()
        await self.ada.tap(Verb.START_CAMPAIGN)
        await self.settled()

    async def pledge(self, words: str) -> None:
        """Ben makes one, for Monday 21 June."""
        await self.ben.open(Verb.PLEDGE)
        await self.ben.send(words=words, by=self.monday)


# --- a whole round -----------------------------------------------------------------------

WORDS = {
    "ada": "Please ask him first, every time.",
    "ben": "A third chair would do more.",
    "cat": "We waited a whole day for that.",
    "dan": "Say his name when you begin.",
    "eve": "Write it down for us to take home.",
}
STANCES = {
    "ada": ("yes", "yes"),
    "ben": ("no", "yes"),
    "cat": ("not_sure", "no"),
    "dan": ("yes", "yes"),
    "eve": ("yes", "not_sure"),
}
SUPPORT = {"ada": 4, "ben": 2, "cat": 0, "dan": 3, "eve": 1}
LIGHTBULBS = {"ben": ["ada"], "cat": ["ada"], "dan": ["eve"]}
PLEDGE = "sit down before I start to talk"


def choices_of(name: str) -> dict[str, str]:
    """By the words: of the others, in order, as many agree as the response has support."""
    found = {}
    for writer, words in WORDS.items():
        others = [each for each in NAMES if each != writer]
        if name in others:
            found[words] = "agree" if others.index(name) < SUPPORT[writer] else "disagree"
    return found


async def play_on(
    room: Room[Any],
    policy: Policy,
    reply: Callable[[str, str], object],
    meanwhile: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """From the board on: all respond at once, then all vote at once, and Ben makes a pledge.

    `reply`: a name and words, said in the thread of the card. `meanwhile`: what happens before they vote.
    """
    players = room.players

    async def respond(name: str) -> None:
        if policy is Policy.OPEN:
            await players[name].respond(stance=STANCES[name][0])
            reply(name, WORDS[name])
        else:
            await players[name].respond(words=WORDS[name], stance=STANCES[name][0])

    async def vote(name: str) -> None:
        lit = [WORDS[each] for each in LIGHTBULBS.get(name, ())]
        await players[name].vote(choices_of(name), lit, STANCES[name][1])

    await asyncio.gather(*(respond(name) for name in NAMES))
    if meanwhile is not None:
        await meanwhile()
    await room.settled()
    if policy is Policy.TOGETHER:
        await room.press_more(Verb.REVEAL)
    await asyncio.gather(*(vote(name) for name in NAMES))
    await room.settled()
    await room.pledge(PLEDGE)
    await room.settled()
    await room.close()


RECAP = """\
What we heard
In the shoes of a family carer
They talk to me over his head. My dad is in the room, and he hears every word.
• What would help him to be part of the talk?
5 people wrote.
True here? What people said first
• Everybody: 3 yes, 1 not sure, 1 no
True here? What people say now
• Everybody: 3 yes, 1 not sure, 1 no
Common ground
At least 6 in 10 of those who voted agree with this.
{ada}
Please ask him first, every time.
{dan}
Say his name when you begin.
Where we differ
{ben}
A third chair would do more.
Words that changed how we see it
{ada}
The words are above.
💡 2 lightbulbs
{eve}
Write it down for us to take home.
💡 One lightbulb
{promise}What is already strong here?
Tell us in the thread. Small things count.
Pledges: small things we will do
1. Ben will, by Monday 21 June
sit down before I start to talk
Open
Join in with pledge 1
You can still make a pledge, for seven days. Go to the card
Make a pledge"""
PROMISE = "Nobody can tell who wrote this, not even us.\n"


def recap_of(policy: Policy) -> str:
    """What five people come to, with the numbers that a shuffle gave to the responses taken off."""
    named = policy is Policy.OPEN
    writers = {name: name.title() if named else "Response" for name in NAMES}
    return RECAP.format(**writers, promise="" if named else PROMISE)
