"""The two forms that lead into a room: starting one, and joining one."""

from __future__ import annotations

from collections.abc import Mapping

from bot.game.words import clean
from bot.messages import Field, Form, InputKind
from bot.views import forms, words


def start_form(values: Mapping[str, str] | None = None) -> Form:
    title = (values or {}).get("title", "")
    return Form(
        title=words.plain("room-start-title"),
        action="start",
        fields=(
            Field(
                name="title",
                label=words.plain("room-start-name"),
                kind=InputKind.LINE,
                limit=forms.NAME_LENGTH,
                value=title,
                problem=words.say("room-empty-title") if values is not None and not clean(title) else (),
            ),
            _you_field(values),
        ),
        submit=words.plain("room-start-send"),
    )


def join_form(values: Mapping[str, str]) -> Form:
    return Form(
        title=words.plain("room-start-you"),
        action="join",
        fields=(_you_field(values or None),),
        submit=words.plain("room-join-send"),
    )


def _you_field(values: Mapping[str, str] | None) -> Field:
    name = (values or {}).get("name", "")
    return Field(
        name="name",
        label=words.plain("room-start-you"),
        kind=InputKind.LINE,
        hint=words.say("room-start-you-hint"),
        limit=forms.NAME_LENGTH,
        value=name,
        problem=words.say("room-empty-name") if values is not None and not clean(name) else (),
    )
