"""What a browser sends -> an id, or a Press. Pure: fields in, a value out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256

from adapters.web.limits import ID_LENGTH
from bot.chat import Press
from bot.game.model import ChannelId, PlayerId

OURS = frozenset({"csrf", "event", "channel", "action", "round"})  # what every form carries

_ID = re.compile(f"[A-Za-z0-9_-]{{1,{ID_LENGTH}}}")


class NotAnId(Exception):
    """What cannot be an id of ours, and is not looked for."""


def id_of(text: str) -> str:
    """An id from outside. Raises NotAnId: a database need not be asked for everything."""
    if not _ID.fullmatch(text):
        raise NotAnId
    return text


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
