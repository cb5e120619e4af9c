"""What follows from a campaign's days: round-ups with quotes, reports, and links to pages."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Round-ups that are drafted now quote, as long as nobody says otherwise."""
    op.add_column("round_ups", sa.Column("quotes", sa.Boolean(), nullable=True))
    op.create_table(
        "campaign_reports",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("yes", sa.Integer(), nullable=True),
        sa.Column("not_sure", sa.Integer(), nullable=True),
        sa.Column("no", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_campaign_reports_campaign_id"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_campaign_reports_channel_id"),
        sa.PrimaryKeyConstraint("campaign_id", "channel_id", name="pk_campaign_reports"),
    )
    op.create_table(
        "closing_answers",
        sa.Column("campaign_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_closing_answers_campaign_id"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_closing_answers_channel_id"),
        sa.PrimaryKeyConstraint("campaign_id", "channel_id", "mark", name="pk_closing_answers"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "page_links",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("works_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("token", name="pk_page_links"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_page_links_works_until", "page_links", ["works_until"])


def downgrade() -> None:
    """Take them away."""
    for table in ("page_links", "closing_answers", "campaign_reports"):
        op.drop_table(table)
    op.drop_column("round_ups", "quotes")
