"""Our channels by the platforms' own names, and where the cards are that a message links to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from bot.chat import ChannelGone, MessageRef, TryLater
from bot.game.model import ChannelId, RoundId
from bot.messages import Form, Message, ToRound
from bot.recent import Recent
from storage import communities, outbox
from storage.database import Database, DatabaseUnavailable, Transaction

RETRY_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Spot:
    """One of our channels as its platform knows it. `zone` is the community's, an IANA name."""

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
            return Spot(place.community.ref, place.ref, place.community.time_zone)

        try:
            return self._known.keep(channel, await self._database.read(transaction))
        except communities.NoSuchChannel:
            raise ChannelGone from None
        except DatabaseUnavailable:
            raise TryLater(RETRY_SECONDS) from None

    async def cards(self, channel: ChannelId, content: Message | Form) -> Mapping[RoundId, MessageRef]:
        """Where the cards are that something links to, as far as they are posted in this channel."""
        named = set(_rounds(content))
        if not named:
            return {}

        def transaction(tx: Transaction) -> dict[RoundId, MessageRef]:
            found = {each: outbox.posted(tx, channel, each, "board") for each in named}
            return {each: ref for each, ref in found.items() if ref is not None}

        try:
            return await self._database.read(transaction)
        except DatabaseUnavailable:
            raise TryLater(RETRY_SECONDS) from None


def _rounds(value: object) -> Iterator[RoundId]:
    """Every round that something links to."""
    if isinstance(value, ToRound):
        yield value.round
    elif isinstance(value, tuple):
        for each in value:
            yield from _rounds(each)
    else:
        for name in _fields(type(value)):
            yield from _rounds(getattr(value, name))


def _fields(kind: type) -> tuple[str, ...]:
    """What a part of a message is made of. Looked up once: every answer asks it of every part."""
    found = _FIELDS.get(kind)
    if found is None:
        names = tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()
        found = _FIELDS[kind] = names
    return found


_FIELDS: dict[type, tuple[str, ...]] = {}
