"""What discord.py sends of what we rendered, and that it keeps none of it."""

from __future__ import annotations

from discord.http import handle_message_parameters

from adapters.discord import render
from adapters.discord.ui import Asked, Shown
from bot.game.model import ChannelId
from bot.messages import Button, Buttons, Field, Form, Heading, InputKind, Message, Ours

PLACE = render.Place(channel=ChannelId("team-room"))
V2 = 1 << 15  # Message flags, IS_COMPONENTS_V2


def test_a_message_is_sent_as_it_was_rendered() -> None:
    blocks = (Heading((Ours("Hello"),)), Buttons((Button("Respond", "respond.r1"),)))
    rendered = render.message(Message((Ours("Hello"),), blocks), PLACE)

    with handle_message_parameters(view=Shown(rendered)) as sent:
        assert sent.payload == {"components": rendered.components, "flags": V2, "tts": False}


def test_a_form_is_opened_as_it_was_rendered() -> None:
    field = Field(name="words", label="Your words", kind=InputKind.WORDS)
    form = Form(title="Respond", action="send.r1", fields=(field,), submit="Send")
    modal = render.modal(form, form.action, PLACE)

    asked = Asked(modal)
    assert asked.to_dict() == {**modal, "components": asked.to_components()} == modal


def test_discord_py_keeps_nothing_of_what_it_sent() -> None:
    # It stores a view that is not finished and has something to press, a modal that is not finished.
    rendered = render.message(Message((Ours("Hello"),), (Buttons((Button("Go", "next.r1"),)),)), PLACE)
    shown = Shown(rendered)
    asked = Asked({"title": "Respond", "custom_id": "send.r1", "components": []})

    assert (shown.is_finished(), shown.is_dispatchable()) == (True, False)
    assert asked.is_finished()
    assert shown.has_components_v2()
