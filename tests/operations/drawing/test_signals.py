"""The signals of a chart as a list."""

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
