"""Ratios and totals: sums put side by side, with the interval of what is counted above the line."""

import pytest

from tests.metrics.desks import CATALOGUE, small_desk


def test_a_ratio_of_counts_has_the_interval_of_its_events() -> None:
    """Ten resolved of four opened in a period: Garwood's 4.80 to 18.39, over four."""
    before = [
        {"opened_at": "2026-01-02 08:00", "resolved_at": "2026-02-03 08:00"} for _ in range(10)
    ]
    now = [{"opened_at": "2026-02-02 08:00"} for _ in range(4)]
    desk = small_desk(*before, *now)
    point = desk.measure("clearance_ratio", period="month")[-1]

    assert (point.value, point.n, point.numerator, point.denominator) == (2.5, 4, 10, 4)
    assert point.low == pytest.approx(4.7954 / 4, rel=1e-4)
    assert point.high == pytest.approx(18.3904 / 4, rel=1e-4)


def test_a_split_divides_each_group_by_its_own() -> None:
    """A group with nothing below the line has no ratio, and is not shown."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-05 09:00", "team": "A"},
        {"opened_at": "2026-01-05 08:00", "team": "A"},
        {"opened_at": "2026-01-05 08:00", "team": "B"},
    )

    assert desk.values("clearance_ratio", by=("team",)) == {("all", "A"): 0.5, ("all", "B"): 0.0}
    assert desk.only("backlog_in_periods").value == 2.0


def test_conditions_of_the_ratio_hold_for_both_of_its_parts() -> None:
    """Of incidents alone: requests count neither above nor below."""
    metric = CATALOGUE.get("problem_share")

    assert [part.name for part in metric.parts] == ["incidents_tied_to_problems", "tickets_opened"]
    desk = small_desk(
        {"practice": "incident", "opened_at": "2026-01-05 08:00"},
        {"practice": "request", "opened_at": "2026-01-05 08:00"},
    )
    assert desk.only("problem_share").n == 1
