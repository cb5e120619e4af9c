"""Messages and forms on Slack: within its limits, with people's words as they were written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import limits, render
from bot.game.model import ChannelId, RoundId
from bot.messages import (
    Block,
    Bullets,
    Button,
    Buttons,
    Day,
    Field,
    Form,
    Heading,
    InputKind,
    Message,
    Option,
    Ours,
    Paragraph,
    Quote,
    Text,
    Theirs,
    ToPage,
    ToRound,
    When,
)
from bot.rendering import Place
from tests.adapters.hostile import HOSTILE, said_instead, theirs
from tests.adapters.slack.plain import blocks as read_aloud
from tests.builders import NOON
from tests.gallery.views import VIEWS
from tests.slack.blocks import message_problems, view_problems
from tests.slack.reading import notices, reading

Json = dict[str, Any]

CARD = RoundId("r1")
LINK = "https://room.slack.com/archives/C1/p1"
PLACE = Place(channel=ChannelId("team-room"), links=lambda round: LINK if round == CARD else None)

NASTY = (
    *HOSTILE,
    "<!channel>",
    "<!date^1^{date}|soon>",
    "<@U1> <#C1> <!subteam^S1>",
    "<https://evil.example|safe>",
    "https://evil.example",
    "```open fence",
    "> quote\n>>> all of it\n• point",
    ":no_entry: :skull:",
    "*_~" * 200,
)


def test_every_view_is_block_kit_that_slack_takes() -> None:
    for name, view in _views():
        if isinstance(view, Form):
            assert view_problems(render.modal(view, "{}", PLACE)) == [], name
        else:
            assert message_problems(render.message(view, PLACE).blocks) == [], name
            assert view_problems(render.modal_of(view, "{}", "In My Shoes", PLACE)) == [], name


@pytest.mark.parametrize("words", NASTY)
def test_what_people_write_is_text_and_nothing_else(words: str) -> None:
    # Turned-round lines are taken out: cleaned words have none.
    shown_words = words.replace("\u202e", "").replace("\u2066", "")
    for name, view in _views():
        held = list(theirs(view))
        if not held:
            continue
        said = said_instead(view, words)
        if isinstance(said, Form):
            view_shown = render.modal(said, "{}", PLACE)
            assert view_problems(view_shown) == [], name
            shown = view_shown["blocks"]
        else:
            shown = render.message(said, PLACE).blocks
            assert message_problems(shown) == [], name
        pieces = [each["text"] for each in _every(shown) if each.get("type") == "text"]
        assert "\n".join(pieces).count(shown_words) >= len(held), name
        read = reading(shown)
        assert {each.target for each in read.links} <= {LINK}, name
        assert (read.calls, read.channels) == ((), ()), name
        assert {each["type"] for each in _every(shown) if "type" in each} <= KINDS, name
        assert all(words not in each.get("fallback", "") for each in _every(shown)), name


KINDS = {
    *("header", "context", "actions", "input", "rich_text"),
    *("rich_text_section", "rich_text_quote", "rich_text_list", "text", "date", "link"),
    *("plain_text", "button", "plain_text_input", "radio_buttons", "static_select", "datepicker"),
}
"""All that render makes. No kind of it is parsed, and none calls anybody."""


def test_a_notification_holds_nobodys_words() -> None:
    for name, view in _views():
        if isinstance(view, Message) and any(theirs(view)):
            rendered = render.message(said_instead(view, "HIV-clinic"), PLACE)
            assert "HIV-clinic" not in " ".join(notices(rendered.blocks, rendered.text)), name
            assert "HIV-clinic" not in str(rendered.blocks[0]), name


@pytest.mark.parametrize(
    "first",
    [
        Heading((Theirs("My diagnosis"),)),
        Paragraph((Ours("You wrote: "), Theirs("My diagnosis"))),
        Quote((Ours("You wrote"),), (Theirs("My diagnosis"),)),
    ],
)
def test_a_first_block_with_somebodys_words_gets_the_summary_above_it(first: Block) -> None:
    rendered = render.message(Message((Ours("What you wrote"),), (first,)), PLACE)

    assert rendered.blocks[0]["text"]["text"] == "What you wrote"
    assert "My diagnosis" in str(rendered.blocks[1:])


def test_the_text_of_a_post_is_escaped() -> None:
    rendered = render.message(Message((Theirs("<!here> & all"),), (Heading((Ours("Hello"),)),)), PLACE)

    assert rendered.text == "&lt;!here&gt; &amp; all"


# --- moments, days and links -------------------------------------------------------------


def test_a_moment_is_shown_in_the_readers_own_zone() -> None:
    (block,) = _blocks(Paragraph((Ours("Until "), When(NOON), Ours("."))))

    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "Until "},
        {
            "type": "date",
            "timestamp": 1812369600,
            "format": "{date_long_pretty} at {time}",
            "fallback": "Monday 7 June, 13:00 (London time)",
        },
        {"type": "text", "text": "."},
    ]


def test_a_day_is_the_same_for_every_reader() -> None:
    assert _read(Paragraph((Day(date(2027, 6, 7)),))) == ["", "Monday 7 June"]


def test_a_round_is_a_link_where_its_card_is_known_and_words_elsewhere() -> None:
    known, unknown = (Paragraph((ToRound("Go to the card", each),)) for each in (CARD, RoundId("r2")))

    (link,) = _blocks(known)[0]["elements"][0]["elements"]
    assert link == {"type": "link", "url": LINK, "text": "Go to the card"}
    assert _blocks(unknown)[0]["elements"][0]["elements"] == [{"type": "text", "text": "Go to the card"}]


def test_a_page_of_ours_is_a_link() -> None:
    (link,) = _blocks(Paragraph((ToPage("Open <it>", "https://shoes.example.org/pages/a"),)))[0]["elements"][
        0
    ]["elements"]

    assert link == {"type": "link", "url": "https://shoes.example.org/pages/a", "text": "Open <it>"}


# --- what is long ------------------------------------------------------------------------


@given(st.text(alphabet="ab \n&<é", max_size=9000), st.sampled_from([Paragraph, Heading]))
def test_long_words_are_parted_and_none_is_lost(words: str, kind: type[Paragraph | Heading]) -> None:
    shown = _blocks(kind((Theirs(words),)))

    assert "".join(each["text"] for each in _every(shown) if each.get("type") == "text") == words
    assert message_problems(shown) == []


def test_a_heading_too_long_for_a_header_is_whole_and_bold() -> None:
    words = "What we heard from everybody. " * 6

    assert _read(Heading((Ours(words),))) == ["", f"**{words.strip()}** "]
    assert message_problems(_blocks(Heading((Ours(words),)))) == []


def test_words_are_parted_between_words() -> None:
    shown = _blocks(Quote((), (Theirs("waiting " * 1000),)))

    assert len(shown) == 3
    for block in shown:
        assert block["elements"][0]["elements"][0]["text"].endswith("waiting ")


def test_a_list_is_one_list_with_all_its_items() -> None:
    (block,) = _blocks(Bullets(((Ours("one"),), (Ours("two"),))))

    (shown,) = block["elements"]
    assert shown["type"] == "rich_text_list"
    assert read_aloud([block]) == ["", "- one", "- two"]


@pytest.mark.parametrize(
    "blocks",
    [
        tuple(Paragraph((Ours("a line"),)) for _ in range(51)),
        (Paragraph((Theirs("word " * 2200),)),),
        (Paragraph((Theirs("<" * 2750),)),),
    ],
    ids=["too many blocks", "too long", "too long once escaped"],
)
def test_a_long_message_does_not_fit(blocks: tuple[Block, ...]) -> None:
    assert not render.fits(Message((Ours("Long"),), (Heading((Ours("Long"),)), *blocks)))


def test_a_message_of_fifty_short_blocks_fits() -> None:
    lines = tuple(Paragraph((Ours("a line"),)) for _ in range(49))

    assert render.fits(Message((Ours("Long"),), (Heading((Ours("Long"),)), *lines)))


def test_somebodys_words_in_a_remark_cannot_pass_for_a_remark_of_ours() -> None:
    second = (Ours("Second thoughts: "), Theirs("None.\n4 lightbulbs"))
    (block,) = _blocks(Quote((Ours("Response 1"),), (Theirs("Ask him."),), (second,)))

    assert [each["type"] for each in block["elements"]][-1] == "rich_text_list"
    assert len(block["elements"][-1]["elements"]) == 1


def test_an_empty_text_makes_no_block() -> None:
    assert _blocks(Paragraph(()), Quote((), (Theirs(""),)), Bullets(((),))) == []


# --- buttons -----------------------------------------------------------------------------


def test_a_button_says_what_it_does_and_where() -> None:
    pressed = Button("Agree", "cast.r1.p1.agree", pressed=True)
    (row,) = _blocks(Buttons((Button("Respond", "respond.r1", primary=True), pressed), "Your vote"))

    assert row["block_id"] == "team-room.0"
    respond, agree = row["elements"]
    assert (respond["action_id"], respond["value"], respond["style"]) == (
        "respond.r1",
        "respond.r1",
        "primary",
    )
    assert respond["accessibility_label"] == "Your vote Respond"
    assert agree["text"]["text"] == "Agree (chosen)"
    assert agree["accessibility_label"] == "Your vote Agree (chosen)"
    assert "style" not in agree


def test_the_same_button_twice_has_two_ids_and_one_value() -> None:
    again = Buttons((Button("Join in", "join.r1"),))
    one, two = _blocks(again, again)

    assert [each["elements"][0]["action_id"] for each in (one, two)] == ["join.r1", "join.r1#2"]
    assert [each["elements"][0]["value"] for each in (one, two)] == ["join.r1", "join.r1"]
    assert [each["block_id"] for each in (one, two)] == ["team-room.0", "team-room.1"]


def test_many_buttons_are_several_rows() -> None:
    rows = _blocks(Buttons(tuple(Button(f"Go {number}", f"next.r{number}") for number in range(7))))

    assert [len(row["elements"]) for row in rows] == [5, 2]


# --- forms -------------------------------------------------------------------------------


def a_form(*fields: Field, title: str = "Respond", submit: str = "Send") -> Form:
    """A form with these fields."""
    return Form(title=title, action="send.r1", fields=fields, submit=submit)


def a_field(
    kind: InputKind = InputKind.WORDS, *, value: str = "", hint: Text = (), problem: Text = ()
) -> Field:
    """A field named `words`."""
    return Field(name="words", label="Your words", kind=kind, value=value, hint=hint, problem=problem)


def test_a_field_that_is_wrong_says_so_above_it_and_keeps_its_words() -> None:
    problem = (Ours("This is too long."),)
    view = render.modal(a_form(a_field(value="<b> " * 500, problem=problem)), "{}", PLACE)

    above, asked = view["blocks"]
    assert read_aloud([above]) == ["", "**Please check:** This is too long."]
    assert asked["element"]["initial_value"] == "<b> " * 500
    assert asked["element"]["max_length"] == 3000
    assert (asked["block_id"], asked["element"]["action_id"]) == ("words", "words")


def test_a_hint_with_a_moment_stands_above_its_field() -> None:
    view = render.modal(a_form(a_field(hint=(Ours("Until "), When(NOON)))), "{}", PLACE)

    above, asked = view["blocks"]
    assert read_aloud([above]) == ["", "Until {Monday 7 June, 13:00 (London time)}"]
    assert "hint" not in asked


def test_a_hint_of_words_is_the_fields_own() -> None:
    (asked,) = render.modal(a_form(a_field(hint=(Ours("Small is good."),))), "{}", PLACE)["blocks"]

    assert asked["hint"]["text"] == "Small is good."


@pytest.mark.parametrize("options, kind", [(2, "radio_buttons"), (8, "radio_buttons"), (9, "static_select")])
def test_few_options_are_all_in_sight_and_many_are_a_list(options: int, kind: str) -> None:
    asked = Field(
        name="card",
        label="Which card?",
        kind=InputKind.ONE_OF,
        options=tuple(Option(f"v{number}", f"Card {number}") for number in range(options)),
        value="v1",
    )
    view = render.modal(a_form(asked), "{}", PLACE)

    assert view_problems(view) == []
    element = view["blocks"][0]["element"]
    assert (element["type"], len(element["options"])) == (kind, options)
    assert element["initial_option"]["value"] == "v1"


@pytest.mark.parametrize("typed, shown", [("2027-06-30", "2027-06-30"), ("", None), ("30 June", None)])
def test_a_date_starts_with_the_day_that_was_chosen(typed: str, shown: str | None) -> None:
    (asked,) = render.modal(a_form(a_field(InputKind.DATE, value=typed)), "{}", PLACE)["blocks"]

    assert asked["element"].get("initial_date") == shown


def test_a_long_title_is_cut_at_a_word_and_stands_whole_inside() -> None:
    title = "What would help somebody in their shoes?"
    view = render.modal(a_form(a_field(), title=title), '{"action": "send.r1"}', PLACE)

    assert view["title"]["text"] == "What would help…"
    assert read_aloud(view["blocks"][:1]) == ["", f"# {title}"]
    assert view["private_metadata"] == '{"action": "send.r1"}'
    assert view["callback_id"] == "form"


def test_words_are_cut_kindly() -> None:
    assert render.cut("In My Shoes", 11) == "In My Shoes"
    assert render.cut("In My Shoes, and yours", 13) == "In My Shoes…"
    assert render.cut("Donaudampfschiff", 8) == "Donauda…"


# --- modals and the Home tab -------------------------------------------------------------


def test_a_private_step_can_be_a_modal() -> None:
    step = Message(
        (Ours("Your votes"),), (Heading((Ours("Your votes"),)), Buttons((Button("Done", "done.r1"),)))
    )
    view = render.modal_of(step, "{}", "Your votes", PLACE)

    assert view_problems(view) == []
    assert (view["title"]["text"], view["close"]["text"]) == ("Your votes", "Close")
    assert view["blocks"][1]["block_id"] == "team-room.0"
    assert "submit" not in view


def test_the_home_tab_names_the_channel_of_each_button() -> None:
    respond = (Buttons((Button("Respond", "respond.r1"),)),)
    garden = Place(channel=ChannelId("garden"))
    view = render.home([(PLACE, (Heading((Ours("Open now"),)),)), (PLACE, respond), (garden, respond)])

    assert view_problems(view) == []
    assert [each.get("block_id") for each in view["blocks"]] == [None, "team-room.0", "garden.1"]


def test_the_home_tab_ends_where_slack_ends_it() -> None:
    view = render.home([(PLACE, tuple(Paragraph((Ours("a line"),)) for _ in range(150)))])

    assert len(view["blocks"]) == limits.VIEW_BLOCKS


# --- helpers -----------------------------------------------------------------------------


def _views() -> Iterator[tuple[str, Message | Form]]:
    return ((name, make()) for name, make in VIEWS.items())


def _blocks(*blocks: Block) -> list[Json]:
    summary = (Heading((Ours("Hello"),)), *blocks)
    return render.message(Message((Ours("Hello"),), summary), PLACE).blocks[1:]


def _read(*blocks: Block) -> list[str]:
    return read_aloud(_blocks(*blocks))


def _every(value: object) -> Iterator[Json]:
    """Every object in a JSON value."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _every(each)
