"""Rules of alerts with their steps, firings, what people said of them, and messages to be sent.

Floor 4.
"""

import sqlalchemy as sa
from alembic import op

from opsgauge.governance.migrations.columns import digest, instant, number, numbered, text

revision = "0007"
down_revision = "0006"


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _short(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _made() -> list[sa.Column[str]]:
    return [instant("made_at"), text("made_by")]


def _of(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{parent}"
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name)


def upgrade() -> None:
    """Make the tables."""
    _rules()
    _firings()
    op.create_table(
        "alert_deliveries",
        number(),
        *(text(name) for name in ("person", "zone", "calendar")),
        _short("digest", 8),
        *_made(),
        instant("ended_at", nullable=True),
        numbered("alert_deliveries"),
    )
    op.create_index("ix_alert_deliveries_person", "alert_deliveries", ["person"])
    op.create_table(
        "outbox",
        number(),
        digest("key"),
        digest("bundle"),
        *(text(name) for name in ("channel", "person", "address", "segment")),
        _whole("rule_id"),
        text("content"),
        *(instant(name) for name in ("made_at", "not_before", "next_at")),
        _whole("tries"),
        text("claim"),
        instant("lease_until", nullable=True),
        text("last_error"),
        instant("sent_at", nullable=True),
        numbered("outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_next_at", "outbox", ["sent_at", "next_at"])
    op.create_index("ix_outbox_bundle", "outbox", ["bundle"])


def _rules() -> None:
    op.create_table(
        "alert_rules",
        number(),
        text("name"),
        _short("kind", 16),
        *(text(name) for name in ("metric", "statistic", "segment")),
        _short("grain", 8),
        *(text(name) for name in ("split", "guard")),
        sa.Column("hours", sa.Float(), nullable=True),
        _whole("at_least"),
        text("about"),
        _short("severity", 8),
        *(text(name) for name in ("decision", "runbook", "channel", "owner", "why")),
        *_made(),
        numbered("alert_rules"),
    )
    op.create_table(
        "alert_steps",
        number(),
        _whole("rule_id"),
        _short("kind", 8),
        instant("until", nullable=True),
        text("why"),
        *_made(),
        numbered("alert_steps"),
        _of("alert_steps", "rule_id", "alert_rules"),
    )
    op.create_index("ix_alert_steps_rule_id", "alert_steps", ["rule_id"])


def _firings() -> None:
    op.create_table(
        "alert_firings",
        number(),
        digest("key"),
        _whole("rule_id"),
        *(text(name) for name in ("subject", "segment", "period")),
        _whole("data_version"),
        text("told"),
        instant("made_at"),
        instant("cleared_at", nullable=True),
        numbered("alert_firings"),
        sa.UniqueConstraint("key", name="uq_alert_firings_key"),
        _of("alert_firings", "rule_id", "alert_rules"),
    )
    op.create_index("ix_alert_firings_rule_id", "alert_firings", ["rule_id"])
    op.create_table(
        "alert_marks",
        number(),
        _whole("firing_id"),
        _short("kind", 8),
        text("why"),
        *_made(),
        numbered("alert_marks"),
        _of("alert_marks", "firing_id", "alert_firings"),
    )
    op.create_index("ix_alert_marks_firing_id", "alert_marks", ["firing_id"])
