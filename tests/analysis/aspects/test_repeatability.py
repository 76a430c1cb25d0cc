"""Variance components against the looms of Montgomery's book, scipy, and groups made to order."""

from math import exp

import numpy as np
import pytest
from scipy.stats import f_oneway

from opsgauge.analysis.aspects.repeatability import components, repeatability
from opsgauge.foundation.errors import TooFewPoints
from tests.analysis.aspects.samples import groups

pytestmark = pytest.mark.row("CAT-18")
# Montgomery, Design and Analysis of Experiments, example 3.11: strength of fabric by loom.
LOOMS = ([98, 97, 99, 96], [91, 90, 93, 92], [96, 95, 97, 95], [95, 96, 99, 98])
SCALE = 1_000  # their exponentials are numbers that a machine holds


def test_the_looms_of_the_book() -> None:
    """Components 6.96 and 1.90; 0.79 of it between looms, 0.38 to 0.98."""
    looms = {("cloth", f"{n}"): np.exp(np.array(loom) / SCALE) for n, loom in enumerate(LOOMS)}
    found = components([groups(looms)])

    assert found.between * SCALE**2 == pytest.approx(6.958, abs=0.001)
    assert found.within * SCALE**2 == pytest.approx(1.896, abs=0.001)
    assert found.share == pytest.approx(0.786, abs=0.001)
    assert (found.low, found.high) == pytest.approx((0.385, 0.982), abs=0.002)
    assert found.factor == pytest.approx(exp(6.958**0.5 / SCALE))


def test_types_are_compared_with_themselves() -> None:
    """Nested in types, the F of scipy by hand; a type that is slow for all is no difference."""
    chance = np.random.default_rng(2)
    times = {
        (kind, team): np.exp(chance.normal(level + shift, 0.5, 30))
        for kind, level in (("mail", 0.0), ("disk", 5.0))
        for team, shift in (("A", 0.0), ("B", 0.6))
    }
    found = repeatability(groups(times))
    tests = [
        f_oneway(*(np.log(times[kind, team]) for team in "AB")).statistic
        for kind in ("mail", "disk")
    ]
    within = np.mean([np.var(np.log(each), ddof=1) for each in times.values()])
    each = [np.var([np.mean(np.log(times[k, t])) for t in "AB"], ddof=1) for k in ("mail", "disk")]

    assert found.within == pytest.approx(within)
    assert found.between == pytest.approx(np.mean(each) - within / 30)
    assert all(test > 1 for test in tests)
    assert (found.types, found.groups, found.n) == (2, 4, 120)


def test_groups_of_unlike_sizes_find_what_was_put_in() -> None:
    """Two hundred teams of 3 to 40 tickets, a spread of 0.4 between and 0.8 within."""
    chance = np.random.default_rng(3)
    said = {
        ("mail", f"{n:03}"): np.exp(chance.normal(chance.normal(2, 0.4), 0.8, 3 + n % 38))
        for n in range(200)
    }
    found = repeatability(groups(said))

    assert found.between**0.5 == pytest.approx(0.4, rel=0.12)
    assert found.within**0.5 == pytest.approx(0.8, rel=0.03)
    assert found.low < 0.16 / 0.8 < found.high


def test_equal_teams_are_repeatable() -> None:
    """The part between them is nought, not below; all the same is no division by nought."""
    equal = repeatability(groups({("a", name): [1.0, 2.0, 4.0] * 4 for name in "AB"}))
    same = repeatability(groups({("a", name): [2.0] * 12 for name in "AB"}))

    assert (equal.between, equal.share, equal.low, equal.factor) == (0, 0, 0, 1)
    assert (same.share, same.low, same.high) == (0, 0, 0)


def test_a_type_that_one_team_does_tells_nothing() -> None:
    """A hundred tickets of it are none to compare."""
    with pytest.raises(TooFewPoints, match="there are 0"):
        repeatability(groups({("a", "A"): [1.0] * 50, ("b", "B"): [2.0] * 50}))
