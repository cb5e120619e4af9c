"""What a press is answered with, and how a refusal stands beside the field it is about."""

from __future__ import annotations

from bot.actions import Action, Verb
from bot.game import refusals as why
from bot.game.model import RoundId
from bot.messages import Content, Form, Message, Text
from bot.presses import BadField
from bot.views import refusals


class Answer:
    """What a player is shown for a press, privately.

    `accepted`: the press did or opened what it says. `show` is the action that shows the
    same content again, empty where there is none. `talked`: the thread has changed.
    """

    __slots__ = ("_content", "accepted", "round", "show", "talked")

    def __init__(
        self,
        *,
        content: Content,
        accepted: bool = True,
        round: RoundId | None = None,
        show: str = "",
        talked: bool = False,
    ) -> None:
        self._content = content
        self.accepted = accepted
        self.round = round
        self.show = show
        self.talked = talked

    @property
    def content(self) -> Message | Form:
        """What to show. A ballot is worded when this is first asked for: acknowledge before that."""
        if not isinstance(self._content, Message | Form):
            self._content = self._content()
        return self._content

    def showing(self, content: Message | Form, *, accepted: bool | None = None) -> Answer:
        """The same answer with something else to show."""
        accepted = self.accepted if accepted is None else accepted
        return Answer(
            content=content, accepted=accepted, round=self.round, show=self.show, talked=self.talked
        )

    @property
    def is_form(self) -> bool:
        """Whether it is a form, which has to be opened at once. Nothing is worded for this."""
        return isinstance(self._content, Form)


class AskOnce(Exception):
    """Leaves the transaction without writing: the form asks whether to leave something in."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


NO_FORM = (why.NoSuchReply, why.OnlyFacilitator)
"""Refusals that leave no form to show again. After every other one, what was typed stands in it to copy."""


def field_of(refused: why.MoveRefused, action: Action) -> str:
    if isinstance(refused, why.DateInPast):
        return "by"
    return {Verb.SEND_PAUSE: "reason", Verb.SEND_EXTEND: "hours"}.get(action.verb, "words")


def problem_of(bad: BadField) -> Text:
    match bad.problem:
        case "date":
            return refusals.unreadable_date()
        case "zone":
            return refusals.unknown_zone()
        case _:
            return refusals.choose_one()
