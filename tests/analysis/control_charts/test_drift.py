"""Slow decay after a redesign."""

import numpy as np
import pytest

from opsgauge.analysis.control_charts.drift import drift
from opsgauge.foundation.errors import TooFewPoints

DRAWS = np.random.default_rng(1)
USUAL = (10 + DRAWS.standard_normal(20)).tolist()
LATER = 10 + DRAWS.standard_normal(30)


@pytest.mark.row("SPC-13")
@pytest.mark.parametrize("way", [1, -1])
def test_a_slow_slide_is_found_with_its_begin_and_its_size(way: int) -> None:
    """After ten steady weeks it slides a tenth of a sigma a week."""
    slide = way * 0.1 * np.maximum(0, np.arange(30) - 10)

    found = drift([*USUAL, *(LATER + slide).tolist()])

    assert found.found
    assert found.seen is not None
    assert found.since is not None
    assert 25 <= found.since <= found.seen <= 49
    assert found.size * way > 0.5
    assert found.interval[0] < found.size < found.interval[1]


@pytest.mark.row("SPC-13")
def test_a_steady_process_does_not_drift() -> None:
    """Nor does one that has come back."""
    came_back = LATER.copy()
    came_back[5:12] += 3

    assert not drift([*USUAL, *LATER.tolist()]).found
    assert not drift([*USUAL, *came_back.tolist()]).found


def test_a_series_without_variation_does_not_drift_until_it_does() -> None:
    """Equal values stay; any step is one."""
    assert not drift([0.3] * 20 + [0.1 + 0.2] * 5).found
    assert drift([0.3] * 20 + [0.4] * 5).found


def test_gaps_leave_the_smoothed_mean_where_it_was() -> None:
    """Empty weeks say nothing."""
    later = (LATER + 2).tolist()

    plain, gapped = drift([*USUAL, *later]), drift([*USUAL, None, *later, float("nan")])

    assert gapped.smoothed == pytest.approx(plain.smoothed)


@pytest.mark.parametrize(
    ("values", "baseline"),
    [(USUAL, 20), (USUAL, 11), ([*USUAL[:11], *[None] * 9, 1.0], 20), ([], 0)],
)
def test_too_little_to_tell_is_refused(values: list[float | None], baseline: int) -> None:
    """Nothing after the baseline, or fewer than twelve in it."""
    with pytest.raises(TooFewPoints):
        drift(values, baseline)
