"""Every view is as the committed files show it, holds what all views promise, and none is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.messages import Buttons, CardFace, Form, Message, Quote, Theirs
from bot.views import words
from tests.gallery.plain import plain, text
from tests.gallery.views import RECEIPTS, VIEWS

TEXT = Path(__file__).resolve().parent / "text"

EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")


def _file(name: str) -> Path:
    return TEXT / (re.sub(r"[^a-z0-9]+", "-", name.lower()) + ".txt")


def _messages() -> Iterator[tuple[str, Message]]:
    for name, make in VIEWS.items():
        view = make()
        if isinstance(view, Message):
            yield name, view


def _forms() -> Iterator[tuple[str, Form]]:
    for name, make in VIEWS.items():
        view = make()
        if isinstance(view, Form):
            yield name, view


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_reads_as_its_file_shows(name: str, request: pytest.FixtureRequest) -> None:
    rendered = plain(VIEWS[name]())
    if request.config.getoption("--update-gallery", default=False):
        _file(name).write_text(rendered, encoding="utf-8")

    assert _file(name).is_file(), "a new view: run `pytest tests/gallery --update-gallery`"
    assert rendered == _file(name).read_text(encoding="utf-8")


def test_every_file_belongs_to_a_view(request: pytest.FixtureRequest) -> None:
    named = {_file(name) for name in VIEWS}
    left_over = sorted(set(TEXT.glob("*")) - named)
    if request.config.getoption("--update-gallery", default=False):
        for file in left_over:
            file.unlink()
        left_over = []

    assert len(named) == len(VIEWS)
    assert left_over == []


def test_every_message_of_the_word_list_is_somewhere_in_the_gallery(monkeypatch: pytest.MonkeyPatch) -> None:
    # The frame around a view, a room or a platform, has words of its own, and tests of its own.
    frames = {"room.ftl", "posts.ftl", "slack.ftl", "discord.ftl"}
    ours = [file for file in (words.LOCALE / "en").glob("*.ftl") if file.name not in frames]
    written = {id for file in ours for id in re.findall(r"^([a-z][\w-]*) =", file.read_text("utf-8"), re.M)}
    said = set()
    format = words._format

    def listening(message_id: str, values: dict[str, str | int]) -> str:
        said.add(message_id)
        return format(message_id, values)

    monkeypatch.setattr(words, "_format", listening)
    for make in VIEWS.values():
        make()

    assert sorted(written - said) == []


def test_a_notification_is_short_and_holds_nobodys_words() -> None:
    for name, message in _messages():
        assert 0 < len(text(message.summary)) <= 100, name
        assert not any(isinstance(part, Theirs) for part in message.summary), name


def test_the_first_block_may_be_a_notification_too() -> None:
    # A desktop notification may take the first block: no card and no response there.
    for name, message in _messages():
        first = message.blocks[0]
        assert not isinstance(first, CardFace | Quote | Buttons), name
        theirs = [part for part in first.text if isinstance(part, Theirs)] if hasattr(first, "text") else []
        assert theirs == [], name


def test_nothing_is_said_by_an_emoji_alone() -> None:
    for name, make in VIEWS.items():
        for line in plain(make()).splitlines():
            if EMOJI.search(line):
                assert "lightbulb" in line.lower(), f"{name}: {line}"


def test_no_view_says_anonymous() -> None:
    for name, make in VIEWS.items():
        assert "anonym" not in plain(make()).lower(), name


def test_buttons_of_one_message_can_be_told_apart_by_their_words() -> None:
    for name, message in _messages():
        labels = [
            each.label for block in message.blocks if isinstance(block, Buttons) for each in block.buttons
        ]
        assert len(labels) == len(set(labels)), name


def test_a_form_fits_the_smallest_screen() -> None:
    # Slack: 24 characters for a title and for its button, 75 for an option. Discord: 5 fields.
    for name, form in _forms():
        assert len(form.title) <= 24, name
        assert len(form.submit) <= 24, name
        assert 1 <= len(form.fields) <= 5, name
        for field in form.fields:
            assert all(0 < len(option.label) <= 75 for option in field.options), name
            assert not field.options or field.value in ("", *(each.value for each in field.options)), name


def test_a_button_fits_the_smallest_screen() -> None:
    for name, message in _messages():
        for block in message.blocks:
            if isinstance(block, Buttons):
                assert 0 < len(block.buttons) <= 5, name  # Discord: five to a row
                assert all(len(each.label) <= 75 for each in block.buttons), name  # Slack


def test_a_receipt_has_at_most_forty_words() -> None:
    for name in RECEIPTS:
        message = VIEWS[f"receipt {name}"]()
        assert isinstance(message, Message)
        read = " ".join(plain(Message((), message.blocks)).split("  [")[0].splitlines()[1:])
        assert 0 < len(read.split()) <= 40, f"{name}: {read}"
