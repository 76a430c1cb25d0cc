"""`opsgauge export log` and `opsgauge objects`, as they are typed."""

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


@pytest.mark.row("ING-03")
def test_a_log_goes_out_with_the_way_back(opsgauge: Run, desk: Path, tmp_path: Path) -> None:
    """The name says the form; the mappings are printed as they are used."""
    where = ("--workspace", desk)
    file, mappings = tmp_path / "desk.jsonocel", tmp_path / "mappings"
    done = opsgauge("export", "log", file, "--mappings", mappings, *where)
    told = [line for line in done.out.splitlines() if line.startswith("To read it back: ")]

    assert done.code == 0
    assert len(told) == len(list(mappings.glob("*.yaml"))) > 1
    other = tmp_path / "other"
    assert opsgauge("init", other).code == 0
    for line in told:
        words = line.removeprefix("To read it back: opsgauge ").split()
        back = opsgauge(*words, "--workspace", other, "--format", "json")
        assert (back.code, back.json["rejected"]) == (0, 0)


def test_a_log_of_no_known_form_is_told(opsgauge: Run, desk: Path, tmp_path: Path) -> None:
    """With what it may be; and what is there is not written over."""
    done = opsgauge("export", "log", tmp_path / "desk.doc", "--workspace", desk)

    assert done.code == 2
    assert "xes, csv, ocel-json, ocel-sqlite" in done.err


@pytest.mark.row("MAP-18")
def test_objects_in_every_form(opsgauge: Run, desk: Path) -> None:
    """Ties and times in words, as JSON and as CSV."""
    asked = ("objects", "--workspace", desk, "--format")
    table, plain, lines = (opsgauge(*asked, form) for form in ("table", "json", "csv"))

    assert "Fix made → last recurrence" in table.out
    assert plain.json["ties"]
    assert lines.out.startswith("step,words,n,median_hours")
