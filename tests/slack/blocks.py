"""Is this Block Kit? Blocks or a view go in, the list of what Slack would refuse comes out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Slack, Block Kit reference (docs.slack.dev/reference/block-kit): the page of each block, element
# and composition object. The names are those of the published limits where those are kept as data.
LIMITS: dict[str, int] = {
    "text": 3000,
    "action_id": 255,
    "block_id": 255,
    "button.text": 75,
    "button.url": 3000,
    "button.value": 2000,
    "button.accessibility_label": 75,
    "confirmation.title": 100,
    "confirmation.text": 300,
    "confirmation.confirm": 30,
    "confirmation.deny": 30,
    "option.text": 75,
    "option.value": 150,
    "option.description": 75,
    "option.url": 3000,
    "option_group.label": 75,
    "option_group.options": 100,
    "select.placeholder": 150,
    "select.options": 100,
    "select.option_groups": 100,
    "overflow.options": 5,
    "checkboxes.options": 10,
    "radio_buttons.options": 10,
    "plain_text_input.max_length": 3000,
    "actions.elements": 25,
    "context.elements": 10,
    "header.text": 150,
    "image.image_url": 3000,
    "image.alt_text": 2000,
    "input.label": 2000,
    "input.hint": 2000,
    "markdown.text": 12000,
    "section.text": 3000,
    "section.fields": 10,
    "view.blocks": 100,
    "view.private_metadata": 3000,
    "view.callback_id": 255,
    "view.title": 24,
    "view.close": 24,
    "view.submit": 24,
}
FIELD_TEXT = 2000  # section block, "fields"
MESSAGE_BLOCKS = 50  # Block Kit, "Blocks"
VIEW_BYTES = 250_000  # views.open, "view_too_large"
# No page tells it; measured by others and confirmed by Slack's staff in slackapi/bolt-js issue 2509.
MESSAGE_TEXT = 12_000

MESSAGE, MODAL, HOME = "message", "modal", "home"

Json = dict[str, Any]


def message_problems(blocks: object) -> list[str]:
    """What Slack refuses in the blocks of a message, as it words it; empty if nothing."""
    found = _Found()
    _blocks(found, blocks, MESSAGE, MESSAGE_BLOCKS)
    return found.problems


def view_problems(view: object) -> list[str]:
    """What Slack refuses in a view (a modal or a Home tab), as it words it; empty if nothing."""
    found = _Found()
    if not isinstance(view, dict):
        return ["[ERROR] must be an object [json-pointer:/view]"]
    kind = view.get("type")
    if kind == MODAL:
        _modal(found, view)
    elif kind == HOME:
        found.keys("/view", view, {"type", "blocks"}, {"private_metadata", "callback_id", "external_id"})
    else:
        found.say("must be one of: modal, home", "/view/type")
        return found.problems
    found.text_at_most(
        "/view/private_metadata", view.get("private_metadata", ""), LIMITS["view.private_metadata"]
    )
    found.text_at_most("/view/callback_id", view.get("callback_id", ""), LIMITS["view.callback_id"])
    _blocks(found, view.get("blocks"), str(kind), LIMITS["view.blocks"], "/view/blocks")
    return found.problems


def view_is_too_large(view: object) -> bool:
    """Whether a view is over the size that views.open takes, in bytes of JSON."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES


def text_length(blocks: object) -> int:
    """The characters of all text in blocks, as Slack keeps it (`&` as `&amp;`)."""
    return sum(len(escaped_once(text)) for text in _texts(blocks))


def escaped_once(text: str) -> str:
    """Text as Slack keeps and sends it: bare `&`, `<`, `>` as entities, entities as they are."""
    return re.sub(r"&(?!(?:amp|lt|gt);)", "&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def elements_of(block: Mapping[str, Any]) -> list[Json]:
    """The interactive elements of one block, in order."""
    inside = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
    return [each for each in inside if isinstance(each, dict) and each.get("type") in _INTERACTIVE]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in {"text", "alt_text", "url"} and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


@dataclass
class _Found:
    problems: list[str] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    focused: int = 0

    def say(self, what: str, path: str) -> None:
        self.problems.append(f"[ERROR] {what} [json-pointer:{path}]")

    def keys(self, path: str, value: Mapping[str, Any], needed: set[str], may: set[str]) -> None:
        for name in sorted(needed - value.keys()):
            self.say(f"missing required field: {name}", path)
        for name in sorted(value.keys() - needed - may):
            self.say(f"invalid additional property: {name}", path)
        for name in sorted(name for name, inner in value.items() if inner is None):
            self.say(f"must not be null: {name}", path)

    def text_at_most(self, path: str, value: object, longest: int, *, shortest: int = 0) -> None:
        if not isinstance(value, str):
            self.say("must be a string", path)
        elif len(value) > longest:
            self.say(f"must be less than {longest + 1} characters", path)
        elif len(value) < shortest:
            self.say(f"must be more than {shortest - 1} characters", path)

    def text(self, path: str, value: object, longest: int, *, plain: bool = False, shortest: int = 1) -> None:
        """A text object, `plain` where mrkdwn is not taken."""
        if not isinstance(value, dict):
            self.say("must be a text object", path)
            return
        kind = value.get("type")
        if kind not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
            self.say(f"must be plain_text{'' if plain else ' or mrkdwn'}", f"{path}/type")
        self.keys(path, value, {"type", "text"}, {"emoji"} if kind == "plain_text" else {"verbatim"})
        for name in ("emoji", "verbatim"):
            if not isinstance(value.get(name, False), bool):
                self.say("must be a boolean", f"{path}/{name}")
        self.text_at_most(f"{path}/text", value.get("text"), longest, shortest=shortest)

    def id(self, path: str, value: object, longest: int, seen: set[str]) -> None:
        """A block_id or an action_id: not too long, and not twice."""
        self.text_at_most(path, value, longest, shortest=1)
        if isinstance(value, str):
            if value in seen:
                self.say(f"`{value}` already exists", path)
            seen.add(value)

    def items(self, path: str, value: object, most: int, *, least: int = 1) -> list[Any]:
        if not isinstance(value, list):
            self.say("must be an array", path)
            return []
        if len(value) > most:
            self.say(f"no more than {most} items allowed", path)
        if len(value) < least:
            self.say(f"must have at least {least} items", path)
        return value

    def one_of(self, path: str, value: object, among: Sequence[str]) -> None:
        if value not in among:
            self.say(f"must be one of: {', '.join(among)}", path)

    def flag(self, path: str, value: object) -> None:
        if not isinstance(value, bool):
            self.say("must be a boolean", path)

    def url(self, path: str, value: object, longest: int) -> None:
        self.text_at_most(path, value, longest, shortest=1)
        if isinstance(value, str) and not re.match(r"(https?|mailto|slack):", value):
            self.say("must be a valid URL", path)


# --- Views and blocks ----------------------------------------------------------------------------


def _modal(found: _Found, view: Json) -> None:
    may = {"close", "submit", "private_metadata", "callback_id", "clear_on_close", "notify_on_close"}
    found.keys("/view", view, {"type", "title", "blocks"}, may | {"external_id", "submit_disabled"})
    for name in ("title", "close", "submit"):
        if name in view:
            found.text(f"/view/{name}", view[name], LIMITS[f"view.{name}"], plain=True)
    for name in ("clear_on_close", "notify_on_close", "submit_disabled"):
        found.flag(f"/view/{name}", view.get(name, False))
    blocks = view.get("blocks")
    kinds = (
        [each.get("type") for each in blocks if isinstance(each, dict)] if isinstance(blocks, list) else []
    )
    if "input" in kinds and "submit" not in view:
        found.say("missing required field: submit", "/view")


def _blocks(found: _Found, blocks: object, where: str, most: int, path: str = "/blocks") -> None:
    for number, block in enumerate(found.items(path, blocks, most, least=1 if where == MODAL else 0)):
        here = f"{path}/{number}"
        if not isinstance(block, dict):
            found.say("must be an object", here)
            continue
        check = _BLOCKS.get(str(block.get("type")))
        if check is None or (block["type"] == "markdown" and where != MESSAGE):
            found.say(f"unsupported type: {block.get('type')}", here)
            continue
        if "block_id" in block:
            found.id(f"{here}/block_id", block["block_id"], LIMITS["block_id"], found.block_ids)
        check(found, here, block)
    if found.focused > 1:
        found.say("only one element may have focus_on_load", path)
    if where == MESSAGE and found.focused:
        found.say("focus_on_load is for views", path)


def _header(found: _Found, path: str, block: Json) -> None:
    found.keys(path, block, {"type", "text"}, {"block_id"})
    found.text(f"{path}/text", block.get("text"), LIMITS["header.text"], plain=True)


def _section(found: _Found, path: str, block: Json) -> None:
    found.keys(path, block, {"type"}, {"block_id", "text", "fields", "accessory", "expand"})
    if "text" not in block and "fields" not in block:
        found.say("must define either `text` or `fields`", path)
    if "text" in block:
        found.text(f"{path}/text", block["text"], LIMITS["section.text"])
    if "fields" in block:
        for number, each in enumerate(
            found.items(f"{path}/fields", block["fields"], LIMITS["section.fields"])
        ):
            found.text(f"{path}/fields/{number}", each, FIELD_TEXT)
    if "accessory" in block:
        _element(found, f"{path}/accessory", block["accessory"], _BESIDE, set())


def _context(found: _Found, path: str, block: Json) -> None:
    found.keys(path, block, {"type", "elements"}, {"block_id"})
    for number, each in enumerate(
        found.items(f"{path}/elements", block.get("elements"), LIMITS["context.elements"])
    ):
        here = f"{path}/elements/{number}"
        if isinstance(each, dict) and each.get("type") == "image":
            _image_element(found, here, each)
        else:
            found.text(here, each, LIMITS["text"])


def _actions(found: _Found, path: str, block: Json) -> None:
    found.keys(path, block, {"type", "elements"}, {"block_id"})
    seen: set[str] = set()
    for number, each in enumerate(
        found.items(f"{path}/elements", block.get("elements"), LIMITS["actions.elements"])
    ):
        _element(found, f"{path}/elements/{number}", each, _BESIDE - {"image"}, seen)


def _divider(found: _Found, path: str, block: Json) -> None:
    found.keys(path, block, {"type"}, {"block_id"})


def _input(found: _Found, path: str, block: Json) -> None:
    found.keys(path, block, {"type", "label", "element"}, {"block_id", "hint", "optional", "dispatch_action"})
    found.text(f"{path}/label", block.get("label"), LIMITS["input.label"], plain=True)
    if "hint" in block:
        found.text(f"{path}/hint", block["hint"], LIMITS["input.hint"], plain=True)
    for name in ("optional", "dispatch_action"):
        found.flag(f"{path}/{name}", block.get(name, False))
    _element(found, f"{path}/element", block.get("element"), _ASKED, set())


def _image_block(found: _Found, path: str, block: Json) -> None:
    found.keys(path, block, {"type", "alt_text"}, {"block_id", "image_url", "slack_file", "title"})
    _picture(found, path, block)
    if "title" in block:
        found.text(f"{path}/title", block["title"], LIMITS["image.alt_text"], plain=True)


def _picture(found: _Found, path: str, value: Json) -> None:
    found.text_at_most(f"{path}/alt_text", value.get("alt_text"), LIMITS["image.alt_text"], shortest=1)
    if ("image_url" in value) == ("slack_file" in value):
        found.say("must define either `image_url` or `slack_file`", path)
    if "image_url" in value:
        found.url(f"{path}/image_url", value["image_url"], LIMITS["image.image_url"])


def _markdown(found: _Found, path: str, block: Json) -> None:
    found.keys(path, block, {"type", "text"}, {"block_id"})
    found.text_at_most(f"{path}/text", block.get("text"), LIMITS["markdown.text"], shortest=1)


# --- Rich text -----------------------------------------------------------------------------------

_STYLES = {"bold", "italic", "strike", "underline", "code"}
_MENTION_STYLES = _STYLES | {"highlight", "client_highlight", "unlink"}
# Rich text block, "Rich text element types": what each needs, and what it may have.
_INLINE: dict[str, tuple[set[str], set[str]]] = {
    "broadcast": ({"range"}, {"style"}),
    "channel": ({"channel_id"}, {"style"}),
    "color": ({"value"}, set()),
    "date": ({"timestamp", "format"}, {"url", "fallback", "style"}),
    "emoji": ({"name"}, {"unicode", "skin_tone", "style"}),
    "link": ({"url"}, {"text", "unsafe", "style"}),
    "team": ({"team_id"}, {"style"}),
    "text": ({"text"}, {"style"}),
    "user": ({"user_id"}, {"style"}),
    "usergroup": ({"usergroup_id"}, {"style"}),
}


def _rich_text(found: _Found, path: str, block: Json) -> None:
    found.keys(path, block, {"type", "elements"}, {"block_id"})
    for number, each in enumerate(found.items(f"{path}/elements", block.get("elements"), 10_000)):
        here = f"{path}/elements/{number}"
        if not isinstance(each, dict):
            found.say("must be an object", here)
            continue
        match each.get("type"):
            case "rich_text_section":
                found.keys(here, each, {"type", "elements"}, set())
                _inline(found, here, each)
            case "rich_text_quote":
                found.keys(here, each, {"type", "elements"}, {"border"})
                _inline(found, here, each)
            case "rich_text_preformatted":
                found.keys(here, each, {"type", "elements"}, {"border", "language"})
                _inline(found, here, each, {"text", "link"})
            case "rich_text_list":
                found.keys(here, each, {"type", "elements", "style"}, {"border", "indent", "offset"})
                found.one_of(f"{here}/style", each.get("style"), ("bullet", "ordered"))
                for place, row in enumerate(found.items(f"{here}/elements", each.get("elements"), 10_000)):
                    if not isinstance(row, dict) or row.get("type") != "rich_text_section":
                        found.say("must be a rich_text_section", f"{here}/elements/{place}")
                    else:
                        found.keys(f"{here}/elements/{place}", row, {"type", "elements"}, set())
                        _inline(found, f"{here}/elements/{place}", row)
            case other:
                found.say(f"unsupported type: {other}", here)


def _inline(found: _Found, path: str, holder: Json, only: set[str] | None = None) -> None:
    for number, each in enumerate(found.items(f"{path}/elements", holder.get("elements"), 10_000, least=0)):
        here = f"{path}/elements/{number}"
        kind = each.get("type") if isinstance(each, dict) else None
        if kind not in _INLINE or (only is not None and kind not in only):
            found.say(f"unsupported type: {kind}", here)
            continue
        needed, may = _INLINE[kind]
        found.keys(here, each, {"type", *needed}, may)
        for name in needed - {"timestamp"}:
            found.text_at_most(f"{here}/{name}", each.get(name), LIMITS["text"] * 4, shortest=1)
        if "timestamp" in needed and not isinstance(each.get("timestamp"), int):
            found.say("must be an integer", f"{here}/timestamp")
        if kind == "broadcast":
            found.one_of(f"{here}/range", each.get("range"), ("here", "channel", "everyone"))
        if kind == "link":
            found.url(f"{here}/url", each.get("url"), LIMITS["option.url"])
        style = each.get("style", {})
        if not isinstance(style, dict):
            found.say("must be an object", f"{here}/style")
            continue
        found.keys(f"{here}/style", style, set(), _STYLES if kind in {"text", "link"} else _MENTION_STYLES)
        for name, value in style.items():
            found.flag(f"{here}/style/{name}", value)


# --- Elements ------------------------------------------------------------------------------------


def _element(found: _Found, path: str, value: object, among: set[str], seen: set[str]) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(value, dict) or kind not in among:
        found.say(f"unsupported type: {kind}", path)
        return
    if "action_id" in value:
        found.id(f"{path}/action_id", value["action_id"], LIMITS["action_id"], seen)
    if "confirm" in value:
        _confirm(found, f"{path}/confirm", value["confirm"])
    if "placeholder" in value:
        found.text(f"{path}/placeholder", value["placeholder"], LIMITS["select.placeholder"], plain=True)
    if "focus_on_load" in value:
        found.flag(f"{path}/focus_on_load", value["focus_on_load"])
        found.focused += value["focus_on_load"] is True
    _ELEMENTS[str(kind)](found, path, value)


def _button(found: _Found, path: str, value: Json) -> None:
    may = {"action_id", "url", "value", "style", "confirm", "accessibility_label"}
    found.keys(path, value, {"type", "text"}, may)
    found.text(f"{path}/text", value.get("text"), LIMITS["button.text"], plain=True)
    found.text_at_most(f"{path}/value", value.get("value", ""), LIMITS["button.value"])
    if "accessibility_label" in value:
        longest = LIMITS["button.accessibility_label"]
        found.text_at_most(f"{path}/accessibility_label", value["accessibility_label"], longest)
    if "style" in value:
        found.one_of(f"{path}/style", value["style"], ("primary", "danger"))
    if "url" in value:
        found.url(f"{path}/url", value["url"], LIMITS["button.url"])


def _confirm(found: _Found, path: str, value: object) -> None:
    if not isinstance(value, dict):
        found.say("must be an object", path)
        return
    found.keys(path, value, {"title", "text", "confirm", "deny"}, {"style"})
    for name in ("title", "text", "confirm", "deny"):
        found.text(f"{path}/{name}", value.get(name), LIMITS[f"confirmation.{name}"], plain=True)
    if "style" in value:
        found.one_of(f"{path}/style", value["style"], ("primary", "danger"))


def _options(found: _Found, path: str, value: object, most: int, *, plain: bool) -> list[Json]:
    options = [each for each in found.items(path, value, most) if isinstance(each, dict)]
    seen: set[str] = set()
    for number, each in enumerate(options):
        here = f"{path}/{number}"
        found.keys(here, each, {"text", "value"}, {"description", "url"})
        found.text(f"{here}/text", each.get("text"), LIMITS["option.text"], plain=plain)
        found.text_at_most(f"{here}/value", each.get("value"), LIMITS["option.value"], shortest=1)
        if "description" in each:
            found.text(f"{here}/description", each["description"], LIMITS["option.description"], plain=plain)
        if each.get("value") in seen:
            found.say(f"duplicate option value `{each.get('value')}`", here)
        seen.add(str(each.get("value")))
    return options


def _chosen(found: _Found, path: str, chosen: object, options: Sequence[Json]) -> None:
    """What is chosen from the start must be one of the options, exactly."""
    if chosen not in options:
        found.say("must match one of the options", path)


def _static_select(found: _Found, path: str, value: Json) -> None:
    may = {
        "action_id",
        "options",
        "option_groups",
        "initial_option",
        "confirm",
        "focus_on_load",
        "placeholder",
    }
    found.keys(path, value, {"type"}, may)
    if ("options" in value) == ("option_groups" in value):
        found.say("must define either `options` or `option_groups`", path)
    options: list[Json] = []
    if "options" in value:
        options = _options(found, f"{path}/options", value["options"], LIMITS["select.options"], plain=True)
    for number, group in enumerate(value.get("option_groups", ())):
        here = f"{path}/option_groups/{number}"
        found.keys(here, group, {"label", "options"}, set())
        found.text(f"{here}/label", group.get("label"), LIMITS["option_group.label"], plain=True)
        most = LIMITS["option_group.options"]
        options += _options(found, f"{here}/options", group.get("options"), most, plain=True)
    if "option_groups" in value:
        found.items(f"{path}/option_groups", value["option_groups"], LIMITS["select.option_groups"])
    if "initial_option" in value:
        _chosen(found, f"{path}/initial_option", value["initial_option"], options)


def _radio_buttons(found: _Found, path: str, value: Json) -> None:
    found.keys(path, value, {"type", "options"}, {"action_id", "initial_option", "confirm", "focus_on_load"})
    most = LIMITS["radio_buttons.options"]
    options = _options(found, f"{path}/options", value.get("options"), most, plain=False)
    if "initial_option" in value:
        _chosen(found, f"{path}/initial_option", value["initial_option"], options)


def _checkboxes(found: _Found, path: str, value: Json) -> None:
    found.keys(path, value, {"type", "options"}, {"action_id", "initial_options", "confirm", "focus_on_load"})
    most = LIMITS["checkboxes.options"]
    options = _options(found, f"{path}/options", value.get("options"), most, plain=False)
    if "initial_options" in value:
        for each in found.items(f"{path}/initial_options", value["initial_options"], most):
            _chosen(found, f"{path}/initial_options", each, options)


def _overflow(found: _Found, path: str, value: Json) -> None:
    found.keys(path, value, {"type", "options"}, {"action_id", "confirm"})
    _options(found, f"{path}/options", value.get("options"), LIMITS["overflow.options"], plain=True)


def _plain_text_input(found: _Found, path: str, value: Json) -> None:
    may = {"action_id", "initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"}
    found.keys(path, value, {"type"}, may | {"focus_on_load", "placeholder"})
    found.flag(f"{path}/multiline", value.get("multiline", False))
    longest = value.get("max_length", LIMITS["plain_text_input.max_length"])
    shortest = value.get("min_length", 0)
    if not isinstance(longest, int) or not 1 <= longest <= LIMITS["plain_text_input.max_length"]:
        found.say("must be between 1 and 3000", f"{path}/max_length")
        return
    if not isinstance(shortest, int) or not 0 <= shortest <= longest:
        found.say("must be between 0 and max_length", f"{path}/min_length")
    if "initial_value" in value:
        found.text_at_most(f"{path}/initial_value", value["initial_value"], longest)


def _picker(name: str, shape: str) -> Callable[[_Found, str, Json], None]:
    def check(found: _Found, path: str, value: Json) -> None:
        may = {"action_id", name, "confirm", "focus_on_load", "placeholder"}
        found.keys(path, value, {"type"}, may | ({"timezone"} if name == "initial_time" else set()))
        if name in value and not (isinstance(value[name], str) and re.fullmatch(shape, value[name])):
            found.say(f"must match {shape}", f"{path}/{name}")

    return check


def _image_element(found: _Found, path: str, value: Json) -> None:
    found.keys(path, value, {"type", "alt_text"}, {"image_url", "slack_file"})
    _picture(found, path, value)


_Check = Callable[[_Found, str, Json], None]
_BLOCKS: dict[str, _Check] = {
    "actions": _actions,
    "context": _context,
    "divider": _divider,
    "header": _header,
    "image": _image_block,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "section": _section,
}
_ELEMENTS: dict[str, _Check] = {
    "button": _button,
    "checkboxes": _checkboxes,
    "datepicker": _picker("initial_date", r"\d{4}-\d\d-\d\d"),
    "image": _image_element,
    "overflow": _overflow,
    "plain_text_input": _plain_text_input,
    "radio_buttons": _radio_buttons,
    "static_select": _static_select,
    "timepicker": _picker("initial_time", r"([01]\d|2[0-3]):[0-5]\d"),
}
_INTERACTIVE = _ELEMENTS.keys() - {"image"}
_BESIDE = _ELEMENTS.keys() - {"plain_text_input"}  # beside a section; in a row of actions without the image
_ASKED = _ELEMENTS.keys() - {"button", "image", "overflow"}  # what an input block may ask for
