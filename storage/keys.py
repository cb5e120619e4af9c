"""Keys: what wraps a round's key, what a token is made of, and how a return address is sealed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.game.model import PersonId

ROUND_KEY_BYTES = 32
TOKEN_BYTES = 16
NONCE_BYTES = 12


def _derive(key: bytes, purpose: str) -> bytes:
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()


def _fernet(secret: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derive(secret, "seal tokens")))


class Unreadable(Exception):
    """Something was encrypted with a secret that we do not have."""


class Keyring:
    """Made from SHOES_SECRET_KEY. Every purpose has a key of its own.

    `older` secrets still open what they encrypted, and are used for nothing new.
    """

    def __init__(self, secret: bytes, *older: bytes) -> None:
        self._wraps = [AESGCM(_derive(each, "wrap round keys")) for each in (secret, *older)]
        self._wrap = self._wraps[0]
        self._seals = MultiFernet([_fernet(each) for each in (secret, *older)])
        # What was hashed stays findable: with the newest secret alone nothing of before would be.
        self._inbound = _derive((secret, *older)[-1], "inbound")
        self._links = _derive(secret, "links")

    def keep_inbound(self, key: bytes) -> None:
        """Go on with the key of an earlier secret for what was seen."""
        self._inbound = key

    @property
    def inbound(self) -> bytes:
        """The key for what was seen, to be kept beyond its secret."""
        return self._inbound

    def seal(self, words: str) -> str:
        """Words, a token say, as they may be stored."""
        return self._seals.encrypt(words.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """The words back. Raises Unreadable."""
        try:
            return self._seals.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unreadable from None

    def wrap(self, key: RoundKey) -> bytes:
        """A round's key as it may be stored."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._wrap.encrypt(nonce, key.secret, None)

    def unwrap(self, wrapped: bytes) -> RoundKey:
        """The key back. Raises cryptography's InvalidTag under another secret."""
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        for older in self._wraps[:-1]:
            with suppress(InvalidTag):
                return RoundKey(older.decrypt(nonce, sealed, None))
        return RoundKey(self._wraps[-1].decrypt(nonce, sealed, None))

    def seen(self, event: str) -> bytes:
        """What is kept of a delivery that was already seen: says nothing without the secret."""
        return hmac.new(self._inbound, event.encode(), hashlib.sha256).digest()[:TOKEN_BYTES]

    def mark(self, words: str) -> bytes:
        """What stands for somebody who may be counted once: says nothing without the secret."""
        return hmac.new(self._inbound, f"mark {words}".encode(), hashlib.sha256).digest()[:TOKEN_BYTES]

    def sign(self, words: str) -> str:
        """A signature for a link that carries `words`."""
        digest = hmac.new(self._links, words.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:18]).decode()

    def signed(self, words: str, signature: str) -> bool:
        """Whether `signature` is ours, compared in constant time."""
        return hmac.compare_digest(self.sign(words).encode(), signature.encode(errors="replace"))


class RoundKey:
    """The key of one round. Once it is deleted, no token can be tied to a person again."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret

    @classmethod
    def new(cls) -> RoundKey:
        """A fresh random key."""
        return cls(os.urandom(ROUND_KEY_BYTES))

    def token(self, person: PersonId) -> bytes:
        """HMAC(round key, person)."""
        return hmac.new(self.secret, person.encode(), hashlib.sha256).digest()[:TOKEN_BYTES]

    def seal(self, person: PersonId) -> bytes:
        """A return address that only the program can open, with no time in it."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._address.encrypt(nonce, person.encode(), None)

    def open(self, address: bytes) -> PersonId:
        """Whose return address this is."""
        nonce, sealed = address[:NONCE_BYTES], address[NONCE_BYTES:]
        return PersonId(self._address.decrypt(nonce, sealed, None).decode())

    @property
    def _address(self) -> AESGCM:
        return AESGCM(_derive(self.secret, "return address"))
