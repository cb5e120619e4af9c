"""What a platform has to offer so that the adapter contract can be tried on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.actions import Verb
from bot.chat import Chat, MessageRef
from bot.game.model import ChannelId, PlayerId, Policy
from bot.messages import Form

PACK = Path(__file__).parent / "pack"
DECK = "contract"  # one card, so that every platform plays the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One thing that a player sees now, as the platform's own client would show it.

    `text` is what a reader reads, without marks of direction that end with the words they came
    in: any that is left here would turn our own words round. `under` is the card in whose
    thread it stands. `private` things are seen by this player alone.
    """

    text: str
    ref: MessageRef | None = None
    under: MessageRef | None = None
    private: bool = False
    actions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    called: frozenset[str] = frozenset()  # players whom it calls by a mention


class Platform(Protocol):
    """A platform, or the server that stands for it in tests, with the whole program behind it.

    Players are known by their names. What they press and send goes the platform's own way.
    The clock stands still at NOON.
    """

    @property
    def chat(self) -> Chat:
        """The adapter that is tried."""
        ...

    async def a_channel(self, *names: str) -> ChannelId:
        """A new channel with these players in it."""
        ...

    def player(self, channel: ChannelId, name: str) -> PlayerId:
        """Who this is on the platform."""
        ...

    async def deal(self, channel: ChannelId, name: str, policy: Policy) -> MessageRef:
        """Have a player deal the card of `DECK`. Where its board is, once it is there."""
        ...

    async def seen(self, channel: ChannelId, name: str) -> Sequence[Shown]:
        """Everything a player sees in a channel now, in its order."""
        ...

    async def press(self, channel: ChannelId, name: str, verb: Verb, value: str = "") -> None:
        """Press the button that does this, where the player sees it; back when all of it is done."""
        ...

    async def send(
        self, channel: ChannelId, name: str, verb: Verb, *, twice: bool = False, **fields: str
    ) -> None:
        """Fill in the form that is open and send it. `twice`: the platform delivers it a second time."""
        ...

    async def reply(self, channel: ChannelId, name: str, words: str) -> None:
        """Write in the thread of the newest card."""
        ...

    def form(self, form: Form) -> Shown:
        """A form as a player sees it."""
        ...
