"""People do what Slack's client lets them do, and the app hears of it in Slack's own shapes."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack import changes
from tests.slack.conftest import Connect
from tests.slack.people import Person, SlackShows
from tests.slack.record import Channel, Workspace
from tests.slack.server import SlackServer
from tests.slack.test_server import a_button, a_form, a_row

pytestmark = pytest.mark.asyncio


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def an_option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def asked(name: str, element: dict[str, Any]) -> dict[str, Any]:
    field = {"optional": True, "label": plain(name.title()), "element": {**element, "action_id": name}}
    return {"type": "input", "block_id": name, **field}


def the_view(person: Person) -> Any:
    """The modal that stands on top, surely."""
    assert person.view is not None
    return person.view


async def opened(person: Person, client: AsyncWebClient, view: dict[str, Any]) -> None:
    """Open a form for a person, as if they had pressed something."""
    await client.views_open(trigger_id=changes.new_trigger(person.workspace, person.id).id, view=view)


class Heard:
    """A Bolt app that acknowledges everything with what a test wants, and keeps the bodies."""

    def __init__(self, app: AsyncApp) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.answer: dict[str, Any] = {}
        app.use(self.take)

    async def take(self, body: dict[str, Any], ack: Any) -> Any:
        self.bodies.append(body)
        return await ack(**self.answer)


@pytest.fixture
def heard(bolt: AsyncApp) -> Heard:
    return Heard(bolt)


async def test_a_press_on_a_public_post_carries_the_post(
    slack: SlackServer, ada: Person, team: Channel, client: AsyncWebClient, bolt: AsyncApp, heard: Heard,
    connect: Connect,
) -> None:  # fmt: skip
    await connect(bolt)
    posted = await client.chat_postMessage(
        channel="C1", text="card", blocks=a_row(a_button("Yes & no", "vote", value="v1"), block_id="c1.0")
    )
    await slack.settled()
    heard.bodies.clear()

    await ada.press(ada.sees(team)[0], "Yes & no")

    [body] = heard.bodies
    assert body["type"] == "block_actions"
    assert body["team"] == {"id": "T1", "domain": "north"}
    assert body["user"]["id"] == "U1"
    assert body["container"] == {
        "type": "message", "message_ts": posted["ts"], "channel_id": "C1", "is_ephemeral": False,
    }  # fmt: skip
    assert body["message"]["ts"] == posted["ts"]
    [action] = body["actions"]
    assert (action["value"], action["block_id"], action["text"]["text"]) == ("v1", "c1.0", "Yes &amp; no")


async def test_a_shortcut_carries_the_message_and_a_way_to_answer(
    slack: SlackServer, ada: Person, team: Channel, bolt: AsyncApp, heard: Heard, connect: Connect
) -> None:
    await connect(bolt)
    post = ada.say(team, "mine")
    await slack.settled()
    heard.bodies.clear()

    await ada.shortcut("save", post)

    [body] = heard.bodies
    assert (body["type"], body["callback_id"], body["message_ts"]) == ("message_action", "save", post.ts)
    assert body["message"]["user"] == "U1"
    assert body["response_url"].startswith(slack.base_url)


async def test_every_kind_of_field_comes_back_in_its_own_shape(
    ada: Person, client: AsyncWebClient, bolt: AsyncApp, heard: Heard, connect: Connect
) -> None:
    await connect(bolt)
    yes, no = an_option("True here", "yes"), an_option("Not here", "no")
    blocks = [
        asked("words", {"type": "plain_text_input"}),
        asked("one", {"type": "radio_buttons", "options": [yes, no]}),
        asked("two", {"type": "static_select", "options": [yes, no], "initial_option": no}),
        asked("some", {"type": "checkboxes", "options": [yes, no]}),
        asked("day", {"type": "datepicker", "initial_date": "2026-01-01"}),
        asked("at", {"type": "timepicker"}),
    ]
    await opened(ada, client, {**a_form(), "blocks": blocks, "private_metadata": "kept"})

    await ada.submit(
        {"words": "Ask", "one": "True here", "some": "yes, no", "day": "2026-02-03", "at": "09:30"}
    )

    view = heard.bodies[0]["view"]
    values = {name: value[name] for name, value in view["state"]["values"].items()}
    assert values["words"] == {"type": "plain_text_input", "value": "Ask"}
    assert values["one"]["selected_option"]["value"] == "yes"
    assert values["two"]["selected_option"]["value"] == "no"
    assert [each["value"] for each in values["some"]["selected_options"]] == ["yes", "no"]
    assert values["day"] == {"type": "datepicker", "selected_date": "2026-02-03"}
    assert values["at"] == {"type": "timepicker", "selected_time": "09:30"}
    assert (view["callback_id"], view["private_metadata"]) == ("form", "kept")


async def test_a_button_in_a_form_carries_the_form_and_no_message(
    ada: Person, client: AsyncWebClient, bolt: AsyncApp, heard: Heard, connect: Connect
) -> None:
    await connect(bolt)
    menu = {
        "type": "static_select",
        "action_id": "which",
        "options": [an_option("A", "a"), an_option("B", "b")],
    }
    row = {"type": "actions", "block_id": "row", "elements": [a_button("More", "more"), menu]}
    await opened(ada, client, {**a_form(), "blocks": [row]})

    await ada.press(the_view(ada), "which", "B")
    await ada.press(the_view(ada), "More")

    first, second = heard.bodies
    assert first["actions"][0]["selected_option"]["value"] == "b"
    assert second["container"] == {"type": "view", "view_id": the_view(ada).id}
    assert second["view"]["state"]["values"]["row"]["which"]["selected_option"]["value"] == "b"
    assert not second.keys() & {"message", "channel", "response_url"}


async def test_a_form_pushed_on_another_goes_back_to_it(
    ada: Person, client: AsyncWebClient, bolt: AsyncApp, heard: Heard, connect: Connect
) -> None:
    await connect(bolt)
    await opened(ada, client, a_form(optional=True))
    first = the_view(ada)
    heard.answer = {"response_action": "push", "view": a_form(optional=True, notify_on_close=True)}
    await ada.submit()
    assert the_view(ada).previous == first.id
    heard.answer = {}

    await ada.close_view()

    assert the_view(ada) is first
    assert heard.bodies[-1]["type"] == "view_closed"
    heard.answer = {"response_action": "clear"}
    await ada.submit()
    assert ada.view is None


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"elsewhere": "wrong"}},
        {"response_action": "errors", "errors": {"words": ""}},
        {"response_action": "update", "view": {"type": "modal", "blocks": []}},
        {"response_action": "dance"},
    ],
)
async def test_an_answer_that_slack_cannot_use_is_shown_to_the_person_and_recorded(
    slack: SlackServer, ada: Person, client: AsyncWebClient, bolt: AsyncApp, heard: Heard, connect: Connect,
    answer: dict[str, Any],
) -> None:  # fmt: skip
    await connect(bolt)
    heard.answer = answer
    await opened(ada, client, a_form(optional=True))

    with pytest.raises(SlackShows, match="trouble connecting"):
        await ada.submit()

    assert ada.view is not None
    assert [each.method for each in slack.faults_of_ours] == ["view_submission"]


async def test_a_press_takes_no_answer_with_its_acknowledgement(
    slack: SlackServer, ada: Person, team: Channel, client: AsyncWebClient, bolt: AsyncApp, heard: Heard,
    connect: Connect,
) -> None:  # fmt: skip
    await connect(bolt)
    await client.chat_postMessage(channel="C1", text="card", blocks=a_row(a_button("Go", "go")))
    await slack.settled()
    heard.answer = {"text": "lost"}

    await ada.press(ada.sees(team)[0], "Go")

    assert [each.error for each in slack.faults_of_ours] == ["no_answer_accepted"]


async def test_nobody_can_do_what_their_client_does_not_offer(
    north: Workspace, ada: Person, ben: Person, team: Channel, client: AsyncWebClient
) -> None:
    north.channel("CPRIVATE", private=True)
    await client.chat_postEphemeral(channel="C1", user="U1", text="psst", blocks=a_row(a_button("Go", "go")))
    [whisper] = ada.sees(team)
    hers = ada.say(team, "mine")
    gone = ada.say(team, "gone")
    ada.delete(gone)

    with pytest.raises(ValueError, match="not in CPRIVATE"):
        ada.say("CPRIVATE", "x")
    with pytest.raises(ValueError, match="do not see"):
        await ben.press(whisper, "Go")
    with pytest.raises(LookupError, match="nothing called 'Stop'"):
        await ada.press(whisper, "Stop")
    with pytest.raises(ValueError, match="own messages"):
        ben.edit(hers, "x")
    with pytest.raises(ValueError, match="own messages"):
        ada.edit(gone, "x")
    with pytest.raises(ValueError, match="no form open"):
        await ada.submit()
    changes.archive(north, team, "U2")
    with pytest.raises(ValueError, match="archived"):
        ada.say(team, "x")


async def test_the_client_lets_nobody_type_too_much_or_too_little(
    ada: Person, client: AsyncWebClient
) -> None:
    element = {"type": "plain_text_input", "min_length": 3, "max_length": 5}
    await opened(ada, client, {**a_form(), "blocks": [asked("words", element)]})

    with pytest.raises(ValueError, match="max_length"):
        ada.fill({"words": "too long"})
    assert (await ada.submit({"words": "ab"})).errors == {"words": "Please enter at least 3 characters."}
