"""What people write is shown as it was written: it calls nobody, and hides no link."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.actions import Verb
from tests.adapters.five import NAMES
from tests.adapters.slack.team import BOTH, Team, a_team, words_of
from tests.slack.reading import Reading, notices, reading
from tests.slack.record import Post, View

pytestmark = pytest.mark.asyncio

HOSTILE = {
    "ada": "<!channel> <!here> <!everyone> <!subteam^S1> @channel please come now",
    "ben": "<@UADA> and <@U0000001|your boss> and <#C1|secrets> said so",
    "cat": "[your bank](https://evil.example) <https://evil.example|your bank> evil.example",
    "dan": "```an open fence, `one more, and > a quote\n```\n# A heading\n&lt;b&gt; &amp;amp;",
    "eve": "*_~" * 60 + "`" * 31 + " _that was a storm_ :tada: {date} {{7*7}} %s",
}
FIELDS = {
    "pledge": "*_~<!channel>~_* [a](https://evil.example) ```",
    "name": "<!channel> *Boss* <@UADA>",
    "reason": "<!everyone> <https://evil.example|look> ```",
}


def _all_shown(team: Team) -> Iterator[Reading]:
    """Everything of ours that anybody saw at any time, old versions too, and every view."""
    for channel in team.workspace.channels.values():
        for post in channel.every:
            if post.user == team.workspace.bot.id:
                for text, blocks in (*post.versions, (post.text, post.blocks)):
                    yield reading(blocks, text)
                    for notice in notices(blocks, text):
                        yield reading((), notice)
    for call in team.server.calls:
        if call.method.startswith("views.") and call.ok:
            yield reading(call.args["view"]["blocks"] if isinstance(call.args["view"], dict) else ())


def _harmless(team: Team) -> None:
    seen = list(_all_shown(team))
    assert len(seen) > 30
    assert [each.calls for each in seen if each.calls] == []
    assert [link for each in seen for link in each.links if "evil" in link.target] == []


def _shown_whole(words: str, shown: Post | View) -> bool:
    """The words as they were typed, with spaces alike."""
    text = words_of(shown) if isinstance(shown, Post) else reading(shown.shape["blocks"]).words
    return " ".join(words.split()) in " ".join(text.split())


@BOTH
async def test_in_a_private_round_everything_is_text(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        for name in NAMES:
            team.workspace.users[f"U{name.upper()}"].real_name = f"<!here> *{name}* <@UADA>"
        await team.deal("together")
        await asyncio.gather(*(team.players[name].respond(words=HOSTILE[name]) for name in NAMES))
        await team.settled()
        await team.press_more(Verb.REVEAL)

        (page,) = [post for post in team.ours() if post.text == "Responses to a card"]
        for words in HOSTILE.values():
            assert _shown_whole(words, page), words

        for name in NAMES:
            others = {words: "agree" for other, words in HOSTILE.items() if other != name}
            await team.players[name].vote(_as_shown(others), [], "yes")
        await team.ben.open(Verb.PLEDGE)
        await team.ben.send(words=FIELDS["pledge"], name=FIELDS["name"], by="2027-06-21")
        await team.settled()
        await team.close()

        for words in (FIELDS["pledge"], FIELDS["name"]):
            assert _shown_whole(words, team.recap()), words
        _harmless(team)


def _as_shown(choices: dict[str, str]) -> dict[str, str]:
    """By the first line of the words: that is where a reader finds them."""
    return {words.split("\n")[0]: choice for words, choice in choices.items()}


@BOTH
async def test_what_was_typed_stands_in_its_field_again(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        await team.deal("together")
        await team.ben.respond(words=HOSTILE["cat"])
        await team.settled()

        view = await team.ben.open(Verb.RESPOND)

        assert view.values["words", "words"]["value"] == HOSTILE["cat"]
        assert reading(view.shape["blocks"]).calls == ()


@BOTH
async def test_the_reason_for_a_pause_reaches_whoever_dealt_as_text(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        await team.deal("together")
        await team.ben.tap(Verb.MORE)
        await team.settled()
        await team.ben.open(Verb.PAUSE)
        await team.ben.send(reason=FIELDS["reason"])
        await team.settled()

        (told,) = team.ada.person.dms
        assert _shown_whole(FIELDS["reason"], told)
        shown = reading(told.blocks, told.text)
        assert shown.calls == ()
        assert [link.target for link in shown.links if "evil" in link.target] == []
        assert not any("evil" in words_of(post) for post in team.channel.every if post.bot_id)


@BOTH
async def test_replies_in_the_thread_come_back_as_their_readers_saw_them(tmp_path: Path, by: str) -> None:
    async with a_team(tmp_path, by=by) as team:
        board = await team.deal("open")
        for name in NAMES:
            team.players[name].person.say(team.channel, HOSTILE[name], board)
        await team.settled()
        for name in NAMES:
            await team.players[name].tap(Verb.VOTE)
            await team.settled()
            for _ in range(len(NAMES) - 1):
                await team.players[name].tap(Verb.CAST, "agree")
                await team.settled()
                await team.players[name].tap(Verb.NEXT)
                await team.settled()
        await team.close()

        # Three of five are quoted, whichever they are, and a long one is cut: its beginning stands there.
        beginnings = [words.split("\n")[0][:30] for words in HOSTILE.values()]
        quoted = [words for words in beginnings if _shown_whole(words, team.recap())]
        assert len(quoted) == 3
        _harmless(team)
