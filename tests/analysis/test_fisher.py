"""Fisher's exact test, as scipy has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from opsgauge.analysis.fisher import chance_of_more

AMONG = st.integers(0, 3_000)


@given(AMONG, AMONG, st.data())
def test_the_chance_is_that_of_scipy(among: int, others_among: int, data: st.DataObject) -> None:
    """Of groups of any size, of none among them too."""
    so = data.draw(st.integers(0, among))
    others_so = data.draw(st.integers(0, others_among))

    table = [[so, among - so], [others_so, others_among - others_so]]
    expected = fisher_exact(table, alternative="greater").pvalue
    told = chance_of_more(so, among, others_so, others_among)
    assert told == pytest.approx(float(expected), rel=1e-7, abs=1e-250)


def test_of_a_million_it_is_still_exact() -> None:
    """Where logarithms of numbers of ways are large."""
    table = [[300, 999_700], [200, 999_800]]
    expected = float(fisher_exact(table, alternative="greater").pvalue)
    assert chance_of_more(300, 1_000_000, 200, 1_000_000) == pytest.approx(expected, rel=1e-6)
