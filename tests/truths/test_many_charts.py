"""Many charts at once, in small: calm ones bring few signals, and real steps are ranked high.

`bench/many_charts.py` measures the same in full.
"""

import numpy as np
import pytest
from bench.many_charts import PLANTED, alarms, ranked_first


@pytest.mark.row("SPC-08")
def test_a_hundred_calm_charts_seldom_bring_a_signal() -> None:
    """Of a hundred sets at most one in ten, by the bound; twice its spread is allowed for."""
    assert alarms(np.random.default_rng(3), 100) <= 0.1 + 2 * (0.1 * 0.9 / 100) ** 0.5


@pytest.mark.row("SPC-08")
def test_planted_steps_come_first_among_300_series() -> None:
    """At least 13 of 15 among the first 20, on average of thirty lists."""
    assert 13 - 0.4 <= ranked_first(np.random.default_rng(3), 30) <= PLANTED
