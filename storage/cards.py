"""Cards <-> JSON, as rounds and prompts hold them."""

from __future__ import annotations

from functools import lru_cache

from pydantic import TypeAdapter

from bot.game.model import Card

_CARDS = TypeAdapter(Card)


@lru_cache(maxsize=2_000)
def card_of(json: str) -> Card:
    """Parsed once, and not at each press: ten thousand channels of a campaign ring at the same minute."""
    return _CARDS.validate_json(json)


def json_of(card: Card) -> str:
    """What `card_of` reads."""
    return _CARDS.dump_json(card).decode()
