"""The adapter contract: what every platform promises, told as stories over `Platform`.

A platform joins with a test file that gives a fixture `platform` and a class that is a
`ChatContract`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import pytest

from bot.actions import LENGTH, Action, Verb, read, write
from bot.chat import ChannelGone, MessageRef, PostGone
from bot.game.model import ChannelId, Policy
from bot.messages import (
    Block,
    Button,
    Buttons,
    Form,
    Heading,
    Message,
    Ours,
    Paragraph,
)
from tests.adapters.hostile import DIRECTION, HOSTILE, said_instead, theirs
from tests.adapters.looking import actions_of, missing, missing_of_form, not_in_order, one_line
from tests.adapters.platform import Platform, Shown
from tests.gallery.views import VIEWS

NOWHERE = ChannelId("nowhere-at-all")
TRIO = ("ada", "ben", "cat")


def a_message(words: str, *buttons: Button, heading: str = "Something new") -> Message:
    """A post of one paragraph."""
    blocks: tuple[Block, ...] = (Heading((Ours(heading),)), Paragraph((Ours(words),)))
    return Message((Ours(heading),), (*blocks, Buttons(buttons)) if buttons else blocks)


class ChatContract:
    """Every test runs for every platform that has joined."""

    @pytest.mark.asyncio
    async def test_everybody_in_the_channel_sees_a_post(self, platform: Platform) -> None:
        channel, _card = await _a_card(platform)

        ref = await platform.chat.post(channel, a_message("Tea is ready."), key="tea")

        for name in TRIO:
            assert _texts(await platform.seen(channel, name), ref) == ["Something new Tea is ready."]

    @pytest.mark.asyncio
    async def test_nobody_in_another_channel_sees_it(self, platform: Platform) -> None:
        channel, _card = await _a_card(platform)
        elsewhere = await platform.a_channel("dan")
        await platform.deal(elsewhere, "dan", Policy.TOGETHER)

        await platform.chat.post(channel, a_message("Tea is ready."), key="tea")

        assert "Tea is ready." not in _everything(await platform.seen(elsewhere, "dan"))

    @pytest.mark.asyncio
    async def test_a_thread_post_stands_under_its_card(self, platform: Platform) -> None:
        channel, first = await _a_card(platform, Policy.OPEN)
        await platform.press(channel, "ada", Verb.MORE)
        await platform.press(channel, "ada", Verb.CLOSE)
        second = await platform.deal(channel, "ada", Policy.OPEN)
        words = {first: "About the first card.", second: "About the second card."}

        refs = {
            card: await platform.chat.post(channel, a_message(said), key=said, thread=card)
            for card, said in words.items()
        }

        for name in TRIO:
            seen = await platform.seen(channel, name)
            for card, ref in refs.items():
                (shown,) = [each for each in seen if each.ref == ref]
                assert shown.under == card
                assert words[card] in shown.text

    @pytest.mark.asyncio
    async def test_an_edit_takes_the_place_of_the_post(self, platform: Platform) -> None:
        channel, card = await _a_card(platform)
        chat = platform.chat
        ref = await chat.post(channel, a_message("Tea is ready."), key="tea", thread=card)
        after = await chat.post(channel, a_message("Cake, too."), key="cake", thread=card)

        for _ in range(2):  # repeating it is harmless
            await chat.edit(channel, ref, a_message("Tea is cold."))

        seen = await platform.seen(channel, "ben")
        assert _texts(seen, ref) == ["Something new Tea is cold."]
        assert "Tea is ready." not in _everything(seen)
        assert [each.ref for each in seen if each.ref in {ref, after}] == [ref, after]

    @pytest.mark.asyncio
    async def test_a_post_is_found_by_its_key(self, platform: Platform) -> None:
        channel, card = await _a_card(platform)
        chat = platform.chat

        posted = await chat.post(channel, a_message("Tea is ready."), key="shoes-8001")
        under = await chat.post(channel, a_message("Cake, too."), key="shoes-8002", thread=card)

        assert await chat.find(channel, key="shoes-8001") == posted
        assert await chat.find(channel, key="shoes-8002", thread=card) == under
        assert await chat.find(channel, key="shoes-8003") is None
        assert await chat.find(channel, key="shoes-800") is None

    @pytest.mark.asyncio
    async def test_a_post_is_found_in_its_own_channel_alone(self, platform: Platform) -> None:
        channel, _card = await _a_card(platform)
        elsewhere = await platform.a_channel("dan")
        await platform.chat.post(channel, a_message("Tea is ready."), key="shoes-8001")

        assert await platform.chat.find(elsewhere, key="shoes-8001") is None

    @pytest.mark.asyncio
    async def test_after_a_lost_answer_the_post_is_looked_up_and_stands_there_once(
        self, platform: Platform
    ) -> None:
        channel, card = await _a_card(platform)
        message = a_message("Tea is ready.")
        await platform.chat.post(channel, message, key="shoes-8001", thread=card)  # its answer got lost

        ref = await platform.chat.find(channel, key="shoes-8001", thread=card)
        assert platform.chat.capabilities.finds_own_posts
        assert ref is not None
        await platform.chat.edit(channel, ref, message)

        assert _texts(await platform.seen(channel, "cat"), ref) == ["Something new Tea is ready."]
        assert _everything(await platform.seen(channel, "cat")).count("Tea is ready.") == 1

    @pytest.mark.asyncio
    async def test_a_whisper_is_seen_by_one_player_alone(self, platform: Platform) -> None:
        channel, _card = await _a_card(platform)

        await platform.chat.whisper(
            channel, platform.player(channel, "ben"), a_message("Only for Ben."), key="psst"
        )

        (whisper,) = [each for each in await platform.seen(channel, "ben") if "Only for Ben." in each.text]
        assert whisper.private
        for name in ("ada", "cat"):
            assert "Only for Ben." not in _everything(await platform.seen(channel, name))

    @pytest.mark.asyncio
    async def test_a_channel_that_is_not_there_is_gone(self, platform: Platform) -> None:
        channel, card = await _a_card(platform)
        message = a_message("Is anybody there?")

        with pytest.raises(ChannelGone):
            await platform.chat.post(NOWHERE, message, key="hello")
        with pytest.raises(ChannelGone):
            await platform.chat.edit(NOWHERE, card, message)
        with pytest.raises(ChannelGone):
            await platform.chat.whisper(NOWHERE, platform.player(channel, "ben"), message, key="psst")

    @pytest.mark.asyncio
    async def test_a_post_of_one_channel_cannot_be_edited_from_another(self, platform: Platform) -> None:
        channel, _card = await _a_card(platform)
        elsewhere = await platform.a_channel("dan")
        await platform.deal(elsewhere, "dan", Policy.TOGETHER)
        ref = await platform.chat.post(channel, a_message("Tea is ready."), key="tea")

        with pytest.raises(PostGone):
            await platform.chat.edit(elsewhere, ref, a_message("Changed from outside."))

        assert _texts(await platform.seen(channel, "ben"), ref) == ["Something new Tea is ready."]

    @pytest.mark.asyncio
    async def test_every_word_of_every_view_is_shown(self, platform: Platform) -> None:
        channel, card = await _a_card(platform)
        messages = {name: view for name, make in VIEWS.items() if isinstance(view := make(), Message)}

        shown = await _posted(platform, channel, card, messages)

        lost = {name: missing(view.blocks, shown[name]) for name, view in messages.items()}
        assert {name: words for name, words in lost.items() if words} == {}

    @pytest.mark.asyncio
    async def test_what_people_write_is_shown_as_it_was_written_and_does_nothing(
        self, platform: Platform
    ) -> None:
        channel, card = await _a_card(platform)
        messages = {
            f"{name}: {words}": said_instead(view, words)
            for name, make in VIEWS.items()
            if isinstance(view := make(), Message) and any(theirs(view))
            for words in HOSTILE
        }
        assert len(messages) > 100

        shown = await _posted(platform, channel, card, messages)

        lost = {name: missing(view.blocks, shown[name]) for name, view in messages.items()}
        assert {name: words for name, words in lost.items() if words} == {}
        assert [name for name, each in shown.items() if "evil.example" in "".join(each.links)] == []
        assert [name for name, each in shown.items() if each.called] == []
        assert [name for name, each in shown.items() if DIRECTION.search(each.text)] == []
        for name, view in messages.items():
            assert shown[name].actions == actions_of(view.blocks), name

    @pytest.mark.asyncio
    async def test_every_form_of_the_gallery_is_shown_with_all_its_words(self, platform: Platform) -> None:
        for name, make in VIEWS.items():
            form = make()
            if isinstance(form, Form):
                shown = platform.form(form)
                assert missing_of_form(form, shown) == [], name
                assert read(form.action) == read(shown.actions[0]), name

    @pytest.mark.asyncio
    async def test_what_stands_in_a_form_is_what_was_typed(self, platform: Platform) -> None:
        for words in HOSTILE:
            for name, make in VIEWS.items():
                form = make()
                if isinstance(form, Form):
                    fields = tuple(
                        each if each.options else dataclasses.replace(each, value=words)
                        for each in form.fields
                    )
                    form = dataclasses.replace(said_instead(form, words), fields=fields)
                    shown = platform.form(form)
                    assert missing_of_form(form, shown) == [], (name, words)
                    assert not shown.called

    @pytest.mark.asyncio
    async def test_every_action_comes_back_as_it_was_sent(self, platform: Platform) -> None:
        channel, _card = await _a_card(platform)
        views = {name: view for name, make in VIEWS.items() if isinstance(view := make(), Message)}
        longest = write(Action(Verb.TAKE_LIGHTBULB, "R" * 45, "p-_" * 15, "v"))
        assert len(longest) == LENGTH <= platform.chat.capabilities.action_length
        views["longest"] = a_message("Long.", Button("Press", longest))

        shown = await _posted(platform, channel, None, views)

        for name, view in views.items():
            assert shown[name].actions == actions_of(view.blocks), name

    @pytest.mark.asyncio
    @pytest.mark.parametrize("policy", Policy)
    async def test_a_round_of_three_comes_to_the_same_recap(self, platform: Platform, policy: Policy) -> None:
        channel = await platform.a_channel(*TRIO)
        card = await platform.deal(channel, "ada", policy)
        for name in TRIO:
            await _answer(platform, channel, name, policy)
            _nothing_leaks(await platform.seen(channel, _another(name)), name, policy)
        if policy is Policy.TOGETHER:
            await platform.press(channel, "ada", Verb.MORE)
            await platform.press(channel, "ada", Verb.REVEAL)
        for name in TRIO:
            await _vote(platform, channel, name)
        await platform.press(channel, "ben", Verb.VOTE)
        await platform.press(channel, "ben", Verb.DONE)
        await platform.press(channel, "ben", Verb.PLEDGE)
        await platform.send(channel, "ben", Verb.MAKE_PLEDGE, twice=True, words=PLEDGE, by="2027-06-21")
        await platform.press(channel, "ada", Verb.MORE)
        await platform.press(channel, "ada", Verb.CLOSE)

        for name in TRIO:
            seen = await platform.seen(channel, name)
            (recap,) = [each for each in seen if "3 people wrote." in each.text and not each.private]
            assert not_in_order(RECAP, recap.text) == []
            assert recap.ref != card
            assert recap.text.count(PLEDGE) == 1
            if policy is Policy.OPEN:
                assert not_in_order(NAMED, recap.text) == []
            else:
                assert "Nobody can tell who wrote this, not even us." in recap.text
                assert "Ada" not in recap.text
                assert "Cat" not in recap.text


# --- a round of three --------------------------------------------------------------------

WORDS = {
    "ada": "Please ask him first, every time.",
    "ben": "A third chair would do more.",
    "cat": "We waited a whole day for that.",
}
STANCES = {"ada": ("yes", "yes"), "ben": ("no", "yes"), "cat": ("not_sure", "no")}
CHOICES = {
    "ada": {"ben": "agree", "cat": "not_sure"},
    "ben": {"ada": "agree", "cat": "not_sure"},
    "cat": {"ada": "agree", "ben": "disagree"},
}
LIGHTBULBS = {"cat": "ada"}

PLEDGE = "sit down before I start to talk"
RECAP = (
    "What we heard",
    "In the shoes of a family carer",
    "They talk to me over his head. My dad is in the room, and he hears every word.",
    "What would help him to be part of the talk?",
    "3 people wrote.",
    "said first",
    "1 yes, 1 not sure, 1 no",
    "say now",
    "2 yes, 0 not sure, 1 no",
    "Common ground",
    WORDS["ada"],
    "Where we differ",
    WORDS["ben"],
    "Words that changed how we see it",
    "One lightbulb",
    "What is already strong here?",
    "Pledges",
    "Ben will",
    PLEDGE,
)
NAMED = ("Common ground", "Ada", WORDS["ada"], "Where we differ", "Ben", WORDS["ben"])


async def _a_card(platform: Platform, policy: Policy = Policy.TOGETHER) -> tuple[ChannelId, MessageRef]:
    channel = await platform.a_channel(*TRIO)
    return channel, await platform.deal(channel, "ada", policy)


def _another(name: str) -> str:
    return next(each for each in TRIO if each != name)


async def _answer(platform: Platform, channel: ChannelId, name: str, policy: Policy) -> None:
    """In an open round people write in the thread; a stance is sent with the form everywhere."""
    stance = STANCES[name][0]
    await platform.press(channel, name, Verb.RESPOND)
    if policy is Policy.OPEN:
        await platform.send(channel, name, Verb.SEND, stance=stance)
        await platform.reply(channel, name, WORDS[name])
    else:
        await platform.send(channel, name, Verb.SEND, stance=stance, words=WORDS[name])


def _nothing_leaks(seen: Sequence[Shown], name: str, policy: Policy) -> None:
    """What others see of a response before it is to be seen."""
    public = _everything([each for each in seen if not each.private])
    assert (WORDS[name] in public) == (policy is Policy.OPEN)
    if policy is Policy.TOGETHER:
        assert WORDS[name] not in _everything(seen)


async def _vote(platform: Platform, channel: ChannelId, name: str) -> None:
    """Through the ballot to its end."""
    await platform.press(channel, name, Verb.VOTE)
    voted = []
    while shown := [each for each in await platform.seen(channel, name) if _has(each, Verb.CAST)]:
        (ballot,) = shown
        (writer,) = [each for each, words in WORDS.items() if words in ballot.text]
        assert writer != name, "nobody votes on their own"
        assert ballot.private
        await platform.press(channel, name, Verb.CAST, CHOICES[name][writer])
        if LIGHTBULBS.get(name) == writer:
            await platform.press(channel, name, Verb.LIGHTBULB)
        voted.append(writer)
        await platform.press(channel, name, Verb.NEXT)
    assert sorted(voted) == sorted(CHOICES[name])
    await platform.press(channel, name, Verb.SECOND_STANCE, STANCES[name][1])


def _has(shown: Shown, verb: Verb) -> bool:
    return any(read(each).verb is verb for each in shown.actions)


# --- looking -----------------------------------------------------------------------------


async def _posted(
    platform: Platform, channel: ChannelId, card: MessageRef | None, messages: Mapping[str, Message]
) -> dict[str, Shown]:
    """Post them all; what a player sees of each."""
    refs = {
        name: await platform.chat.post(channel, message, key=f"view-{number}", thread=card)
        for number, (name, message) in enumerate(messages.items())
    }
    seen = {each.ref: each for each in await platform.seen(channel, "ben")}
    return {name: seen[ref] for name, ref in refs.items()}


def _texts(seen: Sequence[Shown], ref: MessageRef) -> list[str]:
    return [one_line(each.text) for each in seen if each.ref == ref]


def _everything(seen: Sequence[Shown]) -> str:
    return " ".join(one_line(each.text) for each in seen)
