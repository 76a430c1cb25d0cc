"""A metric whose columns hold nothing gives no number."""

from dataclasses import replace

import pytest

from opsgauge.metrics.metric import Metric
from opsgauge.metrics.missing import Filled, missing_parts
from tests.metrics.desks import CATALOGUE, NAMES, Opened, only, small_desk
from tests.metrics.paragraphs import paragraph


def missing(desk: Opened, metric: str) -> tuple[str, ...]:
    """Ask for its own columns, and for those of all metrics at once: both say the same."""
    found = missing_parts(desk.engine, CATALOGUE.get(metric), desk.tables)
    filled = Filled(desk.engine, desk.tables)
    assert missing_parts(desk.engine, CATALOGUE.get(metric), desk.tables, filled) == found
    return tuple(each.name for each in found)


@pytest.mark.parametrize(
    ("metric", "columns"),
    [
        ("sla_met_share", ("sla_met",)),
        ("knowledge_used_share", ("knowledge_used",)),
        ("time_to_resolve", ("resolved_at",)),
        ("pending_share", ("resolved_at", "pending_us", "life_us")),
        ("tickets_opened", ()),
        ("backlog", ()),
    ],
)
def test_columns_that_hold_nothing_are_named(metric: str, columns: tuple[str, ...]) -> None:
    """A share of nought over flags nobody recorded would be a wrong number."""
    assert missing(small_desk({"team": "A"}, {}), metric) == columns


def test_one_value_is_enough() -> None:
    """It is there, if only once; no and zero are values."""
    desk = small_desk({"sla_met": False, "reopen_count": 0}, {"reopen_count": None})

    assert missing(desk, "sla_met_share") == ()
    assert missing(desk, "reopened_share") == ()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_missing_where_there_is_no_ticket(mixed: Opened, name: str) -> None:
    """Nor where everything is recorded."""
    tickets = mixed.tables.tickets
    nobody = tickets.filter(tickets.ticket_id == "")
    empty = replace(mixed.tables, tickets=nobody)
    found = missing_parts(mixed.engine, CATALOGUE.get(name), empty)
    filled = Filled(mixed.engine, empty)
    assert missing_parts(mixed.engine, CATALOGUE.get(name), empty, filled) == found

    assert not [each for each in found if not each.name.count(".")]
    assert missing(mixed, name) == ()


def test_only_tickets_that_the_metric_counts_are_looked_at() -> None:
    """Requests are resolved, incidents are not."""
    desk = small_desk(
        {"practice": "request", "resolved_at": "2026-01-06 08:00"}, {"practice": "incident"}
    )
    metric = Metric("own", "desk", paragraph(practices=["incident"]))

    assert [each.name for each in missing_parts(desk.engine, metric, desk.tables)] == [
        "resolved_at"
    ]
    assert desk.only("tickets_opened", where=only("practice", "incident")).n == 1
