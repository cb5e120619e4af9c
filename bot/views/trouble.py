"""When we cannot post: nobody invited us, or the channel is gone."""

from __future__ import annotations

from bot.actions import Action, Verb, write
from bot.game.model import ChannelId
from bot.messages import Button, Buttons, Heading, Message, Paragraph, Theirs
from bot.views import names
from bot.views.words import plain, say


def not_invited(app: str, channel: ChannelId) -> Message:
    """To whoever dealt a card in a channel we are not in. `app` is our name on the platform."""
    again = Button(plain("button-try-again"), write(Action(Verb.TRY_AGAIN)), primary=True)
    return Message(
        say("trouble-summary"),
        (
            Heading(say("trouble-summary")),
            Paragraph(say("trouble-not-invited")),
            Paragraph(say("trouble-invite", command=Theirs(f"/invite @{app}"))),
            Buttons((again,), channel=channel),
        ),
    )


def gone(place: str, channel: ChannelId) -> Message:
    """To whoever organises a channel that is gone, or in which we may not post. `place` may be empty."""
    again = Button(plain("button-try-again"), write(Action(Verb.TRY_AGAIN)))
    first = say("trouble-gone", place=Theirs(place)) if place else say("trouble-gone-somewhere")
    return Message(
        say("trouble-summary"),
        (
            Heading(say("trouble-summary")),
            Paragraph(first),
            Paragraph(say("trouble-gone-what")),
            Buttons((again,), channel=channel),
        ),
    )


def tried_again() -> Message:
    """Try again was pressed."""
    return names.note(say("trouble-again"), say("trouble-again"))
