"""What holds for every series: units, mirrors, exclusions, and how often a calm process alarms."""

from collections.abc import Sequence
from itertools import pairwise
from math import nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.analysis.control_charts.chart import Chart, Point
from opsgauge.analysis.control_charts.limits import FEWEST_POINTS, Limits, natural_limits
from opsgauge.analysis.control_charts.rules import RULES, Broken, broken_rules
from opsgauge.analysis.control_charts.xmr import chart

STANDARD = Limits(lower=-3, centre=0, upper=3, mean_moving_range=1.128)
OPPOSITE = {"better": "worse", "worse": "better", "steady": "steady", "change": "change"}

whole_values = st.integers(-200, 200).map(float)
series = st.lists(whole_values, min_size=FEWEST_POINTS, max_size=40)
# Long rows, so that trends, shifts and closeness to a limit come up often.
rows = st.lists(
    st.tuples(st.sampled_from([-2.5, -1, -0.2, 0.0, 0.2, 1, 2.5, 3.2]), st.integers(1, 8)),
    min_size=1,
    max_size=6,
).map(lambda parts: [value for value, times in parts for _ in range(times)])
ramps = st.lists(st.tuples(st.sampled_from([-0.3, 0.0, 0.3]), st.integers(1, 8)), max_size=6).map(
    lambda parts: [
        float(value)
        for value in np.cumsum([0.0, *(step for step, times in parts for _ in range(times))])
    ]
)
with_gaps = st.lists(st.none() | whole_values, max_size=40)


def drawn(values: Sequence[float], good: str = "lower", **options: Any) -> Chart:
    """Return the chart of these values, one a period."""
    points = [Point(str(at), value, n=1) for at, value in enumerate(values)]
    return chart(points, good, **options)


def all_broken(result: Chart) -> list[tuple[Broken, ...]]:
    """Return what every point breaks."""
    return [point.broken for point in result.points]


@given(series, st.sampled_from([1 / 60, 0.5, 3, 60, 3600]), st.integers(-500, 500))
def test_limits_follow_a_change_of_unit(values: list[float], scale: float, shift: int) -> None:
    """Hours or minutes, the same chart: limits scale and shift with the values."""
    before = drawn(values)
    after = drawn([value * scale + shift for value in values])

    assert after.limits.centre == pytest.approx(before.limits.centre * scale + shift, abs=1e-6)
    assert after.limits.upper == pytest.approx(before.limits.upper * scale + shift, abs=1e-6)
    assert after.limits.lower == pytest.approx(before.limits.lower * scale + shift, abs=1e-6)
    assert all_broken(after) == all_broken(before)


@given(series)
def test_mirrored_values_give_mirrored_signals(values: list[float]) -> None:
    """What was above is below, with the same rules; better becomes worse."""
    upright, mirrored = drawn(values), drawn([-value for value in values])

    assert mirrored.limits.upper == pytest.approx(-upright.limits.lower)
    assert [point.signals for point in mirrored.points] == [
        point.signals for point in upright.points
    ]
    assert [point.verdict for point in mirrored.points] == [
        OPPOSITE[point.verdict] for point in upright.points
    ]


@given(series)
def test_the_good_direction_colours_and_does_not_judge(values: list[float]) -> None:
    """Signals are the same for every good direction; only the verdict turns."""
    lower, higher, neutral = (drawn(values, good) for good in ("lower", "higher", "neutral"))

    assert all_broken(lower) == all_broken(higher) == all_broken(neutral)
    for one, other, third in zip(lower.points, higher.points, neutral.points, strict=True):
        assert one.verdict == OPPOSITE[other.verdict]
        assert (third.verdict == "change") == bool(third.signals)


@given(series, st.data())
def test_excluded_points_within_the_limits_change_nothing(
    values: list[float], data: st.DataObject
) -> None:
    """Put a quiet point anywhere and leave it out: the others are judged as before."""
    at = data.draw(st.integers(0, len(values)))
    before = drawn(values)
    longer = [*values[:at], before.limits.centre, *values[at:]]

    after = drawn(longer, exclude=[at])

    assert after.limits == before.limits
    others = all_broken(after)
    assert others.pop(at) == ()
    assert others == all_broken(before)


@given(series, whole_values)
def test_an_unfinished_period_changes_nothing(values: list[float], last: float) -> None:
    """It is drawn; limits and signals are those without it."""
    points = [Point(str(at), value, n=1) for at, value in enumerate(values)]

    after = chart([*points, Point("now", last, n=1, complete=False)], "lower")

    assert after.limits == drawn(values).limits
    assert all_broken(after) == [*all_broken(drawn(values)), ()]


@given(series, st.lists(whole_values, max_size=20))
def test_frozen_limits_stand_still(values: list[float], later: list[float]) -> None:
    """What comes after the frozen points does not move the limits."""
    assert drawn([*values, *later], freeze=len(values)).limits == natural_limits(values)


@given(series, series)
def test_a_gap_parts_two_series_for_runs(first: list[float], second: list[float]) -> None:
    """Judged by the same limits, each side of a gap shows what it would show alone."""
    together = broken_rules([*first, None, *second], STANDARD)

    assert together == [
        *broken_rules(first, STANDARD),
        (),
        *broken_rules(second, STANDARD),
    ]


@given(st.one_of(rows, ramps, with_gaps), st.booleans())
def test_rules_flag_just_the_members_of_windows(values: list[float | None], scaled: bool) -> None:
    """A slow count over all windows of three and of seven, written apart, finds the same."""
    values = [v / 70 if scaled and v is not None else v for v in values]
    found = broken_rules(values, STANDARD)

    for rule, members in windows(values).items():
        assert {
            at for at, broken in enumerate(found) if rule in {b.rule for b in broken}
        } == members


def windows(values: Sequence[float | None]) -> dict[str, set[int]]:
    """Return the members of each rule, counted window by window from the words of the rules."""
    numbers = [nan if value is None else value for value in values]  # no comparison holds for it
    members: dict[str, set[int]] = {rule: set() for rule in RULES}
    for first in range(len(numbers)):
        three, seven = numbers[first : first + 3], numbers[first : first + 7]
        if abs(numbers[first]) > 3:
            members["outside_limits"].add(first)
        if len(three) == 3 and one_side(three):
            close = {first + at for at, value in enumerate(three) if 2 < abs(value) <= 3}
            members["two_of_three"] |= close if len(close) >= 2 else set()
        if len(seven) == 7:
            whole = set(range(first, first + 7))
            members["shift"] |= whole if one_side(seven) else set()
            steps = [after - before for before, after in pairwise(seven)]
            members["trend"] |= whole if one_side(steps) else set()
    return members


def one_side(values: Sequence[float]) -> bool:
    """Whether all are above zero, or all below."""
    return all(value > 0 for value in values) or all(value < 0 for value in values)


def run_length(draw: np.random.Generator) -> int:
    """Return how many points of a calm process come before the rules first see something."""
    values: list[float] = []
    while True:
        values += draw.standard_normal(150).tolist()
        broken = broken_rules(values, STANDARD)
        first = next((at for at, rules in enumerate(broken) if rules), None)
        # A run is flagged back to its first point, but was seen only when it was complete. Two
        # points before it may belong to a window of three; what lies further back does not matter.
        if first is not None and first + 7 <= len(values):
            start = max(0, first - 2)
            return next(
                seen
                for seen in range(first + 1, first + 8)
                if any(broken_rules(values[start:seen], STANDARD))
            )


def test_a_calm_process_alarms_once_in_88_points() -> None:
    """With known limits the rules give a false alarm every 88 points on average.

    Run lengths scatter about as much as they are long (sd about 83), so the mean of 1,500 has a
    standard error of 2.1; it must lie within three of them of 88.
    """
    draw = np.random.default_rng(20260105)

    lengths = [run_length(draw) for _ in range(1500)]

    assert float(np.mean(lengths)) == pytest.approx(88, abs=6.5)


@pytest.mark.parametrize(("count", "share"), [(24, 0.15), (52, 0.38)])
def test_a_calm_chart_alarms_as_often_as_is_known(count: int, share: float) -> None:
    """With limits from its own points, 15 % of calm charts of 24 and 38 % of 52 show a signal.

    Of 1,000 charts the share has a standard error of 1.1 and 1.5 points; three of them, and half
    a point for the rounding of the published shares.
    """
    draw = np.random.default_rng(20260105)

    alarms = [
        any(point.signals for point in drawn(draw.standard_normal(count).tolist()).points)
        for _ in range(1000)
    ]

    error = (share * (1 - share) / len(alarms)) ** 0.5
    assert float(np.mean(alarms)) == pytest.approx(share, abs=3 * error + 0.005)
