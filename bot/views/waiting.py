"""What a platform's own doors say: one moment, please; we are not in this channel; that is no reply."""

from __future__ import annotations

from bot.actions import Action, write
from bot.messages import Button, Buttons, Message, Paragraph
from bot.views import names
from bot.views.words import plain, say


def one_moment() -> Message:
    """Shown in the place of a form that takes longer than a platform waits for it."""
    return names.note(say("wait-summary"), say("wait-moment"))


def not_invited(again: Action) -> Message:
    """A card was to be dealt where we are not. `again` is what the button tries again."""
    button = Buttons((Button(plain("button-try-again"), write(again), primary=True),))
    return Message(say("wait-invite-summary"), (Paragraph(say("wait-invite")), button))


def closed_here() -> Message:
    """A card was to be dealt where nobody may post any more."""
    return names.note(say("wait-closed-summary"), say("wait-closed"))


def too_slow(again: Action) -> Message:
    """A form took too long. `again` is what the button opens."""
    button = Buttons((Button(plain("button-try-again"), write(again), primary=True),))
    return Message(say("wait-slow-summary"), (Paragraph(say("wait-slow")), button))


def not_allowed(missing: str) -> Message:
    """We lack a permission in this channel. `missing` is what the platform's own pages call it."""
    return names.note(say("wait-allow-summary"), say("wait-allow", missing=missing))


def no_reply() -> Message:
    """The shortcut "Count this as my response" was used on something else."""
    return names.note(say("wait-no-reply-summary"), say("wait-no-reply"))
