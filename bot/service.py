"""The one way in: each public method is one transaction, and answers with what to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot import (
    asking,
    calendars,
    daily,
    dealing,
    effects_out,
    keeping,
    playing,
    pressing,
    privately,
    ringing,
    safeguarding,
)
from bot.actions import Action, NotAnAction, Verb, read
from bot.answers import NO_FORM, Answer, AskOnce, field_of, problem_of
from bot.chance import Chance
from bot.chat import Chosen, Heard, Lit, MessageRef, Press, Unheard
from bot.game import moves
from bot.game import refusals as why
from bot.game.model import (
    PERSPECTIVES,
    ChannelId,
    CommunityId,
    Deck,
    Pack,
    PerspectiveId,
    PlayerId,
    ReplyId,
    RoundId,
)
from bot.game.words import clean
from bot.jobs import Jobs
from bot.messages import Message, Text
from bot.places import Places
from bot.presses import BadField, name_of, typed, wish_of, zone_of
from bot.subjects import BY_VERB, Subject
from bot.talking import Talking
from bot.tools import NO_CARE, USUAL, Care, Terms, Tools
from bot.views import guide, refusals, stories, trouble
from storage import alarms, communities, inbound, subscriptions
from storage.communities import Channel, NoSuchChannel
from storage.database import Database, DatabaseUnavailable, Transaction
from storage.keys import Keyring
from storage.rounds import KeyLost, NoSuchRound
from storage.thread import OpenThread

RINGS_AGAIN = timedelta(minutes=1)  # an alarm that a fault of ours stopped


class Again(Exception):
    """This delivery was taken before: nothing of it is done a second time."""


class Service:
    """The game on a database. Times come in as arguments, in UTC."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        keyring: Keyring,
        packs: Sequence[Pack],
        chance: Chance,
        terms: Terms = USUAL,
        care: Care = NO_CARE,
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.chance = chance
        self.decks: tuple[Deck, ...] = tuple(deck for pack in packs for deck in pack.decks)
        self.tools = Tools(
            keyring=keyring,
            jobs=jobs,
            chance=chance,
            terms=terms,
            decks=self.decks,
            cards={card.id: (deck, card) for deck in self.decks for card in deck.cards},
            templates=tuple(template for pack in packs for template in pack.templates),
            care=care,
        )
        self._places = Places(database, self.tools)
        self._talking = Talking(database, self.tools)

    async def press(self, press: Press, now: datetime) -> Answer:
        """Everything that can be pressed or sent, on every platform. Never raises for what people do."""
        answer = await self._pressed(press, now)
        answer = await safeguarding.with_care(self.database, self.tools, press, answer)
        return await privately.with_news(self.database, self.tools, press, answer)

    async def _pressed(self, press: Press, now: datetime) -> Answer:
        try:
            action = read(press.action)
            if action.verb in {Verb.DEAL, Verb.PREVIEW}:
                return await self._deal_press(press, action, now)
            if asking.asks(action):
                return await self.show(press, now)
            if action.verb is Verb.SET_ROLE:
                return await self._set_role(press, now)
            if action.verb is Verb.SET_ZONE:
                return await self._set_zone(press, now)
            if action.verb is Verb.TRY_AGAIN:
                return await self._try_again(press, now)
            if action.verb in keeping.STORIES:
                return await self._story_press(press, action, now)
            if action.verb is Verb.CALENDAR:
                return await self.database.write(
                    lambda tx: calendars.answer(tx, self.tools, press, action, now)
                )
            if action.verb in {Verb.HELD, Verb.DECIDE_HELD}:
                return await self.database.write(
                    lambda tx: safeguarding.answer(tx, self.tools, press, action, now)
                )
            if action.verb is Verb.HELP_LINES:
                return await self.show(press, now)
            subject = BY_VERB.get(action.verb)
            if subject is not None:
                return await self._about(subject, press, action, now)
            return await self._round_press(press, action, now)
        except (NotAnAction, NoSuchRound, NoSuchChannel):
            return Answer(content=refusals.unknown(), accepted=False)
        except KeyLost:
            return Answer(content=refusals.restored(), accepted=False)
        except why.MoveRefused as refused:
            return Answer(content=refusals.refusal(refused), accepted=False)

    async def show(self, press: Press, now: datetime) -> Answer:
        """What a press opens, without doing anything: forms, the ballot, more. Waits for no writer."""
        try:
            action = read(press.action)
            if action.verb is Verb.HELP_LINES:
                return await safeguarding.help_lines(self.database, self.tools, press, action)

            def transaction(tx: Transaction) -> Answer:
                if asking.asks(action):
                    return asking.asked(tx, self.tools, press, action, now)
                subject = BY_VERB.get(action.verb)
                if subject is not None and subject.only_opens(action):
                    return subject.answer(tx, self.tools, press, action, now)
                if action.verb is Verb.HELD:
                    return safeguarding.shown(tx, self.tools, press, action)
                if action.verb in keeping.STORIES and keeping.only_opens(action):
                    return keeping.shown(tx, press, action)
                if action.verb in {Verb.DEAL, Verb.PREVIEW}:
                    return dealing.shown(tx, self.tools, press, action, now)
                return pressing.shown(tx, self.tools, press, action, now)

            return await self.database.read(transaction)
        except (NotAnAction, NoSuchRound, NoSuchChannel):
            return Answer(content=refusals.unknown(), accepted=False)
        except why.MoveRefused as refused:
            return Answer(content=refusals.refusal(refused), accepted=False)

    async def home(self, player: PlayerId, now: datetime) -> Message:
        """What is open where this player plays, what waits for them, a card to try, privacy, help."""
        return await self.database.read(lambda tx: asking.home_of(tx, self.keyring, player, now))

    # --- presses ---------------------------------------------------------------------------

    async def _once(self, press: Press, now: datetime, run: Callable[[Transaction], Answer]) -> Answer:
        """What a press changes, unless this very delivery has done so before.

        Of these the last one counts, so an old one that comes again would undo what was decided since.
        What was refused is not noted: mended, it may be sent under the same name.
        """

        def transaction(tx: Transaction) -> Answer:
            answer = run(tx)
            name = f"{press.event} {press.action}"
            if answer.accepted and not inbound.first_time(tx, self.keyring, name, now.date()):
                raise Again
            return answer

        try:
            return await self.database.write(transaction)
        except Again:
            return Answer(content=refusals.twice())

    async def _round_press(self, press: Press, action: Action, now: datetime) -> Answer:
        if pressing.only_opens(action):
            return await self.show(press, now)
        if action.verb is Verb.NEXT and action.about:
            return await self.database.write(lambda tx: pressing.look_on(tx, self.tools, press, action, now))
        try:
            answer = await self.database.write(lambda tx: pressing.play(tx, self.tools, press, action, now))
        except AskOnce as ask:
            return ask.answer
        except BadField as bad:
            return await self._form_again(press, action, {bad.field: problem_of(bad)}, now)
        except why.MoveRefused as refused:
            if action.verb not in pressing.FORMS or isinstance(refused, NO_FORM):
                raise
            return await self._form_again(
                press, action, {field_of(refused, action): refusals.problem(refused)}, now
            )
        return answer if answer is not None else await self.show(press, now)

    async def _form_again(
        self, press: Press, action: Action, problems: Mapping[str, Text], now: datetime
    ) -> Answer:
        return await self.database.read(
            lambda tx: pressing.shown(tx, self.tools, press, action, now, problems)
        )

    async def _deal_press(self, press: Press, action: Action, now: datetime) -> Answer:
        if action.verb is Verb.DEAL and not action.value:
            return await self.show(press, now)
        try:
            wish = wish_of(action, press.fields)
        except BadField as bad:
            problem = bad
            return await self.database.read(
                lambda tx: dealing.form_again(tx, self.tools, press, action, problem)
            )
        if action.verb is Verb.PREVIEW:
            return await self.database.read(
                lambda tx: dealing.preview(tx, self.tools, press, action, wish, now)
            )

        def transaction(tx: Transaction) -> Answer:
            answer = dealing.deal_wish(tx, self.tools, press, wish, now)
            daily.go_on(tx, self.tools, press.channel, now)
            return answer

        return await self.database.write(transaction)

    async def _story_press(self, press: Press, action: Action, now: datetime) -> Answer:
        if keeping.only_opens(action):
            return await self.show(press, now)
        if action.verb is Verb.KEEP_STORY:
            again = keeping.form_again(action, press.fields)
            if again is not None:
                return again
            return await self.database.write(lambda tx: keeping.keep(tx, self.tools, press, action, now))
        return await self.database.write(lambda tx: keeping.remove(tx, self.tools, press, action, now))

    async def _about(self, subject: Subject, press: Press, action: Action, now: datetime) -> Answer:
        if subject.only_opens(action):
            return await self.show(press, now)
        return await self._once(press, now, lambda tx: subject.answer(tx, self.tools, press, action, now))

    async def _set_role(self, press: Press, now: datetime) -> Answer:
        role = PerspectiveId(press.fields.get("own_role", ""))
        if role not in PERSPECTIVES and role != guide.NO_ROLE:
            form = guide.role_form(None).again(problems={"own_role": refusals.choose_one()})
            return Answer(content=form, accepted=False)

        def transaction(tx: Transaction) -> Answer:
            person = communities.person(tx, press.player, self.chance.id(), name_of({}, press.name))
            communities.set_own_role(tx, person.id, role if role in PERSPECTIVES else None)
            return Answer(content=guide.role_set())

        return await self._once(press, now, transaction)

    async def _set_zone(self, press: Press, now: datetime) -> Answer:
        try:
            zone = zone_of(typed(press.fields, "zone")) if typed(press.fields, "zone") else ""
        except BadField as bad:
            form = guide.zone_form("").again(press.fields, {bad.field: problem_of(bad)})
            return Answer(content=form, accepted=False)

        def transaction(tx: Transaction) -> Answer:
            name = name_of({}, press.name)
            person = communities.person(tx, press.player, self.chance.id(), name, press.zone)
            communities.set_zone(tx, person.id, zone or None)
            privately.rearm(tx, self.tools, person.id, press.player.community, now)
            return Answer(content=guide.zone_set(zone))

        return await self._once(press, now, transaction)

    async def _try_again(self, press: Press, now: datetime) -> Answer:
        """Posting in a channel is tried again, after somebody invited us there."""

        def transaction(tx: Transaction) -> None:
            place = communities.channel(tx, press.channel, press.player.community)
            communities.go_on(tx, place.id)
            daily.go_on(tx, self.tools, place.id, now)
            self.tools.jobs.defer(effects_out.DELIVER, place.id, tx)

        await self.database.write(transaction)
        return Answer(content=trouble.tried_again())

    async def keep(self, chosen: Chosen, now: datetime) -> Answer:
        """Somebody would like to keep a message as a story: their own, or one whose writer is asked first."""
        words = clean(chosen.words[: keeping.LONGEST])
        refused = keeping.refused(chosen, words)
        if refused is not None:
            return Answer(content=refused, accepted=False)
        try:
            if chosen.writer == chosen.player:
                return await self.database.read(lambda tx: keeping.open_own(tx, chosen, words))
            await self.database.write(lambda tx: keeping.ask_writer(tx, self.tools, chosen, words, now))
        except NoSuchChannel:
            return Answer(content=refusals.unknown(), accepted=False)
        return Answer(content=stories.asked())

    async def pretend(
        self, press: Press, round: RoundId, wishes: Sequence[moves.Move], now: datetime
    ) -> None:
        """Several moves of one pretend player, in one transaction; those the rules refuse are left out."""
        await self.database.write(lambda tx: playing.pretend(tx, self.tools, press, round, wishes, now))

    # --- places ----------------------------------------------------------------------------

    async def place(self, platform: str, community_ref: str, channel_ref: str) -> Channel | None:
        """See Places."""
        return await self._places.place(platform, community_ref, channel_ref)

    async def found_place(
        self,
        platform: str,
        community_ref: str,
        community_name: str,
        channel_ref: str,
        channel_name: str,
        time_zone: str,
        now: datetime,
    ) -> Channel:
        """See Places."""
        return await self._places.found_place(
            platform, community_ref, community_name, channel_ref, channel_name, time_zone, now
        )

    async def community(self, platform: str, ref: str) -> CommunityId | None:
        """See Places."""
        return await self._places.community(platform, ref)

    async def found_community(
        self, platform: str, ref: str, name: str, time_zone: str, now: datetime
    ) -> CommunityId:
        """See Places."""
        return await self._places.found_community(platform, ref, name, time_zone, now)

    async def reads_threads(self, platform: str, community_ref: str, reads: bool) -> None:
        """See Places."""
        await self._places.reads_threads(platform, community_ref, reads)

    async def community_of(self, channel: ChannelId) -> CommunityId | None:
        """See Places."""
        return await self._places.community_of(channel)

    async def place_of_round(self, round: str, platform: str, user: str) -> ChannelId:
        """See Places."""
        return await self._places.place_of_round(round, platform, user)

    # --- the thread, where people write on a platform --------------------------------------

    async def hear(self, heard: Heard, now: datetime) -> bool:
        """See Talking."""
        return await self._talking.hear(heard, now)

    async def unhear(self, unheard: Unheard, now: datetime) -> bool:
        """See Talking."""
        return await self._talking.unhear(unheard, now)

    async def unhear_reply(self, reply: ReplyId, now: datetime) -> bool:
        """See Talking."""
        return await self._talking.unhear_reply(reply, now)

    async def light(self, lit: Lit, now: datetime) -> bool:
        """See Talking."""
        return await self._talking.light(lit, now)

    async def relight(
        self, channel: ChannelId, reply: ReplyId, players: Sequence[PlayerId], version: str, now: datetime
    ) -> bool:
        """See Talking."""
        return await self._talking.relight(channel, reply, players, version, now)

    async def is_card(self, channel: ChannelId, ref: MessageRef) -> bool:
        """See Talking."""
        return await self._talking.is_card(channel, ref)

    async def counting(self, channel: ChannelId, ref: MessageRef, reply: MessageRef) -> Action | None:
        """See Talking."""
        return await self._talking.counting(channel, ref, reply)

    async def open_threads(self, community: CommunityId) -> Sequence[OpenThread]:
        """See Talking."""
        return await self._talking.open_threads(community)

    # --- the clock -------------------------------------------------------------------------

    async def ring(self, key: str, now: datetime) -> None:
        """An alarm is due. One that rang already, or was moved, changes nothing."""
        try:
            await self.database.write(lambda tx: ringing.ring(tx, self.tools, key, now))
        except DatabaseUnavailable:
            raise  # it stays as it is, and rings as soon as it can
        except Exception:
            # So many are taken up at once: a few that a fault of ours stops would stop all behind them.
            later = now + RINGS_AGAIN
            await self.database.write(lambda tx: alarms.postpone(tx, key, now, later))
            raise

    async def remember_untold(self) -> None:
        """Whom we could not write to, and did not tell so yet: it is asked at a start, and now and then."""
        self.tools.untold.update(await self.database.read(subscriptions.untold))

    async def follow_zones(self, rules: str, now: Callable[[], datetime]) -> None:
        """The program has started: alarms follow what the time zones' `rules` are by now."""
        await ringing.follow_zones(self.database, self.tools, rules, now)

    async def scrub(self, _key: str) -> None:
        """What was deleted goes from the files too, if any of it is still there; tried until it does."""
        await ringing.scrub(self.database)

    async def expire(self, now: datetime, kept: timedelta) -> None:
        """Retention: words go `kept` after their round closed, from the posts that showed them too.

        Requests for a story go after 7 days; a story stays as long as its writer agrees.
        """
        await self.database.write(lambda tx: ringing.expire(tx, self.tools, now, kept))

    async def clear_inbound(self, now: datetime) -> None:
        """Forget deliveries that no platform repeats any more."""
        await self.database.write(lambda tx: ringing.clear_inbound(tx, now))
