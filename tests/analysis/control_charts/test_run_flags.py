"""Runs of one series are flagged as those of many at once are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from opsgauge.analysis.control_charts.standing import run_flags


@given(st.lists(st.sampled_from([-1, 0, 1]), max_size=40), st.integers(1, 8))
def test_one_series_is_flagged_as_among_others(marks: list[int], least: int) -> None:
    """The short way for one and the long way for many agree."""
    mark = np.array(marks, dtype=np.int8)
    many = run_flags(np.stack([mark, mark[::-1]]), least)

    assert run_flags(mark, least).tolist() == many[0].tolist()
    assert run_flags(mark, least).dtype == np.int8
