"""The process ends at each point of each step, and another goes on: every post once, in order."""

from __future__ import annotations

import itertools
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from bot.actions import Action, Verb, write
from bot.chat import DeliveryFailed, ReplyLost, TryLater
from bot.messages import Ours, Text
from tests.crash.mortal import Town
from tests.crash.stored import Facts
from tests.databases import BOTH, an_address

pytestmark = pytest.mark.usefixtures("unheard")

CARD = "dementia-cooker-gone"
ASK_HER = "Please ask her first."
SIT_DOWN = "Sit down next to me."

Step: TypeAlias = Callable[[Town], Awaitable[None]]
Danger: TypeAlias = Callable[[str], bool]
Outcome: TypeAlias = tuple[Facts, Any]


def action(town: Town, verb: Verb, about: str = "", value: str = "") -> str:
    """What a button of the only round carries."""
    ((round,),) = town.stored.rows("SELECT id FROM rounds")
    return write(Action(verb, round, about, value))


def response(town: Town, words: str) -> str:
    """The id of a response, which is random."""
    (id,) = [id for id, text in town.stored.rows("SELECT id, words FROM responses") if text == words]
    return str(id)


def deals(policy: str) -> Step:
    return lambda town: town.press("ada", write(Action(Verb.DEAL, about=CARD, value=f"{policy}-1440-1440")))


def sends(who: str, words: str, stance: str) -> Step:
    return lambda town: town.press(
        who, action(town, Verb.SEND), {"words": words, "stance": stance, "own_role": "carer"}
    )


def presses(who: str, verb: Verb, value: str = "") -> Step:
    return lambda town: town.press(who, action(town, verb, value=value))


def types(who: str, verb: Verb, **fields: str) -> Step:
    return lambda town: town.press(who, action(town, verb), fields)


def votes(who: str, words: str, verb: Verb, value: str = "") -> Step:
    return lambda town: town.press(who, action(town, verb, response(town, words), value))


def waits(by: timedelta) -> Step:
    return lambda town: town.pass_time(by)


ROUND: tuple[Step, ...] = (
    deals("together"),
    sends("ada", ASK_HER, "yes"),
    sends("ben", SIT_DOWN, "no"),
    presses("ben", Verb.TELL_ME),
    types("ben", Verb.REPLY, words="I have been there."),
    types("ben", Verb.SEND_PAUSE, reason="We need a moment."),
    presses("ada", Verb.RESUME),
    types("ada", Verb.SEND_EXTEND, hours="1"),
    waits(timedelta(hours=25)),  # the reveal
    votes("ada", SIT_DOWN, Verb.CAST, "agree"),
    votes("ben", ASK_HER, Verb.LIGHTBULB),
    presses("ben", Verb.SECOND_STANCE, "yes"),
    types("ben", Verb.MAKE_PLEDGE, words="ask first", by="2027-06-20"),
    presses("ada", Verb.CLOSE),
    types("ada", Verb.MAKE_PLEDGE, words="sit down", by="2027-06-20"),
)

POINTS = {
    "before a commit", "after a commit", "before a scrub", "before a look", "before a post", "after a post",
    "before an edit", "after an edit", "before a whisper", "after a whisper",
}  # fmt: skip


class Streets:
    """Gives each round a town with a database that nobody has used."""

    def __init__(self, kind: str, folder: Path) -> None:
        self._kind = kind
        self._folder = folder
        self._towns = 0
        self._server = an_address(kind, folder) if kind == "postgresql" else ""

    def town(self) -> Town:
        """The next one."""
        self._towns += 1
        if self._server:
            town = Town(self._server)
            town.stored.empty()  # faster than another database
            return town
        folder = self._folder / str(self._towns)
        folder.mkdir()
        return Town(an_address(self._kind, folder))


async def played(town: Town, danger: Callable[[], Danger]) -> Outcome:
    """What came of the round, with the process in some new danger in each step."""
    await town.open()
    await town.found()
    for step in ROUND:
        town.death.ends = danger()
        await step(town)
        town.death.ends = safe
    outcome = town.outcome()
    await town.close()
    return outcome


def safe(_point: str) -> bool:
    return False


def at(number: int) -> Danger:
    """The process ends at the n-th point from now, and lives on after that."""
    points = itertools.count(1)
    return lambda _point: next(points) == number


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", BOTH)
async def test_it_ends_once_at_each_point_of_each_step(kind: str, tmp_path: Path) -> None:
    streets = Streets(kind, tmp_path)
    expected = await played(streets.town(), lambda: safe)

    for number in itertools.count(1):
        town = streets.town()
        assert await played(town, partial(at, number)) == expected, (number, town.death.at)
        if not town.death.at:
            # Every step has fewer points than this.
            assert number > len(POINTS)
            break


@pytest.mark.asyncio
async def test_it_ends_again_and_again_by_chance(tmp_path: Path) -> None:
    streets = Streets("sqlite", tmp_path)
    expected = await played(streets.town(), lambda: safe)
    met: set[str] = set()

    seed = random.randrange(1_000_000)
    for each in range(seed, seed + 5):
        chance, town = random.Random(each), streets.town()
        outcome = await played(town, lambda: lambda _point: chance.random() < 0.15)  # noqa: B023
        assert outcome == expected, f"seed {each}: {town.death.at}"
        met |= set(town.death.at)

    assert len(met) > len(POINTS) / 2, f"seed {seed}"


@pytest.mark.asyncio
@pytest.mark.parametrize("kind", BOTH)
async def test_what_is_seen_is_in_order_and_every_press_again_changes_nothing(
    kind: str, tmp_path: Path
) -> None:
    town = Streets(kind, tmp_path).town()
    await town.open()
    await town.found()
    for step in ROUND:
        await step(town)
    outcome = town.outcome()

    await town.press_everything_again()

    assert town.outcome() == outcome
    assert [post.message.summary for post in town.platform.posts] == [
        said("Welcome to In My Shoes"),
        said("Closed"),  # the board, as it looks now
        said("News about this card"),
        said("The pause is over. We go on."),
        said("There is more time"),
        said("Responses to a card"),
        said("The responses are open. You can vote now."),
        said("Pledges for a card"),
        said("News about this card"),
        said("What we heard on a card"),
    ]
    await town.close()


@pytest.mark.asyncio
@pytest.mark.parametrize("refusal", [TryLater(0.0), ReplyLost(), DeliveryFailed()])
async def test_what_may_be_there_is_looked_for_until_the_platform_answers(
    refusal: DeliveryFailed, tmp_path: Path
) -> None:
    town = Streets("sqlite", tmp_path).town()
    await town.open()
    await town.found()

    town.platform.refuses["a look"] = [refusal]
    town.death.ends = after_the_first_post()
    await deals("open")(town)
    await town.pass_time(timedelta(minutes=1))

    assert town.death.at == ["after a post"]
    assert town.platform.refuses["a look"] == []
    assert len(town.platform.posts) == len({post.key for post in town.platform.posts}) == 2
    await town.close()


def after_the_first_post() -> Danger:
    posts = itertools.count(1)
    return lambda point: point == "after a post" and next(posts) == 1


def said(words: str) -> Text:
    return (Ours(words),)
