"""Dealing a card into a channel: the form, what it would look like, a surprise, and the deal itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import effects_out, playing
from bot.actions import Action, NotAnAction, Verb, write
from bot.answers import Answer, problem_of
from bot.chat import Press
from bot.game import decks, moves
from bot.game import rounds as rules
from bot.game.calendar import Fair, fair_close
from bot.game.model import Card, CardId, Deck, DeckId, PersonId, Policy, Round, RoundId
from bot.game.refusals import NotFair
from bot.messages import NOTHING, Form
from bot.presses import BadField, Length, Until, Wish, deal_action, name_of, wish_of
from bot.tools import Tools
from bot.views import board, forms, moments, receipts, refusals
from storage import communities, inbound, rounds
from storage import showing as stored
from storage.communities import Channel
from storage.database import Transaction

NO_DECK = DeckId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A card as it is to be dealt. Its times are in UTC; `deck` is NO_DECK for a card that is in none.

    `fair` is False where whoever deals switched off that every time zone gets its hours. `round` is its
    round's id, where that is known before.
    """

    card: Card
    policy: Policy
    times: moves.Times
    facilitator: PersonId
    deck: DeckId = NO_DECK
    fair: bool = True
    round: RoundId | None = None


def form_again(tx: Transaction, tools: Tools, press: Press, action: Action, bad: BadField) -> Answer:
    """The form as it was sent, with what is wrong beside the field."""
    place = communities.channel(tx, press.channel, press.player.community)
    form = _form(tools, action, place)
    return Answer(content=form.again(press.fields, {bad.field: problem_of(bad)}), accepted=False)


def _form_offering(
    tools: Tools, press: Press, action: Action, place: Channel, unfair: Mapping[str, Fair]
) -> Answer:
    """The form with the zones that would get too little beside the field, and a fair time chosen in it."""
    home = place.community
    problems = {field: refusals.not_fair(fair) for field, fair in unfair.items()}
    offers = {
        field: moments.moment_in(place.time_zone, fair.fair_at, home.language)
        for field, fair in unfair.items()
    }
    values = {**press.fields, **dict.fromkeys(unfair, Until.SOONEST.value)}
    card, deck = press.fields.get("card", ""), press.fields.get("deck", "")
    settled = card if CardId(card) in tools.cards else deck or action.about
    form = _form(tools, action, place, offers, settled)
    return Answer(content=form.again(values, problems), accepted=False)


def _form(
    tools: Tools,
    action: Action,
    place: Channel,
    offers: Mapping[str, str] = NOTHING,
    settled: str = "",
) -> Form:
    chosen = tuple(deck for deck in tools.decks if deck.id == action.about)
    reads = place.community.reads_threads
    return forms.deal_form(chosen or tools.decks, reads_thread=reads, settled=settled, offers=offers)


def shown(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """What a press opens: the form, or the preview of a card that it names."""
    place = communities.channel(tx, press.channel, press.player.community)
    if action.verb is Verb.PREVIEW and CardId(action.about) in tools.cards:
        try:
            wish = wish_of(action, {})
            return _previewed(tools, wish, _fairly(tx, tools, wish, place, PersonId(""), now), place, now)
        except BadField:
            raise NotAnAction from None
    return Answer(content=_form(tools, action, place), show=press.action)


def preview(tx: Transaction, tools: Tools, press: Press, action: Action, wish: Wish, now: datetime) -> Answer:
    """What dealing would post. A surprise is drawn now, so that the button deals what was shown."""
    place = communities.channel(tx, press.channel, press.player.community)
    if CardId(wish.card) not in tools.cards and CardId(action.about) in tools.cards:
        wish = replace(wish, card=action.about)
    if CardId(wish.card) not in tools.cards:
        wanted = press.fields.get("deck") or action.about
        deck = next((each for each in tools.decks if each.id == wanted), tools.decks[0])
        dealt = stored.dealt_cards(tx, press.channel, deck.id)
        card = decks.deal(deck, seed=tools.chance.id(), dealt=_since_the_last_time_round(deck, dealt))
        wish = replace(wish, card=card.id)
    found, unfair = _deal_of(tx, tools, wish, place, PersonId(""), now)
    if unfair:
        return _form_offering(tools, press, action, place, unfair)
    return _previewed(tools, wish, found, place, now)


def _previewed(tools: Tools, wish: Wish, deal: Deal, place: Channel, now: datetime) -> Answer:
    round, _effects = opened(tools, deal, place, now)
    button = deal_action(wish)
    return Answer(content=board.preview(round, button), show=write(replace(button, verb=Verb.PREVIEW)))


def deal_wish(tx: Transaction, tools: Tools, press: Press, wish: Wish, now: datetime) -> Answer:
    """Deal the card that somebody wishes for.

    Raises NotAnAction if there is no such card, NotFair if its times are too short by now.
    """
    if CardId(wish.card) not in tools.cards:
        raise NotAnAction
    place = communities.channel(tx, press.channel, press.player.community)
    person = communities.person(tx, press.player, tools.chance.id(), name_of({}, press.name), press.zone)
    if not inbound.first_time(tx, tools.keyring, press.event, now.date()):
        return Answer(content=refusals.twice())
    communities.make_known(tx, place.id, person.id, playing.today(place, now))
    communities.go_on(tx, place.id)
    round, first = deal(tx, tools, _fairly(tx, tools, wish, place, person.id, now), place, now)
    return Answer(content=receipts.dealt(round, first=first), round=round.id)


def deal(tx: Transaction, tools: Tools, deal: Deal, place: Channel, now: datetime) -> tuple[Round, bool]:
    """Deal a card into a channel: the round is stored, and its board and its alarm go out.

    A welcome precedes the channel's first. The second value: its facilitator organises there from now on,
    as it is the first and nobody did.
    """
    round, effects = opened(tools, deal, place, now)
    rounds.create(
        tx,
        tools.keyring,
        round,
        deck=deal.deck,
        threshold=place.community.threshold,
        communities={place.id: place.community.id},
    )
    first = communities.welcome(tx, place.id, deal.facilitator)
    if first:
        effects_out.put_welcome(tx, place.id, round.id)
    effects_out.put(tx, tools.jobs, round, effects)
    if place.community.practice:
        effects_out.put_pretend(tx, tools.jobs, round, now)
    return round, first and place.organiser is None


def _fairly(
    tx: Transaction, tools: Tools, wish: Wish, place: Channel, facilitator: PersonId, now: datetime
) -> Deal:
    """The deal of a wish, or NotFair: a preview may have been lying there for a while."""
    dealt, unfair = _deal_of(tx, tools, wish, place, facilitator, now)
    for fair in unfair.values():
        raise NotFair(fair)
    return dealt


def _deal_of(
    tx: Transaction, tools: Tools, wish: Wish, place: Channel, facilitator: PersonId, now: datetime
) -> tuple[Deal, Mapping[str, Fair]]:
    """The deal of a wish; and which of its times leave some zone too little, by their field in the form."""
    deck, card = tools.cards[CardId(wish.card)]
    two = wish.policy is Policy.TOGETHER
    zones = communities.zones(tx, (place.id,), playing.today(place, now))
    phases = {"respond": _phase(wish.respond, now, zones)}
    if two:
        phases["vote"] = _phase(wish.vote, phases["respond"].closes_at, zones)
    times = moves.Times(
        reveal_at=phases["respond"].closes_at if two else None,
        closes_at=[*phases.values()][-1].closes_at,
    )
    dealt = Deal(
        card=card, deck=deck.id, policy=wish.policy, times=times, facilitator=facilitator, fair=wish.fair
    )
    if not wish.fair or place.community.practice:
        return dealt, {}
    return dealt, {field: fair for field, fair in phases.items() if not fair.enough}


def _phase(length: Length, begins: datetime, zones: Collection[str]) -> Fair:
    """When a phase ends that begins at a moment (UTC), and what is fair."""
    if not isinstance(length, Until):
        return fair_close(begins, timedelta(minutes=length), zones)
    usual = fair_close(begins, None, zones)
    return replace(usual, closes_at=usual.fair_at) if length is Until.SOONEST else usual


def opened(tools: Tools, deal: Deal, place: Channel, now: datetime) -> rules.Result:
    """A card as it would be dealt, and what would follow. Nothing is stored."""
    return rules.deal(
        deal.card,
        id=deal.round or RoundId(tools.chance.id()),
        policy=deal.policy,
        times=deal.times,
        facilitator=deal.facilitator,
        channels=(place.id,),
        now=now,
        reads_thread=place.community.reads_threads,
        fair=deal.fair,
    )


def _since_the_last_time_round(deck: Deck, dealt: Sequence[CardId]) -> set[CardId]:
    """The cards dealt since the whole deck was through."""
    through = len(dealt) // len(deck.cards) * len(deck.cards)
    return set(dealt[through:])
