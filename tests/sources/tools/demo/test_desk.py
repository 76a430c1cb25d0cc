"""The invented desk, from a seed to files."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from opsgauge.sources.tools.demo import desk as desks
from opsgauge.sources.tools.demo.calendars import span_until
from opsgauge.sources.tools.demo.desk import Invented, invent
from opsgauge.sources.tools.demo.plot import ALL_TRUTHS
from opsgauge.sources.tools.demo.truths import TRUTHS
from tests.sources.tools.demo.conftest import ENDS

FEW = 400


def ask(query: str) -> list[Any]:
    """Run SQL over files."""
    return duckdb.connect().execute(query).fetchall()


def prints(made: Invented) -> list[str]:
    """Return the fingerprints of all files."""
    return [hashlib.sha256(f.read_bytes()).hexdigest() for f in (*made.files, made.truths)]


def test_equal_seeds_give_equal_bytes(tmp_path: Path) -> None:
    """Also in another process with other hashes, and with the truths in another order."""
    here = prints(invent(tmp_path / "a", 3, FEW, ALL_TRUTHS[::-1], ENDS))
    program = (
        "import sys; from datetime import date; from pathlib import Path; "
        "from opsgauge.sources.tools.demo.desk import invent; "
        f"invent(Path(sys.argv[1]), 3, {FEW}, ends=date.fromisoformat('{ENDS}'))"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "b")],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "America/New_York"},
    )
    there = [tmp_path / "b" / name for name in ("audit_log.csv", "truths.json")]

    assert [hashlib.sha256(f.read_bytes()).hexdigest() for f in there] == here


def test_another_seed_gives_another_desk(tmp_path: Path) -> None:
    """Names of teams differ, not only their tickets."""
    teams = []
    for seed in (3, 4):
        [file] = invent(tmp_path / str(seed), seed, FEW, (), ENDS).files
        rows = ask(f"SELECT DISTINCT assignment_group FROM '{file}'")
        teams.append({name for (name,) in rows})

    assert teams[0] != teams[1]


def test_truths_are_told_with_their_places_and_sizes(tmp_path: Path) -> None:
    """Only what is planted is told; a clean desk tells nothing."""
    chosen = json.loads(
        invent(tmp_path / "a", 3, FEW, ["missing_week", "ping_pong"], ENDS).truths.read_text(
            "utf-8"
        )
    )
    none = json.loads(invent(tmp_path / "b", 3, FEW, (), ENDS).truths.read_text("utf-8"))

    assert chosen["planted"] == ["missing_week", "ping_pong"]
    assert [truth["name"] for truth in chosen["truths"]] == ["ping_pong", "missing_week"]
    assert len(chosen["truths"][0]["where"]["teams"]) == 2
    for truth in chosen["truths"]:
        assert truth["size"] == pytest.approx(truth["with"] - truth["without"])
    assert (none["planted"], none["truths"]) == ([], [])


def test_a_large_desk_has_the_same_columns_and_the_same_tickets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody is followed only moments differ: the same numbers, opened at the same time."""
    [small] = invent(tmp_path / "a", 3, FEW, (), ENDS).files
    monkeypatch.setattr(desks, "LARGE", FEW)
    [large] = invent(tmp_path / "b", 3, FEW, (), ENDS).files
    asked = "SELECT DISTINCT number, opened_at::VARCHAR, category FROM '{}' ORDER BY ALL"

    assert large.suffix == ".parquet"
    names = [[row[0] for row in ask(f"DESCRIBE FROM '{file}'")] for file in (small, large)]
    assert names[0] == names[1]
    assert ask(asked.format(small)) == ask(asked.format(large))


def test_sizes_of_a_large_desk_are_those_of_two_whole_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Running only the tickets that a truth touches gives the difference of running them all."""
    monkeypatch.setattr(desks, "LARGE", FEW)
    desk = desks.Desk(3, span_until(ENDS), FEW)
    run = desk.run(ALL_TRUTHS)
    told = {truth["name"]: truth["size"] for truth in desk.sized(run, ALL_TRUTHS)}
    for truth in TRUTHS:
        rest = desk.run(set(ALL_TRUTHS) - {truth.name})
        has, has_not = truth.size(run, rest)
        assert told[truth.name] == pytest.approx(has - has_not, abs=1e-5), truth.name
