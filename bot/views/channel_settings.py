"""The settings of a channel: the form, and its receipt."""

from __future__ import annotations

from datetime import datetime

from bot.actions import Action, Verb, write
from bot.messages import Field, Form, Heading, InputKind, Message, Paragraph, Theirs
from bot.views import moments
from bot.views.words import ENGLISH, plain, say

ZONE_LENGTH = 40  # characters


def form(place: str) -> Form:
    """One field, `zone`: a city, or an IANA name."""
    field = Field(
        name="zone",
        label=plain("form-zone"),
        kind=InputKind.LINE,
        hint=say("settings-zone-hint"),
        value=place,
        limit=ZONE_LENGTH,
    )
    return Form(
        title=plain("settings-title"),
        action=write(Action(Verb.SAVE_SETTINGS)),
        fields=(field,),
        submit=plain("settings-save"),
    )


def saved(zone: str, now: datetime) -> Message:
    """The receipt tells the time there, so that a wrong zone is seen at once."""
    told = say("settings-saved", now=Theirs(moments.moment_in(zone, now, ENGLISH)))
    return Message(
        say("settings-title"),
        (Heading(say("settings-title")), Paragraph(told), Paragraph(say("settings-what"))),
    )
