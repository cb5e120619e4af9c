"""Forms on Discord: five fields at most, what does not fit at its field stands above, and nothing is lost."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import render
from bot.game.model import ChannelId
from bot.messages import Block, Field, Form, InputKind, Option, Ours, Paragraph, Quote, Text, Theirs, When
from bot.rendering import Place
from tests.adapters.discord.checking import message_problems, modal_problems
from tests.adapters.discord.plain import components as read_aloud
from tests.builders import NOON
from tests.gallery.views import VIEWS

Json = dict[str, Any]

PLACE = Place(channel=ChannelId("team-room"))


def test_every_form_has_room_for_all_its_fields_and_for_what_stands_above_them() -> None:
    for name, make in VIEWS.items():
        if isinstance(view := make(), Form):
            shown = render.modal(view, view.action, PLACE)["components"]
            asked = [each["component"]["custom_id"] for each in shown if each["type"] == render.LABEL]
            assert asked == [each.name for each in view.fields if each.name not in render.left_out(view)], (
                name
            )
            assert not view.intro or shown[0]["type"] == render.TEXT, name


def a_form(*fields: Field, title: str = "Respond", intro: tuple[Block, ...] = ()) -> Form:
    """A form with these fields."""
    return Form(title=title, action="send.r1", fields=fields, submit="Send", intro=intro)


def a_field(
    kind: InputKind = InputKind.WORDS,
    *,
    value: str = "",
    hint: Text = (),
    problem: Text = (),
    limit: int = 0,
    label: str = "Your words",
) -> Field:
    """A field named `words`."""
    return Field(name="words", label=label, kind=kind, value=value, hint=hint, problem=problem, limit=limit)


def a_choice(options: int, *, value: str = "v1", optional: bool = False) -> Field:
    """A field to choose one of so many options."""
    offered = tuple(Option(f"v{number}", f"Card {number}") for number in range(options))
    return Field(
        name="card",
        label="Which card?",
        kind=InputKind.ONE_OF,
        options=offered,
        value=value,
        optional=optional,
    )


def _modal(*fields: Field, title: str = "Respond", intro: tuple[Block, ...] = ()) -> Json:
    view = render.modal(a_form(*fields, title=title, intro=intro), "send.r1", PLACE)
    assert modal_problems(view) == []
    return view


def test_a_field_that_is_wrong_says_so_and_keeps_its_words() -> None:
    problem = (Ours("This is too long."),)
    (asked,) = _modal(a_field(value="<b> " * 500, problem=problem, limit=500))["components"]

    assert asked["description"] == "Please check: This is too long."
    assert asked["component"]["value"] == "<b> " * 500
    assert asked["component"]["max_length"] == 4000


def test_discord_counts_along_where_there_is_a_limit() -> None:
    (asked,) = _modal(a_field(value="Ask him.", limit=500))["components"]

    assert asked["component"]["max_length"] == 500


@given(st.text(alphabet="a\U0001f4a1", max_size=4100))
def test_what_stands_in_a_field_is_never_more_than_it_takes(words: str) -> None:
    (asked,) = render.modal(a_form(a_field(value=words)), "send.r1", PLACE)["components"]

    kept = asked["component"].get("value", "")
    assert words.startswith(kept)
    assert len(kept.encode("utf-16-le")) <= 8000
    assert kept == words or len(kept.encode("utf-16-le")) >= 7998


def test_what_is_too_long_for_a_field_stands_whole_above_it() -> None:
    label = "Would a neighbour who lives with dementia say that this is true here?"
    hint = (Ours("Until "), When(NOON))
    above, asked = _modal(a_field(label=label, hint=hint, problem=(Ours("No. " * 30),)))["components"]

    assert asked["label"] == "Would a neighbour who lives with dementia…"
    assert asked["description"] == label
    assert above["content"].split("\n\n") == [
        f"**{label}** Please check: {'No. ' * 30}",
        f"**{label}** Until <t:1812369600:F>",
    ]


def test_an_optional_field_waits_where_words_above_need_its_room_and_keeps_its_value() -> None:
    names = ("words", "shoes", "role", "name", "quote")
    fields = tuple(
        dataclasses.replace(a_field(value=name), name=name, optional=name in {"shoes", "role"})
        for name in names
    )
    form = a_form(*fields, intro=(Paragraph((Ours("By sending this you agree."),)),))
    above, *asked = render.modal(form, "send.r1", PLACE)["components"]

    assert above["content"] == "By sending this you agree."
    assert [each["component"]["custom_id"] for each in asked] == ["words", "shoes", "name", "quote"]
    assert render.left_out(form) == {"role": "role"}
    assert render.left_out(dataclasses.replace(form, intro=())) == {}


def test_five_fields_leave_no_room_above_them() -> None:
    fields = [dataclasses.replace(a_field(), name=f"f{number}") for number in range(5)]
    view = _modal(*fields, intro=(Paragraph((Ours("Small is good."),)),))

    assert [each["type"] for each in view["components"]] == [render.LABEL] * 5


@pytest.mark.parametrize("options, kind", [(1, 3), (2, 21), (10, 21), (11, 3), (25, 3)])
def test_few_options_are_all_in_sight_and_many_are_a_list(options: int, kind: int) -> None:
    (asked,) = _modal(a_choice(options, value="v0"))["components"]

    assert asked["component"]["type"] == kind
    chosen = [each["value"] for each in asked["component"]["options"] if each.get("default")]
    assert chosen == ["v0"]


def test_a_list_too_long_for_discord_still_holds_what_was_chosen() -> None:
    (asked,) = _modal(a_choice(40, value="v39"))["components"]

    offered = [each["value"] for each in asked["component"]["options"]]
    assert offered == [*(f"v{number}" for number in range(24)), "v39"]


def test_a_list_that_may_stay_empty_says_so() -> None:
    (asked,) = _modal(a_choice(25, value="", optional=True))["components"]

    assert (asked["component"]["required"], asked["component"]["min_values"]) == (False, 0)


def test_a_date_is_typed_and_its_field_says_how() -> None:
    (asked,) = _modal(a_field(InputKind.DATE, value="2027-06-30"))["components"]

    assert asked["description"] == "For example 2027-06-30, or 30 June 2027."
    assert (asked["component"]["value"], asked["component"]["style"]) == ("30 June 2027", render.ONE_LINE)


def test_a_long_title_is_cut_at_a_word_and_stands_whole_inside() -> None:
    title = "What would help somebody who stands in their shoes?"
    view = _modal(a_field(), title=title, intro=(Quote((Ours("A carer"),), (Theirs("# hm"),)),))

    assert view["title"] == "What would help somebody who stands in their…"
    assert read_aloud(view["components"][:1]) == ["", f"## {title}", "", "**A carer**", "  | # hm"]
    assert view["custom_id"] == "send.r1"


def test_what_stands_above_the_fields_ends_with_a_whole_line() -> None:
    lines = tuple(Paragraph((Theirs("<@1> " * 100),)) for _ in range(10))
    above, _ = _modal(a_field(), intro=lines)["components"]

    assert 3000 < len(above["content"]) <= 4000
    assert set(above["content"].split("\n\n")) == {"\\<\\@1> " * 100}


def test_a_form_that_was_refused_comes_back_with_its_words_and_a_way_to_change_them() -> None:
    fields = (
        dataclasses.replace(a_choice(3, value=""), problem=(Ours("Please choose one of these."),)),
        a_field(value="- ask\nhim", problem=(Ours("This is too long."),)),
        dataclasses.replace(a_field(InputKind.LINE, value="Ben"), name="name", label="Your name"),
        dataclasses.replace(a_field(), name="empty", label="Nothing here"),
    )
    back = render.sent_back(a_form(*fields), "respond.r1")
    shown = render.message(back, PLACE).components

    assert message_problems(shown) == []
    assert read_aloud(shown) == [
        *("", "## This is not sent yet"),
        *("", "Please look at this again. Everything you wrote is kept here."),
        *("", "**Which card?**", "Please check: Please choose one of these."),
        *("", "**Your words**", "  | - ask", "  | him", "Please check: This is too long."),
        *("", "**Your name**", "  | Ben"),
        *("", "  [* Change it]"),
    ]
    assert shown[-1]["components"][0]["custom_id"] == "respond.r1"
