"""Keeping words as a story: whose they are, asking their writer, consent given and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot import effects_out, storytelling
from bot.actions import Action, NotAnAction, Verb
from bot.answers import Answer
from bot.chat import Chosen, Press, reply_id
from bot.entries import Entries
from bot.game.model import (
    PERSPECTIVES,
    ChannelId,
    CommunityId,
    PersonId,
    PerspectiveId,
    ReplyId,
    Story,
    StoryId,
    StoryState,
)
from bot.game.words import personal_details
from bot.messages import Message
from bot.presses import name_of, typed
from bot.tools import Tools
from bot.views import forms, refusals, stories
from bot.views.stories import NO, PAGE, STORY_LENGTH, YES, Mine
from storage import communities, inbound
from storage import stories as stored
from storage.database import Database, Transaction

STORIES = frozenset({Verb.STORY, Verb.KEEP_STORY, Verb.NO_STORY, Verb.TAKE_STORY_BACK, Verb.MY_STORIES})
OPENS = frozenset({Verb.STORY, Verb.MY_STORIES})
"""What is about stories; what of it only opens or shows something."""

ASKED_FOR = timedelta(days=7)  # how long a request waits for its answer
LONGEST = 3_000  # characters of a message: what a form can hold, for its writer to shorten


def only_opens(action: Action) -> bool:
    """Whether a press about stories does nothing but open something: taking one back asks first."""
    return action.verb in OPENS or (action.verb is Verb.TAKE_STORY_BACK and action.value != stories.SURE)


def refused(chosen: Chosen, words: str) -> Message | None:
    """Why a message cannot be kept, whoever asks; None if it can. `words` are its own, cleaned."""
    if chosen.writer is None:
        return stories.not_one_writer()
    if not chosen.channel:
        return stories.private_talk()
    return None if words else stories.no_words()


async def place_of(database: Database, about: str, platform: str, user: str) -> ChannelId:
    """The channel of a story, for its writer's press in a private message; empty if there is none."""
    found = await database.read(lambda tx: stored.channel_of(tx, about, platform, user))
    return found or ChannelId("")


def open_own(tx: Transaction, chosen: Chosen, words: str) -> Answer:
    """The form with one's own words in it. Nothing is kept before it is sent."""
    communities.channel(tx, chosen.channel, chosen.player.community)
    source = reply_id(chosen.channel, chosen.message)
    person = communities.find_person(tx, chosen.player)
    if person is not None:
        story = stored.of_message(tx, chosen.player.community, person.id, source)
        if story is not None and story.state is not StoryState.ASKED:
            return Answer(content=stories.kept_before(), accepted=False)
    return Answer(content=stories.form(source, words=words))


def ask_writer(tx: Transaction, tools: Tools, chosen: Chosen, words: str, now: datetime) -> None:
    """Ask the writer of a message, privately and once; who asks cannot tell whether it was the first time."""
    assert chosen.writer is not None
    home = chosen.player.community
    communities.channel(tx, chosen.channel, home)
    source = reply_id(chosen.channel, chosen.message)
    if not stored.first_ask(tx, tools.keyring, source):
        return
    asker = communities.person(tx, chosen.player, tools.chance.id(), name_of({}, chosen.name))
    writer = communities.person(tx, chosen.writer, tools.chance.id(), "")
    story = Story(
        id=StoryId(tools.chance.id()),
        channel=chosen.channel,
        source=source,
        state=StoryState.ASKED,
        words=words,
        asker=asker.id,
    )
    if stored.request(tx, home, writer.id, story, now):
        effects_out.put_story(tx, tools.jobs, story, writer.id)


def shown(tx: Transaction, press: Press, action: Action) -> Answer:
    """What a press opens: the form for a request, the next page of one's own stories, or "are you sure?"."""
    home = press.player.community
    person = communities.find_person(tx, press.player)
    if action.verb is Verb.MY_STORIES:
        if not action.value.isdecimal() or len(action.value) > 6:
            raise NotAnAction
        page = mine(tx, home, person.id if person else None, skip=int(action.value))
        return Answer(content=stories.my_stories(page), show=press.action)
    if not action.about and action.verb is Verb.STORY:
        return storytelling.begin(tx, press, action)
    story = stored.mine(tx, home, person.id, StoryId(action.about)) if person is not None else None
    if story is None:
        return Answer(content=stories.gone(), accepted=False)
    if action.verb is Verb.TAKE_STORY_BACK:
        if story.state is StoryState.ASKED:
            return Answer(content=stories.gone(), accepted=False)
        return Answer(content=stories.sure(story), show=press.action)
    if story.state in storytelling.CHANGEABLE:
        return storytelling.change(tx, story, action)
    if story.state is not StoryState.ASKED:
        return Answer(content=stories.kept_before(), accepted=False)
    return Answer(content=stories.form(story.source, words=story.words))


def mine(tx: Transaction, home: CommunityId, person: PersonId | None, *, skip: int = 0) -> Mine:
    """A page of somebody's stories."""
    if person is None:
        return Mine()
    found, total = stored.every(tx, home, person, skip=skip, limit=PAGE)
    return Mine(found, skip, total)


def form_again(action: Action, fields: Mapping[str, str]) -> Answer | None:
    """The form as it was sent, with what is wrong beside each field; None if nothing is."""
    source = ReplyId(action.about)
    entries = Entries(fields)
    problems = entries.problems
    words = entries.words("words", STORY_LENGTH)
    if fields.get("shoes"):
        entries.choice("shoes", PERSPECTIVES)
    for name in ("named", "quoted"):
        entries.choice(name, {YES, NO})
    if not problems and personal_details(words) and fields.get("leave_in") != forms.YES:
        problems["leave_in"] = refusals.leave_in()
    if not problems:
        return None
    asked = "leave_in" in problems or "leave_in" in fields
    return Answer(content=entries.again(stories.form(source, details=asked)), accepted=False)


def keep(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """Consent: a form without problems was sent. What it says is kept, as offered."""
    fields, home = press.fields, press.player.community
    place = communities.channel(tx, press.channel, home)
    person = communities.person(tx, press.player, tools.chance.id(), name_of({}, press.name))
    source = ReplyId(action.about)
    if not source:
        raise NotAnAction
    if not inbound.first_time(tx, tools.keyring, press.event, now.date()):
        there = stored.of_message(tx, home, person.id, source)
        return Answer(content=stories.kept() if there else refusals.twice())
    story = Story(
        id=StoryId(tools.chance.id()),
        channel=place.id,
        source=source,
        state=StoryState.OFFERED,
        words=typed(fields, "words"),
        shoes=PerspectiveId(fields["shoes"]) if fields.get("shoes") else None,
        named=fields["named"] == YES,
        quoted=fields["quoted"] == YES,
    )
    if not stored.offer(tx, home, person.id, story, now):
        return Answer(content=stories.kept_before(), accepted=False)
    kept = stored.of_message(tx, home, person.id, source)
    assert kept is not None
    storytelling.tell_moderators(tx, tools, kept)
    return Answer(content=stories.kept())


def remove(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """No to a request, or a story taken back: its words are deleted, from the files too."""
    home, id = press.player.community, StoryId(action.about)
    person = communities.find_person(tx, press.player)
    if person is None:
        return Answer(content=stories.gone(), accepted=False)
    again = not inbound.first_time(tx, tools.keyring, press.event, now.date())
    if action.verb is Verb.NO_STORY:
        gone = stored.decline(tx, home, person.id, id)
        if gone:
            effects_out.put_scrub(tx, tools.jobs, now)
        if gone or again:
            return Answer(content=stories.declined())
        return Answer(content=stories.gone(), accepted=False)
    story = stored.mine(tx, home, person.id, id)
    if story is not None and story.state is not StoryState.ASKED:
        stored.first_ask(tx, tools.keyring, story.source)  # who took it back is not asked for it again
        storytelling.let_go(tx, tools, home, story, now)
    elif not again:
        return Answer(content=stories.gone(), accepted=False)
    return Answer(content=stories.taken_back(mine(tx, home, person.id)))
