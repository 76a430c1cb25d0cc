"""`signals` and `owners load`: noted, listed in three forms, decided about, overdue in the code."""

import csv
import io
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.cli.conftest import Run
from tests.conftest import MAPPING, Intake
from tests.nurseries import nursery

MONDAY = date(2026, 1, 5)
USUAL = (300, 360, 330, 372, 312, 348)  # minutes
WHY = ("--why", "Users wait.")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of thirteen weeks of twenty tickets, the last of which takes long."""
    intake = Intake(tmp_path_factory.mktemp("signals"))
    rows = ["number,at,state,team,who"]
    for week in range(14):
        day = MONDAY + timedelta(days=7 * week)
        minutes = 720 if week == 12 else USUAL[week % 6]
        for number in range(20 if week < 13 else 1):
            done = f"{day} {8 + minutes // 60:02}:{minutes % 60:02}"
            rows += [f"T{week}-{number},{day} 08:00,New,A,x", f"T{week}-{number},{done},Done,A,x"]
    intake.takes("\n".join(rows) + "\n", mapping=MAPPING + "practice: incident\n")
    intake.close()
    return intake.workspace.path


def lines(text: str) -> list[dict[str, str]]:
    """Return the lines of a CSV."""
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.row("SPC-06")
def test_a_note_that_is_killed_leaves_nothing(opsgauge: Run, desk: Path) -> None:
    """Neither a signal nor that anybody looked; the next one finds all."""
    asked = ["signals", "note", "--workspace", str(desk)]
    with nursery(Path(__file__).with_name("nursery.py")) as order:
        assert order({"arguments": asked, "after": None, "commit": 1})["killed"]
    listed = opsgauge("signals", "list", "--format", "json", "--workspace", desk).json
    assert (listed["looked_at_version"], listed["signals"]) == (None, [])


@pytest.mark.row("SPC-06")
@pytest.mark.row("GOV-03")
def test_a_signal_from_its_note_to_its_end(opsgauge: Run, desk: Path) -> None:
    """Something new ends with 1, as does what is overdue; twice is nothing new."""
    at = ("--workspace", desk)
    assert opsgauge("signals", "list", *at).out.startswith("Nobody has looked")
    what = ("time_to_resolve", "Ask the team.", "--within", 3, "--role", "service owner")
    made = opsgauge("signals", "protocol", "set", *what, *WHY, *at)
    assert made.out == (
        "Protocol 1 stands: time_to_resolve, service owner, within 3 working days of always: "
        "Ask the team.\n"
    )
    noted = opsgauge("signals", "note", *at)
    assert noted.code == 1
    assert "1 responses began." in noted.out
    assert opsgauge("signals", "note", "--format", "json", *at).code == 0

    listed = opsgauge("signals", "list", "--metric", "time_to_resolve", "--format", "csv", *at)
    [line, *_] = [row for row in lines(listed.out) if row["kind"] == "signal"]
    assert (line["seen_value"], line["seen_verdict"], line["rules"]) == (
        "12.0",
        "worse",
        "outside_limits",
    )
    number = line["number"]
    table = opsgauge("signals", "list", *at)
    assert "Above the upper limit" in " ".join(table.out.split())
    assert table.code == 0
    shown = opsgauge("signals", "show", number, *at)
    assert "the response of its protocol began: due" in " ".join(shown.out.split())
    assert opsgauge("signals", "show", number, "--format", "csv", *at).code == 0

    given = opsgauge("signals", "assign", number, "--owner", "Cleo", *at)
    assert f"Signal {number} is open: Time to resolve, median by week" in given.out
    assert "all tickets, Cleo, due" in given.out


@pytest.mark.row("SPC-06")
def test_a_signal_is_decided_about(opsgauge: Run, desk: Path) -> None:
    """Done, dismissed, undone, rebased; what does not fit says what to do."""
    number, at = 1, ("--workspace", desk)
    assert opsgauge("signals", "remark", number, "Asked.", *at).code == 0
    assert opsgauge("signals", "done", number, *WHY, *at).code == 0
    done = opsgauge("signals", "dismiss", number, "--cause", "A server.", "--format", "json", *at)
    assert (done.json["state"], done.json["place"]) == ("dismissed", "past")
    assert f"\n{number} " not in opsgauge("signals", "list", *at).out
    assert "dismissed" in opsgauge("signals", "list", "--all", *at).out
    wrong = opsgauge("signals", "dismiss", number, "--cause", "Twice.", *at)
    assert (wrong.code, f"opsgauge signals undo {number}" in wrong.err) == (2, True)
    assert "is open again" in opsgauge("signals", "undo", number, *WHY, *at).out
    assert "open again" in opsgauge("signals", "list", *at).out
    rebased = opsgauge("signals", "rebase", number, "--event", "Rota", *WHY, *at)
    assert "is rebased" in rebased.out
    assert opsgauge("signals", "undo", number, *WHY, *at).code == 0
    assert opsgauge("signals", "protocol", "end", 1, *WHY, *at).out.startswith("Protocol 1 has")
    assert opsgauge("signals", "protocol", "list", *at).out == "No response protocol is set.\n"
    assert "Ask the team." in opsgauge("signals", "protocol", "list", "--all", *at).out


@pytest.mark.row("ALR-06")
def test_notices_are_not_open_and_are_counted_apart(opsgauge: Run, desk: Path) -> None:
    """A state of their own, in the list, in its sentence and in the published form."""
    found = opsgauge("signals", "list", "--format", "json", "--workspace", desk).json
    states = {(each["place"], each["state"]) for each in found["signals"]}
    assert ("notices", "notice") in states
    assert not [state for place, state in states if place == "notices" and "open" in state]
    notices = [each for each in found["signals"] if each["place"] == "notices"]
    assert found["notices"] == len(notices)
    assert found["sentence"].endswith(f"; {len(notices)} notices")
    assert found["open"] == sum(each["place"] == "to do" for each in found["signals"])
    table = opsgauge("signals", "list", "--workspace", desk).out
    number = notices[0]["number"]
    assert [line.split()[1] for line in table.splitlines() if line.startswith(f"{number} ")] == [
        "notice"
    ]
    at = ("--workspace", desk)
    said = opsgauge("signals", "remark", number, "Known.", *at).out
    assert f"Signal {number} is a notice: " in said


@pytest.mark.row("ALR-06")
def test_moments_stand_on_the_workspaces_clock_with_its_zone(opsgauge: Run, desk: Path) -> None:
    """As the page shows them; programs get UTC, which says so."""
    settings = desk / "opsgauge.toml"
    kept = settings.read_text()
    settings.write_text(kept.replace('zone = "UTC"', 'zone = "Asia/Tokyo"'))
    at = ("--workspace", desk)
    history = opsgauge("signals", "show", 1, "--format", "json", *at).json["history"]
    shown = opsgauge("signals", "show", 1, *at).out
    settings.write_text(kept)
    first = datetime.fromisoformat(history[0]["made_at"]).astimezone(ZoneInfo("Asia/Tokyo"))
    assert history[0]["made_at"].endswith("Z")
    assert "When (Asia/Tokyo)" in shown
    assert f"{first:%Y-%m-%d %H:%M}" in shown


@pytest.mark.row("DSH-04")
def test_states_are_told_with_their_rule(opsgauge: Run, desk: Path) -> None:
    """In words, the worst first."""
    found = opsgauge("signals", "states", "--format", "json", "--workspace", desk).json
    states = {each["metric"]: (each["state"], each["rule"]) for each in found["metrics"]}
    assert states["time_to_resolve"][0] == "needs attention"
    assert states["time_to_resolve"][1].startswith("Above the upper limit")
    assert found["sentence"].startswith("Of ")


@pytest.mark.row("GOV-13")
def test_too_many_metrics_end_with_one(opsgauge: Run, desk: Path) -> None:
    """Above the setting, with the reason."""
    at = ("--workspace", desk)
    assert opsgauge("owners", "load", *at).out == "Nobody answers for a metric yet.\n"
    for metric in ("backlog", "time_to_resolve"):
        opsgauge("owners", "set", "metric", metric, "Ana", *at)
    assert opsgauge("owners", "load", *at).out == "Ana answers for 2 metrics.\n"
    settings = desk / "opsgauge.toml"
    settings.write_text(settings.read_text().replace("most_metrics = 12", "most_metrics = 1"))
    full = opsgauge("owners", "load", "--format", "csv", *at)
    assert (full.code, lines(full.out)[0]["too_many"]) == (1, "True")
