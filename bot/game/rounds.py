"""Every rule of a round: a round and a move go in, a round and a list of effects come out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.game import moves, writing
from bot.game.allowed import (
    LIGHTBULBS,
    LIVE_UNDER,
    LONGEST_EXTENSION,
    LONGEST_WAIT,
    PAUSE_LIMIT,
    PLEDGE_HORIZON,
    PLEDGE_LENGTH,
    REASON_LENGTH,
    must_be_facilitator,
    must_be_responding,
    must_be_running,
    must_fit,
    must_have_ballot,
    must_organise,
    must_take_pledges,
)
from bot.game.calendar import fair_close
from bot.game.effects import (
    ClearAlarm,
    Effect,
    Line,
    News,
    Notice,
    PostNotice,
    SayLine,
    SetAlarm,
    ShowBoard,
    ShowPledges,
    ShowRecap,
    ShowResponses,
    TellFacilitator,
    TellThoseWhoAsked,
)
from bot.game.model import (
    Card,
    ChannelId,
    Ending,
    Pause,
    PersonId,
    Phase,
    Pledge,
    PledgeId,
    Policy,
    Response,
    ResponseId,
    Round,
    RoundId,
)
from bot.game.moves import Move, Times
from bot.game.refusals import (
    DateInPast,
    DecisionTooEarly,
    NoLightbulbsLeft,
    NoStanceHere,
    NoSuchPledge,
    NoSuchResponse,
    NotFair,
    NothingWritten,
    NotLater,
    NotPaused,
    NotYourPledge,
    OwnPledge,
    OwnResponse,
    PausedBefore,
    RespondingOver,
    RoundClosed,
    TimesChanged,
    VotingNotOpen,
)
from bot.game.standing import Standing

Result = tuple[Round, list[Effect]]


def deal(
    card: Card,
    *,
    id: RoundId,
    policy: Policy,
    times: Times,
    facilitator: PersonId,
    channels: Sequence[ChannelId],
    now: datetime,
    reads_thread: bool = True,
    fair: bool = True,
) -> Result:
    """Open a round with one card. `channels` are in the order in which they were linked.

    `fair` is False where the facilitator switched that rule off.
    """
    responding_ends = times.reveal_at or times.closes_at
    assert (times.reveal_at is not None) == (policy is Policy.TOGETHER)
    assert now < responding_ends <= times.closes_at
    live = times.closes_at - now < LIVE_UNDER
    opened = Round(
        id=id,
        card=card,
        policy=policy,
        facilitator=facilitator,
        channels=tuple(channels),
        opened_at=now,
        reveal_at=times.reveal_at,
        closes_at=times.closes_at,
        reads_thread=reads_thread,
        live=live,
        fair=fair,
        last_call_at=None if live else responding_ends - (responding_ends - now) / 4,
    )
    return opened, [ShowBoard(), SetAlarm(opened.wakes_at)]


def play(before: Round, move: Move, now: datetime) -> Result:
    """Apply one move. Returns the new round, and the effects in order.

    `now` is when the move happened, in UTC: the game never asks the time.
    Raises MoveRefused if the rules forbid the move; nothing has changed then.
    """
    match move:
        case moves.Respond():
            return writing.respond(before, move)
        case moves.Withdraw():
            return writing.withdraw(before)
        case moves.ItIsFine():
            return writing.it_is_fine(before)
        case moves.DecideHeld():
            return writing.decide_held(before, move)
        case moves.Pass():
            return writing.pass_on(before, move)
        case moves.WriteReply():
            return writing.write_reply(before, move, now)
        case moves.ChangeReply():
            return writing.change_reply(before, move)
        case moves.DeleteReply():
            return writing.delete_reply(before, move)
        case moves.CountAsResponse():
            return writing.count_as_response(before, move)
        case moves.CastVote():
            return _vote(before, move)
        case moves.GiveLightbulb():
            return _give_lightbulb(before, move)
        case moves.TakeLightbulb():
            return _take_lightbulb(before, move)
        case moves.TakeSecondStance():
            return _second_stance(before, move)
        case moves.TellMe():
            return _tell_me(before, move)
        case moves.MakePledge():
            return _make_pledge(before, move, now)
        case moves.JoinPledge():
            return _join_pledge(before, move, now)
        case moves.SettlePledge():
            return _settle_pledge(before, move)
        case moves.RemovePledge():
            return _remove_pledge(before, move)
        case moves.PauseRound():
            return _pause(before, move, now)
        case moves.ResumeRound():
            return _resume(before, now)
        case moves.CloseWithoutResults():
            return _close_without_results(before, now)
        case moves.OpenVoting():
            return _open_voting(before, now)
        case moves.CloseRound():
            return _close_early(before, now)
        case moves.Extend():
            return _extend(before, move)
        case moves.TakeBack():
            return _take_back(before, now)
        case _:
            assert_never(move)


def advance(before: Round, now: datetime, standing: Standing) -> Result:
    """What the clock does to a round that is due. Ringing twice changes nothing more.

    `standing`: who is not yet heard, and where the players are; asked while people respond.
    After an outage a reveal that comes late still leaves its whole time for voting.
    """
    if before.phase is Phase.CLOSED:
        return before, []
    if before.pause is not None:
        limit = before.pause.since + PAUSE_LIMIT
        if now < limit:
            return before, [SetAlarm(limit)]
        if before.pause.asked:
            return before, []
        return replace(before, pause=replace(before.pause, asked=True)), [ShowBoard()]
    if now < before.wakes_at:
        return before, [SetAlarm(before.wakes_at)]
    if now < before.deadline:
        return _last_call(before, standing)
    if _is_waited_for(before, standing):
        return _wait(before, now, standing)
    if before.phase is Phase.RESPONDING and before.reveal_at is not None:
        return _reveal(before, now, [])
    return _close(before, now, Ending.FINISHED, [])


# --- the last call ---------------------------------------------------------------------


def _last_call(before: Round, standing: Standing) -> Result:
    """There is still time: who is not yet heard is named, and only they are waited for later."""
    after = replace(before, last_call_at=None, unheard=standing.not_yet_heard)
    posted: list[Effect] = []
    if before.policy is Policy.OPEN:
        posted = [ShowResponses(), ShowBoard()]  # what came by the form is posted together
    return after, [*posted, SayLine(Line.LAST_CALL), SetAlarm(after.deadline)]


def _is_waited_for(round: Round, standing: Standing) -> bool:
    """Whether a group that the last call named is still silent, and everybody waits for it once."""
    if round.phase is not Phase.RESPONDING or round.extended:
        return False
    if round.deadline - round.opened_at < LIVE_UNDER:
        return False  # responding was live, whatever comes after it
    return any(group in standing.not_yet_heard for group in round.unheard)


def _wait(before: Round, now: datetime, standing: Standing) -> Result:
    until = now + LONGEST_WAIT
    if standing.zones:
        until = min(until, fair_close(now, None, standing.zones).fair_at)
    by = until - before.deadline
    after = replace(
        _later(before, by),
        unheard=tuple(group for group in before.unheard if group in standing.not_yet_heard),
        extended=True,
    )
    return after, [ShowBoard(), PostNotice(Notice.WAITING), SetAlarm(after.deadline)]


def _later(round: Round, by: timedelta) -> Round:
    """The deadline of this phase, and those after it, moved. A last call that is to come goes along."""
    responding = round.phase is Phase.RESPONDING
    return replace(
        round,
        reveal_at=round.reveal_at + by if responding and round.reveal_at else round.reveal_at,
        closes_at=round.closes_at + by,
        last_call_at=round.last_call_at and round.last_call_at + by * 3 / 4,
    )


# --- the ballot ------------------------------------------------------------------------


def lightbulbs(pressed: Collection[ResponseId], reacted: Iterable[ResponseId]) -> frozenset[ResponseId]:
    """The lightbulbs that count: those given in the ballot, then reactions in their order.

    A fourth is simply not counted. `reacted` holds responses by others only.
    """
    given = list(pressed)
    for each in reacted:
        if len(given) < LIGHTBULBS and each not in given:
            given.append(each)
    return frozenset(given)


def _another_players(round: Round, response: ResponseId) -> Response:
    """The response a vote names. Raises OwnResponse or NoSuchResponse."""
    if round.mine.response is not None and round.mine.response.id == response:
        raise OwnResponse
    found = round.others.get(response)
    if found is None or found.removed or found.hidden:
        raise NoSuchResponse
    if round.policy is Policy.OPEN and not found.named and found.place is None:
        # Sent with the form: posted together with the others, and not before.
        raise NoSuchResponse
    return found


def _vote(before: Round, move: moves.CastVote) -> Result:
    must_have_ballot(before)
    _another_players(before, move.response)
    choices = {**before.mine.choices, move.response: move.choice}
    return replace(before, mine=replace(before.mine, choices=choices)), []


def _give_lightbulb(before: Round, move: moves.GiveLightbulb) -> Result:
    must_have_ballot(before)
    _another_players(before, move.response)
    given = before.mine.lightbulbs | {move.response}
    if len(given) > LIGHTBULBS:
        raise NoLightbulbsLeft
    return replace(before, mine=replace(before.mine, lightbulbs=given)), []


def _take_lightbulb(before: Round, move: moves.TakeLightbulb) -> Result:
    must_have_ballot(before)
    left = before.mine.lightbulbs - {move.response}
    return replace(before, mine=replace(before.mine, lightbulbs=left)), []


def _second_stance(before: Round, move: moves.TakeSecondStance) -> Result:
    must_have_ballot(before)
    if not before.card.asks_stance:
        raise NoStanceHere
    return replace(before, mine=replace(before.mine, second_stance=move.stance)), []


def _tell_me(before: Round, move: moves.TellMe) -> Result:
    must_be_running(before)
    if before.phase is not Phase.RESPONDING:
        raise RespondingOver
    return replace(before, mine=replace(before.mine, tell_me=move.wanted)), []


# --- pledges ---------------------------------------------------------------------------


def _make_pledge(before: Round, move: moves.MakePledge, now: datetime) -> Result:
    must_take_pledges(before, now)
    if not move.words:
        raise NothingWritten
    must_fit(move.words, PLEDGE_LENGTH)
    if not move.today <= move.by <= move.today + PLEDGE_HORIZON:
        raise DateInPast
    if move.id in before.pledges:
        return before, []  # delivered twice
    assert before.mine.person is not None
    made = Pledge(id=move.id, owner=before.mine.person, owner_name=move.name, words=move.words, by=move.by)
    return replace(before, pledges={**before.pledges, made.id: made}), _pledges_shown(before)


def _join_pledge(before: Round, move: moves.JoinPledge, now: datetime) -> Result:
    must_take_pledges(before, now)
    pledge = before.pledges.get(move.pledge)
    if pledge is None:
        raise NoSuchPledge
    assert before.mine.person is not None
    if pledge.owner == before.mine.person:
        raise OwnPledge
    if before.mine.person in pledge.joined:
        return before, []
    joined = replace(pledge, joined=(*pledge.joined, before.mine.person))
    return replace(before, pledges={**before.pledges, pledge.id: joined}), _pledges_shown(before)


def _own_pledge(round: Round, id: PledgeId) -> Pledge:
    """Raises NoSuchPledge or NotYourPledge."""
    pledge = round.pledges.get(id)
    if pledge is None:
        raise NoSuchPledge
    if pledge.owner != round.mine.person:
        raise NotYourPledge
    return pledge


def _remove_pledge(before: Round, move: moves.RemovePledge) -> Result:
    gone = _own_pledge(before, move.pledge)
    left = {id: each for id, each in before.pledges.items() if each is not gone}
    return replace(before, pledges=left), _pledges_shown(before)


def _settle_pledge(before: Round, move: moves.SettlePledge) -> Result:
    pledge = _own_pledge(before, move.pledge)
    if pledge.state is move.state:
        return before, []
    settled = replace(pledge, state=move.state)
    return replace(before, pledges={**before.pledges, pledge.id: settled}), _pledges_shown(before)


def _pledges_shown(round: Round) -> list[Effect]:
    # After the close the recap lists them; a list that stands in the thread already goes along.
    return [ShowPledges(), ShowRecap()] if round.ending is Ending.FINISHED else [ShowPledges()]


# --- pausing, and the clock ------------------------------------------------------------


def _pause(before: Round, move: moves.PauseRound, now: datetime) -> Result:
    must_be_running(before)
    if before.mine.paused:
        raise PausedBefore
    if not move.reason:
        raise NothingWritten
    must_fit(move.reason, REASON_LENGTH)
    after = replace(before, pause=Pause(since=now), mine=replace(before.mine, paused=True))
    return after, [
        ShowBoard(),
        PostNotice(Notice.PAUSED),
        TellFacilitator(News.PAUSED),
        SetAlarm(now + PAUSE_LIMIT),
    ]


def _resume(before: Round, now: datetime) -> Result:
    must_organise(before)
    if before.pause is None:
        raise NotPaused
    waited = now - before.pause.since
    after = replace(
        before,
        pause=None,
        reveal_at=before.reveal_at and before.reveal_at + waited,
        closes_at=before.closes_at + waited,
        last_call_at=before.last_call_at and before.last_call_at + waited,
    )
    return after, [ShowBoard(), PostNotice(Notice.RESUMED), SetAlarm(after.wakes_at)]


def _close_without_results(before: Round, now: datetime) -> Result:
    must_organise(before)
    if before.pause is None:
        raise NotPaused
    if not before.pause.asked:
        raise DecisionTooEarly
    return _close(
        before,
        now,
        Ending.WITHOUT_RESULTS,
        [
            PostNotice(Notice.CLOSED_WITHOUT_RESULTS),
            SayLine(Line.CLOSED_WITHOUT_RESULTS),
            TellThoseWhoAsked(News.CLOSED_WITHOUT_RESULTS),
        ],
    )


def _open_voting(before: Round, now: datetime) -> Result:
    must_be_facilitator(before)
    must_be_responding(before)
    if before.reveal_at is None:
        raise RespondingOver
    return _reveal(before, now, [PostNotice(Notice.REVEALED_EARLY)])


def _close_early(before: Round, now: datetime) -> Result:
    must_be_facilitator(before)
    must_be_running(before)
    if before.phase is Phase.RESPONDING and before.reveal_at is not None:
        raise VotingNotOpen(before.deadline)
    return _close(before, now, Ending.FINISHED, [PostNotice(Notice.CLOSED_EARLY)])


def _extend(before: Round, move: moves.Extend) -> Result:
    must_be_facilitator(before)
    must_be_running(before)
    by = _fair_extension(before, move.zones) if move.by is None else move.by
    if not timedelta(0) < by <= LONGEST_EXTENSION:
        raise NotLater
    if move.deadline is not None and move.deadline != before.deadline.replace(microsecond=0):
        raise TimesChanged(before.deadline)  # the same form sent twice gives more time once
    after = _later(before, by)
    if before.fair and move.zones:
        began = _began(before)
        fair = fair_close(began, after.deadline - began, move.zones)
        if not fair.enough:
            raise NotFair(fair)
    return after, [ShowBoard(), PostNotice(Notice.EXTENDED), SetAlarm(after.wakes_at)]


def _began(round: Round) -> datetime:
    """When this phase began, or was meant to."""
    return round.reveal_at if round.phase is Phase.VOTING and round.reveal_at else round.opened_at


def _fair_extension(round: Round, zones: Collection[str]) -> timedelta:
    """How much later everybody has had their hours; nothing where they had them."""
    return fair_close(_began(round), None, zones).fair_at - round.deadline if zones else timedelta(0)


def _take_back(before: Round, now: datetime) -> Result:
    must_be_facilitator(before)
    if before.phase is Phase.CLOSED:
        raise RoundClosed
    return _close(
        before,
        now,
        Ending.TAKEN_BACK,
        [PostNotice(Notice.TAKEN_BACK), SayLine(Line.TAKEN_BACK), TellThoseWhoAsked(News.TAKEN_BACK)],
    )


def _reveal(before: Round, now: datetime, first: list[Effect]) -> Result:
    """Everyone's responses at once; the notice of an early reveal comes before them."""
    assert before.reveal_at is not None
    time_to_vote = before.closes_at - before.reveal_at
    after = replace(
        before,
        phase=Phase.VOTING,
        last_call_at=None,
        closes_at=max(before.closes_at, now + time_to_vote),
    )
    return after, [
        *first,
        ShowResponses(),
        ShowBoard(),
        SayLine(Line.REVEALED),
        TellThoseWhoAsked(News.OPENED),
        SetAlarm(after.deadline),
    ]


def _close(before: Round, now: datetime, ending: Ending, first: list[Effect]) -> Result:
    shown = ending is Ending.FINISHED
    after = replace(before, phase=Phase.CLOSED, closed_at=now, ending=ending, pause=None, last_call_at=None)
    effects: list[Effect] = [*first]
    if shown and before.phase is Phase.RESPONDING:
        # With one deadline the close is when everybody here may read them.
        effects += [ShowResponses(), TellThoseWhoAsked(News.OPENED)]
    effects += [ShowBoard()]
    if shown:
        effects += [ShowRecap()]
    elif before.pages:
        effects += [ShowResponses()]  # to empty the pages that were posted
    return after, [*effects, ClearAlarm()]
