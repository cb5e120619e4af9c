"""Every view on Discord, as the committed files show it: read aloud, component by component."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from adapters.discord import render
from bot.game.model import ChannelId
from bot.messages import Form, Message
from bot.views.pages import pages
from tests.adapters.discord.plain import plain
from tests.gallery.views import VIEWS

TEXT = Path(__file__).resolve().parent / "discord"

TEAM_ROOM = render.Place(
    channel=ChannelId("team-room"),
    links=lambda round: render.address("1", "2", f"{int(round.encode().hex(), 16)}"),
)


def _file(name: str) -> Path:
    return TEXT / (re.sub(r"[^a-z0-9]+", "-", name.lower()) + ".txt")


def _read_aloud(view: Message | Form) -> str:
    if isinstance(view, Form):
        return plain(render.modal(view, view.action, TEAM_ROOM))
    posts = [plain(render.message(page, TEAM_ROOM)) for page in pages(view, render.fits)]
    return "\n=== the next post ===\n\n".join(posts)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_reads_on_discord_as_its_file_shows(name: str, request: pytest.FixtureRequest) -> None:
    rendered = _read_aloud(VIEWS[name]())
    if request.config.getoption("--update-gallery", default=False):
        _file(name).write_text(rendered, encoding="utf-8")

    assert _file(name).is_file(), "a new view: run `pytest tests/gallery --update-gallery`"
    assert rendered == _file(name).read_text(encoding="utf-8")


def test_every_discord_file_belongs_to_a_view(request: pytest.FixtureRequest) -> None:
    left_over = sorted(set(TEXT.glob("*")) - {_file(name) for name in VIEWS})
    if request.config.getoption("--update-gallery", default=False):
        for file in left_over:
            file.unlink()
        left_over = []

    assert left_over == []
