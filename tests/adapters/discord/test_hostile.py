"""What people write is shown as it was written: it pings nobody, and hides no link."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.actions import Verb
from tests.adapters.discord.team import Team, a_team, typed_in, words_of
from tests.adapters.five import NAMES
from tests.discord.reading import Reading, reading
from tests.discord.record import Json, Post

pytestmark = pytest.mark.asyncio

HOSTILE = {
    "ada": "@everyone and @here and <@&1> please come now",
    "ben": "<@400000000000000001> and <#300000000000000001> and <id:customize> said so",
    "cat": "[your bank](https://evil.example) and <t:1:R> and </shoes deal:1> it is",
    "dan": "```an open fence, `one more, and ||hidden\n# A heading\n-# small\n> a quote",
    "eve": "*_~" * 60 + " _that was a storm_ <:tada:1> <a:tada:1> {date} {{7*7}} %s",
}
FIELDS = {
    "pledge": "@everyone <@&1> [a](https://evil.example) ```",
    "name": "@everyone *Boss* <@400000000000000001>",
    "reason": "@here <#300000000000000001> [look](https://evil.example) <t:1:R> ```",
}


def _all_shown(team: Team) -> Iterator[Reading]:
    """Everything of ours that anybody saw at any time, old versions too, and every form."""
    for channel in team.server.world.channels.values():
        for post in channel.every:
            if post.author is team.server.app.bot:
                yield reading(post.content, post.embeds, post.components)
                for version in post.versions:
                    yield reading(version["content"], version["embeds"], version["components"])
    for call in team.server.calls:
        data: Json = (call.body or {}).get("data") or {} if isinstance(call.body, dict) else {}
        if "components" in data:
            yield reading("", (), data["components"])


def _harmless(team: Team) -> None:
    seen = list(_all_shown(team))
    assert len(seen) > 20
    for each in seen:
        # Moments of our own are shown by Discord: theirs was the first second of 1970.
        harm = each.mentions, each.channels, each.commands, each.places, each.emoji
        assert harm == ((), (), (), (), ())
        assert 1 not in each.times
        assert [link.target for link in each.links if "evil" in link.target] == []
    pinged = [post.id for post in _ours(team) if post.pings or post.role_pings or post.everyone]
    assert pinged == []


def _ours(team: Team) -> Iterator[Post]:
    for channel in team.server.world.channels.values():
        yield from (post for post in channel.every if post.author is team.server.app.bot)


def _shown_whole(words: str, shown: Post) -> bool:
    """The words as they were typed, with spaces alike."""
    return " ".join(words.split()) in " ".join(words_of(shown).split())


def _first_line(words: str) -> str:
    return words.split("\n", maxsplit=1)[0]


async def test_in_a_private_round_everything_is_text(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        for player in team.players.values():
            player.person.member.nick = FIELDS["name"]
        await team.deal("together")
        await asyncio.gather(*(team.players[name].respond(words=HOSTILE[name]) for name in NAMES))
        await team.settled()
        await team.press_more(Verb.REVEAL)

        (page,) = [post for post in team.ours() if words_of(post).startswith("Responses 1 to 5")]
        for words in HOSTILE.values():
            assert _shown_whole(words, page), words

        for name in NAMES:
            others = {_first_line(words): "agree" for other, words in HOSTILE.items() if other != name}
            await team.players[name].vote(others, [], "yes")
        await team.pledge(FIELDS["pledge"])
        await team.settled()
        await team.close()

        for words in (FIELDS["pledge"], FIELDS["name"]):
            assert _shown_whole(words, team.recap()), words
        _harmless(team)


async def test_what_was_typed_stands_in_its_field_again(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        await team.deal("together")
        await team.ben.respond(words=HOSTILE["dan"])
        await team.settled()

        form = await team.ben.open(Verb.RESPOND)

        assert typed_in(form)["words"]["value"] == HOSTILE["dan"]


async def test_the_reason_for_a_pause_reaches_whoever_dealt_as_text(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        await team.deal("together")
        await team.ben.tap(Verb.MORE)
        await team.settled()
        await team.ben.open(Verb.PAUSE)
        await team.ben.send(reason=FIELDS["reason"])
        await team.settled()

        (told,) = team.ada.person.dms
        assert _shown_whole(FIELDS["reason"], told)
        assert not any("evil" in words_of(post) for post in team.ours() if post is not told)
        found = reading("", (), told.components)
        assert (found.mentions, found.channels, found.times) == ((), (), ())
        assert [link.target for link in found.links if "evil" in link.target] == []
        assert (told.pings, told.everyone) == ([], False)


async def test_replies_in_the_thread_come_back_as_text(tmp_path: Path) -> None:
    async with a_team(tmp_path) as team:
        await team.deal("open")
        for name in NAMES:
            team.players[name].reply(HOSTILE[name])
        await team.settled()
        for name in NAMES:
            await team.players[name].tap(Verb.VOTE)
            for _ in range(len(NAMES) - 1):
                await team.players[name].tap(Verb.CAST, "agree")
                await team.players[name].tap(Verb.NEXT)
        await team.settled()
        await team.close()

        assert "Common ground" in words_of(team.recap())
        _harmless(team)
