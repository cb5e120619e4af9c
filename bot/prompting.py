"""The cards of a campaign in their transactions: added, moved, corrected, taken out by its organisers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot import campaign_rights, campaigning, daily, dealing, effects_out, playing
from bot.actions import Action, NotAnAction, Verb, write
from bot.answers import Answer
from bot.campaign_rights import NotYours
from bot.campaigning import BadFields
from bot.chat import Press
from bot.entries import Entries
from bot.game import campaigns as rules
from bot.game import moves
from bot.game.calendar import moment_at
from bot.game.campaigns import Campaign, CampaignId, Posted, Prompt, PromptId
from bot.game.effects import ShowBoard
from bot.game.model import (
    PERSPECTIVES,
    Card,
    CardId,
    ChannelId,
    Outcome,
    PersonId,
    Perspective,
    PerspectiveId,
    Policy,
    RoundId,
    StoneEffect,
)
from bot.messages import Message
from bot.presses import name_of
from bot.tools import Tools
from bot.views import campaigns as campaign_views
from bot.views import prompts as views
from bot.views import refusals
from storage import campaigns as stored
from storage import communities, inbound, library, prompts, rounds, stories
from storage.campaigns import NoSuchCampaign
from storage.communities import Channel, NoSuchChannel
from storage.database import Database, Transaction
from storage.prompts import NoSuchPrompt

PROMPTS = frozenset(
    {
        Verb.PROMPT,
        Verb.ADD_PROMPT,
        Verb.PROMPTS,
        Verb.SHOW_PROMPT,
        Verb.CHANGE_PROMPT,
        Verb.SAVE_PROMPT,
        Verb.MOVE_PROMPT,
        Verb.SAVE_DAY,
        Verb.REMOVE_PROMPT,
        Verb.SURE_REMOVE,
    }
)
OPENS = PROMPTS - {Verb.ADD_PROMPT, Verb.SAVE_PROMPT, Verb.SAVE_DAY, Verb.SURE_REMOVE}
"""What is about the cards of a campaign; what of it only opens or shows something."""

FURTHEST = timedelta(days=366)  # how far ahead a card may be planned
LOOKS_AHEAD = 60  # entries: how far a preview looks for the day of a card


class PostedAlready(Exception):
    """A card that has gone out cannot be moved or taken out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A card as a form describes it."""

    words: str
    shoes: Perspective
    credit: str
    note: str


async def place_of(database: Database, about: str, platform: str, user: str) -> ChannelId:
    """The channel of a campaign, for a press in a private message; empty for an account of elsewhere."""
    found = await database.read(lambda tx: prompts.channel_of(tx, CampaignId(about), platform, user))
    return found or ChannelId("")


def answer(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """What a press about the cards of a campaign opens or does. Raises NoSuchChannel, NotAnAction."""
    try:
        place = communities.channel(tx, press.channel, press.player.community)
    except NoSuchChannel:
        if action != Action(Verb.PROMPT):
            raise
        return Answer(content=views.no_campaign(), show=press.action)  # nobody has played here yet
    try:
        if action.verb in OPENS:
            return _shown(tx, tools, press, action, place, now)
        return _done(tx, tools, press, action, place, now)
    except NoSuchCampaign:
        return Answer(content=campaign_views.gone(), accepted=False)
    except NoSuchPrompt:
        return Answer(content=views.gone(), accepted=False)
    except PostedAlready:
        return Answer(content=views.was_posted(), accepted=False)
    except NotYours as refused:
        return Answer(content=campaign_views.not_yours(refused.name), accepted=False)
    except BadFields as bad:
        return Answer(content=bad.form, accepted=False)


# --- what a press opens ----------------------------------------------------------------


def _shown(
    tx: Transaction, tools: Tools, press: Press, action: Action, place: Channel, now: datetime
) -> Answer:
    person = communities.find_person(tx, press.player)
    campaign_rights.must_organise(tx, press, place, person)
    if action.verb is Verb.PROMPT and not action.about:
        return _which(tx, press, place, now)
    campaign = campaigning.load(tx, press.player.community, CampaignId(action.about), place, lock=False)
    campaign_rights.may_change(tx, press, action, campaign, place, person)
    if action.verb is Verb.PROMPT:
        if _ended(campaign, place, now):
            return Answer(content=campaign_views.over(campaign, guest=False), accepted=False)
        return Answer(content=views.form(campaign.id), show=press.action)
    if action.verb is Verb.PROMPTS:
        return Answer(content=_listed(tx, campaign, action.value), show=press.action)
    prompt = _find(campaign, action.value)
    match action.verb:
        case Verb.SHOW_PROMPT:
            return _one(tx, tools, campaign, prompt, place, now)
        case Verb.CHANGE_PROMPT:
            return Answer(content=views.change_form(campaign.id, prompt), show=press.action)
    if prompts.was_posted(tx, campaign.id, prompt.id):
        raise PostedAlready
    if action.verb is Verb.MOVE_PROMPT:
        return Answer(content=views.day_form(campaign.id, prompt), show=press.action)
    return Answer(content=views.sure(campaign.id, prompt), show=press.action)


def _which(tx: Transaction, press: Press, place: Channel, now: datetime) -> Answer:
    """The form for the channel's campaign; a choice where there are several."""
    found = running(tx, place, now)
    if not found:
        return Answer(content=views.no_campaign(), show=press.action)
    if len(found) == 1:
        return Answer(content=views.form(found[0][0]), show=press.action)
    return Answer(content=views.which(found), show=press.action)


def running(tx: Transaction, place: Channel, now: datetime) -> list[tuple[CampaignId, str]]:
    """The campaigns of a channel that can take a card from here, the newest first, with their titles."""
    today = playing.today(place, now)
    return [
        (each.id, each.title)
        for each in stored.of_channel(tx, place.id)
        if (each.end is None or each.end >= today)
        and stored.origin(tx, each.id).community == place.community.id
    ]


def _ended(campaign: Campaign, place: Channel, now: datetime) -> bool:
    """Whether its last day is over: no card comes any more, however many there are."""
    return campaign.end is not None and campaign.end < playing.today(place, now)


def _find(campaign: Campaign, id: str) -> Prompt:
    for prompt in (*campaign.prompts, *campaign.reserve):
        if prompt.id == id:
            return prompt
    raise NoSuchPrompt


def _listed(tx: Transaction, campaign: Campaign, skip: str) -> Message:
    if skip and (not skip.isdecimal() or len(skip) > 6):
        raise NotAnAction
    had = {
        entry.prompt
        for channel in stored.channels(tx, campaign.id)
        for entry in stored.past(tx, campaign.id, channel.id)
        if isinstance(entry, Posted)
    }
    every = [(each, False) for each in campaign.prompts] + [(each, True) for each in campaign.reserve]
    waiting = [(each, reserve) for each, reserve in every if each.id not in had]
    return views.listed(campaign.id, waiting, skip=int(skip or 0))


def _one(
    tx: Transaction, tools: Tools, campaign: Campaign, prompt: Prompt, place: Channel, now: datetime
) -> Answer:
    """A card as its board will look, and when it goes out in this channel."""
    here = campaigning.part_of(tx, campaign, place)
    past = stored.past(tx, campaign.id, place.id)
    ahead = campaigning.coming(campaign, here, past, now, LOOKS_AHEAD)
    comes = next((each for each in ahead if isinstance(each, Posted) and each.prompt == prompt.id), None)
    two = campaign.policy is Policy.TOGETHER
    later = now + timedelta(days=1)
    times = moves.Times(reveal_at=later if two else None, closes_at=later + timedelta(days=1))
    round, _effects = dealing.opened(
        tools,
        dealing.Deal(
            card=prompt.card,
            policy=campaign.policy,
            times=times,
            facilitator=PersonId(""),
            round=RoundId("preview"),
        ),
        place,
        now,
    )
    shown = views.Shown(
        campaign=campaign.id,
        prompt=prompt,
        round=round,
        comes=comes,
        posted=prompts.was_posted(tx, campaign.id, prompt.id),
        planned=not stored.channels(tx, campaign.id),
    )
    show = write(Action(Verb.SHOW_PROMPT, about=campaign.id, value=prompt.id))
    return Answer(content=views.shown(shown), show=show)


# --- what a press does -----------------------------------------------------------------


def _done(
    tx: Transaction, tools: Tools, press: Press, action: Action, place: Channel, now: datetime
) -> Answer:
    person = communities.person(tx, press.player, tools.chance.id(), name_of({}, press.name))
    campaign_rights.must_organise(tx, press, place, person)
    before = campaigning.load(tx, press.player.community, CampaignId(action.about), place, lock=True)
    campaign_rights.may_change(tx, press, action, before, place, person)
    if action.verb is Verb.ADD_PROMPT:
        if _ended(before, place, now):
            return Answer(content=campaign_views.over(before, guest=False), accepted=False)
        return _add(tx, tools, press, before, place, now)
    prompt = _find(before, action.value)
    match action.verb:
        case Verb.SAVE_PROMPT:
            _correct(tx, tools, press, before, prompt, now)
        case Verb.SAVE_DAY:
            _move(tx, press, before, prompt, now)
        case Verb.SURE_REMOVE:
            if not prompts.remove(tx, before.id, prompt.id):
                raise PostedAlready
            _forget_story(tx, before, prompt, now)
            effects_out.put_scrub(tx, tools.jobs, now)
        case _:
            raise NotAnAction
    after = changed(tx, tools, before, now)
    if action.verb is Verb.SURE_REMOVE:
        return Answer(content=views.removed(after.id))
    return _one(tx, tools, after, _find(after, prompt.id), place, now)


def changed(tx: Transaction, tools: Tools, before: Campaign, now: datetime) -> Campaign:
    """What follows from other cards in a campaign: its alarms are set anew. Returns it as it is now."""
    after = stored.load(tx, before.id, None)
    if any(
        rules.used_up(before, stored.past(tx, before.id, each.id)) for each in stored.channels(tx, after.id)
    ):
        # It was over, and goes on like after a pause: the days between were not missed.
        going = replace(after, since=now)
        stored.save(tx, after, going)
        after = going
    daily.arm(tx, tools, after, now)
    return after


def _add(
    tx: Transaction, tools: Tools, press: Press, before: Campaign, place: Channel, now: datetime
) -> Answer:
    entries = Entries(press.fields)
    wish = _wish(entries)
    on = day(entries, before, None, now)
    if entries.problems or wish is None:
        raise BadFields(entries.again(views.form(before.id)))
    if not inbound.first_time(tx, tools.keyring, press.event, now.date()):
        return Answer(content=refusals.twice())
    prompt = Prompt(
        id=PromptId(tools.chance.id()),
        card=card(tools, wish.words, wish.shoes, wish.note),
        on=on,
        credit=wish.credit,
    )
    prompts.add(tx, before.id, prompt)
    return _one(tx, tools, changed(tx, tools, before, now), prompt, place, now)


def card(
    tools: Tools, words: str, shoes: Perspective, note: str = "", outcome: Outcome = Outcome.LISTENED_TO
) -> Card:
    """A card of somebody's words. What a pack would say beside them is the usual, which fits all."""
    return Card(
        id=CardId(tools.chance.id()),
        perspective=shoes,
        statement=words,
        question=views.question(),
        outcome=outcome,
        effect=StoneEffect.DECIDE,
        content_note=note,
    )


def _correct(
    tx: Transaction, tools: Tools, press: Press, before: Campaign, prompt: Prompt, now: datetime
) -> None:
    entries = Entries(press.fields)
    wish = _wish(entries, prompt.card.perspective)
    if wish is None:
        raise BadFields(entries.again(views.change_form(before.id, prompt)))
    right = replace(prompt.card, statement=wish.words, perspective=wish.shoes, content_note=wish.note)
    if right.statement != prompt.card.statement:
        right = replace(right, plain="")  # it says the words of before
    told = library.of_prompt(tx, before.id, prompt.id)
    # How a story is named is for its writer to say; nobody else gives it another name.
    name = wish.credit if told is None or not wish.credit else prompt.credit
    show_corrected(tx, tools, before.id, replace(prompt, card=right, credit=name), now)
    if told is not None:
        home, story = told
        named = story.named and bool(name)
        after = replace(story, words=wish.words, shoes=wish.shoes.id, named=named, credit=name)
        stories.revise(tx, home, after, now)


def show_corrected(
    tx: Transaction, tools: Tools, campaign: CampaignId, prompt: Prompt, now: datetime
) -> None:
    """Take over a corrected card; the boards that show it say so."""
    show(tx, tools, prompts.correct(tx, campaign, prompt, now))
    effects_out.put_scrub(tx, tools.jobs, now)


def credit(tx: Transaction, tools: Tools, campaign: str, prompt: str, name: str, now: datetime) -> None:
    """The writer of a card wants to be named otherwise, or not at all."""
    try:
        before = stored.load(tx, CampaignId(campaign), None)
        was = _find(before, prompt)
    except (NoSuchCampaign, NoSuchPrompt):
        return  # taken out before
    show_corrected(tx, tools, before.id, replace(was, credit=name), now)


def show(tx: Transaction, tools: Tools, of: list[RoundId]) -> None:
    """Bring the boards of rounds up to date."""
    for id in of:
        round = rounds.load(tx, tools.keyring, id, community=None).round
        effects_out.put(tx, tools.jobs, round, [ShowBoard()])


def _move(tx: Transaction, press: Press, before: Campaign, prompt: Prompt, now: datetime) -> None:
    if prompts.was_posted(tx, before.id, prompt.id):
        raise PostedAlready
    entries = Entries(press.fields)
    on = day(entries, before, prompt, now)
    if entries.problems:
        raise BadFields(entries.again(views.day_form(before.id, prompt)))
    if prompt in before.reserve:
        # With a day of its own it waits no longer for a day on which nothing else is ready.
        prompts.remove(tx, before.id, prompt.id)
        prompts.add(tx, before.id, replace(prompt, on=on))
    else:
        prompts.move(tx, before.id, prompt.id, on=on)


def _forget_story(tx: Transaction, campaign: Campaign, prompt: Prompt, now: datetime) -> None:
    """A story whose card is taken out stays in the library."""
    told = library.of_prompt(tx, campaign.id, prompt.id)
    if told is not None:
        home, story = told
        stories.revise(tx, home, replace(story, campaign="", prompt=""), now)


def take_back(tx: Transaction, tools: Tools, campaign: str, prompt: str, now: datetime) -> None:
    """The writer of a card takes the words back: a card that waits is gone, a board says so."""
    try:
        before = stored.load(tx, CampaignId(campaign), None)
        if not prompts.remove(tx, before.id, PromptId(prompt)):
            show(tx, tools, prompts.take_back(tx, before.id, PromptId(prompt), views.taken_back()))
    except (NoSuchCampaign, NoSuchPrompt):
        return  # taken out before
    changed(tx, tools, before, now)


# --- what was typed --------------------------------------------------------------------


def _wish(entries: Entries, *own: Perspective) -> Wish | None:
    """A card as a form describes it, in shoes that everybody knows or in its `own`."""
    words = entries.words("words", views.WORDS_LENGTH)
    offered = {**PERSPECTIVES, **{each.id: each for each in own}}
    shoes = offered.get(PerspectiveId(entries.choice("shoes", offered)))
    credit = entries.line("credit", views.CREDIT_LENGTH, needed=False)
    note = entries.line("note", views.NOTE_LENGTH, needed=False)
    if entries.problems or shoes is None:
        return None
    return Wish(words=words, shoes=shoes, credit=credit, note=note)


def day(entries: Entries, campaign: Campaign, prompt: Prompt | None, now: datetime) -> date | None:
    """The local date that a card is meant for; None for the next free one. `prompt` is one that moves."""
    on = entries.day("on", needed=False)
    if on is None:
        return None
    if not timedelta(0) <= on - now.date() + timedelta(days=1) <= FURTHEST:
        entries.problems["on"] = refusals.date_in_past()
        return None
    at = moment_at(on, campaign.time, campaign.zone)
    if at is not None and at <= now:
        entries.problems["on"] = views.day_over()
    elif not rules.is_day(campaign, on):
        entries.problems["on"] = views.not_a_day()
    elif any(each.on == on for each in campaign.prompts if prompt is None or each.id != prompt.id):
        entries.problems["on"] = views.taken_day()
    return on
