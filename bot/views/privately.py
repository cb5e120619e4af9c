"""Cards sent privately: asking for them, the message itself, and what its buttons are answered with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from bot.actions import Action, Verb, write
from bot.game.campaigns import CampaignId, Occasion
from bot.game.model import Round, RoundId
from bot.messages import (
    Block,
    Button,
    Buttons,
    Field,
    Form,
    Heading,
    InputKind,
    Message,
    Paragraph,
    Theirs,
    ToRound,
    When,
)
from bot.presses import place_in
from bot.views import board, campaign_days, campaign_forms, help_lines, moments, names
from bot.views.words import language, plain, say


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which campaign a button is about: by one of its cards, which every place knows, or by itself."""

    round: RoundId | None = None
    campaign: CampaignId | None = None

    def write(self, verb: Verb) -> str:
        """The action of a button about it."""
        return write(Action(verb, self.round or "", self.campaign or ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asked for, as they read it. `zone` is an IANA name."""

    campaign: CampaignId
    title: str
    time: time
    zone: str


def button(about: About) -> Button:
    """Opens the form that asks when."""
    return Button(plain("button-privately"), about.write(Verb.PRIVATELY))


def form(
    about: About,
    at: time,
    zone: str,
) -> Form:
    """Fields `time` (HH:MM), `zone` (a city or an IANA name): where they are, or else the channel is."""
    fields = (
        campaign_forms.time_field(at, label=plain("privately-time"), hint=say("privately-time-hint")),
        Field(
            name="zone",
            label=plain("form-zone"),
            kind=InputKind.LINE,
            hint=say("privately-zone-hint"),
            value=place_in(zone),
            limit=campaign_forms.ZONE_LENGTH,
        ),
    )
    return Form(
        title=plain("privately-title"),
        action=about.write(Verb.SAVE_PRIVATELY),
        fields=tuple(fields),
        submit=plain("privately-send"),
        intro=(Paragraph(say("privately-intro")),),
    )


def begun(about: About, at: time, zone: str, next_at: datetime | None) -> Message:
    """They come from now on. `next_at` (UTC): the next that is known of."""
    on = say("privately-on", time=f"{at:%H:%M}", city=_city(zone))
    soon = (say("privately-soon", at=When(next_at)),) if next_at is not None else ()
    buttons = (
        Button(plain("button-privately-time"), about.write(Verb.PRIVATELY)),
        _stop(about),
    )
    return names.note(say("receipt-summary"), on, say("privately-when"), *soon, buttons=buttons)


def prompt(round: Round, occasion: Occasion) -> Message:
    """The card of the day for one person: what stands on it, and nothing that anybody wrote to it."""
    about = About(round=round.id)
    link = ToRound(plain("privately-link"), round.id)
    blocks: list[Block] = [
        Heading(say("privately-heading", day=occasion.day)),
        *(Paragraph(text) for text in campaign_days.of_day(occasion)),
        *board.face(round),
        Paragraph(board.times(round)),
        *(Paragraph(text) for text in board.who_sees_what(round)),
        Buttons(
            (
                Button(plain("button-step-in"), write(Action(Verb.RESPOND, round.id)), primary=True),
                Button(plain("button-later"), about.write(Verb.LATER)),
                Button(plain("button-skip"), about.write(Verb.SKIP)),
                _stop(about),
            )
        ),
    ]
    if occasion.help:
        blocks += [Paragraph(say("board-help"), quiet=True), Buttons((help_lines.find_help(round.id),))]
    blocks.append(Paragraph(say("privately-card", link=link), quiet=True))
    return Message(say("privately-summary"), tuple(blocks))


def put_off(at: datetime) -> Message:
    """It comes again at a moment (UTC)."""
    return names.note(say("receipt-summary"), say("privately-later", at=When(at)))


def too_late(round: Round) -> Message:
    """It cannot be put off: it closes before."""
    step_in = Button(plain("button-step-in"), write(Action(Verb.RESPOND, round.id)), primary=True)
    text = say("privately-too-late", closes=When(round.deadline))
    return names.note(say("privately-summary"), text, buttons=(step_in,))


def answered() -> Message:
    """It was answered, so it need not come again."""
    return names.note(say("receipt-summary"), say("privately-answered"))


def skipped() -> Message:
    """Not this one."""
    return names.note(say("receipt-summary"), say("privately-skipped"))


def stopped(about: About) -> Message:
    """No more of them, and how to start again."""
    return names.note(
        say("receipt-summary"),
        say("privately-stopped"),
        say("privately-start-again"),
        buttons=(_again(about),),
    )


def none(about: About) -> Message:
    """A button of an old message, after they stopped."""
    text, again = say("privately-none"), say("privately-start-again")
    return names.note(text, text, again, buttons=(_again(about),))


def ended() -> Message:
    """Too late to ask for them."""
    return names.note(say("privately-ended"), say("privately-ended"))


def with_refused(content: Message, about: About) -> Message:
    """An answer to something else, and under it that we could not write to this player."""
    again = Button(plain("button-try-again"), about.write(Verb.PRIVATELY), primary=True)
    link = (ToRound(plain("link-to-card"), about.round),) if about.round is not None else ()
    told: tuple[Block, ...] = (
        Heading(say("privately-refused-heading")),
        Paragraph(say("privately-refused")),
        *(Paragraph(say("privately-refused-card", link=each)) for each in link),
        Buttons((again, _stop(about))),
    )
    return Message(content.summary, (*content.blocks, *told), talk=content.talk)


def listed(wanted: Sequence[Wanted]) -> Iterator[Block]:
    """What somebody gets privately, each with its button to stop it; nothing if they get none."""
    if len(wanted) == 1:
        (one,) = wanted
        yield Paragraph(say("privately-mine", **_said(one)))
        yield Buttons((_stop(About(campaign=one.campaign)),))
        return
    stops = []
    for number, each in enumerate(wanted, start=1):
        yield Paragraph(say("privately-mine-number", number=number, **_said(each)))
        stop = About(campaign=each.campaign).write(Verb.STOP)
        stops.append(Button(plain("button-stop-number", number=number), stop))
    if stops:
        yield Buttons(tuple(stops))


def _said(wanted: Wanted) -> dict[str, str | Theirs]:
    return {"title": Theirs(wanted.title), "time": f"{wanted.time:%H:%M}", "city": _city(wanted.zone)}


def _stop(about: About) -> Button:
    return Button(plain("button-stop"), about.write(Verb.STOP))


def _again(about: About) -> Button:
    return Button(plain("button-start-again"), about.write(Verb.PRIVATELY), primary=True)


def _city(zone: str) -> str:
    return moments.city(zone, language.get())
