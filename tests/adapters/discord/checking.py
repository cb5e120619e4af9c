"""What Discord would refuse in a message of components or in a modal, as far as we send it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

# type -> the keys it must have, and those it may have.
KEYS = {
    1: ({"components"}, set[str]()),
    2: ({"style", "label", "custom_id"}, set[str]()),
    3: ({"custom_id", "options", "required"}, {"min_values"}),
    4: ({"custom_id", "style", "max_length", "required"}, {"value"}),
    10: ({"content"}, set[str]()),
    17: ({"components"}, set[str]()),
    18: ({"label", "component"}, {"description"}),
    21: ({"custom_id", "options", "required"}, set[str]()),
}
INSIDE = {1: {2}, 17: {1, 10}, 18: {3, 4, 21}}
LENGTHS = {"content": 4000, "label": 80, "custom_id": 100, "description": 100, "value": 4000}


def message_problems(components: list[Json]) -> list[str]:
    """Everything that is wrong with a message's components."""
    every = list(_every(components))
    found = [problem for each in every for problem in _problems(each)]
    found += [f"{each['type']} stands alone" for each in components if each["type"] not in {1, 10, 17}]
    if not 1 <= len(every) <= 40:
        found.append(f"{len(every)} components")
    if (length := sum(len(each.get("content", "")) for each in every)) > 4000:
        found.append(f"{length} characters")
    return found + _twice(every)


def modal_problems(modal: Json) -> list[str]:
    """Everything that is wrong with a modal."""
    every = list(_every(modal["components"]))
    found = [problem for each in every for problem in _problems(each)]
    found += [f"{each['type']} stands alone" for each in modal["components"] if each["type"] not in {10, 18}]
    if not 1 <= len(modal["components"]) <= 5:
        found.append(f"{len(modal['components'])} components")
    if not 1 <= len(modal["title"]) <= 45 or not 1 <= len(modal["custom_id"]) <= 100:
        found.append("title or custom_id")
    if set(modal) != {"title", "custom_id", "components"}:
        found.append(f"keys {sorted(modal)}")
    return found + _twice(every)


def _problems(component: Json) -> Iterator[str]:
    kind = component["type"]
    must, may = KEYS[kind]
    if not must <= (keys := set(component) - {"type"}) <= must | may:
        yield f"{kind} has {sorted(keys)}"
    for name, most in LENGTHS.items():
        if name in component and not 1 <= len(component[name]) <= (
            45 if kind == 18 and name == "label" else most
        ):
            yield f"{name} of {kind} has {len(component[name])} characters"
    inside = [
        *component.get("components", []),
        *([component["component"]] if "component" in component else []),
    ]
    if kind in INSIDE and not inside:
        yield f"{kind} is empty"
    yield from (f"{each['type']} stands in {kind}" for each in inside if each["type"] not in INSIDE[kind])
    if kind == 1 and len(inside) > 5:
        yield f"{len(inside)} buttons in a row"
    if "options" in component:
        options = component["options"]
        few, many = (2, 10) if kind == 21 else (1, 25)
        if not few <= len(options) <= many or len({each["value"] for each in options}) != len(options):
            yield f"{len(options)} options"
        if any(not 1 <= len(each[name]) <= 100 for each in options for name in ("label", "value")):
            yield "an option is too long"
        if sum(each.get("default", False) for each in options) > 1:
            yield "two options are chosen"
    if kind == 4 and len(component.get("value", "")) > component["max_length"]:
        yield "more words than the field takes"
    if "content" in component and not component["content"].strip():
        yield "a text of nothing"


def _twice(components: list[Json]) -> list[str]:
    times = Counter(each["custom_id"] for each in components if "custom_id" in each)
    return [f"{custom_id} is there twice" for custom_id, number in times.items() if number > 1]


def _every(components: list[Json]) -> Iterator[Json]:
    for each in components:
        yield each
        yield from _every(each.get("components", []))
        if "component" in each:
            yield each["component"]
