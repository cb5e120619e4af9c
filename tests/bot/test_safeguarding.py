"""Where help is, and words that suggest harm: held, told to their writer at once, decided by moderators."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions import Action, Verb, write
from bot.answers import Answer
from bot.chat import Heard, MessageRef, Press
from bot.game.model import PlayerId, Policy, RoundId
from bot.messages import Buttons, Form, Message
from storage import rounds
from storage.database import open_database
from tests.bot.house import HOME, ROOM, House, said
from tests.bot.test_campaigning import DAY, TUESDAY, a_plan, at, boards, pressing, started
from tests.gallery.plain import plain

pytestmark = pytest.mark.asyncio

HARM = "Honestly I want to die when they say that."
CALM = "Please ask him before you decide."
FINE = "It is fine, please post"


def labels(answer: Answer) -> list[str]:
    """What the buttons of an answer say."""
    assert isinstance(answer.content, Message)
    rows = [block for block in answer.content.blocks if isinstance(block, Buttons)]
    return [button.label for row in rows for button in row.buttons]


async def the_list(house: House, round: RoundId, who: str = "ada") -> Answer:
    return await house.press(who, Action(Verb.HELD, round))


async def decide(house: House, round: RoundId, label: str, who: str = "ada") -> Answer:
    """What is held is read, and a button below it pressed."""
    return await house.press(who, pressing(await the_list(house, round), label))


async def told(house: House, who: str) -> list[str]:
    """What somebody was told privately."""
    await house.jobs.settle()
    return [plain(message) for user, message in house.chat.whispers if user == who]


async def reveal(house: House, round: RoundId) -> None:
    assert (await house.press("ada", Action(Verb.REVEAL, round))).accepted
    await house.jobs.settle()


async def close(house: House, round: RoundId) -> None:
    assert (await house.press("ada", Action(Verb.CLOSE, round))).accepted
    await house.jobs.settle()


# --- to the writer -----------------------------------------------------------------------


async def test_its_writer_reads_at_once_that_it_is_held_and_where_help_is(house: House) -> None:
    round = await house.deal()

    answer = await house.respond("ben", round, HARM, stance="no")

    assert answer.accepted
    assert "Nobody else sees these words for now" in said(answer)
    assert "«Samaritans»: «116 123»" in said(answer)
    assert FINE in labels(answer)
    assert HARM not in said(answer)


async def test_the_same_delivery_twice_is_answered_the_same(house: House) -> None:
    round = await house.deal()
    first = await house.press("ben", Action(Verb.SEND, round), event="once", words=HARM)
    again = await house.press("ben", Action(Verb.SEND, round), event="once", words=HARM)

    assert said(first) == said(again)
    assert len(await house.rows("responses")) == 1


@pytest.mark.parametrize("policy", list(Policy))
async def test_nobody_else_sees_or_counts_what_is_held(house: House, policy: Policy) -> None:
    round = await house.deal(policy)
    await house.respond("ben", round, HARM)
    await house.respond("cy", round, CALM)
    if policy is Policy.TOGETHER:
        await reveal(house, round)
    vote = await house.press("dee", Action(Verb.VOTE, round))
    seen = said(vote) + said(await house.press("cy", Action(Verb.VOTE, round)))
    await close(house, round)

    assert HARM not in seen
    assert HARM not in house.chat.text
    assert CALM in house.chat.text
    assert "One person wrote" in house.chat.text


async def test_a_vote_for_what_is_held_meets_a_response_that_is_not_there(house: House) -> None:
    round = await house.deal(Policy.AFTER_YOU)
    await house.respond("ben", round, HARM)
    await house.respond("cy", round, CALM)
    (held,) = [str(row["id"]) for row in await house.rows("responses") if row["hold"]]

    answer = await house.press("cy", Action(Verb.CAST, round, held, "agree"))

    assert not answer.accepted
    assert not await house.rows("votes")


async def test_the_writer_may_have_it_posted_and_it_counts_like_all_others(house: House) -> None:
    round = await house.deal()
    answer = await house.respond("ben", round, HARM)

    fine = await house.press("ben", pressing(answer, FINE))
    again = await house.press("ben", pressing(answer, FINE))
    await reveal(house, round)

    assert "Your words count like all others now" in said(fine)
    assert again.accepted
    assert HARM in house.chat.text
    assert "No response to this card is held" in said(await the_list(house, round))


async def test_words_that_were_let_out_and_are_sent_again_stay_out(house: House) -> None:
    round = await house.deal()
    answer = await house.respond("ben", round, HARM)
    await house.press("ben", pressing(answer, FINE))

    again = await house.respond("ben", round, HARM, stance="yes")

    assert FINE not in labels(again)


async def test_words_that_were_changed_are_looked_at_anew(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, HARM)
    calmer = await house.respond("ben", round, CALM)
    assert FINE not in labels(calmer)
    worse = await house.respond("ben", round, "I am going to kill myself.")
    assert FINE in labels(worse)

    await house.press("ben", Action(Verb.WITHDRAW, round))

    assert not await house.rows("responses")
    (row,) = await house.rows("rounds")
    assert row["responses"] == 0


async def test_the_form_says_that_the_words_in_it_are_held(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, HARM)

    form = (await house.press("ben", Action(Verb.RESPOND, round))).content

    assert isinstance(form, Form)
    assert "These words are held for now" in plain(form)
    assert HARM in plain(form)


async def test_whoever_has_nothing_held_can_lift_nothing(house: House) -> None:
    round = await house.deal()

    answer = await house.press("cy", Action(Verb.IT_IS_FINE, round))

    assert not answer.accepted
    assert "no words of yours that are held" in said(answer)


async def test_once_the_responses_are_open_only_a_moderator_posts_what_is_held(house: House) -> None:
    round = await house.deal()
    answer = await house.respond("ben", round, HARM)
    await reveal(house, round)

    late = await house.press("ben", pressing(answer, FINE))
    assert not late.accepted
    assert HARM not in house.chat.text

    await decide(house, round, "Post it")
    await house.jobs.settle()
    assert HARM in house.chat.text


async def test_second_thoughts_are_held_beside_first_words_that_stay(house: House) -> None:
    round = await house.deal(Policy.AFTER_YOU)
    await house.respond("ben", round, CALM)
    await house.respond("cy", round, "They could sit down with him.")

    answer = await house.respond("ben", round, HARM)
    seen = said(await house.press("cy", Action(Verb.VOTE, round)))
    assert FINE in labels(answer)
    assert CALM in seen
    assert HARM not in seen

    await close(house, round)
    assert CALM in house.chat.text
    assert HARM not in house.chat.text
    listed = said(await the_list(house, round))
    assert HARM in listed
    assert "What others have read of it already" in listed

    await house.service.expire(house.now + 31 * DAY, timedelta(days=90))
    (ben,) = [row for row in await house.rows("responses") if row["words"] == CALM]
    assert (ben["second_thoughts"], ben["hold"]) == ("", None)


async def test_words_with_a_name_are_not_held_and_their_writer_reads_where_help_is(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    reply = await house.press("ben", Action(Verb.REPLY, round), words=HARM)
    pledge = await house.press(
        "ben", Action(Verb.MAKE_PLEDGE, round), words="not to end my life", by="2027-06-20"
    )
    story = await house.press("ben", Action(Verb.KEEP_STORY, about="m1"), words=HARM, named="no", quoted="no")
    pause = await house.press("ben", Action(Verb.SEND_PAUSE, round), reason="I want to die.")
    calm = await house.press("cy", Action(Verb.SEND_PAUSE, round), reason="It is about me.")

    for answer in (reply, pledge, story, pause):
        assert "Some of your words made us think of you" in said(answer)
        assert "«Samaritans»: «116 123»" in said(answer)
    assert "Samaritans" not in said(calm)


async def test_whoever_reads_what_is_held_leaves_a_note_without_a_word_of_it(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, HARM)
    await house.respond("cy", round, HARM + " Always.")
    refused = await house.press("dee", Action(Verb.HELD, round))
    assert not refused.accepted
    assert await house.rows("acts") == []

    await house.press("ada", Action(Verb.HELD, round), event="twice")
    await house.press("ada", Action(Verb.HELD, round), event="twice")
    await house.press("ada", Action(Verb.HELD, round, value="1"))
    acts = await house.rows("acts")
    assert [(row["act"], row["was"], row["round_id"]) for row in acts] == 2 * [("read", "waiting", round)]
    ada = {row["person_id"] for row in await house.rows("players") if row["account"] == "ada"}
    assert {row["moderator"] for row in acts} == ada
    assert HARM not in str(acts)

    await decide(house, round, "Take it out")
    kinds = sorted(str(row["act"]) for row in await house.rows("acts"))
    assert kinds == ["read", "read", "read", "read", "removed"]  # the next one was shown with the receipt
    again = await house.press("ada", Action(Verb.HELD, round, value="1"))
    assert "A moderator took it out." in said(again)
    await house.respond("dee", round, CALM)
    await reveal(house, round)
    await close(house, round)
    # Reading what was taken out puts nothing back.
    assert "One response was taken out by a moderator." in house.chat.text


CARE = "Some of your words made us think of you"
A_STORY = {"words": HARM, "shoes": "carer", "name": "", "consent": "show", "until": ""}


async def test_who_tells_a_story_with_such_words_reads_where_help_is_and_it_waits(house: House) -> None:
    await house.deal()
    calm = await house.send("cy", Action(Verb.TELL_STORY, value="own"), A_STORY | {"words": CALM})
    await house.jobs.settle()
    (note,) = [plain(each) for who, each in house.chat.whispers if who == "ada"]
    told = await house.send("ben", Action(Verb.TELL_STORY, value="own"), A_STORY)
    await house.jobs.settle()

    assert CARE not in said(calm)
    assert "Please read it soon" not in note
    assert told.accepted
    assert CARE in said(told)
    assert "«Samaritans»: «116 123»" in said(told)
    # Moderators hear of it at once, though another story waits already; and not its words.
    (_, worried) = [plain(each) for who, each in house.chat.whispers if who == "ada"]
    assert "Its writer may need help, or it may be nothing. Please read it soon." in worried
    assert HARM not in worried
    stored = {row["words"]: row["state"] for row in await house.rows("stories")}
    assert stored == {CALM: "offered", HARM: "offered"}
    (story,) = [str(row["id"]) for row in await house.rows("stories") if row["words"] == HARM]
    queue = said(await house.press("ada", Action(Verb.QUEUE, about=story)))
    assert HARM in queue
    assert "Whoever wrote this may need help, or it may be nothing." in queue


async def test_who_writes_a_card_with_such_words_reads_where_help_is_and_the_card_stays(house: House) -> None:
    campaign = await started(house)
    card = {"words": HARM, "shoes": "person", "credit": "", "note": "", "on": ""}
    added = await house.send("ada", Action(Verb.ADD_PROMPT, about=campaign), card)
    (id,) = [str(row["id"]) for row in await house.rows("campaign_prompts") if HARM in str(row["card"])]
    calm = await house.send("ada", Action(Verb.SAVE_PROMPT, about=campaign, value=id), card | {"words": CALM})
    again = await house.send("ada", Action(Verb.SAVE_PROMPT, about=campaign, value=id), card)

    assert [CARE in said(each) for each in (added, calm, again)] == [True, False, True]
    assert all(each.accepted for each in (added, calm, again))
    # It is shown at once, and not behind what the browser room opens anew.
    assert [bool(each.show) for each in (added, calm, again)] == [False, True, False]
    assert HARM in said(added)
    (row,) = [row for row in await house.rows("campaign_prompts") if row["id"] == id]
    assert HARM in str(row["card"])


async def test_who_writes_in_a_thread_of_their_platform_is_told_privately_and_once(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    thread = await house.thread(round)

    async def hear(version: str, words: str) -> None:
        heard = Heard(
            player=PlayerId("web", HOME, "ben"),
            channel=ROOM,
            thread=thread,
            reply=MessageRef("reply-1"),
            words=words,
            at=house.now,
            version=version,
            name="Ben",
        )
        await house.service.hear(heard, house.now)

    await hear("1", CALM)
    assert await told(house, "ben") == []
    await hear("2", HARM)
    await hear("3", HARM + " Really.")

    (note,) = await told(house, "ben")
    assert "«Samaritans»: «116 123»" in note
    assert HARM not in note
    moderators = [each for each in await told(house, "ada") if "Somebody may need help" in each]
    assert len(moderators) == 1
    assert HARM not in moderators[0]
    assert "Ben" not in moderators[0]


async def test_words_that_are_posted_already_go_from_the_page_while_they_are_held(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    await house.respond("ben", round, "Sit down with him first.")
    await house.respond("cy", round, CALM)
    calls = await house.database.read(
        lambda tx: rounds.load(tx, house.keyring, round, community=None, lock=False).round.last_call_at
    )
    assert calls is not None
    await at(house, calls + timedelta(hours=2))  # it comes at night, and is shown in the morning
    assert "Sit down with him first." in house.chat.text

    await house.respond("ben", round, HARM)
    await house.respond("dee", round, "Ring us before you come.")
    await house.jobs.settle()
    assert "Sit down with him first." not in house.chat.text
    await close(house, round)

    assert HARM not in house.chat.text
    assert CALM in house.chat.text
    assert "Ring us before you come." in house.chat.text


async def test_help_and_those_who_can_help_do_not_wait_for_the_morning(house: House) -> None:
    round = await house.deal(Policy.OPEN)
    thread = await house.thread(round)
    house.now += timedelta(hours=10, minutes=30)  # half past eleven at night, in London
    heard = Heard(
        player=PlayerId("web", HOME, "ben"),
        channel=ROOM,
        thread=thread,
        reply=MessageRef("reply-1"),
        words=HARM,
        at=house.now,
        version="1",
        name="Ben",
    )
    await house.service.hear(heard, house.now)
    await house.respond("cy", round, HARM)

    assert any("Samaritans" in each for each in await told(house, "ben"))
    assert any("Somebody may need help" in each for each in await told(house, "ada"))
    assert any("is held" in each for each in await told(house, "ada"))


# --- moderators --------------------------------------------------------------------------


async def test_moderators_hear_that_a_response_is_held_and_nothing_of_it(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, HARM)
    await house.respond("cy", round, "I want to kill myself.")

    heard = [each for each in await told(house, "ada") if "is held" in each]

    assert 1 <= len(heard) <= 2
    assert "You do not see who wrote it" in heard[0]
    ids = [str(row["id"]) for row in await house.rows("responses")]
    for each in (HARM, "kill", "Ben", "Cy", *ids):
        assert each not in heard[0]
    assert not [each for each in await told(house, "ben") if "is held" in each]


async def test_a_moderator_reads_it_without_its_writer_and_posts_it(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, HARM)

    listed = await the_list(house, round)
    posted = await decide(house, round, "Post it")
    await reveal(house, round)

    assert HARM in said(listed)
    assert "Ben" not in said(listed)
    assert "It is posted" in said(posted)
    assert HARM in house.chat.text


async def test_what_a_moderator_keeps_back_its_writer_cannot_post_but_can_change(house: House) -> None:
    round = await house.deal()
    answer = await house.respond("ben", round, HARM)
    await decide(house, round, "Keep it back")

    refused = await house.press("ben", pressing(answer, FINE))
    assert not refused.accepted
    assert "keeps them back" in said(refused)
    assert FINE not in labels(await house.respond("ben", round, HARM))

    changed = await house.respond("ben", round, CALM)
    await reveal(house, round)
    assert "Nobody else sees" not in said(changed)
    assert CALM in house.chat.text


async def test_what_is_taken_out_is_counted_in_the_recap_and_can_be_put_back(house: House) -> None:
    round = await house.deal()
    for who in ("ben", "cy", "dee"):
        await house.respond(who, round, f"{HARM} {who}")
    await decide(house, round, "Take it out")
    for _ in range(2):
        await decide(house, round, "Take it out")
    listed = await the_list(house, round)
    await house.press("ada", pressing(listed, "Post it"))
    await reveal(house, round)
    await close(house, round)

    assert "2 responses were taken out by a moderator" in house.chat.text
    assert sum(f"{HARM} {who}" in house.chat.text for who in ("ben", "cy", "dee")) == 1


async def test_only_those_who_look_after_the_channel_read_what_is_held(house: House) -> None:
    await house.deal()  # Ada comes first, so she looks after the channel
    round = await house.deal(by="eve")
    await house.respond("ben", round, HARM)
    (held,) = [str(row["id"]) for row in await house.rows("responses")]

    for who in ("ben", "cy", "eve"):
        answer = await the_list(house, round, who)
        assert not answer.accepted
        assert HARM not in said(answer)
        assert not (await house.press(who, Action(Verb.DECIDE_HELD, round, held, "post"))).accepted
    manager = Press(
        player=PlayerId("web", HOME, "zoe"),
        channel=ROOM,
        action=write(Action(Verb.HELD, round)),
        event="zoe-1",
        manages=True,
    )
    assert HARM in said(await house.service.press(manager, house.now))


async def test_each_act_is_in_the_audit_without_words_and_without_the_response(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, HARM)
    for label in ("Keep it back", "Take it out", "Post it"):
        await decide(house, round, label)

    acts = await house.rows("acts")

    assert sorted((str(row["was"]), str(row["act"])) for row in acts) == [
        ("kept", "read"),
        ("kept", "removed"),
        ("removed", "post"),
        ("removed", "read"),
        ("waiting", "kept"),
        ("waiting", "read"),
    ]
    (response,) = await house.rows("responses")
    people = {row["account"]: row["person_id"] for row in await house.rows("players")}
    for row in acts:
        assert row["moderator"] == people["ada"]
        assert response["id"] not in row.values()
        assert HARM not in map(str, row.values())
        assert people["ben"] not in row.values()


async def test_a_press_that_comes_twice_is_one_act(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, HARM)
    keep = pressing(await the_list(house, round), "Keep it back")
    for _ in range(2):
        await house.press("ada", keep, event="once")

    assert sorted(str(row["act"]) for row in await house.rows("acts")) == ["kept", "read"]


async def test_after_the_close_it_can_only_stay_back_and_goes_after_30_days(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, HARM)
    await house.respond("cy", round, CALM)
    await reveal(house, round)
    await close(house, round)

    listed = await the_list(house, round)
    (held,) = [str(row["id"]) for row in await house.rows("responses") if row["hold"]]
    assert HARM in said(listed)
    assert "Post it" not in labels(listed)
    forged = await house.press("ada", Action(Verb.DECIDE_HELD, round, held, "post"))
    assert not forged.accepted
    assert (await decide(house, round, "Take it out")).accepted
    await house.jobs.settle()
    assert "One response was taken out by a moderator" in house.chat.text

    await house.service.expire(house.now + 29 * DAY, timedelta(days=90))
    assert HARM in said(await the_list(house, round))
    await house.service.expire(house.now + 31 * DAY, timedelta(days=90))
    assert "No response to this card is held" in said(await the_list(house, round))
    assert [row["words"] for row in await house.rows("responses")] == [CALM]


async def test_a_card_that_is_taken_back_takes_what_is_held_with_it(house: House) -> None:
    round = await house.deal()
    await house.respond("ben", round, HARM)

    await house.press("ada", Action(Verb.TAKE_BACK, round, value="sure"))

    assert not await house.rows("responses")


# --- help lines --------------------------------------------------------------------------


async def test_help_shows_a_button_to_the_help_lines_of_the_place(house: House) -> None:
    help = await house.press("ben", Action(Verb.HELP))

    lines = await house.press("ben", pressing(help, "Find help"))

    assert "in England" in said(lines)
    assert "«Samaritans»: «116 123»" in said(lines)
    assert "«Shout»: «text SHOUT to 85258»" in said(lines)
    assert labels(lines) == ["Wales", "Scotland", "Northern Ireland"]
    elsewhere = await house.press("ben", pressing(lines, "Northern Ireland"))
    assert "«Lifeline»: «0808 808 8000»" in said(elsewhere)


async def test_that_a_number_was_not_checked_is_said_to_moderators_alone(house: House) -> None:
    campaign = await started(house)
    told = {
        "who asks": said(await house.press("ben", Action(Verb.HELP_LINES))),
        "of another nation": said(await house.press("ben", Action(Verb.HELP_LINES, value="scotland"))),
    }
    await at(house, TUESDAY)
    (round,) = await house.rounds()
    told["who wrote what is held"] = said(await house.respond("ben", round, HARM))
    told["who asks for a pause"] = said(await house.press("cat", Action(Verb.SEND_PAUSE, round), reason=HARM))
    told["the channel"] = house.chat.text
    for who, text in told.items():
        assert "116 123" in text, who
        assert "check" not in text.lower(), who

    lines = said(await house.press("ada", Action(Verb.NATIONS)))
    plan = said(await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about=campaign)))
    for text in (lines, plan):
        (shout,) = [line for line in text.splitlines() if "«Shout»" in line]
        assert shout.endswith("(not checked yet)")
        (samaritans,) = [line for line in text.splitlines() if "«Samaritans»" in line]
        assert samaritans.endswith("(last checked in November 2026)")


async def test_who_looks_after_the_channel_chooses_whose_lines_it_is_shown(house: House) -> None:
    await house.deal()
    refused = await house.press("ben", Action(Verb.SET_NATION, value="wales"))
    assert not refused.accepted

    shown = await house.press("ada", Action(Verb.NATIONS))
    await house.press("ada", pressing(shown, "Wales"))

    assert "in Wales" in said(await house.press("ben", Action(Verb.HELP_LINES)))
    forged = await house.press("ada", Action(Verb.SET_NATION, value="atlantis"))
    assert not forged.accepted


async def test_help_lines_are_shown_with_the_database_down(house: House, tmp_path: Path) -> None:
    await house.deal()
    await house.press("ada", Action(Verb.SET_NATION, value="scotland"))
    await house.press("ben", Action(Verb.HELP_LINES))
    down = open_database(f"sqlite:///{tmp_path / 'down.db'}")
    await down.close()
    house.service.database = down

    here = await house.press("ben", Action(Verb.HELP_LINES))
    wales = await house.press("ben", Action(Verb.HELP_LINES, value="wales"))

    assert "in Scotland" in said(here)
    assert "in Wales" in said(wales)
    assert "«Samaritans»: «116 123»" in said(wales)


async def test_before_a_campaign_the_channel_reads_the_help_lines_of_its_nation(house: House) -> None:
    await started(house)
    await house.press("ada", Action(Verb.SET_NATION, value="wales"))
    await at(house, TUESDAY)

    first = plain(next(iter(house.chat.posts.values())))
    assert "«NHS 111 Wales»" in first
    assert "«Samaritans»: «116 123»" in first
    assert "«Dementia Support Line»" not in first


async def test_a_plan_warns_of_numbers_that_nobody_has_checked_for_half_a_year(house: House) -> None:
    campaign = await a_plan(house)

    plan = await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about=campaign))

    assert "Please check these numbers before you start" in said(plan)
    assert "«Shout»: «text SHOUT to 85258»" in said(plan)
    assert "«Samaritans»: «116 123»" in said(plan)  # checked in November 2026, and it is June 2027
    await house.press("ada", Action(Verb.START_CAMPAIGN, about=campaign))
    going = said(await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about=campaign)))
    assert "Please check these numbers:" in going
    assert "not checked yet" not in said(await house.press("ben", Action(Verb.SHOW_CAMPAIGN, about=campaign)))


async def test_beside_a_hard_card_of_a_campaign_help_is_one_press_away(house: House) -> None:
    await started(house, template="four-weeks-dementia", weekdays="0123456")
    hard = next(
        (number, each)
        for template in house.service.tools.templates
        if template.id == "four-weeks-dementia"
        for number, each in enumerate(template.prompts)
        if each.help
    )
    for day in range(hard[0] + 1):
        await at(house, TUESDAY + day * DAY)

    near = ["help is a press away" in each for each in boards(house)]
    assert near == [False] * hard[0] + [True]
    round = (await house.rounds())[0]
    lines = await house.press("ben", Action(Verb.HELP_LINES, round))
    assert ("«Dementia Support Line»" in said(lines)) == ("dementia" in hard[1].card.topics)


# --- a campaign has somebody to turn to ----------------------------------------------------


@pytest.mark.parametrize("contact", ["", "   ", "\u200b"])
async def test_a_campaign_without_somebody_to_turn_to_is_refused(house: House, contact: str) -> None:
    campaign = await started(house)
    fields = {"title": "Ours", "policy": "after_you", "round_up": "none", "end": "", "contact": contact}

    saved = await house.send("ada", Action(Verb.SAVE_CAMPAIGN, about=campaign, value="plan"), fields)

    assert not saved.accepted
    assert isinstance(saved.content, Form)
    assert [each.name for each in saved.content.fields if each.problem] == ["contact"]
    plan = await house.press("ada", Action(Verb.SHOW_CAMPAIGN, about=campaign))
    assert "Jo at the front desk" in said(plan)


async def test_who_begins_a_week_for_carers_shows_their_line_and_find_help_every_line(house: House) -> None:
    await started(house, template="carers-week")
    await at(house, TUESDAY)

    begins = next(text for text in map(plain, house.chat.posts.values()) if "Something new begins" in text)
    assert "Carers UK" in begins
    assert "Dementia Support" not in begins  # no card of it is about that
    everything = said(await house.press("ben", Action(Verb.HELP_LINES)))
    assert "Carers UK" in everything
    assert "Dementia Support" in everything
    (round,) = await house.rounds()
    assert "[Find help] -> helplines" in said(await house.press("ben", Action(Verb.MORE, round)))
