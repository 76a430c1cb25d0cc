"""Numbers that cannot be."""

import pytest

from opsgauge.log.checks.ranges import COUNTED, numbers_possible
from opsgauge.log.related import RELATED_BY_NAME
from opsgauge.log.tables import TICKETS
from tests.log.checks.desks import Row, desk, desk_beside


def test_numbers_that_can_be_are_no_finding() -> None:
    """Zero is one; where none is known there is nothing to compare."""
    found = numbers_possible(desk([{"reopen_count": 0}, {"reopen_count": 3}]))
    assert (found.state, found.count) == ("pass", 0)
    assert found.of >= 2


@pytest.mark.row("GOV-04")
def test_a_count_below_zero_is_found_and_touches_its_column() -> None:
    """-1 is how some tools write that they know none."""
    found = numbers_possible(desk([{"reopen_count": -1}, {"reopen_count": 1}]))

    assert found.count == 1
    assert found.examples == ("tickets.reopen_count: 1",)
    assert found.columns == ("reopen_count",)


def test_records_beside_tickets_are_looked_at_where_they_are() -> None:
    """A call of less than no time, and an answer beyond its scale; the scale's ends are in it."""
    calls: list[Row] = [{"talk_seconds": -5.0}, {"talk_seconds": 0.0}, {"talk_seconds": None}]
    scale = {"scale_min": 1.0, "scale_max": 5.0}
    answers: list[Row] = [{"score": score, **scale} for score in (0.5, 1.0, 5.0, 6.0, None)]
    answers += [{"score": 9.0, "scale_min": None, "scale_max": None}]
    written: list[Row] = [{"length": 0, "attachments": files} for files in (-3, -2, -1, 0, None)]
    beside = {"contacts": calls, "surveys": answers, "notes": written}
    found = numbers_possible(desk_beside([{}], beside))

    assert found.count == 6
    assert found.examples == (
        "notes.attachments: 3",
        "surveys.score: 2",
        "contacts.talk_seconds: 1",
    )
    assert found.columns == ("notes.attachments", "surveys.score", "contacts.talk_seconds")


def test_every_column_named_is_one_of_numbers() -> None:
    """Of the table that it is named for."""
    for name, columns in COUNTED.items():
        table = TICKETS if name == "tickets" else RELATED_BY_NAME[name]
        kinds = {c.name: c.type for c in table.columns}
        assert {kinds[column] for column in columns} <= {"whole", "number"}
