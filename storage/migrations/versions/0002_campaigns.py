"""Daily campaigns: their channels, prompts and breaks, what became of each day, and round-ups."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NOT_ENDED = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Make the tables. One row per campaign, channel and local date makes a second prompt impossible."""
    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("organiser", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("round_up_on", sa.Integer(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("closing_question", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_campaigns_community_id"),
        sa.ForeignKeyConstraint(["organiser"], ["people.id"], name="fk_campaigns_organiser"),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
    )
    op.create_index("ix_campaigns_community_id", "campaigns", ["community_id"])
    op.create_index(
        "ix_campaigns_not_ended", "campaigns", ["id"], sqlite_where=NOT_ENDED, postgresql_where=NOT_ENDED
    )
    op.create_table(
        "campaign_channels",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused", sa.String(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_campaign_channels_campaign_id"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_campaign_channels_channel_id"),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_campaign_channels_community_id"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "channel_id", name="pk_campaign_channels"),
    )
    op.create_index(
        "ix_campaign_channels_campaign_id_community_id", "campaign_channels", ["campaign_id", "community_id"]
    )
    op.create_index("ix_campaign_channels_channel_id", "campaign_channels", ["channel_id"])
    op.create_table(
        "campaign_prompts",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("reserve", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("meant_on", sa.Date(), nullable=True),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("credit", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name="fk_campaign_prompts_author"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_campaign_prompts_campaign_id"),
        sa.PrimaryKeyConstraint("campaign_id", "id", name="pk_campaign_prompts"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_campaign_prompts_author", "campaign_prompts", ["author"])
    op.create_table(
        "campaign_breaks",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_campaign_breaks_campaign_id"),
        sa.PrimaryKeyConstraint("campaign_id", "number", name="pk_campaign_breaks"),
    )
    op.create_table(
        "campaign_days",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prompt_id", sa.String(), nullable=True),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("break_name", sa.String(), nullable=True),
        sa.Column("break_first_on", sa.Date(), nullable=True),
        sa.Column("break_last_on", sa.Date(), nullable=True),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("round_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_campaign_days_campaign_id"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_campaign_days_channel_id"),
        sa.ForeignKeyConstraint(
            ["campaign_id", "prompt_id"],
            ["campaign_prompts.campaign_id", "campaign_prompts.id"],
            name="fk_campaign_days_prompt_id",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "channel_id", "local_date", name="pk_campaign_days"),
    )
    op.create_index("ix_campaign_days_campaign_id_prompt_id", "campaign_days", ["campaign_id", "prompt_id"])
    op.create_index("ix_campaign_days_round_id", "campaign_days", ["round_id"])
    op.create_table(
        "round_ups",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_round_ups_campaign_id"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_round_ups_channel_id"),
        sa.PrimaryKeyConstraint("campaign_id", "channel_id", "local_date", name="pk_round_ups"),
    )


def downgrade() -> None:
    """Remove them again, those that refer to others first."""
    for table in (
        "round_ups",
        "campaign_days",
        "campaign_breaks",
        "campaign_prompts",
        "campaign_channels",
        "campaigns",
    ):
        op.drop_table(table)
