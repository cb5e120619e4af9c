"""Over whole rounds: long messages in several posts, and notifications that tell nothing.

All of it is what we send, so it does not matter by which way Slack reaches us: Socket Mode here.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from adapters.slack.chat import PLATFORM
from bot.actions import Action, Verb, write
from bot.chat import Press
from bot.game.model import PlayerId, Policy
from tests.adapters.five import NAMES, WORDS
from tests.adapters.slack.team import Team, a_team, action_of, buttons, has, words_of
from tests.adapters.slack.test_rounds import play
from tests.slack.methods import METHODS
from tests.slack.reading import notices
from tests.slack.record import Post

pytestmark = pytest.mark.asyncio

PLEDGES = 300
STATEMENT = "They talk to me over his head."
POSTING = frozenset({"chat.postMessage", "chat.update", "chat.postEphemeral", "response_url"})


async def _pledge(team: Team, board: Post, number: int) -> None:
    """Straight into the service: what is tried here is how so many are shown."""
    place = await team.app.service.place(PLATFORM, "T1", "C1")
    community = await team.app.service.community(PLATFORM, "T1")
    assert place is not None
    assert community is not None
    (round,) = {action.round for each in buttons(board) if (action := action_of(each)) and action.round}
    press = Press(
        player=PlayerId(PLATFORM, community, "UBEN"),
        channel=place.id,
        action=write(Action(Verb.MAKE_PLEDGE, round)),
        event=f"pledge {number}",
        name="Ben",
        fields={
            "words": f"keep promise number {number} " + "and *all* <that> it & they mean " * 4,
            "by": "2027-06-21",
        },
    )
    answer = await team.app.service.press(press, team.time.now)
    assert answer.accepted


def _choice(writer: int, voter: int) -> str:
    """All agree with the first three; half of them with the next three; the others nobody is sure about."""
    if writer < 3:
        return "agree"
    return ("agree" if voter % 2 else "disagree") if writer < 6 else "not_sure"


def _numbers(posts: list[Post]) -> list[int]:
    return [int(each) for post in posts for each in re.findall(r"keep promise number (\d+) ", words_of(post))]


async def test_a_recap_that_is_too_long_for_a_post_goes_on_in_the_next_one(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        for name in ("fay", "gus", "hal"):
            team.join(name)
        board = await team.deal("after_you")
        writers = [*team.players]
        long = {name: f"I am {name}. " + "& <so> *on* " * 38 for name in writers}
        await asyncio.gather(*(team.players[name].respond(words=words) for name, words in long.items()))
        for name, words in long.items():
            await team.players[name].respond(words=f"On second thoughts: {words[:470]}")
        for voter in writers:
            others = [name for name in writers if name != voter]
            choices = {f"I am {name}.": _choice(writers.index(name), writers.index(voter)) for name in others}
            lit = [f"I am {name}." for name in writers[6:] if name != voter]
            await team.players[voter].vote(choices, lit, "yes")
        await asyncio.gather(*(_pledge(team, board, number) for number in range(1, PLEDGES + 1)))
        # Each part is posted, and its answer lost: it is found again, and stands there once.
        faults = team.server.faults
        faults.spared |= frozenset(METHODS) - {"chat.postMessage"}
        faults.lost_replies = 1.0
        await team.settled()
        await team.press_more(Verb.CLOSE)
        await team.settled()

        top = [post for post in team.ours() if not post.is_reply]
        first = next(number for number, post in enumerate(top) if words_of(post).startswith("What we heard"))
        parts = top[first:]
        assert len(parts) == 2
        assert {post.text for post in parts} == {"What we heard on a card"}
        assert _numbers(parts) == list(range(PLEDGES - 9, PLEDGES + 1))
        assert [has(post, Verb.PLEDGE) for post in parts] == [False, True]
        assert sum(words_of(post).count("Pledges: small things we will do") for post in parts) == 1
        keys = [post.metadata["event_payload"]["key"] for post in team.ours() if post.metadata]
        assert len(keys) == len(set(keys)) == len(team.ours())


async def test_a_post_whose_answer_was_lost_is_found_at_the_end_of_a_long_thread(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        board = await team.deal("together")
        for number in range(250):
            team.ben.person.say(team.channel, f"This is what I think, part {number}.", board)
        await team.ben.respond(words=WORDS["ben"])
        await team.settled()

        faults = team.server.faults
        faults.spared |= frozenset(METHODS) - {"chat.postMessage"}
        faults.lost_replies = 1.0
        await team.press_more(Verb.REVEAL)

        assert [post.text for post in team.ours()][2:] == [
            "News about this card",
            "Responses to a card",
            "The responses are open. You can vote now.",
        ]


@pytest.mark.parametrize("policy", Policy)
async def test_no_notification_tells_a_response_or_what_a_card_is_about(
    tmp_path: Path, policy: Policy
) -> None:
    async with a_team(tmp_path) as team:
        await play(team, policy)

        told = [call for call in team.server.calls if call.method in POSTING]
        assert len(told) > 40
        for call in told:
            assert call.args["text"].strip()
            notice = " ".join(notices(call.args["blocks"], call.args["text"]))
            if call.method == "chat.postMessage":
                for words in (*WORDS.values(), STATEMENT, "sit down before"):
                    assert words not in notice


async def test_a_card_about_a_condition_does_not_name_it_in_a_notification(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        await team.deal("together", words="deal dementia")
        for name in NAMES:
            await team.players[name].respond(words="Dementia is not the whole of her.")
        await team.settled()
        await team.press_more(Verb.REVEAL)
        await team.close()

        posts = [call.args for call in team.server.calls if call.method == "chat.postMessage"]
        assert any("ementia" in str(each["blocks"]) for each in posts)
        assert [each for each in posts if "ementia" in " ".join(notices(each["blocks"], each["text"]))] == []
