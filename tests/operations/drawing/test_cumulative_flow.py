"""The cumulative flow diagram draws what the table says."""

import pytest

from opsgauge.analysis.waiting.queues import Point
from opsgauge.operations.drawing.cumulative_flow import cumulative_flow


def week(number: int, came: int, went: int, length: int) -> Point:
    """Return a week of a queue."""
    return Point(f"2026-W{number:02}", came, went, length, float(length), None, 0)


@pytest.mark.row("MAP-09")
def test_the_gap_of_the_lines_is_what_is_open() -> None:
    """Three were open before; five and four came, two and six went: twelve, eight, four."""
    drawn = str(cumulative_flow([week(2, 5, 2, 6), week(3, 4, 6, 4)], "All that came and went"))

    for words in ("came, 12", "went, 8", "open, 4", 'aria-label="All that came and went"'):
        assert words in drawn
    assert drawn.count("<path") == 2


def test_one_period_is_no_picture() -> None:
    """And none is none."""
    assert cumulative_flow([week(2, 5, 2, 6)], "x") == cumulative_flow([], "x") == ""
