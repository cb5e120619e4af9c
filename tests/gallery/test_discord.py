"""Every view on Discord, as the committed files show it: read aloud, component by component."""

from __future__ import annotations

import pytest

from adapters.discord import render
from bot.game.model import ChannelId
from bot.messages import Form, Message
from bot.rendering import Place
from bot.views.pages import pages
from tests.adapters.discord.plain import plain
from tests.gallery.files import Files
from tests.gallery.views import VIEWS

TEAM_ROOM = Place(
    channel=ChannelId("team-room"),
    links=lambda round: render.address("1", "2", f"{int(round.encode().hex(), 16)}"),
)


def _read_aloud(view: Message | Form) -> str:
    if isinstance(view, Form):
        return plain(render.modal(view, view.action, TEAM_ROOM))
    posts = [plain(render.message(page, TEAM_ROOM)) for page in pages(view, render.fits)]
    return "\n=== the next post ===\n\n".join(posts)


@pytest.fixture
def files(request: pytest.FixtureRequest) -> Files:
    return Files("discord", update=request.config.getoption("--update-gallery", default=False))


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_reads_on_discord_as_its_file_shows(name: str, files: Files) -> None:
    files.judge(name, _read_aloud(VIEWS[name]()))


def test_every_discord_file_belongs_to_a_view(files: Files) -> None:
    files.belong_to(VIEWS)
