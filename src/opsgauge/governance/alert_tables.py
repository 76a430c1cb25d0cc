"""The tables of alerts: rules with the steps of their lives, firings, silences, messages.

Floor 4. A rule's row never changes: what becomes of it is a further step. A message's row does,
since it is a letter on its way and no decision. Instants and JSON are text as in the audit.
"""

from sqlalchemy import Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from opsgauge.governance.decision_tables import DecisionRow
from opsgauge.governance.people_tables import INSTANT
from opsgauge.governance.tables import Base


class AlertRuleRow(Base):
    """A rule of alerts: `kind` is a key of `alerting.KINDS`, `guard` canonical JSON or empty.

    `escalation` is such a list, missing where nobody is told next.
    """

    __tablename__ = "alert_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    metric: Mapped[str] = mapped_column(Text)
    statistic: Mapped[str] = mapped_column(Text)
    segment: Mapped[str] = mapped_column(Text)
    grain: Mapped[str] = mapped_column(String(8))
    split: Mapped[str] = mapped_column(Text)
    guard: Mapped[str] = mapped_column(Text)
    hours: Mapped[float | None] = mapped_column(Float)
    at_least: Mapped[int]
    about: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(String(8))
    decision: Mapped[str] = mapped_column(Text)
    runbook: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text)
    escalation: Mapped[str | None] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)


class AlertStepRow(Base):
    """One step of a rule's life: on, muted (until an instant, or for good) or retired."""

    __tablename__ = "alert_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("alert_rules.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    until: Mapped[str | None] = mapped_column(INSTANT)
    why: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)


class FiringRow(Base):
    """One time that a rule fired; `key` is its own, so that it is noted once.

    `subject` says of what among all that the rule looks at, `told` is the canonical JSON of what
    was seen; `cleared_at` is when it was calm again.
    """

    __tablename__ = "alert_firings"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("alert_rules.id"), index=True)
    subject: Mapped[str] = mapped_column(Text)
    segment: Mapped[str] = mapped_column(Text)
    period: Mapped[str] = mapped_column(Text)
    data_version: Mapped[int]
    told: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(INSTANT)
    cleared_at: Mapped[str | None] = mapped_column(INSTANT)


class FiringMarkRow(Base):
    """What somebody said of a firing: seen, acted, or false."""

    __tablename__ = "alert_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    firing_id: Mapped[int] = mapped_column(ForeignKey("alert_firings.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    why: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)


class EscalationRow(Base):
    """One step of a firing's escalation, taken once; `told` is the JSON of whom, and why not."""

    __tablename__ = "alert_escalations"

    id: Mapped[int] = mapped_column(primary_key=True)
    firing_id: Mapped[int] = mapped_column(ForeignKey("alert_firings.id"))
    step: Mapped[int]
    told: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(INSTANT)

    __table_args__ = (UniqueConstraint("firing_id", "step"),)


class SilenceRow(DecisionRow):
    """A time in which what fires is kept and listed, and told to nobody before its end.

    `rule_id` 0: of every rule; `segment` is canonical JSON, empty: whatever the records.
    """

    __tablename__ = "alert_silences"

    rule_id: Mapped[int]
    segment: Mapped[str] = mapped_column(Text)
    from_at: Mapped[str] = mapped_column(INSTANT)
    until_at: Mapped[str] = mapped_column(INSTANT)
    why: Mapped[str] = mapped_column(Text)


class DeliveryRow(DecisionRow):
    """How somebody wants messages: the zone of their times, their hours, and how many at once.

    `calendar` names the business calendar within which messages come, empty: at any time; `digest`
    is none, hour or day.
    """

    __tablename__ = "alert_deliveries"

    person: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(8))

    __table_args__ = (Index("ix_alert_deliveries_person", "person"),)


class OutboxRow(Base):
    """A message on its way: waiting until it is sent, and never given up.

    `bundle` is what is sent as one message, with `send_key` as its idempotency key; `claim` names
    the process that sends it, until `lease_until`.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    bundle: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    segment: Mapped[str] = mapped_column(Text)
    rule_id: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    made_at: Mapped[str] = mapped_column(INSTANT)
    not_before: Mapped[str] = mapped_column(INSTANT)
    next_at: Mapped[str] = mapped_column(INSTANT)
    tries: Mapped[int]
    claim: Mapped[str] = mapped_column(Text)
    lease_until: Mapped[str | None] = mapped_column(INSTANT)
    last_error: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[str | None] = mapped_column(INSTANT)

    __table_args__ = (
        Index("ix_outbox_next_at", "sent_at", "next_at"),
        Index("ix_outbox_bundle", "bundle"),
    )
