"""Daily campaigns: which prompt comes when, Day N, breaks, outages, pauses, and what round-ups list."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from bot.game.calendar import Break, quiet
from bot.game.campaigns import (
    BreakTold,
    Campaign,
    CampaignChannel,
    CampaignId,
    Entry,
    NothingReady,
    Posted,
    Prompt,
    PromptId,
    Rung,
    ahead,
    end,
    extend,
    next_day,
    pause,
    resume,
    ring,
    round_up,
    stays_open_until,
    up_next,
)
from bot.game.model import ChannelId
from tests.builders import a_card

DAY = timedelta(days=1)
MON_TO_FRI = frozenset(range(5))
FRIDAY = 4


def june(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment in June 2027 by a clock in London. The 7th is a Monday."""
    return datetime(2027, 6, day, hour, minute, tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def on(day: int) -> date:
    return date(2027, 6, day)


def a_prompt(id: str, **given: Any) -> Prompt:
    return Prompt(id=PromptId(id), card=a_card(), **given)


def prompts(*ids: str) -> tuple[Prompt, ...]:
    return tuple(a_prompt(id) for id in ids)


def a_campaign(**given: Any) -> Campaign:
    """A campaign at 09:00 every day from Monday 7 June 2027 on, set up the Friday before."""
    usual: dict[str, Any] = {
        "id": CampaignId("week"),
        "title": "In the shoes of carers",
        "zone": "Europe/London",
        "time": time(9),
        "weekdays": frozenset(range(7)),
        "start": on(7),
        "since": june(4, 15),
        "prompts": prompts("p1", "p2", "p3", "p4", "p5"),
    }
    return Campaign(**(usual | given))


def a_channel(**given: Any) -> CampaignChannel:
    usual: dict[str, Any] = {
        "id": ChannelId("c1"),
        "zone": "Europe/London",
        "time": time(9),
        "since": june(4, 15),
    }
    return CampaignChannel(**(usual | given))


LONDON = a_channel()
ANNIVERSARY = Break(name="an anniversary", first=on(8), last=on(9))


def posted(prompt: str, day: int, number: int, **given: Any) -> Posted:
    """A prompt that went out at nine o'clock."""
    usual: dict[str, Any] = {"on": on(day), "at": june(day, 9), "prompt": PromptId(prompt), "day": number}
    return Posted(**(usual | given))


def brought(entries: Sequence[Entry]) -> list[str]:
    """What became of the dates, as a list to read: 7 p1."""
    words = []
    for entry in entries:
        match entry:
            case Posted():
                words.append(f"{entry.on.day} {entry.prompt}{' late' if entry.late else ''}")
            case BreakTold():
                words.append(f"{entry.on.day} {entry.about.name} until {entry.back_on}")
            case NothingReady():
                words.append(f"{entry.on.day} nothing")
    return words


# --- the queue -------------------------------------------------------------------------


def test_prompts_come_in_their_order_one_each_day() -> None:
    assert ahead(a_campaign(), LONDON, [], june(4, 15), 3) == (
        posted("p1", 7, 1),
        posted("p2", 8, 2),
        posted("p3", 9, 3),
    )


def test_nothing_comes_before_the_start_nor_on_other_weekdays() -> None:
    campaign = a_campaign(weekdays=MON_TO_FRI, start=on(10))

    assert brought(ahead(campaign, LONDON, [], june(4, 15), 3)) == ["10 p1", "11 p2", "14 p3"]
    assert ring(campaign, LONDON, [], june(4, 15)).next_at == june(10, 9)


def test_nothing_comes_after_the_end() -> None:
    campaign = a_campaign(end=on(8))

    assert brought(ahead(campaign, LONDON, [], june(4, 15), 9)) == ["7 p1", "8 p2"]
    assert ring(campaign, LONDON, [posted("p1", 7, 1), posted("p2", 8, 2)], june(9, 10)).entry is None


def test_a_prompt_meant_for_a_date_comes_on_it_and_not_before() -> None:
    campaign = a_campaign(prompts=(a_prompt("carers-day", on=on(8)), *prompts("p1", "p2")))

    assert brought(ahead(campaign, LONDON, [], june(4, 15), 3)) == ["7 p1", "8 carers-day", "9 p2"]


def test_a_prompt_that_missed_its_date_comes_before_the_others() -> None:
    late_date, early_date = a_prompt("second", on=on(8)), a_prompt("first", on=on(7))
    campaign = a_campaign(prompts=(*prompts("p1"), late_date, early_date, a_prompt("today", on=on(9))))

    assert [
        up_next(campaign, past, on(9))
        for past in ([], [posted("today", 9, 1)], [posted("first", 7, 1), posted("today", 9, 2)])
    ] == [campaign.prompts[3], early_date, late_date]


def test_a_story_comes_if_it_was_approved_a_day_ahead() -> None:
    story = a_prompt("story", needs_approval=True, approved_at=june(7, 9))
    campaign = a_campaign(prompts=(story,), reserve=prompts("r1"))

    assert up_next(campaign, [], on(8)) == story
    assert up_next(replace(campaign, prompts=(replace(story, approved_at=june(7, 9, 1)),)), [], on(8)) == (
        a_prompt("r1")
    )
    assert up_next(replace(campaign, prompts=(replace(story, approved_at=None),)), [], on(8)) == a_prompt(
        "r1"
    )


def test_a_story_that_waits_lets_the_others_pass() -> None:
    story = a_prompt("story", needs_approval=True, approved_at=june(7, 12))
    campaign = a_campaign(prompts=(story, *prompts("p1", "p2", "p3")))

    assert brought(ahead(campaign, LONDON, [], june(4, 15), 4)) == ["7 p1", "8 p2", "9 story", "10 p3"]


def test_a_story_is_ready_in_every_channel_or_in_none() -> None:
    # Auckland has its Tuesday 11 hours before London has; the campaign lives in London.
    story = a_prompt("story", needs_approval=True, approved_at=june(7, 8))
    campaign = a_campaign(prompts=(story,), start=on(8))
    auckland = a_channel(zone="Pacific/Auckland")

    assert brought(ahead(campaign, auckland, [], june(4, 15), 1)) == ["8 story"]
    assert brought(ahead(campaign, LONDON, [], june(4, 15), 1)) == ["8 story"]


def test_without_prompts_the_reserve_comes_and_then_organisers_hear_that_nothing_is_ready() -> None:
    campaign = a_campaign(prompts=prompts("p1"), reserve=prompts("r1"), end=on(30))

    assert brought(ahead(campaign, LONDON, [], june(4, 15), 4)) == ["7 p1", "8 r1", "9 nothing", "10 nothing"]


def test_without_a_last_day_a_campaign_is_over_once_its_prompts_are_used_up() -> None:
    campaign = a_campaign(prompts=prompts("p1"), reserve=prompts("r1"))

    assert brought(ahead(campaign, LONDON, [], june(4, 15), 4)) == ["7 p1"]
    assert ring(campaign, LONDON, [posted("p1", 7, 1)], june(8, 9)) == Rung(None, None)


def test_days_without_a_prompt_are_not_counted() -> None:
    past: list[Entry] = [posted("p1", 7, 1), NothingReady(on=on(8), at=june(8, 9))]

    assert next_day(past) == 2
    assert ring(a_campaign(), LONDON, past, june(9, 9)).entry == posted("p2", 9, 2)


# --- one entry for each date -----------------------------------------------------------


def test_ringing_twice_brings_nothing_twice() -> None:
    assert ring(a_campaign(), LONDON, [posted("p1", 7, 1)], june(7, 9)).entry is None
    assert ring(a_campaign(), LONDON, [posted("p1", 7, 1)], june(7, 9)).next_at == june(8, 9)


def test_ringing_early_brings_nothing_yet() -> None:
    rung = ring(a_campaign(), LONDON, [], june(7, 8, 59))

    assert (rung.entry, rung.next_at) == (None, june(7, 9))


def test_a_later_time_does_not_bring_a_second_prompt_on_the_same_day() -> None:
    changed = replace(LONDON, time=time(14))

    rung = ring(a_campaign(), changed, [posted("p1", 7, 1)], june(7, 14))

    assert (rung.entry, rung.next_at) == (None, june(8, 14))
    assert ring(a_campaign(), changed, [posted("p1", 7, 1)], june(7, 10)).next_at == june(8, 14)


def test_a_channel_that_moves_west_has_no_date_twice() -> None:
    # Tuesday 09:00 in Auckland is Monday in Los Angeles, where Tuesday is still to come.
    auckland, los_angeles = a_channel(zone="Pacific/Auckland"), a_channel(zone="America/Los_Angeles")
    past = ahead(a_campaign(start=on(8)), auckland, [], june(4, 15), 1)

    assert past[0].at == june(7, 22)
    assert brought(ahead(a_campaign(), los_angeles, past, june(7, 23), 1)) == ["9 p2"]


def test_a_channel_that_moves_east_over_its_hour_has_its_prompt_at_once() -> None:
    los_angeles, london = a_channel(zone="America/Los_Angeles"), LONDON
    eleven = june(7, 11)

    assert ring(a_campaign(), los_angeles, [], eleven).entry is None
    assert ring(a_campaign(), london, [], eleven).entry == posted("p1", 7, 1, at=eleven, late=True)


def test_29_february_is_a_day_like_others() -> None:
    campaign = a_campaign(start=date(2028, 2, 28))

    assert [entry.on for entry in ahead(campaign, LONDON, [], june(7), 3)] == [
        date(2028, 2, 28),
        date(2028, 2, 29),
        date(2028, 3, 1),
    ]


# --- outages ---------------------------------------------------------------------------


def test_after_an_outage_over_days_one_late_prompt_comes_and_none_is_lost() -> None:
    past = [posted("p1", 7, 1)]

    rung = ring(a_campaign(), LONDON, past, june(10, 11))

    assert rung.entry == posted("p2", 10, 2, at=june(10, 11), late=True)
    assert rung.next_at == june(11, 9)
    assert brought(ahead(a_campaign(), LONDON, past, june(10, 11), 4)) == [
        "10 p2 late",
        "11 p3",
        "12 p4",
        "13 p5",
    ]


def test_a_prompt_is_late_after_more_than_an_hour() -> None:
    assert ring(a_campaign(), LONDON, [], june(7, 10)).entry == posted("p1", 7, 1, at=june(7, 10))
    assert ring(a_campaign(), LONDON, [], june(7, 10, 1)).entry == (
        posted("p1", 7, 1, at=june(7, 10, 1), late=True)
    )


def test_what_was_missed_yesterday_waits_for_todays_hour() -> None:
    rung = ring(a_campaign(), LONDON, [], june(8, 8, 30))

    assert (rung.entry, rung.next_at) == (None, june(8, 9))
    assert ring(a_campaign(), LONDON, [], june(8, 9)).entry == posted("p1", 8, 1)


def test_nothing_late_comes_in_the_evening() -> None:
    half_past_eight = a_channel(time=time(20, 30))
    rung = ring(a_campaign(), LONDON, [], june(7, 21))

    assert ring(a_campaign(), half_past_eight, [], june(7, 21, 10)).entry is None
    assert (rung.entry, rung.next_at) == (None, june(8, 9))
    assert ring(a_campaign(), LONDON, [], june(7, 20, 59)).entry is not None


def test_an_hour_in_the_night_is_the_organisers_choice_and_what_is_late_then_waits_until_eight() -> None:
    night = a_channel(time=time(1, 30))

    assert brought(ahead(a_campaign(), night, [], june(4, 15), 1)) == ["7 p1"]
    assert ring(a_campaign(), night, [], june(7, 2, 30)).entry is not None
    rung = ring(a_campaign(), night, [], june(7, 2, 31))
    assert (rung.entry, rung.next_at) == (None, june(7, 8))
    assert ring(a_campaign(), night, [], june(7, 8)).entry == posted("p1", 7, 1, at=june(7, 8), late=True)


def test_a_busy_minute_before_midnight_loses_nothing() -> None:
    midnight = a_channel(time=time(23, 59))

    rung = ring(a_campaign(), midnight, [], june(8, 0, 1))

    assert rung.entry == posted("p1", 7, 1, at=june(8, 0, 1))
    assert rung.next_at == june(8, 23, 59)


# --- breaks ----------------------------------------------------------------------------


def test_a_break_is_told_on_its_first_day_with_the_date_of_return() -> None:
    campaign = a_campaign(breaks=(ANNIVERSARY,))

    assert ahead(campaign, LONDON, [], june(4, 15), 3) == (
        posted("p1", 7, 1),
        BreakTold(on=on(8), at=june(8, 9), about=ANNIVERSARY, back_on=on(10)),
        posted("p2", 10, 2),
    )


def test_once_told_of_a_break_the_channel_is_left_alone_until_its_end() -> None:
    campaign = a_campaign(breaks=(ANNIVERSARY,))
    told = BreakTold(on=on(8), at=june(8, 9), about=ANNIVERSARY, back_on=on(10))

    assert ring(campaign, LONDON, [], june(8, 9)).next_at == june(10, 9)
    assert ring(campaign, LONDON, [told], june(9, 9)).entry is None


def test_the_date_of_return_is_a_day_with_a_prompt() -> None:
    long_weekend = Break(name="a long weekend", first=on(10), last=on(11))
    monday = Break(name="a bank holiday", first=on(14), last=on(14))
    campaign = a_campaign(weekdays=MON_TO_FRI, breaks=(long_weekend, monday), start=on(10))

    told = ring(campaign, LONDON, [], june(10, 9)).entry

    assert told == BreakTold(on=on(10), at=june(10, 9), about=long_weekend, back_on=on(15))
    assert brought(ahead(campaign, LONDON, [told], june(10, 9), 2)) == [
        "14 a bank holiday until 2027-06-15",
        "15 p1",
    ]


def test_a_break_up_to_the_end_has_no_date_of_return() -> None:
    campaign = a_campaign(breaks=(ANNIVERSARY,), end=on(9))

    assert brought(ahead(campaign, LONDON, [posted("p1", 7, 1)], june(7, 9), 3)) == [
        "8 an anniversary until None"
    ]


def test_a_break_without_a_posting_day_is_not_told() -> None:
    weekend = Break(name="a weekend away", first=on(12), last=on(13))
    campaign = a_campaign(weekdays=MON_TO_FRI, breaks=(weekend,), start=on(11))

    assert brought(ahead(campaign, LONDON, [], june(4, 15), 2)) == ["11 p1", "14 p2"]


def test_a_break_is_told_a_day_late_rather_than_not() -> None:
    campaign = a_campaign(breaks=(ANNIVERSARY,))

    assert brought(ahead(campaign, LONDON, [posted("p1", 7, 1)], june(9, 8), 2)) == [
        "9 an anniversary until 2027-06-10",
        "10 p2",
    ]


def test_a_break_that_is_made_longer_is_told_again() -> None:
    told = BreakTold(on=on(8), at=june(8, 9), about=ANNIVERSARY, back_on=on(10))
    longer = replace(ANNIVERSARY, last=on(10))

    assert brought(ahead(a_campaign(breaks=(longer,)), LONDON, [told], june(8, 10), 2)) == [
        "9 an anniversary until 2027-06-11",
        "11 p1",
    ]


def test_a_break_that_is_called_off_brings_its_days_back() -> None:
    told = BreakTold(on=on(8), at=june(8, 9), about=ANNIVERSARY, back_on=on(10))

    assert brought(ahead(a_campaign(breaks=()), LONDON, [told], june(8, 10), 1)) == ["9 p1"]


# --- pause, resume, extend, end --------------------------------------------------------


def test_while_it_is_paused_nothing_comes_and_then_it_goes_on_with_the_next() -> None:
    past = [posted("p1", 7, 1)]
    paused = pause(a_campaign())

    assert ring(paused, LONDON, past, june(8, 9)).entry is None
    assert ring(paused, LONDON, past, june(8, 9)).next_at is None
    assert ahead(resume(paused, june(9, 12)), LONDON, past, june(9, 12), 1) == (posted("p2", 10, 2),)


def test_one_channel_may_pause_alone() -> None:
    paused = pause(LONDON)

    assert ring(a_campaign(), paused, [], june(7, 9)).entry is None
    assert brought(ahead(a_campaign(), resume(paused, june(7, 9)), [], june(7, 9), 1)) == ["8 p1"]


def test_resuming_twice_changes_nothing() -> None:
    assert resume(a_campaign(), june(9, 12)) == a_campaign()


def test_extending_goes_on_counting() -> None:
    campaign = a_campaign(end=on(8))
    past = [posted("p1", 7, 1), posted("p2", 8, 2)]

    assert ahead(extend(campaign, on(9), june(8, 10)), LONDON, past, june(8, 10), 5) == (posted("p3", 9, 3),)


def test_extending_after_the_end_goes_on_with_the_next_hour() -> None:
    campaign = extend(a_campaign(end=on(8)), on(30), june(12, 12))

    assert brought(ahead(campaign, LONDON, [posted("p1", 7, 1)], june(12, 12), 1)) == ["13 p2"]


def test_extending_before_the_end_keeps_what_is_late() -> None:
    campaign = extend(a_campaign(end=on(8)), on(30), june(8, 12))

    assert brought(ahead(campaign, LONDON, [posted("p1", 7, 1)], june(8, 12), 1)) == ["8 p2 late"]


def test_extending_never_makes_it_shorter_and_ending_never_longer() -> None:
    campaign = a_campaign(end=on(20))

    assert extend(campaign, on(15), june(8)) == campaign
    assert extend(a_campaign(), on(15), june(8)) == a_campaign()
    assert end(campaign, on(25)) == campaign
    assert end(campaign, on(10)).end == on(10)
    assert end(a_campaign(), on(10)).end == on(10)


# --- how long a prompt stays open, and the round-up ------------------------------------


def test_a_prompt_stays_open_until_the_second_next_one() -> None:
    campaign = a_campaign(weekdays=MON_TO_FRI, breaks=(Break(name="rest", first=on(14), last=on(14)),))

    assert stays_open_until(campaign, LONDON, june(7, 9)) == june(9, 9)
    assert stays_open_until(campaign, LONDON, june(10, 11)) == june(15, 9)  # Friday, then Tuesday
    assert stays_open_until(replace(campaign, end=on(11)), LONDON, june(11, 9)) == june(16, 9)


def test_a_round_up_lists_what_came_since_the_last_one() -> None:
    told = BreakTold(on=on(9), at=june(9, 9), about=ANNIVERSARY, back_on=on(10))
    past: list[Entry] = [posted("p0", 4, 1), posted("p1", 7, 2), told, posted("p2", 11, 3)]

    listed = round_up(a_campaign(round_up_on=FRIDAY), past, on(11), last=june(4, 9), now=june(11, 9))

    assert listed is not None
    assert brought(listed.posted) == ["7 p1", "11 p2"]
    assert listed.breaks == (told,)


def test_what_comes_after_a_round_up_on_the_same_day_is_in_the_next() -> None:
    campaign, past = a_campaign(round_up_on=FRIDAY), [posted("p1", 10, 1), posted("p2", 11, 2)]

    first = round_up(campaign, past, on(11), last=None, now=june(11, 8))
    second = round_up(campaign, past, on(18), last=june(11, 8), now=june(18, 8))

    assert [brought(each.posted) for each in (first, second) if each] == [["10 p1"], ["11 p2"]]


def test_no_round_up_on_other_days_nor_in_a_break_nor_in_a_pause_nor_without_a_prompt() -> None:
    campaign, past = a_campaign(round_up_on=FRIDAY), [posted("p1", 7, 1)]
    friday_off = Break(name="rest", first=on(11), last=on(11))

    def listed(campaign: Campaign, past: Sequence[Entry], day: int) -> bool:
        return round_up(campaign, past, on(day), last=None, now=june(day, 9)) is not None

    assert listed(campaign, past, 11)
    assert not listed(campaign, past, 10)
    assert not listed(replace(campaign, breaks=(friday_off,)), past, 11)
    assert not listed(pause(campaign), past, 11)
    assert not listed(campaign, [NothingReady(on=on(7), at=june(7, 9))], 11)
    assert not listed(replace(campaign, round_up_on=None), past, 11)


# --- anything may happen ---------------------------------------------------------------

ZONES = ("Europe/London", "America/Nuuk", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Auckland")
START = datetime(2027, 3, 20, 12, tzinfo=UTC)  # clocks change in most of the zones within weeks
QUEUE = (
    *prompts(*(f"p{number}" for number in range(12))),
    a_prompt("dated", on=date(2027, 3, 27)),
    a_prompt("story", needs_approval=True, approved_at=START + 5 * DAY),
)

times = st.sampled_from(
    [time(0), time(1, 30), time(2, 30), time(9), time(20, 30), time(23, 30), time(23, 59)]
)
zones = st.sampled_from(ZONES)
dates = st.integers(0, 40).map(lambda days: START.date() + days * DAY)


@st.composite
def breaks(draw: st.DrawFn) -> Break:
    first = draw(dates)
    return Break(name="rest", first=first, last=first + draw(st.integers(0, 5)) * DAY)


@st.composite
def campaigns(draw: st.DrawFn) -> Campaign:
    return a_campaign(
        zone=draw(zones),
        time=draw(times),
        weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        start=draw(dates),
        since=START,
        prompts=QUEUE,
        reserve=prompts("r1", "r2"),
        breaks=tuple(draw(st.lists(breaks(), max_size=3))),
        end=draw(st.none() | dates),
    )


steps = st.one_of(
    st.just("on time"),
    st.just("on time"),
    st.just("restart"),
    st.timedeltas(timedelta(minutes=1), timedelta(days=4)),  # an outage
    st.sampled_from(["pause", "resume", "extend", "end"]),
    zones,
    times,
)


@given(campaign=campaigns(), zone=zones, at=times, story=st.lists(steps, min_size=5, max_size=40))
def test_whatever_happens_no_date_has_two_prompts_and_none_is_lost_or_doubled(
    campaign: Campaign, zone: str, at: time, story: list[str | time | timedelta]
) -> None:
    channel = a_channel(zone=zone, time=at, since=START)
    now, past = START, list[Entry]()
    for step in story:
        rung = ring(campaign, channel, past, now)
        match step:
            case "on time":
                now = rung.next_at or now + DAY
            case "restart":
                pass
            case timedelta():
                now += step
            case "pause":
                campaign = pause(campaign)
            case "resume":
                campaign = resume(campaign, now)
            case "extend":
                campaign = extend(campaign, (now + 20 * DAY).date(), now)
            case "end":
                campaign = end(campaign, (now + 10 * DAY).date())
            case time():
                channel = replace(channel, time=step)
            case str():
                channel = replace(channel, zone=step)
        rung = ring(campaign, channel, past, now)
        assert rung.next_at is None or rung.next_at > now
        if rung.entry is not None:
            _check(rung.entry, campaign, channel, now)
            past.append(rung.entry)

    days = [entry.on for entry in past]
    assert days == sorted(set(days))
    came = [entry for entry in past if isinstance(entry, Posted)]
    assert [entry.day for entry in came] == list(range(1, len(came) + 1))
    assert len({entry.prompt for entry in came}) == len(came)
    queue = [entry.prompt for entry in came if entry.prompt.startswith("p")]
    assert queue == [prompt.id for prompt in QUEUE[: len(queue)]]


def _check(entry: Entry, campaign: Campaign, channel: CampaignChannel, now: datetime) -> None:
    """An entry is for a date on which one may come, and comes on that date or within the hour."""
    zone = ZoneInfo(channel.zone)
    assert not campaign.paused
    assert entry.at == now > campaign.since
    assert entry.on.weekday() in campaign.weekdays
    assert campaign.start <= entry.on <= (campaign.end or date.max)
    in_break = [each for each in campaign.breaks if entry.on in each]
    assert bool(in_break) == isinstance(entry, BreakTold)
    due = datetime.combine(entry.on, channel.time, tzinfo=zone)
    behind = now - due.astimezone(UTC)
    assert now.astimezone(zone).date() == entry.on or behind <= timedelta(hours=1)
    assert behind >= -timedelta(hours=1)  # only where that time does not exist on that day
    # A gap moves what is due by an hour at most.
    assert quiet(now, channel.zone) is None or (
        behind <= timedelta(hours=2) and (channel.time >= time(21) or channel.time < time(8))
    )
    if isinstance(entry, Posted) and abs(behind - timedelta(hours=1)) > timedelta(hours=1):
        assert entry.late == (behind > timedelta(hours=1))


@given(campaign=campaigns(), zone=zones, at=times)
@example(campaign=a_campaign(since=START, start=START.date()), zone="America/Nuuk", at=time(23, 30))
def test_without_trouble_every_posting_day_has_its_entry_once(
    campaign: Campaign, zone: str, at: time
) -> None:
    last = START.date() + 60 * DAY
    campaign = replace(campaign, end=min(campaign.end or last, last))
    channel = a_channel(zone=zone, time=at, since=START)

    entries = ahead(campaign, channel, [], START, 100)

    first_day = max(campaign.start, START.astimezone(ZoneInfo(zone)).date())
    days = [first_day + count * DAY for count in range((last - first_day).days + 1)]
    if datetime.combine(first_day, at, tzinfo=ZoneInfo(zone)) <= START:
        days = days[1:]
    open_days = [day for day in days if day.weekday() in campaign.weekdays and day <= (campaign.end or last)]
    free = [day for day in open_days if not any(day in each for each in campaign.breaks)]
    assert [entry.on for entry in entries if not isinstance(entry, BreakTold)] == free
    told = [entry.about for entry in entries if isinstance(entry, BreakTold)]
    assert len(told) == len(set(told))
    covered = {day for each in told for day in open_days if day in each}
    assert covered | set(free) == set(open_days)
