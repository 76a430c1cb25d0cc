"""`opsgauge baseline`: frozen, signed, shown, rebased, excluded, undone, beside benchmarks."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import MAPPING, Intake

MONDAY = date(2026, 1, 5)
OF_A = ("time_to_resolve", "--where", "team=A")
WHY = ("--why", "It is so.")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of 24 weeks in which A takes 2 and 4 hours in turn."""
    intake = Intake(tmp_path_factory.mktemp("baselines"))
    rows = ["number,at,state,team,who"]
    for week in range(25):
        day = MONDAY + timedelta(days=7 * week)
        rows.append(f"A{week},{day} 08:00,Work,A,x")
        rows.append(f"A{week},{day} {10 + 2 * (week % 2)}:00,Done,A,x")
    intake.takes("\n".join(rows) + "\n", mapping=MAPPING + "practice: incident\n")
    intake.close()
    return intake.workspace.path


@pytest.mark.row("BAS-01")
@pytest.mark.row("BAS-02")
def test_a_baseline_from_its_freezing_to_its_chart(opsgauge: Run, desk: Path) -> None:
    """The newest twenty weeks; two sign by name; the chart then says whose limits it has."""
    at = ("--workspace", desk)
    made = opsgauge("baseline", "freeze", *OF_A, *at)
    assert made.out.startswith(
        "Baseline 1 is provisional: time_to_resolve, median by week, team is A, 2026-W06 to"
    )
    assert "It is no target" in made.out
    unnamed = opsgauge("baseline", "sign", 1, "owner", *at)
    assert (unnamed.code, "has to be named" in unnamed.err) == (2, True)
    opsgauge("baseline", "sign", 1, "owner", "--person", "Ana", *at)
    done = opsgauge("baseline", "sign", 1, "frontline", "--person", "Bo", *at)
    assert "is signed by Ana (owner, named, not signed in) and Bo" in done.out
    assert opsgauge("baseline", "object", 1, *WHY, "--person", "Cleo", *at).code == 0

    shown = opsgauge("baseline", "show", 1, *at)
    assert "Centre 3.0 h" in shown.out
    assert "in_progress" in shown.out
    assert "Cleo (objection, named, not signed in): It is so." in shown.out
    charted = opsgauge("chart", *OF_A, *at)
    assert "Limits frozen from 20 weeks to 2026-06-21, signed by Ana" in charted.out
    told = opsgauge("baseline", "list", "--format", "json", *at).json
    assert (told["sentence"], told["baselines"][0]["is_target"]) == ("1 baseline: 1 signed", False)
    listed = opsgauge("baseline", "list", "--format", "csv", *at).out
    [line] = csv.DictReader(io.StringIO(listed))
    assert (line["centre"], line["segment"], line["state"]) == ("3.0", "team=A", "signed")


@pytest.mark.row("BAS-10")
@pytest.mark.row("SPC-05")
def test_a_rebase_and_a_point_are_set_and_undone(opsgauge: Run, desk: Path) -> None:
    """Each needs its reason, a rebase its event too."""
    at = ("--workspace", desk)
    without = opsgauge("baseline", "rebase", *OF_A[:1], "2026-W12", *WHY, *at)
    assert (without.code, "--event" in without.err) == (2, True)
    event = ("--event", "A new tool.", "--on", "2026-03-16")
    made = opsgauge("baseline", "rebase", OF_A[0], "2026-W12", *OF_A[1:], *WHY, *event, *at)
    assert made.out.startswith("Rebase 1: time_to_resolve, median by week, team is A, begins anew")
    point = opsgauge("baseline", "exclude", OF_A[0], "2026-03-02", *OF_A[1:], *WHY, *at)
    assert "2026-W10." in point.out
    listed = opsgauge("baseline", "list", *at).out
    assert "A new tool.: It is so." in listed
    assert "excluded: It is so." in opsgauge("chart", *OF_A, *at).out
    assert opsgauge("baseline", "undo", "rebase", 1, *WHY, *at).out == "Rebase 1 is undone.\n"
    assert opsgauge("baseline", "undo", "point", 1, *WHY, *at).out == "Point 1 is undone.\n"
    assert "A new tool." not in opsgauge("baseline", "list", *at).out
    assert "A new tool." in opsgauge("baseline", "list", "--all", *at).out


@pytest.mark.row("BAS-09")
def test_benchmarks_are_loaded_listed_and_ended(opsgauge: Run, desk: Path) -> None:
    """A wrong line is named, and nothing is taken then."""
    at = ("--workspace", desk)
    heads = "metric,source,date,peer_group,percentile,value,differences"
    file = desk.parent / "peers.csv"
    file.write_text(f"{heads}\ntime_to_resolve,A survey,2025-06-30,Banks,50,9.5,Weekends too.\n")
    assert "1 benchmark is loaded" in opsgauge("baseline", "benchmark", "load", file, *at).out
    [told] = opsgauge("baseline", "benchmark", "list", "--format", "json", *at).json["benchmarks"]
    assert told["sentence"].endswith(
        "Banks, percentile 50: 9.5 h (A survey, 2025-06-30). Differs: Weekends too."
    )
    assert opsgauge("baseline", "benchmark", "end", told["number"], *WHY, *at).code == 0
    assert opsgauge("baseline", "benchmark", "list", *at).out == "No benchmark is loaded.\n"
    file.write_text(f"{heads}\ntime_to_resolv,A,2025-06-30,Banks,50,9.5,x\n")
    wrong = opsgauge("baseline", "benchmark", "load", file, *at)
    assert (wrong.code, "peers.csv, line 2: there is no metric" in wrong.err) == (2, True)
    missing = opsgauge("baseline", "benchmark", "load", desk / "none.csv", *at)
    assert (missing.code, "none.csv" in missing.err) == (2, True)
