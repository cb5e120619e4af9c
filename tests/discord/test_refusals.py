"""What Discord refuses, with its own codes; and every call that should not have been made is written down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests import specs
from tests.discord import changes
from tests.discord.conftest import Clock
from tests.discord.people import Person
from tests.discord.record import Can, Channel, Guild, Post
from tests.discord.server import DiscordServer
from tests.discord.test_components import V2, a_button, a_row, a_text, an_image

pytestmark = pytest.mark.asyncio


class Rest:
    """Calls made by hand. Each gives the status and the answer."""

    def __init__(self, server: DiscordServer, session: aiohttp.ClientSession) -> None:
        self.server, self.session = server, session
        self.headers = {"Authorization": f"Bot {server.token}"}

    async def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        sent = {"headers": self.headers, **more} | ({} if body is None else {"json": body})
        async with self.session.request(method, self.server.api_url + path, **sent) as answer:
            if answer.status == 204:
                return 204, None
            assert answer.headers["Content-Type"] == "application/json"
            return answer.status, await answer.json()

    async def post(self, channel: Channel, **body: Any) -> tuple[int, Any]:
        return await self("POST", f"/channels/{channel.id}/messages", body)

    async def edit(self, post: Post, **body: Any) -> tuple[int, Any]:
        return await self("PATCH", f"/channels/{post.channel.id}/messages/{post.id}", body)


@pytest_asyncio.fixture
async def rest(server: DiscordServer, team: Channel) -> AsyncIterator[Rest]:
    async with aiohttp.ClientSession() as session:
        yield Rest(server, session)


def the_codes(server: DiscordServer) -> list[int]:
    return [each.code for each in server.faults_of_ours]


async def test_a_message_is_kept_and_shown_as_it_was_sent(rest: Rest, team: Channel) -> None:
    status, made = await rest.post(team, content="hello", components=[a_row(a_button())], nonce="n1")

    assert status == 200
    assert (made["content"], made["nonce"], made["author"]["bot"]) == ("hello", "n1", True)
    assert [made["components"][0]["id"], made["components"][0]["components"][0]["id"]] == [1, 2]
    assert "guild_id" not in made
    assert await rest("GET", f"/channels/{team.id}/messages/{made['id']}") == (200, made)


async def test_the_same_nonce_makes_one_message_until_it_is_forgotten(
    rest: Rest, team: Channel, clock: Clock
) -> None:
    first = await rest.post(team, content="a", nonce="n1", enforce_nonce=True)
    assert await rest.post(team, content="b", nonce="n1", enforce_nonce=True) == first
    clock.now += 301
    await rest.post(team, content="c", nonce="n1", enforce_nonce=True)

    assert [post.content for post in team.posts] == ["a", "c"]


@pytest.mark.parametrize(
    "body, where",
    [
        ({"content": "x" * 2001}, "content"),
        ({"content": "x", "components": [a_row(a_button("x" * 81))]}, "components"),
        ({"content": "x", "flags": V2, "components": [a_text()]}, "content"),
        ({"flags": 64, "content": "x"}, "flags"),
        ({"flags": 1 << 5, "content": "x"}, "flags"),
        ({"content": "x", "nonce": "x" * 26}, "nonce"),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
        ({"content": "x", "message_reference": {"message_id": "1"}}, "message_reference"),
        ({"poll": {"question": {"text": "?"}, "answers": [{"poll_media": {"text": "a"}}]}}, "poll"),
    ],
)
async def test_a_body_that_is_not_taken_says_where(
    rest: Rest, server: DiscordServer, team: Channel, body: dict[str, Any], where: str
) -> None:
    status, told = await rest.post(team, **body)

    assert (status, told["code"], told["message"]) == (400, 50035, "Invalid Form Body")
    assert where in told["errors"]
    assert the_codes(server) == [50035]
    assert team.posts == []


@pytest.mark.skipif(not specs.HERE, reason=specs.NOT_HERE)
@pytest.mark.parametrize(
    "body",
    [{"content": 5}, {"content": "x", "embeds": "none"}, {"content": "x", "components": [{"type": 99}]}],
)
async def test_the_published_description_is_a_judge_too(
    rest: Rest, server: DiscordServer, team: Channel, body: dict[str, Any]
) -> None:
    assert (await rest.post(team, **body))[1]["code"] == 50035


async def test_an_empty_message_is_none(rest: Rest, server: DiscordServer, team: Channel) -> None:
    assert (await rest.post(team, content=""))[1]["code"] == 50006
    assert the_codes(server) == [50006]


async def test_a_wrong_token_a_wrong_address_and_bad_words_are_refused(
    rest: Rest, server: DiscordServer, team: Channel
) -> None:
    path = f"/channels/{team.id}/messages"
    assert await rest("GET", "/users/@me", headers={}) == (401, {"message": "401: Unauthorized", "code": 0})
    assert (await rest("GET", "/nothing/here"))[0] == 404
    as_json = {**rest.headers, "Content-Type": "application/json"}
    assert (await rest("POST", path, data="{no", headers=as_json))[1]["code"] == 50109
    assert (await rest("POST", path, data="content=x"))[1]["code"] == 50109

    assert len(server.faults_of_ours) == 4
    assert server.invalid_requests == 1


@pytest.mark.parametrize(
    "method, path, code",
    [
        ("GET", "/channels/1", 10003),
        ("GET", "/channels/{team}/messages/1", 10008),
        ("GET", "/guilds/1", 10004),
        ("GET", "/guilds/{north}/members/1", 10007),
        ("GET", "/users/1", 10013),
        ("PUT", "/channels/{team}/messages/1/reactions/%F0%9F%92%A1/@me", 10008),
        ("POST", "/webhooks/1/none", 10015),
        ("POST", "/interactions/1/none/callback", 10062),
    ],
)
async def test_what_is_not_there_has_a_code_each(
    rest: Rest, north: Guild, team: Channel, method: str, path: str, code: int
) -> None:
    body = {"type": 5} if "callback" in path else {"content": "x"} if method == "POST" else None

    status, told = await rest(method, path.format(team=team.id, north=north.id), body)

    assert (status, told["code"]) == (404, code)


@pytest.mark.parametrize(
    "what, code", [(Can.VIEW_CHANNEL, 50001), (Can.SEND_MESSAGES, 50013), (Can.MENTION_EVERYONE, 0)]
)
async def test_what_the_bot_may_not_is_refused_and_is_no_fault_of_ours(
    rest: Rest, server: DiscordServer, team: Channel, what: Can, code: int
) -> None:
    changes.deny(server.world, team, server.app.bot.id, what)

    status, told = await rest.post(team, content="@everyone")

    assert (status, told.get("code", 0)) == (403 if code else 200, code)
    assert server.faults_of_ours == []
    assert not any(post.everyone for post in team.posts)


async def test_a_guild_that_threw_the_bot_out_gives_it_nothing(
    rest: Rest, server: DiscordServer, north: Guild, team: Channel
) -> None:
    changes.throw_out(server.world, north)

    assert (await rest.post(team, content="x"))[1]["code"] == 50001
    assert (await rest("GET", f"/guilds/{north.id}"))[1]["code"] == 50001


async def test_only_its_own_messages_are_edited_and_those_for_one_alone_never_here(
    rest: Rest, server: DiscordServer, team: Channel, ada: Person
) -> None:
    said = ada.say(team, "mine")

    assert (await rest.edit(said, content="x"))[1]["code"] == 50005
    assert (await rest("DELETE", f"/channels/{team.id}/messages/{said.id}"))[1]["code"] == 50013
    said.only_for = ada.id
    assert (await rest.edit(said, content="x"))[1]["code"] == 10008


async def test_a_message_of_components_stays_one(rest: Rest, team: Channel) -> None:
    await rest.post(team, flags=V2, components=[a_text("one")])
    [post] = team.posts

    assert (await rest.edit(post, components=[a_text("two")]))[0] == 200
    assert "IS_COMPONENTS_V2 cannot be removed" in str((await rest.edit(post, flags=0, components=[]))[1])
    assert "content" in (await rest.edit(post, content="x"))[1]["errors"]
    assert (await rest.edit(post, components=[]))[1]["code"] == 50006
    assert post.text == "two"


async def test_a_message_of_words_can_become_one_of_components_if_it_gives_up_its_words(
    rest: Rest, team: Channel
) -> None:
    await rest.post(team, content="words")
    [post] = team.posts

    assert (await rest.edit(post, flags=V2, components=[a_text()]))[1]["code"] == 50035
    assert (await rest.edit(post, flags=V2, components=[a_text()], content=None))[0] == 200
    assert (post.content, post.text, [each["content"] for each in post.versions]) == ("", "words", ["words"])


async def test_an_image_that_only_eyes_can_read_is_taken_but_written_down(
    rest: Rest, server: DiscordServer, team: Channel
) -> None:
    status, _ = await rest.post(team, flags=V2, components=[{"type": 12, "items": [an_image()]}])

    assert (status, the_codes(server)) == (200, [0])


async def test_files_come_as_parts_beside_the_words(rest: Rest, team: Channel) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", '{"content": "x", "attachments": [{"id": 0, "filename": "a.txt"}]}')
    form.add_field("files[0]", b"abc", filename="a.txt", content_type="application/octet-stream")

    status, made = await rest("POST", f"/channels/{team.id}/messages", data=form)

    assert (status, [(each["filename"], each["size"]) for each in made["attachments"]]) == (
        200,
        [("a.txt", 3)],
    )


async def test_a_thread_starts_once_and_in_a_text_channel(
    rest: Rest, server: DiscordServer, team: Channel
) -> None:
    await rest.post(team, content="card")
    [card] = team.posts
    start = f"/channels/{team.id}/messages/{card.id}/threads"

    status, made = await rest("POST", start, {"name": "Responses"})
    assert (status, made["id"], made["owner_id"]) == (
        201,
        card.id,
        server.app.bot.id,
    )
    assert (await rest("POST", start, {"name": "Again"}))[1]["code"] == 160004
    there = server.world.channels[card.id]
    await rest.post(there, content="in it")
    inner = f"/channels/{there.id}/messages/{there.posts[-1].id}/threads"
    assert (await rest("POST", inner, {"name": "Deeper"}))[1]["code"] == 50024
    assert [each.type for each in there.posts] == [21, 0]
    assert (await rest("GET", f"/guilds/{team.guild.id if team.guild else ''}/threads/active"))[1]["threads"]


async def test_an_archived_thread_takes_no_edits_and_a_locked_one_no_words(
    rest: Rest, server: DiscordServer, team: Channel, ada: Person
) -> None:
    thread = ada.thread(ada.say(team, "top"), "Talk")
    await rest.post(thread, content="mine")
    mine = thread.posts[-1]
    changes.archive(server.world, thread, archived=True)

    assert (await rest.edit(mine, content="x"))[1]["code"] == 50083
    reaction = f"/channels/{thread.id}/messages/{mine.id}/reactions/%F0%9F%92%A1/@me"
    assert (await rest("PUT", reaction))[1]["code"] == 50083
    assert (await rest.post(thread, content="wakes it"))[0] == 200
    assert not thread.archived
    changes.archive(server.world, thread, locked=True)
    assert (await rest.post(thread, content="x"))[1]["code"] == 50083


async def test_messages_are_listed_newest_first_from_where_it_is_asked(
    rest: Rest, server: DiscordServer, team: Channel, ada: Person
) -> None:
    said = [ada.say(team, f"{number}") for number in range(5)]
    path = f"/channels/{team.id}/messages"

    async def listed(**query: str) -> list[str]:
        return [each["content"] for each in (await rest("GET", path, params=query))[1]]

    assert await listed() == ["4", "3", "2", "1", "0"]
    assert await listed(limit="2") == ["4", "3"]
    assert await listed(after=said[1].id, limit="2") == ["3", "2"]
    assert await listed(before=said[2].id) == ["1", "0"]
    assert await listed(around=said[2].id, limit="3") == ["3", "2", "1"]
    assert (await rest("GET", path, params={"limit": "101"}))[1]["code"] == 50035
    changes.deny(server.world, team, server.app.bot.id, Can.READ_MESSAGE_HISTORY)
    assert await listed() == []


async def test_reactions_are_put_listed_and_taken_off(
    rest: Rest, server: DiscordServer, team: Channel, ada: Person
) -> None:
    said = ada.say(team, "x")
    ada.react(said, "💡")
    path = f"/channels/{team.id}/messages/{said.id}/reactions/%F0%9F%92%A1"

    assert (await rest("PUT", path + "/@me"))[0] == 204
    assert [each["id"] for each in (await rest("GET", path))[1]] == [server.app.bot.id, ada.id]
    assert (await rest("DELETE", path + "/@me"))[0] == 204
    assert (await rest("DELETE", f"{path}/{ada.id}"))[1]["code"] == 50013
    assert said.reactions == {"💡": [ada.id]}
    assert (await rest("PUT", path.replace("%F0%9F%92%A1", "bulb") + "/@me"))[1]["code"] == 10014


async def test_commands_are_replaced_whole_and_keep_their_ids(rest: Rest, server: DiscordServer) -> None:
    path = f"/applications/{server.app.id}/commands"
    _, [first] = await rest("PUT", path, [{"name": "shoes", "description": "One", "type": 1}])
    _, [second] = await rest("PUT", path, [{"name": "shoes", "description": "Two", "type": 1}])

    assert (first["id"], second["description"]) == (second["id"], "Two")
    status, told = await rest("PUT", path, [{"name": "Shoes!", "description": "", "type": 1}])
    assert (status, told["code"], sorted(told["errors"]["0"])) == (400, 50035, ["description", "name"])
    assert (await rest("PUT", "/applications/5/commands", []))[1]["code"] == 20012


async def test_nobody_is_told_who_must_not_be(
    rest: Rest, server: DiscordServer, north: Guild, team: Channel, ada: Person, ben: Person
) -> None:
    role = north.role("Readers")
    hostile = f"@everyone <@{ada.id}> <@&{role.id}> <@999>"

    await rest.post(team, content=hostile, allowed_mentions={"parse": []})
    await rest.post(team, content=hostile, allowed_mentions={"parse": [], "users": [ada.id]})
    await rest.post(team, content=hostile)

    told = [(post.pings, post.role_pings, post.everyone) for post in team.posts]
    assert told == [([], [], False), ([ada.id], [], False), ([ada.id], [], False)]
    assert [ada.pinged(post) for post in team.posts] == [False, True, True]
    assert not any(ben.pinged(post) for post in team.posts)


async def test_a_thread_is_named_closed_joined_left_and_deleted(
    rest: Rest, server: DiscordServer, north: Guild, team: Channel, ada: Person
) -> None:
    await rest.post(team, content="card")
    card = team.posts[0]
    await rest("POST", f"/channels/{team.id}/messages/{card.id}/threads", {"name": "Responses"})
    there = server.world.channels[card.id]
    path = f"/channels/{there.id}"

    assert (await rest("PUT", f"{path}/thread-members/{ada.id}"))[0] == 204
    assert len((await rest("GET", f"{path}/thread-members"))[1]) == 2
    assert (await rest("DELETE", f"{path}/thread-members/{ada.id}"))[0] == 204
    assert (await rest("DELETE", f"{path}/thread-members/@me"))[0] == 204
    assert (await rest("PUT", f"{path}/thread-members/@me"))[0] == 204
    assert there.members == [server.app.bot.id]
    status, named = await rest("PATCH", path, {"name": "Closed", "archived": True})
    assert (status, named["name"], named["thread_metadata"]["archived"]) == (200, "Closed", True)
    assert (await rest("PATCH", path, {"name": "Again"}))[1]["code"] == 50083
    assert (await rest("PUT", f"{path}/thread-members/{ada.id}"))[1]["code"] == 50083
    assert (await rest("PATCH", path, {"archived": False}))[0] == 200
    assert (await rest("DELETE", path))[1]["code"] == 50013
    changes.delete_channel(server.world, there)
    assert (await rest("GET", path))[1]["code"] == 10003
    assert (await rest("GET", f"/channels/{team.id}/thread-members"))[1]["code"] == 50024


async def test_what_there_is_can_be_asked_for(
    rest: Rest, server: DiscordServer, north: Guild, team: Channel, ada: Person
) -> None:
    commands = f"/applications/{server.app.id}/guilds/{north.id}/commands"
    await rest("PUT", commands, [{"name": "shoes", "description": "Here alone", "type": 1}])

    assert [each["guild_id"] for each in (await rest("GET", commands))[1]] == [north.id]
    assert [each["name"] for each in ada.offered()] == ["shoes"]
    assert (await rest("GET", f"/applications/{server.app.id}/commands"))[1] == []
    assert (await rest("GET", "/users/@me/guilds"))[1][0]["name"] == "North"
    assert (await rest("GET", "/applications/@me"))[1]["flags"] == 1 << 19
    assert (await rest("GET", f"/guilds/{north.id}/channels"))[1][0]["id"] == team.id
    assert (await rest("GET", f"/guilds/{north.id}/members/{ada.id}"))[1]["user"]["global_name"] == "Ada"
    assert (await rest("GET", f"/channels/{team.id}"))[1]["name"] == "team"
    assert (await rest("POST", f"/channels/{team.id}/typing"))[0] == 204
    assert (await rest("GET", "/gateway/bot"))[1]["session_start_limit"]["remaining"] == 1000
    assert server.faults_of_ours == []
