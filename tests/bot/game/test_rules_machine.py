"""Random play: several people press anything at any time, and the promises of a round hold throughout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.game import moves, rounds
from bot.game.allowed import PAGE_SIZE
from bot.game.effects import (
    ClearAlarm,
    Effect,
    Line,
    Notice,
    PostNotice,
    SayLine,
    SetAlarm,
    ShowBoard,
    ShowResponses,
)
from bot.game.model import (
    ChannelId,
    Choice,
    Ending,
    Group,
    Mine,
    PersonId,
    Phase,
    Pledge,
    PledgeId,
    PledgeState,
    Policy,
    Reply,
    ReplyId,
    ReplyKind,
    Response,
    ResponseId,
    Round,
    RoundId,
    Stance,
)
from bot.game.moves import Move
from bot.game.refusals import MoveRefused
from bot.game.standing import Standing
from tests.builders import ADA, BEN, NOON, a_card, hours

CARA, DEV, EVE = (PersonId(name) for name in ("cara", "dev", "eve"))
PEOPLE = (ADA, BEN, CARA, DEV, EVE)  # Ada deals the card
ORGANISERS = {ADA, BEN}
PHASES = list(Phase)

people = st.sampled_from([ADA, BEN, ADA, BEN, *PEOPLE])  # more often the same, who then has done something
mostly_ada = st.sampled_from([ADA, ADA, ADA, BEN, CARA])
mostly_organisers = st.sampled_from([ADA, BEN, ADA, BEN, CARA])
stances = st.sampled_from(Stance)
rarely = st.sampled_from([False, False, True])  # for what stops the others from playing
MIDDLE = 40  # presses before a story may end
groups = st.sampled_from([(), (Group.CARERS,), (Group.CARERS, Group.STAFF)])  # who is not yet heard
some_words = st.sampled_from(["Ask her.", "Ask her first.", "Nobody asked me at all."])

Key = TypeVar("Key")
Value = TypeVar("Value")


def _those(found: Mapping[Key, Value], ids: Sequence[Key]) -> Mapping[Key, Value]:
    """Those of them that exist. Read-only, so that a refused move cannot have changed any."""
    return MappingProxyType({id: found[id] for id in ids if id in found})


@dataclass
class Kept:
    """What storage keeps of a round, and how it makes and takes the `Round` of one press.

    Unlike storage it forgets nobody at the close: the rules alone must keep the promises.
    """

    round: Round
    players: dict[PersonId, Mine]
    replies: dict[ReplyId, Reply]
    pledges: dict[PledgeId, Pledge]
    alarm: datetime | None = None

    def responses(self) -> dict[ResponseId, Response]:
        return {mine.response.id: mine.response for mine in self.players.values() if mine.response}

    def load(self, person: PersonId, move: Move) -> Round:
        """The round as this press finds it: the player's own, and what the move names."""
        mine = self.players[person]
        named: list[ResponseId] = []
        replies: list[ReplyId] = []
        pledges: list[PledgeId] = []
        match move:
            case moves.CastVote() | moves.GiveLightbulb() | moves.TakeLightbulb():
                named = [move.response]
            case moves.WriteReply() | moves.ChangeReply() | moves.DeleteReply() | moves.CountAsResponse():
                replies = [move.id, *(id for id, each in self.replies.items() if each.author == person)]
            case moves.MakePledge():
                pledges = [move.id]
            case moves.JoinPledge() | moves.SettlePledge():
                pledges = [move.pledge]
            case _:
                pass
        others = {id: each for id, each in self.responses().items() if each is not mine.response}
        return replace(
            self.round,
            mine=replace(mine, choices=_those(mine.choices, [*named, *mine.lightbulbs])),
            others=_those(others, named),
            replies=_those(self.replies, replies),
            pledges=_those(self.pledges, pledges),
        )

    def save(self, person: PersonId, after: Round) -> None:
        """Keep what the move made. A response that is gone takes its votes with it."""
        was = self.players[person]
        old, new = was.response, after.mine.response
        self.players[person] = replace(after.mine, choices={**was.choices, **after.mine.choices})
        self.replies |= after.replies
        self.pledges |= after.pledges
        self.round = replace(after, mine=Mine(), others={}, replies={}, pledges={})
        if old is not None and (new is None or new.id != old.id):
            for each, mine in self.players.items():
                choices = {id: choice for id, choice in mine.choices.items() if id != old.id}
                self.players[each] = replace(mine, choices=choices, lightbulbs=mine.lightbulbs - {old.id})
        if after.phase is Phase.CLOSED and new is not None and self._is_deleted(new.reply):
            gone = replace(new, words="", removed=True)
            self.players[person] = replace(self.players[person], response=gone)

    def _is_deleted(self, reply: ReplyId | None) -> bool:
        return reply is not None and self.replies[reply].removed

    def deliver(self, effects: list[Effect], *, drawn: bool = False) -> None:
        """What the effects mean for later presses: the alarm, and where pages are drawn, their places."""
        for effect in effects:
            match effect:
                case SetAlarm():
                    self.alarm = effect.at
                case ClearAlarm():
                    self.alarm = None
                case ShowResponses() if drawn:
                    self._draw_places()
                case _:
                    pass

    def _draw_places(self) -> None:
        placed = max((each.place or 0 for each in self.responses().values()), default=0)
        for person, mine in self.players.items():
            if mine.response is not None and not mine.response.named and mine.response.place is None:
                placed += 1
                self.players[person] = replace(mine, response=replace(mine.response, place=placed))
        self.round = replace(self.round, pages=-(-placed // PAGE_SIZE))


def what_counts(kept: Kept) -> dict[PersonId, object]:
    """Everything that may not change after the close, without the words, which may be removed."""
    return {
        person: (
            mine.stance,
            mine.second_stance,
            mine.passed,
            dict(mine.choices),
            mine.lightbulbs,
            mine.response and replace(mine.response, words="", second_thoughts="", removed=False),
        )
        for person, mine in kept.players.items()
    }


class Game(RuleBasedStateMachine):
    """Everybody presses; `self.kept` is the game, and the plain dicts beside it say what it should be."""

    response_ids: Bundle[ResponseId] = Bundle("response_ids")  # some never came to be, some are gone
    reply_ids: Bundle[ReplyId] = Bundle("reply_ids")
    pledge_ids: Bundle[PledgeId] = Bundle("pledge_ids")

    @initialize(
        target=response_ids,
        policy=st.sampled_from(Policy),
        respond=st.integers(1, 168),
        vote=st.integers(1, 168),
    )
    def the_card_is_dealt(self, policy: Policy, respond: int, vote: int) -> ResponseId:
        self.now = NOON
        self.policy = policy
        self.ids = 0
        self.presses = 0

        self.phase = Phase.RESPONDING
        self.ending: Ending | None = None
        self.closed_at: datetime | None = None
        self.paused_at: datetime | None = None
        self.asked = False
        self.paused_once: set[PersonId] = set()
        self.reveal_at = NOON + hours(respond) if policy is Policy.TOGETHER else None
        self.closes_at = NOON + hours(respond + vote)
        first = self.reveal_at or self.closes_at
        self.last_call_at: datetime | None = None
        if self.closes_at >= NOON + hours(4):
            self.last_call_at = NOON + (first - NOON) * 3 / 4
        self.named: set[Group] = set()  # by the last call
        self.waited = False
        self.calls = self.waits = 0

        self.own: dict[PersonId, ResponseId] = {}
        self.posted: set[ResponseId] = set()  # together, at the last call of an open round
        self.words: dict[ResponseId, tuple[str, str]] = {}  # first, and second thoughts
        self.counted: dict[PersonId, ReplyId] = {}  # the reply that is the response
        self.writer: dict[ReplyId, PersonId] = {}  # of each reply that is still there
        self.written: dict[ReplyId, tuple[datetime, str]] = {}  # when, and the words as they are now
        self.chosen: dict[PersonId, ReplyId] = {}  # what a player let count
        self.took_back: set[PersonId] = set()
        self.stance: dict[PersonId, Stance] = {}
        self.second_stance: dict[PersonId, Stance] = {}
        self.passed: set[PersonId] = set()
        self.votes: dict[tuple[PersonId, ResponseId], Choice] = {}
        self.lightbulbs: set[tuple[PersonId, ResponseId]] = set()
        self.owner: dict[PledgeId, PersonId] = {}
        self.joined: set[tuple[PersonId, PledgeId]] = set()
        self.settled: dict[PledgeId, PledgeState] = {}

        dealt, effects = rounds.deal(
            a_card(),
            id=RoundId("r1"),
            policy=policy,
            times=moves.Times(reveal_at=self.reveal_at, closes_at=self.closes_at),
            facilitator=ADA,
            channels=[ChannelId("c1")],
            now=NOON,
        )
        players = {person: Mine(person=person, organises=person in ORGANISERS) for person in PEOPLE}
        self.kept = Kept(round=dealt, players=players, replies={}, pledges={})
        self.kept.deliver(effects)
        self.was = self.kept.round
        self.at_close: dict[PersonId, object] | None = None
        return ResponseId("made-up")

    # --- what should happen ------------------------------------------------------------

    @property
    def running(self) -> bool:
        return self.phase is not Phase.CLOSED and self.paused_at is None

    @property
    def responding(self) -> bool:
        return self.running and self.phase is Phase.RESPONDING

    @property
    def deadline(self) -> datetime:
        if self.phase is Phase.RESPONDING and self.reveal_at is not None:
            return self.reveal_at
        return self.closes_at

    @property
    def wakes_at(self) -> datetime:
        if self.phase is Phase.RESPONDING and self.last_call_at is not None:
            return self.last_call_at
        return self.deadline

    @property
    def ends_at_its_deadline(self) -> bool:
        return self.running and (self.phase is Phase.VOTING or self.reveal_at is None)

    @property
    def ends_when_it_rings(self) -> bool:
        return self.ends_at_its_deadline and self.now >= self.deadline

    def sees(self, person: PersonId) -> bool:
        if self.phase is not Phase.RESPONDING or self.policy is Policy.OPEN:
            return True
        return self.policy is Policy.AFTER_YOU and (person in self.own or person in self.took_back)

    def may_vote_on(self, person: PersonId, response: ResponseId) -> bool:
        writers = [writer for writer, id in self.own.items() if id == response]
        if not (self.running and self.sees(person) and writers) or person in writers:
            return False
        # With the form, an open round keeps responses to itself until they are posted together.
        return self.policy is not Policy.OPEN or writers[0] in self.counted or response in self.posted

    def may_pledge(self, person: PersonId) -> bool:
        if self.phase is not Phase.CLOSED:
            return self.sees(person)
        assert self.closed_at is not None
        return self.ending is Ending.FINISHED and self.now < self.closed_at + timedelta(days=7)

    def drop_response(self, person: PersonId) -> None:
        gone = self.own.pop(person)
        del self.words[gone]
        self.counted.pop(person, None)
        self.votes = {key: choice for key, choice in self.votes.items() if key[1] != gone}
        self.lightbulbs = {key for key in self.lightbulbs if key[1] != gone}

    def close(self, ending: Ending) -> None:
        self.phase, self.ending, self.closed_at = Phase.CLOSED, ending, self.now
        self.paused_at = self.last_call_at = None

    def reveal(self) -> None:
        assert self.reveal_at is not None
        self.phase = Phase.VOTING
        self.last_call_at = None
        self.closes_at = max(self.closes_at, self.now + (self.closes_at - self.reveal_at))

    def call(self, silent: tuple[Group, ...]) -> None:
        self.last_call_at = None
        self.named = set(silent)
        if self.policy is Policy.OPEN:
            self.posted = {id for person, id in self.own.items() if person not in self.counted}

    def wait(self, silent: tuple[Group, ...]) -> None:
        self.waited = True
        later = self.now + hours(24) - self.deadline
        self.closes_at += later
        if self.reveal_at is not None:
            self.reveal_at += later
        self.named &= set(silent)

    # --- how a press is played ---------------------------------------------------------

    def new_id(self, kind: str) -> str:
        self.ids += 1
        return f"{kind}{self.ids}"

    def press(self, person: PersonId, move: Move, *, allowed: bool) -> bool:
        """Play the move as the service does, and see that it is refused just when it should be."""
        self.presses += 1
        accepted = self._play(person, move)
        assert accepted == allowed, f"{move} was {'accepted' if accepted else 'refused'}"
        if accepted and not isinstance(move, moves.Extend):
            # The same press again: refused, or nothing more comes of it.
            kept = self.kept
            once = Kept(kept.round, dict(kept.players), dict(kept.replies), dict(kept.pledges), kept.alarm)
            effects: list[Effect] = []
            self._play(person, move, effects)
            assert self.kept == once
            assert effects == []
        return accepted

    def _play(self, person: PersonId, move: Move, seen: list[Effect] | None = None) -> bool:
        try:
            after, effects = rounds.play(self.kept.load(person, move), move, self.now)
        except MoveRefused:
            return False
        self._check_effects(move, effects)
        self.kept.save(person, after)
        self.kept.deliver(effects, drawn=isinstance(move, moves.OpenVoting | moves.CloseRound))
        if seen is not None:
            seen += effects
        return True

    def _check_effects(self, move: Move, effects: list[Effect]) -> None:
        match move:
            case moves.CastVote() | moves.GiveLightbulb() | moves.TakeLightbulb():
                assert effects == []
            case moves.TakeSecondStance() | moves.TellMe() | moves.Pass():
                assert effects == []
            case moves.Respond() | moves.Withdraw() | moves.WriteReply() | moves.CountAsResponse():
                assert effects in ([], [ShowBoard()], [ShowResponses()], [ShowBoard(), ShowResponses()])
                assert self.policy is Policy.OPEN or effects == [], "a private board shows nothing"
            case moves.OpenVoting() | moves.CloseRound():
                early = {PostNotice(Notice.REVEALED_EARLY), PostNotice(Notice.CLOSED_EARLY)}
                assert effects[0] in early, "the notice comes first"
            case _:
                pass

    # --- what people do ----------------------------------------------------------------

    @rule(target=response_ids, person=people, words=st.just("") | some_words, stance=st.none() | stances)
    def respond(self, person: PersonId, words: str, stance: Stance | None) -> ResponseId:
        id = ResponseId(self.new_id("p"))
        in_thread = person in self.counted
        has_form_words = person in self.own and not in_thread
        allowed = (
            self.responding
            and bool(words or stance)
            and not (words and in_thread)
            and not (has_form_words and not words)
        )
        frozen = self.policy is Policy.AFTER_YOU and self.sees(person)
        if not self.press(person, moves.Respond(id=id, words=words, stance=stance), allowed=allowed):
            return id
        if stance is not None and not (frozen and person in self.stance):
            self.stance[person] = stance
        self.passed.discard(person)
        if words:
            first, second = self.words.get(self.own.setdefault(person, id), ("", ""))
            if not frozen:
                first = words
            elif words != first:
                second = words
            self.words[self.own[person]] = (first, second)
        return id

    @rule(words=some_words)
    def everybody_responds(self, words: str) -> None:
        for person in PEOPLE:
            self.respond(person, words, None)

    @rule(person=people)
    def withdraw(self, person: PersonId) -> None:
        allowed = self.responding and person in self.own and person not in self.counted
        if self.press(person, moves.Withdraw(), allowed=allowed):
            self.drop_response(person)
            if self.policy is Policy.AFTER_YOU:
                self.took_back.add(person)

    @rule(person=people)
    def pass_by(self, person: PersonId) -> None:
        allowed = self.responding and person not in self.own and person not in self.stance
        if self.press(person, moves.Pass(), allowed=allowed):
            self.passed.add(person)

    @rule(person=people, wanted=st.booleans())
    def ask_to_be_told(self, person: PersonId, wanted: bool) -> None:
        self.press(person, moves.TellMe(wanted=wanted), allowed=self.responding)

    @rule(target=reply_ids, person=people, words=some_words)
    def write_in_the_thread(self, person: PersonId, words: str) -> ReplyId:
        id, response = ReplyId(self.new_id("t")), ResponseId(self.new_id("p"))
        self.press(person, moves.WriteReply(id=id, response=response, words=words, name="N"), allowed=True)
        self.writer[id], self.written[id] = person, (self.now, words)
        if self.policy is Policy.OPEN and self.responding:
            self.count_anew(person, response)
        return id

    def count_anew(self, person: PersonId, new: ResponseId) -> None:
        """The reply that was chosen is the response, else the first one of three words."""
        private = person in self.own and person not in self.counted
        mine = [id for id, writer in self.writer.items() if writer == person]
        chosen = self.chosen.get(person)
        first = sorted((self.written[id][0], id) for id in mine if len(self.written[id][1].split()) >= 3)
        reply = chosen or (first[0][1] if first and not private else None)
        if private and chosen is None:
            return
        if reply is None:
            if person in self.own:
                self.drop_response(person)
            return
        if self.counted.get(person) != reply:
            if person in self.own:
                self.drop_response(person)
            self.own[person], self.counted[person] = new, reply
        self.words[self.own[person]] = (self.written[reply][1], "")
        self.passed.discard(person)

    @rule(person=people, reply=reply_ids, words=some_words)
    def edit_in_the_thread(self, person: PersonId, reply: ReplyId, words: str) -> None:
        counted = self.counted.get(person) == reply
        allowed = self.writer.get(reply) == person and (self.responding or not counted)
        response = ResponseId(self.new_id("p"))
        move = moves.ChangeReply(id=reply, response=response, words=words)
        if self.press(person, move, allowed=allowed):
            self.written[reply] = (self.written[reply][0], words)
            if self.policy is Policy.OPEN and self.responding:
                self.count_anew(person, response)

    @rule(person=people, reply=reply_ids)
    def delete_in_the_thread(self, person: PersonId, reply: ReplyId) -> None:
        allowed = self.writer.get(reply) == person
        response = ResponseId(self.new_id("p"))
        if not self.press(person, moves.DeleteReply(id=reply, response=response), allowed=allowed):
            return
        del self.writer[reply]
        if self.chosen.get(person) == reply:
            del self.chosen[person]
        if self.counted.get(person) != reply:
            return
        if self.phase is Phase.CLOSED:
            self.words[self.own[person]] = ("", "")
        else:
            self.count_anew(person, response)

    @rule(target=response_ids, person=people, reply=reply_ids)
    def count_as_response(self, person: PersonId, reply: ReplyId) -> ResponseId:
        id = ResponseId(self.new_id("p"))
        allowed = self.policy is Policy.OPEN and self.responding and self.writer.get(reply) == person
        if self.press(person, moves.CountAsResponse(id=reply, response=id), allowed=allowed):
            self.chosen[person] = reply
            self.count_anew(person, id)
        return id

    @rule(person=people, response=response_ids, choice=st.sampled_from(Choice))
    def vote(self, person: PersonId, response: ResponseId, choice: Choice) -> None:
        allowed = self.may_vote_on(person, response)
        if self.press(person, moves.CastVote(response=response, choice=choice), allowed=allowed):
            self.votes[person, response] = choice

    @rule(person=people, pick=st.integers(0, len(PEOPLE) - 1), choice=st.sampled_from(Choice))
    def vote_on_somebody(self, person: PersonId, pick: int, choice: Choice) -> None:
        """As `vote`, on a response that is there, be it one's own."""
        there = sorted(self.own.values())
        if there:
            self.vote(person, there[pick % len(there)], choice)

    @rule(person=people, response=response_ids)
    def give_lightbulb(self, person: PersonId, response: ResponseId) -> None:
        given = {key for key in self.lightbulbs if key[0] == person} | {(person, response)}
        allowed = self.may_vote_on(person, response) and len(given) <= 3
        if self.press(person, moves.GiveLightbulb(response=response), allowed=allowed):
            self.lightbulbs.add((person, response))

    @rule(person=people)
    def give_lightbulbs_to_everybody(self, person: PersonId) -> None:
        for response in sorted(self.own.values()):
            self.give_lightbulb(person, response)

    @rule(person=people, response=response_ids)
    def take_lightbulb(self, person: PersonId, response: ResponseId) -> None:
        allowed = self.running and self.sees(person)
        if self.press(person, moves.TakeLightbulb(response=response), allowed=allowed):
            self.lightbulbs.discard((person, response))

    @rule(person=people, stance=stances)
    def take_second_stance(self, person: PersonId, stance: Stance) -> None:
        allowed = self.running and self.sees(person)
        if self.press(person, moves.TakeSecondStance(stance=stance), allowed=allowed):
            self.second_stance[person] = stance

    @rule(target=pledge_ids, person=people, days=st.integers(-2, 370))
    def make_pledge(self, person: PersonId, days: int) -> PledgeId:
        id = PledgeId(self.new_id("g"))
        today = self.now.date()
        move = moves.MakePledge(id=id, words="ask", by=today + timedelta(days=days), name="N", today=today)
        if self.press(person, move, allowed=self.may_pledge(person) and 0 <= days <= 366):
            self.owner[id] = person
            self.settled[id] = PledgeState.OPEN
        return id

    @rule(person=people, pledge=pledge_ids)
    def join_pledge(self, person: PersonId, pledge: PledgeId) -> None:
        allowed = self.may_pledge(person) and self.owner.get(pledge, person) != person
        if self.press(person, moves.JoinPledge(pledge=pledge), allowed=allowed):
            self.joined.add((person, pledge))

    @rule(person=people, pledge=pledge_ids, state=st.sampled_from(PledgeState))
    def settle_pledge(self, person: PersonId, pledge: PledgeId, state: PledgeState) -> None:
        allowed = self.owner.get(pledge) == person
        if self.press(person, moves.SettlePledge(pledge=pledge, state=state), allowed=allowed):
            self.settled[pledge] = state

    # --- what moves the clock ----------------------------------------------------------

    @rule(person=people, sure=rarely)
    def pause(self, person: PersonId, sure: bool) -> None:
        allowed = self.running and person not in self.paused_once
        if (sure or not allowed) and self.press(
            person, moves.PauseRound(reason="A name is in it."), allowed=allowed
        ):
            self.paused_at, self.asked = self.now, False
            self.paused_once.add(person)

    @rule(person=mostly_organisers)
    def resume(self, person: PersonId) -> None:
        allowed = self.paused_at is not None and person in ORGANISERS
        if self.press(person, moves.ResumeRound(), allowed=allowed):
            assert self.paused_at is not None
            waited = self.now - self.paused_at
            self.paused_at = None
            self.closes_at += waited
            if self.last_call_at is not None:
                self.last_call_at += waited
            if self.reveal_at is not None:
                self.reveal_at += waited

    @precondition(lambda self: self.presses > MIDDLE)
    @rule(person=mostly_organisers)
    def close_without_results(self, person: PersonId) -> None:
        allowed = self.paused_at is not None and self.asked and person in ORGANISERS
        if self.press(person, moves.CloseWithoutResults(), allowed=allowed):
            self.close(Ending.WITHOUT_RESULTS)

    @rule(person=mostly_ada)
    def reveal_early(self, person: PersonId) -> None:
        allowed = person == ADA and self.responding and self.policy is Policy.TOGETHER
        if self.press(person, moves.OpenVoting(), allowed=allowed):
            self.reveal()

    @precondition(lambda self: self.presses > MIDDLE)
    @rule(person=mostly_ada)
    def close_early(self, person: PersonId) -> None:
        unrevealed = self.policy is Policy.TOGETHER and self.phase is Phase.RESPONDING
        allowed = person == ADA and self.running and not unrevealed
        if self.press(person, moves.CloseRound(), allowed=allowed):
            self.close(Ending.FINISHED)

    @rule(person=mostly_ada, by=st.integers(-1, 15 * 24))
    def extend(self, person: PersonId, by: int) -> None:
        allowed = person == ADA and self.running and 0 < by <= 14 * 24
        revealed = self.phase is not Phase.RESPONDING
        if self.press(person, moves.Extend(by=hours(by)), allowed=allowed):
            self.closes_at += hours(by)
            if self.last_call_at is not None:
                self.last_call_at += hours(by) * 3 / 4
            if self.reveal_at is not None and not revealed:
                self.reveal_at += hours(by)

    @precondition(lambda self: self.presses > MIDDLE)
    @rule(person=mostly_ada)
    def take_back(self, person: PersonId) -> None:
        allowed = person == ADA and self.phase is not Phase.CLOSED
        if self.press(person, moves.TakeBack(), allowed=allowed):
            self.close(Ending.TAKEN_BACK)

    @rule(waited=st.integers(0, 30))
    def hours_go_by(self, waited: int) -> None:
        """Nothing rings: the bot may be off."""
        self.now += hours(waited)

    @rule(times=st.integers(1, 2), silent=groups)
    def the_alarm_rings(self, times: int, silent: tuple[Group, ...]) -> None:
        """Early, in time, late, or twice."""
        if self.ends_when_it_rings and self.presses <= MIDDLE:
            return
        for _ in range(times):
            before = self.kept.round
            self.kept.alarm = None
            standing = Standing(not_yet_heard=silent)
            after, effects = rounds.advance(before, self.now, standing)
            self.kept.round = after
            self.kept.deliver(effects, drawn=True)
            self.calls += SayLine(Line.LAST_CALL) in effects
            self.waits += PostNotice(Notice.WAITING) in effects
            again, more = rounds.advance(after, self.now, standing)
            assert again == after
            assert all(isinstance(effect, SetAlarm) for effect in more)
        if self.phase is Phase.CLOSED:
            return
        if self.paused_at is not None:
            self.asked = self.asked or self.now >= self.paused_at + hours(48)
        elif self.now >= self.deadline:
            long = self.deadline - NOON >= hours(4)
            if self.phase is Phase.RESPONDING and not self.waited and long and self.named & set(silent):
                self.wait(silent)
            elif self.phase is Phase.RESPONDING and self.policy is Policy.TOGETHER:
                self.reveal()
            else:
                self.close(Ending.FINISHED)
        elif self.now >= self.wakes_at:
            self.call(silent)

    @rule(silent=groups)
    def what_is_due_comes(self, silent: tuple[Group, ...]) -> None:
        """As an alarm rings when all goes well."""
        if self.kept.alarm is not None and (
            self.presses > MIDDLE or not self.ends_at_its_deadline or self.kept.alarm < self.deadline
        ):
            self.now = max(self.now, self.kept.alarm)
            self.the_alarm_rings(1, silent)

    # --- what holds at every moment ----------------------------------------------------

    @invariant()
    def what_is_kept_is_what_people_did(self) -> None:
        kept = self.kept.players
        responses = {person: mine.response for person, mine in kept.items() if mine.response is not None}
        assert {person: response.id for person, response in responses.items()} == self.own
        assert {each.id: (each.words, each.second_thoughts) for each in responses.values()} == self.words
        assert {person: each.reply for person, each in responses.items() if each.named} == self.counted
        assert {person: mine.stance for person, mine in kept.items() if mine.stance} == self.stance
        seconds = {person: mine.second_stance for person, mine in kept.items() if mine.second_stance}
        assert seconds == self.second_stance
        assert {person for person, mine in kept.items() if mine.passed} == self.passed
        votes = {(person, id): choice for person, mine in kept.items() for id, choice in mine.choices.items()}
        assert votes == self.votes
        assert {(person, id) for person, mine in kept.items() for id in mine.lightbulbs} == self.lightbulbs

    @invariant()
    def the_counter_equals_the_number_of_responses(self) -> None:
        assert self.kept.round.responses == len(self.kept.responses()) == len(self.own)

    @invariant()
    def one_reply_counts_for_each_player_at_most(self) -> None:
        counting = {
            reply.author: reply.id
            for reply in self.kept.replies.values()
            if reply.kind is ReplyKind.RESPONSE and not reply.removed
        }
        there = {person: reply for person, reply in self.counted.items() if reply in self.writer}
        assert counting == there

    @invariant()
    def every_vote_names_the_response_of_another(self) -> None:
        responses = self.kept.responses()
        for mine in self.kept.players.values():
            for id in {*mine.choices, *mine.lightbulbs}:
                assert id in responses
                assert mine.response is None or mine.response.id != id

    @invariant()
    def nobody_gives_more_than_three_lightbulbs(self) -> None:
        assert max(len(mine.lightbulbs) for mine in self.kept.players.values()) <= 3

    @invariant()
    def only_an_open_round_has_names(self) -> None:
        assert self.policy is Policy.OPEN or not any(each.named for each in self.kept.responses().values())

    @invariant()
    def pledges_are_as_their_owners_and_joiners_left_them(self) -> None:
        kept = self.kept.pledges
        assert {id: pledge.owner for id, pledge in kept.items()} == self.owner
        assert {id: pledge.state for id, pledge in kept.items()} == self.settled
        joined = [(person, id) for id, pledge in kept.items() for person in pledge.joined]
        assert len(joined) == len(self.joined)
        assert set(joined) == self.joined

    @invariant()
    def phases_and_deadlines_only_move_forward(self) -> None:
        was, round = self.was, self.kept.round
        assert PHASES.index(was.phase) <= PHASES.index(round.phase)
        assert round.phase is not Phase.VOTING or self.policy is Policy.TOGETHER
        assert was.closes_at <= round.closes_at
        if was.reveal_at is None or round.reveal_at is None:
            assert round.reveal_at is was.reveal_at
        else:
            assert was.reveal_at <= round.reveal_at
        self.was = round

    @invariant()
    def the_clock_stands_where_it_should(self) -> None:
        round = self.kept.round
        assert (round.phase, round.ending, round.closed_at) == (self.phase, self.ending, self.closed_at)
        assert (round.reveal_at, round.closes_at) == (self.reveal_at, self.closes_at)
        assert (round.last_call_at, set(round.unheard)) == (self.last_call_at, self.named)
        assert (round.pause and round.pause.since) == self.paused_at
        assert round.pause is None or round.pause.asked == self.asked

    @invariant()
    def a_round_has_one_alarm_while_it_waits_for_a_moment(self) -> None:
        expected: datetime | None = self.wakes_at
        if self.phase is Phase.CLOSED:
            expected = None
        elif self.paused_at is not None:
            expected = None if self.asked else self.paused_at + hours(48)
        assert self.kept.alarm == expected

    @invariant()
    def there_is_one_last_call_and_everybody_waits_once_at_the_most(self) -> None:
        assert self.calls <= 1
        assert self.waits <= self.calls, "whoever is waited for was named"

    @invariant()
    def after_the_close_only_words_may_go(self) -> None:
        if self.phase is not Phase.CLOSED:
            return
        if self.at_close is None:
            self.at_close = what_counts(self.kept)
            self.words_at_close = dict(self.words)
        assert what_counts(self.kept) == self.at_close
        for id, words in self.words.items():
            assert words in (self.words_at_close[id], ("", ""))


# Hypothesis makes a failure smaller for up to five minutes, then shows it.
TestRandomPlay = pytest.mark.timeout(400)(Game.TestCase)
TestRandomPlay.settings = settings(max_examples=200, stateful_step_count=80)
