"""Every view of the game is Block Kit that Slack takes, and calls nobody."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack import render
from bot.game.model import ChannelId
from bot.messages import Form
from bot.rendering import Place
from bot.views.pages import pages
from tests.gallery.views import VIEWS
from tests.slack.blocks import MESSAGE_TEXT, message_problems, text_length, view_problems
from tests.slack.reading import reading

PLACE = Place(channel=ChannelId("C1"), links=lambda round: f"https://north.slack.com/archives/C1/{round}")


def _shown(name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The posts and the modals of one view, as blocks and as views."""
    view = VIEWS[name]()
    if isinstance(view, Form):
        return [], [render.modal(view, "{}", PLACE)]
    posts = [{"blocks": render.message(page, PLACE).blocks} for page in pages(view, render.fits)]
    return posts, [render.modal_of(view, "{}", "In My Shoes", PLACE)]


@pytest.mark.parametrize("name", VIEWS)
def test_slack_takes_the_view(name: str) -> None:
    posts, modals = _shown(name)

    assert [problem for post in posts for problem in message_problems(post["blocks"])] == []
    assert all(text_length(post["blocks"]) <= MESSAGE_TEXT for post in posts)
    # A long message is not shown as a modal; one that fits a post must fit a modal, too.
    assert len(posts) > 1 or [problem for modal in modals for problem in view_problems(modal)] == []


@pytest.mark.parametrize("name", VIEWS)
def test_the_view_calls_nobody(name: str) -> None:
    posts, modals = _shown(name)

    assert {call for shown in (*posts, *modals) for call in reading(shown["blocks"]).calls} == set()
