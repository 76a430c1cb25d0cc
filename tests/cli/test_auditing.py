"""The audit, the verdict on it, backups and published numbers, on the command line."""

import csv
import io
from pathlib import Path

import pytest

from opsgauge.cli.exits import Exit
from opsgauge.governance import audit
from tests.cli.conftest import Run
from tests.conftest import Intake

LOG = "number,at,state,team,who\n" + "".join(
    f"INC{n},2026-01-0{n} 08:00,New,A,Ann\n" for n in range(1, 9)
)


@pytest.mark.row("GOV-07")
def test_the_audit_is_listed_and_verified(opsgauge: Run, intake: Intake) -> None:
    """Exit 0 with the hash to keep; 1 once a byte was changed, with the line where."""
    ctx, place = intake.context, ("--workspace", intake.workspace.path)
    for which in range(3):
        audit.append(ctx.database, ctx.clock, ctx.actor, "import:run", f"=w{which}", after=[which])
    ran = opsgauge("verify", *place)
    assert ran.code == Exit.OK
    assert "All 3 lines are as they were written." in ran.out
    kept = opsgauge("verify", *place, "--format", "json").json["last_hash"]
    assert kept in ran.out

    assert "=w2" in opsgauge("audit", *place).out
    page = opsgauge("audit", *place, "--limit", 2, "--format", "json").json
    assert [line["number"] for line in page["lines"]] == [3, 2]
    assert "--before 2" in opsgauge("audit", *place, "--limit", 2).out
    assert "No line" in opsgauge("audit", *place, "--actor", "eve").out
    rows = list(csv.DictReader(io.StringIO(opsgauge("audit", *place, "--format", "csv").out)))
    assert [row["subject"] for row in rows] == ["'=w2", "'=w1", "'=w0"]

    assert opsgauge("verify", "--expect", kept, *place).code == Exit.OK
    other = opsgauge("verify", "--expect", "f" * 64, *place)
    assert (other.code, "made anew" in other.out) == (Exit.SIGNAL, True)
    assert opsgauge("verify", "--expect", "no-hash", *place).code == Exit.MISUSE
    with ctx.database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_lines_no_update")
        connection.exec_driver_sql("UPDATE audit_lines SET actor = 'loca1' WHERE number = 2")
    broken = opsgauge("verify", *place)
    assert broken.code == Exit.SIGNAL
    assert "Line 2 is not as it was written." in broken.out
    told = opsgauge("verify", *place, "--format", "json").json
    assert (told["fault"], told["broken_line"], told["lines"]) == ("altered", 2, 1)


@pytest.mark.row("GOV-07")
@pytest.mark.row("GOV-08")
def test_a_workspace_is_backed_up_and_its_published_number_comes_back(
    opsgauge: Run, intake: Intake, tmp_path: Path
) -> None:
    """Publish, back up with the data, restore elsewhere, and compute it again there."""
    intake.takes(LOG)
    place, again = ("--workspace", intake.workspace.path), ("--workspace", tmp_path / "again")
    made = opsgauge("measure", "tickets_opened", "--publish", *place, "--format", "json")
    assert made.json["rows"][0]["value"] == 8.0
    assert made.err.startswith("Published as N-1;")
    assert "tickets_opened" in opsgauge("published", *place).out

    file = tmp_path / "desk.zip"
    ran = opsgauge("backup", file, "--with-data", *place)
    assert "It holds the key" in ran.out
    assert opsgauge("backup", file, *place).code == Exit.MISUSE
    assert opsgauge("restore", file, *place).code == Exit.MISUSE
    done = opsgauge("restore", file, *again)
    assert (done.code, "all as they were written" in done.out) == (Exit.OK, True)

    ran = opsgauge("recompute", "N-1", *again)
    assert ran.code == Exit.OK
    assert "Data version 1, which it names, gives the same values." in ran.out
    assert opsgauge("recompute", "N-2", *again).code == Exit.MISUSE
    assert opsgauge("verify", *again).code == Exit.OK


@pytest.mark.row("GOV-08")
def test_a_number_that_does_not_come_back_is_explained(opsgauge: Run, intake: Intake) -> None:
    """Exit 1, with what was, what is, and by which of the three."""
    intake.takes(LOG)
    place = ("--workspace", intake.workspace.path)
    opsgauge("measure", "tickets_opened", "--publish", *place)
    intake.takes("number,at,state,team,who\nINC9,2026-01-09 08:00,New,A,Ann\n", name="later.csv")
    ran = opsgauge("recompute", "n-1", *place)
    assert ran.code == Exit.OK
    assert "Data version 2, the newest, gives 1 other value." in ran.out
    assert "By the data: Data version 2 holds other records than 1" in ran.out
    rows = opsgauge("recompute", "N-1", *place, "--format", "csv").out.splitlines()
    assert rows == ["of,data_version,period,was,is,n_was,n_is", "newest,2,all,8.0,9.0,8,9"]

    (intake.workspace.path / "opsgauge.toml").write_text('zone = "Asia/Tokyo"\n')
    for file in (intake.workspace.path / "warehouse" / "tickets").rglob("*.parquet"):
        if str(file) not in intake.context.warehouse.files(
            "tickets", intake.version().tables["tickets"]
        ):
            file.unlink()
    ran = opsgauge("recompute", "N-1", *place)
    assert ran.code == Exit.SIGNAL
    assert "Data version 1, which it names, gives no answer." in ran.out
    assert "By the data: Data version 1 cannot be read" in ran.out
