"""Notes on process maps, and saved filters.

Floor 4.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from opsgauge.governance.migrations.columns import instant, number, numbered, text

revision = "0009"
down_revision = "0008"


def _left(table: str, *columns: sa.Column[Any]) -> None:
    """Make a table of what people leave: a number, a maker and an end beside its own columns."""
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
    _left(
        "map_notes",
        *(text(name) for name in ("steps", "step")),
        text("then", nullable=True),
        text("words"),
        instant("changed_at", nullable=True),
    )
    op.create_index("ix_map_notes_steps", "map_notes", ["steps"])
    _left("saved_filters", *(text(name) for name in ("name", "why", "page", "query")))
