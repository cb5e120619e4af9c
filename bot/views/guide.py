"""The answers to commands: help, which card is meant, oneself, and trying a card."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import Action, Verb, write
from bot.commands import COMMANDS, Command
from bot.game.model import PERSPECTIVES, Card, PerspectiveId, Round
from bot.messages import (
    Block,
    Bullets,
    Button,
    Buttons,
    CardFace,
    Field,
    Form,
    Heading,
    InputKind,
    Message,
    Option,
    Paragraph,
    Quote,
    When,
    join,
)
from bot.views import help_lines, moments, names, privately, stories
from bot.views.privately import Wanted
from bot.views.stories import Mine
from bot.views.words import language, plain, say, theirs

CHOICES = 5  # cards to choose from
NO_ROLE = "none"  # the value of `own_role` that takes it back
NO_STORIES = Mine()
ZONE_LENGTH = 60  # characters
VOICES = "voices"  # the value of a press that wants to see what others might say


def help(*, unknown: bool = False) -> Message:
    """What this is, in at most 80 words, and every command. `unknown`: we did not understand one."""
    blocks: list[Block] = [Heading(say("help-heading"))]
    if unknown:
        blocks.append(Paragraph(say("help-unknown")))
    blocks += [
        Paragraph(say("help-what")),
        Paragraph(say("help-fine")),
        Bullets(tuple(say("help-command", name=each.name, about=command(each)) for each in COMMANDS)),
        Buttons((_try(primary=True), help_lines.find_help(), privacy_button())),
    ]
    return Message(say("help-heading"), tuple(blocks))


def command(of: Command) -> str:
    """What a command is for, in a few words."""
    match of.verb:
        case Verb.DEAL:
            return plain("command-deal")
        case Verb.CAMPAIGN:
            return plain("command-campaign")
        case Verb.JOIN_CAMPAIGN:
            return plain("command-link")
        case Verb.PROMPT:
            return plain("command-prompt")
        case Verb.STORY:
            return plain("command-story")
        case Verb.LIBRARY:
            return plain("command-library")
        case Verb.PLEDGE:
            return plain("command-pledge")
        case Verb.RECAP:
            return plain("command-recap")
        case Verb.ME:
            return plain("command-me")
        case Verb.SETTINGS:
            return plain("command-settings")
        case Verb.HELP:
            return plain("command-help")
        case _:
            raise AssertionError(f"a command without words: {of.name}")


def no_card() -> Message:
    """A command about a card, where none has been dealt."""
    return names.note(say("no-card"), say("no-card"), say("no-card-deal"))


def which_card(rounds: Sequence[Round]) -> Message:
    """Several cards take pledges: one button for each, with its first words. The newest first."""
    buttons = tuple(
        Button(
            plain("button-card", number=number, words=theirs(names.short(round.card.statement))),
            write(Action(Verb.PLEDGE, round.id)),
        )
        for number, round in enumerate(rounds, start=1)
    )
    return names.note(say("which-card"), say("which-card"), buttons=buttons)


def recap_later(round: Round, *, earlier: Round | None) -> Message:
    """The newest card is still open; `earlier` is one that has a recap."""
    paused = round.pause is not None
    told = say("recap-paused") if paused else say("recap-later", closes=When(round.closes_at))
    last = () if earlier is None else (_last_recap(earlier),)
    return names.note(say("recap-later-summary"), told, buttons=last)


def no_recap() -> Message:
    """The card here came to no recap."""
    return names.note(say("no-recap"), say("no-recap"))


def _last_recap(round: Round) -> Button:
    return Button(plain("button-last-recap"), write(Action(Verb.RECAP, round.id)))


# --- oneself -----------------------------------------------------------------------------


def me(
    own_role: PerspectiveId | None,
    *,
    zone: str = "",
    retention_days: int,
    mine: Mine = NO_STORIES,
    cards: Sequence[Wanted] = (),
) -> Message:
    """One's own role, time zone, cards and stories, and what is kept about oneself and until when.

    `zone` is an IANA name, empty where it is not known.
    """
    perspective = PERSPECTIVES.get(own_role) if own_role is not None else None
    role = say("me-role", shoes=names.shoes(perspective)) if perspective else say("me-no-role")
    clock = say("me-zone", city=moments.city(zone, language.get())) if zone else say("me-no-zone")
    change = Button(plain("button-role"), write(Action(Verb.ROLE)), primary=True)
    change_zone = Button(plain("button-zone"), write(Action(Verb.ZONE)))
    return Message(
        say("me-heading"),
        (
            Heading(say("me-heading")),
            Paragraph(join((role, say("me-role-use")))),
            Paragraph(join((clock, say("me-zone-use")))),
            *privately.listed(cards),
            *stories.listed(mine),
            Heading(say("me-kept")),
            Bullets(
                (
                    say("me-kept-name"),
                    say("privacy-kept-words", days=retention_days),
                    say("privacy-kept-pledges", days=retention_days),
                    say("privacy-kept-stories"),
                    say("privacy-kept-privately"),
                    say("privacy-remove"),
                )
            ),
            Buttons((change, change_zone, privacy_button())),
        ),
    )


def role_form(own_role: PerspectiveId | None) -> Form:
    """One field, `own_role`: one of the seven, or `NO_ROLE`."""
    field = Field(
        name="own_role",
        label=plain("form-own-role"),
        kind=InputKind.ONE_OF,
        hint=say("form-own-role-hint"),
        options=(*names.all_shoes(), Option(NO_ROLE, plain("form-no-role"))),
        value=own_role if own_role is not None and own_role in PERSPECTIVES else NO_ROLE,
    )
    return Form(
        title=plain("form-role-title"),
        action=write(Action(Verb.SET_ROLE)),
        fields=(field,),
        submit=plain("form-role-send"),
    )


def role_set() -> Message:
    """The own role was said or taken back."""
    return names.note(say("receipt-summary"), say("me-role-set"))


def zone_form(zone: str) -> Form:
    """One field, `zone`: a city or an IANA name; empty forgets it."""
    field = Field(
        name="zone",
        label=plain("form-zone"),
        kind=InputKind.LINE,
        hint=say("form-zone-hint"),
        value=moments.city(zone, language.get()) if zone else "",
        limit=ZONE_LENGTH,
        optional=True,
    )
    return Form(
        title=plain("form-zone-title"),
        action=write(Action(Verb.SET_ZONE)),
        fields=(field,),
        submit=plain("form-role-send"),
    )


def zone_set(zone: str) -> Message:
    """Where somebody said that they are, or, empty, that it is forgotten."""
    told = say("me-zone-set", city=moments.city(zone, language.get())) if zone else say("me-zone-forgotten")
    return names.note(say("receipt-summary"), told)


def privacy_button() -> Button:
    """Opens what we promise."""
    return Button(plain("button-privacy"), write(Action(Verb.PRIVACY)))


# --- trying a card -----------------------------------------------------------------------


def try_card(card: Card, *, voices: bool) -> Message:
    """A card to look at, alone; then what others might say. Nothing of it is kept."""
    label = say("card-in-the-shoes", shoes=names.shoes(card.perspective))
    blocks: list[Block] = [Heading(say("try-heading")), Paragraph(say("try-kept"))]
    if not voices:
        face = CardFace(card.perspective.group, label, theirs(card.statement), theirs(card.question))
        show = Button(
            plain("button-try-voices"), write(Action(Verb.TRY, about=card.id, value=VOICES)), primary=True
        )
        return Message(say("try-heading"), (*blocks, face, Buttons((show,))))
    blocks.append(Quote(label, theirs(card.statement)))
    for voice in card.voices:
        shoes = say("card-in-the-shoes", shoes=names.shoes(voice.perspective))
        blocks.append(Quote(say("response-example", label=shoes), theirs(voice.text)))
    return Message(say("try-heading"), (*blocks, Buttons((_try(primary=False),))))


def _try(*, primary: bool) -> Button:
    return Button(plain("button-try"), write(Action(Verb.TRY)), primary=primary)


def try_button() -> Button:
    """Shows a card to one player alone."""
    return _try(primary=False)
