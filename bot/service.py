"""The one way in: each public method is one transaction, and answers with what to show."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot import asking, commands, effects_out, keeping, showing
from bot.actions import Action, NotAnAction, Verb, read, write
from bot.answers import NO_FORM, Answer, AskOnce, field_of, problem_of
from bot.chance import Chance
from bot.chat import Chosen, Heard, Lit, MessageRef, Press, Unheard, reply_id
from bot.game import allowed, insight, moves
from bot.game import decks as dealing
from bot.game import refusals as why
from bot.game import rounds as rules
from bot.game.allowed import REPLY_LENGTH
from bot.game.effects import Effect, ShowPledges, ShowRecap, ShowResponses
from bot.game.model import (
    PERSPECTIVES,
    Card,
    CardId,
    ChannelId,
    CommunityId,
    Deck,
    Ending,
    Pack,
    PersonId,
    PerspectiveId,
    Phase,
    PlayerId,
    PledgeId,
    Policy,
    ReplyId,
    ResponseId,
    Round,
    RoundId,
)
from bot.game.words import clean, personal_details
from bot.jobs import Jobs, NotYet
from bot.messages import Form, Message, Text
from bot.presses import BadField, Wish, deal_action, move_of, name_of, wish_of
from bot.recent import Recent
from bot.showing import Opened, Opening
from bot.views import board, forms, guide, privacy, receipts, refusals, stories, trouble
from bot.views.more import SURE
from storage import alarms, closing, communities, inbound, rounds, saving, thread
from storage import showing as stored
from storage import stories as stored_stories
from storage.communities import Channel, NoSuchChannel, Person
from storage.database import Database, Transaction
from storage.keys import Keyring
from storage.rounds import KeyLost, Loaded, NoSuchRound
from storage.thread import OpenThread


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the settings say: how a new community plays, and how long words are kept."""

    threshold: int = 5
    time_zone: str = "Europe/London"
    language: str = "en"
    retention: timedelta = timedelta(days=90)


EXPIRED_AT_ONCE = 50  # rounds in one transaction; the next minute takes the next

FORMS = frozenset(
    {Verb.SEND, Verb.MAKE_PLEDGE, Verb.SEND_PAUSE, Verb.SEND_EXTEND, Verb.REPLY, Verb.CHANGE_REPLY}
)
"""Sent from a form: a refusal stands beside its field, and what was typed stays in it."""

BALLOT = frozenset({Verb.CAST, Verb.LIGHTBULB, Verb.TAKE_LIGHTBULB})
"""Pressed on a response, which is then shown again with the choice on it."""

OPENS = frozenset(
    {
        Verb.RESPOND,
        Verb.MORE,
        Verb.PLAIN,
        Verb.WHAT_IS_THIS,
        Verb.VOTE,
        Verb.DONE,
        Verb.PLEDGE,
        Verb.PAUSE,
        Verb.EXTEND,
    }
)
"""What only opens something: it reads beside the writer, and waits for nothing."""

ASKS = frozenset({Verb.HELP, Verb.ME, Verb.ROLE, Verb.PRIVACY, Verb.TRY, Verb.RECAP})
"""What asks about no card, or finds its own: a command, or a button in App Home."""

OF_REPLIES = frozenset({Verb.CHANGE_REPLY, Verb.DELETE_REPLY, Verb.COUNT_REPLY})
TALK = OF_REPLIES | {Verb.REPLY}
OF_PLEDGES = frozenset({Verb.JOIN, Verb.SETTLE, Verb.REMOVE_PLEDGE})
"""What a press is about, where it is no response."""


class Service:
    """The game on a database. Times come in as arguments, in UTC."""

    def __init__(
        self,
        database: Database,
        jobs: Jobs,
        keyring: Keyring,
        packs: Sequence[Pack],
        chance: Chance,
        terms: Terms = Terms(),
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.chance = chance
        self.terms = terms
        self.decks: tuple[Deck, ...] = tuple(deck for pack in packs for deck in pack.decks)
        self._jobs = jobs
        self._known: Recent[tuple[ChannelId, PersonId], date] = Recent()
        self._places: Recent[tuple[str, str, str], Channel] = Recent()
        self._communities: Recent[tuple[str, str], CommunityId] = Recent()
        self._reads_threads: dict[tuple[str, str], bool] = {}
        self._threads: Recent[tuple[ChannelId, MessageRef], RoundId] = Recent()
        self._cards: Mapping[CardId, tuple[Deck, Card]] = {
            card.id: (deck, card) for deck in self.decks for card in deck.cards
        }

    async def press(self, press: Press, now: datetime) -> Answer:
        """Everything that can be pressed or sent, on every platform. Never raises for what people do."""
        try:
            action = read(press.action)
            if action.verb in {Verb.DEAL, Verb.PREVIEW}:
                return await self._deal_press(press, action, now)
            if _is_asking(action):
                return await self.show(press, now)
            if action.verb is Verb.SET_ROLE:
                return await self._set_role(press, now)
            if action.verb is Verb.TRY_AGAIN:
                return await self._try_again(press)
            if action.verb in keeping.STORIES:
                return await self._story_press(press, action, now)
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

            def transaction(tx: Transaction) -> Answer:
                if _is_asking(action):
                    return self._asked(tx, press, action, now)
                if action.verb in keeping.OPENS:
                    return keeping.shown(tx, press, action)
                place = communities.channel(tx, press.channel, press.player.community)
                if action.verb in {Verb.DEAL, Verb.PREVIEW}:
                    return self._deal_or_preview(press, action, place, now)
                person = communities.find_person(tx, press.player)
                loaded = self._load(tx, action, person, press.player.community, lock=False)
                return self._opened(tx, press, action, place, person, loaded, now)

            return await self.database.read(transaction)
        except (NotAnAction, NoSuchRound, NoSuchChannel):
            return Answer(content=refusals.unknown(), accepted=False)
        except why.MoveRefused as refused:
            return Answer(content=refusals.refusal(refused), accepted=False)

    # --- commands, and App Home ----------------------------------------------------------------

    async def home(self, player: PlayerId, now: datetime) -> Message:
        """What is open where this player plays, what waits for them, a card to try, privacy, help."""
        return await self.database.read(lambda tx: asking.home_of(tx, self.keyring, player, now))

    def _asked(self, tx: Transaction, press: Press, action: Action, now: datetime) -> Answer:
        """The answer to a command, or to a button that is about no card yet."""
        person = communities.find_person(tx, press.player)
        days = self.terms.retention.days
        content: Message | Form
        match action.verb:
            case Verb.HELP:
                content = guide.help(unknown=action.value == commands.UNKNOWN)
            case Verb.ME:
                home, id, role = press.player.community, None, None
                if person is not None:
                    id, role = person.id, person.own_role
                content = guide.me(role, retention_days=days, mine=keeping.mine(tx, home, id))
            case Verb.ROLE:
                content = guide.role_form(person.own_role if person else None)
            case Verb.TRY:
                content = self._tried(action)
            case Verb.PRIVACY:
                place = asking.place_of(tx, press.channel, press.player)
                threshold = place.community.threshold if place else self.terms.threshold
                content = privacy.privacy(retention_days=days, threshold=threshold, cookie=False)
            case _:
                return self._about_a_card(tx, press, action, person, now)
        return Answer(content=content, show=press.action)

    def _about_a_card(
        self, tx: Transaction, press: Press, action: Action, person: Person | None, now: datetime
    ) -> Answer:
        """A command about a card that it does not name: the channel's newest, or a choice."""
        if action.round:
            loaded = self._load(tx, action, person, press.player.community, lock=False)
            return Answer(content=asking.recap_of(tx, loaded.round), show=press.action)
        place = asking.place_of(tx, press.channel, press.player)
        if place is None:
            return Answer(content=guide.no_card())
        if action.verb is Verb.RECAP:
            return Answer(content=asking.recap_here(tx, self.keyring, place), show=press.action)
        found = asking.to_pledge_for(tx, self.keyring, place, person.id if person else None, now)
        if isinstance(found, Message):
            return Answer(content=found, show=press.action)
        pledge = Action(Verb.PLEDGE, found)
        loaded = self._load(tx, pledge, person, press.player.community, lock=False)
        return self._opened(tx, press, pledge, place, person, loaded, now)

    def _tried(self, action: Action) -> Message:
        """A card to try: the one that was shown, with its voices; else any that has some."""
        shown = self._cards.get(CardId(action.about))
        if shown is not None:
            return guide.try_card(shown[1], voices=action.value == guide.VOICES)
        cards = [card for _deck, card in self._cards.values() if card.voices]
        return guide.try_card(self.chance.shuffle().choice(cards), voices=False)

    async def _set_role(self, press: Press, now: datetime) -> Answer:
        role = PerspectiveId(press.fields.get("own_role", ""))
        if role not in PERSPECTIVES and role != guide.NO_ROLE:
            return Answer(content=guide.role_form(None, refusals.choose_one()), accepted=False)

        def transaction(tx: Transaction) -> None:
            person = communities.person(tx, press.player, self.chance.id(), name_of({}, press.name))
            communities.set_own_role(tx, person.id, role if role in PERSPECTIVES else None)

        await self.database.write(transaction)
        return Answer(content=guide.role_set())

    async def _try_again(self, press: Press) -> Answer:
        """Posting in a channel is tried again, after somebody invited us there."""

        def transaction(tx: Transaction) -> None:
            place = communities.channel(tx, press.channel, press.player.community)
            communities.go_on(tx, place.id)
            self._jobs.defer(effects_out.DELIVER, place.id, tx)

        await self.database.write(transaction)
        return Answer(content=trouble.tried_again())

    # --- places --------------------------------------------------------------------------------

    async def place(self, platform: str, community_ref: str, channel_ref: str) -> Channel | None:
        """A channel by the platform's own names; None if nobody has dealt there yet.

        Its ids never change, so it is remembered; names and the like may be older than what is stored.
        """
        refs = (platform, community_ref, channel_ref)
        known = self._places.get(refs)
        if known is None:
            known = await self.database.read(lambda tx: communities.find_channel(tx, *refs))
        return self._places.keep(refs, known) if known is not None else None

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
        """The same; a place that is new to us is stored. As often as you like, also two at once."""
        zone = time_zone if _is_zone(time_zone) else self.terms.time_zone
        found = await self.database.write(
            lambda tx: communities.found_channel(
                tx,
                community=CommunityId(self.chance.id()),
                channel=ChannelId(self.chance.id()),
                platform=platform,
                community_ref=community_ref,
                community_name=community_name,
                channel_ref=channel_ref,
                channel_name=channel_name,
                threshold=self.terms.threshold,
                time_zone=zone,
                language=self.terms.language,
                reads_threads=self._reads_threads.get((platform, community_ref), True),
                now=now,
            )
        )
        return self._places.keep((platform, community_ref, channel_ref), found)

    async def found_community(
        self, platform: str, ref: str, name: str, time_zone: str, now: datetime
    ) -> CommunityId:
        """A community by the platform's own name; stored if it is new to us."""
        zone = time_zone if _is_zone(time_zone) else self.terms.time_zone
        found = await self.database.write(
            lambda tx: communities.found_community(
                tx,
                id=CommunityId(self.chance.id()),
                platform=platform,
                ref=ref,
                name=name,
                threshold=self.terms.threshold,
                time_zone=zone,
                language=self.terms.language,
                reads_threads=self._reads_threads.get((platform, ref), True),
                now=now,
            )
        )
        return self._communities.keep((platform, ref), found)

    async def reads_threads(self, platform: str, community_ref: str, reads: bool) -> None:
        """Whether replies in a community's threads reach us: true for every card dealt from now on.

        A community that is not stored yet begins with it.
        """
        self._reads_threads[platform, community_ref] = reads
        await self.database.write(
            lambda tx: communities.set_reads_threads(tx, platform, community_ref, reads)
        )

    async def community(self, platform: str, ref: str) -> CommunityId | None:
        """A community by the platform's own name; None if nobody has dealt there yet."""
        known = self._communities.get((platform, ref))
        if known is None:
            known = await self.database.read(lambda tx: communities.find_community(tx, platform, ref))
        return self._communities.keep((platform, ref), known) if known is not None else None

    async def community_of(self, channel: ChannelId) -> CommunityId | None:
        """Where one of our channels is."""
        try:
            place = await self.database.read(lambda tx: communities.channel(tx, channel, None))
        except NoSuchChannel:
            return None
        return place.community.id

    async def place_of_round(self, round: str, platform: str, user: str) -> ChannelId:
        """The channel of a card that somebody plays on this platform; empty if they know no such card.

        For a press in a direct message, which says of itself in which community it is about.
        """

        def transaction(tx: Transaction) -> ChannelId | None:
            return communities.channel_of_round(tx, RoundId(round), platform, user)

        return await self.database.read(transaction) or ChannelId("")

    # --- a round ---------------------------------------------------------------------------

    async def _round_press(self, press: Press, action: Action, now: datetime) -> Answer:
        if action.verb is Verb.TAKE_BACK and action.value != SURE:
            return await self.show(press, now)
        if action.verb in OPENS:
            return await self.show(press, now)
        if action.verb is Verb.NEXT and action.about:
            return await self._look_on(press, action, now)
        ids = self.chance.id

        def transaction(tx: Transaction) -> Answer | None:
            place = communities.channel(tx, press.channel, press.player.community)
            today = _today(place, now)
            name = name_of(press.fields, press.name)
            move = move_of(action, press.fields, name=name, today=today, new_id=ids)
            if move is None:
                return None
            person = communities.person(tx, press.player, ids(), name)
            loaded = self._load(tx, action, person, press.player.community, lock=True)
            if not inbound.first_time(tx, self.keyring, press.event, now.date()):
                return self._again(tx, press, action, place, person, loaded, move, now)
            if isinstance(move, moves.Respond):
                move = replace(move, own_role=_own_role(loaded.round, move.own_role))
            if (
                isinstance(move, moves.Respond | moves.MakePledge | moves.WriteReply | moves.ChangeReply)
                and personal_details(move.words)
                and press.fields.get("leave_in") != forms.YES
            ):
                asked = {"leave_in": refusals.leave_in()}
                raise AskOnce(
                    self._opened(tx, press, action, place, person, loaded, now, problems=asked, details=True)
                )
            loaded = _with_own_role(loaded, person)
            after = self._apply(tx, loaded, move, now)
            if isinstance(move, moves.Respond) and move.own_role is not None:
                communities.set_own_role(tx, person.id, move.own_role)
            self._make_known(tx, press.channel, person.id, today)
            if place.community.practice and isinstance(move, moves.Respond | moves.WriteReply):
                effects_out.put_pretend(tx, self._jobs, after, now)
            return self._receipt(tx, press, action, place, person, _played(loaded, after), move, now)

        try:
            answer = await self.database.write(transaction)
        except AskOnce as ask:
            return ask.answer
        except BadField as bad:
            return await self._form_again(press, action, {bad.field: problem_of(bad)}, now)
        except why.MoveRefused as refused:
            if action.verb not in FORMS or isinstance(refused, NO_FORM):
                raise
            return await self._form_again(
                press, action, {field_of(refused, action): refusals.problem(refused)}, now
            )
        return answer if answer is not None else await self.show(press, now)

    def _make_known(self, tx: Transaction, channel: ChannelId, person: PersonId, today: date) -> None:
        """Once a day is enough, and a vote costs a statement less."""
        here = (channel, person)
        if self._known.get(here) == today:
            return
        communities.make_known(tx, channel, person, today)

        def remember() -> None:
            self._known.keep(here, today)

        tx.after_commit(remember)

    def _load(
        self,
        tx: Transaction,
        action: Action,
        person: Person | None,
        community: CommunityId,
        *,
        lock: bool,
    ) -> Loaded:
        if action.verb is Verb.COUNT_REPLY and not action.round:
            # From a message itself, which knows no round.
            found = thread.find_reply(tx, ReplyId(action.about))
            if found is None:
                raise why.NoSuchReply
            action = replace(action, round=found[0])
        # A vote names a response: whether a reply or a pledge has that id need not be asked.
        about = [action.about] if action.about else []
        is_reply, is_pledge = action.verb in OF_REPLIES, action.verb in OF_PLEDGES
        return rounds.load(
            tx,
            self.keyring,
            RoundId(action.round),
            community=community,
            # Somebody new has a ballot too, before their first press is stored.
            person=person.id if person else PersonId(self.chance.id()),
            responses=[ResponseId(each) for each in about if not is_reply and not is_pledge],
            replies=[ReplyId(each) for each in about if is_reply],
            pledges=[PledgeId(each) for each in about if is_pledge],
            talk=action.verb in TALK,
            lock=lock,
        )

    def _apply(self, tx: Transaction, loaded: Loaded, move: moves.Move, now: datetime) -> Round:
        """Play a move, save the round, put its effects in the outbox: one transaction."""
        after, effects = rules.play(loaded.round, move, now)
        saving.save(tx, loaded, after, now)
        if isinstance(move, moves.PauseRound):
            saving.keep_pause_reason(tx, after.id, move.reason)
        self._follow(tx, loaded, after, now)
        effects_out.put(tx, self._jobs, after, effects)
        return after

    def _follow(self, tx: Transaction, loaded: Loaded, after: Round, now: datetime) -> None:
        """What a change of phase means for what is stored: pages drawn, the promise kept."""
        if after.phase is loaded.round.phase:
            return
        if after.ending in {Ending.TAKEN_BACK, Ending.WITHOUT_RESULTS}:
            closing.take_words_back(tx, after.id)
        else:
            closing.draw_pages(tx, after, self.chance.shuffle())
        if after.ending is Ending.FINISHED:
            hands, responses = closing.hands(tx, after.id, loaded.key)
            renamed = {each: ResponseId(self.chance.id()) for each in closing.every_response(tx, after.id)}
            declared = communities.declared(tx, after.channels, now.date())
            cells = insight.count(hands, responses, declared, loaded.threshold).kept()
            closing.seal(tx, after.id, closing.renamed(cells, renamed), renamed, self.chance.shuffle())
        if after.phase is Phase.CLOSED:
            self._scrub_later(tx, now)
        elif communities.channel(tx, after.channels[0], None).community.practice:
            effects_out.put_pretend(tx, self._jobs, after, now)

    def _receipt(
        self,
        tx: Transaction,
        press: Press,
        action: Action,
        place: Channel,
        person: Person,
        loaded: Loaded,
        move: moves.Move,
        now: datetime,
    ) -> Answer:
        if action.verb in BALLOT:
            return self._opened(tx, press, action, place, person, loaded, now)
        return Answer(
            content=receipts.receipt(loaded.round, move),
            round=loaded.round.id,
            talked=isinstance(
                move, moves.WriteReply | moves.ChangeReply | moves.DeleteReply | moves.CountAsResponse
            ),
        )

    def _again(
        self,
        tx: Transaction,
        press: Press,
        action: Action,
        place: Channel,
        person: Person,
        loaded: Loaded,
        move: moves.Move,
        now: datetime,
    ) -> Answer:
        """The answer to a press that was delivered before: nothing is played a second time."""
        if action.verb in BALLOT:
            return self._opened(tx, press, action, place, person, loaded, now)
        if _still_so(loaded.round, move):
            return Answer(content=receipts.receipt(loaded.round, move), round=loaded.round.id)
        return Answer(content=refusals.twice(), round=loaded.round.id)

    def _opened(
        self,
        tx: Transaction,
        press: Press,
        action: Action,
        place: Channel,
        person: Person | None,
        loaded: Loaded,
        now: datetime,
        *,
        problems: Mapping[str, Text] = showing.NO_PROBLEMS,
        details: bool = False,
    ) -> Answer:
        opened: Opened = showing.show(
            tx,
            Opening(
                action=action,
                keyring=self.keyring,
                loaded=loaded,
                person=person,
                name=person.name if person is not None and person.name else name_of({}, press.name),
                now=now,
                today=_today(place, now),
                values=press.fields if problems or details else showing.NOTHING,
                problems=problems,
                details=details,
            ),
        )
        return Answer(
            content=opened.content,
            accepted=not problems and not details,
            round=loaded.round.id,
            show="" if problems or details else opened.show,
        )

    async def _form_again(
        self, press: Press, action: Action, problems: Mapping[str, Text], now: datetime
    ) -> Answer:
        """The form as it was sent, with what is wrong beside the field: nothing typed is lost."""

        def transaction(tx: Transaction) -> Answer:
            place = communities.channel(tx, press.channel, press.player.community)
            person = communities.find_person(tx, press.player)
            loaded = self._load(tx, action, person, press.player.community, lock=False)
            return self._opened(tx, press, action, place, person, loaded, now, problems=problems)

        return await self.database.read(transaction)

    async def _look_on(self, press: Press, action: Action, now: datetime) -> Answer:
        """Next, in a ballot: the response shown last counts as seen, even without a choice."""

        def transaction(tx: Transaction) -> Answer:
            place = communities.channel(tx, press.channel, press.player.community)
            person = communities.person(tx, press.player, self.chance.id(), "")
            loaded = self._load(tx, action, person, press.player.community, lock=True)
            allowed.must_have_ballot(loaded.round)
            if ResponseId(action.about) in loaded.round.others:
                saving.look_at(tx, _with_own_role(loaded, person), ResponseId(action.about))
            return self._opened(tx, press, action, place, person, loaded, now)

        return await self.database.write(transaction)

    # --- the thread, where people write on a platform ----------------------------------------

    async def hear(self, heard: Heard, now: datetime) -> bool:
        """A reply in a card's thread, new or edited. False if nothing came of it, for whatever reason."""
        words = clean(heard.words[:REPLY_LENGTH])[:REPLY_LENGTH]
        round = await self._thread_of(heard.channel, heard.thread)
        if round is None or not words:
            return False
        reply = reply_id(heard.channel, heard.reply)
        name = name_of({}, heard.name)

        def transaction(tx: Transaction) -> bool:
            if not thread.newer(tx, self.keyring, reply, heard.version, now.date()):
                return False
            place = communities.channel(tx, heard.channel, heard.player.community)
            person = communities.person(tx, heard.player, self.chance.id(), name)
            loaded = self._load_talk(tx, round, reply, person.id, heard.player.community)
            if not loaded.round.reads_thread:
                return False  # the card says that replies are not counted
            response = ResponseId(self.chance.id())
            move: moves.Move = moves.WriteReply(id=reply, response=response, words=words, name=person.name)
            if reply in loaded.round.replies:
                move = moves.ChangeReply(id=reply, response=response, words=words)
            self._apply(tx, _with_own_role(loaded, person), move, heard.at)
            self._make_known(tx, heard.channel, person.id, _today(place, now))
            return True

        return await self._follow_thread(transaction)

    async def is_card(self, channel: ChannelId, ref: MessageRef) -> bool:
        """Whether a message is a card of ours, so that its thread is to be listened to."""
        return await self._thread_of(channel, ref) is not None

    async def counting(self, channel: ChannelId, ref: MessageRef, reply: MessageRef) -> Action | None:
        """What counts a reply as its writer's response; None if it hangs on no card of ours."""
        round = await self._thread_of(channel, ref)
        return Action(Verb.COUNT_REPLY, round, reply_id(channel, reply)) if round is not None else None

    async def open_threads(self, community: CommunityId) -> Sequence[OpenThread]:
        """The threads in which something may have been missed: of cards that are open and can be read."""
        return await self.database.read(lambda tx: thread.open_threads(tx, community))

    async def unhear(self, unheard: Unheard, now: datetime) -> bool:
        """A reply in a card's thread was deleted. False if nothing came of it."""
        if await self._thread_of(unheard.channel, unheard.thread) is None:
            return False
        return await self.unhear_reply(reply_id(unheard.channel, unheard.reply), now)

    async def unhear_reply(self, reply: ReplyId, now: datetime) -> bool:
        """The same, for a reply by our own name for it: it was there, and is no longer."""

        def transaction(tx: Transaction) -> bool:
            thread.gone(tx, self.keyring, reply, now.date())
            found = thread.find_reply(tx, reply)
            if found is None:
                return False
            round, writer = found
            loaded = self._load_talk(tx, round, reply, writer, None)
            if loaded.round.replies[reply].removed:
                return False
            move = moves.DeleteReply(id=reply, response=ResponseId(self.chance.id()))
            self._apply(tx, loaded, move, now)
            return True

        return await self._follow_thread(transaction)

    async def light(self, lit: Lit, now: datetime) -> bool:
        """A 💡 was put on a message or taken off. False if nothing came of it.

        Which card the message hangs on is not said, and it may come before the message itself:
        it is kept for every card here on which it could count.
        """
        if not await self.database.read(lambda tx: thread.lightable(tx, lit.channel)):
            return False
        reply = reply_id(lit.channel, lit.reply)

        def transaction(tx: Transaction) -> bool:
            place = communities.channel(tx, lit.channel, lit.player.community)
            person = communities.person(tx, lit.player, self.chance.id(), "")
            changed = False
            for id in thread.lightable(tx, lit.channel):
                loaded = self._load_talk(tx, id, reply, person.id, lit.player.community)
                if loaded.token is not None:
                    changed |= thread.light(tx, id, loaded.token, reply, lit.version, lit=lit.on)
            self._make_known(tx, lit.channel, person.id, _today(place, now))
            return changed

        return await self._follow_thread(transaction)

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
                    person = communities.person(tx, player, self.chance.id(), "")
                    loaded = self._load_talk(tx, id, reply, person.id, player.community)
                    tokens += [loaded.token] if loaded.token is not None else []
                    self._make_known(tx, channel, person.id, _today(place, now))
                changed |= thread.relight(tx, id, tokens, reply, version)
            return changed

        return await self._follow_thread(transaction)

    async def _thread_of(self, channel: ChannelId, ref: MessageRef) -> RoundId | None:
        """The round of a thread. Most threads are none of ours, and cost one look into an index."""
        known = self._threads.get((channel, ref))
        if known is None:
            known = await self.database.read(lambda tx: thread.round_of(tx, channel, ref))
        return self._threads.keep((channel, ref), known) if known is not None else None

    def _load_talk(
        self, tx: Transaction, id: RoundId, reply: ReplyId, person: PersonId, community: CommunityId | None
    ) -> Loaded:
        return rounds.load(
            tx, self.keyring, id, community=community, person=person, replies=[reply], talk=True
        )

    async def _follow_thread(self, transaction: Callable[[Transaction], bool]) -> bool:
        """Nobody waits for an answer: what the rules refuse simply changes nothing."""
        try:
            return await self.database.write(transaction)
        except (why.MoveRefused, NoSuchRound, NoSuchChannel, KeyLost):
            return False

    # --- stories ---------------------------------------------------------------------------

    async def keep(self, chosen: Chosen, now: datetime) -> Answer:
        """Somebody would like to keep a message as a story: their own, or one whose writer is asked first."""
        words = clean(chosen.words[: keeping.LONGEST])
        refused = keeping.refused(chosen, words)
        if refused is not None:
            return Answer(content=refused, accepted=False)
        try:
            if chosen.writer == chosen.player:
                return await self.database.read(lambda tx: keeping.open_own(tx, chosen, words))
            await self.database.write(
                lambda tx: keeping.ask_writer(
                    tx, self.keyring, self._jobs, chosen, words, now, self.chance.id
                )
            )
        except NoSuchChannel:
            return Answer(content=refusals.unknown(), accepted=False)
        return Answer(content=stories.asked())

    async def _story_press(self, press: Press, action: Action, now: datetime) -> Answer:
        if action.verb in keeping.OPENS:
            return await self.show(press, now)
        if action.verb is Verb.KEEP_STORY:
            again = keeping.form_again(action, press.fields)
            if again is not None:
                return again
            return await self.database.write(
                lambda tx: keeping.keep(tx, self.keyring, press, action, now, self.chance.id)
            )

        def transaction(tx: Transaction) -> Answer:
            answer, deleted = keeping.remove(tx, self.keyring, press, action, now)
            if deleted:
                self._scrub_later(tx, now)
            return answer

        return await self.database.write(transaction)

    # --- dealing ---------------------------------------------------------------------------

    async def _deal_press(self, press: Press, action: Action, now: datetime) -> Answer:
        if action.verb is Verb.DEAL and not action.value:
            return await self.show(press, now)
        try:
            wish = wish_of(action, press.fields)
        except BadField as bad:
            place = await self.database.read(
                lambda tx: communities.channel(tx, press.channel, press.player.community)
            )
            form = self._deal_form(action, place, press.fields, {bad.field: problem_of(bad)})
            return Answer(content=form, accepted=False)
        if action.verb is Verb.PREVIEW:
            return await self._preview(press, wish, now)
        return await self._deal(press, wish, now)

    def _deal_form(
        self,
        action: Action,
        place: Channel,
        values: Mapping[str, str],
        problems: Mapping[str, Text] = showing.NO_PROBLEMS,
    ) -> Form:
        chosen = tuple(deck for deck in self.decks if deck.id == action.about)
        reads = place.community.reads_threads
        return forms.deal_form(chosen or self.decks, reads_thread=reads, values=values, problems=problems)

    async def _preview(self, press: Press, wish: Wish, now: datetime) -> Answer:
        """What dealing would post. A surprise is drawn now, so that the button deals what was shown."""

        def transaction(tx: Transaction) -> tuple[Channel, CardId]:
            place = communities.channel(tx, press.channel, press.player.community)
            if CardId(wish.card) in self._cards:
                return place, CardId(wish.card)
            deck = next((each for each in self.decks if each.id == press.fields.get("deck")), self.decks[0])
            dealt = stored.dealt_cards(tx, press.channel, deck.id)
            card = dealing.deal(deck, seed=self.chance.id(), dealt=_since_the_last_time_round(deck, dealt))
            return place, card.id

        place, card = await self.database.read(transaction)
        return self._previewed(replace(wish, card=card), place, now)

    def _previewed(self, wish: Wish, place: Channel, now: datetime) -> Answer:
        round, _effects = self._opened_round(wish, PersonId(""), place, now)
        deal = deal_action(wish)
        return Answer(content=board.preview(round, deal), show=write(replace(deal, verb=Verb.PREVIEW)))

    def _deal_or_preview(self, press: Press, action: Action, place: Channel, now: datetime) -> Answer:
        if action.verb is Verb.PREVIEW and CardId(action.about) in self._cards:
            try:
                return self._previewed(wish_of(action, {}), place, now)
            except BadField:
                raise NotAnAction from None
        return Answer(content=self._deal_form(action, place, {}), show=press.action)

    async def _deal(self, press: Press, wish: Wish, now: datetime) -> Answer:
        if CardId(wish.card) not in self._cards:
            raise NotAnAction

        def transaction(tx: Transaction) -> Answer:
            place = communities.channel(tx, press.channel, press.player.community)
            person = communities.person(tx, press.player, self.chance.id(), name_of({}, press.name))
            if not inbound.first_time(tx, self.keyring, press.event, now.date()):
                return Answer(content=refusals.twice())
            deck, _card = self._cards[CardId(wish.card)]
            round, effects = self._opened_round(wish, person.id, place, now)
            rounds.create(
                tx,
                self.keyring,
                round,
                deck=deck.id,
                threshold=place.community.threshold,
                communities={press.channel: place.community.id},
            )
            communities.make_known(tx, press.channel, person.id, _today(place, now))
            communities.go_on(tx, press.channel)
            first = communities.welcome(tx, press.channel, person.id)
            if first:
                effects_out.put_welcome(tx, press.channel, round.id)
            effects_out.put(tx, self._jobs, round, effects)
            if place.community.practice:
                effects_out.put_pretend(tx, self._jobs, round, now)
            return Answer(content=receipts.dealt(round, first=first), round=round.id)

        return await self.database.write(transaction)

    def _opened_round(self, wish: Wish, facilitator: PersonId, place: Channel, now: datetime) -> rules.Result:
        _deck, card = self._cards[CardId(wish.card)]
        responding = now + timedelta(minutes=wish.respond)
        two = wish.policy is Policy.TOGETHER
        times = moves.Times(
            reveal_at=responding if two else None,
            closes_at=responding + timedelta(minutes=wish.vote) if two else responding,
        )
        return rules.deal(
            card,
            id=RoundId(self.chance.id()),
            policy=wish.policy,
            times=times,
            facilitator=facilitator,
            channels=(place.id,),
            now=now,
            reads_thread=place.community.reads_threads,
        )

    # --- pretend players -------------------------------------------------------------------

    async def pretend(
        self, press: Press, round: RoundId, wishes: Sequence[moves.Move], now: datetime
    ) -> None:
        """Several moves of one pretend player, in one transaction; those the rules refuse are left out."""

        def transaction(tx: Transaction) -> None:
            place = communities.channel(tx, press.channel, press.player.community)
            assert place.community.practice, "nobody pretends where people play"
            person = communities.person(tx, press.player, self.chance.id(), press.name)
            for move in wishes:
                about = [move.response] if isinstance(move, moves.CastVote | moves.GiveLightbulb) else []
                loaded = rounds.load(
                    tx,
                    self.keyring,
                    round,
                    community=press.player.community,
                    person=person.id,
                    responses=about,
                    talk=isinstance(move, moves.WriteReply),
                )
                if isinstance(move, moves.WriteReply) and loaded.round.mine.response is not None:
                    continue  # said it before: they are woken again when somebody responds
                try:
                    self._apply(tx, loaded, move, now)
                except why.MoveRefused:
                    continue

        await self.database.write(transaction)

    # --- the clock -------------------------------------------------------------------------

    async def ring(self, key: str, now: datetime) -> None:
        """A round's alarm is due. An alarm that rang already, or was moved, changes nothing."""

        def transaction(tx: Transaction) -> None:
            loaded = rounds.load(tx, self.keyring, effects_out.round_of(key), community=None)
            if not alarms.take(tx, key, now):
                return
            after, effects = rules.advance(loaded.round, now)
            saving.save(tx, loaded, after, now)
            self._follow(tx, loaded, after, now)
            effects_out.put(tx, self._jobs, after, effects)

        await self.database.write(transaction)

    async def scrub(self, _key: str) -> None:
        """What was deleted goes from the files too, if any of it is still there; tried until it does."""
        owed = await self.database.read(alarms.scrub_owed)
        if owed is None:
            return
        if not await self.database.scrub():
            raise ScrubLater
        await self.database.write(lambda tx: alarms.scrubbed(tx, owed))

    def _scrub_later(self, tx: Transaction, now: datetime) -> None:
        """Owe a scrub with what is deleted here, so that a program that ends now does it next time."""
        alarms.owe_scrub(tx, now)
        self._jobs.defer(effects_out.SCRUB, "", tx)

    async def expire(self, now: datetime, kept: timedelta) -> None:
        """Retention: words go `kept` after their round closed, from the posts that showed them too.

        Requests for a story go after 7 days; a story stays as long as its writer agrees.
        """

        def transaction(tx: Transaction) -> None:
            if stored_stories.forget_requests(tx, now - keeping.ASKED_FOR):
                self._scrub_later(tx, now)
            for id in closing.forget_words(tx, now - kept, EXPIRED_AT_ONCE):
                self._show_again(tx, id, [ShowResponses(), ShowRecap()], now)
            for id in closing.forget_pledges(tx, (now - kept).date()):
                self._show_again(tx, id, [ShowPledges(), ShowRecap()], now)

        await self.database.write(transaction)

    def _show_again(self, tx: Transaction, id: RoundId, effects: list[Effect], now: datetime) -> None:
        """Bring the posts of a round up to date that had a recap, and delete from the files."""
        round = rounds.load(tx, self.keyring, id, community=None).round
        if round.ending is Ending.FINISHED:
            effects_out.put(tx, self._jobs, round, effects)
        self._scrub_later(tx, now)

    async def clear_inbound(self, now: datetime) -> None:
        """Forget deliveries that no platform repeats any more."""
        today = now.astimezone(UTC).date()

        def transaction(tx: Transaction) -> None:
            inbound.clear(tx, today)
            thread.clear(tx, today)

        await self.database.write(transaction)


class ScrubLater(NotYet):
    """A reader still needs the log; the sweep tries again."""


def _is_asking(action: Action) -> bool:
    return action.verb in ASKS or (action.verb is Verb.PLEDGE and not action.round)


def _played(loaded: Loaded, after: Round) -> Loaded:
    """What was loaded, as it is after the move. A first vote on a response makes one more seen."""
    was, now = loaded.round.mine, after.mine
    more = len({*now.choices, *now.lightbulbs} - {*was.choices, *was.lightbulbs})
    return replace(loaded, round=after, seen=loaded.seen + more)


def _still_so(round: Round, move: moves.Move) -> bool:
    """Whether what a move did is how it is now, so that its receipt is still true."""
    mine = round.mine
    match move:
        case moves.Respond():
            words = {mine.response.words, mine.response.second_thoughts} if mine.response else set()
            return (move.words in words or not move.words) and move.stance in {mine.stance, None}
        case moves.Withdraw():
            return mine.response is None
        case moves.Pass():
            return mine.passed
        case moves.TellMe():
            return mine.tell_me == move.wanted
        case moves.RemovePledge():
            return move.pledge not in round.pledges
        case _:
            return False


def _today(place: Channel, now: datetime) -> date:
    return now.astimezone(ZoneInfo(place.community.time_zone)).date()


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found, no name at all, or a folder
        return False
    return True


def _own_role(round: Round, role: PerspectiveId | None) -> PerspectiveId | None:
    """The declared role, if it is one that the form offers."""
    return role if role in PERSPECTIVES or role == round.card.perspective.id else None


def _with_own_role(loaded: Loaded, person: Person) -> Loaded:
    """A declared role counts in every round from then on, also for who only votes."""
    mine = loaded.round.mine
    if mine.own_role is not None or person.own_role is None:
        return loaded
    told = replace(loaded.round, mine=replace(mine, own_role=person.own_role))
    return replace(loaded, round=told, known=False)  # so that it is stored with the next move


def _since_the_last_time_round(deck: Deck, dealt: Sequence[CardId]) -> set[CardId]:
    """The cards dealt since the whole deck was through."""
    through = len(dealt) // len(deck.cards) * len(deck.cards)
    return set(dealt[through:])
