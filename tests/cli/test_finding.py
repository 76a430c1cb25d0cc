"""`opsgauge find` in its three forms."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import Intake
from tests.operations.test_find import NAMES, export


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Import a desk on which two teams bounce and Mondays are high."""
    made = Intake(tmp_path_factory.mktemp("found"))
    made.takes(export())
    yield made.workspace.path
    made.close()


def test_findings_are_told_in_sentences(opsgauge: Run, workspace: Path) -> None:
    """With size, interval and n, and what to beware of; exit 1, since somebody should look."""
    done = opsgauge("find", "--workspace", workspace)

    assert "Mail and Network send tickets to and fro" in done.out
    assert "Mondays bring" in done.out
    assert "Beware: " in done.out
    assert done.code == 1


def test_findings_as_json_and_csv_have_the_published_names(opsgauge: Run, workspace: Path) -> None:
    """The same in both."""
    plain = opsgauge("find", "--workspace", workspace, "--format", "json").json
    lines = opsgauge("find", "--workspace", workspace, "--format", "csv").out

    assert [set(each) for each in plain["findings"]] == [NAMES, NAMES]
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [row["id"] for row in rows] == [each["id"] for each in plain["findings"]]
    assert set(rows[0]) == NAMES | {"suspect"}


def test_where_nothing_stands_out_it_says_so(opsgauge: Run, workspace: Path) -> None:
    """Exit 0: nobody needs to look."""
    chosen = ("--where", "first_team=Desk", "--to", "2026-02-01")
    done = opsgauge("find", *chosen, "--workspace", workspace)

    assert "Nothing stands out beyond chance." in done.out
    assert done.code == 0


@pytest.mark.row("MAP-04")
def test_what_lies_beyond_a_threshold_is_told_and_nobody_has_to_look(
    opsgauge: Run, workspace: Path
) -> None:
    """Exit 0: it is judged by nobody; the same in all forms."""
    done = opsgauge("find", "--described", "--workspace", workspace)
    plain = opsgauge("find", "--described", "--workspace", workspace, "--format", "json").json
    lines = opsgauge("find", "--described", "--workspace", workspace, "--format", "csv").out

    assert "judged by nobody" in done.out
    assert any(each["examples"] for each in plain["descriptions"])
    for each in plain["descriptions"]:
        assert all(example["ticket"] in done.out for example in each["examples"])
    assert done.code == 0
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [row["claim"] for row in rows] == [each["claim"] for each in plain["descriptions"]]
