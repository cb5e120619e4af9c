"""What stories about stored campaigns begin with: one in the room, at nine, from Monday 7 June 2027 on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from bot.game.calendar import Break
from bot.game.campaigns import Campaign, CampaignChannel, CampaignId, Posted, Prompt, PromptId
from bot.game.model import CardId, ChannelId, CommunityId, PersonId, Policy
from storage import campaigns
from storage.database import Transaction
from tests.builders import ADA, NOON, a_card
from tests.storage.builders import HOME, ROOM, found_room, meet

DAY = timedelta(days=1)
WEEK = CampaignId("week")
MONDAY = date(2027, 6, 7)


def a_prompt(id: str, **given: Any) -> Prompt:
    """A prompt with a card of its own."""
    return Prompt(id=PromptId(id), card=a_card(id=CardId(f"card-{id}")), **given)


def a_campaign(**given: Any) -> Campaign:
    """A campaign of three prompts."""
    usual: dict[str, Any] = {
        "id": WEEK,
        "title": "In the shoes of carers",
        "zone": "Europe/London",
        "time": time(9),
        "weekdays": frozenset(range(7)),
        "start": MONDAY,
        "since": NOON - 3 * DAY,
        "prompts": (a_prompt("p1"), a_prompt("p2"), a_prompt("p3")),
    }
    return Campaign(**(usual | given))


FULL = a_campaign(
    time=time(13, 45),
    zone="Pacific/Auckland",
    weekdays=frozenset({0, 2, 6}),
    prompts=(
        a_prompt("p1", on=MONDAY + 2 * DAY),
        a_prompt("s1", needs_approval=True, approved_at=NOON, author=PersonId("ben"), credit="Ben, a carer"),
        a_prompt("s2", needs_approval=True, author=PersonId("ben")),
    ),
    reserve=(a_prompt("r2"), a_prompt("r1")),
    breaks=(
        Break(name="An anniversary", first=MONDAY + 8 * DAY, last=MONDAY + 9 * DAY),
        Break(name="A holiday", first=MONDAY + 3 * DAY, last=MONDAY + 3 * DAY),
    ),
    end=MONDAY + 27 * DAY,
    round_up_on=4,
    paused=True,
    policy=Policy.OPEN,
    contact="Grace, on 020 7946 0000",
    closing_question="What will you do on Monday?",
)
"""A campaign in which nothing is as usual."""


def a_channel(**given: Any) -> CampaignChannel:
    """The room at home, which goes by its community's clock."""
    usual: dict[str, Any] = {"id": ROOM, "zone": "Europe/London", "time": time(9), "since": NOON - 3 * DAY}
    return CampaignChannel(**(usual | given))


def a_day(number: int, **given: Any) -> Posted:
    """That prompt `number` went out as Day `number`, on the days from Monday on."""
    later = (number - 1) * DAY
    day = Posted(on=MONDAY + later, at=NOON + later, prompt=PromptId(f"p{number}"), day=number)
    return replace(day, **given)


def set_up(tx: Transaction, campaign: Campaign | None = None, *channels: CampaignChannel) -> None:
    """Found the room, meet Ada, who organises, and Ben, and store a campaign in its channels."""
    found_room(tx)
    meet(tx, "ada", "ben")
    add_campaign(tx, campaign or a_campaign(), *(channels or (a_channel(),)))


def add_campaign(tx: Transaction, campaign: Campaign, *channels: CampaignChannel, **given: Any) -> None:
    """Store one more."""
    usual: dict[str, Any] = {"community": HOME, "organiser": ADA, "template": None, "now": NOON - 3 * DAY}
    campaigns.create(tx, campaign, **(usual | given))
    for each in channels:
        assert campaigns.join(tx, campaign.id, each)


def load(tx: Transaction, id: CampaignId = WEEK, community: CommunityId | None = None) -> Campaign:
    """The campaign, for whoever asks."""
    return campaigns.load(tx, id, community)


def hall(tx: Transaction, community: CommunityId, name: str = "hall") -> CampaignChannel:
    """Found another community; its channel could take part."""
    found_room(tx, community, ChannelId(name))
    return a_channel(id=ChannelId(name))
