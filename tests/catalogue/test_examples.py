"""Every built-in metric gives what its worked example says, on a real engine."""

import pytest

from opsgauge.metrics.example import work_example
from tests.metrics.desks import CATALOGUE, NAMES


@pytest.mark.row("CAT-01")
@pytest.mark.parametrize("name", NAMES)
def test_an_example_gives_what_it_says(name: str) -> None:
    """Each statistic it names, over everything."""
    metric = CATALOGUE.get(name)

    assert work_example(metric) == pytest.approx(dict(metric.definition.example.gives), rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_an_example_tells_counted_from_not_counted(name: str) -> None:
    """It has more than one ticket, and its numbers are not all nothing."""
    example = CATALOGUE.get(name).definition.example

    assert len(example.tickets) > 1
    assert any(example.gives.values())
