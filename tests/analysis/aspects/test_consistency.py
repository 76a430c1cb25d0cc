"""Consistency against numpy, and what it must not be fooled by."""

import numpy as np
import pytest

from opsgauge.analysis.aspects.consistency import consistency
from opsgauge.foundation.errors import TooFewPoints
from tests.analysis.aspects.samples import groups

pytestmark = pytest.mark.row("CAT-18")


def test_it_is_the_root_mean_square_of_each_types_own() -> None:
    """Two teams of one type are one type; numpy's coefficients, weighted by degrees of freedom."""
    chance = np.random.default_rng(1)
    mail, disk = chance.gamma(4, 2, 40), chance.gamma(9, 30, 25)
    found = consistency(
        groups({("mail", "A"): mail[:10], ("mail", "B"): mail[10:], ("disk", "A"): disk})
    )
    each = [np.std(values, ddof=1) / np.mean(values) for values in (mail, disk)]

    assert [s.variation for s in found.segments] == pytest.approx(each)
    assert found.variation == pytest.approx(np.sqrt((39 * each[0] ** 2 + 24 * each[1] ** 2) / 63))
    assert found.n == 65


def test_unlike_types_are_not_inconsistent() -> None:
    """Ten minutes for one, ten days for the other, each always the same."""
    found = consistency(groups({("a", "A"): [1 / 6] * 15, ("b", "A"): [240.0] * 15}))

    assert found.variation == pytest.approx(0, abs=1e-12)


def test_another_unit_changes_nothing() -> None:
    """Hours or minutes, it has no unit."""
    values = [1.0, 2.0, 5.0, 9.0] * 6
    hours = consistency(groups({("a", "A"): values}))
    minutes = consistency(groups({("a", "A"): [60 * each for each in values]}))

    assert hours.variation == pytest.approx(minutes.variation)


def test_types_of_one_record_tell_nothing() -> None:
    """Fifty of them are too few."""
    with pytest.raises(TooFewPoints, match="there are 0"):
        consistency(groups({(f"t{n}", "A"): [float(n + 1)] for n in range(50)}))
