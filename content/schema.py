"""The shape of content files, as strict models, and their refusals in plain words."""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from bot.game.awareness import EventKind
from bot.game.model import CardKind, Group, Outcome, Policy, Stance, StoneEffect
from content.findings import Finding, Place, quoted
from content.yaml_source import Source

# A ValueError of a validator here is a whole sentence for the person who wrote the file.


def _only_https(link: str) -> str:
    """A link that a page may load: https, a host, no name or password in front of the host."""
    sentence = "please give a whole link that starts with https://"
    try:
        parts = urlsplit(link)
    except ValueError:  # half an IPv6 address
        raise ValueError(sentence) from None
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        raise ValueError(sentence)
    if not link.isprintable() or any(mark in link for mark in ' <>|"\\'):
        raise ValueError(sentence)
    return link


def _clock(written: object) -> time:
    """What a clock shows: 09:00. Seconds and zones are not ours to ask for."""
    if isinstance(written, str) and (match := re.fullmatch("([01][0-9]|2[0-3]):([0-5][0-9])", written)):
        return time(int(match.group(1)), int(match.group(2)))
    raise ValueError("please write a time of day with two digits each, like 09:00")


_A_DATE = "please write a date like 2027-05-17"


def _date(written: object) -> date:
    """A day of one year: 2027-05-17."""
    if isinstance(written, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(written)
    raise ValueError(_A_DATE)


def _date_or_unchecked(written: object) -> date | None:
    if written == "unchecked":
        return None
    try:
        return _date(written)
    except ValueError:
        raise ValueError(f"{_A_DATE}, or unchecked") from None


def _day_of_year(written: object) -> tuple[int, int]:
    """A day of every year: 09-21."""
    if isinstance(written, str) and re.fullmatch("[0-9]{2}-[0-9]{2}", written):
        with contextlib.suppress(ValueError):
            day = date.fromisoformat(f"2027-{written}")  # a year without 29 February: it is not in every year
            return day.month, day.day
    raise ValueError("please write a day of every year like 09-21, with the month first")


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Title = Annotated[str, StringConstraints(min_length=3, max_length=60)]
Words = Annotated[str, StringConstraints(min_length=3, max_length=300)]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[str, ...] = get_args(Weekday)
"""In the order in which `date.weekday` counts them: Monday is 0."""
Day = Annotated[date, BeforeValidator(_date)]
Checked = Annotated[date | None, BeforeValidator(_date_or_unchecked)]
DayOfYear = Annotated[tuple[int, int], BeforeValidator(_day_of_year)]
Clock = Annotated[time, BeforeValidator(_clock)]
HttpsLink = Annotated[str, StringConstraints(max_length=500), AfterValidator(_only_https)]


class Entry(BaseModel):
    """What every part of a content file has in common: no unknown keys, never changed after."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class VoiceEntry(Entry):
    """An example response. `stance` is left out where the card is creative (a rule of `check.py`)."""

    perspective: Slug
    stance: Stance | None = None
    text: Annotated[str, StringConstraints(min_length=3, max_length=300)]


class MediaEntry(Entry):
    """A picture or a recording. Nobody is left out: `alt` says what there is to see or hear."""

    url: HttpsLink
    alt: Annotated[str, StringConstraints(min_length=3, max_length=300)]


class CardEntry(Entry):
    """One situation to think about. An id never changes its meaning and is never used again."""

    id: Slug
    perspective: Slug
    kind: CardKind = CardKind.SCENARIO
    statement: Annotated[str, StringConstraints(min_length=10, max_length=280)]
    question: Annotated[str, StringConstraints(min_length=3, max_length=140)]
    plain: Annotated[str, StringConstraints(min_length=3, max_length=280)] = ""
    outcome: Outcome
    effect: StoneEffect
    topics: Annotated[tuple[Slug, ...], Field(max_length=4)] = ()
    frameworks: Annotated[tuple[Slug, ...], Field(max_length=8)] = ()
    content_note: Annotated[str, StringConstraints(min_length=3, max_length=200)] = ""
    facilitator_note: Annotated[str, StringConstraints(min_length=3, max_length=300)] = ""
    media: MediaEntry | None = None
    voices: Annotated[tuple[VoiceEntry, ...], Field(min_length=4, max_length=6)] = ()


class DeckFile(Entry):
    """`decks/<name>.yaml`: a named list of cards."""

    id: Slug
    title: Title
    about: Words
    cards: Annotated[tuple[CardEntry, ...], Field(min_length=1)]


class PromptEntry(CardEntry):
    """The card of one day of a campaign, and who speaks on it: a made-up name and a role.

    `help`: help lines are shown beside it; it then has a content note, too (a rule of `check.py`).
    """

    who: Annotated[str, StringConstraints(min_length=3, max_length=80)]
    help: bool = False


class CampaignFile(Entry):
    """`campaigns/<name>.yaml`: the ready-made plan of a campaign."""

    id: Slug
    title: Annotated[str, StringConstraints(min_length=3, max_length=80)]
    about: Words
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1, max_length=7)]
    time: Clock
    policy: Policy = Policy.AFTER_YOU
    round_up: Weekday | None = None
    event: Slug | None = None
    closing_question: Annotated[str, StringConstraints(min_length=3, max_length=140)]
    prompts: Annotated[tuple[PromptEntry, ...], Field(min_length=1)]
    reserve: tuple[PromptEntry, ...] = ()


class PerspectiveEntry(Entry):
    """Shoes that only this pack knows."""

    id: Slug
    group: Group
    name: Title


class PackFile(Entry):
    """`pack.yaml`. The decks beside it are found by their folder."""

    id: Slug
    title: Title
    about: Words
    perspectives: tuple[PerspectiveEntry, ...] = ()


class EachYearEntry(Entry):
    """The dates of an event that are the same every year."""

    first: DayOfYear
    last: DayOfYear
    source: Words


class RuleEntry(Entry):
    """Seven days from a Monday on: `week: 3, month: 6` is the third week that starts in June."""

    week: Annotated[int, Field(ge=1, le=4)]
    month: Annotated[int, Field(ge=1, le=12)]


class ConfirmedEntry(Entry):
    """One year's dates, and who says so."""

    first: Day
    last: Day
    source: Words


class FormerNameEntry(Entry):
    """What an event was called up to a year."""

    until: Annotated[int, Field(ge=1900, le=2999)]
    title: Title


class EventEntry(Entry):
    """A week, a day or a month that many people mark. Which key its kind needs is a rule of `lists.py`."""

    id: Slug
    title: Title
    where: Words
    kind: EventKind
    each_year: EachYearEntry | None = None
    rule: RuleEntry | None = None
    confirmed: tuple[ConfirmedEntry, ...] = ()
    former_names: tuple[FormerNameEntry, ...] = ()


class CalendarFile(Entry):
    """`calendar.yaml`: the awareness calendar."""

    events: Annotated[tuple[EventEntry, ...], Field(min_length=1)]


class HelpLineEntry(Entry):
    """Whom to ring. Nobody but a person who rang, or read its own page, writes a date at `checked`."""

    name: Title
    number: Annotated[str, StringConstraints(min_length=2, max_length=60)]
    when: Annotated[str, StringConstraints(min_length=3, max_length=140)]
    source: Words
    checked: Checked
    topics: Annotated[tuple[Slug, ...], Field(max_length=4)] = ()


class NationsEntry(Entry):
    """Help lines by nation; each is there, so that nobody is forgotten."""

    england: Annotated[tuple[HelpLineEntry, ...], Field(min_length=1)]
    wales: Annotated[tuple[HelpLineEntry, ...], Field(min_length=1)]
    scotland: Annotated[tuple[HelpLineEntry, ...], Field(min_length=1)]
    northern_ireland: Annotated[tuple[HelpLineEntry, ...], Field(min_length=1, alias="northern-ireland")]


class HelpLinesFile(Entry):
    """`help_lines.yaml`."""

    nations: NationsEntry


class HarmGroupEntry(Entry):
    """Phrases of one kind, so that the list can be read and argued about."""

    about: Words
    phrases: Annotated[tuple[Words, ...], Field(min_length=1)]


class HarmFile(Entry):
    """`harm/<language>.yaml`: words that suggest harm, and what contains them and does not."""

    language: Slug
    groups: Annotated[tuple[HarmGroupEntry, ...], Field(min_length=1)]
    unless: tuple[Words, ...] = ()


class PlainLimits(Entry):
    """`plain/rules.yaml`: the numbers of plain language."""

    words_in_a_sentence: int
    words_in_a_sentence_on_average: int
    syllables_in_a_word: int
    grade_of_a_card: float


class Gloss(Entry):
    """`plain/gloss.yaml`: long words and acronyms that cards may use, each with its plain meaning."""

    words: Mapping[str, Words]
    acronyms: Mapping[str, Words]


class UnkindEntry(Entry):
    """Words that are never used about people, and what to say instead."""

    avoid: Annotated[tuple[Words, ...], Field(min_length=1)]
    say: Words


class Unkind(Entry):
    """`plain/unkind.yaml`."""

    words: tuple[UnkindEntry, ...]


class Syllables(Entry):
    """`plain/syllables.yaml`: words that the rules of the counter get wrong."""

    words: Mapping[str, Annotated[int, Field(ge=1, le=9)]]


def faults(model: type[Entry], source: Source) -> list[Finding]:
    """Every reason why the file's content does not fit the model; empty if it fits.

    What the YAML itself was refused for is not repeated: that is in `source.findings`.
    """
    if source.data is None:
        return []
    try:
        model.model_validate(source.data)
    except ValidationError as refused:
        found = (
            source.finding(error["loc"], _sentence(error, model))
            for error in refused.errors(include_url=False)
            if not any(error["loc"][: len(place)] == place for place in source.unread)
            if not _miscounted(error, source)
        )
        return [*source.first(found)]
    return []


def _miscounted(error: Mapping[str, Any], source: Source) -> bool:
    """pydantic calls a list too short once some of its members are refused; those are reported already."""
    if error["type"] != "too_short":
        return False
    there: int = len([*source.each(*error["loc"])])
    least: int = error["ctx"]["min_length"]
    return there >= least


def _sentence(error: Mapping[str, Any], model: type[Entry]) -> str:
    """pydantic's report, as a kind colleague would say it."""
    limits = error.get("ctx", {})
    given = quoted(str(error["input"]))
    match error["type"]:
        case "missing":
            return "please add this key"
        case "extra_forbidden":
            return _unknown_key(str(error["loc"][-1]), model, error["loc"])
        case "string_too_short" if not given.strip():
            return "please write a few words"
        case "string_too_short":
            return f"please write at least {limits['min_length']} characters"
        case "string_too_long":
            have = len(str(error["input"]).strip())
            return f"please keep to {limits['max_length']} characters; this has {have}"
        case "string_pattern_mismatch":
            return f"please use small letters, digits and single hyphens, like 'first-weeks', not '{given}'"
        case "string_type":
            return "please write text here, not a list or keys"
        case "enum" | "literal_error":
            choices = limits["expected"].replace("'", "")  # pydantic quotes each of them
            return f"please choose one of {choices}, not '{given}'"
        case "int_parsing":
            return f"please write a whole number, not '{given}'"
        case "greater_than_equal":
            return f"please write at least {limits['ge']}, not {given}"
        case "less_than_equal":
            return f"please write at most {limits['le']}, not {given}"
        case "bool_parsing" | "bool_type":
            return f"please write yes or no, not '{given}'"
        case "tuple_type":
            return "please write a list here: lines that start with '- '"
        case "model_type" | "mapping_type":
            return "please write keys here, each with a ':' and its value"
        case "too_short" if limits["actual_length"] == 0:
            return "this list is empty"
        case "too_short":
            return f"please give at least {limits['min_length']}; there are {limits['actual_length']}"
        case "too_long":
            return f"please keep to {limits['max_length']}; there are {limits['actual_length']}"
        case "value_error":
            return str(limits["error"])
    return "I cannot use this value"


def _unknown_key(key: str, model: type[Entry], loc: Place) -> str:
    known = [*_model_at(model, loc[:-1]).model_fields]
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"Did you mean '{close[0]}'?" if close else f"Known here: {', '.join(known)}"
    return f"I do not know the key '{quoted(key)}'. {hint}"


def _model_at(model: type[Entry], place: Place) -> type[Entry]:
    """The model that describes what stands at a place: `("cards", 2)` in a DeckFile is a CardEntry."""
    for step in place:
        if isinstance(step, str):
            model = _entry_in(model.model_fields[step].annotation) or model
    return model


def _entry_in(annotation: Any) -> type[Entry] | None:
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next(filter(None, map(_entry_in, get_args(annotation))), None)
