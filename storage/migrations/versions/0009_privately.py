"""Who wants a campaign's cards privately, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. A subscription goes with its person."""
    op.create_table(
        "subscriptions",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("had", sa.DateTime(timezone=True), nullable=True),
        sa.Column("newest", sa.String(), nullable=True),
        sa.Column("again", sa.String(), nullable=True),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_subscriptions_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_subscriptions_campaign_id"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_subscriptions_channel_id"),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_subscriptions_community_id"),
        sa.PrimaryKeyConstraint("person_id", "campaign_id", name="pk_subscriptions"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_subscriptions_campaign_id_channel_id", "subscriptions", ["campaign_id", "channel_id"])


def downgrade() -> None:
    """Remove it again."""
    op.drop_table("subscriptions")
