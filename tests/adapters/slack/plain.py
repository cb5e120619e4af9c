"""Reads Block Kit aloud: what a player on Slack reads and hears, as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from adapters.slack.render import Rendered

Json = dict[str, Any]


def plain(shown: Rendered | Json) -> str:
    """A post or a view. { } hold moments, as they read where Slack cannot show the reader's own."""
    if isinstance(shown, Rendered):
        lines = [f"(notification: {shown.text})", *blocks(shown.blocks)]
    else:
        submit = [f"  [* {shown['submit']['text']}]"] if "submit" in shown else []
        lines = [f"=== {shown['title']['text']} ===", *blocks(shown["blocks"]), ""]
        lines += [*submit, f"  [{shown['close']['text']}]"]
    return "\n".join(lines) + "\n"


def blocks(blocks: list[Json]) -> list[str]:
    """Each block as lines, with an empty line above it."""
    return [line for block in blocks for line in ("", *_block(block))]


def _block(block: Json) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield f"# {block['text']['text']}"
        case "context":
            yield from (f"({each['text']})" for each in block["elements"])
        case "actions":
            yield from map(_button, block["elements"])
        case "rich_text":
            for element in block["elements"]:
                yield from _rich(element)
        case "input":
            yield from _input(block)
        case other:
            raise AssertionError(other)


def _rich(element: Json) -> Iterator[str]:
    match element["type"]:
        case "rich_text_list":
            yield from ("- " + "".join(map(inline, each["elements"])) for each in element["elements"])
        case "rich_text_quote":
            yield from (f"  | {line}" for line in "".join(map(inline, element["elements"])).split("\n"))
        case _:
            yield from "".join(map(inline, element["elements"])).split("\n")


def inline(element: Json) -> str:
    """One piece of a line."""
    match element["type"]:
        case "text" if element.get("style"):
            return re.sub(r"^(\s*)(.*?)(\s*)$", r"\1**\2**\3", element["text"], flags=re.S)
        case "text":
            return str(element["text"])
        case "date":
            return "{" + str(element["fallback"]) + "}"
        case "link":
            return f"<{element['text']}>"
        case other:
            raise AssertionError(other)


def _button(button: Json) -> str:
    mark = "* " if button.get("style") == "primary" else ""
    spoken = button.get("accessibility_label")
    return f"  [{mark}{button['text']['text']}]" + (f" (spoken: {spoken})" if spoken else "")


def _input(block: Json) -> Iterator[str]:
    yield block["label"]["text"] + (" (optional)" if block["optional"] else "")
    element = block["element"]
    if "options" in element:
        chosen = element.get("initial_option")
        kind = "pick one from a list" if element["type"] == "static_select" else "pick one"
        yield f"  {kind}:"
        yield from (
            f"  ({'x' if each == chosen else ' '}) {each['text']['text']}" for each in element["options"]
        )
    elif element["type"] == "datepicker":
        yield f"  [{element.get('initial_date', '')}] a date"
    else:
        lines = "several lines" if element["multiline"] else "one line"
        yield f"  [{element.get('initial_value', '')}] {lines}"
    if "hint" in block:
        yield f"  ({block['hint']['text']})"
