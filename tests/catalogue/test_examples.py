"""Every built-in metric gives what its worked example says, on a real engine."""

import pytest

from opsgauge.metrics.example import work_example
from opsgauge.metrics.paragraph import GEOMETRIC
from tests.metrics.desks import CATALOGUE, NAMES


@pytest.mark.row("CAT-01")
@pytest.mark.parametrize("name", NAMES)
def test_an_example_gives_what_it_says(name: str) -> None:
    """Each statistic it names, over everything."""
    metric = CATALOGUE.get(name)

    given, said = work_example(metric), dict(metric.definition.example.gives)
    assert given.keys() == said.keys()
    for statistic, value in said.items():
        # Logarithms are added up as whole parts of a milliard, so that engines agree.
        exact = 1e-9 if statistic == GEOMETRIC else 1e-12
        assert given[statistic] == pytest.approx(value, rel=exact), statistic


@pytest.mark.parametrize("name", NAMES)
def test_an_example_tells_counted_from_not_counted(name: str) -> None:
    """It has more than one record, and its numbers are not all nothing."""
    example = CATALOGUE.get(name).definition.example

    assert example.size > 1
    assert any(example.gives.values())
