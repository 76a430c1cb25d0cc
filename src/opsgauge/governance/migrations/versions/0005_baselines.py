"""Baselines with what people said of them, rebases, excluded points, and benchmarks.

Floor 4.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from opsgauge.governance.migrations.columns import day, instant, number, numbered, text

revision = "0005"
down_revision = "0004"


def _decisions(table: str, *columns: sa.schema.SchemaItem) -> None:
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


def _series() -> tuple[sa.Column[Any], ...]:
    """Return the columns that say which chart a decision is about."""
    named = (text(name) for name in ("metric", "statistic", "segment"))
    return (*named, sa.Column("period", sa.String(8), nullable=False))


def upgrade() -> None:
    """Make the tables."""
    _decisions(
        "baselines",
        *_series(),
        day("first"),
        day("last"),
        text("numbers"),
        sa.Column("data_version", sa.Integer(), nullable=False),
        text("definition"),
        text("accepted_why"),
    )
    op.create_index("ix_baselines_metric", "baselines", ["metric"])
    _decisions(
        "baseline_voices",
        sa.Column("baseline", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(16), nullable=False),
        text("person"),
        sa.Column("signed_in", sa.Boolean(), nullable=False),
        text("why"),
        sa.ForeignKeyConstraint(
            ["baseline"], ["baselines.id"], name="fk_baseline_voices_baseline_baselines"
        ),
    )
    op.create_index("ix_baseline_voices_baseline", "baseline_voices", ["baseline"])
    _decisions(
        "rebases",
        *_series(),
        day("at"),
        text("why"),
        text("event"),
        day("event_day", nullable=True),
        text("ended_why"),
    )
    op.create_index("ix_rebases_metric", "rebases", ["metric"])
    _decisions("excluded_points", *_series(), day("at"), text("why"), text("ended_why"))
    op.create_index("ix_excluded_points_metric", "excluded_points", ["metric"])
    _decisions(
        "benchmarks",
        *(text(name) for name in ("metric", "statistic", "source")),
        day("day"),
        text("peer_group"),
        sa.Column("percentile", sa.Float(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        *(text(name) for name in ("differences", "ended_why")),
    )
    op.create_index("ix_benchmarks_metric", "benchmarks", ["metric"])
