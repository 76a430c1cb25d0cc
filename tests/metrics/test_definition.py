"""Kinds and metrics: what each needs, and the hash that tells two definitions apart."""

from typing import Any

import pytest
from pydantic import ValidationError

from opsgauge.metrics.definition import KINDS
from opsgauge.metrics.metric import Metric
from tests.metrics.desks import CATALOGUE
from tests.metrics.paragraphs import paragraph


@pytest.mark.row("CAT-01")
def test_every_kind_of_the_closed_set_is_used_by_a_built_in_metric() -> None:
    """So each is shown by a worked example."""
    assert {metric.kind for metric in CATALOGUE} == set(KINDS)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"from": "opend_at"}, "Did you mean 'opened_at'"),
        ({"period_by": "deleted_at"}, "not known"),
        ({"kind": "amount", "column": "resolved", "from": ..., "to": ...}, "not known"),
        ({"kind": "rate"}, "rate"),
        (
            {
                "kind": "ratio",
                "part": "tickets_opened",
                "per": "tickets_resolved",
                "except": {"team": ["Desk"]},
                "example": {"tickets": [{"opened_at": "2026-01-05 08:00"}], "gives": {"ratio": 1}},
                **dict.fromkeys(("from", "to", "period_by", "statistics"), ...),
            },
            "leave them out there",
        ),
    ],
)
def test_a_kind_names_columns_it_can_work_on(change: dict[str, Any], wrong: str) -> None:
    """Moments for a time, numbers for an amount; and only kinds that are there."""
    with pytest.raises(ValidationError, match=wrong):
        paragraph(**change)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("tickets_opened", ("opened_at",)),
        ("time_to_resolve", ("opened_at", "resolved_at")),
        ("sla_met_share", ("opened_at", "sla_met")),
        ("pending_share", ("resolved_at", "pending_us", "life_us")),
        ("handoffs_per_ticket", ("opened_at", "handoff_count")),
        ("backlog", ("opened_at", "open")),
        ("backlog_age", ("opened_at", "open")),
    ],
)
def test_a_metric_names_the_columns_it_stands_on(name: str, columns: tuple[str, ...]) -> None:
    """Each once: what is missing among them, or failing a check, touches the metric."""
    assert CATALOGUE.get(name).definition.columns() == columns


@pytest.mark.parametrize(
    "change", [{"title": "Other"}, {"to": "closed_at"}, {"statistics": ["median", "p95"]}]
)
def test_another_word_is_another_definition(change: dict[str, Any]) -> None:
    """The hash changes with any word, and with nothing else."""
    one, same = (Metric("m", "desk", paragraph()) for _ in range(2))

    assert one.definition_hash == same.definition_hash
    assert len(one.definition_hash) == 12
    assert Metric("m", "desk", paragraph(**change)).definition_hash != one.definition_hash
    assert Metric("n", "desk", paragraph()).definition_hash != one.definition_hash


def test_where_it_was_read_from_does_not_change_a_definition() -> None:
    """The same words in another file are the same definition."""
    one = Metric("m", "desk", paragraph(), "built-in")
    other = Metric("m", "flow", paragraph(), "my/catalogue.yaml")

    assert one.definition_hash == other.definition_hash


@pytest.mark.row("CAT-02")
@pytest.mark.parametrize(("decision", "state"), [("If it rises, act.", "kpi"), ("", "raw")])
def test_a_metric_without_a_decision_is_no_kpi(decision: str, state: str) -> None:
    """It can be looked at, and nobody is judged by it."""
    assert Metric("m", "desk", paragraph(decision=decision)).state == state


def test_statistics_left_out_are_those_of_the_kind() -> None:
    """The first is the default."""
    assert CATALOGUE.get("reopened_share").statistics == ("share",)
    assert Metric("m", "desk", paragraph(statistics=[])).statistics == ("median",)
