"""The privacy page: who sees what, what is kept and for how long, filled from the real settings."""

from __future__ import annotations

from bot.messages import Bullets, Heading, Message, Paragraph
from bot.views.words import say


def privacy(*, retention_days: int, threshold: int, cookie: bool = True) -> Message:
    """Everything we promise, in plain words. `cookie`: where a browser keeps one for us."""
    return Message(
        say("privacy-heading"),
        (
            Heading(say("privacy-heading")),
            Bullets((say("privacy-named"), say("privacy-before"), say("privacy-after"))),
            Heading(say("privacy-numbers-heading")),
            Paragraph(say("privacy-numbers", threshold=threshold)),
            Heading(say("privacy-kept-heading")),
            Bullets(
                (
                    say("privacy-kept-words", days=retention_days),
                    say("privacy-kept-counts"),
                    say("privacy-kept-pledges", days=retention_days),
                    say("privacy-kept-stories"),
                    say("privacy-kept-privately"),
                    *((say("privacy-kept-cookie"),) if cookie else ()),
                )
            ),
            Heading(say("privacy-remove-heading")),
            Paragraph(say("privacy-remove")),
        ),
    )
