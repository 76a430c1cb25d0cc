"""What was known, what is gone and what was restated, on the command line."""

import pytest

from opsgauge.cli.exits import Exit
from tests.cli.conftest import Run
from tests.conftest import Intake

MAPPING = """
source: desk
shape: tickets
ticket_id: number
times: {zone: UTC}
fields: {opened_at: opened, original_status: state}
phases: {New: new}
"""
FIRST = "number,opened,state\n" + "".join(f"T{n},2026-0{n}-05,New\n" for n in range(1, 7))
LATER = FIRST.replace("T2,2026-02-05,New\n", "") + "T7,2026-01-09,New\n"


@pytest.mark.row("GOV-10")
@pytest.mark.row("ING-05")
def test_a_full_export_is_imported_listed_and_seen_in_past_months(
    opsgauge: Run, intake: Intake
) -> None:
    """One ticket gone, one late: two months that were over are others, and the old ones stand."""
    place = ("--workspace", intake.workspace.path)
    mapping = ("--mapping", intake.file(MAPPING, "desk.yaml"))
    assert opsgauge("import", intake.file(FIRST, "a.csv"), *mapping, *place).code == Exit.OK
    made = intake.version().made_at.isoformat()

    ran = opsgauge("import", intake.file(LATER, "b.csv"), *mapping, "--full", *place)
    assert "1 tickets were found gone at the source, 0 back" in ran.out
    assert "T2" in opsgauge("deleted", *place).out
    [gone] = opsgauge("deleted", *place, "--format", "json").json["deleted"]
    assert (gone["ticket_id"], gone["kind"], gone["file"]) == ("T2", "missing", "b.csv")
    assert opsgauge("deleted", *place, "--known-at", made, "--format", "json").json == {
        "data_version": 1,
        "deleted": [],
    }

    ran = opsgauge("restated", "tickets_opened", *place, "--format", "json")
    assert ran.code == Exit.SIGNAL
    assert [(row["period"], row["old"], row["new"]) for row in ran.json["restated"]] == [
        ("2026-01", 1.0, 2.0),
        ("2026-02", 1.0, 0.0),
    ]
    assert (
        "2 of 5 months that were over are restated"
        in opsgauge("restated", "tickets_opened", *place).out
    )
    asked = ("measure", "tickets_opened", "--format", "json", *place)
    assert len(opsgauge(*asked, "--period", "month", "--compare-version", 1).json["restated"]) == 2
    assert opsgauge(*asked).json["rows"][0]["value"] == 6.0
    assert opsgauge(*asked, "--known-at", made).json["data_version"] == 1
    early = opsgauge(*asked, "--known-at", "2020-01-01")
    assert early.code == Exit.MISUSE
    assert "Nothing was known at 2020-01-01 00:00 UTC" in early.err
