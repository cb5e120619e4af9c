"""What a reader sees: words, links that hide where they lead, and who is called."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.slack.reading import Link, notices, reading

Json = dict[str, Any]


def marked(text: str, **more: Any) -> list[Json]:
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text, **more}}]


def plain(text: str) -> list[Json]:
    return [{"type": "section", "text": {"type": "plain_text", "text": text}}]


def rich(*elements: Json, kind: str = "rich_text_section") -> list[Json]:
    return [{"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}]


def words(text: str) -> Json:
    return {"type": "text", "text": text}


@pytest.mark.parametrize(
    "text, shown, style",
    [
        ("*bold*", "bold", "bold"),
        ("_italic_", "italic", "italic"),
        ("~gone~", "gone", "strike"),
        ("`a*b*`", "a*b*", "code"),
        ("```x\n*y*```", "x\n*y*", "fence"),
        ("*bold _both_*", "bold both", "bold italic"),
    ],
)
def test_marks_become_style(text: str, shown: str, style: str) -> None:
    page = reading(marked(text))

    assert page.words == shown
    assert style in {each for each, _ in page.shown}


@pytest.mark.parametrize(
    "text", ["2*3*4", "snake_case_name", "* not bold *", "a ~ b ~ c", "**", "*_~", "~~~~"]
)
def test_marks_that_style_nothing_are_words(text: str) -> None:
    assert reading(marked(text)).words == text


def test_entities_are_decoded_once() -> None:
    assert reading(marked("a &amp;lt; b &lt;@U1&gt;")).words == "a &lt; b <@U1>"
    assert reading(marked("&lt;@U1&gt; &lt;!channel&gt;")).calls == ()


@pytest.mark.parametrize(
    "text, who",
    [
        ("<@U1>", "@U1"),
        ("<@U1|ada>", "@U1"),
        ("<!channel>", "@channel"),
        ("<!here|here>", "@here"),
        ("<!everyone>", "@everyone"),
        ("<!subteam^S1>", "@group:S1"),
        ("`<!channel>`", "@channel"),
        ("```<@U1>```", "@U1"),
        ("*<@U1>*", "@U1"),
        ("hey @channel", "@channel"),
    ],
)
def test_who_is_called_shows(text: str, who: str) -> None:
    assert reading(marked(text)).calls == (who,)


def test_verbatim_text_calls_nobody_by_a_bare_name() -> None:
    assert reading(marked("hey @channel", verbatim=True)).calls == ()
    assert reading(marked("<!channel>", verbatim=True)).calls == ("@channel",)


def test_words_in_rich_text_and_plain_text_are_only_words() -> None:
    hostile = "<!channel> <@U1> *x* <https://evil.example|bank> ``` https://evil.example"

    for blocks in (rich(words(hostile)), plain(hostile)):
        page = reading(blocks)
        assert page.words == hostile
        assert (page.calls, page.links) == ((), ())


def test_a_link_tells_whether_its_label_hides_the_target() -> None:
    page = reading(
        marked("<https://evil.example|https://bank.example> <https://a.example> https://b.example.")
    )

    assert page.links == (
        Link("https://bank.example", "https://evil.example", True),
        Link("https://a.example", "https://a.example", False),
        Link("https://b.example", "https://b.example", False),
    )
    assert page.words == "https://bank.example https://a.example https://b.example."


def test_bare_addresses_are_links_in_the_text_of_a_message_but_not_verbatim() -> None:
    assert [link.target for link in reading((), "see www.example.org").links] == ["http://www.example.org"]
    assert reading(marked("see https://example.org", verbatim=True)).links == ()


def test_channels_and_dates_are_shown() -> None:
    page = reading(marked("<#C1|team> at <!date^1790000000^{date_num} {time}|later>"))

    assert page.words == "#team at 2026-09-21 14:13"
    assert page.channels == ("C1",)


def test_every_kind_of_rich_text_is_read() -> None:
    page = reading(
        rich(
            {"type": "user", "user_id": "U1"},
            {"type": "broadcast", "range": "here"},
            {"type": "usergroup", "usergroup_id": "S1"},
            {"type": "channel", "channel_id": "C1"},
            {"type": "emoji", "name": "bulb"},
            {"type": "link", "url": "https://evil.example", "text": "bank"},
            {"type": "color", "value": "#fff"},
            {"type": "date", "timestamp": 1_790_000_000, "format": "{time}"},
        )
    )

    assert page.words == "@U1@here@group:S1#C1:bulb:bank#fff14:13"
    assert page.calls == ("@U1", "@here", "@group:S1")
    assert [link.label for link in page.links if link.masked] == ["bank"]


def test_lists_quotes_and_code_are_read() -> None:
    rows = [{"type": "rich_text_section", "elements": [words(each)]} for each in ("one", "two")]
    ordered = [
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "ordered", "elements": rows}]}
    ]

    assert reading(ordered).words == "1. one\n2. two"
    assert reading(rich(words("said"), kind="rich_text_quote")).shown == (("quote", "said"),)
    assert reading(rich(words("x"), kind="rich_text_preformatted")).shown == (("preformatted", "x"),)


def test_buttons_fields_and_pictures_have_their_words() -> None:
    options = [{"text": {"type": "plain_text", "text": "True here"}, "value": "yes"}]
    page = reading(
        [
            {"type": "header", "text": {"type": "plain_text", "text": "Card &amp; path"}},
            {
                "type": "actions",
                "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}],
            },
            {
                "type": "input",
                "label": {"type": "plain_text", "text": "Stance"},
                "element": {"options": options},
            },
            {"type": "image", "alt_text": "A path", "image_url": "https://example.org/a.png"},
        ]
    )

    assert page.words == "Card & path\nGo\nStance\nTrue here\nA path"
    assert page.buttons == ("Go",)


def test_text_shows_only_where_there_are_no_blocks() -> None:
    assert reading(plain("blocks"), "text").words == "blocks"
    assert reading((), "> quoted\n*bold*").words == "> quoted\nbold"
    assert reading((), "&gt; quoted").words == "quoted"


def test_a_notification_shows_the_first_block_or_the_text() -> None:
    assert notices([*plain("first"), *plain("second")], "on a phone") == ("first", "on a phone")
    assert notices([], "text") == ("text", "text")


HOSTILE = st.text(st.sampled_from("*_~`<>&|@!#^:/.ab \n")) | st.text()


@given(HOSTILE)
def test_any_text_can_be_read(text: str) -> None:
    reading(marked(text))
    reading((), text)


@given(HOSTILE)
def test_words_of_rich_text_are_read_as_they_are(text: str) -> None:
    page = reading(rich(words(text)))

    assert page.words == text.strip("\n")
    assert (page.calls, page.links) == ((), ())


@given(HOSTILE)
def test_escaped_text_calls_nobody_and_masks_nothing(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    page = reading(marked(escaped, verbatim=True))

    assert (page.calls, page.links) == ((), ())
