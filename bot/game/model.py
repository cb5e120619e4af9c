"""The values of the game: cards and decks, players, a round, and what may be shown of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import NewType

RoundId = NewType("RoundId", str)
ResponseId = NewType("ResponseId", str)  # random: order of arrival must not show
ReplyId = NewType("ReplyId", str)
PledgeId = NewType("PledgeId", str)
StoryId = NewType("StoryId", str)
PersonId = NewType("PersonId", str)
ChannelId = NewType("ChannelId", str)
CommunityId = NewType("CommunityId", str)
PerspectiveId = NewType("PerspectiveId", str)
CardId = NewType("CardId", str)
DeckId = NewType("DeckId", str)
TemplateId = NewType("TemplateId", str)


class Group(StrEnum):
    """The four groups that perspectives and own roles belong to."""

    PEOPLE = "people"
    CARERS = "carers"
    STAFF = "staff"
    DECIDERS = "deciders"


class Outcome(StrEnum):
    """The seven outcomes of the path."""

    LISTENED_TO = "listened-to"
    REAL_CHOICE = "real-choice"
    INFORMATION = "information"
    BELONG = "belong"
    SAFE = "safe"
    TIME_AND_SUPPORT = "time-and-support"
    JOINED_UP = "joined-up"


class StoneEffect(StrEnum):
    """What a card does to the stone of its outcome and its perspective's group."""

    PLACE = "place"
    REMOVE = "remove"
    DECIDE = "decide"


class CardKind(StrEnum):
    """A situation, something made (no stance), or a plain question."""

    SCENARIO = "scenario"
    CREATIVE = "creative"
    QUESTION = "question"


class Stance(StrEnum):
    """Would they say that this is true here?"""

    YES = "yes"
    NOT_SURE = "not_sure"
    NO = "no"


class Choice(StrEnum):
    """One player's vote on one response."""

    AGREE = "agree"
    NOT_SURE = "not_sure"
    DISAGREE = "disagree"


class Policy(StrEnum):
    """How people answer: who sees a response, and when (spec: the policy table)."""

    TOGETHER = "together"
    AFTER_YOU = "after_you"
    OPEN = "open"


class Phase(StrEnum):
    """Where a round stands. With one deadline `VOTING` is never entered."""

    RESPONDING = "responding"
    VOTING = "voting"
    CLOSED = "closed"


class Ending(StrEnum):
    """How a closed round came to its end."""

    FINISHED = "finished"
    WITHOUT_RESULTS = "without_results"
    TAKEN_BACK = "taken_back"


class PledgeState(StrEnum):
    """What has become of a pledge."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class StoryState(StrEnum):
    """How far a story has come. Nobody but its writer is shown one that is asked for or offered."""

    ASKED = "asked"  # somebody would like to keep it: the words wait for their writer's yes
    OFFERED = "offered"  # its writer agreed, and a moderator has not said anything yet


class Hold(StrEnum):
    """Words that suggest harm are kept from others. A private response has one of these while they are."""

    WAITING = "waiting"  # until its writer or a moderator says that it may be shown
    KEPT = "kept"  # a moderator looked, and it stays back
    REMOVED = "removed"  # a moderator took it out: counted in the recap


class ReplyKind(StrEnum):
    """What a thread reply counts as. Only `RESPONSE` is ever counted."""

    RESPONSE = "response"
    COMMENT = "comment"
    EARLY = "early"
    AFTERTHOUGHT = "afterthought"


@dataclass(frozen=True, slots=True)
class Perspective:
    """Whose shoes a player stands in. `name` is set by packs that bring their own."""

    id: PerspectiveId
    group: Group
    name: str = ""


PERSPECTIVES: Mapping[PerspectiveId, Perspective] = {
    each.id: each
    for each in (
        Perspective(PerspectiveId("person"), Group.PEOPLE),
        Perspective(PerspectiveId("carer"), Group.CARERS),
        Perspective(PerspectiveId("frontline"), Group.STAFF),
        Perspective(PerspectiveId("provider"), Group.STAFF),
        Perspective(PerspectiveId("manager"), Group.DECIDERS),
        Perspective(PerspectiveId("commissioner"), Group.DECIDERS),
        Perspective(PerspectiveId("leader"), Group.DECIDERS),
    )
}
"""The seven perspectives every pack may use, in the order in which they are offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """An example response, said by a pretend player in the practice room only."""

    perspective: Perspective
    stance: Stance | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture or a recording that belongs to a card. `alt` is never empty."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One situation to think about, in the voice of its perspective."""

    id: CardId
    perspective: Perspective
    statement: str
    question: str
    outcome: Outcome
    effect: StoneEffect
    kind: CardKind = CardKind.SCENARIO
    plain: str = ""
    topics: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    content_note: str = ""
    facilitator_note: str = ""
    media: Media | None = None
    voices: tuple[Voice, ...] = ()

    @property
    def asks_stance(self) -> bool:
        """A poem or a picture is neither true nor untrue."""
        return self.kind is not CardKind.CREATIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """A named list of cards, in the order in which the pack lists them."""

    id: DeckId
    title: str
    about: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePrompt:
    """The card of one day, and `who` speaks on it: "Day 12: In the shoes of … Pearl, retired bus driver".

    `who` is made up, a name and a role. `help`: the card is hard enough to show help lines beside it.
    """

    card: Card
    who: str
    help: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The ready-made plan of a campaign: its prompts in order, and what an organiser may change.

    Weekdays are numbered from Monday, 0; `time` is what the clock shows in each channel. A `reserve`
    prompt goes out where a story came too late. The `closing_question` is asked at the end. `event`: the
    awareness week that it was made for, by its id in the calendar.
    """

    id: TemplateId
    title: str
    about: str
    prompts: tuple[TemplatePrompt, ...]
    closing_question: str
    reserve: tuple[TemplatePrompt, ...] = ()
    weekdays: frozenset[int] = frozenset(range(5))
    time: time = time(9)
    policy: Policy = Policy.AFTER_YOU
    round_up_on: int | None = 4
    event: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A folder of content. Its `templates` are the files in its folder `campaigns`."""

    id: str
    title: str
    decks: tuple[Deck, ...]
    templates: tuple[Template, ...] = ()


@dataclass(frozen=True, slots=True)
class PlayerId:
    """One account on one platform. Several of them may belong to one `PersonId`."""

    platform: str
    community: CommunityId
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a player wrote from a perspective.

    `author` is set only where the card says that names are shown; `place` is its
    number in the reveal, from 1, and None until then. `words` is empty once removed.
    `hold`: kept from others, with all its words; or, if `second_only`, with its second thoughts alone.
    """

    id: ResponseId
    words: str
    second_thoughts: str = ""
    author: PersonId | None = None
    author_name: str = ""
    reply: ReplyId | None = None
    place: int | None = None
    removed: bool = False
    example: bool = False
    hold: Hold | None = None
    second_only: bool = False

    @property
    def named(self) -> bool:
        """True if it was written in the thread, with a name beside it."""
        return self.author is not None

    @property
    def hidden(self) -> bool:
        """Whether others see nothing of it, and no number counts it."""
        return self.hold is not None and not self.second_only

    @property
    def for_others(self) -> Response:
        """What others read of one that is not hidden."""
        return replace(self, second_thoughts="") if self.hold is not None else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Words written in a card's thread, always with a name.

    `chosen`: its writer said that this one is to be the response.
    """

    id: ReplyId
    author: PersonId
    author_name: str
    words: str
    kind: ReplyKind
    written_at: datetime
    removed: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """A small promise: "I will ... by ...". `joined` holds those who joined, in that order."""

    id: PledgeId
    owner: PersonId
    owner_name: str
    words: str
    by: date
    state: PledgeState = PledgeState.OPEN
    joined: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Words that somebody wrote in a channel, and what they agreed to. `source` is that message.

    `named`: it may be shown with the writer's name; `quoted`: it may be quoted elsewhere.
    `asker` asked for it, and is forgotten once the writer has answered.
    """

    id: StoryId
    channel: ChannelId
    source: ReplyId
    state: StoryState
    words: str
    shoes: PerspectiveId | None = None
    named: bool = False
    quoted: bool = False
    asker: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The round waits. `asked` says that the board offers a decision (after 48 hours)."""

    since: datetime
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """What one player has done in one round, as far as the round still knows.

    `choices` holds only the votes on the responses that the move names; `lightbulbs`
    holds all of the player's (three at the most). `took_back` says that a first text
    was withdrawn after others could be seen, so that a new one is second thoughts.
    `organises` says that the player may decide about a pause here.
    """

    person: PersonId | None = None
    own_role: PerspectiveId | None = None
    stance: Stance | None = None
    second_stance: Stance | None = None
    passed: bool = False
    took_back: bool = False
    paused: bool = False
    response: Response | None = None
    choices: Mapping[ResponseId, Choice] = field(default_factory=dict)
    lightbulbs: frozenset[ResponseId] = frozenset()
    tell_me: bool = False
    organises: bool = False

    @property
    def heard(self) -> bool:
        """Responded, took a stance or passed."""
        return self.passed or self.stance is not None or self.response is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One card, played in one or more channels, as one player's press finds it.

    `others` holds just the responses by others that the move names and that exist;
    `pledges` likewise; `replies` are the player's own where the move is about the thread.
    So one vote costs the same in every round. `reads_thread`: replies in the thread reach
    us here; as it was when the card was dealt, since the card says so.
    `live`: so short that people play it together, at one time. `fair`: every time zone gets its
    hours; the facilitator may have switched that rule off, and then the card says so.
    `last_call_at` is None where there is no last call, and once it was made; `unheard` are the groups that
    it named, of those that are still waited for. `extended`: responding went on for them; that happens once.
    All moments are in UTC. `reveal_at` is None where there is one deadline.
    """

    id: RoundId
    card: Card
    policy: Policy
    facilitator: PersonId
    channels: tuple[ChannelId, ...]
    opened_at: datetime
    reveal_at: datetime | None
    closes_at: datetime
    reads_thread: bool = True
    live: bool = False
    fair: bool = True
    phase: Phase = Phase.RESPONDING
    closed_at: datetime | None = None
    ending: Ending | None = None
    pause: Pause | None = None
    responses: int = 0  # with words, not taken back
    pages: int = 0  # of the reveal, five responses each
    last_call_at: datetime | None = None
    unheard: tuple[Group, ...] = ()
    extended: bool = False
    mine: Mine = field(default_factory=Mine)
    others: Mapping[ResponseId, Response] = field(default_factory=dict)
    replies: Mapping[ReplyId, Reply] = field(default_factory=dict)
    pledges: Mapping[PledgeId, Pledge] = field(default_factory=dict)

    @property
    def deadline(self) -> datetime:
        """The end of the phase it is in; after the close, the planned close. In UTC."""
        if self.phase is Phase.RESPONDING and self.reveal_at is not None:
            return self.reveal_at
        return self.closes_at

    @property
    def wakes_at(self) -> datetime:
        """When the clock has something to do, if nobody pauses: the last call, else the deadline. In UTC."""
        if self.phase is Phase.RESPONDING and self.last_call_at is not None:
            return self.last_call_at
        return self.deadline

    @property
    def sees_others(self) -> bool:
        """Whether this player may read the responses of the others now."""
        if self.phase is not Phase.RESPONDING:
            return True
        if self.policy is Policy.AFTER_YOU:
            return self.mine.response is not None or self.mine.took_back
        return self.policy is Policy.OPEN
