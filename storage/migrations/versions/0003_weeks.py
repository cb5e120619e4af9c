"""What follows from a campaign's days: whether a round-up quotes what players wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Round-ups that are drafted now quote, as long as nobody says otherwise."""
    op.add_column("round_ups", sa.Column("quotes", sa.Boolean(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("round_ups", "quotes")
