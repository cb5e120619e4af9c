"""Messages and forms on Discord: within its limits, with people's words as they were written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
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
    Form,
    Heading,
    Message,
    Ours,
    Paragraph,
    Quote,
    Tally,
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
from tests.builders import NOON
from tests.discord.reading import reading
from tests.gallery.views import VIEWS

Json = dict[str, Any]

CARD = RoundId("r1")
LINK = render.address("1", "2", "3")
PLACE = Place(channel=ChannelId("team-room"), links=lambda round: LINK if round == CARD else None)

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
