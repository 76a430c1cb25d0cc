"""`opsgauge requests` in its three forms."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opsgauge.foundation.clock import fixed_clock
from opsgauge.operations.demo import demo
from tests.cli.conftest import Run


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invent a desk."""
    folder = tmp_path_factory.mktemp("desk")
    demo(folder, fixed_clock(datetime(2026, 7, 1, 9, tzinfo=UTC)), 1500, 5, ())
    return folder


@pytest.mark.parametrize(
    ("verb", "words", "rows"),
    [
        pytest.param("items", "it waits", "rows", marks=pytest.mark.row("REQ-01")),
        pytest.param("approvals", "Manager", "steps", marks=pytest.mark.row("REQ-02")),
        pytest.param(
            "approvals --practice change", "Level 1", "levels", marks=pytest.mark.row("MAP-10")
        ),
        pytest.param("tasks", "New starter", "items", marks=pytest.mark.row("REQ-03")),
        pytest.param("bundles", "half are complete", "items", marks=pytest.mark.row("REQ-05")),
        pytest.param("health", "automation", "automation", marks=pytest.mark.row("REQ-06")),
    ],
)
def test_each_question_answers_people_and_programs(
    opsgauge: Run, workspace: Path, verb: str, words: str, rows: str
) -> None:
    """With the same exit code in every form."""
    done = opsgauge("requests", *verb.split(), "--workspace", workspace)
    plain = opsgauge("requests", *verb.split(), "--workspace", workspace, "--format", "json")
    lines = opsgauge("requests", *verb.split(), "--workspace", workspace, "--format", "csv")

    assert words in done.out
    assert plain.json[rows]
    assert list(csv.DictReader(io.StringIO(lines.out)))
    assert done.code == plain.code == lines.code
    assert done.code in (0, 1)


def test_orders_are_chosen_and_grouped(opsgauge: Run, workspace: Path) -> None:
    """By days, by filters, by team, by the time of a calendar."""
    asked = ("requests", "items", "--workspace", workspace, "--format", "json")
    every = opsgauge(*asked).json
    some = opsgauge(*asked, "--from", "2026-01-01", "--by", "team", "--calendar", "desk-asia").json

    assert 0 < some["orders"] < every["orders"]
    assert (some["by"], some["calendar"]) == ("team", "desk-asia")


def test_a_wrong_word_is_the_users_to_mend(opsgauge: Run, workspace: Path) -> None:
    """And the nearest right one is named."""
    done = opsgauge("requests", "items", "--by", "chanel", "--workspace", workspace)

    assert done.code == 2
    assert "channel" in done.err
