"""Small bars for table cells."""

import re

import pytest

from opsgauge.operations.drawing.bars import Span, bar, interval_bar, scale_bar


@pytest.mark.parametrize(
    ("per_mille", "width"), [(0, "0.4%"), (500, "50%"), (1000, "100%"), (9999, "100%")]
)
def test_a_bar_stays_in_its_cell_and_is_always_seen(per_mille: int, width: str) -> None:
    """Its number stands beside it, so a sliver does not lie."""
    assert f'width="{width}"' in bar(per_mille)


def test_a_pause_is_hatched_with_an_outline() -> None:
    """As everywhere."""
    assert "k-hold-o" in bar(500, "hold")
    assert "k-hold-o" not in bar(500, "wait")


def test_an_interval_is_drawn_around_its_value() -> None:
    """Left end, point and right end in order, on the scale of the column."""
    drawn = interval_bar(0.5, 0.4, 0.7, Span(0, 1, overall=0.45))
    left, right = (float(x) for x in re.findall(r'x[12]="([\d.]+)"', drawn)[2:4])
    point = float(re.findall(r'cx="([\d.]+)"', drawn)[0])
    assert left < point < right


def test_a_value_beyond_the_scale_stays_in_the_cell() -> None:
    """It is drawn at the edge; its number stands in words."""
    drawn = interval_bar(9, -5, 12, Span(0, 1))
    assert all(0 <= float(x) <= 150 for x in re.findall(r'x[12]?="([\d.-]+)"', drawn))


def test_a_scale_says_what_the_dots_stand_for() -> None:
    """Values of the scale alone, and none so near the one before that words would touch."""
    drawn = scale_bar(Span(0.0, 10.0), [(0, "0"), (1, "1"), (5, "5"), (10, "10"), (20, "20")])

    assert re.findall(r">([0-9]+)<", drawn) == ["0", "5", "10"]
    assert 'text-anchor="start"' in drawn
    assert 'text-anchor="end"' in drawn


def test_nothing_is_drawn_for_a_value_that_is_not_there() -> None:
    """An empty cell, not a point at zero."""
    assert "circle" not in interval_bar(None, None, None, Span(0, 1))
