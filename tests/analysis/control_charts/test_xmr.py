"""The XmR chart: what enters the limits, what is judged, and what is only shown."""

from collections.abc import Sequence

import pytest

from opsgauge.analysis.control_charts.chart import Chart, Point
from opsgauge.analysis.control_charts.xmr import chart
from opsgauge.foundation.errors import QueryWrong, TooFewPoints

CALM = [11, 9, 10, 12, 9, 11, 10, 8, 10, 11]


def points(values: Sequence[float | None]) -> list[Point]:
    """Return weeks, 40 tickets each."""
    return [Point(f"2026-W{week:02}", value, n=40) for week, value in enumerate(values, 1)]


def signals(drawn: Chart) -> dict[int, tuple[str, ...]]:
    """Return position and rules of the points that break any."""
    return {at: point.signals for at, point in enumerate(drawn.points) if point.signals}


@pytest.mark.row("SPC-01")
def test_a_calm_series_is_steady() -> None:
    """Every point comes back as it went in, with its step and no signal."""
    drawn = chart(points(CALM), good="lower")

    assert signals(drawn) == {}
    assert {point.verdict for point in drawn.points} == {"steady"}
    assert [point.moving_range for point in drawn.points] == [None, 2, 1, 2, 3, 2, 1, 2, 2, 1]
    assert [(p.period, p.value, p.n) for p in drawn.points] == [
        (p.period, p.value, p.n) for p in points(CALM)
    ]
    assert drawn.limits_from == 10


def test_a_point_outside_the_limits_is_said_with_its_verdict() -> None:
    """With lower being good, far above is worse and far below better."""
    high, low = chart(points([*CALM, 30]), "lower"), chart(points([*CALM, -10]), "lower")

    assert signals(high) == {10: ("outside_limits",)}
    assert high.points[10].verdict == "worse"
    assert low.points[10].verdict == "better"
    assert chart(points([*CALM, 30]), "neutral").points[10].verdict == "change"


@pytest.mark.row("SPC-05")
def test_frozen_limits_come_from_the_first_points_only() -> None:
    """What comes after is judged by them and does not move them."""
    frozen = chart(points([*CALM, 30, 31, 32]), "lower", freeze=10)

    assert frozen.limits == chart(points(CALM), "lower").limits
    assert frozen.limits_from == 10
    assert set(signals(frozen)) == {10, 11, 12}


def test_limits_may_be_frozen_before_all_their_points_have_come() -> None:
    """Ten of the first twenty are there: all ten count."""
    assert chart(points(CALM), "lower", freeze=20).limits == chart(points(CALM), "lower").limits


@pytest.mark.parametrize("freeze", [5, 0, -3])
def test_limits_frozen_on_too_few_points_are_refused(freeze: int) -> None:
    """Ten points can be judged, but the limits would hang on five, or none."""
    with pytest.raises(TooFewPoints, match="Limits need 8") as refused:
        chart(points(CALM), "lower", freeze=freeze)
    assert "Freeze the limits on more periods" in refused.value.hint


@pytest.mark.row("SPC-05")
def test_an_excluded_point_enters_no_limits_but_is_still_held_against_them() -> None:
    """A week of a known outage: the limits are those of the other weeks."""
    drawn = chart(points([*CALM[:5], 30, *CALM[5:]]), "lower", exclude=[5])

    assert drawn.limits == chart(points(CALM), "lower").limits
    assert signals(drawn) == {5: ("outside_limits",)}
    assert drawn.points[5].excluded
    assert not drawn.points[5].judged
    assert drawn.points[5].moving_range is None


def test_an_excluded_point_does_not_end_a_run() -> None:
    """The calm weeks end above; six more above follow, and a left out one below among them."""
    drawn = chart(points([*CALM, 14, 14, 13, 6, 13, 14, 14]), "higher", freeze=10, exclude=[13])

    shifted = [at for at, rules in signals(drawn).items() if "shift" in rules]

    assert shifted == [9, 10, 11, 12, 14, 15, 16]


def test_freezing_and_excluding_go_together() -> None:
    """The first eleven, of which one stays out, are the ten of the calm series."""
    values = [*CALM[:5], 30, *CALM[5:], 12, 13]

    drawn = chart(points(values), "lower", freeze=11, exclude={5})

    assert drawn.limits == chart(points(CALM), "lower").limits


@pytest.mark.parametrize("at", [-1, 10])
def test_a_point_that_is_not_there_cannot_be_left_out(at: int) -> None:
    """The message says how points are counted."""
    with pytest.raises(QueryWrong, match=f"no point {at} to leave out. Points are counted from 0"):
        chart(points(CALM), "lower", exclude=[at])


def test_a_period_that_has_not_ended_is_shown_and_not_judged() -> None:
    """Half a week has half its tickets: that says nothing, and moves no limit."""
    unfinished = Point("2026-W11", 1000, n=3, complete=False)

    drawn = chart([*points(CALM), unfinished], "lower")

    assert drawn.limits == chart(points(CALM), "lower").limits
    assert drawn.points[10].value == 1000
    assert drawn.points[10].verdict == "steady"
    assert not drawn.points[10].judged
    assert signals(drawn) == {}


@pytest.mark.parametrize("missing", [None, float("nan"), float("inf")])
def test_a_gap_stays_a_gap(missing: float | None) -> None:
    """A week without a value has no step to it and none from it."""
    drawn = chart(points([*CALM[:5], missing, *CALM[5:]]), "lower")

    assert drawn.points[5].value is None
    assert drawn.points[5].verdict == "steady"
    assert [point.moving_range for point in drawn.points[4:8]] == [3, None, None, 1]
    assert drawn.limits_from == 10


def test_seven_judged_points_are_too_few() -> None:
    """Ten weeks, of which one has no value, one has not ended and one is left out."""
    weeks = points([None, *CALM[:8]])

    with pytest.raises(TooFewPoints, match="needs 8 periods or more; this one has 7"):
        chart([*weeks, Point("2026-W10", 9, n=4, complete=False)], "lower", exclude=[3])


def test_a_step_too_far_is_found() -> None:
    """Both levels are within the limits that such steps give; the one step between is not."""
    drawn = chart(points([10, 10, 10, 10, 10, 10, 10, 10, 14, 10]), "lower")

    assert drawn.far_steps == (8, 9)


def test_a_series_without_variation_is_steady() -> None:
    """All limits fall together, and nothing lies beyond them."""
    assert signals(chart(points([0.1 + 0.2] * 12), "lower")) == {}


def test_equal_steps_end_a_trend_unless_told_otherwise() -> None:
    """Two equal weeks in a rise of eight."""
    rise = [*CALM, 8, 9, 10, 11, 11, 12, 13, 14]

    def trends(drawn: Chart) -> list[int]:
        return [at for at, rules in signals(drawn).items() if "trend" in rules]

    assert trends(chart(points(rise), "lower")) == []
    skipping = chart(points(rise), "lower", equal_steps_break=False)
    assert trends(skipping) == list(range(10, 18))
