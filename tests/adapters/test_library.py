"""A card and a story on Slack and on Discord: from the command to the board, the queue and the library."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.actions import Verb
from tests.adapters.discord import team as discord
from tests.adapters.slack import team as slack

pytestmark = pytest.mark.asyncio

WORDS = "The new nurse asked Mum about her garden. <!channel> @everyone <@&1>"
CARD = "They talk to my son about me, and I am in the room."


@dataclass(frozen=True)
class Platform:
    """Where it is played; `called` is who is called by what somebody sees."""

    a_team: Callable[[Path], AbstractAsyncContextManager[Any]]
    words_of: Callable[[Any], str]
    called: Callable[[Any], tuple[str, ...]]

    def told(self, player: Any) -> str:
        """What they alone see."""
        return "\n".join(self.words_of(each) for each in [*player.whispers(), *player.person.dms])


def _slack(by: str) -> Platform:
    return Platform(partial(slack.a_team, by=by), slack.words_of, lambda reading: reading.calls)


DISCORD = Platform(discord.a_team, discord.words_of, lambda reading: reading.mentions)


@pytest.mark.parametrize(
    "on", [_slack(slack.SOCKET), _slack(slack.HTTP), DISCORD], ids=["slack", "slack by HTTP", "discord"]
)
async def test_a_card_is_added_and_a_story_goes_from_its_writer_to_the_library_and_back(
    tmp_path: Path, on: Platform
) -> None:
    async with on.a_team(tmp_path) as team:
        await team.deal()
        await team.settled()
        await team.begin_campaign(template="own", contact="Jo")

        await team.ada.command("prompt")
        await team.ada.send(words=CARD, shoes="person", credit="Pearl, a retired bus driver")
        await team.settled()
        assert CARD in on.told(team.ada)
        assert "This is how people will see it." in on.told(team.ada)

        await team.ben.command("story")
        await team.settled()
        await team.ben.open(Verb.STORY, "own")
        await team.ben.send(words=WORDS, shoes="carer", name="Jo, a daughter", consent="quote")
        await team.settled()
        assert "A moderator reads it now." in on.told(team.ben)
        assert "Somebody has shared a story." in on.told(team.ada)
        assert WORDS not in on.told(team.ada)

        await team.ada.tap(Verb.QUEUE)
        await team.settled()
        await team.ada.open(Verb.APPROVE_STORY)
        await team.ada.send(into="library", mark="practice", outcome="listened-to", topic="gardens")
        await team.settled()
        assert "A moderator said yes." in on.told(team.ben)

        cat = team.cat
        await cat.command("library")
        await cat.send(mark="practice")
        await team.settled()
        found = cat.whispers()[-1]
        assert WORDS in on.words_of(found)
        assert on.called(cat.person.reads(found)) == ()

        await team.ben.command("me")
        await team.settled()
        await team.ben.tap(Verb.TAKE_STORY_BACK)
        await team.settled()
        await team.ben.tap(Verb.TAKE_STORY_BACK, "sure")
        await team.settled()
        await cat.command("library")
        await cat.send(mark="practice")
        await team.settled()
        assert "We found nothing that fits." in on.words_of(cat.whispers()[-1])
