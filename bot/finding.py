"""`shoes library`: what a community has learned, found by what people choose. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot import playing, storytelling
from bot.actions import Action, NotAnAction, Verb
from bot.answers import Answer
from bot.chat import Press
from bot.game.model import PERSPECTIVES, Mark, Outcome, PerspectiveId
from bot.messages import Message, Text
from bot.views import library as views
from bot.views import refusals
from bot.views.library import ANY, PAGE, Entry
from storage import communities, library
from storage.communities import Channel, NoSuchChannel
from storage.database import Transaction
from storage.library import Wanted

LIBRARY = frozenset({Verb.LIBRARY, Verb.FIND})
"""What is about the library. Nothing of it changes anything."""

BETWEEN = "_"  # in the value of an action: no id of a mark, a perspective or an outcome holds one


def answer(tx: Transaction, press: Press, action: Action, now: datetime) -> Answer:
    """The form, or a page of what was found. Raises NotAnAction."""
    try:
        place = communities.channel(tx, press.channel, press.player.community)
    except NoSuchChannel:
        # Nobody has played here yet, so there is nothing to find.
        return Answer(content=views.found((), skip=0, total=0, more=""))
    topics = {views.named(each): each for each in library.topics(tx, place.community.id, place.id)}
    if action.verb is Verb.LIBRARY:
        return Answer(content=views.form(list(topics.values())), show=press.action)
    if action.value:
        return Answer(content=_page(tx, place, _chosen(action.value), topics, now), show=press.action)
    chosen = {name: press.fields.get(name) or ANY for name in ("mark", "shoes", "outcome", "topic")}
    problems = _problems(chosen, topics)
    if problems:
        again = views.form(list(topics.values())).again(press.fields, problems)
        return Answer(content=again, accepted=False)
    return Answer(content=_page(tx, place, chosen | {"skip": "0"}, topics, now))


def _chosen(value: str) -> Mapping[str, str]:
    """What the button for the next page carries."""
    names = ("mark", "shoes", "outcome", "topic", "skip")
    parts = value.split(BETWEEN)
    if len(parts) != len(names) or not parts[-1].isdecimal() or len(parts[-1]) > 6:
        raise NotAnAction
    return dict(zip(names, parts, strict=True))


def _problems(chosen: Mapping[str, str], topics: Mapping[str, str]) -> dict[str, Text]:
    known: dict[str, set[str]] = {
        "mark": {each.value for each in Mark},
        "shoes": {*PERSPECTIVES},
        "outcome": {each.value for each in Outcome},
        "topic": set(topics),
    }
    return {name: refusals.choose_one() for name, those in known.items() if chosen[name] not in {ANY, *those}}


def _page(
    tx: Transaction, place: Channel, chosen: Mapping[str, str], topics: Mapping[str, str], now: datetime
) -> Message:
    if _problems(chosen, {**topics, chosen["topic"]: ""}):
        raise NotAnAction
    skip = int(chosen["skip"])
    wanted = Wanted(
        mark=Mark(chosen["mark"]) if chosen["mark"] != ANY else None,
        shoes=PerspectiveId(chosen["shoes"]) if chosen["shoes"] != ANY else None,
        outcome=Outcome(chosen["outcome"]) if chosen["outcome"] != ANY else None,
        # A topic that is gone since finds nothing.
        topic=topics.get(chosen["topic"], chosen["topic"]) if chosen["topic"] != ANY else "",
    )
    today = playing.today(place, now)
    told, total = library.stories(tx, place.community.id, wanted, today, skip=skip, limit=PAGE)
    kept = library.pledges(tx, place.id, wanted)
    entries = [Entry(story=each, name=storytelling.named(tx, each)) for each in told]
    first = max(0, skip - total)
    room = PAGE - len(entries)
    entries += [Entry(pledge=each.pledge, card=each.card) for each in kept[first : first + room]]
    more = BETWEEN.join(
        (chosen["mark"], chosen["shoes"], chosen["outcome"], chosen["topic"], str(skip + PAGE))
    )
    return views.found(entries, skip=skip, total=total + len(kept), more=more)
