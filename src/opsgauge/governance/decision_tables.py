"""The tables of what people decided about numbers: owners, targets, exclusions, baselines, more.

Floor 4. Nothing here is changed in place: a newer row follows an older one, and `ended_at` says
when a row stopped counting. Instants and JSON are text as in the audit.
"""

from sqlalchemy import Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from opsgauge.governance.people_tables import INSTANT
from opsgauge.governance.tables import Base


class DecisionRow(Base):
    """What every decision has: its number, when and by whom it was made, and when it ended."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[str] = mapped_column(INSTANT)
    made_by: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[str | None] = mapped_column(INSTANT)


class OwnershipRow(DecisionRow):
    """Who answers for a thing, or uses it: `kind` is process, metric, service or page.

    `part` is owner, consumer, or a letter's word of RACI: responsible, accountable, consulted,
    informed; `person` is a user's name or a name from outside; `rights` says what they decide.
    """

    __tablename__ = "ownerships"

    kind: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    part: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(Text)
    rights: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_ownerships_subject", "kind", "subject"),)


class TargetRow(DecisionRow):
    """What a metric should come to, for a segment: `value`, or so many percent from a baseline.

    `segment` is the canonical JSON of its conditions, `statistic` the one that is judged;
    `from_day` and `review_day` are ISO dates of the workspace's zone.
    """

    __tablename__ = "targets"

    metric: Mapped[str] = mapped_column(Text)
    statistic: Mapped[str] = mapped_column(Text)
    segment: Mapped[str] = mapped_column(Text)
    period: Mapped[str] = mapped_column(String(8))
    form: Mapped[str] = mapped_column(String(8))
    value: Mapped[float] = mapped_column(Float)
    baseline: Mapped[float | None] = mapped_column(Float)
    from_day: Mapped[str] = mapped_column(String(10))
    review_day: Mapped[str | None] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_targets_metric", "metric"),)


class TierRow(DecisionRow):
    """How much the business depends on a service: 1 most, 4 least; over what an import told."""

    __tablename__ = "tiers"

    service: Mapped[str] = mapped_column(Text)
    tier: Mapped[int]
    why: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_tiers_service", "service"),)


class ExclusionRow(DecisionRow):
    """Tickets left out of numbers: asked for with a reason, counted only once approved.

    `metric` empty: of every metric. `conditions` is canonical JSON; `tickets` a JSON list of source
    and number; `from_day` and `to_day` narrow it to when tickets were opened.
    """

    __tablename__ = "exclusions"

    metric: Mapped[str] = mapped_column(Text)
    conditions: Mapped[str] = mapped_column(Text)
    tickets: Mapped[str] = mapped_column(Text)
    from_day: Mapped[str | None] = mapped_column(String(10))
    to_day: Mapped[str | None] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(Text)
    approved_at: Mapped[str | None] = mapped_column(INSTANT)
    approved_by: Mapped[str | None] = mapped_column(Text)


class OutageRow(DecisionRow):
    """When an outage really began and was detected, over what its ticket says."""

    __tablename__ = "outages"

    source: Mapped[str] = mapped_column(Text)
    ticket_id: Mapped[str] = mapped_column(Text)
    started_at: Mapped[str | None] = mapped_column(INSTANT)
    detected_at: Mapped[str | None] = mapped_column(INSTANT)
    why: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_outages_ticket", "source", "ticket_id"),)


class SeriesRow(DecisionRow):
    """What every decision about one control chart has: which one it is.

    `segment` is the canonical JSON of its conditions, `statistic` the one that is charted.
    """

    __abstract__ = True

    metric: Mapped[str] = mapped_column(Text)
    statistic: Mapped[str] = mapped_column(Text)
    segment: Mapped[str] = mapped_column(Text)
    period: Mapped[str] = mapped_column(String(8))


class BaselineRow(SeriesRow):
    """The numbers of a series over a stretch of time, frozen: `numbers` is canonical JSON.

    `first` and `last` are labels of its periods; `accepted_why` says why it was taken although it
    was not stable, empty where it was.
    """

    __tablename__ = "baselines"

    first: Mapped[str] = mapped_column(String(10))
    last: Mapped[str] = mapped_column(String(10))
    numbers: Mapped[str] = mapped_column(Text)
    data_version: Mapped[int]
    definition: Mapped[str] = mapped_column(Text)
    accepted_why: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_baselines_metric", "metric"),)


class BaselineVoiceRow(DecisionRow):
    """What somebody said of a baseline: `part` is owner or frontline (signed), or objection.

    `signed_in` is false of a name that was typed where nobody signs in.
    """

    __tablename__ = "baseline_voices"

    baseline: Mapped[int] = mapped_column(ForeignKey("baselines.id"), index=True)
    part: Mapped[str] = mapped_column(String(16))
    person: Mapped[str] = mapped_column(Text)
    signed_in: Mapped[bool]
    why: Mapped[str] = mapped_column(Text)


class RebaseRow(SeriesRow):
    """A chart that begins anew with the period `at`: why, and what happened, on which day."""

    __tablename__ = "rebases"

    at: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(Text)
    event: Mapped[str] = mapped_column(Text)
    event_day: Mapped[str | None] = mapped_column(String(10))
    ended_why: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_rebases_metric", "metric"),)


class ExcludedPointRow(SeriesRow):
    """A period that is shown on a chart and enters no limits and no run of it."""

    __tablename__ = "excluded_points"

    at: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(Text)
    ended_why: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_excluded_points_metric", "metric"),)


class BenchmarkRow(DecisionRow):
    """A number of others, as a table from outside tells it; it never enters one's own numbers.

    `percentile` lies between 0 and 100; `differences` says how its definition differs from ours.
    """

    __tablename__ = "benchmarks"

    metric: Mapped[str] = mapped_column(Text)
    statistic: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    day: Mapped[str] = mapped_column(String(10))
    peer_group: Mapped[str] = mapped_column(Text)
    percentile: Mapped[float] = mapped_column(Float)
    value: Mapped[float] = mapped_column(Float)
    differences: Mapped[str] = mapped_column(Text)
    ended_why: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_benchmarks_metric", "metric"),)


class PublishedRow(Base):
    """A number that was published: what was asked, what came out, and from what.

    `question` and `answer` are canonical JSON; `ref` is what people quote.
    """

    __tablename__ = "published"

    ref: Mapped[str] = mapped_column(String(16), primary_key=True)
    at: Mapped[str] = mapped_column(INSTANT)
    actor: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    data_version: Mapped[int]
    definition: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
