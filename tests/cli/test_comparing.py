"""`opsgauge compare` and `opsgauge decompose` in their three forms."""

import csv
import io
import math
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from opsgauge.analysis.early.leading import lead
from opsgauge.foundation.clock import fixed_clock
from opsgauge.metrics.load import load_catalogue
from opsgauge.operations.demo import demo
from tests.cli.conftest import Run

ASKED = {
    "compare": ("time_to_resolve", "--by", "team"),
    "decompose": ("time_to_resolve", "--by", "team"),
}
HEADS = {
    "compare": ["As it is", "Adjusted", "With the mix of all", "95 % interval", "In common", "n"],
    "decompose": [
        *("Of", "Before", "After", "Share before", "Share after"),
        *("Mix", "Within", "Together"),
    ],
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invent a desk."""
    folder = tmp_path_factory.mktemp("desk")
    demo(folder, fixed_clock(datetime(2026, 7, 1, 9, tzinfo=UTC)), 1500, 5, ())
    return folder


@pytest.mark.parametrize("verb", ["compare", "decompose"])
def test_each_answers_people_and_programs(opsgauge: Run, workspace: Path, verb: str) -> None:
    """With the same exit code in every form, and as many lines."""
    asked = (verb, *ASKED[verb], "--workspace", workspace)
    done = opsgauge(*asked)
    plain = opsgauge(*asked, "--format", "json")
    lines = opsgauge(*asked, "--format", "csv")

    assert len(list(csv.DictReader(io.StringIO(lines.out)))) == len(plain.json["rows"]) > 1
    assert done.code == plain.code == lines.code
    assert done.code in (0, 1)


@pytest.mark.parametrize("verb", ["compare", "decompose"])
def test_each_column_has_one_head(
    opsgauge: Run, workspace: Path, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And every line under them has as many places."""
    monkeypatch.setenv("COLUMNS", "300")
    done = opsgauge(verb, *ASKED[verb], "--workspace", workspace)

    [head] = [line for line in done.out.splitlines() if all(each in line for each in HEADS[verb])]
    told = re.split(r"\s{2,}", head.strip())
    assert [each for each in told if each in HEADS[verb]] == HEADS[verb]
    assert len(told) == len(set(told)) == 8


@pytest.mark.parametrize("verb", ["compare", "decompose"])
def test_a_wrong_word_is_the_users_to_mend(opsgauge: Run, workspace: Path, verb: str) -> None:
    """And the nearest right one is named."""
    done = opsgauge(verb, "time_to_resolve", "--by", "taem", "--workspace", workspace)
    assert done.code == 2
    assert "team" in done.err


@pytest.mark.parametrize("verb", ["compare", "decompose"])
def test_a_mean_is_called_one(opsgauge: Run, workspace: Path, verb: str) -> None:
    """Since Home and the summary show the median; a share needs no such word."""
    asked = ("--by", "team", "--workspace", workspace)
    assert " on average" in opsgauge(verb, "time_to_resolve", *asked).out
    assert " on average" not in opsgauge(verb, "reassigned_share", *asked).out


@pytest.mark.row("CAT-04")
def test_early_signs_are_tried_on_the_same_numbers(opsgauge: Run, workspace: Path) -> None:
    """Every metric that leads another is told, and its correlation is that of what measure says."""
    done = opsgauge("metrics", "leading", "--workspace", workspace, "--format", "json")
    pairs = {each["metric"]: each for each in done.json["pairs"]}
    said = {each.name: each.definition.leads for each in load_catalogue() if each.definition.leads}
    assert {name: pair["leads"] for name, pair in pairs.items()} == said

    series = []
    for name in ("backlog", "time_to_resolve"):
        asked = ("measure", name, "--period", "week", "--workspace", workspace, "--format", "json")
        rows = {row["period"]: row["value"] for row in opsgauge(*asked).json["rows"]}
        series.append(rows)
    whole = sorted(series[0])[1:-1]
    one, other = ([rows.get(week, math.nan) for week in whole] for rows in series)
    told = lead(one, other)
    assert told is not None
    assert pairs["backlog"]["n"] == told.n > 40
    assert pairs["backlog"]["lag"] in (told.before.lag, told.at_once.lag, told.behind.lag)
    [shown] = [
        each
        for each in (told.before, told.at_once, told.behind)
        if each.lag == pairs["backlog"]["lag"]
    ]
    assert pairs["backlog"]["correlation"] == pytest.approx(shown.correlation, abs=1e-12)

    table = opsgauge("metrics", "leading", "--workspace", workspace)
    assert table.code == done.code
    assert pairs["backlog"]["sentence"][:30] in table.out


def test_columns_of_a_change_are_in_one_unit_and_end_with_the_whole(
    opsgauge: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that they can be read from row to row and added up."""
    monkeypatch.setenv("COLUMNS", "300")
    asked = ("decompose", *ASKED["decompose"], "--workspace", workspace)
    lines = opsgauge(*asked).out.splitlines()
    whole = opsgauge(*asked, "--format", "json").json
    [begun] = [at for at, line in enumerate(lines) if line.startswith("Of ")]
    rows = [re.split(r"\s{2,}", line.strip()) for line in lines[begun + 1 :]]
    rows = rows[: [row[0] for row in rows].index("All") + 1]

    for column in (1, -1):
        units = {row[column].split()[-1] for row in rows if row[column] != "none"}
        assert len(units) == 1
    parts = [float(re.sub(r"[^\d.−]", "", row[-1]).replace("−", "-")) for row in rows]
    assert sum(parts[:-1]) == pytest.approx(parts[-1], abs=len(parts))
    assert len(rows) == len(whole["rows"]) + 1
