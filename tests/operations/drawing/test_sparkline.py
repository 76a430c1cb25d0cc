"""Sparklines."""

import re

import pytest

from opsgauge.operations.drawing.event_marks import Mark, Marks
from opsgauge.operations.drawing.sparkline import CARD, PAIR, Trend, mark, sparkline
from tests.operations.drawing.samples import HOSTILE, charted


def test_a_trend_leaves_out_what_has_not_ended() -> None:
    """The running week is no value to compare with."""
    chart = charted([0.3, 0.31, 0.5])
    trend = Trend.of(chart)

    assert trend.values == (0.3, 0.31, 0.5)
    assert trend.verdicts == ("steady", "steady", "worse")
    assert trend.limits == (0.2, 0.4)


def test_worse_is_a_diamond_and_better_a_disc() -> None:
    """0.5 lies above the upper limit, 0.1 below the lower."""
    drawn = sparkline(Trend.of(charted([0.3, 0.5, 0.3, 0.1, 0.3])), "five weeks")

    assert drawn.count("c-con") == 1
    assert drawn.count("c-imp") == 1
    assert drawn.count("c-band") == 1


def test_a_steady_last_value_is_inked_and_a_signal_is_not_inked_twice() -> None:
    """The last point is marked once: by its signal, or by ink."""
    assert "c-last" in sparkline(Trend((1.0, 2.0)), "")
    assert "c-last" not in sparkline(Trend((1.0, 2.0), verdicts=("steady", "worse")), "")


def test_a_gap_stays_a_gap() -> None:
    """Two stretches of two values are two lines, and nothing joins them."""
    drawn = sparkline(Trend((1.0, 2.0, None, 3.0, 4.0)), "with a gap")
    assert drawn.count("c-line") == 2


def test_equal_values_are_drawn_inside_the_picture() -> None:
    """A line without any height divides nothing by zero."""
    drawn = sparkline(Trend((5.0, 5.0, 5.0)), "flat", PAIR)
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", drawn)]
    assert all(0 <= y <= PAIR.height for y in heights)


def test_everything_stays_inside_the_picture() -> None:
    """Values beyond the limits stretch the scale, not the frame."""
    drawn = sparkline(Trend((1.0, 900.0, -40.0), (0.0, 10.0)), "wild")
    points = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.-]+)", drawn)]
    assert all(0 <= y <= 72 for y in points)


def test_one_value_is_no_trend() -> None:
    """Nothing is drawn, so that nothing is seen in it."""
    assert sparkline(Trend((None, 1.0, None)), "one") == ""


def test_its_spoken_name_is_escaped() -> None:
    """The label may hold a name from the records."""
    assert "<script" not in sparkline(Trend((1.0, 2.0)), HOSTILE)


def test_a_change_of_a_neutral_metric_is_a_square() -> None:
    """It is neither better nor worse, and says so by its shape."""
    assert mark("change", 1, 1).startswith("<rect")
    assert mark("steady", 1, 1) == ""


def test_a_goal_is_a_line_that_is_never_cut_off() -> None:
    """Also where no value comes near it."""
    drawn = sparkline(Trend((1.0, 2.0, 3.0), goal=9.0), "far from it")
    [y] = re.findall(r'class="c-target"[^>]* y1="([^"]+)"', drawn)
    assert 0 <= float(y) <= CARD.height / 2
    assert "c-target" not in sparkline(Trend((1.0, 2.0, 3.0)), "without one")


@pytest.mark.row("DSH-05")
def test_what_happened_is_a_line_at_its_place_and_words_for_who_cannot_see_it() -> None:
    """Of two marks the one whose week is shown; the place is that of the third of five values."""
    labels = [f"2026-W{week:02}" for week in (2, 3, 4, 5, 6)]
    marks = Marks(
        (
            Mark(1, "2026-W01", "2026-W01", ("release",), "29 Dec 2025", "3 releases"),
            Mark(2, "2026-W04", "2026-W04", ("outage",), "19 to 25 Jan 2026", "2 outages <b>"),
        )
    )
    trend = Trend((1.0, 2.0, 3.0, 2.0, 1.0)).marked(labels, marks)
    drawn = str(sparkline(trend, "Five weeks"))

    assert trend.events == ((2, "19 to 25 Jan 2026: 2 outages <b>"),)
    assert drawn.count("c-note") == 1
    assert f'x1="{CARD.width / 2:g}"' in drawn
    assert 'aria-label="Five weeks. Marked: 19 to 25 Jan 2026: 2 outages &lt;b&gt;"' in drawn
    assert "<title>Five weeks. Marked: 19 to 25 Jan 2026" in drawn
