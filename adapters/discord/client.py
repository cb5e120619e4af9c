"""Connects to Discord and listens: each press is answered within 3 s, once, and by one call where it can be.

A form has to be the first answer. Everything else is played first, which takes milliseconds; where
it takes longer than that, Discord is told to wait, and the answer comes when it is there.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord
import structlog
from discord import app_commands
from discord.http import Route

from adapters.discord import invite, parse, render
from adapters.discord.chat import PLATFORM, DiscordChat, body, delivered
from adapters.discord.limits import (
    ASK_SECONDS,
    CALLBACK_SECONDS,
    CHOICES,
    FIRST_ANSWER_SECONDS,
    FORM_SECONDS,
    GUILDS_SECONDS,
    IDENTIFIES_AN_HOUR,
    IDENTIFY_GAP_SECONDS,
    LONGEST_RECONNECT_WAIT,
    STOP_SECONDS,
)
from adapters.discord.parse import Origin, Surface
from bot import commands, keeping
from bot.actions import Action, NotAnAction, Verb, read, write
from bot.answers import Answer
from bot.chat import Chosen, DeliveryFailed, Heard, Lit, MessageRef, Press, Unheard, reply_id
from bot.game.model import ChannelId, CommunityId, PlayerId
from bot.messages import Form
from bot.service import Service
from bot.spots import Recent
from bot.views import guide, waiting
from bot.views.words import plain
from storage.thread import OpenThread

FORMS = frozenset({Verb.RESPOND, Verb.PLEDGE, Verb.PAUSE, Verb.EXTEND, Verb.ROLE, Verb.STORY})
"""Buttons that open a form: it has to be the first answer, and quick."""

OPENS = {
    Verb.SEND: Verb.RESPOND,
    Verb.MAKE_PLEDGE: Verb.PLEDGE,
    Verb.SEND_PAUSE: Verb.PAUSE,
    Verb.SEND_EXTEND: Verb.EXTEND,
    Verb.PREVIEW: Verb.DEAL,
    Verb.SET_ROLE: Verb.ROLE,
}
"""Which button opens the form that sends this. A story's is opened by what sends it, with what was typed."""

STORIES = frozenset({Verb.STORY, Verb.NO_STORY, Verb.KEEP_STORY, Verb.TAKE_STORY_BACK})

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ORIGINAL = "/webhooks/{application_id}/{interaction_token}/messages/@original"
FOLLOWUP = "/webhooks/{application_id}/{interaction_token}"

NEW_MESSAGE, DEFER, DEFER_UPDATE, UPDATE, AUTOCOMPLETE, MODAL = 4, 5, 6, 7, 8, 9
"""Kinds of first answers (Reference: interaction callback type)."""

EPHEMERAL = 1 << 6  # Reference: message flags

HOUR = 3600.0  # seconds

# It would warn at each start that it cannot speak: nobody here wants it to.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a press: the action that does it once more, our channel, and what to show."""

    action: str
    place: ChannelId
    answer: Answer


class TooOften(Exception):
    """We have said so often who we are that we had better wait."""


class DiscordRefused(Exception):
    """A token that Discord does not take, or no answer. Says in a sentence what to do."""


REFUSED = (
    "Discord does not take SHOES_DISCORD_TOKEN. Please open your app on Discord's pages for"
    ' developers, go to "Bot", press "Reset Token", and copy the new one.'
)


async def application_id(token: str, api_url: str = "") -> int:
    """The application that a token belongs to. Raises DiscordRefused."""
    if api_url:
        Route.BASE = api_url
    asking = discord.Client(intents=discord.Intents.none())
    try:
        async with asking, asyncio.timeout(ASK_SECONDS):
            await asking.login(token)
    except discord.LoginFailure:
        raise DiscordRefused(REFUSED) from None
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError):
        raise DiscordRefused(
            "Discord cannot be reached just now. Please try again, or use --application-id with the"
            ' "Application ID" that stands on the page "General Information" of your app.'
        ) from None
    assert asking.application_id is not None
    return asking.application_id


class Gateway(discord.AutoShardedClient):
    """discord.py's own client, with listeners that hand everything on."""

    def __init__(self, owner: DiscordClient, intents: discord.Intents) -> None:
        super().__init__(
            intents=intents,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=GUILDS_SECONDS,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self._owner = owner
        self.tree = _Tree(self)

    async def setup_hook(self) -> None:
        """Before the connection: Discord is told the commands."""
        self._owner.add_commands(self.tree)
        await self.tree.sync()

    async def before_identify_hook(self, _shard_id: int | None, *, initial: bool = False) -> None:
        """See Client."""
        await self._owner.before_identify(initial=initial)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A button, or a form that was sent. Commands come by their own ways.

        What a button does stands in its custom_id alone, so it works after a restart and after its
        message was changed. discord.py's own DynamicItem looks for it in the message as that is now,
        and where it is no longer there, nobody answers.
        """
        data: Mapping[str, Any] = interaction.data or {}
        custom_id = str(data.get("custom_id", ""))
        match interaction.type:
            case discord.InteractionType.component:
                pressing = self._owner.pressed(interaction, render.action_of(custom_id), {})
            case discord.InteractionType.modal_submit:
                pressing = self._owner.pressed(interaction, custom_id, parse.values(data))
            case _:
                return
        await self._owner.in_hand(pressing)

    async def on_message(self, message: discord.Message) -> None:
        """Words in a thread."""
        await self._owner.in_hand(self._owner.hear(message))

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Other words in a thread."""
        await self._owner.in_hand(self._owner.hear(event.message))

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Words that are gone."""
        await self._owner.in_hand(self._owner.unhear(event.guild_id, event.channel_id, (event.message_id,)))

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Many at once."""
        await self._owner.in_hand(
            self._owner.unhear(event.guild_id, event.channel_id, tuple(event.message_ids))
        )

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """A lightbulb, perhaps."""
        await self._owner.in_hand(self._owner.light(event, on=True))

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """A lightbulb taken away, perhaps."""
        await self._owner.in_hand(self._owner.light(event, on=False))

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """After a new session everything since the last one is lost: threads are read again."""
        await self._owner.read_back(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The same for a guild that is new."""
        await self._owner.read_back(guild)

    async def on_error(self, event: str, /, *_args: Any, **_kwargs: Any) -> None:
        """Without its arguments: they hold what somebody wrote."""
        log.error("could not take what Discord sent", verb=event, exc_info=True)


class _Tree(app_commands.CommandTree[Gateway]):
    async def on_error(
        self, _interaction: discord.Interaction[Gateway], error: app_commands.AppCommandError, /
    ) -> None:
        """Logged without its words."""
        log.error("a command failed", exc_info=error)


class DiscordClient:
    """The game in Discord."""

    def __init__(
        self,
        service: Service,
        chat: DiscordChat,
        clock: Callable[[], datetime],
        *,
        token: str,
        reads_threads: bool,
        api_url: str = "",
        gateway_url: str = "",
        identify_gap: float = IDENTIFY_GAP_SECONDS,
    ) -> None:
        self._service = service
        self.chat = chat
        self._clock = clock
        self._token = token
        self._reads_threads = reads_threads
        if api_url:
            Route.BASE = api_url
        if gateway_url:
            gateway = discord.gateway.DiscordWebSocket
            gateway.DEFAULT_GATEWAY = type(gateway.DEFAULT_GATEWAY)(gateway_url)
        self._gateway: Gateway | None = None
        self._stopping = False
        self._identify_gap = identify_gap
        self._identified: deque[float] = deque()  # when, by the loop's clock, in the last hour
        self._again_at: datetime | None = None  # when Discord lets us connect again, if it does not now
        self._background: set[asyncio.Task[None]] = set()
        self._in_hand = 0
        self._done = asyncio.Event()
        self._left_out: Recent[tuple[PlayerId, str], Mapping[str, str]] = Recent(1_000)
        self._taken: Recent[int, bool] = Recent(10_000)
        # What stood in a form that could not be taken, so that it stands there again.
        self._typed: Recent[tuple[PlayerId, str], Mapping[str, str]] = Recent(1_000)

    # --- connecting ------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connected until the block is left. A token that is not taken stops the start."""
        connecting = asyncio.create_task(self._connect(await self._login()), name="discord")
        try:
            yield
        finally:
            self._stopping = True
            connecting.cancel()
            if self._gateway is not None:
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    await self._gateway.close()
            await asyncio.wait({connecting})
            if self._background:
                await asyncio.wait(self._background, timeout=STOP_SECONDS)

    def _intents(self) -> discord.Intents:
        """Nothing but what is needed (Gateway: list of intents)."""
        reads = self._reads_threads
        return discord.Intents(
            guilds=True, guild_messages=reads, message_content=reads, guild_reactions=reads
        )

    async def _login(self) -> Gateway | None:
        """A new client with the token checked; None where Discord cannot be reached just now."""
        gateway = self._gateway = Gateway(self, self._intents())
        try:
            await gateway.login(self._token)
        except discord.LoginFailure:
            await gateway.close()
            raise DiscordRefused(REFUSED) from None
        except (discord.HTTPException, aiohttp.ClientError, TimeoutError, OSError) as error:
            await gateway.close()
            log.warning("Discord cannot be reached just now", error=type(error).__name__)
            return None
        self.chat.connected(gateway.http)
        return gateway

    async def _connect(self, gateway: Gateway | None) -> None:
        """Stay connected. discord.py resumes by itself; a mistake in what Discord sends ends it for good,
        and so a new client begins again.
        """
        wait = 1.0
        while True:
            began = asyncio.get_running_loop().time()
            try:
                gateway = gateway or await self._login()
                if gateway is not None:
                    await self._until_it_may_identify(gateway)
                    await gateway.connect()
            except discord.PrivilegedIntentsRequired:
                log.error(
                    "Discord does not let us read messages: switch on the Message Content Intent on the"
                    ' page "Bot" of your app, or set SHOES_DISCORD_READ_THREADS to false'
                )
                return
            except DiscordRefused as refused:
                log.error(f"not connected to Discord: {refused}")
                return
            except TooOften:
                pass  # the new client waits before it connects
            except Exception as error:
                log.warning("the connection to Discord ended, beginning again", exc_info=error)
            finally:
                self.chat.disconnected()
                if gateway is not None:
                    with contextlib.suppress(aiohttp.ClientError, OSError):
                        await gateway.close()
            gateway = None
            if self._stopping:
                return  # while it connects again, discord.py takes no cancellation
            if asyncio.get_running_loop().time() - began > LONGEST_RECONNECT_WAIT:
                wait = 1.0
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_RECONNECT_WAIT)

    async def before_identify(self, *, initial: bool) -> None:
        """Wait where Discord wants it. Raises TooOften: a thousand times a day we may say who we are."""
        if not initial:  # the first comes right after we asked
            assert self._gateway is not None
            try:
                wait = await self._wait_to_identify(self._gateway, 1)
            except (discord.DiscordException, aiohttp.ClientError, TimeoutError, OSError):
                wait = self._own_wait()
            if wait:
                raise TooOften
            await asyncio.sleep(self._identify_gap)
        self._identified.append(asyncio.get_running_loop().time())

    async def _until_it_may_identify(self, gateway: Gateway) -> None:
        """Back once we may say who we are. discord.py would try every 5 s, and Discord reset the token."""
        try:
            while wait := await self._wait_to_identify(gateway):
                self._again_at = self._clock() + timedelta(seconds=wait)
                log.warning(_too_often(self._again_at))
                await asyncio.sleep(wait)
        finally:
            self._again_at = None

    async def _wait_to_identify(self, gateway: Gateway, shards: int = 0) -> float:
        """Seconds until so many shards may say who they are, by our own count and Discord's; 0: now."""
        wanted, _url, limit = await gateway.http.get_bot_gateway()
        left = limit["remaining"] >= (shards or wanted)
        return max(self._own_wait(), 0.0 if left else limit["reset_after"] / 1000)

    def _own_wait(self) -> float:
        now = asyncio.get_running_loop().time()
        while self._identified and now - self._identified[0] > HOUR:
            self._identified.popleft()
        return HOUR - (now - self._identified[0]) if len(self._identified) >= IDENTIFIES_AN_HOUR else 0.0

    async def trouble(self) -> str:
        """What is wrong, in one sentence; empty if nothing is."""
        if self._again_at is not None:
            return _too_often(self._again_at)
        gateway = self._gateway
        # discord.py stays "ready" while it looks for a connection that it lost.
        connected = gateway is not None and gateway.is_ready() and not gateway.is_closed()
        lost = gateway is not None and any(each.is_closed() for each in gateway.shards.values())
        return "" if connected and not lost else "Discord is not connected."

    async def in_hand(self, work: Awaitable[None]) -> None:
        """Do it, and be known to do it."""
        self._in_hand += 1
        try:
            await work
        finally:
            self._in_hand -= 1
            self._done.set()

    async def idle(self) -> None:
        """Back once everything that came was taken, and everything that was to be told has been told."""
        while self._in_hand or self._background:
            if self._background:
                await asyncio.wait(self._background)
            else:
                self._done.clear()
                await self._done.wait()

    def heard(self) -> int:
        """The number of the last thing that Discord sent."""
        assert self._gateway is not None
        return self._gateway._get_websocket(shard_id=0).sequence or 0

    # --- commands, buttons, forms ----------------------------------------------------------

    def add_commands(self, tree: app_commands.CommandTree[Gateway]) -> None:
        """Every command of the registry as a subcommand, and what stands in the menu of a message."""
        group = app_commands.Group(name="shoes", description=plain("discord-command"), guild_only=True)
        for each in commands.COMMANDS:
            about = plain("discord-about", about=guide.command(each))
            action = Action(each.verb)
            made = self._deal_command(each, about) if each.takes_deck else self._command(each, action, about)
            group.add_command(made)
        tree.add_command(group, override=True)  # logging in may be tried again
        menus = ((plain("discord-count-menu"), self._count), (plain("discord-keep-menu"), self._keep))
        for name, chosen in menus:
            menu = app_commands.ContextMenu(name=name, callback=chosen)
            menu.guild_only = True
            tree.add_command(menu, override=True)

    def _command(
        self, command: commands.Command, action: Action, about: str
    ) -> app_commands.Command[Any, ..., Any]:
        async def typed(interaction: discord.Interaction[Any]) -> None:
            await self.pressed(interaction, write(action), {})

        return app_commands.Command(name=command.name, description=about, callback=typed)

    def _deal_command(self, command: commands.Command, about: str) -> app_commands.Command[Any, ..., Any]:
        async def typed(interaction: discord.Interaction[Any], deck: str = "") -> None:
            action = commands.action_of(f"{command.name} {deck}", self._service.decks)
            await self.pressed(interaction, write(action), {})

        async def offered(
            _interaction: discord.Interaction[Any], current: str
        ) -> list[app_commands.Choice[str]]:
            wanted = current.casefold()
            return [
                app_commands.Choice(name=deck.title, value=deck.id)
                for deck in self._service.decks
                if wanted in f"{deck.id} {deck.title}".casefold()
            ][:CHOICES]

        typed = app_commands.autocomplete(deck=offered)(typed)
        typed = app_commands.describe(deck=plain("discord-deck"))(typed)
        return app_commands.Command(name=command.name, description=about, callback=typed)

    async def _count(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Count this as my response."""
        origin = parse.origin(interaction)
        place = await self._place(origin, wanted=False)
        action = None
        if place:
            action = await self._service.counting(
                place, MessageRef(str(message.channel.id)), MessageRef(_reply(message.channel.id, message.id))
            )
        if action is None:
            await self._answer(interaction, origin, place, Answer(content=waiting.no_reply(), accepted=False))
            return
        await self.pressed(interaction, write(action), {})

    async def _keep(self, interaction: discord.Interaction[Any], message: discord.Message) -> None:
        """Keep as a story: one's own words open a form, somebody else's are asked for."""
        if self._delivered_before(interaction):
            return
        origin, picked = parse.origin(interaction), parse.picked(message)
        ref = MessageRef(_reply(message.channel.id, message.id))

        async def place_and_keep() -> Played:
            place = await self._place(origin, wanted=bool(picked.writer))
            player = await self._player(origin, place)
            chosen = Chosen(
                player=player,
                channel=place,
                message=ref,
                writer=replace(player, user=picked.writer) if picked.writer else None,
                words=picked.words,
                name=origin.name,
            )
            answer = await self._service.keep(chosen, self._clock())
            if not isinstance(answer.content, Form):
                return Played("", place, answer)
            # Should the form come too late, a button opens it again, with these words in it.
            typed = {each.name: each.value for each in answer.content.fields if each.value}
            self._typed.keep((player, answer.content.action), typed)
            return Played(answer.content.action, place, answer)

        await self._answered(interaction, origin, place_and_keep(), opens=picked.writer == origin.user)

    async def pressed(
        self, interaction: discord.Interaction[Any], action: str, typed: Mapping[str, str]
    ) -> None:
        """A button, a command, or a form that was sent."""
        if self._delivered_before(interaction):
            return
        origin = parse.origin(interaction)
        try:
            wanted = read(action)
        except NotAnAction:
            wanted = None
        missing = invite.missing(interaction.app_permissions) if wanted is not None and _deals(wanted) else ""

        async def place_and_play() -> Played:
            place = await self._place_of(origin, wanted)
            if missing:
                answer = Answer(content=waiting.not_allowed(missing), accepted=False)
            else:
                answer = await self._play(interaction, origin, place, action, typed)
            return Played(action, place, answer)

        opens = wanted is not None and _opens_form(wanted)
        await self._answered(interaction, origin, place_and_play(), opens=opens)

    def _delivered_before(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether it came already: then it is answered, or will be."""
        before = self._taken.get(interaction.id) is not None
        self._taken.keep(interaction.id, True)
        return before

    async def _answered(
        self,
        interaction: discord.Interaction[Any],
        origin: Origin,
        play: Coroutine[Any, Any, Played],
        *,
        opens: bool,
    ) -> None:
        """Play, and answer in time: with what came of it, or with a word that it takes longer."""
        playing = asyncio.ensure_future(play)
        done, _ = await asyncio.wait({playing}, timeout=FORM_SECONDS if opens else FIRST_ANSWER_SECONDS)
        if done:
            played = playing.result()
            await self._answer(interaction, origin, played.place, played.answer)
            return
        update = origin.surface is Surface.WHISPER
        await self._first(interaction, DEFER_UPDATE if update else DEFER, {"flags": EPHEMERAL})
        self._later(self._answer_later(interaction, origin, playing))

    async def _play(
        self,
        interaction: discord.Interaction[Any],
        origin: Origin,
        place: ChannelId,
        action: str,
        typed: Mapping[str, str],
    ) -> Answer:
        player = await self._player(origin, place)
        # A story's form is opened again by what sends it: what was refused before is refused again.
        again = {} if typed or not _keeps(action) else self._typed.get((player, action)) or {}
        if typed:
            # What the form had no room for goes along as it stood.
            typed = {**(self._left_out.get((player, action)) or {}), **typed}
        press = Press(
            player=player,
            channel=place,
            action=action,
            event=parse.event(interaction),
            name=origin.name,
            fields=typed or again,
        )
        answer = await self._service.press(press, self._clock())
        content = answer.content
        if not isinstance(content, Form):
            self._typed.drop((player, action))
            return answer
        key = (player, content.action)
        if typed:
            # A form cannot follow a form: what was typed is kept, and stands in it when it is opened again.
            self._typed.keep(key, typed)
            opens = read(content.action)
            action = write(Action(OPENS.get(opens.verb, opens.verb), opens.round, opens.about))
            return replace(answer, content=render.sent_back(_filled(content, typed), action))
        kept = self._typed.get(key)
        content = _filled(content, kept) if kept else content
        self._left_out.keep(key, render.left_out(content))
        return replace(answer, content=content)

    # --- answering -------------------------------------------------------------------------

    async def _answer(
        self, interaction: discord.Interaction[Any], origin: Origin, place: ChannelId, answer: Answer
    ) -> None:
        """The first answer to a press: a form, or words that only this player sees."""
        content = answer.content
        shown_in = await self.chat.place(place, content)
        if isinstance(content, Form):
            await self._first(interaction, MODAL, render.modal(content, content.action, shown_in))
            return
        first, *more = map(body, render.posts(content, shown_in))
        # What was refused leaves the ballot or the receipt that it was pressed on as it is.
        instead = origin.surface is Surface.WHISPER and answer.accepted
        if instead:
            await self._first(interaction, UPDATE, first)
        else:
            await self._first(interaction, NEW_MESSAGE, _whispered(first))
        for each in more:
            await self._follow_up(interaction, _whispered(each))

    async def _answer_later(
        self,
        interaction: discord.Interaction[Any],
        origin: Origin,
        playing: asyncio.Future[Played],
    ) -> None:
        """The answer to a press that Discord was told to wait for. A form can come no more."""
        played = await playing
        answer = played.answer
        content = answer.content
        if isinstance(content, Form):
            content = waiting.too_slow(read(played.action))
            answer = replace(answer, content=content, accepted=False)
        shown_in = await self.chat.place(played.place, content)
        first, *more = map(body, render.posts(content, shown_in))
        if origin.surface is Surface.WHISPER and not answer.accepted:
            await self._follow_up(interaction, _whispered(first))
        else:
            await self._call("PATCH", ORIGINAL, interaction, first)
        for each in more:
            await self._follow_up(interaction, _whispered(each))

    async def _first(self, interaction: discord.Interaction[Any], kind: int, data: dict[str, Any]) -> None:
        await self._call("POST", CALLBACK, interaction, {"type": kind, "data": data})

    async def _follow_up(self, interaction: discord.Interaction[Any], body: dict[str, Any]) -> None:
        await self._call("POST", FOLLOWUP, interaction, body)

    async def _call(
        self, verb: str, path: str, interaction: discord.Interaction[Any], body: dict[str, Any]
    ) -> None:
        """An answer to a press. Late and double ones (10062, 40060) end here: nobody waits for them."""
        assert self._gateway is not None
        route = Route(
            verb,
            path,
            application_id=interaction.application_id,
            interaction_id=interaction.id,
            interaction_token=interaction.token,
        )
        try:
            await delivered(self._gateway.http.request(route, json=body), CALLBACK_SECONDS)
        except DeliveryFailed as failed:
            log.warning("an answer could not be shown", error=type(failed).__name__)

    def _later(self, telling: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_logged(telling))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    # --- threads and reactions -------------------------------------------------------------

    async def hear(self, message: discord.Message) -> None:
        """Words in a thread, new or edited."""
        written = parse.written(message)
        if written is None:
            return
        place = await self._service.place(PLATFORM, written.guild, written.channel)
        if place is None:
            return
        heard = Heard(
            player=PlayerId(PLATFORM, place.community.id, written.user),
            channel=place.id,
            thread=MessageRef(written.thread),
            reply=MessageRef(_reply(written.thread, written.ref)),
            words=written.words,
            at=written.at,
            version=written.version,
            name=written.name,
        )
        await self._service.hear(heard, self._clock())

    async def unhear(self, guild: int | None, thread: int, messages: tuple[int, ...]) -> None:
        """Words in a thread that are gone."""
        place = await self._thread_place(guild, thread)
        for each in messages if place else ():
            gone = Unheard(
                channel=place, thread=MessageRef(str(thread)), reply=MessageRef(_reply(thread, each))
            )
            await self._service.unhear(gone, self._clock())

    async def light(self, event: discord.RawReactionActionEvent, *, on: bool) -> None:
        """A lightbulb put on a reply, or taken off. Discord sends no time: what comes later counts."""
        if not parse.is_lightbulb(event.emoji):
            return
        place = await self._thread_place(event.guild_id, event.channel_id)
        community = await self._service.community(PLATFORM, str(event.guild_id))
        if place and community is not None:
            lit = Lit(
                player=PlayerId(PLATFORM, community, str(event.user_id)),
                channel=place,
                reply=MessageRef(_reply(event.channel_id, event.message_id)),
                on=on,
                version=parse.version(self._clock()),
            )
            await self._service.light(lit, self._clock())

    async def _thread_place(self, guild: int | None, thread: int) -> ChannelId:
        """Our channel for a thread; empty if it is none of ours."""
        assert self._gateway is not None
        found = self._gateway.get_channel(thread)
        if guild is None or not isinstance(found, discord.Thread):
            return ChannelId("")
        place = await self._service.place(PLATFORM, str(guild), str(found.parent_id))
        return place.id if place is not None else ChannelId("")

    async def read_back(self, guild: discord.Guild) -> None:
        """Read what may have been missed in the threads of open cards."""
        if self._reads_threads:
            self._later(self._read_back(guild))

    async def _read_back(self, guild: discord.Guild) -> None:
        community = await self._service.community(PLATFORM, str(guild.id))
        if community is None:
            return
        for thread in await self._service.open_threads(community):
            try:
                await self._read_thread(community, thread)
            except DeliveryFailed as failed:
                log.warning("a thread could not be read back", error=type(failed).__name__)

    async def _read_thread(self, community: CommunityId, thread: OpenThread) -> None:
        """Everything that stands in a thread now; what stands there no longer was deleted."""
        assert self._gateway is not None
        where = self._gateway.get_channel(int(thread.ref))
        left = set(thread.replies)
        after = "0"
        while page := await self.chat.replies(thread.ref, after):
            for each in page:
                reply = reply_id(thread.channel, MessageRef(_reply(thread.ref, each["id"])))
                left.discard(reply)
                if isinstance(where, discord.Thread):
                    state = self._gateway._connection
                    message = discord.Message(state=state, channel=where, data=each)  # type: ignore[arg-type]
                    await self.hear(message)
                if parse.has_lightbulb(each) or reply in thread.lit:
                    version = parse.version(self._clock())  # an event may tell of a newer one meanwhile
                    users = await self.chat.reacted(thread.ref, each["id"], parse.LIGHTBULB)
                    lit = [PlayerId(PLATFORM, community, user) for user in users]
                    await self._service.relight(thread.channel, reply, lit, version, self._clock())
            after = str(page[-1]["id"])
        for reply in left:
            await self._service.unhear_reply(reply, self._clock())

    # --- who and where ---------------------------------------------------------------------

    async def _player(self, origin: Origin, place: ChannelId) -> PlayerId:
        if origin.guild:
            community = await self._service.community(PLATFORM, origin.guild)
        else:
            community = await self._service.community_of(place) if place else None
        return PlayerId(PLATFORM, community or CommunityId(""), origin.user)

    async def _place_of(self, origin: Origin, wanted: Action | None) -> ChannelId:
        """Our channel: the one it was pressed in; in a direct message the one of its card."""
        if origin.channel:
            return await self._place(origin, wanted=origin.surface is Surface.COMMAND)
        if wanted is not None and wanted.verb in STORIES:
            return await keeping.place_of(self._service.database, wanted.about, PLATFORM, origin.user)
        if wanted is not None and wanted.round:
            return await self._service.place_of_round(wanted.round, PLATFORM, origin.user)
        return ChannelId("")

    async def _place(self, origin: Origin, *, wanted: bool) -> ChannelId:
        place = await self._service.place(PLATFORM, origin.guild, origin.channel)
        if place is None and wanted:
            await self._service.reads_threads(PLATFORM, origin.guild, self._reads_threads)
            place = await self._service.found_place(
                PLATFORM,
                origin.guild,
                origin.guild_name,
                origin.channel,
                origin.channel_name,
                "",
                self._clock(),
            )
        return place.id if place is not None else ChannelId("")


def _too_often(again_at: datetime) -> str:
    return f"Discord lets us connect again at {again_at:%H:%M} UTC: we connected too often."


def _reply(thread: object, message: object) -> str:
    """How we name a message in a thread."""
    return f"{thread}/{message}"


def _opens_form(action: Action) -> bool:
    return action.verb in FORMS or (action.verb is Verb.DEAL and not action.value)


def _keeps(action: str) -> bool:
    try:
        return read(action).verb is Verb.KEEP_STORY
    except NotAnAction:
        return False


def _deals(action: Action) -> bool:
    return action.verb is Verb.DEAL and bool(action.value)


def _filled(form: Form, typed: Mapping[str, str]) -> Form:
    """A form with what was typed before."""
    fields = tuple(replace(each, value=typed.get(each.name, each.value)) for each in form.fields)
    return replace(form, fields=fields)


def _whispered(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "flags": body.get("flags", 0) | EPHEMERAL}


async def _logged(telling: Awaitable[None]) -> None:
    try:
        await telling
    except Exception as error:
        log.error("could not tell somebody on Discord", exc_info=error)
