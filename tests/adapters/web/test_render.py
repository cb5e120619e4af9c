"""What our values become on a page: escaped, in order, with a name for each thing to press."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from adapters.web import menu, pages, render
from bot.actions import Verb, read
from bot.commands import COMMANDS
from bot.game.model import Phase, Policy, RoundId
from bot.messages import (
    Bar,
    Button,
    Buttons,
    Field,
    Form,
    Heading,
    InputKind,
    Message,
    Option,
    Ours,
    Paragraph,
    Tally,
    Theirs,
    ToPage,
    ToRound,
    Typed,
    When,
)
from tests.adapters.web.samples import (
    HOSTILE,
    PAGES,
    a_reader,
    a_response_form,
    a_room,
    hostile_message,
    ours,
    to_be_checked,
    voting,
)

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "rect", "circle"}


class Page(HTMLParser):
    """The elements of a page, and whether each that opens is closed in turn."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for each, attributes in self.elements if each == tag]

    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.elements if re.fullmatch("h[1-6]", tag)]

    def of_field(self, name: str) -> list[dict[str, str | None]]:
        return [each for _, each in self.elements if each.get("name") == name]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_well_formed_and_needs_no_inline_script_or_style(name: str) -> None:
    page = Page(PAGES[name]())

    assert all("src" in each for each in page.all("script"))
    assert page.all("style") == []
    assert [attribute for _, each in page.elements for attribute in each if attribute == "style"] == []
    assert [attribute for _, each in page.elements for attribute in each if attribute.startswith("on")] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_page_loads_only_files_of_its_own(name: str) -> None:
    page = Page(PAGES[name]())
    loaded = [each.get("src") or each.get("href") or "" for each in page.all("script") + page.all("link")]

    assert loaded
    assert all(file.startswith("/static/") for file in loaded)
    assert all((render.STATIC / file[8:].partition("?")[0]).is_file() for file in loaded)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_one_first_heading_and_skips_no_level(name: str) -> None:
    levels = Page(PAGES[name]()).headings()

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", PAGES)
def test_no_id_is_used_twice_and_every_reference_leads_somewhere(name: str) -> None:
    page = Page(PAGES[name]())
    ids = [each["id"] for _, each in page.elements if "id" in each]
    referred = [
        reference
        for _, each in page.elements
        for key in ("for", "aria-describedby", "aria-labelledby")
        for reference in (each.get(key) or "").split()
    ]

    assert len(ids) == len(set(ids))
    hidden_heads = {"next-h", "recap-h", "recaps-h"}  # their sections are hidden while empty
    assert set(referred) - hidden_heads <= set(ids)


def test_what_people_wrote_is_never_markup_wherever_it_stands() -> None:
    html = str(render.message(hostile_message(), a_reader()))
    page = Page(html)

    assert page.all("script") == page.all("img") == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{7*7}}" in html
    assert "49" not in html
    assert "{% raw %}" in html
    (group,) = [each for each in page.all("div") if each.get("role") == "group"]
    assert group["aria-label"] == HOSTILE
    assert page.all("button")[0]["value"] == HOSTILE


def test_an_override_of_direction_ends_with_the_words_that_brought_it() -> None:
    html = render.text((Ours("by "), Theirs("\u202eAda"), Ours(" today")), a_reader())

    assert html == 'by <bdi class="theirs">\u202eAda</bdi> today'


def test_the_title_of_the_window_holds_no_marks_of_direction() -> None:
    html = pages.room(replace(a_room(), title="\u202eWard 7"))

    assert "<title>Responses are open – Ward 7 – In My Shoes</title>" in html


def test_a_page_can_be_sent_whatever_stands_in_a_name() -> None:
    html = pages.room(replace(a_room(), name="Ada \ud800"))

    assert "Ada ?" in html.encode("utf-8").decode("utf-8")


def test_a_moment_is_readable_without_a_script_and_exact_for_one() -> None:
    winter = When(datetime(2027, 1, 11, 17, 5, tzinfo=UTC))
    summer = When(datetime(2027, 6, 7, 8, 0, tzinfo=UTC))

    assert render.text((summer,), a_reader()) == (
        '<time datetime="2027-06-07T08:00:00Z" class="when">Monday 7 June, 09:00 (London time)</time>'
    )
    assert "Monday 11 January, 17:05 (London time)" in render.text((winter,), a_reader())
    assert "Monday 11 January, 22:35 (Kolkata time)" in render.text(
        (winter,), replace(a_reader(), zone="Asia/Kolkata")
    )


def test_a_moment_speaks_the_language_of_the_room() -> None:
    reader = replace(a_reader(), language="cy", zone="Europe/London")

    assert "Llun 7 Mehefin" in render.text((When(datetime(2027, 6, 7, 8, 0, tzinfo=UTC)),), reader)


def test_a_link_to_a_round_cannot_leave_the_rounds() -> None:
    html = render.text((ToRound("the <card>", RoundId('r1/../x?"')),), a_reader())

    assert html == '<a href="/rounds/r1%2F..%2Fx%3F%22">the &lt;card&gt;</a>'


def test_a_page_of_ours_is_opened_under_the_name_that_the_reader_came_by() -> None:
    html = render.text((ToPage("Open <it>", "https://shoes.example.org/pages/a"),), a_reader())

    assert html == '<a href="/pages/a">Open &lt;it&gt;</a>'


def test_a_row_of_buttons_is_one_form_with_a_name_for_this_press() -> None:
    row = Buttons(
        (Button("Respond", "respond.r1", primary=True), Button("Pass", "pass.r1")), title="Your turn"
    )
    page = Page(str(render.message(Message((), (row, row)), a_reader())))

    assert [(each["method"], each["action"]) for each in page.all("form")] == [("post", "/press")] * 2
    assert [each["value"] for each in page.of_field("csrf")] == ["a-csrf"] * 2
    assert [each["value"] for each in page.of_field("event")] == ["event-1", "event-2"]
    assert [each["value"] for each in page.of_field("channel")] == ["practice"] * 2
    assert [each["value"] for each in page.of_field("action")] == ["respond.r1", "pass.r1"] * 2


def test_who_looks_at_an_earlier_card_keeps_it_on_the_table() -> None:
    page = Page(pages.room(replace(a_room(), reader=replace(a_reader(), round="r0"))))

    assert [each["value"] for each in page.of_field("round")] == ["r0"]
    assert [each["hx-get"] for each in page.all("div") if "hx-get" in each] == [
        "/rooms/practice/now?round=r0"
    ]


def test_a_choice_that_was_made_says_so_to_everybody() -> None:
    row = Buttons(
        (Button("Agree", "a", pressed=True), Button("Disagree", "b", pressed=False), Button("Next", "c"))
    )
    page = Page(str(render.message(Message((), (row,)), a_reader())))

    assert [each.get("aria-pressed") for each in page.all("button")] == ["true", "false", None]


def test_a_bar_says_its_number_and_draws_it_within_its_frame() -> None:
    bars = (Bar(ours("Yes"), ours("6 of 9"), 2 / 3), Bar(ours("No"), ours("none"), -1), Bar((), (), 7))
    html = str(render.message(Message((), (Tally(ours("Now"), bars),)), a_reader()))

    assert "6 of 9" in html
    drawn = [each["width"] for each in Page(html).all("rect") if each["class"] == "bar-share"]
    assert drawn == ["66.7", "0.0", "100.0"]


def test_the_parts_of_a_message_stand_below_its_heading() -> None:
    opened = Message((), (Heading(ours("Recap")), Paragraph(ours("a")), Heading(ours("Common ground"))))
    unopened = Message((), (Paragraph(ours("a")), Heading(ours("Common ground"))))

    assert Page(str(render.message(opened, a_reader()))).headings() == [3, 4]
    assert Page(str(render.message(unopened, a_reader(), heading_level=2))).headings() == [2]


def test_a_form_sends_its_action_and_one_value_for_each_field() -> None:
    page = Page(str(render.form(a_response_form(), a_reader())))

    assert [each["value"] for each in page.of_field("action")] == ["send.r1"]
    assert [each["value"] for each in page.of_field("stance")] == ["yes", "not_sure", "no"]
    assert [each["type"] for each in page.of_field("stance")] == ["radio"] * 3
    assert len(page.of_field("words")) == 1
    assert [each.get("name") for each in page.all("button")] == [None]


def test_nothing_that_was_written_is_cut_and_the_server_is_the_one_to_say_so() -> None:
    written = "\n\nfirst lines stay, " + "x" * 600
    html = str(render.form(a_response_form(words=written), a_reader()))

    assert f"\n{written}</textarea>" in html
    assert "maxlength" not in html
    assert 'data-limit="500"' in html
    assert "Up to 500 characters." in html


def test_a_problem_is_linked_from_the_top_and_said_beside_its_field() -> None:
    html = str(render.form(a_response_form(problem="Please shorten it."), a_reader()))
    page = Page(html)
    (words,) = page.of_field("words")

    assert [each["href"] for each in page.all("a")] == ["#send-r1-stance", "#send-r1-words"]
    assert {"send-r1-stance", "send-r1-words"} <= {each.get("id") for _, each in page.elements}
    assert words["aria-invalid"] == "true"
    assert words["aria-describedby"] == "send-r1-words-hint send-r1-words-limit send-r1-words-problem"
    assert "<title>Please check: Responses are open – Practice room – In My Shoes</title>" in pages.room(
        to_be_checked()
    )


def test_a_short_line_says_nothing_of_its_limit_until_it_is_too_long() -> None:
    line = Field(name="name", label="Your name", kind=InputKind.LINE, limit=80)
    html = str(render.form(Form(title="Join", action="join", fields=(line,), submit="Join"), a_reader()))

    assert "Up to 80" not in html
    assert 'data-over="Characters too many: #"' in html


@pytest.mark.parametrize("options, radios, lists", [(8, 8, 0), (9, 0, 1)])
def test_many_options_become_a_list(options: int, radios: int, lists: int) -> None:
    field = Field(
        name="deck",
        label="Deck",
        kind=InputKind.ONE_OF,
        options=tuple(Option(str(number), f"Deck {number}") for number in range(options)),
        value="3",
    )
    html = str(render.form(Form(title="Deal", action="deal", fields=(field,), submit="Deal"), a_reader()))
    page = Page(html)

    assert len([each for each in page.all("input") if each.get("type") == "radio"]) == radios
    assert len(page.all("select")) == lists
    assert [each["value"] for _, each in page.elements if "checked" in each or "selected" in each] == ["3"]


def test_a_round_with_one_deadline_shows_two_steps() -> None:
    together = pages.Stage(phase=Phase.VOTING, policy=Policy.TOGETHER)
    after_you = pages.Stage(phase=Phase.RESPONDING, policy=Policy.AFTER_YOU)

    assert [(step.words, step.now) for step in together.steps] == [
        ("Respond", False),
        ("Vote", True),
        ("Look back", False),
    ]
    assert [(step.words, step.now) for step in after_you.steps] == [
        ("Respond and vote", True),
        ("Look back", False),
    ]
    assert after_you.state == "Responses and votes are open"
    assert replace(together, paused=True).state == "This round is paused"


def test_the_fragment_brings_every_part_that_the_page_asks_for() -> None:
    page = Page(pages.room(voting()))
    fragment = Page(pages.room_fragment(voting()))
    body, live = page.all("body")[0], next(each for each in page.all("div") if each.get("id") == "now")

    wanted = {part.partition(":")[0].lstrip("#") for part in (body["hx-select-oob"] or "").split(",")}
    assert wanted <= {each.get("id") for _, each in fragment.elements}
    assert "answer" in wanted
    assert "answer" not in (live["hx-select-oob"] or "")
    assert fragment.all("title") == [{}]


def test_a_command_is_the_button_that_does_the_same_where_nobody_types() -> None:
    assert render.text((Typed("campaign"),), a_reader()) == "“A campaign” under “More here”"
    assert render.text((Typed("recap"),), a_reader()) == "/shoes recap"


def test_every_command_without_a_place_of_its_own_is_under_more_here() -> None:
    offered = {read(each.action).verb for each in menu.menu().buttons}

    assert offered == {each.verb for each in COMMANDS} - {Verb.DEAL, Verb.PLEDGE, Verb.RECAP, Verb.HELP}
