"""Guards: an alert begins and ends where its rule says, and blips do not make one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.analysis.alerting.guards import Stretch, Values, stretches
from opsgauge.foundation.alerting import Guard

PLAIN = Guard("above", 8.0)


@pytest.mark.row("ALR-02")
@pytest.mark.parametrize(
    ("values", "guard", "expected"),
    [
        # A limit itself is not beyond; what falls back to it is calm.
        ([7, 8, 9, 8, 9], PLAIN, [Stretch(2, 3), Stretch(4)]),
        ([3, 2, 1, 2], Guard("below", 2.0), [Stretch(2, 3)]),
        # For so long: a blip of two is none, three in a row fire at the third.
        ([9, 9, 7, 9, 9, 9, 7], Guard("above", 8.0, lasting=3), [Stretch(5, 6)]),
        ([9, None, 9, 9], Guard("above", 8.0, lasting=3), []),
        # Hysteresis: between the two values it goes on firing, and does not begin.
        ([6, 9, 7, 6, 5, 4, 6, 7], Guard("above", 8.0, clears=5.0), [Stretch(1, 5)]),
        ([4, 1, 3, 4, 5, 4], Guard("below", 2.0, clears=4.0), [Stretch(1, 4)]),
        # k of n: two of the newest three, the newest among them.
        ([9, 7, 9, 7, 7], Guard("above", 8.0, hits=2, of=3), [Stretch(2, 3)]),
        ([9, 9, 7], Guard("above", 8.0, hits=2, of=3), [Stretch(1, 2)]),
        ([9, 7, 7, 9], Guard("above", 8.0, hits=2, of=3), []),
        ([9, None, 9], Guard("above", 8.0, hits=2, of=3), [Stretch(2)]),
        # Several windows: one high value does not lift the mean of four above the limit.
        ([4, 4, 4, 12], Guard("above", 8.0, windows=(4,)), []),
        ([4, 10, 10, 12], Guard("above", 8.0, windows=(4,)), [Stretch(3)]),
        ([10, 12], Guard("above", 8.0, windows=(4,)), []),
        ([10, 10, None, 12], Guard("above", 8.0, windows=(4,)), []),
        # What says nothing neither begins nor ends anything.
        ([None, 9, None, None, 9, 7], PLAIN, [Stretch(1, 5)]),
        ([], PLAIN, []),
        ([None], PLAIN, []),
        ([0, 0], Guard("below", 0.0), []),
    ],
)
def test_where_it_fires_and_is_calm(values: Values, guard: Guard, expected: list[Stretch]) -> None:
    """By hand, for each guard alone."""
    assert stretches(values, guard) == expected


VALUES = st.lists(st.one_of(st.none(), st.integers(0, 20).map(float)), max_size=40)


@given(VALUES, st.integers(1, 4), st.integers(0, 8))
def test_a_longer_wait_never_fires_more_often(values: Values, lasting: int, lower: int) -> None:
    """Nor does hysteresis; and stretches follow each other without touching."""
    plain = stretches(values, PLAIN)
    longer = stretches(values, Guard("above", 8.0, lasting=lasting))
    wider = stretches(values, Guard("above", 8.0, clears=8.0 - lower))
    assert len(longer) <= len(plain)
    assert len(wider) <= len(plain)
    for found in (plain, longer, wider):
        for one, other in pairwise(found):
            assert one.cleared is not None
            assert one.first < one.cleared < other.first


@given(VALUES)
def test_what_came_later_changes_nothing_before(values: Values) -> None:
    """So a replay says what would have been told at the time."""
    whole = stretches(values, Guard("above", 8.0, clears=6.0, lasting=2))
    for end in range(len(values)):
        firsts = [each.first for each in stretches(values[:end], Guard("above", 8.0, 6.0, 2))]
        assert firsts == [each.first for each in whole if each.first < end]
