"""Where to find help, and words that suggest harm: what their writer is told, and what moderators decide."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

import structlog

from bot import effects_out, playing
from bot.actions import Action, NotAnAction, Verb, read
from bot.answers import Answer
from bot.chat import Press
from bot.game import moves
from bot.game.effects import News, TellModerators
from bot.game.harm import suggests_harm
from bot.game.help_lines import HelpLine, Nation
from bot.game.help_lines import to_check as unchecked
from bot.game.model import ChannelId, CommunityId, Hold, PersonId, Phase, ResponseId, Round, RoundId
from bot.messages import Message, Text
from bot.presses import name_of, typed
from bot.slots import Shown
from bot.tools import Tools
from bot.views import campaigns as campaign_views
from bot.views import held as held_views
from bot.views import help_lines as views
from storage import campaigns, care, communities, inbound, rounds
from storage.communities import Channel, Person
from storage.database import Database, Transaction
from storage.rounds import Loaded, NoSuchRound

WRITES = frozenset(
    {
        Verb.REPLY,
        Verb.CHANGE_REPLY,
        Verb.MAKE_PLEDGE,
        Verb.SEND_PAUSE,
        Verb.KEEP_STORY,
        Verb.TELL_STORY,
        Verb.ADD_PROMPT,
        Verb.SAVE_PROMPT,
    }
)
"""Forms whose words are not held: where they suggest harm, what they are answered with says where help is."""

KEPT = timedelta(days=30)  # what is held, after its round has closed
SOON = 1.0  # seconds: whoever asks for help does not wait longer for a database

log = structlog.get_logger()


def harm(tools: Tools, words: str) -> bool:
    """Whether words suggest it."""
    return suggests_harm(words, tools.care.harm)


# --- help lines ----------------------------------------------------------------------------


async def help_lines(database: Database, tools: Tools, press: Press, action: Action) -> Answer:
    """Whom to ring: in the nation that is asked for, else in the community's. Needs no database."""
    if action.value and action.value not in set(Nation):
        raise NotAnAction
    home = press.player.community
    nation, topics = tools.nations.get(home) or Nation.ENGLAND, frozenset[str]()
    try:
        found = await asyncio.wait_for(database.read(lambda tx: _asked(tx, tools, action, home)), SOON)
        nation, topics = tools.nations.keep(home, found[0]), found[1]
    except Exception as error:
        # Whatever is wrong with it: the lines are in a file, and somebody asks for them now.
        log.warning("help lines are shown without the database", reason=type(error).__name__)
    if action.value:
        nation = Nation(action.value)
    # Beside a card those that fit it; else every one, for whoever asks has not said for what.
    lines = tools.care.lines(nation, topics) if action.round else tools.care.lines_of(nation)
    return Answer(content=views.help_lines(nation, lines), show=press.action)


def _asked(tx: Transaction, tools: Tools, action: Action, home: CommunityId) -> tuple[Nation, frozenset[str]]:
    nation = care.nation(tx, home)
    try:
        loaded = rounds.load(tx, tools.keyring, RoundId(action.round), community=home, lock=False)
    except NoSuchRound:
        return nation, frozenset()
    return nation, frozenset(loaded.round.card.topics)


def lines_here(
    tx: Transaction, tools: Tools, home: CommunityId, topics: tuple[str, ...] = ()
) -> list[HelpLine]:
    """The lines of a community's nation."""
    return tools.care.lines(care.nation(tx, home), topics)


def to_check(tx: Transaction, tools: Tools, place: Channel, now: datetime) -> tuple[HelpLine, ...]:
    """The lines of a channel that somebody should check before a campaign begins there."""
    lines = tools.care.lines_of(care.nation(tx, place.community.id))
    return tuple(unchecked(lines, now.date()))


def nations(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """Whose help lines a community is shown, for those who look after the channel; and another choice."""
    place = communities.channel(tx, press.channel, press.player.community)
    person = communities.find_person(tx, press.player)
    home = place.community.id
    if place.organiser is not None and not looks_after(press, place, person):
        return not_theirs(tx, place)
    plan = campaigns.known(tx, action.about, home)  # from where it was opened, if from one
    if action.verb is Verb.NATIONS:
        nation = care.nation(tx, home)
        content = views.choose_nation(nation, tools.care.lines_of(nation), now.date(), plan)
        return Answer(content=content, show=press.action)
    if action.value not in set(Nation):
        raise NotAnAction
    chosen = Nation(action.value)
    care.set_nation(tx, home, chosen)

    def remember() -> None:
        tools.nations.keep(home, chosen)

    tx.after_commit(remember)
    return Answer(content=views.nation_set(chosen, plan))


# --- to the writer ---------------------------------------------------------------------------


def held_note(tx: Transaction, tools: Tools, press: Press, round: Round) -> Message:
    """Instead of a receipt: their words are held, and where help is."""
    lines = lines_here(tx, tools, press.player.community, round.card.topics)
    return held_views.held_note(round, lines)


async def with_care(database: Database, tools: Tools, press: Press, answer: Answer) -> Answer:
    """An answer to words that are not held; if they suggest harm, with where help is."""
    if not press.fields or not answer.accepted or read(press.action).verb not in WRITES or answer.is_form:
        return answer
    if not harm(tools, "\n".join(typed(press.fields, name) for name in press.fields)):
        return answer
    content = answer.content
    assert isinstance(content, Message)
    home = press.player.community
    lines = await database.read(lambda tx: lines_here(tx, tools, home))
    cared = views.with_care(content, lines)
    # Without `show`: what can be opened again is not what has to be read now.
    return Answer(content=cared, round=answer.round, talked=answer.talked)


def after_reply(tx: Transaction, tools: Tools, channel: ChannelId, writer: PersonId, round: Round) -> None:
    """Words in a thread suggest harm: their writer hears privately, if the platform can; moderators hear."""
    effects_out.put_shown(tx, tools.jobs, channel, Shown.CARE, "", writer)
    tell_moderators(tx, tools, round)


def tell_moderators(tx: Transaction, tools: Tools, round: Round) -> None:
    """Words that stand there with a name suggest harm."""
    effects_out.put(tx, tools.jobs, round, [TellModerators(News.HARM_IN_THREAD)])


# --- moderators ------------------------------------------------------------------------------


def answer(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """A moderator reads what is held in a round, or decides about it: both are noted.

    Raises what loading it raises.
    """
    place = communities.channel(tx, press.channel, press.player.community)
    person = communities.person(tx, press.player, tools.chance.id(), name_of({}, press.name))
    loaded = _load(tx, tools, press, action, person)
    if not _moderates(press, place, person, loaded.round):
        return not_theirs(tx, place)
    if action.verb is Verb.HELD:
        number = _number(action.value)
        if inbound.first_time(tx, tools.keyring, press.event, now.date()):
            _note_read(tx, tools, place, person, loaded.round, number, now)
        return _one(tx, loaded.round, number, show=press.action)
    hold = _decision(action.value)
    if not inbound.first_time(tx, tools.keyring, press.event, now.date()):
        return _one(tx, loaded.round, 0)
    was = _hold_of(loaded, ResponseId(action.about))
    after = playing.play(
        tx, tools, loaded, moves.DecideHeld(response=ResponseId(action.about), hold=hold), now
    )
    if was is not None and was is not hold:
        care.note_act(
            tx,
            tools.chance.id(),
            channel=place.id,
            community=place.community.id,
            round=after.id,
            moderator=person.id,
            act=hold.value if hold is not None else care.POST,
            was=was,
            now=now,
        )
    if any(each.hold is Hold.WAITING for each in care.held(tx, after.id)):
        _note_read(tx, tools, place, person, after, 0, now)  # it is shown with the receipt
    return _one(tx, after, 0, decided=held_views.decided(hold))


def shown(tx: Transaction, tools: Tools, press: Press, action: Action) -> Answer:
    """What a moderator has opened of what is held, once more. Raises what loading it raises."""
    place = communities.channel(tx, press.channel, press.player.community)
    person = communities.find_person(tx, press.player)
    loaded = _load(tx, tools, press, action, person)
    if not _moderates(press, place, person, loaded.round):
        return not_theirs(tx, place)
    return _one(tx, loaded.round, _number(action.value), show=press.action)


def _note_read(
    tx: Transaction, tools: Tools, place: Channel, person: Person, round: Round, number: int, now: datetime
) -> None:
    """Keep that a moderator has read one of what is held: not which one, and no words."""
    found = care.held(tx, round.id)
    if found:
        care.note_act(
            tx,
            tools.chance.id(),
            channel=place.id,
            community=place.community.id,
            round=round.id,
            moderator=person.id,
            act=care.READ,
            was=found[number % len(found)].hold,
            now=now,
        )


def _load(tx: Transaction, tools: Tools, press: Press, action: Action, person: Person | None) -> Loaded:
    return rounds.load(
        tx,
        tools.keyring,
        RoundId(action.round),
        community=press.player.community,
        person=person.id if person is not None else None,
        responses=[ResponseId(action.about)] if action.about else [],
        lock=action.verb is Verb.DECIDE_HELD,
    )


def looks_after(press: Press, place: Channel, person: Person | None) -> bool:
    """Whether a player looks after a channel: who dealt its first card, or whom the platform names."""
    return press.manages or (person is not None and person.id == place.organiser)


def _moderates(press: Press, place: Channel, person: Person | None, round: Round) -> bool:
    """Whoever only dealt a card does not: these words are for moderators alone."""
    return place.id in round.channels and looks_after(press, place, person)


def not_theirs(tx: Transaction, place: Channel) -> Answer:
    """Somebody else looks after this channel."""
    name = communities.names(tx, [place.organiser]).get(place.organiser, "") if place.organiser else ""
    return Answer(content=campaign_views.not_yours(name), accepted=False)


def _decision(value: str) -> Hold | None:
    if value == held_views.POST:
        return None
    if value in {Hold.KEPT, Hold.REMOVED}:
        return Hold(value)
    raise NotAnAction


def _number(value: str) -> int:
    if not value:
        return 0
    if not value.isdecimal() or len(value) > 6:
        raise NotAnAction
    return int(value)


def _hold_of(loaded: Loaded, id: ResponseId) -> Hold | None:
    mine = loaded.round.mine.response
    own = mine is not None and mine.id == id
    found = mine if own else loaded.round.others.get(id)
    return found.hold if found is not None else None


def _one(tx: Transaction, round: Round, number: int, *, decided: Text = (), show: str = "") -> Answer:
    """One of what is held, by its place in the list."""
    found = care.held(tx, round.id)
    if not found:
        content = held_views.nothing_held() if not decided else held_views.all_decided(decided)
        return Answer(content=content, show=show)
    each = found[number % len(found)]
    content = held_views.one_held(
        round,
        each.words,
        each.hold,
        id=each.id,
        number=number % len(found) + 1,
        of=len(found),
        first=each.first,
        deleted_on=_deleted_on(round),
        decided=decided,
    )
    return Answer(content=content, round=round.id, show=show)


def _deleted_on(round: Round) -> date | None:
    if round.phase is not Phase.CLOSED or round.closed_at is None:
        return None
    return (round.closed_at + KEPT).date()


# --- the clock -------------------------------------------------------------------------------


def forget_held(tx: Transaction, tools: Tools, now: datetime) -> None:
    """What is held goes 30 days after its round has closed, from the files too."""
    if care.forget_held(tx, now - KEPT):
        effects_out.put_scrub(tx, tools.jobs, now)
