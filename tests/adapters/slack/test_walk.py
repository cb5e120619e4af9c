"""Two workspaces with equal ids for people and channels: all is pressed and asked with the other's ids."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import sqlalchemy as sa
from starlette.routing import Mount, Route

from adapters.slack.chat import PLATFORM
from adapters.slack.manifest import COUNT_SHORTCUT, KEEP_SHORTCUT
from bot.actions import Action, NotAnAction, Verb, read, write
from bot.chat import Press
from bot.commands import COMMANDS
from bot.game.model import ChannelId, CommunityId, PlayerId
from bot.views.round_up import value as week
from storage.tables import METADATA
from tests.adapters.slack.many import PUBLIC, Many, many, people_of
from tests.adapters.slack.team import Team, answer_to, answered, forge, words_of
from tests.adapters.web.test_doors import hidden, start
from tests.bot.house import said
from tests.builders import NOON
from tests.databases import every_row
from tests.slack import changes
from tests.slack.record import Workspace

pytestmark = pytest.mark.asyncio

SECRET = "of the south alone"  # in all that anybody writes there
NOWHERE = "no-such-thing-anywhere"
NOT_HERE = re.compile(
    "This button is not for a card here|is not here, or not here any more|A story that waits.*of the north",
    re.DOTALL,
)
OWN = ("Whose help lines fit here?", "Awareness weeks")
"""Shows what one's own place has, whatever plan it was opened from."""

KINDS = {
    "channels", "rounds", "responses", "replies", "pledges", "people",
    "campaigns", "campaign_prompts", "stories", "communities",
}  # fmt: skip
"""What an action can name."""

VALUES = ("", "sure", "here")
VERBS = [each for each in Verb if each is not Verb.KEEP_STORY]
"""All but one: it keeps one's own words, whatever message they are said to be from."""

HEADING = frozenset({Verb.TRY, Verb.PREVIEW, Verb.DEAL})
"""Shows a card by chance, or a form as far as its value can be read: the same heading will do."""
FILLED = {
    "words": "I am from elsewhere.",
    "stance": "yes",
    "shoes": "carer",
    "named": "yes",
    "quoted": "no",
    "name": "Eve",
    "consent": "quote",
    "mark": "any",
    "outcome": "any",
    "topic": "any",
    "contact": "Eve",
    "template": "own",
    "time": "10:30",
    "weekdays": "01234",
    "until": "",
    "on": "",
    "credit": "Eve",
}
"""Enough for any form, so that it is not refused for a field before an id is looked at."""


@dataclass(frozen=True)
class Two:
    """The program, added to two workspaces in which the same was done. `made`: every id of the south."""

    program: Many
    north: Team
    south: Team
    made: Mapping[str, frozenset[str]]  # by the table whose rows they name
    homes: Mapping[str, tuple[CommunityId, ChannelId]]  # ours, by the workspace

    @property
    def ids(self) -> Mapping[str, str]:
        """One of each kind."""
        return {where: min(ids) for where, ids in self.made.items()}

    async def souths(self) -> Mapping[str, list[str]]:
        """Every row that names an id of the south."""
        wanted = re.compile("|".join(re.escape(id) for ids in self.made.values() for id in ids))
        return {
            name: sorted(row for row in rows if wanted.search(row))
            for name, rows in (await every_row(self.program.app.database)).items()
        }


async def _ids(program: Many) -> Mapping[str, frozenset[str]]:
    """Every id there is, by the table whose rows it names."""

    def found(tx: Any) -> dict[str, frozenset[str]]:
        return {
            table.name: frozenset(
                value for (value,) in tx.connection.execute(sa.select(table.c.id)) if isinstance(value, str)
            )
            for table in METADATA.tables.values()
            if "id" in table.c
        }

    return await program.app.database.read(found)


@pytest_asyncio.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with many(tmp_path) as program:
        north, south = people_of(program.server, "T1", "North"), people_of(program.server, "T2", "South")
        await _lives(program, north, "of the north")
        before = await _ids(program)
        await _lives(program, south, SECRET)
        after = await _ids(program)
        ids = {where: after[where] - before[where] for where in after if after[where] - before[where]}
        query = sa.text(
            "SELECT communities.ref AS ref, communities.id AS home, channels.id AS place"
            " FROM channels JOIN communities ON communities.id = channels.community_id"
        )
        assert set(ids) >= KINDS, KINDS - set(ids)
        rows = await program.app.database.read(lambda tx: tx.connection.execute(query).all())
        homes = {row.ref: (CommunityId(row.home), ChannelId(row.place)) for row in rows}
        yield Two(program, program.team(north), program.team(south), ids, homes)


async def _lives(program: Many, workspace: Workspace, secret: str) -> None:
    """A card with a response, a reply, a lightbulb and a pledge; one that is held; a campaign; a story."""
    await program.add(workspace)
    team = program.team(workspace)
    board = await team.deal("open")
    team.ben.person.say(team.channel, f"Please ask him first, {secret}.", board)
    await team.settled()
    await team.pledge(f"I will ask first, {secret}.")
    await team.settled()
    await team.deal("after_you")
    await team.cat.respond(words=f"Nobody told us when, {secret}.")
    await team.players["dan"].respond(words=f"Honestly I want to die when they say that, {secret}.")
    await team.settled()
    await team.begin_campaign(template="own", contact="Jo")
    await team.ada.command("prompt")
    await team.ada.send(words=f"They talk to my son about me, {secret}.", shoes="person", credit="Pearl")
    await team.settled()
    await team.ben.command("story")
    await team.settled()
    await team.ben.open(Verb.STORY, "own")
    story = f"She asked Mum about her garden, {secret}."
    await team.ben.send(words=story, shoes="carer", name="Jo", consent="quote")
    await team.settled()


def _every_action(ids: Mapping[str, str], souths: ChannelId) -> Iterator[tuple[Action, Action]]:
    """Every verb with each id of the south in each place of an action; beside it one that does not exist."""
    for verb in VERBS:
        for id in ids.values():
            yield Action(verb, round=id), Action(verb, round=NOWHERE)
            yield Action(verb, value=id), Action(verb, value=NOWHERE)
            yield Action(verb, ids["rounds"], id), Action(verb, NOWHERE, NOWHERE)
            for value in VALUES:
                yield Action(verb, about=id, value=value), Action(verb, about=NOWHERE, value=value)
        for value in (ids["campaign_prompts"], week(souths, NOON.date())):
            yield (
                Action(verb, about=ids["campaigns"], value=value),
                Action(verb, about=NOWHERE, value=NOWHERE),
            )


class Presser:
    """Somebody of the north who looks after their channel, in a client that they have changed."""

    def __init__(self, two: Two) -> None:
        self._two = two
        self._home, self.place = two.homes["T1"]
        self._deliveries = count()

    async def told(self, action: Action, channel: ChannelId, id: str) -> str:
        """What is told to a press; every field of a form that takes an id has this one."""
        press = Press(
            player=PlayerId(PLATFORM, self._home, "UADA"),
            channel=channel,
            action=write(action),
            event=f"walk-{next(self._deliveries)}",
            name="Ada",
            fields=FILLED | {"into": id, "code": id},
            manages=True,
        )
        told = said(await self._two.program.app.service.press(press, self._two.program.time.now))
        assert SECRET not in told, action
        return told.splitlines()[0] if action.verb in HEADING else told.replace(id, NOWHERE)


async def test_every_verb_with_every_id_of_the_other_workspace_is_answered_as_if_there_were_none(
    two: Two,
) -> None:
    presser = Presser(two)
    before = await two.souths()
    without: dict[Action, str] = {}

    for real, none in _every_action(two.ids, two.homes["T2"][1]):
        if none not in without:
            without[none] = await presser.told(none, presser.place, NOWHERE)
        assert await presser.told(real, presser.place, two.ids["campaigns"]) == without[none], real

    assert await two.souths() == before


async def test_every_verb_in_a_channel_of_the_other_workspace_is_answered_as_if_there_were_none(
    two: Two,
) -> None:
    presser = Presser(two)
    before = await two.souths()

    for verb in Verb:
        for action in (Action(verb), Action(verb, two.ids["rounds"], two.ids["responses"], "agree")):
            none = await presser.told(action, ChannelId(NOWHERE), NOWHERE)
            assert await presser.told(action, two.homes["T2"][1], two.ids["campaigns"]) == none, action

    assert await two.souths() == before


# --- through Slack itself ------------------------------------------------------------------


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _seen(two: Two) -> tuple[set[str], set[str]]:
    """Every button and every form that names an id, as they were sent to the south."""
    words = {
        each for call in two.program.server.calls if call.workspace == "T2" for each in _strings(call.args)
    }
    buttons = {each for each in words if _names_one(two, each) and _is_action(each)}
    forms = {each for each in words if '"action"' in each and _names_one(two, json.loads(each)["action"])}
    return buttons, forms


def _names_one(two: Two, text: str) -> bool:
    return any(id in text for ids in two.made.values() for id in ids)


def _is_action(text: str) -> bool:
    try:
        read(text)
    except NotAnAction:
        return False
    return True


async def test_every_button_and_form_that_the_other_workspace_was_shown_is_for_nothing_here(two: Two) -> None:
    buttons, forms = _seen(two)
    assert len(buttons) > 20
    assert len(forms) > 3
    ada = two.north.ada
    before = await two.souths()
    told = set()

    for value in sorted(buttons):
        for _, channel in two.homes.values():
            told.add(await answer_to(ada, value, channel))
    for metadata in sorted(forms):
        for _, channel in two.homes.values():
            forge(ada, "", channel)
            await ada.command("settings")
            view = await ada.form()
            view.shape["private_metadata"] = json.dumps(json.loads(metadata) | {"url": "", "place": channel})
            await ada.person.submit()
            told.add(await answered(ada))

    assert [words for words in told if not NOT_HERE.search(words) and not words.startswith(OWN)] == []
    assert SECRET not in "".join(told)
    assert await two.souths() == before


async def test_every_command_and_shortcut_and_home_tell_of_ones_own_workspace_alone(two: Two) -> None:
    ada, ben = two.north.ada, two.north.ben
    before = await two.souths()
    told = []

    for words in ("", "dance", *(each.name for each in COMMANDS)):
        for about in ("", *two.ids.values()):
            for player in (ada, ben):
                player.person.reload()
                await player.command(f"{words} {about}")
                await two.north.slack.idle()
                shown = player.person.view or player.whispers()[-1]
                told.append(player.person.reads(shown).words)
    # The other's messages, by channel and time: both are the same words in either workspace.
    for message in two.south.channel.posts:
        for shortcut in (COUNT_SHORTCUT, KEEP_SHORTCUT):
            ada.person.reload()
            await ada.person.shortcut(shortcut, message)
            await two.north.slack.idle()
            shown = ada.person.view or ada.whispers()[-1]
            told.append(ada.person.reads(shown).words)
    ada.person.open_home()
    await two.north.settled()
    assert ada.person.home is not None
    told.append(ada.person.reads(ada.person.home).words)

    own = [words for words in told if "of the north" in words]
    assert len(own) > 3, "one's own is shown, so that the other's could have been"
    for words in told:
        assert SECRET not in words
    assert await two.souths() == before


async def test_what_is_said_and_lit_in_one_workspace_is_never_heard_in_the_other(two: Two) -> None:
    before, boards = await two.souths(), [words_of(each) for each in two.south.ours()]
    north = two.north.workspace

    for theirs in list(two.south.channel.posts):
        reply = two.north.ben.person.say(two.north.channel, "I am from the north.")
        reply.thread_ts = theirs.thread_ts or theirs.ts
        changes.edit(north, reply, "UBEN", "I am still from the north.", [])
        changes.delete(north, reply)
        for kind in ("reaction_added", "reaction_removed"):
            changes._emit(
                north,
                None,
                kind,
                {
                    "type": kind, "user": "UCAT", "reaction": "bulb", "event_ts": "1900000000.0",
                    "item": {"type": "message", "channel": "C1", "ts": theirs.ts},
                },
            )  # fmt: skip
    changes._emit(north, None, "user_change", {"type": "user_change", "user": {"id": "UBEN"}})
    await two.south.settled()

    assert await two.souths() == before
    assert [words_of(each) for each in two.south.ours()] == boards


# --- through the pages ---------------------------------------------------------------------


def _paths(two: Two) -> Iterator[tuple[str, str]]:
    """Every route of the pages, by its method and its path, with each id of a workspace in each place."""
    for route in two.program.app.web.routes():
        if isinstance(route, Mount):
            assert route.path == "/static"
            continue
        assert isinstance(route, Route)
        names = re.findall(r"{(\w+)}", route.path)
        for ids in product(*[_fitting(two, name) for name in names]):
            path = route.path.format(**dict(zip(names, ids, strict=True)))
            for method in sorted(route.methods or {"GET"}):
                yield method, path


def _fitting(two: Two, name: str) -> list[str]:
    """Ids for a parameter: the right kind of each workspace's, or one of each kind."""
    kind = {"channel": "channels", "round": "rounds", "campaign": "campaigns"}.get(name)
    norths = two.homes["T1"][1]
    return [norths, *two.ids.values()] if kind is None else [norths, *two.made[kind]]


async def test_no_page_shows_or_changes_anything_of_a_workspace(two: Two) -> None:
    app = two.program.app
    web = httpx.AsyncClient(base_url=PUBLIC, transport=httpx.ASGITransport(app.web.app()), trust_env=False)
    async with web as browser:
        room = (await start(browser)).headers["location"].partition("#")[0]
        csrf = hidden(await browser.get(room), "csrf")
        before = await two.souths()
        asked = set()

        for method, path in _paths(two):
            data = {"csrf": csrf, "channel": two.homes["T2"][1], "event": path, "action": "more"}
            answer = await browser.request(method, path, data=data if method == "POST" else None)
            asked.add(path)
            assert SECRET not in answer.text, path
            if any(id in path for ids in two.made.values() for id in ids):
                assert answer.status_code in {403, 404, 405}, (method, path)
        for verb in VERBS:
            for action in (
                Action(verb, two.ids["rounds"], two.ids["responses"]),
                Action(verb, about=two.ids["campaigns"], value=two.ids["campaign_prompts"]),
                Action(verb, about=two.ids["stories"]),
            ):
                right = {"csrf": csrf, "channel": room.rpartition("/")[2], "event": write(action)}
                answer = await browser.post("/press", data=FILLED | right | {"action": write(action)})
                assert SECRET not in answer.text, action

    assert len(asked) > 30
    assert await two.souths() == before
