"""Our channels by the platforms' own names, and where the cards are that a message links to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache

from bot.chat import ChannelGone, MessageRef, TryLater
from bot.game.model import ChannelId, RoundId
from bot.messages import Form, Message, Ours, Theirs, ToPage, ToRound
from bot.recent import Recent
from storage import communities, outbox
from storage.database import Database, DatabaseUnavailable, Transaction

RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Spot:
    """One of our channels as its platform knows it. It goes by the clock of `zone`, an IANA name."""

    community: str
    channel: str
    zone: str


class Spots:
    """Looks channels up, and remembers them: their names on the platform never change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: Recent[ChannelId, Spot] = Recent()

    async def of(self, channel: ChannelId) -> Spot:
        """Where a channel is. Raises ChannelGone if there is none, TryLater if nobody can say just now."""
        known = self._known.get(channel)
        if known is not None:
            return known

        def transaction(tx: Transaction) -> Spot:
            place = communities.channel(tx, channel, None)
            return Spot(place.community.ref, place.ref, place.time_zone)

        try:
            return self._known.keep(channel, await self._database.read(transaction))
        except communities.NoSuchChannel:
            raise ChannelGone from None
        except DatabaseUnavailable:
            raise TryLater(RETRY_SECONDS) from None

    def forget(self, channel: ChannelId) -> None:
        """It goes by another clock now: look it up again."""
        self._known.drop(channel)

    async def cards(self, channel: ChannelId, content: Message | Form) -> Mapping[RoundId, MessageRef]:
        """Where the cards are that something links to, as far as they are posted in this channel."""
        named = _rounds(content, set())
        if not named:
            return {}

        def transaction(tx: Transaction) -> dict[RoundId, MessageRef]:
            found = {each: outbox.posted(tx, channel, each, "board") for each in named}
            return {each: ref for each, ref in found.items() if ref is not None}

        try:
            return await self._database.read(transaction)
        except DatabaseUnavailable:
            raise TryLater(RETRY_SECONDS) from None


def _rounds(value: object, found: set[RoundId]) -> set[RoundId]:
    """Every round that something links to, put into `found`. Every answer is asked, so it is quick."""
    if isinstance(value, tuple):
        for each in value:
            _rounds(each, found)
    elif isinstance(value, ToRound):
        found.add(value.round)
    elif not isinstance(value, _LINKS_NOWHERE):
        for name in _fields(type(value)):  # type: ignore[arg-type] # types have a hash
            _rounds(getattr(value, name), found)
    return found


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """What a part of a message is made of. Looked up once: every answer asks it of every part."""
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()


_LINKS_NOWHERE = (str, Ours, Theirs, ToPage)  # nearly all of a message: not worth a look inside
