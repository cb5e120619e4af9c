"""Every view on Slack, as the committed files show it: read aloud, block by block."""

from __future__ import annotations

import pytest

from adapters.slack import render
from bot.game.model import ChannelId
from bot.messages import Form, Message
from bot.rendering import Place
from bot.views.pages import pages
from tests.adapters.slack.plain import plain
from tests.gallery.files import Files
from tests.gallery.views import VIEWS

TEAM_ROOM = Place(
    channel=ChannelId("team-room"), links=lambda round: f"https://room.slack.com/archives/C1/{round}"
)


def _read_aloud(view: Message | Form) -> str:
    if isinstance(view, Form):
        return plain(render.modal(view, "{}", TEAM_ROOM))
    posts = [plain(render.message(page, TEAM_ROOM)) for page in pages(view, render.fits)]
    return "\n=== the next post ===\n\n".join(posts)


@pytest.fixture
def files(request: pytest.FixtureRequest) -> Files:
    return Files("slack", update=request.config.getoption("--update-gallery", default=False))


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_reads_on_slack_as_its_file_shows(name: str, files: Files) -> None:
    files.judge(name, _read_aloud(VIEWS[name]()))


def test_every_slack_file_belongs_to_a_view(files: Files) -> None:
    files.belong_to(VIEWS)
