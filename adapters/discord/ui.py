"""What `render` made -> what discord.py sends. It keeps none of it: presses come in as interactions."""

from __future__ import annotations

from typing import Any

import discord

from adapters.discord.render import Json, Rendered


class Shown(discord.ui.LayoutView):
    """A message to send or to put in the place of another. Take a new one each time.

    It counts as finished and answers to no press, so discord.py never stores it with a
    message (abc.Messageable.send and the others ask both): a bot with many cards stays small,
    and a press on an old one finds the same way as one on a new one.
    """

    def __init__(self, rendered: Rendered) -> None:
        super().__init__(timeout=None)
        self._rendered = rendered

    def to_components(self) -> list[Json]:
        """As Discord takes it."""
        return self._rendered.components

    def has_components_v2(self) -> bool:
        """Always: nothing else is rendered, and a message cannot be turned back."""
        return True

    def is_dispatchable(self) -> bool:
        """No: presses are heard in one place, for all messages."""
        return False

    def is_finished(self) -> bool:
        """From the start, so that it is not stored."""
        return True


class Asked(discord.ui.Modal):
    """A form to open as the first answer to a press. What is typed comes in as an interaction."""

    def __init__(self, modal: Json) -> None:
        super().__init__(title=modal["title"], custom_id=modal["custom_id"], timeout=None)
        self._components: list[Json] = modal["components"]

    def to_components(self) -> list[dict[str, Any]]:
        """As Discord takes it."""
        return self._components

    def is_finished(self) -> bool:
        """From the start, so that it is not stored: most forms are never sent."""
        return True
