"""Less variation as an outcome."""

import numpy as np
import pytest

from opsgauge.analysis.control_charts.limits import natural_limits
from opsgauge.analysis.control_charts.variation import variation
from opsgauge.foundation.errors import TooFewPoints

DRAWS = np.random.default_rng(20260105)
CALM = DRAWS.standard_normal(40).tolist()


@pytest.mark.row("SPC-11")
def test_half_the_width_is_found_with_its_interval() -> None:
    """The widths are those of the limits; the level does not matter."""
    after = [20 + value / 2 for value in CALM[::-1]]
    before_limits, after_limits = natural_limits(CALM), natural_limits(after)

    found = variation(CALM, after)

    assert found.before == pytest.approx(before_limits.upper - before_limits.lower)
    assert found.after == pytest.approx(after_limits.upper - after_limits.lower)
    assert found.ratio == pytest.approx(0.5)
    assert found.low < 0.5 < found.high < 1
    assert found.changed == -1
    assert variation(after, CALM).changed == 1


def test_as_wide_as_before_is_no_change() -> None:
    """The interval holds 1."""
    found = variation(CALM[:20], CALM[20:])

    assert found.low < 1 < found.high
    assert found.changed == 0


def test_gaps_take_their_steps_away() -> None:
    """As if the series were shorter."""
    assert variation([*CALM[:20], None, *CALM[20:]], CALM).before != variation(CALM, CALM).before


def test_nothing_varies_any_more() -> None:
    """After the change every week is the same."""
    assert variation(CALM, [3.0] * 20).high == 0


@pytest.mark.parametrize(
    ("before", "after"), [(CALM[:11], CALM), (CALM, CALM[:11]), ([1.0] * 20, CALM)]
)
def test_too_little_to_compare_is_refused(before: list[float], after: list[float]) -> None:
    """Eleven on one side, or no variation before."""
    with pytest.raises(TooFewPoints):
        variation(before, after)
