"""Signals with the steps of their lives, the data versions looked at, and response protocols.

Floor 4.
"""

import sqlalchemy as sa
from alembic import op

from opsgauge.governance.migrations.columns import instant, number, numbered, text

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "signals",
        number(),
        sa.Column("kind", sa.String(16), nullable=False),
        *(text(name) for name in ("metric", "statistic", "segment")),
        sa.Column("grain", sa.String(8), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("target", "way")),
        instant("made_at"),
        text("made_by"),
        sa.Column("data_version", sa.Integer(), nullable=False),
        numbered("signals"),
    )
    op.create_index("ix_signals_metric", "signals", ["metric"])
    op.create_table(
        "signal_steps",
        number(),
        sa.Column("signal_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("data_version", sa.Integer(), nullable=True),
        *(text(name) for name in ("told", "why")),
        instant("made_at"),
        text("made_by"),
        numbered("signal_steps"),
        sa.ForeignKeyConstraint(
            ["signal_id"], ["signals.id"], name="fk_signal_steps_signal_id_signals"
        ),
    )
    op.create_index("ix_signal_steps_signal_id", "signal_steps", ["signal_id"])
    op.create_table(
        "signal_notes",
        sa.Column("data_version", sa.Integer(), nullable=False),
        instant("made_at"),
        text("made_by"),
        sa.PrimaryKeyConstraint("data_version", name="pk_signal_notes"),
    )
    op.create_table(
        "protocols",
        number(),
        *(text(name) for name in ("metric", "segment")),
        sa.Column("who", sa.String(8), nullable=False),
        *(text(name) for name in ("name", "what")),
        sa.Column("days", sa.Integer(), nullable=False),
        *(text(name) for name in ("calendar", "why")),
        instant("made_at"),
        text("made_by"),
        instant("ended_at", nullable=True),
        numbered("protocols"),
    )
    op.create_index("ix_protocols_metric", "protocols", ["metric"])
