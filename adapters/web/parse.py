"""What a browser sends -> a Press. Pure: fields in, a value out."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat import Press
from bot.game.model import ChannelId, PlayerId

OURS = frozenset({"csrf", "event", "channel", "action"})  # what every form carries


def press_of(fields: Mapping[str, str], player: PlayerId, name: str) -> Press:
    """One button pressed or one form sent. What is missing is empty: the service says so kindly."""
    return Press(
        player=player,
        channel=ChannelId(fields.get("channel", "")),
        action=fields.get("action", ""),
        # Two browsers may not share a delivery, whatever they send.
        event=f"web:{player.user}:{fields.get('event', '')}",
        name=name,
        fields={key: value for key, value in fields.items() if key not in OURS},
    )
