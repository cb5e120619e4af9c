"""App Home: what is open, what waits for me, a card to try, privacy, help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.actions import Action, Verb, write
from bot.game.campaigns import CampaignId
from bot.game.model import ChannelId, Phase, Pledge, PledgeState, Policy, Round, RoundId
from bot.messages import (
    Block,
    Button,
    Buttons,
    Day,
    Heading,
    Message,
    Paragraph,
    Quote,
    Text,
    Theirs,
    Typed,
    When,
)
from bot.views import guide, names
from bot.views.words import plain, say, theirs

SHOWN = 10  # cards


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A card that is open, as this player finds it, and the channel to play it in."""

    round: Round
    channel: ChannelId
    place: str

    @property
    def waits(self) -> bool:
        """Whether something of this player's is missing: a response, or a look at the others."""
        round = self.round
        if round.pause is not None:
            return False
        if round.phase is Phase.VOTING:
            return round.mine.second_stance is None
        return not round.mine.heard


@dataclass(frozen=True, slots=True)
class DuePledge:
    """An open pledge of this player's that is due, or nearly."""

    round: RoundId
    channel: ChannelId
    pledge: Pledge


@dataclass(frozen=True, slots=True)
class Series:
    """A campaign in a channel that this player looks after; `campaign` is None where there is none yet."""

    channel: ChannelId
    place: str
    campaign: CampaignId | None = None
    title: str = ""


def home(cards: Sequence[OpenCard], due: Sequence[DuePledge], series: Sequence[Series] = ()) -> Message:
    """What waits for the player first, then what else is open. All in the order given."""
    ordered = sorted(cards, key=lambda each: not each.waits)[:SHOWN]
    blocks: list[Block] = [Heading(say("home-heading"))]
    if not cards and not due:
        blocks.append(Paragraph(say("home-nothing")))
    waiting = sum(each.waits for each in ordered)
    for number, card in enumerate(ordered, start=1):
        if number == 1 and waiting:
            blocks.append(Heading(say("home-waits")))
        if number == waiting + 1:
            blocks.append(Heading(say("home-open")))
        blocks += _card(number, card)
    if due:
        blocks.append(Heading(say("home-pledges")))
    for number, each in enumerate(due, start=1):
        blocks += _due(number, each)
    blocks.append(Heading(say("home-campaigns")))
    for number, daily in enumerate(series, start=1):
        blocks += _series(number, daily)
    if not series:
        blocks.append(Paragraph(say("home-campaigns-how", how=Typed("campaign"))))
    blocks += [
        Heading(say("home-try")),
        Paragraph(say("home-try-about")),
        Buttons((guide.try_button(),)),
        Heading(say("home-privacy")),
        Paragraph(say("home-privacy-about")),
        Buttons(
            (
                guide.privacy_button(),
                Button(plain("button-me"), write(Action(Verb.ME))),
                Button(plain("button-help"), write(Action(Verb.HELP))),
            )
        ),
    ]
    return Message(say("home-heading"), tuple(blocks))


def _card(number: int, card: OpenCard) -> Iterator[Block]:
    round = card.round
    label = say(
        "home-card", number=number, shoes=names.shoes(round.card.perspective), place=names.channel(card.place)
    )
    yield Quote(label, theirs(round.card.statement), (_state(round),))
    buttons = _buttons(number, round)
    if buttons:
        yield Buttons(buttons, channel=card.channel)


def _state(round: Round) -> Text:
    if round.pause is not None:
        return say("state-paused")
    if round.phase is Phase.VOTING:
        return say("times-voting", closes=When(round.closes_at))
    if not round.mine.heard:
        return say("home-not-yet", until=When(round.deadline))
    return say("home-heard", until=When(round.deadline))


def _buttons(number: int, round: Round) -> tuple[Button, ...]:
    if round.pause is not None:
        return ()
    vote = Button(
        plain("button-home-vote", number=number),
        write(Action(Verb.VOTE, round.id)),
        primary=round.phase is Phase.VOTING,
    )
    if round.phase is Phase.VOTING:
        return (vote,)
    respond = Button(
        plain("button-home-change", number=number)
        if round.mine.response is not None
        else plain("button-home-respond", number=number),
        write(Action(Verb.RESPOND, round.id)),
        primary=not round.mine.heard,
    )
    may_vote = round.sees_others and (round.policy is not Policy.OPEN or round.reads_thread)
    return (respond, vote) if may_vote else (respond,)


def _series(number: int, daily: Series) -> Iterator[Block]:
    place = names.channel(daily.place)
    if daily.campaign is None:
        yield Paragraph(say("home-no-campaign", number=number, place=place))
        button = Button(plain("button-home-plan", number=number), write(Action(Verb.CAMPAIGN)))
    else:
        yield Paragraph(say("home-campaign", number=number, place=place, title=Theirs(daily.title)))
        show = Action(Verb.SHOW_CAMPAIGN, about=daily.campaign)
        button = Button(plain("button-home-campaign", number=number), write(show))
    yield Buttons((button,), channel=daily.channel)


def _due(number: int, due: DuePledge) -> Iterator[Block]:
    yield Quote(say("home-pledge", number=number, by=Day(due.pledge.by)), theirs(due.pledge.words))
    done = Action(Verb.SETTLE, due.round, due.pledge.id, PledgeState.DONE.value)
    dropped = Action(Verb.SETTLE, due.round, due.pledge.id, PledgeState.DROPPED.value)
    yield Buttons(
        (
            Button(plain("button-home-done", number=number), write(done)),
            Button(plain("button-home-dropped", number=number), write(dropped)),
        ),
        channel=due.channel,
    )
