"""Paths of a few tickets, counted, read and timed."""

from typing import Any

import pytest

from opsgauge.analysis.mining.variants import (
    case_seconds,
    path_rows,
    paths,
    variant_rows,
    variant_totals,
)
from opsgauge.foundation.errors import UnknownColumn

HOUR = 3600.0


@pytest.fixture
def three_of_a_kind(empty_desk: Any) -> Any:
    """Add three tickets of one path, two of another, and one that was never updated."""
    for number, source in (("INC9", "desk"), ("INC3", "desk"), ("INC1", "other")):
        empty_desk.has(number, "08:00 new", "09:00 resolved", source=source)
    empty_desk.has("INC5", "08:00 new", opened="07:00")
    empty_desk.has("INC4", "08:00 new")
    empty_desk.has("INC6", opened="07:00")
    return empty_desk


@pytest.mark.row("MAP-03")
def test_variants_with_their_share_and_an_example(three_of_a_kind: Any) -> None:
    """The example is the smallest number of the first source, even where another has a smaller."""
    found = three_of_a_kind.rows(variant_rows(three_of_a_kind.tickets, "phase"))

    assert found == [
        {
            "variant": "new>resolved",
            "count": 3,
            "source": "desk",
            "ticket_id": "INC3",
            "share": 0.6,
        },
        {"variant": "new", "count": 2, "source": "desk", "ticket_id": "INC4", "share": 0.4},
    ]


def test_a_share_is_of_all_also_where_few_are_shown(three_of_a_kind: Any) -> None:
    """The first row alone still says 60 %."""
    found = three_of_a_kind.rows(variant_rows(three_of_a_kind.tickets, "phase").limit(1))

    assert [(row["count"], row["share"]) for row in found] == [(3, 0.6)]


def test_totals_count_variants_and_tickets_with_a_path(three_of_a_kind: Any) -> None:
    """Two paths, five tickets; the sixth had no update and took none."""
    assert three_of_a_kind.rows(variant_totals(three_of_a_kind.tickets, "phase")) == [
        {"variants": 2, "tickets": 5}
    ]


@pytest.mark.row("MAP-03")
def test_the_path_is_read_from_the_example(three_of_a_kind: Any) -> None:
    """In order, without the opening interval, for just the tickets asked for."""
    examples = variant_rows(three_of_a_kind.tickets, "phase").limit(2)

    rows = three_of_a_kind.table(path_rows(three_of_a_kind.history, examples, "phase"))

    assert paths(rows) == {("desk", "INC3"): ("new", "resolved"), ("desk", "INC4"): ("new",)}


def test_a_path_keeps_repetitions_and_gaps(desk: Any) -> None:
    """INC2 is in progress twice; INC4 begins with nothing written."""
    found = paths(desk.table(path_rows(desk.history, desk.tickets, "phase")))

    assert found["desk", "INC2"] == ("new", "in_progress", "in_progress", "resolved")
    assert found["desk", "INC4"] == (None, "resolved")
    by_team = paths(desk.table(path_rows(desk.history, desk.tickets, "team")))
    assert by_team["desk", "INC2"] == ("Desk", "Desk", "Network", "Desk")


@pytest.mark.row("MAP-03")
def test_cases_last_from_the_first_to_the_last_update(desk: Any) -> None:
    """3 h, 2.5 h, 4 h and 10 min; the hour before INC2's first update does not count."""
    (found,) = desk.rows(case_seconds(desk.history))

    assert found["median"] == 2.75 * HOUR
    assert found["p90"] == pytest.approx(3.7 * HOUR)
    assert found["mean"] == pytest.approx((3 + 2.5 + 4 + 1 / 6) / 4 * HOUR)


def test_one_update_lasts_no_time(empty_desk: Any) -> None:
    """It counts as zero, not as missing."""
    empty_desk.has("INC1", "08:00 new")
    empty_desk.has("INC2", "08:00 new", "10:00 resolved")

    (found,) = empty_desk.rows(case_seconds(empty_desk.history))

    assert found == {"median": HOUR, "p90": pytest.approx(1.8 * HOUR), "mean": HOUR}


def test_without_tickets_there_is_nothing_to_say(empty_desk: Any) -> None:
    """No variant, no ticket, no duration."""
    assert empty_desk.rows(variant_rows(empty_desk.tickets, "team")) == []
    assert empty_desk.rows(variant_totals(empty_desk.tickets, "team")) == [
        {"variants": 0, "tickets": 0}
    ]
    assert empty_desk.rows(case_seconds(empty_desk.history)) == [
        {"median": None, "p90": None, "mean": None}
    ]


def test_variants_by_unknown_steps_are_refused(desk: Any) -> None:
    """The message names what there is."""
    with pytest.raises(UnknownColumn, match="no steps by 'priority'"):
        variant_rows(desk.tickets, "priority")
    with pytest.raises(UnknownColumn, match="no steps by 'priority'"):
        path_rows(desk.history, desk.tickets, "priority")
