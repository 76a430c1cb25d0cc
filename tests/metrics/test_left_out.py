"""A number without tickets left out is the number over a desk that never had them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from opsgauge.foundation.agreed import Condition, Exclusion, Scope
from opsgauge.log.door import open_tables
from opsgauge.log.related import READ_BESIDE
from opsgauge.metrics.question import Question
from tests.metrics.desks import CATALOGUE, NAMES, Opened, fitted

BESIDE = ("links", *(table.name for table in READ_BESIDE))


def _one_of_each() -> tuple[str, ...]:
    """Return a metric of tickets alone of every kind, made of others included."""
    found: dict[object, str] = {}
    for name in NAMES:
        metric = CATALOGUE.get(name)
        # A cost that names no ticket stays, and so does a tie to a ticket left out.
        if metric.subject.is_tickets and not any(metric.reads(table) for table in BESIDE):
            found.setdefault((metric.kind, tuple(part.kind for part in metric.parts)), name)
    return tuple(found.values())


@pytest.mark.row("GOV-11")
@pytest.mark.parametrize("name", _one_of_each())
def test_left_out_is_as_never_there(mixed: Opened, name: str) -> None:
    """Of every kind of metric, whatever it reads beside the tickets."""
    teams = mixed.engine.run(mixed.tables.tickets.select("team").distinct())["team"].to_pylist()
    first = min(team for team in teams if team is not None)
    others = Condition("team", tuple(team for team in teams if team != first))
    gone = Exclusion(1, "why", rules=(Condition("team", (first,)),))
    question = fitted(CATALOGUE.get(name), Question(name, by=("priority",), period="month"))

    without = replace(mixed, tables=open_tables(Scope(without=(gone,))))
    never = replace(mixed, tables=open_tables(Scope((others,))))
    whole = mixed.measure(name, by=question.by, period=question.period)
    left = without.measure(name, by=question.by, period=question.period)
    assert left == never.measure(name, by=question.by, period=question.period)
    assert sum(point.n for point in left) < sum(point.n for point in whole)


def test_days_and_numbers_say_which_too(mixed: Opened) -> None:
    """What is left out by its days or its number is gone from history as well."""
    rows = mixed.engine.run(
        mixed.tables.tickets.select("source", "ticket_id", "opened_at").order_by("opened_at")
    ).to_pylist()
    [first, *_], [*_, last] = rows, rows
    until = last["opened_at"].replace(tzinfo=UTC)
    by_day = Exclusion(1, "why", until=until)
    by_number = Exclusion(2, "why", tickets=((first["source"], first["ticket_id"]),))

    assert _left(mixed, by_day) == {
        each["ticket_id"] for each in rows if each["opened_at"].replace(tzinfo=UTC) >= until
    }
    assert _left(mixed, by_number) == {each["ticket_id"] for each in rows} - {first["ticket_id"]}
    assert _left(mixed, by_day, by_number) == _left(mixed, by_day)
    never = Exclusion(3, "why", since=datetime(2100, 1, 1, tzinfo=UTC))
    assert _left(mixed, never) == {each["ticket_id"] for each in rows}


def _left(desk: Opened, *left_out: Exclusion) -> set[str]:
    tables = open_tables(Scope(without=left_out))
    tickets, history = (
        set(desk.engine.run(table.select("ticket_id").distinct())["ticket_id"].to_pylist())
        for table in (tables.tickets, tables.history)
    )
    assert tickets == history
    return tickets
