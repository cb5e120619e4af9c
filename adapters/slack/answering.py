"""What people press, type and choose in Slack -> the game -> what they see; acknowledged once it is durable.

Slack waits 3 s for an acknowledgement, and a form can be opened 3 s long. So a listener does the one
commit, or the one read and `views.open`; what it tells people goes out afterwards. A listener that
fails is not acknowledged: Slack then sends the event again, and the service knows it by its name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack import parse, render
from adapters.slack.chat import PLATFORM, SlackChat
from adapters.slack.limits import (
    ANSWER_TRIES,
    JOIN_SECONDS,
    LONGEST_ANSWER_WAIT,
    NAME_SECONDS,
    READ_SECONDS,
    TRIGGER_SECONDS,
)
from adapters.slack.parse import NOWHERE, Ack, Behind, NotOurs, Origin, Payload, Pressed, Surface
from adapters.slack.workspace import SILENT, Who, Workspaces, error_of, retry_after
from bot import commands
from bot.actions import FORMS, MANAGING, OPENED_BY, Action, NotAnAction, Verb, posts, read, write
from bot.answers import Answer
from bot.background import Background
from bot.chat import ChannelGone, Chosen, DeliveryFailed, MessageRef, NotInvited, Press, TryLater
from bot.game.model import ChannelId, CommunityId, PlayerId
from bot.messages import Button, Buttons, Form, Message
from bot.service import Service
from bot.views import refusals, waiting
from bot.views.words import plain

NOBODY_PLAYED = CommunityId("")  # the community of a workspace in which no card was dealt yet

log = structlog.get_logger()


class Answering:
    """Commands, shortcuts, buttons, forms and App Home, and what this player is shown."""

    def __init__(
        self,
        service: Service,
        chat: SlackChat,
        workspaces: Workspaces,
        clock: Callable[[], datetime],
        background: Background,
    ) -> None:
        self._service = service
        self._chat = chat
        self._workspaces = workspaces
        self._clock = clock
        self._background = background

    async def command(self, ack: Ack, body: Payload) -> None:
        """`/shoes`, with what was typed behind it."""
        origin, words = parse.command(body)
        action = write(commands.action_of(words, self._service.decks))

        async def place_and_play() -> tuple[Pressed, Answer]:
            # A channel that is new to us is stored first, and that may have to wait.
            place = await self._place(origin, wanted=True)
            event = parse.command_event(body)
            return await self._played(Pressed(origin=origin, action=action, event=event, place=place))

        await self._answered(ack, origin, action, place_and_play())

    async def button(self, ack: Ack, body: Payload) -> None:
        """A button, wherever it stands."""
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
        absent = await self._absent(pressed)
        return pressed, absent or await self._play(pressed)

    async def _placed(self, pressed: Pressed) -> Pressed:
        """The same; a channel of ours that is not in the workspace it came from is no channel at all."""
        try:
            spot = await self._chat.spot(pressed.place)
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
                self._background.later(self._show_late(playing, view))
                return
            play = playing
        pressed, answer = await play
        if answer.is_form or origin.surface in {Surface.MODAL, Surface.HOME}:
            await self._show_modal(origin, await self._view(answer.content, self._behind(pressed)))
            await ack()
        else:
            await ack()
            self._background.later(self._tell(pressed, answer))
        if origin.surface is Surface.HOME or pressed.behind.surface is Surface.HOME:
            self._background.later(self._show_home(origin.team, origin.user))

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

    async def form(self, ack: Ack, body: Payload) -> None:
        """A form that was sent: what is wrong with it stands in the acknowledgement."""
        try:
            pressed = parse.sent(body)
            verb = read(pressed.action).verb
        except (NotOurs, NotAnAction):
            await ack(response_action="update", view=await self._view(refusals.unknown(), Behind()))
            return
        pressed = await self._placed(pressed)
        behind = replace(pressed.behind, place=pressed.place)
        if verb in {Verb.SET_ROLE, Verb.SET_ZONE}:
            await self._found_community(pressed.origin)
        answer = await self._absent(pressed) or await self._play(pressed)
        content = answer.content
        if isinstance(content, Form):
            await self._answer_form(ack, content, pressed)
        elif not answer.accepted or verb is Verb.PREVIEW or behind.surface in {Surface.HOME, Surface.MODAL}:
            await ack(response_action="update", view=await self._view(content, behind))
        else:
            await ack(response_action="clear")
            told = replace(pressed, origin=replace(pressed.origin, surface=behind.surface))
            self._background.later(self._tell(told, answer))
        if behind.surface is Surface.HOME:
            self._background.later(self._show_home(pressed.origin.team, pressed.origin.user))

    async def _answer_form(self, ack: Ack, form: Form, pressed: Pressed) -> None:
        """What is wrong stands at its field, and what was typed stays there."""
        problems = {each.name: each.problem for each in form.fields if each.problem}
        same = {each.name for each in form.fields} <= set(pressed.fields)
        if problems and same:
            place = await self._chat.place(pressed.place, form)
            errors = {name: render.in_a_field(problem, place) for name, problem in problems.items()}
            await ack(response_action="errors", errors=errors)
        else:
            await ack(
                response_action="update",
                view=await self._view(form, replace(pressed.behind, place=pressed.place)),
            )

    async def _view(self, content: Message | Form, behind: Behind) -> dict[str, Any]:
        """A form as a modal; or a message, whose button to deal is then the modal's own."""
        place = await self._chat.place(behind.place, content)
        if isinstance(content, Form):
            return render.modal(content, replace(behind, action=content.action).write(), place)
        deal = next((each for each in _buttons(content) if _deals(each.action)), None)
        kept = replace(behind, action=deal.action) if deal is not None else behind
        return render.modal_of(content, kept.write(), plain("product-name"), place, submit=deal)

    async def _play(self, pressed: Pressed) -> Answer:
        player = await self._player(pressed.origin)
        wanted = _wanted(pressed.action)
        if wanted is not None and wanted.verb in MANAGING:
            who, manages = await asyncio.gather(self._who(pressed.origin), self._manages(pressed))
        else:
            who, manages = await self._who(pressed.origin), False
        press = Press(
            player=player,
            channel=pressed.place,
            action=pressed.action,
            event=pressed.event,
            name=who.name or pressed.origin.name,
            zone=who.zone,
            fields=pressed.fields,
            manages=manages,
        )
        return await self._service.press(press, self._clock())

    async def _manages(self, pressed: Pressed) -> bool:
        """Whether Slack names this player as one who looks after the channel."""
        workspace = self._workspaces.of(pressed.origin.team)
        channel = (await self._chat.spot(pressed.place)).channel if pressed.place else ""
        return await workspace.manages(pressed.origin.user, channel, NAME_SECONDS)

    async def _absent(self, pressed: Pressed) -> Answer | None:
        """What is said where a press has us post in a channel, and we cannot come in there; else None."""
        wanted = _wanted(pressed.action)
        if wanted is None or not posts(wanted) or not pressed.place:
            return None
        try:
            await self._join(pressed.place)
        except NotInvited:
            # A form that was sent is opened again.
            again = replace(wanted, verb=OPENED_BY.get(wanted.verb, wanted.verb))
            return Answer(content=waiting.not_invited(again), accepted=False)
        except ChannelGone:
            return Answer(content=waiting.closed_here(), accepted=False)
        return None

    # --- shortcuts and App Home ------------------------------------------------------------

    async def count(self, ack: Ack, body: Payload) -> None:
        """Count this as my response."""
        origin, ref, thread = parse.shortcut(body)
        place = await self._place(origin, wanted=False)
        action = None
        if place and thread and parse.picked(body).writer == origin.user:
            action = await self._service.counting(place, MessageRef(thread), MessageRef(ref))
        if action is None:
            await ack()
            self._background.later(
                self._tell(Pressed(origin=origin, action="", event="", place=place), _no_reply())
            )
            return
        event = f"slack:{origin.team}:{body.get('trigger_id', '')}"
        await self._pressed(ack, Pressed(origin=origin, action=write(action), event=event, place=place))

    async def keep(self, ack: Ack, body: Payload) -> None:
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
                name=(await self._who(origin)).name or origin.name,
            )
            answer = await self._service.keep(chosen, self._clock())
            return Pressed(origin=origin, action=action, event="", place=place), answer

        await self._answered(ack, origin, action, place_and_keep())

    async def home_opened(self, ack: Ack, body: Payload) -> None:
        """Somebody looks at App Home."""
        await ack()
        if body["event"].get("tab", "home") == "home":
            self._background.later(self._show_home(str(body.get("team_id")), str(body["event"]["user"])))

    async def _show_home(self, team: str, user: str) -> None:
        workspace = self._workspaces.of(team)
        player = PlayerId(PLATFORM, await self._community(team), user)
        message = await self._service.home(player, self._clock())
        place = await self._chat.place(ChannelId(""), message)
        await workspace.client.views_publish(user_id=user, view=render.home([(place, message.blocks)]))

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
                await self._chat.whisper_here(pressed.place, origin.user, message)
                return
            except TryLater as later:
                await asyncio.sleep(min(later.after, LONGEST_ANSWER_WAIT))
            except DeliveryFailed as failed:
                log.warning("an answer could not be shown", error=type(failed).__name__)
                return

    async def _respond(self, origin: Origin, place: ChannelId, message: Message, *, instead: bool) -> bool:
        """Answer by the address that came with the press. False if Slack takes no more there."""
        workspace = self._workspaces.of(origin.team)
        shown = await self._chat.shown(place, message)
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

    async def _who(self, origin: Origin) -> Who:
        return await self._workspaces.of(origin.team).who(origin.user, NAME_SECONDS)

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
        spot = await self._chat.spot(place)
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


def _wanted(action: str) -> Action | None:
    try:
        return read(action)
    except NotAnAction:
        return None


def _opens_form(action: str) -> bool:
    wanted = _wanted(action)
    if wanted is None:
        return False
    return wanted.verb in FORMS or (wanted.verb is Verb.DEAL and not wanted.value)


def _buttons(message: Message) -> list[Button]:
    return [each for block in message.blocks if isinstance(block, Buttons) for each in block.buttons]


def _deals(action: str) -> bool:
    wanted = read(action)
    return wanted.verb is Verb.DEAL and bool(wanted.value)


def _no_reply() -> Answer:
    return Answer(content=waiting.no_reply(), accepted=False)
