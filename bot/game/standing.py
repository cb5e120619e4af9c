"""Standing: all that may be shown of a round, loaded for the views and never for a press."""

from __future__ import annotations

from dataclasses import dataclass

from bot.game.insight import Cells
from bot.game.model import Group, Pledge, Response

FEW_WRITERS = 3  # below this, a label of shoes would help to guess who wrote what


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a round's public posts are made of, and what its clock goes by.

    `responses` are those that everybody in the channel may read now, in the order in
    which they are shown; empty before the reveal. `cells` is None until the close.
    `taken_out` counts what moderators took out; it is said once the round has closed.
    `writers` counts responses with words; a private board never shows it before the last call.
    `not_yet_heard`: the groups that may be named as silent so far; filled in only for those who ask.
    `zones`: the time zones of the channels' players, IANA names; for the clock alone.
    """

    responses: tuple[Response, ...] = ()
    writers: int = 0
    pledges: tuple[Pledge, ...] = ()
    cells: Cells | None = None
    taken_out: int = 0
    not_yet_heard: tuple[Group, ...] = ()
    zones: tuple[str, ...] = ()

    @property
    def few(self) -> bool:
        """Whether so few wrote that labels are left off."""
        return self.writers < FEW_WRITERS
