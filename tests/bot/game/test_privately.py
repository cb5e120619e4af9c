"""Cards that come privately: once for each local date, at the hour by one's own clock, only the newest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.game.calendar import local_date, moment_at, quiet
from bot.game.campaigns import LATE, CampaignChannel, CampaignId, Posted, PromptId
from bot.game.model import ChannelId, Mine, Pause, PersonId, Phase, RoundId
from bot.game.privately import Came, Rung, Subscription, again_at, came, due_at, later, may_go_out, ring
from tests.builders import NOON, a_round, hours

DAY = timedelta(days=1)
NINE = time(9)
HERE = CampaignChannel(id=ChannelId("room"), zone="Europe/London", time=NINE, since=NOON - 9 * DAY)


def utc(day: int, hour: int, minute: int = 0, *, month: int = 6) -> datetime:
    """A moment in June 2027, unless another month is named. London is an hour ahead then."""
    return datetime(2027, month, day, hour, minute, tzinfo=UTC)


def a_subscription(**given: object) -> Subscription:
    """Ben wants a card at five in the afternoon, in London."""
    ben = Subscription(
        campaign=CampaignId("week"),
        person=PersonId("ben"),
        channel=HERE.id,
        zone="Europe/London",
        time=time(17),
        since=utc(1, 8),
    )
    return replace(ben, **given)  # type: ignore[arg-type] # a story fills in fields of any kind


def a_card(name: str, at: datetime) -> Came:
    return Came(RoundId(name), at, at)


MONDAY = a_card("monday", utc(7, 8))
TUESDAY = a_card("tuesday", utc(8, 8))


def test_a_card_comes_at_the_hour_that_was_asked_for_and_once() -> None:
    before = a_subscription()
    assert ring(before, [MONDAY], utc(7, 15, 59)) == Rung(None, before, utc(7, 16))

    rung = ring(before, [MONDAY], utc(7, 16))
    assert rung.send == "monday"
    assert ring(rung.after, [MONDAY], utc(7, 16)) == Rung(None, rung.after, None)


def test_at_the_very_hour_it_is_posted_it_comes_at_once() -> None:
    posted = Posted(on=date(2027, 6, 7), at=utc(7, 8, 0).replace(second=3), prompt=PromptId("p"), day=1)
    card = came(posted, RoundId("monday"), HERE)

    rung = ring(a_subscription(time=NINE), [card], posted.at)

    assert rung.send == "monday", "three seconds late is not a day late"


def test_one_that_is_hours_late_counts_from_when_it_came() -> None:
    posted = Posted(on=date(2027, 6, 7), at=utc(7, 11), prompt=PromptId("p"), day=1, late=True)
    card = came(posted, RoundId("monday"), HERE)

    assert ring(a_subscription(time=NINE), [card], posted.at).next_at == utc(8, 8)


def test_of_two_that_are_due_only_the_newest_comes_and_the_other_never_does() -> None:
    rung = ring(a_subscription(), [MONDAY, TUESDAY], utc(8, 16))

    assert (rung.send, rung.next_at) == ("tuesday", None)
    assert ring(rung.after, [MONDAY, TUESDAY], utc(9, 16)).send is None


def test_after_an_outage_of_days_one_comes_and_never_at_night() -> None:
    before = a_subscription()
    cards = [MONDAY, TUESDAY]
    night = utc(8, 22)  # 23:00 in London

    assert ring(before, cards, night) == Rung(None, before, utc(9, 7))
    assert ring(before, cards, utc(9, 7)).send == "tuesday"


def test_quiet_hours_are_those_of_the_person() -> None:
    ana = a_subscription(zone="America/Los_Angeles", time=time(8))

    assert ring(ana, [MONDAY], utc(7, 15)).send == "monday"  # 08:00 there
    assert ring(ana, [MONDAY], utc(8, 5)).next_at == utc(8, 15)  # 22:00 there


def test_what_was_due_before_they_asked_does_not_come() -> None:
    before = a_subscription(since=utc(7, 16, 30))

    assert ring(before, [MONDAY], utc(7, 17)) == Rung(None, before, None)


def test_after_a_change_of_the_posting_time_no_card_comes_twice() -> None:
    posted = Posted(on=date(2027, 6, 7), at=utc(7, 7, 30), prompt=PromptId("p"), day=1)
    half_past = replace(HERE, time=time(8, 30))
    rung = ring(a_subscription(), [came(posted, RoundId("monday"), half_past)], utc(7, 16))

    assert ring(rung.after, [came(posted, RoundId("monday"), HERE)], utc(8, 16)).send is None


def test_what_is_put_off_comes_again_once() -> None:
    rung = ring(a_subscription(), [MONDAY], utc(7, 16))
    put_off = later(rung.after, RoundId("monday"), again_at(utc(7, 16, 5), "Europe/London"))

    assert ring(put_off, [MONDAY], utc(7, 17)).next_at == utc(7, 17, 5)
    again = ring(put_off, [MONDAY], utc(7, 17, 5))
    assert again.send == "monday"
    assert ring(again.after, [MONDAY], utc(7, 18, 5)) == Rung(None, again.after, None)


def test_put_off_in_the_evening_it_comes_in_the_morning() -> None:
    assert again_at(utc(7, 19, 30), "Europe/London") == utc(8, 7)


def test_a_newer_card_takes_the_place_of_one_that_was_put_off() -> None:
    rung = ring(a_subscription(time=NINE), [MONDAY], utc(7, 8))
    put_off = later(rung.after, RoundId("monday"), utc(8, 8))

    rung = ring(put_off, [MONDAY, TUESDAY], utc(8, 8))

    assert (rung.send, rung.next_at) == ("tuesday", None)


def test_an_older_card_that_is_put_off_does_not_keep_a_newer_one_from_coming() -> None:
    put_off = later(a_subscription(had=MONDAY.at), RoundId("monday"), utc(8, 14))

    rung = ring(put_off, [MONDAY, TUESDAY], utc(8, 14))
    assert (rung.send, rung.next_at) == ("monday", utc(8, 16))


def test_to_who_takes_no_private_messages_nothing_comes() -> None:
    closed = a_subscription(refused=True)

    assert ring(closed, [MONDAY], utc(7, 16)) == Rung(None, closed, None)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe"])
def test_over_a_change_of_the_clocks_it_stays_the_hour_on_the_wall(zone: str) -> None:
    wish = a_subscription(zone=zone, since=utc(1, 0, month=1))
    for first in (date(2027, 3, 10), date(2027, 3, 26), date(2027, 4, 2), date(2027, 10, 29)):
        for day in (first + n * DAY for n in range(5)):
            posted = moment_at(day, time(12), zone)
            assert posted is not None
            assert due_at(posted, wish).astimezone(ZoneInfo(zone)).time() == time(17)


ZONES = st.sampled_from(
    [
        "Europe/London",
        "Asia/Kolkata",
        "Pacific/Auckland",
        "America/Los_Angeles",
        "Australia/Lord_Howe",
        "America/Nuuk",
        "Pacific/Apia",
        "Africa/Cairo",
    ]
)
HALF_HOURS = st.builds(time, st.integers(8, 20), st.sampled_from([0, 30]))
STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
GAPS = st.lists(st.integers(60, 3 * 24 * 60), min_size=1, max_size=8)  # minutes


def after(start: datetime, gaps: list[int]) -> list[Came]:
    """Cards that come after a moment, so many minutes after each other."""
    waited = accumulate(timedelta(minutes=gap) for gap in gaps)
    return [a_card(f"card-{number}", start + each) for number, each in enumerate(waited)]


@given(ZONES, HALF_HOURS, STARTS, GAPS)
def test_each_local_date_has_one_at_most_at_its_hour_if_somebody_is_awake(
    zone: str, wanted: time, start: datetime, gaps: list[int]
) -> None:
    subscription = a_subscription(zone=zone, time=wanted, since=start)
    cards = after(start, gaps)
    sent: list[tuple[datetime, RoundId]] = []
    moment: datetime | None = start
    for card in cards:  # the alarm is set anew with each card, and then rings by itself
        while moment is not None and moment < card.at:
            subscription, moment = _rung(
                subscription, [each for each in cards if each.at <= moment], moment, sent
            )
        moment = card.at
    while moment is not None:
        subscription, moment = _rung(subscription, cards, moment, sent)

    dates = [local_date(each, zone) for each, _round in sent]
    assert len(set(dates)) == len(dates)
    assert len({round for _at, round in sent}) == len(sent)
    for each, _round in sent:
        assert each == moment_at(local_date(each, zone), wanted, zone)
    assert sent[-1][1] == cards[-1].round, "the newest always comes"
    assert sent[-1][0] - cards[-1].at <= 2 * DAY


def _rung(
    before: Subscription, cards: list[Came], now: datetime, sent: list[tuple[datetime, RoundId]]
) -> tuple[Subscription, datetime | None]:
    rung = ring(before, cards, now)
    if rung.send is not None:
        sent.append((now, rung.send))
    assert rung.next_at is None or rung.next_at > now
    return rung.after, rung.next_at


@given(ZONES, HALF_HOURS, STARTS, GAPS, st.lists(st.integers(1, 4 * 24 * 60), max_size=12))
def test_however_late_an_alarm_rings_none_comes_twice_none_goes_back_and_none_at_night(
    zone: str, wanted: time, start: datetime, gaps: list[int], waits: list[int]
) -> None:
    subscription = a_subscription(zone=zone, time=wanted, since=start)
    cards = after(start, gaps)
    sent, now = list[datetime](), start
    for wait in waits:
        now += timedelta(minutes=wait)
        rung = ring(subscription, [each for each in cards if each.at <= now], now)
        subscription = rung.after
        if rung.send is not None:
            assert quiet(now, zone) is None
            (card,) = [each for each in cards if each.round == rung.send]
            assert due_at(card.at, subscription) <= now
            assert not sent or card.at > sent[-1]
            sent.append(card.at)


def test_only_a_card_that_is_open_and_not_answered_goes_out() -> None:
    open = a_round()
    assert may_go_out(open)
    assert not may_go_out(replace(open, mine=Mine(passed=True)))
    assert not may_go_out(replace(open, phase=Phase.VOTING))
    assert not may_go_out(replace(open, phase=Phase.CLOSED))
    assert not may_go_out(replace(open, pause=Pause(since=NOON, asked=False)))


def test_a_delay_of_more_than_an_hour_is_none_of_a_moment() -> None:
    at = utc(7, 8) + LATE + timedelta(seconds=1)
    posted = Posted(on=date(2027, 6, 7), at=at, prompt=PromptId("p"), day=1, late=True)

    assert came(posted, RoundId("monday"), HERE).counts_from == at
    assert came(replace(posted, at=utc(7, 8) + hours(1)), RoundId("monday"), HERE).counts_from == utc(7, 8)
