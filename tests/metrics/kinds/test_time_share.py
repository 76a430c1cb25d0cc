"""Shares of time: long tickets weigh as much as they last."""

from tests.metrics.desks import small_desk

DONE = {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-09 08:00"}


def test_hours_are_added_before_they_are_divided() -> None:
    """9 of 10 hours and 0 of 90: 9 %, where the mean of both shares would be 45 %."""
    desk = small_desk(
        {**DONE, "life_us": "10 h", "pending_us": "9 h"},
        {**DONE, "life_us": "90 h", "pending_us": "0 h"},
    )
    point = desk.only("pending_share")

    assert (point.value, point.numerator, point.denominator) == (0.09, 9.0, 100.0)


def test_tickets_of_no_length_have_no_share() -> None:
    """And do not make the others wrong."""
    desk = small_desk(
        {**DONE, "life_us": "0 h", "pending_us": "0 h", "team": "A"},
        {**DONE, "life_us": "4 h", "pending_us": "1 h", "team": "B"},
    )

    assert desk.only("pending_share").value == 0.25
    assert desk.values("pending_share", by=("team",)) == {("all", "A"): None, ("all", "B"): 0.25}


def test_a_ticket_of_whose_time_nothing_is_known_is_not_counted() -> None:
    """Neither part nor whole is zero for it."""
    desk = small_desk({**DONE, "life_us": "4 h", "pending_us": "1 h"}, DONE)

    assert desk.only("pending_share").n == 1
