"""What a forecast alert says comes true about as often as it says, in small.

`bench/forecast_alerts.py` measures the same in full, on more kinds of series.
"""

import pytest
from bench.forecast_alerts import KINDS, classes, said_and_came

FEW_SERIES = 24
ENOUGH, OFF, TOO_SURE = 100, 0.25, 0.15  # of so few series, classes lie further off by chance


@pytest.mark.row("ALR-01")
@pytest.mark.parametrize("kind", ["still", "growing", "wandering, weekdays"])
def test_what_is_said_comes_true(kind: str) -> None:
    """By classes of chance; and it is better than to say the same each time."""
    said, came = said_and_came(KINDS[kind], FEW_SERIES)
    judged = [each for each in classes(said, came) if each["n"] >= ENOUGH]
    assert len(judged) >= 2
    assert max(abs(each["said"] - each["came"]) for each in judged) < OFF
    assert max(each["said"] - each["came"] for each in judged) < TOO_SURE
    assert ((said - came) ** 2).mean() < came.mean() * (1 - came.mean())
