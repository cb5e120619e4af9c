"""Cards sent privately: asked for, put off, skipped, stopped; once each, while they ask something."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from bot import effects_out
from bot.actions import Action, Verb, read
from bot.answers import Answer
from bot.game.model import ChannelId, CommunityId, RoundId
from bot.messages import Buttons, Form, Message
from storage.tables import METADATA
from tests.bot.house import ROOM, House, said
from tests.bot.test_campaigning import DAY, TUESDAY, at, started
from tests.gallery.plain import plain
from tests.storage.builders import found_room

pytestmark = pytest.mark.asyncio

HOUR = timedelta(hours=1)
FIVE = TUESDAY + 8 * HOUR  # 17:00 in London
ELSEWHERE = CommunityId("elsewhere")
FORM = {"time": "17:00", "zone": "London"}


async def asks(
    house: House, who: str = "ben", time: str = "17:00", zone: str = "London", **about: str
) -> Answer:
    """Somebody asks for a campaign's cards, by a campaign or by one of its cards."""
    action = Action(Verb.SAVE_PRIVATELY, about.get("round", ""), about.get("campaign", ""))
    answer = await house.press(who, action, time=time, zone=zone)
    assert answer.accepted, said(answer)
    return answer


def got(house: House, who: str = "ben") -> list[str]:
    """The cards that went to somebody privately, in their order."""
    texts = (plain(each) for user, each in house.chat.whispers if user == who)
    return [text for text in texts if "just for you" in text]


def buttons(house: House, number: int = -1) -> dict[str, Action]:
    """The buttons of a private message, by what stands on them."""
    _user, message = [each for each in house.chat.whispers if "just for you" in plain(each[1])][number]
    return {
        button.label: read(button.action)
        for block in message.blocks
        if isinstance(block, Buttons)
        for button in block.buttons
    }


async def rounds(house: House) -> list[RoundId]:
    """The rounds of the room, in their order."""
    return list(reversed(await house.rounds()))


async def one_came(house: House) -> str:
    """A campaign has started, and its first card came to Ben. Returns the campaign."""
    campaign = await started(house)
    await asks(house, campaign=campaign)
    await at(house, TUESDAY)
    await at(house, FIVE)
    return campaign


async def test_who_asks_gets_each_days_card_at_their_time_and_once(house: House) -> None:
    campaign = await started(house)
    begun = await asks(house, campaign=campaign)
    assert "From now on, each day’s card also comes to you privately, at 17:00 (London time)." in said(begun)

    await at(house, TUESDAY)
    assert got(house) == []
    await at(house, FIVE - timedelta(seconds=1))
    assert got(house) == []
    await at(house, FIVE)
    await at(house, FIVE + HOUR)
    assert len(got(house)) == 1
    assert "# Day 1, just for you" in got(house)[0]
    assert "«Nia, who came for help with her rent»" in got(house)[0]

    await at(house, TUESDAY + DAY)
    await at(house, FIVE + DAY)
    assert "# Day 2, just for you" in got(house)[1]
    for day in (2, 3, 4, 5):  # Thursday, Friday, and a weekend without cards
        await at(house, TUESDAY + day * DAY)
        await at(house, FIVE + day * DAY)
    assert [("# Day 3" in text, "# Day 4" in text) for text in got(house)[2:]] == [
        (True, False),
        (False, True),
    ]
    assert got(house, "ada") == []


async def test_at_the_campaigns_own_hour_it_comes_with_the_card(house: House) -> None:
    campaign = await started(house)
    form = (await house.press("ben", Action(Verb.PRIVATELY, about=campaign))).content
    assert isinstance(form, Form)
    time, zone = form.fields
    assert (time.value, zone.value) == ("09:00", "London")
    await asks(house, campaign=campaign, time=time.value)

    await at(house, TUESDAY + timedelta(seconds=3))

    assert len(got(house)) == 1


async def test_behind_more_under_a_card_of_a_campaign_anybody_finds_it(house: House) -> None:
    await started(house)
    await at(house, TUESDAY)
    (round,) = await rounds(house)
    assert "Send me these privately" in said(await house.press("ben", Action(Verb.MORE, round)))
    dealt = await house.deal()
    assert "Send me these privately" not in said(await house.press("ben", Action(Verb.MORE, dealt)))

    await asks(house, round=round)
    await at(house, FIVE)

    assert len(got(house)) == 1, "today's card is still to come"


async def test_everybody_gets_them_by_their_own_clock(house: House) -> None:
    campaign = await started(house)
    for who, city in (("ben", "London"), ("cat", "New York"), ("dan", "Auckland")):
        await asks(house, who, campaign=campaign, zone=city)
    await at(house, TUESDAY)

    for moment, who in (
        (datetime(2027, 6, 8, 16, tzinfo=UTC), "ben"),
        (datetime(2027, 6, 8, 21, tzinfo=UTC), "cat"),
        (datetime(2027, 6, 9, 5, tzinfo=UTC), "dan"),
    ):
        await at(house, moment - timedelta(seconds=1))
        assert got(house, who) == []
        await at(house, moment)
        assert len(got(house, who)) == 1, who


async def test_who_moves_gets_the_next_one_by_the_new_clock(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign)
    await at(house, TUESDAY)
    await house.press("ben", Action(Verb.SET_ZONE), zone="New York")

    await at(house, FIVE)
    assert got(house) == []
    await at(house, datetime(2027, 6, 8, 21, tzinfo=UTC))
    assert len(got(house)) == 1


async def test_who_moves_east_gets_it_at_the_earlier_hour(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign, zone="New York")
    await at(house, TUESDAY)
    await house.press("ben", Action(Verb.SET_ZONE), zone="London")

    await at(house, FIVE)
    assert len(got(house)) == 1


async def test_who_has_answered_gets_none_and_nothing_that_is_stored_tells_it(house: House) -> None:
    campaign = await started(house)
    await asks(house, "ben", campaign=campaign)
    await asks(house, "cat", campaign=campaign)
    await asks(house, "dan", campaign=campaign)
    await at(house, TUESDAY)
    (round,) = await rounds(house)
    await house.respond("ben", round, "Please ask me first.")
    await house.press("dan", Action(Verb.PASS, round))
    await at(house, FIVE)

    assert (got(house, "ben"), len(got(house, "cat")), got(house, "dan")) == ([], 1, [])
    stored = [dict(row) for row in await house.rows("subscriptions")]
    for row in stored:
        row.pop("person_id")
    assert stored[0] == stored[1] == stored[2]
    assert await house.rows("outbox") == []


async def test_nothing_that_others_wrote_stands_in_it(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign)
    await at(house, TUESDAY)
    (round,) = await rounds(house)
    await house.respond("cat", round, "We waited a whole day for that.")
    await at(house, FIVE)

    assert "We waited" not in got(house)[0]
    assert "Cat" not in got(house)[0]


async def test_step_in_opens_the_form_of_the_card(house: House) -> None:
    await one_came(house)

    opened = await house.press("ben", buttons(house)["Step in"])
    assert isinstance(opened.content, Form)
    sent = await house.press("ben", read(opened.content.action), words="Ask me first.", stance="yes")
    assert "Thank you" in said(sent)


async def test_later_is_in_an_hour_and_once(house: House) -> None:
    await one_came(house)

    told = await house.press("ben", buttons(house)["Later"])
    assert "This card comes to you again: Tue 8 June 17:00." in said(told)
    await at(house, FIVE + HOUR - timedelta(seconds=1))
    assert len(got(house)) == 1
    await at(house, FIVE + HOUR)
    await at(house, FIVE + 2 * HOUR)
    assert len(got(house)) == 2


async def test_later_in_the_evening_is_in_the_morning(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign, time="20:00")
    await at(house, TUESDAY)
    await at(house, FIVE + 3 * HOUR)
    await house.ring(after=timedelta(minutes=10))
    told = await house.press("ben", buttons(house)["Later"])

    assert "again: Wed 9 June 07:00." in said(told)
    await at(house, FIVE + 6 * HOUR)
    assert len(got(house)) == 1
    await at(house, TUESDAY + DAY - HOUR)
    assert len(got(house)) == 2


async def test_skip_takes_later_back_and_the_next_card_comes_as_always(house: House) -> None:
    await one_came(house)
    await house.press("ben", buttons(house)["Later"])
    told = await house.press("ben", buttons(house)["Skip"])

    assert "The next one comes as always." in said(told)
    await at(house, FIVE + HOUR)
    assert len(got(house)) == 1
    await at(house, TUESDAY + DAY)
    await at(house, FIVE + DAY)
    assert len(got(house)) == 2


async def test_stop_is_at_once_from_an_old_message_too_and_one_can_start_again(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign)
    for day in (0, 1):
        await at(house, TUESDAY + day * DAY)
        await at(house, FIVE + day * DAY)
    await house.press("ben", buttons(house)["Later"])
    told = await house.press("ben", buttons(house, 0)["Stop"])

    assert "You get no more of these cards privately." in said(told)
    assert await house.rows("subscriptions") == []
    assert "Start again" in said(told)
    for label, words in (("Later", "You do not get these cards"), ("Skip", "You do not get these cards")):
        assert words in said(await house.press("ben", buttons(house, 0)[label]))
    assert "You get no more" in said(await house.press("ben", buttons(house, 0)["Stop"]))
    await at(house, FIVE + DAY + HOUR)
    await at(house, TUESDAY + 2 * DAY)
    await at(house, FIVE + 2 * DAY)
    assert len(got(house)) == 2
    assert [key for key in await _alarms(house) if key.startswith("private:")] == []

    await asks(house, campaign=campaign)
    await at(house, TUESDAY + 3 * DAY)
    await at(house, FIVE + 3 * DAY)
    assert len(got(house)) == 3


async def test_a_card_that_closes_first_cannot_be_put_off(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign, time="08:30")
    await at(house, TUESDAY)
    await at(house, TUESDAY + DAY - HOUR / 2)
    (first, *_) = await rounds(house)
    await at(house, TUESDAY + 2 * DAY - HOUR / 2)
    told = await house.press("ben", Action(Verb.LATER, first))
    assert "This card closes before we could send it again" in said(told)
    await at(house, TUESDAY + 2 * DAY + HOUR)

    told = await house.press("ben", Action(Verb.LATER, first))
    assert not told.accepted
    assert "This card has closed" in said(told)


async def test_what_was_answered_is_not_put_off(house: House) -> None:
    await one_came(house)
    await house.press("ben", Action(Verb.PASS, buttons(house)["Later"].round))

    assert "You have answered this card" in said(await house.press("ben", buttons(house)["Later"]))


async def test_put_off_and_then_answered_it_does_not_come_again(house: House) -> None:
    await one_came(house)
    await house.press("ben", buttons(house)["Later"])
    await house.respond("ben", RoundId(buttons(house)["Later"].round), "Please ask me first.")
    await at(house, FIVE + HOUR)

    assert len(got(house)) == 1


@pytest.mark.parametrize("how", ["pause", "end", "leave", "card paused", "closed"])
async def test_nothing_goes_out_of_a_campaign_or_a_card_that_rests(house: House, how: str) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign)
    await at(house, TUESDAY)
    (round,) = await rounds(house)
    match how:
        case "pause":
            await house.press("ada", Action(Verb.PAUSE_CAMPAIGN, about=campaign))
        case "end":
            await house.press("ada", Action(Verb.END_CAMPAIGN, about=campaign, value="sure"))
        case "leave":
            await house.press("ada", Action(Verb.LEAVE_CAMPAIGN, about=campaign))
            assert await house.rows("subscriptions") == []
        case "card paused":
            await house.press("cat", Action(Verb.SEND_PAUSE, round), reason="Somebody is upset.")
        case "closed":
            await house.press("ada", Action(Verb.CLOSE, round))
    await at(house, FIVE)

    assert len(got(house)) == (how == "end"), "open cards stay open when a campaign ends"


async def test_after_an_outage_of_days_one_comes_the_newest(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign)
    await at(house, TUESDAY)
    await at(house, TUESDAY + DAY)
    house.chat.whispers.clear()
    house.now = FIVE + DAY + 6 * HOUR  # 23:00: the program was away since the morning
    await house.jobs.settle()
    assert got(house) == [], "quiet hours hold"
    await at(house, TUESDAY + 2 * DAY - HOUR)

    assert ["# Day 2, just for you" in text for text in got(house)] == [True]


async def test_what_waited_in_the_outbox_while_the_channel_was_closed_is_one_card_at_most(
    house: House,
) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign, time="09:00")
    await at(house, TUESDAY)
    assert len(got(house)) == 1
    first = buttons(house)["Later"].round
    ben = next(row["person_id"] for row in await house.rows("subscriptions"))

    def again(tx: object) -> None:
        effects_out.put_private(tx, house.jobs, ROOM, RoundId(first), ben)  # type: ignore[arg-type]

    await at(house, TUESDAY + DAY)
    await house.database.write(again)
    await house.jobs.settle()

    assert len(got(house)) == 2, "the older one is not sent after the newer one"


async def test_who_takes_no_private_messages_is_told_once_where_they_press_and_nothing_is_tried(
    house: House,
) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign)
    house.chat.closed.add("ben")
    for day in (0, 1):
        await at(house, TUESDAY + day * DAY)
        await at(house, FIVE + day * DAY)
    house.chat.closed.clear()
    await at(house, FIVE + DAY + HOUR)
    assert got(house) == []
    assert len(await house.rows("subscriptions")) == 1, "what they wished is kept"

    (first, _second) = await rounds(house)
    form = await house.press("ben", Action(Verb.RESPOND, first))
    assert isinstance(form.content, Form)
    told = said(await house.respond("ben", first, "Please ask me first."))
    assert "Thank you" in told
    assert "We could not reach you" in told
    assert "We could not reach you" not in said(await house.press("ben", Action(Verb.MORE, first)))
    assert "We could not reach you" not in said(await house.press("cat", Action(Verb.MORE, first)))

    await asks(house, campaign=campaign)
    await at(house, TUESDAY + 2 * DAY)
    await at(house, FIVE + 2 * DAY)
    assert len(got(house)) == 1


async def test_after_a_restart_they_are_still_told(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign)
    house.chat.closed.add("ben")
    await at(house, TUESDAY)
    await at(house, FIVE)
    house.service.tools.untold.clear()
    await house.service.remember_untold()

    assert "We could not reach you" in said(await house.press("ben", Action(Verb.ME)))


async def test_an_alarm_that_rings_twice_at_once_sends_one_card(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign)
    await at(house, TUESDAY)
    (key,) = [each for each in await _alarms(house) if each.startswith("private:")]
    await asyncio.gather(*(house.service.ring(key, FIVE) for _ in range(4)))
    assert len([row for row in await house.rows("outbox") if str(row["slot"]).startswith("private:")]) == 1
    await at(house, FIVE)

    assert len(got(house)) == 1


async def test_stopped_while_it_waits_in_the_outbox_it_is_not_sent(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign)
    await at(house, TUESDAY)
    (key,) = [each for each in await _alarms(house) if each.startswith("private:")]
    await house.service.ring(key, FIVE)
    await house.press("ben", Action(Verb.STOP, about=campaign))
    await at(house, FIVE)

    assert got(house) == []
    assert await house.rows("outbox") == []


async def test_about_me_says_what_one_gets_and_stops_it(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign)
    mine = await house.press("ben", Action(Verb.ME))

    assert "privately, at 17:00 (London time)." in said(mine)
    assert isinstance(mine.content, Message)
    stops = [
        read(button.action)
        for block in mine.content.blocks
        if isinstance(block, Buttons)
        for button in block.buttons
        if button.label == "Stop"
    ]
    assert "You get no more" in said(await house.press("ben", stops[0]))
    assert "privately, at" not in said(await house.press("ben", Action(Verb.ME)))


async def test_an_hour_of_the_night_is_refused_and_so_is_what_is_none(house: House) -> None:
    campaign = await started(house)
    for time in ("23:00", "07:30", "noon", "", "25:00"):
        answer = await house.press(
            "ben", Action(Verb.SAVE_PRIVATELY, about=campaign), time=time, zone="London"
        )
        assert not answer.accepted
        assert isinstance(answer.content, Form)
        assert [bool(each.problem) for each in answer.content.fields] == [True, False]


async def test_a_place_that_we_do_not_know_is_said_and_the_hour_stays(house: House) -> None:
    campaign = await started(house)
    action = Action(Verb.SAVE_PRIVATELY, about=campaign)
    answer = await house.press("ben", action, time="17:30", zone="the moon")

    assert not answer.accepted
    assert isinstance(answer.content, Form)
    assert [each.value for each in answer.content.fields] == ["17:30", "the moon"]
    assert [bool(each.problem) for each in answer.content.fields] == [False, True]
    assert await house.rows("subscriptions") == []


async def test_who_leaves_the_place_as_it_stands_goes_on_following_their_account(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign)
    assert [row["time_zone"] for row in await house.rows("people")] == [None, None]
    await asks(house, campaign=campaign, zone="Kolkata")
    assert {row["time_zone"] for row in await house.rows("people")} == {None, "Asia/Kolkata"}


async def test_forgotten_with_the_person_nothing_is_left_and_nothing_rings(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign)
    await at(house, TUESDAY)
    (row,) = await house.rows("subscriptions")

    def forget(tx: object) -> None:
        run = tx.connection.execute  # type: ignore[attr-defined]
        run(sa.delete(METADATA.tables["players"]).where(sa.column("person_id") == row["person_id"]))
        run(sa.delete(METADATA.tables["people"]).where(sa.column("id") == row["person_id"]))

    await house.database.write(forget)
    await at(house, FIVE)

    assert await house.rows("subscriptions") == []
    assert got(house) == []
    assert [key for key in await _alarms(house) if key.startswith("private:")] == []


async def test_a_week_after_the_end_who_wanted_them_is_forgotten(house: House) -> None:
    campaign = await started(house)
    await asks(house, campaign=campaign)
    await house.press("ada", Action(Verb.END_CAMPAIGN, about=campaign, value="sure"))
    await house.service.expire(house.now + 6 * DAY, timedelta(days=90))
    assert len(await house.rows("subscriptions")) == 1
    await house.service.expire(house.now + 8 * DAY, timedelta(days=90))
    assert await house.rows("subscriptions") == []

    assert "This campaign has ended" in said(await house.press("ben", Action(Verb.PRIVATELY, about=campaign)))


async def test_ids_of_elsewhere_are_answered_like_ids_that_do_not_exist(house: House) -> None:
    campaign = await started(house)
    await at(house, TUESDAY)
    (round,) = await rounds(house)
    await asks(house, campaign=campaign)
    await house.database.write(lambda tx: found_room(tx, ELSEWHERE, ChannelId("elsewhere-room")))
    before = await house.rows("subscriptions")
    for verb in (Verb.PRIVATELY, Verb.SAVE_PRIVATELY, Verb.LATER, Verb.SKIP, Verb.STOP):
        answers = {
            said(
                await house.away(
                    "ben", Action(verb, about_round, about), ELSEWHERE, time="17:00", zone="London"
                )
            )
            for about_round, about in ((round, ""), ("nothing", ""))
        }
        assert len(answers) == 1
        assert "This button is not for a card here" in answers.pop()
        if verb in (Verb.LATER, Verb.SKIP):
            continue
        answers = {
            said(await house.away("ben", Action(verb, "", about), ELSEWHERE, **FORM))
            for about in (campaign, "nothing")
        }
        assert len(answers) == 1
        assert "This campaign is not here" in answers.pop()
    assert await house.rows("subscriptions") == before


async def test_a_card_that_somebody_dealt_belongs_to_no_campaign(house: House) -> None:
    dealt = await house.deal()
    for verb in (Verb.PRIVATELY, Verb.SAVE_PRIVATELY, Verb.LATER, Verb.SKIP, Verb.STOP):
        answer = await house.send("ben", Action(verb, dealt), FORM)
        assert "This button is not for a card here" in said(answer), verb


async def test_in_a_campaign_of_another_channel_nobody_can_ask_here(house: House) -> None:
    campaign = await started(house)
    await house.press("ada", Action(Verb.LEAVE_CAMPAIGN, about=campaign))
    answer = await house.press(
        "ben", Action(Verb.SAVE_PRIVATELY, about=campaign), time="17:00", zone="London"
    )

    assert "This campaign is not here" in said(answer)
    assert await house.rows("subscriptions") == []


async def _alarms(house: House) -> list[str]:
    return [str(row["key"]) for row in await house.rows("alarms")]
