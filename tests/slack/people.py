"""Somebody who uses Slack: types, presses, fills in forms, and sees what their client shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.slack import changes, methods, payloads
from tests.slack.blocks import elements_of
from tests.slack.delivery import Delivery, NotAcknowledged
from tests.slack.methods import Refusal
from tests.slack.reading import Reading, reading, unescaped
from tests.slack.record import Channel, Json, Post, Refused, User, View, Workspace


class SlackShows(Exception):
    """What Slack tells a person in place of the app: it did not answer, or not in a way that works."""


@dataclass(frozen=True, slots=True)
class Ack:
    """How the app acknowledged. `took` is in seconds of the server's clock; `errors` stand at fields."""

    took: float
    payload: Json = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


class Person:
    """One person in one workspace. What their client has no way to do raises ValueError."""

    def __init__(self, workspace: Workspace, user: User, delivery: Delivery) -> None:
        self.workspace, self.user = workspace, user
        self._delivery = delivery

    @property
    def id(self) -> str:
        """Their user id."""
        return self.user.id

    # --- What they see -----------------------------------------------------------------------------

    @property
    def view(self) -> View | None:
        """The modal on top, if one is open."""
        stack = self.workspace.stacks.get(self.id, [])
        return stack[-1] if stack else None

    @property
    def home(self) -> View | None:
        """The app's Home tab, if it was ever published to them."""
        return self.workspace.homes.get(self.id)

    @property
    def dms(self) -> list[Post]:
        """Their direct messages with the app, in order."""
        return self.sees(self.workspace.dm(self.id))

    def sees(self, channel: Channel | str) -> list[Post]:
        """What they see in a channel, in order: posts, thread replies, and ephemerals for them alone."""
        found = self._channel(channel)
        return [post for post in found.every if not post.gone and post.only_for in {"", self.id}]

    def reads(self, shown: Post | View) -> Reading:
        """A post or a view as they read it."""
        if isinstance(shown, View):
            title = shown.shape.get("title", {}).get("text", "")
            header = [{"type": "header", "text": {"type": "plain_text", "text": title}}] if title else []
            return reading([*header, *shown.shape["blocks"]])
        return reading(shown.blocks, shown.text)

    def reload(self) -> None:
        """Start the client anew: what only they saw is gone, and so are open forms."""
        for channel in self.workspace.channels.values():
            for post in channel.every:
                if post.only_for == self.id:
                    post.gone = True
        self.workspace.stacks.pop(self.id, None)

    # --- Commands, presses, shortcuts, forms -----------------------------------------------------------

    async def command(self, command: str, text: str, channel: Channel | str) -> Ack:
        """Type a slash command."""
        where = self._inside(channel)
        payload = {
            "token": payloads.VERIFICATION,
            "team_id": self.workspace.id,
            "team_domain": payloads.domain(self.workspace),
            "channel_id": where.id,
            "channel_name": where.payload_name,
            "user_id": self.id,
            "user_name": self.user.name,
            "command": command,
            "text": text,
            "api_app_id": self.workspace.app.id,
            "is_enterprise_install": "false",
            "response_url": changes.new_response_url(self.workspace, self.id, where.id, "commands", None),
            "trigger_id": changes.new_trigger(self.workspace, self.id).id,
        }
        ack = await self._ask("slash_commands", payload, f"{command} failed with the error “{{}}”")
        if ack.payload:
            try:
                words, blocks = methods.content(self.workspace, ack.payload, longest=methods.TEXT_POSTED)
            except Refusal as refusal:
                self._refused("slash_commands", refusal.error, *refusal.why)
                raise SlackShows(f"{command} failed with the error “{refusal.error}”") from None
            kind = ack.payload.get("response_type", "ephemeral")
            changes.answer_in(self.workspace, where.id, self.id, kind, words, blocks)
        return ack

    async def press(self, shown: Post | View, what: str, choice: str = "", *, block: str = "") -> Ack:
        """Press a button, by its action_id or label; or choose `choice` (a value or label) in a menu.

        `block` is the block_id, where the same stands in several; without it the first is pressed.
        """
        blocks = shown.shape["blocks"] if isinstance(shown, View) else shown.blocks
        found, element = _find([each for each in blocks if block in {"", each["block_id"]}], what)
        action: Json = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": found["block_id"],
        }
        if element["type"] == "button":
            action["text"] = element["text"]
            action |= {name: element[name] for name in ("value", "style") if name in element}
        else:
            action |= _value(element, choice)
        action["action_ts"] = self.workspace.next_ts()
        if isinstance(shown, View):
            payload = self._press_in_view(shown, element, action)
        else:
            payload = self._press_in_message(shown, action)
        return await self._ask("interactive", payload, "This app responded with an error: {}")

    def _press_in_view(self, shown: View, element: Json, action: Json) -> Json:
        if shown not in (*self.workspace.stacks.get(self.id, ()), self.home):
            raise ValueError("they have no such view open")
        key = (action["block_id"], action["action_id"])
        if key in shown.values:
            names = changes.initial(element).keys()
            shown.values[key] = {name: action[name] for name in names}
        trigger = changes.new_trigger(self.workspace, self.id, shown.id)
        return payloads.interaction(
            self.workspace, "block_actions", self.user,
            container={"type": "view", "view_id": shown.id},
            trigger_id=trigger.id,
            view=payloads.view(self.workspace, shown),
            actions=[action],
        )  # fmt: skip

    def _press_in_message(self, shown: Post, action: Json) -> Json:
        if shown not in self.sees(shown.channel):
            raise ValueError("they do not see this message (any more)")
        channel = self._inside(shown.channel)
        container = {
            "type": "message",
            "message_ts": shown.ts,
            "channel_id": channel.id,
            "is_ephemeral": bool(shown.only_for),
            **({"thread_ts": shown.thread_ts} if shown.thread_ts else {}),
        }
        # An ephemeral message is kept nowhere, so the payload cannot carry it.
        carried = {} if shown.only_for else {"message": payloads.message(self.workspace, shown)}
        return payloads.interaction(
            self.workspace, "block_actions", self.user,
            container=container,
            trigger_id=changes.new_trigger(self.workspace, self.id).id,
            channel={"id": channel.id, "name": channel.payload_name},
            **carried,
            state={"values": _state(shown.blocks)},
            response_url=changes.new_response_url(self.workspace, self.id, channel.id, "actions", shown),
            actions=[action],
        )  # fmt: skip

    async def shortcut(self, callback_id: str, message: Post) -> Ack:
        """Choose the app's shortcut in the menu of a message."""
        channel = self._inside(message.channel)
        payload = payloads.interaction(
            self.workspace, "message_action", self.user,
            callback_id=callback_id,
            action_ts=self.workspace.next_ts(),
            trigger_id=changes.new_trigger(self.workspace, self.id).id,
            channel={"id": channel.id, "name": channel.payload_name},
            message_ts=message.ts,
            message=payloads.message(self.workspace, message),
            response_url=changes.new_response_url(self.workspace, self.id, channel.id, "actions", message),
        )  # fmt: skip
        return await self._ask("interactive", payload, "This app responded with an error: {}")

    def fill(self, values: Mapping[str, str]) -> None:
        """Type into the fields of the modal on top, by block_id or label; choices by value or label."""
        view = self._top()
        for name, typed in values.items():
            block = _field(view, name)
            key = (block["block_id"], block["element"]["action_id"])
            view.values[key] = {"type": block["element"]["type"], **_value(block["element"], typed)}

    async def submit(self, values: Mapping[str, str] | None = None) -> Ack:
        """Fill in and send the modal on top. Empty fields that are needed are told without asking the app."""
        view = self._top()
        self.fill(values or {})
        if "submit" not in view.shape:
            raise ValueError("this modal has nothing to send")
        missing = _missing(view)
        if missing:
            view.errors = missing
            return Ack(0.0, {}, missing)
        payload = payloads.interaction(
            self.workspace, "view_submission", self.user,
            trigger_id=changes.new_trigger(self.workspace, self.id, view.id).id,
            view=payloads.view(self.workspace, view),
            response_urls=[],
        )  # fmt: skip
        ack = await self._ask("interactive", payload, "We had some trouble connecting. Try again? ({})")
        return self._submitted(view, ack)

    def _submitted(self, view: View, ack: Ack) -> Ack:
        stack = self.workspace.stacks.get(self.id, [])
        shape = ack.payload.get("view")
        try:
            match ack.payload.get("response_action"):
                case None if not ack.payload:
                    self.workspace.stacks[self.id] = [each for each in stack if each.id != view.id]
                case "clear":
                    self.workspace.stacks[self.id] = []
                case "errors":
                    errors: dict[str, str] = ack.payload.get("errors", {})
                    fields = {each["block_id"] for each in view.shape["blocks"] if each["type"] == "input"}
                    if not errors or not errors.keys() <= fields or not all(errors.values()):
                        raise Refusal(
                            "invalid_errors", f"errors at {sorted(errors)}, fields are {sorted(fields)}"
                        )
                    view.errors = dict(errors)
                    return Ack(ack.took, ack.payload, errors)
                case "update" | "push" as what:
                    problems = methods.checked_view(shape, "modal")
                    if problems or not isinstance(shape, dict):
                        raise Refusal("invalid_view", *problems)
                    if what == "push":
                        methods.push(self.workspace, self.id, shape)
                    else:
                        place = next(number for number, each in enumerate(stack) if each.id == view.id)
                        stack[place] = changes.new_view(self.workspace, self.id, shape, before=stack[place])
                case other:
                    raise Refusal("invalid_response_action", f"response_action is {other}")
        except Refusal as refusal:
            self._refused("view_submission", refusal.error, *refusal.why)
            raise SlackShows(f"We had some trouble connecting. Try again? ({refusal.error})") from None
        view.errors = {}
        self.workspace.changed()
        return ack

    async def close_view(self) -> Ack:
        """Close the modal on top. The app hears of it only if the view asks for that."""
        view = self.workspace.stacks[self.id].pop()
        if not view.shape.get("notify_on_close"):
            return Ack(0.0)
        payload = payloads.interaction(
            self.workspace,
            "view_closed",
            self.user,
            view=payloads.view(self.workspace, view),
            is_cleared=False,
        )
        return await self._ask("interactive", payload, "{}")

    # --- Messages, reactions, Home: events, on their way when these return ------------------------------

    def say(
        self,
        channel: Channel | str,
        text: str,
        thread: Post | None = None,
        *,
        files: tuple[str, ...] = (),
        bot: bool = False,
        broadcast: bool = False,
    ) -> Post:
        """Post a message, in a thread if given. `files` are names; `bot`: some other bot says it for them."""
        where = self._inside(channel)
        if where.archived:
            raise ValueError("the channel is archived")
        words, blocks = payloads.said(self.workspace, text)
        top = (thread.thread_ts or thread.ts) if thread else ""
        subtype = "bot_message" if bot else "file_share" if files else "thread_broadcast" if broadcast else ""
        post = Post(
            self.workspace.next_ts(), where.id, "" if bot else self.id, words, blocks if text else [],
            "BOTHER" if bot else "", top, subtype,
            files=[_file(self.workspace, name, self.id) for name in files],
        )  # fmt: skip
        return changes.add(self.workspace, where, post)

    def edit(self, message: Post, text: str) -> None:
        """Edit a message of their own."""
        self._own(message)
        words, blocks = payloads.said(self.workspace, text)
        changes.edit(self.workspace, message, self.id, words, blocks)

    def delete(self, message: Post) -> None:
        """Delete a message of their own."""
        self._own(message)
        changes.delete(self.workspace, message)

    def react(self, message: Post, name: str) -> None:
        """Put an emoji on a message, by its name without colons."""
        self._inside(message.channel)
        changes.react(self.workspace, message, self.id, name, add=True)

    def unreact(self, message: Post, name: str) -> None:
        """Take their emoji off a message."""
        changes.react(self.workspace, message, self.id, name, add=False)

    def open_home(self) -> None:
        """Look at the app's Home tab."""
        changes.open_home(self.workspace, self.id)

    def join(self, channel: Channel | str) -> None:
        """Come into a channel."""
        changes.join(self.workspace, self._channel(channel), self.id)

    def invite_bot(self, channel: Channel | str) -> None:
        """Type `/invite @In My Shoes`."""
        changes.join(self.workspace, self._inside(channel), self.workspace.bot.id, self.id)

    # ------------------------------------------------------------------------------------------------

    async def _ask(self, kind: str, payload: Json, words: str) -> Ack:
        started = self.workspace.clock()
        try:
            answer = await self._delivery.ask(kind, payload)
        except NotAcknowledged as error:
            raise SlackShows(words.format(error.reason)) from None
        return Ack(self.workspace.clock() - started, answer)

    def _refused(self, what: str, error: str, *why: str) -> None:
        self._delivery.refused.append(Refused(what, error, why))

    def _channel(self, channel: Channel | str) -> Channel:
        return channel if isinstance(channel, Channel) else self.workspace.channels[channel]

    def _inside(self, channel: Channel | str) -> Channel:
        found = self._channel(channel)
        if self.id not in found.members:
            raise ValueError(f"{self.id} is not in {found.id}")
        return found

    def _own(self, message: Post) -> None:
        if message.user != self.id or message.gone:
            raise ValueError("only one's own messages")

    def _top(self) -> View:
        if self.view is None:
            raise ValueError(f"{self.id} has no form open")
        return self.view


# --- Finding and choosing ----------------------------------------------------------------------------


def _find(blocks: list[Json], what: str) -> tuple[Json, Json]:
    labels = []
    for block in blocks:
        for element in elements_of(block):
            label = (
                unescaped(element["text"]["text"]) if element["type"] == "button" else element["action_id"]
            )
            if what in {element["action_id"], label}:
                return block, element
            labels.append(label)
    raise LookupError(f"nothing called {what!r} here, only {labels}")


def _field(view: View, name: str) -> Json:
    fields: list[Json] = [block for block in view.shape["blocks"] if block["type"] == "input"]
    for block in fields:
        if name in {block["block_id"], unescaped(block["label"]["text"])}:
            return block
    raise LookupError(f"no field {name!r} here, only {[block['block_id'] for block in fields]}")


def _options(element: Json) -> list[Json]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(each for group in groups for each in group["options"])]


def _value(element: Json, typed: str) -> Json:
    """What is chosen or typed, in the shape that actions and view.state.values have for this element."""
    match element["type"]:
        case "plain_text_input":
            if len(typed) > element.get("max_length", 3000):
                raise ValueError("the client lets nobody type more than max_length")
            return {"value": typed or None}
        case "datepicker":
            if typed and not re.fullmatch(r"\d{4}-\d\d-\d\d", typed):
                raise ValueError(f"{typed} is no date")
            return {"selected_date": typed or None}
        case "timepicker":
            return {"selected_time": typed or None}
        case "checkboxes":
            wanted = {each.strip() for each in typed.split(",") if each.strip()}
            return {"selected_options": [each for each in _options(element) if wanted & _names(each)]}
        case _:
            chosen = next((each for each in _options(element) if typed in _names(each)), None)
            if typed and chosen is None:
                raise LookupError(
                    f"no choice {typed!r}, only {[each['value'] for each in _options(element)]}"
                )
            return {"selected_option": chosen}


def _names(option: Json) -> set[str]:
    return {option["value"], unescaped(option["text"]["text"])}


def _state(blocks: list[Json]) -> Json:
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] not in {"button", "overflow"}:
                values.setdefault(block["block_id"], {})[element["action_id"]] = changes.initial(element)
    return values


def _missing(view: View) -> dict[str, str]:
    """What the client tells before it asks the app: what is needed, and what is too short."""
    problems = {}
    for block in view.shape["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = view.values[block["block_id"], element["action_id"]]
        given = next(inner for name, inner in value.items() if name != "type")
        if not given and not block.get("optional", False):
            problems[block["block_id"]] = "Please complete this required field."
        elif given and element["type"] == "plain_text_input" and len(given) < element.get("min_length", 0):
            problems[block["block_id"]] = f"Please enter at least {element['min_length']} characters."
    return problems


def _file(workspace: Workspace, name: str, user: str) -> Json:
    id = workspace.next_id("F")
    return {
        "id": id,
        "name": name,
        "title": name,
        "mimetype": "image/png",
        "filetype": "png",
        "user": user,
        "size": 1,
    }
