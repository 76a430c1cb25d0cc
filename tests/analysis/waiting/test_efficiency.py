"""Flow efficiency, and tickets that take longer while the work does not."""

import pytest

from opsgauge.analysis.waiting.efficiency import (
    Efficiency,
    Period,
    efficiencies,
    finished_rows,
    flow_efficiency,
    rises,
)
from tests.analysis.waiting.logs import Log, history, tickets


@pytest.mark.row("MAP-19")
def test_one_hour_of_touch_in_twelve() -> None:
    """TameFlow's example: 8.33 %; the same from a log."""
    assert flow_efficiency(1, 11) == pytest.approx(0.0833, abs=5e-5)
    log = Log().has(
        "INC1", "08:00 new Desk", "12:00 in_progress Desk", "13:00 pending_user Desk",
        "20:00 resolved Desk",
    )  # fmt: skip
    bucket = log.periods.bucket_us
    [rows] = log.tables(finished_rows(tickets, history, "week", bucket))
    everybody, desk = efficiencies(rows)

    assert (everybody.everybody, desk.team) == (True, "Desk")
    assert desk.share == everybody.share == pytest.approx(1 / 12)
    assert desk.periods == (Period("2026-W02", 1, 1.0, 12.0),)


@pytest.mark.row("MAP-19")
def test_teams_add_up_to_all() -> None:
    """Tickets, touch and hours; what is still open is in none."""
    log = (
        Log()
        .has("INC1", "08:00 in_progress Desk", "09:00 resolved Desk")
        .has("INC2", "08:00 new Network", "12:00 resolved Network")
        .has("INC3", "08:00 new Network")
    )
    [rows] = log.tables(finished_rows(tickets, history, "month", log.periods.bucket_us))
    everybody, *teams = efficiencies(rows)

    assert [team.team for team in teams] == ["Network", "Desk"]  # most waiting first
    assert everybody.tickets == sum(team.tickets for team in teams) == 2
    assert everybody.hours == sum(team.hours for team in teams) == 5.0
    assert everybody.touch_hours == sum(team.touch_hours for team in teams) == 1.0


@pytest.mark.row("MAP-19")
def test_longer_tickets_with_the_same_work_are_a_broken_flow() -> None:
    """Throughput time rises month by month, cycle time goes to and fro."""
    work = [4.0, 5, 4, 6, 4, 5, 4, 5]
    waits = [10.0, 12, 15, 18, 24, 30, 36, 44]
    periods = [
        Period(f"2026-0{n + 1}", 10, 10 * touch, 10 * (touch + wait))
        for n, (touch, wait) in enumerate(zip(work, waits, strict=True))
    ]
    assert Efficiency("Desk", tuple(periods)).broken
    longer = [Period(p.label, 10, p.hours - 1, p.hours) for p in periods]
    assert not Efficiency("Desk", tuple(longer)).broken  # the work grew, too
    assert Efficiency("Desk", tuple(periods[:5])).throughput_rises is None
    assert rises([3.0] * 8) is False
