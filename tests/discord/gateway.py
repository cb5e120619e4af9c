"""From Discord to the app: sessions over WebSockets, with heartbeats, compression, resumes and replays."""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.discord import payloads
from tests.discord.faults import Faults
from tests.discord.record import DM, Can, Guild, Intent, Json, Post, Refused, World, may

# Gateway opcodes; heard are also 2 (identify), 3, 4, 6 (resume) and 8 (members).
DISPATCH, HEARTBEAT, RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 0, 1, 7, 9, 10, 11
IDENTIFIES_A_DAY = 1_000  # Gateway, "Identifying"
SENDS, SENDS_SECONDS = 120, 60.0  # Gateway, "Rate Limiting"
_KNOWN = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))

# Which intent lets an event through: in guilds, and in direct messages.
_NEEDS = {
    "MESSAGE_CREATE": (Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES),
    "MESSAGE_UPDATE": (Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES),
    "MESSAGE_DELETE": (Intent.GUILD_MESSAGES, Intent.DIRECT_MESSAGES),
    "MESSAGE_REACTION_ADD": (Intent.GUILD_MESSAGE_REACTIONS, Intent.DIRECT_MESSAGE_REACTIONS),
    "MESSAGE_REACTION_REMOVE": (Intent.GUILD_MESSAGE_REACTIONS, Intent.DIRECT_MESSAGE_REACTIONS),
}


@dataclass(eq=False)
class Socket:
    """One open WebSocket. `heard` is when the app sent something, `beats` how many heartbeats that were."""

    raw: web.WebSocketResponse
    request: web.Request
    compressor: Any = None
    session: Session | None = None
    beats: int = 0
    ended: bool = False  # by this side
    heard: deque[float] = field(default_factory=deque)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, text: str) -> None:
        """Send one payload, compressed if the app asked for it (Gateway, "Transport Compression")."""
        async with self.lock:
            if self.raw.closed:
                return
            try:
                if self.compressor is None:
                    await self.raw.send_str(text)
                else:
                    packed = self.compressor.compress(text.encode()) + self.compressor.flush(
                        zlib.Z_SYNC_FLUSH
                    )
                    await self.raw.send_bytes(packed)
            except (ConnectionError, RuntimeError):
                return

    def drop(self) -> None:
        """Break it without a word."""
        if self.request.transport:
            self.request.transport.abort()


@dataclass(eq=False)
class Session:
    """What one identify began. `sent` is what a resume can have again."""

    id: str
    intents: int
    shard: tuple[int, int]
    seq: int = 0
    sent: list[tuple[int, str]] = field(default_factory=list)
    socket: Socket | None = None
    valid: bool = True

    def sees(self, guild: Guild | None) -> bool:
        """Whether events of a guild (None: direct messages) belong to its shard (Gateway, "Sharding")."""
        number, of = self.shard
        return (int(guild.id) >> 22) % of == number if guild else number == 0


@dataclass(frozen=True, slots=True)
class Delivered:
    """One event as it was sent to one session. `lost`: by a fault, nobody ever gets it."""

    name: str
    data: Json
    session: str
    lost: bool = False


@dataclass(eq=False)
class Gateway:
    """All that goes to the app's sessions."""

    world: World
    faults: Faults
    refused: list[Refused]
    address: Callable[[], str]
    heartbeat: float  # seconds between the app's heartbeats
    events: list[Delivered] = field(default_factory=list)
    sessions: dict[str, Session] = field(default_factory=dict)
    sockets: list[Socket] = field(default_factory=list)
    identifies: list[float] = field(default_factory=list)
    resumes: int = 0
    budget: int = IDENTIFIES_A_DAY
    _held: list[Callable[[], None]] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    # --- Sockets -----------------------------------------------------------------------------------

    async def connected(self, request: web.Request) -> web.WebSocketResponse:
        """Hold one WebSocket of the app, until either side ends it."""
        raw = web.WebSocketResponse(max_msg_size=4096, compress=False)
        await raw.prepare(request)
        socket = Socket(raw, request)
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            await raw.close(code=4012)
            return raw
        if request.query.get("compress") == "zlib-stream":
            socket.compressor = zlib.compressobj()
        elif "compress" in request.query:
            self.refused.append(
                Refused("gateway", 4002, (f"compress={request.query['compress']} is not built here",))
            )
            await raw.close(code=4002)
            return raw
        self.sockets.append(socket)
        self.world.changed()
        try:
            await socket.send(
                _packed(HELLO, {"heartbeat_interval": int(self.heartbeat * 1000), "_trace": ["gateway-1"]})
            )
            async for message in raw:
                if message.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                    await self._hear(socket, message.data)
        finally:
            self.sockets = [each for each in self.sockets if each is not socket]
            if socket.session and socket.session.socket is socket:
                socket.session.socket = None
                if not socket.ended and raw.close_code in (
                    1000,
                    1001,
                ):  # Gateway, "Disconnecting": the session ends
                    socket.session.valid = False
            self.world.changed()
        return raw

    async def _hear(self, socket: Socket, raw: str | bytes) -> None:
        now = self.world.clock()
        while socket.heard and now - socket.heard[0] >= SENDS_SECONDS:
            socket.heard.popleft()
        socket.heard.append(now)
        try:
            said = json.loads(raw)
            op, data = said["op"], said.get("d")
        except (ValueError, KeyError, TypeError):
            await self._close(socket, 4002, "that was no payload")
            return
        if len(socket.heard) > SENDS and op != HEARTBEAT:
            await self._close(socket, 4008, f"more than {SENDS} payloads in a minute")
            return
        match op:
            case 1:
                socket.beats += 1
                if not self.faults.deaf:
                    await socket.send(_packed(HEARTBEAT_ACK, None))
            case 2 if socket.session is not None:
                await self._close(socket, 4005, "identified twice")
            case 2:
                await self._identify(socket, data)
            case 6:
                await self._resume(socket, data)
            case _ if socket.session is None:
                await self._close(socket, 4003, "not identified yet")
            case 3 | 4:
                pass
            case 8:
                await self._members(socket.session, data)
            case _:
                await self._close(socket, 4001, f"opcode {op}")

    async def _close(self, socket: Socket, code: int, why: str) -> None:
        self.refused.append(Refused("gateway", code, (why,)))
        if socket.session:
            socket.session.valid = code not in (4004, 4007, 4009)
        socket.ended = True
        await socket.raw.close(code=code, message=why.encode())

    async def _identify(self, socket: Socket, data: Json) -> None:
        self.identifies.append(self.world.clock())
        app = self.world.app
        if len(self.recent_identifies) > self.budget:
            await self._close(socket, 4004, "the identifies of this day are used up")
            return
        intents, (number, of) = data.get("intents"), data.get("shard") or (0, 1)
        if str(data.get("token", "")).removeprefix("Bot ") != app.token:
            await self._close(socket, 4004, "no such token")
        elif not isinstance(intents, int) or intents & ~_KNOWN:
            await self._close(socket, 4013, f"intents {intents}")
        elif (intents & Intent.MESSAGE_CONTENT and not app.message_content) or (
            intents & (Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES) and not app.guild_members
        ):
            # Our own settings at Discord's are wrong, not our code: noted all the same.
            await self._close(socket, 4014, "a privileged intent that is not switched on")
        elif not 0 <= number < of:
            await self._close(socket, 4010, f"shard {number} of {of}")
        else:
            for before in self.sessions.values():
                if before.socket is None and before.shard == (number, of):
                    before.valid = False  # the app began anew: what it left is never resumed
            session = Session(secrets.token_hex(16), intents, (number, of), socket=socket)
            self.sessions[session.id] = session
            socket.session = session
            await self._ready(session)

    async def _ready(self, session: Session) -> None:
        world = self.world
        guilds = [each for each in world.guilds.values() if not each.gone and session.sees(each)]
        ready = {
            "v": 10,
            "user": payloads.me(world.app),
            "guilds": [{"id": each.id, "unavailable": True} for each in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.address(),
            "shard": list(session.shard),
            "application": {
                "id": world.app.id, "flags": payloads.application(world.app, len(guilds))["flags"]
            },
            "session_type": "normal",
            "private_channels": [],
            "presences": [],
            "relationships": [],
            "geo_ordered_rtc_regions": [],
            "_trace": ["gateway-1"],
        }  # fmt: skip
        self._dispatch(session, "READY", ready)
        if session.intents & Intent.GUILDS:
            for each in guilds:
                if not each.unavailable:
                    self._dispatch(session, "GUILD_CREATE", payloads.full_guild(world, each))
        world.changed()

    async def _resume(self, socket: Socket, data: Json) -> None:
        session = self.sessions.get(str(data.get("session_id", "")))
        if str(data.get("token", "")).removeprefix("Bot ") != self.world.app.token:
            await self._close(socket, 4004, "no such token")
            return
        seq = data.get("seq")
        if session is None or not session.valid or self.faults.no_resume:
            await socket.send(_packed(INVALID_SESSION, False))
            return
        if not isinstance(seq, int) or seq > session.seq:
            await self._close(socket, 4007, f"seq {seq}")
            return
        self.resumes += 1
        before, session.socket, socket.session = session.socket, socket, session
        if before is not None:
            before.session = None
            before.drop()
        for number, text in [*session.sent]:
            if number > seq:
                self._write(socket, text)
        self._dispatch(session, "RESUMED", {"_trace": ["gateway-1"]})
        self.world.changed()

    async def _members(self, session: Session, data: Json) -> None:
        """Answer a request for members with those asked for by id, or by the beginning of a name."""
        guild = self.world.guilds.get(str(data.get("guild_id", "")))
        if guild is None or guild.gone:
            return
        ids = data.get("user_ids") or []
        ids = {str(each) for each in (ids if isinstance(ids, list) else [ids])}
        query = data.get("query")
        found = [
            each
            for id, each in guild.members.items()
            if id in ids or (query is not None and each.shown.lower().startswith(query.lower()))
        ]
        chunk = {
            "guild_id": guild.id,
            "members": [payloads.full_member(each) for each in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": sorted(ids - guild.members.keys()),
            **({"nonce": data["nonce"]} if "nonce" in data else {}),
        }
        self._dispatch(session, "GUILD_MEMBERS_CHUNK", chunk)

    @property
    def recent_identifies(self) -> list[float]:
        """When the app identified in the last day."""
        return [each for each in self.identifies if self.world.clock() - each < 86_400]

    @property
    def open(self) -> list[Session]:
        """The sessions with a socket, in the order they began."""
        return [each for each in self.sessions.values() if each.socket is not None and each.valid]

    # --- What a test does to them ---------------------------------------------------------------------

    def drop(self) -> None:
        """Break every socket without a word; the sessions can be resumed."""
        for each in self.sockets:
            each.drop()

    def forget(self) -> None:
        """Forget every session: a resume is refused, and what happens meanwhile is lost."""
        for each in self.sessions.values():
            each.valid = False

    async def reconnect(self) -> None:
        """Tell every socket to reconnect and resume (opcode 7)."""
        for each in [*self.sockets]:
            await each.send(_packed(RECONNECT, None))

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every socket that its session is invalid (opcode 9)."""
        for each in [*self.sockets]:
            if each.session and not resumable:
                each.session.valid = False
            await each.send(_packed(INVALID_SESSION, resumable))

    async def close(self, code: int) -> None:
        """Close every socket with one of Discord's codes (Gateway, "Gateway Close Event Codes")."""
        for each in [*self.sockets]:
            if each.session:
                each.session.valid = code not in (1000, 1001, 4004, 4007, 4009)
            each.ended = True
            await each.raw.close(code=code)

    async def ask_heartbeat(self) -> None:
        """Ask every socket for a heartbeat at once (opcode 1)."""
        for each in [*self.sockets]:
            await each.send(_packed(HEARTBEAT, None))

    async def garble(self, text: str = '{"op": 0, "t": "MESSAGE_CREATE", "s": 1, "d": {}}') -> None:
        """Send something malformed: by default a message without any of its fields."""
        for each in [*self.sockets]:
            await each.send(text)

    async def end(self) -> None:
        """Close everything: the server stops."""
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for each in [*self.sockets]:
            await each.raw.close(code=1001)

    # --- Events ------------------------------------------------------------------------------------

    def emit(self, name: str, data: Json, guild: Guild | None, post: Post | None) -> None:
        """Send an event on its way to every session that may have it."""
        for session in [*self.sessions.values()]:
            if session.valid and session.sees(guild) and self._may(session, name, data, guild):
                shown = data if self._reads(session, name, post) else _hidden(data)
                self._start(session, name, shown)

    def _may(self, session: Session, name: str, data: Json, guild: Guild | None) -> bool:
        if guild is not None and guild.gone and name != "GUILD_CREATE":
            return False
        if name == "INTERACTION_CREATE":
            return True
        in_guilds, in_dms = _NEEDS.get(name, (Intent.GUILDS, Intent.DIRECT_MESSAGES))
        if not session.intents & (in_guilds if guild else in_dms):
            return False
        id = data.get("channel_id") or (data["id"] if name.startswith(("CHANNEL", "THREAD")) else "")
        there = self.world.channels.get(str(id))
        if there is None or there.type == DM or name in {"CHANNEL_UPDATE", "CHANNEL_DELETE"}:
            return True
        return may(there, self.world.app.bot.id, Can.VIEW_CHANNEL)

    def _reads(self, session: Session, name: str, post: Post | None) -> bool:
        """Whether a session may read the words (Gateway, "Message Content Intent")."""
        if name not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} or post is None:
            return True
        if session.intents & Intent.MESSAGE_CONTENT:
            return True
        bot = self.world.app.bot
        return post.author is bot or bot.id in post.pings or post.channel.guild is None

    def _start(self, session: Session, name: str, data: Json) -> None:
        lost = name in self.faults.losable and self.faults.strikes(self.faults.lost_events)
        if self.faults.reorder and name not in {"READY", "GUILD_CREATE"}:
            self._held.append(lambda: self._deliver(session, name, data, lost))
            if len(self._held) >= self.faults.reorder:
                self._release()
            elif len(self._held) == 1:
                asyncio.get_running_loop().call_later(self.faults.hold, self._release)
        elif self.faults.delay:
            wait = self.faults.chance.uniform(0, self.faults.delay)
            asyncio.get_running_loop().call_later(wait, self._deliver, session, name, data, lost)
        else:
            self._deliver(session, name, data, lost)

    def _release(self) -> None:
        held, self._held = self._held, []
        self.faults.chance.shuffle(held)
        for deliver in held:
            deliver()

    def _deliver(self, session: Session, name: str, data: Json, lost: bool) -> None:
        if self.faults.strikes(self.faults.dropped_sockets) and session.socket:
            session.socket.drop()
        for _ in range(2 if self.faults.strikes(self.faults.twice) else 1):
            self._dispatch(session, name, data, lost)

    def _dispatch(self, session: Session, name: str, data: Json, lost: bool = False) -> None:
        session.seq += 1
        self.events.append(Delivered(name, data, session.id, lost))
        if lost:
            return
        if name == "INTERACTION_CREATE":
            asked = self.world.interactions[data["id"]]
            asked.sent += 1
            asked.excused = asked.sent > 1
        text = json.dumps({"t": name, "s": session.seq, "op": DISPATCH, "d": data})
        session.sent.append((session.seq, text))
        if session.socket is not None:
            self._write(session.socket, text)

    def _write(self, socket: Socket, text: str) -> None:
        """Send without waiting, in order: a task for each, and the socket's lock keeps the line."""
        task = asyncio.get_running_loop().create_task(socket.send(text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _packed(op: int, data: Any) -> str:
    return json.dumps({"t": None, "s": None, "op": op, "d": data})


def _hidden(data: Json) -> Json:
    """A message without what the message content intent is needed for."""
    shown = {**data, "content": "", "embeds": [], "attachments": [], "components": []}
    if shown.get("referenced_message"):
        shown["referenced_message"] = _hidden(shown["referenced_message"])
    return shown
