"""Charts of series whose truth is known, in small; `bench/control_charts.py` tries them at size.

Bounds are three standard errors of what is drawn here beside the tolerance.
"""

import pytest
from bench.control_charts import (
    PUBLISHED,
    SHIFTS,
    calm_share,
    covered_variation,
    false_changes,
    false_drifts,
    found_drifts,
    found_steps,
    laney_coverage,
    leaning_growth,
    run_length,
)

from opsgauge.analysis.control_charts.false_alarms import CALM_CHARTS, POINTS, growth

SEVERAL = 1000
CASES = [
    (name, shift, known)
    for name, published in PUBLISHED.items()
    for shift, known in zip(SHIFTS, published, strict=True)
]


@pytest.mark.row("SPC-02")
@pytest.mark.parametrize(("name", "shift", "known"), CASES)
def test_signals_come_as_soon_as_is_published(name: str, shift: float, known: float) -> None:
    """Points to the first signal, with known parameters, within 5 %."""
    found = run_length(name, shift, SEVERAL)

    assert found == pytest.approx(known, rel=0.05 + 3 / SEVERAL**0.5)


@pytest.mark.row("SPC-02")
@pytest.mark.parametrize("rules", sorted(CALM_CHARTS))
def test_calm_charts_alarm_as_often_as_is_told(rules: str) -> None:
    """The figures in the product are those of a simulation with another seed."""
    for points in (12, 24, 52, 104):
        told = CALM_CHARTS[rules][POINTS.index(points)]
        error = (told * (1 - told) / SEVERAL) ** 0.5
        assert calm_share(rules, points, SEVERAL, seed=7) == pytest.approx(told, abs=3.5 * error)


@pytest.mark.row("SPC-09")
def test_laney_limits_hold_what_plain_limits_do_not() -> None:
    """1,000 tickets a period, a tenth, periods that differ: 99 to 99.9 % against under 97 %."""
    held = laney_coverage(40)

    assert 0.99 <= held["laney_p"] <= 0.999
    assert held["p"] < 0.97


@pytest.mark.row("SPC-07")
@pytest.mark.parametrize("lean", [0.0, 0.3, 0.6])
def test_false_alarms_grow_with_leaning_as_the_formula_has_it(lean: float) -> None:
    """Within a fifth, in 200,000 values."""
    assert leaning_growth(lean, 100) == pytest.approx(growth(lean), rel=0.2)


@pytest.mark.row("SPC-10")
def test_changes_are_found_where_they_are_and_seldom_where_none_is() -> None:
    """One in twenty calm series, skewed ones too; nine of ten steps of two sigmas."""
    assert false_changes(80) <= 0.05 + 3 * (0.05 * 0.95 / 80) ** 0.5
    assert found_steps(40) >= 0.8


@pytest.mark.row("SPC-11")
def test_the_interval_of_variation_holds_the_truth() -> None:
    """Nineteen in twenty, less three standard errors and what small series cost."""
    assert covered_variation(400) >= 0.89


@pytest.mark.row("SPC-13")
def test_drift_is_found_and_seldom_where_none_is() -> None:
    """One sigma within half a year; one steady process in twenty."""
    assert false_drifts(400) <= 0.07
    assert found_drifts(200) >= 0.6


def test_simulations_can_be_made_again() -> None:
    """The same seed, the same figure; another seed, another."""
    again = [run_length("nelson", 1.0, 100, seed) for seed in (1, 1, 2)]

    assert again[0] == again[1]
    assert again[0] != again[2]
