"""The test server with the real slack_sdk and the real slack_bolt: posts, presses, forms, answers."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.conftest import Clock, Connect
from tests.slack.delivery import Slow
from tests.slack.people import Person, SlackShows
from tests.slack.record import ACK_SECONDS, Channel, Workspace
from tests.slack.server import SlackServer

pytestmark = pytest.mark.asyncio


def a_button(label: str, action: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": label}, **more}


def a_row(*buttons: dict[str, Any], block_id: str = "row") -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": block_id, "elements": list(buttons)}]


def a_form(*, optional: bool = False, initial: str = "", **more: Any) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": "words"}
    if initial:
        element["initial_value"] = initial
    return {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "Respond"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "words",
                "label": {"type": "plain_text", "text": "Your words"},
                "element": element,
                "optional": optional,
            }
        ],
        **more,
    }


async def test_a_token_says_who_it_is_and_what_it_may_do(north: Workspace, client: AsyncWebClient) -> None:
    answer = await client.auth_test()

    assert answer["team_id"] == "T1"
    assert answer["bot_id"] == "BBOT"
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_a_post_is_seen_by_everybody_and_makes_no_fault(
    slack: SlackServer, ada: Person, team: Channel, client: AsyncWebClient
) -> None:
    answer = await client.chat_postMessage(
        channel="C1", text="Hello & welcome", blocks=a_row(a_button("Go", "go"))
    )

    [post] = ada.sees(team)
    assert post.ts == answer["ts"]
    assert ada.reads(post).buttons == ("Go",)
    assert post.text == "Hello &amp; welcome"
    assert slack.faults_of_ours == []
    assert [(call.method, call.ok) for call in slack.calls] == [("chat.postMessage", True)]


async def test_an_edit_and_a_deletion_are_kept_in_the_record(
    ada: Person, team: Channel, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel="C1", text="one")
    await client.chat_update(channel="C1", ts=posted["ts"], text="two")

    [post] = ada.sees(team)
    assert (post.text, post.versions) == ("two", [("one", [])])
    await client.chat_delete(channel="C1", ts=posted["ts"])
    assert ada.sees(team) == []


async def test_a_press_reaches_bolt_and_opens_a_form_once(
    slack: SlackServer, ada: Person, team: Channel, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    errors: list[str] = []

    @bolt.action("respond")
    async def respond(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=a_form())
        try:
            await client.views_open(trigger_id=body["trigger_id"], view=a_form())
        except SlackApiError as error:
            errors.append(error.response["error"])

    await connect(bolt)
    await client.chat_postMessage(channel="C1", text="A card", blocks=a_row(a_button("Respond", "respond")))

    await ada.press(ada.sees(team)[0], "Respond")

    assert ada.view is not None
    assert errors == ["exchanged_trigger_id"]


async def test_a_command_is_answered_with_words_for_one_person(
    ada: Person, ben: Person, team: Channel, bolt: AsyncApp, connect: Connect
) -> None:
    @bolt.command("/shoes")
    async def shoes(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"You said {command['text']}")

    await connect(bolt)

    ack = await ada.command("/shoes", "deal dementia", team)

    assert ack.payload == {"text": "You said deal dementia"}
    assert [post.text for post in ada.sees(team)] == ["You said deal dementia"]
    assert ben.sees(team) == []


async def test_errors_stand_at_the_field_and_the_words_stay(
    ada: Person, team: Channel, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    seen: list[Any] = []

    @bolt.command("/shoes")
    async def shoes(ack: Any, command: dict[str, Any]) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=a_form())
        await ack()

    @bolt.view("form")
    async def form(ack: Any, view: dict[str, Any]) -> None:
        seen.append(view["state"]["values"])
        if len(seen) == 1:
            await ack(response_action="errors", errors={"words": "Please say more"})
        else:
            await ack()

    await connect(bolt)
    await ada.command("/shoes", "", team)

    first = await ada.submit({"Your words": "Ask <her>"})

    assert first.errors == {"words": "Please say more"}
    assert ada.view is not None
    second = await ada.submit()
    assert second.errors == {}
    assert ada.view is None
    assert seen == [{"words": {"words": {"type": "plain_text_input", "value": "Ask <her>"}}}] * 2


async def test_slack_itself_asks_for_a_needed_field(
    ada: Person, team: Channel, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    @bolt.command("/shoes")
    async def shoes(ack: Any, command: dict[str, Any]) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=a_form())
        await ack()

    await connect(bolt)
    await ada.command("/shoes", "", team)

    ack = await ada.submit()

    assert ack.errors == {"words": "Please complete this required field."}


async def test_what_was_typed_outlives_an_update_of_the_form(
    slack: SlackServer, north: Workspace, ada: Person, team: Channel, client: AsyncWebClient,
    bolt: AsyncApp, connect: Connect,
) -> None:  # fmt: skip
    @bolt.command("/shoes")
    async def shoes(ack: Any, command: dict[str, Any]) -> None:
        await client.views_open(trigger_id=command["trigger_id"], view=a_form())
        await ack()

    @bolt.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="update", view=a_form(initial="something else"))

    await connect(bolt)
    await ada.command("/shoes", "", team)
    await ada.submit({"words": "mine"})

    assert ada.view is not None
    assert ada.view.values["words", "words"]["value"] == "mine"
    assert slack.faults_of_ours == []


async def test_an_ephemeral_answer_is_replaced_in_place_and_gone_after_a_reload(
    ada: Person, ben: Person, team: Channel, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    bodies: list[dict[str, Any]] = []

    @bolt.action("next")
    async def step(ack: Any, body: dict[str, Any], respond: Any) -> None:
        bodies.append(body)
        await ack()
        await respond("Step two", replace_original=True)

    await connect(bolt)
    blocks = a_row(a_button("Next", "next"))
    await client.chat_postEphemeral(channel="C1", user="U1", text="Step one", blocks=blocks)
    [whisper] = ada.sees(team)

    await ada.press(whisper, "Next")

    assert [post.text for post in ada.sees(team)] == ["Step two"]
    assert ben.sees(team) == []
    assert bodies[0]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[0]
    ada.reload()
    assert ada.sees(team) == []


async def test_an_answer_may_be_for_all_or_take_away_what_was_pressed(
    ada: Person, ben: Person, team: Channel, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    @bolt.action("done")
    async def done(ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)
        await respond("Ada is done", response_type="in_channel")

    await connect(bolt)
    blocks = a_row(a_button("Done", "done"))
    await client.chat_postEphemeral(channel="C1", user="U1", text="Step one", blocks=blocks)

    await ada.press(ada.sees(team)[0], "Done")

    assert [post.text for post in ben.sees(team)] == ["Ada is done"]
    assert [post.text for post in ada.sees(team)] == ["Ada is done"]


async def test_an_answer_in_the_place_of_what_is_gone_changes_nothing(
    slack: SlackServer, ada: Person, team: Channel, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    @bolt.action("next")
    async def step(ack: Any, respond: Any, body: dict[str, Any]) -> None:
        await client.chat_delete(channel="C1", ts=body["message"]["ts"])
        await ack()
        await respond("Step two", replace_original=True)

    slack.app.events = frozenset({"message.channels"})
    await connect(bolt)
    await client.chat_postMessage(channel="C1", text="Step one", blocks=a_row(a_button("Next", "next")))
    [post] = ada.sees(team)

    await ada.press(post, "Next")
    await slack.settled()

    assert ada.sees(team) == []
    assert (post.text, post.versions) == ("Step one", [])


async def test_a_response_url_works_five_times_within_half_an_hour(
    slack: SlackServer, clock: Clock, ada: Person, team: Channel, bolt: AsyncApp, connect: Connect
) -> None:
    answers: list[str] = []

    @bolt.command("/shoes")
    async def shoes(ack: Any, respond: Any, command: dict[str, Any]) -> None:
        await ack()
        if command["text"] == "late":
            clock.now += 31 * 60
        for _ in range(6):
            answers.append((await respond("again")).body)

    await connect(bolt)
    await ada.command("/shoes", "", team)
    await slack.until(lambda: len(answers) == 6)

    assert answers[:5] == ["ok"] * 5
    assert "used_url" in answers[5]
    with pytest.raises(SlackShows):  # half an hour is longer than anybody waits, too
        await ada.command("/shoes", "late", team)
    assert "expired_url" in answers[6]


@pytest.mark.parametrize("ack_within", [ACK_SECONDS])
async def test_a_trigger_lives_three_seconds(
    slack: SlackServer,
    clock: Clock,
    ada: Person,
    team: Channel,
    client: AsyncWebClient,
    bolt: AsyncApp,
    connect: Connect,
) -> None:
    errors: list[str] = []

    @bolt.command("/shoes")
    async def shoes(ack: Any, command: dict[str, Any]) -> None:
        clock.now += 3.5
        try:
            await client.views_open(trigger_id=command["trigger_id"], view=a_form())
        except SlackApiError as error:
            errors.append(error.response["error"])
        await ack()

    await connect(bolt)

    with pytest.raises(SlackShows, match="operation_timeout"):
        await ada.command("/shoes", "", team)
    await slack.until(lambda: errors)
    assert errors == ["expired_trigger_id"]


async def test_an_acknowledgement_that_slack_would_not_have_waited_for_is_written_down(
    slack: SlackServer, clock: Clock, ada: Person, team: Channel, bolt: AsyncApp, connect: Connect
) -> None:
    @bolt.command("/shoes")
    async def shoes(ack: Any, command: dict[str, Any]) -> None:
        clock.now += float(command["text"])
        await ack()

    await connect(bolt)
    await ada.command("/shoes", "3", team)
    await ada.command("/shoes", "3.5", team)

    assert slack.slow == [Slow("slash_commands", 3.5)]


async def test_a_command_without_an_app_fails_before_the_eyes_of_the_person(
    ada: Person, team: Channel
) -> None:
    with pytest.raises(SlackShows, match="dispatch_failed"):
        await ada.command("/shoes", "", team)


async def test_events_tell_of_replies_edits_deletions_and_reactions(
    slack: SlackServer, ada: Person, team: Channel, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    seen: list[dict[str, Any]] = []

    @bolt.event("message")
    @bolt.event("reaction_added")
    async def note(event: dict[str, Any]) -> None:
        seen.append(event)

    await connect(bolt)
    await client.chat_postMessage(channel="C1", text="A card")
    [card] = ada.sees(team)

    reply = ada.say(team, "Ask her & wait", card)
    ada.edit(reply, "Ask her first")
    ada.delete(reply)
    ada.react(card, "bulb")
    await slack.settled()

    ours = [event for event in seen if "bot_id" not in event]
    assert [event.get("subtype", event["type"]) for event in ours] == [
        "message", "message_changed", "message_deleted", "reaction_added",
    ]  # fmt: skip
    assert ours[0]["text"] == "Ask her &amp; wait"
    assert ours[0]["thread_ts"] == card.ts
    assert ours[1]["message"]["edited"]["user"] == "U1"
    assert ours[3]["item"] == {"type": "message", "channel": "C1", "ts": card.ts}


async def test_home_is_opened_and_published_for_one_person(
    slack: SlackServer, ada: Person, ben: Person, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    @bolt.event("app_home_opened")
    async def opened(event: dict[str, Any]) -> None:
        words = {"type": "plain_text", "text": "Nothing waits for you"}
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [{"type": "section", "text": words}]}
        )

    await connect(bolt)
    ada.open_home()
    await slack.settled()

    assert ada.home is not None
    assert ada.reads(ada.home).words == "Nothing waits for you"
    assert ben.home is None
