"""`opsgauge calendars` in its three forms."""

import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.web.pages.desk import CALENDAR


@pytest.fixture
def workspace(opsgauge: Run, tmp_path: Path) -> Path:
    """Make a workspace as a user does, and write a calendar into it."""
    made = tmp_path / "w"
    opsgauge("init", made)
    (made / "calendars" / "desk.yaml").write_text(CALENDAR)
    return made


def test_calendars_are_listed(opsgauge: Run, workspace: Path) -> None:
    """For people, and for programs with the same names."""
    done = opsgauge("calendars", "list", "--workspace", workspace)

    assert done.code == 0
    assert "Mon to Thu 08:00-12:30, 13:15-17:00; Fri 08:00-14:00" in done.out
    plain = opsgauge("calendars", "list", "--workspace", workspace, "--format", "json").json
    assert [each["name"] for each in plain["calendars"]] == ["always", "desk"]
    lines = opsgauge("calendars", "list", "--workspace", workspace, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [row["name"] for row in rows] == ["always", "desk"]


def test_a_calendar_is_shown_as_a_year(opsgauge: Run, workspace: Path) -> None:
    """Months, and the days that differ; every day in the forms for programs."""
    asked = ("calendars", "show", "desk", "--year", 2026, "--workspace", workspace)
    done = opsgauge(*asked)

    assert done.code == 0
    assert "Service desk is open 1,964 hours on 252 days in 2026." in done.out
    assert "Epiphany" in done.out
    assert "Clocks go forward by 60 min" in done.out
    plain = opsgauge(*asked, "--format", "json").json
    rows = list(csv.DictReader(io.StringIO(opsgauge(*asked, "--format", "csv").out)))
    assert len(rows) == len(plain["days"]) == 365
    assert rows[5]["name"] == "Epiphany"


def test_always_has_nothing_that_differs(opsgauge: Run, workspace: Path) -> None:
    """So no second table."""
    done = opsgauge("calendars", "show", "always", "--year", 2025, "--workspace", workspace)

    assert "8,760 hours on 365 days in 2025" in done.out
    assert "What differs" not in done.out


def test_a_fault_is_told_and_ends_with_one(opsgauge: Run, workspace: Path) -> None:
    """With its file, line and key, by `check` as by `list`."""
    (workspace / "calendars" / "night.yaml").write_text("title: Night\nzone: Mars\nweek: {}\n")
    for verb in ("check", "list"):
        done = opsgauge("calendars", verb, "--workspace", workspace)
        assert done.code == 1
        assert "night.yaml, line 2, zone: 'Mars' is no IANA time zone." in done.out
    shown = opsgauge("calendars", "show", "desk", "--workspace", workspace)
    assert (shown.code, shown.out) == (2, "")
    assert "night.yaml" in shown.err


def test_check_says_that_all_fits(opsgauge: Run, workspace: Path) -> None:
    """Exit 0."""
    done = opsgauge("calendars", "check", "--workspace", workspace)

    assert done.code == 0
    assert done.out.count("fits") == 2


def test_an_unknown_calendar_is_refused(opsgauge: Run, workspace: Path) -> None:
    """With the nearest name, and exit 2."""
    done = opsgauge("calendars", "show", "dask", "--workspace", workspace)

    assert done.code == 2
    assert "Did you mean 'desk'?" in done.err
