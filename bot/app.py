"""Builds every part from the settings, starts it, and stops it: the one place that asks the clock."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from pydantic import SecretStr

from adapters.discord import chat as discord
from adapters.discord.client import DiscordClient
from adapters.discord.limits import IDENTIFY_GAP_SECONDS
from adapters.slack import chat as slack
from adapters.slack.client import SlackClient
from adapters.slack.guard import Guard
from adapters.slack.http import Endpoint
from adapters.slack.installs import Installs
from adapters.slack.manifest import EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH
from adapters.slack.oauth import AddToSlack
from adapters.slack.workspace import Workspaces
from adapters.web.chat import PLATFORM, WebChat
from adapters.web.client import WebClient
from adapters.web.hub import Hub
from adapters.web.practice import Pretenders
from adapters.web.server import ASGIApp, WebServer, by_path
from bot import zones
from bot.chance import Chance, SystemChance
from bot.chat import Chat, DeliveryFailed
from bot.courier import Courier
from bot.effects_out import DELIVER, RING, SCRUB, AlarmKind, kind_of, put_scrub
from bot.game.model import ChannelId, Pack, PlayerId
from bot.jobs.embedded import EmbeddedJobs
from bot.service import Service
from bot.settings import Settings, secrets_of
from bot.tools import Care, Terms
from content.lists import load_calendar, load_harm_words, load_help_lines
from content.packs import SHIPPED_PACKS, load_packs
from storage import alarms, links, outbox, room
from storage.database import Database, Transaction, open_database
from storage.keys import Keyring
from storage.migrate import migrate
from storage.rekey import recall

STOP_WITHIN_SECONDS = 4  # and uvicorn before it 5: ten seconds in all
TICK_SECONDS = 60
PING_SECONDS = 5.0  # how soon a connection that broke without a word is noticed
WHISPERS_KEPT = timedelta(days=7)  # who asked to be told, and who was told what
SETTLE_SECONDS = 1.0  # how long a page waits for what a press caused
CLOCK_LATE = timedelta(minutes=2)

log = structlog.get_logger()

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def _said(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What is played with: packs, and the lists beside them."""

    packs: tuple[Pack, ...]
    care: Care


def read_contents(packs: Iterable[Path] = ()) -> Contents:
    """What comes with the program, and more folders of packs. Raises ContentRefused with every problem."""
    return Contents(
        load_packs((SHIPPED_PACKS, *packs)),
        Care(help_lines=load_help_lines(), harm=load_harm_words(), events=load_calendar()),
    )


class App:
    """The whole program on one database. `paced`: no more calls than platforms want.

    `ping_seconds`: how often a connection to a platform is looked after.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        practice: bool,
        clock: Clock = system_clock,
        chance: Chance | None = None,
        folder: Path = Path("data"),
        paced: bool = True,
        ping_seconds: float = PING_SECONDS,
        contents: Contents | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        contents = contents or read_contents(settings.packs)  # before the database: it may be refused
        self.database: Database = open_database(settings.database_url, exclusive=True)
        migrate(self.database.engine)
        keyring = Keyring(*secrets_of(settings, folder))
        with self.database.engine.begin() as connection:
            recall(Transaction(connection), keyring)
        self.jobs = EmbeddedJobs(
            self.database,
            clock,
            due={DELIVER: outbox.due, RING: alarms.due},
            next_due=(outbox.next_due_at, alarms.next_due_at),
        )
        terms = Terms(
            threshold=settings.threshold,
            time_zone=settings.time_zone,
            language=settings.language,
            retention=timedelta(days=settings.retention_days),
            address=settings.public_url or f"http://{settings.web_host}:{settings.web_port}",
        )
        packs, care = contents.packs, contents.care
        self.service = Service(
            self.database, self.jobs, keyring, packs, chance or SystemChance(), terms, care
        )
        self.hub = Hub()
        chats: dict[str, Chat] = {PLATFORM: WebChat(self.database, clock)}
        self.slack = self._slack(settings, paced, ping_seconds)
        if self.slack is not None:
            chats[slack.PLATFORM] = self.slack.chat
            self.service.tools.zone_changed.append(self.slack.chat.forget)
        self.discord = self._discord(settings, paced)
        if self.discord is not None:
            chats[discord.PLATFORM] = self.discord.chat
            self.service.tools.zone_changed.append(self.discord.chat.forget)
        self._chats = chats
        untold = self.service.tools.untold
        self.courier = Courier(self.database, keyring, chats, clock, self.hub.changed, care, untold.add)
        self._pretenders = Pretenders(self.service)
        self._ticked_at = clock()
        self.jobs.on(DELIVER, self.courier.deliver)
        self.jobs.on(RING, self._ring)
        self.jobs.on(SCRUB, self.service.scrub)
        self._registry = CollectorRegistry()
        self._waiting = Gauge(
            "shoes_outbox_waiting", "Channels with effects to deliver", registry=self._registry
        )
        self._late = Gauge("shoes_alarms_due", "Alarms that are due", registry=self._registry)
        self.web = WebClient(
            self.service,
            self.hub,
            settings,
            clock,
            self._settle,
            practice=practice,
            ready=self.trouble,
            metrics=lambda: generate_latest(self._registry),
            takes_part=self._takes_part,
        )

    def _slack(self, settings: Settings, paced: bool, ping_seconds: float) -> SlackClient | None:
        """Slack, where its tokens are set."""
        if settings.slack_by is None:
            return None
        by_socket = settings.slack_by == "socket"
        again = f"{settings.public_url}{INSTALL_PATH}" if settings.slack_client_id else ""
        workspaces = Workspaces(settings.slack_api_url)
        return SlackClient(
            self.service,
            slack.SlackChat(self.database, workspaces, paced=paced),
            workspaces,
            self.clock,
            installs=Installs(
                self.database,
                self.service.keyring,
                workspaces,
                self.clock,
                lambda tx: put_scrub(tx, self.jobs, self.clock()),
                client_id="" if by_socket else settings.slack_client_id,
                client_secret=_said(settings.slack_client_secret),
                again=again,
            ),
            bot_token=_said(settings.slack_bot_token),
            app_token=_said(settings.slack_app_token) if by_socket else "",
            add_at=again,
            ping_seconds=ping_seconds,
        )

    async def _takes_part(self, channel: ChannelId, player: PlayerId) -> bool:
        """Whether a player may read a channel just now. Where nobody can tell, they may not."""
        chat = self._chats.get(player.platform)
        try:
            return chat is not None and await chat.takes_part(channel, player)
        except DeliveryFailed:
            return False

    def _beside_the_pages(self) -> Mapping[str, ASGIApp]:
        """What has an address of its own on the web port, and a guard of its own."""
        settings = self.settings
        if self.slack is None or settings.slack_by != "http":
            return {}
        guard = Guard(_said(settings.slack_signing_secret), self.clock)
        here: dict[str, ASGIApp] = {EVENTS_PATH: Endpoint(guard, self.slack.take)}
        if settings.slack_client_id:
            add = AddToSlack(
                self.database,
                self.service.keyring,
                self.slack.installs,
                self.clock,
                self.slack.added,
                client_id=settings.slack_client_id,
                public_url=settings.public_url,
                api_url=settings.slack_api_url,
            )
            here |= {INSTALL_PATH: add.install, REDIRECT_PATH: add.redirected}
        return here

    def _discord(self, settings: Settings, paced: bool) -> DiscordClient | None:
        """Discord, where its token is set."""
        if settings.discord_token is None:
            return None
        return DiscordClient(
            self.service,
            discord.DiscordChat(self.database, paced=paced),
            self.clock,
            token=settings.discord_token.get_secret_value(),
            reads_threads=settings.discord_read_threads,
            api_url=settings.discord_api_url,
            gateway_url=settings.discord_gateway_url,
            identify_gap=IDENTIFY_GAP_SECONDS if paced else 0.0,
        )

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[WebServer]:
        """Everything started; stopped again on leaving, with what is in hand finished."""
        pages = by_path(self._beside_the_pages(), self.web.app())
        server = WebServer(pages, self.settings.web_host, self.settings.web_port)
        jobs = asyncio.create_task(self.jobs.run(), name="jobs")
        tick = asyncio.create_task(self._tick(), name="tick")
        follow = asyncio.create_task(self._follow_zones(), name="zones")
        self.jobs.wake(SCRUB, "")  # a close may have been cut off before its scrub
        try:
            async with contextlib.AsyncExitStack() as stack:
                await stack.enter_async_context(server.serving())
                for each in (self.slack, self.discord):
                    if each is not None:
                        await stack.enter_async_context(each.running())
                yield server
                self.hub.stop()
        finally:
            for task in (follow, tick, jobs):
                task.cancel()
            await asyncio.wait((follow, tick, jobs), timeout=STOP_WITHIN_SECONDS)
            await self.database.close()

    async def run(self, started: Callable[[str], None]) -> None:
        """Run until SIGTERM or SIGINT. `started` is told the address."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, stop.set)
        async with self.running() as server:
            started(server.address)
            await stop.wait()

    async def trouble(self) -> str:
        """What is wrong, in one sentence; empty if nothing is."""
        try:
            await asyncio.wait_for(self.database.read(lambda tx: outbox.due(tx, self.clock())), 5)
        except Exception:
            return "The database does not answer."
        if self.clock() - self._ticked_at > CLOCK_LATE:
            return "The clock has not ticked for two minutes."
        for each in (self.slack, self.discord):
            wrong = await each.trouble() if each is not None else ""
            if wrong:
                return wrong
        return ""

    async def _ring(self, key: str) -> None:
        if kind_of(key) is AlarmKind.PRETEND:
            await self._pretenders.ring(key, self.clock())
        else:
            await self.service.ring(key, self.clock())

    async def _settle(self, channel: ChannelId) -> None:
        """Give the courier a moment, so that a page shows what its own press caused."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.jobs.idle(DELIVER, channel), SETTLE_SECONDS)

    async def _tick(self) -> None:
        """Once a minute: the clock is alive, and what is old is forgotten."""
        while True:
            self._ticked_at = self.clock()
            try:
                await self._tidy()
            except Exception as error:
                # The next minute tries again: a full disk or a lost database may be back by then.
                log.error("tidying failed", exc_info=error)
            await asyncio.sleep(TICK_SECONDS)

    async def _follow_zones(self) -> None:
        """Once: a clock may have got other rules while the program was not running."""
        try:
            await self.service.follow_zones(await asyncio.to_thread(zones.rules), self.clock)
        except Exception as error:
            # The next start tries again, and an alarm that rings asks the game for the time anyway.
            log.error("alarms could not be computed again", exc_info=error)

    async def _tidy(self) -> None:
        now = self.clock()
        await self.service.clear_inbound(now)
        await self.service.expire(now, timedelta(days=self.settings.retention_days))
        await self.service.remember_untold()
        await self.database.write(lambda tx: room.forget_whispers(tx, now - WHISPERS_KEPT))
        await self.database.write(lambda tx: links.forget(tx, now))
        due = await self.database.read(lambda tx: (outbox.due(tx, now), alarms.due(tx, now)))
        self._waiting.set(len(due[0]))
        self._late.set(len(due[1]))
