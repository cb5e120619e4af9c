"""Payloads as Slack sends them, with other ids -> presses, words in threads, lightbulbs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.slack import parse
from adapters.slack.parse import Behind, Gone, NotOurs, Surface, Written
from bot.game.model import ChannelId

ACTION = "respond.Rk3"
THREAD = "1812345678.000100"
REPLY = "1812345700.000200"


def a_press(**changes: Any) -> dict[str, Any]:
    """A press on the board in a channel."""
    body: dict[str, Any] = {
        "type": "block_actions",
        "team": {"id": "T1", "domain": "kettle"},
        "user": {"id": "U1", "username": "ada", "name": "ada", "team_id": "T1"},
        "api_app_id": "A1",
        "container": {"type": "message", "message_ts": THREAD, "channel_id": "C1", "is_ephemeral": False},
        "trigger_id": "1.2.abc",
        "channel": {"id": "C1", "name": "ward-seven"},
        "message": {"type": "message", "ts": THREAD, "text": "A new card"},
        "response_url": "http://127.0.0.1/actions/T1/1/x",
        "actions": [
            {
                "type": "button",
                "action_id": ACTION,
                "block_id": "chan-1.0",
                "value": ACTION,
                "action_ts": "1812345690.123456",
            }
        ],
    }
    return {**body, **changes}


def a_message(**event: Any) -> dict[str, Any]:
    """A reply in a thread."""
    told = {
        "type": "message",
        "channel": "C1",
        "channel_type": "channel",
        "user": "U1",
        "text": "Ask him &lt;first&gt;.",
        "ts": REPLY,
        "thread_ts": THREAD,
        "event_ts": REPLY,
    }
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": {**told, **event}}


def test_a_button_on_the_board_names_our_channel_and_what_it_does() -> None:
    pressed = parse.pressed(a_press())

    assert pressed.action == ACTION
    assert pressed.place == ChannelId("chan-1")
    assert pressed.origin.surface is Surface.POST
    assert (pressed.origin.team, pressed.origin.user, pressed.origin.channel) == ("T1", "U1", "C1")
    assert pressed.origin.trigger == "1.2.abc"


def test_the_same_press_delivered_twice_has_one_name_and_another_press_another() -> None:
    first, again = parse.pressed(a_press()), parse.pressed(a_press(trigger_id="9.9.z"))
    later = a_press()
    later["actions"][0]["action_ts"] = "1812345691.000000"
    by_another = a_press(user={"id": "U2", "username": "ben", "team_id": "T1"})

    assert first.event == again.event
    assert len({first.event, parse.pressed(later).event, parse.pressed(by_another).event}) == 3


def test_a_press_on_an_ephemeral_message_says_so() -> None:
    container = {"type": "message", "message_ts": THREAD, "channel_id": "C1", "is_ephemeral": True}

    assert parse.pressed(a_press(container=container)).origin.surface is Surface.WHISPER


def test_a_press_in_app_home_has_no_channel_of_slack_but_one_of_ours() -> None:
    body = a_press(view={"id": "V1", "type": "home", "private_metadata": ""}, channel=None)
    del body["response_url"]

    pressed = parse.pressed(body)

    assert pressed.origin.surface is Surface.HOME
    assert pressed.origin.channel == ""
    assert pressed.place == ChannelId("chan-1")


def test_a_modal_remembers_where_its_answer_goes() -> None:
    behind = Behind(
        action="send.Rk3", place=ChannelId("chan-1"), url="http://127.0.0.1/x", surface=Surface.POST
    )
    body = {
        "type": "view_submission",
        "team": {"id": "T1"},
        "user": {"id": "U1", "name": "ada", "team_id": "T1"},
        "trigger_id": "1.2.abc",
        "view": {
            "id": "V1",
            "type": "modal",
            "private_metadata": behind.write(),
            "state": {
                "values": {
                    "stance": {"stance": {"type": "radio_buttons", "selected_option": {"value": "yes"}}},
                    "words": {"words": {"type": "plain_text_input", "value": "Ask him."}},
                    "by": {"by": {"type": "datepicker", "selected_date": "2027-06-21"}},
                    "own_role": {"own_role": {"type": "radio_buttons", "selected_option": None}},
                    "name": {"name": {"type": "plain_text_input", "value": None}},
                }
            },
        },
    }

    sent = parse.sent(body)

    assert sent.fields == {
        "stance": "yes",
        "words": "Ask him.",
        "by": "2027-06-21",
        "own_role": "",
        "name": "",
    }
    assert sent.behind == behind
    assert (sent.action, sent.place, sent.origin.url) == ("send.Rk3", "chan-1", "http://127.0.0.1/x")


def test_a_form_sent_again_with_other_words_is_another_press() -> None:
    view = {"id": "V1", "type": "modal", "private_metadata": Behind(action="send.Rk3").write()}
    bodies = [
        {
            "team": {"id": "T1"},
            "user": {"id": "U1"},
            "view": {**view, "state": {"values": {"words": {"words": {"value": words}}}}},
        }
        for words in ("", "Ask him.", "Ask him.")
    ]

    empty, full, again = [parse.sent(body).event for body in bodies]

    assert full == again
    assert empty != full


@pytest.mark.parametrize("metadata", ["", "{}", "not json", "[1]", '{"surface": "elsewhere"}'])
def test_a_modal_that_is_not_ours_is_left_alone(metadata: str) -> None:
    body = {"user": {"id": "U1"}, "view": {"id": "V1", "private_metadata": metadata}}

    with pytest.raises(NotOurs):
        parse.sent(body)


@pytest.mark.parametrize("actions", [[], [{}], [{"value": "a", "action_ts": "1"}] * 2, "x"])
def test_actions_that_no_button_of_ours_makes_are_left_alone(actions: object) -> None:
    with pytest.raises(NotOurs):
        parse.pressed(a_press(actions=actions))


@pytest.mark.parametrize(
    "name, kept", [("dementia-team", "dementia-team"), ("privategroup", ""), ("directmessage", "")]
)
def test_a_command_has_the_name_of_its_channel_where_slack_tells_it(name: str, kept: str) -> None:
    body = {"team_id": "T1", "user_id": "U1", "channel_id": "C1", "channel_name": name, "text": "deal"}
    origin, words = parse.command(body)

    assert (origin.channel_name, words) == (kept, "deal")


def test_a_reply_in_a_thread_is_read_as_people_see_it() -> None:
    heard = parse.thread_event(a_message())

    assert heard == Written(
        team="T1",
        channel="C1",
        thread=THREAD,
        ref=REPLY,
        user="U1",
        words="Ask him <first>.",
        at=datetime(2027, 6, 7, 5, 21, 40, 200, tzinfo=UTC),
        version=REPLY,
    )


def test_an_edit_carries_the_new_words_and_a_later_version() -> None:
    message = {
        "user": "U1",
        "text": "Ask her.",
        "ts": REPLY,
        "thread_ts": THREAD,
        "edited": {"user": "U1", "ts": "1812345800.000000"},
    }
    heard = parse.thread_event(a_message(subtype="message_changed", message=message, ts="1812345800.000300"))

    assert isinstance(heard, Written)
    assert (heard.ref, heard.words, heard.version) == (REPLY, "Ask her.", "1812345800.000000")


def test_a_deletion_names_the_reply_that_is_gone() -> None:
    before = {"user": "U1", "text": "Ask him.", "ts": REPLY, "thread_ts": THREAD}
    heard = parse.thread_event(
        a_message(
            subtype="message_deleted",
            deleted_ts=REPLY,
            previous_message=before,
            event_ts="1812345900.000400",
        )
    )

    assert heard == Gone(
        team="T1", channel="C1", thread=THREAD, ref=REPLY, user="U1", version="1812345900.000400"
    )


@pytest.mark.parametrize(
    "event",
    [
        {"thread_ts": None},
        {"thread_ts": REPLY},  # the card itself
        {"bot_id": "B1"},
        {"subtype": "bot_message", "bot_id": "B1"},
        {"subtype": "channel_join"},
        {"text": ""},
        {"text": "  ", "subtype": "file_share", "files": [{"id": "F1"}]},
    ],
)
def test_what_is_no_players_words_in_a_thread_is_passed_over(event: dict[str, Any]) -> None:
    assert parse.thread_event(a_message(**event)) is None


def test_a_link_that_slack_unfolds_is_no_edit() -> None:
    message = {"user": "U1", "text": "Ask him.", "ts": REPLY, "thread_ts": THREAD}

    assert parse.thread_event(a_message(subtype="message_changed", message=message)) is None


@pytest.mark.parametrize(
    "text, shown",
    [
        ("&amp;lt;", "&lt;"),
        ("<@U2> and <@U3|ben>", "@Cat and @ben"),
        ("<@U9>", "@someone"),
        ("<#C1|ward-seven>", "#ward-seven"),
        ("<!channel> <!here>", "@channel @here"),
        ("<!subteam^S1|@nurses>", "@nurses"),
        ("<https://example.org>", "https://example.org"),
        ("<https://example.org|example.org>", "example.org"),
        ("<https://example.org|read this>", "read this (https://example.org)"),
        ("a &lt; b *not bold*", "a < b *not bold*"),
    ],
)
def test_slacks_own_markup_becomes_the_words_that_people_saw(text: str, shown: str) -> None:
    assert parse.as_read(text, {"U2": "Cat"}.get) == shown


@pytest.mark.parametrize("name, on", [("bulb", True), ("bulb::skin-tone-2", True), ("heart", None)])
def test_a_lightbulb_is_told_from_every_other_reaction(name: str, on: bool | None) -> None:
    body = {
        "team_id": "T1",
        "event": {
            "type": "reaction_added",
            "user": "U1",
            "reaction": name,
            "item": {"type": "message", "channel": "C1", "ts": REPLY},
            "item_user": "U2",
            "event_ts": "1812345900.000400",
        },
    }
    heard = parse.reaction(body)

    assert (heard.on if heard else None) == on


def _chosen(channel: str = "C1", channel_name: str = "ward-7", **message: str) -> parse.Picked:
    return parse.picked({"message": message, "channel": {"id": channel, "name": channel_name}})


def test_a_message_to_keep_is_what_one_person_wrote_as_it_was_read() -> None:
    assert _chosen(user="U1", text="Tom &amp; <@U2> asked") == parse.Picked(
        writer="U1", words="Tom & @someone asked", private=False
    )
    assert _chosen(user="U1", text="in reply", subtype="thread_broadcast").writer == "U1"


@pytest.mark.parametrize(
    "message",
    [
        {"subtype": "bot_message", "bot_id": "B1"},
        {"user": "U1", "bot_id": "B1"},
        {"user": "U1", "subtype": "channel_join"},
        {"user": "U1", "subtype": "tombstone"},
    ],
)
def test_what_slack_or_a_program_posted_has_no_writer_to_ask(message: dict[str, str]) -> None:
    assert _chosen(text="some words", **message).writer == ""


@pytest.mark.parametrize("channel, name", [("D1", "directmessage"), ("C2", "mpdm-ada--ben-1")])
def test_a_talk_between_a_few_is_no_channel(channel: str, name: str) -> None:
    assert _chosen(channel, name, user="U1", text="some words").private
