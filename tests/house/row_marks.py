"""Collects the tests, runs none, and writes which feature rows each of them bears.

Usage: row_marks.py FILE; the file gets JSON: {test id without parameters: [row, ...]}. A test that
is always skipped bears nothing, and one that cannot be collected is not there.
"""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Marks:
    """A pytest plugin that keeps the marks of what was collected."""

    def __init__(self) -> None:
        self.rows: dict[str, list[str]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep them; pytest calls this once, when all are collected."""
        for item in session.items:
            rows = self.rows.setdefault(item.nodeid.split("[")[0], [])
            if not item.get_closest_marker("skip"):
                rows += [row for mark in item.iter_markers("row") for row in mark.args]


def main(file: str) -> None:
    marks = Marks()
    asked = ["--collect-only", "-q", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
    pytest.main([*asked, "--rootdir", str(ROOT), str(ROOT / "tests")], plugins=[marks])
    Path(file).write_text(
        json.dumps({test: sorted(set(rows)) for test, rows in marks.rows.items()})
    )


if __name__ == "__main__":
    main(sys.argv[1])
