"""`opsgauge sla` in its three forms."""

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import Intake
from tests.operations.test_service_levels import LEVELS, served


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a workspace with tickets and service levels."""
    intake = Intake(tmp_path_factory.mktemp("desk"))
    made = served(intake).workspace.path
    yield made
    intake.close()


@pytest.mark.row("SLA-02")
@pytest.mark.parametrize(
    ("asked", "code", "words", "rows"),
    [
        (("show",), 1, "50.0", 2),
        (("show", "in_time"), 1, "in_time", 1),
        (("breakdown", "in_time", "--late"), 0, "2 clocks used 26 hours.", 2),
        (("breakdown", "in_time", "--by", "phase", "--where", "priority=1"), 0, "2 clocks", 3),
        (("pauses", "in_time"), 0, "Desk", 1),
        (("pauses", "in_time"), 0, "had no message to the customer is not told", 1),
        (("chain",), 0, "in_time: broken on 2 tickets, on 1 of them with every link kept", 1),
        (("chain", "--from", "2026-01-06"), 0, "in_time: broken on 0 tickets", 1),
        (("source", "in_time"), 1, "They agree on 50.0", 4),
        (("source", "in_time", "--to", "2026-01-05"), 1, "of 3 tickets", 4),
        (("pauses", "in_time", "--where", "priority=2"), 0, "is not told", 0),
    ],
)
def test_each_verb_speaks_to_people_and_programs(
    opsgauge: Run, workspace: Path, asked: tuple[str, ...], code: int, words: str, rows: int
) -> None:
    """A table, JSON and CSV; exit 1 where somebody should look."""
    done = opsgauge("sla", *asked, "--workspace", workspace)
    plain = opsgauge("sla", *asked, "--workspace", workspace, "--format", "json")
    lines = opsgauge("sla", *asked, "--workspace", workspace, "--format", "csv").out

    assert (done.code, plain.code) == (code, code)
    assert words in done.out
    assert plain.json
    assert len(list(csv.DictReader(io.StringIO(lines)))) == rows


@pytest.mark.row("SLA-05")
def test_what_if_reads_another_definition(opsgauge: Run, workspace: Path, tmp_path: Path) -> None:
    """From a file; the official numbers stay."""
    other = tmp_path / "other.yaml"
    other.write_text(LEVELS.replace("4 h", "5 h"))
    done = opsgauge("sla", "whatif", "in_time", "--with", other, "--workspace", workspace)

    assert done.code == 1
    assert "1 ticket changes sides" in done.out
    assert "T2" in done.out
    plain = opsgauge("sla", "show", "--workspace", workspace, "--format", "json").json
    assert plain["service_levels"][0]["kept"] == 2


def test_one_that_is_not_there_is_told_with_the_nearest(opsgauge: Run, workspace: Path) -> None:
    """As `slo show` does."""
    done = opsgauge("sla", "show", "in_tim", "--workspace", workspace)

    assert done.code == 2
    assert "in_time" in done.err


def test_a_mistake_is_told_with_its_line(opsgauge: Run, workspace: Path, tmp_path: Path) -> None:
    """And the exit code says that the user can mend it."""
    workspace = Path(shutil.copytree(workspace, tmp_path / "w"))
    (workspace / "service_levels" / "desk.yaml").write_text(LEVELS.replace("kind", "knd"))
    done = opsgauge("sla", "show", "--workspace", workspace)

    assert done.code == 2
    assert "desk.yaml, line 4, in_time.knd: there is no such key" in done.err
