"""What those who look after a channel are told privately when something cannot be shown there."""

from __future__ import annotations

from bot.actions import Action, Verb, write
from bot.messages import Block, Button, Buttons, Heading, Message, Paragraph, Text
from bot.views.words import plain, say, theirs


def gone(channel: str) -> Message:
    """The channel does not take our posts. `channel` is its name on the platform."""
    return _trouble(
        say("trouble-gone", channel=theirs(channel)), say("trouble-gone-next"), buttons=(try_again(),)
    )


def not_invited(channel: str) -> Message:
    """We are not in the channel, and somebody who is there can help."""
    told = say("trouble-not-invited", channel=theirs(channel))
    return _trouble(told, say("trouble-not-invited-next"), buttons=(try_again(),))


def not_shown(channel: str, number: str) -> Message:
    """The platform refused one message. `number` is what the log calls it; its words stay out of this."""
    told = say("trouble-not-shown", channel=theirs(channel))
    return _trouble(told, say("trouble-not-shown-next", number=number))


def try_again() -> Button:
    """Post again in the channel that the button is about."""
    return Button(plain("button-try-again"), write(Action(Verb.TRY_AGAIN)), primary=True)


def _trouble(*paragraphs: Text, buttons: tuple[Button, ...] = ()) -> Message:
    # A notification may show the summary and the first block, and neither holds the platform's words.
    summary = say("trouble-summary")
    blocks: tuple[Block, ...] = (Heading(summary), *(Paragraph(text) for text in paragraphs))
    return Message(summary, (*blocks, Buttons(buttons)) if buttons else blocks)
