"""A press on a card, in its transaction: what it opens, the move it makes, and the answer to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot import effects_out, playing, safeguarding, showing
from bot.actions import Action, Verb
from bot.answers import Answer, AskOnce
from bot.chat import Press
from bot.game import allowed, moves
from bot.game import refusals as why
from bot.game.model import (
    PERSPECTIVES,
    CommunityId,
    PersonId,
    PerspectiveId,
    PledgeId,
    ReplyId,
    ResponseId,
    Round,
    RoundId,
)
from bot.game.words import personal_details
from bot.messages import NO_PROBLEMS, NOTHING, Text
from bot.presses import move_of, name_of
from bot.showing import Opening
from bot.tools import Tools
from bot.views import forms, receipts, refusals
from bot.views.more import SURE
from storage import communities, inbound, rounds, saving, thread
from storage.communities import Channel, Person
from storage.database import Transaction
from storage.rounds import Loaded

FORMS = frozenset(
    {Verb.SEND, Verb.MAKE_PLEDGE, Verb.SEND_PAUSE, Verb.SEND_EXTEND, Verb.REPLY, Verb.CHANGE_REPLY}
)
"""Sent from a form: a refusal stands beside its field, and what was typed stays in it."""

_BALLOT = frozenset({Verb.CAST, Verb.LIGHTBULB, Verb.TAKE_LIGHTBULB})
"""Pressed on a response, which is then shown again with the choice on it."""

_OPENS = frozenset(
    {
        Verb.RESPOND,
        Verb.MORE,
        Verb.PLAIN,
        Verb.WHAT_IS_THIS,
        Verb.VOTE,
        Verb.DONE,
        Verb.PLEDGE,
        Verb.PAUSE,
        Verb.EXTEND,
    }
)
"""What only opens something: it reads beside the writer, and waits for nothing."""

_OF_REPLIES = frozenset({Verb.CHANGE_REPLY, Verb.DELETE_REPLY, Verb.COUNT_REPLY})
_TALK = _OF_REPLIES | {Verb.REPLY}
_OF_PLEDGES = frozenset({Verb.JOIN, Verb.SETTLE, Verb.REMOVE_PLEDGE})
"""What a press is about, where it is no response."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A press on a card as its transaction finds it. `person` is None for somebody who is not stored yet."""

    press: Press
    action: Action
    place: Channel
    person: Person | None
    loaded: Loaded
    now: datetime


def only_opens(action: Action) -> bool:
    """Whether a press does nothing but open something."""
    return action.verb in _OPENS or (action.verb is Verb.TAKE_BACK and action.value != SURE)


def play(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer | None:
    """Play the move that a press makes; None if it only opens something.

    Raises BadField, AskOnce, MoveRefused and what `load` raises.
    """
    place = communities.channel(tx, press.channel, press.player.community)
    today = playing.today(place, now)
    name = name_of(press.fields, press.name)
    move = move_of(action, press.fields, name=name, today=today, new_id=tools.chance.id)
    if move is None:
        return None
    person = communities.person(tx, press.player, tools.chance.id(), name, press.zone)
    loaded = _managed(load(tx, tools, action, person, press.player.community, lock=True), press)
    pressed = Pressed(press=press, action=action, place=place, person=person, loaded=loaded, now=now)
    if not inbound.first_time(tx, tools.keyring, press.event, now.date()):
        return _again(tx, tools, pressed, move)
    if isinstance(move, moves.Extend):
        move = replace(move, zones=communities.zones(tx, loaded.round.channels, today))
    if isinstance(move, moves.Respond):
        harm = safeguarding.harm(tools, move.words)
        move = replace(move, own_role=_own_role(loaded.round, move.own_role), harm=harm)
    if (
        isinstance(move, moves.Respond | moves.MakePledge | moves.WriteReply | moves.ChangeReply)
        and personal_details(move.words)
        and press.fields.get("leave_in") != forms.YES
    ):
        asked = {"leave_in": refusals.leave_in()}
        raise AskOnce(opened(tx, tools, pressed, problems=asked, details=True))
    loaded = playing.with_own_role(loaded, person)
    after = playing.play(tx, tools, loaded, move, now)
    if isinstance(move, moves.Respond) and move.own_role is not None:
        communities.set_own_role(tx, person.id, move.own_role)
    if isinstance(move, moves.MakePledge | moves.WriteReply | moves.ChangeReply) and safeguarding.harm(
        tools, move.words
    ):
        safeguarding.tell_moderators(tx, tools, after)
    playing.make_known(tx, tools, press.channel, person.id, today)
    if place.community.practice and isinstance(move, moves.Respond | moves.WriteReply):
        effects_out.put_pretend(tx, tools.jobs, after, now)
    return _receipt(tx, tools, replace(pressed, loaded=_played(loaded, after)), move)


def load(
    tx: Transaction,
    tools: Tools,
    action: Action,
    person: Person | None,
    community: CommunityId,
    *,
    lock: bool,
) -> Loaded:
    """The round that an action is about, with what it names. Raises NoSuchRound, NoSuchReply."""
    if action.verb is Verb.COUNT_REPLY and not action.round:
        # From a message itself, which knows no round.
        found = thread.round_of_reply(tx, ReplyId(action.about), community)
        if found is None:
            raise why.NoSuchReply
        action = replace(action, round=found)
    # A vote names a response: whether a reply or a pledge has that id need not be asked.
    about = [action.about] if action.about else []
    is_reply, is_pledge = action.verb in _OF_REPLIES, action.verb in _OF_PLEDGES
    return rounds.load(
        tx,
        tools.keyring,
        RoundId(action.round),
        community=community,
        # Somebody new has a ballot too, before their first press is stored.
        person=person.id if person else PersonId(tools.chance.id()),
        responses=[ResponseId(each) for each in about if not is_reply and not is_pledge],
        replies=[ReplyId(each) for each in about if is_reply],
        pledges=[PledgeId(each) for each in about if is_pledge],
        talk=action.verb in _TALK,
        lock=lock,
    )


def _receipt(tx: Transaction, tools: Tools, pressed: Pressed, move: moves.Move) -> Answer:
    if pressed.action.verb in _BALLOT:
        return opened(tx, tools, pressed)
    round = pressed.loaded.round
    if _holds(round, move):
        content = safeguarding.held_note(tx, tools, pressed.press, round)
        return Answer(content=content, round=round.id)
    talked = isinstance(
        move, moves.WriteReply | moves.ChangeReply | moves.DeleteReply | moves.CountAsResponse
    )
    return Answer(content=receipts.receipt(round, move), round=round.id, talked=talked)


def _holds(round: Round, move: moves.Move) -> bool:
    """Whether the words that were sent are held. Only who wrote a response can be shown that it is."""
    response = round.mine.response
    return (
        isinstance(move, moves.Respond)
        and bool(move.words)
        and response is not None
        and response.hold is not None
        and move.words in {response.words, response.second_thoughts}
    )


def _again(tx: Transaction, tools: Tools, pressed: Pressed, move: moves.Move) -> Answer:
    """The answer to a press that was delivered before: nothing is played a second time."""
    if pressed.action.verb in _BALLOT:
        return opened(tx, tools, pressed)
    round = pressed.loaded.round
    if _holds(round, move) or _still_so(round, move):
        return _receipt(tx, tools, pressed, move)
    return Answer(content=refusals.twice(), round=round.id)


def opened(
    tx: Transaction,
    tools: Tools,
    pressed: Pressed,
    *,
    problems: Mapping[str, Text] = NO_PROBLEMS,
    details: bool = False,
) -> Answer:
    """What a press opens, as its answer."""
    person, again = pressed.person, bool(problems) or details
    view = showing.show(
        tx,
        Opening(
            action=pressed.action,
            keyring=tools.keyring,
            loaded=pressed.loaded,
            person=person,
            name=person.name if person is not None and person.name else name_of({}, pressed.press.name),
            now=pressed.now,
            today=playing.today(pressed.place, pressed.now),
            values=pressed.press.fields if again else NOTHING,
            problems=problems,
            details=details,
        ),
    )
    return Answer(
        content=view.content,
        accepted=not again,
        round=pressed.loaded.round.id,
        show="" if again else view.show,
    )


def shown(
    tx: Transaction,
    tools: Tools,
    press: Press,
    action: Action,
    now: datetime,
    problems: Mapping[str, Text] = NO_PROBLEMS,
) -> Answer:
    """What a press opens, without doing anything.

    With problems it is the form as it was sent, what is wrong beside each field: nothing typed is lost.
    """
    place = communities.channel(tx, press.channel, press.player.community)
    person = communities.find_person(tx, press.player)
    loaded = load(tx, tools, action, person, press.player.community, lock=False)
    pressed = Pressed(press=press, action=action, place=place, person=person, loaded=loaded, now=now)
    return opened(tx, tools, pressed, problems=problems)


def _managed(loaded: Loaded, press: Press) -> Loaded:
    """Whom the platform names as one who looks after the channel may decide about a pause."""
    if not press.manages or loaded.round.mine.organises:
        return loaded
    return replace(loaded, round=replace(loaded.round, mine=replace(loaded.round.mine, organises=True)))


def look_on(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """Next, in a ballot: the response shown last counts as seen, even without a choice."""
    place = communities.channel(tx, press.channel, press.player.community)
    person = communities.person(tx, press.player, tools.chance.id(), "")
    loaded = load(tx, tools, action, person, press.player.community, lock=True)
    allowed.must_have_ballot(loaded.round)
    if ResponseId(action.about) in loaded.round.others:
        saving.look_at(tx, playing.with_own_role(loaded, person), ResponseId(action.about))
    pressed = Pressed(press=press, action=action, place=place, person=person, loaded=loaded, now=now)
    return opened(tx, tools, pressed)


def _played(loaded: Loaded, after: Round) -> Loaded:
    """What was loaded, as it is after the move. A first vote on a response makes one more seen."""
    was, now = loaded.round.mine, after.mine
    more = len({*now.choices, *now.lightbulbs} - {*was.choices, *was.lightbulbs})
    return replace(loaded, round=after, seen=loaded.seen + more)


def _still_so(round: Round, move: moves.Move) -> bool:
    """Whether what a move did is how it is now, so that its receipt is still true."""
    mine = round.mine
    match move:
        case moves.Respond():
            words = {mine.response.words, mine.response.second_thoughts} if mine.response else set()
            return (move.words in words or not move.words) and move.stance in {mine.stance, None}
        case moves.Withdraw():
            return mine.response is None
        case moves.ItIsFine():
            return mine.response is not None and mine.response.hold is None
        case moves.Pass():
            return mine.passed
        case moves.TellMe():
            return mine.tell_me == move.wanted
        case moves.RemovePledge():
            return move.pledge not in round.pledges
        case _:
            return False


def _own_role(round: Round, role: PerspectiveId | None) -> PerspectiveId | None:
    """The declared role, if it is one that the form offers."""
    return role if role in PERSPECTIVES or role == round.card.perspective.id else None
