"""The promise of docs/coverage.yaml: what is called done is shown by tests that are there."""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__)
ROOT = HERE.parents[2]
COVERAGE = ROOT / "docs" / "coverage.yaml"
FEATURE_MAP = ROOT.parent / "shared" / "features.md"
STATES = ("done", "part", "not_yet")
ROW = re.compile(r"([A-Z]{3,4})-(\d\d)")

Coverage = Mapping[str, Mapping[str, Any]]
Tests = Mapping[str, list[str]]  # a test's id, and the rows whose mark it bears


@pytest.fixture(scope="module")
def coverage() -> Coverage:
    """Return the committed file."""
    told: Coverage = yaml.safe_load(COVERAGE.read_text())
    return told


@pytest.fixture(scope="module")
def tests(tmp_path_factory: pytest.TempPathFactory) -> Tests:
    """Collect every test in a process of its own, so that this works for house tests alone."""
    file = tmp_path_factory.mktemp("marks") / "marks.json"
    asked = [sys.executable, str(HERE.with_name("row_marks.py")), str(file)]
    collected = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, check=False)
    assert file.exists(), collected.stdout + collected.stderr
    told: Tests = json.loads(file.read_text())
    return told


def faults(coverage: Coverage, tests: Tests) -> Iterator[str]:
    """Yield, in words, each place where the file and the tests do not agree."""
    shown = {row for rows in tests.values() for row in rows}
    for row in sorted(shown - set(coverage)):
        yield f"{row}: a test bears its mark, but there is no such row"
    for row, told in coverage.items():
        if not ROW.fullmatch(row) or set(told) != {"state", "shown_by"}:
            yield f"{row}: not written as a row with a state and the tests that show it"
        elif told["state"] not in STATES:
            yield f"{row}: there is no state {told['state']!r}"
        elif told["state"] == "done" and row not in shown:
            yield f"{row}: done, but no test bears its mark"
        yield from (
            f"{row}: there is no test {test}" for test in told["shown_by"] if test not in tests
        )


def gaps(rows: Iterable[str]) -> list[str]:
    """Return the rows that are lacking where each area counts from 1 without a gap."""
    numbers: dict[str, set[int]] = {}
    for row in rows:
        area, number = row.split("-")
        numbers.setdefault(area, set()).add(int(number))
    return [
        f"{area}-{number:02}"
        for area, there in numbers.items()
        for number in range(1, max(there))
        if number not in there
    ]


def test_every_row_called_done_is_shown_by_tests_that_are_there(
    coverage: Coverage, tests: Tests
) -> None:
    """Nobody can call a row done without a test that bears its mark."""
    assert list(faults(coverage, tests)) == []


def test_no_row_was_lost(coverage: Coverage) -> None:
    """The numbers of each area run without a gap, and none stands there twice."""
    assert gaps(coverage) == []
    written = re.findall(r"^([A-Z]{3,4}-\d\d):", COVERAGE.read_text(), re.MULTILINE)
    assert written == list(coverage)


def test_the_rows_are_those_of_the_feature_map(coverage: Coverage) -> None:
    """Where the map lies beside the repository, both hold the same rows in the same order."""
    if not FEATURE_MAP.exists():
        pytest.skip("the feature map does not lie beside this repository")
    rows = re.findall(r"^\| ([A-Z]{3,4}-\d\d) \|", FEATURE_MAP.read_text(), re.MULTILINE)
    assert list(coverage) == rows


@pytest.mark.parametrize(
    ("row", "told", "expected"),
    [
        ("CAT-01", {"state": "done", "shown_by": []}, []),
        ("CAT-02", {"state": "not_yet", "shown_by": []}, []),
        ("CAT-02", {"state": "part", "shown_by": ["tests/test_a.py::test_one"]}, []),
        ("CAT-02", {"state": "done", "shown_by": []}, ["CAT-02: done, but no test bears its mark"]),
        (
            "CAT-02",
            {"state": "done", "shown_by": ["tests/test_a.py::test_one"]},
            ["CAT-02: done, but no test bears its mark"],
        ),
        (
            "CAT-02",
            {"state": "part", "shown_by": ["tests/test_a.py::test_gone"]},
            ["CAT-02: there is no test tests/test_a.py::test_gone"],
        ),
        ("CAT-02", {"state": "almost", "shown_by": []}, ["CAT-02: there is no state 'almost'"]),
        (
            "CAT-2",
            {"state": "done", "shown_by": []},
            ["CAT-2: not written as a row with a state and the tests that show it"],
        ),
    ],
)
def test_a_promise_that_does_not_hold_is_found(
    row: str, told: dict[str, Any], expected: list[str]
) -> None:
    """Tried on a row of each kind beside one whose mark a test bears."""
    others = {"CAT-01": {"state": "not_yet", "shown_by": []}}
    assert list(faults(others | {row: told}, {"tests/test_a.py::test_one": ["CAT-01"]})) == expected


def test_a_mark_of_no_row_is_found() -> None:
    """A misspelt mark would show nothing."""
    found = list(faults({}, {"tests/test_a.py::test_one": ["CAT-99"]}))
    assert found == ["CAT-99: a test bears its mark, but there is no such row"]


def test_a_lost_row_is_found() -> None:
    """One taken out of the middle leaves a gap."""
    assert gaps(["CAT-01", "CAT-03", "API-01"]) == ["CAT-02"]


def test_marks_are_collected_from_the_tests_as_they_are(tests: Tests) -> None:
    """Itself it is collected, and so are the marks of tests with parameters."""
    itself = f"tests/house/{HERE.name}::test_marks_are_collected_from_the_tests_as_they_are"
    assert tests[itself] == []
    assert tests[
        "tests/governance/test_audit_tampering.py::test_a_planted_change_is_found_and_named"
    ] == ["GOV-07"]
