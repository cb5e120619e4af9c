"""Long messages in several posts: each short enough, nothing lost, what belongs together stays so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.game.model import Group
from bot.messages import (
    Bar,
    Block,
    Bullets,
    Button,
    Buttons,
    CardFace,
    Heading,
    Message,
    Ours,
    Paragraph,
    Quote,
    Tally,
    Text,
    Theirs,
)
from bot.views.pages import pages
from tests.gallery.plain import buttons, plain, text
from tests.gallery.views import VIEWS

SUMMARY = (Ours("What we heard on a card"),)
CONTINUED = "What we heard on a card (continued)"


def theirs(words: str) -> Text:
    """Somebody's words."""
    return (Theirs(words),)


def at_most(characters: int) -> Callable[[Message], bool]:
    """Fits what is not longer than that, read as plain text."""
    return lambda message: len(plain(message)) <= characters


def a_message(*blocks: Block) -> Message:
    """A message with the usual summary."""
    return Message(SUMMARY, blocks)


def test_a_message_that_fits_stays_as_it_is() -> None:
    message = a_message(Heading((Ours("What we heard"),)), Paragraph(theirs("Ask him first.")))

    assert pages(message, at_most(200)) == (message,)


def test_later_pages_say_that_they_continue_and_have_the_same_summary() -> None:
    message = a_message(*(Paragraph(theirs(f"{number} " + "word " * 20)) for number in range(3)))

    first, second, third = pages(message, at_most(250))

    assert [each.summary for each in (first, second, third)] == [SUMMARY] * 3
    assert first.blocks == message.blocks[:1]
    assert second.blocks == (Heading((*SUMMARY, Ours(" (continued)"))), message.blocks[1])
    assert text(third.blocks[0].text) == CONTINUED  # type: ignore[union-attr] # a Heading


def test_a_heading_stays_with_what_follows_it_and_buttons_with_what_stands_above() -> None:
    message = a_message(
        Paragraph(theirs("word " * 20)),
        Heading((Ours("Pledges"),)),
        Quote((Ours("1."),), theirs("sit down before I start to talk")),
        Buttons((Button("Join in", "join.r1"),)),
    )

    first, second = pages(message, at_most(200))

    assert first.blocks == message.blocks[:1]
    assert second.blocks[1:] == message.blocks[1:]


def test_a_list_is_parted_between_its_items() -> None:
    items = tuple(theirs(f"Item {number}") for number in range(20))

    parted = pages(a_message(Bullets(items)), at_most(200))

    assert len(parted) > 1
    lists = [each for page in parted for each in page.blocks if isinstance(each, Bullets)]
    assert tuple(item for each in lists for item in each.items) == items


def test_a_long_quote_repeats_its_label_and_has_its_remarks_at_the_end() -> None:
    quote = Quote((Ours("Response 1"),), theirs("We waited a long time. " * 30), ((Ours("One lightbulb"),),))

    parted = pages(a_message(quote), at_most(300))

    quotes = [each for page in parted for each in page.blocks if isinstance(each, Quote)]
    assert [text(each.label) for each in quotes] == [
        "Response 1",
        *["Response 1 (continued)"] * (len(quotes) - 1),
    ]
    assert [each.remarks for each in quotes] == [()] * (len(quotes) - 1) + [quote.remarks]
    parts_of_words = [text(each.words).strip("«»").split() for each in quotes]
    assert [word for part in parts_of_words for word in part] == ["We", "waited", "a", "long", "time."] * 30


def test_a_long_tally_repeats_its_title() -> None:
    bars = tuple(Bar((Ours(f"Group {number}"),), (Ours("too few to show"),), 0.0) for number in range(8))

    parted = pages(a_message(Tally((Ours("True here?"),), bars)), at_most(250))

    tallies = [each for page in parted for each in page.blocks if isinstance(each, Tally)]
    assert tuple(bar for each in tallies for bar in each.bars) == bars
    assert {text(each.title) for each in tallies} == {"True here?", "True here? (continued)"}


@pytest.mark.parametrize("name", [name for name, make in VIEWS.items() if isinstance(make(), Message)])
def test_every_view_can_be_read_from_small_pages(name: str) -> None:
    view = VIEWS[name]()
    assert isinstance(view, Message)

    parted = pages(view, at_most(400))

    assert [label for page in parted for label in buttons(page)] == buttons(view)
    assert all(len(plain(page)) <= 400 for page in parted)


words = st.text(alphabet="abc \n", min_size=1, max_size=120).map(theirs)
ours = st.sampled_from(["Response 1", "Pledges", "True here?"]).map(lambda said: (Ours(said),))
button = st.builds(Button, st.sampled_from(["Yes", "No"]), st.just("cast.r1"))
block = st.one_of(
    st.builds(Heading, ours),
    st.builds(Paragraph, words),
    st.builds(Bullets, st.lists(words, min_size=1, max_size=6).map(tuple)),
    st.builds(Quote, ours, words, st.lists(words, max_size=3).map(tuple)),
    st.builds(CardFace, st.just(Group.CARERS), ours, words, words, st.one_of(st.just(()), words)),
    st.builds(Tally, ours, st.lists(st.builds(Bar, words, words, st.just(0.5)), max_size=4).map(tuple)),
    st.builds(Buttons, st.lists(button, min_size=1, max_size=5).map(tuple)),
)


@given(st.lists(block, max_size=12).map(tuple), st.integers(180, 600))
def test_nothing_is_lost_and_every_page_fits(blocks: tuple[Block, ...], most: int) -> None:
    message = a_message(*blocks)

    parted = pages(message, at_most(most))

    assert "".join(_theirs(parted)) == "".join(_theirs((message,)))
    assert [label for page in parted for label in buttons(page)] == buttons(message)
    assert all(len(plain(page)) <= most for page in parted)
    for page in parted[1:]:
        assert isinstance(page.blocks[0], Heading)
        assert text(page.blocks[0].text) == CONTINUED


@given(st.lists(block, max_size=6).map(tuple))
def test_it_ends_even_where_nothing_fits(blocks: tuple[Block, ...]) -> None:
    message = a_message(*blocks)

    parted = pages(message, lambda message: False)

    assert "".join(_theirs(parted)) == "".join(_theirs((message,)))


def _theirs(messages: tuple[Message, ...]) -> Iterator[str]:
    def inside(value: object) -> Iterator[str]:
        match value:
            case Theirs(words):
                yield words
            case tuple():
                for each in value:
                    yield from inside(each)
            case Heading(text) | Paragraph(text):
                yield from inside(text)
            case Bullets(items):
                yield from inside(items)
            case Quote(label, words, remarks):
                yield from inside((label, words, remarks))
            case CardFace():
                yield from inside((value.note, value.shoes, value.statement, value.question))
            case Tally(title, bars):
                yield from inside((title, *((bar.label, bar.value) for bar in bars)))

    for message in messages:
        yield from inside(message.blocks)
