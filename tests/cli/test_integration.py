"""Where a source came in otherwise, on the command line."""

import pytest

from opsgauge.cli.exits import Exit
from tests.cli.conftest import Run
from tests.conftest import Intake
from tests.operations.test_integration import FIRST, LATER, OTHERWISE, READ


@pytest.mark.row("GOV-06")
def test_a_change_is_listed_with_its_numbers(opsgauge: Run, intake: Intake) -> None:
    """Exits 1 where a number is another, and 0 where a source comes in as at first."""
    place = ("--workspace", intake.workspace.path)
    intake.takes(FIRST, mapping=READ)
    calm = opsgauge("integration", *place)
    assert (calm.code, calm.out.strip()) == (
        Exit.OK,
        "Every source comes in as it did at its first import.",
    )

    intake.takes(LATER, mapping=OTHERWISE)
    told = opsgauge("integration", *place)
    assert told.code == Exit.SIGNAL
    assert "The mapping reads fields in another way: resolved at." in told.out
    assert "+100.0\u202f%" in told.out
    plain = opsgauge("integration", *place, "--format", "json").json
    [number] = [
        each for each in plain["compared"][0]["numbers"] if each["metric"] == "time_to_resolve"
    ]
    assert (number["before"], number["after"], number["differs"]) == (2.0, 4.0, True)
    assert opsgauge("integration", "--change", "1", *place).code == Exit.MISUSE
