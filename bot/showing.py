"""What a press opens or shows: forms, the ballot, more. Reads only, so it never waits for the writer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.actions import Action, NotAnAction, Verb, write
from bot.game import allowed
from bot.game.allowed import LIGHTBULBS
from bot.game.model import Policy, ReplyId, ResponseId, Round
from bot.game.refusals import NoSuchReply, NoSuchResponse
from bot.game.standing import FEW_WRITERS
from bot.messages import Content, Form, Message, Text
from bot.views import ballot, forms, more
from storage import campaigns, rounds, showing
from storage.communities import Person
from storage.database import Transaction
from storage.keys import Keyring
from storage.rounds import Loaded

CHOSEN = frozenset({Verb.CAST, Verb.LIGHTBULB, Verb.TAKE_LIGHTBULB})
BATCH = 7  # responses between two offers to stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One press that opens something: who, about which round, and what was typed before."""

    action: Action
    keyring: Keyring
    loaded: Loaded
    person: Person | None
    name: str
    now: datetime
    today: date
    values: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Text] = field(default_factory=dict)
    details: bool = False

    @property
    def round(self) -> Round:
        """The round as this player finds it."""
        return self.loaded.round


@dataclass(frozen=True, slots=True)
class Opened:
    """What to show, and the action that shows it again."""

    content: Content
    show: str


def show(tx: Transaction, opening: Opening) -> Opened:
    """The form or message a press asks for. Raises MoveRefused before anybody has typed in vain.

    With problems the form is shown whatever the round does: what was typed is not thrown away.
    """
    action, round = opening.action, opening.round
    again = bool(opening.problems)
    content: Message | Form
    match action.verb:
        case Verb.RESPOND | Verb.SEND:
            content = _respond_form(opening)
        case Verb.PLEDGE | Verb.MAKE_PLEDGE:
            if not again:
                allowed.must_take_pledges(round, opening.now)
            today, name = opening.today, opening.name
            content = forms.pledge_form(round, today=today, name=name, details=opening.details)
        case Verb.PAUSE | Verb.SEND_PAUSE:
            if not again:
                allowed.must_be_running(round)
            content = forms.pause_form(round)
        case Verb.EXTEND | Verb.SEND_EXTEND:
            allowed.must_be_facilitator(round)
            if not again:
                allowed.must_be_running(round)
            content = forms.extend_form(round)
        case Verb.REPLY:
            content = forms.reply_form(round, name=opening.name, details=opening.details)
        case Verb.CHANGE_REPLY:
            reply = round.replies.get(ReplyId(action.about))
            if reply is None or reply.removed or reply.author != round.mine.person:
                raise NoSuchReply
            content = forms.change_reply_form(round, reply, details=opening.details)
        case Verb.MORE:
            facilitates = round.mine.person == round.facilitator
            decides = round.pause is not None and round.mine.organises
            daily = campaigns.occasion(tx, round.id) is not None
            content = more.more(round, facilitator=facilitates or decides, daily=daily)
        case Verb.PLAIN if round.card.plain:
            content = more.plain_version(round)
        case Verb.WHAT_IS_THIS:
            content = more.what_is_this()
        case Verb.TAKE_BACK:
            allowed.must_be_facilitator(round)
            content = more.sure_take_back(round)
        case Verb.VOTE | Verb.NEXT | Verb.CAST | Verb.LIGHTBULB | Verb.TAKE_LIGHTBULB:
            return _ballot(tx, opening)
        case Verb.SECOND_STANCE:
            allowed.must_have_ballot(round)
            content = _after_the_last(round)
        case Verb.DONE:
            allowed.must_have_ballot(round)
            content = _at_the_end(round, showing.ballot(tx, opening.loaded))
        case _:
            raise NotAnAction
    if isinstance(content, Form):
        content = content.again(opening.values, opening.problems)
    return Opened(content, write(action))


def _respond_form(opening: Opening) -> Form:
    round = opening.round
    if not opening.problems:
        allowed.must_be_responding(round)
    return forms.respond_form(
        round,
        ask_role=opening.person is None or opening.person.own_role is None,
        few=round.policy is not Policy.OPEN and round.responses < FEW_WRITERS,
        details=opening.details,
    )


def _ballot(tx: Transaction, opening: Opening) -> Opened:
    """The response a press names, or the next that this player has not seen."""
    action, round = opening.action, opening.round
    allowed.must_have_ballot(round)
    if action.verb in CHOSEN and round.policy is not Policy.OPEN:
        return _chosen(opening, ResponseId(action.about))
    mine = showing.ballot(tx, opening.loaded)
    if not mine.order:
        return Opened(ballot.no_others(round), write(Action(Verb.VOTE, round.id)))
    about = ResponseId(action.about)
    if action.verb is Verb.NEXT:
        return _next(tx, opening, mine, about)
    if about in mine.order:
        return _one(opening, mine, about, round)
    if about:
        raise NoSuchResponse
    return _turn_to(tx, opening, mine, (mine.waiting or mine.order)[0])


def _chosen(opening: Opening, about: ResponseId) -> Opened:
    """The same response again with the choice on it. Every vote ends here, so nothing more is read."""
    loaded, round = opening.loaded, opening.round
    own = round.mine.response
    of = max(1, round.responses - (own is not None and not own.hidden))
    number = min(of, max(1, loaded.seen))
    return _shown(round, about, number, of)


def _next(tx: Transaction, opening: Opening, mine: showing.Ballot, about: ResponseId) -> Opened:
    round = opening.round
    if mine.waiting:
        if about and mine.seen % BATCH == 0:
            return Opened(ballot.more_or_done(round, len(mine.waiting)), write(opening.action))
        return _turn_to(tx, opening, mine, mine.waiting[0])
    if round.card.asks_stance and round.mine.second_stance is None:
        return Opened(_after_the_last(round), write(Action(Verb.SECOND_STANCE, round.id)))
    following = mine.order[mine.order.index(about) + 1 :] if about in mine.order else ()
    if following:
        # Looking again at what was chosen, until the close.
        return _turn_to(tx, opening, mine, following[0])
    return Opened(ballot.ballot_done(round), write(Action(Verb.DONE, round.id)))


def _turn_to(tx: Transaction, opening: Opening, mine: showing.Ballot, about: ResponseId) -> Opened:
    round = opening.round
    loaded = rounds.load(
        tx,
        opening.keyring,
        round.id,
        community=None,
        person=round.mine.person,
        responses=[about],
        lock=False,
    )
    return _one(opening, mine, about, loaded.round)


def _one(opening: Opening, mine: showing.Ballot, about: ResponseId, round: Round) -> Opened:
    number = mine.seen + 1 if about in mine.waiting else mine.order.index(about) + 1
    return _shown(round, about, number, len(mine.order))


def _shown(round: Round, about: ResponseId, number: int, of: int) -> Opened:
    def worded() -> Message:
        return ballot.ballot(
            round,
            round.others[about],
            number=number,
            of=of,
            lightbulbs_left=LIGHTBULBS - len(round.mine.lightbulbs),
        )

    # Worded when the vote is durable and acknowledged: until then somebody waits, and the writer does.
    return Opened(worded, write(Action(Verb.VOTE, round.id, about)))


def _at_the_end(round: Round, mine: showing.Ballot) -> Message:
    """Done: the last question, for whoever has read everything and was not asked it yet."""
    asked = round.mine.second_stance is not None or not mine.order or mine.waiting
    return ballot.ballot_done(round) if asked else _after_the_last(round)


def _after_the_last(round: Round) -> Message:
    return ballot.second_stance(round) if round.card.asks_stance else ballot.ballot_done(round)
