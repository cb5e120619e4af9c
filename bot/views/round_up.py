"""The round-up: a week's cards in one list, with the words that moved people; and its draft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.actions import Action, Verb, write
from bot.game.campaigns import BreakTold, Campaign, CampaignId, Posted
from bot.game.model import ChannelId, Response, Round, RoundId
from bot.messages import (
    Block,
    Bullets,
    Button,
    Buttons,
    Field,
    Form,
    Heading,
    InputKind,
    Message,
    Option,
    Paragraph,
    Quote,
    Text,
    Theirs,
    ToRound,
    When,
)
from bot.views import campaign_days, names, responses
from bot.views.words import plain, say, theirs

WORDS_LENGTH = 500  # characters
SHOWN_LENGTH = 280  # of a quote; the whole of it is in the card's thread
MOVED = 3  # quotes in a round-up

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Words that changed how others see it: a response of a closed round, and how many lightbulbs it has."""

    day: int
    round: Round
    response: Response
    lightbulbs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A round-up as it is now. `posted` with their rounds; `words` are a moderator's, above the list."""

    campaign: Campaign
    channel: ChannelId
    on: date
    posted: tuple[tuple[Posted, RoundId], ...]
    breaks: tuple[BreakTold, ...] = ()
    moved: tuple[Moved, ...] = ()
    words: str = ""
    quotes: bool = True


def round_up(week: Week) -> Message:
    """What everybody in the channel reads."""
    return Message(say("round-up-heading"), tuple(_blocks(week)))


def _blocks(week: Week) -> Iterator[Block]:
    yield Heading(say("round-up-heading"))
    yield Paragraph(say("round-up-of", title=Theirs(week.campaign.title)))
    if week.words:
        yield Paragraph(theirs(week.words))
    lines = [(each.on, _day(week, each, round)) for each, round in week.posted]
    lines += [(each.on, say("round-up-break", name=Theirs(each.about.name))) for each in week.breaks]
    yield Bullets(tuple(line for _, line in sorted(lines, key=lambda each: each[0])))
    if week.quotes and week.moved:
        yield Heading(say("recap-lightbulbs"))
        yield from map(quote, week.moved)
    yield Paragraph(say("round-up-open"))


def _day(week: Week, entry: Posted, round: RoundId) -> Text:
    prompt = campaign_days.prompt_of(week.campaign, entry)
    link = ToRound(plain("link-to-card"), round)
    return say(
        "round-up-day", day=entry.day, shoes=campaign_days.shoes(prompt.card, prompt.credit), link=link
    )


def quote(moved: Moved) -> Quote:
    """Words that moved people, with their day and what they earned."""
    label = responses.label(moved.round, moved.response, shoes=False)
    count = say("recap-lightbulb-count", count=moved.lightbulbs)
    above = say("round-up-label", day=moved.day, label=label)
    return responses.quote(moved.response, above, count, length=SHOWN_LENGTH)


# --- before it goes out ----------------------------------------------------------------


def draft(week: Week, goes_out_at: datetime) -> Message:
    """To whoever looks after it: what will go out, when, and what can be done before."""
    change = Button(plain("button-change-round-up"), action(Verb.CHANGE_ROUND_UP, week))
    post = Button(plain("button-post-round-up"), action(Verb.POST_ROUND_UP, week), primary=True)
    blocks = (
        Heading(say("round-up-draft-heading")),
        Paragraph(say("round-up-draft", when=When(goes_out_at))),
        *_blocks(week),
        Buttons((change, post), channel=week.channel),
    )
    return Message(say("round-up-draft-heading"), blocks)


def action(verb: Verb, week: Week) -> str:
    """An action about a round-up, wherever it is pressed."""
    return write(Action(verb, about=week.campaign.id, value=value(week.channel, week.on)))


def value(channel: ChannelId, on: date) -> str:
    """A channel and a date as an action carries them: eight digits, then the channel."""
    return f"{on:%Y%m%d}{channel}"


def button(campaign: CampaignId, channel: ChannelId, on: date) -> Button:
    """On a plan: shows the round-up that waits."""
    return Button(
        plain("button-round-up"), write(Action(Verb.ROUND_UP, about=campaign, value=value(channel, on)))
    )


def form(
    week: Week,
) -> Form:
    """Fields `words` and `quotes` (YES or NO)."""
    fields = (
        Field(
            name="words",
            label=plain("round-up-words"),
            kind=InputKind.WORDS,
            hint=say("round-up-words-hint"),
            value=week.words,
            limit=WORDS_LENGTH,
            optional=True,
        ),
        Field(
            name="quotes",
            label=plain("round-up-quotes"),
            kind=InputKind.ONE_OF,
            options=(Option(YES, plain("round-up-quotes-yes")), Option(NO, plain("round-up-quotes-no"))),
            value=YES if week.quotes else NO,
        ),
    )
    return Form(
        title=plain("round-up-form-title"),
        action=action(Verb.SAVE_ROUND_UP, week),
        fields=tuple(fields),
        submit=plain("campaign-change-send"),
    )


def posted() -> Message:
    """It goes out now."""
    return names.note(say("round-up-posted"), say("round-up-posted"))


def posted_later(at: datetime) -> Message:
    """It was to go out in the quiet hours, and waits for the morning."""
    return names.note(say("round-up-later-summary"), say("round-up-later", when=When(at)))


def too_late() -> Message:
    """It went out before."""
    return names.note(say("refused-summary"), say("round-up-too-late"))
