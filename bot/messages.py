"""What a post says, on no platform: Text made of parts, Message made of blocks, Form made of fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from bot.game.model import ChannelId, Group, RoundId


@dataclass(frozen=True, slots=True)
class Ours:
    """Words from our own word list. Safe to show as they are, once escaped for the platform."""

    words: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Theirs:
    """Words that a person, a card or a platform brought. Data, and never markup."""

    words: str


@dataclass(frozen=True, slots=True)
class When:
    """A moment, in UTC, shown in the reader's own zone."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A date without a time, the same for every reader."""

    day: date


@dataclass(frozen=True, slots=True)
class ToRound:
    """A link to a round's card, wherever the platform shows it."""

    words: str
    round: RoundId


@dataclass(frozen=True, slots=True)
class ToPage:
    """A link to a page of our own, with words of ours. `address` is the whole of it."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A command of ours, by its name. Where nobody types commands, it is the button that does the same."""

    name: str

    @property
    def words(self) -> str:
        """As it is typed."""
        return f"/shoes {self.name}"


Part: TypeAlias = Ours | Theirs | When | Day | ToRound | ToPage | Typed
Text: TypeAlias = tuple[Part, ...]


def join(parts: Iterable[Text], between: str = " ") -> Text:
    """Several texts as one, with `between` in between. Empty texts are left out."""
    joined: list[Part] = []
    for each in parts:
        if each and joined:
            joined.append(Ours(between))
        joined.extend(each)
    return tuple(joined)


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a message or of a part of one."""

    text: Text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `quiet` text is secondary: fine print, never the only place of a fact."""

    text: Text
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A short list."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """What a player wrote, with a label of ours above and remarks of ours below."""

    label: Text
    words: Text
    remarks: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class CardFace:
    """A card: whose shoes, what they say, what to talk about."""

    group: Group
    shoes: Text
    statement: Text
    question: Text
    note: Text = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a tally: `label: value`; `share` (0 to 1) draws it where pictures are possible."""

    label: Text
    value: Text
    share: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers side by side. Every bar says its number in words as well."""

    title: Text
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. `pressed` says that it shows a choice, and whether it is the one made."""

    label: str
    action: str
    primary: bool = False
    pressed: bool | None = None


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons, the likeliest first. `title` names the row to screen readers.

    `channel` is the one it acts in, where that is not the one it is shown in.
    """

    buttons: tuple[Button, ...]
    title: str = ""
    channel: ChannelId | None = None


Block: TypeAlias = Heading | Paragraph | Bullets | Quote | CardFace | Tally | Buttons


@dataclass(frozen=True, slots=True)
class Message:
    """A post. `summary` is what a notification may show: no response and no condition, ever.

    `talk` is what the thread is called in which people are to talk about it; empty for none.
    """

    summary: Text
    blocks: tuple[Block, ...]
    talk: Text = ()


class InputKind(StrEnum):
    """What kind of thing goes into a field."""

    LINE = "line"
    WORDS = "words"
    ONE_OF = "one_of"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form. `value` is what stands in it when it opens; `problem` is shown beside it.

    `limit` is in characters, 0 for none.
    """

    name: str
    label: str
    kind: InputKind
    hint: Text = ()
    value: str = ""
    options: tuple[Option, ...] = ()
    limit: int = 0
    optional: bool = False
    problem: Text = ()

    def again(self, values: Mapping[str, str], problems: Mapping[str, Text]) -> Field:
        """The field with what was typed in it, and what is wrong with that."""
        return replace(self, value=values.get(self.name, self.value), problem=problems.get(self.name, ()))


NOTHING: Mapping[str, str] = MappingProxyType({})
NO_PROBLEMS: Mapping[str, Text] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A few questions at once. Sending it is a press on `action` with one value per field."""

    title: str
    action: str
    fields: tuple[Field, ...]
    submit: str
    intro: tuple[Block, ...] = ()

    def again(self, values: Mapping[str, str] = NOTHING, problems: Mapping[str, Text] = NO_PROBLEMS) -> Form:
        """The form as it comes back, by the names of its fields: what was typed, what is wrong with it."""
        return replace(self, fields=tuple(each.again(values, problems) for each in self.fields))


Content: TypeAlias = Message | Form | Callable[[], Message]
"""What to show: worded, or how to word it later. Wording takes as long as a few statements do."""
