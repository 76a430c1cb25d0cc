"""The cumulative flow diagram draws what the table says."""

import pytest

from opsgauge.analysis.waiting.queues import Point
from opsgauge.operations.drawing.cumulative_flow import cumulative_flow
from opsgauge.operations.drawing.event_marks import Mark, Marks


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


@pytest.mark.row("DSH-05")
def test_what_happened_stands_as_a_number_over_its_week() -> None:
    """A release in the second of two weeks: at the right end of the lines."""
    weeks = [week(2, 5, 2, 6), week(3, 4, 6, 4)]
    mark = Mark(1, "2026-W03", "2026-W03", ("release",), "12 to 18 Jan 2026", "a release")
    drawn = str(cumulative_flow(weeks, "x", Marks((mark,))))

    assert 'class="c-note dotted" x1="490" x2="490"' in drawn
    assert ">1</text>" in drawn
    assert "c-note" not in str(cumulative_flow(weeks, "x"))
