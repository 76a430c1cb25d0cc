"""Verbs of the catalogue: what it holds, what it lacks, and what a change of it does."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from opsgauge.metrics.load import load_catalogue
from opsgauge.operations.catalogue import written
from tests.cli.conftest import Run
from tests.web.pages.desk import make_desk

CATALOGUE = load_catalogue()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with tickets."""
    folder = tmp_path_factory.mktemp("catalogue") / "desk"
    return Path(make_desk(folder).workspace.path)


def save(file: Path, name: str, **change: Any) -> Path:
    """Write a built-in metric to a file, with some keys changed."""
    file.write_text(yaml.safe_dump({name: {**written(CATALOGUE.get(name)), **change}}))
    return file


@pytest.mark.row("CAT-19")
def test_two_definitions_are_measured_on_the_same_data(
    opsgauge: Run, desk: Path, tmp_path: Path
) -> None:
    """What was resolved, dated by its closing: which keys differ, and by how much in each month."""
    other = save(tmp_path / "proposal.yaml", "time_to_resolve", to="closed_at")
    done = opsgauge(
        "metrics", "diff", "time_to_resolve", other, "--workspace", desk, "--format", "json"
    )

    assert done.code == 1
    assert done.json["changed"] == ["to"]
    assert done.json["one"]["origin"] == "built-in"
    rows = [row for row in done.json["rows"] if row["difference"] is not None]
    assert rows
    for row in rows:
        assert row["difference"] == pytest.approx(row["other"] - row["one"])


def test_the_same_definition_gives_no_difference(opsgauge: Run, desk: Path, tmp_path: Path) -> None:
    """Exit code 0; two files are compared by the name both hold."""
    one, other = (save(tmp_path / f"{n}.yaml", "reopened_share") for n in (1, 2))
    done = opsgauge("metrics", "diff", one, other, "--workspace", desk)

    assert done.code == 0, done.err
    assert "Changed: nothing." in done.out


def test_other_units_are_two_metrics(opsgauge: Run, desk: Path, tmp_path: Path) -> None:
    """Hours less a share mean nothing."""
    change = {**written(CATALOGUE.get("reopened_share")), "counter_metric": "backlog"}
    (tmp_path / "x.yaml").write_text(yaml.safe_dump({"time_to_resolve": change}))
    done = opsgauge("metrics", "diff", "time_to_resolve", tmp_path / "x.yaml", "--workspace", desk)

    assert done.code == 2
    assert "share" in done.err


@pytest.mark.row("CAT-20")
def test_what_is_exported_can_be_imported(opsgauge: Run, desk: Path, tmp_path: Path) -> None:
    """All of it is there already; a metric of another name is taken in, once."""
    file = tmp_path / "ours.yaml"
    file.write_text(opsgauge("metrics", "export").out)
    again = opsgauge("metrics", "import", file, "--workspace", desk, "--format", "json")
    assert again.json["imported"] == []
    assert len(again.json["there_already"]) == len(CATALOGUE)

    said = {"our_reopened_share": written(CATALOGUE.get("reopened_share"))}
    file.write_text(yaml.safe_dump(said))
    done = opsgauge("metrics", "import", file, "--workspace", desk, "--format", "json")
    assert done.json["imported"] == ["our_reopened_share"]
    shown = opsgauge(
        "metrics", "show", "our_reopened_share", "--workspace", desk, "--format", "json"
    )
    assert shown.json["practice"] == "ours"
    (desk / "catalogue" / "ours.yaml").unlink()


def test_an_import_that_would_change_a_definition_is_refused(
    opsgauge: Run, desk: Path, tmp_path: Path
) -> None:
    """It says how to compare the two, and writes nothing."""
    file = save(tmp_path / "mine.yaml", "reopened_share", title="Reopened")
    done = opsgauge("metrics", "import", file, "--workspace", desk)

    assert done.code == 2
    assert "metrics diff reopened_share" in done.err
    assert not (desk / "catalogue" / "mine.yaml").exists()


@pytest.mark.parametrize("form", ["csv", "json"])
def test_the_catalogue_is_exported_for_readers(opsgauge: Run, form: str) -> None:
    """A row for each metric, with its mark and its life."""
    told = opsgauge("metrics", "export", "--format", form)

    assert told.code == 0
    assert "tickets_closed" in told.out
    assert "certified" in told.out


@pytest.mark.row("CAT-18")
def test_gaps_of_a_score_card_are_named(opsgauge: Run) -> None:
    """Every aspect with its metrics; exit code 1 where one has none."""
    done = opsgauge("metrics", "gaps", "--practice", "change", "--format", "json")

    assert "change_failure_share" not in done.json["gaps"]
    assert set(done.json["aspects"]) >= {"efficiency", "consistency", "compliance"}
    assert (done.code == 1) == bool(done.json["gaps"])
    assert opsgauge("metrics", "gaps", "--practice", "chnge").code == 2


@pytest.mark.row("CAT-15")
def test_a_count_alone_is_marked_wherever_it_is_listed(opsgauge: Run) -> None:
    """With what to read beside it."""
    listed = {m["id"]: m for m in opsgauge("metrics", "list", "--format", "json").json["metrics"]}

    assert listed["tickets_closed"]["vanity"]
    assert "Tickets resolved" in listed["tickets_closed"]["read_beside"]
    assert not listed["time_to_resolve"]["vanity"]
    assert listed["time_to_resolve"]["read_beside"] == ""


@pytest.mark.row("CAT-16")
def test_a_metric_asked_of_another_practice_says_so(opsgauge: Run, desk: Path) -> None:
    """The number stands, the caveat beside it; so does that there are no such tickets."""
    told = opsgauge(
        *("measure", "first_level_resolution_share", "--where", "practice=change"),
        *("--workspace", desk, "--format", "json"),
    )

    assert told.json["caveats"] == [
        "Resolved where it came in is made for incident and request; of change it says little.",
        "There is no 'change' among practice; most frequent: incident (966).",
    ]


@pytest.mark.row("CAT-14")
def test_views_by_command_are_counted_and_the_unused_named(opsgauge: Run, desk: Path) -> None:
    """Today everything but what was just measured and charted; of ninety days it is too early."""
    opsgauge("measure", "backlog_age", "--workspace", desk)
    opsgauge("chart", "backlog", "--workspace", desk)
    opsgauge("metrics", "explain", "backlog", "--workspace", desk)
    asked = ("metrics", "unused", "--workspace", desk)
    told = opsgauge(*asked, "--days", "1", "--format", "json")
    views = {line["metric"]: line["views"] for line in told.json["metrics"]}

    assert told.code == 1
    assert not {"backlog", "backlog_age"} & set(told.json["unused"])
    assert "net_promoter_score" in told.json["unused"]
    assert views["backlog"] == {"page": 0, "api": 0, "cli": 2}
    early = opsgauge(*asked)
    assert early.code == 0
    assert "too early" in early.out
    assert "backlog_age" in opsgauge(*asked, "--all").out


@pytest.mark.row("CAT-18")
def test_a_score_card_is_measured(opsgauge: Run, desk: Path) -> None:
    """Three sentences below the table; exit code 0 where nothing is lacking."""
    asked = ("metrics", "aspects", "--practice", "incident", "--workspace", desk)
    told, plain = opsgauge(*asked), opsgauge(*asked, "--format", "json")

    assert told.code == plain.code == 0
    for aspect, sentence in plain.json["sentences"].items():
        assert f"{aspect.capitalize()}: {sentence}" in told.out
    assert "between one shift and another" in told.out
    assert plain.json["over_shifts"]["shifts"]["share"] >= 0
    hourly = opsgauge(*asked, "--shift", "opened_hour", "--format", "json").json
    assert hourly["over_shifts"]["cells"] > plain.json["over_shifts"]["cells"]
    assert opsgauge(*asked, "--across", "assignee").code == 2
    assert opsgauge(*asked, "--shift", "opened_weekday").code == 2


@pytest.mark.row("CAT-20")
@pytest.mark.parametrize("form", ["csv", "metricflow"])
def test_other_forms_go_out_and_come_in(
    opsgauge: Run, desk: Path, tmp_path: Path, form: str
) -> None:
    """What they can say is there already; what MetricFlow cannot say is named, exit code 1."""
    out = opsgauge("metrics", "export", "--format", form)
    file = tmp_path / f"theirs.{'csv' if form == 'csv' else 'yaml'}"
    file.write_text(out.out)
    done = opsgauge("metrics", "import", file, "--workspace", desk, "--format", "json")

    assert out.code == (form == "metricflow")
    assert ("# Not carried: backlog: its kind, flow" in out.out) == (form == "metricflow")
    assert done.code == 0, done.err
    assert done.json["imported"] == []
    assert len(done.json["there_already"]) == len(CATALOGUE) - out.out.count("# Not carried:")
    assert opsgauge("metrics", "export", "--format", "xml").code == 2


@pytest.mark.row("CAT-20")
def test_open_semantic_interchange_goes_out_and_comes_in_whole(
    opsgauge: Run, desk: Path, tmp_path: Path
) -> None:
    """All of it is there already, also what it has no expression for, which is named; exit code 1.

    A file with one wrong key is refused with its line, and nothing of it is taken.
    """
    out = opsgauge("metrics", "export", "--format", "osi")
    file = tmp_path / "model.yaml"
    file.write_text(out.out)
    done = opsgauge("metrics", "import", file, "--workspace", desk, "--format", "json")
    before = sorted((desk / "catalogue").glob("*")) if (desk / "catalogue").exists() else []
    renamed = out.out.replace("name: tickets_opened\n", "name: opened_ours\n", 1)
    file.write_text(renamed.replace("datatype: Integer", "datatyp: Integer", 1))
    refused = opsgauge("metrics", "import", file, "--workspace", desk)
    after = sorted((desk / "catalogue").glob("*")) if (desk / "catalogue").exists() else []

    assert out.code == 1
    assert "# No expression: backlog: it counts what is open at a moment" in out.out
    assert done.code == 0, done.err
    assert (done.json["imported"], done.json["left_out"]) == ([], {})
    assert len(done.json["there_already"]) == len(CATALOGUE)
    assert refused.code == 2
    assert "datatyp: there is no such key. Did you mean 'datatype'?" in refused.err
    assert re.search(r"model\.yaml, line \d+", refused.err.replace("\n", " "))
    assert after == before
