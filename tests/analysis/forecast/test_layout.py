"""Days and weeks, and what falls on them."""

from datetime import date

import numpy as np
import pytest

from opsgauge.analysis.forecast.layout import Event, Layout, month_turn, occasions

MONDAY = date(2026, 1, 5)


def laid(rows: int, days: int = 1) -> Layout:
    """Return a series of ones."""
    return Layout(MONDAY, np.ones((rows, 1)), np.ones((rows, 1)), days)


def test_days_come_again_after_a_week_and_weeks_at_once() -> None:
    """A row knows its place in the season, and its date."""
    assert laid(9).places.tolist() == [0, 1, 2, 3, 4, 5, 6, 0, 1]
    assert laid(3, 7).places.tolist() == [0, 0, 0]
    assert laid(3, 7).date(2) == date(2026, 1, 19)


@pytest.mark.parametrize(
    ("day", "turn"),
    [("2026-01-30", "month end"), ("2026-01-31", ""), ("2026-02-02", "month start")],
)
def test_the_turn_of_a_month_is_of_working_days(day: str, turn: str) -> None:
    """The 31st of January 2026 is a Saturday, and the 2nd of February the first working day."""
    assert month_turn(date.fromisoformat(day)) == turn


def test_an_event_falls_on_every_row_that_it_reaches() -> None:
    """A rollout from Wednesday on: on its days, and on its weeks."""
    rollout = Event("Rollout", date(2026, 1, 7), date(2026, 1, 12))
    days, weeks = occasions(laid(9), [rollout]), occasions(laid(3, 7), [rollout])

    assert [at for at, names in enumerate(days) if "Rollout" in names] == [2, 3, 4, 5, 6, 7]
    assert weeks == [("Rollout",), ("Rollout",), ()]
