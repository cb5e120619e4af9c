"""In front of everything that reaches us by HTTP: is it from Slack, is it new, and is it something to read?

Bolt parses a body before it looks at the signature, and logs it if that is wrong. So nothing
reaches Bolt that was not judged here.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from adapters.slack.limits import BODY_BYTES, DEEPEST, SIGNED_WITHIN

Headers = Sequence[tuple[bytes, bytes]]  # as ASGI has them: names in small letters

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
_FIELDS = 40  # of a command, which has about fifteen
_OFTEN = tuple((f"%{ord(each):02X}", each) for each in '"{}[]:,')
"""Nine tenths of the escapes in a form that holds JSON: a replacement costs less than reading each of them.

None of these is a separator of fields or a digit of an escape, so what is left means what it meant.
"""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKET = re.compile(r"[][{}]")


class Refused(Exception):
    """Not for us. `status` is what to answer, `why` a word for the log; neither tells of what was sent."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Guard:
    """Judges requests. `clock` gives the time in UTC."""

    def __init__(self, signing_secret: str, clock: Callable[[], datetime]) -> None:
        self._secret = signing_secret.encode()
        self._clock = clock
        # Only what Slack has signed gets in here, so nobody can fill it. It is forgotten with its time, and
        # no other process knows of it: what is repeated there is found out by the name of its delivery.
        self._taken: OrderedDict[str, float] = OrderedDict()

    def announced(self, headers: Headers) -> tuple[str, str]:
        """What can be judged before the body is there: its timestamp and signature. Raises Refused."""
        length = _one(headers, b"content-length")
        if length is not None and not _is_number(length):
            raise Refused(400, "length")
        if length is not None and int(length) > BODY_BYTES:
            raise Refused(413, "size")
        stamp, signature = (
            _one(headers, b"x-slack-request-timestamp"),
            _one(headers, b"x-slack-signature"),
        )
        if stamp is None or signature is None:
            raise Refused(401, "unsigned")
        if not _is_number(stamp) or abs(self._now() - int(stamp)) > SIGNED_WITHIN:
            raise Refused(401, "time")
        return stamp, signature

    def take(self, stamp: str, signature: str, body: bytes) -> None:
        """Judge whose body it is, and take it once. Raises Refused."""
        digest = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
        if not hmac.compare_digest(f"v0={digest.hexdigest()}".encode(), signature.encode()):
            raise Refused(401, "signature")
        now = self._now()
        while self._taken and next(iter(self._taken.values())) < now:
            self._taken.popitem(last=False)
        if signature in self._taken:
            raise Refused(401, "replay")
        # From now on, and not from its own time: so those that end first stand first.
        self._taken[signature] = now + 2 * SIGNED_WITHIN

    def give_back(self, signature: str) -> None:
        """It was not done, so that it may come again: Slack repeats an event at once, in the same second."""
        self._taken.pop(signature, None)

    def _now(self) -> float:
        return self._clock().timestamp()


def read(headers: Headers, body: bytes) -> dict[str, Any]:
    """What Slack says, as Socket Mode would bring it. Raises Refused for what is no such thing."""
    kind = (_one(headers, b"content-type") or "").partition(";")[0].strip().lower()
    try:
        text = body.decode()
        if kind == JSON:
            return _said(text)
        if kind == FORM:
            for escape, meant in _OFTEN:
                text = text.replace(escape, meant)
            fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"))
            return _said(fields["payload"]) if "payload" in fields else dict(fields)
    except (ValueError, RecursionError):  # no UTF-8, no JSON, too many fields, too deep
        raise Refused(400, "body") from None
    raise Refused(400, "kind")


def is_slacks(said: Mapping[str, Any]) -> bool:
    """Whether something is said by somebody somewhere, in a shape of Slack's."""
    if "command" in said:
        return all(isinstance(said.get(each), str) for each in ("team_id", "user_id", "channel_id"))
    if said.get("type") == "event_callback":
        event = said.get("event")
        return isinstance(said.get("team_id"), str) and isinstance(event, dict) and _is_kind(event)
    user = said.get("user")
    return isinstance(user, dict) and isinstance(user.get("id"), str) and _is_kind(said)


def _is_kind(said: Mapping[str, Any]) -> bool:
    return isinstance(said.get("type"), str)


def _said(text: str) -> dict[str, Any]:
    if _deepest(text) > DEEPEST:
        raise Refused(400, "depth")
    said = json.loads(text)
    if not isinstance(said, dict):
        raise Refused(400, "body")
    return said


def _deepest(text: str) -> int:
    """How deep JSON goes, brackets that stand in strings left out."""
    deepest = depth = 0
    for each in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if each in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _one(headers: Headers, name: bytes) -> str | None:
    """The value of a header that stands there once; None if there is none, or if there are several."""
    found = [value for key, value in headers if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else None


def _is_number(value: str) -> bool:
    """Digits alone, and few: `int` takes more than that, and takes its time over it."""
    return value.isascii() and value.isdecimal() and len(value) <= 12
