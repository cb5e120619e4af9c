"""Connects to Slack and listens: acknowledged once it is durable, answered after that.

Slack waits 3 s for an acknowledgement, and a form can be opened 3 s long. So a listener does the one
commit, or the one read and `views.open`; what it tells people goes out afterwards. A listener that
fails is not acknowledged: Slack then sends the event again, and the service knows it by its name.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack import manifest, parse, render
from adapters.slack.chat import PLATFORM, SlackChat
from adapters.slack.limits import (
    ANSWER_TRIES,
    JOIN_SECONDS,
    LONGEST_ANSWER_WAIT,
    NAME_SECONDS,
    PAGE,
    READ_SECONDS,
    STOP_SECONDS,
    TRIGGER_SECONDS,
)
from adapters.slack.parse import NOWHERE, Behind, NotOurs, Origin, Payload, Pressed, Surface
from adapters.slack.workspace import SILENT, NoWorkspace, Workspace, Workspaces, error_of, retry_after
from bot import commands
from bot.actions import Action, NotAnAction, Verb, read, write
from bot.answers import Answer
from bot.chat import (
    ChannelGone,
    Chosen,
    DeliveryFailed,
    Heard,
    Lit,
    MessageRef,
    NotInvited,
    Press,
    TryLater,
    Unheard,
    reply_id,
)
from bot.game.model import ChannelId, CommunityId, PlayerId
from bot.messages import Button, Buttons, Form, Message
from bot.service import Service
from bot.views import refusals, waiting
from bot.views.words import plain
from storage.thread import OpenThread

Ack: TypeAlias = Callable[..., Awaitable[Any]]

FORMS = frozenset({Verb.RESPOND, Verb.PLEDGE, Verb.PAUSE, Verb.EXTEND, Verb.STORY})
"""Buttons that open a form: it has to be the first answer, and quick."""

NOBODY_PLAYED = CommunityId("")  # the community of a workspace in which no card was dealt yet

log = structlog.get_logger()


class SlackRefused(Exception):
    """A token that Slack does not take. Says in a sentence which, and what to do."""


class SlackClient:
    """The game in Slack, by Socket Mode: no public address is needed."""

    def __init__(
        self,
        service: Service,
        chat: SlackChat,
        workspaces: Workspaces,
        clock: Callable[[], datetime],
        *,
        bot_token: str,
        app_token: str,
        ping_seconds: float,
    ) -> None:
        self._service = service
        self.chat = chat
        self._workspaces = workspaces
        self._clock = clock
        self._bot_token = bot_token
        self._app_token = app_token
        self._ping_seconds = ping_seconds
        self._handler: AsyncSocketModeHandler | None = None
        self._background: set[asyncio.Task[None]] = set()

    # --- connecting ------------------------------------------------------------------------

    async def check(self) -> None:
        """Ask Slack whether the tokens are good. Raises SlackRefused with a sentence."""
        try:
            workspace = await self._workspaces.join(self._bot_token)
        except SlackApiError as error:
            if error_of(error) in _BAD_TOKEN:
                raise SlackRefused(
                    "Slack does not take SHOES_SLACK_BOT_TOKEN. Please copy the Bot User OAuth Token"
                    ' again, from the page "OAuth & Permissions" of your app. It begins with xoxb-.'
                ) from None
            raise
        try:
            await workspace.client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            if error_of(error) in _BAD_TOKEN:
                raise SlackRefused(
                    "Slack does not take SHOES_SLACK_APP_TOKEN. Please make an app-level token with the"
                    ' scope connections:write, on the page "Basic Information" of your app.'
                    " It begins with xapp-."
                ) from None
            raise
        await self._service.reads_threads(PLATFORM, workspace.team, workspace.reads_threads)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connected until the block is left; what is in hand is finished then.

        A token that Slack does not take stops the start; a Slack out of reach does not.
        """
        reached = await self._reached()
        connecting = asyncio.create_task(self._connect(reached), name="slack")
        try:
            yield
        finally:
            connecting.cancel()
            await asyncio.wait({connecting})
            if self._handler is not None:
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    await self._handler.close_async()  # type: ignore[no-untyped-call] # slack-bolt has no types here
            if self._background:
                await asyncio.wait(self._background, timeout=STOP_SECONDS)
            await self._workspaces.close()

    async def trouble(self) -> str:
        """What is wrong, in one sentence; empty if nothing is."""
        connected = self._handler is not None and await self._handler.client.is_connected()
        return "" if connected else "Slack is not connected."

    async def idle(self) -> None:
        """Back once everything that was to be told has been told."""
        while self._background:
            await asyncio.wait(self._background)

    async def _reached(self) -> bool:
        try:
            await self.check()
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("Slack cannot be reached just now", error=type(error).__name__)
            return False
        return True

    async def _connect(self, reached: bool) -> None:
        wait = 1.0
        while not reached:
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_START_WAIT)
            try:
                reached = await self._reached()
            except SlackRefused as refused:
                log.error(f"not connected to Slack: {refused}")
                return
        self._handler = AsyncSocketModeHandler(
            self._bolt(),
            self._app_token,
            logger=SILENT,
            web_client=self._workspaces.client(self._bot_token),
            ping_interval=self._ping_seconds,
        )
        self._handler.client.message_listeners.append(self._heard_from_slack)
        await self._handler.connect_async()  # type: ignore[no-untyped-call] # slack-bolt has no types here

    def _bolt(self) -> AsyncApp:
        async def authorize(team_id: str | None) -> AuthorizeResult | None:
            try:
                workspace = self._workspaces.of(team_id or "")
            except NoWorkspace:
                return None
            return AuthorizeResult(
                enterprise_id=None,
                team_id=workspace.team,
                bot_token=workspace.client.token,
                bot_id=workspace.bot_id,
                bot_user_id=workspace.bot_user,
            )

        # Never before the commit: by default Bolt acknowledges events before the listener has run.
        app = AsyncApp(
            name="in-my-shoes",
            logger=SILENT,
            process_before_response=True,
            client=self._workspaces.client(self._bot_token),
            authorize=authorize,  # type: ignore[arg-type] # None for a workspace we are not in
            # What never comes by Socket Mode, or is for other kinds of apps: each takes time of every press.
            ssl_check_enabled=False,
            request_verification_enabled=False,
            url_verification_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        app.error(_failed)
        app.action(_ANYTHING)(self._button)  # the first, as Bolt asks each in turn, and most are presses
        app.command(manifest.COMMAND)(self._command)
        app.view(_ANYTHING)(self._form)
        app.shortcut(manifest.COUNT_SHORTCUT)(self._count)
        app.shortcut(manifest.KEEP_SHORTCUT)(self._keep)
        listeners: Mapping[str, Callable[..., Awaitable[None]]] = {
            "message": self._message,
            "reaction_added": self._reaction,
            "reaction_removed": self._reaction,
            "app_home_opened": self._home_opened,
            "user_change": self._user_changed,
        }
        for kind in {event.partition(".")[0] for event in manifest.EVENTS}:
            app.event(kind)(listeners[kind])
        return app

    # --- commands, buttons, forms ----------------------------------------------------------

    async def _command(self, ack: Ack, body: Payload) -> None:
        origin, words = parse.command(body)
        action = write(commands.action_of(words, self._service.decks))

        async def place_and_play() -> tuple[Pressed, Answer]:
            # A channel that is new to us is stored first, and that may have to wait.
            place = await self._place(origin, wanted=True)
            event = parse.command_event(body)
            return await self._played(Pressed(origin=origin, action=action, event=event, place=place))

        await self._answered(ack, origin, action, place_and_play())

    async def _button(self, ack: Ack, body: Payload) -> None:
        try:
            pressed = parse.pressed(body)
        except NotOurs:
            await ack()
            return
        await self._pressed(ack, pressed)

    async def _pressed(self, ack: Ack, pressed: Pressed) -> None:
        await self._answered(ack, pressed.origin, pressed.action, self._played(pressed))

    async def _played(self, pressed: Pressed) -> tuple[Pressed, Answer]:
        pressed = await self._placed(pressed)
        return pressed, await self._play(pressed)

    async def _placed(self, pressed: Pressed) -> Pressed:
        """The same; a channel of ours that is not in the workspace it came from is no channel at all."""
        try:
            spot = await self.chat.spot(pressed.place)
        except ChannelGone:
            return replace(pressed, place=NOWHERE)
        here = spot.workspace.team == pressed.origin.team
        return pressed if here else replace(pressed, place=NOWHERE)

    async def _answered(
        self, ack: Ack, origin: Origin, action: str, play: Awaitable[tuple[Pressed, Answer]]
    ) -> None:
        """Open a form, or play a move; then acknowledge; then tell."""
        if _opens_form(action):
            # A form is opened within 3 s: if the database takes its time, something is shown meanwhile.
            playing = asyncio.ensure_future(play)
            done, _ = await asyncio.wait({playing}, timeout=READ_SECONDS)
            if not done:
                view = await self._show_modal(origin, await self._view(waiting.one_moment(), Behind()))
                await ack()  # what only opens a form has nothing that could get lost
                self._later(self._show_late(playing, view))
                return
            play = playing
        pressed, answer = await play
        if isinstance(answer.content, Form) or origin.surface in {Surface.MODAL, Surface.HOME}:
            await self._show_modal(origin, await self._view(answer.content, self._behind(pressed)))
            await ack()
        else:
            await ack()
            self._later(self._tell(pressed, answer))
        if origin.surface is Surface.HOME or pressed.behind.surface is Surface.HOME:
            self._later(self._show_home(origin.team, origin.user))

    async def _show_late(self, playing: asyncio.Future[tuple[Pressed, Answer]], view: str) -> None:
        """What was pressed for, in the place of the view that asked to wait; beside it, if there is none."""
        pressed, answer = await playing
        if view:
            modal = replace(pressed.origin, view=view, surface=Surface.MODAL)
            await self._show_modal(modal, await self._view(answer.content, self._behind(pressed)))
        elif isinstance(answer.content, Message):
            await self._tell(pressed, answer)

    def _behind(self, pressed: Pressed) -> Behind:
        """What a form that this press opens has to remember."""
        origin, behind = pressed.origin, pressed.behind
        from_modal = origin.surface is Surface.MODAL
        return Behind(
            place=pressed.place,
            url=origin.url,
            surface=behind.surface if from_modal else origin.surface,
        )

    async def _form(self, ack: Ack, body: Payload) -> None:
        try:
            pressed = parse.sent(body)
            verb = read(pressed.action).verb
        except (NotOurs, NotAnAction):
            await ack(response_action="update", view=await self._view(refusals.unknown(), Behind()))
            return
        pressed = await self._placed(pressed)
        behind = replace(pressed.behind, place=pressed.place)
        if verb is Verb.DEAL and pressed.place:
            try:
                await self._join(pressed.place)
            except ChannelGone as gone:
                absent = isinstance(gone, NotInvited)
                message = waiting.not_invited(read(pressed.action)) if absent else waiting.closed_here()
                await ack(response_action="update", view=await self._view(message, behind))
                return
        if verb is Verb.SET_ROLE:
            await self._found_community(pressed.origin)
        answer = await self._play(pressed)
        content = answer.content
        if isinstance(content, Form):
            await self._answer_form(ack, content, pressed)
        elif not answer.accepted or verb is Verb.PREVIEW or behind.surface in {Surface.HOME, Surface.MODAL}:
            await ack(response_action="update", view=await self._view(content, behind))
        else:
            await ack(response_action="clear")
            told = replace(pressed, origin=replace(pressed.origin, surface=behind.surface))
            self._later(self._tell(told, answer))
        if behind.surface is Surface.HOME:
            self._later(self._show_home(pressed.origin.team, pressed.origin.user))

    async def _answer_form(self, ack: Ack, form: Form, pressed: Pressed) -> None:
        """What is wrong stands at its field, and what was typed stays there."""
        problems = {each.name: each.problem for each in form.fields if each.problem}
        same = {each.name for each in form.fields} <= set(pressed.fields)
        if problems and same:
            place = await self.chat.place(pressed.place, form)
            errors = {name: render.in_a_field(problem, place) for name, problem in problems.items()}
            await ack(response_action="errors", errors=errors)
        else:
            await ack(
                response_action="update",
                view=await self._view(form, replace(pressed.behind, place=pressed.place)),
            )

    async def _view(self, content: Message | Form, behind: Behind) -> dict[str, Any]:
        """A form as a modal; or a message, whose button to deal is then the modal's own."""
        place = await self.chat.place(behind.place, content)
        if isinstance(content, Form):
            return render.modal(content, replace(behind, action=content.action).write(), place)
        deal = next((each for each in _buttons(content) if _deals(each.action)), None)
        kept = replace(behind, action=deal.action) if deal is not None else behind
        return render.modal_of(content, kept.write(), plain("product-name"), place, submit=deal)

    async def _play(self, pressed: Pressed) -> Answer:
        player = await self._player(pressed.origin)
        name = await self._name(pressed.origin)
        press = Press(
            player=player,
            channel=pressed.place,
            action=pressed.action,
            event=pressed.event,
            name=name,
            fields=pressed.fields,
        )
        return await self._service.press(press, self._clock())

    # --- shortcuts, the thread, reactions, App Home ----------------------------------------

    async def _count(self, ack: Ack, body: Payload) -> None:
        """Count this as my response."""
        origin, ref, thread = parse.shortcut(body)
        place = await self._place(origin, wanted=False)
        action = None
        if place and thread and parse.picked(body).writer == origin.user:
            action = await self._service.counting(place, MessageRef(thread), MessageRef(ref))
        if action is None:
            await ack()
            self._later(self._tell(Pressed(origin=origin, action="", event="", place=place), _no_reply()))
            return
        event = f"slack:{origin.team}:{body.get('trigger_id', '')}"
        await self._pressed(ack, Pressed(origin=origin, action=write(action), event=event, place=place))

    async def _keep(self, ack: Ack, body: Payload) -> None:
        """Keep as a story: one's own words open a form, quickly; to ask somebody else is durable first."""
        origin, ref, _thread = parse.shortcut(body)
        picked = parse.picked(body, self._workspaces.of(origin.team).known)
        action = write(Action(Verb.STORY)) if picked.writer == origin.user else ""

        async def place_and_keep() -> tuple[Pressed, Answer]:
            wanted = bool(picked.writer) and not picked.private
            place = await self._place(origin, wanted=True) if wanted else ChannelId("")
            player = await self._player(origin)
            chosen = Chosen(
                player=player,
                channel=place,
                message=MessageRef(ref),
                writer=replace(player, user=picked.writer) if picked.writer else None,
                words=picked.words,
                name=await self._name(origin),
            )
            answer = await self._service.keep(chosen, self._clock())
            return Pressed(origin=origin, action=action, event="", place=place), answer

        await self._answered(ack, origin, action, place_and_keep())

    async def _message(self, ack: Ack, body: Payload) -> None:
        workspace = self._workspaces.of(str(body.get("team_id")))
        heard = parse.thread_event(body, workspace.known)
        if isinstance(heard, parse.Written):
            await self._hear(workspace, heard)
        elif heard is not None:
            place = await self._service.place(PLATFORM, heard.team, heard.channel)
            if place is not None:
                gone = Unheard(channel=place.id, thread=MessageRef(heard.thread), reply=MessageRef(heard.ref))
                await self._service.unhear(gone, self._clock())
        await ack()

    async def _hear(self, workspace: Workspace, written: parse.Written) -> None:
        place = await self._service.place(PLATFORM, written.team, written.channel)
        if place is None or not await self._service.is_card(place.id, MessageRef(written.thread)):
            return  # most threads are none of ours: nobody's name is asked for them
        who = await workspace.who(written.user, NAME_SECONDS)
        heard = Heard(
            player=PlayerId(PLATFORM, place.community.id, written.user),
            channel=place.id,
            thread=MessageRef(written.thread),
            reply=MessageRef(written.ref),
            words=written.words,
            at=written.at,
            version=written.version,
            name=who.name,
        )
        await self._service.hear(heard, self._clock())

    async def _reaction(self, ack: Ack, body: Payload) -> None:
        reacted = parse.reaction(body)
        if reacted is not None:
            place = await self._service.place(PLATFORM, reacted.team, reacted.channel)
            if place is not None:
                lit = Lit(
                    player=PlayerId(PLATFORM, place.community.id, reacted.user),
                    channel=place.id,
                    reply=MessageRef(reacted.ref),
                    on=reacted.on,
                    version=reacted.version,
                )
                await self._service.light(lit, self._clock())
        await ack()

    async def _home_opened(self, ack: Ack, body: Payload) -> None:
        await ack()
        if body["event"].get("tab", "home") == "home":
            self._later(self._show_home(str(body.get("team_id")), str(body["event"]["user"])))

    async def _user_changed(self, ack: Ack, body: Payload) -> None:
        await ack()
        self._workspaces.of(str(body.get("team_id"))).forget(str(body["event"]["user"]["id"]))

    async def _show_home(self, team: str, user: str) -> None:
        workspace = self._workspaces.of(team)
        player = PlayerId(PLATFORM, await self._community(team), user)
        message = await self._service.home(player, self._clock())
        place = await self.chat.place(ChannelId(""), message)
        await workspace.client.views_publish(user_id=user, view=render.home([(place, message.blocks)]))

    # --- what was missed -------------------------------------------------------------------

    async def _heard_from_slack(self, _client: object, message: Mapping[str, Any], _raw: str | None) -> None:
        """A new connection: events of the gap before it are lost, so threads are read again."""
        if message.get("type") == "hello":
            for workspace in self._workspaces.all():
                self._later(self._read_back(workspace))

    async def _read_back(self, workspace: Workspace) -> None:
        if not workspace.reads_threads:
            return
        community = await self._community(workspace.team)
        for thread in await self._service.open_threads(community):
            try:
                await self._read_thread(workspace, community, thread)
            except SlackApiError as error:
                if error_of(error) == "ratelimited":
                    return  # some apps may read one page a minute: then what was missed stays missed
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                # One thread that cannot be read now is no reason to miss the others.
                log.warning("a thread could not be read back", error=type(error).__name__)

    async def _read_thread(self, workspace: Workspace, community: CommunityId, thread: OpenThread) -> None:
        """Everything that stands in a thread now; what stands there no longer was deleted."""
        left = set(thread.replies)
        cursor = ""
        while True:
            version = f"{self._clock().timestamp():.6f}"  # of what is read: an event may tell of a newer one
            answer = await workspace.client.conversations_replies(
                channel=thread.channel_ref, ts=thread.ref, cursor=cursor, limit=PAGE
            )
            for message in answer["messages"]:
                reply = reply_id(thread.channel, MessageRef(message["ts"]))
                left.discard(reply)
                written = parse.from_history(workspace.team, thread.channel_ref, message, workspace.known)
                if written is not None:
                    await self._hear(workspace, written)
                lit = [PlayerId(PLATFORM, community, each) for each in parse.lit_by(message)]
                if lit or reply in thread.lit:
                    await self._service.relight(thread.channel, reply, lit, version, self._clock())
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        for reply in left:
            await self._service.unhear_reply(reply, self._clock())

    # --- telling ---------------------------------------------------------------------------

    async def _tell(self, pressed: Pressed, answer: Answer) -> None:
        """Show an answer to one player, where they are looking."""
        assert isinstance(answer.content, Message)
        origin = pressed.origin
        message = answer.content
        # What was refused leaves the ballot or the receipt that it was pressed on as it is.
        instead = origin.surface is Surface.WHISPER and answer.accepted
        if origin.url and await self._respond(origin, pressed.place, message, instead=instead):
            return
        for _ in range(ANSWER_TRIES):
            try:
                await self.chat.whisper_here(pressed.place, origin.user, message)
                return
            except TryLater as later:
                await asyncio.sleep(min(later.after, LONGEST_ANSWER_WAIT))
            except DeliveryFailed as failed:
                log.warning("an answer could not be shown", error=type(failed).__name__)
                return

    async def _respond(self, origin: Origin, place: ChannelId, message: Message, *, instead: bool) -> bool:
        """Answer by the address that came with the press. False if Slack takes no more there."""
        workspace = self._workspaces.of(origin.team)
        shown = await self.chat.shown(place, message)
        webhook = AsyncWebhookClient(
            origin.url, session=workspace.client.session, retry_handlers=[], logger=SILENT
        )
        for _ in range(ANSWER_TRIES):
            try:
                answer = await webhook.send(response_type="ephemeral", replace_original=instead, **shown)
            except (aiohttp.ClientError, TimeoutError, OSError):
                if not instead:
                    return False
                continue  # put in place again, it is the same: it need not stand there twice
            if answer.status_code != 429:
                return answer.status_code == 200
            await asyncio.sleep(min(float(answer.headers.get("Retry-After", 1)), LONGEST_ANSWER_WAIT))
        return False

    async def _show_modal(self, origin: Origin, view: dict[str, Any]) -> str:
        """Open a modal, or put another in the place of the one that was pressed in. Its id."""
        client = self._workspaces.of(origin.team).client
        for _ in range(ANSWER_TRIES):
            try:
                if origin.surface is Surface.MODAL:
                    answer = await client.views_update(view_id=origin.view, view=view)
                else:
                    answer = await client.views_open(trigger_id=origin.trigger, view=view)
                return str(answer["view"]["id"])
            except SlackApiError as error:
                if error_of(error) != "ratelimited":
                    log.warning("a form could not be opened", error=error_of(error))
                    return ""
                wait = retry_after(error)
                if wait > TRIGGER_SECONDS:
                    log.warning("a form could not be opened", error="ratelimited")
                    return ""
                await asyncio.sleep(wait)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                log.warning("a form could not be opened", error=type(error).__name__)
                return ""
        return ""

    def _later(self, telling: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_logged(telling))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    # --- who and where ---------------------------------------------------------------------

    async def _community(self, team: str) -> CommunityId:
        return await self._service.community(PLATFORM, team) or NOBODY_PLAYED

    async def _found_community(self, origin: Origin) -> None:
        """Somebody may say who they are before anybody has dealt: from App Home, say."""
        if await self._community(origin.team) == NOBODY_PLAYED:
            workspace = self._workspaces.of(origin.team)
            who = await workspace.who(origin.user, NAME_SECONDS)
            await self._service.found_community(
                PLATFORM, origin.team, workspace.name, who.zone, self._clock()
            )

    async def _player(self, origin: Origin) -> PlayerId:
        return PlayerId(PLATFORM, await self._community(origin.team), origin.user)

    async def _name(self, origin: Origin) -> str:
        who = await self._workspaces.of(origin.team).who(origin.user, NAME_SECONDS)
        return who.name or origin.name

    async def _place(self, origin: Origin, *, wanted: bool) -> ChannelId:
        """Our channel for Slack's; `wanted`: made if it is new. Empty if there is none."""
        if not origin.channel:
            return ChannelId("")
        place = await self._service.place(PLATFORM, origin.team, origin.channel)
        if place is None and wanted:
            workspace = self._workspaces.of(origin.team)
            who = await workspace.who(origin.user, NAME_SECONDS)
            place = await self._service.found_place(
                PLATFORM,
                origin.team,
                workspace.name,
                origin.channel,
                origin.channel_name,
                who.zone,
                self._clock(),
            )
        return place.id if place is not None else ChannelId("")

    async def _join(self, place: ChannelId) -> None:
        """Be in the channel before a card is dealt there. Raises ChannelGone if we may not."""
        spot = await self.chat.spot(place)
        try:
            joining = spot.workspace.client.conversations_join(channel=spot.channel)
            await asyncio.wait_for(joining, JOIN_SECONDS)
        except SlackApiError as error:
            word = error_of(error)
            if word in {"channel_not_found", "not_in_channel"}:
                raise NotInvited from None
            if word in {"is_archived"}:
                raise ChannelGone from None
            # A private channel that we are in, or no leave to join: posting will show.
        except (aiohttp.ClientError, TimeoutError, OSError):
            return


def _opens_form(action: str) -> bool:
    try:
        wanted = read(action)
    except NotAnAction:
        return False
    return wanted.verb in FORMS or (wanted.verb is Verb.DEAL and not wanted.value)


def _buttons(message: Message) -> list[Button]:
    return [each for block in message.blocks if isinstance(block, Buttons) for each in block.buttons]


def _deals(action: str) -> bool:
    wanted = read(action)
    return wanted.verb is Verb.DEAL and bool(wanted.value)


def _no_reply() -> Answer:
    return Answer(content=waiting.no_reply(), accepted=False)


async def _logged(telling: Coroutine[Any, Any, None]) -> None:
    try:
        await telling
    except Exception as error:
        log.error("could not tell somebody on Slack", exc_info=error)


async def _failed(error: Exception) -> None:
    """A listener failed: it is not acknowledged, so Slack sends it again."""
    log.error("could not take what Slack sent", exc_info=error)


_ANYTHING = re.compile("")
_LONGEST_START_WAIT = 60.0  # seconds
_BAD_TOKEN = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
    }
)
