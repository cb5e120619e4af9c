"""Stories from their form to the library: told, read by a moderator, approved or sent back, let go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot import campaign_rights, campaigning, effects_out, playing, prompting, safeguarding
from bot.actions import Action, NotAnAction, Verb
from bot.answers import Answer
from bot.campaign_rights import NotYours
from bot.campaigning import BadFields
from bot.chat import Press
from bot.entries import Entries
from bot.game import campaigns as rules
from bot.game.campaigns import CampaignId, Prompt, PromptId
from bot.game.model import (
    PERSPECTIVES,
    ChannelId,
    CommunityId,
    Mark,
    Outcome,
    PersonId,
    PerspectiveId,
    ReplyId,
    Story,
    StoryId,
    StoryState,
)
from bot.game.words import personal_details
from bot.presses import name_of
from bot.slots import Shown
from bot.tools import Tools
from bot.views import campaigns as campaign_views
from bot.views import forms, refusals
from bot.views import stories as story_views
from bot.views import tellings as views
from bot.views.tellings import LIBRARY, QUOTE, SHOW, Kind
from storage import campaigns, communities, inbound, library, prompts
from storage import stories as stored
from storage.communities import Channel
from storage.database import Database, Transaction

TELLINGS = frozenset(
    {
        Verb.TELL_STORY,
        Verb.CONSENT,
        Verb.SAVE_CONSENT,
        Verb.QUEUE,
        Verb.APPROVE_STORY,
        Verb.ADD_STORY,
        Verb.ASK_REASON,
        Verb.SEND_REASON,
    }
)
OPENS = frozenset({Verb.CONSENT, Verb.QUEUE, Verb.APPROVE_STORY, Verb.ASK_REASON})
"""What is about a story on its way; what of it only opens or shows something."""

QUEUE = TELLINGS - {Verb.TELL_STORY, Verb.CONSENT, Verb.SAVE_CONSENT}
"""What those do who look after a channel."""

LONGEST = timedelta(days=366)  # how far ahead the last day of a story may be
CHANGEABLE = frozenset({StoryState.CHANGE, StoryState.DECLINED})


class Gone(Exception):
    """A story of nobody, of somebody else or of elsewhere."""


class Decided(Exception):
    """A story does not wait for a moderator any more."""


async def place_of(database: Database, about: str, platform: str, user: str) -> ChannelId:
    """The channel of a story, for a press in a private message; empty if this account is not from there."""
    found = await database.read(lambda tx: library.channel_of(tx, StoryId(about), platform, user))
    return found or ChannelId("")


def answer(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """What a press about a story on its way opens or does. Raises NoSuchChannel, NotAnAction."""
    place = communities.channel(tx, press.channel, press.player.community)
    try:
        if action.verb in OPENS:
            return _shown(tx, tools, press, action, place, now)
        return _done(tx, tools, press, action, place, now)
    except Gone:
        return Answer(content=story_views.gone(), accepted=False)
    except Decided:
        return Answer(content=views.decided_before(_first(tx, place)), accepted=False)
    except NotYours as refused:
        return Answer(content=campaign_views.not_yours(refused.name), accepted=False)
    except BadFields as bad:
        return Answer(content=bad.form, accepted=False)


# --- telling one -----------------------------------------------------------------------


def begin(tx: Transaction, press: Press, action: Action) -> Answer:
    """Whose words they are; then the form for them."""
    if not action.value:
        return Answer(content=views.begin(waiting=_waiting_for(tx, press)), show=press.action)
    kind = views.kind_of(action.value)
    if kind is None:
        raise NotAnAction
    return Answer(content=views.form(kind))


def _waiting_for(tx: Transaction, press: Press) -> StoryId | None:
    """The first story that waits for this player; None if there is none, or they look after nothing here."""
    try:
        place = communities.channel(tx, press.channel, press.player.community)
        campaign_rights.must_organise(tx, press, place, communities.find_person(tx, press.player))
    except (communities.NoSuchChannel, NotYours):
        return None
    return _first(tx, place)


def change(tx: Transaction, story: Story, action: Action) -> Answer:
    """The form for a story that a moderator has sent back, as its writer left it."""
    kind = views.kind_of(action.value) or Kind()
    kind = replace(kind, own=not story.asked_by)
    return Answer(content=views.form(kind, story=story, name=named(tx, story)))


def named(tx: Transaction, story: Story) -> str:
    """How a story is named where it is shown; empty for not at all."""
    if story.credit or not story.named or story.writer is None:
        return story.credit
    return communities.names(tx, [story.writer]).get(story.writer, "")


def _shown(
    tx: Transaction, tools: Tools, press: Press, action: Action, place: Channel, now: datetime
) -> Answer:
    person = communities.find_person(tx, press.player)
    if action.verb is Verb.CONSENT:
        story = _mine(tx, press, person.id if person else None, action)
        return Answer(content=views.consent_form(story, name=named(tx, story)))
    campaign_rights.must_organise(tx, press, place, person)
    if action.verb is Verb.QUEUE:
        return _queue(tx, tools, place, StoryId(action.about), press.action)
    story = _waiting(tx, place, action, lock=False)
    if action.verb is Verb.APPROVE_STORY:
        return Answer(content=views.approve_form(story, prompting.running(tx, place, now)))
    return Answer(content=views.reason_form(story.id, _state(action)))


def _done(
    tx: Transaction, tools: Tools, press: Press, action: Action, place: Channel, now: datetime
) -> Answer:
    person = communities.person(tx, press.player, tools.chance.id(), name_of({}, press.name))
    match action.verb:
        case Verb.TELL_STORY:
            return _tell(tx, tools, press, action, place, person.id, now)
        case Verb.SAVE_CONSENT:
            return _use(tx, tools, press, _mine(tx, press, person.id, action), place, now)
    campaign_rights.must_organise(tx, press, place, person)
    match action.verb:
        case Verb.ADD_STORY:
            return _approve(tx, tools, press, action, place, now)
        case Verb.SEND_REASON:
            return _send_back(tx, tools, press, action, place, now)
        case _:
            raise NotAnAction


def _mine(tx: Transaction, press: Press, person: PersonId | None, action: Action) -> Story:
    story = stored.mine(tx, press.player.community, person, StoryId(action.about)) if person else None
    if story is None or story.state is StoryState.ASKED:
        raise Gone
    return story


def _tell(
    tx: Transaction,
    tools: Tools,
    press: Press,
    action: Action,
    place: Channel,
    writer: PersonId,
    now: datetime,
) -> Answer:
    """A form was sent: a new story, or one that a moderator has sent back."""
    before = _mine(tx, press, writer, action) if action.about else None
    if before is not None and before.state not in CHANGEABLE:
        return Answer(content=story_views.kept_before(), accepted=False)
    told = _told(press.fields, action, before, playing.today(place, now))
    if not inbound.first_time(tx, tools.keyring, press.event, now.date()):
        return Answer(content=refusals.twice())
    home = press.player.community
    if before is not None:
        story = replace(told, id=before.id, channel=before.channel, source=before.source, writer=writer)
        stored.revise(tx, home, story, now)
        effects_out.put_scrub(tx, tools.jobs, now)  # the words of before
    else:
        # It comes from no message, so its source is a name of its own.
        source = ReplyId(tools.chance.id())
        story = replace(told, id=StoryId(tools.chance.id()), channel=place.id, source=source, writer=writer)
        assert stored.offer(tx, home, writer, story, now)
    tell_moderators(tx, tools, story)
    return Answer(content=views.sent(story, again=before is not None))


def _told(fields: Mapping[str, str], action: Action, before: Story | None, today: date) -> Story:
    """What a form says of a story. Raises BadFields."""
    kind = views.kind_of(action.value)
    if kind is None:
        raise NotAnAction
    if before is not None:
        kind = replace(kind, own=not before.asked_by)
    entries = Entries({**fields, **({kind.field: kind.left_out} if kind.asked else {})})
    fields, problems = entries.fields, entries.problems
    words = entries.words("words", story_views.STORY_LENGTH)
    shoes = PerspectiveId(entries.choice("shoes", PERSPECTIVES))
    name = entries.line("name", views.NAME_LENGTH, needed=False)
    asked = "" if kind.own else entries.line("asked", views.ASKED_LENGTH, empty=refusals.empty_asked())
    quoted = entries.choice("consent", {SHOW, QUOTE}) == QUOTE
    until = _until(entries, today) if kind.own else before.until if before is not None else None
    details = any(map(personal_details, (words, name, asked)))
    if not problems and details and fields.get("leave_in") != forms.YES:
        problems["leave_in"] = refusals.leave_in()
        left_out = fields.get(kind.field, "") if kind.own is False or until is not None else ""
        kind = replace(kind, asked=True, left_out=left_out)
    if problems:
        if kind.asked and kind.field in problems:
            kind = replace(kind, asked=False, left_out="")
        form = entries.again(views.form(kind))
        raise BadFields(replace(form, action=views.action(kind, action.about)))
    return Story(
        id=StoryId(""),
        channel=ChannelId(""),
        source=ReplyId(""),
        state=StoryState.OFFERED,
        words=words,
        shoes=shoes,
        named=bool(name),
        quoted=quoted,
        credit=name,
        asked_by=asked,
        until=until,
    )


def _until(entries: Entries, today: date) -> date | None:
    """Until when it may be used; None for always."""
    until = entries.day("until", needed=False)
    if until is not None and not today <= until <= today + LONGEST:
        entries.problems["until"] = refusals.date_in_past()
    return until


def _use(tx: Transaction, tools: Tools, press: Press, story: Story, place: Channel, now: datetime) -> Answer:
    """Its writer changes what they agreed to. It holds at once, on a board too."""
    entries = Entries(press.fields)
    name = entries.line("name", views.NAME_LENGTH, needed=False)
    quoted = entries.choice("consent", {SHOW, QUOTE}) == QUOTE
    until = _until(entries, playing.today(place, now))
    if entries.problems:
        raise BadFields(entries.again(views.consent_form(story, name=name)))
    after = replace(story, named=bool(name), credit=name, quoted=quoted, until=until)
    stored.revise(tx, press.player.community, after, now)
    if story.prompt:
        prompting.credit(tx, tools, story.campaign, story.prompt, name, now)
    effects_out.put_scrub(tx, tools.jobs, now)
    return Answer(content=views.saved(after))


# --- the queue -------------------------------------------------------------------------


def tell_moderators(tx: Transaction, tools: Tools, story: Story) -> None:
    """Those who look after a channel hear once that something waits, and not again for each that follows.

    Of words that suggest harm they hear each time.
    """
    if library.waiting(tx, story.channel) != [story.id] and not safeguarding.harm(tools, story.words):
        return
    people = {communities.channel(tx, story.channel, None).organiser}
    people |= {campaigns.origin(tx, each.id).organiser for each in campaigns.of_channel(tx, story.channel)}
    for person in sorted(each for each in people if each is not None):
        effects_out.put_shown(tx, tools.jobs, story.channel, Shown.STORY_WAITS, story.id, person)


def _first(tx: Transaction, place: Channel) -> StoryId | None:
    return next(iter(library.waiting(tx, place.id)), None)


def _queue(tx: Transaction, tools: Tools, place: Channel, wanted: StoryId, show: str) -> Answer:
    """The story that is wanted, if it waits; else the one that waits longest."""
    every = library.waiting(tx, place.id)
    if not every:
        return Answer(content=views.queue_empty(), show=show)
    at = every.index(wanted) if wanted in every else 0
    story = library.of_channel(tx, place.community.id, place.id, every[at], lock=False)
    assert story is not None
    after = every[(at + 1) % len(every)] if len(every) > 1 else None
    worried = safeguarding.harm(tools, story.words)
    shown = views.queue(story, named(tx, story), count=len(every), after=after, worried=worried)
    return Answer(content=shown, show=show)


def _waiting(tx: Transaction, place: Channel, action: Action, *, lock: bool) -> Story:
    story = library.of_channel(tx, place.community.id, place.id, StoryId(action.about), lock=lock)
    if story is None:
        raise Gone
    if story.state is not StoryState.OFFERED:
        raise Decided
    return story


def _state(action: Action) -> StoryState:
    if action.value not in {StoryState.CHANGE.value, StoryState.DECLINED.value}:
        raise NotAnAction
    return StoryState(action.value)


def _approve(
    tx: Transaction, tools: Tools, press: Press, action: Action, place: Channel, now: datetime
) -> Answer:
    """A moderator says yes: into the library, and as a card into a campaign if they like."""
    entries = Entries(press.fields)
    offered = prompting.running(tx, place, now)
    into = entries.choice("into", {LIBRARY, *(id for id, _ in offered)})
    # The campaign first: everywhere it is locked before its cards and stories are.
    campaign = None
    if into and into != LIBRARY:
        campaign = campaigning.load(tx, press.player.community, CampaignId(into), place, lock=True)
    story = _waiting(tx, place, action, lock=True)
    mark, outcome = entries.choice("mark", set(Mark)), entries.choice("outcome", set(Outcome))
    shoes = PERSPECTIVES.get(story.shoes or PerspectiveId(entries.choice("shoes", PERSPECTIVES)))
    topic = entries.line("topic", views.TOPIC_LENGTH, needed=False)
    on = prompting.day(entries, campaign, None, now) if campaign is not None else None
    if campaign is not None and on is not None and rules.approved_by(campaign, on) < now:
        entries.problems.setdefault("on", views.too_late())
    if entries.problems or shoes is None:
        raise BadFields(entries.again(views.approve_form(story, offered)))
    after = replace(
        story,
        state=StoryState.APPROVED,
        shoes=shoes.id,
        reason="",
        mark=Mark(mark),
        outcome=Outcome(outcome),
        topic=topic,
    )
    if campaign is not None:
        prompt = Prompt(
            id=PromptId(tools.chance.id()),
            card=prompting.card(tools, story.words, shoes, outcome=Outcome(outcome)),
            on=on,
            needs_approval=True,
            approved_at=now,
            author=story.writer,
            credit=named(tx, story),
        )
        prompts.add(tx, campaign.id, prompt)
        prompting.changed(tx, tools, campaign, now)
        after = replace(after, campaign=campaign.id, prompt=prompt.id)
    return _decide(tx, tools, after, place, now)


def _send_back(
    tx: Transaction, tools: Tools, press: Press, action: Action, place: Channel, now: datetime
) -> Answer:
    """A moderator asks for a change, or says no: with a reason, which its writer alone reads."""
    state, entries = _state(action), Entries(press.fields)
    story = _waiting(tx, place, action, lock=True)
    reason = entries.words("reason", views.REASON_LENGTH, empty=refusals.empty_reason())
    if entries.problems:
        raise BadFields(entries.again(views.reason_form(story.id, state)))
    return _decide(tx, tools, replace(story, state=state, reason=reason), place, now)


def _decide(tx: Transaction, tools: Tools, after: Story, place: Channel, now: datetime) -> Answer:
    stored.revise(tx, place.community.id, after, now)
    effects_out.put_shown(tx, tools.jobs, place.id, Shown.STORY_NEWS, after.id, after.writer)
    return Answer(content=views.decided(after.state, _first(tx, place)))


# --- gone ------------------------------------------------------------------------------


def let_go(tx: Transaction, tools: Tools, home: CommunityId, story: Story, now: datetime) -> None:
    """Delete a story, words and all: from the library, and from the card that was made of it."""
    assert story.writer is not None
    if story.prompt:
        prompting.take_back(tx, tools, story.campaign, story.prompt, now)
    stored.take_back(tx, home, story.writer, story.id)
    effects_out.put_scrub(tx, tools.jobs, now)


def expire(tx: Transaction, tools: Tools, now: datetime) -> None:
    """The last day of a story is over: it goes, as its writer said."""
    for home, story in library.over(tx, now):
        let_go(tx, tools, home, story, now)
