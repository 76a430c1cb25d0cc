"""XmR charts against published examples.

Sources: D. C. Montgomery, Introduction to Statistical Quality Control, with the vectors and
results that the R package qicharts2 tests itself on (it takes 3 / 1.128 where we take 2.66, hence
the tolerance); annual flow of the Nile at Aswan; NHSRplotthedots' own tests of its rules.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from opsgauge.analysis.control_charts.chart import Chart, Point
from opsgauge.analysis.control_charts.limits import Limits
from opsgauge.analysis.control_charts.rules import broken_rules
from opsgauge.analysis.control_charts.xmr import chart

REPOSITORY = Path(__file__).resolve().parents[2]
VECTORS = REPOSITORY.parent / "shared" / "data" / "textbook" / "golden_spc.json"
ROUNDED_CONSTANT = 2e-4  # 2.66 against 3 / 1.128

# Annual volume at Aswan, 1871 to 1898, in hundred million cubic metres (public data).
NILE = (
    *(1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994),
    *(1020, 960, 1180, 799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100),
)


@pytest.fixture(scope="module")
def montgomery() -> dict[str, Any]:
    """Read example 6.5: forty values, limits from the first twenty."""
    if not VECTORS.exists():
        pytest.skip("the textbook vectors are not beside this checkout (../shared/data/textbook)")
    vectors: dict[str, Any] = json.loads(VECTORS.read_text())["ex_6.5_3"]
    return vectors


def drawn(values: list[float], freeze: int | None = None) -> Chart:
    """Return the chart of yearly values."""
    years = [Point(str(year), value, n=1) for year, value in enumerate(values, start=1871)]
    return chart(years, good="neutral", freeze=freeze)


def test_montgomery_example_6_5_individuals_chart(montgomery: dict[str, Any]) -> None:
    """Centre 300.5, limits 279.78 and 321.22; only the 39th and 40th lie outside."""
    result = drawn(montgomery["y"], freeze=20)

    assert result.limits.centre == pytest.approx(300.5)
    assert result.limits.lower == pytest.approx(279.783315, rel=ROUNDED_CONSTANT)
    assert result.limits.upper == pytest.approx(321.216685, rel=ROUNDED_CONSTANT)
    outside = ["outside_limits" in point.signals for point in result.points]
    assert outside == montgomery["sigma.signal"]
    assert [at for at, signal in enumerate(outside, start=1) if signal] == [39, 40]


def test_montgomery_example_6_5_moving_range_chart(montgomery: dict[str, Any]) -> None:
    """Centre 7.789474, upper limit 25.448211; only the step to the 39th lies above it."""
    result = drawn(montgomery["y"], freeze=20)

    assert result.limits.mean_moving_range == pytest.approx(7.789474, abs=1e-6)
    assert result.limits.upper_moving_range == pytest.approx(25.448211, rel=ROUNDED_CONSTANT)
    assert [at + 1 for at in result.far_steps] == [39]


def test_nile_1871_to_1898() -> None:
    """Before the dam the flow averaged 1097.75, with a mean step of 141.185.

    No year lies outside; the seven from 1890 to 1896 all lie above the mean, 1891 by 2.25.
    """
    result = drawn(list(NILE))

    assert result.limits.centre == 1097.75
    assert result.limits.mean_moving_range == pytest.approx(141.185185, abs=1e-6)
    assert result.limits.lower == pytest.approx(722.197407, abs=1e-6)
    assert result.limits.upper == pytest.approx(1473.302593, abs=1e-6)
    signals = {int(point.period): point.signals for point in result.points if point.signals}
    assert signals == dict.fromkeys(range(1890, 1897), ("shift",))


def test_ten_values_worked_by_hand() -> None:
    """10 12 11 13 12 14 11 12 13 12: the sum is 120, the nine steps sum to 14."""
    result = drawn([10, 12, 11, 13, 12, 14, 11, 12, 13, 12])

    assert result.limits.centre == 12
    assert result.limits.mean_moving_range == pytest.approx(14 / 9)
    assert result.limits.lower == pytest.approx(7.862222, abs=1e-6)
    assert result.limits.upper == pytest.approx(16.137778, abs=1e-6)
    assert result.limits.upper_moving_range == pytest.approx(5.082)


@pytest.mark.parametrize(
    ("values", "members"),
    [
        ([1, 2, 3, 4, 5, 6], []),
        ([1, 2, 3, 3, 4, 5, 6], []),
        ([1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6]),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], [1, 2, 3, 4, 5, 6, 7]),
        ([2, 7, 6, 5, 4, 3, 2, 1, 3], [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_nhsrplotthedots_seven_point_trend(values: list[float], members: list[int]) -> None:
    """The vectors on which the package tests its trend, and the members it flags."""
    wide = Limits(lower=-100, centre=0, upper=100, mean_moving_range=1)

    broken = broken_rules(values, wide)

    assert [at for at, one in enumerate(broken) if "trend" in {b.rule for b in one}] == members


@pytest.mark.parametrize(
    ("near", "members"),
    [
        ([1, 0, 1], [0, 2]),
        ([0, 1, 1], [1, 2]),
        ([1, 1, 0], [0, 1]),
        ([0, 0, 1, 0, 1, 0, 0], [2, 4]),
        ([0, 0, 1, 1, 0, 0, 0], [2, 3]),
        ([0, 0, 1, 0, 0, 1, 0], []),
    ],
)
def test_nhsrplotthedots_two_in_three(near: list[int], members: list[int]) -> None:
    """One above, 1 being close to the upper limit: only what is close is a member."""
    limits = Limits(lower=-3, centre=0, upper=3, mean_moving_range=1.128)

    broken = broken_rules([2.5 if close else 0.5 for close in near], limits)

    found = [at for at, one in enumerate(broken) if "two_of_three" in {b.rule for b in one}]
    assert found == members
