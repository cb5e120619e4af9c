"""A week with everything going wrong: what was promised is there once, in order, and nothing leaks."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.actions import Verb
from bot.chat import ChannelGone, NotInvited
from bot.courier import AT_ANY_HOUR
from bot.game.effects import News
from bot.game.insight import Cells, Counts, Shown
from bot.game.model import ChannelId, Ending, PersonId, Phase, Policy, Round, RoundId
from bot.game.standing import Standing
from bot.messages import Message
from bot.slots import IN_PLACE, IN_THREAD, Slot
from bot.slots import Shown as Kind
from bot.views.pages import nothing_left, pages
from bot.wording import of_round
from storage import rounds, showing
from storage.database import Transaction
from tests.gallery.plain import plain, text
from tests.simulation.platform import Fate
from tests.simulation.players import PEOPLE, REASON, WRITTEN, Account, Players
from tests.simulation.world import HOMES, World

WEEK = timedelta(days=7)
LONGEST_STEP = 330  # minutes
MOST_PRESSES = 6  # in one step


def _seeds() -> list[int]:
    """SIM_SEEDS says how many, from 0 on (`SIM_SEEDS=500`), or which (`SIM_SEEDS=500-999`)."""
    first, _, last = os.environ.get("SIM_SEEDS", "5").rpartition("-")
    return [*range(int(first), int(last) + 1)] if first else [*range(int(last))]


@pytest_asyncio.fixture
async def world(seed: int, tmp_path: Path) -> AsyncIterator[World]:
    """The world of a seed, before anything has happened in it."""
    made = World(tmp_path, seed)
    await made.found()
    yield made
    await made.stop()


@pytest.mark.asyncio
@pytest.mark.parametrize("seed", _seeds())
async def test_after_a_week_everything_is_as_it_was_promised(world: World, seed: int) -> None:
    players = Players(world, seed)
    chance = random.Random(seed)
    end = world.now + WEEK
    while world.now < end:
        after = timedelta(minutes=chance.randrange(1, LONGEST_STEP))
        for channel in HOMES:
            if chance.random() < (0.3 if channel in world.chat.gone else 0.04):
                await come_or_go(world, channel, chance.choice([ChannelGone, NotInvited]))
        await world.step(players.play(chance.randrange(MOST_PRESSES + 1)), after)
        if chance.random() < 0.1:
            await votes_are_as_they_were_cast(world, players)
    await world.calm_down()

    week = await Week.of(world, players)
    week.was_eventful()
    assert world.faults == []
    week.every_post_shows_its_round_as_it_is_now()
    week.everything_was_posted_once_and_in_order()
    week.nights_were_quiet()
    week.whoever_asked_was_told()
    week.who_looks_after_a_channel_was_told()
    week.nothing_private_was_public()
    week.every_vote_counts_once()
    await votes_are_as_they_were_cast(world, players)
    await week.nothing_is_left_of_closed_rounds()
    await week.every_alarm_rang_once()


async def come_or_go(world: World, channel: ChannelId, why: type[ChannelGone]) -> None:
    """A channel is archived, or works again."""
    if channel in world.chat.gone:
        await world.come_back(channel)
    else:
        world.chat.gone[channel] = why()


async def votes_are_as_they_were_cast(world: World, players: Players) -> None:
    """However often they were delivered: what the rows of open rounds say is what was pressed."""
    rows = await world.rows(
        "SELECT responses.round_id, words, second_thoughts, responses.votes, choice, lightbulb "
        "FROM responses JOIN rounds ON rounds.id = responses.round_id AND phase != 'closed' "
        "LEFT JOIN votes ON votes.response_id = responses.id"
    )
    stored: dict[tuple[RoundId, str], Counter[str]] = {}
    tallies = {}
    for row in rows:
        written = WRITTEN.search(row.words or row.second_thoughts)
        assert written is not None
        response = (RoundId(row.round_id), written[2])
        tallies[response] = row.votes
        counts = stored.setdefault(response, Counter())
        counts.update([row.choice] if row.choice else [], bulbs=row.lightbulb or 0)
    for (id, writer), counts in stored.items():
        hands = players.accounts[id].hands.values()
        cast = Counter(hand.votes[writer] for hand in hands if writer in hand.votes)
        assert tallies[id, writer] == cast.total()
        cast["bulbs"] = sum(writer in hand.lightbulbs for hand in hands)
        assert counts == cast, (id, writer)


class Week:
    """What was stored and what the platform took, side by side."""

    def __init__(
        self,
        world: World,
        players: Players,
        found: dict[RoundId, tuple[Round, Standing]],
        people: dict[PersonId, str],
    ) -> None:
        self.world = world
        self.chat = world.chat
        self.players = players
        self.rounds = {id: round for id, (round, _) in found.items()}
        self.standings = {id: standing for id, (_, standing) in found.items()}
        self.people = people
        self.posts = [each for each in self.chat.record if each.what == "post"]
        self.refused = {world.slots[key] for key in self.chat.refused}

    @classmethod
    async def of(cls, world: World, players: Players) -> Week:
        """Everything, once it is calm."""

        def look(tx: Transaction) -> dict[RoundId, tuple[Round, Standing]]:
            found = {}
            for id in players.accounts:
                round = rounds.load(tx, world.keyring, id, community=None, lock=False).round
                found[id] = (round, showing.standing(tx, round))
            return found

        names = await world.rows("SELECT person_id, account FROM players")
        people = {PersonId(row.person_id): str(row.account) for row in names}
        week = cls(world, players, await world.read(look), people)
        await week._word()
        return week

    async def _word(self) -> None:
        """Every message that is edited in place, as it should be now."""

        def look(tx: Transaction) -> dict[tuple[RoundId, Slot], Message]:
            return {
                (id, slot): of_round(tx, slot, round, self.standings[id])
                for id, round in self.rounds.items()
                for slot in _in_place(round)
            }

        self.expected = await self.world.read(look)

    # --- what is judged --------------------------------------------------------------------

    def was_eventful(self) -> None:
        """The week was worth looking at: else a green test says nothing."""
        endings = Counter(round.ending for round in self.rounds.values())
        assert endings[Ending.FINISHED] >= 3, endings
        assert self.world.restarts >= 1
        assert self.chat.fates[Fate.LATER] >= 5, self.chat.fates
        assert self.world.told["held"] >= 1
        assert sum(self.world.told[channel] for channel in HOMES) >= 1
        assert {round.policy for round in self.rounds.values()} == {*Policy}
        for verb in (Verb.SEND, Verb.VOTE, Verb.REPLY):
            assert self.players.accepted[verb] >= 3, (verb, self.players.accepted)

    def every_post_shows_its_round_as_it_is_now(self) -> None:
        """Boards, pages, pledges and recaps: the last edit has come through."""
        there = {
            self.world.slots[post.key]: post
            for post in self.chat.posts.values()
            if self.world.slots[post.key][1].shown in IN_PLACE
        }
        wanted = {
            (id, replace(slot, part=number)): part
            for (id, slot), message in self.expected.items()
            for number, part in enumerate(pages(message, self.chat.fits), 1)
        }
        for named, message in wanted.items():
            if named in there:
                assert plain(there[named].message) == plain(message), named
            else:
                assert named in self.refused or named[1].shown is Kind.PLEDGES, f"never posted: {named}"
        for id, slot in there.keys() - wanted.keys():
            if (id, replace(slot, part=1)) in self.expected and (id, slot) not in self.world.given_up:
                assert plain(there[id, slot].message) == plain(nothing_left()), slot

    def everything_was_posted_once_and_in_order(self) -> None:
        """By the platform's own record."""
        keys = Counter(each.key for each in self.posts)
        assert [key for key, times in keys.items() if times > 1] == [], "posted twice"
        slots = Counter(self.world.slots[key] for key in keys)
        once = IN_PLACE | {Kind.LINE, Kind.WELCOME}
        assert [slot for slot, times in slots.items() if times > 1 and slot[1].shown in once] == []
        for id, round in self.rounds.items():
            revealed = slots[id, Slot(Kind.LINE, "revealed")]
            if round.ending not in {Ending.TAKEN_BACK, Ending.WITHOUT_RESULTS}:
                # A line that waited for the morning may have come too late.
                assert revealed <= _revealed(round), id
                assert revealed == _revealed(round) or round.phase is Phase.CLOSED, id
            assert slots[id, Slot(Kind.LINE, "last_call")] <= (not round.live), id
            assert slots[id, Slot(Kind.NOTICE, "waiting")] <= 1, id
            finished = round.ending is Ending.FINISHED
            assert slots[id, Slot(Kind.RECAP)] == finished, id
            if not finished and round.phase is not Phase.VOTING:
                continue
            pages = [slots[id, slot] for slot in _pages(round) if (id, slot) not in self.refused]
            assert set(pages) <= {1}, id

        boards = {
            self.world.slots[post.key][0]: ref
            for ref, post in self.chat.posts.items()
            if self.world.slots[post.key][1] == Slot(Kind.BOARD)
        }
        for channel in HOMES:
            taken = [each for each in self.chat.record if each.channel == channel and each.what != "edit"]
            taken = [each for each in taken if self.world.slots[each.key][1].shown is not Kind.TROUBLE]
            order = list(dict.fromkeys(each.key for each in taken))
            order = [key for key in order if key not in self.world.in_doubt]
            for waited in (True, False):
                these = [key for key in order if (key.partition(".")[0] in self.world.put_off) == waited]
                assert these == sorted(these, key=_number), channel
            for each in taken:
                id, slot = self.world.slots[each.key]
                assert each.thread == (boards[id] if slot.shown in IN_THREAD else None), each

    def nights_were_quiet(self) -> None:
        """Nothing new between 21:00 and 08:00, but for cards that somebody dealt and rounds that are live."""
        for id, slot in self.world.at_night:
            pause = slot.shown is Kind.NEWS and slot.about == News.PAUSED
            allowed = slot.shown in AT_ANY_HOUR or pause or slot.part > 1
            assert allowed or self.rounds[id].live, (id, slot)

    def whoever_asked_was_told(self) -> None:
        """Each once; twice only where nobody could know that the first had arrived."""
        told: Counter[tuple[RoundId, Slot]] = Counter()
        for key in {each.key for each in self.chat.record if each.what == "whisper"}:
            if self.world.slots[key][1].shown is Kind.NEWS:
                told[self.world.slots[key]] += 1
        again = {News.PAUSED.value}  # each player may pause a round
        assert [each for each, times in told.items() if times > 1 and each[1].about not in again] == []
        whispers = Counter(each.key for each in self.chat.record if each.what == "whisper")
        assert [key for key, times in whispers.items() if times > 1 and key not in self.chat.doubtful] == []
        assert max(whispers.values(), default=0) <= 2
        assert {slot.person is not None for _, slot in self.world.let_be} <= {True}
        for id, account in self.players.accounts.items():
            round = self.rounds[id]
            line = (id, Slot(Kind.LINE, "revealed")) in {self.world.slots[each.key] for each in self.posts}
            opened = round.ending is Ending.FINISHED or line
            asked = {who for who, hand in account.hands.items() if hand.asked}
            for news, wanted in (
                (News.OPENED, opened),
                (News.TAKEN_BACK, not opened and round.ending is Ending.TAKEN_BACK),
                (News.CLOSED_WITHOUT_RESULTS, not opened and round.ending is Ending.WITHOUT_RESULTS),
            ):
                heard = {
                    self.people[slot.person]
                    for of, slot in told
                    if of == id and slot.about == news and slot.person is not None
                }
                lost = {
                    self.people[slot.person]
                    for of, slot in self.world.let_be
                    if of == id and slot.about == news and slot.person is not None
                }
                assert heard - asked == set(), (id, news)
                assert (asked if wanted else set()) - heard <= lost, (id, news)

    def who_looks_after_a_channel_was_told(self) -> None:
        """That it is gone: once for each pause and person, and never anything else."""
        told: Counter[tuple[ChannelId, PersonId]] = Counter()
        refused: Counter[Slot] = Counter()
        places = {each.key: each.channel for each in self.chat.record}
        for key, channel in places.items():
            slot = self.world.slots[key][1]
            if slot.shown is Kind.TROUBLE and slot.person is not None:
                if slot.about in {"gone", "not-invited"}:
                    told[channel, slot.person] += 1
                else:
                    refused[slot] += 1
        for (channel, _person), times in told.items():
            assert times <= self.world.told[channel]
        assert set(refused.values()) <= {1}
        numbers = {key.removeprefix("shoes-") for key in self.chat.refused}
        # What was given up after a day is told of too.
        assert {slot.about for slot in refused} <= numbers | self.world.put_aside
        let_be = {slot.about for _, slot in self.world.let_be}
        assert numbers - {slot.about for slot in refused} <= let_be | self.again_refused()

    def again_refused(self) -> set[str]:
        """The numbers of messages for which another one of their slot was refused, too."""
        slots = Counter(self.world.slots[key] for key in self.chat.refused)
        return {key.removeprefix("shoes-") for key in self.chat.refused if slots[self.world.slots[key]] > 1}

    def nothing_private_was_public(self) -> None:
        """No word before its time, no reason ever, and nothing at all in a notification."""
        statements = {round.card.statement for round in self.rounds.values()}
        for each in self.chat.record:
            id, slot = self.world.slots[each.key]
            shown, summary = plain(each.message), text(each.message.summary)
            assert not WRITTEN.search(summary), each
            assert not any(statement in summary for statement in statements), each
            assert not REASON.search(summary), each
            if each.what == "whisper":
                by = self.players.accounts[id].facilitator
                assert not WRITTEN.search(shown), each
                assert not REASON.search(shown) or each.player == by, each
                continue
            assert not REASON.search(shown), each
            opened = (
                {Phase.CLOSED, Phase.VOTING} if self.rounds[id].policy is Policy.TOGETHER else {Phase.CLOSED}
            )
            # In an open round what came by the form is posted at the last call already.
            early = self.rounds[id].policy is Policy.OPEN and slot.shown is Kind.PAGE
            assert not WRITTEN.search(shown) or each.phase in opened or early, each

    def every_vote_counts_once(self) -> None:
        """What was pressed, however often it was delivered, is what is counted."""
        for id, account in self.players.accounts.items():
            cells = self.standings[id].cells
            assert (cells is not None) == (self.rounds[id].ending is Ending.FINISHED)
            if cells is not None:
                _same_numbers(account, cells, self.standings[id])

    async def nothing_is_left_of_closed_rounds(self) -> None:
        """Tokens, votes, keys, and who asked."""
        for table in ("tokens", "votes", "round_keys", "askers"):
            left = await self.world.rows(
                f"SELECT round_id FROM {table} JOIN rounds ON rounds.id = round_id "  # noqa: S608
                "WHERE phase = 'closed'"
            )
            assert [self.rounds[RoundId(str(row[0]))].ending for row in left] == [], table
        for id, account in self.players.accounts.items():
            if self.rounds[id].phase is not Phase.CLOSED:
                written = sum(bool(hand.response) for hand in account.hands.values())
                assert self.rounds[id].responses == written, id

    async def every_alarm_rang_once(self) -> None:
        """Nothing is due any more, and what is open has its one alarm."""
        rows = await self.world.rows("SELECT key, due_at FROM alarms")
        alarms = {row.key: datetime.fromisoformat(row.due_at).replace(tzinfo=UTC) for row in rows}
        for id, round in self.rounds.items():
            due = alarms.pop(f"round:{id}", None)
            if round.phase is Phase.CLOSED or (round.pause is not None and round.pause.asked):
                assert due is None, id
            elif round.pause is None:
                assert due == round.wakes_at, id
                assert due > self.world.now
            else:
                assert due == round.pause.since + timedelta(hours=48), id
        assert alarms == {}


def _number(key: str) -> tuple[int, int]:
    number, _, part = key.removeprefix("shoes-").partition(".")
    return int(number), int(part or 1)


def _revealed(round: Round) -> bool:
    """Whether the responses of a round of two deadlines were opened before its close."""
    return round.policy is Policy.TOGETHER and round.phase is not Phase.RESPONDING


def _pages(round: Round) -> list[Slot]:
    return [Slot(Kind.PAGE, str(number)) for number in range(1, round.pages + 1)]


def _in_place(round: Round) -> list[Slot]:
    """What is posted once and kept up to date, as far as it still is."""
    slots = [Slot(Kind.BOARD)]
    if round.ending is Ending.FINISHED:
        return [*slots, *_pages(round), Slot(Kind.RECAP)]
    if round.phase is Phase.CLOSED:
        return slots
    posted = round.phase is Phase.VOTING or round.policy is Policy.OPEN
    return [*slots, *(_pages(round) if posted else ()), Slot(Kind.PLEDGES)]


def _same_numbers(account: Account, cells: Cells, standing: Standing) -> None:
    hands = account.hands
    assert cells.written == sum(bool(hand.response) for hand in hands.values()), account.id
    for shown, said in (
        (cells.stance, [hand.stance for hand in hands.values() if hand.stance]),
        (cells.second_stance, [hand.second for hand in hands.values() if hand.second]),
    ):
        _same_total(shown, Counter(said), account)
    words = {each.id: each.words or each.second_thoughts for each in standing.responses}
    for each in cells.responses:
        written = WRITTEN.search(words.get(each.response, ""))
        if written is None:
            continue  # removed after the close
        writer = written[2]
        assert writer in PEOPLE
        assert each.lightbulbs == sum(writer in hand.lightbulbs for hand in hands.values()), account.id


def _same_total(shown: Shown, said: Counter[str], account: Account) -> None:
    if shown.total is None:
        return  # the threshold keeps it back
    yes = said["yes"] + said["agree"]
    assert shown.total == Counts(yes=yes, not_sure=said["not_sure"], no=said["no"] + said["disagree"]), (
        account
    )
