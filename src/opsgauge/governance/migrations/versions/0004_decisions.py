"""Owners, targets, tiers, exclusions, outages, and the numbers that were published.

Floor 4.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from opsgauge.governance.migrations.columns import day, instant, number, numbered, text

revision = "0004"
down_revision = "0003"


def _decisions(table: str, *columns: sa.Column[Any]) -> None:
    """Make a table of decisions: each has a number, a maker and an end beside its own columns."""
    op.create_table(
        table,
        number(),
        *columns,
        instant("made_at"),
        text("made_by"),
        instant("ended_at", nullable=True),
        numbered(table),
    )


def upgrade() -> None:
    """Make the tables."""
    _decisions(
        "ownerships", *(text(name) for name in ("kind", "subject", "part", "person", "rights"))
    )
    op.create_index("ix_ownerships_subject", "ownerships", ["kind", "subject"])
    _decisions(
        "targets",
        *(text(name) for name in ("metric", "statistic", "segment")),
        sa.Column("period", sa.String(8), nullable=False),
        sa.Column("form", sa.String(8), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("baseline", sa.Float(), nullable=True),
        day("from_day"),
        day("review_day", nullable=True),
        text("why"),
    )
    op.create_index("ix_targets_metric", "targets", ["metric"])
    _decisions(
        "tiers", text("service"), sa.Column("tier", sa.Integer(), nullable=False), text("why")
    )
    op.create_index("ix_tiers_service", "tiers", ["service"])
    _decisions(
        "exclusions",
        *(text(name) for name in ("metric", "conditions", "tickets")),
        day("from_day", nullable=True),
        day("to_day", nullable=True),
        text("why"),
        instant("approved_at", nullable=True),
        text("approved_by", nullable=True),
    )
    _decisions(
        "outages",
        *(text(name) for name in ("source", "ticket_id")),
        instant("started_at", nullable=True),
        instant("detected_at", nullable=True),
        text("why"),
    )
    op.create_index("ix_outages_ticket", "outages", ["source", "ticket_id"])
    op.create_table(
        "published",
        sa.Column("ref", sa.String(16), nullable=False),
        instant("at"),
        *(text(name) for name in ("actor", "place", "question", "answer")),
        sa.Column("data_version", sa.Integer(), nullable=False),
        *(text(name) for name in ("definition", "code")),
        sa.PrimaryKeyConstraint("ref", name="pk_published"),
    )
