"""The rate of false alarms that is told beside a chart."""

import pytest

from opsgauge.analysis.control_charts.false_alarms import (
    CALM_CHARTS,
    POINTS,
    false_alarm_rate,
    growth,
)
from opsgauge.analysis.control_charts.rules import RULE_SETS
from opsgauge.foundation.errors import QueryWrong


@pytest.mark.row("SPC-02")
@pytest.mark.parametrize("rules", sorted(RULE_SETS))
def test_measured_rates_are_told_and_those_between_lie_between(rules: str) -> None:
    """Every set has its figures; the rate at a measured number of points is the measured one."""
    measured = [false_alarm_rate(rules, points) for points in POINTS]

    assert measured == pytest.approx(list(CALM_CHARTS[rules]))
    for fewer, more in ((24, 36), (104, 156)):
        between = false_alarm_rate(rules, (fewer + more) // 2)
        low, high = sorted((false_alarm_rate(rules, fewer), false_alarm_rate(rules, more)))
        assert low <= between <= high
    assert false_alarm_rate(rules, 4) <= measured[0]
    assert measured[-1] < false_alarm_rate(rules, 1000) <= 1


def test_a_set_that_is_not_there_has_no_rate() -> None:
    """With the nearest name."""
    with pytest.raises(QueryWrong, match="no rule set"):
        false_alarm_rate("nelsn", 24)


def test_more_leaning_means_more_false_alarms() -> None:
    """And swinging means fewer."""
    assert growth(-0.5) < growth(0.0) == 1.0 < growth(0.2) < growth(0.9)
