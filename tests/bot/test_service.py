"""The service: what one press does on a real database, and what is said to whoever pressed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.actions import Action, Verb, read
from bot.game.model import CommunityId, Policy, RoundId
from bot.messages import Buttons, Form, Message
from tests.bot.house import House, a_house, said
from tests.gallery.plain import plain

DAY = timedelta(days=1)
pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as built:
        yield built


async def test_a_round_goes_from_the_deal_to_the_recap(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, "Ask her first.", stance="yes", own_role="carer")
    await house.respond("cat", round, "Give it a day.", stance="no")
    await house.ring(after=DAY)
    mine = await house.press("ben", Action(Verb.VOTE, round))

    assert "Give it a day." in said(mine)
    assert "Ask her first." not in said(mine)
    await house.ring(after=DAY)
    assert "2 people wrote" in house.chat.text


async def test_who_deals_the_first_card_is_told_that_they_look_after_the_channel(house: House) -> None:
    card = house.service.decks[0].cards[0].id
    first = await house.press("ada", Action(Verb.DEAL, about=card, value="together-60-60-off"))
    second = await house.press("ada", Action(Verb.DEAL, about=card, value="together-60-60-off"))

    assert "you look after this place" in said(first)
    assert "you look after this place" not in said(second)


async def test_the_same_delivery_twice_deals_one_card(house: House) -> None:
    card = house.service.decks[0].cards[0].id
    for _ in range(2):
        await house.press("ada", Action(Verb.DEAL, about=card, value="together-60-60-off"), event="once")

    assert len(await house.rounds()) == 1


async def test_a_pledge_delivered_twice_is_one_pledge(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    pledge = Action(Verb.MAKE_PLEDGE, round)
    by = (house.now + DAY).date().isoformat()
    await house.press("ben", pledge, event="once", words="Ring her on Monday.", by=by, name="Ben")
    again = await house.press("ben", pledge, event="once", words="Ring her on Monday.", by=by, name="Ben")

    assert len(await house.rows("pledges")) == 1
    assert "already" in said(again).lower()


async def test_too_long_a_response_comes_back_whole_in_its_form(house: House) -> None:
    round = await house.deal()
    words = "x" * 501
    answer = await house.respond("ben", round, words, stance="yes")

    assert isinstance(answer.content, Form)
    assert [field.value for field in answer.content.fields if field.name == "words"] == [words]
    assert "501" in said(answer)
    assert not await house.rows("responses")


async def test_an_empty_response_is_asked_for_a_few_words(house: House) -> None:
    round = await house.deal()

    told = said(await house.respond("ben", round, "   \u200b "))
    assert "Please choose one of these, or write a few words." in told
    assert "You can leave one of the two empty, but not both." in told


async def test_a_phone_number_is_asked_about_once(house: House) -> None:
    round = await house.deal()
    asked = await house.respond("ben", round, "Ring me on 07700 900123.")
    assert isinstance(asked.content, Form)
    assert not await house.rows("responses")

    await house.respond("ben", round, "Ring me on 07700 900123.", leave_in="yes")
    assert len(await house.rows("responses")) == 1


async def test_the_own_role_is_asked_once(house: House) -> None:
    round = await house.deal()
    first = await house.press("ben", Action(Verb.RESPOND, round))
    await house.respond("ben", round, "Ask her first.", own_role="carer")
    second = await house.press("ben", Action(Verb.RESPOND, round))

    assert isinstance(first.content, Form)
    assert isinstance(second.content, Form)
    assert "own_role" in {field.name for field in first.content.fields}
    assert "own_role" not in {field.name for field in second.content.fields}


async def test_a_declared_role_counts_for_who_only_votes(house: House) -> None:
    earlier = await house.deal()
    await house.respond("ben", earlier, "Ask her first.", own_role="carer")
    round = await house.deal()
    await house.respond("cat", round, "Give it a day.")
    await house.ring(after=DAY)
    (response,) = [row["id"] for row in await house.rows("responses") if row["round_id"] == round]
    await house.press("ben", Action(Verb.CAST, round, str(response), "agree"))

    roles = {row["own_role"] for row in await house.rows("tokens") if row["round_id"] == round}
    assert "carer" in roles


@pytest.mark.parametrize(
    "action",
    [
        Action(Verb.RESPOND, "nothing-here"),
        Action(Verb.CAST, "nothing-here", "nor-here", "agree"),
        Action(Verb.CAST, "ROUND", "nor-here", "agree"),
        Action(Verb.JOIN, "ROUND", "nor-here"),
        Action(Verb.CAST, "ROUND", "nor-here", "sideways"),
    ],
)
async def test_what_does_not_exist_changes_nothing(house: House, action: Action) -> None:
    round = await house.deal(Policy.OPEN)
    forged = Action(action.verb, action.round.replace("ROUND", round), action.about, action.value)
    answer = await house.press("eve", forged)

    assert not answer.accepted
    assert not await house.rows("votes")


async def test_another_communitys_round_answers_like_one_that_does_not_exist(house: House) -> None:
    round = await house.deal()
    elsewhere = CommunityId("elsewhere")
    real = await house.press("eve", Action(Verb.RESPOND, round), community=elsewhere)
    made_up = await house.press("eve", Action(Verb.RESPOND, RoundId("made-up")), community=elsewhere)

    assert said(real) == said(made_up)


async def test_a_vote_comes_back_with_its_choice_pressed(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, "Ask her first.")
    await house.ring(after=DAY)
    (row,) = await house.rows("responses")
    answer = await house.press("cat", Action(Verb.CAST, round, str(row["id"]), "agree"))

    assert answer.show
    assert [dict(vote)["choice"] for vote in await house.rows("votes")] == ["agree"]


async def test_next_moves_on_without_a_choice(house: House) -> None:
    round = await house.deal()
    for name in ("ben", "dan"):
        await house.respond(name, round, f"{name} wrote this.")
    await house.ring(after=DAY)
    first = await house.press("cat", Action(Verb.VOTE, round))
    about = first.show.split(".")[2]
    second = await house.press("cat", Action(Verb.NEXT, round, about))

    assert said(first) != said(second)
    assert "wrote this" in said(second)


async def test_words_go_when_their_time_is_over_and_counts_stay(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, "Ask her first.", stance="yes")
    await house.press("ben", Action(Verb.REPLY, round), words="I will bring cake.", name="Ben")
    await house.ring(after=DAY)
    await house.ring(after=DAY)
    assert "Ask her first." in house.chat.text

    house.now += timedelta(days=91)
    await house.service.expire(house.now, timedelta(days=90))
    await house.jobs.settle()

    assert "Ask her first." not in house.chat.text
    assert "One person wrote" in house.chat.text
    assert {row["words"] for row in await house.rows("replies")} == {""}
    assert b"Ask her first." not in await house.files()


async def test_words_stay_until_then(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, "Ask her first.")
    await house.ring(after=DAY)
    await house.ring(after=DAY)
    await house.service.expire(house.now + timedelta(days=89), timedelta(days=90))
    await house.jobs.settle()

    assert "Ask her first." in house.chat.text


async def test_a_card_taken_back_tells_those_who_asked(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, "Ask her first.")
    await house.press("ben", Action(Verb.TELL_ME, round))
    sure = await house.press("ada", Action(Verb.TAKE_BACK, round))
    await house.press("ada", Action(Verb.TAKE_BACK, round, value="sure"))
    await house.jobs.settle()

    assert "deleted" in said(sure).lower()
    assert [name for name, _message in house.chat.whispers] == ["ben"]
    assert not await house.rows("responses")


async def test_a_pause_tells_whoever_dealt_the_card_why(house: House) -> None:
    round = await house.deal()
    await house.press("ben", Action(Verb.SEND_PAUSE, round), reason="It is about my mum.")
    await house.jobs.settle()

    assert [name for name, _message in house.chat.whispers] == ["ada"]
    refused = await house.respond("cat", round, "Ask her first.")
    assert not refused.accepted
    await house.press("ada", Action(Verb.RESUME, round))
    assert (await house.respond("cat", round, "Ask her first.")).accepted


# --- nothing typed is lost, and nothing private is tied to a name -----------------------------


async def test_a_response_that_comes_late_comes_back_with_its_words(house: House) -> None:
    round = await house.deal()
    await house.ring(after=DAY)
    late = await house.respond("ben", round, "Ask her first.")

    assert not late.accepted
    assert isinstance(late.content, Form)
    assert [field.value for field in late.content.fields if field.name == "words"] == ["Ask her first."]
    assert not await house.rows("responses")


async def test_a_response_with_a_name_holds_no_token(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    await house.press("ben", Action(Verb.REPLY, round), words="Ask her what helps.", name="Ben")
    await house.respond("cat", round, "Give it a day.")

    tied = [row for row in await house.rows("responses") if row["author"] and row["token"]]
    assert tied == []
    assert len(await house.rows("responses")) == 2


async def test_nobody_votes_for_their_own_named_response_and_others_may(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    await house.press("ben", Action(Verb.REPLY, round), words="Ask her what helps.", name="Ben")
    (row,) = await house.rows("responses")
    vote = Action(Verb.CAST, round, str(row["id"]), "agree")
    own = await house.press("ben", vote)
    other = await house.press("cat", vote)

    assert not own.accepted
    assert other.accepted
    assert len(await house.rows("votes")) == 1
    assert "no words by others" in said(await house.press("ben", Action(Verb.VOTE, round)))


async def test_a_named_response_counts_for_its_writers_group(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    for name in ("ben", "cat", "dan"):
        await house.press(name, Action(Verb.REPLY, round), words="Ask her what helps.", name=name)
    await house.ring(after=DAY)

    assert "3 people wrote" in house.chat.text


async def test_an_old_press_is_not_thanked_for_what_is_no_longer_so(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, "Ask her first.")
    await house.press("ben", Action(Verb.WITHDRAW, round), event="once")
    await house.respond("ben", round, "Ask her twice.")
    again = await house.press("ben", Action(Verb.WITHDRAW, round), event="once")

    assert "taken back" not in said(again)
    assert [row["words"] for row in await house.rows("responses")] == ["Ask her twice."]


async def test_a_card_taken_back_leaves_no_words_in_its_thread(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    await house.press("ben", Action(Verb.REPLY, round), words="Ask her what helps.", name="Ben")
    await house.press("ada", Action(Verb.TAKE_BACK, round, value="sure"))
    await house.jobs.settle()

    assert [row["words"] for row in await house.rows("replies")] == [""]
    assert not await house.rows("responses")


async def test_the_reason_of_a_pause_goes_with_the_pause(house: House) -> None:
    round = await house.deal()
    await house.press("ben", Action(Verb.SEND_PAUSE, round), reason="It is about my mum.")
    await house.press("ada", Action(Verb.RESUME, round))

    assert {row["pause_reason"] for row in await house.rows("rounds")} == {None}


async def test_a_settled_pledge_goes_when_its_time_is_over_and_an_open_one_stays(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    by = (house.now + DAY).date().isoformat()
    for words in ("Ring her on Monday.", "Bring the forms."):
        await house.press("ben", Action(Verb.MAKE_PLEDGE, round), words=words, by=by, name="Ben")
    await house.ring(after=DAY)
    first = next(row for row in await house.rows("pledges") if row["words"] == "Ring her on Monday.")
    await house.press("ben", Action(Verb.SETTLE, round, str(first["id"]), "done"))
    house.now += timedelta(days=91)
    await house.service.expire(house.now, timedelta(days=90))
    await house.jobs.settle()

    assert [row["words"] for row in await house.rows("pledges")] == ["Bring the forms."]
    assert "Ring her on Monday." not in house.chat.text


async def test_an_open_round_that_lost_its_key_takes_nothing_and_says_so(house: House) -> None:
    round = await house.deal()
    await house.database.write(lambda tx: tx.connection.exec_driver_sql("DELETE FROM round_keys"))
    answer = await house.respond("ben", round, "Ask her first.")

    assert not answer.accepted
    assert "safety copy" in said(answer)
    assert {row["responses"] for row in await house.rows("rounds")} == {0}


async def test_a_role_declared_later_counts_in_rounds_that_were_open_before(house: House) -> None:
    earlier = await house.deal()
    await house.respond("ben", earlier, "", stance="yes")
    later = await house.deal()
    await house.respond("ben", later, "Ask her first.", own_role="carer")
    await house.respond("ben", earlier, "Give it a day.")

    roles = {row["own_role"] for row in await house.rows("tokens") if row["round_id"] == earlier}
    assert roles == {"carer"}


async def test_a_surprise_is_another_card_when_asked_again(house: House) -> None:
    deck = house.service.decks[0].id
    previews = {
        said(await house.press("ada", Action(Verb.PREVIEW), deck=deck, card="surprise")) for _ in range(12)
    }

    assert len(previews) > 1


async def test_a_ballot_counts_on_from_vote_to_vote(house: House) -> None:
    round = await house.deal()
    for name in ("ben", "dan", "eve"):
        await house.respond(name, round, f"{name} wrote this.")
    await house.ring(after=DAY)
    numbers = []
    answer = await house.press("cat", Action(Verb.VOTE, round))
    for _ in range(3):
        about = answer.show.split(".")[2]
        cast = await house.press("cat", Action(Verb.CAST, round, about, "agree"))
        again = await house.press("cat", Action(Verb.CAST, round, about, "disagree"))
        numbers += [text for text in (said(cast), said(again)) if " of 3" in text]
        answer = await house.press("cat", Action(Verb.NEXT, round, about))

    shown = [next(each for each in ("1 of 3", "2 of 3", "3 of 3") if each in text) for text in numbers]
    assert shown == ["1 of 3", "1 of 3", "2 of 3", "2 of 3", "3 of 3", "3 of 3"]


async def test_votes_can_be_read_again_and_done_asks_the_last_question_once(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, "Ask her first.")
    await house.ring(after=DAY)
    (response,) = await house.rows("responses")
    first = await house.press("cat", Action(Verb.DONE, round))
    await house.press("cat", Action(Verb.CAST, round, str(response["id"]), "agree"))
    asked = await house.press("cat", Action(Verb.DONE, round))
    again = await house.press("cat", Action(Verb.VOTE, round))
    said_now = await house.press("cat", Action(Verb.SECOND_STANCE, round, value="yes"))
    second = await house.press("cat", Action(Verb.DONE, round))

    assert "One last question" not in said(first)
    assert "One last question" in said(asked)
    assert "Ask her first." in said(again)
    assert "Thank you. You can change your votes" in said(second)

    assert isinstance(said_now.content, Message)
    rows = [block.buttons for block in said_now.content.blocks if isinstance(block, Buttons)]
    change = next(each for row in rows for each in row if each.label == "Change it")
    assert "One last question" in said(await house.press("cat", read(change.action)))


async def test_more_time_is_given_once_by_a_form_that_is_sent_twice(house: House) -> None:
    round = await house.deal()
    opened = await house.press("ada", Action(Verb.EXTEND, round))
    assert isinstance(opened.content, Form)
    send = read(opened.content.action)
    first = await house.press("ada", send, hours="4")
    second = await house.press("ada", send, hours="4")
    assert isinstance(second.content, Form)
    third = await house.press("ada", read(second.content.action), hours="4")

    assert (first.accepted, second.accepted, third.accepted) == (True, False, True)
    assert "The time has changed already." in said(second)
    assert {row["reveal_at"] for row in await house.rows("rounds")} == {"2027-06-08 20:00:00.000000"}


@pytest.mark.parametrize("when", ["x", "9" * 30, "-1", "1_0"])
async def test_a_forged_form_for_more_time_is_no_form_of_ours(house: House, when: str) -> None:
    round = await house.deal()

    assert not (await house.press("ada", Action(Verb.SEND_EXTEND, round, when), hours="4")).accepted


async def test_a_phone_number_in_a_pledge_or_a_reply_is_asked_about_once_too(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    number = "Ring 07700 900123 on Monday."
    by = (house.now + DAY).date().isoformat()
    for verb in (Verb.MAKE_PLEDGE, Verb.REPLY):
        sent = Action(verb, round)
        asked = await house.press("ben", sent, words=number, by=by, name="Ben")
        assert isinstance(asked.content, Form)
        assert "leave_in" in {field.name for field in asked.content.fields}
        assert (await house.press("ben", sent, words=number, by=by, name="Ben", leave_in="yes")).accepted

    assert len(await house.rows("pledges")) == len(await house.rows("replies")) == 1


async def test_who_asked_hears_that_a_card_closed_without_results(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, "Ask her first.")
    await house.press("ben", Action(Verb.TELL_ME, round))
    await house.press("cat", Action(Verb.SEND_PAUSE, round), reason="It is about my mum.")
    await house.ring(after=2 * DAY)
    house.chat.whispers.clear()
    await house.press("ada", Action(Verb.CLOSE_WITHOUT_RESULTS, round))
    await house.jobs.settle()

    assert [name for name, _message in house.chat.whispers] == ["ben"]
    assert "nothing opens any more" in plain(house.chat.whispers[0][1])
    assert await house.rows("askers") == []


async def test_a_pledge_that_its_owner_deletes_is_nowhere_any_more(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    by = (house.now + DAY).date().isoformat()
    await house.press("ben", Action(Verb.MAKE_PLEDGE, round), words="Ring her.", by=by, name="Ben")
    (row,) = await house.rows("pledges")
    delete = Action(Verb.REMOVE_PLEDGE, round, str(row["id"]))
    await house.press("cat", Action(Verb.JOIN, round, str(row["id"])))
    assert not (await house.press("cat", delete)).accepted
    await house.ring(after=DAY)
    assert "Ring her." in house.chat.text

    first = await house.press("ben", delete, event="once")
    again = await house.press("ben", delete, event="once")
    await house.jobs.settle()

    assert said(first) == said(again)
    assert "Ring her." not in house.chat.text
    assert await house.rows("pledges") == await house.rows("pledge_joins") == []
