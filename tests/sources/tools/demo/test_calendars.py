"""Hours as people live them."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from opsgauge.sources.tools.demo.calendars import (
    LocalHours,
    OpenClock,
    Span,
    moment,
    month_ends,
    shifts,
    span_until,
)


def when(seconds: int) -> str:
    """Return a moment as text."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("ends", "start", "end"),
    [
        (date(2026, 6, 30), "2025-01-01 00:00", "2026-07-01 00:00"),
        (date(2026, 11, 21), "2025-06-01 00:00", "2026-11-22 00:00"),
        (date(2026, 12, 31), "2025-07-01 00:00", "2027-01-01 00:00"),
    ],
)
def test_a_span_has_eighteen_months(ends: date, start: str, end: str) -> None:
    """It begins with a month, and ends with the day that was asked for."""
    span = span_until(ends)

    assert (when(span.start), when(span.end)) == (start, end)


def test_a_shift_begins_at_the_same_local_hour_all_year() -> None:
    """Seven in Lisbon is seven UTC in winter and six in summer."""
    made = shifts(span_until(date(2026, 6, 30)), "Europe/Lisbon", "Europe", (7.0, 15.0))
    begins = [when(s)[5:] for s in made[:, 0]]

    assert "01-14 07:00" in begins
    assert "06-17 06:00" in begins


def test_nobody_comes_on_weekends_and_holidays() -> None:
    """Shifts are Monday to Friday, not on the first of May."""
    made = shifts(span_until(date(2026, 6, 30)), "Europe/Lisbon", "Europe", (7.0, 15.0))
    days = [datetime.fromtimestamp(int(s), UTC) for s in made[:, 0]]

    assert {day.weekday() for day in days} == {0, 1, 2, 3, 4}
    assert "05-01" not in {day.strftime("%m-%d") for day in days}


def test_local_hours_are_those_of_the_zone() -> None:
    """Midnight UTC is half past five in Pune, and still Sunday evening in Denver."""
    span = Span(moment(date(2026, 1, 5)), moment(date(2026, 1, 12)))
    pune, denver = (
        LocalHours.of(span, "Asia/Kolkata", "Asia"),
        LocalHours.of(span, "America/Denver", "Americas"),
    )

    assert (pune.hour[0], pune.weekday[0], pune.day[0]) == (5, 0, 5)
    assert (denver.hour[0], denver.weekday[0], denver.day[0]) == (17, 6, 4)


def test_offices_are_busy_by_day_and_quiet_on_sundays() -> None:
    """Ten in the morning brings more than three at night, Tuesday more than Sunday."""
    hours = LocalHours.of(span_until(date(2026, 6, 30)), "Europe/Rome", "Europe")
    busy = hours.office

    assert busy[hours.hour == 10].mean() > 20 * busy[hours.hour == 3].mean()
    assert busy[hours.weekday == 1].mean() > 8 * busy[hours.weekday == 6].mean()
    assert busy[hours.days_left == 0].mean() > busy[hours.days_left == 12].mean()


def test_a_month_ends_on_its_last_weekdays() -> None:
    """January 2026 ends on a Saturday: its last days at work are the 29th and the 30th."""
    ends = [when(s) for s in month_ends(span_until(date(2026, 6, 30)), "UTC", 13.5)]

    assert len(ends) == 36
    assert ends == sorted(ends)
    assert [end for end in ends if end.startswith("2026-01")] == [
        "2026-01-29 13:30",
        "2026-01-30 13:30",
    ]
    assert [end for end in ends if end.startswith("2025-03")] == [
        "2025-03-28 13:30",
        "2025-03-31 13:30",
    ]


def test_an_open_clock_runs_only_while_open() -> None:
    """Two stretches of ten seconds with a night between; back and forth is the same moment."""
    clock = OpenClock(np.array([[100, 110], [200, 210]]))

    assert clock.count(np.array([100, 105, 150, 203, 300])).tolist() == [0, 5, 10, 13, 20]
    assert clock.moment(clock.count(np.array([105, 203]))).tolist() == [105, 203]
