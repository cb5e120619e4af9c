"""What a browser sends -> a Press. Pure: fields in, a value out."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from bot.chat import Press
from bot.game.model import ChannelId, PlayerId

OURS = frozenset({"csrf", "event", "channel", "action", "round"})  # what every form carries


def _event(fields: Mapping[str, str], player: PlayerId) -> str:
    """What names this delivery: the page's own number, and all that was sent with it.

    Another button of the same page is another press, and so are words that were changed
    after an answer got lost. Two browsers never share a delivery, whatever they send.
    """
    sent = sorted((key, value) for key, value in fields.items() if key != "csrf")
    return f"web:{player.user}:{sha256(repr(sent).encode()).hexdigest()}"


def press_of(fields: Mapping[str, str], player: PlayerId, name: str) -> Press:
    """One button pressed or one form sent. What is missing is empty: the service says so kindly."""
    return Press(
        player=player,
        channel=ChannelId(fields.get("channel", "")),
        action=fields.get("action", ""),
        event=_event(fields, player),
        name=name,
        fields={key: value for key, value in fields.items() if key not in OURS},
    )
