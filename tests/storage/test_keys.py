"""Keys: tokens that say nothing, addresses that only the round's key opens, wrapping."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag

from storage.keys import Keyring, RoundKey
from tests.builders import ADA, BEN

KEYRING = Keyring(b"one secret")
OTHER = Keyring(b"another secret")


def test_a_person_has_one_token_in_a_round_and_another_in_the_next() -> None:
    one, two = RoundKey.new(), RoundKey.new()

    assert one.token(ADA) == one.token(ADA)
    assert len({one.token(ADA), one.token(BEN), two.token(ADA), two.token(BEN)}) == 4
    assert len(one.token(ADA)) == 16
    assert ADA.encode() not in one.token(ADA)


def test_a_return_address_opens_with_its_own_key_only_and_never_looks_the_same() -> None:
    one, two = RoundKey.new(), RoundKey.new()

    first, second = one.seal(ADA), one.seal(ADA)

    assert one.open(first) == one.open(second) == ADA
    assert first != second
    assert ADA.encode() not in first
    with pytest.raises(InvalidTag):
        two.open(first)


def test_an_address_that_was_changed_does_not_open() -> None:
    key = RoundKey.new()
    sealed = bytearray(key.seal(ADA))
    sealed[-1] ^= 1

    with pytest.raises(InvalidTag):
        key.open(bytes(sealed))


def test_a_wrapped_key_comes_back_and_says_nothing_without_the_secret() -> None:
    key = RoundKey.new()

    wrapped = KEYRING.wrap(key)

    assert KEYRING.unwrap(wrapped).secret == key.secret
    assert key.secret not in wrapped
    with pytest.raises(InvalidTag):
        OTHER.unwrap(wrapped)


def test_two_new_keys_are_never_the_same() -> None:
    assert len({RoundKey.new().secret for _ in range(100)}) == 100


def test_what_was_seen_cannot_be_told_without_the_secret() -> None:
    assert KEYRING.seen("event") == KEYRING.seen("event")
    assert KEYRING.seen("event") != OTHER.seen("event")
    assert KEYRING.seen("event") != KEYRING.seen("another event")


def test_a_signature_holds_for_its_words_and_its_secret() -> None:
    signature = KEYRING.sign("room 7")

    assert KEYRING.signed("room 7", signature)
    assert not KEYRING.signed("room 8", signature)
    assert not KEYRING.signed("room 7", OTHER.sign("room 7"))
    assert not KEYRING.signed("room 7", "")
    assert not KEYRING.signed("room 7", "\ud800 é")
