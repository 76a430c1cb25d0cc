"""The signals of a chart as a list."""

from dataclasses import replace

from opsgauge.operations.drawing.signals import signal_rows
from tests.operations.drawing.samples import charted


def test_neighbours_that_say_the_same_are_one_signal() -> None:
    """Weeks 2 and 3 are worse, week 5 is better: two signals, the newest first."""
    better, worse = signal_rows(charted([0.3, 0.5, 0.6, 0.3, 0.1]))

    assert (better.tone, better.said, better.when) == (
        "improve",
        "Better",
        "week 5, 1 to 7 Feb 2016",
    )
    assert (worse.tone, worse.said, worse.when) == ("concern", "Worse", "11 to 24 Jan 2016")
    assert worse.rules == "outside the limits"
    assert worse.periods == ("2016-W02", "2016-W03")


def test_the_farthest_period_stands_for_a_signal() -> None:
    """0.6 is farther from the centre than 0.5."""
    (row,) = signal_rows(charted([0.3, 0.5, 0.6, 0.3]))
    assert row.farthest.value == 0.6


def test_a_steady_chart_has_no_signals() -> None:
    """An empty list, over which the page says that nothing moved."""
    assert signal_rows(charted([0.3] * 12)) == ()


def test_a_trend_is_told_as_one_and_by_its_end() -> None:
    """It fell to what is worse and may still lie on the good side: the end is what is told."""
    chart = charted([0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6])
    points = tuple(
        replace(point, signals=("trend",), verdict="worse", complete=True) for point in chart.points
    )
    (row,) = signal_rows(replace(chart, points=points, centre=0.5))

    assert (row.said, row.tone) == ("Getting worse", "concern")
    assert row.rules == "fell for 7 weeks in a row"
    assert row.farthest.value == 0.6
