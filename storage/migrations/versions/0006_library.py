"""Stories: how they are named, until when, what a moderator said, and what they are found by."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WORDS = ("credit", "asked_by", "reason")
IDS = ("mark", "outcome", "topic", "campaign_id", "prompt_id")


def upgrade() -> None:
    """Add what a moderator and the library need of a story."""
    for name in WORDS:
        op.add_column("stories", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("stories", sa.Column("shown_until", sa.Date(), nullable=True))
    for name in IDS:
        op.add_column("stories", sa.Column(name, sa.String(), nullable=True))
    op.create_index("ix_stories_community_id_state", "stories", ["community_id", "state"])


def downgrade() -> None:
    """Remove it again."""
    op.drop_index("ix_stories_community_id_state", table_name="stories")
    with op.batch_alter_table("stories", table_kwargs={"sqlite_with_rowid": False}) as stories:
        for name in (*WORDS, *IDS, "shown_until"):
            stories.drop_column(name)
