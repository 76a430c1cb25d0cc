"""On what a rule fires, in words."""

from dataclasses import replace

from opsgauge.foundation.alerting import Guard
from opsgauge.operations.alerting.spoken import fires_on
from opsgauge.operations.context import Context
from tests.operations.alerting.conftest import RULE


def test_a_limit_has_the_unit_of_its_metric(desk: Context) -> None:
    """Hours of a time; the limit at which it is calm again too."""
    guard = Guard("above", 48.0, clears=40.0)
    told = fires_on(desk, replace(RULE, metric="time_to_resolve", guard=guard))
    assert "Time to resolve above 48.0 h" in told.replace("\u202f", " ")
    assert "calm past 40.0 h" in told.replace("\u202f", " ")
