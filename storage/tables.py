"""Every table on one page. Rows never leave this package; times are UTC.

Private tables (tokens, votes, responses, lightbulbs on replies, askers) have random keys and no row order of
arrival, so that nothing is left of who came when (spec: safety, section 1).
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import ClassVar

from sqlalchemy import Column, ForeignKeyConstraint, Index, LargeBinary, MetaData, Text, false, text, true
from sqlmodel import Field, SQLModel

NO_ROW_ORDER = {"sqlite_with_rowid": False}
NEVER_REUSED = {"sqlite_autoincrement": True}  # the number is a key on the platform

# Named constraints: Alembic cannot change on SQLite what has no name.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA: MetaData = SQLModel.metadata


class CommunityRow(SQLModel, table=True):
    """A Slack workspace, a Discord guild, a room in the browser."""

    __tablename__: ClassVar[str] = "communities"
    __table_args__ = (Index("uq_communities_platform_ref", "platform", "ref", unique=True),)

    id: str = Field(primary_key=True)
    platform: str
    ref: str  # the platform's own id
    name: str
    practice: bool = False
    threshold: int
    time_zone: str
    language: str
    reads_threads: bool = True  # whether replies in threads reach us there
    made_at: datetime


class ChannelRow(SQLModel, table=True):
    """A place where rounds are played. `paused` says in a word why nothing is posted there."""

    __tablename__: ClassVar[str] = "channels"
    __table_args__ = (Index("uq_channels_community_id_ref", "community_id", "ref", unique=True),)

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="communities.id")
    ref: str
    name: str
    welcomed: bool = False
    organiser: str | None = None  # a person; whoever dealt the first card
    paused: str | None = None
    time_zone: str | None = None  # an IANA name; None for the community's


class PersonRow(SQLModel, table=True):
    """One human being. The own role is asked once and used in counts only."""

    __tablename__: ClassVar[str] = "people"
    __table_args__ = NO_ROW_ORDER

    id: str = Field(primary_key=True)
    own_role: str | None = None
    time_zone: str | None = None  # an IANA name, as they said it themselves; it goes before an account's


class PlayerRow(SQLModel, table=True):
    """One account on one platform, and the person it belongs to."""

    __tablename__: ClassVar[str] = "players"
    __table_args__ = NO_ROW_ORDER

    platform: str = Field(primary_key=True)
    community_id: str = Field(primary_key=True, foreign_key="communities.id")
    user: str = Field(primary_key=True, sa_column_kwargs={"name": "account"})
    person_id: str = Field(foreign_key="people.id", index=True)
    name: str = ""
    time_zone: str | None = None  # as the platform tells it


class KnownRow(SQLModel, table=True):
    """That a person pressed something in a channel, to the day."""

    __tablename__: ClassVar[str] = "known"
    __table_args__ = NO_ROW_ORDER

    channel_id: str = Field(primary_key=True, foreign_key="channels.id")
    person_id: str = Field(primary_key=True, foreign_key="people.id", index=True)
    day: date


class RoundRow(SQLModel, table=True):
    """One card as it was dealt, and where its round stands."""

    __tablename__: ClassVar[str] = "rounds"

    id: str = Field(primary_key=True)
    deck_id: str
    card_id: str
    card: str = Field(sa_column=Column(Text, nullable=False))
    policy: str
    facilitator: str
    threshold: int
    reads_thread: bool = True
    phase: str
    opened_at: datetime
    reveal_at: datetime | None = None
    closes_at: datetime
    closed_at: datetime | None = None
    ending: str | None = None
    paused_at: datetime | None = None
    pause_asked: bool = False
    pause_reason: str | None = Field(default=None, sa_column=Column(Text))
    responses: int = 0
    pages: int = 0
    live: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    fair: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    last_call_at: datetime | None = None
    unheard: str = Field(default="", sa_column_kwargs={"server_default": ""})  # groups, with a space between
    extended: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class RoundChannelRow(SQLModel, table=True):
    """Where a round is played."""

    __tablename__: ClassVar[str] = "round_channels"

    round_id: str = Field(primary_key=True, foreign_key="rounds.id")
    channel_id: str = Field(primary_key=True, foreign_key="channels.id", index=True)
    community_id: str = Field(foreign_key="communities.id")
    opened_at: datetime  # of the round, to find a channel's newest


class RoundKeyRow(SQLModel, table=True):
    """What tokens are made with, wrapped. Deleted at the close; never in a backup."""

    __tablename__: ClassVar[str] = "round_keys"
    __table_args__ = NO_ROW_ORDER

    round_id: str = Field(primary_key=True, foreign_key="rounds.id")
    wrapped: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class TokenRow(SQLModel, table=True):
    """What one player did in one round, under a token. `address` is their sealed return address."""

    __tablename__: ClassVar[str] = "tokens"
    __table_args__ = NO_ROW_ORDER

    round_id: str = Field(primary_key=True, foreign_key="rounds.id")
    token: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    address: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    own_role: str | None = None
    stance: str | None = None
    second_stance: str | None = None
    passed: bool = False
    took_back: bool = False
    paused: bool = False


class ResponseRow(SQLModel, table=True):
    """What a player wrote. At the close it is written again, without its token."""

    __tablename__: ClassVar[str] = "responses"
    __table_args__ = (
        Index("ix_responses_round_id_token", "round_id", "token"),
        Index("ix_responses_round_id_author", "round_id", "author"),
        Index("ix_responses_reply_id", "reply_id"),
        NO_ROW_ORDER,
    )

    id: str = Field(primary_key=True)
    round_id: str = Field(foreign_key="rounds.id")
    token: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    words: str = Field(sa_column=Column(Text, nullable=False))
    second_thoughts: str = Field(default="", sa_column=Column(Text, nullable=False))
    author: str | None = None
    author_name: str = ""
    reply_id: str | None = None
    place: int | None = None
    removed: bool = False
    example: bool = False
    votes: int = 0  # how many voted on it, so that a ballot shows the least voted first
    hold: str | None = None  # kept from others: waiting, kept, removed
    second_only: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}
    )  # the second thoughts


class VoteRow(SQLModel, table=True):
    """One player's choice on one response, and whether they gave it a lightbulb."""

    __tablename__: ClassVar[str] = "votes"
    __table_args__ = NO_ROW_ORDER

    round_id: str = Field(primary_key=True, foreign_key="rounds.id")
    token: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    response_id: str = Field(primary_key=True)
    choice: str | None = None
    lightbulb: bool = False


class ReplyLightbulbRow(SQLModel, table=True):
    """That a thread reply has a player's 💡 on the platform, or had one; the newest version is kept.

    It may be here before the reply, and counts only while that reply is somebody's response.
    """

    __tablename__: ClassVar[str] = "reply_lightbulbs"
    __table_args__ = NO_ROW_ORDER

    round_id: str = Field(primary_key=True, foreign_key="rounds.id")
    token: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    reply_id: str = Field(primary_key=True)
    version: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    lit: bool


class AskerRow(SQLModel, table=True):
    """Who wants to be told when a round opens. Kept apart from what they wrote."""

    __tablename__: ClassVar[str] = "askers"
    __table_args__ = NO_ROW_ORDER

    round_id: str = Field(primary_key=True, foreign_key="rounds.id")
    person_id: str = Field(primary_key=True, foreign_key="people.id")


class ReplyRow(SQLModel, table=True):
    """Words in a card's thread, with a name. `chosen`: the writer said that this is their response."""

    __tablename__: ClassVar[str] = "replies"
    __table_args__ = (Index("ix_replies_round_id_author", "round_id", "author"),)

    id: str = Field(primary_key=True)
    round_id: str = Field(foreign_key="rounds.id")
    author: str = Field(foreign_key="people.id")
    author_name: str
    words: str = Field(sa_column=Column(Text, nullable=False))
    kind: str
    written_at: datetime
    removed: bool = False
    chosen: bool = False


class PledgeRow(SQLModel, table=True):
    """A small promise a player makes, with their name."""

    __tablename__: ClassVar[str] = "pledges"

    id: str = Field(primary_key=True)
    round_id: str = Field(foreign_key="rounds.id", index=True)
    owner: str = Field(foreign_key="people.id", index=True)
    owner_name: str
    words: str = Field(sa_column=Column(Text, nullable=False))
    by: date = Field(sa_column_kwargs={"name": "due_on"})
    state: str
    made_at: datetime
    settled_on: date | None = None  # done or dropped


class PledgeJoinRow(SQLModel, table=True):
    """Somebody who does it too."""

    __tablename__: ClassVar[str] = "pledge_joins"

    pledge_id: str = Field(primary_key=True, foreign_key="pledges.id")
    person_id: str = Field(primary_key=True, foreign_key="people.id")
    number: int  # in the order in which they joined, from 1


class StoryRow(SQLModel, table=True):
    """Words that their writer lets be kept, or, while `state` is `asked`, is asked about.

    `source` is the message they come from. Kept as long as its writer agrees.
    """

    __tablename__: ClassVar[str] = "stories"
    __table_args__ = (
        Index("uq_stories_community_id_writer_source", "community_id", "writer", "source", unique=True),
        Index("ix_stories_community_id_state", "community_id", "state"),
        NO_ROW_ORDER,
    )

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="communities.id")
    channel_id: str = Field(foreign_key="channels.id")
    source: str
    writer: str = Field(foreign_key="people.id")
    state: str
    words: str = Field(sa_column=Column(Text, nullable=False))
    shoes: str | None = None
    named: bool = False
    quoted: bool = False
    asker: str | None = None  # until the writer has answered
    made_at: datetime  # when it was asked for, or last offered
    credit: str | None = Field(default=None, sa_column=Column(Text))
    asked_by: str | None = Field(default=None, sa_column=Column(Text))
    until: date | None = Field(default=None, sa_column_kwargs={"name": "shown_until"})
    reason: str | None = Field(default=None, sa_column=Column(Text))
    mark: str | None = None
    outcome: str | None = None
    topic: str | None = None
    campaign_id: str | None = None
    prompt_id: str | None = None


class StoryAskRow(SQLModel, table=True):
    """A keyed hash of a message whose writer was asked, or said no: nobody is asked twice."""

    __tablename__: ClassVar[str] = "story_asks"
    __table_args__ = NO_ROW_ORDER

    about: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))


class CampaignRow(SQLModel, table=True):
    """A daily series, and where it was set up. `weekdays` as digits, Monday is 0."""

    __tablename__: ClassVar[str] = "campaigns"
    __table_args__ = (
        Index(
            "ix_campaigns_not_ended",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="communities.id", index=True)
    organiser: str = Field(foreign_key="people.id")
    template: str | None = None
    title: str
    time_zone: str
    local_time: time
    weekdays: str
    start_on: date
    end_on: date | None = None
    since: datetime
    policy: str
    round_up_on: int | None = None
    paused: bool
    contact: str = Field(sa_column=Column(Text, nullable=False))
    closing_question: str = Field(sa_column=Column(Text, nullable=False))
    event_id: str | None = None  # in the awareness calendar
    made_at: datetime
    ended_at: datetime | None = None


class CampaignChannelRow(SQLModel, table=True):
    """A channel that takes part. `time_zone` is None for the community's, `paused` says why in a word."""

    __tablename__: ClassVar[str] = "campaign_channels"
    __table_args__ = (
        Index("ix_campaign_channels_campaign_id_community_id", "campaign_id", "community_id"),
        Index("ix_campaign_channels_channel_id", "channel_id"),
    )

    campaign_id: str = Field(primary_key=True, foreign_key="campaigns.id")
    channel_id: str = Field(primary_key=True, foreign_key="channels.id")
    community_id: str = Field(foreign_key="communities.id")
    time_zone: str | None = None
    local_time: time
    since: datetime
    paused: str | None = None
    joined_at: datetime


class CampaignPromptRow(SQLModel, table=True):
    """The card of one day, as JSON like a round's. `place`: in the queue, or in the reserve, from 0."""

    __tablename__: ClassVar[str] = "campaign_prompts"
    __table_args__ = NO_ROW_ORDER

    campaign_id: str = Field(primary_key=True, foreign_key="campaigns.id")
    id: str = Field(primary_key=True)
    reserve: bool
    place: int
    meant_on: date | None = None
    card: str = Field(sa_column=Column(Text, nullable=False))
    needs_approval: bool
    approved_at: datetime | None = None
    corrected_at: datetime | None = None
    author: str | None = Field(default=None, foreign_key="people.id", index=True)
    credit: str
    help: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # shows help lines


class CampaignBreakRow(SQLModel, table=True):
    """A named stretch of local dates without prompts; `number` keeps their order."""

    __tablename__: ClassVar[str] = "campaign_breaks"

    campaign_id: str = Field(primary_key=True, foreign_key="campaigns.id")
    number: int = Field(primary_key=True)
    name: str
    first_on: date
    last_on: date


class CampaignDayRow(SQLModel, table=True):
    """What became of one local date in one channel: its key makes a second prompt impossible.

    Kept when the channel leaves. Noted before its round is made, so `round_id` refers to nothing.
    """

    __tablename__: ClassVar[str] = "campaign_days"
    __table_args__ = (
        ForeignKeyConstraint(
            ["campaign_id", "prompt_id"],
            ["campaign_prompts.campaign_id", "campaign_prompts.id"],
            name="fk_campaign_days_prompt_id",
        ),
        Index("ix_campaign_days_campaign_id_prompt_id", "campaign_id", "prompt_id"),
        Index("ix_campaign_days_round_id", "round_id"),
    )

    campaign_id: str = Field(primary_key=True, foreign_key="campaigns.id")
    channel_id: str = Field(primary_key=True, foreign_key="channels.id")
    local_date: date = Field(primary_key=True)
    kind: str  # posted, break, nothing
    happened_at: datetime
    prompt_id: str | None = None
    day: int | None = None
    late: bool = False
    break_name: str | None = None
    break_first_on: date | None = None
    break_last_on: date | None = None
    back_on: date | None = None
    round_id: str | None = None


class RoundUpRow(SQLModel, table=True):
    """A week's list in one channel. `words` and `quotes` are None until somebody edits it."""

    __tablename__: ClassVar[str] = "round_ups"

    campaign_id: str = Field(primary_key=True, foreign_key="campaigns.id")
    channel_id: str = Field(primary_key=True, foreign_key="channels.id")
    local_date: date = Field(primary_key=True)
    drafted_at: datetime
    state: str
    words: str | None = Field(default=None, sa_column=Column(Text))
    quotes: bool | None = None


class CampaignReportRow(SQLModel, table=True):
    """That a channel has had the report of a campaign. The three counts are None until they are counted."""

    __tablename__: ClassVar[str] = "campaign_reports"

    campaign_id: str = Field(primary_key=True, foreign_key="campaigns.id")
    channel_id: str = Field(primary_key=True, foreign_key="channels.id")
    posted_at: datetime
    answers_until: datetime
    yes: int | None = None
    not_sure: int | None = None
    no: int | None = None


class ClosingAnswerRow(SQLModel, table=True):
    """An answer to a campaign's closing question, under a keyed hash of who gave it. Deleted once counted."""

    __tablename__: ClassVar[str] = "closing_answers"
    __table_args__ = NO_ROW_ORDER

    campaign_id: str = Field(primary_key=True, foreign_key="campaigns.id")
    channel_id: str = Field(primary_key=True, foreign_key="channels.id")
    mark: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    answer: str


class SubscriptionRow(SQLModel, table=True):
    """That somebody wants a campaign's cards privately, when, and what went to them last.

    It goes with the person. `had`, `newest` are the same for who has responded and who has not. `refused`:
    untold or told, where they take no private messages from us.
    """

    __tablename__: ClassVar[str] = "subscriptions"
    __table_args__ = (
        Index("ix_subscriptions_campaign_id_channel_id", "campaign_id", "channel_id"),
        NO_ROW_ORDER,
    )

    person_id: str = Field(primary_key=True, foreign_key="people.id", ondelete="CASCADE")
    campaign_id: str = Field(primary_key=True, foreign_key="campaigns.id")
    channel_id: str = Field(foreign_key="channels.id")
    community_id: str = Field(foreign_key="communities.id")
    local_time: time
    since: datetime
    had: datetime | None = None
    newest: str | None = None
    again: str | None = None
    again_at: datetime | None = None
    refused: str | None = None


class PageLinkRow(SQLModel, table=True):
    """A link to a page, by the hash of its token. Once used it belongs to one browser's session."""

    __tablename__: ClassVar[str] = "page_links"
    __table_args__ = NO_ROW_ORDER

    token: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    about: str
    works_until: datetime = Field(index=True)
    session: bytes | None = Field(default=None, sa_column=Column(LargeBinary))


class CellsRow(SQLModel, table=True):
    """What the threshold let out of a closed round, for ever."""

    __tablename__: ClassVar[str] = "cells"

    round_id: str = Field(primary_key=True, foreign_key="rounds.id")
    cells: str = Field(sa_column=Column(Text, nullable=False))


class ActRow(SQLModel, table=True):
    """What a moderator did with a response: who, when, in which round. Not which response, and no words."""

    __tablename__: ClassVar[str] = "acts"

    id: str = Field(primary_key=True)
    community_id: str = Field(foreign_key="communities.id")
    channel_id: str = Field(foreign_key="channels.id")
    round_id: str = Field(foreign_key="rounds.id", index=True)
    moderator: str = Field(foreign_key="people.id")
    act: str  # post, kept, removed; read, which changes nothing
    was: str  # how it was held before
    at: datetime = Field(sa_column_kwargs={"name": "done_at"})


class NationRow(SQLModel, table=True):
    """Whose help lines a community is shown, once somebody has said so."""

    __tablename__: ClassVar[str] = "nations"

    community_id: str = Field(primary_key=True, foreign_key="communities.id")
    nation: str


class ConfirmationRow(SQLModel, table=True):
    """When an awareness week is in one year, as an organiser of a community found it, and who says so."""

    __tablename__: ClassVar[str] = "confirmations"

    community_id: str = Field(primary_key=True, foreign_key="communities.id")
    event_id: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    first_on: date
    last_on: date
    source: str = Field(sa_column=Column(Text, nullable=False))
    organiser: str = Field(foreign_key="people.id")


class InboundRow(SQLModel, table=True):
    """What was already seen: a keyed hash of the delivery, and the day. No person, no hour."""

    __tablename__: ClassVar[str] = "inbound"
    __table_args__ = NO_ROW_ORDER

    seen: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    day: date


class LatestRow(SQLModel, table=True):
    """The newest version of a thread reply that came: a keyed hash of which, the version, the day."""

    __tablename__: ClassVar[str] = "latest"
    __table_args__ = NO_ROW_ORDER

    about: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    version: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    day: date


class OutboxRow(SQLModel, table=True):
    """An effect to deliver. Only `pending` is unique per slot, so no change is lost while one is sent."""

    __tablename__: ClassVar[str] = "outbox"
    __table_args__ = (
        Index(
            "uq_outbox_pending",
            "channel_id",
            "round_id",
            "slot",
            unique=True,
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_outbox_channel_id_id", "channel_id", "id"),
        NEVER_REUSED,
    )

    id: int | None = Field(default=None, primary_key=True)
    channel_id: str = Field(foreign_key="channels.id")
    round_id: str | None = None
    slot: str  # what is shown: board, page:2, recap, notice:paused, tell:<person> ...
    state: str = "pending"  # pending, sending, aside
    attempts: int = 0
    first_tried_at: datetime | None = None
    not_before: datetime | None = None


class PostRow(SQLModel, table=True):
    """Where a post of ours is that we edit in place."""

    __tablename__: ClassVar[str] = "posts"
    __table_args__ = (Index("ix_posts_channel_id_ref", "channel_id", "ref"),)

    channel_id: str = Field(primary_key=True, foreign_key="channels.id")
    round_id: str = Field(primary_key=True)
    slot: str = Field(primary_key=True)
    ref: str


class AlarmRow(SQLModel, table=True):
    """A stored moment to wake up, unique by occurrence. Gone once it has rung."""

    __tablename__: ClassVar[str] = "alarms"

    key: str = Field(primary_key=True)
    due_at: datetime = Field(index=True)


class SeatRow(SQLModel, table=True):
    """That a browser, known by the hash of its cookie, plays in a room, as whom, and when it was here."""

    __tablename__: ClassVar[str] = "seats"
    __table_args__ = NO_ROW_ORDER

    session: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    community_id: str = Field(primary_key=True, foreign_key="communities.id")
    user: str = Field(sa_column_kwargs={"name": "account"})
    seen_on: date


class RoomPostRow(SQLModel, table=True):
    """A message in a browser room: its feed, a thread under a card, or a whisper to one player."""

    __tablename__: ClassVar[str] = "room_posts"
    __table_args__ = NEVER_REUSED

    id: int | None = Field(default=None, primary_key=True)
    channel_id: str = Field(foreign_key="channels.id", index=True)
    key: str = Field(unique=True)
    thread: str | None = None
    user: str | None = Field(default=None, sa_column_kwargs={"name": "account"})
    message: str = Field(sa_column=Column(Text, nullable=False))
    posted_at: datetime


class SlackInstallRow(SQLModel, table=True):
    """A Slack workspace that added us by itself. `sealed` is its tokens, encrypted.

    `expires_at`: of the token, where Slack rotates it; `busy_until`: somebody is asking for the next one;
    `lost`: Slack takes no more of what we have to ask with, so it has to be added again.
    """

    __tablename__: ClassVar[str] = "slack_installs"

    team: str = Field(primary_key=True)
    name: str
    url: str
    bot_id: str
    bot_user: str
    scopes: str = Field(sa_column=Column(Text, nullable=False))
    sealed: str = Field(sa_column=Column(Text, nullable=False))
    expires_at: datetime | None = None
    busy_until: datetime | None = None
    lost: bool = False
    installed_at: datetime


class KeptKeyRow(SQLModel, table=True):
    """A key that has to outlive the secret it was made from, encrypted with the one of today."""

    __tablename__: ClassVar[str] = "kept_keys"

    name: str = Field(primary_key=True)
    sealed: str = Field(sa_column=Column(Text, nullable=False))
