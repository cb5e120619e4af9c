"""The pretend players: what they do is the same each time, and nobody outside can work it out."""

from adapters.web.practice import ballot_moves, cast
from bot.game.model import ResponseId
from storage.keys import Keyring
from tests.builders import a_card, a_round

ONE, OTHER = Keyring(b"one secret").sign, Keyring(b"another secret").sign
RESPONSES = [ResponseId(f"response-{number}") for number in range(12)]


def test_votes_are_the_same_each_time() -> None:
    for player in cast(a_card()):
        assert ballot_moves(a_round(), player, RESPONSES, ONE) == ballot_moves(
            a_round(), player, RESPONSES[::-1], ONE
        )


def test_votes_cannot_be_worked_out_from_what_a_page_shows() -> None:
    players = cast(a_card())
    one, other = (
        [ballot_moves(a_round(), each, RESPONSES, seed) for each in players] for seed in (ONE, OTHER)
    )

    assert sum(a != b for a, b in zip(one, other, strict=True)) > len(players) / 2
