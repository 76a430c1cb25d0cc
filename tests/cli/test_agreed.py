"""`opsgauge targets`, `owners` and `exclusions`: set, listed in three forms, ended."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import MAPPING, Intake

MONDAY = date(2026, 1, 5)
WHY = ("--why", "Users wait.")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of eight weeks: A takes 2 hours, B takes 9."""
    intake = Intake(tmp_path_factory.mktemp("agreed"))
    rows = ["number,at,state,team,who"]
    for week in range(8):
        day = MONDAY + timedelta(days=7 * week)
        for team, hours in (("A", 2), ("B", 9)):
            rows.append(f"{team}{week},{day} 08:00,New,{team},x")
            rows.append(f"{team}{week},{day} {8 + hours:02}:00,Done,{team},x")
    intake.takes("\n".join(rows) + "\n", mapping=MAPPING + "practice: incident\n")
    intake.close()
    return intake.workspace.path


def lines(text: str) -> list[dict[str, str]]:
    """Return the lines of a CSV."""
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.row("CAT-12")
def test_a_target_is_set_told_and_ended(opsgauge: Run, desk: Path) -> None:
    """Off track ends with 1, in every form; when it has ended, its history has it."""
    at = ("--workspace", desk)
    made = opsgauge(
        *("targets", "set", "time_to_resolve", "3", "--where", "team=B", "--period", "week"),
        *("--from", "2026-01-05", "--review", "2026-12-31", *WHY, *at),
    )
    assert made.out == "Target 1 stands: time_to_resolve, median by week, team is B, goal 3.\n"
    assert made.code == 0

    table = opsgauge("targets", "list", *at)
    assert "The one target is off track." in table.out
    assert "Aim: at most 3.0 h." in " ".join(table.out.split())
    plain = opsgauge("targets", "list", "--format", "json", *at)
    [told] = plain.json["targets"]
    assert (told["state"], told["newest"], len(told["series"])) == ("off track", 9.0, 7)
    [line] = lines(opsgauge("targets", "list", "--format", "csv", *at).out)
    assert (line["state"], line["segment"], line["goal"]) == ("off track", "team=B", "3.0")
    assert "series" not in line
    assert {table.code, plain.code} == {1}
    assert opsgauge("targets", "list", "--metric", "backlog", *at).code == 0

    assert opsgauge("targets", "end", 1, *WHY, *at).out.startswith("Target 1 has ended")
    assert opsgauge("targets", "list", *at).out == "No target is set.\n"
    [old] = opsgauge("targets", "history", "--format", "json", *at).json["targets"]
    assert old["ended_at"]
    assert "Users wait." in opsgauge("targets", "history", *at).out


def test_a_target_in_percent_may_be_below_nought(opsgauge: Run, desk: Path) -> None:
    """And a share is written either way; one that is on track ends with 0."""
    at = ("--from", "2026-02-02", "--period", "week", *WHY, "--workspace", desk)
    less = opsgauge("targets", "set", "time_to_resolve", "-50", "--percent", *at)
    assert less.out.endswith("goal 2.75.\n")  # half of the median of 2 and 9
    share = opsgauge("targets", "set", "reopened_share", "5%", "--format", "csv", *at)
    assert [row["value"] for row in lines(share.out)] == ["0.05"]
    assert opsgauge("targets", "list", "--metric", "reopened_share", *at[-2:]).code == 0
    wrong = opsgauge("targets", "set", "reopened_share", "5,0", *at)
    assert wrong.code == 2
    assert "Write it with a point" in wrong.err
    assert opsgauge("targets", "set", "reopened_share", "5", "--reviw", "x", *at).code == 2


@pytest.mark.row("GOV-01")
def test_gaps_are_listed_until_somebody_is_named(opsgauge: Run, desk: Path) -> None:
    """Everything that lacks an owner ends the command with 1."""
    at = ("--workspace", desk)
    before = opsgauge("owners", "gaps", "--format", "csv", *at)
    missing = {(row["kind"], row["subject"]) for row in lines(before.out)}
    assert {("process", "incident"), ("metric", "backlog")} <= missing
    assert before.code == 1

    rights = ("--rights", "changes the routing")
    made = opsgauge("owners", "set", "process", "incident", "Ana", *rights, *at)
    assert made.out == "Ana is owner of process incident (line 1).\n"
    after = opsgauge("owners", "gaps", "--format", "json", *at).json["gaps"]
    assert ("process", "incident") not in {(each["kind"], each["subject"]) for each in after}
    [line] = opsgauge("owners", "list", "--format", "json", *at).json["owners"]
    assert (line["part"], line["rights"]) == ("owner", "changes the routing")
    assert "changes the routing" in opsgauge("owners", "list", *at).out
    assert opsgauge("owners", "end", 1, *at).out.startswith("Ana is no more owner")
    assert "did you mean" in opsgauge("owners", "set", "metrc", "x", "y", *at).err.lower()


@pytest.mark.row("GOV-11")
def test_an_exclusion_changes_numbers_once_approved(opsgauge: Run, desk: Path) -> None:
    """And both numbers are printed side by side, in every form."""
    at = ("--workspace", desk)
    measured = ("measure", "time_to_resolve", "--format", "csv", *at)
    assert "n_with_excluded" not in opsgauge(*measured).out
    ask = ("exclusions", "ask", "time_to_resolve", "--where", "team=B", "--from", "2026-01-12")
    assert "is asked: team is B, opened from" in opsgauge(*ask, "--why", "A move.", *at).out
    assert "n_with_excluded" not in opsgauge(*measured).out

    assert "is in force" in opsgauge("exclusions", "approve", 1, *at).out
    [row] = lines(opsgauge(*measured).out)
    assert (row["n"], row["value"]) == ("9", "2.0")
    assert (row["n_with_excluded"], row["value_with_excluded"]) == ("16", "5.5")
    table = opsgauge("measure", "time_to_resolve", *at).out
    assert "With those left out" in table
    assert "5.5 h" in table
    [line] = lines(opsgauge("exclusions", "list", "--format", "csv", *at).out)
    assert (line["state"], line["where"], line["tickets"]) == ("in force", "team=B", "")
    assert "1 of 1 exclusions are in force." in opsgauge("exclusions", "list", *at).out
    assert opsgauge("exclusions", "end", 1, *WHY, "--format", "json", *at).json["state"] == "ended"
    assert "n_with_excluded" not in opsgauge(*measured).out


def test_tickets_are_named_one_by_one(opsgauge: Run, desk: Path) -> None:
    """One that is not there is told, and so is a name without its source."""
    ask, at = ("exclusions", "ask", "--why", "Tests."), ("--workspace", desk)
    done = opsgauge(*ask, "--ticket", "desk:A1", "--ticket", "desk:A2", *at)
    assert "desk:A1, desk:A2, of all metrics" in done.out
    assert opsgauge(*ask, "--ticket", "desk:Z9", *at).code == 2
    assert "names no ticket" in opsgauge(*ask, "--ticket", "A1", *at).err
