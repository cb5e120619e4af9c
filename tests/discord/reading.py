"""What a reader sees of a Discord message: words, styles, links, and whom it tells.

Discord's markdown as the clients render it (Reference, "Message Formatting"). Whom a message tells is
found in its raw words, as the server does: neither a backslash nor a code fence hides anyone from it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tests.discord.record import Json


class Link(NamedTuple):
    """Something to click on. `masked` if the reader does not see where it leads."""

    text: str
    target: str
    masked: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """`words` is all of it as plain text; `runs` the same as (style, text), `shown` the styled ones.

    `mentions` are what looks like a mention: "@user:1", "@role:2", "@everyone", "@here"; `channels`,
    `commands` and `places` (`<id:…>`) what else Discord makes of angle brackets; `times` seconds since
    1970. `buttons` and `choices` are what can be pressed and chosen; `images` their descriptions.
    """

    words: str
    shown: tuple[tuple[str, str], ...] = ()
    runs: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    mentions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    times: tuple[int, ...] = ()
    emoji: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    images: tuple[str, ...] = ()

    def styled(self, style: str) -> list[str]:
        """The texts shown in this style, alone or with others."""
        return [text for styles, text in self.shown if style in styles.split()]


class Told(NamedTuple):
    """Whom a message tells: ids of users and roles; whether all, or all who are online."""

    users: tuple[str, ...]
    roles: tuple[str, ...]
    everyone: bool


def told(texts: Sequence[str], allowed: Json | None) -> Told:
    """Whom these words tell, as `allowed_mentions` lets them (Message, "Allowed Mentions Object")."""
    raw = "\n".join(texts)
    users = tuple(dict.fromkeys(re.findall(r"<@!?(\d+)>", raw)))
    roles = tuple(dict.fromkeys(re.findall(r"<@&(\d+)>", raw)))
    everyone = bool(re.search(r"@(everyone|here)", raw))
    if allowed is None:
        return Told(users, roles, everyone)
    parse = allowed.get("parse") or []
    some = {name: {str(each) for each in allowed.get(name) or []} for name in ("users", "roles")}
    return Told(
        tuple(each for each in users if "users" in parse or each in some["users"]),
        tuple(each for each in roles if "roles" in parse or each in some["roles"]),
        everyone and "everyone" in parse,
    )


def reading(content: str = "", embeds: Sequence[Json] = (), components: Sequence[Json] = ()) -> Reading:
    """A whole message as its reader sees it, from top to bottom."""
    page = _Page()
    if content:
        _markdown(page, content)
    for embed in embeds:
        _embed(page, embed)
    for each in components:
        _component(page, each)
    return page.read()


# --- A page being read -------------------------------------------------------------------------------


@dataclass
class _Page:
    lines: list[str] = field(default_factory=lambda: [""])
    shown: list[tuple[str, str]] = field(default_factory=list)
    runs: list[tuple[str, str]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    found: dict[str, list[Any]] = field(default_factory=dict)
    started: bool = False

    def block(self) -> None:
        """Begin on a new line."""
        if self.started:
            self.lines.append("")
            self.runs.append(("", "\n"))

    def put(self, text: str, style: str = "") -> None:
        self.started = True
        self.runs.append((style, text))
        if style and text:
            self.shown.append((style, text))
        first, *rest = text.split("\n")
        self.lines[-1] += first
        self.lines.extend(rest)

    def note(self, what: str, value: Any) -> None:
        self.found.setdefault(what, []).append(value)

    def read(self) -> Reading:
        return Reading(
            "\n".join(self.lines),
            tuple(self.shown),
            tuple(self.runs),
            tuple(self.links),
            **{name: tuple(values) for name, values in self.found.items()},
        )


# --- Embeds and components -----------------------------------------------------------------------------


def _embed(page: _Page, embed: Json) -> None:
    page.block()
    author, footer = embed.get("author") or {}, embed.get("footer") or {}
    if author.get("name"):
        page.put(author["name"] + "\n")
    if embed.get("title"):
        before = len(page.lines[-1])
        _inline(page, embed["title"], "title")
        if embed.get("url"):
            page.links.append(Link(page.lines[-1][before:], embed["url"], True))
        page.put("\n")
    if embed.get("description"):
        _markdown(page, embed["description"])
        page.put("\n")
    for each in embed.get("fields") or []:
        _inline(page, each["name"], "field")
        page.put("\n")
        _markdown(page, each["value"])
        page.put("\n")
    if footer.get("text"):
        page.put(footer["text"])
    page.lines[-1] = page.lines[-1].rstrip("\n")
    if not page.lines[-1] and len(page.lines) > 1:
        page.lines.pop()
    for name in ("image", "thumbnail"):
        if embed.get(name):
            page.note("images", "")


def _component(page: _Page, each: Json) -> None:
    match each["type"]:
        case 10:
            page.block()
            _markdown(page, each["content"])
        case 2:
            label = each.get("label") or (each.get("emoji") or {}).get("name") or ""
            page.note("buttons", label)
            if each.get("url"):
                page.links.append(Link(label, each["url"], True))
        case 3:
            for option in each.get("options") or []:
                page.note("choices", option["label"])
        case 11:
            page.note("images", each.get("description") or "")
        case 12:
            for item in each.get("items") or []:
                page.note("images", item.get("description") or "")
        case 18:
            page.block()
            page.put(each["label"], "label")
            if each.get("description"):
                page.block()
                page.put(each["description"])
            _component(page, each["component"])
        case 4 if each.get("label"):
            page.block()
            page.put(each["label"], "label")
        case _:
            for inner in [*(each.get("components") or []), each.get("accessory")]:
                if inner:
                    _component(page, inner)


# --- Markdown: blocks ----------------------------------------------------------------------------------

_FENCE = re.compile(r"(?<!\\)```(?:[a-z0-9_+\-.#]+\n)?\n*([^\n].*?)\n*```", re.DOTALL | re.IGNORECASE)
_HEADING = re.compile(r" *(#{1,3}) +(?!#)(.+?)#* *$")
_SUBTEXT = re.compile(r" *-# +(?!-#)(.+)$")
_ITEM = re.compile(r"( *)(?:[*-]|\d+\.) +(.+)$")
_QUOTE = re.compile(r" *> (.*)$")


def _markdown(page: _Page, text: str) -> None:
    """Put text on the page: fences first, then quotes, then line by line."""
    rest = re.search(r"(?m)^ *>>> ", text)
    if rest and not any(each.start() < rest.start() < each.end() for each in _FENCE.finditer(text)):
        if rest.start():
            _markdown(page, text[: rest.start() - 1])
            page.put("\n")
        first = len(page.shown)
        start = len("\n".join(page.lines))
        _markdown(page, text[rest.end() :])
        page.shown.insert(first, ("quote", "\n".join(page.lines)[start:]))
        return
    place = 0
    for fence in _FENCE.finditer(text):
        if fence.start() > place:
            _lines(page, text[place : fence.start()])
        page.put(fence[1], "fence")
        place = fence.end()
    if place < len(text):
        _lines(page, text[place:])


def _lines(page: _Page, text: str) -> None:
    """Lines with a mark at their start stand alone; styles and links go on over those between them."""
    plain: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if not any(mark.match(line) for mark in (_QUOTE, _HEADING, _SUBTEXT, _ITEM)):
            plain.append(line)
            continue
        if number:
            plain.append("")
        if plain:
            _inline(page, "\n".join(plain), "")
        plain = [""]
        _line(page, line)
    if plain:
        _inline(page, "\n".join(plain), "")


def _line(page: _Page, line: str) -> None:
    if found := _QUOTE.match(line):
        before = len(page.lines[-1])
        _line(page, found[1])
        page.shown.append(("quote", page.lines[-1][before:]))
    elif found := _HEADING.match(line):
        _inline(page, found[2], f"h{len(found[1])}")
    elif found := _SUBTEXT.match(line):
        _inline(page, found[1], "subtext")
    elif found := _ITEM.match(line):
        page.put(f"{found[1]}• ")
        _inline(page, found[2], "item")
    else:
        _inline(page, line, "")


# --- Markdown: within a line -----------------------------------------------------------------------------

_STYLES = [
    (re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)"), "bold"),
    (re.compile(r"__((?:\\.|[^\\])+?)__(?!_)"), "underline"),
    (re.compile(r"\*(?=\S)((?:\*\*|\\.|[^*\\])+?)(?<=\S)\*(?!\*)"), "italic"),
    (re.compile(r"(?<!\w)_((?:__|\\.|[^_\\])+?)_(?!\w)"), "italic"),
    (re.compile(r"~~((?:\\.|[^\\])+?)~~(?!_)"), "strike"),
    (re.compile(r"\|\|(.+?)\|\|", re.DOTALL), "spoiler"),
]
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
_CODE = re.compile(r"(`+)(.*?[^`])\1(?!`)", re.DOTALL)
_MASKED = re.compile(
    r"\[((?:\\.|[^\]\\])+)\]\(\s*<?((?:https?|discord)://[^\s<>]*?)>?(?:\s+[\"'].*?[\"'])?\s*\)"
)
_ANGLED = re.compile(r"<((?:https?|discord)://[^\s<>]+)>")
_BARE = re.compile(r"https?://[^\s<]+[^\s<.,:;\"'\])]", re.IGNORECASE)
_EVERYONE = re.compile(r"@(everyone|here)")
_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_CHANNEL = re.compile(r"<#(\d+)>")
_COMMAND = re.compile(r"</([-_'\w]{1,32}(?: [-_'\w]{1,32}){0,2}):(\d+)>")
_TIME = re.compile(r"<t:(-?\d{1,17})(?::([tTdDfFRsS]))?>")
_PLACE = re.compile(r"<id:(customize|browse|guide|home|linked-roles(?::\d+)?)>")
_EMOJI = re.compile(r"<a?:(\w{2,32}):(\d+)>")


def _inline(page: _Page, text: str, style: str) -> None:
    """One line, or a part of one: what starts here, else the next character as it is."""
    place, plain = 0, ""

    def flush() -> None:
        nonlocal plain
        if plain:
            page.put(plain, style)
        plain = ""

    while place < len(text):
        escaped = _ESCAPED.match(text, place)
        if escaped:
            plain += escaped[1]
            place = escaped.end()
            continue
        for rule, show in _RULES:
            found = rule.match(text, place)
            if found:
                flush()
                show(page, found, style)
                place = found.end()
                break
        else:
            for rule, name in _STYLES:
                found = rule.match(text, place)
                if found:
                    flush()
                    _inline(page, found[1], f"{style} {name}".strip())
                    place = found.end()
                    break
            else:
                plain += text[place]
                place += 1
    flush()


def _code(page: _Page, found: re.Match[str], style: str) -> None:
    page.put(found[2].strip(), "code")


def _masked(page: _Page, found: re.Match[str], style: str) -> None:
    before = len(page.lines[-1])
    _inline(page, found[1], style)
    page.links.append(Link(page.lines[-1][before:], found[2], True))


def _url(page: _Page, found: re.Match[str], style: str) -> None:
    target = found[found.lastindex or 0]
    page.put(target, f"{style} link".strip())
    page.links.append(Link(target, target, False))


def _noting(what: str, shape: str) -> Callable[[_Page, re.Match[str], str], None]:
    def show(page: _Page, found: re.Match[str], style: str) -> None:
        page.note(what, shape.format(found[1]))
        page.put(shape.format(found[1]), f"{style} {what}".strip())

    return show


def _command(page: _Page, found: re.Match[str], style: str) -> None:
    page.note("commands", found[1])
    page.put(f"/{found[1]}", f"{style} commands".strip())


def _time(page: _Page, found: re.Match[str], style: str) -> None:
    moment = int(found[1])
    try:
        words = datetime.fromtimestamp(moment, UTC).strftime(_SHAPES[found[2] or "f"])
    except (OverflowError, ValueError):
        page.put(found[0], style)
        return
    page.note("times", moment)
    page.put(words, f"{style} times".strip())


# In UTC and British English, so that a test can write down what is shown; a client shows its own.
_SHAPES = {
    "t": "%H:%M",
    "T": "%H:%M:%S",
    "d": "%d/%m/%Y",
    "D": "%d %B %Y",
    "f": "%d %B %Y %H:%M",
    "F": "%A, %d %B %Y %H:%M",
    "R": "at %Y-%m-%d %H:%M",
    "s": "%d/%m/%Y, %H:%M",
    "S": "%d/%m/%Y, %H:%M:%S",
}

_RULES: list[tuple[re.Pattern[str], Callable[[_Page, re.Match[str], str], None]]] = [
    (_CODE, _code),
    (_MASKED, _masked),
    (_ANGLED, _url),
    (_BARE, _url),
    (_EVERYONE, _noting("mentions", "@{}")),
    (_USER, _noting("mentions", "@user:{}")),
    (_ROLE, _noting("mentions", "@role:{}")),
    (_CHANNEL, _noting("channels", "#{}")),
    (_COMMAND, _command),
    (_TIME, _time),
    (_PLACE, _noting("places", "{}")),
    (_EMOJI, _noting("emoji", ":{}:")),
]
