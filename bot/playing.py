"""A move in its transaction: played, the round saved, its effects put in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot import effects_out
from bot.actions import Action, Verb, write
from bot.chat import Press
from bot.game import insight, moves
from bot.game import refusals as why
from bot.game import rounds as rules
from bot.game.model import ChannelId, Ending, PersonId, Phase, Policy, ResponseId, Round, RoundId
from bot.game.standing import Standing
from bot.tools import Tools
from storage import closing, communities, room, rounds, saving
from storage.communities import Channel, Person
from storage.database import Transaction
from storage.rounds import Loaded


def play(tx: Transaction, tools: Tools, loaded: Loaded, move: moves.Move, now: datetime) -> Round:
    """Play a move, save the round, put its effects in the outbox: one transaction."""
    after, effects = rules.play(loaded.round, move, now)
    saving.save(tx, loaded, after, now)
    if isinstance(move, moves.DecideHeld) and move.hold is None and _has_pages(after):
        closing.draw_pages(tx, after, tools.chance.shuffle())  # it comes last, so nothing moves
    if isinstance(move, moves.PauseRound):
        saving.keep_pause_reason(tx, after.id, move.reason)
    _follow(tx, tools, loaded, after, now)
    effects_out.put(tx, tools.jobs, after, effects)
    return after


def _has_pages(round: Round) -> bool:
    return round.pages > 0 or round.phase is Phase.VOTING


def advance(tx: Transaction, tools: Tools, loaded: Loaded, now: datetime) -> None:
    """The same for what the clock does: a last call, an extension, a reveal, a close."""
    after, effects = rules.advance(loaded.round, now, _standing(tx, loaded, now))
    saving.save(tx, loaded, after, now)
    _follow(tx, tools, loaded, after, now)
    effects_out.put(tx, tools.jobs, after, effects)


def _standing(tx: Transaction, loaded: Loaded, now: datetime) -> Standing:
    """What the clock goes by: only while people respond there is anything to ask."""
    round = loaded.round
    if round.phase is not Phase.RESPONDING or round.pause is not None:
        return Standing()
    return Standing(
        writers=round.responses,
        not_yet_heard=closing.not_yet_heard(tx, loaded, now.date()),
        zones=communities.zones(tx, round.channels, now.date()),
    )


def _follow(tx: Transaction, tools: Tools, loaded: Loaded, after: Round, now: datetime) -> None:
    """What a last call or a change of phase means for what is stored: pages drawn, the promise kept."""
    called = loaded.round.last_call_at is not None and after.last_call_at is None
    if called and after.phase is Phase.RESPONDING and after.policy is Policy.OPEN:
        closing.draw_pages(tx, after, tools.chance.shuffle())
    if after.phase is loaded.round.phase:
        return
    if after.ending in {Ending.TAKEN_BACK, Ending.WITHOUT_RESULTS}:
        closing.take_words_back(tx, after.id)
    else:
        closing.draw_pages(tx, after, tools.chance.shuffle())
    if after.ending is Ending.FINISHED:
        hands, responses = closing.hands(tx, after.id, loaded.key)
        renamed = {each: ResponseId(tools.chance.id()) for each in closing.every_response(tx, after.id)}
        declared = communities.declared(tx, after.channels, now.date())
        cells = insight.count(hands, responses, declared, loaded.threshold).kept()
        closing.seal(tx, after.id, closing.renamed(cells, renamed), renamed, tools.chance.shuffle())
    if after.phase is Phase.CLOSED:
        # Who had asked for the card and was not sent it had answered before that hour.
        room.forget_whispers_of(tx, after.id, write(Action(Verb.LATER, after.id)))
        effects_out.put_scrub(tx, tools.jobs, now)
    elif communities.channel(tx, after.channels[0], None).community.practice:
        effects_out.put_pretend(tx, tools.jobs, after, now)


def pretend(
    tx: Transaction, tools: Tools, press: Press, round: RoundId, wishes: Sequence[moves.Move], now: datetime
) -> None:
    """Several moves of one pretend player; those the rules refuse are left out."""
    place = communities.channel(tx, press.channel, press.player.community)
    assert place.community.practice, "nobody pretends where people play"
    person = communities.person(tx, press.player, tools.chance.id(), press.name)
    for move in wishes:
        about = [move.response] if isinstance(move, moves.CastVote | moves.GiveLightbulb) else []
        loaded = rounds.load(
            tx,
            tools.keyring,
            round,
            community=press.player.community,
            person=person.id,
            responses=about,
            talk=isinstance(move, moves.WriteReply),
        )
        if isinstance(move, moves.WriteReply) and loaded.round.mine.response is not None:
            continue  # said it before: they are woken again when somebody responds
        try:
            play(tx, tools, loaded, move, now)
        except why.MoveRefused:
            continue


def make_known(tx: Transaction, tools: Tools, channel: ChannelId, person: PersonId, today: date) -> None:
    """Once a day is enough, and a vote costs a statement less."""
    here = (channel, person)
    if tools.known.get(here) == today:
        return
    communities.make_known(tx, channel, person, today)

    def remember() -> None:
        tools.known.keep(here, today)

    tx.after_commit(remember)


def with_own_role(loaded: Loaded, person: Person) -> Loaded:
    """A declared role counts in every round from then on, also for who only votes."""
    mine = loaded.round.mine
    if mine.own_role is not None or person.own_role is None:
        return loaded
    told = replace(loaded.round, mine=replace(mine, own_role=person.own_role))
    return replace(loaded, round=told, known=False)  # so that it is stored with the next move


def today(place: Channel, now: datetime) -> date:
    """The date in a channel's community."""
    return now.astimezone(ZoneInfo(place.time_zone)).date()
