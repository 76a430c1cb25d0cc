"""Fresh is what comes as often, and as new, as it used to."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from opsgauge.log.checks.freshness import comings, freshness
from opsgauge.log.checks.records import Receipt
from opsgauge.log.checks.seen import Seen
from opsgauge.metrics.example import instant
from tests.log.checks.desks import desk, receipt


def daily(days: int, lag: float = 2, first: str = "2026-03-02") -> list[Receipt]:
    """Return an import a day, its newest record so many hours old."""
    at = [instant(first) + timedelta(days=n) for n in range(days)]
    return [receipt(each.isoformat(), latest=each - timedelta(hours=lag)) for each in at]


def look(receipts: Sequence[Receipt], now: str) -> Seen:
    """Make the check at a moment."""
    return freshness(desk([{}], receipts=receipts, now=now))


def test_a_source_that_comes_every_day_is_fresh() -> None:
    """On its last day, and a day later than usual."""
    for now in ("2026-03-06", "2026-03-08"):
        assert look(daily(5), now).state == "pass"


def test_a_source_that_stopped_coming_is_named() -> None:
    """Five imports, one a day, and none since ten days."""
    found = look(daily(5), "2026-03-16")

    assert (found.state, found.count, found.of, found.examples) == ("warn", 1, 1, ("example",))
    assert "nothing was imported for 10.0 days, usually it is 24.0 h" in found.words


def test_an_export_that_no_longer_moves_is_named() -> None:
    """It still comes every day, and brings nothing new."""
    stuck = [*daily(5), *daily(4, first="2026-03-07")]
    stuck[5:] = [receipt(each.import_id, latest=None) for each in stuck[5:]]
    found = look(stuck, "2026-03-10")

    assert found.state == "warn"
    assert "the newest record was 4.1 days old when it was imported, usually it is" in found.words


@pytest.mark.parametrize(("lag", "state"), [(24.0 * 6, "pass"), (24.0 * 30, "note")])
def test_one_import_says_what_it_is_and_no_more(lag: float, state: str) -> None:
    """Whether a month is usual, nobody knows yet."""
    found = look(daily(1, lag=lag), "2026-06-01")

    assert found.state == state
    assert state == "pass" or "can be said after 4 imports" in found.words


def test_each_source_has_its_own_habit() -> None:
    """One comes each day, one each month: three days of silence are much for the first alone."""
    monthly = [receipt(f"2026-0{n}-01", source="monthly") for n in range(1, 6)]
    found = look([*daily(5, first="2026-05-01"), *monthly], "2026-05-20")

    assert found.examples == ("example",)


def test_the_files_of_one_import_came_together() -> None:
    """Its newest record is that of any of them."""
    files = [
        receipt(latest=instant("2026-06-20")),
        receipt(latest=instant("2026-06-01")),
    ]

    assert [each.latest for each in comings([*files, receipt(source="other")], "example")] == [
        instant("2026-06-20")
    ]


def test_without_receipts_nothing_is_said() -> None:
    """A desk made in a test, or a workspace of before there were any."""
    assert look([], "2026-01-01").state == "pass"
