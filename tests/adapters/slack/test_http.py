"""What reaches the web port for Slack: judged before anything reads it, and done once."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import time as clocks
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, quote_plus, urlencode

import aiohttp
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.guard import Guard, Refused, is_slacks, read
from adapters.slack.limits import BODY_BYTES, DEEPEST
from bot.settings import WrongSetting, load
from tests.adapters.five import Time
from tests.adapters.slack.team import HTTP, QUICK, Team, a_team, a_workspace, connected, words_of
from tests.builders import NOON
from tests.patience import PATIENCE
from tests.slack.server import SlackServer

SECRET = "the signing secret of these tests"
NOW = int(NOON.timestamp())
WORDS = "what-somebody-wrote-7f3a"  # in every body here, and to be in no log
AT_ONCE = 20.0  # seconds; a busy machine is slow, but nothing waits for anything here
MANY = 100_000


def signed(secret: str, body: bytes, stamp: str) -> dict[str, str]:
    """The headers that make a body Slack's."""
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest.hexdigest()}"}


JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
EVENT = json.dumps(
    {"type": "event_callback", "team_id": "T1", "event": {"type": "x", "text": WORDS}}
).encode()


@dataclass(frozen=True)
class Bad:
    """A request that is not to be taken, and what it is answered with."""

    status: int
    body: bytes = EVENT
    stamp: str | None = str(NOW)
    secret: str | None = SECRET
    headers: Mapping[str, str] | None = None

    def all_headers(self, secret: str) -> dict[str, str]:
        found = dict(JSON if self.headers is None else self.headers)
        if self.secret is not None:
            found |= signed(
                secret if self.secret == SECRET else self.secret, self.body, self.stamp or str(NOW)
            )
        if self.stamp is None:
            del found["x-slack-request-timestamp"]
        return found


DEEP = b'{"type": "x", "a": ' + b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1) + b"}"
BAD = {
    "another secret": Bad(401, secret="another"),
    "no signature at all": Bad(401, secret=None),
    "a signature that is none": Bad(
        401,
        secret=None,
        headers=JSON | {"x-slack-request-timestamp": str(NOW), "x-slack-signature": "\u00e4v0=x"},
    ),
    "301 seconds old": Bad(401, stamp=str(NOW - 301)),
    "301 seconds early": Bad(401, stamp=str(NOW + 301)),
    "a time that is no number": Bad(401, stamp="abc"),
    "no time": Bad(401, stamp=None),
    "1e99": Bad(401, stamp="1e99"),
    "a time with a sign": Bad(401, stamp=f"+{NOW}"),
    "a time with a space": Bad(401, stamp=f"{NOW} 1"),
    "a time without end": Bad(401, stamp="9" * 5_000),
    "not a number": Bad(401, stamp="nan"),
    "unsigned, and no JSON": Bad(401, b'{"' + WORDS.encode(), secret=None),
    "unsigned, and 100,000 deep": Bad(401, b"[" * MANY, secret=None),
    "unsigned, and no UTF-8": Bad(401, WORDS.encode() + b"\xff\xfe\x80", secret=None),
    "wrongly signed, and no JSON": Bad(401, b'{"' + WORDS.encode(), secret="another"),
    "wrongly signed, and 100,000 deep": Bad(401, b"[" * MANY, secret="another"),
    "wrongly signed, and no UTF-8": Bad(401, WORDS.encode() + b"\xff\xfe\x80", secret="another"),
    "signed, and no JSON": Bad(400, b'{"' + WORDS.encode()),
    "signed, and 100,000 deep": Bad(400, b"[" * MANY),
    "signed, and a little too deep": Bad(400, DEEP),
    "signed, and no UTF-8": Bad(400, WORDS.encode() + b"\xff\xfe\x80"),
    "signed, and a list": Bad(400, json.dumps([WORDS]).encode()),
    "signed, and nothing": Bad(400, b""),
    "signed, and no kind": Bad(400, headers={"content-type": "text/html"}),
    "signed, and a number of 5,000 digits": Bad(400, b'{"type": "x", "a": ' + b"1" * 5_000 + b"}"),
    "signed, and a payload that is no JSON": Bad(400, urlencode({"payload": WORDS}).encode(), headers=FORM),
    "signed, and 1,000 fields": Bad(
        400, "&".join(f"f{n}={WORDS}" for n in range(1_000)).encode(), headers=FORM
    ),
    "signed, and none of Slack's shapes": Bad(400, json.dumps({"team": [WORDS], "event": 5}).encode()),
    "larger than anybody sends": Bad(413, b"x" * (BODY_BYTES + 1)),
    "larger, unsigned": Bad(413, b"x" * (BODY_BYTES + 1), secret=None),
}


@dataclass(frozen=True)
class Door:
    """The program by HTTP, and its address."""

    team: Team
    session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return self.team.workspace.app.url

    @property
    def secret(self) -> str:
        return self.team.workspace.app.signing_secret

    async def post(self, body: object, headers: Mapping[str, str]) -> tuple[int, str]:
        begun = clocks.monotonic()
        async with self.session.post(self.url, data=body, headers=headers) as answer:
            told = await answer.text()
        assert clocks.monotonic() - begun < AT_ONCE
        return answer.status, told


@pytest_asyncio.fixture
async def door(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Door]:
    caplog.set_level(logging.DEBUG)
    async with a_team(tmp_path, by=HTTP) as team, aiohttp.ClientSession() as session:
        yield Door(team, session)


@pytest.mark.asyncio
async def test_every_bad_request_is_refused_at_once_and_no_log_tells_of_it(
    door: Door, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    told = {name: await door.post(bad.body, bad.all_headers(door.secret)) for name, bad in BAD.items()}

    assert told == {name: (bad.status, "") for name, bad in BAD.items()}
    out, err = capfd.readouterr()
    # Whoever has set a wrong secret is told, once; here also what the program's own logs leave out.
    assert (out + err).count("refused what did not come from Slack") == 1
    for log in (out, err, caplog.text):
        assert WORDS not in log
        assert "[[[" not in log


@pytest.mark.asyncio
async def test_ten_megabytes_without_a_length_are_refused_while_they_come(door: Door) -> None:
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(160):
            sent += 65_536
            yield b"x" * 65_536

    for headers in ({}, signed(door.secret, b"", str(NOW))):
        sent = 0
        try:
            async with door.session.post(door.url, data=pieces(), headers=JSON | headers) as answer:
                assert answer.status == (413 if headers else 401)
        except aiohttp.ClientConnectionError:
            pass  # we hung up while it was still being sent
        assert sent < 160 * 65_536


@pytest.mark.asyncio
async def test_the_same_request_twice_is_taken_once(door: Door) -> None:
    headers = JSON | signed(door.secret, EVENT, str(NOW))

    assert [(await door.post(EVENT, headers))[0] for _ in range(2)] == [200, 401]
    door.team.time.move(timedelta(seconds=299))
    assert await door.post(EVENT, headers) == (401, "")
    door.team.time.move(timedelta(seconds=2))
    assert await door.post(EVENT, headers) == (401, "")


@pytest.mark.asyncio
async def test_slack_can_check_the_address(door: Door) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "old"}).encode()

    assert await door.post(body, JSON | signed(door.secret, body, str(NOW))) == (200, "3eZbrw1a")
    async with door.session.get(door.url) as answer:
        assert answer.status == 405


@pytest.mark.asyncio
async def test_what_could_not_be_stored_may_come_again_in_the_same_second(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = door.team
    event = {"type": "reaction_added", "user": "UBEN", "reaction": "bulb", "event_ts": "1.0"}
    event["item"] = {"type": "message", "channel": "C1", "ts": "1.0"}  # type: ignore[assignment]
    said = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}
    body = json.dumps(said).encode()
    headers = JSON | signed(door.secret, body, str(NOW))

    async def fails(*_: object) -> None:
        raise RuntimeError(WORDS)

    with monkeypatch.context() as broken:
        broken.setattr(team.app.service, "place", fails)
        assert await door.post(body, headers) == (503, "")
    assert await door.post(body, headers) == (200, "")


@pytest.mark.asyncio
async def test_an_event_that_comes_five_times_also_over_a_restart_has_one_effect(tmp_path: Path) -> None:
    moving = Time()
    async with SlackServer(clock=moving.seconds, ack_within=PATIENCE, retries=QUICK) as server:
        server.app.deliver = HTTP
        workspace = a_workspace(server)
        async with connected(server, workspace, moving, tmp_path) as team, aiohttp.ClientSession() as session:
            board = await team.deal("open")
            team.ben.person.say(team.channel, "Please ask him first, every time.", board)
            cat = team.cat
            reply = team.channel.posts[-1]
            cat.person.react(reply, "bulb")
            await team.settled()
            sent = list(server.requests)
            before = words_of(board)
            for wait in (0, 0, 60, 300):
                moving.move(timedelta(seconds=wait))
                await _again(session, workspace.app.url, workspace.app.signing_secret, sent, moving)
            await team.settled()
            assert words_of(board) == before
            await team.players["dan"].respond(words="We waited a whole day for that.")
            await team.settled()
            sent = list(server.requests)
            whispers = [words_of(each) for each in team.players["dan"].whispers()]
            before = words_of(board)
        async with connected(server, workspace, moving, tmp_path) as team, aiohttp.ClientSession() as session:
            moving.move(timedelta(seconds=300))
            await _again(session, workspace.app.url, workspace.app.signing_secret, sent, moving)
            await team.settled()
            assert words_of(board) == before
            assert [post for post in team.ours() if words_of(post) == before] == [board]
            assert [words_of(each) for each in team.players["dan"].whispers()][: len(whispers)] == whispers
        assert len([post for post in team.ours() if not post.is_reply]) == 2  # the welcome and the board


async def _again(
    session: aiohttp.ClientSession, url: str, secret: str, sent: list[tuple[str, bytes]], time: Time
) -> None:
    """Everything that Slack ever sent, once more, signed anew, as Slack does it."""
    for number, (kind, body) in enumerate(sent):
        # A second apart, as the clock stands still.
        headers = signed(secret, body, str(int(time.seconds()) + 1 + number % 200))
        async with session.post(
            url, data=body, headers={"content-type": kind, "x-slack-retry-num": "1"} | headers
        ) as answer:
            assert answer.status in {200, 401}, body


@pytest.mark.asyncio
async def test_when_the_first_delivery_is_lost_the_second_is_taken(tmp_path: Path) -> None:
    async with a_team(tmp_path, by=HTTP) as team:
        board = await team.deal("open")
        team.server.faults.lost_events = 1.0

        team.ben.person.say(team.channel, "Please ask him first, every time.", board)
        await team.settled()

        assert team.server.events[-1].sent == 2
        assert "One response so far." in words_of(board)


# --- the guard alone ---------------------------------------------------------------------


def headers_of(given: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(key.encode(), value.encode("utf-8", "surrogatepass")) for key, value in given.items()]


@given(
    stamp=st.one_of(st.text(), st.integers().map(str), st.floats().map(str)),
    signature=st.one_of(st.text(), st.binary().map(lambda each: f"v0={each.hex()}")),
    body=st.binary(),
    length=st.none() | st.text() | st.integers().map(str),
)
def test_garbage_is_refused_and_nothing_else_happens(
    stamp: str, signature: str, body: bytes, length: str | None
) -> None:
    guard = Guard(SECRET, lambda: NOON)
    given = {"x-slack-request-timestamp": stamp, "x-slack-signature": signature}
    if length is not None:
        given["content-length"] = length

    with pytest.raises(Refused) as refused:
        guard.take(*guard.announced(headers_of(given)), body)

    assert refused.value.status in {400, 401, 413}


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
)


@given(
    kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded", "text/plain", ""]),
    body=st.one_of(
        st.binary(),
        st.text().map(lambda each: each.encode(errors="replace")),
        _JSON.map(lambda each: json.dumps(each).encode()),
        _JSON.map(lambda each: urlencode({"payload": json.dumps(each)}).encode()),
    ),
)
def test_what_is_read_is_what_slack_may_say_or_it_is_refused(kind: str, body: bytes) -> None:
    why = ""
    try:
        found = read([(b"content-type", kind.encode())], body)
        is_slacks(found)
    except Refused as refused:
        why = refused.why

    assert why in {"", "body", "depth", "kind"}


_ESCAPED = st.lists(
    st.sampled_from([*'%"{}[]:,&=+;', "%22", "%7B", "%2", "%25", "%2522", "22", "7", "B", "a", "é"])
).map("".join)


@given(st.one_of(_ESCAPED, st.text(), _ESCAPED.map(quote_plus), st.text().map(quote_plus)))
def test_a_form_is_read_as_any_form_is(words: str) -> None:
    body = f"command=x&text={words}".encode(errors="replace")
    kind = [(b"content-type", b"application/x-www-form-urlencoded")]
    try:
        expected = dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        with pytest.raises(Refused):
            read(kind, body)
    else:
        if "payload" not in expected and len(expected) < 40:
            assert read(kind, body) == expected


def test_a_header_that_stands_there_twice_is_none() -> None:
    guard = Guard(SECRET, lambda: NOON)
    twice = headers_of(signed(SECRET, EVENT, str(NOW))) * 2

    with pytest.raises(Refused) as refused:
        guard.announced(twice)

    assert refused.value.status == 401


@pytest.mark.parametrize("away", [-300, 0, 300])
def test_five_minutes_either_way_are_near_enough(away: int) -> None:
    guard = Guard(SECRET, lambda: NOON)

    guard.take(*guard.announced(headers_of(signed(SECRET, EVENT, str(NOW + away)))), EVENT)


def test_brackets_in_what_people_wrote_are_not_depth() -> None:
    said = {"type": "x", "text": '"[{' * 1_000 + "\\"}

    assert read([(b"content-type", b"application/json")], json.dumps(said).encode()) == said


def test_what_was_taken_is_forgotten_when_its_time_is_over() -> None:
    time = Time()
    guard = Guard(SECRET, time)
    for minute in range(60):
        time.move(timedelta(minutes=1))
        body = f"{minute}".encode()
        guard.take(*guard.announced(headers_of(signed(SECRET, body, str(int(time.seconds()))))), body)

    assert len(guard._taken) <= 11


# --- settings ----------------------------------------------------------------------------

TOKEN, APP_TOKEN = ("SHOES_SLACK_BOT_TOKEN", "xoxb-1"), ("SHOES_SLACK_APP_TOKEN", "xapp-1")
SIGNING = ("SHOES_SLACK_SIGNING_SECRET", "abc")


def by_http(*given: tuple[str, str]) -> str | None:
    """How Slack is connected with these settings. Raises WrongSetting."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir("/")
        for name, value in given:
            patch.setenv(name, value)
        return load().slack_by


def test_an_app_token_means_socket_mode_and_a_signing_secret_http() -> None:
    assert by_http() is None
    assert by_http(TOKEN, APP_TOKEN) == "socket"
    assert by_http(TOKEN, SIGNING) == "http"
    assert by_http(TOKEN, APP_TOKEN, SIGNING) == "socket"
    assert by_http(TOKEN, APP_TOKEN, SIGNING, ("SHOES_SLACK_MODE", "http")) == "http"


@pytest.mark.parametrize(
    "given, missing",
    [
        ((TOKEN,), "SHOES_SLACK_APP_TOKEN is missing: Slack needs both tokens."),
        ((APP_TOKEN,), "SHOES_SLACK_BOT_TOKEN is missing: Slack needs both tokens."),
        ((SIGNING,), "SHOES_SLACK_BOT_TOKEN is missing"),
        ((TOKEN, ("SHOES_SLACK_MODE", "http")), "SHOES_SLACK_SIGNING_SECRET is missing"),
        ((TOKEN, SIGNING, ("SHOES_SLACK_MODE", "socket")), "SHOES_SLACK_APP_TOKEN is missing"),
        ((TOKEN, ("SHOES_SLACK_MODE", "pigeon")), "should be socket or http"),
    ],
)
def test_what_is_missing_is_said_by_its_name(given: tuple[tuple[str, str], ...], missing: str) -> None:
    with pytest.raises(WrongSetting, match=missing):
        by_http(*given)
