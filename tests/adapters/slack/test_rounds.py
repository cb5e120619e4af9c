"""A whole round by five people at once, calm and with everything that can go wrong at Slack."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from bot.actions import Verb
from bot.game.model import Policy
from tests.adapters.slack.team import NAMES, Team, a_team, words_of

pytestmark = pytest.mark.asyncio

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


def _choices(name: str) -> dict[str, str]:
    """By the words: of the others, in order, as many agree as the response has support."""
    found = {}
    for writer, words in WORDS.items():
        others = [each for each in NAMES if each != writer]
        if name in others:
            found[words] = "agree" if others.index(name) < SUPPORT[writer] else "disagree"
    return found


async def play(team: Team, policy: Policy) -> None:
    """A whole round: everybody responds at once, then everybody votes at once, and one makes a pledge."""
    board = await team.deal(policy.value)

    async def respond(name: str) -> None:
        player = team.players[name]
        if policy is Policy.OPEN:
            await player.respond(stance=STANCES[name][0])
            player.person.say(team.channel, WORDS[name], board)
        else:
            await player.respond(words=WORDS[name], stance=STANCES[name][0])

    async def vote(name: str) -> None:
        lit = [WORDS[each] for each in LIGHTBULBS.get(name, ())]
        await team.players[name].vote(_choices(name), lit, STANCES[name][1])

    await asyncio.gather(*(respond(name) for name in NAMES))
    await team.settled()
    if policy is Policy.TOGETHER:
        await team.press_more(Verb.REVEAL)
    await asyncio.gather(*(vote(name) for name in NAMES))
    await team.settled()
    await team.ben.open(Verb.PLEDGE)
    await team.ben.send(words="sit down before I start to talk", by="2027-06-21")
    await team.settled()
    await team.close()


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
What is already strong here?
Tell us in the thread. Small things count.
Pledges: small things we will do
1. Ben will, by Monday 21 June
sit down before I start to talk
Open
Join in with pledge 1
{promise}You can still make a pledge, for seven days. Go to the card
Make a pledge"""
PROMISE = "Nobody can tell who wrote this, not even us.\n"


def _recap(policy: Policy) -> str:
    """What five people come to, with the numbers that a shuffle gave to the responses taken off."""
    named = policy is Policy.OPEN
    writers = {name: name.title() if named else "Response" for name in NAMES}
    return RECAP.format(**writers, promise="" if named else PROMISE)


POSTS = {
    Policy.TOGETHER: (
        "Welcome to In My Shoes",
        "Closed",
        "> News about this card",
        "> Responses to a card",
        "The responses are open. You can vote now.",
        "> Pledges for a card",
        "> News about this card",
        "What we heard on a card",
    ),
    Policy.AFTER_YOU: (
        "Welcome to In My Shoes",
        "Closed",
        "> Pledges for a card",
        "> News about this card",
        "> Responses to a card",
        "What we heard on a card",
    ),
    Policy.OPEN: (
        "Welcome to In My Shoes",
        "Closed",
        "> Pledges for a card",
        "> News about this card",
        "What we heard on a card",
    ),
}
"""Every message of ours that everybody sees, in the order in which they came; `>` stands in the thread."""


def _stands_once_and_in_order(team: Team, policy: Policy) -> None:
    posts = team.ours()
    shown = tuple(f"> {post.text}" if post.is_reply else post.text for post in posts)
    assert shown == POSTS[policy]
    keys = [post.metadata["event_payload"]["key"] for post in posts if post.metadata]
    assert len(set(keys)) == len(posts)
    assert [post for post in team.channel.every if post.gone and post.bot_id and not post.only_for] == []
    recap = re.sub(r"Response \d", "Response", words_of(team.recap()))
    assert recap == _recap(policy)


@pytest.mark.parametrize("policy", Policy)
async def test_five_people_at_once(tmp_path: Path, policy: Policy) -> None:
    async with a_team(tmp_path) as team:
        await play(team, policy)

        _stands_once_and_in_order(team, policy)


@pytest.mark.parametrize("policy", Policy)
async def test_a_fifth_of_the_calls_is_one_too_many_and_events_come_twice_in_any_order(
    tmp_path: Path, policy: Policy
) -> None:
    async with a_team(tmp_path) as team:
        faults = team.server.faults
        faults.too_many, faults.retry_after = 0.2, 0.02
        faults.twice, faults.reorder, faults.hold = True, 7, 0.02

        await play(team, policy)

        assert [call for call in team.server.calls if call.status == 429]
        _stands_once_and_in_order(team, policy)


@pytest.mark.parametrize("policy", Policy)
async def test_a_fifth_of_the_calls_is_done_and_never_answered(tmp_path: Path, policy: Policy) -> None:
    async with a_team(tmp_path) as team:
        team.server.faults.lost_replies = 0.2

        await play(team, policy)

        _stands_once_and_in_order(team, policy)


@pytest.mark.parametrize("policy", Policy)
async def test_first_deliveries_are_lost_and_sockets_break(tmp_path: Path, policy: Policy) -> None:
    async with a_team(tmp_path, ack_within=1) as team:
        faults = team.server.faults
        faults.lost_events, faults.dropped_sockets = 0.5, 0.1

        await play(team, policy)

        _stands_once_and_in_order(team, policy)
