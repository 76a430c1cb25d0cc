"""What lies between rare events: by hand, by a textbook's valve, and nothing lost."""

from datetime import date, timedelta
from itertools import accumulate
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.analysis.control_charts.between import gaps
from opsgauge.analysis.control_charts.chart import Point
from opsgauge.analysis.control_charts.chooser import Data, choose_rare
from opsgauge.analysis.control_charts.draw import draw

# Hours between failures of a valve: Montgomery, 7th ed., 2012, table 7.14.
_FIRST = (286, 948, 536, 124, 816, 729, 4, 143, 431, 8, 2837, 596, 81, 227, 603, 492, 1199, 1214)
VALVE = (*_FIRST, 2831, 96)


@pytest.mark.row("SPC-01")
def test_the_moments_of_failures_give_the_textbooks_chart() -> None:
    """Twenty-one failures, each labelled apart: centre 430.04 h, upper limit 6940.08, no signal."""
    at = list(accumulate(VALVE, initial=0))
    found = gaps([f"F{n}" for n in range(len(at))], [float(each) for each in at])
    drawn = draw([Point(each.day, each.value, each.n) for each in found], "higher", "t")

    assert [each.value for each in found] == list(VALVE)
    assert drawn.limits.centre == pytest.approx(430.040952, abs=1e-6)
    assert drawn.limits.upper == pytest.approx(6940.08, abs=0.01)
    assert not any(point.broken for point in drawn.points)


@pytest.mark.row("SPC-01")
def test_how_many_came_between_has_the_limits_of_a_geometric_count() -> None:
    """A mean of 20 between them: 20 + 3 x sqrt(20 x 21) = 81.48; 90 lies beyond."""
    between = [10, 20, 30, 5, 35, 12, 28, 20, 15, 25]
    at = [float(each) for each in accumulate(between, initial=0)]
    labels = [f"F{n}" for n in range(len(at))]
    drawn = draw([Point(each.day, each.value, 1) for each in gaps(labels, at)], "higher", "g")

    assert drawn.limits.upper == pytest.approx(20 + 3 * sqrt(20 * 21))
    assert drawn.limits.centre == 20
    assert drawn.limits.lower == 0


def test_several_of_the_first_day_have_only_what_lies_between_them() -> None:
    """Before the first nothing is known; one alone on the first day begins no gap."""
    assert [(each.n, each.value) for each in gaps(["a", "a", "b"], [1.0, 3.0, 9.0])] == [
        (1, 2.0),
        (1, 6.0),
    ]
    assert gaps(["a"], [1.0]) == []
    assert gaps([], []) == []


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_gaps_add_up_to_the_whole_time(hours: list[int]) -> None:
    """However the events fall on days, none is lost but the first."""
    at = [float(each) for each in accumulate(hours, initial=0)]
    days = [(date(2026, 1, 1) + timedelta(hours=24 * (each // 24))).isoformat() for each in at]
    found = gaps(days, at)

    assert sum(each.n for each in found) == len(at) - 1
    assert sum(each.n * each.value for each in found) == pytest.approx(at[-1])


@pytest.mark.row("SPC-01")
def test_what_is_rare_is_charted_by_what_lies_between() -> None:
    """Thirteen in a year of weeks: a t chart; of a share a g chart. Eight are too few, 60 many."""

    def weeks(every: int, many: int = 1) -> list[Point]:
        counts = [many * (w % every == 0) for w in range(52)]
        return [
            Point(f"2026-W{w + 1:02}", float(k), n=max(k, 1), numerator=float(k), denominator=9.0)
            for w, k in enumerate(counts)
        ]

    found = choose_rare(weeks(4), Data.COUNT)
    assert found is not None
    assert found.kind == "t"
    assert found.why.startswith("It happens less than once a period")
    of_share = choose_rare(weeks(4), Data.SHARE)
    assert of_share is not None
    assert of_share.kind == "g"
    assert choose_rare(weeks(7), Data.COUNT) is None
    assert choose_rare(weeks(4, many=5), Data.COUNT) is None
    assert choose_rare(weeks(4), Data.MEASURE) is None
