"""What is typed becomes a value: time zones by their city, and what a deal asks for."""

import pytest

from bot.actions import Action, Verb
from bot.game.model import Policy
from bot.presses import BadField, Until, Wish, deal_action, wish_of, zone_of


@pytest.mark.parametrize(
    "typed, zone",
    [
        ("London", "Europe/London"),
        ("new york", "America/New_York"),
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("  los   angeles ", "America/Los_Angeles"),
        ("AUCKLAND", "Pacific/Auckland"),
    ],
)
def test_a_time_zone_is_known_by_its_name_or_its_city(typed: str, zone: str) -> None:
    assert zone_of(typed) == zone


@pytest.mark.parametrize(
    "typed", ["Lodnon", "Mars", "EST", "Etc/GMT+5", "../etc/passwd", "Europe", "x" * 500]
)
def test_what_names_no_place_is_none(typed: str) -> None:
    with pytest.raises(BadField):
        zone_of(typed)


@pytest.mark.parametrize(
    "wish",
    [
        Wish(card="c", policy=Policy.OPEN),
        Wish(card="c", policy=Policy.TOGETHER, respond=60, vote=5, fair=False),
        Wish(card="c", policy=Policy.AFTER_YOU, respond=Until.SOONEST, vote=1440),
    ],
)
def test_a_button_deals_just_what_was_wished_for(wish: Wish) -> None:
    assert wish_of(deal_action(wish), {}) == wish


def test_a_button_from_before_the_rule_keeps_its_times_and_the_rule() -> None:
    old = Action(Verb.DEAL, about="c", value="together-1440-60")

    assert wish_of(old, {}) == Wish(card="c", policy=Policy.TOGETHER, respond=1440, vote=60)


@pytest.mark.parametrize("value", ["together-x-60", "together-60-0", "never-60-60", "together-99999999-1"])
def test_a_time_that_nobody_offered_is_refused(value: str) -> None:
    with pytest.raises(BadField):
        wish_of(Action(Verb.DEAL, about="c", value=value), {})
