"""Dealing from a deck: the same seed deals the same cards, and none twice before all were dealt."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.game.decks import deal, order
from bot.game.model import Card, CardId
from tests.builders import a_card, a_deck


def cards(*names: str) -> list[Card]:
    return [a_card(id=CardId(name)) for name in names]


DECK = a_deck(cards=cards("bath", "bus", "bench", "bell", "book"))


def test_the_same_seed_deals_the_same_cards() -> None:
    assert [card.id for card in order(DECK, "monday")] == [card.id for card in order(DECK, "monday")]


def test_this_seed_deals_this_order_in_every_version_of_the_bot() -> None:
    # A channel in the middle of a deck must not see its cards again after an update.
    assert [card.id for card in order(DECK, "monday")] == ["bell", "bench", "bus", "book", "bath"]


def test_other_seeds_deal_in_other_orders() -> None:
    orders = {tuple(card.id for card in order(DECK, str(seed))) for seed in range(50)}

    assert len(orders) > 20


def test_every_card_is_dealt_once_before_any_comes_again() -> None:
    dealt: list[CardId] = []
    for _ in DECK.cards:
        dealt.append(deal(DECK, "monday", dealt).id)

    assert dealt == [card.id for card in order(DECK, "monday")]
    assert sorted(dealt) == ["bath", "bell", "bench", "book", "bus"]


def test_when_all_were_dealt_it_starts_again() -> None:
    everything = [card.id for card in DECK.cards]

    assert deal(DECK, "monday", everything) == order(DECK, "monday")[0]


def test_cards_dealt_from_another_deck_do_not_matter() -> None:
    assert deal(DECK, "monday", [CardId("boat")]) == order(DECK, "monday")[0]


def test_new_cards_do_not_stir_the_others() -> None:
    longer = replace(DECK, cards=(*cards("boat", "bowl"), *DECK.cards))

    old = [card for card in order(longer, "monday") if card.id not in {"boat", "bowl"}]

    assert old == list(order(DECK, "monday"))


def test_the_order_in_the_file_does_not_matter() -> None:
    turned = replace(DECK, cards=DECK.cards[::-1])

    assert order(turned, "monday") == order(DECK, "monday")


@given(seed=st.text(), dealt=st.sets(st.sampled_from([card.id for card in DECK.cards])))
def test_a_card_comes_twice_only_when_all_were_dealt(seed: str, dealt: set[CardId]) -> None:
    card = deal(DECK, seed, dealt)

    assert card in DECK.cards
    assert card.id not in dealt or len(dealt) == len(DECK.cards)
