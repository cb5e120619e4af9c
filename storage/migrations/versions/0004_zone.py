"""A channel may go by a clock of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column. Without a zone of its own a channel keeps its community's."""
    with op.batch_alter_table("channels") as channels:
        channels.add_column(sa.Column("time_zone", sa.String(), nullable=True))


def downgrade() -> None:
    """Remove it again."""
    with op.batch_alter_table("channels") as channels:
        channels.drop_column("time_zone")
