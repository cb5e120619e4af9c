"""Discord's markdown as people see it, and whom a message tells."""

from __future__ import annotations

from typing import Any

import pytest

from tests.discord.reading import Link, Told, reading, told


@pytest.mark.parametrize(
    "written, words, styles",
    [
        ("plain", "plain", []),
        ("**bold** and *it* and _it_", "bold and it and it", ["bold", "italic", "italic"]),
        ("__under__ ~~gone~~ ||secret||", "under gone secret", ["underline", "strike", "spoiler"]),
        ("**bold _both_**", "bold both", ["bold", "bold italic"]),
        ("`**code**`", "**code**", ["code"]),
        ("```py\n**code**\n```", "**code**", ["fence"]),
        ("a ``` open fence", "a ``` open fence", []),
        (r"\*plain\* \_too\_ \`c\` \||s\||", "*plain* _too_ `c` ||s||", []),
        ("snake_case_name 2*3*4", "snake_case_name 234", ["italic"]),
        ("# Title\ntext", "Title\ntext", ["h1"]),
        ("### **Third**", "Third", ["h3 bold"]),
        ("#no title", "#no title", []),
        ("-# small", "small", ["subtext"]),
        ("- one\n- two", "• one\n• two", ["item", "item"]),
        ("> quoted\nnot", "quoted\nnot", ["quote"]),
        (">>> all\nof it", "all\nof it", ["quote"]),
        (r"\> no quote", "> no quote", []),
        ("**over\ntwo lines** and ||here\ntoo||", "over\ntwo lines and here\ntoo", ["bold", "spoiler"]),
        ("one\n# Title\ntwo\n\nthree", "one\nTitle\ntwo\n\nthree", ["h1"]),
        ("# One\n## Two", "One\nTwo", ["h1", "h2"]),
        ("`code\nover lines`", "code\nover lines", ["code"]),
        (r"\# no title", "# no title", []),
    ],
)
def test_markdown_is_shown(written: str, words: str, styles: list[str]) -> None:
    found = reading(written)

    assert found.words == words
    assert [style for style, _ in found.shown] == styles


def test_links_say_whether_they_hide_where_they_lead() -> None:
    found = reading("[here](https://evil.example) <https://a.example> and https://b.example/x.")

    assert found.links == (
        Link("here", "https://evil.example", True),
        Link("https://a.example", "https://a.example", False),
        Link("https://b.example/x", "https://b.example/x", False),
    )
    assert found.words == "here https://a.example and https://b.example/x."


def test_everything_in_angle_brackets_is_found() -> None:
    found = reading("<@1> <@!2> <@&3> <#4> </shoes deal:5> <t:0:D> <id:customize> <:wave:6> @everyone @here")

    assert found.mentions == ("@user:1", "@user:2", "@role:3", "@everyone", "@here")
    assert (found.channels, found.commands, found.places) == (("#4",), ("shoes deal",), ("customize",))
    assert (found.times, found.emoji) == ((0,), (":wave:",))
    assert "01 January 1970" in found.words


@pytest.mark.parametrize("shape", ["", ":t", ":T", ":d", ":D", ":f", ":F", ":R"])
def test_a_time_is_shown_in_each_shape(shape: str) -> None:
    found = reading(f"<t:1790000000{shape}>")

    assert found.times == (1790000000,)
    assert "<" not in found.words


def test_what_is_escaped_or_in_code_is_text() -> None:
    hostile = r"\<@1> \<t:1:R> \</x:1> \<#1> \<id:customize> \[a](https\://b.example) `<@1>`"

    found = reading(hostile)

    for what in (found.mentions, found.times, found.commands, found.channels, found.places):
        assert what == ()
    assert not found.links
    assert found.words.startswith("<@1> <t:1:R> </x:1> <#1> <id:customize>")


def test_a_backslash_or_a_fence_keeps_nobody_from_being_told() -> None:
    assert told([r"\<@1> `@everyone` <@&2>"], None) == Told(("1",), ("2",), True)


@pytest.mark.parametrize(
    "allowed, expected",
    [
        (None, Told(("1",), ("2",), True)),
        ({"parse": []}, Told((), (), False)),
        ({"parse": ["users"]}, Told(("1",), (), False)),
        ({"parse": ["everyone", "roles"]}, Told((), ("2",), True)),
        ({"users": [1]}, Told(("1",), (), False)),
        ({"parse": [], "roles": ["3"]}, Told((), (), False)),
    ],
)
def test_allowed_mentions_decide_whom_a_message_tells(allowed: Any, expected: Told) -> None:
    assert told(["<@1> <@&2> @here"], allowed) == expected


def test_a_whole_message_is_read_from_top_to_bottom() -> None:
    button = {"type": 2, "style": 1, "label": "Vote", "custom_id": "v"}
    parts = [
        {"type": 17, "components": [
            {"type": 10, "content": "## Card"},
            {"type": 9, "components": [{"type": 10, "content": "words"}], "accessory": button},
            {"type": 12, "items": [{"media": {"url": "https://a"}, "description": "A shoe"}]},
            {"type": 1, "components": [{"type": 3, "options": [{"label": "Yes", "value": "y"}]}]},
        ]},
    ]  # fmt: skip

    found = reading("", (), parts)

    assert found.words == "Card\nwords"
    assert (found.buttons, found.images, found.choices) == (("Vote",), ("A shoe",), ("Yes",))
    assert found.styled("h2") == ["Card"]


def test_an_embed_is_read_whole_and_tells_nobody() -> None:
    embed = {
        "author": {"name": "By"}, "title": "**T**", "url": "https://a", "description": "d <@1>",
        "fields": [{"name": "n", "value": "v"}], "footer": {"text": "*foot*"}, "image": {"url": "https://b"},
    }  # fmt: skip

    found = reading("top", [embed])

    assert found.words == "top\nBy\nT\nd @user:1\nn\nv\n*foot*"
    assert found.links == (Link("T", "https://a", True),)
    assert found.images == ("",)
