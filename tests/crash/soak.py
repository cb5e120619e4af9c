"""Kill -9 at random moments while many players vote: `python -m tests.crash.soak` goes on for a long time.

SOAK_KILLS (100 by default) says how often. It stops by itself, and with exit code 1 at the first
failure, which prints its seed.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.actions import Action, Verb, write
from bot.game.model import Choice
from tests.crash.players import Player
from tests.crash.world import World

PLAYERS = 20
LONGEST_LIFE = 0.6  # seconds under load between two kills
IN_FULL_SWING = 0.8  # of the kills come after a vote, the others while the program starts, too
ANSWERED_WITHIN = 30.0  # seconds, however often it is killed meanwhile
TRY_AGAIN = 0.02


@dataclass
class Voter:
    """A player who votes as fast as the program answers, and sends again until it is acknowledged."""

    player: Player
    words: str
    form: dict[str, str] = field(default_factory=dict)
    choices: dict[str, Choice] = field(default_factory=dict)  # the last one that was acknowledged
    acknowledged: int = 0

    async def vote(self, http: httpx.AsyncClient, responses: list[str], chance: random.Random) -> None:
        """One vote on a response of somebody else."""
        response, choice = chance.choice(responses), chance.choice([*Choice])
        round = self.form["action"].split(".")[1]
        press = {
            **self.form,
            "event": f"{chance.random()}",
            "action": write(Action(Verb.CAST, round, response, choice.value)),
        }
        until = time.monotonic() + ANSWERED_WITHIN
        while True:
            try:
                answer = await http.post("/press", data=press, headers=self.player.headers)
            except httpx.TransportError:
                assert time.monotonic() < until, "nobody answers"
                await asyncio.sleep(TRY_AGAIN)
                continue
            assert answer.status_code == 303, answer.text
            break
        self.choices[response] = choice
        self.acknowledged += 1


@dataclass(frozen=True)
class Survived:
    """What a soak came to."""

    kills: int
    votes: int

    def __str__(self) -> str:
        """In a sentence that promises no more than was seen."""
        return (
            f"{self.kills} kills and {self.votes} acknowledged votes without a failure. "
            f"This proves, with 95 % confidence, that at most {3 / self.kills:.1%} of kills do harm (3/n)."
        )


def soak(world: World, kills: int, seed: int) -> Survived:
    """Kill the program so often under load, and compare what was acknowledged with what is stored."""
    chance = random.Random(seed)
    voters = [Voter(Player(world.address), f"Words of player {number}.") for number in range(PLAYERS)]
    try:
        _begin(voters)
        setup = world.settled().events.total()
        asyncio.run(_under_fire(world, voters, kills, chance))
        world.settled()
        _compare(world, voters, setup)
        _finish(world, voters)
    finally:
        for voter in voters:
            voter.player.close()
    return Survived(world.kills, sum(voter.acknowledged for voter in voters))


def _begin(voters: list[Voter]) -> None:
    """Everybody comes into one room and responds; then all responses are shown."""
    first = voters[0].player
    first.start_room("Ward 4", "Player 0")
    invitation = first.invitation()
    first.deal(policy="together")
    for number, voter in enumerate(voters):
        if number:
            voter.player.join(invitation, f"Player {number}")
        voter.form = voter.player.page_with("send.", {"words": voter.words})
        voter.player.press(voter.form)
    first.press(first.page_with("more."))
    first.press(first.page_with("reveal."))


async def _under_fire(world: World, voters: list[Voter], kills: int, chance: random.Random) -> None:
    ids = {words: id for id, words in world.stored.rows("SELECT id, words FROM responses")}
    over = asyncio.Event()

    async def vote(voter: Voter, own: random.Random) -> None:
        others = [id for words, id in ids.items() if words != voter.words]
        while not over.is_set():
            await voter.vote(http, others, own)

    async with (
        httpx.AsyncClient(base_url=world.address, timeout=ANSWERED_WITHIN) as http,
        asyncio.TaskGroup() as load,
    ):
        for voter in voters:
            load.create_task(vote(voter, random.Random(chance.random())))
        for _ in range(kills):
            if chance.random() < IN_FULL_SWING:
                await _one_more_vote(voters)
            await asyncio.sleep(chance.uniform(0, LONGEST_LIFE))
            await asyncio.to_thread(world.restart)
        await _one_more_vote(voters)
        over.set()


async def _one_more_vote(voters: list[Voter]) -> None:
    """Wait until the program of now has acknowledged something."""
    before = sum(voter.acknowledged for voter in voters)
    until = time.monotonic() + ANSWERED_WITHIN
    while sum(voter.acknowledged for voter in voters) == before:
        assert time.monotonic() < until, "nothing is acknowledged any more"
        await asyncio.sleep(TRY_AGAIN)


def _compare(world: World, voters: list[Voter], setup: int) -> None:
    """Events are rows, and rows are tallies."""
    ids = dict(world.stored.rows("SELECT id, words FROM responses"))
    expected = Counter((ids[id], choice.value) for voter in voters for id, choice in voter.choices.items())
    stored = Counter(
        (ids[id], choice) for id, choice in world.stored.rows("SELECT response_id, choice FROM votes")
    )
    assert stored == expected
    acknowledged = sum(voter.acknowledged for voter in voters)
    assert world.stored.facts().events.total() == setup + acknowledged


def _finish(world: World, voters: list[Voter]) -> None:
    """The round can be closed, and everything was posted once, in order."""
    first = voters[0].player
    first.press(first.page_with("more."))
    first.press(first.page_with("close."))
    done = world.settled()
    pages = tuple(f"page:{number}" for number in range(1, PLAYERS // 5 + 1))
    assert done.feed == (
        "Welcome to In My Shoes",
        "board",
        "News about this card",
        *pages,
        "The responses are open. You can vote now.",
        "News about this card",
        "recap",
    )


def main() -> int:
    """Soak for as long as SOAK_KILLS says."""
    kills = int(os.environ.get("SOAK_KILLS", "100"))
    seed = int(os.environ.get("SOAK_SEED", str(random.randrange(1_000_000))))
    print(f"seed {seed}", flush=True)  # noqa: T201 - it is a command
    with tempfile.TemporaryDirectory() as folder, World(Path(folder)) as world:
        print(soak(world, kills, seed))  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
