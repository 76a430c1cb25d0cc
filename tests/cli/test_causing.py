"""The verbs about causes in their three forms."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.operations.test_causes import desk_of

VERBS = (
    ("causes", "slow", "--slow-hours", "24"),
    ("pareto", "category"),
    ("recurring",),
    ("cause-kinds",),
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Import a desk."""
    intake = desk_of(tmp_path_factory.mktemp("causes"))
    yield intake.workspace.path
    intake.close()


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_each_answers_people_and_programs(opsgauge: Run, workspace: Path, verb: list[str]) -> None:
    """With the same exit code in every form, and as many lines."""
    asked = (*verb, "--workspace", workspace)
    done = opsgauge(*asked)
    plain = opsgauge(*asked, "--format", "json")
    lines = opsgauge(*asked, "--format", "csv")

    assert len(list(csv.DictReader(io.StringIO(lines.out)))) == len(plain.json["rows"])
    assert done.code == plain.code == lines.code
    assert done.code in (0, 1)
    assert " ".join(plain.json["sentence"].split()) in " ".join(done.out.split())


def test_what_goes_with_it_is_named(opsgauge: Run, workspace: Path) -> None:
    """With the columns that were left out; exit 1, since a person should see it."""
    done = opsgauge("causes", "slow", "--slow-hours", "24", "--workspace", workspace)

    assert done.code == 1
    assert "category printing" in done.out
    assert "resolution code" in done.out


def test_an_outcome_that_is_none_is_refused(opsgauge: Run, workspace: Path) -> None:
    """With what to do next."""
    done = opsgauge("causes", "breech", "--workspace", workspace)

    assert done.code == 2
    assert "breach" in done.err


def test_words_need_text_that_is_kept(opsgauge: Run, workspace: Path) -> None:
    """And the answer says how to keep it."""
    done = opsgauge("words", "category", "--workspace", workspace)

    assert done.code == 2
    assert "keep_text" in done.err
