"""Median, p90, mean and total of durations, exact and in seconds."""

from typing import Any

import ibis.expr.types as ir

from opsgauge.analysis.mining.durations import in_seconds, summaries


def summary(desk: Any, history: ir.Table) -> list[dict[str, Any]]:
    """Return the four numbers over all rows."""
    grouped = history.aggregate(**summaries(history.elapsed_us))
    found: list[dict[str, Any]] = desk.rows(grouped.select(**in_seconds(grouped)))
    return found


def test_four_numbers_in_seconds(desk: Any) -> None:
    """The two updates of INC1 that have ended lasted one and two hours."""
    rows = desk.history.filter(desk.history.ticket_id == "INC1")

    assert summary(desk, rows) == [
        {
            "median_seconds": 5400.0,
            "p90_seconds": 6840.0,  # nine tenths of the way from one hour to two
            "mean_seconds": 5400.0,
            "total_seconds": 10800.0,
        }
    ]


def test_what_has_not_ended_has_no_length(desk: Any) -> None:
    """The last update of INC3 still lasts: nothing can be said, and the total is zero."""
    rows = desk.history.filter(desk.history.ticket_id == "INC3", desk.history.seq == 2)

    assert summary(desk, rows) == [
        {
            "median_seconds": None,
            "p90_seconds": None,
            "mean_seconds": None,
            "total_seconds": 0.0,
        }
    ]
