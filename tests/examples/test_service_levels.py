"""The flag of the UCI log beside clocks rebuilt from its states: the numbers of the example."""

import shutil
from pathlib import Path

import pytest

from opsgauge.operations.context import Context
from opsgauge.operations.service_level_source import beside_source
from tests.conftest import Intake

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "uci-incidents"


@pytest.mark.row("SLA-02")
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("until_resolved", [14_888, 5_826, 3_289, 915]),
        ("until_closed", [15_698, 7_207, 1_908, 105]),
        ("as_the_source", [15_650, 9_105, 10, 153]),
    ],
)
def test_clock_and_flag_differ_as_the_example_says(
    public_logs: Intake, name: str, counts: list[int]
) -> None:
    """Awaiting * as pauses, or not; stopped when resolved, or when closed."""
    where = public_logs.context.workspace.path
    for folder in ("calendars", "service_levels"):
        (where / folder).mkdir(exist_ok=True)
    shutil.copy(EXAMPLE / "calendars" / "weekdays.yaml", where / "calendars")
    shutil.copy(EXAMPLE / "service_levels.yaml", where / "service_levels")

    beside = beside_source(Context(public_logs.context.workspace), name)
    assert list(beside.counts.values()) == counts
    assert beside.n == 24_918
