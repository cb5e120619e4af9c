"""The test server refuses what Slack refuses, and records what nobody should ever send."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack import changes
from tests.slack.people import Person
from tests.slack.record import Channel, Workspace
from tests.slack.server import SlackServer

pytestmark = pytest.mark.asyncio


async def refusal(client: AsyncWebClient, method: str, **args: Any) -> str:
    """The error that a call gets."""
    with pytest.raises(SlackApiError) as caught:
        await client.api_call(method, json=args)
    return str(caught.value.response["error"])


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


@pytest.mark.parametrize(
    "method, args, error",
    [
        ("chat.postMessage", {"channel": "C1"}, "no_text"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C1", "text": "x", "thread_ts": 1.2}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C1", "text": "x", "colour": "red"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C1", "text": "x", "unfurl_links": "maybe"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C1", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C1", "text": "x", "blocks": [{"type": "x"}]}, "invalid_blocks"),
        ("chat.postMessage", {"channel": "C1", "text": "x", "blocks": "{"}, "invalid_blocks_format"),
        (
            "chat.postMessage",
            {"channel": "C1", "text": "x", "blocks": [section("x" * 3000)] * 5},
            "msg_blocks_too_long",
        ),
        (
            "chat.postMessage",
            {"channel": "C1", "text": "x", "metadata": {"event_type": "a"}},
            "invalid_metadata_format",
        ),
        (
            "chat.postMessage",
            {"channel": "C1", "text": "x", "metadata": {"event_type": "a", "event_payload": []}},
            "invalid_metadata_schema",
        ),
        ("views.publish", {"user_id": "U1", "view": {"type": "modal", "blocks": []}}, "invalid_arguments"),
        ("views.open", {"trigger_id": "1.2.3", "view": {}}, "invalid_trigger_id"),
        ("users.list", {}, "unknown_method"),
        ("conversations.history", {"channel": "C1", "oldest": "noon"}, "invalid_ts_oldest"),
        ("conversations.history", {"channel": "C1", "limit": 2000}, "invalid_limit"),
        ("conversations.history", {"channel": "C1", "cursor": "made up"}, "invalid_cursor"),
        ("conversations.open", {"users": "U1,U2"}, "invalid_user_combination"),
        ("reactions.get", {"channel": "C1"}, "no_item_specified"),
    ],
)
async def test_a_bad_call_is_refused_and_recorded(
    slack: SlackServer, client: AsyncWebClient, method: str, args: dict[str, Any], error: str
) -> None:
    assert await refusal(client, method, **args) == error
    assert [(each.method, each.error) for each in slack.faults_of_ours] == [(method, error)]


@pytest.mark.parametrize(
    "method, args, error",
    [
        ("chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "CPRIVATE", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "COUT", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "COLD", "text": "x"}, "is_archived"),
        ("chat.postEphemeral", {"channel": "C1", "user": "U3", "text": "x"}, "user_not_in_channel"),
        ("chat.update", {"channel": "C1", "ts": "1.2", "text": "x"}, "message_not_found"),
        ("conversations.join", {"channel": "CPRIVATE"}, "channel_not_found"),
        ("conversations.join", {"channel": "COLD"}, "is_archived"),
        ("conversations.history", {"channel": "COUT"}, "not_in_channel"),
        ("conversations.replies", {"channel": "C1", "ts": "1.2"}, "thread_not_found"),
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("views.publish", {"user_id": "U404", "view": {"type": "home", "blocks": []}}, "user_not_found"),
    ],
)
async def test_what_the_world_forbids_is_refused_and_no_fault(
    slack: SlackServer,
    north: Workspace,
    client: AsyncWebClient,
    method: str,
    args: dict[str, Any],
    error: str,
) -> None:
    north.user("U3", "Cas")
    north.channel("CPRIVATE", bot=False, private=True)
    north.channel("COUT", bot=False)
    changes.archive(north, north.channel("COLD"), "U2")

    assert await refusal(client, method, **args) == error
    assert slack.faults_of_ours == []


async def test_only_own_messages_are_changed(ada: Person, team: Channel, client: AsyncWebClient) -> None:
    hers = ada.say(team, "mine")

    assert await refusal(client, "chat.update", channel="C1", ts=hers.ts, text="x") == "cant_update_message"
    assert await refusal(client, "chat.delete", channel="C1", ts=hers.ts) == "cant_delete_message"


async def test_a_reply_to_what_was_deleted_stands_in_the_channel_and_only_the_answer_tells(
    ada: Person, team: Channel, client: AsyncWebClient
) -> None:
    gone = ada.say(team, "gone")
    ada.delete(gone)

    answer = await client.chat_postMessage(channel="C1", text="a reply", thread_ts=gone.ts)

    assert "thread_ts" not in answer["message"]
    assert [post.is_reply for post in ada.sees(team)] == [False]


async def test_a_thread_is_named_by_its_first_message(
    slack: SlackServer, ada: Person, team: Channel, client: AsyncWebClient
) -> None:
    reply = ada.say(team, "a reply", ada.say(team, "a card"))

    error = await refusal(client, "chat.postMessage", channel="C1", text="x", thread_ts=reply.ts)
    assert error == "cannot_reply_to_message"
    assert [each.method for each in slack.faults_of_ours] == ["chat.postMessage"]


async def test_an_ephemeral_message_is_in_no_history_and_cannot_be_updated(client: AsyncWebClient) -> None:
    answer = await client.chat_postEphemeral(channel="C1", user="U1", text="psst")

    history = await client.conversations_history(channel="C1")
    assert history["messages"] == []
    ts = answer["message_ts"]
    assert await refusal(client, "chat.update", channel="C1", ts=ts, text="x") == "message_not_found"


async def test_a_scope_that_is_missing_is_named(slack: SlackServer) -> None:
    slack.workspace("T2", scopes=("commands",)).channel("C1")
    client = AsyncWebClient(slack.workspaces["T2"].token, base_url=slack.api_url)

    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C1", text="x")

    answer = caught.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "chat:write",
        "commands",
    )


async def test_a_scope_is_the_one_of_the_kind_of_conversation(
    slack: SlackServer, north: Workspace, client: AsyncWebClient
) -> None:
    north.scopes.discard("groups:history")
    north.channel("CPRIVATE", private=True)

    await client.conversations_history(channel="C1")
    assert await refusal(client, "conversations.history", channel="CPRIVATE") == "missing_scope"


@pytest.mark.parametrize("token, error", [("xoxb-made-up", "invalid_auth"), (None, "not_authed")])
async def test_a_token_nobody_gave_is_refused(slack: SlackServer, token: str | None, error: str) -> None:
    assert await refusal(AsyncWebClient(token, base_url=slack.api_url), "auth.test") == error


async def test_each_kind_of_token_is_for_its_own_calls(
    slack: SlackServer, north: Workspace, client: AsyncWebClient
) -> None:
    app = AsyncWebClient(slack.app.app_token, base_url=slack.api_url)

    assert await refusal(app, "chat.postMessage", channel="C1", text="x") == "not_allowed_token_type"
    assert await refusal(client, "apps.connections.open") == "not_allowed_token_type"


async def test_nothing_works_after_the_app_is_taken_out_or_its_token_taken_back(
    slack: SlackServer, north: Workspace, client: AsyncWebClient
) -> None:
    changes.revoke(north)
    assert await refusal(client, "auth.test") == "token_revoked"
    changes.uninstall(north)
    assert await refusal(client, "auth.test") == "account_inactive"
    await slack.delivery().close()


async def test_the_same_ids_in_two_workspaces_are_two_worlds(slack: SlackServer, north: Workspace) -> None:
    south = slack.workspace("T2", "South")
    south.channel("C1")
    client = AsyncWebClient(south.token, base_url=slack.api_url)

    await client.chat_postMessage(channel="C1", text="only here")

    assert len(south.channels["C1"].posts) == 1
    assert north.channels["C1"].posts == []


async def test_what_an_update_does_not_name_stays(ada: Person, team: Channel, client: AsyncWebClient) -> None:
    key = {"event_type": "in_my_shoes", "event_payload": {"key": "k1"}}
    posted = await client.chat_postMessage(channel="C1", text="one", blocks=[section("one")], metadata=key)

    await client.chat_update(channel="C1", ts=posted["ts"], text="two")

    [post] = ada.sees(team)
    assert post.metadata == key
    assert ada.reads(post).words == "one"


async def test_metadata_is_read_back_only_when_asked_for(client: AsyncWebClient) -> None:
    key = {"event_type": "in_my_shoes", "event_payload": {"key": "k1"}}
    await client.chat_postMessage(channel="C1", text="one", metadata=key)

    without = await client.conversations_history(channel="C1")
    with_it = await client.conversations_history(channel="C1", include_all_metadata=True)

    assert "metadata" not in without["messages"][0]
    assert with_it["messages"][0]["metadata"] == key


async def test_history_comes_in_pages_newest_first_and_threads_apart(
    ada: Person, team: Channel, client: AsyncWebClient
) -> None:
    first = ada.say(team, "one")
    ada.say(team, "two")
    ada.say(team, "in the thread", first)
    ada.say(team, "for all", first, broadcast=True)

    page = await client.conversations_history(channel="C1", limit=2)
    more = await client.conversations_history(channel="C1", cursor=page["response_metadata"]["next_cursor"])
    thread = await client.conversations_replies(channel="C1", ts=first.ts)
    late = await client.conversations_replies(channel="C1", ts=first.ts, oldest=thread["messages"][1]["ts"])

    assert [each["text"] for each in page["messages"]] == ["for all", "two"]
    assert [each["text"] for each in more["messages"]] == ["one"]
    assert [each["text"] for each in thread["messages"]] == ["one", "in the thread", "for all"]
    assert thread["messages"][0]["reply_count"] == 2
    assert [each["text"] for each in late["messages"]] == ["one", "for all"]


async def test_people_channels_links_and_reactions_are_told(
    north: Workspace, ada: Person, team: Channel, client: AsyncWebClient
) -> None:
    north.channel("COUT", "elsewhere", bot=False)
    post = ada.say(team, "mine")
    ada.react(post, "bulb")

    user = await client.users_info(user="U2", include_locale=True)
    info = await client.conversations_info(channel="C1", include_num_members=True)
    joined = await client.conversations_join(channel="COUT")
    again = await client.conversations_join(channel="COUT")
    members = await client.conversations_members(channel="C1", limit=2)
    reactions = await client.reactions_get(channel="C1", timestamp=post.ts)
    link = await client.chat_getPermalink(channel="C1", message_ts=post.ts)

    assert (user["user"]["tz"], user["user"]["tz_offset"], user["user"]["is_admin"]) == (
        "Europe/London",
        3600,
        True,
    )
    assert (info["channel"]["name"], info["channel"]["num_members"]) == ("team", 3)
    assert joined["channel"]["is_member"] is True
    assert again["warning"] == "already_in_channel"
    assert members["members"] == ["U1", "U2"]
    assert members["response_metadata"]["next_cursor"] != ""
    assert reactions["message"]["reactions"] == [{"name": "bulb", "users": ["U1"], "count": 1}]
    assert link["permalink"] == f"https://north.slack.com/archives/C1/p{post.ts.replace('.', '')}"


async def test_a_direct_message_is_opened_once_and_only_its_person_sees_it(
    ada: Person, ben: Person, client: AsyncWebClient
) -> None:
    opened = await client.conversations_open(users="U1")
    again = await client.conversations_open(users="U1", return_im=True)
    await client.chat_postMessage(channel=opened["channel"]["id"], text="News for you")
    await client.chat_postMessage(channel="U1", text="More news")

    assert again["already_open"] is True
    assert again["channel"]["user"] == "U1"
    assert [post.text for post in ada.dms] == ["News for you", "More news"]
    assert ben.dms == []


async def test_a_home_with_an_old_hash_conflicts(
    slack: SlackServer, ada: Person, client: AsyncWebClient
) -> None:
    home = {"type": "home", "blocks": [section("one")]}
    first = await client.views_publish(user_id="U1", view=home)
    await client.views_publish(user_id="U1", view=home, hash=first["view"]["hash"])

    assert (
        await refusal(client, "views.publish", user_id="U1", view=home, hash=first["view"]["hash"])
        == "hash_conflict"
    )


async def test_a_view_over_its_size_is_refused(north: Workspace, ada: Person, client: AsyncWebClient) -> None:
    trigger = changes.new_trigger(north, ada.id)
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "T"},
        "blocks": [section("x" * 3000)] * 90,
    }

    assert await refusal(client, "views.open", trigger_id=trigger.id, view=view) == "view_too_large"


async def test_three_views_stand_on_top_of_each_other_and_no_fourth(
    north: Workspace, ada: Person, client: AsyncWebClient
) -> None:
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [section("x")]}
    opened = await client.views_open(trigger_id=changes.new_trigger(north, ada.id).id, view=view)
    for _ in range(2):
        assert ada.view is not None
        await client.views_push(trigger_id=changes.new_trigger(north, ada.id, ada.view.id).id, view=view)

    assert ada.view is not None
    assert ada.view.root == opened["view"]["id"]
    trigger = changes.new_trigger(north, ada.id, ada.view.id)
    assert await refusal(client, "views.push", trigger_id=trigger.id, view=view) == "push_limit_reached"
    changed = {**view, "blocks": [section("y")]}
    await client.views_update(view_id=ada.view.id, view=changed, hash=ada.view.hash)
    assert ada.reads(ada.view).words == "T\ny"
    assert await refusal(client, "views.update", view_id="V404", view=view) == "not_found"
