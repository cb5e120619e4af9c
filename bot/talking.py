"""Words in a card's thread, as a platform tells of them: late, doubled, in any order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot import playing, safeguarding
from bot.actions import Action, Verb
from bot.chat import Heard, Lit, MessageRef, Unheard, reply_id
from bot.game import moves
from bot.game.allowed import REPLY_LENGTH
from bot.game.model import ChannelId, CommunityId, PersonId, PlayerId, ReplyId, ResponseId, RoundId
from bot.game.refusals import MoveRefused
from bot.game.words import clean
from bot.presses import name_of
from bot.recent import Recent
from bot.tools import Tools
from storage import communities, rounds, thread
from storage.communities import NoSuchChannel
from storage.database import Database, Transaction
from storage.rounds import KeyLost, Loaded, NoSuchRound
from storage.thread import OpenThread


class Talking:
    """Keeps the newest version of all it hears, so every order ends the same; remembers our threads."""

    def __init__(self, database: Database, tools: Tools) -> None:
        self._database = database
        self._tools = tools
        self._threads: Recent[tuple[ChannelId, MessageRef], RoundId] = Recent()

    async def hear(self, heard: Heard, now: datetime) -> bool:
        """A reply in a card's thread, new or edited. False if nothing came of it, for whatever reason."""
        words = clean(heard.words[:REPLY_LENGTH])[:REPLY_LENGTH]
        round = await self._thread_of(heard.channel, heard.thread)
        if round is None or not words:
            return False
        reply = reply_id(heard.channel, heard.reply)
        name = name_of({}, heard.name)

        def transaction(tx: Transaction) -> bool:
            if not thread.newer(tx, self._tools.keyring, reply, heard.version, now.date()):
                return False
            place = communities.channel(tx, heard.channel, heard.player.community)
            person = communities.person(tx, heard.player, self._tools.chance.id(), name, heard.zone)
            loaded = self._load(tx, round, reply, person.id, heard.player.community)
            if not loaded.round.reads_thread:
                return False  # the card says that replies are not counted
            response = ResponseId(self._tools.chance.id())
            move: moves.Move = moves.WriteReply(id=reply, response=response, words=words, name=person.name)
            if reply in loaded.round.replies:
                move = moves.ChangeReply(id=reply, response=response, words=words)
            after = playing.play(tx, self._tools, playing.with_own_role(loaded, person), move, heard.at)
            before = loaded.round.replies.get(reply)
            told = before is not None and safeguarding.harm(self._tools, before.words)
            if not told and safeguarding.harm(self._tools, words):
                safeguarding.after_reply(tx, self._tools, heard.channel, person.id, after)
            playing.make_known(tx, self._tools, heard.channel, person.id, playing.today(place, now))
            return True

        return await self._follow(transaction)

    async def is_card(self, channel: ChannelId, ref: MessageRef) -> bool:
        """Whether a message is a card of ours, so that its thread is to be listened to."""
        return await self._thread_of(channel, ref) is not None

    async def counting(self, channel: ChannelId, ref: MessageRef, reply: MessageRef) -> Action | None:
        """What counts a reply as its writer's response; None if it hangs on no card of ours."""
        round = await self._thread_of(channel, ref)
        return Action(Verb.COUNT_REPLY, round, reply_id(channel, reply)) if round is not None else None

    async def open_threads(self, community: CommunityId) -> Sequence[OpenThread]:
        """The threads in which something may have been missed: of cards that are open and can be read."""
        return await self._database.read(lambda tx: thread.open_threads(tx, community))

    async def unhear(self, unheard: Unheard, now: datetime) -> bool:
        """A reply in a card's thread was deleted. False if nothing came of it."""
        if await self._thread_of(unheard.channel, unheard.thread) is None:
            return False
        return await self.unhear_reply(reply_id(unheard.channel, unheard.reply), now)

    async def unhear_reply(self, reply: ReplyId, now: datetime) -> bool:
        """The same, for a reply by our own name for it: it was there, and is no longer."""

        def transaction(tx: Transaction) -> bool:
            thread.gone(tx, self._tools.keyring, reply, now.date())
            found = thread.find_reply(tx, reply)
            if found is None:
                return False
            round, writer = found
            loaded = self._load(tx, round, reply, writer, None)
            if loaded.round.replies[reply].removed:
                return False
            move = moves.DeleteReply(id=reply, response=ResponseId(self._tools.chance.id()))
            playing.play(tx, self._tools, loaded, move, now)
            return True

        return await self._follow(transaction)

    async def light(self, lit: Lit, now: datetime) -> bool:
        """A 💡 was put on a message or taken off. False if nothing came of it.

        Which card the message hangs on is not said, and it may come before the message itself:
        it is kept for every card here on which it could count.
        """
        if not await self._database.read(lambda tx: thread.lightable(tx, lit.channel)):
            return False
        reply = reply_id(lit.channel, lit.reply)

        def transaction(tx: Transaction) -> bool:
            place = communities.channel(tx, lit.channel, lit.player.community)
            person = communities.person(tx, lit.player, self._tools.chance.id(), "")
            changed = False
            for id in thread.lightable(tx, lit.channel):
                loaded = self._load(tx, id, reply, person.id, lit.player.community)
                if loaded.token is not None:
                    changed |= thread.light(tx, id, loaded.token, reply, lit.version, lit=lit.on)
            playing.make_known(tx, self._tools, lit.channel, person.id, playing.today(place, now))
            return changed

        return await self._follow(transaction)

    async def relight(
        self, channel: ChannelId, reply: ReplyId, players: Sequence[PlayerId], version: str, now: datetime
    ) -> bool:
        """Whose 💡 are on a reply, as it was read back at `version`. False if nothing came of it."""

        def transaction(tx: Transaction) -> bool:
            changed = False
            for id in thread.lightable(tx, channel):
                tokens = []
                for player in players:
                    place = communities.channel(tx, channel, player.community)
                    person = communities.person(tx, player, self._tools.chance.id(), "")
                    loaded = self._load(tx, id, reply, person.id, player.community)
                    tokens += [loaded.token] if loaded.token is not None else []
                    playing.make_known(tx, self._tools, channel, person.id, playing.today(place, now))
                changed |= thread.relight(tx, id, tokens, reply, version)
            return changed

        return await self._follow(transaction)

    async def _thread_of(self, channel: ChannelId, ref: MessageRef) -> RoundId | None:
        """The round of a thread. Most threads are none of ours, and cost one look into an index."""
        known = self._threads.get((channel, ref))
        if known is None:
            known = await self._database.read(lambda tx: thread.round_of(tx, channel, ref))
        return self._threads.keep((channel, ref), known) if known is not None else None

    def _load(
        self, tx: Transaction, id: RoundId, reply: ReplyId, person: PersonId, community: CommunityId | None
    ) -> Loaded:
        return rounds.load(
            tx, self._tools.keyring, id, community=community, person=person, replies=[reply], talk=True
        )

    async def _follow(self, transaction: Callable[[Transaction], bool]) -> bool:
        """Nobody waits for an answer: what the rules refuse simply changes nothing."""
        try:
            return await self._database.write(transaction)
        except (MoveRefused, NoSuchRound, NoSuchChannel, KeyLost):
            return False
