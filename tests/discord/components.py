"""What Discord takes in messages, forms and commands, and what it does not: pure lists of problems.

Beyond the published description: 2,000 characters of content, 6,000 of embeds, 40 components and 4,000
characters of Components V2, rows of five buttons or one select, each custom_id once, and which component
may stand where. Lengths are counted in code points.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tests.discord.record import Flag, Json, texts_of, walk

Path = tuple[str | int, ...]

CONTENT = 2_000  # Create Message, "content"
EMBEDS, EMBED_CHARACTERS = 10, 6_000  # Message, "Embed Limits"
FIELDS = 25
V2_COMPONENTS, V2_TEXT = 40, 4_000  # Component Reference, "Components V2"
ROWS, IN_A_ROW = 5, 5  # Component Reference, "Action Row"
CUSTOM_ID, LABEL, PLACEHOLDER = 100, 80, 150
OPTIONS, OPTION = 25, 100
TITLE, INPUT, FIELD_LABEL, IN_A_MODAL = 45, 4_000, 45, 5  # Component Reference, "Label"; Modal
SECTION_TEXTS, GALLERY, ALT = 3, 10, 1_024
NAME, DESCRIPTION, CHOICES = 32, 100, 25  # Application Commands
COMMAND_CHARACTERS = 8_000  # the same, "each command: names, descriptions and values together"
CHAT_COMMANDS, MENU_COMMANDS = 100, 5  # the same; 15 menus since 2025: the smaller number is safe
LOCALES = frozenset({
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl",
    "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja",
    "zh-TW", "ko",
})  # fmt: skip
# Reference, "Locales": no Welsh among them

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = {3, 5, 6, 7, 8}
SECTION, TEXT_DISPLAY, THUMBNAIL, MEDIA_GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 17, 19, 21, 22, 23
_LINK, _PREMIUM = 5, 6  # styles of button


class Problem(NamedTuple):
    """One thing that is wrong: where in the body, Discord's code for it, and its words."""

    path: Path
    code: str
    message: str

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path)) or 'body'}: {self.message}"


def tree(problems: Iterable[Problem]) -> Json:
    """The `errors` of an invalid form body (Reference, "Error Messages")."""
    root: Json = {}
    for problem in problems:
        node = root
        for step in problem.path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": problem.code, "message": problem.message})
    return root


# --- Messages --------------------------------------------------------------------------------------


def message(body: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a message, given all of it as it will stand: content, embeds, components, flags."""
    found: list[Problem] = []
    content, embeds = body.get("content") or "", body.get("embeds") or []
    components = body.get("components") or []
    v2 = bool((body.get("flags") or 0) & Flag.COMPONENTS_V2)
    found += _longest(("content",), content, CONTENT)
    if v2:
        for name, there in (("content", content), ("embeds", embeds), ("poll", body.get("poll"))):
            if there:
                words = f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                found.append(Problem((name,), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", words))
    found += embedded(embeds)
    found += _laid_out(components, v2)
    return found


def embedded(embeds: Sequence[Json]) -> list[Problem]:
    """What is wrong with the embeds of one message."""
    found: list[Problem] = []
    if len(embeds) > EMBEDS:
        found.append(Problem(("embeds",), "BASE_TYPE_MAX_LENGTH", f"Must be {EMBEDS} or fewer in length."))
    total = 0
    for number, embed in enumerate(embeds):
        at: Path = ("embeds", number)
        measured: list[tuple[Path, Any, int]] = [
            (("title",), embed.get("title"), 256),
            (("description",), embed.get("description"), 4_096),
            (("footer", "text"), (embed.get("footer") or {}).get("text"), 2_048),
            (("author", "name"), (embed.get("author") or {}).get("name"), 256),
        ]
        fields = embed.get("fields") or []
        if len(fields) > FIELDS:
            where = (*at, "fields")
            found.append(Problem(where, "BASE_TYPE_MAX_LENGTH", f"Must be {FIELDS} or fewer in length."))
        for place, each in enumerate(fields):
            for name, longest in (("name", 256), ("value", 1_024)):
                if not (each.get(name) or "").strip():
                    found.append(_needed((*at, "fields", place, name)))
                measured.append((("fields", place, name), each.get(name), longest))
        for path, words, longest in measured:
            found += _longest((*at, *path), words or "", longest)
            total += len(words or "")
    if total > EMBED_CHARACTERS:
        words = f"Embed size exceeds maximum size of {EMBED_CHARACTERS}"
        found.append(Problem(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", words))
    return found


def _laid_out(components: Sequence[Json], v2: bool) -> list[Problem]:
    found: list[Problem] = []
    every = walk(list(components))
    if v2:
        top = {ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR, CONTAINER}
        if len(every) > V2_COMPONENTS:
            words = f"Total number of components cannot exceed {V2_COMPONENTS} ({len(every)})"
            found.append(Problem(("components",), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", words))
        length = sum(map(len, texts_of(list(components))))
        if length > V2_TEXT:
            words = f"The displayable text of all components cannot exceed {V2_TEXT} ({length})"
            found.append(Problem(("components",), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", words))
    else:
        top = {ROW}
        if len(components) > ROWS:
            found.append(
                Problem(("components",), "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {ROWS} in length.")
            )
    for number, each in enumerate(components):
        found += _in_place(("components", number), each, top)
    return [*found, *_ids(components)]


def _in_place(at: Path, each: Json, allowed: set[int]) -> Iterator[Problem]:
    """One component of a message, where only some kinds may stand."""
    kind = each.get("type")
    if kind not in allowed:
        words = f'Value of field "type" must be one of ({", ".join(map(str, sorted(allowed)))}).'
        yield Problem((*at, "type"), "UNION_TYPE_CHOICES", words)
        return
    inner = each.get("components") or []
    match kind:
        case 1:
            yield from _row(at, inner)
        case 2:
            yield from _button(at, each)
        case 9:
            if not 1 <= len(inner) <= SECTION_TEXTS:
                yield _between((*at, "components"), 1, SECTION_TEXTS)
            for number, text in enumerate(inner):
                yield from _in_place((*at, "components", number), text, {TEXT_DISPLAY})
            if not each.get("accessory"):
                yield _needed((*at, "accessory"))
            else:
                yield from _in_place((*at, "accessory"), each["accessory"], {BUTTON, THUMBNAIL})
        case 10:
            if not (each.get("content") or "").strip():
                yield _between((*at, "content"), 1, V2_TEXT)
        case 11:
            yield from _media(at, each)
        case 12:
            items = each.get("items") or []
            if not 1 <= len(items) <= GALLERY:
                yield _between((*at, "items"), 1, GALLERY)
            for number, item in enumerate(items):
                yield from _media((*at, "items", number), item)
        case 13:
            if not str((each.get("file") or {}).get("url", "")).startswith("attachment://"):
                yield Problem((*at, "file", "url"), "URL_TYPE_INVALID_SCHEME", "Only attachment:// here.")
        case 14 if each.get("spacing", 1) not in {1, 2}:
            yield Problem((*at, "spacing"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
        case 17:
            if not inner:
                yield _between((*at, "components"), 1, V2_COMPONENTS)
            within = {ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR}
            for number, one in enumerate(inner):
                yield from _in_place((*at, "components", number), one, within)


def _row(at: Path, inner: Sequence[Json]) -> Iterator[Problem]:
    if not 1 <= len(inner) <= IN_A_ROW:
        yield _between((*at, "components"), 1, IN_A_ROW)
    if any(each.get("type") in SELECTS for each in inner) and len(inner) > 1:
        words = "The specified component exceeds the maximum width"
        yield Problem((*at, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", words)
    for number, each in enumerate(inner):
        here = (*at, "components", number)
        if each.get("type") == BUTTON:
            yield from _button(here, each)
        elif each.get("type") in SELECTS:
            yield from _select(here, each)
        else:
            yield Problem((*here, "type"), "UNION_TYPE_CHOICES", "Only buttons or a select stand in a row.")


def _button(at: Path, button: Json) -> Iterator[Problem]:
    style = button.get("style")
    yield from _longest((*at, "label"), button.get("label") or "", LABEL)
    if style not in range(1, 7):
        yield Problem((*at, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
    if style == _LINK:
        if button.get("custom_id"):
            yield Problem((*at, "custom_id"), "BASE_TYPE_BAD", "A link button cannot have a custom id")
        if not re.match(r"(https?|discord)://\S{1,503}$", button.get("url") or ""):
            yield Problem((*at, "url"), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    elif style != _PREMIUM:
        if button.get("url"):
            yield Problem((*at, "url"), "BASE_TYPE_BAD", "Only a link button can have a URL")
        yield from _custom_id(at, button)
    if style != _PREMIUM and not (button.get("label") or "").strip() and not button.get("emoji"):
        yield Problem((*at, "label"), "BUTTON_COMPONENT_INVALID_LABEL", "A button must have a label or emoji")


def _select(at: Path, select: Json) -> Iterator[Problem]:
    yield from _custom_id(at, select)
    yield from _longest((*at, "placeholder"), select.get("placeholder") or "", PLACEHOLDER)
    if select.get("type") == STRING_SELECT:
        yield from _options(at, select, OPTIONS)
    yield from _how_many(at, select, len(select.get("options") or []) or 25)


def _options(at: Path, holder: Json, most: int, least: int = 1) -> Iterator[Problem]:
    options = holder.get("options") or []
    if not least <= len(options) <= most:
        yield _between((*at, "options"), least, most)
    for number, option in enumerate(options):
        here = (*at, "options", number)
        for name in ("label", "value"):
            if not 1 <= len(option.get(name) or "") <= OPTION:
                yield _between((*here, name), 1, OPTION)
        yield from _longest((*here, "description"), option.get("description") or "", OPTION)
    for value, times in Counter(option.get("value") for option in options).items():
        if times > 1:
            words = f"The specified option value is already used: {value}"
            yield Problem((*at, "options"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", words)


def _how_many(at: Path, holder: Json, options: int) -> Iterator[Problem]:
    least, most = holder.get("min_values"), holder.get("max_values")
    least, most = 1 if least is None else least, 1 if most is None else most
    if not 0 <= least <= 25 or not 1 <= most <= 25 or least > most or most > options:
        words = f"min_values {least} and max_values {most} do not fit {options} options"
        yield Problem((*at, "max_values"), "BASE_TYPE_BAD_LENGTH", words)
    chosen = sum(bool(option.get("default")) for option in holder.get("options") or [])
    if chosen > most:
        yield Problem((*at, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "Too many default options")


def _media(at: Path, item: Json) -> Iterator[Problem]:
    if not re.match(r"(https?|attachment)://\S+$", str((item.get("media") or {}).get("url", ""))):
        yield Problem((*at, "media", "url"), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
    yield from _longest((*at, "description"), item.get("description") or "", ALT)


def _custom_id(at: Path, holder: Json) -> Iterator[Problem]:
    if not holder.get("custom_id"):
        yield Problem((*at, "custom_id"), "COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")
    else:
        yield from _longest((*at, "custom_id"), holder["custom_id"], CUSTOM_ID)


def _ids(components: Sequence[Json]) -> Iterator[Problem]:
    every = walk(list(components))
    custom = Counter(each["custom_id"] for each in every if each.get("custom_id"))
    for name, times in custom.items():
        if times > 1:
            words = f"Component custom id cannot be duplicated: {name}"
            yield Problem(("components",), "COMPONENT_CUSTOM_ID_DUPLICATED", words)
    numbers = Counter(each["id"] for each in every if each.get("id"))
    for number, times in numbers.items():
        if times > 1:
            words = f"Component id cannot be duplicated: {number}"
            yield Problem(("components",), "COMPONENT_ID_DUPLICATED", words)


# --- Forms -----------------------------------------------------------------------------------------


def modal(data: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a form: rows of text inputs, labels (each with one field), and text between."""
    found: list[Problem] = []
    components = data.get("components") or []
    for name, longest in (("title", TITLE), ("custom_id", CUSTOM_ID)):
        if not 1 <= len(data.get(name) or "") <= longest:
            found.append(_between(("data", name), 1, longest))
    if not 1 <= len(components) <= IN_A_MODAL:
        found.append(_between(("data", "components"), 1, IN_A_MODAL))
    for number, each in enumerate(components):
        at: Path = ("data", "components", number)
        inner = each.get("components") or []
        match each.get("type"):
            case 1 if len(inner) == 1 and inner[0].get("type") == TEXT_INPUT:
                if not 1 <= len(inner[0].get("label") or "") <= FIELD_LABEL:
                    found.append(_between((*at, "components", 0, "label"), 1, FIELD_LABEL))
                found += _field((*at, "components", 0), inner[0])
            case 10:
                found += _in_place(at, each, {TEXT_DISPLAY})
            case 18:
                if not 1 <= len(each.get("label") or "") <= FIELD_LABEL:
                    found.append(_between((*at, "label"), 1, FIELD_LABEL))
                found += _longest((*at, "description"), each.get("description") or "", 100)
                field = each.get("component") or {}
                if field.get("label"):
                    words = "Use the label of the label component instead"
                    found.append(Problem((*at, "component", "label"), "BASE_TYPE_BAD", words))
                found += _field((*at, "component"), field)
            case _:
                words = "Only a row with one text input, a text display or a label stands in a form."
                found.append(Problem((*at, "type"), "UNION_TYPE_CHOICES", words))
    found += (Problem(("data", *each.path), each.code, each.message) for each in _ids(components))
    return found


def _field(at: Path, field: Json) -> Iterator[Problem]:
    kind = field.get("type")
    yield from _custom_id(at, field)
    if kind == TEXT_INPUT:
        least, most = field.get("min_length"), field.get("max_length")
        if field.get("style") not in {1, 2}:
            yield Problem((*at, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
        if not 0 <= (least or 0) <= INPUT or not 1 <= (INPUT if most is None else most) <= INPUT:
            yield _between((*at, "max_length"), 1, INPUT)
        elif (least or 0) > (INPUT if most is None else most):
            yield Problem((*at, "min_length"), "BASE_TYPE_BAD_LENGTH", "min_length exceeds max_length")
        value = field.get("value") or ""
        yield from _longest((*at, "value"), value, INPUT if most is None else most)
        if value and len(value) < (least or 0):
            yield Problem((*at, "value"), "BASE_TYPE_MIN_LENGTH", "The value is shorter than min_length")
        yield from _longest((*at, "placeholder"), field.get("placeholder") or "", 100)
    elif kind in SELECTS:
        yield from _select(at, field)
        if field.get("disabled"):
            words = "A select in a form cannot be disabled"
            yield Problem((*at, "disabled"), "COMPONENT_DISABLED_IN_MODAL", words)
        if field.get("required", True) is not False and field.get("min_values") == 0:
            words = "min_values of a required select must be at least 1"
            yield Problem((*at, "min_values"), "BASE_TYPE_BAD_LENGTH", words)
    elif kind == RADIO:
        yield from _options(at, field, 10, 2)
        if sum(bool(option.get("default")) for option in field.get("options") or []) > 1:
            yield Problem((*at, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "Too many default options")
    elif kind == CHECKBOXES:
        yield from _options(at, field, 10)
        options = len(field.get("options") or [])
        most = field.get("max_values")
        yield from _how_many(at, {**field, "max_values": most or options or 1}, options)
    elif kind not in {UPLOAD, CHECKBOX}:
        yield Problem((*at, "type"), "UNION_TYPE_CHOICES", f"{kind} is no field of a form.")


# --- Commands --------------------------------------------------------------------------------------


def commands(bodies: Sequence[Json]) -> list[Problem]:
    """What is wrong with a list of commands that replaces all those before."""
    found: list[Problem] = []
    kinds = Counter(each.get("type") or 1 for each in bodies)
    for kind, most in ((1, CHAT_COMMANDS), (2, MENU_COMMANDS), (3, MENU_COMMANDS)):
        if kinds[kind] > most:
            words = f"Maximum number of application commands reached ({most})"
            found.append(Problem((), "APPLICATION_COMMANDS_MAXIMUM", words))
    names = Counter((each.get("type") or 1, each.get("name")) for each in bodies)
    for number, each in enumerate(bodies):
        at: Path = (number,)
        kind = each.get("type") or 1
        if names[kind, each.get("name")] > 1:
            words = "Application command names must be unique"
            found.append(Problem((*at, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", words))
        if kind == 1:
            found += _named(at, each, choice=False)
            found += _options_of(at, each, 0)
            size = _size(each)
            if size > COMMAND_CHARACTERS:
                words = f"Command exceeds maximum size ({size} of {COMMAND_CHARACTERS})"
                found.append(Problem(at, "APPLICATION_COMMAND_TOO_LARGE", words))
        else:
            found += _lengths((*at, "name"), each.get("name"), NAME)
            if each.get("description") or each.get("options"):
                words = "Context menu commands have neither description nor options"
                found.append(Problem((*at, "description"), "APPLICATION_COMMAND_INVALID_DESCRIPTION", words))
            found += _localised(at, each, "name_localizations", NAME)
    return found


def _options_of(at: Path, holder: Json, depth: int) -> Iterator[Problem]:
    options = holder.get("options") or []
    if len(options) > 25:
        yield _between((*at, "options"), 0, 25)
    grouped = [each.get("type") in {1, 2} for each in options]
    if any(grouped) and not all(grouped):
        words = "Sub-command and sub-command group options do not mix with others"
        yield Problem((*at, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)
    names = Counter(each.get("name") for each in options)
    optional_before = False
    for number, each in enumerate(options):
        here: Path = (*at, "options", number)
        kind = each.get("type")
        if names[each.get("name")] > 1:
            words = "Option names must be unique"
            yield Problem((*here, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", words)
        yield from _named(here, each, choice=False)
        if kind in {1, 2}:
            if depth + kind - 1 > 1:
                words = "Sub-commands are nested too deeply"
                yield Problem((*here, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)
            yield from _options_of(here, each, depth + 1)
            continue
        if each.get("required") and optional_before:
            words = "Required options must be placed before non-required options"
            yield Problem((*here, "required"), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words)
        optional_before = optional_before or not each.get("required")
        choices = each.get("choices") or []
        if len(choices) > CHOICES:
            yield _between((*here, "choices"), 0, CHOICES)
        if choices and each.get("autocomplete"):
            words = "An option has either choices or autocomplete"
            yield Problem((*here, "choices"), "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID", words)
        yield from picks((*here, "choices"), choices)


def picks(at: Path, choices: Sequence[Json]) -> Iterator[Problem]:
    """What is wrong with choices, of an option or in answer to what somebody types."""
    names = Counter(each.get("name") for each in choices)
    for number, each in enumerate(choices):
        here: Path = (*at, number)
        yield from _lengths((*here, "name"), each.get("name"), OPTION)
        if isinstance(each.get("value"), str):
            yield from _lengths((*here, "value"), each["value"], OPTION)
        if names[each.get("name")] > 1:
            words = "Choice names must be unique"
            yield Problem(here, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", words)
        yield from _localised(here, each, "name_localizations", OPTION)


def _named(at: Path, each: Json, *, choice: bool) -> Iterator[Problem]:
    name = each.get("name") or ""
    if not re.fullmatch(r"[-_'\w]{1,32}", name) or name != name.lower():
        words = f'Command name is invalid: "{name}"'
        yield Problem((*at, "name"), "APPLICATION_COMMAND_INVALID_NAME", words)
    yield from _lengths((*at, "description"), each.get("description"), DESCRIPTION)
    yield from _localised(at, each, "name_localizations", NAME)
    yield from _localised(at, each, "description_localizations", DESCRIPTION)


def _localised(at: Path, each: Json, name: str, longest: int) -> Iterator[Problem]:
    for locale, words in (each.get(name) or {}).items():
        if locale not in LOCALES:
            yield Problem((*at, name, locale), "BASE_TYPE_CHOICES", f"{locale} is no locale of Discord's.")
        yield from _lengths((*at, name, locale), words, longest)


def _size(each: Json) -> int:
    """The longest of each text in any language, as Discord counts a command."""
    total = 0
    for name in ("name", "description"):
        localised = (each.get(f"{name}_localizations") or {}).values()
        total += max(map(len, [each.get(name) or "", *localised]))
    for choice in each.get("choices") or []:
        value = choice.get("value")
        total += len(choice.get("name") or "") + (len(value) if isinstance(value, str) else 0)
    return total + sum(map(_size, each.get("options") or []))


# --- What Discord takes and we do not ---------------------------------------------------------------


def careless(body: Mapping[str, Any]) -> list[str]:
    """What shuts somebody out though Discord takes it: an image or a button that only eyes can read."""
    found = []
    for each in walk(list(body.get("components") or [])):
        if each["type"] == BUTTON and each.get("style") != _PREMIUM and not (each.get("label") or "").strip():
            found.append("a button with an emoji and no label")
        media = each.get("items") or ([each] if each["type"] == THUMBNAIL else [])
        if any(not (item.get("description") or "").strip() for item in media):
            found.append("an image without a description")
    for embed in body.get("embeds") or []:
        if embed.get("image") or embed.get("thumbnail"):
            found.append("an image in an embed, which cannot have a description")
    return found


# --- Words -----------------------------------------------------------------------------------------


def _longest(at: Path, words: str, longest: int) -> list[Problem]:
    if len(words) <= longest:
        return []
    return [Problem(at, "BASE_TYPE_MAX_LENGTH", f"Must be {longest} or fewer in length ({len(words)}).")]


def _lengths(at: Path, words: Any, longest: int) -> list[Problem]:
    return [] if 1 <= len(words or "") <= longest else [_between(at, 1, longest)]


def _between(at: Path, least: int, most: int) -> Problem:
    return Problem(at, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def _needed(at: Path) -> Problem:
    return Problem(at, "BASE_TYPE_REQUIRED", "This field is required")
