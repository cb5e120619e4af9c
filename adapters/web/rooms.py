"""A room as one player sees it: what was posted, and their own part, gathered in one read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from adapters.web import pages
from adapters.web.limits import SHOWN_ROUNDS
from adapters.web.menu import menu
from adapters.web.render import Reader
from adapters.web.stored import read as message_of
from bot.actions import Action, Verb, write
from bot.chat import Press
from bot.game import decks as dealing
from bot.game.model import (
    Card,
    ChannelId,
    Phase,
    PlayerId,
    Policy,
    Reply,
    ReplyKind,
    Round,
    RoundId,
)
from bot.messages import Button, Buttons, Form, Message, Paragraph, ToRound
from bot.presses import Wish, deal_action
from bot.service import Service
from bot.views import forms, responses, words
from storage import communities, room, rounds, showing
from storage.communities import Channel
from storage.database import Transaction
from storage.room import RoomPost

MINE = 3  # whispers shown at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What lies on the table of a room, and what was there before."""

    place: Channel
    name: str
    round: Round | None
    board: RoomPost | None
    thread: tuple[RoomPost | Reply, ...]
    whispers: tuple[RoomPost, ...]
    recap: RoomPost | None
    recaps: tuple[tuple[RoundId, RoomPost], ...]
    newest: RoundId | None  # the round to go on with, when an earlier one is looked at
    following: Card | None  # in the practice room: the card that is next when nothing is played


def load(tx: Transaction, service: Service, channel: ChannelId, player: PlayerId, wanted: str = "") -> Table:
    """The room with its newest round on the table, or the `wanted` one. Raises NoSuchChannel."""
    place = communities.channel(tx, channel, player.community)
    person = communities.find_person(tx, player)
    ids = showing.in_channel(tx, channel, SHOWN_ROUNDS)
    refs = room.refs(tx, channel, ids)
    # A card is on the table once its board is posted.
    ids = [each for each in ids if (each, "board") in refs]
    current = RoundId(wanted) if RoundId(wanted) in ids else next(iter(ids), None)
    recap_of = {each: refs[each, "recap"] for each in ids if (each, "recap") in refs}
    posts = room.by_id(tx, channel, list(recap_of.values()))
    recaps = tuple((each, posts[ref]) for each, ref in recap_of.items() if ref in posts)
    empty = Table(
        place=place,
        name=person.name if person else "",
        round=None,
        board=None,
        thread=(),
        whispers=(),
        recap=None,
        recaps=recaps,
        newest=next(iter(ids), None),
        following=_following(tx, service, channel) if place.community.practice else None,
    )
    if current is None:
        return empty
    loaded = rounds.load(
        tx,
        service.keyring,
        current,
        community=player.community,
        person=person.id if person else None,
        lock=False,
    )
    here = refs[current, "board"]
    later = min((refs[each, "board"] for each in ids if refs[each, "board"] > here), default=math.inf)
    earlier = max((refs[each, "board"] for each in ids if refs[each, "board"] < here), default=0)
    # The welcome stands before the first board; what else does is about the card before.
    first = here if earlier else 0
    since = room.since(tx, channel, earlier, player.user)
    named = set(refs.values())
    talk: list[RoomPost | Reply] = [
        post
        for post in since
        if post.user is None
        and (
            post.thread == str(here)
            or (post.thread is None and post.id not in named and first < post.id < later)
        )
    ]
    talk += showing.thread(tx, current)
    return replace(
        empty,
        round=loaded.round,
        board=next((post for post in since if post.id == here), None),
        thread=tuple(sorted(talk, key=_written_at)),
        whispers=tuple(post for post in since if post.user is not None and post.id > here)[-MINE:],
        recap=dict(recaps).get(current),
        recaps=tuple(each for each in recaps if each[0] != current),
    )


def _following(tx: Transaction, service: Service, channel: ChannelId) -> Card:
    """The decks take turns, and no card comes twice before all of its deck were dealt."""
    dealt = {deck.id: showing.dealt_cards(tx, channel, deck.id) for deck in service.decks}
    deck = min(service.decks, key=lambda each: len(dealt[each.id]))
    return dealing.deal(deck, seed=channel, dealt=dealt[deck.id][-len(deck.cards) + 1 :])


def _written_at(item: RoomPost | Reply) -> datetime:
    return item.posted_at if isinstance(item, RoomPost) else item.written_at


async def mine(
    service: Service, table: Table, press: Press, opened: str, now: datetime
) -> tuple[Message | Form, ...]:
    """The player's own part: what they opened last, or what is theirs to do now."""
    round = table.round
    if opened:
        shown = await service.show(replace(press, action=opened), now)
        if shown.accepted:
            return (shown.content,)
    if round is None or round.phase is Phase.CLOSED or round.pause is not None:
        return ()
    parts: list[Message | Form] = []
    if round.phase is Phase.RESPONDING:
        if round.mine.heard:
            parts.append(responses.own(round))
        else:
            parts.append((await service.show(_asking(press, Verb.RESPOND, round), now)).content)
    if round.phase is Phase.VOTING or (round.mine.heard and round.sees_others):
        parts.append((await service.show(_asking(press, Verb.VOTE, round), now)).content)
    return tuple(parts)


def _asking(press: Press, verb: Verb, round: Round) -> Press:
    return replace(press, action=write(Action(verb, round.id)))


def page(
    table: Table,
    service: Service,
    reader: Reader,
    *,
    invite: str,
    mine: Sequence[Message | Form],
    answer: Message | None,
) -> pages.RoomPage:
    """The page of a room."""
    round = table.round
    running = round is not None and round.phase is not Phase.CLOSED
    whispers = tuple(message_of(post.message) for post in table.whispers)
    return pages.RoomPage(
        reader=reader,
        room=table.place.id,
        title=table.place.name,
        name=table.name,
        practice=table.place.community.practice,
        invite=invite,
        menu=menu(),
        stage=pages.Stage(phase=round.phase, policy=round.policy, paused=round.pause is not None)
        if round is not None
        else None,
        board=_board(table),
        answer=_without_buttons(answer) if answer is not None and mine else answer,
        mine=(*whispers, *mine),
        next=_next(table),
        thread=tuple(_item(item, round) for item in table.thread),
        reply=forms.reply_form(round, name=table.name) if round is not None else None,
        deal=None if running else forms.deal_form(service.decks),
        recap=pages.Post(id=f"recap-{round.id}", message=message_of(table.recap.message))
        if table.recap is not None and round is not None
        else None,
        recaps=tuple(
            pages.Post(id=f"recap-{id}", message=message_of(post.message)) for id, post in table.recaps
        ),
    )


def _board(table: Table) -> Message | None:
    """The card on the table; on an earlier one stands the way to the newest."""
    if table.board is None:
        return None
    board = message_of(table.board.message)
    if table.round is None or table.newest is None or table.newest == table.round.id:
        return board
    link = words.say("room-newest", link=(ToRound(words.plain("room-newest-link"), table.newest),))
    return replace(board, blocks=(Paragraph(link), *board.blocks))


def _without_buttons(message: Message) -> Message:
    """A receipt beside what it is about: the same buttons stand there already."""
    return replace(message, blocks=tuple(block for block in message.blocks if not isinstance(block, Buttons)))


def _next(table: Table) -> pages.Next | None:
    """The practice room moves on when whoever dealt the card says so; a new card may be anybody's."""
    round = table.round
    if table.following is not None and (round is None or round.phase is Phase.CLOSED):
        wish = Wish(card=table.following.id, policy=Policy.TOGETHER)
        return pages.Next(
            button=Button(words.plain("room-next-deal-button"), write(deal_action(wish)), primary=True),
            line=words.say("room-next-deal"),
        )
    if table.following is None or round is None or round.pause is not None:
        return None
    if round.mine.person != round.facilitator:
        return None
    reveals = round.phase is Phase.RESPONDING and round.policy is Policy.TOGETHER
    action = write(Action(Verb.REVEAL if reveals else Verb.CLOSE, round.id))
    return pages.Next(
        button=Button(words.plain("room-next-button"), action, primary=True),
        line=words.say("room-next-reveal" if reveals else "room-next-close"),
    )


def _item(item: RoomPost | Reply, round: Round | None) -> pages.Post | pages.Written:
    if isinstance(item, RoomPost):
        return pages.Post(id=f"post-{item.id}", message=message_of(item.message))
    own = round is not None and item.author == round.mine.person and not item.removed
    return pages.Written(
        id=f"reply-{item.id}",
        name=item.author_name,
        words=item.words if not item.removed else words.plain("room-reply-gone"),
        kind=words.plain(f"room-reply-{item.kind.value}"),
        at=item.written_at,
        buttons=_own_buttons(item, round) if own and round is not None else None,
    )


def _own_buttons(reply: Reply, round: Round) -> Buttons:
    frozen = reply.kind is ReplyKind.RESPONSE and round.phase is not Phase.RESPONDING
    buttons = []
    if not frozen:
        buttons.append(
            Button(words.plain("room-reply-change"), write(Action(Verb.CHANGE_REPLY, round.id, reply.id)))
        )
    if round.policy is Policy.OPEN and round.phase is Phase.RESPONDING and reply.kind is ReplyKind.COMMENT:
        buttons.append(
            Button(words.plain("room-reply-count"), write(Action(Verb.COUNT_REPLY, round.id, reply.id)))
        )
    buttons.append(
        Button(words.plain("room-reply-delete"), write(Action(Verb.DELETE_REPLY, round.id, reply.id)))
    )
    return Buttons(tuple(buttons), title=words.plain("room-reply-buttons"))
