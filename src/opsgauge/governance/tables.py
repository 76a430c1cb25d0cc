"""Every table of the records wing: what a row is, and what each column holds.

Floor 4. Plain SQL types only, so that SQLite and PostgreSQL hold the same. What guards the rows
(triggers) is written in `migrations/versions`, from which the tables are really made.
"""

from sqlalchemy import CheckConstraint, Index, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# Constraints need names of their own, or a later step could not change them on every database.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
REVISION_TABLE = "records_revision"  # a name of its own: other programs may share the database
ONLY_ROW = 1  # the id of the one row in tables that hold one


class Base(DeclarativeBase):
    """The parent of every table of the records."""

    metadata = MetaData(naming_convention=NAMES)


class AuditRow(Base):
    """One thing that was done. `audit.py` writes it; nothing changes or removes it.

    `at`, `before` and `after` are text, so that the hash covers what is stored to the letter:
    an ISO instant in UTC with microseconds, and JSON in its canonical form.
    """

    __tablename__ = "audit_lines"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(27))
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index("ix_audit_lines_subject", "subject", "number"),)


class AuditEnd(Base):
    """Where the chain of audit lines ends: without it, lines cut off the end would go unseen."""

    __tablename__ = "audit_end"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lines: Mapped[int]
    last_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint(f"id = {ONLY_ROW}", name="only_row"),)


class SettingsNoted(Base):
    """The settings as the audit last saw them, canonical JSON; empty before the first time."""

    __tablename__ = "settings_noted"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    settings: Mapped[str] = mapped_column(Text)

    __table_args__ = (CheckConstraint(f"id = {ONLY_ROW}", name="only_row"),)


class MetricUseRow(Base):
    """How often a metric was looked at on one day, by one way; by whom is not kept.

    `day` is an ISO date of the workspace's zone; `way` is page, api or cli.
    """

    __tablename__ = "metric_uses"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    metric: Mapped[str] = mapped_column(Text, primary_key=True)
    way: Mapped[str] = mapped_column(String(8), primary_key=True)
    views: Mapped[int]
