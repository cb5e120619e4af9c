"""Reads Discord's markdown and components: what a player reads and hears, as plain text.

The rules are those of Discord's own apps as far as they are known (Markdown Text 101; Message
formatting), greedy where they are not: what may be markup somewhere counts as markup here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from adapters.discord.render import Rendered
from bot.views import moments

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, and the kind of markup that they were. `kind` is empty for plain words."""

    words: str
    kind: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text: kind is "", "#", "##", "###", "-#", "quote", "item" or "code"."""

    kind: str
    pieces: tuple[Piece, ...]

    @property
    def words(self) -> str:
        """The words of it, without any markup."""
        return "".join(each.words for each in self.pieces)


BLOCKS = (
    ("quote", re.compile(r" *>>> +(?P<all>[\s\S]*)")),
    ("quote", re.compile(r"(?P<quoted> *>(?!>>) +[^\n]*(?:\n *>(?!>>) +[^\n]*)*)(?:\n|$)")),
    ("#", re.compile(r" *(?P<level>#{1,3})\s+(?P<heading>[^\n]+)(?:\n|$)")),
    ("-#", re.compile(r" *-#\s+(?P<small>[^\n]+)(?:\n|$)")),
    ("code", re.compile(r"```(?P<code>[\s\S]+?)```\n?")),
    (
        "item",
        re.compile(r" *(?:[*+-]|\d+[.)]) (?P<item>[^\n]*(?:\n +(?! *(?:[*+-]|\d+[.)]) )[^\n]*)*)(?:\n|$)"),
    ),
)

INLINE = (
    ("escape", re.compile(r"\\(?P<words>[^0-9A-Za-z\s])")),
    ("shrug", re.compile(r"¯\\_\(ツ\)_/¯")),
    ("moment", re.compile(r"<t:(?P<unix>-?\d+)(?::[tTdDfFsSR])?>")),
    ("mention", re.compile(r"<@[!&]?\d+>|@everyone|@here|<#\d+>|<id:[\w-]+(?::\d+)?>|</[^:<>]+:\d+>")),
    ("emoji", re.compile(r"<a?:\w+:\d+>|:[^\s:]+?(?:::skin-tone-\d)?:|<sound:\d+:\d+>")),
    ("link", re.compile(r"<(?P<target>(?:[a-z]+://|mailto:|tel:|sms:|\+)[^ >]+)>")),
    (
        "link",
        re.compile(r"\[(?P<words>(?:\\.|[^\[\]\\])+)\]\(\s*<?(?P<target>[^\s()>]+)>?(?:\s+\"[^\"]*\")?\s*\)"),
    ),
    ("link", re.compile(r"(?P<target>(?:https?|steam|discord)://[^\s<]+)")),
    ("link", re.compile(r"(?P<target>discord(?:app)?\.(?:gg|com/invite)/[\w-]+)")),
    ("code", re.compile(r"(?P<ticks>`+)(?P<words>[\s\S]*?[^`])(?P=ticks)(?!`)")),
    ("strong", re.compile(r"\*\*(?P<words>(?:\\[\s\S]|[^\\])+?)\*\*(?!\*)")),
    ("underlined", re.compile(r"__(?P<words>(?:\\[\s\S]|[^\\])+?)__(?!_)")),
    ("slanted", re.compile(r"(?P<sign>[*_])(?P<words>(?:\\[\s\S]|[^\\*_])+?)(?P=sign)")),
    ("gone", re.compile(r"~~(?P<words>(?:\\[\s\S]|[^\\])+?)~~")),
    ("hidden", re.compile(r"\|\|(?P<words>(?:\\[\s\S]|[^\\])+?)\|\|")),
)


def read(markup: str) -> list[Block]:
    """A text in its parts, as Discord's apps show it."""
    found: list[Block] = []
    at, plain_from = 0, 0

    def plainly(end: int) -> None:
        if words := markup[plain_from:end].removesuffix("\n"):
            found.append(Block("", tuple(pieces(words))))

    while at < len(markup):
        for kind, rule in BLOCKS:
            if match := rule.match(markup, at):
                plainly(at)
                found.append(_block(kind, match))
                at = plain_from = match.end()
                break
        else:
            at = markup.find("\n", at) + 1 or len(markup)
    plainly(len(markup))
    return found


def _block(kind: str, match: re.Match[str]) -> Block:
    named = match.groupdict()
    if kind == "code":
        return Block(kind, (Piece(named["code"], "code"),))
    if kind == "#":
        return Block(named["level"], tuple(pieces(named["heading"])))
    if named.get("quoted") is not None:
        return Block(kind, tuple(pieces(re.sub(r"^ *> ?", "", named["quoted"], flags=re.M))))
    if kind == "item":
        return Block(kind, tuple(pieces(re.sub(r"\n {1,2}", "\n", named["item"]))))
    return Block(kind, tuple(pieces(named.get("all") or named.get("small") or "")))


def pieces(markup: str) -> Iterator[Piece]:
    """The words of a line or more, with what each of them is."""
    at, words = 0, ""
    while at < len(markup):
        for kind, rule in INLINE:
            if not (match := rule.match(markup, at)):
                continue
            at = match.end()
            if kind == "escape":
                words += match["words"]
                break
            if words:
                yield Piece(words)
                words = ""
            yield _piece(kind, match)
            break
        else:
            words += markup[at]
            at += 1
    if words:
        yield Piece(words)


def _piece(kind: str, match: re.Match[str]) -> Piece:
    named = match.groupdict()
    if kind == "moment":
        return Piece(_moment(int(named["unix"])), kind)
    inside = named.get("words")
    if inside is None:
        return Piece(match[0], kind, named.get("target") or "")
    if kind == "code":
        return Piece(inside, kind)
    within = list(pieces(inside))
    kinds = " ".join(each.kind for each in within if each.kind)
    return Piece("".join(each.words for each in within), f"{kind} {kinds}".strip(), named.get("target") or "")


def _moment(unix: int) -> str:
    return moments.moment_in("Europe/London", datetime.fromtimestamp(unix, UTC), "en-GB")


# --- read aloud --------------------------------------------------------------------------


def plain(shown: Rendered | Json) -> str:
    """A post or a modal. { } hold moments, which Discord shows in the reader's own zone."""
    if isinstance(shown, Rendered):
        lines = [f"(summary: {shown.summary})", *components(shown.components)]
    else:
        lines = [f"=== {shown['title']} ===", *components(shown["components"]), "", "  [* Submit]  [Cancel]"]
    return "\n".join(lines) + "\n"


def components(shown: list[Json]) -> list[str]:
    """Each component as lines, with an empty line above it."""
    return [line for each in shown for line in ("", *_component(each))]


def _component(component: Json) -> Iterator[str]:
    match component["type"]:
        case 1:
            yield from map(_button, component["components"])
        case 10:
            yield from aloud(component["content"])
        case 17:
            inside = components(component["components"])[1:]
            yield from ("+---", *(f"| {line}".rstrip() for line in inside), "+---")
        case 18:
            yield from _label(component)
        case other:
            raise AssertionError(other)


def aloud(markup: str) -> Iterator[str]:
    """Lines of a text, with signs for what is seen: # heading, | quote, - point, ** for bold."""
    for block in read(markup):
        lines = "".join(map(_inline, block.pieces)).split("\n")
        match block.kind:
            case "":
                yield from lines
            case "quote":
                yield from (f"  | {line}".rstrip() for line in lines)
            case "item":
                yield from (f"{'  ' if number else '- '}{line}" for number, line in enumerate(lines))
            case "-#":
                yield from (f"({line})" for line in lines)
            case _:
                yield from (f"{block.kind} {line}" for line in lines)


def _inline(piece: Piece) -> str:
    match piece.kind.split():
        case []:
            return piece.words
        case ["moment"]:
            return "{" + piece.words + "}"
        case ["link"]:
            return f"<{piece.words}>"
        case ["strong"]:
            return f"**{piece.words}**"
        case ["strong", "moment"]:
            return f"**{piece.words}**"
        case other:
            raise AssertionError(other)


def _button(button: Json) -> str:
    return f"  [{'* ' if button['style'] == 1 else ''}{button['label']}]"


def _label(label: Json) -> Iterator[str]:
    asked = label["component"]
    yield label["label"] + ("" if asked["required"] else " (optional)")
    if "description" in label:
        yield f"  ({label['description']})"
    if "options" in asked:
        yield "  pick one:" if asked["type"] == 21 else "  pick one from a list:"
        for option in asked["options"]:
            yield f"  ({'x' if option.get('default') else ' '}) {option['label']}"
    else:
        kind = "several lines" if asked["style"] == 2 else "one line"
        yield f"  [{asked.get('value', '')}] {kind}, {asked['max_length']} characters at most"
