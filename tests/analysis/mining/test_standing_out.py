"""Places that do something more often than others, held against how the others differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.analysis.mining.standing_out import Bar, Place, standing_out, usual_share

ORDINARY = [Place((f"P{n}",), 100, hits) for n, hits in enumerate([4, 6, 5, 7, 3, 5, 6, 4])]


def test_one_of_many_stands_out_and_says_by_how_much() -> None:
    """Fifty of a hundred, where the others have five."""
    [found] = standing_out([*ORDINARY, Place(("Odd",), 100, 50, hours=200.0)])

    assert found.place.name == ("Odd",)
    assert found.share == 0.5
    assert found.usual.mean == pytest.approx(0.05)
    assert found.expected == pytest.approx(5)
    assert found.worth_hours == pytest.approx(180)
    assert found.odds < 0.001


@pytest.mark.parametrize(
    ("odd", "bar"),
    [
        (Place(("Odd",), 30, 15), Bar()),  # too few
        (Place(("Odd",), 1_000, 70), Bar()),  # not surely twice the usual
        (Place(("Odd",), 200, 40), Bar(share=0.3)),  # a share too small to matter
    ],
)
def test_what_is_not_enough(odd: Place, bar: Bar) -> None:
    """However unlikely by chance."""
    assert standing_out([*ORDINARY, odd], bar=bar) == []


def test_without_others_nothing_is_usual() -> None:
    """Four others do not say how places differ."""
    assert usual_share(ORDINARY[:4]) is None
    assert standing_out([*ORDINARY[:4], Place(("Odd",), 100, 90)]) == []


@given(st.lists(st.integers(0, 12), min_size=6, max_size=30))
def test_places_that_differ_little_never_stand_out(hits: list[int]) -> None:
    """Up to an eighth of a hundred, each."""
    assert standing_out([Place((str(n),), 100, hit) for n, hit in enumerate(hits)]) == []
