"""How often each metric is looked at.

Floor 4.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "metric_uses",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "metric", "way", name="pk_metric_uses"),
    )
