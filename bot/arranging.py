"""What a channel has chosen for itself: `shoes settings`. Today that is its clock."""

from __future__ import annotations

from datetime import datetime

from bot import campaign_rights, daily
from bot.actions import Action, Verb
from bot.answers import Answer
from bot.campaign_rights import NotYours
from bot.chat import Press
from bot.presses import BadField, name_of, place_in, typed, zone_of
from bot.tools import Tools
from bot.views import campaigns, channel_settings, refusals
from storage import communities
from storage.database import Transaction

SETTINGS = frozenset({Verb.SETTINGS, Verb.SAVE_SETTINGS})
"""What is about a channel's settings."""


def only_opens(action: Action) -> bool:
    """Whether a press about settings does nothing but open the form."""
    return action.verb is Verb.SETTINGS


def answer(tx: Transaction, tools: Tools, press: Press, action: Action, now: datetime) -> Answer:
    """The form, or what came of it. Raises NoSuchChannel."""
    place = communities.channel(tx, press.channel, press.player.community)
    try:
        if only_opens(action):
            person = communities.find_person(tx, press.player)
            campaign_rights.must_organise(tx, press, place, person)
            return Answer(content=channel_settings.form(place_in(place.time_zone)), show=press.action)
        somebody = communities.person(tx, press.player, tools.chance.id(), name_of({}, press.name))
        campaign_rights.must_organise(tx, press, place, somebody)
    except NotYours as refused:
        return Answer(content=campaigns.not_yours(refused.name), accepted=False)
    try:
        zone = zone_of(typed(press.fields, "zone"))
    except BadField:
        form = channel_settings.form(place_in(place.time_zone))
        again = form.again(press.fields, {"zone": refusals.unknown_zone()})
        return Answer(content=again, accepted=False)
    communities.organise(tx, place.id, somebody.id)
    if zone != place.time_zone:
        communities.set_channel_zone(tx, place.id, zone)
        daily.rearm(tx, tools, place.id, now)
        for tell in tools.zone_changed:
            tx.after_commit(lambda tell=tell: tell(place.id))  # type: ignore[misc] # one for each
    return Answer(content=channel_settings.saved(zone, now))
