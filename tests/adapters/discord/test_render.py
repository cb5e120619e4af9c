"""Messages and forms on Discord: within its limits, with people's words as they were written."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.discord import limits, render
from bot.actions import LENGTH, Action, Verb, write
from bot.game.model import ChannelId, Group, RoundId
from bot.messages import (
    Bar,
    Block,
    Bullets,
    Button,
    Buttons,
    CardFace,
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
    Tally,
    Text,
    Theirs,
    ToPage,
    ToRound,
    When,
)
from bot.rendering import Place
from bot.views.pages import pages
from tests.adapters.discord.checking import message_problems, modal_problems
from tests.adapters.discord.plain import components as read_aloud
from tests.adapters.discord.plain import read
from tests.adapters.hostile import HOSTILE, said_instead, theirs
from tests.discord.reading import reading
from tests.gallery.views import VIEWS

Json = dict[str, Any]

CARD = RoundId("r1")
LINK = render.address("1", "2", "3")
PLACE = Place(channel=ChannelId("team-room"), links=lambda round: LINK if round == CARD else None)

NOON = datetime(2027, 6, 7, 12, tzinfo=UTC)

NASTY = (
    *HOSTILE,
    "@everyone @here <@1> <@!1> <@&1> <#1>",
    "<t:1:R> <t:1812369600> </deal a card:1> <id:customize> <:e:1> <a:e:1>",
    "[safe](https://evil.example) [safe](<https://evil.example> 'title')",
    "https://evil.example http://a.b discord://x discord.gg/abc <https://evil.example> <+44123456789>",
    "# one\n## two\n### three\n-# small\n- # both",
    "- one\n* two\n+ three\n1. four\n23) five\n  - six",
    "> one\n>>> all\n  > two\nplain",
    "```py\nopen fence",
    "`one` ``two`` ```three```",
    "||gone|| ~~gone~~ __under__ _a_ *b* **c** ***d***",
    "*_~|`" * 100,
    "\\ \\\\ \\* \\_ \\\n\\",
    ":smile: :a::skin-tone-2: 12:30:45",
    "¯\\_(ツ)_/¯",
    "a\u200bb \u200f\u0645\u0631\u062d\u0628\u0627\u200e \u200b# x",
    "one\n\n\ntwo\n \nthree",
    "snake_case_words 2*3*4 3.5 and/or (see [1]) #1 @home",
)


# --- every view --------------------------------------------------------------------------


def test_every_view_is_what_discord_takes() -> None:
    for name, view in _views():
        for words in (None, "<&> " * 500):
            said = view if words is None else said_instead(view, words)
            if isinstance(said, Form):
                assert modal_problems(render.modal(said, said.action, PLACE)) == [], name
            else:
                for page in pages(said, render.fits):
                    assert message_problems(render.message(page, PLACE).components) == [], name


def test_every_form_has_room_for_all_its_fields_and_for_what_stands_above_them() -> None:
    for name, view in _views():
        if isinstance(view, Form):
            shown = render.modal(view, view.action, PLACE)["components"]
            asked = [each["component"]["custom_id"] for each in shown if each["type"] == render.LABEL]
            assert asked == [each.name for each in view.fields if each.name not in render.left_out(view)], (
                name
            )
            assert not view.intro or shown[0]["type"] == render.TEXT, name


@pytest.mark.parametrize("words", NASTY)
def test_what_people_write_is_text_and_nothing_else(words: str) -> None:
    for name, view in _views():
        if not any(theirs(view)):
            continue
        said = said_instead(view, words)
        if isinstance(said, Form):
            shown = render.modal(said, said.action, PLACE)["components"]
        else:
            shown = render.message(said, PLACE).components
        seen = reading(components=shown)
        assert {each.target for each in seen.links} <= {LINK}, name
        assert (seen.mentions, seen.channels, seen.commands, seen.places, seen.emoji) == ((),) * 5, name
        for each in _every(shown):
            for block in read(each.get("content", "")):
                assert {piece.kind for piece in block.pieces} <= OURS, (name, each)
                assert {piece.target for piece in block.pieces} <= {"", LINK}, (name, each)


OURS = {"", "strong", "moment", "strong moment", "link"}
"""All the markup that render makes inside a line."""


def test_a_notification_holds_nobodys_words() -> None:
    for name, view in _views():
        if isinstance(view, Message) and any(theirs(view)):
            rendered = render.message(said_instead(view, "HIV-clinic"), PLACE)
            assert "HIV" not in rendered.summary, name
            assert "HIV" not in str(rendered.components[0]), name


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

    assert read_aloud(rendered.components[:1]) == ["", "## What you wrote"]
    assert "My diagnosis" in str(rendered.components[1:])


# --- people's words ----------------------------------------------------------------------


@pytest.mark.parametrize("words", NASTY)
def test_people_read_exactly_what_was_written(words: str) -> None:
    _reads_back(words)


SIGNS = st.text(alphabet="\\*_~|`<>@#[]():/-+.! \n1a:t&;é¯ツ\u200b", max_size=60)
MARKUP = (
    *("@everyone", "<@1>", "<t:1:R>", "</x:1>", "<:e:1>", "[a](https://b.c)", "https://b.c", "discord.gg/a"),
    *("\n", "# ", "-# ", "- ", "1. ", "> ", ">>> ", "```", "`", "||", "**", "_", "~~", "\\", " ", "a", ":a:"),
)
TOKENS = st.lists(st.sampled_from(MARKUP), max_size=12).map("".join)


@given(SIGNS | TOKENS | st.text(max_size=40))
@example("1")
@example("-")
@example("\\")
def test_nothing_that_can_be_typed_becomes_markup(words: str) -> None:
    _reads_back(words)


@given(SIGNS | TOKENS, SIGNS | TOKENS)
def test_words_that_follow_each_other_make_no_markup_together(first: str, second: str) -> None:
    shown = _content(Paragraph((Theirs(first), Ours(second), Theirs(first))))

    assert _words_of(shown) == _seen(first + second + first)


@given(SIGNS | TOKENS)
def test_bold_words_are_all_bold_and_nothing_more(words: str) -> None:
    label = _content(Quote((Ours(words, strong=True), Theirs(words)), ()))

    kinds = {piece.kind for block in read(label) for piece in block.pieces if piece.words.strip()}
    assert "".join(_words_of(label).split()) == "".join(_seen(words + words).split())
    assert kinds <= {"strong"}


def test_words_that_need_no_escape_have_none() -> None:
    words = "Well-being isn’t free; 3.5 of us (that’s most!) said: “50% = half” & more #1, at 1-2 pm."

    assert render.escaped(words) == words


def _reads_back(words: str) -> None:
    """Every way in which somebody's words are shown says them, and our own around them stay ours."""
    said = _seen(words)
    assert _words_of(_content(Paragraph((Theirs(words),)))) == said
    if not said:
        return
    remarks = ((Ours("Then: "), Theirs(words)), (Ours("End"),))
    label, quote, remark, end = read(_content(Quote((Ours("Response 1"),), (Theirs(words),), remarks)))
    assert (label.kind, label.words) == ("", "Response 1")
    assert (quote.kind, quote.words) == ("quote", said)
    assert (remark.kind, remark.words) == ("item", "Then: " + _seen("x" + words)[1:])
    assert (end.kind, end.words) == ("item", "End")
    (heading,) = read(_content(Heading((Theirs(words),))))
    assert (heading.kind, heading.words.split()) == ("###", said.split())
    for first, name in ((Paragraph((Theirs(words),)), ""), (Quote((), (Theirs(words),)), "quote")):
        seen = reading(components=_shown(first))
        assert (seen.words if not name else "\n".join(seen.styled("quote"))) == said
        assert {style for style, _ in seen.shown} <= {name}
        assert (seen.links, seen.mentions, seen.times) == ((), (), ())
    for block in read(_content(Paragraph((Theirs(words),), quiet=True))):
        assert block.kind == "-#" or not block.words.strip()


def _words_of(markup: str) -> str:
    """The words of a text that is nothing but plain lines."""
    blocks = read(markup)
    assert {block.kind for block in blocks} <= {""}
    assert {piece.kind for block in blocks for piece in block.pieces} <= {"", "strong"}
    return "\n".join(block.words for block in blocks)


def _seen(words: str) -> str:
    """What of words can be seen: empty lines at the end cannot."""
    kept = "".join(char for char in words if char not in TURNING)
    return kept.rstrip("\n") if kept.strip() else ""


TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


# --- moments, days and links -------------------------------------------------------------


def test_a_moment_is_shown_in_the_readers_own_zone() -> None:
    assert _content(Paragraph((Ours("Until "), When(NOON), Ours(".")))) == "Until <t:1812369600:F>."


def test_a_day_is_the_same_for_every_reader() -> None:
    assert _content(Paragraph((Day(date(2027, 6, 7)),))) == "Monday 7 June"


def test_a_round_is_a_link_where_its_card_is_known_and_words_elsewhere() -> None:
    known, unknown = (_content(Paragraph((ToRound("Go [on]", each),))) for each in (CARD, RoundId("r2")))

    (link,) = read(known)[0].pieces
    assert (link.words, link.kind, link.target) == ("Go [on]", "link", LINK)
    assert LINK == "https://discord.com/channels/1/2/3"
    assert _words_of(unknown) == "Go [on]"


def test_a_page_of_ours_is_a_link() -> None:
    shown = _content(Paragraph((ToPage("Open [it]", "https://shoes.example.org/pages/a-b_c"),)))

    (link,) = read(shown)[0].pieces
    assert (link.words, link.target) == ("Open [it]", "https://shoes.example.org/pages/a-b_c")


# --- blocks ------------------------------------------------------------------------------


def test_a_card_stands_in_a_frame_with_its_note_apart_and_first() -> None:
    face = CardFace(
        Group.CARERS,
        shoes=(Ours("In the shoes of a carer"),),
        statement=(Theirs("They talk over his head."),),
        question=(Ours("What would help?"),),
        note=(Ours("This card is about loss."),),
    )
    (frame,) = _shown(face)

    note, card = frame["components"]
    assert frame["type"] == render.CONTAINER
    assert note["content"] == "**This card is about loss.**"
    assert card["content"].split("\n") == [
        "**In the shoes of a carer**",
        "> They talk over his head.",
        "What would help?",
    ]


def test_a_message_has_one_heading_and_its_parts_have_theirs_a_level_below() -> None:
    one, two = _shown(Heading((Ours("Common ground"),)), Heading((Ours("Where groups differ"),)))
    (first,) = render.message(Message((Ours("Hello"),), (Heading((Ours("Hello"),)),)), PLACE).components

    assert first["content"] == "## Hello"
    assert (one["content"], two["content"]) == ("### Common ground", "### Where groups differ")


def test_a_tally_says_its_numbers_in_words() -> None:
    bars = (Bar((Ours("Everybody"),), (Ours("3 yes"),), 1.0), Bar((Ours("Carers"),), (Ours("1 yes"),), 0.5))

    assert _content(Tally((Ours("True here?"),), bars)).split("\n") == [
        "**True here?**",
        "- Everybody: 3 yes",
        "- Carers: 1 yes",
    ]


def test_small_print_is_small_and_a_list_is_a_list() -> None:
    assert _content(Paragraph((Ours("one\ntwo"),), quiet=True)) == "-# one\n-# two"
    assert _content(Bullets(((Ours("one"),), (Ours("two\nmore"),)))) == "- one\n- two\n  more"


def test_an_empty_text_makes_no_component() -> None:
    assert _shown(Paragraph(()), Quote((), (Theirs(""),)), Bullets(((),)), Heading((Theirs(" "),))) == []


@pytest.mark.parametrize(
    "blocks",
    [
        tuple(Paragraph((Ours("a line"),)) for _ in range(40)),
        tuple(Buttons((Button("Go", f"next.r{number}"),)) for number in range(20)),
        (Paragraph((Theirs("word " * 800),)),),
        (Paragraph((Theirs("\U0001f4a1" * 2000),)),),
        (Paragraph((Theirs("<" * 2000),)),),
    ],
    ids=["too many", "too many buttons", "too long", "too long in UTF-16", "too long once escaped"],
)
def test_a_long_message_does_not_fit(blocks: tuple[Block, ...]) -> None:
    assert not render.fits(Message((Ours("Long"),), (Heading((Ours("Long"),)), *blocks)))


def test_a_message_of_forty_short_texts_fits() -> None:
    lines = tuple(Paragraph((Ours("a line"),)) for _ in range(39))

    assert render.fits(Message((Ours("Long"),), (Heading((Ours("Long"),)), *lines)))


# --- buttons -----------------------------------------------------------------------------


def test_a_button_says_what_it_does_and_whether_it_was_chosen() -> None:
    pressed = Button("Agree", "cast.r1.p1.agree", pressed=True)
    title, row = _shown(Buttons((Button("Respond", "respond.r1", primary=True), pressed), "Your vote"))

    assert title["content"] == "-# Your vote"
    assert row["components"] == [
        {"type": 2, "style": 1, "label": "Respond", "custom_id": "respond.r1"},
        {"type": 2, "style": 2, "label": "Agree (chosen)", "custom_id": "cast.r1.p1.agree"},
    ]


def test_the_same_button_twice_has_two_ids_and_one_action() -> None:
    again = Buttons((Button("Join in", "join.r1"),))
    ids = [row["components"][0]["custom_id"] for row in _shown(again, again)]

    assert ids == ["join.r1", "join.r1~2"]
    assert [render.action_of(each) for each in ids] == ["join.r1", "join.r1"]


def test_the_longest_action_is_a_button_of_its_own() -> None:
    longest = write(Action(Verb.TAKE_LIGHTBULB, "R" * 45, "p-_" * 15, "v"))
    (row,) = _shown(Buttons((Button("Press", longest),)))

    assert len(longest) == LENGTH == limits.CUSTOM_ID
    assert render.action_of(row["components"][0]["custom_id"]) == longest


def test_many_buttons_are_several_rows() -> None:
    rows = _shown(Buttons(tuple(Button(f"Go {number}", f"next.r{number}") for number in range(7))))

    assert [len(row["components"]) for row in rows] == [5, 2]


def test_words_are_cut_kindly() -> None:
    assert render.cut("In My Shoes", 11) == "In My Shoes"
    assert render.cut("In My Shoes, and yours", 13) == "In My Shoes…"
    assert render.cut("Donaudampfschiff", 8) == "Donauda…"


# --- forms -------------------------------------------------------------------------------


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


# --- helpers -----------------------------------------------------------------------------


def _views() -> Iterator[tuple[str, Message | Form]]:
    return ((name, make()) for name, make in VIEWS.items())


def _shown(*blocks: Block) -> list[Json]:
    summary = (Heading((Ours("Hello"),)), *blocks)
    return render.message(Message((Ours("Hello"),), summary), PLACE).components[1:]


def _content(block: Block) -> str:
    """The markup of a block that is one text, or none."""
    return "".join(each["content"] for each in _shown(block))


def _every(components: list[Json]) -> Iterator[Json]:
    for each in components:
        yield each
        yield from _every(each.get("components", []))
