"""What people press, type and choose in Discord -> the game -> the first answer, within 3 s, and once.

A form has to be the first answer. Everything else is played first, which takes milliseconds; where
it takes longer than that, Discord is told to wait, and the answer comes when it is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import discord
import structlog
from discord import app_commands
from discord.http import Route

from adapters.discord import invite, parse, render
from adapters.discord.chat import PLATFORM, DiscordChat, body, delivered
from adapters.discord.limits import CALLBACK_SECONDS, CHOICES, FIRST_ANSWER_SECONDS, FORM_SECONDS
from adapters.discord.parse import Origin, Surface
from bot import commands, keeping, prompting, rounding_up, storytelling
from bot.actions import FORMS, OPENED_BY, Action, NotAnAction, Verb, posts, read, write
from bot.answers import Answer
from bot.background import Background
from bot.chat import Chosen, DeliveryFailed, MessageRef, Press
from bot.game.model import ChannelId, CommunityId, PlayerId
from bot.messages import Form
from bot.recent import Recent
from bot.service import Service
from bot.views import guide, waiting
from bot.views.words import plain

STORIES = frozenset(
    {Verb.STORY, Verb.NO_STORY, Verb.KEEP_STORY, Verb.TAKE_STORY_BACK, *storytelling.TELLINGS}
)
"""Is about no card: in a direct message, the story tells in which guild."""

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
ORIGINAL = "/webhooks/{application_id}/{interaction_token}/messages/@original"
FOLLOWUP = "/webhooks/{application_id}/{interaction_token}"

NEW_MESSAGE, DEFER, DEFER_UPDATE, UPDATE, AUTOCOMPLETE, MODAL = 4, 5, 6, 7, 8, 9
"""Kinds of first answers (Reference: interaction callback type)."""

EPHEMERAL = 1 << 6  # Reference: message flags

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a press: the action that does it once more, our channel, and what to show."""

    action: str
    place: ChannelId
    answer: Answer


class Answering:
    """Commands, menus of messages, buttons and forms, and what this player is shown."""

    def __init__(
        self,
        service: Service,
        chat: DiscordChat,
        clock: Callable[[], datetime],
        background: Background,
        *,
        reads_threads: bool,
    ) -> None:
        self._service = service
        self._chat = chat
        self._clock = clock
        self._background = background
        self._reads_threads = reads_threads
        self._left_out: Recent[tuple[PlayerId, str], Mapping[str, str]] = Recent(1_000)
        self._taken: Recent[int, bool] = Recent(10_000)
        # What stood in a form that could not be taken, so that it stands there again.
        self._typed: Recent[tuple[PlayerId, str], Mapping[str, str]] = Recent(1_000)

    def add_commands(self, tree: app_commands.CommandTree[Any]) -> None:
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
                place,
                MessageRef(str(message.channel.id)),
                MessageRef(parse.reply(message.channel.id, message.id)),
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
        ref = MessageRef(parse.reply(message.channel.id, message.id))

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
        missing = invite.missing(interaction.app_permissions) if wanted is not None and posts(wanted) else ""

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
        self._background.later(self._answer_later(interaction, origin, playing))

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
            manages=origin.manages,
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
            opener = OPENED_BY.get(opens.verb, opens.verb)
            action = write(Action(opener, opens.round, opens.about, opens.value))
            return answer.showing(render.sent_back(_filled(content, typed), action))
        kept = self._typed.get(key)
        content = _filled(content, kept) if kept else content
        self._left_out.keep(key, render.left_out(content))
        return answer.showing(content)

    # --- answering -------------------------------------------------------------------------

    async def _answer(
        self, interaction: discord.Interaction[Any], origin: Origin, place: ChannelId, answer: Answer
    ) -> None:
        """The first answer to a press: a form, or words that only this player sees."""
        content = answer.content
        shown_in = await self._chat.place(place, content)
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
            answer = answer.showing(content, accepted=False)
        shown_in = await self._chat.place(played.place, content)
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
        route = Route(
            verb,
            path,
            application_id=interaction.application_id,
            interaction_id=interaction.id,
            interaction_token=interaction.token,
        )
        try:
            await delivered(interaction.client.http.request(route, json=body), CALLBACK_SECONDS)
        except DeliveryFailed as failed:
            log.warning("an answer could not be shown", error=type(failed).__name__)

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
        if wanted is not None and wanted.verb in prompting.PROMPTS:
            return await prompting.place_of(self._service.database, wanted.about, PLATFORM, origin.user)
        if wanted is not None and wanted.verb in STORIES:
            look = storytelling.place_of if wanted.verb in storytelling.QUEUE else keeping.place_of
            return await look(self._service.database, wanted.about, PLATFORM, origin.user)
        if wanted is not None and wanted.verb in rounding_up.ROUND_UPS:
            return await rounding_up.place_of(self._service.database, wanted, PLATFORM, origin.user)
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


def _opens_form(action: Action) -> bool:
    return action.verb in FORMS or (action.verb is Verb.DEAL and not action.value)


def _keeps(action: str) -> bool:
    try:
        return read(action).verb is Verb.KEEP_STORY
    except NotAnAction:
        return False


def _filled(form: Form, typed: Mapping[str, str]) -> Form:
    """A form with what was typed before."""
    fields = tuple(replace(each, value=typed.get(each.name, each.value)) for each in form.fields)
    return replace(form, fields=fields)


def _whispered(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "flags": body.get("flags", 0) | EPHEMERAL}
