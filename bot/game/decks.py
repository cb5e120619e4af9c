"""Dealing from a deck: the same seed deals the same cards, and none twice before all were dealt."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from bot.game.model import Card, CardId, Deck


def order(deck: Deck, seed: str) -> tuple[Card, ...]:
    """The deck as this seed deals it. Cards added to a deck later do not stir the others."""

    def position(card: Card) -> bytes:
        return hashlib.sha256(f"{seed}\x00{card.id}".encode()).digest()

    return tuple(sorted(deck.cards, key=position))


def deal(deck: Deck, seed: str, dealt: Collection[CardId]) -> Card:
    """The next card for a channel whose `dealt` cards came before; from the start when all were."""
    cards = order(deck, seed)
    return next((card for card in cards if card.id not in dealt), cards[0])
