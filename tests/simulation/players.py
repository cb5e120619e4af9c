"""Players who press anything at all, by a seed; and a plain account of what they have done."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.actions import Action, Verb, read
from bot.answers import Answer
from bot.game.model import PERSPECTIVES, ChannelId, Choice, PledgeState, Policy, RoundId, Stance
from bot.messages import Buttons, Message
from bot.presses import Length, Until, Wish, deal_action
from bot.views.more import SURE
from storage import showing
from tests.gallery.plain import plain
from tests.simulation.world import HOMES, World

PEOPLE = ("ada", "ben", "cat", "dan", "eve", "fay", "gus", "hal")
OPEN_AT_ONCE = 3  # rounds in a channel

WRITTEN = re.compile(r"\bR(\d+)by(\w+?)no\d+\b")
"""What marks a response: the number of the round, and who wrote it. Never to be seen too early."""

REASON = re.compile(r"\breason\d+\b")


@dataclass(slots=True)
class Hand:
    """What one player has done in one round, as far as a round counts it."""

    stance: str = ""
    second: str = ""
    response: str = ""  # "form", or the id of a thread reply
    took_back: bool = False
    asked: bool = False
    votes: dict[str, str] = field(default_factory=dict)  # by who wrote the response
    lightbulbs: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Account:
    """One round, as the players would tell it."""

    id: RoundId
    number: int
    channel: ChannelId
    policy: Policy
    facilitator: str
    hands: dict[str, Hand] = field(default_factory=dict)

    def hand(self, who: str) -> Hand:
        """A player's hand, empty at first."""
        return self.hands.setdefault(who, Hand())

    def gone(self, writer: str) -> None:
        """A response is taken back, or another counts: its votes and lightbulbs go with it."""
        for each in self.hands.values():
            each.votes.pop(writer, None)
            each.lightbulbs.discard(writer)


class Players:
    """All of them, in all channels."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.accounts: dict[RoundId, Account] = {}
        self.accepted: Counter[Verb] = Counter()
        self._random = random.Random(f"{seed} players")
        self._count = 0
        self._ways: dict[Callable[[Account, str], Awaitable[None]], int] = {
            self._respond: 12,
            self._vote: 22,
            self._reply: 5,
            self._change_reply: 2,
            self._delete_reply: 1,
            self._count_reply: 2,
            self._withdraw: 2,
            self._pass: 2,
            self._tell_me: 2,
            self._pledge: 3,
            self._settle_or_join: 3,
            self._pause: 1,
            self._go_on: 4,
            self._facilitate: 2,
        }

    async def play(self, presses: int) -> None:
        """Some presses, one after the other."""
        rows = await self.world.rows("SELECT id FROM rounds WHERE phase != 'closed'")
        open_now = {RoundId(row.id) for row in rows}
        for _ in range(presses):
            channel = self._random.choice([*HOMES])
            who = self._random.choice(PEOPLE)
            running = [id for id in self.accounts if id in open_now and self.accounts[id].channel == channel]
            if len(running) < OPEN_AT_ONCE and (not running or self._random.random() < 0.05):
                open_now.add(await self._deal(channel, who))
                continue
            here = [each for each in self.accounts.values() if each.channel == channel]
            account = self.accounts[self._random.choice(running)]
            if self._random.random() < 0.1:
                account = self._random.choice(here)  # old buttons stay alive
            (way,) = self._random.choices([*self._ways], [*self._ways.values()])
            await way(account, who)

    async def _press(self, account: Account, who: str, action: Action, **fields: str) -> Answer:
        answer = await self.world.press(account.channel, who, action, **fields)
        if answer.accepted:
            self.accepted[action.verb] += 1
        return answer

    def _marked(self, account: Account, who: str) -> str:
        self._count += 1
        return f"R{account.number}by{who}no{self._count} please ask them first"

    # --- ways ------------------------------------------------------------------------------

    async def _deal(self, channel: ChannelId, who: str) -> RoundId:
        deck = self._random.choice(self.world.service.decks)
        responding: list[Length] = [60, 24 * 60, Until.SOONEST, Until.USUAL]
        voting: list[Length] = [60, 24 * 60, Until.SOONEST]
        wish = Wish(
            card=self._random.choice(deck.cards).id,
            policy=self._random.choice([*Policy]),
            respond=self._random.choice(responding),
            vote=self._random.choice(voting),
            fair=False,  # people deal at any hour, for any time
        )
        await self.world.press(channel, who, deal_action(wish))
        self.accepted[Verb.DEAL] += 1
        there = await self.world.read(lambda tx: showing.in_channel(tx, channel, 1_000))
        (id,) = [each for each in there if each not in self.accounts]
        self.accounts[id] = Account(id, len(self.accounts), channel, wish.policy, who)
        return id

    async def _respond(self, account: Account, who: str) -> None:
        stance = self._random.choice(["", *(each.value for each in Stance)])
        words = self._marked(account, who) if self._random.random() < 0.8 else ""
        role = self._random.choice([*PERSPECTIVES])
        answer = await self._press(
            account, who, Action(Verb.SEND, account.id), words=words, stance=stance, own_role=role
        )
        if not answer.accepted:
            return
        hand = account.hand(who)
        frozen = account.policy is Policy.AFTER_YOU and (hand.response or hand.took_back)
        if stance and not (frozen and hand.stance):
            hand.stance = stance
        if words and not hand.response:
            hand.response = "form"

    async def _vote(self, account: Account, who: str) -> None:
        answer = await self._press(account, who, Action(Verb.VOTE, account.id))
        for _ in range(self._random.randrange(1, 6)):
            about, writer = _shown(answer)
            if not about:
                break
            await self._choose(account, who, about, writer)
            answer = await self._press(account, who, Action(Verb.NEXT, account.id, about))
        if self._random.random() < 0.4:
            stance = self._random.choice([*Stance]).value
            answer = await self._press(account, who, Action(Verb.SECOND_STANCE, account.id, value=stance))
            if answer.accepted:
                account.hand(who).second = stance

    async def _choose(self, account: Account, who: str, about: str, writer: str) -> None:
        hand = account.hand(who)
        choice = self._random.choice([*Choice]).value
        if (await self._press(account, who, Action(Verb.CAST, account.id, about, choice))).accepted:
            hand.votes[writer] = choice
        if self._random.random() < 0.3:
            if (await self._press(account, who, Action(Verb.LIGHTBULB, account.id, about))).accepted:
                hand.lightbulbs.add(writer)
            if self._random.random() < 0.3:
                gone = await self._press(account, who, Action(Verb.TAKE_LIGHTBULB, account.id, about))
                if gone.accepted:
                    hand.lightbulbs.discard(writer)

    async def _reply(self, account: Account, who: str) -> None:
        words = self._marked(account, who)
        await self._press(account, who, Action(Verb.REPLY, account.id), words=words)
        await self._see_what_counts(account, who)

    async def _change_reply(self, account: Account, who: str) -> None:
        for reply in (await self._replies(account, who))[:1]:
            words = self._marked(account, who)
            await self._press(account, who, Action(Verb.CHANGE_REPLY, account.id, reply), words=words)
        await self._see_what_counts(account, who)

    async def _delete_reply(self, account: Account, who: str) -> None:
        for reply in (await self._replies(account, who))[:1]:
            await self._press(account, who, Action(Verb.DELETE_REPLY, account.id, reply))
        await self._see_what_counts(account, who)

    async def _count_reply(self, account: Account, who: str) -> None:
        for reply in (await self._replies(account, who))[-1:]:
            await self._press(account, who, Action(Verb.COUNT_REPLY, account.id, reply))
        await self._see_what_counts(account, who)

    async def _see_what_counts(self, account: Account, who: str) -> None:
        """One reply counts, or what was sent with the form; votes go with what counts no longer."""
        hand = account.hand(who)
        if hand.response not in {"", "form"} and await self._counts(hand.response):
            return
        replies = await self._replies(account, who)
        counted = next(iter([each for each in replies if await self._counts(each)]), "")
        if counted or hand.response != "form":
            hand.response = counted
            account.gone(who)

    async def _withdraw(self, account: Account, who: str) -> None:
        if (await self._press(account, who, Action(Verb.WITHDRAW, account.id))).accepted:
            hand = account.hand(who)
            hand.response = ""
            hand.took_back = account.policy is Policy.AFTER_YOU
            account.gone(who)

    async def _pass(self, account: Account, who: str) -> None:
        await self._press(account, who, Action(Verb.PASS, account.id))

    async def _tell_me(self, account: Account, who: str) -> None:
        wanted = self._random.random() < 0.8
        verb = Verb.TELL_ME if wanted else Verb.DO_NOT_TELL
        if (await self._press(account, who, Action(verb, account.id))).accepted:
            account.hand(who).asked = wanted

    async def _pledge(self, account: Account, who: str) -> None:
        self._count += 1
        by = (self.world.now + timedelta(days=9)).date().isoformat()
        await self._press(
            account, who, Action(Verb.MAKE_PLEDGE, account.id), words=f"do thing {self._count}", by=by
        )

    async def _settle_or_join(self, account: Account, who: str) -> None:
        rows = await self.world.rows("SELECT id FROM pledges WHERE round_id = ? ORDER BY id", account.id)
        if rows:
            pledge = str(self._random.choice(rows)[0])
            state = self._random.choice([*PledgeState]).value
            await self._press(account, who, Action(Verb.JOIN, account.id, pledge))
            await self._press(account, who, Action(Verb.SETTLE, account.id, pledge, state))

    async def _pause(self, account: Account, who: str) -> None:
        self._count += 1
        await self._press(account, who, Action(Verb.SEND_PAUSE, account.id), reason=f"reason{self._count}")

    async def _go_on(self, account: Account, who: str) -> None:
        by = account.facilitator if self._random.random() < 0.7 else who
        verb = self._random.choice([Verb.RESUME, Verb.RESUME, Verb.CLOSE_WITHOUT_RESULTS])
        await self._press(account, by, Action(verb, account.id))

    async def _facilitate(self, account: Account, who: str) -> None:
        by = account.facilitator if self._random.random() < 0.7 else who
        verb, value, fields = self._random.choice(
            [
                (Verb.REVEAL, "", {}),
                (Verb.CLOSE, "", {}),
                (Verb.SEND_EXTEND, "", {"hours": "4"}),
                (Verb.SEND_EXTEND, "", {"hours": "24"}),
                (Verb.TAKE_BACK, SURE if self._random.random() < 0.3 else "", {}),
            ]
        )
        await self._press(account, by, Action(verb, account.id, value=value), **fields)

    # --- looking ---------------------------------------------------------------------------

    async def _replies(self, account: Account, who: str) -> list[str]:
        """The ids of a player's replies, the oldest first."""
        rows = await self.world.rows(
            "SELECT replies.id FROM replies JOIN players ON players.person_id = replies.author "
            "WHERE round_id = ? AND account = ? AND NOT removed ORDER BY written_at, replies.id",
            account.id,
            who,
        )
        return [str(row[0]) for row in rows]

    async def _counts(self, reply: str) -> bool:
        return bool(await self.world.rows("SELECT 1 FROM responses WHERE reply_id = ?", reply))


def _shown(answer: Answer) -> tuple[str, str]:
    """The response a ballot shows, and who wrote it; empty where it shows none."""
    if not isinstance(answer.content, Message):
        return "", ""
    for block in answer.content.blocks:
        for button in block.buttons if isinstance(block, Buttons) else ():
            action = read(button.action)
            if action.verb is Verb.CAST:
                written = WRITTEN.search(plain(answer.content))
                assert written is not None, plain(answer.content)
                return action.about, written[2]
    return "", ""
