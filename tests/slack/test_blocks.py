"""The Block Kit validator refuses what Slack refuses, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests import specs
from tests.slack.blocks import LIMITS, message_problems, text_length, view_problems
from tests.slack.methods import METHODS, kinds

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def a_button(action: str = "go", **more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": action, **more}


def an_option(value: str = "yes", **more: Any) -> Json:
    return {"text": plain(value.title()), "value": value, **more}


def asked(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def rich(*elements: Json, kind: str = "rich_text_section", **more: Any) -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements), **more}]}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Title"), "submit": plain("Send"), "blocks": list(blocks), **more}


WORDS: Json = {"type": "text", "text": "words"}
SECTION: Json = {"type": "section", "text": marked("*words*")}
GOOD: dict[str, Json] = {
    "header": {"type": "header", "text": plain("x" * 150)},
    "section": {"type": "section", "text": marked("x" * 3000)},
    "section with fields": {"type": "section", "fields": [marked("x" * 2000)] * 10},
    "section with a button": {**SECTION, "accessory": a_button()},
    "context": {"type": "context", "elements": [plain("a"), marked("b")] * 5},
    "actions": {"type": "actions", "elements": [a_button(f"a{n}") for n in range(25)]},
    "divider": {"type": "divider"},
    "image": {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A path"},
    "button with everything": {
        "type": "actions",
        "elements": [
            a_button(
                value="x" * 2000,
                style="danger",
                accessibility_label="Go on",
                confirm={
                    "title": plain("Sure?"),
                    "text": plain("Really?"),
                    "confirm": plain("Yes"),
                    "deny": plain("No"),
                },
            )
        ],
    },
    "overflow": {
        **SECTION,
        "accessory": {"type": "overflow", "options": [an_option()] * 1, "action_id": "more"},
    },
    "rich text": rich(
        WORDS,
        {"type": "text", "text": "bold", "style": {"bold": True}},
        {"type": "link", "url": "https://example.org", "text": "a page"},
        {"type": "user", "user_id": "U1"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "emoji", "name": "bulb"},
        {"type": "date", "timestamp": 1_790_000_000, "format": "{time}"},
        {"type": "broadcast", "range": "here"},
        {"type": "color", "value": "#ff0000"},
    ),
    "quote": rich(WORDS, kind="rich_text_quote", border=0),
    "preformatted": rich(WORDS, kind="rich_text_preformatted"),
    "list": rich(
        {"type": "rich_text_section", "elements": [WORDS]}, kind="rich_text_list", style="bullet", indent=1
    ),
}


@pytest.mark.parametrize("block", GOOD.values(), ids=GOOD.keys())
def test_a_good_block_is_taken(block: Json) -> None:
    assert message_problems([block]) == []


BAD: dict[str, tuple[Json, str]] = {
    "no such block": ({"type": "table_tennis"}, "unsupported type"),
    "long header": ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
    "header in mrkdwn": ({"type": "header", "text": marked("x")}, "must be plain_text"),
    "empty header": ({"type": "header", "text": plain("")}, "more than 0"),
    "long section": ({"type": "section", "text": marked("x" * 3001)}, "less than 3001"),
    "empty section": ({"type": "section"}, "either `text` or `fields`"),
    "eleven fields": ({"type": "section", "fields": [marked("x")] * 11}, "no more than 10"),
    "long field": ({"type": "section", "fields": [marked("x" * 2001)]}, "less than 2001"),
    "text that is a string": ({"type": "section", "text": "words"}, "text object"),
    "an input beside a section": ({**SECTION, "accessory": {"type": "plain_text_input"}}, "unsupported type"),
    "eleven in context": ({"type": "context", "elements": [plain("a")] * 11}, "no more than 10"),
    "nothing in context": ({"type": "context", "elements": []}, "at least 1"),
    "a button in context": ({"type": "context", "elements": [a_button()]}, "plain_text or mrkdwn"),
    "26 buttons": (
        {"type": "actions", "elements": [a_button(f"a{n}") for n in range(26)]},
        "no more than 25",
    ),
    "the same action twice": ({"type": "actions", "elements": [a_button(), a_button()]}, "already exists"),
    "a long action": ({"type": "actions", "elements": [a_button("x" * 256)]}, "less than 256"),
    "a long block id": ({"type": "divider", "block_id": "x" * 256}, "less than 256"),
    "an unknown property": ({"type": "divider", "colour": "red"}, "additional property: colour"),
    "null": ({"type": "divider", "block_id": None}, "must not be null"),
    "image without alt text": ({"type": "image", "image_url": "https://example.org/a.png"}, "alt_text"),
    "image with empty alt text": (
        {"type": "image", "image_url": "https://example.org/a.png", "alt_text": ""},
        "more than 0",
    ),
    "image without address": ({"type": "image", "alt_text": "A path"}, "image_url"),
    "long button": (
        {"type": "actions", "elements": [{**a_button(), "text": plain("x" * 76)}]},
        "less than 76",
    ),
    "button in mrkdwn": (
        {"type": "actions", "elements": [{**a_button(), "text": marked("x")}]},
        "plain_text",
    ),
    "long value": ({"type": "actions", "elements": [a_button(value="x" * 2001)]}, "less than 2001"),
    "no such style": (
        {"type": "actions", "elements": [a_button(style="default")]},
        "one of: primary, danger",
    ),
    "a script for an address": ({"type": "actions", "elements": [a_button(url="javascript:x")]}, "valid URL"),
    "half a confirmation": (
        {"type": "actions", "elements": [a_button(confirm={"title": plain("?")})]},
        "missing",
    ),
    "an image in actions": (
        {"type": "actions", "elements": [{"type": "image", "alt_text": "x"}]},
        "unsupported",
    ),
    "six in overflow": (
        {**SECTION, "accessory": {"type": "overflow", "options": [an_option(str(n)) for n in range(6)]}},
        "no more than 5",
    ),
    "an option twice": (
        {**SECTION, "accessory": {"type": "radio_buttons", "options": [an_option(), an_option()]}},
        "duplicate",
    ),
    "a long option": (
        {**SECTION, "accessory": {"type": "static_select", "options": [an_option("x" * 151)]}},
        "less than 151",
    ),
    "a choice that is none": (
        {
            **SECTION,
            "accessory": {
                "type": "static_select",
                "options": [an_option()],
                "initial_option": an_option("no"),
            },
        },
        "match one of the options",
    ),
    "no options": ({**SECTION, "accessory": {"type": "radio_buttons", "options": []}}, "at least 1"),
    "a wrong day": (
        {**SECTION, "accessory": {"type": "datepicker", "initial_date": "1.2.2026"}},
        "must match",
    ),
    "a wrong time": ({**SECTION, "accessory": {"type": "timepicker", "initial_time": "25:00"}}, "must match"),
    "no such rich text": (rich(kind="rich_text_table"), "unsupported type"),
    "empty rich words": (rich({"type": "text", "text": ""}), "more than 0"),
    "a link without address": (rich({"type": "link", "text": "x"}), "missing required field: url"),
    "a list without style": (rich(kind="rich_text_list"), "style"),
    "words outside of a list's rows": (
        rich(WORDS, kind="rich_text_list", style="bullet"),
        "rich_text_section",
    ),
    "a call to nobody": (rich({"type": "broadcast", "range": "all"}), "one of: here"),
    "style that is none": (
        rich({"type": "text", "text": "x", "style": {"big": True}}),
        "additional property: big",
    ),
    "a date without a moment": (rich({"type": "date", "timestamp": "noon", "format": "{time}"}), "integer"),
}


@pytest.mark.parametrize("block, why", BAD.values(), ids=BAD.keys())
def test_a_bad_block_is_refused_with_the_reason(block: Json, why: str) -> None:
    assert any(why in problem for problem in message_problems([block])), message_problems([block])


def test_a_message_has_fifty_blocks_and_a_view_a_hundred() -> None:
    assert message_problems([SECTION] * 50) == []
    assert message_problems([SECTION] * 51) != []
    assert view_problems(modal(*[SECTION] * 100)) == []
    assert view_problems(modal(*[SECTION] * 101)) != []


def test_block_ids_are_unique_in_a_message_and_actions_in_a_block_only() -> None:
    row: Json = {"type": "actions", "elements": [a_button()]}

    assert message_problems([{**row, "block_id": "a"}, {**row, "block_id": "b"}]) == []
    assert any("already exists" in each for each in message_problems([{**row, "block_id": "a"}] * 2))


ASKED: dict[str, Json] = {
    "words": {"type": "plain_text_input", "multiline": True, "max_length": 3000, "initial_value": "x" * 3000},
    "a choice": {"type": "static_select", "options": [an_option(str(n)) for n in range(100)]},
    "a choice in groups": {
        "type": "static_select",
        "option_groups": [{"label": plain("A"), "options": [an_option()]}],
    },
    "one of ten": {"type": "radio_buttons", "options": [an_option(str(n)) for n in range(10)]},
    "some of ten": {
        "type": "checkboxes",
        "options": [an_option(str(n)) for n in range(10)],
        "initial_options": [an_option("1")],
    },
    "a day": {"type": "datepicker", "initial_date": "2026-02-01"},
    "a time": {"type": "timepicker", "initial_time": "09:30"},
}


@pytest.mark.parametrize("element", ASKED.values(), ids=ASKED.keys())
def test_a_form_may_ask_for(element: Json) -> None:
    assert view_problems(modal(asked(element, hint=plain("Hint"), optional=True))) == []


VIEWS: dict[str, tuple[Json, str]] = {
    "long title": (modal(SECTION, title=plain("x" * 25)), "less than 25"),
    "long submit": (modal(SECTION, submit=plain("x" * 25)), "less than 25"),
    "long close": (modal(SECTION, close=plain("x" * 25)), "less than 25"),
    "title in mrkdwn": (modal(SECTION, title=marked("x")), "plain_text"),
    "long metadata": (modal(SECTION, private_metadata="x" * 3001), "less than 3001"),
    "long callback": (modal(SECTION, callback_id="x" * 256), "less than 256"),
    "no blocks": (modal(), "at least 1"),
    "fields without submit": (
        {"type": "modal", "title": plain("T"), "blocks": [asked({"type": "plain_text_input"})]},
        "submit",
    ),
    "no such view": ({"type": "dialog", "blocks": []}, "one of: modal, home"),
    "a Home with a title": (
        {"type": "home", "title": plain("T"), "blocks": []},
        "additional property: title",
    ),
    "a button for an input": (modal(asked(a_button())), "unsupported type"),
    "a label in mrkdwn": (modal({**asked({"type": "plain_text_input"}), "label": marked("x")}), "plain_text"),
    "too much typed already": (
        modal(asked({"type": "plain_text_input", "max_length": 5, "initial_value": "too long"})),
        "less than 6",
    ),
    "too much allowed": (
        modal(asked({"type": "plain_text_input", "max_length": 3001})),
        "between 1 and 3000",
    ),
    "two with the focus": (
        modal(*[asked({"type": "plain_text_input", "focus_on_load": True})] * 2),
        "focus_on_load",
    ),
    "markdown in a modal": (modal({"type": "markdown", "text": "# x"}), "unsupported type"),
    "eleven radio buttons": (
        modal(asked({"type": "radio_buttons", "options": [an_option(str(n)) for n in range(11)]})),
        "no more than 10",
    ),
    "both kinds of options": (
        modal(asked({"type": "static_select", "options": [an_option()], "option_groups": []})),
        "either `options`",
    ),
}


@pytest.mark.parametrize("view, why", VIEWS.values(), ids=VIEWS.keys())
def test_a_bad_view_is_refused_with_the_reason(view: Json, why: str) -> None:
    assert any(why in problem for problem in view_problems(view)), view_problems(view)


def test_text_is_counted_as_slack_keeps_it() -> None:
    assert text_length([{"type": "section", "text": marked("a & b")}]) == len("a &amp; b")


# --- Against the published limits and methods --------------------------------------------------------

published_here = pytest.mark.skipif(not specs.HERE, reason=specs.NOT_HERE)


def published(name: str) -> Any:
    return json.loads((specs.FOLDER / name).read_text(encoding="utf-8"))


@published_here
def test_the_limits_are_the_published_ones() -> None:
    data = published("slack-block-limits.json")
    wrong = {}
    for name, ours in LIMITS.items():
        found: Any = data
        for part in name.split("."):
            found = found[part]
        if isinstance(found, dict):
            found = next(found[key] for key in ("max_length", "max_items", "max") if key in found)
        if found != ours:
            wrong[name] = (ours, found)
    assert wrong == {}


@published_here
def test_every_method_takes_the_published_arguments() -> None:
    facts = published("slack-methods.json")
    for name, method in METHODS.items():
        required, optional = facts[name]["required"], facts[name]["optional"]
        allowed, needed = kinds(method.takes)

        assert needed == set(required), name
        assert set(allowed) <= {*required, *optional}, name


@published_here
def test_every_method_needs_a_published_scope() -> None:
    facts = published("slack-methods.json")
    for name, method in METHODS.items():
        scopes = {method.scope.format(area=area) for area in ("channels", "groups", "im")} - {""}

        assert scopes <= {each["name"] for each in facts[name]["scopes"].get("bot", [])}, name


@published_here
def test_every_method_has_its_published_tier() -> None:
    facts = published("slack-methods.json")
    for name, method in METHODS.items():
        label = facts[name]["rate_limit"]["label"]

        assert f": {method.tier}+" in label or ("Special" in label and method.tier in {0, 600}), name
