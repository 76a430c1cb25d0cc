"""The parts of a paragraph: what fits, and what is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from opsgauge.foundation.agreed import Condition
from opsgauge.metrics.criterion import Criterion
from opsgauge.metrics.paragraph import Example, quantile_of
from tests.metrics.paragraphs import paragraph


@pytest.mark.parametrize(
    "said",
    [
        {"column": "reopen_count", "at_least": 1},
        {"column": "handoff_count", "is": 0},
        {"column": "sla_met", "is": True},
        {"column": "sla_met", "known": True},
        {"column": "phase", "any_of": ["cancelled", "rejected"]},
        {"column": "priority", "is": "1"},
        {"column": "closed_at", "known": True},
    ],
)
def test_a_criterion_tests_a_column_in_a_way_that_fits_it(said: dict[str, Any]) -> None:
    """Counts are compared, words are listed, moments are known or not."""
    assert Criterion.model_validate(said).column == said["column"]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"column": "reopen_count"}, "say one of"),
        ({"column": "reopen_count", "at_least": 1, "known": True}, "say one of"),
        ({"column": "reopen_count", "is": "many"}, "does not fit"),
        ({"column": "reopen_count", "is": True}, "does not fit"),
        ({"column": "sla_met", "is": 1}, "does not fit"),
        ({"column": "sla_met", "at_least": 1}, "does not fit"),
        ({"column": "closed_at", "is": "2026-01-01"}, "does not fit"),
        ({"column": "phase", "is": "canceled"}, "Did you mean 'cancelled'"),
        ({"column": "reopn_count", "at_least": 1}, "Did you mean 'reopen_count'"),
        ({"column": "assignee", "is": "Agent 1"}, "not known"),
    ],
)
def test_a_criterion_that_does_not_fit_is_refused(said: dict[str, Any], wrong: str) -> None:
    """A person's column among them: nobody is counted by name."""
    with pytest.raises(ValidationError, match=wrong):
        Criterion.model_validate(said)


def test_an_example_names_columns_that_are_there() -> None:
    """Of tickets and of history."""
    with pytest.raises(ValidationError, match="Did you mean 'opened_at'"):
        Example.model_validate({"tickets": [{"opend_at": "x"}], "gives": {"count": 1}})
    with pytest.raises(ValidationError, match="Did you mean 'phase'"):
        Example.model_validate({"tickets": [{}], "history": [{"phse": "new"}], "gives": {"x": 1}})


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"unit": "hour"}, "Did you mean 'hours'"),
        ({"bucket": "sped"}, "Did you mean 'speed'"),
        ({"practices": ["incidents"]}, "Did you mean 'incident'"),
        ({"where": {"teem": ["A"]}}, "Did you mean 'team'"),
        ({"where": {"assignee": ["A"]}}, "not known"),
        ({"where": {"phase": ["colsed"]}}, "Did you mean 'closed'"),
        ({"statistics": ["median", "median"]}, "named twice"),
        ({"statistics": ["p100"]}, "not known"),
        ({"counter_metric": None}, "needs a counter_metric"),
        ({"pitfalls": []}, "at least 1"),
        ({"title": ""}, "at least 1"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_nearest_word(
    change: dict[str, Any], wrong: str
) -> None:
    """Whatever key it is."""
    with pytest.raises(ValidationError, match=wrong):
        paragraph(**change)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"example": {"tickets": [{}], "gives": {"p90": 2}}}, "must give 'median'"),
        ({"example": {"tickets": [{}], "gives": {"median": 1, "p12": 2}}}, "p12"),
        ({"unit": "share"}, "write 'hours'"),
    ],
)
def test_a_paragraph_hangs_together(change: dict[str, Any], wrong: str) -> None:
    """The example gives the default statistic, and the unit is one its kind can have."""
    with pytest.raises(ValidationError, match=wrong):
        paragraph(**change)


def test_what_a_metric_counts_is_told_as_conditions() -> None:
    """Practices and dimensions alike, yes and no as words."""
    told = paragraph(practices=["incident"], where={"major": [True, None], "team": ["A"]})

    assert told.conditions == (
        Condition("practice", ("incident",)),
        Condition("major", ("yes", None)),
        Condition("team", ("A",)),
    )


def test_nothing_changes_once_it_is_read() -> None:
    """A metric is the same for everyone who holds it."""
    with pytest.raises(ValidationError, match="frozen"):
        paragraph().title = "Another"


@pytest.mark.parametrize("name", ["p0", "p100", "p9.5", "mode", "P90", ""])
def test_only_percentiles_and_the_median_are_quantiles(name: str) -> None:
    """From 1 to 99, in whole numbers."""
    assert quantile_of(name) is None
