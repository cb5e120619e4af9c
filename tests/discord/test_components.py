"""Messages, forms and commands are measured as Discord measures them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.discord import components
from tests.discord.record import Flag

V2 = int(Flag.COMPONENTS_V2)


def a_button(label: str = "Go", custom_id: str = "go", **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": label, "custom_id": custom_id, **more}


def a_row(*inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": [*inner]}


def a_text(words: str = "words") -> dict[str, Any]:
    return {"type": 10, "content": words}


def a_select(several: int = 2, **more: Any) -> dict[str, Any]:
    made = [{"label": f"Option {number}", "value": f"o{number}"} for number in range(several)]
    return {"type": 3, "custom_id": "choose", "options": made, **more}


def an_image(url: str = "https://example.org/a.png", **more: Any) -> dict[str, Any]:
    return {"media": {"url": url}, **more}


def of(**more: Any) -> dict[str, Any]:
    """An option with value a, or what is given."""
    return {"label": "a", "value": "a", **more}


def many(label: str, number: int) -> list[dict[str, Any]]:
    return [{"name": f"{label}{each}", "value": "v"} for each in range(number)]


def in_v2(*inner: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"flags": V2, "components": [*inner], **more}


def an_embed(**more: Any) -> dict[str, Any]:
    return {"embeds": [{"title": "A title", **more}]}


GOOD: list[dict[str, Any]] = [
    {"content": "x" * 2000},
    {"content": "hi", "components": [a_row(*(a_button(custom_id=f"b{n}") for n in range(5)))] * 1},
    an_embed(description="x" * 4096, fields=[{"name": "n", "value": "v" * 1024}]),
    in_v2(a_text("x" * 4000)),
    in_v2({"type": 17, "components": [a_text(), a_row(a_button()), {"type": 14}]}),
    in_v2({"type": 9, "components": [a_text()], "accessory": a_button()}),
    in_v2({"type": 9, "components": [a_text()], "accessory": {"type": 11, **an_image(description="A")}}),
    in_v2({"type": 12, "items": [an_image(description="A shoe")]}),
    {"content": "hi", "components": [a_row(a_select(25, max_values=25, min_values=0))]},
    {"content": "hi", "components": [a_row({"type": 2, "style": 5, "label": "x", "url": "https://a.org"})]},
]

BAD: list[tuple[str, dict[str, Any]]] = [
    ("content: Must be 2000", {"content": "x" * 2001}),
    ("embeds: Must be 10", {"embeds": [{"title": "t"}] * 11}),
    ("embeds.0.title: Must be 256", an_embed(title="x" * 257)),
    ("embeds.0.description: Must be 4096", an_embed(description="x" * 4097)),
    ("embeds.0.fields: Must be 25", an_embed(fields=[{"name": "n", "value": "v"}] * 26)),
    ("embeds.0.fields.0.name: Must be 256", an_embed(fields=[{"name": "x" * 257, "value": "v"}])),
    ("embeds.0.fields.0.value: Must be 1024", an_embed(fields=[{"name": "n", "value": "x" * 1025}])),
    ("embeds.0.fields.0.value: This field is required", an_embed(fields=[{"name": "n", "value": " "}])),
    ("embeds.0.footer.text: Must be 2048", an_embed(footer={"text": "x" * 2049})),
    ("embeds: Embed size exceeds", {"embeds": [{"description": "x" * 3001}] * 2}),
    (
        "components: Must be between 1 and 5",
        {"components": [a_row(a_button(custom_id=f"{n}")) for n in range(6)]},
    ),
    ("components.0.components: Must be between 1 and 5", {"components": [a_row()]}),
    (
        "components.0.components: Must be between 1 and 5",
        {"components": [a_row(*(a_button(custom_id=f"b{n}") for n in range(6)))]},
    ),
    ("maximum width", {"components": [a_row(a_select(), a_button())]}),
    ("components.0.type", {"components": [a_text()]}),
    ("components.0.type", {"components": [a_button()]}),
    ("label: Must be 80", {"components": [a_row(a_button("x" * 81))]}),
    ("custom_id: Must be 100", {"components": [a_row(a_button(custom_id="x" * 101))]}),
    ("custom id is required", {"components": [a_row({"type": 2, "style": 1, "label": "x"})]}),
    ("cannot be duplicated: go", {"components": [a_row(a_button(), a_button())]}),
    ("must have a label", {"components": [a_row(a_button(""))]}),
    ("cannot have a custom id", {"components": [a_row(a_button(style=5, url="https://a.org"))]}),
    ("Only a link button", {"components": [a_row(a_button(url="https://a.org"))]}),
    ("well formed URL", {"components": [a_row({"type": 2, "style": 5, "label": "x", "url": "a.org"})]}),
    ("style: Value", {"components": [a_row(a_button(style=9))]}),
    ("options: Must be between 1 and 25", {"components": [a_row(a_select(26))]}),
    ("options: Must be between 1 and 25", {"components": [a_row(a_select(0))]}),
    ("do not fit", {"components": [a_row(a_select(2, max_values=3))]}),
    ("already used", {"components": [a_row(a_select(0, options=[of()] * 2))]}),
    ("label: Must be", {"components": [a_row(a_select(0, options=[of(label="a" * 101)]))]}),
    (
        "description: Must be 100",
        {"components": [a_row(a_select(0, options=[of(description="x" * 101)]))]},
    ),
    ("placeholder: Must be 150", {"components": [a_row(a_select(placeholder="x" * 151))]}),
    ("'content' field cannot be used", in_v2(a_text(), content="x")),
    ("'embeds' field cannot be used", in_v2(a_text(), embeds=[{"title": "x"}])),
    ("cannot exceed 40", in_v2(*[a_text() for _ in range(41)])),
    ("cannot exceed 40", in_v2({"type": 17, "components": [a_text() for _ in range(40)]})),
    ("cannot exceed 4000", in_v2(a_text("x" * 2001), a_text("x" * 2000))),
    (
        "components.0.components.0.type",
        in_v2({"type": 17, "components": [{"type": 17, "components": [a_text()]}]}),
    ),
    (
        "components.0.components: Must be between 1 and 3",
        in_v2({"type": 9, "components": [], "accessory": a_button()}),
    ),
    ("accessory: This field is required", in_v2({"type": 9, "components": [a_text()]})),
    ("content: Must be between", in_v2(a_text(" "))),
    ("items: Must be between 1 and 10", in_v2({"type": 12, "items": [an_image(description="x")] * 11})),
    ("well formed URL", in_v2({"type": 12, "items": [an_image("file:///a", description="x")]})),
    ("description: Must be 1024", in_v2({"type": 12, "items": [an_image(description="x" * 1025)]})),
    ("spacing", in_v2({"type": 14, "spacing": 3})),
    ("Only attachment", in_v2({"type": 13, "file": {"url": "https://a.org"}})),
    ("id cannot be duplicated: 3", in_v2({**a_text(), "id": 3}, {**a_text(), "id": 3})),
]


@pytest.mark.parametrize("body", GOOD)
def test_what_discord_takes(body: dict[str, Any]) -> None:
    assert components.message(body) == []


@pytest.mark.parametrize("why, body", BAD)
def test_what_discord_does_not_take(why: str, body: dict[str, Any]) -> None:
    assert why in "\n".join(map(str, components.message(body)))


def a_label(component: dict[str, Any], label: str = "Words", **more: Any) -> dict[str, Any]:
    return {"type": 18, "label": label, "component": component, **more}


def an_input(**more: Any) -> dict[str, Any]:
    return {"type": 4, "custom_id": "words", "style": 2, **more}


def a_form(*inner: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "Respond", "custom_id": "form", "components": [*inner], **more}


@pytest.mark.parametrize(
    "body",
    [
        a_form(a_label(an_input(max_length=4000, min_length=0)), a_text()),
        a_form(a_row(an_input(label="Words"))),
        a_form(a_label(a_select(3, required=False, min_values=0))),
        a_form(a_label({**a_select(2), "type": 21}), a_label({"type": 23, "custom_id": "tick"})),
        a_form(a_label({**a_select(3), "type": 22, "required": False, "min_values": 0, "max_values": 3})),
    ],
)
def test_forms_that_discord_opens(body: dict[str, Any]) -> None:
    assert components.modal(body) == []


@pytest.mark.parametrize(
    "why, body",
    [
        ("data.title: Must be", a_form(a_label(an_input()), title="x" * 46)),
        ("data.components: Must be between 1 and 5", a_form()),
        ("data.components: Must be between 1 and 5", a_form(*[a_text() for _ in range(6)])),
        ("label: Must be between 1 and 45", a_form(a_label(an_input(), "x" * 46))),
        ("description: Must be 100", a_form(a_label(an_input(), description="x" * 101))),
        ("label: Must be between 1 and 45", a_form(a_row(an_input()))),
        ("Use the label", a_form(a_label(an_input(label="x")))),
        ("max_length: Must be", a_form(a_label(an_input(max_length=4001)))),
        ("min_length exceeds", a_form(a_label(an_input(min_length=9, max_length=5)))),
        ("value: Must be 5", a_form(a_label(an_input(max_length=5, value="longer")))),
        ("shorter than min_length", a_form(a_label(an_input(min_length=5, value="abc")))),
        ("placeholder: Must be 100", a_form(a_label(an_input(placeholder="x" * 101)))),
        ("style", a_form(a_label({"type": 4, "custom_id": "a"}))),
        ("stands in a form", a_form(a_row(a_button()))),
        ("no field of a form", a_form(a_label(a_button()))),
        ("cannot be duplicated", a_form(a_label(an_input()), a_label(an_input()))),
        ("cannot be disabled", a_form(a_label(a_select(2, disabled=True)))),
        ("must be at least 1", a_form(a_label(a_select(2, min_values=0)))),
        ("options: Must be between 2 and 10", a_form(a_label({**a_select(11), "type": 21}))),
        ("options: Must be between 1 and 10", a_form(a_label({**a_select(11), "type": 22}))),
    ],
)
def test_forms_that_discord_does_not_open(why: str, body: dict[str, Any]) -> None:
    assert why in "\n".join(map(str, components.modal(body)))


def a_command(**more: Any) -> dict[str, Any]:
    return {"name": "shoes", "description": "The game", "type": 1, **more}


def an_option(name: str = "deck", **more: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "Which", **more}


def test_a_command_with_subcommands_and_choices_is_taken() -> None:
    choices = [{"name": "Dementia", "value": "dementia"}]
    deal = {**an_option("deal"), "type": 1, "options": [an_option(choices=choices, required=True)]}

    assert components.commands([a_command(options=[deal]), {"name": "Save this", "type": 3}]) == []


@pytest.mark.parametrize(
    "why, body",
    [
        ("name is invalid", a_command(name="Shoes")),
        ("name is invalid", a_command(name="two words")),
        ("description: Must be", a_command(description="")),
        ("description: Must be", a_command(description="x" * 101)),
        ("options: Must be", a_command(options=[an_option(f"o{n}") for n in range(26)])),
        ("do not mix", a_command(options=[an_option(), {**an_option("sub"), "type": 1}])),
        ("must be unique", a_command(options=[an_option(), an_option()])),
        ("before non-required", a_command(options=[an_option("a"), an_option("b", required=True)])),
        (
            "choices: Must be",
            a_command(options=[an_option(choices=many("c", 26))]),
        ),
        (
            "choices or autocomplete",
            a_command(options=[an_option(choices=many("c", 1), autocomplete=True)]),
        ),
        ("value: Must be", a_command(options=[an_option(choices=[{"name": "n", "value": "v" * 101}])])),
        ("Choice names", a_command(options=[an_option(choices=[{"name": "n", "value": "v"}] * 2)])),
        ("no locale", a_command(name_localizations={"cy": "esgidiau"})),
        ("neither description", {"name": "Save", "type": 3, "description": "x"}),
        (
            "too deeply",
            a_command(options=[{**an_option("a"), "type": 2, "options": [{**an_option("b"), "type": 2}]}]),
        ),
        (
            "maximum size",
            a_command(
                options=[
                    an_option(f"o{n}", choices=[{"name": f"{m}" * 50, "value": "v" * 50} for m in range(10)])
                    for n in range(10)
                ]
            ),
        ),
    ],
)
def test_commands_that_discord_does_not_take(why: str, body: dict[str, Any]) -> None:
    assert why in "\n".join(map(str, components.commands([body])))


def test_there_can_be_too_many_commands_and_two_of_one_name() -> None:
    many = [a_command(name=f"c{number}") for number in range(101)]

    assert "Maximum" in str(components.commands(many)[0])
    assert "unique" in str(components.commands([a_command(), a_command()])[0])


def test_problems_become_the_tree_that_discord_sends() -> None:
    found = components.message({"components": [a_row(a_button("x" * 81))]})

    told = components.tree(found)["components"]["0"]["components"]["0"]["label"]["_errors"]
    assert told == [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 80 or fewer in length (81)."}]


@pytest.mark.parametrize(
    "body",
    [
        {"components": [a_row({"type": 2, "style": 1, "custom_id": "a", "emoji": {"name": "💡"}})]},
        in_v2({"type": 12, "items": [an_image()]}),
        in_v2({"type": 9, "components": [a_text()], "accessory": {"type": 11, **an_image()}}),
        an_embed(image={"url": "https://a.org/a.png"}),
    ],
)
def test_what_only_eyes_can_read_is_careless(body: dict[str, Any]) -> None:
    assert len(components.careless(body)) == 1
