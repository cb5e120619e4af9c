"""A card and a story on the Slack test server: from the command to the board, the queue and the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.actions import Verb
from tests.adapters.slack.team import Player, a_team, words_of

pytestmark = pytest.mark.asyncio

WORDS = "The new nurse asked Mum about her garden. <!channel> @everyone"
CARD = "They talk to my son about me, and I am in the room."


def _told(player: Player) -> str:
    return "\n".join(words_of(each) for each in [*player.whispers(), *player.person.dms])


async def test_a_card_is_added_and_a_story_goes_from_its_writer_to_the_library_and_back(
    tmp_path: Path,
) -> None:
    async with a_team(tmp_path) as team:
        await team.deal()
        await team.settled()
        await team.ada.command("campaign")
        await team.ada.send(template="own", contact="Jo")
        await team.settled()
        await team.ada.tap(Verb.START_CAMPAIGN)
        await team.settled()

        await team.ada.command("prompt")
        await team.ada.send(words=CARD, shoes="person", credit="Pearl, a retired bus driver")
        await team.settled()
        assert CARD in _told(team.ada)
        assert "This is how people will see it." in _told(team.ada)

        await team.ben.command("story")
        await team.settled()
        await team.ben.open(Verb.STORY, "own")
        await team.ben.send(words=WORDS, shoes="carer", name="Jo, a daughter", consent="quote")
        await team.settled()
        assert "A moderator reads it now." in _told(team.ben)
        assert "A story waits for you" in _told(team.ada) or "shared a story" in _told(team.ada)
        assert WORDS not in _told(team.ada)

        await team.ada.tap(Verb.QUEUE)
        await team.settled()
        await team.ada.open(Verb.APPROVE_STORY)
        await team.ada.send(into="library", mark="practice", outcome="listened-to", topic="gardens")
        await team.settled()
        assert "A moderator said yes." in _told(team.ben)

        cat = team.players["cat"]
        await cat.command("library")
        await cat.send(mark="practice")
        await team.settled()
        found = cat.whispers()[-1]
        assert WORDS in words_of(found)
        assert cat.person.reads(found).calls == ()

        await team.ben.command("me")
        await team.settled()
        await team.ben.tap(Verb.TAKE_STORY_BACK)
        await team.settled()
        await cat.command("library")
        await cat.send(mark="practice")
        await team.settled()
        assert "We found nothing that fits." in words_of(cat.whispers()[-1])
