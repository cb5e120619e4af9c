"""What those who look after a channel are told privately when something cannot be shown there."""

from __future__ import annotations

from bot.actions import Action, Verb, write
from bot.game.model import ChannelId
from bot.messages import Block, Button, Buttons, Heading, Message, Paragraph, Text
from bot.views import names
from bot.views.words import plain, say


def gone(name: str, channel: ChannelId) -> Message:
    """The channel does not take our posts. `name` is what it is called on the platform."""
    return _trouble(say("trouble-gone", channel=names.channel(name)), say("trouble-gone-next"), again=channel)


def not_invited(name: str, channel: ChannelId) -> Message:
    """We are not in the channel, and somebody who is there can help."""
    told = say("trouble-not-invited", channel=names.channel(name))
    return _trouble(told, say("trouble-not-invited-next"), again=channel)


def not_shown(name: str, number: str) -> Message:
    """The platform refused one message. `number` is what the log calls it; its words stay out of this."""
    told = say("trouble-not-shown", channel=names.channel(name))
    return _trouble(told, say("trouble-not-shown-next", number=number))


def tried_again() -> Message:
    """Try again was pressed."""
    return names.note(say("trouble-again"), say("trouble-again"))


def _trouble(*paragraphs: Text, again: ChannelId | None = None) -> Message:
    # A notification may show the summary and the first block, and neither holds the platform's words.
    summary = say("trouble-summary")
    blocks: list[Block] = [Heading(summary), *(Paragraph(text) for text in paragraphs)]
    if again is not None:
        button = Button(plain("button-try-again"), write(Action(Verb.TRY_AGAIN)), primary=True)
        blocks.append(Buttons((button,), channel=again))
    return Message(summary, tuple(blocks))
