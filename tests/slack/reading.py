"""What a person reads: blocks and text go in; the words shown, the links and who is called come out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A link as shown. `masked` if its label names another place than it leads to, or none at all."""

    label: str
    target: str
    masked: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What Slack's client shows.

    `words` has one line for each piece of text, without the marks that became style.
    `calls` names who is called: `@U1`, `@channel`, `@here`, `@everyone`, `@group:S1`.
    `shown` says what the words look like: for each piece of styled text, its style and its words.
    """

    words: str
    links: tuple[Link, ...]
    calls: tuple[str, ...]
    channels: tuple[str, ...]
    shown: tuple[tuple[str, str], ...]
    buttons: tuple[str, ...]


def reading(blocks: Iterable[Json] | None, text: str = "") -> Reading:
    """What a message or a view shows. `text` is shown only where there are no blocks."""
    page = _Page()
    found = list(blocks or ())
    for block in found:
        page.line()
        _block(page, block)
    if not found:
        _mrkdwn(page, text, verbatim=False, mentions=False)
    return page.done()


def notices(blocks: Iterable[Json] | None, text: str) -> tuple[str, str]:
    """What the notification of a message shows, on a desktop (the first block) and on a phone (the text)."""
    found = list(blocks or ())
    phone = reading((), text).words
    return (reading(found[:1]).words if found else phone), phone


@dataclass
class _Page:
    lines: list[str] = field(default_factory=lambda: [""])
    links: list[Link] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    shown: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)

    def line(self) -> None:
        if self.lines[-1]:
            self.lines.append("")

    def put(self, words: str, style: str = "") -> None:
        self.lines[-1] += words
        if style and words:
            self.shown.append((style, words))

    def link(self, target: str, label: str) -> None:
        self.links.append(Link(label, target, _masks(label, target)))
        self.put(label)

    def call(self, who: str, label: str = "") -> None:
        self.calls.append(who)
        self.put(label or who)

    def done(self) -> Reading:
        words = "\n".join(self.lines).strip("\n")
        found = (self.links, self.calls, self.channels, self.shown, self.buttons)
        return Reading(words, *(tuple(each) for each in found))  # type: ignore[arg-type]  # five lists, in order


def _masks(label: str, target: str) -> bool:
    """Whether a reader cannot tell from the label where the link leads."""
    bare = label.removesuffix("/")
    return bare not in {
        target.removesuffix("/"),
        re.sub(r"^(https?://|mailto:|tel:)", "", target).removesuffix("/"),
    }


# --- Blocks --------------------------------------------------------------------------------------


def _block(page: _Page, block: Json) -> None:
    match block.get("type"):
        case "header":
            _text(page, block["text"], "header")
        case "section":
            if "text" in block:
                _text(page, block["text"])
            for each in block.get("fields", ()):
                page.line()
                _text(page, each)
            if "accessory" in block:
                page.line()
                _element(page, block["accessory"])
        case "context" | "actions":
            for each in block["elements"]:
                page.line()
                _element(page, each)
        case "input":
            _text(page, block["label"])
            if "hint" in block:
                page.line()
                _text(page, block["hint"])
            page.line()
            _element(page, block["element"])
        case "image":
            page.put(block["alt_text"], "image")
            if "title" in block:
                page.line()
                _text(page, block["title"])
        case "rich_text":
            for each in block["elements"]:
                page.line()
                _rich(page, each)
        case "markdown":
            _mrkdwn(page, block["text"], verbatim=False, mentions=True)


def _element(page: _Page, element: Json) -> None:
    match element.get("type"):
        case "plain_text" | "mrkdwn":
            _text(page, element)
        case "button":
            _text(page, element["text"], "button")
            page.buttons.append(unescaped(element["text"]["text"]))
            if "url" in element:
                page.links.append(Link(element["text"]["text"], element["url"], False))
        case "image":
            page.put(element["alt_text"], "image")
        case "plain_text_input":
            page.put(element.get("initial_value", ""), "typed")
        case "datepicker" | "timepicker":
            page.put(element.get("initial_date", element.get("initial_time", "")), "typed")
        case _:
            groups = element.get("option_groups", ())
            for option in [
                *element.get("options", ()),
                *(each for group in groups for each in group["options"]),
            ]:
                page.line()
                _text(page, option["text"], "option")
                if "description" in option:
                    page.line()
                    _text(page, option["description"])


def _text(page: _Page, text: Json, style: str = "") -> None:
    if text["type"] == "plain_text":
        page.put(unescaped(text["text"]), style)
    else:
        verbatim = bool(text.get("verbatim", False))
        _mrkdwn(page, text["text"], verbatim=verbatim, mentions=not verbatim)


# --- Rich text: the tree says what everything is, so words are words --------------------------------


def _rich(page: _Page, holder: Json) -> None:
    kind = str(holder["type"]).removeprefix("rich_text_")
    for number, each in enumerate(holder["elements"]):
        if kind == "list":
            page.line()
            page.put("• " if holder["style"] == "bullet" else f"{number + 1 + holder.get('offset', 0)}. ")
            _rich(page, each)
            continue
        _inline(page, each, "" if kind == "section" else kind)


def _inline(page: _Page, each: Json, around: str) -> None:
    styles = [around, *(name for name, on in each.get("style", {}).items() if on)]
    match each["type"]:
        case "text":
            page.put(each["text"], " ".join(filter(None, styles)))
        case "link":
            page.link(each["url"], each.get("text") or each["url"])
        case "user":
            page.call(f"@{each['user_id']}")
        case "usergroup":
            page.call(f"@group:{each['usergroup_id']}")
        case "broadcast":
            page.call(f"@{each['range']}")
        case "channel":
            page.channels.append(each["channel_id"])
            page.put(f"#{each['channel_id']}")
        case "emoji":
            page.put(f":{each['name']}:", "emoji")
        case "date":
            page.put(_date(each["timestamp"], each["format"]), "date")
            if "url" in each:
                page.links.append(Link(page.shown[-1][1], each["url"], True))
        case "color":
            page.put(each["value"])


# --- mrkdwn ----------------------------------------------------------------------------------------

_FENCE = re.compile(r"```(.+?)```", re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_TOKEN = re.compile(r"<([^<>\n]+)>")
_MARKS = {"*": "bold", "_": "italic", "~": "strike"}
_STYLED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)(?!\1)(.+?)(?<=\S)(?<!\1)\1(?![\w])")
_URL = re.compile(r"(?:https?://|mailto:|www\.)[^\s<>|]+[^\s<>|.,;:!?)\]'\"]", re.IGNORECASE)
_CALL = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")


def unescaped(text: str) -> str:
    """The three entities that Slack decodes, once (Formatting message text, "Escaping text")."""
    return re.sub(r"&(amp|lt|gt);", lambda found: {"amp": "&", "lt": "<", "gt": ">"}[found[1]], text)


def _mrkdwn(page: _Page, text: str, *, verbatim: bool, mentions: bool) -> None:
    """Put mrkdwn on the page. `mentions`: bare @channel calls too (text object, "verbatim").

    Slack parses its tokens inside code as well as outside, so nothing that calls is lost in a fence.
    """
    place = 0
    for found in sorted([*_FENCE.finditer(text)], key=lambda each: each.start()):
        _lines(page, text[place : found.start()], verbatim=verbatim, mentions=mentions)
        _tokens(page, found[1], "fence", verbatim=True, mentions=mentions)
        place = found.end()
    _lines(page, text[place:], verbatim=verbatim, mentions=mentions)


def _lines(page: _Page, text: str, *, verbatim: bool, mentions: bool) -> None:
    for number, line in enumerate(text.split("\n")):
        if number:
            page.put("\n")
        quoted = re.match(r"&gt;(&gt;&gt;)?\s?", line)
        words = line[quoted.end() :] if quoted else line
        before = len(page.lines[-1])
        _styled(page, words, "quote" if quoted else "", verbatim=verbatim, mentions=mentions)
        if quoted:
            page.shown.append(("quote", page.lines[-1][before:]))


def _styled(page: _Page, text: str, style: str, *, verbatim: bool, mentions: bool) -> None:
    """One line, or a part of one: code first, then the outermost style, then what is in it."""
    code = _CODE.search(text)
    if code:
        _styled(page, text[: code.start()], style, verbatim=verbatim, mentions=mentions)
        _tokens(page, code[1], "code", verbatim=True, mentions=mentions)
        _styled(page, text[code.end() :], style, verbatim=verbatim, mentions=mentions)
        return
    mark = next((each for each in _STYLED.finditer(text) if not _inside_token(text, each)), None)
    if mark:
        _tokens(page, text[: mark.start()], style, verbatim=verbatim, mentions=mentions)
        inner = " ".join(filter(None, (style.replace("quote", ""), _MARKS[mark[1]])))
        _styled(page, mark[2], inner, verbatim=verbatim, mentions=mentions)
        _styled(page, text[mark.end() :], style, verbatim=verbatim, mentions=mentions)
        return
    _tokens(page, text, style, verbatim=verbatim, mentions=mentions)


def _inside_token(text: str, mark: re.Match[str]) -> bool:
    tokens = [found.span() for found in _TOKEN.finditer(text)]
    return any(start < edge < end for start, end in tokens for edge in (mark.start(), mark.end() - 1))


def _tokens(page: _Page, text: str, style: str, *, verbatim: bool, mentions: bool) -> None:
    place = 0
    for found in _TOKEN.finditer(text):
        _bare(page, text[place : found.start()], style, verbatim=verbatim, mentions=mentions)
        _token(page, found[1])
        place = found.end()
    _bare(page, text[place:], style, verbatim=verbatim, mentions=mentions)


def _token(page: _Page, inner: str) -> None:
    head, bar, label = inner.partition("|")
    head, label = unescaped(head), unescaped(label)
    if head.startswith("@"):
        page.call(head, f"@{label.removeprefix('@')}" if label else "")
    elif head.startswith("#"):
        page.channels.append(head[1:])
        page.put(f"#{label or head[1:]}")
    elif found := re.fullmatch(r"!date\^(\d{1,11})\^([^^]+)(?:\^(.+))?", head):
        page.put(_date(int(found[1]), found[2]), "date")
        if found[3]:
            page.links.append(Link(page.lines[-1], found[3], True))
    elif head.startswith("!date^"):
        page.put(label)
    elif head.startswith("!subteam^"):
        page.call(f"@group:{head.removeprefix('!subteam^')}", label)
    elif head.startswith("!"):
        page.call(f"@{head[1:]}")
    elif bar or re.match(r"[a-z][a-z0-9+.-]*:", head, re.IGNORECASE):
        page.link(head, label or head)
    else:
        page.put(f"<{head}>")


def _bare(page: _Page, text: str, style: str, *, verbatim: bool, mentions: bool) -> None:
    """Text without tokens. What Slack finds in it by itself: addresses, and calls where it looks for them."""
    place = 0
    for found in [] if verbatim else _URL.finditer(text):
        _put(page, text[place : found.start()], style, mentions=mentions)
        target = unescaped(found[0])
        page.link(target if "://" in target or target.startswith("mailto:") else f"http://{target}", target)
        place = found.end()
    _put(page, text[place:], style, mentions=mentions)


def _put(page: _Page, text: str, style: str, *, mentions: bool) -> None:
    if mentions:
        page.calls.extend(f"@{found[1]}" for found in _CALL.finditer(unescaped(text)))
    page.put(unescaped(text), style)


# --- Dates -----------------------------------------------------------------------------------------

_DATES = {
    "date_num": "%Y-%m-%d",
    "date": "%B %d, %Y",
    "date_short": "%b %d, %Y",
    "date_long": "%A, %B %d, %Y",
    "date_pretty": "%B %d, %Y",
    "date_short_pretty": "%b %d, %Y",
    "date_long_pretty": "%A, %B %d, %Y",
    "date_long_full": "%A, %B %d, %Y",
    "time": "%H:%M",
    "time_secs": "%H:%M:%S",
    "ago": "%Y-%m-%d %H:%M",
    "day_divider_pretty": "%A, %B %d",
}


def _date(moment: int, shape: str) -> str:
    """A moment in UTC, in Slack's shapes (Formatting message text, "Date formatting")."""
    at = datetime.fromtimestamp(moment, UTC)
    return re.sub(r"\{(\w+)\}", lambda found: at.strftime(_DATES.get(found[1], "?")), shape)
