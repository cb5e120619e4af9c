"""Dealing a card into a channel: the form, what it would look like, a surprise, and the deal itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import effects_out, playing, showing
from bot.actions import Action, NotAnAction, Verb, write
from bot.answers import Answer, problem_of
from bot.chat import Press
from bot.game import decks, moves
from bot.game import rounds as rules
from bot.game.model import Card, CardId, Deck, DeckId, PersonId, Policy, Round, RoundId
from bot.messages import Form, Text
from bot.presses import BadField, Wish, deal_action, name_of, wish_of
from bot.tools import Tools
from bot.views import board, forms, receipts, refusals
from storage import communities, inbound, rounds
from storage import showing as stored
from storage.communities import Channel
from storage.database import Transaction

NO_DECK = DeckId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A card as it is to be dealt. Its times are in UTC; `deck` is NO_DECK for a card that is in none.

    `round` is its round's id, where that is known before.
    """

    card: Card
    policy: Policy
    times: moves.Times
    facilitator: PersonId
    deck: DeckId = NO_DECK
    round: RoundId | None = None


def form_again(tx: Transaction, tools: Tools, press: Press, action: Action, bad: BadField) -> Answer:
    """The form as it was sent, with what is wrong beside the field."""
    place = communities.channel(tx, press.channel, press.player.community)
    form = _form(tools, action, place, press.fields, {bad.field: problem_of(bad)})
    return Answer(content=form, accepted=False)


def _form(
    tools: Tools,
    action: Action,
    place: Channel,
    values: Mapping[str, str],
    problems: Mapping[str, Text] = showing.NO_PROBLEMS,
) -> Form:
    chosen = tuple(deck for deck in tools.decks if deck.id == action.about)
    reads = place.community.reads_threads
    return forms.deal_form(chosen or tools.decks, reads_thread=reads, values=values, problems=problems)


def shown(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """What a press opens: the form, or the preview of a card that it names."""
    place = communities.channel(tx, press.channel, press.player.community)
    if action.verb is Verb.PREVIEW and CardId(action.about) in tools.cards:
        try:
            return _previewed(tools, wish_of(action, {}), place, now)
        except BadField:
            raise NotAnAction from None
    return Answer(content=_form(tools, action, place, {}), show=press.action)


def preview(tx: Transaction, tools: Tools, press: Press, wish: Wish, now: datetime) -> Answer:
    """What dealing would post. A surprise is drawn now, so that the button deals what was shown."""
    place = communities.channel(tx, press.channel, press.player.community)
    if CardId(wish.card) not in tools.cards:
        deck = next((each for each in tools.decks if each.id == press.fields.get("deck")), tools.decks[0])
        dealt = stored.dealt_cards(tx, press.channel, deck.id)
        card = decks.deal(deck, seed=tools.chance.id(), dealt=_since_the_last_time_round(deck, dealt))
        wish = replace(wish, card=card.id)
    return _previewed(tools, wish, place, now)


def _previewed(tools: Tools, wish: Wish, place: Channel, now: datetime) -> Answer:
    round, _effects = opened(tools, _deal_of(tools, wish, PersonId(""), now), place, now)
    button = deal_action(wish)
    return Answer(content=board.preview(round, button), show=write(replace(button, verb=Verb.PREVIEW)))


def deal_wish(tx: Transaction, tools: Tools, press: Press, wish: Wish, now: datetime) -> Answer:
    """Deal the card that somebody wishes for. Raises NotAnAction if there is no such card."""
    if CardId(wish.card) not in tools.cards:
        raise NotAnAction
    place = communities.channel(tx, press.channel, press.player.community)
    person = communities.person(tx, press.player, tools.chance.id(), name_of({}, press.name))
    if not inbound.first_time(tx, tools.keyring, press.event, now.date()):
        return Answer(content=refusals.twice())
    communities.make_known(tx, place.id, person.id, playing.today(place, now))
    communities.go_on(tx, place.id)
    round, first = deal(tx, tools, _deal_of(tools, wish, person.id, now), place, now)
    return Answer(content=receipts.dealt(round, first=first), round=round.id)


def deal(tx: Transaction, tools: Tools, deal: Deal, place: Channel, now: datetime) -> tuple[Round, bool]:
    """Deal a card into a channel: the round is stored, and its board and its alarm go out.

    The second value: it is the channel's first. A welcome precedes it, and its facilitator organises there.
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
    return round, first


def _deal_of(tools: Tools, wish: Wish, facilitator: PersonId, now: datetime) -> Deal:
    deck, card = tools.cards[CardId(wish.card)]
    responding = now + timedelta(minutes=wish.respond)
    two = wish.policy is Policy.TOGETHER
    times = moves.Times(
        reveal_at=responding if two else None,
        closes_at=responding + timedelta(minutes=wish.vote) if two else responding,
    )
    return Deal(card=card, deck=deck.id, policy=wish.policy, times=times, facilitator=facilitator)


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
    )


def _since_the_last_time_round(deck: Deck, dealt: Sequence[CardId]) -> set[CardId]:
    """The cards dealt since the whole deck was through."""
    through = len(dealt) // len(deck.cards) * len(deck.cards)
    return set(dealt[through:])
