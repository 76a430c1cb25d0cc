"""Ages of what is open when a period ends."""

from datetime import UTC, date, datetime

from tests.metrics.desks import small_desk


def test_a_ticket_is_as_old_as_the_time_since_its_opening() -> None:
    """16 hours at the end of the first day, 40 at the end of the second, then it is done."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-07 08:00"}, at="2026-01-08"
    )

    assert desk.values("backlog_age", period="day") == {"2026-01-05": 16, "2026-01-06": 40}


def test_a_period_that_has_not_ended_is_measured_where_the_records_end() -> None:
    """Noon, not midnight; to the microsecond."""
    desk = small_desk({"opened_at": "2026-01-05 08:00"}, at="2026-01-06 12:00")

    assert desk.values("backlog_age", period="day") == {"2026-01-05": 16.0, "2026-01-06": 28.0}
    assert desk.only("backlog_age").value == 28.0


def test_a_reopened_ticket_is_as_old_as_if_it_had_never_been_done() -> None:
    """Its user has waited since it was opened."""
    desk = small_desk(
        {"opened_at": "2026-01-05 00:00", "phase": "in_progress"},
        history=[
            {"ticket": 1, "since": "2026-01-05 00:00", "phase": "new"},
            {"ticket": 1, "since": "2026-01-05 12:00", "phase": "resolved"},
            {"ticket": 1, "since": "2026-01-06 12:00", "phase": "in_progress"},
        ],
        at="2026-01-07 00:00",
    )

    assert desk.values("backlog_age", period="day") == {"2026-01-06": 48, "2026-01-07": 48}


def test_a_day_of_23_hours_makes_a_ticket_23_hours_older() -> None:
    """Clocks go forward in Amsterdam on 29 March 2026."""
    desk = small_desk(
        {"opened_at": "2026-03-28T00:00:00+01:00"},
        zone="Europe/Amsterdam",
        at="2026-03-30T12:00:00+02:00",
    )

    assert desk.values("backlog_age", period="day") == {
        "2026-03-28": 24,
        "2026-03-29": 47,
        "2026-03-30": 59,
    }


def test_as_of_a_moment_nothing_grows_older_than_that() -> None:
    """The newest period ends there, also when the ticket was resolved later."""
    desk = small_desk({"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-09 08:00"})
    moment = datetime(2026, 1, 6, 20, tzinfo=UTC)

    assert desk.values("backlog_age", period="day", as_of=moment) == {
        "2026-01-05": 16,
        "2026-01-06": 36,
    }
    assert desk.only("backlog_age", as_of=moment, to=date(2026, 1, 5)).value == 16
