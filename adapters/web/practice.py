"""The practice room's pretend players: they say a card's voices, vote, and give lightbulbs."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from adapters.web.chat import PLATFORM
from bot.chat import Press
from bot.effects_out import round_of
from bot.game import moves
from bot.game.model import (
    Card,
    ChannelId,
    Choice,
    PerspectiveId,
    Phase,
    PlayerId,
    Policy,
    ReplyId,
    ResponseId,
    Round,
    RoundId,
    Stance,
    Voice,
)
from bot.game.moves import Move
from bot.service import Service
from bot.views import words
from storage import alarms, communities, rounds, showing
from storage.database import Transaction
from storage.room import community_of
from storage.rounds import Loaded

ROLES = (
    "person", "person", "person",
    "carer", "carer", "carer",
    "frontline", "frontline", "provider",
    "manager", "commissioner", "leader",
)  # fmt: skip
"""Three to a group, so that a recap in the practice room has something to show for each."""

Seed: TypeAlias = Callable[[str], str]
"""Makes a secret of a name: the same each time, and nobody outside can work it out."""

THRESHOLD = 3  # of the practice room: nobody's privacy is at stake there


@dataclass(frozen=True, slots=True)
class Pretend:
    """One pretend player. `voice` is what they say of this card; without one they only take a stance."""

    number: int
    role: PerspectiveId
    voice: Voice | None


def cast(card: Card) -> tuple[Pretend, ...]:
    """Who says which voice: each voice goes to a player who lives its perspective, if one is free."""
    left = list(card.voices)
    players = []
    for number, role in enumerate(ROLES):
        voice = next((each for each in left if each.perspective.id == role), None)
        if voice is not None:
            left.remove(voice)
        players.append(Pretend(number, PerspectiveId(role), voice))
    for index, player in enumerate(players):
        if left and player.voice is None:
            players[index] = Pretend(player.number, player.role, left.pop())
    return tuple(players)


def first_moves(round: Round, player: Pretend, id: ResponseId, seed: Seed) -> Sequence[Move]:
    """What a pretend player does while responses are open. The same for the same round."""
    chance = _chance(seed, f"pretend:{round.id}:{player.number}:respond")
    voice = player.voice
    if voice is not None and round.policy is Policy.OPEN:
        name = words.plain("room-pretend-name", number=player.number + 1)
        said = moves.WriteReply(
            id=ReplyId(id), response=ResponseId(f"{id}-said"), words=voice.text, name=name
        )
        if voice.stance is None:
            return (said,)
        return (moves.Respond(id=id, stance=voice.stance, own_role=player.role), said)
    if voice is not None:
        return (
            moves.Respond(id=id, words=voice.text, stance=voice.stance, own_role=player.role, example=True),
        )
    if not round.card.asks_stance:
        return (moves.Pass(own_role=player.role),)
    stance = chance.choice([each.stance for each in round.card.voices if each.stance] or [*Stance])
    return (moves.Respond(id=id, stance=stance, own_role=player.role),)


def ballot_moves(
    round: Round, player: Pretend, responses: Sequence[ResponseId], seed: Seed
) -> Sequence[Move]:
    """How a pretend player votes: on everything, with a lightbulb or two, and a second stance.

    Two people may play here. Whoever could work out these votes could subtract them from the
    counts, and would know how the other person voted.
    """
    chance = _chance(seed, f"pretend:{round.id}:{player.number}:vote")
    done: list[Move] = []
    for response in sorted(responses):
        leaning = _chance(seed, f"pretend:{response}:leaning").uniform(0.35, 0.95)
        agrees = chance.random() < leaning
        other = chance.choice([Choice.NOT_SURE, Choice.DISAGREE])
        done.append(moves.CastVote(response=response, choice=Choice.AGREE if agrees else other))
    for response in chance.sample(sorted(responses), min(len(responses), chance.choice([1, 2]))):
        done.append(moves.GiveLightbulb(response=response))
    if round.card.asks_stance:
        stance = chance.choice([Stance.YES, Stance.NOT_SURE, Stance.NO])
        done.append(moves.TakeSecondStance(stance=stance))
    return done


def _chance(seed: Seed, what: str) -> random.Random:
    return random.Random(seed(what))  # noqa: S311 - the seed is secret


class Pretenders:
    """Wakes at the start of each phase in a practice room, and again when somebody responded."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def ring(self, key: str, now: datetime) -> None:
        """Have every pretend player do what is left to do. Doing it twice changes nothing more."""
        service, id = self._service, round_of(key)

        def look(tx: Transaction) -> tuple[Loaded, ChannelId]:
            loaded = rounds.load(tx, service.keyring, id, community=None, lock=False)
            return loaded, loaded.round.channels[0]

        loaded, channel = await service.database.read(look)
        for player in cast(loaded.round.card):
            await self._play(player, channel, loaded.round, now)
        await service.database.write(lambda tx: alarms.take(tx, key, now))

    async def _play(self, player: Pretend, channel: ChannelId, round: Round, now: datetime) -> None:
        service, seed = self._service, self._service.keyring.sign
        community = await service.database.read(lambda tx: community_of(tx, channel))
        assert community is not None
        press = Press(
            player=PlayerId(PLATFORM, community, f"pretend-{player.number}"),
            channel=channel,
            action="",
            event="",
        )
        if round.phase is Phase.RESPONDING:
            wishes = first_moves(round, player, ResponseId(service.chance.id()), seed)
            await service.pretend(press, round.id, wishes, now)
        if round.phase is Phase.VOTING or (
            round.phase is Phase.RESPONDING and round.policy is not Policy.TOGETHER
        ):
            waiting = await self._waiting(press, round.id)
            await service.pretend(press, round.id, ballot_moves(round, player, waiting, seed), now)

    async def _waiting(self, press: Press, round: RoundId) -> tuple[ResponseId, ...]:
        """The responses this pretend player has not voted on."""
        service = self._service

        def look(tx: Transaction) -> tuple[ResponseId, ...]:
            person = communities.find_person(tx, press.player)
            if person is None:
                return ()
            loaded = rounds.load(
                tx, service.keyring, round, community=press.player.community, person=person.id, lock=False
            )
            return showing.ballot(tx, loaded).waiting

        return await service.database.read(look)
