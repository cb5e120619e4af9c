"""Responses that are held, what moderators did with them, help lines by nation, confirmed awareness weeks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing that was written before is held."""
    no = sa.false()
    op.add_column("responses", sa.Column("hold", sa.String(), nullable=True))
    op.add_column("responses", sa.Column("second_only", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("campaign_prompts", sa.Column("help", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("campaigns", sa.Column("event_id", sa.String(), nullable=True))
    op.create_table(
        "acts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("round_id", sa.String(), nullable=False),
        sa.Column("moderator", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_acts_community_id"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_acts_channel_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_acts_round_id"),
        sa.ForeignKeyConstraint(["moderator"], ["people.id"], name="fk_acts_moderator"),
        sa.PrimaryKeyConstraint("id", name="pk_acts"),
    )
    op.create_index("ix_acts_round_id", "acts", ["round_id"])
    op.create_table(
        "nations",
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("nation", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_nations_community_id"),
        sa.PrimaryKeyConstraint("community_id", name="pk_nations"),
    )
    op.create_table(
        "confirmations",
        sa.Column("community_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("organiser", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_confirmations_community_id"),
        sa.ForeignKeyConstraint(["organiser"], ["people.id"], name="fk_confirmations_organiser"),
        sa.PrimaryKeyConstraint("community_id", "event_id", "year", name="pk_confirmations"),
    )


def downgrade() -> None:
    """Take them away, and with them what was held: older programs would show it."""
    for table in ("confirmations", "nations", "acts"):
        op.drop_table(table)
    op.drop_column("campaigns", "event_id")
    op.drop_column("campaign_prompts", "help")
    op.execute("UPDATE responses SET second_thoughts = '' WHERE hold IS NOT NULL AND second_only")
    op.execute("DELETE FROM responses WHERE hold IS NOT NULL AND NOT second_only")
    for column in ("second_only", "hold"):
        op.drop_column("responses", column)
