"""Durations: hours between two moments that both are there."""

from tests.metrics.desks import small_desk


def test_an_open_ticket_is_not_a_ticket_of_no_hours() -> None:
    """It is not counted at all."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-05 12:00"},
        {"opened_at": "2026-01-05 08:00"},
        {"opened_at": "2026-01-05 08:00"},
    )
    point = desk.only("time_to_resolve")

    assert (point.n, point.value) == (1, 4.0)


def test_a_time_that_runs_backwards_stays_negative() -> None:
    """It is reported by a check, and not made pretty here."""
    desk = small_desk({"opened_at": "2026-01-05 08:00", "assigned_at": "2026-01-05 07:30"})

    assert desk.only("time_to_assign").value == -0.5


def test_microseconds_count() -> None:
    """36 ms are a hundred-thousandth of an hour."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-05 08:00:00.036000"}
    )

    assert desk.only("time_to_resolve").value == 1e-5


def test_hours_are_hours_when_clocks_change() -> None:
    """From 29 March, 01:30, to 03:30 in Amsterdam is one hour."""
    desk = small_desk(
        {
            "opened_at": "2026-03-29T01:30:00+01:00",
            "resolved_at": "2026-03-29T03:30:00+02:00",
        },
        zone="Europe/Amsterdam",
    )

    assert desk.values("time_to_resolve", period="day") == {"2026-03-29": 1.0}
