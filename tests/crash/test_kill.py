"""Killed after every step of a round, and started again: the same room, and the buttons of old pages work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.game.allowed import PAGE_SIZE
from tests.crash.players import CARD, Player
from tests.crash.stored import Facts
from tests.crash.world import World

ASK_HER = "Please ask her first, and then wait."
SIT_DOWN = "Sit down next to me when you tell me."
STILL_HERE = "I am still here when the news is told."
BEEN_THERE = "I have been on that ward myself."
THANKS = "Thank you all for this."
ALONE = "never give such news to somebody alone"

WELCOME = ("Welcome to In My Shoes", False)
BOARD = ("board", False)
NOTICE = ("News about this card", False)
LINE = ("The responses are open. You can vote now.", False)
TOLD = ("The responses are open", True)
PLEDGES = ("pledges", False)
RECAP = ("recap", False)
ASKED = ("asked",)

FORMS = ("preview", "send.", "reply.", "promise.")  # what is sent from a form

Rows = Mapping[str, list[Any]]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing a player does: the buttons that lead to it, and the rows that come and go with it.

    `fields` are typed into the form on the way. A table that is not named does not change.
    `pretend` names tables in which the practice room's players act as well.
    """

    who: str
    way: tuple[str, ...]
    fields: Mapping[str, str] | None = None
    came: Rows = field(default_factory=dict)
    went: Rows = field(default_factory=dict)
    pretend: frozenset[str] = frozenset()


class Story:
    """A round, played one step at a time while the program is killed all the time."""

    def __init__(self, world: World, ada: Player, ben: Player, *, practice: bool) -> None:
        self.world = world
        self.practice = practice
        self._players = {"Ada": ada, "Ben": ben}
        self._done: list[tuple[Player, Mapping[str, str]]] = []

    def name(self, who: str) -> str:
        """What a player is called in this room."""
        return "Guest" if self.practice else who

    def play(self, *steps: Step) -> Facts:
        """Play steps; returns what is stored after the last."""
        for step in steps:
            self._play(step)
        return self.world.settled()

    def _play(self, step: Step) -> None:
        """Pressed on a page that is older than the process; acknowledged, killed at once, sent again."""
        player = self._players[step.who]
        for opening in step.way[:-1]:
            player.press(_found(player, opening, step))
        press = _found(player, step.way[-1], step)
        before = self.world.settled()

        self.world.restart()
        player.press(press)
        self.world.restart()

        after = self.world.settled()
        came, went = after.since(before)
        assert len(came.pop("events")) == 1, step
        assert (self._checked(step, came), self._checked(step, went)) == (
            self._checked(step, step.came),
            self._checked(step, step.went),
        ), step

        player.press(press)
        assert self.world.settled() == after, step
        self._done.append((player, press))
        for each in self._players.values():
            assert each.page().forms

    def _checked(self, step: Step, rows: Rows) -> Rows:
        left_out = step.pretend if self.practice else frozenset()
        return {table: sorted(each) for table, each in rows.items() if table not in left_out}

    def press_everything_again(self) -> None:
        """Every press of the story, once more: a platform may deliver late. Nothing changes."""
        before = self.world.settled()
        for player, press in self._done:
            player.press(press)
        assert self.world.settled() == before


def _found(player: Player, action: str, step: Step) -> dict[str, str]:
    return player.page_with(action, (step.fields or {}) if action in FORMS else None)


@pytest.fixture
def invited(world: World, player: Callable[[], Player]) -> Story:
    """Ada has started a room, and Ben has come in by invitation."""
    ada, ben = player(), player()
    ada.start_room("Ward 4", "Ada")
    world.restart()
    invitation = ada.invitation()
    form = ben.get(invitation).press("join", {"name": "Ben"})
    world.restart()
    ben.room = ben.post(invitation, form)
    world.restart()
    assert ada.room == ben.room
    return Story(world, ada, ben, practice=False)


@pytest.fixture
def practising(world: World, player: Callable[[], Player]) -> Story:
    """Two guests sit in the practice room, with the pretend players."""
    ada, ben = player(), player()
    ada.practise()
    world.restart()
    ben.practise()
    world.restart()
    assert ada.room == ben.room
    return Story(world, ada, ben, practice=True)


def dealt(policy: str) -> Step:
    """Ada looks at a card, and deals it."""
    return Step(
        who="Ada",
        way=("preview", "deal."),
        fields={**CARD, "policy": policy},
        came={"rounds": [(policy, "responding", "")], "posts": [WELCOME, BOARD]},
        pretend=frozenset({"responses", "tokens", "votes"}),
    )


def test_a_round_together_in_a_room_by_invitation(invited: Story) -> None:
    a_round_together(invited)


def test_a_round_together_in_the_practice_room(practising: Story) -> None:
    a_round_together(practising)


def a_round_together(story: Story) -> None:
    ada, ben = story.name("Ada"), story.name("Ben")

    responding = story.play(
        dealt("together"),
        Step(
            who="Ada",
            way=("respond.", "send."),
            fields={"words": ASK_HER, "stance": "yes", "own_role": "carer"},
            came={"responses": [(ASK_HER, "")], "tokens": [("carer", "yes", "")]},
        ),
        Step(
            who="Ben",
            way=("send.",),
            fields={"words": SIT_DOWN, "stance": "no", "own_role": "person"},
            came={"responses": [(SIT_DOWN, "")], "tokens": [("person", "no", "")]},
        ),
        Step(
            who="Ben",
            way=("respond.", "send."),
            fields={"words": STILL_HERE, "stance": "not_sure"},
            came={"responses": [(STILL_HERE, "")], "tokens": [("person", "not_sure", "")]},
            went={"responses": [(SIT_DOWN, "")], "tokens": [("person", "no", "")]},
        ),
        Step(who="Ben", way=("tell.",), came={"askers": [ASKED]}),
        Step(
            who="Ben",
            way=("reply.",),
            fields={"words": BEEN_THERE},
            came={"replies": [(ben, BEEN_THERE, "early")]},
        ),
    )
    pages = pages_of(responding)
    voting = story.play(
        Step(
            who="Ada",
            way=("more.", "reveal."),
            came={"rounds": [("together", "voting", "")], "posts": [NOTICE, *pages, LINE, TOLD]},
            went={"rounds": [("together", "responding", "")], "askers": [ASKED]},
            pretend=frozenset({"tokens", "votes"}),
        ),
        Step(who="Ada", way=("cast.",), came={"votes": [("agree", False)]}),
        Step(
            who="Ada",
            way=("bulb.",),
            came={"votes": [("agree", True)]},
            went={"votes": [("agree", False)]},
        ),
        Step(who="Ben", way=("cast.",), came={"votes": [("agree", False)]}),
        Step(
            who="Ben",
            way=("pledge.", "promise."),
            fields={"words": ALONE},
            came={"pledges": [(ben, ALONE, "open")], "posts": [PLEDGES]},
        ),
        *second_stances(story),
    )
    done = story.play(
        Step(
            who="Ada",
            way=("more.", "close."),
            came={"rounds": [("together", "closed", "finished")], "posts": [NOTICE, RECAP]},
            went={
                "rounds": [("together", "voting", "")],
                "tokens": list(voting.tokens.elements()),
                "votes": list(voting.votes.elements()),
            },
        ),
        Step(
            who="Ada",
            way=("reply.",),
            fields={"words": THANKS},
            came={"replies": [(ada, THANKS, "afterthought")]},
        ),
    )
    story.press_everything_again()

    assert done.responses == responding.responses
    assert not done.askers
    assert done.feed == tuple(
        name for name, _ in (WELCOME, BOARD, NOTICE, *pages, LINE, TOLD, PLEDGES, NOTICE, RECAP)
    )


def pages_of(responding: Facts) -> list[tuple[str, bool]]:
    """The pages that a reveal of these responses has."""
    written = responding.responses.total()
    return [(f"page:{number}", False) for number in range(1, -(-written // PAGE_SIZE) + 1)]


def second_stances(story: Story) -> tuple[Step, ...]:
    """And now? Ada has seen the only response by somebody else; with pretend players there are more."""
    if story.practice:
        return ()
    return (
        Step(
            who="Ada",
            way=("done.", "now."),
            came={"tokens": [("carer", "yes", "yes")]},
            went={"tokens": [("carer", "yes", "")]},
        ),
    )


def test_a_round_after_you(invited: Story) -> None:
    done = invited.play(
        dealt("after_you"),
        Step(
            who="Ada",
            way=("send.",),
            fields={"words": ASK_HER, "stance": "yes"},
            came={"responses": [(ASK_HER, "")], "tokens": [("", "yes", "")]},
        ),
        Step(
            who="Ben",
            way=("send.",),
            fields={"words": SIT_DOWN, "stance": "no"},
            came={"responses": [(SIT_DOWN, "")], "tokens": [("", "no", "")]},
        ),
        Step(who="Ben", way=("cast.",), came={"votes": [("agree", False)]}),
        Step(
            who="Ada",
            way=("respond.", "send."),
            fields={"words": STILL_HERE},
            came={"responses": [(ASK_HER, STILL_HERE)]},
            went={"responses": [(ASK_HER, "")]},
        ),
        Step(
            who="Ada",
            way=("more.", "close."),
            came={
                "rounds": [("after_you", "closed", "finished")],
                "posts": [NOTICE, ("page:1", False), RECAP],
            },
            went={
                "rounds": [("after_you", "responding", "")],
                "tokens": [("", "yes", ""), ("", "no", "")],
                "votes": [("agree", False)],
            },
        ),
    )
    invited.press_everything_again()

    assert done.feed == tuple(name for name, _ in (WELCOME, BOARD, NOTICE, ("page:1", False), RECAP))


def test_an_open_round(invited: Story) -> None:
    done = invited.play(
        dealt("open"),
        Step(
            who="Ben",
            way=("reply.",),
            fields={"words": BEEN_THERE},
            came={
                "replies": [("Ben", BEEN_THERE, "response")],
                "responses": [(BEEN_THERE, "")],
                "tokens": [("", "", "")],
            },
        ),
        Step(
            who="Ada",
            way=("send.",),
            fields={"words": ASK_HER},
            came={"responses": [(ASK_HER, "")], "tokens": [("", "", "")]},
        ),
        Step(who="Ada", way=("bulb.",), came={"votes": [("", True)]}),
        Step(
            who="Ada",
            way=("cast.",),
            came={"votes": [("agree", True)]},
            went={"votes": [("", True)]},
        ),
        Step(
            who="Ada",
            way=("pledge.", "promise."),
            fields={"words": ALONE},
            came={"pledges": [("Ada", ALONE, "open")], "posts": [PLEDGES]},
        ),
        Step(
            who="Ada",
            way=("more.", "close."),
            came={
                "rounds": [("open", "closed", "finished")],
                "posts": [NOTICE, ("page:1", False), RECAP],
            },
            went={
                "rounds": [("open", "responding", "")],
                "tokens": [("", "", ""), ("", "", "")],
                "votes": [("agree", True)],
            },
        ),
    )
    invited.press_everything_again()

    assert done.feed == tuple(name for name, _ in (WELCOME, BOARD, PLEDGES, NOTICE, ("page:1", False), RECAP))
