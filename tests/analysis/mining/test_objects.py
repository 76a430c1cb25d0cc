"""The chain of problems, counted by hand on a few records."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from opsgauge.analysis.mining.objects import chain_rows, tie_rows
from opsgauge.foundation.agreed import Scope
from opsgauge.log.door import LogTables, open_tables
from opsgauge.log.related import ARTICLE_USES, ARTICLES, CHANGES
from opsgauge.log.tables import HISTORY, LINKS, TICKETS, Table
from opsgauge.warehouse.engine import DuckEngine
from tests.lent import engine_of

pytestmark = pytest.mark.row("MAP-18")


def at(day: int, hour: int = 0) -> datetime:
    """Return a moment of January 2026."""
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def us(moment: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return round(moment.timestamp() * 1e6)


def rows(table: Table, *told: dict[str, Any]) -> pa.Table:
    """Return rows of a table, null where nothing is said."""
    schema = table.arrow_schema()
    return pa.Table.from_pylist([{"source": "desk", **row} for row in told], schema=schema)


def ticket(number: str, practice: str, opened: datetime, **more: Any) -> dict[str, Any]:
    """Return a ticket."""
    return {"ticket_id": number, "practice": practice, "opened_at": opened, **more}


def tie(number: str, kind: str, to: str) -> dict[str, Any]:
    """Return a tie."""
    return {"ticket_id": number, "kind": kind, "to_id": to}


DESK = {
    "tickets": rows(
        TICKETS,
        ticket("I1", "incident", at(2), detected_at=at(1), configuration_item="SRV"),
        ticket("I2", "incident", at(3)),
        ticket("I3", "incident", at(20)),  # after the first fix
        ticket("I4", "incident", at(25)),  # and again
        ticket("P1", "problem", at(4)),
        ticket("P2", "problem", at(5)),  # before any incident of it
        ticket("P3", "problem", at(6)),  # with nothing
        ticket("C1", "change", at(8), resolved_at=at(12)),
        ticket("C2", "change", at(8), resolved_at=at(10)),  # taken back
        ticket("C3", "change", at(15), resolved_at=at(18)),
    ),
    "history": rows(
        HISTORY,
        {"ticket_id": "P2", "practice": "problem", "seq": 1, "since": at(5), "activity": "New"},
        {
            "ticket_id": "P2",
            "practice": "problem",
            "seq": 2,
            "since": at(7),
            "original_status": "Known Error",
        },
    ),
    "links": rows(
        LINKS,
        *(tie(number, "problem_of", "P1") for number in ("I1", "I2", "I3", "I4")),
        tie("I4", "problem_of", "P2"),
        *(tie("P1", "fixed_by", number) for number in ("C1", "C2", "C3", "C9")),
        tie("I2", "used_article", "KB1"),
        tie("I3", "used_article", "KB0"),
    ),
    "changes": rows(
        CHANGES,
        {"change_id": "C1", "actual_end": at(11)},
        {"change_id": "C2", "actual_end": at(9), "backed_out": True},
    ),
    "articles": rows(
        ARTICLES,
        {"article_id": "KB0", "kind": "Known error", "published_at": at(1)},  # of another problem
        {"article_id": "KB1", "kind": "Known error", "created_at": at(6)},
        {"article_id": "KB2", "kind": "How-to", "published_at": at(5)},
    ),
    "article_uses": rows(
        ARTICLE_USES, {"use_id": "1", "article_id": "KB2", "ticket_id": "I1", "used_at": at(5)}
    ),
}


@pytest.fixture(scope="module")
def desk() -> Iterator[tuple[DuckEngine, LogTables]]:
    """Hold the records in an engine."""
    with engine_of(DESK) as engine:
        yield engine, open_tables(Scope())


def chains(desk: tuple[DuckEngine, LogTables], problems: ir.Table, *words: str) -> dict[str, Any]:
    """Return the chain of each problem by its number."""
    engine, tables = desk
    query = chain_rows(tables, problems, *([words] if words else []))
    return {row["ticket_id"]: row for row in engine.run(query).to_pylist()}


def test_a_problem_is_followed_to_its_last_recurrence(
    desk: tuple[DuckEngine, LogTables],
) -> None:
    """Detection before opening; the first fix that stayed; a young article of an incident."""
    found = chains(desk, desk[1].tickets)["P1"]

    assert found == {
        "source": "desk",
        "ticket_id": "P1",
        "incidents": 4,
        "recurrences": 2,
        "detected": us(at(1)),
        "opened": us(at(4)),
        "known_error": us(at(6)),
        "fixed": us(at(11)),
        "last_recurrence": us(at(25)),
    }


def test_a_state_makes_a_known_error(desk: tuple[DuckEngine, LogTables]) -> None:
    """From the update that says so; without a fix nothing recurs."""
    found = chains(desk, desk[1].tickets)["P2"]

    assert found["known_error"] == us(at(7))
    assert (found["fixed"], found["recurrences"], found["last_recurrence"]) == (None, 0, None)
    assert found["detected"] > found["opened"]


def test_a_problem_with_nothing_is_counted(desk: tuple[DuckEngine, LogTables]) -> None:
    """It has no moment but its own."""
    found = chains(desk, desk[1].tickets)["P3"]

    assert found["incidents"] == 0
    assert [name for name, value in found.items() if value is None] == [
        *("detected", "known_error", "fixed", "last_recurrence")
    ]


def test_a_tool_may_call_known_errors_otherwise(desk: tuple[DuckEngine, LogTables]) -> None:
    """Whatever the case of its letters."""
    found = chains(desk, desk[1].tickets, "how-to")

    assert found["P1"]["known_error"] == us(at(5))
    assert found["P2"]["known_error"] is None


def test_chosen_problems_keep_all_their_incidents(desk: tuple[DuckEngine, LogTables]) -> None:
    """What narrows the problems does not narrow what they are followed through."""
    tickets = desk[1].tickets
    found = chains(desk, tickets.filter(tickets.ticket_id == "P1"))

    assert list(found) == ["P1"]
    assert found["P1"]["incidents"] == 4


def test_ties_are_counted_by_kind_and_by_what_they_tie(
    desk: tuple[DuckEngine, LogTables],
) -> None:
    """Each tie once; what is not in the records is called so; items are ties too."""
    engine, tables = desk
    found = engine.run(tie_rows(tables, tables.tickets)).to_pylist()
    told = {tuple(row.values())[:3]: tuple(row.values())[3:] for row in found}

    assert told == {
        ("incident", "problem_of", "problem"): (5, 4, 2),
        ("problem", "fixed_by", "change"): (3, 1, 3),
        ("problem", "fixed_by", "not in the records"): (1, 1, 1),
        ("incident", "used_article", "known error"): (2, 2, 2),
        ("incident", "about", "configuration item"): (1, 1, 1),
    }
    assert sum(row["ties"] for row in found) == DESK["links"].num_rows + 1
