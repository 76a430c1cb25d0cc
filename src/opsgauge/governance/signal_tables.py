"""The tables of signals: what was found on charts, each step of its life, and what is to follow.

Floor 4. A signal's row never changes; all that happens to it is a further step, and what it is now
follows from its steps. Instants and JSON are text as in the audit.
"""

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from opsgauge.governance.decision_tables import DecisionRow
from opsgauge.governance.people_tables import INSTANT
from opsgauge.governance.tables import Base


class SignalRow(Base):
    """Something that a series showed: `kind` is a key of `signals.KINDS`.

    `segment` is the canonical JSON of its conditions, `grain` its period, `target` the number of
    the target it is of, 0 for none; `way` is 1 upward, -1 downward, 0 neither.
    """

    __tablename__ = "signals"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    metric: Mapped[str] = mapped_column(Text)
    statistic: Mapped[str] = mapped_column(Text)
    segment: Mapped[str] = mapped_column(Text)
    grain: Mapped[str] = mapped_column(String(8))
    target: Mapped[int]
    way: Mapped[int]
    made_at: Mapped[str] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)
    data_version: Mapped[int]

    __table_args__ = (Index("ix_signals_metric", "metric"),)


class SignalStepRow(Base):
    """One step of a signal's life: `kind` is a key of `signals.STEPS`.

    `told` is the canonical JSON of what the step holds; `data_version` is that of the numbers it
    rests on, empty where it rests on none.
    """

    __tablename__ = "signal_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    signal_id: Mapped[int] = mapped_column(ForeignKey("signals.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    data_version: Mapped[int | None]
    told: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)


class SignalNoteRow(Base):
    """A data version whose newest periods were looked at for signals, and when first."""

    __tablename__ = "signal_notes"

    data_version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[str] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)


class ProtocolRow(DecisionRow):
    """What is to follow when a metric slips: who does what, within so many working days.

    `who` is owner, role or person, `name` that of the role or person; `calendar` names the
    calendar of the workspace that says which days are working days.
    """

    __tablename__ = "protocols"

    metric: Mapped[str] = mapped_column(Text)
    segment: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    days: Mapped[int]
    calendar: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_protocols_metric", "metric"),)
