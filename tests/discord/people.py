"""Somebody who uses Discord: types, presses, fills in forms, and sees what their client shows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.discord import changes, payloads
from tests.discord.gateway import Gateway
from tests.discord.reading import Reading, reading
from tests.discord.record import (
    ANSWER_SECONDS,
    DM,
    THREAD,
    Answers,
    Asks,
    Can,
    Channel,
    Flag,
    Guild,
    Interaction,
    Json,
    Member,
    Modal,
    Post,
    Slow,
    User,
    World,
    may,
    permissions,
    walk,
)


class DiscordShows(Exception):
    """What Discord tells a person in place of the app: it did not answer, or not in time."""


@dataclass(frozen=True, slots=True)
class Ack:
    """How the app acknowledged. `took` is in seconds of the server's clock, `data` what it answered with."""

    took: float
    kind: Answers
    data: Json
    asked: Interaction

    @property
    def post(self) -> Post | None:
        """The message that is the answer, if it is one: it may be loading still."""
        return self.asked.original


class Person:
    """One person in one guild. What their client has no way to do raises ValueError."""

    def __init__(self, world: World, guild: Guild, member: Member, gateway: Gateway) -> None:
        self.world, self.guild, self.member = world, guild, member
        self._gateway = gateway

    @property
    def id(self) -> str:
        """Their user id."""
        return self.member.user.id

    @property
    def user(self) -> User:
        """Who they are in every guild."""
        return self.member.user

    # --- What they see -----------------------------------------------------------------------------

    @property
    def modal(self) -> Modal | None:
        """The form they have open, if one is."""
        return self.world.modals.get(self.id)

    @property
    def dm(self) -> Channel:
        """Their direct messages with the bot."""
        return self.world.dm(self.user)

    @property
    def dms(self) -> list[Post]:
        """What stands in their direct messages with the bot, in order."""
        return self.sees(self.dm)

    def sees(self, channel: Channel | str) -> list[Post]:
        """What they see in a channel or thread, in order: what all see, and ephemerals for them alone."""
        found = self._inside(channel)
        return [
            post
            for post in found.every
            if not post.gone and not post.forgotten and post.only_for in {"", self.id}
        ]

    def reads(self, shown: Post | Modal) -> Reading:
        """A message or a form as they read it."""
        if isinstance(shown, Modal):
            return reading(f"# {shown.shape['title']}", (), shown.shape["components"])
        if shown.flags & Flag.LOADING:
            return Reading(f"{self.world.app.name} is thinking…")
        embeds = [] if shown.flags & Flag.SUPPRESS_EMBEDS else shown.embeds
        return reading(shown.content, embeds, shown.components)

    def pinged(self, post: Post) -> bool:
        """Whether a message tells them."""
        roles = set(self.member.roles) & set(post.role_pings)
        return self.id in post.pings or post.everyone or bool(roles)

    def offered(self) -> list[Json]:
        """The commands that their client offers them here."""
        return [each for each in self.world.app.all_commands(self.guild) if self._may_use(each)]

    def _may_use(self, command: Json) -> bool:
        needed = command.get("default_member_permissions")
        if needed is None:
            return True
        base = 0
        for id in [self.guild.id, *self.member.roles]:
            base |= self.guild.roles[id].permissions
        if base & Can.ADMINISTRATOR or self.guild.owner == self.id:
            return True
        return int(needed) != 0 and base & int(needed) == int(needed)

    def reload(self) -> None:
        """Start the client anew: what only they saw is gone from their eyes, and so is an open form."""
        for channel in self.world.channels.values():
            for post in channel.every:
                if post.only_for == self.id:
                    post.forgotten = True
        self.world.modals.pop(self.id, None)

    def dismiss(self, post: Post) -> None:
        """Choose "Dismiss message" under what only they see."""
        self._seen(post)
        if post.only_for != self.id:
            raise ValueError("only what is for them alone can be dismissed")
        post.forgotten = True

    # --- Commands ----------------------------------------------------------------------------------

    async def command(self, path: str, /, *, channel: Channel | str, **options: Any) -> Ack:
        """Type a command, by its path ("deal", or "shoes deal"), with options by name.

        An option with choices takes the name or the value of one.
        """
        command, steps, shape = self._command(path, channel)
        given = [
            self._option(each, options) for each in shape.get("options") or [] if each["name"] in options
        ]
        unknown = options.keys() - {each["name"] for each in shape.get("options") or []}
        if unknown:
            raise ValueError(f"/{path} has no option {sorted(unknown)}")
        missing = [
            each["name"]
            for each in shape.get("options") or []
            if each.get("required") and each["name"] not in options
        ]
        if missing:
            raise ValueError(f"/{path} needs {missing}")
        data = self._command_data(command, steps, given)
        return await self._ask(
            Asks.COMMAND, self._writing(channel), data, name=" ".join([command["name"], *steps]), menu=1
        )

    async def autocomplete(
        self, path: str, /, option: str, typed: str, *, channel: Channel | str, **others: Any
    ) -> list[Json]:
        """Type the beginning of an option, and get the choices that the app offers: name and value each."""
        command, steps, shape = self._command(path, channel)
        found = next((each for each in shape.get("options") or [] if each["name"] == option), None)
        if found is None or not found.get("autocomplete"):
            raise ValueError(f"{option} of /{path} offers nothing as one types")
        given = [self._option(each, others) for each in shape["options"] if each["name"] in others]
        given.append({"type": found["type"], "name": option, "value": typed, "focused": True})
        data = self._command_data(command, steps, given)
        ack = await self._ask(Asks.AUTOCOMPLETE, self._writing(channel), data, name=path, menu=1)
        choices: list[Json] = ack.data.get("choices") or []
        return choices

    async def context_menu(self, name: str, target: Post | Person) -> Ack:
        """Choose one of the app's commands in the menu of a message, or of a person."""
        kind = 3 if isinstance(target, Post) else 2
        command = next(
            (each for each in self.offered() if (each["type"], each["name"]) == (kind, name)), None
        )
        if command is None:
            raise LookupError(f"no command {name!r} in this menu")
        data: Json = {"id": command["id"], "name": name, "type": kind}
        if isinstance(target, Post):
            self._seen(target)
            if target.only_for:
                raise ValueError("an ephemeral message has no such menu")
            channel = target.channel
            data["target_id"] = target.id
            data["resolved"] = {"messages": {target.id: payloads.message(self.world, target)}}
        else:
            channel = next(iter(self.guild.channels.values()))
            data["target_id"] = target.id
            data["resolved"] = {
                "users": {target.id: payloads.user(target.user)},
                "members": {target.id: payloads.member(target.member) | {"permissions": "0"}},
            }
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        return await self._ask(Asks.COMMAND, channel, data, name=name, menu=kind)

    def _command(self, path: str, channel: Channel | str) -> tuple[Json, list[str], Json]:
        """A command, the way to the subcommand within it, and that subcommand."""
        there = self._inside(channel)
        words = path.split()
        found = []
        for command in self.offered():
            contexts = command.get("contexts")
            if there.type == DM and (
                command.get("dm_permission") is False or (contexts and 1 not in contexts)
            ):
                continue
            if there.type != DM and contexts and 0 not in contexts:
                continue
            for steps, shape in _leaves(command):
                full = [command["name"], *steps]
                if command["type"] == 1 and words in (full, full[1:]):
                    found.append((command, steps, shape))
        if len(found) != 1:
            names = [
                " ".join([command["name"], *steps])
                for command in self.offered()
                for steps, _ in _leaves(command)
            ]
            raise LookupError(f"no one command {path!r} here; there are {names}")
        return found[0]

    def _command_data(self, command: Json, steps: Sequence[str], given: list[Json]) -> Json:
        data: Json = {"id": command["id"], "name": command["name"], "type": 1}
        options = given
        for depth, step in reversed([*enumerate(steps)]):
            kind = 2 if depth < len(steps) - 1 else 1
            options = [{"type": kind, "name": step, "options": options}]
        data["options"] = options
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        resolved = self._resolved([each for each in given if each["type"] in {6, 7, 8, 9}])
        if resolved:
            data["resolved"] = resolved
        return data

    def _option(self, shape: Json, options: Mapping[str, Any]) -> Json:
        """One option as it is sent. What the client would not let one type raises ValueError."""
        name, kind, value = shape["name"], shape["type"], options[shape["name"]]
        choices = shape.get("choices") or []
        if choices:
            chosen = [each["value"] for each in choices if value in (each["name"], each["value"])]
            if not chosen:
                raise ValueError(f"{name} offers {[each['name'] for each in choices]}")
            value = chosen[0]
        if kind == 3 and not isinstance(value, str):
            raise ValueError(f"{name} is a text")
        if kind == 3 and len(value) > (shape.get("max_length") or 6000):
            raise ValueError(f"{name} is too long")
        if kind == 3 and len(value) < (shape.get("min_length") or 0):
            raise ValueError(f"{name} is too short")
        if kind in {4, 10}:
            try:
                value = int(value) if kind == 4 else float(value)
            except (TypeError, ValueError):
                raise ValueError(f"{name} is a number") from None
            least, most = shape.get("min_value"), shape.get("max_value")
            if (least is not None and value < least) or (most is not None and value > most):
                raise ValueError(f"{name} is out of range")
        if kind in {6, 7, 8}:
            value = value if isinstance(value, str) else value.id
        return {"type": kind, "name": name, "value": value}

    def _resolved(self, given: Sequence[Json]) -> Json:
        found: Json = {}
        for each in given:
            id = each["value"]
            if each["type"] == 6:
                found.setdefault("users", {})[id] = payloads.user(self.world.users[id])
                if id in self.guild.members:
                    about = {**payloads.member(self.guild.members[id]), "permissions": "0"}
                    found.setdefault("members", {})[id] = about
            elif each["type"] == 7:
                there = self.world.channels[id]
                about = {**payloads.channel(there), "permissions": str(permissions(there, self.id))}
                found.setdefault("channels", {})[id] = about
            elif each["type"] == 8:
                found.setdefault("roles", {})[id] = payloads.role(self.guild.roles[id])
        return found

    # --- Presses -----------------------------------------------------------------------------------

    async def press(self, post: Post, what: str, choice: str | Sequence[str] = ()) -> Ack:
        """Press a button, by its custom_id or label; or choose in a select, by values or labels."""
        self._seen(post)
        pressed = _find(post.components, what)
        if pressed.get("disabled"):
            raise ValueError(f"{what!r} is disabled")
        if pressed["type"] == 2 and pressed["style"] == 5:
            raise ValueError("a link opens in the browser, and the app hears nothing")
        data: Json = {
            "custom_id": pressed["custom_id"],
            "component_type": pressed["type"],
            "id": pressed["id"],
        }
        if pressed["type"] != 2:
            values = _chosen(pressed, [choice] if isinstance(choice, str) else choice)
            data["values"] = values
            if pressed["type"] != 3:
                kinds = {5: 6, 6: 8, 7: 6, 8: 7}
                data["resolved"] = self._resolved(
                    [{"type": kinds[pressed["type"]], "value": each} for each in values]
                )
        return await self._ask(Asks.COMPONENT, post.channel, data, post)

    async def forge(self, post: Post, custom_id: str) -> Ack:
        """Press a button that is not there, as a changed client can."""
        data = {"custom_id": custom_id, "component_type": 2, "id": 1}
        return await self._ask(Asks.COMPONENT, post.channel, data, post)

    # --- Forms -------------------------------------------------------------------------------------

    def fill(self, values: Mapping[str, Any]) -> None:
        """Type into the form that is open, by custom_id or label; choices by value or label."""
        modal = self._open_modal()
        for name, typed in values.items():
            label, field = _field(modal, name)
            kind = field["type"]
            if kind == 4:
                if len(typed) > (field.get("max_length") or 4000):
                    raise ValueError(f"{label} takes no more than {field.get('max_length') or 4000}")
                modal.values[field["custom_id"]] = typed
            elif kind == 23:
                modal.values[field["custom_id"]] = bool(typed)
            elif kind == 21:
                modal.values[field["custom_id"]] = _values(field, [typed])[0] if typed else None
            else:
                some = [typed] if isinstance(typed, str) else list(typed)
                modal.values[field["custom_id"]] = _values(field, some)

    async def submit(self, values: Mapping[str, Any] | None = None) -> Ack:
        """Fill in and send the form that is open. What the client would not send raises ValueError."""
        modal = self._open_modal()
        self.fill(values or {})
        sent: list[Json] = []
        for each in modal.shape["components"]:
            if each["type"] == 1:
                inner = [_sent(modal, one, one.get("label", "")) for one in each["components"]]
                sent.append({"type": 1, "id": each["id"], "components": inner})
            elif each["type"] == 18:
                inner_sent = _sent(modal, each["component"], each["label"])
                sent.append({"type": 18, "id": each["id"], "component": inner_sent})
            else:
                sent.append({"type": each["type"], "id": each["id"]})
        data: Json = {"custom_id": modal.shape["custom_id"], "components": sent}
        opened = modal.interaction
        ack = await self._ask(Asks.MODAL, opened.channel, data, opened.post, opened_from=opened)
        if self.world.modals.get(self.id) is modal:
            del self.world.modals[self.id]
        return ack

    def close_modal(self) -> None:
        """Close the form without sending. The app never hears of it."""
        self._open_modal()
        del self.world.modals[self.id]

    def _open_modal(self) -> Modal:
        if self.modal is None:
            raise ValueError("they have no form open")
        return self.modal

    # --- Messages and reactions: events, on their way when these return ----------------------------------

    def say(
        self, channel: Channel | str, text: str, *, reply_to: Post | None = None, bot: bool = False
    ) -> Post:
        """Post a message, in a thread if that is the channel. `bot`: some other bot says it."""
        where = self._writing(channel)
        if len(text) > 2000:
            raise ValueError("longer than 2,000 characters")
        author = self.world.users.setdefault(
            "100000000000000009", User("100000000000000009", "other", "Other", bot=True)
        )
        post = Post(
            self.world.next_id(), where, author if bot else self.user, text, self.world.clock(),
            reference=reply_to, type=19 if reply_to else 0,
        )  # fmt: skip
        return changes.add(self.world, post)

    def edit(self, post: Post, text: str) -> None:
        """Edit a message of their own."""
        self._own(post)
        changes.edit(self.world, post, content=text)

    def delete(self, post: Post) -> None:
        """Delete a message of their own, or another's if they may."""
        if post.author is not self.user and not may(post.channel, self.id, Can.MANAGE_MESSAGES):
            raise ValueError("they delete only their own messages")
        changes.delete(self.world, post)

    def react(self, post: Post, emoji: str) -> None:
        """Put an emoji on a message."""
        self._seen(post)
        if post.only_for:
            raise ValueError("an ephemeral message takes no reactions")
        changes.react(self.world, post, self.user, emoji, add=True)

    def unreact(self, post: Post, emoji: str) -> None:
        """Take their emoji off a message."""
        changes.react(self.world, post, self.user, emoji, add=False)

    def thread(self, post: Post, name: str) -> Channel:
        """Start a thread on a message."""
        self._seen(post)
        if post.thread or post.only_for or post.channel.type == THREAD:
            raise ValueError("no thread can start here")
        return changes.thread(self.world, post, self.user, name)

    def closes_dms(self, closed: bool = True) -> None:
        """Take no direct messages from people and bots of the guild any more, or again."""
        self.user.closed = closed

    # --- Within ------------------------------------------------------------------------------------------

    def _channel(self, channel: Channel | str) -> Channel:
        return self.world.channels[channel] if isinstance(channel, str) else channel

    def _inside(self, channel: Channel | str) -> Channel:
        found = self._channel(channel)
        mine = found.recipient is self.user if found.type == DM else may(found, self.id, Can.VIEW_CHANNEL)
        if found.gone or not mine:
            raise ValueError(f"they do not see {found.name or found.id}")
        return found

    def _writing(self, channel: Channel | str) -> Channel:
        found = self._inside(channel)
        need = Can.SEND_MESSAGES_IN_THREADS if found.type == THREAD else Can.SEND_MESSAGES
        if not may(found, self.id, need) or (found.locked and not may(found, self.id, Can.MANAGE_THREADS)):
            raise ValueError(f"they cannot write in {found.name or found.id}")
        return found

    def _seen(self, post: Post) -> None:
        if post not in self.sees(post.channel):
            raise ValueError("they do not see this message (any more)")

    def _own(self, post: Post) -> None:
        self._seen(post)
        if post.author is not self.user:
            raise ValueError("they change only their own messages")

    async def _ask(
        self, kind: Asks, channel: Channel, data: Json, post: Post | None = None, **more: Any
    ) -> Ack:
        """Send an interaction and wait for the first answer. Raises DiscordShows if none comes in time."""
        world = self.world
        started = world.clock()
        if not any(each.sees(channel.guild) for each in self._gateway.open):
            raise DiscordShows(_failed(kind))
        asked = changes.ask(world, kind, self.user, channel, data, post, **more)
        try:
            await asyncio.wait_for(asked.acknowledged.wait(), world.answer_within)
        except TimeoutError:
            asked.expired = True
            raise DiscordShows(_failed(kind)) from None
        if asked.first is None:
            raise DiscordShows(_failed(kind))
        took = world.clock() - started
        if took > ANSWER_SECONDS:
            world.slow.append(Slow(kind, took))
        return Ack(took, asked.first, asked.answer or {}, asked)


def _failed(kind: Asks) -> str:
    return {
        Asks.COMMAND: "The application did not respond",
        Asks.AUTOCOMPLETE: "Loading options failed",
        Asks.COMPONENT: "This interaction failed",
        Asks.MODAL: "Something went wrong. Try again.",
    }[kind]


def _leaves(command: Json) -> Iterator[tuple[list[str], Json]]:
    """Every subcommand with the way to it; a command without any is its own."""
    inner = [each for each in command.get("options") or [] if each["type"] in {1, 2}]
    if not inner:
        yield [], command
    for each in inner:
        for steps, leaf in _leaves(each):
            yield [each["name"], *steps], leaf


def _find(components: list[Json], what: str) -> Json:
    pressable = [each for each in walk(components) if each["type"] in {2, 3, 5, 6, 7, 8}]
    for names in ("custom_id", "label", "placeholder"):
        for each in pressable:
            if each.get(names) == what:
                return each
    there = [each.get("label") or each.get("custom_id") for each in pressable]
    raise LookupError(f"nothing called {what!r}; there is {there}")


def _values(holder: Json, chosen: Sequence[str]) -> list[str]:
    """The values of the options named by value or label."""
    options = holder.get("options")
    if options is None:
        return list(chosen)
    found = []
    for each in chosen:
        value = next(
            (option["value"] for option in options if each in (option["value"], option["label"])), None
        )
        if value is None:
            raise LookupError(f"no option {each!r}; there are {[option['label'] for option in options]}")
        found.append(value)
    return found


def _chosen(select: Json, chosen: Sequence[str]) -> list[str]:
    found = _values(select, chosen)
    least, most = select.get("min_values"), select.get("max_values")
    if not (1 if least is None else least) <= len(found) <= (1 if most is None else most):
        raise ValueError(f"{len(found)} chosen, where {least} to {most} can be")
    return found


def _field(modal: Modal, name: str) -> tuple[str, Json]:
    """A field of a form, with its label, by custom_id or label."""
    fields = []
    for each in modal.shape["components"]:
        if each["type"] == 1:
            fields += [(one.get("label", ""), one) for one in each["components"]]
        elif each["type"] == 18:
            fields.append((each["label"], each["component"]))
    for label, field in fields:
        if name in (field["custom_id"], label):
            return label, field
    raise LookupError(f"no field {name!r}; there are {[label for label, _ in fields]}")


def _sent(modal: Modal, field: Json, label: str) -> Json:
    """A field with what stands in it. What the client would not let go raises ValueError."""
    kind, id = field["type"], field["custom_id"]
    needed = field.get("required")
    needed = True if needed is None else needed
    sent: Json = {"type": kind, "id": field["id"], "custom_id": id}
    if kind == 4:
        value = modal.values.get(id, field.get("value") or "")
        if needed and not value:
            raise ValueError(f"{label} is needed")
        if value and len(value) < (field.get("min_length") or 0):
            raise ValueError(f"{label} needs at least {field['min_length']} characters")
        return {**sent, "value": value}
    if kind == 23:
        return {**sent, "value": modal.values.get(id, field.get("default") or False)}
    default = [option["value"] for option in field.get("options") or [] if option.get("default")]
    if kind == 21:
        chosen = modal.values.get(id, default[0] if default else None)
        if needed and chosen is None:
            raise ValueError(f"{label} is needed")
        return {**sent, "value": chosen}
    values = modal.values.get(id, default)
    least, most = field.get("min_values"), field.get("max_values")
    if needed and not values:
        raise ValueError(f"{label} is needed")
    if values and len(values) < (1 if least is None else least):
        raise ValueError(f"{label} needs at least {least}")
    default_most = len(field.get("options") or []) if kind == 22 else 1
    if len(values) > (most or default_most):
        raise ValueError(f"{label} takes at most {most}")
    return {**sent, "values": values}
