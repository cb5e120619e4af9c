"""The first tables: a round with its private rows, threads, pledges, the outbox and browser rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    """Make every table. Private ones have no row order of arrival (spec: safety, section 1)."""
    op.create_table(
        "communities",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("reads_threads", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_communities"),
    )
    op.create_index("uq_communities_platform_ref", "communities", ["platform", "ref"], unique=True)
    op.create_table(
        "channels",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("welcomed", sa.Boolean(), nullable=False),
        sa.Column("organiser", sa.String(), nullable=True),
        sa.Column("paused", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_channels_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_channels"),
    )
    op.create_index("uq_channels_community_id_ref", "channels", ["community_id", "ref"], unique=True)
    op.create_table(
        "people",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("own_role", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "players",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_players_community_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_players_person_id"),
        sa.PrimaryKeyConstraint("platform", "community_id", "account", name="pk_players"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_players_person_id", "players", ["person_id"])
    op.create_table(
        "known",
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_known_channel_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_known_person_id"),
        sa.PrimaryKeyConstraint("channel_id", "person_id", name="pk_known"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_known_person_id", "known", ["person_id"])
    op.create_table(
        "rounds",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("deck_id", sa.String(), nullable=False),
        sa.Column("card_id", sa.String(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("facilitator", sa.String(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("reads_thread", sa.Boolean(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reveal_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.String(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_asked", sa.Boolean(), nullable=False),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rounds"),
    )
    op.create_table(
        "round_channels",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_round_channels_channel_id"),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_round_channels_community_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_round_channels_round_id"),
        sa.PrimaryKeyConstraint("round_id", "channel_id", name="pk_round_channels"),
    )
    op.create_index("ix_round_channels_channel_id", "round_channels", ["channel_id"])
    op.create_table(
        "round_keys",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_round_keys_round_id"),
        sa.PrimaryKeyConstraint("round_id", name="pk_round_keys"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tokens",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("own_role", sa.String(), nullable=True),
        sa.Column("stance", sa.String(), nullable=True),
        sa.Column("second_stance", sa.String(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("took_back", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_tokens_round_id"),
        sa.PrimaryKeyConstraint("round_id", "token", name="pk_tokens"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "responses",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("second_thoughts", sa.Text(), nullable=False),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("reply_id", sa.String(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("example", sa.Boolean(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_responses_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_responses"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_responses_round_id_token", "responses", ["round_id", "token"])
    op.create_index("ix_responses_round_id_author", "responses", ["round_id", "author"])
    op.create_index("ix_responses_reply_id", "responses", ["reply_id"])
    op.create_table(
        "votes",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("response_id", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=True),
        sa.Column("lightbulb", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_votes_round_id"),
        sa.PrimaryKeyConstraint("round_id", "token", "response_id", name="pk_votes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reply_lightbulbs",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("reply_id", sa.String(), nullable=False),
        sa.Column("version", sa.LargeBinary(), nullable=False),
        sa.Column("lit", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_reply_lightbulbs_round_id"),
        sa.PrimaryKeyConstraint("round_id", "token", "reply_id", name="pk_reply_lightbulbs"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "askers",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_askers_person_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_askers_round_id"),
        sa.PrimaryKeyConstraint("round_id", "person_id", name="pk_askers"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "replies",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("author_name", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name="fk_replies_author"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_replies_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_replies"),
    )
    op.create_index("ix_replies_round_id_author", "replies", ["round_id", "author"])
    op.create_table(
        "pledges",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["owner"], ["people.id"], name="fk_pledges_owner"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_pledges_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pledges"),
    )
    op.create_index("ix_pledges_round_id", "pledges", ["round_id"])
    op.create_index("ix_pledges_owner", "pledges", ["owner"])
    op.create_table(
        "pledge_joins",
        sa.Column("pledge_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_pledge_joins_person_id"),
        sa.ForeignKeyConstraint(["pledge_id"], ["pledges.id"], name="fk_pledge_joins_pledge_id"),
        sa.PrimaryKeyConstraint("pledge_id", "person_id", name="pk_pledge_joins"),
    )
    op.create_table(
        "stories",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("writer", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("shoes", sa.String(), nullable=True),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("quoted", sa.Boolean(), nullable=False),
        sa.Column("asker", sa.String(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_stories_community_id"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_stories_channel_id"),
        sa.ForeignKeyConstraint(["writer"], ["people.id"], name="fk_stories_writer"),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_stories_community_id_writer_source", "stories", ["community_id", "writer", "source"], unique=True
    )
    op.create_table(
        "story_asks",
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("about", name="pk_story_asks"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "cells",
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_cells_round_id"),
        sa.PrimaryKeyConstraint("round_id", name="pk_cells"),
    )
    op.create_table(
        "inbound",
        sa.Column("seen", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("seen", name="pk_inbound"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "latest",
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("about", name="pk_latest"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=True),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_outbox_channel_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_channel_id_id", "outbox", ["channel_id", "id"])
    op.create_index(
        "uq_outbox_pending",
        "outbox",
        ["channel_id", "round_id", "slot"],
        unique=True,
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )
    op.create_table(
        "posts",
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_posts_channel_id"),
        sa.PrimaryKeyConstraint("channel_id", "round_id", "slot", name="pk_posts"),
    )
    op.create_index("ix_posts_channel_id_ref", "posts", ["channel_id", "ref"])
    op.create_table(
        "alarms",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_alarms"),
    )
    op.create_index("ix_alarms_due_at", "alarms", ["due_at"])
    op.create_table(
        "seats",
        sa.Column("session", sa.LargeBinary(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_seats_community_id"),
        sa.PrimaryKeyConstraint("session", "community_id", name="pk_seats"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "room_posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=True),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_room_posts_channel_id"),
        sa.PrimaryKeyConstraint("id", name="pk_room_posts"),
        sa.UniqueConstraint("key", name="uq_room_posts_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_room_posts_channel_id", "room_posts", ["channel_id"])


def downgrade() -> None:
    """Remove them again, those that refer to others first."""
    for table in (
        "room_posts",
        "seats",
        "alarms",
        "posts",
        "outbox",
        "latest",
        "inbound",
        "cells",
        "story_asks",
        "stories",
        "pledge_joins",
        "pledges",
        "replies",
        "askers",
        "reply_lightbulbs",
        "votes",
        "responses",
        "tokens",
        "round_keys",
        "round_channels",
        "rounds",
        "known",
        "players",
        "people",
        "channels",
        "communities",
    ):
        op.drop_table(table)
