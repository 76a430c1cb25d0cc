"""`opsgauge changes-before`: the same answer in words, as JSON and as CSV."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.operations.changed_desk import make_changed_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Import the desk with its changes."""
    made = make_changed_desk(tmp_path_factory.mktemp("changed"))
    yield made.workspace.path
    made.close()


@pytest.mark.row("ING-07")
def test_changes_before_an_incident_in_every_form(opsgauge: Run, desk: Path) -> None:
    """The words say that before is not because."""
    asked = ("changes-before", "I9", "--hours", "10", "--workspace", desk, "--format")
    table, plain, lines = (opsgauge(*asked, form) for form in ("table", "json", "csv"))

    assert "Before is not because" in table.out
    assert "the same item" in table.out
    assert "(as planned)" in table.out
    assert [each["change_id"] for each in plain.json["changes"]] == ["C1", "C3"]
    assert [row["change_id"] for row in csv.DictReader(io.StringIO(lines.out))] == ["C1", "C3"]
    assert {table.code, plain.code, lines.code} == {0}


def test_what_is_not_compared_says_why(opsgauge: Run, desk: Path) -> None:
    """And a wrong window or number is told as such."""
    done = opsgauge("changes-before", "R1", "--workspace", desk)
    assert "Not compared: only incidents" in done.out
    assert opsgauge("changes-before", "I99", "--workspace", desk).code == 2
    assert opsgauge("changes-before", "I9", "--hours", "0", "--workspace", desk).code == 2
