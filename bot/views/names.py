"""What things are called on screen: perspectives, groups, stances, choices; and buttons that recur."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import assert_never

from bot.actions import Action, Verb, write
from bot.game.model import (
    PERSPECTIVES,
    Choice,
    Group,
    Perspective,
    PledgeId,
    PledgeState,
    Policy,
    Round,
    Stance,
)
from bot.messages import Button, Buttons, Message, Option, Paragraph, Quote, Text, ToRound
from bot.views.words import capital, plain, say, string, theirs

LINE = 60  # characters: a card's words in a list of choices


def all_shoes(*own: Perspective) -> tuple[Option, ...]:
    """To choose from: the seven, and a pack's `own` ones."""
    offered = {**PERSPECTIVES, **{each.id: each for each in own}}
    return tuple(Option(each.id, string(capital(shoes(each)))) for each in offered.values())


def shoes(perspective: Perspective) -> Text:
    """Whose shoes: "a family carer". A pack's own name for a perspective wins."""
    if perspective.name:
        return theirs(perspective.name)
    match perspective.id:
        case "person":
            return say("shoes-person")
        case "carer":
            return say("shoes-carer")
        case "frontline":
            return say("shoes-frontline")
        case "provider":
            return say("shoes-provider")
        case "manager":
            return say("shoes-manager")
        case "commissioner":
            return say("shoes-commissioner")
        case "leader":
            return say("shoes-leader")
        case _:
            raise AssertionError(f"a perspective without a name: {perspective.id}")


def groups(of: Sequence[Group], *, undeclared: bool = False) -> Text:
    """One group, or several that were merged: "carers, and staff and providers"."""
    first, *rest = [*map(_group, of), *([say("group-undeclared")] if undeclared else [])]
    if not rest:
        return first
    most: Text = reduce(lambda one, next: say("list-more", one=one, next=next), rest[:-1], first)
    return say("list-last", one=most, last=rest[-1])


def _group(group: Group) -> Text:
    match group:
        case Group.PEOPLE:
            return say("group-people")
        case Group.CARERS:
            return say("group-carers")
        case Group.STAFF:
            return say("group-staff")
        case Group.DECIDERS:
            return say("group-deciders")
        case _:
            assert_never(group)


def stance(taken: Stance) -> str:
    """Yes, not sure or no."""
    match taken:
        case Stance.YES:
            return plain("stance-yes")
        case Stance.NOT_SURE:
            return plain("stance-not-sure")
        case Stance.NO:
            return plain("stance-no")
        case _:
            assert_never(taken)


def choice(made: Choice) -> str:
    """Agree, not sure or disagree."""
    match made:
        case Choice.AGREE:
            return plain("choice-agree")
        case Choice.NOT_SURE:
            return plain("choice-not-sure")
        case Choice.DISAGREE:
            return plain("choice-disagree")
        case _:
            assert_never(made)


def policy(chosen: Policy, *, reads_thread: bool = True) -> str:
    """How people answer, in a few words."""
    match chosen:
        case Policy.TOGETHER:
            return plain("policy-together")
        case Policy.AFTER_YOU:
            return plain("policy-after-you")
        case Policy.OPEN if not reads_thread:
            return plain("policy-open-form-only")
        case Policy.OPEN:
            return plain("policy-open")
        case _:
            assert_never(chosen)


def someone(name: str) -> Text:
    """A name as the platform shows it, or "Someone" where it is gone."""
    return theirs(name) if name else say("someone")


def channel(name: str) -> Text:
    """A channel by its name, or what to call one whose name the platform does not tell."""
    return theirs(name) if name else say("channel-unnamed")


def short(words: str) -> str:
    """The beginning of somebody's words, on one line. Still their words: data, and never markup."""
    line = " ".join(words.split())
    return line if len(line) <= LINE else line[: LINE - 1].rstrip() + "…"


def note(summary: Text, *paragraphs: Text, buttons: Sequence[Button] = ()) -> Message:
    """A short message: paragraphs, and the buttons that lead on from there."""
    blocks = tuple(Paragraph(text) for text in paragraphs)
    return Message(summary, (*blocks, Buttons(tuple(buttons))) if buttons else blocks)


def to_plan(campaign: str) -> Button:
    """Back to the plan of a campaign."""
    return Button(plain("button-back-to-plan"), write(Action(Verb.SHOW_CAMPAIGN, about=campaign)))


def card_quote(round: Round) -> Quote:
    """What the card says, for a private message that stands far from the board."""
    return Quote(
        label=say("card-in-the-shoes", shoes=shoes(round.card.perspective)),
        words=theirs(round.card.statement),
        remarks=(theirs(round.card.question),),
    )


def respond(round: Round, *, primary: bool = False) -> Button:
    """Opens the form, as it stands."""
    return Button(plain("button-respond"), write(Action(Verb.RESPOND, round.id)), primary=primary)


def change_it(round: Round) -> Button:
    """Opens the form again, with what was sent in it."""
    return Button(plain("button-change"), write(Action(Verb.RESPOND, round.id)))


def second_thoughts(round: Round) -> Button:
    """Opens the form for words that stand beside the first ones."""
    return Button(plain("button-second-thoughts"), write(Action(Verb.RESPOND, round.id)))


def withdraw(round: Round) -> Button:
    """Takes one's own words back."""
    return Button(plain("button-withdraw"), write(Action(Verb.WITHDRAW, round.id)))


def tell_me(round: Round) -> Button:
    """One private message when the responses open; pressed again, none."""
    if round.mine.tell_me:
        return Button(plain("button-do-not-tell"), write(Action(Verb.DO_NOT_TELL, round.id)))
    return Button(plain("button-tell-me"), write(Action(Verb.TELL_ME, round.id)))


def vote(round: Round, *, primary: bool = False) -> Button:
    """Opens the ballot, or goes on where it stopped."""
    return Button(plain("button-vote"), write(Action(Verb.VOTE, round.id)), primary=primary)


def pledge(round: Round, *, primary: bool = False) -> Button:
    """Opens the form for a pledge."""
    return Button(plain("button-pledge"), write(Action(Verb.PLEDGE, round.id)), primary=primary)


def more(round: Round) -> Button:
    """All that is seldom needed."""
    return Button(plain("button-more"), write(Action(Verb.MORE, round.id)))


def resume(round: Round) -> Button:
    """Ends a pause."""
    return Button(plain("button-resume"), write(Action(Verb.RESUME, round.id)), primary=True)


def settle(round: Round, pledge: PledgeId, state: PledgeState) -> Button:
    """The owner says what became of a pledge."""
    action = write(Action(Verb.SETTLE, round.id, pledge, state.value))
    match state:
        case PledgeState.DONE:
            return Button(plain("button-pledge-done"), action)
        case PledgeState.DROPPED:
            return Button(plain("button-pledge-dropped"), action)
        case PledgeState.OPEN:
            return Button(plain("button-pledge-open"), action)
        case _:
            assert_never(state)


def remove_pledge(round: Round, pledge: PledgeId) -> Button:
    """The owner takes a pledge away, words and all."""
    return Button(plain("button-pledge-remove"), write(Action(Verb.REMOVE_PLEDGE, round.id, pledge)))


def to_round(round: Round) -> ToRound:
    """A link to the card."""
    return ToRound(plain("link-to-card"), round.id)
