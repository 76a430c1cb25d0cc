"""`opsgauge waiting`, `handoffs`, `paths` and `standardisation` for people and as CSV."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.conftest import MAPPING, Intake
from tests.operations.test_waiting import export


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Import a small desk."""
    made = Intake(tmp_path_factory.mktemp("waiting"))
    made.takes(export(), mapping=MAPPING + "practice: incident\n")
    yield made.workspace.path
    made.close()


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        pytest.param("waiting steps", "Hours to win", marks=pytest.mark.row("MAP-06")),
        pytest.param("waiting queues", "Half older than", marks=pytest.mark.row("MAP-09")),
        pytest.param("waiting flow", "As much comes as goes", marks=pytest.mark.row("MAP-19")),
        pytest.param("waiting causes", "Contention", marks=pytest.mark.row("MAP-07")),
        pytest.param("waiting stages", "Broke here", marks=pytest.mark.row("MAP-13")),
        pytest.param("waiting intake", "without a fault", marks=pytest.mark.row("MAP-14")),
        pytest.param("waiting automation", "kind of work", marks=pytest.mark.row("MAP-16")),
        pytest.param("handoffs", "Straight back", marks=pytest.mark.row("MAP-08")),
        pytest.param("paths", "happy path", marks=pytest.mark.row("MAP-03")),
        pytest.param("standardisation", "standard path", marks=pytest.mark.row("AUT-04")),
    ],
)
def test_each_question_answers_people_and_programs(
    opsgauge: Run, workspace: Path, verb: str, words: str
) -> None:
    """With the same exit code; what JSON holds is told by tests of the operations."""
    asked = (*verb.split(), "--workspace", workspace)
    done = opsgauge(*asked)
    lines = opsgauge(*asked, "--format", "csv")

    assert words in done.out
    assert list(csv.DictReader(io.StringIO(lines.out)))
    assert done.code == lines.code == 0


@pytest.mark.parametrize(
    "verb", ["find", "find --described", "waiting steps", "paths", "pareto team --of hours"]
)
def test_money_is_printed_where_rates_are_set_alone(
    opsgauge: Run, workspace: Path, verb: str
) -> None:
    """As a table and as CSV; nothing speaks of it before, and of nothing found nothing either."""
    settings = workspace / "opsgauge.toml"
    plain = settings.read_text()
    asked = (*verb.split(), "--workspace", workspace)
    before = [opsgauge(*asked).out, opsgauge(*asked, "--format", "csv").out]
    try:
        settings.write_text(f'{plain}\n[rates]\ncurrency = "EUR"\nwaited = 4\n')
        after = opsgauge(*asked).out
    finally:
        settings.write_text(plain)

    assert not any(word in text for text in before for word in ("EUR", "oney", "currency"))
    assert ("EUR" in after) == (verb != "find")
