"""The cards of a campaign: the form for one, how it will look, and all that wait to go out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.actions import Action, Verb, write
from bot.game.campaigns import CampaignId, Posted, Prompt, PromptId
from bot.game.model import Round
from bot.messages import (
    Block,
    Button,
    Buttons,
    Day,
    Field,
    Form,
    Heading,
    InputKind,
    Message,
    Paragraph,
    Quote,
    Text,
)
from bot.views import board, campaign_days, moments, names
from bot.views.stories import STORY_LENGTH
from bot.views.words import ENGLISH, plain, say, theirs

WORDS_LENGTH = STORY_LENGTH  # characters: a story becomes a card as it is
CREDIT_LENGTH = 80
NOTE_LENGTH = 80
PAGE = 5  # cards in one message
CHOICES = 5  # campaigns to choose from: as many as stand in one row


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A card of a campaign as those who look after it see it.

    `round`: what will be dealt. `comes`: when it goes out in this channel, as far as anybody can tell.
    `posted`: some channel has had it. `planned`: the campaign has not started.
    """

    campaign: CampaignId
    prompt: Prompt
    round: Round
    comes: Posted | None
    posted: bool
    planned: bool


# --- the forms -------------------------------------------------------------------------


def form(
    campaign: CampaignId,
) -> Form:
    """Fields `words`, `shoes`, `credit`, `on` (an ISO date or empty), `note`."""
    fields = (*_of_card(None), day_field(None), _note(""))
    return Form(
        title=plain("prompt-title"),
        action=write(Action(Verb.ADD_PROMPT, about=campaign)),
        fields=tuple(fields),
        submit=plain("prompt-send"),
    )


def change_form(
    campaign: CampaignId,
    prompt: Prompt,
) -> Form:
    """Fields `words`, `shoes`, `credit`, `note`, with what the card says now."""
    return Form(
        title=plain("prompt-change-title"),
        action=_of(Verb.SAVE_PROMPT, campaign, prompt.id),
        fields=(*_of_card(prompt), _note(prompt.card.content_note)),
        submit=plain("prompt-change-send"),
    )


def day_form(
    campaign: CampaignId,
    prompt: Prompt,
) -> Form:
    """One field, `on`."""
    return Form(
        title=plain("prompt-day-title"),
        action=_of(Verb.SAVE_DAY, campaign, prompt.id),
        fields=(day_field(prompt.on),),
        submit=plain("prompt-change-send"),
    )


def _of_card(prompt: Prompt | None) -> tuple[Field, ...]:
    words = Field(
        name="words",
        label=plain("prompt-words"),
        kind=InputKind.WORDS,
        hint=say("prompt-words-hint"),
        value=prompt.card.statement if prompt else "",
        limit=WORDS_LENGTH,
    )
    credit = Field(
        name="credit",
        label=plain("prompt-credit"),
        kind=InputKind.LINE,
        hint=say("prompt-credit-hint"),
        value=prompt.credit if prompt else "",
        limit=CREDIT_LENGTH,
        optional=True,
    )
    return (words, shoes_field(prompt), credit)


def shoes_field(prompt: Prompt | None) -> Field:
    """`shoes`: one of the seven, and the card's own if it is from a pack that brings more."""
    return Field(
        name="shoes",
        label=plain("prompt-shoes"),
        kind=InputKind.ONE_OF,
        options=names.all_shoes(*((prompt.card.perspective,) if prompt else ())),
        value=prompt.card.perspective.id if prompt else "",
    )


def day_field(on: date | None) -> Field:
    """`on`: an ISO date, or empty for the next free day."""
    return Field(
        name="on",
        label=plain("prompt-day"),
        kind=InputKind.DATE,
        value=on.isoformat() if on else "",
        optional=True,
    )


def _note(value: str) -> Field:
    return Field(
        name="note",
        label=plain("prompt-note"),
        kind=InputKind.LINE,
        hint=say("prompt-note-hint"),
        value=value,
        limit=NOTE_LENGTH,
        optional=True,
    )


# --- what is shown ---------------------------------------------------------------------


def shown(card: Shown) -> Message:
    """A card as its board will look, when it goes out, and what can be done about it."""
    prompt = card.prompt
    blocks: list[Block] = [Heading(say("prompt-heading")), Paragraph(_when(card))]
    if card.planned:
        blocks.append(Paragraph(say("prompt-planned")))
    if prompt.credit:
        blocks.append(Paragraph(say("day-shoes", shoes=theirs(prompt.credit))))
    blocks += board.face(card.round)
    blocks += [Paragraph(text) for text in board.who_sees_what(card.round)]
    change = Button(plain("button-change-prompt"), _of(Verb.CHANGE_PROMPT, card.campaign, prompt.id))
    every = Button(plain("button-to-prompts"), write(Action(Verb.PROMPTS, about=card.campaign)))
    if card.posted:
        return Message(say("prompt-heading"), (*blocks, Buttons((change, every))))
    move = Button(plain("button-move-prompt"), _of(Verb.MOVE_PROMPT, card.campaign, prompt.id))
    out = Button(plain("button-remove-prompt"), _of(Verb.REMOVE_PROMPT, card.campaign, prompt.id))
    more = Button(plain("button-add-prompt"), write(Action(Verb.PROMPT, about=card.campaign)))
    return Message(say("prompt-heading"), (*blocks, Buttons((change, move, out, more, every))))


def _when(card: Shown) -> Text:
    if card.posted:
        return say("prompt-posted")
    if card.comes is not None:
        on = moments.day_in_words(card.comes.on, ENGLISH)
        return say("prompt-comes", on=on, day=card.comes.day)
    return say("prompt-on-day", on=Day(card.prompt.on)) if card.prompt.on else say("prompt-no-day")


def listed(campaign: CampaignId, waiting: Sequence[tuple[Prompt, bool]], *, skip: int = 0) -> Message:
    """A page of the cards that have not gone out, each with whether it is in reserve."""
    here = waiting[skip : skip + PAGE]
    blocks: list[Block] = [Heading(say("prompts-heading"))]
    if not here:
        blocks.append(Paragraph(say("prompts-empty")))
    for number, (prompt, reserve) in enumerate(here, start=skip + 1):
        label = say("prompts-reserve", number=number) if reserve else say("prompts-label", number=number)
        blocks.append(Quote(label, theirs(names.short(prompt.card.statement)), tuple(_remarks(prompt))))
    if here:
        blocks.append(
            Buttons(
                tuple(_open(campaign, number, each) for number, (each, _) in enumerate(here, start=skip + 1))
            )
        )
    last = [Button(plain("button-add-prompt"), write(Action(Verb.PROMPT, about=campaign)), primary=not here)]
    if skip:
        last.append(Button(plain("prompts-before"), _page(campaign, max(0, skip - PAGE))))
    if skip + PAGE < len(waiting):
        last.append(Button(plain("prompts-more"), _page(campaign, skip + PAGE)))
    last.append(names.to_plan(campaign))
    return Message(say("prompts-heading"), (*blocks, Buttons(tuple(last))))


def _page(campaign: CampaignId, skip: int) -> str:
    return write(Action(Verb.PROMPTS, about=campaign, value=str(skip) if skip else ""))


def _open(campaign: CampaignId, number: int, prompt: Prompt) -> Button:
    words = theirs(names.short(prompt.card.statement))
    return Button(
        plain("button-prompt", number=number, words=words), _of(Verb.SHOW_PROMPT, campaign, prompt.id)
    )


def _remarks(prompt: Prompt) -> Iterator[Text]:
    yield say("prompts-shoes", shoes=campaign_days.shoes(prompt.card, prompt.credit))
    if prompt.on is not None:
        yield say("prompts-on", on=Day(prompt.on))


def which(found: Sequence[tuple[CampaignId, str]]) -> Message:
    """Several campaigns run in a channel: one button for each."""
    buttons = tuple(
        Button(
            plain("prompts-campaign", number=number, title=theirs(names.short(title))),
            write(Action(Verb.PROMPT, about=id)),
        )
        for number, (id, title) in enumerate(found[:CHOICES], start=1)
    )
    return names.note(say("prompts-which"), say("prompts-which"), buttons=buttons)


def no_campaign() -> Message:
    """There is none in this channel."""
    button = Button(plain("button-new-campaign"), write(Action(Verb.CAMPAIGN)), primary=True)
    return names.note(say("prompts-none"), say("prompts-none"), buttons=(button,))


def sure(campaign: CampaignId, prompt: Prompt) -> Message:
    """Asked before the words of a card are deleted."""
    button = Button(plain("button-remove-sure"), _of(Verb.SURE_REMOVE, campaign, prompt.id), primary=True)
    keep = Button(plain("button-keep-prompt"), _of(Verb.SHOW_PROMPT, campaign, prompt.id))
    which = Quote(say("prompt-sure-which"), theirs(names.short(prompt.card.statement)))
    blocks = (Heading(say("prompt-sure")), which, Paragraph(say("prompt-sure-gone")), Buttons((button, keep)))
    return Message(say("prompt-sure"), blocks)


def removed(campaign: CampaignId) -> Message:
    """It is out."""
    every = Button(plain("button-to-prompts"), write(Action(Verb.PROMPTS, about=campaign)))
    return names.note(say("prompt-removed-summary"), say("prompt-removed"), buttons=(every,))


def gone() -> Message:
    """One reply for a card of nobody and of elsewhere."""
    return names.note(say("refused-summary"), say("prompt-gone"))


def was_posted() -> Message:
    """It cannot be taken out or moved any more."""
    return names.note(say("refused-summary"), say("prompt-was-posted"))


def question() -> str:
    """What a card asks that somebody adds: it fits every card."""
    return plain("prompt-question")


def taken_back() -> str:
    """What stands on a card whose words were taken back."""
    return plain("prompt-taken-back")


def not_a_day() -> Text:
    """A field's problem: nothing is posted on that date."""
    return say("prompt-not-a-day")


def taken_day() -> Text:
    """A field's problem: another card is meant for that date."""
    return say("prompt-taken-day")


def day_over() -> Text:
    """A field's problem: it has been, or is too near."""
    return say("prompt-day-over")


def _of(verb: Verb, campaign: CampaignId, prompt: PromptId) -> str:
    return write(Action(verb, about=campaign, value=prompt))
