"""What was booked, by group and week."""

from datetime import date
from typing import Any

import pytest

from opsgauge.analysis.causes.booked import booked_rows
from opsgauge.analysis.causes.pareto import COST, pareto
from opsgauge.log.door import unbound
from opsgauge.log.related import COSTS
from tests.analysis.waiting.logs import Log

pytestmark = [pytest.mark.row("RCA-05")]
JANUARY, MAY = date(2026, 1, 1), date(2026, 5, 1)


def booking(number: int, service: str | None, amount: float | None, **more: Any) -> dict[str, Any]:
    """Return a booking in euros."""
    told = {"source": "desk", "cost_id": f"B{number}", "service": service, "amount": amount}
    return {**told, "period_start": JANUARY, "currency": "EUR", **more}


def test_bookings_are_added_up_by_group_to_the_cent() -> None:
    """Mail 0.1 + 0.2 and a credit; Wi-Fi in two months. Without an amount or a day: nothing."""
    log = Log()
    log.has("INC1", "08:00 new Desk")
    log.beside[COSTS.name] = (
        [
            booking(1, "Mail", 0.1),
            booking(2, "Mail", 0.2),
            booking(3, "Mail", -0.05),
            booking(4, "Wi-Fi", 7.0),
            booking(5, "Wi-Fi", 1.5, period_start=MAY),
            booking(6, "Mail", None),
            booking(7, "Mail", 900.0, period_start=None),
            booking(8, None, 0.3),
        ],
        COSTS,
    )
    [rows] = log.tables(booked_rows(unbound(COSTS), "service"))
    found = pareto(rows, COST, 1)

    assert [(each.group, each.n, each.value) for each in found.rows] == [
        ("Wi-Fi", 2, 8.5),
        (None, 1, 0.3),
        ("Mail", 3, 0.25),
    ]
    assert found.total == 9.05
    assert [each.vital for each in found.rows] == [True, False, False]
    assert set(rows["currency"].to_pylist()) == {"EUR"}
