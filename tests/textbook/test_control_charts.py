"""Control charts against published examples.

Sources: D. C. Montgomery, Introduction to Statistical Quality Control, with the vectors and
results that the R package qicharts2 tests itself on; J. Anhøj and A. V. Olesen, Run Charts
Revisited, 2014; factors for control charts as tabled by ASTM; NHS England, Making Data Count.
"""

import json
from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from opsgauge.analysis.control_charts.assurance import assurance
from opsgauge.analysis.control_charts.chart import Chart, Plan, Point, Rebase, Smoothing
from opsgauge.analysis.control_charts.draw import draw
from opsgauge.analysis.control_charts.measured import unbias
from opsgauge.analysis.control_charts.patterns import fewest_crossings, longest_by_chance, runs
from opsgauge.analysis.control_charts.xmr import chart

REPOSITORY = Path(__file__).resolve().parents[2]
VECTORS = REPOSITORY.parent / "shared" / "data" / "textbook" / "golden_spc.json"
ROUNDED_CONSTANT = 4e-4  # 2.66 against 3 / 1.128, to the power of 3.6 on the t chart


@pytest.fixture(scope="module")
def montgomery() -> dict[str, Any]:
    """Read the textbook's vectors."""
    if not VECTORS.exists():
        pytest.skip("the textbook vectors are not beside this checkout (../shared/data/textbook)")
    vectors: dict[str, Any] = json.loads(VECTORS.read_text())
    return vectors


def numbered(counts: Sequence[float], sizes: Sequence[float | None] | None = None) -> list[Point]:
    """Return samples, counted from 1; a share or rate where sizes are given."""
    if sizes is None:
        return [Point(str(at), value, n=1) for at, value in enumerate(counts, 1)]
    return [
        Point(str(at), None, n=int(size or 0), numerator=count, denominator=size)
        for at, (count, size) in enumerate(zip(counts, sizes, strict=True), 1)
    ]


def outside(drawn: Chart) -> list[int]:
    """Return the numbers of the points outside the limits."""
    return [at for at, p in enumerate(drawn.points, 1) if "outside_limits" in p.signals]


def sides(drawn: Chart) -> np.ndarray:
    """Return on which side of the centre the points lie that take part."""
    kept = [p for p in drawn.points if p.judged]
    return np.sign([(p.value or 0) - (p.centre or 0) for p in kept]).astype(np.int8)


def test_montgomery_example_6_5_runs(montgomery: dict[str, Any]) -> None:
    """Forty values about the centre of the first twenty: longest run 6, 20 crossings; no signal."""
    drawn = draw(numbered(montgomery["ex_6.5_3"]["y"]), "neutral", plan=Plan(freeze=20))

    found = runs(sides(drawn))

    assert (int(found.longest), int(found.crossings)) == (6, 20)
    assert int(longest_by_chance(found.useful)) == 8
    assert int(fewest_crossings(found.useful)) == 14
    assert not found.too_long
    assert not found.too_few


@pytest.mark.row("SPC-01")
@pytest.mark.row("SPC-05")
def test_montgomery_example_7_1_p_chart(montgomery: dict[str, Any]) -> None:
    """Two phases and two points left out at once: each phase has limits of its own."""
    given = montgomery["ex_7.1_5"]
    causes = {14: "new material", 22: "new operator"}
    plan = Plan(rebase=(Rebase(30, why="machine adjusted"),), exclude=causes)

    drawn = draw(numbered(given["y.sum"], given["n"]), "lower", "p", plan)

    first, second = (phase.limits for phase in drawn.phases)
    assert first is not None
    assert second is not None
    assert (first.centre, first.lower, first.upper) == pytest.approx(
        (0.215, 0.040703, 0.389297), abs=1e-6
    )
    assert (second.centre, second.lower, second.upper) == pytest.approx(
        (0.1096875, 0, 0.24227), abs=1e-6
    )
    assert outside(drawn) == [15, 21, 23]
    assert [p.reason for p in drawn.points if p.excluded] == ["new material", "new operator"]


def test_montgomery_example_7_3_c_chart(montgomery: dict[str, Any]) -> None:
    """Limits of the first 26 without two; the later ones run about the mean by more than chance."""
    plan = Plan(freeze=26, exclude=(5, 19))

    drawn = draw(numbered(montgomery["ex_7.3_3"]["y"]), "lower", "c", plan)

    assert (drawn.limits.centre, drawn.limits.lower, drawn.limits.upper) == pytest.approx(
        (19.666667, 6.362532, 32.970801), abs=1e-6
    )
    assert outside(drawn) == [6, 20]
    found = runs(sides(drawn))
    assert (int(found.useful), int(found.crossings)) == (44, 14)
    assert int(fewest_crossings(found.useful)) == 16
    assert found.too_few


def test_montgomery_example_7_4_u_chart(montgomery: dict[str, Any]) -> None:
    """Twenty samples of 50."""
    given = montgomery["ex_7.4_1"]

    drawn = draw(numbered(given["y.sum"], given["n"]), "lower", "u")

    assert (drawn.limits.centre, drawn.limits.lower, drawn.limits.upper) == pytest.approx(
        (0.074, 0, 0.189412), abs=1e-6
    )
    assert outside(drawn) == []


def test_montgomery_table_7_4_p_chart_of_unequal_samples(montgomery: dict[str, Any]) -> None:
    """Limits move with the sample: 11 lies outside, by the limits of its own 110."""
    given = montgomery["tbl_7.4_1"]

    drawn = draw(numbered(given["y.sum"], given["n"]), "lower", "p")

    assert drawn.limits.centre == pytest.approx(0.0955102, abs=1e-6)
    by_size = {p.n: (p.lower, p.upper) for p in drawn.points}
    assert by_size[100] == pytest.approx((0.007335, 0.183686), abs=1e-6)
    assert by_size[90] == pytest.approx((0.002565, 0.188455), abs=1e-6)
    assert by_size[80] == pytest.approx((0, 0.194093), abs=1e-6)
    assert outside(drawn) == [11]


def test_montgomery_example_7_6_t_chart(montgomery: dict[str, Any]) -> None:
    """Hours between failures of a valve; 2.66 instead of 3 / 1.128 gives 6940.08."""
    drawn = draw(numbered(montgomery["ex_7.6_1"]["y"]), "higher", "t")

    assert drawn.limits.centre == pytest.approx(430.040952, abs=1e-6)
    assert drawn.limits.upper == pytest.approx(6937.933488, rel=ROUNDED_CONSTANT)
    assert drawn.limits.upper == pytest.approx(6940.08, abs=0.01)
    assert drawn.limits.lower == 0
    assert outside(drawn) == []


@pytest.mark.parametrize(
    ("useful", "longest", "fewest"),
    [
        *((10, 6, 2), (12, 7, 3), (16, 7, 4), (20, 7, 6)),
        *((24, 8, 8), (30, 8, 10), (40, 8, 14), (60, 9, 23)),
    ],
)
def test_anhoej_and_olesen_limits_of_runs(useful: int, longest: int, fewest: int) -> None:
    """The longest run and the fewest crossings that chance gives among so many points."""
    assert int(longest_by_chance(np.array(useful))) == longest
    assert int(fewest_crossings(np.array(useful))) == fewest


@pytest.mark.parametrize(("share", "size"), [(0.05, 171), (0.1, 81), (0.2, 36)])
def test_a_lower_p_limit_needs_a_sample_so_large(share: float, size: int) -> None:
    """Above zero only for n > 9 (1 - p) / p."""
    lower = []
    for n in (size, size + 1):
        points = [Point(str(at), share, n) for at in range(8)]
        lower.append(draw(points, "lower", "p").limits.lower)

    assert lower[0] == pytest.approx(0, abs=1e-12)
    assert lower[1] > 0


@pytest.mark.parametrize(
    ("size", "means", "least", "most"),
    [
        *((2, 2.659, 0, 3.267), (5, 1.427, 0, 2.089)),
        *((10, 0.975, 0.284, 1.716), (25, 0.606, 0.565, 1.435)),
    ],
)
def test_factors_of_xbar_and_s_charts(size: int, means: float, least: float, most: float) -> None:
    """A3, B3 and B4 of the tables, from samples whose mean spread is 1."""
    points = [Point(str(at), 10, n=size, spread=1.0) for at in range(10)]

    of_means = draw(points, "neutral", "xbar").limits
    of_spreads = draw(points, "neutral", "s").limits

    assert of_means.upper - 10 == pytest.approx(means, abs=6e-4)
    assert of_spreads.centre == pytest.approx(1)
    assert (of_spreads.lower, of_spreads.upper) == pytest.approx((least, most), abs=6e-4)
    assert unbias(np.array([float(size)]))[0] == pytest.approx(3 / means / sqrt(size), abs=1e-3)


def test_montgomery_ewma_limits_widen_from_point_to_point() -> None:
    """Weight 0.1 and 2.7 sigmas: 0.27, 0.36 and in the end 0.62 of a sigma."""
    points = numbered([10, 12] * 50)
    sigma = 2 * 2.66 / 3

    drawn = draw(points, "neutral", "ewma", Plan(smoothing=Smoothing(weight=0.1, reach=2.7)))

    reach = [((p.upper or 0) - (p.centre or 0)) / sigma for p in drawn.points]
    assert (reach[0], reach[1], reach[-1]) == pytest.approx((0.27, 0.36, 0.62), abs=0.005)


@pytest.mark.row("SPC-04")
@pytest.mark.parametrize(
    ("good", "target", "state"),
    [
        ("higher", 15, "consistently_fail"),
        ("higher", 8, "hit_or_miss"),
        ("higher", 1, "consistently_pass"),
        ("lower", 15, "consistently_pass"),
        ("lower", 8, "hit_or_miss"),
        ("lower", 1, "consistently_fail"),
    ],
)
def test_making_data_count_assurance(good: str, target: float, state: str) -> None:
    """Limits 4.2 and 11.8: a target beyond them is met, or missed, whatever comes."""
    drawn = chart(numbered([9, 7, 8, 7, 9, 8, 7, 9]), good)

    found = assurance(drawn, target)

    assert found is not None
    assert found.state == state
