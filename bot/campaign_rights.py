"""Who may do what to a campaign: who looks after its channel, guests of another community, and until when."""

from __future__ import annotations

from bot.actions import Action, Verb
from bot.chat import Press
from bot.game.campaigns import Campaign
from bot.views.campaign_forms import Part
from storage import campaigns as stored
from storage import communities
from storage.communities import Channel, Person
from storage.database import Transaction

CHANGES = frozenset({Verb.CHANGE_CAMPAIGN, Verb.SAVE_CAMPAIGN})
WHILE_IT_GOES_ON = frozenset({Verb.PAUSE_CAMPAIGN, Verb.RESUME_CAMPAIGN, Verb.CAMPAIGN_CODE})
"""Forms about a campaign, each for a part of it; and what is for one that has not ended."""

OF_GUESTS = frozenset({Verb.PAUSE_CAMPAIGN, Verb.RESUME_CAMPAIGN, Verb.LEAVE_CAMPAIGN})
CHANGES_OF_GUESTS = frozenset({(Verb.CHANGE_CAMPAIGN, Part.HERE), (Verb.SAVE_CAMPAIGN, Part.HERE)})
"""What a channel may do that takes part in what another community set up: all of it is about itself."""


class NotYours(Exception):
    """Somebody else looks after the cards in this channel: its organiser's name, perhaps empty."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


def may_change(
    tx: Transaction, press: Press, action: Action, campaign: Campaign, place: Channel, person: Person | None
) -> None:
    """Whether this player may change a campaign: a plan is its maker's until it starts. Raises NotYours."""
    must_organise(tx, press, place, person)
    maker = stored.origin(tx, campaign.id).organiser
    if stored.channels(tx, campaign.id):
        asked = (action.verb, action.value)
        may = not is_guest(tx, campaign, place) or action.verb in OF_GUESTS or asked in CHANGES_OF_GUESTS
    else:
        may = press.manages or (person is not None and person.id == maker)
    if not may:
        raise NotYours(communities.names(tx, [maker]).get(maker, ""))


def must_organise(tx: Transaction, press: Press, place: Channel, person: Person | None) -> None:
    """Whether this player organises here: who dealt the first card, or whom the platform names.

    Where nobody does yet, it is whoever comes first. Raises NotYours.
    """
    organiser = place.organiser
    if organiser is not None and not organises(press, place, person):
        raise NotYours(communities.names(tx, [organiser]).get(organiser, ""))


def organises(press: Press, place: Channel, person: Person | None) -> bool:
    """The same as a yes or no."""
    organiser = place.organiser
    return organiser is None or press.manages or (person is not None and person.id == organiser)


def is_over(tx: Transaction, action: Action, campaign: Campaign) -> bool:
    """Whether a press is for a campaign that goes on, and this one has ended.

    What stays open is its end: a later one makes it go on.
    """
    changes_end = action.value == Part.PLAN
    going = action.verb in WHILE_IT_GOES_ON or (action.verb in CHANGES and not changes_end)
    return going and stored.origin(tx, campaign.id).ended_at is not None


def is_guest(tx: Transaction, campaign: Campaign, place: Channel) -> bool:
    """Whether a channel takes part in what another community set up: then it decides for itself alone."""
    return stored.origin(tx, campaign.id).community != place.community.id
