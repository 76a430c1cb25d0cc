"""Silences of alerts, and whom firings were told next.

Floor 4.
"""

import sqlalchemy as sa
from alembic import op

from opsgauge.governance.migrations.columns import instant, number, numbered, text

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables, and room for a rule's escalation."""
    op.add_column("alert_rules", text("escalation", nullable=True))
    op.create_table(
        "alert_silences",
        number(),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        text("segment"),
        instant("from_at"),
        instant("until_at"),
        text("why"),
        instant("made_at"),
        text("made_by"),
        instant("ended_at", nullable=True),
        numbered("alert_silences"),
    )
    op.create_table(
        "alert_escalations",
        number(),
        sa.Column("firing_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        text("told"),
        instant("made_at"),
        numbered("alert_escalations"),
        sa.UniqueConstraint("firing_id", "step", name="uq_alert_escalations_firing_id"),
        sa.ForeignKeyConstraint(
            ["firing_id"],
            ["alert_firings.id"],
            name="fk_alert_escalations_firing_id_alert_firings",
        ),
    )
