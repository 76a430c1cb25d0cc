"""Amounts: numbers that tickets carry."""

from tests.metrics.desks import small_desk


def test_a_ticket_without_the_number_is_not_counted_as_zero() -> None:
    """Two of three carry one."""
    desk = small_desk({"handoff_count": 4}, {"handoff_count": 0}, {"handoff_count": None})
    point = desk.only("handoffs_per_ticket")

    assert (point.n, point.value) == (2, 2.0)


def test_tickets_below_the_least_amount_are_left_out() -> None:
    """Waiting for the user is measured where there was any."""
    done = {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-09 08:00"}
    desk = small_desk(
        {**done, "pending_user_us": "3 h"},
        {**done, "pending_user_us": "0 h"},
        {**done, "pending_user_us": None},
    )
    point = desk.only("pending_user_time")

    assert (point.n, point.value) == (1, 3.0)


def test_a_mean_has_students_interval() -> None:
    """1, 2, 3: mean 2, deviation 1, t of two degrees 4.303."""
    desk = small_desk(*[{"handoff_count": n} for n in (1, 2, 3)])
    point = desk.only("handoffs_per_ticket")

    assert point.value == 2.0
    assert (round(point.low or 0, 3), round(point.high or 0, 3)) == (-0.484, 4.484)
