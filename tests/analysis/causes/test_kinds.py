"""Kinds of cause: told with evidence, or not told where there is none."""

import pyarrow as pa
import pytest

from opsgauge.analysis.causes.kinds import (
    APPROVAL,
    KINDS,
    NOT,
    OWNERSHIP,
    POINTS,
    SILENT,
    STRATA,
    cause_of,
)

pytestmark = [pytest.mark.row("RCA-08")]
AN_HOUR = 3_600_000_000
Row = tuple[str, bool, int, float, float, int]  # category, mark, n, mean, spread, cost in hours


def rows(*told: Row) -> pa.Table:
    """Return rows as the query gives them."""
    return pa.table(
        {
            "practice": ["incident"] * len(told),
            "category": pa.array([row[0] for row in told], pa.string()),
            "priority": pa.array([None] * len(told), pa.string()),
            "mark": pa.array([row[1] for row in told], pa.bool_()),
            "n": pa.array([row[2] for row in told], pa.int64()),
            "done": pa.array([row[2] for row in told], pa.int64()),
            "total": pa.array([int(row[2] * row[3] * AN_HOUR) for row in told], pa.int64()),
            "spread": pa.array([row[4] for row in told], pa.float64()),
            "cost": pa.array([row[5] * AN_HOUR for row in told], pa.int64()),
        }
    )


def test_marked_tickets_are_held_against_like_ones() -> None:
    """All marked ones are of the slow category, where they take an hour longer, not nine."""
    found = cause_of(
        OWNERSHIP,
        rows(
            ("slow", True, 100, 11, 2, 0),
            ("slow", False, 100, 10, 2, 0),
            ("fast", False, 800, 2, 1, 0),
        ),
    )

    assert (found.said, found.marked) == (1000, 100)
    assert found.excess == pytest.approx(1.0)
    error = (4 / 100 + 4 / 100) ** 0.5
    assert found.low == pytest.approx(1 - 1.96 * error, abs=1e-3)
    assert found.lost == pytest.approx(100.0)
    assert found.verdict == POINTS


def test_no_longer_than_like_ones_is_no_cause() -> None:
    """Nor is what may be chance."""
    for mean, spread in ((9, 1), (10.2, 8)):
        found = cause_of(
            OWNERSHIP, rows(("a", True, 50, mean, spread, 0), ("a", False, 500, 10, spread, 0))
        )
        assert found.verdict == NOT


def test_a_few_tickets_are_no_cause_of_a_desk() -> None:
    """However much longer they take."""
    found = cause_of(OWNERSHIP, rows(("a", True, 19, 99, 1, 0), ("a", False, 500, 10, 1, 0)))

    assert found.verdict == NOT


@pytest.mark.parametrize("kind", KINDS)
def test_without_records_nothing_is_said(kind: str) -> None:
    """Which is not the same as that it is not so."""
    found = cause_of(kind, rows())

    assert (found.verdict, found.excess, found.lost) == (SILENT, None, None)


def test_many_marked_without_like_ones_is_no_answer() -> None:
    """Where all of a category bear the mark, nothing can be compared."""
    found = cause_of(OWNERSHIP, rows(("a", True, 300, 9, 1, 0), ("b", False, 300, 1, 1, 0)))

    assert found.verdict == SILENT


def test_waiting_for_approval_is_measured() -> None:
    """Told from a tenth of the tickets on, with what they waited."""
    told = (("a", False, 900, 5, 1, 90),)
    found = cause_of(APPROVAL, rows(("a", True, 100, 5, 1, 300), *told))
    assert (found.verdict, found.lost, found.excess) == (POINTS, 300, 3)
    assert cause_of(APPROVAL, rows(("a", True, 99, 5, 1, 300), *told)).verdict == NOT


def test_strata_are_what_makes_tickets_like() -> None:
    """As the guide says."""
    assert STRATA == ("practice", "category", "priority")
