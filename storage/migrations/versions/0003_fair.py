"""Time zones of people, and what a round knows of its last call and its fair close."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rounds that are open now have no last call any more: their alarm is set for their deadline."""
    op.add_column("people", sa.Column("time_zone", sa.String(), nullable=True))
    op.add_column("players", sa.Column("time_zone", sa.String(), nullable=True))
    no, yes = sa.false(), sa.true()
    op.add_column("rounds", sa.Column("live", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("rounds", sa.Column("fair", sa.Boolean(), nullable=False, server_default=yes))
    op.add_column("rounds", sa.Column("last_call_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("rounds", sa.Column("unheard", sa.String(), nullable=False, server_default=""))
    op.add_column("rounds", sa.Column("extended", sa.Boolean(), nullable=False, server_default=no))


def downgrade() -> None:
    """Take them away."""
    for column in ("extended", "unheard", "last_call_at", "fair", "live"):
        op.drop_column("rounds", column)
    op.drop_column("players", "time_zone")
    op.drop_column("people", "time_zone")
