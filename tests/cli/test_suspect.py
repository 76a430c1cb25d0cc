"""Numbers that a failed check touches are marked on the command line, in every form."""

import csv
import io
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import MAPPING, Intake

DAYS = [f"2026-0{1 + n // 28}-{1 + n % 28:02}" for n in range(84)]
ODD = "number,at,state,team,who,opened\n" + "".join(
    f"T{n},{day}T12:00Z,Done,Desk,ann,{day}T{'13' if n % 2 else '09'}:{n % 50:02}Z\n"
    for n, day in enumerate(DAYS)
)
CHECK = "order_of_moments"


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """Make a workspace of which half the tickets end before they begin."""
    desk = Intake(tmp_path)
    mapping = MAPPING.replace("fields:", "fields:\n  opened_at: opened\n  resolved_at: at")
    desk.takes(ODD, mapping=mapping)
    desk.close()
    return desk.workspace.path


@pytest.mark.row("GOV-05")
@pytest.mark.parametrize("verb", ["measure", "chart"])
def test_a_suspect_number_is_marked_in_every_form(opsgauge: Run, odd: Path, verb: str) -> None:
    """In words, in JSON, in a column of the CSV; and the exit code says that somebody look."""
    asked = (verb, "time_to_resolve", "--workspace", odd, "--format")
    table, plain, lines = (opsgauge(*asked, form) for form in ("table", "json", "csv"))

    assert f"Data suspect: {CHECK}. See opsgauge check." in table.out
    assert plain.json["suspect"] == [CHECK]
    rows = list(csv.DictReader(io.StringIO(lines.out)))
    assert rows
    assert {row["suspect"] for row in rows} == {CHECK}
    assert {table.code, plain.code, lines.code} == {1}


def test_a_number_that_stands_on_other_columns_is_not(opsgauge: Run, odd: Path) -> None:
    """How many were opened is sound; the column is there, and empty."""
    done = opsgauge("measure", "tickets_opened", "--workspace", odd, "--format", "csv")

    assert [row["suspect"] for row in csv.DictReader(io.StringIO(done.out))] == [""]
    assert done.code == 0


@pytest.mark.parametrize("verb", ["map", "variants"])
def test_maps_are_marked_where_history_is_suspect(
    opsgauge: Run, odd: Path, tmp_path: Path, verb: str
) -> None:
    """Of the odd desk they are sound; of one whose records lie in the future they are not."""
    assert opsgauge(verb, "--workspace", odd).code == 0
    (tmp_path / "future").mkdir()
    desk = Intake(tmp_path / "future")
    desk.takes("number,at,state,team,who\nT1,2099-01-05T08:00Z,New,Desk,ann\n")
    desk.close()

    table = opsgauge(verb, "--workspace", desk.workspace.path)
    assert "Data suspect: future_moments" in table.out
    assert table.code == 1
    plain = opsgauge(verb, "--workspace", desk.workspace.path, "--format", "json")
    assert plain.json["suspect"] == ["future_moments"]


def test_a_check_that_cannot_be_made_asks_to_be_looked_at(
    opsgauge: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 1, though nothing was found."""
    desk = Intake(tmp_path)
    desk.takes("number,at,state,team,who\nT1,2026-01-05T08:00Z,New,Desk,ann\n")
    desk.close()
    assert opsgauge("check", "--workspace", desk.workspace.path).code == 0

    monkeypatch.setattr("opsgauge.log.checks.rules.counted", None)
    done = opsgauge("check", "--workspace", desk.workspace.path, "--format", "json")

    assert done.code == 1
    assert {each["state"] for each in done.json["checks"]} >= {"unknown", "pass"}


@pytest.mark.row("GOV-05")
def test_withheld_numbers_are_in_no_form(opsgauge: Run, odd: Path) -> None:
    """The rows stay, to say that there is something; a chart is refused with the reason."""
    (odd / "opsgauge.toml").write_text('withhold_on = ["*"]\n')
    asked = ("measure", "time_to_resolve", "--workspace", odd, "--format")
    table, plain, lines = (opsgauge(*asked, form) for form in ("table", "json", "csv"))

    assert f"Withheld, as the workspace says (withhold_on): {CHECK}." in table.out
    assert plain.json["withheld"] == [CHECK]
    [row] = plain.json["rows"]
    assert [row[name] for name in ("n", "value", "low", "high")] == [None] * 4
    [line] = csv.DictReader(io.StringIO(lines.out))
    assert (line["value"], line["n"], line["withheld"]) == ("", "", CHECK)
    assert {table.code, plain.code, lines.code} == {1}
    chart = opsgauge("chart", "time_to_resolve", "--workspace", odd)
    assert chart.code == 2
    assert "‘Moments in order’" in chart.err


@pytest.mark.row("GOV-05")
def test_check_gives_the_score_and_what_is_touched(opsgauge: Run, odd: Path) -> None:
    """In words, and for programs by metric."""
    table = opsgauge("check", "--workspace", odd)
    plain = opsgauge("check", "--workspace", odd, "--format", "json").json

    assert "Data-quality score: 50 of 100, held there since a critical check fails." in table.out
    touched = [each["metric"] for each in plain["impact"]]
    assert f"The numbers of {len(touched)} metrics are suspect" in table.out
    assert "time_to_resolve" in touched
    assert (plain["score"]["value"], plain["score"]["held"]) == (50.0, True)
    assert [each["source"] for each in plain["sources"]] == ["desk"]
