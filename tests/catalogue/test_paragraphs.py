"""What every built-in metric says of itself, and how they belong together."""

import re

import pytest

from opsgauge.metrics.metric import Metric
from tests.metrics.desks import CATALOGUE, NAMES

METRICS = [CATALOGUE.get(name) for name in NAMES]
EXPECTED = {
    "tickets_opened",
    "tickets_resolved",
    "tickets_closed",
    "backlog",
    "backlog_age",
    "time_to_resolve",
    "time_to_close",
    "time_to_first_response",
    "time_to_assign",
    "reopened_share",
    "reassigned_share",
    "handoffs_per_ticket",
    "first_assignment_resolution_share",
    "sla_met_share",
    "pending_share",
    "pending_user_time",
    "updates_per_ticket",
    "cancelled_share",
    "major_share",
    "knowledge_used_share",
}


def test_the_metrics_promised_are_there() -> None:
    """None has been lost."""
    assert set(NAMES) >= EXPECTED


@pytest.mark.row("CAT-02")
@pytest.mark.parametrize("metric", METRICS, ids=NAMES)
def test_a_decision_and_somebody_to_take_it_stand_with_every_metric(metric: Metric) -> None:
    """A trigger, what somebody then does, and the role that owns the number."""
    decision = metric.definition.decision

    assert metric.state == "kpi"
    assert decision.startswith("If ")
    assert "," in decision
    assert metric.definition.owner_role


@pytest.mark.row("CAT-05")
@pytest.mark.parametrize("metric", METRICS, ids=NAMES)
def test_every_metric_has_its_pair(metric: Metric) -> None:
    """Speed is paired with what speed costs, so its pair is never another speed."""
    pair = metric.definition.counter_metric

    assert pair is not None
    assert pair != metric.name
    other = CATALOGUE.get(pair)
    if metric.definition.bucket == "speed":
        assert other.definition.bucket in {"quality", "flow", "customer"}


@pytest.mark.parametrize("metric", METRICS, ids=NAMES)
def test_a_paragraph_reads_well(metric: Metric) -> None:
    """A question, sentences with a full stop, a title in sentence case."""
    plain = metric.definition

    assert plain.question.endswith("?")
    assert plain.decision.endswith(".")
    assert all(pitfall.endswith(".") for pitfall in plain.pitfalls)
    assert re.fullmatch(r"[A-Z][a-z ]+", plain.title)


@pytest.mark.row("CAT-07")
def test_every_time_offers_the_statistics_one_expects() -> None:
    """Median first, since times are skewed; mean, p85, p90 and p95 besides."""
    times = [m for m in METRICS if m.definition.unit == "hours" and not m.definition.STATISTICS]

    assert times
    for metric in times:
        assert metric.statistics[0] == "median"
        assert {"mean", "p85", "p90", "p95"} <= set(metric.statistics)


@pytest.mark.row("CAT-04")
def test_leading_and_lagging_and_most_buckets_are_there() -> None:
    """A catalogue of lagging numbers of speed alone would steer nothing."""
    assert {m.definition.leading for m in METRICS} == {"leading", "lagging"}
    assert {m.definition.bucket for m in METRICS} >= {"speed", "quality", "flow", "customer"}


def test_titles_and_definitions_are_told_apart() -> None:
    """No two metrics look the same."""
    assert len({m.definition.title for m in METRICS}) == len(METRICS)
    assert len({m.definition_hash for m in METRICS}) == len(METRICS)
