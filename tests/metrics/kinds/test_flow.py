"""The backlog: what came in less what went out, and where it lay at each moment."""

from datetime import UTC, date, datetime

import pytest

from tests.metrics.desks import Opened, small_desk

MOVED = [
    {"ticket": 1, "since": "2026-01-05 08:00", "phase": "new", "team": "Desk"},
    {"ticket": 1, "since": "2026-01-06 08:00", "phase": "in_progress", "team": "Network"},
    {"ticket": 1, "since": "2026-01-08 08:00", "phase": "resolved", "team": "Network"},
    {"ticket": 1, "since": "2026-01-10 08:00", "phase": "in_progress", "team": "Desk"},
]
DAYS = [f"2026-01-{day:02}" for day in range(5, 12)]


@pytest.fixture
def moved() -> Opened:
    """One ticket that moves, is resolved on the 8th and reopened on the 10th."""
    return small_desk(
        {"opened_at": "2026-01-05 08:00", "team": "Desk", "phase": "in_progress"},
        history=MOVED,
        at="2026-01-11 12:00",
    )


def test_a_stock_is_what_is_open_when_the_day_ends(moved: Opened) -> None:
    """Resolved on the 8th, back on the 10th."""
    found = moved.values("backlog", period="day")

    assert [found[day] for day in DAYS] == [1, 1, 1, 0, 0, 1, 1]


@pytest.mark.row("CAT-11")
def test_a_stock_lies_with_the_team_that_held_it_then(moved: Opened) -> None:
    """Not with the one that holds it now; the teams add up to the whole."""
    found = moved.values("backlog", period="day", by=("team",))

    assert [found[day, "Desk"] for day in DAYS] == [1, 0, 0, 0, 0, 1, 1]
    assert [found[day, "Network"] for day in DAYS] == [0, 1, 1, 0, 0, 0, 0]


def test_a_stock_is_known_as_of_any_moment(moved: Opened) -> None:
    """As of the 8th it was open until the 7th, and nobody knew of the 10th."""
    asked = {"period": "day", "as_of": datetime(2026, 1, 8, 12, tzinfo=UTC)}
    found = moved.values("backlog", **asked)

    assert found == {day: float(day < "2026-01-08") for day in DAYS[:4]}


def test_a_ticket_that_comes_and_goes_within_a_period_leaves_no_trace_in_it() -> None:
    """It was never there when a week ended."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-07 08:00"},
        {"opened_at": "2026-01-05 08:00"},
        at="2026-01-20",
    )

    assert set(desk.values("backlog", period="week").values()) == {1.0}
    assert desk.values("backlog", period="day")["2026-01-06"] == 2


def test_a_stock_before_the_first_date_asked_for_is_not_forgotten(moved: Opened) -> None:
    """What came before the stretch lies there when it begins."""
    found = moved.values("backlog", period="day", from_=date(2026, 1, 7), to=date(2026, 1, 8))

    assert found == {"2026-01-07": 1, "2026-01-08": 0}


def test_what_is_resolved_at_midnight_belongs_to_the_day_that_begins() -> None:
    """A day ends before its midnight: at that end the ticket was still open."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-07 00:00"}, at="2026-01-08"
    )

    assert desk.values("backlog", period="day") == {
        "2026-01-05": 1,
        "2026-01-06": 1,
        "2026-01-07": 0,
        "2026-01-08": 0,
    }


def test_a_ticket_done_on_arrival_was_never_in_stock() -> None:
    """Created and resolved at one instant."""
    desk = small_desk(
        {"opened_at": "2026-01-05 08:00", "resolved_at": "2026-01-05 08:00"}, at="2026-01-06"
    )

    assert set(desk.values("backlog", period="day").values()) == {0.0}
    assert desk.only("backlog").n == 0
