"""A campaign from its form to its last day: the plan first, a card a day, breaks, changes, and who may."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot import daily, ringing
from bot.actions import Action, Verb, read, write
from bot.answers import Answer
from bot.chat import Press
from bot.game.campaigns import CampaignChannel, CampaignId
from bot.game.model import ChannelId, CommunityId, PlayerId, Policy
from bot.messages import Buttons, Field, Form, Message
from storage import alarms, campaigns
from storage.database import Transaction
from tests.bot.house import HOME, ROOM, House, said
from tests.gallery.plain import plain, text
from tests.storage.builders import found_room

pytestmark = pytest.mark.asyncio

FIVE_DAYS = {
    "template": "first-five-days",
    "start": "2027-06-08",
    "time": "09:00",
    "weekdays": "01234",
    "contact": "Jo at the front desk, 4th floor",
}
"""It is noon of Monday, 7 June, in London."""

TUESDAY = datetime(2027, 6, 8, 8, tzinfo=UTC)  # 09:00 in London
DAY = timedelta(days=1)


def campaign_of(answer: Answer) -> str:
    """The campaign that an answer's buttons are about."""
    assert isinstance(answer.content, Message)
    actions = [
        read(button.action)
        for block in answer.content.blocks
        if isinstance(block, Buttons)
        for button in block.buttons
    ]
    return next(action.about for action in actions if action.about)


def pressing(answer: Answer, label: str) -> Action:
    """The button of an answer with this label."""
    assert isinstance(answer.content, Message)
    rows = [block for block in answer.content.blocks if isinstance(block, Buttons)]
    return next(read(each.action) for row in rows for each in row.buttons if each.label == label)


async def a_plan(house: House, **fields: str) -> str:
    made = await house.send("ada", Action(Verb.MAKE_CAMPAIGN), FIVE_DAYS | fields)
    assert made.accepted, said(made)
    return campaign_of(made)


async def started(house: House, **fields: str) -> str:
    campaign = await a_plan(house, **fields)
    answer = await house.press("ada", Action(Verb.START_CAMPAIGN, about=campaign))
    assert answer.accepted, said(answer)
    return campaign


async def at(house: House, moment: datetime) -> None:
    await house.ring(after=moment - house.now)


def boards(house: House) -> list[str]:
    """The boards on the wall, in the order in which they came."""
    return [text for text in map(plain, house.chat.posts.values()) if "# Day " in text]


async def test_the_form_has_an_answer_in_everything_but_the_contact(house: House) -> None:
    form = (await house.press("ada", Action(Verb.CAMPAIGN))).content

    assert isinstance(form, Form)
    assert {each.name: bool(each.value) for each in form.fields} == {
        "template": True,
        "start": True,
        "time": True,
        "weekdays": True,
        "contact": False,
    }


async def test_a_plan_shows_the_first_week_in_local_dates_and_posts_nothing(house: House) -> None:
    made = await house.send("ada", Action(Verb.MAKE_CAMPAIGN), FIVE_DAYS)
    await at(house, TUESDAY + DAY)

    assert "Tuesday 8 June: Day 1. In the shoes of «Nia, who came for help with her rent»" in said(made)
    assert "Monday 14 June: Day 5. In the shoes of «Amara, who runs the whole place»" in said(made)
    assert "Jo at the front desk" in said(made)
    assert not house.chat.posts


async def test_a_card_a_day_at_the_local_time_and_none_at_the_weekend(house: House) -> None:
    await started(house)

    for day in range(10):
        await at(house, TUESDAY + day * DAY - timedelta(seconds=1))
        before = len(boards(house))
        await at(house, TUESDAY + day * DAY)
        came = boards(house)[before:]
        assert len(came) == (day in {0, 1, 2, 3, 6}), f"on day {day}"

    told = [re.search("# Day ([0-9]+)", text) for text in boards(house)]
    assert [found[1] for found in told if found] == ["1", "2", "3", "4", "5"]


async def test_before_the_first_card_the_channel_reads_where_help_is(house: House) -> None:
    await started(house)
    await at(house, TUESDAY)

    first = plain(next(iter(house.chat.posts.values())))
    assert "Nobody watches it all day" in first
    assert "Jo at the front desk, 4th floor" in first


async def test_started_twice_it_posts_once(house: House) -> None:
    campaign = await started(house)
    await house.press("ada", Action(Verb.START_CAMPAIGN, about=campaign))
    await at(house, TUESDAY)

    assert len(boards(house)) == 1


async def test_a_break_is_told_once_with_the_date_of_return(house: House) -> None:
    campaign = await started(house)
    saved = await house.press(
        "ada",
        Action(Verb.SAVE_CAMPAIGN, about=campaign, value="break"),
        name="an anniversary",
        first="2027-06-09",
        last="2027-06-10",
    )
    assert saved.accepted, said(saved)
    for day in range(4):
        await at(house, TUESDAY + day * DAY)

    breaks = [text for text in map(plain, house.chat.posts.values()) if "We take a break" in text]
    assert len(breaks) == 1
    assert "We take a break: «an anniversary». The next card comes on Friday 11 June." in breaks[0]
    assert len(boards(house)) == 2


async def test_a_pause_keeps_every_card_for_later(house: House) -> None:
    campaign = await started(house)
    await at(house, TUESDAY)
    await house.press("ada", Action(Verb.PAUSE_CAMPAIGN, about=campaign))
    await at(house, TUESDAY + 2 * DAY + timedelta(hours=1))
    assert len(boards(house)) == 1
    await house.press("ada", Action(Verb.RESUME_CAMPAIGN, about=campaign))
    await at(house, TUESDAY + 3 * DAY)

    assert len(boards(house)) == 2
    assert "Day 2" in boards(house)[1]
    assert "late" not in boards(house)[1]


async def test_while_it_is_paused_its_days_are_shown_only_as_what_would_come(house: House) -> None:
    campaign = await started(house)
    show = Action(Verb.SHOW_CAMPAIGN, about=campaign)
    before = said(await house.press("ada", show))
    assert "What comes next" in before
    await house.press("ada", Action(Verb.PAUSE_CAMPAIGN, about=campaign))
    await at(house, TUESDAY + timedelta(hours=1))  # the hour of this day is over

    paused = said(await house.press("ada", show))
    told, _, would = paused.partition("# If you go on now")
    assert "It is paused. Nothing goes out until somebody presses Go on." in told
    assert "What comes next" not in paused
    assert "Wednesday 9 June: Day 1." in would
    assert "Tuesday 8 June" not in would, "what was due in a pause is not made up for"
    assert "# If it goes on now" in said(await house.press("ben", show))
    await house.press("ada", Action(Verb.RESUME_CAMPAIGN, about=campaign))
    assert (
        "Wednesday 9 June: Day 1." in said(await house.press("ada", show)).partition("# What comes next")[2]
    )


async def test_after_an_outage_one_late_card_comes_and_says_so(house: House) -> None:
    await started(house)
    await at(house, TUESDAY)
    await at(house, TUESDAY + 2 * DAY + timedelta(hours=2))

    assert len(boards(house)) == 2
    assert "Day 2" in boards(house)[1]
    assert "It comes late today" in boards(house)[1]


async def test_an_ended_campaign_is_over_and_asks_first(house: House) -> None:
    campaign = await started(house)
    asked = await house.press("ada", Action(Verb.END_CAMPAIGN, about=campaign))
    await at(house, TUESDAY)
    assert "Shall this campaign end now?" in said(asked)
    assert len(boards(house)) == 1

    await house.press("ada", Action(Verb.END_CAMPAIGN, about=campaign, value="sure"))
    await at(house, TUESDAY + DAY)
    assert len(boards(house)) == 1


def ends(house: House) -> list[str]:
    return [text for text in map(plain, house.chat.posts.values()) if "# A campaign here has ended" in text]


async def test_when_it_is_ended_by_hand_the_channel_reads_so_once_and_by_whom_is_not_said(
    house: House,
) -> None:
    campaign = await started(house)
    await at(house, TUESDAY)
    end = Action(Verb.END_CAMPAIGN, about=campaign, value="sure")
    for event in ("first", "first", "second"):  # delivered twice, and pressed twice
        await house.press("ada", end, event=event)
        await at(house, house.now + timedelta(minutes=1))

    (told,) = ends(house)
    assert "No more cards of “«Our first five days in other" in told
    assert "Ada" not in told
    await at(house, TUESDAY + 2 * DAY)
    await at(house, TUESDAY + 2 * DAY + timedelta(minutes=1))
    assert len(ends(house)) == 1
    assert "Our campaign has come to its end" in house.chat.text, "the report comes as always"


async def test_where_nothing_was_posted_an_end_is_told_to_nobody(house: House) -> None:
    campaign = await started(house)
    await house.press("ada", Action(Verb.END_CAMPAIGN, about=campaign, value="sure"))
    await at(house, TUESDAY + DAY)

    assert not house.chat.posts


async def test_an_end_at_night_is_told_in_the_morning_unless_it_goes_on_after_all(house: House) -> None:
    end = partial(Action, Verb.END_CAMPAIGN, value="sure")
    kept, ended = await started(house), await started(house, template="carers-week")
    night = TUESDAY + timedelta(hours=13)  # 22:00
    await at(house, TUESDAY)
    await at(house, night)
    for campaign in (kept, ended):
        await house.press("ada", end(about=campaign))
    await at(house, night + timedelta(hours=1))
    assert not ends(house)
    longer = {"title": "On", "contact": "Jo", "end": "2027-07-01", "policy": "after_you", "round_up": "none"}
    saved = await house.send("ada", Action(Verb.SAVE_CAMPAIGN, about=kept, value="plan"), longer)
    assert saved.accepted, said(saved)
    await at(house, TUESDAY + timedelta(hours=23))  # 08:00

    assert len(ends(house)) == 1


async def test_where_it_is_still_yesterday_no_card_comes_after_the_end_either(house: House) -> None:
    campaign = CampaignId(await started(house))
    there = CampaignChannel(
        id=ChannelId("la"), zone="America/Los_Angeles", time=time(17), since=house.now, own_zone=True
    )

    def joins(tx: Transaction) -> None:
        found_room(tx, CommunityId("la-home"), there.id, zone=there.zone)
        campaigns.join(tx, campaign, there)
        daily.arm(tx, house.service.tools, campaigns.load(tx, campaign, None), house.now)

    await house.database.write(joins)
    await at(house, TUESDAY)
    await at(house, TUESDAY + timedelta(hours=16))  # 17:00 in Los Angeles
    assert len(boards(house)) == 2
    night = TUESDAY + timedelta(hours=15, minutes=30) + DAY  # 00:30 of Thursday; there 16:30 of Wednesday
    await at(house, TUESDAY + DAY)
    await at(house, night)
    await house.press("ada", Action(Verb.END_CAMPAIGN, about=campaign, value="sure"))
    await at(house, night)
    assert len(ends(house)) == 1, "there, where it is day"
    await at(house, night + timedelta(hours=8))

    assert len(boards(house)) == 3
    assert len(ends(house)) == 2


async def test_an_end_after_the_report_says_nothing_more(house: House) -> None:
    campaign = await started(house)
    for day in range(10):
        await at(house, TUESDAY + day * DAY)
    await house.ring(after=timedelta(minutes=1))
    assert "Our campaign has come to its end" in house.chat.text
    await house.press("ada", Action(Verb.END_CAMPAIGN, about=campaign, value="sure"))
    await at(house, TUESDAY + 11 * DAY)

    assert not ends(house)


async def test_only_who_looks_after_the_channel_may_change_it(house: House) -> None:
    campaign = await started(house)

    for verb in (Verb.PAUSE_CAMPAIGN, Verb.CHANGE_CAMPAIGN, Verb.END_CAMPAIGN, Verb.CAMPAIGN_CODE):
        refused = await house.press("ben", Action(verb, about=campaign, value="plan"))
        assert not refused.accepted
        assert "«Ada» looks after the cards in this channel. Please ask them." in said(refused)


@pytest.mark.parametrize(
    "fields, problem",
    [
        ({"contact": "  "}, "contact"),
        ({"start": "soon"}, "start"),
        ({"start": "2027-06-01"}, "start"),
        ({"time": "25:00"}, "time"),
        ({"weekdays": "8"}, "weekdays"),
        ({"template": "nothing-like-it"}, "template"),
        ({"contact": "x" * 121}, "contact"),
    ],
)
async def test_what_cannot_be_used_is_said_at_its_field_and_the_rest_stays(
    house: House, fields: dict[str, str], problem: str
) -> None:
    answer = await house.send("ada", Action(Verb.MAKE_CAMPAIGN), FIVE_DAYS | fields)

    assert not answer.accepted
    assert isinstance(answer.content, Form)
    assert [each.name for each in answer.content.fields if each.problem] == [problem]
    values = {each.name: each.value for each in answer.content.fields}
    assert values == FIVE_DAYS | fields


@pytest.mark.parametrize(
    "part, field, missing",
    [
        ("plan", "title", "Please write what it is called."),
        ("plan", "contact", "Please write who people can turn to."),
        ("here", "start", "Please say which day."),
        ("break", "name", "Please write what the break is for."),
        ("break", "first", "Please say which day."),
    ],
)
async def test_what_is_missing_is_named_at_its_field(
    house: House, part: str, field: str, missing: str
) -> None:
    campaign = await started(house)
    answer = await house.press("ada", Action(Verb.SAVE_CAMPAIGN, about=campaign, value=part))

    assert isinstance(answer.content, Form)
    assert text(_field(answer.content, field).problem) == missing


async def test_the_plan_names_the_day_that_the_first_card_really_comes(house: House) -> None:
    campaign = await a_plan(house, start="2027-06-07", time="09:00")  # 09:00 of that Monday is over

    plan = said(await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about=campaign)))
    assert "from 8 June 2027 on" in plan
    assert "7 June 2027" not in plan
    begun = said(await house.press("ada", Action(Verb.START_CAMPAIGN, about=campaign)))
    assert "Tuesday 8 June" in begun
    assert "7 June" not in begun


async def test_no_day_that_is_over_is_taken_in_a_change_either(house: House) -> None:
    campaign = await started(house)
    over = "This day is over. Please choose today or a later day."
    change = partial(house.press, "ada", Action(Verb.SAVE_CAMPAIGN, about=campaign, value="break"))
    assert over in said(await change(name="Inset day", first="2027-06-04"))
    assert over in said(await change(name="Inset day", first="2027-06-01", last="2027-06-04"))
    here = Action(Verb.SAVE_CAMPAIGN, about=campaign, value="here")
    days = {"weekdays": "01234", "time": "09:00", "zone": "London"}
    assert over in said(await house.send("ada", here, days | {"start": "2027-06-01"}))

    await at(house, TUESDAY + DAY)
    assert (await house.send("ada", here, days | {"start": FIVE_DAYS["start"]})).accepted, "it began then"
    going_on = await change(name="Inset days", first=FIVE_DAYS["start"], last="2027-06-10")
    assert going_on.accepted, said(going_on)


async def test_who_does_not_look_after_it_reads_the_plan_without_what_changes_it(house: House) -> None:
    campaign = await started(house)
    plan = said(await house.press("ben", Action(Verb.SHOW_CAMPAIGN, about=campaign)))
    assert "Tuesday 8 June" in plan
    for button in ("Pause", "End it", "Change days and time", "Add a break", "Add a card", "Help lines"):
        assert f"[{button}]" not in plan
    for button in ("Calendar file", "Send me these privately", "Awareness weeks"):
        assert f"[{button}]" in plan


async def test_a_campaign_of_nobody_is_not_here(house: House) -> None:
    answer = await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about="no-such-campaign"))

    assert "This campaign is not here, or not here any more." in said(answer)


async def test_whom_the_platform_names_may_change_what_somebody_else_began(house: House) -> None:
    campaign = await started(house)
    press = Press(
        player=PlayerId("web", HOME, "cat"),
        channel=ROOM,
        action=write(Action(Verb.PAUSE_CAMPAIGN, about=campaign)),
        event="cat pauses",
        name="Cat",
        manages=True,
    )

    answer = await house.service.press(press, house.now)

    assert answer.accepted, said(answer)
    assert "It is paused." in said(answer)


async def test_whom_the_platform_names_decides_about_a_pause(house: House) -> None:
    round = await house.deal(Policy.TOGETHER)
    await house.press("ben", Action(Verb.SEND_PAUSE, round), reason="This is too close to home.")
    press = Press(
        player=PlayerId("web", HOME, "cat"),
        channel=ROOM,
        action=write(Action(Verb.RESUME, round)),
        event="cat goes on",
        name="Cat",
    )

    refused = await house.service.press(press, house.now)
    answer = await house.service.press(replace(press, event="again", manages=True), house.now)

    assert not refused.accepted
    assert answer.accepted, said(answer)


async def test_a_plan_that_was_not_started_is_found_again_by_its_maker_alone(house: House) -> None:
    campaign = await a_plan(house)
    here = await house.press("ada", Action(Verb.CAMPAIGN))
    others = await house.press("ben", Action(Verb.CAMPAIGN))

    assert "You have planned this, and not started it yet." in said(here)
    assert campaign_of(here) == campaign
    assert isinstance(others.content, Form)
    refused = await house.press("ben", Action(Verb.START_CAMPAIGN, about=campaign))
    assert "«Ada» looks after" in said(refused)


async def test_who_began_a_campaign_still_looks_after_the_channel_after_somebody_deals_there(
    house: House,
) -> None:
    await started(house)
    await house.deal(Policy.TOGETHER, by="ben")
    refused = await house.press("ben", Action(Verb.NEW_CAMPAIGN))

    assert "«Ada» looks after the cards in this channel." in said(refused)


async def test_at_home_stands_what_one_looks_after(house: House) -> None:
    player = PlayerId("web", HOME, "ada")
    before = plain(await house.service.home(player, house.now))
    await started(house)
    home = plain(await house.service.home(player, house.now))
    of_ben = plain(await house.service.home(PlayerId("web", HOME, "ben"), house.now))

    assert "Go there, and type: /shoes campaign" in before
    assert "“«Our first five days in other people’s shoes»” in «A team»" in home
    assert "Our first five days" not in of_ben


# --- the rules of a zone change --------------------------------------------------------


async def due_at(house: House) -> list[datetime]:
    """When the alarms of campaigns are set to ring."""
    query = "SELECT due_at FROM alarms WHERE key LIKE 'campaign:%'"
    found = await house.database.read(lambda tx: tx.connection.execute(sa.text(query)).scalars().all())
    return [datetime.fromisoformat(str(each)).replace(tzinfo=UTC) for each in found]


async def set_by_other_rules(house: House) -> None:
    """As if the clocks in London had been an hour behind when the alarms were set."""
    keys = [str(row["key"]) for row in await house.rows("alarms")]
    for key in keys:
        if key.startswith("campaign:"):
            await house.database.write(partial(alarms.put, key=key, due_at=TUESDAY + timedelta(hours=1)))


async def test_when_a_zone_gets_other_rules_the_alarms_follow_at_the_next_start(house: House) -> None:
    await started(house)
    await set_by_other_rules(house)

    await house.service.follow_zones("2027b", lambda: house.now)

    assert await due_at(house) == [TUESDAY]
    await at(house, TUESDAY)
    assert len(boards(house)) == 1


async def test_while_the_rules_are_the_same_a_start_computes_nothing(house: House) -> None:
    await started(house)
    await house.service.follow_zones("2027b", lambda: house.now)
    await set_by_other_rules(house)

    await house.service.follow_zones("2027b", lambda: house.now)

    assert await due_at(house) == [TUESDAY + timedelta(hours=1)]


async def test_all_campaigns_follow_however_many_there_are(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ringing, "ARMED_AT_ONCE", 2)
    for _ in range(5):
        await started(house)
    await set_by_other_rules(house)

    await house.service.follow_zones("2027b", lambda: house.now)

    assert await due_at(house) == [TUESDAY] * 5


async def test_where_nobody_has_a_campaign_nothing_is_noted(house: House) -> None:
    await house.service.follow_zones("2027b", lambda: house.now)

    assert await house.rows("alarms") == []


async def test_an_alarm_that_rings_by_the_old_rules_posts_nothing_too_early(house: House) -> None:
    await started(house)
    key = next(str(row["key"]) for row in await house.rows("alarms"))
    await house.database.write(lambda tx: alarms.put(tx, key, TUESDAY - timedelta(hours=1)))

    await at(house, TUESDAY - timedelta(hours=1))

    assert not boards(house)
    assert await due_at(house) == [TUESDAY]


# --- alarms that cannot ring -----------------------------------------------------------


async def test_the_alarm_of_a_channel_that_has_left_is_gone(house: House) -> None:
    campaign = CampaignId(await started(house))
    await house.database.write(lambda tx: campaigns.leave(tx, campaign, ROOM))

    await at(house, TUESDAY)

    assert not house.chat.posts
    assert await house.rows("alarms") == []


async def test_alarms_that_a_fault_of_ours_stops_do_not_stop_the_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "RUNG_AT_ONCE", 1)
    await started(house)
    await house.database.write(lambda tx: alarms.put(tx, "campaign:broken", TUESDAY - timedelta(hours=1)))

    house.now = TUESDAY
    with capture_logs() as logged:
        await house.jobs.settle()

    assert [each["event"] for each in logged] == ["job failed"]
    assert len(boards(house)) == 1
    assert TUESDAY + timedelta(minutes=1) in await due_at(house)


async def test_from_what_a_plan_opens_there_is_a_way_back_to_it(house: House) -> None:
    campaign = await started(house)
    plan = await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about=campaign))
    back = Action(Verb.SHOW_CAMPAIGN, about=campaign)

    lines = await house.press("ada", pressing(plan, "Help lines"))
    assert pressing(lines, "Back to the plan") == back
    chosen = await house.press("ada", pressing(lines, "Wales"))
    assert pressing(chosen, "Back to the plan") == back

    weeks = await house.press("ada", pressing(plan, "Awareness weeks"))
    assert pressing(weeks, "Back to the plan") == back
    form = (await house.press("ada", pressing(weeks, "I know the dates"))).content
    assert isinstance(form, Form)
    dates = {"event": "carers-week", "first": "2027-06-07", "last": "2027-06-13", "source": "Carers UK"}
    again = (await house.send("ada", read(form.action), dates | {"first": "soon"})).content
    assert isinstance(again, Form)
    sent = await house.send("ada", read(again.action), dates)
    assert pressing(sent, "Back to the plan") == back
    assert "[Back to the plan]" not in said(await house.press("ada", Action(Verb.WEEKS)))


@pytest.mark.parametrize("plan", ["nothing", "x" * 90])
async def test_a_plan_that_is_not_here_leads_nowhere(house: House, plan: str) -> None:
    await started(house)
    for verb in (Verb.WEEKS, Verb.NATIONS):
        opened = await house.press("ada", Action(verb, about=plan))
        assert opened.accepted
        assert "[Back to the plan]" not in said(opened)


# --- a break that is taken out ---------------------------------------------------------

INSET = {"name": "Inset days", "first": "2027-06-09", "last": "2027-06-10"}


def _field(form: Form, name: str) -> Field:
    return next(each for each in form.fields if each.name == name)


async def _form(house: House, campaign: str) -> Form:
    form = (await house.press("ada", Action(Verb.CHANGE_CAMPAIGN, about=campaign, value="break"))).content
    assert isinstance(form, Form)
    return form


async def _inset(house: House, campaign: str) -> str:
    """A break is added. What the form knows it by, where it can be taken out."""
    added = await house.send("ada", Action(Verb.SAVE_CAMPAIGN, about=campaign, value="break"), INSET)
    assert added.accepted, said(added)
    (value,) = [
        each.value
        for each in _field(await _form(house, campaign), "take_out").options
        if each.label == "Wednesday 9 June to Thursday 10 June: Inset days"
    ]
    return value


async def test_a_break_is_taken_out_and_its_days_have_cards_again(house: House) -> None:
    campaign = await started(house)
    assert [each.name for each in (await _form(house, campaign)).fields] == ["name", "first", "last"]
    value = await _inset(house, campaign)
    plan = said(await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about=campaign)))
    assert "Break: «Inset days»" in plan
    assert "[Add or take out a break]" in plan

    save = Action(Verb.SAVE_CAMPAIGN, about=campaign, value="break")
    for _ in range(2):  # delivered twice
        plan = said(await house.press("ada", save, name="", first="", last="", take_out=value))
        assert "Inset days" not in plan
        assert "[Add a break]" in plan
    for day in range(3):
        await at(house, TUESDAY + day * DAY)
    assert len(boards(house)) == 3
    assert "We take a break" not in house.chat.text


async def test_a_break_that_was_told_is_taken_out_and_each_date_has_one_card_at_most(house: House) -> None:
    campaign = await started(house)
    value = await _inset(house, campaign)
    await at(house, TUESDAY)
    await at(house, TUESDAY + DAY)
    assert "We take a break: «Inset days». The next card comes on Friday 11 June." in house.chat.text

    told = len(house.chat.posts)
    await house.press("ada", Action(Verb.SAVE_CAMPAIGN, about=campaign, value="break"), take_out=value)
    await at(house, TUESDAY + DAY + timedelta(hours=3))
    assert len(house.chat.posts) == told, "the date of the notice has had its entry"
    await at(house, TUESDAY + 2 * DAY)
    await at(house, TUESDAY + 2 * DAY + timedelta(hours=3))
    assert len(boards(house)) == 2
    days = await house.rows("campaign_days")
    assert sorted(str(each["local_date"]) for each in days) == ["2027-06-08", "2027-06-09", "2027-06-10"]


async def test_a_break_is_corrected_at_once_and_a_wrong_entry_loses_nothing(house: House) -> None:
    campaign = await started(house)
    value = await _inset(house, campaign)
    save = Action(Verb.SAVE_CAMPAIGN, about=campaign, value="break")
    new = {"name": "Inset day", "first": "soon", "last": "", "take_out": value}

    form = (await house.send("ada", save, new)).content
    assert isinstance(form, Form)
    assert {each.name: each.value for each in form.fields} == new
    assert [each.name for each in form.fields if each.problem] == ["first"]
    plan = said(await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about=campaign)))
    assert "Break: «Inset days»" in plan, "nothing was taken out"

    plan = said(await house.send("ada", save, new | {"first": "2027-06-10"}))
    assert "Break: «Inset day», on 10 June 2027." in plan
    assert "Inset days" not in plan


async def test_a_break_needs_a_name_and_a_date(house: House) -> None:
    campaign = await started(house)
    save = Action(Verb.SAVE_CAMPAIGN, about=campaign, value="break")

    form = (await house.press("ada", save, name="", first="", last="")).content
    assert isinstance(form, Form)
    assert [each.name for each in form.fields if each.problem] == ["name", "first"]

    await _inset(house, campaign)
    form = (await house.press("ada", save, name="", first="", last="2027-06-11", take_out="keep")).content
    assert isinstance(form, Form)
    assert [each.name for each in form.fields if each.problem] == ["name", "first"]

    # With a break that could be taken out no field is asked for: nothing was wanted.
    plan = await house.press("ada", save, name="", first="", last="", take_out="keep")
    assert plan.accepted
    assert "Break: «Inset days»" in said(plan)


OLD_PLAN = {
    "pause": Action(Verb.PAUSE_CAMPAIGN),
    "go on": Action(Verb.RESUME_CAMPAIGN),
    "a code": Action(Verb.CAMPAIGN_CODE),
    "days": Action(Verb.CHANGE_CAMPAIGN, value="here"),
    "a break": Action(Verb.CHANGE_CAMPAIGN, value="break"),
    "a card": Action(Verb.PROMPT),
}


@pytest.mark.parametrize("pressed", OLD_PLAN.values(), ids=OLD_PLAN)
async def test_what_has_ended_does_not_come_alive_by_an_old_button(house: House, pressed: Action) -> None:
    campaign = await started(house)
    await at(house, TUESDAY)
    await house.press("ada", Action(Verb.END_CAMPAIGN, about=campaign, value="sure"))
    before = await house.rows("campaigns")

    refused = await house.press("ada", replace(pressed, about=campaign))
    assert not refused.accepted
    assert "This campaign has ended." in said(refused)
    assert await house.rows("campaigns") == before
    for day in range(1, 4):
        await at(house, TUESDAY + day * DAY)
    assert len(boards(house)) == 1

    # What is open is its end: given a later one, it goes on.
    later = {
        "title": "It goes on",
        "contact": "Jo",
        "policy": "after_you",
        "round_up": "none",
        "end": "2027-06-30",
    }
    saved = await house.send("ada", Action(Verb.SAVE_CAMPAIGN, about=campaign, value="plan"), later)
    assert saved.accepted, said(saved)
    await at(house, TUESDAY + 6 * DAY)
    assert len(boards(house)) == 2


async def test_a_first_day_is_within_a_year(house: House) -> None:
    form = await house.press("ada", Action(Verb.NEW_CAMPAIGN))
    assert isinstance(form.content, Form)
    fields = {each.name: each.value for each in form.content.fields} | {"contact": "Jo"}
    again = await house.send("ada", read(form.content.action), fields | {"start": "2036-01-01"})

    assert isinstance(again.content, Form)
    assert [each.name for each in again.content.fields if each.problem] == ["start"]
    assert "within a year" in said(again)


async def test_a_break_that_is_over_cannot_be_taken_out_any_more(house: House) -> None:
    campaign = await started(house)
    await _inset(house, campaign)
    for day in range(4):
        await at(house, TUESDAY + day * DAY)

    assert [each.name for each in (await _form(house, campaign)).fields] == ["name", "first", "last"]
