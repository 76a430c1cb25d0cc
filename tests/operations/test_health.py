"""Healthy, drifting, needs attention: which rule says so."""

from dataclasses import replace

import pytest

from opsgauge.operations.health import Stand, health
from tests.operations.test_on_series import chart, marked

pytestmark = pytest.mark.row("DSH-04")
CALM = chart([10.0, 11.0, 9.0, 10.5, 9.5, 10.0, 11.0, 9.0, 10.0])


@pytest.mark.parametrize(
    ("rules", "verdict", "expected"),
    [
        ((), "steady", Stand.HEALTHY),
        (("outside_limits",), "better", Stand.HEALTHY),
        (("shift",), "worse", Stand.DRIFTING),
        (("trend",), "worse", Stand.DRIFTING),
        (("trend",), "change", Stand.DRIFTING),
        (("outside_limits",), "change", Stand.DRIFTING),
        (("outside_limits", "shift"), "worse", Stand.NEEDS_ATTENTION),
    ],
)
def test_the_newest_whole_period_says_how_a_metric_stands(
    rules: tuple[str, ...], verdict: str, expected: Stand
) -> None:
    """Outside the limits to the worse needs attention, other signals to the worse are a drift."""
    found = health(marked(CALM, w9=(rules, verdict)))
    assert (found.stand, found.of_chart) == (expected, True)
    assert found.rule.endswith(".")


def test_a_period_that_is_not_over_says_nothing() -> None:
    """It is the one before that is judged."""
    made = marked(CALM, w8=(("outside_limits",), "worse"))
    points = (*made.points[:-1], replace(made.points[-1], complete=False))
    assert health(replace(made, points=points)).stand == Stand.NEEDS_ATTENTION


def test_what_is_overdue_comes_before_the_chart_and_no_chart_is_not_known() -> None:
    """With the reason in both."""
    late = health(CALM, overdue="Signal 3 is late.")
    assert (late.stand, late.rule) == (Stand.NEEDS_ATTENTION, "Signal 3 is late.")
    assert health(None, why="The data is suspect").as_json() == {
        "state": "not known",
        "rule": "The data is suspect.",
    }
