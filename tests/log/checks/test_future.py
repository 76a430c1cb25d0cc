"""Moments after the import that brought them."""

from opsgauge.log.checks.future import future_moments
from opsgauge.log.checks.seen import Seen
from tests.log.checks.desks import Row, desk, receipt


def look(*tickets: Row, received: str = "2026-01-10 12:00") -> Seen:
    """Make the check on tickets received at a moment."""
    return future_moments(desk(tickets, receipts=[receipt(received)]))


def test_a_moment_after_the_receipt_is_found() -> None:
    """T2 was resolved an hour after it was received."""
    found = look({}, {"resolved_at": "2026-01-10 13:00"})

    assert (found.count, found.of, found.examples) == (1, 2, ("T2",))
    assert (found.critical, found.columns) == (True, ("*",))


def test_clocks_may_differ_by_minutes() -> None:
    """Five minutes ahead is no future."""
    assert look({"resolved_at": "2026-01-10 12:05"}).state == "pass"
    assert look({"resolved_at": "2026-01-10 12:06"}).state == "fail"


def test_one_update_far_ahead_fails_alone() -> None:
    """It is taken for now, so every age is wrong by years."""
    found = look(*[{}] * 2_000, {"resolved_at": "2036-01-10 12:00"})

    assert (found.state, found.count) == ("fail", 1)
    assert "is taken for now" in found.words


def test_a_few_an_hour_ahead_are_a_note() -> None:
    """A zone mistaken in one of two thousand tickets withholds nothing."""
    found = look(*[{}] * 2_000, {"resolved_at": "2026-01-10 13:00"})

    assert (found.state, found.count) == ("note", 1)
    assert "taken for now" not in found.words


def test_a_source_is_held_against_its_own_receipt() -> None:
    """The other source came later."""
    records = desk(
        [{"source": "one"}, {"source": "two", "resolved_at": "2026-02-01"}],
        receipts=[receipt("2026-01-10", source="one"), receipt("2026-03-01", source="two")],
    )
    assert future_moments(records).state == "pass"


def test_without_receipts_there_is_no_future() -> None:
    """Nothing to hold the moments against."""
    assert future_moments(desk([{}])).state == "pass"
